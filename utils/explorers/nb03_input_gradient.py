"""Notebook 03: the numbers of a small network, forward and back, step by step."""

from functools import partial
from typing import Any

from utils import inputs
from utils.explorers.pictures import Picture
from utils.explorers.small_network import (
    Pass,
    backward_panel,
    entries,
    factor,
    forward_panel,
    input_symbol,
    number,
    passed,
    product,
    symbol,
)
from utils.explorers.widget import Explorer, choice, slider
from utils.network import Network

__all__ = ["backward_pass"]

STEPS = ("forward 1", "forward 2", "forward 3", "back 3", "back 2", "back 1")


def backward_pass_picture(step: str, x1: float, x2: float, w: float, net: Network) -> Picture:
    """The numbers up to one step: forward on the left, back on the right."""
    p = passed(with_weight(net, w), x1, x2)
    way, layer = step.split()
    l = int(layer)
    ahead = way == "forward"
    panels = [
        forward_panel(p, known=l if ahead else 3, lit=l if ahead else 0),
        backward_panel(p, 4 if ahead else l, 0 if ahead else l, "← back: the same weights"),
    ]
    return Picture(panels, f"{step}. {sums_in_words(p, ahead, l)}", size=(9.4, 3.3))


def with_weight(net: Network, w: float) -> Network:
    """The same network with another W[3]_11."""
    W3 = net.W[3].copy()
    W3[0, 0] = w
    return Network({2: net.W[2], 3: W3}, net.b, net.activation)


def sums_in_words(p: Pass, ahead: bool, l: int) -> str:
    """The sums of one step with their numbers.

    Examples
    --------
    >>> net = Network({2: [[2.0, -1.0], [-2.0, 3.0]], 3: [[3.0, -2.0]]},
    ...               {2: [[0.0], [-1.0]], 3: [[-0.5]]})
    >>> sums_in_words(passed(net, 0.5, 1.0), False, 2)
    'g²₁ = 0.25·3·0.237 = 0.178; g²₂ = 0.197·(−2)·0.237 = −0.093.'
    """
    if ahead and l == 1:
        x1, x2 = map(number, entries(p.x))
        return f"The input: x₁ = {x1}, x₂ = {x2}. The weight W³₁₁ is {number(p.net.W[3][0, 0])}."
    if ahead:
        return "; ".join(forward_sum(p, l, i) for i in range(len(p.z[l]))) + "."
    if l == 3:
        start = number(p.g[3][0, 0])
        return f"The start: g³₁ = σ′({number(p.z[3][0, 0])}) = a(1 − a) = {start}."
    return "; ".join((step_sum if l == 2 else last_sum)(p, j) for j in (0, 1)) + "."


def forward_sum(p: Pass, l: int, i: int) -> str:
    """z_i and a_i of layer l."""
    a = entries(p.x if l == 2 else p.a[2])
    terms = [product(w, v) for w, v in zip(p.net.W[l][i], a, strict=True)]
    z = number(p.z[l][i, 0])
    return (f"{symbol('z', l, i + 1)} = {' + '.join(terms)} + {factor(p.net.b[l][i, 0])} = {z}, "
            f"{symbol('a', l, i + 1)} = σ({z}) = {number(p.a[l][i, 0])}")  # fmt: skip


def step_sum(p: Pass, j: int) -> str:
    """g_j of layer 2: slope, weight, g of the layer after."""
    terms = product(p.slope[2][j, 0], p.net.W[3][0, j], p.g[3][0, 0])
    return f"{symbol('g', 2, j + 1)} = {terms} = {number(p.g[2][j, 0])}"


def last_sum(p: Pass, j: int) -> str:
    """The derivative with respect to x_j."""
    terms = [product(w, g) for w, g in zip(p.net.W[2][:, j], entries(p.g[2]), strict=True)]
    return f"∂a³/∂{input_symbol(j + 1)} = {' + '.join(terms)} = {number(p.gradient[j, 0])}"


def backward_pass(net: Any) -> Explorer:
    """Step through a small network, forward and back, and move its input or a weight.

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
    >>> explorer = backward_pass(net)
    >>> explorer.function(**{**explorer.start, "step": "back 3"}).words
    'back 3. The start: g³₁ = σ′(−0.462) = a(1 − a) = 0.237.'
    """
    inputs.two_two_one(net)
    return Explorer(
        partial(backward_pass_picture, net=net),
        {
            "step": choice("step", STEPS, start="forward 1"),
            "x1": slider("input x₁", -2, 2, 0.25, start=0.5),
            "x2": slider("input x₂", -2, 2, 0.25, start=1),
            "w": slider("weight W³₁₁", -4, 4, 0.25, start=float(net.W[3][0, 0])),
        },
        stills={"": {"step": "back 1"}},  # a page that doesn't move shows the end
    )
