"""The checks: right answers in any style pass, each slip is named, stubs are spared."""

import math
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from answers import diagnosis

import utils.checks.exercise as exercise_module
from utils import checks
from utils.activations import relu, sigmoid
from utils.checks import EXERCISES, Exercise, steps
from utils.network import Network, forward

HERE = Path(__file__).parent
ROOMS = sorted(Path(checks.__file__).parent.glob("*.py"))


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
    # a variant that can't even be called would be recognised by its own trouble
    assert not re.search(r"TypeError: .*(keyword|positional) argument", str(error)), slip.name


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
        monkeypatch.setattr(exercise_module, "_cells_run", lambda cells=cells: cells)
        if is_old:
            error = diagnosis(checks.layer, layer)
            assert error.slip == "syntax-error"
            assert "from an earlier run" in str(error)
        else:
            checks.layer(layer)
            assert "verified" in capsys.readouterr().out


FORMED = {"opposite-sign": np.negative, "twice": lambda v: 2 * v, "half": lambda v: v / 2}


def spoiled(exercise, form):
    def of(result):
        if isinstance(result, dict):
            return {k: form(v) for k, v in result.items()}
        if isinstance(result, Network):
            return Network(of(result.W), of(result.b), result.activation)
        return form(np.asarray(result, float))

    def answer(*arguments):
        result = exercise.reference(*arguments)
        return tuple(map(of, result)) if isinstance(result, tuple) else of(result)

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
            "half": ("half", "square-of-half", "averaged", "half-the-difference"),
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


def test_what_is_no_network_where_one_is_asked_for_is_named():
    for answer in (lambda net, *_: (net.W, net.b), lambda net, *_: net.W):
        error = diagnosis(checks.descend, answer)
        assert error.slip == "no-network"
        assert "Network(W, b, net.activation)" in str(error)
    assert "should return a network." in str(diagnosis(checks.descend, lambda *_: None))


def test_another_activation_is_no_network_that_was_asked_for():
    def answer(net, x, y, order, rate):
        trained = checks.descend.reference(net, x, y, order, rate)
        return Network(trained.W, trained.b, {**trained.activation, 2: relu})

    assert "sigmoid in layer 2 is missing" in str(diagnosis(checks.descend, answer))


def test_one_result_where_two_are_asked_for_is_named():
    error = diagnosis(checks.collapse, lambda net: net.W[2])
    assert error.slip == "wrong-number-of-results"
    assert "W_tilde and b_tilde" in str(error)


def test_words_where_numbers_are_asked_for_are_named():
    assert diagnosis(checks.half_square, lambda a, y: "half").slip == "text"


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
    assert "x of shape (12, 3). Print the matrix that is inverted" in message


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


def test_a_list_where_one_dictionary_is_asked_for_is_told():
    def answer(net, x, start):
        return list(checks.carry_back.reference(net, x, start).values())

    error = diagnosis(checks.carry_back, answer)
    assert error.slip == "no-dictionary"
    assert "Delta is a list; a dictionary is expected" in str(error)


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


def told(exercise, answer):
    return str(diagnosis(exercise, answer))


def test_two_things_of_which_one_is_right_are_told_so():
    def with_z(W, b, a):
        z = W @ a + b
        return z, sigmoid(z)

    error = diagnosis(checks.layer, with_z)
    assert error.slip == "more-than-asked"
    assert "of which the second is the answer" in str(error)
    doubled = diagnosis(checks.layer, lambda W, b, a: (sigmoid(W @ a), sigmoid(W @ a)))
    assert doubled.slip is None


def test_a_decimal_comma_is_told():
    error = diagnosis(checks.half_square, lambda a, y: (0, 5 * (a - y) ** 2))
    assert error.slip == "tuple"
    assert "0,5 is 0 and 5" in str(error)


def test_an_array_of_objects_that_are_numbers_is_one_of_numbers(capsys):
    checks.half_square(np.frompyfunc(lambda a, y: 0.5 * (a - y) ** 2, 2, 1))
    assert "verified" in capsys.readouterr().out
    words = np.array(["a", None], object)
    assert diagnosis(checks.half_square, lambda a, y: words).slip == "no-numbers"


def test_three_truth_values_in_an_array_are_three(capsys):
    checks.may_be_said(lambda *given: np.array(checks.may_be_said.reference(*given)))
    assert "verified" in capsys.readouterr().out


