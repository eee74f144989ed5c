"""Training against loops of its own, its records, its interruptions, and its progress bar.

The witness is `plain`: one network, one flat vector of parameters, formulas written out. Which
columns a step took is read off by a loss that looks at its targets.
"""

import copy
import itertools
import pickle
import re
import signal
import sys
import types
import warnings

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from utils import inputs, training
from utils.activations import identity, relu, sigmoid, tanh
from utils.data import ten_points
from utils.losses import (
    Loss,
    MeanSquaredError,
    binary_cross_entropy,
    huber_loss,
    mse,
    softmax_cross_entropy,
)
from utils.network import Network, forward, init_network
from utils.training import Bar, History, TrainingDiverged, resume, train

SIZES = (3, 4, 2, 3)
HUBER = huber_loss(0.4)
OPTIMIZERS = ["sgd", "momentum", "adam"]
LOSSES = {  # the loss, the output that goes with it, and its slope ∂C/∂z[L] times N
    "mse": (mse, sigmoid, lambda z, a, y: (a - y) * a * (1 - a)),
    "mse, tanh": (mse, tanh, lambda z, a, y: (a - y) * (1 - a**2)),
    "binary": (binary_cross_entropy, sigmoid, lambda z, a, y: 1 / (1 + np.exp(-z)) - y),
    "softmax": (softmax_cross_entropy, identity, lambda z, a, y: np.exp(z) / np.exp(z).sum(0) - y),
    "huber": (HUBER, identity, lambda z, a, y: np.clip(a - y, -0.4, 0.4)),
}
COSTS = {
    "mse": lambda z, a, y: 0.5 * (a - y) ** 2,
    "mse, tanh": lambda z, a, y: 0.5 * (a - y) ** 2,
    "binary": lambda z, a, y: -y * np.log(a) - (1 - y) * np.log(1 - a),
    "softmax": lambda z, a, y: -y * np.log(np.exp(z) / np.exp(z).sum(0)),
    "huber": lambda z, a, y: np.where(abs(a - y) <= 0.4, (a - y) ** 2 / 2, 0.4 * abs(a - y) - 0.08),
}
every_loss = pytest.mark.parametrize("which", LOSSES)
every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS)


# -- helpers ---------------------------------------------------------------------------------------


def flat(net):
    """All parameters, one row a replica: W[2], b[2], W[3], …"""
    parts = [v for l in net.W for v in (net.W[l], net.b[l])]
    return np.concatenate([v.reshape(*net.replicas, -1) for v in parts], axis=-1)


def one(net, r):
    """Replica r alone."""
    return Network({l: net.W[l][r] for l in net.W}, {l: net.b[l][r] for l in net.b}, net.activation)


def repeated(net, *lead):
    """Copies of one network, along new axes in front."""
    W, b = ({l: np.tile(v, (*lead, 1, 1)) for l, v in d.items()} for d in (net.W, net.b))
    return Network(W, b, net.activation)


def same(u, v):
    """Two networks, bit for bit."""
    return np.array_equal(flat(u), flat(v)) and u.activation == v.activation


def plain(net, x, y, which, steps, rate, optimizer, columns=None, decay=0.0):
    """Train one network (hidden layers: tanh) in plain NumPy; its parameters, and all costs."""
    shapes = [v.shape for l in net.W for v in (net.W[l], net.b[l])]
    sizes = [v[0] * v[1] for v in shapes]
    theta, slope = flat(net).copy(), LOSSES[which][2]
    velocity = first = second = np.zeros(theta.size)
    pulled = np.repeat([decay * (k % 2 == 0) for k in range(len(sizes))], sizes)  # W, not b

    def blocks():
        parts = np.split(theta, np.cumsum(sizes)[:-1])
        parts = [p.reshape(shape) for p, shape in zip(parts, shapes)]
        return parts[0::2], parts[1::2]

    def layers(x):
        W, b = blocks()
        outs = [x]
        for w, c in zip(W, b):
            z = w @ outs[-1] + c
            outs.append(np.tanh(z))
        f = LOSSES[which][1]
        outs[-1] = {sigmoid: lambda: 1 / (1 + np.exp(-z)), tanh: lambda: np.tanh(z)}.get(
            f, lambda: z
        )()
        return W, z, outs

    def cost():
        _, z, outs = layers(x)
        return COSTS[which](z, outs[-1], y).sum() / x.shape[1]

    costs = [cost()]
    for t in range(1, steps + 1):
        take = slice(None) if columns is None else columns[t - 1]
        xs, ys = x[:, take], y[:, take]
        W, z, outs = layers(xs)
        d = slope(z, outs[-1], ys) / xs.shape[1]
        gradient = []
        for l in reversed(range(len(W))):
            gradient = [(d @ outs[l].T).ravel(), d.sum(axis=1), *gradient]
            d = (W[l].T @ d) * (1 - outs[l] ** 2)
        g = np.concatenate(gradient)
        if optimizer == "sgd":
            theta = theta - rate * (g + pulled * theta)
        elif optimizer == "momentum":
            velocity = 0.9 * velocity + g + pulled * theta
            theta = theta - rate * velocity
        else:
            first = 0.9 * first + 0.1 * g
            second = 0.999 * second + 0.001 * g * g
            m, v = first / (1 - 0.9**t), second / (1 - 0.999**t)
            theta = theta - rate * (m / (np.sqrt(v) + 1e-8) + pulled * theta)
        costs.append(cost())
    return theta, np.array(costs)


def problem(which, lead=(), N=7, own=(), seed=1):
    """A network with `lead` replicas, points and targets with the axes `own`."""
    rng = np.random.default_rng(seed)
    net = init_network(SIZES, rng, "paper", *lead, activation=tanh, output=LOSSES[which][1])
    y = rng.uniform(0, 1, (*own, 3, N))
    if which == "softmax":
        y /= y.sum(axis=-2, keepdims=True)
    return net, rng.normal(size=(*own, 3, N)), y


def run(net, x, y, loss=mse, seed=5, **changed):
    arguments = {"steps": 20, "learning_rate": 0.1, "rng": np.random.default_rng(seed), **changed}
    return train(net, x, y, loss, **arguments)


class Spy(MeanSquaredError):
    """The mean squared error, which keeps the targets of each step, and may act on them."""

    def __init__(self, act=lambda k: None, value=lambda k: None):
        self.targets, self.values, self.act, self.value_act = [], 0, act, value

    def _slope(self, z, a, y, activation):
        self.targets.append(y.copy())
        self.act(len(self.targets))
        return super()._slope(z, a, y, activation)

    def _terms(self, z, a, y):
        self.values += 1
        self.value_act(self.values)
        return super()._terms(z, a, y)


def interrupted(*args, **kwargs):
    """run(), whose interruption must not reach pytest, which would stop."""
    try:
        return run(*args, **kwargs)
    except KeyboardInterrupt:
        pytest.fail("the interruption was not caught")


def drawn(N, replicas=None, seed=3, **arguments):
    """The columns that each step drew, shape (steps, R, m) or (steps, m)."""
    net = init_network([1, 2, 1], np.random.default_rng(1), replicas=replicas)
    x, spy = np.arange(N)[None] / N, Spy()
    run(net, x, np.arange(N)[None], spy, seed, learning_rate=1e-9, **arguments)
    return np.array(spy.targets)[..., 0, :].astype(int)


# -- exactness -------------------------------------------------------------------------------------


