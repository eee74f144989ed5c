"""The checks of notebook 05: answers by another hand, and the variants of the right one."""

import numpy as np
from answers import Written, deltas, mistakes_are_named, right_answers_pass

from utils import checks
from utils.gradients import loss_gradient, stack, unstack
from utils.losses import mse
from utils.network import Network
from utils.training import train

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


@written("sgd_step", "one-dimensional-sample")
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


@written("vanishes_at_zero", "all-but-the-last-bias")
def all_but_the_last_bias(block):
    return block != "db[3]"


# -------- of what may be said


def limits(d, times=2.0):
    half = times * np.sqrt(np.sum((d - np.mean(d)) ** 2) / (len(d) - 1) / len(d))
    return np.mean(d) - half, np.mean(d) + half


def three(low, high, margin):
    return low > 0, high < 0, -margin < low and high < margin


@written("may_be_said", "single-differences")
def two_deviations(first, second, margin):
    d = first - second
    return three(np.mean(d) - 2 * np.std(d), np.mean(d) + 2 * np.std(d), margin)


@written("may_be_said", "single-differences")
def middle_95_percent(first, second, margin):
    return three(*np.percentile(first - second, [2.5, 97.5]), margin)


@written("may_be_said", "single-differences")
def smallest_and_largest(first, second, margin):
    return three(np.min(first - second), np.max(first - second), margin)


@written("may_be_said", "one-standard-error")
def one_standard_error(first, second, margin):
    return three(*limits(first - second, 1.0), margin)


@written("may_be_said", "zero-inside")
def equal_where_the_sign_is_unknown(first, second, margin):
    low, high = limits(first - second)
    return low > 0, high < 0, not (low > 0 or high < 0)


@written("may_be_said", "mean-inside")
def equal_where_the_mean_is_small(first, second, margin):
    low, high = limits(first - second)
    return low > 0, high < 0, abs(np.mean(first) - np.mean(second)) < margin


@written("may_be_said", "sign-of-the-mean")
def larger_mean(first, second, margin):
    u, v = np.mean(first), np.mean(second)
    return u > v, v > u, three(*limits(first - second), margin)[2]


@written("may_be_said", "sign-beyond-the-margin")
def larger_by_more_than_the_margin(first, second, margin):
    low, high = limits(first - second)
    return low > margin, high < -margin, -margin < low < high < margin


@written("may_be_said", "sign-only-without-a-tie")
def tie_first(first, second, margin):
    low, high = limits(first - second)
    if -margin < low and high < margin:
        return False, False, True
    return low > 0, high < 0, False


@written("may_be_said", "tie-only-without-a-sign")
def sign_first(first, second, margin):
    low, high = limits(first - second)
    if low > 0 or high < 0:
        return low > 0, high < 0, False
    return False, False, max(abs(low), abs(high)) < margin


@written("may_be_said", "unpaired")
def separate_samples(first, second, margin):
    half = 2 * np.sqrt(np.var(first) / len(first) + np.var(second) / len(second))
    d = np.mean(first) - np.mean(second)
    return three(d - half, d + half, margin)


@written("may_be_said", "overlap")
def intervals_that_overlap(first, second, margin):
    (u, U), (v, V) = limits(first), limits(second)
    return u > V, v > U, not (u > V or v > U)


@written("may_be_said", "turned-round")
def second_less_first(first, second, margin):
    return three(*limits(second - first), margin)


@written("may_be_said", "majority")
def more_than_half_of_the_pairs(first, second, margin):
    more = sum(u > v for u, v in zip(first, second, strict=True))
    return more > len(first) / 2, more < len(first) / 2, three(*limits(first - second), margin)[2]


@written("may_be_said", None)
def nothing_may_ever_be_said(first, second, margin):
    return False, False, False


@written("may_be_said", "short-interval")
def interval_shorter_than_the_margin(first, second, margin):
    low, high = limits(first - second)
    return low > 0, high < 0, high - low < margin


