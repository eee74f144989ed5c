"""When two answers are the same: to rounding, part by part, or stopped by the same trouble."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

RTOL = 1e-8  # a slip is known by so many digits: the answer may have slipped in its own order
NEARLY = 1e-7  # what is this near to the right answer, and not right, has no slip
MISFIT = (ValueError, IndexError)  # what @, np.dot, einsum and a loop say of shapes that don't fit
NONE_OR_MISFIT = (type(None), *MISFIT)
NOTHING = 1e-60  # beside which 0 is right, too: 1e-94 comes out of a saturated network


@dataclass(frozen=True)
class Outcome:
    """What a function did with one case: named arrays, or an exception."""

    parts: dict[str, np.ndarray] = field(default_factory=dict)
    error: Exception | None = None

    def same(self, other: "Outcome", rtol: float = RTOL) -> bool:
        """Equal to so much of itself, part by part; or stopped by the same trouble."""
        if self.error is not None or other.error is not None:
            return trouble(self.error) == trouble(other.error)
        return self.parts.keys() == other.parts.keys() and all(
            close(u, other.parts[name], rtol) for name, u in self.parts.items()
        )


def trouble(error: Exception | None) -> tuple:
    """What an error says, without NumPy's various wordings of it.

    A product that doesn't exist is worded differently by @ and np.dot; the two sizes that don't
    fit are the same. Of a sum or entrywise product that doesn't exist we keep the two shapes.
    """
    words = str(error)
    if match := re.search(r"\(size (\d+) is different from (\d+)\)", words):
        return ("product", match[2], match[1])  # columns on the left, rows on the right
    if match := re.search(r"not aligned: (\d+) \(dim \d\) != (\d+) \(dim \d\)", words):
        return ("product", match[1], match[2])
    if match := re.search(r"broadcast together with shapes (\(.*?\)) (\(.*?\))", words):
        # (n,) is a row to NumPy: (1, n)
        return ("entrywise", *sorted(re.sub(r"^\((\d+),\)$", r"(1,\1)", g) for g in match.groups()))
    return (type(error), words)


def scale(v: np.ndarray) -> float:
    return float(np.max(np.abs(v), initial=0.0, where=np.isfinite(v)))


def close(u: np.ndarray, v: np.ndarray, rtol: float = RTOL) -> bool:
    if u.shape != v.shape:
        return False
    return bool(np.allclose(u, v, rtol=0, atol=rtol * scale(v) + NOTHING, equal_nan=True))


def how_near(found: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> float:
    """The largest difference as a part of the array's largest entry; infinite if shapes differ."""
    if found.keys() != right.keys() or any(found[k].shape != v.shape for k, v in right.items()):
        return np.inf
    with np.errstate(invalid="ignore"):  # infinite on both sides is no difference
        off = [
            np.where(found[k] == v, 0.0, np.abs(found[k] - v)).max(initial=0) / (scale(v) + NOTHING)
            for k, v in right.items()
        ]
    return float(max(off)) if np.all(np.isfinite(off)) else np.inf


