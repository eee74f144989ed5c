"""The figures of notebook 08: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
import pytest
from axes import line_named

from utils import plots


def test_learning_curves_show_means_in_percent_and_a_band():
    steps = np.array([0, 10, 100])
    curves = {"a": np.array([[0.9, 0.9], [0.4, 0.6], [0.1, 0.3]]), "b": np.full((3, 2), 0.2)}
    axes = plots.plot_learning_curves(steps, {"race": curves}, "error (%)")
    (ax,) = axes
    assert ax.get_title() == "race"
    assert ax.get_xscale() == "log"
    assert np.allclose(line_named(ax, "a").get_data(), [[10, 100], [50, 20]])
    assert np.allclose(line_named(ax, "b").get_ydata(), 20)
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(12)  # the 10 % point of 10 and 30
    assert band[:, 1].max() == pytest.approx(58)
