"""The figure of notebook 09: quantiles against those of a normal distribution."""

from collections.abc import Mapping
from statistics import NormalDist

import matplotlib.pyplot as plt
import numpy as np

from utils.plots.style import GREY

__all__ = ["plot_quantiles"]


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
