"""The checks: right answers in any style pass, each slip is named, stubs are spared."""

import numpy as np
import pytest

from utils import checks, slips
from utils.activations import sigmoid, softmax
from utils.checks import EXERCISES, CheckFailed
from utils.network import forward


def diagnosis(exercise, answer):
    with pytest.raises(CheckFailed) as caught:
        exercise(answer)
    return caught.value


ALL = list(EXERCISES.values())
PLANTED = [(e, slip) for e in ALL for slip in e.slips]


@pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
def test_the_reference_is_verified(exercise, capsys):
    exercise(exercise.reference)
    assert capsys.readouterr().out.startswith(f"✓ {exercise.name}: verified")


@pytest.mark.parametrize(("exercise", "slip"), PLANTED, ids=lambda v: v.name)
def test_each_slip_gets_its_own_diagnosis(exercise, slip):
    # the table against itself: no two slips of an exercise may be taken for one another
    error = diagnosis(exercise, slip.variant)
    assert error.slip == slip.name
    assert slip.says in str(error)
    assert slip.see in str(error)


@pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
def test_a_stub_raises_nothing(exercise, capsys):
    several = len(exercise.returns)
    stubs = [..., lambda *a: ..., lambda *a: (...,) * several if several > 1 else ...]

    def unwritten(*arguments):
        raise NotImplementedError

    for stub in (*stubs, unwritten):
        exercise(stub)
        assert "not attempted yet" in capsys.readouterr().out


# -------- right answers in other styles


def layer_by_loops(W, b, a):
    result = np.empty((W.shape[0], a.shape[1]))
    for i in range(W.shape[0]):
        for s in range(a.shape[1]):
            z = b[i, 0]
            for j in range(W.shape[1]):
                z += W[i, j] * a[j, s]
            result[i, s] = 1 / (1 + np.exp(-z))
    return result


def collapse_from_the_left(net):
    product, bias = np.eye(net.sizes[-1]), np.zeros((net.sizes[-1], 1))
    for l in range(net.L, 1, -1):
        bias = bias + np.dot(product, net.b[l])
        product = np.dot(product, net.W[l])
    return [product, bias]


def softmax_jacobian_by_loops(z):
    p = softmax(z)[:, 0]
    return [[(i == j) * p[i] - p[i] * p[j] for j in range(len(p))] for i in range(len(p))]


def input_gradient_by_jacobians(net, x):
    _, a = forward(net, x)
    columns = []
    for s in range(x.shape[1]):
        row = np.eye(1)
        for l in range(net.L, 1, -1):
            row = row @ np.diag(net.activation[l].derivative(a[l])[:, s]) @ net.W[l]
        columns.append(row[0])
    return np.array(columns).T


def input_gradient_with_Delta(net, x):
    _, a = forward(net, x)
    Delta = np.ones_like(a[net.L])
    for l in range(net.L, 1, -1):
        Delta = np.einsum("ij,is->js", net.W[l], net.activation[l].derivative(a[l]) * Delta)
    return Delta


def batch_mean_sample_by_sample(net, x, y):
    N = x.shape[1]
    dW = {l: np.zeros_like(W) for l, W in net.W.items()}
    db = {l: np.zeros_like(b) for l, b in net.b.items()}
    for s in range(N):
        _, a = forward(net, x[:, [s]])
        delta = (a[net.L] - y[:, [s]]) * net.activation[net.L].derivative(a[net.L])
        for l in range(net.L, 1, -1):
            dW[l] += np.outer(delta, a[l - 1]) / N
            db[l] += delta / N
            if l > 2:
                delta = net.activation[l - 1].derivative(a[l - 1]) * np.dot(net.W[l].T, delta)
    return dW, db


