"""The static site: pages to read, and the notebooks under the site's own Pyodide.

Building it takes npm, a network and half a minute, and running all notebooks six: so only where
COURSE_SITE is set, to the folder with Pyodide's package files or to "none" (.ci/run sets it).
"""

import hashlib
import html.parser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from browser import find_browser, running_browser, wait_until
from site_serving import EXPLORER, IDLE, RUN_ALL, run_in_node, served, tab
from test_notebooks import PATHS

from utils.commands import vendor
from utils.commands.course import ROOT

ASKED = os.environ.get("COURSE_SITE")
WHEELS = None if ASKED in (None, "none") else Path(ASKED).resolve()
SITE = ROOT / "site"
NUMBERS = [path.name[:2] for path in PATHS]
pytestmark = pytest.mark.skipif(
    not ASKED,
    reason="the static site is NOT tested here: set COURSE_SITE to the folder with Pyodide's "
    "package files, or to none",
)
live = pytest.mark.skipif(
    ASKED == "none",
    reason="notebooks in the browser are NOT tested here, for want of Pyodide's package files",
)


def build():
    given = ["--pyodide", str(WHEELS)] if WHEELS else []
    done = subprocess.run([sys.executable, "-m", "utils", "site", *given], cwd=ROOT,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr


def fingerprints():
    files = [path for path in sorted(SITE.rglob("*")) if path.is_file()]
    return {p.relative_to(SITE).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in files}  # fmt: skip


@pytest.fixture(scope="module")
def site():
    build()
    return SITE


@pytest.fixture(scope="module")
def address(site):
    with served(site) as place:
        yield place


@pytest.fixture(scope="module")
def chromium():
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    folder = tmp_path_factory.mktemp("axe")
    vendor.provide(folder, ("axe-core",))
    return (folder / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


# -------- the files


class Tags(html.parser.HTMLParser):
    """All start tags of a page, with their attributes."""

    def __init__(self, path):
        super().__init__()
        self.found = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def pages():
    return [SITE / "index.html", *(SITE / "read" / f"{number}.html" for number in NUMBERS)]


def test_a_rebuild_is_the_same_byte_for_byte(site):
    first = fingerprints()
    build()
    assert fingerprints() == first


def test_there_is_a_page_for_each_notebook_and_a_card_that_opens_it(site):
    tags = Tags(site / "index.html")
    links = [a["href"] for a in tags.all("a")]
    for path in PATHS:
        assert f"read/{path.name[:2]}.html" in links
        assert f"try/notebooks/index.html?path=work/{path.name}" in links
        assert (site / "try" / "files" / "work" / path.name).is_file()
    assert len(tags.all("img")) == len(PATHS)


def test_every_figure_of_a_notebook_is_on_its_page_with_what_it_shows(site):
    for path, number in zip(PATHS, NUMBERS):
        cells = nbformat.read(path, as_version=4).cells
        alts = [cell.metadata.alt for cell in cells for output in cell.get("outputs", [])
                if "image/png" in output.get("data", {})]  # fmt: skip
        images = Tags(site / "read" / f"{number}.html").all("img")
        assert [image["alt"] for image in images] == alts
        assert len({image["src"] for image in images}) == len(alts)
    for page in pages():
        for image in Tags(page).all("img"):
            assert len(image["alt"].split()) >= 5, image


def test_links_lead_somewhere_and_nothing_is_taken_from_elsewhere(site):
    for page in pages():
        tags = Tags(page)
        taken = [tag.get("src") or tag.get("href") for name in ("img", "script", "link")
                 for tag in tags.all(name)]  # fmt: skip
        assert not [place for place in taken if urlsplit(place).netloc]
        for place in [*taken, *(a["href"] for a in tags.all("a"))]:
            parts = urlsplit(place)
            if parts.scheme:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file(), f"{page.name}: {place}"
            if parts.fragment:
                ids = {a["id"] for _, a in Tags(target).found if "id" in a}
                assert unquote(parts.fragment) in ids, f"{page.name}: {place}"


def test_one_comes_from_each_page_to_the_next_and_back(site):
    for k, number in enumerate(NUMBERS):
        links = Tags(site / "read" / f"{number}.html").all("a")
        next_ones = {a["href"] for a in links if a.get("rel") == "next"}
        last_ones = {a["href"] for a in links if a.get("rel") == "prev"}
        assert next_ones == {f"{after}.html" for after in NUMBERS[k + 1 : k + 2]}
        assert last_ones == {f"{before}.html" for before in NUMBERS[max(k - 1, 0) : k]}


def test_what_backs_a_sentence_is_folded_with_its_verdict_outside(site):
    for path, number in zip(PATHS, NUMBERS):
        text = (site / "read" / f"{number}.html").read_text(encoding="utf-8")
        cells = nbformat.read(path, as_version=4).cells
        backing = [c for c in cells if "backing" in c.metadata.get("tags", [])]
        assert text.count('<details class="backing"><summary>Checked: ') == len(backing) > 0
        assert "<details open" not in text


def test_notebooks_come_without_outputs_and_the_library_with_its_data(site):
    files = site / "try" / "files"
    for path in PATHS:
        notebook = nbformat.read(files / "work" / path.name, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
        assert notebook.metadata.language_info.name == "python"
    library = {p.relative_to(ROOT / "utils") for p in (ROOT / "utils").rglob("*.py")}
    there = {p.relative_to(files / "utils") for p in (files / "utils").rglob("*.py")}
    assert there == {p for p in library if "commands" not in p.parts and p.name != "__main__.py"}
    data = {p.relative_to(ROOT / "notebooks") for p in (ROOT / "notebooks/data").rglob("*.npz")}
    assert all((files / "notebooks" / path).is_file() for path in data)


# -------- in a browser, to read


READ = [("index.html", 1280, "light"), ("index.html", 390, "dark"), ("read/00.html", 390, "light"),
        ("read/05.html", 1280, "dark"), ("read/09.html", 390, "dark")]  # fmt: skip
ALL_TYPESET = """async () => {
  await window.MathJax?.startup.promise;
  document.querySelectorAll('details').forEach(d => { d.open = true; });
  document.querySelectorAll('img').forEach(i => { i.loading = 'eager'; });
  await Promise.all([...document.images].map(i => i.decode()));
}"""


@pytest.mark.skipif(not find_browser(), reason="pages are NOT looked at here, for want of Chromium")
@pytest.mark.parametrize(("name", "width", "scheme"), READ)
def test_a_page_can_be_read_by_everybody(name, width, scheme, address, chromium, axe):
    """Nothing sticks out, every formula is set, and axe has nothing to say, all unfolded."""
    with tab(chromium, address, width, scheme) as page:
        page.goto(address + name)
        page.evaluate(ALL_TYPESET)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
        assert page.evaluate("document.body.innerText.includes('$')") is False
        page.evaluate(axe)
        found = page.evaluate("axe.run()")["violations"]
        told = [(fault["id"], node["target"], node["failureSummary"])
                for fault in found for node in fault["nodes"][:3]]  # fmt: skip
        assert told == []


# -------- the notebooks under Pyodide


def texts_of(outputs):
    """What of a cell's outputs is compared: streams, errors, text but for pictures' own names."""
    told = ""
    for output in outputs:
        data = output.get("data", {})
        pictured = "image/png" in data or any("widget-view" in kind for kind in data)
        if output["output_type"] == "stream":
            told += output["text"]
        elif output["output_type"] == "error":
            told += f"{output['ename']}: {output['evalue']}\n"
        elif not pictured:
            told += data.get("text/plain", "") + "\n"
    return told


@live
@pytest.mark.skipif(not shutil.which("node"), reason="notebooks are NOT run here, for want of Node")
@pytest.mark.parametrize("path", PATHS, ids=NUMBERS)
def test_a_notebook_runs_and_says_there_what_it_says_elsewhere(path, site):
    found = run_in_node(site, path)
    stored = {c.id: c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"}
    assert [cell["id"] for cell in found["cells"]] == list(stored)
    for cell in found["cells"]:
        if "nbval-ignore-output" not in stored[cell["id"]].metadata.get("tags", []):
            assert texts_of(cell["outputs"]) == texts_of(stored[cell["id"]].outputs), cell["id"]
        kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
        pictures = {kind for o in stored[cell["id"]].outputs for kind in o.get("data", {})}
        assert not pictures or kinds, f"{cell['id']} shows nothing"
    assert found["megabytes"] <= 500
    print(f"{path.stem}: {found['seconds']:.0f} s of CPU, {found['megabytes']:.0f} MB")


SOLVE = """async source => {
  const panel = jupyterapp.shell.currentWidget;
  const cells = [...panel.content.widgets];
  const k = cells.findIndex(w => (w.model.getMetadata('tags') ?? []).includes('exercise'));
  cells[k].model.sharedModel.setSource(source);
  panel.content.activeCellIndex = k;
  await jupyterapp.commands.execute('notebook:run-cell');
  panel.content.activeCellIndex = k + 1;
  await jupyterapp.commands.execute('notebook:run-cell');
  await jupyterapp.commands.execute('docmanager:save');
  return cells[k + 1].model.outputs.toJSON().map(o => o.text).join('');
}"""


def run_all(page):
    page.wait_for_function(IDLE)
    found = page.evaluate(RUN_ALL)
    assert found["told"] == []
    assert found["run"] == found["cells"] > 5


@live
def test_from_the_landing_page_to_a_solved_exercise_that_is_still_there(address, chromium):
    with tab(chromium, address) as page:
        page.goto(address)
        page.get_by_role("link", name="Open 00").click()
        run_all(page)
        explorer = page.locator(EXPLORER).first
        explorer.scroll_into_view_if_needed()
        words = explorer.locator("[role=status]")
        handle = explorer.locator(".noUi-handle").first
        for way in ("key", "mouse"):
            before = words.inner_text()
            if way == "key":
                handle.focus()
                page.keyboard.press("ArrowRight")
            else:
                box = handle.bounding_box()
                x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
                page.mouse.move(x, y)
                page.mouse.down()
                page.mouse.move(x - 80, y, steps=5)
                page.mouse.up()
            changed = wait_until(lambda old=before: words.inner_text() != old, seconds=60)
            assert changed, way
        right = "def half_square(a, y):\n    return (a - y) ** 2 / 2"
        assert "verified" in page.evaluate(SOLVE, right)
        page.reload()
        page.wait_for_function(IDLE)
        assert page.evaluate(
            "s => [...jupyterapp.shell.currentWidget.content.widgets]"
            ".some(w => w.model.sharedModel.getSource() === s)", right)  # fmt: skip


@live
@pytest.mark.parametrize("number", ["01", "05", "09"])
def test_all_of_a_notebook_runs_where_it_is_opened(number, address, chromium):
    with tab(chromium, address) as page:
        page.goto(address)
        page.get_by_role("link", name=f"Open {number}").click()
        run_all(page)


@live
def test_lab_is_one_click_away(address, chromium):
    with tab(chromium, address) as page:
        page.goto(address)
        page.get_by_role("link", name=re.compile("JupyterLab")).click()
        page.wait_for_function(IDLE)
        assert page.locator(".jp-FileBrowser").count() > 0
