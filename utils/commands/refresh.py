"""`python3 -m utils refresh`: the originals, run from a fresh kernel and stored clean, for authors.

This starts `refreshing` with the environment's own Python, since that needs nbclient.
"""

from __future__ import annotations

from utils.commands.course import START
from utils.commands.environment import starter
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} refresh [NN ...]
    Run the originals whose names begin with NN (all of them without NN) from a
    fresh kernel and store them with clean outputs, for authors.
"""
ORDER = 3
start = starter("commands.refreshing", ONE_THREAD)
