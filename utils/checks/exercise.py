"""An exercise, and what its check does: try an answer, compare it, say which mistake it was.

Read from `Exercise.__call__` on. An answer is tried on every case; if it differs from the right
one, it is compared with each slip on the same cases, and the one that fits everywhere is named.
What is the same, and where two answers first differ, is worked out in `compare`.
"""

import ast
import copy
import inspect
import re
import sys
import textwrap
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from utils.activations import relu
from utils.checks.compare import (
    NEARLY,
    Outcome,
    close,
    difference,
    factor,
    fits_in_numbers,
    formed_by,
    how_near,
    truths,
)
from utils.network import Network, forward, init_network

SEED = 2019  # of the cases in the notebooks
LIBRARY = Path(__file__).parents[1]


@dataclass(frozen=True)
class Slip:
    """One way to be wrong, with what a check says about it.

    Attributes
    ----------
    name : str
        Short name; a check's error carries it as `.slip`.
    says : str
        What is wrong, in a sentence.
    see : str
        How to see it by a number.
    variant : callable
        The slip itself, with the arguments of the right algorithm.
    number : int or None
        Its number among the hunts.
    """

    name: str
    says: str
    see: str
    variant: Callable[..., Any]
    number: int | None = None


@dataclass(frozen=True)
class Case:
    """One set of arguments to try an answer on, with a label for messages."""

    label: str
    arguments: tuple


class CheckFailed(AssertionError):
    """An answer is not right yet. Shown without a traceback; `.slip` names the diagnosis."""

    def __init__(self, message: str, slip: str | None = None) -> None:
        super().__init__(message)
        self.slip = slip

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


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
         "a column has shape (n, 1), not (n,): print the shape.",
         lambda v: v.ravel() if v.ndim > 1 else v),
    Slip("squeezed", "the numbers are right, but an axis of length 1 is gone (squeeze, or [:, 0])",
         "print the shape of your answer for a single column.", np.squeeze),
    Slip("number-in-a-list", "one number is asked for; yours stands in a list or an array",
         "print it: there are no brackets around a number.",
         lambda v: v[None] if v.ndim == 0 else v),
    Slip("as-a-column", "the numbers are right, but as a column; one dimension is asked for",
         "print the shape of your answer.", lambda v: v[:, None] if v.ndim == 1 else v),
    Slip("as-a-row", "the numbers are right, but in rows and columns; one dimension is asked for",
         "print the shape of your answer.", lambda v: v[None] if v.ndim == 1 else v),
    Slip("first-column", "this is the first column alone; the others are missing",
         "print the shape of your answer.", lambda v: v[:, :1] if v.ndim == 2 else v),
    Slip("summed-answer", "the columns were added up; each sample keeps its own",
         "print the shape of your answer.",
         lambda v: v.sum(axis=-1, keepdims=True) if v.ndim > 1 else v),
)  # fmt: skip


