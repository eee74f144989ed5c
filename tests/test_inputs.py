"""The door: what is refused, and how; what is accepted; and that nothing given is changed.

A refusal is a ValueError or TypeError whose last frame is a `raise` statement in `utils/`, and
whose message names the argument, says what was expected, and ends in a mend.
"""

import copy
import functools
import importlib
import inspect
import itertools
import re
import types
import warnings

import numpy as np
import pytest
from refusals import refused

from utils import noise, regression
from utils.activations import Activation, identity, relu, sigmoid, softmax, tanh
from utils.data import (
    eleventh_point,
    ten_points,
)
from utils.gradients import (
    backward,
    input_gradient,
    input_jacobian,
    layer_jacobian,
    loss_gradient,
    parameter_gradient,
    stack,
    unstack,
)
from utils.inputs import describe, numbers, shape_error, whole_number
from utils.losses import (
    BinaryCrossEntropy,
    HuberLoss,
    Loss,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    SoftmaxMeanSquaredError,
    binary_cross_entropy,
    huber_loss,
    mse,
    softmax_cross_entropy,
    softmax_mse,
)
from utils.network import Network, forward, init_network
from utils.numerical import (
    complex_step,
    confirm,
    dot_product_test,
    finite_difference,
    relative_error,
)
from utils.training import History, TrainingDiverged, resume, train

MODULES = [
    "inputs",
    "activations",
    "network",
    "gradients",
    "losses",
    "training",
    "numerical",
    "data",
    "noise",
    "regression",
]

# -- the networks that every case uses -------------------------------------------------------------

RNG = np.random.default_rng(1)
NET = init_network([2, 3, 1], RNG, "paper")
THREE = init_network([2, 3, 1], RNG, "paper", replicas=3)  # three replicas
TWO_OUT = init_network([2, 3, 2], RNG, "paper")
OTHER = init_network([2, 4, 1], RNG, "paper")
DEEPER = init_network([2, 3, 1, 1], RNG, "paper")
ONE_IN = init_network([1, 2, 1], RNG, "paper")
X = RNG.uniform(-1, 1, (2, 5))
Y = RNG.uniform(0, 1, (1, 5))
ROWS = np.array([[0.0], [0.4], [0.9], [1.7], [2.0]])  # for regression: one row a sample
Z, A = forward(NET, X)
Z3, A3 = forward(THREE, X)
A4 = forward(init_network([2, 3, 1], RNG, replicas=4), X)[1]
DW, DB = parameter_gradient(NET, X)
DW3, DB3 = parameter_gradient(THREE, X)
START = np.ones((1, 5))


def good(sizes=(2, 3, 1)):
    """Fresh weights and biases, to be spoilt."""
    net = init_network(sizes, np.random.default_rng(1), "paper")
    return net.W, net.b


def spoilt(d, **blocks):
    """d with the block of layer l replaced, written spoilt(d, l2=…)."""
    return {**d, **{int(name[1:]): block for name, block in blocks.items()}}


def objects(array):
    return np.asarray(array).astype(object)


def put(array, value):
    array = np.array(array, dtype=complex if isinstance(value, complex) else float)
    array.flat[1] = value
    return array


RAGGED = [[0.1, 0.2], [0.3]]

# name of the case, exception, name in the message, function, arguments
BAD = []


def refuse(case, kind, name, function, *args, **kwargs):
    BAD.append(pytest.param(kind, name, function, args, kwargs, id=case))


# -- bad points, through each function that takes x ------------------------------------------------

BAD_POINTS = [
    ("1-D", ValueError, [0.1, 0.2]),
    ("a number", ValueError, 0.5),
    ("transposed", ValueError, X.T),
    ("too many rows", ValueError, np.ones((3, 5))),
    ("no rows", ValueError, np.ones((0, 5))),
    ("empty list", ValueError, []),
    ("ragged", ValueError, RAGGED),
    ("ragged arrays", ValueError, [np.ones(2), np.ones(3)]),
    ("nan", ValueError, put(X, np.nan)),
    ("masked", TypeError, np.ma.masked_greater(X, 0.5)),
    ("inf", ValueError, put(X, np.inf)),
    ("-inf beside 1e200", ValueError, put(np.full((2, 5), 1e200), -np.inf)),
    ("complex nan", ValueError, put(X, complex(0, np.nan))),
    ("integers and nan", ValueError, [[1, 2], [3, float("nan")]]),
    ("a string", TypeError, "0.1 0.2"),
    ("strings", TypeError, [["0.1"], ["0.2"]]),
    ("a string among numbers", TypeError, [[0.1], ["0.2"]]),
    ("bytes", TypeError, b"12"),
    ("None", TypeError, None),
    ("None among numbers", TypeError, [[0.1], [None]]),
    ("an object array", TypeError, objects(X)),
    ("a dictionary", TypeError, {1: X}),
    ("a set", TypeError, {0.1, 0.2}),
    ("dates", TypeError, np.zeros((2, 5), "M8[D]")),
    ("a record array", TypeError, np.zeros((2, 5), [("x", float)])),
    ("integers too large", TypeError, [[10**400], [1]]),
    ("the wrong replica axis", ValueError, np.ones((4, 2, 5))),
    ("replicas of transposed points", ValueError, np.ones((3, 5, 2))),
]


def loss_of(net, x):
    return loss_gradient(net, x, Y, mse)


for function in (forward, input_gradient, input_jacobian, parameter_gradient, loss_of):
    for case, kind, x in BAD_POINTS:
        net = THREE if "replica" in case else NET
        refuse(f"{function.__name__}: x {case}", kind, "x", function, net, x)
    for case, net in [
        ("None", None),
        ("weights", NET.W),
        ("a class", Network),
        ("an array", X),
        ("a string", "net"),
        ("z, a", (Z, A)),
    ]:
        refuse(f"{function.__name__}: net is {case}", TypeError, "net", function, net, X)
    refuse(f"{function.__name__}: swapped", TypeError, "net", function, X, NET)

for function in (input_gradient, parameter_gradient):
    name = f"{function.__name__}: two outputs"
    refuse(name, ValueError, "net", function, TWO_OUT, X)

# -- Network ---------------------------------------------------------------------------------------

W, B = good()
for case, kind, name, args in [
    ("W a list", TypeError, "W", ([W[2], W[3]], B)),
    ("W None", TypeError, "W", (None, B)),
    ("W an array", TypeError, "W", (W[2], B)),
    ("b None", TypeError, "b", (W, None)),
    ("b a list", TypeError, "b", (W, [B[2], B[3]])),
    ("both empty", ValueError, "W", ({}, {})),
    ("b empty", ValueError, "b", (W, {})),
    ("a gap", ValueError, "W", ({2: W[2], 4: W[3]}, {2: B[2], 4: B[3]})),
    ("layers from 1", ValueError, "W", ({1: W[2], 2: W[3]}, {1: B[2], 2: B[3]})),
    ("layers from 0", ValueError, "W", ({0: W[2], 1: W[3]}, {0: B[2], 1: B[3]})),
    ("layers from 3", ValueError, "W", ({3: W[2], 4: W[3]}, {3: B[2], 4: B[3]})),
    ("a gap in b", ValueError, "b", (W, {2: B[2], 4: B[3]})),
    ("string keys", TypeError, "W", ({"2": W[2], "3": W[3]}, B)),
    ("a None key", TypeError, "W", ({2: W[2], None: W[3]}, B)),
    ("float keys", TypeError, "W", ({2.0: W[2], 3.0: W[3]}, B)),
    ("a true key", TypeError, "W", ({True: W[2], 2: W[3]}, B)),
    ("string keys in b", TypeError, "b", (W, {"2": B[2], "3": B[3]})),
    ("one bias missing", ValueError, "b", (W, {2: B[2]})),
    ("one bias more", ValueError, "b", (W, {**B, 4: B[3]})),
    ("integer weights", TypeError, "W[2]", (spoilt(W, l2=np.ones((3, 2), int)), B)),
    ("a list of integers", TypeError, "W[3]", (spoilt(W, l3=[[1, 2, 3]]), B)),
    ("unsigned weights", TypeError, "W[3]", (spoilt(W, l3=np.ones((1, 3), np.uint8)), B)),
    ("true/false weights", TypeError, "W[3]", (spoilt(W, l3=[[True, False, True]]), B)),
    ("integer biases", TypeError, "b[2]", (W, spoilt(B, l2=np.zeros((3, 1), int)))),
    ("string weights", TypeError, "W[2]", (spoilt(W, l2="xavier"), B)),
    ("None for weights", TypeError, "W[2]", (spoilt(W, l2=None), B)),
    ("object weights", TypeError, "W[2]", (spoilt(W, l2=objects(W[2])), B)),
    ("ragged weights", ValueError, "W[2]", (spoilt(W, l2=[[1.0, 2.0], [3.0], [4.0]]), B)),
    ("nan in W", ValueError, "W[3]", (spoilt(W, l3=put(W[3], np.nan)), B)),
    ("inf in b", ValueError, "b[2]", (W, spoilt(B, l2=put(B[2], -np.inf)))),
    ("1-D weights", ValueError, "W[3]", (spoilt(W, l3=W[3][0]), B)),
    ("a number for weights", ValueError, "W[2]", (spoilt(W, l2=1.0), B)),
    ("1-D biases", ValueError, "b[2]", (W, spoilt(B, l2=B[2][:, 0]))),
    ("a number for a bias", ValueError, "b[3]", (W, spoilt(B, l3=0.0))),
    ("biases in a row", ValueError, "b[2]", (W, spoilt(B, l2=B[2].T))),
    ("too few biases", ValueError, "b[2]", (W, spoilt(B, l2=B[2][:2]))),
    ("one bias for all", ValueError, "b[2]", (W, spoilt(B, l2=[[0.0]]))),
    ("shapes that do not chain", ValueError, "W[3]", (spoilt(W, l3=np.ones((1, 4))), B)),
    ("transposed weights", ValueError, "W[3]", ({l: w.T for l, w in W.items()}, B)),
    ("no neurons", ValueError, "W[2]", ({2: np.ones((0, 2))}, {2: np.ones((0, 1))})),
    ("no inputs", ValueError, "W[2]", ({2: np.ones((2, 0))}, {2: np.ones((2, 1))})),
    ("replicas of W only", ValueError, "b[2]", (THREE.W, B)),
    ("replicas of b only", ValueError, "b[2]", (W, THREE.b)),
    ("replicas of one W", ValueError, "W[3]", (spoilt(W, l3=THREE.W[3]), B)),
    ("other replicas in b", ValueError, "b[3]", (THREE.W, spoilt(THREE.b, l3=np.ones((4, 1, 1))))),
    ("one replica beside three", ValueError, "b[2]", (THREE.W, spoilt(THREE.b, l2=B[2][None]))),
    ("swapped", ValueError, ("W[3]", "b[2]"), (B, W)),
    ("the activation's name", TypeError, "activation", (W, B, "sigmoid")),
    ("a bare function", TypeError, "activation", (W, B, np.tanh)),
    ("a list of activations", TypeError, "activation", (W, B, [sigmoid, sigmoid])),
    ("the class", TypeError, "activation", (W, B, Activation)),
    ("no activation", TypeError, "activation", (W, B, None)),
    ("no activations", ValueError, "activation", (W, B, {})),
    ("an activation missing", ValueError, "activation", (W, B, {2: sigmoid})),
    ("an activation too many", ValueError, "activation", (W, B, dict.fromkeys((2, 3, 4), tanh))),
    ("activations by name", ValueError, "activation", (W, B, {"2": sigmoid, "3": tanh})),
    ("one is a string", TypeError, "activation", (W, B, {2: sigmoid, 3: "tanh"})),
    ("output a name", TypeError, "output", (W, B, sigmoid, "identity")),
    ("output a function", TypeError, "output", (W, B, sigmoid, np.exp)),
    ("output softmax", TypeError, "output", (W, B, sigmoid, softmax)),
    ("output a dictionary", TypeError, "output", (W, B, sigmoid, {3: identity})),
]:
    refuse(f"Network: {case}", kind, name, Network, *args)

