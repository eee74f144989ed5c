"""`python3 -m utils results`: the stored results of the long runs, made anew, for authors."""

from __future__ import annotations

from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import START, Advice
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} results
    Make the stored results of the long runs anew, in about ten minutes on one
    thread, for authors.
"""
ORDER = 4


def start(root: Path, options: list[str]) -> int:
    """Make the stored results of the long runs anew, on one thread.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        None: an option that did nothing would cost ten minutes.

    Returns
    -------
    int
        The exit code of ``utils.experiments``.
    """
    if options:
        raise Advice(
            f"'{START} results' makes all results anew and takes no options: leave them out."
        )
    python = environment.ensure_environment(root, ["course"])
    return programs.run(
        [str(python), "-m", "utils.experiments"], root, programs.child_environment(ONE_THREAD)
    )
