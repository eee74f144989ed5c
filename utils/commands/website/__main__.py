"""Build the site: ``python -m utils.commands.website [FOLDER of Pyodide's package files]``.

``python3 -m utils site`` starts this with the Python in ``.site``.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from utils.commands.course import ROOT, in_plain_words
from utils.commands.site import SITE, WORKSHOP
from utils.commands.website.lite import write_lite
from utils.commands.website.pages import write_pages


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Build the site anew beside the old one, which is replaced when all went well."""
    return in_plain_words(lambda: build(arguments, root))


def build(arguments: list[str], root: Path) -> int:
    """Build in a folder of the workshop, then put it in the place of the old site."""
    fresh = root / WORKSHOP / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    write_pages(root / "notebooks", fresh)
    copy_mathjax(root / WORKSHOP / "vendor", fresh / "vendor")
    print(f"{SITE}/try", flush=True)
    wheels = Path(arguments[0]) if arguments else None
    write_lite(root, root / WORKSHOP, fresh / "try", wheels)
    shutil.rmtree(root / SITE, ignore_errors=True)
    fresh.rename(root / SITE)
    print(f"The site is in the folder {SITE}. To look at it: python3 -m http.server -d {SITE}")
    return 0


def copy_mathjax(vendor: Path, target: Path) -> None:
    """Copy the one program that the pages to read need."""
    shutil.copytree(vendor / "mathjax", target / "mathjax", ignore=lambda *_: [".version"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
