"""The figures of notebook 07: curves, lines, regions of classes, and comparisons."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.network import Network, forward
from utils.plots.style import BLUE, CLASSES, GREEN, GREY, RED, STYLES, draw_intervals
from utils.replicas import Interval, mean_interval

__all__ = [
    "draw_differences",
    "draw_stretches",
    "plot_at_best",
    "plot_class_regions",
    "plot_curves",
    "plot_differences",
    "plot_interval_curves",
    "plot_masking",
    "plot_two_targets",
    "plot_ways_of_training",
    "roomiest_place",
]


def plot_two_targets(
    nets: Mapping[int, Network],
    targets: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    points: np.ndarray,
) -> np.ndarray:
    """Draw the outputs of many networks beside two targets, and how far they are from each.

    Left: the outputs along x₁, for the largest n, in grey, and the targets. Right: the root of the
    mean square distance to each target, against n; means over the networks with 95 % intervals.

    Parameters
    ----------
    nets : dict of int to Network
        For each number n of samples, R networks with two inputs and one output.
    targets : dict of str to function
        Name of each target, and a function that takes points (2, N) and returns numbers (N,).
    points : numpy.ndarray, shape (2, N)
        Over which the distance is taken.
    """
    _, axes = plt.subplots(1, 2, figsize=(9.6, 3.5))
    left, right = axes
    line = np.stack([np.linspace(-3, 3, 1201), np.zeros(1201)])
    many = nets[max(nets)]
    left.plot(line[0], forward(many, line)[1][many.L][:, 0].T, color="#BBBBBB", lw=0.6)
    curves = {name: target(line) for name, target in targets.items()}
    plot_curves(line[0], curves, "$x_1$ (at $x_2 = 0$)", "output", left)
    for (name, target), marker, style in zip(targets.items(), "os", STYLES, strict=False):
        outputs = (forward(net, points)[1][net.L][:, 0] for net in nets.values())
        distance = [mean_interval(np.sqrt(np.mean((a - target(points)) ** 2, axis=-1)))
                    for a in outputs]  # fmt: skip
        draw_intervals(right, list(nets), distance, marker=marker, ls=style)
        middle = len(nets) // 2
        at = (list(nets)[middle], distance[middle].estimate)
        right.annotate(f"to {name}", at, (6, 8), textcoords="offset points")
    right.set(xscale="log", xlabel="samples n", ylabel="distance (root mean square)")
    right.set(xticks=list(nets), xticklabels=list(nets))
    right.set_ylim(bottom=0)
    right.minorticks_off()
    return axes


def plot_curves(
    x: Any,
    curves: Mapping[str, Any],
    xlabel: str = "",
    ylabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw functions of one variable, each with a line style of its own.

    Parameters
    ----------
    x : array_like, shape (K,)
    curves : dict of str to array_like, shape (K,)
    xlabel, ylabel : str
    ax : Axes, optional
        Where to draw.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.8, 3.6))
    for style, (name, y) in zip(STYLES, curves.items(), strict=False):
        ax.plot(x, np.broadcast_to(y, np.shape(x)), ls=style, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


def plot_ways_of_training(
    panels: Mapping[str, Mapping[str, Mapping[tuple[Any, ...], Interval]]],
    xlabel: str = "",
    margin: float | None = None,
) -> np.ndarray:
    """Draw intervals for many ways of training: a panel for each arrangement, a line for each way.

    Parameters
    ----------
    panels : dict of str to dict of str to dict of tuple to Interval
        Title of each panel, name of each group (a colour and a marker), and its intervals; a way
        is a tuple such as (width, rate, steps), of which the first number makes blocks. All
        panels and groups have the same ways, in the same order.
    xlabel : str
        Below the middle of the panels.
    margin : float, optional
        Shade from −margin to margin: what counts as no difference.
    """
    first_panel = next(iter(panels.values()))
    ways = list(next(iter(first_panel.values())))
    fig, axes = plt.subplots(
        1,
        len(panels),
        figsize=(3.1 + 2.1 * len(panels) + 1.8 * (len(panels) == 1), 1.2 + 0.22 * len(ways)),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for ax, (title, groups) in zip(axes[0], panels.items(), strict=True):
        draw_differences(ax, groups, margin, (GREY, "black"))
        ax.set_title(title, size=10)
        ax.locator_params(axis="x", nbins=4)
        for k in range(1, len(ways)):
            if ways[k][0] != ways[k - 1][0]:
                ax.axhline(k - 0.5, color=GREY, lw=0.8)
    axes[0, 0].set(
        yticks=range(len(ways)),
        yticklabels=["  ".join(str(part) for part in way) for way in ways],
        ylabel="width  rate  steps",
    )
    fig.supxlabel(xlabel, size=10)
    axes[0, -1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return axes[0]


def roomiest_place(inside: np.ndarray, points: np.ndarray, side: float) -> np.ndarray:
    """Of the points (2, M) marked as inside, the one farthest from the others and from the edge."""
    here, there = points[:, inside], points[:, ~inside]
    away = side - np.abs(here).max(axis=0)
    if there.size:
        away = np.minimum(
            away, np.linalg.norm(here[:, :, None] - there[:, None], axis=0).min(axis=1)
        )
    return here[:, away.argmax()]


def plot_class_regions(
    panels: Mapping[str, Callable[[np.ndarray], np.ndarray]], side: float = 3.0
) -> np.ndarray:
    """Draw which class each function gives to the points of a square, with the number written in.

    Parameters
    ----------
    panels : dict of str to function
        Title, and a function that takes points (2, M) and returns classes 0, 1, 2 (M,).
    side : float
        The square goes from −side to side.
    """
    _, grid = plt.subplots(
        1, len(panels), figsize=(2.6 * len(panels), 2.8), sharey=True, squeeze=False
    )
    fine, coarse = np.linspace(-side, side, 241), np.linspace(-side, side, 33)
    for ax, (title, classes_of) in zip(grid[0], panels.items(), strict=True):
        shown = classes_of(np.stack([v.ravel() for v in np.meshgrid(fine, fine)]))
        shown = shown.reshape(len(fine), -1)
        ax.imshow(
            shown, origin="lower", extent=(-side, side, -side, side), cmap=CLASSES, vmin=0, vmax=2
        )
        if np.ptp(shown) > 0:
            ax.contour(fine, fine, shown, levels=[0.5, 1.5], colors="black", linewidths=0.8)
        places = np.stack([v.ravel() for v in np.meshgrid(coarse, coarse)])
        classes = classes_of(places)
        for k in np.unique(classes):
            p, q = roomiest_place(classes == k, places, side)
            ax.text(p, q, str(k), ha="center", va="center", weight="bold")
        ax.set(title=title, xlabel="$x_1$")
        ax.title.set_size(10)
    grid[0, 0].set_ylabel("$x_2$")
    return grid[0]


def draw_differences(
    ax: Axes,
    groups: Mapping[str, Mapping[Any, Interval]],
    margin: float | None,
    colors: Sequence[str | None] = (None, None, None, None),
) -> None:
    """Draw intervals into given axes, the first line on top, with 0 and the margin.

    Parameters
    ----------
    ax : Axes
    groups : dict of str to dict to Interval
        Name of each group, and its intervals, in the same order for all.
    margin : float or None
        Shade from −margin to margin.
    colors : sequence of str or None
        Of the groups; without them those of the course's look.
    """
    if margin is not None:
        ax.axvspan(-margin, margin, color="#E8E8E8", lw=0, label=f"within ±{margin:g}")
    ax.axvline(0, color="black", lw=1)
    shifts = np.linspace(-0.14, 0.14, len(groups)) if len(groups) > 1 else [0.0]
    for shift, marker, color, (name, group) in zip(
        shifts, "osX^", colors, groups.items(), strict=False
    ):
        estimate, low, high = np.array(list(group.values())).T
        places = np.arange(len(estimate)) + shift
        ax.errorbar(
            estimate,
            places,
            xerr=[estimate - low, high - estimate],
            fmt=marker,
            capsize=3,
            ms=5,
            color=color,
            label=name,
        )
    ax.locator_params(axis="x", nbins=6)
    ax.set_ylim(len(group) - 0.5, -0.5)


def plot_at_best(
    panels: Mapping[str, Mapping[str, Mapping[int, Interval]]], margin: float | None = None
) -> Axes:
    """Draw which of two ways is better, in blocks of lines on one scale, a block for each panel.

    Parameters
    ----------
    panels : dict of str to dict of str to dict of int to Interval
        Name of each block, name of each group (a shade and a marker), and for each width the
        interval of the error of the scalar coding minus that of the one-hot coding.
    margin : float, optional
        Shade from −margin to margin: what counts as no difference.
    """
    groups: dict[str, dict[Any, Interval]] = {}
    for title, of_groups in panels.items():
        for name, values in of_groups.items():
            groups.setdefault(name, {}).update({(title, w): v for w, v in values.items()})
    lines = list(next(iter(groups.values())))
    _, ax = plt.subplots(figsize=(8.6, 1.0 + 0.34 * len(lines)))
    draw_differences(ax, groups, margin, (GREY, "black"))
    for k, (title, _) in enumerate(lines):
        if k == 0 or lines[k - 1][0] != title:
            ax.text(0.01, k - 0.3, title, transform=ax.get_yaxis_transform(), weight="bold",
                    va="top")  # fmt: skip
            if k > 0:
                ax.axhline(k - 0.5, color=GREY, lw=0.8)
    low, high = ax.get_xlim()
    ax.set_xlim(low - 0.14 * (high - low), high)  # room for the names
    ax.set(yticks=range(len(lines)), yticklabels=[f"{width} neurons" for _, width in lines])
    ax.set(xlabel="← scalar better    error of scalar − of one-hot (points)    one-hot better →")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


def draw_stretches(ax: Axes, ticks: np.ndarray, classes: np.ndarray, low: float) -> None:
    """Draw a strip below a curve: which class (K,) is answered along the ticks (K,), and where.

    Parameters
    ----------
    ax : Axes
    ticks : numpy.ndarray, shape (K,)
        Evenly spaced.
    classes : numpy.ndarray of int, shape (K,)
    low : float
        Where the strip begins; it is 0.25 high.
    """
    extent = (ticks[0], ticks[-1], low, low + 0.25)
    look: dict[str, Any] = {"cmap": CLASSES, "vmin": 0, "vmax": 2, "aspect": "auto"}
    ax.imshow(classes[None], extent=extent, origin="lower", interpolation="nearest", **look)
    ends = [0, *(np.flatnonzero(np.diff(classes)) + 1), len(classes)]
    for first, last in pairwise(ends):
        middle = (ticks[first] + ticks[last - 1]) / 2
        look = {"ha": "center", "va": "center", "weight": "bold"}
        ax.text(middle, low + 0.12, str(classes[first]), **look)


def plot_masking(x: Any, labels: Any, one_hot: Any, scalar: Any) -> np.ndarray:
    """Draw least-squares lines on one feature for three classes: three lines, and the one.

    Left: the lines of the three one-hot outputs, and the point of means through which all pass.
    Right: the line of the scalar output, and the heights at which the nearest label changes. Below,
    a strip says which class is answered where; the points stand at their labels.

    Parameters
    ----------
    x : array_like, shape (N,)
    labels : array_like of int, shape (N,)
        0, 1 or 2.
    one_hot : array_like, shape (2, 3)
        Intercepts, and below them slopes, of the three lines.
    scalar : array_like, shape (2,)
        Intercept and slope of the one line.
    """
    x, labels = np.asarray(x, float), np.asarray(labels)
    reach = 1.05 * np.abs(x).max()
    ticks = np.linspace(-reach, reach, 801)
    with_one = np.stack([np.ones_like(ticks), ticks], axis=-1)
    lines, line = (with_one @ np.asarray(one_hot)).T, with_one @ np.asarray(scalar)
    _, axes = plt.subplots(1, 2, figsize=(9.6, 4.0), sharex=True)
    left, right = axes
    for k, (marker, style, colour) in enumerate(
        zip("os^", STYLES, (BLUE, RED, GREEN), strict=False)
    ):
        of_class = x[labels == k]
        look: dict[str, Any] = {"ls": "", "marker": marker, "ms": 4, "color": colour, "alpha": 0.35}
        left.plot(of_class, np.full(of_class.size, -0.45 - 0.12 * k), **look)
        right.plot(of_class, np.full(of_class.size, float(k)), **look)
        left.plot(ticks, lines[k], ls=style, color=colour)
        end = 0 if lines[k, 0] > lines[k, -1] else -1
        left.annotate(f"output {k}", (ticks[end], lines[k, end]), (4 if end == 0 else -4, 6),
                      textcoords="offset points", ha="left" if end == 0 else "right",
                      va="bottom", color=colour)  # fmt: skip
    left.plot(x.mean(), 1 / 3, "o", color="black", ms=8, mfc="white", mew=1.8, zorder=5)
    right.plot(ticks, line, color="black")
    for height in (0.5, 1.5):
        right.axhline(height, color=GREY, ls=":", lw=1)
    draw_stretches(left, ticks, lines.argmax(axis=0), -1.2)
    draw_stretches(right, ticks, np.clip(np.rint(line), 0, 2).astype(int), -1.2)
    left.set(xlim=(-reach, reach), ylim=(-1.2, 1.6), yticks=(0, 1 / 3, 1), xlabel="x")
    left.set(yticklabels=("0", "⅓", "1"), title="one-hot: the largest output is answered")
    right.set(ylim=(-1.2, 2.6), yticks=(0, 1, 2), xlabel="x")
    right.set(title="scalar: the nearest label is answered")
    for ax in axes:
        ax.title.set_size(10)
        ax.text(-reach, -0.9, " answer", va="bottom", color=GREY, size=9)
    return axes


def plot_interval_curves(
    x: Any,
    curves: Mapping[str, Sequence[Interval]],
    xlabel: str = "",
    ylabel: str = "",
    log: bool = True,
) -> Axes:
    """Draw estimates with their 95 % intervals against x, one curve for each name.

    Parameters
    ----------
    x : array_like, shape (K,)
    curves : dict of str to sequence of Interval, length K
    xlabel, ylabel : str
    log : bool
        Logarithmic axes, where a power law is a straight line.
    """
    _, ax = plt.subplots(figsize=(6.6, 3.8))
    for style, marker, (name, values) in zip(STYLES, "osX^Dv", curves.items(), strict=False):
        draw_intervals(ax, x, values, ls=style, marker=marker, ms=5, label=name)
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


def plot_differences(
    groups: Mapping[str, Mapping[str, Interval]], xlabel: str = "", margin: float | None = None
) -> Axes:
    """Draw intervals side by side, one line each, in groups; 0 and a margin are marked.

    Parameters
    ----------
    groups : dict of str to dict of str to Interval
        Name of each group (a colour and a marker), and its labelled intervals; all groups have the
        same labels.
    xlabel : str
    margin : float, optional
        Shade from −margin to margin: what counts as no difference.
    """
    labels = list(next(iter(groups.values())))
    _, ax = plt.subplots(figsize=(7.2, 0.9 + 0.42 * len(labels)))
    in_order = {name: {label: group[label] for label in labels} for name, group in groups.items()}
    draw_differences(ax, in_order, margin)
    ax.set(yticks=range(len(labels)), yticklabels=labels, xlabel=xlabel)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax
