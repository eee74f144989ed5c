r"""A network is its weights and biases, in dictionaries keyed by the layer number.

.. math:: a^{[1]} = x, \qquad z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}, \qquad
          a^{[l]} = \sigma(z^{[l]}), \quad l = 2, \dots, L

(Higham & Higham 2019, equations (3.1) and (3.2).) Layer l has n_l neurons; W[l] is n_l × n_{l−1}
and b[l] is n_l × 1. A batch is n × N, one *column* a sample. Further axes in front are replicas:
with W[l] of shape (R, n_l, n_{l−1}), R networks are computed in one NumPy call a layer.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from utils import inputs
from utils.activations import Activation, sigmoid

__all__ = ["Network", "forward", "init_network"]


class Network:
    """Weights, biases and activations of a fully connected network (or of R of them).

    Parameters
    ----------
    W : dict of int to array, shapes (..., n_l, n_{l-1})
        Weights of the layers 2 … L. Leading axes, if any, number replicas.
    b : dict of int to array, shapes (..., n_l, 1)
        Biases of the same layers, as columns, with the same leading axes.
    activation : Activation or dict of int to Activation
        For the layers 2 … L.
    output : Activation, optional
        Replaces the activation of layer L.

    Attributes
    ----------
    W, b, activation : dict
        Keyed by layer number 2 … L. The arrays are *held*, not copied (see `copy`); training
        changes their entries. Whoever puts another array in their place answers for its shape.
    L : int
        Number of layers, the input counted as layer 1.
    sizes : tuple of int
        (n_1, …, n_L).
    n_parameters : int
        Weights and biases of one replica.

    Raises
    ------
    TypeError
        No dictionary, values that are no numbers, integer weights, no Activation.
    ValueError
        A gap in the layer numbers, shapes that don't chain, replica axes that disagree, values
        that are not finite.

    Examples
    --------
    >>> net = Network({2: [[1.0, -1.0]]}, {2: [[0.5]]})
    >>> net
    <Network 2-1, sigmoid, 3 parameters>
    """

    def __init__(
        self,
        W: Mapping[int, Any],
        b: Mapping[int, Any],
        activation: Activation | Mapping[int, Activation] = sigmoid,
        output: Activation | None = None,
    ) -> None:
        self.W, self.b = inputs.weights_and_biases(W, b)
        self.L = len(W) + 1
        self.sizes = (self.W[2].shape[-1], *(W_l.shape[-2] for W_l in self.W.values()))
        self.activation: dict[int, Activation] = inputs.activations(activation, output, self.L)

    @property
    def replicas(self) -> tuple[int, ...]:
        """The replica axes in front, () for a single network."""
        return self.W[2].shape[:-2]

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases of one replica, Σ n_l (n_{l−1} + 1)."""
        return sum(n * (m + 1) for m, n in pairwise(self.sizes))

    def copy(self) -> "Network":
        """Return a network with arrays of its own: changing it leaves this one alone."""
        return Network(
            {l: W.copy() for l, W in self.W.items()},
            {l: b.copy() for l, b in self.b.items()},
            self.activation,
        )

    def replica(self, r: int) -> "Network":
        """Return network number r of several, alone, with arrays of its own.

        Examples
        --------
        >>> many = init_network([2, 1], np.random.default_rng(0), replicas=5)
        >>> many.replica(4)
        <Network 2-1, sigmoid, 3 parameters>
        """
        r = inputs.replica_number(self, r)
        return Network(
            {l: W[r].copy() for l, W in self.W.items()},
            {l: b[r].copy() for l, b in self.b.items()},
            self.activation,
        )

    def __repr__(self) -> str:
        names = [self.activation[l].name for l in range(2, self.L + 1)]
        shown = names[0] if len(set(names)) == 1 else "-".join(names)
        count = "".join(f"{r} × " for r in self.replicas)
        sizes = "-".join(map(str, self.sizes))
        return f"<Network {count}{sizes}, {shown}, {self.n_parameters} parameters>"


