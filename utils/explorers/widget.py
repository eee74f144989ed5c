"""The mechanism: a slider moves, a function of the state gives a picture, and the image follows.

`Explorer` takes a pure function, one control for each of its arguments, and what stands on a page
without a kernel: its *stills*, one or more states side by side.
"""

import base64
import gc
import html
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
import numpy as np

from utils.explorers.pictures import (
    Picture,
    Stage,
    as_jpeg,
    as_png,
    side_by_side,
)

State = Mapping[str, Any]
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
    >>> from utils.explorers.pictures import Panel, curve
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
    >>> from utils.explorers.pictures import Panel
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
