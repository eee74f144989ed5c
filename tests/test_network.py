"""Networks: shapes, the forward pass, random initialisation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.activations import Activation, identity, relu, sigmoid, tanh
from utils.network import Network, forward, init_network

deterministic = settings(derandomize=True, deadline=None, max_examples=60)

# Scalar versions, written again here, for an independent forward pass.
SCALAR = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: z if z > 0 else 0.0,
    "identity": lambda z: z,
}


def random_net(rng, sizes, activation=sigmoid, output=None, replicas=()):
    W, b = {}, {}
    for l, (m, n) in enumerate(itertools.pairwise(sizes), start=2):
        W[l] = rng.uniform(-1.0, 1.4, (*replicas, n, m)) / m**0.5
        b[l] = rng.uniform(-0.3, 0.5, (*replicas, n, 1))
    return Network(W, b, activation, output)


def one(net, r):
    """Replica r alone."""
    return Network({l: net.W[l][r] for l in net.W}, {l: net.b[l][r] for l in net.b}, net.activation)


def by_loops(net, x):
    """Forward pass of one network in plain Python numbers, a neuron at a time."""
    a = {1: [list(map(float, row)) for row in x]}
    z = {}
    N = len(a[1][0]) if a[1] else 0
    for l in range(2, net.L + 1):
        f = SCALAR[net.activation[l].name]
        z[l] = [
            [sum(w * a[l - 1][j][i] for j, w in enumerate(row)) + bias for i in range(N)]
            for row, (bias,) in zip(net.W[l].tolist(), net.b[l].tolist())
        ]
        a[l] = [[f(v) for v in row] for row in z[l]]
    return z, a


def gap(u, v):
    """Largest difference relative to the largest entry."""
    u, v = np.asarray(u), np.asarray(v)
    assert u.shape == v.shape
    scale = np.max(np.abs(v), initial=0.0)
    return np.max(np.abs(u - v), initial=0.0) / (scale or 1.0)


@st.composite
def nets(draw, replicas=((), (1,), (3,), (2, 3))):
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=6))
    chosen = draw(
        st.lists(
            st.sampled_from([sigmoid, tanh, relu, identity]),
            min_size=len(sizes) - 1,
            max_size=len(sizes) - 1,
        )
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    activation = dict(enumerate(chosen, start=2))
    net = random_net(rng, sizes, activation, replicas=draw(st.sampled_from(replicas)))
    return net, rng, draw(st.integers(0, 6))


# -- forward -------------------------------------------------------------------------------------


def test_forward_by_hand():
    # z2 = [2 - 1 + 1, 0 + 3 - 5] = [2, -2]; relu: [2, 0]; z3 = 3·2 - 1·0 + 0.5 = 6.5
    net = Network(
        {2: [[1.0, -1.0], [0.0, 3.0]], 3: [[3.0, -1.0]]},
        {2: [[1.0], [-5.0]], 3: [[0.5]]},
        activation=relu,
        output=identity,
    )
    z, a = forward(net, [[2.0], [1.0]])
    assert {l: v.tolist() for l, v in z.items()} == {2: [[2.0], [-2.0]], 3: [[6.5]]}
    assert {l: v.tolist() for l, v in a.items()} == {
        1: [[2.0], [1.0]],
        2: [[2.0], [0.0]],
        3: [[6.5]],
    }


@deterministic
@given(nets(replicas=((),)))
def test_forward_agrees_with_loops_over_neurons(case):
    net, rng, N = case
    x = rng.uniform(-1, 1, (net.sizes[0], N))
    z, a = forward(net, x)
    z_loops, a_loops = by_loops(net, x)
    assert sorted(z) == list(range(2, net.L + 1))
    assert sorted(a) == list(range(1, net.L + 1))
    for l in z:
        assert z[l].shape == a[l].shape == (net.sizes[l - 1], N)
        assert gap(z[l], z_loops[l]) < 1e-13
        assert gap(a[l], a_loops[l]) < 1e-13


@deterministic
@given(nets(replicas=((1,), (3,), (2, 3))), st.booleans())
def test_replicas_are_one_network_at_a_time(case, shared):
    net, rng, N = case
    lead = () if shared else net.replicas
    x = rng.uniform(-1, 1, (*lead, net.sizes[0], N))
    z, a = forward(net, x)
    for r in np.ndindex(net.replicas):
        z_one, a_one = forward(one(net, r), x if shared else x[r])
        for l in z_one:
            assert z[l].shape == (*net.replicas, net.sizes[l - 1], N)
            assert gap(z[l][r], z_one[l]) < 1e-13
            assert gap(a[l][r], a_one[l]) < 1e-13


@deterministic
@given(nets())
def test_columns_are_one_point_at_a_time(case):
    net, rng, N = case
    x = rng.uniform(-1, 1, (net.sizes[0], N))
    z, a = forward(net, x)
    for i in range(N):
        z_one, a_one = forward(net, x[:, i : i + 1])
        for l in z:
            assert gap(z[l][..., i : i + 1], z_one[l]) < 1e-13
            assert gap(a[l][..., i : i + 1], a_one[l]) < 1e-13


def test_x_with_leading_axes_on_a_single_network():
    rng = np.random.default_rng(1)
    net = random_net(rng, (3, 4, 2))
    x = rng.normal(size=(2, 5, 3, 6))
    z, a = forward(net, x)
    assert a[3].shape == (2, 5, 2, 6)
    for where in np.ndindex(2, 5):
        assert gap(z[3][where], forward(net, x[where])[0][3]) < 1e-13


def test_replica_axes_broadcast():
    rng = np.random.default_rng(2)
    net = random_net(rng, (3, 4, 2), replicas=(5,))
    x = rng.normal(size=(2, 1, 3, 6))
    a = forward(net, x)[1]
    assert a[3].shape == (2, 5, 2, 6)
    for s, r in np.ndindex(2, 5):
        assert gap(a[3][s, r], forward(one(net, r), x[s, 0])[1][3]) < 1e-13


def test_the_first_activation_is_x_itself():
    x = np.zeros((2, 3))
    net = Network({2: [[1.0, 1.0]]}, {2: [[0.0]]})
    assert forward(net, x)[1][1] is x


def test_identity_layers_keep_z_and_a_apart():
    z, a = forward(Network({2: [[1.0]]}, {2: [[0.0]]}, identity), [[2.0]])
    a[2][...] = 7.0
    assert z[2].tolist() == [[2.0]]


# -- Network -------------------------------------------------------------------------------------


@deterministic
@given(nets())
def test_sizes_and_number_of_parameters(case):
    net, _, _ = case
    assert net.L == len(net.sizes) == len(net.W) + 1
    for l in range(2, net.L + 1):
        assert net.W[l].shape == (*net.replicas, net.sizes[l - 1], net.sizes[l - 2])
        assert net.b[l].shape == (*net.replicas, net.sizes[l - 1], 1)
    count = sum(v.size for d in (net.W, net.b) for v in d.values())
    assert net.n_parameters * math.prod(net.replicas) == count


def test_the_network_of_the_paper_has_23_parameters():
    net = init_network([2, 2, 3, 2], np.random.default_rng(0))
    assert net.n_parameters == 23
    assert net.sizes == (2, 2, 3, 2)
    assert net.L == 4
    assert net.replicas == ()
    assert init_network((2, 2, 3, 2), np.random.default_rng(0), replicas=9).n_parameters == 23


def test_arrays_are_held_and_copy_copies():
    rng = np.random.default_rng(3)
    W, b = {2: rng.normal(size=(3, 2))}, {2: rng.normal(size=(3, 1))}
    net = Network(W, b, tanh)
    assert net.W[2] is W[2]
    assert net.b[2] is b[2]
    assert net.W is not W  # the dictionary is its own

    kept = W[2].copy(), b[2].copy()
    twin = net.copy()
    assert twin.activation == net.activation
    assert (twin.sizes, twin.L, twin.replicas) == (net.sizes, net.L, net.replicas)
    assert not np.shares_memory(twin.W[2], net.W[2])
    assert not np.shares_memory(twin.b[2], net.b[2])
    twin.W[2][...] = 7.0
    twin.b[2] += 1.0
    twin.activation[2] = relu
    assert np.array_equal(net.W[2], kept[0])
    assert np.array_equal(net.b[2], kept[1])
    assert net.activation == {2: tanh}


def test_a_copy_keeps_replicas_activations_and_values():
    rng = np.random.default_rng(4)
    net = random_net(rng, (2, 3, 2), {2: relu, 3: tanh}, replicas=(4,))
    x = rng.normal(size=(2, 5))
    assert np.array_equal(forward(net.copy(), x)[1][3], forward(net, x)[1][3])
    assert net.copy().replicas == (4,)


@pytest.mark.parametrize(
    ("activation", "output", "wanted"),
    [
        (tanh, None, {2: tanh, 3: tanh, 4: tanh}),
        (tanh, identity, {2: tanh, 3: tanh, 4: identity}),
        ({4: sigmoid, 2: relu, 3: tanh}, None, {2: relu, 3: tanh, 4: sigmoid}),
        ({2: relu, 3: tanh, 4: sigmoid}, identity, {2: relu, 3: tanh, 4: identity}),
        ({2: relu, 3: tanh}, identity, {2: relu, 3: tanh, 4: identity}),
    ],
)
def test_activation_is_always_the_dictionary_and_round_trips(activation, output, wanted):
    W = {2: np.ones((2, 1)), 3: np.ones((3, 2)), 4: np.ones((1, 3))}
    b = {2: np.ones((2, 1)), 3: np.ones((3, 1)), 4: np.ones((1, 1))}
    net = Network(W, b, activation, output)
    assert net.activation == wanted
    assert list(net.activation) == [2, 3, 4]
    again = Network(net.W, net.b, net.activation)
    assert again.activation == wanted
    names = {l: wanted[l].name for l in wanted}
    x = [[0.3, -1.0]]
    expected = by_loops(net, x)[1]
    assert {l: f.name for l, f in net.activation.items()} == names
    assert gap(forward(net, x)[1][4], expected[4]) < 1e-14


def test_default_activation_is_the_sigmoid():
    assert Network({2: [[1.0]]}, {2: [[0.0]]}).activation == {2: sigmoid}
    assert init_network([1, 1], np.random.default_rng(0)).activation == {2: sigmoid}


def test_repr_says_what_it_is():
    rng = np.random.default_rng(5)
    assert repr(random_net(rng, (2, 3, 1))) == "<Network 2-3-1, sigmoid, 13 parameters>"
    several = repr(random_net(rng, (2, 3, 1), relu, identity, replicas=(7,)))
    assert several == "<Network 7 × 2-3-1, relu-identity, 13 parameters>"


def test_one_complex_weight_makes_a_complex_network():
    net = Network({2: np.array([[1.0 + 1e-30j]])}, {2: np.array([[0.5]])}, identity)
    assert net.b[2].dtype == np.complex128
    assert net.W[2].dtype == np.complex128
    a = forward(net, [[2.0]])[1][2].item()
    assert a.real == 2.5
    assert a.imag == pytest.approx(2e-30, rel=1e-14, abs=0)


def test_an_activation_of_ones_own_is_used():
    double = Activation("double", lambda z: 2 * z, lambda a: np.full_like(a, 2.0))
    net = Network({2: [[3.0]]}, {2: [[1.0]]}, double)
    assert forward(net, [[5.0]])[1][2].item() == 32.0


# -- init_network --------------------------------------------------------------------------------
#
# Each bound is four standard errors of the estimate, worked out for the number of draws made.

SIZES, REPLICAS = (30, 50, 20), 300  # 450 000 draws in layer 2, 300 000 in layer 3


def draws(scheme, seed=11):
    return init_network(SIZES, np.random.default_rng(seed), scheme, replicas=REPLICAS)


def check_normal(values, sd):
    n = values.size
    assert abs(values.mean()) < 4 * sd / n**0.5
    assert abs(values.std() - sd) < 4 * sd / (2 * n) ** 0.5
    # the fourth moment tells a normal (3) from a uniform distribution (1.8)
    assert abs((values**4).mean() / sd**4 - 3) < 4 * (96 / n) ** 0.5


@pytest.mark.parametrize(
    ("scheme", "deviation"),
    [
        ("xavier", lambda n, m: math.sqrt(2 / (n + m))),
        ("he", lambda n, m: math.sqrt(2 / m)),
        ("paper", lambda n, m: 0.5),
    ],
)
@pytest.mark.parametrize("l", [2, 3])
def test_normal_schemes(scheme, deviation, l):
    net = draws(scheme)
    n, m = SIZES[l - 1], SIZES[l - 2]
    check_normal(net.W[l], deviation(n, m))
    if scheme == "paper":
        check_normal(net.b[l], 0.5)
    else:
        assert np.array_equal(net.b[l], np.zeros((REPLICAS, n, 1)))


@pytest.mark.parametrize("l", [2, 3])
def test_uniform_scheme(l):
    net = draws("uniform")
    W, n = net.W[l], net.W[l].size
    sd = 0.1 / 3**0.5
    assert abs(W.mean()) < 4 * sd / n**0.5
    # Var(s²) = (μ₄ - σ⁴)/n with μ₄ = 9/5 σ⁴, and s = √s²
    assert abs(W.std() - sd) < 4 * sd * (0.8 / (4 * n)) ** 0.5
    # the largest of n lies about 0.2/n from the end, further than 20 times that once in e^20
    assert 0.1 - 4 / n < W.max() < 0.1
    assert -0.1 <= W.min() < -0.1 + 4 / n
    assert not net.b[l].any()


def test_zeros_scheme():
    net = draws("zeros")
    assert not any(v.any() for d in (net.W, net.b) for v in d.values())


def test_xavier_is_the_default():
    default = init_network(SIZES, np.random.default_rng(11), replicas=REPLICAS)
    assert np.array_equal(default.W[2], draws("xavier").W[2])


@pytest.mark.parametrize("scheme", ["xavier", "he", "uniform", "paper"])
def test_replicas_and_entries_are_independent(scheme):
    net = draws(scheme)
    flat = net.W[2].reshape(REPLICAS, -1)
    bound = 4 / (flat.size / 2) ** 0.5
    pairs = [
        (flat[0::2], flat[1::2]),  # replicas that follow each other
        (flat[:, 0::2], flat[:, 1::2]),  # entries that follow each other
    ]
    for u, v in pairs:
        assert abs(np.corrcoef(u.ravel(), v.ravel())[0, 1]) < bound


@pytest.mark.parametrize("scheme", ["xavier", "he", "uniform", "zeros", "paper"])
def test_the_seed_decides_everything(scheme):
    state = repr(np.random.get_state())  # noqa: NPY002 (that nobody touches it is the point)
    first, again, other = draws(scheme, 1), draws(scheme, 1), draws(scheme, 2)
    for l in (2, 3):
        assert np.array_equal(first.W[l], again.W[l])
        assert np.array_equal(first.b[l], again.b[l])
        assert np.array_equal(first.W[l], other.W[l]) == (scheme == "zeros")
    assert repr(np.random.get_state()) == state  # noqa: NPY002


def test_a_generator_moves_on():
    rng = np.random.default_rng(1)
    first, second = init_network([2, 2], rng), init_network([2, 2], rng)
    assert not np.array_equal(first.W[2], second.W[2])


@pytest.mark.parametrize(("replicas", "lead"), [(None, ()), (1, (1,)), (4, (4,))])
def test_replicas_lead(replicas, lead):
    net = init_network([3, 4, 2], np.random.default_rng(1), "paper", replicas=replicas)
    assert net.replicas == lead
    assert net.W[2].shape == (*lead, 4, 3)
    assert net.b[3].shape == (*lead, 2, 1)


def test_activations_are_handed_on():
    net = init_network([3, 4, 2], np.random.default_rng(1), activation=relu, output=identity)
    assert net.activation == {2: relu, 3: identity}
    net = init_network([3, 4, 2], np.random.default_rng(1), activation={2: tanh, 3: relu})
    assert net.activation == {2: tanh, 3: relu}


def test_a_replica_is_that_network_alone_with_arrays_and_activations_of_its_own():
    many = init_network([2, 4, 1], np.random.default_rng(0), "paper", 3, tanh, output=sigmoid)
    x = np.random.default_rng(1).normal(size=(2, 5))
    one = many.replica(2)
    assert one.activation == many.activation
    assert np.allclose(forward(one, x)[1][3], forward(many, x)[1][3][2], rtol=1e-14)
    for arrays, of_many in ((one.W, many.W), (one.b, many.b)):
        arrays[2][:] = 0
        assert of_many[2][2].any()


@pytest.mark.parametrize("r", [3, -1, 1.0, True])
def test_a_replica_that_is_not_there_is_refused(r):
    many = init_network([2, 1], np.random.default_rng(0), replicas=3)
    with pytest.raises((TypeError, ValueError), match=r"^r is .*expected a replica from 0 to 2: "):
        many.replica(r)
    with pytest.raises(ValueError, match=r"^net is a single network; expected one with replicas: "):
        init_network([2, 1], np.random.default_rng(0)).replica(0)
