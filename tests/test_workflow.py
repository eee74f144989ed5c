"""The workflows that test each change and publish the site: what they use is pinned, they end."""

import re

import pytest
import resolve
import yaml

from utils.commands.course import ROOT
from utils.commands.site import SITE

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in FILES}
WORKFLOWS = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
WORKFLOW = WORKFLOWS["test"]
JOBS = WORKFLOW["jobs"]


def runs(job):
    return "\n".join(step.get("run", "") for step in JOBS[job]["steps"])


def test_actions_are_pinned_by_what_they_are_with_their_version_beside():
    used = re.findall(r"uses: *(.+)", "\n".join(TEXTS.values()))
    pinned = [re.fullmatch(r"([\w./-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+", line) for line in used]
    assert len(used) > 1
    assert all(pinned), used
    assert len({found[1] for found in pinned}) == len(set(used)), "one version of each"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_job_that_hangs_ends(name):
    for job in WORKFLOWS[name]["jobs"].values():
        assert job["timeout-minutes"] <= 60


@pytest.mark.parametrize("name", WORKFLOWS)
def test_an_older_run_makes_room(name):
    assert WORKFLOWS[name]["concurrency"]["cancel-in-progress"] is True


def test_what_is_published_is_what_the_command_makes():
    steps = WORKFLOWS["site"]["jobs"]["publish"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["python -m utils site"]
    (kept,) = (step["with"]["path"] for step in steps if "upload-pages" in step.get("uses", ""))
    assert kept == SITE


def test_new_releases_are_met_on_a_schedule_and_only_then():
    (newest,) = (job for job in JOBS if "constraints.txt', 'w'" in runs(job))
    assert "schedule" in JOBS[newest]["if"]
    assert "schedule" in WORKFLOW[True]  # which YAML makes of the key "on"
    assert "-m utils test" in runs(newest)


def test_pythons_with_tested_versions_are_among_those_that_can_install_them():
    rows = JOBS["elsewhere"]["strategy"]["matrix"]["include"]
    minors = [python.rpartition(".")[0] for python in resolve.PYTHONS]
    assert {row["python"] for row in rows} <= set(minors)
    assert minors[-1] in {row["python"] for row in rows}
