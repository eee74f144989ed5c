"""The layer of widgets: controls, image and words, stills, what is closed and when; no browser."""

import base64
import gc
import io
import itertools
import re
import subprocess
import sys
import tracemalloc
import weakref
from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances as alive
from PIL import Image
from shown import MAKERS, ROOT, elsewhere, lent, made, says, settings_of, shows

from utils.data import ten_points
from utils.explorers import (
    neuron,
    widget,
)
from utils.explorers.pictures import Panel, Picture, Stage, curve, side_by_side
from utils.explorers.widget import Explorer, choice, slider
from utils.network import Network


def test_moving_a_control_changes_the_image_the_words_and_the_picture(explorer):
    assert explorer.state == explorer.start
    before = explorer.image.value, explorer.readout.value, explorer.picture
    for name, control in explorer.controls.items():
        control.value = value = elsewhere(control)
        assert explorer.state == {**explorer.start, name: value}
        after = explorer.image.value, explorer.readout.value, explorer.picture
        assert all(new != old for new, old in zip(after, before)), name
        control.value = explorer.start[name]
        assert (explorer.image.value, explorer.readout.value) == before[:2]


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_seen_at_first_is_the_start(name):
    assert made(name).state == made(name).start
    assert shows(made(name))


def all_inside(widget):
    return [widget, *(w for child in getattr(widget, "children", ()) for w in all_inside(child))]


@pytest.mark.parametrize("name", MAKERS)
def test_every_control_has_a_label_and_answers_while_it_is_moved(name):
    controls = made(name).controls
    labels = [control.description for control in controls.values()]
    assert all(label.strip() for label in labels)
    assert len(set(labels)) == len(labels)
    for control in controls.values():
        assert control in all_inside(made(name))
        assert getattr(control, "continuous_update", True) is True
        assert not control.disabled


@pytest.mark.parametrize("name", MAKERS)
def test_the_picture_stands_below_the_controls_and_the_words_below_the_picture(name):
    explorer = made(name)
    *above, image, below = explorer.children
    assert image is explorer.image
    assert list(below.children) == [explorer.readout, explorer.reset]
    rows = [w for w in above if not isinstance(w, widgets.Play)]
    inside = [next(w for w in all_inside(row) if hasattr(w, "value")) for row in rows]
    assert inside == list(explorer.controls.values())
    assert image.format == "url"
    for part in (image, below, *rows):  # all equally wide
        assert part.layout.width == f"{100 * explorer.picture.size[0]:.0f}px"
    for part in (image, below, explorer, *rows):
        assert "100%" in part.layout.max_width  # no wider than the window


def test_reset_brings_the_start_back(explorer):
    before = explorer.image.value, explorer.readout.value
    for control in explorer.controls.values():
        control.value = elsewhere(control)
    assert all(new != old for new, old in zip(explorer.state.values(), explorer.start.values()))
    explorer.reset.click()
    assert explorer.state == explorer.start
    assert (explorer.image.value, explorer.readout.value) == before
    assert explorer.reset.tooltip


def test_the_number_chosen_stands_beside_its_slider_and_cannot_be_written_over():
    explorer = MAKERS["loss_of_a_neuron"]()
    rate = explorer.controls["rate"]
    (row,) = (w for w in explorer.children if rate in getattr(w, "children", ()))
    _, chosen = row.children
    assert not rate.readout
    assert chosen.value == "0.5"
    rate.value = 10.0
    assert chosen.value == "10.0"
    explorer.close()


@pytest.mark.parametrize("name", MAKERS)
def test_there_is_room_for_the_words_of_every_still(name):
    explorer = made(name)
    room = float(explorer.readout.layout.min_height.removesuffix("em"))
    for state in ({}, *explorer.stills.values()):
        words = explorer.function(**{**explorer.start, **state}).words
        assert 1.5 * len(words) / (15 * explorer.picture.size[0]) < room + 0.01


@pytest.mark.parametrize("name", MAKERS)
def test_nothing_prints_and_nothing_plays_by_itself(name):
    inside = all_inside(made(name))
    assert not any(isinstance(w, widgets.Output) for w in inside)
    players = [w for w in inside if isinstance(w, widgets.Play)]
    assert len(players) <= 1  # that the film has one is asked below
    assert not any(player.playing or player.repeat for player in players)


