"""The mean squared error: values, and derivatives with respect to z[L]."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.activations import identity, relu, sigmoid, tanh
from utils.losses import MeanSquaredError, mse
from utils.numerical import complex_step

ALL = [sigmoid, tanh, relu, identity]
deterministic = settings(derandomize=True, deadline=None, max_examples=60)


@st.composite
def batches(draw, smallest=1):
    """z of layer L, its activation, and targets, with replica axes on either or both."""
    n, N = draw(st.integers(1, 4)), draw(st.integers(smallest, 6))
    replicas = draw(st.sampled_from([(), (1,), (3,), (2, 2)]))
    lead = draw(st.sampled_from([(), replicas]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    z = rng.uniform(-3, 3, (*replicas, n, N))
    return z, draw(st.sampled_from(ALL)), rng.uniform(-1, 1, (*lead, n, N))


def by_loops(a, y):
    """½‖a − y‖² averaged over the columns, in plain Python numbers."""
    n, N = a.shape
    return sum(0.5 * (a[k, i] - y[k, i]) ** 2 for k in range(n) for i in range(N)) / N


def test_value_and_delta_by_hand():
    a = np.array([[0.5, 1.0], [0.0, 0.25]])
    y = np.array([[1.0, 1.0], [0.0, 1.0]])
    # columns: ½·¼ = 1/8 and ½·9/16 = 9/32; their mean is 13/64
    assert mse.value(a, a, y) == 13 / 64
    assert mse.delta(a, a, y, identity).tolist() == [[-0.25, 0.0], [0.0, -0.375]]
    # times a(1 - a) = ¼, 0, 0, 3/16
    assert mse.delta(a, a, y, sigmoid).tolist() == [[-0.0625, 0.0], [0.0, -0.0703125]]


@deterministic
@given(batches())
def test_value_agrees_with_loops_for_each_replica(batch):
    z, f, y = batch
    a = f(z)
    value = mse.value(z, a, y)
    assert np.shape(value) == z.shape[:-2]
    for r in np.ndindex(z.shape[:-2]):
        wanted = by_loops(a[r], y[r] if y.ndim > 2 else y)
        assert math.isclose(value[r], wanted, rel_tol=1e-13)


@deterministic
@given(batches())
def test_delta_is_the_derivative_of_value_with_respect_to_z(batch):
    z, f, y = batch
    delta = mse.delta(z, f(z), y, f)
    assert delta.shape == z.shape
    full = complex_step(lambda z: mse.value(z, f(z), y), z)
    R = math.prod(z.shape[:-2])
    full = full.reshape(R, R, *z.shape[-2:])
    wanted = np.einsum("rs,rki->rski", np.eye(R), delta.reshape(R, *z.shape[-2:]))
    assert np.max(np.abs(full - wanted)) <= 1e-12 * np.max(np.abs(full))


@deterministic
@given(batches())
def test_the_mean_over_columns_and_not_the_sum(batch):
    z, f, y = batch
    a, N = f(z), z.shape[-1]
    each = [mse.value(z[..., [i]], a[..., [i]], y[..., [i]]) for i in range(N)]
    assert np.allclose(mse.value(z, a, y), sum(each) / N, rtol=1e-13, atol=0)
    for i in range(N):
        alone = mse.delta(z[..., [i]], a[..., [i]], y[..., [i]], f)
        assert np.allclose(mse.delta(z, a, y, f)[..., [i]], alone / N, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.name)
def test_a_perfect_fit_costs_nothing(f):
    z = np.random.default_rng(1).normal(size=(3, 2, 5))
    a = f(z)
    assert mse.value(z, a, a).tolist() == [0.0, 0.0, 0.0]
    assert not mse.delta(z, a, a, f).any()


@pytest.mark.parametrize("lead", [(), (3,)])
def test_zero_columns_cost_nothing(lead):
    nothing = np.zeros((*lead, 2, 0))
    value = mse.value(nothing, nothing, np.zeros((2, 0)))
    assert np.array_equal(value, np.zeros(lead))
    assert mse.delta(nothing, nothing, np.zeros((2, 0)), sigmoid).shape == (*lead, 2, 0)


def test_only_the_outputs_and_targets_count():
    rng = np.random.default_rng(2)
    a, y = rng.normal(size=(2, 2, 4))
    assert mse.value(rng.normal(size=(2, 4)), a, y) == mse.value(a, a, y)


def test_lists_and_integers_are_good():
    assert mse.value([[0.0]], [[3]], [[1]]) == 2.0
    assert mse.delta([[0.0]], [[3]], [[True]], identity).tolist() == [[2.0]]


def test_targets_may_have_the_replica_axis_alone():
    a, y = np.zeros((1, 2)), np.arange(6.0).reshape(3, 1, 2)
    assert mse.value(a, a, y).tolist() == [0.25, 3.25, 10.25]
    assert mse.delta(a, a, y, identity).shape == (3, 1, 2)


def test_inputs_are_not_changed():
    rng = np.random.default_rng(3)
    given_arrays = list(rng.uniform(0, 1, (3, 2, 4)))
    kept = [v.copy() for v in given_arrays]
    for v in given_arrays:
        v.flags.writeable = False
    mse.value(*given_arrays)
    mse.delta(*given_arrays, sigmoid)
    assert all(np.array_equal(u, v) for u, v in zip(given_arrays, kept))


def test_name_and_repr():
    assert isinstance(mse, MeanSquaredError)
    assert (mse.name, repr(mse)) == ("mse", "<loss mse>")
