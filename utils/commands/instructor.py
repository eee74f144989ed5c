"""`python3 -m utils instructor`: the notebooks with solutions in place of stubs, executed.

This starts `solving` with the environment's own Python, since that needs nbclient.
"""

from __future__ import annotations

from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import START
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} instructor [NN ...]
    Write the notebooks whose names begin with NN (all of them without NN) with
    solutions in place of stubs, executed, into the folder instructor; it fails
    when a check does.
"""
ORDER = 6


def start(root: Path, options: list[str]) -> int:
    """Write the instructors' edition.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Beginnings of notebook names, such as ``01``; all notebooks without any.

    Returns
    -------
    int
        0, or 1 when a check fails, or a notebook was left as it was.
    """
    python = environment.ensure_environment(root, ["course"])
    command = [str(python), "-m", "utils.commands.solving", *options]
    return programs.run(command, root, programs.child_environment(ONE_THREAD))