@dataclass(frozen=True)
class Exercise:
    """One exercise: the right answer, the cases it is tried on, the slips it can go wrong by.

    Parameters
    ----------
    name : str
        The function that the student writes.
    reference : callable
        The right answer.
    slips : tuple of Slip
        The ways it can go wrong.
    cases : callable
        Takes a Generator, returns a list of `Case`.
    returns : tuple of str
        Names of what the function returns, for messages; ("net",) for a network.
    takes : tuple of str
        Names of its arguments, for messages.
    rtol : float
        By how much of its largest entry a right answer may differ: by rounding, 1e-15, and not by
        what a difference quotient leaves, 1e-11.
    """

    name: str
    reference: Callable[..., Any]
    slips: tuple[Slip, ...]
    cases: Callable[[np.random.Generator], list[Case]]
    returns: tuple[str, ...] = ("the answer",)
    takes: tuple[str, ...] = ("net", "x", "y")
    rtol: float = 1e-12

    @property
    def notebook(self) -> str:
        """The number of its notebook, "03": that of the file in which its cases stand."""
        return self.cases.__module__.rpartition(".nb")[2][:2]

    def __call__(self, answer: Any) -> None:
        """Check an answer: print that it is verified or not attempted, or raise `CheckFailed`."""
        cases = self.cases(np.random.default_rng(SEED))
        if not self._verified(answer, cases):
            print(self._stub_words())
            return
        labels = "; ".join(case.label for case in cases)
        print(f"✓ {self.name}: verified in {len(cases)} cases ({labels})")

    def grade(self, answer: Any, seed: int | None = None) -> None:
        """Raise `CheckFailed` unless an answer is right; print nothing.

        A stub is not right here, and neither is a function of the library itself, under whatever
        name, or in a partial. (One that calls it is: the library is open, and holds every answer.)

        Parameters
        ----------
        answer : callable
            The student's function.
        seed : int, optional
            Of the random numbers in the cases; those of the check in the notebook if left out.

        Raises
        ------
        CheckFailed
            With the same diagnosis as the check, in short lines; `.slip` is "not-attempted" for a
            stub, "library" for a function of the library.

        Examples
        --------
        >>> from utils import checks
        >>> checks.half_square.grade(lambda a, y: 0.5 * (a - y) ** 2, seed=7)
        """
        if _of_the_library(answer):
            raise CheckFailed(
                f"✗ {self.name}: this is the library's own function; write one of your own.",
                "library",
            )
        cases = self.cases(np.random.default_rng(SEED if seed is None else seed))
        try:
            if not self._verified(answer, cases):
                raise CheckFailed(self._stub_words(), "not-attempted")
        except CheckFailed as failed:  # pages of feedback cut a long line at their edge
            lines = [textwrap.fill(line, 96, subsequent_indent="  ")
                     for line in str(failed).splitlines()]  # fmt: skip
            raise CheckFailed("\n".join(lines), failed.slip) from None

    def _stub_words(self) -> str:
        return (f"○ {self.name}: not attempted yet. Replace the three dots, run your cell again, "
                "then this one.")  # fmt: skip

    def _verified(self, answer: Any, cases: list[Case]) -> bool:
        """Is an answer right on all cases? False if it is still a stub; raise if it is wrong."""
        self._see_that_its_cell_ran(answer)
        if answer is not ... and not callable(answer):
            raise CheckFailed(
                f"✗ {self.name}: a function is expected here, and this is "
                f"{type(answer).__name__}. Pass the function itself, without calling it."
            )
        found: list[Outcome] = []
        for case in cases:
            if answer is ... or (outcome := self._try(answer, case)) is None:
                return False
            found.append(outcome)
        right = [self._run(self.reference, case) for case in cases]
        if not all(u.same(v, self.rtol) for u, v in zip(found, right, strict=True)):
            self._diagnose(cases, found, right)
        return True

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
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # where points are given, a warning costs them
                result = answer(*arguments)
        except Exception as error:
            if isinstance(error, NotImplementedError) and _raised_in(answer, error):
                return None
            return Outcome(error=error)
        results = result if isinstance(result, tuple) else (result,)
        dots = [r is ... for r in results]
        if all(dots):
            return None
        if any(dots) and len(results) == len(self.returns):
            left = " and ".join(n for n, d in zip(self.returns, dots, strict=True) if d)
            raise CheckFailed(f"✗ {self.name}: {left} still has its three dots.", "half-done")
        self._see_unchanged(case, arguments)
        self._see_returned(result, case)
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
        changed = [name for name, before, after in zip(self.takes, case.arguments, arguments)
                   if not _equal(before, after)]  # fmt: skip
        if changed:
            shallow = ""
            if "net" in changed:
                shallow = " (net.W.copy() copies the dictionary, and not the arrays in it.)"
            raise CheckFailed(
                f"✗ {self.name}: your function changes what it was given: "
                f"{' and '.join(changed)}. Lines such as b += …, x[0] = … or net.W[l] = … work "
                "inside what was given; make something new, as in b = b + …, or begin with a "
                f"copy: .copy().{shallow}",
                "changed-argument",
            )

    def _see_returned(self, result: Any, case: Case) -> None:
        if result is None:
            due = self._run(self.reference, case)
            given = "; ".join(map(_described, self.takes, case.arguments))
            truth = self._answers_with_truth(case)
            expected = ", ".join(f"{name} {_in_words(v, truth)}" for name, v in due.parts.items())
            if self.returns == ("net",):
                expected = "a network"
            raise CheckFailed(
                f"✗ {self.name}: your function returned None in the case “{case.label}” ({given}), "
                f"where it should return {expected}. Either there is no line that begins with "
                "return, or none is reached in that case.",
                "no-return",
            )
        wanted = len(self.returns)
        several = isinstance(result, tuple | list)
        several |= isinstance(result, np.ndarray) and result.ndim == 1
        if wanted > 1 and not (several and len(result) == wanted):
            came = f"{len(result)} things" if several else f"a {type(result).__name__}"
            raise CheckFailed(
                f"✗ {self.name}: return {wanted} things, {' and '.join(self.returns)}: "
                f"return {', '.join(self.returns)}. What came back is {came}.",
                "wrong-number-of-results",
            )

    def _answers_with_truth(self, case: Case) -> bool:
        """Is the right answer True or False, or several of them?"""
        result = self.reference(*copy.deepcopy(case.arguments))
        results = result if isinstance(result, tuple) else (result,)
        return all(isinstance(r, bool | np.bool_) for r in results)

    def _parts(self, result: Any) -> dict[str, np.ndarray]:
        """Name each array of a result: the answer; W̃ and b̃; dW[2], dW[3], …"""
        results = result if len(self.returns) > 1 else (result,)
        parts: dict[str, np.ndarray] = {}
        for name, value in zip(self.returns, results, strict=True):
            for label, v in self._by_layer(name, value).items():
                parts[label] = self._array(label, v)
        return parts

    def _by_layer(self, name: str, value: Any) -> dict[str, Any]:
        if self.returns == ("net",):
            return self._of_network(value)
        if not isinstance(value, dict):
            return {name: value}
        if any(isinstance(key, str) for key in value):
            raise CheckFailed(
                f"✗ {self.name}: the keys of {name} are text, such as {next(iter(value))!r}; layer "
                f"numbers are expected: {name} = {{2: …, 3: …}}.",
                "no-layer-numbers",
            )
        if self.returns == ("the answer",):
            raise CheckFailed(
                f"✗ {self.name}: a dictionary came back, with the keys {list(value)}; one array is "
                "asked for: return the entry that you mean.",
                "dictionary",
            )
        return {f"{name}[{key}]": v for key, v in value.items()}

    def _of_network(self, value: Any) -> dict[str, Any]:
        """Name the arrays of a network, and its activations, which have a name and no numbers."""
        if not isinstance(value, Network):
            raise CheckFailed(
                f"✗ {self.name}: a network is asked for, and what came back is a "
                f"{type(value).__name__}. Make one of your weights and biases: "
                "Network(W, b, net.activation).",
                "no-network",
            )
        arrays = {f"{name}[{l}]": v for name in "Wb" for l, v in getattr(value, name).items()}
        return arrays | {f"{f.name} in layer {l}": () for l, f in value.activation.items()}

    def _array(self, label: str, v: Any) -> np.ndarray:
        """What came back as an array of floats, or refused: words, matrices, lists of arrays."""
        if isinstance(v, str):
            mend = "Without quotes, 'True' is True and '3' is 3."
            if "block" in self.takes:
                mend = (
                    "In Python a == 'p' or 'q' means (a == 'p') or 'q', which is 'q' where a "
                    "is not 'p'; write a in ('p', 'q'). And without quotes 'True' is True."
                )
            raise CheckFailed(f"✗ {self.name}: {label} is the text {v!r}. {mend}", "text")
        if isinstance(v, np.matrix):
            raise CheckFailed(
                f"✗ {self.name}: {label} is an np.matrix, for which * is the matrix product; write "
                "np.array, where * is entry by entry and @ the matrix product.",
                "np.matrix",
            )
        try:
            array = np.asarray(v)
            if isinstance(v, np.ndarray) and array.dtype.kind == "O":  # out of np.frompyfunc
                array = array.astype(float)
        except Exception:  # ragged, or a thing of another library
            array = np.asarray(None)
        by_layer = self.returns != ("the answer",)
        if by_layer and array.dtype.kind == "O" and isinstance(v, list | tuple):
            raise CheckFailed(
                f"✗ {self.name}: {label} is a {type(v).__name__}; a dictionary is expected "
                f"here, keyed by layer number: {label} = {{2: …, 3: …}}.",
                "no-dictionary",
            )
        if array.dtype.kind == "c":
            raise CheckFailed(
                f"✗ {self.name}: {label} is made of complex numbers; real ones are asked for. Take "
                "the part that you mean, .imag or .real, before you return it.",
                "complex",
            )
        if array.dtype.kind not in "biuf" and isinstance(v, tuple):
            raise CheckFailed(
                f"✗ {self.name}: {len(v)} things came back, and {label} is one array. A comma "
                "makes a tuple: return u, v returns both, and 0,5 is 0 and 5; a half is 0.5.",
                "tuple",
            )
        if array.dtype.kind not in "biuf":
            held = {"U": "texts", "O": "objects"}.get(array.dtype.kind, str(array.dtype))
            raise CheckFailed(
                f"✗ {self.name}: {label} should be real numbers in an array of NumPy, and is "
                f"{type(v).__name__}{f' holding {held}' if v is not None else ''}.",
                "no-numbers",
            )
        return array.astype(float)

    # ------------------------------------------------------------ what went wrong

    def _diagnose(self, cases: list[Case], found: list[Outcome], right: list[Outcome]) -> None:
        self._see_nearly_right(found, right)
        self._see_more_than_asked(found, right)
        known = [(slip, [self._run(slip.variant, case) for case in cases]) for slip in self.slips]
        for slip, flawed in known:
            if all(u.same(v) for u, v in zip(found, flawed, strict=True)):
                self._name_slip(slip, found, right)
        for form in FORMS:
            if (formed := formed_by(form.variant, found, right)) is not None:
                self._name_slip(form, found, right, formed)
        for slip, flawed in known:
            if fits_in_numbers(found, flawed, right):
                self._name_slip(slip, found, right)
        raise CheckFailed(self._first_difference(cases, found, right))

    def _see_more_than_asked(self, found: list[Outcome], right: list[Outcome]) -> None:
        """Two arrays in a tuple, of which one is the answer."""
        if self.returns != ("the answer",) or any(u.error is not None for u in found):
            return
        pairs = [(u.parts["the answer"], v.parts["the answer"])
                 for u, v in zip(found, right, strict=True)]  # fmt: skip
        for k in range(2):
            if all(u.ndim == v.ndim + 1 and len(u) == 2 and close(u[k], v) for u, v in pairs):
                raise CheckFailed(
                    f"✗ {self.name}: two things came back, of which the {('first', 'second')[k]} "
                    "is "
                    "the answer: return that alone.",
                    "more-than-asked",
                )

    def _see_nearly_right(self, found: list[Outcome], right: list[Outcome]) -> None:
        """What is right to seven digits has no slip: it is no formula."""
        if any(u.error is not None for u in found):
            return
        off = max(how_near(u.parts, v.parts) for u, v in zip(found, right, strict=True))
        if off <= NEARLY:
            raise CheckFailed(
                f"✗ {self.name}: nearly right, but off by {off:.0e} of its size, and rounding "
                "leaves 1e-15. A difference quotient does that, a small number added somewhere, "
                "or float32; the formula itself is asked for.",
                "nearly-right",
            )

    def _name_slip(
        self, slip: Slip, found: list[Outcome], right: list[Outcome], of: str = ""
    ) -> None:
        """Raise the diagnosis, with less certainty where only the errors fit and no number does."""
        numbers_fit = any(u.error is None and not u.same(v)
                          for u, v in zip(found, right, strict=True))  # fmt: skip
        if numbers_fit:
            opening = f"✗ {self.name}{of}: {slip.says}."
        else:
            stopped = next(u.error for u in found if u.error is not None)
            opening = (
                f"✗ {self.name}: your function stopped with {_named(stopped)}.\n"
                f"  The same trouble comes up when {slip.says}."
            )
        raise CheckFailed(f"{opening}\n  How to see it: {slip.see}", slip.name)

    def _first_difference(
        self, cases: list[Case], found: list[Outcome], right: list[Outcome]
    ) -> str:
        good = [
            case.label
            for case, u, v in zip(cases, found, right, strict=True)
            if u.same(v, self.rtol) and any(np.any(part) for part in v.parts.values())
        ]
        so_far = f" It is right for: {'; '.join(good)}." if good else ""
        for case, u, v in zip(cases, found, right, strict=True):
            if not u.same(v, self.rtol):
                where = f"✗ {self.name}, case “{case.label}”"
                if u.error is None and self._answers_with_truth(case):
                    return f"{where}: {truths(u.parts, v.parts)}{so_far}"
                if u.error is None:
                    words = f"{where}: {difference(u.parts, v.parts, self.rtol)}{so_far}"
                    return words + self._in_proportion(cases, found, right)
                return (
                    f"{where}: your function stopped with {_named(u.error)}.{so_far}"
                    f"\n  {self._advice(u.error, case)}"
                )
        raise AssertionError("called although all cases agree")

    def _in_proportion(self, cases: list[Case], found: list[Outcome], right: list[Outcome]) -> str:
        """A factor that is the same for all entries of a case; or a difference that is tiny."""
        if any(u.error is not None for u in found) or self.rtol == 0:
            return ""
        factors = [factor(u.parts, v.parts) for u, v in zip(found, right, strict=True)]
        if all(factors):
            each = ", ".join(f"{r:.4g}" for r in factors if r)
            columns = [columns_of(case.arguments) for case in cases]
            for k, per in ((-1, "1/N"), (1, "N")):
                if all(n and r and abs(r / n**k - 1) < 1e-9
                       for r, n in zip(factors, columns, strict=True)):  # fmt: skip
                    return (f"\n  Every entry is {per} times what it should be, where N is the "
                            "number of columns.")  # fmt: skip
            return f"\n  Every entry is so many times what it should be: {each}, case by case."
        off = max(how_near(u.parts, v.parts) for u, v in zip(found, right, strict=True))
        if off < 1e-3 and "rate" not in " ".join(self.takes):
            return (f"\n  It is near in every case, at most {off:.0e} of its size off: is there a "
                    "difference quotient, or a small number that was added?")  # fmt: skip
        return ""

    def _advice(self, error: Exception, case: Case) -> str:
        """What to do about an error that no slip explains."""
        given = "; ".join(map(_described, self.takes, case.arguments))
        network = any(isinstance(argument, Network) for argument in case.arguments)
        if isinstance(error, KeyError) and network and error.args == (-1,):
            return "The keys are layer numbers, not places in a list: the last is a[net.L]."
        if isinstance(error, KeyError) and network:
            return f"It was given {given}. Weights and biases begin at layer 2 and end at layer L."
        if isinstance(error, IndexError) and "sizes" in self.takes:
            return f"It was given {given}. Python counts from 0: n_l is sizes[l − 1]."
        if isinstance(error, IndexError) and network:
            return (
                f"It was given {given}. Python counts from 0, and samples are columns: x[:, [i]]. "
                "And forward returns two things, z, a; loss_gradient three, value, dW, db."
            )
        if isinstance(error, IndexError) and any(np.ndim(v) == 0 for v in case.arguments[:1]):
            return (f"It was given {given}. A single number has no rows and no columns; a − y "
            "works "
                    "for it as for arrays.")  # fmt: skip
        if isinstance(error, IndexError):
            return f"It was given {given}. Python counts from 0: print the shape of what you index."
        if isinstance(error, UnboundLocalError):
            return "That name is used before it has a value: give it one before the loop."
        if isinstance(error, NameError):
            return "Is that name defined in a cell above, and has the cell been run?"
        if isinstance(error, np.linalg.LinAlgError):
            return f"It was given {given}. Print the matrix that is inverted, and its shape."
        if isinstance(error, AssertionError):
            return "That is an assert of your own: print both of its sides."
        if isinstance(error, RecursionError):
            return "Your function calls itself without end: is its name used inside it?"
        if isinstance(error, ValueError) and "unpack" in str(error):
            return (
                "The names on the left of = are not as many as the things on its right: forward "
                "returns two, z, a; loss_gradient three, value, dW, db; backward one, a dictionary."
            )
        if isinstance(error, ValueError) and "is ambiguous" in str(error):
            return (
                f"It was given {given}. if, min and max ask about one number; for each entry of an "
                "array write np.where, np.minimum, np.maximum."
            )
        for words, mend in MENDS.items():
            if words in str(error):
                return f"It was given {given}. {mend}"
        if isinstance(error, ValueError) and "; expected" in str(error):  # of our own door
            return f"It was given {given}."
        if isinstance(error, ValueError):
            return f"It was given {given}. Print the shape of each product."
        return f"It was given {given}."


