"""When two answers are the same: to rounding, part by part, or stopped by the same trouble."""

import re
from dataclasses import dataclass, field

import numpy as np

RTOL = 1e-8  # a slip is known by so many digits: the answer may have slipped in its own order
NEARLY = 1e-7  # what is this near to the right answer, and not right, has no slip
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


def difference(
    found: dict[str, np.ndarray], right: dict[str, np.ndarray], rtol: float = RTOL
) -> str:
    """Where the first part that is not right differs first, in words."""
    for name, v in right.items():
        if name not in found:
            return f"{name} is missing; {', '.join(found)} came back."
        u = found[name]
        if u.shape != v.shape:
            return f"{name} has shape {u.shape}; expected {v.shape}."
        if not close(u, v, rtol):
            # a comparison that a nan fails, too; an infinity differs from every number
            near = np.isfinite(v) & (np.abs(u - v) <= rtol * scale(v) + NOTHING)
            at = np.argwhere(~(near | (u == v)))[0]
            index = f" at {tuple(int(i) for i in at)}" if u.ndim else ""
            if u.ndim == 1:
                index = f" at entry {at[0]}"
            off = np.abs(u - v).max()
            yours, rights = apart(float(u[tuple(at)]), float(v[tuple(at)]))
            return (
                f"{name} first differs{index}: yours {yours}, right {rights}; "
                f"the largest difference anywhere is {off:.2g}."
            )
    return f"there is more than was asked for: {', '.join(found)}; expected {', '.join(right)}."
