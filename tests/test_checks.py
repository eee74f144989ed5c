"""The checks: right answers in any style pass, each slip is named, stubs are spared."""

import numpy as np
import pytest

from utils import checks, slips
from utils.activations import relu, sigmoid, softmax
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


def test_a_function_whose_cell_has_since_become_no_python_is_not_judged(monkeypatch, capsys):
    def layer(W, b, a):
        return sigmoid(W @ a + b)

    good, broken = "def layer(W, b, a):\n    return 1", "x = 1\ndef layer(W, b, a)\n    return 1"
    other = "def layers(W):\n    return ("
    for cells, is_old in (
        ([], False), ([good], False), ([good, broken], True), ([good, broken, "checks"], True),
        ([broken, good], False), ([good, other], False), ([good, "x = ("], False),
    ):  # fmt: skip
        monkeypatch.setattr(checks, "_cells_run", lambda cells=cells: cells)
        if is_old:
            error = diagnosis(checks.layer, layer)
            assert error.slip == "syntax-error"
            assert "from an earlier run" in str(error)
        else:
            checks.layer(layer)
            assert "verified" in capsys.readouterr().out


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


def difference_by_two_fits(w):
    first_column = np.array([1.0] + [0.0] * (len(w) - 1))
    return w - (first_column - w)


def difference_in_lines(w):
    d = [2 * v for v in w]
    d[0] -= 1
    return d


def nearest_label(a, K):
    return np.argmin(np.abs(a - np.arange(K)[:, None]), axis=0)


def label_by_thresholds(a, K):
    return sum((a[0] > k + 0.5).astype(int) for k in range(K - 1))


def start_by_jacobians(z, y):
    g = np.zeros(z.shape)
    for s in range(z.shape[1]):
        p = np.exp(z[:, s] - z[:, s].max())
        p /= p.sum()
        g[:, s] = (np.diag(p) - np.outer(p, p)) @ (-y[:, s] / p) / z.shape[1]
    return g


def cross_entropy_by_cases(z, y):
    e = np.exp(-abs(z))
    return np.where(z > 0, (1 - y) * z, -y * z) + np.log(1 + e)


def student_psi_by_complex_steps(r, nu):
    return ((nu + 1) / 2 * np.log(1 + (r + 1e-30j) ** 2 / nu)).imag / 1e-30


def irls_by_lstsq(x, y, beta, k):
    b0, b1 = beta
    size = np.abs(y - b0 - b1 * x)
    root = np.sqrt(np.where(size <= k, 1.0, k / size))
    X = np.vstack([np.ones(len(x)), x]).T
    return np.linalg.lstsq(root[:, None] * X, root * y)[0]


def irls_by_sums(x, y, beta, k):
    w = np.array([min(1, k / abs(v)) if v else 1 for v in y - beta[0] - beta[1] * x])
    x_mean, y_mean = np.average(x, weights=w), np.average(y, weights=w)
    slope = np.sum(w * (x - x_mean) * (y - y_mean)) / np.sum(w * (x - x_mean) ** 2)
    return y_mean - slope * x_mean, slope


def irls_by_polyfit(x, y, beta, k):
    r = y - np.polyval(beta[::-1], x)
    w = np.clip(k / np.abs(r), 0, 1)
    return np.polyfit(x, y, 1, w=np.sqrt(w))[::-1]


def irls_by_a_step(x, y, beta, k):
    X = np.column_stack((np.ones(len(x)), x))
    r = y - X @ beta
    W = np.diag(np.minimum(1, k / np.abs(r)))
    return beta + np.linalg.inv(X.T @ W @ X) @ X.T @ W @ r


def leverages_one_by_one(x):
    X = np.column_stack((np.ones(len(x)), x))
    G = np.linalg.inv(X.T @ X)
    return [row @ G @ row for row in X]


def leverages_from_centred(x):
    d = x - np.mean(x, axis=0)
    return 1 / len(x) + np.einsum("ij,ij->i", d, np.linalg.solve(d.T @ d, d.T).T)


