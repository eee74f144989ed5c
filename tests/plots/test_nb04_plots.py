"""The figures of notebook 04: what is drawn is asked of the artists, not of the pixels."""

import matplotlib as mpl
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


def tiles(ax):
    """{(left, top): number} of the coloured squares, and their colours."""
    squares = [p for p in ax.patches if isinstance(p, mpl.patches.Rectangle)]
    colours = {(p.get_x(), p.get_y() + 1): p.get_facecolor() for p in squares}
    at = {(round(t.get_position()[0] - 0.5, 6), round(t.get_position()[1] + 0.5, 6)): t.get_text()
          for t in ax.texts}  # fmt: skip
    return {(u, v): (at[round(u, 6), round(v, 6)], c) for (u, v), c in colours.items()}


def test_outer_products_and_their_sum_are_drawn_with_their_numbers():
    g, a = np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([[1.0, 3.0], [-2.0, 4.0], [0.5, 0.0]])
    ax = plots.plot_outer_products(g, a)
    shown = tiles(ax)
    n, m, wide = 2, 3, 3 + 2.2

    def matrix(left, top, rows, columns):
        return [[shown[left + j, top - i][0] for j in range(columns)] for i in range(rows)]

    def written(v):
        return [[f"{entry + 0.0:g}".replace("-", "−") for entry in row] for row in v]

    for s in range(2):
        assert matrix(s * wide, 0, n, 1) == written(g[:, [s]])
        assert matrix(s * wide + 1.3, 1.3, 1, m) == written(a[:, [s]].T)
        assert matrix(s * wide + 1.3, 0, n, m) == written(np.round(np.outer(g[:, s], a[:, s]), 2))
    assert matrix(2 * wide, 0, n, m) == written(np.round(g @ a.T, 2))
    signs = [t.get_text() for t in ax.texts if t.get_text() in "+="]
    assert signs == ["+", "="]
    for words, (red, _, blue, _) in shown.values():
        assert words == "0" or (blue > red) == (words[0] != "−")
