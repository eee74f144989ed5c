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


# -------- 07: one-hot or scalar labels


def difference_weights(w, factor=2.0, one=1.0):
    """2w, and 1 less in the intercept: output 1 has w, output 2 has (1, 0, …, 0) − w."""
    d = factor * w
    d[0] -= one
    return d


def first_and_rest(first, rest):
    """The intercept of one vector of coefficients with the slopes of another."""
    return np.concatenate([first[:1], rest[1:]])


def class_of_scalar(a, K, rounding=np.rint, lowest=0, highest=None):
    """The label among 0 … K − 1 that is nearest to the output, for each column."""
    return np.clip(rounding(a[0]), lowest, K - 1 if highest is None else highest)


# -------- 08: squared error or cross-entropy


def cross_entropy_start(z, y, p=softmax):
    """(softmax(z) − y)/N, or with another p(z) in the place of softmax."""
    return (p(z) - y) / z.shape[1]


def exponentials_over(axis, shifted=True):
    """The function e^z / Σ e^z with the sum along `axis`; without the shift it overflows."""

    def p(z):
        e = np.exp(z - z.max() if shifted else z)
        return e / e.sum(axis=axis, keepdims=True)

    return p


def start_of_squared_error(z, y):
    """The start vector of ½‖p − y‖² through the softmax: its Jacobian times p − y."""
    p = softmax(z)
    return p * (p - y - (p * (p - y)).sum(axis=0)) / z.shape[1]


def stable_cross_entropy(z, y, large=lambda z: np.maximum(z, 0), exponent=lambda z: -np.abs(z)):
    """−y log σ(z) − (1 − y) log(1 − σ(z)) as max(z, 0) − yz + log(1 + e^−|z|)."""
    return large(z) - y * z + np.log1p(np.exp(exponent(z)))


def logs_from_z(z):
    """log σ(z) and log(1 − σ(z)), without forming σ."""
    return -np.logaddexp(0, -z), -np.logaddexp(0, z)


def logs_of_output(z, output=sigmoid):
    """log a and log(1 − a) of a = σ(z), which is 1 to the last digit long before z = 1000."""
    a = output(z)
    return np.log(a), np.log(1 - a)


def logs_by_hand(z):
    """The same with 1/(1 + e^−z), which is 0 at z = −1000; the library's σ is 10^−308 there."""
    return logs_of_output(z, lambda z: 1 / (1 + np.exp(-z)))


def logs_kept_away(z, tiny):
    """log a and log(1 − a), with a kept between `tiny` and 1 − `tiny`."""
    return logs_of_output(z, lambda z: np.clip(sigmoid(z), tiny, 1 - tiny))


def logs_with_something_added(z, tiny):
    """log a and log(1 − a), with `tiny` added inside both."""
    a = sigmoid(z)
    return np.log(a + tiny), np.log(1 - a + tiny)


def cross_entropy_by(logs, z, y):
    """−y log a − (1 − y) log(1 − a), with the two logarithms from a function of z."""
    log_a, log_rest = logs(z)
    return -y * log_a - (1 - y) * log_rest


# -------- 09: noise that is not Gaussian


def student_psi(r, nu):
    """−d/dr of log(1 + r²/ν)^(−(ν+1)/2), the logarithm of Student's density."""
    return (nu + 1) * r / (nu + r**2)


def huber_weight(r, k):
    """min(1, k/|r|), without dividing by 0."""
    return k / np.maximum(np.abs(r), k)


def irls_step(x, y, beta, k, weight=huber_weight, left=1.0, right=1.0, intercept=True):
    """Solve XᵀWX β = XᵀWy with the weights of the residuals at beta.

    Right are the powers left = right = 1 of the weights on the two sides.
    """
    w = weight(y - beta[0] - beta[1] * x, k)
    X = np.column_stack([np.ones_like(x), x] if intercept else [x])
    return np.linalg.solve((X.T * w**left) @ X, (X.T * w**right) @ y)


def irls_step_by_lstsq(x, y, beta, k, weight):
    """The same step as lstsq and polyfit make it: they stop where a weight is infinite."""
    if not np.all(np.isfinite(weight(y - beta[0] - beta[1] * x, k))):
        raise np.linalg.LinAlgError("SVD did not converge in Linear Least Squares")
    return irls_step(x, y, beta, k, weight)


def weight_of_least_absolute(r, k):
    """k/|r| whatever |r| is: the line is the same as with 1/|r|."""
    return k / np.abs(r)


def weight_with_maximum(r, k):
    """max(1, k/|r|), infinite for r = 0."""
    return np.maximum(1, k / np.abs(r))


# -------- 10: leverage


