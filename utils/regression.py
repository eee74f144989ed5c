r"""Fitting a line, or a plane: by least squares, and by what stands up to outliers.

.. math:: y_i = \beta_0 + \beta_1 x_{i1} + \dots + \beta_p x_{ip} + \varepsilon_i

**This module follows statistics, not networks:** x is (..., N, p), one *row* a sample, and y is
(..., N). The intercept is added here; its coefficient comes first. Leading axes are replicas: ten
thousand samples are fitted by one call.

Most estimators here solve

.. math:: \sum_i \psi(r_i / s)\,(1, x_i) = 0, \qquad r_i = y_i - \hat y_i,

with a function ψ that says how hard a residual pulls and a scale s. Written with weights
w = ψ(u)/u, it is a weighted least-squares problem whose weights depend on its solution; one solves,
weighs anew, and repeats (*iteratively reweighted least squares*).
"""

import math
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from utils import inputs
from utils.replicas import in_blocks, student_t_point

__all__ = [
    "Fit",
    "Limits",
    "confidence_interval",
    "huber",
    "lad",
    "lts",
    "mm",
    "ols",
    "standard_errors",
    "student_t",
    "tukey",
]

STEPS = 500
ROUNDING = 256 * np.finfo(float).eps  # 6e-14
RELATIVE = 1e-10
MAD = NormalDist().inv_cdf(0.75)  # 0.6745: the median of |r| under the standard normal
S_BISQUARE = 1.547645  # bisquare constant of breakdown ½
LTS_CUT = NormalDist().inv_cdf(0.9875)  # 2.2414: beyond it a point is left out in the last step
SUBSETS = 500
SEED = 1987  # of the subsets
KEPT = 50  # best planes from subsets, which LTS follows downhill
SWAPS = 40  # points on each side that LTS tries to exchange: all of them, up to N = 80
KINDS = ("classical", "sandwich", "HC0", "HC1", "HC2", "HC3")  # of standard errors
BLOCK = 2**17  # numbers y that are worked on at once: a megabyte

Function = Callable[[np.ndarray], np.ndarray]


class Psi(NamedTuple):
    """ψ of one kind, by two functions of u = r/s: the weight ψ(u)/u and the slope ψ′(u)."""

    weight: Function
    slope: Function


Kind = Callable[[float], Psi]


class Pull(NamedTuple):
    """What ψ does to each residual r: the force s ψ(r/s), and the slope ψ′(r/s).

    `counts` are weights, for a ψ that lets go of what is far out: how much each point still counts
    for the design. `smooth` is False where the slope is none of ψ, but an estimated density.
    """

    force: np.ndarray
    slope: np.ndarray
    counts: np.ndarray | None = None
    smooth: bool = True


class Limits(NamedTuple):
    """Confidence limits of coefficients, from `confidence_interval`.

    Attributes
    ----------
    low, high : numpy.ndarray, shape (..., p + 1)

    Examples
    --------
    >>> Limits(np.array([-1.0, 0.5]), np.array([1.0, 2.5])).high
    array([1. , 2.5])
    """

    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Fit:
    """What an estimator returns; with replicas, one of each for every replica.

    Parameters
    ----------
    coefficients : numpy.ndarray, shape (..., p + 1)
        The intercept first.
    scale : float or numpy.ndarray, shape (...)
        Estimated size of the residuals, in the units of y.
    weights : numpy.ndarray, shape (..., N)
        ψ(u)/u, how much each sample counted, from 0 to 1 (Student's t: to (ν + 1)/ν). Where all
        count 1 it is a read-only view of that one number, so as not to fill memory with it.
    converged : bool or numpy.ndarray, shape (...)
        Did the iteration stand still?
    residuals : numpy.ndarray, shape (..., N)
        r = y − ŷ.
    psi : callable
        From residuals, scales and weights the pulls s ψ(r/s) and the slopes ψ′(r/s), for
        `standard_errors`.
    criterion : float or numpy.ndarray, shape (...), or None
        The smallest value that the search has found: Σ|r| or the quantile loss of `lad`, the scale
        of the S-estimator of `mm`, the sum of the h smallest squares of `lts`. Of two searches the
        one with the smaller criterion was the better. None where nothing is searched for.

    Examples
    --------
    >>> fit = ols([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> fit.coefficients.round(6), float(fit.scale), bool(fit.converged)
    (array([1., 2.]), 0.0, True)
    """

    coefficients: np.ndarray
    scale: Any
    weights: np.ndarray
    converged: Any
    residuals: np.ndarray | None = field(default=None, repr=False)
    psi: Any = field(default=None, repr=False)
    criterion: Any = field(default=None, repr=False)


# -------- the estimators


def ols(x: Any, y: Any) -> Fit:
    r"""Ordinary least squares: minimise Σ r².

    .. math:: \psi(r) = r, \qquad s^2 = \frac{1}{N - p - 1} \sum_i r_i^2

    Parameters
    ----------
    x : array_like, shape (..., N, p)
        One row a sample; no column of ones. With p = 0 the intercept alone is fitted.
    y : array_like, shape (..., N)

    Returns
    -------
    Fit

    Raises
    ------
    TypeError, ValueError
        No finite real numbers, shapes that don't fit, fewer rows than unknowns, a constant
        column, columns that depend on each other.

    Examples
    --------
    >>> x, y = [[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 2.0, 7.0]
    >>> ols(x, y).coefficients.round(3)
    array([-0.8, 2.2])
    """

    def solve(problem: _Problem) -> "_Found":
        r, (N, q) = problem.residuals(problem.theta), problem.A.shape[1:]
        scale = np.sqrt(np.sum(r**2, axis=1) / max(N - q, 1))
        return _Found(problem.theta, scale, r, np.ones((len(r), 1)))

    return _fit(x, y, solve, _weighed)


def huber(x: Any, y: Any, k: float = 1.345) -> Fit:
    r"""Huber's estimator: least squares for small residuals, bounded pull for large ones.

    .. math:: \psi(u) = \max(-k, \min(u, k)), \qquad s = \operatorname{median}_i |r_i| / 0.6745

    The scale is estimated anew in each step. Huber (1964), Annals of Mathematical Statistics 35.

    Parameters
    ----------
    x : array_like, shape (..., N, p)
    y : array_like, shape (..., N)
    k : float
        In units of the scale; 1.345 costs 5 % efficiency under normal noise.

    Returns
    -------
    Fit

    Raises
    ------
    TypeError, ValueError
        As `ols`; k is no positive number.

    Examples
    --------
    >>> x, y = np.arange(9.0)[:, None], np.array([0, 1.1, 1.9, 3, 4.1, 4.9, 6, 7.1, 80])
    >>> f"slopes {ols(x, y).coefficients[1]:.2f} and {huber(x, y).coefficients[1]:.2f}"
    'slopes 5.80 and 1.02'
    """
    k = inputs.positive_number("k", k, "1.345 is usual")
    return _m_fit(x, y, _huber, k, _mad)


