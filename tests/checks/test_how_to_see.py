"""“How to see it” is executed: out of a slip comes the number that is told, not the right one.

Each row below reads the numbers out of the sentences of one exercise.
"""

import re
from fractions import Fraction

import numpy as np
import pytest

from utils import checks
from utils.activations import relu, sigmoid, tanh
from utils.checks import EXERCISES
from utils.checks.exercise import random_net
from utils.gradients import loss_gradient, stack
from utils.losses import mse
from utils.network import Network, forward, init_network
from utils.numerical import finite_difference
from utils.replicas import mean_interval

HALVES = {"½": "0.5", "¼": "0.25", "¾": "0.75", "−": "-"}
NUMBER = r"(−?[\d./½¼¾]*[\d½¼¾])"


def number(words):
    """A number as it stands in a sentence.

    Examples
    --------
    >>> number("−½"), number("8/7") == 8 / 7, number("0.42")
    (-0.5, True, 0.42)
    """
    for sign, plain in HALVES.items():
        words = words.replace(sign, plain)
    return float(Fraction(words))


def one(z):
    return np.array([[float(z)]])


# exercise, pattern, arguments from its numbers, which group is the right answer (or the answer
# itself), which what the slip gives (None: it is only said that it is another one)
TOLD = [
    ("half_square", rf"try a = {NUMBER}, y = {NUMBER}: it should be {NUMBER}(?:, not {NUMBER})?"
     rf"(?:, and you get {NUMBER})?", lambda m: (one(m[1]), one(m[2])), 3, (4, 5)),
    ("layer", rf"at z = {NUMBER} σ is {NUMBER}(?:, and you get (?:σ\(½\) = )?{NUMBER})?",
     lambda m: (one(1), one(0), one(m[1])), 2, (3,)),
    ("parameter_count", r"2-1 has two weights and one bias: (3)(?:; you count (\d))?",
     lambda m: ((2, 1),), 1, (2,)),
    ("parameter_count", r"2-3 has 6 weights and 3 biases: (9)", lambda m: ((2, 3),), 1, ()),
    ("parameter_count", r"2-2-3-2 has (23) parameters(?:; you count (\d+))?",
     lambda m: ((2, 2, 3, 2),), 1, (2,)),
    ("tanh_jacobian", rf"at z = {NUMBER} the slope of tanh is {NUMBER}(?:, not {NUMBER})?"
     rf"(?:; (?:you get|a\(1 − a\) gives) {NUMBER})?",
     lambda m: (one(1), one(0), one(m[1])), 2, (3, 4)),
    ("backward_step", rf"at z = 0,? (?:the slope|σ′)(?: of σ)? is {NUMBER}"
     rf"(?:; (?:with (?:σ\(½\)|a = ½) )?you get {NUMBER}|: a.* gives {NUMBER}\.$)",
     lambda m: (one(1), one(1), one(0.5)), 1, (2, 3)),
    ("class_of_scalar", rf"try (?:K = (\d) and )?a = {NUMBER}: class {NUMBER}"
     rf"(?:, and you get {NUMBER})?", lambda m: (one(m[2]), int(m[1] or 3)), 3, (4,)),
    ("stable_cross_entropy", rf"(?:try|put) z = {NUMBER}, y = {NUMBER}: it should be (?:log .* = )?"
     rf"{NUMBER}(?:, and you get {NUMBER})?", lambda m: (one(m[1]), one(m[2])), 3, (4,)),
    ("stable_cross_entropy", rf"put y = {NUMBER} and z = {NUMBER}: a sure, \w+ answer costs "
     rf"{NUMBER}; you get {NUMBER}", lambda m: (one(m[2]), one(m[1])), 3, (4,)),
    ("student_psi", rf"at r = (1), ψ is (1) whatever ν is; (?:for ν = 3 )?you get {NUMBER}",
     lambda m: (np.array([1.0]), 3), 2, (3,)),
    ("student_psi", rf"for ν = 3 and r = {NUMBER} it is {NUMBER}(?:; you get {NUMBER})?",
     lambda m: (np.array([m[1]]), 3), 2, (3,)),
    ("student_psi", rf"so ψ is (0) there; for ν = 3 you get {NUMBER}",
     lambda m: (np.zeros(1), 3), 1, (2,)),
]  # fmt: skip


def rows():
    for name, pattern, arguments, right, wrong in TOLD:
        for slip in EXERCISES[name].slips:
            if match := re.search(pattern, slip.see):
                yield pytest.param(name, slip, match, arguments, right, wrong,
                                   id=f"{name}: {slip.name}: {match[0][:30]}")  # fmt: skip


ROWS = list(rows())


def value(found):
    return float(np.ravel(found)[0])


