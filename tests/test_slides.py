"""Every slide of every deck, in a real browser: nothing too large, too small or from outside."""

import importlib.util
import os
import shutil
from types import SimpleNamespace

import pytest
from browser import find_browser, running_browser
from test_notebooks import PATHS

from utils.commands import sliding, vendor
from utils.commands.course import ROOT
from utils.commands.deck.packing import MOST_SLIDES

PROGRAMS = ROOT / "slides" / "vendor"
missing = [
    name
    for name, there in {
        "a Chromium (apt-get install chromium, or set COURSE_BROWSER)": find_browser(),
        "Playwright (tests/requirements.txt)": importlib.util.find_spec("playwright"),
        "npm (it comes with Node.js)": shutil.which("npm") or PROGRAMS.is_dir(),
    }.items()
    if not there
]
pytestmark = pytest.mark.skipif(
    bool(missing) and "COURSE_BROWSER" not in os.environ,
    reason=f"the slides are NOT measured in a browser here, for want of {missing}",
)

# Everything in pixels of a slide of 1280 x 720, whatever the window.
MEASURE = r"""k => {
  const slide = Reveal.getSlides()[k], place = Reveal.getIndices(slide), found = [];
  Reveal.slide(place.h, place.v || 0, 99);
  const corner = slide.getBoundingClientRect(), scale = Reveal.getScale();
  const say = (what, e, n) => found.push([what, n, e.tagName, e.textContent.slice(0, 40)]);
  const part = e => e.closest('aside, mjx-assistive-mml') || e.closest('svg') && e.tagName != 'svg';
  const least = {text: 99, code: 99, formula: 99, figure: 9999};
  const low = (kind, size) => { least[kind] = Math.min(least[kind], size); };
  for (const e of slide.querySelectorAll('*')) {
    if (part(e)) continue;
    const box = e.getBoundingClientRect(), size = parseFloat(getComputedStyle(e).fontSize);
    const [left, top, right, bottom] = [box.left - corner.left, box.top - corner.top,
      box.right - corner.left, box.bottom - corner.top].map(v => v / scale);
    if (box.width && (left < 0 || top < 0 || right > 1280 || bottom > 720))
      say('over', e, [left, top, right, bottom].map(Math.round));
    if (e.parentElement == slide && e.scrollWidth > e.clientWidth + 1)
      say('too wide', e, e.scrollWidth);
    if (e.tagName == 'MJX-CONTAINER') low(e.closest('.formula') ? 'formula' : 'text', size);
    if (e.tagName == 'IMG') {
      const width = Math.min(box.width, box.height * e.naturalWidth / e.naturalHeight) / scale;
      low('figure', Math.round(width * e.naturalHeight / e.naturalWidth));
      if (!e.complete || !e.naturalWidth) say('not loaded', e, '');
      if (!e.alt && !e.previousElementSibling) say('no alternative text', e, '');
    }
    const own = [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim());
    if (own && !e.matches('sup, sub')) low(e.closest('pre, code') ? 'code' : 'text', size);
  }
  const parts = [...slide.querySelectorAll('h1, h2, h3, .side > *, figure')];
  parts.push(...[...slide.children].filter(e => e.matches('div:not(.columns), pre')));
  for (const one of parts) for (const other of parts) {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    if (one != other && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2) say('overlaps', one, '');
  }
  const plain = slide.cloneNode(true);
  plain.querySelectorAll('pre, code, mjx-container').forEach(e => e.remove());
  const raw = plain.textContent.match(/.{0,20}[$\\].{0,20}/);
  if (raw) found.push(`not typeset: ${raw}`);
  if (slide.querySelector('[data-mjx-error], [data-mml-node=merror]')) say('wrong', slide, '');
  return {found, least, core: !slide.matches('.appendix')};
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The decks of all notebooks, made by the command's own program."""
    root = tmp_path_factory.mktemp("course")
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    vendor.provide(PROGRAMS, ("reveal.js", "mathjax"))
    shutil.copytree(PROGRAMS, root / "slides" / "vendor")
    assert sliding.main([], root) == 0
    return root / "slides"


@pytest.fixture(scope="module")
def browser():
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def open_deck(folder, browser):
    """Open a deck without a net; returns its page and what went wrong on the way."""
    tabs = []

    def open_it(name):
        tab = browser.new_page(viewport={"width": 1280, "height": 720})
        tab.set_default_timeout(120_000)
        wrong = []
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        tab.on("request", lambda r: wrong.append(r.url[:80]) if r.url[:4] == "http" else None)
        tab.route("http*://**", lambda route: route.abort())
        tab.goto((folder / f"{name}.html").as_uri())
        tab.wait_for_selector("body[data-ready]", state="attached")
        tabs.append(tab)
        return SimpleNamespace(tab=tab, wrong=wrong)

    yield open_it
    for tab in tabs:
        tab.close()


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_every_slide_can_be_read_from_the_back_row(path, open_deck):
    deck = open_deck(path.stem)
    count = deck.tab.evaluate("Reveal.getSlides().length")
    slides = [deck.tab.evaluate(MEASURE, k) for k in range(count)]
    found = {k + 1: slide["found"] for k, slide in enumerate(slides) if slide["found"]}
    assert found == {}
    assert deck.wrong == []
    least = {kind: min(slide["least"][kind] for slide in slides) for kind in slides[0]["least"]}
    print(path.stem, sum(slide["core"] for slide in slides), count, least)
    assert least["text"] >= 28
    assert least["code"] >= 22
    assert least["formula"] >= 24
    assert least["figure"] >= 230
    assert sum(slide["core"] for slide in slides) <= MOST_SLIDES


def go_to(tab, text):
    """Turn to the slide on which a text stands; returns it."""
    slide = tab.locator(".slides > section", has_text=text).first
    slide.evaluate("s => { const i = Reveal.getIndices(s); Reveal.slide(i.h, i.v || 0, -1); }")
    return slide


def test_a_question_is_asked_before_its_answer_is_seen(open_deck):
    tab = open_deck("03_input_gradient").tab
    slide = go_to(tab, "At which angle does")
    assert slide.locator(".predict").is_visible()
    assert slide.locator("figure").evaluate("e => getComputedStyle(e).visibility") == "hidden"
    tab.keyboard.press("ArrowRight")
    assert slide.locator("figure").evaluate("e => getComputedStyle(e).visibility") == "visible"


def test_an_explorers_states_are_shown_one_after_the_other(open_deck):
    tab = open_deck("01_forward_pass").tab
    slide = go_to(tab, "What a single neuron says")
    images = slide.locator("figure img")
    seen = "all => all.filter(e => getComputedStyle(e).visibility == 'visible').length"
    for count in (1, 2, 3):
        assert images.evaluate_all(seen) == count
        tab.keyboard.press("ArrowRight")
    sizes = images.evaluate_all("all => all.map(e => [e.naturalWidth, e.naturalHeight])")
    assert sizes == [[800, 340]] * 3


def test_the_speaker_reads_the_prose_with_its_formulas(open_deck):
    deck = open_deck("03_input_gradient")
    go_to(deck.tab, "Take a network with a single output")
    with deck.tab.expect_popup() as popup:
        deck.tab.keyboard.press("s")
    notes = popup.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("find an algorithm for it").wait_for()
    assert notes.locator("svg").count() > 5
    assert notes.locator("mjx-assistive-mml").count() == 0
    assert "$" not in notes.inner_text()
    assert deck.wrong == []
