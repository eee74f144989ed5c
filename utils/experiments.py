r"""The long runs whose results are stored, and the command that makes them again.

A notebook should run in seconds; a million steps take minutes. So the few long runs live here,
their results in `notebooks/data/results`, and

    python3 -m utils results

makes them anew (about seven minutes). A test repeats the beginning of each and compares.
"""

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from utils.data import FOLDER, eleventh_point, ten_points
from utils.losses import mse
from utils.network import Network, forward, init_network
from utils.training import train

__all__ = ["all_right", "load_result", "paper_eleven", "paper_experiment", "paper_population"]

RESULTS = FOLDER / "results"
PAPER_SIZES = (2, 2, 3, 2)
PAPER_RATE = 0.05
MILESTONES = (0, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)


def all_right(net: Network, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """For each replica: is every column classified right (its largest output where y has its 1)?

    Parameters
    ----------
    net : Network
        With n_L ≥ 2 outputs; R replicas, or one.
    x : numpy.ndarray, shape (n_1, N)
    y : numpy.ndarray, shape (n_L, N)
        One-hot labels.

    Returns
    -------
    numpy.ndarray of bool, shape (R,) or ()

    Examples
    --------
    >>> x, y = ten_points()
    >>> all_right(init_network([2, 2], np.random.default_rng(0)), x, y).item()
    False
    """
    _, a = forward(net, x)
    return np.all(a[net.L].argmax(axis=-2) == y.argmax(axis=0), axis=-1)


def paper_points(eleventh: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """The ten points with one-hot labels, or the eleven.

    Examples
    --------
    >>> paper_points(eleventh=True)[0].shape
    (2, 11)
    """
    x, y = ten_points()
    if eleventh:
        x, y = (np.hstack(pair) for pair in zip((x, y), eleventh_point(), strict=True))
    return x, y


def paper_experiment(
    steps: int = 1_000_000,
    replicas: int = 100,
    seed: int = 2019,
    milestones: Sequence[int] = MILESTONES,
    progress: bool = True,
    eleventh: bool = False,
    record_every: int | None = None,
) -> dict[str, np.ndarray]:
    """Repeat Higham & Higham's experiment with many networks at once.

    2-2-3-2, sigmoid everywhere, all weights and biases from ½·N(0, 1), η = 0.05, each step on one
    of the ten points, drawn uniformly, by every network for itself.

    Parameters
    ----------
    steps, replicas, seed : int
    milestones : sequence of int
        Steps after which the networks are kept.
    progress : bool
        Show a bar.
    eleventh : bool
        With the eleventh point.
    record_every : int, optional
        Steps between two records of the cost; None makes a thousand records.

    Returns
    -------
    dict of arrays
        `steps` (K,) and `cost` (K, R), the paper's cost Σ‖y − a‖² over the ten points (no ½, no
        mean); `milestones` (M,), `right` (M, R), whether all ten points are right then, and the
        weights there, `W2` … `b4`, shapes (M, R, ·, ·).

    Notes
    -----
    Higham & Higham (2019), section 6.

    Examples
    --------
    >>> result = paper_experiment(100, replicas=3, milestones=[0, 100], progress=False)
    >>> result["cost"].shape, result["right"].shape
    ((101, 3), (2, 3))
    """
    x, y = paper_points(eleventh)
    rng = np.random.default_rng(seed)
    net = init_network(PAPER_SIZES, rng, "paper", replicas=replicas)
    kept = [m for m in milestones if m <= steps]
    history = train(
        net, x, y, mse, steps=steps, learning_rate=PAPER_RATE, rng=rng, batch_size=1,
        record_every=record_every or max(1, steps // 1000), snapshots=kept, progress=progress,
    )  # fmt: skip
    nets = [history.snapshots[m] for m in kept if m in history.snapshots]
    result = {
        "steps": history.steps,
        "cost": 2 * x.shape[-1] * history.cost,
        "milestones": np.array(kept[: len(nets)]),
        "right": np.array([all_right(n, x, y) for n in nets]),
    }
    for l in net.W:
        result[f"W{l}"] = np.array([n.W[l] for n in nets])
        result[f"b{l}"] = np.array([n.b[l] for n in nets])
    return result


def network_at(result: dict[str, np.ndarray], milestone: int) -> Network:
    """The networks of `paper_experiment` after so many steps.

    Examples
    --------
    >>> result = paper_experiment(10, replicas=3, milestones=[0, 10], progress=False)
    >>> network_at(result, 10)
    <Network 3 × 2-2-3-2, sigmoid, 23 parameters>
    """
    (m,) = np.flatnonzero(result["milestones"] == milestone)
    layers = range(2, len(PAPER_SIZES) + 1)
    return Network({l: result[f"W{l}"][m] for l in layers}, {l: result[f"b{l}"][m] for l in layers})


def paper_population(
    steps: int = 100_000, replicas: int = 3000, seed: int = 61, progress: bool = True
) -> dict[str, np.ndarray]:
    """The same experiment for a large population, seen once, after `steps` steps.

    Parameters
    ----------
    steps, replicas, seed : int
    progress : bool

    Returns
    -------
    dict of arrays
        `cost` (R,) and `right` (R,) at the end, as in `paper_experiment`.

    Examples
    --------
    >>> paper_population(10, replicas=4, progress=False)["cost"].shape
    (4,)
    """
    result = paper_experiment(steps, replicas, seed, milestones=[steps], progress=progress)
    return {"steps": np.array(steps), "cost": result["cost"][-1], "right": result["right"][-1]}


def paper_eleven(
    steps: int = 1_000_000, replicas: int = 100, seed: int = 11, progress: bool = True
) -> dict[str, np.ndarray]:
    """The paper's second experiment: `paper_experiment` with the eleventh point.

    Parameters
    ----------
    steps, replicas, seed : int
    progress : bool

    Returns
    -------
    dict of arrays
        As `paper_experiment`.

    Examples
    --------
    >>> paper_eleven(10, replicas=4, progress=False)["cost"].shape
    (11, 4)
    """
    return paper_experiment(steps, replicas, seed, progress=progress, eleventh=True)


EXPERIMENTS: dict[str, Callable[[], dict[str, np.ndarray]]] = {
    "paper_experiment": paper_experiment,
    "paper_population": paper_population,
    "paper_eleven": paper_eleven,
}


def made_by(name: str) -> str:
    """How a stored result was made, in a line.

    Examples
    --------
    >>> made_by("paper_population")
    'python3 -m utils results: paper_population(steps=100000, replicas=3000, seed=61)'
    """
    known = inspect.signature(EXPERIMENTS[name]).parameters
    values = (f"{key}={known[key].default}" for key in ("steps", "replicas", "seed"))
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
    path = RESULTS / f"{name}.npz"
    if not isinstance(name, str) or not path.exists():
        raise ValueError(
            f"name is {name!r}; expected one of {', '.join(EXPERIMENTS)}: "
            "make them with  python3 -m utils results"
        )
    with np.load(path) as file:
        return {key: file[key] for key in file.files}


def store_results(folder: Path = RESULTS) -> None:
    """Make all results anew and store them: what `python3 -m utils results` does."""
    folder.mkdir(exist_ok=True)
    for name, experiment in EXPERIMENTS.items():
        print(name, "...", flush=True)
        result = experiment()
        result["cost"] = result["cost"].astype(np.float32)  # seven digits, half the size
        result["made_by"] = np.array(made_by(name))
        np.savez_compressed(folder / f"{name}.npz", allow_pickle=False, **result)


if __name__ == "__main__":
    store_results()
