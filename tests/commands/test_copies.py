"""The reader's copies of the notebooks, and the news of what has changed."""

import errno
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from stand_in import notebook, posix_only, read, start, write

from utils.commands import copies


def test_copies_have_no_outputs(course):
    original = course / "notebooks" / "00_start_here.ipynb"
    content = read(original)
    content["metadata"]["widgets"] = {"state": {}}
    write(original, content)
    assert copies.copy_notebooks(course) == []
    copied = read(course / "work" / "00_start_here.ipynb")
    heading, code = copied["cells"]
    assert heading["source"] == ["# σ′ 輸入"]
    assert (code["outputs"], code["execution_count"]) == ([], None)
    assert (code["id"], code["metadata"]) == ("cell-1", {"tags": ["kept"]})
    assert copied["metadata"]["title"] == "輸入"
    assert "widgets" not in copied["metadata"]
    version = sys.version.split()[0]
    assert copied["metadata"]["language_info"]["version"] == version, "else opening changes it"
    nbformat.validate(nbformat.from_dict(copied))
    assert sorted(path.name for path in (course / "work").iterdir()) == [
        "00_start_here.ipynb",
        "01_forward_pass.ipynb",
    ]


def test_copies_are_never_overwritten(course):
    copies.copy_notebooks(course)
    mine = course / "work" / "00_start_here.ipynb"
    edited = read(mine)
    edited["cells"][1]["source"] = ["my own work"]
    write(mine, edited)
    before = mine.read_bytes()
    assert copies.copy_notebooks(course) == [], "the reader's change is no change of the original"
    assert copies.copy_notebooks(course, put_new_beside=True) == []
    write(course / "notebooks" / mine.name, notebook("a new cell"))
    copies.copy_notebooks(course, put_new_beside=True)
    assert mine.read_bytes() == before


def test_a_changed_original_is_told_and_put_beside(course):
    copies.copy_notebooks(course)
    work = course / "work"
    original = course / "notebooks" / "01_forward_pass.ipynb"
    write(original, notebook("2 + 2"))
    (line,) = copies.copy_notebooks(course)
    assert "01_forward_pass.ipynb has changed" in line
    assert "lab --new" in line
    (line,) = copies.copy_notebooks(course, put_new_beside=True)
    assert "work/01_forward_pass.new.ipynb" in line
    assert read(work / "01_forward_pass.new.ipynb")["cells"][1]["source"] == ["2 + 2"]
    (line,) = copies.copy_notebooks(course)
    assert "is work/01_forward_pass.new.ipynb" in line, "the newest version is there already"
    assert not (work / "01_forward_pass.new2.ipynb").exists()
    copy_nothing_more = copies.copy_notebooks(course, put_new_beside=True)
    assert copy_nothing_more == [line]
    write(original, notebook("3 + 3"))
    (line,) = copies.copy_notebooks(course, put_new_beside=True)
    assert "work/01_forward_pass.new2.ipynb" in line
    assert read(work / "01_forward_pass.new.ipynb")["cells"][1]["source"] == ["2 + 2"]
    assert len(list(work.iterdir())) == 4


def test_a_copy_that_is_gone_comes_again(course):
    copies.copy_notebooks(course)
    work, name = course / "work", "01_forward_pass"
    write(course / "notebooks" / f"{name}.ipynb", notebook("2 + 2"))
    copies.copy_notebooks(course, put_new_beside=True)
    (work / f"{name}.ipynb").unlink()
    kept = (work / f"{name}.new.ipynb").read_bytes()
    write(course / "notebooks" / f"{name}.ipynb", notebook("3 + 3"))
    assert copies.copy_notebooks(course) == []
    assert read(work / f"{name}.ipynb")["cells"][1]["source"] == ["3 + 3"]
    assert (work / f"{name}.new.ipynb").read_bytes() == kept
    (work / f"{name}.ipynb").rename(work / "mine.ipynb")  # spoilt: as the README has it
    assert copies.copy_notebooks(course) == []
    assert (work / f"{name}.ipynb").exists()


def refuse_links(*_given):
    raise PermissionError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False])
