"""The door: every argument is looked at once, here, before any mathematics happens.

NumPy is generous. It adds a (2,) to a (2, 10) in one way when you meant another, and it carries a
nan through a whole training run without a word. So each public function hands its arguments to
the short functions below, and a wrong one is refused with a sentence that says which argument it
was, what came, what was expected, and the usual mend.

A function that others call a million times has a twin behind the door, `_forward` for `forward`,
which looks at nothing. Networks and losses are known here by what they have (W, b, sizes; a value
and a delta), so that this room needs no other. First comes what every module asks, then what one
asks, in the order of the modules.
"""

import math
import operator
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

__all__ = ["describe", "numbers", "shape_error", "whole_number"]

Layers = dict[int, np.ndarray]
KINDS = {"b": "true/false values", "i": "integers", "u": "integers", "f": "floats", "c": "complex"}


def describe(value: Any) -> str:
    """Say in a few words what a refused value is.

    Parameters
    ----------
    value : anything

    Returns
    -------
    str

    Examples
    --------
    >>> describe([1, 2]), describe(np.zeros((2, 3))), describe("two")
    ('a list', 'an array of shape (2, 3)', "'two'")
    """
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if value is None or isinstance(value, str | bool | int | float | complex | np.number):
        text = repr(value)
        return text if len(text) <= 60 else text[:57] + "…"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def is_finite(array: np.ndarray) -> bool:
    """True if no entry is nan or infinite.

    One dot product with itself answers nearly always, and is several times cheaper than looking
    at each entry; only if it overflows or meets a nan do we look.
    """
    return math.isfinite(np.vdot(array, array).real) or bool(np.isfinite(array).all())


def numbers(
    name: str, value: Any, expected: str, *, finite: bool = True, integers: bool = True
) -> np.ndarray:
    """Return `value` as a float64 (or complex128) array, or refuse it.

    A float64 array comes back as itself, not copied; nothing here changes what was given.

    Parameters
    ----------
    name : str
        What the caller calls this argument; it opens the error message.
    value : array_like
        Numbers of any shape.
    expected : str
        The shape and kind that is wanted, in words, for the message.
    finite : bool
        Refuse nan and infinity.
    integers : bool
        Accept integers (and true/false); weights do not, see `Network`.

    Returns
    -------
    numpy.ndarray
        float64, or complex128 where the numbers are complex.

    Raises
    ------
    TypeError
        The values are no numbers, or are integers where `integers` is False.
    ValueError
        The rows have different lengths, or an entry is nan or infinite.

    Examples
    --------
    >>> numbers("x", [[1, 2]], "(2, N)")
    array([[1., 2.]])
    """
    if type(value) is np.ndarray and value.dtype.char in "dD":
        array = value
    else:
        array = convert(name, value, expected, integers)
    if finite and not is_finite(array):
        bad = np.argwhere(~np.isfinite(array))[0]
        where = f" at index {tuple(int(i) for i in bad)}" if array.ndim else ""
        raise ValueError(
            f"{name} contains {array[tuple(bad)]}{where}; expected finite numbers, {expected}: "
            f"find where it arose with np.isfinite({name})"
        )
    return array


def convert(name: str, value: Any, expected: str, integers: bool) -> np.ndarray:
    """Make an array of numbers out of a list, an integer array, …, or say why it can't be."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array; expected {expected} without a mask: fill the masked "
            f"entries with {name}.filled(…), or drop them"
        )
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} is ragged (its rows have different lengths); expected {expected}: "
            "give every row the same number of entries"
        ) from error
    kind = array.dtype.kind
    if kind not in KINDS:
        raise TypeError(
            f"{name} is {describe(value)} holding {array.dtype}, not numbers; expected {expected}: "
            "give floats, for example np.array(…, dtype=float)"
        )
    if kind in "biu" and not integers:
        raise TypeError(
            f"{name} holds {KINDS[kind]}; expected floats, {expected}: write 1.0 for 1, or "
            f"{name}.astype(float), since an update such as W -= 0.1 * dW cannot live in integers"
        )
    return array.astype(np.complex128 if kind == "c" else np.float64)


def shape_error(name: str, array: np.ndarray, expected: str, mend: str) -> ValueError:
    """Build (not raise) the error for an array of the wrong shape.

    Parameters
    ----------
    name : str
        What the caller calls this argument.
    array : numpy.ndarray
        What came.
    expected, mend : str
        The shape that is wanted, and what to write instead.

    Returns
    -------
    ValueError

    Examples
    --------
    >>> print(shape_error("x", np.zeros(2), "(2, N)", "write x[:, None] for one point"))
    x has shape (2,); expected (2, N): write x[:, None] for one point
    """
    return ValueError(f"{name} has shape {array.shape}; expected {expected}: {mend}")


def columns_mend(name: str, array: np.ndarray, rows: int) -> str:
    """Guess what was meant by an array that should have been (rows, N)."""
    if array.ndim == 0:
        return f"one number is no column; write np.array([[{name}]]) if one row is meant"
    if array.ndim == 1 and rows == 1:
        return f"write {name}[None, :] for one row"
    if array.ndim == 1 and array.shape[0] == rows:
        return f"write {name}[:, None] for one point"
    if array.ndim == 1:
        return f"one column a point, {rows} rows"
    if array.shape[-2] == rows:
        return "give as many columns as there are samples, one column a sample"
    if array.shape[-1] == rows:
        T = "T" if array.ndim == 2 else "mT"
        return f"samples are columns here; write {name}.{T} if yours are rows"
    many = "" if rows == 1 else "s"
    return f"that layer has {rows} neuron{many}, so {rows} row{many}"


def axes_fit(lead: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Do two sets of leading axes broadcast?

    Examples
    --------
    >>> axes_fit((3, 2), (2,)), axes_fit((3,), (2,))
    (True, False)
    """
    return all(p == q or 1 in (p, q) for p, q in zip(reversed(lead), reversed(other), strict=False))


