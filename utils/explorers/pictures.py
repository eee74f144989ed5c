"""Pictures that can be drawn anew in a few milliseconds.

A `Picture` says what is to be seen, as plain data: panels side by side, in each of them marks (a
shading, a curve, arrows, …), and the same in words. It is made without Matplotlib, so a test can
ask what is on it. A `Stage` draws pictures. If one differs from the one before only in the *data*
of its marks, the stage keeps the axes, moves the artists, and draws these alone over the stored
background (this is called blitting). Otherwise it begins again with an empty figure, which takes
several times as long and looks the same.
"""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from contourpy import contour_generator
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.image import AxesImage
from matplotlib.text import Text
from PIL import Image, ImageDraw, ImageFont

__all__ = [
    "Mark",
    "Panel",
    "Picture",
    "Stage",
    "arrows",
    "as_jpeg",
    "as_png",
    "curve",
    "level_line",
    "shade",
    "side_by_side",
    "stairs",
    "text",
]

STYLE = Path(__file__).parent.parent / "plots" / "course.mplstyle"
DPI = 100  # so that a figure's inch is a hundred pixels, and sizes are told in these


@dataclass(frozen=True, eq=False)
class Mark:
    """One thing to be seen; made by `shade`, `curve`, `stairs`, `arrows` or `text`.

    Parameters
    ----------
    kind : str
        A key of KINDS.
    data : tuple
        Numbers and words, which may change from one picture to the next at little cost.
    look : dict
        Colour, line style, …, by Matplotlib's names. To change one costs a complete redraw.
    """

    kind: str
    data: tuple
    look: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Panel:
    """One pair of axes.

    Parameters
    ----------
    marks : sequence of Mark
        Drawn in this order.
    axes : dict
        Limits, labels, title, …: what `Axes.set` takes. To change one costs a complete redraw.
    width : float
        Relative to the other panels.
    fixed : bool
        Its marks won't move, so they are a part of the background.
    """

    marks: Sequence[Mark]
    axes: Mapping[str, Any] = field(default_factory=dict)
    width: float = 1.0
    fixed: bool = False


@dataclass(frozen=True, eq=False)
class Picture:
    """What is to be seen in one state.

    Parameters
    ----------
    panels : sequence of Panel
        Side by side.
    words : str
        What one would read off the picture.
    size : (float, float)
        Width and height, in hundreds of pixels.

    Examples
    --------
    >>> line = curve([0, 1], [0, 1], color="black")
    >>> Stage().draw(Picture([Panel([line])], "a rising line", size=(2, 1))).shape
    (100, 200, 4)
    """

    panels: Sequence[Panel]
    words: str
    size: tuple[float, float] = (5.0, 4.0)


# -------- marks


def shade(values: Any, **look: Any) -> Mark:
    """A matrix (m, n) as colours; `look` as for Matplotlib's `imshow`, the first row below."""
    return Mark("shade", (np.asarray(values),), look)


def curve(x: Any, y: Any, **look: Any) -> Mark:
    """Points (K,) joined by a line, or marked; where an entry is nan, the line has a gap."""
    return Mark("curve", (np.atleast_1d(x), np.atleast_1d(y)), look)


def stairs(heights: Any, edges: Any, **look: Any) -> Mark:
    """The outline of a histogram: heights (K,) between edges (K + 1,)."""
    return Mark("stairs", (np.asarray(heights), np.asarray(edges)), look)


def arrows(starts: Any, steps: Any, **look: Any) -> Mark:
    """Arrows from starts (2, K) to starts + steps, in the units of the axes."""
    return Mark("arrows", (np.asarray(starts, float), np.asarray(steps, float)), look)


def text(x: float, y: float, words: str, **look: Any) -> Mark:
    """Words at a place of the axes; the empty string for none."""
    return Mark("text", (x, y, words), look)