def forward(net: Network, x: Any) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    r"""Compute all layers: weighted inputs z and activations a.

    .. math:: z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}, \qquad a^{[l]} = \sigma(z^{[l]})

    Parameters
    ----------
    net : Network
        One network, or R replicas.
    x : array_like, shape (..., n_1, N)
        N points as columns; shared by all replicas, or with their leading axes.

    Returns
    -------
    z : dict of int to array, shapes (..., n_l, N)
        Weighted inputs, l = 2 … L.
    a : dict of int to array, shapes (..., n_l, N)
        Activations, l = 1 … L; a[1] is x.

    Raises
    ------
    TypeError, ValueError
        net is no Network; x holds no finite numbers or does not have n_1 rows.

    Notes
    -----
    Higham & Higham (2019), equations (3.1) and (3.2).

    Examples
    --------
    >>> net = Network({2: [[1.0, -1.0]]}, {2: [[0.0]]})
    >>> z, a = forward(net, [[3.0], [1.0]])
    >>> z[2].item(), a[2].item().__round__(4)
    (2.0, 0.8808)
    """
    return _forward(net, inputs.points(net, x))


def _forward(net: Network, x: np.ndarray) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    """`forward` behind the door."""
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = net.W[l] @ a[l - 1]
        z[l] += net.b[l]
        a[l] = net.activation[l]._function(z[l])
    return z, a


SCHEMES: dict[str, Callable[[int, int], float]] = {
    "xavier": lambda n, m: (2 / (n + m)) ** 0.5,
    "he": lambda n, m: (2 / m) ** 0.5,
    "uniform": lambda n, m: 0.1,
    "zeros": lambda n, m: 0.0,
    "paper": lambda n, m: 0.5,
}


def init_network(
    sizes: Any,
    rng: np.random.Generator,
    scheme: str = "xavier",
    replicas: int | None = None,
    activation: Activation | Mapping[int, Activation] = sigmoid,
    output: Activation | None = None,
) -> Network:
    r"""Draw a network at random.

    Parameters
    ----------
    sizes : sequence of int
        (n_1, …, n_L): neurons of each layer, the input's first.
    rng : numpy.random.Generator
        Where the random numbers come from, np.random.default_rng(seed).
    scheme : {"xavier", "he", "uniform", "zeros", "paper"}
        Weights of layer l: normal with standard deviation √(2/(n_l + n_{l−1})) (xavier; Glorot &
        Bengio 2010) or √(2/n_{l−1}) (he; He et al. 2015), uniform on (−0.1, 0.1), or zero; the
        biases are then zero. "paper" draws weights *and* biases from ½·N(0, 1), as Higham &
        Higham (2019) do.
    replicas : int, optional
        Draw that many networks at once, along a leading axis.
    activation, output
        As in `Network`.

    Returns
    -------
    Network
        With weights (n_l, n_{l−1}), or (replicas, n_l, n_{l−1}).

    Raises
    ------
    TypeError, ValueError
        Sizes that are no positive whole numbers or fewer than two, an rng that is no Generator, an
        unknown scheme, replicas that is no positive whole number.

    Examples
    --------
    >>> init_network([2, 2, 3, 2], np.random.default_rng(0), "paper")
    <Network 2-2-3-2, sigmoid, 23 parameters>
    """
    sizes, lead = inputs.sizes_and_replicas(sizes, replicas)
    inputs.generator(rng)
    inputs.choice("scheme", scheme, SCHEMES)
    draw = rng.uniform if scheme == "uniform" else rng.normal
    W: dict[int, Any] = {}
    b: dict[int, Any] = {}
    for l, (m, n) in enumerate(pairwise(sizes), start=2):
        scale = SCHEMES[scheme](n, m)
        low = -scale if scheme == "uniform" else 0.0
        W[l] = draw(low, scale, size=(*lead, n, m))
        b[l] = np.zeros((*lead, n, 1))
        if scheme == "paper":
            b[l] = draw(low, scale, size=b[l].shape)
    return Network(W, b, activation, output)
