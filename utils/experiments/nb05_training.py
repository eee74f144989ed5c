"""Notebook 05: the experiment of Higham & Higham, repeated with many networks at once."""

from collections.abc import Sequence

import numpy as np

from utils.activations import tanh
from utils.data import eleventh_point, ten_points
from utils.experiments.stored import stored
from utils.losses import mse
from utils.network import Network, forward, init_network
from utils.training import train

__all__ = [
    "all_right",
    "deep_networks",
    "mean_paper_cost",
    "network_at",
    "paper_cost",
    "paper_eleven",
    "paper_experiment",
    "paper_film",
    "paper_points",
    "paper_population",
    "saturated_by_layer",
    "spread_by_layer",
    "thirty_differences",
]

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

    Parameters
    ----------
    eleventh : bool

    Returns
    -------
    x, y : numpy.ndarray, shapes (2, N)

    Examples
    --------
    >>> paper_points(eleventh=True)[0].shape
    (2, 11)
    """
    x, y = ten_points()
    if eleventh:
        x, y = (np.hstack(pair) for pair in zip((x, y), eleventh_point(), strict=True))
    return x, y


def paper_cost(net: Network) -> np.ndarray:
    """The cost that the paper's figure shows, Σ‖y − a‖² over the ten points: no ½, no mean.

    Parameters
    ----------
    net : Network
        With two inputs and two outputs; R replicas, or one.

    Returns
    -------
    numpy.ndarray, shape (R,) or ()

    Examples
    --------
    >>> says_half = Network({2: np.zeros((2, 2))}, {2: np.zeros((2, 1))})
    >>> paper_cost(says_half).item()
    5.0
    """
    x, y = ten_points()
    z, a = forward(net, x)
    return 2 * x.shape[-1] * np.asarray(mse.value(z[net.L], a[net.L], y))


def mean_paper_cost(networks: int = 200_000, seed: int = 2) -> float:
    """The mean cost of so many networks 2-2-3-2 before any training.

    Parameters
    ----------
    networks, seed : int

    Returns
    -------
    float

    Examples
    --------
    >>> 5.4 < mean_paper_cost(10_000) < 5.6
    True
    """
    rng = np.random.default_rng(seed)
    sizes = [min(10_000, networks - k) for k in range(0, networks, 10_000)]  # a part at a time
    parts = [paper_cost(init_network(PAPER_SIZES, rng, "paper", replicas=n)) for n in sizes]
    return float(np.mean(np.concatenate(parts)))


def deep_networks() -> dict[str, Network]:
    """Thirty tanh networks with twelve layers of width 50, for each of three sizes of the weights.

    Returns
    -------
    dict of str to Network
        Xavier's weights; the same with its formula read as a variance; U(−0.1, 0.1).

    Examples
    --------
    >>> [float(net.W[2].std().round(3)) for net in deep_networks().values()]
    [0.141, 0.376, 0.058]
    """

    def deep(scheme: str, factor: float = 1.0) -> Network:
        rng = np.random.default_rng(6)
        net = init_network([50] * 12, rng, scheme, replicas=30, activation=tanh)
        return Network({l: factor * W for l, W in net.W.items()}, net.b, tanh)

    return {
        "Xavier: √(2/(n+n)) is the st. deviation": deep("xavier"),
        "… is the variance": deep("xavier", 50**0.25),  # (1/50)^¼ in the place of (1/50)^½
        "U(−0.1, 0.1)": deep("uniform"),
    }


def spread_by_layer(net: Network, x: np.ndarray) -> np.ndarray:
    """Standard deviation of the activations of each layer, over its neurons and all points.

    Parameters
    ----------
    net : Network
        R replicas.
    x : numpy.ndarray, shape (n_1, N)

    Returns
    -------
    numpy.ndarray, shape (R, L − 1)
        Layers 2 to L.

    Examples
    --------
    >>> from utils.activations import identity
    >>> twice = Network({2: [[[2.0]]]}, {2: [[[0.0]]]}, identity)
    >>> spread_by_layer(twice, np.array([[1.0, 3.0]]))
    array([[2.]])
    """
    _, a = forward(net, x)
    return np.array([a[l].std(axis=(-2, -1)) for l in range(2, net.L + 1)]).T


def saturated_by_layer(net: Network, x: np.ndarray, beyond: float = 0.9) -> np.ndarray:
    """Which fraction of the activations of each layer lies near the ends of tanh.

    Parameters
    ----------
    net : Network
        R replicas.
    x : numpy.ndarray, shape (n_1, N)
    beyond : float
        Counted are the activations whose absolute value is larger.

    Returns
    -------
    numpy.ndarray, shape (R, L − 1)
        Layers 2 to L.

    Examples
    --------
    >>> once = Network({2: [[[1.0]]]}, {2: [[[0.0]]]}, tanh)
    >>> saturated_by_layer(once, np.array([[-2.0, 0.1, 0.2, 5.0]]))
    array([[0.5]])
    """
    _, a = forward(net, x)
    return np.array([np.mean(np.abs(a[l]) > beyond, axis=(-2, -1)) for l in range(2, net.L + 1)]).T


def thirty_differences() -> np.ndarray:
    """Invented numbers, to be read as if somebody had measured them: differences of errors, in %.

    Returns
    -------
    numpy.ndarray, shape (30,)

    Examples
    --------
    >>> thirty_differences().mean().round(2).item()
    0.09
    """
    return np.array([
        -0.4, 1.2, -0.1, 0.8, -1.0, -1.2, 0.1, -0.3, 0.2, 0.6,
        0.4, -0.2, -0.7, -0.8, 0.3, 1.6, 0.1, -1.0, -0.1, 0.8,
        0.3, -1.0, 0.1, 0.6, 0.9, -1.7, -0.3, 0.6, 1.8, 1.2,
    ])  # fmt: skip


@stored
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

    Parameters
    ----------
    result : dict of arrays
        What `paper_experiment` returned.
    milestone : int
        One of its milestones.

    Returns
    -------
    Network

    Examples
    --------
    >>> result = paper_experiment(10, replicas=3, milestones=[0, 10], progress=False)
    >>> network_at(result, 10)
    <Network 3 × 2-2-3-2, sigmoid, 23 parameters>
    """
    (m,) = np.flatnonzero(result["milestones"] == milestone)
    layers = range(2, len(PAPER_SIZES) + 1)
    return Network({l: result[f"W{l}"][m] for l in layers}, {l: result[f"b{l}"][m] for l in layers})


