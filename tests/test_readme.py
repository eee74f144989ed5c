"""What the README tells readers to type can be typed: each command starts what it should."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from utils import commands
from utils.commands import environment, programs, refreshing, site, vendor
from utils.commands.course import ROOT
from utils.commands.environment import CONSTRAINTS
from utils.commands.lab import FIRST_NOTEBOOK

README = (ROOT / "README.md").read_text(encoding="utf-8")
OURS = re.compile(r"(?:python3[.\d]*|py(?: -3\.\d+)?) -m utils ([^`\n]+)")
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", README, re.M | re.S)


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Return the list of what is started, in a course folder of its own with a ready `.venv`."""
    for name in ("utils", "notebooks", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    begun = []
    monkeypatch.setattr(
        environment, "ensure_environment", lambda root, groups: Path(sys.executable)
    )
    (tmp_path / "FOLDER").mkdir()  # of Pyodide's package files
    (tmp_path / "FOLDER" / "numpy-2-wasm32.whl").touch()
    monkeypatch.setattr(site, "ensure_tools", lambda root: Path(sys.executable))
    monkeypatch.setattr(vendor, "provide", lambda *_: None)
    monkeypatch.setattr(programs, "run", lambda command, *_: begun.append(command) or 0)
    monkeypatch.chdir(tmp_path)
    return begun


@pytest.mark.parametrize("typed", sorted(set(OURS.findall(README))))
def test_our_commands_do_what_the_readme_says(typed, started, tmp_path):
    name, *options = shlex.split(typed)
    assert commands.main([name, *options], tmp_path) == 0
    ((_, *program),) = started
    if name == "test" and options:
        assert program[-len(options) :] == options
        # Without nbval, which is half of pytest's start and finds nothing in Python files.
        collects = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:nbval"]
        finished = subprocess.run([*collects, *options], cwd=ROOT, capture_output=True, text=True)
        assert finished.returncode == 0, finished.stdout
    elif name == "refresh":
        assert len(refreshing.chosen(tmp_path / "notebooks", options)) == len(options)
    elif name == "bench":
        known = (ROOT / "tests" / "bench.py").read_text(encoding="utf-8")
        assert all(f'"{option}"' in known for option in options)


def test_every_command_has_its_row():
    typed = {name.split()[0] for name in OURS.findall(README)}
    assert typed == set(commands.COMMANDS)


def test_what_is_typed_by_hand_names_files_that_are_there():
    words = {word for block in BLOCKS for line in block.splitlines() for word in line.split()}
    files = {word for word in words if re.fullmatch(r"[\w/.]+\.(txt|ipynb)", word)}
    assert files == {"requirements.txt", CONSTRAINTS, f"work/{FIRST_NOTEBOOK}"}
    for file in files:
        assert (ROOT / file.replace("work/", "notebooks/")).exists(), file


def test_the_sizes_in_the_readme_are_those_that_are_announced():
    for size in re.findall(
        r'"(\d+ [MG]B)"', (ROOT / "utils" / "commands" / "environment.py").read_text("utf-8")
    ):
        assert size in README


def test_pictures_and_files_that_it_points_to_are_there_and_described():
    pictures = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", README)
    assert len(pictures) >= 3
    for words, place in pictures:
        assert (ROOT / place).is_file(), place
        assert len(words.split()) >= 20, f"{place}: say what it shows, for those who don't see it"
    headings = {
        "#" + words.lower().replace(" ", "-") for words in re.findall(r"^## (.+)$", README, re.M)
    }
    for place in re.findall(r"(?<!!)\[[^]]+\]\((?!https?:)([^)]+)\)", README):
        assert place in headings or (ROOT / place).is_file(), place