@written("may_be_said", None)
def half_the_margin(first, second, margin):
    return three(*limits(first - second), margin / 2)


@written("may_be_said", None)
def thirty_whatever_there_are(first, second, margin):
    d = first - second
    half = 2 * np.std(d) / np.sqrt(30)
    return three(np.mean(d) - half, np.mean(d) + half, margin)


@written("may_be_said", "means-only")
def means_alone(first, second, margin):
    d = np.mean(first) - np.mean(second)
    return d > 0, d < 0, abs(d) < margin


# -------- of the loop


def walk(net, x, y, rows, rate, gradient_at=None):
    for chosen in rows:
        at = net if gradient_at is None else gradient_at
        a, d = deltas(at, x[:, chosen], y[:, chosen])
        W, b = stepped(at, a, d, rate / len(chosen))
        W = {l: net.W[l] + W[l] - at.W[l] for l in W}
        b = {l: net.b[l] + b[l] - at.b[l] for l in b}
        net = Network(W, b, net.activation)
    return net


@written("descend", "from-the-start")
def net_never_renewed(net, x, y, order, learning_rate):
    for chosen in order:
        new = walk(net, x, y, [chosen], learning_rate)
    return new


@written("descend", "gradients-of-the-start")
def gradients_of_the_old_network(net, x, y, order, learning_rate):
    return walk(net, x, y, order, learning_rate, gradient_at=net)


@written("descend", "gradient-once")
def gradient_before_the_loop(net, x, y, order, learning_rate):
    return walk(net, x, y, [order[0] for _ in order], learning_rate, gradient_at=net)


@written("descend", "climbs")
def uphill(net, x, y, order, learning_rate):
    return walk(net, x, y, order, -learning_rate)


@written("descend", "all-points")
def everything_in_each_step(net, x, y, order, learning_rate):
    return walk(net, x, y, [np.arange(len(x.T))] * len(order), learning_rate)


@written("descend", "first-row")
def same_samples_each_time(net, x, y, order, learning_rate):
    return walk(net, x, y, [order[0] for _ in range(len(order))], learning_rate)


@written("descend", "one-by-one")
def a_step_for_each_sample(net, x, y, order, learning_rate):
    return walk(net, x, y, [[i] for chosen in order for i in chosen], learning_rate)


@written("descend", "last-left-out")
def stops_too_early(net, x, y, order, learning_rate):
    return walk(net, x, y, [order[k] for k in range(len(order) - 1)], learning_rate)


@written("descend", "last-twice")
def one_step_too_many(net, x, y, order, learning_rate):
    net = walk(net, x, y, order, learning_rate)
    return walk(net, x, y, [order[-1]], learning_rate)


@written("descend", "biases-left-alone")
def weights_only(net, x, y, order, learning_rate):
    for chosen in order:
        net = Network(walk(net, x, y, [chosen], learning_rate).W, net.b, net.activation)
    return net


@written("descend", "layer-by-layer")
def each_layer_by_itself(net, x, y, order, learning_rate):
    net = net.copy()
    for chosen in order:
        for l in net.W:
            new = walk(net, x, y, [chosen], learning_rate)
            net.W[l], net.b[l] = new.W[l], new.b[l]
    return net


@written("descend", "back-through-new-weights")
def moves_while_it_goes_back(net, x, y, order, learning_rate):
    net = net.copy()
    for chosen in order:
        a, _ = deltas(net, x[:, chosen], y[:, chosen])
        d = (a[net.L] - y[:, chosen]) * net.activation[net.L].derivative(a[net.L]) / len(chosen)
        for l in range(net.L, 1, -1):
            net.W[l] -= learning_rate * d @ a[l - 1].T
            net.b[l] -= learning_rate * d.sum(axis=1, keepdims=True)
            d = (net.W[l].T @ d) * (net.activation[l - 1].derivative(a[l - 1]) if l > 2 else 1)
    return net


@written("descend", "activation-lost")
def activation_not_handed_on(net, x, y, order, learning_rate):
    for chosen in order:
        new = walk(net, x, y, [chosen], learning_rate)
        net = Network(new.W, new.b)
    return net


