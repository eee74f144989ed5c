"""`python3 -m utils nbgrader`: the notebooks as source assignments of nbgrader.

This starts `assigning` with the environment's own Python, since that needs nbformat. nbgrader
itself is the instructor's own, and is not needed here.
"""

from __future__ import annotations

from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import START

HELP = f"""\
{START} nbgrader [NN ...]
    Write the notebooks whose names begin with NN (all of them without NN) as
    assignments for nbgrader into the folder nbgrader, a course of its own.
"""
ORDER = 6


def start(root: Path, options: list[str]) -> int:
    """Write the assignments.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Beginnings of notebook names, such as ``01``; all notebooks without any.

    Returns
    -------
    int
        0, or 1 when an assignment was left as it was.
    """
    python = environment.ensure_environment(root, ["course"])
    command = [str(python), "-m", "utils.commands.assigning", *options]
    return programs.run(command, root, programs.child_environment())
