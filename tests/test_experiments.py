"""The stored results: their beginnings are repeated, and they say what the notebooks quote."""

import numpy as np
import pytest

from utils import experiments
from utils.data import ten_points
from utils.experiments import all_right, load_result, network_at, paper_experiment, paper_points
from utils.losses import mse
from utils.network import Network, forward
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


def test_an_unknown_result_is_refused():
    with pytest.raises(ValueError, match="expected one of paper_experiment"):
        load_result("no_such_thing")


def test_results_are_stored_where_they_are_looked_for(tmp_path, monkeypatch):
    def tiny(steps=10, replicas=2, seed=0):
        return paper_experiment(steps, replicas, seed, milestones=[0, 10], progress=False)

    monkeypatch.setattr(experiments, "EXPERIMENTS", {"paper_experiment": tiny})
    experiments.store_results(tmp_path)
    monkeypatch.setattr(experiments, "RESULTS", tmp_path)
    loaded = load_result("paper_experiment")
    assert loaded["cost"].dtype == np.float32
    assert loaded["cost"].shape == (11, 2)
    assert "paper_experiment(steps=10, replicas=2, seed=0)" in str(loaded["made_by"])
