"""`python3 -m utils bench`: the speed measurements of tests/bench.py."""

from __future__ import annotations

from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import START
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} bench [options]
    Run the speed measurements, tests/bench.py, on one thread.
"""
ORDER = 5
PASSES_HELP_ON = True


def start(root: Path, options: list[str]) -> int:
    """Run the speed measurements in the tests' environment on one thread.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Options of ``tests/bench.py``.

    Returns
    -------
    int
        The exit code of ``tests/bench.py``.
    """
    python = environment.ensure_environment(root, ["course", "tests"])
    variables = programs.child_environment(ONE_THREAD)
    variables["PYTHONPATH"] = str(root)
    return programs.run([str(python), "tests/bench.py", *options], root, variables)
