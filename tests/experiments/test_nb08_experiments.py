"""The long runs of notebook 08: their beginnings are repeated, and what is quoted is there."""

import numpy as np
import pytest

from utils.data import digits
from utils.experiments import (
    digit_data,
    digit_losses,
    load_result,
)
from utils.replicas import mean_interval


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