def level_line(ticks: np.ndarray, values: np.ndarray, level: float) -> tuple[np.ndarray, ...]:
    """Where a function on a square grid has a given value, to be handed to `curve`.

    Parameters
    ----------
    ticks : numpy.ndarray, shape (K,)
        Of both axes.
    values : numpy.ndarray, shape (K, K)
        Row i belongs to the i-th tick of the vertical axis.
    level : float

    Returns
    -------
    x, y : numpy.ndarray, shape (M,)
        Pieces, with nan between them; a single nan if the level is not reached.

    Examples
    --------
    >>> ticks = np.array([0.0, 1.0, 2.0])
    >>> x, y = level_line(ticks, np.tile(ticks, (3, 1)), 0.5)
    >>> x[:-1], x[-1]
    (array([0.5, 0.5, 0.5]), np.float64(nan))
    """
    gap = np.full((1, 2), np.nan)
    pieces = contour_generator(ticks, ticks, values, line_type="Separate").lines(level)
    joined = np.concatenate([part for piece in pieces for part in (piece, gap)] or [gap])
    return joined[:, 0], joined[:, 1]


# -------- how each kind of mark becomes an artist, and how the artist is moved


class Shading(AxesImage):
    """Matplotlib's image, drawn by Pillow: opaque, in a third of the time."""

    def draw(self, renderer: Any) -> None:
        """Enlarge the matrix to the pixels that it covers, then look up their colours."""
        left, right, bottom, top = self.get_extent()
        corners = self.axes.transData.transform([(left, bottom), (right, top)])
        (x0, y0), (x1, y1) = np.rint(corners).astype(int)
        values = Image.fromarray(np.asarray(self.norm(np.asarray(self.get_array())), np.float32))
        smooth = self.get_interpolation() == "bilinear"
        how = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
        large = np.asarray(values.resize((x1 - x0, y1 - y0), how))
        colours = self.to_rgba(np.linspace(0, 1, 256), bytes=True, norm=False)
        # each colour's four bytes looked up as one number: six times as fast
        found = colours.view(np.uint32)[np.clip(256 * large, 0, 255).astype(np.uint8), 0]
        pixels = found.view(np.uint8).reshape(*large.shape, 4)
        rows = pixels[::-1] if self.origin == "upper" else pixels  # Agg begins below
        renderer.draw_image(renderer.new_gc(), x0, y0, np.ascontiguousarray(rows))


class Words(Text):
    """Matplotlib's text, drawn by Pillow in a small part of the time; formulas are left to it."""

    spacing = 1.2  # from line to line, in sizes of the font

    def draw(self, renderer: Any) -> None:
        """Write on a small image, and put that where the words belong."""
        words = self.get_text()
        if not words or self.get_rotation() or (self.get_parse_math() and "$" in words):
            super().draw(renderer)
            return
        covered, left, below = self._written(words.split("\n"))
        ink, box = np.array(to_rgba(self.get_color(), self.get_alpha())), self.get_bbox_patch()
        paper = np.array([*ink[:3], 0.0] if box is None else box.get_facecolor())
        pixels = paper + covered[..., None] * (ink - paper)
        x, y = self.get_transform().transform(self.get_unitless_position())
        rows = np.ascontiguousarray((255 * pixels[::-1] + 0.5).astype(np.uint8))
        renderer.draw_image(renderer.new_gc(), round(x - left), round(y - below), rows)

    def _written(self, lines: Sequence[str]) -> tuple[np.ndarray, float, float]:
        """How far each pixel is covered; the point to be placed, from the left and from below."""
        size, box = self.get_fontproperties().get_size_in_points() * DPI / 72, self.get_bbox_patch()
        pad = round(getattr(box.get_boxstyle(), "pad", 0) * size) if box else 0
        font, pitch = _font(findfont(self.get_fontproperties()), size), self.spacing * size
        rise, fall = font.getmetrics()
        lengths = [font.getlength(line) for line in lines]
        width = math.ceil(max(lengths)) + 2 * pad
        height = math.ceil(rise + fall + pitch * (len(lines) - 1)) + 2 * pad
        image = Image.new("L", (width, height))
        pen = ImageDraw.Draw(image)
        part = {"left": 0.0, "center": 0.5, "right": 1.0}[self.get_horizontalalignment()]
        for k, (line, length) in enumerate(zip(lines, lengths, strict=True)):
            start = pad + part * (width - 2 * pad - length), pad + rise + k * pitch
            pen.text(start, line, fill=255, font=font, anchor="ls")
        below = {"bottom": pad, "baseline": pad + fall, "center": height / 2, "top": height - pad}
        covered = np.asarray(image) / 255
        return covered, pad + part * (width - 2 * pad), below[self.get_verticalalignment()]


