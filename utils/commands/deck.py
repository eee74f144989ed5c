"""What of a notebook stands on a slide, and what goes into the speaker's notes.

A deck is extracted, never written: headings, run-in heads, display formulas with the sentence that
leads to them, boxed lines, bold sentences, lists, *Predict*, figures with the first sentence of
their caption, and short code with its output stand on the slides; all prose goes into the notes.
Imports, folded cells, checks, solutions, *Going further* and the end stay out; hunts are an
appendix.

A cell's metadata may say otherwise. ``{"slideshow": {"slide_type": "slide"}}`` begins a new slide
with the cell, ``"skip"`` leaves it out, ``"notes"`` puts it into the notes. ``{"deck": "keep"}``
shows a cell in full, and holds its code where other code has to give way; ``{"deck": ["+Take a",
"-So"]}`` shows the sentence that begins with *Take a* and hides the one that begins with *So*.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from utils.commands import phrases
from utils.commands.course import Advice

MOST_SLIDES = 25  # of the Core
ROOM = 606  # pixels below a slide's heading
WIDTH = 1176
GAP = 14  # between two blocks
FIGURE = 300  # pixels that a figure needs; it grows into what is left
TALL_FIGURE = 480
SIDE = 480  # pixels: the column of words beside a tall figure
LEFT_OUT = ("Going further", "What you've learned", "In practice", "Further reading")
LONG_BOX = 620  # characters
CODE_LINES = 12
BOTH_LINES = 17  # of code and of what it prints
CODE_WIDTH = 88  # characters
FIRST_TO_GO = ("told", "code", "table", "list")  # where there are too many slides


@dataclass
class Block:
    """One thing on a slide.

    Attributes
    ----------
    kind : str
        "text", "formula", "box", "predict", "list", "table", "head" (Markdown), "code", "told" (what
        a cell prints) or "figure".
    content : str
        Markdown, source, text, or a picture's data address.
    caption, alt : str
        Of a figure.
    told : str
        What code prints.
    shape : float
        A figure's width over its height.
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
    if len(figures) != 1 or figures[0] >= count:
        return 0
    figure = blocks[figures[0]]
    words = [block.content for block in blocks[:count] if block is not figure] + [figure.caption]
    if sum(phrases.shown_length(part) + 30 for part in words) > 650:
        return 0
    rest = sum(block.height + GAP for block in blocks if block is not figure)
    above = (ROOM - rest - 36 * rows_of(figure.caption, 84)) * figure.shape
    below = sum(block.height + GAP for block in blocks[count:])
    side = min(WIDTH - SIDE, (ROOM - below) * figure.shape)
    return count if side > above else 0


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
    rows = max((body.count(r"\\") + 1) * (38 + 32 * ("frac" in body or "dots" in body)) for body in bodies)
    tall = re.search(r"\\(d?frac|sum|int|sup)", formula)
    return max(rows + 16, 116 * bool(tall)) + 50 * ("underbrace" in formula)


