r"""Distributions of noise: what may be added to a regression line, or sit in a measurement.

Each distribution is an object with a density `pdf`, a `score`, a `variance` and a way to draw a
`sample`. The score

.. math:: \psi(r) = -\frac{d}{dr} \log f(r)

says how hard a residual r pulls if f is taken as the likelihood: it is the start vector δ[L] of a
network with identity output that is trained by maximum likelihood. The normal distribution gives
ψ(r) = r, which is the squared error; a heavy-tailed one pulls less on what lies far out.
"""

import math
from typing import Any

import numpy as np

from utils import inputs

__all__ = [
    "Cauchy",
    "Contaminated",
    "Laplace",
    "Law",
    "Logistic",
    "Normal",
    "ShiftedExponential",
    "StudentT",
]


class Law:
    """What all distributions share: the door, and a name.

    A distribution of your own needs `_pdf`, `_score`, `_sample` and a `variance`.

    Attributes
    ----------
    variance : float
        math.inf where it is infinite or does not exist.

    Examples
    --------
    >>> Normal(), StudentT(3), Contaminated(0.1, 5)
    (Normal(), StudentT(3), Contaminated(0.1, 5))
    """

    variance: float
    parameters: tuple[float, ...] = ()

    def sample(self, rng: np.random.Generator, size: Any) -> np.ndarray:
        """Draw independent values.

        Parameters
        ----------
        rng : numpy.random.Generator
        size : int or tuple of int
            The shape of what comes back.

        Returns
        -------
        numpy.ndarray, shape `size`

        Raises
        ------
        TypeError, ValueError
            No Generator; no shape.
        """
        return self._sample(inputs.generator(rng), inputs.shape_of_sample(size))

    def pdf(self, r: Any) -> np.ndarray:
        """Density at r.

        Parameters
        ----------
        r : array_like of float, any shape

        Returns
        -------
        numpy.ndarray, shape of r

        Raises
        ------
        TypeError, ValueError
            No finite real numbers.
        """
        return self._quietly(self._pdf, r)

    def score(self, r: Any) -> np.ndarray:
        """ψ(r) = −d log f(r)/dr, as `pdf` any shape; 0 outside the support.

        Parameters
        ----------
        r : array_like of float, any shape

        Returns
        -------
        numpy.ndarray, shape of r

        Raises
        ------
        TypeError, ValueError
            No finite real numbers.
        """
        return self._quietly(self._score, r)

    def _quietly(self, function: Any, r: Any) -> np.ndarray:
        r = inputs.real_numbers("r", r, "residuals of any shape")
        with np.errstate(over="ignore", under="ignore"):  # far out a density is 0, and may be
            return np.asarray(function(r))

    def _sample(self, rng: np.random.Generator, size: tuple[int, ...]) -> np.ndarray:
        raise NotImplementedError

    def _pdf(self, r: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def _score(self, r: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{p:g}' for p in self.parameters)})"


class Normal(Law):
    r"""The standard normal (Gaussian) distribution: ψ(r) = r, the squared error.

    .. math:: f(r) = \frac{1}{\sqrt{2\pi}} e^{-r^2/2}

    Examples
    --------
    >>> Normal().score([-1.0, 3.0])
    array([-1.,  3.])
    """

    variance = 1.0

    def _sample(self, rng, size):
        return rng.standard_normal(size)

    def _pdf(self, r):
        return np.exp(-0.5 * r**2) / math.sqrt(2 * math.pi)

    def _score(self, r):
        return r.copy()


class Laplace(Law):
    r"""The Laplace distribution: ψ(r) = sign r, the absolute error.

    .. math:: f(r) = \tfrac12 e^{-|r|}

    Examples
    --------
    >>> Laplace().score([-1.0, 0.0, 3.0])
    array([-1.,  0.,  1.])
    """

    variance = 2.0

    def _sample(self, rng, size):
        return rng.laplace(size=size)

    def _pdf(self, r):
        return 0.5 * np.exp(-np.abs(r))

    def _score(self, r):
        return np.sign(r)


class StudentT(Law):
    r"""Student's t distribution with ν degrees of freedom: tails like |r| to the power −(ν + 1).

    .. math:: f(r) = \frac{\Gamma(\frac{\nu+1}2)}{\sqrt{\nu\pi}\,\Gamma(\frac\nu2)}
              \Bigl(1 + \frac{r^2}{\nu}\Bigr)^{-(\nu+1)/2}, \qquad
              \psi(r) = \frac{(\nu+1)\, r}{\nu + r^2}

    Its mean exists for ν > 1, its variance ν/(ν − 2) for ν > 2. The score is largest at r = √ν and
    goes back to 0: it *redescends*.

    Parameters
    ----------
    nu : float
        Degrees of freedom, positive; need not be whole.

    Raises
    ------
    ValueError
        nu is no positive number.

    Examples
    --------
    >>> StudentT(3).score([0.0, 3.0])
    array([0., 1.])
    >>> StudentT(1.5).variance
    inf
    """

    def __init__(self, nu: float) -> None:
        self.nu = inputs.positive_number("nu", nu, "3 is usual, 1 is the Cauchy distribution")
        self.parameters = (self.nu,)
        self.variance = self.nu / (self.nu - 2) if self.nu > 2 else math.inf

    def _sample(self, rng, size):
        return rng.standard_t(self.nu, size)

    def _pdf(self, r):
        nu = self.nu
        if nu < 100:
            log_ratio = math.lgamma((nu + 1) / 2) - math.lgamma(nu / 2) - math.log(nu / 2) / 2
        else:  # Stirling's series; the difference of two large numbers would lose digits
            log_ratio = -(1 / nu) / 4 + (1 / nu) ** 3 / 24 - (1 / nu) ** 5 / 20
        constant = math.exp(log_ratio) / math.sqrt(2 * math.pi)
        return constant * np.exp(-(nu + 1) / 2 * np.log1p(r**2 / nu))

    def _score(self, r):
        return (self.nu + 1) * r / (self.nu + r**2)


class Cauchy(StudentT):
    r"""The Cauchy distribution, Student's with ν = 1: no variance, and no mean either.

    .. math:: f(r) = \frac{1}{\pi (1 + r^2)}, \qquad \psi(r) = \frac{2r}{1 + r^2}

    Examples
    --------
    >>> Cauchy().score([-1.0, 0.0, 1.0])
    array([-1.,  0.,  1.])
    """

    def __init__(self) -> None:
        super().__init__(1.0)
        self.parameters = ()

    def _sample(self, rng, size):
        return rng.standard_cauchy(size)


class Logistic(Law):
    r"""The logistic distribution: its distribution function is the σ of the networks.

    .. math:: f(r) = \sigma(r)\,(1 - \sigma(r)), \qquad
              \psi(r) = 2\sigma(r) - 1 = \tanh \tfrac r2

    Examples
    --------
    >>> Logistic().score([0.0, 100.0])
    array([0., 1.])
    """

    variance = math.pi**2 / 3

    def _sample(self, rng, size):
        return rng.logistic(size=size)

    def _pdf(self, r):
        e = np.exp(-np.abs(r))
        return e / (1 + e) ** 2

    def _score(self, r):
        return np.tanh(r / 2)


class Contaminated(Law):
    r"""Mostly standard normal; with probability ε from a normal one k times as wide.

    .. math:: f = (1 - \varepsilon)\, \varphi + \varepsilon\, \varphi_k, \qquad
              \varphi_k(r) = \tfrac1k \varphi(r/k)

    The score is a weighted mean of the two scores, r and r/k², with the probability that a residual
    of this size is of the wide kind.

    Parameters
    ----------
    eps : float
        Probability of the wide kind, from 0 to 1.
    k : float
        How many times as wide; positive.

    Raises
    ------
    ValueError
        eps is no number from 0 to 1, k no positive number.

    Examples
    --------
    >>> Contaminated(0.1, 5).variance
    3.4
    """

    def __init__(self, eps: float, k: float) -> None:
        self.eps = inputs.probability("eps", eps)
        self.k = inputs.times_as_wide(k)
        self.parameters = (self.eps, self.k)
        self.variance = 1 - self.eps + self.eps * self.k**2

    def _sample(self, rng, size):
        wide = rng.random(size) < self.eps
        return np.where(wide, self.k, 1.0) * rng.standard_normal(size)

    def _pdf(self, r):
        return (1 - self.eps) * Normal()._pdf(r) + self.eps * Normal()._pdf(r / self.k) / self.k

    def _score(self, r):
        # the odds of wide to narrow, in logarithms: both densities may underflow
        if self.eps in (0.0, 1.0):
            return r / (self.k**2 if self.eps else 1.0)
        log_odds = math.log(self.eps) - math.log(self.k) - math.log1p(-self.eps)
        log_odds = np.clip(log_odds + 0.5 * (1 - self.k**-2) * r**2, -700, 700)
        wide, narrow = 1 / (1 + np.exp(-log_odds)), 1 / (1 + np.exp(log_odds))
        return narrow * r + wide * r / self.k**2


class ShiftedExponential(Law):
    r"""An exponential distribution moved to mean 0: skewed, with a wall on the left.

    The tail is on the right.

    .. math:: f(r) = e^{-(r + 1)} \quad (r \ge -1), \qquad \psi(r) = 1 \quad (r > -1)

    Its median is ln 2 − 1 = −0.307.

    Examples
    --------
    >>> ShiftedExponential().pdf([-1.5, -1.0])
    array([0., 1.])
    """

    variance = 1.0

    def _sample(self, rng, size):
        return rng.standard_exponential(size) - 1

    def _pdf(self, r):
        return np.where(r >= -1, np.exp(-np.maximum(r + 1, 0)), 0.0)

    def _score(self, r):
        return np.where(r > -1, 1.0, 0.0)
