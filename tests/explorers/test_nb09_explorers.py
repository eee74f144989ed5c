"""The explorer of notebook 09: what is drawn is asked of the artists."""

import functools
import itertools
import re

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import StepPatch
from matplotlib.text import Text
from shown import Shown, made, real, says, stand_apart

from utils.experiments import load_result
from utils.plots import BLUE, GREEN, GREY, PINK, RED

SAMPLINGS = [
    ("normal", "mean", 100), ("Cauchy", "mean", 400), ("Cauchy", "median", 10),
    ("Laplace", "Huber", 50), ("skewed", "Tukey", 200), ("normal, 5 %", "mean", 25),
    ("Student, ν = 1.5", "Tukey", 400),
]  # fmt: skip


SIZES = [10, 25, 50, 100, 200, 400]


def law_named(beginning):
    laws = made("sampling_distribution").controls["law"].options
    return next(law for law in laws if law.startswith(beginning))


def shown_sampling(case):
    law, estimator, n = case
    return Shown("sampling_distribution", law=law_named(law), estimator=estimator, n=n)


@functools.cache
def estimates():
    return load_result("sampling_distributions")


def estimates_of(law, estimator, n):
    return estimates()[f"{law_named(law)}, {estimator}"][SIZES.index(n)].astype(float)


