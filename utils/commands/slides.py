"""`python3 -m utils slides`: a deck of slides for each notebook, for instructors.

This starts `sliding` with the environment's own Python, since that needs nbconvert.
"""

from __future__ import annotations

from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import START

HELP = f"""\
{START} slides [NN ...]
    Write a deck of slides for the notebooks whose names begin with NN (all of
    them without NN) into the folder slides; open one in a browser, press S for
    the speaker's notes. The first time it fetches two packages with npm.
"""
ORDER = 5


def start(root: Path, options: list[str]) -> int:
    """Write the decks.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Beginnings of notebook names, such as ``01``; all notebooks without any.

    Returns
    -------
    int
        0, or 2 with a sentence that says what to do.
    """
    python = environment.ensure_environment(root, ["course"])
    command = [str(python), "-m", "utils.commands.sliding", *options]
    return programs.run(command, root, programs.child_environment())
