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


# -------- colours that a colour-blind reader sees, and what tells lines apart without them

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB
BLIND = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def lab(colour, eyes=None):
    """L*, a*, b* of a colour, as it looks to these eyes."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    if eyes:
        linear = np.clip(np.array(BLIND[eyes]) @ linear, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    t = np.array(to_xyz) @ linear / [0.9505, 1.0, 1.089]
    x, y, z = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", [None, *BLIND])
def test_the_colours_of_the_cycle_are_apart_or_their_lines_are_dashed_otherwise(eyes):
    cycle = ["#" + entry["color"].lstrip("#") for entry in plt.rcParams["axes.prop_cycle"]]
    # the first two carry most figures, and their meaning (first class, second class)
    assert np.linalg.norm(lab(cycle[0], eyes) - lab(cycle[1], eyes)) > 40
    for i, first in enumerate(cycle[: len(plots.STYLES)]):
        for j in range(i):
            near = np.linalg.norm(lab(first, eyes) - lab(cycle[j], eyes)) < 40
            assert not near or plots.STYLES[i] != plots.STYLES[j]


def test_no_two_line_styles_look_alike():
    def on_and_off(style):
        """Where 60 points of a line of width 1.8 are drawn."""
        named = {"-": (0, (1, 0)), "--": (0, (3.7, 1.6)), "-.": (0, (6.4, 1.6, 1, 1.6)),
                 ":": (0, (1, 1.65))}  # fmt: skip
        pattern = np.array(named.get(style, style)[1])
        return pattern[::2].max(), pattern[1::2].max(), len(pattern)

    looks = [on_and_off(style) for style in plots.STYLES]
    for i, u in enumerate(looks):
        for v in looks[:i]:
            longest = max(u[0], v[0]) / min(u[0], v[0])
            assert longest > 1.8 or u[2] != v[2] or (u[1] == 0) != (v[1] == 0)
    assert len(set(plots.MARKERS)) == len(plots.MARKERS) >= len(plots.STYLES)


def test_a_name_without_an_estimator_gets_a_look_that_is_still_free():
    looks = plots.looks_of(["one", "least squares, n = 9", "mean of y", "two", "Hubert"])
    own = plots.ESTIMATOR_LOOKS["least squares"]["color"]
    assert looks["least squares, n = 9"]["color"] == looks["mean of y"]["color"] == own
    for key in ("color", "ls", "marker"):
        free = [looks[name][key] for name in ("one", "two", "Hubert")]
        assert len({*free, looks["mean of y"][key]}) == 4
