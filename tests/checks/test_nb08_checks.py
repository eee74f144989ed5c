"""The checks of notebook 08: answers by another hand, and the variants of the right one."""

import numpy as np
import pytest
from answers import Written, mistakes_are_named, numbers_are_seen, right_answers_pass

from utils import checks
from utils.activations import identity, sigmoid, softmax
from utils.checks import EXERCISES
from utils.checks import nb08_mse_vs_cross_entropy as room
from utils.losses import binary_cross_entropy, softmax_cross_entropy
from utils.numerical import complex_step, relative_error

# -------- right answers in other styles


def start_by_jacobians(z, y):
    g = np.zeros(z.shape)
    for s in range(z.shape[1]):
        p = np.exp(z[:, s] - z[:, s].max())
        p /= p.sum()
        g[:, s] = (np.diag(p) - np.outer(p, p)) @ (-y[:, s] / p) / z.shape[1]
    return g


def cross_entropy_by_cases(z, y):
    e = np.exp(-abs(z))
    return np.where(z > 0, (1 - y) * z, -y * z) + np.log(1 + e)


def N(z):
    return z.shape[1]


def start_by_differences_of_logits(z, y):
    return [
        [(1 / sum(np.exp(np.minimum(u - v, 700)) for u in column) - t) / N(z)
         for v, column, t in zip(row, z.T, labels, strict=True)]
        for row, labels in zip(z, y, strict=True)
    ]  # fmt: skip


def cross_entropy_by_masks(z, y):
    value, right = np.empty_like(z), z > 0
    value[right] = np.log1p(np.exp(-z[right])) + (1 - y[right]) * z[right]
    value[~right] = np.log1p(np.exp(z[~right])) - y[~right] * z[~right]
    return value


STYLES = [
    (checks.cross_entropy_start, start_by_jacobians),
    (checks.cross_entropy_start, lambda z, y: softmax(z) / z.shape[1] - y / y.shape[1]),
    (checks.cross_entropy_start, lambda z, y: np.exp(z - np.logaddexp.reduce(z)) / N(z) - y / N(z)),
    (checks.cross_entropy_start, start_by_differences_of_logits),
    (checks.stable_cross_entropy, cross_entropy_by_masks),
    (checks.stable_cross_entropy, lambda z, y: np.fmax(z, 0) - y * z - np.log(sigmoid(abs(z)))),
    (checks.stable_cross_entropy, cross_entropy_by_cases),
    (checks.stable_cross_entropy, lambda z, y: np.logaddexp(0, z) - y * z),
    (
        checks.stable_cross_entropy,
        lambda z, y: y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z),
    ),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


@written("cross_entropy_start", "sum-for-mean")
def probabilities_minus_labels(z, y):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0) - y


@written("cross_entropy_start", "overflow")
def exponentials_as_they_are(z, y):
    p = np.exp(z) / np.sum(np.exp(z), axis=0)
    return (p - y) / z.shape[1]


@written("cross_entropy_start", "softmax-over-the-columns")
def softmax_of_the_transpose(z, y):
    return (softmax(z.T).T - y) / y.shape[1]


@written("cross_entropy_start", "softmax-over-the-columns-and-overflow")
def sum_along_axis_1(z, y):
    e = np.exp(z)
    return (e / np.sum(e, axis=1)[:, None] - y) / y.shape[1]


@written("cross_entropy_start", "softmax-over-everything-and-overflow")
def sum_without_axis(z, y):
    return (np.exp(z) / np.exp(z).sum() - y) / len(z[0])


@written("cross_entropy_start", "wrong-direction")
def labels_minus_probabilities(z, y):
    N = z.shape[1]
    return y / N - softmax(z) / N


@written("cross_entropy_start", "squared-error")
def jacobian_times_the_error(z, y):
    p, g = softmax(z), np.empty(z.shape)
    for s in range(z.shape[1]):
        J = np.diag(p[:, s]) - np.outer(p[:, s], p[:, s])
        g[:, s] = J @ (p[:, s] - y[:, s]) / z.shape[1]
    return g


@written("cross_entropy_start", "squared-error-factor")
def slope_as_of_a_sigmoid(z, y):
    a = softmax(z)
    return a * (1 - a) * (a - y) / a.shape[1]


@written("cross_entropy_start", "true-class-only")
def chain_rule_entry_by_entry(z, y):
    a = softmax(z)
    return -y / a * (a - a**2) / a.shape[1]


@written("cross_entropy_start", "divided-by-all-entries")
def size_for_the_number_of_columns(z, y):
    return (softmax(z) - y) / y.size


@written("cross_entropy_start", "averaged")
def mean_over_the_samples(z, y):
    e = np.exp(z - z.max(axis=0))
    return np.average(e / e.sum(axis=0) - y, axis=1)


