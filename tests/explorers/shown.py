"""What the tests of explorers share: one of each, its states, and what is seen on a stage.

Tests share stages that are long in use, which saves time; that these draw exactly what a new one
does is a test of its own.
"""

import base64
import doctest
import functools
import html
import inspect
import io
import itertools
import re
import sys
import warnings
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from matplotlib.colors import same_color
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver
from matplotlib.text import Text
from PIL import Image

from utils import explorers
from utils.explorers import Explorer
from utils.explorers.pictures import Stage, frame_of
from utils.network import Network, init_network
from utils.plots import BLUE, RED

ROOT = Path(__file__).parents[2]


WEIGHTS = np.array([[2.0, -1.5], [0.4, 0.5], [-1.0, -1.2]])


def curved():
    """A network whose boundary goes through the square."""
    net = init_network([2, 4, 1], np.random.default_rng(6), "paper")
    return Network({2: 14 * net.W[2], 3: 10 * net.W[3]}, {2: 14 * net.b[2], 3: 6 * net.b[3]})


GIVEN = {"layer_jacobian": [WEIGHTS], "gradient_at_a_point": [curved()]}


def as_in_its_example(function):
    """The explorer that the example in a function's docstring makes."""
    found = []

    def kept(*arguments):
        found.append(function(*arguments))
        return found[-1]

    space = {**vars(sys.modules[function.__module__]), function.__name__: kept}
    for example in doctest.DocTestParser().get_examples(function.__doc__ or ""):
        exec(example.source, space)
    assert found, f"{function.__module__}: the docstring of {function.__name__} needs an example"
    return found[-1]


def maker_of(name):
    """A function without arguments that makes an explorer: as its example does, if it needs any."""
    function = getattr(explorers, name)
    needs = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    if needs and name not in GIVEN:
        return functools.partial(as_in_its_example, function)
    return functools.partial(function, *GIVEN.get(name, []))


def makes_an_explorer(thing):
    return inspect.isfunction(thing) and inspect.signature(thing).return_annotation is Explorer


MAKERS = {
    name: maker_of(name)
    for name in explorers.__all__
    if makes_an_explorer(getattr(explorers, name))
}


@functools.cache
def made(name):
    """An explorer whose controls no test moves."""
    return MAKERS[name]()


@functools.cache
def lent(name):
    """An explorer that tests move, and that each of them finds at its start."""
    return MAKERS[name]()


def settings_of(control):
    """Everything it can be moved to, in order."""
    if hasattr(control, "options"):
        return list(control.options)
    count = round((control.max - control.min) / control.step)
    return [min(control.min + k * control.step, control.max) for k in range(count + 1)]


def is_words(control):
    return isinstance(settings_of(control)[0], str)