# -- init_network ----------------------------------------------------------------------------------


def init(sizes=(2, 3, 1), rng=0, *args, **kwargs):
    """init_network, with a generator where the case does not bring its own."""
    return init_network(sizes, np.random.default_rng(1) if rng == 0 else rng, *args, **kwargs)


for case, kind, name, args, kwargs in [
    ("sizes a number", TypeError, "sizes", (3,), {}),
    ("sizes None", TypeError, "sizes", (None,), {}),
    ("sizes a string", TypeError, "sizes", ("2-3-1",), {}),
    ("sizes bytes", TypeError, "sizes", (b"231",), {}),
    ("sizes a set", TypeError, "sizes", ({2, 3, 1},), {}),
    ("sizes a 0-d array", TypeError, "sizes", (np.array(3),), {}),
    ("sizes of floats", TypeError, "sizes[1]", ([2, 3.0, 1],), {}),
    ("sizes an array of floats", TypeError, "sizes[0]", (np.array([2.0, 1.0]),), {}),
    ("sizes of strings", TypeError, "sizes[0]", (["2", "1"],), {}),
    ("sizes with None", TypeError, "sizes[1]", ([2, None],), {}),
    ("sizes with True", TypeError, "sizes[1]", ([2, True],), {}),
    ("sizes with NumPy's True", TypeError, "sizes[1]", ([2, np.True_],), {}),
    ("nested sizes", TypeError, "sizes[0]", ([[2, 3, 1]],), {}),
    ("a 2-D array of sizes", TypeError, "sizes[0]", (np.ones((2, 2), int),), {}),
    ("a layer of 0", ValueError, "sizes[1]", ([2, 0, 1],), {}),
    ("a negative layer", ValueError, "sizes[2]", ([2, 3, -1],), {}),
    ("one size", ValueError, "sizes", ([2],), {}),
    ("no size", ValueError, "sizes", ([],), {}),
    ("rng a seed", TypeError, "rng", ([2, 1], 42), {}),
    ("rng None", TypeError, "rng", ([2, 1], None), {}),
    ("rng a RandomState", TypeError, "rng", ([2, 1], np.random.RandomState(1)), {}),
    ("rng a bit generator", TypeError, "rng", ([2, 1], np.random.PCG64(1)), {}),
    ("rng the function", TypeError, "rng", ([2, 1], np.random.default_rng), {}),
    ("rng a string", TypeError, "rng", ([2, 1], "xavier"), {}),
    ("swapped", TypeError, "sizes", (np.random.default_rng(1), [2, 1]), {}),
    ("an unknown scheme", ValueError, "scheme", (), {"scheme": "glorot"}),
    ("capitals", ValueError, "scheme", (), {"scheme": "Xavier"}),
    ("scheme None", ValueError, "scheme", (), {"scheme": None}),
    ("scheme a number", ValueError, "scheme", (), {"scheme": 0.5}),
    ("scheme a list", ValueError, "scheme", (), {"scheme": ["he"]}),
    ("replicas 0", ValueError, "replicas", (), {"replicas": 0}),
    ("replicas -1", ValueError, "replicas", (), {"replicas": -1}),
    ("replicas 2.5", TypeError, "replicas", (), {"replicas": 2.5}),
    ("replicas 3.0", TypeError, "replicas", (), {"replicas": 3.0}),
    ("replicas True", TypeError, "replicas", (), {"replicas": True}),
    ("replicas a string", TypeError, "replicas", (), {"replicas": "3"}),
    ("replicas a tuple", TypeError, "replicas", (), {"replicas": (3,)}),
    ("a bad activation", TypeError, "activation", (), {"activation": "relu"}),
    ("activations missing", ValueError, "activation", (), {"activation": {3: relu}}),
    ("a bad output", TypeError, "output", (), {"output": "identity"}),
]:
    refuse(f"init_network: {case}", kind, name, init, *args, **kwargs)

# -- Activation, softmax ---------------------------------------------------------------------------

for case, name, args in [
    ("name a number", "name", (3, np.tanh, np.tanh)),
    ("name missing", "name", (np.tanh, np.tanh, np.tanh)),
    ("function None", "function", ("f", None, np.tanh)),
    ("function a value", "function", ("f", np.tanh(X), np.tanh)),
    ("derivative a string", "derivative", ("f", np.tanh, "1 - a**2")),
]:
    refuse(f"Activation: {case}", TypeError, name, Activation, *args)

for f in (sigmoid, tanh, relu, identity):
    for case, kind, value in [
        ("a string", TypeError, "0.5"),
        ("None", TypeError, None),
        ("ragged", ValueError, RAGGED),
        ("objects", TypeError, objects([1.0])),
        ("a network", TypeError, NET),
    ]:
        refuse(f"{f.name}: {case}", kind, "z", f, value)
        refuse(f"{f.name}.derivative: {case}", kind, "a", f.derivative, value)

for case, kind, z in [
    ("1-D", ValueError, [1.0, 2.0]),
    ("a number", ValueError, 1.0),
    ("no rows", ValueError, np.ones((0, 3))),
    ("nan", ValueError, [[np.nan]]),
    ("inf", ValueError, [[np.inf], [0.0]]),
    ("a string", TypeError, "z"),
    ("None", TypeError, None),
    ("ragged", ValueError, RAGGED),
]:
    refuse(f"softmax: {case}", kind, "z", softmax, z)

# -- backward, layer_jacobian ----------------------------------------------------------------------

