"""Write a deck of slides for each notebook: one HTML file, and the programs it needs beside it.

``python3 -m utils slides [NN ...]`` starts this module with the environment's own Python, since it
needs nbconvert, which comes with JupyterLab.
"""

from __future__ import annotations

import base64
import html
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbconvert.filters import Highlight2HTML, markdown2html
from PIL import Image

from utils.commands import vendor
from utils.commands.course import ROOT, Advice, in_plain_words, write_whole
from utils.commands.deck.blocks import Block, Slide, beside
from utils.commands.deck.packing import core_count, slides_of
from utils.commands.deck.phrases import in_parts
from utils.commands.refreshing import chosen

FOLDER = "slides"
LOOK = Path(__file__).parent / "deck" / "slides.css"
FITTING = Path(__file__).parent / "deck" / "slides.js"
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="vendor/reveal.js/dist/reset.css">
<link rel="stylesheet" href="vendor/reveal.js/dist/reveal.css">
<style>
{look}
</style>
</head>
<body>
<div class="reveal"><div class="slides">
{slides}
</div></div>
<script>
window.MathJax = {{
  tex: {{inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]]}},
  svg: {{fontCache: "local"}},
  options: {{enableMenu: false}},
  startup: {{typeset: false}}
}};
</script>
<script src="vendor/mathjax/es5/tex-svg-full.js"></script>
<script src="vendor/reveal.js/dist/reveal.js"></script>
<script src="vendor/reveal.js/plugin/notes/notes.js"></script>
<script>
{fitting}
</script>
</body>
</html>
"""


def main(beginnings: list[str], root: Path = ROOT) -> int:
    """Write the decks of the notebooks whose names begin with one of `beginnings`.

    Returns
    -------
    int
        0, 2 where a name is not known or the programs can't be had, or 130 after Ctrl-C.
    """
    return in_plain_words(lambda: write_decks(chosen(root / "notebooks", beginnings), root))


def write_decks(paths: list[Path], root: Path) -> int:
    """Write the decks of some notebooks, and beside them the programs that they need."""
    folder = root / FOLDER
    vendor.provide(folder / "vendor", ("reveal.js", "mathjax"))
    for path in paths:
        slides = slides_in(path)
        target = folder / f"{path.stem}.html"
        write_whole(target, page_of(slides, path.stem))
        core = core_count(slides)
        also = f" and {len(slides) - core} in the appendix" if len(slides) > core else ""
        print(f"{FOLDER}/{target.name}: {core} slides{also}", flush=True)
    return 0


def slides_in(path: Path) -> list[Slide]:
    """The slides of the notebook in a file."""
    try:
        return slides_of(nbformat.read(path, as_version=4))
    except nbformat.reader.NotJSONError as error:
        raise Advice(f"{path.name} is not a notebook; store it again from JupyterLab.") from error


def page_of(slides: list[Slide], name: str) -> str:
    """The HTML page of a deck."""
    return PAGE.format(
        title=html.escape(name),
        look=LOOK.read_text("utf-8"),
        fitting=FITTING.read_text("utf-8"),
        slides="\n".join(section_of(slide) for slide in slides),
    )


def section_of(slide: Slide) -> str:
    """One slide as a section of the page, with its notes."""
    depth = 1 if slide.kind == "title" else 2
    figures = [block for block in slide.blocks if block.kind == "figure"]
    notes = as_html("\n\n".join(slide.notes)) if slide.notes else ""
    aside = f'\n<aside class="notes">{notes}</aside>' if notes else ""
    parts = list(step_by_step(slide.blocks))
    count = beside(slide.blocks)
    if count:
        (picture,) = re.findall(r"<figure.*?</figure>", "".join(parts[:count]))
        words = "\n".join(parts[:count]).replace(picture, "")
        columns = f'<div class="columns">{picture}<div class="side">{words}</div></div>'
        parts = [columns, *parts[count:]]
    head = f"<h{depth}>{inline(slide.head)}</h{depth}>"
    kinds = " ".join(filter(None, (slide.kind, "pictured" if figures else "")))
    body = "\n".join(parts)
    return f'<section class="{kinds}">\n{head}\n{body}{aside}\n</section>'


def step_by_step(blocks: list[Block]) -> Iterator[str]:
    """Blocks as HTML; what answers a *Predict* on the same slide waits for the next key."""
    step, asked = 0, False
    for block in blocks:
        begin = step  # at which it is shown; its answer, if it has one, a step later
        if block.kind == "predict" and block.lead:
            asked = True
        elif block.states > 1:  # the first is there from the beginning
            step, asked = step + block.states - 1, False
        elif asked and (not block.lead or block.told):
            step, asked = step + 1, False
            begin = step - 1 if block.kind == "code" else step
        yield html_of(block, begin, step)


def html_of(block: Block, step: int = 0, last_step: int = 0) -> str:
    """One block as HTML, shown at a step of its slide (0: at once), what it tells at the last."""
    if block.kind == "figure":
        caption = f"<div{waiting(step, 'caption')}>{inline(block.caption)}</div>"
        return figure_of(block, step) + caption * bool(block.caption)
    if block.kind in ("code", "told"):
        source = f"<div{waiting(step, 'code')}>{highlighted(block.content)}</div>"
        told = block.content if block.kind == "told" else block.told
        output = f"<pre{waiting(last_step, 'told')}>{html.escape(told)}</pre>"
        return (source if block.kind == "code" else "") + (output if told else "")
    if block.kind == "head":
        return f"<h3{waiting(step)}>{inline(block.content)}</h3>"
    if block.kind == "formula":
        parts = [html.escape(part, quote=False) for part in in_parts(block.content)]
        spans = " ".join(f"<span>$\\displaystyle {part}$</span>" for part in parts)
        return f"<div{waiting(step, 'formula')}>{spans}</div>"
    return f"<div{waiting(step, block.kind)}>{as_html(block.content)}</div>"


def figure_of(block: Block, step: int) -> str:
    """A picture; the states of an explorer lie one on the other, a later one waits for its key."""
    alt = html.escape(block.alt, quote=True)
    if block.states == 1:
        return f'<figure{waiting(step)}><img src="{block.content}" alt="{alt}"></figure>'
    images = [
        f'<img{waiting(step + k)} src="{part}" alt="{alt if k == 0 else ""}">'
        for k, part in enumerate(cut_apart(block.content, block.states))
    ]
    return f"<figure>{''.join(images)}</figure>"


def cut_apart(address: str, states: int) -> Iterator[str]:
    """The states of an explorer's still picture, which lie one below the other, as addresses."""
    kind, _, data = address.partition(",")
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        width, height = picture.width, picture.height // states
        for k in range(states):
            file = io.BytesIO()
            picture.crop((0, k * height, width, (k + 1) * height)).save(file, "PNG")
            yield f"{kind},{base64.b64encode(file.getvalue()).decode()}"


def waiting(step: int, kind: str = "") -> str:
    """The attributes of an element of a kind that is shown at a step.

    Examples
    --------
    >>> waiting(0, "box"), waiting(2, "box")
    (' class="box"', ' class="box fragment" data-fragment-index="2"')
    """
    names = f"{kind} fragment".strip() if step else kind
    index = f' data-fragment-index="{step}"' if step else ""
    return (f' class="{names}"' if names else "") + index


def highlighted(source: str) -> str:
    """Python in colours."""
    return str(Highlight2HTML(pygments_lexer="python3")(source))


def as_html(markdown: str) -> str:
    """Markdown with its formulas left for MathJax."""
    text = str(markdown2html(markdown))
    text = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", text)
    text = re.sub(r"(\$[^$<]+\$[.,;:?!)\u201d\u2019]+)", r'<span class="tied">\1</span>', text)
    return re.sub(r"<a href=[^>]*>(.*?)</a>", r"\1", text)


def inline(markdown: str) -> str:
    """A line of Markdown without the paragraph around it."""
    return re.sub(r"^<p>|</p>$", "", as_html(markdown).strip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