@every_loss
@every_optimizer
def test_200_full_steps_equal_a_plain_loop(which, optimizer):
    net, x, y = problem(which)
    rate = 0.02 if optimizer == "adam" else 0.3
    loss = LOSSES[which][0]
    history = run(net, x, y, loss, steps=200, learning_rate=rate, optimizer=optimizer,
                  record_every=1)  # fmt: skip
    wanted, costs = plain(net, x, y, which, 200, rate, optimizer)
    assert np.max(np.abs(flat(history.net) - wanted)) <= 1e-11 * np.max(np.abs(wanted))
    assert np.max(np.abs(history.cost - costs)) <= 1e-11 * np.max(costs)
    assert np.max(np.abs(wanted - flat(net))) > 0.1  # it went somewhere,
    assert history.cost[-1] < 0.95 * history.cost[0]  # and down


@every_loss
@every_optimizer
@pytest.mark.parametrize("own", [(), (3,)], ids=["shared", "own"])
def test_replicas_at_full_batch_equal_single_trainings(which, optimizer, own):
    net, x, y = problem(which, (3,), own=own)
    loss, options = LOSSES[which][0], {"steps": 40, "learning_rate": 0.05, "optimizer": optimizer}
    together = run(net, x, y, loss, **options)
    assert together.cost.shape == (41, 3)
    for r in range(3):
        x_r, y_r = (x[r], y[r]) if own else (x, y)
        alone = run(one(net, r), x_r, y_r, loss, **options)
        wanted, costs = plain(one(net, r), x_r, y_r, which, 40, 0.05, optimizer)
        for theta, cost in [(flat(alone.net), alone.cost), (wanted, costs)]:
            assert np.max(np.abs(flat(together.net)[r] - theta)) <= 1e-11
            assert np.max(np.abs(together.cost[:, r] - cost)) <= 1e-11


@every_optimizer
@pytest.mark.parametrize("own", [(), (3,)], ids=["shared", "own"])
@pytest.mark.parametrize("replacement", [True, False])
@pytest.mark.parametrize("batch_size", [1, 4, 7])
def test_batches_equal_a_plain_loop_over_the_columns_that_were_drawn(
    optimizer, own, batch_size, replacement
):
    net, x, y = problem("mse", (3,), own=own)
    spy = Spy()
    history = run(net, x, y, spy, steps=60, batch_size=batch_size, optimizer=optimizer,
                  replacement=replacement)  # fmt: skip
    assert len(spy.targets) == 60
    for r in range(3):
        x_r, y_r = (x[r], y[r]) if own else (x, y)
        columns = [
            np.argmax((y_r[:, None, :] == ys[r][:, :, None]).all(axis=0), axis=1)
            for ys in spy.targets
        ]
        assert {len(c) for c in columns} == {batch_size}
        wanted, costs = plain(one(net, r), x_r, y_r, "mse", 60, 0.1, optimizer, columns)
        assert np.max(np.abs(flat(history.net)[r] - wanted)) <= 1e-11
        assert np.max(np.abs(history.cost[:, r] - costs)) <= 1e-11


class Indexed32(np.ndarray):
    """Takes like NumPy where indices have 32 bits, as in a browser: no wider ones."""

    def take(self, indices, axis=None):
        if not np.can_cast(indices.dtype, np.int32, "safe"):
            raise TypeError(f"Cannot cast array data from {indices.dtype!r} to dtype('int32')")
        return np.asarray(self).take(indices, axis=axis)


@pytest.mark.parametrize("own", [(), (3,)], ids=["shared", "own"])
def test_batches_are_the_same_where_indices_have_32_bits(own, monkeypatch):
    net, x, y = problem("mse", (3,), own=own)
    here = run(net, x, y, mse, steps=9, batch_size=4)
    lay_out = np.ascontiguousarray
    monkeypatch.setattr(np, "intp", np.int32)
    monkeypatch.setattr(np, "ascontiguousarray", lambda v: lay_out(v).view(Indexed32))
    there = run(net, x, y, mse, steps=9, batch_size=4)
    assert np.array_equal(flat(here.net), flat(there.net))


@every_loss
def test_a_single_network_in_batches(which):
    net, x, y = problem(which)
    loss = LOSSES[which][0]
    history = run(net, x, y, loss, steps=1, batch_size=1)
    each = [plain(net, x[:, [i]], y[:, [i]], which, 1, 0.1, "sgd")[0] for i in range(7)]
    assert min(np.max(np.abs(flat(history.net) - v)) for v in each) <= 1e-14
    assert history.cost.shape == (2,)


@pytest.mark.parametrize("labels", ["one-hot", "scalar"])
def test_copies_after_one_step_are_the_ten_single_point_updates(labels):
    x, y = ten_points(labels)
    net = init_network([2, 2, 3, len(y)], np.random.default_rng(1), "paper")
    after = flat(run(repeated(net, 200), x, y, steps=1, learning_rate=0.05, batch_size=1).net)

    theta, shapes = flat(net), [v.shape for l in net.W for v in (net.W[l], net.b[l])]
    updates = []
    for i in range(10):
        # by complex steps in every parameter of a loop over the layers
        slope = np.zeros(theta.size)
        for p in range(theta.size):
            moved, a = theta.astype(complex), x[:, [i]]
            moved[p] += 1e-30j
            parts = np.split(moved, np.cumsum([n * m for n, m in shapes])[:-1])
            parts = [v.reshape(shape) for v, shape in zip(parts, shapes)]
            for w, c in zip(parts[0::2], parts[1::2]):
                a = 1 / (1 + np.exp(-(w @ a + c)))
            slope[p] = (0.5 * ((a - y[:, [i]]) ** 2).sum()).imag / 1e-30
        updates.append(theta - 0.05 * slope)
    distance = np.max(np.abs(after[:, None] - np.array(updates)), axis=-1)  # (200, 10)
    assert np.max(distance.min(axis=1)) <= 1e-15
    assert sorted(set(distance.argmin(axis=1))) == list(range(10))


def test_momentum_and_adam_by_hand():
    # a = b: C = (b - 0)²/2 at x = 0, so that the gradient of b is b itself
    net, x, y = Network({2: [[1.0]]}, {2: [[1.0]]}, identity), [[0.0]], [[0.0]]
    steps = {
        "sgd": [0.9, 0.81, 0.729],
        "momentum": [0.9, 0.9 - 0.1 * (0.9 + 0.9), 0.72 - 0.1 * (0.9 * 1.8 + 0.72)],
        "adam": [1 - 0.1 / (1 + 1e-8)],  # the first step of Adam has length η, nearly
    }
    for optimizer, wanted in steps.items():
        for count, b in enumerate(wanted, start=1):
            found = run(net, x, y, steps=count, optimizer=optimizer).net
            assert abs(found.b[2].item() - b) <= 1e-15
            assert found.W[2].item() == 1.0  # its gradient is 0 throughout


@every_optimizer
def test_a_gradient_of_zero_moves_nothing(optimizer):
    net, x, _ = problem("mse", (3,))
    fit = forward(net, x)[1][net.L]
    history = run(net, x, fit, optimizer=optimizer)
    assert same(history.net, net)
    assert not history.cost.any()


def test_a_loss_of_ones_own_and_other_activations():
    class FourthPower(Loss):
        name = "fourth power"

        def _terms(self, z, a, y):
            return (a - y) ** 4

        def _slope(self, z, a, y, activation):
            return 4 * (a - y) ** 3 * activation.derivative(a)

    rng = np.random.default_rng(2)
    net = init_network(SIZES, rng, "he", 2, activation={2: relu, 3: tanh, 4: identity})
    x, y = rng.normal(size=(2, 3, 6))
    history = run(net, x, y, FourthPower(), steps=100, learning_rate=0.001)
    a = forward(history.net, x)[1][4]
    assert np.allclose(history.cost[-1], ((a - y) ** 4).sum(axis=1).mean(axis=-1), rtol=1e-13)
    assert np.all(history.cost[-1] < 0.5 * history.cost[0])
    assert history.net.activation == net.activation


