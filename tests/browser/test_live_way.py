"""What a reader meets on a page that is run: the bar, editors, order, errors, Stop, what is kept and taken home."""

import json

import pytest

from tests.browser.axe import axe_faults
from tests.browser.browse import PHONE, opened, overflow_faults, to, until
from tests.browser.living import IDLE, LIVE, fill, press, run_all, start, told

pytestmark = pytest.mark.skipif(LIVE.engine_folder() is None, reason="no engine: `make engine` lays one ready")
SHEET, CHAPTER = "exercises/markets/double_auction", "notebooks/markets/double_auction"
DATA, STUB, CHECK = 1, 2, 3  # places of the first exercise's cells on the page
RIGHT = """def wanted_and_offered(bids, asks, price):
    return sum(q for p, q in bids if p >= price), sum(q for p, q in asks if p <= price)
"""
WRONG = RIGHT.replace(">=", ">")


@pytest.fixture
def sheet(browser, address, site):
    told(site, SHEET)
    with opened(browser) as (page, faults):
        start(page, address, SHEET)
        yield page
        assert faults == []


def state(page, at):
    return page.locator("[data-cell]").nth(at).locator(".tef-state").inner_text()


def editor(page, at):
    return page.locator("[data-cell]").nth(at).locator("textarea")


def words(page):
    return page.locator(".tef-words").inner_text()


def test_the_button_says_what_it_loads_and_is_not_there_from_the_disk(browser, address, site):
    size = round(told(site, SHEET)["bytes"] / 1e6)
    with opened(browser) as (page, _):
        to(page, f"{address}/{SHEET}.html")
        assert page.locator(".tef-run").inner_text().split("\n") == ["Run this page", f"loads {size} MB"]
        to(page, (site / f"{SHEET}.html").as_uri())
        assert page.locator(".tef-run").is_hidden()


def test_a_sheet_that_needs_no_grid_and_no_ledger_loads_at_most_20_MB(site):
    assert told(site, SHEET)["bytes"] <= 20e6


def test_check_says_what_is_wrong_and_remembers_what_is_correct(sheet):
    assert "still missing" in press(sheet, CHECK)
    fill(sheet, STUB, WRONG)
    assert "exactly at the price" in press(sheet, CHECK)
    fill(sheet, STUB, RIGHT)
    assert "correct" in press(sheet, CHECK)
    kept = json.loads(sheet.evaluate("localStorage['tef:checked']"))
    assert list(kept[f"{SHEET}.html"]) == ["double_auction/curves"]
    assert not sheet.locator(".tef-solved input").is_checked()  # two more to go


def test_a_hint_for_an_answer_that_is_still_missing(sheet):
    assert "Hint 1 of" in press(sheet, CHECK, "text=Hint")


def test_what_stands_below_a_change_says_so_until_it_has_run(sheet):
    fill(sheet, STUB, RIGHT)
    press(sheet, CHECK)
    fill(sheet, DATA, "bids = [(12, 2)]\nasks = [(5, 1)]\nprice = 10")
    assert state(sheet, DATA) == "changed" and state(sheet, CHECK) == "older than the change above"
    press(sheet, CHECK)
    assert state(sheet, DATA).endswith(" s") and state(sheet, CHECK).endswith(" s")


def test_an_error_names_its_line_and_stops_there(sheet):
    fill(sheet, STUB, "def wanted_and_offered(bids, asks, price):\n    return 1 / 0\n\nwanted_and_offered([], [], 1)")
    press(sheet, CHECK)
    said = sheet.locator("[data-cell]").nth(STUB).locator(".cell_output").inner_text()
    assert said.startswith("Line 2: ZeroDivisionError: division by zero")
    assert words(sheet) == "Cell 4 failed, so those below were not run."
    fill(sheet, STUB, RIGHT)
    assert "correct" in press(sheet, CHECK)


def test_a_loop_without_end_is_stopped_and_nothing_written_is_lost(sheet):
    fill(sheet, STUB, "def wanted_and_offered(bids, asks, price):\n    while True: pass")
    sheet.locator("[data-cell]").nth(CHECK).locator(".tef-do").click()
    until(sheet, f"async () => document.querySelectorAll('.tef-state')[{CHECK}].textContent === 'running'", 60)
    sheet.click(".tef-stop")
    until(sheet, IDLE)
    assert words(sheet) == "Stopped. What you wrote is kept; the next run starts Python anew."
    assert "while True" in editor(sheet, STUB).input_value() and state(sheet, CHECK) == "stopped"
    fill(sheet, STUB, RIGHT)
    assert "correct" in press(sheet, CHECK)


