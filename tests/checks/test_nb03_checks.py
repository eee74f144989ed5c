"""The checks of notebook 03: answers by another hand, and the variants of the right one."""

import numpy as np
import pytest
from answers import (
    POINT,
    Written,
    X,
    input_gradient_with_Delta,
    mistakes_are_named,
    network,
    right_answers_pass,
    slope,
)

from utils import checks
from utils.activations import sigmoid
from utils.checks import nb03_input_gradient as room
from utils.checks import steps
from utils.gradients import (
    backward,
    input_gradient,
    layer_jacobian,
    loss_gradient,
    parameter_gradient,
)
from utils.losses import mse
from utils.network import forward
from utils.numerical import complex_step, relative_error

# -------- right answers in other styles


def input_gradient_by_jacobians(net, x):
    _, a = forward(net, x)
    columns = []
    for s in range(x.shape[1]):
        row = np.eye(1)
        for l in range(net.L, 1, -1):
            row = row @ np.diag(net.activation[l].derivative(a[l])[:, s]) @ net.W[l]
        columns.append(row[0])
    return np.array(columns).T


def step_with_indices(W_next, g_next, a):
    g = np.zeros(a.shape)
    for s in range(a.shape[1]):
        for j in range(a.shape[0]):
            for i in range(len(W_next)):
                g[j, s] += g_next[i, s] * W_next[i, j] * a[j, s] * (1 - a[j, s])
    return g


def carried_back_from_g(net, x, start):
    """By the library's recursion, and Δ[l] = W[l+1]ᵀ g[l+1]."""
    _, a = forward(net, x)
    g = backward(net, a, slope(net, a, net.L) * start)
    return {net.L: start} | {l - 1: np.dot(net.W[l].T, g[l]) for l in g}


def carried_back_point_by_point(net, x, start):
    _, a = forward(net, x)
    Delta = {l: np.empty(a[l].shape) for l in a}
    for s in range(x.shape[1]):
        column = start[:, [s]]
        for l in range(net.L, 0, -1):
            Delta[l][:, [s]] = column
            if l > 1:
                column = net.W[l].T @ np.diag(slope(net, a, l)[:, s]) @ column
    return Delta


def carried_back_by_jacobians(net, x, start):
    _, a = forward(net, x)
    J = {l: layer_jacobian(net, a, l) for l in net.W}  # (N, n_l, n_{l-1})
    Delta = {net.L: start.T[..., None]}
    for l in reversed(range(2, net.L + 1)):
        Delta[l - 1] = J[l].mT @ Delta[l]
    return {l: v[..., 0].T for l, v in Delta.items()}