MENDS = {
    "has no attribute 'append'": "A dictionary grows by z[l] = …",
    "'dict'": "net.W, net.b, net.activation, z, a, dW and db are dictionaries with an entry for "
    "each layer: take the one you mean, as in a[l], or go through the layers.",
    "0-dimensional arrays can be converted": "math.exp and its like, and float(), take one number; "
    "np.exp takes a whole array.",
    "__round__": "round() takes one number; np.rint takes a whole array.",
    "len() of unsized": "One of the arguments is a single number here, without length and index; "
    "a − y works for it as for an array.",
    "setting an array element with a sequence": "An array was put where one number belongs: print "
    "the shape of what stands on the right of that =.",
    "could not broadcast input array": "What was put into an array has another shape than its "
    "place: print both.",
    "empty": "There may be nothing to take: print the list before you take something out of it.",
    "for @": "@ multiplies matrices, and here it was given numbers; * multiplies them.",
    "missing 1 required positional": "Something is called with one argument too few: forward(net, "
    "x), loss_gradient(net, x, y, mse).",
    "positional arguments but": "Something is called with another number of arguments than it "
    "takes: compare your line that begins with def.",
}


def _described(name: str, argument: Any) -> str:
    """An argument in a few words: `W of shape (3, 2)`, `net 2-3-1`."""
    if isinstance(argument, Network):
        return f"{name}, a network {'-'.join(map(str, argument.sizes))}"
    if isinstance(argument, tuple | str | int | float):
        return f"{name} = {argument!r}"
    if callable(argument):
        return f"{name}, a function"
    return f"{name} of shape {np.shape(argument)}"


