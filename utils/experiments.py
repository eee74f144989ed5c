r"""The long runs whose results are stored, and the command that makes them again.

A notebook should run in seconds; a million steps take minutes. So the few long runs live here,
their results in `notebooks/data/results`, and

    python3 -m utils results

makes them anew (about ten minutes). A test repeats the beginning of each and compares.
"""

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from utils.activations import Activation, identity, sigmoid, tanh
from utils.data import FOLDER, digits, eleventh_point, ten_points
from utils.losses import Loss, mse, softmax_cross_entropy, softmax_mse
from utils.network import Network, forward, init_network
from utils.noise import (
    Cauchy,
    Contaminated,
    Laplace,
    Law,
    Normal,
    ShiftedExponential,
    StudentT,
)
from utils.regression import huber, tukey
from utils.training import train

__all__ = [
    "ARRANGEMENTS",
    "DIGIT_LOSSES",
    "ESTIMATORS",
    "LAWS",
    "SAMPLE_SIZES",
    "WIDTHS",
    "WRONG",
    "all_right",
    "class_of_place",
    "digit_losses",
    "digit_training",
    "label_codings",
    "load_result",
    "made_by",
    "network_at",
    "paper_eleven",
    "paper_experiment",
    "paper_film",
    "paper_population",
    "sampling_distributions",
]

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


# -------- 08: four losses on the digits


DIGIT_LOSSES: dict[str, tuple[Loss, Activation]] = {
    "cross-entropy": (softmax_cross_entropy, identity),
    "linear + MSE": (mse, identity),
    "sigmoid + MSE": (mse, sigmoid),
    "softmax + MSE": (softmax_mse, identity),
}
# factor on the output weights at the start, fraction of training labels that are flipped
DIGIT_CASES = {
    "good start": (1.0, 0.0),
    "output weights x 20": (20.0, 0.0),
    "10 % flipped": (1.0, 0.1),
}
DIGIT_RATES = {"rate": 0.01, "a third": 0.01 / 3, "three times": 0.03}
DIGIT_STEPS = (0, 25, 50, 100, 150, 200, 300, 500, 700, 1000, 1250, 1500)
DIGIT_TRAINING = 1000  # images; the other 797 are for testing


