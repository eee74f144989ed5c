"""“How to see it” is executed, for every mistake of notebooks 00 to 07 that has no row elsewhere.

For each sentence there is a look at an answer, which is what the sentence tells to do. The right
answer looks right; that of the slip does not, or stops.
"""

import re

import numpy as np
import pytest
from test_how_to_see import NUMBER, is_multiple, number

from utils.activations import identity, sigmoid, softmax, tanh
from utils.checks import EXERCISES
from utils.checks.exercise import random_net
from utils.data import ten_points
from utils.gradients import backward, input_gradient, loss_gradient, stack
from utils.losses import mse
from utils.network import Network, forward, init_network
from utils.numerical import finite_difference


def near(u, v):
    return np.shape(u) == np.shape(v) and np.allclose(u, v, rtol=1e-9, atol=1e-12)


def agree(u, v):
    """Numbers, arrays, dictionaries, networks, or several of them."""
    if isinstance(u, Network) and isinstance(v, Network):
        return agree((u.W, u.b), (v.W, v.b)) and u.activation == v.activation
    if isinstance(u, dict) and isinstance(v, dict):
        return u.keys() == v.keys() and all(near(u[l], v[l]) for l in u)
    if isinstance(u, tuple) and isinstance(v, tuple) and len(u) == len(v):
        return all(agree(*pair) for pair in zip(u, v, strict=True))
    return not isinstance(u, dict | tuple) and not isinstance(v, dict | tuple) and near(u, v)


def right(name, *arguments):
    """Is the answer right for these arguments?"""
    return lambda f, *_: agree(f(*arguments), EXERCISES[name].reference(*arguments))


def shape(name, *arguments):
    """Has the answer the shape of the right one?"""
    return lambda f, *_: np.shape(f(*arguments)) == np.shape(EXERCISES[name].reference(*arguments))


def both(*looks):
    return lambda f, *_: all(look(f) for look in looks)


def rng(seed=7):
    return np.random.default_rng(seed)


# -------- what is pasted: try w = np.array([1.0, 0.0]): it should be (1, 0), and you get (−1, 1)


def numbers(words):
    return [number(word) for word in words.strip("()").split(", ")]


def pasted(f, m):
    names = {"np": np}
    for line in re.split(r", (?=\w+ = )", m[1]):
        exec(line.replace("−", "-"), names)
    arguments = [v for k, v in names.items() if k not in ("np", "__builtins__")]
    found, due = np.ravel(f(*arguments)), numbers(m[2])
    if m[3] is None:
        return found[0] == pytest.approx(due[0])
    told = numbers(m[3])
    is_right = found[: len(due)].tolist() == pytest.approx(due)
    assert is_right or found[: len(told)].tolist() == pytest.approx(told)
    return is_right


VALUES = r"(\(.*?\)|−?[\d.]+)"
PASTED = {
    rf"^try (\w+ = (?:np\.|\d).*?): (?:it|the first entry) should be {VALUES}, "
    rf"and (?:you get {VALUES}|yours is larger)\.": pasted
}


# -------- 00 and 01

D = rng().normal(size=(2, 3)), rng(8).normal(size=(2, 3))


def plain(m):
    return float(m[1]), float(m[2])


def tried_on_numbers(f, m):
    a, y, due = float(m[1]), float(m[2]), number(m[3])
    found = np.ravel(f(np.array([[a]]), np.array([[y]])))[0]
    return found == pytest.approx(due)


HALF = {
    rf"^try a = (\d), y = (\d): it should be {NUMBER}": tried_on_numbers,
    "beside the shape of a": shape("half_square", *D),
    "side by side": lambda f, _: near(
        f(np.hstack([D[0], D[0]]), np.hstack([D[1], D[1]])), np.hstack([f(*D), f(*D)])
    ),
    "^exchange a and y": lambda f, _: near(f(*D), f(*D[::-1])),
    r"Python reads \(0\.5 \* d\)\*\*2 as ¼ d²": right("half_square", *D),
    "print 1 // 2 and 1 / 2": right("half_square", *D),
    "try 3 \\^ 2 in a cell": right("half_square", *D),
}


