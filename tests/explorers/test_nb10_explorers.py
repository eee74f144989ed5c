"""The explorer of notebook 10: the lines that are drawn are those of other programs."""

import numpy as np
import pytest
from matplotlib.text import Text
from shown import Shown, real, stand_apart

from utils.explorers.nb10_robust_regression import LOOKS, RIGHT, TOP, ten_points
from utils.regression import huber, lts, mm, tukey

PLACES = [(2.5, 2.5), (2.5, 10.0), (20.0, -4.0), (12.0, 13.5), (0.0, -6.0), (20.0, 14.0)]


def drawn_slopes(shown):
    """{name: (slope, height at the right end)} of the six lines."""
    lines = {}
    for name, (style, colour) in LOOKS.items():
        (line,) = [a for a in shown.lines(0, color=colour) if a.get_marker() in ("None", "")]
        (x0, x1), (y0, y1) = line.get_data()
        assert (x0, x1) == (-1, RIGHT + 0.5)
        assert style is not None
        lines[name] = ((y1 - y0) / (x1 - x0), y1)
    return lines


def twenty_moved(px, py):
    x, y = ten_points()
    return np.append(x[:, 0], px), np.append(y, py)


@pytest.mark.parametrize("place", PLACES)
def test_least_squares_and_least_absolute_residuals_by_search(place):
    lines = drawn_slopes(Shown("six_lines", px=place[0], py=place[1]))
    x, y = twenty_moved(*place)
    assert lines["least squares"][0] == pytest.approx(np.polyfit(x, y, 1)[0])
    # the line of least Σ|r| goes through two of the points
    sums = {}
    for i in range(11):
        for j in range(i):
            if x[i] != x[j]:
                slope = (y[i] - y[j]) / (x[i] - x[j])
                sums[slope] = np.abs(y - y[i] - slope * (x - x[i])).sum()
    least = min(sums.values())
    slope = lines["LAD"][0]
    rest = y - slope * x
    assert np.abs(rest - np.median(rest)).sum() == pytest.approx(least)


@pytest.mark.parametrize("place", PLACES)
def test_the_others_are_those_of_the_library_and_the_words_say_their_slopes(place):
    shown = Shown("six_lines", px=place[0], py=place[1])
    lines = drawn_slopes(shown)
    x, y = twenty_moved(*place)
    weighing = {"Huber": huber, "Tukey": tukey, "MM": mm, "LTS": lts}
    fits = {name: fit(x[:, None], y) for name, fit in weighing.items()}
    for name, fit in fits.items():
        assert lines[name][0] == pytest.approx(fit.coefficients[1])
    for name, (slope, _) in lines.items():
        assert f"{name} {real(slope, '.2f')}" in shown.words
    dropped = [name for name, fit in fits.items() if fit.weights[-1] < 0.1]
    if dropped:
        assert shown.words.endswith(f"Weight below 0.1 from: {', '.join(dropped)}.")
    else:
        assert shown.words.endswith("Nobody has dropped it.")


@pytest.mark.parametrize("place", PLACES)
def test_the_names_stand_beside_their_lines_without_overlap(place):
    shown = Shown("six_lines", px=place[0], py=place[1])
    lines = drawn_slopes(shown)
    heights, ends = [], []
    for name, (slope, end) in lines.items():
        words = f"{name} {real(slope, '.2f')}"
        texts = [a for a in shown.artists[0] if isinstance(a, Text)]
        (label,) = (a for a in texts if a.get_text() == words)
        assert label.get_position()[0] > RIGHT
        heights.append(label.get_position()[1])
        ends.append(min(max(end, -6.0), TOP))
    assert max(heights) <= TOP + 1e-9
    assert np.diff(np.sort(heights)).min() >= 1.1 - 1e-6
    if max(heights) < TOP - 1e-9:
        stand_apart(heights, ends, 1.1)


def test_a_point_far_out_breaks_four_and_a_point_far_up_in_the_middle_breaks_none():
    far = drawn_slopes(Shown("six_lines", px=20.0, py=-4.0))
    assert [name for name, (slope, _) in far.items() if slope < 0] == [
        "least squares", "LAD", "Huber", "Tukey"]  # fmt: skip
    up = drawn_slopes(Shown("six_lines", px=2.5, py=10.0))
    assert all(abs(slope - 0.5) < 0.1 for slope, _ in up.values())
    intercept = Shown("six_lines", px=2.5, py=10.0)
    assert np.ravel(intercept.line(0, marker="X")) == pytest.approx([2.5, 10.0])
