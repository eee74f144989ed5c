"""Notebook 05: what replicas say, a start that learns nothing, a step of descent, and the loop."""

from functools import partial

import numpy as np

from utils.activations import identity, sigmoid, tanh
from utils.checks.exercise import Case, Exercise, Slip, random_net
from utils.checks.steps import batch_gradient_with, mse_start, right_step
from utils.gradients import loss_gradient
from utils.losses import mse
from utils.network import Network, forward
from utils.replicas import Interval, fraction_interval, mean_interval, median_interval

# -------- exercise 1: may_be_said


def said_of(interval, margin):
    """The first is larger; the second is; they differ by less than the margin."""
    return interval.low > 0, interval.high < 0, interval.inside(-margin, margin)


def may_be_said_with(first, second, margin, interval=mean_interval):
    """What the interval of the paired differences permits, or another one in its place."""
    return said_of(interval(first - second), margin)


def around(values, half):
    """Mean ± half."""
    return Interval(values.mean(), values.mean() - half, values.mean() + half)


def unpaired_interval(first, second):
    """Of the difference of two means, as if the samples were separate ones."""
    parts = [np.ptp(mean_interval(v)[1:]) / 2 for v in (first, second)]
    return around(first - second, np.hypot(*parts))


def said_of_overlap(first, second, margin, tie=None):
    """Two intervals, one for each mean: equal where they overlap, or by another rule."""
    u, v = mean_interval(first), mean_interval(second)
    overlap = u.low <= v.high and v.low <= u.high
    return u.low > v.high, v.low > u.high, overlap if tie is None else tie(u, v, margin)


def said_of_means(first, second, margin, beyond=0.0):
    """The means of the two samples alone; A and B beyond so many margins."""
    mean = (first - second).mean()
    return mean > beyond * margin, mean < -beyond * margin, abs(mean) < margin


def said_of_single_ties(first, second, margin):
    """A and B by the interval; C where every single difference is within the margin."""
    A, B, _ = may_be_said_with(first, second, margin)
    return A, B, np.abs(first - second).max() < margin


def said_as_possible(first, second, margin):
    """A and B where some number in the interval has that sign."""
    interval = mean_interval(first - second)
    return interval.high > 0, interval.low < 0, interval.inside(-margin, margin)


def said_with_one_sign_or_the_other(first, second, margin):
    """B wherever A is not."""
    A, _, C = may_be_said_with(first, second, margin)
    return A, not A, C


def said_of_signs(first, second, margin):
    """The fraction of pairs in which the first is larger, against ½."""
    more = fraction_interval(int(np.sum(first > second)), first.size)
    return more.low > 0.5, more.high < 0.5, mean_interval(first - second).inside(-margin, margin)


def said_with_tie(tie):
    """A and B by the interval, and C by a rule of its own."""

    def said(first, second, margin):
        interval = mean_interval(first - second)
        return interval.low > 0, interval.high < 0, tie(interval, margin)

    return said


def said_with_signs(larger):
    """C by the interval, and A and B by a rule: is this larger than that?"""

    def said(first, second, margin):
        d = first - second
        return larger(d, margin), larger(-d, margin), mean_interval(d).inside(-margin, margin)

    return said


def tie_unless_a_sign(first, second, margin):
    """C only where neither A nor B holds."""
    A, B, C = may_be_said_with(first, second, margin)
    return A, B, C and not (A or B)


def sign_unless_a_tie(first, second, margin):
    """A and B only where C doesn't hold."""
    A, B, C = may_be_said_with(first, second, margin)
    return A and not C, B and not C, C


