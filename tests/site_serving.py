"""The site served from a folder on loopback, and a browser that can reach nothing else."""

import functools
import http.server
import json
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

RUN = Path(__file__).with_name("site_run.mjs")
# JupyterLab 4.4's table of contents stumbles over cells shown before it knows their headings.
LABS_OWN = "_onCellInViewportChanged"
INSIDE = ("data:", "blob:", "about:")
RUN_ALL = """async () => {
  const panel = jupyterapp.shell.currentWidget;
  await jupyterapp.commands.execute('notebook:run-all-cells');
  const cells = [...panel.content.widgets].filter(w => w.model.type === 'code');
  return {cells: cells.length, run: cells.filter(w => w.model.executionCount).length,
          told: cells.flatMap(w => w.model.outputs.toJSON())
                     .filter(o => o.output_type === 'error' || o.name === 'stderr')
                     .map(o => o.text ?? o.ename + ': ' + o.evalue)};
}"""
IDLE = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
EXPLORER = ".jp-OutputArea .widget-vbox:has(> .widget-image)"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that keeps its log to itself."""

    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """Serve a folder; yields its address."""
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def tab(browser, address, width=1280, scheme="light"):
    """A window of its own, as of a new reader; whatever is asked of elsewhere fails the test."""
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme)
    outside, faults = [], []
    context.on("request", lambda r: r.url.startswith((address, *INSIDE)) or outside.append(r.url))
    page = context.new_page()
    page.on("pageerror", lambda e: LABS_OWN in e.stack or faults.append(f"{e} {e.stack}"))
    page.set_default_timeout(240_000)
    try:
        yield page
        assert not outside, outside
        assert not faults, faults
    finally:
        context.close()


def run_in_node(site, notebook):
    """Run a notebook under the site's Pyodide; returns its outputs, seconds of CPU, megabytes."""
    command = ["node", str(RUN), str(site), f"work/{notebook.name}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]  # before it comes Pyodide's whole source
    return json.loads(done.stdout.splitlines()[-1])
