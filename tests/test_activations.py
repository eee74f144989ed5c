"""Activations, and their derivatives through the output."""

import cmath
import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from utils.activations import Activation, identity, relu, sigmoid, softmax, tanh
from utils.network import Network
from utils.numerical import complex_step

ALL = [sigmoid, tanh, relu, identity]
IDS = [f.name for f in ALL]
# Not on a kink, and not so far out that 1 - a has lost its digits.
Z = np.array([[-4.0, -1.5, -0.3, -1e-3], [1e-3, 0.25, 2.0, 4.0]])

deterministic = settings(derandomize=True, deadline=None, max_examples=60)
moderate = st.floats(-30, 30)
any_shape = array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


def gap(u, v):
    """Largest difference relative to the entry itself."""
    assert np.shape(u) == np.shape(v)
    return np.max(np.abs(u - v) / np.maximum(np.abs(v), np.finfo(float).tiny), initial=0.0)


# -- values --------------------------------------------------------------------------------------


def test_sigmoid_at_points_known_by_hand():
    z = np.log([1.0, 3.0, 1 / 3, 7.0, 1 / 7])
    assert gap(sigmoid(z), np.array([0.5, 0.75, 0.25, 0.875, 0.125])) < 1e-15
    assert sigmoid(0.0) == 0.5


def test_tanh_relu_and_identity_at_points_known_by_hand():
    assert gap(tanh(np.log([3.0, 1 / 3]) / 2), np.array([0.5, -0.5])) < 1e-15
    assert relu(np.array([-2.0, -0.0, 0.0, 3.5])).tolist() == [0.0, 0.0, 0.0, 3.5]
    assert identity(np.array([-2.0, 3.5])).tolist() == [-2.0, 3.5]


@pytest.mark.parametrize("z", [1e4, 710.0, 1e308, math.inf])
def test_sigmoid_is_silent_and_exact_far_out(z):
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        right, left = sigmoid(np.array([z, -z]))
    assert right == 1.0
    assert 0.0 <= left < 1e-307  # the true value is below the smallest float


def test_sigmoid_keeps_its_digits_on_the_left():
    z = -np.linspace(0.0, 700.0, 71)
    assert gap(sigmoid(z), np.exp(z) / (1 + np.exp(z))) < 1e-14


@deterministic
@given(arrays(float, any_shape, elements=moderate))
def test_sigmoid_is_symmetric_monotone_and_a_shifted_tanh(z):
    a = sigmoid(z)
    assert np.max(np.abs(a + sigmoid(-z) - 1.0), initial=0.0) < 1e-15
    assert np.max(np.abs(a - (1 + np.tanh(z / 2)) / 2), initial=0.0) < 1e-15
    assert np.all(np.diff(a.ravel()[np.argsort(z.ravel())]) >= -1e-16)


@pytest.mark.parametrize("f", ALL, ids=IDS)
@pytest.mark.parametrize("z", [1e4, 1e200])
def test_every_activation_and_derivative_is_silent_far_out(f, z):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a = f(np.array([z, -z]))
        slope = f.derivative(a)
    limits = {
        "sigmoid": ([1, 0], [0, 0]),
        "tanh": ([1, -1], [0, 0]),
        "relu": ([z, 0], [1, 0]),
        "identity": ([z, -z], [1, 1]),
    }
    assert np.allclose(a, limits[f.name][0], rtol=0, atol=1e-300)
    assert np.allclose(slope, limits[f.name][1], rtol=0, atol=1e-300)


def test_infinities_and_nan_pass_through_activations():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tanh(np.array([np.inf, -np.inf])).tolist() == [1.0, -1.0]
        assert np.isnan(sigmoid(np.array(np.nan)))


# -- derivatives ---------------------------------------------------------------------------------


@pytest.mark.parametrize("f", ALL, ids=IDS)
def test_derivative_takes_the_output(f):
    slope = np.array([complex_step(f, z) for z in Z.ravel()]).reshape(Z.shape)
    assert gap(f.derivative(f(Z)), slope) < 1e-12


def test_derivatives_at_points_known_by_hand():
    assert sigmoid.derivative(np.array([0.5, 0.25, 1.0])).tolist() == [0.25, 0.1875, 0.0]
    assert tanh.derivative(np.array([0.0, 0.5, -1.0])).tolist() == [1.0, 0.75, 0.0]
    assert identity.derivative(np.array([-3.0, 0.0])).tolist() == [1.0, 1.0]


