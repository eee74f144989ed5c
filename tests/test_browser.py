"""The explorers where students meet them: a real JupyterLab in a real Chromium."""

import importlib.util
import os
import re
import time

import nbformat
import pytest
from browser import (
    RESTART,
    WATCH,
    Page,
    find_browser,
    make_course,
    running_browser,
    running_lab,
)
from test_notebooks import PATHS

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


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("lab") / "course")


@pytest.fixture(scope="module")
def address(course):
    with running_lab(course) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(course, address, chromium):
    """Open a notebook of the folder work, or a new one with these cells, and run it."""
    pages = []

    def open_page(name, *cells, run=True, **options):
        if cells:
            book = nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell(code) for code in (FIRST_CELL, *cells)],
                metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            )
            nbformat.write(book, course / "work" / name)
        folder = "" if "/" in name else "work/"
        page = Page(chromium, address, f"{folder}{name}", **options)
        pages.append(page)
        if run:
            found = page.run_all()
            assert found["run"] == found["cells"]
            assert found["errors"] == []
        return page

    yield open_page
    for page in pages:
        assert page.complaints == []
        page.stop_kernel()
        page.close()


def count_of_explorers(path):
    book = nbformat.read(path, as_version=4)
    return sum(len(re.findall(r"^explorers\.\w+\(", c.source, re.M)) for c in book.cells)


def test_eight_notebooks_have_an_explorer():
    having = [p.stem[:2] for p in PATHS if count_of_explorers(p)]
    assert having == ["00", "01", "02", "05", "06", "07", "08", "09"]


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


def test_words_are_chosen_by_the_keyboard_too(visit):
    """Lab takes the arrow keys from drop-down lists, so there are buttons and sliders of words."""
    page = visit("words.ipynb", "explorers.sampling_distribution()")
    explorer = page.explorers().first
    assert explorer.locator("select").count() == 0
    for name, told in (
        ("Cauchy", "Cauchy noise, mean of 100 values"),
        ("median", "Cauchy noise, median of 100 values"),
        ("Student, ν = 3", "Student, ν = 3 noise, median of 100 values"),
    ):
        picture = page.source(explorer)
        page.press(explorer.locator(".widget-toggle-button", has_text=name), "Space")
        assert page.wait_for_change(explorer, picture)
        assert told in page.wait_for_words(explorer, lambda words, told=told: told in words)


def test_the_number_beside_a_slider_follows_and_reset_brings_all_back(visit):
    page = visit("reset.ipynb", "explorers.sampling_distribution()")
    explorer = page.explorers().first
    assert explorer.locator("[contenteditable=true]:visible").count() == 0
    start, beside = page.words(explorer), explorer.locator(".widget-hslider + .widget-label")
    page.press(explorer.locator(".noUi-handle").first, "End")
    assert "mean of 400" in page.wait_for_words(explorer, lambda words: "mean of 400" in words)
    assert beside.inner_text() == "400"
    explorer.locator("button", has_text="reset").click()
    assert page.wait_for_words(explorer, lambda words: words == start) == start
    assert page.wait_for_rest(explorer, rest=0.3)
    assert beside.inner_text() == "100"


def test_nothing_lies_over_the_page(visit):
    page = visit("quiet.ipynb", "explorers.tangent()")
    time.sleep(2)
    assert page.tab.get_by_text("official Jupyter news").count() == 0


def test_controls_have_names_for_a_screen_reader(visit):
    page = visit("names.ipynb", "explorers.loss_of_a_neuron()")
    explorer = page.explorers().first
    labels = filter(None, explorer.locator(".widget-label").all_inner_texts())
    assert list(labels) == ["start z₀", "loss", "learning rate η", "0.5", "label y"]
    live = explorer.locator("[role=status][aria-live=polite]")
    assert live.count() == 1


def test_a_drag_shows_pictures_on_its_way_ends_on_the_last_value_and_never_blinks(visit):
    page = visit("drag.ipynb", "explorers.neuron()")
    explorer = page.explorers().first
    page.tab.evaluate(WATCH)
    page.drag(explorer.locator(".noUi-handle").first, 0.25, steps=40, pause=0.02)
    assert page.wait_for_rest(explorer)
    seen = page.tab.evaluate("seen")
    assert len(seen["times"]) >= 4
    assert seen["frames"] > 20
    assert seen["blank"] == 0
    assert page.words(explorer).startswith(f"w = ({float(page.readout(explorer)):g},")
    assert page.readout(explorer) != "4.00"


def test_playing_begins_when_it_is_asked_for_and_can_be_paused(visit):
    page = visit("play.ipynb", "explorers.training_film()")
    explorer = page.explorers().first
    picture = page.source(explorer)
    assert not page.wait_for_change(explorer, picture, seconds=1)  # nothing moves by itself
    button = explorer.locator(".jupyter-button").first
    button.click()
    for _ in range(3):
        assert page.wait_for_change(explorer, page.source(explorer))
    button.click()
    assert page.wait_for_rest(explorer)
    assert "after 0 steps" not in page.words(explorer)
    assert "after 1,000,000 steps" not in page.words(explorer)  # nor has it only run out
    page.press(explorer.locator(".noUi-handle").first, "End")  # and scrubbed
    last = "after 1,000,000 steps"
    assert last in page.wait_for_words(explorer, lambda words: last in words)