def tukey(x: Any, y: Any, c: float = 4.685) -> Fit:
    r"""Tukey's bisquare: what lies far out does not count at all.

    .. math:: w(u) = (1 - (u/c)^2)^2 \quad (|u| < c), \qquad 0 \text{ otherwise}

    The pull ψ(u) = u w(u) goes back to 0 (it *redescends*), so there may be several solutions;
    this is the one that is reached from least squares. Scale as in `huber`. Beaton and Tukey
    (1974), Technometrics 16.

    Parameters
    ----------
    x : array_like, shape (..., N, p)
    y : array_like, shape (..., N)
    c : float
        In units of the scale; 4.685 costs 5 % efficiency under normal noise.

    Returns
    -------
    Fit

    Raises
    ------
    TypeError, ValueError
        As `ols`; c is no positive number.

    Examples
    --------
    >>> x, y = np.arange(9.0)[:, None], np.array([0, 1.1, 1.9, 3, 4.1, 4.9, 6, 7.1, 80])
    >>> tukey(x, y).weights[-1].item()
    0.0
    """
    c = inputs.positive_number("c", c, "4.685 is usual")
    return _m_fit(x, y, _bisquare, c, _mad)


def student_t(x: Any, y: Any, nu: float = 3) -> Fit:
    r"""Maximum likelihood for noise s·t with Student's distribution of ν degrees of freedom.

    .. math:: w(u) = \frac{\nu + 1}{\nu + u^2}, \qquad \frac1N \sum_i w(r_i/s)\, r_i^2 = s^2

    Coefficients and scale together. Lange, Little and Taylor (1989), Journal of the American
    Statistical Association 84. The likelihood may have several maxima; this one is reached from
    least squares.

    Parameters
    ----------
    x : array_like, shape (..., N, p)
    y : array_like, shape (..., N)
    nu : float
        Degrees of freedom.

    Returns
    -------
    Fit

    Raises
    ------
    TypeError, ValueError
        As `ols`; nu is no positive number.

    Examples
    --------
    >>> x, y = np.arange(9.0)[:, None], np.array([0, 1.1, 1.9, 3, 4.1, 4.9, 6, 7.1, 80])
    >>> f"slope {student_t(x, y).coefficients[1]:.2f}"
    'slope 1.00'
    """
    nu = inputs.positive_number("nu", nu, "3 is usual")
    weight = _student(nu).weight

    def scale(r: np.ndarray, s: np.ndarray) -> np.ndarray:
        w = weight(_over(r, s))
        total = np.sum(w, axis=1)
        return np.sqrt(np.sum(w * r**2, axis=1) / np.where(total > 0, total, 1.0))

    # a scale of 0 makes the likelihood infinite, which is a maximum of a perfect fit alone
    return _m_fit(x, y, _student, nu, scale, exact="all")


def lad(x: Any, y: Any, quantile: float = 0.5) -> Fit:
    r"""Least absolute deviations: minimise Σ |r|, exactly; or regression quantiles.

    .. math:: \min_\beta\; 2\tau \sum_{r_i > 0} |r_i| + 2(1 - \tau) \sum_{r_i < 0} |r_i|

    For τ = ½ that is Σ |r| and ψ(r) = sign r. For another `quantile` τ (about) that fraction of
    the points lies below the plane; the criterion is twice that of Koenker and Bassett (1978),
    Econometrica 46. A solution passes through p + 1 of the points (at least), so one walks from
    one such set to the next, down the steepest edge, until no edge leads down. Barrodale and
    Roberts (1973), SIAM Journal on Numerical Analysis 10. The scale is median|r|/0.6745; all
    weights are given as 1.

    Where several solutions are equally good, this is one of them. So without x and with an even
    number of samples it is one of the two in the middle, or both are as good as all between, not
    their mean: of [0, 10] the answer is 0.

    Parameters
    ----------
    x : array_like, shape (..., N, p)
    y : array_like, shape (..., N)
    quantile : float
        τ, from 1e-6 to 1 − 1e-6; 0.9 is the plane below which nine in ten points lie.

    Returns
    -------
    Fit

    Raises
    ------
    TypeError, ValueError
        As `ols`.

    Examples
    --------
    >>> x, y = np.empty((5, 0)), [1.0, 2.0, 3.0, 4.0, 100.0]
    >>> lad(x, y).coefficients, lad(x, y, quantile=0.3).coefficients
    (array([3.]), array([2.]))
    """
    tilt = 2 * inputs.quantile(quantile) - 1

    def solve(problem: _Problem) -> "_Found":
        theta, converged = _least_absolute(problem.A, problem.y, tilt)
        r = problem.residuals(theta)
        loss = np.sum(np.abs(r) + tilt * r, axis=1)
        return _Found(theta, _mad(r), r, np.ones((len(r), 1)), converged, loss)

    return _fit(x, y, solve, partial(_signs, tilt))


def mm(x: Any, y: Any) -> Fit:
    r"""MM-estimator: withstands up to half of bad points, and is efficient under normal noise.

    First an *S-estimator*: among all planes the one whose residuals have the smallest robust scale
    s, defined by

    .. math:: \frac{1}{N - p - 1} \sum_i \rho(r_i / s) = \tfrac12

    with the bisquare ρ for c = 1.548, scaled to the height 1. From there, with s held fixed,
    Tukey's bisquare with c = 4.685. Yohai (1987), Annals of Statistics 15; Salibián-Barrera and
    Yohai (2006), Journal of Computational and Graphical Statistics 15.

    The start is searched from 500 small subsets (all, where there are no more), always the same
    ones: the same data give the same answer.

    Parameters
    ----------
    x : array_like, shape (..., N, p)
    y : array_like, shape (..., N)

    Returns
    -------
    Fit

    Raises
    ------
    TypeError, ValueError
        As `ols`.

    Examples
    --------
    >>> x = np.arange(10.0)[:, None]
    >>> y = np.array([0, 1.1, 1.9, 3, 4.1, 4.9, 6.1, -50, -52, -54])
    >>> f"slopes {huber(x, y).coefficients[1]:.1f} and {mm(x, y).coefficients[1]:.1f}"
    'slopes -6.7 and 1.0'
    """

    def start(problem: _Problem) -> list[np.ndarray]:
        return problem.each(_s_estimate, (0.0,))

    return _m_fit(x, y, _bisquare, 4.685, lambda r, s: s, start)


