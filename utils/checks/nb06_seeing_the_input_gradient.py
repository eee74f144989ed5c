"""Notebook 06: a step to the boundary, and the first length at which the answer flips."""

from functools import partial

import numpy as np

from utils.activations import relu, sigmoid, tanh
from utils.checks.exercise import Case, Exercise, Slip, awake, random_net
from utils.checks.steps import (
    input_gradient_with,
    right_step,
    slope_at_the_output,
    step_with_sigmoid_everywhere,
)
from utils.network import Network, forward

# -------- exercise 1: step_to_boundary


def step_to_boundary_with(net, x, target=0.5, power=2, sign=1.0, gradient=None):
    """x + (½ − a) g / ‖g‖²: where the linear approximation of the output is ½."""
    a = forward(net, x)[1][net.L]
    g = (gradient or partial(input_gradient_with, right_step))(net, x)
    return x + sign * (target - a) * g / (g**2).sum(axis=0) ** (power / 2)


def step_with_the_logit(net, x):
    """x − z g / ‖g‖² with g = ∇ₓz: Newton's step for z = 0."""
    z, a = forward(net, x)
    g = input_gradient_with(right_step, net, x) / slope_at_the_output(net, z, a)
    return x - z[net.L] * g / (g**2).sum(axis=0)


def output_and_gradient(net, x):
    """a and ∇ₓa."""
    return forward(net, x)[1][net.L], input_gradient_with(right_step, net, x)


def step_with_norm_of_rows(net, x):
    """Σ g² along axis 1, for each coordinate over all points."""
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) * g / (g**2).sum(axis=1, keepdims=True)


def step_along_g(net, x, length):
    """x + s g, with s = length(a, g)."""
    a, g = output_and_gradient(net, x)
    return x + length(a, g) * g


def step_with_one_norm(net, x):
    """All columns divided by the norm of the whole array."""
    a = forward(net, x)[1][net.L]
    g = input_gradient_with(right_step, net, x)
    return x + (0.5 - a) * g / (g**2).sum()