STYLES = [
    (checks.half_square, lambda a, y: np.square(np.subtract(a, y)) / 2),
    (checks.half_square, lambda a, y: (y - a) * (y - a) * 0.5),
    (checks.layer, layer_by_loops),
    (checks.layer, lambda W, b, a: sigmoid(np.einsum("ij,js->is", W, a) + b)),
    (checks.layer, lambda W, b, a: 0.5 * (1 + np.tanh((np.dot(W, a) + b) / 2))),
    (checks.parameter_count, lambda s: sum(s[i] * s[i + 1] + s[i + 1] for i in range(len(s) - 1))),
    (checks.parameter_count, lambda s: int(np.dot(s[1:], np.array(s[:-1]) + 1))),
    (checks.collapse, collapse_from_the_left),
    (checks.tanh_jacobian, lambda W, b, a: np.diag(1 - np.tanh(W @ a + b)[:, 0] ** 2) @ W),
    (checks.tanh_jacobian, lambda W, b, a: np.cosh(W @ a + b) ** -2.0 * W),
    (checks.softmax_jacobian, softmax_jacobian_by_loops),
    (checks.softmax_jacobian, lambda z: softmax(z) * (np.eye(len(z)) - softmax(z).T)),
    (checks.backward_step, lambda W, d, a: np.einsum("ij,is->js", W, d) * (a - a**2)),
    (checks.backward_step, lambda W, d, a: (np.dot(d.T, W) * (a * (1 - a)).T).T),
    (checks.input_gradient, input_gradient_by_jacobians),
    (checks.input_gradient, input_gradient_with_Delta),
    (checks.weight_gradient, lambda g, a: np.einsum("is,js->ij", g, a)),
    (
        checks.weight_gradient,
        lambda g, a: sum(np.outer(u, v) for u, v in zip(g.T, a.T, strict=True)),
    ),
    (checks.batch_mean, batch_mean_sample_by_sample),
]


@pytest.mark.parametrize(("exercise", "answer"), STYLES)
def test_right_answers_in_other_styles_pass(exercise, answer, capsys):
    exercise(answer)
    assert "verified" in capsys.readouterr().out


# -------- the forms of a right answer, spoiled

FORMED = {"opposite-sign": np.negative, "twice": lambda v: 2 * v, "half": lambda v: v / 2}


def spoiled(exercise, form):
    def answer(*arguments):
        result = exercise.reference(*arguments)
        if isinstance(result, tuple):
            return tuple(
                {k: form(v) for k, v in r.items()} if isinstance(r, dict) else form(r)
                for r in result
            )
        return form(np.asarray(result, float))

    return answer


@pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
@pytest.mark.parametrize("name", FORMED)
def test_a_factor_or_a_sign_is_recognised(exercise, name):
    found = diagnosis(exercise, spoiled(exercise, FORMED[name])).slip
    # an exercise may know a better name for the same numbers
    assert (
        found
        in {
            "twice": ("twice", "no-half"),
            "half": ("half", "square-of-half"),
            "opposite-sign": ("opposite-sign", "wrong-direction"),
        }[name]
    )


@pytest.mark.parametrize(
    "exercise",
    [checks.tanh_jacobian, checks.weight_gradient, checks.input_gradient, checks.layer],
    ids=lambda e: e.name,
)
def test_a_transposed_answer_is_recognised(exercise):
    found = diagnosis(exercise, spoiled(exercise, np.transpose)).slip
    assert found in ("transposed", "transposed-answer", "row-for-column")


def test_flattened_and_summed_answers_are_recognised():
    assert diagnosis(checks.layer, spoiled(checks.layer, np.ravel)).slip == "flattened"
    summed = spoiled(checks.backward_step, lambda v: v.sum(axis=-1, keepdims=True))
    assert diagnosis(checks.backward_step, summed).slip == "summed-answer"


# -------- what a student meets


def test_a_forgotten_return_is_named():
    assert diagnosis(checks.layer, lambda W, b, a: None).slip == "no-return"


def test_a_changed_argument_is_named():
    def answer(W, b, a):
        b += W @ a[:, :1]
        return sigmoid(b)

    assert diagnosis(checks.layer, answer).slip == "changed-argument"


def test_a_changed_network_is_named():
    def answer(net, x):
        net.W[2] *= 2
        return x

    assert diagnosis(checks.input_gradient, answer).slip == "changed-argument"


def test_one_result_where_two_are_asked_for_is_named():
    error = diagnosis(checks.collapse, lambda net: net.W[2])
    assert error.slip == "wrong-number-of-results"
    assert "W_tilde and b_tilde" in str(error)


def test_words_where_numbers_are_asked_for_are_named():
    assert diagnosis(checks.half_square, lambda a, y: "half").slip == "no-numbers"