MAY_BE_SAID_SLIPS = (
    Slip("single-differences", "you look where single differences lie (mean ± 2 standard "
         "deviations, or a band, or the smallest and the largest); the sentences are about the "
         "mean, whose interval is √R times shorter",
         "try first = np.tile([0.0, 2.0], 50), second = 0 * first, margin = 0.5: the mean is "
         "1 ± 0.2, so A may be said.",
         partial(may_be_said_with, interval=lambda d: around(d, 2 * d.std(ddof=1)))),
    Slip("one-standard-error", "the mean ± one standard error s/√R is too short: for 95 % it takes "
         "two of them",
         "try first = np.array([-1.0, 3.0, -1.0, 3.0, 3.0]), second = 0 * first, margin = 0.5: "
         "the mean is 1.4 ± 2.7, so A is false.",
         partial(may_be_said_with,
                 interval=lambda d: around(d, d.std(ddof=1) / np.sqrt(d.size)))),
    Slip("zero-inside", "you call them equal where 0 lies in the interval; there the sign is not "
         "known, which is less. C needs the whole interval inside the margin",
         "try first = np.array([-9.0, 9.0, -9.0, 9.0]), second = 0 * first, margin = 0.5: 0 is in "
         "the interval, and so is 5.",
         said_with_tie(lambda interval, margin: interval.contains(0))),
    Slip("some-of-it-inside", "you let C be true where the interval and the margin have something "
         "in "
         "common; C needs the whole interval inside",
         "try first = np.array([-9.0, 9.0, -9.0, 9.0]), second = 0 * first, margin = 0.5: the "
         "interval holds 5 as well, so C is false.",
         said_with_tie(lambda interval, margin: interval.low < margin and interval.high > -margin)),
    Slip("short-interval", "the length of the interval is compared with the margin; C asks where "
         "it "
         "lies", "try first = np.tile([5.0, 5.1], 20), second = 0 * first, margin = 0.5: they "
         "differ by 5, so C is false.",
         said_with_tie(lambda interval, margin: interval.high - interval.low < margin)),
    Slip("single-ties", "C asks every single difference to be within the margin; it speaks of the "
         "average, whose interval has to lie inside",
         "try first = np.tile([-1.0, 1.0], 50), second = 0 * first, margin = 0.5: the mean is "
         "0 ± 0.2, so C may be said.", said_of_single_ties),
    Slip("never-equal", "C comes out false in every case; it is true where the whole interval lies "
         "between −margin and margin (inside takes the lower end first)",
         "try first = np.tile([0.1, 0.3], 50), second = 0 * first, margin = 0.5: A and C are "
         "true.", said_with_tie(lambda interval, margin: interval.inside(margin, -margin))),
    Slip("means-only", "you look at the mean of the sample alone; the sentences are about the mean "
         "of all replicas, and that is known as well as the interval says",
         "try first = np.array([-9.0, 9.0, -9.0, 10.0]), second = 0 * first, margin = 0.5: the "
         "interval reaches from below −16 to above 16, so A is false.", said_of_means),
    Slip("means-beyond-the-margin", "you compare the mean of the sample with the margin; the "
         "sentences are about the mean of all replicas, and A and B are about its sign",
         "try first = np.tile([0.1, 0.3], 50), second = 0 * first, margin = 0.5: A and C are "
         "true.", partial(said_of_means, beyond=1.0)),
    Slip("possible-for-certain", "you let A be true where some number in the interval is above 0 "
         "(and B, below); a sentence may be said if it is true of *every* number in it",
         "try first = np.array([-9.0, 9.0, -9.0, 9.0]), second = 0 * first, margin = 0.5: the "
         "interval reaches from below −16 to above 16, so A is false.", said_as_possible),
    Slip("one-or-the-other", "you let B be true wherever A is false; where 0 is in the interval "
         "neither may be said",
         "try first = np.array([-9.0, 9.0, -9.0, 9.0]), second = 0 * first, margin = 0.5: the "
         "interval reaches from below −16 to above 16, so B is false.",
         said_with_one_sign_or_the_other),
    Slip("mean-inside", "the mean of the sample lies within the margin; C is about the mean of all "
         "replicas, so the whole interval has to",
         "try first = np.array([-9.0, 9.0, -9.0, 9.0]), second = 0 * first, margin = 0.5: the "
         "mean is 0, but known to ±17 only.",
         said_with_tie(lambda interval, margin: abs(interval.estimate) < margin)),
    Slip("one-end", "only the upper end is compared with the margin; the lower one must not lie "
         "below minus the margin",
         "try first = np.array([-9.0, -8.0, -9.0, -8.0]), second = 0 * first, margin = 0.5: they "
         "differ by 8 or 9, so C is false.",
         said_with_tie(lambda interval, margin: interval.high < margin)),
    Slip("tie-only-without-a-sign", "you let C be true only where A and B are false; where the "
         "interval is short both a sign and C may be said: larger, but by less than matters",
         "try first = np.tile([0.1, 0.3], 50), second = 0 * first, margin = 0.5: A and C are "
         "true.", tie_unless_a_sign),
    Slip("sign-only-without-a-tie", "you let A and B be true only where C is false; where the "
         "interval is short both a sign and C may be said: larger, but by less than matters",
         "try first = np.tile([0.1, 0.3], 50), second = 0 * first, margin = 0.5: A and C are "
         "true.", sign_unless_a_tie),
    Slip("sign-beyond-the-margin", "A and B are compared with the margin; they say which is "
         "larger, not by how much, so 0 is what they are compared with",
         "try first = np.tile([0.1, 0.3], 50), second = 0 * first, margin = 0.5: the mean is "
         "0.2 ± 0.02, so A may be said.",
         said_with_signs(lambda d, margin: mean_interval(d).low > margin)),
    Slip("sign-of-the-mean", "A and B follow the sign of the mean; the mean of these few is hardly "
         "ever 0, so one of them would always be said. The whole interval has to be on one side",
         "try first = np.array([-9.0, 9.0, -9.0, 10.0]), second = 0 * first, margin = 0.5: the "
         "interval reaches from below −16 to above 16.",
         said_with_signs(lambda d, margin: d.mean() > 0)),
    Slip("majority", "you count in how many pairs the first is larger; the sentences are about the "
         "mean, and a few large differences may outweigh many small ones",
         "try first = np.array([-1.0, -1.0, 9.0] * 20), second = 0 * first, margin = 0.5: two of "
         "three are negative, and the mean is 2.3 ± 1.2.",
         said_with_signs(lambda d, margin: np.mean(d > 0) > 0.5)),
    Slip("fraction", "this is the interval of a fraction, in how many pairs the first is larger; "
         "the sentences are about the mean difference",
         "try first = np.array([-1.0, -1.0, 9.0] * 20), second = 0 * first, margin = 0.5: two of "
         "three are negative, and the mean is 2.3 ± 1.2.", said_of_signs),
    Slip("median", "this is the interval of the median; the sentences are about the mean",
         "try first = np.array([-1.0, -1.0, 9.0] * 20), second = 0 * first, margin = 0.5: the "
         "median is −1, and the mean is 2.3 ± 1.2.",
         partial(may_be_said_with, interval=median_interval)),
    Slip("always", "A and B ask for every single difference to have that sign; they speak of the "
         "average",
         "try first = np.tile([-1.0, 3.0], 50), second = 0 * first, margin = 0.5: the mean is "
         "1 ± 0.4, so A may be said.",
         said_with_signs(lambda d, margin: np.all(d > 0))),
    Slip("unpaired", "the two samples are treated as separate ones; they are pairs, and what a "
         "pair has in common cancels in its difference",
         "try second = np.arange(40.0), first = second + np.tile([0.9, 1.1], 20), margin = 0.5: "
         "every difference is about 1.",
         lambda first, second, margin: said_of(unpaired_interval(first, second), margin)),
    *(Slip("overlap", "two intervals that overlap say neither that the means are equal nor that "
           "their order is unknown: take one interval, of the differences",
           "try second = np.arange(40.0), first = second + np.tile([0.9, 1.1], 20), margin = 0.5: "
           "every difference is about 1.", variant)
      for variant in (
          said_of_overlap,
          partial(said_of_overlap, tie=lambda u, v, margin: abs(u.estimate - v.estimate) < margin),
          partial(said_of_overlap, tie=lambda u, v, margin:
                  max(u.high - v.low, v.high - u.low) < margin),
          lambda first, second, margin: (*said_of_overlap(first, second, margin)[:2],
                                         mean_interval(first - second).inside(-margin, margin)))),
    Slip("no-root", "the standard deviation is divided by R; the standard error is s/√R",
         "try first = np.array([-2.0, 2.0, -2.0, 2.0, 1.0]), second = 0 * first, margin = 1.5: "
         "the mean is 0.2 ± 2.5, so C is false.",
         partial(may_be_said_with, interval=lambda d: around(d, 2 * d.std(ddof=1) / d.size))),
    Slip("turned-round", "A and B are exchanged: A says that the first is larger",
         "try first = np.tile([2.0, 3.0], 20), second = 0 * first, margin = 0.5: A is true.",
         lambda first, second, margin: may_be_said_with(second, first, margin)),
)  # fmt: skip


