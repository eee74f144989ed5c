r"""The independent witnesses: derivatives that know nothing about back-propagation.

A derivation can convince its author and still be wrong. These functions compute derivatives from
values of the function alone; where they agree with a formula to ten digits, the formula is right.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from utils import inputs

__all__ = ["complex_step", "confirm", "dot_product_test", "finite_difference", "relative_error"]

# Small enough that its square vanishes beside 1 in float64; nothing is subtracted, so it costs no
# digits however small it is.
COMPLEX_H = 1e-30


def _real(x: Any) -> np.ndarray:
    mend = "the imaginary part is where the step goes"
    return inputs.real_numbers("x", x, "real numbers, an array of any shape", mend)


def _value(f: Callable[[np.ndarray], Any], x: np.ndarray) -> np.ndarray:
    return inputs.numbers("f(x)", f(x), "numbers", finite=False)


def finite_difference(f: Callable[[np.ndarray], Any], x: Any, h: float = 6e-6) -> np.ndarray:
    r"""Derivative by central differences, one entry of x at a time.

    .. math:: \frac{\partial f}{\partial x_j} \approx \frac{f(x + h e_j) - f(x - h e_j)}{2h}

    The formula's error is of order h², rounding adds about 1e-16/h: the default h ≈ ε^{1/3}
    balances the two, and leaves some ten correct digits.

    Parameters
    ----------
    f : callable
        Takes an array shaped like x, returns numbers of any shape.
    x : array_like, any shape
        Where to differentiate.
    h : float
        Step, in the units of x.

    Returns
    -------
    numpy.ndarray, shape f(x).shape + x.shape

    Raises
    ------
    TypeError, ValueError
        f can't be called, x holds no finite numbers, h is no positive number.

    Examples
    --------
    >>> finite_difference(lambda x: x**2, [1.0, 3.0]).round(6)
    array([[2., 0.],
           [0., 6.]])
    """
    inputs.function("f", f, "lambda x: …, not its value")
    x = inputs.numbers("x", x, "an array of any shape")
    h = inputs.positive_number("h", h, "leave it out, or write 1e-6")
    columns = []
    for step in _unit_steps(x):
        inputs.step_that_moves(x, step, h)
        above, below = _value(f, x + h * step), _value(f, x - h * step)
        columns.append((above - inputs.same_shape(below, above)) / (2 * h))
    return _assemble(columns, f, x)


def complex_step(f: Callable[[np.ndarray], Any], x: Any) -> np.ndarray:
    r"""Derivative by a step in the imaginary direction, one entry of x at a time.

    .. math:: \frac{\partial f}{\partial x_j} = \frac{\mathrm{Im}\, f(x + i h e_j)}{h} + O(h^2)

    Nothing is subtracted, so h may be 1e-30 and the result is right to rounding: the sharpest
    witness there is, for functions made of analytic pieces (no abs, no conjugate).

    Parameters
    ----------
    f : callable
        Takes a complex array shaped like x, returns numbers of any shape.
    x : array_like, any shape
        Where to differentiate; real.

    Returns
    -------
    numpy.ndarray, shape f(x).shape + x.shape
        Real.

    Raises
    ------
    TypeError, ValueError
        f can't be called; x holds no finite real numbers.

    Notes
    -----
    Squire & Trapp, SIAM Review 40 (1998) 110-112.

    Examples
    --------
    >>> complex_step(np.exp, [0.0]).item()
    1.0
    """
    inputs.function("f", f, "lambda x: …, not its value")
    x = _real(x)
    columns = [_imaginary(f, x, step) for step in _unit_steps(x)]
    return _assemble(columns, f, x)


def _imaginary(f: Callable[[np.ndarray], Any], x: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Derivative of f at x along `step`; refuses an f that throws the imaginary part away."""
    value = _value(f, x + 1j * COMPLEX_H * step)
    inputs.complex_value(value, lambda: bool(np.any(_value(f, x + step) != value)))
    return value.imag / COMPLEX_H