def lts(x: Any, y: Any) -> Fit:
    r"""Least trimmed squares: the smallest sum of the h smallest squared residuals.

    .. math:: \min_\beta \sum_{i=1}^h r^2_{(i)}(\beta), \qquad h = \lfloor (N + p + 2)/2 \rfloor

    then least squares once more for all points with |r|/s ≤ 2.24 (97.5 % of a normal distribution).
    Rousseeuw (1984), Journal of the American Statistical Association 79.

    The search begins with planes through 500 small subsets (all, where there are no more), always
    the same ones. Each is fitted to the h points that are nearest to it, again and again (Rousseeuw
    and Van Driessen (2006), Data Mining and Knowledge Discovery 12); the 50 best are then followed
    until also no exchange of one point for another lowers the sum (Hawkins (1994), Computational
    Statistics and Data Analysis 17). That finds the smallest sum nearly always, but nothing proves
    it: `criterion` is what was found.

    The scale s of the first step is √(criterion/h), and that of the last, which is given, is
    √(Σ r²/(m − 1)) over the m points that count. Both are multiplied by two factors: that which
    makes it the standard deviation if the points are the inner h (or m) of N normal ones, and one
    for small samples, fitted to simulations by Pison, Van Aelst and Willems (2002), Metrika 55.
    Without the latter a quarter of 21 good points would be left out. Where m = N both are 1. With
    at least one column all of this is as in R's ltsReg with its default alpha = ½ (which refuses
    N ≤ 2p + 2; here the factors are then those of N = 2p + 3).

    Parameters
    ----------
    x : array_like, shape (..., N, p)
    y : array_like, shape (..., N)

    Returns
    -------
    Fit
        Weights are 1 for the points of the last step and 0 for those left out. (R's lts.wt are
        those of one step more: |r|/scale ≤ 2.24 with what is given here.)

    Raises
    ------
    TypeError, ValueError
        As `ols`.

    Examples
    --------
    >>> x = np.arange(10.0)[:, None]
    >>> y = np.array([0, 1.1, 1.9, 3, 4.1, 4.9, 6.1, -50, -52, -54])
    >>> lts(x, y).weights
    array([1., 1., 1., 1., 1., 1., 1., 0., 0., 0.])
    """

    def solve(problem: _Problem) -> "_Found":
        exact = (0.0, np.ones(problem.A.shape[1]), 0.0)
        theta, scale, w, least = problem.each(_trimmed, exact)
        return _Found(theta, scale, problem.residuals(theta), w, criterion=least)

    return _fit(x, y, solve, _chosen)


def standard_errors(fit: Fit, x: Any, y: Any, kind: str = "classical") -> np.ndarray:
    r"""Standard errors of the coefficients.

    .. math:: \text{classical:}\quad K^2\,
              \frac{\frac{1}{N-p-1}\sum \psi_i^2}{(\frac1N \sum \psi'_i)^2}\, C^{-1},
              \qquad \text{sandwich:}\quad A^{-1} B A^{-1}, \quad
              A = \sum \psi'_i\, x_i x_i^T, \; B = \sum \psi_i^2\, x_i x_i^T,

    square roots of the diagonals; X has the column of ones, ψ is in the units of y, and
    K = 1 + (p+1)/N · var ψ′/(mean ψ′)². C is XᵀX for `ols`, `huber` and `lad`; where ψ lets go of
    what is far out (`tukey`, `student_t`, `mm`) it is XᵀWX / mean w, for a point that has no weight
    says nothing about the slope, however far out its x (so in R's robustbase, `.vcov.w`). For least
    squares ψ = r, ψ′ = 1, K = 1: the textbook's s²(XᵀX)⁻¹.

    The classical formula supposes that the noise has the same distribution at every x, the
    sandwich does not. It is too small in small samples, and there are four of it:

    ======================  ==========================================================
    "HC0" (or "sandwich")   as above
    "HC1"                   B times N/(N − p − 1)
    "HC2"                   ψᵢ²/(1 − hᵢ) in B: unbiased for `ols` under equal variances
    "HC3"                   ψᵢ²/(1 − hᵢ)² in B: the jackknife
    ======================  ==========================================================

    with the leverages hᵢ = ψ′ᵢ xᵢᵀA⁻¹xᵢ. With 10 to 20 samples only HC3 covers nearly what it says.
    (Leave sample i out: the sum Σ ψ x, which was 0, is −ψᵢxᵢ then, and its derivative
    A − ψ′ᵢxᵢxᵢᵀ. One step of Newton's moves the coefficients by (A − ψ′ᵢxᵢxᵢᵀ)⁻¹ψᵢxᵢ, which is
    A⁻¹xᵢψᵢ/(1 − hᵢ); the jackknife adds up the squares of these moves.)

    For `lad` ψ′ is a density estimate, which knows no such step: HC2 and HC3 are refused. Errors of
    `lts` are refused altogether: its points were chosen by their residuals, and formulas that take
    them as given are too small by far (intervals of 95 % cover 49 to 77 %); `mm` has errors.

    Huber (1981), *Robust Statistics*, section 7.6; White (1980), Econometrica 48; MacKinnon and
    White (1985), Journal of Econometrics 29.

    Parameters
    ----------
    fit : Fit
        Of these x and y.
    x : array_like, shape (..., N, p)
    y : array_like, shape (..., N)
    kind : {"classical", "sandwich", "HC0", "HC1", "HC2", "HC3"}

    Returns
    -------
    numpy.ndarray, shape (..., p + 1)

    Raises
    ------
    TypeError, ValueError
        As `ols`; a fit of other data, or by `lts`; another kind; no more rows than unknowns; HC2 or
        HC3 where a sample has the leverage 1, or for `lad`.

    Examples
    --------
    >>> x, y = [[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 2.0, 7.0]
    >>> fit = ols(x, y)
    >>> standard_errors(fit, x, y).round(3), standard_errors(fit, x, y, "HC3").round(3)
    (array([1.296, 0.693]), array([2.056, 1.461]))
    """
    inputs.choice("kind", kind, KINDS, "all but the first allow for noise whose size depends on x")
    x, y, lead = inputs.regression_data(x, y)
    given = inputs.fit_of(fit, x, y, lead)

    def errors(problem: _Problem, *given: np.ndarray) -> tuple[np.ndarray]:
        _check_residuals(problem, *given)
        return (_standard_errors(problem, fit.psi(*given[1:]), kind),)

    return _by_blocks(errors, x, y, *given)[0].reshape(*lead, -1)


