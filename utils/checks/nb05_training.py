"""Notebook 05: a start that learns nothing, and a step of stochastic gradient descent."""

from functools import partial

from utils.activations import identity, sigmoid, tanh
from utils.checks.exercise import Case, Exercise, Slip, random_net
from utils.checks.steps import batch_gradient_with, right_step
from utils.network import Network

# -------- exercise 1: vanishes_at_zero


def right_vanishes_at_zero(block):
    """Of a 2-3-1 sigmoid network with all parameters 0: does the gradient of this block vanish?"""
    return block in ("dW[2]", "db[2]")


VANISHES_AT_ZERO_SLIPS = (
    Slip("everything", "not everything vanishes: the output is ½, and where y = 1 that is off",
         "compute loss_gradient(init_network([2, 3, 1], rng, \"zeros\"), x[:, :4], "
         "y[:1, :4], mse) with x, y = data.ten_points().",
         lambda block: True),
    Slip("nothing", "something does vanish: follow δ[3] back through W[3] = 0",
         "compute loss_gradient(init_network([2, 3, 1], rng, \"zeros\"), x[:, :4], "
         "y[:1, :4], mse) with x, y = data.ten_points().",
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
)  # fmt: skip


def vanishes_at_zero_cases(rng):
    return [Case(block, (block,)) for block in ("dW[2]", "db[2]", "dW[3]", "db[3]")]


vanishes_at_zero = Exercise(
    "vanishes_at_zero",
    right_vanishes_at_zero,
    VANISHES_AT_ZERO_SLIPS,
    vanishes_at_zero_cases,
    takes=("block",),
)


# -------- exercise 2: sgd_step


def sgd_step_with(net, x, y, i, learning_rate, sign=-1.0, columns=None, W_rate=None, b_rate=None):
    """One step on column i, with parts exchanged for flawed ones."""
    chosen = [i] if columns is None else columns(x)
    dW, db = batch_gradient_with(right_step, net, x[:, chosen], y[:, chosen])
    W_rate, b_rate = (learning_rate if r is None else r for r in (W_rate, b_rate))
    W = {l: net.W[l] + sign * W_rate * dW[l] for l in net.W}
    return W, {l: net.b[l] + sign * b_rate * db[l] for l in net.b}


SGD_STEP_SLIPS = (
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
    Slip("next-sample", "the step is on sample i + 1: Python counts from 0, and so does i",
         "change sample i: the answer must change.",
         lambda net, x, y, i, rate: sgd_step_with(net, x, y, (i + 1) % x.shape[1], rate)),
    Slip("sample-before", "the step is on sample i − 1: Python counts from 0, and so does i",
         "change sample i: the answer must change.",
         lambda net, x, y, i, rate: sgd_step_with(net, x, y, i - 1, rate)),
    Slip("half-a-step", "the step is half as long as it should be",
         "compare W[2] before and after with learning_rate times the gradient.",
         lambda net, x, y, i, learning_rate: sgd_step_with(net, x, y, i, learning_rate / 2)),
    Slip("twice-a-step", "the step is twice as long as it should be: the ½ of the cost cancels the "
         "2 of its derivative", "compare W[2] before and after with learning_rate times the "
         "gradient.",
         lambda net, x, y, i, learning_rate: sgd_step_with(net, x, y, i, 2 * learning_rate)),
    Slip("exchanged", "both are right, but in the wrong order: W first, then b",
         "print the shapes of the two.",
         lambda net, x, y, i, learning_rate: sgd_step_with(net, x, y, i, learning_rate)[::-1]),
    Slip("sigmoid-in-every-layer", "the slopes are those of sigmoids, whatever the activations are",
         "your answer is right where all layers are sigmoid. Ask the network: "
         "net.activation[l].derivative(a[l]), or call loss_gradient.",
         lambda net, x, y, i, learning_rate: sgd_step_with(
             Network(net.W, net.b), x, y, i, learning_rate)),
    Slip("first-sample", "the step is on sample 0 whatever i is",
         "call it with two different i: the answers must differ.",
         partial(sgd_step_with, columns=lambda x: [0])),
)  # fmt: skip


def sgd_step_cases(rng):
    def arguments(sizes, N, i, rate, **options):
        net = random_net(sizes, rng, **options)
        return net, rng.normal(size=(sizes[0], N)), rng.uniform(size=(sizes[-1], N)), i, rate

    return [
        Case("3-3-3, sample 2 of 4", arguments((3, 3, 3), 4, 2, 0.5)),
        Case("2-4-1, the last of 5", arguments((2, 4, 1), 5, 4, 0.05)),
        Case("2-3-2, the only sample", arguments((2, 3, 2), 1, 0, 2.0)),
        Case(
            "3-2-3-2, tanh and identity, sample 0 of 3",
            arguments((3, 2, 3, 2), 3, 0, 0.1, activation={2: tanh, 3: sigmoid, 4: identity}),
        ),
    ]


sgd_step = Exercise(
    "sgd_step",
    sgd_step_with,
    SGD_STEP_SLIPS,
    sgd_step_cases,
    ("W", "b"),
    ("net", "x", "y", "i", "learning_rate"),
)
