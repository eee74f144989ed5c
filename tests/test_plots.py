"""The figures: what is drawn is asked of the artists, not of the pixels."""

import ast
import importlib
import re
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backend_bases import MouseEvent
from matplotlib.colors import same_color, to_rgb
from matplotlib.contour import QuadContourSet
from matplotlib.patches import FancyBboxPatch, Rectangle

from utils import data, plots
from utils.activations import identity, relu, sigmoid, tanh
from utils.gradients import input_gradient
from utils.network import Network, forward, init_network
from utils.replicas import Interval


@pytest.fixture(autouse=True)
def course_style():
    with plt.rc_context():
        plots.use_course_style()
        yield
    plt.close("all")


def line_named(ax, start):
    return next(line for line in ax.lines if str(line.get_label()).startswith(start))


def output(net, points):
    """All outputs at points given as rows (p, q)."""
    return forward(net, np.transpose(points))[1][net.L]


def shown_at(ax, p, q):
    """The value that the picture shows at the point (p, q) of its axes."""
    (image,) = ax.images
    x, y = ax.transData.transform((p, q))
    return float(image.get_cursor_data(MouseEvent("motion_notify_event", ax.figure.canvas, x, y)))


def colour_of(ax, value):
    (image,) = ax.images
    return image.cmap(image.norm(value))[:3]


def level_lines(ax):
    """{level: points of its line} of the one contour plot."""
    (drawn,) = (c for c in ax.collections if isinstance(c, QuadContourSet))
    return {
        float(level): path.vertices
        for level, path in zip(drawn.levels, drawn.get_paths(), strict=True)
    }


def points_drawn(ax):
    """The two classes: where they are drawn, and in which colours."""
    first, second = (c for c in ax.collections if not isinstance(c, QuadContourSet))
    assert same_color(first.get_facecolor(), plots.BLUE)
    assert same_color(second.get_facecolor(), plots.RED)
    return np.array(first.get_offsets()), np.array(second.get_offsets())


# steep in one direction and not in the other, so that a picture turned or mirrored shows
SLANTED = Network({2: [[3.0, -9.0]]}, {2: [[1.5]]})
CORNERS_AND_MORE = [(0.02, 0.02), (0.02, 0.98), (0.98, 0.02), (0.98, 0.98), (0.3, 0.2), (0.6, 0.75)]


def test_the_style_is_opaque_and_its_colours_are_okabe_and_ito():
    colours = [entry["color"] for entry in plt.rcParams["axes.prop_cycle"]]
    assert ["#" + c.lstrip("#") for c in colours[:4]] == [
        plots.BLUE,
        plots.RED,
        plots.GREEN,
        plots.PINK,
    ]
    assert plt.rcParams["savefig.facecolor"] == "white"
    assert not plt.rcParams["savefig.transparent"]


# which notebook needs which
ROADS = {"00-01", "01-02", "02-03", "03-04", "03-06", "04-05", "05-06", "05-07", "05-08", "05-09",
         "09-10"}  # fmt: skip


def boxes_by_number(ax):
    """{number of a notebook: its box}, by what is written in the box."""
    boxes = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    numbers = [t for t in ax.texts if t.get_text().isdigit()]
    return {t.get_text(): box for box in boxes for t in numbers if in_box(box, t.get_position())}


def in_box(box, point, margin=0.03):
    low = np.array([box.get_x(), box.get_y()])
    high = low + [box.get_width(), box.get_height()]
    return bool(np.all(low - margin <= point) and np.all(point <= high + margin))


def test_the_course_map_has_eleven_boxes():
    ax = plots.plot_course_map()
    assert len(ax.patches) == 11
    boxes = boxes_by_number(ax)
    assert sorted(boxes) == [f"{n:02}" for n in range(11)]
    for number, box in boxes.items():  # questions look different from the way there
        assert same_color(box.get_edgecolor(), plots.RED if number >= "07" else plots.BLUE)
        assert (box.get_linestyle() == "--") == (number >= "07")


