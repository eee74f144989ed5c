"""Notebook 07: what networks answer that were trained with other codings, widths and labels."""

import numpy as np

from utils.activations import identity
from utils.experiments.stored import stored
from utils.losses import mse
from utils.network import init_network
from utils.training import train

__all__ = [
    "ARRANGEMENTS",
    "WIDTHS",
    "WRONG",
    "class_of_place",
    "label_codings",
    "label_data",
]

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
