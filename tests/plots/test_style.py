"""What all figures share."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from axes import CORNERS_AND_MORE, SLANTED, colour_of, level_lines, output, shown_at
from matplotlib.colors import to_rgb

from utils import plots
from utils.network import Network


def test_the_style_is_opaque_and_its_colours_are_okabe_and_ito():
    colours = [entry["color"] for entry in plt.rcParams["axes.prop_cycle"]]
    assert ["#" + c.lstrip("#") for c in colours[:4]] == [
        plots.BLUE,
        plots.RED,
        plots.GREEN,
        plots.PINK,
    ]
    assert plt.rcParams["savefig.facecolor"] == "white"
    assert not plt.rcParams["savefig.transparent"]


def test_the_output_is_shown_where_it_belongs_with_its_level_one_half():
    _, ax = plt.subplots()
    plots.draw_output(SLANTED, ax)
    for p, q in CORNERS_AND_MORE:
        assert shown_at(ax, p, q) == pytest.approx(output(SLANTED, [(p, q)]).item(), abs=0.02)
    assert ax.get_xlim() == ax.get_ylim() == (0, 1)
    lines = level_lines(ax)
    assert list(lines) == [0.5]
    assert np.allclose(output(SLANTED, lines[0.5]), 0.5, atol=1e-3)
    assert np.ptp(lines[0.5], axis=0).max() == pytest.approx(1)  # right across


def test_the_shading_has_the_colours_of_the_classes_and_white_between():
    _, ax = plt.subplots()
    plots.draw_output(SLANTED, ax)
    for value, colour in ((1, plots.BLUE), (0, plots.RED)):
        shade, full = np.array(colour_of(ax, value)), np.array(to_rgb(colour))
        assert shade.argmax() == full.argmax()
        assert shade.argmin() == full.argmin()
    assert colour_of(ax, 0.5) == pytest.approx((1, 1, 1), abs=0.01)


def test_an_output_that_never_is_one_half_has_no_line():
    _, ax = plt.subplots()
    plots.draw_output(Network({2: [[1.0, 1.0]]}, {2: [[3.0]]}), ax)
    assert not ax.collections
