"""`python3 -m utils results`: the stored results of the long runs, made anew, for authors."""

from __future__ import annotations

from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import START
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} results [NAME ...]
    Make the stored results of the long runs anew, all of them (about a quarter
    of an hour on one thread) or those named, for authors.
"""
ORDER = 4


def start(root: Path, options: list[str]) -> int:
    """Make stored results of the long runs anew, on one thread.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Names of results, such as ``label_codings``; all of them without any.

    Returns
    -------
    int
        The exit code of ``utils.experiments``.
    """
    python = environment.ensure_environment(root, ["course"])
    command = [str(python), "-m", "utils.experiments", *options]
    return programs.run(command, root, programs.child_environment(ONE_THREAD))