def test_a_value_where_a_function_is_asked_for_is_named():
    assert "a function is expected" in str(diagnosis(checks.layer, 3.0))


def test_an_exception_is_reported_with_the_shapes():
    def answer(W, b, a):
        return W @ a @ undefined_name  # noqa: F821

    message = str(diagnosis(checks.layer, answer))
    assert "NameError" in message
    assert "Is that name defined" in message


def test_a_shape_error_is_reported_with_the_shapes_by_name():
    message = str(diagnosis(checks.layer, lambda W, b, a: np.ones(7) @ W))
    assert "W of shape (3, 3); b of shape (3, 1); a of shape (3, 3)" in message


def test_a_layer_that_does_not_exist_is_explained():
    message = str(diagnosis(checks.collapse, lambda net: (net.W[1], net.b[1])))
    assert "begin at layer 2" in message


def test_a_name_without_a_value_is_explained():
    def answer(net, x):
        for _ in range(2):
            g = g + 1  # noqa: F821
        return g

    assert "before it has a value" in str(diagnosis(checks.input_gradient, answer))


def test_cases_in_which_everything_is_right_are_no_comfort():
    message = str(diagnosis(checks.layer, lambda W, b, a: 0.3 * sigmoid(W @ a + b)))
    assert "It is right for" not in message  # zero columns are


def test_half_an_answer_is_no_stub():
    error = diagnosis(checks.batch_mean, lambda net, x, y: (net.W, ...))
    assert error.slip == "half-done"
    assert "db still has its three dots" in str(error)


def test_no_slip_is_named_when_only_the_kind_of_error_fits():
    error = diagnosis(checks.input_gradient, lambda net, x: np.ones((2, 3)) @ np.ones((2, 3)))
    assert error.slip is None


def test_an_unknown_mistake_is_located():
    def answer(W, b, a):
        result = sigmoid(W @ a + b)
        if result.shape == (4, 1):
            result[2, 0] += 0.25
        return result

    message = str(diagnosis(checks.layer, answer))
    assert "2 → 4, one column" in message
    assert "at (2, 0)" in message
    assert "0.25" in message
    assert "It is right for: 3 → 3 neurons, 3 columns" in message


def test_a_wrong_shape_is_told_with_both_shapes():
    message = str(diagnosis(checks.half_square, lambda a, y: np.zeros((7, 7))))
    assert "(7, 7)" in message
    assert "expected ()" in message


def test_a_missing_layer_is_told():
    def answer(net, x, y):
        dW, db = checks.batch_mean.reference(net, x, y)
        return {l: v for l, v in dW.items() if l > 2}, db

    assert "dW[2] is missing" in str(diagnosis(checks.batch_mean, answer))


def test_a_missing_transpose_is_named_whatever_numpy_calls_the_trouble():
    def answer(net, x):
        _, a = forward(net, x)
        g = net.activation[net.L].derivative(a[net.L])
        for l in range(net.L - 1, 1, -1):
            g = net.activation[l].derivative(a[l]) * np.dot(net.W[l + 1], g)
        return net.W[2].T @ g

    error = diagnosis(checks.input_gradient, answer)
    assert error.slip == "missing-transpose"
    assert "The same trouble comes up when" in str(error)


def test_a_failed_check_is_shown_without_a_traceback():
    lines = diagnosis(checks.layer, lambda W, b, a: W @ a + b)._render_traceback_()
    assert lines[0].startswith("✗ layer: this is z = Wa + b")
    assert not any("Traceback" in line or ".py" in line for line in lines)


def test_the_recursions_slips_are_planted_wherever_the_recursion_is():
    names = {slip.name for slip in slips.STEPS}
    for exercise in (checks.backward_step, checks.input_gradient, checks.batch_mean):
        assert names <= {slip.name for slip in exercise.slips}


# -------- mistakes as students write them
#
# Written out with loops, np.dot and @, without utils.slips: what a check compares an answer with
# and the answer itself come from two hands here. A diagnosis of None says that no slip may be
# named, because none of those we know was made.

WRITTEN = []


def written(name, *diagnoses):
    """Register the mistake below for this exercise, with the diagnosis (or those) it may get."""

    def register(answer):
        WRITTEN.append(pytest.param(name, answer, diagnoses, id=f"{name}: {answer.__name__}"))
        return answer

    return register


