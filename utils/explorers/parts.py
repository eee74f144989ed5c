"""What several explorers draw, and say: the square and its points, numbers in words."""

from collections.abc import Sequence

import numpy as np

from utils.activations import sigmoid
from utils.explorers.pictures import Mark, curve, shade
from utils.plots.style import BLUE, GREY, RED, SOFT

PLANE = {
    "xlim": (0, 1), "ylim": (0, 1), "aspect": "equal", "xlabel": "$x_1$", "ylabel": "$x_2$",
    "xticks": (0, 0.5, 1), "yticks": (0, 0.5, 1),
}  # fmt: skip
TICKS = np.linspace(0, 1, 81)
SQUARE = np.stack([v.ravel() for v in np.meshgrid(TICKS, TICKS)])
DOTTED = {"color": GREY, "lw": 1.0, "ls": ":"}
NOWHERE = np.array([np.nan])


def over_square(values: np.ndarray) -> np.ndarray:
    """Values (81²,) at the points of SQUARE as a matrix with a row for each x₂.

    Examples
    --------
    >>> bool(np.all(over_square(SQUARE[1])[3] == TICKS[3]))
    True
    """
    return values.reshape(TICKS.size, TICKS.size)


def on_square(values: np.ndarray, low: float = 0.0, high: float = 1.0) -> Mark:
    """Shade the unit square: blue where the values (81, 81) are high, orange where they are low."""
    look = {"cmap": SOFT, "vmin": low, "vmax": high, "interpolation": "bilinear"}
    return shade(values, extent=(0, 1, 0, 1), **look)


def two_classes(places: np.ndarray, y: np.ndarray) -> list[Mark]:
    """Points (2, N): discs for the first class, where y[0] is 1, crosses for the second."""
    first = y[0] > 0.5
    look = {"ls": "", "ms": 9, "mec": "white", "mew": 0.8}
    return [
        curve(*places[:, first], marker="o", color=BLUE, **look),
        curve(*places[:, ~first], marker="X", color=RED, **look),
    ]


def ringed(x: np.ndarray, y: np.ndarray) -> Mark:
    """A ring around each point: these are on the wrong side."""
    return curve(x, y, ls="", marker="o", ms=15, mfc="none", mec="black", mew=1.3)


def numbered(
    places: np.ndarray, which: Sequence[int] = range(1, 11), halo: bool = False
) -> list[Mark]:
    """The numbers of some of the points (2, N), counted from 1, beside them.

    With a halo, a white edge, they can be read on a line, too.
    """
    beside = (places + np.array([[0.045], [0.05]])).T
    # Matplotlib makes a word as wide as the marker's size
    sizes = {k: 7.5 if k < 10 else 11 for k in which}
    looks = [{"color": "white", "mew": 3.5}] if halo else []
    looks.append({"color": "black", "mew": 0.2})
    return [
        curve(*beside[k - 1], marker=f"${k}$", ms=ms, ls="", clip_on=False, **look)
        for look in looks
        for k, ms in sizes.items()
    ]


def sigmoid_curve(reach: float) -> Mark:
    """The sigmoid from −reach to reach, thin and black."""
    z = np.linspace(-reach, reach, 241)
    return curve(z, sigmoid(z), color="black", lw=1.2)


def told(value: float, form: str) -> str:
    """A number for a sentence: with a real minus sign, and never −0.

    Examples
    --------
    >>> told(-2.0, ".2f"), told(-0.0001, ".3f")
    ('−2.00', '0.000')
    """
    text = format(value, form)
    return (text if text.strip("-0.") else text.lstrip("-")).replace("-", "−")


def spread_out(heights: Sequence[float], least: float) -> list[float]:
    """Move heights apart, as little as possible, until none are nearer than `least`: for labels.

    Examples
    --------
    >>> spread_out([0.0, 1.0, 0.1], 0.5)
    [-0.2, 1.0, 0.3]
    """
    order = np.argsort(heights)
    groups: list[list[float]] = []  # heights less their place in the pile: these must not fall
    for place, i in enumerate(order):
        groups.append([heights[i] - least * place])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    level = [float(np.mean(group)) for group in groups for _ in group]
    placed = {i: round(level[place] + least * place, 6) for place, i in enumerate(order)}
    return [placed[i] for i in range(len(heights))]
