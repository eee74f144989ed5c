"""The long runs of notebook 09: their beginnings are repeated, and what is quoted is there."""

import numpy as np
import pytest

from utils import experiments, noise
from utils.experiments import (
    efficiencies,
    efficiency_in_pairs,
    efficiency_of,
    estimated_slopes,
    load_result,
    measured_efficiency,
    normal_quantiles,
    paired_efficiencies,
    sampling_distributions,
    slope_coverage,
    slope_spreads,
)
from utils.experiments import nb09_gaussian_vs_heavy_tailed_noise as room
from utils.regression import lad, ols


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


# -------- what an estimator of a level costs


def test_efficiencies_that_are_known_in_closed_form():
    # V = 1/(4 f(0)²) for the median, 1/I for the best: I = 1, 1, 1/3, (ν + 1)/(ν + 3)
    known = {
        noise.Normal(): (2 / np.pi, 1),
        noise.Laplace(): (2, 2),
        noise.Logistic(): (np.pi**2 / 12, np.pi**2 / 9),
        noise.StudentT(5): (5 / 3 * 4 * (8 / (3 * np.pi * 5**0.5)) ** 2, 5 / 3 * 6 / 8),
    }
    for law, (median, best) in known.items():
        found = efficiencies(law)
        assert list(found) == ["median", "Huber", "Tukey", "best"]
        assert [found["median"], found["best"]] == pytest.approx([median, best], rel=1e-4), law
        assert max(found.values()) < found["best"] + 1e-6
        assert efficiency_of(lambda r: 3 * r, law) == pytest.approx(1, rel=1e-4)


def test_the_constants_of_huber_and_tukey_cost_5_per_cent_under_normal_noise_of_any_scale():
    found = efficiencies(noise.Normal())
    assert [found["Huber"], found["Tukey"]] == pytest.approx([0.95, 0.95], abs=5e-4)
    k = 1.345  # E[ψ²] and E[ψ′] by hand
    inside = 2 * 0.910687 - 1
    square = inside - 2 * k * noise.Normal().pdf(k) + 2 * k**2 * (1 - 0.910687)
    assert found["Huber"] == pytest.approx(inside**2 / square, rel=1e-4)
    wide = efficiencies(noise.Contaminated(1.0, 7.0))  # every value seven times as large
    assert wide == pytest.approx(found, rel=1e-3)


@pytest.mark.parametrize("estimator", ["mean", "median", "Huber"])
def test_a_measured_efficiency_is_the_variance_of_the_mean_over_that_of_the_estimate(estimator):
    law = noise.StudentT(5)
    found = measured_efficiency(np.random.default_rng(3), law, estimator, 20, 4000)
    rng = np.random.default_rng(3)
    samples = np.concatenate([law.sample(rng, (1000, 20)) for _ in range(4)])
    by_hand = law.variance / 20 / np.mean(experiments.ESTIMATORS[estimator](samples) ** 2)
    assert found.estimate == pytest.approx(by_hand)
    assert found.low < found.estimate < found.high
    assert found.high - found.low < 0.2 * found.estimate


# -------- slopes


def test_slopes_are_estimated_from_fixed_points_and_noise_alone():
    law, n = noise.StudentT(1.5), 12
    x = normal_quantiles(n)
    assert x.shape == (n, 1)
    assert np.allclose(x, -x[::-1])
    assert x[-1, 0] == pytest.approx(1.7317, abs=1e-4)  # of the normal distribution at 23/24
    found = estimated_slopes(np.random.default_rng(4), ols, law, n, 10_000)
    rng = np.random.default_rng(4)
    epsilon = np.concatenate([law.sample(rng, (5000, n)) for _ in range(2)])
    assert np.allclose(found, 2 + epsilon @ x[:, 0] / np.sum(x**2))
    spreads = slope_spreads(np.random.default_rng(4), ols, law, n, 10_000)
    groups = np.split(found, 25)
    assert np.allclose(
        spreads, [np.subtract(*np.quantile(g, [0.75, 0.25])) / 1.349 for g in groups]
    )


def test_slopes_that_have_not_converged_are_not_handed_out():
    class Stuck:
        coefficients, converged = np.zeros((5000, 2)), np.arange(5000) > 0

    with pytest.raises(RuntimeError, match="not converged"):
        estimated_slopes(np.random.default_rng(0), lambda x, y: Stuck(), noise.Normal(), 5, 5000)
    assert estimated_slopes(np.random.default_rng(0), lad, noise.Cauchy(), 9, 5000).shape == (5000,)


@pytest.mark.parametrize("fixed", [True, False])
def test_an_interval_covers_if_t_is_within_its_point(fixed):
    rng, R, n = np.random.default_rng(6), 2000, 4
    x = rng.normal(size=(n, 1) if fixed else (R, n, 1))
    epsilon = rng.standard_cauchy((R, n))
    covered, half = slope_coverage(x, epsilon)
    u = np.broadcast_to(x[..., 0], (R, n))
    u = u - u.mean(axis=1, keepdims=True)
    v = epsilon - epsilon.mean(axis=1, keepdims=True)
    error = np.sum(u * v, axis=1) / np.sum(u**2, axis=1)
    rest = np.sum((v - error[:, None] * u) ** 2, axis=1)
    width = 4.302653 * np.sqrt(rest / 2 / np.sum(u**2, axis=1))  # t with 2 degrees of freedom
    assert covered.estimate == pytest.approx(np.mean(np.abs(error) <= width), abs=1e-12)
    assert half.estimate == pytest.approx(np.median(width), rel=1e-4)


def test_another_kind_of_standard_error_is_handed_on():
    rng, x = np.random.default_rng(7), normal_quantiles(25)
    epsilon = (1 + np.abs(x[:, 0])) * rng.normal(size=(3000, 25))
    classical, hc3 = (slope_coverage(x, epsilon, kind)[0] for kind in ("classical", "HC3"))
    assert classical.high < hc3.low
