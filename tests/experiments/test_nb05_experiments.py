"""The long runs of notebook 05: their beginnings are repeated, and what is quoted is there."""

import numpy as np
import pytest

from utils import experiments
from utils.activations import tanh
from utils.data import ten_points
from utils.experiments import (
    all_right,
    deep_networks,
    load_result,
    mean_paper_cost,
    network_at,
    paper_cost,
    paper_experiment,
    paper_film,
    paper_points,
    saturated_by_layer,
    spread_by_layer,
)
from utils.experiments import nb05_training as room
from utils.losses import mse
from utils.network import Network, forward, init_network
from utils.replicas import fraction_interval


@pytest.mark.parametrize(
    ("name", "eleventh"), [("paper_experiment", False), ("paper_eleven", True)]
)
def test_the_beginning_of_a_stored_run_is_reproduced(name, eleventh):
    stored = load_result(name)
    seed = {"paper_experiment": 2019, "paper_eleven": 11}[name]
    again = paper_experiment(
        3000, 100, seed, [0], progress=False, eleventh=eleventh, record_every=1000
    )
    at = {int(s): k for k, s in enumerate(again["steps"])}
    for k, step in enumerate(stored["steps"][:4]):  # 0, 1000, 2000, 3000
        assert np.allclose(stored["cost"][k], again["cost"][at[int(step)]], rtol=1e-5)
    assert np.allclose(stored["W3"][0], again["W3"][0])


def test_the_population_begins_as_stored():
    small = experiments.paper_population(20, replicas=3000, progress=False)
    assert small["cost"].shape == load_result("paper_population")["cost"].shape


@pytest.mark.parametrize(
    ("name", "eleventh"), [("paper_experiment", False), ("paper_eleven", True)]
)
def test_stored_costs_and_stored_networks_belong_together(name, eleventh):
    stored = load_result(name)
    x, y = paper_points(eleventh)
    for m, milestone in enumerate(stored["milestones"]):
        net = network_at(stored, milestone)
        z, a = forward(net, x)
        (k,) = np.flatnonzero(stored["steps"] == milestone)
        cost = 2 * x.shape[1] * mse.value(z[4], a[4], y)
        assert np.allclose(stored["cost"][k], cost, rtol=1e-5)
        assert np.array_equal(stored["right"][m], all_right(net, x, y))


def test_what_is_quoted_lies_where_it_was_planned():
    stored = load_result("paper_experiment")
    cost = {int(s): stored["cost"][k] for k, s in enumerate(stored["steps"])}
    right = dict(
        zip(stored["milestones"].tolist(), stored["right"].sum(axis=1).tolist(), strict=True)
    )
    assert np.median(cost[10_000]) == pytest.approx(5.0, abs=0.1)
    assert np.median(cost[200_000]) == pytest.approx(0.01, abs=0.005)
    assert np.median(cost[1_000_000]) == pytest.approx(7e-4, abs=2e-4)
    assert fraction_interval(right[100_000], 100).contains(0.58)
    assert fraction_interval(right[200_000], 100).contains(0.875)
    assert fraction_interval(right[1_000_000], 100).contains(0.98)
    population = load_result("paper_population")["cost"]
    assert np.quantile(population, 0.1) == pytest.approx(0.034, abs=0.003)


def test_the_papers_cost_is_a_plain_sum_for_each_replica():
    x, y = ten_points()
    net = init_network([2, 2, 3, 2], np.random.default_rng(0), replicas=3)
    costs = paper_cost(net)
    assert costs.shape == (3,)
    for r in range(3):
        a = forward(net.replica(r), x)[1][4]
        by_hand = sum((y[k, i] - a[k, i]) ** 2 for k in range(2) for i in range(10))
        assert costs[r] == pytest.approx(by_hand)
        assert paper_cost(net.replica(r)) == pytest.approx(by_hand)


def test_the_mean_cost_before_training_is_that_of_so_many_networks():
    rng = np.random.default_rng(4)
    parts = [init_network([2, 2, 3, 2], rng, "paper", replicas=n) for n in (10_000, 1234)]
    costs = np.concatenate([paper_cost(part) for part in parts])
    assert mean_paper_cost(11_234, seed=4) == pytest.approx(costs.mean())


def test_the_deep_networks_have_weights_of_the_sizes_that_are_meant():
    xavier, variance, uniform = deep_networks().values()
    for net in (xavier, variance, uniform):
        assert (net.L, net.replicas) == (12, (30,))
        assert all(W.shape == (30, 50, 50) for W in net.W.values())
        x = np.random.default_rng(0).normal(size=(50, 2))
        assert np.array_equal(forward(net, x)[1][3], np.tanh(forward(net, x)[0][3]))
    for l in range(2, 13):
        assert np.std(xavier.W[l]) == pytest.approx(50**-0.5, rel=0.02)
        assert np.std(variance.W[l]) == pytest.approx(50**-0.25, rel=0.02)
        assert np.std(uniform.W[l]) == pytest.approx(0.1 / 3**0.5, rel=0.02)
        assert np.abs(uniform.W[l]).max() <= 0.1


