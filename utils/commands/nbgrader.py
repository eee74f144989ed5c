"""`python3 -m utils nbgrader`: the notebooks as source assignments of nbgrader.

This starts `assigning` with the environment's own Python, since that needs nbformat. nbgrader
itself is the instructor's own, and is not needed here.
"""

from __future__ import annotations

from utils.commands.course import START
from utils.commands.environment import starter

HELP = f"""\
{START} nbgrader [NN ...]
    Write the notebooks whose names begin with NN (all of them without NN) as
    assignments for nbgrader into the folder nbgrader, a course of its own.
"""
ORDER = 8
start = starter("commands.assigning")
