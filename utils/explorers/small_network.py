"""A network small enough for the hand, 2-2-1, drawn with its numbers: forward, and back.

What the explorers of notebooks 03, 04 and 08 share. The forward drawing has the weights on its
arrows, z and a in its circles and b below them. In the backward one the arrows are turned round,
and the circles hold what the recursion carries.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from utils.explorers.parts import told
from utils.explorers.pictures import Mark, Panel, curve, text
from utils.gradients import backward
from utils.network import Network, forward
from utils.plots.style import BLUE, GREEN, RED

LayerNumbers = dict[int, np.ndarray]
Neuron = tuple[int, int]  # layer and number, from 1
Arrow = tuple[int, int, int]  # W[l]_ij: layer it leads to, neuron there, neuron it comes from

PLACES: dict[Neuron, tuple[float, float]] = {
    (1, 1): (0, 0.55), (1, 2): (0, -0.55), (2, 1): (1.15, 0.55), (2, 2): (1.15, -0.55),
    (3, 1): (2.3, 0),
}  # fmt: skip
ARROWS: list[Arrow] = [(2, 1, 1), (2, 1, 2), (2, 2, 1), (2, 2, 2), (3, 1, 1), (3, 1, 2)]
RADIUS = 0.25
LINE = 0.062  # from the middle of a circle to that of each line in it
AXES = {
    "xlim": (-0.3, 2.62), "ylim": (-1.0, 0.83), "aspect": "equal", "xticks": (), "yticks": (),
    "frame_on": False,
}  # fmt: skip
UNDER_WORDS = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, eq=False)
class Pass:
    """The numbers of one forward and one backward pass at a single point.

    Parameters
    ----------
    net : Network
        2-2-1.
    x : numpy.ndarray, shape (2, 1)
    z, a : dict of int to array, shapes (n_l, 1)
        Of the forward pass.
    slope : dict of int to array, shapes (n_l, 1)
        σ′(z), for l = 2, 3.
    g : dict of int to array, shapes (n_l, 1)
        What the recursion carries, for l = 3, 2.
    gradient : numpy.ndarray, shape (2, 1)
        W[2]ᵀ g[2].
    """

    net: Network
    x: np.ndarray
    z: LayerNumbers
    a: LayerNumbers
    slope: LayerNumbers
    g: LayerNumbers
    gradient: np.ndarray


def passed(
    net: Network, x1: float, x2: float, start: Callable[[Any, Any], np.ndarray] | None = None
) -> Pass:
    """Go forward to the output and back to the input.

    Parameters
    ----------
    net : Network
        2-2-1.
    x1, x2 : float
        The point.
    start : function, optional
        From a[3] and σ′(z[3]) to the start vector; σ′(z[3]) itself if left out.

    Examples
    --------
    >>> net = Network({2: [[2.0, -1.0], [-2.0, 3.0]], 3: [[3.0, -2.0]]},
    ...               {2: [[0.0], [-1.0]], 3: [[-0.5]]})
    >>> passed(net, 0.5, 1.0).gradient.ravel().round(3)
    array([ 0.542, -0.458])
    """
    x = np.array([[x1], [x2]], dtype=float)
    z, a = forward(net, x)
    slope = {l: net.activation[l].derivative(a[l]) for l in (2, 3)}
    g = backward(net, a, slope[3] if start is None else start(a[3], slope[3]))
    return Pass(net, x, z, a, slope, g, net.W[2].T @ g[2])


# -------- numbers and symbols


def number(value: Any) -> str:
    """A number as the drawings show it: as it is if two decimals do, otherwise with three or five.

    Examples
    --------
    >>> number(-0.46212), number(2.0), number(0.25), number(0.0004712)
    ('−0.462', '2', '0.25', '0.00047')
    """
    v = float(value)
    return told(v, "g" if v == round(v, 2) else ".3f" if abs(v) >= 0.01 else ".5f")


def factor(value: Any) -> str:
    """A number as a factor of a product: in brackets if it is negative.

    Examples
    --------
    >>> factor(3.0), factor(-0.5)
    ('3', '(−0.5)')
    """
    words = number(value)
    return f"({words})" if words.startswith("−") else words


def product(*values: Any) -> str:
    """A product, written out.

    Examples
    --------
    >>> product(2.0, -0.5)
    '2·(−0.5)'
    """
    return "·".join(map(factor, values))


def symbol(letter: str, l: int, *indices: int) -> str:
    """A letter with its layer above and its neurons below.

    Examples
    --------
    >>> symbol("a", 2, 1), symbol("W", 3, 1, 2)
    ('a²₁', 'W³₁₂')
    """
    below = "".join(map(str, indices)).translate(SUBSCRIPTS)
    return f"{letter}{str(l).translate(SUPERSCRIPTS)}{below}"


def input_symbol(j: int) -> str:
    """x₁ or x₂.

    Examples
    --------
    >>> input_symbol(2)
    'x₂'
    """
    return f"x{str(j).translate(SUBSCRIPTS)}"


def entries(v: np.ndarray) -> list[float]:
    """A column's entries as a list."""
    return [float(entry) for entry in v[:, 0]]


