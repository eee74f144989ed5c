"""`python3 -m utils sheet`: the formulas of the course on one page, for a class.

This starts `sheeting` with the environment's own Python, since that needs nbconvert.
"""

from __future__ import annotations

from utils.commands.course import START
from utils.commands.environment import starter

HELP = f"""\
{START} sheet
    Write the formula sheet, one page, as HTML and PDF into the folder sheet, from
    notebooks/formulas.md. The first time it fetches a package with npm; for the PDF it
    needs a Chromium, Chrome or Edge.
"""
ORDER = 9
start = starter("commands.sheeting")
