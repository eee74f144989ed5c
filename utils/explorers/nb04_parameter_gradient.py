"""Notebook 04: the same numbers, read the other way: every weight has its derivative."""

from functools import partial
from typing import Any

from utils import inputs
from utils.explorers.nb03_input_gradient import sums_in_words, with_weight
from utils.explorers.pictures import Picture
from utils.explorers.small_network import (
    Pass,
    backward_panel,
    by_weights,
    forward_panel,
    number,
    passed,
    product,
    symbol,
)
from utils.explorers.widget import Explorer, choice, slider
from utils.network import Network

__all__ = ["weight_derivatives"]

STEPS = ("forward 1", "forward 2", "forward 3", "back 3", "back 2")


def weight_derivatives_picture(step: str, x1: float, x2: float, w: float, net: Network) -> Picture:
    """The numbers up to one step; on an arrow turned round stands g_i a_j, in the circles g."""
    p = passed(with_weight(net, w), x1, x2)
    way, layer = step.split()
    l = int(layer)
    ahead = way == "forward"
    panels = [
        forward_panel(p, known=l if ahead else 3, lit=l if ahead else 0),
        backward_panel(p, 4 if ahead else l, 0 if ahead else l,
                       "← back: on each arrow ∂a³/∂w = g·a", derivatives=True),
    ]  # fmt: skip
    words = sums_in_words(p, ahead, l) if ahead else derivatives_in_words(p, l)
    return Picture(panels, f"{step}. {words}", size=(9.4, 3.3))


def derivatives_in_words(p: Pass, l: int) -> str:
    """The derivatives with respect to the weights and biases of one layer.

    Examples
    --------
    >>> net = Network({2: [[2.0, -1.0], [-2.0, 3.0]], 3: [[3.0, -2.0]]},
    ...               {2: [[0.0], [-1.0]], 3: [[-0.5]]})
    >>> derivatives_in_words(passed(net, 0.5, 1.0), 3)
    '∂a³/∂W³₁₁ = 0.237·0.5 = 0.119; ∂a³/∂W³₁₂ = 0.237·0.731 = 0.173; ∂a³/∂b³₁ = g³₁ = 0.237.'
    """
    before = p.x if l == 2 else p.a[2]
    told = [
        f"∂a³/∂{symbol('W', l, i, j)} = {product(p.g[l][i - 1, 0], before[j - 1, 0])} = {number(v)}"
        for (layer, i, j), v in by_weights(p)
        if layer == l
    ]
    told += [
        f"∂a³/∂{symbol('b', l, i)} = {symbol('g', l, i)} = {number(g)}"
        for i, g in enumerate(p.g[l][:, 0], 1)
    ]
    return "; ".join(told) + "."


def weight_derivatives(net: Any) -> Explorer:
    """Step through a small network; on each arrow the derivative with respect to its weight.

    Parameters
    ----------
    net : Network
        2-2-1, sigmoid.

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
    >>> weight_derivatives(net).picture.words[:42]
    'back 2. ∂a³/∂W²₁₁ = 0.178·0.5 = 0.089; ∂a³'
    """
    inputs.two_two_one(net)
    return Explorer(
        partial(weight_derivatives_picture, net=net),
        {
            "step": choice("step", STEPS, start="back 2"),
            "x1": slider("input x₁", -2, 2, 0.25, start=0.5),
            "x2": slider("input x₂", -2, 2, 0.25, start=1),
            "w": slider("weight W³₁₁", -4, 4, 0.25, start=float(net.W[3][0, 0])),
        },
    )