def digit_data(case: str, replicas: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw for each replica its own training and test images, and flip labels if the case says so.

    Returns
    -------
    dict of arrays
        `x` (R, 64, 1000) and `x_test` (R, 64, 797); `truth` (R, 1000) and `truth_test`; `given`
        (R, 1000), the labels that are trained on.
    """
    images, labels = digits()
    order = np.array([rng.permutation(labels.size) for _ in range(replicas)])
    inside, outside = order[:, :DIGIT_TRAINING], order[:, DIGIT_TRAINING:]
    truth = labels[inside]
    flip = rng.random(truth.shape) < DIGIT_CASES[case][1]
    given = np.where(flip, (truth + rng.integers(1, 10, truth.shape)) % 10, truth)
    return {
        "x": images.T[inside].mT, "truth": truth, "given": given,
        "x_test": images.T[outside].mT, "truth_test": labels[outside],
    }  # fmt: skip


def digit_training(
    case: str, loss: str, rate: float, steps: int, replicas: int, seed: int
) -> dict[str, np.ndarray]:
    """Train networks 64-32-10 with one loss; the same seed gives the same data and starts.

    Parameters
    ----------
    case, loss : str
        Of DIGIT_CASES and DIGIT_LOSSES.
    rate : float
        Learning rate.
    steps, replicas, seed : int

    Returns
    -------
    dict of arrays
        `error` (K, R): fraction of the test images classified wrongly after the steps DIGIT_STEPS;
        `fitted` (K, R): fraction of the flipped training labels that the network reproduces.

    Examples
    --------
    >>> digit_training("good start", "linear + MSE", 0.01, 25, 2, seed=8)["error"].shape
    (2, 2)
    """
    rng = np.random.default_rng(seed)
    given = digit_data(case, replicas, rng)
    function, output = DIGIT_LOSSES[loss]
    net = init_network([64, 32, 10], rng, replicas=replicas, activation=tanh, output=output)
    net.W[3] *= DIGIT_CASES[case][0]
    kept = [s for s in DIGIT_STEPS if s <= steps]
    history = train(
        net, given["x"], np.eye(10)[given["given"]].mT, function, steps=steps, learning_rate=rate,
        rng=rng, batch_size=64, optimizer="adam", record_every=steps, snapshots=kept,
    )  # fmt: skip

    def answers(step: int, x: np.ndarray) -> np.ndarray:
        return forward(history.snapshots[step], x)[1][3].argmax(axis=-2)

    flipped = given["given"] != given["truth"]
    error = [np.mean(answers(s, given["x_test"]) != given["truth_test"], axis=-1) for s in kept]
    hits = [(answers(s, given["x"]) == given["given"]) & flipped for s in kept]
    fitted = np.sum(hits, axis=-1) / np.maximum(flipped.sum(axis=-1), 1)
    return {"error": np.array(error), "fitted": fitted}


def digit_losses(
    steps: int = 1500,
    replicas: int = 40,
    seed: int = 8,
    cases: Sequence[str] = tuple(DIGIT_CASES),
    rates: Sequence[str] = tuple(DIGIT_RATES),
) -> dict[str, np.ndarray]:
    """Four losses in three cases at three learning rates: the experiment of notebook 08.

    64-32-10, tanh, Adam, 64 digits a step. All losses share data, starts and batches, replica by
    replica. The two other rates have half as many replicas.

    Parameters
    ----------
    steps, replicas, seed : int
    cases : sequence of str
        Of "good start", "output weights x 20" and "10 % flipped".
    rates : sequence of str
        Of "rate" (0.01), "a third" and "three times".

    Returns
    -------
    dict of arrays
        `steps` (K,), and for each case, loss and rate `"error, case, loss, rate"` (K, R), the
        fraction of test images that are classified wrongly; with flipped labels also
        `"fitted, …"`, the fraction of these labels that the network reproduces.

    Examples
    --------
    >>> result = digit_losses(25, replicas=2, cases=["good start"], rates=["rate"])
    >>> result["error, good start, cross-entropy, rate"].shape
    (2, 2)
    """
    result = {"steps": np.array([s for s in DIGIT_STEPS if s <= steps])}
    for case in cases:
        for rate in rates:
            R = replicas if rate == "rate" else max(replicas // 2, 1)
            for loss in DIGIT_LOSSES:
                found = digit_training(case, loss, DIGIT_RATES[rate], steps, R, seed)
                result[f"error, {case}, {loss}, {rate}"] = found["error"].astype(np.float32)
                if DIGIT_CASES[case][1]:
                    result[f"fitted, {case}, {loss}, {rate}"] = found["fitted"].astype(np.float32)
    return result


# -------- what the explorers show: too long to be computed under a moving slider


FILM_STEPS = (0, *np.rint(np.geomspace(1000, 1_000_000, 200)).astype(int).tolist())
FILM_REPLICAS = (0, 1, 2, 94)  # the four of Figure 5 in notebook 05


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
    x, y = paper_points()
    answers = [forward(network_at(film, m), x) for m in film["milestones"]]
    film["cost"] = 2 * x.shape[-1] * np.array([mse.value(z[4], a[4], y) for z, a in answers])
    return film


ARRANGEMENTS = ("sectors", "stripes", "relabelled", "rings")
WRONG = (0, 10, 20, 30, 40)  # per cent
WIDTHS = (2, 4, 8, 16, 32)


def class_of_place(arrangement: str, x: np.ndarray) -> np.ndarray:
    """The true class, 0, 1 or 2, of points of the square from −3 to 3: those of notebook 07.

    Parameters
    ----------
    arrangement : str
        One of ARRANGEMENTS.
    x : numpy.ndarray, shape (2, N)

    Returns
    -------
    numpy.ndarray of int, shape (N,)

    Examples
    --------
    >>> class_of_place("stripes", np.array([[-2.0, 0.0, 2.0], [0.0, 0.0, 0.0]]))
    array([0, 1, 2])
    >>> class_of_place("rings", np.array([[0.0, 2.4, 3.0], [0.0, 0.0, 3.0]]))
    array([0, 1, 2])
    """
    if arrangement == "sectors":
        angle = np.arctan2(x[1], x[0]) + np.pi
        return np.minimum((3 * angle / (2 * np.pi)).astype(int), 2)
    if arrangement == "rings":
        return np.digitize(np.sum(x**2, axis=0), [12 / np.pi, 24 / np.pi])
    stripe = np.digitize(x[0], [-1, 1])
    return stripe if arrangement == "stripes" else np.array([0, 2, 1])[stripe]


def label_data(samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and labels for each arrangement and each percentage of wrong labels.

    Returns
    -------
    x : numpy.ndarray, shape (2, samples)
        Uniform in the square from −3 to 3, the same for all.
    labels : numpy.ndarray of int, shape (4, 5, samples)
        In each class that percentage is wrong, to a point, and half of these are each of the two
        others. What is wrong at 10 % is wrong at 20 %, too.
    """
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3, size=(2, samples))
    labels = np.empty((len(ARRANGEMENTS), len(WRONG), samples), int)
    for of_arrangement, name in zip(labels, ARRANGEMENTS, strict=True):
        of_arrangement[:] = class_of_place(name, x)
        for k in range(3):
            members = rng.permutation(np.flatnonzero(of_arrangement[0] == k))
            for row, percent in zip(of_arrangement, WRONG, strict=True):
                wrong = members[: round(percent / 100 * members.size)]
                row[wrong] = (k + 1 + np.arange(wrong.size) % 2) % 3
    return x, labels