def whole_number(name: str, value: Any, expected: str, smallest: int = 1) -> int:
    """Return `value` as an int, or refuse it; True and 2.0 are no whole numbers here.

    Parameters
    ----------
    name : str
        What the caller calls this argument.
    value : int
        Python's or NumPy's.
    expected : str
        What is wanted, in words, for the message.
    smallest : int
        Anything less is refused.

    Returns
    -------
    int

    Examples
    --------
    >>> whole_number("replicas", 3, "a whole number, at least 1")
    3
    """
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} is {describe(value)}; expected {expected}: write a Python int such as 3"
        ) from None
    if number < smallest:
        raise ValueError(f"{name} is {number}; expected {expected}: use {smallest} or more")
    return number


def positive_number(name: str, value: Any, mend: str, *, or_zero: bool = False) -> float:
    """Return `value` as a positive, finite float, or refuse it.

    Examples
    --------
    >>> positive_number("h", 1, "write 1e-6")
    1.0
    """
    real = isinstance(value, int | float | np.integer | np.floating)
    try:
        number = float(value) if real and not isinstance(value, bool) else math.nan
    except OverflowError:
        number = math.inf
    if not (0 < number < math.inf or (or_zero and number == 0)):
        wanted = "number, 0 or more" if or_zero else "positive number"
        raise ValueError(f"{name} is {describe(value)}; expected a {wanted}: {mend}")
    return number


# -------- kinds of arguments that every module knows


def real_numbers(name: str, value: Any, expected: str, mend: str = "", **options: bool) -> Any:
    """`numbers`, but for complex ones.

    Examples
    --------
    >>> real_numbers("x", [1, 2], "numbers of any shape")
    array([1., 2.])
    """
    array = numbers(name, value, expected, **options)
    if np.iscomplexobj(array):
        raise TypeError(f"{name} is complex; expected real numbers: {mend or f'take {name}.real'}")
    return array


def generator(rng: Any) -> np.random.Generator:
    """Refuse a source of random numbers that is no Generator, a seed for instance."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng is {describe(rng)}; expected a numpy.random.Generator: "
            "write np.random.default_rng(1) and pass that"
        )
    return rng


def choice(
    name: str, value: Any, options: Collection[str], mend: str = "choose one of these names"
) -> str:
    """Refuse a word that is none of the options.

    Examples
    --------
    >>> choice("labels", "scalar", ["one-hot", "scalar"])
    'scalar'
    """
    if not isinstance(value, str) or value not in options:
        raise ValueError(
            f"{name} is {describe(value)}; expected one of {', '.join(options)}: {mend}"
        )
    return value


def function(name: str, value: Any, example: str) -> Callable[..., Any]:
    """Refuse what can't be called, the value of a function for instance."""
    if not callable(value):
        raise TypeError(
            f"{name} is {describe(value)}; expected a function of an array: pass the function "
            f"itself, {example}"
        )
    return value


def string(name: str, value: Any, mend: str) -> str:
    """Refuse what is no string."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {describe(value)}; expected a string: {mend}")
    return value


def layer_arrays(name: str, given: Any) -> Mapping[int, Any]:
    """Refuse what is no dictionary whose keys are the layer numbers 2, 3, …, L."""
    if not isinstance(given, Mapping):
        raise TypeError(
            f"{name} is {describe(given)}; expected a dictionary keyed by layer number, "
            f"{{2: …, 3: …}}: write {name} = {{2: first, 3: second}}"
        )
    for key in given:
        if not is_layer_number(key):
            raise TypeError(
                f"{name} has the key {key!r}; expected layer numbers 2, 3, …, L: "
                "use whole numbers as keys"
            )
    wanted = list(range(2, len(given) + 2))
    if not wanted or sorted(given) != wanted:
        raise ValueError(
            f"{name} has the layers {sorted(given)}; expected {wanted or [2]} without a gap: layer "
            "1 is the input and has no weights, the first weights are those of layer 2"
        )
    return given


def is_layer_number(key: Any) -> bool:
    """Python's whole numbers and NumPy's; True, which is equal to 1, is none."""
    return isinstance(key, int | np.integer) and not isinstance(key, bool)


def columns(name: str, value: Any, rows: str) -> np.ndarray:
    """Return numbers of shape (..., rows, N), one column a sample."""
    array = numbers(name, value, f"(..., {rows}, N)")
    if array.ndim < 2:
        mend = f"write {name}[:, None] for one column"
        raise shape_error(name, array, f"(..., {rows}, N)", mend)
    return array


# -------- activations


def logits(z: Any) -> np.ndarray:
    """Return z (..., K, N) of at least one class, which a softmax can take."""
    z = columns("z", z, "K")
    if z.shape[-2] == 0:
        raise shape_error("z", z, "(..., K, N) with K at least 1", "a softmax needs an output")
    return z


def is_activation(f: Any) -> bool:
    """Whatever has a name, can be called and has a derivative that can be, is an Activation."""
    return callable(f) and callable(getattr(f, "derivative", None)) and hasattr(f, "name")


def activation(f: Any, of: str, expected: str, mend: str) -> Any:
    """Refuse what is no Activation."""
    if not is_activation(f):
        raise TypeError(f"{of} is {describe(f)}; expected {expected}: {mend}")
    return f


# -------- networks: known by what they have, W, b, sizes and activation


def network(net: Any) -> None:
    """Refuse anything that is no Network."""
    if not all(hasattr(net, part) for part in ("W", "b", "sizes", "activation")):
        raise TypeError(
            f"net is {describe(net)}; expected a Network: the network comes first, "
            "then the points, as in forward(net, x)"
        )


def same_layers(name: str, first: Any, other: str, second: Any, mend: str) -> None:
    """Refuse two dictionaries of arrays that do not have the same layers."""
    layer_arrays(name, first)
    layer_arrays(other, second)
    if len(first) != len(second):
        raise ValueError(
            f"{other} has the layers {sorted(second)}, {name} has {sorted(first)}; expected the "
            f"same layers in both: {mend}"
        )


def weights_and_biases(W: Any, b: Any) -> tuple[Layers, Layers]:
    """Return both as arrays that fit together, from layer 2 to L."""
    same_layers("W", W, "b", b, "every layer from 2 on has weights and biases")
    layers = range(2, len(W) + 2)
    W = {
        l: matrix(f"W[{l}]", W[l], "(..., n_l, n_{l-1})", "one row a neuron of layer l")
        for l in layers
    }
    b = {
        l: matrix(f"b[{l}]", b[l], "(..., n_l, 1)", "write b[:, None] for a column") for l in layers
    }
    for l in layers:  # all weights first: biases are measured by them
        weights_fit(l, W[l], W[l - 1].shape[-2] if l > 2 else W[2].shape[-1])
    for l in layers:
        bias_fits(l, b[l], W[l].shape[-2])
        for name, array in (("W", W[l]), ("b", b[l])):
            replicas_fit(f"{name}[{l}]", array, W[2].shape[:-2])
    if any(map(np.iscomplexobj, (*W.values(), *b.values()))):
        # one complex entry (a complex step in a weight) makes all of them complex
        W = {l: v.astype(complex) for l, v in W.items()}
        b = {l: v.astype(complex) for l, v in b.items()}
    return W, b


def matrix(name: str, value: Any, expected: str, mend: str) -> np.ndarray:
    """Return floats with rows and columns."""
    array = numbers(name, value, expected, integers=False)
    if array.ndim < 2:
        raise shape_error(name, array, expected, mend)
    return array


def weights_fit(l: int, W: np.ndarray, m: int) -> None:
    """Refuse weights that don't continue a layer of m neurons."""
    if W.shape[-1] != m:
        raise shape_error(
            f"W[{l}]",
            W,
            f"(..., {W.shape[-2]}, {m}), since layer {l - 1} has {m} neurons",
            "W[l] is n_l × n_{l-1}; write .T if yours is the other way round",
        )
    if 0 in W.shape:
        expected = "at least one neuron a layer, and one replica"
        raise shape_error(f"W[{l}]", W, expected, "drop what is empty")


