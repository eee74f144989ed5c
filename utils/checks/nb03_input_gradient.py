"""Notebook 03: one step back, the whole way to the input, and the same in Δ form."""

from functools import partial

import numpy as np

from utils.activations import relu, sigmoid, tanh
from utils.checks.exercise import Case, Exercise, Slip, awake, random_net
from utils.checks.steps import (
    SIGMOID_EVERYWHERE,
    input_gradient_with,
    recursion,
    right_step,
    sigmoid_start,
    slope_at_the_output,
    step_with_activation,
    step_with_sigmoid_everywhere,
    step_with_sigmoid_of_a,
    step_without_derivative,
    steps_in,
)
from utils.network import Network, forward

# -------- exercise 1: backward_step


def backward_step_with(step, W_next, delta_next, a):
    """One step of the recursion for a sigmoid layer; z is recovered from a."""
    return step(sigmoid, W_next, delta_next, np.log(a / (1 - a)), a)


right_backward_step = partial(backward_step_with, right_step)


def came_back(W_next, g_next):
    return W_next.T @ g_next


BACKWARD_STEP_SLIPS = (
    *steps_in(backward_step_with),
    *(Slip("slope-without-parentheses", "a * 1 - a is a − a; the slope is a * (1 - a)",
           "compute both for a = 0.5: one is ¼.", variant)
      for variant in (lambda W_next, g_next, a: a * 1 - a * came_back(W_next, g_next),
                      lambda W_next, g_next, a: (a * 1 - a) * came_back(W_next, g_next))),
    Slip("no-weights", "the weights are missing: g[l+1] was multiplied by the slopes of layer l, "
         "and the product with W[l+1]ᵀ comes between",
         "try W_next = np.array([[2.0]]), g_next = np.array([[1.0]]), a = np.array([[0.5]]): it "
         "should be 0.5, and you get 0.25.", lambda W_next, g_next, a: a * (1 - a) * g_next),
    Slip("slope-of-what-came-back", "u(1 − u) was formed from what came back, u = Wᵀg; the slope "
         "is "
         "that of a, and multiplies u",
         "try W_next = np.array([[2.0]]), g_next = np.array([[1.0]]), a = np.array([[0.5]]): it "
         "should be 0.5, and you get −2.",
         lambda W_next, g_next, a: came_back(W_next, g_next) * (1 - came_back(W_next, g_next))),
    Slip("entrywise-for-matrix-product", "Wᵀ and g were multiplied entry by entry, with *; their "
         "product, which adds up over the neurons of layer l + 1, is @",
         "try W_next = np.array([[1.0, 2.0], [3.0, 4.0]]), g_next = np.array([[1.0], [1.0]]), "
         "a = np.array([[0.5], [0.5]]): the first entry should be 1, and you get 0.25.",
         lambda W_next, g_next, a: a * (1 - a) * (W_next.T * g_next)),
    Slip("wrong-direction", "the sign of the slope is turned: a(a − 1) is −a(1 − a)",
         "σ grows, so its slope is never negative.",
         lambda W_next, g_next, a: a * (a - 1) * (W_next.T @ g_next)),
    Slip("product-from-the-left", "gᵀW was left a row for each sample; here a sample is a column",
         "print the shape of your answer: it must be that of a.",
         lambda W_next, g_next, a: (g_next.T @ W_next) * (a * (1 - a)).T),
    Slip("tanh-derivative", "1 − a² is the slope of tanh; this layer is a sigmoid, a(1 − a)",
         "at z = 0 the slope of σ is ¼; with a = ½ you get ¾.",
         lambda W_next, g_next, a: (1 - a**2) * (W_next.T @ g_next)),
)  # fmt: skip


def backward_step_cases(rng):
    def arguments(n_next, n, N):
        a = sigmoid(rng.normal(size=(n, N)))
        return rng.normal(size=(n_next, n)), rng.normal(size=(n_next, N)), a

    return [
        # as many columns as rows: here g @ Wᵀ and slopes @ … run, too, and give different numbers
        Case("3 ← 3, 3 columns", arguments(3, 3, 3)),
        Case("2 ← 4 neurons, 5 columns", arguments(4, 2, 5)),
        Case("4 ← 1, one column", arguments(1, 4, 1)),
    ]


