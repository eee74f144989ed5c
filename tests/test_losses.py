"""The losses: values, and derivatives with respect to z[L].

First the mean squared error alone; from "every loss" on, all of them. Witnesses are loops, the
definitions in 60 decimal digits (and their differences), and complex steps.
"""

import copy
import math
import pickle
import warnings
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.activations import identity, relu, sigmoid, tanh
from utils.gradients import loss_gradient, stack, unstack
from utils.losses import (
    BinaryCrossEntropy,
    HuberLoss,
    Loss,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    SoftmaxMeanSquaredError,
    binary_cross_entropy,
    huber_loss,
    mse,
    softmax_cross_entropy,
    softmax_mse,
)
from utils.network import Network, forward, init_network
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


# -- every loss ------------------------------------------------------------------------------------


def one_hot(rng, shape):
    """Columns that are one-hot in half of the cases, probabilities in the other."""
    n, N = shape[-2:]
    labels = rng.integers(n, size=(*shape[:-2], N))
    y = (np.arange(n)[:, None] == labels[..., None, :]).astype(float)
    if rng.random() < 0.5:
        y = y + rng.uniform(0, 1, shape)
        y /= y.sum(axis=-2, keepdims=True)
    return y


def yes_no(rng, shape):
    y = rng.uniform(0, 1, shape)
    return np.round(y) if rng.random() < 0.5 else y


def anything(rng, shape):
    return rng.uniform(-2, 2, shape)


LOSSES = {
    "mse": (mse, ALL, anything),
    "binary": (binary_cross_entropy, [sigmoid], yes_no),
    "softmax": (softmax_cross_entropy, [identity], one_hot),
    "softmax mse": (softmax_mse, [identity], one_hot),
    "huber 0.3": (huber_loss(0.3), ALL, anything),  # most residuals lie beyond the kink,
    "huber 1.345": (huber_loss(1.345), ALL, anything),  # some of them,
    "huber 50": (huber_loss(50), ALL, anything),  # none
}
every_loss = pytest.mark.parametrize("which", LOSSES)


