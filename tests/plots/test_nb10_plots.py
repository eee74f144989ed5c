"""The figures of notebook 10: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
import pytest
from axes import line_named

from utils import plots


def test_fits_are_lines_through_the_points_and_marked_points_are_crosses():
    x, y = np.array([[0.0], [1.0], [2.0], [10.0]]), np.array([1.0, 3.0, 5.0, 0.0])
    ax = plots.plot_fits(x, y, {"good": (1.0, 2.0), "flat": (2.0, 0.0)}, "x", "y", marked=[3])
    assert np.allclose(line_named(ax, "good").get_data(), [[0, 10], [1, 21]])
    assert np.allclose(line_named(ax, "flat").get_ydata(), 2)
    circles, crosses = ax.lines[:2]
    assert (circles.get_marker(), crosses.get_marker()) == ("o", "X")
    assert np.array_equal(circles.get_data(), [[0, 1, 2], [1, 3, 5]])
    assert np.array_equal(crosses.get_data(), [[10], [0]])
    assert ax.get_ylim()[1] < 10  # a line that leaves the points doesn't squeeze them
    mask = plots.plot_fits(x, y, {"good": (1.0, 2.0)}, marked=np.array([True, False, False, False]))
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["good: 2.00", "flat: 0.00"]
    falling = plots.plot_fits(x, y, {"falling": (1.0, -0.5)})
    assert falling.get_legend().get_texts()[0].get_text() == "falling: −0.50"
    alone = plots.plot_fits(x, y, {})
    assert alone.get_legend() is None
    assert np.array_equal(alone.lines[0].get_data(), [[0, 1, 2, 10], y])
    assert np.array_equal(mask.lines[1].get_data(), [[0], [1]])


def test_estimates_are_outlines_over_common_bins():
    rng = np.random.default_rng(0)
    panels = {"slope": {"a": rng.normal(size=4000), "b": 3 + rng.normal(size=4000)}}
    (ax,) = plots.plot_estimates(panels)
    assert ax.get_xlabel() == "slope"
    peaks = {line.get_label(): line.get_xdata()[line.get_ydata().argmax()] for line in ax.lines}
    assert peaks["a"] == pytest.approx(0, abs=0.6)
    assert peaks["b"] == pytest.approx(3, abs=0.6)
    for line in ax.lines:
        step = np.diff(line.get_xdata())[0]
        assert line.get_ydata().sum() * step == pytest.approx(1, abs=0.02)


def test_six_lines_differ_in_style_and_in_marker():
    x, y = np.array([[0.0], [1.0]]), np.array([1.0, 3.0])
    ax = plots.plot_fits(x, y, {name: (k, 1.0) for k, name in enumerate("abcdef")})
    lines = [line_named(ax, name) for name in "abcdef"]
    assert len({line.get_marker() for line in lines}) == 6
    assert len({str(line._dash_pattern) for line in lines}) == 6


def test_an_aim_is_marked_in_its_panel_with_its_number():
    rng = np.random.default_rng(0)
    panels = {
        "slope": {"a": rng.normal(size=4000), "b": 3 + rng.normal(size=4000)},
        "level": {"a": rng.normal(size=4000)},
    }
    aims = {"slope": {"b": 3.0, "a": 0.125, "c": -1.0}}
    slope, level = plots.plot_estimates(panels, aims)
    assert not level.texts
    assert len(level.lines) == 1
    top = max(slope.lines[k].get_ydata().max() for k in (0, 1))
    marked = {line.get_xdata()[0]: line.get_ydata() for line in slope.lines[2:]}
    for text in slope.texts:
        name, aim = text.get_text().split()
        x, height = text.get_position()
        assert x == aims["slope"][name] == float(aim)
        assert list(marked[x]) == [0, height]
        assert top <= height < slope.get_ylim()[1]
    by_place = sorted(text.get_position() for text in slope.texts)
    heights = [height for _, height in by_place]
    # a name stands to the right of its line, where no longer line crosses it
    assert heights == sorted(heights, reverse=True)
    assert np.all(np.diff(heights) < -0.08 * top)
    assert slope.get_ylim()[0] == 0
