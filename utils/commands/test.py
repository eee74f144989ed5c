"""`python3 -m utils test`: unit tests, doctests and notebooks in one run of pytest."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import CELL_TIMEOUT, START, Advice
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} test [options and paths of pytest]
    Run every unit test and every notebook; paths replace the default ones.
"""
ORDER = 2
PASSES_HELP_ON = True


def start(root: Path, options: list[str]) -> int:
    """Run unit tests, doctests and notebooks in one run of pytest.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Options of pytest; paths replace ``tests utils notebooks``.

    Returns
    -------
    int
        pytest's exit code, which is not zero when nothing was collected either.

    Notes
    -----
    Two workers, one thread each: with more, they are in one another's way. $COURSE_THREADS and
    $COURSE_JITTER are for ``tests/arithmetics.py``.
    """
    check_paths_are_there(root, options)
    python = environment.ensure_environment(root, ["course", "tests"])
    paths = [] if paths_in(root, options) else ["tests", "utils", "notebooks"]
    command = [
        *(str(python), "-m", "pytest", "--doctest-modules"),
        *("--nbval", "--nbval-current-env", f"--nbval-cell-timeout={CELL_TIMEOUT}"),
        *("-n", "2", "--dist", "loadscope", "-p", "tests.progress"),
        *options,
        *paths,
    ]
    settings = {name: os.environ.get("COURSE_THREADS", "1") for name in ONE_THREAD}
    settings["PYTHONSTARTUP"] = str(root / "tests" / "kernel_startup.py")
    return programs.run(command, root, programs.child_environment(settings))


def words_in(options: list[str]) -> list[str]:
    """Return what of pytest's options is neither an option nor the value of one.

    Examples
    --------
    >>> words_in(["-k", "replicas", "-x", "tests/test_network.py"])
    ['tests/test_network.py']
    """
    takes_a_value = ("-k", "-m", "-n", "-p", "-c", "-o", "-W", "-r", "--deselect", "--ignore")
    return [
        option
        for previous, option in zip(["", *options], options)
        if not option.startswith("-") and previous not in takes_a_value
    ]


def paths_in(root: Path, options: list[str]) -> list[str]:
    """Return the paths among them, such as ``tests/test_data.py::test_digits``."""
    return [word for word in words_in(options) if (root / word.partition("::")[0]).exists()]


def check_paths_are_there(root: Path, options: list[str]) -> None:
    """Refuse a path that leads nowhere: with two workers pytest would find nothing, and not why."""
    for word in words_in(options):
        path = word.partition("::")[0]
        looks_like_one = path.endswith((".py", ".ipynb")) or "::" in word
        if looks_like_one and not (root / path).exists():
            folders = ("tests", "utils", "notebooks")
            there = [p for folder in folders for p in (root / folder).rglob("*.*")]
            names = [p.relative_to(root).as_posix() for p in there]
            near = difflib.get_close_matches(path.replace("\\", "/"), names, n=1)
            guess = f": did you mean {near[0]}?" if near else "."
            raise Advice(f"There is no file {path} in the course{guess}")
