"""Notebook 10: leverage."""

import numpy as np

from utils.checks.exercise import Case, Exercise, Slip

# -------- exercise 1: leverages


def with_ones(x):
    """X = [1, x]: the column of ones for the intercept, then the features."""
    return np.column_stack([np.ones(len(x)), x])


def hat_matrix(X):
    """X(XᵀX)⁻¹Xᵀ, as QQᵀ with an orthonormal basis Q of the columns of X."""
    Q = np.linalg.qr(X)[0]
    return Q @ Q.T


def right_leverages(x):
    """The diagonal of the hat matrix, intercept included."""
    return np.diag(hat_matrix(with_ones(x)))


def centred(x):
    """Each feature with its mean taken off."""
    return x - x.mean(axis=0)


def distances(x):
    """Squared Mahalanobis distances from the mean, with the covariances of np.cov."""
    d = centred(x)
    return (len(x) - 1) * np.sum(d * np.linalg.solve(d.T @ d, d.T).T, axis=1)


def large_leverages(x):
    """Is the leverage above twice its mean?"""
    return right_leverages(x) > 2 * (x.shape[1] + 1) / len(x)


LEVERAGES_SLIPS = (
    Slip("no-intercept", "the column of ones is missing in X",
         "add up your answer: leverages sum to p + 1, the number of coefficients; yours to p.",
         lambda x: np.diag(hat_matrix(x))),
    Slip("whole-matrix", "this is the whole hat matrix; its diagonal is asked for",
         "print the shape of your answer: one number a sample, (n,).",
         lambda x: hat_matrix(with_ones(x))),
    Slip("sum", "this is the trace, the sum of all leverages, which is always p + 1; each of "
         "them is asked for", "print the shape of your answer: one number a sample, (n,).",
         lambda x: right_leverages(x).sum()),
    Slip("no-inverse", "these are the squared lengths of the rows, the diagonal of XXᵀ; "
         "(XᵀX)⁻¹ between the two is missing",
         "multiply x by 10: leverages don't change.",
         lambda x: (with_ones(x) ** 2).sum(axis=1)),
    Slip("not-inverted", "XᵀX stands between X and Xᵀ where its inverse belongs",
         "multiply x by 10: leverages don't change.",
         lambda x: ((with_ones(x) @ with_ones(x).T) ** 2).sum(axis=1)),
    Slip("centred-without-1/n", "x was centred, which replaces the column of ones, but its "
         "part 1/n is missing", "add up your answer: leverages sum to p + 1; yours to p.",
         lambda x: np.diag(hat_matrix(centred(x)))),
    Slip("square-root", "this is the square root of the leverages",
         "add up your answer: leverages sum to p + 1.", lambda x: np.sqrt(right_leverages(x))),
    Slip("one-minus", "this is 1 − h, by which the residuals shrink; h itself is asked for",
         "add up your answer: leverages sum to p + 1; yours to n − p − 1.",
         lambda x: 1 - right_leverages(x)),
    Slip("indices", "these are the places of the large leverages; the values are asked for, "
         "one a sample", "print the shape of your answer: (n,).",
         lambda x: np.flatnonzero(large_leverages(x))),
    Slip("yes-or-no", "you say which leverages are large; the values are asked for",
         "add up your answer: leverages sum to p + 1.", large_leverages),
    Slip("diagonal-of-the-inverse", "this is the diagonal of (XᵀX)⁻¹, which belongs to the "
         "coefficients; X on its left and Xᵀ on its right are missing",
         "print the shape of your answer: one number a sample, (n,).",
         lambda x: np.diag(np.linalg.inv(with_ones(x).T @ with_ones(x)))),
    Slip("hat-of-one-row", "1/n + … was formed with np.cov or ddof = 1, which divide by n − 1, and "
         "then divided by n", "add up your answer: leverages sum to p + 1.",
         lambda x: 1 / len(x) + distances(x) / len(x)),
    Slip("mahalanobis", "these are the squared Mahalanobis distances, from np.cov; a leverage is "
         "1/n + that/(n − 1)", "add up your answer: leverages sum to p + 1; yours to p(n − 1).",
         lambda x: distances(x)),
    Slip("sorted", "the leverages were sorted; entry i belongs to row i of x",
         "exchange two rows of x: the same two entries must be exchanged.",
         lambda x: np.sort(right_leverages(x))),
    Slip("sorted-downwards", "the leverages were sorted; entry i belongs to row i of x",
         "exchange two rows of x: the same two entries must be exchanged.",
         lambda x: np.sort(right_leverages(x))[::-1]),
    Slip("normalised", "the leverages were divided by their sum, p + 1",
         "add up your answer: leverages sum to p + 1; yours to 1.",
         lambda x: right_leverages(x) / (x.shape[1] + 1)),
    Slip("matrix-with-the-diagonal", "the numbers are right, but they stand in a diagonal matrix: "
         "np.diag of an array with one dimension makes one",
         "print the shape of your answer: one number a sample, (n,).",
         lambda x: np.diag(right_leverages(x))),
    Slip("diagonal-of-the-square", "this is the diagonal of the hat matrix, squared: it was "
         "multiplied entry by entry with itself", "add up your answer: leverages sum to p + 1.",
         lambda x: np.diag(hat_matrix(with_ones(x))) ** 2),
    Slip("times-n", "these are n times the leverages", "add up your answer: leverages sum to p + "
         "1.",
         lambda x: len(x) * right_leverages(x)),
    Slip("over-the-mean", "these are the leverages divided by their mean (p + 1)/n",
         "add up your answer: leverages sum to p + 1; yours to n.",
         lambda x: len(x) * right_leverages(x) / (x.shape[1] + 1)),
    Slip("column", "the numbers are right, but as a column; one dimension is asked for, (n,)",
         "print the shape of your answer.", lambda x: right_leverages(x)[:, None]),
    Slip("row-sums", "the rows of the hat matrix were added up, and each sums to 1; its "
         "diagonal is asked for", "add up your answer: leverages sum to p + 1; yours to n.",
         lambda x: np.ones(len(x))),
    Slip("first-feature-only", "only the first column of x is used",
         "add up your answer: leverages sum to p + 1; yours to 2.",
         lambda x: right_leverages(x[:, :1])),
    Slip("one-by-one", "1/n + Σ (x − x̄)²/Σ(x − x̄)² takes each feature by itself; features "
         "that move together need (XᵀX)⁻¹",
         "replace the second feature by the sum of the first two: leverages don't change.",
         lambda x: 1 / len(x) + (centred(x) ** 2 / (centred(x) ** 2).sum(axis=0)).sum(axis=1)),
)  # fmt: skip


def leverages_cases(rng):
    def arguments(N, p):
        x = rng.normal(size=(N, p)) @ rng.normal(size=(p, p))
        x[2] *= 6  # one row far out
        return (x,)

    far = np.array([[1760.0], [1895.0], [2930.0], [2010.0], [2080.0], [1610.0], [2240.0]])
    return [
        Case("three features", arguments(12, 3)),
        Case("one feature about 2000", (far,)),
    ]


leverages = Exercise(
    "leverages", right_leverages, LEVERAGES_SLIPS, leverages_cases, takes=("x",), rtol=1e-8
)
