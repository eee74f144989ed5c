"""Programs of others: fetched once, known by their checksum, or one sentence that says why not."""

import hashlib
import io
import subprocess
import tarfile

import pytest

from utils.commands import vendor
from utils.commands.course import Advice


def packed(files):
    """A package as npm brings it."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


FILES = {
    "package/dist/a.js": b"a",
    "package/LICENSE": b"free",
    "package/test/b.js": b"b",
    "package/dist/../../../out.js": b"no",
}


@pytest.fixture
def npm(monkeypatch):
    """An npm that brings the package above; returns the list of what it was asked for."""
    content, asked = packed(FILES), []
    package = vendor.Package("1.2.3", hashlib.sha512(content).hexdigest(), ("dist/", "LICENSE"))
    monkeypatch.setitem(vendor.PACKAGES, "thing", package)

    def run(command, cwd, **_):
        asked.append(command[-1])
        (cwd / "thing.tgz").write_bytes(content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(vendor.shutil, "which", lambda name: "npm")
    monkeypatch.setattr(vendor.subprocess, "run", run)
    return asked


def test_a_package_is_fetched_once_and_only_what_is_wanted_of_it_is_there(npm, tmp_path):
    for _ in range(2):
        vendor.provide(tmp_path / "vendor", ("thing",))
    assert npm == ["thing@1.2.3"]
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert files == {"vendor/thing/dist/a.js", "vendor/thing/.version"}
    assert (tmp_path / "vendor/thing/LICENSE").read_bytes() == b"free"


def test_another_file_than_ours_is_not_used(npm, tmp_path, monkeypatch):
    other = vendor.PACKAGES["thing"]._replace(sha512="0" * 128)
    monkeypatch.setitem(vendor.PACKAGES, "thing", other)
    with pytest.raises(Advice, match=r"not the one we know"):
        vendor.provide(tmp_path, ("thing",))
    assert not (tmp_path / "thing").exists()


def test_what_was_cut_short_is_fetched_again(npm, tmp_path):
    vendor.provide(tmp_path, ("thing",))
    (tmp_path / "thing" / ".version").unlink()
    vendor.provide(tmp_path, ("thing",))
    assert len(npm) == 2


def test_a_newer_version_takes_the_place_of_an_older_one(npm, tmp_path):
    (tmp_path / "thing" / "dist").mkdir(parents=True)
    (tmp_path / "thing" / "dist" / "old.js").write_text("old")
    (tmp_path / "thing" / ".version").write_text("other")
    vendor.provide(tmp_path, ("thing",))
    assert not (tmp_path / "thing" / "dist" / "old.js").exists()


def test_without_npm_a_sentence_says_where_to_get_it(npm, tmp_path, monkeypatch):
    monkeypatch.setattr(vendor.shutil, "which", lambda name: None)
    with pytest.raises(Advice, match=r"install Node\.js"):
        vendor.provide(tmp_path, ("thing",))


def test_without_a_net_a_sentence_gives_npms_last_word(npm, tmp_path, monkeypatch):
    def fails(command, **_):
        return subprocess.CompletedProcess(command, 1, "", "npm error\nnetwork down\n")

    monkeypatch.setattr(vendor.subprocess, "run", fails)
    with pytest.raises(Advice, match=r"network down"):
        vendor.provide(tmp_path, ("thing",))


def test_every_line_of_the_pins_that_speaks_of_npm_is_read():
    lines = [s for s in vendor.PINS.read_text("utf-8").splitlines() if s.startswith("# npm ")]
    assert len(lines) == len(vendor.PACKAGES)
    assert set(vendor.PACKAGES) == {"reveal.js", "mathjax", "pyodide", "axe-core"}
    for name, package in vendor.PACKAGES.items():
        assert f"# npm {name}@{package.version} sha512:{package.sha512} " in "\n".join(lines)
        assert package.wanted
