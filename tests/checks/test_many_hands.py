# ruff: noqa: B007, RUF007, RUF059 - as people write
"""Answers by many hands: programs in other styles, as they are written and posted elsewhere.

Loops, einsum, np.dot, np.outer, recursion, classes, lists; right ones, which pass, and wrong ones,
each of which is called by its name. None of them was made from the flawed programs of the checks.
"""

import math

import numpy as np
import pytest
from answers import Written, mistakes_are_named

from utils.activations import relu, sigmoid, softmax
from utils.checks import EXERCISES
from utils.gradients import backward, input_gradient, loss_gradient
from utils.losses import mse
from utils.network import Network, forward, init_network
from utils.replicas import mean_interval

STYLES = []
written = Written()


def right(name):
    """Register a program that is right, in a style of its own."""

    def register(answer):
        STYLES.append(pytest.param(name, answer, id=answer.__name__))
        return answer

    return register


def start_of(net, a, y):
    return (a[net.L] - y) * net.activation[net.L].derivative(a[net.L])


def stepped(net, x, y, chosen, rate):
    _, dW, db = loss_gradient(net, x[:, chosen], y[:, chosen], mse)
    W = {l: net.W[l] - rate * dW[l] for l in dW}
    return Network(W, {l: net.b[l] - rate * db[l] for l in db}, net.activation)


def output(net, x):
    return forward(net, x)[1][net.L]


# -------- right, in unusual ways


@right("half_square")
def half_square_in_one_way(a, y):
    return (
        np.frompyfunc(lambda u, v: 0.5 * (u - v) ** 2, 2, 1)(a, y).astype(float)
        if np.ndim(a)
        else 0.5 * (a - y) ** 2
    )


@right("half_square")
def half_square_in_another_way(a, y):
    return (0.5 * (np.asarray(a) - np.asarray(y)) ** 2).tolist()


@right("half_square")
def half_square_in_a_third_way(a, y):
    return np.frompyfunc(lambda u, v: 0.5 * (u - v) ** 2, 2, 1)(a, y)


@right("layer")
def layer_in_one_way(W, b, a):
    return np.array(
        [
            [
                1 / (1 + math.exp(-(sum(W[i, j] * a[j, s] for j in range(a.shape[0])) + b[i, 0])))
                for s in range(a.shape[1])
            ]
            for i in range(W.shape[0])
        ]
    )


@right("layer")
def layer_in_another_way(W, b, a):
    return sigmoid(np.einsum("ij,js->is", W, a) + np.tile(b, a.shape[1])).tolist()


@right("layer")
def layer_in_a_third_way(W, b, a):
    class Layer:
        def __init__(self, W, b):
            self.W, self.b = W, b

        def __call__(self, x):
            return np.stack(
                [1 / (1 + np.exp(-(self.W.dot(c) + self.b.flatten()))) for c in x.T], axis=1
            )

    return Layer(W, b)(a)


@right("forward_pass")
def forward_pass_in_one_way(net, x):
    def go(l):
        if l == 1:
            return {}, {1: x}
        z, a = go(l - 1)
        z[l] = np.dot(net.W[l], a[l - 1]) + net.b[l]
        a[l] = net.activation[l](z[l])
        return z, a

    return go(net.L)


@right("forward_pass")
def forward_pass_in_another_way(net, x):
    A, Z = [x], []
    for l, W in net.W.items():
        Z.append(np.column_stack([W @ c + net.b[l].ravel() for c in A[-1].T]))
        A.append(net.activation[l](Z[-1]))
    return dict(zip(range(2, net.L + 1), Z)), dict(enumerate(A, start=1))


@right("forward_pass")
def forward_pass_in_a_third_way(net, x):
    from collections import OrderedDict

    z, a = forward(net, x)
    return (
        OrderedDict(sorted(z.items(), reverse=True)),
        OrderedDict(sorted(a.items(), reverse=True)),
    )


@right("collapse")
def collapse_in_one_way(net):
    from functools import reduce

    Ws = [net.W[l] for l in range(net.L, 1, -1)]
    return (
        reduce(np.matmul, Ws),
        sum(reduce(np.matmul, Ws[: net.L - l], np.eye(net.sizes[-1])) @ net.b[l] for l in net.b),
    )


@right("collapse")
def collapse_in_another_way(net):
    M = np.eye(net.sizes[0] + 1)
    for l in net.W:
        H = np.block([[net.W[l], net.b[l]], [np.zeros((1, net.W[l].shape[1])), np.ones((1, 1))]])
        M = H @ M
    return M[:-1, :-1], M[:-1, -1:]


@right("collapse")
def collapse_in_a_third_way(net):
    def go(l):
        if l == 2:
            return net.W[2], net.b[2]
        W, b = go(l - 1)
        return net.W[l].dot(W), net.W[l].dot(b) + net.b[l]

    return go(net.L)


@right("parameter_count")
def parameter_count_in_one_way(sizes):
    return init_network(sizes, np.random.default_rng(0)).n_parameters


@right("parameter_count")
def parameter_count_in_another_way(sizes):
    return float(np.dot(sizes[1:], np.add(sizes[:-1], 1)))


@right("parameter_count")
def parameter_count_in_a_third_way(sizes):
    def go(s):
        return 0 if len(s) < 2 else s[1] * (s[0] + 1) + go(s[1:])

    return go(sizes)


