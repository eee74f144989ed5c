r"""Activation functions, each with its derivative written through the *output*.

The backward pass already holds a = σ(z). For the functions of this course the derivative needs
nothing else: sigmoid a(1 − a), tanh 1 − a², ReLU 1 where a > 0, identity 1. So `derivative` takes
the output `a`, never `z`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from utils import inputs

__all__ = ["Activation", "identity", "relu", "sigmoid", "softmax", "tanh"]

ArrayFunction = Callable[[np.ndarray], np.ndarray]


class Activation:
    """A function applied to each entry, with its derivative through the output.

    Parameters
    ----------
    name : str
        For printing.
    function : callable
        z ↦ a = f(z), entrywise: an array in, an array of the same shape out. Complex numbers must
        pass if gradients are to be checked by complex steps.
    derivative : callable
        a ↦ f′(z) *expressed through the output* a = f(z), entrywise.

    Raises
    ------
    TypeError
        `name` is no string, or one of the functions can't be called.

    Examples
    --------
    >>> softplus = Activation("softplus", lambda z: np.log1p(np.exp(z)), lambda a: 1 - np.exp(-a))
    >>> a = softplus(np.array([0.0, 1.0]))
    >>> softplus.derivative(a).round(3)
    array([0.5  , 0.731])
    """

    def __init__(self, name: str, function: ArrayFunction, derivative: ArrayFunction) -> None:
        inputs.string("name", name, "write Activation('softplus', f, df)")
        inputs.function("function", function, "np.tanh, not its value np.tanh(z)")
        inputs.function("derivative", derivative, "np.tanh, not its value np.tanh(z)")
        self.name = name
        self._function = function
        self._derivative = derivative

    def __call__(self, z: Any) -> np.ndarray:
        """f(z), entrywise; z of any shape."""
        return self._function(inputs.numbers("z", z, "an array of any shape", finite=False))

    def derivative(self, a: Any) -> np.ndarray:
        """f′(z), entrywise, from the output a = f(z); a of any shape."""
        return self._derivative(inputs.numbers("a", a, "an array of any shape", finite=False))

    def __eq__(self, other: object) -> bool:
        # by what it computes, so that a copied network has the same activations
        return isinstance(other, Activation) and self._function is other._function

    def __hash__(self) -> int:
        return hash(self._function)

    def __repr__(self) -> str:
        return f"<Activation {self.name}>"


def _sigmoid(z: np.ndarray) -> np.ndarray:
    # e^709 is the last power that float64 can hold: beyond it σ is 0 to 308 digits, and taking
    # the minimum there keeps NumPy from warning. Below it the formula is untouched.
    e = np.exp(np.minimum(-z, 709.0))
    e += 1.0
    return np.divide(1.0, e)


def _sigmoid_derivative(a: np.ndarray) -> np.ndarray:
    return a * (1.0 - a)


def _tanh_derivative(a: np.ndarray) -> np.ndarray:
    return 1.0 - a * a


def _relu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0.0)


def _relu_derivative(a: np.ndarray) -> np.ndarray:
    # Strictly greater: at a = 0 the neuron is switched off and passes nothing back.
    return (a > 0).astype(a.dtype)


def _identity(z: np.ndarray) -> np.ndarray:
    return z.copy()  # so that z and a never share memory


sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_derivative)
tanh = Activation("tanh", np.tanh, _tanh_derivative)
relu = Activation("relu", _relu, _relu_derivative)
identity = Activation("identity", _identity, np.ones_like)


def softmax(z: Any) -> np.ndarray:
    r"""Turn each column of K numbers into K positive numbers that sum to 1.

    .. math:: p_k = e^{z_k} / \sum_j e^{z_j}

    Not an `Activation`: each output depends on every input of its column, so its Jacobian
    diag(p) − ppᵀ is not diagonal. The largest entry is taken off first, which changes nothing
    (it cancels) and keeps the exponentials from overflowing.

    Parameters
    ----------
    z : array_like, shape (..., K, N)
        One column a sample.

    Returns
    -------
    numpy.ndarray, shape (..., K, N)
        Columns sum to 1.

    Raises
    ------
    TypeError, ValueError
        z holds no finite numbers, or has no axis of columns.

    Examples
    --------
    >>> softmax([[0.0, 1000.0], [0.0, 0.0]])
    array([[0.5, 1. ],
           [0.5, 0. ]])
    """
    return _softmax(inputs.logits(z))


def _softmax(z: np.ndarray) -> np.ndarray:
    """`softmax` behind the door."""
    with np.errstate(over="ignore"):  # 1e308 - (-1e308) may round to infinity: e^-inf is 0
        e = np.exp(z - z.real.max(axis=-2, keepdims=True))
    return e / e.sum(axis=-2, keepdims=True)