def leverages_by_svd(x):
    U, _, _ = np.linalg.svd(np.hstack([np.ones((x.shape[0], 1)), x]), full_matrices=False)
    return np.sum(U * U, axis=1)


def leverages_by_moving_each_label(x):
    X = np.column_stack([x, np.ones(len(x))])
    return [(X @ np.linalg.lstsq(X, e, rcond=None)[0]) @ e for e in np.eye(len(x))]


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
    (checks.difference_weights, difference_by_two_fits),
    (checks.difference_weights, difference_in_lines),
    (checks.class_of_scalar, nearest_label),
    (checks.class_of_scalar, label_by_thresholds),
    (checks.class_of_scalar, lambda a, K: [min(max(round(v), 0), K - 1) for v in a[0].tolist()]),
    (checks.class_of_scalar, lambda a, K: np.rint(np.clip(a.ravel(), 0, K - 1)).astype(int)),
    (checks.class_of_scalar, lambda a, K: np.clip(a[0] + 0.5, 0, K - 0.5).astype(int)),
    (checks.cross_entropy_start, start_by_jacobians),
    (checks.cross_entropy_start, lambda z, y: softmax(z) / z.shape[1] - y / y.shape[1]),
    (checks.stable_cross_entropy, cross_entropy_by_cases),
    (checks.stable_cross_entropy, lambda z, y: np.logaddexp(0, z) - y * z),
    (
        checks.stable_cross_entropy,
        lambda z, y: y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z),
    ),
    (checks.student_psi, student_psi_by_complex_steps),
    (checks.student_psi, lambda r, nu: (1 + 1 / nu) * r / (1 + np.square(r) / nu)),
    (checks.irls_step, irls_by_lstsq),
    (checks.irls_step, irls_by_sums),
    (checks.irls_step, irls_by_polyfit),
    (checks.irls_step, irls_by_a_step),
    (checks.leverages, leverages_one_by_one),
    (checks.leverages, leverages_from_centred),
    (checks.leverages, leverages_by_svd),
    (checks.leverages, leverages_by_moving_each_label),
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


def test_in_one_dimension_there_are_no_columns_to_add_up():
    summed = spoiled(checks.leverages, lambda v: v.sum(axis=-1, keepdims=True))
    assert diagnosis(checks.leverages, summed).slip is None


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


@pytest.mark.parametrize("part", ["W", "b", "activation"])
def test_a_changed_network_is_named(part):
    def answer(net, x):
        arrays = getattr(net, part)
        arrays[2] = relu if part == "activation" else arrays[2] + 1
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


def test_without_a_network_no_layers_are_spoken_of():
    for exercise in (checks.class_of_scalar, checks.irls_step, checks.leverages):
        for trouble in (KeyError(7), IndexError("too many indices")):

            def answer(*arguments, trouble=trouble):
                raise trouble

            message = str(diagnosis(exercise, answer))
            assert "It was given" in message
            assert "layer" not in message
            assert "forward" not in message
    message = str(diagnosis(checks.class_of_scalar, lambda a, K: np.rint(a[1])))
    assert "a of shape (1, 8); K = 2. Python counts from 0" in message
    message = str(diagnosis(checks.parameter_count, lambda sizes: sizes[9]))
    assert "n_l is sizes[l − 1]" in message


def test_an_array_where_one_number_is_asked_about_is_explained():
    message = str(diagnosis(checks.class_of_scalar, lambda a, K: max(0, min(a[0], K - 1))))
    assert "for each entry of an array write np.where" in message


def test_a_matrix_without_inverse_is_explained():
    message = str(diagnosis(checks.leverages, lambda x: np.linalg.inv(x)))
    assert "LinAlgError" in message
    assert "x of shape (6, 1). Print the matrix that is inverted" in message


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


def test_in_one_dimension_the_entry_is_told():
    def answer(w):
        d = 2 * w
        d[0] = -1
        return d

    message = str(diagnosis(checks.difference_weights, answer))
    assert "the answer first differs at entry 0: yours -1," in message


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


