"""A real JupyterLab in a real Chromium, for tests and measurements of the explorers."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from utils.commands.chromium import find_browser
from utils.commands.copies import copy_notebooks
from utils.commands.lab import ask_nothing, keep_explorers

ROOT = Path(__file__).resolve().parent.parent
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-sync", "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
EXPLORER = ".jp-OutputArea .widget-vbox:has(> .widget-image)"

RUN_ALL = """async () => {
  const wait = ms => new Promise(done => setTimeout(done, ms));
  const open = () => jupyterapp.shell.currentWidget;
  for (let i = 0; i < 200 && !open()?.context; i++) await wait(50);
  const panel = open();
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  await jupyterapp.commands.execute('notebook:run-all-cells');
  const cells = [...panel.content.widgets].filter(w => w.model.type === 'code');
  return {cells: cells.length, run: cells.filter(w => w.model.executionCount).length,
          errors: cells.flatMap(w => w.model.outputs.toJSON())
                       .filter(o => o.output_type === 'error').map(o => o.ename + ': ' + o.evalue)};
}"""
RESTART = """async () => {
  const panel = jupyterapp.shell.currentWidget;
  await panel.sessionContext.session.kernel.restart();
  await panel.sessionContext.session.kernel.info;
}"""
GO_DARK = "() => jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
OPEN = """async path => {
  const panel = await jupyterapp.commands.execute('docmanager:open', {path});
  await panel.context.ready;
  await panel.revealed;
}"""
CLOSE = """async () => {
  const panel = jupyterapp.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  const session = panel.sessionContext.session;
  await session.kernel.info;
  panel.dispose();
  await jupyterapp.serviceManager.sessions.shutdown(session.id);
}"""
IS_MODIFIED = """async () => {
  const wait = ms => new Promise(done => setTimeout(done, ms));
  for (let i = 0; i < 200 && !jupyterapp.shell.currentWidget?.context; i++) await wait(50);
  const {context, sessionContext} = jupyterapp.shell.currentWidget;
  await context.ready;
  await sessionContext.ready;
  await sessionContext.session.kernel.info;
  await wait(200);  // Lab takes over what the kernel says of itself
  return context.model.dirty;
}"""
# Every new picture is noted with the time since the last key or pointer event.
WATCH = """() => {
  const seen = window.seen = {event: 0, times: [], blank: 0, frames: 0};
  for (const name of ['keydown', 'pointermove', 'pointerdown', 'mousedown', 'mousemove'])
    document.addEventListener(name, () => { seen.event = performance.now(); }, true);
  const last = new WeakMap();
  const images = () => document.querySelectorAll('.jp-Notebook .jp-OutputArea img');
  const look = image => {
    if (last.get(image) === image.src) return;
    last.set(image, image.src);
    image.decode().then(() => requestAnimationFrame(
      () => seen.times.push([performance.now(), seen.event]))).catch(() => {});
  };
  images().forEach(image => last.set(image, image.src));
  new MutationObserver(() => images().forEach(look)).observe(document.querySelector('.jp-Notebook'),
    {subtree: true, childList: true, attributes: true, attributeFilter: ['src']});
  const tick = () => {
    seen.frames += 1;
    const there = [...images()].filter(i => i.naturalWidth && i.offsetHeight > 5);
    if (!there.length) seen.blank += 1;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def make_course(folder):
    """Lay out a course folder with a student's copies of all notebooks in `work`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("utils", "notebooks"):
        (folder / name).symlink_to(ROOT / name)
    copy_notebooks(folder)
    return folder


@contextmanager
def running_lab(folder, patience=60):
    """Serve `folder` by a JupyterLab of its own; yields its address."""
    port = free_port()
    home = folder.parent / "home"
    places = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR",
              "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR",
              "IPYTHONDIR")}  # fmt: skip
    ask_nothing(home / "JUPYTER_CONFIG_DIR")
    keep_explorers(home / "settings")
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"),
        *(f"--ServerApp.root_dir={folder}", "--IdentityProvider.token="),
        *("--expose-app-in-browser", "--LabApp.news_url=None"),
        f"--LabApp.app_settings_dir={home / 'settings'}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    log = folder.parent / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, env={**os.environ, **places}
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/api", server, patience, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:  # on a busy machine it takes its time; so don't wait
                server.kill()
                server.wait()


def wait_for(address, server, patience, log):
    until = time.monotonic() + patience
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not answer at {address}:\n{log.read_text()[-2000:]}")


def wait_until(true, seconds):
    """Ask again and again; False if it hasn't become true in so many seconds."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def running_browser(**options):
    """Start the browser; yields Playwright's object for it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET, **options)
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """A tab with a JupyterLab in it, where notebooks are opened one after another.

    To load Lab takes ten times as long as to open a notebook in it. `complaints` holds what the
    browser's console said.
    """

    def __init__(self, browser, address, width=1200, height=900):
        self.size = {"width": width, "height": height}
        self.address, self.loaded = address, False
        self.tab = browser.new_page(viewport=self.size)
        self.tab.set_default_timeout(30_000)
        self.complaints = []
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", self._heard)

    def _heard(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, notebook):
        """Open a notebook, as a path from Lab's root; returns its page."""
        if self.loaded:
            self.tab.evaluate(OPEN, notebook)
        else:
            self.tab.goto(f"{self.address}/doc/tree/{notebook}")
            self.loaded = True
        self.tab.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        return Page(self.tab)

    @contextmanager
    def resized(self, width, zoom=1):
        """Another width, or the same one zoomed in, until the block ends."""
        session = self.tab.context.new_cdp_session(self.tab)
        metrics = {"width": width // zoom, "height": self.size["height"] // zoom}
        session.send("Emulation.setDeviceMetricsOverride",
                     {**metrics, "deviceScaleFactor": zoom, "mobile": False})  # fmt: skip
        try:
            yield
        finally:
            session.send("Emulation.setDeviceMetricsOverride",
                         {**self.size, "deviceScaleFactor": 1, "mobile": False})  # fmt: skip
            session.detach()


class Page:
    """The notebook that is open in a tab."""

    def __init__(self, tab):
        self.tab = tab

    def run_all(self):
        """Run every cell; returns how many there are, how many ran, and what they raised."""
        return self.tab.evaluate(RUN_ALL)

    def explorers(self):
        return self.tab.locator(EXPLORER)

    def source(self, explorer):
        """Where the browser holds the picture: it changes with each new one."""
        return explorer.locator("> .widget-image").get_attribute("src")

    def words(self, explorer):
        return explorer.locator("[role=status]").inner_text()

    def readout(self, explorer):
        """The number beside the first slider, which the browser itself keeps up to date."""
        return explorer.locator(".widget-readout").first.inner_text()

    def wait_for_change(self, explorer, before, seconds=10):
        """Wait for another picture; its words come in a message of their own, a moment later."""
        return wait_until(lambda: self.source(explorer) != before, seconds)

    def wait_for_words(self, explorer, right, seconds=10):
        """Wait until `right(words)`, which get there in their own time; return the last words."""
        wait_until(lambda: right(self.words(explorer)), seconds)
        return self.words(explorer)

    def wait_for_rest(self, explorer, rest=1, seconds=20):
        """Wait until neither the picture nor its words have changed for `rest` seconds."""
        now = self.source(explorer), self.words(explorer)
        since, until = time.monotonic(), time.monotonic() + seconds
        while time.monotonic() < until and time.monotonic() < since + rest:
            before, now = now, (self.source(explorer), self.words(explorer))
            since = since if now == before else time.monotonic()
            time.sleep(0.02)
        return time.monotonic() >= since + rest

    def go_dark(self):
        """Choose Lab's dark theme, as its settings menu does, and wait until the page wears it."""
        self.tab.evaluate(GO_DARK)
        self.tab.locator("body[data-jp-theme-light='false']").wait_for(state="attached")

    def press(self, control, key):
        control.focus()
        self.tab.keyboard.press(key)

    def drag(self, handle, part, steps=6, pause=0.03):
        """Drag a slider's handle to the right by a part of its track, or to the left if it must."""
        box, track = handle.bounding_box(), handle.locator("xpath=../..").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        far = part * track["width"]
        far = -far if x + far > track["x"] + track["width"] else far
        self.tab.mouse.move(x, y)
        self.tab.mouse.down()
        for step in range(1, steps + 1):
            self.tab.mouse.move(x + far * step / steps, y)
            time.sleep(pause)
        self.tab.mouse.up()

    def reset(self, explorer):
        """Press an explorer's reset button, and wait until all is as it was."""
        explorer.locator("button", has_text="reset").click()
        assert self.wait_for_rest(explorer, rest=0.2)

    def is_modified(self):
        """Whether Lab, once the kernel is there, would ask on leaving what to do with changes."""
        return self.tab.evaluate(IS_MODIFIED)

    def save(self):
        self.tab.evaluate("jupyterapp.commands.execute('docmanager:save')")

    def close(self):
        """Close the notebook without saving, and end its kernel."""
        self.tab.evaluate(CLOSE)
