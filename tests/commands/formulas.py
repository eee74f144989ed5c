"""The formulas of the sheet, each beside code that computes it.

On the left of each pair stands what the library or an independent witness says, on the right what
the formula of the sheet says, written out in NumPy.
"""

import inspect

import numpy as np

from utils import noise, numerical, regression
from utils.activations import identity, relu, sigmoid, softmax, tanh
from utils.experiments import efficiency_of
from utils.gradients import (
    backward,
    input_gradient,
    input_jacobian,
    layer_jacobian,
    loss_gradient,
    parameter_gradient,
)
from utils.losses import (
    binary_cross_entropy,
    huber_loss,
    mse,
    softmax_cross_entropy,
    softmax_mse,
)
from utils.network import forward, init_network
from utils.numerical import complex_step, finite_difference
from utils.training import train

# -------- a network with one output, another with three, and residuals to compute with

rng = np.random.default_rng(14)
SIZES = [3, 4, 2, 1]
net = init_network(SIZES, rng, "paper", activation={2: tanh, 3: sigmoid, 4: sigmoid})
L, N, W, b, f = net.L, 5, net.W, net.b, net.activation
x = rng.normal(size=(3, N))
z, a = forward(net, x)
y = rng.random((1, N))
LAYERS = range(2, L + 1)
slope = {l: f[l].derivative(a[l]) for l in LAYERS}
ones = np.ones((N, 1))
g = backward(net, a, slope[L])
delta = backward(net, a, (a[L] - y) * slope[L])
Delta = {L: np.ones((1, N))}
for l in range(L, 1, -1):
    Delta[l - 1] = W[l].T @ (slope[l] * Delta[l])

z3 = rng.normal(size=(3, N))  # three outputs
y3 = np.eye(3)[:, rng.integers(3, size=N)]
a3, p3 = sigmoid(z3), softmax(z3)
k, c, nu = 1.345, 4.685, 3.0
t = np.linspace(-7, 7, 29) + 0.1  # no 0 and no k among them
line_x = rng.normal(size=(60, 1))
line_y = 1 + 2 * line_x[:, 0] + noise.StudentT(2).sample(rng, 60)
X = np.column_stack([np.ones(60), line_x])
fit = regression.huber(line_x, line_y)
left = line_y - X @ fit.coefficients
rho = np.where(np.abs(y3 - a3) <= 0.5, (y3 - a3) ** 2 / 2, 0.5 * np.abs(y3 - a3) - 0.125)


def output_from(l):
    """The output as a function of z[l], which knows no formula of the sheet."""

    def output(z_l):
        value = f[l](z_l)
        for m in range(l + 1, L + 1):
            value = f[m](W[m] @ value + b[m])
        return value.sum()

    return output


def nudged(what, l):
    """The mean cost, or the sum of the outputs, as a function of W[l] or b[l]."""

    def changed(value):
        new = {"W": {**W}, "b": {**b}}
        new[what][l] = value
        here = x
        for m in LAYERS:
            here = f[m](new["W"][m] @ here + new["b"][m])
        return here

    return changed


def cost(values):
    return np.sum((values - y) ** 2) / (2 * N)


def each(made):
    """The two sides of a formula for every layer: [(l, left, right), ...]."""
    return [(l, *made(l)) for l in LAYERS]


def once(*sides):
    return [(None, *sides)]


def entries_of_the_recursion(l):
    return np.array([
        sum(g[l + 1][i] * W[l + 1][i, j] for i in range(SIZES[l])) * slope[l][j]
        for j in range(SIZES[l - 1])
    ])  # fmt: skip


def standard_deviation(scheme):
    return init_network([500, 400], np.random.default_rng(1), scheme).W[2].std().round(3)


def log_density_slopes():
    laws = [noise.Normal(), noise.Logistic(), noise.StudentT(nu), noise.Laplace()]
    return [
        (None, law.score(t), -np.diag(finite_difference(lambda r, d=law: np.log(d.pdf(r)), t)))
        for law in laws
    ]


def after_a_step():
    new = train(net, x, y, mse, steps=1, learning_rate=0.3, rng=np.random.default_rng(0)).net
    return each(lambda l: (new.W[l], W[l] - 0.3 * loss_gradient(net, x, y, mse)[1][l]))


def fitted_anew():
    weights = fit.weights
    return np.linalg.solve((X.T * weights) @ X, (X.T * weights) @ line_y)


def variance_by_integral():
    r = np.linspace(-9, 9, 20_001)
    weights = noise.Normal().pdf(r) * (r[1] - r[0])
    return np.sum(weights * np.tanh(r) ** 2) / np.sum(weights * (1 - np.tanh(r) ** 2)) ** 2