@right("witness")
def witness_in_one_way(f, x, h=1e-30):
    J = np.empty((f(x).shape[0], x.shape[0]))
    for j in range(x.shape[0]):
        moved = x.astype(complex)
        moved[j, 0] += 1j * h
        J[:, j] = np.imag(f(moved)).flatten() / h
    return J


@right("witness")
def witness_in_another_way(f, x, h=1e-30):
    return np.hstack(
        [
            (f(x + 1j * h * e[:, None]) - f(x - 1j * h * e[:, None])).imag / (2 * h)
            for e in np.eye(x.size)
        ]
    )


@right("witness")
def witness_in_a_third_way(f, x, h=1e-30):
    return np.array(
        [
            [f(x + 1j * h * np.eye(x.size)[:, [j]])[i, 0].imag / h for j in range(x.size)]
            for i in range(f(x).size)
        ]
    )


@right("tanh_jacobian")
def tanh_jacobian_in_one_way(W, b, a):
    return np.array(
        [
            [(1 - np.tanh(W[i] @ a[:, 0] + b[i, 0]) ** 2) * W[i, j] for j in range(len(a))]
            for i in range(len(W))
        ]
    )


@right("tanh_jacobian")
def tanh_jacobian_in_another_way(W, b, a):
    return np.hstack(
        [np.tanh(W @ (a + 1e-30j * e[:, None]) + b).imag / 1e-30 for e in np.eye(len(a))]
    )


@right("tanh_jacobian")
def tanh_jacobian_in_a_third_way(W, b, a):
    s = sigmoid(2 * (W @ a + b))
    return np.diagflat(4 * s * (1 - s)) @ W


@right("softmax_jacobian")
def softmax_jacobian_in_one_way(z):
    p = softmax(z)[:, 0]
    K = len(p)
    J = np.empty((K, K))
    for k in range(K):
        for j in range(K):
            J[k, j] = (p[k] if k == j else 0) - p[k] * p[j]
    return J


@right("softmax_jacobian")
def softmax_jacobian_in_another_way(z):
    z = z - z.max()
    return np.hstack(
        [
            (lambda e: (e / e.sum()).imag / 1e-30)(np.exp(z + 1e-30j * u[:, None]))
            for u in np.eye(len(z))
        ]
    )


@right("softmax_jacobian")
def softmax_jacobian_in_a_third_way(z):
    p = softmax(z)[:, 0]
    return np.einsum("i,ij->ij", p, np.eye(p.size)) - np.einsum("i,j->ij", p, p)


@right("backward_step")
def backward_step_in_one_way(W_next, g_next, a):
    return np.stack(
        [np.diag(a[:, s] * (1 - a[:, s])) @ W_next.T @ g_next[:, s] for s in range(a.shape[1])],
        axis=1,
    )


@right("backward_step")
def backward_step_in_another_way(W_next, g_next, a):
    return np.array(
        [
            [
                sum(W_next[i, j] * g_next[i, s] for i in range(len(g_next)))
                * a[j, s]
                * (1 - a[j, s])
                for s in range(a.shape[1])
            ]
            for j in range(len(a))
        ]
    )


@right("backward_step")
def backward_step_in_a_third_way(W_next, g_next, a):
    z = np.log(a) - np.log1p(-a)
    return np.exp(-z) / (1 + np.exp(-z)) ** 2 * (W_next.T @ g_next)


@right("input_gradient")
def input_gradient_in_one_way(net, x):
    z, a = forward(net, x)
    out = []
    for e in np.eye(len(x)):
        t = np.repeat(e[:, None], x.shape[1], axis=1)
        for l in range(2, net.L + 1):
            t = net.activation[l].derivative(a[l]) * (net.W[l] @ t)
        out.append(t[0])
    return np.array(out)


@right("input_gradient")
def input_gradient_in_another_way(net, x):
    def f(v):
        for l in net.W:
            u = net.W[l] @ v + net.b[l]
            nm = net.activation[l].name.lower()
            v = (
                np.tanh(u)
                if nm == "tanh"
                else np.where(u.real > 0, u, 0)
                if nm == "relu"
                else 1 / (1 + np.exp(-u))
            )
        return v

    return np.vstack([f(x + 1e-30j * e[:, None]).imag / 1e-30 for e in np.eye(len(x))])


@right("input_gradient")
def input_gradient_in_a_third_way(net, x):
    z, a = forward(net, x)
    J = np.broadcast_to(np.eye(len(x)), (x.shape[1], len(x), len(x)))
    for l in range(2, net.L + 1):
        J = np.einsum("is,ij,sjk->sik", net.activation[l].derivative(a[l]), net.W[l], J)
    return J[:, 0, :].T


@right("carry_back")
def carry_back_in_one_way(net, x, start):
    z, a = forward(net, x)

    def go(l):
        return (
            start
            if l == net.L
            else net.W[l + 1].T @ (net.activation[l + 1].derivative(a[l + 1]) * go(l + 1))
        )

    return {l: go(l) for l in range(1, net.L + 1)}


@right("carry_back")
def carry_back_in_another_way(net, x, start):
    z, a = forward(net, x)
    D = {net.L: start}
    for l in range(net.L, 1, -1):
        D[l - 1] = np.stack(
            [
                net.W[l].T @ np.diag(net.activation[l].derivative(a[l][:, s])) @ D[l][:, s]
                for s in range(x.shape[1])
            ],
            axis=1,
        )
    return D


@right("carry_back")
def carry_back_in_a_third_way(net, x, start):
    z, a = forward(net, x)
    D = {l: np.zeros_like(a[l]) for l in a}
    D[net.L][...] = start
    for l in sorted(net.W, reverse=True):
        np.einsum("ij,is,is->js", net.W[l], net.activation[l].derivative(a[l]), D[l], out=D[l - 1])
    return D