def corners(name):
    """All combinations of every word and the lowest, middle and highest number of each control."""
    few = {}
    for key, control in made(name).controls.items():
        every = settings_of(control)
        few[key] = every if is_words(control) else [every[0], every[len(every) // 2], every[-1]]
    return [dict(zip(few, values)) for values in itertools.product(*few.values())]


def states(name):
    """Any state that a hand can reach."""
    controls = made(name).controls
    return st.fixed_dictionaries(
        {key: st.sampled_from(settings_of(control)) for key, control in controls.items()}
    )


def words_in(name, state):
    return tuple(v for key, v in state.items() if is_words(made(name).controls[key]))


MINUS_NOTHING = re.compile(r"−0(\.0*)?(?![.\d])")


STAGES = []


def staged(picture):
    """A stage that shows this picture; one that is in use, if there is one with the same frame."""
    frame = frame_of(picture)
    stage = next((stage for stage in STAGES if stage.frame == frame), None)
    if stage is None:
        STAGES.append(stage := Stage())
    stage.draw(picture)
    return stage


def seen_on(stage):
    return np.array(stage.canvas.buffer_rgba())


def checked(name, state):
    """Draw a state; nothing may go wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.filterwarnings("error", category=UserWarning, module=r"utils\.")  # Matplotlib's
        picture = made(name).function(**state)
        staged(picture)
    assert picture.words, state
    assert not re.search(r"nan|inf\b|None|e[+]", picture.words), picture.words
    assert not MINUS_NOTHING.search(picture.words), picture.words
    assert picture.size == made(name).picture.size
    return picture


class Shown:
    """The artists of each panel after a move to a state."""

    def __init__(self, name, **state):
        explorer = made(name)
        picture = explorer.function(**{**explorer.start, **state})
        stage = staged(picture)
        self.words, self.pixels, self.axes = picture.words, seen_on(stage), stage.figure.axes
        self.artists = [[a for ax, a in stage.artists if ax is own] for own in self.axes]
        for ax, artists in zip(self.axes, self.artists):
            if not artists:  # a panel that is fixed
                artists += [*ax.images, *ax.lines, *ax.texts]

    def lines(self, panel, **look):
        """Its curves with this colour, linestyle, marker, …"""
        found = [a for a in self.artists[panel] if isinstance(a, Line2D)]
        for key, value in look.items():
            same = same_color if "color" in key else (lambda u, v: u == v)
            found = [line for line in found if same(getattr(line, f"get_{key}")(), value)]
        return found

    def line(self, panel, **look):
        """The data (2, K) of the one such curve."""
        (found,) = self.lines(panel, **look)
        return np.array(found.get_data(), float)

    def only(self, panel, kind):
        (found,) = (a for a in self.artists[panel] if isinstance(a, kind))
        return found

    def values(self, panel):
        """The matrix that is shown in colours."""
        return np.array(self.only(panel, AxesImage).get_array())

    def texts(self, panel):
        """{words: place}"""
        texts = [a for a in self.artists[panel] if isinstance(a, Text)]
        return {a.get_text(): a.get_position() for a in texts if a.get_text()}

    def pixel(self, panel, x, y):
        """The colour, from 0 to 1, that is really seen at a place of the axes."""
        column, row = self.axes[panel].transData.transform((x, y))
        return self.pixels[len(self.pixels) - 1 - int(row), int(column), :3] / 255

    def arrow(self, panel):
        """Where it starts (2,), and its step (2,)."""
        quiver = self.only(panel, Quiver)
        assert (quiver.angles, quiver.scale_units, quiver.scale) == ("xy", "xy", 1)
        return np.ravel(quiver.get_offsets()), np.array([quiver.U.item(), quiver.V.item()])


def draws_no_arrow(quiver):
    return bool(np.any(quiver.Umask)) or (quiver.U.item(), quiver.V.item()) == (0, 0)


def sigma(z):
    return 1 / (1 + np.exp(-z))


def forward_by_hand(W, b, x, output=sigma):
    """The activations of layers 2 … L, as a list."""
    a, layers = x, []
    for l in sorted(W):
        z = W[l] @ a + b[l]
        a = output(z) if l == max(W) else sigma(z)
        layers.append(a)
    return layers


def grid(ticks):
    """The points (2, K²) of a square grid, row by row from below."""
    return np.stack([v.ravel() for v in np.meshgrid(ticks, ticks)])


def real(value, form):
    """A number as the words write it: with a real minus sign, and no −0."""
    return format(value, "z" + form).replace("-", "−")


def says(words, *numbers):
    """Is each of these in the words, not as a part of another number?"""
    return all(re.search(rf"(?<![\d.,−]){re.escape(n)}(?!\d|[.,]\d)", words) for n in numbers)


def in_order(points):
    return points[:, np.lexsort(points)]


def same_points(u, v):
    """Are these the same points (2, N), in whatever order?"""
    return np.shape(u) == np.shape(v) and np.allclose(in_order(u), in_order(np.asarray(v)))


def classes_shown(shown, panel):
    """The points of the first class (discs) and of the second (crosses)."""
    found = []
    for marker, color in (("o", BLUE), ("X", RED)):
        drawn = shown.lines(panel, linestyle="None", marker=marker, color=color)
        filled = [line for line in drawn if line.get_markerfacecolor() != "none"]  # no rings
        found.append(np.hstack([np.array(line.get_data()) for line in filled]))
    return tuple(found)


def ringed(shown, panel):
    """The points (2, K) that have a ring."""
    (rings,) = (a for a in shown.lines(panel, marker="o") if a.get_markerfacecolor() == "none")
    assert same_color(rings.get_markeredgecolor(), "black")
    return np.array(rings.get_data())


def numbers_of(shown, panel):
    """{number: place} of the digits that are drawn as markers."""
    digits = [a for a in shown.lines(panel) if str(a.get_marker()).startswith("$")]
    return {int(a.get_marker().strip("$")): np.ravel(a.get_data()) for a in digits}


OFF = np.linspace(-0.02, 0.02, 9)


def stand_apart(heights, ends, least):
    """Names stand beside the ends of their curves, or as near as they can without overlap."""
    assert np.array_equal(np.argsort(heights), np.argsort(ends))
    assert np.diff(np.sort(heights)).min() >= least - 1e-4
    crowd = np.abs(np.subtract.outer(ends, ends)) < len(ends) * least
    for height, end, near in zip(heights, ends, crowd, strict=True):
        assert abs(height - end) <= (near.sum() - 1) * least / 2 + 1e-4


def elsewhere(control):
    """A value that it doesn't have now."""
    return next(v for v in settings_of(control)[::-1] if v != control.value)


def image_on_page(explorer):
    head, code = bytes(explorer.image.value).split(b",", 1)
    assert head == b"data:image/jpeg;base64"
    file = base64.b64decode(code, validate=True)
    assert file[:3] == b"\xff\xd8\xff"
    return np.asarray(Image.open(io.BytesIO(file))).astype(int)


def shows(explorer):
    """Are the picture, the image and the words those of the state of the controls?"""
    state = {name: control.value for name, control in explorer.controls.items()}
    wanted = explorer.function(**state)
    pixels = seen_on(staged(wanted))[..., :3]
    seen = image_on_page(explorer)
    height, width = round(100 * wanted.size[1]), round(100 * wanted.size[0])
    assert seen.shape == (height, width, 3)
    assert re.search(r"""role=["']status["']""", explorer.readout.value)
    assert html.escape(wanted.words) in explorer.readout.value
    assert explorer.picture.words == wanted.words
    assert explorer.state == state
    return np.abs(seen - pixels).mean() < 1.5  # a JPEG is not exact
