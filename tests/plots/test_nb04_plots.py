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
    squares = [p for p in ax.patches if isinstance(p, mpl.patches.Rectangle) and p.get_fill()]
    colours = {(round(p.get_x(), 6), round(p.get_y() + 1, 6)): p.get_facecolor() for p in squares}
    at = {(round(t.get_position()[0] - 0.5, 6), round(t.get_position()[1] + 0.5, 6)): t.get_text()
          for t in ax.texts}  # fmt: skip
    return {place: (at[place], colour) for place, colour in colours.items()}


def written(v):
    """The numbers of a matrix with three decimals, and 0 as it is."""
    return [[f"{n:.3f}".replace("-", "−") if n else "0" for n in row] for row in v]


def test_outer_products_and_their_sum_are_drawn_with_their_numbers():
    g, a = np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([[1.0, 3.0], [-2.0, 4.0], [0.5, 0.0]])
    ax = plots.plot_outer_products(g, a)
    shown = tiles(ax)
    n, m, wide = 2, 3, 3 + 2.6

    def matrix(left, top, rows, columns):
        return [
            [shown[round(left + j, 6), top - i][0] for j in range(columns)] for i in range(rows)
        ]

    for s in range(2):
        assert matrix(s * wide, 0, n, 1) == written(g[:, [s]])
        assert matrix(s * wide + 1.4, 1.4, 1, m) == written(a[:, [s]].T)
        assert matrix(s * wide + 1.4, 0, n, m) == written(np.outer(g[:, s], a[:, s]))
    assert matrix(2 * wide, 0, n, m) == written(g @ a.T)
    factors = [(t.get_text(), t.get_color()) for t in ax.texts if t.get_text()[0] == "$"]
    assert factors == 2 * [("$g$", plots.RED), ("$a^T$", plots.BLUE)]
    signs = [t.get_text() for t in ax.texts if t.get_text() in "+="]
    assert signs == ["+", "="]
    tables = [place for place in shown if place[1] <= 0 and round(place[0] % wide, 6) != 0]
    tables += [place for place in shown if place[0] == 2 * wide and place not in tables]
    assert len(tables) == 3 * n * m
    assert_darker_the_larger(shown[place] for place in tables)
    assert_darker_the_larger(shown[s * wide, -i] for s in range(2) for i in range(n))


def assert_darker_the_larger(squares):
    """By one scale, whatever the sign, and grey: blue and orange are the factors'."""
    told = [(abs(float(words.replace("−", "-"))), colour) for words, colour in squares]
    assert all(red == green == blue for _, (red, green, blue, _) in told)
    sizes, greys = np.array([(size, 1 - colour[0]) for size, colour in told]).T
    assert np.allclose(greys / greys.max(), sizes / sizes.max(), atol=0.03)  # of 256 steps


def test_a_bias_is_copied_forward_and_its_derivatives_are_added_up():
    b, g = np.array([[0.5], [-1.0]]), np.array([[0.25, -0.5, 1.0], [0.125, 2.0, 0.0]])
    ax = plots.plot_copy_and_sum(b, g)
    shown, second = tiles(ax), 3 + 4.2

    def matrix(left, columns):
        return [[shown[round(left + j, 6), -i][0] for j in range(columns)] for i in range(2)]

    assert matrix(0, 1) == [["0.5"], ["−1"]]
    assert matrix(2.7, 3) == [3 * ["0.5"], 3 * ["−1"]]
    assert matrix(second, 3) == written(g)
    assert matrix(second + 4.7, 1) == [["0.750"], ["2.125"]]
    assert [t.get_text() for t in ax.texts if t.get_text() in ("copied", "added up")] == [
        "copied", "added up"]  # fmt: skip
    assert_darker_the_larger(square for place, square in shown.items() if place[0] >= second)
    arrows = [a for a in ax.texts if getattr(a, "arrow_patch", None)]
    assert [a.arrow_patch.get_edgecolor()[:3] for a in arrows] == [
        mpl.colors.to_rgb(c) for c in (plots.BLUE, plots.RED)
    ]
    frames = [(p.get_x(), p.get_width()) for p in ax.patches if not p.get_fill()]
    assert np.allclose(frames, [(0, 1), (2.7, 3), (second, 3), (second + 4.7, 1)])
    for arrow, (start, end) in zip(arrows, ((1, 2.7), (second + 3, second + 4.7)), strict=True):
        assert start < arrow.xyann[0] < arrow.xy[0] < end
