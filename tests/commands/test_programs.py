"""What each command starts, with which variables, and what a signal does to it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from stand_in import assert_one_sentence, popen, posix_only, start, wait_until

from utils.commands import lab, programs, test


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
    assert "--LabApp.news_url=None" in lab.lab_options(course, "notebooks", {})


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
    assert "--no-browser" in lab.lab_options(course, "notebooks", {})
    assert "--no-browser" in lab.lab_options(course, "notebooks", {"DISPLAY": ""})
    for display in ({"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}):
        assert "--no-browser" not in lab.lab_options(course, "notebooks", display)
    monkeypatch.setattr(sys, "platform", "win32")
    assert "--no-browser" not in lab.lab_options(course, "notebooks", {})


def test_lab_as_root_is_allowed(course, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert "--allow-root" in lab.lab_options(course, "notebooks", {})
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert "--allow-root" not in lab.lab_options(course, "notebooks", {})


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
    test.check_paths_are_there(course, ["-k", "a.py", "--co", "--ignore", "b.py", "tests"])


@posix_only
def test_results_runs_the_experiments(ready):
    finished = start(ready, "results", CHILD_CODE="3")
    printed = finished.stdout.decode("utf-8")
    assert finished.returncode == 3
    assert "started: -m utils.experiments\n" in printed
    assert "threads=1" in printed
    assert "tests/requirements.txt" not in (ready / "pip-calls").read_text(encoding="utf-8")
    printed = start(ready, "results", "paper_eleven").stdout.decode("utf-8")
    assert "started: -m utils.experiments paper_eleven\n" in printed


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
    assert not set(led) & set(programs.child_environment())


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
from utils.commands.programs import run
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
    """Start `programs.run` on a program in a process group of its own, as soon as it is ready."""
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
