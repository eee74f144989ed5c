r"""Gradient descent, for one network or for hundreds at once.

.. math:: \theta \leftarrow \theta - \eta\, \nabla_\theta C

There is no loop over replicas here: weights have a leading axis, and one NumPy call a layer serves
them all. A hundred networks train in about the time of two, so a claim about training can always
be a claim about a hundred trainings.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from utils import inputs
from utils.gradients import _backward, _products
from utils.losses import Loss
from utils.network import Network, _forward

__all__ = ["History", "TrainingDiverged", "train"]

BLOCK = 1000  # steps whose columns are drawn at once: few calls, little memory
MOMENTUM = 0.9
ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}


@dataclass
class History:
    """What a training leaves behind; the parameters are its attributes.

    Parameters
    ----------
    net : Network
        As it was when the training ended.
    steps : numpy.ndarray of int, shape (K,)
        Steps at which the cost was recorded; the first is 0, before any training.
    cost : numpy.ndarray, shape (K, R), or (K,) for a single network
        Loss on all columns at those steps.
    snapshots : dict of int to Network
        Copies of the network after the steps that were asked for.
    interrupted : bool
        True if the training was stopped by hand.

    Examples
    --------
    >>> history = History(net=None, steps=np.array([0, 10]), cost=np.array([1.0, 0.5]))
    >>> history.cost[-1].item()
    0.5
    """

    net: Network
    steps: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    cost: np.ndarray = field(default_factory=lambda: np.zeros(0))
    snapshots: dict[int, Network] = field(default_factory=dict)
    interrupted: bool = False


class TrainingDiverged(ArithmeticError):
    """The cost is not finite any more.

    Parameters
    ----------
    message : str
        Says after which step.
    history : History
        Everything recorded until then; also the attribute `.history`.

    Examples
    --------
    >>> try:
    ...     raise TrainingDiverged("after step 3", History(net=None))
    ... except TrainingDiverged as error:
    ...     print(error, error.history.interrupted)
    after step 3 False
    """

    def __init__(self, message: str, history: History | None = None) -> None:
        super().__init__(message)  # the history may come later, when a copy is made
        self.history = history


def train(
    net: Network,
    x: Any,
    y: Any,
    loss: Any,
    *,
    steps: int,
    learning_rate: float,
    rng: np.random.Generator,
    batch_size: int | None = None,
    optimizer: str = "sgd",
    record_every: int | None = None,
    snapshots: Iterable[int] = (),
    progress: bool = False,
) -> History:
    r"""Train a network, or R of them at once, by gradient descent.

    Parameters
    ----------
    net : Network
        Where to start; it is not changed. With replicas, all are trained, independently.
    x : array_like, shape (..., n_1, N)
        Inputs, one column a sample; shared by the replicas or with their axes.
    y : array_like, shape (..., n_L, N)
        Targets.
    loss : Loss
        From `utils.losses`.
    steps : int
        Number of steps.
    learning_rate : float
        η, the multiple of the gradient that is subtracted in a step.
    rng : numpy.random.Generator
        Draws the columns of each batch.
    batch_size : int, optional
        Columns in a step, drawn uniformly with replacement, by every replica for itself. None
        takes all columns in every step (gradient descent proper).
    optimizer : {"sgd", "momentum", "adam"}
        Subtract η∇C; or η times v ← 0.9 v + ∇C; or Adam's step with β₁ = 0.9, β₂ = 0.999,
        ε = 1e-8 (Kingma & Ba 2015).
    record_every : int, optional
        Record the cost on all columns after every so many steps, and at step 0 and the last. None
        makes about a hundred records. The training itself does not depend on it.
    snapshots : iterable of int
        Steps after which a copy of the network is kept.
    progress : bool
        Show a bar if it takes longer than two seconds.

    Returns
    -------
    History
        Also when interrupted by hand: with what was recorded until then.

    Raises
    ------
    TypeError, ValueError
        Arguments that do not fit, at the door.
    TrainingDiverged
        The cost is not finite at a recorded step; carries `.history`.

    Examples
    --------
    >>> from utils.data import ten_points
    >>> from utils.losses import mse
    >>> from utils.network import init_network
    >>> x, y = ten_points()
    >>> rng = np.random.default_rng(1)
    >>> net = init_network([2, 2, 3, 2], rng, "paper", replicas=100)
    >>> history = train(net, x, y, mse, steps=50, learning_rate=0.05, rng=rng, batch_size=1)
    >>> history.cost.shape
    (51, 100)
    """
    x, y = inputs.training_data(net, x, y, loss)
    steps = inputs.whole_number("steps", steps, "a whole number, at least 1")
    inputs.generator(rng)
    inputs.choice("optimizer", optimizer, OPTIMIZERS)
    rate = "0.05 is the one of notebook 05"
    learning_rate = inputs.positive_number("learning_rate", learning_rate, rate)
    batch_size = inputs.batch_columns(batch_size, x.shape[-1])
    net = net.copy()
    theta = _as_one_vector(net)
    update = OPTIMIZERS[optimizer](learning_rate)
    batches = _batches(net, x, y, batch_size, rng)
    recorder = Recorder(net, x, y, loss, steps, record_every, snapshots, progress)
    step = 0
    try:
        with np.errstate(all="ignore"):  # what overflows is reported by the recorder
            recorder.after(0)
            for step in range(1, steps + 1):
                xs, ys = next(batches)
                update(theta, _gradient(net, xs, ys, loss))
                recorder.after(step)
    except KeyboardInterrupt:
        recorder.history.interrupted = True
        print(f"interrupted in step {step} of {steps}; what was recorded is kept")
    finally:
        recorder.close()
    return recorder.history


def _as_one_vector(net: Network) -> np.ndarray:
    """All weights and biases of all replicas in one vector, of which those of net become views.

    A step then costs a few NumPy calls, not a few for each layer.
    """
    theta = np.concatenate([*net.W.values(), *net.b.values()], axis=None)
    begin = 0
    for arrays in (net.W, net.b):
        for l, array in arrays.items():
            arrays[l] = theta[begin : begin + array.size].reshape(array.shape)
            begin += array.size
    return theta


def _gradient(net: Network, x: np.ndarray, y: np.ndarray, loss: Loss) -> np.ndarray:
    """The gradient of the loss, in the order of `_as_one_vector`; nothing is checked any more."""
    z, a = _forward(net, x)
    start = loss._delta(z[net.L], a[net.L], y, net.activation[net.L])
    dW, db = _products(net, a, _backward(net, a, start))
    return np.concatenate([*dW.values(), *db.values()], axis=None)


# -------- batches


def _batches(
    net: Network, x: np.ndarray, y: np.ndarray, batch_size: int | None, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the columns of one step after another, for ever.

    Columns are drawn for a whole block of steps at once, always for a full block: the numbers an
    rng gives then depend neither on how long the training is nor on what is recorded.
    """
    if batch_size is None:
        while True:
            yield x, y
    take_x, take_y = _taker(x), _taker(y)
    while True:
        columns = rng.integers(x.shape[-1], size=(BLOCK, *net.replicas, batch_size))
        for chosen in columns:
            yield take_x(chosen), take_y(chosen)


