"""Notebook 09: what estimators cost, and what they give for many samples of many sizes."""

from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from utils.experiments.stored import stored
from utils.noise import (
    Cauchy,
    Contaminated,
    Laplace,
    Law,
    Normal,
    ShiftedExponential,
    StudentT,
)
from utils.regression import Fit, huber, ols, standard_errors, tukey
from utils.replicas import (
    Interval,
    fraction_interval,
    mean_interval,
    median_interval,
    student_t_point,
)

__all__ = [
    "ESTIMATORS",
    "LAWS",
    "PAIRED_SIZES",
    "SAMPLE_SIZES",
    "efficiencies",
    "efficiency_in_pairs",
    "efficiency_of",
    "estimated_slopes",
    "measured_efficiency",
    "normal_quantiles",
    "paired_efficiencies",
    "sampling_distributions",
    "slope_coverage",
    "slope_spreads",
]

LAWS: dict[str, Law] = {
    "normal": Normal(),
    "Laplace": Laplace(),
    "Student, ν = 3": StudentT(3),
    "normal, 5 % × 10": Contaminated(0.05, 10),
    "Student, ν = 1.5": StudentT(1.5),
    "Cauchy": Cauchy(),
    "skewed (exponential)": ShiftedExponential(),
}
SAMPLE_SIZES = (10, 25, 50, 100, 200, 400)
ESTIMATORS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "mean": lambda y: y.mean(axis=-1),
    "median": lambda y: np.median(y, axis=-1),
    "Huber": lambda y: huber(np.empty((y.shape[-1], 0)), y).coefficients[..., 0],
    "Tukey": lambda y: tukey(np.empty((y.shape[-1], 0)), y).coefficients[..., 0],
}


# -------- what an estimator of a level costs: by an integral, and by samples


def residuals_and_weights(law: Law, points: int = 400_000) -> tuple[np.ndarray, np.ndarray]:
    """Residuals (K,) and f(r) dr (K,), with which a sum over all r is an expectation.

    r is the tangent of an angle that runs from −π/2 to π/2, and so reaches all of ℝ.

    Examples
    --------
    >>> r, weights = residuals_and_weights(Normal())
    >>> round(float(np.sum(r**2 * weights)), 6)
    1.0
    """
    angle = (np.arange(points) + 0.5) / points * np.pi - np.pi / 2
    r = np.tan(angle)
    return r, law.pdf(r) * np.pi / points / np.cos(angle) ** 2


def efficiency_of(psi: Callable[[np.ndarray], np.ndarray], law: Law) -> float:
    r"""Efficiency of the estimate of a level with the pull ψ, against the mean.

    .. math:: \operatorname{var}(\varepsilon) / V, \qquad V = E[\psi^2] / E[\psi\,\psi_f]^2

    For n → ∞ and symmetric noise. E[ψψ_f], ψ_f the score of the noise, is E[ψ′] by parts, and has
    no derivative of ψ: ψ may have kinks and jumps.

    Parameters
    ----------
    psi : callable
        Takes and returns residuals, shape (K,).
    law : Law
        Of the noise, with a finite variance.

    Returns
    -------
    float

    Examples
    --------
    >>> round(efficiency_of(np.sign, Normal()), 4), round(2 / np.pi, 4)
    (0.6366, 0.6366)
    """
    r, weights = residuals_and_weights(law)
    slope = np.sum(psi(r) * law.score(r) * weights)
    return float(law.variance * slope**2 / np.sum(psi(r) ** 2 * weights))


def efficiencies(law: Law) -> dict[str, float]:
    """Efficiency of the median, Huber's and Tukey's estimate, and the best possible one.

    Huber and Tukey measure residuals in units of median|ε|/0.6745; the best possible pull is the
    score of the noise itself.

    Parameters
    ----------
    law : Law
        Symmetric about 0, with a finite variance.

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> {name: round(value, 3) for name, value in efficiencies(Normal()).items()}
    {'median': 0.637, 'Huber': 0.95, 'Tukey': 0.95, 'best': 1.0}
    """
    r, weights = residuals_and_weights(law)
    upper_quartile = r[np.searchsorted(np.cumsum(weights), 0.75)]  # this is median|ε|
    s = upper_quartile / NormalDist().inv_cdf(0.75)
    pulls: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "median": np.sign,
        "Huber": lambda r: np.clip(r, -1.345 * s, 1.345 * s),
        "Tukey": lambda r: r * np.maximum(1 - (r / (4.685 * s)) ** 2, 0) ** 2,
        "best": law.score,
    }
    return {name: efficiency_of(psi, law) for name, psi in pulls.items()}