@written("difference_weights", "no-one")
def doubled_only(w):
    return [2 * v for v in w]


@written("difference_weights", "one-everywhere")
def other_output_as_one_minus_w(w):
    other = 1 - w
    return w - other


@written("difference_weights", "slopes-cancelled")
def other_output_with_the_same_slopes(w):
    other = w.copy()
    other[0] = 1 - w[0]
    return w - other


@written("difference_weights", "sum")
def both_outputs_added(w):
    other = -w
    other[0] = other[0] + 1
    return w + other


@written("difference_weights", "wrong-direction")
def second_minus_first(w):
    other = -1.0 * w
    other[0] += 1
    return other - w


@written("difference_weights", "output-2")
def other_output_alone(w):
    return np.eye(len(w))[0] - w


@written("difference_weights", "last-entry")
def intercept_looked_for_at_the_end(w):
    d = 2 * w
    d[-1] -= 1
    return d


@written("difference_weights", "one-doubled")
def one_taken_off_first(w):
    u = np.array(w)
    u[0] -= 1
    return u + u


@written("difference_weights", "changed-argument")
def doubled_in_place(w):
    w *= 2
    w[0] -= 1
    return w


@written("difference_weights", None)
def intercept_replaced(w):
    d = 2 * w
    d[0] = -1
    return d


@written("difference_weights", None)
def threshold_taken_from_everything(w):
    return w - 0.5


@written("difference_weights", None)
def sum_of_the_difference(w):
    return np.sum(2 * w) - 1


@written("class_of_scalar", "not-limited")
def rounded_one_by_one(a, K):
    return [round(v) for v in a[0].tolist()]


@written("class_of_scalar", "two-classes")
def above_one_half(a, K):
    return np.where(a[0] > 0.5, 1, 0)


@written("class_of_scalar", "argmax")
def position_of_the_largest(a, K):
    return a.argmax(axis=0)


@written("class_of_scalar", "row")
def with_the_axis_of_rows(a, K):
    return np.minimum(np.maximum(np.round(a), 0), K - 1)


@written("class_of_scalar", "floor")
def cut_off_and_limited(a, K):
    return [min(max(int(v), 0), K - 1) for v in a[0]]


@written("class_of_scalar", "truncated")
def integers_of_the_outputs(a, K):
    return a.astype(int)[0]


@written("class_of_scalar", "limited-at-K")
def limits_with_K(a, K):
    return np.array([0 if v < 0 else K if v > K else np.round(v) for v in a[0]])


@written("class_of_scalar", "no-upper-limit")
def negative_ones_set_to_zero(a, K):
    label = np.round(a[0])
    label[label < 0] = 0
    return label


@written("class_of_scalar", "wrapped")
def modulo_K(a, K):
    return np.mod(np.round(a[0]).astype(int), K)


@written("class_of_scalar", None)
def threshold_in_the_middle(a, K):
    return (a[0] > (K - 1) / 2).astype(int)


@written("class_of_scalar", None)
def half_added_and_cut_off(a, K):
    return (a[0] + 0.5).astype(int)


@written("class_of_scalar", None)
def largest_of_all_samples(a, K):
    return np.argmax(a)


@written("class_of_scalar", None)
def nearest_label_along_the_wrong_axis(a, K):
    return np.abs(a - np.arange(K)[:, None]).argmin(axis=1)


@written("cross_entropy_start", "sum-for-mean")
def probabilities_minus_labels(z, y):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0) - y


@written("cross_entropy_start", "overflow")
def exponentials_as_they_are(z, y):
    p = np.exp(z) / np.sum(np.exp(z), axis=0)
    return (p - y) / z.shape[1]


@written("cross_entropy_start", "softmax-over-the-columns")
def softmax_of_the_transpose(z, y):
    return (softmax(z.T).T - y) / y.shape[1]