def may_be_said_cases(rng):
    def standard(R):
        v = rng.normal(size=R)
        return (v - v.mean()) / v.std(ddof=1)

    def pairs(R, mean, half, margin, shape=None):
        """Differences with this mean, known to about ± half, in values that vary ten times more."""
        d = mean + half * np.sqrt(R) / 2 * (standard(R) if shape is None else shape)
        second = 30 + 5 * half * np.sqrt(R) * standard(R)
        return second + d, second, margin

    few = np.where(np.arange(60) % 4 == 2, 3.0, -0.2)
    second = 20 + standard(60)
    even = rng.permutation((np.arange(10) - 4.5) / np.sqrt(55 / 6))  # mean 0, standard deviation 1
    calm = 20 + 0.02 * standard(20)  # so calm that they needn't even be paired
    # nowhere does it matter whether 1.96, 2 or Student's point is taken
    return [
        Case("1.0 ± 0.2 in 200 pairs, margin 0.5", pairs(200, 1.0, 0.2, 0.5)),
        Case("−2.0 ± 0.4 in 12 pairs, margin 0.3", pairs(12, -2.0, 0.4, 0.3)),
        Case("0.05 ± 0.8 in 100 pairs, margin 1.2", pairs(100, 0.05, 0.8, 1.2)),
        # six of ten are positive, which is a majority, and no fraction that excludes ½
        Case("0.7 ± 1.0 in 10 pairs, margin 1.1", pairs(10, 0.7, 1.0, 1.1, even)),
        Case("0.2 ± 0.1 in 30 pairs, margin 0.65", pairs(30, 0.2, 0.1, 0.65)),
        Case("0.6 ± 0.4 in 60 pairs with a few large differences, margin 0.5",
             (second + few, second, 0.5)),
        Case("−0.3 ± 0.1 in 20 pairs, margin 2", (calm - 0.3 + 0.22 * standard(20), calm, 2.0)),
    ]  # fmt: skip


