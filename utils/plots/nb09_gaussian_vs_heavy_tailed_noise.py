"""The figures of notebook 09: pulls, their balance, how spreads fall, an angle, quantiles."""

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Wedge

from utils.plots.nb07_one_hot_vs_scalar_labels import plot_curves
from utils.plots.style import (
    BLUE,
    GREEN,
    GREY,
    MARKERS,
    ORANGE,
    PINK,
    RED,
    SKY,
    STYLES,
    draw_intervals,
    looks_of,
)
from utils.replicas import Interval, student_t_point

__all__ = [
    "RATE_TICKS",
    "plot_angle",
    "plot_mean_pull",
    "plot_pulls",
    "plot_quantiles",
    "plot_rates",
]


def plot_pulls(r: np.ndarray, given: Mapping[str, Any], made: Mapping[str, Any]) -> np.ndarray:
    """Draw pulls ψ(r): on the left those of distributions of noise, on the right made ones.

    Parameters
    ----------
    r : numpy.ndarray, shape (K,)
    given, made : dict of str to array, shape (K,)
    """
    _, axes = plt.subplots(1, 2, figsize=(9.6, 3.6), sharey=True)
    plot_curves(r, given, "residual r", "pull ψ(r)", axes[0])
    for name, look in looks_of(made).items():
        axes[1].plot(r, made[name], ls=look["ls"], color=look["color"], label=name)
    axes[1].set_xlabel("residual r")
    axes[1].legend()
    for ax, title in zip(axes, ("given by a distribution of noise", "made by hand"), strict=True):
        ax.axhline(0, color="#CCCCCC", lw=0.8, zorder=0)
        ax.set(title=title, ylim=(-4, 4), xticks=(-10, -5, 0, 5, 10))
    return axes


def plot_mean_pull(values: np.ndarray, k: float = 1.345) -> np.ndarray:
    """Draw the mean pull of a few values against the level: it is 0 at the estimate.

    On the left Huber's, between those of the mean and of the median; on the right Huber's alone,
    enlarged, with its height at the level 0, its slope there, and the error: height over slope.

    Parameters
    ----------
    values : numpy.ndarray, shape (n,)
    k : float
        Where Huber's pull is cut off.
    """
    level = np.linspace(-1.2, 3, 4201)
    residuals = values[:, None] - level
    huber = np.mean(np.clip(residuals, -k, k), axis=0)
    _, (whole, near) = plt.subplots(1, 2, figsize=(9.6, 3.6), width_ratios=[1.25, 1])
    whole.plot(level, residuals.mean(axis=0), color=GREY, ls="--", lw=1.4)
    whole.plot(level, np.sign(residuals).mean(axis=0), color=GREY, ls="-.", lw=1.4)
    whole.plot(level, huber, color="black", lw=2.2)
    inside = values[(level[0] < values) & (values < level[-1])]
    whole.plot(inside, np.zeros(inside.size), "|", ms=26, mew=1.6, color=GREY, zorder=1)
    height, slope = np.mean(np.clip(values, -k, k)), np.mean(np.abs(values) < k)
    error = height / slope
    ends = {"mean": values.mean(), "median": np.median(values), "Huber": error}
    for (name, end), (x, y) in zip(ends.items(), ((2.5, 0.5), (-0.1, -0.5), (1, 0.5)), strict=True):
        look: dict[str, Any] = {"color": "black" if name == "Huber" else GREY}
        thin = {"arrowstyle": "-", "lw": 0.8, "shrinkB": 4, **look}
        whole.annotate(f"{name} {end:.3g}", (end, 0), (x, y), ha="center", arrowprops=thin, **look)
        whole.plot(end, 0, "o", ms=6, **look)
    whole.text(0.42, 2.2, "pull of least squares", color=GREY)
    whole.text(-0.72, 0.44, "sign", color=GREY, ha="center", va="center")
    whole.text(-0.62, 1.0, "Huber", color="black")
    whole.set(xlim=(-1.2, 3.05), ylim=(-1.2, 2.7), xlabel="level θ", ylabel="mean pull")
    here = np.abs(level - 0.2) < 0.55
    near.plot(level[here], huber[here], color="black", lw=1.4)
    near.plot([0, error], [height, 0], color=RED, lw=4, alpha=0.55)
    near.plot([0, 0], [0, height], color=BLUE, lw=4)
    near.plot([0, error], [0, 0], color=GREEN, lw=4)
    look = {"va": "center", "size": 11.5}
    near.text(-0.02, height / 2, f"height\n{height:.3f}", color=BLUE, ha="right", **look)
    near.text(error / 2 + 0.03, height * 0.6, f"falls by {slope:.1f}\nper unit", color=RED, **look)
    words = f"error = {height:.3f} / {slope:.1f} = {error:.3f}"
    near.text(error - 0.02, -0.055, words, color=GREEN, ha="right", **look)
    near.set(xlim=(-0.25, 0.7), ylim=(-0.12, 0.5), xlabel="level θ", title="Huber's, near θ = 0")
    for ax in (whole, near):
        ax.axhline(0, color="black", lw=0.8, zorder=0)
    return np.array([whole, near])