def slope(net, a, l):
    return net.activation[l].derivative(a[l])


@written("half_square", "no-half")
def squared_only(a, y):
    return np.square(y - a)


@written("half_square", "caret")
def power_by_caret(a, y):
    return 0.5 * (a - y) ^ 2


@written("half_square", "summed")
def total_of_the_errors(a, y):
    total = 0.0
    for u, v in zip(np.ravel(a), np.ravel(y)):
        total += 0.5 * (u - v) ** 2
    return total


@written("half_square", "square-of-half")
def half_inside(a, y):
    return np.power(0.5 * (y - a), 2)


@written("half_square", "opposite-sign")
def minus_in_front(a, y):
    return -((a - y) ** 2) / 2


@written("layer", "no-activation")
def weighted_input_by_loops(W, b, a):
    z = np.zeros((len(W), a.shape[1]))
    for i in range(len(W)):
        for s in range(a.shape[1]):
            z[i, s] = b[i, 0] + sum(W[i, j] * a[j, s] for j in range(W.shape[1]))
    return z


@written("layer", "bias-outside")
def bias_behind_the_fraction(W, b, a):
    return 1 / (1 + np.exp(-np.dot(W, a))) + b


@written("layer", "negated-exponent")
def exponent_without_minus(W, b, a):
    return 1 / (1 + np.exp(np.dot(W, a) + b))


@written("layer", "elementwise-weights")
def star_for_at(W, b, a):
    return 1 / (1 + np.exp(-(W * a + b)))


@written("layer", "transposed-weights")
def weights_by_columns(W, b, a):
    return 1 / (1 + np.exp(-(np.dot(W.T, a) + b)))


@written("layer", "flattened-bias")
def bias_without_its_axis(W, b, a):
    return 1 / (1 + np.exp(-(np.dot(W, a) + b[:, 0])))


@written("layer", None)
def minus_before_the_product_alone(W, b, a):
    return 1 / (1 + np.exp(-np.dot(W, a) + b))


@written("layer", None)
def denominator_without_parentheses(W, b, a):
    return 1 / 1 + np.exp(-(W @ a + b))


@written("layer", None)
def factors_exchanged(W, b, a):
    return sigmoid(a @ W + b)


@written("parameter_count", "one-layer-short")
def loop_without_the_last(sizes):
    total = 0
    for l in range(1, len(sizes) - 1):
        total += sizes[l] * sizes[l - 1] + sizes[l]
    return total


@written("parameter_count", "no-biases")
def weights_by_a_loop(sizes):
    total = 0
    for l in range(1, len(sizes)):
        total += sizes[l] * sizes[l - 1]
    return total


@written("parameter_count", "biases-of-the-input")
def weights_and_all_neurons(sizes):
    return int(np.dot(sizes[1:], sizes[:-1]) + np.sum(sizes))


@written("parameter_count", None)
def loop_past_the_end(sizes):
    total = 0
    for l in range(len(sizes)):
        total += sizes[l + 1] * (sizes[l] + 1)
    return total


@written("parameter_count", None)
def loop_that_wraps_around(sizes):
    total = 0
    for l in range(len(sizes)):
        total += sizes[l] * sizes[l - 1] + sizes[l]
    return total