@right("weight_gradient")
def weight_gradient_in_one_way(g, a):
    dW = np.zeros((len(g), len(a)))
    for s in range(g.shape[1]):
        dW += np.outer(g[:, s], a[:, s])
    return dW


@right("weight_gradient")
def weight_gradient_in_another_way(g, a):
    return np.array([[sum((u * v for u, v in zip(gi, aj))) for aj in a] for gi in g])


@right("weight_gradient")
def weight_gradient_in_a_third_way(g, a):
    return (g[:, None, :] * a[None]).sum(axis=-1)


@right("batch_mean")
def batch_mean_in_one_way(net, x, y):
    z, a = forward(net, x)
    d = backward(net, a, start_of(net, a, y) / x.shape[1])
    return [
        {l: np.einsum("is,js->ij", d[l], a[l - 1]) for l in d},
        {l: d[l] @ np.ones((x.shape[1], 1)) for l in d},
    ]


@right("batch_mean")
def batch_mean_in_another_way(net, x, y):
    parts = [loss_gradient(net, x[:, [s]], y[:, [s]], mse)[1:] for s in range(x.shape[1])]
    return tuple({l: np.mean([p[k][l] for p in parts], axis=0) for l in net.W} for k in (0, 1))


@right("batch_mean")
def batch_mean_in_a_third_way(net, x, y):
    z, a = forward(net, x)
    N = x.shape[1]
    D = a[net.L] - y
    dW, db = {}, {}
    for l in range(net.L, 1, -1):
        g = net.activation[l].derivative(a[l]) * D
        both = g @ np.vstack([a[l - 1], np.ones((1, N))]).T / N
        dW[l], db[l] = (both[:, :-1], both[:, -1:])
        D = net.W[l].T @ g
    return dW, db


@right("bridge_step")
def bridge_step_in_one_way(W, slope, Delta):
    return np.stack(
        [
            (np.diag(slope[:, s]) @ W + np.eye(len(W))).T @ Delta[:, s]
            for s in range(Delta.shape[1])
        ],
        axis=1,
    )


@right("bridge_step")
def bridge_step_in_another_way(W, slope, Delta):
    return Delta + np.einsum("ij,is,is->js", W, slope, Delta)


@right("bridge_step")
def bridge_step_in_a_third_way(W, slope, Delta):
    out = Delta.copy()
    for j in range(len(W)):
        for i in range(len(W)):
            out[j] += W[i, j] * slope[i] * Delta[i]
    return out


@right("may_be_said")
def may_be_said_in_one_way(first, second, margin):
    d = mean_interval(np.subtract(first, second))
    return [np.bool_(d.low > 0), d.high < 0, max(-d.low, d.high) < margin]


@right("may_be_said")
def may_be_said_in_another_way(first, second, margin):
    d = first - second
    h = 1.96 * d.std(ddof=1) / d.size**0.5
    return d.mean() > h, d.mean() < -h, abs(d.mean()) + h < margin


@right("may_be_said")
def may_be_said_in_a_third_way(first, second, margin):
    d = first - second
    r = np.random.default_rng(0)
    m = r.choice(d, (20000, d.size)).mean(1)
    lo, hi = np.percentile(m, [2.5, 97.5])
    return lo > 0, hi < 0, -margin < lo and hi < margin


@right("vanishes_at_zero")
def vanishes_at_zero_in_one_way(block):
    return {"dW[2]": True, "db[2]": True, "dW[3]": False, "db[3]": False}[block]


@right("vanishes_at_zero")
def vanishes_at_zero_in_another_way(block):
    net = init_network([2, 3, 1], np.random.default_rng(0), "zeros")
    _, dW, db = loss_gradient(net, np.ones((2, 1)), np.ones((1, 1)), mse)
    return not np.any(eval(block))


@right("vanishes_at_zero")
def vanishes_at_zero_in_a_third_way(block):
    match block:
        case "dW[2]" | "db[2]":
            return np.True_
        case _:
            return np.False_


@right("sgd_step")
def sgd_step_in_one_way(net, x, y, i, learning_rate):
    import copy

    new = copy.deepcopy(net)
    _, dW, db = loss_gradient(net, x[:, i : i + 1], y[:, i : i + 1], mse)
    for l in new.W:
        new.W[l] -= learning_rate * dW[l]
        new.b[l] -= learning_rate * db[l]
    return new.W, new.b


@right("sgd_step")
def sgd_step_in_another_way(net, x, y, i, learning_rate):
    _, a = forward(net, x[:, i].reshape(-1, 1))
    d = backward(net, a, start_of(net, a, y[:, i][:, None]))
    return (
        {l: net.W[l] - learning_rate * np.outer(d[l], a[l - 1]) for l in range(net.L, 1, -1)},
        {l: net.b[l] - learning_rate * d[l] for l in d},
    )


@right("sgd_step")
def sgd_step_in_a_third_way(net, x, y, i, learning_rate):
    n = net.copy()
    _, dW, db = loss_gradient(n, x[:, [i]], y[:, [i]], mse)
    for l in dW:
        n.W[l] = n.W[l] - learning_rate * dW[l]
        n.b[l] = n.b[l] - learning_rate * db[l]
    return n.W, n.b