# -- which columns ---------------------------------------------------------------------------------


def chi_square(counts):
    wanted = counts.sum() / counts.size
    return ((counts - wanted) ** 2).sum() / wanted


def test_columns_are_drawn_uniformly_and_independently():
    N, R, m, steps = 10, 3, 8, 2000
    columns = drawn(N, R, steps=steps, batch_size=m)
    assert columns.shape == (steps, R, m)
    assert (columns.min(), columns.max()) == (0, N - 1)
    for r in range(R):
        assert 0.5 < chi_square(np.bincount(columns[:, r].ravel(), minlength=N)) < 45  # 9 ± 4
    first, second, third = (columns[:, r].ravel() for r in range(R))
    for u, v in [
        (first, second),  # two replicas in the same step
        (second, third),
        (first, third),
        (columns[:, 0, :-1].ravel(), columns[:, 0, 1:].ravel()),  # two columns of one batch
        (columns[:-1, 0].ravel(), columns[1:, 0].ravel()),  # one step and the next
        (columns[:1000, 0].ravel(), columns[1000:, 0].ravel()),  # one block and the next
    ]:
        assert 40 < chi_square(np.bincount(N * u + v, minlength=N * N)) < 200  # 99 ± 14


def test_columns_are_drawn_with_replacement():
    columns = drawn(10, 4, steps=200, batch_size=10).reshape(800, 10)
    different = np.array([len(set(c)) for c in columns])
    # 10 (1 - 0.9^10) = 6.513, with a standard error of 0.035
    assert abs(different.mean() - 6.513) < 0.2
    assert different.max() < 10 or np.mean(different == 10) < 0.02


def test_replicas_draw_different_columns():
    columns = drawn(10, 5, steps=100, batch_size=1)
    for r, s in itertools.combinations(range(5), 2):
        assert 0 < np.mean(columns[:, r] == columns[:, s]) < 0.4
    net, x, y = problem("mse")
    after = flat(run(repeated(net, 5), x, y, batch_size=2).net)
    assert len({row.tobytes() for row in after}) == 5


def test_a_full_batch_takes_every_column_once_and_draws_nothing():
    N, rng = 7, np.random.default_rng(4)
    before = rng.bit_generator.state
    net, x, y = problem("mse", (3,), N=N)
    spy = Spy()
    run(net, x, y, spy, rng=rng)
    assert all(np.array_equal(ys, y) for ys in spy.targets)
    assert rng.bit_generator.state == before
    run(net, x, y, rng=rng, batch_size=N)
    assert rng.bit_generator.state != before


@pytest.mark.parametrize("batch_size", [None, 2])
def test_the_same_seed_gives_the_same_training_and_another_seed_another(batch_size):
    net, x, y = problem("mse", (3,))
    first, again, other = (run(net, x, y, seed=s, batch_size=batch_size).net for s in (5, 5, 6))
    assert same(first, again)
    assert same(first, other) == (batch_size is None)


def test_one_replica_is_a_network_with_one_replica():
    net, x, y = problem("mse")
    alone, boxed = (run(n, x, y, batch_size=2) for n in (net, repeated(net, 1)))
    assert boxed.net.replicas == (1,)
    assert boxed.cost.shape == (21, 1)
    assert np.max(np.abs(flat(boxed.net)[0] - flat(alone.net))) <= 1e-14


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("lead", [(1,), (3,), (2, 1), (1, 3), (2, 3)])
def test_points_and_targets_with_some_of_the_replica_axes(lead, batch_size):
    net, _, _ = problem("mse")
    grid = repeated(net, 2, 3)
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(*lead, 3, 6)), rng.uniform(size=(*lead, 3, 6))
    full_x, full_y = (np.broadcast_to(v, (2, 3, 3, 6)) for v in (x, y))
    wanted = run(grid, full_x, full_y, batch_size=batch_size)
    assert wanted.cost.shape == (21, 2, 3)
    for x_, y_ in [(x, y), (x, full_y), (full_x, y)]:
        found = run(grid, x_, y_, batch_size=batch_size)
        assert np.max(np.abs(flat(found.net) - flat(wanted.net))) <= 1e-14
        assert np.max(np.abs(found.cost - wanted.cost)) <= 1e-14


# -- epochs ----------------------------------------------------------------------------------------


def epochs(N, replicas, batch_size, count, seed=3):
    """The columns in the order in which they were taken, shape (epochs, R, taken)."""
    steps = N // batch_size
    options = {"steps": steps * count, "batch_size": batch_size, "replacement": False}
    taken = drawn(N, replicas, seed, **options).reshape(count, steps, replicas, batch_size)
    return np.moveaxis(taken, 2, 1).reshape(count, replicas, -1)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 4, 6, 7, 10])
