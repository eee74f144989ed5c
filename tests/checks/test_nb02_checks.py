"""The checks of notebook 02: answers by another hand, and the variants of the right one."""

import warnings

import numpy as np
import pytest
from answers import POINT, Written, diagnosis, mistakes_are_named, network, right_answers_pass

from utils import checks
from utils.activations import sigmoid, softmax
from utils.checks import nb02_jacobian_diag as room
from utils.network import forward
from utils.numerical import complex_step, relative_error

# -------- right answers in other styles


def witness_column_by_column(f, x, h=1e-30):
    J = np.empty((len(f(x)), len(x)))
    for j in range(len(x)):
        moved = x.astype(complex)
        moved[j, 0] += 1j * h
        J[:, j] = f(moved)[:, 0].imag / h
    return J


def witness_entry_by_entry(f, x, h=1e-20):
    m, n = f(x).shape[0], x.shape[0]
    J = [[0.0] * n for _ in range(m)]
    for j in range(n):
        step = np.zeros((n, 1), dtype=complex)
        step[j, 0] = complex(0, h)
        y = f(np.add(x, step))
        for i in range(m):
            J[i][j] = y[i, 0].imag / h
    return J


def witness_of_rows_transposed(f, x, h=1e-100):
    rows = [np.imag(f(x + 1j * h * np.eye(len(x))[:, j : j + 1])).ravel() for j in range(x.size)]
    return np.array(rows).T / h


def witness_of_both_sides(f, x, h=1e-30):
    sides = [f(x + s * 1j * h * np.eye(len(x))) for s in (1, -1)]
    return ((sides[0] - sides[1]) / (2j * h)).real


def softmax_jacobian_by_loops(z):
    p = softmax(z)[:, 0]
    return [[(i == j) * p[i] - p[i] * p[j] for j in range(len(p))] for i in range(len(p))]


STYLES = [
    (checks.witness, witness_column_by_column),
    (checks.witness, witness_entry_by_entry),
    (checks.witness, witness_of_rows_transposed),
    (checks.witness, witness_of_both_sides),
    (checks.witness, lambda f, x: f(x + 1e-30j * np.eye(x.size)).imag / 1e-30),
    (checks.witness, lambda f, x: complex_step(lambda v: f(v[:, None])[:, 0], x[:, 0])),
    (checks.tanh_jacobian, lambda W, b, a: np.diag(1 - np.tanh(W @ a + b)[:, 0] ** 2) @ W),
    (checks.tanh_jacobian, lambda W, b, a: np.cosh(W @ a + b) ** -2.0 * W),
    (checks.softmax_jacobian, softmax_jacobian_by_loops),
    (checks.softmax_jacobian, lambda z: softmax(z) * (np.eye(len(z)) - softmax(z).T)),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


@written("witness", "twice")
def differences_without_the_two(f, x, h=1e-5):
    return np.hstack([(f(x + h * e) - f(x - h * e)) / h for e in np.eye(len(x))[:, :, None]])


@written("witness", "nothing-moves")
def differences_with_the_tiny_step(f, x, h=1e-30):
    return np.hstack([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))[:, :, None]])


@written("witness", "nothing-moves")
def step_without_i(f, x, h=1e-30):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        J[:, [j]] = f(x + h * np.eye(len(x))[:, [j]]).imag / h
    return J


@written("witness", "nothing-moves")
def imaginary_part_dropped_by_an_array(f, x, h=1e-30):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        moved = x.copy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            moved[j, 0] += np.complex128(1j * h)
        J[:, [j]] = f(moved).imag / h
    return J


@written("witness", "array-of-floats")
def imaginary_part_refused_by_an_array(f, x, h=1e-30):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        step = np.zeros((len(x), 1))
        step[j] = h * 1j
        J[:, [j]] = f(x + step).imag / h
    return J


@written("witness", "real-for-imaginary")
def real_parts(f, x, h=1e-30):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        step = np.zeros((len(x), 1), complex)
        step[j] = h * 1j
        J[:, [j]] = np.real(f(x + step)) / h
    return J