@pytest.mark.parametrize(("name", "slip", "match", "arguments", "right", "wrong"), ROWS)
def test_the_numbers_that_are_told_come_out(name, slip, match, arguments, right, wrong):
    given = {k: number(words) for k, words in enumerate(match.groups(), 1) if words}
    given.update({k: None for k in range(1, len(match.groups()) + 1) if k not in given})
    arguments = arguments(given)
    expected = given[right]
    assert value(EXERCISES[name].reference(*arguments)) == pytest.approx(expected, abs=6e-3)
    with np.errstate(all="ignore"):
        found = value(slip.variant(*arguments))
    told = next((given[k] for k in wrong if given.get(k) is not None), None)
    if told is None:
        assert found != pytest.approx(expected, abs=6e-3)
    else:
        assert found == pytest.approx(told, abs=6e-2 if abs(told) > 4 else 6e-3)


def test_most_numbers_are_read():
    assert len(ROWS) > 120
    names = {row.values[0] for row in ROWS}
    assert names == {row[0] for row in TOLD}


# -------- what can be done with the answer as a whole


def test_leverages_that_are_to_be_added_up():
    x = np.random.default_rng(4).normal(size=(9, 2))
    right = EXERCISES["leverages"].reference(x).sum()
    assert right == pytest.approx(3)
    told = [slip for slip in EXERCISES["leverages"].slips if "add up your answer" in slip.see]
    assert len(told) > 8
    for slip in told:
        assert abs(np.sum(slip.variant(x)) - 3) > 1e-3, slip.name


@pytest.mark.parametrize("name", ["softmax_jacobian", "cross_entropy_start"])
def test_columns_that_must_sum_to_0(name):
    rng = np.random.default_rng(3)
    z, y = rng.normal(size=(3, 1)), np.array([[0.0], [1.0], [0.0]])
    arguments = (z,) if name == "softmax_jacobian" else (z, y)
    exercise = EXERCISES[name]
    assert np.abs(exercise.reference(*arguments).sum(axis=0)).max() < 1e-14
    told = [
        s for s in exercise.slips if re.search(r"column of the \w+ (must sum|sums) to 0", s.see)
    ]
    assert len(told) >= 4
    for slip in told:
        assert np.abs(slip.variant(*arguments).sum(axis=0)).max() > 1e-3, slip.name


@pytest.mark.parametrize(
    ("name", "arguments", "words", "change", "moves"),
    [
        ("cross_entropy_start", (np.array([[0.3, 2.0], [1.0, -1.0]]), np.eye(2)),
         "give each sample twice: every entry must become half as large",
         lambda z, y: (np.hstack([z, z]), np.hstack([y, y])),
         lambda before, after: np.hstack([before, before]) / 2),
        ("cross_entropy_start", (np.array([[0.3, 2.0], [1.0, -1.0]]), np.eye(2)),
         "add 100 to the first row of z: a of the first class must go to 1",
         lambda z, y: (z + [[100.0], [0.0]], y),
         lambda before, after: (np.array([[1.0], [0.0]]) - np.eye(2)) / 2),
        ("stable_cross_entropy", (np.array([[0.3, 2.0]]), np.array([[1.0, 0.0]])),
         "give each column twice: no entry may change",
         lambda z, y: (np.hstack([z, z]), np.hstack([y, y])),
         lambda before, after: np.hstack([before, before])),
        ("leverages", (np.array([[0.3], [2.0], [1.0], [7.0]]),),
         "exchange two rows of x: the same two entries must be exchanged",
         lambda x: (x[[0, 3, 2, 1]],),
         lambda before, after: before[[0, 3, 2, 1]]),
        ("irls_step", (np.arange(5.0), np.array([1.5, 2, 9, 4.5, 4]), np.array([1.0, 1]), 0.7),
         "give y and beta ten times as large, but the same k: the answer must not",
         lambda x, y, beta, k: (x, 10 * y, 10 * beta, k),
         lambda before, after: None if np.allclose(after, 10 * before) else after),
        ("irls_step", (np.arange(5.0), np.array([1.5, 2, 9, 4.5, 4]), np.array([1.0, 1]), 0.7),
         "change beta: where some |r| are above k, the answer must change",
         lambda x, y, beta, k: (x, y, beta + 1, k),
         lambda before, after: None if np.allclose(after, before) else after),
        ("student_psi", (np.array([0.5, -2.0]), 3), "change nu: the answer must change",
         lambda r, nu: (r, nu + 1),
         lambda before, after: None if np.allclose(after, before) else after),
        ("student_psi", (np.array([0.5, 2.0]), 3), "ψ(−r) is −ψ(r); yours is the same for both",
         lambda r, nu: (-r, nu), lambda before, after: -before),
    ],
)  # fmt: skip
def test_what_is_told_to_be_changed_moves_the_right_answer_as_told(
    name, arguments, words, change, moves
):
    exercise = EXERCISES[name]

    def as_told(function):
        before, after = function(*arguments), function(*change(*arguments))
        expected = moves(before, after)
        return expected is not None and np.allclose(after, expected)

    assert as_told(exercise.reference)
    told = [slip for slip in exercise.slips if words in slip.see]
    assert told
    for slip in told:
        assert not as_told(slip.variant), slip.name


