"""nbgrader in an environment of its own, for the tests: on top of the one that runs them.

Beside what is installed there, only what nbgrader adds is installed, a dozen packages. It stays in
the folder ``tests/.nbgrader``, which git ignores, until the requirements change.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from utils.commands.course import ROOT

PLACE = ROOT / "tests" / ".nbgrader"
FILES = [ROOT / "tests" / name for name in ("nbgrader.txt", "constraints.txt")]
BIN = PLACE / ("Scripts" if os.name == "nt" else "bin")

# Every command of a list, in one process; then what stands in the gradebook.
PROGRAM = """
import json, sys
from nbgrader.api import Gradebook
from nbgrader.apps.nbgraderapp import NbGraderApp

for command in json.loads(sys.argv[1]):
    NbGraderApp.clear_instance()
    try:
        NbGraderApp.launch_instance(command)
    except SystemExit as end:
        if end.code:
            sys.exit(f"nbgrader {' '.join(command)} failed")

def points(notebook):
    return {grade.name: grade.score if grade.name.startswith("check-") else grade.needs_manual_grade
            for grade in notebook.grades}

with Gradebook("sqlite:///gradebook.db") as book:
    given = {submission.student.id: points(notebook) for assignment in book.assignments
             for submission in assignment.submissions for notebook in submission.notebooks}
    worth = {assignment.name: assignment.max_score for assignment in book.assignments}
    print(json.dumps([given, worth]))
"""


def make_environment():
    """Make the environment, unless it is there; skip the test where packages can't be had."""
    stamp = PLACE / "made-from.json"
    made_from = [sys.version, sys.prefix, *(file.read_text("utf-8") for file in FILES)]
    if stamp.exists() and json.loads(stamp.read_text("utf-8")) == made_from:
        return
    shutil.rmtree(PLACE, ignore_errors=True)
    venv.create(PLACE, with_pip=True)
    scheme = {"base": str(PLACE), "platbase": str(PLACE)}
    packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    (packages / "below.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(
        [BIN / "python", *install, "-r", FILES[0], "-c", FILES[1]], capture_output=True, text=True
    )
    if done.returncode:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse(f"nbgrader can't be installed here: {done.stderr.strip()[-300:]}")
    # The templates of nbconvert are looked for beside the interpreter.
    templates = Path("share", "jupyter", "nbconvert")
    shutil.copytree(Path(sys.prefix, templates), PLACE / templates, dirs_exist_ok=True)
    stamp.write_text(json.dumps(made_from), encoding="utf-8")


def nbgrader(course, *commands):
    """Run commands of nbgrader in a course folder; return the points given, and all there are."""
    make_environment()
    variables = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [BIN / "python", "-c", PROGRAM, json.dumps(commands)],
        cwd=course,
        env=variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
