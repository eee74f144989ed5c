"""The explorer of notebook 10: the lines that are drawn are those of other programs."""

import numpy as np
import pytest
from matplotlib.text import Text
from shown import Shown, real, stand_apart

from utils.explorers.nb10_robust_regression import HIGH, LOOKS, NEAR, RIGHT, TOP, ten_points
from utils.plots import ESTIMATOR_LOOKS
from utils.regression import huber, lts, mm, tukey

PLACES = [(2.5, 2.5), (2.5, 10.0), (20.0, -4.0), (12.0, 13.5), (0.0, -6.0), (20.0, 14.0)]


def drawn(shown, panel):
    """{name: (line, markers)}"""
    found = {}
    for name, look in LOOKS.items():
        own = shown.lines(panel, color=look["color"])
        (line,) = [a for a in own if a.get_marker() in ("None", "")]
        assert line.get_linewidth() == ESTIMATOR_LOOKS[name]["lw"]
        found[name] = line, [a for a in own if a.get_marker() == ESTIMATOR_LOOKS[name]["marker"]]
    return found


def drawn_slopes(shown, panel=1, ends=(-1, RIGHT + 0.5)):
    """{name: (slope, height at the right end)} of the six lines."""
    lines = {}
    for name, (line, _) in drawn(shown, panel).items():
        (x0, x1), (y0, y1) = line.get_data()
        assert (x0, x1) == ends
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
        texts = [a for a in shown.artists[1] if isinstance(a, Text)]
        (label,) = (a for a in texts if a.get_text() == words)
        assert label.get_position()[0] > RIGHT
        *_, beside = drawn(shown, 1)[name][1]
        assert beside.get_xdata().item() > RIGHT
        assert beside.get_ydata().item() == label.get_position()[1]
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
    assert np.ravel(intercept.line(1, marker="X")) == pytest.approx([2.5, 10.0])


@pytest.mark.parametrize("place", PLACES)
def test_what_is_enlarged_is_what_stands_in_the_frame(place):
    shown = Shown("six_lines", px=place[0], py=place[1])
    assert (shown.axes[0].get_xlim(), shown.axes[0].get_ylim()) == (NEAR, HIGH)
    (frame,) = [a for a in shown.lines(1, linestyle="-") if len(a.get_xdata()) == 5]
    corners = {tuple(map(float, corner)) for corner in zip(*frame.get_data(), strict=True)}
    assert corners == {(x, y) for x in NEAR for y in HIGH}
    for point in ("o", "X"):
        here, there = (np.hstack([a.get_data() for a in shown.lines(panel, marker=point)
                                  if a.get_color() not in [v["color"] for v in LOOKS.values()]])
                       for panel in (0, 1))  # fmt: skip
        assert np.array_equal(here, there)
    near, whole = drawn_slopes(shown, 0, NEAR), drawn_slopes(shown)
    assert all(near[name][0] == pytest.approx(whole[name][0]) for name in LOOKS)


@pytest.mark.parametrize("panel", [0, 1])
def test_each_line_has_markers_where_no_other_has_one(panel):
    shown = Shown("six_lines", px=20.0, py=-4.0)
    places = []
    for line, signs in drawn(shown, panel).values():
        x, y = signs[0].get_data()
        assert np.allclose(y, np.interp(x, *line.get_data()))
        places += sorted(set(x))
    assert np.diff(np.sort(places)).min() > 0.5
    assert NEAR[0] < min(places)
