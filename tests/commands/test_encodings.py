"""Any path, and any locale."""

import pytest
from stand_in import notebook, posix_only, read, start, write

from utils.commands.course import ROOT

ENCODINGS = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "cp950"},
    {"PYTHONIOENCODING": "ascii"},
]


@posix_only
@pytest.mark.parametrize("variables", ENCODINGS)
def test_any_locale(ready, tmp_path, variables):
    first = ready / "notebooks" / "00_start_here.ipynb"
    oddly_named = ready / "notebooks" / "02_é輸.ipynb"
    write(oddly_named, notebook("1"))
    assert start(ready, "lab", **variables).returncode == 0
    path = ready / "work" / "00_start_here.ipynb"
    copied = read(path)
    assert "σ" in path.read_text(encoding="utf-8"), "not escaped, so that git and editors show it"
    assert copied["cells"][1]["source"] == ["print('σ')"]
    assert copied["metadata"]["title"] == "輸入"
    write(first, notebook("print('σ′ 新')"))
    write(oddly_named, notebook("print('é')"))
    again = start(ready, "lab", "--new", **variables)
    assert again.returncode == 0
    assert b"work/00_start_here.new.ipynb" in again.stdout
    assert (
        read(ready / "work" / oddly_named.name)["metadata"]["course"]["original"] == "02_é輸.ipynb"
    )
    told = (ready / "work" / "00_NEWS.md").read_text(encoding="utf-8")
    assert "no longer in the course" not in told, "whatever the locale of the last start"
    assert b"encoding= path" in again.stdout, "what is started prints UTF-8"
    outside = start(ready, "lab", cwd=tmp_path, program=(str(ready / "utils"),), **variables)
    assert outside.returncode == 2
    assert b"course folder" in outside.stderr
    assert b"Traceback" not in outside.stderr
    assert b"delete the folder" in start(ready, "test", BROKEN="1", **variables).stderr


def test_messages_are_ascii():
    for path in [ROOT / "utils" / "__main__.py", *(ROOT / "utils" / "commands").glob("*.py")]:
        path.read_bytes().decode("ascii")
