"""How long the static site keeps a reader waiting: `python3 -m utils bench --site`.

It measures the folder `site` as it was built last, with `--pyodide`: each notebook under the site's
own Pyodide in Node (seconds of CPU, megabytes of WebAssembly's memory, which never shrinks), and in
a Chromium, from loopback, the start of 00 and the time from a key to an explorer's next picture.
"""

import statistics
import sys
import time
from pathlib import Path

from browser import WATCH, running_browser
from site_serving import EXPLORER, IDLE, RUN_ALL, run_in_node, served, tab

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
FIRST = "try/notebooks/index.html?path=work/00_start_here.ipynb"
RUN_FIRST = """async () => {
  const panel = jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = 1;
  await jupyterapp.commands.execute('notebook:run-cell');
}"""


def main():
    """Print both tables; 2 where there is no site."""
    if not (SITE / "try").is_dir():
        print("There is no site yet: python3 -m utils site --pyodide FOLDER", file=sys.stderr)
        return 2
    files = [path for path in SITE.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"the site: {len(files)} files, {size:.0f} MB\n")
    with served(SITE) as address, running_browser() as chromium, tab(chromium, address) as page:
        for what, seconds in start_of_a_notebook(page, address).items():
            print(f"{what:36} {seconds:6.1f} s")
        print(f"{'key to picture, median of 20':36} {key_to_picture(page):6.0f} ms\n")
    print(f"{'notebook':36} {'start':>8} {'all cells':>9} {'memory':>7}")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        found = run_in_node(SITE, path)
        told = f"{found['boot']:6.1f} s {found['seconds']:7.1f} s {found['megabytes']:4.0f} MB"
        print(f"{path.stem:36} {told}", flush=True)
    return 0


def start_of_a_notebook(page, address):
    """Seconds from the click until each thing is there."""
    began = time.monotonic()
    page.goto(address + FIRST)
    times = {}
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    times["00 is to be seen"] = time.monotonic() - began
    page.wait_for_function(IDLE)
    times["its kernel is ready"] = time.monotonic() - began
    page.evaluate(RUN_FIRST)
    times["its first cell has answered"] = time.monotonic() - began
    return times


def key_to_picture(page):
    """Milliseconds from an arrow key to the explorer's next picture on the screen, the median."""
    page.evaluate(RUN_ALL)
    explorer = page.locator(EXPLORER).first
    explorer.scroll_into_view_if_needed()
    page.evaluate(WATCH)
    handle = explorer.locator(".noUi-handle").first
    for k in range(20):
        handle.focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_function("k => seen.times.length > k", arg=k)
    return statistics.median(shown - pressed for shown, pressed in page.evaluate("seen.times"))
