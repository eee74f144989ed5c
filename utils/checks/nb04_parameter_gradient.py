"""Notebook 04: the weights of one layer, the mean over a batch, a layer with a bridge."""

from functools import partial

import numpy as np

from utils.activations import identity, tanh
from utils.checks.exercise import Case, Exercise, Slip, random_net
from utils.checks.steps import (
    SIGMOID_EVERYWHERE,
    batch_gradient_with,
    mse_start,
    recursion,
    right_step,
    sigmoid_start,
    slope_at_the_output,
    step_with_sigmoid_everywhere,
    steps_in,
)
from utils.network import forward

# -------- exercise 1: weight_gradient


def right_weight_gradient(g, a):
    """g aᵀ, the sum over the columns."""
    return g @ a.T


WEIGHT_GRADIENT_SLIPS = (
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
    Slip("elementwise-transposed", "g and aᵀ were multiplied entry by entry (*, np.multiply); "
         "their "
         "product is @", "give the same column twice: the answer must double, and yours stops.",
         lambda g, a: g * a.T),
    Slip("both-transposed", "both factors were transposed, gᵀaᵀ; only a is", "print both shapes: "
         "N × n_l and n_{l−1} × N; the N must meet in the middle.", lambda g, a: g.T @ a.T),
    Slip("slope-of-the-input", "a slope of a[l − 1] was multiplied in; a[l − 1] goes in as it is",
         "for one column the answer is g aᵀ, nothing else.", lambda g, a: g @ (a * (1 - a)).T),
    Slip("mean", "this is the mean over the columns; here the sum is asked for",
         "give the same column twice: the answer must double.",
         lambda g, a: g @ a.T / a.shape[1]),
    Slip("slope-again", "a slope was multiplied in; g holds it already, and a[l − 1] needs none",
         "for one column the answer is g aᵀ, nothing else.",
         lambda g, a: (g * g * (1 - g)) @ a.T),
    Slip("last-column", "only the last column counts; all are to be added up",
         "give the same column twice: the answer must double.",
         lambda g, a: g[:, -1:] @ a[:, -1:].T),
    Slip("sums-first", "the columns were added up before the product; each sample's g meets its "
         "own "
         "a", "for two columns, g₁a₁ᵀ + g₂a₂ᵀ is not (g₁ + g₂)(a₁ + a₂)ᵀ.",
         lambda g, a: g.sum(axis=1, keepdims=True) @ a.sum(axis=1, keepdims=True).T),
    Slip("one-for-each-sample", "this is one matrix for each sample; their sum is asked for",
         "print its shape: it must be n_l × n_{l−1}.",
         lambda g, a: g.T[:, :, None] * a.T[:, None, :]),
    Slip("one-for-each-sample", "this is one matrix for each sample; their sum is asked for",
         "print its shape: it must be n_l × n_{l−1}.",
         lambda g, a: g[:, None, :] * a[None, :, :]),
    Slip("flat-outer-product", "np.outer writes both matrices out as long lists first, so that "
         "each number of g meets each number of a, those of other samples too",
         "print its shape: it must be n_l × n_{l−1}.", np.outer),
    Slip("first-column", "only the first column counts; all are to be added up",
         "give the same column twice: the answer must double.",
         lambda g, a: g[:, :1] @ a[:, :1].T),
)  # fmt: skip


def weight_gradient_cases(rng):
    def arguments(n, m, N):
        return rng.normal(size=(n, N)), rng.normal(size=(m, N))

    return [
        Case("3 × 3 weights, 3 columns", arguments(3, 3, 3)),
        Case("2 × 4, one column", arguments(2, 4, 1)),
        Case("3 × 2, 5 columns", arguments(3, 2, 5)),
    ]


weight_gradient = Exercise(
    "weight_gradient",
    right_weight_gradient,
    WEIGHT_GRADIENT_SLIPS,
    weight_gradient_cases,
    takes=("g", "a"),
)


# -------- exercise 2: batch_mean


right_batch_mean = partial(batch_gradient_with, right_step)


def no_slope_start(net, z, a, y):
    return a[net.L] - y