def test_the_course_map_joins_what_needs_each_other():
    assert sorted(plots.ROADS) == sorted(ROADS)
    ax = plots.plot_course_map()
    boxes = boxes_by_number(ax)
    drawn = []
    for arrow in ax.texts:
        if getattr(arrow, "arrow_patch", None) is None:
            continue
        assert arrow.arrowprops["arrowstyle"] == "-|>"  # its head is at xy
        (start,) = (n for n, box in boxes.items() if in_box(box, arrow.xyann))
        (end,) = (n for n, box in boxes.items() if in_box(box, arrow.xy))
        drawn.append(f"{start}-{end}")
        for number, box in boxes.items():  # an arrow passes through no third box
            if number not in (start, end):
                way = np.linspace(arrow.xyann, arrow.xy, 40)
                assert not any(in_box(box, point, margin=0) for point in way)
    assert sorted(drawn) == sorted(ROADS)


def test_points_are_drawn_by_class_with_markers_that_differ():
    x, y = data.ten_points()
    ax = plots.plot_points(x, y, numbers=True)
    first, second = ax.collections
    assert np.allclose(first.get_offsets(), x[:, :5].T)
    assert np.allclose(second.get_offsets(), x[:, 5:].T)
    assert len(first.get_paths()[0]) != len(second.get_paths()[0])
    assert [t.get_text() for t in ax.texts] == [str(n) for n in range(1, 11)]


def test_activations_and_their_derivatives():
    for ax, f in zip(
        plots.plot_activations([sigmoid, tanh, relu]), [sigmoid, tanh, relu], strict=True
    ):
        z, a = line_named(ax, "f(z)").get_data()
        assert np.array_equal(a, f(z))
        slope = line_named(ax, "f′(z)").get_ydata()
        drawn = np.isfinite(slope)
        assert drawn.sum() >= len(z) - 1
        assert np.array_equal(slope[drawn], f.derivative(f(z))[drawn])


def test_a_network_has_its_neurons_edges_and_paths():
    ax = plots.plot_network([2, 4, 3, 1], [(1, 2, 1, 1)])
    assert len(ax.collections) == 10
    assert len(ax.lines) == 2 * 4 + 4 * 3 + 3 * 1 + 1
    places = plots.neuron_places([2, 4, 3, 1])
    thick = next(line for line in ax.lines if line.get_linewidth() == 3)
    wanted = [places[1, 1], places[2, 2], places[3, 1], places[4, 1]]
    assert np.allclose(np.transpose(thick.get_data()), wanted)


def test_paths_are_drawn_thick_through_their_neurons():
    paths = [(1, 2, 1), (2, 3, 1)]
    ax = plots.plot_paths([2, 3, 1], paths)
    assert [t.get_text() for t in ax.texts if t.get_text().startswith("layer")] == [
        "layer 1\n$n_1 = 2$",
        "layer 2\n$n_2 = 3$",
        "layer 3\n$n_3 = 1$",
    ]
    places = plots.neuron_places([2, 3, 1])
    thick = [line for line in ax.lines if line.get_linewidth() > 2]
    assert len(ax.lines) == 2 * 3 + 3 + len(paths)
    assert len(thick) == len(paths)
    for line, path in zip(thick, paths, strict=True):
        wanted = [places[l, j] for l, j in enumerate(path, start=1)]
        assert np.allclose(np.transpose(line.get_data()), wanted)
    assert not same_color(thick[0].get_color(), thick[1].get_color())
    assert thick[0].get_linestyle() != thick[1].get_linestyle()


def test_the_output_is_shown_where_it_belongs_with_its_level_one_half():
    _, ax = plt.subplots()
    plots.draw_output(SLANTED, ax)
    for p, q in CORNERS_AND_MORE:
        assert shown_at(ax, p, q) == pytest.approx(output(SLANTED, [(p, q)]).item(), abs=0.02)
    assert ax.get_xlim() == ax.get_ylim() == (0, 1)
    lines = level_lines(ax)
    assert list(lines) == [0.5]
    assert np.allclose(output(SLANTED, lines[0.5]), 0.5, atol=1e-3)
    assert np.ptp(lines[0.5], axis=0).max() == pytest.approx(1)  # right across


def test_the_shading_has_the_colours_of_the_classes_and_white_between():
    _, ax = plt.subplots()
    plots.draw_output(SLANTED, ax)
    for value, colour in ((1, plots.BLUE), (0, plots.RED)):
        shade, full = np.array(colour_of(ax, value)), np.array(to_rgb(colour))
        assert shade.argmax() == full.argmax()
        assert shade.argmin() == full.argmin()
    assert colour_of(ax, 0.5) == pytest.approx((1, 1, 1), abs=0.01)


