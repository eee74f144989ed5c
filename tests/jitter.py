"""The arithmetic of another machine, on this one.

Another processor, another BLAS, another release of NumPy: each adds the terms of a sum in an order
of its own, and rounds elsewhere. With

    COURSE_JITTER=3 python3 -m utils test

all matrix products, sums, exponentials and solutions that the library and the notebooks compute are
moved by up to 1e-15 of themselves. Another whole number in place of the 3 moves them differently.
What is green for ten of them rests on no rounding.

How it is done: where a module of `utils`, a test, or a cell of a notebook is compiled, `A @ B`
becomes `__jitter__(A @ B)`, and likewise calls such as `np.linalg.solve(A, b)` and `r.sum()`. As on
a real machine, the same operands always give the same result, and a result with few digits, such as
2 or 0.375, stays exact: every machine gets it so. Exponentials and logarithms, which NumPy promises
to a unit in the last digit, are moved by one.
"""

import ast
import builtins
import functools
import importlib.machinery
import os
import sys
import zlib
from pathlib import Path

import numpy as np

LIBRARY = str(Path(__file__).resolve().parent.parent / "utils")
# By how much: results of np.NAME and np.linalg.NAME,
SUMS, ONES = 1e-15, 2.0**-53
FUNCTIONS = {
    **dict.fromkeys(("dot", "einsum", "matmul", "tensordot", "vdot", "convolve", "sum", "mean",
                     "std", "var", "average", "cumsum", "inv", "lstsq", "norm", "pinv", "qr",
                     "solve", "svd", "eigh", "det"), SUMS),
    **dict.fromkeys(("exp", "expm1", "log", "log1p", "tanh", "sin", "cos", "arctan2", "logaddexp"),
                    ONES),
}  # fmt: skip
# and of methods of arrays.
METHODS = dict.fromkeys(("sum", "mean", "std", "var", "dot", "cumsum"), SUMS)


def seed_of(environment):
    """The seed asked for, or None.

    Examples
    --------
    >>> seed_of({"COURSE_JITTER": "3"}), seed_of({})
    (3, None)
    """
    asked = environment.get("COURSE_JITTER", "")
    if asked and not asked.isdecimal():
        raise SystemExit(f"COURSE_JITTER takes a whole number, as 3; {asked!r} is none.")
    return int(asked) if asked else None


def moved(values, size, seed):
    """Each of these float64 numbers moved by a part of itself, at most `size`, that it decides."""
    shape = zlib.crc32(repr(values.shape).encode())  # many columns may round otherwise than one
    with np.errstate(all="ignore"):
        # splitmix64 of the number's own bits, but for its sign: sums and functions stay odd
        h = np.abs(values).view(np.uint64) + np.uint64(
            (0x9E3779B97F4A7C15 * (seed + 1) + shape) % 2**64
        )
        h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        part = (h >> np.uint64(11)) * 2.0**-52 - 1
        few_digits = np.rint(values * 2.0**20) == values * 2.0**20
        return np.where(few_digits, values, values + size * part * values)


def jitter(value, size=SUMS, seed=0):
    """What another machine might have got in the place of this result.

    Examples
    --------
    >>> third = np.array([1, 2]) / 3
    >>> np.array_equal(jitter(third), third), np.allclose(jitter(third), third, rtol=2e-15)
    (False, True)
    >>> np.array_equal(jitter(third), jitter(third)), jitter(np.float64(0.375)).item()
    (True, 0.375)
    """
    if isinstance(value, tuple):
        parts = [jitter(part, size, seed) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if not isinstance(value, np.ndarray | np.generic) or value.dtype not in (float, complex):
        return value
    numbers = np.ascontiguousarray(value).view(float)
    result = moved(numbers, size, seed).view(value.dtype).reshape(value.shape)
    return result if isinstance(value, np.ndarray) else result[()]


class Wrap(ast.NodeTransformer):
    """Writes `__jitter__(…, size)` around whatever may round otherwise elsewhere."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return self.around(node, SUMS) if isinstance(node.op, ast.MatMult) else node

    def visit_Call(self, node):
        self.generic_visit(node)
        function = node.func
        if not isinstance(function, ast.Attribute) or any(k.arg == "out" for k in node.keywords):
            return node
        owner = ast.unparse(function.value)
        sizes = FUNCTIONS if owner in ("np", "np.linalg") else METHODS
        size = sizes.get(function.attr)
        return node if size is None else self.around(node, size)

    @staticmethod
    def around(node, size):
        call = ast.Call(ast.Name("__jitter__", ast.Load()), [node, ast.Constant(size)], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


class Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module of the library, always from its source."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return compile(Wrap().visit(ast.parse(self.get_data(path))), path, "exec")


class Finder(importlib.machinery.PathFinder):
    """Finds the modules of the library, and leaves all others to Python."""

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname.split(".")[0] != "utils":
            return None
        spec = super().find_spec(fullname, path, target)
        if spec is None or not (spec.origin or "").startswith(LIBRARY):
            return None
        spec.loader = Loader(spec.name, spec.origin)
        return spec


def install(seed, shell=None):
    """From now on, modules of utils and tests are imported so, and a shell's cells are run so."""
    assert "utils.network" not in sys.modules, "too late: the library is there already"
    builtins.__jitter__ = functools.partial(jitter, seed=seed)
    sys.meta_path.insert(0, Finder)
    if shell is not None:
        shell.ast_transformers.append(Wrap())
    else:
        also_tests()


def also_tests():
    """Have pytest compile tests so too, before it rewrites their asserts; never from a cache."""
    from _pytest.assertion import rewrite

    original = rewrite.rewrite_asserts
    rewrite.rewrite_asserts = lambda tree, *rest: original(Wrap().visit(tree), *rest)
    rewrite._read_pyc = lambda *_: None
    rewrite._write_pyc = lambda *_: None


def install_if_asked(shell=None):
    """Do so where $COURSE_JITTER asks for it."""
    seed = seed_of(os.environ)
    if seed is not None:
        install(seed, shell)
