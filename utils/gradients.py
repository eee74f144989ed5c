r"""One recursion, and everything that follows from it.

Start with a vector at the last layer, and multiply it back, layer by layer:

.. math:: \delta^{[l]} = \sigma'(z^{[l]}) \circ \bigl(W^{[l+1]}\bigr)^T \delta^{[l+1]},
          \qquad l = L-1, \dots, 2.

(Higham & Higham 2019, equation (5.6).) Started with σ′(z^[L]) it gives the gradient of the
network's *output*: with respect to the input it ends as W[2]ᵀδ[2], with respect to the parameters
as δ[l] a[l−1]ᵀ and δ[l]. Started with the derivative of a cost it gives that cost's gradient.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from utils.inputs import (
    axes_fit,
    columns_mend,
    describe,
    layer_arrays,
    numbers,
    shape_error,
    whole_number,
)
from utils.network import Network, check_network, forward

__all__ = [
    "backward",
    "input_gradient",
    "input_jacobian",
    "layer_jacobian",
    "loss_gradient",
    "parameter_gradient",
    "stack",
    "unstack",
]

Layers = dict[int, np.ndarray]


def backward(net: Network, a: Layers, delta: Any) -> Layers:
    r"""Carry a vector from the last layer back to layer 2.

    .. math:: \delta^{[l]} = \sigma'(z^{[l]}) \circ \bigl(W^{[l+1]}\bigr)^T \delta^{[l+1]}

    Parameters
    ----------
    net : Network
        One network, or R replicas.
    a : dict of int to array, shapes (..., n_l, N)
        The activations of the forward pass.
    delta : array_like, shape (..., n_L, N)
        Derivative, of whatever is to be differentiated, with respect to z[L]. Further leading axes
        carry several start vectors at once.

    Returns
    -------
    dict of int to array, shapes (..., n_l, N)
        Derivative with respect to z[l], for l = L … 2.

    Raises
    ------
    TypeError, ValueError
        a is no forward pass of this network; delta is not shaped like a[L] or not finite.

    Notes
    -----
    Higham & Higham (2019), Lemma 5.1, with any start vector.

    Examples
    --------
    >>> from utils.network import Network, forward
    >>> net = Network({2: [[1.0]], 3: [[2.0]]}, {2: [[0.0]], 3: [[0.0]]})
    >>> z, a = forward(net, [[0.0]])
    >>> delta = backward(net, a, [[1.0]])
    >>> delta[2].item()  # σ′(0) · 2 · 1
    0.5
    """
    check_network(net)
    a = _check_pass(net, a)
    return _recursion(net, a, _check_delta(a[net.L], delta))


def _recursion(net: Network, a: Layers, delta: np.ndarray) -> Layers:
    deltas = {net.L: delta}
    for l in range(net.L - 1, 1, -1):
        deltas[l] = net.activation[l].derivative(a[l]) * (net.W[l + 1].mT @ deltas[l + 1])
    return deltas


def _check_pass(net: Network, a: Any) -> Layers:
    """Return the activations as arrays, or refuse what is no forward pass of this network."""
    if not isinstance(a, Mapping) or set(a) != set(range(1, net.L + 1)):
        came = f"a dictionary with the layers {list(a)}" if isinstance(a, dict) else describe(a)
        raise TypeError(
            f"a is {came}; expected the activations of the layers 1 to {net.L}: "
            "take them from z, a = forward(net, x)"
        )
    checked = {l: numbers(f"a[{l}]", a[l], f"(..., {net.sizes[l - 1]}, N)") for l in sorted(a)}
    last = checked[net.L]
    for l, a_l in checked.items():
        if a_l.ndim < 2 or a_l.shape[-2] != net.sizes[l - 1]:
            raise shape_error(f"a[{l}]", a_l, f"(..., {net.sizes[l - 1]}, N)",
                              "was a computed by forward with this same network?")  # fmt: skip
        if a_l.shape[-1] != last.shape[-1]:
            raise shape_error(f"a[{l}]", a_l, f"{last.shape[-1]} columns, as a[{net.L}] has",
                              "take all of a from one forward pass")  # fmt: skip
        if l > 1 and (a_l.shape[:-2] != last.shape[:-2] or not axes_hold(a_l, net.replicas)):
            raise shape_error(f"a[{l}]", a_l, f"the replica axes {net.replicas} of the network",
                              "take a from forward with this same network")  # fmt: skip
    return checked


def axes_hold(array: np.ndarray, replicas: tuple[int, ...]) -> bool:
    """Do the leading axes of the array end with those of the replicas?"""
    lead = array.shape[:-2]
    return lead[len(lead) - len(replicas) :] == replicas


def _check_delta(a_L: np.ndarray, delta: Any) -> np.ndarray:
    rows, N = a_L.shape[-2:]
    delta = numbers("delta", delta, f"({rows}, {N})")
    if delta.ndim < 2 or delta.shape[-2:] != (rows, N):
        raise shape_error("delta", delta, f"(..., {rows}, {N}), the shape of a[L]",
                          columns_mend("delta", delta, rows))  # fmt: skip
    if not axes_fit(delta.shape[:-2], a_L.shape[:-2]):
        raise shape_error("delta", delta, f"leading axes that fit those of a[L], {a_L.shape}",
                          "one start vector for all replicas, or one for each")  # fmt: skip
    return delta


def layer_jacobian(net: Network, a: Layers, l: int) -> np.ndarray:
    r"""Jacobian of one layer, with the diagonal matrix written out.

    .. math:: \partial a^{[l]} / \partial a^{[l-1]} = D^{[l]} W^{[l]}, \qquad
              D^{[l]} = \mathrm{diag}\bigl(\sigma'(z^{[l]})\bigr)

    The teaching version: it builds D on purpose, so that you can look at it. D v costs n² where
    the entrywise product σ′ ∘ v costs n; everything else in this module uses the latter.

    Parameters
    ----------
    net : Network
        One network, or R replicas.
    a : dict of int to array, shapes (..., n_l, N)
        The activations of the forward pass.
    l : int
        A layer from 2 to L.

    Returns
    -------
    numpy.ndarray, shape (..., N, n_l, n_{l-1})
        One matrix for each point (also for N = 1); rows are outputs.

    Raises
    ------
    TypeError, ValueError
        a is no forward pass of this network; l is no layer from 2 to L.

    Examples
    --------
    >>> from utils.network import Network, forward
    >>> net = Network({2: [[1.0, 2.0]]}, {2: [[0.0]]})
    >>> z, a = forward(net, [[0.0], [0.0]])
    >>> layer_jacobian(net, a, 2)
    array([[[0.25, 0.5 ]]])
    """
    check_network(net)
    l = whole_number("l", l, f"a layer from 2 to {net.L}", smallest=2)
    if l > net.L:
        raise ValueError(f"l is {l}; expected a layer from 2 to {net.L}: this network ends there")
    a = _check_pass(net, a)
    slope = net.activation[l].derivative(a[l]).mT  # (..., N, n_l)
    D = slope[..., None] * np.eye(net.sizes[l - 1])
    return D @ net.W[l][..., None, :, :]


def input_jacobian(net: Network, x: Any) -> np.ndarray:
    r"""Jacobian of all outputs with respect to the input.

    .. math:: \partial a^{[L]} / \partial x = D^{[L]} W^{[L]} \cdots D^{[2]} W^{[2]}

    computed from the left, one backward pass for each output, without forming any D.

    Parameters
    ----------
    net : Network
        One network, or R replicas.
    x : array_like, shape (..., n_1, N)
        N points as columns.

    Returns
    -------
    numpy.ndarray, shape (..., N, n_L, n_1)
        One matrix for each point; rows are outputs.

    Raises
    ------
    TypeError, ValueError
        As `forward`.

    Examples
    --------
    >>> net = Network({2: [[1.0, 2.0], [0.0, -4.0]]}, {2: [[0.0], [0.0]]})
    >>> input_jacobian(net, [[0.0], [0.0]])
    array([[[ 0.25,  0.5 ],
            [ 0.  , -1.  ]]])
    """
    _, a = forward(net, x)
    n_L = net.sizes[-1]
    # start vector i is e_i in each column: the axis i goes in front of all others
    each_output = np.eye(n_L).reshape(n_L, *[1] * (a[net.L].ndim - 2), n_L, 1)
    start = each_output * net.activation[net.L].derivative(a[net.L])
    rows = net.W[2].mT @ _recursion(net, a, start)[2]  # (n_L, ..., n_1, N)
    return np.moveaxis(rows, 0, -1).swapaxes(-3, -2).mT


def input_gradient(net: Network, x: Any) -> np.ndarray:
    r"""Gradient of the single output with respect to the input: ∇ₓ a^[L](x).

    .. math:: g^{[L]} = \sigma'(z^{[L]}), \qquad
              g^{[l]} = \sigma'(z^{[l]}) \circ \bigl(W^{[l+1]}\bigr)^T g^{[l+1]}, \qquad
              \nabla_x a^{[L]} = \bigl(W^{[2]}\bigr)^T g^{[2]}

    Parameters
    ----------
    net : Network
        With one output neuron (n_L = 1); one network, or R replicas.
    x : array_like, shape (..., n_1, N)
        N points as columns.

    Returns
    -------
    numpy.ndarray, shape (..., n_1, N)
        Column i is the gradient at point i.

    Raises
    ------
    ValueError
        The network has more than one output; x does not fit.
    TypeError
        net is no Network, x holds no numbers.

    Examples
    --------
    >>> net = Network({2: [[1.0, 2.0]]}, {2: [[0.0]]})
    >>> input_gradient(net, [[0.0], [0.0]]).ravel()
    array([0.25, 0.5 ])
    """
    check_network(net)
    _check_one_output(net, "input_jacobian(net, x) gives the gradients of all outputs")
    _, a = forward(net, x)
    g = _recursion(net, a, net.activation[net.L].derivative(a[net.L]))
    return net.W[2].mT @ g[2]


def _check_one_output(net: Network, mend: str) -> None:
    if net.sizes[-1] != 1:
        raise ValueError(f"net has {net.sizes[-1]} outputs; expected one (n_L = 1): {mend}")


def _from_deltas(net: Network, a: Layers, deltas: Layers) -> tuple[Layers, Layers]:
    """∂/∂W[l] = δ[l] a[l−1]ᵀ and ∂/∂b[l] = δ[l], both summed over the columns."""
    layers = range(2, net.L + 1)
    dW = {l: deltas[l] @ a[l - 1].mT for l in layers}
    one = deltas[net.L].shape[-1] == 1  # one column: nothing to add up, and a copy is quicker
    db = {l: +deltas[l] if one else deltas[l].sum(axis=-1, keepdims=True) for l in layers}
    return dW, db


def parameter_gradient(net: Network, x: Any) -> tuple[Layers, Layers]:
    r"""Gradient of the single output with respect to all weights and biases.

    .. math:: \partial a^{[L]} / \partial W^{[l]} = g^{[l]} \bigl(a^{[l-1]}\bigr)^T, \qquad
              \partial a^{[L]} / \partial b^{[l]} = g^{[l]}

    Of the *sum* over the columns of a[L], where x has several: only losses take means.

    Parameters
    ----------
    net : Network
        With one output neuron (n_L = 1); one network, or R replicas.
    x : array_like, shape (..., n_1, N)
        N points as columns.

    Returns
    -------
    dW : dict of int to array, shapes (..., n_l, n_{l-1})
    db : dict of int to array, shapes (..., n_l, 1)

    Raises
    ------
    TypeError, ValueError
        As `input_gradient`.

    Examples
    --------
    >>> net = Network({2: [[1.0, 2.0]]}, {2: [[0.0]]})
    >>> dW, db = parameter_gradient(net, [[0.0], [2.0]])
    >>> dW[2].round(3), db[2].round(3)
    (array([[0.   , 0.035]]), array([[0.018]]))
    """
    check_network(net)
    _check_one_output(net, "for a cost of several outputs use loss_gradient(net, x, y, loss)")
    _, a = forward(net, x)
    return _from_deltas(net, a, _recursion(net, a, net.activation[net.L].derivative(a[net.L])))


def loss_gradient(net: Network, x: Any, y: Any, loss: Any) -> tuple[Any, Layers, Layers]:
    r"""A loss on a batch, and its gradient with respect to all weights and biases.

    The recursion of `backward`, started with ∂C/∂z^[L].

    Parameters
    ----------
    net : Network
        One network, or R replicas.
    x : array_like, shape (..., n_1, N)
        N points as columns.
    y : array_like, shape (..., n_L, N)
        Their targets.
    loss : object
        From `utils.losses`: with `.value(z, a, y)` and `.delta(z, a, y, activation)`.

    Returns
    -------
    value : float or array of shape (R,)
        The mean loss, one number for each replica.
    dW : dict of int to array, shapes (..., n_l, n_{l-1})
    db : dict of int to array, shapes (..., n_l, 1)

    Raises
    ------
    TypeError, ValueError
        net, x, y or loss do not fit together.

    Examples
    --------
    >>> from utils.losses import mse
    >>> net = Network({2: [[1.0, 2.0]]}, {2: [[0.0]]})
    >>> value, dW, db = loss_gradient(net, [[0.0], [0.0]], [[1.0]], mse)
    >>> value.item(), db[2].item()  # ½(½ − 1)² and (½ − 1)·¼
    (0.125, -0.125)
    """
    check_network(net)
    methods = [getattr(loss, name, None) for name in ("value", "delta")]
    if isinstance(loss, type) or not all(map(callable, methods)):
        raise TypeError(
            f"loss is {describe(loss)}; expected an object with .value and .delta: "
            "pass one from utils.losses, such as mse"
        )
    z, a = forward(net, x)
    z_L, a_L = z[net.L], a[net.L]
    value = loss.value(z_L, a_L, y)
    start = _check_delta(a_L, loss.delta(z_L, a_L, y, net.activation[net.L]))
    return value, *_from_deltas(net, a, _recursion(net, a, start))


def stack(dW: Layers, db: Layers) -> np.ndarray:
    r"""Write a parameter gradient (or the parameters) as one long vector.

    W[L], …, W[2], then b[L], …, b[2], each matrix row by row.

    Parameters
    ----------
    dW : dict of int to array, shapes (..., n_l, n_{l-1})
    db : dict of int to array, shapes (..., n_l, 1)

    Returns
    -------
    numpy.ndarray, shape (..., P)
        P is the number of parameters.

    Raises
    ------
    TypeError, ValueError
        The two do not belong to the same layers.

    Examples
    --------
    >>> stack({2: np.array([[1.0, 2.0]]), 3: np.array([[3.0]])},
    ...       {2: np.array([[4.0]]), 3: np.array([[5.0]])})
    array([3., 1., 2., 5., 4.])
    """
    layer_arrays("dW", dW)
    layer_arrays("db", db)
    if len(dW) != len(db):
        raise ValueError(
            f"db has the layers {sorted(db)}, dW has {sorted(dW)}; expected the same layers in "
            "both: pass the pair that one gradient returned"
        )
    parts = []
    for name, given in (("dW", dW), ("db", db)):
        for l in range(len(given) + 1, 1, -1):
            parts.append(numbers(f"{name}[{l}]", given[l], "(..., rows, columns)"))
            _check_block(f"{name}[{l}]", parts[-1], np.shape(dW[l]), parts[0].shape[:-2])
    for l in range(3, len(dW) + 2):
        before = np.shape(dW[l - 1])[-2]
        if np.shape(dW[l])[-1] != before:
            raise shape_error(f"dW[{l}]", np.asarray(dW[l]), f"{before} columns, as dW[{l - 1}] "
                              f"has {before} rows", "take both from one gradient")  # fmt: skip
    return np.concatenate(
        [p.reshape(*p.shape[:-2], math.prod(p.shape[-2:])) for p in parts], axis=-1
    )


def _check_block(
    name: str, block: np.ndarray, W_shape: tuple[int, ...], lead: tuple[int, ...]
) -> None:
    if block.ndim < 2:
        raise shape_error(name, block, "(..., rows, columns)", "keep matrices and columns 2-D")
    if block.shape[:-2] != lead:
        raise shape_error(name, block, f"the replica axes {lead} in front",
                          "all blocks come from the same replicas")  # fmt: skip
    if name[1] == "b" and block.shape[-2:] != (W_shape[-2], 1):
        raise shape_error(name, block, f"(..., {W_shape[-2]}, 1), like the rows of dW",
                          "pass dW first, then db")  # fmt: skip


def unstack(v: Any, net: Network) -> tuple[Layers, Layers]:
    """Cut a long vector back into matrices and columns: the inverse of `stack`.

    Parameters
    ----------
    v : array_like, shape (..., P)
        P = net.n_parameters numbers, ordered as `stack` orders them.
    net : Network
        Gives the shapes.

    Returns
    -------
    dW : dict of int to array, shapes (..., n_l, n_{l-1})
    db : dict of int to array, shapes (..., n_l, 1)
        New arrays, which share nothing with v.

    Raises
    ------
    TypeError, ValueError
        net is no Network; v does not have P numbers in its last axis.

    Examples
    --------
    >>> net = Network({2: [[1.0, 2.0]]}, {2: [[3.0]]})
    >>> dW, db = unstack([10.0, 20.0, 30.0], net)
    >>> dW[2], db[2]
    (array([[10., 20.]]), array([[30.]]))
    """
    check_network(net)
    P = net.n_parameters
    v = numbers("v", v, f"(..., {P})")
    if v.ndim < 1 or v.shape[-1] != P:
        raise shape_error("v", v, f"(..., {P}), one number for each parameter",
                          "make it with stack(dW, db)")  # fmt: skip
    shapes = [(n, m) for m, n in zip(net.sizes[:-1], net.sizes[1:], strict=True)]
    dW, v = _cut(v, shapes)
    db, _ = _cut(v, [(n, 1) for n, _ in shapes])
    return dW, db


def _cut(v: np.ndarray, shapes: list[tuple[int, int]]) -> tuple[Layers, np.ndarray]:
    blocks = {}
    for l in range(len(shapes) + 1, 1, -1):
        size = math.prod(shapes[l - 2])
        blocks[l] = v[..., :size].reshape(*v.shape[:-1], *shapes[l - 2]).copy()
        v = v[..., size:]
    return {l: blocks[l] for l in sorted(blocks)}, v