def factor(found: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> float:
    """By what everything was multiplied, if by one number; 0 if by none.

    Examples
    --------
    >>> factor({"a": np.array([1.0, 2.0])}, {"a": np.array([3.0, 6.0])})
    0.3333333333333333
    """
    if found.keys() != right.keys() or any(found[k].shape != v.shape for k, v in right.items()):
        return 0.0
    u, v = (np.concatenate([part[k].ravel() for k in right]) for part in (found, right))
    if not np.all(np.isfinite(u) & np.isfinite(v)) or np.count_nonzero(v) < 1:
        return 0.0
    by = float(u @ v / (v @ v))
    return by if np.allclose(u, by * v, rtol=0, atol=1e-10 * scale(u)) else 0.0


def fits_in_numbers(found: list[Outcome], flawed: list[Outcome], right: list[Outcome]) -> bool:
    """Are they alike everywhere, and by a number that isn't right somewhere?

    Where a slip stops for shapes that don't fit, another hand's may stop in other words, or go on:
    einsum stretches an axis of length 1.
    """
    by_numbers = False
    for u, v, r in zip(found, flawed, right, strict=True):
        stopped = isinstance(v.error, MISFIT) and isinstance(u.error, NONE_OR_MISFIT)
        if not u.same(v) and (u.same(r) or not stopped):
            return False
        by_numbers |= u.error is None and v.error is None and not u.same(r)
    return by_numbers


def formed_by(
    form: Callable[[np.ndarray], np.ndarray], found: list[Outcome], right: list[Outcome]
) -> str | None:
    """Which parts came out in another form, the others being right: ", dW", or "" if all did.

    None if there is anything else, or nothing.
    """
    if any(u.error or v.error or u.parts.keys() != v.parts.keys()
           for u, v in zip(found, right, strict=True)):  # fmt: skip
        return None
    pairs: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for u, v in zip(found, right, strict=True):
        for name, part in v.parts.items():
            pairs.setdefault(name.partition("[")[0], []).append((u.parts[name], part))
    wrong = [base for base, both in pairs.items() if not all(close(u, v) for u, v in both)]
    if not wrong or not all(close(u, form(v)) for base in wrong for u, v in pairs[base]):
        return None
    numbers = [base for base, both in pairs.items() if any(v.size for _, v in both)]
    return "" if len(wrong) == len(numbers) else f", {' and '.join(wrong)}"


def truths(found: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> str:
    """The first truth value that is another one, in words."""
    for name, v in right.items():
        u = found.get(name)
        if u is None or u.shape != v.shape or u not in (0, 1):
            return difference(found, right)
        if u != v:
            return f"{name} is {bool(u)}; right is {bool(v)}."
    return difference(found, right)


def apart(u: float, v: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to see that they differ, at least four.

    Examples
    --------
    >>> apart(0.004912, 0.0049123), apart(2.0, 3.0)
    (('0.004912', '0.0049123'), ('2', '3'))
    """
    for digits in range(4, 18):
        if f"{u:.{digits}g}" != f"{v:.{digits}g}":
            break
    return f"{u:.{digits}g}", f"{v:.{digits}g}"


def largest(u: np.ndarray, v: np.ndarray) -> str:
    """By how much two arrays differ at most, where that says more than their first difference."""
    off = np.abs(u - v).max()
    if u.ndim == 0 or not np.isfinite(off):
        return ""
    return f"; the largest difference anywhere is {off:.2g}"


def columns_right(near: np.ndarray) -> str:
    """Which columns are right, where some are as a whole and the others are not at all."""
    if near.ndim != 2 or near.shape[1] < 2:
        return ""
    whole, none = near.all(axis=0), ~near.any(axis=0)
    if not whole.any() or not none.any() or not (whole | none).all():
        return ""
    columns = ", ".join(map(str, np.flatnonzero(whole)))
    return f" Right is column {columns}." if whole.sum() == 1 else f" Right are columns {columns}."


def about_nan(u: np.ndarray, v: np.ndarray) -> str:
    """Where a nan may come from."""
    if not np.any(np.isnan(u) & ~np.isnan(v)):
        return ""
    return (
        " (nan comes out of 0/0, of ∞/∞ and ∞ − ∞, where exp overflowed, and of the root or the "
        "logarithm of a negative number.)"
    )


def difference(
    found: dict[str, np.ndarray], right: dict[str, np.ndarray], rtol: float = RTOL
) -> str:
    """Where the first part that is not right differs first, in words."""
    for name, v in right.items():
        base = name.partition("[")[0]
        if name not in found and base in found:
            return f"{base} is one array; a dictionary is expected, with an entry for each layer."
        if name not in found:
            return f"{name} is missing; {', '.join(found)} came back."
        u = found[name]
        if u.shape != v.shape:
            return f"{name} has shape {u.shape}; expected {v.shape}."
        if not close(u, v, rtol):
            # a comparison that a nan fails, too; an infinity differs from every number
            near = np.isfinite(v) & (np.abs(u - v) <= rtol * scale(v) + NOTHING)
            near |= (u == v) | (np.isnan(u) & np.isnan(v))
            at = np.argwhere(~near)[0]
            index = f" at {tuple(int(i) for i in at)}" if u.ndim else ""
            if u.ndim == 1:
                index = f" at entry {at[0]}"
            yours, rights = apart(float(u[tuple(at)]), float(v[tuple(at)]))
            first = f"{name} first differs{index}: yours {yours}, right {rights}"
            if u.ndim == 0:
                first = f"{name} is {yours}, right is {rights}"
            return f"{first}{largest(u, v)}.{columns_right(near)}{about_nan(u, v)}"
    return f"there is more than was asked for: {', '.join(found)}; expected {', '.join(right)}."