def bias_fits(l: int, b: np.ndarray, n: int) -> None:
    """Refuse biases that are no column of n."""
    if b.shape[-2:] != (n, 1):
        raise shape_error(
            f"b[{l}]",
            b,
            f"(..., {n}, 1), one bias for each neuron of layer {l}",
            "biases are columns; write b[:, None] or np.zeros((n, 1))",
        )


def replicas_fit(name: str, array: np.ndarray, lead: tuple[int, ...]) -> None:
    """Refuse other leading axes than those of the first weights."""
    if array.shape[:-2] != lead:
        raise shape_error(
            name,
            array,
            f"the replica axes {lead} of W[2] in front of {array.shape[-2:]}",
            "give all weights and biases the same number of replicas",
        )


def activations(given: Any, output: Any, L: int) -> dict[int, Any]:
    """Return an Activation for each of the layers 2 … L."""
    ours = "pass sigmoid, tanh, relu or identity from utils.activations"
    chosen = dict(given) if isinstance(given, Mapping) else dict.fromkeys(range(2, L + 1), given)
    if output is not None:
        chosen[L] = activation(output, "output", "an Activation or None", ours)
    if not all(map(is_layer_number, chosen)) or sorted(chosen) != list(range(2, L + 1)):
        raise ValueError(
            f"activation has the layers {list(chosen)}; expected {list(range(2, L + 1))}: give one "
            "Activation for all layers, or a dictionary with one for each"
        )
    return {
        l: activation(chosen[l], f"the activation of layer {l}", "an Activation", ours)
        for l in range(2, L + 1)
    }


def replica_number(net: Any, r: Any) -> int:
    """Return the number of one of the network's replicas."""
    if not net.replicas:
        raise ValueError(
            "net is a single network; expected one with replicas: use it as it is, or draw "
            "several with init_network(…, replicas=R)"
        )
    last = net.replicas[0] - 1
    r = whole_number("r", r, f"a replica from 0 to {last}", smallest=0)
    if r > last:
        raise ValueError(f"r is {r}; expected a replica from 0 to {last}: Python counts from 0")
    return r


LARGEST = 10**9  # numbers, 8 GB


def sizes_and_replicas(sizes: Any, replicas: Any) -> tuple[list[int], tuple[int, ...]]:
    """Return the neurons of each layer, and the leading axes of the weights."""
    unordered = str | bytes | bytearray | Mapping | Set
    if isinstance(sizes, unordered) or not np.iterable(sizes):
        raise TypeError(
            f"sizes is {describe(sizes)}; expected a list of whole numbers (n_1, …, n_L): "
            "write [2, 2, 3, 2]"
        )
    checked = [
        whole_number(f"sizes[{i}]", n, "a layer's number of neurons, at least 1")
        for i, n in enumerate(sizes)
    ]
    if len(checked) < 2:
        raise ValueError(
            f"sizes has {len(checked)} entries; expected at least 2, the input's and the output's: "
            "write [2, 1] for a single neuron with two inputs"
        )
    lead: tuple[int, ...] = ()
    if replicas is not None:
        lead = (whole_number("replicas", replicas, "a whole number, at least 1, or None"),)
    wanted = math.prod(lead) * sum(n * (m + 1) for m, n in pairwise(checked))
    if wanted > LARGEST:
        raise ValueError(
            f"sizes ask for {wanted:.0e} numbers (replicas included); expected at most "
            f"{LARGEST:.0e}, 8 GB of memory: use smaller layers or fewer replicas"
        )
    return checked, lead


def points(net: Any, x: Any) -> np.ndarray:
    """Return x as an array of shape (..., n_1, N) that this network can take."""
    network(net)
    n = net.sizes[0]
    x = numbers("x", x, f"({n}, N)")
    if x.ndim < 2 or x.shape[-2] != n:
        raise shape_error("x", x, f"({n}, N)", columns_mend("x", x, n))
    if x.ndim > 2 and net.replicas and not axes_fit(x.shape[:-2], net.replicas):
        raise shape_error(
            "x",
            x,
            f"({n}, N), or {(*net.replicas, n)} with N behind",
            "one x for all replicas, or one for each",
        )
    return x


