"""What of a notebook stands on a slide, what goes into the notes, and what stays out."""

import base64

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from utils.commands.course import Advice
from utils.commands.deck import phrases
from utils.commands.deck.packing import slides_of

# A picture of 800 x 400 pixels begins like this.
PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (800).to_bytes(4) + (400).to_bytes(4) + b"\0" * 9
).decode()
TITLE = (
    "# 11 · Eleven\n\n**A promise.**\n\n*The story so far:* none.\n\n| | |\n|---|---|\n"
    "| **What you'll learn** | much |\n| **Time** | 60 minutes |"
)


BOLD = "**The whole of this section hangs on one sentence in bold type: this one.**"


def text(source, **metadata):
    return new_markdown_cell(source, metadata=metadata)


def code(source, printed="", picture=False, **metadata):
    outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    outputs += [new_output("display_data", data={"image/png": PNG})] if picture else []
    return new_code_cell(source, outputs=outputs, metadata=metadata)


def deck(*cells):
    """The slides of a notebook with these cells, after a title and the cell with imports."""
    notebook = new_notebook(cells=[text(TITLE), code("import sys"), *cells])
    return slides_of(nbformat.from_dict(notebook))


def shown(slides):
    """All that stands on slides but the title's, as pairs of kind and content."""
    return [(block.kind, block.content) for slide in slides[1:] for block in slide.blocks]


def notes(slides):
    return "\n".join(note for slide in slides for note in slide.notes)


def test_the_title_has_promise_and_aim_and_imports_are_nowhere():
    slides = deck(text(f"## Begin\n\n{BOLD}"))
    title, *_ = slides
    assert (title.kind, title.head) == ("title", "11 · Eleven")
    assert [block.content for block in title.blocks] == ["A promise.", "*You'll learn* much."]
    assert "story so far" in notes(slides)
    assert not any("import" in content for _, content in shown(slides))


def test_a_formula_brings_the_sentences_that_explain_it_and_the_one_that_goes_on():
    source = (
        "## Neuron\n\nNot needed here. A neuron has weights $w$ and a bias $b$. (An aside.) "
        "It says\n\n$$a = \\sigma(w^Tx + b)$$\n\nwhere σ is the sigmoid. More of no weight."
    )
    slides = deck(text(source))
    assert shown(slides) == [
        ("text", "A neuron has weights $w$ and a bias $b$. It says"),
        ("formula", "$$a = \\sigma(w^Tx + b)$$"),
        ("text", "where σ is the sigmoid."),
    ]
    assert "Not needed here." in notes(slides)
    assert "More of no weight." in notes(slides)


def test_bold_sentences_and_run_in_heads_stand_there_and_plain_prose_does_not():
    source = (
        "## Say\n\nNothing here.\n\n**Tanh.** Its slope is $1-a^2$. Not this.\n\n"
        f"First there is **one thing in bold** and **b** too. Then not this. {BOLD}"
    )
    slides = deck(text(source))
    assert shown(slides) == [
        ("text", "**Tanh.** Its slope is $1-a^2$."),
        ("text", f"First there is **one thing in bold** and **b** too. {BOLD}"),
    ]
    assert "Nothing here." in notes(slides)


def test_text_between_two_bold_pieces_is_not_taken_for_bold():
    assert phrases.bold_in("**a** a long piece of text that is not bold **b**") == ["a", "b"]
    said = phrases.sentences("**a** a long piece of text, not bold at all **b** and on. Next.")
    assert phrases.to_show(said) == []


def test_code_stands_there_with_what_leads_to_it_and_with_its_output():
    lead = "In two lines of code, and for one number:"
    slides = deck(text(f"## Run\n\nNot this. {lead}"), code("a = 1\nprint(a)", "1\n"))
    assert shown(slides) == [("text", lead), ("code", "a = 1\nprint(a)")]
    assert slides[1].blocks[1].told == "1"


@pytest.mark.parametrize(
    "cell",
    [
        code("\n".join("abcdefghijklm")),
        code("x" * 89),
        code("f()", "Checked: yes.", tags=["backing"]),
        code("f()", jupyter={"source_hidden": True}),
        code("checks.f(f)", "○ f: not attempted", tags=["check"]),
        code("f()", slideshow={"slide_type": "skip"}),
    ],
    ids=["long", "wide", "backing", "folded", "check", "skip"],
)
def test_what_stays_out_takes_along_what_leads_to_it(cell):
    slides = deck(text(f"## Run\n\n{BOLD} In the cell that follows you see it done:"), cell)
    assert shown(slides) == [("text", BOLD)]


def test_of_long_code_only_what_it_prints_is_shown_after_a_sentence_that_leads_there():
    long = code("\n".join("abcdefghijklm"), "3 of 4\n")
    assert shown(deck(text("## Run\n\nHow many:"), long))[1] == ("told", "3 of 4")
    assert shown(deck(text("## Run\n\nNo more."), long)) == []


def test_a_figure_has_its_text_its_caption_and_the_question_before_it():
    slides = deck(
        text("## Look\n\n> **Predict.** What?"),
        code("plot()", picture=True, alt="A hill."),
        text("**Figure 1.** A hill. It has a top in the middle, as one sees from afar. More."),
    )
    (slide,) = slides[1:]
    assert [block.kind for block in slide.blocks] == ["predict", "figure"]
    figure = slide.blocks[1]
    assert (figure.alt, figure.shape) == ("A hill.", 2)
    assert figure.caption == (
        "**Figure 1.** A hill. It has a top in the middle, as one sees from afar."
    )
    assert "More." in notes(slides)


