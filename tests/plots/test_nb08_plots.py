"""The figures of notebook 08: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
import pytest
from axes import error_bars, line_named
from matplotlib.colors import same_color

from utils import plots
from utils.network import Network
from utils.replicas import Interval


def test_learning_curves_show_means_in_percent_and_a_band():
    steps = np.array([0, 10, 100])
    curves = {"a": np.array([[0.9, 0.9], [0.4, 0.6], [0.1, 0.3]]), "b": np.full((3, 2), 0.2)}
    axes = plots.plot_learning_curves(steps, {"race": curves}, "error (%)")
    (ax,) = axes
    assert ax.get_title() == "race"
    assert ax.get_xscale() == "log"
    assert np.allclose(line_named(ax, "a").get_data(), [[10, 100], [50, 20]])
    assert np.allclose(line_named(ax, "b").get_ydata(), 20)
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(12)  # the 10 % point of 10 and 30
    assert band[:, 1].max() == pytest.approx(58)


def test_learning_curves_may_have_a_logarithmic_axis_with_plain_numbers():
    curves = {"a": np.array([[0.9, 0.9], [0.4, 0.6], [0.1, 0.3]])}
    (plain,) = plots.plot_learning_curves(np.array([0, 10, 100]), {"race": curves})
    assert plain.get_yscale() == "linear"
    axes = plots.plot_learning_curves(
        np.array([0, 10, 100]), {"one": curves, "two": curves}, log=True
    )
    axes[0].figure.canvas.draw()
    for ax in axes:
        assert ax.get_yscale() == "log"
        assert not any(label.get_text() for label in ax.get_yticklabels(minor=True))
    assert [t.get_text() for t in axes[0].get_yticklabels()] == ["3", "5", "10", "20", "50", "100"]


def a_neuron(alpha, beta):
    return Network({2: [[beta]]}, {2: [[alpha]]})


def test_a_neuron_that_learned_a_curve_is_drawn_beside_it_and_its_middle_is_told():
    x = np.linspace(-4, 4, 801)[None, :]
    truths = {"first": 1 / (1 + np.exp(-x)), "second": 0.8 / (1 + np.exp(-3 * x))}
    fits = {"first": {"MSE": a_neuron(1.0, 2.0), "CE": a_neuron(-1.0, 0.5)},
            "second": {"MSE": a_neuron(0.0, 5.0), "CE": a_neuron(0.6, 1.0)}}  # fmt: skip
    middles = {"first": (0.0, -0.5, 2.0), "second": (np.log(5 / 3) / 3, 0.0, -0.6)}
    axes = plots.plot_neuron_fits(x, truths, fits)
    assert [ax.get_title() for ax in axes] == ["first", "second"]
    for ax in axes:
        title = ax.get_title()
        looks = set()
        for k, name in enumerate(("truth", "MSE", "CE")):
            line = line_named(ax, name)
            looks.add((line.get_color(), line.get_linestyle(), line.get_linewidth()))
            wanted = truths[title][0]
            if name != "truth":
                net = fits[title][name]
                wanted = 1 / (1 + np.exp(-(net.W[2] * x[0] + net.b[2])[0]))
            assert np.allclose(line.get_ydata(), wanted)
            (mark,) = [m for m in ax.lines if m.get_marker() == "Dso"[k]]
            assert np.ravel(mark.get_data()) == pytest.approx([middles[title][k], 0.5], abs=1e-3)
            told = f"{name} {middles[title][k] + 0:.2f}".replace("-", "−")
            assert told in [t.get_text() for t in ax.texts]
        assert len(looks) == 3
        assert line_named(ax, "MSE").get_linestyle() != line_named(ax, "CE").get_linestyle()
        assert line_named(ax, "MSE").get_zorder() > line_named(ax, "CE").get_zorder()  # dashes show


def test_differences_of_losses_have_a_line_for_each_rate_and_the_looks_of_the_curves():
    rates = ("0.1", "0.2")
    panels = {
        case: {
            loss: {rate: Interval(k + j, k + j - 0.25, k + j + 0.5) for j, rate in enumerate(rates)}
            for k, loss in enumerate(("b", "c", "d"), shift)
        }
        for case, shift in (("one", 0), ("two", -5))
    }
    curves = {name: np.full((3, 2), 0.2) for name in "abcd"}
    (learned,) = plots.plot_learning_curves(np.array([0, 10, 100]), {"one": curves})
    axes = plots.plot_loss_differences(panels, "points", margin=0.5)
    assert axes[0].figure.get_supxlabel() == "points"
    assert [t.get_text() for t in axes[0].get_yticklabels()] == list(rates)
    for ax, (case, shift) in zip(axes, (("one", 0), ("two", -5)), strict=True):
        assert ax.get_title() == case
        assert ax.yaxis_inverted()  # the first rate on top
        for k, (estimates, low, high) in enumerate(error_bars(ax)):
            assert np.allclose(estimates, [k + shift, k + shift + 1])
            assert np.allclose(low, estimates - 0.25)
            assert np.allclose(high, estimates + 0.5)
        for container, name in zip(ax.containers, "bcd", strict=True):
            line, curve = container.lines[0], line_named(learned, name)
            assert container.get_label() == name
            assert same_color(line.get_color(), curve.get_color())
            assert line.get_marker() == curve.get_marker()
        places = np.array([c.lines[0].get_ydata() for c in ax.containers])
        assert np.all(np.abs(places - [0, 1]) < 0.4)
        assert np.all(np.diff(places, axis=0) > 0.1)  # beside one another
        (shaded,) = [p for p in ax.patches if p.get_label().startswith("a tie")]
        assert (shaded.get_x(), shaded.get_x() + shaded.get_width()) == (-0.5, 0.5)
    bare = plots.plot_loss_differences(panels)
    assert not any(p.get_label().startswith("a tie") for p in bare[0].patches)
