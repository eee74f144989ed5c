"""The checks of notebook 05: answers by another hand, and the variants of the right one."""

import numpy as np
from answers import Written, deltas, mistakes_are_named

# -------- mistakes as students write them, by another hand

written = Written()


def stepped(net, a, d, rate):
    W = {l: net.W[l] - rate * np.dot(d[l], a[l - 1].T) for l in d}
    return W, {l: net.b[l] - rate * d[l].sum(axis=1, keepdims=True) for l in d}


@written("sgd_step", "climbs")
def gradient_added(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x[:, [i]], y[:, [i]]), -learning_rate)


@written("sgd_step", "no-rate")
def whole_gradient_taken_off(net, x, y, i, learning_rate):
    a, d = deltas(net, x[:, [i]], y[:, [i]])
    W = {l: net.W[l] - np.outer(d[l], a[l - 1]) for l in d}
    return W, {l: net.b[l] - d[l] for l in d}


@written("sgd_step", "whole-batch")
def all_samples(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x, y), learning_rate / x.shape[1])


@written("sgd_step", "biases-left-alone")
def old_biases(net, x, y, i, learning_rate):
    W, _ = stepped(net, *deltas(net, x[:, i : i + 1], y[:, i : i + 1]), learning_rate)
    return W, dict(net.b)


@written("sgd_step", "first-sample")
def sample_zero(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x[:, :1], y[:, :1]), learning_rate)


@written("sgd_step", "gradient-for-parameters")
def gradients_handed_back(net, x, y, i, learning_rate):
    a, d = deltas(net, x[:, [i]], y[:, [i]])
    return {l: np.outer(d[l], a[l - 1]) for l in d}, d


@written("sgd_step", "changed-argument")
def step_in_place(net, x, y, i, learning_rate):
    a, d = deltas(net, x[:, [i]], y[:, [i]])
    for l in d:
        net.W[l] -= learning_rate * np.outer(d[l], a[l - 1])
        net.b[l] -= learning_rate * d[l]
    return net.W, net.b


@written("sgd_step", None)
def all_samples_up_to_i(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x[:, : i + 1], y[:, : i + 1]), learning_rate)


@written("sgd_step", None)
def sample_without_its_axis(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x[:, i], y[:, i]), learning_rate)


@written("vanishes_at_zero", "weights-only")
def by_kind(block):
    return block[:2] == "dW"


@written("vanishes_at_zero", "nothing")
def never(block):
    return {"dW[2]": False, "db[2]": False, "dW[3]": False, "db[3]": False}[block]


@written("vanishes_at_zero", "everything")
def always(block):
    return 1


@written("vanishes_at_zero", "the-other-layer")
def output_layer(block):
    return int(block[3]) == 3


@written("vanishes_at_zero", None)
def all_but_the_last_bias(block):
    return block != "db[3]"


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)
