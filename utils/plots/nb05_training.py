"""The figures of notebook 05: a training run, and what a hundred of them have in common."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.network import Network, forward
from utils.plots.nb00_start_here import plot_points
from utils.plots.style import BLUE, GREEN, GREY, MARKERS, ORANGE, RED, SKY, SOFT, STYLES, plane_grid
from utils.replicas import Interval, mean_interval

__all__ = [
    "plot_cost_curves",
    "plot_decisions",
    "plot_fates",
    "plot_fractions",
    "plot_intervals",
    "plot_mean_and_band",
    "plot_spread",
    "plot_steps",
    "plot_two_populations",
]


def plot_fates(steps: np.ndarray, costs: Mapping[str, np.ndarray], ylabel: str = "cost") -> Axes:
    """Draw the costs of a few trainings on logarithmic axes, each with its name at its end.

    Parameters
    ----------
    steps : numpy.ndarray, shape (K,)
        Step 0 is left out: a logarithmic axis has no place for it.
    costs : dict of str to numpy.ndarray, shapes (K,)
    ylabel : str
    """
    _, ax = plt.subplots(figsize=(6.6, 2.9))
    keep = steps > 0
    for colour, style, (name, cost) in zip((BLUE, RED, GREEN), STYLES, costs.items(), strict=False):
        ax.plot(steps[keep], cost[keep], ls=style, color=colour)
        ax.annotate(name, (steps[-1], cost[-1]), (6, 0), textcoords="offset points",
                    va="center", color=colour)  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel=ylabel)
    return ax


def plot_mean_and_band(samples: Sequence[np.ndarray], xlabel: str = "") -> Axes:
    """Draw samples of growing size: each value, the band of 80 %, and the mean with its interval.

    Parameters
    ----------
    samples : sequence of arrays, shapes (R,)
        One row of the figure for each; R may differ.
    xlabel : str
        What the values are.
    """
    _, ax = plt.subplots(figsize=(7.2, 3.3))
    for row, values in enumerate(samples):
        heights = row + 0.22 + np.random.default_rng(0).uniform(-0.13, 0.13, size=values.size)
        ax.plot(values, heights, ".", color=GREY, ms=3.5, alpha=0.5)
        ax.plot(np.quantile(values, [0.1, 0.9]), [row, row], color=SKY, lw=9, solid_capstyle="butt")
        mean = mean_interval(values)
        ax.plot([mean.low, mean.high], [row - 0.22] * 2, "|-", color=RED, lw=2.6, ms=11, mew=2.2)
        ax.plot(mean.estimate, row - 0.22, "o", color=RED, ms=4.5)
    right = np.max(np.concatenate(samples))
    names = {0: ("80 % of the networks", BLUE), -0.22: ("the mean, and its interval", RED)}
    for height, (name, color) in names.items():
        ax.text(right, height, name, color=color, ha="right", va="center")
    ax.set(xlabel=xlabel, yticks=range(len(samples)), ylim=(len(samples) - 0.5, -0.5))
    ax.set_yticklabels([f"{values.size} networks" for values in samples])
    return ax


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


def plot_spread(
    layers: Sequence[int], spreads: Mapping[str, np.ndarray], beyond: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Draw two things against the layer: the spread of its activations, and how many saturate.

    Medians over the replicas; the shading, mostly hidden by the line, holds 80 % of them.

    Parameters
    ----------
    layers : sequence of int, length K
    spreads : dict of str to numpy.ndarray, shapes (R, K)
        On the left, on a logarithmic axis.
    beyond : dict of str to numpy.ndarray, shapes (R, K)
        On the right, as fractions.
    """
    _, axes = plt.subplots(1, 2, figsize=(9.6, 3.7))
    for ax, samples in zip(axes, (spreads, beyond), strict=True):
        for style, marker, (name, values) in zip(STYLES, MARKERS, samples.items(), strict=False):
            low, median, high = np.quantile(values, [0.1, 0.5, 0.9], axis=0)
            (line,) = ax.plot(layers, median, ls=style, marker=marker, ms=5, label=name)
            ax.fill_between(layers, low, high, color=line.get_color(), alpha=0.2, lw=0)
        ax.set_xlabel("layer")
    axes[0].set(yscale="log", ylabel="spread of the activations")
    axes[1].set(ylim=(-0.04, 1.04), ylabel="fraction beyond ±0.9 (saturated)")
    axes[1].legend(loc="upper right")
    return axes


