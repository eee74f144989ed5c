"""Notebook 01: one neuron over the square."""

from functools import partial
from typing import Any

import numpy as np

from utils import inputs
from utils.activations import sigmoid
from utils.data import ten_points
from utils.explorers.parts import (
    DOTTED,
    NOWHERE,
    PLANE,
    SQUARE,
    on_square,
    over_square,
    ringed,
    sigmoid_curve,
    told,
    two_classes,
)
from utils.explorers.pictures import Panel, Picture, arrows, curve
from utils.explorers.widget import Explorer, choice, slider

__all__ = ["neuron"]


STRIP = 2 * np.log(9)  # in z, from a = 0.1 to a = 0.9
REACH = 8  # of the curve on the right; what lies further out stays at its ends


def line_in_square(w: np.ndarray, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Two points of the line wᵀx + b = 0, on either side of the unit square; nan if w is 0.

    Examples
    --------
    >>> x1, x2 = line_in_square(np.array([2.0, 0.0]), -1.0)
    >>> x1, x2
    (array([0.5, 0.5]), array([-1.5,  2.5]))
    """
    square = w @ w
    if square == 0:
        return NOWHERE, NOWHERE
    foot = foot_of_arrow(w, b)
    along = 2 * np.array([-w[1], w[0]]) / np.sqrt(square)
    return foot[0] + np.array([-1, 1]) * along[0], foot[1] + np.array([-1, 1]) * along[1]


def foot_of_arrow(w: np.ndarray, b: float) -> np.ndarray:
    """The point of the line wᵀx + b = 0 that is nearest to the middle of the unit square."""
    middle = np.array([0.5, 0.5])
    return middle - (w @ middle + b) * w / max(w @ w, 1e-30)


def neuron_picture(
    w1: float, w2: float, b: float, factor: float, x: np.ndarray, y: np.ndarray
) -> Picture:
    """What one neuron σ(wᵀx + b) says over the unit square, and where points lie on its sigmoid."""
    w, b = factor * np.array([w1, w2]), factor * b
    length, z = float(np.linalg.norm(w)), w @ x + b
    unit = w / length if length else np.array([np.nan, np.nan])
    wrong = z * np.where(y[0] > 0.5, 1, -1) < 1e-9  # a point on the line, too
    plane = [
        on_square(over_square(sigmoid(w @ SQUARE + b))),
        *(curve(*line_in_square(w, b + side * STRIP / 2), **DOTTED) for side in (-1, 1)),
        curve(*line_in_square(w, b), color="black", lw=1.6),
        arrows(foot_of_arrow(w, b)[:, None], 0.22 * unit[:, None], color="black", width=0.012),
        *two_classes(x, y),
        ringed(*x[:, wrong]),
    ]
    on_curve = np.stack([np.clip(z, -REACH, REACH), sigmoid(np.clip(z, -REACH, REACH))])
    curves = [
        curve([-REACH - 1, REACH + 1], [0.5, 0.5], **DOTTED),
        curve([0, 0], [-0.1, 1.1], **DOTTED),
        sigmoid_curve(REACH + 1),
        *two_classes(on_curve[:, ~wrong], y[:, ~wrong]),
        *two_classes(on_curve[:, wrong], y[:, wrong]),  # over the others
        ringed(*on_curve[:, wrong]),
    ]
    axes = {"xlim": (-REACH - 1, REACH + 1), "ylim": (-0.1, 1.1), "xlabel": "z", "ylabel": "a"}
    first, second, third = (told(v, ".4g") for v in (*w, b))
    times = "" if factor == 1 else f"All times {factor:g}: "
    words = (f"{times}w = ({first}, {second}), b = {third}: {z.size - wrong.sum()} of {z.size} "
             "points are on the right side. ")  # fmt: skip
    if length:
        words += f"The strip where a is between 0.1 and 0.9 is {STRIP / length:.2f} wide."
        corners = w @ np.array([[0, 0, 1, 1], [0, 1, 0, 1]]) + b
        words += " The line is outside the square." if np.ptp(np.sign(corners)) == 0 else ""
    else:
        words += f"Both weights are 0: a = {told(sigmoid(np.array(b)).item(), '.3g')} everywhere."
    return Picture([Panel(plane, PLANE), Panel(curves, axes, width=1.15)], words, size=(8.0, 3.4))


def neuron(x: Any = None, y: Any = None) -> Explorer:
    """Set the weights of one neuron, and see what it says over the unit square.

    Parameters
    ----------
    x, y : arrays, shapes (2, N) and (2, N) or (1, N)
        Labelled points; the ten points if nothing is given.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> neuron().picture.words
    'w = (4, −2), b = 0.5: 4 of 10 points are on the right side. The strip where a is ...'
    """
    if x is None and y is None:
        x, y = ten_points()
    x, y = inputs.points_of_the_plane(x, y)
    return Explorer(
        partial(neuron_picture, x=x.copy(), y=y.copy()),
        {
            "w1": slider("weight w₁", -10, 10, 0.5, start=4),
            "w2": slider("weight w₂", -10, 10, 0.5, start=-2),
            "b": slider("bias b", -10, 10, 0.5, start=0.5),
            "factor": choice("w and b times", [0.25, 0.5, 1, 2, 4, 8], start=1),
        },
        stills={
            "w = (4, −2), b = 0.5": {},
            "w and b doubled": {"factor": 2},
            "b = −1.5 in place of 0.5": {"b": -1.5},
        },
    )
