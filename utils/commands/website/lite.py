"""The notebooks in a browser: JupyterLite with Pyodide, and the course's own files in it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from utils.commands.copies import cells_digest, read_notebook, write_copy
from utils.commands.course import Advice

NETWORK = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"  # where Pyodide's files usually lie
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# Loaded all at once when a kernel starts. The notebooks need the first three (ipywidgets is
# imported within utils, where the kernel does not look); the others the kernel would fetch one by
# one.
PACKAGES = ("numpy", "matplotlib", "ipywidgets", "ipython", "jedi", "ssl", "sqlite3", "micropip",
            "comm", "ipykernel", "piplite", "pyodide_kernel", "course_fonts")  # fmt: skip
# Wheels that Pyodide's own list lacks: what they need of it, and what is imported.
ADDED: dict[str, tuple[str, ...]] = {
    "comm": ("traitlets",),
    "course-fonts": ("matplotlib",),  # so it is unpacked after that
    "ipykernel": (),
    "ipywidgets": ("comm", "traitlets", "ipython", "jupyterlab-widgets"),
    "jupyterlab-widgets": (),
    "piplite": ("micropip",),
    "pyodide-kernel": ("comm", "ipykernel", "ipython", "jedi", "piplite"),
}
KERNEL = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
LANGUAGE = {  # as the kernel will say, so that opening a notebook changes nothing
    "codemirror_mode": {"name": "python", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.8",
}
LONG_AGO = 1_577_836_800  # 2020: one date for every file, so that two builds are the same


def write_lite(root: Path, workshop: Path, target: Path, wheels: Path | None) -> None:
    """Build JupyterLite with the course in it.

    Parameters
    ----------
    root : Path
        The course folder.
    workshop : Path
        Where the programs are: ``vendor``, ``wheels``, and room for what is made on the way.
    target : Path
        The folder to be written.
    wheels : Path or None
        Pyodide's package files; None to leave them to the content network.
    """
    lite = workshop / "lite"
    shutil.rmtree(lite, ignore_errors=True)
    contents = lite / "contents"
    put_course(root, contents)
    put_pyodide(workshop, lite / "static" / "pyodide", wheels)
    for name in ("jupyter-lite.json", "overrides.json"):
        shutil.copy(Path(__file__).with_name(name), lite / name)
    fill_in_packages(lite / "jupyter-lite.json")
    for path in [lite, *lite.rglob("*")]:
        os.utime(path, (LONG_AGO, LONG_AGO))
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps"]
    command += [f"--lite-dir={lite}", f"--contents={contents}", f"--output-dir={target}"]
    command += [f"--source-date-epoch={LONG_AGO}", "--no-libarchive"]
    command += [f"--apps={app}" for app in ("lab", "notebooks", "tree", "edit")]
    done = subprocess.run(command, cwd=lite, capture_output=True, text=True, check=False)
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise Advice(f"{end}\nJupyterLite could not be built: mend what is named above.")


def put_course(root: Path, contents: Path) -> None:
    """Lay out the course as on a reader's own disk: copies in `work`, the library, the data."""
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        (contents / "work").mkdir(parents=True, exist_ok=True)
        notebook = read_notebook(path)
        copy = contents / "work" / path.name
        write_copy(notebook, cells_digest(notebook), path.name, copy)
        as_here = json.loads(copy.read_text(encoding="utf-8"))
        as_here["metadata"].update(kernelspec=KERNEL, language_info=LANGUAGE)
        text = json.dumps(as_here, indent=1, ensure_ascii=False, sort_keys=True)
        copy.write_text(text + "\n", encoding="utf-8", newline="\n")
    unwanted = shutil.ignore_patterns("__pycache__", "__main__.py", "commands")
    shutil.copytree(root / "utils", contents / "utils", ignore=unwanted)
    shutil.copytree(root / "notebooks" / "data", contents / "notebooks" / "data")


