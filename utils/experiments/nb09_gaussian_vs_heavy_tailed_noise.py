"""Notebook 09: what estimators give for many samples of many sizes."""

from collections.abc import Callable, Sequence

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
from utils.regression import huber, tukey
from utils.replicas import Interval, mean_interval

__all__ = [
    "ESTIMATORS",
    "LAWS",
    "PAIRED_SIZES",
    "SAMPLE_SIZES",
    "efficiency_in_pairs",
    "paired_efficiencies",
    "sampling_distributions",
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
