"""`python3 -m utils site`: the course as a static site, to read and to run in a browser.

Its programs live in the folder `.site`, in an environment of their own: the course's has newer
versions than those that work with Pyodide.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from utils.commands import environment, programs, vendor
from utils.commands.course import START, Advice, digest, quoted

HELP = f"""\
{START} site [--pyodide FOLDER]
    Build the course as a static site, to read and to run in a browser, into the
    folder site. The first time it fetches what it needs, with pip and npm.
    --pyodide     take the package files of Pyodide from this folder: then the
                  site fetches nothing from elsewhere when it is used
"""
ORDER = 10

SITE = "site"  # what is published, and no more
WORKSHOP = ".site"  # what the building needs
PINS = "utils/commands/pins.txt"


def start(root: Path, options: list[str]) -> int:
    """Build the site.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Nothing, or ``--pyodide FOLDER``.

    Returns
    -------
    int
        0, or 2 with a sentence that says what to do.
    """
    wheels = folder_of_pyodide(options)
    python = ensure_tools(root)
    vendor.provide(root / WORKSHOP / "vendor", ("mathjax", "pyodide"))
    command = [str(python), "-m", "utils.commands.website", *([str(wheels)] if wheels else [])]
    return programs.run(command, root, programs.child_environment())


def folder_of_pyodide(options: list[str]) -> Path | None:
    """Return the folder given with ``--pyodide``, None without it.

    Examples
    --------
    >>> folder_of_pyodide([]) is None
    True
    """
    if not options:
        return None
    name, equals, given = options[0].partition("=")
    rest = [given, *options[1:]] if equals else options[1:]
    if name != "--pyodide" or len(rest) != 1:
        raise Advice(f"site takes nothing, or --pyodide FOLDER: '{START} site --help' says more.")
    folder = Path(rest[0]).expanduser().resolve()
    if not any(folder.glob("numpy-*wasm32.whl")):
        raise Advice(
            f"{quoted(folder)} does not hold the package files of Pyodide (numpy-*.whl among "
            "them): unpack a release of it there, or leave --pyodide out."
        )
    return folder


def ensure_tools(root: Path) -> Path:
    """Return the Python of the site's own environment, after making it where it has to be made."""
    venv, pins = root / WORKSHOP / "venv", root / PINS
    python = venv / environment.environment_python(root).relative_to(root / environment.VENV)
    stamp = venv / environment.STAMP
    wanted = {"site": digest([sys.version, pins.read_text(encoding="utf-8")])}
    if environment.read_stamp(stamp) == wanted and python.exists():
        return python
    print(f"Installing what the site needs in {WORKSHOP} (once) ...", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    wheels = root / WORKSHOP / "wheels"  # kept: some of them go into the site
    shutil.rmtree(wheels, ignore_errors=True)
    make = [sys.executable, "-m", "venv", str(venv)]
    pip = [str(python), "-m", "pip", "--no-input", "--disable-pip-version-check"]
    pinned = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(pins)]
    fetch = [*pip, "download", "--dest", str(wheels), *pinned]
    fill = [*pip, "install", "--no-index", "--find-links", str(wheels), *pinned]
    for command in (make, fetch, fill):
        code, output = environment.run_quietly(command, root)
        if code:
            raise Advice(
                environment.known_trouble(output)
                or f"{environment.last_lines(output)}\nThe site's programs can't be installed: "
                "mend what is named above and start again."
            )
    stamp.write_text(json.dumps(wanted), encoding="utf-8")
    return python
