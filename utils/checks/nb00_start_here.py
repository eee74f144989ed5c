"""Notebook 00: half the squared error."""

from utils.checks.exercise import Case, Exercise, Slip

# -------- exercise 1: half_square


def right_half_square(a, y):
    """½(a − y)², entry by entry."""
    return 0.5 * (a - y) ** 2


HALF_SQUARE_SLIPS = (
    Slip("no-half", "the factor ½ is missing", "try a = 3, y = 1: it should be 2, not 4.",
         lambda a, y: (a - y) ** 2),
    Slip("derivative", "this is a − y, the derivative; the value itself is asked for",
         "try a = 3, y = 1: it should be 2. And exchange a and y: nothing may change.",
         lambda a, y: a - y),
    Slip("caret", "^ is not a power in Python (it works on bits); write **",
         "try 3 ^ 2 in a cell of its own: it gives 1.",
         lambda a, y: (0.5 * (a - y)) ^ 2),
    Slip("no-square", "the difference is halved but not squared",
         "exchange a and y: a squared error must not change, yours changes sign.",
         lambda a, y: (a - y) / 2),
    Slip("square-of-half", "the ½ is inside the square, so it counts as ¼",
         "Python reads (0.5 * d)**2 as ¼ d²; write 0.5 * d**2.",
         lambda a, y: ((a - y) / 2) ** 2),
    Slip("summed", "the errors were added up; one number for each entry is asked for",
         "print the shape of your answer beside the shape of a.",
         lambda a, y: (0.5 * (a - y) ** 2).sum()),
)  # fmt: skip


def half_square_cases(rng):
    def pair(*shape):
        return rng.normal(size=shape), rng.normal(size=shape)

    return [
        Case("single numbers", pair()),
        Case("a column", pair(3, 1)),
        Case("a matrix", pair(3, 4)),
    ]


half_square = Exercise(
    "half_square", right_half_square, HALF_SQUARE_SLIPS, half_square_cases, takes=("a", "y")
)
