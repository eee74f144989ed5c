"""The figures of notebook 10: how estimates are spread, lines through points, and slopes."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.plots.style import GREY, looks_of

__all__ = ["plot_estimates", "plot_fits", "plot_slopes"]


def plot_estimates(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    aims: Mapping[str, Mapping[str, float]] | None = None,
) -> np.ndarray:
    """Draw how estimates are spread over replicas: outlines of histograms, one panel each.

    Parameters
    ----------
    panels : dict of str to dict of str to array, shapes (R,)
        For each panel (what is estimated) the replicas of each estimator.
    aims : dict of str to dict of str to float, optional
        For some of the panels: numbers to be marked by a line and told, each with its name.
    """
    _, axes = plt.subplots(1, len(panels), figsize=(4.9 * len(panels), 3.3), squeeze=False)
    for ax, (title, estimates) in zip(axes[0], panels.items(), strict=True):
        everything = np.concatenate(list(estimates.values()))
        bins = np.linspace(everything.min(), everything.max(), 44)
        for name, look in looks_of(estimates).items():
            heights, _ = np.histogram(estimates[name], bins, density=True)
            middles = (bins[1:] + bins[:-1]) / 2
            ax.plot(middles, heights, label=name, **{**look, "marker": "", "lw": 1.8})
        top = ax.get_ylim()[1]
        marked = sorted((aims or {}).get(title, {}).items(), key=lambda item: -item[1])
        for k, (name, aim) in enumerate(marked):
            height = top * (1.02 + 0.11 * k)  # the line on the left is the longest: no crossing
            ax.plot([aim, aim], [0, height], color=GREY, lw=0.9, ls=(0, (2, 2)))
            ax.text(aim, height, f" {name} {aim:.3f}", color=GREY, va="center", size=10)
        ax.set(xlabel=title, yticks=[], ylim=(0, top * (1 + 0.11 * len(marked))))
    axes[0, -1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return axes[0]


def plot_fits(
    x: np.ndarray,
    y: np.ndarray,
    lines: Mapping[str, Any],
    xlabel: str = "",
    ylabel: str = "",
    marked: Any = None,
    enlarged: tuple[tuple[float, float], tuple[float, float]] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw points and several straight lines, their slopes in the legend.

    Each line has markers at places of its own, so that lines that lie on one another can be told
    apart; an estimator has the same look in all figures.

    Parameters
    ----------
    x : numpy.ndarray, shape (N, 1)
        As in `utils.regression`.
    y : numpy.ndarray, shape (N,)
    lines : dict of str to (intercept, slope)
    xlabel, ylabel : str
    marked : array of int or bool, optional
        Points to draw as crosses.
    enlarged : ((left, right), (bottom, top)), optional
        What is drawn a second time, enlarged, in the upper left corner.
    ax : Axes, optional
        Where to draw.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.8, 4.0))
    cross = np.zeros(len(y), bool)
    if marked is not None:
        cross[marked] = True
    inset = ax.inset_axes((0.09, 0.42, 0.44, 0.55)) if enlarged else None
    for place in (ax, inset) if inset else (ax,):
        place.plot(x[~cross, 0], y[~cross], "o", ms=4.5, color=GREY, alpha=0.75)
        place.plot(x[cross, 0], y[cross], "X", ms=8, color="black")
    limits = ax.get_ylim()
    along = np.linspace(x.min(), x.max(), 14)
    for k, (name, look) in enumerate(looks_of(lines).items()):
        intercept, slope = lines[name]
        label = f"{name}: {slope:.2f}".replace("-", "−")
        places = [k % 6 + 1, k % 6 + 7]
        ax.plot(along, intercept + slope * along, label=label, markevery=places, **look)
        if inset and enlarged:
            near = np.linspace(*enlarged[0], 14)
            inset.plot(near, intercept + slope * near, markevery=places, **look)
    if inset and enlarged:
        inset.set(xlim=enlarged[0], ylim=enlarged[1])
        inset.tick_params(labelsize=8.5)
        ax.indicate_inset_zoom(inset, edgecolor=GREY)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=limits)
    if lines:
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), title="slopes", alignment="left")
    return ax


def plot_slopes(position: np.ndarray, slopes: Mapping[str, np.ndarray], xlabel: str = "") -> Axes:
    """Draw what slopes several estimators find, against the position of a point that is moved.

    Parameters
    ----------
    position : numpy.ndarray, shape (K,)
        On a logarithmic axis.
    slopes : dict of str to array, shape (K,)
    xlabel : str
    """
    _, ax = plt.subplots(figsize=(7.2, 3.8))
    for k, (name, look) in enumerate(looks_of(slopes).items()):
        ax.plot(position, slopes[name], label=name, markevery=(k % 6, 6), **look)
    ax.set(xscale="log", xlabel=xlabel, ylabel="slope")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax
