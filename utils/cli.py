"""The course's command line: ``python3 -m utils lab | test | refresh | results | bench``.

Everything here needs the standard library only, since it runs before anything is installed. Each
command makes the environment in ``.venv`` where it has to, then starts its program in there. What
can go wrong on a reader's machine ends in an :class:`Advice`: one sentence that says what to do.
"""

from __future__ import annotations

import difflib
import errno
import hashlib
import importlib.util
import io
import json
import os
import platform
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START = "py -m utils" if os.name == "nt" else "python3 -m utils"
OLDEST_PYTHON = (3, 11)

VENV = ".venv"
STAMP = "course-installed.json"
SETTINGS = "share/jupyter/lab/settings-for-work"  # beside Lab's own folder, which stays as it is
CONSTRAINTS = "tests/constraints.txt"
REQUIREMENTS = {"course": "requirements.txt", "tests": "tests/requirements.txt"}

FIRST_NOTEBOOK = "00_start_here.ipynb"
NEWS = "00_NEWS.md"
NEWS_HEADING = "# What has changed in the course"
SEEN = ".course.json"  # in work: the library as it was at the last start
CELL_TIMEOUT = 120
OPTIONS_OF_LAB = (  # a test compares them with JupyterLab's own
    *("allow-root", "app-dir", "autoreload", "browser", "certfile", "client-ca", "collaborative"),
    *("config", "core-mode", "custom-css", "debug", "dev-mode", "expose-app-in-browser"),
    *("extensions-in-dev-mode", "gateway-url", "generate-config", "help", "help-all", "ip"),
    *("keyfile", "log-level", "no-browser", "no-script", "notebook-dir", "port", "port-retries"),
    *("preferred-dir", "pylab", "script", "show-config", "show-config-json", "skip-dev-build"),
    *("sock", "sock-mode", "splice-source", "transport", "version", "watch", "y"),
)
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}

HELP_ON_LAB = f"""\
{START} lab [--originals] [--new] [options of jupyter lab]
    Open JupyterLab on your own copies of the notebooks, in the folder work.
    --originals   open the originals in the folder notebooks instead, for authors
    --new         where an original has changed, put the new one beside your copy
"""
HELP = f"""\
{HELP_ON_LAB}{START} test [options and paths of pytest]
    Run every unit test and every notebook; paths replace the default ones.
{START} refresh [NN ...]
    Run the originals whose names begin with NN (all of them without NN) from a
    fresh kernel and store them with clean outputs, for authors.
{START} results
    Make the stored results of the long runs anew, in about ten minutes on one
    thread, for authors.
{START} bench [options]
    Run the speed measurements, tests/bench.py, on one thread.

Start it in the course folder. The first time, it sets up what it needs in .venv.
"""


class Advice(Exception):
    """Something to be mended by the reader: one sentence that says what, and how."""


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run one command of the course.

    Parameters
    ----------
    arguments : list of str
        The command's name and its options, without the program's name.
    root : Path
        The course folder.

    Returns
    -------
    int
        The exit code: the started program's own, 2 after an advice, 130 after Ctrl-C.
    """
    print_anything()
    try:
        if not arguments:
            print(HELP, end="")
            return 2
        name, *options = arguments
        if asks_for_help(name) or (name in OURS_ALONE and any(map(asks_for_help, options))):
            print(HELP, end="")
            return 0
        if name not in COMMANDS:
            raise Advice(f"There is no command {name!r}: choose one of {', '.join(COMMANDS)}.")
        check_started_in(root)
        return COMMANDS[name](root, options)
    except Advice as advice:
        print(advice, file=sys.stderr)
        return 2
    except OSError as error:
        print(advice_on(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The next start does again what was left unfinished.", file=sys.stderr)
        return 130


def asks_for_help(argument: str) -> bool:
    """Tell whether an argument is one of the usual ways to ask for help."""
    return argument in ("-h", "--help")


def print_anything() -> None:
    """Let any path be printed, whatever the terminal's encoding: escaped where it must be."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def check_started_in(root: Path) -> None:
    """Refuse to run in another working directory, where notebooks would not find the library."""
    if not os.path.samefile(root, Path.cwd()):
        raise Advice(f"Start this in the course folder: first run  cd {quoted(root)}")


def quoted(path: Path) -> str:
    """Return `path` as one would type it in a terminal."""
    return f'"{path}"' if os.name == "nt" else shlex.quote(str(path))