def layer_at(z, W=1.0, a=None):
    """One neuron at z, or its arguments with another W or a."""
    a = z if a is None else a
    return np.array([[W]]), np.array([[0.0]]), np.array([[float(a)]])


def of_one_neuron(test, *arguments):
    return lambda f, *_: bool(np.all(test(np.asarray(f(*arguments)))))


WIDE = rng().normal(size=(2, 3)), 3 + rng(1).normal(size=(2, 1)), rng(2).normal(size=(3, 4))
SQUARE = rng().normal(size=(3, 3)), rng(1).normal(size=(3, 1)), rng(2).normal(size=(3, 3))
AT_ZERO = WIDE[0], WIDE[1], 0 * WIDE[2]

LAYER = {
    rf"^at z = {NUMBER} σ is": lambda f, m: right("layer", *layer_at(number(m[1])))(f),
    "^put a = 0": right("layer", *AT_ZERO),
    "^put b = 0 and W = 0": right("layer", 0 * WIDE[0], 0 * WIDE[1], WIDE[2]),
    "^put b = 0:": right("layer", WIDE[0], 0 * WIDE[1], WIDE[2]),
    "^σ never exceeds 1": of_one_neuron(lambda v: v <= 1, *layer_at(1.0)),
    "^σ grows towards 1": of_one_neuron(lambda v: v > 0.25, *layer_at(4.0)),
    "^σ grows: put in z = 5": of_one_neuron(lambda v: v > 0.99, *layer_at(5.0)),
    "^σ is never negative": of_one_neuron(lambda v: v >= 0, *layer_at(-1.0)),
    "with a large b": of_one_neuron(lambda v: (v >= 0) & (v <= 1), *WIDE),
    "lies in \\(0, 1\\); look at yours": of_one_neuron(lambda v: (v > 0) & (v < 1), *WIDE),
    "add up a column": lambda f, _: not near(f(*WIDE).sum(axis=0), np.ones(4)),
    "(shape of your answer|print both shapes|b has a row|with b of shape|unequal widths)": both(
        shape("layer", *WIDE), right("layer", *WIDE)
    ),
}

LINEAR = random_net((2, 4, 3, 1), rng(), activation=identity)
TWO = random_net((2, 2), rng(3), activation=identity)
THREE = random_net((2, 2, 2), rng(4), activation=identity)
EQUAL = random_net((2, 2, 2, 2), rng(4), activation=identity)


def bias_at_zero(f, _):
    return near(f(EQUAL)[1], forward(EQUAL, np.zeros((2, 1)))[1][EQUAL.L])


COLLAPSE = {
    "^put x = 0": bias_at_zero,
    "give a network 2-2": right("collapse", TWO),
    "^for two layers": lambda f, _: near(f(THREE)[1], THREE.W[3] @ THREE.b[2] + THREE.b[3]),
    "(^give three layers|for a 2-4-3-1 network|print the shapes of the two)": right(
        "collapse", LINEAR
    ),
    "(on three layers|does not contain net.L|stands rightmost)": right("collapse", EQUAL),
}

COUNT = {
    "try 2-2": right("parameter_count", (2, 2)),
    "1-2 has two": both(right("parameter_count", (2, 1)), right("parameter_count", (1, 2))),
    "2-1": right("parameter_count", (2, 1)),
    "2-2-3-2": right("parameter_count", (2, 2, 3, 2)),
    "2-3 has": right("parameter_count", (2, 3)),
    "2-3-1 network": right("parameter_count", (2, 3, 1)),
    "add them up": lambda f, _: np.ndim(f((2, 2, 3, 2))) == 0,
}


# -------- 02


def slope_is(z):
    return right("tanh_jacobian", *layer_at(z))


TANH_LAYER = rng().normal(size=(2, 3)), rng(1).normal(size=(2, 1)), rng(2).normal(size=(3, 1))
SQUARE_TANH = SQUARE[0], SQUARE[1], SQUARE[2][:, :1]
FLAT = TANH_LAYER[0], TANH_LAYER[1] + 9, 0 * TANH_LAYER[2]