def test_an_epoch_takes_every_column_at_most_once_and_drops_the_rest(batch_size):
    orders = epochs(10, 3, batch_size, 300)
    assert orders.shape == (300, 3, 10 // batch_size * batch_size)
    taken = (orders[..., None] == np.arange(10)).sum(axis=2)  # (epoch, replica, column)
    assert taken.max() == 1
    assert np.all(taken.sum(axis=-1) == orders.shape[-1])
    share = orders.shape[-1] / 10  # 900 epochs: 0.9 ± 0.01, 0.6 ± 0.016 of each column
    assert np.all(np.abs(taken.mean(axis=(0, 1)) - share) < 0.09)
    if share == 1:
        assert taken.min() == 1
    else:  # another rest each time
        assert np.all(taken.min(axis=(0, 1)) == 0)


def test_orders_are_uniform_and_independent():
    orders = epochs(4, 2, 1, 2400)
    code = (orders * 4 ** np.arange(4)).sum(axis=-1)
    for r in range(2):
        found, counts = np.unique(code[:, r], return_counts=True)
        assert len(found) == 24
        assert 5 < chi_square(counts) < 70  # 23 ± 7
    first = orders[..., 0]
    for u, v in [
        (first[:, 0], first[:, 1]),  # two replicas in the same epoch
        (first[:-1, 0], first[1:, 0]),  # one epoch and the next
        (orders[:-1, 0, -1], first[1:, 0]),  # the last of one and the first of the next
        (first[:1000, 0], first[1000:2000, 0]),
    ]:
        assert 2 < chi_square(np.bincount(4 * u + v, minlength=16)) < 55  # 15 ± 5.5


@pytest.mark.parametrize("m", [1, 3, 4, 10])
def test_the_mean_over_a_batch_varies_as_the_theory_of_samples_says(m):
    # σ²/m with replacement, (N - m)/(N - 1) of that without
    N, k = 10, 4000
    for replacement, wanted in ((True, 8.25 / m), (False, 8.25 / m * (N - m) / (N - 1))):
        means = drawn(N, 5, steps=k // 5, batch_size=m, replacement=replacement).mean(axis=-1)
        squares = (means - 4.5) ** 2
        error = squares.std() / np.sqrt(k)
        assert abs(squares.mean() - wanted) <= 4.5 * error + 1e-12


def test_columns_come_from_the_generator_as_they_always_did():
    # stored results depend on it
    for replicas in (None, 4):
        lead, rng = (replicas,) if replicas else (), np.random.default_rng(3)
        found = drawn(10, replicas, steps=2100, batch_size=3)
        wanted = np.concatenate([rng.integers(10, size=(1000, *lead, 3)) for _ in range(3)])
        assert np.array_equal(found, wanted[:2100])
    # an epoch of 3 steps, 333 epochs at once
    rng, found = np.random.default_rng(3), drawn(10, 4, steps=1500, batch_size=3, replacement=False)
    orders = [rng.permuted(np.tile(np.arange(10), (333, 4, 1)), axis=-1) for _ in range(2)]
    wanted = np.concatenate(orders)[..., :9].reshape(666, 4, 3, 3)
    assert np.array_equal(found, np.moveaxis(wanted, 2, 1).reshape(-1, 4, 3)[:1500])


def test_a_batch_of_all_columns_is_gradient_descent_proper():
    net, x, y = problem("mse", (3,), own=(3,))
    wanted = run(net, x, y, steps=40)
    found = run(net, x, y, steps=40, batch_size=7, replacement=False)
    assert np.max(np.abs(flat(found.net) - flat(wanted.net))) <= 1e-13
    assert same(run(net, x, y, steps=40, replacement=False).net, wanted.net)


def test_more_columns_than_a_block_has_steps():
    orders = epochs(1500, 2, 1, 2)
    assert np.array_equal(np.sort(orders, axis=-1), np.tile(np.arange(1500), (2, 2, 1)))
    assert not np.array_equal(orders[0], orders[1])


# -- weight decay ----------------------------------------------------------------------------------


@every_optimizer
@pytest.mark.parametrize("which", ["mse", "softmax"])
def test_weight_decay_equals_a_plain_loop_in_every_replica(which, optimizer):
    net, x, y = problem(which, (3,), own=(3,))
    loss, options = LOSSES[which][0], {"steps": 60, "learning_rate": 0.05, "optimizer": optimizer}
    together = run(net, x, y, loss, **options, weight_decay=0.3)
    without = run(net, x, y, loss, **options)
    for r in range(3):
        wanted, costs = plain(one(net, r), x[r], y[r], which, 60, 0.05, optimizer, decay=0.3)
        assert np.max(np.abs(flat(together.net)[r] - wanted)) <= 1e-11
        assert np.max(np.abs(together.cost[:, r] - costs)) <= 1e-11  # C alone, no penalty
        assert np.max(np.abs(flat(without.net)[r] - wanted)) > 0.01
    assert same(run(net, x, y, loss, **options, weight_decay=0).net, without.net)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_weight_decay_is_the_gradient_of_a_penalty_on_the_weights(optimizer):
    net, x, y = problem("mse")

    def penalized(W, b):
        a = x
        for l in W:
            z = W[l] @ a + b[l]
            a = anp.tanh(z) if l < net.L else 1 / (1 + anp.exp(-z))
        return 0.5 * anp.sum((a - y) ** 2) / 7 + 0.5 * 0.3 * sum(anp.sum(W[l] ** 2) for l in W)

    dW, db = (autograd.grad(penalized, k)(net.W, net.b) for k in (0, 1))
    moved = run(net, x, y, steps=1, learning_rate=0.1, optimizer=optimizer, weight_decay=0.3).net
    for l in net.W:
        assert np.allclose(moved.W[l], net.W[l] - 0.1 * dW[l], rtol=0, atol=1e-14)
        assert np.allclose(moved.b[l], net.b[l] - 0.1 * db[l], rtol=0, atol=1e-14)


def test_without_a_gradient_the_weights_alone_shrink_by_a_constant_factor():
    # b = y fits where x = 0, whatever W is
    net = Network({2: [[3.0, -2.0]]}, {2: [[0.7]]}, identity)
    for optimizer in ("sgd", "adam"):
        found = run(net, np.zeros((2, 4)), [[0.7] * 4], steps=10, learning_rate=0.1,
                    optimizer=optimizer, weight_decay=0.5).net  # fmt: skip
        assert np.allclose(found.W[2], net.W[2] * 0.95**10, rtol=1e-14)
        assert found.b[2].item() == 0.7


def test_with_weight_decay_a_line_becomes_ridge_regression():
    rng = np.random.default_rng(4)
    x, y = rng.normal(1, 1, (3, 40)), rng.normal(size=(2, 40))
    net = init_network([3, 2], rng, "paper", activation=identity)
    found = run(net, x, y, steps=3000, optimizer="momentum", weight_decay=0.2).net
    x_, y_ = (v - v.mean(axis=1, keepdims=True) for v in (x, y))  # the intercept is not pulled
    W = y_ @ x_.T @ np.linalg.inv(x_ @ x_.T + 40 * 0.2 * np.eye(3))
    assert np.max(np.abs(found.W[2] - W)) <= 1e-12
    assert np.max(np.abs(found.b[2] - (y.mean(axis=1) - W @ x.mean(axis=1))[:, None])) <= 1e-12


# -- going on --------------------------------------------------------------------------------------


def equal(found, wanted, joins=()):
    """Two histories, bit for bit; one may have a record more at each of the joins."""
    shared = np.isin(found.steps, wanted.steps)
    assert set(found.steps[~shared]) <= set(joins)
    assert np.array_equal(found.steps[shared], wanted.steps)
    assert np.array_equal(found.cost[shared], wanted.cost)
    assert np.all(np.diff(found.steps) > 0)
    assert found.snapshots.keys() == wanted.snapshots.keys()
    assert all(same(found.snapshots[s], wanted.snapshots[s]) for s in wanted.snapshots)
    assert same(found.net, wanted.net)
    return True


EACH_BATCH = {
    "full": {},
    "with": {"batch_size": 2},
    "epochs": {"batch_size": 2, "replacement": False},  # 999 steps are drawn at once
}


@every_optimizer
@pytest.mark.parametrize("replicas", [(), (2,)], ids=["single", "replicas"])
@pytest.mark.parametrize("batches", EACH_BATCH)
def test_a_training_in_pieces_is_the_training(optimizer, replicas, batches):
    net, x, y = problem("mse", replicas)
    options = {**EACH_BATCH[batches], "optimizer": optimizer, "weight_decay": 0.01,
               "learning_rate": 0.02, "record_every": 50}  # fmt: skip
    whole = run(net, x, y, steps=1300, snapshots=[7, 998, 1000, 1001, 1300], **options)
    rng = np.random.default_rng(5)
    history = run(net, x, y, rng=rng, steps=300, snapshots=[7], **options)
    for steps, snapshots in [(698, [998]), (1, []), (1, [1000]), (1, [1001]), (299, [1300])]:
        rng.random(3)  # what others do with the generator is no matter
        state = rng.bit_generator.state
        history = resume(history, steps=steps, snapshots=snapshots)
        assert rng.bit_generator.state == state
    assert equal(history, whole, joins=[998, 999, 1001])


def test_going_on_twice_from_one_history_gives_the_same_and_leaves_it_alone():
    net, x, y = problem("mse", (2,))
    options = {"batch_size": 2, "optimizer": "adam", "snapshots": [20]}
    history = run(net, x, y, steps=20, **options)
    kept = copy.deepcopy(history)
    first, second = (resume(history, steps=30, snapshots=[20, 25]) for _ in range(2))
    assert equal(first, second)
    assert equal(history, kept)
    assert history.state.done == 20
    first.snapshots[20].W[2][...] = 7.0
    first.net.W[2][...] = 7.0
    assert equal(history, kept)
    assert equal(resume(history, steps=30, snapshots=[25]), second)


@every_optimizer
@pytest.mark.parametrize("batches", EACH_BATCH)
def test_a_history_may_be_copied_or_stored(optimizer, batches):
    net, x, y = problem("mse", (2,))
    options = {**EACH_BATCH[batches], "optimizer": optimizer, "record_every": 5}
    whole = run(net, x, y, steps=50, **options)
    history = run(net, x, y, steps=30, **options)
    for other in (
        copy.copy(history),
        copy.deepcopy(history),
        pickle.loads(pickle.dumps(history)),
    ):
        assert equal(other, history)
        assert equal(resume(other, steps=20), whole)


@pytest.mark.parametrize("rng", [np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_a_training_goes_on_with_generators_of_every_kind(rng):
    net, x, y = problem("mse")
    whole, part = (
        run(net, x, y, rng=np.random.Generator(rng(1)), batch_size=3, steps=k, record_every=5)
        for k in (40, 20)
    )
    assert equal(resume(part, steps=20), whole)


def test_another_learning_rate_from_here_on():
    net, x, y = problem("mse")
    history = run(net, x, y, steps=20)
    found = resume(history, steps=30, learning_rate=0.01)
    assert same(found.net, run(history.net, x, y, steps=30, learning_rate=0.01).net)
    assert same(resume(found, steps=5).net, run(found.net, x, y, steps=5, learning_rate=0.01).net)
    assert not same(found.net, resume(history, steps=30).net)


def test_records_go_on_as_before_or_as_asked():
    net, x, y = problem("mse")
    history = run(net, x, y, steps=20, record_every=8)
    assert resume(history, steps=10).steps.tolist() == [0, 8, 16, 20, 24, 30]
    rarer = resume(history, steps=12, record_every=10)
    assert rarer.steps.tolist() == [0, 8, 16, 20, 30, 32]
    assert np.array_equal(rarer.cost[:4], history.cost)
    assert resume(rarer, steps=10).steps.tolist() == [0, 8, 16, 20, 30, 32, 40, 42]


def test_the_bar_of_a_training_that_goes_on_counts_what_is_left(clock, terminal):
    net, x, y = problem("mse")
    spy = Spy(lambda count: setattr(clock, "now", clock.now + 1))
    history = run(net, x, y, spy, steps=50)
    assert terminal.getvalue() == ""
    resume(history, steps=200, progress=True)
    percent = [int(p) for p in re.findall(r"(\d+)%, ", terminal.getvalue())]
    assert (percent[0] <= 2, percent[-1]) == (True, 100)
    assert screen(terminal.getvalue()) == ""


def test_data_and_labels_are_looked_at_once(monkeypatch):
    net, x, y = problem("binary", (2,))
    looked, look = [], inputs.is_finite
    monkeypatch.setattr(inputs, "is_finite", lambda array: looked.append(array) or look(array))
    seen = lambda v: sum(np.shares_memory(array, v) for array in looked)  # noqa: E731
    options = {"record_every": 1, "batch_size": 2, "snapshots": [3]}
    history = run(net, x, y, binary_cross_entropy, **options)
    assert (seen(x), seen(y)) == (1, 1)
    resume(history, steps=20)
    assert (seen(x), seen(y)) == (2, 2)
    before = len(looked)
    run(net, x, y, binary_cross_entropy, **{**options, "steps": 200})
    assert len(looked) - before < 40  # and nothing else is, step by step


# -- what must not matter --------------------------------------------------------------------------


@every_optimizer
@pytest.mark.parametrize("replacement", [True, False])
@pytest.mark.parametrize("replicas", [(), (2,)], ids=["single", "replicas"])
def test_nothing_that_only_looks_changes_the_training(
    optimizer, replicas, replacement, monkeypatch, capsys
):
    monkeypatch.delenv("PYTEST_VERSION", raising=False)
    net, x, y = problem("mse", replicas)
    options = {"batch_size": 2, "optimizer": optimizer, "learning_rate": 0.01,
               "replacement": replacement}  # fmt: skip
    steps = 1050 if optimizer == "sgd" else 150
    wanted = run(net, x, y, steps=steps, **options)
    for more in (
        {"record_every": 1},
        {"record_every": 7},
        {"record_every": 10**6},
        {"snapshots": range(0, steps, 100)},
        {"progress": True},
        {"progress": True, "record_every": 100, "snapshots": [3, steps]},
    ):
        found = run(net, x, y, steps=steps, **options, **more)
        assert same(found.net, wanted.net), more
        assert np.array_equal(found.cost[[0, -1]], wanted.cost[[0, -1]])
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("replacement", [True, False])
@pytest.mark.parametrize("replicas", [(), (2,)], ids=["single", "replicas"])
def test_a_short_training_is_the_beginning_of_a_long_one(replicas, replacement):
    net, x, y = problem("mse", replicas)
    options = {"batch_size": 1, "record_every": 100, "optimizer": "momentum",
               "replacement": replacement}  # fmt: skip
    long = run(net, x, y, steps=2500, snapshots=[300, 1000, 1001, 1500], **options)
    for steps in (300, 1000, 1001, 1500):
        short = run(net, x, y, steps=steps, **options)
        assert same(short.net, long.snapshots[steps])
        shared = len(short.steps) - (steps % 100 > 0)
        assert np.array_equal(short.cost[:shared], long.cost[:shared])


@every_loss
@every_optimizer
def test_nothing_given_is_changed(which, optimizer):
    net, x, y = problem(which, (3,), own=(3,))
    before = flat(net).copy(), x.copy(), y.copy(), net.activation.copy()
    for array in (x, y, *net.W.values(), *net.b.values()):
        array.flags.writeable = False
    for batch_size in (None, 2):
        history = run(net, x, y, LOSSES[which][0], batch_size=batch_size, optimizer=optimizer)
        assert history.net is not net
        mine = [v for d in (history.net.W, history.net.b) for v in d.values()]
        for array in mine:
            assert array.flags.writeable
            assert not any(np.shares_memory(array, v) for v in (*net.W.values(), *net.b.values()))
            array[...] = 7.0
    assert all(map(np.array_equal, (flat(net), x, y), before))
    assert net.activation == before[3]


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.tolist(),
        lambda v: v.astype(int),
        lambda v: v.astype(np.float32),
        lambda v: v.astype(bool),
        np.asfortranarray,
        lambda v: np.repeat(v, 2, axis=-1)[..., ::2],
        lambda v: v.view(np.matrix),
    ],
    ids=["lists", "integers", "float32", "true/false", "Fortran", "strided", "np.matrix"],
)
@pytest.mark.parametrize("batch_size", [None, 2])
def test_points_and_targets_in_other_forms(change, batch_size):
    net, _, _ = problem("mse", (2,))
    x, y = np.random.default_rng(8).integers(0, 2, (2, 3, 6)).astype(float)
    wanted = run(net, x, y, batch_size=batch_size)
    found = run(net, change(x), change(y), batch_size=batch_size)
    assert np.max(np.abs(flat(found.net) - flat(wanted.net))) <= 1e-14


def test_numbers_of_numpy_are_good():
    net, x, y = problem("mse", (2,))
    wanted = run(net, x, y, batch_size=2, record_every=5, snapshots=[4])
    found = run(
        net, x, y, steps=np.int64(20), learning_rate=np.float64(0.1), batch_size=np.uint8(2),
        record_every=np.int32(5), snapshots=np.array([4]),
    )  # fmt: skip
    assert same(found.net, wanted.net)
    assert found.steps.tolist() == wanted.steps.tolist()
    assert list(found.snapshots) == [4]
    assert same(run(net, x, y, learning_rate=1).net, run(net, x, y, learning_rate=1.0).net)


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, Network.copy])
def test_a_copied_network_trains_alike(way):
    for which in ("binary", "softmax"):
        net, x, y = problem(which)
        loss = LOSSES[which][0]
        assert np.array_equal(flat(run(way(net), x, y, loss).net), flat(run(net, x, y, loss).net))


