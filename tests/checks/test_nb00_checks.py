"""The checks of notebook 00: answers by another hand, and the variants of the right one."""

import numpy as np
from answers import Written, mistakes_are_named, right_answers_pass

from utils import checks

# -------- right answers in other styles


STYLES = [
    (checks.half_square, lambda a, y: np.square(np.subtract(a, y)) / 2),
    (checks.half_square, lambda a, y: (y - a) * (y - a) * 0.5),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


@written("half_square", "no-half")
def squared_only(a, y):
    return np.square(y - a)


@written("half_square", "caret")
def power_by_caret(a, y):
    return 0.5 * (a - y) ^ 2


@written("half_square", "summed")
def total_of_the_errors(a, y):
    total = 0.0
    for u, v in zip(np.ravel(a), np.ravel(y)):
        total += 0.5 * (u - v) ** 2
    return total


@written("half_square", "square-of-half")
def half_inside(a, y):
    return np.power(0.5 * (y - a), 2)


@written("half_square", "opposite-sign")
def minus_in_front(a, y):
    return -((a - y) ** 2) / 2


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)