def norm_inside_start(net, z, a, y):
    rows = net.sizes[-1]
    return (rows * a[net.L] - y.sum(-2, keepdims=True)) * slope_at_the_output(net, z, a)


def batch_gradient_changed(net, x, y, dW=np.copy, db=np.copy):
    """The right gradient of the mean cost, with something done to each dW[l] and each db[l]."""
    right_W, right_b = batch_gradient_with(right_step, net, x, y)
    return {l: dW(v) for l, v in right_W.items()}, {l: db(v) for l, v in right_b.items()}


def batch_gradient_of_products(net, x, y, product, order=sorted):
    """dW[l] from a product of δ[l], a[l−1] and a[l] of one's own making; db right."""
    _, a, deltas = recursion(right_step, net, x, lambda net, z, a: mse_start(net, z, a, y))
    _, db = batch_gradient_with(right_step, net, x, y)
    N = x.shape[-1]
    return {l: product(deltas[l], a[l - 1], a[l]) / N for l in order(deltas)}, db


def batch_gradient_from_z(net, x, y, first=None):
    """dW[l] = δ[l] z[l−1]ᵀ / N; for l = 2 there is no z[1], unless x is put there."""
    z, _, deltas = recursion(right_step, net, x, lambda net, z, a: mse_start(net, z, a, y))
    _, db = batch_gradient_with(right_step, net, x, y)
    z = z if first is None else {1: x, **z}
    return {l: deltas[l] @ z[l - 1].T / x.shape[1] for l in deltas}, db


def batch_gradient_with_slopes_again(net, x, y):
    """δ[l], which holds its slope, is multiplied by it once more."""
    _, a, deltas = recursion(right_step, net, x, lambda net, z, a: mse_start(net, z, a, y))
    g = {l: net.activation[l].derivative(a[l]) * deltas[l] / x.shape[1] for l in deltas}
    return ({l: g[l] @ a[l - 1].T for l in g},
            {l: g[l].sum(axis=1, keepdims=True) for l in g})  # fmt: skip


def batch_gradient_by_the_step_of_Delta(net, x, y):
    """δ carried back by the step of Δ: Wᵀ(σ′ ∘ δ), with a slope that δ holds already."""
    z, a = forward(net, x)
    delta, dW, db = mse_start(net, z, a, y) / x.shape[1], {}, {}
    for l in range(net.L, 1, -1):
        dW[l], db[l] = delta @ a[l - 1].T, delta.sum(axis=1, keepdims=True)
        delta = net.W[l].T @ (net.activation[l].derivative(a[l]) * delta)
    return dW, db


def errors_averaged_first(net, z, a, y):
    """The mean error of the batch for every sample."""
    error = (a[net.L] - y).mean(axis=1, keepdims=True)
    return error * slope_at_the_output(net, z, a)


def of_one_sample(s):
    """The gradient on one column in the place of the mean over all."""
    return lambda net, x, y: batch_gradient_with(right_step, net, x[:, [s]], y[:, [s]])


def bias_over(net, x, y, add=np.sum, **options):
    """db[l] added up in another way than over axis 1, the samples."""
    dW, db = batch_gradient_with(right_step, net, x, y, sum_b=False)
    return dW, {l: add(v, **options) for l, v in db.items()}


bias_over_neurons = partial(bias_over, axis=0, keepdims=True)


