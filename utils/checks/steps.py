"""The recursion and its parts, with flawed ones to put in their places.

Exercises of several notebooks are the same recursion: one step of it, all steps for the output, all
steps for a cost. So a flawed step stands here once, and `steps_in` plants it into each algorithm.
A step computes δ[l] from δ[l+1]: step(f, W_next, delta_next, z, a) with f the activation and z, a
those of layer l.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from utils.activations import sigmoid
from utils.checks.exercise import Slip
from utils.network import forward

# -------- a step, right and flawed


def right_step(f, W_next, delta_next, z, a):
    """δ[l] = σ′(z[l]) ∘ W[l+1]ᵀ δ[l+1]."""
    return f.derivative(a) * (W_next.mT @ delta_next)


def step_without_derivative(f, W_next, delta_next, z, a):
    """Slip 12: no factor σ′(z[l])."""
    return W_next.mT @ delta_next


def step_without_transpose(f, W_next, delta_next, z, a):
    """Slip 8: W[l+1] where W[l+1]ᵀ belongs."""
    return f.derivative(a) * (W_next @ delta_next)


def step_along_one_path(f, W_next, delta_next, z, a):
    """Slip 13: one loose index instead of the sum over all neurons of layer l + 1."""
    return f.derivative(a) * (W_next[..., :1, :].mT @ delta_next[..., :1, :])


def step_along_the_last_path(f, W_next, delta_next, z, a):
    """The same, with the last neuron: = in the place of += in a loop."""
    return f.derivative(a) * (W_next[..., -1:, :].mT @ delta_next[..., -1:, :])


def step_that_skips_the_layer(f, W_next, delta_next, z, a):
    """Slip 14: ∂z[l+1]/∂a[l] · ∂a[l]/∂z[l] missing from the chain."""
    return delta_next + np.zeros_like(a)


def step_with_derivative_of_z(f, W_next, delta_next, z, a):
    """The derivative's formula a(1 − a) fed with z in place of a."""
    return f.derivative(z) * (W_next.mT @ delta_next)


def step_with_derivative_outside(f, W_next, delta_next, z, a):
    """σ′ added, not multiplied."""
    return f.derivative(a) + W_next.mT @ delta_next


def step_with_activation(f, W_next, delta_next, z, a):
    """a in place of σ′ = a(1 − a)."""
    return a * (W_next.mT @ delta_next)


def step_with_matrix_product(f, W_next, delta_next, z, a):
    """@ where * is meant: a matrix product of the slopes with what came back."""
    return f.derivative(a) @ (W_next.mT @ delta_next)


def step_with_inner_product(f, W_next, delta_next, z, a):
    """The slopes transposed so that @ fits: an inner product."""
    return f.derivative(a).mT @ (W_next.mT @ delta_next)


def step_with_sigmoid_of_a(f, W_next, delta_next, z, a):
    """σ(a)(1 − σ(a)): the derivative of σ taken at a, where it belongs at z."""
    return sigmoid.derivative(sigmoid(a)) * (W_next.mT @ delta_next)


def step_with_one_minus_a(f, W_next, delta_next, z, a):
    """1 − a in place of a(1 − a)."""
    return (1 - a) * (W_next.mT @ delta_next)


def step_with_slope_twice(f, W_next, delta_next, z, a):
    """The slope multiplied in two times."""
    return f.derivative(a) ** 2 * (W_next.mT @ delta_next)


def step_that_divides(f, W_next, delta_next, z, a):
    """Divided by the slope, where it multiplies."""
    return (W_next.mT @ delta_next) / f.derivative(a)


def step_without_parentheses(f, W_next, delta_next, z, a):
    """σ′ * W.T @ δ: Python multiplies from the left, σ′ * W.T first."""
    return f.derivative(a) * W_next.mT @ delta_next


def step_with_sigmoid_everywhere(f, W_next, delta_next, z, a):
    """a(1 − a) whatever the activation."""
    return sigmoid.derivative(a) * (W_next.mT @ delta_next)


def step_with_derivative_of_next_layer_first(f, W_next, delta_next, z, a):
    """W[l+1] read as square and the derivative put on the wrong side: Wᵀ(σ′ ∘ δ)."""
    return W_next.mT @ (f.derivative(a) * delta_next)


# -------- all steps


def recursion(step, net, x, start):
    """The backward pass with `step` in the place of the right one; returns a and the deltas."""
    z, a = forward(net, x)
    deltas = {net.L: start(net, z, a)}
    for l in range(net.L - 1, 1, -1):
        deltas[l] = step(net.activation[l], net.W[l + 1], deltas[l + 1], z[l], a[l])
    return z, a, deltas


def slope_at_the_output(net, z, a):
    """The right start vector for the output itself: σ′(z[L])."""
    return net.activation[net.L].derivative(a[net.L])


def sigmoid_start(net, z, a):
    return sigmoid.derivative(a[net.L])


def input_gradient_with(step, net, x, start=slope_at_the_output):
    """∇ₓ a[L] with `step` in the place of the right one."""
    _, _, deltas = recursion(step, net, x, start)
    return net.W[2].mT @ deltas[2]


def mse_start(net, z, a, y):
    """The right start vector of the cost ½‖a − y‖² of each column, before any mean."""
    return (a[net.L] - y) * slope_at_the_output(net, z, a)


