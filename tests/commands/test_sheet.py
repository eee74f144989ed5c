"""The formula sheet: every formula on it is computed, and the page is looked at in a browser."""

import importlib.util
import json
import os
import re
import shutil
import sys
from pathlib import Path

import formulas
import numpy as np
import pytest
from browser import find_browser, running_browser
from formulas import FORMULAS, LAYERS, SIZES, N

from utils import commands
from utils.commands import chromium, environment, programs, sheeting, vendor
from utils.commands.course import ROOT, Advice
from utils.experiments import efficiencies
from utils.noise import Normal

SOURCE = (ROOT / sheeting.SOURCE).read_text(encoding="utf-8")


def spans(text):
    """The formulas of a text, without their dollars."""
    return {a or b for a, b in re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text, re.S)}


def rows(heading):
    """The cells of the first table below a heading, without its two lines of head."""
    part = SOURCE.partition(f"## {heading}")[2].partition("\n## ")[0]
    table = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in table]


# -------- what is written


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_gives_what_the_library_gives(formula):
    for _, right, given in FORMULAS[formula]():
        assert np.shape(right) == np.shape(given)
        np.testing.assert_allclose(given, right, rtol=1e-7, atol=1e-9)


# What only names something, or says in words what is proved in its notebook.
NAMES = {
    *("L", "n_l", "N", "W", "b", "z", "y", "g", "s", "j", "D", "C", "c", "f", "x", "X", "0", "1"),
    *("W^{[l]}", "b^{[l]}", "z^{[l]}", "a^{[l]}", "D^{[l]}", "g^{[l]}", "W^{[2]}", r"\circ"),
    *(r"\Delta^{[l]}", r"\delta^{[l]}", r"\delta^{[L]}", r"\sigma", r"\sigma(z)", r"\eta"),
    *(r"\mathbf1", "1/N", "n_L=1", r"\psi(r)", r"\sqrt n", r"E[x\varepsilon]=0", "E[xx^T]"),
    *(r"E[\varepsilon^2\lVert x\rVert^2]<\infty", r"E\lVert x\varepsilon\rVert<\infty"),
    *(r"\sigma'(z^{[l]})", r"\partial C/\partial z^{[l]}"),
    *(
        "dz^{[l]}",
        r"\mathcal L",
        "E",
        "B",
        "m",
        "J",
        r"\log0",
        r"\partial a^{[L]}/\partial z^{[l]}",
    ),
}
# What no notebook writes so: other people's letters, and Δ beside g.
ELSEWHERE = {
    *("x=a^{[0]}", "W^{[1]}", r"\partial L/\partial z^{[l]}", r"\operatorname{diag}(g')"),
    *(r"\alpha", r"\epsilon", r"\varphi", "V/n", r"\partial a^{[L]}/\partial a^{[l]}"),
}


def test_nothing_stands_on_the_sheet_that_is_not_computed_or_a_name():
    shapes = {span for span in spans(SOURCE) if re.fullmatch(rf"{SIZE}\\times ?{SIZE}", span)}
    assert len(shapes) == 7
    assert spans(SOURCE) - shapes == set(FORMULAS) | NAMES | ELSEWHERE


def plain(tex):
    r"""A formula without colours, spaces and the ways to spell a fraction: \dfrac{a}{b} is a/b."""
    tex = re.sub(r"\\color\{#\w+\}|\\(?:big|Big|bigl|Bigl|bigr|Bigr)(?![a-z])|\\[,;:!]|\s", "", tex)
    tex = re.sub(r"\\[dt]?frac\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}",
                 r"\1/\2", tex)  # fmt: skip
    return tex.replace("{", "").replace("}", "")


def test_names_are_the_notebooks_own():
    written = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "markdown":
                written |= set(map(plain, spans("".join(cell["source"]))))
    everything = " ".join(written)
    assert [name for name in sorted(NAMES) if plain(name) not in everything] == []


SIZE = r"(?:N|1|n_\w|n_\{l-1\})"


