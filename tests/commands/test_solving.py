"""The instructors' edition: solved, executed, and refused where a check fails."""

import nbformat
import pytest
from stand_in import notebook, read, write

from utils.commands import solving
from utils.commands.course import ROOT
from utils.commands.lesson import exercises_in

HALF = "def half_square(a, y):\n    return {}"
FIRST = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom utils import checks"


def book(solution):
    """A notebook with one exercise, and a cell that shows what its function is in the end."""
    made = notebook(
        FIRST, HALF.format("..."), "checks.half_square(half_square)", "half_square(3, 1)"
    )
    _, first, stub, check, last = made["cells"]
    stub["metadata"]["tags"] = ["exercise"]
    check["metadata"]["tags"] = ["check", "raises-exception"]
    fold = "<details><summary>Solution</summary>\n\n```python\n{}\n```\n</details>"
    folded = {"cell_type": "markdown", "id": "fold", "metadata": {"tags": ["solution"]}}
    folded["source"] = fold.format(HALF.format(solution))
    made["cells"] = [made["cells"][0], first, stub, check, folded, last]
    return made


@pytest.fixture
def path(course):
    path = course / "notebooks" / "00_start_here.ipynb"
    write(path, book("0.5 * (a - y) ** 2"))
    return path


def test_solutions_stand_in_the_stubs_and_all_is_executed(course, path, capsys):
    original = path.read_bytes()
    assert solving.main(["00"], course) == 0
    assert "1/1 00_start_here.ipynb ... all checks verified: instructor/" in capsys.readouterr().out
    _, _, stub, check, fold, last = read(course / "instructor" / path.name)["cells"]
    assert "".join(stub["source"]) == HALF.format("0.5 * (a - y) ** 2")
    assert "verified in 3 cases" in "".join(check["outputs"][0]["text"])
    assert "<details>" in "".join(fold["source"])
    assert last["outputs"][0]["data"]["text/plain"] == ["2.0"]
    assert path.read_bytes() == original


@pytest.mark.parametrize(
    ("solution", "told"),
    [("(a - y) ** 2", "it should be 2, not 4"), ("...", "half_square does not verify"),
     ("1 / 0", "ZeroDivisionError")],
)  # fmt: skip
def test_it_fails_where_a_check_does_says_which_and_goes_on(course, path, capsys, solution, told):
    write(path, book(solution))
    assert solving.main([], course) == 1
    printed = capsys.readouterr().out
    assert told in printed
    assert "half_square" in printed
    assert not (course / "instructor" / path.name).exists()
    assert (course / "instructor" / "01_forward_pass.ipynb").exists(), "the next one is written"


def test_an_edition_that_was_changed_stays(course, path, capsys):
    assert solving.main(["00"], course) == 0
    written = course / "instructor" / path.name
    assert solving.main(["00"], course) == 0, "written anew, as nobody has changed it"
    written.write_text(written.read_text("utf-8").replace("輸入", "mine"), "utf-8")
    mine = written.read_bytes()
    capsys.readouterr()
    assert solving.main(["00"], course) == 1
    assert "move it away" in capsys.readouterr().out
    assert written.read_bytes() == mine


def test_a_name_that_no_notebook_has(course, capsys):
    assert solving.main(["42"], course) == 2
    assert "begins with '42'" in capsys.readouterr().err


def test_the_course_s_own_notebook_is_solved(tmp_path):
    for name in ("utils", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    assert solving.main(["01"], tmp_path) == 0
    solved = nbformat.read(tmp_path / "instructor" / "01_forward_pass.ipynb", as_version=4)
    exercises = list(exercises_in(solved))
    assert len(exercises) == 4
    assert all("..." not in exercise.stub.source for exercise in exercises)
    assert all(solving.is_verified(exercise) for exercise in exercises)