def test_two_of_a_kind_do_not_disturb_each_other(visit):
    page = visit("two.ipynb", "explorers.tangent()", "explorers.tangent()")
    first, second = page.explorers().all()
    other, picture = page.source(second), page.source(first)
    page.press(first.locator(".noUi-handle").first, "ArrowLeft")
    assert page.wait_for_change(first, picture)
    assert "1.95" in page.wait_for_words(first, lambda words: "1.95" in words)
    assert page.source(second) == other
    assert "2.00" in page.words(second)


def test_a_cell_run_again_has_one_explorer_and_the_kernel_keeps_no_old_ones(visit):
    count = "from ipywidgets.widgets.widget import _instances\n\nprint(len(_instances))"
    page = visit("again.ipynb", "explorers.tangent()", count)
    before = page.tab.locator(".jp-OutputArea-output pre").last.inner_text()
    for _ in range(5):
        page.run_all()
    explorer = page.explorers().first
    assert page.explorers().count() == 1
    assert page.tab.locator(".jp-OutputArea-output pre").last.inner_text() == before
    picture = page.source(explorer)
    page.press(explorer.locator(".noUi-handle").first, "ArrowLeft")
    assert page.wait_for_change(explorer, picture)


def test_after_a_restart_of_the_kernel_run_all_brings_it_back(visit):
    page = visit("restart.ipynb", "explorers.neuron()")
    page.tab.evaluate(RESTART)
    page.run_all()
    page.explorers().first.wait_for()
    assert page.explorers().count() == 1
    explorer = page.explorers().first
    picture = page.source(explorer)
    page.press(explorer.locator(".noUi-handle").first, "ArrowLeft")
    assert page.wait_for_change(explorer, picture)


def test_the_next_day_an_explorer_is_still_there(visit):
    page = visit("tomorrow.ipynb", "explorers.tangent()")
    explorer, words = page.explorers().first, "At z₀ = 2.00"
    picture = page.source(explorer)
    page.save()
    page.stop_kernel()
    page.open()
    explorer.wait_for()
    assert page.explorers().count() == 1
    assert page.source(explorer) == picture
    assert words in page.wait_for_words(explorer, lambda now: words in now)
    assert page.tab.get_by_text("Error displaying widget").count() == 0
    image = explorer.locator("> .widget-image")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


def test_a_copy_that_was_only_looked_at_is_not_modified(visit):
    assert not visit("03_input_gradient.ipynb", run=False).is_modified()


@pytest.mark.parametrize(
    "options",
    [{"width": 1200, "zoom": 2}, {"width": 520}, {"width": 820}],
    ids=["200 %", "narrow", "tablet"],
)
def test_nothing_sticks_out_of_a_narrow_window(options, visit):
    page = visit("narrow.ipynb", "explorers.training_film()", **options)
    explorer = page.explorers().first
    output = page.tab.locator(".jp-OutputArea-output").last.bounding_box()
    image = explorer.locator(".widget-image").bounding_box()
    assert image["x"] + image["width"] <= output["x"] + output["width"] + 1
    assert image["height"] == pytest.approx(image["width"] * 3.4 / 9.6, rel=0.02)
    handle = explorer.locator(".noUi-handle").first
    track = explorer.locator(".noUi-base").first.bounding_box()
    assert output["x"] <= track["x"]
    assert track["x"] + track["width"] <= output["x"] + output["width"]
    picture = page.source(explorer)
    page.press(handle, "ArrowRight")
    assert page.wait_for_change(explorer, picture)


COLOUR_BEHIND = """e => {
  const colour = e => getComputedStyle(e).backgroundColor;
  while (/^rgba.* 0\\)$/.test(colour(e)) && e.parentElement) e = e.parentElement;
  return colour(e);
}"""


def luminance(colour):
    red, green, blue = (int(v) / 255 for v in re.findall(r"\d+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_words_can_be_read_in_the_dark_theme(visit):
    page = visit("dark.ipynb", "explorers.neuron()")
    page.set_theme("JupyterLab Dark")
    try:
        page.tab.locator("body[data-jp-theme-light='false']").wait_for(state="attached")
        explorer = page.explorers().first
        paper = explorer.evaluate(COLOUR_BEHIND)
        assert luminance(paper) < 0.2
        for part in ("[role=status]", ".widget-label >> nth=0", ".widget-readout >> nth=0"):
            colour = explorer.locator(part).evaluate("e => getComputedStyle(e).color")
            assert luminance(colour) > 0.6, part
    finally:
        page.set_theme("JupyterLab Light")


def test_an_original_that_has_not_been_run_shows_the_stored_picture(visit):
    page = visit("notebooks/01_forward_pass.ipynb", run=False)
    page.tab.locator(".jp-RenderedImage img").first.wait_for()
    shown = page.tab.locator(".jp-RenderedImage img").first.evaluate("e => e.naturalWidth")
    assert shown == 800
    assert page.explorers().count() == 0
