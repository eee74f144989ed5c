"""The figures of notebook 01: what a neuron, a layer and a network make of their input."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.patches import Rectangle

from utils.activations import Activation
from utils.network import Network, forward
from utils.plots.nb00_start_here import plot_points
from utils.plots.style import BLUE, GREEN, GREY, ORANGE, RED, SIGNED, SKY, STYLES, draw_output

__all__ = [
    "draw_tiles",
    "neuron_places",
    "plain",
    "plot_activations",
    "plot_along_a_line",
    "plot_broadcast",
    "plot_decision",
    "plot_hidden_coordinates",
    "plot_network",
    "plot_network_numbers",
    "plot_neuron_lines",
]


def plot_activations(functions: Sequence[Activation]) -> np.ndarray:
    """Draw each activation (solid) and its derivative (dashed) in a panel of its own."""
    z = np.linspace(-6, 6, 481)
    _, grid = plt.subplots(1, len(functions), figsize=(3.1 * len(functions), 3.0), squeeze=False)
    axes = grid[0]
    for ax, f in zip(axes, functions, strict=True):
        a = f(z)
        slope = f.derivative(a)
        slope[1:][np.abs(np.diff(slope)) > 0.5] = np.nan  # a jump is no line
        ax.axhline(0, color="#CCCCCC", lw=0.8)
        ax.plot(z, a, label="f(z)")
        ax.plot(z, slope, "--", label="f′(z)")
        ax.set(title=f.name, xlabel="z", ylim=(-1.15, 1.6 if f.name != "relu" else 6.1))
        ax.legend(loc="upper left")
    return axes


def neuron_places(sizes: Sequence[int]) -> dict[tuple[int, int], tuple[float, float]]:
    """Where neuron j of layer l is drawn: {(l, j): (x, y)}, j from 1."""
    return {
        (l, j): (1.6 * (l - 1), (n - 1) / 2 - (j - 1))
        for l, n in enumerate(sizes, start=1)
        for j in range(1, n + 1)
    }


def plot_network(
    sizes: Sequence[int], paths: Sequence[Sequence[int]] = (), ax: Axes | None = None
) -> Axes:
    """Draw a network as circles and lines.

    Parameters
    ----------
    sizes : sequence of int
        Neurons of each layer.
    paths : sequence of sequences of int
        Paths to draw thick; each names one neuron (from 1) in every layer.
    ax : Axes, optional
        Where to draw.
    """
    places = neuron_places(sizes)
    if ax is None:
        _, ax = plt.subplots(figsize=(1.9 * len(sizes) + 1.2, 0.95 * max(sizes) + 1.3))
    for (l, _), start in places.items():
        for (m, _), end in places.items():
            if m == l + 1:
                ax.plot(*zip(start, end, strict=True), color="#BBBBBB", lw=1, zorder=1)
    for k, path in enumerate(paths):
        line = [places[l, j] for l, j in enumerate(path, start=1)]
        ax.plot(
            *zip(*line, strict=True),
            color=RED if k == 0 else GREEN,
            ls="-" if k == 0 else "--",
            lw=3,
            zorder=2,
        )
    for (l, j), (u, v) in places.items():
        colour = SKY if l == 1 else ORANGE if l == len(sizes) else "white"
        ax.scatter(u, v, s=1600, color=colour, ec="black", zorder=3)
        name = f"$x_{{{j}}}$" if l == 1 else f"$a_{{{j}}}^{{[{l}]}}$"
        ax.text(u, v, name, ha="center", va="center", size=16, zorder=4)
    top = (max(sizes) - 1) / 2 + 0.75
    for l, n in enumerate(sizes, start=1):
        ax.text(1.6 * (l - 1), top, f"layer {l}\n$n_{l} = {n}$", ha="center", size=11)
    ax.set(xlim=(-0.6, 1.6 * (len(sizes) - 1) + 0.6), ylim=(-(max(sizes) - 1) / 2 - 0.5, top + 0.7))
    ax.axis("off")
    return ax


def plot_network_numbers(net: Network) -> Axes:
    """Draw a network with its weights on the lines and its biases below the circles.

    Parameters
    ----------
    net : Network
        Few neurons, so that the numbers have room.
    """
    ax = plot_network(net.sizes)
    places = neuron_places(net.sizes)
    label: dict[str, Any] = {"ha": "center", "va": "center", "size": 12}
    for l in range(2, net.L + 1):
        for i, j in np.ndindex(*net.W[l].shape):
            (u, v), (u_end, v_end) = places[l - 1, j + 1], places[l, i + 1]
            share = 0.36 if v != v_end else 0.5  # lines that cross do so in the middle
            where = (u + share * (u_end - u), v + share * (v_end - v))
            words = plain(float(net.W[l][i, j]))
            ax.text(*where, words, **label, bbox={"fc": "white", "ec": "none", "pad": 1.5})
        for i, b in enumerate(net.b[l][:, 0], start=1):
            u, v = places[l, i]
            ax.text(u, v - 0.42, f"b = {plain(b)}", **label, color=GREY)
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom - 0.15, top)
    return ax


def plot_decision(net: Network, x: np.ndarray, y: np.ndarray) -> Axes:
    """Draw what a network with two inputs says over the unit square, and labelled points on top.

    Parameters
    ----------
    net : Network
        Two inputs; its first output is shaded, its level ½ drawn.
    x, y : arrays, shapes (2, N) and (2, N) or (1, N)
        Labelled points.
    """
    _, ax = plt.subplots(figsize=(4.6, 4.3))
    draw_output(net, ax)
    plot_points(x, y, ax)
    return ax


def plot_neuron_lines(net: Network, x: np.ndarray, y: np.ndarray) -> Axes:
    """Draw what a network says over the unit square, and the line z = 0 of each neuron of layer 2.

    Parameters
    ----------
    net : Network
        Two inputs.
    x, y : arrays, shapes (2, N) and (2, N) or (1, N)
        Labelled points.
    """
    ax = plot_decision(net, x, y)
    plt.gcf().set_size_inches(6.4, 4.3)  # room for the legend
    for i, (w, b) in enumerate(zip(net.W[2], net.b[2][:, 0], strict=True)):
        foot = -b * w / (w @ w)  # the point of the line that is nearest to 0
        along = np.array([-w[1], w[0]]) / np.linalg.norm(w)
        ends = foot[:, None] + along[:, None] * np.array([-3, 3])
        ax.plot(*ends, color="black", lw=1.6, ls=STYLES[i + 1], label=f"neuron {i + 1}: $z = 0$")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def plot_broadcast(products: np.ndarray, b: np.ndarray) -> Axes:
    """Draw W X + b for a batch: the column b is added to every column.

    Parameters
    ----------
    products : numpy.ndarray, shape (n, N)
        W X.
    b : numpy.ndarray, shape (n, 1)
    """
    n, N = products.shape
    _, ax = plt.subplots(figsize=(9.0, 0.62 * (n + 1.6)))
    result = products + b
    limit = max(np.abs(v).max() for v in (products, b, result))
    shown = (("$W X$", products), ("$b\\,1^T$", np.repeat(b, N, axis=1)), ("$Z$", result))
    for k, (name, values) in enumerate(shown):
        left = k * (N + 1.0)
        draw_tiles(ax, left, 0, values, limit)
        ax.text(left + N / 2, 0.25, f"{name}   {n} × {N}", ha="center")
        if k:
            ax.text(left - 0.5, -n / 2, "+" if k == 1 else "=", ha="center", va="center", size=15)
    frame = Rectangle((N + 1.0, -n), 1, n, fill=False, ec="black", lw=2.2)
    ax.add_patch(frame)
    ax.text(N + 1.5, -n - 0.15, "$b$, stretched to the right →", ha="left", va="top")
    ax.set(xlim=(-0.1, 3 * N + 2.1), ylim=(-n - 0.7, 0.8), aspect="equal")
    ax.axis("off")
    return ax


# -------- their parts


def plot_along_a_line(networks: Mapping[str, Network], start: Any, end: Any) -> Axes:
    """Draw the outputs of several networks while x moves along a straight line."""
    t = np.linspace(0, 1, 201)
    points = np.asarray(start)[:, None] * (1 - t) + np.asarray(end)[:, None] * t
    _, ax = plt.subplots(figsize=(6.4, 3.2))
    for style, (name, net) in zip(("-", "--", ":", "-."), networks.items(), strict=False):
        _, a = forward(net, points)
        ax.plot(t, a[net.L][0], style, label=name)
    ax.set(xlabel="t, the way from start to end", ylabel="output $a^{[L]}$")
    ax.legend()
    return ax


def plot_hidden_coordinates(
    net: Network,
    l: int,
    x: np.ndarray,
    y: np.ndarray,
    discs: tuple[int, int] | None = None,
    crosses: tuple[int, int] | None = None,
) -> np.ndarray:
    """Draw points in the plane of x, and beside it in the plane of two neurons of layer l.

    Parameters
    ----------
    net : Network
        Two inputs.
    l : int
        A layer with at least two neurons; the first two are shown.
    x, y : arrays, shapes (2, N) and (2, N) or (1, N)
        Labelled points.
    discs, crosses : (int, int), optional
        Two points of a class, counted from 1: the segment between them is drawn on the right.
    """
    _, axes = plt.subplots(1, 2, figsize=(7.6, 3.7))
    plot_points(x, y, axes[0])
    axes[0].set_title("where they lie: x")
    axes[0].legend(loc="upper left", fontsize=8.5)
    _, a = forward(net, x)
    plot_points(a[l][:2], y, axes[1])
    for ends, colour, ls in ((discs, BLUE, "-"), (crosses, RED, "--")):
        if ends is not None:
            axes[1].plot(*a[l][:2, [k - 1 for k in ends]], color=colour, ls=ls, zorder=4)
    axes[1].set(xlabel=f"$a^{{[{l}]}}_1$", ylabel=f"$a^{{[{l}]}}_2$")
    axes[1].set_title(f"what layer {l} makes of them")
    axes[1].set_aspect("auto")
    axes[1].autoscale()
    axes[1].margins(0.1)
    return axes


def draw_tiles(
    ax: Axes,
    left: float,
    top: float,
    values: np.ndarray,
    limit: float,
    form: str = "",
    cmap: Colormap = SIGNED,
) -> None:
    """Draw a matrix as unit squares with its numbers, blue positive, orange negative.

    `cmap` may be another map of colours from −1 to 1. `form` is a format such as ".3f"; without
    one, two decimals at most.
    """
    for i, j in np.ndindex(*values.shape):
        v = float(values[i, j])
        shade = cmap(0.5 + 0.5 * v / (1.5 * limit))
        ax.add_patch(Rectangle((left + j, top - i - 1), 1, 1, fc=shade, ec="#BBBBBB", lw=0.8))
        number = format(v, "z" + form).replace("-", "−") if form and v else plain(round(v, 2))
        ax.text(left + j + 0.5, top - i - 0.5, number, ha="center", va="center", size=9)


def plain(value: float) -> str:
    """A number with at most three digits, with a real minus sign, and never −0."""
    return f"{value + 0.0:.3g}".replace("-", "−")
