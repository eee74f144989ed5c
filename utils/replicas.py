r"""How to read replicas: an estimate, and the interval that says how far to trust it.

A replica is one repetition of an experiment with random numbers of its own. R of them give not one
result but R; these functions turn the R into a statement. All intervals are meant to contain the
truth in 95 % of all experiments done like this one.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from utils import inputs

__all__ = [
    "Interval",
    "fraction_interval",
    "in_blocks",
    "mean_interval",
    "median_interval",
    "student_t_point",
]

Z = 1.959963984540054  # the 97.5 % point of the standard normal distribution


class Interval(NamedTuple):
    """An estimate with its 95 % interval.

    Attributes
    ----------
    estimate, low, high : float

    Examples
    --------
    >>> print(Interval(0.58, 0.482, 0.672))
    0.58 (0.482 to 0.672)
    >>> Interval(0.58, 0.482, 0.672).inside(0.4, 0.7)
    True
    """

    estimate: float
    low: float
    high: float

    def inside(self, low: float, high: float) -> bool:
        """Does the whole interval lie between these two, a margin fixed beforehand?"""
        return bool(low <= self.low and self.high <= high)

    def contains(self, value: float) -> bool:
        """Is the value in the interval?"""
        return bool(self.low <= value <= self.high)

    def __str__(self) -> str:
        # A mean of counts may be 30.05 but for rounding. Such ties are broken away from 0, so that
        # every machine prints the same.
        estimate, low, high = (v * (1 + 1e-12) for v in self)
        return f"{estimate:.3g} ({low:.3g} to {high:.3g})"


@lru_cache(maxsize=None, typed=True)
def student_t_point(df: int) -> float:
    """97.5 % point of Student's t distribution: where its distribution function is 0.975.

    The density is integrated by the midpoint rule in the angle θ, t = √df tan θ, in which it is a
    power of a cosine.

    Parameters
    ----------
    df : int
        Degrees of freedom, at least 1: n − 1 for a mean, n − 2 for a line.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        No whole number, or less than 1.

    Examples
    --------
    >>> [round(student_t_point(df), 3) for df in (1, 9, 99)]
    [12.706, 2.262, 1.984]
    """
    df = inputs.whole_number("df", df, "degrees of freedom, at least 1")
    theta = (np.arange(200_000) + 0.5) / 200_000 * np.pi / 2
    weight = np.cumsum(np.cos(theta) ** (df - 1))
    k = np.searchsorted(weight, 0.95 * weight[-1])
    return float(np.sqrt(df) * np.tan(theta[k]))


def mean_interval(values: Any) -> Interval:
    r"""Mean over replicas, with Student's interval.

    .. math:: \bar v \pm t_{R-1}\, s / \sqrt R

    with the 97.5 % point of Student's distribution: 2.26 for R = 10, 1.98 for 100, tending to 1.96.
    Exact for normal replicas; by the central limit theorem good for others with finite variance.
    For paired comparisons give the differences, replica by replica.

    Parameters
    ----------
    values : array_like, shape (R,)
        One number a replica, R ≥ 2.

    Returns
    -------
    Interval

    Raises
    ------
    TypeError, ValueError
        Values that are no finite numbers, or too few.

    Examples
    --------
    >>> print(mean_interval([1.0, 2.0, 3.0, 4.0]))
    2.5 (0.446 to 4.55)
    """
    values = inputs.sample(values, 2)
    half = student_t_point(values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return Interval(float(values.mean()), float(values.mean() - half), float(values.mean() + half))


def fraction_interval(successes: int, n: int) -> Interval:
    r"""Fraction of replicas with a property, with Wilson's interval.

    .. math:: \frac{\hat p + z^2/2n \pm z\sqrt{\hat p(1-\hat p)/n + z^2/4n^2}}{1 + z^2/n}

    Unlike p̂ ± 1.96 √(p̂(1 − p̂)/n) it behaves near 0 and 1: with 100 successes in 100 it ends at 1
    but does not begin there. Wilson (1927), Journal of the American Statistical Association 22.

    Parameters
    ----------
    successes, n : int
        0 ≤ successes ≤ n, n ≥ 1.

    Returns
    -------
    Interval

    Raises
    ------
    TypeError, ValueError
        No whole numbers, or more successes than replicas.

    Examples
    --------
    >>> print(fraction_interval(58, 100))
    0.58 (0.482 to 0.672)
    >>> print(fraction_interval(100, 100))
    1 (0.963 to 1)
    """
    successes, n = inputs.counts(successes, n)
    p = successes / n
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    low = 0.0 if successes == 0 else float(middle - half)  # exactly, not to rounding
    high = 1.0 if successes == n else float(middle + half)
    return Interval(p, low, high)


def median_interval(values: Any) -> Interval:
    r"""Median over replicas, with an interval that holds whatever their distribution is.

    Between the order statistics with the ranks (R − 1.96√R)/2, rounded down, and as far from the
    other end: the number of replicas below the
    true median is binomial with probability ½.

    Parameters
    ----------
    values : array_like, shape (R,)
        One number a replica, R ≥ 10.

    Returns
    -------
    Interval

    Raises
    ------
    TypeError, ValueError
        Values that are no finite numbers, or too few.

    Examples
    --------
    >>> print(median_interval(np.arange(1.0, 102.0)))
    51 (40 to 62)
    """
    ordered = np.sort(inputs.sample(values, 10))
    R = ordered.size
    first = max(0, int(np.floor((R - Z * np.sqrt(R)) / 2)) - 1)  # ranks count from 1
    last = R - 1 - first
    return Interval(float(np.median(ordered)), float(ordered[first]), float(ordered[last]))


def in_blocks(
    function: Callable[..., Sequence[np.ndarray]], *arrays: np.ndarray, at_once: int
) -> list[np.ndarray]:
    """Work on some replicas at a time, and join the results.

    Many replicas at once need much memory, and what does not fit into the processor's cache is
    slow; one at a time is slow, too. In between lies the best.

    Parameters
    ----------
    function : callable
        Takes a block of each of the arrays and returns a sequence of arrays with as many rows.
    *arrays : numpy.ndarray, shapes (R, ...)
        One row a replica.
    at_once : int
        Number of replicas in a block.

    Returns
    -------
    list of numpy.ndarray, shapes (R, ...)
        What `function` would have returned for all at once.

    Raises
    ------
    TypeError, ValueError
        No array, arrays of different length, at_once no positive whole number, a function that
        returns something else.

    Examples
    --------
    >>> values = np.arange(6.0).reshape(3, 2)
    >>> in_blocks(lambda v: (v.sum(axis=1), v.max(axis=1)), values, at_once=2)
    [array([1., 5., 9.]), array([1., 3., 5.])]
    """
    R = inputs.row_count(arrays)
    at_once = inputs.whole_number("at_once", at_once, "the number of replicas in a block")
    joined: list[np.ndarray] = []
    for first in range(0, R, at_once):
        block = slice(first, min(first + at_once, R))
        parts = inputs.arrays_of(function(*(array[block] for array in arrays)), block)
        joined = joined or [np.empty((R, *part.shape[1:]), part.dtype) for part in parts]
        for whole, part in zip(joined, parts, strict=True):
            whole[block] = part
    return joined
