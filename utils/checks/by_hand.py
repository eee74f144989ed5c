"""Numbers from paper and a pocket calculator, compared with a small network's, one by one."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from utils import inputs
from utils.gradients import backward
from utils.network import Network, forward

__all__ = ["by_hand"]

WITHIN = 0.002  # of numbers that are rounded to three decimals on the way
NEARLY = 0.02
SUBSCRIPTS = "₁₂"
Columns = dict[str, tuple[np.ndarray, dict[str, np.ndarray]]]


def by_hand(net: Any, x: Any, yours: Mapping[str, Any]) -> None:
    """Say of each number whether it is right; where a known slip leads to it, which one.

    Parameters
    ----------
    net : Network
        2-2-1, sigmoid.
    x : array_like, shape (2, 1)
        The point.
    yours : dict of str to float
        By name: "z²₁", "a²₁", …, "g³₁", "g²₁", …, "∂a³/∂x₁", "∂a³/∂x₂". What still is `...` is left
        in peace.

    Raises
    ------
    TypeError, ValueError
        net is no network of that size, a name is unknown, a number is none.

    Examples
    --------
    >>> net = Network({2: [[2.0, -1.0], [-2.0, 3.0]], 3: [[3.0, -2.0]]},
    ...               {2: [[0.0], [-1.0]], 3: [[-0.5]]})
    >>> by_hand(net, [[0.5], [1.0]], {"g³₁": 0.237, "g²₁": 0.711, "g²₂": ...})
    g³₁       0.237  ✓
    g²₁       0.711  not right: this is before the slope at the neuron itself, σ′(z²) = a²(1 − a²)
    g²₂              still empty
    """
    inputs.two_two_one(net)
    known = {
        f"{name}{SUBSCRIPTS[i]}": (right[i, 0], {says: v[i, 0] for says, v in slips.items()})
        for name, (right, slips) in columns(net, inputs.points(net, x)).items()
        for i in range(len(right))
    }
    for name, value in yours.items():
        inputs.choice("the name of a number", name, known)
        if value is ...:
            print(f"{name:16} still empty")
        else:
            number = float(inputs.numbers(name, value, "a number such as 0.178"))
            print(f"{name:8}{number:7.4g}  {verdict(number, *known[name])}".replace("-", "−"))


def columns(net: Network, x: np.ndarray) -> Columns:
    """Every column of both passes: what is right, and where slips lead to."""
    z, a = forward(net, x)
    slope = {l: a[l] * (1 - a[l]) for l in (2, 3)}
    g = backward(net, a, slope[3])
    (W2, W3), (b2, b3) = ((v[2], v[3]) for v in (net.W, net.b))
    back = W3.T @ g[3]
    return {
        "z²": (z[2], {"b² is left out": W2 @ x,
                      "neuron i takes row i of W², this is column i": W2.T @ x + b2}),
        "a²": (a[2], {"this is z² itself, before σ": z[2], "this is the slope, σ′(z²)": slope[2]}),
        "z³": (z[3], {"b³ is left out": W3 @ a[2],
                      "W³ is multiplied by a², and this is with z²": W3 @ z[2] + b3}),
        "a³": (a[3], {"this is z³ itself, before σ": z[3], "this is the slope, σ′(z³)": slope[3]}),
        "g³": (g[3], {"this is a³; the slope is a³(1 − a³)": a[3],
                      "this is z³(1 − z³); the slope is a³(1 − a³)": z[3] * (1 - z[3])}),
        "g²": (g[2], {"this is before the slope at the neuron itself, σ′(z²) = a²(1 − a²)": back,
                      "the slope is a²(1 − a²), and this is with a²": a[2] * back,
                      "this is without g³": slope[2] * W3.T}),
        "∂a³/∂x": (W2.T @ g[2], {
            "both arrows that leave x_k count, column k of W²; this is row k": W2 @ g[2],
            "x has not been through σ, so it has no slope": x * (1 - x) * (W2.T @ g[2]),
            "this is with a² in the place of g²": W2.T @ a[2]}),
    }  # fmt: skip


def verdict(yours: float, right: float, slips: Mapping[str, float]) -> str:
    """What is said of one number.

    Examples
    --------
    >>> verdict(0.18, 0.1778, {}), verdict(0.3, 0.2, {"this is twice too often": 0.4})
    ('nearly: keep three decimals on the way', 'not right yet')
    """
    if abs(yours - right) <= WITHIN:
        return "✓"
    for says, wrong in slips.items():
        if abs(yours - wrong) <= WITHIN:
            return f"not right: {says}"
    near = abs(yours - right) <= NEARLY
    return "nearly: keep three decimals on the way" if near else "not right yet"
