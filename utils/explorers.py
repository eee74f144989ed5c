"""Figures that answer the hand: a slider moves, and the picture follows.

An explorer has two parts. A *pure function* takes a state, one number or word for each control, and
returns a `Picture`; it can be tested without a browser. A thin layer of widgets calls it: labelled
controls, below them the picture, below that the same in words. So a new explorer is one function
and one line for each control.

Where no kernel runs (GitHub, a printed page) an explorer is a picture: its *stills*, one or more
states side by side.
"""

import base64
import gc
import html
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import ipywidgets as widgets
import numpy as np

from utils.activations import identity, sigmoid
from utils.data import ten_points
from utils.experiments import (
    ARRANGEMENTS,
    ESTIMATORS,
    LAWS,
    SAMPLE_SIZES,
    WIDTHS,
    WRONG,
    class_of_place,
    label_data,
    load_result,
)
from utils.gradients import input_gradient
from utils.inputs import network, numbers, shape_error
from utils.network import Network, forward
from utils.pictures import (
    Mark,
    Panel,
    Picture,
    Stage,
    arrows,
    as_jpeg,
    as_png,
    curve,
    level_line,
    shade,
    side_by_side,
    stairs,
    text,
)
from utils.plots.style import BLUE, CLASSES, GREEN, GREY, PINK, RED, SIGNED, SOFT, STYLES

__all__ = [
    "Explorer",
    "coding_of_labels",
    "gradient_at_a_point",
    "layer_jacobian",
    "loss_of_a_neuron",
    "neuron",
    "sampling_distribution",
    "tangent",
    "training_film",
]

State = Mapping[str, Any]


# -------- the mechanism


KEPT_OPEN = ("function", "controls", "stage", "stills", "image", "readout", "reset", "_link")


class Explorer(widgets.VBox):
    """Controls, the picture that they make, and what it shows in words.

    Parameters
    ----------
    draw : function
        From a state, given by the names of the controls, to a `Picture`. It must look at nothing
        else that may change.
    controls : dict of str to widget
        What can be moved; from `slider` or `choice`.
    stills : dict of str to dict
        Heading and state of each picture that stands in where widgets don't run; what a state
        leaves out is as at the start.
    play : str, optional
        The name of a control that gets a play button; it begins to play when it is pressed.

    Attributes
    ----------
    picture : Picture
        What is shown.

    Examples
    --------
    >>> def draw(slope):
    ...     line = curve([0, 1], [0, slope])
    ...     return Picture([Panel([line], {"ylim": (0, 2)})], f"slope {slope:g}")
    >>> explorer = Explorer(draw, {"slope": slider("slope", 0, 2, 0.5, start=1)})
    >>> explorer.controls["slope"].value = 2
    >>> explorer.picture.words
    'slope 2'
    """

    def __init__(
        self,
        draw: Callable[..., Picture],
        controls: Mapping[str, Any],
        stills: Mapping[str, State] | None = None,
        play: str | None = None,
    ) -> None:
        self.function, self.controls, self.stage = draw, dict(controls), Stage()
        self.stills = {"": {}} if stills is None else stills
        self.start = self.state
        self.picture = draw(**self.state)
        # a fixed width, less in a narrow window; without the margin that every widget has
        wide = {"width": f"{100 * self.picture.size[0]:.0f}px", "max_width": "calc(100% - 4px)"}
        self.image = widgets.Image(format="url", layout={**wide, "object_fit": "contain"})
        self.readout = widgets.HTML(layout={"flex": "1 1 auto", "min_height": self._room()})
        self.reset = widgets.Button(description="reset", layout={"flex": "0 0 6em"})
        self.reset.tooltip = "all controls back to where they were at first"
        self.reset.on_click(self._back)
        below = widgets.HBox([self.readout, self.reset], layout=wide)
        rows = [self._player(play)] if play else []
        for control in self.controls.values():
            control.observe(self._moved, "value")
            rows.append(row_of(control, wide))
        super().__init__([*rows, self.image, below])
        self.layout.max_width = "100%"
        self._show()
        _close_older_ones(self)

    @property
    def state(self) -> dict[str, Any]:
        """The value of each control."""
        return {name: control.value for name, control in self.controls.items()}

    def _room(self) -> str:
        """Height for the words, so that the page below stays where it is when they get longer."""
        states = [{**self.start, **still} for still in self.stills.values()]
        longest = max(len(self.function(**state).words) for state in [self.start, *states])
        in_a_line = 15 * self.picture.size[0]  # characters: 15 in a hundred pixels
        lines = math.ceil(1.15 * longest / in_a_line)
        return f"{1.5 * lines + 0.3:.1f}em"

    def _back(self, button: Any) -> None:
        for name, value in self.start.items():
            self.controls[name].value = value

    def _player(self, name: str) -> Any:
        """A play button for one control; the browser moves the slider, the kernel only draws."""
        control = self.controls[name]
        button = widgets.Play(
            min=control.min, max=control.max, value=control.value, interval=60, show_repeat=False
        )
        button.tooltip = f"play, pause or rewind the control {control.description!r}"
        self._link = widgets.jslink((button, "value"), (control, "value"))
        return button

    def _moved(self, change: Any) -> None:
        self._show()

    def _show(self) -> None:
        self.picture = self.function(**self.state)
        # As a data address: the browser shows it at once, without a moment of nothing in between.
        jpeg = as_jpeg(self.stage.draw(self.picture))
        self.image.value = b"data:image/jpeg;base64," + base64.b64encode(jpeg)
        words = html.escape(self.picture.words)
        # a polite live region: a screen reader says what has changed
        self.readout.value = f'<div role="status" aria-live="polite">{words}</div>'

    def still(self) -> bytes:
        """The picture for pages without a kernel, as a PNG file."""
        pixels = [still_of(self.function(**{**self.start, **s}), h) for h, s in self.stills.items()]
        return as_png(side_by_side(pixels))

    def close(self) -> None:
        """Take it off the page and give back what it holds."""
        for widget in _all_of(self):
            super(Explorer, widget).close() if widget is self else widget.close()
        # IPython's Out keeps self for good, so self must not keep anything else
        for name in set(vars(self)) & set(KEPT_OPEN):
            delattr(self, name)
        self.children, self.picture = (), Picture([], "closed")

    def __repr__(self) -> str:
        state = ", ".join(f"{name} = {value}" for name, value in self.start.items())
        return f"<explorer: {state}>"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        bundle["image/png"] = base64.b64encode(self.still()).decode()
        return bundle


