"""Notebook 01: a layer, a network, layers that collapse into one, a count of parameters."""

from itertools import pairwise

import numpy as np

from utils.activations import identity, relu, sigmoid, softmax, tanh
from utils.checks.exercise import Case, Exercise, Slip, random_net
from utils.network import Network, init_network

# -------- exercise 1: layer


def right_layer(W, b, a):
    """σ(Wa + b)."""
    return sigmoid(W @ a + b)


LAYER_SLIPS = (
    Slip("no-bias", "the bias b is missing", "put a = 0: the answer should be σ(b), not ½.",
         lambda W, b, a: sigmoid(W @ a)),
    Slip("tanh-for-sigmoid", "this is tanh; the layer asked for is a sigmoid",
         "σ is never negative: put in z = −1; an answer below 0 is no σ.",
         lambda W, b, a: np.tanh(W @ a + b)),
    Slip("bias-before-the-weights", "b is added to a, before the product with W; it belongs to "
         "Wa", "b has a row for each neuron, a one for each input: only if there are as many of "
         "both do they add up.",
         lambda W, b, a: sigmoid(W @ (a + b))),
    Slip("bias-outside", "b is added after σ; it belongs inside: σ(Wa + b)",
         "σ never leaves (0, 1); with a large b your answer does.",
         lambda W, b, a: sigmoid(W @ a) + b, 1),
    Slip("no-activation", "this is z = Wa + b; σ is still to be applied",
         "an activation of σ lies in (0, 1); look at yours.", lambda W, b, a: W @ a + b),
    Slip("transposed-weights", "W was transposed; W is m × n and multiplies as it is",
         "with unequal widths the shapes don't fit; with equal ones nothing complains.",
         lambda W, b, a: sigmoid(W.T @ a + b), 2),
    Slip("elementwise-weights", "W * a multiplies entry by entry; the matrix product is W @ a",
         "compare the shape of your answer with (m, N).",
         lambda W, b, a: sigmoid(W * a + b)),
    Slip("flattened-bias", "b was flattened to one dimension, so NumPy lays it along the "
         "columns",
         "with b of shape (m,) row i gets all of b, not b_i; keep b as a column (m, 1).",
         lambda W, b, a: sigmoid(W @ a + b.ravel())),
    Slip("minus-before-the-product-alone", "this is σ(Wa − b): the bias has the wrong sign. (In "
         "np.exp(-W @ a + b) the minus stands before Wa alone)", "put a = 0: the answer should be "
         "σ(b), not σ(−b). Write -(W @ a + b).",
         lambda W, b, a: sigmoid(W @ a - b)),
    Slip("denominator-without-parentheses", "1 / 1 + np.exp(-z) is 1 + e^−z: the parentheses "
         "around "
         "the denominator are missing", "σ never exceeds 1; yours always does.",
         lambda W, b, a: 1 + np.exp(-(W @ a + b))),
    Slip("exponential-without-minus", "this is 1 + e^z, or its reciprocal with a sign lost: the "
         "denominator is 1 + e^−z, in parentheses", "σ never exceeds 1; yours always does.",
         lambda W, b, a: 1 + np.exp(W @ a + b)),
    Slip("reciprocal-forgotten", "this is e^−z alone; σ is 1/(1 + e^−z)",
         "at z = 0 σ is ½, and you get 1.", lambda W, b, a: np.exp(-(W @ a + b))),
    Slip("one-forgotten", "this is 1/e^−z = e^z: the 1 + in the denominator is missing",
         "σ never exceeds 1; put in z = 1.", lambda W, b, a: np.exp(W @ a + b)),
    Slip("factors-exchanged", "a @ W: the factors of the product are exchanged",
         "print both shapes: W is m × n and a is n × N, so W stands on the left.",
         lambda W, b, a: sigmoid(a @ W + b)),
    Slip("samples-as-rows", "a.T @ W, or a.T @ W.T: here a sample is a column, and W stands on its "
         "left", "print the shape of your answer: it must be (m, N).",
         lambda W, b, a: sigmoid(a.T @ W + b)),
    Slip("samples-as-rows-transposed", "rows and columns of the product are exchanged, as in "
         "a.T @ W.T + b: here a sample is a column, W @ a", "print the shape of your answer: it "
         "must be (m, N).",
         lambda W, b, a: sigmoid(a.T @ W.T + b)),
    Slip("relu-for-sigmoid", "this is ReLU; the layer asked for is a sigmoid",
         "at z = 0 σ is ½, and you get 0.", lambda W, b, a: np.maximum(0, W @ a + b)),
    Slip("step-for-sigmoid", "this is a step, 0 or 1; σ goes from 0 to 1 smoothly",
         "at z = 0 σ is ½.", lambda W, b, a: (W @ a + b > 0) * 1.0),
    Slip("softmax-for-sigmoid", "this is softmax, whose columns sum to 1; σ looks at each entry "
         "alone", "add up a column of your answer.", lambda W, b, a: softmax(W @ a + b)),
    Slip("sigmoid-twice", "σ was applied twice", "at z = 0 σ is ½, and you get σ(½) = 0.62.",
         lambda W, b, a: sigmoid(sigmoid(W @ a + b))),
    Slip("minus-in-the-denominator", "this is 1/(1 − e^−z): the denominator of σ is 1 + e^−z",
         "at z = 1 σ is 0.73, and you get 1.58.",
         lambda W, b, a: 1 / (1 - np.exp(-(W @ a + b)))),
    Slip("derivative", "this is σ(z)(1 − σ(z)), the derivative; the value itself is asked for",
         "σ grows towards 1; yours never exceeds ¼.",
         lambda W, b, a: sigmoid.derivative(sigmoid(W @ a + b))),
    Slip("sigmoid-of-the-weights", "σ was applied to the parts before they were added up",
         "put b = 0 and W = 0: the answer should be σ(0) = ½ everywhere.",
         lambda W, b, a: sigmoid(W) @ a + b),
    Slip("bias-multiplied", "b multiplies; it is to be added", "put b = 0: the answer should be "
         "σ(Wa), and you get ½ everywhere.", lambda W, b, a: sigmoid((W @ a) * b)),
    Slip("negated-exponent", "this is σ(−z): the sign in the exponent is lost",
         "σ grows: put in z = 5 and expect nearly 1.",
         lambda W, b, a: sigmoid(-(W @ a + b))),
)  # fmt: skip


