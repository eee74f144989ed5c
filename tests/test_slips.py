"""Each slip runs, differs from the right algorithm where it should, and agrees where it may."""

import numpy as np
import pytest

from utils import slips
from utils.activations import identity, sigmoid
from utils.gradients import backward, input_gradient, loss_gradient, parameter_gradient
from utils.losses import binary_cross_entropy, mse, softmax_cross_entropy
from utils.network import Network, forward, init_network
from utils.numerical import complex_step, relative_error


def network(sizes, seed=0, **options):
    net = init_network(sizes, np.random.default_rng(seed), "paper", **options)
    return Network({l: 3 * W for l, W in net.W.items()}, net.b, net.activation)


X = np.array([[0.3, -0.8], [0.7, 0.4]])
POINT = X[:, :1]


def test_the_right_step_gives_the_librarys_gradients():
    net = network([2, 4, 3, 1])
    assert (
        relative_error(slips.input_gradient_with(slips.right_step, net, X), input_gradient(net, X))
        < 1e-14
    )
    y = np.array([[0.2, 0.9]])
    dW, db = slips.batch_gradient_with(slips.right_step, net, X, y)
    _, right_W, right_b = loss_gradient(net, X, y, mse)
    for l in net.W:
        assert relative_error(dW[l], right_W[l]) < 1e-13
        assert relative_error(db[l], right_b[l]) < 1e-13


def test_1_biases_in_one_place_is_exact_only_without_the_strayed_biases():
    net = network([2, 2, 2, 2])
    right = forward(net, X)[1][4]
    assert relative_error(slips.biases_in_one_place(net, X), right) > 0.01
    tame = net.copy()
    tame.b[3][:] = tame.b[4][:] = 0
    assert relative_error(slips.biases_in_one_place(tame, X), forward(tame, X)[1][4]) < 1e-14
    with pytest.raises(ValueError):
        slips.biases_in_one_place(network([2, 3, 4, 1]), X)


def test_2_weights_of_the_next_width_have_the_written_shapes_and_do_not_multiply():
    W = slips.weights_of_the_next_width([2, 2, 3, 2], np.random.default_rng(0))
    assert {l: w.shape for l, w in W.items()} == {2: (2, 3), 3: (3, 2)}
    with pytest.raises(ValueError):
        W[2] @ POINT


def test_3_previous_weights_are_silent_with_equal_widths_only():
    net = network([2, 2, 2, 2])
    written = slips.forward_with_previous_weights(net, X)
    assert written.shape == (2, 2)
    assert relative_error(written, forward(net, X)[1][4]) > 0.01
    with pytest.raises(ValueError):
        slips.forward_with_previous_weights(network([2, 3, 4, 1]), X)


def test_4_collapse_without_bias_misses_the_value_at_zero():
    net = network([2, 3, 2], activation=identity)
    W, b = slips.collapsed(net)
    zero = np.zeros((2, 1))
    assert relative_error(W @ X + b, forward(net, X)[1][3]) < 1e-14
    W_written, b_written = slips.collapse_without_bias(net)
    assert np.array_equal(W_written, W)
    assert not (W_written @ zero + b_written).any()
    assert np.abs(forward(net, zero)[1][3]).min() > 0.01


def test_5_one_output_for_one_hot_has_one_output():
    assert slips.one_output_for_one_hot(np.random.default_rng(0)).sizes[-1] == 1


def test_6_the_mixed_layout_is_silent_for_square_matrices_only():
    A, B = np.random.default_rng(0).normal(size=(2, 2, 2))
    assert np.array_equal(slips.chain_in_mixed_layout([A, B]), A @ B)
    assert relative_error(A @ B, B @ A) > 0.1
    with pytest.raises(ValueError):
        slips.chain_in_mixed_layout([np.ones((4, 2)), np.ones((3, 4))])


