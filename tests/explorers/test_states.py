"""Every explorer in every corner of its controls, and in any state between them."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from shown import (
    MAKERS,
    MINUS_NOTHING,
    ROOT,
    as_in_its_example,
    checked,
    corners,
    is_words,
    made,
    says,
    seen_on,
    settings_of,
    staged,
    states,
    words_in,
)

from utils import explorers
from utils.explorers import gradient_at_a_point
from utils.explorers.pictures import Stage, frame_of
from utils.network import Network


@pytest.mark.parametrize("name", MAKERS)
def test_every_corner_can_be_drawn_and_numbers_move_without_a_redraw(name):
    frames = {}
    for state in corners(name):
        frame = frame_of(checked(name, state))
        assert frames.setdefault(words_in(name, state), frame) == frame, state
    start = made(name).start
    assert frames[words_in(name, start)] == frame_of(made(name).function(**start))


@pytest.mark.parametrize("name", MAKERS)
def test_numbers_move_on_one_and_the_same_stage(name):
    explorer = made(name)
    stage = staged(explorer.picture)
    before = stage.redraws
    for key, control in explorer.controls.items():
        if not is_words(control):
            for value in settings_of(control)[:: max(1, len(settings_of(control)) // 5)]:
                stage.draw(explorer.function(**{**explorer.start, key: value}))
    assert stage.redraws == before


@pytest.mark.parametrize("name", MAKERS)
def test_any_state_can_be_drawn(name):
    seen = {}

    @settings(max_examples=25)
    @given(state=states(name))
    def draw(state):
        frame = frame_of(checked(name, state))
        assert seen.setdefault(words_in(name, state), frame) == frame

    draw()
    assert seen


@pytest.mark.parametrize("name", MAKERS)
def test_words_have_real_minus_signs(name):
    for state in corners(name):
        words = made(name).function(**state).words
        assert not re.search(r"-\d", words), words


@pytest.mark.parametrize("z", [-40.0, -12.0, 12.0, 40.0])
def test_the_words_about_a_sure_network_have_real_minus_signs_too(z):
    sure = gradient_at_a_point(Network({2: [[0.5, -20.0]]}, {2: [[z + 10]]}))
    for x2 in (0.25, 0.5, 0.75):
        words = sure.function(x1=0.0, x2=x2, of="output a").words
        assert not re.search(r"nan|inf|-\d", words), words
    sure.close()


def test_no_number_is_minus_nothing():
    undecided = gradient_at_a_point(Network({2: [[0.5, 0.0]]}, {2: [[-0.001]]}))
    words = undecided.function(x1=0.0, x2=0.5, of="logit z").words
    assert says(words, "0.00")
    assert not MINUS_NOTHING.search(words)
    assert MINUS_NOTHING.search("z = −0.00, a")
    assert not MINUS_NOTHING.search("z = −0.01, −0.5 and −0.003")
    undecided.close()


@pytest.mark.parametrize("name", MAKERS)
def test_a_picture_does_not_depend_on_those_before(name):
    rng = np.random.default_rng(8)
    controls = {key: settings_of(control) for key, control in made(name).controls.items()}
    stage = Stage()
    for _ in range(3):
        state = {key: every[rng.integers(len(every))] for key, every in controls.items()}
        picture = made(name).function(**state)
        pixels = stage.draw(picture)
    fresh = Stage().draw(picture)
    assert np.array_equal(pixels, fresh)
    assert np.array_equal(seen_on(staged(picture)), fresh)  # on a stage long in use


def test_an_explorer_that_needs_something_is_made_as_in_its_example():
    made_so = as_in_its_example(explorers.layer_jacobian)
    assert np.array_equal(made_so.function.keywords["W"][0], [2.0, -1.5])
    with pytest.raises(AssertionError, match="needs an example"):
        as_in_its_example(test_an_explorer_that_needs_something_is_made_as_in_its_example)


@pytest.mark.parametrize("name", MAKERS)
def test_an_explorer_is_shown_in_the_notebook_of_its_file(name):
    file = getattr(explorers, name).__module__.rpartition(".nb")[2]
    notebook = ROOT / "notebooks" / f"{file}.ipynb"
    cell = f"explorers.{name}("
    assert cell in notebook.read_text(encoding="utf-8"), f"{notebook.name} has no cell {cell}…)"