backward_step = Exercise(
    "backward_step",
    right_backward_step,
    BACKWARD_STEP_SLIPS,
    backward_step_cases,
    takes=("W_next", "g_next", "a"),
)


# -------- exercise 2: input_gradient


right_input_gradient = partial(input_gradient_with, right_step)


def ones_start(net, z, a):
    return np.ones_like(a[net.L])


def slope_at_a_start(net, z, a):
    return sigmoid.derivative(sigmoid(a[net.L]))


def output_start(net, z, a):
    return a[net.L]


def slope_of_z_start(net, z, a):
    return net.activation[net.L].derivative(z[net.L])


def cost_start(y):
    """(a − y) ∘ σ′, for one y everywhere."""
    return lambda net, z, a: (a[net.L] - y) * slope_at_the_output(net, z, a)


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


def input_gradient_of_one_activation(net, x):
    """Every slope is that of the last layer's activation."""
    last = net.activation[net.L]
    return input_gradient_with(lambda f, *rest: right_step(last, *rest), net, x)


def input_gradient_activated_again(net, x):
    """f(a) in the place of f′, in every layer."""

    def again(f, W_next, g_next, z, a):
        return f(a) * (W_next.mT @ g_next)

    def start(net, z, a):
        return net.activation[net.L](a[net.L])

    return input_gradient_with(again, net, x, start)


def input_gradient_from_z(net, x):
    """Every derivative is given z in the place of a."""
    z, _ = forward(net, x)
    g = net.activation[net.L].derivative(z[net.L])
    for l in range(net.L - 1, 1, -1):
        g = net.activation[l].derivative(z[l]) * (net.W[l + 1].mT @ g)
    return net.W[2].mT @ g


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


INPUT_GRADIENT_SLIPS = (
    *steps_in(input_gradient_with, (SIGMOID_EVERYWHERE,)),
    Slip("no-start-slope", "the start vector is 1; it should be σ′(z[L]), the output neuron's "
         "own slope", "take L = 2: the gradient is σ′(z) W[2]ᵀ; yours is W[2]ᵀ.",
         partial(input_gradient_with, right_step, start=ones_start), 12),
    Slip("output-for-slope", "the start vector is a[L] itself; it should be its slope σ′(z[L])",
         "take L = 2: the gradient is a(1 − a) W[2]ᵀ; yours is a W[2]ᵀ.",
         partial(input_gradient_with, right_step, start=output_start)),
    *(Slip("start-of-a-cost", "the start vector is that of a cost, (a − y) ∘ σ′(z[L]); the output "
           "itself is differentiated here, and there is no y",
           "take L = 2: the gradient is σ′(z) W[2]ᵀ; yours is (a − y) σ′(z) W[2]ᵀ.",
           partial(input_gradient_with, right_step, start=cost_start(y))) for y in (0, 1)),
    Slip("start-slope-twice", "the slope of the output came in twice: in the start vector, and "
         "once "
         "more in the first step", "take L = 2: the gradient is σ′(z) W[2]ᵀ; yours is "
         "σ′(z)² W[2]ᵀ.",
         partial(input_gradient_with, right_step,
                 start=lambda net, z, a: slope_at_the_output(net, z, a) ** 2)),
    Slip("start-slope-of-z", "the output's derivative was given z[L]; derivative() takes the "
         "output a[L]", "take L = 2: the gradient is a(1 − a) W[2]ᵀ; yours is z(1 − z) W[2]ᵀ.",
         partial(input_gradient_with, right_step, start=slope_of_z_start)),
    Slip("last-product-twice", "W[2]ᵀ was multiplied in twice: in the loop, and in the last line",
         "take L = 2 and two inputs: yours stops, or is W[2]ᵀ too long.",
         lambda net, x: net.W[2].mT @ input_gradient_with(right_step, net, x)),
    Slip("output-slope-everywhere", "the derivative of the last layer's activation is used in "
         "every "
         "layer; layer l has its own, net.activation[l]",
         "your answer is right where all layers have the same activation. Ask each layer: "
         "net.activation[l].derivative(a[l]).", input_gradient_of_one_activation),
    Slip("activation-of-the-activation", "f(a[l]), the activation once more, stands where its "
         "derivative belongs: net.activation[l].derivative(a[l])",
         "let a neuron saturate at a = 1: nothing may come back through it.",
         input_gradient_activated_again),
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
    Slip("loop-ends-early", "the loop leaves out layer 2: range leaves out its end",
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
         partial(input_gradient_with, step_without_derivative, start=ones_start), 12),
    Slip("activations-for-slopes", "every slope is the activation itself, a[l]; it should be "
         "its derivative, a[l](1 − a[l]) for σ", "let a neuron saturate at a = 1: nothing may "
         "come back through it.",
         partial(input_gradient_with, step_with_activation, start=output_start)),
    Slip("sigmoid-at-the-output", "the output's slope is a(1 − a) whatever its activation is",
         "your answer is right where the output is a sigmoid; ask the network: "
         "net.activation[net.L].derivative(a[net.L]).",
         partial(input_gradient_with, right_step, start=sigmoid_start)),
    Slip("sigmoid-network", "both passes use σ in every layer, but this network has other "
         "activations too", "your answer is right where all layers are sigmoid. Ask the network: "
         "net.activation[l](z) and net.activation[l].derivative(a[l]), or call forward.",
         lambda net, x: input_gradient_with(right_step, Network(net.W, net.b), x)),
    Slip("sigmoid-in-every-layer", "a(1 − a) is used in every layer, the last included, but this "
         "network has other activations too", "your answer is right where all layers are sigmoid. "
         "Ask the network: net.activation[l].derivative(a[l]).",
         partial(input_gradient_with, step_with_sigmoid_everywhere, start=sigmoid_start)),
    Slip("slope-at-a-in-every-layer", "σ was applied to a once more in every layer: the slope is "
         "a(1 − a), with a itself", "at z = 0 the slope is ¼; with σ(½) you get 0.235.",
         partial(input_gradient_with, step_with_sigmoid_of_a, start=slope_at_a_start)),
    Slip("first-point-for-all", "every column has the gradient of the first point",
         "give two different points.",
         lambda net, x: np.repeat(input_gradient_with(right_step, net, x[:, :1]), x.shape[1], 1)),
    Slip("output-itself", "this is the output a[L]; its gradient with respect to x is asked for",
         "print its shape: the gradient has that of x.", lambda net, x: forward(net, x)[1][net.L]),
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
)  # fmt: skip


