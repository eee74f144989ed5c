"""Intervals: their formulas, and that they cover what they claim. Blocks: what all at once give."""

import numpy as np
import pytest
from refusals import refusal
from scipy import stats

from utils.replicas import (
    Interval,
    fraction_interval,
    in_blocks,
    mean_interval,
    median_interval,
    student_t_point,
)


def coverage(draw, interval, truth, repetitions=4000, seed=0):
    rng = np.random.default_rng(seed)
    return np.mean([interval(draw(rng)).contains(truth) for _ in range(repetitions)])


# 4,000 repetitions know a coverage of 0.95 to ± 0.0034 (one standard error)


def test_mean_interval_is_students():
    values = np.random.default_rng(1).normal(3, 2, 400)
    estimate, low, high = mean_interval(values)
    assert estimate == pytest.approx(values.mean())
    assert high - estimate == pytest.approx(1.965927 * values.std(ddof=1) / 20, rel=1e-4)
    assert estimate - low == pytest.approx(high - estimate)


@pytest.mark.parametrize("df", [1, 2, 3, 9, 98, 1000])
def test_student_t_point_is_scipys(df):
    assert student_t_point(df) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-4)


def test_mean_interval_covers_for_normal_and_skewed_laws():
    assert coverage(lambda r: r.normal(1, 3, 100), mean_interval, 1) == pytest.approx(
        0.95, abs=0.015
    )
    few = coverage(lambda r: r.normal(1, 3, 10), mean_interval, 1)
    assert few == pytest.approx(0.95, abs=0.015)  # with 1.96 it would be 0.92
    skewed = coverage(lambda r: r.exponential(1, 100), mean_interval, 1)
    assert 0.92 < skewed < 0.955


@pytest.mark.parametrize("R", [25, 100, 101])
def test_median_interval_covers_whatever_the_law(R):
    for draw in (lambda r: r.standard_cauchy(R), lambda r: r.normal(size=R)):
        assert 0.945 < coverage(draw, median_interval, 0.0) < 0.99


def test_median_interval_has_the_ranks_of_the_binomial():
    _, low, high = median_interval(np.random.default_rng(0).permutation(100) + 1.0)
    assert (low, high) == (40, 61)  # for K of B(100, ½), P(40 <= K <= 60) = .9648


@pytest.mark.parametrize("p", [0.02, 0.3, 0.5, 0.97])
def test_fraction_interval_covers_also_near_the_ends(p):
    found = coverage(lambda r: r.binomial(100, p), lambda k: fraction_interval(int(k), 100), p)
    assert 0.91 < found < 0.99


def test_fraction_interval_is_wilsons():
    # roots of (p − p̂)² = z² p(1 − p)/n
    for k, n in ((0, 10), (3, 10), (58, 100), (100, 100)):
        _, low, high = fraction_interval(k, n)
        for p in (low, high):
            assert (p - k / n) ** 2 == pytest.approx(
                1.959963984540054**2 * p * (1 - p) / n, abs=1e-9
            )
        assert 0 <= low <= k / n <= high <= 1
    for n in range(1, 300):  # for many of them the formula gives a rounding error instead
        assert fraction_interval(0, n).low == 0
        assert fraction_interval(n, n).high == 1
    assert fraction_interval(10, 10).high == 1


def test_interval_says_and_compares():
    interval = Interval(0.58, 0.482, 0.672)
    assert str(interval) == "0.58 (0.482 to 0.672)"
    assert interval.contains(0.5)
    assert not interval.contains(0.7)
    assert interval.inside(0.48, 0.68)
    assert not interval.inside(0.5, 0.68)
    assert not interval.inside(0.48, 0.6)


# -- some replicas at a time


@pytest.mark.parametrize("at_once", [1, 2, 3, 6, 7, 100])
def test_blocks_are_joined_to_what_all_at_once_give(at_once):
    rng = np.random.default_rng(1)
    values, counts = rng.normal(size=(7, 3, 2)), rng.integers(9, size=7)
    sizes = []

    def both(v, c):
        sizes.append(len(v))
        return v.sum(axis=1), c > 4, v

    found = in_blocks(both, values, counts, at_once=at_once)
    for part, wanted in zip(found, both(values, counts)):
        assert part.dtype == wanted.dtype
        assert np.allclose(part, wanted, rtol=1e-13)
    assert sum(sizes[:-1]) == 7
    assert max(sizes[:-1]) == min(at_once, 7)


def test_blocks_draw_what_all_at_once_would_draw():
    # what notebook 08 relies on: a row of random numbers after the other
    one, other = np.random.default_rng(2), np.random.default_rng(2)
    (blocks,) = in_blocks(lambda v: (one.random(v.shape),), np.empty((10, 5)), at_once=4)
    assert np.array_equal(blocks, other.random((10, 5)))


def test_what_is_joined_is_no_view_of_what_was_given():
    values = np.arange(4.0)
    assert not np.shares_memory(in_blocks(lambda v: (v,), values, at_once=9)[0], values)


TWO = np.zeros(2)


@pytest.mark.parametrize(
    ("function", "arrays", "at_once", "word"),
    [
        (lambda: (), (), 1, "arrays"),
        (lambda a: (a,), ([1.0, 2.0],), 1, "arrays"),
        (lambda a: (a,), (np.array(1.0),), 1, "arrays"),
        (lambda a: (a,), (np.zeros((0, 3)),), 1, "arrays"),
        (lambda a, b: (a, b), (TWO, np.zeros(3)), 1, "arrays"),
        (lambda a: (a,), (TWO,), 0, "at_once"),
        (lambda a: (a,), (TWO,), 1.5, "at_once"),
        (lambda a: a, (TWO,), 2, "function"),
        (lambda a: (a, a.sum()), (TWO,), 2, "function"),
        (lambda a: (a[:1],), (TWO,), 2, "function"),
        (lambda a: None, (TWO,), 2, "function"),
    ],
)
def test_what_cannot_be_done_in_blocks_is_refused(function, arrays, at_once, word):
    refusal(lambda: in_blocks(function, *arrays, at_once=at_once), word)


@pytest.mark.parametrize(
    ("function", "arguments", "word"),
    [
        (mean_interval, ([1.0],), "values"),
        (mean_interval, ([[1.0, 2.0]],), "values"),
        (mean_interval, ([1.0, np.nan],), "values"),
        (mean_interval, (["a", "b"],), "values"),
        (median_interval, (np.arange(9.0),), "values"),
        (fraction_interval, (5, 0), "n "),
        (fraction_interval, (-1, 10), "successes"),
        (fraction_interval, (11, 10), "successes"),
        (fraction_interval, (0.5, 10), "successes"),
        (student_t_point, (0,), "df"),
        (student_t_point, (True,), "df"),
    ],
)
def test_bad_input_is_refused(function, arguments, word):
    with pytest.raises((TypeError, ValueError), match="expected") as caught:
        function(*arguments)
    assert str(caught.value).startswith(word)


@pytest.mark.parametrize(("tie", "told"), [(30.05, "30.1"), (2.445, "2.45"), (-0.8125, "-0.813")])
def test_a_tie_is_printed_the_same_whatever_rounding_makes_of_it(tie, told):
    for value in (np.nextafter(tie, -np.inf), tie, np.nextafter(tie, np.inf)):
        assert str(Interval(value, value, value)) == f"{told} ({told} to {told})"
