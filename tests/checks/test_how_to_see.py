"""“How to see it” is executed: out of a slip comes the number that is told, not the right one.

Each row below reads the numbers out of the sentences of one exercise.
"""

import re
from fractions import Fraction

import numpy as np
import pytest

from utils.activations import tanh
from utils.checks import EXERCISES
from utils.checks.exercise import random_net
from utils.network import Network

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
    """Δ comes back, or what is told: 0, 1 everywhere, slope ∘ Δ, the same in all rows."""
    found = np.broadcast_to(answer(0 * BRIDGE[0], *BRIDGE[1:]), BRIDGE[2].shape)
    wrong = {"you get 0": 0 * found, "you get 1 everywhere": 1 + 0 * found,
             "you get slope ∘ Δ": BRIDGE[1] * BRIDGE[2],
             "in yours all rows are the same": found[:1] + 0 * found}  # fmt: skip
    assert same(found, BRIDGE[2]) or same(found, wrong[told[1]])
    return same(found, BRIDGE[2])


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
        r"print the shape of Δ\[1\] beside the shape of x":
            lambda f, _: f(*carried((2, 3, 2), 4))[1].shape == (2, 4),
        "print l in each round": lambda f, _: right_for("carry_back", f, *carried((2, 3, 2), 2)),
    },
    "bridge_step": {
        "put W = 0: .*; (.*)\\.$": without_weights,
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
