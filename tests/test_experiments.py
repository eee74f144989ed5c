"""The stored results: their beginnings are repeated, and they say what the notebooks quote."""

import numpy as np
import pytest

from utils import experiments
from utils.data import digits, ten_points
from utils.experiments import (
    all_right,
    digit_data,
    digit_losses,
    load_result,
    network_at,
    paper_experiment,
    paper_points,
)
from utils.losses import mse
from utils.network import Network, forward
from utils.replicas import fraction_interval, mean_interval


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


# -------- 08: the digits


def test_the_beginning_of_the_digit_runs_is_reproduced():
    stored = load_result("digit_losses")
    again = digit_losses(50, rates=["rate"])
    assert np.array_equal(again["steps"], stored["steps"][:3])
    for name, values in again.items():
        if name != "steps":
            # a rounding may tip a digit that is a toss-up: a few of the 797 in a replica at most
            assert np.abs(values - stored[name][:3]).max() < 0.01, name


def test_the_other_rates_are_other_rates():
    again = digit_losses(25, replicas=40, cases=["good start"], rates=["a third"])
    stored = load_result("digit_losses")
    for name, values in again.items():
        if name != "steps":
            assert values.shape == (2, 20)
            assert np.abs(values - stored[name][:2]).max() < 0.01, name


def test_each_replica_has_its_own_digits_and_no_test_digit_is_trained_on():
    images, labels = digits()
    given = digit_data("10 % flipped", 3, np.random.default_rng(0))
    for r in range(3):
        both = np.concatenate([given["x"][r], given["x_test"][r]], axis=1)
        assert both.shape == (64, 1797)
        assert np.array_equal(np.sort(both, axis=1), np.sort(images, axis=1))  # each image once
        truth = np.concatenate([given["truth"][r], given["truth_test"][r]])
        assert np.array_equal(np.bincount(truth), np.bincount(labels))
    assert not np.array_equal(given["x"][0], given["x"][1])
    flipped = given["given"] != given["truth"]
    assert 0.07 < flipped.mean() < 0.13
    assert set(np.unique((given["given"] - given["truth"])[flipped] % 10)) == set(range(1, 10))
    clean = digit_data("good start", 3, np.random.default_rng(0))
    assert np.array_equal(clean["given"], clean["truth"])


def test_what_08_quotes_lies_where_it_was_planned():
    stored = load_result("digit_losses")

    def percent(case, loss, step):
        return 100 * stored[f"error, {case}, {loss}, rate"][stored["steps"] == step][0]

    planned = {  # percent after 100, 300 and 1500 steps with 10 % of the labels flipped
        "cross-entropy": (6.1, 6.2, 10.2),
        "linear + MSE": (9.1, 6.2, 4.2),
        "sigmoid + MSE": (10.7, 4.6, 5.2),
        "softmax + MSE": (5.5, 4.9, 7.7),
    }
    for loss, values in planned.items():
        for step, value in zip((100, 300, 1500), values, strict=True):
            found = mean_interval(percent("10 % flipped", loss, step)).estimate
            assert found == pytest.approx(value, rel=0.12), (loss, step)
    bad_start = {
        "cross-entropy": 4.3,
        "linear + MSE": 12.8,
        "sigmoid + MSE": 66,
        "softmax + MSE": 55,
    }
    for loss, value in bad_start.items():
        assert percent("output weights x 20", loss, 1500).mean() == pytest.approx(value, rel=0.1)