def test_7_the_factor_through_layer_2_is_a_row_and_not_the_error():
    net = network([2, 3, 1])
    z, a = forward(net, POINT)

    def cost_of_z2(z2):
        a3 = sigmoid(net.W[3] @ sigmoid(z2) + net.b[3])
        return -np.log(a3)[0, 0]

    written = slips.output_error_through_layer_2(net, POINT, 1.0)
    assert written.shape == (1, 3)
    assert relative_error(written.ravel(), complex_step(cost_of_z2, z[2]).ravel()) < 1e-12
    assert np.abs(written - (a[3] - 1)).min() > 1e-3


@pytest.mark.parametrize("slip", slips.STEPS, ids=lambda s: s.name)
def test_each_flawed_step_differs_from_the_right_one_with_equal_widths(slip):
    rng = np.random.default_rng(3)
    W, delta, z = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), 3 * rng.normal(size=(3, 3))
    arguments = (sigmoid, W, delta, z, sigmoid(z))
    written, right = slip.variant(*arguments), slips.right_step(*arguments)
    assert written.shape == right.shape
    assert relative_error(written, right) > 0.05


def test_9_dividing_by_the_error_is_right_until_the_network_fits():
    net = network([2, 4, 3, 1])
    right = input_gradient(net, POINT)
    y = forward(net, POINT)[1][4]
    for target in (0.0, 0.9):
        written = slips.input_gradient_through_cost(net, POINT, np.array([[target]]))
        assert relative_error(written, right) < 1e-12
    assert np.isnan(slips.input_gradient_through_cost(net, POINT, y)).all()


@pytest.mark.parametrize(
    ("slip", "right_for", "wrong_for"),
    [
        (
            lambda net, x: slips.input_gradient_dividing_by_layer_2(net, x, np.zeros((1, 1))),
            [2, 1],
            [2, 4, 3, 1],
        ),
        (slips.input_gradient_over_output_neurons, [2, 1, 3, 1], [2, 4, 3, 1]),
        (
            lambda net, x: slips.input_gradient_with(slips.step_without_derivative, net, x),
            [2, 1],
            [2, 3, 1],
        ),
    ],
    ids=["10", "11", "12"],
)
def test_10_to_12_are_right_on_the_weak_network_and_wrong_on_the_other(slip, right_for, wrong_for):
    weak, strong = network(right_for), network(wrong_for)
    assert relative_error(slip(weak, POINT), input_gradient(weak, POINT)) < 1e-13
    assert relative_error(slip(strong, POINT), input_gradient(strong, POINT)) > 0.1


def test_13_one_path_is_exact_while_hidden_layers_above_have_width_one():
    for sizes, exact in [([2, 3, 1], True), ([2, 3, 1, 1, 1], True), ([2, 3, 2, 1], False)]:
        net = network(sizes)
        start = slips.slope_at_the_output
        _, a, g = slips.recursion(slips.step_along_one_path, net, POINT, start)
        error = relative_error(g[2] @ a[1].T, parameter_gradient(net, POINT)[0][2])
        assert (error < 1e-13) == exact


def test_15_row_by_column_needs_equal_widths_to_run_and_is_wrong_then():
    y = np.ones((1, 1))
    with pytest.raises(ValueError):
        slips.weight_gradient_row_by_column(network([2, 3, 1]), POINT, y)
    net = network([2, 2, 1])
    _, a = forward(net, POINT)
    right = backward(net, a, a[3] - y)[2] @ a[1].T
    assert relative_error(slips.weight_gradient_row_by_column(net, POINT, y), right) > 0.1


def test_16_the_norm_inside_is_right_for_one_output_only():
    a, y = np.array([0.3, 0.8]), np.array([1.0, 0.0])
    assert slips.cost_with_the_norm_inside(a[:1], y[:1]) == pytest.approx(0.5 * 0.7**2)
    # ½ [(1 − .3)² + (0 − .3)² + (1 − .8)² + (0 − .8)²]
    assert slips.cost_with_the_norm_inside(a, y) == pytest.approx(0.5 * (0.49 + 0.09 + 0.04 + 0.64))


# -------- 07 to 10: the right algorithms, by other means


