"""The checks of notebook 01: answers by another hand, and the variants of the right one."""

import numpy as np
import pytest
from answers import POINT, Written, X, mistakes_are_named, network, right_answers_pass

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


@written("parameter_count", None)
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