def with_ones(x):
    """X = [1, x]: the column of ones for the intercept, then the features."""
    return np.column_stack([np.ones(len(x)), x])


def hat_matrix(X):
    """X(XᵀX)⁻¹Xᵀ, as QQᵀ with an orthonormal basis Q of the columns of X."""
    Q = np.linalg.qr(X)[0]
    return Q @ Q.T


def leverages(x):
    """The diagonal of the hat matrix, intercept included."""
    return np.diag(hat_matrix(with_ones(x)))


def centred(x):
    """Each feature with its mean taken off."""
    return x - x.mean(axis=0)


def large_leverages(x):
    """Is the leverage above twice its mean?"""
    return leverages(x) > 2 * (x.shape[1] + 1) / len(x)


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


# What is left of −y log a − (1 − y) log(1 − a), by what goes wrong with it.
FLAWED_TERMS: tuple[tuple[str, str, str, Callable], ...] = (
    (
        "opposite-sign",
        "the minus signs are lost: this is y log σ + (1 − y) log(1 − σ)",
        "a logarithm of a probability is never above 0, so a cross-entropy is never below.",
        lambda y, log_a, log_rest: y * log_a + (1 - y) * log_rest,
    ),
    (
        "second-term-forgotten",
        "only −y log σ(z) is there; the term with 1 − y is missing",
        "put y = 0 and z = 5: a sure, wrong answer costs 5.0067; you get 0.",
        lambda y, log_a, log_rest: -y * log_a,
    ),
    (
        "labels-exchanged",
        "y and 1 − y are exchanged",
        "put y = 1 and z = 5: a sure, right answer costs 0.0067; you get 5.0067.",
        lambda y, log_a, log_rest: -(1 - y) * log_a - y * log_rest,
    ),
    (
        "sign-of-the-second-term",
        "the second term is added; both have a minus sign",
        "put y = 0 and z = 5: a sure, wrong answer costs 5.0067; you get −5.0067.",
        lambda y, log_a, log_rest: -y * log_a + (1 - y) * log_rest,
    ),
    (
        "labels-only",
        "y was only compared with 1; it may be any probability from 0 to 1",
        "put y = ½ and z = 5: halfway between the costs of the labels is 2.5067; you get 5.0067.",
        lambda y, log_a, log_rest: np.where(y == 1, -log_a, -log_rest),
    ),
)


