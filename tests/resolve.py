"""Can every reader install the tested versions? Asks the package registry, installs nothing.

Needs uv (``pip install uv``) and the network, so it is no part of the ordinary tests:

    python3 tests/resolve.py                 every Python of the course on every system below
    python3 tests/resolve.py 3.11.0 3.14.0   these Pythons only

The first version is the oldest that the README promises, to the last digit: a package may well ask
for 3.11.5. (What is installed already is asked the same without a network: test_requirements.py.)
"""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The next one joins when the tested versions of all packages have wheels for it.
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")
SYSTEMS = ("linux", "aarch64-unknown-linux-gnu", "macos", "x86_64-apple-darwin", "windows")


def complaint(case):
    """Return what uv says against the tested versions on a Python and a system, "" for nothing."""
    python, system = case
    uv = shutil.which("uv") or sys.exit("This needs uv: pip install uv")
    command = [
        *(uv, "pip", "compile", "--quiet", "--only-binary", ":all:"),
        *("--python-version", python, "--python-platform", system),
        *("-c", "tests/constraints.txt", "requirements.txt"),
        *("tests/requirements.txt", "tests/nbgrader.txt"),
    ]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return finished.stderr.strip() if finished.returncode else ""


def main(pythons):
    """Ask for every combination; the exit code says whether all of them hold."""
    cases = list(product(pythons or PYTHONS, SYSTEMS))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(complaint, cases))
    for (python, system), answer in zip(cases, answers):
        print(f"{python:7} {system:26} {answer or 'all tested versions are to be had'}")
    return 1 if any(answers) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
