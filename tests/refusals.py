"""What counts as a refusal, for all tests of bad input.

A ValueError or TypeError whose last frame is a `raise` statement in `utils/`, and whose message
says what was expected and ends in a mend, in one line.
"""

import ast
import functools
import linecache
import re
import traceback
import warnings
from pathlib import Path

import pytest

import utils

LIBRARY = Path(utils.__file__).resolve().parent


@functools.cache
def raise_lines(filename):
    """The lines on which a raise statement of this file begins."""
    tree = ast.parse(Path(filename).read_text(encoding="utf-8"))
    return {node.lineno for node in ast.walk(tree) if isinstance(node, ast.Raise)}


def refused(call):
    """The error with which a call is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((TypeError, ValueError)) as caught:
            call()
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    line = linecache.getline(last.filename, last.lineno).strip()
    assert LIBRARY in Path(last.filename).resolve().parents, f"raised in {last.filename}: {line}"
    assert last.lineno in raise_lines(last.filename), f"raised by: {line}"
    message = str(caught.value)
    assert re.search(r"expected .+: .{8,}", message, re.DOTALL), message
    assert "\n" not in message
    assert len(message) < 400
    return caught.value


def refusal(call, *arguments):
    """The message with which a call is refused; it opens with the name of one of the arguments."""
    message = str(refused(call))
    words = "|".join(map(re.escape, arguments))
    assert re.match(rf"({words})(?![\w\[(])", message), message
    return message