def layer_cases(rng):
    def arguments(n, m, N):
        return rng.normal(size=(n, m)), rng.normal(size=(n, 1)), rng.normal(size=(m, N))

    return [
        Case("3 → 3 neurons, 3 columns", arguments(3, 3, 3)),
        Case("2 → 4, one column", arguments(4, 2, 1)),
        Case("3 → 1, 5 columns", arguments(1, 3, 5)),
    ]


layer = Exercise("layer", right_layer, LAYER_SLIPS, layer_cases, takes=("W", "b", "a"))


# -------- exercise 2: forward_pass


def weighted(net, l, z, a):
    """W[l] a[l−1] + b[l]."""
    return net.W[l] @ a[l - 1] + net.b[l]


def activated(net, l, z_l):
    """What the activation of layer l makes of z[l]."""
    return net.activation[l](z_l)


def right_forward_pass(net, x, weigh=weighted, activate=activated, last=None):
    """z and a of all layers, in two dictionaries; `weigh` and `activate` can be exchanged."""
    z: dict[int, np.ndarray] = {}
    a = {1: x}
    for l in range(2, (last or net.L) + 1):
        z[l] = weigh(net, l, z, a)
        a[l] = activate(net, l, z[l])
    return z, a


def forward_with_bias_outside(net, x):
    """z[l] = W[l] a[l−1], and a[l] = f(z[l]) + b[l]."""
    return right_forward_pass(
        net,
        x,
        lambda net, l, z, a: net.W[l] @ a[l - 1],
        lambda net, l, z_l: net.activation[l](z_l) + net.b[l],
    )


def forward_keeping_activations_for_z(net, x):
    """z[l] is a[l]: what was put into z[l] is overwritten."""
    _, a = right_forward_pass(net, x)
    return {l: a[l].copy() for l in net.W}, a


def forward_handing_on_z(net, x):
    """z[l] = W[l] z[l−1] + b[l]."""
    return right_forward_pass(
        net, x, lambda net, l, z, a: net.W[l] @ (z[l - 1] if l > 2 else x) + net.b[l]
    )


