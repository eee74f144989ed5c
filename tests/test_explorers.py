"""The explorers: what is drawn is asked of the artists, the rest of the widgets; no browser.

Tests share stages that are long in use, which saves time; that these draw exactly what a new one
does is a test of its own.
"""

import base64
import functools
import gc
import html
import inspect
import io
import itertools
import math
import re
import subprocess
import sys
import tracemalloc
import warnings
import weakref
from pathlib import Path
from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _instances as alive
from matplotlib.colors import same_color
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import StepPatch
from matplotlib.quiver import Quiver
from matplotlib.text import Text
from PIL import Image
from refusals import refusal, refused

from utils import explorers
from utils.activations import identity, tanh
from utils.data import ten_points
from utils.experiments import label_codings, label_data, load_result
from utils.explorers import (
    Explorer,
    choice,
    coding_of_labels,
    gradient_at_a_point,
    layer_jacobian,
    loss_of_a_neuron,
    neuron,
    sampling_distribution,
    slider,
    tangent,
    training_film,
)
from utils.network import Network, init_network
from utils.pictures import Panel, Picture, Stage, curve, frame_of, side_by_side
from utils.plots import BLUE, CLASSES, GREEN, GREY, PINK, RED, SIGNED, SOFT

ROOT = Path(__file__).parents[1]
WEIGHTS = np.array([[2.0, -1.5], [0.4, 0.5], [-1.0, -1.2]])


def curved():
    """A network whose boundary goes through the square."""
    net = init_network([2, 4, 1], np.random.default_rng(6), "paper")
    return Network({2: 14 * net.W[2], 3: 10 * net.W[3]}, {2: 14 * net.b[2], 3: 6 * net.b[3]})


MAKERS = {
    "tangent": tangent,
    "neuron": neuron,
    "layer_jacobian": lambda: layer_jacobian(WEIGHTS),
    "training_film": training_film,
    "gradient_at_a_point": lambda: gradient_at_a_point(curved()),
    "coding_of_labels": coding_of_labels,
    "loss_of_a_neuron": loss_of_a_neuron,
    "sampling_distribution": sampling_distribution,
}


@functools.cache
def made(name):
    """An explorer whose controls no test moves."""
    return MAKERS[name]()


@functools.cache
def lent(name):
    """An explorer that tests move, and that each of them finds at its start."""
    return MAKERS[name]()


@pytest.fixture(params=MAKERS)
def explorer(request):
    """One that may be moved."""
    explorer = lent(request.param)
    for key, control in explorer.controls.items():
        control.value = explorer.start[key]
    return explorer


# -------- states


def settings_of(control):
    """Everything it can be moved to, in order."""
    if hasattr(control, "options"):
        return list(control.options)
    count = round((control.max - control.min) / control.step)
    return [min(control.min + k * control.step, control.max) for k in range(count + 1)]


def is_words(control):
    return isinstance(settings_of(control)[0], str)


