"""Where a Chromium is on this machine, and what it can be asked to do without a window."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from utils.commands.course import Advice

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
)
PLACES = (  # where they are not on the path: macOS, Windows
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
QUIET = ("--headless", "--disable-gpu", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update")  # fmt: skip
PATIENCE = 120


def find_browser() -> str | None:
    """Return the path of a Chromium, or None: $COURSE_BROWSER, else the first one there is."""
    asked = os.environ.get("COURSE_BROWSER")
    there = [shutil.which(name) for name in NAMES] + [p for p in PLACES if Path(p).is_file()]
    return asked or next(filter(None, there), None)


def print_to_pdf(page: Path, target: Path, browser: str) -> None:
    """Print a page to a PDF file, after its scripts have done their work.

    Raises
    ------
    Advice
        The browser wrote no file.
    """
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *QUIET, f"--user-data-dir={profile}", "--no-pdf-header-footer"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # containers run as root, where there can't be one
        command += ["--virtual-time-budget=20000", f"--print-to-pdf={target}", page.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
            said = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        except subprocess.TimeoutExpired:
            said = [f"it took more than {PATIENCE} s"]
    if not target.is_file():
        last = (said or ["it said nothing"])[-1]
        raise Advice(f"The browser {browser} could not print {page.name} ({last}): do it by hand.")
