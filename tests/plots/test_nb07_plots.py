"""The figures of notebook 07: what is drawn is asked of the artists, not of the pixels."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from axes import error_bars, everything_two, halves, shown_at
from matplotlib.colors import same_color

from utils import plots
from utils.activations import identity
from utils.network import Network
from utils.replicas import Interval, mean_interval


def constants(values):
    """One network for each value, whose output is that value plus a little of x₁."""
    R = len(values)
    b3 = np.array(values, float).reshape(R, 1, 1) - 0.5
    W = {2: np.tile([[0.1, 0.0]], (R, 1, 1)), 3: np.ones((R, 1, 1))}
    return Network(W, {2: np.zeros((R, 1, 1)), 3: b3}, output=identity)


def test_fits_are_drawn_beside_their_targets_and_their_distances_against_n():
    nets = {10: constants([0.0, 0.5, 1.0]), 100: constants([0.2, 0.3, 0.4])}
    targets = {"zero": lambda x: 0 * x[0], "slope": lambda x: x[0] / 2}
    points = np.array([[-2.0, 0.0, 1.0, 2.0], [5.0, 0.0, -1.0, 1.0]])
    left, right = plots.plot_two_targets(nets, targets, points)
    grey = [line for line in left.lines if str(line.get_label()).startswith("_")]
    assert len(grey) == 3  # those of the largest n
    for line, value in zip(grey, (0.2, 0.3, 0.4), strict=True):
        x, y = line.get_data()
        assert y == pytest.approx(1 / (1 + np.exp(-0.1 * x)) - 0.5 + value)
    named = {line.get_label(): line for line in left.lines if line not in grey}
    assert np.array_equal(named["slope"].get_ydata(), named["slope"].get_xdata() / 2)
    assert set(named) == {"zero", "slope"}
    for (estimate, low, high), target in zip(error_bars(right), targets.values(), strict=True):
        for k, values in enumerate(([0.0, 0.5, 1.0], [0.2, 0.3, 0.4])):
            outputs = 1 / (1 + np.exp(-0.1 * points[0])) - 0.5 + np.array(values)[:, None]
            wanted = mean_interval(np.sqrt(np.mean((outputs - target(points)) ** 2, axis=1)))
            assert [estimate[k], low[k], high[k]] == pytest.approx(list(wanted))
    assert [text.get_text() for text in right.texts] == ["to zero", "to slope"]
    assert [c.lines[0].get_xdata().tolist() for c in right.containers] == 2 * [[10, 100]]
    assert right.get_ylim()[0] == 0


ROW = np.array([-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0])
CLASSES_OF_ROW = np.repeat([0, 1, 2], 3)


def strip_of(ax):
    """What the strip of an axes says: [(from, to, class)]."""
    (image,) = ax.images
    (row,) = np.asarray(image.get_array())
    first, last, *_ = image.get_extent()
    ticks = np.linspace(first, last, len(row))
    ends = [0, *(np.flatnonzero(np.diff(row)) + 1), len(row)]
    return [(ticks[i], ticks[j - 1], int(row[i])) for i, j in pairwise(ends)]


def test_masking_shows_three_lines_through_one_point_and_what_is_answered_below():
    A = np.stack([np.ones(9), ROW], axis=1)
    three, one = np.linalg.lstsq(A, np.eye(3)[CLASSES_OF_ROW])[0], [1.0, 0.3]
    left, right = plots.plot_masking(ROW, CLASSES_OF_ROW, three, one)
    lines = [line for line in left.lines if line.get_linestyle() != "None"]
    assert len({line.get_linestyle() for line in lines}) == 3
    for k, line in enumerate(lines):
        assert line.get_ydata() == pytest.approx(three[0, k] + three[1, k] * line.get_xdata())
    (common,) = (
        line for line in left.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1
    )
    assert [*common.get_xdata(), *common.get_ydata()] == pytest.approx([0, 1 / 3])
    names = {text.get_text(): text for text in left.texts}
    for k, colour in enumerate((plots.BLUE, plots.RED, plots.GREEN)):
        assert same_color(lines[k].get_color(), colour)
        at = names[f"output {k}"].xy
        assert at[1] == pytest.approx(three[0, k] + three[1, k] * at[0])
    assert [found[2] for found in strip_of(left)] == [0, 2]  # the middle class is nowhere
    assert strip_of(left)[0][1] == pytest.approx(0, abs=0.02)
    first, second, third = strip_of(right)
    assert (first[2], second[2], third[2]) == (0, 1, 2)
    assert second[:2] == pytest.approx((-0.5 / 0.3, 0.5 / 0.3), abs=0.02)
    (line,) = (line for line in right.lines if len(line.get_xdata()) > 9)
    assert line.get_ydata() == pytest.approx(1 + 0.3 * line.get_xdata())
    heights = [line.get_ydata()[0] for line in right.lines if line.get_linestyle() == ":"]
    assert heights == [0.5, 1.5]


def test_points_of_the_masking_stand_at_their_labels_and_numbers_on_their_stretch():
    axes = plots.plot_masking(ROW, CLASSES_OF_ROW, np.zeros((2, 3)) + [[0, 1, 2]], [1.0, 0.3])
    for ax in axes:
        points = [
            line
            for line in ax.lines
            if line.get_linestyle() == "None" and len(line.get_xdata()) == 3
        ]
        assert [list(line.get_xdata()) for line in points] == ROW.reshape(3, 3).tolist()
        assert len({line.get_marker() for line in points}) == 3
        for text in ax.texts:
            if text.get_text().isdigit():
                inside = [k for u, v, k in strip_of(ax) if u < text.get_position()[0] < v]
                assert inside == [int(text.get_text())]
    labels = [set(line.get_ydata()) for line in axes[1].lines if line.get_linestyle() == "None"]
    assert labels == [{0.0}, {1.0}, {2.0}]


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


def test_at_best_all_blocks_share_one_scale_and_each_has_its_name_at_its_first_line():
    def group(shift):
        return {w: Interval(shift + k, shift + k - 1, shift + k + 2) for k, w in enumerate((4, 8))}

    panels = {"rings": {"linear": group(0), "σ": group(9)},
              "stripes": {"linear": group(5), "σ": group(-7)}}  # fmt: skip
    ax = plots.plot_at_best(panels, margin=1)
    assert [t.get_text() for t in ax.get_yticklabels()] == 2 * ["4 neurons", "8 neurons"]
    for name, (estimate, low, high) in zip(("linear", "σ"), error_bars(ax), strict=True):
        wanted = [v for groups in panels.values() for v in groups[name].values()]
        assert np.allclose([estimate, low, high], np.array(wanted).T)
    assert [(t.get_text(), round(t.get_position()[1])) for t in ax.texts] == [
        ("rings", 0), ("stripes", 2)
    ]  # fmt: skip
    level = [line.get_ydata()[0] for line in ax.lines if list(line.get_xdata()) == [0, 1]]
    assert level == [1.5]
    assert len(ax.patches) == 1
    scalar, one_hot = (ax.get_xlabel().index(who) for who in ("← scalar", "one-hot better →"))
    assert scalar < one_hot


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