def test_the_spread_is_over_neurons_and_points_layer_by_layer():
    net = init_network([3, 4, 2], np.random.default_rng(0), replicas=5)
    x = np.random.default_rng(1).normal(size=(3, 6))
    spread = spread_by_layer(net, x)
    assert spread.shape == (5, 2)
    for r in range(5):
        a = forward(net.replica(r), x)[1]
        assert np.allclose(spread[r], [a[2].std(), a[3].std()])


def test_saturated_is_what_lies_beyond_on_either_side_layer_by_layer():
    net = init_network([3, 4, 2], np.random.default_rng(0), replicas=5, activation=tanh)
    x = 3 * np.random.default_rng(1).normal(size=(3, 6))
    saturated = saturated_by_layer(net, x, beyond=0.6)
    assert saturated.shape == (5, 2)
    for r in range(5):
        a = forward(net.replica(r), x)[1]
        for l in (2, 3):
            assert saturated[r, l - 2] == pytest.approx(np.mean((a[l] > 0.6) | (a[l] < -0.6)))
    assert 0 < saturated.min() < saturated.max() < 1


def test_all_right_is_about_every_point():
    x, y = ten_points()
    by_hand = Network(
        {2: np.array([[-20.0, -10.0], [0.0, 40.0]]), 3: np.array([[10.0, 10.0], [-10.0, -10.0]])},
        {2: np.array([[11.0], [-30.0]]), 3: np.array([[-5.0], [5.0]])},
    )
    assert all_right(by_hand, x, y)
    one_label_turned = y.copy()
    one_label_turned[:, 3] = y[::-1, 3]
    assert not all_right(by_hand, x, one_label_turned)


PARAMETERS = [f"{name}{l}" for l in (2, 3, 4) for name in "Wb"]


def test_the_beginning_of_the_film_is_reproduced():
    stored = load_result("paper_film")
    again = paper_film(1200, progress=False)
    count = len(again["milestones"])
    assert count > 5
    for name in ("milestones", "right", "cost", *PARAMETERS):
        assert np.allclose(again[name], stored[name][:count], rtol=1e-4), name
    assert np.array_equal(again["replicas"], stored["replicas"])


def test_the_film_shows_four_networks_of_the_paper_experiment():
    film, run = load_result("paper_film"), load_result("paper_experiment")
    replicas = [0, 1, 2, 94]
    assert film["replicas"].tolist() == replicas
    common = sorted(set(film["milestones"].tolist()) & set(run["milestones"].tolist()))
    assert {0, 1_000_000} <= set(common)
    for milestone in common:
        (f,), (m,) = (np.flatnonzero(d["milestones"] == milestone) for d in (film, run))
        for name in PARAMETERS:
            assert np.allclose(film[name][f], run[name][m][replicas], rtol=1e-5), (milestone, name)
        assert np.array_equal(film["right"][f], run["right"][m][replicas])
        (k,) = np.flatnonzero(run["steps"] == milestone)
        assert np.allclose(film["cost"][f], run["cost"][k][replicas], rtol=1e-4)


def test_the_film_takes_its_four_replicas_out_of_all(monkeypatch):
    rng = np.random.default_rng(0)
    shapes = {2: (2, 2), 3: (3, 2), 4: (2, 3)}
    run = {f"W{l}": rng.normal(size=(2, 100, *shape)) for l, shape in shapes.items()}
    run |= {f"b{l}": rng.normal(size=(2, 100, n, 1)) for l, (n, _) in shapes.items()}
    run |= {"milestones": np.array([0, 1000]), "right": rng.random((2, 100)) < 0.5}
    monkeypatch.setattr(room, "paper_experiment", lambda *given, **named: run)
    film = paper_film(1000, progress=False)
    for name in ("right", *PARAMETERS):
        assert np.allclose(film[name], run[name][:, [0, 1, 2, 94]]), name


def test_the_films_costs_belong_to_its_networks():
    film = load_result("paper_film")
    x, y = ten_points()
    a = x
    for l in (2, 3, 4):
        z = film[f"W{l}"].astype(float) @ a + film[f"b{l}"]
        a = 1 / (1 + np.exp(-z))
    assert a.shape == (201, 4, 2, 10)
    assert np.allclose(film["cost"], np.sum((a - y) ** 2, axis=(-2, -1)), rtol=1e-5)
    right = np.all((a[..., 0, :] > a[..., 1, :]) == (y[0] == 1), axis=-1)
    assert np.array_equal(film["right"], right)


def test_the_moments_of_the_film_are_equally_far_apart_on_its_axis():
    steps = load_result("paper_film")["milestones"]
    assert (steps[0], steps[1], steps[-1]) == (0, 1000, 1_000_000)
    assert np.allclose(np.diff(np.log(steps[1:])), np.log(1000) / 199, atol=1e-3)