def _taker(x: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """A function that takes columns `chosen` (..., m) of x, for each replica its own: (..., n, m).

    The columns are laid out once, each in one piece: to take whole pieces is several times quicker
    than x[:, chosen] or take_along_axis.
    """
    n, N = x.shape[-2:]
    pieces = np.ascontiguousarray(x.mT).reshape(-1, n)
    first: Any = 0
    if x.ndim > 2:
        first = N * np.arange(len(pieces) // N).reshape(*x.shape[:-2], 1)
    # `chosen` has 64 bits everywhere, an index only where the platform's has: 32 in a browser
    return lambda chosen: pieces.take((chosen + first).astype(np.intp, copy=False), axis=0).mT


# -------- optimizers: each makes a function that changes the parameters θ in place


Update = Callable[[np.ndarray, np.ndarray], None]


def _sgd(learning_rate: float) -> Update:
    def update(theta: np.ndarray, gradient: np.ndarray) -> None:
        theta -= learning_rate * gradient

    return update


def _momentum(learning_rate: float) -> Update:
    velocity: Any = 0.0

    def update(theta: np.ndarray, gradient: np.ndarray) -> None:
        nonlocal velocity
        velocity = MOMENTUM * velocity + gradient
        theta -= learning_rate * velocity

    return update


def _adam(learning_rate: float) -> Update:
    beta1, beta2 = ADAM["beta1"], ADAM["beta2"]
    count = 0
    first: Any = 0.0
    second: Any = 0.0

    def update(theta: np.ndarray, gradient: np.ndarray) -> None:
        nonlocal count, first, second
        count += 1
        first = beta1 * first + (1 - beta1) * gradient
        second = beta2 * second + (1 - beta2) * gradient**2
        mean = first / (1 - beta1**count)
        spread = np.sqrt(second / (1 - beta2**count))
        theta -= learning_rate * mean / (spread + ADAM["epsilon"])

    return update


OPTIMIZERS = {"sgd": _sgd, "momentum": _momentum, "adam": _adam}


# -------- recording


class Recorder:
    """Keeps the cost, the snapshots and the progress bar of one training."""

    def __init__(
        self,
        net: Network,
        x: np.ndarray,
        y: np.ndarray,
        loss: Loss,
        steps: int,
        record_every: int | None,
        snapshots: Iterable[int],
        progress: bool,
    ) -> None:
        self.history = History(net)
        self.problem = (x, y, loss)
        self.last = steps
        self.every = max(1, steps // 100)
        if record_every is not None:
            self.every = inputs.whole_number(
                "record_every", record_every, "a whole number, at least 1"
            )
        self.wanted = inputs.steps_to_keep(snapshots, steps)
        self.bar = Bar(steps) if progress else None
        self.steps: list[int] = []
        self.costs: list[Any] = []

    def after(self, step: int) -> None:
        """Do whatever is due after this step."""
        if step in self.wanted:
            self.history.snapshots[step] = self.history.net.copy()
        if step % self.every == 0 or step == self.last:
            self.record(step)
        if self.bar is not None:
            self.bar.show(step)

    def record(self, step: int) -> None:
        """Keep the cost on all columns; stop where it is not finite."""
        net, (x, y, loss) = self.history.net, self.problem
        z, a = _forward(net, x)
        cost = loss._value(z[net.L], a[net.L], y)
        self.steps.append(step)
        self.costs.append(cost)
        if not np.all(np.isfinite(cost)):
            lost = f"in {np.sum(~np.isfinite(cost))} of {np.size(cost)} replicas "
            raise TrainingDiverged(
                f"the cost is not finite {lost if net.replicas else ''}after step {step}: "
                "try a smaller learning_rate, a tenth to begin with (what was recorded is in the "
                "error's .history)",
                self.history,
            )

    def close(self) -> None:
        """Write what was recorded into the history, and take the bar away."""
        self.history.steps = np.array(self.steps[: len(self.costs)], dtype=int)
        self.history.cost = np.array(self.costs, dtype=float)
        if self.bar is not None:
            self.bar.close()


class Bar:
    """A progress bar for whatever takes longer than two seconds.

    In a notebook it is a picture that vanishes when the work is done; in a terminal a line that is
    wiped. Where outputs are compared (under pytest, in `python3 -m utils refresh`) it stays away.

    Parameters
    ----------
    total : int
        Number of steps.
    patience : float
        Seconds before it appears.
    """

    def __init__(self, total: int, patience: float = 2.0) -> None:
        self.total = total
        self.began = self.shown = time.monotonic()
        self.patience = patience
        self.handle: Any = None
        self.silent = bool({"PYTEST_VERSION", "COURSE_NO_PROGRESS"} & set(os.environ))

    def show(self, done: int) -> None:
        """Say that `done` steps are done; draws at most ten times a second."""
        now = time.monotonic()
        if self.silent or now - self.began < self.patience or now - self.shown < 0.1:
            return
        self.shown = now
        left = f", {(now - self.began) * (self.total - done) / done:.0f} s left" if done else ""
        self._draw(done, f"{done / self.total:.0%}{left}")

    def _draw(self, done: int, text: str) -> None:
        if "ipykernel" not in sys.modules:
            self.handle = sys.stderr
            print(f"\r{text:30}", end="", file=sys.stderr, flush=True)
            return
        from IPython.display import display

        picture = {
            "text/plain": text,
            "text/html": f"<progress max={self.total} value={done}></progress> {text}",
        }
        if self.handle is None:
            self.handle = display(picture, raw=True, display_id=True)
        else:
            self.handle.update(picture, raw=True)

    def close(self) -> None:
        """Wipe it."""
        if self.handle is sys.stderr:
            print("\r" + 30 * " " + "\r", end="", file=sys.stderr, flush=True)
        elif self.handle is not None:
            self.handle.update({"text/plain": "", "text/html": ""}, raw=True)
        self.handle = None
