"""Each slip runs, differs from the right algorithm where it should, and agrees where it may."""

import numpy as np
import pytest

from utils import slips
from utils.activations import identity, sigmoid
from utils.gradients import backward, input_gradient, loss_gradient, parameter_gradient
from utils.losses import mse
from utils.network import Network, forward, init_network
from utils.numerical import complex_step, relative_error


def network(sizes, seed=0, **options):
    net = init_network(sizes, np.random.default_rng(seed), "paper", **options)
    return Network({l: 3 * W for l, W in net.W.items()}, net.b, net.activation)


X = np.array([[0.3, -0.8], [0.7, 0.4]])
POINT = X[:, :1]


def test_the_right_step_gives_the_librarys_gradients():
    net = network([2, 4, 3, 1])
    assert (
        relative_error(slips.input_gradient_with(slips.right_step, net, X), input_gradient(net, X))
        < 1e-14
    )
    y = np.array([[0.2, 0.9]])
    dW, db = slips.batch_gradient_with(slips.right_step, net, X, y)
    _, right_W, right_b = loss_gradient(net, X, y, mse)
    for l in net.W:
        assert relative_error(dW[l], right_W[l]) < 1e-13
        assert relative_error(db[l], right_b[l]) < 1e-13


def test_1_biases_in_one_place_is_exact_only_without_the_strayed_biases():
    net = network([2, 2, 2, 2])
    right = forward(net, X)[1][4]
    assert relative_error(slips.biases_in_one_place(net, X), right) > 0.01
    tame = net.copy()
    tame.b[3][:] = tame.b[4][:] = 0
    assert relative_error(slips.biases_in_one_place(tame, X), forward(tame, X)[1][4]) < 1e-14
    with pytest.raises(ValueError):
        slips.biases_in_one_place(network([2, 3, 4, 1]), X)


def test_2_weights_of_the_next_width_have_the_written_shapes_and_do_not_multiply():
    W = slips.weights_of_the_next_width([2, 2, 3, 2], np.random.default_rng(0))
    assert {l: w.shape for l, w in W.items()} == {2: (2, 3), 3: (3, 2)}
    with pytest.raises(ValueError):
        W[2] @ POINT


def test_3_previous_weights_are_silent_with_equal_widths_only():
    net = network([2, 2, 2, 2])
    written = slips.forward_with_previous_weights(net, X)
    assert written.shape == (2, 2)
    assert relative_error(written, forward(net, X)[1][4]) > 0.01
    with pytest.raises(ValueError):
        slips.forward_with_previous_weights(network([2, 3, 4, 1]), X)


def test_4_collapse_without_bias_misses_the_value_at_zero():
    net = network([2, 3, 2], activation=identity)
    W, b = slips.collapsed(net)
    zero = np.zeros((2, 1))
    assert relative_error(W @ X + b, forward(net, X)[1][3]) < 1e-14
    W_written, b_written = slips.collapse_without_bias(net)
    assert np.array_equal(W_written, W)
    assert not (W_written @ zero + b_written).any()
    assert np.abs(forward(net, zero)[1][3]).min() > 0.01


def test_5_one_output_for_one_hot_has_one_output():
    assert slips.one_output_for_one_hot(np.random.default_rng(0)).sizes[-1] == 1


def test_6_the_mixed_layout_is_silent_for_square_matrices_only():
    A, B = np.random.default_rng(0).normal(size=(2, 2, 2))
    assert np.array_equal(slips.chain_in_mixed_layout([A, B]), A @ B)
    assert relative_error(A @ B, B @ A) > 0.1
    with pytest.raises(ValueError):
        slips.chain_in_mixed_layout([np.ones((4, 2)), np.ones((3, 4))])


def test_7_the_factor_through_layer_2_is_a_row_and_not_the_error():
    net = network([2, 3, 1])
    z, a = forward(net, POINT)

    def cost_of_z2(z2):
        a3 = sigmoid(net.W[3] @ sigmoid(z2) + net.b[3])
        return -np.log(a3)[0, 0]

    written = slips.output_error_through_layer_2(net, POINT, 1.0)
    assert written.shape == (1, 3)
    assert relative_error(written.ravel(), complex_step(cost_of_z2, z[2]).ravel()) < 1e-12
    assert np.abs(written - (a[3] - 1)).min() > 1e-3


