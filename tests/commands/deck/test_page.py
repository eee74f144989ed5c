"""A deck as a page: whole or not at all, step by step, with nothing from outside."""

import base64
import io
import re

import nbformat
import pytest
from PIL import Image

from utils.commands import course, sliding, vendor
from utils.commands.deck.blocks import Block, Group, Slide


def steps(*blocks):
    """The steps at which the parts of a slide are shown, 0 for those without a step."""
    page = "".join(sliding.step_by_step(list(blocks)))
    opened = re.findall(r"<(?:div|pre|figure|img|h3)(?: class=[^>]*)?>?", page)
    found = [re.search(r'index="(\d)"', tag) for tag in opened if 'class="highlight"' not in tag]
    return [int(step[1]) if step else 0 for step in found]


PREDICT = Block("predict", "**Predict.** What?", lead=True)


def test_what_answers_a_question_waits_and_what_comes_after_it_too():
    figure = Block("figure", "data:", "A hill.")
    page = "".join(sliding.step_by_step([PREDICT, figure, Block("text", "So.")]))
    assert re.findall(r'class="(\w+)(?: fragment" data-fragment-index="(\d)")?', page) == [
        ("predict", ""), ("fragment", ""), ("caption", "1"), ("text", "1")
    ]  # fmt: skip
    assert '<figure class="fragment" data-fragment-index="1">' in page


def test_code_is_seen_with_the_question_and_its_output_waits():
    page = "".join(sliding.step_by_step([PREDICT, Block("code", "f()", told="1")]))
    assert '<div class="code">' in page
    assert '<pre class="told fragment" data-fragment-index="1">' in page


def test_without_a_question_nothing_waits():
    page = "".join(sliding.step_by_step([Block("text", "a"), Block("code", "f()", told="1")]))
    assert "fragment" not in page


def test_the_states_of_an_explorer_are_cut_apart_and_follow_each_other():
    file = io.BytesIO()
    picture = Image.new("RGB", (40, 30), "white")
    picture.paste("red", (0, 10, 40, 20))
    picture.save(file, "PNG")
    address = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    parts = []
    for part in sliding.cut_apart(address, 3):
        parts.append(Image.open(io.BytesIO(base64.b64decode(part.partition(",")[2]))))
    assert [part.size for part in parts] == [(40, 10)] * 3
    assert [part.convert("RGB").getpixel((5, 5))[1] for part in parts] == [255, 0, 255]
    block = Block("figure", address, "Three.", "Red & white", states=3)
    page = "".join(sliding.step_by_step([PREDICT, block, Block("text", "Then.")]))
    assert re.findall(r"<img(.*?) src", page) == [
        "", ' class="fragment" data-fragment-index="1"', ' class="fragment" data-fragment-index="2"'
    ]  # fmt: skip
    assert re.findall(r'alt="(.*?)"', page) == ["Red &amp; white", "", ""]
    assert '<div class="text fragment" data-fragment-index="2">' in page


def test_formulas_and_code_reach_the_page_unharmed():
    assert sliding.html_of(Block("formula", "$$a < b,\\qquad c$$")) == (
        '<div class="formula"><span>$\\displaystyle a &lt; b,$</span> '
        "<span>$\\displaystyle c$</span></div>"
    )
    assert "$a_1 * b_1$" in sliding.as_html("Take $a_1 * b_1$ and *this*.")
    assert "<a " not in sliding.as_html("See [01](01_forward_pass.ipynb).")
    assert "&lt;x&gt;" in sliding.html_of(Block("told", "<x>"))


def test_notes_are_beside_their_slide_and_nothing_is_fetched_from_outside():
    slides = [Slide("A", [Group([Block("text", "b")], ["What is *said*."])], "title")]
    page = sliding.page_of(slides, "11_eleven")
    assert re.search(r'<aside class="notes">.*What is <em>said</em>', page, re.S)
    assert not re.search(r"(?:src|href)=\"(?!vendor/|data:)", page)


def test_a_deck_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "01.html"
    course.write_whole(target, "old")

    def full(self, *_):
        raise OSError("disk full")

    monkeypatch.setattr(type(target), "replace", full)
    with pytest.raises(OSError, match="full"):
        course.write_whole(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["01.html"]


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A course folder with two notebooks, where the programs are there already."""
    monkeypatch.setattr(vendor, "provide", lambda folder, names: folder.mkdir(parents=True))
    for name in ("01_one", "02_two"):
        cells = [nbformat.v4.new_markdown_cell(f"# {name}\n\n## A\n\n**A sentence in bold type.**")]
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"notebooks/{name}.ipynb")
    return tmp_path


def test_decks_are_written_for_the_notebooks_that_are_named(small, capsys):
    assert sliding.main(["02"], small) == 0
    assert [path.name for path in (small / "slides").glob("*.*")] == ["02_two.html"]
    assert capsys.readouterr().out == "slides/02_two.html: 2 slides\n"


def test_bad_input_ends_in_a_sentence(small, capsys):
    assert sliding.main(["07"], small) == 2
    assert "begins with '07'" in capsys.readouterr().err
    assert not (small / "slides").exists()
    (small / "notebooks/01_one.ipynb").write_text("no notebook")
    assert sliding.main(["01"], small) == 2
    assert "01_one.ipynb" in capsys.readouterr().err


def test_stopped_it_says_what_is_there(small, capsys, monkeypatch):
    def stop(notebook):
        raise KeyboardInterrupt

    monkeypatch.setattr(sliding, "slides_of", stop)
    assert sliding.main(["01"], small) == 130
    assert "Stopped" in capsys.readouterr().err
