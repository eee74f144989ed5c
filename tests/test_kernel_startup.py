"""The startup file of the notebooks' kernels: what it lets pass, and what it does not."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

STARTUP = Path(__file__).resolve().parent / "kernel_startup.py"
CELLS = {
    "finds no name that it has not made": "assert not {'begin', 'sys', 'socket'} & set(globals())",
    "takes 100 MB": "much = b'x' * 100_000_000",
    "talks to itself": "import asyncio, socket\n"
    "asyncio.new_event_loop().close()\n"
    "server = socket.create_server(('127.0.0.1', 0))\n"
    "caller = socket.create_connection(server.getsockname())",
    "opens a page": "import urllib.request; urllib.request.urlopen('http://example.org')",
    "looks up a name": "socket.getaddrinfo('example.org', 80)",
    "knows the address": "socket.socket().connect(('192.0.2.1', 80))",
    "takes too much": "too_much = b'x' * 400_000_000",
    "takes no more": "del too_much",
    "takes more, its output not compared": "too_much = b'x' * 500_000_000",
}
MEASURED = Path("/proc/self/status").exists()


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What nbval says to each of CELLS: None, or the error."""
    folder = tmp_path_factory.mktemp("startup")
    book = nbformat.v4.new_notebook()
    for source in CELLS.values():
        book.cells.append(nbformat.v4.new_code_cell(source, execution_count=1))
    book.cells[-1].metadata["tags"] = ["nbval-ignore-output"]
    nbformat.write(book, folder / "tiny.ipynb")
    command = [
        *(sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q"),
        *("-p", "nbval.plugin", "-p", "no:cacheprovider", "--junitxml=results.xml", "tiny.ipynb"),
    ]
    environment = {**os.environ, "PYTHONSTARTUP": str(STARTUP)}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # quicker: nbval is all that is needed
    for name in ("PYTEST_ADDOPTS", "COURSE_JITTER"):
        environment.pop(name, None)
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=False)
    cases = ElementTree.parse(folder / "results.xml").findall(".//testcase")
    return dict(zip(CELLS, [case.findtext("failure") for case in cases], strict=True))


@pytest.mark.parametrize("cell", list(CELLS)[:3])
def test_what_passes(results, cell):
    assert results[cell] is None


@pytest.mark.parametrize("cell", list(CELLS)[3:6])
def test_the_network_is_refused(results, cell):
    assert "a notebook reached for the network" in results[cell]


@pytest.mark.skipif(not MEASURED, reason="only Linux tells how much memory a process has held")
def test_a_cell_that_takes_too_much_memory_fails_and_those_after_it_do_not(results):
    assert "more than 400" in results["takes too much"]
    assert results["takes no more"] is None
    assert "more than 400" in results["takes more, its output not compared"]
