"""The figures of notebook 00: the map of the course, and labelled points."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from utils.plots.style import BLUE, GREY, RED

__all__ = ["ARROW", "MAP", "ROADS", "plot_course_map", "plot_crossing", "plot_points"]

MAP = {
    "00": ("start here", 0, 1),
    "01": ("forward\npass", 1, 1),
    "02": ("Jacobians,\ndiag(σ′)", 2, 1),
    "03": ("gradient in\nthe input", 3, 1),
    "04": ("gradient in\nthe weights", 4, 1),
    "05": ("training, a\nhundred times", 5, 1),
    "06": ("seeing the\ninput gradient", 4, 2),
    "07": ("one-hot or\nscalar labels?", 6.2, 2.2),
    "08": ("MSE or cross-\nentropy?", 6.2, 1.4),
    "09": ("heavy-tailed\nnoise?", 6.2, 0.6),
    "10": ("robust\nregression", 6.2, -0.2),
}
ROADS = ["00-01", "01-02", "02-03", "03-04", "03-06", "04-05", "05-06",
         "05-07", "05-08", "05-09", "09-10"]  # fmt: skip
ARROW = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13}


def plot_course_map() -> Axes:
    """Draw the eleven notebooks as boxes, an arrow from each to those that need it."""
    _, ax = plt.subplots(figsize=(10.2, 3.7))
    for road in ROADS:
        (_, x0, y0), (_, x1, y1) = (MAP[end] for end in road.split("-"))
        same_column = x0 == x1
        up = road.endswith("06")  # entered from below, the others from the left
        start = (x0, y0 + 0.27 * np.sign(y1 - y0)) if same_column or up else (x0 + 0.42, y0)
        end = (x1, y1 - 0.27 * np.sign(y1 - y0)) if same_column or up else (x1 - 0.42, y1)
        ax.annotate("", end, start, arrowprops={**ARROW, "color": GREY})
    for number, (name, x, y) in MAP.items():
        question = number >= "07"
        fill, edge, line = ("#FBE5D6", RED, "--") if question else ("#DCEBF5", BLUE, "-")
        box = FancyBboxPatch((x - 0.4, y - 0.25), 0.8, 0.5, boxstyle="round,pad=0.02")
        box.set(facecolor=fill, edgecolor=edge, linestyle=line)
        ax.add_patch(box)
        ax.text(x, y + 0.14, number, ha="center", va="center", weight="bold", size=9)
        ax.text(x, y - 0.08, name, ha="center", va="center", size=8)
    ax.text(1.5, 1.75, "one recursion:\nbuilt in 01-04, used in 05-06", color=BLUE, ha="center")
    ax.text(6.2, 2.6, "three questions", color=RED, ha="center")
    ax.set(xlim=(-0.5, 6.7), ylim=(-0.55, 2.8), aspect="equal")
    ax.axis("off")
    return ax


def plot_points(
    x: np.ndarray, y: np.ndarray, ax: Axes | None = None, numbers: bool = False
) -> Axes:
    """Draw labelled points of the plane: a disc for the first class, a cross for the second.

    Parameters
    ----------
    x : numpy.ndarray, shape (2, N)
        One column a point.
    y : numpy.ndarray, shape (2, N) or (1, N)
        Labels; the first row is 1 for the first class.
    ax : Axes, optional
        Where to draw.
    numbers : bool
        Write the number of each point beside it.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(4.4, 4.2))
    first = y[0] > 0.5
    for chosen, marker, color, name in (
        (first, "o", BLUE, "first class"),
        (~first, "X", RED, "second class"),
    ):
        p, q = x[:, chosen]
        ax.scatter(p, q, marker=marker, s=75, color=color, ec="white", label=name, zorder=5)
    if numbers:
        for i, (p, q) in enumerate(x.T, start=1):
            ax.annotate(
                str(i), (p, q), (0, 7), textcoords="offset points", size=9, color=GREY, ha="center"
            )
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    return ax


def plot_crossing(
    x: np.ndarray, y: np.ndarray, discs: tuple[int, int], crosses: tuple[int, int]
) -> Axes:
    """Draw two segments that cross, one between two discs and one between two crosses.

    The point where they meet has a ring; the points that the segments don't need are pale.

    Parameters
    ----------
    x, y : arrays, shapes (2, N) and (2, N) or (1, N)
        Labelled points.
    discs, crosses : (int, int)
        Two points of each class, counted from 1.
    """
    ax = plot_points(x, y, numbers=True)
    needed = np.isin(np.arange(1, x.shape[1] + 1), (*discs, *crosses))
    is_disc = y[0] > 0.5
    for drawn, chosen in zip(ax.collections, (is_disc, ~is_disc), strict=True):
        drawn.set_alpha(np.where(needed[chosen], 1.0, 0.3).tolist())
    for ends, colour, ls in ((discs, BLUE, "-"), (crosses, RED, "--")):
        ax.plot(*x[:, [k - 1 for k in ends]], color=colour, ls=ls, zorder=4)
    (p, p_end), (q, q_end) = (x[:, [k - 1 for k in ends]].T for ends in (discs, crosses))
    share, _ = np.linalg.solve(np.stack([p_end - p, q - q_end], axis=1), q - p)
    meeting = p + share * (p_end - p)
    numbers: Any = ax.texts
    for k in (*discs, *crosses):  # on the far side, where no segment is
        away = x[:, k - 1] - meeting
        numbers[k - 1].xyann = tuple(12 * away / np.linalg.norm(away))
        numbers[k - 1].set_va("center")
    ax.plot(*meeting, "o", ms=13, mfc="none", mec="black", mew=1.3, zorder=6)
    return ax