TANH = {
    rf"at z = {NUMBER} the slope": lambda f, m: slope_is(number(m[1]))(f),
    "tanh always climbs": slope_is(2.0),
    "the same at z and −z": lambda f, _: near(f(*layer_at(0.7)), f(*layer_at(-0.7))),
    "never above 1": of_one_neuron(lambda v: v <= 1, *layer_at(0.7)),
    "large b(ias)?": lambda f, _: np.abs(f(*FLAT)).max() < 1e-3,
    "(print (its|the) shape:|for a layer with|print the shapes|np.diag|print its shape for)": both(
        shape("tanh_jacobian", *TANH_LAYER), right("tanh_jacobian", *TANH_LAYER)
    ),
    "(exists only if|row i of|one for each row of W)": right("tanh_jacobian", *TANH_LAYER),
}

Z = np.array([[0.3], [1.2], [-0.7]])
P = softmax(Z)


def moved(f, k):
    """What happens to the others, and to itself, if z[0] is raised a little: column 0."""
    column = np.asarray(f(Z))[:, 0]
    return column[0] if k == 0 else column[1:]


def at(z):
    z = np.array(z, float).reshape(-1, 1)
    return lambda f, *_: bool(np.all(np.isfinite(f(z)))) and right("softmax_jacobian", z)(f)


SOFTMAX = {
    "column of the Jacobian": lambda f, _: near(f(Z).sum(axis=0), np.zeros(3)),
    "above ¼": lambda f, _: np.max(f(Z)) <= 0.25 and np.max(f(np.ones((3, 1)))) <= 0.25,
    "probability must climb": lambda f, _: moved(f, 0) > 0,
    "other probabilities must fall": lambda f, _: np.all(moved(f, 1) < 0),
    "z = 1000 for every": at([1000] * 3),
    "z = −1000 for every": at([-1000] * 3),
    "2000.0": at([2000, 0]),
    "(print its shape|print the shapes|np.diag)": right("softmax_jacobian", Z),
    r"\(p @ p\.T\)\.shape": lambda f, _: (P @ P.T).shape == (3, 3) and right(
        "softmax_jacobian", Z)(f),
}  # fmt: skip


# -------- 03: a step, and all of them

STEP = rng().normal(size=(2, 3)), rng(1).normal(size=(2, 4)), sigmoid(rng(2).normal(size=(3, 4)))
NEURON = np.array([[1.0]]), np.array([[1.0]]), np.array([[0.5]])


def saturated_step(a):
    """Nothing comes back through neurons at this a."""
    arguments = STEP[0], STEP[1], np.full((3, 4), a)

    def looks(f, *_):
        with np.errstate(all="ignore"):
            return near(f(*arguments), np.zeros((3, 4)))

    return looks


ONE_COLUMN = STEP[0], STEP[1][:, :1], STEP[2][:, :1]
THIN = STEP[0][:1], STEP[1][:1], STEP[2]

BACK = {
    "at z = 0": right("backward_step", *NEURON),
    "for a = 0.5": right("backward_step", *NEURON),
    "saturate at a = 0": saturated_step(1e-300),
    r"saturate( at a = 1|:| \()": saturated_step(1.0),
    "on a wider one": both(right("backward_step", *THIN), right("backward_step", *STEP)),
    "for one column it makes no difference": right("backward_step", *STEP),
    "^for one point": shape("backward_step", *ONE_COLUMN),
    "(each factor:|shape of your answer|print the shapes|the shapes tell)": right(
        "backward_step", *STEP
    ),
    "write down the chain": right("backward_step", *STEP),
    "never negative": of_one_neuron(lambda v: v >= 0, *NEURON),
}


def gradients_of(sizes, N=2, **options):
    return random_net(sizes, rng(), **options), rng(1).normal(size=(sizes[0], N))


def in_(*given, **options):
    return right("input_gradient", *gradients_of(*given, **options))


def saturated(f, *_):
    """Where all neurons of layer 2 are pressed against 1 or 0, the output feels nothing of x."""
    net, x = gradients_of((2, 3, 1))
    for sign in (1, -1):
        flat = Network(net.W, {**net.b, 2: sign * np.full((3, 1), 40.0)})
        with np.errstate(all="ignore"):
            if not near(f(flat, x), np.zeros((2, 2))):
                return False
    return True


