"""Notebook 07: two outputs from one, and the class of a single output."""

from functools import partial

import numpy as np

from utils.checks.exercise import Case, Exercise, Slip

# -------- exercise 1: difference_weights


def difference_weights_with(w, factor=2.0, one=1.0):
    """2w, and 1 less in the intercept: output 1 has w, output 2 has (1, 0, …, 0) − w."""
    d = factor * w
    d[0] -= one
    return d


def first_and_rest(first, rest):
    """The intercept of one vector of coefficients with the slopes of another."""
    return np.concatenate([first[:1], rest[1:]])


DIFFERENCE_WEIGHTS_SLIPS = (
    Slip("half-the-difference", "this is half of the difference, ŷ − ½: it has the same sign, but "
         "output 1 minus output 2 is ŷ − (1 − ŷ)",
         "try w = np.array([1.0, 0.0]): it should be (1, 0), and you get (0.5, 0).",
         partial(difference_weights_with, factor=1.0, one=0.5)),
    Slip("wrong-direction-everywhere", "this is 1 − 2w: the sign is turned, and the 1 stands in "
         "every coefficient, where only the intercept takes it in",
         "try w = np.array([1.0, 0.0]): it should be (1, 0), and you get (−1, 1).",
         lambda w: 1 - 2 * w),
    Slip("no-one", "the 1 is missing: output 2 is fitted to 1 − y, so its intercept is 1 minus "
         "that of output 1", "put w = (½, 0): both outputs are ½ everywhere and their "
         "difference is 0; you get 1.", partial(difference_weights_with, one=0.0)),
    Slip("one-everywhere", "1 was subtracted from every coefficient; the 1 of 1 − y is a "
         "constant, and only the intercept takes it in",
         "put w = (½, 0): both outputs are ½ everywhere and their difference has no slope; you "
         "get −1.", lambda w: 2 * w - 1),
    Slip("wrong-direction", "this is output 2 minus output 1: the sign is turned",
         "put w = (1, 0): output 1 is 1 and output 2 is 0, so the difference is 1; you get −1.",
         partial(difference_weights_with, factor=-2.0, one=-1.0)),
    Slip("output-1", "these are the coefficients of output 1; output 2 is still to be "
         "subtracted", "put w = (0, 0): output 2 is 1 everywhere, so the difference is −1; you "
         "get 0.", partial(difference_weights_with, factor=1.0, one=0.0)),
    Slip("output-2", "these are the coefficients of output 2 alone; they are still to be "
         "subtracted from those of output 1", "put w = (1, 0): output 1 is 1 and output 2 is "
         "0, so the difference is 1; you get 0.",
         partial(difference_weights_with, factor=-1.0, one=-1.0)),
    Slip("half-for-one", "½ is subtracted from the intercept, and it should be 1: where ŷ is ½ "
         "the difference is 2 · ½ − 1 = 0", "put w = (½, 0): both outputs are ½ everywhere and "
         "their difference is 0; you get ½.", partial(difference_weights_with, one=0.5)),
    Slip("one-added", "1 is added to the intercept; it has to be subtracted",
         "put w = (½, 0): both outputs are ½ everywhere and their difference is 0; you get 2.",
         partial(difference_weights_with, one=-1.0)),
    Slip("one-doubled", "the 1 was doubled together with w: the intercept is 2w₀ − 1, not "
         "2(w₀ − 1)", "put w = (½, 0): both outputs are ½ everywhere and their difference is "
         "0; you get −1.", partial(difference_weights_with, one=2.0)),
    Slip("not-doubled", "w is there only once: output 2 has −w, and taking it away adds "
         "another w", "put w = (1, 0): output 1 is 1 and output 2 is 0, so the difference is "
         "1; you get 0.", partial(difference_weights_with, factor=1.0)),
    Slip("slopes-cancelled", "the slopes cancel in your difference; those of output 2 have the "
         "opposite sign, so they double", "put w = (½, 1): output 1 is ½ + x and output 2 is "
         "½ − x, so the difference is 2x; you get 0.",
         lambda w: first_and_rest(difference_weights_with(w), 0 * w)),
    Slip("slopes-not-doubled", "the intercept is right; the slopes have to be doubled too",
         "put w = (½, 1): output 1 is ½ + x and output 2 is ½ − x, so the difference is 2x; "
         "you get x.", lambda w: first_and_rest(difference_weights_with(w), w)),
    Slip("intercept-not-doubled", "the slopes are right; the intercept has to be doubled too "
         "before 1 is taken off", "put w = (½, 0): both outputs are ½ everywhere and their "
         "difference is 0; you get −½.", lambda w: first_and_rest(w - 1, 2 * w)),
    Slip("last-entry", "1 was subtracted from the last coefficient; the intercept comes first",
         "put w = (½, 0): both outputs are ½ everywhere, so both coefficients must be 0; you "
         "get (1, −1).", lambda w: difference_weights_with(w[::-1])[::-1]),
    Slip("sum", "the two outputs were added, and their sum is 1 whatever w is; the difference "
         "is asked for", "change w: your answer stays the same.",
         partial(difference_weights_with, factor=0.0, one=-1.0)),
)  # fmt: skip