may_be_said = Exercise(
    "may_be_said",
    may_be_said_with,
    MAY_BE_SAID_SLIPS,
    may_be_said_cases,
    ("A", "B", "C"),
    ("first", "second", "margin"),
)


# -------- exercise 2: vanishes_at_zero


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
    Slip("all-but-the-last-bias", "dW[3] does not vanish: the weights are 0, but a[2] is ½",
         "a[2] is ½, not 0; so dW[3] = δ[3] a[2]ᵀ does not vanish.",
         lambda block: block != "db[3]"),
    Slip("first-biases-only", "dW[2] vanishes too: it is δ[2] times xᵀ",
         "δ[2] = σ′ ∘ W[3]ᵀδ[3], and W[3] is 0.", lambda block: block == "db[2]"),
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


# -------- exercise 3: sgd_step


def sgd_step_with(net, x, y, i, learning_rate, sign=-1.0, columns=None, W_rate=None, b_rate=None):
    """One step on column i, with parts exchanged for flawed ones."""
    chosen = [i] if columns is None else columns(x)
    dW, db = batch_gradient_with(right_step, net, x[:, chosen], y[:, chosen])
    W_rate, b_rate = (learning_rate if r is None else r for r in (W_rate, b_rate))
    W = {l: net.W[l] + sign * W_rate * dW[l] for l in net.W}
    return W, {l: net.b[l] + sign * b_rate * db[l] for l in net.b}


