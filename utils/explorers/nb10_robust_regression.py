"""Notebook 10: one point moves, and six lines follow."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from utils.explorers.parts import spread_out, told
from utils.explorers.pictures import Mark, Panel, Picture, curve, text
from utils.explorers.widget import Explorer, slider
from utils.plots.style import GREY, looks_of
from utils.regression import Fit, huber, lad, lts, mm, ols, tukey

__all__ = ["six_lines"]

ESTIMATORS: dict[str, Callable[[Any, Any], Fit]] = {
    "least squares": ols, "LAD": lad, "Huber": huber, "Tukey": tukey, "MM": mm, "LTS": lts,
}  # fmt: skip
LOOKS = looks_of(ESTIMATORS)
RIGHT, TOP, BOTTOM = 20.0, 14.0, -6.0
NEAR, HIGH = (-0.3, 4.8), (0.0, 5.0)  # what is enlarged on the left


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
    right = [float(f.coefficients @ [1, RIGHT + 0.5]) for f in fits.values()]
    labels = spread_out([min(max(v, BOTTOM), TOP) for v in right], 1.1)
    labels = [height - max(0.0, max(labels) - TOP) for height in labels]  # none above the axes
    points = [
        curve(x10[:, 0], y10, ls="", marker="o", ms=5, color=GREY),
        curve(px, py, ls="", marker="X", ms=11, color="black", mec="white"),
    ]
    near = [*lines_of(fits, NEAR, 0.25, 0.75), *points]
    marks = [
        *lines_of(fits, (-1.0, RIGHT + 0.5), 6.0, 1.1, 7.2),
        curve([*NEAR, *NEAR[::-1], NEAR[0]], np.repeat(HIGH, 2)[[0, 1, 2, 3, 0]], color=GREY, lw=1),
        *points,
        *(
            text(RIGHT + 1.9, height, f"{name} {told(fits[name].coefficients[1], '.2f')}",
                 color=LOOKS[name]["color"], va="center", size=9.5, clip_on=False)
            for name, height in zip(fits, labels, strict=True)
        ),
        *(
            curve(RIGHT + 1.3, height, ls="", clip_on=False, **sign_of(name))
            for name, height in zip(fits, labels, strict=True)
        ),
    ]  # fmt: skip
    enlarged = {"xlim": NEAR, "ylim": HIGH, "xlabel": "x", "ylabel": "y",
                "title": "the frame, enlarged"}  # fmt: skip
    axes = {"xlim": (-1, RIGHT + 0.5), "ylim": (BOTTOM, TOP), "xlabel": "x",
            "xticks": (0, 5, 10, 15, 20), "title": "six lines, with their slopes"}  # fmt: skip
    room = Panel([], {"frame_on": False, "xticks": (), "yticks": ()}, width=0.36)
    panels = [Panel(near, enlarged, width=0.75), Panel(marks, axes), room]
    return Picture(panels, in_words(px, py, fits), size=(9.8, 4.2))


def lines_of(
    fits: dict[str, Fit], ends: tuple[float, float], start: float, step: float, again: float = 0.0
) -> list[Mark]:
    """Each line from end to end, and its marker where no other line has one (once, or again)."""
    lines, signs = [], []
    for k, name in enumerate(sorted(LOOKS, key=lambda name: LOOKS[name]["zorder"])):
        intercept, slope = fits[name].coefficients
        places, own = np.array(ends), np.array([start + k * step, start + k * step + again])
        look = {key: LOOKS[name][key] for key in ("color", "ls", "lw")}
        lines.append(curve(places, intercept + slope * places, **look))
        signs.append(curve(own, intercept + slope * own, ls="", **sign_of(name)))
    return lines + signs


def sign_of(name: str) -> dict[str, Any]:
    """The marker of an estimator, as `curve` takes it."""
    return {key: LOOKS[name][key] for key in ("color", "marker", "ms", "mec", "mew")}


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
