"""The figure of notebook 04: a stacked gradient, entry by entry."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.plots.style import RED, SKY

__all__ = ["plot_gradient_entries"]


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
