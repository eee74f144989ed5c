"""The laws of noise: densities, scores, variances and samples; scipy and quadrature are witnesses.

A score is held against two witnesses: differences of scipy's logarithm of the density, which know
nothing of our formulas, and complex steps of the logarithms below, which have nearly all digits.
"""

import math
import warnings
from itertools import pairwise

import numpy as np
import pytest
from refusals import refusal
from scipy import stats
from scipy.integrate import quad

from utils import noise
from utils.noise import (
    Cauchy,
    Contaminated,
    Laplace,
    Law,
    Logistic,
    Normal,
    ShiftedExponential,
    StudentT,
)


class Mixture:
    """N(0, 1) with probability 1 − eps, N(0, k²) with probability eps; as scipy would have it."""

    def __init__(self, eps, k):
        self.eps, self.k = eps, k

    def pdf(self, r):
        return (1 - self.eps) * stats.norm.pdf(r) + self.eps * stats.norm.pdf(r, scale=self.k)

    def cdf(self, r):
        return (1 - self.eps) * stats.norm.cdf(r) + self.eps * stats.norm.cdf(r, scale=self.k)

    def logpdf(self, r):
        return np.log(self.pdf(r))


def log_mixture(eps, k):
    """log of the mixture's density up to a constant, with its wider component taken out."""
    if eps in (0, 1):
        return lambda r: -(r**2) / (2 * (k if eps else 1) ** 2)
    wide, narrow = max(k, 1), min(k, 1)
    odds = (1 - eps) * k / eps if k > 1 else eps / ((1 - eps) * k)
    gap = (1 / narrow**2 - 1 / wide**2) / 2
    return lambda r: np.log1p(odds * np.exp(-gap * r**2)) - r**2 / (2 * wide**2)


def log_logistic(r):
    """The same for the logistic law: −2 log cosh(r/2), without overflow far out."""
    near = np.where(np.abs(r) < 1, r, 0)
    far = r * np.sign(r.real)
    return np.where(
        np.abs(r) < 1, -2 * np.log(np.cosh(near / 2)), -far - 2 * np.log1p(np.exp(-far))
    )


# law, witness from scipy, log of the density up to a constant (analytic), variance
LAWS = {
    "normal": (Normal(), stats.norm(), lambda r: -(r**2) / 2, 1.0),
    "laplace": (Laplace(), stats.laplace(), lambda r: -r * np.sign(r.real), 2.0),
    "cauchy": (Cauchy(), stats.cauchy(), lambda r: -np.log1p(r**2), math.inf),
    "logistic": (
        Logistic(),
        stats.logistic(),
        log_logistic,
        math.pi**2 / 3,
    ),
    "exponential": (ShiftedExponential(), stats.expon(loc=-1), lambda r: -r * (r.real > -1), 1.0),
}
for nu, variance in [
    (0.5, math.inf),
    (1, math.inf),
    (2, math.inf),
    (2.5, 5.0),
    (3, 3.0),
    (9, 9 / 7),
]:
    LAWS[f"t({nu})"] = (
        StudentT(nu),
        stats.t(nu),
        lambda r, nu=nu: -(nu + 1) / 2 * np.log1p(r**2 / nu),
        variance,
    )
for eps, k in [(0.1, 3), (0.1, 10), (0.5, 10), (0.3, 0.2), (0.3, 1), (1e-9, 50.0), (0, 3), (1, 3)]:
    variance = 1 - eps + eps * k**2
    law = Contaminated(eps, k)
    LAWS[f"mixture({eps}, {k})"] = (law, Mixture(eps, k), log_mixture(eps, k), variance)

every_law = pytest.mark.parametrize("which", LAWS)
# one of each class: for what does not depend on a parameter's value
KINDS = ["normal", "laplace", "cauchy", "logistic", "exponential", "t(2.5)", "mixture(0.1, 3)"]
each_kind = pytest.mark.parametrize("which", KINDS)
MIXTURES = [name for name in LAWS if name.startswith("mixture")]
R = np.concatenate([-np.geomspace(30, 1e-3, 41), [0.0], np.geomspace(1e-3, 30, 41)])
R_FAR = np.concatenate([-np.geomspace(1e6, 1e-6, 61), [0.0], np.geomspace(1e-6, 1e6, 61)])