@written("cross_entropy_start", "softmax-over-the-columns-and-overflow")
def sum_along_axis_1(z, y):
    e = np.exp(z)
    return (e / np.sum(e, axis=1)[:, None] - y) / y.shape[1]


@written("cross_entropy_start", "softmax-over-everything-and-overflow")
def sum_without_axis(z, y):
    return (np.exp(z) / np.exp(z).sum() - y) / len(z[0])


@written("cross_entropy_start", "wrong-direction")
def labels_minus_probabilities(z, y):
    N = z.shape[1]
    return y / N - softmax(z) / N


@written("cross_entropy_start", "squared-error")
def jacobian_times_the_error(z, y):
    p, g = softmax(z), np.empty(z.shape)
    for s in range(z.shape[1]):
        J = np.diag(p[:, s]) - np.outer(p[:, s], p[:, s])
        g[:, s] = J @ (p[:, s] - y[:, s]) / z.shape[1]
    return g


@written("cross_entropy_start", "squared-error-factor")
def slope_as_of_a_sigmoid(z, y):
    a = softmax(z)
    return a * (1 - a) * (a - y) / a.shape[1]


@written("cross_entropy_start", "diagonal-only")
def chain_rule_entry_by_entry(z, y):
    a = softmax(z)
    return -y / a * (a - a**2) / a.shape[1]


@written("cross_entropy_start", "divided-by-all-entries")
def size_for_the_number_of_columns(z, y):
    return (softmax(z) - y) / y.size


@written("cross_entropy_start", "averaged")
def mean_over_the_samples(z, y):
    e = np.exp(z - z.max(axis=0))
    return np.average(e / e.sum(axis=0) - y, axis=1)


@written("cross_entropy_start", None)
def sums_that_do_not_broadcast(z, y):
    return (np.exp(z) / np.exp(z).sum(axis=1) - y) / z.shape[1]


@written("cross_entropy_start", None)
def decision_for_the_probabilities(z, y):
    p = np.zeros(z.shape)
    p[z.argmax(axis=0), np.arange(z.shape[1])] = 1
    return (p - y) / z.shape[1]


@written("cross_entropy_start", None)
def value_of_the_cost(z, y):
    return -np.sum(y * np.log(softmax(z))) / z.shape[1]


@written("stable_cross_entropy", "log-of-the-output-by-hand")
def definition_written_out(z, y):
    a = 1 / (1 + np.exp(-z))
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


@written("stable_cross_entropy", "log-of-the-output")
def definition_with_the_librarys_sigmoid(z, y):
    return -y * np.log(sigmoid(z)) - (1 - y) * np.log(1 - sigmoid(z))


@written("stable_cross_entropy", "overflow")
def logarithm_of_one_plus_exp(z, y):
    return np.log(1 + np.exp(z)) - y * z


@written("stable_cross_entropy", "overflow-below")
def logarithm_of_one_plus_exp_of_minus_z(z, y):
    return z - y * z + np.log(1 + np.exp(-z))


@written("stable_cross_entropy", "opposite-sign-log-of-the-output-by-hand")
def minus_forgotten(z, y):
    a = 1 / (1 + np.exp(-z))
    return y * np.log(a) + (1 - y) * np.log(1 - a)


@written("stable_cross_entropy", "second-term-forgotten-log-of-the-output")
def minus_y_log_sigma(z, y):
    return -np.multiply(y, np.log(sigmoid(z)))


@written("stable_cross_entropy", "second-term-forgotten")
def minus_y_log_sigma_from_z(z, y):
    return y * (np.maximum(-z, 0) + np.log(1 + np.exp(-np.abs(z))))


@written("stable_cross_entropy", "clipped-at-1e-15")
def outputs_held_inside(z, y):
    a = np.minimum(np.maximum(1 / (1 + np.exp(-z)), 1e-15), 1 - 1e-15)
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