def test_an_output_that_never_is_one_half_has_no_line():
    _, ax = plt.subplots()
    plots.draw_output(Network({2: [[1.0, 1.0]]}, {2: [[3.0]]}), ax)
    assert not ax.collections


def test_a_decision_is_the_output_with_the_points_on_top():
    x, y = data.ten_points()
    ax = plots.plot_decision(SLANTED, x, y)
    for p, q in CORNERS_AND_MORE:
        assert shown_at(ax, p, q) == pytest.approx(output(SLANTED, [(p, q)]).item(), abs=0.02)
    assert list(level_lines(ax)) == [0.5]
    first, second = points_drawn(ax)
    assert np.allclose(first, x[:, :5].T)
    assert np.allclose(second, x[:, 5:].T)
    assert min(c.get_zorder() for c in ax.collections[1:]) > ax.images[0].get_zorder()


def test_along_a_line_draws_each_networks_output():
    net = init_network([2, 3, 1], np.random.default_rng(0))
    ax = plots.plot_along_a_line({"it": net}, [-1, 0], [1, 2])
    _, a = forward(net, np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 2.0]]))
    assert np.allclose(line_named(ax, "it").get_ydata()[[0, 100, 200]], a[3][0])


def test_hidden_coordinates_are_the_activations():
    x, y = data.ten_points()
    net = init_network([2, 2, 1], np.random.default_rng(0))
    left, right = plots.plot_hidden_coordinates(net, 2, x, y)
    _, a = forward(net, x)
    assert np.allclose(np.vstack(points_drawn(left)), x.T)
    assert np.allclose(np.vstack(points_drawn(right)), a[2].T)
    assert (right.get_xlabel(), right.get_ylabel()) == ("$a^{[2]}_1$", "$a^{[2]}_2$")


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


def test_a_matrix_product_shows_factors_product_and_shapes():
    A, B = np.random.default_rng(0).normal(size=(2, 3)), np.ones((3, 4))
    axes = plots.plot_matrix_product({"A": A, "B": B}, "A B")
    assert [ax.get_title() for ax in axes] == ["A", "B", "A B"]
    assert [ax.get_xlabel() for ax in axes] == ["2 × 3", "3 × 4", "2 × 4"]
    for ax, matrix in zip(axes, (A, B, A @ B), strict=True):
        assert np.allclose(ax.images[0].get_array(), matrix)


def test_a_band_is_the_median_and_eighty_per_cent():
    samples = np.random.default_rng(0).normal(size=(1000, 3))
    ax = plots.plot_band([1, 2, 3], {"it": samples})
    assert np.allclose(line_named(ax, "it").get_ydata(), np.median(samples, axis=0))
    corners = ax.collections[0].get_paths()[0].vertices
    inside = (samples[:, 0] >= corners[:, 1][corners[:, 0] == 1].min()) & (
        samples[:, 0] <= corners[:, 1][corners[:, 0] == 1].max()
    )
    assert inside.mean() == pytest.approx(0.8, abs=0.002)


def test_gradient_arrows_are_the_gradients_to_scale():
    net = init_network([2, 4, 3, 1], np.random.default_rng(0), "paper")
    net = Network({l: 6 * W for l, W in net.W.items()}, net.b)
    x = np.array([[0.2, 0.8, 0.5], [0.3, 0.4, 0.9]])
    ax = plots.plot_gradient_arrows(net, x, length=0.2)
    (arrows,) = (c for c in ax.collections if isinstance(c, mpl.quiver.Quiver))
    drawn = np.array([arrows.U, arrows.V])
    g = input_gradient(net, x)
    assert np.allclose(arrows.get_offsets(), x.T)
    assert (arrows.angles, arrows.scale_units, arrows.scale) == ("xy", "xy", 1)
    assert np.linalg.norm(drawn, axis=0).max() == pytest.approx(0.2)
    assert np.allclose(drawn / np.linalg.norm(drawn), g / np.linalg.norm(g))


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


# -------- 05


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
    assert list(line_named(above, "median").get_xdata()) == [np.median(values)] * 2
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


# -------- 06


