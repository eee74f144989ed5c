"""From sections to slides: full but not too full, and not too many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from utils.commands.deck.blocks import ROOM, Block, Group, Slide
from utils.commands.deck.reading import Reader

MOST_SLIDES = 25  # of the Core
FIRST_TO_GO = ("told", "code", "table", "list")  # where there are too many


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
    halves = [
        (Group(group.blocks[:k], group.notes, group.begins), Group(group.blocks[k:]))
        for k in range(1, len(group.blocks))
    ]
    first, second = min(
        halves, key=lambda two: (two[0].blocks[-1].lead, abs(two[0].height - two[1].height))
    )
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
    """Take the longest block of a kind off the Core's slides, with what leads to it.

    What answers a *Predict* goes last; what an exercise needs stays.
    """
    found = [
        (group.blocks[0].kind != "predict", block.height, k, group)
        for section in sections
        if section.kind == "" and not section.head.startswith("Exercise")
        for group in section.groups
        for k, block in enumerate(group.blocks)
        if block.kind == kind and not block.keep
    ]
    if not found:
        return False
    _, _, k, group = max(found, key=lambda item: item[:2])
    group.notes.append("(The notebook has a cell or a list here that is not on the slide.)")
    del group.blocks[k]
    if k and group.blocks[k - 1].lead and group.blocks[k - 1].kind == "text":
        del group.blocks[k - 1]
    return True
