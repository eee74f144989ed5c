"""Write a deck of slides for each notebook: one HTML file, and the programs it needs beside it.

``python3 -m utils slides [NN ...]`` starts this module with the environment's own Python, since it
needs nbconvert, which comes with JupyterLab.
"""

from __future__ import annotations

import html
import re
import sys
from pathlib import Path

import nbformat
from nbconvert.filters import Highlight2HTML, markdown2html

from utils.commands import vendor
from utils.commands.course import ROOT, Advice, print_anything
from utils.commands.deck import Block, Deck, Slide
from utils.commands.refreshing import chosen

FOLDER = "slides"
LOOK = Path(__file__).with_name("slides.css")
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
  svg: {{fontCache: "global"}},
  options: {{enableMenu: false}}
}};
</script>
<script src="vendor/mathjax/es5/tex-svg-full.js"></script>
<script src="vendor/reveal.js/dist/reveal.js"></script>
<script src="vendor/reveal.js/plugin/notes/notes.js"></script>
<script>
Reveal.initialize({{width: 1280, height: 720, margin: 0.02, center: false, hash: true,
  slideNumber: true, transition: "none", controls: false, plugins: [RevealNotes]}});
</script>
</body>
</html>
"""


def main(beginnings: list[str], root: Path = ROOT) -> int:
    """Write the decks of the notebooks whose names begin with one of `beginnings`.

    Returns
    -------
    int
        0, or 2 where a name is not known or the programs can't be had.
    """
    print_anything()
    try:
        folder = root / FOLDER
        paths = chosen(root / "notebooks", beginnings)
        vendor.provide(folder / "vendor", ("reveal.js", "mathjax"))
        for path in paths:
            deck = Deck(nbformat.read(path, as_version=4))
            target = folder / f"{path.stem}.html"
            target.write_text(page_of(deck, path.stem), encoding="utf-8", newline="\n")
            extra = len(deck.slides) - deck.core_count
            also = f" and {extra} in the appendix" if extra else ""
            print(f"{FOLDER}/{target.name}: {deck.core_count} slides{also}", flush=True)
    except Advice as advice:
        print(advice, file=sys.stderr)
        return 2
    return 0


def page_of(deck: Deck, name: str) -> str:
    """The HTML page of a deck."""
    sections = "\n".join(section_of(slide) for slide in deck.slides)
    return PAGE.format(title=html.escape(name), look=LOOK.read_text("utf-8"), slides=sections)


def section_of(slide: Slide) -> str:
    """One slide as a section of the page, with its notes."""
    depth = 1 if slide.title else 2
    kind = ' class="title"' if slide.title else ' class="appendix"' if slide.appendix else ""
    head = inline(slide.head)
    body = "\n".join(block_of(block) for block in slide.blocks)
    notes = as_html("\n\n".join(slide.notes)) if slide.notes else ""
    aside = f'\n<aside class="notes">{notes}</aside>' if notes else ""
    return f"<section{kind}>\n<h{depth}>{head}</h{depth}>\n{body}{aside}\n</section>"


def block_of(block: Block) -> str:
    """One block as HTML."""
    if block.kind == "figure":
        caption = f"<figcaption>{inline(block.caption)}</figcaption>" if block.caption else ""
        alt = html.escape(block.alt, quote=True)
        return f'<figure><img src="{block.content}" alt="{alt}">{caption}</figure>'
    if block.kind == "code":
        source, _, told = block.content.partition("\0")
        output = f'<pre class="told">{html.escape(told)}</pre>' if told else ""
        return f'<div class="code">{highlighted(source)}</div>{output}'
    return f'<div class="{block.kind}">{as_html(block.content)}</div>'


def highlighted(source: str) -> str:
    """Python in colours."""
    return str(Highlight2HTML(pygments_lexer="python3")(source))


def as_html(markdown: str) -> str:
    """Markdown with its formulas left for MathJax."""
    text = str(markdown2html(markdown))
    text = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", text)
    return re.sub(r"<a href=[^>]*>(.*?)</a>", r"\1", text)


def inline(markdown: str) -> str:
    """A line of Markdown without the paragraph around it."""
    return re.sub(r"^<p>|</p>$", "", as_html(markdown).strip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