@pytest.mark.parametrize("rng", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_generators_of_every_kind_are_good(rng):
    net, x, y = problem("mse")
    assert len(run(net, x, y, rng=np.random.Generator(rng(1)), batch_size=2).steps) == 21


# -- records ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "every", "wanted"),
    [
        (20, 7, [0, 7, 14, 20]),
        (20, 5, [0, 5, 10, 15, 20]),
        (3, 1, [0, 1, 2, 3]),
        (1, 1, [0, 1]),
        (1, None, [0, 1]),
        (20, 20, [0, 20]),
        (20, 21, [0, 20]),
        (50, None, list(range(51))),
        (1000, None, list(range(0, 1001, 10))),
    ],
)
@pytest.mark.parametrize("replicas", [(), (2,)], ids=["single", "replicas"])
def test_steps_that_are_recorded(steps, every, wanted, replicas):
    net, x, y = problem("mse", replicas)
    history = run(net, x, y, steps=steps, record_every=every, batch_size=1)
    assert isinstance(history, History)
    assert history.steps.tolist() == wanted
    assert history.steps.dtype.kind == "i"
    assert history.cost.shape == (len(wanted), *replicas)
    assert history.cost.dtype == np.float64
    assert history.interrupted is False
    assert history.snapshots == {}


def test_about_a_hundred_records_unless_asked():
    net, x, y = problem("mse")
    for steps in (100, 150, 199, 250, 777, 1001):
        history = run(net, x, y, steps=steps)
        assert 100 <= len(history.steps) <= 201
        assert (history.steps[0], history.steps[-1]) == (0, steps)
        assert np.all(np.diff(history.steps) > 0)


