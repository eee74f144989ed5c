"""The checks of notebook 09: answers by another hand, and the variants of the right one."""

import numpy as np
import pytest
from answers import (
    Written,
    lines,
    mistakes_are_named,
    numbers_are_seen,
    right_answers_pass,
)

from utils import checks
from utils.checks import EXERCISES
from utils.checks import nb09_gaussian_vs_heavy_tailed_noise as room
from utils.numerical import complex_step

# -------- right answers in other styles


def student_psi_by_complex_steps(r, nu):
    return ((nu + 1) / 2 * np.log(1 + (r + 1e-30j) ** 2 / nu)).imag / 1e-30


def irls_by_lstsq(x, y, beta, k):
    b0, b1 = beta
    size = np.abs(y - b0 - b1 * x)
    root = np.sqrt(np.where(size <= k, 1.0, k / size))
    X = np.vstack([np.ones(len(x)), x]).T
    return np.linalg.lstsq(root[:, None] * X, root * y)[0]


def irls_by_sums(x, y, beta, k):
    w = np.array([min(1, k / abs(v)) if v else 1 for v in y - beta[0] - beta[1] * x])
    x_mean, y_mean = np.average(x, weights=w), np.average(y, weights=w)
    slope = np.sum(w * (x - x_mean) * (y - y_mean)) / np.sum(w * (x - x_mean) ** 2)
    return y_mean - slope * x_mean, slope


def irls_by_polyfit(x, y, beta, k):
    r = y - np.polyval(beta[::-1], x)
    w = np.clip(k / np.abs(r), 0, 1)
    return np.polyfit(x, y, 1, w=np.sqrt(w))[::-1]


def irls_by_a_step(x, y, beta, k):
    X = np.column_stack((np.ones(len(x)), x))
    r = y - X @ beta
    W = np.diag(np.minimum(1, k / np.abs(r)))
    return beta + np.linalg.inv(X.T @ W @ X) @ X.T @ W @ r


def irls_with_weights_of_sum_1(x, y, beta, k):
    X = np.c_[np.ones(len(x)), x]
    w = np.minimum(1, k / np.maximum(np.abs(y - X @ beta), 1e-12))
    w = w / w.sum()
    return np.linalg.pinv(X.T * w @ X) @ (X.T @ (w * y))


