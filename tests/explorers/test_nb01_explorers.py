"""The explorer of notebook 01: what is drawn is asked of the artists."""

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver
from shown import (
    OFF,
    Shown,
    classes_shown,
    draws_no_arrow,
    in_order,
    real,
    ringed,
    same_points,
    says,
    sigma,
)

from utils.data import ten_points
from utils.explorers import neuron
from utils.explorers.pictures import Stage
from utils.plots import BLUE, GREY, SOFT

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
        far = np.abs(wanted[0]) > 8  # these stay at the edge
        held = 8 * np.sign(wanted[0, far])
        wanted[:, far] = np.stack([held, sigma(held)])
        assert np.allclose(in_order(seen), in_order(wanted), atol=1e-5)
    curve_z, curve_a = shown.line(1, color="black")
    assert np.allclose(curve_a, sigma(curve_z))
    wrong = np.array([zi * (1 if yi == 1 else -1) < 1e-9 for zi, yi in zip(z, y[0])])
    assert says(shown.words, f"{10 - wrong.sum()}", "10", *(real(v, ".4g") for v in (*w, b)))
    assert ("times" in shown.words) == (state["factor"] != 1)
    assert same_points(ringed(shown, 0), x[:, wrong])
    held = np.clip(z[wrong], -8, 8)
    assert np.allclose(in_order(ringed(shown, 1)), in_order(np.stack([held, sigma(held)])))


def test_a_wrong_point_lies_over_the_others():
    """All at the right edge: a disc that is wrong is not hidden by crosses that are right."""
    shown = Shown("neuron", w1=-10.0, w2=-5.0, b=5.5, factor=8)
    drawn = [a for a in shown.artists[1] if isinstance(a, Line2D) and a.get_linestyle() == "None"]
    last = {a.get_marker(): place for place, a in enumerate(drawn) if np.size(a.get_xdata())}
    assert np.ravel(ringed(shown, 1)) == pytest.approx([-8, sigma(-8)], abs=1e-4)
    assert same_color(drawn[last["o"] - 2].get_color(), BLUE)
    assert np.ravel(drawn[last["o"] - 2].get_data()) == pytest.approx([-8, sigma(-8)], abs=1e-4)
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