def test_what_came_back_in_place_of_several_is_told():
    assert "What came back is a dict." in told(checks.batch_mean, lambda net, x, y: {2: x})
    assert "What came back is 3 things." in told(checks.batch_mean, lambda *given: given)


def test_truth_values_are_told_as_such():
    message = told(checks.vanishes_at_zero, lambda block: block == "dW[3]")
    assert "the answer is False; right is True." in message
    assert "should return the answer False" in told(
        checks.vanishes_at_zero, lambda block: True if "2" in block else None
    )
    message = told(checks.may_be_said, lambda first, second, margin: (True, False, False))
    assert re.search(r"margin .*”: [ABC] is (True|False); right is (True|False)\.", message)


def test_one_number_has_no_first_difference():
    message = told(checks.parameter_count, lambda sizes: 17 * len(sizes))
    assert "the answer is 34, right is 3." in message


def test_the_columns_that_are_right_are_told():
    def shifted(W, b, a):
        return sigmoid(W @ a + np.where(np.arange(a.shape[1]) == 0, 0, 0.1) + b)

    message = told(checks.layer, shifted)
    assert "first differs at (0, 1)" in message
    assert "Right is column 0." in message


def test_a_factor_of_1_over_N_is_told():
    message = told(
        checks.backward_step,
        lambda W, g, a: checks.backward_step.reference(W, g, a) / a.shape[1],
    )
    assert "Every entry is 1/N times what it should be" in message
    message = told(
        checks.backward_step,
        lambda W, g, a: checks.backward_step.reference(W, g, a) * a.shape[1],
    )
    assert "Every entry is N times what it should be" in message
    message = told(checks.layer, lambda W, b, a: 0.3 * sigmoid(W @ a + b))
    assert "so many times what it should be: 0.3, 0.3, 0.3, case by case" in message
    assert "times what" not in told(checks.layer, lambda W, b, a: sigmoid(W @ a) + 0.3)


def test_a_difference_quotient_with_a_long_step_is_told_to_be_near():
    def one_sided(W, b, a, h=1e-5):
        columns = [np.tanh(W @ (a + h * e[:, None]) + b) for e in np.eye(a.size)]
        return (np.hstack(columns) - np.tanh(W @ a + b)) / h

    error = diagnosis(checks.tanh_jacobian, one_sided)
    assert error.slip is None
    assert "It is near in every case" in str(error)
    # a step that hardly moves is near to any other, and no difference quotient
    still = told(checks.sgd_step, lambda net, x, y, i, rate: (
        {l: v * (1 + 1e-5) for l, v in checks.sgd_step.reference(net, x, y, i, rate)[0].items()},
        checks.sgd_step.reference(net, x, y, i, rate)[1]))  # fmt: skip
    assert "It is near" not in still


def test_nan_is_told_where_it_may_come_from():
    message = told(checks.half_square, lambda a, y: (a - y) * np.nan)
    assert "yours nan" in message or "is nan" in message
    assert "nan comes out of 0/0" in message
    assert "anywhere is nan" not in message


def test_only_one_part_in_another_form_is_told_which():
    def flat(net):
        W, b = checks.collapse.reference(net)
        return W, b.ravel()

    error = diagnosis(checks.collapse, flat)
    assert error.slip == "flattened"
    assert "✗ collapse, b_tilde: the numbers are right, but in one dimension" in str(error)


def test_a_copy_of_a_dictionary_is_told_to_be_shallow():
    def shallow(net, x, y, i, learning_rate):
        W = net.W.copy()
        W[2] -= 1
        return W, net.b

    assert "and not the arrays in it" in told(checks.sgd_step, shallow)
    assert "dictionary" not in told(checks.half_square, lambda a, y: a.__isub__(y))


ADVICE = [
    (checks.input_gradient, lambda net, x: net.activation.derivative(x), "are dictionaries"),
    (checks.sgd_step, lambda net, x, y, i, rate: (net.W - rate * net.W, net.b), "as in a[l]"),
    (checks.forward_pass, lambda net, x: {}.append(x), "A dictionary grows by"),
    (checks.input_gradient, lambda net, x: {2: x}[-1], "the last is a[net.L]"),
    (checks.layer, lambda W, b, a: math.exp(W), "np.exp takes a whole array"),
    (checks.class_of_scalar, lambda a, K: [round(v) for v in a], "np.rint takes a whole array"),
    (checks.half_square, lambda a, y: list(range(len(a))), "without length and index"),
    (checks.half_square, lambda a, y: a.shape[0], "A single number has no rows"),
    (checks.weight_gradient, lambda g, a: np.zeros(3).__setitem__(0, g), "one number belongs"),
    (checks.witness, lambda f, x: np.zeros((2, 7)).__setitem__(0, np.ones(3)), "another shape"),
    (checks.first_flip, lambda net, x, d, t: max([]), "There may be nothing to take"),
    (checks.input_gradient, lambda net, x: forward(net), "one argument too few"),
    (checks.layer, lambda W, b: W, "another number of arguments"),
]