@written("collapse", "new-weights-in-the-bias")
def weights_renewed_first(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        W = np.dot(net.W[l], W)
        b = np.dot(W, b) + net.b[l]
    return W, b


@written("collapse", "reversed-order")
def appended_on_the_right(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        b = np.dot(net.W[l], b) + net.b[l]
        W = np.dot(W, net.W[l])
    return W, b


@written("collapse", "biases-summed")
def biases_added_as_they_are(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L + 1):
        W = np.dot(net.W[l], W)
        b = b + net.b[l]
    return W, b


@written("collapse", "one-layer-short")
def range_to_L(net):
    W, b = net.W[2], net.b[2]
    for l in range(3, net.L):
        W, b = np.dot(net.W[l], W), np.dot(net.W[l], b) + net.b[l]
    return W, b


@written("collapse", None)
def weights_of_layer_1(net):
    W, b = net.W[1], net.b[1]
    for l in range(2, net.L + 1):
        W, b = net.W[l] @ W, net.W[l] @ b + net.b[l]
    return W, b


@written("tanh_jacobian", "scaled-columns")
def slopes_as_a_row(W, b, a):
    slopes = 1 - np.tanh(W @ a + b) ** 2
    return W * slopes.T


@written("tanh_jacobian", "product-from-the-right")
def diagonal_on_the_right(W, b, a):
    slopes = 1 - np.tanh(np.dot(W, a) + b) ** 2
    return np.dot(W, np.diag(slopes[:, 0]))


@written("tanh_jacobian", "transposed")
def columns_are_outputs(W, b, a):
    out = np.tanh(W @ a + b)
    J = np.empty((W.shape[1], W.shape[0]))
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            J[j, i] = (1 - out[i, 0] ** 2) * W[i, j]
    return J


@written("tanh_jacobian", "diag-of-a-column")
def diagonal_of_the_column(W, b, a):
    out = np.tanh(W @ a + b)
    return np.dot(np.diag(1 - out**2), W)


@written("tanh_jacobian", "sigmoid-derivative")
def slope_of_the_other_function(W, b, a):
    s = np.tanh(W @ a + b)
    return np.diag((s * (1 - s))[:, 0]) @ W


@written("tanh_jacobian", None)
def diagonal_times_entrywise(W, b, a):
    return np.diagflat(1 - np.tanh(W @ a + b) ** 2) * W


@written("softmax_jacobian", "inner-product")
def column_taken_out_of_its_matrix(z):
    p = softmax(z)[:, 0]
    return np.diag(p) - p @ p.T


@written("softmax_jacobian", "no-diagonal-matrix")
def p_times_one_minus_p(z):
    p = softmax(z)
    return p @ (1 - p).T


@written("softmax_jacobian", "diagonal-only")
def entries_as_of_a_sigmoid(z):
    p = softmax(z)[:, 0]
    J = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        J[i, i] = p[i] * (1 - p[i])
    return J


@written("softmax_jacobian", "wrong-sign")
def outer_product_added(z):
    p = softmax(z)[:, 0]
    return np.diag(p) + np.outer(p, p)


@written("softmax_jacobian", None)
def exponentials_that_overflow(z):
    p = np.exp(z) / np.exp(z).sum()
    return np.diag(p[:, 0]) - p @ p.T


@written("softmax_jacobian", None)
def identity_for_the_diagonal(z):
    p = softmax(z)[:, 0]
    return np.eye(len(p)) - np.outer(p, p)


@written("backward_step", "one-path")
def first_neuron_above_only(W_next, g_next, a):
    g = np.empty(a.shape)
    for j in range(len(a)):
        g[j] = a[j] * (1 - a[j]) * W_next[0, j] * g_next[0]
    return g


@written("backward_step", "missing-derivative")
def sum_without_slope(W_next, g_next, a):
    g = np.zeros(a.shape)
    for j in range(len(a)):
        for i in range(len(W_next)):
            g[j] += W_next[i, j] * g_next[i]
    return g


@written("backward_step", "missing-transpose")
def dot_without_transpose(W_next, g_next, a):
    return a * (1 - a) * np.dot(W_next, g_next)


@written("backward_step", "missing-parentheses")
def from_left_to_right(W_next, g_next, a):
    return a * (1 - a) * W_next.T @ g_next


@written("backward_step", "matrix-product-for-entrywise")
def at_between_slopes_and_the_rest(W_next, g_next, a):
    return (a * (1 - a)) @ np.dot(W_next.T, g_next)


@written("backward_step", "derivative-on-the-wrong-side")
def slope_inside_the_product(W_next, g_next, a):
    return np.dot(W_next.T, a * (1 - a) * g_next)


@written("backward_step", None)
def product_in_the_other_order(W_next, g_next, a):
    return a * (1 - a) * (g_next @ W_next.T)


@written("backward_step", None)
def sigmoid_once_more(W_next, g_next, a):
    return sigmoid(a) * (1 - sigmoid(a)) * (W_next.T @ g_next)


@written("backward_step", None)
def slopes_of_the_first_column(W_next, g_next, a):
    return np.diag((a * (1 - a))[:, 0]) @ W_next.T @ g_next


@written("input_gradient", "loop-goes-to-the-input")
def weights_of_the_input_layer(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L - 1, 1, -1):
        g = slope(net, a, l) * (net.W[l + 1].T @ g)
    return net.W[1].T @ g


@written("input_gradient", None)
def g_before_it_has_a_value(net, x):
    _, a = forward(net, x)
    for l in range(net.L, 2, -1):
        g = slope(net, a, l - 1) * (net.W[l].T @ g)  # noqa: F821
    return net.W[2].T @ g


@written("input_gradient", "loop-does-not-run")
def no_loop_at_all(net, x):
    _, a = forward(net, x)
    return np.dot(net.W[2].T, slope(net, a, net.L))


@written("input_gradient", "slope-of-the-next-layer", None)
def slope_of_the_layer_it_comes_from(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L, 2, -1):
        g = slope(net, a, l) * (net.W[l].T @ g)
    return net.W[2].T @ g


@written("input_gradient", None)
def ones_and_the_slope_of_the_layer_it_comes_from(net, x):
    _, a = forward(net, x)
    g = np.ones((1, x.shape[1]))
    for l in range(net.L, 2, -1):
        g = slope(net, a, l) * (net.W[l].T @ g)
    return net.W[2].T @ g


@written("input_gradient", "loop-ends-early")
def loop_to_layer_3(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L, 3, -1):
        g = slope(net, a, l - 1) * np.dot(net.W[l].T, g)
    return np.dot(net.W[2].T, g)


@written("input_gradient", "no-start-slope")
def ones_at_the_output(net, x):
    _, a = forward(net, x)
    g = np.ones((1, x.shape[1]))
    for l in range(net.L, 2, -1):
        g = slope(net, a, l - 1) * np.dot(net.W[l].T, g)
    return np.dot(net.W[2].T, g)


@written("input_gradient", "sigmoid-everywhere")
def a_times_one_minus_a(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in reversed(range(2, net.L)):
        g = a[l] * (1 - a[l]) * np.dot(net.W[l + 1].T, g)
    return np.dot(net.W[2].T, g)


@written("input_gradient", "z-for-a")
def z_and_a_exchanged(net, x):
    a, _ = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L - 1, 1, -1):
        g = slope(net, a, l) * np.dot(net.W[l + 1].T, g)
    return np.dot(net.W[2].T, g)


@written("input_gradient", "stops-at-layer-2")
def last_product_left_out(net, x):
    _, a = forward(net, x)
    g = slope(net, a, net.L)
    for l in range(net.L - 1, 1, -1):
        g = slope(net, a, l) * np.dot(net.W[l + 1].T, g)
    return g


@written("input_gradient", "mean-of-columns")
def averaged_over_the_points(net, x):
    _, a = forward(net, x)
    total = np.zeros((x.shape[0], 1))
    for s in range(x.shape[1]):
        g = slope(net, a, net.L)[:, [s]]
        for l in range(net.L - 1, 1, -1):
            g = slope(net, a, l)[:, [s]] * np.dot(net.W[l + 1].T, g)
        total += np.dot(net.W[2].T, g) / x.shape[1]
    return total


@written("weight_gradient", "first-column")
def outer_product_of_one_sample(g, a):
    return np.outer(g[:, 0], a[:, 0])


@written("weight_gradient", "mean")
def outer_products_averaged(g, a):
    total = np.zeros((len(g), len(a)))
    for s in range(g.shape[1]):
        total += np.outer(g[:, s], a[:, s])
    return total / g.shape[1]


@written("weight_gradient", "no-transpose")
def dot_of_both(g, a):
    return np.dot(g, a)


@written("weight_gradient", "transposed")
def a_in_front(g, a):
    return np.dot(a, g.T)


@written("weight_gradient", None)
def outer_product_of_everything(g, a):
    return np.outer(g, a)


@written("weight_gradient", None)
def last_column_only(g, a):
    return g[:, -1:] @ a[:, -1:].T


def deltas(net, x, y):
    _, a = forward(net, x)
    d = {net.L: (a[net.L] - y) * slope(net, a, net.L)}
    for l in range(net.L - 1, 1, -1):
        d[l] = slope(net, a, l) * np.dot(net.W[l + 1].T, d[l + 1])
    return a, d


@written("batch_mean", "weights-without-transpose")
def a_not_transposed(net, x, y):
    a, d = deltas(net, x, y)
    N, dW, db = x.shape[1], {}, {}
    for l in range(2, net.L + 1):
        dW[l] = d[l] @ a[l - 1] / N
        db[l] = d[l].sum(axis=1, keepdims=True) / N
    return dW, db


@written("batch_mean", "sum-for-mean")
def sample_after_sample_added_up(net, x, y):
    dW = {l: np.zeros(W.shape) for l, W in net.W.items()}
    db = {l: np.zeros(b.shape) for l, b in net.b.items()}
    for s in range(x.shape[1]):
        a, d = deltas(net, x[:, [s]], y[:, [s]])
        for l in d:
            dW[l] += np.outer(d[l], a[l - 1])
            db[l] += d[l]
    return dW, db


@written("batch_mean", "bias-flattened")
def mean_that_loses_an_axis(net, x, y):
    a, d = deltas(net, x, y)
    dW = {l: np.dot(d[l], a[l - 1].T) / x.shape[1] for l in d}
    return dW, {l: d[l].mean(axis=1) for l in d}


@written("batch_mean", "own-activations")
def activations_of_the_same_layer(net, x, y):
    a, d = deltas(net, x, y)
    dW = {l: np.dot(d[l], a[l].T) / x.shape[1] for l in d}
    return dW, {l: d[l].mean(axis=1, keepdims=True) for l in d}


@written("batch_mean", "no-output-slope")
def error_without_slope(net, x, y):
    _, a = forward(net, x)
    d, dW, db = a[net.L] - y, {}, {}
    for l in range(net.L, 1, -1):
        dW[l] = np.dot(d, a[l - 1].T) / x.shape[1]
        db[l] = d.mean(axis=1, keepdims=True)
        if l > 2:
            d = slope(net, a, l - 1) * np.dot(net.W[l].T, d)
    return dW, db


@written("batch_mean", "divided-by-rows")
def len_for_the_number_of_samples(net, x, y):
    a, d = deltas(net, x, y)
    dW = {l: np.dot(d[l], a[l - 1].T) / len(x) for l in d}
    return dW, {l: d[l].sum(axis=1, keepdims=True) / len(x) for l in d}


@written("batch_mean", None)
def mean_over_everything(net, x, y):
    a, d = deltas(net, x, y)
    dW = {l: np.dot(d[l], a[l - 1].T) / x.shape[1] for l in d}
    return dW, {l: np.full(net.b[l].shape, d[l].mean()) for l in d}


def stepped(net, a, d, rate):
    W = {l: net.W[l] - rate * np.dot(d[l], a[l - 1].T) for l in d}
    return W, {l: net.b[l] - rate * d[l].sum(axis=1, keepdims=True) for l in d}


@written("sgd_step", "climbs")
def gradient_added(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x[:, [i]], y[:, [i]]), -learning_rate)


@written("sgd_step", "no-rate")
def whole_gradient_taken_off(net, x, y, i, learning_rate):
    a, d = deltas(net, x[:, [i]], y[:, [i]])
    W = {l: net.W[l] - np.outer(d[l], a[l - 1]) for l in d}
    return W, {l: net.b[l] - d[l] for l in d}


@written("sgd_step", "whole-batch")
def all_samples(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x, y), learning_rate / x.shape[1])