def still_of(picture: Picture, heading: str) -> np.ndarray:
    """Draw a picture on a stage of its own, with a heading over its first panel.

    Examples
    --------
    >>> still_of(Picture([Panel([])], "", size=(2, 1)), "empty").shape
    (100, 200, 4)
    """
    first, *others = picture.panels
    if heading:
        first = replace(first, axes={**first.axes, "title": heading})
    return Stage().draw(replace(picture, panels=[first, *others])).copy()


def _all_of(widget: Any) -> list[Any]:
    """A widget, what is inside it, and the layouts and styles that each of them has made."""
    inside = [w for child in getattr(widget, "children", ()) for w in _all_of(child)]
    own = [getattr(widget, name, None) for name in ("layout", "style", "_link")]
    return [*inside, *(part for part in own if part is not None), widget]


_on_page: dict[str, tuple[str, list[Explorer]]] = {}


def _close_older_ones(explorer: Explorer) -> None:
    """If this cell is run once more, close what it made before; others are left alone."""
    cell, run = _this_run()
    if cell is None:
        return
    before, explorers = _on_page.get(cell, (run, []))
    if before != run:
        for old in explorers:
            old.close()
        if explorers:
            gc.collect()  # figures refer to themselves in rings, so they'd lie about for long
        explorers = []
    _on_page[cell] = (run, [*explorers, explorer])


def _this_run() -> tuple[str | None, str]:
    """The cell that is being run, by its id or else by its text, and the number of the request."""
    if "IPython" not in sys.modules:
        return None, ""
    shell: Any = sys.modules["IPython"].get_ipython()
    request = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = request.get("metadata", {}).get("cellId") or request.get("content", {}).get("code")
    return cell, request.get("header", {}).get("msg_id", "")


LABELS = {"description_width": "8.5em"}


def slider(name: str, low: float, high: float, step: float, start: float) -> Any:
    """A control for a number; arrow keys move it by a step.

    Examples
    --------
    >>> slider("bias b", -6, 6, 0.5, start=1).value
    1.0
    """
    return widgets.FloatSlider(start, min=low, max=high, step=step, description=name, style=LABELS)


def choice(name: str, options: Sequence[Any], start: Any) -> Any:
    """A control for one of several: buttons for words, a slider for numbers.

    No drop-down list: JupyterLab takes the arrow keys away from it.

    Examples
    --------
    >>> choice("loss", ["MSE", "cross-entropy"], start="MSE").options
    ('MSE', 'cross-entropy')
    """
    what = {"options": tuple(options), "value": start, "description": name}
    if isinstance(options[0], str):
        return widgets.ToggleButtons(**what, style={**LABELS, "button_width": "auto"})
    # its own readout could be written over, and would push the slider about
    return widgets.SelectionSlider(**what, style=LABELS, readout=False)


def row_of(control: Any, wide: Mapping[str, str]) -> Any:
    """Lay a control out as wide as the picture; beside a choice of numbers the one chosen."""
    row = control
    if isinstance(control, widgets.SelectionSlider):
        control.layout.flex, control.layout.width = "1 1 auto", "auto"
        chosen = widgets.Label(layout={"width": "4em"})
        widgets.dlink((control, "value"), (chosen, "value"), str)
        row = widgets.HBox([control, chosen])
    elif isinstance(control, widgets.ToggleButtons):
        row.layout.display, row.layout.align_items = "flex", "center"  # the label not above them
    row.layout.width, row.layout.max_width = wide["width"], wide["max_width"]
    return row


