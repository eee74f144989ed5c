"""Notebook 08: one neuron with two losses, and four losses on the digits."""

from collections.abc import Mapping, Sequence

import numpy as np

from utils.activations import Activation, identity, sigmoid, tanh
from utils.data import digits
from utils.experiments.stored import stored
from utils.losses import Loss, binary_cross_entropy, mse, softmax_cross_entropy, softmax_mse
from utils.network import Network, forward, init_network
from utils.replicas import Interval, mean_interval
from utils.training import train

__all__ = [
    "DIGIT_LOSSES",
    "digit_curves",
    "digit_data",
    "digit_differences",
    "digit_losses",
    "digit_pulls",
    "digit_training",
    "fit_neuron",
]


# -------- one neuron


def fit_neuron(x: np.ndarray, p: np.ndarray) -> dict[str, Network]:
    """Train one neuron σ(α + βx) on probabilities, with either loss, until nothing changes.

    Adam, 3,000 steps on all points, learning rate 0.02, from the same start.

    Parameters
    ----------
    x, p : numpy.ndarray, shape (1, N)
        Places, and the probability of a one there.

    Returns
    -------
    dict of str to Network
        For "MSE" and "CE"; W[2] is β and b[2] is α.

    Examples
    --------
    >>> x = np.linspace(-2, 2, 41)[None, :]
    >>> fits = fit_neuron(x, sigmoid(1 + 2 * x))
    >>> {loss: (round(net.b[2].item(), 2), round(net.W[2].item(), 2)) for loss, net in fits.items()}
    {'MSE': (1.0, 2.0), 'CE': (1.0, 2.0)}
    """
    start, fits = init_network([1, 1], np.random.default_rng(1)), {}
    for name, loss in {"MSE": mse, "CE": binary_cross_entropy}.items():
        fits[name] = train(
            start, x, p, loss, steps=3000, learning_rate=0.02, rng=np.random.default_rng(8),
            optimizer="adam",
        ).net  # fmt: skip
    return fits


# -------- the digits


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
SITUATIONS = {
    "good start": "good start",
    "bad start": "output weights x 20",
    "wrong labels": "10 % flipped",
}
DIGIT_RATES = {"rate": 0.01, "a third": 0.01 / 3, "three times": 0.03}
DIGIT_STEPS = (0, 25, 50, 100, 150, 200, 300, 500, 700, 1000, 1250, 1500)
DIGIT_TRAINING = 1000  # images; the other 797 are for testing