def test_one_step_more_moves_one_step_and_not_the_end_of_many():
    exercise = EXERCISES["irls_step"]
    (slip,) = (s for s in exercise.slips if "give your answer back as beta" in s.see)
    x, y, beta, k = exercise.cases(np.random.default_rng(2))[0].arguments

    def moved(function):
        once = function(x, y, beta, k)
        return np.abs(exercise.reference(x, y, once, k) - once).max()

    assert moved(exercise.reference) > 1e-3
    assert moved(slip.variant) < 1e-9


def test_the_weight_of_a_residual_of_2k_is_one_half_to_the_last_digit():
    exercise = EXERCISES["irls_step"]
    told = [slip for slip in exercise.slips if "for a residual of exactly 2k" in slip.see]
    assert len(told) == 4
    room = checks.nb09_gaussian_vs_heavy_tailed_noise
    assert room.huber_weight(np.array([2.6]), 1.3) == 0.5
    for slip in told:
        assert slip.variant.keywords["weight"](np.array([2.6]), 1.3) < 0.5


def twice(net, x, y):
    return net, np.hstack([x, x]), np.hstack([y, y])


def test_samples_given_twice_leave_a_mean_alone():
    exercise = EXERCISES["batch_mean"]
    case = exercise.cases(np.random.default_rng(2))[2]
    right = exercise.reference(*case.arguments), exercise.reference(*twice(*case.arguments))
    told = [slip for slip in exercise.slips if "give each sample twice" in slip.see]
    assert len(told) >= 7

    def moved(pair):
        (W, b), (W2, b2) = pair
        return max(np.abs(v - W2[l]).max() for l, v in W.items()), max(
            np.abs(v - b2[l]).max() for l, v in b.items()
        )

    assert max(moved(right)) < 1e-15
    for slip in told:
        pair = slip.variant(*case.arguments), slip.variant(*twice(*case.arguments))
        dW, db = moved(pair)
        expected = dW if "dW must not" in slip.see else db if "db must" in slip.see else max(dW, db)
        assert expected > 1e-4, slip.name


def test_with_one_output_you_are_right_and_with_two_you_get_half():
    exercise = EXERCISES["batch_mean"]
    (slip,) = (s for s in exercise.slips if s.name == "divided-by-outputs")
    for case in exercise.cases(np.random.default_rng(2)):
        outputs = case.arguments[0].sizes[-1]
        right, wrong = exercise.reference(*case.arguments)[0], slip.variant(*case.arguments)[0]
        assert all(np.allclose(outputs * wrong[l], right[l]) for l in right)


def test_what_the_zero_network_is_said_to_show():
    from utils.data import ten_points
    from utils.gradients import loss_gradient
    from utils.losses import mse

    x, y = ten_points()
    rng = np.random.default_rng(1)
    _, dW, db = loss_gradient(init_network([2, 3, 1], rng, "zeros"), x[:, :4], y[:1, :4], mse)
    blocks = {"dW[2]": dW[2], "db[2]": db[2], "dW[3]": dW[3], "db[3]": db[3]}
    exercise = EXERCISES["vanishes_at_zero"]
    for name, block in blocks.items():
        assert exercise.reference(name) == (not np.any(block))
    told = [slip for slip in exercise.slips if "loss_gradient(init_network" in slip.see]
    assert len(told) == 2
    for slip in told:
        assert "x[:, :4], y[:1, :4], mse)" in slip.see
        assert any(slip.variant(name) != (not np.any(block)) for name, block in blocks.items())


def test_a_step_put_into_the_linear_approximation_gives_one_half():
    from utils.gradients import input_gradient
    from utils.network import forward

    exercise = EXERCISES["step_to_boundary"]
    told = [slip for slip in exercise.slips if "put the step into a + g·step" in slip.see]
    assert len(told) >= 6
    for case in exercise.cases(np.random.default_rng(2)):
        net, x = case.arguments
        a, g = forward(net, x)[1][net.L], input_gradient(net, x)
        assert np.allclose(a + (g * (exercise.reference(net, x) - x)).sum(axis=0), 0.5)
        for slip in told:
            step = slip.variant(net, x) - x
            assert not np.allclose(a + (g * step).sum(axis=0), 0.5), slip.name
        beside = [slip for slip in exercise.slips if "print the step beside g" in slip.see]
        assert len(beside) == 2
        assert is_multiple(exercise.reference(net, x) - x, g)
        for slip in beside:
            assert not is_multiple(slip.variant(net, x) - x, g), slip.name


def is_multiple(step, g):
    """Is each column of the one a multiple of the other's?"""
    ratio = step / g
    return np.allclose(ratio, ratio[0])


# -------- what is pasted into a cell


def pasted(words):
    """The arguments in `try first = …, second = …, margin = …: what comes out`."""
    assignments = re.search(r"try (.*?): ", words)[1]
    names = {"np": np}
    for line in re.split(r", (?=(?:first|second|margin) = )", assignments):
        exec(line, names)
    return names["first"], names["second"], names["margin"]