def test_the_play_button_moves_the_films_slider_in_the_browser():
    explorer = made("training_film")
    frame = explorer.controls["frame"]
    (player,) = (w for w in all_inside(explorer) if isinstance(w, widgets.Play))
    assert (player.min, player.max, player.value) == (frame.min, frame.max, frame.value)
    assert player.interval >= 50
    assert player.tooltip
    links = [w for w in alive.values() if isinstance(w, widgets.widget_link.Link)]
    assert ((player, "value"), (frame, "value")) in [(w.source, w.target) for w in links]
    assert not any(isinstance(w, widgets.widget_link.DirectionalLink) for w in links)


def test_words_are_escaped():
    explorer = Explorer(
        lambda level: Picture([Panel([])], f"<b>{level:g} < 9</b> & more", size=(1, 1)),
        {"level": slider("level", 0, 2, 1, start=1)},
    )
    assert "&lt;b&gt;1 &lt; 9&lt;/b&gt; &amp; more" in explorer.readout.value
    assert "<b>" not in explorer.readout.value
    explorer.close()


@pytest.mark.parametrize("name", MAKERS)
def test_two_explorers_of_a_kind_do_not_influence_each_other(name):
    one, other = lent(name), made(name)
    before = other.state, other.image.value, other.readout.value
    for control in one.controls.values():
        control.value = elsewhere(control)
    assert one.state != one.start
    assert shows(one)
    control = next(iter(one.controls.values()))
    was = one.layout.max_width, control.layout.width
    one.layout.max_width, control.layout.width = "50%", "1em"
    assert (other.state, other.image.value, other.readout.value) == before
    assert other.layout.max_width == "100%"
    assert next(iter(other.controls.values())).layout.width != "1em"
    one.layout.max_width, control.layout.width = was


def stills_by_hand(explorer):
    """Its stills with their headings, one beside or below the other."""
    pixels = []
    for heading, state in explorer.stills.items():
        picture = explorer.function(**{**explorer.start, **state})
        first = picture.panels[0]
        title = {"title": heading} if heading else {}
        first = Panel(first.marks, {**first.axes, **title}, first.width, first.fixed)
        picture = Picture([first, *picture.panels[1:]], "", picture.size)
        pixels.append(Stage().draw(picture)[..., :3])
    return pixels


def test_the_page_without_a_kernel_has_the_stills_wherever_the_controls_are(explorer):
    for control in explorer.controls.values():
        control.value = elsewhere(control)
    bundle = explorer._repr_mimebundle_()
    file = base64.b64decode(bundle["image/png"], validate=True)
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    seen = np.asarray(Image.open(io.BytesIO(file)))
    stills = stills_by_hand(explorer)
    assert np.array_equal(seen, side_by_side(stills))
    assert seen.shape[1] <= 1100
    assert all(not np.array_equal(u, v) for u, v in itertools.combinations(stills, 2))
    for heading, state in explorer.stills.items():
        assert heading or len(explorer.stills) == 1
        for name, value in state.items():
            assert value in settings_of(explorer.controls[name])
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == explorer.model_id
    assert bundle["text/plain"][:100] == repr(explorer)[:100]
    assert all(f"{key} = {value}" in repr(explorer) for key, value in explorer.start.items())


STILLS = {"tangent": 1, "neuron": 3, "layer_jacobian": 1, "training_film": 2,
          "gradient_at_a_point": 2, "coding_of_labels": 2, "loss_of_a_neuron": 2,
          "sampling_distribution": 2}  # fmt: skip


@pytest.mark.parametrize("name", STILLS)
def test_a_page_shows_as_many_stills_as_its_caption_speaks_of(name):
    assert len(made(name).stills) == STILLS[name]


@pytest.mark.parametrize("name", MAKERS)
def test_its_repr_is_the_start_and_nothing_that_changes_from_run_to_run(name):
    text = repr(made(name))
    assert all(f"{key} = {value}" in text for key, value in made(name).start.items())
    assert not re.search(r"0x|object at", text)


@pytest.mark.parametrize("name", MAKERS)
def test_what_draws_holds_its_data_and_nothing_else(name):
    function = made(name).function
    plain = getattr(function, "func", function)
    assert plain.__closure__ is None
    assert plain.__module__.startswith("utils.explorers.nb")
    assert getattr(function, "args", ()) == ()
    data = getattr(function, "keywords", {})
    entries = [v for part in data.values() for v in (
        part.values() if isinstance(part, dict) else part if isinstance(part, tuple) else [part]
    )]  # fmt: skip
    assert all(isinstance(v, np.ndarray | Network | int) for v in entries)
    assert set(data).isdisjoint(made(name).controls)