@written("sgd_step", "biases-left-alone")
def old_biases(net, x, y, i, learning_rate):
    W, _ = stepped(net, *deltas(net, x[:, i : i + 1], y[:, i : i + 1]), learning_rate)
    return W, dict(net.b)


@written("sgd_step", "first-sample")
def sample_zero(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x[:, :1], y[:, :1]), learning_rate)


@written("sgd_step", "gradient-for-parameters")
def gradients_handed_back(net, x, y, i, learning_rate):
    a, d = deltas(net, x[:, [i]], y[:, [i]])
    return {l: np.outer(d[l], a[l - 1]) for l in d}, d


@written("sgd_step", "changed-argument")
def step_in_place(net, x, y, i, learning_rate):
    a, d = deltas(net, x[:, [i]], y[:, [i]])
    for l in d:
        net.W[l] -= learning_rate * np.outer(d[l], a[l - 1])
        net.b[l] -= learning_rate * d[l]
    return net.W, net.b


@written("sgd_step", None)
def all_samples_up_to_i(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x[:, : i + 1], y[:, : i + 1]), learning_rate)


@written("sgd_step", None)
def sample_without_its_axis(net, x, y, i, learning_rate):
    return stepped(net, *deltas(net, x[:, i], y[:, i]), learning_rate)