# -------- what several of them draw


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


def numbered(places: np.ndarray, which: Sequence[int] = range(1, 11)) -> list[Mark]:
    """The numbers of some of the points (2, N), counted from 1, beside them."""
    look = {"ls": "", "color": "black", "mew": 0.2, "clip_on": False}
    beside = (places + np.array([[0.045], [0.05]])).T
    # Matplotlib makes a word as wide as the marker's size
    sizes = {k: 7.5 if k < 10 else 11 for k in which}
    return [curve(*beside[k - 1], marker=f"${k}$", ms=ms, **look) for k, ms in sizes.items()]


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


# -------- 00


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


# -------- 01


STRIP = 2 * np.log(9)  # in z, from a = 0.1 to a = 0.9


def line_in_square(w: np.ndarray, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Two points of the line wᵀx + b = 0, on either side of the unit square; nan if w is 0.

    Examples
    --------
    >>> x1, x2 = line_in_square(np.array([2.0, 0.0]), -1.0)
    >>> x1, x2
    (array([0.5, 0.5]), array([-1.5,  2.5]))
    """
    square = w @ w
    if square == 0:
        return NOWHERE, NOWHERE
    foot = foot_of_arrow(w, b)
    along = 2 * np.array([-w[1], w[0]]) / np.sqrt(square)
    return foot[0] + np.array([-1, 1]) * along[0], foot[1] + np.array([-1, 1]) * along[1]


def foot_of_arrow(w: np.ndarray, b: float) -> np.ndarray:
    """The point of the line wᵀx + b = 0 that is nearest to the middle of the unit square."""
    middle = np.array([0.5, 0.5])
    return middle - (w @ middle + b) * w / max(w @ w, 1e-30)


def neuron_picture(
    w1: float, w2: float, b: float, factor: float, x: np.ndarray, y: np.ndarray
) -> Picture:
    """What one neuron σ(wᵀx + b) says over the unit square, and where points lie on its sigmoid."""
    w, b = factor * np.array([w1, w2]), factor * b
    length, z = float(np.linalg.norm(w)), w @ x + b
    unit = w / length if length else np.array([np.nan, np.nan])
    wrong = z * np.where(y[0] > 0.5, 1, -1) < 1e-9  # a point on the line, too
    plane = [
        on_square(over_square(sigmoid(w @ SQUARE + b))),
        *(curve(*line_in_square(w, b + side * STRIP / 2), **DOTTED) for side in (-1, 1)),
        curve(*line_in_square(w, b), color="black", lw=1.6),
        arrows(foot_of_arrow(w, b)[:, None], 0.22 * unit[:, None], color="black", width=0.012),
        *two_classes(x, y),
        ringed(*x[:, wrong]),
    ]
    on_curve = np.stack([np.clip(z, -12, 12), sigmoid(np.clip(z, -12, 12))])
    curves = [
        curve([-13, 13], [0.5, 0.5], **DOTTED),
        curve([0, 0], [-0.1, 1.1], **DOTTED),
        sigmoid_curve(13),
        *two_classes(on_curve[:, ~wrong], y[:, ~wrong]),
        *two_classes(on_curve[:, wrong], y[:, wrong]),  # over the others
        ringed(*on_curve[:, wrong]),
    ]
    axes = {"xlim": (-13, 13), "ylim": (-0.1, 1.1), "xlabel": "z", "ylabel": "a"}
    first, second, third = (told(v, ".4g") for v in (*w, b))
    times = "" if factor == 1 else f"All three times {factor:g}: "
    words = (f"{times}w = ({first}, {second}), b = {third}: {z.size - wrong.sum()} of {z.size} "
             "points are on the right side. ")  # fmt: skip
    if length:
        words += f"The strip where a is between 0.1 and 0.9 is {STRIP / length:.2f} wide."
        corners = w @ np.array([[0, 0, 1, 1], [0, 1, 0, 1]]) + b
        words += " The line is outside the square." if np.ptp(np.sign(corners)) == 0 else ""
    else:
        words += f"Both weights are 0: a = {told(sigmoid(np.array(b)).item(), '.3g')} everywhere."
    return Picture([Panel(plane, PLANE), Panel(curves, axes, width=1.15)], words, size=(8.0, 3.4))


def neuron(x: Any = None, y: Any = None) -> Explorer:
    """Set the weights of one neuron, and see what it says over the unit square.

    Parameters
    ----------
    x, y : arrays, shapes (2, N) and (2, N) or (1, N)
        Labelled points; the ten points if nothing is given.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> neuron().picture.words
    'w = (4, −2), b = 0.5: 4 of 10 points are on the right side. The strip where a is ...'
    """
    if (x is None) != (y is None):
        missing, other = ("x", "y") if x is None else ("y", "x")
        raise ValueError(
            f"{missing} is None beside {other}; expected points x and labels y, or neither: write "
            "neuron(x, y)"
        )
    if x is None:
        x, y = ten_points()
    x = numbers("x", x, "(2, N), one column a point")
    y = numbers("y", y, "(2, N) or (1, N), 1 in the first row for the first class")
    if x.ndim != 2 or len(x) != 2:
        raise shape_error("x", x, "(2, N)", "one column a point of the plane")
    if y.ndim != 2 or y.shape[1] != x.shape[1] or len(y) not in (1, 2):
        raise shape_error("y", y, f"(2, {x.shape[1]}) or (1, {x.shape[1]})", "one column a label")
    return Explorer(
        partial(neuron_picture, x=x.copy(), y=y.copy()),
        {
            "w1": slider("weight w₁", -10, 10, 0.5, start=4),
            "w2": slider("weight w₂", -10, 10, 0.5, start=-2),
            "b": slider("bias b", -10, 10, 0.5, start=0.5),
            "factor": choice("all three times", [0.25, 0.5, 1, 2, 4, 8], start=1),
        },
        stills={
            "w = (4, −2), b = 0.5": {},
            "all three doubled": {"factor": 2},
            "b = −1.5": {"b": -1.5},
        },
    )


# -------- 02


def entry(value: float) -> str:
    """An entry of a matrix, with three decimals; ≈ 0 if these are all 0.

    Examples
    --------
    >>> entry(-0.2139), entry(-0.0001)
    ('−0.214', '≈ 0')
    """
    return told(value, ".3f") if abs(value) >= 0.0005 else "≈ 0"


def matrix_panel(
    M: np.ndarray, name: str, limit: float, rows: str = "", fixed: bool = False
) -> Panel:
    """A matrix as colours (blue positive, orange negative) with its entries other than 0."""
    n, m = M.shape
    entries = [
        text(j, i, entry(M[i, j]), ha="center", va="center", size=9.5)
        for i, j in zip(*np.nonzero(M), strict=True)
    ]
    across, down = (-0.5, m - 0.5), (n - 0.5, -0.5)
    paler = 1.3 * limit  # so that the entries can be read
    look = {"cmap": SIGNED, "vmin": -paler, "vmax": paler, "origin": "upper"}
    axes = {
        "xlim": across, "ylim": down, "xticks": (), "aspect": "equal",
        "yticks": range(len(rows)), "yticklabels": list(rows),
        "title": name, "xlabel": f"{n} × {m}",
    }  # fmt: skip
    return Panel([shade(M, extent=(*across, *down), **look), *entries], axes, m, fixed)


def layer_jacobian_picture(x1: float, x2: float, W: np.ndarray) -> Picture:
    """A sigmoid layer with three neurons: where they are, D, W and the layer's Jacobian D W."""
    z = W @ np.array([x1, x2])
    slopes = sigmoid.derivative(sigmoid(z))
    D = np.diag(slopes)
    shown = np.clip(z, -9.8, 9.8)
    neurons = [
        sigmoid_curve(10),
        *(
            curve(zi, sigmoid(zi), marker=marker, ms=9, color="black", mec="white")
            for marker, zi in zip("osX", shown, strict=True)
        ),
    ]
    axes = {
        "xlim": (-10, 10), "ylim": (-0.1, 1.1), "xlabel": "z", "ylabel": "a",
        "title": "neurons ● 1  ■ 2  ✖ 3",
    }  # fmt: skip
    panels = [
        Panel(neurons, axes, width=4.2),
        matrix_panel(D, "D", 0.25, "●■✖"),
        matrix_panel(W, "W", np.abs(W).max(), fixed=True),
        matrix_panel(D @ W, "D W", 0.25 * np.abs(W).max(), "●■✖"),
    ]
    return Picture(panels, layer_in_words(z, slopes), size=(9.4, 2.9))


def layer_in_words(z: np.ndarray, slopes: np.ndarray) -> str:
    """What one reads off the layer: its z, its slopes, who is saturated (slope below 0.01).

    Examples
    --------
    >>> layer_in_words(np.array([9.0, 1.0, 0.0]), np.array([0.001, 0.197, 0.25]))[52:]
    '0.197, 0.250. Saturated, with a row of D W near 0: neuron 1.'
    """
    saturated = [f"neuron {i}" for i, slope in enumerate(slopes, start=1) if slope < 0.01]
    verdict = "No neuron is saturated."
    if saturated:
        verdict = f"Saturated, with a row of D W near 0: {', '.join(saturated)}."
    places = ", ".join(told(v, ".2f") for v in z)
    return f"z = ({places}); on the diagonal of D " + (
        f"{', '.join(f'{v:.3f}' for v in slopes)}. {verdict}"
    )


def layer_jacobian(W: Any) -> Explorer:
    """Move the input of a sigmoid layer, saturate its neurons, and watch D and D W.

    Parameters
    ----------
    W : array_like, shape (3, 2)
        Weights; the biases are 0.

    Returns
    -------
    Explorer

    Raises
    ------
    TypeError, ValueError
        W is not a matrix of that shape.

    Examples
    --------
    >>> layer_jacobian([[2.0, -1.5], [0.4, 0.5], [-1.0, -1.2]]).picture.words[:44]
    'z = (5.50, 0.30, −0.80); on the diagonal of '
    """
    W = numbers("W", W, "(3, 2), three neurons with two inputs").copy()
    if W.shape != (3, 2):
        raise shape_error("W", W, "(3, 2)", "three neurons with two inputs can be drawn here")
    return Explorer(
        partial(layer_jacobian_picture, W=W),
        {
            "x1": slider("input a₁", -8, 8, 0.25, start=2),
            "x2": slider("input a₂", -8, 8, 0.25, start=-1),
        },
    )


# -------- 05


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
    plane = [
        on_square(difference, -1, 1),
        curve(*level_line(TICKS, difference, 0.0), color="black", lw=1.6),
        *two_classes(x, y),
        *numbered(x),
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
    right = int(np.sum((a[4][0] > a[4][1]) == (y[0] > y[1])))
    words = (f"Replica {replica}, after {steps[frame]:,} steps: cost {cost[frame]:.3g}, {right} of "
             "10 points on the right side.")  # fmt: skip
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


# -------- 06


def path_to_boundary(logit: Network, x: np.ndarray, longest: float = 0.02) -> np.ndarray:
    """Follow the gradient of the logit from x (2, 1) to where it is 0: points (2, K).

    Newton's step along the gradient, at most so long at a time, as in notebook 06; it ends after
    120 steps if the boundary isn't reached by then.

    Examples
    --------
    >>> straight = Network({2: [[2.0, 0.0]]}, {2: [[-1.0]]}, identity)
    >>> path_to_boundary(straight, np.array([[0.0], [0.3]]))[:, -1].round(6)
    array([0.5, 0.3])
    """
    places = [x]
    for _ in range(120):
        z = forward(logit, x)[1][logit.L].item()
        g = input_gradient(logit, x)
        square = (g**2).sum()
        if abs(z) < 1e-6 or square < 1e-20:
            break
        step = -z * g / square
        x = x + step * min(1.0, longest / np.linalg.norm(step))
        places.append(x)
    return np.hstack(places)


def gradient_picture(
    x1: float, x2: float, of: str, net: Network, logit: Network, reach: float
) -> Picture:
    """The gradient at a point, the level line through it, and the path to the boundary."""
    x = np.array([[x1], [x2]])
    z = forward(logit, x)[1][net.L].item()
    path = path_to_boundary(logit, x)
    arrived = abs(forward(logit, path[:, -1:])[1][net.L].item()) < 1e-5
    plane = over_square(forward(logit, SQUARE)[1][net.L][0])
    shading = on_square(sigmoid(plane)) if of == "output a" else on_square(plane, -reach, reach)
    one = net if of == "output a" else logit
    g, largest = input_gradient(one, x), np.linalg.norm(input_gradient(one, SQUARE), axis=0).max()
    marks = [
        shading,
        curve(*level_line(TICKS, plane, 0.0), color="black", lw=2.2),
        curve(*level_line(TICKS, plane, z), color="black", lw=1.0, ls="--"),
        arrows(x, 0.3 * g / max(largest, 1e-300), color=RED, width=0.014),
        curve(*path, color=GREEN, lw=2.6, ls=":"),
        curve(x1, x2, marker="o", color=RED, ms=7, mec="white", clip_on=False),
        curve(*(path[:, -1] if arrived else (np.nan, np.nan)), color=GREEN, marker="*", ms=14,
              mec="white", ls=""),
    ]  # fmt: skip
    sizes = [float(np.linalg.norm(input_gradient(n, x))) for n in (net, logit)]
    a = sigmoid(np.array(z)).item()
    words = (f"x = ({x1:.2f}, {x2:.2f}): z = {told(z, '.2f')}, a = {told(a, '.3g')}, a(1 − a) = "
             f"{told(a * (1 - a), '.2g')}, ‖∇ₓz‖ = {told(sizes[1], '.3g')}, ‖∇ₓa‖ = "
             f"{told(sizes[0], '.2g')}. "
             f"The arrow is that of {of}; ")  # fmt: skip
    length = np.sum(np.linalg.norm(np.diff(path, axis=1), axis=0))
    outside = np.any(np.abs(path - 0.5) > 0.5, axis=0)
    where = ", and ends outside the square" if outside[-1] else (
        ", partly outside the square" if outside.any() else "")  # fmt: skip
    words += f"the path to the boundary is {length:.2f} long{where}." if arrived else (
        "the path doesn't reach the boundary.")  # fmt: skip
    return Picture([Panel(marks, PLANE, 1.05), slope_panel(z, reach)], words, size=(8.0, 3.7))


def slope_panel(z: float, reach: float) -> Panel:
    """The sigmoid at the logit z, with its tangent: what the output's gradient is multiplied by."""
    a = sigmoid(np.array(z)).item()
    ticks = np.array([-reach, reach])
    marks = [
        sigmoid_curve(reach),
        curve(ticks, a + a * (1 - a) * (ticks - z), color=RED, lw=1.2, ls="--"),
        curve(z, a, marker="o", color=RED, ms=8, mec="white"),
    ]
    axes = {"xlim": (-reach, reach), "ylim": (-0.1, 1.1), "xlabel": "logit z", "ylabel": "output a"}
    return Panel(marks, axes)


def gradient_at_a_point(net: Network) -> Explorer:
    """Move x over the plane: its gradient, its level line, and the way to the boundary.

    Parameters
    ----------
    net : Network
        Two inputs, one sigmoid output.

    Returns
    -------
    Explorer

    Raises
    ------
    TypeError, ValueError
        No network, one with replicas, or with other inputs or outputs.

    Examples
    --------
    >>> net = Network({2: [[8.0, 0.0]]}, {2: [[-4.0]]})
    >>> gradient_at_a_point(net).picture.words
    'x = (0.30, 0.60): z = −1.60, a = 0.168, a(1 − a) = 0.14, ‖∇ₓz‖ = 8, ‖∇ₓa‖ = 1.1. The ...'
    """
    network(net)
    if net.replicas or (net.sizes[0], net.sizes[-1]) != (2, 1):
        raise ValueError(
            f"net is {net!r}; expected one network with 2 inputs and 1 output: take one of its "
            "replicas, net.replica(0), or train one with these sizes"
        )
    if net.activation[net.L] is not sigmoid:
        raise ValueError(
            f"net ends with {net.activation[net.L].name}; expected a sigmoid output, whose logit "
            "is shown too: make it without output=…"
        )
    net = net.copy()
    logit = Network(net.W, net.b, net.activation, output=identity)
    largest = np.abs(forward(logit, SQUARE)[1][net.L]).max().item()
    reach = math.ceil(max(1.1 * largest, 4))
    return Explorer(
        partial(gradient_picture, net=net, logit=logit, reach=reach),
        {
            "x1": slider("x₁", 0, 1, 0.01, start=0.3),
            "x2": slider("x₂", 0, 1, 0.01, start=0.6),
            "of": choice("gradient of", ["output a", "logit z"], start="output a"),
        },
        stills={"gradient of the output a": {}, "gradient of the logit z": {"of": "logit z"}},
    )


# -------- 07


SIDE = np.linspace(-3, 3, 121)
PLACES = np.stack([v.ravel() for v in np.meshgrid(SIDE, SIDE)])
ALONG = np.linspace(0, 1, 201)
ACROSS = np.stack([6 * ALONG - 3, 0 * ALONG])
WALKS = {
    "sectors": 2 * np.stack([np.cos(2 * np.pi * ALONG), np.sin(2 * np.pi * ALONG)]),
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


# -------- 08


ENOUGH = 0.9
MOST_STEPS = 50_000
LOSSES = {"cross-entropy": ("-", BLUE), "MSE": ("--", RED)}


def descent(z: float, y: int, loss: str, rate: float) -> tuple[np.ndarray, bool]:
    """Train the bias of one neuron until it is right (a > 0.9 for y = 1, a < 0.1 for y = 0).

    Returns
    -------
    z : numpy.ndarray, shape (K + 1,)
        Before the first step, and after each.
    arrived : bool
        False if 50,000 steps are not enough.

    Examples
    --------
    >>> [len(descent(-6.0, 1, loss, 0.5)[0]) - 1 for loss in ("MSE", "cross-entropy")]
    [992, 34]
    """
    sign = 1 if y else -1  # z with label 0 behaves as −z with label 1
    t, goal, squared = sign * z, math.log(ENOUGH / (1 - ENOUGH)), loss == "MSE"
    places = [t]
    while t <= goal and len(places) <= MOST_STEPS:
        missing = 1 / (1 + math.exp(t))  # 1 − a
        t += rate * missing * (missing * (1 - missing) if squared else 1)
        places.append(t)
    return sign * np.array(places), t > goal


def loss_picture(z0: float, loss: str, rate: float, y: str) -> Picture:
    """A cost against z, the pull δ, and how a neuron that starts at z0 gets right."""
    label = int(y)
    z = np.linspace(-10, 10, 321)
    a = sigmoid(z)
    error = np.abs(a - label)
    costs = {"cross-entropy": np.logaddexp(0, -z if label else z), "MSE": 0.5 * error**2}
    pulls = {"cross-entropy": error, "MSE": error * a * (1 - a)}
    way, arrived = descent(z0, label, loss, rate)
    side: dict[str, Any] = {"x": -9.6, "ha": "left", "away": "right"} if label else (
        {"x": 9.6, "ha": "right", "away": "left"})  # fmt: skip
    hump = -math.log(2) if label else math.log(2)  # where a, or 1 − a, is ⅓
    names = [
        text(side["x"] / 2, 6.3, "cross-entropy", color=BLUE, ha=side["ha"]),
        text(side["x"], 0.75, "MSE", color=RED, ha=side["ha"]),
    ]
    most = text(hump, 0.19, "4/27", color=RED, ha=side["away"])
    axes = {"xlim": (-10.6, 10.6), "xlabel": "z"}
    panels = [
        Panel([*with_steps(z, costs, loss, way), *names],
              {**axes, "ylim": (-0.3, 10.3), "title": "cost"}),
        Panel([*with_steps(z, pulls, loss, way), most],
              {**axes, "ylim": (-0.03, 1.05), "title": "pull, the size of δ"}),
        answer_panel(way, label, arrived),
    ]  # fmt: skip
    share = "a > 0.9" if label else "a < 0.1"
    took = f"{counted(len(way) - 1)} until {share}." if arrived else (
        f"{share} is not reached in {MOST_STEPS:,} steps.")  # fmt: skip
    a0 = sigmoid(np.array(z0)).item()
    start = f"z = {told(z0, '.2f')} (a = {a0:.5f}, label {y})"
    pull = np.interp(z0, z, pulls[loss])
    words = f"From {start} with {loss} and η = {rate:g}: first pull {told(pull, '.3g')}; {took}"
    return Picture(panels, words, size=(9.6, 3.2))


def counted(steps: int) -> str:
    """A number of steps, for a sentence.

    Examples
    --------
    >>> counted(1), counted(2216)
    ('1 step', '2,216 steps')
    """
    return f"{steps:,} step{'' if steps == 1 else 's'}"


def with_steps(
    z: np.ndarray, curves: Mapping[str, np.ndarray], loss: str, way: np.ndarray
) -> list[Mark]:
    """Both curves, the chosen one thick, and on it the start and the first forty steps."""
    thick = {name: np.where(name == loss, curves[name], np.nan) for name in LOSSES}
    shown = way[:41]
    heights = np.interp(shown, z, curves[loss])
    return [
        *(curve(z, curves[name], ls=ls, color=c, lw=1.0) for name, (ls, c) in LOSSES.items()),
        *(curve(z, thick[name], ls=ls, color=c, lw=2.8) for name, (ls, c) in LOSSES.items()),
        curve(shown, heights, ls="", marker="o", ms=4, color="black"),
        curve(shown[0], heights[0], marker="D", ms=8, color="black", mec="white"),
    ]


def answer_panel(way: np.ndarray, label: int, arrived: bool) -> Panel:
    """How right the neuron is against the step, until it is right enough."""
    right = sigmoid(way) if label else 1 - sigmoid(way)
    few = np.unique(np.geomspace(1, len(way), 160).astype(int)) - 1
    at = np.maximum(few, 0.7)  # step 0 has no place on a logarithmic axis
    marks = [
        curve([0.6, 1e5], [ENOUGH, ENOUGH], **DOTTED),
        curve(at, right[few], color="black"),
        curve(at[0], right[0], color="black", marker="D", ms=8, mec="white"),
        curve(at[-1], right[-1] if arrived else np.nan, color="black", marker="o", ms=8,
              mec="white"),
        text(8e4, 1.07, counted(len(way) - 1) if arrived else f"not in {MOST_STEPS:,} steps",
             ha="right"),
    ]  # fmt: skip
    axes = {
        "xlim": (0.6, 1e5), "ylim": (-0.03, 1.17), "xscale": "log",
        "xlabel": "step", "title": f"{'a' if label else '1 − a'}, until it is over 0.9",
    }  # fmt: skip
    return Panel(marks, axes)


def loss_of_a_neuron() -> Explorer:
    """Start a neuron that is sure and wrong, choose the loss, and count its steps.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> loss_of_a_neuron().picture.words
    'From z = −6.00 (a = 0.00247, label 1) with cross-entropy and η = 0.5: first pull 0.998; ...'
    """
    return Explorer(
        loss_picture,
        {
            "z0": slider("start z₀", -10, 10, 0.25, start=-6),
            "loss": choice("loss", list(LOSSES), start="cross-entropy"),
            "rate": choice("learning rate η", [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0], start=0.5),
            "y": choice("label y", ["1", "0"], start="1"),
        },
        stills={"cost, cross-entropy chosen": {}, "cost, MSE chosen": {"loss": "MSE"}},
    )


# -------- 09


OF_ESTIMATOR = dict(zip(ESTIMATORS, zip("osX^", STYLES, (BLUE, RED, GREEN, PINK)), strict=True))


def spread_of(estimates: np.ndarray) -> Any:
    """Interquartile range over 1.349, of the last axis: the standard deviation, if it is normal.

    Examples
    --------
    >>> round(float(spread_of(np.arange(101.0))), 1)
    37.1
    """
    low, high = np.quantile(estimates.astype(float), [0.25, 0.75], axis=-1)
    return (high - low) / 1.349


def sampling_picture(
    law: str, estimator: str, n: int, estimates: Mapping[str, np.ndarray]
) -> Picture:
    """Histogram of 2,000 estimates of a level, and the spread of all estimators against n."""
    which = SAMPLE_SIZES.index(n)
    values = estimates[f"{law}, {estimator}"][which].astype(float)
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    spreads = {name: spread_of(estimates[f"{law}, {name}"]) for name in ESTIMATORS}
    spread = spreads[estimator][which]
    words = (f"{law} noise, {estimator} of {n} values: half of the 2,000 estimates lie between "
             f"{told(low, '.3f')} and {told(high, '.3f')}; middle {told(middle, '.3f')}, spread "
             f"{spread:.3f}.")  # fmt: skip
    fewer = None
    if n // 4 in SAMPLE_SIZES:
        quarter = SAMPLE_SIZES.index(n // 4)
        fewer = estimates[f"{law}, {estimator}"][quarter].astype(float)
        ratio = spreads[estimator][quarter] / spread
        words += f" With n = {n // 4} the spread is {ratio:.2f} times as large."
    panels = [histogram_panel(values, fewer), spread_panel(spreads, n, spread)]
    return Picture(panels, words, size=(9.0, 3.6))


def outline(values: np.ndarray, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Heights (80,) and edges (81,) of a histogram; where no value is, the height is nan.

    Parameters
    ----------
    values : numpy.ndarray, shape (N,)
    spread : float
        Standard deviation of a normal law, whose density is drawn with height 1.

    Examples
    --------
    >>> heights, edges = outline(np.linspace(-1, 1, 1001), 1.0)
    >>> round(float(heights[40]), 2)
    1.26
    """
    edges = np.median(values) + spread_of(values) * np.linspace(-10, 10, 81)
    density = np.histogram(values, edges)[0] / values.size / np.diff(edges)
    return np.where(density > 0, density * spread * np.sqrt(2 * np.pi), np.nan), edges


def histogram_panel(values: np.ndarray, fewer: np.ndarray | None) -> Panel:
    """Estimates as a histogram, with the normal law of the same middle and spread (height 1).

    In grey on the same scale, if they are given, the estimates from fewer values.
    """
    middle, spread = np.median(values), spread_of(values)
    heights, edges = outline(values, spread)
    grey = (np.full(80, np.nan), edges) if fewer is None else outline(fewer, spread)
    normal = np.linspace(-4, 4, 161)
    beyond = np.mean(np.abs(values) > 2)
    marks = [
        curve([0, 0], [0, 1.35], **DOTTED),
        stairs(np.nan_to_num(heights), edges, color=BLUE, fill=True, alpha=0.35),
        stairs(heights, edges, color=BLUE, lw=1.4),
        stairs(*grey, color=GREY, lw=1.0),
        curve(middle + spread * normal, np.exp(-(normal**2) / 2), color=RED, ls="--", lw=1.4),
        text(-1.95, 1.24, f"{beyond:.1%} beyond ±2" if beyond else "", color=GREY, size=9),
    ]
    axes = {"xlim": (-2, 2), "ylim": (0, 1.35), "yticks": (), "xlabel": "estimate"}
    return Panel(marks, axes)


def spread_panel(spreads: Mapping[str, np.ndarray], n: int, spread: float) -> Panel:
    """Spread against n for all estimators, with a ring around the one that is shown."""
    last = np.log([values[-1] for values in spreads.values()])
    ends = np.exp(spread_out(last.tolist(), 0.32))
    marks = [
        *(
            curve(SAMPLE_SIZES, spreads[name], ls=ls, marker=marker, ms=5, color=colour)
            for name, (marker, ls, colour) in OF_ESTIMATOR.items()
        ),
        *(
            text(500, end, name, color=OF_ESTIMATOR[name][2], va="center", size=9.5)
            for name, end in zip(spreads, ends, strict=True)
        ),
        curve(n, spread, marker="o", ms=14, mfc="none", mec="black", mew=1.6, ls=""),
    ]
    axes = {
        "xscale": "log", "yscale": "log", "xlim": (8, 1600), "ylim": (0.025, 4), "xlabel": "n",
        "xticks": SAMPLE_SIZES, "xticklabels": SAMPLE_SIZES, "ylabel": "spread (IQR/1.349)",
    }  # fmt: skip
    return Panel(marks, axes)


def sampling_distribution() -> Explorer:
    """Choose the law of the noise, an estimator and n: 2,000 estimates of a level.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> sampling_distribution().picture.words[:34]
    'normal noise, mean of 100 values: '
    """
    return Explorer(
        partial(sampling_picture, estimates=load_result("sampling_distributions")),
        {
            "law": choice("law of the noise", list(LAWS), start="normal"),
            "estimator": choice("estimator", list(ESTIMATORS), start="mean"),
            "n": choice("sample size n", SAMPLE_SIZES, start=100),
        },
        stills={
            "normal noise, mean": {},
            "Cauchy noise, mean": {"law": "Cauchy"},
            "Cauchy noise, median": {"law": "Cauchy", "estimator": "median"},
        },
    )