def forward_with_new_dictionaries_in_each_round(net, x):
    """The dictionaries are made anew inside the loop, so that a[l−1] is gone."""
    for l in range(2, net.L + 1):
        z, a = {}, {1: x}
        z[l] = net.W[l] @ a[l - 1] + net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


def forward_with_the_last_layer_alone(net, x):
    """The arrays z[L] and a[L] in place of the dictionaries."""
    z, a = right_forward_pass(net, x)
    return z[net.L], a[net.L]


def forward_with_keys_moved(net, x):
    """Every layer's number is one too low."""
    z, a = right_forward_pass(net, x)
    return {l - 1: v for l, v in z.items()}, {l - 1: v for l, v in a.items()}


def forward_without_the_input(net, x):
    """a begins with layer 2."""
    z, a = right_forward_pass(net, x)
    return z, {l: a[l] for l in net.W}


def through(weigh=weighted, activate=activated):
    """The forward pass with another rule for z[l], or for a[l]."""
    return lambda net, x: right_forward_pass(net, x, weigh, activate)


def by_place(hidden, last):
    """One activation in all hidden layers, and another one in the last."""
    return through(activate=lambda net, l, z_l: (hidden if l < net.L else last)(z_l))


def forward_with_z_keys_moved(net, x):
    """z[l + 1] stands under l; a is right."""
    z, a = right_forward_pass(net, x)
    return {l - 1: v for l, v in z.items()}, a


OWN_ACTIVATION = (
    "compute net.activation[2](z[2]) from your own z[2]: it should be a[2], and yours is another."
)

