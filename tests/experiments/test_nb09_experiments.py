"""The long runs of notebook 09: their beginnings are repeated, and what is quoted is there."""

import numpy as np
import pytest

from utils import experiments
from utils.experiments import (
    efficiency_in_pairs,
    load_result,
    paired_efficiencies,
    sampling_distributions,
)
from utils.experiments import nb09_gaussian_vs_heavy_tailed_noise as room


def samples_again():
    """The samples of notebook 09's explorer, one law after the other."""
    rng = np.random.default_rng(9)
    return {name: law.sample(rng, (2000, 400)) for name, law in experiments.LAWS.items()}


def test_stored_means_and_medians_are_those_of_the_first_values():
    stored = load_result("sampling_distributions")
    for law, samples in samples_again().items():
        for k, n in enumerate(experiments.SAMPLE_SIZES):
            means = np.sort(samples[:, :n].sum(axis=1) / n)
            assert np.allclose(stored[f"{law}, mean"][k], means, rtol=2e-3, atol=1e-3), (law, n)
            medians = np.sort(np.quantile(samples[:, :n], 0.5, axis=1))
            assert np.allclose(stored[f"{law}, median"][k], medians, rtol=2e-3, atol=1e-3), (law, n)


def test_stored_robust_estimates_are_those_of_the_first_ten_values():
    stored, samples = load_result("sampling_distributions"), samples_again()
    for law in ("normal", "Cauchy"):
        for name in ("Huber", "Tukey"):
            again = np.sort(experiments.ESTIMATORS[name](samples[law][:, :10]))
            found = stored[f"{law}, {name}"][0].astype(float)
            assert np.mean(np.abs(again - found) < 0.002 + 0.002 * np.abs(found)) > 0.99, (
                law,
                name,
            )


def test_fewer_sizes_of_the_same_samples_give_the_same_estimates(monkeypatch):
    few = {name: experiments.ESTIMATORS[name] for name in ("mean", "median")}
    monkeypatch.setattr(room, "ESTIMATORS", few)
    again, stored = sampling_distributions(sizes=(25, 400)), load_result("sampling_distributions")
    assert list(again) == [f"{law}, {name}" for law in experiments.LAWS for name in few]
    for name, values in again.items():
        assert (values.shape, values.dtype) == ((2, 2000), np.float16)
        assert np.array_equal(values, stored[name][[1, 5]]), name


def test_stored_estimates_are_in_order_and_finite():
    stored = load_result("sampling_distributions")
    for law in experiments.LAWS:
        for name in experiments.ESTIMATORS:
            values = stored[f"{law}, {name}"]
            assert values.shape == (len(experiments.SAMPLE_SIZES), 2000)
            assert np.isfinite(values).all()
            assert np.all(np.diff(values.astype(float)) >= 0)
    assert np.abs(stored["Cauchy, mean"]).max() > 1000  # nothing is cut off within reach
    for huge in (stored["Cauchy, mean"], stored["Student, ν = 1.5, mean"]):
        assert np.abs(huge.astype(float)).max() <= 6e4


# -------- the price of robustness, in pairs


def test_the_first_blocks_of_the_pairs_are_reproduced():
    again, stored = paired_efficiencies(4000), load_result("paired_efficiencies")
    assert list(again) == list(experiments.ESTIMATORS)
    for name, values in again.items():
        assert stored[name].shape == (3, 200)
        assert np.allclose(values, stored[name][:, :2], rtol=1e-6), name


def test_means_and_medians_of_the_pairs_are_those_of_the_same_samples():
    rng, stored = np.random.default_rng(95), load_result("paired_efficiencies")
    for row, n in enumerate(experiments.PAIRED_SIZES):
        sample = np.sort(rng.standard_normal((2000, n)), axis=1)
        assert np.mean((sample.sum(axis=1) / n) ** 2) == pytest.approx(stored["mean"][row, 0])
        middle = (sample[:, (n - 1) // 2] + sample[:, n // 2]) / 2
        assert np.mean(middle**2) == pytest.approx(stored["median"][row, 0])


def test_an_interval_in_pairs_is_that_of_the_bootstrap():
    rng = np.random.default_rng(1)
    common = rng.normal(size=(2000, 1))
    A, B = (common + [0.2, 0.5] * rng.normal(size=(2000, 2))).T ** 2
    found = efficiency_in_pairs(A, B)
    which = rng.integers(2000, size=(1500, 2000))
    low, high = np.quantile(A[which].mean(axis=1) / B[which].mean(axis=1), [0.025, 0.975])
    assert found.estimate == pytest.approx(A.mean() / B.mean(), rel=1e-12)
    assert abs(found.low - low) + abs(found.high - high) < 0.15 * (high - low)
    alone = efficiency_in_pairs(A, rng.permutation(B))
    assert alone.high - alone.low > 1.5 * (found.high - found.low)


def test_the_price_that_09_quotes_is_the_one_that_is_stored():
    stored = load_result("paired_efficiencies")
    price = {
        (name, n): 100 * (1 - efficiency_in_pairs(of_mean, own).estimate)
        for name in ("Huber", "Tukey", "median")
        for n, of_mean, own in zip(
            experiments.PAIRED_SIZES, stored["mean"], stored[name], strict=True
        )
    }
    # the variance of the mean is known, 1/n: a second estimate, less precise
    for (name, n), value in price.items():
        row = experiments.PAIRED_SIZES.index(n)
        assert 100 * (1 - 1 / n / stored[name][row].mean()) == pytest.approx(value, abs=0.8)
    assert [round(price["Huber", n], 1) for n in (25, 100)] == [5.2, 5.1]
    assert [round(price["Tukey", n], 1) for n in (25, 100)] == [7.2, 5.5]
