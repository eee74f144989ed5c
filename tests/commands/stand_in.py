"""What the tests of all commands share: a small course folder, and a stand-in for Python.

Nothing is installed here. A course folder with a path that few encodings know stands in for the
course, and a shell script for the Python in its ``.venv``; the script writes down what it is asked
and answers as a test wants it to.
"""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

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


def wait_until(holds, seconds=20):
    """Wait until something holds, or fail."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
