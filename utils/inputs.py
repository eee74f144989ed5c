"""The door: every argument is looked at once, here, before any mathematics happens.

NumPy is generous. It adds a (2,) to a (2, 10) in one way when you meant another, and it carries a
nan through a whole training run without a word. So each public function hands its arguments to
the short functions below, and a wrong one is refused with a sentence that says which argument it
was, what came, what was expected, and the usual mend.
"""

import math
import operator
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["describe", "numbers", "shape_error", "whole_number"]

KINDS = {"b": "true/false values", "i": "integers", "u": "integers", "f": "floats", "c": "complex"}


def describe(value: Any) -> str:
    """Say in a few words what a refused value is.

    Parameters
    ----------
    value : anything

    Returns
    -------
    str

    Examples
    --------
    >>> describe([1, 2]), describe(np.zeros((2, 3))), describe("two")
    ('a list', 'an array of shape (2, 3)', "'two'")
    """
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if value is None or isinstance(value, str | bool | int | float | complex | np.number):
        text = repr(value)
        return text if len(text) <= 60 else text[:57] + "…"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def is_finite(array: np.ndarray) -> bool:
    """True if no entry is nan or infinite.

    One dot product with itself answers nearly always, and is several times cheaper than looking
    at each entry; only if it overflows or meets a nan do we look.
    """
    return math.isfinite(np.vdot(array, array).real) or bool(np.isfinite(array).all())


def numbers(
    name: str, value: Any, expected: str, *, finite: bool = True, integers: bool = True
) -> np.ndarray:
    """Return `value` as a float64 (or complex128) array, or refuse it.

    A float64 array comes back as itself, not copied; nothing here changes what was given.

    Parameters
    ----------
    name : str
        What the caller calls this argument; it opens the error message.
    value : array_like
        Numbers of any shape.
    expected : str
        The shape and kind that is wanted, in words, for the message.
    finite : bool
        Refuse nan and infinity.
    integers : bool
        Accept integers (and true/false); weights do not, see `Network`.

    Returns
    -------
    numpy.ndarray
        float64, or complex128 where the numbers are complex.

    Raises
    ------
    TypeError
        The values are no numbers, or are integers where `integers` is False.
    ValueError
        The rows have different lengths, or an entry is nan or infinite.

    Examples
    --------
    >>> numbers("x", [[1, 2]], "(2, N)")
    array([[1., 2.]])
    """
    if type(value) is np.ndarray and value.dtype.char in "dD":
        array = value
    else:
        array = convert(name, value, expected, integers)
    if finite and not is_finite(array):
        bad = np.argwhere(~np.isfinite(array))[0]
        where = f" at index {tuple(int(i) for i in bad)}" if array.ndim else ""
        raise ValueError(
            f"{name} contains {array[tuple(bad)]}{where}; expected finite numbers, {expected}: "
            f"find where it arose with np.isfinite({name})"
        )
    return array