STEP_TO_BOUNDARY_SLIPS = (
    Slip("wrong-direction", "the step goes away from the boundary: the sign is turned",
         "compare a before and after with ½.", partial(step_to_boundary_with, sign=-1.0)),
    Slip("norm-not-squared", "g is divided by its norm; the square of the norm is right",
         "put the step into a + g·step: it should give ½.",
         partial(step_to_boundary_with, power=1)),
    Slip("no-norm", "g is not divided by the square of its norm",
         "put the step into a + g·step: it should give ½.",
         partial(step_to_boundary_with, power=0)),
    Slip("logit-for-output", "this is the step for the logit, with z and its gradient; the "
         "output a and ∇ₓa are asked for", "put the step into a + ∇ₓa·step: it should give ½.",
         step_with_the_logit),
    Slip("norm-of-all-points", "the norm was taken over all points at once; each column has "
         "its own", "(g**2).sum(axis=0) has one number a column.", step_with_one_norm),
    Slip("target-zero", "the step leads to a = 0; the boundary is at ½",
         "put the step into a + g·step: it should give ½.",
         partial(step_to_boundary_with, target=0.0)),
    Slip("target-one", "the step leads to a = 1; the boundary is at ½",
         "put the step into a + g·step: it should give ½.",
         partial(step_to_boundary_with, target=1.0)),
    Slip("entrywise", "½ − a was divided by each entry of g; it is a multiple of g that is to be "
         "added, (½ − a) g/‖g‖²", "put the step into a + g·step: it should give ½; yours counts "
         "every "
         "coordinate.", lambda net, x: x + (0.5 - output_and_gradient(net, x)[0])
         / output_and_gradient(net, x)[1]),
    Slip("number-added", "(½ − a)/‖g‖² is the number s, and you add it to every coordinate; the "
         "step is s times g", "print the step beside g: the one is a multiple of the "
         "other.", lambda net, x: x + (0.5 - output_and_gradient(net, x)[0])
         / (output_and_gradient(net, x)[1] ** 2).sum(axis=0)),
    Slip("divided-by-the-norm-only", "(½ − a)/‖g‖ is the length of the step, and you add it to "
         "every coordinate; the step goes along g/‖g‖",
         "print the step beside g: the one is a multiple of the other.",
         lambda net, x: x + (0.5 - output_and_gradient(net, x)[0])
         / np.linalg.norm(output_and_gradient(net, x)[1], axis=0)),
    Slip("from-zero", "a is forgotten: the step has to make up for ½ − a, not for ½",
         "put the step into a + g·step: it should give ½.",
         lambda net, x: x + 0.5 * output_and_gradient(net, x)[1]
         / (output_and_gradient(net, x)[1] ** 2).sum(axis=0)),
    Slip("whole-gradient", "the whole gradient was added, without the factor (½ − a)/‖g‖²",
         "put the step into a + g·step: it should give ½.",
         lambda net, x: x + output_and_gradient(net, x)[1]),
    *(Slip("unit-step", "a step of length 1 along the gradient was made, whatever a is",
           "put the step into a + g·step: it should give ½.",
           partial(step_along_g, length=length))
      for length in (lambda a, g: 1 / np.linalg.norm(g, axis=0),
                     lambda a, g: np.sign(0.5 - a) / np.linalg.norm(g, axis=0))),
    *(Slip("norm-along-the-rows", "the norm was taken along axis 1, over the points; each column "
           "has its own, over axis 0", "give one point more: the other steps may not change.",
           variant)
      for variant in (step_with_norm_of_rows,
                      partial(step_along_g, length=lambda a, g: (0.5 - a) / (g**2).sum(axis=1)))),
    Slip("matrix-of-inner-products", "g.T @ g holds the inner products of every two points; each "
         "point needs its own alone, (g**2).sum(axis=0)",
         "give one point more: the other steps may not change.",
         partial(step_along_g, length=lambda a, g: (0.5 - a) / (g.T @ g))),
    Slip("always-uphill", "|½ − a| goes uphill wherever x is; where a is above ½, the way to the "
         "boundary is downhill", "put the step into a + g·step: it should give ½.",
         partial(step_along_g, length=lambda a, g: np.abs(0.5 - a) / (g**2).sum(axis=0))),
    Slip("logit-with-the-gradient-of-the-output", "z was put together with ∇ₓa; the output a goes "
         "with its own gradient, and ½ − a is to be made up for",
         "put the step into a + g·step: it should give ½.",
         lambda net, x: step_along_g(
             net, x, lambda a, g: -forward(net, x)[0][net.L] / (g**2).sum(axis=0))),
    Slip("sum-before-the-square", "the entries of g were added up and then squared; ‖g‖² adds up "
         "their squares", "put the step into a + g·step: it should give ½.",
         partial(step_along_g, length=lambda a, g: (0.5 - a) / g.sum(axis=0) ** 2)),
    Slip("missing-parentheses", "parentheses are missing: ½ − a g/‖g‖² takes the product off ½; "
         "it is (½ − a) that multiplies", "put the step into a + g·step: it should give ½.",
         lambda net, x: 0.5 + step_along_g(net, x, lambda a, g: -a / (g**2).sum(axis=0))),
    Slip("number-alone", "this is the number s of each point; the new point x + s ∇ₓa is asked for",
         "print the shape of your answer: it must be that of x.",
         lambda net, x: (0.5 - output_and_gradient(net, x)[0])
         / (output_and_gradient(net, x)[1] ** 2).sum(axis=0)),
    Slip("sigmoid-everywhere", "the slopes are those of sigmoids, but this network has other "
         "activations too", "your answer is right where all layers are sigmoid; "
         "input_gradient(net, "
         "x) asks the network.",
         partial(step_to_boundary_with,
                 gradient=partial(input_gradient_with, step_with_sigmoid_everywhere))),
    Slip("step-only", "this is the step; the new x is asked for",
         "add x to it, and evaluate the network there.",
         lambda net, x: step_to_boundary_with(net, x) - x),
)  # fmt: skip


