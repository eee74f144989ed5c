"""`python3 -m utils sheet`: the formulas of the course on one page, for a class.

This starts `sheeting` with the environment's own Python, since that needs nbconvert.
"""

from __future__ import annotations

from pathlib import Path

from utils.commands import environment, programs
from utils.commands.course import START, Advice

HELP = f"""\
{START} sheet
    Write the formula sheet, one page, as HTML and PDF into the folder sheet, from
    notebooks/formulas.md. The first time it fetches a package with npm; for the PDF it
    needs a Chromium, Chrome or Edge.
"""
ORDER = 8


def start(root: Path, options: list[str]) -> int:
    """Write the sheet.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        There are none.

    Returns
    -------
    int
        0, or 2 with a sentence that says what to do.
    """
    if options:
        raise Advice(f"sheet takes no options, and got {options[0]!r}: leave it out.")
    python = environment.ensure_environment(root, ["course"])
    command = [str(python), "-m", "utils.commands.sheeting"]
    return programs.run(command, root, programs.child_environment())
