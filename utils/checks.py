r"""Exercise checks that say *which* mistake it was.

Each exercise of the notebooks has an object here; call it with your answer:

>>> from utils import checks
>>> checks.half_square(lambda a, y: 0.5 * (a - y) ** 2)
✓ half_square: verified in 3 cases (single numbers; a column; a matrix)

An answer that still is `...` is left in peace. A right one is told what was verified. A wrong one
is compared with every slip of `utils.slips` that can occur in this exercise, and with the right
answer transposed, sign-flipped, doubled and so on, in several cases; where one of them
fits everywhere, the error names it and says how to see it. Otherwise it says where your answer
first differs, and by how much.
"""

import ast
import copy
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from utils import slips
from utils.activations import identity, relu, sigmoid, tanh
from utils.network import Network, init_network
from utils.slips import SLIPS, Slip

__all__ = ["EXERCISES", "CheckFailed", "Exercise"]

RTOL = 1e-8  # a right answer differs by rounding, 1e-15; a wrong one by far more


class CheckFailed(AssertionError):
    """An answer is not right yet. Shown without a traceback; `.slip` names the diagnosis."""

    def __init__(self, message: str, slip: str | None = None) -> None:
        super().__init__(message)
        self.slip = slip

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


@dataclass(frozen=True)
class Case:
    """One set of arguments to try an answer on, with a label for messages."""

    label: str
    arguments: tuple


@dataclass(frozen=True)
class Outcome:
    """What a function did with one case: named arrays, or an exception."""

    parts: dict[str, np.ndarray] = field(default_factory=dict)
    error: Exception | None = None

    def same(self, other: "Outcome") -> bool:
        """Equal to rounding, part by part; or stopped by the same trouble."""
        if self.error is not None or other.error is not None:
            return _trouble(self.error) == _trouble(other.error)
        return self.parts.keys() == other.parts.keys() and all(
            _close(u, other.parts[name]) for name, u in self.parts.items()
        )


