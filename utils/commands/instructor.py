"""`python3 -m utils instructor`: the notebooks with solutions in place of stubs, executed.

This starts `solving` with the environment's own Python, since that needs nbclient.
"""

from __future__ import annotations

from utils.commands.course import START
from utils.commands.environment import starter
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} instructor [NN ...]
    Write the notebooks whose names begin with NN (all of them without NN) with
    solutions in place of stubs, executed, into the folder instructor; it fails
    when a check does.
"""
ORDER = 7
start = starter("commands.solving", ONE_THREAD)
