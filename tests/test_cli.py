"""The command line: what it starts, what it copies, and one sentence for what can go wrong.

Nothing is installed here. A small course folder with a path that few encodings know stands in for
the course, and a shell script for the Python in its ``.venv``; the script writes down what it is
asked and answers as a test wants it to.
"""

import ast
import errno
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
import resolve
from packaging.specifiers import SpecifierSet

from utils import cli
from utils import refresh as refreshing

posix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-in for .venv is a shell script")

STAND_IN = """\
#!/bin/sh
case "$*" in
    *version_info*) [ -z "$BROKEN" ] && echo ${VERSION:-3 11} ;;
    "-m pip --version") [ -z "$NO_PIP" ] || [ -e pip-made ] ;;
    "-m ensurepip") touch pip-made ;;
    "-m pip install"*)
        echo "$* user=$PIP_USER" >> pip-calls
        [ -n "$PIP_SLEEPS" ] && exec sleep 20
        for name in numpy matplotlib pytest pytest_xdist; do
            mkdir -p ".venv/lib/python3.11/site-packages/$name-1.0.dist-info"
        done
        case "$*" in *only-binary*) echo "$PIP_SAYS"; exit ${PIP_CODE:-0} ;; esac
        exit ${PIP_CODE_AGAIN:-0} ;;
    *)
        echo "started: $*"
        echo "utf8=$PYTHONUTF8 kernels=$JUPYTER_PREFER_ENV_PATH threads=$OPENBLAS_NUM_THREADS"
        echo "jupyter=$JUPYTER_DATA_DIR ipython=$IPYTHONDIR"
        echo "backend=$MPLBACKEND encoding=$PYTHONIOENCODING path=$PYTHONPATH"
        [ -n "$CHILD_TIDIES_UP" ] && trap 'sleep 0.2; touch tidied-up; exit 2' INT
        [ -n "$CHILD_TIDIES_UP" ] && echo ready && for i in $(seq 400); do sleep 0.05; done
        exit ${CHILD_CODE:-0} ;;
esac
"""


def notebook(*sources, outputs=()):
    """Return a notebook as plain dictionaries: a heading, then code cells that were run."""
    cells = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# σ′ 輸入"]}]
    for number, source in enumerate(sources, start=1):
        cell = {"cell_type": "code", "id": f"cell-{number}", "metadata": {"tags": ["kept"]}}
        cell.update(source=[source], outputs=list(outputs), execution_count=number)
        cells.append(cell)
    return {"cells": cells, "metadata": {"title": "輸入"}, "nbformat": 4, "nbformat_minor": 5}


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def course(tmp_path):
    """Return a small course folder without an environment."""
    root = tmp_path / "空 格 'σ'" / "course"
    (root / "utils").mkdir(parents=True)
    for name in ("__init__.py", "__main__.py", "cli.py"):
        shutil.copy(cli.ROOT / "utils" / name, root / "utils" / name)
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
    python = cli.environment_python(course)
    python.parent.mkdir(parents=True)
    python.write_text(STAND_IN, encoding="utf-8")
    python.chmod(0o755)
    return course


def start(root, *arguments, cwd=None, python_options=(), program=("-m", "utils"), **variables):
    """Run the command line as a reader does and return the finished process."""
    dropped = ("PYTHONUTF8", "PYTHONIOENCODING", "PYTHONPATH", "DISPLAY", "WAYLAND_DISPLAY", "CI")
    dropped += ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "XDG_DATA_HOME", "COURSE_THREADS")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment.update(variables)
    command = [sys.executable, *python_options, *program, *arguments]
    return subprocess.run(
        command, cwd=cwd or root, env=environment, capture_output=True, timeout=60
    )


def popen(command, **options):
    """Start a program in a session of its own, with the signals as in a fresh terminal.

    Under nohup, or in the background of a script, these tests are run with signals ignored, which
    whatever they start would inherit.
    """
    return subprocess.Popen(command, start_new_session=True, preexec_fn=heed_signals, **options)


def heed_signals():
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def assert_one_sentence(finished, *words):
    """Check that a start ended in one line of advice that has these words."""
    message = finished.stderr.decode("utf-8")
    assert finished.returncode == 2, message
    assert len(message.strip().splitlines()) == 1, message
    assert "Traceback" not in message
    for word in words:
        assert word in message
    return message


def pip_calls(root):
    """Return how often pip was asked to install something."""
    calls = root / "pip-calls"
    return len(calls.read_text(encoding="utf-8").splitlines()) if calls.exists() else 0


