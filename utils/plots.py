"""The figures of the course, each function named for what it draws.

They take plain arrays and networks, draw on axes of their own, and return these, so that a test
can ask what is on them. Colours are Okabe and Ito's; a marker or a line style says the same a
second time, for readers who don't see colours.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.patches import FancyBboxPatch

from utils.activations import Activation
from utils.gradients import input_gradient
from utils.network import Network, forward
from utils.replicas import Interval

BLUE, RED, GREEN = "#0072B2", "#D55E00", "#009E73"
PINK, ORANGE, SKY = "#CC79A7", "#E69F00", "#56B4E9"
GREY = "#666666"
SOFT = LinearSegmentedColormap.from_list("red to blue", ["#F2B58C", "#FFFFFF", "#8CC0E0"])
SIGNED = LinearSegmentedColormap.from_list("signed", [RED, "#FFFFFF", BLUE])
CLASSES = ListedColormap(["#BBD9EC", "#FBE0B5", "#A3D9BF"])
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
ARROW = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13}


def use_course_style() -> None:
    """Switch Matplotlib to the course's look (course.mplstyle, beside this file)."""
    plt.style.use(Path(__file__).with_name("course.mplstyle"))


# -------- 00


MAP = {
    "00": ("start here", 0, 1),
    "01": ("forward\npass", 1, 1),
    "02": ("Jacobians,\ndiag(σ′)", 2, 1),
    "03": ("gradient in\nthe input", 3, 1),
    "04": ("gradient in\nthe weights", 4, 1),
    "05": ("training, a\nhundred times", 5, 1),
    "06": ("seeing the\ninput gradient", 4, 2),
    "07": ("one-hot or\nscalar labels?", 6.2, 2.2),
    "08": ("MSE or cross-\nentropy?", 6.2, 1.4),
    "09": ("heavy-tailed\nnoise?", 6.2, 0.6),
    "10": ("robust\nregression", 6.2, -0.2),
}
ROADS = ["00-01", "01-02", "02-03", "03-04", "03-06", "04-05", "05-06",
         "05-07", "05-08", "05-09", "09-10"]  # fmt: skip


def plot_course_map() -> Axes:
    """Draw the eleven notebooks as boxes, an arrow from each to those that need it."""
    _, ax = plt.subplots(figsize=(10.2, 3.7))
    for road in ROADS:
        (_, x0, y0), (_, x1, y1) = (MAP[end] for end in road.split("-"))
        same_column = x0 == x1
        up = road.endswith("06")  # entered from below, the others from the left
        start = (x0, y0 + 0.27 * np.sign(y1 - y0)) if same_column or up else (x0 + 0.42, y0)
        end = (x1, y1 - 0.27 * np.sign(y1 - y0)) if same_column or up else (x1 - 0.42, y1)
        ax.annotate("", end, start, arrowprops={**ARROW, "color": GREY})
    for number, (name, x, y) in MAP.items():
        question = number >= "07"
        fill, edge, line = ("#FBE5D6", RED, "--") if question else ("#DCEBF5", BLUE, "-")
        box = FancyBboxPatch((x - 0.4, y - 0.25), 0.8, 0.5, boxstyle="round,pad=0.02")
        box.set(facecolor=fill, edgecolor=edge, linestyle=line)
        ax.add_patch(box)
        ax.text(x, y + 0.14, number, ha="center", va="center", weight="bold", size=9)
        ax.text(x, y - 0.08, name, ha="center", va="center", size=8)
    ax.text(1.5, 1.75, "one recursion:\nbuilt in 01-04, used in 05-06", color=BLUE, ha="center")
    ax.text(6.2, 2.6, "three questions", color=RED, ha="center")
    ax.set(xlim=(-0.5, 6.7), ylim=(-0.55, 2.8), aspect="equal")
    ax.axis("off")
    return ax