def plot_steps(
    single: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    at: np.ndarray,
    learning_rate: float,
    enlarged: float = 1.0,
    named: Mapping[str, tuple[int, int]] | None = None,
) -> Axes:
    """Draw a cost's level lines over two weights, and at some places the steps of its parts.

    In blue the step against the gradient of each part alone, as an orange outline the mean of these
    steps. A cross marks the lowest place, if it is not at the edge.

    Parameters
    ----------
    single : callable
        Takes pairs of weights (2, K), and returns for each of N parts of the cost its values (K, N)
        and its gradients (2, K, N). The cost is the mean of its parts.
    at : numpy.ndarray, shape (2, J)
        Where steps begin; the places are called A, B, C …
    learning_rate : float
        The steps are the gradients, times this, turned round.
    enlarged : float
        The mean step is drawn so many times as long as it is, and says so.
    named : dict of str to (int, int)
        Names of single steps, each with the number of its place and of its part.
    """
    _, ax = plt.subplots(figsize=(6.6, 5.0))
    low, high = at.min(axis=1) - 2.6, at.max(axis=1) + 2.6
    ticks = [np.linspace(low[j], high[j], 81) for j in (0, 1)]
    weights = np.stack([v.ravel() for v in np.meshgrid(*ticks)])
    cost = single(weights)[0].mean(axis=1).reshape(81, 81)
    ax.contour(*ticks, cost, levels=14, colors="#BBBBBB", linewidths=0.9)
    to_scale: dict[str, Any] = {"angles": "xy", "scale_units": "xy", "scale": 1}
    steps = -learning_rate * single(at)[1]
    for k, (name, place) in enumerate(zip("ABCDEFGH", at.T.tolist(), strict=False)):
        starts = np.repeat(at[:, [k]], steps.shape[2], axis=1)
        ax.quiver(*starts, *steps[:, k], color=BLUE, width=0.005, **to_scale)
        mean = enlarged * steps[:, k].mean(axis=1)
        outline: dict[str, Any] = {"fc": "none", "ec": RED, "lw": 1.4, "headlength": 2.4}
        ax.quiver(
            *at[:, k], *mean, width=0.012, headwidth=2.6, headaxislength=2.4, **outline, **to_scale
        )
        ax.plot(*at[:, k], "o", color="black", ms=5, zorder=4)
        ax.annotate(name, place, (8, -14), textcoords="offset points", weight="bold", size=13)
        if enlarged != 1 and np.linalg.norm(mean) > 0.06 * np.max(high - low):
            tip, away = at[:, k] + mean, 12 * mean / np.linalg.norm(mean)
            ax.annotate(f"×{enlarged:g}", (tip[0], tip[1]), (away[0], away[1]), color=RED,
                        textcoords="offset points", ha="center", va="center")  # fmt: skip
    for name, (k, i) in (named or {}).items():
        tip = at[:, k] + steps[:, k, i]
        ax.annotate(name, (tip[0], tip[1]), (4, 4), textcoords="offset points", color=BLUE)
    lowest = np.unravel_index(cost.argmin(), cost.shape)
    if all(0 < place < 80 for place in lowest):
        place = (ticks[0][lowest[1]], ticks[1][lowest[0]])
        ax.plot(*place, "+", color=GREY, ms=11, mew=2)
        ax.annotate("lowest", place, (8, 3), textcoords="offset points", color=GREY)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    ax.set(xlabel="first weight", ylabel="second weight")
    return ax


def plot_cost_curves(
    steps: np.ndarray,
    cost: np.ndarray,
    singles: int = 6,
    ylabel: str = "cost",
    marked: Mapping[str, float] | None = None,
    named: Mapping[str, int] | None = None,
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
    marked : dict of str to float
        Costs that get a dotted line, with their names.
    named : dict of str to int
        Replicas that get a dashed line, with their names at its end.
    """
    keep = steps > 0
    steps, cost = steps[keep], cost[keep]
    low, median, high = np.quantile(cost, [0.1, 0.5, 0.9], axis=1)
    _, ax = plt.subplots(figsize=(7.6, 4.6))
    ax.fill_between(steps, low, high, color=SKY, alpha=0.35, lw=0, label="80 % of the replicas")
    for r in range(min(singles, cost.shape[1])):
        ax.plot(steps, cost[:, r], color=GREY, lw=0.7, label="single replicas" if r == 0 else None)
    ax.plot(steps, median, color=BLUE, lw=2.2, label="median")
    for name, level in (marked or {}).items():
        ax.axhline(level, color=RED, lw=1.0, ls=":", zorder=0)
        ax.text(steps[0], 1.03 * level, name, color=RED, va="bottom", size=9.5)
    for name, r in (named or {}).items():
        ax.plot(steps, cost[:, r], color="black", lw=1.3, ls="--")
        ax.annotate(name, (steps[-1], cost[-1, r]), (5, 0), textcoords="offset points", va="center")
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel=ylabel)
    ax.legend(loc="lower left")
    return ax


def plot_two_populations(values: np.ndarray, medians: np.ndarray, xlabel: str = "") -> np.ndarray:
    """Draw a histogram of positive values on a logarithmic axis, and below it one of medians."""
    bins = np.geomspace(values.min() * 0.9, values.max() * 1.1, 41)
    _, axes = plt.subplots(2, 1, figsize=(6.8, 4.2), sharex=True, height_ratios=[2, 1])
    axes[0].hist(values, bins=bins, color=SKY, ec="white")
    axes[0].axvline(np.median(values), color="black", ls="--")
    axes[0].annotate("median", (np.median(values), 1), (-5, -4), textcoords="offset points",
                     xycoords=axes[0].get_xaxis_transform(), ha="right", va="top")  # fmt: skip
    axes[0].set(ylabel="networks", xscale="log")
    axes[1].hist(medians, bins=bins, color=ORANGE, ec="white")
    axes[1].set(xlabel=xlabel, ylabel="samples", xscale="log")
    return axes


def plot_decisions(networks: Mapping[str, Network], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Draw what several two-output networks say over the unit square: a₁ against a₂.

    Points on the wrong side get a ring.

    Parameters
    ----------
    networks : dict of str to Network
        Title and network, two inputs and two outputs, one for each panel.
    x, y : arrays, shapes (2, N) and (2, N)
        Labelled points, drawn on top.
    """
    _, grid = plt.subplots(
        1, len(networks), figsize=(2.35 * len(networks), 2.75), sharey=True, squeeze=False
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
        answer = forward(net, x)[1][net.L]
        wrong = (answer[0] > answer[1]) != (y[0] > y[1])
        ax.plot(*x[:, wrong], "o", ms=16, mfc="none", mec="black", mew=1.6, zorder=6)
        ax.set(title=title, xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
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