@written("descend", "sum-for-mean")
def gradients_added_up(net, x, y, order, learning_rate):
    return walk(net, x, y, order, learning_rate * order.shape[1])


@written("descend", "changed-argument")
def loop_in_place(net, x, y, order, learning_rate):
    for chosen in order:
        new = walk(net, x, y, [chosen], learning_rate)
        net.W, net.b = new.W, new.b
    return net


@written("descend", None)
def rate_that_shrinks(net, x, y, order, learning_rate):
    for k, chosen in enumerate(order):
        net = walk(net, x, y, [chosen], learning_rate / (k + 1))
    return net


@written("descend", None)
def a_sample_short_in_the_last_row(net, x, y, order, learning_rate):
    _, first = np.unique(order[-1], return_index=True)
    rows = [*order[:-1], order[-1][first[:-1]] if len(first) > 1 else order[-1]]
    return walk(net, x, y, rows, learning_rate)


test_a_mistake_written_by_another_hand_is_named_rightly = mistakes_are_named(written)


# -------- right, in ways of their own


def with_the_normal_point(first, second, margin):
    return three(*limits(first - second, 1.96), margin)


def with_lists_and_signs(first, second, margin):
    low, high = limits(np.array([u - v for u, v in zip(first, second, strict=True)]))
    sign = np.sign(low) if low * high > 0 else 0
    return [int(sign > 0), int(sign < 0), int(max(-low, high) < margin)]


def copied_and_moved_in_place(net, x, y, order, learning_rate):
    net = net.copy()
    for chosen in order:
        _, dW, db = loss_gradient(net, x[:, chosen], y[:, chosen], mse)
        for l in range(2, net.L + 1):
            net.W[l] -= learning_rate * dW[l]
            net.b[l] -= learning_rate * db[l]
    return net


def recursive(net, x, y, order, learning_rate):
    if len(order) == 0:
        return net
    return recursive(walk(net, x, y, order[:1], learning_rate), x, y, order[1:], learning_rate)


def with_a_mean_of_single_gradients(net, x, y, order, learning_rate):
    for k in range(order.shape[0]):
        ends = [walk(net, x, y, [[i]], learning_rate) for i in order[k]]
        W, b = ({l: sum(getattr(end, part)[l] for end in ends) / len(ends) for l in net.W}
                for part in "Wb")  # fmt: skip
        net = Network(W, b, dict(net.activation))
    return net


def one_flat_vector(net, x, y, order, learning_rate):
    theta = stack(net.W, net.b)
    for chosen in order:
        at = Network(*unstack(theta, net), net.activation)
        theta = theta - learning_rate * stack(
            *loss_gradient(at, x[:, chosen], y[:, chosen], mse)[1:]
        )
    return Network(*unstack(theta, net), net.activation)


def with_train(net, x, y, order, learning_rate):
    for chosen in order:
        net = train(net, x[:, chosen], y[:, chosen], mse, steps=1, learning_rate=learning_rate,
                    rng=np.random.default_rng(0)).net  # fmt: skip
    return net


test_a_right_answer_in_its_own_way_passes = right_answers_pass([
    (checks.may_be_said, with_the_normal_point),
    (checks.may_be_said, with_lists_and_signs),
    (checks.descend, copied_and_moved_in_place),
    (checks.descend, recursive),
    (checks.descend, with_a_mean_of_single_gradients),
    (checks.descend, one_flat_vector),
    (checks.descend, with_train),
])  # fmt: skip


def test_no_case_of_reading_lies_near_a_threshold():
    # by a tenth of the half-width: whoever takes 1.96, or divides by R, decides the same
    for case in checks.may_be_said.cases(np.random.default_rng(2019)):
        first, second, margin = case.arguments
        low, high = limits(first - second, 2.0)
        edges = np.array([0, margin, -margin])
        assert np.abs(np.array([[low], [high]]) - edges).min() > 0.1 * (high - low) / 2, case.label