@pytest.mark.parametrize("slip", EXERCISES["may_be_said"].slips, ids=lambda slip: slip.name)
def test_what_is_pasted_tells_a_wrong_reading_from_the_right_one(slip):
    first, second, margin = pasted(slip.see)
    right = EXERCISES["may_be_said"].reference(first, second, margin)
    assert tuple(slip.variant(first, second, margin)) != tuple(right)
    for sentence, holds in re.findall(r"([ABC]) (?:may be said|is (true|false))", slip.see):
        assert right["ABC".index(sentence)] == (holds != "false")
    if "A and C are true" in slip.see:
        assert right == (True, False, True)
    interval = mean_interval(first - second)
    if told := re.search(rf"the mean is {NUMBER} ± {NUMBER}", slip.see):
        assert interval.estimate == pytest.approx(number(told[1]), abs=0.06)
        assert interval.high - interval.estimate == pytest.approx(number(told[2]), rel=0.06)
    if told := re.search(rf"0 is in the interval, and so is {NUMBER}", slip.see):
        assert interval.contains(0)
        assert interval.contains(number(told[1]))
    if told := re.search(rf"known to ±{NUMBER}", slip.see):
        assert interval.high - interval.estimate == pytest.approx(number(told[1]), rel=0.06)
    if told := re.search(rf"reaches from below {NUMBER} to above {NUMBER}", slip.see):
        assert interval.low < number(told[1])
        assert interval.high > number(told[2])


# -------- the loop, which is walked along


def walked(function, order, rate=0.5, change=None):
    """Where a loop ends on six samples of its own, as one vector; `change` is added to a sample."""
    net, x, y = walking_ground()
    for sample, by in (change or {}).items():
        x[:, sample] += by
    trained = function(net, x, y, np.array(order), rate)
    return stack(trained.W, trained.b)


def walking_ground():
    rng = np.random.default_rng(6)
    net = random_net((2, 3, 2), rng)
    return net, rng.normal(size=(2, 6)), rng.uniform(size=(2, 6))


def in_two_walks(function):
    net, x, y = walking_ground()
    order = np.array([[2, 0], [1, 3], [4, 2]])
    middle = function(net, x, y, order[:1], 0.5)
    end = function(middle, x, y, order[1:], 0.5)
    return np.array_equal(stack(end.W, end.b), walked(function, order))


def all_of_one_gradient(function):
    net, x, y = walking_ground()
    _, dW, db = loss_gradient(net, x[:, [1, 4]], y[:, [1, 4]], mse)
    right = stack(net.W, net.b) - 0.5 * stack(dW, db)
    return np.allclose(walked(function, [[1, 4]]), right, rtol=0, atol=1e-14)


def cost_falls(function):
    net, x, y = walking_ground()
    trained = function(net, x, y, np.tile(np.arange(6), (5, 1)), 0.1)
    costs = []
    for one in (net, trained):
        z, a = forward(one, x)
        costs.append(mse.value(z[3], a[3], y))
    return costs[1] < costs[0]


def stays_near(function):
    before, after = walked(function, [[1]], 0.0), walked(function, [[1], [2], [3]], 0.001)
    return np.abs(after - before).max() < 0.01


def moves(part):
    def moved(function):
        net, x, y = walking_ground()
        trained = function(net, x, y, np.array([[1], [2]]), 0.5)
        return not np.array_equal(getattr(trained, part)[2], getattr(net, part)[2])

    return moved


def keeps_the_activation(function):
    net, x, y = walking_ground()
    net = Network(net.W, net.b, tanh)
    return function(net, x, y, np.array([[1]]), 0.5).activation == net.activation


def one_sample_more(function):
    net, x, y = walking_ground()
    trained = function(net, x[:, :5], y[:, :5], np.array([[1], [2]]), 0.5)
    return np.allclose(
        stack(trained.W, trained.b), walked(function, [[1], [2]]), rtol=0, atol=1e-14
    )


def differs(function, order, other):
    return np.abs(walked(function, order) - walked(function, other)).max() > 1e-6


# what stands in the sentence, and a question to which the right loop answers yes, a wrong one no
WALKS = {
    "walk along order[:1]": in_two_walks,
    "with one row compare": all_of_one_gradient,
    "np.array([[3, 3]])": lambda f: np.allclose(walked(f, [[3, 3]]), walked(f, [[3]]), atol=1e-14),
    "change the last row": lambda f: differs(f, [[2], [0], [1]], [[2], [0], [3]]),
    "change the last column": lambda f: differs(f, [[2, 0], [1, 3]], [[2, 4], [1, 5]]),
    "change a sample whose number is not in order": lambda f: np.array_equal(
        walked(f, [[2], [0]]), walked(f, [[2], [0]], change={4: 1.0})
    ),
    "give one sample more": one_sample_more,
    "compute the cost before and after": cost_falls,
    "learning_rate = 0.001": stays_near,
    "compare W[2] before and after": moves("W"),
    "compare b[2] before and after": moves("b"),
    "print the activation": keeps_the_activation,
}