def test_gradient_fields_are_the_gradients_of_each_network():
    net = small_network()
    logit = Network(net.W, net.b, sigmoid, output=identity)
    axes = plots.plot_gradient_fields({"a": net, "z": logit}, n=5)
    for ax, one in zip(axes, (net, logit), strict=True):
        (arrows,) = (c for c in ax.collections if isinstance(c, mpl.quiver.Quiver))
        g = input_gradient(one, np.array([arrows.X, arrows.Y]))
        drawn = np.array([arrows.U, arrows.V])
        assert np.allclose(drawn / np.linalg.norm(drawn), g / np.linalg.norm(g))
        assert np.linalg.norm(drawn, axis=0).max() == pytest.approx(0.09)
    assert [ax.get_title() for ax in axes] == ["a", "z"]


def small_network():
    net = init_network([2, 4, 1], np.random.default_rng(0), "paper")
    return Network({l: 6 * W for l, W in net.W.items()}, net.b)


def test_walks_run_from_their_first_point_to_their_last():
    walk = np.array([[0.1, 0.2, 0.4], [0.9, 0.7, 0.6]])
    ax = plots.plot_walks(small_network(), [walk])
    line, first, last = ax.lines
    assert np.allclose(line.get_data(), walk)
    assert (first.get_marker(), last.get_marker()) == ("o", "*")
    assert np.allclose(np.ravel(first.get_data()), walk[:, 0])
    assert np.allclose(np.ravel(last.get_data()), walk[:, -1])


@pytest.mark.parametrize("common", [True, False])
def test_pictures_are_upright_and_scaled_as_asked(common):
    pictures = np.arange(128.0).reshape(2, 64).T  # the second is brighter than the first
    signed = pictures - 64
    axes = plots.plot_pictures({"p": pictures, "g": signed}, ["one", "two"], common)
    assert axes.shape == (2, 2)
    for row, values in zip(axes, (pictures, signed), strict=True):
        for k, ax in enumerate(row):
            image = ax.images[0]
            assert np.array_equal(image.get_array(), values[:, k].reshape(8, 8))
            assert image.origin == "upper"
            limit = np.abs(values if common else values[:, k]).max()
            assert image.get_clim() == (-limit if values.min() < 0 else 0, limit)
    assert [ax.get_title() for ax in axes[0]] == ["one", "two"]


# -------- 07 to 10


def error_bars(ax):
    """[(estimates, low ends, high ends)] of each errorbar drawn, along the axis of its bars."""
    found = []
    for container in ax.containers:
        line, _, (bars,) = container.lines
        segments = np.array(bars.get_segments())
        along = 1 if np.ptp(segments[0][:, 0]) == 0 else 0
        data = np.array(line.get_data())[along]
        found.append((data, segments[:, 0, along], segments[:, 1, along]))
    return found


def test_curves_have_different_styles_and_constants_become_lines():
    x = np.linspace(0, 1, 5)
    ax = plots.plot_curves(x, {"square": x**2, "two": 2.0}, "x", "y")
    assert [line.get_label() for line in ax.lines] == ["square", "two"]
    assert np.array_equal(ax.lines[0].get_ydata(), x**2)
    assert np.array_equal(ax.lines[1].get_ydata(), np.full(5, 2.0))
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()
    other = plt.figure().add_subplot()
    assert plots.plot_curves(x, {"a": x}, ax=other) is other


@pytest.mark.parametrize("log", [True, False])
def test_interval_curves_show_estimates_and_ends(log):
    values = [Interval(2.0, 1.5, 3.0), Interval(1.0, 0.8, 1.1)]
    ax = plots.plot_interval_curves([10, 100], {"a": values, "b": values}, "n", "spread", log)
    assert ax.get_xscale() == ax.get_yscale() == ("log" if log else "linear")
    assert len(error_bars(ax)) == 2
    for estimate, low, high in error_bars(ax):
        assert np.allclose([estimate, low, high], np.array(values).T)


