"""Notebook 07: what networks answer that learned from other codings."""

from collections.abc import Mapping
from functools import lru_cache, partial

import numpy as np

from utils.activations import identity
from utils.experiments import ARRANGEMENTS, WIDTHS, WRONG, class_of_place, label_data, load_result
from utils.explorers.parts import DOTTED, spread_out
from utils.explorers.pictures import Panel, Picture, curve, level_line, shade, text
from utils.explorers.widget import Explorer, choice
from utils.network import Network, forward
from utils.plots.style import BLUE, CLASSES, GREEN, GREY, RED

__all__ = ["coding_of_labels"]


SIDE = np.linspace(-3, 3, 121)
PLACES = np.stack([v.ravel() for v in np.meshgrid(SIDE, SIDE)])
ALONG = np.linspace(0, 1, 201)
ACROSS = np.stack([6 * ALONG - 3, 0 * ALONG])
WALKS = {
    # so flat across the border of 0 and 2 that what lies between them is seen
    "sectors": np.stack([6 * ALONG - 3, 0.4 - 1.6 * ALONG]),
    "stripes": ACROSS,
    "relabelled": ACROSS,
    "rings": np.stack([3 * ALONG, 3 * ALONG]),
}
INSIDE = {  # a place (2,) in each true class, for its number
    "sectors": [(-0.65, -1.13), (1.3, 0.0), (-0.65, 1.13)],
    "stripes": [(-2.0, 2.5), (0.0, 2.5), (2.0, 2.5)],
    "relabelled": [(-2.0, 2.5), (2.0, 2.5), (0.0, 2.5)],
    "rings": [(-0.6, 0.6), (-1.67, 1.67), (-2.6, 2.6)],
}
OF_CLASS = {0: ("o", "-", BLUE), 1: ("s", "--", RED), 2: ("^", "-.", GREEN)}
IN_CLASSES = {"cmap": CLASSES, "vmin": 0, "vmax": 2}


def answered(a: np.ndarray) -> np.ndarray:
    """The class that outputs (1, N) or (3, N) stand for: the nearest label, or the largest output.

    Examples
    --------
    >>> answered(np.array([[-0.7, 1.2, 2.9]])), answered(np.array([[0.1], [0.7], [0.3]]))
    (array([0, 1, 2]), array([1]))
    """
    return a.argmax(axis=0) if len(a) == 3 else np.clip(np.rint(a[0]), 0, 2).astype(int)


@lru_cache
def true_borders(arrangement: str) -> tuple[np.ndarray, np.ndarray]:
    """Where one true class ends and another begins: a line for `curve`."""
    ticks = np.linspace(-3, 3, 401)
    truth = class_of_place(arrangement, np.stack([v.ravel() for v in np.meshgrid(ticks, ticks)]))
    each = [np.reshape(truth == k, (401, 401)).astype(float) for k in (0, 2)]
    x, y = zip(*(level_line(ticks, inside, 0.5) for inside in each), strict=True)
    return np.concatenate(x), np.concatenate(y)


def aimed_at(truth: np.ndarray, coding: str, wrong: float) -> np.ndarray:
    """What the squared error aims at, E[y | x], if a share of the labels is wrong.

    Half of the wrong labels are each of the two other classes, so it is (1 − q) c + q (3 − c)/2
    for the scalar code; for one-hot 1 − q in the row of the true class and q/2 in the others.

    Parameters
    ----------
    truth : numpy.ndarray of int, shape (N,)
    coding : {'scalar', 'one-hot'}
    wrong : float
        The share q, from 0 to 1.

    Returns
    -------
    numpy.ndarray, shape (1, N) or (3, N)

    Examples
    --------
    >>> aimed_at(np.array([0, 1]), "scalar", 0.2), aimed_at(np.array([1]), "one-hot", 0.2).T
    (array([[0.3, 1. ]]), array([[0.1, 0.8, 0.1]]))
    """
    if coding == "scalar":
        return ((1 - wrong) * truth + wrong * (3 - truth) / 2)[None]
    return np.where(truth == np.arange(3)[:, None], 1 - wrong, wrong / 2)


def in_pieces(steps: np.ndarray) -> np.ndarray:
    """A line (K,) with a gap wherever it jumps.

    Examples
    --------
    >>> in_pieces(np.array([1.0, 1.0, 2.0, 2.0]))
    array([ 1.,  1., nan,  2.])
    """
    return np.where(np.diff(steps, prepend=steps[0]) == 0, steps, np.nan)


