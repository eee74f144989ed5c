"""The networks and the measurements of notebook 06."""

import numpy as np
import pytest

from utils import experiments
from utils.activations import identity
from utils.data import digits, ten_points
from utils.gradients import input_gradient
from utils.losses import binary_cross_entropy
from utils.network import Network, forward, init_network
from utils.replicas import mean_interval


def logit_of(net):
    return Network(net.W, net.b, net.activation, output=identity)


def steepest(net):
    ticks = np.linspace(0, 1, 61)
    plane = np.stack([v.ravel() for v in np.meshgrid(ticks, ticks)])
    return np.linalg.norm(input_gradient(net, plane), axis=0).max()


def test_the_networks_that_are_kept_have_all_ten_points_right():
    x, y = ten_points("scalar")
    kept = experiments.networks_on_ten_points(replicas=40, steps=600)
    assert 5 < len(kept) < 40
    for net in kept:
        assert [*(W.shape for W in net.W.values())] == [(2, 2), (3, 2), (1, 3)]
        assert np.array_equal(forward(net, x)[1][4] > 0.5, y > 0.5)


def test_the_gentle_network_is_the_least_steep_of_those_that_are_right():
    gentle = experiments.gentle_network(replicas=60)
    sizes = [steepest(net) for net in experiments.networks_on_ten_points(60, steps=300)]
    assert len(sizes) > 1
    assert steepest(gentle) == min(sizes)


def test_the_digits_are_split_and_the_networks_learn_on_the_one_part():
    threes = experiments.networks_for_threes(replicas=2, steps=60)
    both = np.concatenate([threes.learn, threes.test])
    assert np.array_equal(np.sort(both), np.arange(1797))
    assert threes.learn.size == 1200
    images, digit = digits()
    is_3 = (digit == 3).astype(float)[None, threes.learn]

    def costs(net):
        z, a = forward(net, images[:, threes.learn])
        return binary_cross_entropy.value(z[3], a[3], is_3)

    assert np.all(costs(threes.trained) < 0.6 * costs(threes.begin))
    blank = np.flatnonzero(np.all(images == 0, axis=1))
    for l in (2, 3):
        assert threes.begin.W[l].shape == threes.trained.W[l].shape
    assert np.array_equal(threes.begin.W[2][..., blank], threes.trained.W[2][..., blank])


def test_longer_training_goes_on_from_where_it_was():
    few = experiments.networks_for_threes(replicas=2, steps=5)
    more = experiments.train_longer(few, 1, np.random.default_rng(0))
    for field in ("learn", "test"):
        assert np.array_equal(getattr(more, field), getattr(few, field))
    assert np.array_equal(more.begin.W[2], few.begin.W[2])
    moved = np.abs(more.trained.W[2] - few.trained.W[2]).max()
    assert 0 < moved < 0.011  # one step of Adam is not longer than its learning rate


@pytest.fixture
def net():
    return init_network([5, 4, 1], np.random.default_rng(0))


def test_a_flip_is_found_where_the_exercise_finds_it(net):
    from utils import checks

    first_flip = checks.first_flip.reference
    rng = np.random.default_rng(1)
    x, d = rng.normal(size=(5, 30)), rng.normal(size=(5, 30))
    lengths = np.geomspace(0.1, 20, 25)
    found = experiments.flip_lengths(net, x, d, lengths)
    for k in range(30):
        one = [first_flip(net, x[:, [k]], sign * d[:, [k]], lengths) for sign in (1, -1)]
        assert found[k] == min(one)
    assert 0 < np.isinf(found).sum() < 30


def test_pushes_go_along_the_gradient_and_along_unit_vectors_at_random(net):
    net.b[3][:] = -0.8  # out of reach for some
    x = np.random.default_rng(1).normal(size=(5, 40))
    along, chance, linear = experiments.push_lengths(net, x, np.random.default_rng(2))
    g = input_gradient(logit_of(net), x)
    z = forward(logit_of(net), x)[1][3][0]
    lengths = np.geomspace(0.02, 200, 150)
    unit = g / np.linalg.norm(g, axis=0)
    by_gradient = experiments.flip_lengths(net, x, unit, lengths)
    there = np.isfinite(by_gradient)
    assert 0 < there.sum() < 40
    assert np.array_equal(np.isnan(along), ~there)
    assert np.isnan(chance[~there]).all()
    assert np.isnan(linear[~there]).all()
    assert np.array_equal(along[there], by_gradient[there])
    assert np.allclose(linear[there], (np.abs(z) / np.linalg.norm(g, axis=0))[there])
    d = np.random.default_rng(2).normal(size=x.shape)
    by_chance = experiments.flip_lengths(net, x, d / np.linalg.norm(d, axis=0), lengths)
    assert np.array_equal(chance[there], by_chance[there])


def test_maps_are_gradients_of_the_logit_of_length_1():
    nets = init_network([5, 4, 1], np.random.default_rng(0), replicas=3)
    x = np.random.default_rng(1).normal(size=(5, 6))
    maps = experiments.unit_maps(nets, x)
    assert maps.shape == (3, 5, 6)
    for r in range(3):
        g = input_gradient(logit_of(nets.replica(r)), x)
        assert np.allclose(maps[r], g / np.linalg.norm(g, axis=0))


def test_two_pictures_are_compared_within_a_network_and_two_networks_at_a_picture():
    maps = np.random.default_rng(0).normal(size=(4, 5, 3))
    maps /= np.linalg.norm(maps, axis=1, keepdims=True)

    def cosine(r, i, s, j):
        return maps[r, :, i] @ maps[s, :, j]

    within = [np.mean([cosine(r, i, r, i - 1) for i in range(3)]) for r in range(4)]
    across = [np.mean([cosine(r, i, r + 1, i) for i in range(3)]) for r in (0, 2)]
    assert experiments.alike_under_two_pictures(maps) == pytest.approx(mean_interval(within))
    assert experiments.alike_in_two_networks(maps) == pytest.approx(mean_interval(across))
