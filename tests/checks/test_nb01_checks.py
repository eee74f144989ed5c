"""The checks of notebook 01: answers by another hand, and the variants of the right one."""

import numpy as np
import pytest
from answers import POINT, Written, X, diagnosis, mistakes_are_named, network, right_answers_pass

from utils import checks
from utils.activations import identity, sigmoid
from utils.checks import nb01_forward_pass as room
from utils.network import forward
from utils.numerical import relative_error

# -------- right answers in other styles


def layer_by_loops(W, b, a):
    result = np.empty((W.shape[0], a.shape[1]))
    for i in range(W.shape[0]):
        for s in range(a.shape[1]):
            z = b[i, 0]
            for j in range(W.shape[1]):
                z += W[i, j] * a[j, s]
            result[i, s] = 1 / (1 + np.exp(-z))
    return result


def network_by_recursion(net, x):
    def layer(l):
        if l == 1:
            return {}, {1: x}
        z, a = layer(l - 1)
        z_l = np.dot(net.W[l], a[l - 1]) + net.b[l]
        return {**z, l: z_l}, {**a, l: net.activation[l](z_l)}

    return layer(net.L)


def network_point_by_point(net, x):
    points = []
    for s in range(x.shape[1]):
        z, a = {}, {1: x[:, s]}
        for l in net.W:
            z[l] = net.W[l] @ a[l - 1] + net.b[l][:, 0]
            a[l] = net.activation[l](z[l])
        points.append((z, a))
    return [
        {l: np.column_stack([point[k][l] for point in points]) for l in points[0][k]}
        for k in (0, 1)
    ]


def network_with_two_names(net, x):
    z, a, signal = {}, {}, x
    a[1] = signal
    for l, (W, b) in enumerate(zip(net.W.values(), net.b.values(), strict=True), start=2):
        weighted = np.einsum("ij,js->is", W, signal)
        weighted += b
        signal = net.activation[l](weighted)
        z[l], a[l] = weighted, signal
    return z, a


def network_with_a_row_of_ones(net, x):
    z, a = {}, {1: np.array(x)}
    for l in range(2, 1 + net.L):
        with_ones = np.vstack([a[l - 1], np.ones((1, x.shape[1]))])
        z[l] = np.hstack([net.W[l], net.b[l]]) @ with_ones
        a[l] = net.activation[l](z[l])
    return z, a


def collapse_from_the_left(net):
    product, bias = np.eye(net.sizes[-1]), np.zeros((net.sizes[-1], 1))
    for l in range(net.L, 1, -1):
        bias = bias + np.dot(product, net.b[l])
        product = np.dot(product, net.W[l])
    return [product, bias]


STYLES = [
    (checks.layer, layer_by_loops),
    (checks.layer, lambda W, b, a: sigmoid(np.einsum("ij,js->is", W, a) + b)),
    (checks.layer, lambda W, b, a: 0.5 * (1 + np.tanh((np.dot(W, a) + b) / 2))),
    (checks.forward_pass, forward),
    (checks.forward_pass, network_by_recursion),
    (checks.forward_pass, network_point_by_point),
    (checks.forward_pass, network_with_two_names),
    (checks.forward_pass, network_with_a_row_of_ones),
    (checks.parameter_count, lambda s: sum(s[i] * s[i + 1] + s[i + 1] for i in range(len(s) - 1))),
    (checks.parameter_count, lambda s: int(np.dot(s[1:], np.array(s[:-1]) + 1))),
    (checks.collapse, collapse_from_the_left),
]


test_right_answers_in_other_styles_pass = right_answers_pass(STYLES)


# -------- mistakes as students write them, by another hand

written = Written()


@written("layer", "no-activation")
def weighted_input_by_loops(W, b, a):
    z = np.zeros((len(W), a.shape[1]))
    for i in range(len(W)):
        for s in range(a.shape[1]):
            z[i, s] = b[i, 0] + sum(W[i, j] * a[j, s] for j in range(W.shape[1]))
    return z


@written("layer", "bias-outside")
def bias_behind_the_fraction(W, b, a):
    return 1 / (1 + np.exp(-np.dot(W, a))) + b


@written("layer", "negated-exponent")
def exponent_without_minus(W, b, a):
    return 1 / (1 + np.exp(np.dot(W, a) + b))


@written("layer", "elementwise-weights")
def star_for_at(W, b, a):
    return 1 / (1 + np.exp(-(W * a + b)))


@written("layer", "transposed-weights")
def weights_by_columns(W, b, a):
    return 1 / (1 + np.exp(-(np.dot(W.T, a) + b)))


@written("layer", "flattened-bias")
def bias_without_its_axis(W, b, a):
    return 1 / (1 + np.exp(-(np.dot(W, a) + b[:, 0])))


@written("layer", "minus-before-the-product-alone")
def minus_before_the_product_alone(W, b, a):
    return 1 / (1 + np.exp(-np.dot(W, a) + b))


@written("layer", "denominator-without-parentheses")
def denominator_without_parentheses(W, b, a):
    return 1 / 1 + np.exp(-(W @ a + b))