STYLES = [
    (checks.backward_step, step_with_indices),
    (checks.carry_back, carried_back_from_g),
    (checks.carry_back, carried_back_point_by_point),
    (checks.carry_back, carried_back_by_jacobians),
    (checks.backward_step, lambda W, d, a: np.einsum("ij,is->js", W, d) * (a - a**2)),
    (checks.backward_step, lambda W, d, a: (np.dot(d.T, W) * (a * (1 - a)).T).T),
    (checks.input_gradient, input_gradient_by_jacobians),
    (checks.input_gradient, input_gradient_with_Delta),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


@written("backward_step", "one-path")
def first_neuron_above_only(W_next, g_next, a):
    g = np.empty(a.shape)
    for j in range(len(a)):
        g[j] = a[j] * (1 - a[j]) * W_next[0, j] * g_next[0]
    return g


@written("backward_step", "missing-derivative")
def sum_without_slope(W_next, g_next, a):
    g = np.zeros(a.shape)
    for j in range(len(a)):
        for i in range(len(W_next)):
            g[j] += W_next[i, j] * g_next[i]
    return g


@written("backward_step", "missing-transpose")
def dot_without_transpose(W_next, g_next, a):
    return a * (1 - a) * np.dot(W_next, g_next)


@written("backward_step", "missing-parentheses")
def from_left_to_right(W_next, g_next, a):
    return a * (1 - a) * W_next.T @ g_next


@written("backward_step", "matrix-product-for-entrywise")
def at_between_slopes_and_the_rest(W_next, g_next, a):
    return (a * (1 - a)) @ np.dot(W_next.T, g_next)


@written("backward_step", "derivative-on-the-wrong-side")
def slope_inside_the_product(W_next, g_next, a):
    return np.dot(W_next.T, a * (1 - a) * g_next)


@written("backward_step", None)
def product_in_the_other_order(W_next, g_next, a):
    return a * (1 - a) * (g_next @ W_next.T)


@written("backward_step", "slope-at-a")
def sigmoid_once_more(W_next, g_next, a):
    return sigmoid(a) * (1 - sigmoid(a)) * (W_next.T @ g_next)


@written("backward_step", None)
def slopes_of_the_first_column(W_next, g_next, a):
    return np.diag((a * (1 - a))[:, 0]) @ W_next.T @ g_next


@written("input_gradient", "loop-goes-to-the-input")
def weights_of_the_input_layer(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L - 1, 1, -1):
        g = slope(net, a, l) * (net.W[l + 1].T @ g)
    return net.W[1].T @ g


@written("input_gradient", None)
def g_before_it_has_a_value(net, x):
    _, a = forward(net, x)
    for l in range(net.L, 2, -1):
        g = slope(net, a, l - 1) * (net.W[l].T @ g)  # noqa: F821
    return net.W[2].T @ g


@written("input_gradient", "loop-does-not-run")
def no_loop_at_all(net, x):
    _, a = forward(net, x)
    return np.dot(net.W[2].T, slope(net, a, net.L))


@written("input_gradient", "slope-of-the-next-layer", None)
def slope_of_the_layer_it_comes_from(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L, 2, -1):
        g = slope(net, a, l) * (net.W[l].T @ g)
    return net.W[2].T @ g


@written("input_gradient", None)
def ones_and_the_slope_of_the_layer_it_comes_from(net, x):
    _, a = forward(net, x)
    g = np.ones((1, x.shape[1]))
    for l in range(net.L, 2, -1):
        g = slope(net, a, l) * (net.W[l].T @ g)
    return net.W[2].T @ g


@written("input_gradient", "loop-ends-early")
def loop_to_layer_3(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L, 3, -1):
        g = slope(net, a, l - 1) * np.dot(net.W[l].T, g)
    return np.dot(net.W[2].T, g)


@written("input_gradient", "no-start-slope")
def ones_at_the_output(net, x):
    _, a = forward(net, x)
    g = np.ones((1, x.shape[1]))
    for l in range(net.L, 2, -1):
        g = slope(net, a, l - 1) * np.dot(net.W[l].T, g)
    return np.dot(net.W[2].T, g)


@written("input_gradient", "sigmoid-everywhere")
def a_times_one_minus_a(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in reversed(range(2, net.L)):
        g = a[l] * (1 - a[l]) * np.dot(net.W[l + 1].T, g)
    return np.dot(net.W[2].T, g)


@written("input_gradient", "z-for-a")
def z_and_a_exchanged(net, x):
    a, _ = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L - 1, 1, -1):
        g = slope(net, a, l) * np.dot(net.W[l + 1].T, g)
    return np.dot(net.W[2].T, g)


@written("input_gradient", "stops-at-layer-2")
def last_product_left_out(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L - 1, 1, -1):
        g = slope(net, a, l) * np.dot(net.W[l + 1].T, g)
    return g


@written("input_gradient", "mean-of-columns")
def averaged_over_the_points(net, x):
    _, a = forward(net, x)
    total = np.zeros((x.shape[0], 1))
    for s in range(x.shape[1]):
        g = slope(net, a, net.L)[:, [s]]
        for l in range(net.L - 1, 1, -1):
            g = slope(net, a, l)[:, [s]] * np.dot(net.W[l + 1].T, g)
        total += np.dot(net.W[2].T, g) / x.shape[1]
    return total


@written("carry_back", "recursion-of-g")
def slope_after_the_product(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L, 2, -1):
        Delta[l - 1] = slope(net, a, l - 1) * np.dot(net.W[l].T, Delta[l])
    Delta[1] = np.dot(net.W[2].T, Delta[2])
    return Delta


@written("carry_back", "recursion-of-g-to-layer-2")
def the_librarys_backward(net, x, start):
    return backward(net, forward(net, x)[1], start)


@written("carry_back", "g-for-Delta-to-layer-2")
def the_librarys_backward_from_the_right_start(net, x, start):
    _, a = forward(net, x)
    return backward(net, a, slope(net, a, net.L) * start)


@written("carry_back", "start-times-slope")
def start_multiplied_too(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: slope(net, a, net.L) * start}
    for l in range(net.L, 1, -1):
        Delta[l - 1] = np.dot(net.W[l].T, slope(net, a, l) * Delta[l])
    return Delta


@written("carry_back", "slopes-of-the-first-point")
def diagonal_of_the_first_column(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L, 1, -1):
        D = np.diagflat(slope(net, a, l)[:, 0])
        Delta[l - 1] = np.dot(net.W[l].T, np.dot(D, Delta[l]))
    return Delta


@written("carry_back", "diag-of-a-matrix")
def diagonal_of_a_matrix(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L, 1, -1):
        Delta[l - 1] = net.W[l].T @ np.diag(slope(net, a, l)) @ Delta[l]
    return Delta


@written("carry_back", "asks-for-layer-1")
def one_round_too_far(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L, 0, -1):
        Delta[l - 1] = np.dot(net.W[l].T, slope(net, a, l) * Delta[l])
    return Delta


@written("carry_back", "asks-for-layer-1")
def slope_of_layer_1(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L - 1, 0, -1):
        Delta[l] = slope(net, a, l) * np.dot(net.W[l + 1].T, Delta[l + 1])
    return Delta


@written("carry_back", "missing-parentheses")
def product_of_the_first_two(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L, 1, -1):
        Delta[l - 1] = np.dot(net.W[l].T, slope(net, a, l)) * Delta[l]
    return Delta


@written("carry_back", "stops-at-layer-2")
def loop_of_the_other_algorithm(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L - 1, 1, -1):
        Delta[l] = np.dot(net.W[l + 1].T, slope(net, a, l + 1) * Delta[l + 1])
    return Delta


@written("carry_back", "the-last-alone")
def one_name_for_all(net, x, start):
    _, a = forward(net, x)
    for l in range(net.L, 1, -1):
        start = np.dot(net.W[l].T, slope(net, a, l) * start)
    return start


@written("carry_back", "start-ignored")
def ones_for_one_output(net, x, start):
    return carried_back_point_by_point(net, x, np.ones(start.shape))


@written("carry_back", "sigmoid-everywhere")
def sigmoid_in_each_layer(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L, 1, -1):
        Delta[l - 1] = np.dot(net.W[l].T, a[l] * (1 - a[l]) * Delta[l])
    return Delta


@written("carry_back", "loop-runs-forward")
def upwards(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in sorted(net.W):
        Delta[l - 1] = np.dot(net.W[l].T, slope(net, a, l) * Delta[l])
    return Delta


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


# -------- the right algorithm and its variants, by other means


def test_the_right_step_gives_the_librarys_gradients():
    net = network([2, 4, 3, 1])
    assert (
        relative_error(steps.input_gradient_with(steps.right_step, net, X), input_gradient(net, X))
        < 1e-14
    )
    y = np.array([[0.2, 0.9]])
    dW, db = steps.batch_gradient_with(steps.right_step, net, X, y)
    _, right_W, right_b = loss_gradient(net, X, y, mse)
    for l in net.W:
        assert relative_error(dW[l], right_W[l]) < 1e-13
        assert relative_error(db[l], right_b[l]) < 1e-13


@pytest.mark.parametrize("slip", steps.STEPS, ids=lambda s: s.name)
def test_each_flawed_step_differs_from_the_right_one_with_equal_widths(slip):
    rng = np.random.default_rng(3)
    W, delta, z = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), 3 * rng.normal(size=(3, 3))
    arguments = (sigmoid, W, delta, z, sigmoid(z))
    written, right = slip.variant(*arguments), steps.right_step(*arguments)
    assert written.shape == right.shape
    assert relative_error(written, right) > 0.05


def test_what_is_carried_back_is_the_derivative_with_respect_to_each_layers_activations():
    net = network([2, 4, 3, 2])
    _, a = forward(net, POINT)

    def product_of_the_outputs(v, l):
        for k in range(l + 1, net.L + 1):
            v = sigmoid(net.W[k] @ v + net.b[k])
        return np.prod(v)

    Delta = room.right_carry_back(net, POINT, a[4][::-1])
    assert list(Delta) == [4, 3, 2, 1]
    for l, v in Delta.items():
        witness = complex_step(lambda u, l=l: product_of_the_outputs(u, l), a[l])
        assert relative_error(v, witness) < 1e-13


def test_9_dividing_by_the_error_is_right_until_the_network_fits():
    net = network([2, 4, 3, 1])
    right = input_gradient(net, POINT)
    y = forward(net, POINT)[1][4]
    for target in (0.0, 0.9):
        written = room.input_gradient_through_cost(net, POINT, np.array([[target]]))
        assert relative_error(written, right) < 1e-12
    assert np.isnan(room.input_gradient_through_cost(net, POINT, y)).all()


@pytest.mark.parametrize(
    ("slip", "right_for", "wrong_for"),
    [
        (
            lambda net, x: room.input_gradient_dividing_by_layer_2(net, x, np.zeros((1, 1))),
            [2, 1],
            [2, 4, 3, 1],
        ),
        (room.input_gradient_over_output_neurons, [2, 1, 3, 1], [2, 4, 3, 1]),
        (
            lambda net, x: steps.input_gradient_with(steps.step_without_derivative, net, x),
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
        start = steps.slope_at_the_output
        _, a, g = steps.recursion(steps.step_along_one_path, net, POINT, start)
        error = relative_error(g[2] @ a[1].T, parameter_gradient(net, POINT)[0][2])
        assert (error < 1e-13) == exact
