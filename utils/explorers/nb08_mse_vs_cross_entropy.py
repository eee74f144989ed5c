"""Notebook 08: two losses, two start vectors; the loss of one neuron, and the way down."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from utils import inputs
from utils.activations import sigmoid
from utils.explorers.parts import DOTTED, told
from utils.explorers.pictures import Mark, Panel, Picture, curve, text
from utils.explorers.small_network import backward_panel, number, passed
from utils.explorers.widget import Explorer, choice, slider
from utils.network import Network
from utils.plots.style import BLUE, RED

__all__ = ["loss_of_a_neuron", "two_starts"]


ENOUGH = 0.9
MOST_STEPS = 50_000
LOSSES = {"cross-entropy": ("-", BLUE), "MSE": ("--", RED)}


def descent(z: float, y: int, loss: str, rate: float) -> tuple[np.ndarray, bool]:
    """Train the bias of one neuron until it is right (a > 0.9 for y = 1, a < 0.1 for y = 0).

    Returns
    -------
    z : numpy.ndarray, shape (K + 1,)
        Before the first step, and after each.
    arrived : bool
        False if 50,000 steps are not enough.

    Examples
    --------
    >>> [len(descent(-6.0, 1, loss, 0.5)[0]) - 1 for loss in ("MSE", "cross-entropy")]
    [992, 34]
    """
    sign = 1 if y else -1  # z with label 0 behaves as −z with label 1
    t, goal, squared = sign * z, math.log(ENOUGH / (1 - ENOUGH)), loss == "MSE"
    places = [t]
    while t <= goal and len(places) <= MOST_STEPS:
        missing = 1 / (1 + math.exp(t))  # 1 − a
        t += rate * missing * (missing * (1 - missing) if squared else 1)
        places.append(t)
    return sign * np.array(places), t > goal


def loss_picture(z0: float, loss: str, rate: float, y: str) -> Picture:
    """A cost against z, the pull δ, and how a neuron that starts at z0 gets right."""
    label = int(y)
    z = np.linspace(-10, 10, 321)
    a = sigmoid(z)
    error = np.abs(a - label)
    costs = {"cross-entropy": np.logaddexp(0, -z if label else z), "MSE": 0.5 * error**2}
    pulls = {"cross-entropy": error, "MSE": error * a * (1 - a)}
    way, arrived = descent(z0, label, loss, rate)
    side: dict[str, Any] = {"x": -9.6, "ha": "left", "away": "right"} if label else (
        {"x": 9.6, "ha": "right", "away": "left"})  # fmt: skip
    hump = -math.log(2) if label else math.log(2)  # where a, or 1 − a, is ⅓
    names = [
        text(side["x"] / 2, 6.3, "cross-entropy", color=BLUE, ha=side["ha"]),
        text(side["x"], 0.75, "MSE", color=RED, ha=side["ha"]),
    ]
    most = text(hump, 0.19, "4/27", color=RED, ha=side["away"])
    axes = {"xlim": (-10.6, 10.6), "xlabel": "z"}
    panels = [
        Panel([*with_steps(z, costs, loss, way), *names],
              {**axes, "ylim": (-0.3, 10.3), "title": "cost"}),
        Panel([*with_steps(z, pulls, loss, way), most],
              {**axes, "ylim": (-0.03, 1.05), "title": "pull, the size of δ"}),
        answer_panel(way, label, arrived),
    ]  # fmt: skip
    share = "a > 0.9" if label else "a < 0.1"
    took = f"{counted(len(way) - 1)} until {share}." if arrived else (
        f"{share} is not reached in {MOST_STEPS:,} steps.")  # fmt: skip
    a0 = sigmoid(np.array(z0)).item()
    start = f"z = {told(z0, '.2f')} (a = {a0:.5f}, label {y})"
    pull = np.interp(z0, z, pulls[loss])
    words = f"From {start} with {loss} and η = {rate:g}: first pull {told(pull, '.3g')}; {took}"
    return Picture(panels, words, size=(9.6, 3.2))


def counted(steps: int) -> str:
    """A number of steps, for a sentence.

    Examples
    --------
    >>> counted(1), counted(2216)
    ('1 step', '2,216 steps')
    """
    return f"{steps:,} step{'' if steps == 1 else 's'}"


def with_steps(
    z: np.ndarray, curves: Mapping[str, np.ndarray], loss: str, way: np.ndarray
) -> list[Mark]:
    """Both curves, the chosen one thick, and on it the start and the first forty steps."""
    thick = {name: np.where(name == loss, curves[name], np.nan) for name in LOSSES}
    shown = way[:41]
    heights = np.interp(shown, z, curves[loss])
    return [
        *(curve(z, curves[name], ls=ls, color=c, lw=1.0) for name, (ls, c) in LOSSES.items()),
        *(curve(z, thick[name], ls=ls, color=c, lw=2.8) for name, (ls, c) in LOSSES.items()),
        curve(shown, heights, ls="", marker="o", ms=4, color="black"),
        curve(shown[0], heights[0], marker="D", ms=8, color="black", mec="white"),
    ]


def answer_panel(way: np.ndarray, label: int, arrived: bool) -> Panel:
    """How right the neuron is against the step, until it is right enough."""
    right = sigmoid(way) if label else 1 - sigmoid(way)
    few = np.unique(np.geomspace(1, len(way), 160).astype(int)) - 1
    at = np.maximum(few, 0.7)  # step 0 has no place on a logarithmic axis
    marks = [
        curve([0.6, 1e5], [ENOUGH, ENOUGH], **DOTTED),
        curve(at, right[few], color="black"),
        curve(at[0], right[0], color="black", marker="D", ms=8, mec="white"),
        curve(at[-1], right[-1] if arrived else np.nan, color="black", marker="o", ms=8,
              mec="white"),
        text(8e4, 1.07, counted(len(way) - 1) if arrived else f"not in {MOST_STEPS:,} steps",
             ha="right"),
    ]  # fmt: skip
    axes = {
        "xlim": (0.6, 1e5), "ylim": (-0.03, 1.17), "xscale": "log",
        "xlabel": "step", "title": f"{'a' if label else '1 − a'}, until it is over 0.9",
    }  # fmt: skip
    return Panel(marks, axes)


def loss_of_a_neuron() -> Explorer:
    """Start a neuron that is sure and wrong, choose the loss, and count its steps.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> loss_of_a_neuron().picture.words
    'From z = −6.00 (a = 0.00247, label 1) with cross-entropy and η = 0.5: first pull 0.998; ...'
    """
    return Explorer(
        loss_picture,
        {
            "z0": slider("start z₀", -10, 10, 0.25, start=-6),
            "loss": choice("loss", list(LOSSES), start="cross-entropy"),
            "rate": choice("learning rate η", [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0], start=0.5),
            "y": choice("label y", ["1", "0"], start="1"),
        },
        stills={"cost, cross-entropy chosen": {}, "cost, MSE chosen": {"loss": "MSE"}},
    )


# -------- two start vectors in a small network


def two_starts_picture(b: float, y: str, net: Network) -> Picture:
    """The backward pass of both losses: another start, and then the same steps."""
    net = Network(net.W, {2: net.b[2], 3: np.array([[b]])}, net.activation)
    label = int(y)
    squared = passed(net, 0.5, 1.0, start=lambda a, slope: (a - label) * slope)
    entropy = passed(net, 0.5, 1.0, start=lambda a, slope: a - label)
    a, slope = float(squared.a[3][0, 0]), float(squared.slope[3][0, 0])
    error = f"a − y = {number(a - label)}"
    panels = [
        backward_panel(squared, 1, 3, "MSE: δ³ = (a − y) σ′", letter="δ", above=error),
        backward_panel(entropy, 1, 3, "cross-entropy: δ³ = a − y", letter="δ", above=error,
                       sloped=False),
    ]  # fmt: skip
    ratio = told(1 / slope, ",.0f" if slope < 0.01 else ".3g")
    words = (
        f"a³ = {number(a)}, label {y}: a − y = {number(a - label)}, σ′ = {told(slope, '.3g')}. "
        f"Every number in a circle on the right is 1/σ′ = {ratio} times that on the left."
    )
    return Picture(panels, words, size=(9.4, 3.3))


def two_starts(net: Any) -> Explorer:
    """Start the recursion with two losses, and move the output neuron to where it is sure.

    Parameters
    ----------
    net : Network
        2-2-1, sigmoid; its input is (0.5, 1).

    Returns
    -------
    Explorer

    Raises
    ------
    TypeError, ValueError
        net is no network of that size.

    Examples
    --------
    >>> net = Network({2: [[2.0, -1.0], [-2.0, 3.0]], 3: [[3.0, -2.0]]},
    ...               {2: [[0.0], [-1.0]], 3: [[-0.5]]})
    >>> two_starts(net).picture.words[-70:]
    'number in a circle on the right is 1/σ′ = 4.22 times that on the left.'
    """
    inputs.two_two_one(net)
    return Explorer(
        partial(two_starts_picture, net=net),
        {
            "b": slider("bias b³", -8, 8, 0.25, start=float(net.b[3][0, 0])),
            "y": choice("label y", ["1", "0"], start="1"),
        },
    )