# -------- the drawings


def forward_panel(p: Pass, known: int, lit: int = 0) -> Panel:
    """The forward pass, with what is known up to a layer.

    Parameters
    ----------
    p : Pass
    known : int
        The last layer whose numbers are shown.
    lit : int
        The layer whose arrows and circles are drawn thick; 0 for none.
    """
    on_arrows = {(l, i, j): number(p.net.W[l][i - 1, j - 1]) for l, i, j in ARROWS}
    inside = {(1, j): f"{input_symbol(j)}\n{number(v)}" for j, v in enumerate(entries(p.x), 1)}
    for l in (2, 3):
        for i, (z, a) in enumerate(zip(entries(p.z[l]), entries(p.a[l]), strict=True), 1):
            inside[l, i] = f"z {number(z)}\na {number(a)}" if l <= known else ""
    below = {(l, i): f"b {number(b)}" for l in (2, 3) for i, b in enumerate(entries(p.net.b[l]), 1)}
    marks = drawing(inside, below, on_arrows, lit, [k for k in ARROWS if k[0] == lit])
    return Panel(marks, {**AXES, "title": "forward →"})


def backward_panel(
    p: Pass,
    known: int,
    lit: int,
    title: str,
    letter: str = "g",
    derivatives: bool = False,
    above: str = "",
    sloped: bool = True,
) -> Panel:
    """The backward pass, with what is known down to a layer.

    Parameters
    ----------
    p : Pass
    known : int
        The last layer whose numbers are shown; 4 for none.
    lit : int
        The layer whose circles are drawn thick; 0 for none.
    title : str
    letter : str
        What the circles of layers 3 and 2 hold.
    derivatives : bool
        On each arrow the derivative with respect to its weight, g_i a_j, where it is known; in the
        circles a beside g, and no gradient with respect to x. Otherwise the weight itself.
    above : str
        Words above the output's circle.
    sloped : bool
        Whether the output's slope takes part, and is shown.

    Notes
    -----
    The factors of the formulas have their colours: W (or a) blue, g orange, σ′ green.
    """
    inside = {(l, i): f"{symbol(letter, l, i)}\n{number(v)}" if l >= known else ""
              for l in (2, 3) for i, v in enumerate(entries(p.g[l]), 1)}  # fmt: skip
    gradient = enumerate(entries(p.gradient), 1)
    inside |= {(1, j): f"∂/∂{input_symbol(j)}\n{number(v)}" if known == 1 else ""
               for j, v in gradient}  # fmt: skip
    below = {(l, i): f"σ′ {number(v)}" if known < 4 and (sloped or l < 3) else ""
             for l in (2, 3) for i, v in enumerate(entries(p.slope[l]), 1)}  # fmt: skip
    inks: dict[Any, Any] = {k: (RED, RED) for k in PLACES if k[0] > 1} | {"below": GREEN}
    if derivatives:
        on_arrows = {(l, i, j): number(v) if l >= known else "" for (l, i, j), v in by_weights(p)}
        inside |= {(1, j): f"{input_symbol(j)}\n{number(v)}" for j, v in enumerate(entries(p.x), 1)}
        for i, a in enumerate(entries(p.a[2]), 1):  # an arrow leads from its g to its a
            first = f"g {number(p.g[2][i - 1, 0])}" if known <= 2 else ""
            inside[2, i] = f"{first}\na {number(a)}"
        inks |= {k: (RED if k[0] == 2 else BLUE, BLUE) for k in PLACES if k[0] < 3}
    else:
        inks["arrows"] = BLUE
        on_arrows = {(l, i, j): number(p.net.W[l][i - 1, j - 1]) for l, i, j in ARROWS}
    # the arrows that lead to layer l are those of W[l + 1]; a derivative stands on its own arrow
    thick = [k for k in ARROWS if k[0] == (lit if derivatives else lit + 1)]
    marks = drawing(inside, below, on_arrows, lit, thick, back=True, inks=inks)
    u, v = PLACES[3, 1]
    marks.append(text(u + 0.3, v + RADIUS + 0.05, above, ha="right", va="bottom", size=9.5))
    return Panel(marks, {**AXES, "title": title})