def confidence_interval(fit: Fit, x: Any, y: Any, kind: str = "classical") -> Limits:
    r"""Intervals that are meant to contain the true coefficients in 95 % of all samples.

    .. math:: \hat\beta_j \pm t_{N-p-1}\, \mathrm{se}_j

    with the 97.5 % point of Student's distribution. Exact for `ols` under normal noise of equal
    size; in all other cases better the more samples there are.

    Parameters
    ----------
    fit, x, y, kind
        As in `standard_errors`.

    Returns
    -------
    Limits
        `low` and `high`, each of the shape of fit.coefficients.

    Raises
    ------
    TypeError, ValueError
        As `standard_errors`.

    Examples
    --------
    >>> x, y = [[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 2.0, 7.0]
    >>> confidence_interval(ols(x, y), x, y).low.round(2)
    array([-6.38, -0.78])
    """
    errors = standard_errors(fit, x, y, kind)
    half = student_t_point(fit.weights.shape[-1] - errors.shape[-1]) * errors
    return Limits(fit.coefficients - half, fit.coefficients + half)


def _standard_errors(problem: "_Problem", pull: Pull, kind: str) -> np.ndarray:
    inputs.slopes_positive_on_average(pull.slope.mean(axis=1))
    covariance = (_classical if kind == "classical" else _sandwich)(problem, pull, kind)
    back = problem.to_coefficients
    unit = np.abs(back).max(axis=2, keepdims=True)  # squares of it could be infinite
    variance = np.einsum("...ij,...jk,...ik->...i", back / unit, covariance, back / unit)
    return unit[..., 0] * np.sqrt(variance)


def _classical(problem: "_Problem", pull: Pull, kind: str) -> np.ndarray:
    N, q = problem.A.shape[1:]
    mean = pull.slope.mean(axis=1)
    correction = 1 + q / N * pull.slope.var(axis=1) / mean**2
    size = correction**2 * np.sum(pull.force**2, axis=1) / (N - q) / mean**2
    if pull.counts is None:
        return size[:, None, None] * (problem.root @ problem.root.mT)
    relative = pull.counts / pull.counts.mean(axis=1, keepdims=True)
    return size[:, None, None] * _inverse_of_squares(problem.A, relative)


def _sandwich(problem: "_Problem", pull: Pull, kind: str) -> np.ndarray:
    A, (N, q) = problem.A, problem.A.shape[1:]
    bread = _inverse_of_squares(A, pull.slope)
    force = pull.force
    if kind == "HC1":
        force = force * math.sqrt(N / (N - q))
    elif kind in ("HC2", "HC3"):
        inputs.leverages_have_a_meaning(kind, pull.smooth)
        rest = 1 - pull.slope * np.sum((A @ bread) * A, axis=2)
        inputs.leverages_below_one(rest, kind)
        force = force / (np.sqrt(rest) if kind == "HC2" else rest)
    return bread @ (A.mT @ (force[..., None] ** 2 * A)) @ bread


def _inverse_of_squares(A: np.ndarray, w: np.ndarray) -> np.ndarray:
    """(AᵀWA)⁻¹ of each replica, or a refusal."""
    G = A.mT @ (w[..., None] * A)
    inputs.points_that_count(G)
    return np.linalg.inv(G)


def _check_residuals(problem: "_Problem", beta: np.ndarray, r: np.ndarray, *_: Any) -> None:
    """Refuse a fit whose residuals are not those of its coefficients and these data."""
    beta = beta.copy()
    beta[:, 0] -= problem.level
    theta = np.linalg.solve(problem.to_coefficients, beta[..., None])[..., 0]
    inputs.residuals_of_these(problem.residuals(theta) - r, problem.y)


# -------- ψ of each kind: the weights ψ(u)/u, and the slope ψ′(u)


def _huber(k: float) -> Psi:
    def weight(u: np.ndarray) -> np.ndarray:
        return k / np.maximum(np.abs(u), k)

    def slope(u: np.ndarray) -> np.ndarray:
        return (np.abs(u) <= k).astype(float)

    return Psi(weight, slope)


def _bisquare(c: float) -> Psi:
    def weight(u: np.ndarray) -> np.ndarray:
        return np.maximum(1 - (u / c) ** 2, 0) ** 2

    def slope(u: np.ndarray) -> np.ndarray:
        inside = np.minimum((u / c) ** 2, 1)
        return (1 - inside) * (1 - 5 * inside)

    return Psi(weight, slope)


def _student(nu: float) -> Psi:
    def weight(u: np.ndarray) -> np.ndarray:
        return (nu + 1) / (nu + u**2)

    def slope(u: np.ndarray) -> np.ndarray:
        square = np.minimum(u**2, 1e100)  # infinity over infinity would be nan
        return (nu + 1) * (nu - square) / (nu + square) ** 2

    return Psi(weight, slope)


def _weighed(r: np.ndarray, s: np.ndarray, w: np.ndarray) -> Pull:
    """Pulls and slopes of least squares."""
    return Pull(w * r, w)


def _reweighed(kind: Kind, constant: float, r: np.ndarray, s: np.ndarray, w: np.ndarray) -> Pull:
    """Pulls and slopes of an M-estimate; Huber's never lets go of a point."""
    counts = None if kind is _huber else w
    return Pull(w * r, kind(constant).slope(_over(r, s)), counts)


def _signs(tilt: float, r: np.ndarray, s: np.ndarray, w: np.ndarray) -> Pull:
    """Pulls of LAD, which are signs, and slopes: twice the density of the residuals at 0.

    For the quantile τ the pulls are 2τ and −2(1 − τ): signs, tilted by 2τ − 1.
    """
    width = _density_width(r, (1 + tilt) / 2)
    near = np.where(width > 0, (np.abs(r) <= width) / np.where(width > 0, width, 1.0), 1.0)
    force = np.where((width > 0) & (r != 0), np.sign(r) + tilt, 0.0)
    return Pull(force, near, smooth=False)


def _chosen(r: np.ndarray, s: np.ndarray, w: np.ndarray) -> Pull:
    """LTS: whether a point pulls at all depends on the others, and no slope says how."""
    inputs.no_errors_of_chosen_points()


def _median(values: np.ndarray) -> np.ndarray:
    """The median of each row: np.median without its search for nan, three times as quick."""
    half = values.shape[-1] // 2
    ordered = np.partition(values, half, axis=-1)
    if values.shape[-1] % 2:
        return ordered[..., half]
    return (ordered[..., :half].max(axis=-1) + ordered[..., half]) / 2


def _mad(r: np.ndarray, s: Any = None) -> np.ndarray:
    """median|r|/0.6745 of each row; about 0, not about the median of r."""
    return _median(np.abs(r)) / MAD