def advice_on(error: OSError) -> str:
    """Say what to do about a file that cannot be read or written."""
    what = f"{error.strerror or error}: {error.filename or 'no file named'}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full ({what}): make room (1 GB is enough) and start again."
    return f"A file cannot be used ({what}): see that this folder is yours to write in, and retry."


# --- the commands ---------------------------------------------------------------------------------


def lab(root: Path, options: list[str]) -> int:
    """Open JupyterLab on the reader's own copies of the notebooks.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        ``--originals`` and ``--new`` are ours, all others go to JupyterLab.

    Returns
    -------
    int
        JupyterLab's exit code.
    """
    passed_on = [option for option in options if option not in ("--originals", "--new")]
    check_options_of_lab(passed_on)
    check_port_is_free(passed_on)
    python = ensure_environment(root, ["course"])
    question = [option for option in passed_on if asks_for_help(option) or option == "--help-all"]
    if question:
        print(f"{HELP_ON_LAB}All other options are JupyterLab's own:\n", flush=True)
        return run([str(python), "-m", "jupyterlab", question[0]], root, child_environment())
    ask_nothing(root / VENV / "etc" / "jupyter")
    folder = "notebooks" if "--originals" in options else "work"
    if folder == "work":
        keep_explorers(root / VENV / SETTINGS)
        news = copy_notebooks(root, put_new_beside="--new" in options)
        news += [*news_of_originals_gone(root), *news_of_the_library(root)]
        news += put_up_news(root / "work" / NEWS, news)
        print(*news, sep="\n", end="\n" if news else "")
    environment = child_environment(places_for_jupyter(root, os.environ))
    print("JupyterLab starts. A dozen lines of its own, and then its address, with the token.")
    print("To stop it, press Ctrl-C here, and again when it asks whether it should.", flush=True)
    command = [str(python), "-m", "jupyterlab", *lab_options(root, folder, os.environ), *passed_on]
    return run(command, root, environment)


def check_options_of_lab(options: list[str]) -> None:
    """Refuse an option that JupyterLab does not have, which it would ignore without a word.

    (An option with a dot, as ``--ServerApp.port=9000``, can be anything.)
    """
    for option in options:
        name = option.partition("=")[0]
        known = not name.startswith("--") or "." in name or name == "--"
        if not known and name[2:] not in OPTIONS_OF_LAB:
            ours = ["originals", "new", *OPTIONS_OF_LAB]
            near = difflib.get_close_matches(name[2:], ours, n=1)
            guess = f"did you mean --{near[0]}? " if near else ""
            raise Advice(f"lab has no option {name}: {guess}'{START} lab --help' lists them all.")


def lab_options(root: Path, folder: str, environment: Mapping[str, str]) -> list[str]:
    """Return the options JupyterLab needs on this machine to open the first notebook."""
    first = root / folder / FIRST_NOTEBOOK
    page = f"/lab/tree/{folder}/{FIRST_NOTEBOOK}" if first.exists() else "/lab"
    options = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url={page}"]
    options.append("--LabApp.news_url=None")  # no question about news over the first page
    if folder == "work":  # originals are stored without what a widget is at the moment
        options.append(f"--LabApp.app_settings_dir={root / VENV / SETTINGS}")
    has_display = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not has_display:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # containers run as root, and Lab refuses to without it
    return options


def ask_nothing(config: Path) -> None:
    """Switch off Lab's question about news, which would lie over the first page.

    (The option ``--LabApp.news_url=None`` fetches none, but Lab 4.6 asks all the same.)
    """
    place = config / "labconfig" / "page_config.json"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        off = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
        place.write_text(json.dumps(off) + "\n", encoding="utf-8")


