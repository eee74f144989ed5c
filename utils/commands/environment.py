"""The environment in `.venv`: made, filled, and brought up to date where it has to be."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from utils.commands import programs
from utils.commands.course import Advice, digest, quoted
from utils.commands.programs import child_environment

VENV = ".venv"
STAMP = "course-installed.json"
CONSTRAINTS = "tests/constraints.txt"
REQUIREMENTS = {"course": "requirements.txt", "tests": "tests/requirements.txt"}
OLDEST_PYTHON = (3, 11)


def starter(
    module: str, variables: Mapping[str, str] | None = None
) -> Callable[[Path, list[str]], int]:
    """Make the `start` of a command that is a module run with the environment's own Python.

    Parameters
    ----------
    module : str
        Below `utils`, for instance ``"commands.refreshing"``; it gets the options as they are.
    variables : mapping, optional
        More variables for it, such as those for one thread.

    Returns
    -------
    function
        From the course folder and the options to the module's exit code.
    """

    def start(root: Path, options: list[str]) -> int:
        python = ensure_environment(root, ["course"])
        command = [str(python), "-m", f"utils.{module}", *options]
        return programs.run(command, root, child_environment(variables))

    return start


def ensure_environment(root: Path, groups: Iterable[str]) -> Path:
    """Return the Python of ``.venv``, after making the environment or bringing it up to date.

    Parameters
    ----------
    root : Path
        The course folder.
    groups : iterable of {"course", "tests"}
        Which requirement files have to be installed.

    Returns
    -------
    Path
        The interpreter in ``.venv``.

    Notes
    -----
    A stamp inside ``.venv`` holds, for each group, a fingerprint of what was installed. It is
    emptied before anything is changed and written after success only, so that an interrupted
    install is done again and a start with nothing to do costs one look.
    """
    python = environment_python(root)
    stamp = root / VENV / STAMP
    installed = read_stamp(stamp)
    version = python_version(python)
    ours_and_unfinished = installed == {} and version is None
    if not (root / VENV).exists() or ours_and_unfinished:
        make_environment(root)
        version = python_version(python)
    if version is None:
        raise Advice(
            f"The Python in the folder {VENV} does not run any more: delete the folder "
            f"{quoted(root / VENV)} and start again, it will be made anew."
        )
    if version < OLDEST_PYTHON:
        raise Advice(
            f"The folder {VENV} holds Python {version[0]}.{version[1]}, which is too old: delete "
            f"the folder {quoted(root / VENV)} and start again, it will be made anew."
        )
    wanted = {group: fingerprint(root, group, version) for group in groups}
    if wanted.items() <= (installed or {}).items():
        gone = missing_packages(root, wanted)
        if not gone:
            return python
        print(f"{', '.join(gone)} should be in {VENV} and cannot be found there.", flush=True)
    stamp.write_text("{}", encoding="utf-8")
    install(root, python, list(wanted))
    stamp.write_text(json.dumps({**(installed or {}), **wanted}), encoding="utf-8")
    return python


def environment_python(root: Path) -> Path:
    """Return where ``.venv`` has its interpreter on this system."""
    return root / VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def read_stamp(stamp: Path) -> dict[str, str] | None:
    """Return the fingerprints of what is installed, None where there is no (legible) stamp."""
    try:
        content = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def fingerprint(root: Path, group: str, version: tuple[int, ...]) -> str:
    """Return a hash of everything that decides what a group's installation contains."""
    files = [root / REQUIREMENTS[group], root / CONSTRAINTS]
    texts = [file.read_text(encoding="utf-8") for file in files if file.exists()]
    return digest([list(version), texts])


def missing_packages(root: Path, groups: Iterable[str]) -> list[str]:
    """Return the required packages of which ``.venv`` holds nothing: a stamp alone runs nothing."""
    there = {
        found.name.partition("-")[0].lower()
        for folder in ("lib/python*", "Lib")  # POSIX, Windows
        for found in (root / VENV).glob(f"{folder}/site-packages/*.dist-info")
    }
    texts = [(root / REQUIREMENTS[group]).read_text(encoding="utf-8") for group in groups]
    wanted = re.findall(r"^[\w.-]+", "\n".join(texts), re.M)
    return [name for name in wanted if re.sub(r"[-_.]+", "_", name).lower() not in there]