BATCH_MEAN_SLIPS = (
    Slip("sum-for-mean", "this is the sum over the columns; the cost is their mean, so divide "
         "by N", "give each sample twice: a mean must not change.",
         partial(batch_gradient_with, right_step, W_scale=1, b_scale=1)),
    Slip("bias-not-averaged", "dW is right; db is the sum over the columns, not their mean",
         "give each sample twice: db must not change.",
         partial(batch_gradient_with, right_step, b_scale=1)),
    Slip("bias-flattened", "db is right but one-dimensional; b[l] is a column, (n_l, 1)",
         "print db[l].shape. sum(axis=1, keepdims=True) keeps the column.",
         lambda net, x, y: batch_gradient_changed(net, x, y, db=np.ravel)),
    *(Slip("bias-summed-over-neurons", "db was summed over the neurons (axis 0); it is the "
           "columns, the samples, that are added up (axis 1)",
           "print the shape of db[l]: it must be that of b[l], (n_l, 1).", variant)
      for variant in (bias_over_neurons, partial(bias_over, add=np.mean, axis=0, keepdims=True))),
    *(Slip("bias-summed-over-everything", "db was summed over neurons and samples; each neuron "
           "keeps its own sum, over axis 1, the samples",
           "print the shape of db[l]: it must be that of b[l], (n_l, 1).", variant)
      for variant in (bias_over, partial(bias_over, keepdims=True))),
    Slip("divided-by-outputs-alone", "it was divided by the number of outputs, len(y) = n_L; "
         "samples are columns, x.shape[1]", "give each sample twice: a mean must not change.",
         lambda net, x, y: batch_gradient_with(
             right_step, net, x, y, W_scale=1 / len(y), b_scale=1 / len(y))),
    Slip("start-slope-of-z", "the output's derivative was given z[L]; derivative() takes the "
         "output a[L]", "make the output layer the identity, whose slope is 1: then you are right.",
         partial(batch_gradient_with, right_step, start=lambda net, z, a, y:
                 (a[net.L] - y) * net.activation[net.L].derivative(z[net.L]))),
    *(Slip("z-for-a", "dW[l] was formed with z[l − 1]; the weights of layer l multiplied "
           "a[l − 1], and layer 1 has no z", "compare dW[3] with delta[3] @ a[2].T / N.", variant)
      for variant in (batch_gradient_from_z, partial(batch_gradient_from_z, first=True))),
    Slip("errors-averaged-first", "the errors of all samples were averaged before the backward "
         "pass; each sample goes back with its own error, and the mean is taken at the end",
         "compare two samples with the mean of their two single gradients.",
         partial(batch_gradient_with, right_step, start=errors_averaged_first)),
    *(Slip("one-sample-only", "only one sample is in it, the first or the last: dW[l] = … in a "
           "loop "
           "over samples forgets those before, and a return in it ends it",
           "compare two samples with the mean of their two single gradients.", of_one_sample(s))
      for s in (0, -1)),
    Slip("cost-for-its-derivative", "the start vector holds the cost ½(a − y)²; its derivative is "
         "a − y", "a central difference of the cost gives another number.",
         partial(batch_gradient_with, right_step, start=lambda net, z, a, y:
                 0.5 * (a[net.L] - y) * mse_start(net, z, a, y))),
    Slip("slope-again", "δ[l] was multiplied by the slope of layer l once more; it holds it "
         "already",
         "a central difference of the cost gives another number.",
         batch_gradient_with_slopes_again),
    Slip("step-of-Delta", "δ was carried back by the step of Δ, Wᵀ(σ′ ∘ δ): δ[l] holds the slope "
         "of layer l already, and lacks that of layer l − 1",
         "with L = 2 you are right; take L = 3.", batch_gradient_by_the_step_of_Delta),
    Slip("keys-one-too-low", "each key is one too low: W[l] has the number of the layer it leads "
         "to",
         "print the keys of dW: for L = 3 they are 2 and 3.",
         lambda net, x, y: tuple({l - 1: v for l, v in part.items()}
                                 for part in batch_gradient_with(right_step, net, x, y))),
    Slip("last-layer-missing", "layer L is missing: range leaves out its end",
         "print the keys of dW: for L = 3 they are 2 and 3.",
         lambda net, x, y: tuple({l: v for l, v in part.items() if l < net.L}
                                 for part in batch_gradient_with(right_step, net, x, y))),
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
         partial(batch_gradient_with, right_step, start=no_slope_start), 12),
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
         partial(batch_gradient_with, right_step, start=norm_inside_start), 16),
    *(Slip("weights-without-transpose", "dW[l] is delta[l] @ a[l − 1] without a transpose; the sum "
           "runs over the samples, so a[l − 1] has to be transposed",
           "print both shapes: n_l × N and n_{l−1} × N; the N must meet in the middle.",
           partial(batch_gradient_of_products, product=lambda d, a, b: d @ a, order=order))
      for order in (sorted, partial(sorted, reverse=True))),
    *(Slip("entrywise-weights", "δ and a[l − 1]ᵀ were multiplied entry by entry (*, np.multiply); "
           "their product is @", "print both shapes: n_l × N and N × n_{l−1}; only @ takes them.",
           partial(batch_gradient_of_products, product=lambda d, a, b: d * a.T, order=order))
      for order in (sorted, partial(sorted, reverse=True))),
    Slip("sigmoid-in-every-layer", "a(1 − a) is used in every layer, the last included, but this "
         "network has other activations too", "your answer is right where all layers are sigmoid. "
         "Ask the network: net.activation[l].derivative(a[l]).",
         partial(batch_gradient_with, step_with_sigmoid_everywhere,
                 start=lambda net, z, a, y: (a[net.L] - y) * sigmoid_start(net, z, a))),
    Slip("weights-averaged-twice", "dW was divided by N twice; db is right",
         "give each sample twice: a mean must not change.",
         lambda net, x, y: batch_gradient_changed(net, x, y, dW=lambda v: v / x.shape[1])),
    Slip("bias-averaged-twice", "db was divided by N twice; dW is right",
         "give each sample twice: a mean must not change.",
         lambda net, x, y: batch_gradient_changed(net, x, y, db=lambda v: v / x.shape[1])),
    Slip("exchanged", "both are right, but in the wrong order: dW first, then db",
         "print the shapes of the two.",
         lambda net, x, y: batch_gradient_with(right_step, net, x, y)[::-1]),
    Slip("own-activations", "dW[l] takes a[l]; the weights of layer l multiplied a[l − 1]",
         "print dW[l].shape: it must be that of W[l].",
         lambda net, x, y: batch_gradient_of_products(net, x, y, lambda d, a, b: d @ b.T)),
    Slip("divided-by-outputs", "it was divided by the number of outputs as well; the mean is "
         "over the N samples only", "with one output you are right; with two you get half. Take "
         "x.shape[1], not y.size.",
         lambda net, x, y: batch_gradient_with(
             right_step, net, x, y, W_scale=1 / y.size, b_scale=1 / y.size)),
    Slip("sigmoid-at-the-output", "the output's slope is a(1 − a) whatever its activation is",
         "your answer is right where the output is a sigmoid; ask the network: "
         "net.activation[net.L].derivative(a[net.L]).",
         partial(batch_gradient_with, right_step,
                 start=lambda net, z, a, y: (a[net.L] - y) * sigmoid_start(net, z, a))),
    Slip("gradient-of-the-output", "this is the gradient of the output; the error a − y does "
         "not occur in it", "change y: the gradient of a cost must change.",
         partial(batch_gradient_with, right_step,
                 start=lambda net, z, a, y: slope_at_the_output(net, z, a))),
    *steps_in(batch_gradient_with, (SIGMOID_EVERYWHERE,)),
)  # fmt: skip


