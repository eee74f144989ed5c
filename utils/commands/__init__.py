"""The course's command line: what ``python3 -m utils NAME`` does.

A command is a file here with a function `start`, its lines of HELP, and its ORDER in the help;
it is found by being there. Everything here needs the standard library only, since it runs before
anything is installed. Each command makes the environment in ``.venv`` where it has to, then starts
its program in there. What can go wrong on a reader's machine ends in an `Advice`: one sentence that
says what to do.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from utils.commands.course import (
    ROOT,
    Advice,
    asks_for_help,
    check_started_in,
    in_plain_words,
)

# run in .venv, with what is installed there
INSIDE = ("assigning", "deck", "refreshing", "sheeting", "sliding", "solving")


def gathered() -> dict[str, ModuleType]:
    """Return the commands by name, in the order of the help."""
    names = [room.name for room in iter_modules(__path__) if room.name not in INSIDE]
    rooms = {name: import_module(f"{__name__}.{name}") for name in names}
    commands = {name: room for name, room in rooms.items() if hasattr(room, "start")}
    return dict(sorted(commands.items(), key=lambda item: item[1].ORDER))


COMMANDS = gathered()


def asks_about(name: str, options: list[str]) -> bool:
    """Tell whether help is wanted on a command that does not pass ``--help`` on to a program."""
    passes_on = getattr(COMMANDS.get(name), "PASSES_HELP_ON", False)
    return name in COMMANDS and not passes_on and any(map(asks_for_help, options))


def help_on_all() -> str:
    """Return what every command says of itself."""
    lines = "".join(room.HELP for room in COMMANDS.values())
    end = "Start it in the course folder. The first time, it sets up what it needs in .venv."
    return f"{lines}\n{end}\n"


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
    return in_plain_words(lambda: started(arguments, root))


def started(arguments: list[str], root: Path) -> int:
    """Start what was typed, or print the help."""
    if not arguments:
        print(help_on_all(), end="")
        return 2
    name, *options = arguments
    if asks_for_help(name) or asks_about(name, options):
        print(help_on_all(), end="")
        return 0
    if name not in COMMANDS:
        raise Advice(f"There is no command {name!r}: choose one of {', '.join(COMMANDS)}.")
    check_started_in(root)
    return int(COMMANDS[name].start(root, options))
