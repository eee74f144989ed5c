"""`python3 -m utils refresh`: the originals, run from a fresh kernel and stored clean, for authors.

This starts `refreshing` with the environment's own Python, since that needs nbclient.
"""

from __future__ import annotations

from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import START
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} refresh [NN ...]
    Run the originals whose names begin with NN (all of them without NN) from a
    fresh kernel and store them with clean outputs, for authors.
"""
ORDER = 3


def start(root: Path, options: list[str]) -> int:
    """Run the originals from a fresh kernel and store them with clean outputs.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Beginnings of notebook names, such as ``01``; all notebooks without any.

    Returns
    -------
    int
        0, or 1 when a notebook was left as it was.
    """
    python = environment.ensure_environment(root, ["course"])
    command = [str(python), "-m", "utils.commands.refreshing", *options]
    return programs.run(command, root, programs.child_environment(ONE_THREAD))
