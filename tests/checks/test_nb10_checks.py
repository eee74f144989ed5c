"""The checks of notebook 10: answers by another hand, and the variants of the right one."""

import numpy as np
import pytest
from answers import Written, lines, mistakes_are_named, right_answers_pass

from utils import checks
from utils.checks import EXERCISES
from utils.checks import nb10_robust_regression as room

# -------- right answers in other styles


def leverages_one_by_one(x):
    X = np.column_stack((np.ones(len(x)), x))
    G = np.linalg.inv(X.T @ X)
    return [row @ G @ row for row in X]


def leverages_from_centred(x):
    d = x - np.mean(x, axis=0)
    return 1 / len(x) + np.einsum("ij,ij->i", d, np.linalg.solve(d.T @ d, d.T).T)


def leverages_by_svd(x):
    U, _, _ = np.linalg.svd(np.hstack([np.ones((x.shape[0], 1)), x]), full_matrices=False)
    return np.sum(U * U, axis=1)


def leverages_by_moving_each_label(x):
    X = np.column_stack([x, np.ones(len(x))])
    return [(X @ np.linalg.lstsq(X, e, rcond=None)[0]) @ e for e in np.eye(len(x))]


def leverages_by_cholesky(x):
    X = np.c_[x, np.ones(len(x))]
    v = np.linalg.solve(np.linalg.cholesky(X.T @ X), X.T)
    return (v * v).sum(axis=0)


def leverages_from_covariances(x):
    d, S = x - x.mean(axis=0), np.atleast_2d(np.cov(x.T))
    return 1 / len(x) + np.sum(d @ np.linalg.inv(S) * d, axis=1) / (len(x) - 1)


def leverages_as_squares_of_the_rows(x):
    X = np.c_[np.ones(len(x)), x]
    return ((X @ np.linalg.pinv(X)) ** 2).sum(axis=1)


