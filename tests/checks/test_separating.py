"""The cases separate: what ignores a part of its input is refused, what is right is not.

The programs below are right as long as nobody looks at the rest: at other rows or columns, other
coordinates, other activations, deeper networks, the other sign.
"""

import warnings

import numpy as np
import pytest
from answers import diagnosis, slope

from utils import checks
from utils.activations import sigmoid, softmax
from utils.gradients import input_gradient, loss_gradient
from utils.losses import mse
from utils.network import Network, forward
from utils.numerical import complex_step, finite_difference

IGNORING = []


def ignoring(name, *slips):
    """Register a program that is wrong, and may be named so (None: located only)."""

    def register(answer):
        IGNORING.append(pytest.param(name, answer, slips or (None,), id=answer.__name__))
        return answer

    return register


def only_sigmoids(net):
    """The same weights with a sigmoid in every layer."""
    return Network(net.W, net.b)


@ignoring("layer")
def one_column_for_all(W, b, a):
    return np.repeat(sigmoid(W @ a[:, :1] + b), a.shape[1], axis=1)


@ignoring("layer")
def first_bias_for_all(W, b, a):
    return sigmoid(W @ a + b[0, 0])


@ignoring("forward_pass")
def network_of_one_column(net, x):
    z, a = forward(net, x[:, :1])
    return [{l: np.repeat(v[l], x.shape[1], axis=1) for l in v} for v in (z, a)]


@ignoring("forward_pass")
def first_bias_of_each_layer(net, x):
    b = {l: np.full_like(v, v[0, 0]) for l, v in net.b.items()}
    return forward(Network(net.W, b, net.activation), x)


@ignoring("forward_pass")
def first_input_alone(net, x):
    z, a = forward(net, x * (np.arange(len(x)) == 0)[:, None])
    return z, {**a, 1: x}


@ignoring("forward_pass", "sigmoid-everywhere")
def forward_of_sigmoids(net, x):
    return forward(only_sigmoids(net), x)


@ignoring("forward_pass", "sigmoid-at-the-output")
def sigmoid_in_the_last_layer(net, x):
    return forward(Network(net.W, net.b, net.activation, output=sigmoid), x)


@ignoring("forward_pass")
def unrolled_to_seven_layers(net, x):
    z, a = forward(net, x)
    return {l: z[l] for l in z if l <= 7}, {l: a[l] for l in a if l <= 7}


@ignoring("forward_pass")
def hidden_layers_between_the_first_and_the_last(net, x):
    z, a = forward(net, x)
    first, *hidden, last = net.W
    return {l: z[l] for l in (first, *hidden, last)}, a


@ignoring("parameter_count")
def four_layers_at_most(sizes):
    n = [*sizes, 0, 0][:4]
    return sum(n[i + 1] * (n[i] + 1) for i in range(3) if n[i + 1])


@ignoring("collapse")
def unrolled_to_four_layers(net):
    W, b = net.W[2], net.b[2]
    if net.L >= 3:
        W, b = net.W[3] @ W, net.W[3] @ b + net.b[3]
    if net.L >= 4:
        W, b = net.W[4] @ W, net.W[4] @ b + net.b[4]
    return W, b


@ignoring("witness", None)
def three_coordinates_at_most(f, x):
    J = complex_step(f, x)[:, 0, :, 0]
    return J * (np.arange(x.size) < 3)


@ignoring("witness", None)
def three_outputs_at_most(f, x):
    J = complex_step(f, x)[:, 0, :, 0]
    return J * (np.arange(len(J)) < 3)[:, None]


@ignoring("witness", None)
def first_output_alone(f, x):
    return complex_step(f, x)[:1, 0, :, 0]


@ignoring("witness", None)
def at_a_point_of_its_own(f, x):
    return complex_step(f, np.ones_like(x))[:, 0, :, 0]


@ignoring("witness", None)
def size_without_sign(f, x):
    return np.abs(complex_step(f, x)[:, 0, :, 0])


@ignoring("witness", "nearly-right")
def witness_by_differences(f, x):
    return finite_difference(f, x)[:, 0, :, 0]


