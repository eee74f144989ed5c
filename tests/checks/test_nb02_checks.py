"""The checks of notebook 02: answers by another hand, and the variants of the right one."""

import numpy as np
import pytest
from answers import POINT, Written, mistakes_are_named, network, right_answers_pass

from utils import checks
from utils.activations import sigmoid, softmax
from utils.checks import nb02_jacobian_diag as room
from utils.network import forward
from utils.numerical import complex_step, relative_error

# -------- right answers in other styles


def softmax_jacobian_by_loops(z):
    p = softmax(z)[:, 0]
    return [[(i == j) * p[i] - p[i] * p[j] for j in range(len(p))] for i in range(len(p))]


STYLES = [
    (checks.tanh_jacobian, lambda W, b, a: np.diag(1 - np.tanh(W @ a + b)[:, 0] ** 2) @ W),
    (checks.tanh_jacobian, lambda W, b, a: np.cosh(W @ a + b) ** -2.0 * W),
    (checks.softmax_jacobian, softmax_jacobian_by_loops),
    (checks.softmax_jacobian, lambda z: softmax(z) * (np.eye(len(z)) - softmax(z).T)),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


@written("tanh_jacobian", "scaled-columns")
def slopes_as_a_row(W, b, a):
    slopes = 1 - np.tanh(W @ a + b) ** 2
    return W * slopes.T


@written("tanh_jacobian", "product-from-the-right")
def diagonal_on_the_right(W, b, a):
    slopes = 1 - np.tanh(np.dot(W, a) + b) ** 2
    return np.dot(W, np.diag(slopes[:, 0]))


@written("tanh_jacobian", "transposed")
def columns_are_outputs(W, b, a):
    out = np.tanh(W @ a + b)
    J = np.empty((W.shape[1], W.shape[0]))
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            J[j, i] = (1 - out[i, 0] ** 2) * W[i, j]
    return J


@written("tanh_jacobian", "diag-of-a-column")
def diagonal_of_the_column(W, b, a):
    out = np.tanh(W @ a + b)
    return np.dot(np.diag(1 - out**2), W)


@written("tanh_jacobian", "sigmoid-derivative")
def slope_of_the_other_function(W, b, a):
    s = np.tanh(W @ a + b)
    return np.diag((s * (1 - s))[:, 0]) @ W


@written("tanh_jacobian", None)
def diagonal_times_entrywise(W, b, a):
    return np.diagflat(1 - np.tanh(W @ a + b) ** 2) * W


@written("softmax_jacobian", "inner-product")
def column_taken_out_of_its_matrix(z):
    p = softmax(z)[:, 0]
    return np.diag(p) - p @ p.T


@written("softmax_jacobian", "no-diagonal-matrix")
def p_times_one_minus_p(z):
    p = softmax(z)
    return p @ (1 - p).T


@written("softmax_jacobian", "diagonal-only")
def entries_as_of_a_sigmoid(z):
    p = softmax(z)[:, 0]
    J = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        J[i, i] = p[i] * (1 - p[i])
    return J


@written("softmax_jacobian", "wrong-sign")
def outer_product_added(z):
    p = softmax(z)[:, 0]
    return np.diag(p) + np.outer(p, p)


@written("softmax_jacobian", "overflow")
def exponentials_that_overflow(z):
    p = np.exp(z) / np.exp(z).sum()
    return np.diag(p[:, 0]) - p @ p.T


@written("softmax_jacobian", "identity-for-the-diagonal")
def identity_for_the_diagonal(z):
    p = softmax(z)[:, 0]
    return np.eye(len(p)) - np.outer(p, p)


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


# -------- the right algorithm and its variants, by other means


def test_6_the_mixed_layout_is_silent_for_square_matrices_only():
    A, B = np.random.default_rng(0).normal(size=(2, 2, 2))
    assert np.array_equal(room.chain_in_mixed_layout([A, B]), A @ B)
    assert relative_error(A @ B, B @ A) > 0.1
    with pytest.raises(ValueError):
        room.chain_in_mixed_layout([np.ones((4, 2)), np.ones((3, 4))])


def test_7_the_factor_through_layer_2_is_a_row_and_not_the_error():
    net = network([2, 3, 1])
    z, a = forward(net, POINT)

    def cost_of_z2(z2):
        a3 = sigmoid(net.W[3] @ sigmoid(z2) + net.b[3])
        return -np.log(a3)[0, 0]

    written = room.output_error_through_layer_2(net, POINT, 1.0)
    assert written.shape == (1, 3)
    assert relative_error(written.ravel(), complex_step(cost_of_z2, z[2]).ravel()) < 1e-12
    assert np.abs(written - (a[3] - 1)).min() > 1e-3