def lines(seed, N=12, p=1):
    rng = np.random.default_rng(seed)
    return rng, np.hstack([np.ones((N, 1)), rng.normal(size=(N, p))])


def test_difference_weights_are_those_of_two_fits():
    rng, X = lines(1, p=3)
    h = rng.integers(2, size=12).astype(float)
    both, *_ = np.linalg.lstsq(X, np.column_stack([h, 1 - h]), rcond=None)
    w, *_ = np.linalg.lstsq(X, h, rcond=None)
    right = both[:, 0] - both[:, 1]
    assert np.abs(slips.difference_weights(w) - right).max() < 1e-12


def test_the_class_of_a_scalar_is_the_nearest_label():
    a = np.random.default_rng(0).uniform(-4, 9, size=(1, 200))
    for K in (2, 3, 5):
        nearest = np.abs(a - np.arange(K)[:, None]).argmin(axis=0)
        assert np.array_equal(slips.class_of_scalar(a, K), nearest)


def test_the_start_vector_of_cross_entropy_is_the_librarys():
    z = np.random.default_rng(0).normal(size=(4, 6))
    y = np.eye(4)[:, [0, 3, 1, 1, 2, 0]]
    right = softmax_cross_entropy.delta(z, z, y, identity)
    assert relative_error(slips.cross_entropy_start(z, y), right) < 1e-14


def test_the_start_vector_of_the_squared_error_through_the_softmax_is_its_derivative():
    z, y = np.array([[0.3], [-1.0], [0.8]]), np.array([[0.0], [1.0], [0.0]])

    def cost(z):
        p = np.exp(z) / np.exp(z).sum()
        return 0.5 * ((p - y) ** 2).sum()

    assert relative_error(slips.start_of_squared_error(z, y), complex_step(cost, z)) < 1e-13


def test_the_stable_cross_entropy_is_the_librarys():
    z, y = np.array([[-1000.0, -2.0, 0.0, 3.0, 1000.0]]), np.array([[1.0, 0.3, 1.0, 0.0, 0.25]])
    values = slips.stable_cross_entropy(z, y)
    assert values.sum() / 5 == pytest.approx(binary_cross_entropy.value(z, sigmoid(z), y))
    assert values[0, [0, 4]].tolist() == [1000.0, 750.0]
    assert relative_error(slips.cross_entropy_by(slips.logs_from_z, z, y), values) < 1e-14


def test_the_logarithms_of_the_output_are_right_until_it_saturates():
    z, y = np.array([[-5.0, 0.0, 2.0, 5.0]]), np.array([[1.0, 0.0, 0.5, 0.0]])
    right = slips.stable_cross_entropy(z, y)
    for logs in (slips.logs_of_output, slips.logs_by_hand):
        assert relative_error(slips.cross_entropy_by(logs, z, y), right) < 1e-12
    with np.errstate(all="ignore"):
        far = slips.cross_entropy_by(slips.logs_of_output, np.array([[1000.0]]), np.zeros((1, 1)))
    assert np.isinf(far).all()


@pytest.mark.parametrize("nu", [1, 3, 7.5])
def test_psi_is_the_derivative_of_minus_the_log_density(nu):
    r = np.array([-20.0, -1.0, 0.0, 0.4, 3.0])
    right = [
        complex_step(lambda v: (nu + 1) / 2 * np.log(1 + v**2 / nu), np.array(v)).item() for v in r
    ]
    assert np.abs(slips.student_psi(r, nu) - right).max() < 1e-14


def test_repeated_steps_lead_to_the_zero_of_hubers_equations():
    rng, X = lines(2)
    y = X @ [1.0, 2.0] + 0.3 * rng.normal(size=12)
    y[:2] += [8, -5]
    beta, k = np.zeros(2), 0.4
    for _ in range(200):
        beta = slips.irls_step(X[:, 1], y, beta, k)
    assert np.abs(X.T @ np.clip(y - X @ beta, -k, k)).max() < 1e-12


