"""The figures of notebook 05: what is drawn is asked of the artists, not of the pixels."""

import matplotlib as mpl
import numpy as np
import pytest
from axes import (
    CORNERS_AND_MORE,
    colour_of,
    level_lines,
    line_named,
    output,
    points_drawn,
    shown_at,
)
from matplotlib.colors import same_color
from matplotlib.contour import QuadContourSet
from matplotlib.patches import Rectangle

from utils import data, plots
from utils.network import Network
from utils.replicas import Interval, mean_interval


def test_intervals_that_miss_the_truth_look_different():
    intervals = [
        Interval(0.5, 0.2, 0.7),
        Interval(0.9, 0.8, 1.1),  # misses
        Interval(0.1, 0.0, 0.6),  # touches
        Interval(0.3, 0.2, 0.4),  # misses
    ]
    ax = plots.plot_intervals(intervals, 0.6, "cost")
    *drawn, truth = ax.lines
    assert list(truth.get_xdata()) == [0.6, 0.6]
    assert list(truth.get_ydata()) == [0, 1]  # from edge to edge
    assert ax.get_xlabel() == "cost"
    bars, marks = drawn[::2], drawn[1::2]
    for i, (interval, bar, mark) in enumerate(zip(intervals, bars, marks, strict=True)):
        assert list(bar.get_xdata()) == [interval.low, interval.high]
        assert list(bar.get_ydata()) == [i, i]
        assert (list(mark.get_xdata()), list(mark.get_ydata())) == ([interval.estimate], [i])
        missed = i in (1, 3)
        for line in (bar, mark):
            assert same_color(line.get_color(), plots.RED if missed else plots.BLUE)
        assert bar.get_linestyle() == ("--" if missed else "-")
        assert mark.get_marker() == ("X" if missed else "o")


def test_cost_curves_are_the_median_the_band_and_single_replicas_without_step_0():
    rng = np.random.default_rng(0)
    steps = np.array([0, 1, 10, 100])
    cost = np.exp(rng.normal(size=(4, 11)))
    ax = plots.plot_cost_curves(steps, cost, singles=3, ylabel="Σ")
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "Σ")
    for line in ax.lines:
        assert list(line.get_xdata()) == [1, 10, 100]
    ranked = np.sort(cost, axis=1)[1:]  # of 11: the 2nd, 6th and 10th are the quantiles
    assert np.allclose(line_named(ax, "median").get_ydata(), ranked[:, 5])
    singles = [line for line in ax.lines if line.get_linewidth() < 1]
    assert np.array_equal([line.get_ydata() for line in singles], cost[1:, :3].T)
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    for i, step in enumerate([1, 10, 100]):
        at = corners[corners[:, 0] == step, 1]
        assert (at.min(), at.max()) == pytest.approx((ranked[i, 1], ranked[i, 9]))
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert sorted(labels) == ["80 % of the replicas", "median", "single replicas"]


def test_fractions_stand_with_their_intervals_beside_each_other():
    steps = [10, 100, 1000]
    intervals = {
        "ten": [Interval(0.1, 0.05, 0.3), Interval(0.5, 0.4, 0.55), Interval(1.0, 0.96, 1.0)],
        "eleven": [Interval(0.0, 0.0, 0.04), Interval(0.2, 0.1, 0.4), Interval(0.6, 0.5, 0.7)],
    }
    ax = plots.plot_fractions(steps, intervals, "right")
    assert ax.get_xscale() == "log"
    assert ax.get_ylabel() == "right"
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["ten", "eleven"]
    bottom, top = ax.get_ylim()
    assert bottom < 0 < 1 < top
    curves = []
    for container, values in zip(ax.containers, intervals.values(), strict=True):
        curve, _, (bars,) = container
        curves.append(curve)
        assert np.allclose(curve.get_xdata(), steps, rtol=0.05)
        assert np.allclose(curve.get_ydata(), [v.estimate for v in values])
        for (low, high), x, v in zip(bars.get_segments(), curve.get_xdata(), values, strict=True):
            assert [*low, *high] == pytest.approx([x, v.low, x, v.high])
    ten, eleven = curves
    assert np.all(np.abs(ten.get_xdata() / eleven.get_xdata() - 1) > 0.02)  # not over each other
    assert ten.get_marker() != eleven.get_marker()
    assert ten.get_linestyle() != eleven.get_linestyle()
    assert not same_color(ten.get_color(), eleven.get_color())


