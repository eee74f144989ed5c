"""Gradients against two witnesses: complex steps, and the autograd package."""

import itertools
import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.activations import Activation, identity, relu, sigmoid, tanh
from utils.gradients import (
    backward,
    input_gradient,
    input_jacobian,
    layer_jacobian,
    loss_gradient,
    parameter_gradient,
    stack,
    unstack,
)
from utils.losses import mse
from utils.network import Network, forward
from utils.numerical import complex_step, dot_product_test, finite_difference

H = 1e-30
BOUND = 1e-12
ANY = 1e-10  # for any network that may be drawn: there the terms of a sum may nearly cancel
WIDTHS = (3, 4, 5, 3, 6, 4, 5)  # neighbours differ, so that a forgotten transpose shows

deterministic = settings(derandomize=True, deadline=None, max_examples=60)


# -- helpers -------------------------------------------------------------------------------------


def random_net(rng, sizes, activation=sigmoid, output=None, replicas=()):
    """Weights that keep the ReLUs alive and the sigmoids away from saturation."""
    W, b = {}, {}
    for l, (m, n) in enumerate(itertools.pairwise(sizes), start=2):
        W[l] = rng.uniform(-1.0, 1.4, (*replicas, n, m)) / m**0.5
        b[l] = rng.uniform(-0.3, 0.5, (*replicas, n, 1))
    return Network(W, b, activation, output)


def one(net, r):
    """Replica r alone."""
    return Network({l: net.W[l][r] for l in net.W}, {l: net.b[l][r] for l in net.b}, net.activation)


def gap(u, v, lead=0):
    """Largest difference relative to the largest entry, the worst of all replicas.

    Where v is zero everywhere, u must be too.
    """
    u, v = np.asarray(u), np.asarray(v)
    assert u.shape == v.shape
    u, v = (w.reshape(math.prod(w.shape[:lead]), math.prod(w.shape[lead:])) for w in (u, v))
    scale = np.max(np.abs(v), axis=1, initial=0.0)
    difference = np.max(np.abs(u - v), axis=1, initial=0.0)
    return np.max(difference / np.where(scale > 0, scale, 1.0), initial=0.0)


def agree(found, wanted, lead=0, bound=BOUND):
    """Two gradients (dicts of blocks) agree block by block, replica by replica."""
    assert sorted(found) == sorted(wanted)
    for l in wanted:
        assert gap(found[l], wanted[l], lead) <= bound, f"layer {l}"


def input_witness(net, x):
    """∂a[L]/∂x as (..., N, n_L, n_1): row j of x is moved in all columns at once."""
    columns = []
    for j in range(net.sizes[0]):
        step = np.zeros(x.shape)
        step[..., j, :] = H
        columns.append(forward(net, x + 1j * step)[1][net.L].imag / H)
    return np.moveaxis(np.stack(columns, axis=-1), -3, -2)


def parameter_witness(net, f):
    """Derivative of f(net), one number a replica, by every parameter: P networks at once."""
    P = net.n_parameters
    units = np.eye(P).reshape(P, *[1] * len(net.replicas), P)
    v = stack(net.W, net.b) + 1j * H * units
    moved = Network(*unstack(v, net), net.activation)
    return unstack(np.moveaxis(f(moved).imag / H, 0, -1), net)


def total(net, x):
    """The sum over the columns of a[L]."""
    return forward(net, x)[1][net.L].sum(axis=(-2, -1))


def cost(net, x, y):
    """Half the squared error, averaged over columns; written again, not taken from losses."""
    error = forward(net, x)[1][net.L] - y
    return (error * error).sum(axis=(-2, -1)) / 2 / x.shape[-1]