@ignoring("tanh_jacobian", "nearly-right")
def tanh_by_differences(W, b, a):
    return finite_difference(lambda v: np.tanh(W @ v + b)[:, 0], a, 1e-5)[:, :, 0]


@ignoring("softmax_jacobian", "underflow")
def shifted_by_the_larger_of_0_and_z(z):
    e = np.exp(z - max(0, z.max()))
    p = e / e.sum()
    return np.diagflat(p) - p @ p.T


@ignoring("backward_step", None, "slope-of-the-first-column")
def slopes_of_one_column(W_next, g_next, a):
    return (a * (1 - a))[:, :1] * (W_next.T @ g_next)


@ignoring("input_gradient", "nearly-right")
def input_gradient_by_differences(net, x):
    columns = [
        finite_difference(lambda v: forward(net, v)[1][net.L][0, 0], x[:, [s]], 1e-5)
        for s in range(x.shape[1])
    ]
    return np.hstack(columns)


@ignoring("input_gradient", "sigmoid-network")
def sigmoid_in_every_layer(net, x):
    return input_gradient(only_sigmoids(net), x)


@ignoring("input_gradient", "sigmoid-everywhere")
def sigmoid_in_the_hidden_layers(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L - 1, 1, -1):
        g = a[l] * (1 - a[l]) * (net.W[l + 1].T @ g)
    return net.W[2].T @ g


@ignoring("input_gradient")
def five_layers_at_most(net, x):
    return input_gradient(net, x) if net.L <= 5 else np.zeros_like(x)


@ignoring("carry_back", None, "start-ignored")
def sign_of_the_start(net, x, start):
    return checks.carry_back.reference(net, x, abs(start))


@ignoring("carry_back")
def one_output_only(net, x, start):
    first = np.vstack([start[:1], np.zeros_like(start[1:])])
    return {**checks.carry_back.reference(net, x, first), net.L: start}


@ignoring("carry_back", "sigmoid-everywhere")
def carried_back_through_sigmoids(net, x, start):
    _, a = forward(net, x)
    Delta = {net.L: start}
    for l in range(net.L, 1, -1):
        Delta[l - 1] = net.W[l].T @ (a[l] * (1 - a[l]) * Delta[l])
    return Delta


@ignoring("carry_back")
def carried_back_from_four_layers_at_most(net, x, start):
    right = checks.carry_back.reference(net, x, start)
    return {l: v if net.L - l < 4 else 0 * v for l, v in right.items()}


@ignoring("carry_back", "slopes-of-the-first-point")
def one_forward_pass_for_all_points(net, x, start):
    same = np.repeat(x[:, :1], x.shape[1], axis=1)
    return checks.carry_back.reference(net, same, start)


@ignoring("weight_gradient")
def square_batches_only(g, a):
    return g @ a.T if g.shape[1] <= 3 else g[:, :3] @ a[:, :3].T


@ignoring("batch_mean", "no-layer-numbers")
def text_for_keys(net, x, y):
    _, dW, db = loss_gradient(net, x, y, mse)
    return {str(l): v for l, v in dW.items()}, {str(l): v for l, v in db.items()}


@ignoring("batch_mean", "sigmoid-in-every-layer")
def batch_of_sigmoids(net, x, y):
    _, a = forward(net, x)
    d = (a[net.L] - y) * a[net.L] * (1 - a[net.L])
    dW, db = {}, {}
    for l in range(net.L, 1, -1):
        dW[l], db[l] = d @ a[l - 1].T / x.shape[1], d.mean(axis=1, keepdims=True)
        d = a[l - 1] * (1 - a[l - 1]) * (net.W[l].T @ d)
    return dW, db


@ignoring("bridge_step")
def one_slope_for_all_neurons(W, slope, Delta):
    return W.T @ (slope[:1] * Delta) + Delta


@ignoring("bridge_step")
def bridge_of_the_first_neuron(W, slope, Delta):
    over = np.vstack([Delta[:1], np.zeros_like(Delta[1:])])
    return W.T @ (slope * Delta) + over