ONE_GRADIENT = (
    "compare each W[l] and b[l] with net.W[l] − η dW[l] and net.b[l] − η db[l], where dW and db "
    "are the gradient at the network as given"
)


def sgd_step_on(net, x, y, learning_rate):
    """One step of the library's gradient, on the x and y that were taken out."""
    _, dW, db = loss_gradient(net, x, y, mse)
    return ({l: net.W[l] - learning_rate * dW[l] for l in net.W},
            {l: net.b[l] - learning_rate * db[l] for l in net.b})  # fmt: skip


def sgd_step_with_biases_after_weights(net, x, y, i, learning_rate):
    """The biases' gradient is that of the network whose weights have moved."""
    new = step_with_biases_after_weights(net, x, y, [i], learning_rate)
    return new.W, new.b


def sgd_step_without_the_slope_of_the_output(net, x, y, i, learning_rate):
    """Started with a − y."""
    dW, db = batch_gradient_with(
        right_step, net, x[:, [i]], y[:, [i]], start=lambda net, z, a, y: a[net.L] - y
    )
    return ({l: net.W[l] - learning_rate * dW[l] for l in net.W},
            {l: net.b[l] - learning_rate * db[l] for l in net.b})  # fmt: skip


def sgd_step_without_the_last_layer(net, x, y, i, learning_rate):
    """range(2, L)."""
    W, b = sgd_step_with(net, x, y, i, learning_rate)
    return {l: W[l] for l in W if l < net.L}, {l: b[l] for l in b if l < net.L}


