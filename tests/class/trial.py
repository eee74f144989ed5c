"""Hold a class without students: how many does this machine hold, and what does each cost?

Start it with the Python of JupyterHub's environment, the proxy's program on the path (how to get
both: notebooks/instructors.md, "Host"), for instance

    hub/bin/python tests/class/trial.py 1 5 10 20

For each number it starts a JupyterHub of its own on this machine's loopback, with the class's own
configuration except that anybody may log in; all students log in at the same moment, open a
notebook, run it to the bottom, and solve its first exercise. Nobody leaves before the last has
finished: what is then in memory is what so many students need. (Not beside a class that is under
way: its students' servers have the same ports.)
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MIB = 2**20
SPARE = 2.5 * 1024  # MiB that must stay free, or the trial ends
FIRST_PORT = 10_001  # of the first student's server, by the configuration
PATIENCE = 900  # seconds for the whole class


# -------- what one student does


@dataclass
class Student:
    """What became of one student; times are seconds since the login began."""

    name: str
    logged_in: float = 0.0
    server: float = 0.0
    first_cell: float = 0.0
    bottom: float = 0.0
    verified: bool = False
    reconnected: int = 0
    trouble: str = ""


def exercise_of(cells: list[dict[str, Any]]) -> tuple[str, str]:
    """The first exercise of a notebook, solved: code for the student's cell, and its check.

    Examples
    --------
    >>> text = "<details>\\n\\n```python\\ndef f(): return 1\\n```\\n</details>"
    >>> made = [({"tags": ["exercise"]}, "def f(): return ..."), ({"tags": ["check"]}, "check(f)"),
    ...         ({"tags": ["solution"]}, text)]
    >>> exercise_of([{"metadata": m, "source": s} for m, s in made])
    ('def f(): return 1\\n', 'check(f)')
    """
    tagged = [(cell["metadata"].get("tags", []), "".join(cell["source"])) for cell in cells]
    first = next(k for k, (tags, _) in enumerate(tagged) if "exercise" in tags)
    check = next(source for tags, source in tagged[first:] if "check" in tags)
    answer = next(source for tags, source in tagged[first:] if "solution" in tags)
    return re.findall(r"```python\n(.*?)```", answer, re.S)[-1], check


class Kernel:
    """A kernel, spoken to over the websocket as JupyterLab does."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.session = socket, uuid.uuid4().hex

    async def run(self, code: str) -> tuple[str, str]:
        """Run a cell; returns what it printed, and the name of its error ("" if there is none)."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "username": "", "version": "5.3",
                  "session": self.session, "date": "2026-01-01T00:00:00Z"}  # fmt: skip
        content = {"code": code, "silent": False, "store_history": True, "stop_on_error": False,
                   "user_expressions": {}, "allow_stdin": False}  # fmt: skip
        message = {"channel": "shell", "header": header, "content": content,
                   "parent_header": {}, "metadata": {}, "buffers": []}  # fmt: skip
        await self.socket.send_json(message)
        printed, error, replied, idle = "", "", False, False
        while not (replied and idle):
            message = json.loads(text_of(await self.socket.receive()))
            if message["parent_header"].get("msg_id") != number:
                continue
            kind, said = message["msg_type"], message["content"]
            if kind == "stream":
                printed += said["text"]
            elif kind == "execute_reply":
                replied, error = True, said.get("ename", "")
            elif kind == "status":
                idle = idle or said["execution_state"] == "idle"
        return printed, error


def text_of(frame: Any) -> str:
    """The JSON of a websocket frame; one with buffers has it between its first two offsets."""
    import aiohttp

    if frame.type == aiohttp.WSMsgType.TEXT:
        return str(frame.data)
    if frame.type != aiohttp.WSMsgType.BINARY:
        raise ConnectionError(f"the kernel's connection closed ({frame.type.name})")
    begin = int.from_bytes(frame.data[4:8], "big")
    end = int.from_bytes(frame.data[8:12], "big") if frame.data[3] > 1 else len(frame.data)
    return bytes(frame.data[begin:end]).decode()


async def attend(student: Student, address: str, notebook: str, everybody: asyncio.Barrier) -> None:
    """Log in, open a notebook, run it to the bottom, solve an exercise, stay until all have."""
    import aiohttp

    jar = aiohttp.CookieJar(unsafe=True)  # which takes cookies from an address without a name
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=timeout) as web:
        try:
            async with asyncio.timeout(PATIENCE):
                await lesson(student, web, address, notebook)
        except Exception as error:
            student.trouble = f"{type(error).__name__}: {error}"[:200]
        await everybody.wait()  # all are still there: now memory is counted
        await everybody.wait()


async def lesson(student: Student, web: Any, address: str, notebook: str) -> None:
    """Log in, wait for the server, open the notebook, and go through it."""
    import aiohttp

    began = time.monotonic()
    home = f"{address}/user/{student.name}"
    async with web.get(f"{address}/hub/login") as page:
        page.raise_for_status()
    form = {"username": student.name, "password": "x", "_xsrf": xsrf(web, f"{address}/hub/")}
    async with web.post(f"{address}/hub/login", data=form, allow_redirects=False) as page:
        if page.status != 302:
            raise RuntimeError(f"the login answered {page.status}")
    student.logged_in = time.monotonic() - began
    async with web.get(f"{address}/hub/spawn") as page:  # which starts the server
        page.raise_for_status()
    while True:  # the waiting page asks so, too
        async with web.get(f"{home}/lab/tree/work/{notebook}") as page:
            if page.status == 200 and str(page.url).startswith(home):
                break
            if page.status == 424:  # it isn't starting any more
                raise RuntimeError("the student's server ended as soon as it had begun")
            if page.status >= 400 and page.status not in (502, 503, 504):
                raise RuntimeError(f"the server's page answered {page.status}")
        await asyncio.sleep(1)
    student.server = time.monotonic() - began
    async with web.get(f"{home}/api/contents/work/{notebook}?content=1") as answer:
        answer.raise_for_status()
        cells = (await answer.json())["content"]["cells"]
    wanted = {"path": f"work/{notebook}", "name": notebook, "type": "notebook",
              "kernel": {"name": "python3"}}  # fmt: skip
    headers = {"X-XSRFToken": xsrf(web, f"{home}/")}
    async with web.post(f"{home}/api/sessions", json=wanted, headers=headers) as answer:
        answer.raise_for_status()
        number = (await answer.json())["kernel"]["id"]
    channels = f"{home}/api/kernels/{number}/channels".replace("http", "ws", 1)
    while True:
        try:
            async with web.ws_connect(channels, max_msg_size=0) as socket:
                await through(student, cells, Kernel(socket), began)
            return
        except (ConnectionError, aiohttp.ClientError):
            student.reconnected += 1  # on a busy machine, before the kernel's first word
            if student.first_cell or student.reconnected > 5:
                raise
            await asyncio.sleep(2)  # as JupyterLab does


async def through(
    student: Student, cells: list[dict[str, Any]], kernel: Kernel, began: float
) -> None:
    """Run a notebook to the bottom, and solve its first exercise."""
    for cell in cells:
        if cell["cell_type"] == "code":
            _, error = await kernel.run("".join(cell["source"]))
            student.first_cell = student.first_cell or time.monotonic() - began
            if error and "raises-exception" not in cell["metadata"].get("tags", []):
                raise RuntimeError(f"a cell raised {error}")
    student.bottom = time.monotonic() - began
    answer, check = exercise_of(cells)
    await kernel.run(answer)
    printed, _ = await kernel.run(check)
    student.verified = "verified" in printed


def xsrf(web: Any, address: str) -> str:
    """The token against forged requests that goes with a page."""
    from yarl import URL

    return str(web.cookie_jar.filter_cookies(URL(address))["_xsrf"].value)


# -------- what the machine does


@dataclass
class Use:
    """Processes of one kind: how many, their memory in MiB, and seconds of processor time."""

    count: int = 0
    memory: float = 0.0
    seconds: float = 0.0


def kind_of(command: list[str]) -> str:
    """What a process of a hub is, by its command line.

    Examples
    --------
    >>> kind_of(["/hub/bin/python", "-m", "ipykernel_launcher", "-f", "x.json"])
    'kernel'
    >>> kind_of(["node", "/x/configurable-http-proxy", "--ip", ""])
    'proxy'
    """
    words = " ".join(command)
    kinds = {"ipykernel_launcher": "kernel", "configurable-http-proxy": "proxy",
             "singleuser": "server", "jupyterhub": "hub"}  # fmt: skip
    return next((kind for sign, kind in kinds.items() if sign in words), "other")


def used(hub: int) -> dict[str, Use]:
    """Add up what a hub and all that it started use, by kind.

    Memory is the proportional share (PSS): a page that twenty servers have in common counts a
    twentieth for each, so that the sum is what the machine has given away.
    """
    import psutil

    uses: dict[str, Use] = {}
    process = psutil.Process(hub)
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            use = uses.setdefault(kind_of(one.cmdline()), Use())
            use.memory += one.memory_full_info().pss / MIB
            times = one.cpu_times()
            use.seconds += times.user + times.system
            use.count += 1
    return uses


@dataclass
class Report:
    """What became of a class, and what it used."""

    students: list[Student]
    uses: dict[str, Use] = field(default_factory=dict)
    load: float = 0.0
    free: float = 0.0

    def row(self) -> str:
        """One line of the table.

        Examples
        --------
        >>> two = [Student("a", 1, 4, 5, 9, True), Student("b", 1, 6, 9, 11, True)]
        >>> print(Report(two, {"server": Use(2, 200, 8), "kernel": Use(2, 160, 12)}, 0.5).row())
           2     2       5.0       7.0       9.0      10.0     100      80        10.0    0.5
        """
        done = [s for s in self.students if s.verified]
        n = len(self.students)
        middle = {name: statistics.median([getattr(s, name) for s in done] or [0])
                  for name in ("server", "first_cell", "bottom")}  # fmt: skip
        slowest = max([s.first_cell for s in done] or [0])
        server, kernel = (self.uses.get(kind, Use()) for kind in ("server", "kernel"))
        each = [use.memory / max(use.count, 1) for use in (server, kernel)]
        seconds = (server.seconds + kernel.seconds) / n
        return (f"{n:4d}  {len(done):4d}  {middle['server']:8.1f}  {middle['first_cell']:8.1f}  "
                f"{slowest:8.1f}  {middle['bottom']:8.1f}  {each[0]:6.0f}  {each[1]:6.0f}  "
                f"{seconds:10.1f}  {self.load:5.1f}")  # fmt: skip


HEAD = """\
 all  done    server  1st cell   slowest    bottom  server  kernel   processor   load
              s, median  s, med.         s   s, med.     MiB     MiB  s/student before"""


# What the trial measured (the table in notebooks/instructors.md): MiB, a student's in the notebook
# that needs most of it, and seconds of a processor from the login to the bottom of 03.
MEASURED = {"hub": 110, "proxy": 60, "student": 420, "seconds": 5.0}
SYSTEM = 1536  # MiB that a bare system wants for itself


def needs(students: int, cores: int) -> tuple[float, float]:
    """Memory in GiB for so many students, and seconds until the last one's 03 has run.

    The second is for all of them beginning at one moment, with nothing else on the machine.

    Examples
    --------
    >>> [round(number, 1) for number in needs(30, cores=2)]
    [14.0, 75.0]
    """
    memory = SYSTEM + MEASURED["hub"] + MEASURED["proxy"] + students * MEASURED["student"]
    return memory / 1024, students * MEASURED["seconds"] / cores


@contextlib.contextmanager
def running_hub(folder: Path) -> Any:
    """Run a JupyterHub with the class's configuration, but for logins; yields it and where."""
    port, hub_port, proxy_port = free_ports(3)
    address = f"http://127.0.0.1:{port}"
    command = [
        *(sys.executable, "-m", "jupyterhub", f"--config={HERE / 'jupyterhub_config.py'}"),
        *(f"--JupyterHub.bind_url={address}", f"--JupyterHub.hub_port={hub_port}"),
        f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{proxy_port}",
        *("--JupyterHub.authenticator_class=dummy", "--JupyterHub.spawner_class=simple"),
        f"--SimpleLocalProcessSpawner.home_dir_template={folder}/{{username}}",
        "--JupyterHub.concurrent_spawn_limit=0",  # a whole class at once is what we ask about
    ]
    if os.geteuid() == 0:
        command.append("--Spawner.args=--allow-root")
    with (folder / "hub.log").open("w") as log:
        hub = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(f"{address}/hub/login", hub, folder / "hub.log")
            yield hub, address
        finally:
            stop(hub)