def plot_points(
    x: np.ndarray, y: np.ndarray, ax: Axes | None = None, numbers: bool = False
) -> Axes:
    """Draw labelled points of the plane: a disc for the first class, a cross for the second.

    Parameters
    ----------
    x : numpy.ndarray, shape (2, N)
        One column a point.
    y : numpy.ndarray, shape (2, N) or (1, N)
        Labels; the first row is 1 for the first class.
    ax : Axes, optional
        Where to draw.
    numbers : bool
        Write the number of each point beside it.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(4.4, 4.2))
    first = y[0] > 0.5
    for chosen, marker, color, name in (
        (first, "o", BLUE, "first class"),
        (~first, "X", RED, "second class"),
    ):
        p, q = x[:, chosen]
        ax.scatter(p, q, marker=marker, s=75, color=color, ec="white", label=name, zorder=5)
    if numbers:
        for i, (p, q) in enumerate(x.T, start=1):
            ax.annotate(str(i), (p, q), (0, 7), textcoords="offset points", size=9, color=GREY,
                        ha="center")  # fmt: skip
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    return ax


# -------- 01


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
        _, ax = plt.subplots(figsize=(1.5 * len(sizes) + 1.2, 0.55 * max(sizes) + 1.5))
    for (l, _), start in places.items():
        for (m, _), end in places.items():
            if m == l + 1:
                ax.plot(*zip(start, end, strict=True), color="#BBBBBB", lw=1, zorder=1)
    for k, path in enumerate(paths):
        line = [places[l, j] for l, j in enumerate(path, start=1)]
        ax.plot(*zip(*line, strict=True), color=RED if k == 0 else GREEN,
                ls="-" if k == 0 else "--", lw=3, zorder=2)  # fmt: skip
    for (l, j), (u, v) in places.items():
        colour = SKY if l == 1 else ORANGE if l == len(sizes) else "white"
        ax.scatter(u, v, s=420, color=colour, ec="black", zorder=3)
        name = f"$x_{{{j}}}$" if l == 1 else f"$a_{{{j}}}^{{[{l}]}}$"
        ax.text(u, v, name, ha="center", va="center", size=8.5, zorder=4)
    top = (max(sizes) - 1) / 2 + 0.75
    for l, n in enumerate(sizes, start=1):
        ax.text(1.6 * (l - 1), top, f"layer {l}\n$n_{l} = {n}$", ha="center", size=9)
    ax.set(xlim=(-0.6, 1.6 * (len(sizes) - 1) + 0.6), ylim=(-(max(sizes) - 1) / 2 - 0.5, top + 0.7))
    ax.axis("off")
    return ax


def plane_grid(n: int = 121) -> tuple[np.ndarray, np.ndarray]:
    """Return an n × n grid over the unit square: its ticks, and its points as columns (2, n²)."""
    ticks = np.linspace(0, 1, n)
    return ticks, np.stack([v.ravel() for v in np.meshgrid(ticks, ticks)])


def draw_output(net: Network, ax: Axes, levels: Sequence[float] = (0.5,)) -> None:
    """Shade the first output over the unit square, blue for 1, and draw level lines."""
    ticks, grid = plane_grid()
    _, a = forward(net, grid)
    a = a[net.L][0].reshape(len(ticks), -1)
    ax.imshow(a, origin="lower", extent=(0, 1, 0, 1), cmap=SOFT, vmin=0, vmax=1,
              interpolation="bilinear")  # fmt: skip
    if a.min() < max(levels) and a.max() > min(levels):
        ax.contour(ticks, ticks, a, levels=list(levels), colors=GREY, linewidths=1.2)


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


def plot_hidden_coordinates(net: Network, l: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Draw points in the plane of x, and beside it in the plane of two neurons of layer l."""
    _, axes = plt.subplots(1, 2, figsize=(7.6, 3.7))
    plot_points(x, y, axes[0])
    axes[0].set_title("where they lie: x")
    axes[0].legend(loc="upper left", fontsize=8.5)
    _, a = forward(net, x)
    plot_points(a[l][:2], y, axes[1])
    axes[1].set(xlabel=f"$a^{{[{l}]}}_1$", ylabel=f"$a^{{[{l}]}}_2$")
    axes[1].set_title(f"what layer {l} makes of them")
    axes[1].set_aspect("auto")
    axes[1].autoscale()
    axes[1].margins(0.1)
    return axes


# -------- 02


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
        ax.annotate(f"slope {power:g}", (x0, y0), (-4 if away else 5, 5 if y0 > curve else -12),
                    textcoords="offset points", ha="right" if away else "left",
                    color=GREY, size=9)  # fmt: skip
    ax.set_ylim(bottom, top)
    ax.legend()
    return ax


