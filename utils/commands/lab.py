"""`python3 -m utils lab`: JupyterLab on the reader's own copies of the notebooks."""

from __future__ import annotations

import difflib
import json
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from utils.commands import environment, programs
from utils.commands.copies import (
    NEWS,
    copy_notebooks,
    news_of_originals_gone,
    news_of_the_library,
    put_up_news,
)
from utils.commands.course import START, Advice, asks_for_help
from utils.commands.environment import VENV

HELP = f"""\
{START} lab [--originals] [--new] [options of jupyter lab]
    Open JupyterLab on your own copies of the notebooks, in the folder work.
    --originals   open the originals in the folder notebooks instead, for authors
    --new         where an original has changed, put the new one beside your copy
"""
ORDER = 1
PASSES_HELP_ON = True

FIRST_NOTEBOOK = "00_start_here.ipynb"
SETTINGS = "share/jupyter/lab/settings-for-work"  # beside Lab's own folder, which stays as it is
OPTIONS_OF_LAB = (  # a test compares them with JupyterLab's own
    *("allow-root", "app-dir", "autoreload", "browser", "certfile", "client-ca", "collaborative"),
    *("config", "core-mode", "custom-css", "debug", "dev-mode", "expose-app-in-browser"),
    *("extensions-in-dev-mode", "gateway-url", "generate-config", "help", "help-all", "ip"),
    *("keyfile", "log-level", "no-browser", "no-script", "notebook-dir", "port", "port-retries"),
    *("preferred-dir", "pylab", "script", "show-config", "show-config-json", "skip-dev-build"),
    *("sock", "sock-mode", "splice-source", "transport", "version", "watch", "y"),
)


def start(root: Path, options: list[str]) -> int:
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
    python = environment.ensure_environment(root, ["course"])
    question = [option for option in passed_on if asks_for_help(option) or option == "--help-all"]
    if question:
        print(f"{HELP}All other options are JupyterLab's own:\n", flush=True)
        command = [str(python), "-m", "jupyterlab", question[0]]
        return programs.run(command, root, programs.child_environment())
    ask_nothing(root / VENV / "etc" / "jupyter")
    folder = "notebooks" if "--originals" in options else "work"
    if folder == "work":
        keep_explorers(root / VENV / SETTINGS)
        news = copy_notebooks(root, put_new_beside="--new" in options)
        news += [*news_of_originals_gone(root), *news_of_the_library(root)]
        news += put_up_news(root / "work" / NEWS, news)
        print(*news, sep="\n", end="\n" if news else "")
    variables = programs.child_environment(places_for_jupyter(root, os.environ))
    print("JupyterLab starts. A dozen lines of its own, and then its address, with the token.")
    print("To stop it, press Ctrl-C here, and again when it asks whether it should.", flush=True)
    command = [str(python), "-m", "jupyterlab", *lab_options(root, folder, os.environ), *passed_on]
    return programs.run(command, root, variables)


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
