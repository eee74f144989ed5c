"""Notebook 06: the networks that are looked at, and how far pictures must be pushed."""

from typing import NamedTuple

import numpy as np

from utils.activations import identity
from utils.data import digits, ten_points
from utils.gradients import input_gradient
from utils.losses import binary_cross_entropy, mse
from utils.network import Network, forward, init_network
from utils.replicas import Interval, mean_interval
from utils.training import train

__all__ = [
    "Threes",
    "alike_in_two_networks",
    "alike_under_two_pictures",
    "flip_lengths",
    "gentle_network",
    "networks_for_threes",
    "networks_on_ten_points",
    "push_lengths",
    "train_longer",
    "unit_maps",
]


def networks_on_ten_points(replicas: int = 200, steps: int = 2000) -> list[Network]:
    """Train networks 2-2-3-1 on the ten points, with Adam, and keep those with all ten right.

    Parameters
    ----------
    replicas : int
        How many are trained.
    steps : int

    Returns
    -------
    list of Network

    Examples
    --------
    >>> len(networks_on_ten_points(replicas=3, steps=1))
    0
    """
    x, y = ten_points("scalar")
    rng = np.random.default_rng(1)
    start = init_network([2, 2, 3, 1], rng, "paper", replicas=replicas)
    net = train(start, x, y, mse, steps=steps, learning_rate=0.05, rng=rng, optimizer="adam").net
    right = np.all((forward(net, x)[1][4] > 0.5) == (y > 0.5), axis=(-2, -1))
    return [net.replica(r) for r in np.flatnonzero(right).tolist()]


def gentle_network(replicas: int = 200) -> Network:
    """Train for 300 steps only; of those with all ten right, the one with the least steep output.

    Parameters
    ----------
    replicas : int
        How many are trained.

    Returns
    -------
    Network

    Examples
    --------
    >>> gentle_network()
    <Network 2-2-3-1, sigmoid, 19 parameters>
    """
    ticks = np.linspace(0, 1, 61)
    plane = np.stack([v.ravel() for v in np.meshgrid(ticks, ticks)])
    candidates = networks_on_ten_points(replicas, steps=300)
    return min(candidates, key=lambda one: np.linalg.norm(input_gradient(one, plane), axis=0).max())


class Threes(NamedTuple):
    """Networks that were trained to answer one question about a digit: is it a 3?

    Attributes
    ----------
    begin, trained : Network
        Replicas 64-16-1, before and after.
    learn, test : numpy.ndarray
        Numbers of the digits that they were trained on, and of the others.

    Examples
    --------
    >>> net = init_network([64, 16, 1], np.random.default_rng(0), replicas=2)
    >>> Threes(net, net, learn=np.arange(1200), test=np.arange(1200, 1797)).begin
    <Network 2 × 64-16-1, sigmoid, 1057 parameters>
    """

    begin: Network
    trained: Network
    learn: np.ndarray
    test: np.ndarray


def networks_for_threes(replicas: int = 20, steps: int = 600) -> Threes:
    """Train networks 64-16-1 on 1,200 of the digits.

    Cross-entropy, Adam, minibatches of 32.

    Parameters
    ----------
    replicas, steps : int

    Returns
    -------
    Threes

    Examples
    --------
    >>> networks_for_threes(replicas=2, steps=1).test.size
    597
    """
    rng = np.random.default_rng(3)
    order = rng.permutation(1797)
    begin = init_network([64, 16, 1], rng, replicas=replicas)
    untouched = Threes(begin, begin, order[:1200], order[1200:])
    return train_longer(untouched, steps, rng)


def train_longer(threes: Threes, steps: int, rng: np.random.Generator) -> Threes:
    """Train such networks for some more steps.

    Parameters
    ----------
    threes : Threes
    steps : int
    rng : numpy.random.Generator

    Returns
    -------
    Threes

    Examples
    --------
    >>> few = networks_for_threes(replicas=2, steps=1)
    >>> more = train_longer(few, 1, np.random.default_rng(0))
    >>> bool(np.all(more.begin.W[3] == few.begin.W[3]))
    True
    """
    images, digit = digits()
    is_3 = (digit == 3).astype(float)[None, :]
    learn = threes.learn
    history = train(
        threes.trained, images[:, learn], is_3[:, learn], binary_cross_entropy,
        steps=steps, learning_rate=0.01, rng=rng, batch_size=32, optimizer="adam",
    )  # fmt: skip
    return threes._replace(trained=history.net)


