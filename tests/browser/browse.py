"""A headless browser that may ask this machine alone, and that writes down everything that goes wrong on a page."""

import functools
import http.server
import os
import shutil
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # No other host has an address, whoever asks: page, worker or browser.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
DESK, PHONE = 1280, 390  # widths, in pixels
PATIENCE = 60  # seconds a busy machine may take; how fast a page is, tests/benchmarks/page_weight.py measures
# Figures drawn, formulas set, fonts there.
SETTLED = """async () => {
  await document.fonts.ready;
  // Formulas are set after the first figure.
  if (document.querySelector(".math:not(:has(mjx-container))")) return false;
  // Two frames on, a window of another size has been laid out, and what must move has begun to.
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  // A bar that slides in or out covers what lies beneath until it has arrived.
  const moving = document.getAnimations().filter((motion) => motion.playState === "running"
    && motion.effect.getComputedTiming().activeDuration < Infinity);
  if (moving.length) return false;
  const plots = [...document.querySelectorAll("figure.tef-explore .tef-plot")];
  return plots.every((plot) => plot.classList.contains("tef-drawn") && plot.querySelector(".main-svg"));
}"""


# Which repeating timers run: that something has stopped can be seen at once, without waiting for what does not come.
TIMERS = """(() => {
  const set = window.setInterval.bind(window), clear = window.clearInterval.bind(window);
  const running = window.tefTimers = new Set();
  window.setInterval = (...words) => { const timer = set(...words); running.add(timer); return timer; };
  window.clearInterval = (timer) => { running.delete(timer); clear(timer); };
})()"""


def chrome():
    """Path of the browser; where none is found the tests fail."""
    for name in (os.environ.get("CHROME"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if name and shutil.which(name):
            return shutil.which(name)
    raise RuntimeError("The page tests need a browser: set CHROME=/path/to/chrome, or install chromium.")


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def end_headers(self):
        self.send_header("Cache-Control", "max-age=600")  # 20 pages share their scripts
        super().end_headers()

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # with the usual five a busy machine drops a knock, and the browser tries seconds later


@contextmanager
def served(folder):
    """Address of a folder served on this machine."""
    server = _Server(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def watch(page):
    """A list that fills with what goes wrong on a page: refused hosts, failed requests, messages of the console."""
    faults = []

    def request(r):
        host = urlsplit(r.url)
        if host.scheme not in ("data", "blob", "file") and host.hostname != "127.0.0.1":
            faults.append(f"asks {r.url}")

    def failed(r):
        if r.failure != "net::ERR_ABORTED" or r.is_navigation_request():  # a page left behind drops its requests
            faults.append(f"failed: {r.url} ({r.failure})")

    page.on("request", request)
    page.on("requestfailed", failed)
    page.on("response", lambda r: faults.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    page.on("pageerror", lambda error: faults.append(f"error: {str(error)[:200]}"))
    page.on(
        "console", lambda m: faults.append(f"console {m.type}: {m.text[:200]}") if m.type in ("error", "warning") else None
    )
    return faults


@contextmanager
def opened(browser, scheme="light", width=1280, **more):
    """A page with its list of faults, in a context of its own."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, **more)
    context.set_default_timeout(1000 * PATIENCE)
    context.add_init_script(TIMERS)
    try:
        page = context.new_page()
        yield page, watch(page)
    finally:
        context.close()


def until(page, predicate, seconds=PATIENCE):
    """Wait for an async predicate; `wait_for_function` would take its promise for a yes."""
    page.evaluate(
        """async ([predicate, end]) => {
          const holds = eval(predicate);
          const deadline = performance.now() + end;
          while (!(await holds())) {
            if (performance.now() > deadline) throw new Error(`waited ${end} ms in vain for ${predicate}`);
            await new Promise((next) => setTimeout(next, 20));
          }
        }""",
        [f"({predicate.strip()})", 1000 * seconds],
    )


def settle(page, seconds=PATIENCE):
    until(page, SETTLED, seconds)


STILL = """async () => {
  const places = () => JSON.stringify([...document.querySelectorAll("main, h1, footer, .bd-sidebar-primary")]
    .map((node) => node.getBoundingClientRect()));
  const before = places();
  await new Promise((next) => setTimeout(next, 100));
  return places() === before;
}"""


def widen(page, width):
    """Another width of the window; then wait until the bars at its sides have moved, which they begin a little later."""
    page.set_viewport_size({"width": width, "height": 900})
    until(page, STILL)
    settle(page)


def to(page, address):
    """Open a page and wait until all of it is there."""
    page.goto(address)
    settle(page)


def overflow_faults(page):
    """The document is wider than the window: a reader would have to push it sideways."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"{wide} px wide in a window of {window} px"] if wide > window else []