@pytest.mark.parametrize("slip", EXERCISES["descend"].slips, ids=lambda slip: slip.name)
def test_what_is_said_of_the_loop_can_be_seen(slip):
    (question,) = (ask for words, ask in WALKS.items() if words in slip.see)
    assert question(EXERCISES["descend"].reference)
    assert not question(slip.variant)


# -------- a network, of which the sentences name the widths and the activations


def small(sizes, *activations):
    """A network with these activations, and its input: weights and biases of both signs."""
    rng = np.random.default_rng(5)
    net = init_network(sizes, rng, "paper", activation=dict(enumerate(activations, start=2)))
    return net, rng.normal(size=(sizes[0], 1))


def equal(u, v):
    return np.shape(u) == np.shape(v) and np.allclose(u, v)


def z2_at_zero(expected):
    """Is z[2], for x = 0 in a network 2-2-2 of sigmoids, what is expected?"""

    def seen(answer):
        net, x = small((2, 2, 2), sigmoid, sigmoid)
        z, a = answer(net, 0 * x)
        return equal(z[2], expected(net.W[2], net.b[2], a[2]))

    return seen


def z2_minus_b2(expected):
    """Is z[2] − b[2], for x = (1, 0) in a network 2-2, what is expected?"""

    def seen(answer):
        net, _ = small((2, 2), sigmoid)
        z, _ = answer(net, np.array([[1.0], [0.0]]))
        return equal((z[2] - net.b[2]).ravel(), expected(net.W[2]))

    return seen


def keys_of(answer, k):
    return list(answer(*small((2, 2, 3, 2), sigmoid, sigmoid, sigmoid))[k])


def below_zero(answer, l, *activations):
    _, a = answer(*small((2, 5, 5), *activations))
    return np.any(a[l] < 0)


def output_is_activated(answer, l):
    z, a = answer(*small((2, 3, 2), sigmoid, sigmoid))
    return not np.array_equal(z[l], a[l]) and np.all((a[l] > 0) & (a[l] < 1))


def z3_moves_with_b2(answer):
    net, x = small((2, 2, 2), sigmoid, sigmoid)
    before = answer(net, x)[0][3]
    net.b[2] += 1
    return np.abs(answer(net, x)[0][3] - before).max() > 1e-3


def z3_comes_from_a2(answer):
    net, x = small((2, 2, 2), sigmoid, sigmoid)
    z, a = answer(net, x)
    return np.allclose(net.W[3] @ a[2] + net.b[3], z[3])


def a2_comes_from_z2(answer):
    net, x = small((2, 2, 2), sigmoid, tanh)
    z, a = answer(net, x)
    return np.allclose(net.activation[2](z[2]), a[2])


# what a sentence begins with: what is to be seen of the right answer
RIGHTLY = {
    "put x = 0": z2_at_zero(lambda W, b, a: b),
    "in a network 2-2 put x = (1, 0)": z2_minus_b2(lambda W: W[:, 0]),
    "give one point to a network 2-2": lambda f: f(*small((2, 2), sigmoid))[0][2].shape == (2, 1),
    "print z[2] and a[2]": lambda f: output_is_activated(f, 2),
    "print z[L] and a[L]": lambda f: output_is_activated(f, 3),
    "take a network of tanh": lambda f: below_zero(f, 2, tanh, tanh),
    "take tanh in the last layer": lambda f: below_zero(f, 3, sigmoid, tanh),
    "compute net.activation[2](z[2])": a2_comes_from_z2,
    "take tanh in layer 2 and relu in layer 3": lambda f: not below_zero(f, 3, tanh, relu),
    "take relu in layer 2 and tanh in layer 3": lambda f: not below_zero(f, 2, relu, tanh),
    "change b[2] in a network 2-2-2": z3_moves_with_b2,
    "compute net.W[3] @ a[2] + net.b[3]": z3_comes_from_a2,
    "print the keys of your z": lambda f: keys_of(f, 0) == [2, 3, 4],
    "print the keys of your a": lambda f: keys_of(f, 1) == [1, 2, 3, 4],
    "print the keys of the two": lambda f: 1 in keys_of(f, 1) and 1 not in keys_of(f, 0),
}
# and what of the slips of which a number is told
WRONGLY = {
    "and you get 0.": z2_at_zero(lambda W, b, a: 0 * b),
    "and you get −b[2]": z2_at_zero(lambda W, b, a: -b),
    "and you get W[2] b[2]": z2_at_zero(lambda W, b, a: W @ b),
    "and you get a[2]": z2_at_zero(lambda W, b, a: a),
    "= ½ goes through the weights": z2_at_zero(lambda W, b, a: W @ [[0.5], [0.5]] + b),
    "and you get its first row": z2_minus_b2(lambda W: W[0]),
    "and yours has (2, 2)": lambda f: f(*small((2, 2), sigmoid))[0][2].shape == (2, 2),
}
FORWARD = EXERCISES["forward_pass"]
TOLD_OF_NETWORKS = [
    pytest.param(slip, opening, id=f"{slip.name}: {opening}")
    for slip in FORWARD.slips
    for opening in RIGHTLY
    if slip.see.startswith(opening)
]


