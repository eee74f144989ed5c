"""Programs of others that a page of ours needs beside it, from the npm registry: pinned, checked.

They are fetched once with `npm pack`, which goes where the reader's npm is told to go, and are
compared with the checksums below before a byte of them is used.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

from utils.commands.course import Advice


class Package(NamedTuple):
    """One package: its version, the SHA-512 of its file, and the folders and files in use."""

    version: str
    sha512: str
    wanted: tuple[str, ...]


PACKAGES = {
    "reveal.js": Package(
        "5.2.1",
        (
            "afbfffea620ce69df884588332f61f5e0ca35ea191b5afbfa6c77d62dcadb204"
            "65ae947316fe116c7efa4d7776a83fbb64f6446e904385d46125a1607d0ef335"
        ),
        ("dist/", "plugin/notes/", "LICENSE"),
    ),
    "mathjax": Package(
        "3.2.2",
        (
            "06df9249553c7811b6ef30a155ec0e89c62ced7b1db78d2a9b8f94a47c97ee4d"
            "3f3bd36588f73ec7bee4d7f144b0fb2328f64626fb5164cd6f3be81e5b43a11b"
        ),
        ("es5/tex-svg-full.js", "LICENSE"),
    ),
    "pyodide": Package(
        "0.27.7",
        (
            "45449526585075f59f80ef615470a25e81be9d5650452e43f45ce0a4b27f55c8"
            "0604b4802a83cbf244e23a29316c7426d6444849e59405dba51203b6eaaa5244"
        ),
        ("pyodide.js", "pyodide.mjs", "pyodide.asm.", "python_stdlib.zip", "pyodide-lock.json"),
    ),
    "axe-core": Package(
        "4.14.1",
        (
            "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b73"
            "4f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5"
        ),
        ("axe.min.js", "LICENSE"),
    ),
}


def provide(folder: Path, names: tuple[str, ...]) -> None:
    """See that the packages lie in a folder, each under its name.

    Raises
    ------
    Advice
        There is no npm, the registry can't be reached, or a file is not the one we know.
    """
    for name in names:
        package, target = PACKAGES[name], folder / name
        stamp = target / ".version"
        if stamp.is_file() and stamp.read_text("utf-8") == package.sha512:
            continue
        print(f"Fetching {name} {package.version} ...", flush=True)
        with tempfile.TemporaryDirectory() as temporary:
            archive = fetched(name, package, Path(temporary))
            unpack(archive, package, target)
        stamp.write_text(package.sha512, encoding="utf-8")


def fetched(name: str, package: Package, folder: Path) -> Path:
    """Fetch a package's file, and refuse it if it is another than ours."""
    npm = shutil.which("npm")
    if npm is None:
        raise Advice(
            f"{name} comes from the npm registry, and there is no npm here: install Node.js (its "
            "package is called nodejs or node, npm comes with it), then start again."
        )
    command = [npm, "pack", "--silent", f"{name}@{package.version}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    files = sorted(folder.glob("*.tgz"))
    if done.returncode or not files:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Advice(f"npm could not fetch {name} {package.version} ({last}): is the net there?")
    if hashlib.sha512(files[0].read_bytes()).hexdigest() != package.sha512:
        raise Advice(
            f"The file of {name} {package.version} that npm brought is not the one we know; it was "
            "not used. Ask whoever runs your registry."
        )
    return files[0]


def unpack(archive: Path, package: Package, target: Path) -> None:
    """Put the wanted part of a package into a folder of its own."""
    shutil.rmtree(target, ignore_errors=True)
    with tarfile.open(archive) as file:
        for member in file.getmembers():
            inside = member.name.partition("/")[2]
            if member.isfile() and inside.startswith(package.wanted) and ".." not in inside:
                place = target / inside
                place.parent.mkdir(parents=True, exist_ok=True)
                content = file.extractfile(member)
                assert content is not None  # it is a file
                place.write_bytes(content.read())
