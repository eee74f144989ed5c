"""The checks of notebook 04: answers by another hand, and the variants of the right one."""

import numpy as np
import pytest
from answers import POINT, Written, deltas, mistakes_are_named, network, right_answers_pass, slope

from utils import checks
from utils.activations import sigmoid
from utils.checks import nb04_parameter_gradient as room
from utils.gradients import backward
from utils.network import forward
from utils.numerical import complex_step, relative_error

# -------- right answers in other styles


def batch_mean_sample_by_sample(net, x, y):
    N = x.shape[1]
    dW = {l: np.zeros_like(W) for l, W in net.W.items()}
    db = {l: np.zeros_like(b) for l, b in net.b.items()}
    for s in range(N):
        _, a = forward(net, x[:, [s]])
        delta = (a[net.L] - y[:, [s]]) * net.activation[net.L].derivative(a[net.L])
        for l in range(net.L, 1, -1):
            dW[l] += np.outer(delta, a[l - 1]) / N
            db[l] += delta / N
            if l > 2:
                delta = net.activation[l - 1].derivative(a[l - 1]) * np.dot(net.W[l].T, delta)
    return dW, db


def bridge_by_jacobians(W, slope, Delta):
    """One Jacobian D W + I for each column, transposed."""
    columns = [
        (np.diag(slope[:, s]) @ W + np.eye(len(W))).T @ Delta[:, s] for s in range(Delta.shape[1])
    ]
    return np.transpose(columns)


def bridge_with_indices(W, slope, Delta):
    found = np.array(Delta)
    for j in range(len(W)):
        for i in range(len(W)):
            found[j] += W[i, j] * slope[i] * Delta[i]
    return found