for case, kind, name, args in [
    ("net None", TypeError, "net", (None, A, START)),
    ("net and a swapped", TypeError, "net", (A, NET, START)),
    ("a None", TypeError, "a", (NET, None, START)),
    ("a an array", TypeError, "a", (NET, A[3], START)),
    ("a a list", TypeError, "a", (NET, [X, A[2], A[3]], START)),
    ("a both z and a", TypeError, "a", (NET, (Z, A), START)),
    ("a without a layer", TypeError, "a", (NET, {1: X, 3: A[3]}, START)),
    ("a of another network", ValueError, "a[2]", (NET, forward(OTHER, X)[1], START)),
    ("a of a deeper network", (TypeError, ValueError), "a", (NET, forward(DEEPER, X)[1], START)),
    ("z for a", (TypeError, ValueError), "a", (NET, Z, START)),
    ("a of other replicas", ValueError, "a[2]", (THREE, A4, START)),
    ("a with other columns", ValueError, "a[2]", (NET, {**A, 2: A[2][:, :3]}, START)),
    ("a with one column", ValueError, "a[2]", (NET, {**A, 2: A[2][:, :1]}, START)),
    ("a 1-D", ValueError, "a[2]", (NET, {**A, 2: A[2][:, 0]}, START)),
    ("a None inside", (TypeError, ValueError), "a[3]", (NET, {**A, 3: None}, START)),
    ("a of nan", ValueError, "a[2]", (NET, {**A, 2: A[2] * np.nan}, START)),
    ("a of strings", TypeError, ("a", "a[2]"), (NET, {**A, 2: np.full((3, 5), "a")}, START)),
    ("delta 1-D", ValueError, "delta", (NET, A, np.ones(5))),
    ("delta a number", ValueError, "delta", (NET, A, 1.0)),
    ("delta transposed", ValueError, "delta", (NET, A, START.T)),
    ("delta with other columns", ValueError, "delta", (NET, A, np.ones((1, 4)))),
    ("delta with one column", ValueError, "delta", (NET, A, [[1.0]])),
    ("delta with other rows", ValueError, "delta", (NET, A, np.ones((3, 5)))),
    ("delta of other replicas", ValueError, "delta", (THREE, A3, np.ones((4, 1, 5)))),
    ("delta of nan", ValueError, "delta", (NET, A, START * np.nan)),
    ("delta None", TypeError, "delta", (NET, A, None)),
    ("delta a string", TypeError, "delta", (NET, A, "ones")),
    ("delta ragged", ValueError, "delta", (NET, A, RAGGED)),
    ("a and delta swapped", TypeError, "a", (NET, START, A)),
]:
    refuse(f"backward: {case}", kind, name, backward, *args)

for case, kind, name, args in [
    ("l = 1", ValueError, "l", (NET, A, 1)),
    ("l = 0", ValueError, "l", (NET, A, 0)),
    ("l = -1", ValueError, "l", (NET, A, -1)),
    ("l = L + 1", ValueError, "l", (NET, A, 4)),
    ("l = 2.0", TypeError, "l", (NET, A, 2.0)),
    ("l = True", TypeError, "l", (NET, A, True)),
    ("l = '2'", TypeError, "l", (NET, A, "2")),
    ("l = None", TypeError, "l", (NET, A, None)),
    ("l = [2]", TypeError, "l", (NET, A, [2])),
    ("net and a swapped", TypeError, "net", (A, NET, 2)),
    ("a and l swapped", TypeError, "l", (NET, 2, A)),
    ("a an array", TypeError, "a", (NET, A[2], 2)),
    ("x for a", TypeError, "a", (NET, X, 2)),
    ("z for a", (TypeError, ValueError), "a", (NET, Z, 2)),
    ("a of another network", ValueError, "a[2]", (NET, forward(OTHER, X)[1], 2)),
    ("a of other replicas", ValueError, "a[2]", (THREE, A4, 2)),
    ("a of nan", ValueError, "a[2]", (NET, {**A, 2: A[2] * np.nan}, 2)),
]:
    refuse(f"layer_jacobian: {case}", kind, name, layer_jacobian, *args)

# -- losses ----------------------------------------------------------------------------------------

BAD_TARGETS = [
    ("1-D", ValueError, np.ones(5)),
    ("a number", ValueError, 1.0),
    ("other rows", ValueError, np.ones((2, 5))),
    ("other columns", ValueError, np.ones((1, 4))),
    ("one column", ValueError, np.ones((1, 1))),
    ("transposed", ValueError, Y.T),
    ("nan", ValueError, put(Y, np.nan)),
    ("inf", ValueError, put(Y, np.inf)),
    ("ragged", ValueError, RAGGED),
    ("a string", TypeError, "one-hot"),
    ("strings", TypeError, [list("abcde")]),
    ("None", TypeError, None),
    ("objects", TypeError, objects(Y)),
    ("the wrong replica axis", ValueError, np.ones((4, 1, 5))),
]
for case, kind, y in BAD_TARGETS:
    net, z, a = (THREE, Z3[3], A3[3]) if "replica" in case else (NET, Z[3], A[3])
    refuse(f"loss_gradient: y {case}", kind, "y", loss_gradient, net, X, y, mse)
    refuse(f"mse.value: y {case}", kind, "y", mse.value, z, a, y)
    refuse(f"mse.delta: y {case}", kind, "y", mse.delta, z, a, y, sigmoid)

for case, loss in [
    ("None", None),
    ("its name", "mse"),
    ("a function", lambda z, a, y: 0.0),
    ("its value only", mse.value),
    ("the class", MeanSquaredError),
    ("an activation", sigmoid),
]:
    refuse(f"loss_gradient: loss is {case}", TypeError, "loss", loss_gradient, NET, X, Y, loss)
refuse("loss_gradient: y, loss swapped", TypeError, "loss", loss_gradient, NET, X, mse, Y)
refuse("loss_gradient: x, y swapped", ValueError, "x", loss_gradient, NET, Y, X, mse)

for method, more in ((mse.value, ()), (mse.delta, (sigmoid,))):
    for case, kind, name, args in [
        ("z of another layer", ValueError, "z", (Z[2], A[3], Y)),
        ("z with fewer columns", ValueError, "z", (Z[3][:, :1], A[3], Y)),
        ("z None", TypeError, "z", (None, A[3], Y)),
        ("z nan", ValueError, "z", (put(Z[3], np.nan), A[3], Y)),
        ("a 1-D", ValueError, "a", (Z[3][0], A[3][0], Y[0])),
        ("a inf", ValueError, "a", (Z[3], put(A[3], np.inf), Y)),
        ("a the dictionary", TypeError, "a", (Z[3], A, Y)),
        ("z, a the dictionaries", TypeError, "a", (Z, A, Y)),
    ]:
        refuse(f"mse.{method.__name__}: {case}", kind, name, method, *args, *more)
for case, activation in [("None", None), ("a name", "sigmoid"), ("a function", np.tanh)]:
    args = (Z[3], A[3], Y, activation)
    refuse(f"mse.delta: activation {case}", TypeError, "activation", mse.delta, *args)

# -- the other losses ------------------------------------------------------------------------------

K_OUT = init_network([2, 3, 3], RNG, "paper", output=identity)
ZK = forward(K_OUT, X)[0][3]
YK = np.eye(3)[:, [0, 1, 2, 1, 0]]
OTHERS = [
    (binary_cross_entropy, NET, Z[3], A[3], np.round(Y)),
    (softmax_cross_entropy, K_OUT, ZK, ZK, YK),
    (huber_loss(1.345), NET, Z[3], A[3], Y),
    (softmax_mse, K_OUT, ZK, ZK, YK),
]


def labels_of(net, loss):
    """Other arguments being right: a function of y alone."""

    def gradient(y):
        return loss_gradient(net, X, y, loss)

    def trained(y):
        return train(net, X, y, loss, steps=3, learning_rate=0.1, rng=np.random.default_rng(1))

    return gradient, trained


for loss, net, z, a, y in OTHERS:
    f, n = net.activation[3], len(y)
    calls_with = [
        ("value", lambda y, z=z, a=a, loss=loss: loss.value(z, a, y)),
        ("delta", lambda y, z=z, a=a, loss=loss, f=f: loss.delta(z, a, y, f)),
        *zip(("loss_gradient", "train"), labels_of(net, loss)),
    ]
    bad = [
        ("1-D", ValueError, y[0]),
        ("transposed", ValueError, y.T),
        ("a row too many", ValueError, np.vstack([y, y[:1]])),
        ("a column too few", ValueError, y[:, 1:]),
        ("nan", ValueError, put(y, np.nan)),
        ("-inf", ValueError, put(y, -np.inf)),
        ("None", TypeError, None),
        ("strings", TypeError, y.astype(str)),
        ("ragged", ValueError, RAGGED),
        ("objects", TypeError, objects(y)),
    ]
    if loss is not OTHERS[2][0]:
        bad += [
            ("-1 and 1", ValueError, 2 * np.round(y) - 1),
            ("1 and 2", ValueError, y + 1),
            ("a label of 1.5", ValueError, put(y, 1.5)),
            ("a label just below 0", ValueError, put(y, -1e-3)),
            ("a label just above 1", ValueError, put(y, 1.001)),
            ("-1 and 1, in integers", ValueError, (2 * np.round(y) - 1).astype(int).tolist()),
            ("one bad replica", ValueError, np.stack([y, 2 * y])),
        ]
    if loss in (softmax_cross_entropy, softmax_mse):
        bad += [
            ("the numbers of the classes", ValueError, [[0, 1, 2, 1, 0]]),
            ("the numbers of the classes, 1-D", ValueError, [0, 1, 2, 1, 0]),
            ("two classes at once", ValueError, put(y, 1.0) + np.eye(3)[:, [1, 2, 0, 0, 1]]),
            ("no class", ValueError, 0 * y),
            ("one column of no class", ValueError, y * [1, 1, 0, 1, 1]),
            ("probabilities of sum 0.99", ValueError, 0.99 * y),
        ]
    for (method, call), (case, kind, value) in itertools.product(calls_with, bad):
        refuse(f"{loss.name}, {method}: y {case}", kind, "y", call, value)
    for case, kind, name, args in [
        ("z with fewer columns", ValueError, "z", (z[:, 1:], a, y)),
        ("z nan", ValueError, "z", (put(z, np.nan), a, y)),
        ("z None", TypeError, "z", (None, a, y)),
        ("a 1-D", ValueError, "a", (z[0], a[0], y[0])),
        ("a inf", ValueError, "a", (z, put(a, np.inf), y)),
        ("z, a the dictionaries", TypeError, "a", (Z, A, y)),
    ]:
        refuse(f"{loss.name}, value: {case}", kind, name, loss.value, *args)
        refuse(f"{loss.name}, delta: {case}", kind, name, loss.delta, *args, f)
    for case, activation in [("None", None), ("a name", f.name), ("softmax", softmax)]:
        wrong = (z, a, y, activation)
        refuse(f"{loss.name}: activation {case}", TypeError, "activation", loss.delta, *wrong)
    if loss.output is None:
        continue
    for other in (sigmoid, tanh, relu, identity):
        if other is loss.output:
            continue
        wrong = Network(net.W, net.b, net.activation, output=other)
        case = f"{loss.name} beside {other.name}"
        refuse(f"{case}: delta", ValueError, "activation", loss.delta, z, a, y, other)
        for method, call in zip(("loss_gradient", "train"), labels_of(wrong, loss)):
            refuse(f"{case}: {method}", ValueError, "activation", call, y)

