"""Write the instructors' edition: every solution in its stub's place, and the whole executed.

``python3 -m utils instructor [NN ...]`` starts this module with the environment's own Python, since
it needs nbclient, which comes with JupyterLab.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from utils.commands.course import ROOT, in_plain_words
from utils.commands.lesson import Exercise, Shelf, exercises_in, tags
from utils.commands.refreshing import as_text, chosen, clean, run_from_fresh_kernel

FOLDER = "instructor"


def main(beginnings: list[str], root: Path = ROOT) -> int:
    """Write the edition of the notebooks whose names begin with one of `beginnings`.

    Parameters
    ----------
    beginnings : list of str
        For instance ``["01", "03"]``; all notebooks without any.
    root : Path
        The course folder.

    Returns
    -------
    int
        0, 1 when a check failed or a file was left as it was, 2 when no name begins so.
    """
    return in_plain_words(lambda: write_edition(chosen(root / "notebooks", beginnings), root))


def write_edition(paths: list[Path], root: Path) -> int:
    """Write some notebooks, and return 1 when something was wrong with one of them, otherwise 0."""
    shelf, failed = Shelf(root / FOLDER), 0
    for number, path in enumerate(paths, start=1):
        print(f"{number}/{len(paths)} {path.name} ... ", end="", flush=True)
        trouble = write_one(path, shelf)
        print(trouble or f"all checks verified: {FOLDER}/{path.name}", flush=True)
        failed += bool(trouble)
    return 1 if failed else 0


def write_one(path: Path, shelf: Shelf) -> str:
    """Solve, run and write one notebook; return what was wrong, "" for nothing."""
    if not shelf.is_free(path.name):
        return (
            f"left as it was, since {FOLDER}/{path.name} was changed after it was written: move it "
            "away or give it another name, and start again."
        )
    notebook = nbformat.read(path, as_version=4)
    exercises = list(exercises_in(notebook))
    for exercise in exercises:
        solve(exercise)
    try:
        run_from_fresh_kernel(notebook, path.parent)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return f"not written.\n{error}"
    wrong = [exercise.name for exercise in exercises if not is_verified(exercise)]
    if wrong:
        return f"not written: the check of {' and '.join(wrong)} does not verify the solution."
    clean(notebook)
    shelf.put(path.name, as_text(notebook))
    return ""


def solve(exercise: Exercise) -> None:
    """Put the solution in the stub's place, and let a check that fails stop the notebook."""
    exercise.stub.source = exercise.code
    exercise.check.metadata.tags = [t for t in tags(exercise.check) if t != "raises-exception"]


def is_verified(exercise: Exercise) -> bool:
    """Did the check say so? A stub only gets a friendly word, and stops nothing."""
    printed: list[Any] = [o.get("text", "") for o in exercise.check.outputs]
    return f" {exercise.name}: verified in " in "".join(printed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
