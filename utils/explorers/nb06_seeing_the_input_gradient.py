"""Notebook 06: a point that is moved over the plane, its gradient, its way to the boundary."""

import math
from functools import partial

import numpy as np

from utils import inputs
from utils.activations import identity, sigmoid
from utils.explorers.parts import PLANE, SQUARE, TICKS, on_square, over_square, sigmoid_curve, told
from utils.explorers.pictures import Panel, Picture, arrows, curve, level_line
from utils.explorers.widget import Explorer, choice, slider
from utils.gradients import input_gradient
from utils.network import Network, forward
from utils.plots.style import GREEN, RED

__all__ = ["gradient_at_a_point"]


def path_to_boundary(logit: Network, x: np.ndarray, longest: float = 0.02) -> np.ndarray:
    """Follow the gradient of the logit from x (2, 1) to where it is 0: points (2, K).

    Newton's step along the gradient, at most so long at a time, as in notebook 06; it ends after
    120 steps if the boundary isn't reached by then.

    Examples
    --------
    >>> straight = Network({2: [[2.0, 0.0]]}, {2: [[-1.0]]}, identity)
    >>> path_to_boundary(straight, np.array([[0.0], [0.3]]))[:, -1].round(6)
    array([0.5, 0.3])
    """
    places = [x]
    for _ in range(120):
        z = forward(logit, x)[1][logit.L].item()
        g = input_gradient(logit, x)
        square = (g**2).sum()
        if abs(z) < 1e-6 or square < 1e-20:
            break
        step = -z * g / square
        x = x + step * min(1.0, longest / np.linalg.norm(step))
        places.append(x)
    return np.hstack(places)


def gradient_picture(
    x1: float, x2: float, of: str, net: Network, logit: Network, reach: float
) -> Picture:
    """The gradient at a point, the level line through it, and the path to the boundary."""
    x = np.array([[x1], [x2]])
    z = forward(logit, x)[1][net.L].item()
    path = path_to_boundary(logit, x)
    arrived = abs(forward(logit, path[:, -1:])[1][net.L].item()) < 1e-5
    plane = over_square(forward(logit, SQUARE)[1][net.L][0])
    shading = on_square(sigmoid(plane)) if of == "output a" else on_square(plane, -reach, reach)
    one = net if of == "output a" else logit
    g, largest = input_gradient(one, x), np.linalg.norm(input_gradient(one, SQUARE), axis=0).max()
    marks = [
        shading,
        curve(*level_line(TICKS, plane, 0.0), color="black", lw=2.2),
        curve(*level_line(TICKS, plane, z), color="black", lw=1.0, ls="--"),
        arrows(x, 0.3 * g / max(largest, 1e-300), color=RED, width=0.014),
        curve(*path, color=GREEN, lw=2.6, ls=":"),
        curve(x1, x2, marker="o", color=RED, ms=7, mec="white", clip_on=False),
        curve(*(path[:, -1] if arrived else (np.nan, np.nan)), color=GREEN, marker="*", ms=14,
              mec="white", ls=""),
    ]  # fmt: skip
    sizes = [float(np.linalg.norm(input_gradient(n, x))) for n in (net, logit)]
    a = sigmoid(np.array(z)).item()
    words = (f"x = ({x1:.2f}, {x2:.2f}): z = {told(z, '.2f')}, a = {told(a, '.3g')}, a(1 − a) = "
             f"{told(a * (1 - a), '.2g')}, ‖∇ₓz‖ = {told(sizes[1], '.3g')}, ‖∇ₓa‖ = "
             f"{told(sizes[0], '.2g')}. "
             f"The arrow is that of {of}; ")  # fmt: skip
    length = np.sum(np.linalg.norm(np.diff(path, axis=1), axis=0))
    outside = np.any(np.abs(path - 0.5) > 0.5, axis=0)
    where = ", and ends outside the square" if outside[-1] else (
        ", partly outside the square" if outside.any() else "")  # fmt: skip
    words += f"the path to the boundary is {length:.2f} long{where}." if arrived else (
        "the path doesn't reach the boundary.")  # fmt: skip
    return Picture([Panel(marks, PLANE, 1.05), slope_panel(z, reach)], words, size=(8.0, 3.7))


def slope_panel(z: float, reach: float) -> Panel:
    """The sigmoid at the logit z, with its tangent: what the output's gradient is multiplied by."""
    a = sigmoid(np.array(z)).item()
    ticks = np.array([-reach, reach])
    marks = [
        sigmoid_curve(reach),
        curve(ticks, a + a * (1 - a) * (ticks - z), color=RED, lw=1.2, ls="--"),
        curve(z, a, marker="o", color=RED, ms=8, mec="white"),
    ]
    axes = {"xlim": (-reach, reach), "ylim": (-0.1, 1.1), "xlabel": "logit z", "ylabel": "output a"}
    return Panel(marks, axes)


def gradient_at_a_point(net: Network) -> Explorer:
    """Move x over the plane: its gradient, its level line, and the way to the boundary.

    Parameters
    ----------
    net : Network
        Two inputs, one sigmoid output.

    Returns
    -------
    Explorer

    Raises
    ------
    TypeError, ValueError
        No network, one with replicas, or with other inputs or outputs.

    Examples
    --------
    >>> net = Network({2: [[8.0, 0.0]]}, {2: [[-4.0]]})
    >>> gradient_at_a_point(net).picture.words
    'x = (0.34, 0.60): z = −1.28, a = 0.218, a(1 − a) = 0.17, ‖∇ₓz‖ = 8, ‖∇ₓa‖ = 1.4. The ...'
    """
    inputs.one_sigmoid_of_two_inputs(net)
    net = net.copy()
    logit = Network(net.W, net.b, net.activation, output=identity)
    largest = np.abs(forward(logit, SQUARE)[1][net.L]).max().item()
    reach = math.ceil(max(1.1 * largest, 4))
    return Explorer(
        partial(gradient_picture, net=net, logit=logit, reach=reach),
        {
            "x1": slider("x₁", 0, 1, 0.01, start=0.34),
            "x2": slider("x₂", 0, 1, 0.01, start=0.6),
            "of": choice("gradient of", ["output a", "logit z"], start="output a"),
        },
        stills={
            "near the boundary, output a": {},
            "farther away, logit z": {"x1": 0.28, "of": "logit z"},
        },
    )
