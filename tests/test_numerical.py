"""The witnesses themselves, tried on functions whose derivatives are known."""

import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from refusals import refusal

from utils.numerical import (
    complex_step,
    confirm,
    dot_product_test,
    finite_difference,
    relative_error,
)

deterministic = settings(derandomize=True, deadline=None, max_examples=60)
BOTH = pytest.mark.parametrize("witness", [finite_difference, complex_step])

KNOWN = {
    "exp": (np.exp, np.exp),
    "sin": (np.sin, np.cos),
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "log": (lambda x: np.log(x + 3), lambda x: 1 / (x + 3)),
    "power": (lambda x: x**5, lambda x: 5 * x**4),
    "quotient": (lambda x: x / (1 + x * x), lambda x: (1 - x * x) / (1 + x * x) ** 2),
}


# -- finite_difference and complex_step -----------------------------------------------------------


@pytest.mark.parametrize("name", KNOWN)
def test_derivatives_of_known_functions(name):
    f, derivative = KNOWN[name]
    x = np.array([-1.7, -0.4, 0.3, 0.8, 2.1])
    wanted = np.diag(derivative(x))
    assert np.max(np.abs(complex_step(f, x) - wanted)) <= 1e-14 * np.max(np.abs(wanted))
    assert np.max(np.abs(finite_difference(f, x) - wanted)) <= 1e-8 * np.max(np.abs(wanted))


