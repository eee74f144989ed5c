"""Grading: the verdict without its words, on random numbers that the notebook never showed."""

import numpy as np
import pytest
from answers import diagnosis

from utils import checks, gradients
from utils.checks import CheckFailed

ALL = list(checks.EXERCISES.values())
SEEDS = range(12)


def own(function):
    """The same function as a student's: of no module of the library."""

    def answer(*arguments):
        return function(*arguments)

    return answer


@pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
def test_right_answers_pass_in_silence_whatever_the_seed(exercise, capsys):
    for seed in (None, *SEEDS):
        exercise.grade(own(exercise.reference), seed)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
def test_every_slip_is_refused_with_its_diagnosis_whatever_the_seed(exercise):
    for slip in exercise.slips:
        wanted = diagnosis(exercise, own(slip.variant)).slip
        for seed in list(SEEDS)[::6]:
            with pytest.raises(CheckFailed) as caught:
                exercise.grade(own(slip.variant), seed)
            assert caught.value.slip in (wanted, "nearly-right"), (slip.name, seed)


@pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
def test_a_stub_is_not_right(exercise):
    for stub in (..., lambda *_: ...):
        with pytest.raises(CheckFailed, match="not attempted yet") as caught:
            exercise.grade(stub, 3)
        assert caught.value.slip == "not-attempted"


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (checks.input_gradient, gradients.input_gradient),
        (checks.layer, checks.nb01_forward_pass.right_layer),
    ],
)
def test_the_librarys_own_function_is_refused(exercise, function):
    with pytest.raises(CheckFailed, match="the library's own function") as caught:
        exercise.grade(function)
    assert caught.value.slip == "library"


def test_other_seeds_are_other_numbers():
    cases = [checks.layer.cases(np.random.default_rng(seed)) for seed in (1, 2)]
    assert not np.array_equal(cases[0][0].arguments[0], cases[1][0].arguments[0])