@every_loss
@pytest.mark.parametrize("replicas", [(), (2,)], ids=["single", "replicas"])
def test_the_cost_is_the_loss_on_all_columns(which, replicas):
    net, x, y = problem(which, replicas)
    history = run(net, x, y, LOSSES[which][0], batch_size=2, record_every=4,
                  snapshots=range(0, 21, 4))  # fmt: skip
    assert sorted(history.snapshots) == history.steps.tolist() == [0, 4, 8, 12, 16, 20]
    for k, step in enumerate(history.steps):
        for r in np.ndindex(replicas):
            z, a = forward(one(history.snapshots[step], r) if r else history.snapshots[step], x)
            wanted = COSTS[which](z[4], a[4], y).sum() / 7
            assert abs(history.cost[k][r] - wanted) <= 1e-13


def test_snapshots_are_copies_and_nobody_elses():
    net, x, y = problem("mse", (2,))
    history = run(net, x, y, batch_size=2, snapshots=[20, 0, 3, 3])
    assert sorted(history.snapshots) == [0, 3, 20]
    assert all(type(step) is int for step in history.snapshots)
    assert same(history.snapshots[0], net)
    assert same(history.snapshots[20], history.net)
    assert same(history.snapshots[3], run(net, x, y, batch_size=2, steps=3).net)
    everything = [net, history.net, *history.snapshots.values()]
    for u, v in itertools.combinations(everything, 2):
        arrays = [[w for d in (n.W, n.b) for w in d.values()] for n in (u, v)]
        assert not any(itertools.starmap(np.shares_memory, itertools.product(*arrays)))
    kept = [flat(n).copy() for n in everything]
    for i, n in enumerate(everything):
        n.W[2][...] = 7.0
        kept[i] = flat(n).copy()
        assert all(map(np.array_equal, map(flat, everything), kept))


@pytest.mark.parametrize("snapshots", [(0, 5), [5, 0], {0, 5}, range(0, 6, 5), np.array([0, 5])])
def test_snapshots_in_any_kind_of_list(snapshots):
    net, x, y = problem("mse")
    assert sorted(run(net, x, y, snapshots=snapshots).snapshots) == [0, 5]
    assert sorted(run(net, x, y, snapshots=(int(s) for s in snapshots)).snapshots) == [0, 5]


def test_a_history_of_ones_own():
    net, _, _ = problem("mse")
    history, other = History(net), History(net)
    assert (len(history.steps), len(history.cost), history.interrupted) == (0, 0, False)
    assert history.snapshots is not other.snapshots
    assert TrainingDiverged("too far", history).history is history


# -- divergence ------------------------------------------------------------------------------------


def diverging(which="mse", replicas=(), **options):
    """The error of a training of linear layers with far too large steps."""
    rng = np.random.default_rng(9)
    net = init_network([2, 3, 2], rng, "paper", *replicas, activation=identity)
    x, y = (
        np.ones((2, 4)) + 0.1 * rng.normal(size=(2, 4)),
        np.array([[0.9, 0, 1, 0], [0.1, 1, 0, 1]]),
    )
    before = flat(net).copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TrainingDiverged) as caught:
            run(net, x, y, LOSSES[which][0], steps=2000, **{"learning_rate": 1e60, **options})
    assert np.array_equal(flat(net), before)
    return caught.value


def check_divergence(error, replicas):
    assert isinstance(error, ArithmeticError)
    message, history = str(error), error.history
    assert "not finite" in message
    assert re.search(r"smaller learning_rate", message)
    assert "\n" not in message
    step = int(re.search(r"step (\d+)", message)[1])
    assert history.steps[-1] == step
    assert isinstance(history, History)
    assert history.steps[0] == 0
    assert history.cost.shape == (len(history.steps), *replicas)
    assert np.all(np.isfinite(history.cost[:-1]))
    assert not np.all(np.isfinite(history.cost[-1]))
    assert len(history.steps) >= 2
    assert history.interrupted is False
    return step


@pytest.mark.parametrize("replicas", [(), (3,)], ids=["single", "replicas"])
@pytest.mark.parametrize("every", [1, 10, None])
@pytest.mark.parametrize("which", ["mse", "huber", "softmax"])
def test_divergence_says_where_and_what_to_do(which, every, replicas):
    error = diverging(which, replicas, record_every=every)
    step = check_divergence(error, replicas)
    assert step % (every or 20) == 0
    assert step <= 40


@every_optimizer
@pytest.mark.parametrize("batch_size", [None, 1])
def test_divergence_with_every_optimizer(optimizer, batch_size):
    error = diverging(optimizer=optimizer, batch_size=batch_size, learning_rate=1e150,
                      record_every=1, snapshots=[0, 1, 1999])  # fmt: skip
    step = check_divergence(error, ())
    assert sorted(error.history.snapshots) == [s for s in (0, 1) if s <= step]


def test_divergence_of_one_replica_among_three():
    rng = np.random.default_rng(10)
    net = init_network([2, 1], rng, "paper", 3, activation=identity)
    x, y = rng.normal(size=(3, 2, 5)), np.zeros((1, 5))
    x[1] *= 1e4
    with pytest.raises(TrainingDiverged, match="1 of 3 replicas") as caught:
        run(net, x, y, steps=200, record_every=1)
    step = check_divergence(caught.value, (3,))
    assert np.isfinite(caught.value.history.cost[-1]).tolist() == [True, False, True]
    # and the first step at which it was not finite is named
    alone = run(one(net, 1), x[1], y, steps=step - 1, record_every=1)
    assert np.allclose(alone.cost, caught.value.history.cost[:-1, 1], rtol=1e-10)


def test_the_history_of_a_divergence_is_that_of_a_shorter_training():
    net = Network({2: [[1.0]]}, {2: [[0.0]]}, identity)
    with pytest.raises(TrainingDiverged) as caught:
        run(net, [[1.0]], [[0.0]], steps=1000, learning_rate=1e10, record_every=3)
    step = check_divergence(caught.value, ())
    short = run(net, [[1.0]], [[0.0]], steps=step - 3, learning_rate=1e10, record_every=3)
    assert np.array_equal(short.cost, caught.value.history.cost[:-1])
    assert caught.value.history.net.sizes == (1, 1)


def test_a_divergence_is_noticed_where_a_copy_is_due():
    # between two records, where the weights are nan: a network that could not be copied
    error = diverging(record_every=1999, snapshots=range(0, 2000, 10))
    step = check_divergence(error, ())
    assert step % 10 == 0
    assert step < 200
    assert sorted(error.history.snapshots) == list(range(0, step, 10))


