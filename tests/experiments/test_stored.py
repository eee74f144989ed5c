"""How results are stored and found, and that each is there, and says how it was made."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from utils import data, experiments
from utils.experiments import (
    load_result,
    made_by,
    paper_experiment,
)
from utils.experiments import stored as room


def test_an_unknown_result_is_refused():
    with pytest.raises(ValueError, match="expected one of paper_experiment"):
        load_result("no_such_thing")


def test_results_are_stored_where_they_are_looked_for(tmp_path, monkeypatch):
    def tiny(steps=10, replicas=2, seed=0):
        return paper_experiment(steps, replicas, seed, milestones=[0, 10], progress=False)

    monkeypatch.setattr(room, "EXPERIMENTS", {"paper_experiment": tiny})
    room.store_results(folder=tmp_path)
    monkeypatch.setattr(room, "RESULTS", tmp_path)
    loaded = load_result("paper_experiment")
    assert loaded["cost"].dtype == np.float32
    assert loaded["cost"].shape == (11, 2)
    assert "paper_experiment(steps=10, replicas=2, seed=0)" in str(loaded["made_by"])


NOTEBOOKS = Path(data.FOLDER).parent


def test_each_marked_run_has_its_result_and_each_result_its_run():
    files = {path.stem for path in room.RESULTS.glob("*.npz")}
    marked = set(experiments.EXPERIMENTS)
    assert marked <= files, f"no result of {marked - files} yet: python3 -m utils results"
    assert files <= marked, f"nothing marked @stored in utils/experiments makes {files - marked}"


@pytest.mark.parametrize("name", sorted(experiments.EXPERIMENTS))
def test_a_stored_result_is_made_as_it_says_and_shown_in_the_notebook_of_its_room(name):
    assert str(load_result(name)["made_by"]) == made_by(name)
    file = experiments.EXPERIMENTS[name].__module__.rpartition(".nb")[2]
    notebook = (NOTEBOOKS / f"{file}.ipynb").read_text(encoding="utf-8")
    explorers = Path(experiments.__file__).parent.parent.glob("explorers*/**/*.py")
    shown = [notebook, *(path.read_text(encoding="utf-8") for path in explorers)]
    assert any(name in text for text in shown), f"notebooks/{file}.ipynb does not show {name}"


def test_results_can_be_made_one_by_one_and_an_unknown_one_is_refused(tmp_path, monkeypatch):
    runs = {name: lambda name=name: {"value": np.array([len(name)])} for name in ("one", "three")}
    monkeypatch.setattr(room, "EXPERIMENTS", runs)
    room.store_results(["three"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["three.npz"]
    command = [sys.executable, "-m", "utils.experiments", "quux"]
    finished = subprocess.run(command, cwd=data.FOLDER.parents[1], capture_output=True, text=True)
    assert finished.returncode == 1
    assert finished.stderr.startswith("There is no result quux: choose among paper_experiment, ")
