"""The instructors' page says of the notebooks what they say of themselves."""

import json
import re
import shlex

import pytest

from utils import commands
from utils.commands.course import ROOT

PAGE = (ROOT / "notebooks" / "instructors.md").read_text(encoding="utf-8")
PARTS = {
    part[:2]: part for part in re.split(r"^## ", PAGE, flags=re.M) if re.match(r"\d\d · ", part)
}
NOTEBOOKS = {path.stem[:2]: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
each = pytest.mark.parametrize("number", NOTEBOOKS)
WORDS_A_MINUTE = 250


def sources(number):
    cells = json.loads(NOTEBOOKS[number].read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]


def numbers(pattern, text):
    """Numbers in “hunts 9 to 12”, “hunts 2 and 3”, “Figure 5”, “Figures 3, 4, 8 and 9”."""
    found = set()
    for some in re.findall(rf"{pattern}s? (\d+(?:(?:, | and |, and | to )\d+)*)", text):
        ends = list(map(int, re.findall(r"\d+", some)))
        found |= set(range(ends[0], ends[1] + 1)) if " to " in some else set(ends)
    return found


def test_the_reader_of_numbers_sees_every_form():
    assert numbers("[Hh]unt", "Hunt 1. hunts 3 to 5, and hunts 7, and 9") == {1, 3, 4, 5, 7, 9}
    assert numbers("Figure", "Figures 3, 4 and 8") == {3, 4, 8}


@each
def test_every_notebook_has_its_part_with_all_that_belongs_there(number):
    for head in ("The one thing:", "On the board:", "Skip**", "They believe**", "They ask**"):
        assert f"**{head}" in PARTS[number], head
    assert re.search(r"\*\*Explorers?(\.|\*\* \()", PARTS[number])


@each
def test_a_part_is_read_in_three_minutes(number):
    words = re.sub(r"^\|.*\n", "", PARTS[number], flags=re.M).split()
    assert len(words) <= 3 * WORDS_A_MINUTE, len(words)


@each
def test_the_plan_is_the_notebooks_own(number):
    """Section by section: the minutes in class are those of the notebook's opening."""
    time = re.search(r"\*\*Time\*\* \|(.*)", sources(number)[0])[1]
    own = [int(m) for m in re.findall(r" (\d+)(?= ·|\. \*| \|)", time.split(":", 1)[1])]
    plan = re.findall(r"^\| (?!\*)[^|]+\| (\d+) \| (\d+) \|$", PARTS[number], re.M)
    said = [int(minutes) for _, minutes in plan]
    total = int(re.search(r"(\d+) minutes in class", time)[1])
    assert sum(said) == sum(own) == total <= 60
    if number != "00":  # where two of the plan's lines are one
        assert said == own
    assert all(int(shown) <= int(written) for shown, written in plan)


@each
def test_hunts_and_figures_are_in_that_notebook(number):
    text = "\n".join(sources(number))
    hunts = {int(n) for n in re.findall(r"\*\*Hunt (\d+)\.\*\*", text)}
    figures = {int(n) for n in re.findall(r"\*\*Figure (\d+)\.\*\*", text)}
    said = numbers("[Hh]unt", PARTS[number])
    assert said <= hunts
    assert numbers("Figure", PARTS[number]) <= figures
    cured = numbers("hunt", PARTS[number].partition("**They believe**")[2])
    assert cured >= hunts, "each hunt cures something"


def test_the_explorers_are_counted():
    there = {n: len(re.findall(r"^explorers\.", "\n".join(sources(n)), re.M)) for n in NOTEBOOKS}
    assert sum(there.values()) == 13
    assert "There are thirteen: one in each notebook, two in 02 and 08" in PAGE
    assert [number for number, count in there.items() if count == 2] == ["02", "08"]
    assert min(there.values()) == 1


def test_what_is_typed_are_commands_of_ours():
    typed = re.findall(r"python3 -m utils ([^`\n]+)", PAGE)
    assert {shlex.split(line)[0] for line in typed} <= set(commands.COMMANDS)
    assert "sheet" in typed


def test_links_lead_somewhere():
    heads = {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-")
             for h in re.findall(r"^#+ (.*)$", PAGE, re.M)}  # fmt: skip
    for place in re.findall(r"\]\(((?!https?:)[^)]+)\)", PAGE):
        if place.startswith("#"):
            assert place[1:] in heads, place
        else:
            assert (ROOT / "notebooks" / place).exists(), place