def _named(error: Exception) -> str:
    """An error's kind and words: `ValueError: not enough values`, or the kind alone."""
    words = str(error).rstrip(". ")
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _in_words(v: np.ndarray, truth: bool = False) -> str:
    """A number, True or False, or the shape of an array."""
    if v.ndim:
        return f"of shape {v.shape}"
    return str(bool(v)) if truth else f"{v:g}"


def _of_the_library(answer: Any) -> bool:
    """Was it written in a file of the library, whatever it is called now, and in a partial too?"""
    while isinstance(answer, partial):
        answer = answer.func
    answer = inspect.unwrap(answer) if callable(answer) else answer
    code = getattr(answer, "__code__", None) or getattr(type(answer).__call__, "__code__", None)
    return code is not None and Path(code.co_filename).is_relative_to(LIBRARY)


def _raised_in(answer: Callable, error: Exception) -> bool:
    """Was it raised by the student's own lines, and not by something that they call?"""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    own = getattr(answer, "__code__", None)
    return own is None or (last is not None and last.tb_frame.f_code is own)


def _equal(before: Any, after: Any) -> bool:
    """Is an argument what it was? A network taken to pieces is not."""
    try:
        return _as_it_was(before, after)
    except Exception:
        return False


def _as_it_was(before: Any, after: Any) -> bool:
    if isinstance(before, Network):
        return before.activation == after.activation and all(
            u.keys() == v.keys() and all(np.array_equal(u[l], v[l]) for l in u)
            for u, v in ((before.W, after.W), (before.b, after.b))
        )
    return bool(np.array_equal(before, after))


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


