"""Run the original notebooks from a fresh kernel and store them with clean outputs.

``python3 -m utils refresh [NN ...]`` starts this module with the environment's own Python, since
it needs nbclient, which comes with JupyterLab. Clean means: two runs of the same notebook on two
machines differ nowhere but where a result differs.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from utils.commands.course import CELL_TIMEOUT, ROOT, Advice, in_plain_words, write_whole

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}  # no version: it would differ from author to author
NOTEBOOK_NOISE = ("widgets", "vscode", "signature", "toc-autonumbering")
CELL_NOISE = ("execution", "ExecuteTime", "collapsed", "scrolled", "trusted", "vscode")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def main(beginnings: list[str], root: Path = ROOT) -> int:
    """Refresh the originals whose names begin with one of `beginnings`, all without any.

    Parameters
    ----------
    beginnings : list of str
        For instance ``["01", "03"]``.
    root : Path
        The course folder.

    Returns
    -------
    int
        0, 1 when a notebook was left as it was, 2 when no name begins so.
    """
    return in_plain_words(lambda: refresh(chosen(root / "notebooks", beginnings), root))


def refresh(paths: Iterable[Path], root: Path) -> int:
    """Refresh some originals, and return 1 when one of them was left as it was, otherwise 0."""
    failed = 0
    for path in paths:
        print(f"{path.name} ... ", end="", flush=True)
        failed += not refresh_one(path, root)
    return 1 if failed else 0


def chosen(folder: Path, beginnings: Iterable[str]) -> list[Path]:
    """Return the notebooks to refresh, in order, each once."""
    notebooks = sorted(folder.glob("*.ipynb"))
    for beginning in beginnings:
        if not any(path.name.startswith(beginning) for path in notebooks):
            raise Advice(f"No name of a notebook in {folder.name} begins with {beginning!r}.")
    starts = tuple(beginnings) or ("",)
    return [path for path in notebooks if path.name.startswith(starts)]


def refresh_one(path: Path, root: Path) -> bool:
    """Run one notebook and store it; leave the file alone and say why where a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    try:
        run_from_fresh_kernel(notebook, path.parent)
        clean(notebook)
        refuse_machine_paths(notebook, root)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, Advice) as error:
        print(f"left as it was.\n{error}", flush=True)
        return False
    write_whole(path, as_text(notebook))
    print("stored.", flush=True)
    return True


def run_from_fresh_kernel(notebook: Any, folder: Path) -> None:
    """Execute every cell in order; one tagged ``raises-exception`` may raise."""
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, "COURSE_NO_PROGRESS": "1"})  # no bars in what is stored


def clean(notebook: Any) -> None:
    """Remove what differs from run to run or from machine to machine, in place."""
    for name in NOTEBOOK_NOISE:
        notebook.metadata.pop(name, None)
    notebook.metadata.kernelspec = nbformat.from_dict(KERNEL)
    notebook.metadata.language_info = nbformat.from_dict(LANGUAGE)
    for cell in notebook.cells:
        for name in CELL_NOISE:
            cell.metadata.pop(name, None)
        if cell.cell_type == "code":
            cell.outputs = merge_streams(cell.outputs)
            for output in cell.outputs:
                # The view's id is new each time, and without a kernel it shows nothing.
                output.get("data", {}).pop(WIDGET_VIEW, None)


def merge_streams(outputs: Iterable[Any]) -> list[Any]:
    """Join neighbouring pieces of one stream, which arrive cut at places that vary.

    Examples
    --------
    >>> piece = {"output_type": "stream", "name": "stdout", "text": "one "}
    >>> merge_streams([piece, {**piece, "text": "line"}])[0]["text"]
    'one line'
    """
    merged: list[Any] = []
    for output in outputs:
        is_stream = output["output_type"] == "stream"
        if is_stream and merged and merged[-1].get("name") == output["name"]:
            merged[-1]["text"] += output["text"]
        else:
            merged.append(nbformat.from_dict(output))
    return merged


def refuse_machine_paths(notebook: Any, root: Path) -> None:
    """Refuse outputs that name this machine's folders: nobody else has them."""
    folders = [root, Path.home(), tempfile.gettempdir(), sys.prefix, sys.base_prefix]
    ours = [re.escape(str(folder)) for folder in folders if len(str(folder)) > 1]
    common = r"site-packages|File ~|/home/\w|/Users/\w|\b[A-Z]:\\\w"
    pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(ours)})(?!\w)|{common}")
    for number, cell in enumerate(notebook.cells):
        for text in output_texts(cell):
            found = pattern.search(text)
            if found:
                line = text[: found.end()].count("\n")
                raise Advice(
                    f"Cell {number} ({cell.get('id', 'without id')}) prints a path of this "
                    f"machine: {text.splitlines()[line].strip()!r}; print something that is the "
                    "same everywhere."
                )


def output_texts(cell: Any) -> Iterator[str]:
    """Yield every text in a cell's outputs: streams, tracebacks, and all but the pictures."""
    colours = re.compile(r"\x1b\[[0-9;]*m")
    for output in cell.get("outputs", []):
        texts = [output.get("text", ""), "\n".join(output.get("traceback", []))]
        texts += [
            text
            for kind, text in output.get("data", {}).items()
            if isinstance(text, str) and kind not in ("image/png", "image/jpeg")
        ]
        yield from (colours.sub("", text) for text in texts)


def as_text(notebook: Any) -> str:
    """Return the file's content as JupyterLab would write it, ending in one line end."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook, indent=1, ensure_ascii=False)
    return text.rstrip("\n") + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
