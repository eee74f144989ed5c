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

__all__ = [
    "ESTIMATORS",
    "LAWS",
    "SAMPLE_SIZES",
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
    """Estimates of a level from many samples: every law, sample size and estimator of notebook 09.

    The true level is 0. All estimators see the same samples, and those of size 10 are the first
    ten values of those of size 25, and so on.

    Parameters
    ----------
    replicas, seed : int
    sizes : sequence of int
        Increasing.

    Returns
    -------
    dict of arrays
        For each law and estimator `"Cauchy, mean"` … (S, R), float16 (three digits), each row in
        increasing order.

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