CELL = """
import numpy as np
from utils.explorers import gradient_at_a_point, neuron
from utils.network import Network
x, y = np.array([[0.1, 0.9], [0.2, 0.7]]), np.array([[1.0, 0.0]])
net = Network({2: [[3.0, -2.0]]}, {2: [[0.5]]})
shown = [neuron(x, y), gradient_at_a_point(net)]
"""


def test_an_explorer_works_when_the_notebook_has_forgotten_all_names():
    space = {}
    exec(CELL, space)
    kept = space["shown"]
    space.clear()
    for explorer in kept:
        for control in explorer.controls.values():
            control.value = elsewhere(control)
        assert shows(explorer)
        assert len(explorer.still()) > 1000
        explorer.close()


def test_a_plain_python_process_will_do():
    code = CELL + "\n".join([
        "shown[0].controls['b'].value = -3",
        "print(shown[0].picture.words)",
        "print(len(shown[0].still()) > 1000)",
        "import sys",
        "print('utils.plots' in sys.modules, 'matplotlib.pyplot' in sys.modules)",
    ])  # fmt: skip
    run = subprocess.run([sys.executable, "-W", "error::RuntimeWarning", "-c", code], cwd=ROOT,
                         capture_output=True, text=True, check=True)  # fmt: skip
    words, made_a_still, *_ = run.stdout.splitlines()
    assert says(words, "−3", "2")
    assert made_a_still == "True"
    assert run.stderr == ""


def test_it_works_without_ipython(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython")
    explorer = tiny()
    explorer.controls["height"].value = 2
    assert explorer.picture.words == "height 2"
    explorer.close()


def tiny_picture(height):
    line = curve([0, 1], [0, height])
    axes = {"xlim": (0, 1), "ylim": (0, 2), "xticks": (), "yticks": ()}
    return Picture([Panel([line], axes)], f"height {height:g}", size=(1, 1))


def tiny():
    return Explorer(tiny_picture, {"height": slider("height", 0, 2, 0.5, start=1)})


def test_a_new_explorer_is_a_function_and_a_line_for_each_control():
    def wave(length, kind, time):
        x = np.linspace(0, 1, 50)
        y = {"sine": np.sin, "cosine": np.cos}[kind](2 * np.pi * (x / length - time / 10))
        return Picture([Panel([curve(x, y)], {"xlim": (0, 1), "ylim": (-1, 1)})],
                       f"{kind} of length {length:g} at {time}", size=(2, 1))  # fmt: skip

    explorer = Explorer(
        wave,
        {
            "length": slider("length", 0.5, 2, 0.25, start=1),
            "kind": choice("kind", ["sine", "cosine"], start="sine"),
            "time": widgets.IntSlider(3, min=0, max=9, description="time"),
        },
        stills={"start": {}, "cosine": {"kind": "cosine"}},
        play="time",
    )
    assert explorer.picture.words == "sine of length 1 at 3"
    explorer.controls["kind"].value = "cosine"
    explorer.controls["length"].value = 0.5
    explorer.controls["time"].value = 9
    assert explorer.picture.words == "cosine of length 0.5 at 9"
    assert shows(explorer)
    assert repr(explorer) == "<explorer: length = 1.0, kind = sine, time = 3>"
    (player,) = (w for w in all_inside(explorer) if isinstance(w, widgets.Play))
    assert (player.min, player.max, player.value, player.playing) == (0, 9, 3, False)
    still = Image.open(io.BytesIO(explorer.still()))
    assert still.size == (400, 100)
    explorer.close()


def test_without_stills_the_start_stands_on_the_page():
    explorer = tiny()
    explorer.controls["height"].value = 0
    seen = np.asarray(Image.open(io.BytesIO(explorer.still())))
    assert np.array_equal(seen, Stage().draw(tiny_picture(1.0))[..., :3])
    explorer.close()


def test_controls_are_sliders_for_numbers_and_something_else_for_few_words():
    number = slider("bias", -2, 3, 0.25, start=1)
    assert (number.min, number.max, number.step, number.value) == (-2, 3, 0.25, 1)
    assert (number.description, number.readout) == ("bias", True)
    few = choice("n", (10, 25), start=25)
    assert isinstance(few, widgets.SelectionSlider)
    assert (few.options, few.value, few.description) == ((10, 25), 25, "n")
    words = choice("loss", ["a", "b"], start="b")
    assert not isinstance(words, widgets.SelectionSlider)
    assert (words.options, words.value, words.description) == (("a", "b"), "b", "loss")
    for control in (number, few, words):  # labels equally wide, so that the controls align
        assert control.style.description_width == words.style.description_width != ""
        for part in (control.layout, control.style, control):
            part.close()


@pytest.mark.parametrize("name", MAKERS)
def test_closing_gives_every_widget_back(name):
    made(name)
    before = set(alive)
    explorer = MAKERS[name]()
    assert len(set(alive) - before) > 5
    inside, text = all_inside(explorer), repr(explorer)
    explorer.close()
    assert set(alive) == before
    assert repr(explorer) == text  # its output may still be printed
    assert all(w.comm is None for w in inside)
    explorer.close()  # once more does no harm
    assert set(alive) == before
    assert set(all_inside(made(name))) <= set(alive.values())  # the other of its kind lives on


def test_a_closed_explorer_holds_no_stage_and_no_data():
    explorer = neuron(*ten_points())
    held = [weakref.ref(explorer.stage), weakref.ref(explorer.function.keywords["x"])]
    explorer.close()
    gc.collect()
    assert all(ref() is None for ref in held)


class Shell:
    """As much of IPython as is asked: which cell is being run, and by which request."""

    parent: dict

    def get_parent(self):
        return self.parent

    def run(self, cell, message, code="tiny()", make=tiny):
        metadata = {} if cell is None else {"cellId": cell}
        self.parent = {
            "metadata": metadata, "header": {"msg_id": message}, "content": {"code": code},
        }  # fmt: skip
        return make()


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: shell)
    monkeypatch.setattr(widget, "_on_page", {})
    before = set(alive)
    yield shell
    for model in set(alive) - before:
        if model in alive:  # not closed together with another one
            alive[model].close()