STYLES = [
    (checks.student_psi, student_psi_by_complex_steps),
    (checks.student_psi, lambda r, nu: (1 + 1 / nu) * r / (1 + np.square(r) / nu)),
    (checks.student_psi, lambda r, nu: [(nu + 1) / (nu / u + u) if u else 0.0 for u in r]),
    (checks.irls_step, irls_with_weights_of_sum_1),
    (checks.irls_step, irls_by_lstsq),
    (checks.irls_step, irls_by_sums),
    (checks.irls_step, irls_by_polyfit),
    (checks.irls_step, irls_by_a_step),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


def parts_of_a_step(x, y, beta, k):
    r = y - beta[0] - beta[1] * x
    return np.array([np.ones(len(x)), x]).T, np.minimum(1, k / np.abs(r)), r


@written("student_psi", "nu-for-nu-plus-1")
def exponent_without_the_one(r, nu):
    inner = 1 + r**2 / nu
    return nu / 2 * (2 * r / nu) / inner


@written("student_psi", "opposite-sign")
def derivative_of_the_log_density(r, nu):
    return -(nu + 1) * r / (nu + np.square(r))


@written("student_psi", "inner-nu-forgotten")
def chain_rule_without_nu(r, nu):
    return (nu + 1) / 2 / (1 + r**2 / nu) * 2 * r


@written("student_psi", "half")
def chain_rule_without_the_two(r, nu):
    return (nu + 1) / 2 / (1 + r**2 / nu) * r / nu


@written("student_psi", "inner-derivative-forgotten")
def chain_rule_without_the_inner_derivative(r, nu):
    return (nu + 1) / 2 * 1 / (1 + r**2 / nu)


@written("student_psi", "weight")
def how_much_it_counts(r, nu):
    return (nu + 1) / (nu + r * r)


@written("student_psi", "no-square")
def denominator_without_square(r, nu):
    return r * (nu + 1) / (r + nu)


@written("student_psi", "missing-parentheses-below")
def denominator_of_nu_alone(r, nu):
    return (nu + 1) * r / nu + r**2


@written("student_psi", "missing-parentheses-above")
def numerator_without_parentheses(r, nu):
    return nu + 1 * r / (nu + r**2)


@written("student_psi", None)
def no_parentheses_at_all(r, nu):
    return nu + 1 * r / nu + r**2


@written("student_psi", "exponent-nu-minus-1")
def nu_minus_one(r, nu):
    return (nu - 1) * r / (nu + r**2)


@written("student_psi", "huber")
def bounded_as_hubers(r, nu):
    return np.clip(r, -nu, nu)


@written("student_psi", "nu-is-3")
def as_in_the_figure(r, nu):
    return 4 * r / (3 + r**2)


@written("student_psi", "exponent-forgotten")
def logarithm_without_its_factor(r, nu):
    return (2 * r / nu) / (1 + r**2 / nu)


@written("student_psi", "absolute-value")
def size_of_the_pull(r, nu):
    return (nu + 1) * abs(r) / (nu + r**2)


@written("student_psi", None)
def both_factors_forgotten(r, nu):
    return r / (nu + r**2)


@written("student_psi", None)
def differences_between_neighbours(r, nu):
    return np.gradient((nu + 1) / 2 * np.log(1 + r**2 / nu)) / (np.gradient(r) + 1e-9)


@written("student_psi", None)
def one_number_at_a_time(r, nu):
    return 0.0 if r == 0 else (nu + 1) / (nu / r + r)


@written("irls_step", "repeated")
def steps_until_it_stands_still(x, y, beta, k):
    for _ in range(2000):
        _, w, _ = parts_of_a_step(x, y, beta, k)
        beta = np.polyfit(x, y, 1, w=np.sqrt(w))[::-1]
    return beta


@written("irls_step", "beta-not-used")
def residuals_of_the_plain_fit(x, y, beta, k):
    X, _, _ = parts_of_a_step(x, y, beta, k)
    r = y - X @ np.linalg.lstsq(X, y)[0]
    w = np.minimum(1, k / np.abs(r))
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)


@written("irls_step", "1e-06-added")
def a_trifle_beside_the_residual(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    w = np.minimum(1, k / (np.abs(r) + 1e-6))
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)


@written("irls_step", None)
def absolute_value_outside(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    w = np.abs(np.minimum(1, k / np.where(r == 0, 1, r)))
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)


@written("irls_step", "changed-argument")
def written_into_beta(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, beta, k)
    beta[:] = np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)
    return beta


@written("irls_step", None)
def column_of_weights(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, beta, k)
    w = w[:, None]
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)


@written("irls_step", "unweighted")
def fitted_without_weights(x, y, beta, k):
    return np.polyfit(x, y, 1)[::-1]