ACTIVATIONS = {
    "sigmoid": lambda L: (sigmoid, None),
    "tanh": lambda L: (tanh, None),
    "relu": lambda L: (relu, None),
    "identity": lambda L: (identity, None),
    "mixed": lambda L: (
        {l: (tanh, relu, identity, sigmoid)[(l + L) % 4] for l in range(2, L + 1)},
        None,
    ),
    "output": lambda L: (tanh, identity),
}
DEPTHS = (2, 3, 5, 8)  # no hidden layer, one, an odd and an even number of them
REPLICAS = [  # of the network, of x
    pytest.param((), (), id="single"),
    pytest.param((3,), (), id="x shared"),
    pytest.param((3,), (3,), id="x per replica"),
]


def problem(kind, L, N, replicas, lead, outputs):
    """The first random network, and points, for which no layer of any replica is switched off."""
    for attempt in itertools.count():
        rng = np.random.default_rng([L, N, len(replicas), len(lead), outputs, attempt])
        activation, output = ACTIVATIONS[kind](L)
        net = random_net(rng, (*WIDTHS[: L - 1], outputs), activation, output, replicas)
        x = rng.uniform(-1, 1, (*lead, WIDTHS[0], N))
        a = forward(net, x)[1]
        if all(np.all(np.any(a[l], axis=(-2, -1))) for l in a):
            return net, x, rng


# -- every activation, every depth, with and without replicas -------------------------------------


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("L", DEPTHS)
@pytest.mark.parametrize("N", [1, 7])
@pytest.mark.parametrize(("replicas", "lead"), REPLICAS)
def test_input_derivatives_agree_with_complex_steps(kind, L, N, replicas, lead):
    net, x, _ = problem(kind, L, N, replicas, lead, outputs=2)
    witness = input_witness(net, x)
    assert witness.shape == (*replicas, N, 2, WIDTHS[0])
    assert np.any(witness)
    assert gap(input_jacobian(net, x), witness, len(replicas)) <= BOUND

    a = forward(net, x)[1]
    product = layer_jacobian(net, a, L)
    for l in range(L - 1, 1, -1):
        product = product @ layer_jacobian(net, a, l)
    assert gap(product, witness, len(replicas)) <= BOUND

    single, x, _ = problem(kind, L, N, replicas, lead, outputs=1)
    witness = np.swapaxes(input_witness(single, x)[..., 0, :], -1, -2)
    assert np.any(witness)
    assert gap(input_gradient(single, x), witness, len(replicas)) <= BOUND


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("L", DEPTHS)
@pytest.mark.parametrize("N", [1, 7])
@pytest.mark.parametrize(("replicas", "lead"), REPLICAS)
def test_parameter_derivatives_agree_with_complex_steps(kind, L, N, replicas, lead):
    net, x, _ = problem(kind, L, N, replicas, lead, outputs=1)
    dW, db = parameter_gradient(net, x)
    for found, wanted in zip((dW, db), parameter_witness(net, lambda net: total(net, x))):
        assert np.any(wanted[2])
        agree(found, wanted, len(replicas))

    net, x, rng = problem(kind, L, N, replicas, lead, outputs=2)
    y = rng.uniform(-1, 1, (*lead, 2, N))
    value, dW, db = loss_gradient(net, x, y, mse)
    assert gap(value, cost(net, x, y), len(replicas)) <= BOUND
    for found, wanted in zip((dW, db), parameter_witness(net, lambda net: cost(net, x, y))):
        assert np.any(wanted[2])
        agree(found, wanted, len(replicas))


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("L", [3, 8])
@pytest.mark.parametrize(("replicas", "lead"), REPLICAS)
def test_large_batches_agree_along_a_direction_in_each_block(kind, L, replicas, lead):
    """50 columns: W[l] and b[l] move as wholes, each in a random direction."""
    net, x, rng = problem(kind, L, 50, replicas, lead, outputs=1)
    y = rng.uniform(-1, 1, (*lead, 1, 50))
    for f, (dW, db) in [
        (lambda net: total(net, x), parameter_gradient(net, x)),
        (lambda net: cost(net, x, y), loss_gradient(net, x, y, mse)[1:]),
    ]:
        for l in range(2, L + 1):
            for blocks, gradient in ((net.W, dW), (net.b, db)):
                direction = rng.standard_normal(blocks[l].shape)
                kept, blocks[l] = blocks[l], blocks[l] + 1j * H * direction
                wanted = f(Network(net.W, net.b, net.activation)).imag / H
                blocks[l] = kept
                terms = gradient[l] * direction
                size = np.abs(terms).sum(axis=(-2, -1))
                assert np.all(np.abs(terms.sum(axis=(-2, -1)) - wanted) <= BOUND * size)


