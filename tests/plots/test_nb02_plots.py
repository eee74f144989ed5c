"""The figures of notebook 02: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
import pytest
from axes import line_named

from utils import plots


def test_a_matrix_product_shows_factors_product_and_shapes():
    A, B = np.random.default_rng(0).normal(size=(2, 3)), np.ones((3, 4))
    ax = plots.plot_matrix_product({"A": A, "B": B}, "A B")
    at = {t.get_position(): t.get_text() for t in ax.texts}
    left = 0.0
    for name, matrix in (("A", A), ("B", B), ("A B", A @ B)):
        n, m = matrix.shape
        top = (n - 3) / 2
        for i, j in np.ndindex(n, m):
            words = at[left + j + 0.5, top - i - 0.5]
            assert words == f"{matrix[i, j]:.3f}".replace("-", "−")
        assert at[left + m / 2, top + 0.25] == name
        assert at[left + m / 2, top - n - 0.2] == f"{n} × {m}"
        left += m + 1
    assert [t for t in at.values() if t in "·="] == ["·", "="]
    squares = [(p.get_width(), p.get_height()) for p in ax.patches]
    assert set(squares) == {(1, 1)}  # neighbours fit, and it can be seen
    assert ax.get_aspect() == 1


def test_loglog_leaves_out_zeros_and_draws_guides_of_the_right_slope():
    ax = plots.plot_loglog([1, 10, 100], {"it": [1.0, 0.0, 1e4]}, {2: (10, 3)})
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert list(line_named(ax, "it").get_xdata()) == [1, 100]
    guide = ax.lines[-1]
    slope = np.polyfit(np.log(guide.get_xdata()), np.log(guide.get_ydata()), 1)[0]
    assert slope == pytest.approx(2)


@pytest.mark.parametrize("power", [2, -2])
@pytest.mark.parametrize("factor", [30, 1 / 30])
def test_a_slopes_name_stands_beside_its_guide_away_from_the_curve(power, factor):
    x = np.array([1.0, 10.0, 100.0])
    y = x ** float(power)
    ax = plots.plot_loglog(x, {"it": y}, {power: (10.0, factor * y[1])})
    label = next(t for t in ax.texts if t.get_text() == f"slope {power:g}")
    assert label.xy == (10.0, factor * y[1])
    # above a curve: on the upper side of the guide; below it: on the lower side
    above = factor > 1
    assert (label.xyann[1] > 0) == above
    # a rising guide has its upper side on the left, a falling one on the right
    left = above == (power > 0)
    assert label.get_ha() == ("right" if left else "left")
    assert (label.xyann[0] < 0) == left
    ax.figure.draw_without_rendering()
    box = label.get_window_extent()
    guide = ax.lines[-1]
    for line in (guide, line_named(ax, "it")):
        u, v = np.log(line.get_data())
        fine = np.linspace(u[0], u[-1], 400)
        way = ax.transData.transform(np.exp(np.transpose([fine, np.interp(fine, u, v)])))
        assert not any(box.contains(*point) for point in way)


def test_guides_do_not_move_the_limits():
    free = plots.plot_loglog([1, 10], {"it": [1.0, 10.0]}).get_ylim()
    assert plots.plot_loglog([1, 10], {"it": [1.0, 10.0]}, {4: (1, 1)}).get_ylim() == free


def test_a_band_is_the_median_and_eighty_per_cent():
    samples = np.random.default_rng(0).normal(size=(1000, 3))
    ax = plots.plot_band([1, 2, 3], {"it": samples})
    assert np.allclose(line_named(ax, "it").get_ydata(), np.median(samples, axis=0))
    corners = ax.collections[0].get_paths()[0].vertices
    inside = (samples[:, 0] >= corners[:, 1][corners[:, 0] == 1].min()) & (
        samples[:, 0] <= corners[:, 1][corners[:, 0] == 1].max()
    )
    assert inside.mean() == pytest.approx(0.8, abs=0.002)