def at_saturated_outputs(f, *_):
    net, x = gradients_of((2, 3, 1))
    flat = Network({**net.W, 3: np.full((1, 3), 100.0)}, net.b)
    return np.all(np.isfinite(f(flat, np.abs(x))))


SHAPES = both(in_((2, 4, 3, 1)), in_((3, 3, 3, 1)))
GRADIENT = {
    "^at z = 0": SHAPES,
    "saturated network: it is nan": at_saturated_outputs,
    "saturate": saturated,
    "^take L = 2 and two inputs": in_((2, 1)),
    "^take L = 2:": in_((4, 1)),
    "wider one": both(in_((2, 1, 1, 1)), in_((2, 3, 2, 1))),
    "give layer 2 the width 1": both(in_((2, 1, 1)), in_((2, 3, 1))),
    "for L = 2 the two are the same": both(in_((2, 1)), in_((2, 3, 1))),
    "exchange σ for the identity": both(in_((2, 3, 1), activation=identity), in_((2, 3, 1))),
    "give two different points": in_((2, 3, 1)),
    "where all layers are sigmoid": both(
        in_((2, 3, 1)), in_((2, 3, 1), activation={2: tanh, 3: tanh})),
    "where all layers have the same activation": both(
        in_((2, 3, 1)), in_((2, 3, 1), activation={2: tanh, 3: sigmoid})),
    "where the output is a sigmoid": both(
        in_((2, 3, 1)), in_((2, 3, 1), activation={2: sigmoid, 3: tanh})),
    "for one column it makes no difference": in_((2, 3, 3, 1)),
    "for one point you get": in_((2, 3, 3, 1), 1),
    "(print the shape|print its shape|the shapes tell|number of rows|print list|is empty|in your "
    "first round|in your last round|in each round|write down the chain)": SHAPES,
}  # fmt: skip


# -------- 04


def batch(sizes, N=3, **options):
    net = random_net(sizes, rng(), **options)
    return net, rng(1).normal(size=(sizes[0], N)), rng(2).uniform(size=(sizes[-1], N))


def mean_of(*given, **options):
    return right("batch_mean", *batch(*given, **options))


def twice(f, *_):
    net, x, y = batch((2, 3, 1))
    return agree(f(net, x, y), f(net, np.hstack([x, x]), np.hstack([y, y])))


def mean_of_two_single_ones(f, *_):
    net, x, y = batch((2, 3, 2), 2)
    single = [f(net, x[:, [s]], y[:, [s]]) for s in (0, 1)]
    mean = tuple({l: (u[l] + v[l]) / 2 for l in u} for u, v in zip(*single, strict=True))
    return agree(f(net, x, y), mean)


def product_of_delta_and_a(f, *_):
    net, x, y = batch((2, 3, 2))
    _, a = forward(net, x)
    delta = backward(net, a, (a[3] - y) * a[3] * (1 - a[3]))
    return near(f(net, x, y)[0][3], delta[3] @ a[2].T / 3)


def difference_of_the_cost(f, *_):
    net, x, y = batch((2, 3, 2))

    def cost(b):
        moved = Network(net.W, {**net.b, 2: b}, net.activation)
        return 0.5 * np.mean(np.sum((forward(moved, x)[1][3] - y) ** 2, axis=0))

    return np.allclose(f(net, x, y)[1][2], finite_difference(cost, net.b[2]), atol=1e-7)


def shapes_of(part):
    def looks(f, *_):
        net, x, y = batch((2, 4, 3))
        return all(np.shape(f(net, x, y)["Wb".index(part)][l]) == getattr(net, part)[l].shape
                   for l in net.W)  # fmt: skip

    return looks


def cost_falls(f, *_):
    net, x, y = batch((2, 3, 2))
    dW, db = f(net, x, y)
    W, b = ({l: u[l] - 0.1 * du[l] for l in u} for u, du in ((net.W, dW), (net.b, db)))
    moved = Network(W, b)
    costs = [mse.value(*(v[3] for v in forward(n, x)), y) for n in (net, moved)]
    return costs[1] < costs[0]


def saturated_batch(f, *_):
    net, x, y = batch((2, 3, 1))
    for sign in (1, -1):
        flat = Network(net.W, {**net.b, 2: sign * np.full((3, 1), 40.0)})
        with np.errstate(all="ignore"):
            if not near(f(flat, x, y)[0][2], np.zeros((3, 2))):
                return False
    return True


