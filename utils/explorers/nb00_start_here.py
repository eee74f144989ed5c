"""Notebook 00: the tangent of the sigmoid."""

import numpy as np

from utils.activations import sigmoid
from utils.explorers.parts import told
from utils.explorers.pictures import Panel, Picture, curve, text
from utils.explorers.widget import Explorer, slider
from utils.plots.style import BLUE, RED

__all__ = ["tangent"]


def tangent_picture(z0: float) -> Picture:
    """The sigmoid and its tangent at z0."""
    z = np.linspace(-6, 6, 241)
    a0 = sigmoid(np.array(z0)).item()
    slope = sigmoid.derivative(np.array(a0)).item()
    marks = [
        curve(z, sigmoid(z), color=BLUE),
        curve(z, a0 + slope * (z - z0), color=RED, ls="--"),
        curve(z0, a0, color=RED, marker="o", ms=8, clip_on=False),
        text(-5.8, 1.04, f"tangent at z₀ = {told(z0, '.2f')}: slope {slope:.3g}", color=RED),
        text(4.6, 0.9, "σ", color=BLUE, size=13),
    ]
    axes = {"xlim": (-6, 6), "ylim": (-0.15, 1.15), "xlabel": "z", "ylabel": "a"}
    words = (
        f"At z₀ = {told(z0, '.2f')} the output is {a0:.3f} and the slope a(1 − a) is {slope:.3g}."
    )
    if slope < 0.01:
        words += " Hardly any slope is left: σ is saturated here."
    return Picture([Panel(marks, axes)], words, size=(6.4, 3.4))


def tangent() -> Explorer:
    """Move a tangent along the sigmoid.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> tangent().picture.words
    'At z₀ = 2.00 the output is 0.881 and the slope a(1 − a) is 0.105.'
    """
    return Explorer(tangent_picture, {"z0": slider("z₀", -6, 6, 0.05, start=2)})
