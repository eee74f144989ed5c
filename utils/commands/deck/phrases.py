"""Markdown in pieces: a cell's paragraphs, their sentences, and which of them a slide needs."""

from __future__ import annotations

import re
from collections.abc import Iterable

APART = re.compile(r"^(<details>.*?</details>|\$\$.*?\$\$|```.*?^```)", re.S | re.M)
TOKEN = re.compile(
    r"\$[^$]*\$|`[^`]*`"  # a formula, code: no sentence ends inside
    r"|(?P<end>(?:[.!?:]\*\*|[.!?][”’\"*)]*)\s+)(?=[A-Z*(“‘$`_]|\d)|(?<=[。；？])(?=.)|\*\*"
)
LEANS = re.compile(  # a sentence that begins so needs the one before it
    r"[*(]*(It|Its|This|These|That|Those|They|Their|Them|So|Then|Thus|Hence|But|And|Or|Both|Such|"
    r"Neither|Otherwise|Likewise|Moreover|Therefore|Instead|Also|Only|Afterwards|All the others|"
    r"Each of (them|these)|One of them|The (same|others?|first|second|latter)|What is left|Say|"
    r"Watch|There the|Two such|In general)\b"
)
RUN_IN = re.compile(r"\*\*[^*\na-z][^*\n]{2,60}?[.:?]\*\*$")
BOLD_ENOUGH = 12  # characters: a term or a statement, not a word that is stressed


def pieces(source: str) -> list[str]:
    """The paragraphs of a cell; a display formula, a list, a table or an answer is one of them.

    Examples
    --------
    >>> pieces("One.\\n\\n$$\\nx\\n\\ny\\n$$\\n\\n- a\\n- b")
    ['One.', '$$\\nx\\n\\ny\\n$$', '- a\\n- b']
    """
    found = []
    for k, part in enumerate(APART.split(source)):
        found += [part] if k % 2 else re.split(r"\n\s*\n", part)
    return [part.strip() for part in found if part.strip()]


def sentences(paragraph: str) -> list[str]:
    """A paragraph's sentences: none ends inside a formula, code, brackets or bold type.

    Examples
    --------
    >>> sentences("(One. Two.) Three `a. B`.")
    ['(One. Two.)', 'Three `a. B`.']
    >>> sentences("One. Two $a. B$ more: three. **Four. Five.** Six")
    ['One.', 'Two $a. B$ more: three.', '**Four. Five.**', 'Six']
    """
    cuts, bold = [0], False
    plain = re.sub(r"\$[^$]*\$|`[^`]*`", lambda found: "x" * len(found[0]), paragraph)
    for match in TOKEN.finditer(paragraph):
        if match[0][:1] not in ("$", "`"):
            bold ^= "**" in match[0]
        before = plain[: match.end()]
        ends = match["end"] or (not match[0] and not bold)
        in_brackets = before.count("(") > before.count(")") and plain.count("(") == plain.count(")")
        cut_short = re.search(r"\b(e\.g|i\.e|vs|cf)\.\s*$", before)
        if ends and not bold and not in_brackets and not cut_short:
            cuts.append(match.end())
    parts = (paragraph[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(paragraph)]))
    return [part for part in parts if part]


def bold_in(words: str) -> list[str]:
    """What stands in bold type: every second part between double asterisks.

    Examples
    --------
    >>> bold_in("a **b** `x**2` **d**")
    ['b', 'd']
    """
    return re.sub(r"`[^`]*`", "", words).split("**")[1::2]


def to_show(
    said: list[str], leads: str = "", goes_on: bool = False, never: Iterable[int] = ()
) -> list[int]:
    """Which of a paragraph's sentences stand on a slide, by their numbers.

    Those in bold type; a run-in head, and the sentence after it; the last one if it `leads` to a
    "formula" or to "another" thing; the first one if it `goes_on` after a formula. A sentence that
    begins with *it* or *so* brings the one before along, and so does one that leads to a formula,
    since symbols are often explained there. Those of the numbers `never` aren't shown.

    Examples
    --------
    >>> to_show(["**Start.**", "One number.", "Its slope is a product.", "So"], "formula")
    [0, 1, 2, 3]
    >>> to_show(["Nothing.", "Take a number between zero and one.", "It is **a probability**."])
    [1, 2]
    """
    picked = {k for k, words in enumerate(said) if longest(bold_in(words)) >= BOLD_ENOUGH}
    if RUN_IN.match(said[0]):
        picked |= {0, min(1, len(said) - 1)}
    if leads:
        picked.add(len(said) - 1)
    if leads == "formula":
        picked.add(before_last(said))
    if goes_on:
        picked.add(0)
    for k in sorted(picked.difference(never)):
        picked |= {j for j in range(start_of(said, k), k) if not said[j].startswith("(")}
    return sorted(picked.difference(never))


def start_of(said: list[str], k: int) -> int:
    """The sentence at which to begin, so that sentence number `k` makes sense.

    Examples
    --------
    >>> start_of(["Zero.", "Take a number between zero and one.", "(Any.)", "It is small."], 3)
    1
    """
    first = k
    for back in range(k, max(k - 4, 0), -1):
        if not LEANS.match(said[back]) and len(said[back]) > 30:
            break
        if not said[back].startswith("("):
            first = back
        first = back - 1 if not said[back - 1].startswith("(") else first
    return first