# -- densities -------------------------------------------------------------------------------------


@every_law
def test_density_is_scipys(which):
    law, witness, _, _ = LAWS[which]
    assert np.allclose(law.pdf(R), witness.pdf(R), rtol=1e-12, atol=1e-300)


@every_law
def test_density_far_out_is_scipys(which):
    law, witness, _, _ = LAWS[which]
    r = R_FAR[witness.pdf(R_FAR) > 1e-290]
    # r²/2 = 650 is known to 1e-16 of itself: 1e-13 of its exponential
    assert np.allclose(law.pdf(r), witness.pdf(r), rtol=1e-12, atol=0)


@every_law
def test_density_integrates_to_one(which):
    law = LAWS[which][0]
    edges = [-math.inf, -10, -1, 0, 1, 10, math.inf]
    parts = [quad(law.pdf, a, b, epsabs=1e-12, limit=200)[0] for a, b in pairwise(edges)]
    assert sum(parts) == pytest.approx(1, abs=1e-8)


def test_densities_by_hand():
    root = math.sqrt(2 * math.pi)
    assert Normal().pdf(0.0) == pytest.approx(1 / root, rel=1e-15)
    assert Laplace().pdf([0.0, 1.0, -1.0]) == pytest.approx([0.5, 0.5 / math.e, 0.5 / math.e])
    assert StudentT(1).pdf([0.0, 1.0]) == pytest.approx([1 / math.pi, 0.5 / math.pi])
    assert Cauchy().pdf([0.0, -1.0]) == pytest.approx([1 / math.pi, 0.5 / math.pi])
    assert StudentT(2).pdf(0.0) == pytest.approx(math.sqrt(1 / 8))
    assert Logistic().pdf(0.0) == pytest.approx(0.25)
    assert Contaminated(0.25, 2).pdf(0.0) == pytest.approx((0.75 + 0.125) / root)
    assert ShiftedExponential().pdf([-1.5, -1.0, 0.0]) == pytest.approx([0.0, 1.0, 1 / math.e])


