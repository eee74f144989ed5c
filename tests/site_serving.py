"""The site served from a folder on loopback, and a browser that can reach nothing else."""

import functools
import http.server
import threading
from contextlib import contextmanager

INSIDE = ("data:", "blob:", "about:")


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
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(240_000)
    try:
        yield page
        assert outside == []
        assert faults == []
    finally:
        context.close()