def spread_by_hand(values):
    low, high = np.percentile(values, [25, 75])
    return (high - low) / 1.349


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_the_histogram_holds_all_estimates_and_has_the_normal_laws_scale(case):
    shown, values = shown_sampling(case), estimates_of(*case)
    spread, middle = spread_by_hand(values), np.median(values)
    area, outline, _ = (a for a in shown.artists[0] if isinstance(a, StepPatch))
    heights, edges, _ = area.get_data()
    drawn = outline.get_data()[0]  # bins without an estimate may have no outline
    assert np.array_equal(np.nan_to_num(drawn), heights)
    assert np.all(np.isfinite(drawn) | (heights == 0))
    shares = heights / spread / np.sqrt(2 * np.pi) * np.diff(edges)
    counted = [np.sum((u <= values) & (values < v)) for u, v in itertools.pairwise(edges)]
    assert np.allclose(shares * 2000, counted, atol=1.01)  # one may lie on the last edge
    inside = (edges[0] <= values) & (values <= edges[-1])
    assert shares.sum() == pytest.approx(inside.mean())
    assert inside.all() == (case[1] != "mean" or case[0] in ("normal", "normal, 5 %"))
    assert (edges[0] + edges[-1]) / 2 == pytest.approx(middle)
    assert edges[-1] - edges[0] == pytest.approx(20 * spread)
    assert np.array_equal(outline.get_data()[1], edges)
    z, normal = shown.line(0, color=RED)
    assert np.allclose(normal, np.exp(-(((z - middle) / spread) ** 2) / 2))
    assert normal.max() == pytest.approx(1)
    assert z[normal.argmax()] == pytest.approx(middle)


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_behind_it_stand_the_estimates_from_a_quarter_of_the_values_on_the_same_scale(case):
    shown, n = shown_sampling(case), case[2]
    *_, ghost = (a for a in shown.artists[0] if isinstance(a, StepPatch))
    heights, edges, _ = ghost.get_data()
    assert same_color(ghost.get_edgecolor(), GREY)
    if n // 4 not in SIZES:
        assert np.isnan(heights).all()
        return
    values, fewer = estimates_of(*case), estimates_of(*case[:2], n // 4)
    shares = heights / spread_by_hand(values) / np.sqrt(2 * np.pi) * np.diff(edges)
    counted = [np.sum((u <= fewer) & (fewer < v)) for u, v in itertools.pairwise(edges)]
    assert np.allclose(2000 * np.nan_to_num(shares), counted, atol=1.01)
    assert edges[-1] - edges[0] == pytest.approx(20 * spread_by_hand(fewer))


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_what_is_beyond_the_picture_is_counted(case):
    shown, values = shown_sampling(case), estimates_of(*case)
    limit = shown.axes[0].get_xlim()[1]
    assert shown.axes[0].get_xlim() == (-limit, limit)
    beyond = np.mean((values < -limit) | (values > limit))
    written = [words for words in shown.texts(0) if "beyond" in words]
    assert len(written) == (beyond > 0)
    assert all(f"{beyond:.1%}" in words for words in written)
    assert np.array_equal(shown.line(0, color=GREY)[0], [0, 0])  # the truth


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_the_normal_curve_and_the_grey_outline_are_named_in_their_colours(case):
    shown, n = shown_sampling(case), case[2]
    names = {a.get_text(): a.get_color() for a in shown.artists[0]
             if isinstance(a, Text) and a.get_text() and "beyond" not in a.get_text()}  # fmt: skip
    expected = {"normal curve": RED} | ({f"n = {n // 4}": GREY} if n // 4 in SIZES else {})
    assert names.keys() == expected.keys()
    assert all(same_color(names[name], colour) for name, colour in expected.items())
    assert shown.axes[0].get_ylabel()
    assert not len(shown.axes[1].xaxis.get_minorticklocs())


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_the_spread_of_all_estimators_is_drawn_and_the_chosen_one_has_a_band_and_a_ring(case):
    shown = shown_sampling(case)
    law, _, n = case
    looks = {
        "mean": ("o", "-", BLUE), "median": ("s", "--", RED),
        "Huber": ("X", "-.", GREEN), "Tukey": ("^", ":", PINK),
    }  # fmt: skip
    ends = {}
    for name, (marker, style, colour) in looks.items():
        sizes, spreads = shown.line(1, marker=marker, linestyle=style, color=colour)
        assert list(sizes) == SIZES
        assert np.allclose(spreads, [spread_by_hand(estimates_of(law, name, m)) for m in SIZES])
        ends[name] = spreads[-1]
    assert shown.axes[1].get_xscale() == shown.axes[1].get_yscale() == "log"
    spread = spread_by_hand(estimates_of(*case))
    (ring,) = (line for line in shown.lines(1) if line.get_markerfacecolor() == "none")
    assert same_color(ring.get_markeredgecolor(), "black")
    assert np.ravel(ring.get_data()) == pytest.approx([n, spread])
    (band,) = (line for line in shown.lines(1) if line.get_linewidth() > 10)
    assert same_color(band.get_color(), "black")
    assert band.get_alpha() < 0.3
    chosen = [spread_by_hand(estimates_of(*case[:2], m)) for m in SIZES]
    assert np.allclose(band.get_data(), [SIZES, chosen])
    names = {a.get_text(): a for a in shown.artists[1] if isinstance(a, Text)}
    assert set(names) == set(looks)
    heights = [names[name].get_position()[1] for name in ends]
    stand_apart(np.log(heights), np.log(list(ends.values())), 0.32)
    for name, text in names.items():
        assert same_color(text.get_color(), looks[name][2])
        ring = shown.axes[1].transData.transform((400, 1))[0] + 10  # pixels
        assert shown.axes[1].transData.transform(text.get_position())[0] > ring
        low, high = shown.axes[1].get_ylim()
        assert 1.1 * low < text.get_position()[1] < high / 1.1


@pytest.mark.parametrize("case", SAMPLINGS, ids=str)
def test_the_words_tell_the_quartiles_the_spread_and_what_a_quarter_of_the_values_costs(case):
    words, values = shown_sampling(case).words, estimates_of(*case)
    law, estimator, n = case
    spread = spread_by_hand(values)
    assert says(words, f"{n}", f"{spread:.3f}",
                *(real(v, ".3f") for v in np.percentile(values, [25, 75])))  # fmt: skip
    told = re.search(r"([\d.]+) times", words)
    assert (told is not None) == (n in (100, 200, 400))  # the others have no quarter
    if told:
        ratio = spread_by_hand(estimates_of(law, estimator, n // 4)) / spread
        assert float(told[1]) == pytest.approx(ratio, abs=0.051)
    assert law in words
    assert estimator in words
