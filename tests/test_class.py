"""The class on one machine: its configuration, what it starts for a student, the trial's numbers.

(The trial itself, with a real JupyterHub, is a command of its own: see instructors.md, "Host".)
"""

import ast
import doctest
import importlib.util
import json
import os
import re
import runpy
import sys
from types import SimpleNamespace

import pytest

from utils.commands import copies
from utils.commands.course import ROOT

CLASS = ROOT / "tests" / "class"
posix_only = pytest.mark.skipif(os.name == "nt", reason="JupyterHub does not run on Windows")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def module(name):
    """A file of the folder, which can't be imported by name: `class` is a word of Python's own."""
    found = importlib.util.spec_from_file_location(f"class_{name}", CLASS / f"{name}.py")
    made = importlib.util.module_from_spec(found)
    sys.modules[found.name] = made  # dataclasses look themselves up there
    found.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def trial():
    return module("trial")


@pytest.fixture(scope="module")
def student():
    return module("student")


class Settings(dict):
    """c of a configuration file: c.JupyterHub.bind_url = …"""

    def __getattr__(self, name):
        return self.setdefault(name, SimpleNamespace())


def test_the_configuration_sets_what_a_class_needs():
    c = Settings()
    place = CLASS / "jupyterhub_config.py"
    runpy.run_path(str(place), {"get_config": lambda: c})
    assert c.JupyterHub.bind_url.startswith("http://127.0.0.1:"), "to the world only through https"
    python, program = c.Spawner.cmd
    assert python == sys.executable
    assert program == str(CLASS / "student.py")
    assert c.Spawner.environment["OMP_NUM_THREADS"] == "1"
    assert c.Spawner.start_timeout == c.Spawner.http_timeout == 300
    one, two = (SimpleNamespace(user=SimpleNamespace(id=k)) for k in (1, 2))
    for spawner in (one, two):
        c.Spawner.pre_spawn_hook(spawner)
    assert one.port != two.port
    assert max(one.port, two.port) < 32_768, "from there on a system gives ports away by chance"
    settings = [node for node in ast.parse(place.read_text("utf-8")).body
                if isinstance(node, ast.Assign)]  # fmt: skip
    assert len(settings) <= 10


def test_the_page_shows_the_configuration_as_it_is():
    page = (ROOT / "notebooks" / "instructors.md").read_text(encoding="utf-8")
    code = (CLASS / "jupyterhub_config.py").read_text(encoding="utf-8")
    for line in code.splitlines():
        if line.startswith("c."):
            assert line.partition("  #")[0] in page, line


@posix_only
def test_a_student_gets_copies_that_nothing_overwrites(student, tmp_path, monkeypatch):
    course, mine = tmp_path / "course", tmp_path / "home" / "course"
    (course / "notebooks").mkdir(parents=True)
    (course / "utils").mkdir()
    original = course / "notebooks" / "01_name.ipynb"
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [],
            "execution_count": None}  # fmt: skip
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    original.write_text(json.dumps(book), encoding="utf-8")
    monkeypatch.setattr(student, "COURSE", course)
    student.lay_out(mine)
    copy = mine / "work" / "01_name.ipynb"
    assert (mine / "utils").resolve() == course / "utils"
    assert copies.read_notebook(copy)["cells"][0]["source"] == "1"
    assert not (mine / "work" / copies.NEWS).exists()

    copy.write_text(copy.read_text("utf-8").replace('"1"', '"my answer"'), encoding="utf-8")
    book["cells"][0]["source"] = "2"
    original.write_text(json.dumps(book), encoding="utf-8")
    student.lay_out(mine)
    assert "my answer" in copy.read_text("utf-8")
    new = mine / "work" / "01_name.new.ipynb"
    assert copies.read_notebook(new)["cells"][0]["source"] == "2"
    assert "01_name.new.ipynb" in (mine / "work" / copies.NEWS).read_text("utf-8")

    moved = tmp_path / "elsewhere"
    course.rename(moved)
    monkeypatch.setattr(student, "COURSE", moved)
    student.lay_out(mine)
    assert (mine / "notebooks").resolve() == moved / "notebooks"
    assert "my answer" in copy.read_text("utf-8")


