"""The command `site`: what it takes and refuses, and what it puts into the browser's Python."""

import hashlib
import json
import re
import zipfile

import nbformat
import pytest
from test_notebooks import PATHS

from utils.commands import site, vendor
from utils.commands.course import ROOT, Advice
from utils.commands.website import lite, pages

PINS = (ROOT / site.PINS).read_text(encoding="utf-8")


def test_a_folder_with_pyodides_files_is_taken_whichever_way_it_is_given(tmp_path):
    (tmp_path / "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl").touch()
    for options in (["--pyodide", str(tmp_path)], [f"--pyodide={tmp_path}"]):
        assert site.folder_of_pyodide(options) == tmp_path.resolve()


@pytest.mark.parametrize(
    "options", [["--pyodite=x"], ["--pyodide"], ["here"], ["--pyodide", "a", "b"]]
)
def test_other_options_are_refused_with_what_there_is(options):
    with pytest.raises(Advice, match="--pyodide FOLDER"):
        site.folder_of_pyodide(options)


def test_a_folder_without_them_is_refused(tmp_path):
    with pytest.raises(Advice, match="numpy"):
        site.folder_of_pyodide(["--pyodide", str(tmp_path)])


def test_whatever_is_installed_is_pinned_with_its_checksum():
    entries = re.split(r"\n(?=[a-z])", re.sub(r"^#.*\n", "", PINS, flags=re.M).strip())
    assert len(entries) > 60
    for entry in entries:
        assert re.match(r"[\w.-]+==[\w.]+( ; .+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry
    assert "http" not in PINS
    for name in ("jupyterlite-core==0.6.4", "jupyterlite-pyodide-kernel==0.6.1"):
        assert name in PINS


def test_the_environment_is_made_once_and_anew_when_a_pin_changes(tmp_path, monkeypatch):
    pins = tmp_path / site.PINS
    pins.parent.mkdir(parents=True)
    pins.write_text("one\n")
    run = []

    def stand_in(command, root):
        run.append(command)
        python = tmp_path / site.WORKSHOP / "venv" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return 0, ""

    monkeypatch.setattr(site.environment, "run_quietly", stand_in)
    monkeypatch.setattr(
        site.environment, "environment_python", lambda root: root / ".venv/bin/python"
    )
    for _ in range(2):
        site.ensure_tools(tmp_path)
        assert len(run) == 3
    assert all("--require-hashes" in command for command in run[1:])
    pins.write_text("two\n")
    site.ensure_tools(tmp_path)
    assert len(run) == 6


def test_a_package_file_that_was_changed_is_not_used(tmp_path):
    (tmp_path / "from").mkdir()
    (tmp_path / "to").mkdir()
    file = tmp_path / "from" / "numpy.whl"
    file.write_bytes(b"right")
    right = hashlib.sha256(b"right").hexdigest()
    lite.copy_checked(file, right, tmp_path / "to")
    assert (tmp_path / "to" / "numpy.whl").read_bytes() == b"right"
    file.write_bytes(b"wrong")
    with pytest.raises(Advice, match="not the file"):
        lite.copy_checked(file, right, tmp_path / "to")
    with pytest.raises(Advice, match="whole release"):
        lite.copy_checked(tmp_path / "from" / "scipy.whl", right, tmp_path / "to")


@pytest.fixture
def workshop(tmp_path):
    """A folder with what was fetched, as far as the list of packages goes."""
    names = {
        lite.canonical(name) for names in (lite.PACKAGES, *lite.ADDED.values()) for name in names
    }
    lock = {}
    for name in [*names - set(lite.ADDED), "scipy"]:
        checksum = hashlib.sha256(name.encode()).hexdigest()
        lock[name] = {"depends": [], "file_name": f"{name}.whl", "sha256": checksum}
    vendored = tmp_path / "vendor" / "pyodide"
    vendored.mkdir(parents=True)
    for name in lite.CORE:
        (vendored / name).write_text(name)
    (vendored / "pyodide-lock.json").write_text(json.dumps({"packages": lock}))
    (tmp_path / "wheels").mkdir()
    for name in lite.ADDED:
        (tmp_path / "wheels" / f"{name.replace('-', '_')}-1-py3-none-any.whl").write_text(name)
    (tmp_path / "pyodide").mkdir()
    for name in lock:
        (tmp_path / "pyodide" / f"{name}.whl").write_text(name)
    return tmp_path


@pytest.mark.parametrize("given", [True, False])
def test_packages_lie_beside_or_come_from_the_usual_network_with_their_checksums(given, workshop):
    out = workshop / "out"
    lite.put_pyodide(workshop, out, workshop / "pyodide" if given else None)
    packages = json.loads((out / "pyodide-lock.json").read_text())["packages"]
    assert {lite.canonical(name) for name in lite.PACKAGES} <= set(packages)
    assert "scipy" not in packages
    for name, entry in packages.items():
        file = out / entry["file_name"]
        if given or name in lite.ADDED:
            assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
        else:
            assert entry["file_name"] == f"{lite.NETWORK}{name}.whl"
        assert {lite.canonical(other) for other in entry["depends"]} <= set(packages)


def test_the_fonts_are_a_wheel_that_is_the_same_each_time(tmp_path):
    made = []
    for _ in range(2):
        lite.make_wheel_of_fonts(tmp_path)
        (wheel,) = tmp_path.glob("*.whl")
        made.append(wheel.read_bytes())
    assert made[0] == made[1]
    fonts = json.loads(zipfile.ZipFile(wheel).read("matplotlib/fontlist.json"))
    assert {"DejaVu Sans", "DejaVu Sans Mono"} <= {font["name"] for font in fonts["ttflist"]}
    assert not any(font["fname"].startswith("/") for font in fonts["ttflist"])


def test_the_core_is_of_the_version_whose_packages_the_network_has():
    assert f"/v{vendor.PACKAGES['pyodide'].version}/" in lite.NETWORK


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_a_card_has_a_picture_and_a_sentence(path):
    cells = nbformat.read(path, as_version=4).cells
    assert sum(bool(cell.metadata.get("card")) for cell in cells) == 1
    page = pages.page_of(path)
    assert f"{page.number}_" in page.file
    assert len(page.alt.split()) >= 5
    assert len(page.promise.split()) >= 5
    assert not re.search(r"[$\\*]", page.promise)
    assert "minutes" in page.minutes