def _cells_run() -> Sequence[str]:
    """The source of every cell that was run in this kernel, in order; none without a kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    return shell.user_ns.get("In", ()) if shell else ()


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _trouble(error: Exception | None) -> tuple:
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


def _scale(v: np.ndarray) -> float:
    return float(np.max(np.abs(v), initial=0.0, where=np.isfinite(v)))


def _close(u: np.ndarray, v: np.ndarray) -> bool:
    if u.shape != v.shape:
        return False
    scale = _scale(v)
    return bool(np.allclose(u, v, rtol=0, atol=RTOL * scale, equal_nan=True))


@dataclass(frozen=True)
class Exercise:
    """One exercise: the right answer, the cases it is tried on, the slips it can go wrong by.

    Parameters
    ----------
    name : str
        The function that the student writes.
    notebook : str
        Its number, "03".
    reference : callable
        The right answer.
    cases : callable
        Takes a Generator, returns a list of `Case`.
    returns : tuple of str
        Names of what the function returns, for messages.
    takes : tuple of str
        Names of its arguments, for messages.
    """

    name: str
    notebook: str
    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator], list[Case]]
    returns: tuple[str, ...] = ("the answer",)
    takes: tuple[str, ...] = ("net", "x", "y")

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The slips that can occur in this exercise."""
        return SLIPS[self.name]

    def __call__(self, answer: Any) -> None:
        """Check an answer: print that it is verified or not attempted, or raise `CheckFailed`."""
        cases = self.cases(np.random.default_rng(2019))
        self._see_that_its_cell_ran(answer)
        if answer is not ... and not callable(answer):
            raise CheckFailed(
                f"✗ {self.name}: a function is expected here, and this is "
                f"{type(answer).__name__}. Pass the function itself, without calling it."
            )
        found: list[Outcome] = []
        for case in cases:
            if answer is ... or (outcome := self._try(answer, case)) is None:
                print(f"○ {self.name}: not attempted yet. Replace the three dots, run your cell "
                      "again, then this one.")  # fmt: skip
                return
            found.append(outcome)
        right = [self._run(self.reference, case) for case in cases]
        if all(u.same(v) for u, v in zip(found, right, strict=True)):
            labels = "; ".join(case.label for case in cases)
            print(f"✓ {self.name}: verified in {len(cases)} cases ({labels})")
            return
        self._diagnose(cases, found, right)

    def _run(self, function: Callable, case: Case) -> Outcome:
        """Call one of our own functions on copies of the arguments."""
        try:
            with np.errstate(all="ignore"):
                return Outcome(parts=self._parts(function(*copy.deepcopy(case.arguments))))
        except Exception as error:
            return Outcome(error=error)

    def _try(self, answer: Callable, case: Case) -> Outcome | None:
        """Call the student's function on copies of the arguments; None if it is still a stub."""
        arguments = copy.deepcopy(case.arguments)
        try:
            with np.errstate(all="ignore"):
                result = answer(*arguments)
        except NotImplementedError:
            return None
        except Exception as error:
            return Outcome(error=error)
        results = result if isinstance(result, tuple) else (result,)
        dots = [r is ... for r in results]
        if all(dots):
            return None
        if any(dots) and len(results) == len(self.returns):
            left = " and ".join(n for n, d in zip(self.returns, dots, strict=True) if d)
            raise CheckFailed(f"✗ {self.name}: {left} still has its three dots.", "half-done")
        self._see_unchanged(case, arguments)
        self._see_returned(result)
        return Outcome(parts=self._parts(result))

    def _see_that_its_cell_ran(self, answer: Any) -> None:
        """Refuse the function of an earlier run, where the cell since then was no Python."""
        name = getattr(answer, "__name__", "")
        written = [cell for cell in _cells_run() if re.search(rf"^ *def {name}\b", cell, re.M)]
        if name and written and not _is_python(written[-1]):
            raise CheckFailed(
                f"✗ {self.name}: Python could not read the cell with your function (SyntaxError), "
                "so what there is to check is from an earlier run. Mend the line that Python "
                "points at, run your cell again, then this one.",
                "syntax-error",
            )

    def _see_unchanged(self, case: Case, arguments: tuple) -> None:
        try:
            same = all(map(_equal, case.arguments, arguments))
        except Exception:  # a network taken to pieces
            same = False
        if not same:
            raise CheckFailed(
                f"✗ {self.name}: your function changes its arguments. A line such as b += … works "
                "inside the array that was given; write b = b + … instead.",
                "changed-argument",
            )

    def _see_returned(self, result: Any) -> None:
        if result is None:
            raise CheckFailed(
                f"✗ {self.name}: your function returned None. Is there a line that begins with "
                "return, and is it reached?",
                "no-return",
            )
        wanted = len(self.returns)
        if wanted > 1 and not (isinstance(result, tuple | list) and len(result) == wanted):
            raise CheckFailed(
                f"✗ {self.name}: return {wanted} things, {' and '.join(self.returns)}: "
                f"return {', '.join(self.returns)}.",
                "wrong-number-of-results",
            )

    def _parts(self, result: Any) -> dict[str, np.ndarray]:
        """Name each array of a result: the answer; W̃ and b̃; dW[2], dW[3], …"""
        results = result if len(self.returns) > 1 else (result,)
        parts: dict[str, np.ndarray] = {}
        for name, value in zip(self.returns, results, strict=True):
            named = (
                {f"{name}[{key}]": v for key, v in value.items()}
                if isinstance(value, dict)
                else {name: value}
            )
            for label, v in named.items():
                try:
                    array = np.asarray(v)
                except ValueError:  # ragged
                    array = np.asarray(None)
                if (
                    len(self.returns) > 1
                    and array.dtype.kind == "O"
                    and isinstance(v, list | tuple)
                ):
                    raise CheckFailed(
                        f"✗ {self.name}: {label} is a {type(v).__name__}; a dictionary is expected "
                        f"here, keyed by layer number: {label} = {{2: …, 3: …}}.",
                        "no-dictionary",
                    )
                if array.dtype.kind not in "biuf":
                    raise CheckFailed(
                        f"✗ {self.name}: {label} should hold real numbers, and is "
                        f"{type(v).__name__} holding {array.dtype}.",
                        "no-numbers",
                    )
                parts[label] = array.astype(float)
        return parts

    # ------------------------------------------------------------ what went wrong

    def _diagnose(self, cases: list[Case], found: list[Outcome], right: list[Outcome]) -> None:
        candidates = [(s, [self._run(s.variant, case) for case in cases]) for s in self.slips]
        for form in FORMS:
            candidates.append(
                (form, [Outcome({k: form.variant(v) for k, v in r.parts.items()}) for r in right])
            )
        for slip, flawed in candidates:
            if all(u.same(v) for u, v in zip(found, flawed, strict=True)):
                self._name_slip(slip, found, right)
        raise CheckFailed(self._first_difference(cases, found, right))

    def _name_slip(self, slip: Slip, found: list[Outcome], right: list[Outcome]) -> None:
        """Raise the diagnosis, with less certainty where only the errors fit and no number does."""
        numbers_fit = any(u.error is None and not u.same(v)
                          for u, v in zip(found, right, strict=True))  # fmt: skip
        if numbers_fit:
            opening = f"✗ {self.name}: {slip.says}."
        else:
            stopped = next(u.error for u in found if u.error is not None)
            opening = (
                f"✗ {self.name}: your function stopped with {type(stopped).__name__}: {stopped}.\n"
                f"  The same trouble comes up when {slip.says}."
            )
        raise CheckFailed(f"{opening}\n  How to see it: {slip.see}", slip.name)

    def _first_difference(
        self, cases: list[Case], found: list[Outcome], right: list[Outcome]
    ) -> str:
        good = [c.label for c, u, v in zip(cases, found, right, strict=True)
                if u.same(v) and any(np.any(part) for part in v.parts.values())]  # fmt: skip
        so_far = f" It is right for: {'; '.join(good)}." if good else ""
        for case, u, v in zip(cases, found, right, strict=True):
            if not u.same(v):
                where = f"✗ {self.name}, case “{case.label}”"
                if u.error is None:
                    return f"{where}: {_difference(u.parts, v.parts)}{so_far}"
                return (
                    f"{where}: your function stopped with {type(u.error).__name__}: {u.error}."
                    f"{so_far}\n  {self._advice(u.error, case)}"
                )
        raise AssertionError("called although all cases agree")

    def _advice(self, error: Exception, case: Case) -> str:
        """What to do about an error that no slip explains."""
        given = "; ".join(map(_described, self.takes, case.arguments))
        network = any(isinstance(argument, Network) for argument in case.arguments)
        if isinstance(error, KeyError) and network:
            return f"It was given {given}. Weights and biases begin at layer 2 and end at layer L."
        if isinstance(error, IndexError) and (network or "sizes" in self.takes):
            return (
                f"It was given {given}. Python counts from 0: n_l is sizes[l − 1]. And forward "
                "returns two things, z, a; loss_gradient three, value, dW, db."
            )
        if isinstance(error, IndexError):
            return f"It was given {given}. Python counts from 0: print the shape of what you index."
        if isinstance(error, UnboundLocalError):
            return "That name is used before it has a value: give it one before the loop."
        if isinstance(error, NameError):
            return "Is that name defined in a cell above, and has the cell been run?"
        if isinstance(error, np.linalg.LinAlgError):
            return f"It was given {given}. Print the matrix that is inverted, and its shape."
        if isinstance(error, ValueError) and "is ambiguous" in str(error):
            return (
                f"It was given {given}. if, min and max ask about one number; for each entry of an "
                "array write np.where, np.minimum, np.maximum."
            )
        if isinstance(error, ValueError):
            return f"It was given {given}. Print the shape of each product."
        return f"It was given {given}."


