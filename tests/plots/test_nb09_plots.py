"""The figures of notebook 09: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
import pytest
from axes import error_bars, line_named
from matplotlib.colors import same_color
from matplotlib.patches import Wedge
from matplotlib.text import Annotation

from utils import plots
from utils.replicas import Interval


def test_pulls_of_distributions_stand_on_the_left_made_ones_on_the_right():
    r = np.linspace(-10, 10, 5)
    left, right = plots.plot_pulls(r, {"one": r / 2, "two": 0 * r}, {"three": -r})
    for ax, names in ((left, {"one": r / 2, "two": 0 * r}), (right, {"three": -r})):
        for name, y in names.items():
            assert np.array_equal(line_named(ax, name).get_data(), [r, y])
        assert [t.get_text() for t in ax.get_legend().get_texts()] == list(names)
    assert "distribution" in left.get_title()


FIVE = np.array([-0.8, 0.1, 0.3, 0.9, 12.0])


def test_a_mean_pull_is_0_at_the_mean_the_median_and_hubers_estimate():
    whole, _ = plots.plot_mean_pull(FIVE)
    pulls = {"mean": lambda r: r, "median": np.sign, "Huber": lambda r: np.clip(r, -1.345, 1.345)}
    curves = [line for line in whole.lines if len(line.get_xdata()) > 100]
    for line, (name, psi) in zip(curves, pulls.items(), strict=True):
        for level in (-0.5, 0.2, 2.0):
            x, y = line.get_data()
            mean_pull = np.mean([psi(value - level) for value in FIVE])
            assert np.interp(level, x, y) == pytest.approx(mean_pull, abs=1e-9), name
    told = {text.get_text(): text.xy for text in whole.texts if isinstance(text, Annotation)}
    assert told == {"mean 2.5": (2.5, 0), "median 0.3": (0.3, 0),
                    "Huber 0.461": (pytest.approx(0.46125), 0)}  # fmt: skip
    dots = [line.get_xdata()[0] for line in whole.lines if line.get_marker() == "o"]
    assert dots == pytest.approx([2.5, 0.3, 0.46125])


def test_each_mean_pull_has_its_name_beside_it_and_the_strokes_are_seen_behind_the_dots():
    whole, near = plots.plot_mean_pull(FIVE)
    pulls = {"pull of least squares": lambda r: r, "sign": np.sign,
             "Huber": lambda r: np.clip(r, -1.345, 1.345)}  # fmt: skip
    names = {t.get_text(): t for t in whole.texts if not isinstance(t, Annotation)}
    assert list(names) == list(pulls)
    for name in pulls:
        level, height = names[name].get_position()
        gaps = {other: abs(height - np.mean(its(FIVE - level))) for other, its in pulls.items()}
        assert min(gaps, key=gaps.get) == name
        assert gaps[name] < 0.25
    (strokes,) = (line for line in whole.lines if line.get_marker() == "|")
    dots = [line for line in whole.lines if line.get_marker() == "o"]
    assert strokes.get_markersize() > 2 * max(dot.get_markersize() for dot in dots)
    near.figure.canvas.draw()
    words = next(t for t in near.texts if t.get_text().startswith("error"))
    box = words.get_window_extent().transformed(near.transData.inverted())
    assert box.x0 > near.get_xlim()[0]
    assert box.x1 < 0.46  # it ends before the curve falls into it


def test_beside_it_the_error_is_drawn_as_height_over_slope_in_the_colours_of_the_formula():
    _, near = plots.plot_mean_pull(FIVE)
    legs = {line.get_color(): line.get_data() for line in near.lines if line.get_linewidth() == 4}
    assert np.allclose(legs[plots.BLUE], [[0, 0], [0, 0.369]])
    assert np.allclose(legs[plots.GREEN], [[0, 0.46125], [0, 0]])
    assert np.allclose(legs[plots.RED], [[0, 0.46125], [0.369, 0]])
    words = {text.get_color(): text.get_text() for text in near.texts}
    assert words == {plots.BLUE: "height\n0.369", plots.RED: "falls by 0.8\nper unit",
                     plots.GREEN: "error = 0.369 / 0.8 = 0.461"}  # fmt: skip


def test_spreads_are_drawn_with_their_intervals_and_their_names_stand_apart():
    ends = {"low": 0.080, "lower": 0.074, "high": 1.2}
    curves = {name: [Interval(2 * v, 1.9 * v, 2.1 * v), Interval(v, 0.9 * v, 1.2 * v)]
              for name, v in ends.items()}  # fmt: skip
    ax = plots.plot_rates((25, 100), curves)
    assert ax.get_xscale() == ax.get_yscale() == "log"
    for (estimate, low, high), values in zip(error_bars(ax), curves.values(), strict=True):
        assert np.allclose([estimate, low, high], np.transpose(values))
    texts = {t.get_text(): t for t in ax.texts}
    heights = sorted(texts[name].get_position()[1] for name in ends)
    assert np.diff(np.log(heights)).min() > 0.18
    assert texts["low"].get_position()[1] > texts["lower"].get_position()[1] == 0.074
    assert texts["high"].get_position()[1] == 1.2
    for name, bars in zip(ends, ax.containers, strict=True):
        assert same_color(texts[name].get_color(), bars.lines[0].get_color())
    assert (
        len({(bars.lines[0].get_ls(), bars.lines[0].get_marker()) for bars in ax.containers}) == 3
    )


def test_the_ticks_of_spreads_are_few_and_plain_numbers():
    ax = plots.plot_rates((25, 100), {"one": [Interval(1.5, 1.4, 1.6), Interval(0.08, 0.07, 0.09)]})
    assert [t.get_text() for t in ax.get_yticklabels()] == ["0.1", "0.2", "0.5", "1"]
    assert not len(ax.yaxis.get_minorticklocs())


def test_noise_is_taken_apart_along_x_and_across():
    x, epsilon = np.array([-1.0, 0.0, 1.0]), np.array([-1.0, -1.0, 2.0])
    left, _ = plots.plot_angle(x, epsilon)
    legs = {line.get_color(): line.get_data() for line in left.lines if line.get_linewidth() == 4}
    assert np.allclose(legs[plots.BLUE], [[0, 4.5**0.5], [0, 0]])
    assert np.allclose(legs[plots.RED], [[4.5**0.5] * 2, [0, 1.5**0.5]])
    words = " ".join(text.get_text() for text in left.texts)
    assert all(part in words for part in ("along x̃: 2.12", "across: 1.22", "φ = 30°", "2ε̃"))
    arrows = {tuple(np.round([q.U[0], q.V[0]], 6)) for q in left.collections}
    assert arrows == {(round(k * 4.5**0.5, 6), round(k * 1.5**0.5, 6)) for k in (1, 2)}


def test_an_interval_of_three_points_misses_in_5_per_cent_of_all_directions():
    epsilon = np.array([-1.0, -1.0, 2.0])
    _, right = plots.plot_angle(np.array([-1.0, 0.0, 1.0]), epsilon)
    sectors = [p for p in right.patches if isinstance(p, Wedge)]
    assert sum(s.theta2 - s.theta1 for s in sectors) == pytest.approx(18, abs=1e-3)
    assert sorted((s.theta1 + s.theta2) / 2 for s in sectors) == pytest.approx([30, 210])
    t_of_edge = 1 / np.tan(np.radians(sectors[0].theta2 - 30))
    assert t_of_edge == pytest.approx(12.7062, rel=1e-4)  # the 97.5 % point, 1 degree of freedom
    assert any("= 5 %" in text.get_text() for text in right.texts)


def test_normal_values_lie_on_the_line_of_the_quantile_plot_and_wild_ones_do_not():
    rng = np.random.default_rng(0)
    samples = {"normal": 5 + 3 * rng.normal(size=20_000), "Cauchy": rng.standard_cauchy(20_000)}
    normal, cauchy = plots.plot_quantiles(samples)
    x, y = normal.lines[1].get_data()
    assert np.abs(y - x)[np.abs(x) < 2].max() < 0.1
    x, y = cauchy.lines[1].get_data()
    assert np.abs(y[np.abs(x) > 2]).min() > 4
    (note,) = cauchy.texts
    quartile_scale = np.subtract(*np.quantile(samples["Cauchy"], [0.75, 0.25])) / 1.349
    share = np.mean(np.abs(samples["Cauchy"] - np.median(samples["Cauchy"])) > 8 * quartile_scale)
    assert note.get_text() == f"{share:.1%} beyond"
    assert not normal.texts
