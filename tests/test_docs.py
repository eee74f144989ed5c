"""The library's documentation, and which module may import which."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MATHEMATICAL = ["activations", "network", "gradients", "numerical", "losses", "training",
                "noise", "regression", "replicas", "experiments", "data"]  # fmt: skip
DOCUMENTED = [*MATHEMATICAL, "inputs", "plots", "slips", "checks", "pictures", "explorers"]


def public(module):
    """Functions and classes by __all__; without one, those made here that have no underscore."""
    names = getattr(module, "__all__", None)
    if names is None:
        names = [
            name
            for name, thing in vars(module).items()
            if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__
        ]
    things = {name: getattr(module, name) for name in names}
    return {n: t for n, t in things.items() if inspect.isfunction(t) or inspect.isclass(t)}


def of(modules):
    """Every public thing of these modules, as pytest parameters."""
    return [
        pytest.param(thing, id=f"{name}.{called}")
        for name in modules
        for called, thing in public(importlib.import_module(f"utils.{name}")).items()
    ]


def sections(thing):
    """{heading: text} of a docstring in NumPy's style; what precedes them is under ""."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}$", inspect.cleandoc(thing.__doc__ or ""), flags=re.M)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2]))}


def names_listed(text):
    """Names on the left of a colon, or alone on a line, in a section: `W, b : arrays`."""
    lines = [line.split(" :")[0] for line in text.splitlines() if line and line[0] != " "]
    return [name.strip().lstrip("*") for line in lines for name in line.split(",")]


def own_parameters(thing):
    """Names of what a function takes, or a class of ours by an __init__ (or fields) of its own."""
    if inspect.isclass(thing):
        fields = vars(thing).get("_fields") or vars(thing).get("__dataclass_fields__")
        if fields:
            return list(fields)
        if "__init__" not in vars(thing):
            return []
        return list(inspect.signature(thing.__init__).parameters)[1:]
    return list(inspect.signature(thing).parameters)


@pytest.mark.parametrize("name", MATHEMATICAL)
def test_mathematical_modules_say_what_is_public(name):
    module = importlib.import_module(f"utils.{name}")
    assert module.__doc__
    assert module.__all__ == sorted(module.__all__)
    assert len(set(module.__all__)) == len(module.__all__)
    assert all(hasattr(module, called) for called in module.__all__)


def test_there_are_things_to_look_at():
    assert {"utils.plots", "utils.gradients", "utils.slips"} <= {
        p.values[0].__module__ for p in of(DOCUMENTED)
    }
    assert len(of(DOCUMENTED)) > 60


@pytest.mark.parametrize("thing", of(DOCUMENTED))
def test_whatever_is_public_has_a_docstring(thing):
    assert thing.__doc__
    if inspect.isclass(thing):
        generated = f"{thing.__name__}("  # what a dataclass or a NamedTuple writes by itself
        assert not thing.__doc__.startswith(generated)


@pytest.mark.parametrize("thing", [p for p in of(DOCUMENTED) if inspect.isclass(p.values[0])])
def test_methods_and_properties_have_docstrings(thing):
    ours = [base for base in thing.__mro__ if base.__module__.startswith("utils.")]
    named = {name for base in ours for name in vars(base) if not name.startswith("_")}
    members = {name: inspect.getattr_static(thing, name) for name in named}
    undocumented = [
        name
        for name, member in members.items()
        if (inspect.isroutine(member) or isinstance(member, property))
        and not inspect.getdoc(member)  # that of the base class is good enough
    ]
    assert undocumented == []


@pytest.mark.parametrize("thing", of(DOCUMENTED))
def test_a_docstring_begins_with_a_sentence(thing):
    first = sections(thing)[""].split("\n\n")[0]
    assert first.rstrip().endswith((".", "?", ":", "]", "…"))
    assert first[0].isupper() or not first[0].isalpha() or first.startswith(("f′", "∇"))


@pytest.mark.parametrize("thing", of(MATHEMATICAL))
def test_mathematics_says_what_goes_in(thing):
    found = sections(thing)
    listed = names_listed(found.get("Parameters", "")) + names_listed(found.get("Attributes", ""))
    assert [name for name in own_parameters(thing) if name not in listed] == []


@pytest.mark.parametrize("thing", of(MATHEMATICAL))
def test_mathematics_lists_no_parameter_that_does_not_exist(thing):
    listed = names_listed(sections(thing).get("Parameters", ""))
    assert set(listed) <= set(own_parameters(thing))


@pytest.mark.parametrize("thing", of(MATHEMATICAL))
def test_mathematics_says_what_comes_out(thing):
    if inspect.isfunction(thing) and inspect.signature(thing).return_annotation is not None:
        assert sections(thing).get("Returns", "").strip()


@pytest.mark.parametrize("thing", of(MATHEMATICAL))
def test_mathematics_shows_an_example(thing):
    examples = sections(thing).get("Examples", "")
    assert ">>> " in examples
    assert inspect.isclass(thing) or f"{thing.__name__}(" in examples


# -------- imports


def test_utils_alone_imports_nothing_beyond_the_standard_library():
    code = (
        "import sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "before = set(sys.modules)\n"
        "import utils\n"
        "print(*set(sys.modules) - before)"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", code, str(ROOT)], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert "utils" in loaded
    assert {name.split(".")[0] for name in loaded} - {"utils"} <= set(sys.stdlib_module_names)
    assert not {name for name in loaded if name.startswith("utils.")}


def imported(path):
    """Modules of utils that a file imports, at its head or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = ".".join(filter(None, ["utils" if node.level else "", node.module]))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    parts = [name.split(".") for name in found]
    modules = {p[1] for p in parts if p[0] == "utils" and len(p) > 1}
    return {name for name in modules if (path.parent / f"{name}.py").exists()}


IMPORTS = {path.stem: imported(path) for path in sorted((ROOT / "utils").glob("*.py"))}
# the core: nothing but what is named here
CORE = {
    "inputs": set(),
    "activations": {"inputs"},
    "network": {"activations", "inputs"},
    "gradients": {"network", "inputs"},
    "losses": {"activations", "inputs"},
}


def test_the_reader_of_imports_sees_every_form(tmp_path):
    for name in "abcdef":
        (tmp_path / f"{name}.py").touch()
    reader = tmp_path / "reader.py"
    reader.write_text(
        "import utils.a, numpy\nfrom utils import b\nfrom utils.c import d\n"
        "def f():\n    from .e import g\n    from . import f\n"
    )
    assert imported(reader) == set("abcef")
    assert {"network", "inputs"} <= IMPORTS["gradients"]


@pytest.mark.parametrize("module", CORE)
def test_the_core_imports_only_what_it_rests_on(module):
    assert IMPORTS[module] <= CORE[module]


@pytest.mark.parametrize("module", MATHEMATICAL)
def test_mathematics_imports_no_figures_slips_checks_or_commands(module):
    above = {"plots", "pictures", "slips", "checks", "explorers", "cli", "refresh", "__main__"}
    assert not IMPORTS[module] & above


def test_imports_point_one_way():
    list(TopologicalSorter(IMPORTS).static_order())  # raises CycleError where there is a circle