# --- before anything is installed -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_an_old_python_reads_parses_there(name):
    source = (cli.ROOT / "utils" / name).read_bytes()
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
    for command in cli.COMMANDS:
        assert f"-m utils {command}" in finished.stdout.decode("ascii")


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
        assert cli.HELP not in printed
        assert (cli.HELP_ON_LAB in printed) == (name == "lab")
        assert "JupyterLab starts" not in printed
    assert not (ready / "work").exists()
    calls = pip_calls(ready)
    for name in ("refresh", "results"):
        finished = start(ready, name, "01", question)
        assert (finished.returncode, finished.stdout.decode("ascii")) == (0, cli.HELP)
    assert pip_calls(ready) == calls


def test_venv_is_missing(course):
    hide = "import sys; sys.modules['ensurepip'] = None; from utils.cli import main; "
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
    assert theirs <= set(cli.OPTIONS_OF_LAB)
    cli.check_options_of_lab([f"--{name}=1" for name in theirs] + ["-y", "--ServerApp.ip=::1", "a"])


def test_a_free_port_is_free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    cli.check_port_is_free([f"--port={number}"])


# --- the environment ------------------------------------------------------------------------------


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
    monkeypatch.setattr(cli, "make_environment", lambda root: made.append(root))
    (course / ".venv").mkdir()
    (course / ".venv" / cli.STAMP).write_text("{}", encoding="utf-8")
    with pytest.raises(cli.Advice):  # the pretended one did not help, of course
        cli.ensure_environment(course, ["course"])
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


@pytest.mark.parametrize("signs", cli.TROUBLES.items(), ids=lambda item: item[1][0])
def test_each_sign_of_trouble_is_known(signs):
    advice, said = signs
    assert len(said) == len(set(said)) >= 3
    for sign in said:
        assert cli.known_trouble(f"ERROR: something\n{sign} something") == advice
    full = "No space left on device", "Disk quota exceeded", "There is not enough space"
    assert {cli.known_trouble(sign)[:16] for sign in full} == {"The disk is full"}


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
    cli.environment_python(ready).unlink()
    assert_one_sentence(start(ready, "lab"), "delete the folder", ".venv")


def test_files_that_cannot_be_written():
    full = cli.advice_on(OSError(errno.ENOSPC, "No space left on device", "work"))
    denied = cli.advice_on(PermissionError(errno.EACCES, "Permission denied", ".venv"))
    assert "disk is full" in full
    assert "yours to write in" in denied


@posix_only
def test_a_file_that_is_in_the_way(ready):
    (ready / "work").write_text("", encoding="utf-8")
    assert_one_sentence(start(ready, "lab", PYTHONUTF8="1"), "File exists")


# --- what is started ------------------------------------------------------------------------------


@posix_only
def test_lab_starts_jupyterlab_on_the_copies(ready):
    finished = start(ready, "lab", "--no-browser", "--port=0")
    printed = finished.stdout.decode("utf-8")
    assert finished.returncode == 0
    assert f"started: -m jupyterlab --ServerApp.root_dir={ready} " in printed
    assert "--LabApp.default_url=/lab/tree/work/00_start_here.ipynb" in printed
    assert printed.index("--no-browser") < printed.index("--port=0")
    assert "utf8=1 kernels=1" in printed
    assert "press Ctrl-C here, and again" in printed
    assert (ready / "work" / "01_forward_pass.ipynb").exists()


@posix_only
def test_lab_on_the_originals_copies_nothing(ready):
    printed = start(ready, "lab", "--originals").stdout.decode("utf-8")
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in printed
    assert "--originals" not in printed
    assert not (ready / "work").exists()


@posix_only
def test_a_home_that_cannot_be_written_is_done_without(ready, tmp_path):
    home = tmp_path / "home"
    finished = start(ready, "lab", HOME=str(home))
    assert b"home folder" not in finished.stdout
    assert b"jupyter= " in finished.stdout
    shutil.rmtree(home)
    home.write_text("", encoding="utf-8")  # for root, who may write in any folder
    finished = start(ready, "lab", HOME=str(home))
    assert finished.returncode == 0
    assert b"Your home folder cannot be written" in finished.stdout
    assert f"jupyter={ready}/.venv/home/" in finished.stdout.decode("utf-8")
    assert b"Your home folder" in start(ready, "lab", HOME="~").stdout
    assert not (ready / "~").exists()
    finished = start(ready, "lab", HOME=str(home), JUPYTER_DATA_DIR="/mine")
    assert b"jupyter=/mine " in finished.stdout


def test_lab_asks_nothing_over_the_first_page(course):
    assert "--LabApp.news_url=None" in cli.lab_options(course, "notebooks", {})


