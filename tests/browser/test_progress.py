"""The page Your progress: the map of the chapters, what the browser remembers of each, export, import, delete."""

import re

import pytest

from tests.browser.browse import DESK, PHONE, opened, overflow_faults, served, to
from tests.house.sources import ROOT, tool

BOOK = tool("outline").outline()
CHAPTERS = list(BOOK.chapters)
MAP = "book/your_progress.html"
PAGE = "notebooks/grid/locational_prices.html"


def of(page, name):
    """The entry of a chapter or a quiz."""
    return page.locator(f'#tef-progress li[data-page="{name}.html"]')


def linked(page, name, word):
    """The chapters to which an entry links in its sentence that begins with a word."""
    inside = of(page, name).inner_html()
    sentence = inside.split(f"{word} ")[1].split(".</p>")[0].split(". ")[0] if f"{word} <a" in inside else ""
    return re.findall(r"notebooks/(\w+/\w+)\.html", sentence)


def heads():
    """{chapter: chapters it builds on}, read from the texts without the book's tools."""
    found = {}
    for name in CHAPTERS:
        line = re.search(r"Builds on (.*)", (ROOT / "book" / f"{name}.md").read_text())[1]
        found[name] = [
            path.resolve().relative_to(ROOT / "book").with_suffix("").as_posix()
            for path in ((ROOT / "book" / name).parent / to for to in re.findall(r"\]\((.*?)\)", line))
        ]
    return found


def test_the_whole_map_stands_there_without_javascript(browser, address):
    needs = heads()
    assert sum(map(len, needs.values())) > 10
    with opened(browser, java_script_enabled=False) as (page, faults):
        page.goto(f"{address}/{MAP}")
        for name in CHAPTERS:
            assert linked(page, f"notebooks/{name}", "Builds on") == needs[name], name
            assert linked(page, f"notebooks/{name}", "Opens") == [other for other in CHAPTERS if name in needs[other]], name
            assert f"{BOOK.chapters[name].minutes} minutes" in of(page, f"notebooks/{name}").inner_text()
        assert page.locator("#tef-progress li").count() == len(CHAPTERS) + len(BOOK.quizzes)
        assert page.get_by_text("JavaScript is switched off here").is_visible()
        assert faults == []


def test_a_prediction_an_answer_and_a_quiz_leave_their_marks(browser, address):
    name = "notebooks/grid/locational_prices"
    with opened(browser) as (page, faults):
        to(page, f"{address}/{MAP}")
        assert of(page, name).locator(".tef-done").count() == 0
        to(page, f"{address}/{PAGE}")
        page.locator(".tef-prediction input").first.check()
        page.locator(".tef-prediction .tef-keep").click()
        page.locator(".tef-question details summary").first.click()
        questions = page.locator(".tef-question").count()
        page.goto(f"{address}/exercises/markets/markets_quiz.html")
        page.get_by_label("Solved").check()
        to(page, f"{address}/{MAP}")
        said = of(page, name).locator(".tef-marks").inner_text()
        assert "prediction kept" in said and f"1 of {questions} questions answered, 0 right" in said
        assert "opened 2" in said and "exercises not solved yet" in said
        assert of(page, name).locator(".tef-done").count() == 2  # opened, predicted
        assert "exercises solved 2" in of(page, "exercises/markets/markets_quiz").inner_text()
        assert faults == []


@pytest.mark.parametrize("folder", ["book", "notebooks"])
def test_a_site_below_a_folder_keeps_the_same_names(browser, site, tmp_path, folder):
    (tmp_path / folder).symlink_to(site)
    with served(tmp_path) as home, opened(browser) as (page, _):
        to(page, f"{home}/{folder}/{PAGE}")
        assert list(page.evaluate("JSON.parse(localStorage.getItem('tef:visited'))")) == [PAGE]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_page_fits_and_the_keyboard_reaches_import_visibly(browser, address, width):
    with opened(browser, width=width) as (page, faults):
        to(page, f"{address}/{MAP}")
        assert overflow_faults(page) == []
        page.get_by_role("button", name="Delete all").focus()
        page.keyboard.press("Tab")
        assert page.get_by_label("Import").evaluate("(field) => field === document.activeElement")
        drawn = page.locator("label[for=tef-import]").evaluate("(label) => getComputedStyle(label).outlineStyle")
        assert drawn == "solid"  # the field itself is too small to be seen
        assert faults == []


def test_progress_is_kept_shown_exported_imported_and_deleted(browser, address, tmp_path):
    with opened(browser, accept_downloads=True) as (page, faults):
        page.goto(f"{address}/notebooks/markets/vcg.html")
        page.goto(f"{address}/exercises/markets/vcg.html")
        page.get_by_label("Solved").check()
        page.reload()
        assert page.get_by_label("Solved").is_checked()
        page.goto(f"{address}/book/your_progress.html")
        listed = of(page, "notebooks/markets/vcg")
        assert "opened 2" in listed.inner_text() and "exercises solved" in listed.inner_text()
        assert page.get_by_role("heading", name="Markets: 1 of").is_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        file = tmp_path / "mine.json"
        download.value.save_as(file)
        page.get_by_role("button", name="Delete all").click()
        assert "exercises solved" in listed.inner_text()  # asked once more
        page.get_by_role("button", name="Really delete all").click()
        assert "not opened yet" in listed.inner_text() and page.evaluate("localStorage.getItem('tef:visited')") is None
        page.get_by_label("Import").set_input_files(file)
        page.get_by_text("Taken over.").wait_for()
        assert "exercises solved" in listed.inner_text()
        (tmp_path / "other.json").write_text('{"tef:visited": [1], "x": 2}')
        page.get_by_label("Import").set_input_files(tmp_path / "other.json")
        page.get_by_text("nothing was changed").wait_for()
        assert faults == []


def test_checks_that_were_correct_are_counted_until_the_sheet_is_solved(browser, address):
    kept = """localStorage.setItem("tef:checked", JSON.stringify(
      {"exercises/markets/vcg.html": {"vcg/payments": "2026-11-30"}}))"""
    with opened(browser) as (page, faults):
        page.goto(f"{address}/exercises/markets/vcg.html")
        page.evaluate(kept)
        page.goto(f"{address}/book/your_progress.html")
        assert "1 of 2 checks correct" in of(page, "notebooks/markets/vcg").inner_text()
        page.goto(f"{address}/exercises/markets/vcg.html")
        page.get_by_label("Solved").check()
        page.goto(f"{address}/book/your_progress.html")
        said = of(page, "notebooks/markets/vcg").inner_text()
        assert "exercises solved" in said and "checks correct" not in said
        assert faults == []


def test_what_others_wrote_into_the_browser_breaks_nothing(browser, address):
    with opened(browser) as (page, faults):
        page.goto(f"{address}/book/how_to_use.html")
        page.evaluate("""() => {
          localStorage.setItem("tef:visited", "[1"); localStorage.setItem("tef:solved", "3");
          localStorage.setItem("tef:answers", '{"notebooks/grid/locational_prices.html": "x"}');
          localStorage.setItem("tef:predictions", '{"locational_prices": {"a": 1}}'); }""")
        to(page, f"{address}/{PAGE}")
        to(page, f"{address}/book/your_progress.html")
        assert page.locator("#tef-progress li").count() == len(CHAPTERS) + len(BOOK.quizzes)
        assert of(page, PAGE.removesuffix(".html")).locator(".tef-done").count() == 1  # opened just now
        assert faults == []
