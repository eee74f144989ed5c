"""The command line before anything is installed: one sentence for what goes wrong."""

import ast
import errno
import os
import re
import shlex
import socket
from pathlib import Path

import pytest
from stand_in import assert_one_sentence, pip_calls, posix_only, start

from utils import commands
from utils.commands import (
    assigning,
    environment,
    lab,
    programs,
    refreshing,
    sheeting,
    sliding,
    solving,
)
from utils.commands.course import ROOT, Advice


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_an_old_python_reads_parses_there(name):
    source = (ROOT / "utils" / name).read_bytes()
    ast.parse(source.decode("ascii"), feature_version=(3, 7))
    assert not re.search(rb"\bf[\"']", source), "f-strings came with Python 3.6"


def test_old_python_is_told_so(course):
    pretend = "import sys; sys.version_info = (3, 8, 18); sys.version = '3.8.18 (main)'; "
    program = ("-c", pretend + "from utils.__main__ import start; sys.exit(start())")
    finished = start(course, program=program)
    told = assert_one_sentence(finished, "Python 3.11 or newer", "this is Python 3.8.18")
    assert "on Linux with uv" in told, "python.org has nothing to install there"


@pytest.mark.parametrize("question", ["--help", "-h"])
def test_the_command_line_needs_no_installed_package(course, question):
    finished = start(course, question, python_options=["-S"])
    assert finished.returncode == 0
    for command in commands.COMMANDS:
        assert f"-m utils {command}" in finished.stdout.decode("ascii")


INSIDE = {  # each program in .venv, and a step of its work
    assigning: "write_course", refreshing: "refresh", sheeting: "write_sheet",
    sliding: "write_decks", solving: "write_edition",
}  # fmt: skip


@pytest.mark.parametrize("program", INSIDE, ids=lambda p: p.__name__.rpartition(".")[2])
@pytest.mark.parametrize(
    ("trouble", "code", "told"),
    [
        (Advice("Mend it thus."), 2, "Mend it thus."),
        (OSError(errno.ENOSPC, "No space left on device", "page"), 2, "The disk is full"),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
    ids=["advice", "disk", "ctrl-c"],
)
def test_what_goes_wrong_inside_ends_in_a_sentence_too(program, trouble, code, told, capsys,
                                                       monkeypatch, tmp_path):  # fmt: skip
    def fails(*_):
        raise trouble

    (tmp_path / "notebooks").mkdir()
    monkeypatch.setattr(program, INSIDE[program], fails)
    assert program.main([], tmp_path) == code
    err = capsys.readouterr().err.strip()
    assert err.startswith(told)
    assert "\n" not in err


@pytest.mark.parametrize("name", ["instructor", "nbgrader", "refresh", "results", "slides"])
def test_a_command_hands_its_options_to_its_program(name, monkeypatch, tmp_path):
    begun = []
    monkeypatch.setattr(environment, "ensure_environment", lambda root, groups: Path("python"))
    monkeypatch.setattr(programs, "run", lambda command, *_: begun.append(command) or 7)
    assert commands.COMMANDS[name].start(tmp_path, ["03", "05"]) == 7
    ((python, flag, module, *options),) = begun
    assert (python, flag, options) == ("python", "-m", ["03", "05"])
    assert module in ("utils.experiments", *(room.__name__ for room in INSIDE))


def test_unknown_commands_and_none(course):
    assert_one_sentence(start(course, "labs"), "'labs'", "lab, test, refresh, results, bench")
    nothing = start(course)
    assert nothing.returncode == 2
    assert b"utils lab" in nothing.stdout


@posix_only
@pytest.mark.parametrize("question", ["--help", "-h"])
def test_a_started_program_gives_its_own_help(ready, question):
    for name, program in {"test": "pytest", "lab": "jupyterlab", "bench": "bench.py"}.items():
        printed = start(ready, name, question).stdout.decode("utf-8")
        assert re.search(rf"started: .*{program}.* {question}\b", printed)
        assert commands.help_on_all() not in printed
        assert (lab.HELP in printed) == (name == "lab")
        assert "JupyterLab starts" not in printed
    assert not (ready / "work").exists()
    calls = pip_calls(ready)
    for name in ("refresh", "results"):
        finished = start(ready, name, "01", question)
        assert (finished.returncode, finished.stdout.decode("ascii")) == (0, commands.help_on_all())
    assert pip_calls(ready) == calls


def test_venv_is_missing(course):
    hide = "import sys; sys.modules['ensurepip'] = None; from utils.commands import main; "
    finished = start(course, program=("-c", hide + "sys.exit(main(['lab']))"))
    assert_one_sentence(finished, "apt install python3", "-venv")
    assert not (course / ".venv").exists()


@pytest.mark.parametrize("how", ["module", "folder"])
def test_started_outside_the_root(course, tmp_path, how):
    if how == "module":
        finished = start(course, "lab", cwd=tmp_path, PYTHONPATH=str(course), PYTHONUTF8="1")
    else:
        program = (str(course / "utils"),)
        finished = start(course, "lab", cwd=tmp_path, program=program, PYTHONUTF8="1")
    message = assert_one_sentence(finished, "course folder")
    if os.name != "nt":
        assert shlex.split(message)[-2:] == ["cd", str(course)]


@posix_only
def test_a_folder_given_as_the_program_works_in_the_root(ready):
    assert start(ready, "refresh", program=("utils",)).returncode == 0


@pytest.mark.parametrize(
    "options", [["--port={}"], ["--port", "{}"], ["--no-browser", "--ServerApp.port={}"]]
)
def test_port_is_taken(course, options):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = str(taken.getsockname()[1])
        finished = start(course, "lab", *[option.format(number) for option in options])
    assert_one_sentence(finished, f"Port {number} is taken", "choose another")


@pytest.mark.parametrize("options", [["--port=-1"], ["--port", "-1"], ["--port=65536"]])
def test_a_port_that_none_can_have(course, options):
    assert_one_sentence(start(course, "lab", *options), "There is no port", "choose a number")


@pytest.mark.parametrize("options", [["--port=any"], ["--port"], ["--ServerApp.port", "--debug"]])
def test_a_port_that_is_no_number(course, options):
    assert_one_sentence(start(course, "lab", *options), "--port takes a number", "--port=8889")


def test_an_option_that_lab_does_not_have(course):
    """JupyterLab itself would start as if nothing had been asked."""
    assert_one_sentence(start(course, "lab", "--prot=9000"), "no option --prot", "mean --port?")
    assert_one_sentence(start(course, "lab", "--original"), "mean --originals?", "lab --help")
    assert_one_sentence(start(course, "lab", "--quux"), "no option --quux: 'py")
    assert not (course / "work").exists()


def test_all_options_of_jupyterlab_are_known():
    from jupyterlab.labapp import LabApp

    theirs = {*LabApp.aliases, *LabApp.flags}
    assert theirs <= set(lab.OPTIONS_OF_LAB)
    lab.check_options_of_lab([f"--{name}=1" for name in theirs] + ["-y", "--ServerApp.ip=::1", "a"])


def test_a_free_port_is_free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    lab.check_port_is_free([f"--port={number}"])