for case, k in [
    ("0", 0),
    ("negative", -1.345),
    ("nan", np.nan),
    ("inf", np.inf),
    ("None", None),
    ("True", True),
    ("NumPy's True", np.True_),
    ("a string", "1.345"),
    ("complex", 1j),
    ("a list", [1.345]),
    ("an array", np.array([1.0, 2.0])),
    ("a loss", mse),
    ("too large for a float", 10**400),
]:
    refuse(f"huber_loss: k {case}", (TypeError, ValueError), "k", huber_loss, k)

# -- train -----------------------------------------------------------------------------------------


def train_on(net=NET, x=X, y=Y, loss=mse, **changed):
    """A short training, all arguments of which are good but those that are given."""
    rng = np.random.default_rng(1)
    return train(net, x, y, loss, **{"steps": 3, "learning_rate": 0.1, "rng": rng, **changed})


for case, kind, x in BAD_POINTS:
    refuse(f"train: x {case}", kind, "x", train_on, THREE if "replica" in case else NET, x)
for case, kind, y in BAD_TARGETS:
    refuse(f"train: y {case}", kind, "y", train_on, THREE if "replica" in case else NET, X, y)

for case, kind, name, kwargs in [
    ("net None", TypeError, "net", {"net": None}),
    ("net its weights", TypeError, "net", {"net": NET.W}),
    ("net the class", TypeError, "net", {"net": Network}),
    ("net a history", TypeError, "net", {"net": History(NET)}),
    ("net and x swapped", TypeError, "net", {"net": X, "x": NET}),
    ("x and y swapped", ValueError, "x", {"x": Y, "y": X}),
    ("y and loss swapped", TypeError, "loss", {"y": mse, "loss": Y}),
    ("zero columns", ValueError, "x", {"x": np.zeros((2, 0)), "y": np.zeros((1, 0))}),
    ("zero columns of replicas", ValueError, "x",
     {"net": THREE, "x": np.zeros((3, 2, 0)), "y": np.zeros((1, 0))}),
    ("x complex", (TypeError, ValueError), "x", {"x": X + 0j}),
    ("y complex", (TypeError, ValueError), "y", {"y": Y + 0.1j}),
    ("net complex", (TypeError, ValueError), ("net", "W[2]"),
     {"net": Network({l: w + 0j for l, w in NET.W.items()}, NET.b)}),
    ("x of replicas for one network", ValueError, "x", {"x": np.stack([X] * 3)}),
    ("y of replicas for one network", ValueError, "y", {"y": np.stack([Y] * 3)}),
    ("x with an axis of 1 for one network", ValueError, "x", {"x": X[None]}),
    ("x of replicas for one replica", ValueError, "x",
     {"net": init_network([2, 3, 1], RNG, replicas=1), "x": np.stack([X] * 3)}),
    ("y of replicas for one replica", ValueError, "y",
     {"net": init_network([2, 3, 1], RNG, replicas=1), "y": np.stack([Y] * 3)}),
    ("x with an axis more than the network", ValueError, "x",
     {"net": THREE, "x": np.ones((2, 3, 2, 5))}),
    ("y with an axis more than the network", ValueError, "y",
     {"net": THREE, "y": np.ones((2, 3, 1, 5))}),
    ("x of replicas for one network, in batches", ValueError, "x",
     {"x": np.stack([X] * 3), "batch_size": 2}),
    ("y of replicas for one network, in batches", ValueError, "y",
     {"y": np.stack([Y] * 3), "batch_size": 2}),
]:  # fmt: skip
    refuse(f"train: {case}", kind, name, train_on, **kwargs)


class OnlyMethods:
    """Has the two methods that loss_gradient asks for, and is no Loss."""

    def value(self, z, a, y):
        return 0.0

    def delta(self, z, a, y, activation):
        return 0.0 * a


for case, loss in [
    ("None", None),
    ("its name", "mse"),
    ("a function", lambda z, a, y: 0.0),
    ("its value only", mse.value),
    ("the class", MeanSquaredError),
    ("huber_loss without its k", huber_loss),
    ("an activation", sigmoid),
    ("an object without methods", object()),
    ("an object with other methods", OnlyMethods()),
]:
    refuse(f"train: loss {case}", TypeError, "loss", train_on, loss=loss)

EITHER = (TypeError, ValueError)
for name, bad in {
    "steps": [
        ("0", ValueError, 0),
        ("-1", ValueError, -1),
        ("2.5", TypeError, 2.5),
        ("10.0", TypeError, 10.0),
        ("1e3", TypeError, 1e3),
        ("True", TypeError, True),
        ("NumPy's True", TypeError, np.True_),
        ("'10'", TypeError, "10"),
        ("None", TypeError, None),
        ("a list", TypeError, [10]),
        ("an array", TypeError, np.array([10])),
        ("nan", TypeError, np.nan),
    ],
    "learning_rate": [
        ("0", EITHER, 0),
        ("0.0", EITHER, 0.0),
        ("negative", EITHER, -0.05),
        ("nan", EITHER, np.nan),
        ("NumPy's nan", EITHER, np.float32("nan")),
        ("inf", EITHER, np.inf),
        ("-inf", EITHER, -np.inf),
        ("True", EITHER, True),
        ("NumPy's True", EITHER, np.True_),
        ("None", EITHER, None),
        ("a string", EITHER, "0.05"),
        ("complex", EITHER, 0.05 + 0j),
        ("a list", EITHER, [0.05]),
        ("an array", EITHER, np.array([0.05])),
        ("a schedule", EITHER, lambda step: 0.05),
        ("too large for a float", EITHER, 10**400),
        ("too large for a double", EITHER, np.longdouble("1e309")),
    ],
    "batch_size": [
        ("0", ValueError, 0),
        ("-1", ValueError, -1),
        ("N + 1", ValueError, 6),
        ("far over N", ValueError, 10**9),
        ("1.5", TypeError, 1.5),
        ("1.0", TypeError, 1.0),
        ("True", TypeError, True),
        ("a string", TypeError, "all"),
        ("a list", TypeError, [1]),
    ],
    "replacement": [
        ("None", TypeError, None),
        ("0", TypeError, 0),
        ("a word", TypeError, "no"),
        ("a list", TypeError, [False]),
        ("an array", TypeError, np.array([False, True])),
    ],
    "weight_decay": [
        ("negative", EITHER, -1e-4),
        ("nan", EITHER, np.nan),
        ("inf", EITHER, np.inf),
        ("True", EITHER, True),
        ("None", EITHER, None),
        ("a string", EITHER, "1e-4"),
        ("an array", EITHER, np.array([1e-4])),
    ],
    "optimizer": [
        ("unknown", EITHER, "rmsprop"),
        ("in capitals", EITHER, "Adam"),
        ("empty", EITHER, ""),
        ("None", EITHER, None),
        ("a number", EITHER, 0),
        ("a list", EITHER, ["adam"]),
        ("a function", EITHER, np.sign),
    ],
    "record_every": [
        ("0", ValueError, 0),
        ("-5", ValueError, -5),
        ("2.5", TypeError, 2.5),
        ("True", TypeError, True),
        ("a string", TypeError, "10"),
        ("a list", TypeError, [1]),
    ],
    "snapshots": [
        ("beyond steps", ValueError, [4]),
        ("one beyond steps", ValueError, (0, 1, 100)),
        ("negative", ValueError, [-1]),
        ("an int", TypeError, 3),
        ("a float", TypeError, 0.5),
        ("None", TypeError, None),
        ("True", TypeError, True),
        ("a string", TypeError, "03"),
        ("the word", TypeError, "all"),
        ("bytes", TypeError, b"\x00\x01"),
        ("floats", TypeError, [0.0, 1.0]),
        ("an array of floats", TypeError, np.array([0.0, 1.0])),
        ("nested", TypeError, [[0, 1]]),
        ("strings", TypeError, ["0"]),
        ("true/false", TypeError, [True, False]),
        ("a 0-d array", TypeError, np.array(1)),
    ],
    "rng": [
        ("a seed", TypeError, 1),
        ("None", TypeError, None),
        ("a RandomState", TypeError, np.random.RandomState(1)),
        ("the module", TypeError, np.random),
        ("a bit generator", TypeError, np.random.PCG64(1)),
        ("the function", TypeError, np.random.default_rng),
        ("a string", TypeError, "1"),
    ],
}.items():
    for case, kind, value in bad:
        more = {"batch_size": 2} if name == "rng" else {}
        refuse(f"train: {name} {case}", kind, name, train_on, **more, **{name: value})

