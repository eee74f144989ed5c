"""The explorer of notebook 08: what is drawn is asked of the artists."""

import functools
import math

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text
from shown import Shown, real, says, sigma
from test_nb03_explorers import as_shown, in_circles

from utils.plots import BLUE, GREY, RED

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


# -------- two start vectors


@pytest.mark.parametrize("y", ["0", "1"])
@pytest.mark.parametrize("b", [-0.5, 3.0, -6.75])
def test_both_losses_carry_their_own_start_back_by_the_same_steps(b, y):
    W2, W3 = np.array([[2.0, -1.0], [-2.0, 3.0]]), np.array([[3.0, -2.0]])
    b2, x = np.array([[0.0], [-1.0]]), np.array([[0.5], [1.0]])

    def cost(x, z2_moves, z3_moves, loss):
        z3 = W3 @ sigma(W2 @ x + b2 + z2_moves) + b + z3_moves
        return cost_by_hand(z3, int(y), loss)

    shown = Shown("two_starts", b=b, y=y)
    for panel, loss in enumerate(("MSE", "cross-entropy")):
        words = [told.splitlines()[1] for told in in_circles(shown, panel).values()]
        h, unit = 1e-30j, np.eye(2)[:, :, None]
        zero = np.zeros((2, 1))
        moves = [(x + h * u, zero, 0) for u in unit]
        moves += [(x, h * u, 0) for u in unit] + [(x, zero, h)]
        slopes = [cost(*move, loss).item().imag / 1e-30 for move in moves]
        assert sorted(words) == sorted(map(as_shown, slopes))
    slope = sigma(W3 @ sigma(W2 @ x + b2) + b).item()
    slope *= 1 - slope
    assert f"1/σ′ = {format(1 / slope, ',.0f' if slope < 0.01 else '.3g')} times" in shown.words


@pytest.mark.parametrize("y", ["0", "1"])
def test_both_starts_show_the_same_error_and_only_one_takes_the_slope(y):
    shown = Shown("two_starts", b=1.0, y=y)
    a = sigma(np.array([3.0, -2.0]) @ sigma(np.array([0.0, 1.0])) + 1.0)
    for panel, slopes in ((0, 3), (1, 2)):
        told = [a.get_text() for a in shown.artists[panel] if hasattr(a, "get_text")]
        assert [words for words in told if "a − y" in words] == [f"a − y = {as_shown(a - int(y))}"]
        written = [words for words in told if words.startswith("σ′")]
        assert len(written) == slopes
        assert (f"σ′ {as_shown(a * (1 - a))}" in written) == (panel == 0)
