"""The figures of notebook 10: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
import pytest
from axes import line_named

from utils import plots


def test_fits_are_lines_through_the_points_and_marked_points_are_crosses():
    x, y = np.array([[0.0], [1.0], [2.0], [10.0]]), np.array([1.0, 3.0, 5.0, 0.0])
    ax = plots.plot_fits(x, y, {"good": (1.0, 2.0), "flat": (2.0, 0.0)}, "x", "y", marked=[3])
    good = np.array(line_named(ax, "good").get_data())
    assert np.allclose(good[:, [0, -1]], [[0, 10], [1, 21]])
    assert np.allclose(good[1], 1 + 2 * good[0])
    assert np.allclose(line_named(ax, "flat").get_ydata(), 2)
    circles, crosses = ax.lines[:2]
    assert (circles.get_marker(), crosses.get_marker()) == ("o", "X")
    assert np.array_equal(circles.get_data(), [[0, 1, 2], [1, 3, 5]])
    assert np.array_equal(crosses.get_data(), [[10], [0]])
    assert ax.get_ylim()[1] < 10  # a line that leaves the points doesn't squeeze them
    mask = plots.plot_fits(x, y, {"good": (1.0, 2.0)}, marked=np.array([True, False, False, False]))
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["good: 2.00", "flat: 0.00"]
    falling = plots.plot_fits(x, y, {"falling": (1.0, -0.5)})
    assert falling.get_legend().get_texts()[0].get_text() == "falling: −0.50"
    alone = plots.plot_fits(x, y, {})
    assert alone.get_legend() is None
    assert np.array_equal(alone.lines[0].get_data(), [[0, 1, 2, 10], y])
    assert np.array_equal(mask.lines[1].get_data(), [[0], [1]])


def test_estimates_are_outlines_over_common_bins():
    rng = np.random.default_rng(0)
    panels = {"slope": {"a": rng.normal(size=4000), "b": 3 + rng.normal(size=4000)}}
    (ax,) = plots.plot_estimates(panels)
    assert ax.get_xlabel() == "slope"
    peaks = {line.get_label(): line.get_xdata()[line.get_ydata().argmax()] for line in ax.lines}
    assert peaks["a"] == pytest.approx(0, abs=0.6)
    assert peaks["b"] == pytest.approx(3, abs=0.6)
    for line in ax.lines:
        step = np.diff(line.get_xdata())[0]
        assert line.get_ydata().sum() * step == pytest.approx(1, abs=0.02)


def test_six_lines_differ_in_style_and_in_marker():
    x, y = np.array([[0.0], [1.0]]), np.array([1.0, 3.0])
    ax = plots.plot_fits(x, y, {name: (k, 1.0) for k, name in enumerate("abcdef")})
    lines = [line_named(ax, name) for name in "abcdef"]
    assert len({line.get_marker() for line in lines}) == 6
    assert len({str(line._dash_pattern) for line in lines}) == 6
    places = [place for line in lines for place in line.get_markevery()]
    assert len(set(places)) == len(places) == 12
    assert 0 <= min(places) <= max(places) < len(lines[0].get_xdata())


def test_what_is_enlarged_is_drawn_a_second_time():
    x, y = np.array([[0.0], [1.0], [2.0], [10.0]]), np.array([1.0, 3.0, 5.0, 90.0])
    lines = {"LAD": (1.0, 2.0), "MM": (0.5, 2.1)}
    ax = plots.plot_fits(x, y, lines, marked=[3], enlarged=((0.5, 2.5), (1.0, 6.0)))
    (inset,) = ax.child_axes
    assert (inset.get_xlim(), inset.get_ylim()) == ((0.5, 2.5), (1.0, 6.0))
    for here, there, (b0, b1) in zip(inset.lines[2:], ax.lines[2:], lines.values(), strict=True):
        assert np.allclose(here.get_ydata(), b0 + b1 * here.get_xdata())
        assert (here.get_xdata()[0], here.get_xdata()[-1]) == (0.5, 2.5)
        assert (here.get_color(), here.get_marker()) == (there.get_color(), there.get_marker())
    for k in (0, 1):
        assert np.array_equal(inset.lines[k].get_data(), ax.lines[k].get_data())
    assert not plots.plot_fits(x, y, lines).child_axes


def test_an_estimator_has_its_look_wherever_it_stands():
    names, rng = list(plots.ESTIMATOR_LOOKS), np.random.default_rng(0)
    assert len({v["marker"] for v in plots.ESTIMATOR_LOOKS.values()} | {"X"}) == 7  # X is a point
    for order in (names, names[::-1], ["LTS", "Huber"]):
        samples = {name: rng.normal(size=200) for name in order}
        x, y = np.array([[0.0], [1.0]]), np.array([1.0, 3.0])
        figures = [
            plots.plot_estimates({"slope": samples})[0],
            plots.plot_fits(x, y, {name: (k, 1.0) for k, name in enumerate(order)}),
            plots.plot_slopes(np.geomspace(1, 9, 200), samples),
        ]
        for ax in figures:
            lines = {line.get_label().split(":")[0]: line for line in ax.lines}
            for name in order:
                assert lines[name].get_color() == plots.ESTIMATOR_LOOKS[name]["color"]
        for name in order:  # Matplotlib forgets the name of a dash pattern
            styles = {str(line_named(ax, name)._unscaled_dash_pattern) for ax in figures}
            assert len(styles) == 1
            markers = {line_named(ax, name).get_marker() for ax in figures[1:]}
            assert markers == {plots.ESTIMATOR_LOOKS[name]["marker"]}


def test_slopes_stand_over_a_logarithmic_position_with_staggered_markers():
    position = np.geomspace(1, 1000, 25)
    ax = plots.plot_slopes(position, {"LAD": 2 / position, "MM": np.full(25, 2.0)}, "where")
    assert (ax.get_xscale(), ax.get_xlabel(), ax.get_ylabel()) == ("log", "where", "slope")
    assert np.array_equal(line_named(ax, "LAD").get_data(), [position, 2 / position])
    assert np.array_equal(line_named(ax, "MM").get_ydata(), np.full(25, 2.0))
    assert [line_named(ax, name).get_markevery() for name in ("LAD", "MM")] == [(0, 6), (1, 6)]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["LAD", "MM"]


def test_an_aim_is_marked_in_its_panel_with_its_number():
    rng = np.random.default_rng(0)
    panels = {
        "slope": {"a": rng.normal(size=4000), "b": 3 + rng.normal(size=4000)},
        "level": {"a": rng.normal(size=4000)},
    }
    aims = {"slope": {"b": 3.0, "a": 0.125, "c": -1.0}}
    slope, level = plots.plot_estimates(panels, aims)
    assert not level.texts
    assert len(level.lines) == 1
    top = max(slope.lines[k].get_ydata().max() for k in (0, 1))
    marked = {line.get_xdata()[0]: line.get_ydata() for line in slope.lines[2:]}
    for text in slope.texts:
        name, aim = text.get_text().split()
        x, height = text.get_position()
        assert x == aims["slope"][name] == float(aim)
        assert list(marked[x]) == [0, height]
        assert top <= height < slope.get_ylim()[1]
    by_place = sorted(text.get_position() for text in slope.texts)
    heights = [height for _, height in by_place]
    # a name stands to the right of its line, where no longer line crosses it
    assert heights == sorted(heights, reverse=True)
    assert np.all(np.diff(heights) < -0.08 * top)
    assert slope.get_ylim()[0] == 0
