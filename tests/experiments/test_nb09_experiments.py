"""The long runs of notebook 09: their beginnings are repeated, and what is quoted is there."""

import numpy as np

from utils import experiments
from utils.experiments import (
    load_result,
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
