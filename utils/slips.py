r"""Every known slip, as a small executable variant of the right algorithm.

Five people wrote down the derivations of this course by hand, and slipped. Each slip stands here
as code that does exactly what was written, so that it can be *run*: `utils.checks` compares a wrong
answer with these variants and names the one it equals, and the tests see that each of them is
wrong, and where it happens to be right. (The hunts of the notebooks write the same lines out in
their cells, where you can read them.)

The functions come first, in the order of the notebooks; numbers are those of the hunts. The table
`SLIPS` at the end says, for each exercise, which slips can occur in it, what a check then says,
and how to see it for yourself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from utils.activations import sigmoid, softmax
from utils.network import Network, forward, init_network

__all__ = ["SLIPS", "Slip"]


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


# -------- 01: the forward pass


def biases_in_one_place(net: Network, x: np.ndarray) -> np.ndarray:
    """Slip 1: σ(W σ(W σ(W x + b + b + b))), all biases inside the innermost σ."""
    a = net.activation[2](net.W[2] @ x + sum(net.b[l] for l in net.b))
    for l in range(3, net.L + 1):
        a = net.activation[l](net.W[l] @ a)
    return a


def weights_of_the_next_width(sizes: list[int], rng: np.random.Generator) -> dict:
    """Slip 2: W[l] drawn as n_l × n_{l+1}, the next width in place of the previous one."""
    return {l: rng.normal(size=(sizes[l - 1], sizes[l])) for l in range(2, len(sizes))}


def forward_with_previous_weights(net: Network, x: np.ndarray) -> np.ndarray:
    """Slip 3: z[l] = W[l−1] a[l−1] + b[l], the weights kept in a Python list.

    For l = 2 this asks for the entry before the first; a list answers with its last.
    """
    weights, a = [net.W[l] for l in range(2, net.L + 1)], x
    for l in range(2, net.L + 1):
        a = net.activation[l](weights[l - 3] @ a + net.b[l])
    return a


def collapse_without_bias(net: Network) -> tuple[np.ndarray, np.ndarray]:
    """Slip 4: W̃ is right, b̃ is forgotten."""
    W, b = collapsed(net)
    return W, np.zeros_like(b)


def one_output_for_one_hot(rng: np.random.Generator) -> Network:
    """Slip 5: a network ℝ² → ℝ where one-hot labels ask for ℝ² → ℝ²."""
    return init_network([2, 2, 3, 1], rng)


# -------- 02: Jacobians


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


# -------- 03: the backward step, and how it goes wrong
#
# A step computes δ[l] from δ[l+1]: step(f, W_next, delta_next, z, a) with f the activation and z, a
# those of layer l.


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


def step_without_parentheses(f, W_next, delta_next, z, a):
    """σ′ * W.T @ δ: Python multiplies from the left, σ′ * W.T first."""
    return f.derivative(a) * W_next.mT @ delta_next


def step_with_sigmoid_everywhere(f, W_next, delta_next, z, a):
    """a(1 − a) whatever the activation."""
    return sigmoid.derivative(a) * (W_next.mT @ delta_next)


def step_with_derivative_of_next_layer_first(f, W_next, delta_next, z, a):
    """W[l+1] read as square and the derivative put on the wrong side: Wᵀ(σ′ ∘ δ)."""
    return W_next.mT @ (f.derivative(a) * delta_next)


def backward_loop(net, x, layers=None, weights_of=1, slope_of=0):
    """∇ₓ a[L] by a loop over `layers`, with W[l + weights_of] and the slope of a[l + slope_of].

    Right are the layers L − 1, …, 2, weights_of = 1 and slope_of = 0.
    """
    _, a = forward(net, x)
    g = slope_at_the_output(net, None, a)
    for l in range(net.L - 1, 1, -1) if layers is None else layers(net.L):
        slope = net.activation[l + slope_of].derivative(a[l + slope_of])
        g = slope * (net.W[l + weights_of].mT @ g)
    return net.W[2].mT @ g


def input_gradient_from_z(net, x):
    """Every derivative is given z in the place of a."""
    z, _ = forward(net, x)
    g = net.activation[net.L].derivative(z[net.L])
    for l in range(net.L - 1, 1, -1):
        g = net.activation[l].derivative(z[l]) * (net.W[l + 1].mT @ g)
    return net.W[2].mT @ g


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


def input_gradient_with(step, net, x, start=slope_at_the_output):
    """∇ₓ a[L] with `step` in the place of the right one."""
    _, _, deltas = recursion(step, net, x, start)
    return net.W[2].mT @ deltas[2]


def input_gradient_through_cost(net, x, y):
    """Slip 9: ∇ₓ = W[2]ᵀ δ[2] / (a[L] − y), with δ of the cost ½(a − y)²: 0/0 when a = y."""
    with np.errstate(invalid="ignore", divide="ignore"):
        _, a, deltas = recursion(
            right_step, net, x, lambda net, z, a: (a[net.L] - y) * slope_at_the_output(net, z, a)
        )
        return net.W[2].mT @ (deltas[2] / (a[net.L] - y))


def input_gradient_dividing_by_layer_2(net, x, y):
    """Slip 10: as slip 9, but divided by (a[2] − y)."""
    _, a, deltas = recursion(
        right_step, net, x, lambda net, z, a: (a[net.L] - y) * slope_at_the_output(net, z, a)
    )
    return net.W[2].mT @ (deltas[2] / (a[2] - y))


def input_gradient_over_output_neurons(net, x):
    """Slip 11: the last sum runs over the n_L neurons of the output, not over the n₂ of layer 2."""
    _, _, deltas = recursion(right_step, net, x, slope_at_the_output)
    n_L = net.sizes[-1]
    return net.W[2][..., :n_L, :].mT @ deltas[2][..., :n_L, :]


# -------- 04: parameters and costs


def weight_gradient_row_by_column(net, x, y):
    """Slip 15: (a − y) W[3] ∘ σ′(z[2]) a[1]ᵀ, a row where a column belongs (L = 3, one point)."""
    _, a = forward(net, x)
    row = (a[3] - y) * net.W[3]
    return row * (net.activation[2].derivative(a[2]) @ a[1].mT)


def cost_with_the_norm_inside(a, y):
    """Slip 16: ½ Σ_k ‖y − a_k‖², the whole vector y against each single a_k; one column."""
    return 0.5 * sum(np.sum((y - a_k) ** 2) for a_k in a)


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


def batch_gradient_changed(net, x, y, dW=np.copy, db=np.copy):
    """The right gradient of the mean cost, with something done to each dW[l] and each db[l]."""
    right_W, right_b = batch_gradient_with(right_step, net, x, y)
    return {l: dW(v) for l, v in right_W.items()}, {l: db(v) for l, v in right_b.items()}


def batch_gradient_of_products(net, x, y, product):
    """dW[l] from a product of δ[l], a[l−1] and a[l] of one's own making; db right."""
    _, a, deltas = recursion(right_step, net, x, lambda net, z, a: mse_start(net, z, a, y))
    _, db = batch_gradient_with(right_step, net, x, y)
    N = x.shape[-1]
    return {l: product(deltas[l], a[l - 1], a[l]) / N for l in sorted(deltas)}, db