def _described(name: str, argument: Any) -> str:
    """An argument in a few words: `W of shape (3, 2)`, `net 2-3-1`."""
    if isinstance(argument, Network):
        return f"{name}, a network {'-'.join(map(str, argument.sizes))}"
    if isinstance(argument, tuple | str | int | float):
        return f"{name} = {argument!r}"
    return f"{name} of shape {np.shape(argument)}"


def _equal(before: Any, after: Any) -> bool:
    """Is an argument what it was?"""
    if isinstance(before, Network):
        return before.activation == after.activation and all(
            u.keys() == v.keys() and all(np.array_equal(u[l], v[l]) for l in u)
            for u, v in ((before.W, after.W), (before.b, after.b))
        )
    return bool(np.array_equal(before, after))


def _difference(found: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> str:
    for name, v in right.items():
        if name not in found:
            return f"{name} is missing; {', '.join(found)} came back."
        u = found[name]
        if u.shape != v.shape:
            return f"{name} has shape {u.shape}; expected {v.shape}."
        if not _close(u, v):
            # a comparison that a nan fails, too; an infinity differs from every number
            near = np.isfinite(v) & (np.abs(u - v) <= RTOL * _scale(v))
            at = np.argwhere(~(near | (u == v)))[0]
            index = f" at {tuple(int(i) for i in at)}" if u.ndim else ""
            if u.ndim == 1:
                index = f" at entry {at[0]}"
            off = np.abs(u - v).max()
            return (
                f"{name} first differs{index}: yours {u[tuple(at)]:.4g}, right {v[tuple(at)]:.4g}; "
                f"the largest difference anywhere is {off:.2g}."
            )
    return f"there is more than was asked for: {', '.join(found)}; expected {', '.join(right)}."


FORMS = (
    Slip("opposite-sign", "every entry has the opposite sign",
         "follow one minus sign through your lines.", np.negative),
    Slip("twice", "every entry is twice what it should be",
         "look for a ½ that got lost, or a sum that counts twice.", lambda v: 2 * v),
    Slip("half", "every entry is half of what it should be",
         "look for a ½ too many.", lambda v: v / 2),
    Slip("transposed-answer", "this is the transpose of the answer",
         "print its shape beside the one that is asked for.", lambda v: v.T),
    Slip("flattened", "the numbers are right, but in one dimension; keep rows and columns",
         "a column has shape (n, 1), not (n,): print the shape.", np.ravel),
    Slip("summed-answer", "the columns were added up; each sample keeps its own",
         "print the shape of your answer.",
         lambda v: v.sum(axis=-1, keepdims=True) if v.ndim > 1 else v),
)  # fmt: skip


# -------- the cases
#
# The first case of each has equal widths, where a missing transpose or a wrong index runs in
# silence and can be recognised by its numbers; the others have unequal ones.


def _network(sizes: Sequence[int], rng: np.random.Generator, **options: Any) -> Network:
    """A random network with biases that are not zero, so that a lost one shows."""
    net = init_network(sizes, rng, "paper", **options)
    return Network({l: 2 * W for l, W in net.W.items()}, net.b, net.activation)


def _half_square_cases(rng):
    def pair(*shape):
        return rng.normal(size=shape), rng.normal(size=shape)

    return [
        Case("single numbers", pair()),
        Case("a column", pair(3, 1)),
        Case("a matrix", pair(3, 4)),
    ]


def _layer_cases(rng):
    def arguments(n, m, N):
        return rng.normal(size=(n, m)), rng.normal(size=(n, 1)), rng.normal(size=(m, N))

    return [
        Case("3 → 3 neurons, 3 columns", arguments(3, 3, 3)),
        Case("2 → 4, one column", arguments(4, 2, 1)),
        Case("3 → 1, 5 columns", arguments(1, 3, 5)),
        Case("2 → 3, zero columns", arguments(3, 2, 0)),
    ]


def _count_cases(rng):
    sizes = [(2, 1), (2, 2, 3, 2), (64, 30, 10), tuple(int(n) for n in rng.integers(1, 9, 5))]
    return [Case("-".join(map(str, s)), (s,)) for s in sizes]


def _collapse_cases(rng):
    return [
        Case("-".join(map(str, s)), (_network(s, rng, activation=identity),))
        for s in [(3, 3, 3), (3, 3, 3, 3), (2, 4, 3, 1), (3, 2)]
    ]


def _tanh_cases(rng):
    def arguments(n, m):
        return rng.normal(size=(n, m)), rng.normal(size=(n, 1)), rng.normal(size=(m, 1))

    return [
        Case("3 → 3 neurons", arguments(3, 3)),
        Case("2 → 4", arguments(4, 2)),
        Case("3 → 1", arguments(1, 3)),
    ]


def _softmax_cases(rng):
    return [
        Case("3 classes", (rng.normal(size=(3, 1)),)),
        Case("10 classes", (3 * rng.normal(size=(10, 1)),)),
        Case("large z", (np.array([[1000.0], [1001.0], [999.0]]),)),
    ]


def _step_cases(rng):
    def arguments(n_next, n, N):
        a = sigmoid(rng.normal(size=(n, N)))
        return rng.normal(size=(n_next, n)), rng.normal(size=(n_next, N)), a

    return [
        Case("3 ← 3 neurons, one column", arguments(3, 3, 1)),
        Case("3 ← 3, 4 columns", arguments(3, 3, 4)),
        # as many columns as rows: here g @ Wᵀ and slopes @ … run, too, and give different numbers
        Case("3 ← 3, 3 columns", arguments(3, 3, 3)),
        Case("2 ← 4 neurons, 5 columns", arguments(4, 2, 5)),
        Case("4 ← 1, one column", arguments(1, 4, 1)),
    ]


def _input_gradient_cases(rng):
    mixed = {2: tanh, 3: relu, 4: sigmoid}
    # so large a weight that the output is 1.0 to the last digit: a − 1 is exactly 0
    saturated = Network({2: np.full((3, 2), 0.5), 3: np.full((1, 3), 100.0)},
                        {2: np.zeros((3, 1)), 3: np.zeros((1, 1))})  # fmt: skip
    return [
        Case("1-1-1, one column", (_network((1, 1, 1), rng), rng.normal(size=(1, 1)))),
        Case("3-3-3-3-1, 3 columns", (_network((3, 3, 3, 3, 1), rng), rng.normal(size=(3, 3)))),
        Case("3-3-3-3-1, one column", (_network((3, 3, 3, 3, 1), rng), rng.normal(size=(3, 1)))),
        Case("2-3-1, 5 columns", (_network((2, 3, 1), rng), rng.normal(size=(2, 5)))),
        Case("2-4-3-1, tanh, ReLU and sigmoid, 3 columns",
             (_network((2, 4, 3, 1), rng, activation=mixed), rng.normal(size=(2, 3)))),
        Case("2-3-1, tanh at the output, 2 columns",
             (_network((2, 3, 1), rng, activation={2: sigmoid, 3: tanh}),
              rng.normal(size=(2, 2)))),
        Case("a saturated output", (saturated, np.ones((2, 1)))),
        Case("L = 2", (_network((4, 1), rng), rng.normal(size=(4, 2)))),
    ]  # fmt: skip


def _weight_gradient_cases(rng):
    def arguments(n, m, N):
        return rng.normal(size=(n, N)), rng.normal(size=(m, N))

    return [
        Case("3 × 3 weights, 3 columns", arguments(3, 3, 3)),
        Case("2 × 4, one column", arguments(2, 4, 1)),
        Case("3 × 2, 5 columns", arguments(3, 2, 5)),
    ]


def _batch_cases(rng):
    def arguments(sizes, N, **options):
        net = _network(sizes, rng, **options)
        return net, rng.normal(size=(sizes[0], N)), rng.uniform(size=(sizes[-1], N))

    return [
        Case("1-1-1, one column", arguments((1, 1, 1), 1)),
        Case("3-3-3-3, 4 columns", arguments((3, 3, 3, 3), 4)),
        Case("2-3-4-2, 5 columns", arguments((2, 3, 4, 2), 5)),
        Case("2-4-1, tanh and identity, 3 columns",
             arguments((2, 4, 1), 3, activation={2: tanh, 3: identity})),
    ]  # fmt: skip


def _sgd_cases(rng):
    def arguments(sizes, N, i, rate):
        net = _network(sizes, rng)
        return net, rng.normal(size=(sizes[0], N)), rng.uniform(size=(sizes[-1], N)), i, rate

    return [
        Case("3-3-3, sample 2 of 4", arguments((3, 3, 3), 4, 2, 0.5)),
        Case("2-4-1, the last of 5", arguments((2, 4, 1), 5, 4, 0.05)),
        Case("2-3-2, the only sample", arguments((2, 3, 2), 1, 0, 2.0)),
    ]


def _vanishing_cases(rng):
    return [Case(block, (block,)) for block in ("dW[2]", "db[2]", "dW[3]", "db[3]")]


def _walk_cases(rng):
    return [
        Case("one point", (_network((3, 4, 1), rng), rng.normal(size=(3, 1)))),
        Case("4 points", (_network((2, 3, 3, 1), rng), rng.normal(size=(2, 4)))),
    ]


def _flip_cases(rng):
    up = Network({2: np.array([[4.0, 0.0]])}, {2: np.array([[-2.0]])})  # ½ where x₁ = ½
    right, left = np.array([[1.0], [0.0]]), np.array([[-1.0], [0.0]])
    lengths = np.array([0.11, 0.23, 0.31, 0.45, 0.6, 0.9])
    return [
        Case("from below ½", (up, np.array([[0.1], [0.3]]), right, lengths)),
        Case("from above ½", (up, np.array([[0.7], [0.3]]), left, lengths)),
        Case("a direction without a flip", (up, np.array([[0.1], [0.3]]), left, lengths)),
        Case("a direction of length 2", (up, np.array([[0.1], [0.3]]), 2 * right, lengths)),
    ]


def _difference_cases(rng):
    return [
        Case("three coefficients", (rng.normal(size=3),)),
        Case("an intercept alone", (rng.normal(size=1),)),
        Case("six coefficients", (rng.normal(size=6),)),
    ]


def _scalar_cases(rng):
    # no two labels are equally near; outputs reach beyond both ends, and more than one label far
    return [
        Case("2 classes", (np.array([[0.3, 0.9, -0.4, 1.3, 2.2, -2.7, 0.6, 3.8]]), 2)),
        Case("3 classes", (np.array([[1.8, 0.2, -1.3, 1.2, 0.7, 3.2, -0.2, 4.9, 2.3]]), 3)),
        Case("5 classes", (rng.permutation(np.linspace(-2.9, 6.8, 15))[None, :], 5)),
        Case("3 classes, one column", (np.array([[1.6]]), 3)),
    ]


def _start_cases(rng):
    def arguments(K, N):
        return 2 * rng.normal(size=(K, N)), np.eye(K)[:, rng.integers(K, size=N)]

    def probabilities(K, N):
        return rng.normal(size=(K, N)), rng.dirichlet(np.ones(K), size=N).T

    large = np.array([[1000.0, 1001.0], [1002.0, 999.0], [1001.0, 1000.5]])
    return [
        Case("3 classes, 3 columns", arguments(3, 3)),
        Case("2 classes, 5 columns", arguments(2, 5)),
        Case("4 classes, one column", arguments(4, 1)),
        Case("3 classes, 4 columns of probabilities", probabilities(3, 4)),
        Case("z about 1000", (large, np.eye(3)[:, [0, 1]])),
    ]


def _cross_entropy_cases(rng):
    labels = np.array([[0.0, 1.0, 1.0, 0.0, 1.0]])
    large = np.array([[-1000.0, 1000.0, -1000.0, 1000.0, -1000.0, 1000.0, 30.0]])
    return [
        Case("labels", (2 * rng.normal(size=(1, 5)), labels)),
        Case("probabilities", (2 * rng.normal(size=(1, 6)), rng.uniform(size=(1, 6)))),
        Case("one column", (np.array([[-0.7]]), np.array([[1.0]]))),
        Case("z from −1000 to 1000", (large, np.array([[1.0, 0.0, 0.0, 1.0, 0.3, 0.3, 1.0]]))),
    ]


def _psi_cases(rng):
    return [
        Case("ν = 3", (np.append(2 * rng.normal(size=6), [0.0, 100.0]), 3)),
        Case("ν = 1, a matrix", (rng.normal(size=(2, 3)), 1)),
        Case("ν = 7.5", (3 * rng.normal(size=5), 7.5)),
        Case("a single number", (np.array(-1.7), 2)),
    ]


def _irls_cases(rng):
    def arguments(N, k, outliers):
        x, beta = rng.normal(size=N), rng.normal(size=2)
        r = 0.5 * rng.uniform(-1, 1, size=N)
        r[: len(outliers)] += outliers
        return x, beta[0] + beta[1] * x + r, beta, k

    # numbers that are exact in binary, so that the first residual is 0 however it is computed
    x = np.array([0.5, 1.0, 2.0, 3.0, -1.0, -2.0])
    y = 1 + 2 * x + np.array([0.0, 3.0, -0.5, -4.0, 0.25, 0.75])
    return [
        Case("8 points, 3 far out", arguments(8, 1.345, [6.0, -9.0, 3.0])),
        Case("a residual of 0", (x, y, np.array([1.0, 2.0]), 1.0)),
        Case("no residual above k", arguments(7, 1.5, [])),
        Case("20 points, small k", arguments(20, 0.2, [4.0, -1.0, 2.0])),
    ]


def _leverage_cases(rng):
    def arguments(N, p):
        x = rng.normal(size=(N, p)) @ rng.normal(size=(p, p))
        x[2] *= 6  # one row far out
        return (x,)

    far = np.array([[1760.0], [1895.0], [2930.0], [2010.0], [2080.0], [1610.0], [2240.0]])
    return [
        Case("one feature", arguments(6, 1)),
        Case("two features", arguments(9, 2)),
        Case("three features", arguments(12, 3)),
        Case("one feature about 2000", (far,)),
    ]


half_square = Exercise(
    "half_square", "00", lambda a, y: 0.5 * (a - y) ** 2, _half_square_cases, takes=("a", "y")
)
layer = Exercise(
    "layer", "01", lambda W, b, a: sigmoid(W @ a + b), _layer_cases, takes=("W", "b", "a")
)
parameter_count = Exercise(
    "parameter_count",
    "01",
    lambda sizes: sum(n * (m + 1) for m, n in pairwise(sizes)),
    _count_cases,
    takes=("sizes",),
)
collapse = Exercise("collapse", "01", slips.collapsed, _collapse_cases, ("W_tilde", "b_tilde"))
tanh_jacobian = Exercise(
    "tanh_jacobian", "02", slips.tanh_jacobian, _tanh_cases, takes=("W", "b", "a")
)
softmax_jacobian = Exercise(
    "softmax_jacobian", "02", slips.softmax_jacobian, _softmax_cases, takes=("z",)
)
backward_step = Exercise(
    "backward_step",
    "03",
    partial(slips.backward_step_with, slips.right_step),
    _step_cases,
    takes=("W_next", "g_next", "a"),
)
input_gradient = Exercise(
    "input_gradient",
    "03",
    partial(slips.input_gradient_with, slips.right_step),
    _input_gradient_cases,
)
weight_gradient = Exercise(
    "weight_gradient", "04", lambda g, a: g @ a.T, _weight_gradient_cases, takes=("g", "a")
)
batch_mean = Exercise(
    "batch_mean",
    "04",
    partial(slips.batch_gradient_with, slips.right_step),
    _batch_cases,
    ("dW", "db"),
)

sgd_step = Exercise(
    "sgd_step",
    "05",
    slips.sgd_step_with,
    _sgd_cases,
    ("W", "b"),
    ("net", "x", "y", "i", "learning_rate"),
)
vanishes_at_zero = Exercise(
    "vanishes_at_zero", "05", slips.vanishes_at_zero, _vanishing_cases, takes=("block",)
)

step_to_boundary = Exercise("step_to_boundary", "06", slips.step_to_boundary, _walk_cases)
first_flip = Exercise(
    "first_flip", "06", slips.first_flip, _flip_cases, takes=("net", "x", "direction", "lengths")
)

difference_weights = Exercise(
    "difference_weights", "07", slips.difference_weights, _difference_cases, takes=("w",)
)
class_of_scalar = Exercise(
    "class_of_scalar", "07", slips.class_of_scalar, _scalar_cases, takes=("a", "K")
)

cross_entropy_start = Exercise(
    "cross_entropy_start", "08", slips.cross_entropy_start, _start_cases, takes=("z", "y")
)
stable_cross_entropy = Exercise(
    "stable_cross_entropy", "08", slips.stable_cross_entropy, _cross_entropy_cases, takes=("z", "y")
)

student_psi = Exercise("student_psi", "09", slips.student_psi, _psi_cases, takes=("r", "nu"))
irls_step = Exercise("irls_step", "09", slips.irls_step, _irls_cases, takes=("x", "y", "beta", "k"))

leverages = Exercise("leverages", "10", slips.leverages, _leverage_cases, takes=("x",))

EXERCISES: dict[str, Exercise] = {
    e.name: e
    for e in (half_square, layer, parameter_count, collapse, tanh_jacobian, softmax_jacobian,
              backward_step, input_gradient, weight_gradient, batch_mean, sgd_step,
              vanishes_at_zero, step_to_boundary, first_flip, difference_weights,
              class_of_scalar, cross_entropy_start, stable_cross_entropy, student_psi, irls_step,
              leverages)
}  # fmt: skip
