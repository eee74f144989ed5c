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
    assert "Most likely" in str(error)


def test_a_failed_check_is_shown_without_a_traceback():
    lines = diagnosis(checks.layer, lambda W, b, a: W @ a + b)._render_traceback_()
    assert lines[0].startswith("✗ layer: this is z = Wa + b")
    assert not any("Traceback" in line or ".py" in line for line in lines)


def test_the_recursions_slips_are_planted_wherever_the_recursion_is():
    names = {slip.name for slip in slips.STEPS}
    for exercise in (checks.backward_step, checks.input_gradient, checks.batch_mean):
        assert names <= {slip.name for slip in exercise.slips}
