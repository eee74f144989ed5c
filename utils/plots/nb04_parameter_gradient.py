"""The figures of notebook 04: an outer product, a sum over a batch, a stacked gradient."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.plots.nb01_forward_pass import draw_tiles
from utils.plots.style import RED, SKY

__all__ = ["plot_gradient_entries", "plot_outer_products"]


def plot_outer_products(g: np.ndarray, a: np.ndarray) -> Axes:
    """Draw g aᵀ for a batch: for each sample a column times a row, and below the sum of all.

    Parameters
    ----------
    g : numpy.ndarray, shape (n, N)
        One column a sample.
    a : numpy.ndarray, shape (m, N)
        Activations of the layer before.
    """
    n, N, m = *g.shape, len(a)
    _, ax = plt.subplots(figsize=(9.4, 0.62 * (n + 2.1)))
    products = g.T[:, :, None] * a.T[:, None, :]  # (N, n, m)
    limits = [np.abs(v).max() for v in (g, a, products, products.sum(axis=0))]
    wide = m + 2.2  # of one sample: a column, a gap, a matrix, a gap
    for s in range(N):
        left = s * wide
        draw_tiles(ax, left, 0, g[:, [s]], limits[0])
        draw_tiles(ax, left + 1.3, 1.3, a[:, [s]].T, limits[1])
        draw_tiles(ax, left + 1.3, 0, products[s], limits[2])
        ax.text(left + 1.3 + m / 2, 1.5, f"sample {s + 1}", ha="center")
        sign = "=" if s == N - 1 else "+"
        ax.text(left + wide - 0.45, -n / 2, sign, ha="center", va="center", size=15)
    draw_tiles(ax, N * wide, 0, products.sum(axis=0), limits[3])
    ax.text(N * wide + m / 2, 0.35, "their sum", ha="center")
    ax.set(xlim=(-0.1, N * wide + m + 0.1), ylim=(-n - 0.1, 2.0), aspect="equal")
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
