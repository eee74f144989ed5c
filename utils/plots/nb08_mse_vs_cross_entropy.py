"""The figure of notebook 08: learning curves of many replicas."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np

from utils.plots.style import STYLES

__all__ = ["plot_learning_curves"]


def plot_learning_curves(
    steps: np.ndarray, panels: Mapping[str, Mapping[str, np.ndarray]], ylabel: str = ""
) -> np.ndarray:
    """Draw percentages against steps, one panel for each case: mean and the band of 80 %.

    Parameters
    ----------
    steps : numpy.ndarray, shape (K,)
        Step 0 is left out: a logarithmic axis has no place for it.
    panels : dict of str to dict of str to array, shapes (K, R)
        For each panel and each name, fractions; they are shown as percentages.
    ylabel : str
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
                steps[keep], percent.mean(axis=1), ls=style, marker=marker, ms=4, label=name
            )
            ax.fill_between(steps[keep], low, high, color=line.get_color(), alpha=0.15, lw=0)
        ax.set(title=title, xscale="log", xlabel="step")
    grid[0, 0].set_ylabel(ylabel)
    grid[0, -1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return grid[0]