@written("vanishes_at_zero", "weights-only")
def by_kind(block):
    return block[:2] == "dW"


@written("vanishes_at_zero", "nothing")
def never(block):
    return {"dW[2]": False, "db[2]": False, "dW[3]": False, "db[3]": False}[block]


@written("vanishes_at_zero", "everything")
def always(block):
    return 1


@written("vanishes_at_zero", "the-other-layer")
def output_layer(block):
    return int(block[3]) == 3


@written("vanishes_at_zero", None)
def all_but_the_last_bias(block):
    return block != "db[3]"


def output_and_gradient(net, x):
    return forward(net, x)[1][net.L], input_gradient_with_Delta(net, x)


@written("step_to_boundary", "norm-not-squared")
def divided_by_the_norm(net, x):
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) * g / np.linalg.norm(g, axis=0)


@written("step_to_boundary", "norm-of-all-points")
def norm_of_the_whole_array(net, x):
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) * g / np.linalg.norm(g) ** 2


@written("step_to_boundary", "wrong-direction")
def a_minus_one_half(net, x):
    a, g = output_and_gradient(net, x)
    return x + (a - 0.5) * g / np.sum(g * g, axis=0)


@written("step_to_boundary", "step-only")
def x_forgotten(net, x):
    a, g = output_and_gradient(net, x)
    return (0.5 - a) * g / np.sum(g * g, axis=0)