@stored
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


@stored
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


# -------- what the explorer shows: too long to be computed under a moving slider

FILM_STEPS = (0, *np.rint(np.geomspace(1000, 1_000_000, 200)).astype(int).tolist())
FILM_REPLICAS = (0, 1, 2, 94)  # the four of Figure 7 in notebook 05


@stored
def paper_film(
    steps: int = 1_000_000, replicas: int = 100, seed: int = 2019, progress: bool = True
) -> dict[str, np.ndarray]:
    """Four networks of `paper_experiment` at many moments, to be played back in notebook 05.

    Parameters
    ----------
    steps, replicas, seed : int
        As there; all replicas are trained, so that these four are the same.
    progress : bool

    Returns
    -------
    dict of arrays
        `milestones` (F,), the steps; `replicas` (4,), which ones; `cost` (F, 4) and `right` (F, 4),
        as for `paper_experiment`; the weights `W2` … `b4`, shapes (F, 4, ·, ·).

    Examples
    --------
    >>> paper_film(1000, progress=False)["W2"].shape
    (2, 4, 2, 2)
    """
    run = paper_experiment(steps, replicas, seed, FILM_STEPS, progress, record_every=steps)
    keep = list(FILM_REPLICAS)
    film = {key: v[:, keep].astype(np.float32) for key, v in run.items() if key[0] in "Wb"}
    film.update(milestones=run["milestones"], replicas=np.array(keep), right=run["right"][:, keep])
    film["cost"] = np.array([paper_cost(network_at(film, m)) for m in film["milestones"]])
    return film
