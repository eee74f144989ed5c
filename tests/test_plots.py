"""The figures: what is drawn is asked of the artists, not of the pixels."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from utils import data, plots
from utils.activations import relu, sigmoid, tanh
from utils.gradients import input_gradient
from utils.network import Network, forward, init_network


@pytest.fixture(autouse=True)
def course_style():
    with plt.rc_context():
        plots.use_course_style()
        yield
    plt.close("all")


def line_named(ax, start):
    return next(line for line in ax.lines if str(line.get_label()).startswith(start))


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


def test_the_course_map_has_eleven_boxes_and_joins_only_these():
    ax = plots.plot_course_map()
    assert len(ax.patches) == 11
    texts = {t.get_text() for t in ax.texts}
    assert {f"{n:02}" for n in range(11)} <= texts
    for road in plots.ROADS:
        assert set(road.split("-")) <= set(plots.MAP)


def test_points_are_drawn_by_class_with_markers_that_differ():
    x, y = data.ten_points()
    ax = plots.plot_points(x, y, numbers=True)
    first, second = ax.collections
    assert np.allclose(first.get_offsets(), x[:, :5].T)
    assert np.allclose(second.get_offsets(), x[:, 5:].T)
    assert len(first.get_paths()[0]) != len(second.get_paths()[0])
    assert [t.get_text() for t in ax.texts] == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("z0", [-6.0, 0.0, 2.0])
def test_the_tangent_touches_and_has_the_slope(z0):
    ax = plots.plot_tangent(sigmoid, z0)
    z, a = line_named(ax, "tangent").get_data()
    slope = (a[-1] - a[0]) / (z[-1] - z[0])
    assert slope == pytest.approx(sigmoid(z0) * (1 - sigmoid(z0)))
    assert np.interp(z0, z, a) == pytest.approx(sigmoid(z0).item())


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


def test_neurons_show_their_output_their_line_and_their_weights():
    x, y = data.ten_points()
    w, b = np.array([4.0, -2.0]), 0.5
    (ax,) = plots.plot_neurons({"one": (w, b)}, x, y)
    ticks, grid = plots.plane_grid()
    shown = ax.images[0].get_array()
    assert np.allclose(shown, sigmoid(w @ grid + b).reshape(len(ticks), -1))
    arrow = ax.texts[0]
    foot, tip = np.array(arrow.xyann), np.array(arrow.xy)
    assert w @ foot + b == pytest.approx(0)
    assert np.cross(np.append(tip - foot, 0), np.append(w, 0))[2] == pytest.approx(0)
    assert w @ (tip - foot) > 0


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
    assert np.allclose(np.vstack([c.get_offsets() for c in left.collections]), x.T)
    assert np.allclose(np.vstack([c.get_offsets() for c in right.collections]), a[2].T)


def test_loglog_leaves_out_zeros_and_draws_guides_of_the_right_slope():
    ax = plots.plot_loglog([1, 10, 100], {"it": [1.0, 0.0, 1e4]}, {2: (10, 3)})
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert list(line_named(ax, "it").get_xdata()) == [1, 100]
    guide = ax.lines[-1]
    slope = np.polyfit(np.log(guide.get_xdata()), np.log(guide.get_ydata()), 1)[0]
    assert slope == pytest.approx(2)


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
    assert np.linalg.norm(drawn, axis=0).max() == pytest.approx(0.2)
    assert np.allclose(drawn / np.linalg.norm(drawn), g / np.linalg.norm(g))


def test_gradient_entries_are_bars_in_order_with_the_witness_on_top():
    blocks = {"W[2]": np.array([[1.0, -2.0]]), "b[2]": np.array([[3.0]])}
    ax = plots.plot_gradient_entries(blocks, np.array([1.0, -2.0, 3.0]), "witness")
    bars = [p for p in ax.patches if p.get_width() == 0.75]
    assert [p.get_height() for p in bars] == [1, -2, 3]
    assert list(line_named(ax, "witness").get_ydata()) == [1, -2, 3]
    assert {"W[2]", "b[2]"} <= {t.get_text() for t in ax.texts}