FORWARD_PASS_SLIPS = (
    Slip("no-bias", "the biases are missing: z[l] is W[l] a[l−1] + b[l]",
         "put x = 0: z[2] should be b[2], and you get 0.",
         through(lambda net, l, z, a: net.W[l] @ a[l - 1])),
    Slip("bias-outside", "b[l] was added after the activation; it belongs to z[l]",
         "put x = 0: z[2] should be b[2], and you get 0.", forward_with_bias_outside, 1),
    Slip("bias-before-the-weights", "b[l] was added to a[l−1], before the product with W[l]",
         "put x = 0 in a network 2-2: z[2] should be b[2], and you get W[2] b[2].",
         through(lambda net, l, z, a: net.W[l] @ (a[l - 1] + net.b[l]))),
    Slip("no-activation", "no activation was applied: a[l] is z[l]",
         "print z[2] and a[2] of a network of sigmoids: yours are equal, but a[2] should lie "
         "between 0 and 1.", through(activate=lambda net, l, z_l: z_l)),
    Slip("last-layer-without-activation", "the last layer's activation is missing: a[L] is z[L]; "
         "it has one like all the others",
         "print z[L] and a[L] of a network of sigmoids: yours are equal, but a[L] should lie "
         "between 0 and 1.",
         through(activate=lambda net, l, z_l: z_l if l == net.L else net.activation[l](z_l))),
    Slip("sigmoid-everywhere", "σ was applied in every layer, but this network has other "
         "activations too: net.activation[l] is that of layer l",
         "take a network of tanh: its activations can be below 0, and yours never are.",
         through(activate=lambda net, l, z_l: sigmoid(z_l))),
    Slip("relu-and-sigmoid", "ReLU was applied in the hidden layers and σ in the last one, "
         "whatever "
         "the network's are: net.activation[l] is that of layer l",
         "take a network of tanh: its activations can be below 0, and yours never are.",
         by_place(relu, sigmoid)),
    Slip("sigmoid-at-the-output", "σ was applied in the last layer, whatever its activation is: "
         "that is net.activation[net.L]",
         "take tanh in the last layer: its activations can be below 0, and yours never are.",
         through(activate=lambda net, l, z_l: (net.activation[l] if l < net.L else sigmoid)(z_l))),
    Slip("sigmoid-and-no-activation", "σ was applied in the hidden layers and nothing in the last "
         "one, whatever the network's are: net.activation[l] is that of layer l",
         "print z[L] and a[L] of a network of sigmoids: yours are equal, but a[L] should lie "
         "between 0 and 1.", by_place(sigmoid, identity)),
    Slip("derivative", "the activation's derivative was applied in its place: "
         "net.activation[l](z[l]) is a[l]", OWN_ACTIVATION,
         through(activate=lambda net, l, z_l: net.activation[l].derivative(z_l))),
    Slip("activation-of-the-activation", "the activation was applied twice in each layer: f(f(z))",
         OWN_ACTIVATION,
         through(activate=lambda net, l, z_l: net.activation[l](net.activation[l](z_l)))),
    Slip("input-activated", "x went through an activation; layer 1 has none, a[1] is x itself",
         "put x = 0 in a network of sigmoids: z[2] should be b[2]; for you σ(0) = ½ goes through "
         "the weights.", lambda net, x: right_forward_pass(net, sigmoid(x))),
    Slip("bias-subtracted", "b[l] was subtracted; it is added", "put x = 0: z[2] should be b[2], "
         "and you get −b[2].", through(lambda net, l, z, a: net.W[l] @ a[l - 1] - net.b[l])),
    Slip("factors-exchanged", "a[l−1] @ W[l]: the factors of the product are exchanged",
         "give one point to a network 2-2: z[2] should have the shape (2, 1), and yours stops.",
         through(lambda net, l, z, a: a[l - 1] @ net.W[l] + net.b[l])),
    Slip("z-keys-one-too-low", "the keys of z are one too low: z[l] is what layer l weighs, and "
         "begins with z[2]", "print the keys of your z for a network 2-2-3-2: they should be 2, "
         "3, 4, and yours are 1, 2, 3.", forward_with_z_keys_moved),
    Slip("activation-of-layer-2", "the activation of layer 2 was applied in every layer; layer l "
         "has its own, net.activation[l]",
         "take tanh in layer 2 and relu in layer 3: nothing in a[3] should be below 0, and some "
         "of yours is.", through(activate=lambda net, l, z_l: net.activation[2](z_l))),
    Slip("activation-of-the-last-layer", "the activation of layer L was applied in every layer; "
         "layer l has its own, net.activation[l]",
         "take relu in layer 2 and tanh in layer 3: nothing in a[2] should be below 0, and some "
         "of yours is.", through(activate=lambda net, l, z_l: net.activation[net.L](z_l))),
    Slip("activation-first", "the activation was applied before the product with W[l]; it comes "
         "after the bias", "put x = 0 in a network of sigmoids: z[2] should be b[2]; for you σ(0) "
         "= ½ goes through the weights.",
         through(lambda net, l, z, a: net.W[l] @ net.activation[l](a[l - 1]) + net.b[l],
                 lambda net, l, z_l: z_l)),
    Slip("activation-twice", "the activation was applied twice: when a[l] was made, and once more "
         "to a[l−1] on its way into z[l]", "put x = 0 in a network of sigmoids: z[2] should be "
         "b[2]; for you σ(0) = ½ goes through the weights.",
         through(lambda net, l, z, a: net.W[l] @ net.activation[l](a[l - 1]) + net.b[l])),
    Slip("input-in-every-layer", "every layer was given x; layer l takes a[l−1], what the layer "
         "before it sends on", "change b[2] in a network 2-2-2: z[3] should change, and yours "
         "does not.", through(lambda net, l, z, a: net.W[l] @ a[1] + net.b[l])),
    Slip("weighted-input-handed-on", "z[l−1] was handed on to the next layer, which takes a[l−1]",
         "compute net.W[3] @ a[2] + net.b[3] from your own a[2]: it should be z[3], and yours is "
         "another.", forward_handing_on_z),
    Slip("transposed-weights", "W[l] was transposed; it is n_l × n_{l−1} and multiplies as it is",
         "in a network 2-2 put x = (1, 0): z[2] − b[2] should be the first column of W[2], and "
         "you get its first row.", through(lambda net, l, z, a: net.W[l].T @ a[l - 1] + net.b[l]),
         2),
    Slip("elementwise-weights", "W[l] * a[l−1] multiplies entry by entry; the matrix product is @",
         "give one point to a network 2-2: z[2] should have the shape (2, 1), and yours has "
         "(2, 2).", through(lambda net, l, z, a: net.W[l] * a[l - 1] + net.b[l])),
    Slip("flattened-bias", "b[l] was flattened to one dimension, so NumPy lays it along the "
         "columns; it is a column as it is", "give one point to a network 2-2: z[2] should have "
         "the shape (2, 1), and yours has (2, 2).",
         through(lambda net, l, z, a: net.W[l] @ a[l - 1] + net.b[l].ravel())),
    Slip("one-layer-short", "the last layer is missing: range leaves out its end, and so does <",
         "print the keys of your z for a network 2-2-3-2: they should be 2, 3, 4, and yours are "
         "2, 3. Write range(2, net.L + 1).",
         lambda net, x: right_forward_pass(net, x, last=net.L - 1)),
    Slip("return-inside-the-loop", "only layer 2 is there: return stands inside the loop and ends "
         "it in the first round",
         "print the keys of your z for a network 2-2-3-2: they should be 2, 3, 4, and yours are "
         "2. Move the return to the left, under the for.",
         lambda net, x: right_forward_pass(net, x, last=2)),
    Slip("layer-1", "something is asked of layer 1, which has no W[1], no b[1] and no "
         "activation[1]: the loop begins with 2, and W[l] has the number of the layer it leads to",
         "print net.W.keys(): they begin with 2.",
         through(lambda net, l, z, a: net.W[l - 1] @ a[l - 1] + net.b[l]), 3),
    Slip("layer-0", "something is asked of layer 0, which does not exist: range(net.L) begins "
         "with 0, and the loop begins with 2", "print net.W.keys(): they begin with 2.",
         through(lambda net, l, z, a: net.W[l - 2] @ a[l - 1] + net.b[l])),
    Slip("beyond-the-last-layer", "something is asked of layer L + 1, which does not exist: the "
         "loop ends with L", "print net.W.keys(): they end with L.",
         lambda net, x: right_forward_pass(net, x, last=net.L + 1)),
    Slip("dictionary-called", "a dictionary is called, as in net.activation(z): it holds one "
         "activation for each layer, and that of layer l is net.activation[l], with square "
         "brackets", "print net.activation.",
         through(activate=lambda net, l, z_l: net.activation(z_l))),
    Slip("dictionaries-in-the-loop", "the dictionaries are made inside the loop: each round then "
         "begins with empty ones, and a[2] is gone when layer 3 asks for it",
         "a network 2-3 goes through, a network 2-3-1 stops. Make them before the loop.",
         forward_with_new_dictionaries_in_each_round),
    Slip("last-layer-only", "one array came back for z and one for a, those of the last layer; "
         "asked for are dictionaries with all the layers, z = {2: …}, a = {1: …}",
         "ask your own answer for a[1]: it should be x.", forward_with_the_last_layer_alone),
    Slip("exchanged", "a came first and then z; it is z, a",
         "print the keys of the two: only a has the key 1.",
         lambda net, x: right_forward_pass(net, x)[::-1]),
    Slip("keys-one-too-low", "each key is one too low: x is a[1], and the first weighted input "
         "z[2]", "print the keys of your a for a network 2-2-3-2: they should be 1, 2, 3, 4, and "
         "yours are 0, 1, 2, 3.", forward_with_keys_moved),
    Slip("input-not-stored", "a[1], the input itself, is missing; all else is right",
         "print the keys of your a for a network 2-2-3-2: they should be 1, 2, 3, 4, and yours "
         "are 2, 3, 4.", forward_without_the_input),
    Slip("weighted-input-of-layer-1", "z[1] came back, too; layer 1 computes nothing, so z begins "
         "with 2", "print the keys of your z for a network 2-2-3-2: they should be 2, 3, 4, and "
         "yours are 1, 2, 3, 4.",
         lambda net, x: ({1: x, **right_forward_pass(net, x)[0]}, right_forward_pass(net, x)[1])),
    Slip("activation-for-weighted-input", "z[l] holds what a[l] holds; it has to keep the weighted "
         "input, before the activation", "put x = 0: z[2] should be b[2], and you get a[2].",
         forward_keeping_activations_for_z),
)  # fmt: skip