# -- resume ----------------------------------------------------------------------------------------

HISTORY = train_on(THREE, batch_size=2, optimizer="adam", steps=5, snapshots=[0, 5])
LOST = copy.deepcopy(HISTORY)
LOST.net.W[3][1] = np.nan
DIVERGED = copy.deepcopy(HISTORY)
DIVERGED.cost[-1, 2] = np.inf
SPOILT = copy.deepcopy(HISTORY)  # by whoever changed the points that are held
SPOILT.state.x[0, 0] = np.nan

for case, kind, history in [
    ("None", TypeError, None),
    ("a network", TypeError, NET),
    ("made by hand", TypeError, History(NET)),
    ("its costs", TypeError, HISTORY.cost),
    ("an error", TypeError, TrainingDiverged("after step 3", HISTORY)),
    ("with weights that are nan", ValueError, LOST),
    ("with an infinite cost", ValueError, DIVERGED),
]:
    refuse(f"resume: history {case}", kind, "history", resume, history, steps=3)
refuse("resume: x spoilt", ValueError, "x", resume, SPOILT, steps=3)
for name, bad in {
    "steps": [("0", ValueError, 0), ("2.5", TypeError, 2.5), ("True", TypeError, True),
              ("None, at the end", ValueError, None)],
    "learning_rate": [("0", EITHER, 0), ("nan", EITHER, np.nan), ("'0.1'", EITHER, "0.1")],
    "record_every": [("0", ValueError, 0), ("2.5", TypeError, 2.5)],
    "snapshots": [("before", ValueError, [4]), ("beyond", ValueError, [9]), ("3", TypeError, 3)],
}.items():  # fmt: skip
    for case, kind, value in bad:
        refuse(f"resume: {name} {case}", kind, name, resume, HISTORY, **{"steps": 3, name: value})

# -- stack, unstack --------------------------------------------------------------------------------

for case, kind, name, args in [
    ("dW None", TypeError, "dW", (None, DB)),
    ("dW a list", TypeError, "dW", ([DW[2], DW[3]], DB)),
    ("db an array", TypeError, "db", (DW, DB[2])),
    ("both at once", TypeError, "dW", ((DW, DB), None)),
    ("empty", ValueError, "dW", ({}, {})),
    ("a gap", ValueError, "dW", ({2: DW[2], 4: DW[3]}, DB)),
    ("string keys", TypeError, "dW", ({"2": DW[2], "3": DW[3]}, DB)),
    ("db without a layer", ValueError, "db", (DW, {2: DB[2]})),
    ("db 1-D", ValueError, "db[2]", (DW, spoilt(DB, l2=DB[2][:, 0]))),
    ("db in a row", ValueError, "db[2]", (DW, spoilt(DB, l2=DB[2].T))),
    ("db too short", ValueError, "db[2]", (DW, spoilt(DB, l2=DB[2][:1]))),
    ("dW 1-D", ValueError, "dW[2]", (spoilt(DW, l2=DW[2].ravel()), DB)),
    ("dW nan", ValueError, "dW[2]", (spoilt(DW, l2=put(DW[2], np.nan)), DB)),
    ("dW ragged", ValueError, "dW[2]", (spoilt(DW, l2=RAGGED), DB)),
    ("dW a string", TypeError, "dW[3]", (spoilt(DW, l3="W"), DB)),
    ("dW None inside", TypeError, "dW[3]", (spoilt(DW, l3=None), DB)),
    ("replicas in dW alone", ValueError, "db[3]", (DW3, DB)),
    ("replicas in db alone", ValueError, "db[3]", (DW, DB3)),
    ("replicas in one layer", ValueError, "dW[2]", (spoilt(DW, l2=DW3[2]), DB)),
    ("swapped", ValueError, "db[3]", (DB, DW)),
]:
    refuse(f"stack: {case}", kind, name, stack, *args)

P = NET.n_parameters
for case, kind, name, args in [
    ("too short", ValueError, "v", (np.ones(P - 1), NET)),
    ("too long", ValueError, "v", (np.ones(P + 1), NET)),
    ("empty", ValueError, "v", ([], NET)),
    ("a column", ValueError, "v", (np.ones((P, 1)), NET)),
    ("a number", ValueError, "v", (1.0, NET)),
    ("nan", ValueError, "v", (put(np.ones(P), np.nan), NET)),
    ("None", TypeError, "v", (None, NET)),
    ("a string", TypeError, "v", ("v", NET)),
    ("ragged", ValueError, "v", (RAGGED, NET)),
    ("the pair itself", TypeError, "v", ((DW, DB), NET)),
    ("net the sizes", TypeError, "net", (np.ones(P), NET.sizes)),
    ("swapped", TypeError, "net", (NET, np.ones(P))),
]:
    refuse(f"unstack: {case}", kind, name, unstack, *args)

# -- numerical -------------------------------------------------------------------------------------


def square(x):
    return x**2


for witness in (finite_difference, complex_step):
    for case, kind, name, args in [
        ("f None", TypeError, "f", (None, 1.0)),
        ("f its value", TypeError, "f", (square(X), X)),
        ("f a string", TypeError, "f", ("x**2", X)),
        ("f a network", TypeError, "f", (NET, X)),
        ("swapped", TypeError, "f", (X, square)),
        ("x None", TypeError, "x", (square, None)),
        ("x a string", TypeError, "x", (square, "1")),
        ("x nan", ValueError, "x", (square, [1.0, np.nan])),
        ("x inf", ValueError, "x", (square, np.inf)),
        ("x ragged", ValueError, "x", (square, RAGGED)),
        ("x objects", TypeError, "x", (square, objects([1.0]))),
        ("f gives None", TypeError, "f(x)", (lambda x: None, 1.0)),
        ("f gives a string", TypeError, "f(x)", (lambda x: "one", 1.0)),
        ("f gives ragged rows", ValueError, "f(x)", (lambda x: RAGGED, 1.0)),
        ("f gives a dictionary", TypeError, "f(x)", (lambda x: {1: x}, 1.0)),
        ("f gives None for empty x", TypeError, "f(x)", (lambda x: None, [])),
    ]:
        refuse(f"{witness.__name__}: {case}", kind, name, witness, *args)

for case, h in [
    ("0", 0.0),
    ("negative", -1e-6),
    ("nan", np.nan),
    ("inf", np.inf),
    ("None", None),
    ("a string", "small"),
    ("True", True),
    ("an array", np.array([1e-6, 1e-6])),
    ("complex", 1e-6j),
    ("NumPy's complex", np.complex128(1e-6)),
    ("too large for a float", 10**400),
]:
    kind = (TypeError, ValueError)
    refuse(f"finite_difference: h {case}", kind, "h", finite_difference, square, X, h)

refuse("complex_step: x complex", TypeError, "x", complex_step, square, [1.0 + 1j])


def dot(f=square, jacobian=None, x=(1.0, 2.0), rng=0):
    jacobian = np.diag([2.0, 4.0]) if jacobian is None else jacobian
    return dot_product_test(f, jacobian, x, np.random.default_rng(1) if rng == 0 else rng)


def two_to_three(x):
    return np.array([x[0], x[1], x[0] * x[1]])


for case, kind, name, kwargs in [
    ("f None", TypeError, "f", {"f": None}),
    ("f its value", TypeError, "f", {"f": np.ones(2)}),
    ("a diagonal only", ValueError, "jacobian", {"jacobian": [2.0, 4.0]}),
    ("transposed", ValueError, "jacobian", {"f": two_to_three, "jacobian": np.ones((2, 3))}),
    ("an axis too many", ValueError, "jacobian", {"jacobian": np.ones((1, 2, 2))}),
    ("a number", ValueError, "jacobian", {"jacobian": 2.0}),
    ("nan", ValueError, "jacobian", {"jacobian": [[np.nan, 0.0], [0.0, 4.0]]}),
    ("a string", TypeError, "jacobian", {"jacobian": "J"}),
    ("ragged", ValueError, "jacobian", {"jacobian": RAGGED}),
    ("x nan", ValueError, "x", {"x": [1.0, np.nan]}),
    ("x complex", TypeError, "x", {"x": [1.0 + 1j, 2.0]}),
    ("x None", TypeError, "x", {"x": None}),
    ("rng a seed", TypeError, "rng", {"rng": 1}),
    ("rng None", TypeError, "rng", {"rng": None}),
    ("rng a RandomState", TypeError, "rng", {"rng": np.random.RandomState(1)}),
    ("f gives None", TypeError, "f(x)", {"f": lambda x: None}),
]:
    refuse(f"dot_product_test: {case}", kind, name, dot, **kwargs)