def moves_with_y(f, *_):
    net, x, y = batch((2, 3, 1))
    return not agree(f(net, x, y), f(net, x, y + 1))


WIDTHS = both(mean_of((2, 4, 3, 2)), mean_of((3, 3, 3, 3), 4))
BATCH = {
    "^at z = 0": WIDTHS,
    "saturate": saturated_batch,
    "give each sample twice: (a mean|dW|db) must not change": twice,
    "compare two samples with": mean_of_two_single_ones,
    r"compare dW\[3\]": product_of_delta_and_a,
    "a central difference": difference_of_the_cost,
    "change y": moves_with_y,
    "print the keys of dW": lambda f, _: list(f(*batch((2, 3, 2)))[0]) == list(
        EXERCISES["batch_mean"].reference(*batch((2, 3, 2)))[0]),
    r"(print db\[l\]\.shape|print the shape of db)": shapes_of("b"),
    r"(print dW\[l\]\.shape|print the shapes of the two)": shapes_of("W"),
    "make the output layer the identity": both(
        mean_of((2, 3, 1), activation={2: sigmoid, 3: identity}), mean_of((2, 3, 1))),
    "with one output you are right": both(mean_of((2, 3, 1)), mean_of((2, 3, 2))),
    "with L = 2 you are right": both(mean_of((2, 2)), mean_of((2, 3, 2))),
    "wider one": both(mean_of((2, 1, 1, 1)), mean_of((2, 3, 2, 2))),
    "where all layers are sigmoid": both(
        mean_of((2, 3, 1)), mean_of((2, 3, 1), activation={2: tanh, 3: tanh})),
    "where the output is a sigmoid": both(
        mean_of((2, 3, 1)), mean_of((2, 3, 1), activation={2: sigmoid, 3: tanh})),
    "step against it": cost_falls,
    "for one point": mean_of((2, 3, 3, 2), 1),
    "for one column": mean_of((2, 3, 3, 2)),
    "(print both shapes|print the shape of each|print the shapes:|the shapes tell|the chain from)":
        WIDTHS,
}  # fmt: skip


# -------- 05


def vanishing_blocks():
    x, y = ten_points()
    net = init_network([2, 3, 1], rng(), "zeros")
    _, dW, db = loss_gradient(net, x[:, :4], y[:1, :4], mse)
    return {"dW[2]": dW[2], "db[2]": db[2], "dW[3]": dW[3], "db[3]": db[3]}


def as_computed(*names):
    return lambda f, *_: all(f(k) == (not np.any(vanishing_blocks()[k])) for k in names)


VANISHING = {
    "compute loss_gradient": as_computed("dW[2]", "db[2]", "dW[3]", "db[3]"),
    r"dW\[3\] = δ\[3\] a\[2\]ᵀ does not vanish": as_computed("dW[3]"),
    "db\\[2\\] adds up": as_computed("db[2]"),
    "dW\\[2\\] is a product": as_computed("dW[2]"),
    r"and W\[3\] is 0": as_computed("dW[2]", "db[2]"),
}


def sgd(*given, i=1, rate=0.5, **options):
    return (*batch(*given, **options), i, rate)


def stays_near(f, *_):
    net, x, y, i, _ = sgd((2, 3, 2))
    W, b = f(net, x, y, i, 0.001)
    return np.abs(stack(W, b) - stack(net.W, net.b)).max() < 1e-3


def other_samples_do_not_matter(f, *_):
    net, x, y, i, rate = sgd((2, 3, 2))
    others = np.array([[1.0, 0.0, 1.0]])
    return agree(f(net, x, y, i, rate), f(net, x + others, y + others, i, rate))


def this_sample_matters(f, *_):
    net, x, y, i, rate = sgd((2, 3, 2))
    this = np.array([[0.0, 1.0, 0.0]])
    return not agree(f(net, x, y, i, rate), f(net, x + this, y + this, i, rate))


def one_sample_more(f, *_):
    net, x, y, i, rate = sgd((2, 3, 2))
    more = np.hstack([x, x[:, :1]]), np.hstack([y, y[:, :1]])
    return agree(f(net, x, y, i, rate), f(net, *more, i, rate))


