"""Every page that can be run, run in a browser that may ask no other host: it gives what the site shows.

Where no engine was laid ready nothing can be run, and all of this is skipped; `make test` lays one ready. It takes a
sample, a sheet of each part and the chapters of `LONGER`; with TEF_EVERY_PAGE=1, as in the site's workflow, every page.
"""

import os

import pytest

from tests.browser.browse import opened, until
from tests.browser.living import LIVE, fill, run_all, solutions, start, states, told

pytestmark = pytest.mark.skipif(LIVE.engine_folder() is None, reason="no engine: `make engine` lays one ready")
LONGER = ["notebooks/markets/double_auction", "notebooks/strategy/learning_agents"]  # the second draws many whole numbers
LEFT = pytest.mark.skip(reason="left for the site's workflow; TEF_EVERY_PAGE=1 runs it here")


def of(folder):
    """The pages of a folder, those outside the sample marked as left."""
    names = [name for name in LIVE.names() if name.startswith(folder)]
    first = {name.split("/")[1]: name for name in reversed(names)}.values()
    taken = LONGER if folder == "notebooks/" else first
    every = os.environ.get("TEF_EVERY_PAGE") == "1"
    return [name if every or name in taken else pytest.param(name, marks=LEFT) for name in names]


SHEETS, CHAPTERS = of("exercises/"), of("notebooks/")
TEXTS = "() => [...document.querySelectorAll('.bd-article .tef-text')].map((text) => text.textContent)"


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_says_still_missing_and_with_its_solutions_correct(browser, address, site, name):
    cells = told(site, name)["cells"]
    checks = sum(cell["check"] for cell in cells)
    with opened(browser) as (page, faults):
        start(page, address, name)
        assert run_all(page) == "Done."
        assert states(page) == ["still missing"] * checks
        visible = [at for at, cell in enumerate(cells) if not cell["hidden"]]
        for at, source in solutions(name).items():
            fill(page, visible.index(at), source)
        assert run_all(page) == "Done."
        assert states(page) == ["correct"] * checks and checks > 0
        assert page.locator(".tef-solved input").is_checked()
        assert faults == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_and_its_figures_read_as_on_the_site(browser, address, site, name):
    told(site, name)
    with opened(browser) as (page, faults):
        start(page, address, name)
        shown = page.evaluate(TEXTS)
        assert run_all(page) == "Done."
        assert page.evaluate(TEXTS) == shown
        slider = page.locator("figure.tef-explore input[type=range]:not([max='0'])").first
        if slider.count():
            figure = page.locator("figure.tef-explore:has(input[type=range]:not([max='0']))").first
            text = figure.locator(".tef-text").inner_text()
            slider.focus()
            page.keyboard.press("ArrowRight" if slider.evaluate("(it) => it.value !== it.max") else "ArrowLeft")
            until(page, "async () => !document.querySelector('figure.tef-explore [aria-busy]')", 60)
            assert figure.locator(".tef-text").inner_text() != text
            figure.locator(".tef-plot .main-svg").first.wait_for()
        assert faults == []
