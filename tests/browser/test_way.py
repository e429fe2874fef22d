"""The way through the book: what comes next, the bar under a title, the folding sidebar, code as the reader wants it."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.book.pages import addresses
from tests.browser.browse import DESK, PHONE, opened, overflow_faults, to, until
from tests.house.sources import no, tool

OUTLINE = tool("outline")
CHAPTERS = list(OUTLINE.outline().chapters)
SHEETS = OUTLINE.outline().sheets
PAGE = "notebooks/grid/locational_prices.html"
INPUTS = "[...document.querySelectorAll('.cell_input')].filter((one) => one.checkVisibility()).length"


@pytest.fixture
def page(browser, address):
    with opened(browser) as (page, faults):
        to(page, f"{address}/{PAGE}")
        yield page
        assert faults == []


def foot(page):
    return {link.locator("span").inner_text(): link.get_attribute("href") for link in page.locator(".tef-next a").all()}


def test_next_leads_from_chapter_to_chapter_and_beside_it_to_the_exercises(browser, address):
    # Without scripts a page is there at once, and the way stands in it all the same.
    with opened(browser, java_script_enabled=False) as (page, _):
        page.goto(f"{address}/book/how_to_use.html")
        walked = []
        for _ in CHAPTERS:
            page.locator(".tef-next a[rel=next]").click()
            page.wait_for_load_state("domcontentloaded")
            name = page.url.split("/notebooks/")[1].removesuffix(".html")
            walked.append(name)
            assert ("Exercises of this chapter" in foot(page)) == (name in SHEETS)
        assert walked == CHAPTERS and "Next chapter" not in foot(page)


def test_three_routes_say_what_each_chapter_takes(browser, address):
    chapters = OUTLINE.outline().chapters
    with opened(browser) as (page, _):
        page.goto(f"{address}/book/how_to_use.html")
        routes = page.locator("section#three-ways-through > ul > li").all()
        assert len(routes) == 3
        for route in routes:
            steps = route.locator("ol > li").all()
            taken = [step.locator("a").get_attribute("href").split("notebooks/")[1].removesuffix(".html") for step in steps]
            told = [int(step.inner_text().split(", ")[-1].removesuffix(" min")) for step in steps]
            assert len(taken) >= 4 and told == [chapters[name].minutes for name in taken]
            assert f"{sum(told)} minutes in all" in route.inner_text()


def test_a_sheet_leads_back_and_on(browser, address):
    with opened(browser) as (page, _):
        for name in ("markets/double_auction", "markets/markets_quiz"):
            page.goto(f"{address}/exercises/{name}.html")
            assert list(foot(page)) == ["Back to the chapter", "Next chapter"]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_bar_says_where_to_run_the_page(browser, address, site, width):
    with opened(browser, width=width) as (page, faults):
        for name in ("notebooks/markets/vcg", "exercises/markets/vcg"):
            to(page, f"{address}/{name}.html")
            tools = page.locator(".bd-article h1 + .tef-bar .tef-tools")
            links = {link.inner_text(): link.get_attribute("href") for link in tools.locator("a").all()}
            assert f"{name}.ipynb" in links["Binder"] and "mybinder" in links["Binder"] and f"{name}.ipynb" in links["Colab"]
            got = page.request.get(f"{address}/_sources/{name}.ipynb")
            assert got.ok and json.loads(got.text())["cells"] and links["Download"].endswith(f"_sources/{name}.ipynb")
            runs = (site / "_static" / "live" / "pages" / f"{name}.json").exists()
            assert tools.locator(".tef-run").is_visible() == runs and overflow_faults(page) == []
            second = tools.locator(".tef-lite")  # opens this very notebook, where JupyterLite lies in the site
            assert second.count() == (runs and (site / "lite").exists())
            for link in second.all():
                path = parse_qs(urlsplit(link.get_attribute("href")).query)["path"][0]
                assert link.is_visible() and (site / "lite" / "files" / path).is_file()
        assert faults == []


@pytest.mark.parametrize("name", addresses(lambda file: "book" in file.parts or "notebooks" in file.parts)[::4])
def test_only_the_part_being_read_is_open_and_its_entry_in_sight(browser, address, name):
    with opened(browser) as (page, _):
        page.set_viewport_size({"width": DESK, "height": 500})
        page.goto(f"{address}/{name}")
        if name == "book/index.html":
            return
        assert page.locator(".tef-part[open]").count() == 1
        until(
            page,
            """() => {
          const here = document.querySelector('.bd-sidebar-primary [aria-current="page"]').getBoundingClientRect();
          return here.top >= 0 && here.bottom <= innerHeight; }""",
        )
        assert page.locator(".bd-sidebar-primary a.reference").count() >= len(CHAPTERS)


IN_SIGHT = """() => {
  const here = document.querySelector('[aria-current="page"].reference').getBoundingClientRect();
  return here.height > 0 && here.top >= 0 && here.bottom <= innerHeight; }"""


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_entry_is_in_sight_among_ninety(browser, address, width):
    with opened(browser, width=width) as (page, faults):
        page.set_viewport_size({"width": width, "height": 500})

        def longer(route):
            text = route.fetch().text()
            entry = '<li class="toctree-l1"><a class="reference internal" href="vcg.html">One more chapter</a></li>'
            at = text.index("<ul", text.index('<details class="tef-part" open>'))
            at = text.index(">", at) + 1
            route.fulfill(body=text[:at] + 90 * entry + text[at:], content_type="text/html")

        page.route(f"**/{PAGE}", longer)
        to(page, f"{address}/{PAGE}")
        if width == PHONE:
            for _ in range(2):  # the second time as the first
                page.locator("button.primary-toggle").click()
                until(page, IN_SIGHT)
                page.keyboard.press("Escape")
                page.locator("dialog#pst-primary-sidebar-modal").wait_for(state="hidden")
        else:
            until(page, IN_SIGHT)
        assert faults == []


def test_a_part_opens_by_keyboard_and_without_javascript(browser, address):
    for options in ({}, {"java_script_enabled": False}):
        with opened(browser, **options) as (page, _):
            page.goto(f"{address}/{PAGE}")
            part = page.locator(".tef-part:not([open]) > summary", has_text="Ledger")
            part.focus()
            page.keyboard.press("Enter")
            assert page.get_by_role("link", name="Tokens", exact=True).first.is_visible()


def test_code_is_all_there_folded_or_hidden_and_remembered(page, address):
    select = page.locator(".tef-code select")
    total = page.evaluate(INPUTS)
    assert select.input_value() == "all" and total > 5
    select.select_option("hidden")
    assert page.evaluate(INPUTS) == 0 and page.locator(".tef-fold:visible").count() == 0
    select.select_option("folded")
    assert page.evaluate(INPUTS) == 0 and page.locator(".tef-fold:visible").count() == total
    first = page.locator(".tef-fold").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(INPUTS) == 1 and first.get_attribute("aria-expanded") == "true"
    to(page, f"{address}/notebooks/markets/vcg.html")
    assert page.evaluate(INPUTS) == 0 and page.locator(".tef-code select").input_value() == "folded"
    page.emulate_media(media="print")
    assert page.evaluate(INPUTS) == 0


def test_on_a_phone_code_is_folded_at_first_and_nothing_jumps(browser, address):
    with opened(browser, width=PHONE) as (page, _):
        page.route("**/tef-way.js*", lambda route: route.fulfill(body=""))
        page.goto(f"{address}/{PAGE}")  # the choice is made before any script of ours has run
        assert page.evaluate(INPUTS) == 0 and page.locator(".tef-fold:visible").count() > 5


def test_what_the_browser_refuses_or_others_wrote_leaves_the_first_choice(browser, address):
    refused = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    for script in (refused, "localStorage.setItem('tef:code', 'odd')"):
        for width, first in ((PHONE, "folded"), (DESK, "all")):
            with opened(browser, width=width) as (page, _):
                page.add_init_script(script)
                page.goto(f"{address}/{PAGE}")
                assert page.evaluate("document.documentElement.dataset.code") == first
                assert page.locator(".tef-code select").input_value() == first
                assert (page.evaluate(INPUTS) == 0) == (first == "folded")


def test_a_cell_without_output_leaves_no_gap_where_code_is_hidden(browser, address):
    gaps = """[...document.querySelectorAll(".cell")].filter((cell) => cell.checkVisibility()
      && ![...cell.children].some((child) => child.checkVisibility())).length"""
    with opened(browser) as (page, _):
        page.add_init_script("localStorage.setItem('tef:code', 'hidden')")
        to(page, f"{address}/notebooks/ledger/smart_contracts.html")
        assert page.evaluate(gaps) == 0
        assert page.locator(".cell > .cell_output:visible").count() == page.locator(".cell > .cell_output").count() > 10


def test_without_javascript_all_code_is_shown(browser, address):
    with opened(browser, width=PHONE, java_script_enabled=False) as (page, _):
        page.goto(f"{address}/{PAGE}")
        assert page.locator(".cell_input:visible").count() > 5 and page.locator(".tef-fold:visible").count() == 0
        assert page.locator(".tef-code:visible").count() == 0


def test_what_a_chapter_opens_are_those_that_build_on_it(site):
    needs, faults = OUTLINE.needs(), []
    for name in CHAPTERS:
        text = (site / f"notebooks/{name}.html").read_text()
        told = text.split('class="tef-map">Opens ')[1].split("</p>")[0] if 'class="tef-map"' in text else ""
        for other in CHAPTERS:
            if (name in needs[other]) != (f"/{other.split('/')[1]}.html" in told or f'"{other.split("/")[1]}.html' in told):
                faults.append(f"{name}: {other}")
    no(faults)
    assert needs["grid/locational_prices"] == ["grid/welfare_optimization", "grid/power_flow"]
    assert needs["ledger/tokens"] == ["ledger/smart_contracts", "markets/double_auction"]
