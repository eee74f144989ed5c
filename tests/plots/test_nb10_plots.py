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