@written("witness", "real-for-imaginary")
def real_parts_kept_by_an_array(f, x, h=1e-30):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            J[:, [j]] = f(x + 1j * h * np.eye(len(x))[:, [j]]) / h
    return J


@written("witness", "not-divided")
def imaginary_parts_as_they_are(f, x, h=1e-30):
    return np.imag(f(x + 1j * h * np.eye(len(x))))


@written("witness", "transposed")
def rows_for_inputs(f, x, h=1e-30):
    J = np.zeros((len(x), len(f(x))))
    for j in range(len(x)):
        J[j] = f(x + 1j * h * np.eye(len(x))[:, [j]])[:, 0].imag / h
    return J


@written("witness", "all-at-once")
def scalar_formula(f, x, h=1e-30):
    return f(x + h * 1j).imag / h


@written("witness", "steps-pile-up")
def steps_never_taken_back(f, x, h=1e-30):
    J, moved = np.zeros((len(f(x)), len(x))), x + 0j
    for j in range(len(x)):
        moved[j, 0] = moved[j, 0] + 1j * h
        J[:, j] = f(moved)[:, 0].imag / h
    return J


@written("witness", "flat-steps")
def rows_of_the_identity(f, x, h=1e-30):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        J[:, j] = f(x + 1j * h * np.eye(len(x))[j])[:, 0].imag / h
    return J


@written("witness", "column-into-a-flat-place")
def column_into_a_flat_place(f, x, h=1e-30):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        J[:, j] = f(x + 1j * h * np.eye(len(x))[:, [j]]).imag / h
    return J


@written("witness", "first-column-filled")
def return_too_far_to_the_right(f, x, h=1e-30):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        J[:, [j]] = f(x + 1j * h * np.eye(len(x))[:, [j]]).imag / h
        return J


@written("witness", "one-sided")
def one_side(f, x, h=1e-5):
    before, J = f(x), np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        moved = x.copy()
        moved[j] += h
        J[:, [j]] = (f(moved) - before) / h
    return J


@written("witness", "step-too-short")
def differences_of_rounding(f, x, h=1e-14):
    return np.hstack([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))[:, :, None]])


@written("witness", "step-too-long")
def a_long_imaginary_step(f, x, h=0.01):
    return f(x + 1j * h * np.eye(len(x))).imag / h


@written("witness", "half")
def two_of_the_central_difference(f, x, h=1e-30):
    return f(x + 1j * h * np.eye(len(x))).imag / (2 * h)


@written("witness", "changed-argument")
def moved_and_not_moved_back(f, x, h=6e-6):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        x[j] += h
        above = f(x)
        x[j] -= 2 * h
        J[:, [j]] = (above - f(x)) / (2 * h)
    return J


@written("witness", None)
def loop_over_the_outputs(f, x, h=1e-30):
    m = len(f(x))
    J = np.zeros((m, len(x)))
    for i in range(m):
        J[:, [i]] = f(x + 1j * h * np.eye(len(x))[:, [i]]).imag / h
    return J


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


@pytest.mark.parametrize("h", [6e-6, 1e-5, 1e-7])
def test_a_witness_by_differences_is_told_that_it_is_one(h):
    def central_differences(f, x):
        J = np.zeros((f(x).size, x.size))
        for j in range(x.size):
            step = np.zeros_like(x)
            step[j] = h
            J[:, [j]] = (f(x + step) - f(x - step)) / (2 * h)
        return J

    error = diagnosis(checks.witness, central_differences)
    assert error.slip == "nearly-right"
    assert "A difference quotient does that" in str(error)


def test_an_answer_that_is_still_complex_is_told_so():
    error = diagnosis(checks.witness, lambda f, x: f(x + 1e-30j * np.eye(len(x))) / 1e-30)
    assert error.slip == "complex"
    assert "real ones are asked for" in str(error)


def test_outputs_counted_for_inputs_are_right_in_the_square_case_and_told_so():
    message = str(diagnosis(checks.witness, loop_over_the_outputs))
    assert "It is right for: 3 → 3." in message


def test_a_function_that_was_given_is_called_one():
    message = str(diagnosis(checks.witness, lambda f, x: x[7]))
    assert "It was given f, a function; x of shape (3, 1)." in message


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