@written("irls_step", "least-absolute")
def minimum_with_1_forgotten(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    W = np.diag(k / np.abs(r))
    return np.linalg.inv(X.T @ W @ X) @ (X.T @ W @ y)


@written("irls_step", "least-absolute-by-lstsq", None)  # not every LAPACK stops at an infinity
def minimum_with_1_forgotten_in_polyfit(x, y, beta, k):
    _, _, r = parts_of_a_step(x, y, beta, k)
    return np.polyfit(x, y, 1, w=1 / np.sqrt(np.abs(r)))[::-1]


@written("irls_step", "maximum-for-minimum")
def maximum_with_1(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    W = np.diag(np.maximum(k / np.abs(r), 1))
    return np.linalg.solve(X.T @ W @ X, X.T @ W @ y)


@written("irls_step", "weights-squared")
def lstsq_with_the_weights_themselves(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, beta, k)
    return np.linalg.lstsq(w[:, None] * X, w * y)[0]


@written("irls_step", "root-on-x-only")
def lstsq_with_y_as_it_is(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, beta, k)
    return np.linalg.lstsq(np.sqrt(w)[:, None] * X, y)[0]


@written("irls_step", "weights-on-the-right-only")
def normal_equations_with_weighted_y(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, beta, k)
    return np.linalg.solve(X.T @ X, X.T @ (w * y))


@written("irls_step", "no-absolute")
def quotient_with_its_sign(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    W = np.diag(np.where(k / r < 1, k / r, 1))
    return np.linalg.solve(X.T @ W @ X, X.T @ W @ y)


@written("irls_step", "outliers-dropped")
def points_within_k_only(x, y, beta, k):
    near = np.abs(y - beta[0] - beta[1] * x) <= k
    slope, intercept = np.polyfit(x[near], y[near], 1)
    return np.array([intercept, slope])


@written("irls_step", "step-only")
def residuals_on_the_right(x, y, beta, k):
    X, w, r = parts_of_a_step(x, y, beta, k)
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ r)


@written("irls_step", "slope-first")
def order_of_polyfit(x, y, beta, k):
    _, w, _ = parts_of_a_step(x, y, beta, k)
    return np.polyfit(x, y, 1, w=w**0.5)


@written("irls_step", "beta-exchanged")
def beta_read_as_polyfit_gives_it(x, y, beta, k):
    w = np.minimum(1, k / np.abs(y - np.polyval(beta, x)))
    return np.polyfit(x, y, 1, w=np.sqrt(w))[::-1]


@written("irls_step", "residuals-of-y")
def weights_of_y(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, np.zeros(2), k)
    return np.linalg.solve(X.T @ np.diag(w) @ X, X.T @ np.diag(w) @ y)


@written("irls_step", "no-intercept")
def line_through_the_origin(x, y, beta, k):
    _, w, _ = parts_of_a_step(x, y, beta, k)
    return np.array([np.sum(w * x * y) / np.sum(w * x * x)])


@written("irls_step", "pull-for-weight")
def clipped_residuals_as_weights(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    W = np.diag(np.minimum(k, np.maximum(-k, r)))
    return np.linalg.inv(X.T @ W @ X) @ X.T @ W @ y


@written("irls_step", "zero-over-zero")
def pull_over_residual(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    w = np.where(np.abs(r) > k, k * np.sign(r), r) / r
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)


@written("irls_step", None)
def polyfit_with_the_weights_themselves(x, y, beta, k):
    _, w, _ = parts_of_a_step(x, y, beta, k)
    return np.polyfit(x, y, 1, w=w)


@written("irls_step", "pulled-residuals")
def step_of_pulled_residuals(x, y, beta, k):
    X, w, r = parts_of_a_step(x, y, beta, k)
    return beta + np.linalg.solve(X.T @ X, X.T @ (w * r))


@written("irls_step", "bisquare")
def bisquare_for_huber(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    w = np.where(np.abs(r) < k, (1 - (r / k) ** 2) ** 2, 0)
    return np.linalg.pinv(X.T @ (w[:, None] * X)) @ X.T @ (w * y)


@written("irls_step", "scale-estimated")
def scale_estimated_too(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    w = np.minimum(1, k * np.median(np.abs(r)) / 0.6745 / np.abs(r))
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)


@written("irls_step", None)
def python_min_of_an_array(x, y, beta, k):
    r = y - beta[0] - beta[1] * x
    w = min(1, k / abs(r))
    return np.polyfit(x, y, 1, w=w)


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


# -------- the right algorithm and its variants, by other means


@pytest.mark.parametrize("nu", [1, 3, 7.5])
def test_psi_is_the_derivative_of_minus_the_log_density(nu):
    r = np.array([-20.0, -1.0, 0.0, 0.4, 3.0])
    right = [
        complex_step(lambda v: (nu + 1) / 2 * np.log(1 + v**2 / nu), np.array(v)).item() for v in r
    ]
    assert np.abs(room.right_student_psi(r, nu) - right).max() < 1e-14


def test_repeated_steps_lead_to_the_zero_of_hubers_equations():
    rng, X = lines(2)
    y = X @ [1.0, 2.0] + 0.3 * rng.normal(size=12)
    y[:2] += [8, -5]
    beta, k = np.zeros(2), 0.4
    for _ in range(200):
        beta = room.irls_step_with(X[:, 1], y, beta, k)
    assert np.abs(X.T @ np.clip(y - X @ beta, -k, k)).max() < 1e-12


def test_steps_with_the_weight_of_least_absolute_deviations_lead_there():
    # five points, p + 1 = 2 of them on the line: the sum of |r| is smallest there
    x, y = np.array([0.0, 1.0, 2.0, 3.0, 4.5]), np.array([0.1, 1.0, 2.3, 2.9, 40.0])
    beta = np.array([0.0, 1.5])
    for _ in range(15):  # a few more, and a residual is exactly 0
        beta = room.irls_step_with(x, y, beta, 1.0, room.weight_of_least_absolute)
    pairs = [(i, j) for i in range(5) for j in range(i)]
    through = [np.polyfit(x[list(p)], y[list(p)], 1) for p in pairs]
    best = min(through, key=lambda line: np.abs(y - np.polyval(line, x)).sum())
    assert np.abs(beta[::-1] - best).max() < 1e-2


def test_a_number_that_a_text_tells_is_the_one_that_comes_out():
    (gauss,) = (slip for slip in EXERCISES["student_psi"].slips if slip.name == "gauss")
    right = room.right_student_psi(np.array(100.0), 3)
    assert f"for ν = 3 and r = 100 it is {right:.2f}; you get 100." in gauss.see


def test_a_line_of_points_comes_out_unless_the_weights_are_on_one_side():
    x = np.array([-1.0, 0.0, 2.0, 3.0])
    y, beta = 5 - 2 * x, np.array([1.0, 2.0])
    assert np.abs(room.irls_step_with(x, y, beta, 0.5) - [5, -2]).max() < 1e-13
    known = {slip.name: slip for slip in EXERCISES["irls_step"].slips}
    told = [name for name, slip in known.items() if "all points on one line" in slip.see]
    assert len(told) == 4
    for name in told:
        assert np.abs(known[name].variant(x, y, beta, 0.5) - [5, -2]).max() > 0.1, name
    assert np.abs(known["step-only"].variant(x, 1 + 2 * x, beta, 0.5)).max() < 1e-13


# -------- the numbers by which a slip is to be seen

# exercise, arguments, the right answer, and what slips answer
NUMBERS = [
    (
        "student_psi",
        (np.array([0.0, 1.0, 2.0, -2.0]), 3),
        [0, 1, 8 / 7, -8 / 7],
        {
            "nu-for-nu-plus-1": [0, 3 / 4, 6 / 7, -6 / 7],
            "opposite-sign": [0, -1, -8 / 7, 8 / 7],
            "weight": [4 / 3, 1, 4 / 7, 4 / 7],
            "no-square": [0, 1, 8 / 5, -8],
            "one-for-nu": [0, 2, 8 / 5, -8 / 5],
            "half": [0, 1 / 2, 4 / 7, -4 / 7],
            "cauchy": [0, 1, 4 / 5, -4 / 5],
            "inner-nu-forgotten": [0, 3, 24 / 7, -24 / 7],
            "inner-derivative-forgotten": [2, 3 / 2, 6 / 7, 6 / 7],
            "r-squared-above": [0, 1, 16 / 7, 16 / 7],
            "nu-squared": [0, 0.4, 8 / 13, -8 / 13],
            "slope": [4 / 3, 1 / 2, -4 / 49, -4 / 49],
            "missing-parentheses-above": [3, 3 + 1 / 4, 3 + 2 / 7, 3 - 2 / 7],
            "missing-parentheses-below": [0, 7 / 3, 20 / 3, 4 / 3],
        },
    ),
    ("student_psi", (np.array(100.0), 3), 0.04, {"gauss": 100}),
]


test_a_slip_is_seen_by_the_numbers_that_are_told = numbers_are_seen(NUMBERS)