def _unit_steps(x: np.ndarray) -> Any:
    """Yield e_j in the shape of x, for every entry j."""
    for j in range(x.size):
        step = np.zeros(x.shape)
        step.flat[j] = 1.0
        yield step


def _assemble(columns: list[np.ndarray], f: Callable, x: np.ndarray) -> np.ndarray:
    if not columns:
        return np.zeros(_value(f, x).shape + x.shape)
    columns = [inputs.same_shape(column, columns[0]) for column in columns]
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)


def dot_product_test(
    f: Callable[[np.ndarray], Any], jacobian: Any, x: Any, rng: np.random.Generator
) -> float:
    r"""Check a whole Jacobian with two random vectors and one evaluation.

    Draw u and v; compare uᵀ(Jv), from the Jacobian given, with uᵀ · (derivative of f at x along v),
    from one complex step. A wrong entry anywhere changes the first with probability one.

    Parameters
    ----------
    f : callable
        Takes a complex array shaped like x.
    jacobian : array_like, shape f(x).shape + x.shape
        The derivative to be tested.
    x : array_like, any shape
    rng : numpy.random.Generator

    Returns
    -------
    float
        Relative discrepancy; rounding leaves about 1e-15.

    Raises
    ------
    TypeError, ValueError
        f can't be called, rng is no Generator, the Jacobian does not have that shape.

    Examples
    --------
    >>> x = np.array([1.0, 3.0])
    >>> error = dot_product_test(lambda x: x**2, np.diag(2 * x), x, np.random.default_rng(0))
    >>> error < 1e-14
    True
    """
    inputs.function("f", f, "lambda x: …, not its value")
    inputs.generator(rng)
    x = _real(x)
    J = inputs.numbers("jacobian", jacobian, "f(x).shape + x.shape")
    v = rng.standard_normal(x.shape)
    along = _imaginary(f, x, v)
    inputs.jacobian_of(J, along, x)
    u = rng.standard_normal(along.shape)
    Jv = (J.reshape(along.size, x.size) @ v.ravel()).reshape(along.shape)
    scale = np.abs(u * Jv).sum() + np.abs(u * along).sum()
    difference = abs((u * Jv).sum() - (u * along).sum())
    return float(2 * difference / scale) if scale != 0 else 0.0  # nan stays nan


def relative_error(u: Any, v: Any) -> float:
    r"""Largest difference between two arrays, relative to their largest entry.

    .. math:: \max|u - v| \,/\, \max(\max|u|, \max|v|)

    0 if both are zero everywhere, or empty.

    Parameters
    ----------
    u, v : array_like
        Of the same shape: nothing is broadcast here.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        Values that are no finite numbers, shapes that differ.

    Examples
    --------
    >>> relative_error([1.0, 2.0], [1.0, 2.5])
    0.2
    """
    u, v = inputs.pair(u, v)
    if u.size == 0:
        return 0.0
    scale = max(np.abs(u).max(), np.abs(v).max())
    if scale > 1e300:  # u - v might overflow
        u, v, scale = u / 4, v / 4, scale / 4
    return float(np.abs(u - v).max() / scale) if scale > 0 else 0.0


def confirm(what: str, u: Any, v: Any, within: float = 1e-12) -> None:
    """Assert that two arrays are equal to within a relative bound, and say so in one line.

    Parameters
    ----------
    what : str
        The claim, for the line that is printed.
    u, v : array_like
        Of the same shape.
    within : float
        Bound on `relative_error(u, v)`, fixed beforehand.

    Raises
    ------
    AssertionError
        They differ by more.
    TypeError, ValueError
        As `relative_error`.

    Examples
    --------
    >>> confirm("two halves make a whole", 0.5 + 0.5, 1.0)
    two halves make a whole: equal to within 1e-12
    """
    within = inputs.positive_number("within", within, "leave it out, or write 1e-12", or_zero=True)
    error = relative_error(u, v)
    if not error <= within:
        raise AssertionError(f"{what}: relative error {error:.1e}, more than {within:.0e}")
    print(f"{what}: equal to within {within:.0e}")
