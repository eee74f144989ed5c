"""Each figure is in the room of the first notebook that draws it."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from utils import plots

ROOMS = sorted(path.stem for path in Path(plots.__file__).parent.glob("[!_]*.py"))


NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def in_room(name):
    return importlib.import_module(f"utils.plots.{name}")


def test_the_package_hands_on_what_is_public_in_its_rooms():
    public = [(name, room) for room in ROOMS for name in in_room(room).__all__]
    assert plots.__all__ == sorted(name for name, _ in public)
    assert len(set(plots.__all__)) == len(plots.__all__)
    assert all(getattr(plots, name) is getattr(in_room(room), name) for name, room in public)


@pytest.mark.parametrize("room", ROOMS)
def test_whatever_a_room_defines_is_public(room):
    module = in_room(room)
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    targets = [n for node in tree.body if isinstance(node, ast.Assign) for n in node.targets]
    defined |= {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    assert module.__all__ == sorted(defined - {"__all__"})


def test_a_figure_is_in_the_room_of_the_first_notebook_that_draws_it_and_in_its_order():
    wanted, seen = {}, set(in_room("style").__all__)
    for path in NOTEBOOKS:
        calls = re.findall(r"\bplots\.(\w+)\(", path.read_text(encoding="utf-8"))
        new = [name for name in dict.fromkeys(calls) if name not in seen]
        seen |= set(new)
        if new:
            wanted[f"nb{path.stem}"] = new
    found = {
        room: [name for name in vars(in_room(room)) if name in wanted.get(room, [])]
        for room in ROOMS
        if room != "style"
    }
    assert found == wanted
