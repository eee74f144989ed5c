"""The figures of notebook 06: fields of gradients, walks along them, and pictures of digits."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from utils.activations import identity
from utils.gradients import input_gradient
from utils.network import Network, forward
from utils.plots.style import GREEN, GREY, SIGNED, SOFT, draw_output, plane_grid

__all__ = [
    "boundary_points",
    "plot_gradient_fields",
    "plot_pictures",
    "plot_walks",
    "walk_to_boundary",
]


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


def walk_to_boundary(
    net: Network, x: np.ndarray, longest: float = 0.05, steps: int = 40
) -> np.ndarray:
    """Walk along the logit's gradient to where it is 0, each point for itself.

    Each step is Newton's along the gradient: where the linear approximation of the logit is 0, but
    at most so far.

    Parameters
    ----------
    net : Network
        With one output; its activation is taken off.
    x : numpy.ndarray, shape (n_1, N)
        Where the walks begin.
    longest : float
        The longest step.
    steps : int

    Returns
    -------
    numpy.ndarray, shape (steps + 1, n_1, N)
        The places, the first and the last among them.

    Examples
    --------
    >>> net = Network({2: [[2.0, 0.0]]}, {2: [[-1.0]]})
    >>> walk_to_boundary(net, np.array([[0.0], [0.3]]), steps=12)[-1].ravel().round(6)
    array([0.5, 0.3])
    """
    logit = Network(net.W, net.b, net.activation, output=identity)
    places = [x]
    for _ in range(steps):
        z, g = forward(logit, x)[1][net.L], input_gradient(logit, x)
        step = -z * g / (g**2).sum(axis=0)
        length = np.linalg.norm(step, axis=0)
        x = x + step * np.minimum(1.0, longest / np.maximum(length, 1e-12))
        places.append(x)
    return np.array(places)


def plot_walks(net: Network, walks: Sequence[np.ndarray]) -> Axes:
    """Draw walks over the shaded unit square; each is an array (2, K), from a square to a star.

    Thin lines are level lines of the logit, those through the first points among them.
    """
    _, ax = plt.subplots(figsize=(5.6, 5.3))
    draw_output(net, ax)
    logit = Network(net.W, net.b, net.activation, output=identity)
    side, plane = plane_grid()
    z = forward(logit, plane)[1][net.L][0].reshape(len(side), -1)
    starts = np.array([walk[:, 0] for walk in walks]).T
    levels = np.unique(forward(logit, starts)[1][net.L])
    ax.contour(side, side, z, levels=levels, colors=GREY, linewidths=0.8, linestyles="solid")
    for walk in walks:
        ax.plot(*walk, "-", color="black", lw=1.4, marker=".", ms=5)
        ax.plot(*walk[:, 0], "s", color="white", ms=8, mec="black", mew=1.6)
        ax.plot(*walk[:, -1], "*", color=GREEN, ms=14, mec="white")
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


def boundary_points(net: Network, n: int = 201) -> np.ndarray:
    """Where the logit is 0 on the lines of an n × n grid over the unit square.

    Between two neighbours with different signs it is 0 somewhere, and linear interpolation tells
    where. (To take the grid's own points for the boundary would be much coarser.)

    Parameters
    ----------
    net : Network
        Two inputs, one output; its activation is taken off.
    n : int
        Lines of the grid in each direction.

    Returns
    -------
    numpy.ndarray, shape (2, K)

    Examples
    --------
    >>> net = Network({2: [[3.0, 0.0]]}, {2: [[-1.0]]})
    >>> boundary_points(net, 11).round(6)[:, :2]
    array([[0.333333, 0.333333],
           [0.      , 0.1     ]])
    """
    logit = Network(net.W, net.b, net.activation, output=identity)
    side, plane = plane_grid(n)
    z = forward(logit, plane)[1][net.L].reshape(1, len(side), -1)
    place = plane.reshape(2, len(side), -1)
    found = []
    for here, there in ((np.s_[:, :, :-1], np.s_[:, :, 1:]), (np.s_[:, :-1], np.s_[:, 1:])):
        change = (z[here] < 0) != (z[there] < 0)
        share = z[here][change] / (z[here] - z[there])[change]  # of the way from here to there
        start, end = place[here][:, change[0]], place[there][:, change[0]]
        found.append(start + share * (end - start))
    return np.hstack(found)