def test_two_starts_at_once_overwrite_nothing(course, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    path = course / "work" / "00_start_here.ipynb"
    path.parent.mkdir()
    copies.write_copy(notebook("1"), "version", path.name, path)
    before = path.read_bytes()
    copies.write_copy(
        notebook("2"), "version", path.name, path
    )  # the other one was between look and writing
    assert path.read_bytes() == before
    assert read(path)["cells"][1]["source"] == ["1"]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_copy_cut_short_is_none(course, monkeypatch):
    write_text = Path.write_text

    def half(path, text, **options):
        write_text(path, text[:40], **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="No space"):
        copies.copy_notebooks(course)
    assert list((course / "work").iterdir()) == []
    monkeypatch.undo()
    copies.copy_notebooks(course)
    assert len(read(course / "work" / "00_start_here.ipynb")["cells"]) == 2


def test_only_what_a_reader_works_with_counts_as_a_change(course):
    original = course / "notebooks" / "00_start_here.ipynb"
    content = read(original)
    content["metadata"]["course"] = {"minutes": 60}
    write(original, content)
    copies.copy_notebooks(course)
    assert read(course / "work" / original.name)["metadata"]["course"]["minutes"] == 60
    content["cells"][1]["outputs"] = []
    content["cells"][1]["execution_count"] = 7
    content["cells"][1]["source"] = "print('σ')"  # as one string: the same source
    content["metadata"]["title"] = "another"
    write(original, content)
    assert copies.copy_notebooks(course) == []
    for change in ({"source": "print(2)"}, {"id": "other"}, {"cell_type": "raw"}):
        changed = read(original)
        changed["cells"][1].update(change)
        assert copies.cells_digest(changed) != copies.cells_digest(content)


def test_copies_made_by_hand_are_left_alone(course):
    write(course / "work" / "00_start_here.ipynb", notebook("mine"))
    (course / "work" / "01_forward_pass.ipynb").write_text("{broken", encoding="utf-8")
    (course / "work" / "folder.ipynb").mkdir()
    assert copies.news_of_originals_gone(course) == []
    assert copies.copy_notebooks(course, put_new_beside=True) == []
    assert (course / "work" / "01_forward_pass.ipynb").read_bytes() == b"{broken"


@pytest.mark.parametrize(
    "spoilt",
    [
        "<html>",
        "[]",
        '{"metadata": {}, "cells": [{}]}',
        '{"metadata": [], "cells": []}',
        '{"metadata": {}, "cells": {}}',
    ],
)
def test_a_damaged_original_is_named_and_the_others_are_copied(course, spoilt):
    (course / "notebooks" / "00_start_here.ipynb").write_text(spoilt, encoding="utf-8")
    (line,) = copies.copy_notebooks(course)
    assert "00_start_here.ipynb" in line
    assert "fetch that file again" in line
    assert [copy.name for copy in (course / "work").iterdir()] == ["01_forward_pass.ipynb"]


def test_an_original_that_is_gone_is_told(course):
    copies.copy_notebooks(course)
    originals, work = course / "notebooks", course / "work"
    (work / "00_start_here.ipynb").rename(work / "mine.ipynb")  # what a reader may do
    copies.copy_notebooks(course)
    assert copies.news_of_originals_gone(course) == []
    (originals / "01_forward_pass.ipynb").rename(originals / "01_forward.ipynb")
    (originals / "00_start_here.ipynb").unlink()
    assert copies.copy_notebooks(course) == []
    news = copies.news_of_originals_gone(course)
    assert [re.search(r"your (work/\S+) was copied", line)[1] for line in news] == [
        "work/00_start_here.ipynb",
        "work/01_forward_pass.ipynb",
        "work/mine.ipynb",
    ]


@posix_only
def test_news_can_be_read_in_lab_and_go_again(ready):
    start(ready, "lab")
    news = ready / "work" / "00_NEWS.md"
    assert not news.exists()
    write(ready / "notebooks" / "01_forward_pass.ipynb", notebook("2 + 2"))
    printed = start(ready, "lab").stdout.decode("utf-8")
    told = news.read_text(encoding="utf-8")
    assert "01_forward_pass.ipynb has changed" in told
    assert all(line.removeprefix("- ") in printed for line in told.split("\n\n")[1:])
    assert "--LabApp.default_url=/lab/tree/work/00_start_here.ipynb" in printed
    start(ready, "lab", "--new")
    assert "is work/01_forward_pass.new.ipynb" in news.read_text(encoding="utf-8")
    start(ready, "lab")
    assert "is work/01_forward_pass.new.ipynb" in news.read_text(encoding="utf-8"), "still there"
    (ready / "notebooks" / "01_forward_pass.ipynb").rename(ready / "moved.ipynb")
    start(ready, "lab")
    assert "01_forward_pass.new.ipynb was copied, is no longer" in news.read_text(encoding="utf-8")
    (ready / "moved.ipynb").rename(ready / "notebooks" / "01_forward_pass.ipynb")
    new = ready / "work" / "01_forward_pass.new.ipynb"
    new.replace(ready / "work" / "01_forward_pass.ipynb")
    assert b"news are put" not in start(ready, "lab").stdout
    assert not news.exists()
    news.write_text("my own news", encoding="utf-8")
    write(ready / "notebooks" / "01_forward_pass.ipynb", notebook("3 + 3"))
    assert b"work/00_NEWS.md stays as it is" in start(ready, "lab").stdout
    assert news.read_text(encoding="utf-8") == "my own news"


@posix_only
def test_a_changed_library_is_told_once(ready):
    (ready / "utils" / "checks").mkdir()
    part = ready / "utils" / "checks" / "layer.py"
    part.write_text("slope = 'σ′'\n", encoding="utf-8")
    start(ready, "lab")
    news = ready / "work" / "00_NEWS.md"
    start(ready, "lab")
    assert not news.exists()
    part.write_bytes(b"slope = '\xbc'\n")  # whatever the encoding
    assert b"The library in utils has changed" in start(ready, "lab").stdout
    assert "The library in utils has changed" in news.read_text(encoding="utf-8")
    start(ready, "lab")
    assert not news.exists()