@pytest.mark.parametrize("nu", [30, 99, 100, 300, 700])
def test_density_of_a_t_with_some_degrees_of_freedom_is_scipys(nu):
    assert np.allclose(StudentT(nu).pdf(R), stats.t(nu).pdf(R), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("nu", [1e3, 2.9e3, 1e4, 1e6, 1e9, 1e15])
def test_a_t_with_many_degrees_of_freedom_is_nearly_normal(nu):
    r = np.linspace(-3, 3, 61)
    # Stirling: Γ((nu + 1)/2)/Γ(nu/2) √(2/nu) = exp(−1/(4 nu) + 1/(24 nu³) − …)
    log_ratio = -1 / (4 * nu) + 1 / (24 * nu**3) - (nu + 1) / 2 * np.log1p(r**2 / nu)
    wanted = np.exp(log_ratio) / math.sqrt(2 * math.pi)
    assert np.allclose(StudentT(nu).pdf(r), wanted, rtol=1e-12, atol=0)
    assert np.allclose(StudentT(nu).score(r), r, rtol=11 / nu, atol=1e-300)


# -- scores ----------------------------------------------------------------------------------------


@every_law
def test_score_is_the_difference_of_scipys_log_density(which):
    law, witness, _, _ = LAWS[which]
    h = 1e-5
    r = np.array([-7.3, -3.1, -1.2, -0.7, -0.4, 0.3, 0.9, 1.7, 4.4, 8.2])
    if which == "exponential":
        r = r[r > -1 + h]
    slope = (witness.logpdf(r + h) - witness.logpdf(r - h)) / (2 * h)
    assert np.allclose(law.score(r), -slope, rtol=1e-6, atol=1e-7)


@every_law
def test_score_is_the_complex_step_of_the_log_density(which):
    law, _, log_density, _ = LAWS[which]
    r = R_FAR[R_FAR != 0]
    with np.errstate(under="ignore"):
        slope = log_density(r + 1e-40j).imag / 1e-40
    assert np.allclose(law.score(r), -slope, rtol=1e-11, atol=0)


def test_scores_by_hand():
    assert Normal().score([-2.0, 0.0, 3.0]).tolist() == [-2, 0, 3]
    assert Laplace().score([-2.0, 0.0, -0.0, 1e-300]).tolist() == [-1, 0, 0, 1]
    assert StudentT(3).score([1.0, -1.0]).tolist() == [1, -1]
    assert Cauchy().score([1.0, -3.0]) == pytest.approx([1.0, -0.6])
    assert Logistic().score(math.log(3.0)) == pytest.approx(0.5)
    assert Contaminated(0, 5).score([2.0]).tolist() == [2]
    assert Contaminated(1, 5).score([2.0]) == pytest.approx([0.08])
    assert ShiftedExponential().score([-2.0, -1.0, -0.5, 7.0]).tolist() == [0, 0, 1, 1]


@every_law
def test_score_at_zero_is_zero(which):
    assert LAWS[which][0].score(0.0) == (which == "exponential")


@pytest.mark.parametrize("which", [name for name in LAWS if name != "exponential"])
def test_density_is_even_and_score_odd(which):
    law = LAWS[which][0]
    assert np.array_equal(law.pdf(R_FAR), law.pdf(-R_FAR))
    assert np.array_equal(law.score(R_FAR), -law.score(-R_FAR))


@pytest.mark.parametrize("which", MIXTURES)
def test_score_of_a_mixture_far_out_is_that_of_its_wide_component(which):
    law, mixture, _, _ = LAWS[which]
    widths = [1] * (mixture.eps < 1) + [mixture.k] * (mixture.eps > 0)
    r = np.array([-1e6, -1e5, 1e4, 1e6])
    assert np.allclose(law.score(r), r / max(widths) ** 2, rtol=1e-14, atol=0)


INFORMATION = {
    "normal": 1,
    "laplace": 1,
    "t(0.5)": 1.5 / 3.5,
    "t(1)": 2 / 4,
    "t(3)": 4 / 6,
    "t(9)": 10 / 12,
    "cauchy": 1 / 2,
    "logistic": 1 / 3,
}


def expectation(law, f):
    """∫ f(r) pdf(r) dr, by quadrature on pieces; r = tan t lets the last pieces end."""
    pieces = np.linspace(-math.pi / 2, math.pi / 2, 13)

    def integrand(t):
        r = math.tan(t)
        return float(f(r) * law.pdf(r)) / math.cos(t) ** 2

    return sum(quad(integrand, a, b, epsabs=1e-12)[0] for a, b in pairwise(pieces))


@pytest.mark.parametrize("which", INFORMATION)
def test_score_has_mean_zero_and_fishers_information_as_its_second_moment(which):
    law = LAWS[which][0]
    assert expectation(law, law.score) == pytest.approx(0, abs=1e-9)
    assert expectation(law, lambda r: law.score(r) ** 2) == pytest.approx(
        INFORMATION[which], abs=1e-7
    )


def test_score_of_the_exponential_has_mean_one_because_its_density_jumps():
    law = ShiftedExponential()
    assert quad(lambda r: law.score(r) * law.pdf(r), -1, 60)[0] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("which", MIXTURES)
def test_information_of_a_mixture_lies_between_those_of_its_components(which):
    law, mixture, log_density, _ = LAWS[which]
    found = expectation(law, lambda r: law.score(r) ** 2)
    wanted = expectation(mixture, lambda r: (log_density(r + 1e-40j).imag / 1e-40) ** 2)
    assert found == pytest.approx(wanted, rel=1e-8)
    assert found <= 1 - mixture.eps + mixture.eps / mixture.k**2 + 1e-9


# -- variances -------------------------------------------------------------------------------------


@every_law
def test_variance(which):
    law, _, _, variance = LAWS[which]
    assert law.variance == pytest.approx(variance, rel=1e-15)


@pytest.mark.parametrize("which", [name for name in LAWS if LAWS[name][3] < math.inf])
def test_variance_is_the_second_moment_about_a_mean_of_zero(which):
    law = LAWS[which][0]
    edges = [-math.inf, -50, -5, -1, 0, 5, 50, math.inf]
    for power, wanted in ((1, 0), (2, law.variance)):
        parts = [
            quad(lambda r: r**power * law.pdf(r), a, b, limit=200)[0]  # noqa: B023
            for a, b in pairwise(edges)
        ]
        assert sum(parts) == pytest.approx(wanted, rel=1e-6, abs=1e-8)


# -- samples ---------------------------------------------------------------------------------------


@every_law
def test_sample_has_the_distribution_function_of_the_law(which):
    law, witness, _, _ = LAWS[which]
    r = law.sample(np.random.default_rng(20), 20_000)
    # Kolmogorov: a true law is farther off in one of a thousand samples
    distance = stats.ks_1samp(r, witness.cdf).statistic
    assert distance < stats.kstwo.isf(1e-3, r.size)


@pytest.mark.parametrize("which", ["t(9)", "laplace", "mixture(0.1, 3)", "mixture(0.3, 0.2)"])
def test_second_moment_of_a_sample_is_the_variance(which):
    law, _, _, variance = LAWS[which]
    r = law.sample(np.random.default_rng(21), 100_000)
    error = np.std(r**2) / math.sqrt(r.size)
    assert abs(np.mean(r**2) - variance) < 4 * error
    assert error < 0.02 * variance


@every_law
def test_sample_has_the_tails_of_the_law(which):
    law, witness, _, _ = LAWS[which]
    u = witness.cdf(law.sample(np.random.default_rng(23), 200_000))
    for p in (0.001, 0.01, 0.1):
        for found in (np.mean(u < p), np.mean(u > 1 - p)):
            assert abs(found - p) < 4 * math.sqrt(p * (1 - p) / u.size)


@every_law
def test_numbers_of_a_sample_are_independent(which):
    law, witness, _, _ = LAWS[which]
    r = law.sample(np.random.default_rng(22), (4000, 3))
    assert np.unique(r).size == r.size
    for column in r.T:  # a coin tossed for a column at once would show in its law,
        distance = stats.ks_1samp(column, witness.cdf).statistic
        assert distance < stats.kstwo.isf(1e-3, len(r))
    for v in (r, np.abs(r)):  # one for a row in the sizes
        correlation = stats.spearmanr(v).statistic[np.triu_indices(3, 1)]
        assert np.max(np.abs(correlation)) < 4 / math.sqrt(len(r))
        assert abs(stats.spearmanr(v[1:, 0], v[:-1, 0]).statistic) < 4 / math.sqrt(len(r))


@each_kind
def test_same_seed_same_sample_another_seed_another_sample(which):
    law = LAWS[which][0]
    first, again, other = (law.sample(np.random.default_rng(s), 50) for s in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.any(first == other)


@each_kind
def test_generator_moves_on_from_sample_to_sample(which):
    law, rng = LAWS[which][0], np.random.default_rng(3)
    assert not np.any(law.sample(rng, 50) == law.sample(rng, 50))


@each_kind
def test_sample_has_the_size_that_was_asked_for(which):
    for size in (1, 7, np.int64(7), (7,), (2, 3), (2, 1, 3)):
        r = LAWS[which][0].sample(np.random.default_rng(4), size)
        assert r.shape == (size if isinstance(size, tuple) else (size,))
        assert r.dtype == np.float64
        assert np.all(np.isfinite(r))


def test_sample_of_a_mixture_without_a_choice_is_normal():
    for eps, width in ((0, 1), (1, 100)):
        r = Contaminated(eps, 100).sample(np.random.default_rng(5), 2000)
        assert np.max(np.abs(r)) / width == pytest.approx(3.5, abs=0.6)


def test_sample_of_the_exponential_lies_on_its_support():
    r = ShiftedExponential().sample(np.random.default_rng(6), 20_000)
    assert -1 <= r.min() < -0.999
    assert abs(r.mean()) < 4 / math.sqrt(r.size)


# -- what all have in common -----------------------------------------------------------------------


@every_law
def test_far_out_all_is_finite_and_silent(which):
    law = LAWS[which][0]
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        density, score = law.pdf(R_FAR), law.score(R_FAR)
    assert np.all(np.isfinite(density))
    assert np.all(density >= 0)
    assert np.all(np.isfinite(score))


@pytest.mark.parametrize(
    "r",
    [0.5, 2, np.float64(0.5), [0.5, -0.5], [[1], [2]], np.zeros((2, 0)), np.ones((2, 1, 3)),
     np.array([1, -2, 3], dtype=np.int8), np.array([1, 200], dtype=np.uint8)],
    ids=repr,
)  # fmt: skip
def test_numbers_of_any_shape_are_good(r):
    for law in (LAWS[which][0] for which in KINDS):
        for f in (law.pdf, law.score):
            found = f(r)
            assert np.shape(found) == np.shape(r), law
            assert np.asarray(found).dtype == np.float64
            each = [float(f(float(v))) for v in np.asarray(r).ravel()]
            assert np.allclose(np.ravel(found), each, rtol=1e-14, atol=0), law


@each_kind
def test_input_is_neither_changed_nor_handed_out(which):
    law = LAWS[which][0]
    r = np.linspace(-3, 3, 24).reshape(4, 6)
    r.flags.writeable = False
    kept = r.copy()
    for f in (law.pdf, law.score):
        for v in (r, r.T, r[::2, 1::2], np.asfortranarray(r)):
            found = f(v)
            assert not np.shares_memory(found, r)
            assert np.allclose(found, f(v.copy()), rtol=1e-15, atol=0)
            found[...] = 7.0
    assert np.array_equal(r, kept)


# -- refusals --------------------------------------------------------------------------------------

NO_NUMBERS = [math.nan, "3", None, [3.0], 1j]


@pytest.mark.parametrize("nu", [0, -1, -0.5, -math.inf, *NO_NUMBERS], ids=repr)
def test_bad_degrees_of_freedom_are_refused(nu):
    refusal(lambda: StudentT(nu), "nu")


@pytest.mark.parametrize("eps", [-0.1, 1.1, -1e-9, math.inf, *NO_NUMBERS], ids=repr)
def test_a_bad_share_of_outliers_is_refused(eps):
    refusal(lambda: Contaminated(eps, 3), "eps")


@pytest.mark.parametrize("k", [0, -3, -math.inf, *NO_NUMBERS], ids=repr)
def test_a_bad_width_of_outliers_is_refused(k):
    refusal(lambda: Contaminated(0.1, k), "k")


@pytest.mark.parametrize("which", KINDS)
def test_no_law_has_a_door_of_its_own(which):
    """So what one law refuses, all refuse."""
    for method in ("sample", "pdf", "score", "_quietly"):
        assert getattr(type(LAWS[which][0]), method) is getattr(Law, method)


def test_every_class_of_law_is_among_these():
    assert {type(LAWS[which][0]) for which in KINDS} == {type(law) for law, *_ in LAWS.values()}
    assert {type(law) for law, *_ in LAWS.values()} == {
        getattr(noise, name) for name in noise.__all__ if name != "Law"
    }


@pytest.mark.parametrize(
    "rng", [0, 42, None, np.random, np.random.default_rng],
    ids=["0", "42", "none", "module", "function"],
)  # fmt: skip
def test_a_seed_is_no_generator(rng):
    with pytest.raises(TypeError, match=r"^rng .*expected"):
        Laplace().sample(rng, 3)
    refusal(lambda: Laplace().sample(rng, 3), "rng")


@pytest.mark.parametrize("size", [-1, 2.5, "3", (2, -1), (2, 2.5), None], ids=repr)
def test_a_bad_size_is_refused(size):
    rng = np.random.default_rng(0)
    refusal(lambda: StudentT(3).sample(rng, size), "size")


@pytest.mark.parametrize(
    "r",
    [math.nan, [0.0, math.inf], "0.5", ["a"], None, 1j, [1 + 0j], [[1.0], [1.0, 2.0]]],
    ids=repr,
)
def test_bad_residuals_are_refused(r):
    for f in (Contaminated(0.1, 3).pdf, Contaminated(0.1, 3).score):
        refusal(lambda: f(r), "r")  # noqa: B023


def test_extreme_parameters_give_numbers_or_are_refused():
    assert StudentT(1e308).pdf(1.0) == pytest.approx(Normal().pdf(1.0), rel=1e-14)
    assert Contaminated(5e-324, 1e10).score(1.0) == 1.0
    # 9 is nearly surely of the wide kind; what is left of the narrow one must not be rounded off
    narrow = 0.9 * np.exp(-40.5) / (0.1 * 1e-6)
    assert Contaminated(0.1, 1e6).score(9.0) == pytest.approx(9 * narrow + 9e-12, rel=1e-6)
    for k in (1e200, 1e-200):
        refusal(lambda: Contaminated(0.1, k), "k")  # noqa: B023