def test_two_populations_are_counted_over_the_same_bins():
    rng = np.random.default_rng(0)
    values = np.exp(2 * rng.normal(size=500))
    medians = np.array([np.median(rng.choice(values, 50)) for _ in range(80)])
    above, below = plots.plot_two_populations(values, medians, "cost")
    edges = []
    for ax, counted in ((above, values), (below, medians)):
        bars = [bar for container in ax.containers for bar in container]
        assert all(isinstance(bar, Rectangle) for bar in bars)
        left = np.array([bar.get_x() for bar in bars])
        right = left + [bar.get_width() for bar in bars]
        inside = (left[:, None] <= counted) & (counted < right[:, None])
        assert np.array_equal([bar.get_height() for bar in bars], inside.sum(axis=1))
        assert inside.sum() == len(counted)  # nothing is left out
        assert np.allclose(right / left, right[0] / left[0])  # equally wide on this axis
        assert ax.get_xscale() == "log"
        edges.append(left)
    assert np.array_equal(*edges)
    assert above.get_xlim() == below.get_xlim()
    (dashed,) = above.lines
    assert (dashed.get_linestyle(), list(dashed.get_xdata())) == ("--", [np.median(values)] * 2)
    (name,) = above.texts
    assert (name.get_text(), name.xy[0]) == ("median", np.median(values))
    assert (above.get_ylabel(), below.get_ylabel(), below.get_xlabel()) == (
        "networks",
        "samples",
        "cost",
    )


def test_decisions_are_the_difference_of_the_two_outputs():
    x, y = data.ten_points()
    two = Network({2: [[3.0, -9.0], [-1.0, 2.0]]}, {2: [[1.5], [0.25]]})
    flat = Network({2: [[0.5, 0.1], [0.1, 0.1]]}, {2: [[2.0], [-2.0]]})
    axes = plots.plot_decisions({"two": two, "flat": flat}, x, y)
    assert [ax.get_title() for ax in axes] == ["two", "flat"]
    assert [ax.get_ylabel() for ax in axes] == ["$x_2$", ""]
    for ax, net in zip(axes, (two, flat), strict=True):
        for p, q in CORNERS_AND_MORE:
            a1, a2 = output(net, [(p, q)])[:, 0]
            assert shown_at(ax, p, q) == pytest.approx(a1 - a2, abs=0.03)
        assert colour_of(ax, 0) == pytest.approx((1, 1, 1), abs=0.01)
        assert np.argmax(colour_of(ax, 1)) == 2  # the first class is blue
        assert np.argmax(colour_of(ax, -1)) == 0
        first, second = points_drawn(ax)
        assert np.allclose(first, x[:, :5].T)
        assert np.allclose(second, x[:, 5:].T)
    lines = level_lines(axes[0])
    assert list(lines) == [0]
    a1, a2 = output(two, lines[0])
    assert np.allclose(a1, a2, atol=1e-3)
    assert not any(isinstance(c, QuadContourSet) for c in axes[1].collections)


def bowl(w):
    """Three parts of a cost: squared distances from three places."""
    apart = w[:, :, None] - np.array([[[-1.0, 0.0, 2.0]], [[0.5, 2.0, -1.0]]])
    return np.sum(apart**2, axis=0), 2 * apart


