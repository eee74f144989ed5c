"""The library's documentation, and which module may import which."""

import ast
import importlib
import importlib.metadata
import inspect
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UTILS = ROOT / "utils"
# What students read lies flat; what belongs to a notebook, and machinery, in folders.
FLAT = sorted(path.stem for path in UTILS.glob("*.py") if not path.stem.startswith("_"))
FOLDERS = sorted(path.parent.name for path in UTILS.glob("*/__init__.py"))
MATHEMATICAL = [*(name for name in FLAT if name != "inputs"), "experiments"]
DOCUMENTED = [*FLAT, *(name for name in FOLDERS if name != "commands")]
# Which folder may use which, beside the mathematics.
USES = {
    "plots": set(),
    "checks": set(),
    "experiments": set(),
    "explorers": {"plots", "experiments"},
    "commands": set(),
}


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
    """Every public thing of these modules, by its name."""
    return {
        f"{name}.{called}": thing
        for name in modules
        for called, thing in public(importlib.import_module(f"utils.{name}")).items()
    }


def those(modules, faulty):
    """The names of public things in which `faulty` finds something, with what it finds."""
    found = {name: faulty(thing) for name, thing in of(modules).items()}
    return {name: fault for name, fault in found.items() if fault}


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
def test_mathematical_modules_say_what_they_are_for_and_what_is_public(name):
    module = importlib.import_module(f"utils.{name}")
    assert len(module.__doc__) > 60
    assert module.__all__ == sorted(module.__all__)
    assert len(set(module.__all__)) == len(module.__all__)
    assert all(hasattr(module, called) for called in module.__all__)


def test_there_are_things_to_look_at():
    assert {"utils.plots.style", "utils.gradients", "utils.checks.exercise"} <= {
        thing.__module__ for thing in of(DOCUMENTED).values()
    }
    assert set(FOLDERS) == set(USES), "say in USES what a new folder of utils may use"
    assert len(of(DOCUMENTED)) > 60


def test_whatever_is_public_has_a_docstring_of_its_own():
    def undocumented(thing):
        doc = thing.__doc__ or ""  # a dataclass or a NamedTuple writes one by itself
        return not doc or (inspect.isclass(thing) and doc.startswith(f"{thing.__name__}("))

    assert those(DOCUMENTED, undocumented) == {}


def test_methods_and_properties_have_docstrings():
    def undocumented(thing):
        if not inspect.isclass(thing):
            return []
        ours = [base for base in thing.__mro__ if base.__module__.startswith("utils.")]
        named = {name for base in ours for name in vars(base) if not name.startswith("_")}
        members = {name: inspect.getattr_static(thing, name) for name in named}
        return [
            name
            for name, member in members.items()
            if (inspect.isroutine(member) or isinstance(member, property))
            and not inspect.getdoc(member)  # that of the base class is good enough
        ]

    assert those(DOCUMENTED, undocumented) == {}


def test_a_docstring_begins_with_a_sentence():
    def no_sentence(thing):
        first = sections(thing)[""].split("\n\n")[0]
        opens = first[0].isupper() or not first[0].isalpha() or first.startswith(("f′", "∇"))
        closes = first.rstrip().endswith((".", "?", ":", "]", "…"))
        return "" if len(first) > 10 and opens and closes else first

    assert those(DOCUMENTED, no_sentence) == {}


def test_mathematics_says_what_goes_in():
    def unlisted(thing):
        found = sections(thing)
        texts = [found.get(part, "") for part in ("Parameters", "Attributes")]
        listed = [name for text in texts for name in names_listed(text)]
        return [name for name in own_parameters(thing) if name not in listed]

    assert those(MATHEMATICAL, unlisted) == {}


def test_mathematics_lists_no_parameter_that_does_not_exist():
    def invented(thing):
        return set(names_listed(sections(thing).get("Parameters", ""))) - {*own_parameters(thing)}

    assert those(MATHEMATICAL, invented) == {}


def test_mathematics_says_what_comes_out():
    def silent(thing):
        gives = inspect.isfunction(thing) and inspect.signature(thing).return_annotation is not None
        return gives and not sections(thing).get("Returns", "").strip()

    assert those(MATHEMATICAL, silent) == {}


def test_mathematics_shows_an_example():
    def without(thing):
        examples = sections(thing).get("Examples", "")
        called = inspect.isclass(thing) or f"{thing.__name__}(" in examples
        return not (">>> " in examples and called)

    assert those(MATHEMATICAL, without) == {}


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


def named(path, library=UTILS):
    """What a file is called when it is imported, without the library's own name: plots.style."""
    parts = path.relative_to(library).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def is_file(name, library=UTILS):
    return library.joinpath(*name.split(".")[1:]).with_suffix(".py").exists()


def imported(path, library=UTILS):
    """Modules of utils that a file imports, at its head or inside a function.

    Who imports a room of a package also imports the package, and that imports all its rooms.
    """
    here = ["utils", *path.relative_to(library).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) + 1 - node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names = {f"{module}.{alias.name}" for alias in node.names}
            rooms = {name for name in names if is_file(name, library)}
            found |= names if module == ".".join(here) and rooms == names else {module, *names}
    parts = [name.split(".") for name in found if name.startswith("utils.")]
    # A room is no user of the packages that it sits in.
    ours = {".".join(here[1:n]) for n in range(2, len(here) + 1)}
    modules = {".".join(p[1:n]) for p in parts for n in range(2, len(p))} - ours
    modules |= {".".join(p[1:]) for p in parts}
    if path.name == "__init__.py" and path.parent != library:
        modules |= {named(room, library) for room in path.parent.glob("*.py") if room != path}
    files = {name: library.joinpath(*name.split(".")) for name in modules}
    return {
        name
        for name, file in files.items()
        if file.with_suffix(".py").exists() or (file / "__init__.py").exists()
    }


