"""The environment in `.venv`: made, filled, mended, and what is said when it can not be."""

import errno
import os
import signal
import subprocess
import sys

import pytest
from stand_in import assert_one_sentence, pip_calls, popen, posix_only, start, wait_until

from utils.commands import environment
from utils.commands.course import Advice, advice_on


@posix_only
def test_installs_once_and_again_when_requirements_change(ready):
    assert start(ready, "lab").returncode == 0
    assert pip_calls(ready) == 1
    assert start(ready, "lab").returncode == 0
    assert start(ready, "refresh").returncode == 0
    assert pip_calls(ready) == 1
    (ready / "requirements.txt").write_text("numpy\nmatplotlib\n", encoding="utf-8")
    assert start(ready, "lab").returncode == 0
    assert pip_calls(ready) == 2
    (ready / "tests" / "constraints.txt").write_text("numpy==2.0\n", encoding="utf-8")
    assert start(ready, "lab").returncode == 0
    assert pip_calls(ready) == 3


@posix_only
def test_an_install_that_failed_half_way_is_done_again(ready):
    requirements = ready / "requirements.txt"
    before = requirements.read_text(encoding="utf-8")
    start(ready, "lab")
    requirements.write_text("matplotlib\n", encoding="utf-8")
    failed = start(ready, "lab", PIP_CODE="1", PIP_SAYS="Read timed out.")
    assert failed.returncode == 2
    requirements.write_text(before, encoding="utf-8")
    start(ready, "lab")
    assert pip_calls(ready) == 3, "the environment may hold half of either"


@posix_only
def test_tests_need_more_than_the_course(ready):
    assert b"(430 MB;" in start(ready, "lab").stdout
    assert b"(1 GB;" in start(ready, "test").stdout
    assert pip_calls(ready) == 2
    start(ready, "lab")
    start(ready, "bench")
    assert pip_calls(ready) == 2
    (ready / "tests" / "requirements.txt").write_text("pytest\n", encoding="utf-8")
    start(ready, "lab")
    assert pip_calls(ready) == 2, "the course does not need what only the tests need"
    start(ready, "test")
    start(ready, "lab")
    assert pip_calls(ready) == 3
    (ready / "requirements.txt").write_text("matplotlib\n", encoding="utf-8")
    start(ready, "lab")
    assert pip_calls(ready) == 4
    start(ready, "test")
    assert pip_calls(ready) == 4, "what the tests need is still there"
    first, second, *_ = (ready / "pip-calls").read_text(encoding="utf-8").splitlines()
    assert "tests/requirements.txt" not in first
    assert "tests/requirements.txt" in second
    assert "-c " in first
    assert "tests/constraints.txt" in first


@posix_only
def test_another_python_in_the_environment_is_noticed(ready):
    start(ready, "lab")
    start(ready, "lab", VERSION="3 12")
    assert pip_calls(ready) == 2


@posix_only
def test_an_environment_without_pip_gets_it(ready):
    assert start(ready, "lab", NO_PIP="1").returncode == 0
    assert (ready / "pip-made").exists()
    (ready / "pip-made").unlink()
    (ready / "requirements.txt").write_text("matplotlib\n", encoding="utf-8")
    assert start(ready, "lab").returncode == 0
    assert not (ready / "pip-made").exists()


@posix_only
def test_everything_goes_into_the_environment(ready):
    start(ready, "lab", PIP_USER="1")  # as some machines have it, for all users
    assert (ready / "pip-calls").read_text(encoding="utf-8").endswith(" user=0\n")