def test_steps_with_the_weight_of_least_absolute_deviations_lead_there():
    # five points, p + 1 = 2 of them on the line: the sum of |r| is smallest there
    x, y = np.array([0.0, 1.0, 2.0, 3.0, 4.5]), np.array([0.1, 1.0, 2.3, 2.9, 40.0])
    beta = np.array([0.0, 1.5])
    for _ in range(15):  # a few more, and a residual is exactly 0
        beta = slips.irls_step(x, y, beta, 1.0, slips.weight_of_least_absolute)
    pairs = [(i, j) for i in range(5) for j in range(i)]
    through = [np.polyfit(x[list(p)], y[list(p)], 1) for p in pairs]
    best = min(through, key=lambda line: np.abs(y - np.polyval(line, x)).sum())
    assert np.abs(beta[::-1] - best).max() < 1e-2


@pytest.mark.parametrize("p", [1, 2, 3])
def test_a_leverage_is_how_far_the_fit_follows_its_own_label(p):
    _, X = lines(3, p=p)
    h = slips.leverages(X[:, 1:])
    follows = [X[i] @ np.linalg.lstsq(X, np.eye(12)[i], rcond=None)[0] for i in range(12)]
    assert np.abs(h - follows).max() < 1e-13
    assert h.sum() == pytest.approx(p + 1)


# -------- 07 to 10: the numbers by which a slip is to be seen