@posix_only
def test_the_question_about_news_is_off_in_the_environment_of_the_course(ready):
    start(ready, "lab", "--no-browser", "--port=0")
    place = ready / ".venv" / "etc" / "jupyter" / "labconfig" / "page_config.json"
    off = json.loads(place.read_text(encoding="utf-8"))["disabledExtensions"]
    assert off == {"@jupyterlab/apputils-extension:announcements": True}
    place.write_text('{"mine": 1}', encoding="utf-8")  # whoever changes it keeps the change
    start(ready, "lab", "--no-browser", "--port=0")
    assert place.read_text(encoding="utf-8") == '{"mine": 1}'


@posix_only
def test_lab_saves_explorers_with_copies_and_leaves_originals_as_they_are_stored(ready):
    place = ready / ".venv" / "share" / "jupyter" / "lab" / "settings-for-work"
    printed = start(ready, "lab", "--originals").stdout.decode("utf-8")
    assert "settings_dir" not in printed
    assert not place.exists()
    printed = start(ready, "lab").stdout.decode("utf-8")
    assert f" --LabApp.app_settings_dir={place} " in printed
    overrides = place / "overrides.json"
    (setting,) = json.loads(overrides.read_text(encoding="utf-8")).values()
    assert setting == {"saveState": True}
    overrides.write_text("{}", encoding="utf-8")  # whoever changes it keeps the change
    start(ready, "lab")
    assert overrides.read_text(encoding="utf-8") == "{}"