def moves(part):
    def looks(f, *_):
        net = sgd((2, 3, 2))[0]
        return not near(f(*sgd((2, 3, 2)))["Wb".index(part)][2], getattr(net, part)[2])

    return looks


def costs_less(f, *_):
    net, x, y, i, _ = sgd((2, 3, 2))
    W, b = f(net, x, y, i, 0.1)
    costs = [mse.value(*(v[3] for v in forward(n, x[:, [i]])), y[:, [i]])
             for n in (net, Network(W, b, net.activation))]  # fmt: skip
    return costs[1] < costs[0]


STEPPED = right("sgd_step", *sgd((2, 3, 2)))
SGD = {
    "two different i": lambda f, _: not agree(f(*sgd((2, 3, 2), i=0)), f(*sgd((2, 3, 2), i=1))),
    "change sample i": this_sample_matters,
    "change the other samples": other_samples_do_not_matter,
    "give one sample more": one_sample_more,
    "learning_rate = 0.001": stays_near,
    "(with learning_rate times|compare each W|print the shapes of the two|shape)": STEPPED,
    r"compare W\[2\] before and after\.": moves("W"),
    r"compare b\[2\] before and after\.": moves("b"),
    "compute the cost on that sample": costs_less,
    "make the output layer the identity": both(
        right("sgd_step", *sgd((2, 3, 1), activation={2: sigmoid, 3: identity})), STEPPED),
    "print the keys of W": lambda f, _: list(f(*sgd((2, 3, 2)))[0]) == [2, 3],
    "where all layers are sigmoid": both(
        STEPPED, right("sgd_step", *sgd((2, 3, 1), activation=tanh))),
}  # fmt: skip


# -------- 06

FIELD = (
    random_net((3, 4, 1), rng()),
    np.array([[0.5, -3.0, 1.0], [0.2, -2.0, 1.0], [0.0, -1.0, 2.0]]),
)
FIELD[0].b[3] += 3.3  # outputs on both sides of ½


def linear(f, *_):
    net, x = FIELD
    a, g = forward(net, x)[1][3], input_gradient(net, x)
    return near((a + (g * (f(net, x) - x)).sum(axis=0))[0], np.full(3, 0.5))


def one_point_more(f, *_):
    net, x = FIELD
    return near(f(net, x)[:, :2], f(net, x[:, :2]))


def goes_towards_one_half(f, *_):
    """Near enough to the boundary, a is nearer to ½ after the step."""
    net = Network({2: np.array([[1.0, 2.0]])}, {2: np.array([[0.0]])})
    x = np.array([[0.1, -0.1], [0.2, -0.3]])
    before, after = (np.abs(forward(net, v)[1][2] - 0.5) for v in (x, f(net, x)))
    return bool(np.all(after < before))


BOUNDARY = {
    r"a \+ (g|∇ₓa)·step: it should give": linear,
    "(give one point more|has one number a column)": one_point_more,
    "compare a before": goes_towards_one_half,
    "add x to it": lambda f, _: not near(f(*FIELD), EXERCISES["step_to_boundary"].reference(*FIELD)
                                         - FIELD[1]) and linear(f),
    "beside g": lambda f, _: is_multiple(f(*FIELD) - FIELD[1], input_gradient(*FIELD)),
    "must be that of x": shape("step_to_boundary", *FIELD),
    "where all layers are sigmoid": both(
        right("step_to_boundary", *FIELD),
        right("step_to_boundary", random_net((3, 4, 1), rng(), activation={2: tanh, 3: sigmoid}),
              FIELD[1])),
}  # fmt: skip

UP = Network({2: np.array([[4.0, -4.0]])}, {2: np.array([[-2.0]])})  # ½ where x₁ − x₂ = ½
HOLE = Network({2: np.array([[40.0, 0.0], [40.0, 0.0]]), 3: np.array([[20.0, -20.0]])},
               {2: np.array([[-14.0], [-26.0]]), 3: np.array([[-10.0]])})  # fmt: skip