def test_the_error_of_a_divergence_may_be_stored():
    error = diverging(replicas=(2,))
    found = pickle.loads(pickle.dumps(error))
    assert str(found) == str(error)
    assert np.array_equal(found.history.cost, error.history.cost, equal_nan=True)


def test_a_training_that_goes_on_and_diverges_tells_all_of_it():
    net = Network({2: [[1.0]]}, {2: [[0.0]]}, identity)
    start = run(net, [[1.0]], [[0.0]], steps=10, record_every=2)
    with pytest.raises(TrainingDiverged) as caught:
        resume(start, steps=1000, learning_rate=1e10)
    step = check_divergence(caught.value, ())
    assert step > 10
    assert np.array_equal(caught.value.history.cost[:6], start.cost)
    with pytest.raises(ValueError, match="history ends with a cost or weights that are not finite"):
        resume(caught.value.history, steps=10)


# -- interruption ----------------------------------------------------------------------------------


def interrupt_at(k):
    def act(count):
        if count == k:
            raise KeyboardInterrupt

    return act


@every_optimizer
@pytest.mark.parametrize("replicas", [(), (2,)], ids=["single", "replicas"])
def test_an_interruption_keeps_what_was_recorded(optimizer, replicas, capsys):
    net, x, y = problem("mse", replicas)
    options = {"steps": 50, "record_every": 4, "batch_size": 2, "optimizer": optimizer}
    history = interrupted(net, x, y, Spy(interrupt_at(11)), snapshots=[0, 8, 30], **options)
    out, err = capsys.readouterr()
    assert history.interrupted is True
    assert history.steps.tolist() == [0, 4, 8]
    assert history.cost.shape == (3, *replicas)
    assert sorted(history.snapshots) == [0, 8]
    whole = run(net, x, y, snapshots=[10], **options)
    assert np.array_equal(history.cost, whole.cost[:3])
    assert same(history.net, whole.snapshots[10])
    assert "interrupted" in out
    assert re.search(r"\b11\b.*\b50\b", out)
    assert (out.count("\n"), err) == (1, "")


@pytest.mark.parametrize("k", [1, 2, 3])
def test_an_interruption_while_the_cost_is_recorded(k):
    net, x, y = problem("mse", (2,))
    history = interrupted(net, x, y, Spy(value=interrupt_at(k)), record_every=5)
    assert history.interrupted is True
    assert history.steps.tolist() == [0, 5, 10][: k - 1]
    assert len(history.cost) == k - 1


@every_optimizer
@pytest.mark.parametrize("k", [1, 2, 11, 1001, 1100])
@pytest.mark.parametrize("batches", EACH_BATCH)
def test_an_interrupted_training_goes_on_as_if_nothing_had_happened(optimizer, k, batches, capsys):
    net, x, y = problem("mse", (2,))
    options = {**EACH_BATCH[batches], "optimizer": optimizer, "learning_rate": 0.02,
               "steps": 1100, "record_every": 250, "snapshots": [0, 10, 1000, 1050]}  # fmt: skip
    history = interrupted(net, x, y, Spy(interrupt_at(k)), **options)
    assert history.state.done == k - 1
    assert "resume(history)" in capsys.readouterr().out
    found = resume(history)
    assert found.interrupted is False
    assert history.interrupted is True
    assert equal(found, run(net, x, y, **options))


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_an_interrupted_record_is_made_up_for(k):
    net, x, y = problem("mse", (2,))
    options = {"record_every": 5, "batch_size": 2, "snapshots": [0, 5, 20], "optimizer": "adam"}
    rng = np.random.default_rng(5)
    history = interrupted(net, x, y, Spy(value=interrupt_at(k)), rng=rng, **options)
    assert history.state.done == 5 * (k - 1)
    rng.random(3)  # what others do with the generator is no matter, even before the first batch
    assert equal(resume(history, progress=True), run(net, x, y, **options))


def test_interrupted_again_and_again():
    net, x, y = problem("mse", (2,))
    options = {"batch_size": 2, "steps": 40, "optimizer": "momentum", "record_every": 3}
    spy = Spy(lambda count: interrupt_at(0)(count % 7))  # in every seventh step that is begun
    history = interrupted(net, x, y, spy, **options)
    while history.interrupted:
        history = resume(history)
    assert len(spy.targets) > 40
    assert equal(history, run(net, x, y, **options))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such clock here")
@every_optimizer
def test_ctrl_c_at_any_moment_loses_nothing(optimizer):
    # a true signal, which may come between any two operations of a step
    net, x, y = problem("mse", (2,))
    options = {"batch_size": 2, "steps": 3000, "optimizer": optimizer, "record_every": 7,
               "weight_decay": 0.01, "learning_rate": 0.01}  # fmt: skip
    whole = run(net, x, y, **options)
    history, rng = run(net, x, y, **{**options, "steps": 1}), np.random.default_rng(1)
    history.state.last = 3000  # as if it had been interrupted there
    history.interrupted = True
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        for delay in rng.uniform(1e-3, 8e-3, 60):
            try:
                signal.setitimer(signal.ITIMER_REAL, delay)
                history = resume(history)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except KeyboardInterrupt:
                pass  # before the first step or after the last: the history is the one we had
            if not history.interrupted:
                break
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    found = resume(history) if history.interrupted else history
    assert equal(found, whole, joins=[1])


def test_another_error_is_not_swallowed():
    def act(count):
        if count == 3:
            raise ZeroDivisionError("of one's own")

    net, x, y = problem("mse")
    with pytest.raises(ZeroDivisionError, match="of one's own"):
        run(net, x, y, Spy(act))


# -- the progress bar ------------------------------------------------------------------------------


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """A clock in place of `time` in utils.training, and no reason to be silent."""
    found = Clock()
    monkeypatch.setattr(training, "time", types.SimpleNamespace(monotonic=found))
    monkeypatch.delenv("PYTEST_VERSION", raising=False)
    monkeypatch.delenv("COURSE_NO_PROGRESS", raising=False)
    return found


class Terminal:
    """What has been written to stderr so far."""

    def __init__(self, capsys):
        self.capsys, self.written = capsys, ""

    def getvalue(self):
        self.written += self.capsys.readouterr().err
        return self.written


@pytest.fixture
def terminal(monkeypatch, clock, capsys):
    """No notebook, but a terminal."""
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    return Terminal(capsys)


@pytest.fixture
def notebook(monkeypatch, clock):
    """A notebook; what is displayed, as a list of (how, bundle)."""
    shown = []

    class Handle:
        def update(self, bundle, *, raw):
            assert raw is True
            shown.append(("update", bundle))

    def display(bundle, *, raw, display_id):
        assert raw is True
        assert display_id is True
        shown.append(("display", bundle))
        return Handle()

    module = types.ModuleType("IPython.display")
    module.display = display
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    monkeypatch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    return shown


def screen(written):
    """What a line of a terminal shows after all that was written to it."""
    line = []
    for part in written.split("\r"):
        line[: len(part)] = part
    return "".join(line).strip()


def test_a_bar_waits_before_it_appears(clock, terminal):
    bar = Bar(100)
    clock.now += 1.9
    bar.show(10)
    assert terminal.getvalue() == ""
    clock.now += 0.2
    bar.show(20)
    assert screen(terminal.getvalue()).startswith("20%")
    assert "8 s left" in screen(terminal.getvalue())  # 2.1 s for 20 of 100
    bar.close()
    assert screen(terminal.getvalue()) == ""
    assert "\n" not in terminal.getvalue()


@pytest.mark.parametrize("patience", [0.0, 0.5, 30.0])
def test_the_patience_of_a_bar(clock, terminal, patience):
    bar = Bar(100, patience)
    seen = []
    for done in range(1, 100):
        clock.now += 0.5
        bar.show(done)
        seen.append(bool(terminal.getvalue()))
    assert seen == [0.5 * done >= patience for done in range(1, 100)]