@posix_only
def test_the_students_server_is_the_hubs_own(student, tmp_path, monkeypatch):
    begun = []
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(student, "lay_out", lambda mine: mine.mkdir(parents=True))
    monkeypatch.setattr(student.os, "execv", lambda *what: begun.append(what))
    monkeypatch.setattr(student.sys, "argv", ["student.py", "--allow-root"])
    student.main()
    ((program, command),) = begun
    assert program.name == "jupyterhub-singleuser"
    assert f"--ServerApp.root_dir={tmp_path / 'course'}" in command
    assert command[-1] == "--allow-root"
    settings = json.loads((tmp_path / "course/.settings/overrides.json").read_text("utf-8"))
    assert settings, "an explorer would not be saved with its notebook"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_trial_finds_and_solves_an_exercise_of_each_notebook(trial, path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    answer, check = trial.exercise_of(cells)
    (name,) = re.findall(r"^checks\.(\w+)\(", check, re.M)
    assert re.search(rf"^(def|my_)?.*\b{name}\b", answer), "the answer to another exercise"
    compile(answer, path.name, "exec")


def test_the_trials_examples_and_arithmetic(trial):
    assert doctest.testmod(trial).failed == 0
    one, two = trial.needs(10, cores=2), trial.needs(20, cores=4)
    assert two[0] > one[0]
    assert two[1] == one[1]
    assert (two[0] - one[0]) * 1024 == pytest.approx(10 * trial.MEASURED["student"])


def test_a_table_row_counts_those_who_got_through(trial):
    one = trial.Student("a", 1, 2, 3, 4, True)
    row = trial.Report([one, trial.Student("b", trouble="lost")]).row().split()
    assert row[:4] == ["2", "1", "2.0", "3.0"]
    assert trial.Report([trial.Student("b")]).row().split()[1] == "0"


def test_a_frame_from_the_kernel_is_read_with_and_without_buffers(trial, monkeypatch):
    kinds = SimpleNamespace(TEXT=1, BINARY=2)
    monkeypatch.setitem(sys.modules, "aiohttp", SimpleNamespace(WSMsgType=kinds))
    plain = SimpleNamespace(type=1, data='{"a": 1}')
    assert trial.text_of(plain) == '{"a": 1}'
    text, picture = b'{"b": 2}', b"\x89PNG"
    offsets = [12, 12 + len(text)]
    data = b"".join(n.to_bytes(4, "big") for n in (2, *offsets)) + text + picture
    assert trial.text_of(SimpleNamespace(type=2, data=data)) == '{"b": 2}'
    closed = SimpleNamespace(type=SimpleNamespace(name="CLOSED"), data=None)
    with pytest.raises(ConnectionError, match="CLOSED"):
        trial.text_of(closed)


def test_what_the_page_says_a_class_needs_is_what_the_trials_arithmetic_says(trial):
    page = (ROOT / "notebooks" / "instructors.md").read_text(encoding="utf-8")
    memory, seconds = trial.needs(30, cores=2)
    assert f"| 30 | one machine: {memory:.1f} GiB" in page
    assert 70 < seconds < 80, "a minute and a quarter"
    memory, seconds = trial.needs(300, cores=20)
    assert f"| 300 | one large machine, {memory:.0f} GiB, and twenty cores" in page
    assert 70 < seconds < 80
    assert f"{trial.MEASURED['student']} in 10" in page
    assert "guarantee: 512M" in page
    assert round(3000 * 512 / 1024**2, 1) == 1.5, "the terabytes on the page"


def test_the_table_on_the_page_supports_the_arithmetic(trial):
    page = (ROOT / "notebooks" / "instructors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (\d+) \|(.*)\|$", page.partition("## Host")[2], re.M)
    table = [(int(n), int(through), *map(float, rest.split("|"))) for n, through, rest in rows]
    assert [n for n, *_ in table][:4] == [1, 5, 10, 20]
    held = [row for row in table if row[0] == row[1]]
    assert max(row[0] for row in held) >= 40
    for _, _, server, first, slowest, bottom, own, kernel, seconds, _ in held:
        assert server < first <= slowest
        assert first < bottom
        assert own + kernel <= trial.MEASURED["student"]
        assert seconds == pytest.approx(trial.MEASURED["seconds"], rel=0.2)
