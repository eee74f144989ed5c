"""The data of the course. Found beside this file, whatever the working directory."""

from pathlib import Path

import numpy as np

from utils import inputs

__all__ = [
    "digits",
    "eleventh_point",
    "phone_calls",
    "stack_loss",
    "star_cluster",
    "ten_points",
]

FOLDER = Path(__file__).resolve().parent.parent / "notebooks" / "data"

X1 = [0.1, 0.3, 0.1, 0.6, 0.4, 0.6, 0.5, 0.9, 0.4, 0.7]
X2 = [0.1, 0.4, 0.5, 0.9, 0.2, 0.3, 0.6, 0.2, 0.4, 0.6]


CODINGS = ("one-hot", "scalar")


def _labels(first_class: np.ndarray, labels: str) -> np.ndarray:
    mend = "one-hot gives two rows (1, 0) and (0, 1), scalar one row, 1 for the first class"
    inputs.choice("labels", labels, CODINGS, mend)
    if labels == "one-hot":
        return np.stack([first_class, 1 - first_class])
    return first_class[None, :].copy()


def ten_points(labels: str = "one-hot") -> tuple[np.ndarray, np.ndarray]:
    """Ten labelled points in the unit square, the problem the course carries along.

    Parameters
    ----------
    labels : {"one-hot", "scalar"}
        (1, 0) for the first class and (0, 1) for the second, or 1 and 0.

    Returns
    -------
    x : numpy.ndarray, shape (2, 10)
        One column a point.
    y : numpy.ndarray, shape (2, 10), or (1, 10) for scalar labels

    Raises
    ------
    ValueError
        Another word for `labels`.

    Notes
    -----
    Higham & Higham (2019), section 2: the first five points are of the first class.

    Examples
    --------
    >>> x, y = ten_points()
    >>> x[:, 0], y[:, 0]
    (array([0.1, 0.1]), array([1., 0.]))
    """
    return np.array([X1, X2]), _labels(np.repeat([1.0, 0.0], 5), labels)


def eleventh_point(labels: str = "one-hot") -> tuple[np.ndarray, np.ndarray]:
    """The point (0.3, 0.7) of the second class, which makes the problem harder.

    Parameters
    ----------
    labels : {"one-hot", "scalar"}
        As in `ten_points`.

    Returns
    -------
    x : numpy.ndarray, shape (2, 1)
    y : numpy.ndarray, shape (2, 1), or (1, 1) for scalar labels

    Examples
    --------
    >>> x, y = eleventh_point()
    >>> x.ravel(), y.ravel()
    (array([0.3, 0.7]), array([0., 1.]))
    """
    return np.array([[0.3], [0.7]]), _labels(np.zeros(1), labels)


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits, 8 × 8 pixels.

    Returns
    -------
    x : numpy.ndarray, shape (64, 1797)
        One column an image, row by row, brightness from 0 to 1 (the file has 0 … 16).
    labels : numpy.ndarray of int, shape (1797,)
        The digit, 0 … 9.

    Notes
    -----
    UCI optical recognition of handwritten digits, CC BY 4.0; see notebooks/data/README.md.

    Examples
    --------
    >>> x, labels = digits()
    >>> x.shape, labels[:5]
    ((64, 1797), array([0, 1, 2, 3, 4]))
    """
    with np.load(FOLDER / "digits.npz") as file:
        return file["images"].reshape(-1, 64).T / 16.0, file["labels"].astype(np.int64)


def _table(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Columns of a csv file: all but the last, one row a sample, and the last."""
    table = np.loadtxt(FOLDER / f"{name}.csv", delimiter=",", skiprows=1)
    return table[:, :-1].copy(), table[:, -1].copy()


def phone_calls() -> tuple[np.ndarray, np.ndarray]:
    """International telephone calls from Belgium, 1950 to 1973.

    Returns
    -------
    x : numpy.ndarray, shape (24, 1)
        Year, less 1900; one *row* a sample, for `utils.regression`.
    y : numpy.ndarray, shape (24,)
        Calls in millions; those of 1964 to 1969 were recorded in minutes, by mistake.

    Notes
    -----
    Rousseeuw and Leroy (1987), *Robust Regression and Outlier Detection*, chapter 2.

    Examples
    --------
    >>> x, y = phone_calls()
    >>> x[0], y[0].item()
    (array([50.]), 4.4)
    """
    x, y = _table("phone_calls")
    return x - 1900, y


def star_cluster() -> tuple[np.ndarray, np.ndarray]:
    """47 stars of the cluster CYG OB1: four of them are giants.

    Returns
    -------
    x : numpy.ndarray, shape (47, 1)
        Logarithm of the surface temperature; one *row* a sample, for `utils.regression`.
    y : numpy.ndarray, shape (47,)
        Logarithm of the light intensity.

    Notes
    -----
    Rousseeuw and Leroy (1987), *Robust Regression and Outlier Detection*, chapter 2.

    Examples
    --------
    >>> x, y = star_cluster()
    >>> np.flatnonzero(x[:, 0] < 3.6)  # the giants are cool
    array([10, 19, 29, 33])
    """
    return _table("star_cluster")


def stack_loss() -> tuple[np.ndarray, np.ndarray]:
    """21 days of a plant that makes nitric acid from ammonia.

    Returns
    -------
    x : numpy.ndarray, shape (21, 3)
        Air flow, water temperature, acid concentration; one *row* a sample.
    y : numpy.ndarray, shape (21,)
        Ten times the percentage of the ammonia that was lost.

    Notes
    -----
    Brownlee (1965), *Statistical Theory and Methodology in Science and Engineering*, chapter 13.

    Examples
    --------
    >>> x, y = stack_loss()
    >>> x.shape, y[:3]
    ((21, 3), array([42., 37., 37.]))
    """
    return _table("stack_loss")