RATE_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


def plot_rates(sizes: Sequence[int], curves: Mapping[str, Sequence[Interval]]) -> Axes:
    """Draw spreads with their intervals against the sample size, on logarithmic axes.

    Parameters
    ----------
    sizes : sequence of int, length K
    curves : dict of str to sequence of Interval, length K
        The name is written at the right end of each curve.
    """
    _, ax = plt.subplots(figsize=(7.6, 3.8))
    looks = zip(STYLES, MARKERS, (BLUE, RED, GREEN, PINK, ORANGE, SKY), strict=True)
    drawn = dict(zip(curves, looks, strict=False))
    for name, (style, marker, colour) in drawn.items():
        draw_intervals(
            ax, sizes, curves[name], ls=style, marker=marker, ms=5, color=colour, label=name
        )
    height = 0.0
    for name in sorted(curves, key=lambda name: curves[name][-1].estimate):  # none on another one
        height = max(curves[name][-1].estimate, 1.2 * height)
        ax.text(sizes[-1] * 1.12, height, name, color=drawn[name][2], va="center")
    ax.set(xscale="log", yscale="log", xlabel="n", ylabel="spread of the slope (IQR/1.349)")
    ax.set(xlim=(sizes[0] / 1.2, sizes[-1] * 4.5), xticks=sizes, xticklabels=sizes)
    ends = ax.get_ylim()
    ticks = [tick for tick in RATE_TICKS if ends[0] <= tick <= ends[1]]
    ax.set(yticks=ticks, yticklabels=[f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.spines["bottom"].set_bounds(sizes[0], sizes[-1])
    return ax


def plot_angle(x: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
    """Draw the noise of three points as an arrow beside that of x, and where t is too large.

    Vectors of three numbers with sum 0 lie in a plane, and are drawn in it, x to the right. On the
    left the noise is taken apart, along x and across; on the right the sectors of all directions of
    x for which the interval of the slope misses.

    Parameters
    ----------
    x, epsilon : numpy.ndarray, shape (3,)
        Each with sum 0.
    """
    along = float(x @ epsilon / np.linalg.norm(x))
    across = float(np.sqrt(epsilon @ epsilon - along**2))
    angle = float(np.degrees(np.arctan2(across, along)))
    _, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.9), width_ratios=[1.7, 1])
    to_scale: dict[str, Any] = {"angles": "xy", "scale_units": "xy", "scale": 1}
    left.plot([0, 2 * along, 2 * along], [0, 0, 2 * across], color="#BBBBBB", lw=1.2)
    left.quiver(0, 0, 2 * along, 2 * across, color="#BBBBBB", width=0.006, **to_scale)
    left.plot([2 * along, 2 * along + 0.5], [0, 0], color="#BBBBBB", lw=1.2, ls=":")
    left.text(2 * along + 0.55, 0, "direction of x̃", color=GREY, va="center")
    left.text(2 * along - 0.1, 2 * across, "2ε̃", color=GREY, ha="right", va="bottom", size=13)
    left.plot([0, along], [0, 0], color=BLUE, lw=4)
    left.plot([along, along], [0, across], color=RED, lw=4)
    left.quiver(0, 0, along, across, color="black", width=0.009, zorder=3, **to_scale)
    words = f"along x̃: {along:.2f}\nthe error of the slope × ‖x̃‖"
    left.text(along / 2, -0.18, words, color=BLUE, ha="center", va="top")
    left.text(along + 0.12, across / 2, f"across: {across:.2f}\nresiduals", color=RED, va="center")
    left.text(along * 0.62, across * 0.78, "ε̃", ha="right", va="bottom", size=13)
    left.add_patch(Wedge((0, 0), 0.75, 0, angle, width=0.03, color="black"))
    left.text(0.82, 0.2, f"φ = {angle:.0f}°", va="center")
    left.set(xlim=(-0.3, 2 * along + 1.9), ylim=(-0.85, 2 * across + 0.5), aspect="equal")
    missed = float(np.degrees(np.arctan(1 / student_t_point(1))))
    for turn in (0, 180):
        sector = Wedge((0, 0), 1, turn + angle - missed, turn + angle + missed, color=RED, lw=0)
        right.add_patch(sector)
    right.add_patch(plt.Circle((0, 0), 1, fill=False, ec=GREY, lw=1))
    direction = np.radians(angle)
    right.quiver(
        0, 0, np.cos(direction), np.sin(direction), color="black", width=0.009, zorder=3, **to_scale
    )
    right.text(0.5, 0.5, "ε̃", ha="right", size=13)
    right.text(
        0, 1.12, f"missed if x̃ points here,\nwithin {missed:.1f}° of ±ε̃", color=RED, ha="center"
    )
    words = f"4 · {missed:.1f}° of 360° = {100 * 4 * missed / 360:.0f} %"
    right.text(0, -1.25, words, color=RED, ha="center")
    right.set(xlim=(-1.5, 1.5), ylim=(-1.35, 1.55), aspect="equal")
    for ax in (left, right):
        ax.axis("off")
    return np.array([left, right])


def plot_quantiles(samples: Mapping[str, np.ndarray], reach: float = 8.0) -> np.ndarray:
    """Draw sorted values against those of a normal distribution; normal ones lie on the line.

    Each sample is put on the scale of its own middle half (median 0, quartiles ±0.674).

    Parameters
    ----------
    samples : dict of str to array, shape (R,)
        One panel each.
    reach : float
        The vertical axis goes from −reach to reach; what lies beyond is counted in the corner.
    """
    normal = NormalDist()
    _, axes = plt.subplots(
        1, len(samples), figsize=(3.6 * len(samples), 3.4), sharey=True, squeeze=False
    )
    for ax, (name, values) in zip(axes[0], samples.items(), strict=True):
        R = len(values)
        shown = np.unique(np.linspace(0, R - 1, 400).astype(int))
        expected = np.array([normal.inv_cdf((i + 0.5) / R) for i in shown])
        low, median, high = np.quantile(values, [0.25, 0.5, 0.75])
        found = (np.sort(values)[shown] - median) / (high - low) * 1.349
        ax.plot([-4, 4], [-4, 4], color=GREY, lw=1)
        ax.plot(expected, found, "o", ms=3)
        ax.set(title=name, xlabel="normal quantile", xlim=(-4, 4), ylim=(-reach, reach))
        outside = np.mean(np.abs(values - median) / (high - low) * 1.349 > reach)
        if outside > 0:
            ax.text(0.04, 0.93, f"{outside:.1%} beyond", transform=ax.transAxes, size=9)
    axes[0, 0].set_ylabel("estimate, standardised")
    return axes[0]