def by_weights(p: Pass) -> list[tuple[Arrow, float]]:
    """The derivative with respect to each weight, g_i a_j.

    Examples
    --------
    >>> net = Network({2: [[2.0, -1.0], [-2.0, 3.0]], 3: [[3.0, -2.0]]},
    ...               {2: [[0.0], [-1.0]], 3: [[-0.5]]})
    >>> arrow, derivative = by_weights(passed(net, 0.5, 1.0))[-1]
    >>> arrow, round(derivative, 3)
    ((3, 1, 2), 0.173)
    """
    before = {2: p.x, 3: p.a[2]}
    return [((l, i, j), float(p.g[l][i - 1, 0] * before[l][j - 1, 0])) for l, i, j in ARROWS]


def drawing(
    inside: Mapping[Neuron, str],
    below: Mapping[Neuron, str],
    on_arrows: Mapping[Arrow, str],
    lit: int,
    thick: Collection[Arrow],
    back: bool = False,
    inks: Mapping[Any, Any] = MappingProxyType({}),
) -> list[Mark]:
    """Arrows, circles and words; `lit` is the layer with thick circles, `thick` are arrows.

    `inks` has colours: of a neuron's two lines, of what stands "below" circles and on "arrows".
    """
    marks = [
        arrows_between(ARROWS, back, color="#999999", lw=1.2),
        arrows_between(thick if lit else [], back, color="black", lw=2.6, ls="-"),
        circles(PLACES, mec="#777777", mew=1.2),
        circles([k for k in PLACES if k[0] == lit], mec="black", mew=2.8),
    ]
    centred = {"ha": "center", "va": "center"}
    look = {**centred, "size": 10.5, "color": inks.get("arrows", "black"), "bbox": UNDER_WORDS}
    for l, i, j in ARROWS:
        marks.append(text(*on_the_way(l, i, j), on_arrows.get((l, i, j), ""), **look))
    for k, (u, v) in PLACES.items():
        lines = [*inside.get(k, "").split("\n"), ""][:2]
        for line, rise, ink in zip(lines, (LINE, -LINE), inks.get(k, ("black",) * 2), strict=True):
            marks.append(text(u, v + rise, line, color=ink, size=10, **centred))
        marks.append(text(u, v - RADIUS - 0.05, below.get(k, ""), ha="center", va="top", size=9.5,
                          color=inks.get("below", "black")))  # fmt: skip
    return marks


def on_the_way(l: int, i: int, j: int) -> tuple[float, float]:
    """Where a number stands on an arrow: in the middle, or nearer to j where two arrows cross.

    Examples
    --------
    >>> on_the_way(2, 1, 1)
    (0.575, 0.55)
    """
    (u0, v0), (u1, v1) = PLACES[l - 1, j], PLACES[l, i]
    part = 0.36 if l == 2 and i != j else 0.5
    return u0 + part * (u1 - u0), v0 + part * (v1 - v0)


def circles(which: Collection[Neuron], **look: Any) -> Mark:
    """Circles for some of the neurons."""
    places = np.array([PLACES[k] for k in which] or [(np.nan, np.nan)])
    return curve(*places.T, ls="", marker="o", ms=57, mfc="white", **look)


def arrows_between(which: Collection[Arrow], back: bool, **look: Any) -> Mark:
    """Some of the arrows, forward or turned round; all of them one curve with gaps."""
    pieces = []
    for l, i, j in which:
        ends = PLACES[l - 1, j], PLACES[l, i]
        pieces.append(arrow(*(ends[::-1] if back else ends)))
    return curve(*np.concatenate(pieces or [np.full((1, 2), np.nan)]).T, **look)


def arrow(start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
    """An arrow from circle to circle as points (6, 2) of a line, with a gap at its end."""
    p, q = np.array(start), np.array(end)
    along = (q - p) / np.linalg.norm(q - p)
    across = np.array([-along[1], along[0]])
    p, q = p + RADIUS * along, q - (RADIUS + 0.01) * along
    barbs = q - 0.09 * along + 0.04 * across, q - 0.09 * along - 0.04 * across
    return np.array([p, q, barbs[0], q, barbs[1], [np.nan, np.nan]])
