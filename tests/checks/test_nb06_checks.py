"""The checks of notebook 06: answers by another hand, and the variants of the right one."""

import numpy as np
from answers import Written, input_gradient_with_Delta, mistakes_are_named

from utils.network import forward

# -------- mistakes as students write them, by another hand

written = Written()


def output_and_gradient(net, x):
    return forward(net, x)[1][net.L], input_gradient_with_Delta(net, x)


@written("step_to_boundary", "norm-not-squared")
def divided_by_the_norm(net, x):
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) * g / np.linalg.norm(g, axis=0)


@written("step_to_boundary", "norm-of-all-points")
def norm_of_the_whole_array(net, x):
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) * g / np.linalg.norm(g) ** 2


@written("step_to_boundary", "wrong-direction")
def a_minus_one_half(net, x):
    a, g = output_and_gradient(net, x)
    return x + (a - 0.5) * g / np.sum(g * g, axis=0)


@written("step_to_boundary", "step-only")
def x_forgotten(net, x):
    a, g = output_and_gradient(net, x)
    return (0.5 - a) * g / np.sum(g * g, axis=0)


@written("step_to_boundary", "entrywise")
def entries_divided_one_by_one(net, x):
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) / g


@written("step_to_boundary", "number-added")
def s_without_the_gradient(net, x):
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) / np.einsum("ij,ij->j", g, g)


@written("step_to_boundary", "from-zero")
def one_half_over_the_square(net, x):
    _, g = output_and_gradient(net, x)
    return x + g / (2 * np.sum(g * g, axis=0))


@written("step_to_boundary", "divided-by-the-norm-only")
def length_in_every_coordinate(net, x):
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) / np.sqrt(np.sum(g * g, axis=0))


@written("step_to_boundary", None)
def one_column_moved(net, x):
    a, g = output_and_gradient(net, x)
    new = x.copy()
    new[:, 0] += (0.5 - a[0, 0]) * g[:, 0] / np.sum(g[:, 0] ** 2)
    return new


@written("first_flip", "above-half")
def first_above_one_half(net, x, direction, lengths):
    for t in lengths:
        if output_and_gradient(net, x + t * direction)[0].item() > 0.5:
            return t
    return np.inf


@written("first_flip", "steps-add-up")
def x_that_walks_away(net, x, direction, lengths):
    before = forward(net, x)[1][net.L].item() > 0.5
    for t in lengths:
        x = x + t * direction
        if (forward(net, x)[1][net.L].item() > 0.5) != before:
            return t
    return np.inf


@written("first_flip", "position")
def place_of_the_length(net, x, direction, lengths):
    before = forward(net, x)[1][net.L].item() > 0.5
    for k in range(len(lengths)):
        if (forward(net, x + lengths[k] * direction)[1][net.L].item() > 0.5) != before:
            return k
    return np.inf


@written("first_flip", "last-flip")
def last_length_that_flips(net, x, direction, lengths):
    before = forward(net, x)[1][net.L].item() > 0.5
    found = np.inf
    for t in lengths:
        if (forward(net, x + t * direction)[1][net.L].item() > 0.5) != before:
            found = t
    return found


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)
