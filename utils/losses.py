r"""Losses: a number to make small, and its derivative with respect to z[L].

A loss is an object with two methods. Both take the arrays of the *last* layer: `z` and `a`, with
one column a sample, and the targets `y` of the same shape. `value` is the mean over the N columns,
`delta` its derivative with respect to z[L], the 1/N included: the start vector of
`utils.gradients.backward`. Zero columns count 0.
"""

from typing import Any

import numpy as np

from utils import inputs
from utils.activations import Activation, _softmax, identity, sigmoid

__all__ = [
    "BinaryCrossEntropy",
    "HuberLoss",
    "Loss",
    "MeanSquaredError",
    "SoftmaxCrossEntropy",
    "SoftmaxMeanSquaredError",
    "binary_cross_entropy",
    "huber_loss",
    "mse",
    "softmax_cross_entropy",
    "softmax_mse",
]


class Loss:
    """What all losses share: the door, and the mean over the columns.

    A loss of your own needs two methods: `_terms`, the loss of each output of each sample, and
    `_slope`, the derivative of `_terms` with respect to z[L].

    Attributes
    ----------
    name : str
    output : Activation or None
        The activation that layer L must have; None if any will do.

    Examples
    --------
    >>> class FourthPower(Loss):
    ...     name = "fourth power"
    ...     def _terms(self, z, a, y):
    ...         return (a - y) ** 4
    ...     def _slope(self, z, a, y, activation):
    ...         return 4 * (a - y) ** 3 * activation.derivative(a)
    >>> FourthPower().value([[0.0]], [[0.5]], [[1.5]]).item()
    1.0
    """

    name: str
    output: Activation | None = None

    def value(self, z: Any, a: Any, y: Any) -> Any:
        """Mean loss, one number for each replica.

        Parameters
        ----------
        z, a : array_like, shape (..., n_L, N)
            Weighted inputs and activations of the last layer.
        y : array_like, shape (..., n_L, N)
            Targets.

        Returns
        -------
        float or array, shape () or (R,)

        Raises
        ------
        TypeError, ValueError
            Values that are no finite numbers, shapes that disagree, labels outside the coding.
        """
        z, a = inputs.last_layer(z, a)
        return self._value(z, a, self.check_targets(y, a.shape))

    def delta(self, z: Any, a: Any, y: Any, activation: Activation) -> np.ndarray:
        """Derivative of `value` with respect to z[L], the 1/N included.

        Parameters
        ----------
        z, a, y : array_like, shape (..., n_L, N)
            As `value`.
        activation : Activation
            That of layer L.

        Returns
        -------
        numpy.ndarray, shape (..., n_L, N)

        Raises
        ------
        TypeError, ValueError
            As `value`; an activation that this loss is not made for.
        """
        inputs.output_activation(self, activation)
        z, a = inputs.last_layer(z, a)
        return self._delta(z, a, self.check_targets(y, a.shape), activation)

    def check_targets(self, y: Any, shape: tuple[int, ...]) -> np.ndarray:
        """Return targets for outputs a[L] of this `shape`, or refuse them.

        Parameters
        ----------
        y : array_like, shape (..., n_L, N)
        shape : tuple of int

        Returns
        -------
        numpy.ndarray, shape (..., n_L, N)

        Raises
        ------
        TypeError, ValueError
            No finite numbers, another shape, labels outside the coding.
        """
        y = inputs.targets(y, shape)
        self._check_labels(y)
        return y

    def _check_labels(self, y: np.ndarray) -> None:
        """Refuse labels outside the coding; most losses take any numbers."""

    # The two below are what training calls a million times: no checks, they were done once.

    def _value(self, z: np.ndarray, a: np.ndarray, y: np.ndarray) -> Any:
        return self._terms(z, a, y).sum(axis=(-2, -1)) / max(a.shape[-1], 1)

    def _delta(
        self, z: np.ndarray, a: np.ndarray, y: np.ndarray, activation: Activation
    ) -> np.ndarray:
        N = a.shape[-1]
        return self._slope(z, a, y, activation) / max(N, 1)

    def _terms(self, z: np.ndarray, a: np.ndarray, y: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def _slope(
        self, z: np.ndarray, a: np.ndarray, y: np.ndarray, activation: Activation
    ) -> np.ndarray:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<loss {self.name}>"


class MeanSquaredError(Loss):
    r"""Half the squared error, averaged over the columns.

    .. math:: C = \frac1N \sum_{i=1}^N \tfrac12 \lVert a_i - y_i \rVert^2, \qquad
              \frac{\partial C}{\partial z^{[L]}} =
              \frac1N \, (a - y) \circ \sigma'(z^{[L]})

    Higham & Higham (2019), section 3 and Lemma 5.1.

    Examples
    --------
    >>> a = np.array([[0.5, 1.0]])
    >>> mse.value(a, a, [[1.0, 1.0]]).item()  # z plays no part here
    0.0625
    """

    name = "mse"

    def _terms(self, z, a, y):
        return 0.5 * (a - y) ** 2

    def _slope(self, z, a, y, activation):
        return (a - y) * activation.derivative(a)


def softplus(z: np.ndarray) -> np.ndarray:
    """log(1 + e^z), without overflow: max(z, 0) + log(1 + e^{−|z|}); complex z passes.

    Examples
    --------
    >>> softplus(np.array([-1000.0, 1000.0]))
    array([   0., 1000.])
    """
    positive = z.real > 0
    return np.where(positive, z, 0.0) + np.log1p(np.exp(np.where(positive, -z, z)))


class BinaryCrossEntropy(Loss):
    r"""Cross-entropy of independent yes/no outputs, computed from z.

    .. math:: C = \frac1N \sum_{i,k} -y \log a - (1-y) \log(1-a)
                = \frac1N \sum_{i,k} \log(1 + e^z) - y z, \qquad
              \frac{\partial C}{\partial z^{[L]}} = \frac1N (a - y)

    Needs sigmoid outputs; labels (or probabilities) from 0 to 1. The form in z never meets log 0.

    Examples
    --------
    >>> z = np.array([[-1000.0]])
    >>> binary_cross_entropy.value(z, sigmoid(z), [[1.0]]).item()
    1000.0
    """

    name = "binary cross-entropy"
    output = sigmoid

    def _check_labels(self, y):
        inputs.labels_from_0_to_1(y)

    def _terms(self, z, a, y):
        return softplus(z) - y * z

    def _slope(self, z, a, y, activation):
        return a - y


class SoftmaxCrossEntropy(Loss):
    r"""Cross-entropy of K classes, with the softmax inside, computed from z.

    .. math:: C = \frac1N \sum_i \Bigl(\log \sum_j e^{z_j} - \sum_k y_k z_k\Bigr), \qquad
              \frac{\partial C}{\partial z^{[L]}} = \frac1N (\mathrm{softmax}(z) - y)

    Needs identity outputs (the softmax is part of the loss), and labels whose columns are one-hot,
    or probabilities that sum to 1.

    Examples
    --------
    >>> z = np.zeros((4, 1))
    >>> softmax_cross_entropy.value(z, z, [[1.0], [0.0], [0.0], [0.0]]).item().__round__(4)  # log 4
    1.3863
    """

    name = "softmax cross-entropy"
    output = identity

    def _check_labels(self, y):
        inputs.labels_that_sum_to_1(y)

    def _terms(self, z, a, y):
        top = z.real.max(axis=-2, keepdims=True)
        log_sum = top + np.log(np.exp(z - top).sum(axis=-2, keepdims=True))
        return y * (log_sum - z)

    def _slope(self, z, a, y, activation):
        return _softmax(z) - y


class SoftmaxMeanSquaredError(SoftmaxCrossEntropy):
    r"""Half the squared error of softmax probabilities, with the softmax inside.

    .. math:: C = \frac1N \sum_i \tfrac12 \lVert p_i - y_i \rVert^2, \quad
              p = \mathrm{softmax}(z), \qquad
              \frac{\partial C}{\partial z^{[L]}} = \frac1N J (p - y) =
              \frac1N \, p \circ \bigl(d - p^T d\bigr), \quad d = p - y

    J = diag(p) − ppᵀ is the softmax's Jacobian, which is never built. Outputs and labels as for
    `softmax_cross_entropy`.

    Examples
    --------
    >>> z = np.zeros((2, 1))
    >>> softmax_mse.value(z, z, [[1.0], [0.0]]).item()  # p = (½, ½)
    0.25
    """

    name = "softmax mse"

    def _terms(self, z, a, y):
        return 0.5 * (_softmax(z) - y) ** 2

    def _slope(self, z, a, y, activation):
        p = _softmax(z)
        d = p - y
        return p * (d - (p * d).sum(axis=-2, keepdims=True))


class HuberLoss(Loss):
    r"""Quadratic for residuals up to k, linear beyond: large errors pull with a bounded force.

    .. math:: \rho(r) = \begin{cases} r^2/2 & |r| \le k\\ k|r| - k^2/2 & |r| > k\end{cases},
              \qquad \frac{\partial C}{\partial z^{[L]}} =
              \frac1N \,\psi(a - y) \circ \sigma'(z^{[L]}), \quad
              \psi(r) = \max(-k, \min(r, k))

    Huber (1964), Annals of Mathematical Statistics 35.

    Parameters
    ----------
    k : float
        Where the parabola goes over into lines; in the units of the residual.

    Raises
    ------
    ValueError
        k is no positive number.

    Examples
    --------
    >>> huber_loss(1.0).value([[3.0]], [[3.0]], [[0.0]]).item()
    2.5
    """

    def __init__(self, k: float) -> None:
        self.k = inputs.positive_number("k", k, "1.345 times the scale of the residuals is usual")
        self.name = f"Huber, k = {self.k:g}"

    def _terms(self, z, a, y):
        r = a - y
        size = np.where(r.real < 0, -r, r)  # |r|, for complex steps too
        clipped = np.where(size.real <= self.k, size, self.k)
        return clipped * (size - 0.5 * clipped)

    def _slope(self, z, a, y, activation):
        r = a - y
        psi = np.where(np.abs(r.real) <= self.k, r, self.k * np.sign(r.real))
        return psi * activation.derivative(a)


mse = MeanSquaredError()
binary_cross_entropy = BinaryCrossEntropy()
softmax_cross_entropy = SoftmaxCrossEntropy()
softmax_mse = SoftmaxMeanSquaredError()
huber_loss = HuberLoss