def forward_pass_cases(rng):
    def case(label, sizes, N, **options):
        return Case(label, (random_net(sizes, rng, **options), rng.normal(size=(sizes[0], N))))

    mixed = {2: tanh, 3: relu, 4: sigmoid, 5: tanh, 6: identity, 7: relu, 8: tanh}
    return [
        case("3-3-3-3, sigmoid, 3 columns", (3, 3, 3, 3), 3),
        case("2-4-3-1, tanh, relu, sigmoid, 5 columns", (2, 4, 3, 1), 5,
             activation={2: tanh, 3: relu, 4: sigmoid}),
        case("2-3, relu, one column", (2, 3), 1, activation=relu),
        case("eight layers, 2 columns", (2, 3, 2, 4, 3, 2, 3, 2), 2, activation=mixed),
    ]  # fmt: skip


forward_pass = Exercise(
    "forward_pass", right_forward_pass, FORWARD_PASS_SLIPS, forward_pass_cases, ("z", "a"),
    takes=("net", "x"),
)  # fmt: skip


# -------- exercise 3: collapse


def collapsed(net: Network, last: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """W̃ = W[L] … W[2], and b̃ = b[L] + W[L] b[L−1] + W[L] W[L−1] b[L−2] + …"""
    W, b = net.W[2], net.b[2]
    for l in range(3, (last or net.L) + 1):
        W, b = net.W[l] @ W, net.W[l] @ b + net.b[l]
    return W, b


def collapse_without_bias(net: Network) -> tuple[np.ndarray, np.ndarray]:
    """Slip 4: W̃ is right, b̃ is forgotten."""
    W, b = collapsed(net)
    return W, np.zeros_like(b)


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


def collapse_with_the_bias_inside(net):
    """b̃ from b ← W[l](b + b[l])."""
    b = net.b[2]
    for l in range(3, net.L + 1):
        b = net.W[l] @ (b + net.b[l])
    return collapsed(net)[0], b


def collapse_entrywise(net):
    """W[L] * … * W[2], entry by entry."""
    W = net.W[2]
    for l in range(3, net.L + 1):
        W = net.W[l] * W
    return W, collapsed(net)[1]


def collapse_in_the_reverse_order(net):
    """W[2] W[3] … W[L], with the right b̃."""
    W = net.W[2]
    for l in range(3, net.L + 1):
        W = W @ net.W[l]
    return W, collapsed(net)[1]


def collapse_with_old_weights(net):
    """b̃ multiplied by the W̃ of the layers before, in place of W[l]."""
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        W, b = net.W[l] @ W, W @ b + net.b[l]
    return W, b


def collapse_with_layer_2_twice(net):
    """Begun with layer 2, and the loop begins with it once more."""
    W, b = net.W[2], net.b[2]
    for l in range(2, net.L + 1):
        W = net.W[l] @ W
        b = net.W[l] @ b + net.b[l]
    return W, b


COLLAPSE_SLIPS = (
    Slip("three-layers-only", "this is the formula for L = 3; here the network has L layers, and "
         "it takes a loop", "print the shape of your W̃ for a 2-4-3-1 network: it should be 1 × 2.",
         lambda net: (net.W[3] @ net.W[2], net.W[3] @ net.b[2] + net.b[3])),
    Slip("bias-through-everything", "W̃ is right; b̃ is not W̃ b[2]: W[2] doesn't multiply b[2], "
         "and "
         "the later layers add biases of their own", "put x = 0: the network gives b̃.",
         lambda net: (collapsed(net)[0], collapsed(net)[0] @ net.b[2])),
    Slip("layer-2-twice", "layer 2 was counted twice: you begin with it, and the loop begins with "
         "it once more", "give a network 2-2: W̃ should be W[2], and you get W[2] W[2].",
         collapse_with_layer_2_twice),
    Slip("old-weights-in-the-bias", "W̃ is right; b̃ was multiplied by W̃, in place of W[l]",
         "for two layers b̃ is W[3] b[2] + b[3].", collapse_with_old_weights),
    Slip("no-bias", "W̃ is right; the biases were forgotten, b̃ is not zero",
         "put x = 0: the network gives b̃.", collapse_without_bias, 4),
    Slip("biases-summed", "the biases were added up as they are; each one still passes through "
         "the weights of all later layers",
         "put x = 0 and follow b[2]: it is multiplied by W[3] before b[3] comes in.",
         lambda net: (collapsed(net)[0], sum(net.b[l] for l in net.b)), 1),
    Slip("new-weights-in-the-bias", "W̃ is right; for b̃ it was multiplied by the new W̃, which "
         "already holds all the layers", "b̃ is to be multiplied by W[l] alone; compare on "
         "three layers.", collapse_with_new_weights),
    Slip("one-layer-short", "the last layer is missing: range leaves out its end, and so does <",
         "list(range(3, net.L)) does not contain net.L; write range(3, net.L + 1).",
         lambda net: collapsed(net, last=net.L - 1)),
    Slip("own-bias-forgotten", "W̃ is right; b̃ is carried on, but b[l] is not added",
         "put x = 0 and follow it through: each layer adds its own bias.",
         lambda net: (collapsed(net)[0], collapse_carrying_only_b2(net))),
    Slip("bias-added-before-the-product", "W̃ is right; in b̃ the bias b[l] is added before the "
         "product with W[l], and so it goes through its own layer's weights",
         "for two layers b̃ is W[3] b[2] + b[3].", collapse_with_the_bias_inside),
    Slip("exchanged", "both are right, but in the wrong order: W_tilde first, then b_tilde",
         "print the shapes of the two.", lambda net: collapsed(net)[::-1]),
    Slip("weights-added", "the weight matrices were added; a chain of layers multiplies them",
         "give three layers of different widths: they can't be added.",
         lambda net: (sum(net.W[l] for l in net.W), collapsed(net)[1])),
    Slip("entrywise", "the weight matrices were multiplied entry by entry, with *; the product of "
         "matrices is @", "give three layers of different widths.", collapse_entrywise),
    Slip("transposed", "this is W̃ transposed: rows belong to outputs",
         "print its shape for a 2-4-3-1 network: 1 × 2.",
         lambda net: (collapsed(net)[0].T, collapsed(net)[1])),
    Slip("last-weights-only", "W̃ is W[L] alone; x meets all the weights before",
         "print its shape for a 2-4-3-1 network: 1 × 2.",
         lambda net: (net.W[net.L], collapsed(net)[1])),
    Slip("last-bias-only", "only the last layer's bias is left",
         "put x = 0: what layer 2 sends on is b[2], and W[3] multiplies it.",
         lambda net: (collapsed(net)[0], net.b[net.L])),
    Slip("reversed-order", "the weight matrices were multiplied in the reverse order",
         "x meets W[2] first, so W[2] stands rightmost: W[L] … W[3] W[2].",
         collapse_in_the_reverse_order, 6),
)  # fmt: skip


def collapse_cases(rng):
    return [
        Case("-".join(map(str, s)), (random_net(s, rng, activation=identity),))
        for s in [(3, 3, 3, 3), (3, 2), (2, 3, 2, 4, 3, 2, 1, 2)]
    ]


collapse = Exercise("collapse", collapsed, COLLAPSE_SLIPS, collapse_cases, ("W_tilde", "b_tilde"))


# -------- exercise 4: parameter_count


def right_parameter_count(sizes):
    """Σ n_l (n_{l−1} + 1)."""
    return sum(n * (m + 1) for m, n in pairwise(sizes))


PARAMETER_COUNT_SLIPS = (
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
    Slip("one-layer-short", "the last layer is missing: range leaves out its end",
         "print the layers your loop visits; for 2-2-3-2 they are 2, 3 and 4.",
         lambda sizes: sum(n * (m + 1) for m, n in pairwise(sizes[:-1]))),
    Slip("last-bias-forgotten", "the biases of the last layer are not counted",
         "2-1 has two weights and one bias: 3; you count 2.",
         lambda sizes: sum(m * n for m, n in pairwise(sizes)) + sum(sizes[1:-1])),
    Slip("first-layer-short", "the first layer with weights is missing: the loop begins too late",
         "print the layers your loop visits; for 2-2-3-2 they are 2, 3 and 4.",
         lambda sizes: sum(n * (m + 1) for m, n in pairwise(sizes[1:]))),
    Slip("wraps-round", "the loop begins with the input layer, whose sizes[l − 1] is sizes[−1], "
         "the "
         "last width", "2-1 has two weights and one bias: 3; you count 7.",
         lambda sizes: sum(sizes[l] * sizes[l - 1] + sizes[l] for l in range(len(sizes)))),
    Slip("one-bias", "one bias was counted for the whole network; each neuron behind the input has "
         "one", "2-2-3-2 has 23 parameters; you count 17.",
         lambda sizes: sum(m * n for m, n in pairwise(sizes)) + 1),
    Slip("biases-of-the-output-only", "only the biases of the last layer are counted",
         "2-2-3-2 has 23 parameters; you count 18.",
         lambda sizes: sum(m * n for m, n in pairwise(sizes)) + sizes[-1]),
    Slip("one-bias-for-each-width", "one bias was counted for each layer, the input included; each "
         "*neuron* behind the input has one", "2-1 has two weights and one bias: 3; you count 4.",
         lambda sizes: sum(m * n for m, n in pairwise(sizes)) + len(sizes)),
    Slip("one-more-on-both-sides", "(n_{l−1} + 1)(n_l + 1) adds 1 to both widths; the bias is a 1 "
         "beside the inputs alone", "2-1 has two weights and one bias: 3; you count 6.",
         lambda sizes: sum((m + 1) * (n + 1) for m, n in pairwise(sizes))),
    Slip("all-widths-multiplied-and-biases", "all widths were multiplied together; weights join "
         "neighbours only", "2-2-3-2 has 23 parameters; you count 31.",
         lambda sizes: int(np.prod(sizes)) + sum(sizes[1:])),
    Slip("two-counts", "weights and biases were counted apart; one number is asked for, their sum",
         "2-1 has two weights and one bias: 3, one number.",
         lambda sizes: (sum(m * n for m, n in pairwise(sizes)), sum(sizes[1:]))),
    Slip("first-layer-alone", "only layer 2 is counted: is the return inside the loop?",
         "2-2-3-2 has 23 parameters; you count 6.", lambda sizes: sizes[1] * (sizes[0] + 1)),
    Slip("last-layer-alone", "only the last layer is counted: total = … forgets, in each round, "
         "the "
         "rounds before; write total += …", "2-2-3-2 has 23 parameters; you count 8.",
         lambda sizes: sizes[-1] * (sizes[-2] + 1)),
    Slip("squares-of-all", "n_l (n_l + 1), and for the input as well: the number of weights is n_l "
         "times n_{l−1}, the width before", "2-1 has two weights and one bias: 3; you count 8.",
         lambda sizes: sum(n * (n + 1) for n in sizes)),
    Slip("squares", "n_l (n_l + 1): the number of weights is n_l times n_{l−1}, the width before",
         "2-1 has two weights and one bias: 3; you count 2.",
         lambda sizes: sum(n * (n + 1) for n in sizes[1:])),
    Slip("layer-widths-added", "widths were added where they are to be multiplied",
         "2-3 has 6 weights and 3 biases: 9.",
         lambda sizes: sum(m + n + n for m, n in pairwise(sizes))),
    Slip("all-widths-multiplied", "all widths were multiplied together; only neighbours are joined",
         "2-2-3-2 has 23 parameters.", lambda sizes: int(np.prod(sizes))),
    Slip("list", "this is one count for each layer; the sum is asked for",
         "add them up: sum(…).", lambda sizes: [n * (m + 1) for m, n in pairwise(sizes)]),
    Slip("neurons", "these are the neurons, not the weights and biases",
         "2-1 has three neurons and three parameters, but 3-1 has four and four; try 2-2.",
         sum),
)  # fmt: skip


def parameter_count_cases(rng):
    sizes = [(2, 1), (2, 2, 3, 2), (64, 30, 10), tuple(int(n) for n in rng.integers(1, 9, 5))]
    return [Case("-".join(map(str, s)), (s,)) for s in sizes]


parameter_count = Exercise(
    "parameter_count",
    right_parameter_count,
    PARAMETER_COUNT_SLIPS,
    parameter_count_cases,
    takes=("sizes",),
)


# -------- hunts: what no exercise lists


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


def one_output_for_one_hot(rng: np.random.Generator) -> Network:
    """Slip 5: a network ℝ² → ℝ where one-hot labels ask for ℝ² → ℝ²."""
    return init_network([2, 2, 3, 1], rng)