def python_version(python: Path) -> tuple[int, ...] | None:
    """Ask an interpreter for its version, (3, 11) for instance; None when it does not run."""
    question = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        answer = subprocess.run(
            [str(python), "-I", "-S", "-c", question], capture_output=True, text=True, timeout=60
        )
        return tuple(int(number) for number in answer.stdout.split()[:2]) or None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def make_environment(root: Path) -> None:
    """Make an empty environment in ``.venv`` with the Python that runs this."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Advice(venv_is_missing())
    (root / VENV).mkdir(exist_ok=True)
    (root / VENV / STAMP).write_text("{}", encoding="utf-8")
    print(f"Making an environment for the course in {VENV} (once) ...", flush=True)
    code, output = run_quietly([sys.executable, "-m", "venv", str(root / VENV)], root)
    if code == 0:
        return
    if "ensurepip" in output or "No module named venv" in output:
        raise Advice(venv_is_missing())
    raise Advice(
        f"{last_lines(output)}\nPython could not make the environment {quoted(root / VENV)}: mend "
        "what is named above, delete that folder and start again."
    )


def venv_is_missing() -> str:
    """Say how to get the part of Python that Debian and Ubuntu ship apart."""
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    return (
        "This Python comes without its venv module: install it (on Debian and Ubuntu: "
        f"sudo apt install {package}) or take a Python from https://www.python.org/downloads/ "
        "and start again."
    )


def install(root: Path, python: Path, groups: list[str]) -> None:
    """Install groups of requirements, in the tested versions where this Python has them."""
    if run_quietly([str(python), "-m", "pip", "--version"], root)[0] != 0:
        # An environment made by uv, or by an interrupted start, has no pip yet.
        run_quietly([str(python), "-m", "ensurepip"], root)
    what, size = ("the tests need", "1 GB") if "tests" in groups else ("the course needs", "430 MB")
    print(f"Installing what {what} ({size}; one to five minutes, once) ...", flush=True)
    began = time.monotonic()
    command = [str(python), "-m", "pip", "install", "--no-input", "--retries", "2"]
    command += ["--disable-pip-version-check", "--progress-bar", "off"]
    for group in groups:
        command += ["-r", str(root / REQUIREMENTS[group])]
    tested = ["-c", str(root / CONSTRAINTS), "--only-binary", ":all:"]
    code, output = run_quietly([*command, *tested], root)
    if code != 0 and not known_trouble(output):
        refuse_others_in_ci(output)
        print(
            f"{last_lines(output, 5)}\nSo the tested versions are not to be had for this Python: "
            "installing the newest suitable ones, which may differ from the tested ones ...",
            flush=True,
        )
        code, output = run_quietly([*command, "--prefer-binary"], root)
    if code != 0:
        trouble = known_trouble(output) or (
            f"{last_lines(output)}\npip could not install what the course needs: mend what is "
            "named above and start again."
        )
        raise Advice(trouble)
    print(f"Installed in {time.monotonic() - began:.0f} s.", flush=True)


def refuse_others_in_ci(output: str) -> None:
    """Fail where changes are tested: there, other versions than the tested ones prove nothing."""
    if os.environ.get("CI", "").lower() in ("true", "1"):
        raise Advice(
            f"{last_lines(output)}\nThe tested versions cannot be installed with this Python: "
            f"mend them in {CONSTRAINTS} (emptied, that file admits the newest ones)."
        )


def run_quietly(command: list[str], root: Path) -> tuple[int, str]:
    """Run a program to its end and return its exit code and all that it printed."""
    finished = subprocess.run(
        command,
        cwd=root,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return finished.returncode, finished.stdout.decode("utf-8", errors="backslashreplace")


def last_lines(output: str, number: int = 15) -> str:
    """Return the end of a program's output, where it says what went wrong."""
    return "\n".join(output.rstrip().splitlines()[-number:])


# What pip prints when there is no use in trying other versions, and what to do about it.
TROUBLES = {
    "The path of this folder is too long for Windows: move the course to a short path such as "
    "C:\\course and start again.": (
        "Long Path support",
        "enable-long-paths",
        "[WinError 206]",
    ),
    "The disk is full: make room (1 GB is enough) and start again.": (
        "No space left on device",
        "Disk quota exceeded",
        "There is not enough space",
    ),
    "The network cannot be reached, and the first start needs it to download Python packages: "
    "connect (behind a proxy, set HTTPS_PROXY) and start again.": (
        "NewConnectionError",
        "NameResolutionError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
        "ProxyError",
        "SSLError",
        "ProtocolError",
        "Max retries exceeded",
        "Read timed out",
        "Temporary failure in name resolution",
        "getaddrinfo failed",
    ),
    "A file in .venv cannot be replaced: stop JupyterLab and other programs that use it, see that "
    "the folder is yours to write in, and start again.": (
        "Permission denied",
        "Access is denied",
        "[WinError 32]",
    ),
}


def known_trouble(output: str) -> str | None:
    """Return the advice on pip's output, None where it shows no trouble that we know.

    Examples
    --------
    >>> known_trouble("ERROR: [Errno 28] No space left on device")
    'The disk is full: make room (1 GB is enough) and start again.'
    >>> known_trouble("ERROR: No matching distribution found for numpy==99") is None
    True
    """
    for advice, signs in TROUBLES.items():
        if any(sign in output for sign in signs):
            return advice
    return None