def free_ports(number: int) -> list[int]:
    """Ports on the loopback that nobody listens at."""
    with contextlib.ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(number)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


def wait_for(address: str, hub: subprocess.Popen[bytes], log: Path) -> None:
    import requests

    until = time.monotonic() + 120
    while time.monotonic() < until and hub.poll() is None:
        with contextlib.suppress(requests.RequestException):
            if requests.get(address, timeout=5).ok:
                return
        time.sleep(0.5)
    raise SystemExit(f"JupyterHub did not start. Its last words:\n{log.read_text()[-1500:]}")


def stop(hub: subprocess.Popen[bytes]) -> None:
    """End a hub and all that it started."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(hub.pid).children(recursive=True)
        hub.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            hub.wait(60)
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
    hub.kill()
    hub.wait()


async def keep_room() -> None:
    """Return when next to no memory is left."""
    import psutil

    while psutil.virtual_memory().available / MIB > SPARE:
        await asyncio.sleep(0.5)


async def hold(number: int, notebook: str, hub: Any, address: str) -> Report:
    """Hold one class."""
    load = os.getloadavg()[0]
    everybody = asyncio.Barrier(number + 1)
    students = [Student(f"student{k:03d}") for k in range(1, number + 1)]
    each = [asyncio.create_task(attend(s, address, notebook, everybody)) for s in students]
    lesson, room = asyncio.create_task(everybody.wait()), asyncio.create_task(keep_room())
    await asyncio.wait([lesson, room], return_when=asyncio.FIRST_COMPLETED)
    report = Report(students, used(hub.pid), load)
    if room.done():
        for student in students:
            student.trouble = student.trouble or "the machine's memory was full"
    else:
        await everybody.wait()
        await asyncio.gather(*each)
    for task in (room, lesson, *each):
        task.cancel()
    return report


def main(arguments: list[str]) -> int:
    """Hold a class of each of the numbers asked for, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("numbers", type=int, nargs="+", metavar="N", help="students in a class")
    parser.add_argument("--notebook", default="03_input_gradient.ipynb")
    asked = parser.parse_args(arguments)
    if shutil.which("configurable-http-proxy") is None:
        raise SystemExit(
            "configurable-http-proxy is not on the path: install it with npm (instructors.md, "
            "Host) and put its folder node_modules/.bin there."
        )
    with socket.socket() as taken:
        if taken.connect_ex(("127.0.0.1", FIRST_PORT)) == 0:
            raise SystemExit("A JupyterHub is at work on this machine: stop it first.")
    print(HEAD, flush=True)
    for number in asked.numbers:
        with tempfile.TemporaryDirectory() as folder, running_hub(Path(folder)) as (hub, address):
            report = asyncio.run(hold(number, asked.notebook, hub, address))
            said = (Path(folder) / "hub.log").read_text("utf-8", errors="replace")
        print(report.row(), flush=True)
        for kind in ("hub", "proxy"):
            use = report.uses.get(kind, Use())
            print(f"      {kind}: {use.memory:.0f} MiB, {use.seconds:.0f} s of a processor")
        again = sum(student.reconnected for student in report.students)
        print(f"      connected again to a kernel: {again} times")
        troubles = {student.trouble for student in report.students if student.trouble}
        if troubles:  # what the hub and the servers complained of, the first of them
            troubles |= set(re.findall(r"^\[[EC] .*", said, re.M)[:5])
        print(
            *(f"      {line}" for line in sorted(troubles)), sep="\n", end="\n" if troubles else ""
        )
        if troubles:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