STYLES = [
    (checks.leverages, leverages_one_by_one),
    (checks.leverages, leverages_from_centred),
    (checks.leverages, leverages_by_svd),
    (checks.leverages, leverages_by_moving_each_label),
    (checks.leverages, leverages_by_cholesky),
    (checks.leverages, leverages_from_covariances),
    (checks.leverages, leverages_as_squares_of_the_rows),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


def normal_matrix(x):
    X = np.hstack([np.ones((len(x), 1)), x])
    return X, np.linalg.inv(X.T @ X)


@written("leverages", "no-intercept")
def features_alone(x):
    return np.diag(x @ np.linalg.inv(x.T @ x) @ x.T)


@written("leverages", "whole-matrix")
def all_of_H(x):
    X, inverse = normal_matrix(x)
    return X @ inverse @ X.T


@written("leverages", "sum")
def trace_of_H(x):
    X, inverse = normal_matrix(x)
    return np.trace(X @ inverse @ X.T)


@written("leverages", "no-inverse")
def lengths_of_the_rows(x):
    X, _ = normal_matrix(x)
    return np.diag(X @ X.T)


@written("leverages", "not-inverted")
def product_of_all_four(x):
    X, _ = normal_matrix(x)
    return [row @ (X.T @ X) @ row for row in X]


@written("leverages", "centred-without-1/n")
def covariance_instead_of_ones(x):
    d = x - x.mean(axis=0)
    S = np.cov(x.T).reshape(x.shape[1], x.shape[1]) * (len(x) - 1)
    return np.sum(d @ np.linalg.inv(S) * d, axis=1)


@written("leverages", "one-by-one")
def formula_of_one_feature_added_up(x):
    h = np.full(len(x), 1 / len(x))
    for j in range(x.shape[1]):
        d = x[:, j] - x[:, j].mean()
        h += d**2 / (d @ d)
    return h


@written("leverages", "first-feature-only")
def formula_of_one_feature(x):
    d = x[:, 0] - x[:, 0].mean()
    return 1 / len(d) + d**2 / np.sum(d**2)


@written("leverages", "row-sums")
def sums_along_the_rows(x):
    X, inverse = normal_matrix(x)
    return np.sum(X @ inverse @ X.T, axis=1)


@written("leverages", "diagonal-of-the-inverse")
def diagonal_before_the_product(x):
    return normal_matrix(x)[1].diagonal()


@written("leverages", "indices")
def places_above_twice_the_mean(x):
    X, inverse = normal_matrix(x)
    h = np.sum(X @ inverse * X, axis=1)
    return np.where(h > 2 * h.mean())[0]


@written("leverages", "hat-of-one-row")
def distances_over_n(x):
    d = x - x.mean(axis=0)
    S = np.atleast_2d(np.cov(x.T))
    return (1 + np.einsum("ij,jk,ik->i", d, np.linalg.inv(S), d)) / len(x)


@written("leverages", "sorted-downwards")
def largest_first(x):
    X, inverse = normal_matrix(x)
    return sorted(np.diag(X @ inverse @ X.T), reverse=True)


@written("leverages", "normalised")
def parts_of_the_whole(x):
    X, inverse = normal_matrix(x)
    h = np.diag(X @ inverse @ X.T)
    return h / np.sum(h)


@written("leverages", "matrix-with-the-diagonal")
def diag_once_too_often(x):
    X, inverse = normal_matrix(x)
    return np.diag(np.sum(X @ inverse * X, axis=1))


@written("leverages", None)
def product_of_the_hint_without_its_transpose(x):
    X, _ = normal_matrix(x)
    return np.sum(X * np.linalg.solve(X.T @ X, X.T), axis=1)


@written("leverages", None)
def added_up_along_the_other_axis(x):
    X, inverse = normal_matrix(x)
    return np.sum(X @ inverse * X, axis=0)


@written("leverages", None)
def inverse_entry_by_entry(x):
    X, _ = normal_matrix(x)
    return np.diag(X @ (1 / (X.T @ X)) @ X.T)


@written("leverages", None)
def first_row_of_H(x):
    X, inverse = normal_matrix(x)
    return (X @ inverse @ X.T)[0]


@written("leverages", "mahalanobis")
def mahalanobis_distances(x):
    d = x - x.mean(axis=0)
    S = np.cov(x, rowvar=False).reshape(x.shape[1], x.shape[1])
    return np.sum(d @ np.linalg.inv(S) * d, axis=1)


@written("leverages", None)
def intercept_left_out_of_the_last_product(x):
    _, inverse = normal_matrix(x)
    return np.sum(x @ inverse[1:, 1:] * x, axis=1)


@written("leverages", None)
def samples_taken_for_columns(x):
    X = np.vstack([np.ones(x.shape[1]), x])
    return np.diag(X.T @ np.linalg.inv(X @ X.T) @ X)


@written("leverages", None)
def one_over_N_without_centring(x):
    X = np.column_stack([np.zeros(len(x)), x])
    return np.diag(X @ np.linalg.pinv(X)) + 1 / len(x)


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


# -------- the right algorithm and its variants, by other means


@pytest.mark.parametrize("p", [1, 2, 3])
def test_a_leverage_is_how_far_the_fit_follows_its_own_label(p):
    _, X = lines(3, p=p)
    h = room.right_leverages(X[:, 1:])
    follows = [X[i] @ np.linalg.lstsq(X, np.eye(12)[i], rcond=None)[0] for i in range(12)]
    assert np.abs(h - follows).max() < 1e-13
    assert h.sum() == pytest.approx(p + 1)


def test_leverages_sum_to_the_number_of_coefficients_and_slips_do_not():
    _, X = lines(7, N=10, p=3)
    x = X[:, 1:]
    known = {slip.name: slip for slip in EXERCISES["leverages"].slips}
    sums = {name: np.sum(slip.variant(x)) for name, slip in known.items()}
    assert room.right_leverages(x).sum() == pytest.approx(4)
    assert sums["no-intercept"] == pytest.approx(3)
    assert sums["centred-without-1/n"] == pytest.approx(3)
    assert sums["one-minus"] == pytest.approx(10 - 3 - 1)
    assert sums["row-sums"] == pytest.approx(10)
    assert sums["first-feature-only"] == pytest.approx(2)
    told = [name for name, slip in known.items() if "leverages sum to p + 1" in slip.see]
    assert all(abs(sums[name] - 4) > 0.1 for name in told)


def test_leverages_do_not_change_where_the_slips_told_so_do():
    _, X = lines(8, N=10, p=3)
    x = X[:, 1:]
    summed = np.column_stack([x[:, 0], x[:, 0] + x[:, 1], x[:, 2]])
    other = {"multiply x by 10": 10 * x, "replace the second feature by the sum": summed}
    for words, changed in other.items():
        assert np.abs(room.right_leverages(changed) - room.right_leverages(x)).max() < 1e-13
        told = [slip for slip in EXERCISES["leverages"].slips if words in slip.see]
        assert told
        for slip in told:
            assert np.abs(slip.variant(changed) - slip.variant(x)).max() > 0.01, slip.name