def _in_three_ways(name: str, says: str, see: str, terms: Callable) -> tuple[Slip, ...]:
    """A slip in the two terms, with logarithms from z, or of the output, which fail at ±1000."""
    failing = f"{says}; and the logarithms are those of σ(z), which is 0 or 1 at z = ±1000"
    ways = (
        (name, says, logs_from_z),
        (f"{name}-log-of-the-output", failing, logs_of_output),
        (f"{name}-log-of-the-output-by-hand", failing, logs_by_hand),
    )
    return tuple(
        Slip(called, said, see, lambda z, y, logs=logs: terms(y, *logs(z)))
        for called, said, logs in ways
    )


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
             "σ is never negative: put in z = −1; an answer below 0 is no σ.",
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
    "difference_weights": (
        Slip("no-one", "the 1 is missing: output 2 is fitted to 1 − h, so its intercept is 1 minus "
             "that of output 1", "put w = (½, 0): both outputs are ½ everywhere and their "
             "difference is 0; you get 1.", partial(difference_weights, one=0.0)),
        Slip("one-everywhere", "1 was subtracted from every coefficient; the 1 of 1 − h is a "
             "constant, and only the intercept takes it in",
             "put w = (½, 0): both outputs are ½ everywhere and their difference has no slope; you "
             "get −1.", lambda w: 2 * w - 1),
        Slip("wrong-direction", "this is output 2 minus output 1: the sign is turned",
             "put w = (1, 0): output 1 is 1 and output 2 is 0, so the difference is 1; you get −1.",
             partial(difference_weights, factor=-2.0, one=-1.0)),
        Slip("output-1", "these are the coefficients of output 1; output 2 is still to be "
             "subtracted", "put w = (0, 0): output 2 is 1 everywhere, so the difference is −1; you "
             "get 0.", partial(difference_weights, factor=1.0, one=0.0)),
        Slip("output-2", "these are the coefficients of output 2 alone; they are still to be "
             "subtracted from those of output 1", "put w = (1, 0): output 1 is 1 and output 2 is "
             "0, so the difference is 1; you get 0.",
             partial(difference_weights, factor=-1.0, one=-1.0)),
        Slip("half-for-one", "½ is subtracted from the intercept, and it should be 1: where h is ½ "
             "the difference is 2 · ½ − 1 = 0", "put w = (½, 0): both outputs are ½ everywhere and "
             "their difference is 0; you get ½.", partial(difference_weights, one=0.5)),
        Slip("one-added", "1 is added to the intercept; it has to be subtracted",
             "put w = (½, 0): both outputs are ½ everywhere and their difference is 0; you get 2.",
             partial(difference_weights, one=-1.0)),
        Slip("one-doubled", "the 1 was doubled together with w: the intercept is 2w₀ − 1, not "
             "2(w₀ − 1)", "put w = (½, 0): both outputs are ½ everywhere and their difference is "
             "0; you get −1.", partial(difference_weights, one=2.0)),
        Slip("not-doubled", "w is there only once: output 2 has −w, and taking it away adds "
             "another w", "put w = (1, 0): output 1 is 1 and output 2 is 0, so the difference is "
             "1; you get 0.", partial(difference_weights, factor=1.0)),
        Slip("slopes-cancelled", "the slopes cancel in your difference; those of output 2 have the "
             "opposite sign, so they double", "put w = (½, 1): output 1 is ½ + x and output 2 is "
             "½ − x, so the difference is 2x; you get 0.",
             lambda w: first_and_rest(difference_weights(w), 0 * w)),
        Slip("slopes-not-doubled", "the intercept is right; the slopes have to be doubled too",
             "put w = (½, 1): output 1 is ½ + x and output 2 is ½ − x, so the difference is 2x; "
             "you get x.", lambda w: first_and_rest(difference_weights(w), w)),
        Slip("intercept-not-doubled", "the slopes are right; the intercept has to be doubled too "
             "before 1 is taken off", "put w = (½, 0): both outputs are ½ everywhere and their "
             "difference is 0; you get −½.", lambda w: first_and_rest(w - 1, 2 * w)),
        Slip("last-entry", "1 was subtracted from the last coefficient; the intercept comes first",
             "put w = (½, 0): both outputs are ½ everywhere, so both coefficients must be 0; you "
             "get (1, −1).", lambda w: difference_weights(w[::-1])[::-1]),
        Slip("sum", "the two outputs were added, and their sum is 1 whatever w is; the difference "
             "is asked for", "change w: your answer stays the same.",
             partial(difference_weights, factor=0.0, one=-1.0)),
    ),
    "class_of_scalar": (
        Slip("not-limited", "the outputs are rounded but not limited: there are no classes below 0 "
             "or above K − 1", "try a = −1.3 and a = K + 0.3: classes 0 and K − 1.",
             partial(class_of_scalar, lowest=-np.inf, highest=np.inf)),
        Slip("floor", "the output is cut off (floor, //, or astype(int)); the nearest label is "
             "asked for", "try a = 0.9: it is nearest to 1, and you get 0.",
             partial(class_of_scalar, rounding=np.floor)),
        Slip("ceil", "the output is rounded up; the nearest label is asked for",
             "try a = 0.1: it is nearest to 0, and you get 1.",
             partial(class_of_scalar, rounding=np.ceil)),
        Slip("two-classes", "only the classes 0 and 1 come out (one threshold at ½); there are K "
             "of them, with a threshold between every two", "try K = 3 and a = 1.8: class 2.",
             partial(class_of_scalar, highest=1)),
        Slip("argmax", "class 0 comes out always: there is only one output, and argmax over a "
             "single row answers 0", "try K = 3 and a = 1.8: class 2.",
             lambda a, K: np.argmax(a, axis=0)),
        Slip("row", "the classes are right, but as a row (1, N); one dimension is asked for, (N,)",
             "print the shape of your answer; a[0] is the one row of a.",
             lambda a, K: class_of_scalar(a, K)[None, :]),
        Slip("limited-at-K", "the upper limit is K; the labels end at K − 1",
             "try K = 2 and a = 2.2: class 1, and you get 2.",
             lambda a, K: class_of_scalar(a, K, highest=K)),
        Slip("no-upper-limit", "nothing limits the classes above: they end at K − 1",
             "try K = 2 and a = 2.2: class 1, and you get 2.",
             partial(class_of_scalar, highest=np.inf)),
        Slip("no-lower-limit", "nothing limits the classes below: they begin at 0",
             "try a = −1.3: class 0, and you get −1.", partial(class_of_scalar, lowest=-np.inf)),
        Slip("truncated", "astype(int) cuts the digits off, which is not rounding; and nothing "
             "limits the classes to 0 … K − 1", "try a = 0.9: class 1, and you get 0.",
             partial(class_of_scalar, rounding=np.trunc, lowest=-np.inf, highest=np.inf)),
        Slip("floor-not-limited", "floor (or //) is not rounding; and nothing limits the classes "
             "to 0 … K − 1", "try a = 0.9: class 1, and you get 0.",
             partial(class_of_scalar, rounding=np.floor, lowest=-np.inf, highest=np.inf)),
        Slip("not-rounded", "the outputs are limited but not rounded; a label is a whole number",
             "try a = 0.9: class 1.", partial(class_of_scalar, rounding=np.copy)),
        Slip("labels-from-one", "the limits are 1 and K; the labels are 0 … K − 1",
             "try a = 0.1: class 0, and you get 1.",
             lambda a, K: class_of_scalar(a, K, lowest=1, highest=K)),
        Slip("wrapped", "% K starts again at 0 after K − 1; what lies outside belongs to the "
             "nearer end", "try K = 3 and a = 3.2: class 2, and you get 0.",
             lambda a, K: np.rint(a[0]) % K),
    ),
    "cross_entropy_start": (
        Slip("sum-for-mean", "this is softmax(z) − y; the cost is the mean over the N columns, so "
             "divide by N", "give each sample twice: every entry must become half as large.",
             lambda z, y: softmax(z) - y),
        Slip("averaged", "the columns were averaged, too; δ keeps one column a sample, and the "
             "1/N stands in front of each", "print its shape: it must be that of z, K × N.",
             lambda z, y: (softmax(z) - y).mean(axis=1)),
        Slip("wrong-direction", "softmax(z) − y has become y − softmax(z)",
             "raise z of the true class: the cost falls, so that entry must be negative.",
             lambda z, y: -cross_entropy_start(z, y)),
        Slip("softmax-over-the-columns", "the softmax was taken along axis 1, over the samples; "
             "each column is a softmax of its own", "add your p up with p.sum(axis=0): each "
             "column must give 1.", partial(cross_entropy_start, p=exponentials_over(1))),
        Slip("softmax-over-the-columns-and-overflow", "the exponentials were divided by their sum "
             "along axis 1, over the samples, where each column has a sum of its own; and "
             "exp(1000) overflows", "add your p up with p.sum(axis=0): each column must give 1.",
             partial(cross_entropy_start, p=exponentials_over(1, shifted=False))),
        Slip("softmax-over-everything", "the exponentials were divided by the sum of all of them; "
             "each column has a sum of its own", "add your p up with p.sum(axis=0): each column "
             "must give 1.", partial(cross_entropy_start, p=exponentials_over(None))),
        Slip("softmax-over-everything-and-overflow", "the exponentials were divided by the sum of "
             "all of them, where each column has a sum of its own; and exp(1000) overflows",
             "add your p up with p.sum(axis=0): each column must give 1.",
             partial(cross_entropy_start, p=exponentials_over(None, shifted=False))),
        Slip("overflow", "exp(z) overflows for large z, and infinity divided by infinity is nan",
             "try z = 1000 for every class: p is 1/K. Take the largest entry of each column off "
             "before exp (it cancels), as softmax of utils.activations does.",
             partial(cross_entropy_start, p=exponentials_over(0, shifted=False))),
        Slip("squared-error-factor", "the factor p(1 − p) belongs to the squared error of sigmoid "
             "outputs; cross-entropy with softmax has none",
             "be sure and wrong, z = (−20, 20) and y = (1, 0): the entries must be −1 and 1; yours "
             "are nearly 0.",
             lambda z, y: cross_entropy_start(z, y) * softmax(z) * (1 - softmax(z))),
        Slip("squared-error", "this is the start vector of the squared error through the softmax; "
             "the logarithm of the cross-entropy is missing",
             "be sure and wrong, z = (−20, 20) and y = (1, 0): the entries must be −1 and 1; yours "
             "are nearly 0.", start_of_squared_error),
        Slip("sigmoid-for-softmax", "the sigmoid was applied to each entry; the softmax compares "
             "the entries of a column", "each column of the answer must sum to 0, because p and y "
             "both sum to 1.", partial(cross_entropy_start, p=sigmoid)),
        Slip("divided-by-all-entries", "it was divided by K · N, the number of entries; the mean "
             "is over the N columns only", "give one column: the entry of the true class must be "
             "p − 1. Take z.shape[1], not z.size.",
             lambda z, y: cross_entropy_start(z, y) / len(z)),
        Slip("divided-by-rows", "it was divided by K, the number of rows, which is len(z); the "
             "samples are columns, z.shape[1]",
             "give one column: the entry of the true class must be p − 1.",
             lambda z, y: (softmax(z) - y) / len(z)),
        Slip("derivative-by-p", "−y/p is the derivative with respect to p; the Jacobian of the "
             "softmax, from p to z, is still missing",
             "each column of the answer must sum to 0: moving all z together changes no p.",
             lambda z, y: -y / softmax(z) / z.shape[1]),
        Slip("true-class-only", "p − y was multiplied by y, so only the true class is left; every "
             "other z pulls too", "each column of the answer must sum to 0: moving all z together "
             "changes no p.", lambda z, y: y * cross_entropy_start(z, y)),
        Slip("diagonal-only", "only the diagonal p(1 − p) of the softmax's Jacobian was used; each "
             "z changes every p", "each column of the answer must sum to 0: moving all z together "
             "changes no p.", lambda z, y: y * (softmax(z) - 1) / z.shape[1]),
        Slip("no-labels", "this is softmax(z)/N; the labels are missing",
             "change y: the answer must change.", lambda z, y: softmax(z) / z.shape[1]),
        Slip("no-softmax", "this is (z − y)/N, without the softmax",
             "each column of the answer must sum to 0, because p and y both sum to 1.",
             partial(cross_entropy_start, p=np.copy)),
    ),
    "stable_cross_entropy": (
        Slip("log-of-the-output", "the logarithms are those of σ(z) and 1 − σ(z); at z = 1000 σ is "
             "1 to the last digit, and log 0 is infinite",
             "try z = 1000, y = 0: it should be 1000. The form max(z, 0) − yz + log(1 + e^−|z|) "
             "never forms σ.",
             partial(cross_entropy_by, logs_of_output)),
        Slip("log-of-the-output-by-hand", "the logarithms are those of σ(z) and 1 − σ(z); at "
             "z = ±1000 σ is 0 or 1 to the last digit, and log 0 is infinite",
             "try z = −1000, y = 1: it should be 1000. The form max(z, 0) − yz + log(1 + e^−|z|) "
             "never forms σ.", partial(cross_entropy_by, logs_by_hand)),
        *(slip for flawed in FLAWED_TERMS for slip in _in_three_ways(*flawed)),
        # log σ does not occur in this one: by hand or not is the same
        *_in_three_ways(
            "first-term-forgotten", "only −(1 − y) log(1 − σ(z)) is there; the term with y is "
            "missing", "put y = 1 and z = −5: a sure, wrong answer costs 5.0067; you get 0.",
            lambda y, log_a, log_rest: -(1 - y) * log_rest)[:2],
        Slip("overflow", "log(1 + e^z) − yz is right, but e^z overflows for large z",
             "try z = 1000, y = 1: it should be 0. Take z out of the logarithm where it is "
             "positive: max(z, 0) + log(1 + e^−|z|).",
             lambda z, y: np.log1p(np.exp(z)) - y * z),
        Slip("overflow-below", "log(1 + e^−z) + (1 − y)z is right, but e^−z overflows for large "
             "negative z", "try z = −1000, y = 0: it should be 0. Write e^−|z|, which never "
             "exceeds 1.", lambda z, y: np.log1p(np.exp(-z)) + (1 - y) * z),
        Slip("no-maximum", "max(z, 0) is missing: log(1 + e^−|z|) alone is log(1 + e^z) only for "
             "z < 0", "try z = 5, y = 0: it should be 5.0067, and you get 0.0067.",
             partial(stable_cross_entropy, large=np.zeros_like)),
        Slip("absolute-for-maximum", "|z| stands where max(z, 0) belongs",
             "try z = −5, y = 0: it should be 0.0067, and you get 5.0067.",
             partial(stable_cross_entropy, large=np.abs)),
        Slip("minimum-for-maximum", "min(z, 0) stands where max(z, 0) belongs",
             "try z = 5, y = 0: it should be 5.0067, and you get 0.0067.",
             partial(stable_cross_entropy, large=lambda z: np.minimum(z, 0))),
        Slip("no-absolute", "e^−z stands beside max(z, 0) where e^−|z| belongs",
             "try z = −5, y = 0: it should be 0.0067, and you get 5.0067.",
             partial(stable_cross_entropy, exponent=np.negative)),
        Slip("exponent-of-z", "e^z stands beside max(z, 0) where e^−|z| belongs: what is taken out "
             "of the logarithm must leave it", "try z = 5, y = 0: it should be 5.0067, and you get "
             "10.0067.", partial(stable_cross_entropy, exponent=np.positive)),
        Slip("exponent-without-minus", "e^|z| stands where e^−|z| belongs: the minus is lost",
             "try z = 5, y = 0: it should be 5.0067, and you get 10.0067.",
             partial(stable_cross_entropy, exponent=np.abs)),
        Slip("no-labels", "− yz is missing: y does not occur", "change y: the answer must change.",
             lambda z, y: stable_cross_entropy(z, 0 * y)),
        Slip("plus-yz", "yz is added; it has to be subtracted",
             "try z = 5, y = 1: it should be 0.0067, and you get 10.0067.",
             lambda z, y: stable_cross_entropy(z, -y)),
        Slip("mean", "this is the mean; the value of each column is asked for, (1, N)",
             "print the shape of your answer beside the shape of z.",
             lambda z, y: stable_cross_entropy(z, y).mean()),
        Slip("derivative", "σ(z) − y is the derivative; the value itself is asked for",
             "try z = 0, y = 1: it should be log 2 = 0.6931, and you get −½.",
             lambda z, y: sigmoid(z) - y),
        Slip("max-for-maximum", "np.max(z, 0) is the largest entry along axis 0; the larger of z "
             "and 0, entry by entry, is np.maximum(z, 0)", "put z = −1, y = 0: it should be "
             "log(1 + 1/e) = 0.31, and you get −0.69.",
             partial(stable_cross_entropy, large=lambda z: np.max(z, 0))),
        *(Slip(f"clipped-at-{tiny:g}", f"σ(z) was kept between {tiny:g} and 1 − {tiny:g}, or "
               f"{tiny:g} was added inside the logarithms: that is finite, and wrong where σ is "
               "nearer to 0 or 1", "try z = 1000, y = 0: it should be 1000, and you get "
               f"{-np.log(tiny):.1f}.",
               partial(cross_entropy_by, partial(logs_kept_away, tiny=tiny)))
          for tiny in (1e-15, 1e-12, 1e-10, 1e-7)),
        # for 1e-10 the two are the same to rounding
        *(Slip(f"{tiny:g}-added", f"{tiny:g} was added inside the logarithms: that is finite, and "
               "wrong where σ is nearer to 0 or 1", "try z = 1000, y = 0: it should be 1000, and "
               f"you get {-np.log(tiny):.1f}.",
               partial(cross_entropy_by, partial(logs_with_something_added, tiny=tiny)))
          for tiny in (1e-15, 1e-12, 1e-7)),
    ),
    "student_psi": (
        Slip("nu-for-nu-plus-1", "ν stands above the line where ν + 1 belongs",
             "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get ¾.",
             lambda r, nu: nu * r / (nu + r**2)),
        Slip("opposite-sign", "this is the derivative of log f; ψ is that of −log f",
             "ψ has the sign of r: at r = 1 it is 1; you get −1.",
             lambda r, nu: -student_psi(r, nu)),
        Slip("weight", "this is the weight ψ(r)/r; the factor r is missing",
             "the density is flat at r = 0, so ψ is 0 there; for ν = 3 you get 4/3.",
             lambda r, nu: (nu + 1) / (nu + r**2)),
        Slip("no-square", "ν + r stands below the line where ν + r² belongs",
             "ψ(−r) is −ψ(r): for ν = 3 and r = ±2 it is ±8/7; you get 8/5 and −8.",
             lambda r, nu: (nu + 1) * r / (nu + r)),
        Slip("one-for-nu", "1 + r² stands below the line where ν + r² belongs",
             "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 2.",
             lambda r, nu: (nu + 1) * r / (1 + r**2)),
        Slip("half", "this is half of it: the exponent (ν + 1)/2 is halved, but the derivative of "
             "r² brings a 2", "at r = 1, ψ is 1 whatever ν is; you get ½.",
             lambda r, nu: student_psi(r, nu) / 2),
        Slip("cauchy", "this is 2r/(1 + r²), which is ψ for ν = 1, and ν does not occur",
             "for ν = 3 and r = 2 it is 8/7; you get 4/5.", lambda r, nu: student_psi(r, 1)),
        Slip("gauss", "r itself is ψ of the normal law; Student's comes back to 0 for large r",
             "for ν = 3 and r = 100 it is 0.04; you get 100.", lambda r, nu: +r),
        Slip("inner-nu-forgotten", "it is ν times too large: the derivative of r²/ν is 2r/ν, not "
             "2r", "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 3.",
             lambda r, nu: nu * student_psi(r, nu)),
        Slip("inner-derivative-forgotten", "the derivative of the inner r²/ν is missing in the "
             "chain rule", "the density is flat at r = 0, so ψ is 0 there; for ν = 3 you get 2.",
             lambda r, nu: (nu + 1) / 2 / (1 + r**2 / nu)),
        Slip("loss", "this is −log f itself, without its constant; the derivative is asked for",
             "ψ(−r) is −ψ(r); yours is the same for both.",
             lambda r, nu: (nu + 1) / 2 * np.log1p(r**2 / nu)),
        Slip("r-squared-above", "r² stands above the line where r belongs",
             "ψ(−r) is −ψ(r); yours is the same for both.", lambda r, nu: r * student_psi(r, nu)),
        Slip("nu-squared", "ν² + r² stands below the line where ν + r² belongs",
             "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 0.4.",
             lambda r, nu: (nu + 1) * r / (nu**2 + r**2)),
        Slip("slope", "this is the derivative of ψ; ψ itself is asked for",
             "the density is flat at r = 0, so ψ is 0 there; for ν = 3 you get 4/3.",
             lambda r, nu: (nu + 1) * (nu - r**2) / (nu + r**2) ** 2),
        Slip("missing-parentheses-above", "parentheses are missing above: in nu + 1 * r / … only "
             "the 1 is multiplied", "at r = 0, ψ is 0; you get ν.",
             lambda r, nu: nu + r / (nu + r**2)),
        Slip("missing-parentheses-below", "parentheses are missing below: … / nu + r**2 divides by "
             "ν alone and then adds r²", "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 7/3.",
             lambda r, nu: (nu + 1) * r / nu + r**2),
    ),
    "irls_step": (
        Slip("unweighted", "this is ordinary least squares: the weights are missing, or all the "
             "same",
             "print w: where some weights are below 1, the answer must differ from that of "
             "np.polyfit.", partial(irls_step, left=0.0, right=0.0)),
        *(Slip(f"least-absolute{how}", "every weight is a multiple of 1/|r|, which is the weight "
               "of least absolute deviations; where |r| ≤ k it is 1, so take the minimum with 1",
               "print w: no weight may be above 1. And at r = 0 yours is infinite.",
               partial(step, weight=weight_of_least_absolute))
          for how, step in (("", irls_step), ("-by-lstsq", irls_step_by_lstsq))),
        *(Slip(f"maximum-for-minimum{how}", "max(1, k/|r|) was taken; the minimum is right",
               "print w: no weight may be above 1. And at r = 0 yours is infinite.",
               partial(step, weight=weight_with_maximum))
          for how, step in (("", irls_step), ("-by-lstsq", irls_step_by_lstsq))),
        Slip("weights-squared", "each weight counts twice, as w²: so it does when X and y are "
             "both multiplied by w (with lstsq they take √w)",
             "write the sum that is made small: Σ w r², with one w.",
             partial(irls_step, left=2.0, right=2.0)),
        Slip("weights-on-the-right-only", "the weights are in XᵀWy only; XᵀX needs them too",
             "put all points on one line, not that of beta, and k small: it must come out.",
             partial(irls_step, left=0.0)),
        Slip("weights-on-the-left-only", "the weights are in XᵀWX only; Xᵀy needs them too",
             "put all points on one line, not that of beta, and k small: it must come out.",
             partial(irls_step, right=0.0)),
        Slip("root-on-x-only", "√w multiplies the rows of X, but not those of y",
             "put all points on one line, not that of beta, and k small: it must come out.",
             partial(irls_step, right=0.5)),
        Slip("pull-for-weight", "the pull ψ(r), clipped at ±k, was taken for the weight ψ(r)/r",
             "print w: every weight lies between 0 and 1.",
             partial(irls_step, weight=lambda r, k: np.clip(r, -k, k))),
        Slip("zero-over-zero", "ψ(r)/r is right, but at r = 0 it is 0/0; the weight there is 1",
             "print w for a point on the line. k / np.maximum(np.abs(r), k) avoids the division.",
             partial(irls_step, weight=lambda r, k: np.clip(r, -k, k) / r)),
        Slip("no-absolute", "k/r without the absolute value: negative residuals get negative "
             "weights", "print w: every weight lies between 0 and 1.",
             partial(irls_step, weight=lambda r, k: np.minimum(1, k / r))),
        Slip("weights-inverted", "the weights are upside down: max(1, |r|/k) is 1/w, and large "
             "residuals count more, not less",
             "print w beside |r|: the largest residual has the smallest weight.",
             partial(irls_step, left=-1.0, right=-1.0)),
        Slip("quotient-inverted", "the quotient is upside down: min(1, |r|/k) makes the small "
             "residuals count less", "print w beside |r|: the largest residual has the smallest "
             "weight.", partial(irls_step, weight=lambda r, k: np.minimum(1, np.abs(r) / k))),
        Slip("weights-grow", "the weights are multiples of |r|: large residuals count more, not "
             "less", "print w beside |r|: the largest residual has the smallest weight.",
             partial(irls_step, weight=lambda r, k: np.abs(r))),
        Slip("outliers-dropped", "the weights are 1 or 0: residuals beyond k are dropped, and "
             "Huber's k/|r| only holds them back", "a residual of 2k has the weight ½; yours has "
             "0.", partial(irls_step, weight=lambda r, k: (np.abs(r) <= k).astype(float))),
        Slip("no-intercept", "X has no column of ones: this is a line through the origin",
             "print X.shape: it must be (N, 2).", partial(irls_step, intercept=False)),
        Slip("residuals-of-y", "y itself was taken for the residuals; r = y − b0 − b1 x",
             "change beta: where some |r| are above k, the answer must change.",
             lambda x, y, beta, k: irls_step(x, y, 0 * beta, k)),
        Slip("beta-exchanged", "b0 and b1 are exchanged in the residuals; beta holds the intercept "
             "first", "give points on the line b0 + b1 x: all r must be 0.",
             lambda x, y, beta, k: irls_step(x, y, beta[::-1], k)),
        Slip("step-only", "this is the step from beta to the new coefficients (it also comes out "
             "when r stands on the right-hand side in the place of y); they themselves are asked "
             "for", "give points on the line b0 + b1 x: beta must come back, and you get 0.",
             lambda x, y, beta, k: irls_step(x, y, beta, k) - beta),
        Slip("root-of-the-weights", "√w stands in XᵀWX and XᵀWy where w belongs (√w is for the "
             "rows of X and of y, which meet in the products)",
             "a residual of 4k has the weight ¼; yours counts ½.",
             partial(irls_step, left=0.5, right=0.5)),
        Slip("slope-first", "the numbers are right in the wrong order: intercept first, then slope",
             "give points on the line 5 + 0 x: (5, 0) must come out. (np.polyfit puts the highest "
             "power first.)", lambda x, y, beta, k: irls_step(x, y, beta, k)[::-1]),
    ),
    "leverages": (
        Slip("no-intercept", "the column of ones is missing in X",
             "add up your answer: leverages sum to p + 1, the number of coefficients; yours to p.",
             lambda x: np.diag(hat_matrix(x))),
        Slip("whole-matrix", "this is the whole matrix H; its diagonal is asked for",
             "print the shape of your answer: one number a sample, (N,).",
             lambda x: hat_matrix(with_ones(x))),
        Slip("sum", "this is the trace, the sum of all leverages, which is always p + 1; each of "
             "them is asked for", "print the shape of your answer: one number a sample, (N,).",
             lambda x: leverages(x).sum()),
        Slip("no-inverse", "these are the squared lengths of the rows, the diagonal of XXᵀ; "
             "(XᵀX)⁻¹ between the two is missing",
             "multiply x by 10: leverages don't change.",
             lambda x: (with_ones(x) ** 2).sum(axis=1)),
        Slip("not-inverted", "XᵀX stands between X and Xᵀ where its inverse belongs",
             "multiply x by 10: leverages don't change.",
             lambda x: ((with_ones(x) @ with_ones(x).T) ** 2).sum(axis=1)),
        Slip("centred-without-1/N", "x was centred, which replaces the column of ones, but its "
             "part 1/N is missing", "add up your answer: leverages sum to p + 1; yours to p.",
             lambda x: np.diag(hat_matrix(centred(x)))),
        Slip("square-root", "this is the square root of the leverages",
             "add up your answer: leverages sum to p + 1.", lambda x: np.sqrt(leverages(x))),
        Slip("one-minus", "this is 1 − h, by which the residuals shrink; h itself is asked for",
             "add up your answer: leverages sum to p + 1; yours to N − p − 1.",
             lambda x: 1 - leverages(x)),
        Slip("indices", "these are the places of the large leverages; the values are asked for, "
             "one a sample", "print the shape of your answer: (N,).",
             lambda x: np.flatnonzero(large_leverages(x))),
        Slip("yes-or-no", "you say which leverages are large; the values are asked for",
             "add up your answer: leverages sum to p + 1.", large_leverages),
        Slip("diagonal-of-the-inverse", "this is the diagonal of (XᵀX)⁻¹, which belongs to the "
             "coefficients; X on its left and Xᵀ on its right are missing",
             "print the shape of your answer: one number a sample, (N,).",
             lambda x: np.diag(np.linalg.inv(with_ones(x).T @ with_ones(x)))),
        Slip("row-sums", "the rows of H were added up, and each sums to 1; the diagonal is asked "
             "for", "add up your answer: leverages sum to p + 1; yours to N.",
             lambda x: np.ones(len(x))),
        Slip("first-feature-only", "only the first column of x is used",
             "add up your answer: leverages sum to p + 1; yours to 2.",
             lambda x: leverages(x[:, :1])),
        Slip("one-by-one", "1/N + Σ (x − x̄)²/Σ(x − x̄)² takes each feature by itself; features "
             "that move together need (XᵀX)⁻¹",
             "replace the second feature by the sum of the first two: leverages don't change.",
             lambda x: 1 / len(x) + (centred(x) ** 2 / (centred(x) ** 2).sum(axis=0)).sum(axis=1)),
    ),
}  # fmt: skip