def batch_mean_cases(rng):
    def arguments(sizes, N, **options):
        net = random_net(sizes, rng, **options)
        return net, rng.normal(size=(sizes[0], N)), rng.uniform(size=(sizes[-1], N))

    return [
        Case("1-1-1, one column", arguments((1, 1, 1), 1)),
        Case("3-3-3-3, 3 columns", arguments((3, 3, 3, 3), 3)),
        Case("2-3-2-3-2-1, 3 columns", arguments((2, 3, 2, 3, 2, 1), 3)),
        Case("2-4-1, tanh and identity, 3 columns",
             arguments((2, 4, 1), 3, activation={2: tanh, 3: identity})),
    ]  # fmt: skip


batch_mean = Exercise(
    "batch_mean", right_batch_mean, BATCH_MEAN_SLIPS, batch_mean_cases, ("dW", "db")
)


# -------- exercise 3: bridge_step


def right_bridge_step(W, slope, Delta):
    """Δ[l−1] = W[l]ᵀ (σ′(z[l]) ∘ Δ[l]) + Δ[l], where a[l] = σ(z[l]) + a[l−1]."""
    return W.T @ (slope * Delta) + Delta


WITHOUT_WEIGHTS = (
    "put W = 0: then a[l] is a[l − 1] plus a constant, and what comes back must be Δ itself"
)

ONE_NEURON = "with one neuron, W = 2, slope ½ and Δ = 3 it is 6; you get"

