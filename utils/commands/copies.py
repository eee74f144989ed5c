"""The reader's copies of the notebooks in the folder `work`, and the news put beside them."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from pathlib import Path
from typing import Any

from utils.commands.course import START, Advice, digest, quoted
from utils.commands.environment import read_stamp

NEWS = "00_NEWS.md"
NEWS_HEADING = "# What has changed in the course"
SEEN = ".course.json"  # in work: the library as it was at the last start


def copy_notebooks(root: Path, put_new_beside: bool = False) -> list[str]:
    """Copy notebooks that are not yet in ``work`` there, without outputs; overwrite none.

    Parameters
    ----------
    root : Path
        The course folder.
    put_new_beside : bool
        Where an original has changed since it was copied, put the new one beside the copy.

    Returns
    -------
    list of str
        What the reader should know, a line for each notebook concerned.
    """
    news = []
    (root / "work").mkdir(exist_ok=True)
    for original in sorted((root / "notebooks").glob("*.ipynb")):
        try:
            notebook = read_notebook(original)
        except Advice as spoilt:  # all others can be worked with
            news.append(str(spoilt))
            continue
        version = cells_digest(notebook)
        copies = [root / "work" / original.name, *new_names(root / "work", original.stem)]
        there = [copy for copy in copies if copy.exists()]
        if copies[0] not in there:
            write_copy(notebook, version, spelled(original), copies[0])
            continue
        newest = [copy for copy in there if recorded(copy, "copied_from") == version]
        if newest and copies[0] not in newest:
            news.append(f"The new version of {original.name} is work/{newest[0].name}.")
        elif changed_since(there, version):
            if put_new_beside:
                free = next(copy for copy in copies[1:] if not copy.exists())
                write_copy(notebook, version, spelled(original), free)
                news.append(f"The new version of {original.name} is work/{free.name}.")
            else:
                news.append(
                    f"{original.name} has changed since you copied it: '{START} lab --new' puts "
                    "the new version beside your copy, which stays as it is."
                )
    return news


def new_names(work: Path, stem: str) -> list[Path]:
    """Return the names for later versions: NN_name.new.ipynb, NN_name.new2.ipynb, ..."""
    numbers = ["", *range(2, 100)]
    return [work / f"{stem}.new{number}.ipynb" for number in numbers]


def changed_since(copies: list[Path], version: str) -> bool:
    """Tell whether none of the copies was made from this version of the original."""
    versions = {recorded(copy, "copied_from") for copy in copies} - {None}
    # A copy without a record was put there by hand: nothing is known, nothing is said.
    return bool(versions) and version not in versions


def recorded(copy: Path, what: str) -> str | None:
    """Return what was written into a copy when it was made, None if it does not say."""
    try:
        found = read_notebook(copy)["metadata"]["course"][what]
    except (Advice, OSError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def spelled(path: Path) -> str:
    """Return a file's name as text that can be stored, the same whatever the locale is."""
    return os.fsencode(path.name).decode("utf-8", errors="replace")


def news_of_originals_gone(root: Path) -> list[str]:
    """Name the copies whose original was renamed or removed: they stay, and get no new version."""
    originals = {spelled(path) for path in (root / "notebooks").glob("*.ipynb")}
    copies = sorted((root / "work").glob("*.ipynb"))
    made_from = {spelled(copy): recorded(copy, "original") for copy in copies}
    return [
        f"{original}, from which your work/{name} was copied, is no longer in the course, or is "
        "there under another name: your copy stays as it is, and no new version will come for it."
        for name, original in made_from.items()
        if original is not None and original not in originals
    ]


def news_of_the_library(root: Path) -> list[str]:
    """Tell once that the library has changed, which no notebook shows."""
    library = [
        [path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()]
        for path in sorted((root / "utils").rglob("*.py"))
    ]
    place, now = root / "work" / SEEN, digest(library)
    before = read_stamp(place)
    if before is None or before.get("library") != now:
        place.write_text(json.dumps({"library": now}) + "\n", encoding="utf-8")
    if before is None or before.get("library") == now:
        return []
    return [
        "The library in utils has changed since you were last here: before you go on in a "
        "notebook, choose 'Restart Kernel and Run All Cells' in Lab's menu Kernel."
    ]


def put_up_news(place: Path, news: list[str]) -> list[str]:
    """Write the news where Lab shows it, or take the last ones away; a reader's own file stays.

    Returns
    -------
    list of str
        A line that says so where the place is taken.
    """
    if place.exists() and not place.read_bytes().startswith(NEWS_HEADING.encode()):
        taken = f"Your own {place.parent.name}/{place.name} stays as it is: no news are put there."
        return [taken] if news else []
    if news:
        lines = [NEWS_HEADING, *(f"- {line}" for line in news)]
        text = "\n\n".join(lines) + "\n"
        place.write_text(text, encoding="utf-8", errors="backslashreplace")
    else:
        place.unlink(missing_ok=True)
    return []


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook as plain dictionaries."""
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(notebook["cells"], list) or not isinstance(notebook["metadata"], dict):
            raise TypeError
        cells_digest(notebook)  # which looks at whatever is used of a cell
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Advice(f"{quoted(path)} is no notebook: fetch that file again.") from None
    return notebook


def cells_digest(notebook: dict[str, Any]) -> str:
    """Return a hash of what a reader works with: cells' kinds, ids and sources, not outputs."""
    return digest(
        [
            [cell["cell_type"], cell.get("id", ""), "".join(cell["source"])]
            for cell in notebook["cells"]
        ]
    )


def write_copy(notebook: dict[str, Any], version: str, original: str, path: Path) -> None:
    """Write a copy without outputs that remembers which original and version it was made from."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"]["language_info"] = language_info()
    notebook["metadata"]["course"] = {
        **notebook["metadata"].get("course", {}),
        "copied_from": version,
        "original": original,
    }
    # First under another name: a copy cut short would never be mended, as copies are kept.
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    try:
        unfinished.write_text(text + "\n", encoding="utf-8", newline="\n")
        put_in_place(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def language_info() -> dict[str, Any]:
    """Return what the kernel will say of its language, so that opening a copy changes nothing.

    (JupyterLab takes it over, and would ask on leaving whether to save a notebook just looked at.)
    """
    return {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": platform.python_version(),
    }


def put_in_place(unfinished: Path, path: Path) -> None:
    """Give a finished file its name, unless another start has just put one there."""
    try:
        try:
            os.link(unfinished, path)  # which refuses to overwrite, where rename would not
        except FileExistsError:
            raise
        except OSError:  # a disk without links: take the name first, then fill it
            path.open("x").close()
            unfinished.replace(path)
    except FileExistsError:
        pass