# -- autograd --------------------------------------------------------------------------------------

AUTOGRAD = {
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "identity": lambda z: z,
}


def autograd_forward(weights, biases, functions, x):
    for W, b, f in zip(weights, biases, functions):
        x = f(anp.dot(W, x) + b)
    return x


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("L", DEPTHS)
@pytest.mark.parametrize("N", [1, 5])
def test_agreement_with_autograd(kind, L, N):
    net, x, rng = problem(kind, L, N, (), (), outputs=1)
    functions = [AUTOGRAD[net.activation[l].name] for l in range(2, L + 1)]
    weights = [net.W[l] for l in range(2, L + 1)]
    biases = [net.b[l] for l in range(2, L + 1)]
    y = rng.uniform(-1, 1, (1, N))

    def output(weights, biases, x):
        return anp.sum(autograd_forward(weights, biases, functions, x))

    def loss(weights, biases):
        return anp.sum((autograd_forward(weights, biases, functions, x) - y) ** 2) / (2 * N)

    assert gap(input_gradient(net, x), elementwise_grad(output, 2)(weights, biases, x)) <= BOUND
    dW, db = parameter_gradient(net, x)
    agree(dW, dict(enumerate(elementwise_grad(output, 0)(weights, biases, x), start=2)))
    agree(db, dict(enumerate(elementwise_grad(output, 1)(weights, biases, x), start=2)))
    value, dW, db = loss_gradient(net, x, y, mse)
    assert abs(value - loss(weights, biases)) <= BOUND * value
    agree(dW, dict(enumerate(elementwise_grad(loss, 0)(weights, biases), start=2)))
    agree(db, dict(enumerate(elementwise_grad(loss, 1)(weights, biases), start=2)))


@pytest.mark.parametrize("lead", [(), (3,)], ids=["x shared", "x per replica"])
def test_replicas_agree_with_autograd(lead):
    net, x, _ = problem("mixed", 5, 4, (3,), lead, outputs=2)
    functions = [AUTOGRAD[net.activation[l].name] for l in range(2, 6)]
    J = input_jacobian(net, x)
    for r in range(3):
        weights = [net.W[l][r] for l in range(2, 6)]
        biases = [net.b[l][r] for l in range(2, 6)]
        for i in range(2):
            row = elementwise_grad(
                lambda x, i=i, w=weights, b=biases: autograd_forward(w, b, functions, x)[i]
            )(x[r] if lead else x)
            assert gap(J[r, :, i, :].T, row) <= BOUND


# -- property tests over shapes --------------------------------------------------------------------