def test_differences_stand_beside_their_labels_and_the_margin_is_shaded():
    groups = {
        "linear": {"sectors": Interval(2.0, 1.5, 2.5), "rings": Interval(-9.0, -10.0, -8.0)},
        "σ": {"sectors": Interval(1.0, 0.5, 1.5), "rings": Interval(-4.0, -5.0, -3.0)},
    }
    ax = plots.plot_differences(groups, "difference", margin=1)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["sectors", "rings"]
    for (estimate, low, high), group in zip(error_bars(ax), groups.values(), strict=True):
        assert np.allclose([estimate, low, high], np.array(list(group.values())).T)
    (band,) = ax.patches  # a Rectangle, or a Polygon before Matplotlib 3.9
    corners = band.get_patch_transform().transform(band.get_path().vertices)
    assert (corners[:, 0].min(), corners[:, 0].max()) == (-1, 1)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first label on top
    (zero,) = (line for line in ax.lines if np.array_equal(line.get_xdata(), [0, 0]))
    assert zero.get_color() == "black"


def halves(x):
    return np.digitize(x[0], [-1.0, 1.0])


def everything_two(x):
    return np.full(x.shape[1], 2)


def test_class_regions_show_the_class_of_each_place_and_its_number_inside_it():
    first, second = plots.plot_class_regions({"stripes": halves, "two": everything_two})
    assert (first.get_title(), second.get_title()) == ("stripes", "two")
    for p in (-2.0, 0.0, 2.0):
        assert shown_at(first, p, 0.5) == halves(np.array([[p], [0.5]]))[0]
    for text in first.texts:
        p, q = text.get_position()
        assert halves(np.array([[p], [q]]))[0] == int(text.get_text())
        assert abs(p) < 2.8
        assert abs(q) < 2.8  # not on the edge
    assert sorted(t.get_text() for t in first.texts) == ["0", "1", "2"]
    assert [t.get_text() for t in second.texts] == ["2"]
    assert shown_at(second, 1.0, 1.0) == 2


def test_the_three_classes_have_different_colours():
    colours = [plots.CLASSES(k / 2)[:3] for k in range(3)]
    assert (
        min(np.abs(np.subtract(u, v)).max() for u, v in zip(colours, colours[1:] + colours[:1]))
        > 0.1
    )


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


def test_normal_values_lie_on_the_line_of_the_quantile_plot_and_wild_ones_do_not():
    rng = np.random.default_rng(0)
    samples = {"normal": 5 + 3 * rng.normal(size=20_000), "Cauchy": rng.standard_cauchy(20_000)}
    normal, cauchy = plots.plot_quantiles(samples)
    x, y = normal.lines[1].get_data()
    assert np.abs(y - x)[np.abs(x) < 2].max() < 0.1
    x, y = cauchy.lines[1].get_data()
    assert np.abs(y[np.abs(x) > 2]).min() > 4
    (note,) = cauchy.texts
    quartile_scale = np.subtract(*np.quantile(samples["Cauchy"], [0.75, 0.25])) / 1.349
    share = np.mean(np.abs(samples["Cauchy"] - np.median(samples["Cauchy"])) > 8 * quartile_scale)
    assert note.get_text() == f"{share:.1%} beyond"
    assert not normal.texts


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


# -------- the rooms


ROOMS = sorted(path.stem for path in Path(plots.__file__).parent.glob("[!_]*.py"))
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def in_room(name):
    return importlib.import_module(f"utils.plots.{name}")


def test_the_package_hands_on_what_is_public_in_its_rooms():
    public = [(name, room) for room in ROOMS for name in in_room(room).__all__]
    assert plots.__all__ == sorted(name for name, _ in public)
    assert len(set(plots.__all__)) == len(plots.__all__)
    assert all(getattr(plots, name) is getattr(in_room(room), name) for name, room in public)


@pytest.mark.parametrize("room", ROOMS)
def test_whatever_a_room_defines_is_public(room):
    module = in_room(room)
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    targets = [n for node in tree.body if isinstance(node, ast.Assign) for n in node.targets]
    defined |= {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    assert module.__all__ == sorted(defined - {"__all__"})


def test_a_figure_is_in_the_room_of_the_first_notebook_that_draws_it_and_in_its_order():
    wanted, seen = {}, set(in_room("style").__all__)
    for path in NOTEBOOKS:
        calls = re.findall(r"\bplots\.(\w+)\(", path.read_text(encoding="utf-8"))
        new = [name for name in dict.fromkeys(calls) if name not in seen]
        seen |= set(new)
        if new:
            wanted[f"nb{path.stem}"] = new
    found = {
        room: [name for name in vars(in_room(room)) if name in wanted.get(room, [])]
        for room in ROOMS
        if room != "style"
    }
    assert found == wanted