def confirm_claim(u, v):
    return confirm("a claim", u, v)


for function in (relative_error, confirm_claim):
    for case, kind, name, args in [
        ("other shapes", ValueError, "v", (np.ones((2, 1)), np.ones((2, 2)))),
        ("a number beside an array", ValueError, "v", (np.ones(2), 1.0)),
        ("nan", ValueError, "u", ([np.nan], [np.nan])),
        ("inf", ValueError, "v", ([1.0], [np.inf])),
        ("a string", TypeError, "v", (1.0, "1.0")),
        ("None", TypeError, "u", (None, 1.0)),
        ("ragged", ValueError, "u", (RAGGED, RAGGED)),
        ("dictionaries", TypeError, "u", (DW, DW)),
    ]:
        refuse(f"{function.__name__}: {case}", kind, name, function, *args)
for case, within in [("None", None), ("a string", "tight"), ("nan", np.nan), ("negative", -1e-12)]:
    kind = (TypeError, ValueError)
    refuse(f"confirm: within {case}", kind, "within", confirm, "a claim", 1.0, 1.0, within)

# -- data and the door itself ----------------------------------------------------------------------

for function in (ten_points, eleventh_point):
    for case, labels in [
        ("another word", "onehot"),
        ("capitals", "One-Hot"),
        ("None", None),
        ("a number", 2),
        ("True", True),
        ("a list", ["one-hot"]),
        ("an array", np.array([1, 0])),
    ]:
        kind = (TypeError, ValueError)
        refuse(f"{function.__name__}: labels {case}", kind, "labels", function, labels)

EXPECTED = "an array of any shape"
for case, kind, args, kwargs in [
    ("nan", ValueError, ("u", np.nan, EXPECTED), {}),
    ("integers", TypeError, ("u", [1, 2], EXPECTED), {"integers": False}),
    ("ragged", ValueError, ("u", RAGGED, EXPECTED), {"finite": False}),
]:
    refuse(f"numbers: {case}", kind, "u", numbers, *args, **kwargs)
for case, kind, value in [("2.0", TypeError, 2.0), ("0", ValueError, 0), ("None", TypeError, None)]:
    refuse(f"whole_number: {case}", kind, "n", whole_number, "n", value, "a whole number")


# -- how a refusal looks ---------------------------------------------------------------------------


class Unchanged:
    """Remember type, layout and every byte of some values; `check` fails if any has changed."""

    def __init__(self, *values):
        self.values = values
        self.before = [self.freeze(v) for v in values]

    def freeze(self, v):
        if isinstance(v, Network):
            return {k: self.freeze(w) for k, w in vars(v).items()}
        if isinstance(v, History):
            return {k: self.freeze(w) for k, w in vars(v).items()}
        if isinstance(v, np.ndarray) and v.dtype != object:
            return (type(v), v.dtype, v.shape, v.strides, v.flags.writeable, v.tobytes())
        if isinstance(v, np.ndarray):
            return (v.dtype, v.shape, repr(v.tolist()))
        if isinstance(v, dict):
            return [(repr(k), self.freeze(w)) for k, w in v.items()]
        if isinstance(v, list | tuple):
            return [type(v), *map(self.freeze, v)]
        return repr(v)

    def check(self):
        assert [self.freeze(v) for v in self.values] == self.before


def test_there_are_many_kinds_of_bad_input():
    names = [case.id for case in BAD]
    assert len(set(names)) == len(names)
    assert len({name.split(": ")[1] for name in names}) >= 55


@pytest.mark.parametrize(("kind", "name", "function", "args", "kwargs"), BAD)
def test_bad_input_is_refused(kind, name, function, args, kwargs, capsys):
    kept = Unchanged(*args, *kwargs.values())
    error = refused(lambda: function(*args, **kwargs))
    kept.check()
    assert capsys.readouterr().out == ""

    assert type(error) in (kind if isinstance(kind, tuple) else (kind,))
    message = str(error)
    # the argument's name as a word of its own: x, not the x of "expected"
    names = "|".join(map(re.escape, (name,) if isinstance(name, str) else name))
    assert re.search(rf"(?<![\w.'\[(])({names})(?![\w\[(])", message.split("expected")[0]), message


MENDS = [
    ("x", np.ones(2), lambda x: forward(NET, x)),
    ("x", np.ones((5, 2)), lambda x: forward(NET, x)),
    ("x", np.ones((3, 5, 2)), lambda x: forward(THREE, x)),
    ("x", np.ones(5), lambda x: forward(ONE_IN, x)),
    ("x", np.float64(0.5), lambda x: forward(ONE_IN, x)),
    ("y", np.ones(5), lambda y: loss_gradient(NET, X, y, mse)),
    ("y", np.ones((5, 1)), lambda y: loss_gradient(NET, X, y, mse)),
    ("y", np.ones(2), lambda y: loss_gradient(TWO_OUT, X[:, :1], y, mse)),
    ("delta", np.ones(5), lambda delta: backward(NET, A, delta)),
    ("delta", np.ones((5, 1)), lambda delta: backward(NET, A, delta)),
    ("z", np.ones(3), softmax),
    ("x", np.ones(2), lambda x: train_on(x=x, y=Y[:, :1])),
    ("x", np.ones((5, 2)), lambda x: train_on(x=x)),
    ("y", np.ones(5), lambda y: train_on(y=y)),
    ("y", np.ones((5, 1)), lambda y: train_on(y=y)),
    ("y", YK.T, lambda y: loss_gradient(K_OUT, X, y, softmax_cross_entropy)),
    ("y", np.ones(5), lambda y: loss_gradient(NET, X, y, binary_cross_entropy)),
]


@pytest.mark.parametrize(("name", "value", "call"), MENDS)
def test_the_mend_that_is_offered_works(name, value, call):
    with pytest.raises(ValueError) as caught:
        call(value)
    message = str(caught.value)
    offered = re.search(r": .*?write (.+?) (?:for|if) ", message)
    assert offered, message
    call(eval(offered[1], {"np": np, name: value}))


@pytest.mark.parametrize("columns", [1, 4, 7])
def test_a_wrong_number_of_columns_is_not_called_a_wrong_number_of_rows(columns):
    with pytest.raises(ValueError) as caught:
        loss_gradient(NET, X, np.ones((1, columns)), mse)
    mend = str(caught.value).split("expected")[1].split(": ", 1)[1]
    assert "column" in mend
    assert "number of rows" not in mend


def test_a_message_shows_what_came_and_where():
    with pytest.raises(ValueError, match=r"x has shape \(2,\); expected \(2, N\)"):
        forward(NET, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"x contains nan at index \(0, 1\)"):
        forward(NET, put(X, np.nan))
    with pytest.raises(ValueError, match=r"W has the layers \[1, 2\]; expected \[2, 3\]"):
        Network({1: W[2], 2: W[3]}, {1: B[2], 2: B[3]})
    with pytest.raises(ValueError, match="xavier, he, uniform, zeros, paper"):
        init(scheme="Glorot")
    with pytest.raises(TypeError, match=r"rng is 42; expected a numpy\.random\.Generator"):
        init_network([2, 1], 42)


def test_a_refused_call_leaves_no_trace():
    weights, biases = good()
    with pytest.raises(ValueError):
        Network(spoilt(weights, l3=np.ones((1, 4))), biases)
    net = Network(weights, biases)
    assert net.sizes == (2, 3, 1)
    assert net.W[2] is weights[2]


# -- unusual, but good -----------------------------------------------------------------------------


def results(net, x, y):
    """Everything that a network gives, as a list of arrays."""
    z, a = forward(net, x)
    value, dW, db = loss_gradient(net, x, y, mse)
    found = [*z.values(), *a.values(), value, *dW.values(), *db.values()]
    found += [input_jacobian(net, x), input_gradient(net, x), stack(*parameter_gradient(net, x))]
    found += [layer_jacobian(net, a, l) for l in a if l > 1]
    found += backward(net, a, np.ones(a[net.L].shape)).values()
    return [np.asarray(v) for v in found]


