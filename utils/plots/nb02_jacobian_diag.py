"""The figures of notebook 02: errors against the step, products of matrices, and bands."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.plots.style import GREY, SIGNED

__all__ = ["draw_matrix", "plot_band", "plot_loglog", "plot_matrix_product"]


def plot_loglog(
    x: Any,
    curves: Mapping[str, Any],
    slopes: Mapping[float, tuple[float, float]] | None = None,
    xlabel: str = "",
    ylabel: str = "",
) -> Axes:
    """Draw positive quantities on logarithmic axes, where a power law is a straight line.

    Parameters
    ----------
    x : array_like, shape (K,)
    curves : dict of str to array_like, shape (K,)
        Zeros are left out: a logarithmic axis has no place for them.
    slopes : dict of float to (x, y), optional
        For each power, a thin guide line of that slope through that point.
    """
    x = np.asarray(x, float)
    _, ax = plt.subplots(figsize=(6.6, 3.7))
    for marker, (name, y) in zip("osX^Dv", curves.items(), strict=False):
        y = np.asarray(y, float)
        ax.plot(x[y > 0], y[y > 0], marker=marker, ms=5, label=name)
    ax.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    bottom, top = ax.get_ylim()
    for power, (x0, y0) in (slopes or {}).items():
        guide = y0 * (x / x0) ** power
        ax.plot(x, guide, ":", color=GREY, lw=1.2)
        curve = max(np.interp(x0, x, np.asarray(y, float)) for y in curves.values())
        away = power > 0 if y0 > curve else power < 0  # the side where no curve is
        ax.annotate(
            f"slope {power:g}",
            (x0, y0),
            (-4 if away else 5, 5 if y0 > curve else -12),
            textcoords="offset points",
            ha="right" if away else "left",
            color=GREY,
            size=9,
        )
    ax.set_ylim(bottom, top)
    ax.legend()
    return ax


def draw_matrix(ax: Axes, matrix: np.ndarray, title: str, limit: float) -> None:
    """Draw one matrix as coloured squares with its numbers, blue positive, orange negative."""
    rows, columns = matrix.shape
    ax.imshow(matrix, cmap=SIGNED, vmin=-1.6 * limit, vmax=1.6 * limit)
    for (i, j), v in np.ndenumerate(matrix):
        ax.text(j, i, "0" if v == 0 else f"{v:.3f}", ha="center", va="center", size=8)
    ax.set(title=title, xlabel=f"{rows} × {columns}", xticks=[], yticks=[])
    ax.spines[["top", "right"]].set_visible(True)


def plot_matrix_product(factors: Mapping[str, np.ndarray], product: str) -> np.ndarray:
    """Draw matrices side by side, then what they multiply to, each with its shape below.

    Parameters
    ----------
    factors : dict of str to array, shapes (n, m)
        Name and matrix, from left to right.
    product : str
        Name of the product, which is computed here.
    """
    matrices = list(factors.values())
    result = np.linalg.multi_dot(matrices) if len(matrices) > 1 else matrices[0]
    shown = [*matrices, result]
    names = [*factors, product]
    _, axes = plt.subplots(
        1,
        len(shown),
        figsize=(sum(0.62 * m.shape[1] for m in shown) + 0.9 * len(shown), 2.7),
        width_ratios=[m.shape[1] for m in shown],
    )
    for ax, name, matrix in zip(axes, names, shown, strict=True):
        draw_matrix(ax, matrix, name, np.abs(matrix).max())
        ax.set_anchor("C")
    for i, ax in enumerate(axes[1:], start=1):
        sign = "=" if i == len(factors) else "·"
        ax.text(
            -0.13 - 0.12 / shown[i].shape[1] * 2,
            0.5,
            sign,
            transform=ax.transAxes,
            ha="center",
            va="center",
            size=16,
        )
    return axes


def plot_band(
    x: Any, samples: Mapping[str, np.ndarray], xlabel: str = "", ylabel: str = ""
) -> Axes:
    """Draw, for each name, the median over replicas and the band that holds 80 % of them.

    Parameters
    ----------
    x : array_like, shape (K,)
    samples : dict of str to array, shapes (R, K)
        One row a replica.
    """
    _, ax = plt.subplots(figsize=(6.6, 3.7))
    for style, marker, (name, values) in zip(
        ("-", "--", ":", "-."), "osX^", samples.items(), strict=False
    ):
        low, median, high = np.quantile(values, [0.1, 0.5, 0.9], axis=0)
        (line,) = ax.plot(x, median, style, marker=marker, ms=5, label=name)
        ax.fill_between(x, low, high, color=line.get_color(), alpha=0.2, lw=0)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax
