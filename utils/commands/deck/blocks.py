"""What a slide is made of, and how much room it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from utils.commands.deck import phrases

ROOM = 606  # pixels below a slide's heading
WIDTH = 1176
GAP = 14  # between two blocks
FIGURE = 280  # pixels that a figure needs; it grows into what is left
TALL_FIGURE = 480
SIDE = 480  # pixels: the column of words beside a tall figure


@dataclass
class Block:
    """One thing on a slide.

    Attributes
    ----------
    kind : str
        "text", "formula", "box", "predict", "list", "table", "head" (all of these in Markdown),
        "code", "told" (what a cell prints) or "figure".
    content : str
        Markdown, source, text, or a picture's data address.
    caption, alt : str
        Of a figure.
    told : str
        What code prints.
    shape : float
        A figure's width over its height.
    states : int
        How many states of an explorer a figure shows, one below the other.
    keep : bool
        It stays where others have to give way.
    lead : bool
        It leads to the block after it, and means nothing without.
    """

    kind: str
    content: str
    caption: str = ""
    alt: str = ""
    told: str = ""
    shape: float = 1.0
    states: int = 1
    keep: bool = False
    lead: bool = False

    @property
    def height(self) -> int:
        """Pixels that it takes, estimated from its characters."""
        return estimated(self)


@dataclass
class Group:
    """Blocks that stay together on a slide, with what is said to them."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    begins: bool = False  # a new slide

    @property
    def height(self) -> int:
        count = beside(self.blocks)
        rest = sum(block.height + GAP for block in self.blocks[count:])
        return TALL_FIGURE * bool(count) + rest


@dataclass
class Slide:
    """A heading and the groups below it."""

    head: str
    groups: list[Group]
    kind: str = ""  # "title", "appendix"
    depth: int = 2

    @property
    def height(self) -> int:
        return Group(self.blocks).height

    @property
    def blocks(self) -> list[Block]:
        return [block for group in self.groups for block in group.blocks]

    @property
    def notes(self) -> list[str]:
        return [note for group in self.groups for note in group.notes]


def estimated(block: Block) -> int:
    """Height of a block in pixels, from its characters.

    Examples
    --------
    >>> estimated(Block("text", "short")), estimated(Block("code", "a\\nb"))
    (38, 73)
    """
    lines = block.content.splitlines() or [""]
    if block.kind == "figure":
        return FIGURE + 36 * rows_of(block.caption, 84)
    if block.kind in ("code", "told"):
        return 28 * (len(lines) + len(block.told.splitlines())) + 17 + 12 * bool(block.told)
    if block.kind == "formula":
        return height_of_formula(block.content)
    if block.kind == "table":
        return sum(14 + 34 * rows_of(line, 78) for line in lines[:1] + lines[2:])
    if block.kind == "list":
        return sum(37 * rows_of(line, 86) + 6 for line in lines if line.strip())
    if block.kind == "head":
        return 60
    boxed = block.kind in ("box", "predict")
    height = 0
    for part in phrases.pieces(block.content):
        if part.startswith("$$"):
            height += height_of_formula(part)
        else:
            height += 38 * sum(rows_of(line, 90 - 5 * boxed) for line in part.splitlines())
    return height + 24 * boxed


def beside(blocks: list[Block]) -> int:
    """How many of a slide's first blocks stand side by side: a tall figure, and words about it.

    Examples
    --------
    >>> beside([Block("text", "Look."), Block("figure", "", shape=1.0), Block("formula", "")])
    2
    >>> beside([Block("text", "Look."), Block("figure", "", shape=3.0)])
    0
    """
    figures = [k for k, block in enumerate(blocks) if block.kind == "figure"]
    plain = ("figure", "predict", "text", "box")
    count = next((k for k, block in enumerate(blocks) if block.kind not in plain), len(blocks))
    if 0 < count < len(blocks) and blocks[count - 1].lead:
        count -= 1  # it goes with what it leads to
    if len(figures) != 1 or figures[0] >= count:
        return 0
    figure = blocks[figures[0]]
    words = [block.content for block in blocks[:count] if block is not figure] + [figure.caption]
    room = ROOM - sum(block.height + GAP for block in blocks[count:])
    if sum(37 * rows_of(part, 36) + 30 for part in words) > room + 40:
        return 0
    over = sum(block.height + GAP for block in blocks[:count] if block is not figure)
    wide = (room - over - 36 * rows_of(figure.caption, 84)) * figure.shape
    return count if min(WIDTH - SIDE, room * figure.shape) > wide else 0


def height_of_formula(formula: str) -> int:
    """Pixels of a display formula: by its tallest part.

    Examples
    --------
    >>> height_of_formula("$$a = b$$"), height_of_formula(r"$$\\frac ab$$")
    (54, 116)
    """
    parts = phrases.in_parts(formula)
    if len(parts) > 1 and phrases.shown_length(formula) > 100:
        half = len(parts) // 2
        return height_of_formula(parts[0]) + height_of_formula(parts[half])
    inside = re.findall(r"\\begin\{(.*?)\}(.*?)\\end", formula, re.S)
    bodies = [body for _, body in inside] or [""]
    rows = max(
        (body.count(r"\\") + 1) * (70 if "frac" in body else 58 if "dots" in body else 38)
        for body in bodies
    )
    tall = re.search(r"\\(d?frac|sum|int|sup)", formula)
    return max(rows + 16, 116 * bool(tall)) + 50 * ("underbrace" in formula)


def rows_of(markdown: str, wide: int) -> int:
    """Lines that a paragraph takes at so many characters each."""
    return -(-phrases.shown_length(markdown) // wide)
