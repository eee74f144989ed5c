"""The pages to read: one for each notebook, made by nbconvert, and the landing page."""

from __future__ import annotations

import html
import re
import struct
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExtractOutputPreprocessor

from utils.commands.course import Advice

HERE = Path(__file__).parent
LIVE = "try/notebooks/index.html?path=work/"
LAB = "try/lab/index.html?path=work/"


class Page(NamedTuple):
    """One notebook, and what the landing page says of it.

    Attributes
    ----------
    file : str
        The notebook's name.
    number, title : str
        From its heading, ``# 03 · The gradient …``.
    promise : str
        The bold sentence below the heading, as HTML.
    minutes : str
        The row *Time* of its table, up to the colon.
    picture, alt : str
        Where the figure of its cell with the metadata ``"card": true`` lies, and what it shows.
    notebook : NotebookNode
        The whole.
    """

    file: str
    number: str
    title: str
    promise: str
    minutes: str
    picture: str
    alt: str
    notebook: Any


def page_of(path: Path) -> Page:
    """Read a notebook and what is said of it in its first cell."""
    notebook = nbformat.read(path, as_version=4)
    first = notebook.cells[0].source
    heading = re.match(r"# (\d\d) · (.+)", first)
    promise = re.search(r"^\*\*(.+)\*\*$", first, re.M)
    minutes = re.search(r"\*\*Time\*\* \| ([^:|]+)", first)
    if not (heading and promise and minutes):
        raise Advice(f"The first cell of {path.name} has another form than those of the others.")
    number, title = heading.groups()
    k, card = next(
        ((k, cell) for k, cell in enumerate(notebook.cells) if cell.metadata.get("card")),
        next((k, cell) for k, cell in enumerate(notebook.cells) if cell.metadata.get("alt")),
    )
    return Page(path.name, number, title, simple(promise[1]), minutes[1].strip(),
                f"read/figures/{number}-{k}.png", card.metadata.alt, notebook)  # fmt: skip


def write_pages(notebooks: Path, site: Path) -> None:
    """Write the landing page, and a page to read for each notebook, into the folder `site`."""
    pages = [page_of(path) for path in sorted(notebooks.glob("*.ipynb"))]
    (site / "read" / "figures").mkdir(parents=True, exist_ok=True)
    for before, page, after in zip([None, *pages], pages, [*pages[1:], None]):
        write_reading(page, before, after, site / "read")
        print(f"site/read/{page.number}.html", flush=True)
    rooms = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    landing = rooms.get_template("landing.html.j2").render(pages=pages, live=LIVE, lab=LAB)
    write(site / "index.html", landing + "\n")
    for name in ("look.css", "page.js", "icon.svg"):
        write(site / name, (HERE / name).read_text(encoding="utf-8"))


def write_reading(page: Page, before: Page | None, after: Page | None, folder: Path) -> None:
    """Write one notebook as a page, and its figures."""
    exporter = HTMLExporter(
        template_name="reading",
        extra_template_basedirs=[str(HERE)],
        filters={"for_reading": for_reading, "told": told, "size_of_png": size_of_png},
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    extract = ExtractOutputPreprocessor(
        output_filename_template="{unique_key}-{cell_index}{extension}"
    )
    exporter.register_preprocessor(extract, enabled=True)
    around = {
        "title": f"{page.number} · {page.title}",
        "before": before,
        "after": after,
        "live": f"../{LIVE}{page.file}",
    }
    resources = {"unique_key": page.number, "output_files_dir": "figures", "page": around}
    text, made = exporter.from_notebook_node(page.notebook, resources=resources)
    write(folder / f"{page.number}.html", text)
    for name, content in made["outputs"].items():
        (folder / name).write_bytes(content)


def write(path: Path, text: str) -> None:
    """Write a text the same way on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def for_reading(text: str) -> str:
    """Point links to notebooks at their pages, and give wide tables a frame to scroll in.

    Examples
    --------
    >>> for_reading('<a href="03_input_gradient.ipynb#The-algorithm">')
    '<a href="03.html#The-algorithm">'
    """
    text = re.sub(r'href="(?:\./)?(\d\d)_\w+\.ipynb', r'href="\1.html', text)
    text = re.sub(r"<thead>\s*<tr>\s*(<th[^>]*>\s*</th>\s*)+</tr>\s*</thead>", "", text)
    return re.sub(r"(<table.*?</table>)", r'<div class="wide">\1</div>', text, flags=re.S)


def simple(words: str) -> str:
    """A sentence with a small formula as HTML that needs no MathJax.

    Examples
    --------
    >>> simple(r"What does $\\nabla_x a^{[L]}$ show?")
    'What does ∇<sub>x</sub> <i>a</i><sup>[L]</sup> show?'
    """
    first, *rest = html.escape(words, quote=False).split("$")
    for k, part in enumerate(rest):
        if k % 2 == 0:
            part = re.sub(r"(?<![\\\w{[_])([a-z])(?![\w])", r"<i>\1</i>", part)
            part = part.replace(r"\nabla", "∇")
            part = re.sub(r"_(\w)", r"<sub>\1</sub>", part)
            rest[k] = re.sub(r"\^\{([^}]*)\}", r"<sup>\1</sup>", part)
    return "".join([first, *rest])


def told(cell: Any) -> str:
    """What a folded cell prints, which stands on its bar."""
    return "".join(output.get("text", "") for output in cell.outputs).strip() or "Code"


def size_of_png(content: bytes) -> tuple[int, int]:
    """Width and height, from a PNG file's first bytes: the page keeps room before it is loaded.

    Examples
    --------
    >>> size_of_png(bytes(16) + bytes([0, 0, 2, 128, 0, 0, 1, 64]))
    (640, 320)
    """
    width, height = struct.unpack(">II", content[16:24])
    return width, height