@cache
def _font(path: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _make_text(ax: Axes, mark: Mark) -> Artist:
    look = dict(mark.look)
    words = Words(*mark.data, transform=ax.transData, **look)
    words.spacing = look.get("linespacing", Words.spacing)
    return ax.add_artist(words)


def _make_shade(ax: Axes, mark: Mark) -> Artist:
    look = {"origin": "lower", "interpolation": "nearest", **mark.look}
    values = mark.data[0]
    shading = Shading(ax, **{k: look[k] for k in look if k not in ("vmin", "vmax")})
    shading.set_data(values)
    shading.set_clim(look.get("vmin", 0), look.get("vmax", 1))
    ax.add_image(shading)
    return shading


def _make_arrows(ax: Axes, mark: Mark) -> Artist:
    to_scale: dict[str, Any] = {"angles": "xy", "scale_units": "xy", "scale": 1}
    return ax.quiver(*mark.data[0], *mark.data[1], **to_scale, **mark.look)


def _move_arrows(artist: Any, starts: np.ndarray, steps: np.ndarray) -> None:
    artist.set_offsets(starts.T)
    artist.set_UVC(*steps)


def _move_text(artist: Any, x: float, y: float, words: str) -> None:
    artist.set_position((x, y))
    artist.set_text(words)


Make = Callable[[Axes, Mark], Artist]
Move = Callable[..., Any]
KINDS: dict[str, tuple[Make, Move]] = {
    "shade": (_make_shade, lambda artist, values: artist.set_data(values)),
    "curve": (lambda ax, m: ax.plot(*m.data, **m.look)[0], lambda a, x, y: a.set_data(x, y)),
    "stairs": (lambda ax, m: ax.stairs(*m.data, **m.look), lambda a, h, e: a.set_data(h, e)),
    "arrows": (_make_arrows, _move_arrows),
    "text": (_make_text, _move_text),
}


# -------- drawing


def frame_of(picture: Picture) -> list[Any]:
    """Everything about a picture but the moving data: while it is the same, the background is."""

    def parts(panel: Panel, mark: Mark) -> tuple[Any, ...]:
        data = [np.asarray(part).tolist() for part in mark.data] if panel.fixed else None
        return mark.kind, dict(mark.look), data

    return [picture.size] + [
        (panel.width, panel.fixed, dict(panel.axes), [parts(panel, mark) for mark in panel.marks])
        for panel in picture.panels
    ]


class Stage:
    """Draws one picture after another, and keeps what they have in common.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        Of the last picture.
    artists : list of (Axes, Artist)
        Those that move, in the order of the marks.
    redraws : int
        How many times it had to begin anew.

    Examples
    --------
    >>> stage = Stage()
    >>> for height in (1.0, 2.0):
    ...     line = curve([0, 1], [0, height])
    ...     pixels = stage.draw(Picture([Panel([line], {"ylim": (0, 2)})], ""))
    >>> stage.redraws
    1
    """

    figure: Figure
    canvas: FigureCanvasAgg

    def __init__(self) -> None:
        self.frame: list[Any] | None = None
        self.artists: list[tuple[Axes, Artist]] = []
        self.redraws = 0

    def draw(self, picture: Picture) -> np.ndarray:
        """Draw a picture; its pixels, (height, width, 4), are good until the next one is drawn."""
        if frame_of(picture) != self.frame:
            self._begin(picture)
        self.canvas.restore_region(self.background)
        moving = [mark for panel in picture.panels if not panel.fixed for mark in panel.marks]
        for (ax, artist), mark in zip(self.artists, moving, strict=True):
            _, move = KINDS[mark.kind]
            move(artist, *mark.data)
            ax.draw_artist(artist)
        for ax, panel in zip(self.figure.axes, picture.panels, strict=True):
            for side in ("left", "bottom"):  # a shading has covered the inner half of the frame
                if ax.get_frame_on() and not panel.fixed:
                    ax.draw_artist(ax.spines[side])
        return np.asarray(self.canvas.buffer_rgba())

    def _begin(self, picture: Picture) -> None:
        """Lay out the axes, make the artists, draw and keep all that won't move."""
        self.frame = None  # if this fails, the next picture begins anew, too
        with mpl.rc_context(fname=STYLE):
            self.figure = Figure(figsize=picture.size, dpi=DPI)
            self.canvas = FigureCanvasAgg(self.figure)
            widths = [panel.width for panel in picture.panels]
            grid = self.figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
            self.artists = []
            for ax, panel in zip(grid, picture.panels, strict=True):
                for mark in panel.marks:
                    make, _ = KINDS[mark.kind]
                    artist = make(ax, mark)
                    if not panel.fixed:
                        artist.set_animated(True)  # not a part of the background
                        artist.set_in_layout(False)  # nor does the layout depend on where it is
                        self.artists.append((ax, artist))
                ax.set(**panel.axes)
            self.canvas.draw()
            self.figure.set_layout_engine("none")
        self.background = self.canvas.copy_from_bbox(self.figure.bbox)
        self.frame = frame_of(picture)
        self.redraws += 1


def as_png(pixels: np.ndarray) -> bytes:
    """Return opaque pixels as a PNG file, exact and small: for storing.

    Parameters
    ----------
    pixels : numpy.ndarray of uint8, shape (height, width, 4)

    Returns
    -------
    bytes

    Examples
    --------
    >>> as_png(np.full((2, 2, 4), 255, np.uint8))[:4]
    b'\\x89PNG'
    """
    return _encoded(pixels, "png", optimize=True)


def as_jpeg(pixels: np.ndarray) -> bytes:
    """Return opaque pixels as a JPEG file of high quality: for the screen.

    A PNG of the same picture takes five times as long to make, and no eye sees the difference.

    Parameters
    ----------
    pixels : numpy.ndarray of uint8, shape (height, width, 4)

    Returns
    -------
    bytes

    Examples
    --------
    >>> as_jpeg(np.full((2, 2, 4), 255, np.uint8))[6:10]
    b'JFIF'
    """
    return _encoded(pixels, "jpeg", quality=90, subsampling=0)


def _encoded(pixels: np.ndarray, kind: str, **options: Any) -> bytes:
    height, width, _ = pixels.shape
    rgba = Image.frombuffer("RGBA", (width, height), pixels.tobytes(), "raw", "RGBA", 0, 1)
    file = io.BytesIO()
    rgba.convert("RGB").save(file, kind, **options)
    return file.getvalue()


def side_by_side(stills: Sequence[np.ndarray], widest: int = 1100) -> np.ndarray:
    """Join pictures in a row, or, if that would be too wide, one below the other.

    Parameters
    ----------
    stills : sequence of numpy.ndarray of uint8, shapes (height, width, 4)
        All of one size.
    widest : int
        Pixels.

    Returns
    -------
    numpy.ndarray of uint8, shape (height, width, 4)

    Examples
    --------
    >>> still = np.zeros((10, 500, 4), np.uint8)
    >>> side_by_side([still, still]).shape, side_by_side([still, still, still]).shape
    ((10, 1000, 4), (30, 500, 4))
    """
    in_a_row = sum(still.shape[1] for still in stills) <= widest
    return np.concatenate(stills, axis=1 if in_a_row else 0)