def _over(r: np.ndarray, s: np.ndarray) -> np.ndarray:
    """r/s; where s is 0, a residual of 0 is small and any other is infinitely large."""
    s = s[:, None]
    with np.errstate(over="ignore"):
        if np.all(s > 0):
            return r / s
        return np.where(s > 0, r / np.where(s > 0, s, 1.0), np.where(r == 0, 0.0, np.inf))


# -------- iteratively reweighted least squares


def _m_fit(
    x: Any,
    y: Any,
    kind: Kind,
    constant: float,
    scale: Callable[[np.ndarray, Any], np.ndarray],
    start: Callable[["_Problem"], Any] | None = None,
    exact: str = "enough",
) -> Fit:
    """Fit with this ψ and scale, from least squares or another `start`: θ and s of a problem.

    A scale of 0 is an answer if the plane passes through `exact` points: "all", or "enough" to
    determine it.
    """
    weight = kind(constant).weight

    def solve(problem: _Problem) -> "_Found":
        theta, s = start(problem) if start else (problem.theta, None)
        s = _mad(problem.residuals(theta)) if s is None else s
        found = _m_estimate(problem, weight, scale, theta.copy(), s.copy())
        N, q = problem.A.shape[1:]
        # 0, but for rounding
        none = found.scale <= 100 * ROUNDING * np.abs(found.theta).max(axis=1)
        on_plane = np.sum(found.residuals == 0, axis=1) >= (N if exact == "all" else q)
        criterion = s if start else None
        return found._replace(converged=found.converged & (~none | on_plane), criterion=criterion)

    return _fit(x, y, solve, partial(_reweighed, kind, constant))


def _m_estimate(
    problem: "_Problem",
    weight: Function,
    scale: Callable[[np.ndarray, Any], np.ndarray],
    theta: np.ndarray,
    s: np.ndarray,
) -> "_Found":
    """Weigh, solve, and repeat, each replica until it stands still."""
    i, moving = np.arange(len(theta)), problem  # those that move yet
    size = 1 / math.sqrt(problem.y.shape[1])  # about that of the entries of A
    for _ in range(STEPS):
        r = moving.residuals(theta[i])
        s_new = scale(r, s[i])
        new = _weighted(moving.A, moving.y, weight(_over(r, s_new)))
        still = np.maximum(RELATIVE * s_new, size * ROUNDING * np.abs(new).max(axis=1))
        moved = size * np.abs(new - theta[i]).max(axis=1)
        moves = (moved > still) | (np.abs(s_new - s[i]) > still)
        theta[i], s[i] = new, s_new
        if not moves.all():
            i, moving = i[moves], moving.only(moves)
        if i.size == 0:
            break
    r = problem.residuals(theta)
    converged = ~np.isin(np.arange(len(theta)), i)
    return _Found(theta, s, r, weight(_over(r, s)), converged)