def draw_matrix(ax: Axes, matrix: np.ndarray, title: str, limit: float) -> None:
    """Draw one matrix as coloured squares with its numbers, blue positive, orange negative."""
    rows, columns = matrix.shape
    ax.imshow(matrix, cmap=SIGNED, vmin=-1.6 * limit, vmax=1.6 * limit)
    for (i, j), v in np.ndenumerate(matrix):
        ax.text(j, i, "0" if v == 0 else f"{v:.3f}", ha="center", va="center", size=8)
    ax.set(title=title, xlabel=f"{rows} × {columns}", xticks=[], yticks=[])
    ax.spines[["top", "right"]].set_visible(True)


def plot_matrix_product(factors: Mapping[str, np.ndarray], product: str) -> np.ndarray:
    """Draw matrices side by side, then what they multiply to, each with its shape below.

    Parameters
    ----------
    factors : dict of str to array, shapes (n, m)
        Name and matrix, from left to right.
    product : str
        Name of the product, which is computed here.
    """
    matrices = list(factors.values())
    result = np.linalg.multi_dot(matrices) if len(matrices) > 1 else matrices[0]
    shown = [*matrices, result]
    names = [*factors, product]
    _, axes = plt.subplots(
        1, len(shown), figsize=(sum(0.62 * m.shape[1] for m in shown) + 0.9 * len(shown), 2.7),
        width_ratios=[m.shape[1] for m in shown],
    )  # fmt: skip
    for ax, name, matrix in zip(axes, names, shown, strict=True):
        draw_matrix(ax, matrix, name, np.abs(matrix).max())
        ax.set_anchor("C")
    for i, ax in enumerate(axes[1:], start=1):
        sign = "=" if i == len(factors) else "·"
        ax.text(-0.13 - 0.12 / shown[i].shape[1] * 2, 0.5, sign, transform=ax.transAxes,
                ha="center", va="center", size=16)  # fmt: skip
    return axes


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


# -------- 03


def plot_paths(sizes: Sequence[int], paths: Sequence[Sequence[int]]) -> Axes:
    """Draw a network with some of its paths from input to output drawn thick."""
    return plot_network(sizes, paths)


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


# -------- 04


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
        ax.bar(start + np.arange(entries.size), entries, width=0.75, color=SKY, ec="white",
               label="back-propagation" if k == 0 else None)  # fmt: skip
        if k % 2 == 0:
            ax.axvspan(start - 0.5, start + entries.size - 0.5, color="#F1F1F1", zorder=0)
        ax.text(start + (entries.size - 1) / 2, 1.03, name, transform=ax.get_xaxis_transform(),
                ha="center")  # fmt: skip
        start += entries.size
    ax.plot(np.arange(start), witness, "x", color=RED, mew=2, label=witness_name)
    ax.axhline(0, color="black", lw=0.8)
    ax.set(xlabel="place in the stacked vector", ylabel="derivative", xlim=(-0.7, start - 0.3),
           xticks=range(0, start, 5))  # fmt: skip
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


# -------- 05


def plot_intervals(intervals: Sequence[Interval], truth: float, xlabel: str = "") -> Axes:
    """Draw many intervals for one true value, those that miss it in another colour and dashed.

    Parameters
    ----------
    intervals : sequence of Interval
        One for each repetition of the experiment.
    truth : float
        What they are meant to contain.
    xlabel : str
        What is estimated.
    """
    _, ax = plt.subplots(figsize=(7.2, 3.6))
    for i, interval in enumerate(intervals):
        hit = interval.contains(truth)
        ax.plot([interval.low, interval.high], [i, i], color=BLUE if hit else RED,
                ls="-" if hit else "--", lw=1.6 if hit else 2.4)  # fmt: skip
        ax.plot(interval.estimate, i, "o" if hit else "X", color=BLUE if hit else RED, ms=3.5)
    ax.axvline(truth, color="black", lw=1.2)
    ax.set(xlabel=xlabel, ylabel="experiment", yticks=[])
    return ax