@written("cross_entropy_start", None)
def sums_that_do_not_broadcast(z, y):
    return (np.exp(z) / np.exp(z).sum(axis=1) - y) / z.shape[1]


@written("cross_entropy_start", None)
def decision_for_the_probabilities(z, y):
    p = np.zeros(z.shape)
    p[z.argmax(axis=0), np.arange(z.shape[1])] = 1
    return (p - y) / z.shape[1]


@written("cross_entropy_start", "loss")
def value_of_the_cost(z, y):
    return -np.sum(y * np.log(softmax(z))) / z.shape[1]


@written("cross_entropy_start", "shift-of-each-row")
def largest_of_the_wrong_axis(z, y):
    e = np.exp(z - np.max(z, axis=1)[:, None])
    return (e / np.sum(e, axis=0) - y) / z.shape[1]


@written("cross_entropy_start", "not-divided-by-the-sum")
def exponentials_for_probabilities(z, y):
    return (np.exp(z - z.max(0)) - y) / len(z.T)


@written("cross_entropy_start", "softmax-twice")
def probabilities_taken_for_logits(z, y):
    p = softmax(z)
    e = np.exp(p)
    return (e / e.sum(axis=0) - y) / y.shape[1]


@written("cross_entropy_start", "missing-parentheses-y")
def only_the_labels_divided(z, y):
    return softmax(z) - y / z.shape[1]


@written("cross_entropy_start", "missing-parentheses-p")
def only_the_probabilities_divided(z, y):
    return softmax(z) / z.shape[1] - y


@written("cross_entropy_start", "averaged-as-a-column")
def mean_as_a_column(z, y):
    return np.sum(softmax(z) - y, axis=1)[:, None] / z.shape[1]


@written("cross_entropy_start", "squared-error-of-sigmoids")
def start_of_the_neuron_above(z, y):
    a = 1 / (1 + np.exp(-z))
    return (a - y) * a * (1 - a) / z.shape[1]


@written("cross_entropy_start", None)
def largest_exponent_limited(z, y):
    e = np.exp(np.minimum(z, 700))
    return (e / e.sum(axis=0) - y) / z.shape[1]


@written("stable_cross_entropy", "one-twice")
def one_inside_log1p(z, y):
    return np.maximum(z, 0) - y * z + np.log1p(1 + np.exp(-abs(z)))


@written("stable_cross_entropy", "no-logarithm")
def straight_lines_only(z, y):
    return np.where(z > 0, z, 0) - z * y


@written("stable_cross_entropy", "logarithm-subtracted")
def all_signs_minus(z, y):
    return np.maximum(z, 0) - y * z - np.log(1 + np.exp(-abs(z)))


@written("stable_cross_entropy", "maximum-of-minus-z")
def softplus_of_minus_z_with_yz(z, y):
    return np.logaddexp(0, -z) - y * z


@written("stable_cross_entropy", "labels-plus-minus-one")
def margin_with_the_labels_as_they_are(z, y):
    return np.logaddexp(0, -z * y)


@written("stable_cross_entropy", "z-kept-within-500")
def z_held_inside(z, y):
    z = np.minimum(np.maximum(z, -500), 500)
    return np.logaddexp(0, z) - y * z


@written("stable_cross_entropy", "divided-by-N")
def mean_in_disguise(z, y):
    return (np.logaddexp(0, z) - y * z) / y.shape[1]


@written("stable_cross_entropy", "changed-argument")
def negative_ones_put_to_0(z, y):
    value = np.logaddexp(0, z) - y * z
    z[z < 0] = 0
    return value


@written("stable_cross_entropy", "log-of-the-output-by-hand")
def definition_written_out(z, y):
    a = 1 / (1 + np.exp(-z))
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


@written("stable_cross_entropy", "log-of-the-output")
def definition_with_the_librarys_sigmoid(z, y):
    return -y * np.log(sigmoid(z)) - (1 - y) * np.log(1 - sigmoid(z))


@written("stable_cross_entropy", "overflow")
def logarithm_of_one_plus_exp(z, y):
    return np.log(1 + np.exp(z)) - y * z


@written("stable_cross_entropy", "overflow-below")
def logarithm_of_one_plus_exp_of_minus_z(z, y):
    return z - y * z + np.log(1 + np.exp(-z))


@written("stable_cross_entropy", "opposite-sign-log-of-the-output-by-hand")
def minus_forgotten(z, y):
    a = 1 / (1 + np.exp(-z))
    return y * np.log(a) + (1 - y) * np.log(1 - a)


@written("stable_cross_entropy", "second-term-forgotten-log-of-the-output")
def minus_y_log_sigma(z, y):
    return -np.multiply(y, np.log(sigmoid(z)))