@pytest.mark.parametrize(("slip", "opening"), TOLD_OF_NETWORKS)
def test_what_is_said_of_a_network_is_seen(slip, opening):
    assert RIGHTLY[opening](FORWARD.reference)
    if slip.see.endswith("and yours stops."):
        with pytest.raises(ValueError, match="matmul"):
            RIGHTLY[opening](slip.variant)
        return
    assert not RIGHTLY[opening](slip.variant)
    for words, is_so in WRONGLY.items():
        assert words not in slip.see or is_so(slip.variant), words
    if keys := re.search(r"and yours are ([\d, ]+)\.", slip.see):
        k = "keys of your a" in slip.see
        assert keys_of(slip.variant, k) == [int(key) for key in keys[1].split(", ")]


def test_nearly_all_that_is_said_of_a_network_is_tried():
    tried = {case.values[0].name for case in TOLD_OF_NETWORKS}
    # these stop with an error, or return no dictionary: each is tried below
    rest = {"layer-0", "layer-1", "beyond-the-last-layer", "dictionary-called",
            "dictionaries-in-the-loop", "last-layer-only"}  # fmt: skip
    assert {slip.name for slip in FORWARD.slips} == tried | rest


def test_the_errors_of_a_forward_pass_are_seen():
    known = {slip.name: slip for slip in FORWARD.slips}
    net, x = small((2, 3, 1), sigmoid, sigmoid)
    assert list(net.W) == [2, net.L]
    for name, key in (("layer-1", 1), ("layer-0", 0), ("beyond-the-last-layer", net.L + 1)):
        assert "print net.W.keys()" in known[name].see
        with pytest.raises(KeyError, match=str(key)):
            known[name].variant(net, x)
    assert known["dictionary-called"].see == "print net.activation."
    assert isinstance(net.activation, dict)
    with pytest.raises(TypeError, match="not callable"):
        known["dictionary-called"].variant(net, x)
    assert "a network 2-3 goes through, a network 2-3-1 stops" in (
        known["dictionaries-in-the-loop"].see
    )
    known["dictionaries-in-the-loop"].variant(*small((2, 3), sigmoid))
    with pytest.raises(KeyError, match="2"):
        known["dictionaries-in-the-loop"].variant(net, x)
    _, a = known["last-layer-only"].variant(net, x)
    assert "ask your own answer for a[1]: it should be x" in known["last-layer-only"].see
    assert np.array_equal(FORWARD.reference(net, x)[1][1], x)
    with pytest.raises(IndexError):
        a[1]


# -------- a witness, tried on f(x) = Ax

A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
ONES = np.ones((2, 1))
WITNESS = EXERCISES["witness"]
OF_A = [slip for slip in WITNESS.slips if slip.see.startswith("for f(x) = Ax the answer is A")]


def of_A(answer):
    return np.asarray(answer(lambda x: A @ x, ONES))


def triple(words):
    """The three numbers of a column, in a sentence.

    Examples
    --------
    >>> triple("your second column is 0, 4, 0; it")
    [0, 4, 0]
    """
    return [int(v) for v in re.search(r"(\d), (\d), (\d+)", words).groups()]


@pytest.mark.parametrize("slip", OF_A, ids=lambda slip: slip.name)
def test_what_is_said_of_a_linear_map_is_seen(slip):
    found = of_A(slip.variant)
    assert np.allclose(of_A(WITNESS.reference), A)
    assert found.shape != A.shape or not np.allclose(found, A)
    if near := re.search(r"numbers near (1e−?-?\d+)", slip.see):
        size = float(near[1])
        assert np.all((np.abs(found) > 0.5 * size) & (np.abs(found) < 20 * size))
    elif "you get 2 rows" in slip.see:
        assert len(found) == 2
    elif shape := re.search(r"you get the shape (\([\d, ]+\)); it should be \(3, 2\)", slip.see):
        assert str(found.shape) == shape[1]
    elif "your second column is" in slip.see:
        assert found[:, 1].tolist() == pytest.approx(triple(slip.see.split("column is")[1]))
        assert A[:, 1].tolist() == triple(slip.see.split("should be")[1])
    else:
        assert found.shape == (3, 1)
        assert found[:, 0].tolist() == pytest.approx(triple(slip.see.split("you get")[1]))