@ignoring("bridge_step")
def symmetric_weights(W, slope, Delta):
    return (W + W.T) / 2 @ (slope * Delta) + Delta


@ignoring("bridge_step")
def no_saturated_neurons(W, slope, Delta):
    return W.T @ (np.maximum(slope, 1e-3) * Delta) + Delta


@ignoring("sgd_step", "no-layer-numbers")
def step_with_text_for_keys(net, x, y, i, learning_rate):
    _, dW, db = loss_gradient(net, x[:, [i]], y[:, [i]], mse)
    W = {f"{l}": net.W[l] - learning_rate * dW[l] for l in net.W}
    return W, {f"{l}": net.b[l] - learning_rate * db[l] for l in net.b}


@ignoring("sgd_step")
def step_of_sigmoids(net, x, y, i, learning_rate):
    _, a = forward(net, x[:, [i]])
    d, W, b = (a[net.L] - y[:, [i]]) * a[net.L] * (1 - a[net.L]), {}, {}
    for l in range(net.L, 1, -1):
        W[l], b[l] = net.W[l] - learning_rate * d @ a[l - 1].T, net.b[l] - learning_rate * d
        d = a[l - 1] * (1 - a[l - 1]) * (net.W[l].T @ d)
    return W, b


@ignoring("descend")
def loop_of_sigmoids(net, x, y, order, learning_rate):
    trained = checks.descend.reference(only_sigmoids(net), x, y, order, learning_rate)
    return Network(trained.W, trained.b, net.activation)


@ignoring("descend")
def three_steps_at_most(net, x, y, order, learning_rate):
    return checks.descend.reference(net, x, y, order[:3], learning_rate)


@ignoring("descend")
def three_layers_at_most(net, x, y, order, learning_rate):
    trained = checks.descend.reference(net, x, y, order, learning_rate)
    W, b = ({l: part[l] if l <= 3 else old[l] for l in part}
            for part, old in ((trained.W, net.W), (trained.b, net.b)))  # fmt: skip
    return Network(W, b, net.activation)


@ignoring("descend", "first-of-each-row")
def single_samples_only(net, x, y, order, learning_rate):
    return checks.descend.reference(net, x, y, order[:, :1], learning_rate)


@ignoring("descend")
def each_sample_of_a_row_once(net, x, y, order, learning_rate):
    for chosen in order:
        mask = np.isin(np.arange(x.shape[1]), chosen)  # a sample that stands twice counts once
        rows = np.flatnonzero(mask)[None]
        net = checks.descend.reference(net, x, y, rows, learning_rate)
    return net


@ignoring("may_be_said")
def one_half_whatever_the_margin(first, second, margin):
    return checks.may_be_said.reference(first, second, 0.5)


@ignoring("may_be_said")
def thirty_pairs_at_most(first, second, margin):
    return checks.may_be_said.reference(first[:30], second[:30], margin)


@ignoring("may_be_said")
def never_the_second(first, second, margin):
    A, _, C = checks.may_be_said.reference(first, second, margin)
    return A, False, C


@ignoring("may_be_said", "unpaired")
def all_less_the_mean_of_the_second(first, second, margin):
    return checks.may_be_said.reference(first, np.full_like(second, second.mean()), margin)


@ignoring("vanishes_at_zero", "text")
def or_without_a_comparison(block):
    return block == "dW[2]" or "db[2]"


@ignoring("step_to_boundary", None, "sigmoid-everywhere")
def walk_with_sigmoids(net, x):
    a, g = forward(net, x)[1][net.L], input_gradient(only_sigmoids(net), x)
    return x + (0.5 - a) * g / (g**2).sum(axis=0)


@ignoring("first_flip", "first-coordinate-only")
def first_coordinate_of_the_direction(net, x, direction, lengths):
    return checks.first_flip.reference(net, x, direction * [[1.0], [0.0]], lengths)


@ignoring("first_flip", "last-length-decides")
def none_if_the_last_does_not_flip(net, x, direction, lengths):
    def side(t):
        return forward(net, x + t * direction)[1][net.L].item() > 0.5

    if side(lengths[-1]) == side(0):
        return np.inf
    return next(t for t in lengths if side(t) != side(0))