STYLES = [
    (checks.bridge_step, bridge_by_jacobians),
    (checks.bridge_step, bridge_with_indices),
    (checks.bridge_step, lambda W, s, D: D + np.einsum("ij,is,is->js", W, s, D)),
    (checks.bridge_step, lambda W, s, D: ((s * D).T @ W + D.T).T),
    (checks.weight_gradient, lambda g, a: np.einsum("is,js->ij", g, a)),
    (
        checks.weight_gradient,
        lambda g, a: sum(np.outer(u, v) for u, v in zip(g.T, a.T, strict=True)),
    ),
    (checks.batch_mean, batch_mean_sample_by_sample),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


@written("weight_gradient", "first-column")
def outer_product_of_one_sample(g, a):
    return np.outer(g[:, 0], a[:, 0])


@written("weight_gradient", "mean")
def outer_products_averaged(g, a):
    total = np.zeros((len(g), len(a)))
    for s in range(g.shape[1]):
        total += np.outer(g[:, s], a[:, s])
    return total / g.shape[1]


@written("weight_gradient", "no-transpose")
def dot_of_both(g, a):
    return np.dot(g, a)


@written("weight_gradient", "transposed")
def a_in_front(g, a):
    return np.dot(a, g.T)


@written("weight_gradient", "flat-outer-product")
def outer_product_of_everything(g, a):
    return np.outer(g, a)


@written("weight_gradient", "last-column")
def last_column_only(g, a):
    return g[:, -1:] @ a[:, -1:].T


@written("weight_gradient", "one-for-each-sample")
def entries_for_each_sample(g, a):
    found = np.zeros((len(g), len(a), g.shape[1]))
    for i in range(len(g)):
        for j in range(len(a)):
            found[i, j] = g[i] * a[j]
    return found


@written("bridge_step", "no-bridge")
def step_of_an_ordinary_layer(W, slope, Delta):
    return np.dot(W.T, np.multiply(slope, Delta))


@written("bridge_step", "bridge-adds-one")
def one_plus(W, slope, Delta):
    return 1 + np.dot(W.T, slope * Delta)


@written("bridge_step", "bridge-through-the-slope")
def bridge_inside_sigma(W, slope, Delta):
    return np.dot((W + np.eye(len(W))).T, slope * Delta)


@written("bridge_step", "bridge-from-all-to-all")
def ones_for_the_identity(W, slope, Delta):
    return np.dot(W.T, slope * Delta) + np.dot(np.ones(W.shape), Delta)


@written("bridge_step", "slope-outside")
def slope_after_the_product(W, slope, Delta):
    return slope * np.dot(W.T, Delta) + Delta


@written("bridge_step", "jacobian-not-transposed")
def jacobian_times_Delta(W, slope, Delta):
    columns = [(np.diag(s) @ W + np.eye(len(W))) @ d for s, d in zip(slope.T, Delta.T, strict=True)]
    return np.transpose(columns)


@written("bridge_step", "missing-transpose")
def dot_without_transpose(W, slope, Delta):
    return np.dot(W, slope * Delta) + Delta


@written("bridge_step", "slopes-of-the-first-column")
def diagonal_of_the_first_column(W, slope, Delta):
    return W.T @ np.diag(slope[:, 0]) @ Delta + Delta


@written("bridge_step", None)
def weights_added_up_over_the_wrong_index(W, slope, Delta):
    return W.sum(axis=0, keepdims=True).T * slope * Delta + Delta


@written("batch_mean", "weights-without-transpose")
def a_not_transposed(net, x, y):
    a, d = deltas(net, x, y)
    N, dW, db = x.shape[1], {}, {}
    for l in range(2, net.L + 1):
        dW[l] = d[l] @ a[l - 1] / N
        db[l] = d[l].sum(axis=1, keepdims=True) / N
    return dW, db


@written("batch_mean", "sum-for-mean")
def sample_after_sample_added_up(net, x, y):
    dW = {l: np.zeros(W.shape) for l, W in net.W.items()}
    db = {l: np.zeros(b.shape) for l, b in net.b.items()}
    for s in range(x.shape[1]):
        a, d = deltas(net, x[:, [s]], y[:, [s]])
        for l in d:
            dW[l] += np.outer(d[l], a[l - 1])
            db[l] += d[l]
    return dW, db


@written("batch_mean", "bias-flattened")
def mean_that_loses_an_axis(net, x, y):
    a, d = deltas(net, x, y)
    dW = {l: np.dot(d[l], a[l - 1].T) / x.shape[1] for l in d}
    return dW, {l: d[l].mean(axis=1) for l in d}


@written("batch_mean", "own-activations")
def activations_of_the_same_layer(net, x, y):
    a, d = deltas(net, x, y)
    dW = {l: np.dot(d[l], a[l].T) / x.shape[1] for l in d}
    return dW, {l: d[l].mean(axis=1, keepdims=True) for l in d}


@written("batch_mean", "no-output-slope")
def error_without_slope(net, x, y):
    _, a = forward(net, x)
    d, dW, db = a[net.L] - y, {}, {}
    for l in range(net.L, 1, -1):
        dW[l] = np.dot(d, a[l - 1].T) / x.shape[1]
        db[l] = d.mean(axis=1, keepdims=True)
        if l > 2:
            d = slope(net, a, l - 1) * np.dot(net.W[l].T, d)
    return dW, db


@written("batch_mean", "divided-by-rows")
def len_for_the_number_of_samples(net, x, y):
    a, d = deltas(net, x, y)
    dW = {l: np.dot(d[l], a[l - 1].T) / len(x) for l in d}
    return dW, {l: d[l].sum(axis=1, keepdims=True) / len(x) for l in d}


@written("batch_mean", None)
def mean_over_everything(net, x, y):
    a, d = deltas(net, x, y)
    dW = {l: np.dot(d[l], a[l - 1].T) / x.shape[1] for l in d}
    return dW, {l: np.full(net.b[l].shape, d[l].mean()) for l in d}


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


# -------- the right algorithm and its variants, by other means


def test_15_row_by_column_needs_equal_widths_to_run_and_is_wrong_then():
    y = np.ones((1, 1))
    with pytest.raises(ValueError):
        room.weight_gradient_row_by_column(network([2, 3, 1]), POINT, y)
    net = network([2, 2, 1])
    _, a = forward(net, POINT)
    right = backward(net, a, a[3] - y)[2] @ a[1].T
    assert relative_error(room.weight_gradient_row_by_column(net, POINT, y), right) > 0.1


def test_16_the_norm_inside_is_right_for_one_output_only():
    a, y = np.array([0.3, 0.8]), np.array([1.0, 0.0])
    assert room.cost_with_the_norm_inside(a[:1], y[:1]) == pytest.approx(0.5 * 0.7**2)
    # ½ [(1 − .3)² + (0 − .3)² + (1 − .8)² + (0 − .8)²]
    assert room.cost_with_the_norm_inside(a, y) == pytest.approx(0.5 * (0.49 + 0.09 + 0.04 + 0.64))


def test_the_step_over_a_bridge_is_the_derivative_of_a_layer_with_one():
    rng = np.random.default_rng(4)
    W, b, before = rng.normal(size=(3, 3)), rng.normal(size=(3, 1)), rng.normal(size=(3, 1))
    start = rng.normal(size=(3, 1))
    witness = complex_step(lambda v: np.sum(start * (sigmoid(W @ v + b) + v)), before)
    after = sigmoid(W @ before + b)
    found = room.right_bridge_step(W, after * (1 - after), start)
    assert relative_error(found, witness) < 1e-13


def test_20_a_table_to_33_asks_for_neurons_that_are_not_there():
    net = network([2, 3, 2, 1])
    _, a = forward(net, POINT)
    g = backward(net, a, a[4] - 1)
    # counted from 0, as the lecture does, this is W[2]: from 3 neurons to 2
    assert (g[3] @ a[2].T).shape == net.W[3].shape == (2, 3)
    with pytest.raises(IndexError):
        room.weight_table_to_33(g[3], a[2])
    square = network([2, 3, 3, 1])
    _, a = forward(square, POINT)
    g = backward(square, a, a[4] - 1)
    assert relative_error(room.weight_table_to_33(g[3], a[2]), g[3] @ a[2].T) < 1e-13