def bias_over_neurons(net, x, y):
    """db[l] summed over axis 0, the neurons, in place of axis 1, the samples."""
    dW, db = batch_gradient_with(right_step, net, x, y, sum_b=False)
    return dW, {l: v.sum(axis=0, keepdims=True) for l, v in db.items()}


# -------- 05: training


def sgd_step_with(net, x, y, i, learning_rate, sign=-1.0, columns=None, W_rate=None, b_rate=None):
    """One step on column i, with parts exchanged for flawed ones."""
    chosen = [i] if columns is None else columns(x)
    dW, db = batch_gradient_with(right_step, net, x[:, chosen], y[:, chosen])
    W_rate, b_rate = (learning_rate if r is None else r for r in (W_rate, b_rate))
    W = {l: net.W[l] + sign * W_rate * dW[l] for l in net.W}
    return W, {l: net.b[l] + sign * b_rate * db[l] for l in net.b}


def uphill_start(net, z, a, y):
    """Slip 17: (y − a) in the place of (a − y)."""
    return -mse_start(net, z, a, y)


def relu_mask_after_relu(a):
    """Slip 18: ReLU's slope as a >= 0, asked after ReLU, when it is always true."""
    return (a >= 0).astype(float)


def vanishes_at_zero(block):
    """Of a 2-3-1 sigmoid network with all parameters 0: does the gradient of this block vanish?"""
    return block in ("dW[2]", "db[2]")


# -------- 06: walking along the input gradient


def step_to_boundary(net, x, target=0.5, power=2, sign=1.0, gradient=None):
    """x + (½ − a) g / ‖g‖²: where the linear approximation of the output is ½."""
    a = forward(net, x)[1][net.L]
    g = (gradient or partial(input_gradient_with, right_step))(net, x)
    return x + sign * (target - a) * g / (g**2).sum(axis=0) ** (power / 2)


def step_with_the_logit(net, x):
    """x − z g / ‖g‖² with g = ∇ₓz: Newton's step for z = 0."""
    z, a = forward(net, x)
    g = input_gradient_with(right_step, net, x) / slope_at_the_output(net, z, a)
    return x - z[net.L] * g / (g**2).sum(axis=0)


def step_with_one_norm(net, x):
    """All columns divided by the norm of the whole array."""
    a = forward(net, x)[1][net.L]
    g = input_gradient_with(right_step, net, x)
    return x + (0.5 - a) * g / (g**2).sum()


def first_flip(net, x, direction, lengths):
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


# -------- the right algorithms of the small exercises


