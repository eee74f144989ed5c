"""Write the formula sheet: one page, as HTML and as PDF, both from ``notebooks/formulas.md``.

``python3 -m utils sheet`` starts this module with the environment's own Python, since it needs
nbconvert, which comes with JupyterLab. The HTML holds MathJax and so is a file of its own, which
can be mailed, put on a page, or opened with the network off.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from nbconvert.filters import markdown2html

from utils.commands import vendor
from utils.commands.chromium import find_browser, print_to_pdf
from utils.commands.course import ROOT, Advice, in_plain_words, write_whole

SOURCE = "notebooks/formulas.md"
FOLDER = "sheet"
LOOK = Path(__file__).with_name("sheet.css")
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
{look}
</style>
<script>
window.MathJax = {{
  tex: {{inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]]}},
  svg: {{fontCache: "global", scale: 0.92}},
  options: {{enableMenu: false}}
}};
</script>
<script>
{mathjax}
</script>
</head>
<body>
{head}
<main>
{sections}
</main>
</body>
</html>
"""


def main(options: list[str], root: Path = ROOT) -> int:
    """Write the sheet into its folder.

    Parameters
    ----------
    options : list of str
        There are none.
    root : Path
        The course folder.

    Returns
    -------
    int
        0, or 2 where MathJax can't be had or the browser doesn't print.
    """
    return in_plain_words(lambda: write_sheet(options, root))


def write_sheet(options: list[str], root: Path) -> int:
    """Write the page, and where there is a browser that prints, the PDF."""
    if options:
        raise Advice(f"sheet takes no options, and got {options[0]!r}: leave it out.")
    folder = root / FOLDER
    vendor.provide(folder / "vendor", ("mathjax",))
    mathjax = (folder / "vendor/mathjax/es5/tex-svg-full.js").read_text("utf-8")
    page = folder / "formulas.html"
    write_whole(page, page_of((root / SOURCE).read_text("utf-8"), mathjax))
    print(f"{FOLDER}/{page.name}", flush=True)
    browser = find_browser()
    if browser is None:
        print("There is no Chromium, Chrome or Edge here, so there is no PDF: open the HTML "
              "in any browser and print it.")  # fmt: skip
    else:
        print_to_pdf(page.resolve(), page.with_suffix(".pdf").resolve(), browser)
        print(f"{FOLDER}/{page.stem}.pdf", flush=True)
    return 0


def page_of(source: str, mathjax: str) -> str:
    """The sheet as an HTML page; each part that begins with ## stays in one piece."""
    head, *parts = re.split(r"^(?=## )", source, flags=re.M)
    sections = "\n".join(f"<section>\n{as_html(part)}\n</section>" for part in parts)
    title = head.partition("\n")[0].lstrip("# ")
    return PAGE.format(
        title=title,
        look=LOOK.read_text("utf-8"),
        mathjax=mathjax.replace("</script", r"<\/script"),  # would end the element
        head=f"<header>\n{as_html(head)}\n</header>",
        sections=sections,
    )


def as_html(markdown: str) -> str:
    """Markdown with its formulas left for MathJax; headings without the links to themselves."""
    return re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", str(markdown2html(markdown)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