def shape(text, l):
    """The numbers that n_l × N and the like are for layer l of the network in formulas.py."""
    sizes = {"N": N, "1": 1, "n_1": SIZES[0], "n_L": SIZES[-1]}
    sizes |= {"n_l": SIZES[l - 1], "n_{l-1}": SIZES[l - 2]}
    return tuple(
        sizes[part] for part in re.fullmatch(rf"\$({SIZE})\\times ?({SIZE})\$", text).groups()
    )


def test_symbols_have_the_shapes_that_stand_beside_them():
    seen = 0
    for symbol, code, _, said in rows("Symbols"):
        for l in LAYERS:
            names = {**vars(formulas), "l": l, "s": 0, "slope": formulas.slope[l]}
            value = eval(code.strip("`"), names)
            assert said == "" or value.shape == shape(said, l), symbol
            seen += said != ""
    assert seen >= 36


def test_what_is_read_off_has_the_shape_that_stands_beside_it():
    seen = 0
    for _, what, said in rows("Three start vectors"):
        for l, value, _ in FORMULAS[what.strip("$")]() if said else ():
            assert value.shape == shape(said, l or 2), what
            seen += 1
    assert seen >= 13


def test_the_code_of_algorithm_1_runs():
    code = re.search(r"```\n(.*?)```", SOURCE, re.S)[1]
    indented = "".join(f"    {line}\n" for line in code.splitlines())
    names = vars(formulas).copy()
    exec(f"def algorithm(net, x):\n{indented}", names)
    np.testing.assert_allclose(
        names["algorithm"](formulas.net, formulas.x), formulas.Delta[1], rtol=1e-12
    )


def test_numbers_in_the_text():
    found = efficiencies(Normal())
    assert "Huber and Tukey have 0.95, LAD 0.64" in SOURCE
    assert [round(found[name], 2) for name in ("Huber", "Tukey", "median")] == [0.95, 0.95, 0.64]


# -------- what is made


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course folder where MathJax is at hand, and is one line."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / sheeting.SOURCE).write_text("# A σ\n\nOne.\n\n## B\n\n$x$\n", encoding="utf-8")
    place = tmp_path / "sheet/vendor/mathjax/es5/tex-svg-full.js"
    place.parent.mkdir(parents=True)
    place.write_text("'</script>'", encoding="utf-8")
    monkeypatch.setattr(vendor, "provide", lambda folder, names: None)
    return tmp_path


def test_without_a_browser_there_is_html_and_a_sentence(course, monkeypatch, capsys):
    monkeypatch.setattr(sheeting, "find_browser", lambda: None)
    assert sheeting.main([], course) == 0
    page = (course / "sheet/formulas.html").read_text(encoding="utf-8")
    assert "<title>A σ</title>" in page
    assert page.count("<section>") == 1
    assert r"'<\/script>'" in page, "what MathJax quotes must not end the element"
    assert not (course / "sheet/formulas.pdf").exists()
    html, told = capsys.readouterr().out.splitlines()
    assert html == "sheet/formulas.html"
    assert "no Chromium" in told
    assert "print it" in told


def test_a_browser_that_does_not_print(course, monkeypatch, capsys):
    (course / "sheet/formulas.pdf").write_bytes(b"of last week")
    monkeypatch.setattr(sheeting, "find_browser", lambda: sys.executable)
    assert sheeting.main([], course) == 2
    told = capsys.readouterr().err
    assert "could not print formulas.html" in told
    assert "by hand" in told
    assert not (course / "sheet/formulas.pdf").exists(), "an old one would pass for a new one"


def test_a_browser_is_what_one_asks_for_or_one_in_its_usual_place(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "PLACES", (str(tmp_path / "none"), __file__))
    assert chromium.find_browser() == __file__
    monkeypatch.setattr(chromium, "PLACES", ())
    assert chromium.find_browser() is None
    monkeypatch.setenv("COURSE_BROWSER", "mine")
    assert chromium.find_browser() == "mine"