@pytest.mark.parametrize(("exercise", "answer", "advice"), ADVICE)
def test_an_error_comes_with_advice(exercise, answer, advice):
    assert advice in told(exercise, answer)


def test_what_our_own_door_says_needs_no_advice_about_products():
    message = told(checks.input_gradient, lambda net, x: forward(net, x[:, 0]))
    assert "x has shape (1,); expected (1, N)" in message
    assert "Print the shape of each product" not in message


def test_a_slip_is_known_by_its_numbers_whatever_einsum_makes_of_other_shapes():
    def exchanged(W_next, g_next, a):
        return a * (1 - a) * np.einsum("ij,js->is", W_next, g_next)

    assert diagnosis(checks.backward_step, exchanged).slip == "missing-transpose"


def test_a_failed_check_is_shown_without_a_traceback():
    lines = diagnosis(checks.layer, lambda W, b, a: W @ a + b)._render_traceback_()
    assert lines[0].startswith("✗ layer: this is z = Wa + b")
    assert not any("Traceback" in line or ".py" in line for line in lines)


def test_the_recursions_slips_are_planted_wherever_the_recursion_is():
    names = {slip.name for slip in steps.STEPS}
    for exercise in (checks.backward_step, checks.input_gradient, checks.batch_mean):
        assert names <= {slip.name for slip in exercise.slips}


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
    if exercise.rtol == 0:  # whole numbers, which have no rounding
        return
    for change in (one_entry_off(1e-13), lambda v: (1 - 1e-13) * v):
        exercise(spoiled(exercise, change))
        assert "verified" in capsys.readouterr().out


def test_every_slip_says_what_and_how_to_see_it():
    for exercise in ALL:
        file = f"utils/checks/{exercise.cases.__module__.rpartition('.')[2]}.py"
        assert exercise.slips, f"{file}: {exercise.name} knows no slip yet"
        said = {(slip.name, slip.says, slip.see) for slip in exercise.slips}
        names = [name for name, _, _ in said]  # two programs may be one and the same mistake
        assert len(set(names)) == len(names), exercise.name
        for slip in exercise.slips:
            assert len(slip.says) > 15, slip.name
            assert len(slip.see) > 15, slip.name
            # what a student reads holds no name of our own code
            own = re.findall(r"\bright_\w+|\w+_with\b", f"{slip.says} {slip.see}")
            assert not own, f"{file}: what {slip.name} of {exercise.name} says holds {own}"


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.stem)
def test_an_exercise_is_gathered_under_its_own_name(room):
    module = "utils.checks" if room.stem == "__init__" else f"utils.checks.{room.stem}"
    for variable, thing in vars(import_module(module)).items():
        if isinstance(thing, Exercise):
            where = f"utils/checks/{room.name}: {variable} = Exercise({thing.name!r}, …)"
            assert variable == thing.name, f"{where}: write its own name in both places"
            assert EXERCISES[variable] is thing, f"{where}: another file has one of this name"


def test_the_hunts_number_1_to_16_and_20_are_all_here():
    text = " ".join(room.read_text(encoding="utf-8") for room in ROOMS)
    for number in (*range(1, 17), 20):
        assert text.count(f'"""Slip {number}:') == 1, number


def test_answers_by_another_hand_are_many_and_some_make_none_of_our_slips():
    cases = [case for path in sorted(HERE.glob("test_nb*_checks.py"))
             for case in getattr(import_module(path.stem), "written", [])]  # fmt: skip
    tried = {case.values[0] for case in cases}
    unnamed = {case.values[0] for case in cases if None in case.values[2]}
    assert len(cases) >= 199
    assert len(tried & set(EXERCISES)) >= 21  # a new exercise needs none: its slips are tried
    assert len(unnamed) >= 15
