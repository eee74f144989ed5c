"""The files that say what is installed."""

import re
from importlib import metadata

import pytest
import resolve
from packaging.specifiers import SpecifierSet

from utils.commands import environment
from utils.commands.course import ROOT


def pins():
    """Return the tested versions, line by line; emptied, the file admits the newest ones."""
    lines = (ROOT / environment.CONSTRAINTS).read_text(encoding="utf-8").splitlines()
    if not lines:
        pytest.skip(f"{environment.CONSTRAINTS} is empty, to test with the newest versions")
    return lines


def test_every_requirement_has_a_range_and_a_tested_version():
    tested = {name.lower(): version for name, _, version in (pin.partition("==") for pin in pins())}
    for name in (*environment.REQUIREMENTS.values(), "tests/nbgrader.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                package, *limits = re.fullmatch(r"([\w-]+)>=([\d.]+),<(\d+)", line).groups()
                lowest, next_major = ([int(n) for n in limit.split(".")] for limit in limits)
                assert lowest < next_major
                version = [int(n) for n in tested[package].split(".")]
                assert lowest <= version < next_major


def test_tested_versions_admit_every_python_of_the_course():
    """Without a network: what the installed packages say of themselves."""
    assert resolve.PYTHONS[0] == "{}.{}.0".format(*environment.OLDEST_PYTHON)
    installed = {name_of(found.name): found for found in metadata.distributions()}
    refusals, looked_at = [], 0
    for pin in pins():
        name, _, version = pin.partition("==")
        found = installed.get(name_of(name))
        if found is None or found.version != version:
            continue  # with other versions than the tested ones, or on another system
        looked_at += 1
        wanted = SpecifierSet(found.metadata.get("Requires-Python") or "")
        refusals += [
            f"{pin} wants {wanted}" for python in resolve.PYTHONS if not wanted.contains(python)
        ]
    assert refusals == []
    if looked_at == 0:
        pytest.skip("none of the tested versions is installed here")


def name_of(package):
    return re.sub(r"[-_.]+", "-", package).lower()


def test_tested_versions_name_no_machine():
    for pin in pins():
        assert re.fullmatch(r"[\w.-]+==[\w.]+", pin), pin
