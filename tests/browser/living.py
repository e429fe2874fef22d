"""Pages that are run: which the built site has, and how a test presses their buttons."""

import json

import pytest

from tests.browser.browse import to, until
from tests.house.sources import ROOT, tool

LIVE = tool("live_pages")
LONG = 900  # seconds: a whole chapter on a busy machine, with Python four times slower than outside a browser
IDLE = "async () => window.tefLive && !window.tefLive.running && !!window.tefLive.times"


def told(site, name):
    """The cells of a page that can be run; a page that the engine cannot run is skipped, and said so."""
    file = site / "_static" / "live" / "pages" / f"{name}.json"
    if not file.exists():
        pytest.skip(f"{name}: not run here, the engine laid ready lacks a package it needs; the site's workflow runs it")
    return json.loads(file.read_text())


def start(page, address, name):
    """Open a page and turn it on."""
    to(page, f"{address}/{name}.html")
    page.click(".tef-run")
    until(page, IDLE, LONG)


def run_all(page):
    page.click(".tef-all")
    until(page, IDLE, LONG)
    return page.locator(".tef-words").inner_text()


def press(page, at, words=".tef-do"):
    """Press a button of a cell, and give what stands below it afterwards."""
    cell = page.locator("[data-cell]").nth(at)
    cell.locator(words).click()
    until(page, IDLE, LONG)
    return cell.locator(".cell_output").inner_text()


def fill(page, at, source):
    page.locator("[data-cell]").nth(at).locator("textarea").fill(source)


def solutions(name):
    """The solution of each cell that a learner writes, by the place of the cell among those of code."""
    file = ROOT / "exercises" / "source" / f"{name.removeprefix('exercises/')}.ipynb"
    cells = [cell for cell in json.loads(file.read_text())["cells"] if cell["cell_type"] == "code"]
    return {
        at: "".join(cell["source"]) for at, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def states(page):
    """What the checks of the page say."""
    said = page.locator(".te-feedback strong").all_inner_texts()
    return [words.split(" ", 1)[1] for words in said]
