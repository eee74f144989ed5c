r"""Exercise checks that say *which* mistake it was.

Each exercise of the notebooks has an object here; call it with your answer:

>>> from utils import checks
>>> checks.half_square(lambda a, y: 0.5 * (a - y) ** 2)
✓ half_square: verified in 3 cases (single numbers; a column; a matrix)

An answer that still is `...` is left in peace. A right one is told what was verified. A wrong one
is compared with every slip that can occur in this exercise, and with the right answer transposed,
sign-flipped, doubled and so on, in several cases; where one of them fits everywhere, the error
names it and says how to see it. Otherwise it says where your answer
first differs, and by how much.

Each notebook has a room of its own here, ``nbNN_…`` for the notebook ``NN_….ipynb``, in which every
exercise stands whole: the right answer, its flawed variants, the slips with what is said of them,
the cases, and the object. Five people wrote down the derivations of this course by hand, and
slipped: each slip is code that does exactly what was written, so that it can be run. Their numbers
are those of the hunts. What exercises share is in ``exercise``, ``compare`` and ``steps``. Numbers
from paper are looked at by ``by_hand``.
"""

from importlib import import_module
from pkgutil import iter_modules

from utils.checks.by_hand import by_hand
from utils.checks.exercise import CheckFailed, Exercise

__all__ = ["EXERCISES", "CheckFailed", "Exercise", "by_hand"]

EXERCISES: dict[str, Exercise] = {
    thing.name: thing
    for room in sorted(room.name for room in iter_modules(__path__, f"{__name__}."))
    for thing in vars(import_module(room)).values()
    if isinstance(thing, Exercise)
}
globals().update(EXERCISES)
