"""Write notebooks as source assignments of nbgrader: graded by machine, and a little by hand.

``python3 -m utils nbgrader [NN ...]`` starts this module with the environment's own Python, since
it needs nbformat, which comes with JupyterLab.

An exercise becomes a cell with its solution between nbgrader's marks, and its check a graded cell:
hidden tests, in which `grade` tries the answer on random numbers that nobody has seen, and then the
check as students know it. A question with a folded answer that is put to the reader of a figure,
or a cell with points of its own in its metadata, is graded by hand; its answer is there as the mark
scheme. All other folded answers and solutions are taken out; hints stay, and a cell that is tagged
`self-test`.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from utils.commands.course import ROOT, in_plain_words
from utils.commands.lesson import FENCE, Exercise, Shelf, exercises_in, part_answers, tags
from utils.commands.refreshing import as_text, chosen

FOLDER = "nbgrader"
SEEDS = (11, 12, 13)  # of the hidden tests
POINTS = {"code": 2, "markdown": 1}  # where a cell's metadata name no others: {"points": 4}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "commands", "__main__.py")
CONFIG = '''\
"""Settings of nbgrader for this course. `python3 -m utils nbgrader` leaves this file alone."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "gradients"
c.ClearSolutions.code_stub = {"python": "# your lines here"}
c.Execute.timeout = 120  # seconds a cell
'''
YOURS = "*Your answer:*"
ELSEWHERE = "*(The answer is with your instructor.)*"


def main(beginnings: list[str], root: Path = ROOT) -> int:
    """Write the assignments of the notebooks whose names begin with one of `beginnings`.

    Parameters
    ----------
    beginnings : list of str
        For instance ``["01", "03"]``; all notebooks without any.
    root : Path
        The course folder.

    Returns
    -------
    int
        0, 1 when one was left as it was, 2 when no name begins so.
    """
    return in_plain_words(lambda: write_course(chosen(root / "notebooks", beginnings), root))


def write_course(paths: list[Path], root: Path) -> int:
    """Write some assignments, and return 1 when one was left as it was, otherwise 0."""
    shelf, left = Shelf(root / FOLDER), 0
    if shelf.is_free("nbgrader_config.py"):
        shelf.put("nbgrader_config.py", CONFIG)
    for number, path in enumerate(paths, start=1):
        print(f"{number}/{len(paths)} {path.name} ... ", end="", flush=True)
        left += not write_one(path, shelf, root)
    return 1 if left else 0


def write_one(path: Path, shelf: Shelf, root: Path) -> bool:
    """Write one assignment and say how many points it has; False where it was left as it was."""
    place = f"source/{path.stem}/{path.name}"
    if not shelf.is_free(place):
        print(
            f"left as it was, since {FOLDER}/{place} was changed after it was written: move its "
            "folder away and start again.",
            flush=True,
        )
        return False
    assignment = assignment_of(nbformat.read(path, as_version=4))
    put_library_beside(shelf.folder / "source" / path.stem, root)
    shelf.put(place, as_text(assignment))
    machine, hand = points_of(assignment)
    by_hand = f" and {hand} by hand" if hand else ""
    print(f"{machine} points by machine{by_hand}: {FOLDER}/{place}", flush=True)
    return True


def put_library_beside(folder: Path, root: Path) -> None:
    """Copy the library into an assignment, and the data where the library looks for them.

    Without them every answer, right or wrong, gets 0 points: a copy cut short is made anew.
    """
    for part in ("utils", "notebooks/data"):
        unfinished = folder / f".unfinished-{Path(part).name}"
        for old in (unfinished, folder / part):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(root / part, unfinished, ignore=LEFT_OUT)
        (folder / part).parent.mkdir(exist_ok=True)
        unfinished.rename(folder / part)


# -------- from a notebook to an assignment


def assignment_of(notebook: Any) -> Any:
    """Turn a notebook of the course into a source assignment, in place, and return it."""
    for exercise in exercises_in(notebook):
        fence_solution(exercise)
        grade_by_machine(exercise)
    notebook.cells = [new for cell in notebook.cells for new in handed_out(cell)]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.source = cell.source.replace('sys.path.insert(0, "..")', 'sys.path.insert(0, ".")')
    return notebook


def fence_solution(exercise: Exercise) -> None:
    """Put the solution into the stub, between marks; what the two have in common stays outside.

    Around the marks stand the stub's own lines, so that a student gets the stub with a comment in
    it. Where its last line is no part of the solution, the solution has returned before.
    """
    head, *stub, last = exercise.stub.source.rstrip().splitlines()
    _, *solution = exercise.code.splitlines()
    if solution[-1] == last:
        solution.pop()
    fence = ["    ### BEGIN SOLUTION", *solution, "    ### END SOLUTION"]
    exercise.stub.source = "\n".join([head, *stub, *fence, last])
    mark(exercise.stub, f"answer-{exercise.name}", solution=True)


def grade_by_machine(exercise: Exercise) -> None:
    """Let the check's cell grade on fresh random numbers, where students can't look."""
    exercise.check.source = (
        "### BEGIN HIDDEN TESTS\n"
        f"for seed in {SEEDS}:\n"
        f"    checks.{exercise.name}.grade({exercise.answer}, seed)\n"
        "### END HIDDEN TESTS\n"
        f"{exercise.check.source.strip()}"
    )
    points = points_in(exercise.check)
    mark(exercise.check, f"check-{exercise.name}", grade=True, locked=True, points=points)


def handed_out(cell: Any) -> Iterator[Any]:
    """Yield what becomes of a cell: itself without answers, a question to be graded, or nothing."""
    if cell.cell_type != "markdown" or "self-test" in tags(cell):
        yield cell
        return
    text, answers = part_answers(unlinked(cell.source), "answer" in tags(cell))
    if answers and ("points" in cell.metadata or "> **Try it.**" in text):
        marks = f"### BEGIN MARK SCHEME\n\n{answers}\n\n### END MARK SCHEME"
        cell.source = f"{text}\n\n{marks}" if text else marks
        mark(cell, f"question-{cell.id}", task=True, locked=True, points=points_in(cell))
        yield cell
        yield nbformat.v4.new_markdown_cell(YOURS, id=f"yours-{cell.id}")
    else:
        # The solution of an exercise goes without a word: there, the check says more.
        hunted = answers and not FENCE.search(answers)
        cell.source = f"{text}\n\n{ELSEWHERE}".strip() if hunted else text
        if cell.source:
            yield cell


def unlinked(source: str) -> str:
    """A text without links to other notebooks, which are other assignments.

    Examples
    --------
    >>> unlinked("In [notebook 03](03_input_gradient.ipynb) you write it.")
    'In notebook 03 you write it.'
    """
    return re.sub(r"\[([^]]+)\]\([\w.]+\.ipynb\)", r"\1", source)


def points_in(cell: Any) -> int:
    """What a cell is worth."""
    return int(cell.metadata.get("points", POINTS[cell.cell_type]))


def mark(cell: Any, name: str, **what: Any) -> None:
    """Write nbgrader's metadata into a cell."""
    parts = {"grade": False, "solution": False, "locked": False, "task": False}
    cell.metadata.nbgrader = {"schema_version": 3, "grade_id": name, **parts, **what}


def points_of(assignment: Any) -> tuple[int, int]:
    """Points by machine, and by hand."""
    marks = [cell.metadata.nbgrader for cell in assignment.cells if "nbgrader" in cell.metadata]
    machine, hand = (
        sum(m.get("points", 0) for m in marks if m[kind]) for kind in ("grade", "task")
    )
    return machine, hand


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
