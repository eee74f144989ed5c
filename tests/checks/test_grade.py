"""Grading: the verdict without its words, on random numbers that the notebook never showed."""

import warnings
from functools import partial, wraps

import numpy as np
import pytest
from answers import diagnosis

from utils import activations, checks, gradients
from utils.checks import CheckFailed
from utils.checks.exercise import awake, random_net
from utils.commands.assigning import SEEDS
from utils.network import forward

ALL = list(checks.EXERCISES.values())
each_exercise = pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
MANY = range(40)

# Where more than one diagnosis is true, and the numbers decide which is seen first: 1e-6 in a
# denominator may, or may not, leave the answer right to seven digits.
ALSO_TRUE = {("irls_step", "1e-06-added"): "nearly-right"}


def own(function):
    """The same function as a student's: written in no file of the library."""

    def answer(*arguments):
        return function(*arguments)

    return answer


@each_exercise
def test_right_answers_pass_in_silence_whatever_the_seed(exercise, capsys):
    for seed in (None, *SEEDS, *range(0, 40, 5)):
        exercise.grade(own(exercise.reference), seed)
    assert capsys.readouterr().out == ""


@each_exercise
def test_every_slip_is_refused_with_its_diagnosis_whatever_the_seed(exercise):
    """With the seeds that points are given by, and all slips together with forty others."""
    for i, slip in enumerate(exercise.slips):
        wanted = diagnosis(exercise, own(slip.variant)).slip
        for seed in {SEEDS[i % len(SEEDS)], MANY[7 * i % len(MANY)]}:
            with pytest.raises(CheckFailed) as caught:
                exercise.grade(own(slip.variant), seed)
            true = (wanted, ALSO_TRUE.get((exercise.name, slip.name)))
            assert caught.value.slip in true, (slip.name, seed)


@each_exercise
def test_a_stub_is_not_right(exercise):
    for stub in (..., lambda *_: ...):
        with pytest.raises(CheckFailed, match="not attempted yet") as caught:
            exercise.grade(stub, 3)
        assert caught.value.slip == "not-attempted"


# -------- the library's own functions


@each_exercise
def test_the_answer_in_the_library_is_refused(exercise):
    with pytest.raises(CheckFailed, match="the library's own function") as caught:
        exercise.grade(exercise.reference)
    assert caught.value.slip == "library"


my_input_gradient = gradients.input_gradient


@pytest.mark.parametrize(
    "answer",
    [
        my_input_gradient,
        partial(gradients.input_gradient),
        partial(partial(gradients.input_gradient)),
        wraps(gradients.input_gradient)(lambda net, x: gradients.input_gradient(net, x)),
        activations.sigmoid,
        activations.sigmoid.derivative,
    ],
    ids=("renamed", "partial", "twice", "wraps", "an object", "its method"),
)
def test_a_function_of_the_library_is_refused_in_another_dress(answer):
    with pytest.raises(CheckFailed, match="the library's own function"):
        checks.input_gradient.grade(answer)


def test_one_that_calls_it_is_not():
    """It can't be told from one that calls what it may; points are for effort."""
    checks.input_gradient.grade(lambda net, x: gradients.input_gradient(net, x))


def test_other_peoples_functions_are_not_the_librarys():
    with pytest.raises(CheckFailed) as caught:
        checks.half_square.grade(np.hypot)
    assert caught.value.slip != "library"


# -------- what nbgrader would take for an error, and what a page of feedback would cut


def test_a_warning_costs_no_points():
    def answer(a, y):
        warnings.warn("this is old", DeprecationWarning, stacklevel=1)
        return 0.5 * (a - y) ** 2

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        checks.half_square.grade(answer)
        checks.half_square(answer)


@each_exercise
def test_a_diagnosis_is_the_checks_in_short_lines(exercise):
    slip = exercise.slips[0]
    told = str(diagnosis(exercise, own(slip.variant)))
    with pytest.raises(CheckFailed) as caught:
        exercise.grade(own(slip.variant))
    assert str(caught.value).split() == told.split()
    assert max(map(len, str(caught.value).splitlines())) <= 96


# -------- cases


def test_who_knows_the_numbers_of_the_notebook_gets_no_points():
    seen = []

    def spy(W, b, a):
        seen.append(W)
        return checks.layer.reference(W, b, a)

    def learnt_by_heart(W, b, a):
        known = any(np.array_equal(W, other) for other in seen)
        return checks.layer.reference(W, b, a) if known else 0 * a

    checks.layer(spy)
    checks.layer.grade(learnt_by_heart)
    with pytest.raises(CheckFailed):
        checks.layer.grade(learnt_by_heart, 1)


def test_other_seeds_are_other_numbers():
    cases = [checks.layer.cases(np.random.default_rng(seed)) for seed in (1, 2)]
    assert not np.array_equal(cases[0][0].arguments[0], cases[1][0].arguments[0])


@pytest.mark.parametrize("N", [1, 2, 5])
def test_a_network_that_is_awake_has_live_neurons_at_every_point_and_dead_ones(N):
    mixed = {2: activations.tanh, 3: activations.relu, 4: activations.relu, 5: activations.sigmoid}
    for seed in MANY:
        rng = np.random.default_rng(seed)
        net, x = random_net((2, 4, 3, 2, 1), rng, activation=mixed), rng.normal(size=(2, N))
        before = net.copy()
        z, _ = forward(awake(net, x), x)
        for l in (3, 4):
            assert np.all(z[l][::2] > 0.49)
            assert np.all(z[l][1::2].min(axis=1) < 0)
        assert all(np.array_equal(net.b[l], before.b[l]) for l in net.b), "what is given stays"
