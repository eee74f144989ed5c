"""What an explorer is given: left alone, or refused."""

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances as alive
from refusals import refusal, refused
from shown import WEIGHTS, curved, elsewhere, made, shows

from utils.activations import identity, tanh
from utils.data import ten_points
from utils.explorers import gradient_at_a_point, layer_jacobian, neuron
from utils.network import Network, init_network


def test_a_neuron_leaves_its_points_alone_and_keeps_its_own():
    x, y = ten_points()
    given = x.copy(), y.copy()
    explorer = neuron(x, y)
    explorer.controls["b"].value = -2
    assert np.array_equal(x, given[0])
    assert np.array_equal(y, given[1])
    x[:], y[:] = 0.5, 0
    explorer.controls["b"].value = 3
    assert explorer.picture.words == made("neuron").function(**explorer.state).words
    assert shows(explorer)
    assert np.array_equal(explorer.function.keywords["x"], given[0])
    assert np.array_equal(explorer.function.keywords["y"], given[1])
    explorer.close()


def test_a_layer_leaves_its_weights_alone_and_keeps_its_own():
    W = WEIGHTS.copy()
    explorer = layer_jacobian(W)
    explorer.controls["x1"].value = 7
    assert np.array_equal(W, WEIGHTS)
    W[:] = 0
    explorer.controls["x1"].value = -2
    assert explorer.picture.words == made("layer_jacobian").function(**explorer.state).words
    explorer.close()


def test_the_network_is_left_alone_and_may_be_trained_on():
    net = curved()
    before = {name: v.copy() for l in (2, 3) for name, v in ((f"W{l}", net.W[l]), (l, net.b[l]))}
    explorer = gradient_at_a_point(net)
    for control in explorer.controls.values():
        control.value = elsewhere(control)
    after = {name: v for l in (2, 3) for name, v in ((f"W{l}", net.W[l]), (l, net.b[l]))}
    assert all(np.array_equal(after[name], before[name]) for name in before)
    assert net.activation[3].name == "sigmoid"
    for array in after.values():
        array[:] = 0
    explorer.controls["x1"].value = 0.4
    assert explorer.picture.words == made("gradient_at_a_point").function(**explorer.state).words
    explorer.close()


TWO = np.array([[0.1, 0.2], [0.3, 0.4]])


@pytest.mark.parametrize(
    "x",
    [TWO[0], np.ones((3, 2)), TWO[None], "points", [[0.1, np.nan], [0, 0]], [[1, 2], [3]]],
    ids=str,
)
def test_a_neuron_refuses_what_are_no_points_of_the_plane(x):
    assert "(2, N)" in refusal(lambda: neuron(x, [[1.0, 0.0]]), "x")


@pytest.mark.parametrize("y", [[1.0, 0.0], [[1.0, 0.0, 1.0]], [[1.0], [0.0]], [["a", "b"]],
                               [[np.inf, 0]], np.ones((0, 2))], ids=str)  # fmt: skip
def test_a_neuron_refuses_labels_that_do_not_fit_the_points(y):
    refusal(lambda: neuron(TWO, y), "y")


@pytest.mark.parametrize(("name", "arguments"), [("y", {"x": TWO}), ("x", {"y": [[1.0, 0.0]]})])
def test_a_neuron_wants_points_and_labels_or_neither(name, arguments):
    refusal(lambda: neuron(**arguments), name, "x", "y")


@pytest.mark.parametrize("W", [[1.0, 2.0], np.ones((2, 3)), "W", [[np.nan, 1], [2, 3], [4, 5]]],
                         ids=str)  # fmt: skip
def test_a_layer_refuses_what_is_no_matrix_of_its_shape(W):
    assert "(3, 2)" in refusal(lambda: layer_jacobian(W), "W")


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "net",
    [
        None,
        [[1.0, 2.0]],
        init_network([3, 1], RNG),
        init_network([2, 3, 2], RNG),
        init_network([2, 3, 1], RNG, replicas=4),
        init_network([2, 3, 1], RNG, output=identity),
        Network({2: [[1.0, 2.0]]}, {2: [[0.0]]}, tanh),
    ],
    ids=str,
)
def test_gradient_at_a_point_refuses_what_is_not_one_network_of_two_inputs_and_a_sigmoid(net):
    refusal(lambda: gradient_at_a_point(net), "net")


def test_what_is_refused_leaves_no_widgets_behind():
    before = set(alive)
    refused(lambda: neuron(TWO[0], TWO))
    refused(lambda: gradient_at_a_point(None))
    refused(lambda: layer_jacobian([1.0]))
    assert set(alive) == before