@pytest.mark.parametrize("slip", slips.STEPS, ids=lambda s: s.name)
def test_each_flawed_step_differs_from_the_right_one_with_equal_widths(slip):
    rng = np.random.default_rng(3)
    W, delta, z = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), 3 * rng.normal(size=(3, 3))
    arguments = (sigmoid, W, delta, z, sigmoid(z))
    written, right = slip.variant(*arguments), slips.right_step(*arguments)
    assert written.shape == right.shape
    assert relative_error(written, right) > 0.05


def test_9_dividing_by_the_error_is_right_until_the_network_fits():
    net = network([2, 4, 3, 1])
    right = input_gradient(net, POINT)
    y = forward(net, POINT)[1][4]
    for target in (0.0, 0.9):
        written = slips.input_gradient_through_cost(net, POINT, np.array([[target]]))
        assert relative_error(written, right) < 1e-12
    assert np.isnan(slips.input_gradient_through_cost(net, POINT, y)).all()


@pytest.mark.parametrize(
    ("slip", "right_for", "wrong_for"),
    [
        (
            lambda net, x: slips.input_gradient_dividing_by_layer_2(net, x, np.zeros((1, 1))),
            [2, 1],
            [2, 4, 3, 1],
        ),
        (slips.input_gradient_over_output_neurons, [2, 1, 3, 1], [2, 4, 3, 1]),
        (
            lambda net, x: slips.input_gradient_with(slips.step_without_derivative, net, x),
            [2, 1],
            [2, 3, 1],
        ),
    ],
    ids=["10", "11", "12"],
)
def test_10_to_12_are_right_on_the_weak_network_and_wrong_on_the_other(slip, right_for, wrong_for):
    weak, strong = network(right_for), network(wrong_for)
    assert relative_error(slip(weak, POINT), input_gradient(weak, POINT)) < 1e-13
    assert relative_error(slip(strong, POINT), input_gradient(strong, POINT)) > 0.1


def test_13_one_path_is_exact_while_hidden_layers_above_have_width_one():
    for sizes, exact in [([2, 3, 1], True), ([2, 3, 1, 1, 1], True), ([2, 3, 2, 1], False)]:
        net = network(sizes)
        start = slips.slope_at_the_output
        _, a, g = slips.recursion(slips.step_along_one_path, net, POINT, start)
        error = relative_error(g[2] @ a[1].T, parameter_gradient(net, POINT)[0][2])
        assert (error < 1e-13) == exact


def test_15_row_by_column_needs_equal_widths_to_run_and_is_wrong_then():
    y = np.ones((1, 1))
    with pytest.raises(ValueError):
        slips.weight_gradient_row_by_column(network([2, 3, 1]), POINT, y)
    net = network([2, 2, 1])
    _, a = forward(net, POINT)
    right = backward(net, a, a[3] - y)[2] @ a[1].T
    assert relative_error(slips.weight_gradient_row_by_column(net, POINT, y), right) > 0.1


def test_16_the_norm_inside_is_right_for_one_output_only():
    a, y = np.array([0.3, 0.8]), np.array([1.0, 0.0])
    assert slips.cost_with_the_norm_inside(a[:1], y[:1]) == pytest.approx(0.5 * 0.7**2)
    # ½ [(1 − .3)² + (0 − .3)² + (1 − .8)² + (0 − .8)²]
    assert slips.cost_with_the_norm_inside(a, y) == pytest.approx(0.5 * (0.49 + 0.09 + 0.04 + 0.64))


def test_every_slip_says_what_and_how_to_see_it():
    for exercise, known in slips.SLIPS.items():
        names = [slip.name for slip in known]
        assert len(set(names)) == len(names), exercise
        for slip in known:
            assert len(slip.says) > 15, slip.name
            assert len(slip.see) > 15, slip.name


def test_the_hunts_number_1_to_16_are_all_here():
    text = " ".join(
        f.__doc__ or ""
        for f in vars(slips).values()
        if callable(f) and f.__module__ == slips.__name__
    )
    for number in range(1, 17):
        assert f"Slip {number}:" in text