@posix_only
def test_an_interrupted_install_is_done_again(ready):
    environment = {**os.environ, "PIP_SLEEPS": "1"}
    command = [sys.executable, "-m", "utils", "lab"]
    process = popen(command, cwd=ready, env=environment, stderr=subprocess.PIPE)
    wait_until(lambda: pip_calls(ready) == 1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors.decode("ascii").split(". ")[0] == "\nStopped"
    assert start(ready, "lab").returncode == 0
    assert pip_calls(ready) == 2


@posix_only
def test_packages_that_are_gone_are_installed_again(ready):
    (ready / "tests" / "requirements.txt").write_text(
        "# all\nPytest-xdist>=3,<4\n", encoding="utf-8"
    )
    start(ready, "test")
    start(ready, "test")
    assert pip_calls(ready) == 1
    (ready / ".venv/lib/python3.11/site-packages/pytest_xdist-1.0.dist-info").rmdir()
    assert start(ready, "lab").returncode == 0
    assert pip_calls(ready) == 1, "the course is complete"
    finished = start(ready, "test")
    assert b"Pytest-xdist should be in .venv and cannot be found there" in finished.stdout
    assert pip_calls(ready) == 2


def test_an_environment_cut_short_is_made_again(course, monkeypatch):
    made = []
    monkeypatch.setattr(environment, "make_environment", lambda root: made.append(root))
    (course / ".venv").mkdir()
    (course / ".venv" / environment.STAMP).write_text("{}", encoding="utf-8")
    with pytest.raises(Advice):  # the pretended one did not help, of course
        environment.ensure_environment(course, ["course"])
    assert made == [course]


@posix_only
@pytest.mark.parametrize(
    "said",
    [
        "WARNING: Retrying after connection broken by 'NewConnectionError(...)': /numpy/\n"
        "ERROR: No matching distribution found for numpy",
        "ERROR: Could not install packages due to an OSError: ... Max retries exceeded with url",
        "ReadTimeoutError: Read timed out.",
    ],
)
def test_no_network(ready, said):
    finished = start(ready, "lab", PIP_CODE="1", PIP_SAYS=said)
    assert_one_sentence(finished, "network", "start again")
    assert pip_calls(ready) == 1, "other versions are not tried in vain"
    assert start(ready, "lab").returncode == 0
    assert pip_calls(ready) == 2, "a failed install is done again"


@pytest.mark.parametrize("signs", environment.TROUBLES.items(), ids=lambda item: item[1][0])
def test_each_sign_of_trouble_is_known(signs):
    advice, said = signs
    assert len(said) == len(set(said)) >= 3
    for sign in said:
        assert environment.known_trouble(f"ERROR: something\n{sign} something") == advice
    full = "No space left on device", "Disk quota exceeded", "There is not enough space"
    assert {environment.known_trouble(sign)[:16] for sign in full} == {"The disk is full"}


@posix_only
def test_disk_full(ready):
    said = "ERROR: [Errno 28] No space left on device"
    assert_one_sentence(start(ready, "lab", PIP_CODE="1", PIP_SAYS=said), "disk is full")


@posix_only
@pytest.mark.parametrize(
    "said",
    [
        "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: "
        "'C:\\\\Users\\\\...'\nHINT: This error might have occurred since this system does not "
        "have Windows Long Path support enabled. You can find information on how to enable this "
        "at https://pip.pypa.io/warnings/enable-long-paths",
        "OSError: [WinError 206] The filename or extension is too long: 'C:\\\\Users\\\\...'",
    ],
)
def test_a_path_too_long_for_windows(ready, said):
    finished = start(ready, "lab", PIP_CODE="1", PIP_SAYS=said)
    assert_one_sentence(finished, "too long", r"a short path such as C:\course and")
    assert pip_calls(ready) == 1


@posix_only
def test_tested_versions_that_are_not_to_be_had(ready):
    said = "ERROR: No matching distribution found for numpy==2.4.6"
    finished = start(ready, "lab", PIP_CODE="1", PIP_SAYS=f"Collecting numpy\n{said}")
    assert finished.returncode == 0
    why, _, what = finished.stdout.decode("utf-8").partition("may differ from the tested ones")
    assert said in why, "else nobody can mend it"
    assert what
    constrained, free = (ready / "pip-calls").read_text(encoding="utf-8").splitlines()
    assert "constraints.txt" in constrained
    assert "constraints.txt" not in free


@posix_only
def test_other_than_the_tested_versions_are_no_success_where_changes_are_tested(ready):
    said = "ERROR: No matching distribution found for numpy==2.4.6"
    finished = start(ready, "test", PIP_CODE="1", PIP_SAYS=said, CI="true")
    assert finished.returncode == 2
    assert pip_calls(ready) == 1
    message = finished.stderr.decode("utf-8")
    assert said in message
    assert "mend them in tests/constraints.txt" in message


@posix_only
def test_an_unknown_trouble_of_pip_is_shown(ready):
    finished = start(ready, "lab", PIP_CODE="1", PIP_CODE_AGAIN="1", PIP_SAYS="odd")
    assert finished.returncode == 2
    assert b"pip could not install" in finished.stderr
    assert b"Traceback" not in finished.stderr


@posix_only
def test_a_broken_environment(ready):
    assert_one_sentence(start(ready, "lab", BROKEN="1"), "delete the folder", ".venv")
    assert_one_sentence(start(ready, "lab", VERSION="3 10"), "Python 3.10, which is too old")
    environment.environment_python(ready).unlink()
    assert_one_sentence(start(ready, "lab"), "delete the folder", ".venv")


def test_files_that_cannot_be_written():
    full = advice_on(OSError(errno.ENOSPC, "No space left on device", "work"))
    denied = advice_on(PermissionError(errno.EACCES, "Permission denied", ".venv"))
    assert "disk is full" in full
    assert "yours to write in" in denied


@posix_only
def test_a_file_that_is_in_the_way(ready):
    (ready / "work").write_text("", encoding="utf-8")
    assert_one_sentence(start(ready, "lab", PYTHONUTF8="1"), "File exists")