def test_what_else_is_said_of_a_witness_is_seen():
    known = {slip.name: slip for slip in WITNESS.slips}
    assert len(OF_A) == 15
    rest = {"nothing-moves", "flat-steps", "array-of-floats", "column-into-a-flat-place",
            "one-sided", "step-too-long", "step-too-short"}  # fmt: skip
    assert set(known) == {slip.name for slip in OF_A} | rest

    x, flat = ONES, np.eye(2)[0]
    assert (x + flat).shape == (2, 2) != x.shape == (x + np.eye(2)[:, [0]]).shape
    assert (x + 1j).dtype == complex != x.dtype
    assert A[:, 0].shape == (3,) != A[:, [0]].shape
    moved = x + 1j * 1e-30 * np.eye(2)[:, [0]]
    assert np.iscomplexobj(A @ moved)
    assert 0 < (A @ moved).imag.max() < 1e-29


def test_what_is_said_of_the_length_of_a_step_is_seen():
    def square(x):
        return x**2

    one, true = np.ones((1, 1)), np.exp(1.0)
    assert WITNESS.reference(square, one).item() == 2
    long = {}
    for slip in WITNESS.slips:
        if slip.name == "one-sided":
            assert "you get 2 + h" in slip.see
            assert slip.variant(square, one).item() == pytest.approx(2 + slip.variant.keywords["h"])
        elif slip.name == "step-too-long":
            off = abs(slip.variant(np.exp, one).item() - true)
            long[slip.variant.func, slip.variant.keywords["h"]] = off
        elif slip.name == "step-too-short":
            off = abs(slip.variant(np.exp, one).item() - true)
            assert off > 100 * abs(finite_difference(np.exp, 1.0).item() - true)
            assert off > 1e6 * abs(WITNESS.reference(np.exp, one).item() - true)
    for program in {program for program, _ in long}:
        assert long[program, 0.1] / long[program, 0.01] == pytest.approx(100, rel=0.01)


# -------- a program that looks: what each sentence tells to look at, run on an answer

RNG = np.random.default_rng(8)
BRIDGE = RNG.normal(size=(3, 3)), RNG.uniform(0.1, 1, size=(3, 4)), RNG.normal(size=(3, 4))
LAYER = RNG.normal(size=(2, 4)), RNG.normal(size=(3, 4))


def carried(sizes, N, **options):
    net = random_net(sizes, np.random.default_rng(3), **options)
    x = np.random.default_rng(4).normal(size=(sizes[0], N))
    return net, x, np.random.default_rng(5).normal(size=(sizes[-1], N))


def same(u, v):
    """Equal arrays, or equal dictionaries of arrays."""
    if isinstance(u, dict) and isinstance(v, dict):
        return u.keys() == v.keys() and all(same(u[l], v[l]) for l in u)
    return np.shape(u) == np.shape(v) and np.allclose(u, v, rtol=1e-9, atol=0)


def right_for(name, answer, *arguments):
    return same(answer(*arguments), EXERCISES[name].reference(*arguments))


def neuron_gives(answer, told):
    """What is right, or else what is told."""
    found = value(answer(Network({2: one(2)}, {2: one(0)}), one(0), one(1))[1])
    right, wrong = number(told[1]), number(told[2])
    assert found == pytest.approx(right) or found == pytest.approx(wrong, abs=1e-12)
    return found == pytest.approx(right)


def follows_the_columns(answer, arguments):
    """The columns of all arguments in the other order: those of the answer follow."""
    *first, u, v = arguments
    there, back = answer(*first, u, v), answer(*first, u[:, ::-1], v[:, ::-1])
    if isinstance(there, dict):
        return all(same(there[l][:, ::-1], back[l]) for l in there)
    return same(there[:, ::-1], back)


def doubles_with_start(answer, _):
    net, x, start = carried((2, 3, 2), 4)
    once, twice = answer(net, x, start), answer(net, x, 2 * start)
    return all(same(2 * once[l], twice[l]) for l in once)


def moves_with_the_last_weights(answer, _):
    net, x, start = carried((2, 2, 2), 3)
    other = Network({**net.W, 3: 2 * net.W[3]}, net.b, net.activation)
    return not same(answer(net, x, start)[1], answer(other, x, start)[1])


def keeps_the_start(answer, _):
    net, x, start = carried((2, 3, 2), 4)
    return same(answer(net, x, start)[3], start)


def has_its_keys(answer, _):
    found = answer(*carried((2, 3, 2), 4))
    return isinstance(found, dict) and list(found) == [3, 2, 1]


def with_two_neurons(name, argument, answer):
    """Right with one neuron in each layer whatever it is; with two, is it?"""
    assert right_for(name, answer, *argument(1))
    return right_for(name, answer, *argument(2))


def bridge_of(n):
    return BRIDGE[0][:n, :n], BRIDGE[1][:n, :1], BRIDGE[2][:n, :1]


def without_weights(answer, told):
    """Δ comes back, or what is told: 0, 1 everywhere, slope ∘ Δ, −Δ, the same in all rows."""
    found = np.broadcast_to(answer(0 * BRIDGE[0], *BRIDGE[1:]), BRIDGE[2].shape)
    wrong = {"you get 0": 0 * found, "you get 1 everywhere": 1 + 0 * found,
             "you get slope ∘ Δ": BRIDGE[1] * BRIDGE[2], "you get −Δ": -BRIDGE[2],
             "in yours all rows are the same": found[:1] + 0 * found}  # fmt: skip
    assert same(found, BRIDGE[2]) or same(found, wrong[told[1]])
    return same(found, BRIDGE[2])