def flip_lengths(
    net: Network, x: np.ndarray, directions: np.ndarray, lengths: np.ndarray
) -> np.ndarray:
    """The first length at which the decision flips, along d or −d, for all pictures at once.

    Parameters
    ----------
    net : Network
        With one output.
    x, directions : numpy.ndarray, shapes (n_1, N)
        A picture and its direction d in each column.
    lengths : numpy.ndarray, shape (K,)
        Increasing.

    Returns
    -------
    numpy.ndarray, shape (N,)
        Infinite where there is none.

    Examples
    --------
    >>> net = Network({2: [[1.0, 0.0]]}, {2: [[-1.0]]})
    >>> x, d = np.zeros((2, 2)), np.array([[-1.0, 0.0], [0.0, 1.0]])
    >>> flip_lengths(net, x, d, np.array([0.5, 1.5, 2.5]))
    array([1.5, inf])
    """
    before = forward(net, x)[1][net.L] > 0.5
    first = np.full(x.shape[1], np.inf)
    for t in lengths[::-1]:
        for sign in (1, -1):
            flipped = ((forward(net, x + sign * t * directions)[1][net.L] > 0.5) != before)[0]
            first[flipped] = t
    return first


def push_lengths(net: Network, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How far pictures must be pushed until the decision flips.

    Parameters
    ----------
    net : Network
        With one output; its activation is taken off for the gradient.
    x : numpy.ndarray, shape (n_1, N)
    rng : numpy.random.Generator
        Draws one direction for each picture.

    Returns
    -------
    numpy.ndarray, shape (3, N)
        Along the logit's gradient; along a random direction; along the gradient if the logit were
        linear, \\|z\\|/‖∇z‖. Pictures that don't flip along the gradient are nan.

    Examples
    --------
    >>> net = Network({2: [[3.0, 0.0]]}, {2: [[-6.0]]})
    >>> along, chance, linear = push_lengths(net, np.zeros((2, 1)), np.random.default_rng(0))
    >>> linear, bool(along[0] < chance[0])
    (array([2.]), True)
    """
    lengths = np.geomspace(0.02, 200, 150)
    logit = Network(net.W, net.b, net.activation, output=identity)
    g, d = input_gradient(logit, x), rng.normal(size=x.shape)
    along_g = flip_lengths(net, x, g / np.linalg.norm(g, axis=0), lengths)
    along_d = flip_lengths(net, x, d / np.linalg.norm(d, axis=0), lengths)
    linear = np.abs(forward(logit, x)[1][net.L][0]) / np.linalg.norm(g, axis=0)
    return np.where(np.isfinite(along_g), [along_g, along_d, linear], np.nan)


def unit_maps(net: Network, x: np.ndarray) -> np.ndarray:
    """The logit's gradient at each picture, by each replica, as a vector of length 1.

    Parameters
    ----------
    net : Network
        R replicas with one output; its activation is taken off.
    x : numpy.ndarray, shape (n_1, N)

    Returns
    -------
    numpy.ndarray, shape (R, n_1, N)

    Examples
    --------
    >>> net = Network({2: [[[3.0, 4.0]], [[0.0, 1.0]]]}, {2: [[[0.0]], [[0.0]]]})
    >>> unit_maps(net, np.zeros((2, 1)))[:, :, 0]
    array([[0.6, 0.8],
           [0. , 1. ]])
    """
    maps = input_gradient(Network(net.W, net.b, net.activation, output=identity), x)
    unit: np.ndarray = maps / np.linalg.norm(maps, axis=-2, keepdims=True)
    return unit


def alike_under_two_pictures(maps: np.ndarray) -> Interval:
    """Mean cosine of a network's maps of two pictures, with the interval over the networks.

    Parameters
    ----------
    maps : numpy.ndarray, shape (R, n_1, N)
        From `unit_maps`. Each picture is compared with the one before it.

    Returns
    -------
    Interval

    Examples
    --------
    >>> print(alike_under_two_pictures(np.ones((3, 1, 5))))
    1 (1 to 1)
    """
    return mean_interval(np.mean(np.sum(maps * np.roll(maps, 1, axis=2), axis=1), axis=1))


def alike_in_two_networks(maps: np.ndarray) -> Interval:
    """Mean cosine of the maps of one picture by two networks, with the interval over the pairs.

    Parameters
    ----------
    maps : numpy.ndarray, shape (R, n_1, N)
        From `unit_maps`; R is even. The first is compared with the second, and so on.

    Returns
    -------
    Interval

    Examples
    --------
    >>> print(alike_in_two_networks(np.ones((4, 1, 5)) * [[[1]], [[-1]], [[1]], [[-1]]]))
    -1 (-1 to -1)
    """
    return mean_interval(np.mean(np.sum(maps[::2] * maps[1::2], axis=1), axis=1))
