"""What is told while the tests run, and in which order the parts begin."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ONE = """
import pytest

def test_right(): pass
def test_also_right(): pass
def test_wrong(): assert 1 == 2

@pytest.mark.skip(reason="there is no moon")
def test_later(): pass
"""
TWO = """
import pytest

@pytest.fixture
def broken(): raise OSError("no file")

def test_never_begins(broken): pass
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_parts_failures_and_what_was_skipped_are_told(tmp_path, workers):
    (tmp_path / "test_one.py").write_text(ONE)
    (tmp_path / "test_browser.py").write_text(TWO)
    command = [
        *(sys.executable, "-m", "pytest", "-rs", "-o", "console_output_style=classic"),
        *("-p", "no:cacheprovider", "-p", "xdist", "-p", "tests.progress", "-n", str(workers)),
        *("--dist", "loadscope", str(tmp_path)),
    ]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    printed = run.stdout.splitlines()
    told = [re.sub(r"^\[ \d:\d\d\] +", "", s) for s in printed if s.startswith("[ ")]
    told = [re.sub(rf"\S*{tmp_path.name}/", "", s) for s in told]
    assert run.returncode == 1
    assert told[0] == "0%  5 tests in 2 parts"
    assert any(re.fullmatch(r"\d+%  FAILED test_one.py::test_wrong", s) for s in told)
    assert any(s.endswith("FAILED test_browser.py::test_never_begins (setup)") for s in told)
    assert any(s.endswith("  test_one.py: 2 passed, 1 failed, 1 skipped") for s in told)
    assert any(s.endswith("  test_browser.py: 1 failed") for s in told)
    assert told[-1].startswith("100%")
    if workers == 0:  # the browser's come first
        assert "test_browser.py" in told[1]
    assert any(re.search(r"SKIPPED.*there is no moon", s) for s in printed)
    assert re.search(r"2 failed, 2 passed, 1 skipped", printed[-1])
    assert not re.search(r"^[.FEs]+( +\[|$)", run.stdout, re.M)  # no rows of dots


def test_what_chose_no_test_is_told(tmp_path):
    (tmp_path / "test_one.py").write_text(ONE)
    command = [
        *(sys.executable, "-m", "pytest", "-p", "xdist", "-n", "2", "-p", "tests.progress"),
        *(str(tmp_path), "-k", "moonlight"),
    ]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 5
    assert f"No test was found by: {tmp_path} -k moonlight\n" in run.stdout
    assert "0 tests" not in run.stdout