def step_to_boundary_cases(rng):
    mixed = random_net((3, 4, 3, 1), rng, activation={2: tanh, 3: relu, 4: sigmoid})
    one, three = random_net((3, 4, 1), rng), rng.normal(size=(3, 3))
    mixed = awake(mixed, three)
    low, middle, high = np.sort(forward(mixed, three)[0][4][0])
    mixed.W[4] *= 3 / (high - low)  # none is saturated, and none lies on the boundary:
    low, middle, high = np.sort(forward(mixed, three)[0][4][0])
    mixed.b[4] -= (low + middle if middle - low > high - middle else middle + high) / 2
    return [
        Case("one point", (one, rng.normal(size=(3, 1)))),
        Case("3 points on both sides, tanh, ReLU and sigmoid", (mixed, three)),
    ]


step_to_boundary = Exercise(
    "step_to_boundary", step_to_boundary_with, STEP_TO_BOUNDARY_SLIPS, step_to_boundary_cases
)


# -------- exercise 2: first_flip


def right_first_flip(net, x, direction, lengths):
    """The first of the lengths t at which x + t · direction is on the other side of ½."""
    side = forward(net, x)[1][net.L][0, 0] > 0.5
    for t in lengths:
        if (forward(net, x + t * direction)[1][net.L][0, 0] > 0.5) != side:
            return t
    return np.inf


def first_above(net, x, direction, lengths):
    """The first length at which the output is above ½, whichever side x is on."""
    for t in lengths:
        if forward(net, x + t * direction)[1][net.L][0, 0] > 0.5:
            return t
    return np.inf


def flip_of_the_last(net, x, direction, lengths):
    """Steps that add up: x itself moves on in each round."""
    side = forward(net, x)[1][net.L][0, 0] > 0.5
    for t in lengths:
        x = x + t * direction
        if (forward(net, x)[1][net.L][0, 0] > 0.5) != side:
            return t
    return np.inf


def last_flip(net, x, direction, lengths):
    """The last length at which the answer is another than at x."""
    side = forward(net, x)[1][net.L][0, 0] > 0.5
    found = [t for t in lengths if (forward(net, x + t * direction)[1][net.L][0, 0] > 0.5) != side]
    return found[-1] if found else np.inf


def flip_seen_at_the_end(net, x, direction, lengths):
    """Infinity at once if the last length doesn't flip."""
    side = forward(net, x)[1][net.L][0, 0] > 0.5
    if (forward(net, x + lengths[-1] * direction)[1][net.L][0, 0] > 0.5) == side:
        return np.inf
    return right_first_flip(net, x, direction, lengths)


def flip_or(net, x, direction, lengths, nothing):
    """The first flip, or something else than infinity."""
    t = right_first_flip(net, x, direction, lengths)
    return t if np.isfinite(t) else nothing


def decisions(net, x, direction, lengths):
    """The decision at x, and at each length."""
    outputs = [forward(net, x + t * direction)[1][net.L].item() for t in (0, *lengths)]
    first, *others = (output > 0.5 for output in outputs)
    return first, others


def first_below(net, x, direction, lengths):
    """The first length at which the output is not above ½, whichever side x is on."""
    _, others = decisions(net, x, direction, lengths)
    return next((t for t, above in zip(lengths, others, strict=True) if not above), np.inf)


def one_before(net, x, direction, lengths):
    """The length before the flip, or 0."""
    t = right_first_flip(net, x, direction, lengths)
    return t if not np.isfinite(t) else max((s for s in lengths if s < t), default=0)


def flip_in_one_round(net, x, direction, lengths):
    """return np.inf in the else of the first round."""
    return right_first_flip(net, x, direction, lengths[:1])


def flip_compared_with_the_first_length(net, x, direction, lengths):
    return (
        right_first_flip(net, x + lengths[0] * direction, direction, lengths - lengths[0])
        + (lengths[0])
    )


