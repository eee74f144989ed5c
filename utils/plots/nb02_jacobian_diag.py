"""The figures of notebook 02: products of matrices, errors against the step, and bands."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.plots.nb01_forward_pass import draw_tiles
from utils.plots.style import GREY

__all__ = ["plot_band", "plot_loglog", "plot_matrix_product"]


def plot_matrix_product(factors: Mapping[str, np.ndarray], product: str) -> Axes:
    """Draw matrices side by side in squares of one size, then what they multiply to.

    Parameters
    ----------
    factors : dict of str to array, shapes (n, m)
        Name and matrix, from left to right.
    product : str
        Name of the product, which is computed here.
    """
    matrices = list(factors.values())
    result = np.linalg.multi_dot(matrices) if len(matrices) > 1 else matrices[0]
    shown = [*zip(factors, matrices, strict=True), (product, result)]
    gap = 1.0
    wide = sum(m.shape[1] for _, m in shown) + gap * (len(shown) - 1)
    tall = max(len(m) for _, m in shown)
    _, ax = plt.subplots(
        figsize=(min(0.62 * wide, 9.8), 0.62 * min(1, 9.8 / 0.62 / wide) * (tall + 2))
    )
    left = 0.0
    for k, (name, matrix) in enumerate(shown):
        n, m = matrix.shape
        top = (n - tall) / 2  # all on one middle line
        if k:
            sign = "=" if k == len(factors) else "·"
            ax.text(left - gap / 2, -tall / 2, sign, ha="center", va="center", size=16)
        draw_tiles(ax, left, top, matrix, np.abs(matrix).max(), form=".3f")
        ax.text(left + m / 2, top + 0.25, name, ha="center")
        ax.text(left + m / 2, top - n - 0.2, f"{n} × {m}", ha="center", va="top", color=GREY)
        left += m + gap
    ax.set(xlim=(-0.05, wide + 0.05), ylim=(-tall - 0.8, 1.0), aspect="equal")
    ax.axis("off")
    return ax


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
