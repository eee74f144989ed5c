"""Notebook 07: what networks answer that were trained with other codings, widths and labels."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from utils.activations import identity, sigmoid
from utils.experiments.stored import load_result, stored
from utils.losses import mse
from utils.network import Network, forward, init_network
from utils.replicas import Interval, mean_interval
from utils.training import train

__all__ = [
    "ARRANGEMENTS",
    "CODING_LENGTHS",
    "CODING_RATES",
    "CODING_WIDTHS",
    "WIDTHS",
    "WRONG",
    "answered_class",
    "circle_errors",
    "class_of_place",
    "coding_at_best",
    "coding_differences",
    "coding_errors",
    "coding_intervals",
    "coding_summary",
    "coding_verdict",
    "count_wrong",
    "label_codings",
    "label_data",
    "overlapping_classes",
    "stored_differences",
    "three_in_a_row",
    "train_coding",
    "train_slowing",
    "wide_interval",
]

# -------- data


def overlapping_classes(
    rng: np.random.Generator, replicas: int, samples: int
) -> tuple[np.ndarray, np.ndarray]:
    """Two classes that overlap: normal about (1, 0) and about (−1, 0), equally often.

    Parameters
    ----------
    rng : numpy.random.Generator
    replicas, samples : int

    Returns
    -------
    x : numpy.ndarray, shape (R, 2, N)
    labels : numpy.ndarray of int, shape (R, 1, N)
        1 for the class about (1, 0), else 0.

    Examples
    --------
    >>> x, labels = overlapping_classes(np.random.default_rng(1), 5, 30)
    >>> x.shape, labels.shape
    ((5, 2, 30), (5, 1, 30))
    """
    labels = rng.integers(2, size=(replicas, 1, samples))
    x = rng.normal(size=(replicas, 2, samples))
    x[:, :1] += 2 * labels - 1
    return x, labels


def three_in_a_row(
    rng: np.random.Generator, replicas: int, samples: int, distance: float
) -> tuple[np.ndarray, np.ndarray]:
    """One feature and three classes of equal size, normal about −d, 0 and d.

    Parameters
    ----------
    rng : numpy.random.Generator
    replicas, samples : int
        So many replicas, and so many points of *each* class.
    distance : float
        From one class to the next, in standard deviations.

    Returns
    -------
    x : numpy.ndarray, shape (R, 3n)
    labels : numpy.ndarray of int, shape (R, 3n)
        0, 1, 2: first all of class 0, then of 1, then of 2.

    Examples
    --------
    >>> three_in_a_row(np.random.default_rng(1), 1, 2, 4.0)[1]
    array([[0, 0, 1, 1, 2, 2]])
    """
    labels = np.broadcast_to(np.repeat([0, 1, 2], samples), (replicas, 3 * samples))
    return rng.normal(size=labels.shape) + distance * (labels - 1), labels


ARRANGEMENTS = ("sectors", "stripes", "relabelled", "rings")
WRONG = (0, 10, 20, 30, 40)  # per cent
WIDTHS = (2, 4, 8, 16, 32)


def class_of_place(arrangement: str, x: np.ndarray) -> np.ndarray:
    """The true class, 0, 1 or 2, of points of the square from −3 to 3: those of notebook 07.

    Parameters
    ----------
    arrangement : str
        One of ARRANGEMENTS, or "circle", which has the classes 0 and 1.
    x : numpy.ndarray, shape (..., 2, N)

    Returns
    -------
    numpy.ndarray of int, shape (..., N)

    Examples
    --------
    >>> class_of_place("stripes", np.array([[-2.0, 0.0, 2.0], [0.0, 0.0, 0.0]]))
    array([0, 1, 2])
    >>> class_of_place("rings", np.array([[0.0, 2.4, 3.0], [0.0, 0.0, 3.0]]))
    array([0, 1, 2])
    """
    if arrangement == "sectors":
        angle = np.arctan2(x[..., 1, :], x[..., 0, :]) + np.pi
        return np.minimum((3 * angle / (2 * np.pi)).astype(int), 2)
    if arrangement == "rings":
        return np.digitize(np.sum(x**2, axis=-2), [12 / np.pi, 24 / np.pi])
    if arrangement == "circle":
        return (np.sum(x**2, axis=-2) < 18 / np.pi).astype(int)
    stripe = np.digitize(x[..., 0, :], [-1, 1])
    return stripe if arrangement == "stripes" else np.array([0, 2, 1])[stripe]


def label_data(samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and labels for each arrangement and each percentage of wrong labels.

    Parameters
    ----------
    samples, seed : int

    Returns
    -------
    x : numpy.ndarray, shape (2, samples)
        Uniform in the square from −3 to 3, the same for all.
    labels : numpy.ndarray of int, shape (4, 5, samples)
        In each class that percentage is wrong, to a point, and half of these are each of the two
        others. What is wrong at 10 % is wrong at 20 %, too.

    Examples
    --------
    >>> label_data(samples=300, seed=1)[1].shape
    (4, 5, 300)
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


# -------- training


def train_slowing(
    net: Network, x: np.ndarray, y: np.ndarray, rng: np.random.Generator, rate: float, steps: int
) -> Network:
    """Train with the squared error as everywhere in notebook 07: fast, and slowly at the end.

    Adam, batches of ten; the learning rate is `rate` for four fifths of the steps, then 0.01.

    Parameters
    ----------
    net : Network
    x, y : numpy.ndarray, shapes (..., n_1, N) and (..., n_L, N)
    rng : numpy.random.Generator
        For the batches.
    rate : float
    steps : int

    Returns
    -------
    Network

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, labels = overlapping_classes(rng, 5, 30)
    >>> net = init_network([2, 8, 1], rng, "he", replicas=5, output=identity)
    >>> train_slowing(net, x, labels, rng, rate=0.2, steps=10)
    <Network 5 × 2-8-1, sigmoid-identity, 33 parameters>
    """
    for part, eta in ((0.8, rate), (0.2, 0.01)):
        some = round(part * steps)
        net = train(net, x, y, mse, steps=some, learning_rate=eta, rng=rng, batch_size=10,
                    optimizer="adam", record_every=some).net  # fmt: skip
    return net


@stored
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
            net = train_slowing(net, x, y.reshape(20, -1, samples), rng, rate=0.2, steps=steps)
            for l in (2, 3):
                for name, arrays in (("W", net.W), ("b", net.b)):
                    grid = arrays[l].reshape(4, 5, *arrays[l].shape[1:])
                    result[f"{name}{l}, {coding}, {width}"] = grid.astype(np.float32)
    return result


# -------- the table: which coding is ahead, for many ways of training

CODING_WIDTHS = (4, 8, 32)
CODING_RATES = (0.01, 0.05, 0.2)
CODING_LENGTHS = (1000, 4000)  # steps
OUTPUTS = {"linear": identity, "σ": sigmoid}
Arrangement = str | Callable[[np.ndarray], np.ndarray]


def _classes(arrangement: Arrangement, x: np.ndarray) -> np.ndarray:
    return class_of_place(arrangement, x) if isinstance(arrangement, str) else arrangement(x)


def _class_count(arrangement: Arrangement) -> int:
    return 2 if arrangement == "circle" else 3


def train_coding(
    arrangement: Arrangement, coding: str, output: str, width: int, rate: float, steps: int,
    replicas: int, seed: int,
) -> Network:  # fmt: skip
    """Train networks on 400 points each; the same seed gives the same data, starts and batches.

    The hidden weights begin equal for both codings. How it is trained: `train_slowing`.

    Parameters
    ----------
    arrangement : str or function
        One of ARRANGEMENTS, or "circle"; or your own: a function that takes points (..., 2, N) and
        returns their classes 0, 1 or 2, shape (..., N).
    coding : {"scalar", "one-hot"}
    output : {"linear", "σ"}
        With σ, which ends at 1, the scalar labels 0, 1, 2 are halved.
    width : int
    rate : float
    steps, replicas, seed : int

    Returns
    -------
    Network

    Examples
    --------
    >>> train_coding("rings", "one-hot", "linear", 8, 0.2, 10, replicas=4, seed=7)
    <Network 4 × 2-8-3, sigmoid-identity, 51 parameters>
    """
    rng, batches = np.random.default_rng(seed), np.random.default_rng(10 * seed)
    x = rng.uniform(-3, 3, size=(replicas, 2, 400))
    labels, K = _classes(arrangement, x), _class_count(arrangement)
    top = 1 if output == "σ" else K - 1
    y = np.eye(K)[labels].mT if coding == "one-hot" else labels[..., None, :] * top / (K - 1)
    sizes = [2, width, y.shape[-2]]
    net = init_network(sizes, rng, "he", replicas=replicas, output=OUTPUTS[output])
    return train_slowing(net, x, y, batches, rate, steps)


def answered_class(net: Network, x: np.ndarray, K: int = 3) -> np.ndarray:
    """The class that a network answers: the nearest label, or with one-hot the largest output.

    Parameters
    ----------
    net : Network
        With one output, or with K. If the one output is a σ, the labels go from 0 to 1; otherwise
        they are 0 … K − 1.
    x : numpy.ndarray, shape (..., 2, N)
    K : int
        Number of classes.

    Returns
    -------
    numpy.ndarray of int, shape (..., N)

    Examples
    --------
    >>> net = Network({2: [[1.0, 0.0]]}, {2: [[0.0]]}, output=identity)
    >>> answered_class(net, np.array([[-0.7, 0.7, 2.9], [0.0, 0.0, 0.0]]))
    array([0, 1, 2])
    """
    a = forward(net, x)[1][net.L]
    if a.shape[-2] > 1:
        return a.argmax(axis=-2)
    per_label = K - 1 if net.activation[net.L] is sigmoid else 1  # from one label to the next: 1
    return np.clip(np.rint(per_label * a[..., 0, :]), 0, K - 1).astype(int)


def count_wrong(net: Network, arrangement: Arrangement, seed: int) -> np.ndarray:
    """How many of 1,000 new points of its own each network puts into a wrong class.

    Parameters
    ----------
    net : Network
        Of `train_coding`.
    arrangement : str or function
    seed : int
        As there; the points are other ones.

    Returns
    -------
    numpy.ndarray of int, shape (R,)

    Examples
    --------
    >>> net = train_coding("rings", "scalar", "linear", 8, 0.2, 10, replicas=4, seed=7)
    >>> count_wrong(net, "rings", seed=7).shape
    (4,)
    """
    x = np.random.default_rng(seed + 2).uniform(-3, 3, size=(*net.replicas, 2, 1000))
    answer = answered_class(net, x, _class_count(arrangement))
    return np.sum(answer != _classes(arrangement, x), axis=-1)


@stored
def coding_errors(
    replicas: int = 100,
    seed: int = 7,
    arrangements: Sequence[str] = ("circle", *ARRANGEMENTS),
    widths: Sequence[int] = CODING_WIDTHS,
    rates: Sequence[float] = CODING_RATES,
    lengths: Sequence[int] = CODING_LENGTHS,
) -> dict[str, np.ndarray]:
    """Scalar labels against one-hot labels, in five arrangements and eighteen ways of training.

    Paired: replica r of both codings has the same data, the same hidden weights to begin with and
    the same batches. On the circle, where a tie is to be shown, there are twice as many replicas.

    Parameters
    ----------
    replicas, seed : int
    arrangements : sequence of str
        "circle" and those of ARRANGEMENTS.
    widths : sequence of int
        Of the hidden layer.
    rates : sequence of float
        Of the first four fifths of the steps.
    lengths : sequence of int
        Numbers of steps.

    Returns
    -------
    dict of arrays
        `widths`, `rates`, `lengths`, and for each arrangement, coding and output
        `"rings, one-hot, linear"` (widths, rates, lengths, R): how many of 1,000 new points are
        classified wrongly. One-hot doesn't know what classes are called: `relabelled` has its
        scalar codings only, to be compared with the one-hot codings of `stripes`.

    Examples
    --------
    >>> result = coding_errors(4, arrangements=["circle"], widths=[4], rates=[0.2], lengths=[10])
    >>> result["circle, scalar, σ"].shape
    (1, 1, 1, 8)
    """
    result = {
        "widths": np.array(widths), "rates": np.array(rates), "lengths": np.array(lengths)
    }  # fmt: skip
    for arrangement in arrangements:
        R = 2 * replicas if arrangement == "circle" else replicas
        codings = ("scalar",) if arrangement == "relabelled" else ("scalar", "one-hot")
        for coding in codings:
            for output in OUTPUTS:
                wrong = np.empty((len(widths), len(rates), len(lengths), R), np.uint16)
                for i, j, k in np.ndindex(wrong.shape[:3]):
                    net = train_coding(arrangement, coding, output, widths[i], rates[j],
                                       lengths[k], R, seed)  # fmt: skip
                    wrong[i, j, k] = count_wrong(net, arrangement, seed)
                result[f"{arrangement}, {coding}, {output}"] = wrong
    return result


@stored
def circle_errors(
    replicas: int = 1000,
    seed: int = 75,
    rates: Sequence[float] = CODING_RATES,
    lengths: Sequence[int] = CODING_LENGTHS,
) -> dict[str, np.ndarray]:
    """The circle with 4 hidden neurons once more, with ten times as many pairs, all of them new.

    Of its twelve cases `coding_errors` leaves eight open. New pairs, because a case that is chosen
    for what its numbers look like must not be judged by the same numbers.

    Parameters
    ----------
    replicas, seed : int
        There are twice as many, as on the circle of `coding_errors`.
    rates, lengths : sequence
        As there.

    Returns
    -------
    dict of arrays
        As there: `"circle, one-hot, σ"` (1, rates, lengths, 2 · replicas) and so on.

    Examples
    --------
    >>> circle_errors(4, rates=[0.2], lengths=[10])["circle, scalar, linear"].shape
    (1, 1, 1, 8)
    """
    return coding_errors(replicas, seed, ["circle"], [4], rates, lengths)


Way = tuple[int, float | str, int | str]


def coding_differences(
    result: dict[str, np.ndarray], arrangement: str, output: str
) -> dict[Way, np.ndarray]:
    """Error of the scalar coding minus error of the one-hot coding, for each way of training.

    Parameters
    ----------
    result : dict of arrays
        What `coding_errors` returned.
    arrangement : str
    output : {"linear", "σ"}

    Returns
    -------
    dict of tuple to numpy.ndarray
        For each (width, rate, steps) the differences (R,), in percentage points; and for each
        (width, "best", "") those with each coding at *its* best rate and steps, which are chosen
        by the mean error of the first half of the replicas and compared on the second (R/2,).

    Examples
    --------
    >>> result = coding_errors(4, arrangements=["circle"], widths=[4], rates=[0.2], lengths=[10])
    >>> [*coding_differences(result, "circle", "linear")]
    [(4, 0.2, 10), (4, 'best', '')]
    """
    same = "stripes" if arrangement == "relabelled" else arrangement
    scalar = result[f"{arrangement}, scalar, {output}"] / 10
    one_hot = result[f"{same}, one-hot, {output}"] / 10
    rates, lengths = result["rates"].tolist(), result["lengths"].tolist()
    half = scalar.shape[-1] // 2
    found: dict[Way, np.ndarray] = {}
    for width, *both in zip(result["widths"].tolist(), scalar, one_hot, strict=True):
        for j, k in np.ndindex(both[0].shape[:2]):
            found[width, rates[j], lengths[k]] = both[0][j, k] - both[1][j, k]
        ways = [errors.reshape(-1, errors.shape[-1]) for errors in both]
        best = [errors[errors[:, :half].mean(axis=1).argmin(), half:] for errors in ways]
        found[width, "best", ""] = best[0] - best[1]
    return found


def stored_differences() -> dict[str, dict[str, dict[Way, np.ndarray]]]:
    """The differences of the stored runs: `coding_errors`, and `circle_errors` where it has them.

    Returns
    -------
    dict of str to dict of str to dict of tuple to numpy.ndarray
        For each arrangement ("circle" first), each output ("linear", "σ") and each way of training
        (width, rate, steps): what `coding_differences` says.

    Examples
    --------
    >>> found = stored_differences()
    >>> found["circle"]["linear"][4, 0.2, 1000].size, found["circle"]["linear"][8, 0.2, 1000].size
    (2000, 200)
    """
    table, circle = load_result("coding_errors"), load_result("circle_errors")
    found = {
        name: {output: coding_differences(table, name, output) for output in OUTPUTS}
        for name in ("circle", *ARRANGEMENTS)
    }
    for output in OUTPUTS:
        found["circle"][output].update(coding_differences(circle, "circle", output))
    return found


def wide_interval(differences: np.ndarray) -> Interval:
    """The mean with an interval *twice as long* as the 95 % interval, for many to hold together.

    Parameters
    ----------
    differences : numpy.ndarray, shape (R,)

    Returns
    -------
    Interval

    Examples
    --------
    >>> print(mean_interval([1.0, 2.0, 3.0]), "and", wide_interval(np.array([1.0, 2.0, 3.0])))
    2 (-0.484 to 4.48) and 2 (-2.97 to 6.97)
    """
    v = mean_interval(differences)
    return Interval(v.estimate, 2 * v.low - v.estimate, 2 * v.high - v.estimate)


def coding_intervals() -> dict[str, dict[str, dict[Way, Interval]]]:
    """The means of the stored differences, in percentage points, with intervals twice as long.

    Returns
    -------
    dict of str to dict of str to dict of tuple to Interval
        As in `stored_differences`; below 0 the scalar coding is better.

    Examples
    --------
    >>> coding_verdict(coding_intervals()["rings"]["linear"][8, 0.2, 1000])
    'scalar'
    """
    return {
        name: {
            output: {way: wide_interval(values) for way, values in ways.items()}
            for output, ways in outputs.items()
        }
        for name, outputs in stored_differences().items()
    }


def coding_at_best() -> dict[str, dict[str, dict[int, Interval]]]:
    """Of `coding_intervals` those with each coding at its best rate and number of steps.

    Returns
    -------
    dict of str to dict of str to dict of int to Interval
        For each arrangement and output: for each width the interval.

    Examples
    --------
    >>> coding_verdict(coding_at_best()["rings"]["σ"][32])
    'one-hot'
    """
    return {
        name: {
            output: {width: v for (width, rate, _), v in ways.items() if rate == "best"}
            for output, ways in outputs.items()
        }
        for name, outputs in coding_intervals().items()
    }


def coding_verdict(v: Interval) -> str:
    """Who is ahead by more than a point, if anybody.

    Parameters
    ----------
    v : Interval
        Of the error of the scalar coding minus that of the one-hot coding, in percentage points.

    Returns
    -------
    str
        "tie" if all of the interval is within ±1, "scalar" or "one-hot" if all of it is beyond,
        otherwise "open".

    Examples
    --------
    >>> coding_verdict(Interval(-2.0, -2.5, -1.5)), coding_verdict(Interval(0.3, -0.2, 0.8))
    ('scalar', 'tie')
    """
    if v.inside(-1, 1):
        return "tie"
    return "one-hot" if v.low > 1 else "scalar" if v.high < -1 else "open"


def coding_summary(ways: Mapping[Way, Interval]) -> str:
    """A line for a table: how often each verdict falls, and what falls with each at its best.

    Parameters
    ----------
    ways : dict of tuple to Interval
        Of one arrangement and output, from `coding_intervals`.

    Returns
    -------
    str

    Examples
    --------
    >>> coding_summary(coding_intervals()["rings"]["linear"])
    'scalar 18                     at their best: −18.3 scalar, −11.9 scalar, −4.9 scalar'
    """
    verdicts = [coding_verdict(v) for (_, rate, _), v in ways.items() if rate != "best"]
    counts = [(who, verdicts.count(who)) for who in ("scalar", "tie", "open", "one-hot")]
    told = ", ".join(f"{who} {count}" for who, count in counts if count)
    best = [v for (_, rate, _), v in ways.items() if rate == "best"]
    # a mean of counts may be 3.05 but for rounding, and goes up; adding 0.0 turns −0.0 into 0.0
    tenths = [f"{round(v.estimate + 1e-9, 1) + 0.0:.1f}".replace("-", "−") for v in best]
    at_best = ", ".join(f"{x} {coding_verdict(v)}" for x, v in zip(tenths, best, strict=True))
    return f"{told:28}  at their best: {at_best}"