def batch_gradient_with(step, net, x, y, start=mse_start, W_scale=None, b_scale=None, sum_b=True):
    """Gradient of the mean cost over a batch, with parts exchanged for flawed ones."""
    _, a, deltas = recursion(step, net, x, lambda net, z, a: start(net, z, a, y))
    N = x.shape[-1]
    W_scale, b_scale = (1 / N if s is None else s for s in (W_scale, b_scale))
    layers = range(2, net.L + 1)
    dW = {l: W_scale * deltas[l] @ a[l - 1].mT for l in layers}
    db = {l: b_scale * (deltas[l].sum(-1, keepdims=True) if sum_b else deltas[l]) for l in layers}
    return dW, db


# -------- what a check says of a flawed step


STEPS = [
    Slip(
        "missing-derivative",
        "the factor σ′(z[l]) is missing in the hidden layers",
        "let a neuron saturate: nothing may come back through it. Multiply entrywise by the "
        "layer's slope, which for σ is a(1 − a).",
        step_without_derivative,
        12,
    ),
    Slip(
        "missing-transpose",
        "W[l+1] stands where its transpose belongs",
        "print the shapes: W[l+1] is n_{l+1} × n_l, and what comes back from layer l + 1 has "
        "n_{l+1} rows, so only the transpose can be multiplied. With equal widths nothing "
        "complains; use unequal ones.",
        step_without_transpose,
        8,
    ),
    *(
        Slip(
            "one-path",
            "only one neuron of layer l + 1 is followed; the sum over all of them is missing",
            "compare on a network whose hidden layers have width 1 (equal) and on a wider one "
            "(different). The product with W[l+1]ᵀ is that sum.",
            step,
            13,
        )
        for step in (step_along_one_path, step_along_the_last_path)
    ),
    Slip(
        "skipped-layer",
        "the chain jumps over a layer: ∂z[l+1]/∂a[l] · ∂a[l]/∂z[l] is missing",
        "write down the chain from z[l+1] to z[l]; each arrow is one factor, W[l+1] and σ′(z[l]).",
        step_that_skips_the_layer,
        14,
    ),
    Slip(
        "derivative-of-z",
        "the derivative's formula was given z[l]; it is written through the output a[l]",
        "at z = 0, σ′ is ¼: a(1 − a) gives that with a = ½, but z(1 − z) gives 0.",
        step_with_derivative_of_z,
    ),
    Slip(
        "added-derivative",
        "σ′(z[l]) is added where it has to be multiplied, entry by entry",
        "the chain rule multiplies: let a neuron saturate (σ′ = 0), and nothing may pass through.",
        step_with_derivative_outside,
    ),
    Slip(
        "activation-for-derivative",
        "a[l] itself stands where its derivative a[l](1 − a[l]) belongs",
        "let a neuron saturate at a = 1: it passes nothing back, but your factor there is 1.",
        step_with_activation,
    ),
    Slip(
        "slope-at-a",
        "σ was applied to a once more: σ(a)(1 − σ(a)) is the slope at a, and it is wanted at z, "
        "where "
        "it is a(1 − a)",
        "at z = 0 the slope is ¼; with σ(½) you get 0.235.",
        step_with_sigmoid_of_a,
    ),
    Slip(
        "one-minus-a",
        "1 − a stands where a(1 − a) belongs",
        "let a neuron saturate at a = 0: it passes nothing back, but your factor there is 1.",
        step_with_one_minus_a,
    ),
    Slip(
        "slope-twice",
        "the slope was multiplied in two times",
        "at z = 0 the slope is ¼; you get 1/16.",
        step_with_slope_twice,
    ),
    Slip(
        "divided-by-the-slope",
        "it was divided by the slope, which multiplies",
        "let a neuron saturate (σ′ = 0): nothing may pass through; yours grows without bound.",
        step_that_divides,
    ),
    Slip(
        "derivative-on-the-wrong-side",
        "σ′(z[l]) was multiplied in before the product with W[l+1]ᵀ, not after it",
        "the shapes tell: σ′(z[l]) has n_l rows, what comes back from layer l + 1 has n_{l+1}; "
        "only with equal widths do they multiply at all.",
        step_with_derivative_of_next_layer_first,
    ),
    Slip(
        "matrix-product-for-entrywise",
        "the slopes are multiplied with @, the matrix product; the ∘ of the formula is *",
        "print the shape of each factor: both are n_l × N, which is what * wants and @ does not.",
        step_with_matrix_product,
    ),
    Slip(
        "inner-product-for-entrywise",
        "the slopes were transposed and multiplied with @, which adds up over the neurons; the ∘ "
        "of the formula is *, entry by entry",
        "for one point you get a single number where n_l are wanted.",
        step_with_inner_product,
    ),
    Slip(
        "missing-parentheses",
        "parentheses are missing: in slope * W.T @ g Python multiplies from the left, slope * W.T "
        "first",
        "for one column it makes no difference; try several. Write slope * (W.T @ g).",
        step_without_parentheses,
    ),
]


SIGMOID_EVERYWHERE = Slip(
    "sigmoid-everywhere",
    "a(1 − a) is used in every layer, but this network has other activations too",
    "your answer is right where all layers are sigmoid. Ask the network: "
    "net.activation[l].derivative(a[l]).",
    step_with_sigmoid_everywhere,
)


def steps_in(algorithm: Callable, extra: tuple[Slip, ...] = ()) -> tuple[Slip, ...]:
    """Plant each flawed step in an algorithm that takes the step as its first argument."""
    return tuple(
        Slip(s.name, s.says, s.see, partial(algorithm, s.variant), s.number)
        for s in (*STEPS, *extra)
    )