@BOTH
@deterministic
@given(
    shape=array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    out=array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_shape_is_that_of_f_then_that_of_x(witness, shape, out, seed):
    rng = np.random.default_rng(seed)
    A = rng.uniform(-1, 1, (*out, *shape))
    x = rng.uniform(-1, 1, shape)
    J = witness(lambda x: np.tensordot(A, x, axes=len(shape)), x)
    assert J.shape == A.shape
    assert J.dtype == np.float64
    assert np.allclose(J, A, rtol=0, atol=1e-9)


@BOTH
def test_scalars_in_and_out(witness):
    assert witness(lambda x: x**2, 3.0).shape == ()
    assert abs(witness(lambda x: x**2, 3.0) - 6.0) < 1e-8
    assert abs(witness(lambda x: x**2, 3) - 6.0) < 1e-8
    assert np.allclose(witness(lambda x: (x**2).sum(), [1, 2]), [2.0, 4.0], atol=1e-8)
    assert np.allclose(witness(lambda x: [x, x * x, 1.0], 2.0), [1.0, 4.0, 0.0], atol=1e-8)


@BOTH
def test_rows_are_outputs(witness):
    J = witness(lambda x: np.array([x[0] * x[1], x[1] + 10 * x[2]]), [2.0, 3.0, 5.0])
    assert np.allclose(J, [[3.0, 2.0, 0.0], [0.0, 1.0, 10.0]], rtol=0, atol=1e-8)


@BOTH
def test_empty_x_gives_an_empty_derivative(witness):
    assert witness(lambda x: np.zeros((2, 3)), np.zeros((0, 4))).shape == (2, 3, 0, 4)


@BOTH
def test_x_and_its_memory_layout_are_left_alone(witness):
    x = np.arange(6.0).reshape(2, 3).T[::-1]
    x.flags.writeable = False
    kept = x.copy()
    J = witness(lambda x: x**2, x)
    wanted = np.diag(2 * kept.ravel()).reshape(3, 2, 3, 2)
    assert np.array_equal(x, kept)
    assert np.allclose(J, wanted, atol=1e-8)


@BOTH
def test_f_may_spoil_what_it_is_given(witness):
    def spoils(x):
        x *= 2
        return x

    x = np.array([1.0, 2.0])
    assert np.allclose(witness(spoils, x), 2 * np.eye(2), atol=1e-8)
    assert x.tolist() == [1.0, 2.0]


def test_complex_step_has_no_rounding_however_steep_the_function():
    x = np.array([0.1, 1.0, 5.0])
    wanted = 40 * np.cos(40 * x) * np.exp(np.sin(40 * x))
    found = np.diag(complex_step(lambda x: np.exp(np.sin(40 * x)), x))
    assert np.max(np.abs(found - wanted)) <= 1e-14 * np.max(np.abs(wanted))


def test_central_differences_are_of_second_order():
    errors = [abs(finite_difference(np.exp, 1.0, h=h) - math.e) for h in (2e-2, 1e-2)]
    assert abs(errors[0] / errors[1] - 4) < 1e-3
    # a one-sided quotient would be off by h/2 · e = 1e-2
    assert abs(errors[1] - math.e * 1e-4 / 6) < 1e-8


def test_a_quadratic_is_differentiated_exactly_with_any_step():
    # on a grid of powers of two nothing is rounded
    for h in (0.25, 0.5, 4.0, np.float32(0.5), 1):
        assert finite_difference(lambda x: x**2, 3.0, h=h) == 6.0


# -- dot_product_test -----------------------------------------------------------------------------


def cubes(x):
    """A map from (2, 3) to (4,) whose Jacobian is full."""
    A = np.arange(1.0, 25.0).reshape(4, 6) / 10
    return A @ (x.reshape(6) ** 3)


def cubes_jacobian(x):
    A = np.arange(1.0, 25.0).reshape(4, 6) / 10
    return (A * 3 * x.reshape(6) ** 2).reshape(4, 2, 3)


POINT = np.array([[1.0, -0.5, 2.0], [0.7, 1.5, -1.2]])


@pytest.mark.parametrize("seed", range(5))
def test_the_right_jacobian_passes(seed):
    error = dot_product_test(cubes, cubes_jacobian(POINT), POINT, np.random.default_rng(seed))
    assert isinstance(error, float)
    assert 0.0 <= error < 1e-14


@pytest.mark.parametrize("where", list(np.ndindex(4, 2, 3)))
@pytest.mark.parametrize("change", [lambda v: -v, lambda v: 0.0, lambda v: v * 1.01])
def test_a_single_wrong_entry_is_caught(where, change):
    J = cubes_jacobian(POINT)
    J[where] = change(J[where])
    assert dot_product_test(cubes, J, POINT, np.random.default_rng(1)) > 1e-6


def test_a_transposed_square_jacobian_is_caught():
    A = np.random.default_rng(1).normal(size=(4, 4))
    x = np.ones(4)
    assert dot_product_test(lambda x: A @ x, A, x, np.random.default_rng(2)) < 1e-14
    assert dot_product_test(lambda x: A @ x, A.T, x, np.random.default_rng(2)) > 1e-3


def test_a_factor_of_two_is_caught_and_measured():
    error = dot_product_test(lambda x: x**2, 12.0, 3.0, np.random.default_rng(1))
    assert math.isclose(error, 2 / 3, rel_tol=1e-12)  # |12 - 6|, relative to the mean of 12 and 6
    J = 2 * cubes_jacobian(POINT)
    assert dot_product_test(cubes, J, POINT, np.random.default_rng(1)) > 0.1


def test_dot_product_test_at_the_edges():
    rng = np.random.default_rng(1)
    assert dot_product_test(lambda x: x**2, 6.0, 3.0, rng) < 1e-14
    assert dot_product_test(lambda x: 0 * x, np.zeros((2, 2)), [1.0, 2.0], rng) == 0.0
    assert dot_product_test(lambda x: np.ones(3), np.zeros((3, 0)), np.zeros(0), rng) == 0.0
    assert dot_product_test(lambda x: 0 * x, np.eye(2), [1.0, 2.0], rng) > 0.1
    assert dot_product_test(np.exp, np.zeros((2, 2)), [1.0, 2.0], rng) > 0.1


def test_the_generator_decides_the_draw():
    J = cubes_jacobian(POINT) * 1.1
    first, again, other = (
        dot_product_test(cubes, J + np.eye(4, 6).reshape(J.shape), POINT, np.random.default_rng(s))
        for s in (1, 1, 2)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("spoilt", [math.nan, math.inf])
def test_a_function_that_gives_nan_never_agrees(spoilt):
    try:
        with np.errstate(all="ignore"):
            rng = np.random.default_rng(1)
            agrees = dot_product_test(lambda x: x * spoilt, np.eye(2), [1.0, 2.0], rng) < 1
    except ValueError:  # a refusal would do as well
        agrees = False
    assert not agrees


# -- relative_error -------------------------------------------------------------------------------

shapes = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
sane = st.floats(-1e100, 1e100).filter(lambda v: v == 0 or abs(v) > 1e-100)


@deterministic
@given(shapes.flatmap(lambda s: st.tuples(*[arrays(float, s, elements=sane)] * 2)))
def test_relative_error_properties(pair):
    u, v = pair
    error = relative_error(u, v)
    assert isinstance(error, float)
    assert 0.0 <= error <= 2.0
    assert error == relative_error(v, u)
    assert error == relative_error(4 * u, 4 * v)
    assert error == relative_error(-u, -v)
    assert relative_error(u, u) == 0.0
    assert (error == 0.0) == np.array_equal(u, v)


@deterministic
@given(arrays(float, (2, 3), elements=st.floats(0.5, 1.0)), st.integers(0, 5))
def test_one_entry_decides(u, k):
    v = u.copy()
    v.flat[k] += 0.25
    assume(v.max() > u.max())
    assert math.isclose(relative_error(u, v), 0.25 / v.max(), rel_tol=1e-12)


def test_relative_error_by_hand():
    assert relative_error([4.0, -8.0], [4.0, -6.0]) == 0.25
    assert relative_error([1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 0.0]) == 1.0  # no mean
    assert relative_error(3, -3) == 2.0
    assert relative_error([3 + 4j], [0.0]) == 1.0
    assert relative_error(1.0, 1.0 + 2**-52) == 2**-52 / (1 + 2**-52)
    assert relative_error([5e-324], [0.0]) == 1.0


def test_relative_error_of_nothing_is_zero():
    assert relative_error(np.zeros((2, 0)), np.zeros((2, 0))) == 0.0
    assert relative_error(np.zeros(3), np.zeros(3)) == 0.0


def test_relative_error_over_the_whole_range_of_floats():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert relative_error(1e200, 2e200) == 0.5
        assert relative_error(1e308, -1e308) == 2.0


# -- confirm --------------------------------------------------------------------------------------


def test_confirm_says_what_it_found(capsys):
    assert confirm("both ways", [1.0, 2.0], [1.0, 2.0 + 1e-13]) is None
    assert capsys.readouterr().out == "both ways: equal to within 1e-12\n"
    confirm("roughly", 1.0, 1.0009, within=1e-3)
    assert capsys.readouterr().out == "roughly: equal to within 1e-03\n"


def test_confirm_raises_where_it_does_not_hold(capsys):
    with pytest.raises(AssertionError, match=re.escape("a claim: relative error 5.0e-01")):
        confirm("a claim", 1.0, 2.0)
    with pytest.raises(AssertionError, match="more than 1e-12"):
        confirm("another", 1.0, 1.0 + 1e-11)
    assert capsys.readouterr().out == ""


def test_confirm_is_as_strict_as_it_says(capsys):
    with pytest.raises(AssertionError):
        confirm("twice the bound", 1.0, 1.0 + 2e-12)


@pytest.mark.parametrize("f", [np.abs, lambda x: x.real**2, lambda x: (x > 0.5) * 1.0])
def test_a_function_that_drops_the_imaginary_part_is_refused(f):
    refusal(lambda: complex_step(f, [0.4, -2.0, 1.5 - 1e-16]), "f")


def test_the_bound_of_confirm_is_included(capsys):
    confirm("on the bound", 1.0, 2.0, within=0.5)
    confirm("exactly", 1.0, 1.0, within=0.0)
    assert capsys.readouterr().out.count("\n") == 2
