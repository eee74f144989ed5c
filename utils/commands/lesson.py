"""What a notebook of the course is made of, as editions of it need to know: exercises, folds.

Works on notebooks as nbformat reads them. An edition is put on a `Shelf`, which writes a file whole
or not at all, and never over one that somebody has changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from utils.commands.course import write_whole

FENCE = re.compile(r"```python\n(.*?)```", re.S)
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>\n*", re.S)
GIVES_AWAY = ("Answer", "Model answer", "Solution", "What is wrong")
CALL = re.compile(r"^checks\.(\w+)\((\w+)\)", re.M)
RECORD = ".written.json"


class Exercise(NamedTuple):
    """The cells of one exercise.

    Attributes
    ----------
    stub : notebook cell
        The function with its three dots.
    check : notebook cell
        ``checks.NAME(answer)``.
    solution : notebook cell
        Folded hints and the solution.
    """

    stub: Any
    check: Any
    solution: Any

    @property
    def name(self) -> str:
        """The exercise's name among the checks."""
        return self._called()[1]

    @property
    def answer(self) -> str:
        """The name of the student's function."""
        return self._called()[2]

    @property
    def code(self) -> str:
        """The solution's code: the last Python in the folded cell."""
        return str(FENCE.findall(self.solution.source)[-1]).rstrip()

    def _called(self) -> re.Match[str]:
        found = CALL.search(self.check.source)
        assert found is not None, self.check.source  # tests/test_notebooks.py sees to it
        return found


def tags(cell: Any) -> list[str]:
    """The tags of a cell."""
    return list(cell.metadata.get("tags", []))


def exercises_in(notebook: Any) -> Iterator[Exercise]:
    """Yield the exercises of a notebook, in their order."""
    for i, cell in enumerate(notebook.cells):
        if "exercise" in tags(cell):
            yield Exercise(*notebook.cells[i : i + 3])


def part_answers(source: str, all_folds: bool = False) -> tuple[str, str]:
    """Part a cell's text from the answers folded in it.

    Parameters
    ----------
    source : str
        The cell's Markdown.
    all_folds : bool
        Every fold gives something away, and not those alone that are named so.

    Returns
    -------
    text : str
        What is left without them; hints and other folds stay.
    answers : str
        What was in them.

    Examples
    --------
    >>> part_answers("Why?\\n\\n<details><summary>Answer</summary>\\n\\nSo.\\n</details>")
    ('Why?', 'So.')
    """
    answers = []

    def take(fold: re.Match[str]) -> str:
        if not all_folds and not fold[1].startswith(GIVES_AWAY):
            return fold[0]
        answers.append(fold[2].strip())
        return ""

    return FOLD.sub(take, source).strip(), "\n\n".join(answers)


class Shelf:
    """A folder of editions that remembers what it wrote, so that nobody's own work is lost.

    Parameters
    ----------
    folder : Path
        It is made where it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        record = folder / RECORD
        self.written = json.loads(record.read_text("utf-8")) if record.exists() else {}

    def is_free(self, name: str) -> bool:
        """Tell whether a file is not there yet, or is still as it was written."""
        path = self.folder / name
        return not path.exists() or digest_of(path.read_bytes()) == self.written.get(name)

    def put(self, name: str, text: str) -> None:
        """Write a file, whole or not at all."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
        self.written[name] = digest_of(text.encode("utf-8"))
        write_whole(self.folder / RECORD, json.dumps(self.written, indent=1))


def digest_of(content: bytes) -> str:
    """The SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()
