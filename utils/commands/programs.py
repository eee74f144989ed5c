"""Other programs, started in `.venv`: with which variables, and what a signal does to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


def child_environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables for programs in ``.venv``: UTF-8, and this environment's own kernel."""
    environment = dict(os.environ)
    for name in (
        "PYTHONHOME",  # would send .venv's Python to another library
        "PYTHONPATH",  # would put another NumPy before the one in .venv, in the kernels too
        "PYTHONIOENCODING",  # would overrule UTF-8
        "MPLBACKEND",  # would keep figures out of the notebooks
        "__PYVENV_LAUNCHER__",
    ):
        environment.pop(name, None)
    environment.update(PYTHONUTF8="1", JUPYTER_PREFER_ENV_PATH="1", PIP_USER="0")
    environment.update(settings or {})
    return environment


def run(command: list[str], root: Path, environment: Mapping[str, str]) -> int:
    """Run a program to its end and return its exit code, 130 where Ctrl-C cut it short.

    A terminal sends Ctrl-C to the program as well, so here it is only noted: JupyterLab wants to
    ask whether it should stop, pytest to print its summary. (A KeyboardInterrupt could fall between
    the program's end and the reading of its exit code, and lose the code.) Without a terminal a
    signal may come to this process alone or to its whole group: the program is set apart from the
    group, and what comes here is passed on, so that it gets every signal once.
    """
    apart = os.name != "nt" and not (sys.stdin and sys.stdin.isatty())
    noted = [signal.SIGINT, signal.SIGTERM]
    if apart and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # which nohup changes
        noted.append(signal.SIGHUP)
    stops: list[int] = []
    early: list[int] = []
    process: subprocess.Popen[bytes] | None = None

    def note(number: int, _frame: object) -> None:
        stops.append(number)
        if apart or number == signal.SIGTERM:
            if process is None:
                early.append(number)
            else:
                process.send_signal(number)

    previous = {number: signal.signal(number, note) for number in noted}
    try:
        process = subprocess.Popen(command, cwd=root, env=environment, start_new_session=apart)
        for number in early:
            process.send_signal(number)
        code = process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return 130 if signal.SIGINT in stops and code != 0 else code