@written("layer", "factors-exchanged")
def factors_exchanged(W, b, a):
    return sigmoid(a @ W + b)


@written("forward_pass", "last-layer-without-activation")
def last_layer_by_itself(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L):
        z[l] = np.dot(net.W[l], a[l - 1]) + net.b[l]
        a[l] = net.activation[l](z[l])
    z[net.L] = np.dot(net.W[net.L], a[net.L - 1]) + net.b[net.L]
    a[net.L] = z[net.L]
    return z, a


@written("forward_pass", "sigmoid-everywhere")
def exponentials_everywhere(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = net.W[l] @ a[l - 1] + net.b[l]
        a[l] = 1 / (1 + np.exp(-z[l]))
    return z, a


@written("forward_pass", "one-layer-short")
def range_to_the_last_layer(net, x):
    z, a = {}, {}
    a[1] = x
    for l in range(2, net.L):
        z[l] = np.dot(net.W[l], a[l - 1]) + net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


@written("forward_pass", "layer-1")
def range_from_one(net, x):
    z, a = {}, {0: x}
    for l in range(1, net.L + 1):
        z[l] = net.W[l] @ a[l - 1] + net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


@written("forward_pass", "layer-0")
def range_from_zero(net, x):
    z, a = {}, {1: x}
    for l in range(net.L):
        z[l] = net.W[l] @ a[l] + net.b[l]
        a[l + 1] = net.activation[l](z[l])
    return z, a


@written("forward_pass", "beyond-the-last-layer")
def range_too_far(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 2):
        z[l] = net.W[l].dot(a[l - 1]) + net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


@written("forward_pass", "input-in-every-layer")
def x_never_renewed(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = np.dot(net.W[l], x) + net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


@written("forward_pass", "weighted-input-handed-on")
def one_name_for_z_and_signal(net, x):
    z, a, v = {}, {1: x}, x
    for l in range(2, net.L + 1):
        v = np.dot(net.W[l], v) + net.b[l]
        z[l], a[l] = v, net.activation[l](v)
    return z, a


@written("forward_pass", "activation-for-weighted-input")
def the_same_array_twice(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = np.dot(net.W[l], a[l - 1]) + net.b[l]
        z[l] = net.activation[l](z[l])
        a[l] = z[l]
    return z, a


@written("forward_pass", "no-bias")
def weights_alone(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = np.einsum("ij,js->is", net.W[l], a[l - 1])
        a[l] = net.activation[l](z[l])
    return z, a


@written("forward_pass", "bias-outside")
def bias_after_the_activation(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = np.dot(net.W[l], a[l - 1])
        a[l] = net.activation[l](z[l]) + net.b[l]
    return z, a


@written("forward_pass", "transposed-weights")
def weights_turned_round(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = np.dot(np.transpose(net.W[l]), a[l - 1]) + net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


@written("forward_pass", "return-inside-the-loop")
def return_too_far_to_the_right(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = np.dot(net.W[l], a[l - 1]) + net.b[l]
        a[l] = net.activation[l](z[l])
        return z, a


@written("forward_pass", "last-layer-only")
def one_name_for_all_layers(net, x):
    for l in range(2, net.L + 1):
        z = np.dot(net.W[l], x) + net.b[l]
        x = net.activation[l](z)
    return z, x


@written("forward_pass", "dictionary-called")
def activation_without_its_layer(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = np.dot(net.W[l], a[l - 1]) + net.b[l]
        a[l] = net.activation(z[l])
    return z, a


@written("forward_pass", "input-not-stored")
def input_apart(net, x):
    z, a = {2: net.W[2] @ x + net.b[2]}, {}
    a[2] = net.activation[2](z[2])
    for l in range(3, net.L + 1):
        z[l] = net.W[l] @ a[l - 1] + net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


@written("forward_pass", "changed-argument")
def input_overwritten(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = net.W[l] @ a[l - 1] + net.b[l]
        a[l] = net.activation[l](z[l])
    x[:] = a[2][:1]
    return z, a


@written("forward_pass", "changed-argument")
def weighted_inputs_put_into_the_biases(net, x):
    z, a = {}, {1: x[:, :1]}
    for l in range(2, net.L + 1):
        z[l] = net.b[l]
        z[l] += net.W[l] @ a[l - 1]
        a[l] = net.activation[l](z[l])
    return z, a


@written("forward_pass", None)
def list_without_an_entry_for_layer_2(net, x):
    W, b = list(net.W.values()), list(net.b.values())
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = W[l - 1] @ a[l - 1] + b[l - 1]
        a[l] = net.activation[l](z[l])
    return z, a


@written("parameter_count", "one-layer-short")
def loop_without_the_last(sizes):
    total = 0
    for l in range(1, len(sizes) - 1):
        total += sizes[l] * sizes[l - 1] + sizes[l]
    return total


@written("parameter_count", "no-biases")
def weights_by_a_loop(sizes):
    total = 0
    for l in range(1, len(sizes)):
        total += sizes[l] * sizes[l - 1]
    return total


@written("parameter_count", "biases-of-the-input")
def weights_and_all_neurons(sizes):
    return int(np.dot(sizes[1:], sizes[:-1]) + np.sum(sizes))


@written("parameter_count", None)
def loop_past_the_end(sizes):
    total = 0
    for l in range(len(sizes)):
        total += sizes[l + 1] * (sizes[l] + 1)
    return total


@written("parameter_count", "wraps-round")
def loop_that_wraps_around(sizes):
    total = 0
    for l in range(len(sizes)):
        total += sizes[l] * sizes[l - 1] + sizes[l]
    return total


@written("collapse", "new-weights-in-the-bias")
def weights_renewed_first(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        W = np.dot(net.W[l], W)
        b = np.dot(W, b) + net.b[l]
    return W, b


@written("collapse", "reversed-order")
def appended_on_the_right(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        b = np.dot(net.W[l], b) + net.b[l]
        W = np.dot(W, net.W[l])
    return W, b


@written("collapse", "biases-summed")
def biases_added_as_they_are(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        W = np.dot(net.W[l], W)
        b = b + net.b[l]
    return W, b


@written("collapse", "one-layer-short")
def range_to_L(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L):
        W, b = np.dot(net.W[l], W), np.dot(net.W[l], b) + net.b[l]
    return W, b


@written("collapse", None)
def weights_of_layer_1(net):
    W, b = net.W[1], net.b[1]
    for l in range(2, net.L + 1):
        W, b = net.W[l] @ W, net.W[l] @ b + net.b[l]
    return W, b


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


@pytest.mark.parametrize(
    "name",
    ["transposed-weights", "elementwise-weights", "flattened-bias", "input-in-every-layer",
     "bias-before-the-weights"],
)  # fmt: skip
def test_with_equal_widths_a_slip_of_shapes_is_one_of_numbers(name):
    (slip,) = (slip for slip in checks.forward_pass.slips if slip.name == name)
    assert str(diagnosis(checks.forward_pass, slip.variant)).startswith(
        f"✗ forward_pass: {slip.says}."
    )


def test_one_dictionary_or_two_lists_are_told_what_is_expected():
    def activations_alone(net, x):
        a = {1: x}
        for l in range(2, net.L + 1):
            a[l] = net.activation[l](net.W[l] @ a[l - 1] + net.b[l])
        return a

    def lists_for_dictionaries(net, x):
        z, a = [], [x]
        for l in range(2, net.L + 1):
            z.append(net.W[l] @ a[-1] + net.b[l])
            a.append(net.activation[l](z[-1]))
        return z, a

    error = diagnosis(checks.forward_pass, activations_alone)
    assert error.slip == "wrong-number-of-results"
    assert "return 2 things, z and a: return z, a" in str(error)
    error = diagnosis(checks.forward_pass, lists_for_dictionaries)
    assert error.slip == "no-dictionary"
    assert "z is a list; a dictionary is expected here" in str(error)


# -------- the right algorithm and its variants, by other means


def test_1_biases_in_one_place_is_exact_only_without_the_strayed_biases():
    net = network([2, 2, 2, 2])
    right = forward(net, X)[1][4]
    assert relative_error(room.biases_in_one_place(net, X), right) > 0.01
    tame = net.copy()
    tame.b[3][:] = tame.b[4][:] = 0
    assert relative_error(room.biases_in_one_place(tame, X), forward(tame, X)[1][4]) < 1e-14
    with pytest.raises(ValueError):
        room.biases_in_one_place(network([2, 3, 4, 1]), X)


def test_2_weights_of_the_next_width_have_the_written_shapes_and_do_not_multiply():
    W = room.weights_of_the_next_width([2, 2, 3, 2], np.random.default_rng(0))
    assert {l: w.shape for l, w in W.items()} == {2: (2, 3), 3: (3, 2)}
    with pytest.raises(ValueError):
        W[2] @ POINT


def test_3_previous_weights_are_silent_with_equal_widths_only():
    net = network([2, 2, 2, 2])
    written = room.forward_with_previous_weights(net, X)
    assert written.shape == (2, 2)
    assert relative_error(written, forward(net, X)[1][4]) > 0.01
    with pytest.raises(ValueError):
        room.forward_with_previous_weights(network([2, 3, 4, 1]), X)


def test_4_collapse_without_bias_misses_the_value_at_zero():
    net = network([2, 3, 2], activation=identity)
    W, b = room.collapsed(net)
    zero = np.zeros((2, 1))
    assert relative_error(W @ X + b, forward(net, X)[1][3]) < 1e-14
    W_written, b_written = room.collapse_without_bias(net)
    assert np.array_equal(W_written, W)
    assert not (W_written @ zero + b_written).any()
    assert np.abs(forward(net, zero)[1][3]).min() > 0.01


def test_5_one_output_for_one_hot_has_one_output():
    assert room.one_output_for_one_hot(np.random.default_rng(0)).sizes[-1] == 1