def input_gradient_cases(rng):
    points = rng.normal(size=(2, 3))
    mixed = random_net((2, 4, 3, 1), rng, activation={2: tanh, 3: relu, 4: sigmoid})
    # so large a weight that the output is 1.0 to the last digit: a − 1 is exactly 0
    saturated = Network({2: np.full((3, 2), 0.5), 3: np.full((1, 3), 100.0)},
                        {2: np.zeros((3, 1)), 3: np.zeros((1, 1))})  # fmt: skip
    return [
        Case("1-1-1, one column", (random_net((1, 1, 1), rng), rng.normal(size=(1, 1)))),
        Case("3-3-3-3-1, 3 columns", (random_net((3, 3, 3, 3, 1), rng), rng.normal(size=(3, 3)))),
        Case("2-4-3-1, tanh, ReLU and sigmoid, 3 columns",
             (awake(mixed, points), points)),
        Case("2-3-1, tanh at the output, 2 columns",
             (random_net((2, 3, 1), rng, activation={2: sigmoid, 3: tanh}),
              rng.normal(size=(2, 2)))),
        Case("a saturated output", (saturated, np.ones((2, 1)))),
        Case("2-2-3-2-3-2-1, 2 columns",
             (random_net((2, 2, 3, 2, 3, 2, 1), rng), rng.normal(size=(2, 2)))),
        Case("L = 2", (random_net((4, 1), rng), rng.normal(size=(4, 2)))),
    ]  # fmt: skip


input_gradient = Exercise(
    "input_gradient", right_input_gradient, INPUT_GRADIENT_SLIPS, input_gradient_cases
)


# -------- exercise 3: carry_back


def right_Delta_step(f, W, Delta, z, a):
    """Δ[l−1] = W[l]ᵀ (σ′(z[l]) ∘ Δ[l]); z and a are those of layer l."""
    return W.mT @ (f.derivative(a) * Delta)


