"""The figures of notebook 04: an outer product, a sum over a batch, a stacked gradient."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from utils.plots.nb01_forward_pass import draw_tiles
from utils.plots.nb03_input_gradient import draw_arrow
from utils.plots.style import BLUE, RED, SIZES, SKY

__all__ = ["plot_copy_and_sum", "plot_gradient_entries", "plot_outer_products"]


def plot_outer_products(g: np.ndarray, a: np.ndarray) -> Axes:
    """Draw g aᵀ for a batch: for each sample a column times a row, and at the right the sum of all.

    The squares of the tables and of their sum are grey by one scale, those of g and a by their own.

    Parameters
    ----------
    g : numpy.ndarray, shape (n, N)
        One column a sample.
    a : numpy.ndarray, shape (m, N)
        Activations of the layer before.
    """
    n, N, m = *g.shape, len(a)
    wide = m + 2.6  # of one sample: a column, a gap, a matrix, a gap
    _, ax = plt.subplots(figsize=(9.4, 9.4 * (n + 2.35) / (N * wide + m + 0.4)))
    products = g.T[:, :, None] * a.T[:, None, :]  # (N, n, m)
    total = products.sum(axis=0)
    limits = [np.abs(v).max() for v in (g, a, np.stack([*products, total]))]
    middle: dict[str, Any] = {"ha": "center", "va": "center"}
    for s in range(N):
        left = s * wide
        draw_tiles(ax, left, 0, g[:, [s]], limits[0], ".3f", SIZES)
        draw_tiles(ax, left + 1.4, 1.4, a[:, [s]].T, limits[1], ".3f", SIZES)
        draw_tiles(ax, left + 1.4, 0, products[s], limits[2], ".3f", SIZES)
        ax.text(left + 0.5, 0.2, "$g$", color=RED, ha="center", size=13)
        ax.text(left + 1.2, 0.9, "$a^T$", color=BLUE, ha="right", va="center", size=13)
        ax.text(left + 1.4 + m / 2, 1.6, f"sample {s + 1}", ha="center")
        sign = "=" if s == N - 1 else "+"
        ax.text(left + wide - 0.6, -n / 2, sign, size=15, **middle)
    draw_tiles(ax, N * wide, 0, total, limits[2], ".3f", SIZES)
    ax.text(N * wide + m / 2, 0.2, "the sum of both" if N == 2 else "their sum", ha="center")
    ax.set(xlim=(-0.2, N * wide + m + 0.2), ylim=(-n - 0.1, 2.25), aspect="equal")
    ax.axis("off")
    return ax


def plot_gradient_entries(
    blocks: Mapping[str, np.ndarray], witness: np.ndarray, witness_name: str
) -> Axes:
    """Draw a stacked gradient entry by entry, block after block, with a witness on top.

    Parameters
    ----------
    blocks : dict of str to array
        Name and entries of each block, in the order in which they are stacked.
    witness : numpy.ndarray, shape (P,)
        The same gradient, computed otherwise.
    witness_name : str
        For the legend.
    """
    _, ax = plt.subplots(figsize=(8.4, 3.3))
    start = 0
    for k, (name, block) in enumerate(blocks.items()):
        entries = np.ravel(block)
        ax.bar(
            start + np.arange(entries.size),
            entries,
            width=0.75,
            color=SKY,
            ec="white",
            label="back-propagation" if k == 0 else None,
        )
        if k % 2 == 0:
            ax.axvspan(start - 0.5, start + entries.size - 0.5, color="#F1F1F1", zorder=0)
        ax.text(
            start + (entries.size - 1) / 2,
            1.03,
            name,
            transform=ax.get_xaxis_transform(),
            ha="center",
        )
        start += entries.size
    ax.plot(np.arange(start), witness, "x", color=RED, mew=2, label=witness_name)
    ax.axhline(0, color="black", lw=0.8)
    ax.set(
        xlabel="place in the stacked vector",
        ylabel="derivative",
        xlim=(-0.7, start - 0.3),
        xticks=range(0, start, 5),
    )
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def plot_copy_and_sum(b: np.ndarray, g: np.ndarray) -> Axes:
    """Draw a bias, copied into every column on the way forward, and g, added up on the way back.

    Parameters
    ----------
    b : numpy.ndarray, shape (n, 1)
    g : numpy.ndarray, shape (n, N)
        One column a sample.
    """
    n, N = g.shape
    half = N + 4.2  # a column, an arrow, N columns, a gap
    _, ax = plt.subplots(figsize=(9.4, 9.4 * (n + 1.5) / (2 * half)))
    ways = (
        (b, np.repeat(b, N, axis=1), "copied", BLUE, "forward: $b$ becomes $b\\,1^T$"),
        (g, g.sum(axis=1, keepdims=True), "added up", RED, "back: $g$ becomes $g\\,1$"),
    )
    for k, (left, columns, word, colour, title) in enumerate(ways):
        start, form = k * half, ".3f" if k else ""
        largest = max(np.abs(left).max(), np.abs(columns).max())
        draw_tiles(ax, start, 0, left, largest, form, SIZES)
        arrow = start + left.shape[1]
        draw_arrow(ax, (arrow + 0.2, -n / 2), (arrow + 1.5, -n / 2), colour)
        ax.text(arrow + 0.85, -n / 2 + 0.15, word, color=colour, ha="center")
        draw_tiles(ax, arrow + 1.7, 0, columns, largest, form, SIZES)
        for edge, block in ((start, left), (arrow + 1.7, columns)):
            frame = Rectangle((edge, -n), block.shape[1], n, fill=False, ec=colour, lw=1.5)
            ax.add_patch(frame)
        ax.text(start + (N + 2.7) / 2, 0.4, title, ha="center")
    ax.set(xlim=(-0.2, 2 * half - 1.0), ylim=(-n - 0.1, 1.2), aspect="equal")
    ax.axis("off")
    return ax