@st.composite
def problems(draw, which, smallest=1):
    """z of layer L, its activation, targets: with replica axes on both, one or none."""
    loss, activations, targets = LOSSES[which]
    n, N = draw(st.integers(1, 4)), draw(st.integers(smallest, 6))
    replicas = draw(st.sampled_from([(), (1,), (3,), (2, 2)]))
    lead = draw(st.sampled_from([(), replicas]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    z = rng.uniform(-3, 3, (*replicas, n, N))
    return loss, z, draw(st.sampled_from(activations)), targets(rng, (*lead, n, N))


ONE = Decimal(1)
IN_DECIMALS = {
    sigmoid: lambda z: ONE / (ONE + (-z).exp()),
    tanh: lambda z: ONE - 2 / ((2 * z).exp() + ONE),
    relu: lambda z: max(z, Decimal(0)),
    identity: lambda z: z,
}


def cost_in_decimals(loss, f, z, y):
    """The definition of each loss, with probabilities and logarithms, in 60 digits.

    z and y are lists of columns.
    """
    total = Decimal(0)
    for z_i, y_i in zip(z, y):
        if loss is softmax_cross_entropy:
            e = [v.exp() for v in z_i]
            total -= sum(t * (v / sum(e)).ln() for v, t in zip(e, y_i))
            continue
        if loss is softmax_mse:
            e = [v.exp() for v in z_i]
            total += sum((v / sum(e) - t) ** 2 for v, t in zip(e, y_i)) / 2
            continue
        for v, t in zip(z_i, y_i):
            a = IN_DECIMALS[f](v)
            r = abs(a - t)
            if loss is binary_cross_entropy:
                total -= t * a.ln() + (1 - t) * (1 - a).ln()
            elif loss is mse:
                total += r * r / 2
            else:
                k = Decimal(loss.k)
                total += r * r / 2 if r <= k else k * r - k * k / 2
    return total / len(z)


@every_loss
@pytest.mark.parametrize(("n", "N", "size"), [(1, 1, 1.0), (3, 4, 2.0), (2, 3, 30.0)])
def test_value_and_delta_agree_with_sixty_digits(which, n, N, size):
    loss, activations, targets = LOSSES[which]
    rng = np.random.default_rng(n * N)
    for f in activations:
        z = rng.uniform(-size, size, (n, N))
        y = targets(rng, (n, N))
        a = f(z)
        with localcontext(prec=60):
            columns = [list(map(Decimal, column)) for column in z.T.tolist()]
            wanted = [list(map(Decimal, column)) for column in y.T.tolist()]
            cost = cost_in_decimals(loss, f, columns, wanted)
            slope, h = np.zeros((n, N)), Decimal("1e-20")
            for k, i in np.ndindex(n, N):
                sides = []
                for step in (h, -h):
                    moved = [list(column) for column in columns]
                    moved[i][k] += step
                    sides.append(cost_in_decimals(loss, f, moved, wanted))
                slope[k, i] = (sides[0] - sides[1]) / (2 * h)
        scale = 1 + size
        assert abs(float(cost) - loss.value(z, a, y)) <= 1e-14 * n * scale
        assert np.max(np.abs(slope - loss.delta(z, a, y, f))) <= 1e-14 * scale


@every_loss
@deterministic
@given(st.data())
def test_delta_of_each_loss_is_the_complex_step_of_its_value(which, data):
    loss, z, f, y = data.draw(problems(which))
    value, delta = loss.value(z, f(z), y), loss.delta(z, f(z), y, f)
    assert np.shape(value) == z.shape[:-2]
    assert delta.shape == z.shape
    full = complex_step(lambda z: loss.value(z, f(z), y), z)
    R = math.prod(z.shape[:-2])
    full = full.reshape(R, R, *z.shape[-2:])
    wanted = np.einsum("rs,rki->rski", np.eye(R), delta.reshape(R, *z.shape[-2:]))
    assert np.max(np.abs(full - wanted)) <= 1e-12 * max(np.max(np.abs(full)), 1e-2)


@every_loss
@deterministic
@given(st.data())
def test_each_replica_and_each_column_counts_for_itself(which, data):
    loss, z, f, y = data.draw(problems(which))
    near = {"rtol": 1e-11, "atol": 1e-15}  # whatever is drawn: p − y and its like may nearly cancel
    a, N, lead = f(z), z.shape[-1], z.shape[:-2]
    value, delta = loss.value(z, a, y), loss.delta(z, a, y, f)
    own = np.broadcast_to(y, z.shape)
    for r in np.ndindex(lead):
        assert np.allclose(loss.value(z[r], a[r], own[r]), value[r], **near)
        assert np.allclose(loss.delta(z[r], a[r], own[r], f), delta[r], **near)
    each = [loss.value(z[..., [i]], a[..., [i]], y[..., [i]]) for i in range(N)]
    assert np.allclose(value, sum(each) / N, **near)
    for i in range(N):
        alone = loss.delta(z[..., [i]], a[..., [i]], y[..., [i]], f)
        assert np.allclose(delta[..., [i]], alone / N, **near)


@every_loss
@pytest.mark.parametrize("times", [2, 5])
def test_the_same_columns_several_times_over_change_nothing(which, times):
    loss, (f, *_), targets = LOSSES[which]
    rng = np.random.default_rng(4)
    z, y = rng.normal(size=(3, 4)), targets(rng, (3, 4))
    many = [np.tile(v, times) for v in (z, f(z), y)]
    assert math.isclose(loss.value(*many), loss.value(z, f(z), y), rel_tol=1e-13)
    wanted = np.tile(loss.delta(z, f(z), y, f), times) / times
    assert np.allclose(loss.delta(*many, f), wanted, rtol=1e-13, atol=1e-16)


@every_loss
def test_targets_of_each_replica_for_one_network(which):
    loss, (f, *_), targets = LOSSES[which]
    rng = np.random.default_rng(5)
    z, y = rng.normal(size=(2, 4)), targets(rng, (3, 2, 4))
    value, delta = loss.value(z, f(z), y), loss.delta(z, f(z), y, f)
    assert (value.shape, delta.shape) == ((3,), (3, 2, 4))
    for r in range(3):
        assert math.isclose(value[r], loss.value(z, f(z), y[r]), rel_tol=1e-13)
        assert np.allclose(delta[r], loss.delta(z, f(z), y[r], f), rtol=1e-13, atol=1e-16)


@every_loss
@pytest.mark.parametrize("lead", [(), (3,)])
def test_zero_columns_cost_nothing_in_any_loss(which, lead):
    loss, activations, _ = LOSSES[which]
    nothing, y = np.zeros((*lead, 2, 0)), np.zeros((2, 0))
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        assert np.array_equal(loss.value(nothing, nothing, y), np.zeros(lead))
        for f in activations:
            assert loss.delta(nothing, nothing, y, f).shape == (*lead, 2, 0)
    net = init_network([3, 4, 2], np.random.default_rng(6), replicas=3 if lead else None,
                       output=activations[0])  # fmt: skip
    value, dW, db = loss_gradient(net, np.zeros((3, 0)), y, loss)
    assert np.array_equal(value, np.zeros(lead))
    assert np.array_equal(stack(dW, db), np.zeros((*lead, net.n_parameters)))


@every_loss
@pytest.mark.parametrize("replicas", [None, 3])
@pytest.mark.parametrize("N", [1, 4])
def test_loss_gradient_of_each_loss_by_complex_steps_in_all_parameters(which, replicas, N):
    loss, activations, targets = LOSSES[which]
    rng = np.random.default_rng(7)
    for f in activations:
        net = init_network([3, 4, 2], rng, "paper", replicas, activation=tanh, output=f)
        for lead in {(), net.replicas}:
            x, y = rng.normal(size=(*lead, 3, N)), targets(rng, (*lead, 2, N))
            value, dW, db = loss_gradient(net, x, y, loss)
            assert np.shape(value) == net.replicas
            P, h = net.n_parameters, 1e-30
            units = np.eye(P).reshape(P, *[1] * len(net.replicas), P)
            moved = Network(*unstack(stack(net.W, net.b) + 1j * h * units, net), net.activation)
            z, a = forward(moved, x)
            witness = loss.value(z[3], a[3], y)
            assert np.allclose(witness[0].real, value, rtol=1e-12, atol=0)
            witness = np.moveaxis(witness.imag / h, 0, -1)
            found = stack(dW, db)
            assert found.shape == witness.shape
            assert np.max(np.abs(found - witness)) <= 1e-12 * max(np.max(np.abs(witness)), 1e-2)


@every_loss
@pytest.mark.parametrize("size", [1e4, 1e200])
def test_extreme_weighted_inputs_are_finite_and_silent(which, size):
    loss, activations, targets = LOSSES[which]
    if loss is mse and size > 1e150:
        return  # its square does not fit into a float
    rng = np.random.default_rng(8)
    z = size * np.array([[1.0, -1.0, 1.0, -1.0, 0.5 / size], [1.0, -1.0, -1.0, 1.0, -1.0]])
    for f in activations:
        for y in (targets(rng, z.shape), one_hot(rng, z.shape)):
            with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
                warnings.simplefilter("error")
                value, delta = loss.value(z, f(z), y), loss.delta(z, f(z), y, f)
                full = complex_step(lambda z: loss.value(z, f(z), y), z)  # noqa: B023
            assert np.isfinite(value)
            assert np.all(np.isfinite(delta))
            assert np.max(np.abs(full - delta)) <= 1e-12 * max(np.max(np.abs(delta)), 1e-2)


def test_extreme_values_by_hand():
    z = np.array([[1e4, -1e4, 1e4, -1e4]])
    a, y = sigmoid(z), np.array([[1.0, 0.0, 0.0, 1.0]])
    each = [binary_cross_entropy.value(z[:, [i]], a[:, [i]], y[:, [i]]) for i in range(4)]
    assert each == [0.0, 0.0, 1e4, 1e4]
    delta = binary_cross_entropy.delta(z, a, y, sigmoid)
    assert np.allclose(delta, [[0.0, 0.0, 0.25, -0.25]], rtol=0, atol=1e-300)

    z = np.array([[1e4, 1e4], [-1e4, -1e4], [0.0, 0.0]])
    y = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert softmax_cross_entropy.value(z[:, :1], z[:, :1], y[:, :1]) == 0.0
    assert softmax_cross_entropy.value(z, z, y) == 1e4  # the mean of 0 and 2e4
    wanted = [[0.0, 0.5], [0.0, -0.5], [0.0, 0.0]]
    assert softmax_cross_entropy.delta(z, z, y, identity).tolist() == wanted

    r = np.array([[1e4, -1e4]])
    assert huber_loss(2).value(r, r, [[0.0, 0.0]]) == 2e4 - 2
    assert huber_loss(2).delta(r, r, [[0.0, 0.0]], identity).tolist() == [[1.0, -1.0]]


def test_certain_and_uncertain_by_hand():
    zero = np.zeros((1, 2))
    half = sigmoid(zero)
    assert math.isclose(binary_cross_entropy.value(zero, half, [[0.0, 1.0]]), math.log(2))
    assert binary_cross_entropy.delta(zero, half, [[0, 1]], sigmoid).tolist() == [[0.25, -0.25]]
    # σ(ln 3) = 3/4
    z = np.array([[math.log(3.0)]])
    assert math.isclose(binary_cross_entropy.value(z, sigmoid(z), [[1]]), math.log(4 / 3))
    # softmax (ln 1, ln 2, ln 5) = (1, 2, 5)/8
    z = np.log([[1.0], [2.0], [5.0]])
    assert math.isclose(softmax_cross_entropy.value(z, z, [[0], [1], [0]]), math.log(4))
    wanted = [[1 / 8], [-6 / 8], [5 / 8]]
    found = softmax_cross_entropy.delta(z, z, [[0], [1], [0]], identity)
    assert np.allclose(found, wanted, rtol=1e-14, atol=0)


def test_outputs_of_the_binary_cross_entropy_are_added_and_not_averaged():
    z, y = np.array([[1.0, 2.0], [-1.0, 0.5]]), np.array([[0.0, 1.0], [1.0, 1.0]])
    rows = [binary_cross_entropy.value(z[[k]], sigmoid(z[[k]]), y[[k]]) for k in range(2)]
    assert math.isclose(binary_cross_entropy.value(z, sigmoid(z), y), sum(rows), rel_tol=1e-14)


@deterministic
@given(st.integers(0, 2**32 - 1))
def test_symmetries_of_the_cross_entropies(seed):
    rng = np.random.default_rng(seed)
    z, y = rng.normal(0, 5, (2, 4)), rng.uniform(0, 1, (2, 4))
    turned = binary_cross_entropy.value(-z, sigmoid(-z), 1 - y)
    assert math.isclose(binary_cross_entropy.value(z, sigmoid(z), y), turned, rel_tol=1e-13)

    p = y / y.sum(axis=0)
    shifted = z + rng.normal(0, 100, (1, 4))  # one number for each column cancels
    u, v = (softmax_cross_entropy.value(w, w, p) for w in (z, shifted))
    assert math.isclose(u, v, rel_tol=1e-11)
    # two classes are the binary cross-entropy of the difference of their z
    d = z[:1] - z[1:]
    assert math.isclose(u, binary_cross_entropy.value(d, sigmoid(d), p[:1]), rel_tol=1e-12)


@every_loss
def test_softmax_and_binary_need_their_output_and_the_others_take_any(which):
    loss, activations, targets = LOSSES[which]
    rng = np.random.default_rng(9)
    z, y = rng.normal(size=(2, 4)), targets(rng, (2, 4))
    net = init_network([2, 3, 2], rng)
    for f in ALL:
        wrong = Network(net.W, net.b, f)
        if f in activations:
            loss.delta(z, f(z), y, f)
            loss_gradient(wrong, z, y, loss)
            continue
        wanted = activations[0].name
        for call in (
            lambda: loss.delta(z, f(z), y, f),  # noqa: B023
            lambda: loss_gradient(wrong, z, y, loss),  # noqa: B023
        ):
            with pytest.raises(
                ValueError, match=rf"is {f.name}; expected {wanted} .*output={wanted}"
            ):
                call()


def test_a_copied_network_keeps_its_output():
    rng = np.random.default_rng(10)
    x, net = rng.normal(size=(2, 4)), init_network([2, 3, 1], rng)
    y = [[0, 1, 1, 0]]
    wanted = loss_gradient(net, x, y, binary_cross_entropy)[0]
    for same in (net.copy(), copy.copy(net), copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert loss_gradient(same, x, y, binary_cross_entropy)[0] == wanted


def test_probabilities_may_be_off_by_rounding_and_no_more():
    z = np.zeros((3, 1))
    for p in ([0.1, 0.2, 0.7], [1 / 3, 1 / 3, 1 / 3], [1, 0, 0], [1.0 + 1e-10, 0.0, 0.0]):
        y = np.array(p)[:, None]
        assert math.isclose(softmax_cross_entropy.value(z, z, y), math.log(3), rel_tol=1e-9)
    for p in ([0.1, 0.2, 0.6], [1.0, 1.0, 0.0], [2.0, -1.0, 0.0], [0, 0, 0], [1 + 1e-6, 0, 0]):
        with pytest.raises(ValueError, match="expected one-hot columns"):
            softmax_cross_entropy.value(z, z, np.array(p)[:, None])
    with pytest.raises(
        ValueError, match="expected one-hot columns"
    ):  # one bad column of one replica
        softmax_cross_entropy.value(z, z, [[[1], [0], [0]], [[0], [0], [0]]])


def test_labels_from_0_to_1_and_no_further():
    z, a = np.zeros((1, 2)), np.full((1, 2), 0.5)
    for y in ([[0, 1]], [[0.0, 1.0]], [[True, False]], [[0.25, 0.5]]):
        assert math.isclose(binary_cross_entropy.value(z, a, y), math.log(2), rel_tol=1e-14)
    for y in ([[-1, 1]], [[1, 2]], [[0.0, 1.0 + 1e-9]], [[-1e-9, 1.0]], [[[0, 1]], [[0, 2]]]):
        for call in (
            lambda: binary_cross_entropy.value(z, a, y),  # noqa: B023
            lambda: binary_cross_entropy.delta(z, a, y, sigmoid),  # noqa: B023
        ):
            with pytest.raises(ValueError, match=r"y has entries from .* expected labels"):
                call()


# -- Huber -----------------------------------------------------------------------------------------


def test_huber_by_hand_on_both_sides_of_the_kink_and_on_it():
    loss = huber_loss(2.0)
    zero = [[0.0]]
    for r, rho, psi in [
        (0.0, 0.0, 0.0),
        (1.0, 0.5, 1.0),
        (-1.0, 0.5, -1.0),
        (2.0, 2.0, 2.0),
        (-2.0, 2.0, -2.0),
        (3.0, 4.0, 2.0),
        (-3.0, 4.0, -2.0),
        (10.0, 18.0, 2.0),
    ]:
        assert loss.value(zero, [[r]], zero) == rho
        assert loss.delta(zero, [[r]], zero, identity) == psi
        assert loss.value(zero, zero, [[r]]) == rho
        assert loss.delta(zero, zero, [[r]], identity) == -psi
    # σ′ = a(1 - a) = 3/16, residual -9.25 beyond the kink, two columns
    assert loss.delta([[0, 0]], [[0.25] * 2], [[9.5] * 2], sigmoid).tolist() == [[-3 / 16] * 2]


def test_huber_goes_over_without_a_jump():
    loss, k = huber_loss(1.5), 1.5
    for r in (k, -k):
        near = [np.array([[np.nextafter(r, side)]]) for side in (-9, 9)]
        costs = [loss.value(a, a, [[0.0]]) for a in near]
        slopes = [loss.delta(a, a, [[0.0]], identity).item() for a in near]
        assert np.allclose(costs, k * k / 2, rtol=1e-15)
        assert np.allclose(slopes, r, rtol=1e-15)


def test_huber_between_mse_and_absolute_error():
    rng = np.random.default_rng(11)
    a, y = rng.normal(size=(2, 3, 5))
    for k in (100, 1e6, 1e200, 1e300):  # "never go over" is a good wish
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert math.isclose(huber_loss(k).value(a, a, y), mse.value(a, a, y), rel_tol=1e-15)
        assert np.array_equal(huber_loss(k).delta(a, a, y, sigmoid), mse.delta(a, a, y, sigmoid))
    k = 1e-9
    wanted = np.abs(a - y).sum(axis=0).mean()
    assert math.isclose(huber_loss(k).value(a, a, y) / k, wanted, rel_tol=1e-8)
    assert np.allclose(huber_loss(k).delta(a, a, y, identity) / k, np.sign(a - y) / 5)


def test_huber_takes_numbers_of_any_kind():
    one = [[3.0]]
    for k in (1, 1.0, np.float32(1.0), np.float64(1), np.int8(1)):
        loss = huber_loss(k)
        assert isinstance(loss, HuberLoss)
        assert loss.value(one, one, [[0.0]]) == 2.5
        assert type(loss.k) is float
    assert huber_loss is HuberLoss


# -- what all have in common -----------------------------------------------------------------------


@every_loss
def test_no_loss_changes_or_hands_out_what_it_is_given(which):
    loss, activations, targets = LOSSES[which]
    rng = np.random.default_rng(12)
    for N in (1, 4):
        for f in activations:
            z = rng.normal(size=(2, N))
            given_arrays = [z, f(z), targets(rng, (2, N))]
            kept = [v.copy() for v in given_arrays]
            for v in given_arrays:
                v.flags.writeable = False
            loss.value(*given_arrays)
            delta = loss.delta(*given_arrays, f)
            assert not any(np.shares_memory(delta, v) for v in given_arrays)
            delta[...] = 7.0
            assert all(np.array_equal(u, v) for u, v in zip(given_arrays, kept))


@every_loss
def test_lists_and_integers_are_good_for_all(which):
    loss, activations, _ = LOSSES[which]
    z, y = [[1, 2, 3], [0, -1, 1]], [[1, 0, 1], [0, 1, 0]]
    as_floats = np.array(z, float), np.array(y, float)
    for f in activations:
        a = f(as_floats[0])
        value = loss.value(z, a.tolist(), y)
        assert value == loss.value(as_floats[0], a, as_floats[1])
        delta = loss.delta(z, a.tolist(), np.array(y, dtype=np.int8), f)
        assert np.array_equal(delta, loss.delta(as_floats[0], a, as_floats[1], f))


def test_names():
    named = [(repr(loss), loss.name, loss.output) for loss, _, _ in LOSSES.values()]
    assert named == [
        ("<loss mse>", "mse", None),
        ("<loss binary cross-entropy>", "binary cross-entropy", sigmoid),
        ("<loss softmax cross-entropy>", "softmax cross-entropy", identity),
        ("<loss softmax mse>", "softmax mse", identity),
        ("<loss Huber, k = 0.3>", "Huber, k = 0.3", None),
        ("<loss Huber, k = 1.345>", "Huber, k = 1.345", None),
        ("<loss Huber, k = 50>", "Huber, k = 50", None),
    ]
    assert isinstance(binary_cross_entropy, BinaryCrossEntropy)
    assert isinstance(softmax_cross_entropy, SoftmaxCrossEntropy)
    assert isinstance(softmax_mse, SoftmaxMeanSquaredError)
    assert all(isinstance(loss, Loss) for loss, _, _ in LOSSES.values())


class FourthPower(Loss):
    name = "fourth power"

    def _terms(self, z, a, y):
        return (a - y) ** 4

    def _slope(self, z, a, y, activation):
        return 4 * (a - y) ** 3 * activation.derivative(a)


def test_a_loss_of_ones_own():
    rng = np.random.default_rng(13)
    z, y, loss = rng.normal(size=(3, 2, 4)), rng.normal(size=(2, 4)), FourthPower()
    value = loss.value(z, tanh(z), y)
    assert np.allclose(value, ((np.tanh(z) - y) ** 4).sum(axis=1).mean(axis=-1), rtol=1e-13)
    full = complex_step(lambda z: loss.value(z, tanh(z), y), z)
    for r in range(3):
        wanted = loss.delta(z, tanh(z), y, tanh)[r]
        assert np.max(np.abs(full[r, r] - wanted)) <= 1e-12 * np.max(np.abs(wanted))


@pytest.mark.parametrize("N", [1, 3])
def test_a_gradient_does_not_hand_out_what_a_loss_keeps(N):
    class Kept:
        start = np.ones((1, N))

        def value(self, z, a, y):
            return 0.0

        def delta(self, z, a, y, activation):
            return self.start

    net = init_network([2, 1], np.random.default_rng(14))
    _, dW, db = loss_gradient(net, np.ones((2, N)), None, Kept())
    dW[2][...], db[2][...] = 7.0, 7.0
    assert np.array_equal(Kept.start, np.ones((1, N)))
