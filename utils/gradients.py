r"""One recursion, and everything that follows from it.

Start with a vector at the last layer, and multiply it back, layer by layer:

.. math:: \delta^{[l]} = \sigma'(z^{[l]}) \circ \bigl(W^{[l+1]}\bigr)^T \delta^{[l+1]},
          \qquad l = L-1, \dots, 2.

(Higham & Higham 2019, equation (5.6).) Started with σ′(z^[L]) it gives the gradient of the
network's *output*: with respect to the input it ends as W[2]ᵀδ[2], with respect to the parameters
as δ[l] a[l−1]ᵀ and δ[l]. Started with the derivative of a cost it gives that cost's gradient.
"""

import math
from itertools import pairwise
from typing import Any

import numpy as np

from utils import inputs
from utils.network import Network, _forward

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
    a = inputs.forward_pass(net, a)
    return _backward(net, a, inputs.start_vector(a[net.L], delta))


def _backward(net: Network, a: Layers, delta: np.ndarray) -> Layers:
    """`backward` behind the door."""
    deltas = {net.L: delta}
    for l in range(net.L - 1, 1, -1):
        slope = net.activation[l]._derivative(a[l])
        deltas[l] = slope * (net.W[l + 1].mT @ deltas[l + 1])
    return deltas


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
    l = inputs.layer_number(net, l)
    a = inputs.forward_pass(net, a)
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
    _, a = _forward(net, inputs.points(net, x))
    n_L = net.sizes[-1]
    # start vector i is e_i in each column: the axis i goes in front of all others
    each_output = np.eye(n_L).reshape(n_L, *[1] * (a[net.L].ndim - 2), n_L, 1)
    start = each_output * net.activation[net.L].derivative(a[net.L])
    rows = net.W[2].mT @ _backward(net, a, start)[2]  # (n_L, ..., n_1, N)
    return np.moveaxis(rows, [0, -2, -1], [-2, -1, -3])  # (..., N, n_L, n_1)


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
    inputs.one_output(net, "input_jacobian(net, x) gives the gradients of all outputs")
    _, a = _forward(net, inputs.points(net, x))
    g = _backward(net, a, net.activation[net.L].derivative(a[net.L]))
    return net.W[2].mT @ g[2]


def _products(net: Network, a: Layers, deltas: Layers) -> tuple[Layers, Layers]:
    """∂/∂W[l] = δ[l] a[l−1]ᵀ and ∂/∂b[l] = δ[l], both summed over the columns."""
    layers = range(2, net.L + 1)
    dW = {l: deltas[l] @ a[l - 1].mT for l in layers}
    db = {l: deltas[l].sum(axis=-1, keepdims=True) for l in layers}
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
    inputs.one_output(net, "for a cost of several outputs use loss_gradient(net, x, y, loss)")
    _, a = _forward(net, inputs.points(net, x))
    return _products(net, a, _backward(net, a, net.activation[net.L].derivative(a[net.L])))


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
    x, y, loss = inputs.batch(net, x, y, loss)
    z, a = _forward(net, x)
    last_layer = z[net.L], a[net.L], y
    value = loss._value(*last_layer)
    start = inputs.start_vector(a[net.L], loss._delta(*last_layer, net.activation[net.L]))
    return value, *_products(net, a, _backward(net, a, start))


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
    dW, db = inputs.parameter_pair(dW, db)
    blocks = [*dW.values(), *db.values()]  # from layer L down to 2
    return np.concatenate(
        [v.reshape(*v.shape[:-2], math.prod(v.shape[-2:])) for v in blocks], axis=-1
    )


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
    v = inputs.parameter_vector(v, net)
    shapes = {l: (n, m) for l, (m, n) in enumerate(pairwise(net.sizes), start=2)}
    dW, v = _cut(v, shapes)
    db, _ = _cut(v, {l: (n, 1) for l, (n, _) in shapes.items()})
    return dW, db


def _cut(v: np.ndarray, shapes: dict[int, tuple[int, int]]) -> tuple[Layers, np.ndarray]:
    """The matrices of these shapes, layer L first, and what is left of v."""
    blocks = {}
    for l in reversed(shapes):
        size = math.prod(shapes[l])
        blocks[l] = v[..., :size].reshape(*v.shape[:-1], *shapes[l]).copy()
        v = v[..., size:]
    return {l: blocks[l] for l in shapes}, v