def cost_from(l):
    def from_here(z_l):
        value = f[l](z_l)
        for m in range(l + 1, L + 1):
            value = f[m](W[m] @ value + b[m])
        return cost(value)

    return from_here


# TeX as on the sheet: pairs (layer or None, what it should be, what the formula gives)
FORMULAS = {
    r"x=a^{[1]}": lambda: once(a[1], x),
    r"z^{[l]}=W^{[l]}a^{[l-1]}+b^{[l]}\mathbf1^T,\qquad a^{[l]}=\sigma(z^{[l]})": lambda: (
        each(lambda l: (z[l], W[l] @ a[l - 1] + b[l] @ ones.T)) + each(lambda l: (a[l], f[l](z[l])))
    ),
    r"1/(1+e^{-z})": lambda: once(sigmoid(t), 1 / (1 + np.exp(-t))),
    r"a(1-a)": lambda: once(sigmoid.derivative(sigmoid(t)), sigmoid(t) * (1 - sigmoid(t))),
    r"\tanh z": lambda: once(tanh(t), np.tanh(t)),
    r"1-a^2": lambda: once(tanh.derivative(tanh(t)), 1 - tanh(t) ** 2),
    r"\max(z,0)": lambda: once(relu(t), np.maximum(t, 0)),
    r"a>0": lambda: once(relu.derivative(relu(t)), np.where(relu(t) > 0, 1, 0)),
    r"p_k=e^{z_k}/\sum_je^{z_j}": lambda: once(p3, np.exp(z3) / np.exp(z3).sum(axis=0)),
    r"J=\operatorname{diag}(p)-pp^T": lambda: once(
        complex_step(softmax, z3[:, [0]])[:, 0, :, 0],
        np.diag(p3[:, 0]) - np.outer(p3[:, 0], p3[:, 0]),
    ),
    r"\sum_{l=2}^Ln_l(n_{l-1}+1)": lambda: once(
        net.n_parameters, sum(SIZES[l - 1] * (SIZES[l - 2] + 1) for l in LAYERS)
    ),
    r"\sqrt{2/(n_l+n_{l-1})}": lambda: once(
        standard_deviation("xavier"), np.sqrt(2 / 900).round(3)
    ),
    r"\sqrt{2/n_{l-1}}": lambda: once(standard_deviation("he"), np.sqrt(2 / 500).round(3)),
    r"\frac{\partial z^{[l]}}{\partial a^{[l-1]}}=W^{[l]},\quad"
    r"\frac{\partial a^{[l]}}{\partial z^{[l]}}=D^{[l]},\quad"
    r"\frac{\partial a^{[l]}}{\partial a^{[l-1]}}=D^{[l]}W^{[l]}": lambda: (
        each(
            lambda l: (
                complex_step(lambda v: (W[l] @ v + b[l])[:, 0], a[l - 1][:, [0]])[..., 0],
                W[l],
            )
        )
        + each(
            lambda l: (
                complex_step(lambda v: f[l](v)[:, 0], z[l][:, [0]])[..., 0],
                np.diag(slope[l][:, 0]),
            )
        )
        + each(lambda l: (layer_jacobian(net, a, l)[0], np.diag(slope[l][:, 0]) @ W[l]))
    ),
    r"\frac{\partial a^{[L]}}{\partial x}="
    r"D^{[L]}W^{[L]}\cdots D^{[2]}W^{[2]}\qquad(n_L\times n_1)": (
        lambda: once(
            input_jacobian(net, x)[0],
            np.linalg.multi_dot([np.diag(slope[l][:, 0]) @ W[l] for l in (4, 3, 2)]),
        )
    ),
    r"f'(x)\approx\frac{f(x+h)-f(x-h)}{2h},\quad "
    r"f'(x)\approx\frac{\operatorname{Im}f(x+\mathrm ih)}h": lambda: [
        (
            None,
            finite_difference(np.sin, 0.7),
            (np.sin(0.7 + 6e-6) - np.sin(0.7 - 6e-6)) / (2 * 6e-6),
        ),
        (None, complex_step(np.sin, 0.7), np.sin(0.7 + 1e-30j).imag / 1e-30),
    ],
    r"h=6\cdot10^{-6}": lambda: once(
        inspect.signature(finite_difference).parameters["h"].default, 6e-6
    ),
    r"h=10^{-30}": lambda: once(numerical.COMPLEX_H, 1e-30),
    r"g^{[L]}=\sigma'(z^{[L]}),\qquad "
    r"g^{[l]}=\sigma'(z^{[l]})\circ(W^{[l+1]})^Tg^{[l+1]}": lambda: [
        (L, complex_step(output_from(L), z[L]), slope[L]),
        *(
            (l, complex_step(output_from(l), z[l]), slope[l] * (W[l + 1].T @ g[l + 1]))
            for l in (2, 3)
        ),
    ],
    r"\nabla_xa^{[L]}=(W^{[2]})^Tg^{[2]}": lambda: once(input_gradient(net, x), W[2].T @ g[2]),
    r"g^{[l]}_j=\sum_ig^{[l+1]}_iW^{[l+1]}_{ij}\,\sigma'(z^{[l]}_j)": lambda: [
        (l, g[l], entries_of_the_recursion(l)) for l in (2, 3)
    ],
    r"\Delta^{[L]}=1": lambda: once(g[L], slope[L] * 1),
    r"\Delta^{[1]}=\nabla_xa^{[L]}": lambda: once(input_gradient(net, x), Delta[1]),
    r"\Delta^{[l-1]}=(W^{[l]})^T\big(\sigma'(z^{[l]})\circ\Delta^{[l]}\big),\qquad "
    r"g^{[l]}=\sigma'(z^{[l]})\circ\Delta^{[l]}": lambda: (
        each(lambda l: (Delta[l - 1], W[l].T @ (slope[l] * Delta[l])))
        + each(lambda l: (g[l], slope[l] * Delta[l]))
    ),
    r"g^{[L]}=\sigma'(z^{[L]})": lambda: once(complex_step(output_from(L), z[L]), slope[L]),
    r"\partial a^{[L]}/\partial W^{[l]}=g^{[l]}(a^{[l-1]})^T": lambda: (
        each(lambda l: (parameter_gradient(net, x)[0][l], g[l] @ a[l - 1].T))
        + each(lambda l: (complex_step(lambda v: nudged("W", l)(v).sum(), W[l]), g[l] @ a[l - 1].T))
    ),
    r"\partial a^{[L]}/\partial b^{[l]}=g^{[l]}\mathbf1": lambda: (
        each(lambda l: (parameter_gradient(net, x)[1][l], g[l] @ ones))
        + each(lambda l: (complex_step(lambda v: nudged("b", l)(v).sum(), b[l]), g[l] @ ones))
    ),
    r"\partial C/\partial W^{[l]}=\frac1N\delta^{[l]}(a^{[l-1]})^T": lambda: (
        each(lambda l: (loss_gradient(net, x, y, mse)[1][l], delta[l] @ a[l - 1].T / N))
        + each(
            lambda l: (
                complex_step(lambda v: cost(nudged("W", l)(v)), W[l]),
                delta[l] @ a[l - 1].T / N,
            )
        )
    ),
    r"\partial C/\partial b^{[l]}=\frac1N\delta^{[l]}\mathbf1": lambda: (
        each(lambda l: (loss_gradient(net, x, y, mse)[2][l], delta[l] @ ones / N))
        + each(
            lambda l: (complex_step(lambda v: cost(nudged("b", l)(v)), b[l]), delta[l] @ ones / N)
        )
    ),
    r"W^{[l]}\leftarrow W^{[l]}-\eta\,\partial C/\partial W^{[l]}": after_a_step,
    r"C=\frac1N\sum c": lambda: once(mse.value(z[L], a[L], y), cost(a[L])),
    r"\frac12(a-y)^2": lambda: once(mse.value(z3, a3, y3) * N, np.sum((a3 - y3) ** 2 / 2)),
    r"(a-y)\circ\sigma'(z)": lambda: once(
        mse.delta(z3, a3, y3, sigmoid) * N, (a3 - y3) * sigmoid.derivative(a3)
    ),
    r"-y\log a-(1-y)\log(1-a)": lambda: once(
        binary_cross_entropy.value(z3, a3, y3) * N,
        np.sum(-y3 * np.log(a3) - (1 - y3) * np.log(1 - a3)),
    ),
    r"a-y": lambda: once(binary_cross_entropy.delta(z3, a3, y3, sigmoid) * N, a3 - y3),
    r"-y\log p": lambda: once(
        softmax_cross_entropy.value(z3, z3, y3) * N, np.sum(-y3 * np.log(p3))
    ),
    r"p-y": lambda: once(softmax_cross_entropy.delta(z3, z3, y3, identity) * N, p3 - y3),
    r"\frac12(p-y)^2": lambda: once(softmax_mse.value(z3, z3, y3) * N, np.sum((p3 - y3) ** 2 / 2)),
    r"J(p-y)": lambda: [
        (
            None,
            softmax_mse.delta(z3, z3, y3, identity)[:, s] * N,
            (np.diag(p) - np.outer(p, p)) @ (p - y3[:, s]),
        )
        for s, p in enumerate(p3.T)
    ],
    r"\rho(y-a)": lambda: once(huber_loss(0.5).value(z3, a3, y3) * N, rho.sum()),
    r"-\psi(y-a)\circ\sigma'(z)": lambda: once(
        huber_loss(0.5).delta(z3, a3, y3, sigmoid) * N,
        -np.clip(y3 - a3, -0.5, 0.5) * sigmoid.derivative(a3),
    ),
    r"p=\operatorname{softmax}(z)": lambda: once(p3.sum(axis=0), np.ones(N)),
    r"\max(z,0)-yz+\log(1+e^{-|z|})": lambda: once(
        binary_cross_entropy.value(z3, a3, y3) * N,
        np.sum(np.maximum(z3, 0) - y3 * z3 + np.log(1 + np.exp(-np.abs(z3)))),
    ),
    r"\log\sum_je^{z_j}-\sum_ky_kz_k": lambda: once(
        softmax_cross_entropy.value(z3, z3, y3) * N,
        np.sum(np.log(np.exp(z3).sum(axis=0)) - (y3 * z3).sum(axis=0)),
    ),
    r"r=y-a": lambda: once(fit.residuals, line_y - X @ fit.coefficients),
    r"\rho(r)=-\log f(r)": log_density_slopes,
    r"\psi=\rho'": log_density_slopes,
    r"\delta^{[L]}=-\psi(y-a)": lambda: once(
        mse.delta(z3, z3, y3, identity) * N, -noise.Normal().score(y3 - z3)
    ),
    r"r": lambda: once(noise.Normal().score(t), t),
    r"\operatorname{sign}r": lambda: once(noise.Laplace().score(t), np.sign(t)),
    r"1/\lvert r\rvert": lambda: once(noise.Laplace().score(t) / t, 1 / np.abs(t)),
    r"\tanh(r/2)": lambda: once(noise.Logistic().score(t), np.tanh(t / 2)),
    r"(\nu+1)\,r/(\nu+r^2)": lambda: once(noise.StudentT(nu).score(t), (nu + 1) * t / (nu + t**2)),
    r"(\nu+1)/(\nu+r^2)": lambda: once(regression._student(nu).weight(t), (nu + 1) / (nu + t**2)),
    r"k=1.345": lambda: once(inspect.signature(regression.huber).parameters["k"].default, k),
    r"c=4.685": lambda: once(inspect.signature(regression.tukey).parameters["c"].default, c),
    r"\max(-k,\min(r,k))": lambda: once(
        regression._huber(k).weight(t) * t, np.maximum(-k, np.minimum(t, k))
    ),
    r"\min(1,\,k/\lvert r\rvert)": lambda: once(
        regression._huber(k).weight(t), np.minimum(1, k / np.abs(t))
    ),
    r"r\max(1-(r/c)^2,0)^2": lambda: once(
        regression._bisquare(c).weight(t) * t, t * np.maximum(1 - (t / c) ** 2, 0) ** 2
    ),
    r"\max(1-(r/c)^2,0)^2": lambda: once(
        regression._bisquare(c).weight(t), np.maximum(1 - (t / c) ** 2, 0) ** 2
    ),
    r"w=\psi(r)/r": lambda: once(fit.weights, np.clip(left / fit.scale, -k, k) * fit.scale / left),
    r"\sum_i\psi(r_i/s)\,(1,x_i)=0": lambda: once(
        X.T @ np.clip(left / fit.scale, -k, k), np.zeros(2)
    ),
    r"s=\operatorname{median}|r|/0.6745": lambda: once(
        fit.scale.round(3), (np.median(np.abs(left)) / 0.6745).round(3)
    ),
    r"X^TWXb=X^TWy": lambda: once(fit.coefficients, fitted_anew()),
    r"W=\operatorname{diag}(w)": lambda: once(X.T @ np.diag(fit.weights), X.T * fit.weights),
    r"V=\frac{E[\psi(\varepsilon)^2]}{(E[\psi'(\varepsilon)])^2},\qquad"
    r"\text{efficiency}=\frac{\operatorname{var}\varepsilon}V\,;": lambda: once(
        efficiency_of(np.tanh, noise.Normal()), 1 / variance_by_integral()
    ),
    r"\delta^{[l]}=\partial C/\partial z^{[l]}": lambda: each(
        lambda l: (delta[l], complex_step(lambda v: cost_from(l)(v) * N, z[l]))
    ),
}
