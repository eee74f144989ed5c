"""The course folder, and how a command speaks: one sentence that says what to do."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
START = "py -m utils" if os.name == "nt" else "python3 -m utils"
CELL_TIMEOUT = 120


class Advice(Exception):
    """Something to be mended by the reader: one sentence that says what, and how."""


def asks_for_help(argument: str) -> bool:
    """Tell whether an argument is one of the usual ways to ask for help."""
    return argument in ("-h", "--help")


def print_anything() -> None:
    """Let any path be printed, whatever the terminal's encoding: escaped where it must be."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def check_started_in(root: Path) -> None:
    """Refuse to run in another working directory, where notebooks would not find the library."""
    if not os.path.samefile(root, Path.cwd()):
        raise Advice(f"Start this in the course folder: first run  cd {quoted(root)}")


def quoted(path: Path) -> str:
    """Return `path` as one would type it in a terminal."""
    return f'"{path}"' if os.name == "nt" else shlex.quote(str(path))


def advice_on(error: OSError) -> str:
    """Say what to do about a file that cannot be read or written."""
    what = f"{error.strerror or error}: {error.filename or 'no file named'}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full ({what}): make room (1 GB is enough) and start again."
    return f"A file cannot be used ({what}): see that this folder is yours to write in, and retry."


def in_plain_words(work: Callable[[], int]) -> int:
    """Do some work and return its exit code; what a reader can mend ends in a sentence.

    Returns
    -------
    int
        That of the work; 2 after an advice or where a file can't be used, 130 after Ctrl-C.

    Examples
    --------
    >>> in_plain_words(lambda: 0)
    0
    """
    print_anything()
    try:
        return work()
    except Advice as advice:
        print(advice, file=sys.stderr)
        return 2
    except OSError as error:
        print(advice_on(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The next start does again what was left unfinished.", file=sys.stderr)
        return 130


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: what stood there before stays until the new one is done."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def digest(value: Any) -> str:
    """Return the SHA-256 of a value made of lists, strings and numbers."""
    return hashlib.sha256(json.dumps(value).encode("ascii")).hexdigest()