BRIDGE_STEP_SLIPS = (
    Slip("no-bridge-slope-outside", "what comes back over the bridge is missing, and the slope was "
         "multiplied in after the product with Wᵀ",
         f"{WITHOUT_WEIGHTS}; you get 0.", lambda W, slope, Delta: slope * (W.T @ Delta)),
    Slip("bridge-alone", "only what comes back over the bridge is there; the way through the layer "
         "is missing", f"{ONE_NEURON} 3.", lambda W, slope, Delta: 1 * Delta),
    Slip("slope-of-the-slope", "slope(1 − slope) was formed; slope is σ′(z) already",
         f"{ONE_NEURON} 4.5.", lambda W, slope, Delta: W.T @ (slope * (1 - slope) * Delta) + Delta),
    Slip("no-Delta-in-the-product", "Δ is missing in the way through the layer: Wᵀ multiplies "
         "σ′ ∘ Δ", f"{ONE_NEURON} 4.", lambda W, slope, Delta: W.T @ slope + Delta),
    Slip("averaged", "the two ways back were averaged; they are added", f"{ONE_NEURON} 3.",
         lambda W, slope, Delta: (W.T @ (slope * Delta) + Delta) / 2),
    Slip("identity-added", "I was added, the derivative over the bridge; the chain rule multiplies "
         "it by Δ, and I Δ is Δ", f"{ONE_NEURON} 4.",
         lambda W, slope, Delta: W.T @ (slope * Delta) + np.eye(len(W))),
    Slip("bridge-subtracted", "what comes back over the bridge was subtracted; it is added",
         f"{WITHOUT_WEIGHTS}; you get −Δ.", lambda W, slope, Delta: W.T @ (slope * Delta) - Delta),
    Slip("diag-of-a-matrix", "np.diag of an n × N matrix builds no D: it reads the matrix's own "
         "diagonal. Each sample has a D of its own; entry by entry it is *",
         "print the shape of each factor: slope and Δ are both n × N, which is what * wants.",
         lambda W, slope, Delta: W.T @ np.diag(slope) @ Delta + Delta),
    Slip("diagflat-of-a-matrix", "np.diagflat makes one large matrix out of the slopes of all "
         "samples. Each sample has a D of its own; entry by entry it is *",
         "print the shape of each factor: slope and Δ are both n × N, which is what * wants.",
         lambda W, slope, Delta: W.T @ np.diagflat(slope) @ Delta + Delta),
    Slip("no-bridge", "what comes back over the bridge is missing: this is the step of a layer "
         "without one", f"{WITHOUT_WEIGHTS}; you get 0.",
         lambda W, slope, Delta: W.T @ (slope * Delta)),
    Slip("bridge-through-the-slope", "the bridge was led through σ: that would be "
         "a[l] = σ(Wa[l − 1] + b + a[l − 1]). It goes round σ, so no slope belongs to it",
         f"{WITHOUT_WEIGHTS}; you get slope ∘ Δ.",
         lambda W, slope, Delta: W.T @ (slope * Delta) + slope * Delta),
    Slip("bridge-through-the-weights", "the bridge was led through W: what comes over it is added "
         "after the product with Wᵀ", f"{WITHOUT_WEIGHTS}; you get 0.",
         lambda W, slope, Delta: W.T @ (slope * Delta + Delta)),
    Slip("bridge-adds-one", "1 was added: the derivative over the bridge is 1 only where i = j, "
         "and the chain rule multiplies it by Δ_i", f"{WITHOUT_WEIGHTS}; you get 1 everywhere.",
         lambda W, slope, Delta: W.T @ (slope * Delta) + 1),
    Slip("bridge-from-all-to-all", "the bridge was taken to lead from each neuron to each: the "
         "derivative over it is 1 where i = j, and 0 elsewhere",
         f"{WITHOUT_WEIGHTS}; in yours all rows are the same.",
         lambda W, slope, Delta: W.T @ (slope * Delta) + Delta.sum(axis=0, keepdims=True)),
    Slip("bridge-multiplied", "the two ways back were multiplied; what was copied on the way "
         "forward is summed on the way back", f"{WITHOUT_WEIGHTS}; you get 0.",
         lambda W, slope, Delta: W.T @ (slope * Delta) * Delta),
    Slip("slope-outside", "the slope was multiplied in after the product with Wᵀ. σ′(z_i) has the "
         "index i that is summed over, so it stands inside the sum",
         "with one neuron it makes no difference; try two.",
         lambda W, slope, Delta: slope * (W.T @ Delta) + Delta),
    Slip("slope-of-everything", "the slope multiplies the bridge as well; it belongs to z alone, "
         "and before the product with Wᵀ", f"{WITHOUT_WEIGHTS}; you get slope ∘ Δ.",
         lambda W, slope, Delta: slope * (W.T @ Delta + Delta)),
    Slip("missing-derivative", "the slope σ′(z) is missing",
         "let all neurons saturate, slope = 0: only the bridge is left, and Δ comes back.",
         lambda W, slope, Delta: W.T @ Delta + Delta),
    Slip("missing-transpose", "W stands where its transpose belongs; W is square, so nothing "
         "complains", "for W = [[0, 1], [0, 0]], slopes 1 and Δ = (1, 0)ᵀ it is (1, 1)ᵀ; you get "
         "(1, 0)ᵀ.", lambda W, slope, Delta: W @ (slope * Delta) + Delta),
    Slip("jacobian-not-transposed", "this is the layer's Jacobian times Δ; a gradient is carried "
         "back by the transposed Jacobian", "for W = [[0, 1], [0, 0]], slopes 1 and Δ = (1, 0)ᵀ it "
         "is (1, 1)ᵀ; you get (1, 0)ᵀ.", lambda W, slope, Delta: slope * (W @ Delta) + Delta),
    Slip("missing-parentheses", "parentheses are missing: in W.T @ slope * Δ Python multiplies "
         "from the left, W.T @ slope first", "with one neuron it makes no difference; try two.",
         lambda W, slope, Delta: W.T @ slope * Delta + Delta),
    Slip("matrix-product-for-entrywise", "the slopes are multiplied with @, the matrix product; "
         "∘ is *", "print the shape of each factor: both are n × N, which is what * wants and @ "
         "does not.", lambda W, slope, Delta: W.T @ (slope @ Delta) + Delta),
    Slip("slopes-of-the-first-column", "every column was given the slopes of the first one",
         "put the columns in the other order: those of the answer must follow.",
         lambda W, slope, Delta: W.T @ (slope[:, :1] * Delta) + Delta),
)  # fmt: skip


