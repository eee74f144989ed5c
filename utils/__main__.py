"""``python3 -m utils ...``: look at Python's version first, then hand over to ``utils.commands``.

This file and ``utils/__init__.py`` are read by whatever Python the reader happens to have, so they
use nothing that an old one could not parse: the answer must be a sentence, not a SyntaxError.
"""

import os
import sys

TOO_OLD = (
    "The course needs Python 3.11 or newer, but this is Python {}: install a newer one (from "
    "https://www.python.org/downloads/, on Linux with uv, https://docs.astral.sh/uv/: "
    "'uv python install 3.13') and start again with it, for example 'python3.13 -m utils lab', "
    "on Windows 'py -3.13 -m utils lab'.\n"
)


def start():
    """Run the command line and return its exit code."""
    if sys.version_info < (3, 11):
        sys.stderr.write(TOO_OLD.format(sys.version.split()[0]))
        return 2
    if not __package__:
        # Started as "python3 path/to/utils": put the folder above on the path, not this one.
        sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from utils.commands import main

    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(start())
