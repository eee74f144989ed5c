"""The explorers of notebook 02: what is drawn is asked of the artists."""

import re
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.image import AxesImage
from matplotlib.text import Text
from shown import WEIGHTS, Shown, real, says, sigma

from utils.explorers import layer_jacobian
from utils.explorers.pictures import Stage
from utils.plots import BLUE, GREY, RED, SIGNED

MATRICES = (1, 3, 5)  # the panels of D, W and D W; between them stand "·" and "="
LAYER_STATES = [(0.0, 0.0), (2.0, -1.0), (-8.0, 8.0), (8.0, 8.0), (-3.25, 0.5), (1.0, 4.75)]


def jacobian_by_complex_step(x):
    columns = [sigma(WEIGHTS @ (x + 1e-30j * unit)).imag / 1e-30 for unit in np.eye(2)]
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("x", LAYER_STATES)
def test_the_panels_hold_d_w_and_the_jacobian(x):
    shown = Shown("layer_jacobian", x1=x[0], x2=x[1])
    D, W, DW = (shown.values(k) for k in MATRICES)
    a = sigma(WEIGHTS @ x)
    assert np.allclose(D, [[a[0] * (1 - a[0]), 0, 0], [0, a[1] * (1 - a[1]), 0],
                           [0, 0, a[2] * (1 - a[2])]])  # fmt: skip
    assert np.array_equal(W, WEIGHTS)
    assert np.allclose(DW, jacobian_by_complex_step(np.array(x)), rtol=1e-9, atol=1e-15)
    assert [shown.axes[k].get_title() for k in MATRICES] == ["D", "W", "D W"]
    assert [shown.axes[k].get_xlabel() for k in MATRICES] == ["3 × 3", "3 × 2", "3 × 2"]
    assert [[words for words, _ in texts_at(shown, k)] for k in (2, 4)] == [["·"], ["="]]


@pytest.mark.parametrize("x", LAYER_STATES)
def test_each_entry_is_written_where_its_colour_is(x):
    shown = Shown("layer_jacobian", x1=x[0], x2=x[1])
    for k in MATRICES:
        matrix = shown.values(k)
        written = {(round(row), round(column)): words
                   for words, (column, row) in texts_at(shown, k)}  # fmt: skip
        assert set(written) == set(np.ndindex(*matrix.shape))
        for place, words in written.items():
            if matrix[place] == 0:
                assert words == "0"
            elif abs(matrix[place]) >= 0.0005:
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
        pieces = set()  # of the edges, so that a white cell is seen as a cell
        for line in shown.lines(k, color="#BBBBBB"):
            corners = [tuple(place) for place in np.transpose(line.get_data()).tolist()]
            pieces |= {frozenset(ends) for ends in pairwise(corners)}
        n, m = matrix.shape
        for j in range(m + 1):
            assert {(j - 0.5, -0.5), (j - 0.5, n - 0.5)} in pieces
        for i in range(n + 1):
            assert {(-0.5, i - 0.5), (m - 0.5, i - 0.5)} in pieces
        for (u, v), (u_end, v_end) in pieces:  # none goes across
            assert u == u_end or v == v_end
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
    for k in (1, 5):  # D and D W, row by row
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
    (fixed,) = stage.figure.axes[3].images
    assert np.array_equal(fixed.get_array(), W)
    assert fixed.get_clim()[1] >= 5
    explorer.close()


# -------- the best linear map


@pytest.mark.parametrize("state", [(0.5, 0.0, 0.5), (-2.0, 1.25, 1.0), (0.0, 0.0, 0.05)])
def test_the_image_is_bent_and_the_parallelogram_is_that_of_the_jacobian(state):
    x1, x2, half = state
    shown = Shown("best_linear_map", x1=x1, x2=x2, half=half)
    W, x = np.array([[3.0, 1.0], [-1.0, 2.0]]), np.array([[x1], [x2]])
    square = shown.line(0, color=GREY)
    inside = ~np.isnan(square[0])
    h = square[:, inside] - x
    assert np.abs(h).max() == pytest.approx(half)
    assert np.allclose(shown.line(1, color=BLUE)[:, inside], sigma(W @ square[:, inside]))
    J = np.stack([sigma(W @ (x + 1e-30j * u[:, None])).imag[:, 0] / 1e-30 for u in np.eye(2)], 1)
    linear = shown.line(1, color=RED, linestyle="--")[:, inside]
    assert np.allclose(linear, sigma(W @ x) + J @ h)
    # magnified: both images as seen from the middle, divided by half the side
    wanted = (sigma(W @ (x + h)) - sigma(W @ x)) / half
    assert np.allclose(shown.line(2, color=BLUE)[:, inside], wanted)
    assert np.allclose(shown.line(2, color=RED, linestyle="--")[:, inside], J @ h / half)
    assert np.abs(wanted).max() < 1.1
    assert says(shown.words, *(real(v, ".2f") for v in J.ravel()))
    missed = np.hypot(*(sigma(W @ (x + h)) - linear)).max()
    assert says(shown.words, f"{missed:.3f}")


def test_the_miss_falls_faster_than_the_square():
    shares = []
    for half in (0.4, 0.2, 0.1, 0.05):
        words = Shown("best_linear_map", x1=0.5, x2=0.5, half=half).words
        shares.append(float(re.search(r"([\d.]+)%", words)[1]))
    assert all(b < 0.75 * a for a, b in pairwise(shares))