ONE, HALF = np.array([1.0, 0.0]), np.array([0.5, 0.0])
SURE, FIRST = np.array([[-20.0], [20.0]]), np.array([[1.0], [0.0]])
# exercise, arguments, the right answer, and what slips answer
NUMBERS = [
    (
        "difference_weights",
        (HALF,),
        [0, 0],
        {
            "no-one": [1, 0],
            "one-everywhere": [0, -1],
            "half-for-one": [0.5, 0],
            "one-added": [2, 0],
            "one-doubled": [-1, 0],
            "intercept-not-doubled": [-0.5, 0],
            "last-entry": [1, -1],
        },
    ),
    (
        "difference_weights",
        (ONE,),
        [1, 0],
        {"wrong-direction": [-1, 0], "output-2": [0, 0], "not-doubled": [0, 0]},
    ),
    ("difference_weights", (np.zeros(2),), [-1, 0], {"output-1": [0, 0]}),
    (
        "difference_weights",
        (np.array([0.5, 1.0]),),
        [0, 2],
        {"slopes-cancelled": [0, 0], "slopes-not-doubled": [0, 1]},
    ),
    (
        "class_of_scalar",
        (np.array([[0.9]]), 3),
        [1],
        {"floor": [0], "truncated": [0], "floor-not-limited": [0], "not-rounded": [0.9]},
    ),
    ("class_of_scalar", (np.array([[0.1]]), 3), [0], {"ceil": [1], "labels-from-one": [1]}),
    ("class_of_scalar", (np.array([[1.8]]), 3), [2], {"two-classes": [1], "argmax": [0]}),
    ("class_of_scalar", (np.array([[3.2]]), 3), [2], {"wrapped": [0], "not-limited": [3]}),
    (
        "class_of_scalar",
        (np.array([[2.2, -1.3]]), 2),
        [1, 0],
        {"limited-at-K": [2, 0], "no-upper-limit": [2, 0], "no-lower-limit": [1, -1]},
    ),
    (
        "cross_entropy_start",
        (SURE, FIRST),
        [[-1], [1]],
        {"squared-error-factor": [[0], [0]], "squared-error": [[0], [0]]},
    ),
    (
        "stable_cross_entropy",
        (np.array([[5.0, -5.0]]), np.zeros((1, 2))),
        [[5.0067, 0.0067]],
        {
            "opposite-sign": [[-5.0067, -0.0067]],
            "second-term-forgotten": [[0, 0]],
            "labels-exchanged": [[0.0067, 5.0067]],
            "sign-of-the-second-term": [[-5.0067, -0.0067]],
            "no-maximum": [[0.0067, 0.0067]],
            "absolute-for-maximum": [[5.0067, 5.0067]],
            "minimum-for-maximum": [[0.0067, -4.9933]],
            "no-absolute": [[5.0067, 5.0067]],
            "exponent-of-z": [[10.0067, 0.0067]],
            "exponent-without-minus": [[10.0067, 5.0067]],
        },
    ),
    (
        "stable_cross_entropy",
        (np.array([[5.0, -5.0]]), np.ones((1, 2))),
        [[0.0067, 5.0067]],
        {
            "first-term-forgotten": [[0, 0]],
            "labels-exchanged": [[5.0067, 0.0067]],
            "plus-yz": [[10.0067, -4.9933]],
        },
    ),
    (
        "stable_cross_entropy",
        (np.array([[5.0]]), np.array([[0.5]])),
        [[2.5067]],
        {"labels-only": [[5.0067]]},
    ),
    (
        "stable_cross_entropy",
        (np.zeros((1, 1)), np.ones((1, 1))),
        [[0.6931]],
        {"derivative": [[-0.5]]},
    ),
    (
        "stable_cross_entropy",
        (np.array([[1000.0, -1000.0]]), np.array([[0.0, 1.0]])),
        [[1000, 1000]],
        {
            "log-of-the-output": [[np.inf, 709]],  # the library's σ is 1/(1 + e^709) there
            "log-of-the-output-by-hand": [[np.inf, np.inf]],
            "clipped-at-1e-15": [[34.5396, 34.5388]],
            "1e-15-added": [[34.5388, 34.5388]],
            "clipped-at-1e-07": [[16.1181, 16.1181]],
        },
    ),
    (
        "stable_cross_entropy",
        (np.array([[1000.0, -1000.0]]), np.array([[1.0, 0.0]])),
        [[0, 0]],
        {"overflow": [[np.inf, 0]], "overflow-below": [[0, np.inf]]},
    ),
    (
        "student_psi",
        (np.array([0.0, 1.0, 2.0, -2.0]), 3),
        [0, 1, 8 / 7, -8 / 7],
        {
            "nu-for-nu-plus-1": [0, 3 / 4, 6 / 7, -6 / 7],
            "opposite-sign": [0, -1, -8 / 7, 8 / 7],
            "weight": [4 / 3, 1, 4 / 7, 4 / 7],
            "no-square": [0, 1, 8 / 5, -8],
            "one-for-nu": [0, 2, 8 / 5, -8 / 5],
            "half": [0, 1 / 2, 4 / 7, -4 / 7],
            "cauchy": [0, 1, 4 / 5, -4 / 5],
            "inner-nu-forgotten": [0, 3, 24 / 7, -24 / 7],
            "inner-derivative-forgotten": [2, 3 / 2, 6 / 7, 6 / 7],
            "r-squared-above": [0, 1, 16 / 7, 16 / 7],
            "nu-squared": [0, 0.4, 8 / 13, -8 / 13],
            "slope": [4 / 3, 1 / 2, -4 / 49, -4 / 49],
            "missing-parentheses-above": [3, 3 + 1 / 4, 3 + 2 / 7, 3 - 2 / 7],
            "missing-parentheses-below": [0, 7 / 3, 20 / 3, 4 / 3],
        },
    ),
    ("student_psi", (np.array(100.0), 3), 0.04, {"gauss": 100}),
]


@pytest.mark.parametrize(("exercise", "arguments", "right", "answers"), NUMBERS)
def test_a_slip_is_seen_by_the_numbers_that_are_told(exercise, arguments, right, answers):
    known = {slip.name: slip.variant for slip in slips.SLIPS[exercise]}
    found = getattr(slips, exercise)(*arguments)
    assert np.allclose(found, right, rtol=0, atol=1e-4)
    for name, answer in answers.items():
        with np.errstate(all="ignore"):
            written = known[name](*arguments)
        assert np.shape(written) == np.shape(found), name
        assert np.allclose(written, answer, rtol=0, atol=1e-4), name
        assert not np.allclose(written, right, rtol=0, atol=1e-3), name


