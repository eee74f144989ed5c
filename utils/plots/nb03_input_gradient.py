"""The figures of notebook 03: the gradient as arrows, and the paths that it sums over."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.gradients import input_gradient
from utils.network import Network, forward
from utils.plots.nb01_forward_pass import plot_network
from utils.plots.style import draw_output, plane_grid

__all__ = ["plot_gradient_arrows", "plot_paths"]


def plot_gradient_arrows(net: Network, x: np.ndarray, length: float = 0.16) -> Axes:
    """Shade a network's output over the unit square, with ∇ₓ as an arrow at each point.

    Parameters
    ----------
    net : Network
        Two inputs, one output.
    x : numpy.ndarray, shape (2, N)
        Where the arrows start.
    length : float
        Of the longest arrow; the others are in proportion.
    """
    _, ax = plt.subplots(figsize=(4.9, 4.5))
    _, a = forward(net, plane_grid()[1])
    low, high = a[net.L].min(), a[net.L].max()
    draw_output(net, ax, levels=np.linspace(low, high, 9)[1:-1].tolist())
    g = input_gradient(net, x)
    g = length * g / np.linalg.norm(g, axis=0).max()
    ax.quiver(*x, *g, angles="xy", scale_units="xy", scale=1, color="black", width=0.009, zorder=4)
    ax.plot(*x, "o", color="black", ms=3)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(0, 1), ylim=(0, 1))
    return ax


def plot_paths(sizes: Sequence[int], paths: Sequence[Sequence[int]]) -> Axes:
    """Draw a network with some of its paths from input to output drawn thick."""
    return plot_network(sizes, paths)
