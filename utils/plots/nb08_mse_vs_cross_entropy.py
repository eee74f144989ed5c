"""The figures of notebook 08: fits of one neuron, learning curves, and differences at their end."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FixedLocator, NullFormatter

from utils.network import Network, forward
from utils.plots.style import BLUE, GREY, RED, STYLES
from utils.replicas import Interval

__all__ = ["plot_learning_curves", "plot_loss_differences", "plot_neuron_fits"]


def plot_neuron_fits(
    x: np.ndarray, truths: Mapping[str, np.ndarray], fits: Mapping[str, Mapping[str, Network]]
) -> np.ndarray:
    """Draw probabilities and what a neuron makes of them with either loss, one panel each.

    In the corner stands where each curve crosses ½; a mark on the line at ½ shows it.

    Parameters
    ----------
    x : numpy.ndarray, shape (1, N)
        Increasing.
    truths : dict of str to array, shapes (1, N)
        Title of each panel, and the probabilities, increasing too.
    fits : dict of str to dict of str to Network
        For each title the networks fitted with "MSE" and "CE".
    """
    looks = {
        "truth": {"color": "#999999", "lw": 5.0, "ls": "-"},
        "MSE": {"color": RED, "lw": 1.8, "ls": "--", "zorder": 3},
        "CE": {"color": BLUE, "lw": 1.8, "ls": "-"},
    }
    _, axes = plt.subplots(
        1, len(truths), figsize=(3.3 * len(truths), 3.2), sharey=True, squeeze=False
    )
    for ax, (title, truth) in zip(axes[0], truths.items(), strict=True):
        curves = {"truth": truth[0]}
        curves |= {loss: forward(net, x)[1][2][0] for loss, net in fits[title].items()}
        ax.axhline(0.5, color=GREY, lw=1, ls=":")
        ax.text(0.97, 0.31, "½ at x =", transform=ax.transAxes, ha="right", size=10)
        for k, (name, values) in enumerate(curves.items()):
            ax.plot(x[0], values, label=name, **looks[name])
            middle = np.interp(0.5, values, x[0])
            ink = GREY if name == "truth" else looks[name]["color"]
            ax.plot(middle, 0.5, marker="Dso"[k], ms=7, color=ink, mec="white", zorder=5)
            words = f"{name} {middle:.2f}".replace("-", "−")
            place = {"transform": ax.transAxes, "ha": "right", "size": 10}
            ax.text(0.97, 0.22 - 0.09 * k, words, color=ink, **place)
        ax.set(title=title, xlabel="$x$", xlim=(-2.5, 2.5), ylim=(-0.03, 1.03))
    axes[0, 0].set(ylabel="probability of a one", yticks=(0, 0.5, 1))
    axes[0, 0].legend(loc="upper left")
    return axes[0]


def plot_learning_curves(
    steps: np.ndarray,
    panels: Mapping[str, Mapping[str, np.ndarray]],
    ylabel: str = "",
    log: bool = False,
) -> np.ndarray:
    """Draw percentages against steps, one panel for each case: mean and the band of 80 %.

    Parameters
    ----------
    steps : numpy.ndarray, shape (K,)
        Step 0 is left out: a logarithmic axis has no place for it.
    panels : dict of str to dict of str to array, shapes (K, R)
        For each panel and each name, fractions; they are shown as percentages.
    ylabel : str
    log : bool
        A logarithmic axis for the percentages, too.
    """
    keep = steps > 0
    _, grid = plt.subplots(
        1, len(panels), figsize=(2.5 * len(panels) + 3.5, 3.5), sharey=True, squeeze=False
    )
    for ax, (title, curves) in zip(grid[0], panels.items(), strict=True):
        for style, marker, (name, values) in zip(STYLES, "osX^", curves.items(), strict=False):
            percent = 100 * values[keep]
            low, high = np.quantile(percent, [0.1, 0.9], axis=1)
            (line,) = ax.plot(
                steps[keep],
                percent.mean(axis=1),
                ls=style,
                marker=marker,
                ms=6,
                mec="white",
                label=name,
            )
            ax.fill_between(steps[keep], low, high, color=line.get_color(), alpha=0.15, lw=0)
        ax.set(title=title, xscale="log", xlabel="step")
    if log:
        ticks = (3, 5, 10, 20, 50, 100)
        grid[0, 0].set(yscale="log", yticks=ticks, yticklabels=ticks)
        for ax in grid[0]:
            ax.yaxis.set_minor_formatter(NullFormatter())
    grid[0, 0].set_ylabel(ylabel)
    grid[0, -1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return grid[0]


def plot_loss_differences(
    panels: Mapping[str, Mapping[str, Mapping[str, Interval]]],
    xlabel: str = "",
    margin: float | None = None,
) -> np.ndarray:
    """Draw how far losses are from a first one: one panel for each case, one line for each rate.

    Colours and markers are those that `plot_learning_curves` gives to its second, third and fourth
    curve.

    Parameters
    ----------
    panels : dict of str to dict of str to dict of str to Interval
        For each panel and each loss, an interval for each learning rate.
    xlabel : str
        Below the middle of the panels.
    margin : float, optional
        Shade from −margin to margin: what counts as no difference.
    """
    fig, grid = plt.subplots(
        1, len(panels), figsize=(9.6, 2.9), sharey=True, squeeze=False, layout="constrained"
    )
    for ax, (title, losses) in zip(grid[0], panels.items(), strict=True):
        if margin is not None:
            ax.axvspan(-margin, margin, color="#DDDDDD", lw=0, label=f"a tie: within ±{margin:g}")
        ax.axvline(0, color="black", lw=1)
        for k, (name, rates) in enumerate(losses.items()):
            estimate, low, high = np.array(list(rates.values())).T
            places = np.arange(len(rates)) + 0.22 * (k - (len(losses) - 1) / 2)
            ends = [estimate - low, high - estimate]
            look = {"color": f"C{k + 1}", "capsize": 3, "ms": 6}
            ax.errorbar(estimate, places, xerr=ends, fmt="sX^"[k], label=name, **look)
        ax.set(title=title, yticks=range(len(rates)), yticklabels=list(rates))
        ax.set_ylim(len(rates) - 0.5, -0.5)
        ax.yaxis.set_minor_locator(FixedLocator([k + 0.5 for k in range(len(rates) - 1)]))
        ax.grid(True, axis="y", which="minor", color="#CCCCCC", lw=0.7)
        ax.tick_params(axis="y", which="both", length=0)
    grid[0, 0].set_ylabel("learning rate")
    fig.supxlabel(xlabel, size=10)
    grid[0, -1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return grid[0]