def collapsed(net: Network, last: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """W̃ = W[L] … W[2], and b̃ = b[L] + W[L] b[L−1] + W[L] W[L−1] b[L−2] + …"""
    W, b = net.W[2], net.b[2]
    for l in range(3, (last or net.L) + 1):
        W, b = net.W[l] @ W, net.W[l] @ b + net.b[l]
    return W, b


def collapse_with_new_weights(net: Network) -> tuple[np.ndarray, np.ndarray]:
    """b̃ multiplied by the W̃ that has just been renewed."""
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        W = net.W[l] @ W
        b = W @ b + net.b[l]
    return W, b


def collapse_carrying_only_b2(net: Network) -> np.ndarray:
    """b̃ without the biases of the layers after the second."""
    b = net.b[2]
    for l in range(3, net.L + 1):
        b = net.W[l] @ b
    return b


def tanh_jacobian(W, b, a):
    """diag(1 − a²) W for the layer tanh(Wa + b), at one point."""
    return (1 - np.tanh(W @ a + b) ** 2) * W


def softmax_jacobian(z):
    """diag(p) − p pᵀ at one column z."""
    p = softmax(z)
    return np.diag(p[:, 0]) - p @ p.T


def backward_step_with(step, W_next, delta_next, a):
    """One step of the recursion for a sigmoid layer; z is recovered from a."""
    return step(sigmoid, W_next, delta_next, np.log(a / (1 - a)), a)


# -------- what a check says

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
    Slip(
        "one-path",
        "only one neuron of layer l + 1 is followed; the sum over all of them is missing",
        "compare on a network whose hidden layers have width 1 (equal) and on a wider one "
        "(different). The product with W[l+1]ᵀ is that sum.",
        step_along_one_path,
        13,
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


def _steps_in(algorithm: Callable, extra: tuple[Slip, ...] = ()) -> tuple[Slip, ...]:
    """Plant each flawed step in an algorithm that takes the step as its first argument."""
    return tuple(
        Slip(s.name, s.says, s.see, partial(algorithm, s.variant), s.number)
        for s in (*STEPS, *extra)
    )


def _ones_start(net, z, a):
    return np.ones_like(a[net.L])


def _output_start(net, z, a):
    return a[net.L]


def _sigmoid_start(net, z, a):
    return sigmoid.derivative(a[net.L])


def _no_slope_start(net, z, a, y):
    return a[net.L] - y


def _norm_inside_start(net, z, a, y):
    rows = net.sizes[-1]
    return (rows * a[net.L] - y.sum(-2, keepdims=True)) * slope_at_the_output(net, z, a)


SLIPS: dict[str, tuple[Slip, ...]] = {
    "half_square": (
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
    ),
    "layer": (
        Slip("no-bias", "the bias b is missing", "put a = 0: the answer should be σ(b), not ½.",
             lambda W, b, a: sigmoid(W @ a)),
        Slip("tanh-for-sigmoid", "this is tanh; the layer asked for is a sigmoid",
             "σ never is negative; look for a minus sign in your answer.",
             lambda W, b, a: np.tanh(W @ a + b)),
        Slip("bias-before-the-weights", "b is added to a, before the product with W; it belongs to "
             "Wa", "b has n_l rows, a has n_{l−1}: only with equal widths do they add up.",
             lambda W, b, a: sigmoid(W @ (a + b))),
        Slip("bias-outside", "b is added after σ; it belongs inside: σ(Wa + b)",
             "σ never leaves (0, 1); with a large b your answer does.",
             lambda W, b, a: sigmoid(W @ a) + b, 1),
        Slip("no-activation", "this is z = Wa + b; σ is still to be applied",
             "an activation of σ lies in (0, 1); look at yours.", lambda W, b, a: W @ a + b),
        Slip("transposed-weights", "W was transposed; W is n_l × n_{l−1} and multiplies as it is",
             "with unequal widths the shapes don't fit; with equal ones nothing complains.",
             lambda W, b, a: sigmoid(W.T @ a + b), 2),
        Slip("elementwise-weights", "W * a multiplies entry by entry; the matrix product is W @ a",
             "compare the shape of your answer with (n_l, N).",
             lambda W, b, a: sigmoid(W * a + b)),
        Slip("flattened-bias", "b was flattened to one dimension, so NumPy lays it along the "
             "columns",
             "with b of shape (n,) row i gets all of b, not b_i; keep b as a column (n, 1).",
             lambda W, b, a: sigmoid(W @ a + b.ravel())),
        Slip("negated-exponent", "this is σ(−z): the sign in the exponent is lost",
             "σ grows: put in z = 5 and expect nearly 1.",
             lambda W, b, a: sigmoid(-(W @ a + b))),
    ),
    "parameter_count": (
        Slip("no-biases", "the biases are not counted", "2-1 has two weights and one bias: 3.",
             lambda sizes: sum(m * n for m, n in pairwise(sizes))),
        Slip("biases-of-the-input", "the input layer was given biases; it has none",
             "2-1 has two weights and one bias: 3; you count 5.",
             lambda sizes: sum(m * n for m, n in pairwise(sizes))
             + sum(sizes)),
        Slip("one-bias-a-layer", "each layer was given one bias; each *neuron* has one",
             "b[2] of a 2-3-1 network has 3 entries.",
             lambda sizes: sum(m * n + 1 for m, n in pairwise(sizes))),
        Slip("bias-for-each-input", "the biases were counted along the wrong width: b[l] has n_l "
             "entries, not n_{l−1}", "2-1 has one bias, 1-2 has two.",
             lambda sizes: sum(m * (n + 1) for m, n in pairwise(sizes))),
        Slip("one-layer-short", "the last layer is missing: range stops before its end",
             "print the layers your loop visits; for 2-2-3-2 they are 2, 3 and 4.",
             lambda sizes: sum(n * (m + 1) for m, n in pairwise(sizes[:-1]))),
        Slip("neurons", "these are the neurons, not the weights and biases",
             "2-1 has three neurons and three parameters, but 3-1 has four and four; try 2-2.",
             sum),
    ),
    "collapse": (
        Slip("no-bias", "W̃ is right; the biases were forgotten, b̃ is not zero",
             "put x = 0: the network gives b̃.", collapse_without_bias, 4),
        Slip("biases-summed", "the biases were added up as they are; each one still passes through "
             "the weights of all later layers",
             "put x = 0 and follow b[2]: it is multiplied by W[3] before b[3] comes in.",
             lambda net: (collapsed(net)[0], sum(net.b[l] for l in net.b)), 1),
        Slip("new-weights-in-the-bias", "W̃ is right; for b̃ it was multiplied by the new W̃, which "
             "already holds all the layers", "b̃ is to be multiplied by W[l] alone; compare on "
             "three layers.", collapse_with_new_weights),
        Slip("one-layer-short", "the last layer is missing: range stops before its end",
             "list(range(3, net.L)) does not contain net.L; write range(3, net.L + 1).",
             lambda net: collapsed(net, last=net.L - 1)),
        Slip("own-bias-forgotten", "W̃ is right; b̃ is carried on, but b[l] is not added",
             "put x = 0 and follow it through: each layer adds its own bias.",
             lambda net: (collapsed(net)[0], collapse_carrying_only_b2(net))),
        Slip("last-bias-only", "only the last layer's bias is left",
             "put x = 0: what layer 2 sends on is b[2], and W[3] multiplies it.",
             lambda net: (collapsed(net)[0], net.b[net.L])),
        Slip("reversed-order", "the weight matrices were multiplied in the reverse order",
             "x meets W[2] first, so W[2] stands rightmost: W[L] … W[3] W[2].",
             lambda net: (chain_in_mixed_layout([net.W[l] for l in range(2, net.L + 1)]),
                          collapsed(net)[1]), 6),
    ),
    "tanh_jacobian": (
        Slip("transposed", "this is the transpose: in our layout rows are outputs, so the Jacobian "
             "has the shape of W", "print its shape for a layer with 3 inputs and 2 outputs.",
             lambda W, b, a: tanh_jacobian(W, b, a).T, 6),
        Slip("slopes-only", "this is D alone; the factor W is missing",
             "for a layer with 2 inputs and 4 outputs the Jacobian is 4 × 2.",
             lambda W, b, a: np.diag(1 - np.tanh(W @ a + b)[:, 0] ** 2)),
        Slip("missing-derivative", "this is W alone: the factor diag(1 − a²) is missing",
             "with a large bias tanh is flat, and the Jacobian must nearly vanish.",
             lambda W, b, a: W.copy(), 12),
        Slip("sigmoid-derivative", "a(1 − a) is σ's derivative; tanh has 1 − a²",
             "at z = 0 the slope of tanh is 1; a(1 − a) gives 0.",
             lambda W, b, a: sigmoid.derivative(np.tanh(W @ a + b)) * W),
        Slip("derivative-of-z", "1 − z² was formed from z; the formula takes the output a",
             "for z = 2, 1 − z² is −3, but tanh always climbs.",
             lambda W, b, a: (1 - (W @ a + b) ** 2) * W),
        Slip("no-square", "1 − a is missing its square: the derivative is 1 − a²",
             "the slope of tanh is the same at z and −z; yours is not.",
             lambda W, b, a: (1 - np.tanh(W @ a + b)) * W),
        Slip("no-bias", "the slopes are those of tanh(Wa): the bias is missing",
             "put a = 0 with a large b: tanh is flat there, and the Jacobian nearly 0.",
             lambda W, b, a: tanh_jacobian(W, 0 * b, a)),
        Slip("product-from-the-right", "D stands on the right, W D; the slopes belong to the "
             "rows, D W", "D is n × n and W is n × m: W D exists only if n = m.",
             lambda W, b, a: W @ np.diag(1 - np.tanh(W @ a + b)[:, 0] ** 2)),
        Slip("diag-of-a-column", "np.diag of an n × 1 column does not build a matrix: it reads the "
             "diagonal of the column, one single entry", "print np.diag(column).shape, and then "
             "np.diag(column[:, 0]).shape.",
             lambda W, b, a: np.diag(1 - np.tanh(W @ a + b) ** 2) @ W),
        Slip("scaled-columns", "the slopes multiply the columns of W; D W multiplies its *rows*",
             "row i of the Jacobian belongs to output i and carries its slope. A one-dimensional "
             "array of slopes lies along the columns; keep it a column (n, 1).",
             lambda W, b, a: W * (1 - np.tanh(W @ a + b) ** 2).ravel()),
        Slip("input-for-output", "the slopes were computed from the input a, not from tanh(Wa + b)",
             "the slope belongs to the layer's own output; count: one for each row of W.",
             lambda W, b, a: (1 - a**2) * W),
    ),
    "softmax_jacobian": (
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
             "column, or not a row", "print p.shape; it must be (K, 1), also after [:, 0].",
             lambda z: np.diag(softmax(z)[:, 0]) - softmax(z).T @ softmax(z)),
        Slip("no-outer-product", "diag(p) alone: − p pᵀ is missing",
             "the outputs sum to 1, so each column of the Jacobian sums to 0.",
             lambda z: np.diag(softmax(z)[:, 0])),
        Slip("z-for-p", "z was used where p = softmax(z) belongs",
             "each column of the Jacobian must sum to 0.",
             lambda z: np.diag(z[:, 0]) - z @ z.T),
    ),
    "backward_step": (
        *_steps_in(backward_step_with),
        Slip("slope-without-parentheses", "a * 1 - a is a − a; the slope is a * (1 - a)",
             "compute both for a = 0.5: one is ¼.",
             lambda W_next, g_next, a: a * 1 - a * (W_next.T @ g_next)),
        Slip("tanh-derivative", "1 − a² is the slope of tanh; this layer is a sigmoid, a(1 − a)",
             "at z = 0 the slope of σ is ¼; with a = ½ you get ¾.",
             lambda W_next, g_next, a: (1 - a**2) * (W_next.T @ g_next)),
    ),
    "input_gradient": (
        *_steps_in(input_gradient_with, (SIGMOID_EVERYWHERE,)),
        Slip("no-start-slope", "the start vector is 1; it should be σ′(z[L]), the output neuron's "
             "own slope", "take L = 2: the gradient is σ′(z) W[2]ᵀ; yours is W[2]ᵀ.",
             partial(input_gradient_with, right_step, start=_ones_start), 12),
        Slip("output-for-slope", "the start vector is a[L] itself; it should be its slope σ′(z[L])",
             "take L = 2: the gradient is a(1 − a) W[2]ᵀ; yours is a W[2]ᵀ.",
             partial(input_gradient_with, right_step, start=_output_start)),
        Slip("through-the-cost", "the gradient of a cost was divided by (a − y): that is 0/0 where "
             "the network fits", "print your answer for a saturated network: it is nan. Start from "
             "σ′(z[L]); no cost is needed.",
             lambda net, x: input_gradient_through_cost(net, x, np.ones((1, x.shape[-1]))), 9),
        Slip("divided-by-layer-2", "it was divided by a[2] − y; a[L] was meant, and no division is "
             "needed at all", "for L = 2 the two are the same; take L = 3.",
             lambda net, x: input_gradient_dividing_by_layer_2(net, x, np.zeros((1, x.shape[-1]))),
             10),
        Slip("output-neurons-only", "the last sum runs over n_L = 1 neuron; it must run over all "
             "n₂ neurons of layer 2", "give layer 2 the width 1: your answer is right; widen it.",
             input_gradient_over_output_neurons, 11),
        Slip("loop-ends-early", "the loop leaves out layer 2: range stops before its end",
             "print list(range(net.L - 1, 2, -1)); it must reach 2, so the end is 1.",
             partial(backward_loop, layers=lambda L: range(L - 1, 2, -1))),
        Slip("loop-begins-at-the-output", "something asks for layer L + 1, which does not exist",
             "print the indices in your first round: the start vector has dealt with layer L, so "
             "the first step goes from L to L − 1, through W[L].",
             partial(backward_loop, layers=lambda L: range(L, 1, -1))),
        Slip("loop-does-not-run", "the hidden layers are not in it: there is no loop, or it never "
             "runs", "list(range(3, 1)) is empty; counting down needs the step −1, as in "
             "range(3, 1, -1).",
             partial(backward_loop, layers=lambda L: range(L - 1, 1))),
        Slip("loop-goes-to-the-input", "something asks for layer 1, which has no weights and no "
             "activation", "print the indices in your last round, and in your last line: the "
             "smallest layer with weights is 2.",
             partial(backward_loop, layers=lambda L: range(L - 1, 0, -1))),
        Slip("loop-runs-forward", "the steps are not made one after the other from the output "
             "down: the loop runs upwards, or each round begins again with the start vector",
             "print in each round l, which should count down to 2, and the shape of what you "
             "multiply, which should have n_{l+1} rows.",
             partial(backward_loop, layers=lambda L: range(2, L))),
        Slip("weights-of-this-layer", "W[l] stands where W[l + 1] belongs: the step from layer "
             "l + 1 back to l goes through the weights between them",
             "print the shapes: W[l + 1] is n_{l+1} × n_l.",
             partial(backward_loop, weights_of=0)),
        Slip("slope-of-the-next-layer", "the slope is that of a[l + 1]; layer l's own belongs here",
             "print the shapes: the slope must have as many rows as the product it multiplies. "
             "(If your l is the layer you come from, it is a[l − 1] that you need.)",
             partial(backward_loop, slope_of=1)),
        Slip("no-slope-anywhere", "no slopes at all: this is the product of the W[l]ᵀ alone",
             "exchange σ for the identity, whose slope is 1: then you are right.",
             partial(input_gradient_with, step_without_derivative, start=_ones_start), 12),
        Slip("activations-for-slopes", "every slope is the activation itself, a[l]; it should be "
             "its derivative, a[l](1 − a[l]) for σ", "let a neuron saturate at a = 1: nothing may "
             "come back through it.",
             partial(input_gradient_with, step_with_activation, start=_output_start)),
        Slip("sigmoid-at-the-output", "the output's slope is a(1 − a) whatever its activation is",
             "your answer is right where the output is a sigmoid; ask the network: "
             "net.activation[net.L].derivative(a[net.L]).",
             partial(input_gradient_with, right_step, start=_sigmoid_start)),
        Slip("slope-at-the-input", "the last product was multiplied by a slope of x; x has not "
             "been through an activation", "take L = 2: the gradient is σ′(z) W[2]ᵀ, and no slope "
             "of x is in it.",
             lambda net, x: sigmoid.derivative(x) * input_gradient_with(right_step, net, x)),
        Slip("last-transpose-missing", "the last product is with W[2]; its transpose belongs there",
             "print the shapes: W[2] is n₂ × n₁, and g[2] has n₂ rows.",
             lambda net, x: net.W[2] @ recursion(right_step, net, x, slope_at_the_output)[2][2]),
        Slip("z-for-a", "every slope was computed from z; derivative() takes the output a "
             "(or z and a were exchanged: it is z, a = forward(net, x))",
             "at z = 0, σ′ is ¼: a(1 − a) gives that with a = ½, but z(1 − z) gives 0.",
             input_gradient_from_z),
        Slip("row-for-column", "these are rows; gradients are columns here, n₁ × N as x itself",
             "print the shape of your answer beside the shape of x.",
             lambda net, x: input_gradient_with(right_step, net, x).T),
        Slip("stops-at-layer-2", "this is g[2]; the last product, with W[2]ᵀ, is still missing",
             "its number of rows is n₂; a gradient with respect to x has n₁.",
             lambda net, x: recursion(right_step, net, x, slope_at_the_output)[2][2]),
        Slip("summed-columns", "the columns were added up; each point has a gradient of its own",
             "print the shape of your answer beside the shape of x.",
             lambda net, x: input_gradient_with(right_step, net, x).sum(-1, keepdims=True)),
        Slip("mean-of-columns", "the columns were averaged; each point has a gradient of its own",
             "print the shape of your answer beside the shape of x.",
             lambda net, x: input_gradient_with(right_step, net, x).mean(-1, keepdims=True)),
    ),
    "weight_gradient": (
        Slip("transposed", "this is a gᵀ, the transpose: entry (i, j) belongs to W_ij, so rows "
             "follow g", "it must have the shape of W, n_l × n_{l−1}.",
             lambda g, a: a @ g.T, 8),
        Slip("inner-product", "the product was taken over the neurons; it should run over the "
             "columns of the batch", "for one column g aᵀ is a matrix; gᵀ a, where it exists at "
             "all, is a number.", lambda g, a: g.T @ a, 15),
        Slip("no-transpose", "g @ a: one factor has to be transposed, so that the sum runs over "
             "the columns of the batch", "print both shapes: n_l × N and n_{l−1} × N; the N must "
             "meet in the middle.", lambda g, a: g @ a),
        Slip("elementwise", "g ∘ a multiplies neuron by neuron; every g_i meets every a_j",
             "it must have the shape of W, n_l × n_{l−1}.", lambda g, a: g * a, 15),
        Slip("mean", "this is the mean over the columns; here the sum is asked for",
             "give the same column twice: the answer must double.",
             lambda g, a: g @ a.T / a.shape[1]),
        Slip("first-column", "only the first column counts; all are to be added up",
             "give the same column twice: the answer must double.",
             lambda g, a: g[:, :1] @ a[:, :1].T),
    ),
    "batch_mean": (
        Slip("sum-for-mean", "this is the sum over the columns; the cost is their mean, so divide "
             "by N", "give each sample twice: a mean must not change.",
             partial(batch_gradient_with, right_step, W_scale=1, b_scale=1)),
        Slip("bias-not-averaged", "dW is right; db is the sum over the columns, not their mean",
             "give each sample twice: db must not change.",
             partial(batch_gradient_with, right_step, b_scale=1)),
        Slip("bias-flattened", "db is right but one-dimensional; b[l] is a column, (n_l, 1)",
             "print db[l].shape. sum(axis=1, keepdims=True) keeps the column.",
             lambda net, x, y: batch_gradient_changed(net, x, y, db=np.ravel)),
        Slip("bias-summed-over-neurons", "db was summed over the neurons (axis 0); it is the "
             "columns, the samples, that are added up (axis 1)",
             "print the shape of db[l]: it must be that of b[l], (n_l, 1).", bias_over_neurons),
        Slip("divided-twice", "everything was divided by N twice",
             "give each sample twice: a mean must not change. The 1/N belongs in one place.",
             lambda net, x, y: batch_gradient_changed(
                 net, x, y, dW=lambda v: v / x.shape[1], db=lambda v: v / x.shape[1])),
        Slip("divided-by-rows", "it was divided by the number of rows, len(x) = n₁; samples are "
             "columns, x.shape[1]", "give each sample twice: a mean must not change.",
             lambda net, x, y: batch_gradient_with(
                 right_step, net, x, y, W_scale=1 / len(x), b_scale=1 / len(x))),
        Slip("weights-not-averaged", "db is right; dW is the sum over the columns, not their mean",
             "give each sample twice: dW must not change.",
             partial(batch_gradient_with, right_step, W_scale=1)),
        Slip("weights-transposed", "dW[l] is transposed: entry (i, j) belongs to W_ij",
             "print dW[l].shape: it must be that of W[l].",
             lambda net, x, y: batch_gradient_changed(net, x, y, dW=np.transpose)),
        Slip("bias-not-summed", "dW is right; db still has N columns. b is added to every column, "
             "so its gradient is the sum over them",
             "print the shape of db[l]: it must be that of b[l], (n_l, 1).",
             partial(batch_gradient_with, right_step, sum_b=False)),
        Slip("bias-not-summed-nor-divided", "db still has N columns. b is added to every column, "
             "so its gradient is the sum over them, divided by N",
             "print the shape of db[l]: it must be that of b[l], (n_l, 1).",
             partial(batch_gradient_with, right_step, b_scale=1, sum_b=False)),
        Slip("no-output-slope", "the start vector is a − y; for the squared error it is "
             "(a − y) ∘ σ′(z[L])", "make the output layer the identity, whose slope is 1: then "
             "you are right.",
             partial(batch_gradient_with, right_step, start=_no_slope_start), 12),
        Slip("wrong-direction", "a − y has become y − a: the gradient has the wrong sign",
             "step against it and the cost climbs.",
             partial(batch_gradient_with, right_step,
                     start=lambda net, z, a, y: -mse_start(net, z, a, y)), 17),
        Slip("no-half", "everything is twice too large: the cost is ½‖a − y‖², and the ½ cancels "
             "the 2 of the derivative", "a central difference of the cost gives half of yours.",
             partial(batch_gradient_with, right_step,
                     start=lambda net, z, a, y: 2 * mse_start(net, z, a, y))),
        Slip("norm-inside", "each output was compared with the *whole* vector y; component k of a "
             "belongs to component k of y", "with one output you are right; with two you are not.",
             partial(batch_gradient_with, right_step, start=_norm_inside_start), 16),
        Slip("weights-without-transpose", "dW[l] is delta[l] @ a[l − 1] without a transpose; the "
             "sum runs over the samples, so a[l − 1] has to be transposed",
             "print both shapes: n_l × N and n_{l−1} × N; the N must meet in the middle.",
             lambda net, x, y: batch_gradient_of_products(net, x, y, lambda d, a, b: d @ a)),
        Slip("own-activations", "dW[l] takes a[l]; the weights of layer l multiplied a[l − 1]",
             "print dW[l].shape: it must be that of W[l].",
             lambda net, x, y: batch_gradient_of_products(net, x, y, lambda d, a, b: d @ b.T)),
        Slip("divided-by-outputs", "it was divided by the number of outputs as well; the mean is "
             "over the N samples only", "give each sample twice: a mean must not change. Take "
             "x.shape[1], not y.size.",
             lambda net, x, y: batch_gradient_with(
                 right_step, net, x, y, W_scale=1 / y.size, b_scale=1 / y.size)),
        Slip("sigmoid-at-the-output", "the output's slope is a(1 − a) whatever its activation is",
             "your answer is right where the output is a sigmoid; ask the network: "
             "net.activation[net.L].derivative(a[net.L]).",
             partial(batch_gradient_with, right_step,
                     start=lambda net, z, a, y: (a[net.L] - y) * _sigmoid_start(net, z, a))),
        Slip("gradient-of-the-output", "this is the gradient of the output; the error a − y does "
             "not occur in it", "change y: the gradient of a cost must change.",
             partial(batch_gradient_with, right_step,
                     start=lambda net, z, a, y: slope_at_the_output(net, z, a))),
        *_steps_in(batch_gradient_with, (SIGMOID_EVERYWHERE,)),
    ),
    "sgd_step": (
        Slip("climbs", "the gradient is added; a step goes down, against it",
             "compute the cost on that sample before and after: it climbs.",
             partial(sgd_step_with, sign=1.0), 17),
        Slip("whole-batch", "the gradient of the whole batch was taken; the step is on sample i "
             "alone", "change the other samples: nothing may change. Use x[:, [i]] and y[:, [i]].",
             partial(sgd_step_with, columns=lambda x: list(range(x.shape[1])))),
        Slip("no-rate", "the whole gradient is subtracted; the learning rate is missing",
             "with learning_rate = 0.001 nothing may move far.",
             lambda net, x, y, i, learning_rate: sgd_step_with(net, x, y, i, 1.0)),
        Slip("biases-left-alone", "the weights are right; the biases have not moved",
             "compare b[2] before and after.", partial(sgd_step_with, b_rate=0.0)),
        Slip("weights-left-alone", "the biases are right; the weights have not moved",
             "compare W[2] before and after.", partial(sgd_step_with, W_rate=0.0)),
        Slip("gradient-for-parameters", "these are the gradients; the new weights and biases are "
             "asked for", "with learning_rate = 0.001 they should be nearly the old ones.",
             lambda net, x, y, i, learning_rate: batch_gradient_with(
                 right_step, net, x[:, [i]], y[:, [i]])),
        Slip("step-only", "these are the steps, −η times the gradient; the new weights and biases "
             "are asked for", "with learning_rate = 0.001 they should be nearly the old ones.",
             lambda net, x, y, i, learning_rate: tuple(
                 {l: new[l] - old[l] for l in old}
                 for new, old in zip(sgd_step_with(net, x, y, i, learning_rate), (net.W, net.b),
                                     strict=True))),
        Slip("divided-by-the-batch", "the step is divided by the number of samples; it is made on "
             "a single one", "give one sample more: nothing may change.",
             lambda net, x, y, i, learning_rate: sgd_step_with(
                 net, x, y, i, learning_rate / x.shape[1])),
        Slip("first-sample", "the step is on sample 0 whatever i is",
             "call it with two different i: the answers must differ.",
             partial(sgd_step_with, columns=lambda x: [0])),
    ),
    "vanishes_at_zero": (
        Slip("everything", "not everything vanishes: the output is ½, and where y = 1 that is off",
             "compute loss_gradient(init_network([2, 3, 1], rng, \"zeros\"), x[:, :4], "
             "y[:, :4], mse) for the ten points.",
             lambda block: True),
        Slip("nothing", "something does vanish: follow δ[3] back through W[3] = 0",
             "compute loss_gradient(init_network([2, 3, 1], rng, \"zeros\"), x[:, :4], "
             "y[:, :4], mse) for the ten points.",
             lambda block: False),
        Slip("weights-only", "you say that weights vanish and biases don't; what matters is the "
             "layer, not the kind", "δ[2] = σ′ ∘ W[3]ᵀδ[3] is 0, and db[2] adds up its columns.",
             lambda block: block.startswith("dW")),
        Slip("biases-only", "you say that biases vanish and weights don't; what matters is the "
             "layer, not the kind", "δ[2] = σ′ ∘ W[3]ᵀδ[3] is 0, and dW[2] is a product with it.",
             lambda block: block.startswith("db")),
        Slip("the-other-layer", "it is the other layer: δ[3] is not 0, δ[2] is",
             "a[2] is ½, not 0; so dW[3] = δ[3] a[2]ᵀ does not vanish.",
             lambda block: block in ("dW[3]", "db[3]")),
        Slip("first-weights-only", "db[2] vanishes too: it adds up the columns of δ[2]",
             "δ[2] = σ′ ∘ W[3]ᵀδ[3], and W[3] is 0.", lambda block: block == "dW[2]"),
    ),
    "step_to_boundary": (
        Slip("wrong-direction", "the step goes away from the boundary: the sign is turned",
             "compare a before and after with ½.", partial(step_to_boundary, sign=-1.0)),
        Slip("norm-not-squared", "g is divided by its norm; the square of the norm is right",
             "put the step into a + g·step: it should give ½.", partial(step_to_boundary, power=1)),
        Slip("no-norm", "g is not divided by the square of its norm",
             "put the step into a + g·step: it should give ½.", partial(step_to_boundary, power=0)),
        Slip("logit-for-output", "this is the step for the logit, with z and its gradient; the "
             "output a and ∇ₓa are asked for", "put the step into a + ∇ₓa·step: it should give ½.",
             step_with_the_logit),
        Slip("norm-of-all-points", "the norm was taken over all points at once; each column has "
             "its own", "(g**2).sum(axis=0) has one number a column.", step_with_one_norm),
        Slip("target-zero", "the step leads to a = 0; the boundary is at ½",
             "put the step into a + g·step: it should give ½.",
             partial(step_to_boundary, target=0.0)),
        Slip("target-one", "the step leads to a = 1; the boundary is at ½",
             "put the step into a + g·step: it should give ½.",
             partial(step_to_boundary, target=1.0)),
        Slip("step-only", "this is the step; the new x is asked for",
             "print it beside x: it should be near x.",
             lambda net, x: step_to_boundary(net, x) - x),
    ),
    "first_flip": (
        Slip("above-half", "you look for the first output above ½; if x is above already, the flip "
             "is the first one below", "try a point on the other side.", first_above),
        Slip("steps-add-up", "x moves on in every round, so that the steps add up; each length "
             "counts from the first x", "print the distance from the first x in each round.",
             flip_of_the_last),
        Slip("position", "this is the place in the list; the length itself is asked for",
             "return t, not its index.",
             lambda net, x, direction, lengths: (
                 lambda t: float(list(lengths).index(t)) if np.isfinite(t) else t)(
                 first_flip(net, x, direction, lengths))),
        Slip("other-direction", "the step goes against the direction that was given",
             "print x + t * direction.",
             lambda net, x, direction, lengths: first_flip(net, x, -direction, lengths)),
        Slip("last-length", "where nothing flips, the last length comes back; infinity is asked "
             "for, np.inf", "take one length only, a tiny one.",
             lambda net, x, direction, lengths: min(
                 first_flip(net, x, direction, lengths), lengths[-1])),
    ),
}  # fmt: skip
