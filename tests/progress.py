"""What is told while the tests run: which part is done, how far it is, and what went wrong.

A plugin of pytest, switched on by `python3 -m utils test`. A line for each part (a file of tests, a
module with examples, a notebook) when its last test has ended, and one for each failure at once:

    [ 0:41]  62 %  notebooks/05_training.ipynb: 60 passed

What was skipped, and why, stands with the summary at the end. The parts that take longest begin
first, so that no worker is left alone with one of them.
"""

import time
from collections import Counter

import pytest


def part_of(nodeid):
    """The file that a test is in."""
    return nodeid.split("::")[0]


def weight(path):
    """Parts in the order in which they begin: the browser, the notebooks (last ones first), rest.

    Examples
    --------
    >>> sorted(["tests/test_data.py", "notebooks/01_a.ipynb", "notebooks/09_b.ipynb",
    ...         "tests/test_browser.py"], key=weight)
    ['tests/test_browser.py', 'notebooks/09_b.ipynb', 'notebooks/01_a.ipynb', 'tests/test_data.py']
    """
    name = path.rpartition("/")[2]
    longest = ("test_site.py", "test_browser.py", "test_slides.py")
    if name in longest:
        return (0, longest.index(name))
    return (1, -int(name[:2])) if name.endswith(".ipynb") and name[:2].isdecimal() else (2, 0)


def number(count, what):
    """How many there are, in words.

    Examples
    --------
    >>> number(1, "part"), number(9, "test")
    ('1 part', '9 tests')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"


class Progress:
    """Counts what has ended, part by part, in the process that the workers report to."""

    def __init__(self, reporter):
        self.reporter, self.began = reporter, time.monotonic()
        self.expected, self.outcomes = Counter(), {}
        self.ended = 0
        reporter.showfspath = False  # no dots either, see pytest_report_teststatus

    def tell(self, line, **markup):
        seconds = int(time.monotonic() - self.began)
        share = self.ended / max(1, self.expected.total())
        self.reporter.ensure_newline()
        self.reporter.write_line(
            f"[{seconds // 60:2}:{seconds % 60:02}] {share:4.0%}  {line}", **markup
        )

    def expect(self, nodeids):
        if not self.expected and nodeids:
            self.expected = Counter(map(part_of, nodeids))
            self.tell(f"{number(self.expected.total(), 'test')} in "
                      f"{number(len(self.expected), 'part')}")  # fmt: skip

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        self.expect(ids)

    def pytest_collection_finish(self, session):
        if session.items:  # with workers there are none here
            self.expect([item.nodeid for item in session.items])

    def pytest_terminal_summary(self, exitstatus):
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            given = " ".join(map(str, self.reporter.config.invocation_params.args))
            asked = given.rpartition("-p tests.progress ")[2]  # what follows the command's own
            self.reporter.write_line(f"No test was found by: {asked}", red=True)
            self.reporter.write_line(
                "See that each name is spelled as in the files; -k takes a part of one."
            )

    def pytest_runtest_logreport(self, report):
        part = part_of(report.nodeid)
        seen = self.outcomes.setdefault(part, Counter())
        if report.failed:
            where = "" if report.when == "call" else f" ({report.when})"
            seen["failed"] += 1
            self.tell(f"FAILED {report.nodeid}{where}", red=True)
        elif report.skipped:
            seen["skipped"] += 1
        elif report.when == "call":
            seen["passed"] += 1
        if report.when == "teardown":
            self.ended += 1
            seen["ended"] += 1
            if seen["ended"] == self.expected[part]:
                counts = (f"{seen[k]} {k}" for k in ("passed", "failed", "skipped") if seen[k])
                self.tell(f"{part}: {', '.join(counts)}", red=bool(seen["failed"]))


@pytest.hookimpl(trylast=True)  # after the reporter is there
def pytest_configure(config):
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # the order is ours
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    is_worker = hasattr(config, "workerinput")
    if reporter is not None and not is_worker and config.get_verbosity() == 0:
        config.pluginmanager.register(Progress(reporter), "course-progress")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: weight(part_of(item.nodeid)))


def pytest_report_teststatus(report, config):
    """No dots where parts are told; what failed has had a line of its own."""
    if config.pluginmanager.has_plugin("course-progress"):
        counted = report.when == "call" or not report.passed
        word = "" if report.passed else report.outcome.upper()  # for the summary
        return (report.outcome if counted else "", "", word)
    return None
