"""The explorers where students meet them: a real JupyterLab in a real Chromium.

One Lab in one tab serves all tests; most of them work on one notebook with an explorer of each
kind that they need, so that Lab is loaded once and few kernels are started.
"""

import importlib.util
import os
import re
import shutil
import time
from pathlib import Path

import nbformat
import pytest
from browser import (
    RESTART,
    WATCH,
    Window,
    find_browser,
    make_course,
    running_browser,
    running_lab,
)
from test_notebooks import PATHS

from utils import explorers

missing = [
    name
    for name, there in {
        "a Chromium (apt-get install chromium, or set COURSE_BROWSER)": find_browser(),
        "Playwright (tests/requirements.txt)": importlib.util.find_spec("playwright"),
    }.items()
    if not there
]
pytestmark = pytest.mark.skipif(
    bool(missing) and "COURSE_BROWSER" not in os.environ,
    reason=f"the explorers are NOT tested in a browser here, for want of {missing}",
)

FIRST_CELL = "import sys\n\nsys.path.insert(0, '..')\nfrom utils import explorers"
DESK = ["tangent", "tangent", "neuron", "sampling_distribution", "loss_of_a_neuron",
        "training_film"]  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("lab") / "course")


@pytest.fixture(scope="module")
def window(course):
    with running_lab(course) as address, running_browser() as chromium:
        yield Window(chromium, address)


@pytest.fixture(autouse=True)
def no_complaint(window):
    """Whatever a test does, the browser's console stays silent."""
    window.complaints.clear()
    yield
    assert window.complaints == []


def run(page):
    found = page.run_all()
    assert found["run"] == found["cells"]
    assert found["errors"] == []
    return page


@pytest.fixture
def visit(course, window):
    """Open a notebook of the folder work, or a new one with these cells, and run it."""
    pages = []

    def open_page(name, *cells):
        if cells:
            write(course / "work" / name, *cells)
        pages.append(window.open(f"work/{name}"))
        assert cells or not pages[-1].is_modified()  # a copy that is only looked at
        return run(pages[-1])

    yield open_page
    for page in pages:
        page.close()