def carry_back_with(step, net, x, start, last=1, first=None):
    """Every Δ[l], from L down to `last`, with `step` in the place of the right one."""
    z, a = forward(net, x)
    Delta = {net.L: start if first is None else first(net, z, a, start)}
    for l in range(net.L, last, -1):
        Delta[l - 1] = step(net.activation[l], net.W[l], Delta[l], z[l], a[l])
    return Delta


right_carry_back = partial(carry_back_with, right_Delta_step)


def carry_back_changed(change, net, x, start):
    """The right Δ[l], with something done to each."""
    return {l: change(v) for l, v in right_carry_back(net, x, start).items()}


def carry_back_as_g(net, x, start, to_the_input=True):
    """The recursion of g, started with Δ[L] in the place of g[L]."""
    _, _, g = recursion(right_step, net, x, lambda net, z, a: start)
    return g | {1: net.W[2].T @ g[2]} if to_the_input else g


def g_of_all_layers(net, x, start, to_the_input=True):
    """g[l] = σ′(z[l]) ∘ Δ[l] in the place of Δ[l]."""
    _, a = forward(net, x)
    Delta = right_carry_back(net, x, start)
    g = {l: net.activation[l].derivative(a[l]) * Delta[l] for l in net.W}
    return g | {1: Delta[1]} if to_the_input else g


def slope_of_the_layer_below(net, x, start):
    """Δ[l−1] = σ′(z[l−1]) ∘ W[l]ᵀ Δ[l], down to l = 2: layer 1 has no activation."""
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L, 1, -1):
        Delta[l - 1] = net.activation[l - 1].derivative(a[l - 1]) * (net.W[l].T @ Delta[l])
    return Delta


def slope_of_the_layer_below_inside(net, x, start):
    """Δ[l] = W[l+1]ᵀ (σ′(z[l]) ∘ Δ[l+1]), down to l = 1."""
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L - 1, 0, -1):
        Delta[l] = net.W[l + 1].T @ (net.activation[l].derivative(a[l]) * Delta[l + 1])
    return Delta


def carry_back_always_from_the_start(net, x, start):
    _, a = forward(net, x)
    return {net.L: start} | {
        l - 1: net.W[l].T @ (net.activation[l].derivative(a[l]) * start) for l in net.W
    }


def carry_back_upwards(net, x, start):
    """The loop runs from 2 to L, and asks for a Δ[2] that is not there yet (unless L = 2)."""
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(2, net.L + 1):
        Delta[l - 1] = net.W[l].T @ (net.activation[l].derivative(a[l]) * Delta[l])
    return Delta


NEURON = "for a network 1-1 with W[2] = 2, b = 0, at x = 0 and with start 1, Δ[1] is 2 · ¼ = 0.5"
KEYS = "print the keys of what you return: for L = 3 they are 3, 2, 1."


def Delta_slip(name, says, see, step):
    return Slip(name, says, see, partial(carry_back_with, step))


