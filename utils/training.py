r"""Gradient descent, for one network or for hundreds at once.

.. math:: \theta \leftarrow \theta - \eta\, \nabla_\theta C

There is no loop over replicas here: weights have a leading axis, and one NumPy call a layer serves
them all. A hundred networks train in about the time of two, so a claim about training can always
be a claim about a hundred trainings.
"""

import copy
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from utils import inputs
from utils.gradients import _backward, _products
from utils.losses import Loss
from utils.network import Network, _forward

__all__ = ["History", "TrainingDiverged", "resume", "train"]

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
    state : State, optional
        What `resume` needs to go on; a history that `train` returned has it. x and y are held in
        it, not copied.

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
    state: "State | None" = field(default=None, repr=False, compare=False)


@dataclass
class State:
    """What was asked of a training, and how far it has come.

    The arrays of `memory` are replaced in each step, never changed: two histories may share them.
    """

    x: np.ndarray
    y: np.ndarray
    loss: Loss
    optimizer: str
    learning_rate: float
    weight_decay: float
    batch_size: int | None
    replacement: bool
    every: int  # steps from one record to the next
    wanted: set[int]  # steps after which a copy of the network is kept
    last: int  # the step after which it ends
    block: tuple[int, np.random.Generator]  # steps done before these batches were drawn, from what
    memory: Any  # of the optimizer: its averages of past gradients
    done: int = 0  # steps


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
    replacement: bool = True,
    optimizer: str = "sgd",
    weight_decay: float = 0.0,
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
    replacement : bool
        False draws without: every replica goes through its own shuffled order of the N columns,
        batch after batch, then shuffles anew. Such an epoch has ⌊N / batch_size⌋ steps; columns
        left over, too few for a batch, are dropped, other ones in each epoch.
    optimizer : {"sgd", "momentum", "adam"}
        Subtract η∇C; or η times v ← 0.9 v + ∇C; or Adam's step with β₁ = 0.9, β₂ = 0.999,
        ε = 1e-8 (Kingma & Ba 2015).
    weight_decay : float
        λ, which pulls the weights W, not the biases, to zero. For sgd and momentum λW is added to
        ∇C: the gradient of ½λ Σ‖W‖². Adam would divide that by its own size; there ηλW is
        subtracted beside its step (AdamW; Loshchilov & Hutter 2019). Recorded is C alone.
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
        The cost is not finite at a recorded step, or where a copy is due; carries `.history`.

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
    inputs.choice("optimizer", optimizer, OPTIMIZERS)
    state = State(
        x,
        y,
        loss,
        optimizer,
        learning_rate=inputs.rate("learning_rate", learning_rate),
        weight_decay=inputs.rate("weight_decay", weight_decay, or_zero=True),
        batch_size=inputs.batch_columns(batch_size, x.shape[-1]),
        replacement=inputs.true_or_false("replacement", replacement),
        every=inputs.steps_apart(record_every, max(1, steps // 100)),
        wanted=inputs.steps_to_keep(snapshots, steps),
        last=steps,
        block=(0, copy.deepcopy(inputs.generator(rng))),
        memory=OPTIMIZERS[optimizer][1],
    )
    net = net.copy()
    return _descend(History(net, state=state), state, rng, progress)


def resume(
    history: History,
    *,
    steps: int | None = None,
    learning_rate: float | None = None,
    record_every: int | None = None,
    snapshots: Iterable[int] = (),
    progress: bool = False,
) -> History:
    r"""Train on, as if the training had never stopped.

    train(…, steps=300) and then resume(history, steps=200) end with the same numbers, to the last
    bit, as train(…, steps=500): Adam's averages, the batches and the count of the steps go on
    where they were. Nothing is drawn from the rng that was given to `train`: the history has a copy
    of it.

    Parameters
    ----------
    history : History
        Of a training that ended, or was interrupted; it is not changed. (With one that diverged
        there is nothing to go on with.)
    steps : int, optional
        Number of further steps. None takes those that an interruption left out.
    learning_rate : float, optional
        Another η from here on. None keeps it.
    record_every : int, optional
        Another distance of the records from here on. None keeps it. The record at the step where
        the training had stopped stays.
    snapshots : iterable of int
        Further steps after which a copy is kept, counted from the beginning of the first training.
    progress : bool
        As in `train`.

    Returns
    -------
    History
        Of the whole training, from its first step on; records and snapshots made before are in it.

    Raises
    ------
    TypeError, ValueError
        Arguments that do not fit, at the door; a history that `train` did not make, or whose cost
        or weights are not finite.
    TrainingDiverged
        As `train`.

    Examples
    --------
    >>> from utils.losses import mse
    >>> net = Network({2: [[1.0]]}, {2: [[0.0]]})
    >>> rng = np.random.default_rng(1)
    >>> history = train(net, [[1.0, 2.0]], [[0.0, 1.0]], mse, steps=30, learning_rate=0.1, rng=rng)
    >>> resume(history, steps=20).steps[-1].item()
    50
    """
    state = inputs.state_of(history)
    net = history.net.copy()
    inputs.training_data(net, state.x, state.y, state.loss)  # they may have been changed since
    rate = state.learning_rate if learning_rate is None else learning_rate
    last = state.done + inputs.steps_to_go(steps, state.last - state.done, history.interrupted)
    state = replace(
        state,
        learning_rate=inputs.rate("learning_rate", rate),
        every=inputs.steps_apart(record_every, state.every),
        wanted=state.wanted | inputs.steps_to_keep(snapshots, last, state.done),
        last=last,
    )
    kept = {step: copied.copy() for step, copied in history.snapshots.items()}
    longer = History(net, history.steps, history.cost, kept, state=state)
    return _descend(longer, state, copy.deepcopy(state.block[1]), progress)


def _descend(history: History, state: State, rng: np.random.Generator, progress: bool) -> History:
    """Do the steps that are still to be done."""
    net, loss = history.net, state.loss
    theta = _as_one_vector(net)
    update = _updater(net, state)
    batches = _batches(net, state, rng)
    recorder = Recorder(history, state, progress)
    step = state.done
    try:
        with np.errstate(all="ignore"):  # what overflows is reported by the recorder
            recorder.after(step)
            for step in range(state.done + 1, state.last + 1):
                xs, ys = next(batches)
                update(theta, _gradient(net, xs, ys, loss))
                recorder.after(step)
    except KeyboardInterrupt:
        recorder.history.interrupted = True
        print(
            f"interrupted in step {step} of {state.last}; what was recorded is kept, and "
            "resume(history) goes on"
        )
    finally:
        recorder.close()
    return history


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
    net: Network, state: State, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the columns of one step after another, for ever.

    The batches of about a thousand steps are drawn at once, always of all of them: the numbers an
    rng gives then depend neither on how long the training is nor on what is recorded. A training
    that is resumed draws its last block again, and leaves out what it had of it.
    """
    x, y = state.x, state.y
    if state.batch_size is None:
        while True:
            yield x, y
    draw = _with_replacement if state.replacement else _epochs
    take_x, take_y = _taker(x), _taker(y)
    before = state.block[0]
    while True:
        state.block = before, copy.deepcopy(rng)
        columns = draw(rng, x.shape[-1], net.replicas, state.batch_size)
        # they have 64 bits everywhere, an index only where the platform's has: 32 in a browser
        columns = columns.astype(np.intp, copy=False)
        for chosen in columns[state.done - before :]:
            yield take_x(chosen), take_y(chosen)
        before += len(columns)


def _with_replacement(
    rng: np.random.Generator, N: int, replicas: tuple[int, ...], m: int
) -> np.ndarray:
    """For each step, m of N columns for each replica: (BLOCK, R, m)."""
    return rng.integers(N, size=(BLOCK, *replicas, m))


def _epochs(rng: np.random.Generator, N: int, replicas: tuple[int, ...], m: int) -> np.ndarray:
    """The same, without replacement: whole epochs, each a shuffled order cut into batches."""
    steps = N // m
    epochs = max(1, BLOCK // steps)
    columns = np.broadcast_to(np.arange(N), (epochs, *replicas, N))
    orders = rng.permuted(columns, axis=-1)[..., : steps * m]
    batches = orders.reshape(epochs, *replicas, steps, m)
    return np.moveaxis(batches, -2, 1).reshape(epochs * steps, *replicas, m)


def _taker(x: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """A function that takes columns `chosen` (..., m) of x, for each replica its own: (..., n, m).

    The columns are laid out once, each in one piece: to take whole pieces is several times quicker
    than x[:, chosen] or take_along_axis.
    """
    n, N = x.shape[-2:]
    pieces = np.ascontiguousarray(x.mT).reshape(-1, n)
    if x.ndim == 2:
        return lambda chosen: pieces.take(chosen, axis=0).mT
    first = N * np.arange(len(pieces) // N, dtype=np.intp).reshape(*x.shape[:-2], 1)
    return lambda chosen: pieces.take(chosen + first, axis=0).mT


# -------- optimizers: each makes of a gradient, the count of the step and what it remembers, its
# move, which is subtracted from the parameters θ, and what it remembers from now on


def _sgd(gradient: np.ndarray, rate: float, count: int, memory: Any) -> tuple[np.ndarray, Any]:
    gradient *= rate  # no other array is made: it is nobody else's
    return gradient, memory


def _momentum(gradient: np.ndarray, rate: float, count: int, memory: Any) -> tuple[np.ndarray, Any]:
    velocity = MOMENTUM * memory + gradient
    return rate * velocity, velocity


def _adam(gradient: np.ndarray, rate: float, count: int, memory: Any) -> tuple[np.ndarray, Any]:
    beta1, beta2 = ADAM["beta1"], ADAM["beta2"]
    first, second = memory
    first = beta1 * first + (1 - beta1) * gradient
    second = beta2 * second + (1 - beta2) * gradient**2
    mean = first / (1 - beta1**count)
    spread = np.sqrt(second / (1 - beta2**count))
    return rate * mean / (spread + ADAM["epsilon"]), (first, second)


OPTIMIZERS: dict[str, tuple[Callable[..., Any], Any]] = {  # and what it remembers at first
    "sgd": (_sgd, None),
    "momentum": (_momentum, 0.0),
    "adam": (_adam, (0.0, 0.0)),
}


def _updater(net: Network, state: State) -> Callable[[np.ndarray, np.ndarray], None]:
    """A function that does one step: it changes the parameters θ in place."""
    move_of, _ = OPTIMIZERS[state.optimizer]
    rate, decay, decoupled = state.learning_rate, state.weight_decay, state.optimizer == "adam"
    pull, shrink = (0.0, rate * decay) if decoupled else (decay, 0.0)
    weights = slice(sum(W.size for W in net.W.values()))  # they come first, then the biases

    def update(theta: np.ndarray, gradient: np.ndarray) -> None:
        if pull:
            gradient[weights] += pull * theta[weights]
        move, memory = move_of(gradient, rate, state.done + 1, state.memory)
        if shrink:
            move[weights] += shrink * theta[weights]
        # Nothing is called from here on, so that Ctrl-C finds all of a step done, or nothing.
        theta -= move
        state.memory = memory
        state.done += 1

    return update


# -------- recording


class Recorder:
    """Keeps the cost, the snapshots and the progress bar of one training."""

    def __init__(self, history: History, state: State, progress: bool) -> None:
        self.history = history
        self.problem = (state.x, state.y, state.loss)
        self.began, self.last = state.done, state.last
        self.every, self.wanted = state.every, state.wanted
        self.bar = Bar(max(1, state.last - state.done)) if progress else None
        self.steps = history.steps.tolist()
        self.costs: list[Any] = list(history.cost)

    def after(self, step: int) -> None:
        """Do whatever is due after this step."""
        if step in self.wanted:
            self.keep(step)
        if step % self.every == 0 or step == self.last:
            self.record(step)
        if self.bar is not None:
            self.bar.show(step - self.began)

    def keep(self, step: int) -> None:
        """Keep a copy of the network; stop where it is not finite."""
        net = self.history.net
        if not all(map(inputs.is_finite, (*net.W.values(), *net.b.values()))):
            self.record(step)
        self.history.snapshots[step] = self.history.net.copy()

    def record(self, step: int) -> None:
        """Keep the cost on all columns; stop where it is not finite."""
        if self.steps[-1:] == [step]:
            return  # recorded before the training was resumed
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