@right("descend")
def descend_in_one_way(net, x, y, order, learning_rate):
    n = net.copy()
    for k in range(order.shape[0]):
        cols = list(order[k])
        _, dW, db = loss_gradient(n, x[:, cols], y[:, cols], mse)
        for l in range(2, n.L + 1):
            n.W[l] -= learning_rate * dW[l]
            n.b[l] -= learning_rate * db[l]
    return n


@right("descend")
def descend_in_another_way(net, x, y, order, learning_rate):
    def go(n, o):
        return n if len(o) == 0 else go(stepped(n, x, y, o[0], learning_rate), o[1:])

    return go(net, order)


@right("descend")
def descend_in_a_third_way(net, x, y, order, learning_rate):
    n = net.copy()
    for c in order:
        G = [loss_gradient(n, x[:, [j]], y[:, [j]], mse) for j in c]
        n = Network(
            {l: n.W[l] - learning_rate * np.mean([g[1][l] for g in G], axis=0) for l in n.W},
            {l: n.b[l] - learning_rate * np.mean([g[2][l] for g in G], axis=0) for l in n.b},
            dict(n.activation),
        )
    return n


@right("step_to_boundary")
def step_to_boundary_in_one_way(net, x):
    a = forward(net, x)[1][net.L]
    out = x.copy()
    for s in range(x.shape[1]):
        g = input_gradient(net, x[:, [s]])
        out[:, [s]] += (0.5 - a[0, s]) / (g.T @ g) * g
    return out


@right("step_to_boundary")
def step_to_boundary_in_another_way(net, x):
    a = forward(net, x)[1][net.L]
    g = input_gradient(net, x)
    return np.column_stack(
        [x[:, s] + (np.linalg.pinv(g[:, [s]].T) * (0.5 - a[0, s]))[:, 0] for s in range(x.shape[1])]
    )


@right("step_to_boundary")
def step_to_boundary_in_a_third_way(net, x):
    a = forward(net, x)[1][net.L]
    g = input_gradient(net, x)
    n = np.linalg.norm(g, axis=0, keepdims=True)
    return x + (0.5 - a) / n * (g / n)


@right("first_flip")
def first_flip_in_one_way(net, x, direction, lengths):
    flips = (output(net, x + direction * np.asarray(lengths))[0] > 0.5) != (
        output(net, x)[0, 0] > 0.5
    )
    return lengths[flips.argmax()] if flips.any() else float("inf")


@right("first_flip")
def first_flip_in_another_way(net, x, direction, lengths):
    z0 = forward(net, x)[0][net.L].item()
    for t in lengths:
        if z0 * forward(net, x + t * direction)[0][net.L].item() < 0:
            return t
    return np.inf


@right("first_flip")
def first_flip_in_a_third_way(net, x, direction, lengths):
    import math

    k = 0
    while k < len(lengths) and (output(net, x + lengths[k] * direction).item() > 0.5) == (
        output(net, x).item() > 0.5
    ):
        k += 1
    return math.inf if k == len(lengths) else float(lengths[k])


@right("difference_weights")
def difference_weights_in_one_way(w):
    n = len(w)
    A = np.c_[np.ones(n), np.eye(n)[:, 1:]] if n > 1 else np.ones((1, 1))
    return np.linalg.solve(A, A @ w - (1 - A @ w))


@right("difference_weights")
def difference_weights_in_another_way(w):
    w2 = -1.0 * np.array(w)
    w2[0] += 1.0
    return np.subtract(w, w2)


@right("difference_weights")
def difference_weights_in_a_third_way(w):
    return tuple(np.hstack([2 * w[0] - 1, w[1:] + w[1:]]))


@right("class_of_scalar")
def class_of_scalar_in_one_way(a, K):
    return np.floor(np.clip(a[0], 0, K - 1) + 0.5).astype(np.int8)


@right("class_of_scalar")
def class_of_scalar_in_another_way(a, K):
    return np.array([min(range(K), key=lambda k: abs(v - k)) for v in a.flatten()])


@right("class_of_scalar")
def class_of_scalar_in_a_third_way(a, K):
    return np.minimum(np.maximum(a[0] + 0.5, 0), K - 0.5).astype(int)


@pytest.mark.parametrize(("name", "answer"), STYLES)
def test_what_is_right_passes_in_any_style(name, answer, capsys):
    EXERCISES[name](answer)
    assert "verified" in capsys.readouterr().out


# -------- wrong, and what it is called


@written("half_square", "summed")
def half_square_summed(a, y):
    return 0.5 * np.sum((a - y) ** 2, axis=0)


@written("half_square", "norm")
def half_square_norm(a, y):
    return np.sqrt(np.sum((a - y) ** 2))


@written("half_square", "divided-by-the-count")
def half_square_divided_by_the_count(a, y):
    return (a - y) ** 2 / (2 * np.size(a))


@written("half_square", "difference-of-squares")
def half_square_difference_of_squares(a, y):
    return np.square(a) / 2 - np.square(y) / 2


@written("layer", "minus-in-the-denominator")
def layer_minus_in_the_denominator(W, b, a):
    z = W @ a + b
    return 1 / (1 - np.exp(-z))


@written("layer", "transposed-weights")
def layer_transposed_weights(W, b, a):
    return sigmoid(np.einsum("ji,jk->ik", W, a) + b)


@written("layer", "bias-outside")
def layer_bias_outside(W, b, a):
    return np.add(sigmoid(np.matmul(W, a)), b)


@written("layer", "relu-for-sigmoid")
def layer_relu_for_sigmoid(W, b, a):
    return np.where(W @ a + b > 0, W @ a + b, 0)


