r"""A network is its weights and biases, in dictionaries keyed by the layer number.

.. math:: a^{[1]} = x, \qquad z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}, \qquad
          a^{[l]} = \sigma(z^{[l]}), \quad l = 2, \dots, L

(Higham & Higham 2019, equations (3.1) and (3.2).) Layer l has n_l neurons; W[l] is n_l × n_{l−1}
and b[l] is n_l × 1. A batch is n × N, one *column* a sample. Further axes in front are replicas:
with W[l] of shape (R, n_l, n_{l−1}), R networks are computed in one NumPy call a layer.
"""

import math
from collections.abc import Callable, Mapping, Set
from itertools import pairwise
from typing import Any

import numpy as np

from utils.activations import Activation, sigmoid
from utils.inputs import (
    axes_fit,
    columns_mend,
    describe,
    layer_arrays,
    numbers,
    shape_error,
    whole_number,
)

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
        layer_arrays("W", W)
        layer_arrays("b", b)
        if len(W) != len(b):
            raise ValueError(
                f"b has the layers {sorted(b)}, W has {sorted(W)}; expected the same layers in "
                "both: every layer from 2 on has weights and biases"
            )
        self.L = len(W) + 1
        self.W = {l: _weights(f"W[{l}]", W[l], "(..., n_l, n_{l-1})") for l in range(2, self.L + 1)}
        self.b = {l: _weights(f"b[{l}]", b[l], "(..., n_l, 1)") for l in range(2, self.L + 1)}
        self.sizes = (self.W[2].shape[-1], *(self.W[l].shape[-2] for l in range(2, self.L + 1)))
        self._check_shapes()
        if any(np.iscomplexobj(v) for d in (self.W, self.b) for v in d.values()):
            # one complex entry (a complex step in a weight) makes all of them complex
            self.W = {l: v.astype(complex) for l, v in self.W.items()}
            self.b = {l: v.astype(complex) for l, v in self.b.items()}
        self.activation = _activations(activation, output, self.L)

    def _check_shapes(self) -> None:
        lead = self.W[2].shape[:-2]
        for l in range(2, self.L + 1):  # all weights first: biases are measured by them
            n, m, W = self.sizes[l - 1], self.sizes[l - 2], self.W[l]
            if W.shape[-1] != m:
                raise shape_error(
                    f"W[{l}]", W, f"(..., {n}, {m}), since layer {l - 1} has {m} neurons",
                    "W[l] is n_l × n_{l-1}; write .T if yours is the other way round",
                )  # fmt: skip
            if 0 in W.shape:
                raise shape_error(f"W[{l}]", W, "at least one neuron a layer, and one replica",
                                  "drop what is empty")  # fmt: skip
        for l in range(2, self.L + 1):
            n, W, b = self.sizes[l - 1], self.W[l], self.b[l]
            if b.shape[-2:] != (n, 1):
                raise shape_error(
                    f"b[{l}]", b, f"(..., {n}, 1), one bias for each neuron of layer {l}",
                    "biases are columns; write b[:, None] or np.zeros((n, 1))",
                )  # fmt: skip
            for name, array in (("W", W), ("b", b)):
                if array.shape[:-2] != lead:
                    raise shape_error(
                        f"{name}[{l}]", array,
                        f"the replica axes {lead} of W[2] in front of {array.shape[-2:]}",
                        "give all weights and biases the same number of replicas",
                    )  # fmt: skip

    @property
    def replicas(self) -> tuple[int, ...]:
        """The replica axes in front, () for a single network."""
        return self.W[2].shape[:-2]

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases of one replica, Σ n_l (n_{l−1} + 1)."""
        return sum(n * (m + 1) for m, n in zip(self.sizes[:-1], self.sizes[1:], strict=True))

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
        if not self.replicas:
            raise ValueError(
                "net is a single network; expected one with replicas: use it as it is, or draw "
                "several with init_network(…, replicas=R)"
            )
        r = whole_number("r", r, f"a replica from 0 to {self.replicas[0] - 1}", smallest=0)
        if r >= self.replicas[0]:
            raise ValueError(f"r is {r}; expected a replica from 0 to {self.replicas[0] - 1}: "
                             "Python counts from 0")  # fmt: skip
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


def _weights(name: str, value: Any, expected: str) -> np.ndarray:
    array = numbers(name, value, expected, integers=False)
    if array.ndim < 2:
        mend = "write b[:, None] for a column" if name[0] == "b" else "one row a neuron of layer l"
        raise shape_error(name, array, expected, mend)
    return array


def _activations(activation: Any, output: Any, L: int) -> dict[int, Activation]:
    if isinstance(activation, Mapping):
        chosen = dict(activation)
    else:
        chosen = dict.fromkeys(range(2, L + 1), activation)
    if output is not None:
        if not isinstance(output, Activation):
            raise TypeError(
                f"output is {describe(output)}; expected an Activation or None: pass sigmoid, "
                "tanh, relu or identity from utils.activations"
            )
        chosen[L] = output
    if list(map(repr, sorted(chosen, key=str))) != sorted(map(str, range(2, L + 1))):
        raise ValueError(
            f"activation has the layers {list(chosen)}; expected {list(range(2, L + 1))}: give one "
            "Activation for all layers, or a dictionary with one for each"
        )
    for l, f in chosen.items():
        if not isinstance(f, Activation):
            raise TypeError(
                f"the activation of layer {l} is {describe(f)}; expected an Activation: pass "
                "sigmoid, tanh, relu or identity from utils.activations"
            )
    return {l: chosen[l] for l in range(2, L + 1)}


def check_network(net: Any) -> None:
    """Refuse anything that is no Network."""
    if not isinstance(net, Network):
        raise TypeError(
            f"net is {describe(net)}; expected a Network: the network comes first, "
            "then the points, as in forward(net, x)"
        )


def check_points(net: Network, x: Any) -> np.ndarray:
    """Return x as an array of shape (..., n_1, N) that this network can take."""
    n = net.sizes[0]
    x = numbers("x", x, f"({n}, N)")
    if x.ndim < 2 or x.shape[-2] != n:
        raise shape_error("x", x, f"({n}, N)", columns_mend("x", x, n))
    if x.ndim > 2 and net.replicas and not axes_fit(x.shape[:-2], net.replicas):
        raise shape_error(
            "x", x, f"({n}, N), or {(*net.replicas, n)} with N behind",
            "one x for all replicas, or one for each",
        )  # fmt: skip
    return x


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
    check_network(net)
    return propagate(net, check_points(net, x))


def propagate(net: Network, x: np.ndarray) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    """`forward` behind the door: the loop itself, for x that has been looked at already."""
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = net.W[l] @ a[l - 1]
        z[l] += net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


LARGEST = 10**9

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
    shapes = _check_sizes(sizes)
    check_rng(rng)
    if not isinstance(scheme, str) or scheme not in SCHEMES:
        raise ValueError(
            f"scheme is {describe(scheme)}; expected one of {', '.join(SCHEMES)}: "
            "choose one of these names"
        )
    lead: tuple[int, ...] = ()
    if replicas is not None:
        lead = (whole_number("replicas", replicas, "a whole number, at least 1, or None"),)
    numbers_wanted = math.prod(lead) * sum(n * (m + 1) for m, n in pairwise(shapes))
    if numbers_wanted > LARGEST:
        raise ValueError(
            f"sizes ask for {numbers_wanted:.0e} numbers (replicas included); expected at most "
            f"{LARGEST:.0e}, 8 GB of memory: use smaller layers or fewer replicas"
        )

    draw = rng.uniform if scheme == "uniform" else rng.normal
    W, b = {}, {}
    for l, (m, n) in enumerate(pairwise(shapes), start=2):
        scale = SCHEMES[scheme](n, m)
        low = -scale if scheme == "uniform" else 0.0
        W[l] = draw(low, scale, size=(*lead, n, m))
        b[l] = np.zeros((*lead, n, 1))
        if scheme == "paper":
            b[l] = draw(low, scale, size=b[l].shape)
    return Network(W, b, activation, output)


def _check_sizes(sizes: Any) -> list[int]:
    unordered = str | bytes | bytearray | Mapping | Set
    if isinstance(sizes, unordered) or not np.iterable(sizes):
        raise TypeError(
            f"sizes is {describe(sizes)}; expected a list of whole numbers (n_1, …, n_L): "
            "write [2, 2, 3, 2]"
        )
    checked = [whole_number(f"sizes[{i}]", n, "a layer's number of neurons, at least 1")
               for i, n in enumerate(sizes)]  # fmt: skip
    if len(checked) < 2:
        raise ValueError(
            f"sizes has {len(checked)} entries; expected at least 2, the input's and the output's: "
            "write [2, 1] for a single neuron with two inputs"
        )
    return checked


def check_rng(rng: Any) -> None:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng is {describe(rng)}; expected a numpy.random.Generator: "
            "write np.random.default_rng(1) and pass that"
        )
