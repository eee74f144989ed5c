"""The figures of notebook 01: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
import pytest
from axes import CORNERS_AND_MORE, SLANTED, level_lines, line_named, output, points_drawn, shown_at

from utils import data, plots
from utils.activations import relu, sigmoid, tanh
from utils.network import Network, forward, init_network


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


def test_the_line_of_each_neuron_is_where_its_z_is_0():
    net = Network({2: [[-20.0, -10.0], [0.0, 40.0]], 3: [[10.0, 10.0]]},
                  {2: [[11.0], [-30.0]], 3: [[-5.0]]})  # fmt: skip
    x, y = data.ten_points()
    ax = plots.plot_neuron_lines(net, x, y)
    lines = [line for line in ax.lines if str(line.get_label()).startswith("neuron")]
    assert len({line.get_linestyle() for line in lines}) == 2
    for i, line in enumerate(lines):
        points = np.array(line.get_data())
        assert np.allclose(net.W[2][i] @ points + net.b[2][i], 0)
        assert np.ptp(points, axis=1).max() > 2  # it crosses the square
    assert ax.get_xlim() == ax.get_ylim() == (0, 1)


def test_broadcasting_is_drawn_as_a_sum_of_two_matrices():
    products, b = np.array([[0.5, -1.0, 2.0], [1.0, 0.5, -0.5]]), np.array([[1.0], [-2.0]])
    ax = plots.plot_broadcast(products, b)
    at = {t.get_position(): t.get_text() for t in ax.texts}

    def matrix(left):
        return [[at[left + j + 0.5, -i - 0.5] for j in range(3)] for i in range(2)]

    def written(v):
        return [[f"{entry + 0.0:g}".replace("-", "−") for entry in row] for row in v]

    assert matrix(0) == written(products)
    assert matrix(4.0) == written(np.repeat(b, 3, axis=1))
    assert matrix(8.0) == written(products + b)
    (frame,) = (p for p in ax.patches if not p.get_fill())
    assert (*frame.get_xy(), frame.get_width(), frame.get_height()) == (4.0, -2, 1, 2)


def test_a_white_square_of_a_matrix_has_an_edge():
    ax = plots.plot_broadcast(np.eye(3), np.zeros((3, 1)))
    squares = [p for p in ax.patches if p.get_fill()]
    white = [p for p in squares if np.allclose(p.get_facecolor()[:3], 1, atol=0.05)]
    assert (len(squares), len(white)) == (27, 21)
    assert all(max(p.get_edgecolor()[:3]) < 0.8 for p in white)


def test_a_network_with_its_numbers_has_each_weight_on_its_line_and_each_bias_at_its_neuron():
    net = Network({2: [[-20.0, -10.0], [0.0, 40.0]], 3: [[10.0, 7.5]]},
                  {2: [[11.0], [-30.0]], 3: [[-5.0]]})  # fmt: skip
    ax = plots.plot_network_numbers(net)
    at = {t.get_text(): np.array(t.get_position()) for t in ax.texts}
    places = plots.neuron_places(net.sizes)
    for l in (2, 3):
        for i, j in np.ndindex(*net.W[l].shape):
            start, end = (np.array(places[k]) for k in ((l - 1, j + 1), (l, i + 1)))
            place = at[f"{net.W[l][i, j]:g}".replace("-", "−")]
            share = (place - start) @ (end - start) / ((end - start) @ (end - start))
            assert 0.2 < share < 0.8
            assert np.allclose(place, start + share * (end - start))
        for i, b in enumerate(net.b[l][:, 0], start=1):
            u, v = at[f"b = {b:g}".replace("-", "−")] - places[l, i]
            assert abs(u) < 1e-9
            assert -0.6 < v < 0
    inside = ax.get_ylim()
    assert all(inside[0] < place[1] < inside[1] for place in at.values())
    boxes = [t.get_window_extent() for t in ax.texts if t.get_text().strip("−") in "20 10 0 40 7.5"]
    assert len(boxes) == 6
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_segments_between_points_are_drawn_in_the_hidden_plane():
    x, y = data.ten_points()
    net = init_network([2, 2, 1], np.random.default_rng(13), "paper")
    left, right = plots.plot_hidden_coordinates(net, 2, x, y, discs=(4, 5), crosses=(9, 10))
    _, a = forward(net, x)
    assert not left.lines
    of_discs, of_crosses = (np.array(line.get_data()) for line in right.lines)
    assert np.allclose(of_discs, a[2][:, [3, 4]])
    assert np.allclose(of_crosses, a[2][:, [8, 9]])