@written("step_to_boundary", None)
def entries_divided_one_by_one(net, x):
    a, g = output_and_gradient(net, x)
    return x + (0.5 - a) / g


@written("first_flip", "above-half")
def first_above_one_half(net, x, direction, lengths):
    for t in lengths:
        if output_and_gradient(net, x + t * direction)[0].item() > 0.5:
            return t
    return np.inf


@written("first_flip", "steps-add-up")
def x_that_walks_away(net, x, direction, lengths):
    before = forward(net, x)[1][net.L].item() > 0.5
    for t in lengths:
        x = x + t * direction
        if (forward(net, x)[1][net.L].item() > 0.5) != before:
            return t
    return np.inf


@written("first_flip", "position")
def place_of_the_length(net, x, direction, lengths):
    before = forward(net, x)[1][net.L].item() > 0.5
    for k in range(len(lengths)):
        if (forward(net, x + lengths[k] * direction)[1][net.L].item() > 0.5) != before:
            return k
    return np.inf


@written("first_flip", None)
def last_length_that_flips(net, x, direction, lengths):
    before = forward(net, x)[1][net.L].item() > 0.5
    found = np.inf
    for t in lengths:
        if (forward(net, x + t * direction)[1][net.L].item() > 0.5) != before:
            found = t
    return found


@pytest.mark.parametrize(("name", "answer", "diagnoses"), WRITTEN)
def test_a_mistake_written_by_another_hand_is_named_rightly(name, answer, diagnoses):
    error = diagnosis(EXERCISES[name], answer)
    assert error.slip in diagnoses
    assert ("How to see it" in str(error)) == (error.slip not in (None, "changed-argument"))


def test_every_exercise_has_mistakes_by_another_hand():
    assert {case.values[0] for case in WRITTEN} == set(EXERCISES)
    assert {case.values[0] for case in WRITTEN if None in case.values[2]} >= {
        e.name for e in ALL if e.name != "half_square"
    }


# -------- how near is near enough


def one_entry_off(by):
    """Change the largest entry of an array, by so much of itself."""

    def change(v):
        v = np.array(v, float)
        if v.size:
            v.flat[np.abs(v).argmax()] *= 1 + by
        return v

    return change


@pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
def test_a_millionth_is_wrong_and_rounding_is_not(exercise, capsys):
    for change in (one_entry_off(1e-6), one_entry_off(-1e-6), lambda v: (1 + 1e-6) * v):
        assert diagnosis(exercise, spoiled(exercise, change)).slip is None
    for change in (one_entry_off(1e-13), lambda v: (1 - 1e-13) * v):
        exercise(spoiled(exercise, change))
        assert "verified" in capsys.readouterr().out