def corners(name):
    """All combinations of every word and the lowest, middle and highest number of each control."""
    few = {}
    for key, control in made(name).controls.items():
        every = settings_of(control)
        few[key] = every if is_words(control) else [every[0], every[len(every) // 2], every[-1]]
    return [dict(zip(few, values)) for values in itertools.product(*few.values())]


def states(name):
    """Any state that a hand can reach."""
    controls = made(name).controls
    return st.fixed_dictionaries(
        {key: st.sampled_from(settings_of(control)) for key, control in controls.items()}
    )


def words_in(name, state):
    return tuple(v for key, v in state.items() if is_words(made(name).controls[key]))


MINUS_NOTHING = re.compile(r"−0(\.0*)?(?![.\d])")
STAGES = []


def staged(picture):
    """A stage that shows this picture; one that is in use, if there is one with the same frame."""
    frame = frame_of(picture)
    stage = next((stage for stage in STAGES if stage.frame == frame), None)
    if stage is None:
        STAGES.append(stage := Stage())
    stage.draw(picture)
    return stage


def seen_on(stage):
    return np.array(stage.canvas.buffer_rgba())


def checked(name, state):
    """Draw a state; nothing may go wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.filterwarnings("error", category=UserWarning, module=r"utils\.")  # Matplotlib's
        picture = made(name).function(**state)
        staged(picture)
    assert picture.words, state
    assert not re.search(r"nan|inf\b|None|e[+]", picture.words), picture.words
    assert not MINUS_NOTHING.search(picture.words), picture.words
    assert picture.size == made(name).picture.size
    return picture


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


# -------- what is on a stage


class Shown:
    """The artists of each panel after a move to a state."""

    def __init__(self, name, **state):
        explorer = made(name)
        picture = explorer.function(**{**explorer.start, **state})
        stage = staged(picture)
        self.words, self.pixels, self.axes = picture.words, seen_on(stage), stage.figure.axes
        self.artists = [[a for ax, a in stage.artists if ax is own] for own in self.axes]
        for ax, artists in zip(self.axes, self.artists):
            if not artists:  # a panel that is fixed
                artists += [*ax.images, *ax.lines, *ax.texts]

    def lines(self, panel, **look):
        """Its curves with this colour, linestyle, marker, …"""
        found = [a for a in self.artists[panel] if isinstance(a, Line2D)]
        for key, value in look.items():
            same = same_color if "color" in key else (lambda u, v: u == v)
            found = [line for line in found if same(getattr(line, f"get_{key}")(), value)]
        return found

    def line(self, panel, **look):
        """The data (2, K) of the one such curve."""
        (found,) = self.lines(panel, **look)
        return np.array(found.get_data(), float)

    def only(self, panel, kind):
        (found,) = (a for a in self.artists[panel] if isinstance(a, kind))
        return found

    def values(self, panel):
        """The matrix that is shown in colours."""
        return np.array(self.only(panel, AxesImage).get_array())

    def texts(self, panel):
        """{words: place}"""
        texts = [a for a in self.artists[panel] if isinstance(a, Text)]
        return {a.get_text(): a.get_position() for a in texts if a.get_text()}

    def pixel(self, panel, x, y):
        """The colour, from 0 to 1, that is really seen at a place of the axes."""
        column, row = self.axes[panel].transData.transform((x, y))
        return self.pixels[len(self.pixels) - 1 - int(row), int(column), :3] / 255

    def arrow(self, panel):
        """Where it starts (2,), and its step (2,)."""
        quiver = self.only(panel, Quiver)
        assert (quiver.angles, quiver.scale_units, quiver.scale) == ("xy", "xy", 1)
        return np.ravel(quiver.get_offsets()), np.array([quiver.U.item(), quiver.V.item()])


def draws_no_arrow(quiver):
    return bool(np.any(quiver.Umask)) or (quiver.U.item(), quiver.V.item()) == (0, 0)


def sigma(z):
    return 1 / (1 + np.exp(-z))


def forward_by_hand(W, b, x, output=sigma):
    """The activations of layers 2 … L, as a list."""
    a, layers = x, []
    for l in sorted(W):
        z = W[l] @ a + b[l]
        a = output(z) if l == max(W) else sigma(z)
        layers.append(a)
    return layers


def grid(ticks):
    """The points (2, K²) of a square grid, row by row from below."""
    return np.stack([v.ravel() for v in np.meshgrid(ticks, ticks)])


def real(value, form):
    """A number as the words write it: with a real minus sign, and no −0."""
    return format(value, "z" + form).replace("-", "−")


def says(words, *numbers):
    """Is each of these in the words, not as a part of another number?"""
    return all(re.search(rf"(?<![\d.,−]){re.escape(n)}(?!\d|[.,]\d)", words) for n in numbers)


def in_order(points):
    return points[:, np.lexsort(points)]


def same_points(u, v):
    """Are these the same points (2, N), in whatever order?"""
    return np.shape(u) == np.shape(v) and np.allclose(in_order(u), in_order(np.asarray(v)))


def classes_shown(shown, panel):
    """The points of the first class (discs) and of the second (crosses)."""
    found = []
    for marker, color in (("o", BLUE), ("X", RED)):
        drawn = shown.lines(panel, linestyle="None", marker=marker, color=color)
        filled = [line for line in drawn if line.get_markerfacecolor() != "none"]  # no rings
        found.append(np.hstack([np.array(line.get_data()) for line in filled]))
    return tuple(found)


def ringed(shown, panel):
    """The points (2, K) that have a ring."""
    (rings,) = (a for a in shown.lines(panel, marker="o") if a.get_markerfacecolor() == "none")
    assert same_color(rings.get_markeredgecolor(), "black")
    return np.array(rings.get_data())


def numbers_of(shown, panel):
    """{number: place} of the digits that are drawn as markers."""
    digits = [a for a in shown.lines(panel) if str(a.get_marker()).startswith("$")]
    return {int(a.get_marker().strip("$")): np.ravel(a.get_data()) for a in digits}


# -------- 00: the tangent


@pytest.mark.parametrize("z0", [-6.0, -3.35, 0.0, 2.05, 6.0])
def test_the_tangent_touches_the_sigmoid_with_the_slope(z0):
    shown = Shown("tangent", z0=z0)
    a0 = sigma(z0)
    slope = a0 * (1 - a0)
    z, a = shown.line(0, color=BLUE)
    assert (z[0], z[-1]) == (-6, 6)
    assert np.allclose(a, sigma(z))
    z, a = shown.line(0, color=RED, marker="None")
    assert np.allclose(np.diff(a) / np.diff(z), slope)
    assert np.interp(z0, z, a) == pytest.approx(a0)
    assert np.ravel(shown.line(0, color=RED, marker="o")) == pytest.approx([z0, a0])
    assert says(shown.words, real(z0, ".2f"), f"{a0:.3f}", f"{slope:.3g}")
    assert ("saturated" in shown.words) == (slope < 0.01)
    (label,) = (words for words in shown.texts(0) if "tangent" in words)
    assert says(label, real(z0, ".2f"), f"{slope:.3g}")


# -------- 01: a neuron

NEURONS = [
    {"w1": 4.0, "w2": -2.0, "b": 0.5, "factor": 1},
    {"w1": -10.0, "w2": 10.0, "b": -10.0, "factor": 8},
    {"w1": 0.5, "w2": 0.0, "b": -10.0, "factor": 0.25},
    {"w1": 0.0, "w2": 3.0, "b": -1.0, "factor": 2},
    {"w1": 10.0, "w2": -1.5, "b": -4.5, "factor": 4},
    {"w1": -0.5, "w2": -9.5, "b": 10.0, "factor": 0.5},
]


def weights_of(state):
    k = state["factor"]
    return np.array([k * state["w1"], k * state["w2"]]), k * state["b"]


@pytest.mark.parametrize("state", NEURONS, ids=str)
def test_a_neuron_is_shaded_with_its_output(state):
    w, b = weights_of(state)
    shown = Shown("neuron", **state)
    values = shown.values(0)
    ticks = np.linspace(0, 1, len(values))
    for i, x2 in enumerate(ticks):
        assert np.allclose(values[i], sigma(w[0] * ticks + w[1] * x2 + b))
    image = shown.only(0, AxesImage)
    assert (image.origin, list(image.get_extent())) == ("lower", [0, 1, 0, 1])
    assert image.get_clim() == (0, 1)


def test_a_neuron_is_seen_in_the_right_colours_the_right_way_up():
    state = {"w1": 4.0, "w2": -10.0, "b": 3.0, "factor": 1}
    w, b = weights_of(state)
    shown = Shown("neuron", **state)
    for x in [(0.05, 0.95), (0.95, 0.05), (0.05, 0.05), (0.95, 0.95), (0.2, 0.7), (0.8, 0.8)]:
        a = sigma(w @ x + b)
        seen = shown.pixel(0, *x)
        assert seen == pytest.approx(SOFT(a)[:3], abs=0.03)
        assert (seen[2] > seen[0]) == (a > 0.5)  # blue, or orange


@pytest.mark.parametrize("state", NEURONS, ids=str)
def test_the_lines_of_a_neuron_are_where_its_output_is_one_half_a_tenth_and_nine_tenths(state):
    w, b = weights_of(state)
    shown = Shown("neuron", **state)
    black = shown.line(0, color="black")
    assert np.allclose(w @ black + b, 0)
    dotted = [np.array(line.get_data()) for line in shown.lines(0, color=GREY, linestyle=":")]
    levels = [sigma(w @ line + b) for line in dotted]
    assert np.allclose(sorted(np.mean(levels, axis=1)), [0.1, 0.9])
    along = np.array([-w[1], w[0]]) / np.hypot(*w)
    for line in (black, *dotted):
        from_middle = np.sort(along @ (line - 0.5))
        assert from_middle[0] < -0.75 < 0.75 < from_middle[1]  # right across the square
    between = abs(w @ (dotted[0][:, 0] - dotted[1][:, 0])) / np.hypot(*w)
    assert says(shown.words, f"{between:.2f}")
    corners = [w[0] * p + w[1] * q + b for p in (0, 1) for q in (0, 1)]
    assert ("outside" in shown.words) == (max(corners) < 0 or min(corners) > 0)


@pytest.mark.parametrize("state", NEURONS, ids=str)
def test_the_arrow_of_a_neuron_is_its_weights_direction_and_starts_on_its_line(state):
    w, b = weights_of(state)
    start, step = Shown("neuron", **state).arrow(0)
    assert w @ start + b == pytest.approx(0, abs=1e-9)
    assert step == pytest.approx(0.22 * w / np.hypot(*w))
    assert np.cross([*w, 0], [*(start - 0.5), 0])[2] == pytest.approx(0, abs=1e-9)  # the nearest


@pytest.mark.parametrize("b", [0.0, -6.0, 2.5])
def test_a_neuron_without_weights_has_no_line_and_no_arrow(b):
    shown = Shown("neuron", w1=0.0, w2=0.0, b=b, factor=2)
    assert np.allclose(shown.values(0), sigma(2 * b))
    assert all(np.isnan(line.get_data()).all() for line in shown.lines(0, marker="None"))
    assert draws_no_arrow(shown.only(0, Quiver))
    assert says(shown.words, "0", real(2 * b, ".4g"), real(sigma(2 * b), ".3g"))
    assert "wide" not in shown.words
    right = 5 if b else 0  # on the line is not right
    assert says(shown.words, f"{right} of 10")
    # no point lies near the middle, where a line and an arrow would begin
    middle = {tuple(shown.pixel(0, 0.5 + u, 0.5 + v)) for u in OFF for v in OFF}
    assert middle == {tuple(shown.pixel(0, 0.8, 0.8))}


OFF = np.linspace(-0.02, 0.02, 9)


@pytest.mark.parametrize("state", NEURONS, ids=str)
def test_the_points_lie_in_the_plane_and_on_the_sigmoid(state):
    w, b = weights_of(state)
    x, y = ten_points()
    shown = Shown("neuron", **state)
    assert same_points(classes_shown(shown, 0)[0], x[:, :5])
    assert same_points(classes_shown(shown, 0)[1], x[:, 5:])
    z = np.array([w[0] * p + w[1] * q + b for p, q in x.T])
    places = np.stack([z, sigma(z)])
    for seen, wanted in zip(classes_shown(shown, 1), (places[:, :5], places[:, 5:])):
        far = np.abs(wanted[0]) > 12  # these stay at the edge
        wanted[:, far] = np.stack([12 * np.sign(wanted[0, far]), sigma(wanted[0, far])])
        assert np.allclose(in_order(seen), in_order(wanted), atol=1e-5)
    curve_z, curve_a = shown.line(1, color="black")
    assert np.allclose(curve_a, sigma(curve_z))
    wrong = np.array([zi * (1 if yi == 1 else -1) < 1e-9 for zi, yi in zip(z, y[0])])
    assert says(shown.words, f"{10 - wrong.sum()}", "10", *(real(v, ".4g") for v in (*w, b)))
    assert ("times" in shown.words) == (state["factor"] != 1)
    assert same_points(ringed(shown, 0), x[:, wrong])
    held = np.clip(z[wrong], -12, 12)
    assert np.allclose(in_order(ringed(shown, 1)), in_order(np.stack([held, sigma(held)])))


def test_a_wrong_point_lies_over_the_others():
    """All at the right edge: a disc that is wrong is not hidden by crosses that are right."""
    shown = Shown("neuron", w1=-10.0, w2=-5.0, b=5.5, factor=8)
    drawn = [a for a in shown.artists[1] if isinstance(a, Line2D) and a.get_linestyle() == "None"]
    last = {a.get_marker(): place for place, a in enumerate(drawn) if np.size(a.get_xdata())}
    assert np.ravel(ringed(shown, 1)) == pytest.approx([-12, 0], abs=1e-4)
    assert same_color(drawn[last["o"] - 2].get_color(), BLUE)
    assert np.ravel(drawn[last["o"] - 2].get_data()) == pytest.approx([-12, 0], abs=1e-4)
    assert last["X"] < last["o"] - 2


def test_a_neuron_takes_other_points():
    x = np.array([[0.2, 0.9, 0.4], [0.7, 0.1, 0.4]])
    for y in ([[0.0, 1.0, 1.0]], [[0, 1, 1], [1, 0, 0]]):
        explorer = neuron(x.tolist(), y)
        stage = Stage()
        stage.draw(explorer.picture)
        lines = [a for _, a in stage.artists if isinstance(a, Line2D)]
        discs, crosses = (
            next(np.array(a.get_data()) for a in lines if a.get_marker() == m) for m in "oX"
        )
        assert same_points(discs, x[:, 1:])
        assert same_points(crosses, x[:, :1])
        w = np.array([explorer.start["w1"], explorer.start["w2"]])
        right = np.sum((w @ x + explorer.start["b"] > 0) == [False, True, True])
        assert says(explorer.picture.words, f"{right}", "3")
        explorer.close()


# -------- 02: the Jacobian of a layer

LAYER_STATES = [(0.0, 0.0), (2.0, -1.0), (-8.0, 8.0), (8.0, 8.0), (-3.25, 0.5), (1.0, 4.75)]


def jacobian_by_complex_step(x):
    columns = [sigma(WEIGHTS @ (x + 1e-30j * unit)).imag / 1e-30 for unit in np.eye(2)]
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("x", LAYER_STATES)
def test_the_panels_hold_d_w_and_the_jacobian(x):
    shown = Shown("layer_jacobian", x1=x[0], x2=x[1])
    _, D, W, DW = (None, *(shown.values(k) for k in (1, 2, 3)))
    a = sigma(WEIGHTS @ x)
    assert np.allclose(D, [[a[0] * (1 - a[0]), 0, 0], [0, a[1] * (1 - a[1]), 0],
                           [0, 0, a[2] * (1 - a[2])]])  # fmt: skip
    assert np.array_equal(W, WEIGHTS)
    assert np.allclose(DW, jacobian_by_complex_step(np.array(x)), rtol=1e-9, atol=1e-15)
    titles = [ax.get_title() for ax in shown.axes[1:]]
    assert titles == ["D", "W", "D W"]
    assert [ax.get_xlabel() for ax in shown.axes[1:]] == ["3 × 3", "3 × 2", "3 × 2"]


@pytest.mark.parametrize("x", LAYER_STATES)
def test_each_entry_is_written_where_its_colour_is(x):
    shown = Shown("layer_jacobian", x1=x[0], x2=x[1])
    for k in (1, 2, 3):
        matrix = shown.values(k)
        written = {(round(row), round(column)): words
                   for words, (column, row) in texts_at(shown, k)}  # fmt: skip
        assert set(written) == {(i, j) for i, j in np.argwhere(matrix).tolist()}
        for place, words in written.items():
            if abs(matrix[place]) >= 0.0005:
                assert words == real(matrix[place], ".3f")
            else:
                assert set(words) <= set("≈ 0.−")
        image = shown.only(k, AxesImage)
        low, high = image.get_clim()
        assert low == -high  # white is 0
        assert np.abs(matrix).max() <= high
        for i, j in np.ndindex(*matrix.shape):
            seen = shown.pixel(k, j - 0.4, i - 0.4)
            wanted = SIGNED((matrix[i, j] - low) / (high - low))[:3]
            assert seen == pytest.approx(wanted, abs=0.02)
        above, below = (shown.axes[k].transData.transform((0, i))[1] for i in (0, 2))
        assert above > below  # the first row on top


def texts_at(shown, panel):
    """[(words, place)]; the same words may stand at several places."""
    return [(a.get_text(), a.get_position()) for a in shown.artists[panel] if isinstance(a, Text)]


@pytest.mark.parametrize("x", LAYER_STATES)
def test_the_neurons_of_the_layer_lie_on_the_sigmoid_and_the_saturated_ones_are_named(x):
    shown = Shown("layer_jacobian", x1=x[0], x2=x[1])
    z = WEIGHTS @ x
    for zi, marker in zip(z, "osX"):  # all black: colours stand for signs here
        at = np.ravel(shown.line(0, marker=marker, color="black"))
        assert at == pytest.approx([np.clip(zi, -9.8, 9.8), sigma(zi)], abs=1e-4)
    curve_z, curve_a = shown.line(0, color="black", marker="None")
    assert np.allclose(curve_a, sigma(curve_z))
    for k in (1, 3):  # D and D W, row by row
        symbols = [t.get_text() for t in shown.axes[k].get_yticklabels()]
        assert symbols == ["●", "■", "✖"]
        assert list(shown.axes[k].get_yticks()) == [0, 1, 2]
    slopes = sigma(z) * (1 - sigma(z))
    assert says(shown.words, *(real(v, ".2f") for v in z), *(f"{v:.3f}" for v in slopes))
    named = re.findall(r"neuron (\d)", shown.words)
    assert named == [f"{i}" for i, slope in enumerate(slopes, start=1) if slope < 0.01]


def test_the_layer_may_have_other_weights():
    W = np.array([[1.0, 5.0], [-3.0, 0.5], [0.0, 2.0]])
    explorer = layer_jacobian(W.tolist())
    stage = Stage()
    stage.draw(explorer.picture)
    a = sigma(W @ [explorer.start["x1"], explorer.start["x2"]])
    shadings = [artist for _, artist in stage.artists if isinstance(artist, AxesImage)]
    D, DW = (np.array(image.get_array()) for image in shadings)
    assert np.allclose(D, np.diag(a * (1 - a)))
    assert np.allclose(DW, (a * (1 - a))[:, None] * W)
    (fixed,) = stage.figure.axes[2].images
    assert np.array_equal(fixed.get_array(), W)
    assert fixed.get_clim()[1] >= 5
    explorer.close()


# -------- 05: the film


@functools.cache
def film():
    return load_result("paper_film")


def film_at(frame, r):
    """Weights, biases, and the activations of the ten points."""
    W, b = ({l: film()[f"{name}{l}"][frame, r].astype(float) for l in (2, 3, 4)} for name in "Wb")
    return W, b, forward_by_hand(W, b, ten_points()[0])


FRAMES = [0, 1, 60, 130, 200]


@pytest.mark.parametrize("frame", FRAMES)
def test_the_film_shows_the_cost_so_far_of_each_replica(frame):
    y = ten_points()[1]
    for r, name in enumerate(made("training_film").controls["replica"].options):
        shown = Shown("training_film", frame=frame, replica=name)
        steps = np.maximum(film()["milestones"], 700)
        _, _, layers = film_at(frame, r)
        cost = np.sum((layers[-1] - y) ** 2)
        assert np.ravel(shown.line(0, color=BLUE, marker="o")) == pytest.approx(
            [steps[frame], cost], rel=1e-4
        )
        everything = shown.line(0, color="#BBBBBB")
        assert np.array_equal(everything, [steps, film()["cost"][:, r]])
        past = shown.line(0, color=BLUE, marker="None")
        assert np.array_equal(past[:, : frame + 1], everything[:, : frame + 1])
        assert np.isnan(past[1, frame + 1 :]).all()
        right = np.sum((layers[-1][0] > layers[-1][1]) == (y[0] == 1))
        step = film()["milestones"][frame]
        assert says(shown.words, name.split()[0], f"{step:,}", f"{cost:.3g}", f"{right}", "10")
        low, high = shown.axes[0].get_ylim()
        assert low < cost < high
        assert shown.axes[0].get_xlim()[0] < steps[frame] < shown.axes[0].get_xlim()[1]


def changes_sign(values):
    return np.sign(values[:, 1:]) != np.sign(values[:, :-1])


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("r", [0, 3])
def test_the_film_shows_the_difference_of_the_outputs_and_where_they_are_equal(frame, r):
    name = made("training_film").controls["replica"].options[r]
    shown = Shown("training_film", frame=frame, replica=name)
    W, b, _ = film_at(frame, r)

    def difference(x):
        first, second = forward_by_hand(W, b, x)[-1]
        return first - second

    values = shown.values(1)
    ticks = np.linspace(0, 1, len(values))
    assert np.allclose(values.ravel(), difference(grid(ticks)))
    assert shown.only(1, AxesImage).get_clim() == (-1, 1)
    assert list(shown.only(1, AxesImage).get_extent()) == [0, 1, 0, 1]
    line = shown.line(1, color="black", marker="None")
    line = line[:, np.isfinite(line[0])]
    near = np.array([difference(line + np.array([[u], [v]]))
                     for u in (-1 / 80, 0, 1 / 80) for v in (-1 / 80, 0, 1 / 80)])  # fmt: skip
    assert np.all((near.min(axis=0) <= 0) & (near.max(axis=0) >= 0))
    for i, j in np.argwhere(changes_sign(values))[::7]:  # and nowhere is a piece left out
        gap = [[(ticks[j] + ticks[j + 1]) / 2], [ticks[i]]]
        assert np.linalg.norm(line - gap, axis=0).min() < 1 / 80
    x = ten_points()[0]
    assert same_points(classes_shown(shown, 1)[0], x[:, :5])
    assert same_points(classes_shown(shown, 1)[1], x[:, 5:])
    assert_numbered(shown, 1, x)


def assert_numbered(shown, panel, places, which=range(1, 11)):
    """These points have their number beside them, counted from 1."""
    numbers = numbers_of(shown, panel)
    assert sorted(numbers) == list(which)
    for k, at in numbers.items():
        assert 0 < np.linalg.norm(at - places[:, k - 1]) < 0.08


@pytest.mark.parametrize("frame", FRAMES)
def test_the_film_shows_what_layer_2_sees(frame):
    for r, name in enumerate(made("training_film").controls["replica"].options):
        shown = Shown("training_film", frame=frame, replica=name)
        hidden = film_at(frame, r)[2][0]
        first, second = classes_shown(shown, 2)
        assert np.allclose(first, hidden[:, :5])
        assert np.allclose(second, hidden[:, 5:])
        assert_numbered(shown, 2, hidden, [4, 5])


def test_the_films_replicas_are_those_that_are_stored():
    names = made("training_film").controls["replica"].options
    assert [int(name.split()[0]) for name in names] == film()["replicas"].tolist()
    assert settings_of(made("training_film").controls["frame"]) == list(
        range(len(film()["milestones"]))
    )


# -------- 06: the gradient at a point

PLACES = [(0.3, 0.6), (0.8, 0.3), (0.47, 0.52), (0.05, 0.9), (0.99, 0.71)]


def logit_by_hand(net, x):
    return forward_by_hand(net.W, net.b, x, output=lambda z: z)[-1][0]


def output_by_hand(net, x):
    return sigma(logit_by_hand(net, x))


SCALAR = {"output a": output_by_hand, "logit z": logit_by_hand}


def differences(f, net, x, h=1e-5):
    """The gradient (2, N) by central differences."""
    steps = h * np.eye(2)[:, :, None]
    return np.array([(f(net, x + step) - f(net, x - step)) / (2 * h) for step in steps])


@pytest.mark.parametrize("of", SCALAR)
@pytest.mark.parametrize("place", PLACES)
def test_the_arrow_is_the_gradient_with_the_longest_of_all_as_a_scale(place, of):
    x, net = np.array(place)[:, None], curved()
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1], of=of)
    start, step = shown.arrow(0)
    assert tuple(start) == place
    assert np.ravel(shown.line(0, color=RED, marker="o")) == pytest.approx(place)
    everywhere = differences(SCALAR[of], net, grid(np.linspace(0, 1, len(shown.values(0)))))
    wanted = 0.3 * differences(SCALAR[of], net, x) / np.linalg.norm(everywhere, axis=0).max()
    assert step == pytest.approx(wanted.ravel(), rel=1e-5)
    sizes = [np.linalg.norm(differences(f, net, x)) for f in SCALAR.values()]
    assert says(shown.words, f"{sizes[0]:.2g}", f"{sizes[1]:.3g}", *(f"{v:.2f}" for v in place))
    a = output_by_hand(net, x).item()
    assert says(shown.words, f"{a:.3g}", f"{a * (1 - a):.2g}")
    disc = next(a for a in shown.lines(0, color=RED, marker="o"))
    assert not disc.get_clip_on()  # in a corner it is whole, too


def test_the_path_lies_over_the_arrow():
    """Below one half both have the same direction."""
    drawn = [type(a).__name__ for a in Shown("gradient_at_a_point").artists[0]]
    assert drawn.index("Quiver") == len(drawn) - 4
    path, disc, star = Shown("gradient_at_a_point").artists[0][-3:]
    assert [path.get_linestyle(), disc.get_marker(), star.get_marker()] == [":", "o", "*"]


def test_the_logits_axis_is_as_long_as_the_network_needs():
    for scale in (0.5, 20.0):
        net = Network({2: [[scale, 0.0]]}, {2: [[0.1]]})
        explorer = gradient_at_a_point(net)
        stage = Stage()
        stage.draw(explorer.function(x1=1.0, x2=0.5, of="logit z"))
        limit = stage.figure.axes[1].get_xlim()[1]
        assert max(4, scale + 0.1) <= limit <= max(4, 1.2 * scale + 1)
        (image,) = (a for _, a in stage.artists if isinstance(a, AxesImage))
        assert image.get_clim() == (-limit, limit)
        explorer.close()


@pytest.mark.parametrize(
    ("w", "v", "b", "where"),
    [
        ([[0.0, 4.0], [0.0, 0.0]], [[4.0, 0.0]], [[0.0], [0.0]], "ends outside"),
        ([[0.0, -9.0], [0.0, 0.0]], [[9.0, 0.0]], [[3.0], [0.0]], ""),
        ([[2.0, 6.0], [-7.0, -2.0]], [[-6.0, -6.0]], [[-5.0], [5.0]], "partly outside"),
    ],
    ids=["outside", "inside", "out and back"],
)
def test_the_words_tell_whether_the_path_leaves_the_square(w, v, b, where):
    net = Network({2: w, 3: v}, {2: b, 3: [[-sum(v[0]) / 4]]})
    explorer = gradient_at_a_point(net)
    artists, words = drawn_once(explorer, x1=0.0, x2=0.0)
    star, path = star_and_path(artists)
    assert not np.isnan(star).any()
    outside = np.any((path < 0) | (path > 1), axis=0)
    assert outside.any() == (where != "")
    assert outside[-1] == (where == "ends outside")
    assert re.findall("(?:ends|partly) outside", words) == ([where] if where else [])
    explorer.close()


@pytest.mark.parametrize("place", PLACES)
def test_the_gradient_is_perpendicular_to_the_level_line_through_the_point(place):
    x, net = np.array(place)[:, None], curved()
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1])
    level = shown.line(0, color="black", linestyle="--")
    on_it = level[:, np.isfinite(level[0])]
    assert np.allclose(logit_by_hand(net, on_it), logit_by_hand(net, x), atol=0.02)
    distance = np.linalg.norm(on_it - x, axis=0)
    assert distance.min() < 0.0125  # it goes through the point,
    near = on_it[:, distance < 0.04]
    assert near.shape[1] >= 3
    along = np.linalg.svd(near - near.mean(axis=1, keepdims=True))[0][:, 0]
    _, step = shown.arrow(0)
    assert abs(along @ step) < 0.1 * np.linalg.norm(step)  # across the arrow
    boundary = shown.line(0, color="black", linestyle="-")
    boundary = boundary[:, np.isfinite(boundary[0])]
    assert np.allclose(logit_by_hand(net, boundary), 0, atol=0.02)
    assert np.linalg.norm(boundary[:, 0] - boundary[:, -1]) > 0.5


@pytest.mark.parametrize("place", PLACES)
def test_the_path_follows_the_gradient_in_small_steps_to_the_star_on_the_boundary(place):
    net = curved()
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1])
    path = shown.line(0, linestyle=":")
    assert tuple(path[:, 0]) == place
    steps = np.diff(path)
    lengths = np.linalg.norm(steps, axis=0)
    assert lengths.max() <= 0.02 + 1e-12
    g, z = differences(logit_by_hand, net, path[:, :-1]), logit_by_hand(net, path)
    cosines = np.sum(g * steps, axis=0) / np.linalg.norm(g, axis=0) / lengths
    assert np.allclose(cosines, -np.sign(z[:-1]), atol=1e-4)  # the last step may be one back
    assert np.all(np.diff(np.abs(z)) < 0)
    assert z[-1] == pytest.approx(0, abs=1e-5)
    assert np.array_equal(shown.line(0, color=GREEN, marker="*"), path[:, -1:])
    assert says(shown.words, f"{lengths.sum():.2f}")
    assert ("outside" in shown.words) == bool(np.any((path[:, -1] < 0) | (path[:, -1] > 1)))


@pytest.mark.parametrize("of", SCALAR)
@pytest.mark.parametrize("place", PLACES[:2])
def test_the_plane_is_shaded_with_the_output_or_with_the_logit(place, of):
    net = curved()
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1], of=of)
    values = shown.values(0)
    places = grid(np.linspace(0, 1, len(values)))
    assert np.allclose(values.ravel(), SCALAR[of](net, places))
    low, high = shown.only(0, AxesImage).get_clim()
    assert (low, high) == ((0, 1) if of == "output a" else (-high, high))
    for x in [(0.05, 0.05), (0.05, 0.7), (0.7, 0.9), (0.95, 0.05)]:
        value = (SCALAR[of](net, np.array(x)[:, None]).item() - low) / (high - low)
        assert shown.pixel(0, *x) == pytest.approx(SOFT(value)[:3], abs=0.04)


@pytest.mark.parametrize("place", PLACES)
def test_beside_it_the_sigmoid_has_its_tangent_at_the_logit(place):
    net = curved()
    z = logit_by_hand(net, np.array(place)[:, None]).item()
    a = sigma(z)
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1])
    assert np.ravel(shown.line(1, marker="o")) == pytest.approx([z, a])
    line_z, line_a = shown.line(1, color=RED, marker="None")
    assert np.allclose(np.diff(line_a) / np.diff(line_z), a * (1 - a))
    assert np.interp(z, line_z, line_a) == pytest.approx(a)
    curve_z, curve_a = shown.line(1, color="black")
    assert np.allclose(curve_a, sigma(curve_z))
    assert says(shown.words, f"{a:.3g}", real(z, ".2f"))


def drawn_once(explorer, **state):
    """The artists of its first panel on a stage of its own, and the words."""
    stage = Stage()
    picture = explorer.function(**{**explorer.start, **state})
    stage.draw(picture)
    return [a for ax, a in stage.artists if ax is stage.figure.axes[0]], picture.words


def star_and_path(artists):
    lines = [a for a in artists if isinstance(a, Line2D)]
    (star,) = (np.array(a.get_data()) for a in lines if a.get_marker() == "*")
    (path,) = (np.array(a.get_data()) for a in lines if a.get_linestyle() == ":")
    return star, path


def test_a_boundary_out_of_reach_gets_no_star():
    far = gradient_at_a_point(Network({2: [[1.0, 0.0]]}, {2: [[9.0]]}))
    artists, words = drawn_once(far)
    star, path = star_and_path(artists)
    assert np.isnan(star).all()
    length = np.linalg.norm(np.diff(path), axis=0).sum()
    assert length == pytest.approx(120 * 0.02)
    assert not says(words, f"{length:.2f}")
    far.close()
    near = gradient_at_a_point(Network({2: [[1.0, 0.0]]}, {2: [[0.5]]}))
    artists, words = drawn_once(near, x1=0.25, x2=0.5)
    star, _ = star_and_path(artists)
    assert np.ravel(star) == pytest.approx([-0.5, 0.5])
    assert says(words, "0.75")
    assert "outside" in words
    near.close()


@pytest.mark.parametrize("b", [0.0, -3.0])
@pytest.mark.parametrize("of", SCALAR)
def test_a_network_that_says_the_same_everywhere_can_be_explored(b, of):
    flat = gradient_at_a_point(Network({2: [[0.0, 0.0]]}, {2: [[b]]}))
    artists, words = drawn_once(flat, x1=0.25, x2=0.5, of=of)
    star, path = star_and_path(artists)
    assert path.tolist() == [[0.25], [0.5]]
    assert np.isnan(star).all() == (b != 0)  # with b = 0 the boundary is everywhere
    (quiver,) = (a for a in artists if isinstance(a, Quiver))
    assert draws_no_arrow(quiver)
    assert says(words, "0", real(b, ".2f"))
    flat.close()


def test_hidden_layers_may_have_other_activations():
    net = Network({2: [[2.0, -1.0], [1.0, 3.0]], 3: [[4.0, -5.0]]}, {2: [[0.5], [-1]], 3: [[1.0]]})
    bent = Network(net.W, net.b, {2: tanh, 3: net.activation[3]})
    explorer = gradient_at_a_point(bent)
    _, words = drawn_once(explorer, x1=0.5, x2=0.25)
    z = (net.W[3] @ np.tanh(net.W[2] @ [[0.5], [0.25]] + net.b[2]) + net.b[3]).item()
    assert says(words, real(z, ".2f"), f"{sigma(z):.3g}")
    explorer.close()


# -------- 07: codings of labels

CODINGS = [
    ("sectors", "scalar", 8, 0), ("sectors", "one-hot", 2, 40), ("stripes", "scalar", 4, 10),
    ("stripes", "one-hot", 32, 20), ("relabelled", "scalar", 2, 0),
    ("relabelled", "one-hot", 16, 30), ("rings", "scalar", 16, 20), ("rings", "one-hot", 8, 0),
]  # fmt: skip
LOOKS = {0: ("o", "-", BLUE), 1: ("s", "--", RED), 2: ("^", "-.", GREEN)}


def shown_coding(case):
    return Shown("coding_of_labels", **dict(zip(("arrangement", "coding", "width", "wrong"), case)))


def class_by_hand(arrangement, x):
    if arrangement == "sectors":  # a third of a turn each, from the left, against the clock
        angle = np.arctan2(x[1], x[0])
        return (angle >= -np.pi / 3).astype(int) + (angle >= np.pi / 3)
    if arrangement == "rings":  # a third of the area each
        r = np.hypot(*x)
        return (np.pi * r**2 >= 12).astype(int) + (np.pi * r**2 >= 24)
    stripe = (x[0] >= -1).astype(int) + (x[0] >= 1)
    return stripe if arrangement == "stripes" else np.choose(stripe, [0, 2, 1])


def network_by_hand(case, x):
    """The outputs (1, N) or (3, N) of the stored network of this case."""
    arrangement, coding, width, wrong = case
    i, j = ["sectors", "stripes", "relabelled", "rings"].index(arrangement), wrong // 10
    nets = load_result("label_codings")
    W, b = ({l: nets[f"{name}{l}, {coding}, {width}"][i, j].astype(float) for l in (2, 3)}
            for name in "Wb")  # fmt: skip
    return forward_by_hand(W, b, x, output=lambda z: z)[-1]


def answer_by_hand(outputs):
    if len(outputs) == 3:
        return np.argmax(outputs, axis=0)
    return np.argmin(np.abs(outputs - np.array([[0], [1], [2]])), axis=0)


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_each_place_is_shaded_with_the_answer_of_the_network(case):
    shown = shown_coding(case)
    values = shown.values(0)
    side = np.linspace(-3, 3, len(values))
    places = grid(side)
    answers = answer_by_hand(network_by_hand(case, places))
    assert np.array_equal(values.ravel(), answers)
    image = shown.only(0, AxesImage)
    assert (list(image.get_extent()), image.get_clim()) == ([-3, 3, -3, 3], (0, 2))
    truth = class_by_hand(case[0], places)
    right = [f"{np.mean(answers[truth == k] == k):.0%}" for k in range(3)]
    between = [f"{np.mean(answers[truth == k] == 1):.0%}" for k in (0, 2)]
    wrong = np.mean(answers != truth)
    assert says(shown.words, f"{case[2]}", f"{case[3]}")
    assert re.findall(r"(\d+) ?% right", shown.words) == [share[:-1] for share in right]
    assert re.findall(r"(\d+) ?% called 1", shown.words) == [share[:-1] for share in between]
    assert says(shown.words, f"{100 * wrong:.0f} % of the square")
    assert not re.search(r"\d%", shown.words)
    assert case[0] in shown.words
    assert case[1] in shown.words


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_the_true_classes_are_outlined_and_numbered(case):
    shown = shown_coding(case)
    x, y = shown.line(0, color="black", linestyle="-", marker="None")
    inside = np.isfinite(x) & (np.abs(x) < 2.98) & (np.abs(y) < 2.98)
    near = np.stack([class_by_hand(case[0], np.stack([x[inside] + u, y[inside] + v]))
                     for u in (-0.02, 0, 0.02) for v in (-0.02, 0, 0.02)])  # fmt: skip
    assert np.all(near.min(axis=0) < near.max(axis=0))
    places = grid(np.linspace(-2.9, 2.9, 59))
    truth = class_by_hand(case[0], places).reshape(59, 59)
    for i, j in np.argwhere(truth[:, 1:] != truth[:, :-1])[::9]:  # no border is left out
        at = (places.reshape(2, 59, 59)[:, i, j] + places.reshape(2, 59, 59)[:, i, j + 1]) / 2
        assert np.nanmin(np.hypot(x - at[0], y - at[1])) < 0.06
    numbers = numbers_of(shown, 0)
    assert sorted(numbers) == [0, 1, 2]
    for k, at in numbers.items():
        around = at[:, None] + 0.15 * np.array([[0, 1, -1, 0, 0], [0, 0, 0, 1, -1]])
        assert set(class_by_hand(case[0], around)) == {k}


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_the_aim_is_the_mean_of_the_labels(case):
    """Counted: of a hundred labels at a place, so many are wrong, half of them each way."""
    arrangement, coding, _, wrong = case
    shown = shown_coding(case)
    walk = shown.line(0, color="black", linestyle="--")
    mean = []
    for c in class_by_hand(arrangement, walk):
        others = [k for k in range(3) if k != c]
        labels = (100 - wrong) * [c] + wrong // 2 * others
        hundred = np.eye(3)[labels] if coding == "one-hot" else np.array(labels)[:, None]
        mean.append(hundred.mean(axis=0))
    lines = [np.array(a.get_data()) for a in shown.lines(1, color=GREY, linestyle="-")]
    drawn = [line for line in lines if np.isfinite(line[1]).any()]
    assert len(drawn) == (3 if coding == "one-hot" else 1)
    for line, wanted in zip(drawn, np.transpose(mean), strict=True):
        seen = np.isfinite(line[1])
        assert np.allclose(line[1, seen], wanted[seen])
        assert np.sum(~seen) == np.sum(np.diff(wanted) != 0)


def test_the_answers_are_seen_in_the_colours_of_their_classes_the_right_way_up():
    shown = shown_coding(("sectors", "one-hot", 16, 0))
    for x in [(-2.9, -1.0), (2.9, -0.5), (-2.9, 1.4), (1.9, -2.95), (0.4, 2.95)]:
        answer = answer_by_hand(network_by_hand(("sectors", "one-hot", 16, 0), np.array([x]).T))
        near = [shown.pixel(0, x[0] + u, x[1] + v) for u in OFF for v in OFF]
        common = np.median(near, axis=0)  # there may be a point in between
        assert common == pytest.approx(CLASSES(answer.item() / 2)[:3], abs=0.01)


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_the_points_carry_the_labels_that_were_trained_on(case):
    shown = shown_coding(case)
    told = inspect.signature(label_codings).parameters
    x, labels = label_data(told["samples"].default, told["seed"].default)
    given = labels[["sectors", "stripes", "relabelled", "rings"].index(case[0]), case[3] // 10]
    seen = [shown.line(0, marker=marker, color=colour) for marker, _, colour in LOOKS.values()]
    count = sum(points.shape[1] for points in seen)
    assert count >= 300  # all, or the first of them
    for k, points in enumerate(seen):
        assert same_points(points, x[:, :count][:, given[:count] == k])
    mislabelled = [class_by_hand(case[0], points) != k for k, points in enumerate(seen)]
    assert np.concatenate(mislabelled).mean() == pytest.approx(case[3] / 100, abs=0.06)
    assert (case[3] == 0) == (np.concatenate(mislabelled).sum() == 0)


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_the_outputs_are_those_along_the_dashed_walk(case):
    shown = shown_coding(case)
    walk = shown.line(0, color="black", linestyle="--")
    assert np.array_equal(shown.line(0, color="black", marker="D"), walk[:, :1])
    assert np.abs(walk).max() <= 3
    assert set(class_by_hand(case[0], walk)) == {0, 1, 2}  # it meets every class
    outputs = network_by_hand(case, walk)
    along = np.linspace(0, 1, walk.shape[1])
    steps = np.linalg.norm(np.diff(walk), axis=0)
    assert np.allclose(steps, steps[0])
    scalar = shown.line(1, color="black")
    each = [shown.line(1, color=colour, linestyle=style) for _, style, colour in LOOKS.values()]
    drawn = [scalar] if case[1] == "scalar" else each
    left_out = each if case[1] == "scalar" else [scalar]
    for line, values in zip(drawn, outputs, strict=True):
        assert np.allclose(line, [along, values])
    assert all(np.isnan(line[1]).all() for line in left_out)
    answers, truth = shown.values(1)  # the answer below, the truth above
    assert np.array_equal(answers, answer_by_hand(outputs))
    assert np.array_equal(truth, class_by_hand(case[0], walk))
    left, right, bottom, top = shown.only(1, AxesImage).get_extent()
    assert (left, right) == (0, 1)
    axis = shown.axes[1].yaxis
    ticks = dict(zip([t.get_text() for t in axis.get_ticklabels()], axis.get_ticklocs()))
    assert [ticks[k] for k in "012"] == [0, 1, 2]
    assert bottom < ticks["answer"] < (bottom + top) / 2 < ticks["truth"] < top
    assert top < shown.axes[1].transData.inverted().transform((0, 0))[1] + 9  # within the axes
    assert top <= min(np.nanmin(line[1]) for line in drawn) or top < -0.5


def stand_apart(heights, ends, least):
    """Names stand beside the ends of their curves, or as near as they can without overlap."""
    assert np.array_equal(np.argsort(heights), np.argsort(ends))
    assert np.diff(np.sort(heights)).min() >= least - 1e-4
    crowd = np.abs(np.subtract.outer(ends, ends)) < len(ends) * least
    for height, end, near in zip(heights, ends, crowd, strict=True):
        assert abs(height - end) <= (near.sum() - 1) * least / 2 + 1e-4


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_one_hot_outputs_are_numbered_at_their_ends_without_overlap(case):
    shown = shown_coding(case)
    texts = {k: at for k, at in shown.texts(1).items() if k in "012"}
    if case[1] == "scalar":
        assert texts == {}
        return
    ends = network_by_hand(case, shown.line(0, color="black", linestyle="--"))[:, -1]
    heights = np.array([texts[f"{k}"][1] for k in range(3)])
    stand_apart(heights, ends, 0.2)
    assert all(x > 1 for x, _ in texts.values())


# -------- 08: the loss of a neuron

DESCENTS = [
    (-6.0, "1", "cross-entropy", 0.5), (-6.0, "1", "MSE", 0.5), (8.5, "0", "MSE", 5.0),
    (3.0, "0", "cross-entropy", 0.1), (-9.0, "1", "MSE", 0.1), (-10.0, "1", "cross-entropy", 10.0),
    (4.0, "1", "MSE", 1.0), (2.0, "1", "cross-entropy", 0.2), (2.0, "0", "MSE", 2.0),
]  # fmt: skip


def shown_loss(case):
    return Shown("loss_of_a_neuron", **dict(zip(("z0", "y", "loss", "rate"), case)))


def cost_by_hand(z, y, loss):
    if loss == "MSE":
        return 0.5 * (sigma(z) - y) ** 2
    return np.log(1 + np.exp(-z)) if y else np.log(1 + np.exp(z))


def slope_by_hand(z, y, loss):
    return cost_by_hand(z + 1e-30j, y, loss).imag / 1e-30


@functools.cache
def descent_by_hand(z, y, loss, rate):
    places = [z]
    while len(places) <= 50_000:
        a = 1 / (1 + math.exp(-z))
        if (a > 0.9) if y == "1" else (a < 0.1):
            return np.array(places), True
        delta = a - int(y)
        z -= rate * (delta * a * (1 - a) if loss == "MSE" else delta)
        places.append(z)
    return np.array(places), False


THIN = {
    "cross-entropy": {"color": BLUE, "linestyle": "-"},
    "MSE": {"color": RED, "linestyle": "--"},
}


@pytest.mark.parametrize("case", DESCENTS, ids=str)
def test_both_costs_and_their_pulls_are_drawn_and_the_chosen_one_is_thick(case):
    shown, y = shown_loss(case), int(case[1])
    for panel, wanted in enumerate((cost_by_hand, slope_by_hand)):
        for loss, look in THIN.items():
            thin, thick = sorted(shown.lines(panel, **look), key=Line2D.get_linewidth)
            assert thick.get_linewidth() > 2 > thin.get_linewidth()
            z, values = np.array(thin.get_data())
            assert (z[0], z[-1]) == (-10, 10)
            assert np.allclose(values, np.abs(wanted(z, y, loss)), atol=1e-12)
            if loss == case[2]:
                assert np.array_equal(thick.get_data(), thin.get_data())
            else:
                assert np.isnan(thick.get_ydata()).all()
        names = shown.texts(panel)
        assert {"cross-entropy", "MSE"} <= set(names) or panel == 1
    assert says(shown.words, real(np.abs(slope_by_hand(case[0], y, case[2])), ".3g"))


@pytest.mark.parametrize("case", DESCENTS, ids=str)
def test_the_steps_are_counted_and_the_first_forty_drawn(case):
    z0, y, loss, rate = case
    shown = shown_loss(case)
    places, arrived = descent_by_hand(*case)
    for panel, height in enumerate((cost_by_hand, slope_by_hand)):
        dots = shown.line(panel, color="black", marker="o")
        assert np.allclose(dots[0], places[:41])
        assert np.allclose(dots[1], np.abs(height(dots[0], int(y), loss)), atol=1e-3)
        assert np.array_equal(shown.line(panel, color="black", marker="D"), dots[:, :1])
    right = sigma(places) if y == "1" else 1 - sigma(places)
    at, values = shown.line(2, color="black", marker="None")
    steps = at.astype(int)  # step 0 is drawn before step 1, since a logarithm has no 0
    assert (steps[0], steps[-1]) == (0, len(places) - 1)
    assert at[0] > shown.axes[2].get_xlim()[0] > 0
    assert np.all(np.diff(steps) > 0)
    assert np.array_equal(at[1:], steps[1:])
    assert np.allclose(values, right[steps])
    start = np.ravel(shown.line(2, color="black", marker="D"))
    assert start == pytest.approx([at[0], right[0]])
    end = np.ravel(shown.line(2, color="black", marker="o"))
    assert end == pytest.approx([at[-1], right[-1] if arrived else np.nan], nan_ok=True)
    ((steps_told, (_, height)),) = shown.texts(2).items()
    assert 1.03 < height < shown.axes[2].get_ylim()[1]  # above any answer
    count = len(places) - 1
    told = f"{count:,} step{'s' if count != 1 else ''}" if arrived else "not in 50,000 steps"
    assert steps_told == told
    assert told in shown.words or not arrived
    assert (right[-1] > 0.9) == arrived
    assert set(shown.line(2, color=GREY)[1]) == {0.9}
    assert says(shown.words, real(z0, ".2f"), y, f"{rate:g}", f"{len(places) - 1:,}")
    assert ("not" in shown.words) == (not arrived)
    assert loss in shown.words
    assert says(shown.words, "0.9" if y == "1" else "0.1")


@pytest.mark.parametrize("loss", ["MSE", "cross-entropy"])
@pytest.mark.parametrize("z0", [-9.75, -1.5, 4.0])
def test_label_0_is_the_mirror_image_of_label_1(z0, loss):
    drawn = []
    for z, y in ((z0, "1"), (-z0, "0")):
        shown = shown_loss((z, y, loss, 1.0))
        drawn.append([[np.array(line.get_data()) for line in shown.lines(k)] for k in range(3)])
    for panel in (0, 1):
        for one, zero in zip(drawn[0][panel], drawn[1][panel], strict=True):
            assert np.array_equal(np.sort(-zero[0]), np.sort(one[0]))
            assert np.allclose(zero[1][np.argsort(-zero[0])], one[1][np.argsort(one[0])],
                               equal_nan=True)  # fmt: skip
    for one, zero in zip(drawn[0][2], drawn[1][2], strict=True):
        assert np.allclose(one, zero, equal_nan=True)


@pytest.mark.parametrize("y", ["0", "1"])
def test_the_names_stand_free_and_the_highest_pull_is_marked(y):
    shown = shown_loss((0.0, y, "MSE", 1.0))
    z, pull = np.array(shown.lines(1, **THIN["MSE"])[0].get_data())
    x, height = shown.texts(1)["4/27"]
    assert x == pytest.approx(z[pull.argmax()], abs=0.05)
    (label,) = (a for a in shown.artists[1] if isinstance(a, Text) and a.get_text() == "4/27")
    assert label.get_ha() == ("right" if y == "1" else "left")  # away from the other curve
    assert pull.max() == pytest.approx(4 / 27, abs=1e-3)
    assert height > pull.max()
    for loss, look in THIN.items():
        x, height = shown.texts(0)[loss]
        z, cost = np.array(shown.lines(0, **look)[0].get_data())
        assert (x < 0) == (y == "1")
        assert height > np.interp(x, z, cost)


# -------- 09: sampling distributions

SAMPLINGS = [
    ("normal", "mean", 100), ("Cauchy", "mean", 400), ("Cauchy", "median", 10),
    ("Laplace", "Huber", 50), ("skewed", "Tukey", 200), ("normal, 5 %", "mean", 25),
    ("Student, ν = 1.5", "Tukey", 400),
]  # fmt: skip
SIZES = [10, 25, 50, 100, 200, 400]


def law_named(beginning):
    laws = made("sampling_distribution").controls["law"].options
    return next(law for law in laws if law.startswith(beginning))


def shown_sampling(case):
    law, estimator, n = case
    return Shown("sampling_distribution", law=law_named(law), estimator=estimator, n=n)


@functools.cache
def estimates():
    return load_result("sampling_distributions")


def estimates_of(law, estimator, n):
    return estimates()[f"{law_named(law)}, {estimator}"][SIZES.index(n)].astype(float)


def spread_by_hand(values):
    low, high = np.percentile(values, [25, 75])
    return (high - low) / 1.349


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_the_histogram_holds_all_estimates_and_has_the_normal_laws_scale(case):
    shown, values = shown_sampling(case), estimates_of(*case)
    spread, middle = spread_by_hand(values), np.median(values)
    area, outline, _ = (a for a in shown.artists[0] if isinstance(a, StepPatch))
    heights, edges, _ = area.get_data()
    drawn = outline.get_data()[0]  # bins without an estimate may have no outline
    assert np.array_equal(np.nan_to_num(drawn), heights)
    assert np.all(np.isfinite(drawn) | (heights == 0))
    shares = heights / spread / np.sqrt(2 * np.pi) * np.diff(edges)
    counted = [np.sum((u <= values) & (values < v)) for u, v in itertools.pairwise(edges)]
    assert np.allclose(shares * 2000, counted, atol=1.01)  # one may lie on the last edge
    inside = (edges[0] <= values) & (values <= edges[-1])
    assert shares.sum() == pytest.approx(inside.mean())
    assert inside.all() == (case[1] != "mean" or case[0] in ("normal", "normal, 5 %"))
    assert (edges[0] + edges[-1]) / 2 == pytest.approx(middle)
    assert edges[-1] - edges[0] == pytest.approx(20 * spread)
    assert np.array_equal(outline.get_data()[1], edges)
    z, normal = shown.line(0, color=RED)
    assert np.allclose(normal, np.exp(-(((z - middle) / spread) ** 2) / 2))
    assert normal.max() == pytest.approx(1)
    assert z[normal.argmax()] == pytest.approx(middle)


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_behind_it_stand_the_estimates_from_a_quarter_of_the_values_on_the_same_scale(case):
    shown, n = shown_sampling(case), case[2]
    *_, ghost = (a for a in shown.artists[0] if isinstance(a, StepPatch))
    heights, edges, _ = ghost.get_data()
    assert same_color(ghost.get_edgecolor(), GREY)
    if n // 4 not in SIZES:
        assert np.isnan(heights).all()
        return
    values, fewer = estimates_of(*case), estimates_of(*case[:2], n // 4)
    shares = heights / spread_by_hand(values) / np.sqrt(2 * np.pi) * np.diff(edges)
    counted = [np.sum((u <= fewer) & (fewer < v)) for u, v in itertools.pairwise(edges)]
    assert np.allclose(2000 * np.nan_to_num(shares), counted, atol=1.01)
    assert edges[-1] - edges[0] == pytest.approx(20 * spread_by_hand(fewer))


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_what_is_beyond_the_picture_is_counted(case):
    shown, values = shown_sampling(case), estimates_of(*case)
    limit = shown.axes[0].get_xlim()[1]
    assert shown.axes[0].get_xlim() == (-limit, limit)
    beyond = np.mean((values < -limit) | (values > limit))
    written = list(shown.texts(0))
    assert len(written) == (beyond > 0)
    assert all(f"{beyond:.1%}" in words for words in written)
    assert np.array_equal(shown.line(0, color=GREY)[0], [0, 0])  # the truth


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_the_spread_of_all_estimators_is_drawn_and_the_chosen_one_has_a_ring(case):
    shown = shown_sampling(case)
    law, _, n = case
    looks = {
        "mean": ("o", "-", BLUE), "median": ("s", "--", RED),
        "Huber": ("X", "-.", GREEN), "Tukey": ("^", ":", PINK),
    }  # fmt: skip
    ends = {}
    for name, (marker, style, colour) in looks.items():
        sizes, spreads = shown.line(1, marker=marker, linestyle=style, color=colour)
        assert list(sizes) == SIZES
        assert np.allclose(spreads, [spread_by_hand(estimates_of(law, name, m)) for m in SIZES])
        ends[name] = spreads[-1]
    assert shown.axes[1].get_xscale() == shown.axes[1].get_yscale() == "log"
    spread = spread_by_hand(estimates_of(*case))
    (ring,) = (line for line in shown.lines(1) if line.get_markerfacecolor() == "none")
    assert same_color(ring.get_markeredgecolor(), "black")
    assert np.ravel(ring.get_data()) == pytest.approx([n, spread])
    names = {a.get_text(): a for a in shown.artists[1] if isinstance(a, Text)}
    assert set(names) == set(looks)
    heights = [names[name].get_position()[1] for name in ends]
    stand_apart(np.log(heights), np.log(list(ends.values())), 0.32)
    for name, text in names.items():
        assert same_color(text.get_color(), looks[name][2])
        ring = shown.axes[1].transData.transform((400, 1))[0] + 10  # pixels
        assert shown.axes[1].transData.transform(text.get_position())[0] > ring
        low, high = shown.axes[1].get_ylim()
        assert 1.1 * low < text.get_position()[1] < high / 1.1


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_the_words_tell_the_quartiles_the_spread_and_what_a_quarter_of_the_values_costs(case):
    words, values = shown_sampling(case).words, estimates_of(*case)
    law, estimator, n = case
    spread = spread_by_hand(values)
    assert says(words, f"{n}", f"{spread:.3f}",
                *(real(v, ".3f") for v in np.percentile(values, [25, 75])))  # fmt: skip
    told = re.search(r"([\d.]+) times", words)
    assert (told is not None) == (n in (100, 200, 400))  # the others have no quarter
    if told:
        ratio = spread_by_hand(estimates_of(law, estimator, n // 4)) / spread
        assert float(told[1]) == pytest.approx(ratio, abs=0.051)
    assert law in words
    assert estimator in words


# -------- moving a control


def elsewhere(control):
    """A value that it doesn't have now."""
    return next(v for v in settings_of(control)[::-1] if v != control.value)


def image_on_page(explorer):
    head, code = bytes(explorer.image.value).split(b",", 1)
    assert head == b"data:image/jpeg;base64"
    file = base64.b64decode(code, validate=True)
    assert file[:3] == b"\xff\xd8\xff"
    return np.asarray(Image.open(io.BytesIO(file))).astype(int)


def shows(explorer):
    """Are the picture, the image and the words those of the state of the controls?"""
    state = {name: control.value for name, control in explorer.controls.items()}
    wanted = explorer.function(**state)
    pixels = seen_on(staged(wanted))[..., :3]
    seen = image_on_page(explorer)
    height, width = round(100 * wanted.size[1]), round(100 * wanted.size[0])
    assert seen.shape == (height, width, 3)
    assert re.search(r"""role=["']status["']""", explorer.readout.value)
    assert html.escape(wanted.words) in explorer.readout.value
    assert explorer.picture.words == wanted.words
    assert explorer.state == state
    return np.abs(seen - pixels).mean() < 1.5  # a JPEG is not exact


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
    assert len(players) == (name == "training_film")
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


# -------- where no kernel runs


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
          "sampling_distribution": 3}  # fmt: skip


@pytest.mark.parametrize("name", MAKERS)
def test_a_page_shows_as_many_stills_as_its_caption_speaks_of(name):
    assert len(made(name).stills) == STILLS[name]


@pytest.mark.parametrize("name", MAKERS)
def test_its_repr_is_the_start_and_nothing_that_changes_from_run_to_run(name):
    text = repr(made(name))
    assert all(f"{key} = {value}" in text for key, value in made(name).start.items())
    assert not re.search(r"0x|object at", text)


# -------- what goes in


def test_a_neuron_leaves_its_points_alone_and_keeps_its_own():
    x, y = ten_points()
    given = x.copy(), y.copy()
    explorer = neuron(x, y)
    explorer.controls["b"].value = -2
    assert np.array_equal(x, given[0])
    assert np.array_equal(y, given[1])
    x[:], y[:] = 0.5, 0
    explorer.controls["b"].value = 3
    assert explorer.picture.words == made("neuron").function(**explorer.state).words
    assert shows(explorer)
    assert np.array_equal(explorer.function.keywords["x"], given[0])
    assert np.array_equal(explorer.function.keywords["y"], given[1])
    explorer.close()


def test_a_layer_leaves_its_weights_alone_and_keeps_its_own():
    W = WEIGHTS.copy()
    explorer = layer_jacobian(W)
    explorer.controls["x1"].value = 7
    assert np.array_equal(W, WEIGHTS)
    W[:] = 0
    explorer.controls["x1"].value = -2
    assert explorer.picture.words == made("layer_jacobian").function(**explorer.state).words
    explorer.close()


def test_the_network_is_left_alone_and_may_be_trained_on():
    net = curved()
    before = {name: v.copy() for l in (2, 3) for name, v in ((f"W{l}", net.W[l]), (l, net.b[l]))}
    explorer = gradient_at_a_point(net)
    for control in explorer.controls.values():
        control.value = elsewhere(control)
    after = {name: v for l in (2, 3) for name, v in ((f"W{l}", net.W[l]), (l, net.b[l]))}
    assert all(np.array_equal(after[name], before[name]) for name in before)
    assert net.activation[3].name == "sigmoid"
    for array in after.values():
        array[:] = 0
    explorer.controls["x1"].value = 0.4
    assert explorer.picture.words == made("gradient_at_a_point").function(**explorer.state).words
    explorer.close()


TWO = np.array([[0.1, 0.2], [0.3, 0.4]])


@pytest.mark.parametrize(
    "x",
    [TWO[0], np.ones((3, 2)), TWO[None], "points", [[0.1, np.nan], [0, 0]], [[1, 2], [3]]],
    ids=str,
)
def test_a_neuron_refuses_what_are_no_points_of_the_plane(x):
    assert "(2, N)" in refusal(lambda: neuron(x, [[1.0, 0.0]]), "x")


@pytest.mark.parametrize("y", [[1.0, 0.0], [[1.0, 0.0, 1.0]], [[1.0], [0.0]], [["a", "b"]],
                               [[np.inf, 0]], np.ones((0, 2))], ids=str)  # fmt: skip
def test_a_neuron_refuses_labels_that_do_not_fit_the_points(y):
    refusal(lambda: neuron(TWO, y), "y")


@pytest.mark.parametrize(("name", "arguments"), [("y", {"x": TWO}), ("x", {"y": [[1.0, 0.0]]})])
def test_a_neuron_wants_points_and_labels_or_neither(name, arguments):
    refusal(lambda: neuron(**arguments), name, "x", "y")


@pytest.mark.parametrize("W", [[1.0, 2.0], np.ones((2, 3)), "W", [[np.nan, 1], [2, 3], [4, 5]]],
                         ids=str)  # fmt: skip
def test_a_layer_refuses_what_is_no_matrix_of_its_shape(W):
    assert "(3, 2)" in refusal(lambda: layer_jacobian(W), "W")


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "net",
    [
        None,
        [[1.0, 2.0]],
        init_network([3, 1], RNG),
        init_network([2, 3, 2], RNG),
        init_network([2, 3, 1], RNG, replicas=4),
        init_network([2, 3, 1], RNG, output=identity),
        Network({2: [[1.0, 2.0]]}, {2: [[0.0]]}, tanh),
    ],
    ids=str,
)
def test_gradient_at_a_point_refuses_what_is_not_one_network_of_two_inputs_and_a_sigmoid(net):
    refusal(lambda: gradient_at_a_point(net), "net")


def test_what_is_refused_leaves_no_widgets_behind():
    before = set(alive)
    refused(lambda: neuron(TWO[0], TWO))
    refused(lambda: gradient_at_a_point(None))
    refused(lambda: layer_jacobian([1.0]))
    assert set(alive) == before


# -------- no notebook is needed


@pytest.mark.parametrize("name", MAKERS)
def test_what_draws_holds_its_data_and_nothing_else(name):
    function = made(name).function
    plain = getattr(function, "func", function)
    assert plain.__closure__ is None
    assert plain.__globals__ is vars(explorers)
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


# -------- an explorer of one's own


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


# -------- what is closed, and when


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
    monkeypatch.setattr(explorers, "_on_page", {})
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
    monkeypatch.setattr(explorers, "Stage", Blank)
    monkeypatch.setattr(explorers, "gc", SimpleNamespace(collect=int))  # takes long among tests
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
