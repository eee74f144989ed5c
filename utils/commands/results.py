"""`python3 -m utils results`: the stored results of the long runs, made anew, for authors."""

from __future__ import annotations

from utils.commands.course import START
from utils.commands.environment import starter
from utils.commands.programs import ONE_THREAD

HELP = f"""\
{START} results [NAME ...]
    Make the stored results of the long runs anew, all of them (about a quarter
    of an hour on one thread) or those named, for authors.
"""
ORDER = 4
start = starter("experiments", ONE_THREAD)