def test_the_command_takes_no_options_and_starts_its_program(monkeypatch, tmp_path, capsys):
    assert sheeting.main(["03"], tmp_path) == 2
    assert "sheet takes no options" in capsys.readouterr().err
    assert not any(tmp_path.iterdir())
    begun = []
    monkeypatch.setattr(environment, "ensure_environment", lambda root, groups: Path("python"))
    monkeypatch.setattr(programs, "run", lambda command, *_: begun.append(command) or 0)
    monkeypatch.chdir(tmp_path)
    assert commands.main(["sheet"], tmp_path) == 0
    assert begun == [["python", "-m", "utils.commands.sheeting"]]


# -------- what is seen

MEASURE = """async () => {
  await MathJax.startup.promise;
  const text = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let smallest = 99;
  for (let node; node = text.nextNode();) {
    const inside = node.parentElement.closest('script, style, mjx-container');
    if (!inside && node.data.trim())
      smallest = Math.min(smallest, parseFloat(getComputedStyle(node.parentElement).fontSize));
  }
  for (const svg of document.querySelectorAll('mjx-container > svg'))  // 1000 units are an em
    smallest = Math.min(smallest,
                        svg.getBoundingClientRect().width / svg.viewBox.baseVal.width * 1000);
  const over = [];
  for (const section of document.querySelectorAll('section')) {
    const box = section.getBoundingClientRect();
    for (const inner of section.querySelectorAll('table, td, th, pre, code, p, h2, svg')) {
      const its = inner.getBoundingClientRect();
      if (its.right > box.right + 0.5 || its.left < box.left - 0.5 ||
          inner.scrollWidth > inner.clientWidth + 1 && inner.matches('pre, td'))
        over.push(inner.textContent.slice(0, 60) + ' by ' + (its.right - box.right));
    }
  }
  return {over, smallest: smallest * 0.75, text: document.body.innerText,
          formulas: document.querySelectorAll('mjx-container > svg').length,
          wrong: document.querySelectorAll('[data-mml-node=merror]').length,
          height: document.body.scrollHeight / 96 * 25.4};
}"""
LACKING = not find_browser() or not importlib.util.find_spec("playwright")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The real sheet, made as the command makes it."""
    root = tmp_path_factory.mktemp("sheet")
    (root / "notebooks").mkdir()
    shutil.copy(ROOT / sheeting.SOURCE, root / sheeting.SOURCE)
    try:
        vendor.provide(root / "sheet/vendor", ("mathjax",))
    except Advice as advice:
        if "COURSE_BROWSER" in os.environ:  # as in .ci/run, where it must not be missing
            raise
        pytest.skip(f"the sheet is NOT looked at here: {advice}")
    assert sheeting.main([], root) == 0
    return root / "sheet"


@pytest.mark.skipif(
    LACKING and "COURSE_BROWSER" not in os.environ,
    reason="the sheet is NOT looked at here, for want of a Chromium or Playwright",
)
def test_the_sheet_is_one_page_on_which_everything_can_be_read(made):
    asked = []
    with running_browser() as browser:
        tab = browser.new_page(viewport={"width": 726, "height": 1062})  # A4 within its margins
        tab.on("request", lambda request: asked.append(request.url))
        tab.emulate_media(media="print")
        tab.goto((made / "formulas.html").as_uri())
        seen = tab.evaluate(MEASURE)
    assert seen["over"] == []
    assert seen["smallest"] >= 9
    assert seen["wrong"] == 0
    assert seen["formulas"] == len(re.findall(r"\$\$.+?\$\$|\$.+?\$", SOURCE, re.S))
    assert not re.search(r"[$\\]|\|-", seen["text"]), "raw TeX, or a table that is none"
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    pdf = (made / "formulas.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert re.findall(rb"/MediaBox\s*\[0 0 (\d+)\S* (\d+)", pdf) == [(b"594", b"841")]
