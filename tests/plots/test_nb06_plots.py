"""The figures of notebook 06: what is drawn is asked of the artists, not of the pixels."""

import matplotlib as mpl
import numpy as np
import pytest
from axes import small_network
from matplotlib.contour import QuadContourSet

from utils import plots
from utils.activations import identity, sigmoid
from utils.gradients import input_gradient
from utils.network import Network, forward


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


def test_walks_run_from_their_first_point_to_their_last():
    walk = np.array([[0.1, 0.2, 0.4], [0.9, 0.7, 0.6]])
    ax = plots.plot_walks(small_network(), [walk])
    line, first, last = ax.lines
    assert np.allclose(line.get_data(), walk)
    assert (first.get_marker(), last.get_marker()) == ("s", "*")
    assert np.allclose(np.ravel(first.get_data()), walk[:, 0])
    assert np.allclose(np.ravel(last.get_data()), walk[:, -1])
    looks = {first.get_markerfacecolor(), first.get_markeredgecolor()}
    assert not looks & {plots.RED, plots.BLUE}  # those are the classes


def test_through_the_beginning_of_each_walk_goes_a_level_line_of_the_logit():
    net = small_network()
    logit = Network(net.W, net.b, sigmoid, output=identity)
    walks = [np.array([[0.1, 0.2], [0.9, 0.7]]), np.array([[0.8, 0.7], [0.3, 0.4]])]
    ax = plots.plot_walks(net, walks)
    drawn = [c for c in ax.collections if isinstance(c, QuadContourSet)][-1]
    starts = np.array([walk[:, 0] for walk in walks]).T
    assert np.allclose(drawn.levels, np.sort(forward(logit, starts)[1][logit.L][0]))
    for start in starts.T:
        near = min(np.linalg.norm(p.vertices - start, axis=1).min() for p in drawn.get_paths())
        assert near < 0.01


def bent():
    """A network whose boundary is a curve through the unit square."""
    W = {2: np.array([[6.0, 0.0], [0.0, 6.0]]), 3: np.array([[4.0, 5.0]])}
    return Network(W, {2: np.array([[-3.0], [-2.0]]), 3: np.array([[-4.6]])})


def test_a_walk_follows_the_gradient_of_the_logit_to_where_it_is_0():
    net = bent()
    logit = Network(net.W, net.b, sigmoid, output=identity)
    x = np.array([[0.05, 0.9, 0.4], [0.1, 0.8, 0.2]])
    given = x.copy()
    places = plots.walk_to_boundary(net, x, longest=0.03, steps=60)
    assert places.shape == (61, 2, 3)
    assert np.array_equal(places[0], given)
    assert np.array_equal(x, given)
    assert np.abs(forward(net, places[-1])[1][3] - 0.5).max() < 1e-9
    steps = np.diff(places, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    assert lengths.max() < 0.03 + 1e-12
    assert np.sum(lengths > 0.03 - 1e-12) > 10  # far from the boundary the longest step is taken
    z, g = forward(logit, given)[1][3], input_gradient(logit, given)
    across = g[0] * steps[0, 1] - g[1] * steps[0, 0]
    assert np.abs(across).max() < 1e-12
    assert np.all(np.sum(g * steps[0], axis=0) * z[0] < 0)
    for k in range(3):  # each point for itself
        alone = plots.walk_to_boundary(net, x[:, [k]], longest=0.03, steps=60)
        assert np.allclose(alone[:, :, 0], places[:, :, k], rtol=0, atol=1e-12)


def test_a_step_of_a_walk_is_newtons_where_it_is_short():
    net = bent()
    logit = Network(net.W, net.b, sigmoid, output=identity)
    x = plots.boundary_points(net)[:, :3] + 0.004
    z, g = forward(logit, x)[1][3], input_gradient(logit, x)
    places = plots.walk_to_boundary(net, x, longest=0.1, steps=1)
    assert np.allclose(places[1], x - z * g / (g**2).sum(axis=0), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("w", "b"), [((3.1, -2.0), -0.71), ((-1.0, 4.3), -1.13), ((2.0, 3.1), -2.29)]
)
def test_boundary_points_of_a_line_lie_on_it_wherever_it_crosses_the_grid(w, b):
    # a sigmoid taken off a plane: the interpolation is exact
    net = Network({2: np.array([w])}, {2: np.array([[b]])})
    points = plots.boundary_points(net, 41)
    assert np.abs(np.array(w) @ points + b).max() < 1e-12
    ticks = np.linspace(0, 1, 41)
    crossings = [(u, -(b + w[0] * u) / w[1]) for u in ticks] + [
        (-(b + w[1] * v) / w[0], v) for v in ticks
    ]
    inside = [p for p in crossings if min(p) >= 0 and max(p) <= 1]
    assert points.shape[1] == len(inside)
    for point in inside:
        assert np.linalg.norm(points - np.array(point)[:, None], axis=0).min() < 1e-9


def test_a_boundary_through_points_of_the_grid_is_found():
    points = plots.boundary_points(Network({2: np.array([[1.0, -1.0]])}, {2: np.zeros((1, 1))}), 5)
    assert np.allclose(points[0], points[1])
    assert set(points[0].round(9)) >= {0.25, 0.5, 0.75}


def test_boundary_points_of_a_curve_are_nearly_on_it():
    net = bent()
    logit = Network(net.W, net.b, sigmoid, output=identity)
    z = forward(logit, plots.boundary_points(net))[1][3]
    assert z.size > 200
    assert np.abs(z).max() < 1e-3  # the steepest change between neighbours is about 0.05


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
