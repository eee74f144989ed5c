"""The figures of notebook 04: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
import pytest
from axes import line_named

from utils import plots


def test_gradient_entries_are_bars_in_order_with_the_witness_on_top():
    blocks = {"W[2]": np.array([[1.0, -2.0]]), "b[2]": np.array([[3.0]])}
    ax = plots.plot_gradient_entries(blocks, np.array([1.0, -2.0, 3.0]), "witness")
    bars = [bar for container in ax.containers for bar in container]
    assert [bar.get_height() for bar in bars] == [1, -2, 3]
    assert [bar.get_x() + bar.get_width() / 2 for bar in bars] == pytest.approx([0, 1, 2])
    assert list(line_named(ax, "witness").get_xdata()) == [0, 1, 2]
    assert list(line_named(ax, "witness").get_ydata()) == [1, -2, 3]
    names = {t.get_text(): t.get_position()[0] for t in ax.texts}
    assert names == {"W[2]": 0.5, "b[2]": 2}
    assert ax.get_legend_handles_labels()[1].count("back-propagation") == 1