def write(path, *cells):
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code) for code in (FIRST_CELL, *cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(book, path)


def count_of_explorers(path):
    book = nbformat.read(path, as_version=4)
    return sum(len(re.findall(r"^explorers\.\w+\(", c.source, re.M)) for c in book.cells)


def test_notebooks_have_the_explorers_of_their_files():
    having = {f"nb{p.stem}" for p in PATHS if count_of_explorers(p)}
    assert having == {p.stem for p in Path(explorers.__file__).parent.glob("nb*.py")}


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_a_students_copy_runs_and_its_explorer_follows_key_and_mouse(path, visit):
    page = visit(path.name)
    assert page.explorers().count() == count_of_explorers(path)
    for explorer in page.explorers().all():
        handle = explorer.locator(".noUi-handle").first
        handle.scroll_into_view_if_needed()
        for way in ("key", "mouse"):
            picture, words = page.source(explorer), page.words(explorer)
            page.press(handle, "ArrowRight") if way == "key" else page.drag(handle, 0.3)
            assert page.wait_for_change(explorer, picture), way
            assert page.wait_for_words(explorer, lambda now, old=words: now != old) != words
            assert page.wait_for_rest(explorer, rest=0.3)


def test_an_original_shows_its_stored_picture_until_it_is_run(course, window):
    shutil.copy(next(p for p in PATHS if p.stem == "01_forward_pass"), course / "work" / "as.ipynb")
    page = window.open("work/as.ipynb")
    try:
        page.tab.locator(".jp-RenderedImage img").first.wait_for()
        shown = page.tab.locator(".jp-RenderedImage img").first.evaluate("e => e.naturalWidth")
        assert shown == 800
        assert page.explorers().count() == 0
        run(page)
        assert page.explorers().count() == 1
    finally:
        page.close()


def test_the_next_day_an_explorer_is_still_there(visit, window):
    page = visit("tomorrow.ipynb", "explorers.tangent()")
    explorer, words = page.explorers().first, "At z₀ = 2.00"
    picture = page.source(explorer)
    page.save()
    page.close()
    assert page.explorers().count() == 0
    window.open("work/tomorrow.ipynb")
    explorer.wait_for()
    assert page.explorers().count() == 1
    assert page.source(explorer) == picture
    assert words in page.wait_for_words(explorer, lambda now: words in now)
    assert page.tab.get_by_text("Error displaying widget").count() == 0
    image = explorer.locator("> .widget-image")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    run(page)  # and the kernel of the new day takes over
    assert page.explorers().count() == 1


def test_a_cell_run_again_has_one_explorer_and_the_kernel_keeps_no_old_ones(visit):
    """And so has a restarted kernel, when all is run again."""
    count = "from ipywidgets.widgets.widget import _instances\n\nprint(len(_instances))"
    page = visit("again.ipynb", "explorers.tangent()", count)
    before = page.tab.locator(".jp-OutputArea-output pre").last.inner_text()
    for again in range(4):
        if again == 3:
            page.tab.evaluate(RESTART)
        run(page)
        page.explorers().first.wait_for()
        assert page.explorers().count() == 1
        assert page.tab.locator(".jp-OutputArea-output pre").last.inner_text() == before
    explorer = page.explorers().first
    picture = page.source(explorer)
    page.press(explorer.locator(".noUi-handle").first, "ArrowLeft")
    assert page.wait_for_change(explorer, picture)


# -------- on one notebook with six explorers


@pytest.fixture(scope="module")
def desk(course, window):
    write(course / "work" / "desk.ipynb", *(f"explorers.{name}()" for name in DESK))
    page = run(window.open("work/desk.ipynb"))
    yield page
    page.close()


@pytest.fixture
def on_desk(desk):
    """Give the explorer of a name, as it stands at the start; it is brought back there."""
    lent = []

    def lend(name, number=0):
        explorer = desk.explorers().nth(DESK.index(name) + number)
        explorer.scroll_into_view_if_needed()
        lent.append(explorer)
        return explorer

    yield lend
    for explorer in lent:
        desk.reset(explorer)


def test_words_are_chosen_by_the_keyboard_too(desk, on_desk):
    """Lab takes the arrow keys from drop-down lists, so there are buttons and sliders of words."""
    explorer = on_desk("sampling_distribution")
    assert explorer.locator("select").count() == 0
    for name, told in (
        ("Cauchy", "Cauchy noise, mean of 100 values"),
        ("median", "Cauchy noise, median of 100 values"),
        ("Student, ν = 3", "Student, ν = 3 noise, median of 100 values"),
    ):
        picture = desk.source(explorer)
        desk.press(explorer.locator(".widget-toggle-button", has_text=name), "Space")
        assert desk.wait_for_change(explorer, picture)
        assert told in desk.wait_for_words(explorer, lambda words, told=told: told in words)


def test_the_number_beside_a_slider_follows_and_reset_brings_all_back(desk, on_desk):
    explorer = on_desk("sampling_distribution")
    assert explorer.locator("[contenteditable=true]:visible").count() == 0
    start, beside = desk.words(explorer), explorer.locator(".widget-hslider + .widget-label")
    desk.press(explorer.locator(".noUi-handle").first, "End")
    assert "mean of 400" in desk.wait_for_words(explorer, lambda words: "mean of 400" in words)
    assert beside.inner_text() == "400"
    explorer.locator("button", has_text="reset").click()
    assert desk.wait_for_words(explorer, lambda words: words == start) == start
    assert desk.wait_for_rest(explorer, rest=0.3)
    assert beside.inner_text() == "100"


def test_nothing_lies_over_the_page(desk):
    assert desk.tab.get_by_text("official Jupyter news").count() == 0
    assert desk.tab.locator(".jp-Dialog").count() == 0


def test_controls_have_names_for_a_screen_reader(on_desk):
    explorer = on_desk("loss_of_a_neuron")
    labels = filter(None, explorer.locator(".widget-label").all_inner_texts())
    assert list(labels) == ["start z₀", "loss", "learning rate η", "0.5", "label y"]
    live = explorer.locator("[role=status][aria-live=polite]")
    assert live.count() == 1


def test_a_drag_shows_pictures_on_its_way_ends_on_the_last_value_and_never_blinks(desk, on_desk):
    explorer = on_desk("neuron")
    desk.tab.evaluate(WATCH)
    desk.drag(explorer.locator(".noUi-handle").first, 0.25, steps=40, pause=0.02)
    assert desk.wait_for_rest(explorer)
    seen = desk.tab.evaluate("seen")
    assert len(seen["times"]) >= 4
    assert seen["frames"] > 20
    assert seen["blank"] == 0
    assert desk.words(explorer).startswith(f"w = ({float(desk.readout(explorer)):g},")
    assert desk.readout(explorer) != "4.00"


def test_playing_begins_when_it_is_asked_for_and_can_be_paused(desk, on_desk):
    explorer = on_desk("training_film")
    picture = desk.source(explorer)
    assert not desk.wait_for_change(explorer, picture, seconds=0.7)  # nothing moves by itself
    button = explorer.locator(".jupyter-button").first
    button.click()
    for _ in range(3):
        assert desk.wait_for_change(explorer, desk.source(explorer))
    button.click()
    assert desk.wait_for_rest(explorer, rest=0.7)
    assert "after 0 steps" not in desk.words(explorer)
    assert "after 1,000,000 steps" not in desk.words(explorer)  # nor has it only run out
    desk.press(explorer.locator(".noUi-handle").first, "End")  # and scrubbed
    last = "after 1,000,000 steps"
    assert last in desk.wait_for_words(explorer, lambda words: last in words)


def test_two_of_a_kind_do_not_disturb_each_other(desk, on_desk):
    first, second = on_desk("tangent"), on_desk("tangent", 1)
    other, picture = desk.source(second), desk.source(first)
    desk.press(first.locator(".noUi-handle").first, "ArrowLeft")
    assert desk.wait_for_change(first, picture)
    assert "1.95" in desk.wait_for_words(first, lambda words: "1.95" in words)
    assert desk.source(second) == other
    assert "2.00" in desk.words(second)


@pytest.mark.parametrize(
    "options",
    [{"width": 1200, "zoom": 2}, {"width": 520}, {"width": 820}],
    ids=["200 %", "narrow", "tablet"],
)
def test_nothing_sticks_out_of_a_narrow_window(options, desk, on_desk, window):
    explorer = on_desk("training_film")
    output = explorer.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')][1]")
    with window.resized(**options):
        assert desk.tab.evaluate("innerWidth") == options["width"] // options.get("zoom", 1)
        time.sleep(0.2)  # Lab lays its page out in a moment of its own
        explorer.scroll_into_view_if_needed()
        paper = output.bounding_box()
        image = explorer.locator(".widget-image").bounding_box()
        assert image["x"] + image["width"] <= paper["x"] + paper["width"] + 1
        assert image["height"] == pytest.approx(image["width"] * 3.4 / 9.6, rel=0.02)
        handle = explorer.locator(".noUi-handle").first
        track = explorer.locator(".noUi-base").first.bounding_box()
        assert paper["x"] <= track["x"]
        assert track["x"] + track["width"] <= paper["x"] + paper["width"]
        picture = desk.source(explorer)
        desk.press(handle, "ArrowRight")
        assert desk.wait_for_change(explorer, picture)


COLOUR_BEHIND = """e => {
  const colour = e => getComputedStyle(e).backgroundColor;
  while (/^rgba.* 0\\)$/.test(colour(e)) && e.parentElement) e = e.parentElement;
  return colour(e);
}"""


def luminance(colour):
    red, green, blue = (int(v) / 255 for v in re.findall(r"\d+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_words_can_be_read_in_the_dark_theme(desk, on_desk):
    """The last one: Lab stays dark, for it stumbles now and then over being switched back."""
    desk.go_dark()
    explorer = on_desk("neuron")
    paper = explorer.evaluate(COLOUR_BEHIND)
    assert luminance(paper) < 0.2
    for part in ("[role=status]", ".widget-label >> nth=0", ".widget-readout >> nth=0"):
        colour = explorer.locator(part).evaluate("e => getComputedStyle(e).color")
        assert luminance(colour) > 0.6, part