def measured_efficiency(
    rng: np.random.Generator, law: Law, estimator: str, n: int = 100, replicas: int = 8000
) -> Interval:
    """Efficiency of an estimate of a level from n values, from many samples.

    The true level is 0, so the mean of the squared estimates is their variance. That of the mean
    needs no measuring: it is var(ε)/n.

    Parameters
    ----------
    rng : numpy.random.Generator
    law : Law
    estimator : str
        A key of `ESTIMATORS`.
    n, replicas : int
        Replicas are a multiple of 1,000.

    Returns
    -------
    Interval

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> measured_efficiency(rng, Normal(), "mean", 10, 4000).inside(0.9, 1.1)
    True
    """
    estimate = ESTIMATORS[estimator]
    blocks = [estimate(law.sample(rng, (1000, n))) for _ in range(replicas // 1000)]
    inverse = mean_interval(np.concatenate(blocks) ** 2 * n / law.variance)
    return Interval(1 / inverse.estimate, 1 / inverse.high, 1 / inverse.low)


# -------- a slope: how its spread falls, and how often its interval covers


def normal_quantiles(n: int) -> np.ndarray:
    """Quantiles of the normal distribution at (i + ½)/n, for i from 0 to n − 1.

    Parameters
    ----------
    n : int

    Returns
    -------
    numpy.ndarray, shape (n, 1)
        Increasing; a column, as `utils.regression` takes it.

    Examples
    --------
    >>> normal_quantiles(3).round(2).ravel() + 0.0
    array([-0.97,  0.  ,  0.97])
    """
    return np.array([[NormalDist().inv_cdf((i + 0.5) / n)] for i in range(n)])


def estimated_slopes(
    rng: np.random.Generator, estimator: Callable[[Any, Any], Fit], law: Law, n: int, replicas: int
) -> np.ndarray:
    """Slopes of y = 1 + 2x + ε that an estimator finds in many samples of n points.

    x is fixed, `normal_quantiles(n)`: all chance is in the noise.

    Parameters
    ----------
    rng : numpy.random.Generator
    estimator : callable
        Takes x and y, as those of `utils.regression`.
    law : Law
    n, replicas : int
        Replicas are a multiple of 5,000, which are fitted at a time.

    Returns
    -------
    numpy.ndarray, shape (R,)

    Examples
    --------
    >>> slopes = estimated_slopes(np.random.default_rng(0), ols, Normal(), 20, 5000)
    >>> slopes.shape, round(float(slopes.mean()), 1)
    ((5000,), 2.0)
    """
    x, found = normal_quantiles(n), []
    for _ in range(replicas // 5000):
        fit = estimator(x, 1 + 2 * x[:, 0] + law.sample(rng, (5000, n)))
        if not np.all(fit.converged):
            raise RuntimeError("some fits have not converged")
        found.append(fit.coefficients[:, 1])
    return np.concatenate(found)


def slope_spreads(
    rng: np.random.Generator, estimator: Callable[[Any, Any], Fit], law: Law, n: int, replicas: int
) -> np.ndarray:
    """Spread of `estimated_slopes` in each of 25 groups: interquartile range over 1.349.

    The variance of the estimates may be infinite; this is their standard deviation if they are
    normal. From the 25 numbers one gets an interval.

    Parameters
    ----------
    rng, estimator, law, n, replicas
        As for `estimated_slopes`.

    Returns
    -------
    numpy.ndarray, shape (25,)

    Examples
    --------
    >>> slope_spreads(np.random.default_rng(0), ols, Normal(), 20, 5000).shape
    (25,)
    """
    groups = estimated_slopes(rng, estimator, law, n, replicas).reshape(25, -1)
    low, high = np.quantile(groups, [0.25, 0.75], axis=1)
    return np.asarray((high - low) / 1.349)


def slope_coverage(
    x: np.ndarray, epsilon: np.ndarray, kind: str = "classical"
) -> tuple[Interval, Interval]:
    """How often the 95 % interval of least squares covers the true slope of y = 1 + 2x + ε.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, 1) or (R, n, 1)
        The same points for all samples, or points for each.
    epsilon : numpy.ndarray, shape (R, n)
        The noise.
    kind : str
        Of standard errors, as for `utils.regression.standard_errors`.

    Returns
    -------
    covered : Interval
        The fraction of samples whose interval contains 2.
    half_width : Interval
        The median of the intervals' half widths.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> covered, half_width = slope_coverage(normal_quantiles(20), rng.normal(size=(4000, 20)))
    >>> covered.contains(0.95)
    True
    """
    y = 1 + 2 * x[..., 0] + epsilon
    fit = ols(x, y)
    half = student_t_point(x.shape[-2] - 2) * standard_errors(fit, x, y, kind)[:, 1]
    hits = np.abs(fit.coefficients[:, 1] - 2) <= half
    return fraction_interval(int(hits.sum()), len(hits)), median_interval(half)


# -------- stored: estimates of a level, for the explorer


@stored
def sampling_distributions(
    replicas: int = 2000, seed: int = 9, sizes: Sequence[int] = SAMPLE_SIZES
) -> dict[str, np.ndarray]:
    """Estimates of a level from many samples, for the explorer of notebook 09.

    Every distribution, sample size and estimator. The true level is 0. All estimators see the same
    samples, and those of size 10 are the first ten values of those of size 25, and so on.

    Parameters
    ----------
    replicas, seed : int
    sizes : sequence of int
        Increasing.

    Returns
    -------
    dict of arrays
        For each distribution and estimator `"Cauchy, mean"` … (S, R), float16 (three digits), each
        row in increasing order.

    Examples
    --------
    >>> sampling_distributions(5, sizes=[10, 25])["Cauchy, Huber"].shape
    (2, 5)
    """
    rng = np.random.default_rng(seed)
    result = {}
    for law_name, law in LAWS.items():
        samples = law.sample(rng, (replicas, max(sizes)))
        for name, estimate in ESTIMATORS.items():
            values = np.array([np.sort(estimate(samples[:, :n])) for n in sizes])
            result[f"{law_name}, {name}"] = np.clip(values, -6e4, 6e4).astype(np.float16)
    return result


# -------- what robustness costs: too small a difference for samples that are not the same

PAIRED_SIZES = (25, 100, 400)
BLOCK = 2000  # samples


@stored
def paired_efficiencies(
    replicas: int = 400_000, seed: int = 95, sizes: Sequence[int] = PAIRED_SIZES
) -> dict[str, np.ndarray]:
    """Mean squares of four estimates of a level, all from the same samples of normal noise.

    The true level is 0, so a mean square is a variance. One block of 2,000 samples after the other;
    what is kept of a block is the mean over its samples, which is all that a ratio of variances and
    its interval need.

    Parameters
    ----------
    replicas, seed : int
        Samples of each size; a multiple of 2,000.
    sizes : sequence of int

    Returns
    -------
    dict of arrays
        For each estimator `"mean"`, `"median"`, `"Huber"`, `"Tukey"`, shape (S, replicas/2000).

    Examples
    --------
    >>> paired_efficiencies(4000, sizes=[10])["Huber"].shape
    (1, 2)
    """
    rng = np.random.default_rng(seed)
    squares: dict[str, list] = {name: [] for name in ESTIMATORS}
    for _ in range(replicas // BLOCK):
        for n in sizes:
            sample = LAWS["normal"].sample(rng, (BLOCK, n))
            for name, estimate in ESTIMATORS.items():
                squares[name].append(np.mean(estimate(sample) ** 2))
    return {name: np.reshape(v, (-1, len(sizes))).T for name, v in squares.items()}


def efficiency_in_pairs(squares_of_mean: np.ndarray, squares: np.ndarray) -> Interval:
    """Variance of the mean over the variance of another estimator, with the delta method.

    To first order the ratio of two means is the mean of ratio · (1 + A/mean A − B/mean B); where A
    and B come from the same samples, most of their chance cancels in that.

    Parameters
    ----------
    squares_of_mean, squares : numpy.ndarray, shape (M,)
        Squared errors A and B of the two, or their means over blocks of samples.

    Returns
    -------
    Interval

    Examples
    --------
    >>> print(efficiency_in_pairs(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])))
    0.5 (0.5 to 0.5)
    """
    A, B = squares_of_mean, squares
    return mean_interval(A.mean() / B.mean() * (1 + A / A.mean() - B / B.mean()))