def test_an_explorers_question_is_asked_and_its_answer_is_for_the_speaker():
    slides = deck(
        text("## Play"),
        code("explorers.tangent()", picture=True, deck="2 states"),
        text("> **Try it.** Move. *Where is it flat?*\n\n<details><summary>Answer</summary>\n\n"
             "At the ends.\n</details>"),
    )  # fmt: skip
    assert shown(slides)[1] == ("predict", "**Try it.** Where is it flat?")
    assert slides[1].blocks[0].states == 2
    assert slides[1].blocks[0].shape == 4
    assert "*Answer:* At the ends." in notes(slides)


def test_an_exercise_stands_there_in_full_without_its_solution():
    slides = deck(
        text("## Layers\n\nBefore.\n\n### Exercise 1: a layer\n\nWrite it. No loop."),
        code("def layer(x):\n    return ...", tags=["exercise"]),
        code("checks.layer(layer)", "○ layer: not attempted", tags=["check"]),
        text("<details><summary>Solution</summary>\n\n`W @ x`\n</details>", tags=["solution"]),
        text("**What comes after the exercise.**"),
    )
    assert [slide.head for slide in slides[1:]] == ["Exercise 1: a layer", "Layers"]
    assert [block.content for block in slides[1].blocks] == [
        "Write it. No loop.",
        "def layer(x):\n    return ...",
    ]
    assert "W @ x" not in notes(slides) + str(shown(slides))


def test_hunts_are_an_appendix_and_what_follows_an_answer_is_not_given_away():
    slides = deck(
        text("## Hunts\n\n*Not part of the Core.*\n\n**Hunt 1.** *Written:* “2 + 2 = 5.” Run it:"),
        code("print(2 + 2)", "4\n"),
        text("<details><summary>Answer</summary>\n\nIt is 4.\n</details>"),
        text("And the right sum, by one more cell that gives it away:"),
        code("print(4)", "4\n"),
    )  # fmt: skip
    (hunt,) = slides[1:]
    assert (hunt.head, hunt.kind) == ("Hunt 1", "appendix")
    assert [block.kind for block in hunt.blocks] == ["text", "code"]
    assert "It is 4." in notes(slides)


@pytest.mark.parametrize("head", ["Going further", "What you've learned", "In practice"])
def test_the_end_stays_out(head):
    slides = deck(text(f"## {head}: more\n\n{BOLD}"), code("f()", "1\n"))
    assert len(slides) == 1
    assert "bold" not in notes(slides)


def test_a_list_and_a_table_come_with_what_leads_to_them():
    lead = "Three things can go wrong, and all three do:"
    source = f"## Three\n\nNot this. {lead}\n\n- a\n- b\n\nAnd a table:\n\n|x|\n|-|\n|1|"
    slides = deck(text(source))
    assert [kind for kind, _ in shown(slides)] == ["text", "list", "text", "table"]
    assert shown(slides)[0] == ("text", lead)


def test_a_long_boxs_translation_is_for_the_speaker():
    english, chinese = "Proved. " * 40, "已證明。" * 100
    long = deck(text(f"## Quote\n\n> {english}\n>\n> {chinese}"))
    assert not any("證" in content for _, content in shown(long))
    assert "證" in notes(long)
    short = deck(text("## Ask\n\n> *Why?*\n>\n> 為什麼？"))
    assert shown(short) == [("box", "*Why?*\n\n為什麼？")]


# -------- what a cell wishes


def test_a_cell_is_skipped_put_into_the_notes_kept_or_begins_a_slide():
    bold = BOLD
    assert shown(deck(text("## A"), text(bold, slideshow={"slide_type": "skip"}))) == []
    noted = deck(text("## A"), text(bold, slideshow={"slide_type": "notes"}))
    assert shown(noted) == []
    assert bold in notes(noted)
    assert shown(deck(text("## A"), text("Plain. Prose.", deck="keep"))) == [
        ("text", "Plain. Prose.")
    ]
    begun = deck(text(f"## A\n\n{bold}"), text(bold, slideshow={"slide_type": "slide"}))
    assert [slide.head for slide in begun[1:]] == ["A", "A"]
    assert len(deck(text(f"## A\n\n{bold}"), text(bold))) == 2


def test_a_sentence_is_shown_or_hidden_by_its_beginning():
    source = f"## A\n\nOne plain. Two plain. {BOLD}"
    assert shown(deck(text(source, deck=["+Two", "-**The whole"]))) == [("text", "Two plain.")]


@pytest.mark.parametrize("wish", [["+Gone"], ["One"], "all of it"])
def test_a_wish_that_nothing_fulfils_is_refused_and_names_the_cell(wish):
    cell = text("## A\n\nOne plain.", deck=wish)
    with pytest.raises(Advice, match=cell.id):
        deck(cell)


def test_a_caption_says_more_if_its_cell_wishes():
    caption = "**Figure 1.** A line through the points, and its two sides. Left: one. Right: two."
    slides = deck(text("## A"), code("plot()", picture=True), text(caption, deck=["+Right"]))
    assert slides[1].blocks[0].caption.endswith("its two sides. Right: two.")
