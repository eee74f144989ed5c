"""The figures of notebook 06: fields of gradients, walks along them, and pictures of digits."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.gradients import input_gradient
from utils.network import Network, forward
from utils.plots.style import GREEN, GREY, RED, SIGNED, SOFT, draw_output, plane_grid

__all__ = ["plot_gradient_fields", "plot_pictures", "plot_walks"]


def plot_gradient_fields(networks: Mapping[str, Network], n: int = 15) -> np.ndarray:
    """Draw, for each network, its output, level lines and gradient field over the unit square.

    Parameters
    ----------
    networks : dict of str to Network
        Title and network, two inputs and one output, one for each panel. Arrows are to scale
        within a panel, not between panels.
    n : int
        Arrows along each side.
    """
    _, grid = plt.subplots(
        1, len(networks), figsize=(4.3 * len(networks), 4.3), sharey=True, squeeze=False
    )
    ticks = np.linspace(0.04, 0.96, n)
    points = np.stack([v.ravel() for v in np.meshgrid(ticks, ticks)])
    for ax, (title, net) in zip(grid[0], networks.items(), strict=True):
        side, plane = plane_grid()
        a = forward(net, plane)[1][net.L][0].reshape(len(side), -1)
        middle, reach = (0.5, 0.5) if a.min() >= 0 and a.max() <= 1 else (0.0, np.abs(a).max())
        ax.imshow(
            a,
            origin="lower",
            extent=(0, 1, 0, 1),
            cmap=SOFT,
            vmin=middle - reach,
            vmax=middle + reach,
            interpolation="bilinear",
        )
        ax.contour(side, side, a, levels=8, colors=GREY, linewidths=0.7)
        if a.min() < middle < a.max():
            ax.contour(side, side, a, levels=[middle], colors="black", linewidths=1.8)
        g = input_gradient(net, points)
        g = 0.09 * g / np.linalg.norm(g, axis=0).max()
        ax.quiver(*points, *g, angles="xy", scale_units="xy", scale=1, width=0.005)
        ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$", xlim=(0, 1), ylim=(0, 1))
        ax.label_outer()
    return grid[0]


def plot_walks(net: Network, walks: Sequence[np.ndarray]) -> Axes:
    """Draw walks over the shaded unit square; each is an array (2, K), from a disc to a star."""
    _, ax = plt.subplots(figsize=(4.7, 4.4))
    draw_output(net, ax)
    for walk in walks:
        ax.plot(*walk, "-", color="black", lw=1.4, marker=".", ms=5)
        ax.plot(*walk[:, 0], "o", color=RED, ms=7, mec="white")
        ax.plot(*walk[:, -1], "*", color=GREEN, ms=12, mec="white")
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(0, 1), ylim=(0, 1))
    return ax


def plot_pictures(
    rows: Mapping[str, np.ndarray], titles: Sequence[str] = (), common_scale: bool = True
) -> np.ndarray:
    """Draw columns of 64 numbers as 8 × 8 pictures, one row of pictures for each entry.

    Parameters
    ----------
    rows : dict of str to array, shapes (64, K)
        Label and pictures. Rows with negative entries are drawn in orange (negative) and blue.
    titles : sequence of str
        One for each of the K columns.
    common_scale : bool
        One colour scale for a row, or one for each picture.
    """
    K = next(iter(rows.values())).shape[1]
    _, axes = plt.subplots(len(rows), K, figsize=(1.15 * K + 1.3, 1.3 * len(rows)), squeeze=False)
    for i, (label, pictures) in enumerate(rows.items()):
        signed = pictures.min() < 0
        for k, ax in enumerate(axes[i]):
            limit = np.abs(pictures if common_scale else pictures[:, k]).max()
            ax.imshow(
                pictures[:, k].reshape(8, 8),
                cmap=SIGNED if signed else "gray_r",
                vmin=-limit if signed else 0,
                vmax=limit,
            )
            ax.set(xticks=[], yticks=[])
            if i == 0 and titles:
                ax.set_title(titles[k], size=9)
        axes[i, 0].set_ylabel(label, rotation=0, ha="right", va="center")
    return axes