@st.composite
def problems(draw, outputs=None, smallest=0):
    """A random network with random replica axes, and points for it."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=6))
    sizes[-1] = outputs or sizes[-1]
    each = st.sampled_from([sigmoid, tanh, relu, identity])
    chosen = draw(st.lists(each, min_size=len(sizes) - 1, max_size=len(sizes) - 1))
    replicas = draw(st.sampled_from([(), (), (1,), (3,), (2, 2)]))
    lead = draw(st.sampled_from([(), replicas]))
    N = draw(st.integers(smallest, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    net = random_net(rng, sizes, dict(enumerate(chosen, start=2)), replicas=replicas)
    return net, rng.uniform(-1, 1, (*lead, sizes[0], N)), rng


@deterministic
@given(problems())
def test_input_jacobian_for_any_shapes(case):
    """Against complex_step in full: columns and replicas do not mix."""
    net, x, _ = case
    R, N, (n_1, *_, n_L) = math.prod(net.replicas), x.shape[-1], net.sizes
    J = input_jacobian(net, x)
    assert J.shape == (*net.replicas, N, n_L, n_1)
    J = J.reshape(R, N, n_L, n_1)
    full = complex_step(lambda x: forward(net, x)[1][net.L], x)
    assert full.shape == (*net.replicas, n_L, N, *x.shape)
    if x.ndim == 2:
        wanted = np.einsum("rcij,ck->ricjk", J, np.eye(N))
    else:
        wanted = np.einsum("rcij,ck,rs->ricsjk", J, np.eye(N), np.eye(R))
    assert gap(wanted, full.reshape(wanted.shape)) <= ANY


@deterministic
@given(problems())
def test_products_of_layer_jacobians_for_any_shapes(case):
    net, x, _ = case
    a = forward(net, x)[1]
    product = np.eye(net.sizes[0])
    for l in range(2, net.L + 1):
        J = layer_jacobian(net, a, l)
        assert J.shape == (*net.replicas, x.shape[-1], net.sizes[l - 1], net.sizes[l - 2])
        product = J @ product
    assert gap(product, input_jacobian(net, x)) <= ANY


@deterministic
@given(problems(outputs=1))
def test_parameter_gradient_for_any_shapes(case):
    net, x, _ = case
    dW, db = parameter_gradient(net, x)
    wanted = parameter_witness(net, lambda net: total(net, x))
    agree(dW, wanted[0], bound=ANY)
    agree(db, wanted[1], bound=ANY)


@deterministic
@given(problems(smallest=1), st.booleans())
def test_loss_gradient_for_any_shapes(case, shared):
    net, x, rng = case
    y = rng.uniform(-1, 1, (*(() if shared else net.replicas), net.sizes[-1], x.shape[-1]))
    value, dW, db = loss_gradient(net, x, y, mse)
    assert np.shape(value) == net.replicas
    assert gap(value, cost(net, x, y)) <= ANY
    wanted = parameter_witness(net, lambda net: cost(net, x, y))
    agree(dW, wanted[0], bound=ANY)
    agree(db, wanted[1], bound=ANY)


@deterministic
@given(problems(outputs=1))
def test_input_gradient_is_the_only_row_of_the_jacobian(case):
    net, x, _ = case
    g = input_gradient(net, x)
    assert g.shape == (*net.replicas, net.sizes[0], x.shape[-1])
    assert gap(g, np.swapaxes(input_jacobian(net, x)[..., 0, :], -1, -2)) <= ANY


# -- replicas and columns --------------------------------------------------------------------------


def everything(net, x, y):
    """Every gradient there is, in arrays that keep the replica axes in front."""
    value, dW, db = loss_gradient(net, x, y, mse)
    found = [input_jacobian(net, x), value, *dW.values(), *db.values()]
    if net.sizes[-1] == 1:
        pW, pb = parameter_gradient(net, x)
        found += [input_gradient(net, x), *pW.values(), *pb.values()]
    a = forward(net, x)[1]
    deltas = backward(net, a, np.ones(a[net.L].shape))
    found += [deltas[l] for l in sorted(deltas)]
    return found + [layer_jacobian(net, a, l) for l in range(2, net.L + 1)]


@deterministic
@given(problems())
def test_replicas_are_one_network_at_a_time(case):
    net, x, rng = case
    y = rng.uniform(-1, 1, (*x.shape[:-2], net.sizes[-1], x.shape[-1]))
    together = everything(net, x, y)
    for r in np.ndindex(net.replicas):
        own = (x[r], y[r]) if x.ndim > 2 else (x, y)
        for u, v in zip(together, everything(one(net, r), *own)):
            assert gap(u[r], v) <= ANY


@deterministic
@given(problems())
def test_columns_are_one_point_at_a_time(case):
    net, x, _ = case
    a = forward(net, x)[1]
    J = input_jacobian(net, x)
    layers = {l: layer_jacobian(net, a, l) for l in range(2, net.L + 1)}
    for i in range(x.shape[-1]):
        point = x[..., i : i + 1]
        a_one = forward(net, point)[1]
        assert gap(J[..., i : i + 1, :, :], input_jacobian(net, point)) <= ANY
        for l in layers:
            alone = layer_jacobian(net, a_one, l)
            assert gap(layers[l][..., i : i + 1, :, :], alone) <= ANY


@deterministic
@given(problems(outputs=1))
def test_parameter_gradient_is_the_sum_over_columns(case):
    net, x, _ = case
    sums = stack(*parameter_gradient(net, x))
    each = [stack(*parameter_gradient(net, x[..., i : i + 1])) for i in range(x.shape[-1])]
    assert gap(sums, sum(each, start=np.zeros(sums.shape))) <= ANY


@deterministic
@given(problems(smallest=1))
def test_loss_gradient_is_the_mean_over_columns(case):
    net, x, rng = case
    N = x.shape[-1]
    y = rng.uniform(-1, 1, (*x.shape[:-2], net.sizes[-1], N))
    value, *gradient = loss_gradient(net, x, y, mse)
    each = [loss_gradient(net, x[..., [i]], y[..., [i]], mse) for i in range(N)]
    assert gap(value, sum(v for v, _, _ in each) / N) <= ANY
    assert gap(stack(*gradient), sum(stack(*g) for _, *g in each) / N) <= ANY


def test_twice_the_same_batch_changes_no_loss_and_doubles_the_sum():
    net, x, rng = problem("tanh", 4, 5, (), (), outputs=1)
    y = rng.normal(size=(1, 5))
    once, twice = loss_gradient(net, x, y, mse), loss_gradient(net, np.c_[x, x], np.c_[y, y], mse)
    assert abs(once[0] - twice[0]) <= ANY * once[0]
    assert gap(stack(*twice[1:]), stack(*once[1:])) <= ANY
    doubled = stack(*parameter_gradient(net, np.c_[x, x]))
    assert gap(doubled, 2 * stack(*parameter_gradient(net, x))) <= ANY


def test_x_with_leading_axes_on_a_single_network():
    rng = np.random.default_rng(7)
    net = random_net(rng, (3, 4, 2), tanh)
    x, y = rng.normal(size=(2, 5, 3, 6)), rng.normal(size=(2, 6))
    together = everything(net, x, y)
    assert together[0].shape == (2, 5, 6, 2, 3)
    for where in np.ndindex(2, 5):
        for u, v in zip(together, everything(net, x[where], y)):
            assert gap(u[where], v) <= ANY


# -- backward --------------------------------------------------------------------------------------


def test_backward_by_hand():
    # a2 = σ([0, ln 3]) = [1/2, 3/4]; W3ᵀδ3 = [2·8, -1·8]; times a(1-a) = [1/4, 3/16]
    net = Network(
        {2: [[1.0], [0.0]], 3: [[2.0, -1.0]]},
        {2: [[0.0], [math.log(3.0)]], 3: [[0.0]]},
        output=identity,
    )
    a = forward(net, [[0.0]])[1]
    deltas = backward(net, a, [[8.0]])
    assert sorted(deltas) == [2, 3]
    assert deltas[3].tolist() == [[8.0]]
    assert gap(deltas[2], [[4.0], [-1.5]]) < 1e-15


@deterministic
@given(problems(), st.integers(-9, 9), st.integers(-9, 9))
def test_backward_is_linear_in_the_start_vector(case, s, t):
    net, x, rng = case
    a = forward(net, x)[1]
    u, v = rng.standard_normal((2, *a[net.L].shape))
    from_u, from_v = backward(net, a, u), backward(net, a, v)
    both = backward(net, a, s * u + t * v)
    for l in range(2, net.L + 1):
        size = np.abs(s * from_u[l]) + np.abs(t * from_v[l])
        scale = np.max(size, initial=0.0)
        assert np.all(np.abs(both[l] - (s * from_u[l] + t * from_v[l])) <= ANY * scale)


@deterministic
@given(problems())
def test_backward_is_the_derivative_with_respect_to_z(case):
    """Moving b[l] in one column alone is moving z[l]; here all columns move, so they are summed."""
    net, x, rng = case
    z, a = forward(net, x)
    u = rng.standard_normal(a[net.L].shape)
    deltas = backward(net, a, u)
    assert sorted(deltas) == list(range(2, net.L + 1))

    def along(net):
        return (u * forward(net, x)[0][net.L]).sum(axis=(-2, -1))

    _, wanted = parameter_witness(net, along)
    for l in wanted:
        assert deltas[l].shape == z[l].shape
        assert gap(deltas[l].sum(axis=-1, keepdims=True), wanted[l]) <= ANY


def test_points_may_have_more_axes_in_front_of_those_of_the_replicas():
    rng = np.random.default_rng(3)
    net = random_net(rng, (2, 3, 1), replicas=(4,))
    x = rng.uniform(-1, 1, (5, 4, 2, 6))
    deltas = backward(net, forward(net, x)[1], np.ones((5, 4, 1, 6)))
    for i in range(5):
        alone = backward(net, forward(net, x[i])[1], np.ones((4, 1, 6)))
        agree({l: d[i] for l, d in deltas.items()}, alone)


@deterministic
@given(problems(), st.integers(1, 4))
def test_backward_carries_several_start_vectors(case, K):
    net, x, rng = case
    a = forward(net, x)[1]
    starts = rng.standard_normal((K, *a[net.L].shape))
    together = backward(net, a, starts)
    for k in range(K):
        agree({l: d[k] for l, d in together.items()}, backward(net, a, starts[k]), bound=ANY)


def test_one_start_vector_serves_all_replicas():
    net, x, _ = problem("sigmoid", 4, 5, (3,), (), outputs=2)
    a = forward(net, x)[1]
    start = np.arange(10.0).reshape(2, 5)
    shared, own = backward(net, a, start), backward(net, a, np.stack([start] * 3))
    for l in (2, 3):
        assert gap(shared[l], own[l]) <= ANY


# -- layer_jacobian --------------------------------------------------------------------------------


@pytest.mark.parametrize("N", [1, 4])
@pytest.mark.parametrize("f", [sigmoid, tanh, relu, identity], ids=lambda f: f.name)
def test_layer_jacobian_is_the_derivative_of_that_layer(f, N):
    rng = np.random.default_rng(N)
    net = random_net(rng, (3, 4, 2, 5), f)
    a = forward(net, rng.uniform(-1, 1, (3, N)))[1]
    for l in range(2, 5):
        J = layer_jacobian(net, a, l)
        assert J.shape == (N, net.sizes[l - 1], net.sizes[l - 2])
        for i in range(N):
            wanted = complex_step(lambda v, l=l: f(net.W[l] @ v + net.b[l][:, 0]), a[l - 1][:, i])
            assert gap(J[i], wanted) <= ANY


def test_layer_jacobian_by_hand():
    net = Network({2: [[1.0, -2.0], [3.0, 4.0]]}, {2: [[0.0], [math.log(3.0)]]})
    a = forward(net, [[0.0], [0.0]])[1]
    assert gap(layer_jacobian(net, a, 2), [[[0.25, -0.5], [9 / 16, 0.75]]]) < 1e-14


# -- input_gradient and input_jacobian -------------------------------------------------------------


def test_input_gradient_by_hand():
    # z2 = [3, -1] through relu: only the first neuron is on; ∇ = 5 · (1, 2)
    net = Network(
        {2: [[1.0, 2.0], [3.0, -4.0]], 3: [[5.0, 7.0]]},
        {2: [[0.0], [0.0]], 3: [[0.0]]},
        relu,
        output=identity,
    )
    assert input_gradient(net, [[1.0], [1.0]]).tolist() == [[5.0], [10.0]]
    assert input_jacobian(net, [[1.0], [1.0]]).tolist() == [[[5.0, 10.0]]]


def test_a_dead_relu_passes_nothing_back():
    net = Network({2: [[1.0]], 3: [[1.0]]}, {2: [[-5.0]], 3: [[1.0]]}, relu)
    x = [[-2.0, 0.0, 4.0, 5.0]]  # at 5 the argument is exactly 0
    assert not input_gradient(net, x).any()
    dW, db = parameter_gradient(net, x)
    assert not dW[2].any()
    assert db[2].item() == 0.0
    assert db[3].item() == 4.0


def test_input_gradient_needs_no_error_to_divide_by():
    net, x, _ = problem("sigmoid", 3, 4, (), (), outputs=1)
    a = forward(net, x)[1][3]
    assert np.all(np.isfinite(input_gradient(net, x)))
    assert not any(block.any() for d in loss_gradient(net, x, a, mse)[1:] for block in d.values())


def test_finite_differences_agree_too():
    net, x, _ = problem("sigmoid", 4, 1, (), (), outputs=2)
    wanted = finite_difference(lambda x: forward(net, x)[1][4], x)[:, 0, :, 0]
    assert gap(input_jacobian(net, x)[0], wanted) < 1e-8


def test_the_dot_product_test_accepts_a_large_jacobian():
    net, x, rng = problem("tanh", 6, 50, (), (), outputs=2)
    J = np.einsum("cij,ck->icjk", input_jacobian(net, x), np.eye(50))
    error = dot_product_test(lambda x: forward(net, x)[1][6], J, x, rng)
    assert error < BOUND
    J[1, 30, 0, 30] *= 1.001
    assert dot_product_test(lambda x: forward(net, x)[1][6], J, x, rng) > 1e-8


def test_gradients_may_be_differentiated_again():
    """∂/∂x of the parameter gradient and ∂/∂W of the input gradient are the same mixed matrix."""
    net, x, _ = problem("mixed", 5, 1, (), (), outputs=1)
    parameters = stack(net.W, net.b)
    by_x = complex_step(lambda x: stack(*parameter_gradient(net, x)), x)[:, :, 0]

    def gradient(v):
        return input_gradient(Network(*unstack(v, net), net.activation), x)[:, 0]

    assert by_x.shape == (net.n_parameters, 3)
    assert gap(by_x, complex_step(gradient, parameters).T) <= ANY


def test_an_activation_of_ones_own_is_differentiated():
    softplus = Activation("softplus", lambda z: np.log1p(np.exp(z)), lambda a: 1 - np.exp(-a))
    rng = np.random.default_rng(8)
    net = random_net(rng, (2, 3, 1), softplus)
    x = rng.normal(size=(2, 4))
    witness = np.swapaxes(input_witness(net, x)[..., 0, :], -1, -2)
    assert gap(input_gradient(net, x), witness) <= ANY


# -- loss_gradient ---------------------------------------------------------------------------------


def test_loss_gradient_by_hand():
    # a = w x + b = [3, 5]; a - y = [2, -1]; C = (4 + 1)/4; dC/dw = (2·1 - 1·2)/2; dC/db = 1/2
    net = Network({2: [[2.0]]}, {2: [[1.0]]}, identity)
    value, dW, db = loss_gradient(net, [[1.0, 2.0]], [[1.0, 6.0]], mse)
    assert (float(value), dW[2].tolist(), db[2].tolist()) == (1.25, [[0.0]], [[0.5]])


def test_any_object_with_value_and_delta_is_a_loss():
    class SumOfOutputs:
        def value(self, z, a, y):
            return a.sum(axis=(-2, -1))

        def delta(self, z, a, y, activation):
            return activation.derivative(a)

    net, x, _ = problem("mixed", 5, 4, (3,), (3,), outputs=1)
    value, dW, db = loss_gradient(net, x, None, SumOfOutputs())
    assert gap(value, total(net, x)) <= ANY
    assert gap(stack(dW, db), stack(*parameter_gradient(net, x))) <= ANY


def test_a_loss_from_outside_is_given_z_a_and_y_as_they_are():
    given = []

    class Witness:
        def value(self, z, a, y):
            given.append((z, a, y))
            return 0.0

        def delta(self, z, a, y, activation):
            given.append((z, a, y))
            return np.zeros_like(a)

    net, x, _ = problem("tanh", 3, 4, (), (), outputs=2)
    z, a = forward(net, x)
    y = object()
    loss_gradient(net, x, y, Witness())
    for z_L, a_L, targets in given:
        assert np.array_equal(z_L, z[3])
        assert np.array_equal(a_L, a[3])
        assert targets is y
    assert len(given) == 2


def test_targets_for_each_replica_of_a_single_network():
    net, x, rng = problem("tanh", 3, 4, (), (), outputs=2)
    y = rng.normal(size=(6, 2, 4))
    value, dW, db = loss_gradient(net, x, y, mse)
    assert value.shape == (6,)
    for r in range(6):
        alone = loss_gradient(net, x, y[r], mse)
        assert abs(value[r] - alone[0]) <= ANY * alone[0]
        assert gap(stack(dW, db)[r], stack(*alone[1:])) <= ANY


# -- stack and unstack -----------------------------------------------------------------------------


def test_stack_writes_W_from_the_last_layer_down_then_b_row_by_row():
    dW = {2: np.array([[7.0, 8.0], [9.0, 10.0], [11.0, 12.0]]), 3: np.arange(1.0, 7).reshape(2, 3)}
    db = {2: np.array([[15.0], [16.0], [17.0]]), 3: np.array([[13.0], [14.0]])}
    assert stack(dW, db).tolist() == list(range(1, 18))

    net = Network(dW, db)
    back = unstack(np.arange(1.0, 18), net)
    for given_blocks, blocks in zip((dW, db), back):
        assert sorted(blocks) == [2, 3]
        for l in (2, 3):
            assert blocks[l].tolist() == given_blocks[l].tolist()


def test_stack_does_not_depend_on_the_order_of_keys():
    dW = {4: [[1.0]], 2: [[3.0]], 3: [[2.0]]}
    db = {3: [[5.0]], 4: [[4.0]], 2: [[6.0]]}
    assert stack(dW, db).tolist() == [1, 2, 3, 4, 5, 6]


@deterministic
@given(problems(), st.sampled_from([(), (1,), (4,), (2, 3), (0,)]))
def test_stack_and_unstack_invert_each_other(case, lead):
    net, _, rng = case
    v = rng.standard_normal((*lead, net.n_parameters))
    dW, db = unstack(v, net)
    for l in range(2, net.L + 1):
        assert dW[l].shape == (*lead, net.sizes[l - 1], net.sizes[l - 2])
        assert db[l].shape == (*lead, net.sizes[l - 1], 1)
    assert np.array_equal(stack(dW, db), v)

    parameters = stack(net.W, net.b)
    assert parameters.shape == (*net.replicas, net.n_parameters)
    W, b = unstack(parameters, net)
    assert all(np.array_equal(W[l], net.W[l]) for l in net.W)
    assert all(np.array_equal(b[l], net.b[l]) for l in net.b)


def test_unstack_shares_nothing_and_takes_complex_vectors():
    net = Network({2: [[1.0, 2.0]]}, {2: [[3.0]]})
    v = np.array([1j, 2.0, 3.0])
    dW, db = unstack(v, net)
    assert dW[2].dtype == np.complex128
    dW[2][...] = 0.0
    db[2][...] = 0.0
    assert v.tolist() == [1j, 2.0, 3.0]
    assert not np.shares_memory(stack(net.W, net.b), net.W[2])


def test_a_step_against_the_stacked_gradient_lowers_the_loss():
    net, x, rng = problem("sigmoid", 4, 6, (), (), outputs=2)
    y = rng.uniform(0, 1, (2, 6))
    value, *gradient = loss_gradient(net, x, y, mse)
    g = stack(*gradient)
    lower = Network(*unstack(stack(net.W, net.b) - 1e-4 * g, net), net.activation)
    drop = value - loss_gradient(lower, x, y, mse)[0]
    assert abs(drop / (1e-4 * (g @ g)) - 1) < 1e-2
