"""From a notebook's cells to sections: what is put on slides, and what into the notes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any

from utils.commands.course import Advice
from utils.commands.deck import phrases
from utils.commands.deck.blocks import ROOM, Block, Group, Slide

LEFT_OUT = ("Going further", "What you've learned", "In practice", "Further reading")
LONG_BOX = 620  # characters
CODE_LINES = 12
BOTH_LINES = 17  # of code and of what it prints
CODE_WIDTH = 88  # characters


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
            for learn in re.findall(r"\*\*What you'll learn\*\* \| (.*?) \|", part):
                self._put(Block("text", f"*You'll learn* {learn}."))
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
            picked = phrases.to_show(said, leads, goes_on, never=own.meant(said, "-"))
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
        if first and (hunt or self._task or own.adds or phrases.RUN_IN.match(first)):
            first, second = f"{first} {second}".strip(), ""
        if not leads:
            first = re.sub(":$", ".", first)  # what it would lead to is not shown
        if first:
            self._put(Block("text", first, lead=bool(leads and not second)), glued=goes_on)
        if second:
            self._put(Block("text", second, lead=bool(leads)), glued=goes_on and not first)

    def _leads(self, sentence: str, next_part: str | None, after: Any) -> str:
        """What comes next and needs this sentence: a "formula", "another" thing, or nothing."""
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
    """What a cell's metadata wishes of the deck, under the key ``deck``.

    Either ``"keep"``, or ``"2 states"`` (of an explorer's picture), or a list of beginnings of
    sentences with a sign: ``"+So"`` is shown, ``"-So"`` is not.
    """

    def __init__(self, cell: Any) -> None:
        wish = cell.metadata.get("deck", [])
        states = re.fullmatch(r"(\d) states", str(wish))
        self.keep = wish == "keep"
        self.states = int(states[1]) if states else 1
        self._name = getattr(cell, "id", "without id")
        self._signed = [] if self.keep or states else [wish] if isinstance(wish, str) else wish
        self._used: set[str] = set()
        self.adds = any(wish.startswith("+") for wish in self._signed)

    def meant(self, said: list[str], sign: str) -> set[int]:
        """The sentences that wishes with this sign are about."""
        found = set()
        for wish in self._signed:
            if wish[:1] == sign:
                those = {k for k, words in enumerate(said) if words.startswith(wish[1:])}
                self._used |= {wish} if those else set()
                found |= those
        return found

    def applied_to(self, said: list[str], picked: Iterable[int]) -> list[int]:
        """Add the sentences that are wanted, and take away those that are not."""
        return sorted((set(picked) | self.meant(said, "+")) - self.meant(said, "-"))

    def check(self) -> None:
        """Refuse a wish about a sentence that isn't there (any more)."""
        for wish in self._signed:
            if wish not in self._used:
                raise Advice(
                    f'The metadata of cell {self._name} says {wish!r} under "deck", but none of '
                    "its sentences begins so: mend or remove it."
                )


def shown_of_caption(cell: Any) -> str:
    """A caption's first sentence, with the next one if that is short, or as its cell wishes."""
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
    keep = Wish(cell).keep
    for output in cell.outputs:
        picture = "".join(output.get("data", {}).get("image/png", "").split())
        if picture:
            address = f"data:image/png;base64,{picture}"
            alt = cell.metadata.get("alt", "")
            states = Wish(cell).states
            shape = shape_of(picture) * states
            return Block("figure", address, caption, alt, shape=shape, states=states, keep=True)
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