@written("stable_cross_entropy", "second-term-forgotten")
def minus_y_log_sigma_from_z(z, y):
    return y * (np.maximum(-z, 0) + np.log(1 + np.exp(-np.abs(z))))


@written("stable_cross_entropy", "clipped-at-1e-15")
def outputs_held_inside(z, y):
    a = np.minimum(np.maximum(1 / (1 + np.exp(-z)), 1e-15), 1 - 1e-15)
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


@written("stable_cross_entropy", "clipped-at-1e-10")
def a_trifle_inside_the_logarithms(z, y):
    a = 1 / (1 + np.exp(-z))
    return -(y * np.log(a + 1e-10) + (1 - y) * np.log(1 - a + 1e-10))


@written("stable_cross_entropy", "1e-12-added")
def a_smaller_trifle_inside_the_logarithms(z, y):
    a = sigmoid(z)
    return -(y * np.log(a + 1e-12) + (1 - y) * np.log(1 - a + 1e-12))


@written("stable_cross_entropy", "no-maximum")
def softplus_of_minus_the_size(z, y):
    return np.log(1 + np.exp(-abs(z))) - z * y


@written("stable_cross_entropy", "absolute-for-maximum")
def size_in_both_places(z, y):
    return abs(z) - z * y + np.log(1 + np.exp(-abs(z)))


@written("stable_cross_entropy", "same-term-below")
def the_exponential_mended_and_nothing_else(z, y):
    return (1 - y) * z + np.log(1 + np.exp(-abs(z)))


@written("stable_cross_entropy", "taken-out-with-plus")
def out_of_the_logarithm_with_the_wrong_sign(z, y):
    inside = np.where(z >= 0, np.log1p(np.exp(-abs(z))), z + np.log1p(np.exp(-abs(z))))
    return inside + (1 - y) * z


@written("stable_cross_entropy", "nothing-below")
def the_first_form_cut_off_at_zero(z, y):
    return (1 - y) * np.maximum(z, 0) + np.log1p(np.exp(-abs(z)))


@written("stable_cross_entropy", "absolute-below")
def size_wherever_z_was(z, y):
    return (1 - y) * abs(z) + np.log1p(np.exp(-abs(z)))


@written("stable_cross_entropy", "cases-exchanged")
def each_form_on_the_wrong_side(z, y):
    return np.where(z > 0, np.log(1 + np.exp(z)) - y * z, np.log(1 + np.exp(-z)) + (1 - y) * z)


@written("stable_cross_entropy", "mean")
def average_over_the_columns(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


@written("stable_cross_entropy", None)
def first_row_only(z, y):
    return np.logaddexp(0, z[0]) - y[0] * z[0]


@written("stable_cross_entropy", "max-for-maximum")
def largest_along_an_axis(z, y):
    return z.max(0) - y * z + np.log(1 + np.exp(-np.abs(z)))


@written("stable_cross_entropy", None)
def logarithm_to_the_base_2(z, y):
    return np.maximum(z, 0) - y * z + np.log2(1 + np.exp(-abs(z)))


@written("stable_cross_entropy", "nan-to-num-by-hand")
def nan_to_num_over_the_definition(z, y):
    a = 1 / (1 + np.exp(-z))
    return np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a))


@written("stable_cross_entropy", None)
def z_limited(z, y):
    a = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
    return -y * np.log(a) - (1 - y) * np.log(1 - a)


@written("stable_cross_entropy", "sum")
def sum_of_all(z, y):
    return np.sum(np.logaddexp(0, z) - y * z)


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


# -------- the right algorithm and its variants, by other means


def test_the_start_vector_of_cross_entropy_is_the_librarys():
    z = np.random.default_rng(0).normal(size=(4, 6))
    y = np.eye(4)[:, [0, 3, 1, 1, 2, 0]]
    right = softmax_cross_entropy.delta(z, z, y, identity)
    assert relative_error(room.cross_entropy_start_with(z, y), right) < 1e-14


def test_the_start_vector_of_the_squared_error_through_the_softmax_is_its_derivative():
    z, y = np.array([[0.3], [-1.0], [0.8]]), np.array([[0.0], [1.0], [0.0]])

    def cost(z):
        p = np.exp(z) / np.exp(z).sum()
        return 0.5 * ((p - y) ** 2).sum()

    assert relative_error(room.start_of_squared_error(z, y), complex_step(cost, z)) < 1e-13


def test_the_stable_cross_entropy_is_the_librarys():
    z, y = np.array([[-1000.0, -2.0, 0.0, 3.0, 1000.0]]), np.array([[1.0, 0.3, 1.0, 0.0, 0.25]])
    values = room.stable_cross_entropy_with(z, y)
    assert values.sum() / 5 == pytest.approx(binary_cross_entropy.value(z, sigmoid(z), y))
    assert values[0, [0, 4]].tolist() == [1000.0, 750.0]
    assert relative_error(room.cross_entropy_by(room.logs_from_z, z, y), values) < 1e-14


