"""`python3 -m utils slides`: a deck of slides for each notebook, for instructors.

This starts `sliding` with the environment's own Python, since that needs nbconvert.
"""

from __future__ import annotations

from utils.commands.course import START
from utils.commands.environment import starter

HELP = f"""\
{START} slides [NN ...]
    Write a deck of slides for the notebooks whose names begin with NN (all of
    them without NN) into the folder slides; open one in a browser, press S for
    the speaker's notes. The first time it fetches two packages with npm.
"""
ORDER = 6
start = starter("commands.sliding")