def _weighted(A: np.ndarray, r: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Weighted least squares, (AᵀWA)⁻¹AᵀWr, for each replica."""
    if len(A) == 1:  # one design for all: all of them in two matrix products
        X, (N, q) = A[0].T, A.shape[1:]
        G = (w @ (X[:, None] * X).reshape(q * q, N).T).reshape(-1, q, q)
        h = ((w * r) @ X.T)[..., None]
    else:
        weighted = w[..., None] * A
        G, h = A.mT @ weighted, weighted.mT @ r[..., None]
    try:
        return np.linalg.solve(G, h)[..., 0]
    except np.linalg.LinAlgError:  # the points that count don't determine the plane
        return (np.linalg.pinv(G, hermitian=True) @ h)[..., 0]


# -------- least absolute deviations


def _least_absolute(A: np.ndarray, y: np.ndarray, tilt: float) -> tuple[np.ndarray, np.ndarray]:
    """θ with the smallest Σ(|r| + tilt · r) for each replica, and whether it was reached."""
    R, N = y.shape
    q = A.shape[2]
    theta = _smooth_start(A, y, tilt)
    size = _median(np.abs(y - _times(A, theta))) + _median(np.abs(y))
    most = np.sort(np.abs(y), axis=1)[:, : N - N // 10].mean(axis=1)
    size = np.maximum(size, 0.1 * most)  # for the case that half are exactly on a plane
    # Three points on a line could make the walk go round in circles: tiny, fixed displacements
    # prevent it, and are taken out again at the end. Of several equally good planes tiny, fixed
    # weights choose one, the same on every machine.
    rng = np.random.default_rng(1973)
    shaken = y + 1e-10 * size[:, None] * rng.uniform(-1, 1, N)
    weight = np.asarray(1 + 1e-9 * rng.uniform(-1, 1, N))
    basis = _nearest_points(A, shaken - _times(A, theta))
    converged = np.zeros(R, bool)
    for _ in range(20 * (N + q)):
        i = np.flatnonzero(~converged)
        if i.size == 0:
            break
        basis[i], converged[i] = _one_edge(_of(A, i), shaken[i], weight, basis[i], tilt)
    rows = np.take_along_axis(np.broadcast_to(A, (R, N, q)), basis[..., None], axis=1)
    theta = np.linalg.solve(rows, np.take_along_axis(y, basis, axis=1)[..., None])[..., 0]
    return theta, converged


def _one_edge(
    A: np.ndarray, r: np.ndarray, weight: np.ndarray, basis: np.ndarray, tilt: float
) -> tuple[np.ndarray, np.ndarray]:
    """Follow the steepest edge that leads down, to its lowest point; or say that none does.

    `basis` (R, q) has the points through which the plane passes. Leaving point j, the plane turns
    about the others; the sum of weight · (|r| + tilt · r) then falls at the rate
    |λ_j| − weight_j, on the side that the sign of λ_j says.
    """
    R = len(r)
    rows = np.take_along_axis(np.broadcast_to(A, (R, *A.shape[1:])), basis[..., None], axis=1)
    inverse = np.linalg.inv(rows)
    theta = inverse @ np.take_along_axis(r, basis, axis=1)[..., None]
    left = r - (A @ theta)[..., 0]
    np.put_along_axis(left, basis, 0.0, axis=1)
    multipliers = ((weight * (np.sign(left) + tilt))[:, None, :] @ A @ inverse)[:, 0]  # λ
    fall = np.abs(multipliers) - weight[basis]
    j = fall.argmax(axis=1)[:, None]
    steepest = np.take_along_axis(fall, j, axis=1)
    done = steepest[:, 0] <= 1e-11
    direction = (
        np.sign(np.take_along_axis(multipliers, j, axis=1))
        * np.take_along_axis(inverse, j[:, None], axis=2)[..., 0]
    )
    rate = (A @ direction[..., None])[..., 0]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        t = left / rate  # how far until the plane meets this point
    t[~(t > 0)] = np.inf
    order = np.argsort(t, axis=1)
    turns = np.take_along_axis(2 * weight * np.abs(rate), order, axis=1)
    slope = np.cumsum(turns, axis=1) - steepest
    entering = np.take_along_axis(order, (slope >= 0).argmax(axis=1)[:, None], axis=1)
    after = basis.copy()
    np.put_along_axis(after, j, entering, axis=1)
    return np.where(done[:, None], basis, after), done


def _smooth_start(A: np.ndarray, r: np.ndarray, tilt: float) -> np.ndarray:
    """A few steps of reweighting with 1/|r|, to begin the walk near its end."""
    theta = np.zeros((len(r), A.shape[2]))
    for _ in range(6):
        left = r - _times(A, theta)
        size = np.abs(left)
        typical = _median(size)[:, None]
        floor = np.maximum(1e-3 * typical, 1e-12 * size.mean(axis=1, keepdims=True)) + 1e-300
        pull = 1 + tilt * np.sign(left)
        theta = _weighted(A, r, pull * (typical + floor) / np.maximum(size, floor))
    return theta


def _nearest_points(A: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Of each replica the q points nearest to the plane that determine one: indices (R, q)."""
    (R, N), q = r.shape, A.shape[2]
    left = A * math.sqrt(N)  # rows of length about 1; what is left of them outside the span so far
    enough = 1e-12 * _median(_squared_length(left))[:, None]
    basis = np.empty((R, q), int)
    for j in range(q):
        length = _squared_length(left)
        basis[:, j] = np.where(length > enough, np.abs(r), np.inf).argmin(axis=1)
        if j < q - 1:
            every = np.broadcast_to(left, (R, N, q))
            row = np.take_along_axis(every, basis[:, [j], None], axis=1)
            row = row / np.linalg.norm(row, axis=2, keepdims=True)
            left = left - (left @ row.mT) * row
    return basis


def _squared_length(rows: np.ndarray) -> np.ndarray:
    return np.einsum("rnq,rnq->rn", rows, rows)


def _density_width(r: np.ndarray, level: float) -> np.ndarray:
    """Half-width about 0 in which to count residuals, (R, 1): Hall and Sheather's rate.

    0 is the quantile of the residuals at this level, ½ for LAD.
    """
    normal = NormalDist()
    z = normal.inv_cdf(level)
    rate = (normal.inv_cdf(0.975) ** 2 * 1.5 * normal.pdf(z) ** 2 / (2 * z**2 + 1)) ** (1 / 3)
    h = min(rate * r.shape[1] ** (-1 / 3), 0.8 * min(level, 1 - level))
    low, high = np.quantile(r, [level - h, level + h], axis=1)
    return ((high - low) / 2)[:, None]


# -------- a start that half of the points cannot spoil


def _candidates(A: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Planes through small subsets of the points of one replica: θ, shape (M, q)."""
    N, q = A.shape
    if math.comb(N, q) <= SUBSETS:
        chosen = np.array(list(combinations(range(N), q)))
    else:
        rng = np.random.default_rng(SEED)
        chosen = rng.random((SUBSETS, N)).argsort(axis=1)[:, :q]
    rows, values = A[chosen], y[chosen][..., None]
    good = np.linalg.slogdet(rows).logabsdet > math.log(1e-9) - q / 2 * math.log(N)
    theta = np.empty((len(chosen), q))
    theta[good] = np.linalg.solve(rows[good], values[good])[..., 0]
    # points that determine no plane: the flattest through them
    theta[~good] = (np.linalg.pinv(rows[~good], rcond=1e-9) @ values[~good])[..., 0]
    return theta


def _s_estimate(A: np.ndarray, y: np.ndarray, level: float) -> tuple[np.ndarray, float]:
    """The plane with the smallest S-scale for one replica: θ (q,) and s."""
    weight = _bisquare(S_BISQUARE).weight
    theta = _candidates(A, y)
    s = _s_scale(_cleaned(y, theta @ A.T, level), A.shape[1])
    for rounds, keep in ((2, 10), (STEPS, 1)):
        for _ in range(rounds):
            r = _cleaned(y, theta @ A.T, level)
            s = _s_scale(r, A.shape[1], s)
            new = _weighted(A[None], np.broadcast_to(y, r.shape), weight(_over(r, s)))
            moved = np.abs(new - theta).max(axis=1) / math.sqrt(y.size)
            theta = new
            if np.all(moved <= np.maximum(RELATIVE * s, ROUNDING * np.abs(new).max(axis=1))):
                break
        s = _s_scale(_cleaned(y, theta @ A.T, level), A.shape[1], s)
        best = np.argsort(s, kind="stable")[:keep]
        theta, s = theta[best], s[best]
    return theta[0], float(s[0])


def _s_scale(r: np.ndarray, q: int, near: np.ndarray | None = None) -> np.ndarray:
    """Solve Σ ρ(r/s)/(N − q) = ½ for s by Newton's method for log s, one s for each row."""
    half = (r.shape[1] - q) / 2
    enough = np.count_nonzero(r, axis=1) > half
    s = np.median(np.abs(r), axis=1) / MAD if near is None else near
    s = np.where(enough, np.where(s > 0, s, np.abs(r).mean(axis=1)), 0.0)
    for _ in range(100):
        inside = np.minimum((_over(r, s) / S_BISQUARE) ** 2, 1)
        over = np.sum(1 - (1 - inside) ** 3, axis=1) - half
        slope = np.sum(6 * inside * (1 - inside) ** 2, axis=1)
        step = np.where(
            s > 0, np.clip(over / np.maximum(slope, 1e-3 * half + 1e-300), -0.5, 0.5), 0.0
        )
        s = s * np.exp(step)
        if np.all(np.abs(step) < 1e-12):
            break
    return s


def _trimmed(
    A: np.ndarray, y: np.ndarray, level: float
) -> tuple[np.ndarray, float, np.ndarray, float]:
    """Least trimmed squares for one replica: θ (q,), scale, points that count (N,), criterion."""
    N, q = A.shape
    h = (N + q + 1) // 2
    theta = _least_trimmed(A, y, h)
    r = _cleaned(y, A @ theta, level)
    least = float(np.partition(r**2, h - 1)[:h].sum())
    s = math.sqrt(least / h * _consistency(h / N)) * _small_sample(N, q, FIRST_STEP)
    w = (np.abs(_over(r, np.array([s]))[0]) <= LTS_CUT).astype(float)
    theta = _weighted(A[None], y[None], w[None])[0]
    r = _cleaned(y, A @ theta, level)
    m = w.sum()
    s = math.sqrt(np.sum(w * r**2) / (m - 1) * _consistency(m / N)) if m > 1 else 0.0
    return theta, s if m == N else s * _small_sample(N, q, LAST_STEP), w, least


def _least_trimmed(A: np.ndarray, y: np.ndarray, h: int) -> np.ndarray:
    """The plane with the smallest sum of h squares, as far as the search goes: θ (q,)."""
    theta = _candidates(A, y)
    for _ in range(2):
        theta = _fitted(A, y, _nearest(A, y, theta, h))
    theta, least = _distinct(theta, _trimmed_sum(A, y, theta, h))
    best, smallest = theta[0], least[0]
    while len(theta):  # each as long as its sum falls
        lower, new = _lower(A, y, theta, h)
        falls = new < least * (1 - 1e-12)
        theta, least = _distinct(lower[falls], new[falls])
        if len(least) and least[0] < smallest:
            best, smallest = theta[0], least[0]
    return best


def _trimmed_sum(A: np.ndarray, y: np.ndarray, theta: np.ndarray, h: int) -> np.ndarray:
    return np.partition((y - theta @ A.T) ** 2, h - 1, axis=1)[:, :h].sum(axis=1)


def _nearest(A: np.ndarray, y: np.ndarray, theta: np.ndarray, h: int) -> np.ndarray:
    """For each plane, true for the h points that are nearest to it."""
    first = np.argpartition(np.abs(y - theta @ A.T), h - 1, axis=1)[:, :h]
    inside = np.zeros((len(theta), y.size), bool)
    np.put_along_axis(inside, first, True, axis=1)
    return inside


def _fitted(A: np.ndarray, y: np.ndarray, inside: np.ndarray) -> np.ndarray:
    return _weighted(A[None], np.broadcast_to(y, inside.shape), inside.astype(float))


def _distinct(theta: np.ndarray, least: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best planes and their sums, the best one first; each only once, since many lead there."""
    order = np.argsort(least, kind="stable")
    ordered = least[order]
    new = np.diff(ordered, prepend=-1.0) > 1e-9 * ordered
    order = order[new][:KEPT]
    return theta[order], least[order]


def _lower(A: np.ndarray, y: np.ndarray, theta: np.ndarray, h: int) -> tuple:
    """Fit each plane to its nearest points, exchange one of them if that helps: θ and sums."""
    inside = _nearest(A, y, theta, h)
    theta = _fitted(A, y, inside)
    other = _fitted(A, y, _exchanged(A, y, theta, inside))
    sums, others = _trimmed_sum(A, y, theta, h), _trimmed_sum(A, y, other, h)
    return np.where((others < sums)[:, None], other, theta), np.minimum(others, sums)


def _exchanged(A: np.ndarray, y: np.ndarray, theta: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """For each plane, which was fitted to the points inside, the best exchange of one of them.

    Let a point with residual e and g = aᵀ(AᵀA)⁻¹a leave, one with f and k come, and c be the mixed
    product. Then the sum of squares changes by ((1 − g) f² − (1 + k) e² + 2c e f) / d, where
    d = (1 − g)(1 + k) + c² is by what the determinant of AᵀA is multiplied.
    """
    G = np.linalg.pinv(A.T @ (inside[..., None] * A), hermitian=True)
    r, H = y - theta @ A.T, A @ G
    lever = np.sum(H * A, axis=2)
    m = min(SWAPS, int(inside[0].sum()), int((~inside[0]).sum()))
    if m == 0:
        return inside
    # what a point takes with it when it leaves, or brings; those with the best prospects
    leaves = np.where(inside, r**2 / np.maximum(1 - lever, 1e-9), -np.inf)
    comes = np.where(inside, np.inf, r**2 / (1 + lever))
    i = np.argpartition(-leaves, m - 1, axis=1)[:, :m]
    j = np.argpartition(comes, m - 1, axis=1)[:, :m]
    g, e = (np.take_along_axis(v, i, axis=1)[:, :, None] for v in (lever, r))
    k, f = (np.take_along_axis(v, j, axis=1)[:, None] for v in (lever, r))
    c = np.take_along_axis(H, i[..., None], axis=1) @ A[j].mT
    d = (1 - g) * (1 + k) + c**2
    change = ((1 - g) * f**2 - (1 + k) * e**2 + 2 * c * e * f) / np.maximum(d, 1e-9)
    best = np.where(d > 1e-9, change, np.inf).reshape(len(r), -1).argmin(axis=1)[:, None]
    after = inside.copy()
    np.put_along_axis(after, np.take_along_axis(i, best // m, axis=1), False, axis=1)
    np.put_along_axis(after, np.take_along_axis(j, best % m, axis=1), True, axis=1)
    return after


# Pison, Van Aelst and Willems's constants for h of about N/2, with an intercept. First (a, b) for
# no slope and for one, in 1 − eᵃ/Nᵇ; then (α, β) for n = 3p² and n = 5p², where that is 1 + α/pᵝ.
FIRST_STEP = (
    ((0.262024211897096, 0.604756680630497), (0.630869217886906, 0.650789250442946)),
    ((-0.746945886714663, 0.56264937192689), (-0.535478048924724, 0.543323462033445)),
)
LAST_STEP = (
    ((1.11098143415027, 1.5182890270453), (1.58609654199605, 1.46340162526468)),
    ((-0.773365715932083, 2.02013996406346), (-0.337571678986723, 2.02037469454833)),
)


def _small_sample(N: int, q: int, constants: tuple) -> float:
    """By what the scale of N normal residuals is too small on average, beside its consistency."""
    p, (few, many) = q - 1, constants
    if p <= 1:
        a, b = few[p]
    else:  # the line, in logarithms, through the two values
        low, high = (math.log(-alpha / p**beta) for alpha, beta in many)
        b = (low - high) / math.log(5 / 3)
        a = low + b * math.log(3 * p**2)
    found = 1 - math.exp(a) / max(N, 2 * q + 1) ** b
    return 1 / (math.sqrt(found) if p == 0 else found)


def _consistency(fraction: float) -> float:
    """1 over the variance of a standard normal value, given that it is of the inner fraction."""
    if fraction >= 1:
        return 1.0
    normal = NormalDist()
    cut = normal.inv_cdf((1 + fraction) / 2)
    return fraction / (fraction - 2 * cut * normal.pdf(cut))


def _cleaned(y: np.ndarray, fitted: np.ndarray, level: Any) -> np.ndarray:
    """Residuals y − fitted, with 0 for what is rounding; y was moved by `level` before."""
    r = y - fitted
    size = np.abs(r)
    # most often nothing is that small, and a bound for all is had at once
    if size.min() <= 3 * ROUNDING * (_largest(y) + _largest(level)):
        r[size <= ROUNDING * (np.abs(y) + np.abs(fitted) + np.abs(level))] = 0.0
    return r


def _largest(values: Any) -> float:
    return max(np.max(values), -np.min(values))


# -------- the problem, prepared


def _of(A: np.ndarray, i: np.ndarray) -> np.ndarray:
    """Designs of the replicas i; a shared one has no axis to choose from."""
    return A if len(A) == 1 else A[i]


def _times(A: np.ndarray, theta: np.ndarray) -> np.ndarray:
    return theta @ A[0].T if len(A) == 1 else (A @ theta[..., None])[..., 0]


class _Found(NamedTuple):
    """What was found for the replicas of a problem, one row a replica.

    The weights are (R, N), or (R, 1) where all samples of a replica count alike.
    """

    theta: np.ndarray
    scale: np.ndarray
    residuals: np.ndarray
    weights: np.ndarray
    converged: Any = True
    criterion: Any = None


def _fit(x: Any, y: Any, solve: Callable[["_Problem"], _Found], psi: Any) -> Fit:
    """Solve a block of replicas after the other, and give all the shape of the replicas."""
    x, y, lead = inputs.regression_data(x, y)

    def some(problem: _Problem) -> tuple[np.ndarray, ...]:
        theta, *found, converged, criterion = solve(problem)
        beta = _times(problem.to_coefficients, theta)
        beta[:, 0] += problem.level
        least = () if criterion is None else (criterion,)
        return beta, *found, np.broadcast_to(converged, len(beta)), *least

    beta, s, r, w, done, *least = (v.reshape((*lead, *v.shape[1:])) for v in _by_blocks(some, x, y))
    if w.shape != r.shape:
        w = np.broadcast_to(w, r.shape)
    return Fit(beta, s[()], w, done[()], r, psi, least[0][()] if least else None)


def _by_blocks(function: Any, x: np.ndarray, y: np.ndarray, *more: np.ndarray) -> list[np.ndarray]:
    """function(problem, *more) for as many replicas at a time as the processor's cache can hold."""

    def some(i: np.ndarray, y: np.ndarray, *more: np.ndarray) -> Any:
        return function(_Problem(_of(x, i), y, None if len(x) == 1 else i[0]), *more)

    at_once = max(1, BLOCK // y.shape[1])
    return in_blocks(some, np.arange(len(y)), y, *more, at_once=at_once)


class _Problem:
    """x and y of some replicas, in coordinates in which most points are of moderate size.

    All estimators here follow when y is moved by a constant, or x is mapped linearly. So y is moved
    by its median, and the design mapped so that its columns are orthonormal, for those points at
    least that don't lie far out: `A` (R or 1, N, q). `theta` (R, q) is least squares in these
    coordinates, `root` the square root of (AᵀA)⁻¹, and `to_coefficients` maps θ back. `first` is
    the number of the first replica, None where all have the same x.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, first: int | None) -> None:
        R, N, p = x.shape
        middle = _median(x.mT)[:, None]
        spread = _median(np.abs(x - middle).mT)[:, None]
        spread = np.where(spread > 0, spread, x.std(axis=1, keepdims=True))
        # so that squares stay finite if most of a column is next to nothing
        spread = np.maximum(spread, 1e-100 * np.abs(x - middle).max(axis=1, keepdims=True))
        Z = np.concatenate([np.ones((R, N, 1)), (x - middle) / spread], axis=2)
        A, T, self.root = _orthonormal(Z, first)
        self.A = np.ascontiguousarray(A.mT).mT  # each column in one piece: quicker to weigh
        # β from θ: undo T, then the units of x, then its middle
        unscale = np.zeros((R, p + 1, p + 1))
        unscale[:, 0, 0] = 1.0
        unscale[:, 0, 1:] = -(middle / spread)[:, 0]
        unscale[:, range(1, p + 1), range(1, p + 1)] = 1 / spread[:, 0]
        self.to_coefficients = unscale @ np.linalg.inv(T)
        self.level = _median(y)
        self.y = y - self.level[:, None]
        self._least_squares(np.abs(y).max(axis=1))

    def _least_squares(self, size: np.ndarray) -> None:
        inverse, r = self.root @ (self.A @ self.root).mT, self.y
        self.theta = np.zeros((len(r), self.A.shape[2]))
        for _ in range(2):  # the second time takes away what rounding left
            more = _times(inverse, r)
            self.theta, r = self.theta + more, r - _times(self.A, more)
        N, q = self.A.shape[1:]
        self.perfect = (np.abs(r).max(axis=1) <= ROUNDING * size) | (q == N)
        if self.perfect.any():
            self.y = np.where(self.perfect[:, None], _times(self.A, self.theta), self.y)

    def only(self, chosen: np.ndarray) -> "_Problem":
        """The same for some of the replicas, as far as `residuals` needs it."""
        fewer = copy(self)
        fewer.A, fewer.y, fewer.level = _of(self.A, chosen), self.y[chosen], self.level[chosen]
        return fewer

    def each(self, search: Callable[..., tuple], exact: tuple) -> list[np.ndarray]:
        """Search one replica after another; a perfect fit needs no search.

        `search` takes design, y and level of one replica and returns θ and more; `exact` is what
        stands for the rest of it where the fit is perfect.
        """
        found = [
            (self.theta[i], *exact)
            if self.perfect[i]
            else search(self.A[0 if len(self.A) == 1 else i], self.y[i], self.level[i])
            for i in range(len(self.y))
        ]
        return [np.array(part) for part in zip(*found, strict=True)]

    def residuals(self, theta: np.ndarray) -> np.ndarray:
        """y − Aθ, with 0 for what is rounding."""
        return _cleaned(self.y, _times(self.A, theta), self.level[:, None])


def _orthonormal(Z: np.ndarray, first: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A = Z T⁻¹ with orthonormal columns, T, and a square root of (AᵀA)⁻¹, for each replica.

    Rows that lie more than ten units out don't count for T if the others determine it: one of
    them would squeeze all other rows into a point.
    """
    A, T = np.linalg.qr(Z)
    inputs.independent_columns(T, Z.shape[1], first)
    near = np.all(np.abs(Z) <= 10, axis=2, keepdims=True)
    root = np.broadcast_to(np.eye(Z.shape[2]), T.shape)
    if near.all():
        return A, T, root
    T_near = np.linalg.qr(np.where(near, Z, 0.0), mode="r")
    thin = np.abs(np.diagonal(T_near, axis1=-2, axis2=-1)).min(axis=1) <= 1e-3
    T = np.where(thin[:, None, None], T, T_near)
    A = Z @ np.linalg.inv(T)
    return A, T, np.linalg.inv(np.linalg.qr(A, mode="r"))