SGD_STEP_SLIPS = (
    Slip("one-dimensional-sample", "the sample was taken out with x[:, i], which has one "
         "dimension; "
         "x[:, [i]] keeps it a column", "print x[:, i].shape and x[:, [i]].shape.",
         lambda net, x, y, i, rate: sgd_step_on(net, x[:, i], y[:, i], rate)),
    *(Slip("row-for-sample", "a row was taken out, x[i]; samples are columns, x[:, [i]]",
           "print x[[0]].shape and x[:, [0]].shape: a sample has n₁ numbers.", variant)
      for variant in (lambda net, x, y, i, rate: sgd_step_on(net, x[[i]], y[[i]], rate),
                      lambda net, x, y, i, rate: sgd_step_on(net, x[i], y[i], rate))),
    Slip("biases-after-weights", "the biases' gradient is taken when the weights have moved "
         "already; both belong to one gradient", f"{ONE_GRADIENT}.",
         sgd_step_with_biases_after_weights),
    Slip("no-output-slope", "the start vector is a − y; for the squared error it is "
         "(a − y) ∘ σ′(z[L])", "make the output layer the identity, whose slope is 1: then you "
         "are right.", sgd_step_without_the_slope_of_the_output),
    Slip("no-rate-for-the-biases", "the learning rate is missing for the biases",
         "with learning_rate = 0.001 nothing may move far.", partial(sgd_step_with, b_rate=1.0)),
    Slip("no-rate-for-the-weights", "the learning rate is missing for the weights",
         "with learning_rate = 0.001 nothing may move far.", partial(sgd_step_with, W_rate=1.0)),
    Slip("last-layer-missing", "layer L is missing: range leaves out its end",
         "print the keys of W: for L = 3 they are 2 and 3.", sgd_step_without_the_last_layer),
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


# -------- exercise 4: descend


def stepped(net, x, y, chosen, W_rate, b_rate=None, at=None):
    """One step on the chosen columns, along the gradient at this network or at another one."""
    dW, db = batch_gradient_with(right_step, net if at is None else at, x[:, chosen], y[:, chosen])
    b_rate = W_rate if b_rate is None else b_rate
    W = {l: net.W[l] - W_rate * dW[l] for l in net.W}
    return Network(W, {l: net.b[l] - b_rate * db[l] for l in net.b}, net.activation)


def descend_with(net, x, y, order, learning_rate, step=stepped):
    """A step for each row of order, each from where the last one ended."""
    for chosen in order:
        net = step(net, x, y, chosen, learning_rate)
    return net


def descend_along(rows):
    """The right loop over other rows."""
    return lambda net, x, y, order, rate: descend_with(net, x, y, rows(order, x), rate)


def descend_at(factor):
    """The right loop with another rate."""
    return lambda net, x, y, order, rate: descend_with(net, x, y, order, factor(rate, order, x))


def descend_with_gradients_of_the_start(net, x, y, order, learning_rate):
    """The weights move on, the gradients are all those of the first network."""
    step = partial(stepped, at=net)
    return descend_with(net, x, y, order, learning_rate, step)


def descend_with_one_gradient(net, x, y, order, learning_rate, of_all=False):
    """One gradient, computed before the loop."""
    chosen = range(x.shape[1]) if of_all else order[0]
    rows = [list(chosen)] * len(order)
    return descend_with_gradients_of_the_start(net, x, y, rows, learning_rate)


def step_layer_by_layer(net, x, y, chosen, learning_rate, upwards=True):
    """A gradient for each layer, when the layers before it have moved already."""
    layers = list(net.W)
    for l in layers if upwards else layers[::-1]:
        new = stepped(net, x, y, chosen, learning_rate)
        net = Network({**net.W, l: new.W[l]}, {**net.b, l: new.b[l]}, net.activation)
    return net


def step_back_through_new_weights(net, x, y, chosen, learning_rate):
    """Layer l + 1 moves before δ goes back through its weights."""
    z, a = forward(net, x[:, chosen])
    delta, W, b = mse_start(net, z, a, y[:, chosen]) / len(chosen), {}, {}
    for l in range(net.L, 1, -1):
        W[l] = net.W[l] - learning_rate * delta @ a[l - 1].mT
        b[l] = net.b[l] - learning_rate * delta.sum(axis=1, keepdims=True)
        if l > 2:
            delta = net.activation[l - 1].derivative(a[l - 1]) * (W[l].mT @ delta)
    return Network(W, b, net.activation)


def step_with_biases_after_weights(net, x, y, chosen, learning_rate):
    """The biases' gradient is that of the network whose weights have moved."""
    return stepped(stepped(net, x, y, chosen, learning_rate, 0.0), x, y, chosen, 0.0, learning_rate)


def step_that_forgets_the_activation(net, x, y, chosen, learning_rate):
    """Network(W, b), which is sigmoid everywhere."""
    new = stepped(net, x, y, chosen, learning_rate)
    return Network(new.W, new.b)


def descend_and_forget_the_activation(net, x, y, order, learning_rate):
    """Network(W, b) at the end."""
    trained = descend_with(net, x, y, order, learning_rate)
    return Network(trained.W, trained.b)


IN_TWO_WALKS = (
    "walk along order[:1] and then, from where that ends, along order[1:]: it must end "
    "where the whole of order ends"
)
ONE_ROW = f"with one row {ONE_GRADIENT}"
TWICE_IN_A_ROW = "np.array([[3, 3]]) for order must do what np.array([[3]]) does"

DESCEND_SLIPS = (
    Slip("from-the-start", "every step begins at the network that was given, so that only the last "
         "one counts; each has to begin where the one before ended", f"{IN_TWO_WALKS}.",
         lambda net, x, y, order, rate: stepped(net, x, y, order[-1], rate)),
    Slip("gradients-of-the-start", "the steps add up, but every gradient is taken at the network "
         "that was given; take it at the network as it is by then", f"{IN_TWO_WALKS}.",
         descend_with_gradients_of_the_start),
    Slip("gradient-once", "the gradient is computed once, on the first row; it changes with the "
         "network and with the samples, so it belongs inside the loop",
         "change the last row of order: where it ends must change.", descend_with_one_gradient),
    Slip("gradient-of-all-once", "the gradient is computed once, before the loop and on all "
         "samples; it changes with the network, and each step has samples of its own",
         "change the last row of order: where it ends must change.",
         partial(descend_with_one_gradient, of_all=True)),
    Slip("climbs", "the gradient is added; a step goes down, against it",
         "compute the cost before and after: it climbs.", descend_at(lambda rate, *_: -rate), 17),
    Slip("no-rate", "the whole gradient is subtracted in each step; the learning rate is missing",
         "with learning_rate = 0.001 nothing may move far.", descend_at(lambda *_: 1.0)),
    Slip("return-inside-the-loop", "only the first row of order is used: is the return inside the "
         "loop?", f"{IN_TWO_WALKS}.", descend_along(lambda order, x: order[:1])),
    Slip("row-numbers", "step k uses sample k; which samples it uses stands in row k of order",
         "change the last row of order: where it ends must change.",
         descend_along(lambda order, x: np.arange(len(order))[:, None])),
    Slip("first-row", "every step uses the first row of order; each has a row of its own",
         "change the last row of order: where it ends must change.",
         descend_along(lambda order, x: [order[0]] * len(order))),
    Slip("all-points", "every step uses all samples; it is made on those of its row alone",
         "change a sample whose number is not in order: nothing may change.",
         descend_along(lambda order, x: [list(range(x.shape[1]))] * len(order))),
    Slip("all-points-of-order", "there is one step, on all rows at once; each row is a step of its "
         "own", f"{IN_TWO_WALKS}.", descend_along(lambda order, x: [order.ravel()])),
    Slip("one-by-one", "every sample of a row gets a step of its own; a row is one step, along the "
         "mean of their gradients", f"{TWICE_IN_A_ROW}.",
         descend_along(lambda order, x: order.reshape(-1, 1))),
    Slip("first-of-each-row", "only the first sample of each row is used",
         "change the last column of order, where it has several: where it ends must change.",
         descend_along(lambda order, x: order[:, :1])),
    Slip("columns", "order is read column by column; a row is a step", f"{TWICE_IN_A_ROW}.",
         descend_along(lambda order, x: order.T)),
    Slip("last-left-out", "the last row of order is left out", f"{IN_TWO_WALKS}.",
         descend_along(lambda order, x: order[:-1])),
    Slip("first-left-out", "the first row of order is left out: Python counts from 0",
         f"{IN_TWO_WALKS}.", descend_along(lambda order, x: order[1:])),
    Slip("last-twice", "there is one step too many: the last row is used twice",
         f"{IN_TWO_WALKS}.", descend_along(lambda order, x: [*order, order[-1]])),
    Slip("first-twice", "there is one step too many: the first row is used twice",
         f"{IN_TWO_WALKS}.", descend_along(lambda order, x: [order[0], *order])),
    Slip("backwards", "the rows of order are used from the last to the first",
         f"{IN_TWO_WALKS}.", descend_along(lambda order, x: order[::-1])),
    Slip("sum-for-mean", "the gradients of a row are added up; C is a mean, and so is its gradient",
         f"{TWICE_IN_A_ROW}.", descend_at(lambda rate, order, x: rate * order.shape[1])),
    Slip("mean-twice", "a step is divided by the number of samples in a row; loss_gradient is that "
         "of the mean already", f"{TWICE_IN_A_ROW}.",
         descend_at(lambda rate, order, x: rate / order.shape[1])),
    Slip("divided-by-all", "a step is divided by the number of all samples; it is made on those of "
         "its row alone", "give one sample more, which is not in order: nothing may change.",
         descend_at(lambda rate, order, x: rate / x.shape[1])),
    Slip("half-a-step", "each step is half as long as it should be", f"{ONE_ROW}.",
         descend_at(lambda rate, *_: rate / 2)),
    Slip("twice-a-step", "each step is twice as long as it should be: the ½ of the cost cancels "
         "the 2 of its derivative", f"{ONE_ROW}.", descend_at(lambda rate, *_: 2 * rate)),
    Slip("biases-left-alone", "the biases have not moved, only the weights",
         "compare b[2] before and after.",
         partial(descend_with, step=partial(stepped, b_rate=0.0))),
    Slip("weights-left-alone", "the weights have not moved, only the biases",
         "compare W[2] before and after.",
         partial(descend_with, step=lambda net, x, y, chosen, rate: stepped(
             net, x, y, chosen, 0.0, rate))),
    Slip("layer-by-layer", "layer 2 moves first, and the next layers' gradients are taken at what "
         "it has become; all layers move along one gradient, taken before any of them moves",
         f"{ONE_ROW}.", partial(descend_with, step=step_layer_by_layer)),
    Slip("layer-by-layer-downwards", "layer L moves first, and the gradients of the layers below "
         "are taken at what it has become; all layers move along one gradient, taken before any "
         "of them moves",
         f"{ONE_ROW}.",
         partial(descend_with, step=partial(step_layer_by_layer, upwards=False))),
    Slip("back-through-new-weights", "δ is taken back through weights that have moved already; "
         "finish the backward pass first, then move", f"{ONE_ROW}.",
         partial(descend_with, step=step_back_through_new_weights)),
    Slip("biases-after-weights", "the biases' gradient is taken when the weights have moved "
         "already; both belong to one gradient", f"{ONE_ROW}.",
         partial(descend_with, step=step_with_biases_after_weights)),
    Slip("activation-lost", "the new network has forgotten its activations: Network(W, b) is "
         "sigmoid in every layer. Write Network(W, b, net.activation)",
         "print the activation of the network that comes back, and that of the one you gave.",
         partial(descend_with, step=step_that_forgets_the_activation)),
    Slip("activation-lost-at-the-end", "the numbers are right, but the network that comes back has "
         "forgotten its activations. Write Network(W, b, net.activation)",
         "print the activation of the network that comes back, and that of the one you gave.",
         descend_and_forget_the_activation),
    Slip("never-moved", "this is the network that was given; no step has been made",
         "compare W[2] before and after.", lambda net, x, y, order, rate: net.copy()),
)  # fmt: skip


def descend_cases(rng):
    def arguments(sizes, N, order, rate, **options):
        net = random_net(sizes, rng, **options)
        x, y = rng.normal(size=(sizes[0], N)), rng.uniform(size=(sizes[-1], N))
        return net, x, y, np.array(order), rate

    mixed = {2: tanh, 3: sigmoid, 4: identity}
    return [
        Case("3-3-3, single samples", arguments((3, 3, 3), 4, [[2], [0], [2], [3]], 0.5)),
        Case("3-2-3-2, tanh, sigmoid, identity, minibatches",
             arguments((3, 2, 3, 2), 5, [[0, 3, 1], [4, 1, 4]], 0.1, activation=mixed)),
    ]  # fmt: skip


descend = Exercise(
    "descend",
    descend_with,
    DESCEND_SLIPS,
    descend_cases,
    ("net",),
    ("net", "x", "y", "order", "learning_rate"),
)
