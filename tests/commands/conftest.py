"""The course folders that the tests of commands work in."""

import shutil

import pytest
from stand_in import STAND_IN, notebook, write

from utils.commands import environment
from utils.commands.course import ROOT


@pytest.fixture
def course(tmp_path):
    """Return a small course folder without an environment."""
    root = tmp_path / "空 格 'σ'" / "course"
    (root / "utils").mkdir(parents=True)
    for name in ("__init__.py", "__main__.py"):
        shutil.copy(ROOT / "utils" / name, root / "utils" / name)
    shutil.copytree(ROOT / "utils" / "commands", root / "utils" / "commands")
    (root / "tests").mkdir()
    for name in ("requirements.txt", "tests/requirements.txt", "tests/constraints.txt"):
        (root / name).write_text("numpy\n", encoding="utf-8")
    picture = {"output_type": "stream", "name": "stdout", "text": ["old\n"]}
    write(root / "notebooks" / "00_start_here.ipynb", notebook("print('σ')", outputs=[picture]))
    write(root / "notebooks" / "01_forward_pass.ipynb", notebook("1 + 1"))
    return root


@pytest.fixture
def ready(course):
    """Return a small course folder with a stand-in for its environment."""
    python = environment.environment_python(course)
    python.parent.mkdir(parents=True)
    python.write_text(STAND_IN, encoding="utf-8")
    python.chmod(0o755)
    return course
