"""Notebook 02: a witness, and the Jacobians of a layer and of softmax."""

from functools import partial

import numpy as np

from utils.activations import sigmoid, softmax
from utils.checks.exercise import Case, Exercise, Slip
from utils.network import Network, forward

# -------- exercise 1: witness


TINY = 1e-30


def steps_along(x, h):
    """h e_1, …, h e_n: for each coordinate a column in which it alone is h."""
    return [h * e for e in np.eye(x.size)[:, :, None]]


def columns_of_derivatives(f, x, h=TINY):
    """Im f(x + i h e_j) / h for each j: the columns of the Jacobian."""
    return [f(x + 1j * step).imag / h for step in steps_along(x, h)]


def right_witness(f, x, h=TINY):
    """The Jacobian of f at the column x, by complex steps."""
    return np.hstack(columns_of_derivatives(f, x, h))


def central_differences(f, x, h):
    return np.hstack([(f(x + step) - f(x - step)) / (2 * h) for step in steps_along(x, h)])


def one_sided_differences(f, x, h):
    return np.hstack([(f(x + step) - f(x)) / h for step in steps_along(x, h)])


def witness_of_all_coordinates_at_once(f, x):
    return f(x + 1j * TINY).imag / TINY


def witness_whose_steps_pile_up(f, x):
    """The step of one coordinate is not taken back before the next."""
    moving, columns = x.astype(complex), []
    for j in range(x.size):
        moving[j] += 1j * TINY
        columns.append(f(moving).imag / TINY)
    return np.hstack(columns)


def witness_with_flat_steps(f, x):
    """x + 1j h E[j] with E[j] of shape (n,): n columns, of which the first is taken."""
    return np.hstack([f(x + 1j * TINY * e)[:, :1].imag / TINY for e in np.eye(x.size)])


def witness_of_all_flat_columns(f, x):
    """The same, all n columns kept each time."""
    return np.hstack([f(x + 1j * TINY * e).imag / TINY for e in np.eye(x.size)])


def witness_that_returns_too_early(f, x):
    """Only the first column is filled in."""
    J = 0 * right_witness(f, x)
    J[:, :1] = columns_of_derivatives(f, x)[0]
    return J


def witness_on_the_diagonal(f, x):
    J = right_witness(f, x)
    return J * np.eye(*J.shape)


def witness_with_floats_for_steps(f, x):
    """An imaginary number put into an array of floats, which stops."""
    step = np.zeros(x.shape)
    step[0] = 1j * TINY
    return f(x + step)


def witness_with_floats_for_x(f, x):
    """An imaginary number added inside an array of floats, which stops, too."""
    moved = x.copy()
    moved[0] += 1j * TINY
    return f(moved)


def witness_with_columns_put_into_flat_places(f, x):
    """J[:, j] = …, where a column (m, 1) comes and a place of shape (m,) is offered."""
    J = 0 * right_witness(f, x)
    for j, column in enumerate(columns_of_derivatives(f, x)):
        J[:, j] = column
    return J