def coding_picture(
    arrangement: str,
    width: int,
    wrong: int,
    coding: str,
    nets: Mapping[str, np.ndarray],
    points: tuple[np.ndarray, np.ndarray],
) -> Picture:
    """What a network answers that was trained on one coding of the labels."""
    i, j = ARRANGEMENTS.index(arrangement), WRONG.index(wrong)
    W, b = ({l: nets[f"{name}{l}, {coding}, {width}"][i, j].astype(float) for l in (2, 3)}
            for name in "Wb")  # fmt: skip
    net = Network(W, b, output=identity)
    answers, truth = answered(forward(net, PLACES)[1][3]), class_of_place(arrangement, PLACES)
    x, labels = (part[..., :300] for part in points)
    walk = WALKS[arrangement]
    marks = [
        shade(answers.reshape(SIDE.size, -1), extent=(-3, 3, -3, 3), **IN_CLASSES),
        *(
            curve(*x[:, labels[i, j] == k], ls="", marker=m, ms=4.5, color=c, mec="white", mew=0.4)
            for k, (m, _, c) in OF_CLASS.items()
        ),
        curve(*true_borders(arrangement), color="black", lw=0.9),
        *(
            curve(*place, ls="", marker=f"${k}$", ms=10, color="black")
            for k, place in enumerate(INSIDE[arrangement])
        ),
        curve(*walk, color="black", lw=1.4, ls="--"),
        curve(*walk[:, 0], color="black", marker="D", ms=7, mec="white", clip_on=False),
    ]
    axes = {
        "xlim": (-3, 3), "ylim": (-3, 3), "aspect": "equal", "xlabel": "$x_1$", "ylabel": "$x_2$",
        "title": "answers, and labels ● 0  ■ 1  ▲ 2",
    }  # fmt: skip
    share = [[round(100 * np.mean(answers[truth == k] == m)) for m in range(3)] for k in range(3)]
    words = (f"{arrangement}, {coding} labels, {width} hidden neurons, {wrong} % of the labels "
             f"wrong: {100 * np.mean(answers != truth):.0f} % of the square is answered wrongly. "
             f"Class 0: {share[0][0]} % right, {share[0][1]} % called 1; class 1: {share[1][1]} % "
             f"right; class 2: {share[2][2]} % right, {share[2][1]} % called 1.")  # fmt: skip
    on_walk = class_of_place(arrangement, walk)
    aim = aimed_at(on_walk, coding, wrong / 100)
    outputs = outputs_panel(forward(net, walk)[1][3], on_walk, aim)
    return Picture([Panel(marks, axes), outputs], words, size=(8.6, 4.0))


def outputs_panel(outputs: np.ndarray, truth: np.ndarray, aim: np.ndarray) -> Panel:
    """Outputs and aims (1, K) or (3, K) along a walk; below them the truth and the answer."""
    nothing = np.full(ALONG.size, np.nan)
    one_hot = len(outputs) == 3
    scalar, each = (nothing, outputs) if one_hot else (outputs[0], 3 * [nothing])
    aims = aim if one_hot else [aim[0], nothing, nothing]
    thin = {"lw": 0.9, "color": GREY}
    ends = spread_out([line[-1] for line in each], 0.2) if one_hot else 3 * [0.0]
    marks = [
        shade(np.stack([answered(outputs), truth]), extent=(0, 1, -1.25, -0.65), **IN_CLASSES),
        *(curve([0, 1], 2 * [np.nan if one_hot else h], **DOTTED) for h in (0.5, 1.5)),
        *(curve(ALONG, in_pieces(line), **thin) for line in aims),
        curve(ALONG, scalar, color="black"),
        *(curve(ALONG, each[k], ls=ls, color=c) for k, (_, ls, c) in OF_CLASS.items()),
        *(
            text(1.02, ends[k], str(k) if one_hot else "", color=c, va="center")
            for k, (_, _, c) in OF_CLASS.items()
        ),
    ]
    axes = {
        "xlim": (0, 1.07), "ylim": (-1.25, 2.6), "title": "outputs",
        "yticks": (-1.1, -0.8, 0, 1, 2), "yticklabels": ("answer", "truth", "0", "1", "2"),
        "xlabel": "along the dashed walk",
    }  # fmt: skip
    return Panel(marks, axes, width=1.15)


def coding_of_labels() -> Explorer:
    """Choose an arrangement of three classes, a coding, a width, and how many labels are wrong.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> coding_of_labels().picture.words[:50]
    'sectors, scalar labels, 8 hidden neurons, 0 % of t'
    """
    return Explorer(
        partial(coding_picture, nets=load_result("label_codings"), points=label_data(2000, 7)),
        {
            "arrangement": choice("arrangement", ARRANGEMENTS, start="sectors"),
            "width": choice("hidden neurons", WIDTHS, start=8),
            "wrong": choice("wrong labels, %", WRONG, start=0),
            "coding": choice("labels", ["scalar", "one-hot"], start="scalar"),
        },
        stills={
            "scalar labels: ● 0  ■ 1  ▲ 2": {},
            "one-hot labels: ● 0  ■ 1  ▲ 2": {"coding": "one-hot"},
        },
    )
