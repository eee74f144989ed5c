"""The figures of notebook 07: what is drawn is asked of the artists, not of the pixels."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from axes import error_bars, everything_two, halves, shown_at

from utils import plots
from utils.replicas import Interval


def test_curves_have_different_styles_and_constants_become_lines():
    x = np.linspace(0, 1, 5)
    ax = plots.plot_curves(x, {"square": x**2, "two": 2.0}, "x", "y")
    assert [line.get_label() for line in ax.lines] == ["square", "two"]
    assert np.array_equal(ax.lines[0].get_ydata(), x**2)
    assert np.array_equal(ax.lines[1].get_ydata(), np.full(5, 2.0))
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()
    other = plt.figure().add_subplot()
    assert plots.plot_curves(x, {"a": x}, ax=other) is other


@pytest.mark.parametrize("log", [True, False])
def test_interval_curves_show_estimates_and_ends(log):
    values = [Interval(2.0, 1.5, 3.0), Interval(1.0, 0.8, 1.1)]
    ax = plots.plot_interval_curves([10, 100], {"a": values, "b": values}, "n", "spread", log)
    assert ax.get_xscale() == ax.get_yscale() == ("log" if log else "linear")
    assert len(error_bars(ax)) == 2
    for estimate, low, high in error_bars(ax):
        assert np.allclose([estimate, low, high], np.array(values).T)


def test_differences_stand_beside_their_labels_and_the_margin_is_shaded():
    groups = {
        "linear": {"sectors": Interval(2.0, 1.5, 2.5), "rings": Interval(-9.0, -10.0, -8.0)},
        "σ": {"sectors": Interval(1.0, 0.5, 1.5), "rings": Interval(-4.0, -5.0, -3.0)},
    }
    ax = plots.plot_differences(groups, "difference", margin=1)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["sectors", "rings"]
    for (estimate, low, high), group in zip(error_bars(ax), groups.values(), strict=True):
        assert np.allclose([estimate, low, high], np.array(list(group.values())).T)
    for container in ax.containers:
        assert np.allclose(container.lines[0].get_ydata(), [0, 1], atol=0.3)
    (band,) = ax.patches  # a Rectangle, or a Polygon before Matplotlib 3.9
    corners = band.get_patch_transform().transform(band.get_path().vertices)
    assert (corners[:, 0].min(), corners[:, 0].max()) == (-1, 1)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first label on top
    (zero,) = (line for line in ax.lines if np.array_equal(line.get_xdata(), [0, 0]))
    assert zero.get_color() == "black"


def test_ways_of_training_stand_in_panels_with_a_block_for_each_width():
    ways = [(4, 0.1, 50), (4, "best", ""), (8, 0.1, 50)]

    def group(shift):
        return {
            way: Interval(shift + k, shift + k - 1, shift + k + 2) for k, way in enumerate(ways)
        }

    panels = {"rings": {"linear": group(0), "σ": group(9)}, "stripes": {"linear": group(5)}}
    axes = plots.plot_ways_of_training(panels, "difference", margin=1)
    assert [ax.get_title() for ax in axes] == ["rings", "stripes"]
    labels = [label.get_text().split() for label in axes[0].get_yticklabels()]
    assert labels == [["4", "0.1", "50"], ["4", "best"], ["8", "0.1", "50"]]
    for ax, groups in zip(axes, panels.values(), strict=True):
        for (estimate, low, high), values in zip(error_bars(ax), groups.values(), strict=True):
            assert np.allclose([estimate, low, high], np.array(list(values.values())).T)
        assert len(ax.patches) == 1
        assert ax.get_ylim() == (2.5, -0.5)
        for container in ax.containers:
            assert np.allclose(container.lines[0].get_ydata(), [0, 1, 2], atol=0.3)
        level = [line.get_ydata()[0] for line in ax.lines if list(line.get_xdata()) == [0, 1]]
        assert level == [1.5]  # between the widths 4 and 8
    assert "difference" in [text.get_text() for text in axes[0].figure.texts]


def test_class_regions_show_the_class_of_each_place_and_its_number_inside_it():
    first, second = plots.plot_class_regions({"stripes": halves, "two": everything_two})
    assert (first.get_title(), second.get_title()) == ("stripes", "two")
    for p in (-2.0, 0.0, 2.0):
        assert shown_at(first, p, 0.5) == halves(np.array([[p], [0.5]]))[0]
    for text in first.texts:
        p, q = text.get_position()
        assert halves(np.array([[p], [q]]))[0] == int(text.get_text())
        assert abs(p) < 2.8
        assert abs(q) < 2.8  # not on the edge
    assert sorted(t.get_text() for t in first.texts) == ["0", "1", "2"]
    assert [t.get_text() for t in second.texts] == ["2"]
    assert shown_at(second, 1.0, 1.0) == 2


def test_the_three_classes_have_different_colours():
    colours = [plots.CLASSES(k / 2)[:3] for k in range(3)]
    assert (
        min(np.abs(np.subtract(u, v)).max() for u, v in zip(colours, colours[1:] + colours[:1]))
        > 0.1
    )