def convert(name: str, value: Any, expected: str, integers: bool) -> np.ndarray:
    """Make an array of numbers out of a list, an integer array, …, or say why it can't be."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array; expected {expected} without a mask: fill the masked "
            f"entries with {name}.filled(…), or drop them"
        )
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} is ragged (its rows have different lengths); expected {expected}: "
            "give every row the same number of entries"
        ) from error
    kind = array.dtype.kind
    if kind not in KINDS:
        raise TypeError(
            f"{name} is {describe(value)} holding {array.dtype}, not numbers; expected {expected}: "
            "give floats, for example np.array(…, dtype=float)"
        )
    if kind in "biu" and not integers:
        raise TypeError(
            f"{name} holds {KINDS[kind]}; expected floats, {expected}: write 1.0 for 1, or "
            f"{name}.astype(float), since an update such as W -= 0.1 * dW cannot live in integers"
        )
    return array.astype(np.complex128 if kind == "c" else np.float64)


def shape_error(name: str, array: np.ndarray, expected: str, mend: str) -> ValueError:
    """Build (not raise) the error for an array of the wrong shape.

    Parameters
    ----------
    name : str
        What the caller calls this argument.
    array : numpy.ndarray
        What came.
    expected, mend : str
        The shape that is wanted, and what to write instead.

    Returns
    -------
    ValueError

    Examples
    --------
    >>> print(shape_error("x", np.zeros(2), "(2, N)", "write x[:, None] for one point"))
    x has shape (2,); expected (2, N): write x[:, None] for one point
    """
    return ValueError(f"{name} has shape {array.shape}; expected {expected}: {mend}")


def columns_mend(name: str, array: np.ndarray, rows: int) -> str:
    """Guess what was meant by an array that should have been (rows, N)."""
    if array.ndim == 0:
        return f"one number is no column; write np.array([[{name}]]) if one row is meant"
    if array.ndim == 1 and rows == 1:
        return f"write {name}[None, :] for one row"
    if array.ndim == 1 and array.shape[0] == rows:
        return f"write {name}[:, None] for one point"
    if array.ndim == 1:
        return f"one column a point, {rows} rows"
    if array.shape[-2] == rows:
        return "give as many columns as there are samples, one column a sample"
    if array.shape[-1] == rows:
        T = "T" if array.ndim == 2 else "mT"
        return f"samples are columns here; write {name}.{T} if yours are rows"
    return f"that layer has {rows} neurons, so {rows} rows"


def axes_fit(lead: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Do two sets of leading axes broadcast?

    Examples
    --------
    >>> axes_fit((3, 2), (2,)), axes_fit((3,), (2,))
    (True, False)
    """
    return all(p == q or 1 in (p, q) for p, q in zip(reversed(lead), reversed(other), strict=False))


def whole_number(name: str, value: Any, expected: str, smallest: int = 1) -> int:
    """Return `value` as an int, or refuse it; True and 2.0 are no whole numbers here.

    Parameters
    ----------
    name : str
        What the caller calls this argument.
    value : int
        Python's or NumPy's.
    expected : str
        What is wanted, in words, for the message.
    smallest : int
        Anything less is refused.

    Returns
    -------
    int

    Examples
    --------
    >>> whole_number("replicas", 3, "a whole number, at least 1")
    3
    """
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} is {describe(value)}; expected {expected}: write a Python int such as 3"
        ) from None
    if number < smallest:
        raise ValueError(f"{name} is {number}; expected {expected}: use {smallest} or more")
    return number


def positive_number(name: str, value: Any, mend: str, *, or_zero: bool = False) -> float:
    """Return `value` as a positive, finite float, or refuse it.

    Examples
    --------
    >>> positive_number("h", 1, "write 1e-6")
    1.0
    """
    real = isinstance(value, int | float | np.integer | np.floating)
    try:
        number = float(value) if real and not isinstance(value, bool) else math.nan
    except OverflowError:
        number = math.inf
    if not (0 < number < math.inf or (or_zero and number == 0)):
        wanted = "number, 0 or more" if or_zero else "positive number"
        raise ValueError(f"{name} is {describe(value)}; expected a {wanted}: {mend}")
    return number


def layer_arrays(name: str, given: Any) -> Mapping[int, Any]:
    """Check that `given` is a dictionary whose keys are the layer numbers 2, 3, …, L."""
    if not isinstance(given, Mapping):
        raise TypeError(
            f"{name} is {describe(given)}; expected a dictionary keyed by layer number, "
            f"{{2: …, 3: …}}: write {name} = {{2: first, 3: second}}"
        )
    for key in given:
        if isinstance(key, bool) or not isinstance(key, int | np.integer):
            raise TypeError(
                f"{name} has the key {key!r}; expected layer numbers 2, 3, …, L: "
                "use whole numbers as keys"
            )
    wanted = list(range(2, len(given) + 2))
    if not wanted or sorted(given) != wanted:
        raise ValueError(
            f"{name} has the layers {sorted(given)}; expected {wanted or [2]} without a gap: layer "
            "1 is the input and has no weights, the first weights are those of layer 2"
        )
    return given