def test_steps_go_down_each_part_of_the_cost_and_their_mean_is_enlarged():
    at = np.array([[1.0, -2.0], [3.0, 0.5]])
    ax = plots.plot_steps(bowl, at, learning_rate=0.3, enlarged=2.0)
    quivers = [c for c in ax.collections if isinstance(c, mpl.quiver.Quiver)]
    assert len(quivers) == 4
    assert all((q.angles, q.scale_units, q.scale) == ("xy", "xy", 1) for q in quivers)
    steps = -0.3 * bowl(at)[1]
    for k, (single, mean) in enumerate(zip(quivers[::2], quivers[1::2], strict=True)):
        assert np.allclose(single.get_offsets(), np.repeat(at[:, [k]], 3, axis=1).T)
        assert np.allclose([single.U, single.V], steps[:, k])
        assert np.allclose(mean.get_offsets(), at[:, [k]].T)
        assert np.allclose(np.ravel([mean.U, mean.V]), 2 * steps[:, k].mean(axis=1))
        assert same_color(single.get_facecolor(), plots.BLUE)
        assert same_color(mean.get_edgecolor(), plots.RED)
        assert mean.get_facecolor().size == 0  # hollow: the single steps are seen through it
    places = {t.get_text(): t.xy for t in ax.texts}
    assert set(places) == {"A", "B", "×2", "lowest"}
    assert np.array_equal([places["A"], places["B"]], at.T)


def test_an_enlarged_step_says_so_at_its_tip_and_a_named_one_has_its_name_at_its_own():
    at = np.array([[1.0, -2.0], [3.0, 0.5]])
    steps = -0.3 * bowl(at)[1]
    ax = plots.plot_steps(bowl, at, learning_rate=0.3, enlarged=2.0, named={"third": (1, 2)})
    (third,) = [t for t in ax.texts if t.get_text() == "third"]
    assert np.allclose(third.xy, at[:, 1] + steps[:, 1, 2])
    said = [t.xy for t in ax.texts if t.get_text() == "×2"]
    assert np.allclose(said, [at[:, k] + 2 * steps[:, k].mean(axis=1) for k in range(len(said))])
    assert len(said) == 2
    as_it_is = plots.plot_steps(bowl, at, learning_rate=0.3)
    assert not [t for t in as_it_is.texts if "×" in t.get_text()]


def test_the_lowest_place_has_a_cross_if_it_is_seen():
    ax = plots.plot_steps(bowl, np.array([[1.0, -2.0], [3.0, 0.5]]), learning_rate=0.3)
    (cross,) = [line for line in ax.lines if line.get_marker() == "+"]
    assert np.allclose(np.ravel(cross.get_data()), [1 / 3, 0.5], atol=0.1)  # the mean of the three
    far = plots.plot_steps(bowl, np.array([[11.0, 12.0], [13.0, 10.5]]), learning_rate=0.3)
    assert not [line for line in far.lines if line.get_marker() == "+"]


def test_the_level_lines_under_the_steps_are_those_of_the_mean_cost():
    ax = plots.plot_steps(bowl, np.array([[1.0, -2.0], [3.0, 0.5]]), learning_rate=0.3)
    for level, points in level_lines(ax).items():
        if len(points):
            assert np.allclose(bowl(points.T)[0].mean(axis=1), level, rtol=0.02)
    assert len(level_lines(ax)) > 5
    assert ax.get_aspect() == 1


def test_band_and_interval_stand_beside_each_other_for_growing_samples():
    rng = np.random.default_rng(0)
    samples = [rng.normal(size=n) for n in (10, 40)]
    ax = plots.plot_mean_and_band(samples, "cost")
    assert ax.get_xlabel() == "cost"
    assert [t.get_text() for t in ax.get_yticklabels()] == ["10 networks", "40 networks"]
    top, bottom = ax.get_ylim()
    assert top > bottom  # the first sample is above
    for row, values in enumerate(samples):
        dots, band, interval, mean = ax.lines[4 * row : 4 * row + 4]
        assert np.array_equal(dots.get_xdata(), values)
        assert np.allclose(band.get_data(), [np.quantile(values, [0.1, 0.9]), [row, row]])
        wanted = mean_interval(values)
        assert np.allclose(interval.get_xdata(), [wanted.low, wanted.high])
        assert np.allclose(mean.get_xdata(), [wanted.estimate])
        heights = [np.ptp(line.get_ydata()) for line in (band, interval)]
        assert heights == [0, 0]
        assert np.all(np.abs(np.array(dots.get_ydata()) - row) < 0.5)
        assert interval.get_ydata()[0] < band.get_ydata()[0] < np.min(dots.get_ydata())
    colors = {t.get_text(): t.get_color() for t in ax.texts}
    assert colors == {"80 % of the networks": plots.BLUE, "the mean, and its interval": plots.RED}