def test_lab_opens_a_browser_where_there_is_a_display(course, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert "--no-browser" in cli.lab_options(course, "notebooks", {})
    assert "--no-browser" in cli.lab_options(course, "notebooks", {"DISPLAY": ""})
    for display in ({"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}):
        assert "--no-browser" not in cli.lab_options(course, "notebooks", display)
    monkeypatch.setattr(sys, "platform", "win32")
    assert "--no-browser" not in cli.lab_options(course, "notebooks", {})


def test_lab_as_root_is_allowed(course, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert "--allow-root" in cli.lab_options(course, "notebooks", {})
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert "--allow-root" not in cli.lab_options(course, "notebooks", {})


@posix_only
def test_test_starts_one_strict_run(ready):
    finished = start(ready, "test", "-k", "tests", "-x", MPLBACKEND="Agg", CHILD_CODE="5")
    printed = finished.stdout.decode("utf-8")
    assert finished.returncode == 5, "nothing collected is a failure"
    assert printed.count("started: -m pytest") == 1
    assert "--doctest-modules --nbval --nbval-current-env --nbval-cell-timeout=120" in printed
    assert "-n 2 --dist loadscope -p tests.progress -k tests -x tests utils notebooks\n" in printed
    assert "threads=1" in printed
    assert "backend= " in printed


@posix_only
def test_paths_given_to_test_replace_its_own(ready):
    path = "tests/requirements.txt::test_it"
    printed = start(ready, "test", "--lf", path).stdout.decode("utf-8")
    assert printed.count(f"tests.progress --lf {path}\n") == 1


def test_a_path_that_leads_nowhere(course):
    """With two workers pytest would find no tests, and keep to itself why."""
    (course / "tests" / "test_data.py").touch()
    finished = start(course, "test", "-x", "tests/test_dat.py::test_digits")
    assert_one_sentence(finished, "no file tests/test_dat.py", "did you mean tests/test_data.py?")
    assert_one_sentence(start(course, "test", "quux.ipynb"), "no file quux.ipynb in the course.")
    cli.check_paths_are_there(course, ["-k", "a.py", "--co", "--ignore", "b.py", "tests"])


@posix_only
def test_results_runs_the_experiments(ready):
    finished = start(ready, "results", CHILD_CODE="3")
    printed = finished.stdout.decode("utf-8")
    assert finished.returncode == 3
    assert "started: -m utils.experiments\n" in printed
    assert "threads=1" in printed
    assert "tests/requirements.txt" not in (ready / "pip-calls").read_text(encoding="utf-8")
    assert_one_sentence(start(ready, "results", "paper_eleven"), "no options")


@posix_only
def test_bench_finds_the_library(ready):
    printed = start(ready, "bench", "--quick").stdout.decode("utf-8")
    assert "started: tests/bench.py --quick" in printed
    assert f"path={ready}" in printed
    assert "threads=1" in printed


@posix_only
@pytest.mark.parametrize("command", ["lab", "test", "refresh"])
def test_what_lies_on_the_readers_path_does_not_reach_the_kernels(ready, tmp_path, command):
    led = {"PYTHONPATH": str(tmp_path), "OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "7"}
    printed = start(ready, command, **led).stdout.decode("utf-8")
    assert re.search(r" path=$", printed, re.M), "an older NumPy may lie there"
    assert f"threads={7 if command == 'lab' else 1}" in printed, "a student may have all of them"


def test_what_would_lead_the_environments_python_astray_is_dropped(monkeypatch):
    led = ("PYTHONHOME", "PYTHONPATH", "PYTHONIOENCODING", "MPLBACKEND", "__PYVENV_LAUNCHER__")
    for name in led:
        monkeypatch.setenv(name, "elsewhere")
    assert not set(led) & set(cli.child_environment())


@posix_only
def test_ctrl_c_is_passed_on_waited_for_and_ends_quietly(ready):
    start(ready, "test")
    process = popen(
        [sys.executable, "-m", "utils", "test"],
        cwd=ready,
        env={**os.environ, "CHILD_TIDIES_UP": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: process.stdout.readline() == b"ready\n")
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=20)
    assert (ready / "tidied-up").exists(), "pytest's summary must not come after the prompt"
    _, errors = process.communicate()
    assert (process.returncode, errors) == (130, b"")


RUN = """
import os, signal, sys
from pathlib import Path
from utils.cli import run
{first}
sys.exit(run([sys.executable, "-c", sys.argv[1]], Path.cwd(), os.environ))
"""

SLEEPS = "import time; print('ready', flush=True); time.sleep({})"

COUNTS = """
import signal, time
got = []
signal.signal(signal.SIGINT, lambda number, frame: got.append(number))
print("ready", flush=True)
end = time.monotonic() + 20
while not got and time.monotonic() < end:
    time.sleep(0.01)
time.sleep(0.25)  # a second one would come by then
print(len(got))
"""


def run_in(course, program, terminal=False, first=""):
    """Start `cli.run` on a program in a process group of its own, as soon as it is ready."""
    sides = os.openpty() if terminal else [os.open(os.devnull, os.O_RDONLY)]
    command = [sys.executable, "-c", RUN.format(first=first), program]
    process = popen(command, cwd=course, stdin=sides[-1], stdout=subprocess.PIPE)
    for side in sides[1:] or sides:  # closing a terminal's other side would hang it up
        os.close(side)
    wait_until(lambda: process.stdout.readline() == b"ready\n")
    return process


@posix_only
@pytest.mark.parametrize(
    ("terminal", "send"),
    [(True, os.killpg), (False, os.killpg), (False, os.kill)] if os.name != "nt" else [],
)
def test_ctrl_c_reaches_what_is_started_once(course, terminal, send):
    process = run_in(course, COUNTS, terminal)
    # Two signals that arrive at once count as one: what would be passed on comes later.
    process.send_signal(signal.SIGSTOP)
    send(process.pid, signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGCONT)
    printed, _ = process.communicate(timeout=20)
    assert (process.returncode, printed) == (0, b"1\n")


@posix_only
@pytest.mark.parametrize(
    ("terminal", "name"),
    [(True, "SIGTERM"), (False, "SIGTERM"), (False, "SIGINT"), (False, "SIGHUP")],
)
def test_what_is_started_ends_with_it(course, terminal, name):
    process = run_in(course, SLEEPS.format(60), terminal)
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=20)  # until the program, which holds the pipe too, has ended
    assert process.returncode not in (0, -getattr(signal, name)), "not before it, either"


@posix_only
def test_nohup_is_respected(course):
    ignored = "signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    process = run_in(course, SLEEPS.format(0.2), first=ignored)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=20)
    assert process.returncode == 0


@posix_only
def test_a_signal_in_the_middle_of_a_start_is_not_lost(course):
    early = (
        "import subprocess; Popen = subprocess.Popen\n"
        "def start(*given, **named):\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "    return Popen(*given, **named)\n"
        "subprocess.Popen = start"
    )
    command = [sys.executable, "-c", RUN.format(first=early), SLEEPS.format(60)]
    assert subprocess.run(command, cwd=course, stdin=subprocess.DEVNULL, timeout=20).returncode


def wait_until(holds, seconds=20):
    """Wait until something holds, or fail."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


# --- encodings ------------------------------------------------------------------------------------

ENCODINGS = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "cp950"},
    {"PYTHONIOENCODING": "ascii"},
]


@posix_only
@pytest.mark.parametrize("variables", ENCODINGS)
def test_any_locale(ready, tmp_path, variables):
    first = ready / "notebooks" / "00_start_here.ipynb"
    oddly_named = ready / "notebooks" / "02_é輸.ipynb"
    write(oddly_named, notebook("1"))
    assert start(ready, "lab", **variables).returncode == 0
    path = ready / "work" / "00_start_here.ipynb"
    copied = read(path)
    assert "σ" in path.read_text(encoding="utf-8"), "not escaped, so that git and editors show it"
    assert copied["cells"][1]["source"] == ["print('σ')"]
    assert copied["metadata"]["title"] == "輸入"
    write(first, notebook("print('σ′ 新')"))
    write(oddly_named, notebook("print('é')"))
    again = start(ready, "lab", "--new", **variables)
    assert again.returncode == 0
    assert b"work/00_start_here.new.ipynb" in again.stdout
    assert (
        read(ready / "work" / oddly_named.name)["metadata"]["course"]["original"] == "02_é輸.ipynb"
    )
    told = (ready / "work" / "00_NEWS.md").read_text(encoding="utf-8")
    assert "no longer in the course" not in told, "whatever the locale of the last start"
    assert b"encoding= path" in again.stdout, "what is started prints UTF-8"
    outside = start(ready, "lab", cwd=tmp_path, program=(str(ready / "utils"),), **variables)
    assert outside.returncode == 2
    assert b"course folder" in outside.stderr
    assert b"Traceback" not in outside.stderr
    assert b"delete the folder" in start(ready, "test", BROKEN="1", **variables).stderr


def test_messages_are_ascii():
    for name in ("cli.py", "refresh.py"):
        (cli.ROOT / "utils" / name).read_bytes().decode("ascii")


# --- the reader's copies --------------------------------------------------------------------------


def test_copies_have_no_outputs(course):
    original = course / "notebooks" / "00_start_here.ipynb"
    content = read(original)
    content["metadata"]["widgets"] = {"state": {}}
    write(original, content)
    assert cli.copy_notebooks(course) == []
    copied = read(course / "work" / "00_start_here.ipynb")
    heading, code = copied["cells"]
    assert heading["source"] == ["# σ′ 輸入"]
    assert (code["outputs"], code["execution_count"]) == ([], None)
    assert (code["id"], code["metadata"]) == ("cell-1", {"tags": ["kept"]})
    assert copied["metadata"]["title"] == "輸入"
    assert "widgets" not in copied["metadata"]
    version = sys.version.split()[0]
    assert copied["metadata"]["language_info"]["version"] == version, "else opening changes it"
    nbformat.validate(nbformat.from_dict(copied))
    assert sorted(path.name for path in (course / "work").iterdir()) == [
        "00_start_here.ipynb",
        "01_forward_pass.ipynb",
    ]


def test_copies_are_never_overwritten(course):
    cli.copy_notebooks(course)
    mine = course / "work" / "00_start_here.ipynb"
    edited = read(mine)
    edited["cells"][1]["source"] = ["my own work"]
    write(mine, edited)
    before = mine.read_bytes()
    assert cli.copy_notebooks(course) == [], "the reader's change is no change of the original"
    assert cli.copy_notebooks(course, put_new_beside=True) == []
    write(course / "notebooks" / mine.name, notebook("a new cell"))
    cli.copy_notebooks(course, put_new_beside=True)
    assert mine.read_bytes() == before


def test_a_changed_original_is_told_and_put_beside(course):
    cli.copy_notebooks(course)
    work = course / "work"
    original = course / "notebooks" / "01_forward_pass.ipynb"
    write(original, notebook("2 + 2"))
    (line,) = cli.copy_notebooks(course)
    assert "01_forward_pass.ipynb has changed" in line
    assert "lab --new" in line
    (line,) = cli.copy_notebooks(course, put_new_beside=True)
    assert "work/01_forward_pass.new.ipynb" in line
    assert read(work / "01_forward_pass.new.ipynb")["cells"][1]["source"] == ["2 + 2"]
    (line,) = cli.copy_notebooks(course)
    assert "is work/01_forward_pass.new.ipynb" in line, "the newest version is there already"
    assert not (work / "01_forward_pass.new2.ipynb").exists()
    copy_nothing_more = cli.copy_notebooks(course, put_new_beside=True)
    assert copy_nothing_more == [line]
    write(original, notebook("3 + 3"))
    (line,) = cli.copy_notebooks(course, put_new_beside=True)
    assert "work/01_forward_pass.new2.ipynb" in line
    assert read(work / "01_forward_pass.new.ipynb")["cells"][1]["source"] == ["2 + 2"]
    assert len(list(work.iterdir())) == 4


def test_a_copy_that_is_gone_comes_again(course):
    cli.copy_notebooks(course)
    work, name = course / "work", "01_forward_pass"
    write(course / "notebooks" / f"{name}.ipynb", notebook("2 + 2"))
    cli.copy_notebooks(course, put_new_beside=True)
    (work / f"{name}.ipynb").unlink()
    kept = (work / f"{name}.new.ipynb").read_bytes()
    write(course / "notebooks" / f"{name}.ipynb", notebook("3 + 3"))
    assert cli.copy_notebooks(course) == []
    assert read(work / f"{name}.ipynb")["cells"][1]["source"] == ["3 + 3"]
    assert (work / f"{name}.new.ipynb").read_bytes() == kept
    (work / f"{name}.ipynb").rename(work / "mine.ipynb")  # spoilt: as the README has it
    assert cli.copy_notebooks(course) == []
    assert (work / f"{name}.ipynb").exists()


def refuse_links(*_given):
    raise PermissionError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False])
def test_two_starts_at_once_overwrite_nothing(course, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    path = course / "work" / "00_start_here.ipynb"
    path.parent.mkdir()
    cli.write_copy(notebook("1"), "version", path.name, path)
    before = path.read_bytes()
    cli.write_copy(
        notebook("2"), "version", path.name, path
    )  # the other one was between look and writing
    assert path.read_bytes() == before
    assert read(path)["cells"][1]["source"] == ["1"]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_copy_cut_short_is_none(course, monkeypatch):
    write_text = Path.write_text

    def half(path, text, **options):
        write_text(path, text[:40], **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="No space"):
        cli.copy_notebooks(course)
    assert list((course / "work").iterdir()) == []
    monkeypatch.undo()
    cli.copy_notebooks(course)
    assert len(read(course / "work" / "00_start_here.ipynb")["cells"]) == 2


def test_only_what_a_reader_works_with_counts_as_a_change(course):
    original = course / "notebooks" / "00_start_here.ipynb"
    content = read(original)
    content["metadata"]["course"] = {"minutes": 60}
    write(original, content)
    cli.copy_notebooks(course)
    assert read(course / "work" / original.name)["metadata"]["course"]["minutes"] == 60
    content["cells"][1]["outputs"] = []
    content["cells"][1]["execution_count"] = 7
    content["cells"][1]["source"] = "print('σ')"  # as one string: the same source
    content["metadata"]["title"] = "another"
    write(original, content)
    assert cli.copy_notebooks(course) == []
    for change in ({"source": "print(2)"}, {"id": "other"}, {"cell_type": "raw"}):
        changed = read(original)
        changed["cells"][1].update(change)
        assert cli.cells_digest(changed) != cli.cells_digest(content)


def test_copies_made_by_hand_are_left_alone(course):
    write(course / "work" / "00_start_here.ipynb", notebook("mine"))
    (course / "work" / "01_forward_pass.ipynb").write_text("{broken", encoding="utf-8")
    (course / "work" / "folder.ipynb").mkdir()
    assert cli.news_of_originals_gone(course) == []
    assert cli.copy_notebooks(course, put_new_beside=True) == []
    assert (course / "work" / "01_forward_pass.ipynb").read_bytes() == b"{broken"


@pytest.mark.parametrize(
    "spoilt",
    [
        "<html>",
        "[]",
        '{"metadata": {}, "cells": [{}]}',
        '{"metadata": [], "cells": []}',
        '{"metadata": {}, "cells": {}}',
    ],
)
def test_a_damaged_original_is_named_and_the_others_are_copied(course, spoilt):
    (course / "notebooks" / "00_start_here.ipynb").write_text(spoilt, encoding="utf-8")
    (line,) = cli.copy_notebooks(course)
    assert "00_start_here.ipynb" in line
    assert "fetch that file again" in line
    assert [copy.name for copy in (course / "work").iterdir()] == ["01_forward_pass.ipynb"]


def test_an_original_that_is_gone_is_told(course):
    cli.copy_notebooks(course)
    originals, work = course / "notebooks", course / "work"
    (work / "00_start_here.ipynb").rename(work / "mine.ipynb")  # what a reader may do
    cli.copy_notebooks(course)
    assert cli.news_of_originals_gone(course) == []
    (originals / "01_forward_pass.ipynb").rename(originals / "01_forward.ipynb")
    (originals / "00_start_here.ipynb").unlink()
    assert cli.copy_notebooks(course) == []
    news = cli.news_of_originals_gone(course)
    assert [re.search(r"your (work/\S+) was copied", line)[1] for line in news] == [
        "work/00_start_here.ipynb",
        "work/01_forward_pass.ipynb",
        "work/mine.ipynb",
    ]


@posix_only
def test_news_can_be_read_in_lab_and_go_again(ready):
    start(ready, "lab")
    news = ready / "work" / "00_NEWS.md"
    assert not news.exists()
    write(ready / "notebooks" / "01_forward_pass.ipynb", notebook("2 + 2"))
    printed = start(ready, "lab").stdout.decode("utf-8")
    told = news.read_text(encoding="utf-8")
    assert "01_forward_pass.ipynb has changed" in told
    assert all(line.removeprefix("- ") in printed for line in told.split("\n\n")[1:])
    assert "--LabApp.default_url=/lab/tree/work/00_start_here.ipynb" in printed
    start(ready, "lab", "--new")
    assert "is work/01_forward_pass.new.ipynb" in news.read_text(encoding="utf-8")
    start(ready, "lab")
    assert "is work/01_forward_pass.new.ipynb" in news.read_text(encoding="utf-8"), "still there"
    (ready / "notebooks" / "01_forward_pass.ipynb").rename(ready / "moved.ipynb")
    start(ready, "lab")
    assert "01_forward_pass.new.ipynb was copied, is no longer" in news.read_text(encoding="utf-8")
    (ready / "moved.ipynb").rename(ready / "notebooks" / "01_forward_pass.ipynb")
    new = ready / "work" / "01_forward_pass.new.ipynb"
    new.replace(ready / "work" / "01_forward_pass.ipynb")
    assert b"news are put" not in start(ready, "lab").stdout
    assert not news.exists()
    news.write_text("my own news", encoding="utf-8")
    write(ready / "notebooks" / "01_forward_pass.ipynb", notebook("3 + 3"))
    assert b"work/00_NEWS.md stays as it is" in start(ready, "lab").stdout
    assert news.read_text(encoding="utf-8") == "my own news"


@posix_only
def test_a_changed_library_is_told_once(ready):
    (ready / "utils" / "checks").mkdir()
    part = ready / "utils" / "checks" / "layer.py"
    part.write_text("slope = 'σ′'\n", encoding="utf-8")
    start(ready, "lab")
    news = ready / "work" / "00_NEWS.md"
    start(ready, "lab")
    assert not news.exists()
    part.write_bytes(b"slope = '\xbc'\n")  # whatever the encoding
    assert b"The library in utils has changed" in start(ready, "lab").stdout
    assert "The library in utils has changed" in news.read_text(encoding="utf-8")
    start(ready, "lab")
    assert not news.exists()


# --- refresh --------------------------------------------------------------------------------------


def test_refresh_stores_clean_outputs(course, capsys):
    originals = course / "notebooks"
    noisy = notebook(
        "import sys, time\nprint('σ', flush=True)\ntime.sleep(0.05)\nprint('輸', flush=True)\n"
        "print('!', file=sys.stderr, flush=True)\ntime.sleep(0.05)",
        "import os\nos.path.basename(os.getcwd()), os.environ.get('COURSE_NO_PROGRESS')",
        "1 / 0",
    )
    noisy["cells"][3]["metadata"]["tags"] = ["raises-exception"]
    noisy["cells"][1]["metadata"].update(alt="a picture", execution={"iopub.busy": "now"})
    noisy["metadata"].update(widgets={"state": {}}, language_info={"version": "3.9"})
    write(originals / "00_start_here.ipynb", noisy)
    assert refreshing.main(["00"], course) == 0
    text = (originals / "00_start_here.ipynb").read_bytes().decode("utf-8")
    stored = json.loads(text)
    assert text.startswith('{\n "cells"')
    assert text.endswith("}\n")
    assert "輸" in text
    assert stored["metadata"] == {
        "title": "輸入",
        "kernelspec": refreshing.KERNEL,
        "language_info": {"name": "python"},
    }
    _, streams, folder, raising = stored["cells"]
    assert streams["metadata"] == {"tags": ["kept"], "alt": "a picture"}
    assert [(output["name"], output["text"]) for output in streams["outputs"]] == [
        ("stdout", ["σ\n", "輸\n"]), ("stderr", ["!\n"])
    ]  # fmt: skip
    assert folder["outputs"][0]["data"]["text/plain"] == ["('notebooks', '1')"]
    assert raising["outputs"][0]["ename"] == "ZeroDivisionError"
    assert [cell["execution_count"] for cell in stored["cells"][1:]] == [1, 2, 3]
    assert [cell["id"] for cell in stored["cells"]] == ["title", "cell-1", "cell-2", "cell-3"]
    untouched = read(originals / "01_forward_pass.ipynb")
    assert untouched == notebook("1 + 1")
    assert "00_start_here.ipynb ... stored." in capsys.readouterr().out


def test_refresh_keeps_a_widgets_picture_and_drops_its_view():
    data = {"image/png": "iVBO", refreshing.WIDGET_VIEW: {"model_id": "new each time"}}
    shown = {"output_type": "display_data", "data": data, "metadata": {}}
    stored = nbformat.from_dict(notebook("explorer", outputs=[shown]))
    stored.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    refreshing.clean(stored)
    assert "widgets" not in stored.metadata
    assert stored.cells[1].outputs[0].data == {"image/png": "iVBO"}


def test_refresh_leaves_a_notebook_that_fails_as_it_was(course, capsys):
    path = course / "notebooks" / "01_forward_pass.ipynb"
    write(path, notebook("1 / 0"))
    before = path.read_bytes()
    assert refreshing.main(["01"], course) == 1
    assert path.read_bytes() == before
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_refresh_leaves_a_notebook_that_prints_a_path_as_it_was(course, capsys, monkeypatch):
    printed = {"output_type": "stream", "name": "stdout", "text": str(course)}
    monkeypatch.setattr(refreshing, "run_from_fresh_kernel", lambda *_: None)
    path = course / "notebooks" / "01_forward_pass.ipynb"
    write(path, notebook("import os\nprint(os.getcwd())", outputs=[printed]))
    before = path.read_bytes()
    assert refreshing.main(["01"], course) == 1
    assert path.read_bytes() == before
    assert "Cell 1 (cell-1)" in capsys.readouterr().out


def test_refresh_knows_names_by_their_beginning(course):
    names = [path.name for path in refreshing.chosen(course / "notebooks", [])]
    assert names == ["00_start_here.ipynb", "01_forward_pass.ipynb"]
    assert len(refreshing.chosen(course / "notebooks", ["01", "01_f"])) == 1
    assert refreshing.main(["42"], course) == 2


@pytest.mark.parametrize(
    "text", ["at {root}/utils/network.py", "{home}", "File ~/x.py", "in /home/me", "C:\\Users\\me"]
)
def test_paths_of_this_machine_are_refused(course, text):
    text = text.format(root=course, home=Path.home() / "x")
    stored = notebook("f()", outputs=[{"output_type": "stream", "name": "stdout", "text": text}])
    with pytest.raises(cli.Advice, match="Cell 1"):
        refreshing.refuse_machine_paths(nbformat.from_dict(stored), course)
    raised = {
        "output_type": "error",
        "ename": "E",
        "evalue": "",
        "traceback": ["", f"\x1b[32m{text}\x1b[39m"],
    }
    with pytest.raises(cli.Advice, match="Cell 1"):
        refreshing.refuse_machine_paths(
            nbformat.from_dict(notebook("f()", outputs=[raised])), course
        )


def test_ordinary_outputs_and_pictures_are_not_paths(course):
    texts = ["a/b = 1/2", "dC/dz", "see notebooks/data", "ratio: 3 : 4", "σ/root2", "~ 3", "e:\\n"]
    outputs = [{"output_type": "stream", "name": "stdout", "text": text} for text in texts]
    picture = {"image/png": f"{course}/home/me"}
    outputs.append({"output_type": "display_data", "data": picture, "metadata": {}})
    stored = nbformat.from_dict(notebook("f()", outputs=outputs))
    refreshing.refuse_machine_paths(stored, course)


# --- the files that say what is installed ---------------------------------------------------------


def pins():
    """Return the tested versions, line by line; emptied, the file admits the newest ones."""
    lines = (cli.ROOT / cli.CONSTRAINTS).read_text(encoding="utf-8").splitlines()
    if not lines:
        pytest.skip(f"{cli.CONSTRAINTS} is empty, to test with the newest versions")
    return lines


def test_every_requirement_has_a_range_and_a_tested_version():
    tested = {name.lower(): version for name, _, version in (pin.partition("==") for pin in pins())}
    for name in cli.REQUIREMENTS.values():
        for line in (cli.ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                package, *limits = re.fullmatch(r"([\w-]+)>=([\d.]+),<(\d+)", line).groups()
                lowest, next_major = ([int(n) for n in limit.split(".")] for limit in limits)
                assert lowest < next_major
                version = [int(n) for n in tested[package].split(".")]
                assert lowest <= version < next_major


def test_tested_versions_admit_every_python_of_the_course():
    """Without a network: what the installed packages say of themselves."""
    assert resolve.PYTHONS[0] == "{}.{}.0".format(*cli.OLDEST_PYTHON)
    installed = {name_of(found.name): found for found in metadata.distributions()}
    refusals, looked_at = [], 0
    for pin in pins():
        name, _, version = pin.partition("==")
        found = installed.get(name_of(name))
        if found is None or found.version != version:
            continue  # with other versions than the tested ones, or on another system
        looked_at += 1
        wanted = SpecifierSet(found.metadata.get("Requires-Python") or "")
        refusals += [
            f"{pin} wants {wanted}" for python in resolve.PYTHONS if not wanted.contains(python)
        ]
    assert refusals == []
    if looked_at == 0:
        pytest.skip("none of the tested versions is installed here")


def name_of(package):
    return re.sub(r"[-_.]+", "-", package).lower()


def test_tested_versions_name_no_machine():
    for pin in pins():
        assert re.fullmatch(r"[\w.-]+==[\w.]+", pin), pin
