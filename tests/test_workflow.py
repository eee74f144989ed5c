"""The workflow that tests each change: what it uses is pinned, and it ends."""

import re

import pytest
import resolve
import yaml

from utils.commands.course import ROOT

PLACE = ROOT / ".github" / "workflows" / "test.yml"
TEXT = PLACE.read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load(TEXT)
JOBS = WORKFLOW["jobs"]


def runs(job):
    return "\n".join(step.get("run", "") for step in JOBS[job]["steps"])


def test_actions_are_pinned_by_what_they_are_with_their_version_beside():
    used = re.findall(r"uses: *(.+)", TEXT)
    pinned = [re.fullmatch(r"([\w./-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+", line) for line in used]
    assert len(used) > 1
    assert all(pinned), used
    assert len({found[1] for found in pinned}) == len(set(used)), "one version of each"


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_hangs_ends(job):
    assert JOBS[job]["timeout-minutes"] <= 60


def test_an_older_run_makes_room():
    assert WORKFLOW["concurrency"]["cancel-in-progress"] is True


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