def columns_of(arguments: tuple) -> int:
    """N: the number of columns of the last matrix; 0 if there is none."""
    shapes = [np.shape(v) for v in arguments if isinstance(v, np.ndarray)]
    return next((shape[1] for shape in reversed(shapes) if len(shape) == 2), 0)


def random_net(sizes: Sequence[int], rng: np.random.Generator, **options: Any) -> Network:
    """A random network with biases that are not zero, so that a lost one shows."""
    net = init_network(sizes, rng, "paper", **options)
    return Network({l: 2 * W for l, W in net.W.items()}, net.b, net.activation)


def awake(net: Network, x: np.ndarray) -> Network:
    """The network with other biases in its ReLU layers, so that at no point all of it is dead.

    Of each such layer the first neuron, the third, … are on at all points; the others are on at
    some of several points, and off at others, so that it is no identity either.
    """
    net = net.copy()
    for l, f in net.activation.items():
        if f == relu:
            z = forward(net, x)[0][l]
            low, high = z.min(axis=1, keepdims=True), z.max(axis=1, keepdims=True)
            net.b[l][::2] += np.maximum(0.5 - low, 0)[::2]
            net.b[l][1::2] -= ((low + high) / 2 if x.shape[1] > 1 else high + 0.5)[1::2]
    return net
