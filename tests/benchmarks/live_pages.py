"""What a page that is run loads and how long its reader waits: for the first check, the next one, a figure's next state.

Cold is a browser that has loaded nothing; warm has seen another page that was run. The peer is the same check in a Python
outside the browser, in the same run. Times are orientation: run it with nothing else on the machine.
Run: python tests/benchmarks/live_pages.py [FOLDER OF THE SITE]   (built with an engine, see `make engine`)
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.browse import FLAGS, chrome, served, until  # noqa: E402

SHEET, CHAPTER = "exercises/markets/double_auction", "notebooks/markets/double_auction"
IDLE = "async () => window.tefLive && !window.tefLive.running && !!window.tefLive.times"
RIGHT = """def wanted_and_offered(bids, asks, price):
    return sum(q for p, q in bids if p >= price), sum(q for p, q in asks if p <= price)
"""
STUB, CHECK, TIMES = 2, 3, 5


def first_check(page, address):
    """Seconds from the press of Run this page to what the first check says."""
    page.goto(f"{address}/{SHEET}.html")
    began = time.perf_counter()
    page.click(".tef-run")
    until(page, IDLE, 240)
    cells = page.locator("[data-cell]")
    cells.nth(STUB).locator("textarea").fill(RIGHT)
    cells.nth(CHECK).locator(".tef-do").click()
    until(page, IDLE, 240)
    assert "correct" in cells.nth(CHECK).locator(".cell_output").inner_text()
    return time.perf_counter() - began


def again(page):
    """Seconds of a check after a change."""
    cells = page.locator("[data-cell]")
    cells.nth(STUB).locator("textarea").fill(RIGHT + "\n" * len(RIGHT))
    began = time.perf_counter()
    cells.nth(CHECK).locator(".tef-do").click()
    until(page, IDLE, 240)
    return time.perf_counter() - began


def slide(page, address):
    """Seconds to the next state of the first figure of a chapter, its cells run before."""
    page.goto(f"{address}/{CHAPTER}.html")
    page.click(".tef-run")
    until(page, IDLE, 240)
    page.click(".tef-all")
    until(page, IDLE, 600)
    slider = page.locator("figure.tef-explore input[type=range]").first
    slider.focus()
    began = time.perf_counter()
    page.keyboard.press("ArrowRight")
    until(page, "async () => !document.querySelector('[aria-busy]')", 60)
    return time.perf_counter() - began


def outside():
    """Seconds of the same check outside a browser, after its first call."""
    from tefoundations.exercises import check

    names = {}
    exec(RIGHT, names)
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        assert check("double_auction/curves", names["wanted_and_offered"])
        took.append(time.perf_counter() - began)
    return median(took[1:])


def main(site):
    sizes = {f.relative_to(site / "_static/live/pages").with_suffix("").as_posix(): json.loads(f.read_text())["bytes"]
             for f in (site / "_static/live/pages").rglob("*.json")}  # fmt: skip
    small = sum(size <= 20e6 for size in sizes.values())
    print(f"{len(sizes)} pages: {min(sizes.values()) / 1e6:.1f} to {max(sizes.values()) / 1e6:.1f} MB, {small} within 20 MB")
    with sync_playwright() as playwright, served(site) as address:
        browser = playwright.chromium.launch(executable_path=chrome(), args=FLAGS)
        page = browser.new_context().new_page()
        print(f"{SHEET}: {sizes[SHEET] / 1e6:.1f} MB")
        print(f"first check, cold    {first_check(page, address):6.2f} s")
        took = median(again(page) for _ in range(TIMES))
        print(f"the next check       {took:6.2f} s, {took / outside():.1f} times that outside a browser")
        print(f"first check, warm    {first_check(page, address):6.2f} s")
        print(f"next state of a figure of {CHAPTER}  {slide(page, address):6.2f} s")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "_build" / "html")
