"""How the result of a long run is stored, found again, and made anew.

A function marked `@stored` can be called without arguments and returns a dictionary of arrays:
its result is kept in `notebooks/data/results`, under the function's name.
"""

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from utils import inputs
from utils.data import FOLDER

__all__ = ["EXPERIMENTS", "load_result", "made_by"]

RESULTS = FOLDER / "results"
Experiment = Callable[..., dict[str, np.ndarray]]
EXPERIMENTS: dict[str, Experiment] = {}


def stored(experiment: Any) -> Any:
    """Mark a function as one whose result is stored: `python3 -m utils results` then runs it."""
    EXPERIMENTS[experiment.__name__] = experiment
    return experiment


def made_by(name: str) -> str:
    """How a stored result was made, in a line.

    Parameters
    ----------
    name : str
        As for `load_result`.

    Returns
    -------
    str

    Examples
    --------
    >>> made_by("paper_population")
    'python3 -m utils results: paper_population(steps=100000, replicas=3000, seed=61)'
    """
    known = inspect.signature(EXPERIMENTS[name]).parameters
    told = (key for key in ("steps", "replicas", "samples", "seed") if key in known)
    values = (f"{key}={known[key].default}" for key in told)
    return f"python3 -m utils results: {name}({', '.join(values)})"


def load_result(name: str) -> dict[str, np.ndarray]:
    """Load a stored result.

    Parameters
    ----------
    name : str
        One of the functions above.

    Returns
    -------
    dict of arrays
        What that function returned.

    Raises
    ------
    ValueError
        There is no such result.

    Examples
    --------
    >>> load_result("paper_population")["cost"].shape
    (3000,)
    """
    path = inputs.stored_result(name, RESULTS / f"{name}.npz", EXPERIMENTS)
    with np.load(path) as file:
        return {key: file[key] for key in file.files}


def store_results(names: Sequence[str] = (), folder: Path = RESULTS) -> None:
    """Make results anew and store them, all without names: what `python3 -m utils results` does."""
    folder.mkdir(exist_ok=True)
    for name in names or EXPERIMENTS:
        print(name, "...", flush=True)
        result = EXPERIMENTS[name]()
        if "cost" in result:
            result["cost"] = result["cost"].astype(np.float32)  # seven digits, half the size
        result["made_by"] = np.array(made_by(name))
        np.savez_compressed(folder / f"{name}.npz", allow_pickle=False, **result)