def flip_by_halving(net, x, direction, lengths):
    """Right if the answer stays flipped."""
    side, others = decisions(net, x, direction, lengths)
    low, high = 0, len(lengths)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if others[middle] != side else (middle + 1, high)
    return lengths[low] if low < len(lengths) else np.inf


def flip_of_the_logit(net, x, direction, lengths):
    """z > ½ in the place of a > ½."""
    z = [forward(net, x + t * direction)[0][net.L].item() for t in (0, *lengths)]
    return next((t for t, v in zip(lengths, z[1:], strict=True) if (v > 0.5) != (z[0] > 0.5)),
                np.inf)  # fmt: skip


def all_flips(net, x, direction, lengths):
    side, others = decisions(net, x, direction, lengths)
    return [t for t, other in zip(lengths, others, strict=True) if other != side]


TINY_LENGTH = "take one length only, a tiny one."
ONE_LENGTH = "take one length only, and one at which the answer flips: it must come back."
PUT_IN = "put your t into x + t * direction: the decision there must be another than at x."

FIRST_FLIP_SLIPS = (
    Slip("below-half", "you look for the first output below ½; if x is below already, the flip "
         "is the first one above", "try a point on the other side.", first_below),
    Slip("one-before", "this is the length before the flip; that of the flip is asked for", PUT_IN,
         one_before),
    Slip("gives-up-after-one", "only the first length is tried: the return np.inf inside the loop "
         "ends it in the first round; it belongs after the loop",
         "take two lengths, and let the answer flip at the second.", flip_in_one_round),
    Slip("first-for-none", "where nothing flips the first length comes back (np.argmax of nothing "
         "but False is 0); infinity is asked for, np.inf", TINY_LENGTH,
         lambda net, x, direction, lengths: flip_or(net, x, direction, lengths, lengths[0])),
    Slip("argmax", "infinity comes out always: nothing ever flips. The decision is whether a is "
         "above ½ (np.argmax over a single output is always 0, and a > 0 always true)",
         ONE_LENGTH, lambda net, x, direction, lengths: np.inf),
    Slip("outputs-compared", "the outputs were compared, and they change at once; the decision, "
         "a > ½, is to change", TINY_LENGTH, lambda net, x, direction, lengths: lengths[0]),
    Slip("logit-against-half", "z was compared with ½; it is a that is above ½ or not, which is z "
         "above 0 or not", "print a and z at your t and at the length before.", flip_of_the_logit),
    Slip("all-flips", "these are all the lengths at which the answer differs; the first is asked "
         "for", "print it: one number is asked for.", all_flips),
    *(Slip("nothing-to-take", "something is taken out of an empty list: where nothing flips, "
           "infinity is asked for, np.inf", TINY_LENGTH, variant)
      for variant in (lambda *given: all_flips(*given)[0], lambda *given: min(all_flips(*given)))),
    Slip("distance", "t was multiplied by the length of the direction; t itself is asked for",
         "double the direction: the length must be halved.",
         lambda net, x, direction, lengths: np.linalg.norm(direction)
         * right_first_flip(net, x, direction, lengths)),
    Slip("direction-forgotten", "t was added to every coordinate; the step is t * direction",
         "print x + t * direction.", lambda net, x, direction, lengths: right_first_flip(
             net, x, np.ones_like(x), lengths)),
    Slip("first-length-left-out", "the first length is left out: Python counts from 0", ONE_LENGTH,
         lambda net, x, direction, lengths: right_first_flip(net, x, direction, lengths[1:])),
    Slip("last-length-left-out", "the last length is left out: range and [:-1] stop before it",
         ONE_LENGTH,
         lambda net, x, direction, lengths: right_first_flip(net, x, direction, lengths[:-1])),
    Slip("compared-with-the-first-length", "the decision is compared with that at the first "
         "length; it is to be compared with that at x", ONE_LENGTH,
         flip_compared_with_the_first_length),
    Slip("halving", "the lengths were halved again and again, as if the answer stayed flipped",
         "take a network that flips there and back again.", flip_by_halving),
    Slip("above-half", "you look for the first output above ½; if x is above already, the flip "
         "is the first one below", "try a point on the other side.", first_above),
    Slip("steps-add-up", "x moves on in every round, so that the steps add up; each length "
         "counts from the first x", "print the distance from the first x in each round.",
         flip_of_the_last),
    Slip("position", "this is the place in the list; the length itself is asked for",
         "return t, not its index.",
         lambda net, x, direction, lengths: (
             lambda t: float(list(lengths).index(t)) if np.isfinite(t) else t)(
             right_first_flip(net, x, direction, lengths))),
    Slip("other-direction", "the step goes against the direction that was given",
         "print x + t * direction.",
         lambda net, x, direction, lengths: right_first_flip(net, x, -direction, lengths)),
    Slip("unit-direction", "the direction was made one of length 1; it is to be taken as it is",
         "double the direction: the length must be halved.",
         lambda net, x, direction, lengths: right_first_flip(
             net, x, direction / np.linalg.norm(direction), lengths)),
    Slip("first-coordinate-only", "only the first entry of the direction is used",
         "take the direction (0, 1).",
         lambda net, x, direction, lengths: right_first_flip(
             net, x, direction * np.array([[1.0], [0.0]]), lengths)),
    Slip("last-flip", "this is the last length at which the answer differs from that at x; the "
         "first is asked for", "print all the lengths at which it differs.", last_flip),
    Slip("last-length-decides", "only the last length is looked at: whether the answer flips "
         "before "
         "is to be seen, too", "take a network that flips there and back again.",
         flip_seen_at_the_end),
    Slip("zero-for-none", "where nothing flips 0 comes back; infinity is asked for, np.inf",
         "take one length only, a tiny one.", partial(flip_or, nothing=0.0)),
    Slip("minus-one-for-none", "where nothing flips −1 comes back; infinity is asked for, np.inf",
         "take one length only, a tiny one.", partial(flip_or, nothing=-1.0)),
    Slip("nan-for-none", "where nothing flips nan comes back; infinity is asked for, np.inf",
         "take one length only, a tiny one.", partial(flip_or, nothing=np.nan)),
    Slip("last-length", "where nothing flips, the last length comes back; infinity is asked "
         "for, np.inf", "take one length only, a tiny one.",
         lambda net, x, direction, lengths: min(
             right_first_flip(net, x, direction, lengths), lengths[-1])),
)  # fmt: skip