# -------- gradients


def forward_pass(net: Any, a: Any) -> Layers:
    """Return the activations as arrays, or refuse what is no forward pass of this network."""
    network(net)
    if not isinstance(a, Mapping) or set(a) != set(range(1, net.L + 1)):
        came = f"a dictionary with the layers {list(a)}" if isinstance(a, dict) else describe(a)
        raise TypeError(
            f"a is {came}; expected the activations of the layers 1 to {net.L}: "
            "take them from z, a = forward(net, x)"
        )
    checked = {l: numbers(f"a[{l}]", a[l], f"(..., {net.sizes[l - 1]}, N)") for l in sorted(a)}
    last = checked[net.L]
    for l, a_l in checked.items():
        if a_l.ndim < 2 or a_l.shape[-2] != net.sizes[l - 1]:
            raise shape_error(
                f"a[{l}]",
                a_l,
                f"(..., {net.sizes[l - 1]}, N)",
                "was a computed by forward with this same network?",
            )
        if a_l.shape[-1] != last.shape[-1]:
            raise shape_error(
                f"a[{l}]",
                a_l,
                f"{last.shape[-1]} columns, as a[{net.L}] has",
                "take all of a from one forward pass",
            )
        if l > 1 and (a_l.shape[:-2] != last.shape[:-2] or not axes_hold(a_l, net.replicas)):
            raise shape_error(
                f"a[{l}]",
                a_l,
                f"the replica axes {net.replicas} of the network",
                "take a from forward with this same network",
            )
    return checked


def axes_hold(array: np.ndarray, replicas: tuple[int, ...]) -> bool:
    """Do the leading axes of the array end with those of the replicas?"""
    lead = array.shape[:-2]
    return lead[len(lead) - len(replicas) :] == replicas


def start_vector(a_L: np.ndarray, delta: Any) -> np.ndarray:
    """Return a derivative with respect to z[L], of the shape of a[L]."""
    rows, N = a_L.shape[-2:]
    delta = numbers("delta", delta, f"({rows}, {N})")
    if delta.ndim < 2 or delta.shape[-2:] != (rows, N):
        raise shape_error(
            "delta",
            delta,
            f"(..., {rows}, {N}), the shape of a[L]",
            columns_mend("delta", delta, rows),
        )
    if not axes_fit(delta.shape[:-2], a_L.shape[:-2]):
        raise shape_error(
            "delta",
            delta,
            f"leading axes that fit those of a[L], {a_L.shape}",
            "one start vector for all replicas, or one for each",
        )
    return delta


def layer_number(net: Any, l: Any) -> int:
    """Return the number of a layer with weights."""
    network(net)
    l = whole_number("l", l, f"a layer from 2 to {net.L}", smallest=2)
    if l > net.L:
        raise ValueError(f"l is {l}; expected a layer from 2 to {net.L}: this network ends there")
    return l


def one_output(net: Any, mend: str) -> None:
    """Refuse a network whose output is a vector: its gradient would be a matrix."""
    network(net)
    if net.sizes[-1] != 1:
        raise ValueError(f"net has {net.sizes[-1]} outputs; expected one (n_L = 1): {mend}")


def parameter_pair(dW: Any, db: Any) -> tuple[Layers, Layers]:
    """Return both as arrays that belong to the layers of one network."""
    same_layers("dW", dW, "db", db, "pass the pair that one gradient returned")
    layers = range(len(dW) + 1, 1, -1)
    expected = "(..., rows, columns)"
    dW = {l: numbers(f"dW[{l}]", dW[l], expected) for l in layers}
    db = {l: numbers(f"db[{l}]", db[l], expected) for l in layers}
    for name, blocks in (("dW", dW), ("db", db)):
        for l in layers:
            block_fits(f"{name}[{l}]", blocks[l], dW[l].shape, dW[layers[0]].shape[:-2])
    for l in range(3, len(dW) + 2):
        before = dW[l - 1].shape[-2]
        if dW[l].shape[-1] != before:
            raise shape_error(
                f"dW[{l}]",
                dW[l],
                f"{before} columns, as dW[{l - 1}] has {before} rows",
                "take both from one gradient",
            )
    return dW, db


def block_fits(
    name: str, block: np.ndarray, W_shape: tuple[int, ...], lead: tuple[int, ...]
) -> None:
    """Refuse a block of a gradient that does not go with the others."""
    if block.ndim < 2:
        raise shape_error(name, block, "(..., rows, columns)", "keep matrices and columns 2-D")
    if block.shape[:-2] != lead:
        raise shape_error(
            name,
            block,
            f"the replica axes {lead} in front",
            "all blocks come from the same replicas",
        )
    if name[1] == "b" and block.shape[-2:] != (W_shape[-2], 1):
        raise shape_error(
            name, block, f"(..., {W_shape[-2]}, 1), like the rows of dW", "pass dW first, then db"
        )


def parameter_vector(v: Any, net: Any) -> np.ndarray:
    """Return v with one number for each parameter of the network in its last axis."""
    network(net)
    P = net.n_parameters
    v = numbers("v", v, f"(..., {P})")
    if v.ndim < 1 or v.shape[-1] != P:
        raise shape_error(
            "v", v, f"(..., {P}), one number for each parameter", "make it with stack(dW, db)"
        )
    return v


# -------- losses


def output_activation(loss: Any, f: Any) -> None:
    """Refuse an activation of layer L that this loss is not made for."""
    mend = "pass that of the last layer, net.activation[net.L]"
    activation(f, "activation", "an Activation", mend)
    if loss.output is not None and f != loss.output:
        raise ValueError(
            f"activation is {f.name}; expected {loss.output.name} for the loss "
            f"{loss.name}: build the network with output={loss.output.name}"
        )