def before_last(said: list[str]) -> int:
    """The sentence before the last one that is not in brackets; the last one if that is too long.

    Examples
    --------
    >>> before_last(["Take a number.", "(Any.)", "Then"])
    0
    """
    last = len(said) - 1
    before = [k for k in range(last) if not said[k].startswith("(")][-1:]
    return before[0] if before and len(said[before[0]]) + len(said[last]) < 260 else last


def longest(parts: list[str]) -> int:
    """The length of the longest of them."""
    return max(map(len, parts), default=0)


def goes_on(paragraph: str) -> bool:
    """Tell whether a paragraph continues the sentence of the formula before it.

    Examples
    --------
    >>> goes_on("where $n$ is a number"), goes_on("$n$ is a number"), goes_on("A new one")
    (True, True, False)
    """
    return bool(re.match(r"[a-z]|\$[^$]+\$ (is|are|has|counts|stands)\b", paragraph))


def shown_length(markdown: str) -> int:
    """How many characters a line has when it is rendered, about.

    Examples
    --------
    >>> shown_length("**bold** and $\\\\sigma'(z)$")
    14
    """
    shown = re.sub(r"\\(color|text|mathrm|mathbb|widetilde|dfrac|frac|big|Big)\b", "", markdown)
    shown = re.sub(r"\\[a-zA-Z]+", "x", re.sub(r"\{#[0-9A-F]{6}\}|\[(.*?)\]\(.*?\)", r"\1", shown))
    shown = re.sub(r"[{}$*_^`]", "", shown).strip()
    return len(shown) + len(re.findall("[\u2e80-\uffef]", shown))  # Chinese is twice as wide


def unboxed(part: str) -> str:
    """A quotation's text without its marks.

    Examples
    --------
    >>> unboxed("> a\\n>\\n> b")
    'a\\n\\nb'
    """
    return re.sub(r"^> ?", "", part, flags=re.M).strip()


def unfolded(part: str) -> str:
    """A folded answer as a paragraph for the speaker.

    Examples
    --------
    >>> unfolded("<details><summary>Answer</summary>\\n\\nNine.\\n</details>")
    '*Answer:* Nine.'
    """
    found = re.match(r"<details><summary>(.*?)</summary>\s*(.*?)\s*</details>", part, re.S)
    return f"*{found[1]}:* {found[2]}" if found else part


def of_caption(source: str) -> list[str]:
    """The sentences of a caption, its number first; none if it is no caption.

    Examples
    --------
    >>> of_caption("**Figure 2.** A line. And its sides.")
    ['**Figure 2.**', 'A line.', 'And its sides.']
    """
    first = (pieces(source) or [""])[0]
    return sentences(first) if first.startswith("**Figure ") else []


def questions(words: str) -> str:
    """What is asked in italics.

    Examples
    --------
    >>> questions("**Try it.** Turn it. *Where is it steepest?* Look *there*.")
    'Where is it steepest?'
    """
    plain = words.replace("**", "")
    return " ".join(found for found in re.findall(r"\*([^*]+)\*", plain) if found.endswith("?"))


def in_parts(formula: str) -> list[str]:
    """A display formula, cut at its wide gaps: what the browser may put on another line.

    Examples
    --------
    >>> in_parts(r"$$a = b,\\qquad c = d$$")
    ['a = b,', 'c = d']
    """
    inside = formula.strip().strip("$").strip()
    parts = [part.strip() for part in re.split(r"\\q?quad\b", inside)]
    whole = all(part.count("{") == part.count("}") for part in parts)
    balanced = all(part.count(r"\left") == part.count(r"\right") for part in parts)
    if "\\begin" in inside and any(p.count("\\begin") != p.count("\\end") for p in parts):
        whole = False
    return [part for part in parts if part] if whole and balanced else [inside]


def in_portions(parts: Iterable[str], most: int) -> list[str]:
    """Join neighbouring paragraphs as long as they have at most so many characters.

    A short paragraph in bold type is a heading, and stays with the paragraph after it.

    Examples
    --------
    >>> in_portions(["one", "two", "three", "**4**", "five"], 10)
    ['one\\n\\ntwo', 'three', '**4**\\n\\nfive']
    """
    portions: list[str] = []
    heading = ""
    for part in parts:
        joined = f"{heading}\n\n{part}".strip()
        if part.startswith("**") and shown_length(part) < 90:
            heading = joined
            continue
        heading = ""
        if portions and shown_length(portions[-1]) + shown_length(joined) <= most:
            portions[-1] += f"\n\n{joined}"
        else:
            portions.append(joined)
    return [*portions, heading] if heading else portions


def is_chinese(part: str) -> bool:
    """Tell whether a paragraph is written in Chinese.

    Examples
    --------
    >>> is_chinese("輸入"), is_chinese("input 輸入")
    (True, False)
    """
    return 3 * len(re.findall("[\u2e80-\uffef]", part)) > len(part)