def bridge_step_cases(rng):
    def arguments(n, N):
        slope = rng.uniform(0, 1, size=(n, N))
        return rng.normal(size=(n, n)), slope, rng.normal(size=(n, N))

    W, slope, Delta = arguments(4, 5)
    return [
        Case("2 neurons, one column", arguments(2, 1)),
        Case("3 neurons, 3 columns", arguments(3, 3)),
        Case("4 neurons, some of them saturated, 5 columns",
             (W, np.where(slope < 0.4, 0.0, slope), Delta)),
    ]  # fmt: skip


bridge_step = Exercise(
    "bridge_step",
    right_bridge_step,
    BRIDGE_STEP_SLIPS,
    bridge_step_cases,
    takes=("W", "slope", "Delta"),
)


# -------- hunts: what no exercise lists


def weight_gradient_row_by_column(net, x, y):
    """Slip 15: (a − y) W[3] ∘ σ′(z[2]) a[1]ᵀ, a row where a column belongs (L = 3, one point)."""
    _, a = forward(net, x)
    row = (a[3] - y) * net.W[3]
    return row * (net.activation[2].derivative(a[2]) @ a[1].mT)


def cost_with_the_norm_inside(a, y):
    """Slip 16: ½ Σ_k ‖y − a_k‖², the whole vector y against each single a_k; one column."""
    return 0.5 * sum(np.sum((y - a_k) ** 2) for a_k in a)


def weight_table_to_33(g, a):
    """Slip 20: the table of ∂C/∂W_ij up to i = j = 3, where W is 2 × 3; one column."""
    return np.array([[g[i, 0] * a[j, 0] for j in range(3)] for i in range(3)])