ALONG, ACROSS = np.array([[1.0], [0.0]]), np.array([[0.0], [-1.0]])
LENGTHS = np.array([0.1, 0.2, 0.3, 0.41, 0.5, 0.55, 0.6, 0.7])
LOW, HIGH = np.array([[0.1], [0.0]]), np.array([[0.9], [0.0]])


def flips(net, x, direction, lengths=LENGTHS):
    return right("first_flip", net, x, direction, lengths)


def flipped_there(f, *_):
    t = f(UP, LOW, ALONG, LENGTHS)
    return (forward(UP, LOW + t * ALONG)[1][2].item() > 0.5) != (
        forward(UP, LOW)[1][2].item() > 0.5
    )


def halved(f, *_):
    once, twice = f(UP, LOW, ALONG, LENGTHS), f(UP, LOW, 2 * ALONG, LENGTHS / 2)
    return near(twice, once / 2)


FLIP = {
    "on the other side": both(flips(UP, LOW, ALONG), flips(UP, HIGH, -ALONG)),
    "direction is": flips(UP, LOW, ALONG),
    "the decision there must be another": flipped_there,
    "double the direction": halved,
    r"the direction \(0, 1\)": flips(UP, LOW, ACROSS),
    "take two lengths": flips(UP, LOW, ALONG, np.array([0.1, 0.7])),
    "one length only, a tiny one": flips(UP, LOW, ALONG, np.array([1e-3])),
    "one at which the answer flips": flips(UP, LOW, ALONG, np.array([0.7])),
    "there and back again": both(
        flips(HOLE, np.array([[0.2], [0.0]]), ALONG, np.array([0.02, 0.2, 0.7, 0.8])),
        flips(HOLE, np.array([[0.2], [0.0]]), ALONG, np.array([0.2, 0.7, 0.8, 0.9]))),
    "(return t|at which it differs|in each round|one number is asked|at the length before)":
        flips(UP, LOW, ALONG),
    r"print x \+ t": both(flips(UP, LOW, ALONG), flips(UP, HIGH, -ALONG)),
}  # fmt: skip


# -------- 07


def put(f, m):
    """w = (½, 0) and its like: the difference as told, or else what you get, somewhere."""
    w = np.array([number(v) for v in m[1].split(", ")])
    return right("difference_weights", w)(f)


DIFFERENCE = {
    r"put w = \((.*?)\)": put,
    "change w": lambda f, _: not near(f(np.array([1.0, 2.0])), f(np.array([0.0, 5.0]))),
}
OUTPUTS = np.array([[0.1, 2.2, -1.3, 0.9, 3.3, 1.8]])


def class_at(f, m):
    K = int(m[1] or 3)
    return right("class_of_scalar", np.array([[number(m[2])]]), K)(f)


CLASS = {
    r"^try a = −1\.3 and a = K \+ 0\.3": right("class_of_scalar", np.array([[-1.3, 3.3]]), 3),
    rf"^try (?:K = (\d) and )?a = {NUMBER}": class_at,
    "print the shape": shape("class_of_scalar", OUTPUTS, 3),
}

LOOKS = {
    "half_square": HALF, "layer": LAYER, "collapse": COLLAPSE, "parameter_count": COUNT,
    "tanh_jacobian": TANH, "softmax_jacobian": SOFTMAX, "backward_step": BACK,
    "input_gradient": GRADIENT, "batch_mean": BATCH, "vanishes_at_zero": VANISHING,
    "sgd_step": SGD, "step_to_boundary": BOUNDARY, "first_flip": FLIP,
    "difference_weights": DIFFERENCE, "class_of_scalar": CLASS,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "slip"),
    [pytest.param(name, slip, id=f"{name}: {slip.name}")
     for name in LOOKS for slip in EXERCISES[name].slips],
)  # fmt: skip
def test_who_does_what_is_told_sees_it(name, slip):
    told = [(look, m) for words, look in (PASTED | LOOKS[name]).items()
            if (m := re.search(words, slip.see))]  # fmt: skip
    assert told, slip.see
    look, m = told[0]
    assert look(EXERCISES[name].reference, m), "the right answer doesn't look right"
    try:
        with np.errstate(all="ignore"):
            seen = look(slip.variant, m)
    except (ValueError, KeyError, IndexError, TypeError):  # it stops: that is seen, too
        return
    assert not seen, slip.see