def test_relu_passes_nothing_back_where_it_is_switched_off():
    z = np.array([-3.0, -0.0, 0.0, 1e-300, 2.0])
    assert relu.derivative(relu(z)).tolist() == [0.0, 0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("f", ALL, ids=IDS)
def test_entrywise_on_any_shape(f):
    @deterministic
    @given(arrays(float, any_shape, elements=moderate))
    def check(z):
        a = f(z)
        assert a.shape == z.shape
        assert f.derivative(a).shape == z.shape
        assert f.derivative(a).dtype == np.float64
        assert gap(a.ravel(), np.array([f(np.array([v]))[0] for v in z.ravel()])) < 1e-15

    check()


@pytest.mark.parametrize("f", ALL, ids=IDS)
def test_results_are_new_arrays_and_the_input_is_untouched(f):
    z = Z.copy()
    z.flags.writeable = False
    a = f(z)
    a.flags.writeable = False
    before = a.copy()
    slope = f.derivative(a)
    assert np.array_equal(z, Z)
    assert np.array_equal(a, before)
    assert not np.shares_memory(a, z)
    assert not np.shares_memory(slope, a)


# -- complex numbers pass ------------------------------------------------------------------------


def test_complex_values_agree_with_cmath():
    points = [0.3 + 0.2j, -1.0 - 0.7j, 2.5 + 1.0j]
    z = np.array(points)
    assert gap(sigmoid(z), np.array([1 / (1 + cmath.exp(-p)) for p in points])) < 1e-14
    assert gap(tanh(z), np.array([cmath.tanh(p) for p in points])) < 1e-14
    assert identity(z).tolist() == points
    assert relu(z).tolist() == [points[0], 0, points[2]]


@pytest.mark.parametrize("f", ALL, ids=IDS)
def test_the_real_part_of_a_complex_step_is_the_value(f):
    a = f(Z + 1e-30j)
    assert a.dtype == np.complex128
    assert gap(a.real, f(Z)) < 1e-14
    assert gap(a.imag / 1e-30, f.derivative(f(Z))) < 1e-12
    assert f.derivative(a).dtype == np.complex128


def test_complex_steps_are_silent_far_out():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        steps = np.array([1e4 + 1e-30j, -1e4 + 1e-30j])
        for f in (sigmoid, tanh):
            assert np.all(np.abs(f(steps).imag) < 1e-40)


# -- an activation of one's own ------------------------------------------------------------------


def test_an_activation_of_ones_own():
    softplus = Activation("softplus", lambda z: np.log1p(np.exp(z)), lambda a: 1 - np.exp(-a))
    assert repr(softplus) == "<Activation softplus>"
    assert softplus.name == "softplus"
    assert gap(softplus.derivative(softplus(Z)), sigmoid(Z)) < 1e-12
    assert Network({2: [[1.0]]}, {2: [[0.0]]}, softplus).activation == {2: softplus}


@pytest.mark.parametrize("f", ALL, ids=IDS)
def test_lists_integers_and_booleans_are_numbers(f):
    assert f([[-1, 0], [2, 3]]).tolist() == f(np.array([[-1.0, 0.0], [2.0, 3.0]])).tolist()
    assert f(np.array([True, False])).tolist() == f(np.array([1.0, 0.0])).tolist()
    assert f.derivative([0, 1]).tolist() == f.derivative(np.array([0.0, 1.0])).tolist()
    assert f(np.float32(0.5)) == f(np.array(0.5))


# -- softmax -------------------------------------------------------------------------------------

columns = arrays(
    float,
    array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=4),
    elements=st.floats(-50, 50),
)


def test_softmax_by_hand():
    p = softmax(np.log([[1.0, 5.0], [3.0, 5.0], [4.0, 10.0]]))
    assert gap(p, np.array([[0.125, 0.25], [0.375, 0.25], [0.5, 0.5]])) < 1e-14


@deterministic
@given(columns, st.floats(-1e3, 1e3))
def test_softmax_properties(z, shift):
    p = softmax(z)
    assert p.shape == z.shape
    assert np.all(p > 0)
    assert np.max(np.abs(p.sum(axis=-2) - 1.0)) < 1e-14
    # z + shift itself is rounded, by at most 2e-13 / 2 here
    assert np.max(np.abs(softmax(z + shift) - p)) < 1e-12
    assert np.max(np.abs(softmax(z[..., ::-1, :]) - p[..., ::-1, :])) < 1e-14


@deterministic
@given(columns)
def test_softmax_of_a_stack_is_the_softmax_of_each_column(z):
    p = softmax(z)
    for where in np.ndindex(z.shape[:-2]):
        for i in range(z.shape[-1]):
            assert gap(p[where][:, i], softmax(z[where][:, i : i + 1])[:, 0]) < 1e-14


def test_softmax_does_not_overflow():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert softmax([[1e4, 1e300, -1e300], [-1e4, 0.0, 0.0]]).tolist() == [[1, 1, 0], [0, 0, 1]]
        assert softmax(np.full((4, 1), 1e308)).tolist() == [[0.25]] * 4


def test_softmax_spans_the_whole_range_of_floats():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert softmax([[1e308], [-1e308]]).tolist() == [[1.0], [0.0]]


def test_softmax_of_two_is_a_sigmoid():
    z = np.array([[0.3, -2.0, 5.0], [1.0, 0.5, -1.0]])
    assert gap(softmax(z)[0], sigmoid(z[0] - z[1])) < 1e-14


def test_softmax_at_the_edges():
    assert softmax(np.zeros((3, 0))).shape == (3, 0)
    assert softmax(np.array([[7.0, -3.0]])).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("K", [1, 2, 3, 7])
def test_jacobian_of_softmax_is_diag_p_minus_p_p(K):
    z = np.random.default_rng(K).normal(size=(K, 1))
    p = softmax(z)[:, 0]
    J = complex_step(softmax, z).reshape(K, K)
    assert np.max(np.abs(J - (np.diag(p) - np.outer(p, p)))) < 1e-14
