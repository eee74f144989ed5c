"""The checks of notebook 07: answers by another hand, and the variants of the right one."""

import numpy as np
from answers import Written, lines, mistakes_are_named, numbers_are_seen, right_answers_pass

from utils import checks
from utils.checks import nb07_one_hot_vs_scalar_labels as room

# -------- right answers in other styles


def difference_by_two_fits(w):
    first_column = np.array([1.0] + [0.0] * (len(w) - 1))
    return w - (first_column - w)


def difference_in_lines(w):
    d = [2 * v for v in w]
    d[0] -= 1
    return d


def nearest_label(a, K):
    return np.argmin(np.abs(a - np.arange(K)[:, None]), axis=0)


def label_by_thresholds(a, K):
    return sum((a[0] > k + 0.5).astype(int) for k in range(K - 1))


STYLES = [
    (checks.difference_weights, difference_by_two_fits),
    (checks.difference_weights, difference_in_lines),
    (checks.class_of_scalar, nearest_label),
    (checks.class_of_scalar, label_by_thresholds),
    (checks.class_of_scalar, lambda a, K: [min(max(round(v), 0), K - 1) for v in a[0].tolist()]),
    (checks.class_of_scalar, lambda a, K: np.rint(np.clip(a.ravel(), 0, K - 1)).astype(int)),
    (checks.class_of_scalar, lambda a, K: np.clip(a[0] + 0.5, 0, K - 0.5).astype(int)),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


@written("difference_weights", "no-one")
def doubled_only(w):
    return [2 * v for v in w]


@written("difference_weights", "one-everywhere")
def other_output_as_one_minus_w(w):
    other = 1 - w
    return w - other


@written("difference_weights", "slopes-cancelled")
def other_output_with_the_same_slopes(w):
    other = w.copy()
    other[0] = 1 - w[0]
    return w - other


@written("difference_weights", "sum")
def both_outputs_added(w):
    other = -w
    other[0] = other[0] + 1
    return w + other


@written("difference_weights", "wrong-direction")
def second_minus_first(w):
    other = -1.0 * w
    other[0] += 1
    return other - w


@written("difference_weights", "output-2")
def other_output_alone(w):
    return np.eye(len(w))[0] - w


@written("difference_weights", "last-entry")
def intercept_looked_for_at_the_end(w):
    d = 2 * w
    d[-1] -= 1
    return d


@written("difference_weights", "one-doubled")
def one_taken_off_first(w):
    u = np.array(w)
    u[0] -= 1
    return u + u


@written("difference_weights", "changed-argument")
def doubled_in_place(w):
    w *= 2
    w[0] -= 1
    return w


@written("difference_weights", None)
def intercept_replaced(w):
    d = 2 * w
    d[0] = -1
    return d


@written("difference_weights", None)
def threshold_taken_from_everything(w):
    return w - 0.5


@written("difference_weights", None)
def sum_of_the_difference(w):
    return np.sum(2 * w) - 1


@written("class_of_scalar", "not-limited")
def rounded_one_by_one(a, K):
    return [round(v) for v in a[0].tolist()]


@written("class_of_scalar", "two-classes")
def above_one_half(a, K):
    return np.where(a[0] > 0.5, 1, 0)


@written("class_of_scalar", "argmax")
def position_of_the_largest(a, K):
    return a.argmax(axis=0)


@written("class_of_scalar", "row")
def with_the_axis_of_rows(a, K):
    return np.minimum(np.maximum(np.round(a), 0), K - 1)


@written("class_of_scalar", "floor")
def cut_off_and_limited(a, K):
    return [min(max(int(v), 0), K - 1) for v in a[0]]


@written("class_of_scalar", "truncated")
def integers_of_the_outputs(a, K):
    return a.astype(int)[0]


@written("class_of_scalar", "limited-at-K")
def limits_with_K(a, K):
    return np.array([0 if v < 0 else K if v > K else np.round(v) for v in a[0]])


@written("class_of_scalar", "no-upper-limit")
def negative_ones_set_to_zero(a, K):
    label = np.round(a[0])
    label[label < 0] = 0
    return label


@written("class_of_scalar", "wrapped")
def modulo_K(a, K):
    return np.mod(np.round(a[0]).astype(int), K)


@written("class_of_scalar", None)
def threshold_in_the_middle(a, K):
    return (a[0] > (K - 1) / 2).astype(int)


@written("class_of_scalar", "not-limited")
def half_added_and_cut_off(a, K):
    return (a[0] + 0.5).astype(int)


@written("class_of_scalar", None)
def largest_of_all_samples(a, K):
    return np.argmax(a)


@written("class_of_scalar", "nearest-sample")
def nearest_label_along_the_wrong_axis(a, K):
    return np.abs(a - np.arange(K)[:, None]).argmin(axis=1)


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


# -------- the right algorithm and its variants, by other means


def test_difference_weights_are_those_of_two_fits():
    rng, X = lines(1, p=3)
    h = rng.integers(2, size=12).astype(float)
    both, *_ = np.linalg.lstsq(X, np.column_stack([h, 1 - h]), rcond=None)
    w, *_ = np.linalg.lstsq(X, h, rcond=None)
    right = both[:, 0] - both[:, 1]
    assert np.abs(room.difference_weights_with(w) - right).max() < 1e-12


def test_the_class_of_a_scalar_is_the_nearest_label():
    a = np.random.default_rng(0).uniform(-4, 9, size=(1, 200))
    for K in (2, 3, 5):
        nearest = np.abs(a - np.arange(K)[:, None]).argmin(axis=0)
        assert np.array_equal(room.class_of_scalar_with(a, K), nearest)


# -------- the numbers by which a slip is to be seen

ONE, HALF = np.array([1.0, 0.0]), np.array([0.5, 0.0])
# exercise, arguments, the right answer, and what slips answer
NUMBERS = [
    (
        "difference_weights",
        (HALF,),
        [0, 0],
        {
            "no-one": [1, 0],
            "one-everywhere": [0, -1],
            "half-for-one": [0.5, 0],
            "one-added": [2, 0],
            "one-doubled": [-1, 0],
            "intercept-not-doubled": [-0.5, 0],
            "last-entry": [1, -1],
        },
    ),
    (
        "difference_weights",
        (ONE,),
        [1, 0],
        {"wrong-direction": [-1, 0], "output-2": [0, 0], "not-doubled": [0, 0]},
    ),
    ("difference_weights", (np.zeros(2),), [-1, 0], {"output-1": [0, 0]}),
    (
        "difference_weights",
        (np.array([0.5, 1.0]),),
        [0, 2],
        {"slopes-cancelled": [0, 0], "slopes-not-doubled": [0, 1]},
    ),
    (
        "class_of_scalar",
        (np.array([[0.9]]), 3),
        [1],
        {"floor": [0], "truncated": [0], "floor-not-limited": [0], "not-rounded": [0.9]},
    ),
    ("class_of_scalar", (np.array([[0.1]]), 3), [0], {"ceil": [1], "labels-from-one": [1]}),
    ("class_of_scalar", (np.array([[1.8]]), 3), [2], {"two-classes": [1], "argmax": [0]}),
    ("class_of_scalar", (np.array([[3.2]]), 3), [2], {"wrapped": [0], "not-limited": [3]}),
    (
        "class_of_scalar",
        (np.array([[2.2, -1.3]]), 2),
        [1, 0],
        {"limited-at-K": [2, 0], "no-upper-limit": [2, 0], "no-lower-limit": [1, -1]},
    ),
]


test_a_slip_is_seen_by_the_numbers_that_are_told = numbers_are_seen(NUMBERS)