def test_costs_that_are_marked_get_a_line_and_a_name():
    steps, cost = np.array([0, 1, 10]), np.ones((3, 4))
    ax = plots.plot_cost_curves(steps, cost, marked={"plateau": 5.0, "stair": 2.5})
    lines = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert [line.get_ydata()[0] for line in lines] == [5.0, 2.5]
    assert [t.get_text() for t in ax.texts] == ["plateau", "stair"]
    for line, text in zip(lines, ax.texts, strict=True):
        assert line.get_ydata()[0] < text.get_position()[1] < 1.1 * line.get_ydata()[0]
        assert text.get_va() == "bottom"


def test_points_on_the_wrong_side_get_a_ring():
    x, y = data.ten_points()
    says_first = Network({2: np.zeros((2, 2))}, {2: np.array([[1.0], [-1.0]])})
    says_second = Network({2: np.zeros((2, 2))}, {2: np.array([[-1.0], [1.0]])})
    for ax, wrong in zip(
        plots.plot_decisions({"1": says_first, "2": says_second}, x, y),
        (x[:, 5:], x[:, :5]),
        strict=True,
    ):
        (rings,) = ax.lines
        assert np.array_equal(rings.get_data(), wrong)
        assert rings.get_markerfacecolor() == "none"
        assert rings.get_markersize() ** 2 > 2 * ax.collections[-1].get_sizes()[0]


def test_fates_are_the_costs_without_step_0_with_their_names_at_the_end():
    steps = np.array([0, 1, 10, 100])
    costs = {"one": np.array([9.0, 5.0, 4.0, 0.1]), "another": np.array([9.0, 5.0, 2.0, 1.7])}
    ax = plots.plot_fates(steps, costs, "Σ")
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "Σ")
    for line, text, (name, cost) in zip(ax.lines, ax.texts, costs.items(), strict=True):
        assert np.array_equal(line.get_data(), [steps[1:], cost[1:]])
        assert (text.get_text(), text.xy) == (name, (100, cost[-1]))
        assert same_color(text.get_color(), line.get_color())
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_spread_and_saturation_are_medians_and_bands_side_by_side():
    rng = np.random.default_rng(0)
    samples = [{name: rng.random((11, 3)) for name in ("a", "b")} for _ in range(2)]
    axes = plots.plot_spread([2, 3, 4], *samples)
    assert (axes[0].get_yscale(), axes[1].get_yscale()) == ("log", "linear")
    assert "spread" in axes[0].get_ylabel()
    assert "0.9" in axes[1].get_ylabel()
    assert [t.get_text() for t in axes[1].get_legend().get_texts()] == ["a", "b"]
    for ax, drawn in zip(axes, samples, strict=True):
        bands = [band.get_paths()[0].vertices for band in ax.collections]
        for line, band, values in zip(ax.lines, bands, drawn.values(), strict=True):
            ranked = np.sort(values, axis=0)  # of 11: the 2nd, 6th and 10th are the quantiles
            assert np.allclose(line.get_data(), [[2, 3, 4], ranked[5]])
            for k, layer in enumerate((2, 3, 4)):
                at = band[band[:, 0] == layer, 1]
                assert (at.min(), at.max()) == pytest.approx((ranked[1, k], ranked[9, k]))
        assert ax.lines[0].get_marker() != ax.lines[1].get_marker()
        assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_a_replica_that_is_named_is_dashed_and_has_its_name_at_its_end():
    steps, cost = np.array([0, 1, 10]), np.arange(1.0, 13).reshape(3, 4)
    ax = plots.plot_cost_curves(steps, cost, singles=2, named={"never": 3})
    (line,) = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert list(line.get_ydata()) == [8, 12]
    (name,) = ax.texts
    assert (name.get_text(), name.xy) == ("never", (10, 12))