def test_a_number_that_a_text_tells_is_the_one_that_comes_out():
    (gauss,) = (slip for slip in slips.SLIPS["student_psi"] if slip.name == "gauss")
    right = slips.student_psi(np.array(100.0), 3)
    assert f"for ν = 3 and r = 100 it is {right:.2f}; you get 100." in gauss.see


def test_the_columns_of_a_start_vector_sum_to_0_and_not_those_of_the_slips_told_so():
    z = np.random.default_rng(5).normal(size=(3, 4))
    y = np.eye(3)[:, [0, 2, 1, 1]]
    known = {slip.name: slip for slip in slips.SLIPS["cross_entropy_start"]}
    told = [name for name, slip in known.items() if "must sum to 0" in slip.see]
    assert len(told) == 5
    assert np.abs(slips.cross_entropy_start(z, y).sum(axis=0)).max() < 1e-15
    for name in told:
        assert np.abs(known[name].variant(z, y).sum(axis=0)).max() > 0.01, name


def test_a_line_of_points_comes_out_unless_the_weights_are_on_one_side():
    x = np.array([-1.0, 0.0, 2.0, 3.0])
    y, beta = 5 - 2 * x, np.array([1.0, 2.0])
    assert np.abs(slips.irls_step(x, y, beta, 0.5) - [5, -2]).max() < 1e-13
    known = {slip.name: slip for slip in slips.SLIPS["irls_step"]}
    told = [name for name, slip in known.items() if "all points on one line" in slip.see]
    assert len(told) == 3
    for name in told:
        assert np.abs(known[name].variant(x, y, beta, 0.5) - [5, -2]).max() > 0.1, name
    assert np.abs(known["step-only"].variant(x, 1 + 2 * x, beta, 0.5)).max() < 1e-13


def test_leverages_sum_to_the_number_of_coefficients_and_slips_do_not():
    _, X = lines(7, N=10, p=3)
    x = X[:, 1:]
    known = {slip.name: slip for slip in slips.SLIPS["leverages"]}
    sums = {name: np.sum(slip.variant(x)) for name, slip in known.items()}
    assert slips.leverages(x).sum() == pytest.approx(4)
    assert sums["no-intercept"] == pytest.approx(3)
    assert sums["centred-without-1/N"] == pytest.approx(3)
    assert sums["one-minus"] == pytest.approx(10 - 3 - 1)
    assert sums["row-sums"] == pytest.approx(10)
    assert sums["first-feature-only"] == pytest.approx(2)
    told = [name for name, slip in known.items() if "leverages sum to p + 1" in slip.see]
    assert all(abs(sums[name] - 4) > 0.1 for name in told)


def test_leverages_do_not_change_where_the_slips_told_so_do():
    _, X = lines(8, N=10, p=3)
    x = X[:, 1:]
    summed = np.column_stack([x[:, 0], x[:, 0] + x[:, 1], x[:, 2]])
    other = {"multiply x by 10": 10 * x, "replace the second feature by the sum": summed}
    for words, changed in other.items():
        assert np.abs(slips.leverages(changed) - slips.leverages(x)).max() < 1e-13
        told = [slip for slip in slips.SLIPS["leverages"] if words in slip.see]
        assert told
        for slip in told:
            assert np.abs(slip.variant(changed) - slip.variant(x)).max() > 0.01, slip.name


def test_every_slip_says_what_and_how_to_see_it():
    for exercise, known in slips.SLIPS.items():
        names = [slip.name for slip in known]
        assert len(set(names)) == len(names), exercise
        for slip in known:
            assert len(slip.says) > 15, slip.name
            assert len(slip.see) > 15, slip.name


def test_the_hunts_number_1_to_16_are_all_here():
    text = " ".join(
        f.__doc__ or ""
        for f in vars(slips).values()
        if callable(f) and f.__module__ == slips.__name__
    )
    for number in range(1, 17):
        assert f"Slip {number}:" in text