@ignoring("class_of_scalar", "nearly-right")
def labels_with_a_trifle(a, K):
    return np.clip(np.rint(a[0]), 0, K - 1) + 1e-9


@ignoring("cross_entropy_start", "shift-of-everything")
def one_shift_for_all_columns(z, y):
    e = np.exp(z - np.max(z))
    return (e / e.sum(axis=0) - y) / z.shape[1]


@ignoring("cross_entropy_start", "nearly-right")
def a_trifle_below_the_line(z, y):
    e = np.exp(z - z.max(axis=0))
    return (e / (e.sum(axis=0) + 1e-8) - y) / z.shape[1]


@ignoring("stable_cross_entropy")
def first_row_alone(z, y):
    pairs = zip(z[0], y[0], strict=True)
    return np.array([[max(u, 0) - v * u + np.log1p(np.exp(-abs(u))) for u, v in pairs]])


@ignoring("student_psi", "nearly-right")
def psi_by_differences(r, nu):
    def loss(r):
        return (nu + 1) / 2 * np.log1p(r**2 / nu)

    return (loss(r + 1e-5) - loss(r - 1e-5)) / 2e-5


@ignoring("irls_step")
def positive_residuals_only(x, y, beta, k):
    r = y - beta[0] - beta[1] * x
    w = np.where(r > k, k / np.maximum(r, k), 1.0)
    X = np.column_stack([np.ones_like(x), x])
    return np.linalg.solve(X.T @ (w[:, None] * X), X.T @ (w * y))


@ignoring("irls_step", None, "zero-over-zero")
def negative_residuals_never_small(x, y, beta, k):
    r = y - beta[0] - beta[1] * x
    w = np.where(r < 0, k / np.maximum(-r, 1e-9), k / np.maximum(r, k))
    X = np.column_stack([np.ones_like(x), x])
    return np.linalg.solve(X.T @ (w[:, None] * X), X.T @ (w * y))


@ignoring("leverages")
def two_features_at_most(x):
    return checks.leverages.reference(x[:, :2])


@pytest.mark.parametrize(("name", "answer", "slips"), IGNORING)
def test_what_ignores_a_part_of_its_input_is_refused(name, answer, slips):
    assert diagnosis(checks.EXERCISES[name], answer).slip in slips


def test_nearly_every_exercise_has_such_a_program():
    assert len({case.values[0] for case in IGNORING} & set(checks.EXERCISES)) >= 19


# -------- right, in unusual ways


def start_at_the_true_class(z, y):
    p, N = softmax(z), z.shape[1]
    p[y.argmax(axis=0), range(N)] -= 1
    return p / N


def input_gradient_to_the_last_digit(net, x):
    """Complex steps of the logit, times σ(−z) σ(z): not 0 where a is 1 to the last digit."""
    z, _ = forward(net, x)
    hidden = Network(net.W, net.b, net.activation, output=checks.nb01_forward_pass.identity)
    if net.activation[net.L] != sigmoid:
        return input_gradient(net, x)
    dz = input_gradient(hidden, x)
    return np.exp(-np.logaddexp(0, z[net.L]) - np.logaddexp(0, -z[net.L])) * dz


