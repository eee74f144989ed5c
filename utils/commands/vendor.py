"""Programs of others that a page of ours needs beside it, from the npm registry: pinned, checked.

They are fetched once with `npm pack`, which goes where the reader's npm is told to go, and are
compared with the checksums in pins.txt before a byte of them is used.
"""

from __future__ import annotations

import hashlib
import re
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


PINS = Path(__file__).with_name("pins.txt")
NPM = re.compile(r"# npm (\S+)@(\S+) sha512:([0-9a-f]{128}) (.+)")


def pinned(text: str) -> dict[str, Package]:
    """Read the packages of npm out of the file of pins.

    Examples
    --------
    >>> found = pinned(f"# npm reveal.js@5.2.1 sha512:{64 * 'ab'} dist/ LICENSE")
    >>> found["reveal.js"].version, found["reveal.js"].wanted
    ('5.2.1', ('dist/', 'LICENSE'))
    """
    lines = filter(None, map(NPM.fullmatch, text.splitlines()))
    return {m[1]: Package(m[2], m[3], tuple(m[4].split())) for m in lines}


PACKAGES = pinned(PINS.read_text(encoding="utf-8"))


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