def test_a_bar_that_never_appeared_leaves_no_trace(clock, terminal, notebook):
    for kernel in (True, False):
        if not kernel:
            del sys.modules["ipykernel"]
        bar = Bar(10)
        bar.show(5)
        bar.close()
        bar.close()
    assert terminal.getvalue() == ""
    assert notebook == []


def test_a_bar_is_drawn_at_most_ten_times_a_second(clock, terminal):
    bar = Bar(10_000)
    clock.now += 5
    for done in range(1, 2001):
        clock.now += 0.001
        bar.show(done)
    assert 15 <= terminal.getvalue().count("\r") <= 21


def test_a_bar_shows_ever_more_and_never_a_stale_end(clock, terminal):
    bar = Bar(1000)
    seen = []
    for done in range(1, 1001):
        clock.now += 1
        bar.show(done)
        seen.append(screen(terminal.getvalue()[-300:]))
    assert re.fullmatch(r"\d+%, \d+ s left", seen[-1])
    percent = [int(text.split("%")[0]) for text in seen[1:]]
    assert percent == sorted(percent)
    assert (percent[0], percent[-1]) == (0, 100)
    assert seen[-1] == "100%, 0 s left"
    bar.close()
    assert screen(terminal.getvalue()[-300:]) == ""


@pytest.mark.parametrize("name", ["PYTEST_VERSION", "COURSE_NO_PROGRESS"])
def test_a_bar_is_silent_where_outputs_are_compared(name, clock, terminal, notebook, monkeypatch):
    monkeypatch.setenv(name, "1")
    for kernel in (True, False):
        if not kernel:
            del sys.modules["ipykernel"]
        bar = Bar(100)
        for done in range(1, 101):
            clock.now += 1
            bar.show(done)
        bar.close()
    assert terminal.getvalue() == ""
    assert notebook == []


def test_a_bar_in_a_notebook_is_one_picture_that_vanishes(clock, notebook, capsys):
    bar = Bar(100)
    for done in range(1, 101):
        clock.now += 1
        bar.show(done)
    assert [how for how, _ in notebook] == ["display"] + ["update"] * 98
    for done, (_, bundle) in enumerate(notebook, start=2):
        assert set(bundle) == {"text/plain", "text/html"}
        assert bundle["text/plain"].startswith(f"{done}%")
        assert f"value={done}" in bundle["text/html"]
        assert "max=100" in bundle["text/html"]
    bar.close()
    bar.close()
    assert notebook[99:] == [("update", {"text/plain": "", "text/html": ""})]
    assert capsys.readouterr() == ("", "")


def test_a_bar_may_be_asked_before_the_first_step(clock, terminal):
    bar = Bar(10)
    clock.now += 5
    bar.show(0)
    bar.close()
    assert screen(terminal.getvalue()) == ""


def slowly(clock, seconds, **options):
    """A training, each step of which takes so many seconds of the clock; what was on the screen."""
    net, x, y = problem("mse", (2,))
    tick = lambda count: setattr(clock, "now", clock.now + seconds)  # noqa: E731
    return run(net, x, y, Spy(tick), progress=True, **options)


def test_a_slow_training_shows_a_bar_and_wipes_it(clock, terminal):
    slowly(clock, 0.002, steps=2500)
    texts = re.findall(r"(\d+)%, (\d+) s left", terminal.getvalue())
    assert len(texts) >= 2
    assert screen(terminal.getvalue()) == ""


def test_a_training_within_the_patience_shows_nothing(clock, terminal):
    slowly(clock, 0.0012, steps=1500)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("steps", [20, 999, 1100])
def test_few_but_long_steps_show_a_bar_too(clock, terminal, steps):
    slowly(clock, 1.0, steps=steps)
    first = re.search(r"(\d+)%", terminal.getvalue())
    assert first
    assert int(first[1]) <= 100 * 10 / steps + 1  # within ten steps, ten seconds
    assert screen(terminal.getvalue()) == ""


def test_a_long_first_look_at_the_cost_is_no_trouble(clock, terminal):
    net, x, y = problem("mse")
    spy = Spy(value=lambda count: setattr(clock, "now", clock.now + 10))
    history = run(net, x, y, spy, progress=True)
    assert history.steps[-1] == 20
    assert screen(terminal.getvalue()) == ""


def test_no_bar_unless_asked(clock, terminal):
    net, x, y = problem("mse")
    run(net, x, y, Spy(lambda count: setattr(clock, "now", clock.now + 1)), steps=1500)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("name", ["PYTEST_VERSION", "COURSE_NO_PROGRESS"])
def test_a_slow_training_is_silent_where_outputs_are_compared(name, clock, terminal, monkeypatch):
    monkeypatch.setenv(name, "9")
    slowly(clock, 1.0, steps=1200)
    assert terminal.getvalue() == ""


def ends(kind, clock):
    """A slow training that ends early."""

    def act(count):
        clock.now += 1
        if count == 1100:
            raise kind

    net, x, y = problem("mse")
    return interrupted(net, x, y, Spy(act), steps=3000, progress=True)


def test_the_bar_goes_however_the_training_ends(clock, terminal):
    assert ends(KeyboardInterrupt, clock).interrupted
    assert "%" in terminal.getvalue()
    assert screen(terminal.getvalue()) == ""
    with pytest.raises(ZeroDivisionError):
        ends(ZeroDivisionError, clock)
    assert screen(terminal.getvalue()) == ""
    net, x, y = problem("huber")
    clock.now += 1

    class Worse(Spy):
        def _terms(self, z, a, y):
            terms = super()._terms(z, a, y)
            return terms * np.inf if len(self.targets) > 1050 else terms

    before = len(terminal.getvalue())
    with pytest.raises(TrainingDiverged):
        run(net, x, y, Worse(lambda count: setattr(clock, "now", clock.now + 1)), steps=2000,
            progress=True)  # fmt: skip
    assert "%" in terminal.getvalue()[before:]
    assert screen(terminal.getvalue()) == ""


def test_the_bar_of_a_notebook_goes_however_the_training_ends(clock, notebook):
    ends(KeyboardInterrupt, clock)
    assert notebook[0][0] == "display"
    assert notebook[-1] == ("update", {"text/plain": "", "text/html": ""})
    with pytest.raises(ZeroDivisionError):
        ends(ZeroDivisionError, clock)
    assert notebook[-1] == ("update", {"text/plain": "", "text/html": ""})
    assert [how for how, _ in notebook].count("display") == 2


# -- refusals leave no trace (what is refused: test_inputs.py) -------------------------------------


def test_a_refused_training_draws_nothing_and_changes_nothing():
    net, x, y = problem("mse", (2,))
    rng, before = np.random.default_rng(1), flat(net).copy()
    state = rng.bit_generator.state
    for wrong in (
        {"steps": 0},
        {"learning_rate": -1.0},
        {"batch_size": 8},
        {"optimizer": "SGD"},
        {"record_every": 0},
        {"snapshots": [21]},
    ):
        with pytest.raises(ValueError):
            run(net, x, y, rng=rng, **{"batch_size": 2, **wrong})
    assert rng.bit_generator.state == state
    assert np.array_equal(flat(net), before)


def test_only_the_first_four_arguments_go_without_a_name():
    net, x, y = problem("mse")
    with pytest.raises(TypeError):
        train(net, x, y, mse, 20, 0.1, np.random.default_rng(1))
    for missing in ("steps", "learning_rate", "rng"):
        arguments = {"steps": 20, "learning_rate": 0.1, "rng": np.random.default_rng(1)}
        del arguments[missing]
        with pytest.raises(TypeError, match=missing):
            train(net, x, y, mse, **arguments)
