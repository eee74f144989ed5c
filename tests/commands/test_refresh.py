"""Originals are stored clean, or left as they were."""

import json
from pathlib import Path

import nbformat
import pytest
from stand_in import notebook, read, write

from utils.commands import refreshing
from utils.commands.course import Advice


def test_refresh_stores_clean_outputs(course, capsys):
    originals = course / "notebooks"
    noisy = notebook(
        "import sys, time\nprint('σ', flush=True)\ntime.sleep(0.05)\nprint('輸', flush=True)\n"
        "print('!', file=sys.stderr, flush=True)\ntime.sleep(0.05)",
        "import os\nos.path.basename(os.getcwd()), os.environ.get('COURSE_NO_PROGRESS')",
        "1 / 0",
    )
    noisy["cells"][3]["metadata"]["tags"] = ["raises-exception"]
    noisy["cells"][1]["metadata"].update(alt="a picture", execution={"iopub.busy": "now"})
    noisy["metadata"].update(widgets={"state": {}}, language_info={"version": "3.9"})
    write(originals / "00_start_here.ipynb", noisy)
    assert refreshing.main(["00"], course) == 0
    text = (originals / "00_start_here.ipynb").read_bytes().decode("utf-8")
    stored = json.loads(text)
    assert text.startswith('{\n "cells"')
    assert text.endswith("}\n")
    assert "輸" in text
    assert stored["metadata"] == {
        "title": "輸入",
        "kernelspec": refreshing.KERNEL,
        "language_info": {"name": "python"},
    }
    _, streams, folder, raising = stored["cells"]
    assert streams["metadata"] == {"tags": ["kept"], "alt": "a picture"}
    assert [(output["name"], output["text"]) for output in streams["outputs"]] == [
        ("stdout", ["σ\n", "輸\n"]), ("stderr", ["!\n"])
    ]  # fmt: skip
    assert folder["outputs"][0]["data"]["text/plain"] == ["('notebooks', '1')"]
    assert raising["outputs"][0]["ename"] == "ZeroDivisionError"
    assert [cell["execution_count"] for cell in stored["cells"][1:]] == [1, 2, 3]
    assert [cell["id"] for cell in stored["cells"]] == ["title", "cell-1", "cell-2", "cell-3"]
    untouched = read(originals / "01_forward_pass.ipynb")
    assert untouched == notebook("1 + 1")
    assert "00_start_here.ipynb ... stored." in capsys.readouterr().out


def test_refresh_keeps_a_widgets_picture_and_drops_its_view():
    data = {"image/png": "iVBO", refreshing.WIDGET_VIEW: {"model_id": "new each time"}}
    shown = {"output_type": "display_data", "data": data, "metadata": {}}
    stored = nbformat.from_dict(notebook("explorer", outputs=[shown]))
    stored.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    refreshing.clean(stored)
    assert "widgets" not in stored.metadata
    assert stored.cells[1].outputs[0].data == {"image/png": "iVBO"}


def test_refresh_leaves_a_notebook_that_fails_as_it_was(course, capsys):
    path = course / "notebooks" / "01_forward_pass.ipynb"
    write(path, notebook("1 / 0"))
    before = path.read_bytes()
    assert refreshing.main(["01"], course) == 1
    assert path.read_bytes() == before
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_refresh_leaves_a_notebook_that_prints_a_path_as_it_was(course, capsys, monkeypatch):
    printed = {"output_type": "stream", "name": "stdout", "text": str(course)}
    monkeypatch.setattr(refreshing, "run_from_fresh_kernel", lambda *_: None)
    path = course / "notebooks" / "01_forward_pass.ipynb"
    write(path, notebook("import os\nprint(os.getcwd())", outputs=[printed]))
    before = path.read_bytes()
    assert refreshing.main(["01"], course) == 1
    assert path.read_bytes() == before
    assert "Cell 1 (cell-1)" in capsys.readouterr().out


def test_refresh_knows_names_by_their_beginning(course):
    names = [path.name for path in refreshing.chosen(course / "notebooks", [])]
    assert names == ["00_start_here.ipynb", "01_forward_pass.ipynb"]
    assert len(refreshing.chosen(course / "notebooks", ["01", "01_f"])) == 1
    assert refreshing.main(["42"], course) == 2


@pytest.mark.parametrize(
    "text", ["at {root}/utils/network.py", "{home}", "File ~/x.py", "in /home/me", "C:\\Users\\me"]
)
def test_paths_of_this_machine_are_refused(course, text):
    text = text.format(root=course, home=Path.home() / "x")
    stored = notebook("f()", outputs=[{"output_type": "stream", "name": "stdout", "text": text}])
    with pytest.raises(Advice, match="Cell 1"):
        refreshing.refuse_machine_paths(nbformat.from_dict(stored), course)
    raised = {
        "output_type": "error",
        "ename": "E",
        "evalue": "",
        "traceback": ["", f"\x1b[32m{text}\x1b[39m"],
    }
    with pytest.raises(Advice, match="Cell 1"):
        refreshing.refuse_machine_paths(
            nbformat.from_dict(notebook("f()", outputs=[raised])), course
        )


def test_ordinary_outputs_and_pictures_are_not_paths(course):
    texts = ["a/b = 1/2", "dC/dz", "see notebooks/data", "ratio: 3 : 4", "σ/root2", "~ 3", "e:\\n"]
    outputs = [{"output_type": "stream", "name": "stdout", "text": text} for text in texts]
    picture = {"image/png": f"{course}/home/me"}
    outputs.append({"output_type": "display_data", "data": picture, "metadata": {}})
    stored = nbformat.from_dict(notebook("f()", outputs=outputs))
    refreshing.refuse_machine_paths(stored, course)
