"""Notebook 05: the film of a training."""

from collections.abc import Mapping
from functools import partial

import ipywidgets as widgets
import numpy as np

from utils.data import ten_points
from utils.experiments import load_result
from utils.explorers.parts import (
    PLANE,
    SQUARE,
    TICKS,
    numbered,
    on_square,
    over_square,
    ringed,
    two_classes,
)
from utils.explorers.pictures import Panel, Picture, curve, level_line
from utils.explorers.widget import LABELS, Explorer, choice
from utils.network import Network, forward
from utils.plots.style import BLUE

__all__ = ["training_film"]


LAYERS = (2, 3, 4)


def film_picture(frame: int, replica: str, film: Mapping[str, np.ndarray]) -> Picture:
    """One moment of a training: the cost so far, the decisions, and what layer 2 sees."""
    x, y = ten_points()
    (r,) = np.flatnonzero(film["replicas"] == int(replica.split()[0]))
    steps, cost = film["milestones"], film["cost"][:, r]
    W, b = ({l: film[f"{name}{l}"][frame, r].astype(float) for l in LAYERS} for name in "Wb")
    net = Network(W, b)
    answer = forward(net, SQUARE)[1][4]
    difference = over_square(answer[0] - answer[1])
    a = forward(net, x)[1]
    wrong = (a[4][0] > a[4][1]) != (y[0] > y[1])
    plane = [
        on_square(difference, -1, 1),
        curve(*level_line(TICKS, difference, 0.0), color="black", lw=1.6),
        *two_classes(x, y),
        ringed(*x[:, wrong]),
        *numbered(x, halo=True),
    ]
    hidden = {
        **PLANE, "xlim": (-0.05, 1.1), "ylim": (-0.05, 1.1),
        "title": "what layer 2 makes of them", "xlabel": "$a^{[2]}_1$", "ylabel": "$a^{[2]}_2$",
    }  # fmt: skip
    panels = [
        cost_panel(steps, cost, frame),
        Panel(plane, {**PLANE, "title": "decisions"}),
        Panel([*two_classes(a[2], y)[::-1], *numbered(a[2], (4, 5))], hidden),
    ]
    words = (f"Replica {replica}, after {steps[frame]:,} steps: cost {cost[frame]:.3g}, "
             f"{10 - wrong.sum()} of 10 points on the right side.")  # fmt: skip
    return Picture(panels, words, size=(9.6, 3.4))


def cost_panel(steps: np.ndarray, cost: np.ndarray, frame: int) -> Panel:
    """The cost of one replica: all of it in grey, until this moment in blue."""
    shown = np.maximum(steps, 700)  # step 0 has no place on a logarithmic axis
    past = np.where(np.arange(steps.size) <= frame, cost, np.nan)
    marks = [
        curve(shown, cost, color="#BBBBBB", lw=1.0),
        curve(shown, past, color=BLUE),
        curve(shown[frame], cost[frame], marker="o", color=BLUE, ms=8, mec="white"),
    ]
    axes = {
        "xscale": "log", "yscale": "log", "xlim": (600, 1.2e6), "ylim": (2e-4, 9),
        "yticks": (0.001, 0.01, 0.1, 1, 5), "yticklabels": ("0.001", "0.01", "0.1", "1", "5"),
        "xlabel": "step", "ylabel": "Σ ‖y − a‖²", "title": "cost",
    }  # fmt: skip
    return Panel(marks, axes, width=1.1)


def training_film() -> Explorer:
    """Play back four trainings of the paper's network: cost, decisions, hidden coordinates.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> training_film().picture.words
    'Replica 0, after 0 steps: cost 5.19, 5 of 10 points on the right side.'
    """
    film = load_result("paper_film")
    last = film["milestones"].size - 1
    names = [f"{r}" if r < 90 else f"{r} (the worst)" for r in film["replicas"]]
    look = {"style": LABELS, "readout": False}
    return Explorer(
        partial(film_picture, film=film),
        {
            "frame": widgets.IntSlider(0, min=0, max=last, description="time", **look),
            "replica": choice("replica", names, start=names[0]),
        },
        stills={"cost, before": {}, "cost, after": {"frame": last}},
        play="frame",
    )
