"""What a page weighs and how long it takes on a slow phone: 1.6 Mbit/s, 150 ms, a processor slowed four times.

Bytes are those a server sends with gzip, heads left out, until nothing more is asked for; "first" are those that came
before the first figure was drawn. The next page is the first text of the page behind the link *Next*, in the same
window, so that what all pages share is there. Times are orientation: run it with nothing else on the machine.
Run: python tests/benchmarks/page_weight.py [FOLDER OF THE SITE] [--files]
"""

import functools
import gzip
import http.server
import sys
import threading
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.browse import FLAGS, chrome, settle  # noqa: E402

PAGES = ["book/index", "book/how_to_use", "notebooks/markets/double_auction", "notebooks/grid/locational_prices",
         "notebooks/paradigm/one_way_grid", "exercises/markets/double_auction", "search"]  # fmt: skip
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
DRAWN = "() => document.querySelector('.tef-drawn .main-svg')"


class Gzipped(http.server.SimpleHTTPRequestHandler):
    """Files as a public server sends them: gzip for text, kept for ten minutes; what it sent is counted."""

    protocol_version = "HTTP/1.1"
    sent: list = []

    def do_GET(self):
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return self.send_error(404)
        body, small = packed(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if small:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        Gzipped.sent.append((self.path.split("?")[0], len(body)))
        self.wfile.write(body)

    def handle(self):
        try:
            super().handle()
        except ConnectionResetError:  # a page that is left drops what it has asked for
            self.close_connection = True

    def log_message(self, *_):
        pass


@functools.cache
def packed(file):
    text = file.suffix in (".html", ".js", ".css", ".svg", ".json", ".txt", ".inv")
    return (gzip.compress(file.read_bytes(), 6) if text else file.read_bytes()), text


def slowed(context):
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return page


def measured(browser, address, name):
    """Weight in all, weight and seconds until the first figure, seconds to the next page's text."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(120_000)
    page = slowed(context)
    Gzipped.sent.clear()
    start = time.perf_counter()
    page.goto(f"{address}/{name}.html", wait_until="commit")
    first = seconds = None
    page.wait_for_load_state("domcontentloaded")
    if page.query_selector("figure.tef-explore"):
        page.wait_for_function(DRAWN)
        first, seconds = sum(size for _, size in Gzipped.sent), time.perf_counter() - start
    settle(page, 120)
    page.wait_for_load_state("networkidle")
    whole = sum(size for _, size in Gzipped.sent)
    heavy = sorted(Gzipped.sent, key=lambda pair: -pair[1])[:8]
    following = None
    if link := page.query_selector("a.right-next"):
        start = time.perf_counter()
        page.goto(link.evaluate("node => node.href"), wait_until="commit")
        page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
        following = time.perf_counter() - start
    context.close()
    return whole, first, seconds, following, heavy


def said(value, width, digits):
    return f"{'-' if value is None else f'{value:.{digits}f}':>{width}}"


def main():
    folders = [word for word in sys.argv[1:] if word != "--files"]
    site = Path(folders[0]) if folders else ROOT / "_build" / "html"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Gzipped, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    print(f"{'page':36} {'kB':>6} {'kB first':>9} {'s first':>8} {'s next':>7}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome(), args=FLAGS)
        for name in PAGES:
            whole, first, seconds, following, heavy = measured(browser, address, name)
            told = [said(whole / 1000, 6, 0), said(first and first / 1000, 9, 0), said(seconds, 8, 1), said(following, 7, 2)]
            print(f"{name:36} {' '.join(told)}")
            if "--files" in sys.argv:
                print("    " + ", ".join(f"{path.rsplit('/', 1)[-1]} {size / 1000:.0f}" for path, size in heavy))
        browser.close()


if __name__ == "__main__":
    main()