def test_the_logarithms_of_the_output_are_right_until_it_saturates():
    z, y = np.array([[-5.0, 0.0, 2.0, 5.0]]), np.array([[1.0, 0.0, 0.5, 0.0]])
    right = room.stable_cross_entropy_with(z, y)
    for logs in (room.logs_of_output, room.logs_by_hand):
        assert relative_error(room.cross_entropy_by(logs, z, y), right) < 1e-12
    with np.errstate(all="ignore"):
        far = room.cross_entropy_by(room.logs_of_output, np.array([[1000.0]]), np.zeros((1, 1)))
    assert np.isinf(far).all()


def test_the_columns_of_a_start_vector_sum_to_0_and_not_those_of_the_slips_told_so():
    z = np.random.default_rng(5).normal(size=(3, 4))
    y = np.eye(3)[:, [0, 2, 1, 1]]
    known = {slip.name: slip for slip in EXERCISES["cross_entropy_start"].slips}
    told = [name for name, slip in known.items() if "must sum to 0" in slip.see]
    assert len(told) == 5
    assert np.abs(room.cross_entropy_start_with(z, y).sum(axis=0)).max() < 1e-15
    for name in told:
        assert np.abs(known[name].variant(z, y).sum(axis=0)).max() > 0.01, name


# -------- the numbers by which a slip is to be seen

SURE, FIRST = np.array([[-20.0], [20.0]]), np.array([[1.0], [0.0]])
# exercise, arguments, the right answer, and what slips answer
NUMBERS = [
    (
        "cross_entropy_start",
        (SURE, FIRST),
        [[-1], [1]],
        {
            "squared-error-factor": [[0], [0]],
            "squared-error": [[0], [0]],
            "squared-error-of-sigmoids": [[0], [0]],
        },
    ),
    (
        "cross_entropy_start",
        (-1.5 * SURE, FIRST),
        [[0], [0]],
        {"softmax-twice": [[-0.2689], [0.2689]]},
    ),
    (
        "stable_cross_entropy",
        (np.array([[5.0, -5.0]]), np.zeros((1, 2))),
        [[5.0067, 0.0067]],
        {
            "opposite-sign": [[-5.0067, -0.0067]],
            "second-term-forgotten": [[0, 0]],
            "labels-exchanged": [[0.0067, 5.0067]],
            "sign-of-the-second-term": [[-5.0067, -0.0067]],
            "no-maximum": [[0.0067, 0.0067]],
            "absolute-for-maximum": [[5.0067, 5.0067]],
            "minimum-for-maximum": [[0.0067, -4.9933]],
            "no-absolute": [[5.0067, 5.0067]],
            "exponent-of-z": [[10.0067, 0.0067]],
            "exponent-without-minus": [[10.0067, 5.0067]],
            "same-term-below": [[5.0067, -4.9933]],
            "taken-out-with-plus": [[5.0067, -9.9933]],
            "absolute-below": [[5.0067, 5.0067]],
        },
    ),
    (
        "stable_cross_entropy",
        (np.array([[5.0, -5.0]]), np.ones((1, 2))),
        [[0.0067, 5.0067]],
        {
            "first-term-forgotten": [[0, 0]],
            "labels-exchanged": [[5.0067, 0.0067]],
            "plus-yz": [[10.0067, -4.9933]],
            "nothing-below": [[0.0067, 0.0067]],
        },
    ),
    (
        "stable_cross_entropy",
        (np.zeros((1, 1)), np.ones((1, 1))),
        [[0.6931]],
        {"derivative": [[-0.5]]},
    ),
    (
        "stable_cross_entropy",
        (np.array([[1000.0, -1000.0]]), np.array([[0.0, 1.0]])),
        [[1000, 1000]],
        {
            "log-of-the-output": [[np.inf, 709]],  # the library's σ is 1/(1 + e^709) there
            "log-of-the-output-by-hand": [[np.inf, np.inf]],
            "clipped-at-1e-15": [[34.5396, 34.5388]],
            "1e-15-added": [[34.5388, 34.5388]],
            "clipped-at-1e-07": [[16.1181, 16.1181]],
        },
    ),
    (
        "stable_cross_entropy",
        (np.array([[1000.0, -1000.0]]), np.array([[1.0, 0.0]])),
        [[0, 0]],
        {"overflow": [[np.inf, 0]], "overflow-below": [[0, np.inf]]},
    ),
]


test_a_slip_is_seen_by_the_numbers_that_are_told = numbers_are_seen(NUMBERS)