def check_same_results(net, x, y, plain):
    """No warning, nothing changed, and the results of the plain float64 call."""
    kept = Unchanged(net, x, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = results(net, x, y)
    kept.check()
    for u, v in zip(found, results(*plain), strict=True):
        assert u.dtype.char == v.dtype.char  # whatever the byte order
        assert u.shape == v.shape
        assert np.max(np.abs(u - v), initial=0.0) <= 1e-14 * np.max(np.abs(v), initial=0.0)


def read_only(array):
    array = np.array(array)
    array.flags.writeable = False
    return array


WHOLE = np.array([[1.0, 0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0, 1.0]])
SINGLE = X.astype(np.float32)
OTHER_FORMS = {
    "nested lists": (X, lambda v: v.tolist()),
    "a list of arrays": (X, list),
    "tuples": (X, lambda v: tuple(map(tuple, v.tolist()))),
    "integers": (WHOLE, lambda v: v.astype(int)),
    "small unsigned integers": (WHOLE, lambda v: v.astype(np.uint8)),
    "lists of integers": (WHOLE, lambda v: v.astype(int).tolist()),
    "true/false": (WHOLE, lambda v: v.astype(bool)),
    "float32": (SINGLE.astype(float), lambda v: v.astype(np.float32)),
    "float16": (WHOLE, lambda v: v.astype(np.float16)),
    "long double": (X, lambda v: v.astype(np.longdouble)),
    "read-only": (X, read_only),
    "Fortran order": (X, np.asfortranarray),
    "negative strides": (X, lambda v: v[::-1, ::-1].copy()[::-1, ::-1]),
    "every other entry": (X, lambda v: np.repeat(np.repeat(v, 2, 0), 3, 1)[::2, ::3]),
    "a transpose": (X, lambda v: np.ascontiguousarray(v.T).T),
    "broadcast": (np.ones((2, 5)), lambda v: np.broadcast_to(1.0, v.shape)),
    "the other byte order": (X, lambda v: v.astype(v.dtype.newbyteorder())),
    "np.matrix": (X, lambda v: v.view(np.matrix)),
    "a memoryview": (X, lambda v: memoryview(np.ascontiguousarray(v))),
}


@pytest.mark.parametrize("form", OTHER_FORMS)
@pytest.mark.parametrize("net", [NET, THREE], ids=["single", "replicas"])
def test_points_and_targets_in_other_forms(form, net):
    x, change = OTHER_FORMS[form]
    y = x[:1]
    check_same_results(net, change(x), change(y), (net, x, y))


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.tolist(),
        read_only,
        np.asfortranarray,
        lambda v: v[::-1, ::-1].copy()[::-1, ::-1],
        lambda v: v.view(np.matrix),
        lambda v: v.astype(np.longdouble),
        lambda v: v.astype(v.dtype.newbyteorder()),
    ],
    ids=["lists", "read-only", "Fortran", "negative strides", "matrix", "long double", "bytes"],
)
def test_weights_in_other_forms(change):
    net = Network(
        {l: change(w) for l, w in NET.W.items()}, {l: change(v) for l, v in NET.b.items()}
    )
    check_same_results(net, X, Y, (NET, X, Y))
    assert all(type(v) is np.ndarray for d in (net.W, net.b) for v in d.values())


def test_float32_weights_are_widened():
    W32, b32 = ({l: v.astype(np.float32) for l, v in d.items()} for d in (NET.W, NET.b))
    net = Network(W32, b32)
    wide = Network(*({l: v.astype(float) for l, v in d.items()} for d in (W32, b32)))
    check_same_results(net, X, Y, (wide, X, Y))


def test_keys_in_any_order_and_of_numpy_integers():
    keys = [np.int64(3), np.uint8(2)]
    net = Network({l: NET.W[int(l)] for l in keys}, {l: NET.b[int(l)] for l in reversed(keys)})
    check_same_results(net, X, Y, (NET, X, Y))
    assert list(net.W) == [2, 3]


def test_read_only_mappings_of_weights():
    net = Network(types.MappingProxyType(NET.W), types.MappingProxyType(NET.b))
    check_same_results(net, X, Y, (NET, X, Y))


@pytest.mark.parametrize(
    "sizes",
    [
        (2, 3, 1),
        [np.int64(2), np.uint8(3), 1],
        np.array([2, 3, 1]),
        (n for n in (2, 3, 1)),
        range(3, 0, -1),
    ],
    ids=["tuple", "NumPy integers", "array", "generator", "range"],
)
def test_sizes_in_other_forms(sizes):
    wanted = (3, 2, 1) if isinstance(sizes, range) else (2, 3, 1)
    net = init_network(sizes, np.random.default_rng(1), replicas=np.int32(2))
    assert net.sizes == wanted
    assert net.replicas == (2,)
    assert np.array_equal(
        net.W[2], init_network(list(wanted), np.random.default_rng(1), replicas=2).W[2]
    )


@pytest.mark.parametrize("l", [np.int64(2), np.uint8(2)])
def test_layer_numbers_may_be_numpy_integers(l):
    assert np.array_equal(layer_jacobian(NET, A, l), layer_jacobian(NET, A, 2))


@pytest.mark.parametrize("net", [NET, THREE], ids=["single", "replicas"])
def test_zero_columns(net):
    x, lead = np.zeros((2, 0)), net.replicas
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        z, a = forward(net, x)
        assert a[3].shape == z[3].shape == (*lead, 1, 0)
        assert input_gradient(net, x).shape == (*lead, 2, 0)
        assert input_jacobian(net, x).shape == (*lead, 0, 1, 2)
        assert layer_jacobian(net, a, 2).shape == (*lead, 0, 3, 2)
        assert backward(net, a, np.zeros((1, 0)))[2].shape == (*lead, 3, 0)
        value, dW, db = loss_gradient(net, x, np.zeros((1, 0)), mse)
        pW, pb = parameter_gradient(net, x)
    assert np.array_equal(value, np.zeros(lead))
    for found in (stack(dW, db), stack(pW, pb)):
        assert np.array_equal(found, np.zeros((*lead, 13)))


@pytest.mark.parametrize("net", [NET, THREE], ids=["single", "replicas"])
def test_a_perfect_fit(net):
    value, dW, db = loss_gradient(net, X, forward(net, X)[1][3], mse)
    assert np.array_equal(value, np.zeros(net.replicas))
    assert not stack(dW, db).any()


@pytest.mark.parametrize("f", [sigmoid, tanh, relu, identity], ids=lambda f: f.name)
@pytest.mark.parametrize("size", [1e4, 1e200])
def test_very_large_points_are_finite(f, size):
    x = size * np.array([[1.0, -1.0, 0.5], [1.0, 1.0, -1.0]])
    net = Network(NET.W, NET.b, f, output=sigmoid)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a = forward(net, x)[1]
        found = [a[3], input_gradient(net, x), input_jacobian(net, x)]
        found += [stack(*parameter_gradient(net, x)), *loss_gradient(net, x, a[3], mse)[1].values()]
    assert all(np.all(np.isfinite(v)) for v in found)
    assert np.all((a[3] >= 0) & (a[3] <= 1))


def test_very_large_numbers_elsewhere():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = Network({2: [[1e200, -1e200]]}, {2: [[1e300]]})
        assert forward(net, [[1.0], [1.0]])[1][2].item() == 1.0
        assert relative_error([1e200], [1e200]) == 0.0
        assert numbers("u", np.full(1000, 1.7e308), EXPECTED).shape == (1000,)
        assert numbers("u", np.full(3, 1e200 + 1e200j), EXPECTED).shape == (3,)
        assert stack({2: [[1e300]]}, {2: [[-1e300]]}).tolist() == [1e300, -1e300]


def test_tiny_weights():
    net = Network({2: np.full((1, 2), 5e-324)}, {2: [[-0.0]]}, identity)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert input_gradient(net, X).tolist() == [[5e-324] * 5] * 2


def test_complex_points_pass_everywhere():
    x = X + 1e-30j
    assert forward(NET, x)[1][3].dtype == np.complex128
    found = [*input_gradient(NET, x)[None], *input_jacobian(NET, x), *parameter_gradient(NET, x)[0]]
    assert len(found) == 1 + 5 + 2
    value = loss_gradient(NET, x, Y, mse)[0]
    assert np.isclose(value.real, loss_gradient(NET, X, Y, mse)[0], rtol=1e-14)


def test_several_replica_axes_of_network_points_and_targets():
    rng = np.random.default_rng(1)
    six = Network(
        {l: rng.normal(size=(2, 3, *w.shape)) for l, w in NET.W.items()},
        {l: rng.normal(size=(2, 3, *v.shape)) for l, v in NET.b.items()},
    )
    x, y = rng.normal(size=(2, 1, 2, 5)), rng.normal(size=(3, 1, 5))
    together = results(six, x, y)
    for i, j in np.ndindex(2, 3):
        alone = Network(
            {l: w[i, j] for l, w in six.W.items()}, {l: v[i, j] for l, v in six.b.items()}
        )
        for u, v in zip(together, results(alone, x[i, 0], y[j]), strict=True):
            u = np.broadcast_to(u, (2, 3, *v.shape)) if u.ndim == v.ndim else u
            part = u[i, 0] if u.shape[1] == 1 else u[i, j]
            assert np.allclose(part, v, rtol=1e-12, atol=1e-15)


def test_a_start_vector_of_integers():
    wanted = backward(NET, A, START)
    for start in ([[1, 1, 1, 1, 1]], START.astype(bool), read_only(START)):
        assert np.array_equal(backward(NET, A, start)[2], wanted[2])


def test_an_unusual_step_and_function():
    class Square:
        def __call__(self, x):
            return x**2

    assert abs(finite_difference(Square(), 3, h=np.float32(1e-3)) - 6.0) < 1e-8
    assert complex_step(functools.partial(np.multiply, 2.0), [True, False]).tolist() == [
        [2.0, 0.0],
        [0.0, 2.0],
    ]