@written("forward_pass", "sigmoid-at-the-output")
def forward_pass_sigmoid_at_the_output(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L):
        z[l] = net.W[l] @ a[l - 1] + net.b[l]
        a[l] = net.activation[l](z[l])
    z[net.L] = net.W[net.L] @ a[net.L - 1] + net.b[net.L]
    a[net.L] = sigmoid(z[net.L])
    return z, a


@written("forward_pass", "relu-and-sigmoid")
def forward_pass_relu_and_sigmoid(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = net.W[l] @ a[l - 1] + net.b[l]
        a[l] = relu(z[l]) if l < net.L else sigmoid(z[l])
    return z, a


@written("forward_pass", "activation-of-the-activation")
def forward_pass_activation_of_the_activation(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = net.W[l] @ a[l - 1] + net.b[l]
        a[l] = net.activation[l](net.activation[l](z[l]))
    return z, a


@written("forward_pass", "weighted-input-handed-on")
def forward_pass_weighted_input_handed_on(net, x):
    z, a = {}, {1: x}
    for l in range(2, net.L + 1):
        z[l] = net.W[l] @ a[1] + net.b[l] if l == 2 else net.W[l] @ z[l - 1] + net.b[l]
        a[l] = net.activation[l](z[l])
    return z, a


@written("collapse", "layer-2-twice")
def collapse_layer_2_twice(net):
    W, b = net.W[2], net.b[2]
    for l in range(2, net.L + 1):
        W = net.W[l] @ W
        b = net.W[l] @ b + net.b[l]
    return W, b


@written("collapse", "old-weights-in-the-bias")
def collapse_old_weights_in_the_bias(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        W, b = net.W[l] @ W, W @ b + net.b[l]
    return W, b


@written("collapse", "flattened")
def collapse_flattened(net):
    W, b = net.W[2], net.b[2].ravel()
    for l in range(3, net.L + 1):
        W = net.W[l] @ W
        b = net.W[l] @ b + net.b[l].ravel()
    return W, b


@written("collapse", "bias-added-before-the-product")
def collapse_bias_added_before_the_product(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        b = net.W[l] @ (b + net.b[l])
        W = net.W[l] @ W
    return W, b


@written("parameter_count", "first-layer-alone")
def parameter_count_first_layer_alone(sizes):
    total = 0
    for l in range(1, len(sizes)):
        total += sizes[l] * sizes[l - 1] + sizes[l]
        return total


@written("parameter_count", "last-layer-alone")
def parameter_count_last_layer_alone(sizes):
    for l in range(1, len(sizes)):
        total = sizes[l] * sizes[l - 1] + sizes[l]
    return total


@written("parameter_count", "biases-of-the-input")
def parameter_count_biases_of_the_input(sizes):
    return sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1)) + sum(sizes)


@written("parameter_count", "last-bias-forgotten")
def parameter_count_last_bias_forgotten(sizes):
    return sum((m * n for m, n in zip(sizes[:-1], sizes[1:]))) + sum(sizes[1:-1])


@written("witness", "imag-of-the-quotient")
def witness_imag_of_the_quotient(f, x, h=1e-30):
    return np.hstack([(f(x + 1j * h * e[:, None]) / (1j * h)).imag for e in np.eye(x.size)])


@written("witness", "last-coordinate-left-out")
def witness_last_coordinate_left_out(f, x, h=1e-30):
    return np.hstack([f(x + 1j * h * np.eye(x.size)[:, [j]]).imag / h for j in range(x.size - 1)])


@written("witness", "steps-pile-up")
def witness_steps_pile_up(f, x, h=1e-30):
    z = x + 0j
    J = np.zeros((f(x).size, x.size))
    for j in range(x.size):
        z[j] += 1j * h
        J[:, j] = f(z)[:, 0].imag / h
    return J


@written("witness", "nothing-moves")
def witness_nothing_moves(f, x, h=1e-30):
    return np.hstack(
        [(f(x + h * e[:, None]) - f(x - h * e[:, None])) / (2 * h) for e in np.eye(x.size)]
    )


@written("tanh_jacobian", "tanh-twice")
def tanh_jacobian_tanh_twice(W, b, a):
    out = np.tanh(W @ a + b)
    return (1 - np.tanh(out) ** 2) * W


@written("tanh_jacobian", "missing-parentheses")
def tanh_jacobian_missing_parentheses(W, b, a):
    t = np.tanh(W @ a + b)
    return 1 - t**2 * W


@written("tanh_jacobian", "diag-of-a-column")
def tanh_jacobian_diag_of_a_column(W, b, a):
    t = np.tanh(W @ a + b)
    return np.diag(1 - t**2) * W


@written("tanh_jacobian", "product-from-the-right")
def tanh_jacobian_product_from_the_right(W, b, a):
    return W @ np.diagflat(1 - np.tanh(W @ a + b) ** 2)


@written("softmax_jacobian", "off-diagonal-sign")
def softmax_jacobian_off_diagonal_sign(z):
    p = softmax(z)[:, 0]
    K = len(p)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            J[i, j] = p[i] * (1 - p[i]) if i == j else p[i] * p[j]
    return J


@written("softmax_jacobian", "diagonal-not-reduced")
def softmax_jacobian_diagonal_not_reduced(z):
    p = softmax(z)[:, 0]
    K = len(p)
    return np.array([[p[i] if i == j else -p[i] * p[j] for j in range(K)] for i in range(K)])


@written("softmax_jacobian", "shift-by-the-mean")
def softmax_jacobian_shift_by_the_mean(z):
    e = np.exp(z - z.mean())
    p = e / np.sum(e)
    return np.diagflat(p) - p.dot(p.T)


@written("softmax_jacobian", "overflow")
def softmax_jacobian_overflow(z):
    p = (np.exp(z) / np.exp(z).sum()).flatten()
    return np.diag(p) - np.outer(p, p)


@written("backward_step", "missing-transpose")
def backward_step_missing_transpose(W_next, g_next, a):
    g = np.zeros(a.shape)
    for s in range(a.shape[1]):
        for j in range(a.shape[0]):
            for i in range(g_next.shape[0]):
                g[j, s] += W_next[j, i] * g_next[i, s] * a[j, s] * (1 - a[j, s])
    return g


@written("backward_step", "one-path")
def backward_step_one_path(W_next, g_next, a):
    g = np.zeros(a.shape)
    for j in range(a.shape[0]):
        for i in range(g_next.shape[0]):
            g[j] = g_next[i] * W_next[i, j] * a[j] * (1 - a[j])
    return g


@written("backward_step", "derivative-on-the-wrong-side")
def backward_step_derivative_on_the_wrong_side(W_next, g_next, a):
    g = np.zeros(a.shape)
    for j in range(a.shape[0]):
        for i in range(g_next.shape[0]):
            g[j] += g_next[i] * W_next[i, j] * a[i] * (1 - a[i])
    return g


@written("backward_step", "slope-twice")
def backward_step_slope_twice(W_next, g_next, a):
    return (a * (1 - a)) ** 2 * (W_next.T @ g_next)


@written("input_gradient", "start-of-a-cost")
def input_gradient_start_of_a_cost(net, x):
    _, a = forward(net, x)
    g = (a[net.L] - 1) * net.activation[net.L].derivative(a[net.L])
    for l in range(net.L - 1, 1, -1):
        g = net.activation[l].derivative(a[l]) * (net.W[l + 1].T @ g)
    return net.W[2].T @ g


@written("input_gradient", "last-product-twice")
def input_gradient_last_product_twice(net, x):
    _, a = forward(net, x)
    g = net.activation[net.L].derivative(a[net.L])
    for l in range(net.L, 1, -1):
        g = net.W[l].T @ g
        if l > 2:
            g = net.activation[l - 1].derivative(a[l - 1]) * g
    return net.W[2].T @ g


@written("input_gradient", "start-slope-of-z")
def input_gradient_start_slope_of_z(net, x):
    z, a = forward(net, x)
    g = net.activation[net.L].derivative(z[net.L])
    for l in range(net.L - 1, 1, -1):
        g = net.activation[l].derivative(a[l]) * (net.W[l + 1].T @ g)
    return net.W[2].T @ g


@written("input_gradient", "loop-goes-to-the-input")
def input_gradient_loop_goes_to_the_input(net, x):
    z, a = forward(net, x)
    g = net.activation[net.L].derivative(a[net.L])
    for l in range(net.L - 1, 0, -1):
        g = net.activation[l].derivative(a[l]) * (net.W[l + 1].T @ g)
    return net.W[1].T @ g


@written("carry_back", "diag-of-a-matrix")
def carry_back_diag_of_a_matrix(net, x, start):
    z, a = forward(net, x)
    D = {net.L: start}
    for l in range(net.L, 1, -1):
        D[l - 1] = net.W[l].T @ np.diag(net.activation[l].derivative(a[l])) @ D[l]
    return D


@written("carry_back", "diagflat-of-a-matrix")
def carry_back_diagflat_of_a_matrix(net, x, start):
    z, a = forward(net, x)
    D = {net.L: start}
    for l in range(net.L, 1, -1):
        D[l - 1] = net.W[l].T @ np.diagflat(net.activation[l].derivative(a[l])) @ D[l]
    return D


@written("carry_back", "asks-for-layer-1")
def carry_back_asks_for_layer_1(net, x, start):
    z, a = forward(net, x)
    D = {net.L: start}
    for l in range(net.L - 1, 0, -1):
        D[l] = net.W[l + 1].T @ (net.activation[l].derivative(a[l]) * D[l + 1])
    return D


@written("carry_back", "derivative-of-z")
def carry_back_derivative_of_z(net, x, start):
    z, a = forward(net, x)
    D = {net.L: start}
    for l in range(net.L - 1, 0, -1):
        D[l] = net.W[l + 1].T @ (net.activation[l + 1].derivative(z[l + 1]) * D[l + 1])
    return D


@written("weight_gradient", "elementwise-transposed")
def weight_gradient_elementwise_transposed(g, a):
    return np.multiply(g, a.T)


@written("weight_gradient", "slope-of-the-input")
def weight_gradient_slope_of_the_input(g, a):
    return g @ (a * (1 - a)).T


@written("weight_gradient", "inner-product")
def weight_gradient_inner_product(g, a):
    return np.dot(g.T, a)


@written("weight_gradient", "sums-first")
def weight_gradient_sums_first(g, a):
    return g.sum(axis=1, keepdims=True) * a.sum(axis=1)


@written("batch_mean", "errors-averaged-first")
def batch_mean_errors_averaged_first(net, x, y):
    z, a = forward(net, x)
    N = x.shape[1]
    e = (a[net.L] - y).mean(axis=1, keepdims=True) * np.ones((1, N))
    d = backward(net, a, e * net.activation[net.L].derivative(a[net.L]))
    return (
        {l: d[l] @ a[l - 1].T / N for l in d},
        {l: d[l].sum(axis=1, keepdims=True) / N for l in d},
    )


@written("batch_mean", "cost-for-its-derivative")
def batch_mean_cost_for_its_derivative(net, x, y):
    z, a = forward(net, x)
    N = x.shape[1]
    d = backward(net, a, 0.5 * (a[net.L] - y) ** 2 * net.activation[net.L].derivative(a[net.L]))
    return (
        {l: d[l] @ a[l - 1].T / N for l in d},
        {l: d[l].sum(axis=1, keepdims=True) / N for l in d},
    )


@written("batch_mean", "slope-again")
def batch_mean_slope_again(net, x, y):
    z, a = forward(net, x)
    N = x.shape[1]
    d = backward(net, a, start_of(net, a, y))
    s = {l: net.activation[l].derivative(a[l]) for l in d}
    return (
        {l: s[l] * d[l] @ a[l - 1].T / N for l in d},
        {l: (s[l] * d[l]).sum(axis=1, keepdims=True) / N for l in d},
    )


@written("batch_mean", "step-of-Delta")
def batch_mean_step_of_Delta(net, x, y):
    z, a = forward(net, x)
    N = x.shape[1]
    d = start_of(net, a, y)
    dW, db = {}, {}
    for l in range(net.L, 1, -1):
        dW[l] = d @ a[l - 1].T / N
        db[l] = d.sum(1, keepdims=True) / N
        d = net.W[l].T @ (net.activation[l].derivative(a[l]) * d)
    return dW, db


@written("bridge_step", "diagflat-of-a-matrix")
def bridge_step_diagflat_of_a_matrix(W, slope, Delta):
    return W.T @ np.diagflat(slope) @ Delta + Delta


@written("bridge_step", "slope-of-the-slope")
def bridge_step_slope_of_the_slope(W, slope, Delta):
    return W.T @ (slope * (1 - slope) * Delta) + Delta


@written("bridge_step", "identity-added")
def bridge_step_identity_added(W, slope, Delta):
    return W.T @ (slope * Delta) + np.eye(len(W))


@written("bridge_step", "bridge-through-the-slope")
def bridge_step_bridge_through_the_slope(W, slope, Delta):
    return (W.T + np.eye(len(W))) @ (slope * Delta)


@written("may_be_said", "overlap")
def may_be_said_overlap(first, second, margin):
    f, s = mean_interval(first), mean_interval(second)
    return f.low > s.high, s.low > f.high, abs(f.estimate - s.estimate) < margin


@written("may_be_said", "zero-inside")
def may_be_said_zero_inside(first, second, margin):
    d = first - second
    i = mean_interval(d)
    A, B = i.low > 0, i.high < 0
    return A, B, not A and (not B) and (abs(d.mean()) < margin)


@written("may_be_said", "single-differences")
def may_be_said_single_differences(first, second, margin):
    d = first - second
    m, s = d.mean(), d.std(ddof=1)
    return m - 1.96 * s > 0, m + 1.96 * s < 0, m - 1.96 * s > -margin and m + 1.96 * s < margin


@written("may_be_said", "one-standard-error")
def may_be_said_one_standard_error(first, second, margin):
    d = first - second
    m, s = d.mean(), d.std(ddof=1) / np.sqrt(len(d))
    return m - s > 0, m + s < 0, m - s > -margin and m + s < margin


@written("vanishes_at_zero", "all-but-the-last-bias")
def vanishes_at_zero_all_but_the_last_bias(block):
    return block != "db[3]"


@written("vanishes_at_zero", "first-biases-only")
def vanishes_at_zero_first_biases_only(block):
    return block == "db[2]"


@written("vanishes_at_zero", "nothing")
def vanishes_at_zero_nothing(block):
    return False


@written("vanishes_at_zero", "weights-only")
def vanishes_at_zero_weights_only(block):
    return "W" in block


@written("sgd_step", "biases-after-weights")
def sgd_step_biases_after_weights(net, x, y, i, learning_rate):
    _, dW, db = loss_gradient(net, x[:, [i]], y[:, [i]], mse)
    W = {l: net.W[l] - learning_rate * dW[l] for l in dW}
    _, _, db = loss_gradient(Network(W, net.b, net.activation), x[:, [i]], y[:, [i]], mse)
    return W, {l: net.b[l] - learning_rate * db[l] for l in db}


@written("sgd_step", "last-layer-missing")
def sgd_step_last_layer_missing(net, x, y, i, learning_rate):
    _, dW, db = loss_gradient(net, x[:, [i]], y[:, [i]], mse)
    W, b = {}, {}
    for l in range(2, net.L):
        W[l] = net.W[l] - learning_rate * dW[l]
        b[l] = net.b[l] - learning_rate * db[l]
    return W, b


@written("sgd_step", "no-output-slope")
def sgd_step_no_output_slope(net, x, y, i, learning_rate):
    _, a = forward(net, x[:, [i]])
    d = backward(net, a, a[net.L] - y[:, [i]])
    return (
        {l: net.W[l] - learning_rate * d[l] @ a[l - 1].T for l in d},
        {l: net.b[l] - learning_rate * d[l] for l in d},
    )


@written("sgd_step", "flattened")
def sgd_step_flattened(net, x, y, i, learning_rate):
    v, dW, db = loss_gradient(net, x[:, [i]], y[:, [i]], mse)
    return (
        {l: net.W[l] - learning_rate * dW[l] for l in net.W},
        {l: (net.b[l] - learning_rate * db[l]).ravel() for l in net.b},
    )


@written("descend", "gradient-of-all-once")
def descend_gradient_of_all_once(net, x, y, order, learning_rate):
    v, dW, db = loss_gradient(net, x, y, mse)
    for c in order:
        net = Network(
            {l: net.W[l] - learning_rate * dW[l] for l in dW},
            {l: net.b[l] - learning_rate * db[l] for l in db},
            net.activation,
        )
    return net


@written("descend", "all-points")
def descend_all_points(net, x, y, order, learning_rate):
    for c in order:
        v, dW, db = loss_gradient(net, x, y, mse)
        net = Network(
            {l: net.W[l] - learning_rate * dW[l] for l in dW},
            {l: net.b[l] - learning_rate * db[l] for l in db},
            net.activation,
        )
    return net


@written("descend", "climbs")
def descend_climbs(net, x, y, order, learning_rate):
    for c in order:
        v, dW, db = loss_gradient(net, x[:, c], y[:, c], mse)
        net = Network(
            {l: net.W[l] + learning_rate * dW[l] for l in dW},
            {l: net.b[l] + learning_rate * db[l] for l in db},
            net.activation,
        )
    return net


@written("descend", "mean-twice")
def descend_mean_twice(net, x, y, order, learning_rate):
    for c in order:
        v, dW, db = loss_gradient(net, x[:, c], y[:, c], mse)
        net = Network(
            {l: net.W[l] - learning_rate * dW[l] / len(c) for l in dW},
            {l: net.b[l] - learning_rate * db[l] / len(c) for l in db},
            net.activation,
        )
    return net


@written("step_to_boundary", "always-uphill")
def step_to_boundary_always_uphill(net, x):
    z, a = forward(net, x)
    g = input_gradient(net, x)
    return x + abs(0.5 - a[net.L]) * g / (g**2).sum(axis=0)


@written("step_to_boundary", "unit-step")
def step_to_boundary_unit_step(net, x):
    z, a = forward(net, x)
    g = input_gradient(net, x)
    return x + np.sign(0.5 - a[net.L]) * g / np.linalg.norm(g, axis=0)


@written("step_to_boundary", "norm-along-the-rows")
def step_to_boundary_norm_along_the_rows(net, x):
    z, a = forward(net, x)
    g = input_gradient(net, x)
    return x + (0.5 - a[net.L]) * g / (g**2).sum(axis=1)


@written("step_to_boundary", "sum-before-the-square")
def step_to_boundary_sum_before_the_square(net, x):
    z, a = forward(net, x)
    g = input_gradient(net, x)
    return x + (0.5 - a[net.L]) * g / g.sum(axis=0) ** 2


@written("first_flip", "one-before")
def first_flip_one_before(net, x, direction, lengths):
    before = output(net, x).item() > 0.5
    prev = 0
    for t in lengths:
        if (output(net, x + t * direction).item() > 0.5) != before:
            return prev
        prev = t
    return np.inf


@written("first_flip", "halving")
def first_flip_halving(net, x, direction, lengths):
    b = output(net, x).item() > 0.5
    lo, hi = 0, len(lengths)
    while lo < hi:
        m = (lo + hi) // 2
        if (output(net, x + lengths[m] * direction).item() > 0.5) != b:
            hi = m
        else:
            lo = m + 1
    return lengths[lo] if lo < len(lengths) else np.inf


@written("first_flip", "first-length-left-out")
def first_flip_first_length_left_out(net, x, direction, lengths):
    b = output(net, x).item() > 0.5
    for k in range(1, len(lengths)):
        if (output(net, x + lengths[k] * direction).item() > 0.5) != b:
            return lengths[k]
    return np.inf


@written("first_flip", "position")
def first_flip_position(net, x, direction, lengths):
    b = forward(net, x)[1][net.L].item() > 0.5
    for k, t in enumerate(lengths):
        if (forward(net, x + t * direction)[1][net.L].item() > 0.5) != b:
            return k
    return np.inf


@written("difference_weights", "as-a-column")
def difference_weights_as_a_column(w):
    d = 2 * w
    d[0] -= 1
    return d.reshape(-1, 1)


@written("difference_weights", "half-the-difference")
def difference_weights_half_the_difference(w):
    d = w.copy()
    d[0] -= 0.5
    return d


@written("difference_weights", "slopes-not-doubled")
def difference_weights_slopes_not_doubled(w):
    d = w.copy()
    d[0] = 2 * w[0] - 1
    return d


@written("difference_weights", "half-for-one")
def difference_weights_half_for_one(w):
    d = 2 * w
    d[0] = d[0] - 0.5
    return d


@written("class_of_scalar", "nearest-sample")
def class_of_scalar_nearest_sample(a, K):
    return np.abs(a - np.arange(K)[:, None]).argmin(axis=1)


@written("class_of_scalar", "one-hot")
def class_of_scalar_one_hot(a, K):
    return np.eye(K)[np.clip(np.rint(a[0]), 0, K - 1).astype(int)]


@written("class_of_scalar", "outside-set-to-0")
def class_of_scalar_outside_set_to_0(a, K):
    r = np.rint(a[0])
    r[(r < 0) | (r > K - 1)] = 0
    return r


@written("class_of_scalar", "floor")
def class_of_scalar_floor(a, K):
    return np.clip(np.floor(a[0]), 0, K - 1).astype(int)


test_what_is_wrong_is_called_by_its_name = mistakes_are_named(written)


def test_they_are_many():
    assert len(STYLES) >= 60
    assert len(written) >= 80