def places_for_jupyter(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return variables that send Jupyter to ``.venv`` where the home folder is not to be written.

    On its own it would end in a traceback. (What a reader has set is left as it is.)
    """
    if os.name == "nt":
        return {}
    home = Path(os.path.expanduser("~"))  # which stays "~" where the system knows of none
    data = home / "Library" / "Jupyter"
    if sys.platform != "darwin":
        data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "jupyter"
    places = {"JUPYTER_CONFIG_DIR": home / ".jupyter", "JUPYTER_DATA_DIR": data}
    spare = {
        name: str(root / VENV / "home" / name)
        for name, place in places.items()
        if not environment.get(name) and not can_be_written(place)
    }
    if spare:
        print(f"Your home folder cannot be written: Jupyter keeps its own files in {VENV} instead.")
        for name in ("IPYTHONDIR", "MPLCONFIGDIR"):  # which would only warn, in the first notebook
            spare[name] = environment.get(name) or str(root / VENV / "home" / name)
    return spare


def can_be_written(folder: Path) -> bool:
    """Tell whether a folder is there, or can be made as Jupyter makes it, and takes files."""
    try:
        folder.mkdir(mode=0o700, parents=folder.is_absolute(), exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def keep_explorers(settings: Path) -> None:
    """Let Lab save an explorer with its notebook, so that it is still there the next day.

    Without it, a notebook that is opened again shows "Error displaying widget: model not found".
    """
    place = settings / "overrides.json"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        kept = {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}
        place.write_text(json.dumps(kept) + "\n", encoding="utf-8")


def check_port_is_free(options: list[str]) -> None:
    """Refuse a port that was asked for and is taken; without one Lab finds a free one itself."""
    port = requested_port(options)
    if port is None:
        return
    if not 0 <= port < 65536:
        raise Advice(f"There is no port {port}: choose a number from 1024 to 65535.")
    with socket.socket() as listener:
        if os.name != "nt":  # a port just given back is free, and Windows needs no telling
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            raise Advice(
                f"Port {port} is taken or not allowed: choose another number, or leave --port "
                "out and JupyterLab finds a free one."
            ) from None


def requested_port(options: list[str]) -> int | None:
    """Return the number given as ``--port=N`` or ``--port N``, None without one.

    Raises
    ------
    Advice
        If what is given is no number.

    Examples
    --------
    >>> requested_port(["--no-browser", "--port=9000"])
    9000
    >>> requested_port(["--port", "9001"])
    9001
    """
    value = None
    for option, following in zip(options, [*options[1:], ""]):
        name, equals, given = option.partition("=")
        if name in ("--port", "--ServerApp.port"):
            value = given if equals else following
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]+", value):
        raise Advice(f"--port takes a number, as in --port=8889; {value!r} is none.")
    return int(value)


def test(root: Path, options: list[str]) -> int:
    """Run unit tests, doctests and notebooks in one run of pytest.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Options of pytest; paths replace ``tests utils notebooks``.

    Returns
    -------
    int
        pytest's exit code, which is not zero when nothing was collected either.

    Notes
    -----
    Two workers, one thread each: with more, they are in one another's way. $COURSE_THREADS and
    $COURSE_JITTER are for ``tests/arithmetics.py``.
    """
    check_paths_are_there(root, options)
    python = ensure_environment(root, ["course", "tests"])
    paths = [] if paths_in(root, options) else ["tests", "utils", "notebooks"]
    command = [
        *(str(python), "-m", "pytest", "--doctest-modules"),
        *("--nbval", "--nbval-current-env", f"--nbval-cell-timeout={CELL_TIMEOUT}"),
        *("-n", "2", "--dist", "loadscope", "-p", "tests.progress"),
        *options,
        *paths,
    ]
    settings = {name: os.environ.get("COURSE_THREADS", "1") for name in ONE_THREAD}
    settings["PYTHONSTARTUP"] = str(root / "tests" / "kernel_startup.py")
    return run(command, root, child_environment(settings))


def words_in(options: list[str]) -> list[str]:
    """Return what of pytest's options is neither an option nor the value of one.

    Examples
    --------
    >>> words_in(["-k", "replicas", "-x", "tests/test_network.py"])
    ['tests/test_network.py']
    """
    takes_a_value = ("-k", "-m", "-n", "-p", "-c", "-o", "-W", "-r", "--deselect", "--ignore")
    return [
        option
        for previous, option in zip(["", *options], options)
        if not option.startswith("-") and previous not in takes_a_value
    ]


def paths_in(root: Path, options: list[str]) -> list[str]:
    """Return the paths among them, such as ``tests/test_data.py::test_digits``."""
    return [word for word in words_in(options) if (root / word.partition("::")[0]).exists()]


def check_paths_are_there(root: Path, options: list[str]) -> None:
    """Refuse a path that leads nowhere: with two workers pytest would find nothing, and not why."""
    for word in words_in(options):
        path = word.partition("::")[0]
        looks_like_one = path.endswith((".py", ".ipynb")) or "::" in word
        if looks_like_one and not (root / path).exists():
            folders = ("tests", "utils", "notebooks")
            there = [p for folder in folders for p in (root / folder).rglob("*.*")]
            names = [p.relative_to(root).as_posix() for p in there]
            near = difflib.get_close_matches(path.replace("\\", "/"), names, n=1)
            guess = f": did you mean {near[0]}?" if near else "."
            raise Advice(f"There is no file {path} in the course{guess}")


def refresh(root: Path, options: list[str]) -> int:
    """Run the originals from a fresh kernel and store them with clean outputs.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Beginnings of notebook names, such as ``01``; all notebooks without any.

    Returns
    -------
    int
        0, or 1 when a notebook was left as it was.
    """
    python = ensure_environment(root, ["course"])
    command = [str(python), "-m", "utils.refresh", *options]
    return run(command, root, child_environment(ONE_THREAD))


def results(root: Path, options: list[str]) -> int:
    """Make the stored results of the long runs anew, on one thread.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        None: an option that did nothing would cost ten minutes.

    Returns
    -------
    int
        The exit code of ``utils.experiments``.
    """
    if options:
        raise Advice(
            f"'{START} results' makes all results anew and takes no options: leave them out."
        )
    python = ensure_environment(root, ["course"])
    return run([str(python), "-m", "utils.experiments"], root, child_environment(ONE_THREAD))


def bench(root: Path, options: list[str]) -> int:
    """Run the speed measurements in the tests' environment on one thread.

    Parameters
    ----------
    root : Path
        The course folder.
    options : list of str
        Options of ``tests/bench.py``.

    Returns
    -------
    int
        The exit code of ``tests/bench.py``.
    """
    python = ensure_environment(root, ["course", "tests"])
    environment = child_environment(ONE_THREAD)
    environment["PYTHONPATH"] = str(root)
    return run([str(python), "tests/bench.py", *options], root, environment)


COMMANDS: dict[str, Callable[[Path, list[str]], int]] = {
    "lab": lab,
    "test": test,
    "refresh": refresh,
    "results": results,
    "bench": bench,
}
OURS_ALONE = ("refresh", "results")  # the others pass --help on to the program they start


# --- other programs -------------------------------------------------------------------------------


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


# --- the environment in .venv ---------------------------------------------------------------------


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


def digest(value: Any) -> str:
    """Return the SHA-256 of a value made of lists, strings and numbers."""
    return hashlib.sha256(json.dumps(value).encode("ascii")).hexdigest()


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


# --- the reader's copies in work ------------------------------------------------------------------


def copy_notebooks(root: Path, put_new_beside: bool = False) -> list[str]:
    """Copy notebooks that are not yet in ``work`` there, without outputs; overwrite none.

    Parameters
    ----------
    root : Path
        The course folder.
    put_new_beside : bool
        Where an original has changed since it was copied, put the new one beside the copy.

    Returns
    -------
    list of str
        What the reader should know, a line for each notebook concerned.
    """
    news = []
    (root / "work").mkdir(exist_ok=True)
    for original in sorted((root / "notebooks").glob("*.ipynb")):
        try:
            notebook = read_notebook(original)
        except Advice as spoilt:  # all others can be worked with
            news.append(str(spoilt))
            continue
        version = cells_digest(notebook)
        copies = [root / "work" / original.name, *new_names(root / "work", original.stem)]
        there = [copy for copy in copies if copy.exists()]
        if copies[0] not in there:
            write_copy(notebook, version, spelled(original), copies[0])
            continue
        newest = [copy for copy in there if recorded(copy, "copied_from") == version]
        if newest and copies[0] not in newest:
            news.append(f"The new version of {original.name} is work/{newest[0].name}.")
        elif changed_since(there, version):
            if put_new_beside:
                free = next(copy for copy in copies[1:] if not copy.exists())
                write_copy(notebook, version, spelled(original), free)
                news.append(f"The new version of {original.name} is work/{free.name}.")
            else:
                news.append(
                    f"{original.name} has changed since you copied it: '{START} lab --new' puts "
                    "the new version beside your copy, which stays as it is."
                )
    return news


def new_names(work: Path, stem: str) -> list[Path]:
    """Return the names for later versions: NN_name.new.ipynb, NN_name.new2.ipynb, ..."""
    numbers = ["", *range(2, 100)]
    return [work / f"{stem}.new{number}.ipynb" for number in numbers]


def changed_since(copies: list[Path], version: str) -> bool:
    """Tell whether none of the copies was made from this version of the original."""
    versions = {recorded(copy, "copied_from") for copy in copies} - {None}
    # A copy without a record was put there by hand: nothing is known, nothing is said.
    return bool(versions) and version not in versions


def recorded(copy: Path, what: str) -> str | None:
    """Return what was written into a copy when it was made, None if it does not say."""
    try:
        found = read_notebook(copy)["metadata"]["course"][what]
    except (Advice, OSError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def spelled(path: Path) -> str:
    """Return a file's name as text that can be stored, the same whatever the locale is."""
    return os.fsencode(path.name).decode("utf-8", errors="replace")


def news_of_originals_gone(root: Path) -> list[str]:
    """Name the copies whose original was renamed or removed: they stay, and get no new version."""
    originals = {spelled(path) for path in (root / "notebooks").glob("*.ipynb")}
    copies = sorted((root / "work").glob("*.ipynb"))
    made_from = {spelled(copy): recorded(copy, "original") for copy in copies}
    return [
        f"{original}, from which your work/{name} was copied, is no longer in the course, or is "
        "there under another name: your copy stays as it is, and no new version will come for it."
        for name, original in made_from.items()
        if original is not None and original not in originals
    ]


def news_of_the_library(root: Path) -> list[str]:
    """Tell once that the library has changed, which no notebook shows."""
    library = [
        [path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()]
        for path in sorted((root / "utils").rglob("*.py"))
    ]
    place, now = root / "work" / SEEN, digest(library)
    before = read_stamp(place)
    if before is None or before.get("library") != now:
        place.write_text(json.dumps({"library": now}) + "\n", encoding="utf-8")
    if before is None or before.get("library") == now:
        return []
    return [
        "The library in utils has changed since you were last here: before you go on in a "
        "notebook, choose 'Restart Kernel and Run All Cells' in Lab's menu Kernel."
    ]


def put_up_news(place: Path, news: list[str]) -> list[str]:
    """Write the news where Lab shows it, or take the last ones away; a reader's own file stays.

    Returns
    -------
    list of str
        A line that says so where the place is taken.
    """
    if place.exists() and not place.read_bytes().startswith(NEWS_HEADING.encode()):
        taken = f"Your own {place.parent.name}/{place.name} stays as it is: no news are put there."
        return [taken] if news else []
    if news:
        lines = [NEWS_HEADING, *(f"- {line}" for line in news)]
        text = "\n\n".join(lines) + "\n"
        place.write_text(text, encoding="utf-8", errors="backslashreplace")
    else:
        place.unlink(missing_ok=True)
    return []


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook as plain dictionaries."""
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(notebook["cells"], list) or not isinstance(notebook["metadata"], dict):
            raise TypeError
        cells_digest(notebook)  # which looks at whatever is used of a cell
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Advice(f"{quoted(path)} is no notebook: fetch that file again.") from None
    return notebook


def cells_digest(notebook: dict[str, Any]) -> str:
    """Return a hash of what a reader works with: cells' kinds, ids and sources, not outputs."""
    return digest(
        [
            [cell["cell_type"], cell.get("id", ""), "".join(cell["source"])]
            for cell in notebook["cells"]
        ]
    )


def write_copy(notebook: dict[str, Any], version: str, original: str, path: Path) -> None:
    """Write a copy without outputs that remembers which original and version it was made from."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"]["language_info"] = language_info()
    notebook["metadata"]["course"] = {
        **notebook["metadata"].get("course", {}),
        "copied_from": version,
        "original": original,
    }
    # First under another name: a copy cut short would never be mended, as copies are kept.
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    try:
        unfinished.write_text(text + "\n", encoding="utf-8", newline="\n")
        put_in_place(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def language_info() -> dict[str, Any]:
    """Return what the kernel will say of its language, so that opening a copy changes nothing.

    (JupyterLab takes it over, and would ask on leaving whether to save a notebook just looked at.)
    """
    return {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": platform.python_version(),
    }


def put_in_place(unfinished: Path, path: Path) -> None:
    """Give a finished file its name, unless another start has just put one there."""
    try:
        try:
            os.link(unfinished, path)  # which refuses to overwrite, where rename would not
        except FileExistsError:
            raise
        except OSError:  # a disk without links: take the name first, then fill it
            path.open("x").close()
            unfinished.replace(path)
    except FileExistsError:
        pass