def one_neuron(answer, told):
    found = value(answer(one(2), one(0.5), one(3)))
    assert found in (number(told[1]), number(told[2]))
    return found == number(told[1])


def small_bridge(answer, told):
    W, Delta = np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[1.0], [0.0]])
    found = answer(W, np.ones((2, 1)), Delta)[:, 0].tolist()
    assert found in ([1.0, 1.0], [1.0, 0.0])  # the two that are told
    return found == [1.0, 1.0]


def given_twice(answer, _):
    g, a = (v[:, :1] for v in LAYER)
    return same(answer(np.hstack([g, g]), np.hstack([a, a])), 2 * answer(g, a))


def column_by_column(answer, _):
    g, a = (v[:, :2] for v in LAYER)
    return same(answer(g, a), g[:, :1] @ a[:, :1].T + g[:, 1:] @ a[:, 1:].T)


# what a sentence begins with, and whether an answer then looks right
LOOKED_AT = {
    "carry_back": {
        rf"Δ\[1\] is 2 · ¼ = {NUMBER}; you get {NUMBER}": neuron_gives,
        "print the keys": has_its_keys,
        "compare your matrix of layer L with start": keeps_the_start,
        "double start": doubles_with_start,
        "run it with L = 2": lambda f, _: right_for("carry_back", f, *carried((2, 3), 2)),
        "put the points .* in the other order":
            lambda f, _: follows_the_columns(f, carried((3, 2, 2), 2)),
        "With equal widths nothing complains; use unequal ones":
            lambda f, _: f(*carried((3, 3, 3), 3)) and right_for("carry_back", f,
                                                                 *carried((2, 4, 3), 2)),
        "for a network 1-1 it makes no difference; try 2-2":
            lambda f, _: with_two_neurons("carry_back", lambda n: carried((n, n), 1), f),
        "print the shape of each factor":
            lambda f, _: right_for("carry_back", f, *carried((2, 3, 4), 2)),
        "your answer is right where all layers are sigmoid":
            lambda f, _: right_for("carry_back", f, *carried((2, 3, 4), 2)) and right_for(
                "carry_back", f, *carried((2, 3, 2), 2, activation={2: tanh, 3: tanh})),
        "your answer is right where all layers have the same activation":
            lambda f, _: right_for("carry_back", f, *carried((2, 3, 2), 2)) and right_for(
                "carry_back", f, *carried((2, 3, 2), 2, activation={2: tanh, 3: sigmoid})),
        r"change W\[L\] in a network 2-2-2": moves_with_the_last_weights,
        r"print the shape of Δ\[1\] beside the shape of x":
            lambda f, _: f(*carried((2, 3, 2), 4))[1].shape == (2, 4),
        "print l in each round": lambda f, _: right_for("carry_back", f, *carried((2, 3, 2), 2)),
    },
    "bridge_step": {
        "put W = 0: .*; (.*)\\.$": without_weights,
        rf"with one neuron, W = 2, slope ½ and Δ = 3 it is {NUMBER}; you get {NUMBER}": one_neuron,
        "with one neuron it makes no difference; try two":
            lambda f, _: with_two_neurons("bridge_step", bridge_of, f),
        "let all neurons saturate, slope = 0":
            lambda f, _: same(f(BRIDGE[0], 0 * BRIDGE[1], BRIDGE[2]), BRIDGE[2]),
        r"for W = \[\[0, 1\], \[0, 0\]\]": small_bridge,
        "print the shape of each factor": lambda f, _: right_for("bridge_step", f, *BRIDGE),
        "put the columns in the other order": lambda f, _: follows_the_columns(f, BRIDGE),
    },
    "weight_gradient": {
        "give the same column twice": given_twice,
        "for two columns": column_by_column,
        "(have the shape of W|print its shape)": lambda f, _: np.shape(f(*LAYER)) == (2, 3),
        "(print both shapes|for one column g aᵀ is a matrix|for one column the answer is g aᵀ)":
            lambda f, _: right_for("weight_gradient", f, *(v[:, :1] for v in LAYER)),
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "slip"),
    [pytest.param(name, slip, id=f"{name}: {slip.name}")
     for name in LOOKED_AT for slip in EXERCISES[name].slips],
)  # fmt: skip
def test_who_looks_where_a_slip_says_sees_it(name, slip):
    found = [(looks, m) for words, looks in LOOKED_AT[name].items()
             if (m := re.search(words, slip.see))]  # fmt: skip
    ((looks, told),) = found
    assert looks(EXERCISES[name].reference, told)
    try:
        seen = looks(slip.variant, told)
    except (ValueError, KeyError):  # it stops: that is seen, too
        return
    assert not seen