IMPORTS = {named(path): imported(path) for path in sorted(UTILS.rglob("*.py"))}
ROOMS = sorted(name for name in IMPORTS if "." in name)
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
    assert imported(reader, tmp_path) == set("abcef")
    assert {"network", "inputs"} <= IMPORTS["gradients"]


def test_the_reader_of_imports_sees_packages_and_their_rooms(tmp_path):
    house = tmp_path / "house"
    house.mkdir()
    texts = {
        "house/__init__": "",
        "house/hall": "",
        "house/attic": "from .hall import a\nfrom ..garden import b\n",
        "house/cellar": "from utils.house import hall, a\nimport utils.garden\n",
        "garden": "",
        "visitor": "from utils.house.hall import a\n",
        "guest": "from utils import house\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    read = {n: imported(tmp_path / f"{n}.py", tmp_path) for n in texts}
    assert named(house / "__init__.py", tmp_path) == "house"
    assert named(house / "hall.py", tmp_path) == "house.hall"
    assert read["house/__init__"] == {"house.hall", "house.attic", "house.cellar"}
    assert read["visitor"] == {"house", "house.hall"}
    assert read["guest"] == {"house"}
    assert read["house/attic"] == {"house.hall", "garden"}
    assert read["house/cellar"] == {"house", "house.hall", "garden"}
    assert "plots.style" in IMPORTS["explorers.parts"] & IMPORTS["plots"]


@pytest.mark.parametrize("module", CORE)
def test_the_core_imports_only_what_it_rests_on(module):
    assert IMPORTS[module] <= CORE[module]


DISTRIBUTION = {"PIL": "pillow"}  # where it is not the name that is imported


def outside_imports(text):
    """What a file imports from other people's packages: first names, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"utils"}


def test_the_reader_of_outside_imports_sees_every_form():
    text = (
        "import sys, a.b\nfrom c.d import e\nfrom utils import x\ndef f():\n    from . import g\n"
    )
    assert outside_imports(text) == {"a", "c"}


def brought_by(package):
    """What a package needs; extras left out, and nothing where it is not installed."""
    try:
        lines = importlib.metadata.requires(package) or ()
    except importlib.metadata.PackageNotFoundError:  # needed on other systems only
        return set()
    return {re.match(r"[\w.-]+", line)[0].lower() for line in lines if "extra ==" not in line}


def test_every_package_that_utils_imports_is_required_by_name_or_by_one_that_is():
    lines = (UTILS.parent / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = {re.match(r"[\w-]+", line)[0] for line in lines if line and line[0] != "#"}
    brought, new = set(), named
    while new:  # what they need, what that needs, and so on
        brought, new = brought | new, set().union(*map(brought_by, new)) - brought - new
    used = {
        name for path in UTILS.rglob("*.py") for name in outside_imports(path.read_text("utf-8"))
    }
    used = {DISTRIBUTION.get(name, name.lower()) for name in used}
    assert used >= {"numpy", "contourpy", "pillow", "ipython"}  # the reader sees something
    assert used <= brought, f"imported, and nobody requires it: {used - brought}"


@pytest.mark.parametrize("module", FLAT)
def test_mathematics_uses_no_folder(module):
    used = {name.split(".")[0] for name in IMPORTS[module]}
    assert used <= set(FLAT), f"utils/{module}.py is read in class, and uses {used - set(FLAT)}"


@pytest.mark.parametrize("room", ROOMS)
def test_folders_use_the_mathematics_and_what_lies_below_them(room):
    folder = room.split(".")[0]
    above = {name.split(".")[0] for name in IMPORTS[room]} - set(FLAT) - USES[folder] - {folder}
    assert not above, f"utils/{room.replace('.', '/')}.py uses {above}"
    if folder == "commands":  # they run on a bare Python, before anything is installed
        assert not {name for name in IMPORTS[room] if not name.startswith("commands")}


def test_what_belongs_to_a_notebook_has_its_name():
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    for path in sorted(UTILS.glob("*/nb[0-9]*.py")):
        name = path.stem.removeprefix("nb")
        assert name in notebooks, f"there is no notebooks/{name}.ipynb for {path.relative_to(ROOT)}"


def test_imports_point_one_way():
    list(TopologicalSorter(IMPORTS).static_order())  # raises CycleError where there is a circle


@pytest.mark.parametrize(
    "path", sorted(UTILS.rglob("*.py")), ids=lambda p: str(p.relative_to(UTILS))
)
def test_arguments_are_refused_at_the_door(path):
    """A ValueError or TypeError is raised in inputs.py alone (commands give advice instead)."""
    if path.name == "inputs.py" or path.parent.name == "commands":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            raised = ast.unparse(node.exc.func)
            where = f"{path.relative_to(ROOT)}, line {node.lineno}"
            assert raised not in ("ValueError", "TypeError"), f"{where}: belongs into inputs.py"
