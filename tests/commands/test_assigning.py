"""The assignments for nbgrader: graded by the real one, from the notebook to the feedback."""

import json
import re
import shutil

import grading
import nbformat
import pytest

from utils import checks
from utils.commands import assigning
from utils.commands.course import ROOT
from utils.commands.lesson import exercises_in, part_answers, tags

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STEMS = [path.stem for path in PATHS]
INPUT = "03_input_gradient"
SLIPS = {
    "backward_step": "def backward_step(W_next, g_next, a):\n    return W_next.T @ g_next",
    "input_gradient": (
        "def my_input_gradient(net, x):\n"
        "    z, a = forward(net, x)\n"
        "    g = net.activation[net.L].derivative(a[net.L])\n"
        "    for l in range(net.L - 1, 2, -1):\n"
        "        g = net.activation[l].derivative(a[l]) * (net.W[l + 1].T @ g)\n"
        "    return net.W[2].T @ g"
    ),
    "carry_back": "from utils import checks\ncarry_back = checks.carry_back.reference",
}
DIAGNOSES = (
    "the factor σ′(z[l]) is missing in the hidden layers",
    "the loop leaves out layer 2",
    "this is the library's own function",
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Return a course folder in which all assignments are written."""
    root = tmp_path_factory.mktemp("course")
    for name in ("utils", "notebooks"):
        (root / name).symlink_to(ROOT / name)
    assert assigning.main([], root) == 0
    return root


@pytest.fixture(scope="module")
def course(root):
    """Return nbgrader's course folder, all assignments released by the real nbgrader."""
    course = root / "nbgrader"
    grading.nbgrader(course, *(["generate_assignment", stem] for stem in STEMS))
    return course


def read(folder, stem):
    return nbformat.read(folder / stem / f"{stem}.ipynb", as_version=4)


def marks(cell):
    return cell.metadata.get("nbgrader", {})


def graded(book):
    """{name: source} of a notebook's cells that nbgrader knows."""
    return {marks(cell)["grade_id"]: cell.source for cell in book.cells if marks(cell)}


# -------- what students get


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_a_release_has_the_stubs_and_no_solution_no_answer_no_hidden_test(course, path):
    original = nbformat.read(path, as_version=4)
    release = read(course / "release", path.stem)
    text = "\n".join(cell.source for cell in release.cells)
    assert not re.search("(BEGIN|END) (SOLUTION|HIDDEN|MARK)", text)
    cells = graded(release)
    for exercise in exercises_in(original):
        stub, handed_out = exercise.stub.source, cells[f"answer-{exercise.name}"]
        assert [s for s in handed_out.splitlines() if "# your lines" not in s] == stub.splitlines()
        assert cells[f"check-{exercise.name}"] == exercise.check.source
        for line in exercise.code.splitlines()[1:]:
            assert line in stub or line not in handed_out
    folded = [cell for cell in original.cells
              if cell.cell_type == "markdown" and "self-test" not in tags(cell)]  # fmt: skip
    parted = [part_answers(cell.source, "answer" in tags(cell)) for cell in folded]
    seen = "\n".join(open_text for open_text, _ in parted)
    code = "\n".join(cell.source for cell in original.cells if cell.cell_type == "code")
    for line in "\n".join(answers for _, answers in parted).splitlines():
        known = len(line) < 20 or line in seen or line in code
        assert known or line not in text, line
    kept = sum("self-test" in tags(cell) for cell in original.cells)
    assert text.count("<summary>Answer") == kept == (5 if path == PATHS[0] else 0)
    assert "<summary>Solution" not in text
    hints = sum(cell.source.count("int</summary>") for cell in original.cells)
    assert text.count("int</summary>") == hints


@pytest.mark.parametrize("stem", STEMS)
def test_a_stub_that_was_handed_out_counts_as_not_attempted(course, stem):
    release = read(course / "release", stem)
    for exercise in exercises_in(nbformat.read(ROOT / f"notebooks/{stem}.ipynb", as_version=4)):
        space = {}
        exec(graded(release)[f"answer-{exercise.name}"], space)
        with pytest.raises(checks.CheckFailed) as caught:
            checks.EXERCISES[exercise.name].grade(space[exercise.answer], 1)
        assert caught.value.slip == "not-attempted"


@pytest.mark.parametrize("stem", STEMS)
def test_library_and_data_lie_in_the_release_where_the_notebook_looks_for_them(course, stem):
    folder = course / "release" / stem
    first = next(cell for cell in read(course / "release", stem).cells if "sys.path" in cell.source)
    assert 'sys.path.insert(0, ".")' in first.source
    for part, ending in (("utils", "*.py"), ("notebooks/data", "*")):
        for file in (ROOT / part).rglob(ending):
            inside = file.relative_to(ROOT)
            left_out = "commands" in inside.parts or inside.name == "__main__.py"
            if file.is_file() and "__pycache__" not in inside.parts:
                assert (folder / inside).is_file() != left_out, inside


@pytest.mark.parametrize("stem", STEMS)
def test_a_question_graded_by_hand_has_its_answer_as_mark_scheme_and_a_place_below_it(root, stem):
    cells = read(root / "nbgrader" / "source", stem).cells
    questions = [i for i, cell in enumerate(cells) if marks(cell).get("task")]
    assert 1 <= len(questions) <= 3
    for i in questions:
        question, _, scheme = cells[i].source.partition("### BEGIN MARK SCHEME")
        assert len(scheme) > 80
        assert "?" in question or "hint" in question.lower()
        assert cells[i + 1].source == assigning.YOURS


def test_points(root):
    found = {}
    for stem in STEMS:
        found[stem[:2]] = assigning.points_of(read(root / "nbgrader" / "source", stem))
    assert found["03"] == (8, 1)  # the course's own assignment is worth twice the others
    assert found["10"] == (2, 4)  # three stories to be defended
    assert all(machine >= 2 and hand >= 1 for machine, hand in found.values())
    table = (ROOT / "notebooks" / "instructors.md").read_text("utf-8")
    for number, (machine, hand) in found.items():
        assert re.search(rf"^\| {number} \| {machine} \| {hand} \|", table, re.M), number


# -------- three submissions


def hand_in(course, student, answers):
    """Lay a release with these answers among the submissions."""
    place = course / "submitted" / student / INPUT
    shutil.copytree(course / "release" / INPUT, place)
    book = read(course / "release", INPUT)
    for cell in book.cells:
        name = marks(cell).get("grade_id", "").removeprefix("answer-")
        cell.source = answers.get(name, cell.source)
    nbformat.write(book, place / f"{INPUT}.ipynb")


def test_right_is_full_marks_slips_are_none_half_is_half_and_feedback_says_why(course):
    source = read(course / "source", INPUT)
    right = {n.removeprefix("answer-"): s for n, s in graded(source).items() if "answer-" in n}
    assert set(right) == set(SLIPS)
    hand_in(course, "right", right)
    hand_in(course, "slips", SLIPS)
    hand_in(course, "half", {"input_gradient": right["input_gradient"]})
    # a library that finds everything right, handed in with the rest, is replaced by the course's
    rigged = course / "submitted" / "slips" / INPUT / "utils" / "checks" / "exercise.py"
    rigged.write_text(rigged.read_text("utf-8").replace("raise CheckFailed(", "print("), "utf-8")
    given, worth = grading.nbgrader(
        course, *([command, INPUT] for command in ("autograde", "generate_feedback"))
    )
    by_hand = {s: [n for n, p in points.items() if p is True] for s, points in given.items()}
    assert all(len(names) == 1 for names in by_hand.values())
    scores = {
        student: sum(p for name, p in points.items() if name.startswith("check-"))
        for student, points in given.items()
    }
    assert scores == {"right": 8, "slips": 0, "half": 4}
    assert worth[INPUT] == 9, "with the question by hand"
    told = {
        student: " ".join((course / "feedback" / student / INPUT / f"{INPUT}.html")
                          .read_text("utf-8").replace("&#39;", "'").split())
        for student in scores
    }  # fmt: skip
    for diagnosis in DIAGNOSES:
        assert diagnosis in told["slips"], diagnosis
        assert diagnosis not in told["right"]
    assert told["half"].count("not attempted yet") >= 2
    assert "✗" not in told["right"]
    assert "nothing comes back" in told["half"], "the mark scheme comes with the feedback"


# -------- on the disk


def test_an_assignment_that_was_changed_is_left_and_another_is_written_anew(tmp_path, capsys):
    for name in ("utils", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    course = tmp_path / "nbgrader"
    changed, other = (course / "source" / stem / f"{stem}.ipynb" for stem in STEMS[:2])
    assert assigning.main(["00", "01"], tmp_path) == 0
    before = other.read_bytes()
    changed.write_text(changed.read_text("utf-8").replace("half the squared", "the"), "utf-8")
    config = course / "nbgrader_config.py"
    config.write_text("c = get_config()\n", encoding="utf-8")
    mine = changed.read_bytes()
    shutil.rmtree(other.parent / "utils")  # as if it had been cut short
    assert assigning.main(["00", "01"], tmp_path) == 1
    assert "move its folder away" in capsys.readouterr().out
    assert changed.read_bytes() == mine
    assert other.read_bytes() == before
    assert (other.parent / "utils" / "network.py").exists()
    assert config.read_text("utf-8") == "c = get_config()\n"
    assert not list(course.rglob("*unfinished*"))


def test_a_name_that_no_notebook_has(tmp_path, capsys):
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    assert assigning.main(["42"], tmp_path) == 2
    assert "begins with '42'" in capsys.readouterr().err
    assert not (tmp_path / "nbgrader").exists()


def test_what_gives_an_answer_away_is_known_by_its_name():
    folds = "<details><summary>{}</summary>\n\nSo.\n</details>"
    text = "\n\n".join(["Why?", *(folds.format(s) for s in ("A hint", "Answer", "Solution: all"))])
    kept, answers = part_answers(text)
    assert kept == "Why?\n\n" + folds.format("A hint")
    assert answers == "So.\n\nSo."
    assert part_answers(text, all_folds=True)[0] == "Why?"


def test_the_record_is_json(root):
    record = json.loads((root / "nbgrader" / ".written.json").read_text("utf-8"))
    assert {name.rpartition("/")[2] for name in record} == {
        "nbgrader_config.py", *(path.name for path in PATHS)}  # fmt: skip