def digit_data(case: str, replicas: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw for each replica its own training and test images, and flip labels if the case says so.

    Parameters
    ----------
    case : str
        "good start", "output weights x 20" or "10 % flipped".
    replicas : int
    rng : numpy.random.Generator

    Returns
    -------
    dict of arrays
        `x` (R, 64, 1000) and `x_test` (R, 64, 797); `truth` (R, 1000) and `truth_test`; `given`
        (R, 1000), the labels that are trained on.

    Examples
    --------
    >>> digit_data("good start", 3, np.random.default_rng(1))["x"].shape
    (3, 64, 1000)
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


def trained_digits(
    case: str, loss: str, rate: float, steps: int, replicas: int, seed: int, kept: Sequence[int]
) -> tuple[dict[str, np.ndarray], Mapping[int, Network]]:
    """The data of `digit_training`, and its networks after the steps that are kept.

    Examples
    --------
    >>> given, nets = trained_digits("good start", "linear + MSE", 0.01, 3, 2, 8, [0, 3])
    >>> given["truth"].shape, nets[3]
    ((2, 1000), <Network 2 × 64-32-10, tanh-identity, 2410 parameters>)
    """
    rng = np.random.default_rng(seed)
    given = digit_data(case, replicas, rng)
    function, output = DIGIT_LOSSES[loss]
    net = init_network([64, 32, 10], rng, replicas=replicas, activation=tanh, output=output)
    net.W[3] *= DIGIT_CASES[case][0]
    history = train(
        net, given["x"], np.eye(10)[given["given"]].mT, function, steps=steps, learning_rate=rate,
        rng=rng, batch_size=64, optimizer="adam", record_every=steps, snapshots=list(kept),
    )  # fmt: skip
    return given, history.snapshots


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
    kept = [s for s in DIGIT_STEPS if s <= steps]
    given, snapshots = trained_digits(case, loss, rate, steps, replicas, seed, kept)

    def answers(step: int, x: np.ndarray) -> np.ndarray:
        return forward(snapshots[step], x)[1][3].argmax(axis=-2)

    flipped = given["given"] != given["truth"]
    error = [np.mean(answers(s, given["x_test"]) != given["truth_test"], axis=-1) for s in kept]
    hits = [(answers(s, given["x"]) == given["given"]) & flipped for s in kept]
    fitted = np.sum(hits, axis=-1) / np.maximum(flipped.sum(axis=-1), 1)
    return {"error": np.array(error), "fitted": fitted}


def digit_pulls(
    case: str, loss: str, steps: int, replicas: int, seed: int, rate: float = 0.01
) -> np.ndarray:
    """How hard images pull whose given label the network doesn't answer: the length of δ[L].

    Where labels are flipped, only the images with a flipped label are asked.

    Parameters
    ----------
    case, loss : str
        Of DIGIT_CASES and DIGIT_LOSSES.
    steps, replicas, seed : int
        The trainings of `digit_training`, after so many steps.
    rate : float
        Learning rate.

    Returns
    -------
    numpy.ndarray, shape (replicas,)
        For each network the median over those training images, nan if there are none. No 1/N is in
        it.

    Examples
    --------
    >>> bool(np.all(digit_pulls("good start", "cross-entropy", 10, 2, seed=8) < 2**0.5))
    True
    """
    given, nets = trained_digits(case, loss, rate, steps, replicas, seed, [steps])
    z, a = forward(nets[steps], given["x"])
    y = np.eye(10)[given["given"]].mT
    function, output = DIGIT_LOSSES[loss]
    length = np.linalg.norm(function.delta(z[3], a[3], y, output), axis=-2) * y.shape[-1]
    asked = a[3].argmax(axis=-2) != given["given"]
    if DIGIT_CASES[case][1]:
        asked &= given["given"] != given["truth"]
    return np.array(
        [np.median(row[mask]) if mask.any() else np.nan
         for row, mask in zip(length, asked, strict=True)]
    )  # fmt: skip


@stored
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


def digit_curves(
    result: dict[str, np.ndarray], what: str = "error", rate: str = "rate"
) -> dict[str, dict[str, np.ndarray]]:
    """Arrange what `digit_losses` returns as curves: for each situation one for each loss.

    Parameters
    ----------
    result : dict of arrays
    what : str
        "error", or "fitted", which there is for wrong labels only.
    rate : str
        Of "rate" (0.01), "a third" and "three times".

    Returns
    -------
    dict of str to dict of str to array, shapes (K, R)
        Fractions. The situations are "good start", "bad start" and "wrong labels".

    Examples
    --------
    >>> from utils.experiments import load_result
    >>> curves = digit_curves(load_result("digit_losses"), "fitted")
    >>> list(curves), curves["wrong labels"]["cross-entropy"].shape
    (['wrong labels'], (12, 40))
    """
    return {
        situation: {loss: result[f"{what}, {case}, {loss}, {rate}"] for loss in DIGIT_LOSSES}
        for situation, case in SITUATIONS.items()
        if f"{what}, {case}, cross-entropy, {rate}" in result
    }


def digit_differences(result: dict[str, np.ndarray]) -> dict[str, dict[str, dict[str, Interval]]]:
    """Test error at the end minus that of cross-entropy, in percentage points, in pairs.

    Parameters
    ----------
    result : dict of arrays
        What `digit_losses` returns.

    Returns
    -------
    dict of str to dict of str to dict of str to Interval
        For each situation ("good start", …), each loss but cross-entropy, and each learning rate
        ("0.0033", "0.01", "0.03").

    Examples
    --------
    >>> from utils.experiments import load_result
    >>> differences = digit_differences(load_result("digit_losses"))
    >>> print(differences["wrong labels"]["linear + MSE"]["0.01"])
    -6.23 (-6.67 to -5.8)
    """
    found: dict[str, dict[str, dict[str, Interval]]] = {}
    for rate in sorted(DIGIT_RATES, key=DIGIT_RATES.__getitem__):
        for situation, curves in digit_curves(result, rate=rate).items():
            for loss in DIGIT_LOSSES:
                if loss != "cross-entropy":
                    apart = 100 * (curves[loss][-1] - curves["cross-entropy"][-1])
                    of_loss = found.setdefault(situation, {}).setdefault(loss, {})
                    of_loss[f"{DIGIT_RATES[rate]:.2g}"] = mean_interval(apart)
    return found