def plot_cost_curves(
    steps: np.ndarray, cost: np.ndarray, singles: int = 6, ylabel: str = "cost"
) -> Axes:
    """Draw cost against steps on logarithmic axes: median, 80 % band, and a few single runs.

    Parameters
    ----------
    steps : numpy.ndarray, shape (K,)
        Step 0 is left out: a logarithmic axis has no place for it.
    cost : numpy.ndarray, shape (K, R)
    singles : int
        How many single replicas to draw, thin.
    ylabel : str
    """
    keep = steps > 0
    steps, cost = steps[keep], cost[keep]
    low, median, high = np.quantile(cost, [0.1, 0.5, 0.9], axis=1)
    _, ax = plt.subplots(figsize=(7.2, 3.8))
    ax.fill_between(steps, low, high, color=SKY, alpha=0.35, lw=0, label="80 % of the replicas")
    for r in range(min(singles, cost.shape[1])):
        ax.plot(steps, cost[:, r], color=GREY, lw=0.7, label="single replicas" if r == 0 else None)
    ax.plot(steps, median, color=BLUE, lw=2.2, label="median")
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel=ylabel)
    ax.legend(loc="lower left")
    return ax


def plot_fractions(
    steps: Sequence[float], intervals: Mapping[str, Sequence[Interval]], ylabel: str = ""
) -> Axes:
    """Draw fractions with their 95 % intervals against steps."""
    _, ax = plt.subplots(figsize=(6.6, 3.5))
    for shift, marker, style, (name, values) in zip(
        (0.97, 1.03), "os", ("-", "--"), intervals.items(), strict=False
    ):
        estimate = np.array([v.estimate for v in values])
        below = np.maximum(estimate - [v.low for v in values], 0)
        above = np.maximum([v.high for v in values] - estimate, 0)
        ax.errorbar(np.array(steps) * shift, estimate, yerr=[below, above], fmt=marker, ls=style,
                    capsize=3, label=name)  # fmt: skip
    ax.set(xscale="log", xlabel="step", ylabel=ylabel, ylim=(-0.03, 1.05))
    ax.legend(loc="upper left")
    return ax


def plot_two_populations(values: np.ndarray, medians: np.ndarray, xlabel: str = "") -> np.ndarray:
    """Draw a histogram of positive values on a logarithmic axis, and below it one of medians."""
    bins = np.geomspace(values.min() * 0.9, values.max() * 1.1, 41)
    _, axes = plt.subplots(2, 1, figsize=(6.8, 4.2), sharex=True, height_ratios=[2, 1])
    axes[0].hist(values, bins=bins, color=SKY, ec="white")
    axes[0].axvline(np.median(values), color="black", ls="--", label="median")
    axes[0].set(ylabel="networks", xscale="log")
    axes[0].legend()
    axes[1].hist(medians, bins=bins, color=ORANGE, ec="white")
    axes[1].set(xlabel=xlabel, ylabel="samples", xscale="log")
    return axes