def test_edits_outlive_a_reload_and_go_at_reset(sheet, address):
    fill(sheet, STUB, RIGHT)
    start(sheet, address, SHEET)
    assert editor(sheet, STUB).input_value() == RIGHT and state(sheet, STUB) == "yours, kept in this browser"
    sheet.locator("[data-cell]").nth(STUB).locator("text=Reset").click()
    assert "YOUR CODE HERE" in editor(sheet, STUB).input_value()
    assert sheet.evaluate("localStorage['tef:edits']") == "{}"


def test_reset_page_asks_twice(sheet):
    fill(sheet, STUB, RIGHT)
    fill(sheet, DATA, "price = 9")
    sheet.click(".tef-anew")
    assert editor(sheet, DATA).input_value() == "price = 9"
    sheet.click(".tef-anew")
    assert "YOUR CODE HERE" in editor(sheet, STUB).input_value() and editor(sheet, DATA).input_value().startswith("bids")


def test_an_edit_of_a_cell_that_the_book_has_changed_since_says_so(browser, address, site):
    told(site, SHEET)
    with opened(browser) as (page, _):
        to(page, f"{address}/{SHEET}.html")
        name = page.locator("[data-cell]").nth(DATA).get_attribute("data-cell")
        kept = {SHEET: {name: {"source": "price = 9", "from": "an older text"}}}
        page.evaluate("(kept) => localStorage.setItem('tef:edits', JSON.stringify(kept))", kept)
        start(page, address, SHEET)
        assert editor(page, DATA).input_value() == "price = 9"
        assert state(page, DATA) == "yours; the book has changed this cell since"


def test_the_notebook_that_is_taken_home_holds_what_was_written(sheet):
    fill(sheet, STUB, RIGHT)
    with sheet.expect_download() as download:
        sheet.click(".tef-take")
    taken = json.loads(download.value.path().read_text())
    code = ["".join(cell["source"]) for cell in taken["cells"] if cell["cell_type"] == "code"]
    assert RIGHT in code and download.value.suggested_filename == "double_auction.ipynb"
    assert any(cell["cell_type"] == "markdown" for cell in taken["cells"])


def test_the_keyboard_runs_indents_and_leaves(sheet):
    box = editor(sheet, DATA)
    box.fill("for n in range(3):")
    box.press("End")
    box.press("Enter")
    sheet.keyboard.type("print(n)")
    assert box.input_value() == "for n in range(3):\n    print(n)"
    box.press("Shift+Enter")
    until(sheet, IDLE)
    assert sheet.locator("[data-cell]").nth(DATA).locator(".cell_output").inner_text().split() == ["0", "1", "2"]
    box.focus()
    box.press("Tab")
    assert box.evaluate("(it) => document.activeElement === it")
    box.press("Escape")
    box.press("Tab")
    assert sheet.evaluate("document.activeElement.textContent") == "Run"


def test_a_figure_takes_more_states_than_the_site_carries(browser, address, site):
    told(site, CHAPTER)
    source = (
        "from tefoundations.explore import Slider, explore, lines\n"
        "def draw(n):\n    return lines([0, 1], {'a': [0, n]}, 'x', 'y'), f'Ends at {n}.'\n"
        "explore(draw, 'A line.', n=Slider(0, 999, 1, value=3))"
    )
    with opened(browser) as (page, faults):
        start(page, address, CHAPTER)
        at = page.evaluate(
            "[...document.querySelectorAll('[data-cell]')].findIndex((cell) => cell.querySelector('textarea'))"
        )
        fill(page, at, source)
        press(page, at)
        figure = page.locator("[data-cell]").nth(at).locator("figure.tef-explore")
        assert figure.locator(".tef-text").inner_text() == "Ends at 3."
        slider = figure.locator("input[type=range]")
        slider.focus()
        slider.press("End")
        until(
            page, "async () => [...document.querySelectorAll('.tef-text')].some((it) => it.textContent === 'Ends at 999.')"
        )
        figure.locator(".main-svg").first.wait_for()
        assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_that_is_run_is_accessible_and_fits_a_phone(browser, address, site, scheme):
    told(site, SHEET)
    with opened(browser, scheme, PHONE) as (page, faults):
        start(page, address, SHEET)
        fill(page, STUB, WRONG)
        press(page, CHECK)
        fill(page, DATA, "1 / 0")
        press(page, DATA)
        run_all(page)
        assert axe_faults(page) == []
        assert overflow_faults(page) == [] and faults == []