def test_the_door_hands_float64_arrays_on_as_they_are():
    for array in (X, X[::-1], read_only(X), X + 0j):
        assert numbers("x", array, EXPECTED) is array
    assert numbers("x", np.nan, EXPECTED, finite=False).shape == ()
    assert numbers("x", [1, 2], EXPECTED).dtype == np.float64
    assert numbers("x", [1j], EXPECTED).dtype == np.complex128
    assert whole_number("n", np.int16(4), "a whole number") == 4
    assert type(whole_number("n", np.int16(4), "a whole number")) is int
    assert whole_number("n", 0, "a whole number", smallest=0) == 0


def test_descriptions_are_short():
    assert describe(None) == "None"
    assert describe({}) == "a dict"
    assert describe(NET) == "a Network"
    assert describe(sigmoid) == "an Activation"
    assert describe(np.zeros((3, 0))) == "an array of shape (3, 0)"
    error = shape_error("x", X, "(3, N)", "a mend")
    assert isinstance(error, ValueError)
    assert str(error) == "x has shape (2, 5); expected (3, N): a mend"


# -- nothing given is changed ----------------------------------------------------------------------


def two_of(loss, z, a, y, activation):
    return [(loss.value, z, a, y), (loss.delta, z, a, y, activation)]


def again(net, x, y, loss, batch_size, optimizer="sgd"):
    """A training with a generator of its own, so that it can be repeated."""
    return train_on(net, x, y, loss, batch_size=batch_size, optimizer=optimizer, snapshots=[0, 3])


def calls():
    """One good call of every public function, with arguments that must come back unchanged."""
    x3, y3 = np.stack([X] * 3), np.stack([Y] * 3)
    rng = np.random.default_rng
    return {
        "describe": [(describe, X)],
        "numbers": [(numbers, "x", X, EXPECTED)],
        "shape_error": [(shape_error, "x", X, "(3, N)", "mend")],
        "whole_number": [(whole_number, "n", 3, "a whole number")],
        "Activation": [(Activation, "tanh", np.tanh, np.ones_like)],
        **{f.name: [(f, X), (f.derivative, X)] for f in (sigmoid, tanh, relu, identity)},
        "softmax": [(softmax, X), (softmax, x3)],
        "Network": [(Network, NET.W, NET.b, {2: tanh, 3: relu}), (Network.copy, NET)],
        "init_network": [(init_network, [2, 3, 1], rng(1), "he", 3, {2: tanh, 3: relu})],
        "forward": [(forward, NET, X), (forward, THREE, X), (forward, THREE, x3)],
        "backward": [(backward, NET, A, START), (backward, THREE, A3, START)],
        "layer_jacobian": [(layer_jacobian, NET, A, 2), (layer_jacobian, THREE, A3, 3)],
        "input_jacobian": [(input_jacobian, TWO_OUT, X), (input_jacobian, THREE, x3)],
        "input_gradient": [(input_gradient, NET, X), (input_gradient, THREE, x3)],
        "parameter_gradient": [(parameter_gradient, NET, X), (parameter_gradient, THREE, x3)],
        "loss_gradient": [(loss_gradient, NET, X, Y, mse), (loss_gradient, THREE, x3, y3, mse)],
        "stack": [(stack, DW, DB), (stack, DW3, DB3)],
        "unstack": [(unstack, np.arange(13.0), NET)],
        "Loss": [(Loss,)],
        "MeanSquaredError": [(MeanSquaredError,)],
        "BinaryCrossEntropy": [(BinaryCrossEntropy,)],
        "SoftmaxCrossEntropy": [(SoftmaxCrossEntropy,)],
        "SoftmaxMeanSquaredError": [(SoftmaxMeanSquaredError,)],
        "HuberLoss": [(HuberLoss, 1.345)],
        "huber_loss": two_of(huber_loss(0.1), Z[3], A[3], Y, sigmoid),
        "mse": two_of(mse, Z[3], A[3], Y, sigmoid),
        "binary_cross_entropy": two_of(binary_cross_entropy, Z[3], A[3], Y, sigmoid),
        "softmax_cross_entropy": two_of(softmax_cross_entropy, ZK, ZK, YK, identity),
        "softmax_mse": two_of(softmax_mse, ZK, ZK, YK, identity),
        "train": [
            (train_on, NET, X, Y, mse),
            (again, THREE, X, Y, mse, 2),
            (again, THREE, x3, y3, mse, 2),
            (again, NET, X, Y, huber_loss(0.1), 1, "adam"),
            (again, K_OUT, X, YK, softmax_cross_entropy, 5, "momentum"),
        ],
        "resume": [(functools.partial(resume, steps=4, snapshots=[9]), HISTORY)],
        "History": [(History, NET)],
        "TrainingDiverged": [(TrainingDiverged, "after step 3", History(NET))],
        "finite_difference": [(finite_difference, square, X)],
        "complex_step": [(complex_step, square, X)],
        "dot_product_test": [(dot_product_test, np.exp, np.diag(np.exp(X[0])), X[0], rng(1))],
        "relative_error": [(relative_error, X, x3[0])],
        "confirm": [(confirm, "a claim", X, x3[0])],
        "ten_points": [(ten_points, "scalar")],
        "eleventh_point": [(eleventh_point, "scalar")],
        "Law": [(noise.Law,)],
        **{
            type(law).__name__: [(type(law), *law.parameters), (law.pdf, X), (law.score, X)]
            for law in (
                noise.Normal(),
                noise.Laplace(),
                noise.StudentT(3),
                noise.Cauchy(),
                noise.Logistic(),
                noise.Contaminated(0.1, 5),
                noise.ShiftedExponential(),
            )
        },
        "Fit": [(regression.Fit, X, 1.0, X, True)],
        "Limits": [(regression.Limits, X, X)],
        **{
            name: [(getattr(regression, name), ROWS, X[0]), (getattr(regression, name), ROWS, X)]
            for name in ("huber", "lad", "lts", "mm", "ols", "student_t", "tukey")
        },
        "standard_errors": [
            (regression.standard_errors, regression.ols(ROWS, X), ROWS, X, "sandwich")
        ],
        "confidence_interval": [
            (regression.confidence_interval, regression.ols(ROWS, X), ROWS, X, "HC3")
        ],
    }


def public():
    for module in MODULES:
        found = importlib.import_module(f"utils.{module}")
        things = {name: getattr(found, name) for name in found.__all__}
        yield from ((name, thing) for name, thing in things.items() if takes_something(thing))


def takes_something(thing):
    """Whatever takes no arguments can't be given wrong ones."""
    return not inspect.isfunction(thing) or bool(inspect.signature(thing).parameters)


def test_every_public_name_is_called_below():
    assert sorted(calls()) == sorted(name for name, _ in public())


def arrays_in(value):
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Network):
        yield from arrays_in([value.W, value.b])
    elif isinstance(value, History):
        yield from arrays_in([value.net, value.steps, value.cost, value.snapshots])
    elif isinstance(value, TrainingDiverged):
        yield from arrays_in(value.history)
    elif isinstance(value, dict):
        yield from arrays_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from arrays_in(part)


@pytest.mark.parametrize("name", sorted(calls()))
def test_nothing_given_is_changed(name):
    for function, *args in calls()[name]:
        before = [v for v in args if not isinstance(v, np.random.Generator)]
        kept = Unchanged(*before)
        result = function(*args)
        kept.check()
        again = copy.deepcopy(result)
        # and every array that was given may be read-only
        for array in arrays_in(args):
            array.flags.writeable = False
        try:
            if any(isinstance(v, np.random.Generator) for v in args):
                continue
            repeated = list(arrays_in(function(*args)))
            assert all(map(np.array_equal, repeated, arrays_in(again)))
        finally:
            for array in arrays_in(args):
                array.flags.writeable = True


@pytest.mark.parametrize(
    "call",
    [
        lambda: input_gradient(NET, X),
        lambda: input_jacobian(NET, X),
        lambda: layer_jacobian(NET, A, 2),
        lambda: parameter_gradient(NET, X),
        lambda: loss_gradient(NET, X, Y, mse)[1:],
        lambda: stack(NET.W, NET.b),
        lambda: unstack(stack(DW, DB), NET),
        lambda: NET.copy(),
        lambda: train_on(snapshots=[0, 3]),
        lambda: train_on(x=X[:, :1], y=Y[:, :1], optimizer="momentum"),
        lambda: resume(HISTORY, steps=3, snapshots=[5, 8]),
        lambda: mse.delta(Z[3], A[3], Y, sigmoid),
        lambda: huber_loss(1.0).delta(Z[3][:, :1], A[3][:, :1], Y[:, :1], identity),
        lambda: binary_cross_entropy.delta(Z[3][:, :1], A[3][:, :1], Y[:, :1], sigmoid),
        lambda: softmax_cross_entropy.delta(ZK[:, :1], ZK[:, :1], YK[:, :1], identity),
    ],
    ids=[
        "input",
        "jacobian",
        "layer",
        "parameter",
        "loss",
        "stack",
        "unstack",
        "copy",
        "train",
        "train-one",
        "resume",
        "mse",
        "huber",
        "binary",
        "softmax",
    ],
)
def test_spoiling_a_result_spoils_nothing_given(call):
    kept = Unchanged(NET, K_OUT, X, Y, YK, Z, ZK, A, DW, DB, HISTORY)
    for array in arrays_in(call()):
        array[...] = 7.0
    kept.check()