def label_codings(steps: int = 3000, samples: int = 2000, seed: int = 7) -> dict[str, np.ndarray]:
    """Networks 2-width-1 and 2-width-3 with linear outputs, to be compared in notebook 07.

    Trained as there (Adam, batches of ten, η = 0.2 and, for the last fifth of the steps, 0.01), on
    scalar labels 0, 1, 2 and on one-hot labels; on more points and for longer than there, so that
    what one sees is less a matter of chance.

    Parameters
    ----------
    steps, samples, seed : int

    Returns
    -------
    dict of arrays
        For each coding and width `"W2, scalar, 8"` …, shapes (4, 5, ·, ·): one network for each of
        ARRANGEMENTS and each percentage of WRONG labels.

    Examples
    --------
    >>> label_codings(steps=10)["W3, one-hot, 16"].shape
    (4, 5, 3, 16)
    """
    x, labels = label_data(samples, seed)
    coded = {"scalar": labels[..., None, :].astype(float), "one-hot": np.eye(3)[labels].mT}
    result = {}
    for coding, y in coded.items():
        for width in WIDTHS:
            rng = np.random.default_rng(seed)
            sizes = [2, width, y.shape[-2]]
            net = init_network(sizes, rng, "he", replicas=20, output=identity)
            for part, rate in ((0.8, 0.2), (0.2, 0.01)):
                some = round(part * steps)
                net = train(net, x, y.reshape(20, -1, samples), mse, steps=some, rng=rng,
                            learning_rate=rate, batch_size=10, optimizer="adam",
                            record_every=some).net  # fmt: skip
            for l in (2, 3):
                for name, arrays in (("W", net.W), ("b", net.b)):
                    grid = arrays[l].reshape(4, 5, *arrays[l].shape[1:])
                    result[f"{name}{l}, {coding}, {width}"] = grid.astype(np.float32)
    return result


LAWS: dict[str, Law] = {
    "normal": Normal(),
    "Laplace": Laplace(),
    "Student, ν = 3": StudentT(3),
    "normal, 5 % × 10": Contaminated(0.05, 10),
    "Student, ν = 1.5": StudentT(1.5),
    "Cauchy": Cauchy(),
    "skewed (exponential)": ShiftedExponential(),
}
SAMPLE_SIZES = (10, 25, 50, 100, 200, 400)
ESTIMATORS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "mean": lambda y: y.mean(axis=-1),
    "median": lambda y: np.median(y, axis=-1),
    "Huber": lambda y: huber(np.empty((y.shape[-1], 0)), y).coefficients[..., 0],
    "Tukey": lambda y: tukey(np.empty((y.shape[-1], 0)), y).coefficients[..., 0],
}


def sampling_distributions(
    replicas: int = 2000, seed: int = 9, sizes: Sequence[int] = SAMPLE_SIZES
) -> dict[str, np.ndarray]:
    """Estimates of a level from many samples: every law, sample size and estimator of notebook 09.

    The true level is 0. All estimators see the same samples, and those of size 10 are the first
    ten values of those of size 25, and so on.

    Parameters
    ----------
    replicas, seed : int
    sizes : sequence of int
        Increasing.

    Returns
    -------
    dict of arrays
        For each law and estimator `"Cauchy, mean"` … (S, R), float16 (three digits), each row in
        increasing order.

    Examples
    --------
    >>> sampling_distributions(5, sizes=[10, 25])["Cauchy, Huber"].shape
    (2, 5)
    """
    rng = np.random.default_rng(seed)
    result = {}
    for law_name, law in LAWS.items():
        samples = law.sample(rng, (replicas, max(sizes)))
        for name, estimate in ESTIMATORS.items():
            values = np.array([np.sort(estimate(samples[:, :n])) for n in sizes])
            result[f"{law_name}, {name}"] = np.clip(values, -6e4, 6e4).astype(np.float16)
    return result


EXPERIMENTS: dict[str, Callable[[], dict[str, np.ndarray]]] = {
    "paper_experiment": paper_experiment,
    "paper_population": paper_population,
    "paper_eleven": paper_eleven,
    "paper_film": paper_film,
    "digit_losses": digit_losses,
    "label_codings": label_codings,
    "sampling_distributions": sampling_distributions,
}


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
        if "cost" in result:
            result["cost"] = result["cost"].astype(np.float32)  # seven digits, half the size
        result["made_by"] = np.array(made_by(name))
        np.savez_compressed(folder / f"{name}.npz", allow_pickle=False, **result)


if __name__ == "__main__":
    store_results()