def is_open(explorer):
    return all(w.comm is not None for w in all_inside(explorer))


def is_closed(explorer):
    return all(w.comm is None for w in all_inside(explorer))


def test_a_cell_that_is_run_again_closes_what_it_made(shell):
    old = [shell.run("a", "1"), shell.run("a", "1")]
    assert all(map(is_open, old))  # two in one cell are both kept
    new = [shell.run("a", "2"), shell.run("a", "2"), shell.run("a", "2")]
    assert all(map(is_closed, old))
    assert all(map(is_open, new))
    newest = shell.run("a", "3")
    assert all(map(is_closed, new))
    assert is_open(newest)


def test_what_a_cell_has_closed_is_given_back_at_once(shell):
    gc.disable()
    try:
        figures = [weakref.ref(shell.run("a", f"{k}", make=neuron).stage.figure) for k in range(4)]
        # the one before last is freed, or else held by Matplotlib until the next one is drawn
        assert [figure() is not None for figure in figures] in ([0, 0, 0, 1], [0, 0, 1, 1])
    finally:
        gc.enable()


def test_other_cells_are_left_alone(shell):
    other, one = shell.run("b", "1"), shell.run("a", "2")
    new = shell.run("a", "3")
    assert is_closed(one)
    assert is_open(other)
    assert is_open(new)
    other.controls["height"].value = 2
    assert other.picture.words == "height 2"


def test_without_an_id_a_cell_is_known_by_its_code(shell):
    one, other = shell.run(None, "1", "first"), shell.run(None, "2", "second")
    again = shell.run(None, "3", "first")
    assert is_closed(one)
    assert is_open(other)
    assert is_open(again)


def test_with_an_id_the_code_may_have_been_changed(shell):
    one = shell.run("a", "1", "first")
    shell.run("a", "2", "second")
    assert is_closed(one)
    other = shell.run("b", "3", "second")
    shell.run("a", "4", "second")
    assert is_open(other)


def test_where_no_cell_is_run_nothing_is_closed(shell):
    def of_no_cell(message):
        shell.parent = {"header": {"msg_id": message}}
        return tiny()

    both = of_no_cell("1"), of_no_cell("2")
    assert all(map(is_open, both))
    shell.parent = {}
    assert is_open(tiny())
    assert all(map(is_open, both))


class Blank(Stage):
    """Draws nothing, and so in no time."""

    def draw(self, picture):
        return np.full((100, 100, 4), 255, np.uint8)


def test_a_cell_may_be_run_two_hundred_times(shell, monkeypatch):
    monkeypatch.setattr(widget, "Stage", Blank)
    monkeypatch.setattr(widget, "gc", SimpleNamespace(collect=int))  # takes long among tests
    shell.run("a", "0")
    count, grown = len(alive), []
    tracemalloc.start()
    try:
        for k in range(1, 200):
            last = shell.run("a", f"{k}")
            assert len(alive) == count
            if k in (99, 199):
                gc.collect()
                grown.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert grown[1] - grown[0] < 100 * 500  # bytes; an explorer is a hundred times as large
    assert is_open(last)
    assert last.picture.words == "height 1"