def last_layer(z: Any, a: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return z[L] and a[L] as arrays of one shape."""
    a = numbers("a", a, "(..., n_L, N)")
    if a.ndim < 2:
        raise shape_error("a", a, "(..., n_L, N)", "write a[:, None] for one sample")
    z = numbers("z", z, "(..., n_L, N)")
    if z.shape != a.shape:
        raise shape_error("z", z, f"{a.shape}, as a", "pass z[L] and a[L] of one pass")
    return z, a


def targets(y: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return targets for outputs a[L] of this shape."""
    rows, N = shape[-2:]
    y = numbers("y", y, f"({rows}, {N})")
    if y.ndim < 2 or y.shape[-2:] != (rows, N):
        raise shape_error(
            "y", y, f"({rows}, {N}), one column a sample as in a[L]", columns_mend("y", y, rows)
        )
    if not axes_fit(y.shape[:-2], shape[:-2]):
        raise shape_error(
            "y",
            y,
            f"leading axes that fit those of a[L], {shape}",
            "one y for all replicas, or one for each",
        )
    return y


def labels_from_0_to_1(y: np.ndarray) -> None:
    """Refuse labels, or probabilities, outside the coding of yes/no outputs."""
    if np.any((y.real < 0) | (y.real > 1)):
        raise ValueError(
            f"y has entries from {y.real.min():g} to {y.real.max():g}; expected labels or "
            "probabilities from 0 to 1: code the two classes as 0 and 1, not as -1 and 1"
        )


def labels_that_sum_to_1(y: np.ndarray) -> None:
    """Refuse columns that are neither one-hot nor probabilities."""
    sums = y.real.sum(axis=-2)
    if np.any(y.real < 0) or np.any(np.abs(sums - 1) > 1e-9):
        raise ValueError(
            "y has columns that are no probabilities; expected one-hot columns, one 1 and "
            "zeros, or non-negative numbers that sum to 1: np.eye(K)[:, labels] makes them"
        )


def batch(net: Any, x: Any, y: Any, loss: Any) -> tuple[np.ndarray, Any, Any]:
    """Return points, targets and a loss that fit together, each looked at once."""
    x = points(net, x)
    methods = [getattr(loss, name, None) for name in ("value", "delta")]
    if isinstance(loss, type) or not all(map(callable, methods)):
        raise TypeError(
            f"loss is {describe(loss)}; expected an object with .value and .delta: "
            "pass one from utils.losses, such as mse"
        )
    if not is_loss(loss):
        return x, y, LossFromOutside(loss)
    output_activation(loss, net.activation[net.L])
    lead = np.broadcast_shapes(x.shape[:-2], net.replicas) if x.ndim > 2 else net.replicas
    return x, loss.check_targets(y, (*lead, net.sizes[-1], x.shape[-1])), loss


def is_loss(loss: Any) -> bool:
    """Whatever can be asked behind its door is a Loss of `utils.losses`."""
    return not isinstance(loss, type) and hasattr(loss, "_value") and hasattr(loss, "_delta")


class LossFromOutside:
    """Any object with .value and .delta; what it returns is looked at."""

    def __init__(self, loss: Any) -> None:
        self.loss = loss

    def _value(self, z: np.ndarray, a: np.ndarray, y: Any) -> Any:
        return self.loss.value(z, a, y)

    def _delta(self, z: np.ndarray, a: np.ndarray, y: Any, activation: Any) -> np.ndarray:
        return self.loss.delta(z, a, y, activation)


# -------- training


def training_data(net: Any, x: Any, y: Any, loss: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y, each shared by the replicas or spread over all of them."""
    network(net)
    if not is_loss(loss):
        raise TypeError(
            f"loss is {describe(loss)}; expected a Loss: pass one from utils.losses, such as mse"
        )
    x, y, _ = batch(net, x, y, loss)
    if x.shape[-1] == 0:
        raise ValueError(
            f"x has shape {x.shape}; expected at least one column: there is nothing to learn from "
            "none"
        )
    return for_replicas("x", x, net), for_replicas("y", y, net)


def for_replicas(name: str, array: np.ndarray, net: Any) -> np.ndarray:
    """Spread an array with leading axes over all replicas; refuse what is not for them."""
    if np.iscomplexobj(array) or np.iscomplexobj(net.W[2]):
        raise TypeError(
            f"{name} or net is complex; expected real numbers: training takes real "
            "steps, complex ones are for checking gradients"
        )
    lead = array.shape[:-2]
    if (
        len(lead) > len(net.replicas)
        or not axes_fit(lead, net.replicas)
        or any(p > q for p, q in zip(reversed(lead), reversed(net.replicas), strict=False))
    ):
        raise shape_error(
            name,
            array,
            f"the replica axes {net.replicas} of net in front, or none",
            "draw as many replicas as there are data sets",
        )
    return np.broadcast_to(array, (*net.replicas, *array.shape[-2:])) if lead else array


def batch_columns(batch_size: Any, N: int) -> int | None:
    """Return how many of N columns a step takes, None for all."""
    if batch_size is None:
        return None
    expected = f"a whole number from 1 to N = {N}, or None for all columns"
    batch_size = whole_number("batch_size", batch_size, expected)
    if batch_size > N:
        raise ValueError(f"batch_size is {batch_size}; expected {expected}: x has {N} columns")
    return batch_size


def rate(name: str, value: Any, *, or_zero: bool = False) -> float:
    """Return a learning rate, or a rate of decay."""
    mend = "1e-4 is usual, 0 is none" if or_zero else "0.05 is the one of notebook 05"
    return positive_number(name, value, mend, or_zero=or_zero)


def true_or_false(name: str, value: Any) -> bool:
    """Return a bool, Python's or NumPy's; 0, None and "no" are none."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is {describe(value)}; expected True or False: write one of these")
    return bool(value)


def steps_apart(record_every: Any, otherwise: int) -> int:
    """Return how many steps lie between two records."""
    if record_every is None:
        return otherwise
    return whole_number("record_every", record_every, "a whole number, at least 1")


def state_of(history: Any) -> Any:
    """Return the state of a training that can go on."""
    mend = "write history = train(…), then resume(history, steps=100)"
    state = getattr(history, "state", None)
    if not all(hasattr(state, part) for part in ("done", "memory")):
        what = "made by hand" if hasattr(history, "interrupted") else describe(history)
        raise TypeError(f"history is {what}; expected the History that train returned: {mend}")
    net = history.net
    arrays = (history.cost[-1:], *net.W.values(), *net.b.values())
    if not all(map(is_finite, arrays)):
        raise ValueError(
            "history ends with a cost or weights that are not finite; expected a training that "
            "did not diverge: train anew with a smaller learning_rate, from a snapshot if there "
            "is one"
        )
    return state


def steps_to_go(steps: Any, left: int, interrupted: bool) -> int:
    """Return the number of further steps, None for those that are left.

    After an interruption that may be none: only the last record was left out.
    """
    expected = "a whole number, at least 1"
    if steps is None and left == 0 and not interrupted:
        raise ValueError(
            f"steps is None, and the training came to its end; expected {expected}: say how many "
            "steps more, resume(history, steps=100)"
        )
    return left if steps is None else whole_number("steps", steps, expected)


def steps_to_keep(snapshots: Any, steps: int, begin: int = 0) -> set[int]:
    """Return the steps after which a copy of the network is kept."""
    last = f"{steps}, counted from the very first" if begin else f"steps = {steps}"
    expected = f"whole numbers from {begin} to {last}"
    if isinstance(snapshots, str | bytes) or not np.iterable(snapshots):
        raise TypeError(
            f"snapshots is {describe(snapshots)}; expected a list of {expected}: "
            "write snapshots=[0, 100]"
        )
    wanted = {whole_number("snapshots", s, expected, smallest=begin) for s in snapshots}
    if wanted and max(wanted) > steps:
        raise ValueError(f"snapshots has {max(wanted)}; expected {expected}: leave that one out")
    return wanted


# -------- numerical


def step_that_moves(x: np.ndarray, step: np.ndarray, h: float) -> None:
    """Refuse a difference so small beside x that it is lost."""
    if np.array_equal(x + h * step, x - h * step):
        raise ValueError(
            f"h is {describe(h)}; expected a step that moves x, which it does not beside "
            f"entries as large as {np.abs(x).max():.1g}: take a larger one"
        )


def complex_value(value: np.ndarray, depends_on_x: Callable[[], bool]) -> np.ndarray:
    """Refuse f(x) of a function that throws the imaginary part away."""
    if not np.iscomplexobj(value) and value.size and depends_on_x():
        raise ValueError(
            "f gives real numbers for complex x, although it depends on x; expected a function "
            "that lets complex numbers pass: avoid abs, .real and comparisons, or use "
            "finite_difference"
        )
    return value


def same_shape(value: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Refuse f(x) of another shape than f(x) had elsewhere."""
    if value.shape != first.shape:
        raise ValueError(
            f"f gives an array of shape {value.shape} here and {first.shape} there; expected one "
            "shape for all x: return an array whose shape depends on the shape of x only"
        )
    return value


def jacobian_of(J: np.ndarray, value: np.ndarray, x: np.ndarray) -> None:
    """Refuse a Jacobian whose rows are not f(x), or whose columns are not x."""
    if J.shape != value.shape + x.shape:
        raise shape_error(
            "jacobian",
            J,
            f"f(x).shape + x.shape = {value.shape + x.shape}",
            "rows are outputs; move the axes, or reshape",
        )


def pair(u: Any, v: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return two arrays of the same shape."""
    u = numbers("u", u, "numbers of any shape")
    v = numbers("v", v, "numbers of any shape")
    if u.shape != v.shape:
        raise shape_error(
            "v",
            v,
            f"{u.shape}, the shape of u",
            "compare arrays of equal shape; nothing is broadcast",
        )
    return u, v


# -------- noise


def shape_of_sample(size: Any) -> tuple[int, ...]:
    """Return the shape that is asked for by a number or a tuple of them."""
    parts = size if isinstance(size, tuple | list) else (size,)
    for part in parts:
        if isinstance(part, bool) or not isinstance(part, int | np.integer) or part < 0:
            raise (TypeError if not isinstance(part, int | np.integer) else ValueError)(
                f"size is {size!r}; expected a whole number or a tuple of them, 0 or more: "
                "write 100 or (1000, 100)"
            )
    return tuple(int(part) for part in parts)


def probability(name: str, value: Any) -> float:
    """Return a number from 0 to 1."""
    number = positive_number(name, value, "a probability such as 0.1", or_zero=True)
    if number > 1:
        raise ValueError(
            f"{name} is {value}; expected a probability, from 0 to 1: write 0.1 for 10 %"
        )
    return number


def times_as_wide(k: Any) -> float:
    """Return a positive number whose square is one, too."""
    mend = "10 makes outliers ten times as wide as the rest"
    number = positive_number("k", k, mend)
    if not 1e-100 < number < 1e100:
        raise ValueError(f"k is {number}; expected a number whose square is one, too: {mend}")
    return number


# -------- regression: one row a sample, unlike in networks


def regression_data(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Return x (R or 1, N, p), y (R, N), and the replicas' axes."""
    x, y = rows_and_numbers(x, y)
    lead = np.broadcast_shapes(x.shape[:-2], y.shape[:-1])
    N, p = x.shape[-2:]
    x = x[None] if x.ndim == 2 else np.broadcast_to(x, (*lead, N, p)).reshape(math.prod(lead), N, p)
    columns_that_vary(x)
    sizes_that_have_squares("y", np.maximum(-y.min(axis=-1), y.max(axis=-1)), "it")
    return x, np.broadcast_to(y, (*lead, N)).reshape(-1, N), lead


def rows_and_numbers(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return x (..., N, p) and y (..., N) with enough rows, and axes that fit."""
    x = real_numbers("x", x, "(..., N, p), one row a sample")
    y = real_numbers("y", y, "(..., N), one number a sample")
    if x.ndim < 2:
        raise shape_error("x", x, "(N, p), one row a sample", "write x[:, None] for one column")
    N, p = x.shape[-2:]
    if y.ndim == 0 or y.shape[-1] != N:
        raise shape_error(
            "y", y, f"(..., {N}), one number for each of the {N} rows of x", length_mend(x, y)
        )
    if p >= N:
        raise ValueError(
            f"x has {N} rows for {p + 1} unknowns (an intercept and {p} slopes); expected at "
            "least as many rows as unknowns: take more samples or fewer columns"
        )
    if 0 in x.shape[:-2] + y.shape[:-1]:
        raise ValueError(
            f"x has shape {x.shape} and y {y.shape}; expected at least one replica: there is "
            "nothing to fit"
        )
    if not axes_fit(x.shape[:-2], y.shape[:-1]):
        raise shape_error(
            "y",
            y,
            f"leading axes that fit those of x, {x.shape}",
            "one x for all replicas, or one for each",
        )
    return x, y


def sizes_that_have_squares(name: str, largest: np.ndarray, unit: str) -> None:
    """Refuse numbers so large, or so small, that their squares would be infinity or 0."""
    bad = (largest > 1e140) | ((largest > 0) & (largest < 1e-140))
    if np.any(bad):
        raise ValueError(
            f"{name} has numbers of size {largest[bad][0]:.0e}; expected sizes from 1e-140 to "
            f"1e140, whose squares a computer can hold: measure {unit} in other units"
        )


def length_mend(x: np.ndarray, y: np.ndarray) -> str:
    """Guess what was meant by a y that has not as many numbers as x has rows."""
    if y.ndim and y.shape[-1] == x.shape[-1]:
        return "samples are rows here, unlike in a network; write x.mT if yours are columns"
    if y.ndim >= 2 and y.shape[-2] == x.shape[-2] and y.shape[-1] == 1:
        return "y has no axis for columns; write y[..., 0]"
    return "give as many as there are samples"


def columns_that_vary(x: np.ndarray) -> None:
    """Refuse a column of ones, since the intercept is there already, and one beyond all units."""
    low, high = x.min(axis=1), x.max(axis=1)
    largest = np.maximum(-low, high)
    sizes_that_have_squares("x", largest, "that column")
    constant = high - low <= 1e-14 * largest
    if np.any(constant):
        replica, column = np.argwhere(constant)[0]
        where = f" (in replica {replica})" if len(x) > 1 else ""
        raise ValueError(
            f"x has a constant column, number {column}{where}; expected columns that vary: leave "
            "it out, the intercept is added here"
        )


def independent_columns(T: np.ndarray, N: int, first: int | None) -> None:
    """Refuse x of which one column is made of others, as the triangle T of its QR shows.

    `first` is the number of the first replica, None where there is one x for all.
    """
    flat = np.abs(np.diagonal(T, axis1=-2, axis2=-1)) <= 1e-10 * math.sqrt(N)
    if np.any(flat):
        replica, column = np.argwhere(flat)[0]
        where = "" if first is None else f" (in replica {first + replica})"
        raise ValueError(
            f"x has column {column - 1}{where} as a combination of the columns before it; expected "
            "columns that don't depend on each other: leave one out"
        )


def fit_of(
    fit: Any, x: np.ndarray, y: np.ndarray, lead: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients, residuals, scale and weights of a fit, one row a replica."""
    (R, N), q = y.shape, x.shape[2] + 1
    if any(getattr(fit, part, None) is None for part in ("coefficients", "residuals", "psi")):
        raise TypeError(
            f"fit is {describe(fit)}; expected what an estimator returned: write "
            "standard_errors(ols(x, y), x, y)"
        )
    if fit.weights.shape != (*lead, N) or fit.coefficients.shape[-1:] != (q,):
        raise shape_error(
            "fit.weights",
            fit.weights,
            f"{(*lead, N)}, as for these x and y",
            "pass the x and y that were fitted",
        )
    if q >= N:
        raise ValueError(
            f"x has {N} rows for {q} unknowns; expected more rows than unknowns: a fit through "
            "every point leaves nothing to estimate an error from"
        )
    return (
        fit.coefficients.reshape(R, q),
        fit.residuals.reshape(R, N),
        np.reshape(fit.scale, R),
        np.reshape(fit.weights, (R, N)),
    )


def residuals_of_these(off: np.ndarray, y: np.ndarray) -> None:
    """Refuse a fit whose residuals are `off` by more than rounding from those of these data."""
    if np.any(np.abs(off).max(axis=1) > 1e-6 * np.abs(y).max(axis=1)):
        raise ValueError(
            "fit has residuals that are not those of x and y; expected the fit of these data: "
            "pass the x and y that were fitted"
        )


def slopes_positive_on_average(mean: np.ndarray) -> None:
    """Refuse a fit from which no standard error follows."""
    if np.any(mean <= 0):
        raise ValueError(
            "fit has residuals for which ψ′ is not positive on average; expected a fit that most "
            "points are near to: look at fit.weights"
        )


def quantile(value: Any) -> float:
    """Return a fraction of the points, neither none nor all.

    Examples
    --------
    >>> quantile(0.9)
    0.9
    """
    number = positive_number("quantile", value, "write 0.9 for the upper tenth")
    if not 1e-6 <= number <= 1 - 1e-6:
        raise ValueError(
            f"quantile is {number}; expected a number from 1e-6 to 1 - 1e-6: write 0.9 for nine "
            "points in ten below the plane"
        )
    return number


def no_errors_of_chosen_points() -> NoReturn:
    """Refuse standard errors of least trimmed squares."""
    raise ValueError(
        "fit is of lts, whose points were chosen by their residuals, and a formula that takes them "
        "as given is much too small; expected a fit that has standard errors: use mm(x, y)"
    )


def leverages_have_a_meaning(kind: str, smooth: bool) -> None:
    """Refuse to leave samples out by a Newton step where ψ has jumps."""
    if not smooth:
        raise ValueError(
            f"kind is {kind!r}, which leaves out samples by the slope of ψ, but that of lad jumps; "
            "expected classical, sandwich, HC0 or HC1 there: use 'HC1'"
        )


def leverages_below_one(rest: np.ndarray, kind: str) -> None:
    """Refuse 1 − h of 0: without that sample there would be no fit."""
    if np.any(rest <= 1e-10):
        row = int(np.argwhere(rest <= 1e-10)[0][1])
        raise ValueError(
            f"x has row {row} with a leverage of 1 or more, without which the coefficients are not "
            f"determined; expected less for kind {kind!r}: use 'HC1', or leave the row out"
        )


def points_that_count(squares: np.ndarray) -> None:
    """Refuse a design of which too little is left by weights or slopes."""
    if np.any(np.linalg.matrix_rank(squares, hermitian=True) < squares.shape[-1]):
        raise ValueError(
            "fit has too few points that count to determine all coefficients; expected more of "
            "them: look at fit.weights"
        )


# -------- replicas


def sample(values: Any, smallest: int) -> np.ndarray:
    """Return one number for each of enough replicas."""
    values = numbers("values", values, "(R,), one number a replica")
    if values.ndim != 1 or values.size < smallest:
        expected = f"(R,) with R at least {smallest}"
        raise shape_error("values", values, expected, "one number a replica; use more replicas")
    return values


def counts(successes: Any, n: Any) -> tuple[int, int]:
    """Return two whole numbers, 0 ≤ successes ≤ n."""
    n = whole_number("n", n, "the number of replicas")
    successes = whole_number("successes", successes, f"a whole number from 0 to {n}", smallest=0)
    if successes > n:
        raise ValueError(
            f"successes is {successes}; expected at most n = {n}: the number of replicas comes "
            "second"
        )
    return successes, n


def row_count(arrays: tuple[Any, ...]) -> int:
    """Return the number of rows that all arrays have."""
    expected = "arrays of one length, at least 1: one row a replica"
    for array in arrays:
        if not isinstance(array, np.ndarray) or array.ndim == 0:
            raise TypeError(f"arrays has {describe(array)}; expected {expected}")
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) != 1 or 0 in lengths:
        raise ValueError(f"arrays has the lengths {lengths}; expected {expected}")
    return lengths[0]


def arrays_of(parts: Any, block: slice) -> Sequence[np.ndarray]:
    """Refuse what a function returns for a block if it is not one row a replica."""
    rows = block.stop - block.start
    if not isinstance(parts, tuple | list) or any(np.shape(part)[:1] != (rows,) for part in parts):
        raise TypeError(
            f"function returns {describe(parts)}; expected a tuple of arrays with as many rows as "
            f"it was given, here {rows}: write return a, b, or return (a,) for a single one"
        )
    return parts


# -------- explorers


def points_of_the_plane(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return points (2, N) and their labels, (2, N) or (1, N)."""
    if (x is None) != (y is None):
        missing, other = ("x", "y") if x is None else ("y", "x")
        raise ValueError(
            f"{missing} is None beside {other}; expected points x and labels y, or neither: write "
            "neuron(x, y)"
        )
    x = numbers("x", x, "(2, N), one column a point")
    y = numbers("y", y, "(2, N) or (1, N), 1 in the first row for the first class")
    if x.ndim != 2 or len(x) != 2:
        raise shape_error("x", x, "(2, N)", "one column a point of the plane")
    if y.ndim != 2 or y.shape[1] != x.shape[1] or len(y) not in (1, 2):
        raise shape_error("y", y, f"(2, {x.shape[1]}) or (1, {x.shape[1]})", "one column a label")
    return x, y


def three_neurons_of_two_inputs(W: Any) -> np.ndarray:
    """Return weights (3, 2), as many as can be drawn."""
    W = numbers("W", W, "(3, 2), three neurons with two inputs")
    if W.shape != (3, 2):
        raise shape_error("W", W, "(3, 2)", "three neurons with two inputs can be drawn here")
    return W


def two_two_one(net: Any) -> None:
    """Refuse all but a single sigmoid network with two inputs, two neurons and one output."""
    network(net)
    if net.replicas or tuple(net.sizes) != (2, 2, 1):
        raise ValueError(
            f"net is {net!r}; expected one network 2-2-1, which can be drawn with all its numbers: "
            "Network({2: W2, 3: W3}, {2: b2, 3: b3}) with W2 (2, 2) and W3 (1, 2)"
        )
    other = [net.activation[l].name for l in (2, 3) if net.activation[l].name != "sigmoid"]
    if other:
        raise ValueError(
            f"net has the activation {other[0]}; expected sigmoid in both layers, since the words "
            "below the picture say σ: make it without activation=… and output=…"
        )


def one_sigmoid_of_two_inputs(net: Any) -> None:
    """Refuse all but a single network over the plane with a sigmoid output."""
    network(net)
    if net.replicas or (net.sizes[0], net.sizes[-1]) != (2, 1):
        raise ValueError(
            f"net is {net!r}; expected one network with 2 inputs and 1 output: take one of its "
            "replicas, net.replica(0), or train one with these sizes"
        )
    if net.activation[net.L].name != "sigmoid":
        raise ValueError(
            f"net ends with {net.activation[net.L].name}; expected a sigmoid output, whose logit "
            "is shown too: make it without output=…"
        )


# -------- experiments


def stored_result(name: Any, path: Path, known: Collection[str]) -> Path:
    """Refuse the name of a result that is not stored."""
    if not isinstance(name, str) or not path.exists():
        raise ValueError(
            f"name is {name!r}; expected one of {', '.join(known)}: "
            "make them with  python3 -m utils results"
        )
    return path