def plot_decisions(networks: Mapping[str, Network], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Draw what several two-output networks say over the unit square: a₁ against a₂.

    Parameters
    ----------
    networks : dict of str to Network
        Title and network, two inputs and two outputs, one for each panel.
    x, y : arrays, shapes (2, N) and (2, N)
        Labelled points, drawn on top.
    """
    _, grid = plt.subplots(
        1, len(networks), figsize=(3.0 * len(networks), 3.4), sharey=True, squeeze=False
    )
    for ax, (title, net) in zip(grid[0], networks.items(), strict=True):
        ticks, points = plane_grid()
        a = forward(net, points)[1][net.L]
        difference = (a[0] - a[1]).reshape(len(ticks), -1)
        ax.imshow(difference, origin="lower", extent=(0, 1, 0, 1), cmap=SOFT, vmin=-1, vmax=1,
                  interpolation="bilinear")  # fmt: skip
        if difference.min() < 0 < difference.max():
            ax.contour(ticks, ticks, difference, levels=[0], colors="black", linewidths=1.2)
        plot_points(x, y, ax)
        ax.set_title(title, size=10)
    for ax in grid[0, 1:]:
        ax.set_ylabel("")
    return grid[0]


# -------- 06


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
        ax.imshow(a, origin="lower", extent=(0, 1, 0, 1), cmap=SOFT, vmin=middle - reach,
                  vmax=middle + reach, interpolation="bilinear")  # fmt: skip
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
            ax.imshow(pictures[:, k].reshape(8, 8), cmap=SIGNED if signed else "gray_r",
                      vmin=-limit if signed else 0, vmax=limit)  # fmt: skip
            ax.set(xticks=[], yticks=[])
            if i == 0 and titles:
                ax.set_title(titles[k], size=9)
        axes[i, 0].set_ylabel(label, rotation=0, ha="right", va="center")
    return axes


# -------- 07 to 10: what several of them draw


def plot_curves(
    x: Any,
    curves: Mapping[str, Any],
    xlabel: str = "",
    ylabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw functions of one variable, each with a line style of its own.

    Parameters
    ----------
    x : array_like, shape (K,)
    curves : dict of str to array_like, shape (K,)
    xlabel, ylabel : str
    ax : Axes, optional
        Where to draw.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.8, 3.6))
    for style, (name, y) in zip(STYLES, curves.items(), strict=False):
        ax.plot(x, np.broadcast_to(y, np.shape(x)), ls=style, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


def draw_intervals(ax: Axes, x: Any, intervals: Sequence[Interval], **look: Any) -> None:
    """Draw estimates with the error bars of their intervals."""
    estimate, low, high = np.array(intervals).T
    errors = [np.maximum(estimate - low, 0), np.maximum(high - estimate, 0)]
    ax.errorbar(x, estimate, yerr=errors, capsize=3, **look)


def plot_interval_curves(
    x: Any,
    curves: Mapping[str, Sequence[Interval]],
    xlabel: str = "",
    ylabel: str = "",
    log: bool = True,
) -> Axes:
    """Draw estimates with their 95 % intervals against x, one curve for each name.

    Parameters
    ----------
    x : array_like, shape (K,)
    curves : dict of str to sequence of Interval, length K
    xlabel, ylabel : str
    log : bool
        Logarithmic axes, where a power law is a straight line.
    """
    _, ax = plt.subplots(figsize=(6.6, 3.8))
    for style, marker, (name, values) in zip(STYLES, "osX^Dv", curves.items(), strict=False):
        draw_intervals(ax, x, values, ls=style, marker=marker, ms=5, label=name)
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


def plot_differences(
    groups: Mapping[str, Mapping[str, Interval]], xlabel: str = "", margin: float | None = None
) -> Axes:
    """Draw intervals side by side, one line each, in groups; 0 and a margin are marked.

    Parameters
    ----------
    groups : dict of str to dict of str to Interval
        Name of each group (a colour and a marker), and its labelled intervals; all groups have the
        same labels.
    xlabel : str
    margin : float, optional
        Shade from −margin to margin: what counts as no difference.
    """
    labels = list(next(iter(groups.values())))
    _, ax = plt.subplots(figsize=(7.2, 0.9 + 0.42 * len(labels)))
    if margin is not None:
        ax.axvspan(-margin, margin, color="#E8E8E8", lw=0, label=f"within ±{margin:g}")
    ax.axvline(0, color="black", lw=1)
    shifts = np.linspace(-0.14, 0.14, len(groups)) if len(groups) > 1 else [0.0]
    for shift, marker, (name, group) in zip(shifts, "osX^", groups.items(), strict=False):
        estimate, low, high = np.array([group[label] for label in labels]).T
        places = np.arange(len(labels)) + shift
        ax.errorbar(estimate, places, xerr=[estimate - low, high - estimate], fmt=marker,
                    capsize=3, ms=5, label=name)  # fmt: skip
    ax.set(yticks=range(len(labels)), yticklabels=labels, xlabel=xlabel)
    ax.locator_params(axis="x", nbins=6)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


# -------- 07


def roomiest_place(inside: np.ndarray, points: np.ndarray, side: float) -> np.ndarray:
    """Of the points (2, M) marked as inside, the one farthest from the others and from the edge."""
    here, there = points[:, inside], points[:, ~inside]
    away = side - np.abs(here).max(axis=0)
    if there.size:
        away = np.minimum(
            away, np.linalg.norm(here[:, :, None] - there[:, None], axis=0).min(axis=1)
        )
    return here[:, away.argmax()]


def plot_class_regions(
    panels: Mapping[str, Callable[[np.ndarray], np.ndarray]], side: float = 3.0
) -> np.ndarray:
    """Draw which class each function gives to the points of a square, with the number written in.

    Parameters
    ----------
    panels : dict of str to function
        Title, and a function that takes points (2, M) and returns classes 0, 1, 2 (M,).
    side : float
        The square goes from −side to side.
    """
    _, grid = plt.subplots(1, len(panels), figsize=(2.6 * len(panels), 2.8), sharey=True,
                           squeeze=False)  # fmt: skip
    fine, coarse = np.linspace(-side, side, 241), np.linspace(-side, side, 33)
    for ax, (title, classes_of) in zip(grid[0], panels.items(), strict=True):
        shown = classes_of(np.stack([v.ravel() for v in np.meshgrid(fine, fine)]))
        shown = shown.reshape(len(fine), -1)
        ax.imshow(shown, origin="lower", extent=(-side, side, -side, side), cmap=CLASSES,
                  vmin=0, vmax=2)  # fmt: skip
        if np.ptp(shown) > 0:
            ax.contour(fine, fine, shown, levels=[0.5, 1.5], colors="black", linewidths=0.8)
        places = np.stack([v.ravel() for v in np.meshgrid(coarse, coarse)])
        classes = classes_of(places)
        for k in np.unique(classes):
            p, q = roomiest_place(classes == k, places, side)
            ax.text(p, q, str(k), ha="center", va="center", weight="bold")
        ax.set(title=title, xlabel="$x_1$")
        ax.title.set_size(10)
    grid[0, 0].set_ylabel("$x_2$")
    return grid[0]


# -------- 09


def plot_quantiles(samples: Mapping[str, np.ndarray], reach: float = 8.0) -> np.ndarray:
    """Draw sorted values against those that a normal law would give; normal ones lie on the line.

    Each sample is put on the scale of its own middle half (median 0, quartiles ±0.674).

    Parameters
    ----------
    samples : dict of str to array, shape (R,)
        One panel each.
    reach : float
        The vertical axis goes from −reach to reach; what lies beyond is counted in the corner.
    """
    normal = NormalDist()
    _, axes = plt.subplots(1, len(samples), figsize=(3.6 * len(samples), 3.4), sharey=True,
                           squeeze=False)  # fmt: skip
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


# -------- 10


def plot_fits(
    x: np.ndarray,
    y: np.ndarray,
    lines: Mapping[str, Any],
    xlabel: str = "",
    ylabel: str = "",
    marked: Any = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw points and several straight lines.

    Parameters
    ----------
    x : numpy.ndarray, shape (N, 1)
        As in `utils.regression`.
    y : numpy.ndarray, shape (N,)
    lines : dict of str to (intercept, slope)
    xlabel, ylabel : str
    marked : array of int or bool, optional
        Points to draw as crosses.
    ax : Axes, optional
        Where to draw.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.8, 4.0))
    cross = np.zeros(len(y), bool)
    if marked is not None:
        cross[marked] = True
    ax.plot(x[~cross, 0], y[~cross], "o", ms=4.5, color=GREY, alpha=0.75)
    ax.plot(x[cross, 0], y[cross], "X", ms=8, color="black")
    limits = ax.get_ylim()
    ends = np.array([x.min(), x.max()])
    for style, (name, (intercept, slope)) in zip(STYLES, lines.items(), strict=False):
        ax.plot(ends, intercept + slope * ends, ls=style, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=limits)
    if lines:
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


def plot_estimates(panels: Mapping[str, Mapping[str, np.ndarray]]) -> np.ndarray:
    """Draw how estimates are spread over replicas: outlines of histograms, one panel each.

    Parameters
    ----------
    panels : dict of str to dict of str to array, shapes (R,)
        For each panel (what is estimated) the replicas of each estimator.
    """
    _, axes = plt.subplots(1, len(panels), figsize=(4.9 * len(panels), 3.3), squeeze=False)
    for ax, (title, estimates) in zip(axes[0], panels.items(), strict=True):
        everything = np.concatenate(list(estimates.values()))
        bins = np.linspace(everything.min(), everything.max(), 44)
        for style, (name, values) in zip(STYLES, estimates.items(), strict=False):
            heights, _ = np.histogram(values, bins, density=True)
            ax.plot((bins[1:] + bins[:-1]) / 2, heights, ls=style, label=name)
        ax.set(xlabel=title, yticks=[])
    axes[0, -1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return axes[0]


# -------- 08


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
            (line,) = ax.plot(steps[keep], percent.mean(axis=1), ls=style, marker=marker, ms=4,
                              label=name)  # fmt: skip
            ax.fill_between(steps[keep], low, high, color=line.get_color(), alpha=0.15, lw=0)
        ax.set(title=title, xscale="log", xlabel="step")
    grid[0, 0].set_ylabel(ylabel)
    grid[0, -1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return grid[0]
