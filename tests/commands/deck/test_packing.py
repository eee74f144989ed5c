"""Slides are full, not too full, and not too many."""

import base64

import nbformat
import pytest
from test_notebooks import PATHS

from utils.commands.deck.blocks import ROOM, Block, Group, Slide, beside
from utils.commands.deck.packing import (
    MOST_SLIDES,
    core_count,
    evenly,
    laid_out,
    merged,
    slides_of,
    small_enough,
)


def tall(lines, **more):
    return Block("code", "\n".join(["x"] * lines), **more)


def test_what_belongs_together_stays_together_where_it_fits():
    groups = [Group([Block("text", "lead:", lead=True), tall(12)]) for _ in range(2)]
    slides = laid_out([Slide("A", groups)])
    assert [len(slide.blocks) for slide in slides] == [2, 2]
    assert all(slide.height <= ROOM for slide in slides)


def test_a_group_higher_than_a_slide_is_cut_but_not_after_what_leads_on():
    group = Group([tall(10), Block("text", "lead:", lead=True), tall(12)], ["note"])
    first, second = small_enough(group)
    assert [len(first.blocks), len(second.blocks)] == [1, 2]
    assert first.notes + second.notes == ["note"]


def test_slides_are_filled_evenly():
    groups = [Group([tall(5)]) for _ in range(5)]
    assert [len(slide) for slide in evenly([groups])] in ([3, 2], [2, 3])


def test_neighbours_are_joined_under_two_headings_but_never_after_an_exercise():
    short, next_one = Slide("A", [Group([tall(1)])]), Slide("B", [Group([tall(6)])])
    (joined,) = merged([short, next_one])
    assert [block.kind for block in joined.blocks] == ["code", "head", "code"]
    exercise = Slide("Exercise 1", [Group([tall(1)])])
    assert len(merged([exercise, next_one])) == 2
    assert len(merged([Slide("A", [Group([tall(9)])]), next_one])) == 2


def test_notes_are_not_lost_with_a_slide_that_has_nothing_else():
    (slide,) = merged([Slide("A", [Group([tall(1)])]), Slide("B", [Group(notes=["said"])])])
    assert slide.notes == ["said"]


def test_where_there_are_too_many_code_gives_way_and_exercises_stay():
    cells = [nbformat.v4.new_markdown_cell("# T\n\n**P.**"), nbformat.v4.new_code_cell("import x")]
    for k in range(40):
        cells.append(nbformat.v4.new_markdown_cell(f"## Head {k}\n\n> A box."))
        cells.append(nbformat.v4.new_code_cell("\n".join(["x"] * 11)))
    stub = "\n".join(["..."] * 12)  # the longest of all
    cells.append(nbformat.v4.new_markdown_cell("### Exercise 1: it\n\nWrite it."))
    cells.append(nbformat.v4.new_code_cell(stub, metadata={"tags": ["exercise"]}))
    slides = slides_of(nbformat.v4.new_notebook(cells=cells))
    assert core_count(slides) <= MOST_SLIDES
    kinds = [block.kind for slide in slides for block in slide.blocks]
    assert kinds.count("box") == 40
    assert stub in {block.content for slide in slides for block in slide.blocks}


def test_a_tall_figure_has_its_words_at_its_side_and_a_wide_one_below():
    words = Block("predict", "Where? " * 10)
    assert beside([words, Block("figure", "", shape=1.0)]) == 2
    assert beside([words, Block("figure", "", shape=3.0)]) == 0
    assert beside([Block("text", "x" * 700), Block("figure", "", shape=1.0)]) == 0


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_every_notebook_makes_a_deck_with_what_matters_most(path):
    notebook = nbformat.read(path, as_version=4)
    slides = slides_of(notebook)
    assert core_count(slides) <= MOST_SLIDES
    assert all(slide.blocks for slide in slides)
    blocks = [block for slide in slides for block in slide.blocks]
    figures = [block for block in blocks if block.kind == "figure"]
    assert all(block.alt and block.caption.startswith("**Figure ") for block in figures)
    stubs = [c.source for c in notebook.cells if "exercise" in c.metadata.get("tags", [])]
    core = stubs[: sum(slide.head.startswith("Exercise") for slide in slides) or None]
    assert {block.content for block in blocks} >= set(core)
    for block in figures:  # the states of an explorer have one height
        head = base64.b64decode(block.content.partition(",")[2][:32])
        assert int.from_bytes(head[20:24]) % block.states == 0


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_explorers_with_several_states_say_so(path):
    """A still picture of several states, one below the other, is higher than that of one."""
    for cell in nbformat.read(path, as_version=4).cells:
        data = [output.get("data", {}) for output in cell.get("outputs", [])]
        pictures = [shown["image/png"] for shown in data if "image/png" in shown]
        if "explorers." in cell.source and pictures:
            head = base64.b64decode("".join(pictures[0].split())[:32])
            several = int.from_bytes(head[20:24]) > 500
            assert several == ("states" in cell.metadata.get("deck", "")), cell.id
