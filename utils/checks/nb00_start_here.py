"""Notebook 00: half the squared error."""

import numpy as np

from utils.checks.exercise import Case, Exercise, Slip

# -------- exercise 1: half_square


def right_half_square(a, y):
    """½(a − y)², entry by entry."""
    return 0.5 * (a - y) ** 2


HALF_SQUARE_SLIPS = (
    Slip("no-half", "the factor ½ is missing", "try a = 3, y = 1: it should be 2, not 4.",
         lambda a, y: (a - y) ** 2),
    Slip("derivative", "this is a − y, the derivative (or * 2 was written for ** 2); the value "
         "itself "
         "is asked for",
         "try a = 4, y = 1: it should be 4.5, and you get 3. And exchange a and y: nothing may "
         "change.",
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
    Slip("mean", "the mean of the errors came out; one number for each entry is asked for",
         "print the shape of your answer beside the shape of a.",
         lambda a, y: (0.5 * (a - y) ** 2).mean()),
    Slip("mean-no-half", "this is the mean of (a − y)²; one number for each entry is asked for, "
         "and "
         "half of it", "print the shape of your answer beside the shape of a.",
         lambda a, y: ((a - y) ** 2).mean()),
    Slip("absolute", "this is ½|a − y|; the difference is to be squared",
         "try a = 3, y = 1: it should be 2, and you get 1.", lambda a, y: 0.5 * np.abs(a - y)),
    Slip("absolute-no-half", "this is |a − y|; half of its square is asked for",
         "try a = 4, y = 1: it should be 4.5, and you get 3.", lambda a, y: np.abs(a - y)),
    Slip("difference-of-squares", "this is ½(a² − y²); the difference is to be taken first, and "
         "then squared", "try a = 3, y = 1: it should be 2, and you get 4.",
         lambda a, y: 0.5 * (a**2 - y**2)),
    Slip("missing-parentheses", "parentheses are missing: ½a − y² takes ½ of a alone, and the "
         "square of y alone", "try a = 3, y = 1: it should be 2, and you get 0.5.",
         lambda a, y: 0.5 * a - y**2),
    Slip("square-of-y-alone", "only y is squared: ½(a − y²)",
         "try a = 3, y = 2: it should be 0.5, and you get −0.5.", lambda a, y: 0.5 * (a - y**2)),
    Slip("whole-number-half", "1 // 2 is 0 in Python: everything is 0",
         "print 1 // 2 and 1 / 2.", lambda a, y: 0 * (a - y)),
    Slip("root", "this is √(½)|a − y|, or a norm: the square was undone",
         "try a = 3, y = 1: it should be 2.", lambda a, y: np.sqrt(0.5 * (a - y) ** 2)),
    *(Slip("summed", "the errors were added up; one number for each entry is asked for",
           "print the shape of your answer beside the shape of a.", variant)
      for variant in (lambda a, y: (0.5 * (a - y) ** 2).sum(),
                      lambda a, y: (0.5 * (a - y) ** 2).sum(axis=0))),
    Slip("divided-by-the-count", "it was divided by the number of entries as well; each entry "
         "keeps its own ½(a − y)²", "give a and y twice, side by side: no entry may change.",
         lambda a, y: (a - y) ** 2 / (2 * np.size(a))),
    Slip("norm", "this is the distance ‖a − y‖, one number; one for each entry is asked for",
         "try a = 4, y = 1: it should be 4.5, and you get 3.",
         lambda a, y: np.linalg.norm(a - y)),
    Slip("plus", "a and y were added; it is their difference that is squared",
         "try a = 3, y = 1: it should be 2, and you get 8.", lambda a, y: 0.5 * (a + y) ** 2),
    Slip("no-mixed-term", "this is ½(a² + y²); (a − y)² is a² − 2ay + y²",
         "try a = 3, y = 1: it should be 2, and you get 5.", lambda a, y: 0.5 * (a**2 + y**2)),
    Slip("half-of-the-square-of-y", "parentheses are missing: only y is squared and halved, "
         "a − ½y²", "try a = 3, y = 1: it should be 2, and you get 2.5.",
         lambda a, y: a - y**2 / 2),
    Slip("derivative-of-the-square", "this is 2(a − y), the derivative of (a − y)²; the value "
         "itself is asked for, and half of it",
         "try a = 3, y = 1: it should be 2, and you get 4.", lambda a, y: 2 * (a - y)),
    *(Slip("matrix-product", "@ is the product of matrices; here each entry is multiplied by "
           "itself: * or ** 2", "try a = np.array([[1.0, 2.0], [3.0, 4.0]]), y = 0 * a: the first "
           "entry should be 0.5, and yours is larger.", variant)
      for variant in (lambda a, y: 0.5 * (a - y) @ (a - y),
                      lambda a, y: 0.5 * (a - y).T @ (a - y),
                      lambda a, y: 0.5 * (a - y) @ (a - y).T,
                      lambda a, y: 0.5 * np.dot(a - y, a - y))),
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