def put_pyodide(workshop: Path, folder: Path, wheels: Path | None) -> None:
    """Put Pyodide's core there, the packages, and the list of packages with their checksums."""
    folder.mkdir(parents=True)
    vendor = workshop / "vendor" / "pyodide"
    for name in CORE:
        shutil.copyfile(vendor / name, folder / name)
    lock = json.loads((vendor / "pyodide-lock.json").read_text(encoding="utf-8"))
    wanted = needed(lock["packages"])
    for entry in wanted.values():
        if wheels is None:
            entry["file_name"] = NETWORK + entry["file_name"]
        else:
            copy_checked(wheels / entry["file_name"], entry["sha256"], folder)
    (workshop / "wheels").mkdir(exist_ok=True)
    make_wheel_of_fonts(workshop / "wheels")
    for name, depends in ADDED.items():
        wheel = find_wheel(name, workshop)
        shutil.copyfile(wheel, folder / wheel.name)
        wanted[name] = entry_of(wheel, name, depends)
    lock["packages"] = dict(sorted(wanted.items()))
    text = json.dumps(lock, indent=1, sort_keys=True)
    (folder / "pyodide-lock.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def canonical(name: str) -> str:
    """A package's name as Pyodide's list spells it.

    Examples
    --------
    >>> canonical("Jupyterlab_Widgets")
    'jupyterlab-widgets'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(packages: dict[str, Any]) -> dict[str, Any]:
    """Of Pyodide's packages those that the notebooks and the kernel need, and what these need.

    Examples
    --------
    >>> names = "numpy matplotlib traitlets ipython jedi ssl sqlite3 micropip scipy pytz".split()
    >>> some = {name: {"depends": []} for name in names}
    >>> some["matplotlib"]["depends"] = ["pytz"]
    >>> "pytz" in needed(some), "scipy" in needed(some)
    (True, False)
    """
    every = {canonical(name): entry for name, entry in packages.items()}
    todo = [canonical(name) for names in (PACKAGES, *ADDED.values()) for name in names]
    found: dict[str, Any] = {}
    while todo:
        name = todo.pop()
        if name not in found and name not in ADDED:
            found[name] = every[name]
            todo += [canonical(other) for other in every[name]["depends"]]
    return found


def copy_checked(file: Path, sha256: str, folder: Path) -> None:
    """Copy a package file, unless it is another than the one in Pyodide's list."""
    if not file.exists():
        raise Advice(f"{file.name} is not among the package files: get a whole release of Pyodide.")
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Advice(f"{file.name} is not the file that Pyodide's list names: fetch it again.")
    (folder / file.name).write_bytes(content)


def make_wheel_of_fonts(folder: Path) -> None:
    """Pack a list of Matplotlib's own fonts, in place of one that Pyodide ships and can't use.

    Without it Matplotlib makes the list anew at every start, and says so. (This one was made by
    Matplotlib 3.8.4, ``json_dump(fontManager, "fontlist.json")``, and put in order.)
    """
    fonts = Path(__file__).with_name("fontlist.json").read_text(encoding="utf-8")
    info = "course_fonts-1.dist-info"
    files = {
        "matplotlib/fontlist.json": fonts,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: course-fonts\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with ZipFile(folder / "course_fonts-1-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(ZipInfo(name), text)  # of 1980, so that two builds are the same


def find_wheel(name: str, workshop: Path) -> Path:
    """Find the file of an added package: from pip, or out of the kernel's own store."""
    stem = name.replace("-", "_")
    places = (workshop / "wheels", Path(sys.prefix) / "share" / "jupyter" / "labextensions")
    return next(file for place in places for file in sorted(place.rglob(f"{stem}-*.whl")))


def entry_of(wheel: Path, name: str, depends: tuple[str, ...]) -> dict[str, Any]:
    """What Pyodide's list says of a package that was added to it."""
    return {
        "name": name,
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": [name.replace("-", "_")],
        "depends": list(depends),
        "unvendored_tests": False,
    }


def fill_in_packages(place: Path) -> None:
    """Write the list of packages into JupyterLite's settings."""
    settings = json.loads(place.read_text(encoding="utf-8"))
    (kernel,) = settings["jupyter-config-data"]["litePluginSettings"].values()
    kernel["loadPyodideOptions"]["packages"] = list(PACKAGES)
    place.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8", newline="\n")