CARRY_BACK_SLIPS = (
    Delta_slip("missing-derivative", "the slopes σ′(z[l]) are missing", f"{NEURON}; you get 2.",
               lambda f, W, Delta, z, a: W.T @ Delta),
    Slip("recursion-of-g", "start is Δ[L], with respect to a[L]; you carried it on as if it were "
         "g[L], with the slope of layer l − 1 after the product. Δ[l] is multiplied by the slope "
         "of layer l *before* the product with W[l]ᵀ",
         f"{NEURON}; you get 2.", carry_back_as_g),
    Slip("recursion-of-g-to-layer-2", "this is the recursion of g, started with Δ[L] in the place "
         "of g[L], and it ends at layer 2. Δ[l] is multiplied by the slope of layer l *before* "
         "the product with W[l]ᵀ, down to Δ[1]", KEYS,
         partial(carry_back_as_g, to_the_input=False)),
    Slip("g-for-Delta", "these are g[l] = σ′(z[l]) ∘ Δ[l], the derivatives with respect to z[l]; "
         "asked for are those with respect to a[l]",
         "compare your matrix of layer L with start: they are the same.", g_of_all_layers),
    Slip("g-for-Delta-to-layer-2", "these are g[l] = σ′(z[l]) ∘ Δ[l], the derivatives with respect "
         "to z[l], for l = L … 2; asked for are those with respect to a[l], for l = L … 1",
         "compare your matrix of layer L with start: they are the same.",
         partial(g_of_all_layers, to_the_input=False)),
    Slip("start-times-slope", "start was multiplied by σ′(z[L]) once more; it *is* Δ[L], and the "
         "first step multiplies by that slope",
         "compare your matrix of layer L with start: they are the same.",
         partial(carry_back_with, right_Delta_step, first=lambda net, z, a, start:
                 net.activation[net.L].derivative(a[net.L]) * start)),
    Slip("start-ignored", "it begins with ones, whatever start is",
         "double start: every Δ[l] must double.",
         partial(carry_back_with, right_Delta_step,
                 first=lambda net, z, a, start: np.ones_like(start))),
    *(Slip("asks-for-layer-1", "something asks for layer 1, which has no weights and no "
           "activation: the loop goes one round too far, or the slope is that of layer l − 1 and "
           "should be that of layer l", "run it with L = 2 and print every layer number that "
           "you use: the only layer with weights and a slope is 2.", variant)
      for variant in (partial(carry_back_with, right_Delta_step, last=0),
                      slope_of_the_layer_below, slope_of_the_layer_below_inside)),
    Delta_slip("slope-after-the-product", "the slope of layer l was multiplied in after the "
    "product "
               "with W[l]ᵀ; it belongs to Δ[l], before the product", "for a network 1-1 it makes "
               "no "
               "difference; try 2-2. Write W.T @ (slope * Δ).",
               lambda f, W, Delta, z, a: f.derivative(a) * (W.T @ Delta)),
    Delta_slip("diag-of-a-matrix", "np.diag of an n_l × N matrix builds no D[l]: it reads the "
               "matrix's own diagonal. Each point has a D[l] of its own; entry by entry it is *",
               "print the shape of each factor: np.diag(slope) is no n_l × n_l matrix.",
               lambda f, W, Delta, z, a: W.T @ np.diag(f.derivative(a)) @ Delta),
    Delta_slip("diagflat-of-a-matrix", "np.diagflat makes one large matrix out of the slopes of "
    "all "
               "points. Each point has a D[l] of its own; entry by entry it is *",
               "print the shape of each factor: np.diagflat(slope) has n_l N rows.",
               lambda f, W, Delta, z, a: W.T @ np.diagflat(f.derivative(a)) @ Delta),
    Slip("output-slope-everywhere", "the derivative of the last layer's activation is used in "
         "every "
         "layer; layer l has its own, net.activation[l]",
         "your answer is right where all layers have the same activation. Ask each layer: "
         "net.activation[l].derivative(a[l]).",
         lambda net, x, start: carry_back_with(
             lambda f, *rest: right_Delta_step(net.activation[net.L], *rest), net, x, start)),
    Slip("return-inside-the-loop", "only the first step was made: is the return inside the loop?",
         KEYS, lambda net, x, start: {
             l: v for l, v in right_carry_back(net, x, start).items() if l >= net.L - 1}),
    Slip("always-from-the-start", "every step takes Δ[L]; it takes Δ[l], the one that came out "
         "last",
         "change W[L] in a network 2-2-2: Δ[1] must change.", carry_back_always_from_the_start),
    Delta_slip("slopes-of-the-first-point", "every column was given the slopes of the first point; "
               "each point has a D[l] of its own", "put the points (and the columns of start) in "
               "the other order: the columns of every Δ[l] must follow.",
               lambda f, W, Delta, z, a: W.T @ np.diag(f.derivative(a)[:, 0]) @ Delta),
    Delta_slip("missing-transpose", "W[l] stands where its transpose belongs", "print the shapes: "
               "W[l] is n_l × n_{l−1}, and Δ[l] has n_l rows, so only the transpose can be "
               "multiplied. With equal widths nothing complains; use unequal ones.",
               lambda f, W, Delta, z, a: W @ (f.derivative(a) * Delta)),
    Delta_slip("missing-parentheses", "parentheses are missing: in W.T @ slope * Δ Python "
               "multiplies from the left, W.T @ slope first", "for a network 1-1 it makes no "
               "difference; try 2-2. Write W.T @ (slope * Δ).",
               lambda f, W, Delta, z, a: W.T @ f.derivative(a) * Delta),
    Delta_slip("matrix-product-for-entrywise", "the slopes are multiplied with @, the matrix "
               "product; the ∘ of the formula is *", "print the shape of each factor: both are "
               "n_l × N, which is what * wants and @ does not.",
               lambda f, W, Delta, z, a: W.T @ (f.derivative(a) @ Delta)),
    Delta_slip("activation-for-derivative", "a[l] itself stands where its derivative belongs, "
               "a[l](1 − a[l]) for σ", f"{NEURON}; you get 1.",
               lambda f, W, Delta, z, a: W.T @ (a * Delta)),
    Delta_slip("one-minus-a", "1 − a stands where a(1 − a) belongs", f"{NEURON}; you get 1.",
               lambda f, W, Delta, z, a: W.T @ ((1 - a) * Delta)),
    Delta_slip("derivative-of-z", "the derivative's formula was given z[l]; it is written through "
               "the output a[l] (or z and a were exchanged: it is z, a = forward(net, x))",
               f"{NEURON}; you get 0.",
               lambda f, W, Delta, z, a: W.T @ (f.derivative(z) * Delta)),
    Delta_slip("slope-twice", "the slope was multiplied in two times", f"{NEURON}; you get 0.125.",
               lambda f, W, Delta, z, a: W.T @ (f.derivative(a) ** 2 * Delta)),
    Delta_slip("sigmoid-everywhere", "a(1 − a) is used in every layer, but this network has other "
               "activations too", "your answer is right where all layers are sigmoid. Ask the "
               "network: net.activation[l].derivative(a[l]).",
               lambda f, W, Delta, z, a: W.T @ (sigmoid.derivative(a) * Delta)),
    Slip("stops-at-layer-2", "Δ[1] is missing, the derivative with respect to x: one more step, "
         "with W[2]", KEYS, partial(carry_back_with, right_Delta_step, last=2)),
    Slip("no-start-in-it", "Δ[L] is missing: it is start itself, and belongs into the dictionary",
         KEYS, lambda net, x, start: {
             l: v for l, v in right_carry_back(net, x, start).items() if l < net.L}),
    Slip("keys-shifted", "the matrices are right, but each stands under the number of the layer "
         "above: Δ[l − 1] is what comes out of the step with W[l]", KEYS,
         lambda net, x, start: {l + 1: v for l, v in right_carry_back(net, x, start).items()
                                if l < net.L}),
    Slip("the-last-alone", "this is Δ[1] alone; all of them are asked for, in a dictionary keyed "
         "by layer number", KEYS, lambda net, x, start: right_carry_back(net, x, start)[1]),
    Slip("summed-columns", "the columns were added up; each point keeps its own",
         "print the shape of Δ[1] beside the shape of x.",
         partial(carry_back_changed, lambda v: v.sum(axis=-1, keepdims=True))),
    Slip("loop-runs-forward", "the loop runs upwards, and asks for a Δ[2] that is not there yet",
         "print l in each round: it should count down from L to 2.", carry_back_upwards),
)  # fmt: skip


def carry_back_cases(rng):
    def arguments(sizes, N, **options):
        net = random_net(sizes, rng, **options)
        return net, rng.normal(size=(sizes[0], N)), rng.normal(size=(sizes[-1], N))

    mixed = {2: relu, 3: sigmoid, 4: tanh}
    return [
        Case("3-2, one column", arguments((3, 2), 1)),
        # equal widths, and as many columns: here everything can be multiplied with everything
        Case("3-3-3-3, 3 columns", arguments((3, 3, 3, 3), 3)),
        Case("2-4-3-2, ReLU, sigmoid and tanh, 5 columns",
             arguments((2, 4, 3, 2), 5, activation=mixed)),
        Case("2-3-2-3-2-3-1, 2 columns", arguments((2, 3, 2, 3, 2, 3, 1), 2)),
    ]  # fmt: skip


carry_back = Exercise(
    "carry_back",
    right_carry_back,
    CARRY_BACK_SLIPS,
    carry_back_cases,
    returns=("Delta",),
    takes=("net", "x", "start"),
)
