"""The figures of notebook 07: curves, regions of classes, and comparisons with their intervals."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.plots.style import CLASSES, GREY, STYLES, draw_intervals
from utils.replicas import Interval

__all__ = [
    "draw_differences",
    "plot_class_regions",
    "plot_curves",
    "plot_differences",
    "plot_interval_curves",
    "plot_ways_of_training",
    "roomiest_place",
]


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
    ax: Axes, groups: Mapping[str, Mapping[Any, Interval]], margin: float | None
) -> None:
    """Draw intervals into given axes, the first line on top, with 0 and the margin.

    Parameters
    ----------
    ax : Axes
    groups : dict of str to dict to Interval
        Name of each group, and its intervals, in the same order for all.
    margin : float or None
        Shade from −margin to margin.
    """
    if margin is not None:
        ax.axvspan(-margin, margin, color="#E8E8E8", lw=0, label=f"within ±{margin:g}")
    ax.axvline(0, color="black", lw=1)
    shifts = np.linspace(-0.14, 0.14, len(groups)) if len(groups) > 1 else [0.0]
    for shift, marker, (name, group) in zip(shifts, "osX^", groups.items(), strict=False):
        estimate, low, high = np.array(list(group.values())).T
        places = np.arange(len(estimate)) + shift
        ax.errorbar(
            estimate,
            places,
            xerr=[estimate - low, high - estimate],
            fmt=marker,
            capsize=3,
            ms=5,
            label=name,
        )
    ax.locator_params(axis="x", nbins=6)
    ax.set_ylim(len(group) - 0.5, -0.5)


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
        figsize=(1.9 + 2.1 * len(panels), 1.2 + 0.22 * len(ways)),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for ax, (title, groups) in zip(axes[0], panels.items(), strict=True):
        draw_differences(ax, groups, margin)
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
