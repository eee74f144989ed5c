"""Notebook 10: one point moves, and six lines follow."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from utils.explorers.parts import spread_out, told
from utils.explorers.pictures import Panel, Picture, curve, text
from utils.explorers.widget import Explorer, slider
from utils.plots.style import BLUE, GREEN, GREY, ORANGE, PINK, RED, SKY, STYLES
from utils.regression import Fit, huber, lad, lts, mm, ols, tukey

__all__ = ["six_lines"]

ESTIMATORS: dict[str, Callable[[Any, Any], Fit]] = {
    "least squares": ols, "LAD": lad, "Huber": huber, "Tukey": tukey, "MM": mm, "LTS": lts,
}  # fmt: skip
COLOURS = (BLUE, RED, GREEN, PINK, ORANGE, SKY)  # as the cycle of the static figures
LOOKS = dict(zip(ESTIMATORS, zip(STYLES, COLOURS, strict=True), strict=True))
RIGHT, TOP, BOTTOM = 20.0, 14.0, -6.0


@cache
def ten_points() -> tuple[np.ndarray, np.ndarray]:
    """Ten points near the line 1 + ½x: x (10, 1) from 0 to 4.5, and y (10,).

    Examples
    --------
    >>> x, y = ten_points()
    >>> x.shape, float(x.max()), bool(np.abs(y - 1 - x[:, 0] / 2).max() < 1)
    ((10, 1), 4.5, True)
    """
    x = np.linspace(0, 4.5, 10)[:, None]
    y = 1 + x[:, 0] / 2 + 0.4 * np.random.default_rng(1).normal(size=10)
    return x, y


def six_lines_picture(px: float, py: float) -> Picture:
    """Ten points, an eleventh at (px, py), and what six estimators make of them."""
    x10, y10 = ten_points()
    x, y = np.vstack([x10, [[px]]]), np.append(y10, py)
    fits = {name: fit(x, y) for name, fit in ESTIMATORS.items()}
    ends = np.array([-1.0, RIGHT + 0.5])
    lines = {name: f.coefficients[0] + f.coefficients[1] * ends for name, f in fits.items()}
    shown = [min(max(v[1], BOTTOM), TOP) for v in lines.values()]
    labels = spread_out(shown, 1.1)
    labels = [height - max(0.0, max(labels) - TOP) for height in labels]  # none above the axes
    marks = [
        *(curve(ends, v, ls=LOOKS[name][0], color=LOOKS[name][1]) for name, v in lines.items()),
        curve(x10[:, 0], y10, ls="", marker="o", ms=5, color=GREY),
        curve(px, py, ls="", marker="X", ms=11, color="black", mec="white", zorder=5),
        *(
            text(RIGHT + 0.9, height, f"{name} {told(fits[name].coefficients[1], '.2f')}",
                 color=LOOKS[name][1], va="center", size=9.5, clip_on=False)
            for name, height in zip(lines, labels, strict=True)
        ),
    ]  # fmt: skip
    axes = {"xlim": (-1, RIGHT + 0.5), "ylim": (BOTTOM, TOP), "xlabel": "x", "ylabel": "y",
            "title": "six lines, with their slopes"}  # fmt: skip
    room = Panel([], {"frame_on": False, "xticks": (), "yticks": ()}, width=0.24)
    return Picture([Panel(marks, axes), room], in_words(px, py, fits), size=(8.6, 4.4))


def in_words(px: float, py: float, fits: dict[str, Fit]) -> str:
    """The slopes, and who has dropped the moved point (weight below 0.1)."""
    slopes = ", ".join(f"{n} {told(f.coefficients[1], '.2f')}" for n, f in fits.items())
    weighing = ("Huber", "Tukey", "MM", "LTS")
    dropped = [name for name in weighing if fits[name].weights[-1] < 0.1]
    who = f"Weight below 0.1 from: {', '.join(dropped)}." if dropped else "Nobody has dropped it."
    return f"The point at ({told(px, '.1f')}, {told(py, '.1f')}). Slopes: {slopes}. {who}"


def six_lines() -> Explorer:
    """Move one point of eleven, and watch the lines of six estimators.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = six_lines()
    >>> explorer.picture.words[-22:]
    'Nobody has dropped it.'
    """
    return Explorer(
        six_lines_picture,
        {
            "px": slider("the point's x", 0, 20, 0.25, start=2.5),
            "py": slider("its y", -6, 14, 0.5, start=2.5),
        },
        stills={
            "up, in the middle": {"py": 10},
            "out, and down": {"px": 20, "py": -4},
        },
    )