UNUSUAL = [
    ("layer", lambda W, b, a: np.column_stack([sigmoid(W @ v[:, None] + b)[:, 0] for v in a.T])),
    ("layer", lambda W, b, a: np.hstack([sigmoid(W @ a[:, [s]] + b) for s in range(a.shape[1])])),
    ("layer", lambda W, b, a: np.array([sigmoid(W @ v + b[:, 0]) for v in a.T]).T),
    ("layer", lambda W, b, a: np.vectorize(lambda u: 1 / (1 + np.exp(-u)))(W @ a + b)),
    ("layer", lambda W, b, a: np.apply_along_axis(lambda v: sigmoid(W @ v + b[:, 0]), 0, a)),
    ("input_gradient", input_gradient_to_the_last_digit),
    ("cross_entropy_start", start_at_the_true_class),
    ("stable_cross_entropy", lambda z, y: np.logaddexp(0, (1 - 2 * y) * z)),
    ("stable_cross_entropy",
     lambda z, y: np.where(y == 1, np.logaddexp(0, -z), np.logaddexp(0, z))),
    ("student_psi", lambda r, nu: np.array([(nu + 1) * u / (nu + u * u) for u in r])),
    ("student_psi", lambda r, nu: [complex_step(lambda v: (nu + 1) / 2 * np.log(1 + v**2 / nu),
                                                np.array(u)).item() for u in r]),
    ("class_of_scalar", lambda a, K: np.abs(a - np.arange(K)[:, None]).argmin(axis=0)),
    ("leverages", lambda x: [np.linalg.norm(np.linalg.qr(np.c_[np.ones(len(x)), x])[0][i]) ** 2
                             for i in range(len(x))]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), UNUSUAL)
def test_what_is_right_passes(name, answer, capsys):
    checks.EXERCISES[name](answer)
    assert "verified" in capsys.readouterr().out


# -------- what the messages say


def told(name, answer):
    return str(diagnosis(checks.EXERCISES[name], answer))


def test_what_is_changed_is_named_with_its_two_causes():
    def in_place(net, x, y, i, learning_rate):
        _, dW, db = loss_gradient(net, x[:, [i]], y[:, [i]], mse)
        for l in net.W:
            net.W[l] = net.W[l] - learning_rate * dW[l]
            net.b[l] = net.b[l] - learning_rate * db[l]
        return net.W, net.b

    words = told("sgd_step", in_place)
    assert "changes what it was given: net." in words
    assert "net.W[l] = …" in words
    assert "begin with a copy" in words


def test_none_on_one_branch_names_the_case_and_what_is_expected():
    def without_else(net, x, direction, lengths):
        t = checks.first_flip.reference(net, x, direction, lengths)
        if np.isfinite(t):
            return t

    words = told("first_flip", without_else)
    assert "“a direction without a flip”" in words
    assert "should return the answer inf" in words


def test_one_number_in_a_list_is_told_so():
    words = told("parameter_count", lambda s: [checks.parameter_count.reference(s)])
    assert "one number is asked for" in words


def test_two_numbers_that_are_shown_differ():
    words = told("leverages", lambda x: checks.leverages.reference(x) * (1 + 1e-6))
    yours, right = words.split("yours ")[1].split("; the")[0].split(", right ")
    assert yours != right


def test_another_not_implemented_error_is_no_stub():
    def calls(a, y):
        return np.ndarray.__array_wrap__(a, NotImplemented) if stopped() else a

    def stopped():
        raise NotImplementedError("not for this kind of array")

    assert "stopped with NotImplementedError: not for this" in told("half_square", calls)


def test_things_of_other_libraries_are_no_arrays():
    class Tensor:
        def __array__(self, *_, **__):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")

    assert "an array of NumPy, and is Tensor" in told("half_square", lambda a, y: Tensor())


def test_a_matrix_is_told_apart():
    def with_matrices(W_next, g_next, a):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.matrix(a * (1 - a)) * np.matrix(W_next.T @ g_next).T

    assert "is an np.matrix, for which * is" in told("backward_step", with_matrices)


def test_errors_without_words_and_those_of_unpacking_have_advice():
    def own_assert(a, y):
        raise AssertionError

    def recursive(a, y):
        return recursive(a, y)

    def unpacked(net, x, y):
        dW, db = loss_gradient(net, x, y, mse)
        return dW, db

    assert "stopped with AssertionError.\n" in told("half_square", own_assert) + "\n"
    assert "an assert of your own" in told("half_square", own_assert)
    assert "calls itself without end" in told("half_square", recursive)
    assert "loss_gradient three, value, dW, db" in told("batch_mean", unpacked)


def test_a_dictionary_where_an_array_is_asked_for_is_told():
    assert "a dictionary came back" in told("input_gradient", lambda net, x: {2: x})