def rows_of(markdown: str, wide: int) -> int:
    """Lines that a paragraph takes at so many characters each."""
    return -(-phrases.shown_length(markdown) // wide)


# -------- from cells to sections


class Reader:
    """Walks through a notebook's cells and sorts what it finds into sections.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.

    Attributes
    ----------
    sections : list of Slide
        One for each heading, of any height, in order.
    """

    def __init__(self, notebook: Any) -> None:
        self.sections: list[Slide] = []
        self._chapter = ""  # the last heading of the second depth
        self._asked = False  # has the exercise or hunt its cell already?
        self._answered = False  # and its answer?
        self._task = False  # is this paragraph that of an exercise?
        self._open = False  # does the last block lead to the next one?
        cells = list(notebook.cells)
        first_code = next((c for c in cells if c.cell_type == "code"), None)
        for cell, after in zip(cells, [*cells[1:], None]):
            kind = cell.metadata.get("slideshow", {}).get("slide_type", "")
            if kind == "skip" or cell is first_code:
                continue
            if kind == "slide":
                self._put_group(begins=True)
            if cell.cell_type == "markdown":
                self._markdown(cell, after, only_notes=kind == "notes")
            elif not self._left_out:
                self._code(cell, after)
            if "solution" in cell.metadata.get("tags", []):
                self._end_exercise()

    @property
    def _left_out(self) -> bool:
        return self._chapter.startswith(LEFT_OUT)

    # ---- what is put where

    def _begin(self, head: str, kind: str = "", depth: int = 2) -> None:
        kind = kind or ("appendix" if self._chapter == "Hunts" else "")
        self.sections.append(Slide(head, [Group()], kind, depth))
        self._asked = self._answered = self._open = False

    def _put_group(self, begins: bool = False) -> Group:
        group = Group(begins=begins)
        if self.sections:
            self.sections[-1].groups.append(group)
            self._open = False
        return group

    def _put(self, block: Block, glued: bool = False) -> None:
        """Put a block into a group of its own, or to the last one that leads to it."""
        groups = self.sections[-1].groups
        empty = not groups[-1].blocks
        group = groups[-1] if self._open or glued or empty else self._put_group()
        group.blocks.append(block)
        self._open = block.lead

    def _note(self, words: str) -> None:
        if self.sections and words:
            self.sections[-1].groups[-1].notes.append(words)

    def _end_exercise(self) -> None:
        """After its solution an exercise's heading no longer holds."""
        section = self.sections[-1] if self.sections else None
        if section and section.depth > 2 and section.kind == "" and not self._left_out:
            self._begin(self._chapter)

    # ---- text

    def _markdown(self, cell: Any, after: Any, only_notes: bool) -> None:
        own = Wish(cell)
        parts = phrases.pieces(cell.source)
        follows = after is not None and after.cell_type == "markdown"
        then = phrases.pieces(after.source)[:1] if follows else []
        is_task = after is not None and "exercise" in after.metadata.get("tags", [])
        last_head = max((k for k, part in enumerate(parts) if part.startswith("#")), default=-1)
        for k, part in enumerate(parts):
            self._task = is_task and k > last_head
            nearby = parts[k - 1] if k else "", [*parts, *then, None][k + 1]
            self._paragraph(part, nearby, after, own, only_notes)
        own.check()

    def _paragraph(self, part: str, nearby: Any, after: Any, own: Wish, only_notes: bool) -> None:
        heading = re.match(r"(#{1,4}) (.*)", part)
        if heading:
            self._heading(len(heading[1]), heading[2].strip())
            part = part[heading.end() :].strip()
        if not part or self._left_out or not self.sections:
            return
        if self.sections[-1].kind == "title":
            self._on_title(part)
        elif part.startswith("<details>"):
            self._answered = True
            if not self._exercise:
                self._note(phrases.unfolded(part))
        elif only_notes or part.startswith(("**Figure ", "*Not part of", "*Nothing later")):
            own.applied_to(phrases.sentences(part), [])  # a caption's wishes are fulfilled already
            self._note(part)
        elif part.startswith("**Hunt "):
            name, _, rest = part[2:].partition(".**")
            self._begin(name)
            self._put(Block("text", rest.strip(), lead=is_shown(after)))
        elif part.startswith(">"):
            self._box(phrases.unboxed(part))
        elif part.startswith("$$"):
            self._put(Block("formula", part))
        elif re.match(r"[-*] |\d+\. ", part):
            self._list(part)
        elif part.startswith("|"):
            self._table(part)
        else:
            self._prose(part, nearby, after, own)

    @property
    def _exercise(self) -> bool:
        return self.sections[-1].head.startswith("Exercise")

    def _on_title(self, part: str) -> None:
        slide = self.sections[-1]
        if part.startswith("**") and not slide.blocks:
            self._put(Block("text", part.strip("*")))
        elif part.startswith("|"):
            learn = re.search(r"\*\*What you'll learn\*\* \| (.*?) \|", part)
            self._put(Block("text", f"*You'll learn* {learn[1]}" if learn else ""))
        else:
            self._note(part)

    def _heading(self, depth: int, words: str) -> None:
        if depth <= 2:
            self._chapter = words
        if not self._left_out:
            self._begin(words, "title" if depth == 1 else "", depth)

    def _box(self, words: str) -> None:
        if words.startswith("**Predict"):
            self._put(Block("predict", words, lead=True))
        elif words.startswith("**Try it"):
            self._note(words)
            asked = phrases.questions(words)
            if asked:
                self._put(Block("predict", f"**Try it.** {asked}"), glued=True)
        else:
            parts = phrases.pieces(words)
            if len(words) > LONG_BOX:  # its translation is for the notes
                self._note("\n\n".join(filter(phrases.is_chinese, parts)))
                parts = [part for part in parts if not phrases.is_chinese(part)]
            for portion in phrases.in_portions(parts, LONG_BOX):
                self._put(Block("box", portion))

    def _list(self, part: str) -> None:
        block = Block("list", part, lead=part.endswith((",", ":")))
        if block.height > ROOM:
            self._note(part)
        else:
            self._put(block)

    def _table(self, part: str) -> None:
        block = Block("table", part)
        if block.height > ROOM:
            self._note(part)
        else:
            self._put(block)

    def _prose(self, part: str, nearby: Any, after: Any, own: Wish) -> None:
        before, next_part = nearby
        said = phrases.sentences(part)
        self._note(part)
        leads = self._leads(said[-1], next_part, after)
        goes_on = before.startswith("$$") and phrases.goes_on(part)
        asked = (next_part or "").startswith("<details>") and "?" in part
        hunt = self.sections[-1].head.startswith(("Exercise", "Hunt ")) and not self._asked
        if own.keep or asked or hunt or self._task:
            picked = list(range(len(said)))  # what is to be done stands on the slide in full
        else:
            picked = phrases.to_show(said, leads, goes_on)
        picked = own.applied_to(said, picked)
        if not picked:
            return
        leads = leads if picked[-1] == len(said) - 1 else ""
        # What leads on is a block of its own, if it can stand without what is before it.
        cut = phrases.start_of(said, len(said) - 1) if leads else len(said)
        if leads == "formula":
            cut = min(cut, phrases.before_last(said))
        cut = max(cut, int(goes_on and len(said) > 1))  # its beginning belongs to what precedes
        first = " ".join(said[k] for k in picked if k < cut)
        second = " ".join(said[k] for k in picked if k >= cut)
        if first and (hunt or self._task or phrases.RUN_IN.match(first)):
            first, second = f"{first} {second}".strip(), ""
        if not leads:
            first = re.sub(":$", ".", first)  # what it would lead to is not shown
        if first:
            self._put(Block("text", first, lead=bool(leads and not second)), glued=goes_on)
        if second:
            self._put(Block("text", second, lead=bool(leads)), glued=goes_on and not first)

    def _leads(self, sentence: str, next_part: str | None, after: Any) -> str:
        """What comes next and needs this sentence before it: a "formula", "another" thing, or ""."""
        if next_part is None:
            return "another" if is_shown(after) and sentence.endswith((":", "?")) else ""
        if next_part.startswith(("$$", "```")):
            return "formula"
        listed = re.match(r"[-*] |\d+\. |\||> [^*]", next_part)
        return "another" if listed and not sentence.endswith((".", ")", "!")) else ""

    # ---- code

    def _code(self, cell: Any, after: Any) -> None:
        block = block_of(cell, shown_of_caption(after))
        self._asked = True
        if block and (self._open or block.kind != "told") and not self._after_answer:
            self._put(block)
        else:
            self._withdraw()

    @property
    def _after_answer(self) -> bool:
        return self._answered and self._chapter == "Hunts"

    def _withdraw(self) -> None:
        """Take back a sentence that leads to what is not shown; a question waits for an answer."""
        blocks = self.sections[-1].groups[-1].blocks if self.sections else []
        if self._open and blocks[-1].kind == "text":
            self._open = False
            if blocks[-1].content.endswith(":"):
                blocks.pop()


class Wish:
    """What a cell's metadata wishes of the deck: ``keep``, or sentences to show and to hide."""

    def __init__(self, cell: Any) -> None:
        wish = cell.metadata.get("deck", [])
        self.keep = wish == "keep"
        self._name = getattr(cell, "id", "without id")
        self._signed: list[str] = [] if self.keep else list(wish)
        self._used: set[str] = set()

    def applied_to(self, said: list[str], picked: Iterable[int]) -> list[int]:
        """Add the sentences that are wanted, and take away those that are not."""
        kept = set(picked)
        for wish in self._signed:
            for k, sentence in enumerate(said):
                if sentence.startswith(wish[1:]):
                    self._used.add(wish)
                    (kept.add if wish[0] == "+" else kept.discard)(k)
        return sorted(kept)

    def check(self) -> None:
        """Refuse a wish about a sentence that isn't there (any more)."""
        for wish in self._signed:
            if wish not in self._used:
                raise Advice(
                    f'The metadata of cell {self._name} says {wish!r} under "deck", but none of '
                    "its sentences begins so: mend or remove it."
                )


def shown_of_caption(cell: Any) -> str:
    """The first sentence of a caption, with the next one if that is short, or as the cell wishes."""
    said = phrases.of_caption(cell.source) if cell is not None else []
    few = next((k for k in range(1, len(said)) if is_enough(said[1 : k + 1])), len(said) - 1)
    picked = Wish(cell).applied_to(said, range(few + 1)) if said else []
    return " ".join(said[k] for k in picked)


def is_enough(said: list[str]) -> bool:
    """Tell whether these sentences of a caption say something: more than a name, or brackets."""
    return sum(len(words) for words in said if not words.startswith("(")) >= 45


def is_shown(cell: Any) -> bool:
    """Tell whether a cell's code, output or picture stands on a slide."""
    return cell is not None and cell.cell_type == "code" and block_of(cell) is not None


def block_of(cell: Any, caption: str = "") -> Block | None:
    """A code cell on a slide: its picture, its code with what it prints, that alone, or nothing."""
    tags = set(cell.metadata.get("tags", []))
    skipped = cell.metadata.get("slideshow", {}).get("slide_type") in ("skip", "notes")
    folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
    if skipped or folded or {"check", "backing"} & tags:
        return None
    keep = cell.metadata.get("deck") == "keep"
    for output in cell.outputs:
        picture = "".join(output.get("data", {}).get("image/png", "").split())
        if picture:
            address = f"data:image/png;base64,{picture}"
            alt = cell.metadata.get("alt", "")
            return Block("figure", address, caption, alt, shape=shape_of(picture), keep=True)
    told = "".join(printed(cell.outputs)).rstrip("\n")
    fits_too = not told or fits(told)
    if fits(cell.source) and fits_too:
        both = len(cell.source.splitlines()) + len(told.splitlines()) <= BOTH_LINES
        return Block("code", cell.source, told=told * both, keep=keep or "exercise" in tags)
    if told and fits_too and not told.startswith("Checked"):
        return Block("told", told, keep=keep)
    return None


def printed(outputs: Iterable[Any]) -> Iterator[str]:
    """What a cell's outputs say in plain text."""
    for output in outputs:
        yield output.get("text", output.get("data", {}).get("text/plain", ""))


def fits(text: str) -> bool:
    """Tell whether code or output is short and narrow enough for a slide."""
    lines = text.splitlines()
    return len(lines) <= CODE_LINES and max(map(len, lines), default=0) <= CODE_WIDTH


def shape_of(picture: str) -> float:
    """Width over height of a PNG, which stand in its bytes 16 to 24."""
    head = base64.b64decode(picture[:32])
    return int.from_bytes(head[16:20]) / int.from_bytes(head[20:24])


# -------- from sections to slides


def slides_of(notebook: Any) -> list[Slide]:
    """The slides of an executed notebook, those of the Core at most `MOST_SLIDES`.

    Examples
    --------
    >>> from types import SimpleNamespace as Bare
    >>> cell = Bare(cell_type="markdown", metadata={}, source="# A\\n\\n**B.**\\n\\n## C\\n\\n> D")
    >>> [(slide.head, slide.blocks[0].content) for slide in slides_of(Bare(cells=[cell]))]
    [('A', 'B.'), ('C', 'D')]
    """
    sections = Reader(notebook).sections
    slides = merged(laid_out(sections))
    share = 0.3
    while core_count(slides) > MOST_SLIDES:
        share += 0.1  # first fill the slides, then take something off them
        if share > 1 and not any(give_way(sections, kind) for kind in FIRST_TO_GO):
            break
        slides = merged(laid_out(sections), share)
    return slides


def core_count(slides: Iterable[Slide]) -> int:
    """How many slides do not belong to the appendix."""
    return sum(slide.kind != "appendix" for slide in slides)


def laid_out(sections: Iterable[Slide]) -> list[Slide]:
    """Cut each section into as few slides as hold it, as evenly as can be."""
    slides = []
    for section in sections:
        for groups in evenly(runs(section.groups)):
            slides.append(Slide(section.head, groups, section.kind, section.depth))
    return slides


def small_enough(group: Group) -> list[Group]:
    """A group, or if it is higher than a slide, the two parts that differ least in height."""
    if group.height <= ROOM or len(group.blocks) < 2:
        return [group]
    cuts = range(1, len(group.blocks))
    halves = [(Group(group.blocks[:k], group.notes, group.begins), Group(group.blocks[k:]))
              for k in cuts]  # fmt: skip
    first, second = min(halves, key=lambda pair: (pair[0].blocks[-1].lead,
                                                  abs(pair[0].height - pair[1].height)))  # fmt: skip
    return [*small_enough(first), *small_enough(second)]


def runs(groups: Iterable[Group]) -> list[list[Group]]:
    """Groups cut where a cell begins a new slide; notes alone go to what stands before them."""
    cut: list[list[Group]] = [[]]
    for group in groups:
        if group.begins and any(g.blocks for g in cut[-1]):
            cut.append([])
        cut[-1] += small_enough(group)
    return cut


def evenly(parts: Iterable[list[Group]]) -> Iterator[list[Group]]:
    """Cut lists of groups into slides: of all ways with the fewest, the one with the least waste.

    Examples
    --------
    >>> tall = [Group([Block("code", "\\n" * 9)]) for _ in range(4)]
    >>> [len(slide) for slide in evenly([tall])]
    [2, 2]
    """
    for groups in parts:
        best: list[tuple[float, int]] = [(0.0, 0)]  # cost of the first k groups, last cut
        for k in range(1, len(groups) + 1):
            ways = []
            for j in range(k):
                height = sum(group.height for group in groups[j:k])
                if height <= ROOM or j == k - 1:
                    ways.append((best[j][0] + 1e6 + (ROOM - height) ** 2 / 1e3, j))
            best.append(min(ways))
        cuts = [len(groups)]
        while cuts[-1]:
            cuts.append(best[cuts[-1]][1])
        for a, b in zip(cuts[::-1], cuts[-2::-1]):
            yield groups[a:b]


def merged(slides: Iterable[Slide], share: float = 0.3) -> list[Slide]:
    """Join neighbours that fit on one slide, under two headings if the first is short.

    A slide without blocks gives its notes to the one before it.

    Parameters
    ----------
    slides : iterable of Slide
    share : float
        Of a slide's height: what is higher is not short.
    """
    kept: list[Slide] = []
    for slide in slides:
        last = kept[-1] if kept else None
        if not slide.blocks and slide.kind != "title":
            if last:
                last.groups.append(Group(notes=slide.notes))
            continue
        if last and may_join(last, slide, share):
            if last.head != slide.head:
                last.groups.append(Group([Block("head", slide.head)]))
            last.groups += slide.groups
        else:
            kept.append(slide)
    return kept


def may_join(last: Slide, slide: Slide, share: float) -> bool:
    """Tell whether a slide goes below the one before it: the same matter, and room for both."""
    same = last.head == slide.head
    if last.kind != slide.kind or last.kind == "title" or slide.groups[0].begins:
        return False
    if last.head.startswith(("Exercise", "Hunt ")) and not same:
        return False  # it stays on the wall while people work
    if last.height + slide.height + 60 * (not same) > ROOM:
        return False
    return same or last.height < share * ROOM


def give_way(sections: Iterable[Slide], kind: str) -> bool:
    """Take the longest block of a kind off the Core's slides, with what leads to it."""
    found = [
        (block.height, k, group)
        for section in sections
        if section.kind == ""
        for group in section.groups
        for k, block in enumerate(group.blocks)
        if block.kind == kind and not block.keep
    ]
    if not found:
        return False
    _, k, group = max(found, key=lambda item: item[0])
    group.notes.append("(The notebook has a cell or a list here that is not on the slide.)")
    del group.blocks[k]
    if k and group.blocks[k - 1].lead and group.blocks[k - 1].kind == "text":
        del group.blocks[k - 1]
    return True