def first_flip_cases(rng):
    up = Network({2: np.array([[4.0, 0.0]])}, {2: np.array([[-2.0]])})  # ½ where x₁ = ½
    slanted = Network({2: np.array([[3.0, -5.0]])}, {2: np.array([[0.5]])})
    # below ½ only where x₁ is about 0.5 or 0.87
    holes = Network({2: np.full((4, 1), 40.0) * [1.0, 0.0], 3: np.array([[-20.0, 20.0] * 2])},
                    {2: -np.array([[14.0], [26.0], [32.0], [38.0]]),
                     3: np.array([[10.0]])})  # fmt: skip
    x, right = np.array([[0.3], [0.3]]), np.array([[1.0], [0.0]])
    lengths = np.array([0.11, 0.13, 0.17, 0.21, 0.24, 0.31, 0.38, 0.45, 0.52, 0.6, 0.74])
    twice = np.array([0.02, 0.2, 0.4, 0.45, 0.47, 0.58, 0.8])
    return [
        Case("a direction without a flip", (up, x, -right, lengths)),
        Case("a direction of length 2, at the first length", (up, x, 2 * right, lengths)),
        Case("along both coordinates, at the last length",
             (slanted, np.array([[0.1], [0.37]]), np.array([[1.0], [0.3]]), lengths)),
        Case("there and back again, twice", (holes, x, right, twice)),
    ]  # fmt: skip


first_flip = Exercise(
    "first_flip",
    right_first_flip,
    FIRST_FLIP_SLIPS,
    first_flip_cases,
    takes=("net", "x", "direction", "lengths"),
)