@written("stable_cross_entropy", "clipped-at-1e-10")
def a_trifle_inside_the_logarithms(z, y):
    a = 1 / (1 + np.exp(-z))
    return -(y * np.log(a + 1e-10) + (1 - y) * np.log(1 - a + 1e-10))


@written("stable_cross_entropy", "1e-12-added")
def a_smaller_trifle_inside_the_logarithms(z, y):
    a = sigmoid(z)
    return -(y * np.log(a + 1e-12) + (1 - y) * np.log(1 - a + 1e-12))


@written("stable_cross_entropy", "no-maximum")
def softplus_of_minus_the_size(z, y):
    return np.log(1 + np.exp(-abs(z))) - z * y


@written("stable_cross_entropy", "absolute-for-maximum")
def size_in_both_places(z, y):
    return abs(z) - z * y + np.log(1 + np.exp(-abs(z)))


@written("stable_cross_entropy", "mean")
def average_over_the_columns(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


@written("stable_cross_entropy", "flattened")
def first_row_only(z, y):
    return np.logaddexp(0, z[0]) - y[0] * z[0]


@written("stable_cross_entropy", "max-for-maximum")
def largest_along_an_axis(z, y):
    return z.max(0) - y * z + np.log(1 + np.exp(-np.abs(z)))


@written("stable_cross_entropy", None)
def logarithm_to_the_base_2(z, y):
    return np.maximum(z, 0) - y * z + np.log2(1 + np.exp(-abs(z)))


@written("stable_cross_entropy", None)
def nan_to_num_over_the_definition(z, y):
    a = 1 / (1 + np.exp(-z))
    return np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a))


@written("stable_cross_entropy", None)
def z_limited(z, y):
    a = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
    return -y * np.log(a) - (1 - y) * np.log(1 - a)


@written("stable_cross_entropy", None)
def sum_of_all(z, y):
    return np.sum(np.logaddexp(0, z) - y * z)


@written("student_psi", "nu-for-nu-plus-1")
def exponent_without_the_one(r, nu):
    inner = 1 + r**2 / nu
    return nu / 2 * (2 * r / nu) / inner


@written("student_psi", "opposite-sign")
def derivative_of_the_log_density(r, nu):
    return -(nu + 1) * r / (nu + np.square(r))


@written("student_psi", "inner-nu-forgotten")
def chain_rule_without_nu(r, nu):
    return (nu + 1) / 2 / (1 + r**2 / nu) * 2 * r


@written("student_psi", "half")
def chain_rule_without_the_two(r, nu):
    return (nu + 1) / 2 / (1 + r**2 / nu) * r / nu


@written("student_psi", "inner-derivative-forgotten")
def chain_rule_without_the_inner_derivative(r, nu):
    return (nu + 1) / 2 * 1 / (1 + r**2 / nu)


@written("student_psi", "weight")
def how_much_it_counts(r, nu):
    return (nu + 1) / (nu + r * r)


@written("student_psi", "no-square")
def denominator_without_square(r, nu):
    return r * (nu + 1) / (r + nu)


@written("student_psi", "missing-parentheses-below")
def denominator_of_nu_alone(r, nu):
    return (nu + 1) * r / nu + r**2


@written("student_psi", "missing-parentheses-above")
def numerator_without_parentheses(r, nu):
    return nu + 1 * r / (nu + r**2)


@written("student_psi", None)
def no_parentheses_at_all(r, nu):
    return nu + 1 * r / nu + r**2


@written("student_psi", None)
def nu_minus_one(r, nu):
    return (nu - 1) * r / (nu + r**2)


@written("student_psi", None)
def bounded_as_hubers(r, nu):
    return np.clip(r, -nu, nu)


def parts_of_a_step(x, y, beta, k):
    r = y - beta[0] - beta[1] * x
    return np.array([np.ones(len(x)), x]).T, np.minimum(1, k / np.abs(r)), r


@written("irls_step", "unweighted")
def fitted_without_weights(x, y, beta, k):
    return np.polyfit(x, y, 1)[::-1]


