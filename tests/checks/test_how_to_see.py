"""“How to see it” is executed: out of a slip comes the number that is told, not the right one.

Each row below reads the numbers out of the sentences of one exercise.
"""

import re
from fractions import Fraction

import numpy as np
import pytest

from utils import checks
from utils.checks import EXERCISES

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
    ("parameter_count", r"2-2-3-2 has (23) parameters", lambda m: ((2, 2, 3, 2),), 1, ()),
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
         "add 100 to the first row of z: p of the first class must go to 1",
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
    from utils.network import init_network

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
