"""The figures of notebook 05: a training run, and what a hundred of them have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.network import Network, forward
from utils.plots.nb00_start_here import plot_points
from utils.plots.style import BLUE, GREY, ORANGE, RED, SKY, SOFT, plane_grid
from utils.replicas import Interval

__all__ = [
    "plot_cost_curves",
    "plot_decisions",
    "plot_fractions",
    "plot_intervals",
    "plot_steps",
    "plot_two_populations",
]


def plot_intervals(intervals: Sequence[Interval], truth: float, xlabel: str = "") -> Axes:
    """Draw many intervals for one true value, those that miss it in another colour and dashed.

    Parameters
    ----------
    intervals : sequence of Interval
        One for each repetition of the experiment.
    truth : float
        What they are meant to contain.
    xlabel : str
        What is estimated.
    """
    _, ax = plt.subplots(figsize=(7.2, 3.6))
    for i, interval in enumerate(intervals):
        hit = interval.contains(truth)
        ax.plot(
            [interval.low, interval.high],
            [i, i],
            color=BLUE if hit else RED,
            ls="-" if hit else "--",
            lw=1.6 if hit else 2.4,
        )
        ax.plot(interval.estimate, i, "o" if hit else "X", color=BLUE if hit else RED, ms=3.5)
    ax.axvline(truth, color="black", lw=1.2)
    ax.set(xlabel=xlabel, ylabel="experiment", yticks=[])
    return ax


def plot_cost_curves(
    steps: np.ndarray, cost: np.ndarray, singles: int = 6, ylabel: str = "cost"
) -> Axes:
    """Draw cost against steps on logarithmic axes: median, 80 % band, and a few single runs.

    Parameters
    ----------
    steps : numpy.ndarray, shape (K,)
        Step 0 is left out: a logarithmic axis has no place for it.
    cost : numpy.ndarray, shape (K, R)
    singles : int
        How many single replicas to draw, thin.
    ylabel : str
    """
    keep = steps > 0
    steps, cost = steps[keep], cost[keep]
    low, median, high = np.quantile(cost, [0.1, 0.5, 0.9], axis=1)
    _, ax = plt.subplots(figsize=(7.2, 3.8))
    ax.fill_between(steps, low, high, color=SKY, alpha=0.35, lw=0, label="80 % of the replicas")
    for r in range(min(singles, cost.shape[1])):
        ax.plot(steps, cost[:, r], color=GREY, lw=0.7, label="single replicas" if r == 0 else None)
    ax.plot(steps, median, color=BLUE, lw=2.2, label="median")
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel=ylabel)
    ax.legend(loc="lower left")
    return ax


def plot_steps(
    p: np.ndarray,
    q: np.ndarray,
    cost: np.ndarray,
    at: np.ndarray,
    steps: np.ndarray,
    enlarged: float = 1.0,
) -> Axes:
    """Draw a cost's level lines, at some places the steps along single gradients, and their mean.

    Parameters
    ----------
    p, q : arrays, shapes (K,) and (M,)
        Values of two parameters.
    cost : numpy.ndarray, shape (M, K)
        Row i belongs to q[i].
    at : numpy.ndarray, shape (2, J)
        Where steps begin.
    steps : numpy.ndarray, shape (2, J, N)
        N steps from each of these places.
    enlarged : float
        The mean step is drawn so many times as long as it is.
    """
    _, ax = plt.subplots(figsize=(5.8, 4.6))
    ax.contour(p, q, cost, levels=14, colors="#BBBBBB", linewidths=0.9)
    to_scale: dict[str, Any] = {"angles": "xy", "scale_units": "xy", "scale": 1}
    for k in range(at.shape[1]):
        starts = np.repeat(at[:, [k]], steps.shape[2], axis=1)
        ax.quiver(*starts, *steps[:, k], color=SKY, width=0.005, **to_scale)
        ax.quiver(
            *at[:, k], *(enlarged * steps[:, k].mean(axis=1)), color=RED, width=0.012, **to_scale
        )
        ax.plot(*at[:, k], "o", color="black", ms=5, zorder=4)
    ax.set(xlim=(p[0], p[-1]), ylim=(q[0], q[-1]), aspect="equal")
    return ax


def plot_two_populations(values: np.ndarray, medians: np.ndarray, xlabel: str = "") -> np.ndarray:
    """Draw a histogram of positive values on a logarithmic axis, and below it one of medians."""
    bins = np.geomspace(values.min() * 0.9, values.max() * 1.1, 41)
    _, axes = plt.subplots(2, 1, figsize=(6.8, 4.2), sharex=True, height_ratios=[2, 1])
    axes[0].hist(values, bins=bins, color=SKY, ec="white")
    axes[0].axvline(np.median(values), color="black", ls="--", label="median")
    axes[0].set(ylabel="networks", xscale="log")
    axes[0].legend()
    axes[1].hist(medians, bins=bins, color=ORANGE, ec="white")
    axes[1].set(xlabel=xlabel, ylabel="samples", xscale="log")
    return axes


def plot_decisions(networks: Mapping[str, Network], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Draw what several two-output networks say over the unit square: a₁ against a₂.

    Parameters
    ----------
    networks : dict of str to Network
        Title and network, two inputs and two outputs, one for each panel.
    x, y : arrays, shapes (2, N) and (2, N)
        Labelled points, drawn on top.
    """
    _, grid = plt.subplots(
        1, len(networks), figsize=(3.0 * len(networks), 3.4), sharey=True, squeeze=False
    )
    for ax, (title, net) in zip(grid[0], networks.items(), strict=True):
        ticks, points = plane_grid()
        a = forward(net, points)[1][net.L]
        difference = (a[0] - a[1]).reshape(len(ticks), -1)
        ax.imshow(
            difference,
            origin="lower",
            extent=(0, 1, 0, 1),
            cmap=SOFT,
            vmin=-1,
            vmax=1,
            interpolation="bilinear",
        )
        if difference.min() < 0 < difference.max():
            ax.contour(ticks, ticks, difference, levels=[0], colors="black", linewidths=1.2)
        plot_points(x, y, ax)
        ax.set_title(title, size=10)
    for ax in grid[0, 1:]:
        ax.set_ylabel("")
    return grid[0]


def plot_fractions(
    steps: Sequence[float], intervals: Mapping[str, Sequence[Interval]], ylabel: str = ""
) -> Axes:
    """Draw fractions with their 95 % intervals against steps."""
    _, ax = plt.subplots(figsize=(6.6, 3.5))
    for shift, marker, style, (name, values) in zip(
        (0.97, 1.03), "os", ("-", "--"), intervals.items(), strict=False
    ):
        estimate = np.array([v.estimate for v in values])
        below = np.maximum(estimate - [v.low for v in values], 0)
        above = np.maximum([v.high for v in values] - estimate, 0)
        ax.errorbar(
            np.array(steps) * shift,
            estimate,
            yerr=[below, above],
            fmt=marker,
            ls=style,
            capsize=3,
            label=name,
        )
    ax.set(xscale="log", xlabel="step", ylabel=ylabel, ylim=(-0.03, 1.05))
    ax.legend(loc="upper left")
    return ax