@written("irls_step", "least-absolute")
def minimum_with_1_forgotten(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    W = np.diag(k / np.abs(r))
    return np.linalg.inv(X.T @ W @ X) @ (X.T @ W @ y)


@written("irls_step", "least-absolute-by-lstsq", None)  # not every LAPACK stops at an infinity
def minimum_with_1_forgotten_in_polyfit(x, y, beta, k):
    _, _, r = parts_of_a_step(x, y, beta, k)
    return np.polyfit(x, y, 1, w=1 / np.sqrt(np.abs(r)))[::-1]


@written("irls_step", "maximum-for-minimum")
def maximum_with_1(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    W = np.diag(np.maximum(k / np.abs(r), 1))
    return np.linalg.solve(X.T @ W @ X, X.T @ W @ y)


@written("irls_step", "weights-squared")
def lstsq_with_the_weights_themselves(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, beta, k)
    return np.linalg.lstsq(w[:, None] * X, w * y)[0]


@written("irls_step", "root-on-x-only")
def lstsq_with_y_as_it_is(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, beta, k)
    return np.linalg.lstsq(np.sqrt(w)[:, None] * X, y)[0]


@written("irls_step", "weights-on-the-right-only")
def normal_equations_with_weighted_y(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, beta, k)
    return np.linalg.solve(X.T @ X, X.T @ (w * y))


@written("irls_step", "no-absolute")
def quotient_with_its_sign(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    W = np.diag(np.where(k / r < 1, k / r, 1))
    return np.linalg.solve(X.T @ W @ X, X.T @ W @ y)


@written("irls_step", "outliers-dropped")
def points_within_k_only(x, y, beta, k):
    near = np.abs(y - beta[0] - beta[1] * x) <= k
    slope, intercept = np.polyfit(x[near], y[near], 1)
    return np.array([intercept, slope])


@written("irls_step", "step-only")
def residuals_on_the_right(x, y, beta, k):
    X, w, r = parts_of_a_step(x, y, beta, k)
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ r)


@written("irls_step", "slope-first")
def order_of_polyfit(x, y, beta, k):
    _, w, _ = parts_of_a_step(x, y, beta, k)
    return np.polyfit(x, y, 1, w=w**0.5)


@written("irls_step", "beta-exchanged")
def beta_read_as_polyfit_gives_it(x, y, beta, k):
    w = np.minimum(1, k / np.abs(y - np.polyval(beta, x)))
    return np.polyfit(x, y, 1, w=np.sqrt(w))[::-1]


@written("irls_step", "residuals-of-y")
def weights_of_y(x, y, beta, k):
    X, w, _ = parts_of_a_step(x, y, np.zeros(2), k)
    return np.linalg.solve(X.T @ np.diag(w) @ X, X.T @ np.diag(w) @ y)


@written("irls_step", "no-intercept")
def line_through_the_origin(x, y, beta, k):
    _, w, _ = parts_of_a_step(x, y, beta, k)
    return np.array([np.sum(w * x * y) / np.sum(w * x * x)])


@written("irls_step", "pull-for-weight")
def clipped_residuals_as_weights(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    W = np.diag(np.minimum(k, np.maximum(-k, r)))
    return np.linalg.inv(X.T @ W @ X) @ X.T @ W @ y


@written("irls_step", "zero-over-zero")
def pull_over_residual(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    w = np.where(np.abs(r) > k, k * np.sign(r), r) / r
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)


@written("irls_step", None)
def polyfit_with_the_weights_themselves(x, y, beta, k):
    _, w, _ = parts_of_a_step(x, y, beta, k)
    return np.polyfit(x, y, 1, w=w)


@written("irls_step", None)
def step_of_pulled_residuals(x, y, beta, k):
    X, w, r = parts_of_a_step(x, y, beta, k)
    return beta + np.linalg.solve(X.T @ X, X.T @ (w * r))


@written("irls_step", None)
def bisquare_for_huber(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    w = np.where(np.abs(r) < k, (1 - (r / k) ** 2) ** 2, 0)
    return np.linalg.pinv(X.T @ (w[:, None] * X)) @ X.T @ (w * y)


@written("irls_step", None)
def scale_estimated_too(x, y, beta, k):
    X, _, r = parts_of_a_step(x, y, beta, k)
    w = np.minimum(1, k * np.median(np.abs(r)) / 0.6745 / np.abs(r))
    return np.linalg.solve((X.T * w) @ X, (X.T * w) @ y)


@written("irls_step", None)
def python_min_of_an_array(x, y, beta, k):
    r = y - beta[0] - beta[1] * x
    w = min(1, k / abs(r))
    return np.polyfit(x, y, 1, w=w)


def normal_matrix(x):
    X = np.hstack([np.ones((len(x), 1)), x])
    return X, np.linalg.inv(X.T @ X)


@written("leverages", "no-intercept")
def features_alone(x):
    return np.diag(x @ np.linalg.inv(x.T @ x) @ x.T)


@written("leverages", "whole-matrix")
def all_of_H(x):
    X, inverse = normal_matrix(x)
    return X @ inverse @ X.T


@written("leverages", "sum")
def trace_of_H(x):
    X, inverse = normal_matrix(x)
    return np.trace(X @ inverse @ X.T)


@written("leverages", "no-inverse")
def lengths_of_the_rows(x):
    X, _ = normal_matrix(x)
    return np.diag(X @ X.T)


@written("leverages", "not-inverted")
def product_of_all_four(x):
    X, _ = normal_matrix(x)
    return [row @ (X.T @ X) @ row for row in X]


@written("leverages", "centred-without-1/N")
def covariance_instead_of_ones(x):
    d = x - x.mean(axis=0)
    S = np.cov(x.T).reshape(x.shape[1], x.shape[1]) * (len(x) - 1)
    return np.sum(d @ np.linalg.inv(S) * d, axis=1)


@written("leverages", "one-by-one")
def formula_of_one_feature_added_up(x):
    h = np.full(len(x), 1 / len(x))
    for j in range(x.shape[1]):
        d = x[:, j] - x[:, j].mean()
        h += d**2 / (d @ d)
    return h


@written("leverages", "first-feature-only")
def formula_of_one_feature(x):
    d = x[:, 0] - x[:, 0].mean()
    return 1 / len(d) + d**2 / np.sum(d**2)


@written("leverages", "row-sums")
def sums_along_the_rows(x):
    X, inverse = normal_matrix(x)
    return np.sum(X @ inverse @ X.T, axis=1)


@written("leverages", "diagonal-of-the-inverse")
def diagonal_before_the_product(x):
    return normal_matrix(x)[1].diagonal()


@written("leverages", "indices")
def places_above_twice_the_mean(x):
    X, inverse = normal_matrix(x)
    h = np.sum(X @ inverse * X, axis=1)
    return np.where(h > 2 * h.mean())[0]


@written("leverages", None)
def first_row_of_H(x):
    X, inverse = normal_matrix(x)
    return (X @ inverse @ X.T)[0]


@written("leverages", None)
def mahalanobis_distances(x):
    d = x - x.mean(axis=0)
    S = np.cov(x, rowvar=False).reshape(x.shape[1], x.shape[1])
    return np.sum(d @ np.linalg.inv(S) * d, axis=1)


@written("leverages", None)
def intercept_left_out_of_the_last_product(x):
    _, inverse = normal_matrix(x)
    return np.sum(x @ inverse[1:, 1:] * x, axis=1)


@written("leverages", None)
def samples_taken_for_columns(x):
    X = np.vstack([np.ones(x.shape[1]), x])
    return np.diag(X.T @ np.linalg.inv(X @ X.T) @ X)


@written("leverages", None)
def one_over_N_without_centring(x):
    X = np.column_stack([np.zeros(len(x)), x])
    return np.diag(X @ np.linalg.pinv(X)) + 1 / len(x)


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
