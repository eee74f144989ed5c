"""What the figures share: colours, the course's look, and small helpers.

Colours are Okabe and Ito's; a marker or a line style says the same a second time, for readers who
don't see colours.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap

from utils.network import Network, forward
from utils.replicas import Interval

__all__ = [
    "BLUE",
    "CLASSES",
    "ESTIMATOR_LOOKS",
    "GREEN",
    "GREY",
    "MARKERS",
    "ORANGE",
    "PINK",
    "RED",
    "SIGNED",
    "SIZES",
    "SKY",
    "SOFT",
    "STYLES",
    "draw_intervals",
    "draw_output",
    "looks_of",
    "plane_grid",
    "use_course_style",
]

BLUE, RED, GREEN = "#0072B2", "#D55E00", "#009E73"
PINK, ORANGE, SKY = "#CC79A7", "#E69F00", "#56B4E9"
GREY = "#666666"
SOFT = LinearSegmentedColormap.from_list("red to blue", ["#F2B58C", "#FFFFFF", "#8CC0E0"])
SIGNED = LinearSegmentedColormap.from_list("signed", [RED, "#FFFFFF", BLUE])
# how large a number is, whatever its sign, where blue and orange mean something else
SIZES = LinearSegmentedColormap.from_list("sizes", ["#8C8C8C", "#FFFFFF", "#8C8C8C"])
CLASSES = ListedColormap(["#BBD9EC", "#FBE0B5", "#A3D9BF"])
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (9, 4)))
MARKERS = "osX^Dv"
# Estimators by name (see `looks_of`). Where lines lie on one another, the narrow ones are
# drawn over the broad ones.
ESTIMATOR_LOOKS = {
    "least squares": {"color": BLUE, "ls": "-", "marker": "o", "lw": 3.4, "zorder": 2.0},
    "LAD": {"color": RED, "ls": "--", "marker": "s", "lw": 2.6, "zorder": 2.2},
    "Huber": {"color": GREEN, "ls": "-.", "marker": "P", "lw": 1.7, "zorder": 2.4},
    "Tukey": {"color": PINK, "ls": ":", "marker": "^", "lw": 2.8, "zorder": 2.5},
    "MM": {"color": ORANGE, "ls": STYLES[4], "marker": "D", "lw": 1.7, "zorder": 2.3},
    "LTS": {"color": SKY, "ls": STYLES[5], "marker": "v", "lw": 3.4, "zorder": 2.1},
}  # fmt: skip


def use_course_style() -> None:
    """Switch Matplotlib to the course's look (course.mplstyle, beside this file)."""
    plt.style.use(Path(__file__).with_name("course.mplstyle"))


def plane_grid(n: int = 121) -> tuple[np.ndarray, np.ndarray]:
    """Return an n × n grid over the unit square: its ticks, and its points as columns (2, n²)."""
    ticks = np.linspace(0, 1, n)
    return ticks, np.stack([v.ravel() for v in np.meshgrid(ticks, ticks)])


def looks_of(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Colour, line style and marker of each name: those of its estimator, or the next of the cycle.

    What follows a comma or an "of" is no part of an estimator's name. A mean is what least squares
    estimate, a median what LAD does, and they have their looks.

    Examples
    --------
    >>> looks = looks_of(["Tukey, mean of 2,000", "another", "median of y"])
    >>> [look["marker"] for look in looks.values()], looks["median of y"]["color"] == RED
    (['^', 'o', 's'], True)
    """
    same = {"mean": "least squares", "median": "LAD"}
    short = {name: re.split(", | of ", name)[0] for name in names}
    own = {name: ESTIMATOR_LOOKS.get(same.get(key, key)) for name, key in short.items()}
    taken = {look["color"] for look in own.values() if look}
    cycle = zip((BLUE, RED, GREEN, PINK, ORANGE, SKY), STYLES, MARKERS, strict=True)
    free = iter([dict(zip(("color", "ls", "marker"), look)) for look in cycle
                 if look[0] not in taken])  # fmt: skip
    return {
        name: {"ms": 8, "mec": "white", "mew": 0.8, **(look or next(free))}
        for name, look in own.items()
    }


def draw_output(net: Network, ax: Axes, levels: Sequence[float] = (0.5,)) -> None:
    """Shade the first output over the unit square, blue for 1, and draw level lines."""
    ticks, grid = plane_grid()
    _, a = forward(net, grid)
    a = a[net.L][0].reshape(len(ticks), -1)
    ax.imshow(
        a, origin="lower", extent=(0, 1, 0, 1), cmap=SOFT, vmin=0, vmax=1, interpolation="bilinear"
    )
    if a.min() < max(levels) and a.max() > min(levels):
        ax.contour(ticks, ticks, a, levels=list(levels), colors=GREY, linewidths=1.2)


def draw_intervals(ax: Axes, x: Any, intervals: Sequence[Interval], **look: Any) -> None:
    """Draw estimates with the error bars of their intervals."""
    estimate, low, high = np.array(intervals).T
    errors = [np.maximum(estimate - low, 0), np.maximum(high - estimate, 0)]
    ax.errorbar(x, estimate, yerr=errors, capsize=3, **look)