def difference_weights_cases(rng):
    return [
        Case("an intercept alone", (rng.normal(size=1),)),
        Case("six coefficients", (rng.normal(size=6),)),
    ]


difference_weights = Exercise(
    "difference_weights",
    difference_weights_with,
    DIFFERENCE_WEIGHTS_SLIPS,
    difference_weights_cases,
    takes=("w",),
)


# -------- exercise 2: class_of_scalar


def class_of_scalar_with(a, K, rounding=np.rint, lowest=0, highest=None):
    """The label among 0 … K − 1 that is nearest to the output, for each column."""
    return np.clip(rounding(a[0]), lowest, K - 1 if highest is None else highest)


CLASS_OF_SCALAR_SLIPS = (
    Slip("not-limited", "the outputs are rounded but not limited: there are no classes below 0 "
         "or above K − 1", "try a = −1.3 and a = K + 0.3: classes 0 and K − 1.",
         partial(class_of_scalar_with, lowest=-np.inf, highest=np.inf)),
    Slip("floor", "the output is cut off (floor, //, or astype(int)); the nearest label is "
         "asked for", "try a = 0.9: it is nearest to 1, and you get 0.",
         partial(class_of_scalar_with, rounding=np.floor)),
    Slip("ceil", "the output is rounded up; the nearest label is asked for",
         "try a = 0.1: it is nearest to 0, and you get 1.",
         partial(class_of_scalar_with, rounding=np.ceil)),
    Slip("two-classes", "only the classes 0 and 1 come out (one threshold at ½); there are K "
         "of them, with a threshold between every two", "try K = 3 and a = 1.8: class 2.",
         partial(class_of_scalar_with, highest=1)),
    Slip("argmax", "class 0 comes out always: there is only one output, and argmax over a "
         "single row answers 0", "try K = 3 and a = 1.8: class 2.",
         lambda a, K: np.argmax(a, axis=0)),
    Slip("row", "the classes are right, but as a row (1, N); one dimension is asked for, (N,)",
         "print the shape of your answer; a[0] is the one row of a.",
         lambda a, K: class_of_scalar_with(a, K)[None, :]),
    Slip("limited-at-K", "the upper limit is K; the labels end at K − 1",
         "try K = 2 and a = 2.2: class 1, and you get 2.",
         lambda a, K: class_of_scalar_with(a, K, highest=K)),
    Slip("not-limited", "the outputs are rounded but not limited: there are no classes below 0 "
         "or above K − 1", "try a = −1.3 and a = K + 0.3: classes 0 and K − 1.",
         partial(class_of_scalar_with, rounding=lambda v: np.trunc(v + 0.5),
                 lowest=-np.inf, highest=np.inf)),
    Slip("no-absolute-value", "the smallest difference a − k was taken, which is that of the "
         "largest label; the smallest *distance* is asked for, |a − k|",
         "try K = 3 and a = 0.1: class 0, and you get 2.",
         lambda a, K: np.full(a.shape[1], K - 1)),
    Slip("bins-at-the-labels", "the borders are the labels themselves, and the classes counted "
         "from "
         "1 on; the border between two labels is halfway", "try K = 3 and a = 0.1: class 0, and "
         "you get 1.", lambda a, K: np.digitize(a[0], np.arange(K))),
    Slip("bins-at-the-labels-from-0", "the borders are the labels themselves; the border between "
         "two labels is halfway, and below 0 the class is 0", "try K = 3 and a = 0.9: class 1, and "
         "you get 0.", lambda a, K: np.digitize(a[0], np.arange(K)) - 1),
    Slip("nearest-sample", "for each label the nearest sample came out (argmin runs along the "
         "other "
         "axis); for each sample the nearest label is asked for",
         "print the shape of your answer: (N,).",
         lambda a, K: np.abs(a - np.arange(K)[:, None]).argmin(axis=1)),
    Slip("one-hot", "each class came out as a one-hot vector; its number is asked for",
         "print the shape of your answer: (N,).",
         lambda a, K: np.eye(K)[class_of_scalar_with(a, K).astype(int)]),
    Slip("outside-set-to-0", "what lies outside was given class 0; it belongs to the nearer end",
         "try K = 3 and a = 3.2: class 2, and you get 0.",
         lambda a, K: np.where(np.abs(2 * np.rint(a[0]) - K + 1) < K, np.rint(a[0]), 0)),
    Slip("absolute", "|a| was rounded; what lies below 0 belongs to class 0",
         "try K = 3 and a = −0.9: class 0, and you get 1.",
         lambda a, K: class_of_scalar_with(np.abs(a), K)),
    Slip("no-upper-limit", "nothing limits the classes above: they end at K − 1",
         "try K = 2 and a = 2.2: class 1, and you get 2.",
         partial(class_of_scalar_with, highest=np.inf)),
    Slip("no-lower-limit", "nothing limits the classes below: they begin at 0",
         "try a = −1.3: class 0, and you get −1.", partial(class_of_scalar_with, lowest=-np.inf)),
    Slip("truncated", "astype(int) cuts the digits off, which is not rounding; and nothing "
         "limits the classes to 0 … K − 1", "try a = 0.9: class 1, and you get 0.",
         partial(class_of_scalar_with, rounding=np.trunc, lowest=-np.inf, highest=np.inf)),
    Slip("floor-not-limited", "floor (or //) is not rounding; and nothing limits the classes "
         "to 0 … K − 1", "try a = 0.9: class 1, and you get 0.",
         partial(class_of_scalar_with, rounding=np.floor, lowest=-np.inf, highest=np.inf)),
    Slip("not-rounded", "the outputs are limited but not rounded; a label is a whole number",
         "try a = 0.9: class 1.", partial(class_of_scalar_with, rounding=np.copy)),
    Slip("labels-from-one", "the limits are 1 and K; the labels are 0 … K − 1",
         "try a = 0.1: class 0, and you get 1.",
         lambda a, K: class_of_scalar_with(a, K, lowest=1, highest=K)),
    Slip("labels-from-0-to-1", "the outputs were stretched (by K − 1, or K), as if the labels went "
         "from 0 to 1; they are 0 … K − 1", "try K = 3 and a = 0.9: class 1, and you get 2.",
         lambda a, K: class_of_scalar_with((K - 1) * a, K)),
    Slip("counted-from-1", "the classes are counted from 1; they are 0 … K − 1",
         "try a = 0.1: class 0, and you get 1.", lambda a, K: class_of_scalar_with(a, K) + 1),
    Slip("one-number", "a single class came out; each column has one of its own",
         "print the shape of your answer: (N,).", lambda a, K: class_of_scalar_with(a, K)[0]),
    Slip("wrapped", "% K starts again at 0 after K − 1; what lies outside belongs to the "
         "nearer end", "try K = 3 and a = 3.2: class 2, and you get 0.",
         lambda a, K: np.rint(a[0]) % K),
)  # fmt: skip


def class_of_scalar_cases(rng):
    # no two labels are equally near; outputs reach beyond both ends, and more than one label far
    return [
        Case("2 classes", (np.array([[0.3, 0.9, -0.4, 1.3, 2.2, -2.7, 0.6, 3.8]]), 2)),
        Case("5 classes", (rng.permutation(np.linspace(-2.9, 6.8, 15))[None, :], 5)),
        Case("3 classes, one column", (np.array([[1.6]]), 3)),
    ]


class_of_scalar = Exercise(
    "class_of_scalar",
    class_of_scalar_with,
    CLASS_OF_SCALAR_SLIPS,
    class_of_scalar_cases,
    takes=("a", "K"),
    rtol=0.0,  # a class is a whole number
)
