"""What of a notebook stands on a slide, and what goes into the speaker's notes.

A deck is extracted, never written: headings, run-in heads, display formulas with the half-sentence
that leads to them, boxed lines, bold sentences, lists, *Predict*, figures with the first sentence
of their caption, and short code with its output stand on the slides; the prose between goes into
the notes. Imports, folded cells, checks, solutions, *Going further* and the end stay out; hunts are
an appendix.

A cell may say otherwise in its metadata: ``{"slideshow": {"slide_type": "slide"}}`` begins a new
slide with it, ``"skip"`` leaves it out, ``"notes"`` puts it into the notes; ``{"deck": "keep"}``
holds it on the slides where code has to give way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_SLIDES = 25  # of the Core
ROOM = 590  # pixels below a slide's heading
LEFT_OUT = ("Going further", "What you've learned", "In practice", "Further reading")
CODE_LINES = 12


@dataclass
class Block:
    """One thing on a slide.

    Attributes
    ----------
    kind : str
        "text" (Markdown), "formula", "box", "predict", "list", "table", "code", "output" or
        "figure".
    content : str
        Markdown, source, text, or the data address of a picture.
    height : int
        Pixels, estimated.
    caption : str
        First sentence of a figure's caption.
    alt : str
        A figure's alternative text.
    """

    kind: str
    content: str
    height: int = 0
    caption: str = ""
    alt: str = ""
    keep: bool = False

    def __post_init__(self) -> None:
        self.height = self.height or estimated(self)


@dataclass
class Slide:
    """A heading, what stands below it, and what is said to it."""

    head: str
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    appendix: bool = False
    title: bool = False

    @property
    def height(self) -> int:
        return sum(block.height + 14 for block in self.blocks)


def estimated(block: Block) -> int:
    """Height of a block in pixels, from its characters.

    Examples
    --------
    >>> estimated(Block("text", "short")), estimated(Block("code", "a\\nb"))
    (38, 84)
    """
    lines = block.content.splitlines() or [""]
    if block.kind == "figure":
        return 400 + 38 * bool(block.caption)
    if block.kind in ("code", "output"):
        return 29 * len(lines) + 26
    if block.kind == "formula":
        tall = re.search(r"\\(frac|sum|int|begin|underbrace|sup)", block.content)
        return (64 + 50 * block.content.count(r"\\")) * (2 if tall else 1)
    if block.kind == "table":
        return 46 * (len(lines) - 1)
    wide = 62 if block.kind in ("box", "predict") else 76
    rows = sum(-(-shown_length(line) // wide) for line in lines if line.strip())
    return 38 * max(rows, 1) + (24 if block.kind in ("box", "predict") else 0)


def shown_length(markdown: str) -> int:
    """How many characters a line has when it is rendered, about.

    Examples
    --------
    >>> shown_length("**bold** and $\\\\sigma'(z)$")
    14
    """
    shown = re.sub(r"\\[a-zA-Z]+|[{}$*_^`]", "", markdown).strip()
    return len(shown) + len(re.findall("[\u2e80-\uffef]", shown))  # Chinese is twice as wide


# -------- Markdown in pieces


def pieces(source: str) -> Iterator[str]:
    """The paragraphs of a cell; a display formula, a list, a table or a box is one of them.

    Examples
    --------
    >>> list(pieces("One.\\n\\n$$\\nx\\n\\ny\\n$$\\n\\n- a\\n- b"))
    ['One.', '$$\\nx\\n\\ny\\n$$', '- a\\n- b']
    """
    source = re.sub(r"<details>.*?</details>", "", source, flags=re.S)
    held: list[str] = []
    for paragraph in re.split(r"\n\s*\n", source.strip()):
        held.append(paragraph)
        if sum(part.count("$$") + part.count("```") for part in held) % 2 == 0:
            yield "\n\n".join(held).strip()
            held = []


def sentences(paragraph: str) -> list[str]:
    """A paragraph's sentences; no cut inside a formula.

    Examples
    --------
    >>> sentences("One. Two $a. B$ more: three")
    ['One.', 'Two $a. B$ more: three']
    """
    cuts, inside = [0], False
    for match in re.finditer(r"\$|(?<=[.!?])\s+(?=[A-Z*(“$])|(?<=[。；])", paragraph):
        if match[0] == "$":
            inside = not inside
        elif not inside:
            cuts.append(match.end())
    return [paragraph[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(paragraph)], strict=True)]


def leading_half(paragraph: str) -> str:
    """The end of a paragraph that leads to the formula after it; empty if a full stop ends it.

    Examples
    --------
    >>> leading_half("We know. So with $J$ the Jacobian we get")
    'So with $J$ the Jacobian we get'
    """
    last = sentences(paragraph)[-1]
    return "" if last.endswith((".", "!", "?")) and not last.endswith("…") else last


BOLD = re.compile(r"\*\*([^*]{25,}?)\*\*")
RUN_IN = re.compile(r"\*\*([^*\n]{2,60}?[.:])\*\*\s*(.*)", re.S)


# -------- from cells to slides


class Deck:
    """The slides of one notebook, made cell by cell.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.
    """

    def __init__(self, notebook: Any) -> None:
        self.slides: list[Slide] = []
        self.section = ""
        self._asked = False  # has the current exercise its code cell already?
        cells = list(notebook.cells)
        for k, cell in enumerate(cells):
            after = cells[k + 1] if k + 1 < len(cells) else None
            self._add(cell, after, first_code=k == 1)
        self.slides = [s for s in self.slides if s.blocks or s.title]
        self._shorten()

    def _add(self, cell: Any, after: Any, first_code: bool) -> None:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "")
        if kind == "skip" or (first_code and cell.cell_type == "code"):
            return
        if kind == "slide" and self.slides:
            self._begin(self.slides[-1].head)
        if cell.cell_type == "markdown":
            self._markdown(cell.source, only_notes=kind == "notes")
        elif not self._left_out:
            self._code(cell, after)

    @property
    def _left_out(self) -> bool:
        return self.section.startswith(LEFT_OUT)

    def _begin(self, head: str, **more: Any) -> Slide:
        if not self.slides or head != self.slides[-1].head:
            self._asked = False
        appendix = self.section == "Hunts"
        self.slides.append(Slide(head, appendix=appendix, **more))
        return self.slides[-1]

    def _put(self, block: Block) -> None:
        """Put a block on the last slide, or on a new one with the same heading if it is full."""
        slide = self.slides[-1]
        if slide.blocks and slide.height + block.height > ROOM:
            lead = slide.blocks[-1]  # a formula takes along the half-sentence before it
            slide = self._begin(slide.head)
            if (
                block.kind == "formula"
                and lead.kind == "text"
                and lead.content.endswith((":", ","))
            ):
                self.slides[-2].blocks.pop()
                slide.blocks.append(lead)
        slide.blocks.append(block)

    def _note(self, words: str) -> None:
        if self.slides and words:
            self.slides[-1].notes.append(words)

    # ---- text

    def _markdown(self, source: str, only_notes: bool) -> None:
        parts = list(pieces(source))
        for k, part in enumerate(parts):
            after = parts[k + 1] if k + 1 < len(parts) else ""
            self._paragraph(part, after, only_notes)

    def _paragraph(self, part: str, after: str, only_notes: bool) -> None:
        heading = re.match(r"(#{1,4}) (.*)", part)
        if heading:
            self._heading(len(heading[1]), heading[2].strip())
            rest = part[heading.end() :].strip()
            if rest and not self._left_out:
                self._paragraph(rest, after, only_notes)
            return
        if self._left_out or part.startswith("**Figure "):
            if part.startswith("**Figure ") and not self._left_out:
                self._note(part)
            return
        if only_notes or self.slides[-1].title:
            self._on_title(part)
        elif part.startswith("> **Try it"):
            self._note(unboxed(part))
        elif part.startswith("> **Predict"):
            self._put(Block("predict", unboxed(part)))
        elif part.startswith(">"):
            self._box(unboxed(part))
        elif part.startswith("$$"):
            for line in in_lines(part):
                self._put(Block("formula", line))
        elif re.match(r"[-*] |\d+\. ", part):
            self._list(part)
        elif part.startswith("|"):
            self._table(part)
        elif part.startswith("**Hunt "):
            self._begin(part[2:].partition(".")[0])
            self._put(Block("text", part.partition("**")[2].partition("**")[2].strip()))
        else:
            self._prose(part, leads=after.startswith("$$"))

    def _on_title(self, part: str) -> None:
        if part.startswith("**") and not self.slides[-1].blocks:
            self._put(Block("text", part.strip("*")))
        elif not part.startswith("|"):
            self._note(part)

    def _heading(self, depth: int, words: str) -> None:
        if depth == 1:
            self._begin(words, title=True)
            return
        if depth == 2:
            self.section = words
        if self._left_out or words == "Hunts":
            return
        last = self.slides[-1]
        # a short section ends where there is room for the next one's beginning: still a new slide
        self._begin(words) if last.blocks or last.title else setattr(last, "head", words)

    def _box(self, words: str) -> None:
        """A boxed statement; a long one paragraph by paragraph."""
        whole = Block("box", words)
        if whole.height <= ROOM * 0.7:
            self._put(whole)
            return
        for paragraph in pieces(words):
            for part in in_halves(paragraph):
                self._put(Block("box", part))

    def _list(self, part: str) -> None:
        block = Block("list", part)
        if block.height > ROOM * 0.8:
            self._note(part)
        else:
            self._put(block)

    def _table(self, part: str) -> None:
        block = Block("table", part)
        if block.height > ROOM * 0.8 or max(map(shown_length, part.splitlines())) > 150:
            self._note(part)
        else:
            self._put(block)

    def _prose(self, part: str, leads: bool) -> None:
        if self.slides[-1].head.startswith(("Exercise", "Hunt")) and not self._asked:
            self._put(Block("text", part))  # what is to be done stands on the slide in full
            return
        self._note(part)
        run_in = RUN_IN.match(part)
        lead = leading_half(part) if leads else ""
        if run_in and not lead:
            inside = list(BOLD.findall(run_in[2]))
            shown = f"**{run_in[1]}**" + "".join(f" {words}" for words in inside)
            if leads or inside:
                self._put(Block("text", shown))
            return
        if run_in and lead:
            start = f"**{run_in[1]}** "
            self._put(Block("text", lead if lead.startswith("**") else start + lead))
            return
        for words in BOLD.findall(part):
            if words not in lead:
                self._put(Block("text", f"**{words}**"))
        if lead:
            self._put(Block("text", lead))

    # ---- code

    def _code(self, cell: Any, after: Any) -> None:
        self._asked = True
        tags = cell.metadata.get("tags", [])
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        if folded or {"check", "backing"} & set(tags) or not self.slides:
            return
        keep = cell.metadata.get("deck") == "keep"
        picture = next((o["data"]["image/png"] for o in cell.outputs
                        if "image/png" in o.get("data", {})), None)  # fmt: skip
        if picture:
            caption = first_of_caption(after.source if after is not None else "")
            address = "data:image/png;base64," + "".join(picture.split())
            alt = cell.metadata.get("alt", "")
            self._figure(Block("figure", address, caption=caption, alt=alt, keep=True))
            return
        lines = cell.source.splitlines()
        told = "".join(o.get("text", "") for o in cell.outputs).rstrip("\n")
        short = len(lines) <= CODE_LINES and max(map(len, [*lines, *told.splitlines()])) <= 92
        if not short or len(told.splitlines()) > CODE_LINES:
            self._note(f"(In the notebook: a cell of {len(lines)} lines.)")
            return
        block = Block("code", cell.source, keep=keep or "exercise" in tags)
        if told:
            block.content += "\0" + told
            block.height = estimated(Block("code", cell.source)) + estimated(Block("output", told))
        self._put(block)

    def _figure(self, block: Block) -> None:
        slide = self.slides[-1]
        before = slide.blocks[-1] if slide.blocks else None
        alone = before is not None and before.kind == "predict"
        if before is not None and alone and len(slide.blocks) > 1:  # a question goes with its picture
            slide.blocks.pop()
            self._begin(slide.head).blocks.append(before)
        elif slide.blocks and not alone and slide.height + block.height > ROOM:
            self._begin(slide.head)
        self.slides[-1].blocks.append(block)

    # ---- at most so many

    def _shorten(self) -> None:
        """Take code, then tables, off the slides until the Core has few enough of them."""
        for kinds in (("code",), ("table",), ("list",), ("text",)):
            while self.core_count > MOST_SLIDES:
                if not self._give_way(kinds):
                    break
            self._merge()
        self._merge()

    @property
    def core_count(self) -> int:
        self._merge()
        return sum(not slide.appendix for slide in self.slides)

    def _give_way(self, kinds: tuple[str, ...]) -> bool:
        """Take the highest block of these kinds off the slides; False if there is none."""
        found = [(block.height, slide, block) for slide in self.slides if not slide.appendix
                 for block in slide.blocks
                 if block.kind in kinds and not block.keep and not slide.title]  # fmt: skip
        if not found:
            return False
        _, slide, block = max(found, key=lambda item: item[0])
        slide.blocks.remove(block)
        if block.kind == "code":
            slide.notes.append("(A cell of the notebook stands here; run it there.)")
        return True

    def _merge(self) -> None:
        """Join neighbours with the same heading that fit together; drop what is empty."""
        kept: list[Slide] = []
        for slide in self.slides:
            if not slide.blocks and not slide.title:
                if kept:
                    kept[-1].notes += slide.notes
                continue
            last = kept[-1] if kept else None
            if (last and last.head == slide.head and last.appendix == slide.appendix
                    and last.height + slide.height <= ROOM):  # fmt: skip
                last.blocks += slide.blocks
                last.notes += slide.notes
            else:
                kept.append(slide)
        self.slides = kept


def in_lines(formula: str) -> list[str]:
    """A display formula, cut at its wide gaps if it is too wide for a slide.

    Examples
    --------
    >>> in_lines("$$a = b$$")
    ['$$a = b$$']
    """
    inside = formula.strip().strip("$").strip()
    parts = re.split(r"\\qquad(?:\\Longrightarrow\\qquad)?", inside)
    depth = [part.count("{") - part.count("}") for part in parts]
    begins = any("\\begin" in part for part in parts)
    if len(parts) == 1 or shown_length(inside) < 60 or any(depth) or begins:
        return [formula]
    return [f"$${part.strip()}$$" for part in parts if part.strip()]


def in_halves(paragraph: str) -> list[str]:
    """A paragraph, or its sentences in groups that fit on a slide.

    Examples
    --------
    >>> in_halves("Short.")
    ['Short.']
    """
    groups = [""]
    for sentence in sentences(paragraph):
        longer = f"{groups[-1]} {sentence}".strip()
        if groups[-1] and estimated(Block("box", longer)) > ROOM * 0.7:
            groups.append(sentence)
        else:
            groups[-1] = longer
    return groups


def unboxed(part: str) -> str:
    """A quotation's text without its marks."""
    return re.sub(r"^> ?", "", part, flags=re.M).strip()


def first_of_caption(source: str) -> str:
    """The first sentence of a caption, without its number.

    Examples
    --------
    >>> first_of_caption("**Figure 2.** A line. And more.")
    'A line.'
    """
    words = re.sub(r"^\*\*Figure \d+\.\*\*\s*", "", source.split("\n\n")[0])
    return sentences(words)[0] if words else ""
