"""The figures of notebook 03: the gradient as arrows, and the paths that it sums over."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.gradients import input_gradient
from utils.network import Network, forward
from utils.plots.nb01_forward_pass import plain, plot_network
from utils.plots.style import BLUE, GREEN, GREY, RED, draw_output, plane_grid

__all__ = [
    "BOX",
    "UNDER_WORDS",
    "bracketed",
    "decimals",
    "draw_array",
    "draw_arrow",
    "draw_circle",
    "draw_edge",
    "plot_gradient_arrows",
    "plot_graph_strip",
    "plot_paths",
    "plot_recursion_step",
]

UNDER_WORDS = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
BOX = {"facecolor": "white", "edgecolor": "black", "boxstyle": "round,pad=0.35"}


def plot_gradient_arrows(net: Network, x: np.ndarray, length: float = 0.16) -> Axes:
    """Shade a network's output over the unit square, with ∇ₓ as an arrow at each point.

    Parameters
    ----------
    net : Network
        Two inputs, one output.
    x : numpy.ndarray, shape (2, N)
        Where the arrows start.
    length : float
        Of the longest arrow; the others are in proportion to the square root of |∇ₓ|, so that
        the short ones can be seen.
    """
    _, ax = plt.subplots(figsize=(4.9, 4.5))
    _, a = forward(net, plane_grid()[1])
    low, high = a[net.L].min(), a[net.L].max()
    draw_output(net, ax, levels=np.linspace(low, high, 9)[1:-1].tolist())
    g = input_gradient(net, x)
    norms = np.linalg.norm(g, axis=0)
    g = length * g / np.sqrt(norms * norms.max())
    ax.quiver(*x, *g, angles="xy", scale_units="xy", scale=1, color="black", width=0.009, zorder=4)
    ax.plot(*x, "o", color="black", ms=3)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(0, 1), ylim=(0, 1))
    return ax


def plot_recursion_step(weights: Sequence[float], g: Sequence[float], slope: float) -> Axes:
    """Draw one step of the recursion with its numbers: what comes back to a single neuron.

    Parameters
    ----------
    weights : sequence of float, length K
        W_ij of the next layer, from neuron j to each of its neurons i.
    g : sequence of float, length K
        g_i of the next layer.
    slope : float
        σ′(z_j).
    """
    _, ax = plt.subplots(figsize=(9.0, 3.4))
    heights = np.linspace(1, -1, len(g)) * (len(g) - 1) / 2
    products = np.multiply(weights, g)
    look: dict[str, Any] = {"ha": "center", "va": "center"}
    for i, (v, w, gi, wg) in enumerate(zip(heights, weights, g, products, strict=True), 1):
        draw_arrow(ax, (5.55, v), (2.68, 0.13 * v), BLUE)
        draw_circle(ax, 6, v, f"$g_{i}$\n{decimals(gi)}", RED)
        weight = f"$W_{{{i}j}}$ = {decimals(w)}"
        ax.text(4.3, 0.57 * v, weight, color=BLUE, bbox=UNDER_WORDS, **look)
        ax.text(6.6, v, f"{bracketed(w)}·{bracketed(gi)} = {decimals(wg)}", va="center")
    total = products.sum()
    draw_circle(ax, 2.2, 0, f"sum\n{decimals(total)}", "black")
    draw_arrow(ax, (1.75, 0), (0.48, 0), GREEN)
    ax.text(1.1, 0.2, f"· {decimals(slope)}", color=GREEN, **look)
    ax.text(1.1, -0.22, "slope $\\sigma'(z_j)$", color=GREEN, **look)
    draw_circle(ax, 0, 0, f"$g_j$\n{decimals(slope * total)}", RED)
    ax.text(0, heights[0] + 0.5, "← layer $l$", ha="center")
    ax.text(6, heights[0] + 0.5, "layer $l+1$", ha="center")
    ax.set(xlim=(-0.6, 8.6), ylim=(heights[-1] - 0.5, heights[0] + 0.8))
    ax.axis("off")
    return ax


def plot_graph_strip(sizes: Sequence[int]) -> Axes:
    """Draw the computation as a strip: forward above, back below, with the shape of every array.

    Parameters
    ----------
    sizes : sequence of int
        Neurons of each layer.
    """
    _, ax = plt.subplots(figsize=(9.4, 2.9))
    places = {1: (0.0, 0.0)} | {l: (3.1 * l - 4.3, 3.1 * l - 3.1) for l in range(2, len(sizes) + 1)}
    for l, (at_z, at_a) in places.items():
        n, before = sizes[l - 1], sizes[l - 2]
        draw_array(ax, at_a, 1, "$x$" if l == 1 else f"$a^{{[{l}]}}$", n)
        back = ("$\\nabla_x a$", "black") if l == 1 else (f"$g^{{[{l}]}}$", RED)
        draw_array(ax, at_z, -0.6, back[0], n, back[1])
        if l == 1:
            continue
        draw_array(ax, at_z, 1, f"$z^{{[{l}]}}$", n)
        came_from, back_to = places[l - 1][1], places[l - 1][0]
        draw_edge(ax, came_from, at_z, 1, f"$W^{{[{l}]}}$, $b^{{[{l}]}}$\n{n} × {before}", BLUE)
        draw_edge(ax, at_z, at_a, 1, "σ", GREY)
        draw_edge(ax, at_z, back_to, -0.6, f"$(W^{{[{l}]}})^T$\n{before} × {n}", BLUE)
        draw_arrow(ax, (at_a, 0.66), (at_z + 0.1, -0.26), GREEN, ls="--")
        ax.text(at_z + 0.95, 0.2, f"$\\sigma'$ from $a^{{[{l}]}}$", color=GREEN, size=9.5)
    ax.set(xlim=(-0.6, places[len(sizes)][1] + 0.9), ylim=(-1.35, 1.75))
    ax.axis("off")
    return ax


def plot_paths(sizes: Sequence[int], paths: Sequence[Sequence[int]]) -> Axes:
    """Draw a network with some of its paths from input to output drawn thick."""
    return plot_network(sizes, paths)


# -------- their parts


def decimals(value: float) -> str:
    """A number with three decimals at most."""
    return plain(round(float(value), 3))


def bracketed(value: float) -> str:
    """The same, in brackets where it is negative."""
    return f"({decimals(value)})" if value < 0 else decimals(value)


def draw_circle(ax: Axes, u: float, v: float, words: str, colour: str) -> None:
    """A neuron with words in it."""
    ax.scatter(u, v, s=2300, color="white", ec="black", zorder=3)
    ax.text(u, v, words, color=colour, ha="center", va="center", zorder=4)


def draw_arrow(ax: Axes, start: Any, end: Any, colour: str, ls: str = "-") -> None:
    """An arrow from one place to another."""
    ax.annotate(
        "", end, start, arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.6, "ls": ls}
    )


def draw_array(ax: Axes, u: float, v: float, name: str, n: int, colour: str = "black") -> None:
    """A box with an array's name, and its shape (n × 1) on the outer side."""
    ax.text(u, v, name, bbox=BOX, ha="center", va="center", size=12, color=colour)
    ax.text(u, v + (0.42 if v > 0 else -0.52), f"{n} × 1", ha="center", size=9, color=GREY)


def draw_edge(ax: Axes, start: float, end: float, v: float, words: str, colour: str) -> None:
    """An arrow between two boxes of a row, with words over it."""
    gap = 0.29 * np.sign(end - start)
    draw_arrow(ax, (start + gap, v), (end - gap, v), colour)
    ax.text((start + end) / 2, v + 0.12, words, ha="center", va="bottom", size=9, color=colour)
