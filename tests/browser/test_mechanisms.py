"""The page of all mechanisms: plain tables without JavaScript, and with it tables that a keyboard can sort."""

import pytest

from tests.browser.browse import DESK, PHONE, opened, to
from tests.house.sources import tool

PAGE = "book/mechanisms.html"
TOOL = tool("mechanism_pages")
TABLES = sum(len(tables) for tables in TOOL.TABLES.values())
FIRST = "table.tef-sortable >> nth=0"


def column(page, place):
    return [row.locator("td").nth(place).inner_text() for row in page.locator(FIRST).locator("tbody tr").all()]


def heads(page):
    return page.locator(FIRST).locator("thead th")


def written(rows, name, digits):
    return [TOOL.cell(row[name], digits) for row in rows]


def test_plain_tables_without_javascript(browser, address):
    rows = TOOL.rows_of("rules")
    with opened(browser, java_script_enabled=False) as (page, faults):
        page.goto(f"{address}/{PAGE}")
        assert (
            page.locator("table.tef-sortable").count() == TABLES and page.locator("table.tef-sortable button").count() == 0
        )
        assert column(page, 0) == [row["mechanism"] for row in rows] and column(page, 2) == written(rows, "welfare", 2)
        for row, link in zip(rows, page.locator(FIRST).locator("tbody a").all()):
            assert link.get_attribute("href").endswith(f"notebooks/{row['chapter']}.html")
        assert faults == []


def test_a_heading_sorts_its_column_and_turns_it(browser, address):
    rows = TOOL.rows_of("rules")
    with opened(browser) as (page, faults):
        to(page, f"{address}/{PAGE}")
        budget = heads(page).nth(4)
        assert "operator keeps" in budget.inner_text() and budget.get_attribute("aria-sort") is None
        there = sorted((row for row in rows if row["budget"]), key=lambda row: -float(row["budget"]))
        budget.get_by_role("button").focus()
        page.keyboard.press("Enter")
        assert budget.get_attribute("aria-sort") == "descending"
        assert column(page, 4) == [*written(there, "budget", 2), "–", "–"]
        assert column(page, 0)[0] == "pay-as-bid"
        page.keyboard.press("Space")
        assert budget.get_attribute("aria-sort") == "ascending" and column(page, 0)[0] == "VCG"
        assert column(page, 4)[-2:] == ["–", "–"]  # what is not defined stays last
        heads(page).nth(0).get_by_role("button").click()
        assert budget.get_attribute("aria-sort") is None and heads(page).nth(0).get_attribute("aria-sort") == "ascending"
        assert column(page, 0) == sorted(column(page, 0), key=str.casefold)
        assert faults == []


def test_infinity_is_the_largest(browser, address):
    with opened(browser) as (page, _):
        to(page, f"{address}/{PAGE}")
        table = page.locator("table.tef-sortable").nth(4)
        epsilon = table.locator("thead th").nth(1).get_by_role("button")
        cells = [table.locator("tbody tr").nth(row).locator("td").nth(1) for row in range(4)]
        epsilon.click()
        assert [cell.inner_text() for cell in cells] == ["∞", "∞", "10", "1"]
        epsilon.click()
        assert [cell.inner_text() for cell in cells] == ["1", "10", "∞", "∞"]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_headings_can_be_reached_and_the_first_column_stays(browser, address, width):
    with opened(browser, width=width) as (page, _):
        to(page, f"{address}/{PAGE}")
        last = heads(page).last.get_by_role("button")
        last.focus()
        assert last.evaluate("node => node === document.activeElement") and last.bounding_box()["x"] < width
        if width == PHONE:
            first = page.locator(FIRST).locator("tbody td").first
            assert first.evaluate("node => getComputedStyle(node).position") == "sticky" and first.bounding_box()["x"] >= 0


def test_only_this_page_carries_the_script(site):
    carrying = [file.name for file in site.rglob("*.html") if "tef-sort.js" in file.read_text()]
    assert carrying == ["mechanisms.html"]