TRY_A = "for f(x) = Ax the answer is A. With A = [[1, 2], [3, 4], [5, 6]] "
FLAT_STEPS = (
    "the step is a row, (n,) or (1, n), and x a column, (n, 1): NumPy makes n × n of their sum",
    "print the shape of x + step: it should be that of x. A column is np.eye(n)[:, [j]].",
)
FLOATS = (
    "an imaginary number is put into an array of floats: give it room, np.zeros(x.shape, complex) "
    "or x.astype(complex), or add 1j * h * e",
    "print (x + 1j).dtype, and x.dtype.",
)
ONE_SIDED = (
    "f(x + h e) − f(x), divided by h, looks to one side only: its error is of order h, and that "
    "of a central difference of order h²; the complex step is right to rounding",
    "for f(x) = x² at x = 1 the derivative is 2; you get 2 + h.",
)
TOO_LONG = (
    "the step is too long: what is left out is of order h²",
    "make h ten times shorter: the error becomes a hundred times smaller. The complex step may be "
    "as short as 1e-30.",
)
TOO_SHORT = (
    "this is a difference with a step too short: f(x + h e) and the value that is taken from it "
    "agree in nearly all their digits, and what remains is rounding",
    "for a difference h = 6e-6 is best, and leaves ten digits; with the complex step nothing is "
    "subtracted.",
)
WITNESS_SLIPS = (
    Slip("real-for-imaginary", "the real part came out (.real, or an array of floats into which a "
         "complex number was put); the derivative stands in the imaginary part, .imag", "for f(x) "
         "= Ax the answer is A; you get numbers near 1e30.",
         lambda f, x: right_witness(lambda v: 1j * f(v).real, x)),
    Slip("absolute", "the absolute value was taken; the derivative stands in the imaginary part, "
         ".imag", "for f(x) = Ax the answer is A; you get numbers near 1e30.",
         lambda f, x: right_witness(lambda v: 1j * np.abs(f(v)), x)),
    Slip("imag-of-the-quotient", "f was divided by 1j h, so that the derivative is in the real "
         "part; divide by h and take .imag", "for f(x) = Ax the answer is A; you get negative "
         "numbers near 1e30.", lambda f, x: right_witness(lambda v: -1j * f(v).real, x)),
    Slip("h-missing-in-the-step", "the step is 1j e, without h, and what comes out was divided by "
         "h", "for f(x) = Ax the answer is A; you get numbers near 1e30.",
         lambda f, x: right_witness(f, x, h=1.0) / TINY),
    Slip("not-divided", "the imaginary part was not divided by h",
         "for f(x) = Ax the answer is A; you get numbers near 1e-30.",
         lambda f, x: TINY * right_witness(f, x)),
    Slip("nothing-moves", "everything is 0: the step is not imaginary, or it got lost, as a "
         "difference with h = 1e-30 does",
         "print f of the moved x for one j: it should be complex, with a tiny imaginary part. The "
         "step is 1j * h, and an array of floats can't hold it.",
         lambda f, x: 0 * right_witness(f, x)),
    Slip("transposed", "this is the transpose: the step in x_j gives *column* j",
         TRY_A + "you get 2 rows; there should be 3.", lambda f, x: right_witness(f, x).T),
    Slip("stacked-in-front", "the columns stand behind one another, along a new first axis (a "
         "list of them, or np.array of it); they belong side by side, np.hstack",
         TRY_A + "you get the shape (2, 3, 1); it should be (3, 2).",
         lambda f, x: np.array(columns_of_derivatives(f, x))),
    Slip("stacked-below", "the columns were stacked below one another; they belong side by side, "
         "np.hstack", TRY_A + "you get the shape (6, 1); it should be (3, 2).",
         lambda f, x: np.vstack(columns_of_derivatives(f, x))),
    Slip("all-at-once", "all coordinates of x were moved at once, so their derivatives are added "
         "up; move x_j alone, and do so for each j",
         TRY_A + "you get the sums of its rows, 3, 7, 11.", witness_of_all_coordinates_at_once),
    Slip("steps-pile-up", "the step of one coordinate is still there when the next one moves; "
         "begin each time with x itself", TRY_A + "your second column is 3, 7, 11; it should be "
         "2, 4, 6.", witness_whose_steps_pile_up),
    Slip("one-long-row", "the columns were flattened, and np.hstack then makes one long row of "
         "them; keep each a column (m, 1)",
         TRY_A + "you get the shape (6,); it should be (3, 2).",
         lambda f, x: right_witness(f, x).T.ravel()),
    Slip("last-coordinate-left-out", "the last coordinate is left out: range leaves out its end "
         "by itself, range(x.size)", TRY_A + "you get 1, 3, 5 and no second column.",
         lambda f, x: np.hstack(columns_of_derivatives(f, x)[:-1])),
    *(Slip("flat-steps", *FLAT_STEPS, program)
      for program in (witness_with_flat_steps, witness_of_all_flat_columns)),
    Slip("first-column-only", "only the first column came back: is the return inside the loop?",
         TRY_A + "you get 1, 3, 5 and no second column.",
         lambda f, x: columns_of_derivatives(f, x)[0]),
    Slip("first-column-filled", "only the first column is filled in: is the return inside the "
         "loop?", TRY_A + "your second column is 0, 0, 0; it should be 2, 4, 6.",
         witness_that_returns_too_early),
    Slip("diagonal-only", "only the diagonal is filled in; every output may depend on every input",
         TRY_A + "your second column is 0, 4, 0; it should be 2, 4, 6.", witness_on_the_diagonal),
    *(Slip("array-of-floats", *FLOATS, program)
      for program in (witness_with_floats_for_steps, witness_with_floats_for_x)),
    Slip("column-into-a-flat-place", "a column (m, 1) is put into J[:, j], which has the shape "
         "(m,): write J[:, [j]] = …", "print the shapes of J[:, 0] and J[:, [0]].",
         witness_with_columns_put_into_flat_places),
    *(Slip("one-sided", *ONE_SIDED, partial(one_sided_differences, h=h))
      for h in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
    *(Slip("step-too-long", *TOO_LONG, partial(program, h=h))
      for program in (central_differences, right_witness) for h in (1.0, 0.1, 0.01)),
    *(Slip("step-too-short", *TOO_SHORT, partial(program, h=h))
      for program in (central_differences, one_sided_differences)
      for h in (1e-11, 1e-12, 1e-13, 1e-14, 1e-15)),
)  # fmt: skip


def witness_cases(rng):
    def case(n, m):
        A, B = rng.normal(size=(2, m, n))
        x = rng.uniform(0.3, 1.2, size=(n, 1))
        # at x every other value is negative, the first among them: there |f| is not the real part
        level = np.tanh(A @ x) + np.exp(B @ x / 2) + np.where(np.arange(m) % 2, -0.7, 0.7)[:, None]
        return Case(f"{n} → {m}", (lambda x: np.tanh(A @ x) + np.exp(B @ x / 2) - level, x))

    return [case(3, 3), case(2, 4), case(5, 1)]


witness = Exercise("witness", right_witness, WITNESS_SLIPS, witness_cases, takes=("f", "x"))


# -------- exercise 2: tanh_jacobian


def right_tanh_jacobian(W, b, a):
    """diag(1 − a²) W for the layer tanh(Wa + b), at one point."""
    return (1 - np.tanh(W @ a + b) ** 2) * W


TANH_JACOBIAN_SLIPS = (
    Slip("transposed", "this is the transpose: in our layout rows are outputs, so the Jacobian "
         "has the shape of W", "print its shape for a layer with 3 inputs and 2 outputs.",
         lambda W, b, a: right_tanh_jacobian(W, b, a).T, 6),
    Slip("slopes-only", "this is D alone; the factor W is missing",
         "for a layer with 2 inputs and 4 outputs the Jacobian is 4 × 2.",
         lambda W, b, a: np.diag(1 - np.tanh(W @ a + b)[:, 0] ** 2)),
    Slip("missing-derivative", "this is W alone: the factor diag(1 − a²) is missing",
         "with a large bias tanh is flat, and the Jacobian must nearly vanish.",
         lambda W, b, a: W.copy(), 12),
    Slip("sigmoid-derivative", "a(1 − a) is σ's derivative; tanh has 1 − a²",
         "at z = 0 the slope of tanh is 1; a(1 − a) gives 0.",
         lambda W, b, a: sigmoid.derivative(np.tanh(W @ a + b)) * W),
    Slip("tanh-twice", "tanh was applied once more: 1 − tanh(a)² with a = tanh(z); a is the output "
         "already, 1 − a²", "at z = 1 the slope of tanh is 0.42; you get 0.59.",
         lambda W, b, a: (1 - np.tanh(np.tanh(W @ a + b)) ** 2) * W),
    Slip("square-outside", "this is (1 − a)²: the square belongs to a alone, 1 − a²",
         "at z = 1 the slope of tanh is 0.42; you get 0.06.",
         lambda W, b, a: (1 - np.tanh(W @ a + b)) ** 2 * W),
    Slip("square-inside", "z was squared, 1 − tanh(z²); it is tanh(z) that is squared",
         "at z = 0.5 the slope of tanh is 0.79; you get 0.76.",
         lambda W, b, a: (1 - np.tanh((W @ a + b) ** 2)) * W),
    Slip("cosh-not-squared", "this is 1/cosh z; the slope is 1/cosh² z, or 1 − a²",
         "at z = 1 the slope of tanh is 0.42; you get 0.65.",
         lambda W, b, a: W / np.cosh(W @ a + b)),
    Slip("cosh-upside-down", "cosh² z multiplies; the slope is 1/cosh² z, or 1 − a²",
         "at z = 1 the slope of tanh is 0.42; you get 2.38.",
         lambda W, b, a: np.cosh(W @ a + b) ** 2 * W),
    Slip("derivative-for-the-weights", "the slopes were multiplied by aᵀ: that belongs to the "
         "derivative with respect to W; with respect to a the factor is W",
         "take W = 1 and b = 0: at z = 2 the slope of tanh is 0.07; you get 0.14.",
         lambda W, b, a: (1 - np.tanh(W @ a + b) ** 2) @ a.T),
    Slip("missing-parentheses", "parentheses are missing: 1 − a² * W takes the product off 1",
         "try W = np.array([[2.0]]), b = np.array([[0.0]]), a = np.array([[0.0]]): it should be 2, "
         "and you get 1.", lambda W, b, a: 1 - np.tanh(W @ a + b) ** 2 * W),
    *(Slip("gradient-of-the-sum", "the outputs were added up, as the matrix product of the slopes "
           "with W or Wᵀ does; each output has a row of its own, slope times its row of W",
           "print its shape: the Jacobian has that of W.", variant)
      for variant in (lambda W, b, a: W.T @ (1 - np.tanh(W @ a + b) ** 2),
                      lambda W, b, a: (1 - np.tanh(W @ a + b) ** 2).T @ W,
                      lambda W, b, a: ((1 - np.tanh(W @ a + b) ** 2) * W).sum(axis=0))),
    Slip("matrix-product-for-entrywise", "the column of slopes was multiplied with @; a column "
         "times W, row by row, is *", "print the shapes: (m, 1) @ (m, n) does not exist, and * "
         "stretches the column over W.", lambda W, b, a: (1 - np.tanh(W @ a + b) ** 2) @ W),
    Slip("plus-for-minus", "this is 1 + a²; the derivative of tanh is 1 − a²",
         "the slope of tanh is never above 1.",
         lambda W, b, a: (1 + np.tanh(W @ a + b) ** 2) * W),
    Slip("derivative-of-arctan", "1/(1 + z²) is the derivative of arctan; tanh has 1 − a²",
         "at z = 2 the slope of tanh is 0.07, not 0.2.",
         lambda W, b, a: W / (1 + (W @ a + b) ** 2)),
    Slip("one-forgotten", "the 1 of 1 − a² is missing", "at z = 0 the slope of tanh is 1; you get "
         "0.",
         lambda W, b, a: -(np.tanh(W @ a + b) ** 2) * W),
    Slip("square-of-the-slope", "the slopes came in twice", "at z = 1 the slope of tanh is 0.42; "
         "you "
         "get 0.18.", lambda W, b, a: (1 - np.tanh(W @ a + b) ** 2) ** 2 * W),
    Slip("activation-for-derivative", "a itself stands where its slope 1 − a² belongs",
         "at z = 0 the slope of tanh is 1; you get 0.", lambda W, b, a: np.tanh(W @ a + b) * W),
    Slip("sigmoid", "the slopes are those of a sigmoid, σ(z)(1 − σ(z)); this layer is tanh",
         "at z = 0 the slope of tanh is 1; you get ¼.",
         lambda W, b, a: sigmoid.derivative(sigmoid(W @ a + b)) * W),
    Slip("value", "this is tanh(Wa + b) itself; its Jacobian with respect to a is asked for",
         "print its shape: the Jacobian has that of W.", lambda W, b, a: np.tanh(W @ a + b)),
    Slip("slopes-alone-as-a-column", "these are the slopes, as a column; W is still missing",
         "print the shape: the Jacobian has that of W.",
         lambda W, b, a: 1 - np.tanh(W @ a + b) ** 2),
    Slip("derivative-of-z", "1 − z² was formed from z; the formula takes the output a",
         "for z = 2, 1 − z² is −3, but tanh always climbs.",
         lambda W, b, a: (1 - (W @ a + b) ** 2) * W),
    Slip("no-square", "1 − a is missing its square: the derivative is 1 − a²",
         "the slope of tanh is the same at z and −z; yours is not.",
         lambda W, b, a: (1 - np.tanh(W @ a + b)) * W),
    Slip("no-bias", "the slopes are those of tanh(Wa): the bias is missing",
         "put a = 0 with a large b: tanh is flat there, and the Jacobian nearly 0.",
         lambda W, b, a: right_tanh_jacobian(W, 0 * b, a)),
    Slip("product-from-the-right", "D stands on the right, W D; the slopes belong to the "
         "rows, D W", "D is m × m and W is m × n: W D exists only if m = n.",
         lambda W, b, a: W @ np.diag(1 - np.tanh(W @ a + b)[:, 0] ** 2)),
    *(Slip("diag-of-a-column", "np.diag of an m × 1 column does not build a matrix: it reads the "
           "diagonal of the column, one single entry", "print np.diag(column).shape, and then "
           "np.diag(column[:, 0]).shape.", variant)
      for variant in (lambda W, b, a: np.diag(1 - np.tanh(W @ a + b) ** 2) @ W,
                      lambda W, b, a: np.diag(1 - np.tanh(W @ a + b) ** 2) * W)),
    Slip("scaled-columns", "the slopes multiply the columns of W; D W multiplies its *rows*",
         "row i of the Jacobian belongs to output i and carries its slope. A one-dimensional "
         "array of slopes lies along the columns; keep it a column (m, 1).",
         lambda W, b, a: W * (1 - np.tanh(W @ a + b) ** 2).ravel()),
    *(Slip("input-for-output", "the slopes were computed from the input a, not from tanh(Wa + b)",
           "the slope belongs to the layer's own output; count: one for each row of W.", variant)
      for variant in (lambda W, b, a: (1 - a**2) * W, lambda W, b, a: (1 - a.T**2) * W,
                      lambda W, b, a: (1 - np.tanh(a) ** 2) * W,
                      lambda W, b, a: (1 - np.tanh(a).T ** 2) * W)),
)  # fmt: skip


def tanh_jacobian_cases(rng):
    def arguments(n, m):
        return rng.normal(size=(n, m)), rng.normal(size=(n, 1)), rng.normal(size=(m, 1))

    return [
        Case("3 → 3 neurons", arguments(3, 3)),
        Case("2 → 4", arguments(4, 2)),
        Case("3 → 1", arguments(1, 3)),
    ]


tanh_jacobian = Exercise(
    "tanh_jacobian",
    right_tanh_jacobian,
    TANH_JACOBIAN_SLIPS,
    tanh_jacobian_cases,
    takes=("W", "b", "a"),
)


# -------- exercise 3: softmax_jacobian


def right_softmax_jacobian(z):
    """diag(p) − p pᵀ at one column z."""
    p = softmax(z)
    return np.diag(p[:, 0]) - p @ p.T


def jacobian_from(p):
    """diag(p) − p pᵀ for any column p."""
    return np.diag(p[:, 0]) - p @ p.T


def softmax_shifted_by(z, shift):
    """e^(z − shift) / Σ e^(z − shift), which is softmax if no exponential overflows."""
    e = np.exp(z - shift)
    return e / e.sum()


def unshifted_softmax(z):
    """e^z / Σ e^z as it stands."""
    return softmax_shifted_by(z, 0.0)


SOFTMAX_JACOBIAN_SLIPS = (
    Slip("no-diagonal-matrix", "this is p 1ᵀ − p pᵀ, with p in every column; diag(p) has "
         "zeros beside its diagonal", "print np.diag(p[:, 0]) beside p.",
         lambda z: softmax(z) - softmax(z) @ softmax(z).T),
    Slip("outer-product-only", "− p pᵀ alone: the diagonal matrix of p is missing",
         "raise one z: its own probability must climb, so the diagonal is positive.",
         lambda z: -softmax(z) @ softmax(z).T),
    Slip("diagonal-only", "only the diagonal p(1 − p) is there, as if each output knew its own "
         "input alone", "the outputs sum to 1, so each column of the Jacobian sums to 0.",
         lambda z: np.diag((softmax(z) * (1 - softmax(z)))[:, 0])),
    Slip("wrong-sign", "p pᵀ is added; it has to be taken away",
         "raise one z: the other probabilities must fall.",
         lambda z: np.diag(softmax(z)[:, 0]) + softmax(z) @ softmax(z).T),
    Slip("diag-of-a-column", "np.diag of a K × 1 column does not build a matrix: it reads the "
         "diagonal of the column, one single entry", "print np.diag(p).shape, and then "
         "np.diag(p[:, 0]).shape.",
         lambda z: np.diag(softmax(z)) - softmax(z) @ softmax(z).T),
    Slip("inner-product", "p pᵀ came out as a single number, pᵀp: p or its transpose is not a "
         "column, or not a row", "print (p @ p.T).shape for your p: it must be (K, K).",
         lambda z: np.diag(softmax(z)[:, 0]) - softmax(z).T @ softmax(z)),
    Slip("entrywise-for-outer", "p was multiplied by itself entry by entry, p²; p pᵀ is each entry "
         "times each, p @ p.T", "each column of the Jacobian must sum to 0.",
         lambda z: np.diag(softmax(z)[:, 0]) - softmax(z) ** 2),
    Slip("off-diagonal-sign", "beside the diagonal the sign is turned: if z_j climbs, every other "
         "p_k falls, −p_k p_j", "each column of the Jacobian must sum to 0.",
         lambda z: abs(jacobian_from(softmax(z)))),
    Slip("diagonal-not-reduced", "beside the diagonal it is right; on it − p_k² is missing: there "
         "it "
         "is p_k − p_k p_k", "each column of the Jacobian must sum to 0.",
         lambda z: jacobian_from(softmax(z)) + np.diag(softmax(z)[:, 0] ** 2)),
    *(Slip("factor-missing", "this is δ_kj − p, without the factor p_k (or p_j): that belongs to "
           "log p", "no entry of the Jacobian is above ¼, since p(1 − p) never is; some of yours "
           "are.", variant)
      for variant in (lambda z: np.eye(len(z)) - softmax(z),
      lambda z: np.eye(len(z)) - softmax(z).T)),
    Slip("normalised-along-the-row", "every p came out 1: the sum runs along axis 1, and in a "
         "column there is one entry along it", "each column of the Jacobian must sum to 0.",
         lambda z: jacobian_from(np.ones(z.shape))),
    Slip("not-normalised", "p was not divided by its sum", "each column of the Jacobian must sum "
         "to "
         "0.", lambda z: jacobian_from(np.exp(z - z.max()))),
    Slip("quotient-not-squared", "the quotient rule divides by S², and you divide by S",
         "no entry of the Jacobian is above ¼, since p(1 − p) never is; some of yours are.",
         lambda z: np.exp(z).sum() * jacobian_from(unshifted_softmax(z))),
    Slip("no-transpose", "p @ p: one factor has to be transposed, p @ p.T, a column times a row",
         "print the shapes: (K, 1) @ (K, 1) does not exist.",
         lambda z: np.diag(softmax(z)[:, 0]) - softmax(z) @ softmax(z)),
    Slip("shift-by-the-mean", "the mean was taken off before exp, and what lies far above it still "
         "overflows; take off the largest entry", "try z = np.array([[2000.0], [0.0]]): p is "
         "(1, 0), and you get nan.", lambda z: jacobian_from(softmax_shifted_by(z, z.mean()))),
    Slip("no-outer-product", "diag(p) alone: − p pᵀ is missing",
         "the outputs sum to 1, so each column of the Jacobian sums to 0.",
         lambda z: np.diag(softmax(z)[:, 0])),
    Slip("slopes-of-a-sigmoid", "this is p(1 − p), a column, as if each output knew its own input "
         "alone; a K × K matrix is asked for", "print its shape.",
         lambda z: softmax(z) * (1 - softmax(z))),
    Slip("overflow", "exp(z) overflows for large z, and infinity divided by infinity is nan",
         "try z = 1000 for every class: p is 1/K. Take the largest entry off before exp (it "
         "cancels), or use softmax.", lambda z: jacobian_from(unshifted_softmax(z))),
    Slip("underflow", "where all z are far below 0 every exp is 0, and 0/0 is nan: the largest "
         "entry "
         "is to be taken off, also if it is negative", "try z = −1000 for every class: p is 1/K.",
         lambda z: jacobian_from(softmax_shifted_by(z, max(0.0, z.max())))),
    Slip("value", "this is softmax(z) itself; its Jacobian is asked for",
         "print its shape: K × K.", softmax),
    Slip("squared-diagonal", "diag(p²) stands where diag(p) belongs",
         "each column of the Jacobian must sum to 0.",
         lambda z: np.diag(softmax(z)[:, 0] ** 2) - softmax(z) @ softmax(z).T),
    Slip("identity-for-the-diagonal", "the identity stands where diag(p) belongs",
         "each column of the Jacobian must sum to 0.",
         lambda z: np.eye(len(z)) - softmax(z) @ softmax(z).T),
    Slip("z-for-p", "z was used where p = softmax(z) belongs",
         "each column of the Jacobian must sum to 0.",
         lambda z: np.diag(z[:, 0]) - z @ z.T),
)  # fmt: skip


def softmax_jacobian_cases(rng):
    return [
        Case("3 classes", (rng.normal(size=(3, 1)),)),
        Case("large z, far apart", (np.array([[1000.0], [1001.0], [-1500.0]]),)),
        Case("z about −1000", (np.array([[-1000.0], [-1001.0], [-999.5], [-999.0]]),)),
    ]


softmax_jacobian = Exercise(
    "softmax_jacobian",
    right_softmax_jacobian,
    SOFTMAX_JACOBIAN_SLIPS,
    softmax_jacobian_cases,
    takes=("z",),
)


# -------- hunts: what no exercise lists


def chain_in_mixed_layout(factors: list[np.ndarray]) -> np.ndarray:
    """Slip 6: matrices with rows for outputs, multiplied in the order of the other layout.

    `factors` lists them in the order in which they act: W[2], D[2], W[3], D[3], …
    """
    product = factors[0]
    for factor in factors[1:]:
        product = product @ factor
    return product


def output_error_through_layer_2(net: Network, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Slip 7: ∂C/∂a[3] · ∂a[3]/∂z[2] written for the factor that is to equal a[3] − y.

    C = −y log a − (1 − y) log(1 − a), one output, one point, L = 3.
    """
    _, a = forward(net, x)
    dC_da = -y / a[3] + (1 - y) / (1 - a[3])
    s3, s2 = (net.activation[l].derivative(a[l]) for l in (3, 2))
    return dC_da * (s3 * net.W[3] * s2.T)
