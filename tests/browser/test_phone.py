"""Chapters on a phone of 390 x 844 px, and on paper: nothing is cut off without a sign, and a figure fits the screen."""

import pytest

from tests.book.pages import addresses
from tests.browser.browse import PHONE, opened, to
from tests.house.sources import no

SCREEN = 844
chapters = pytest.mark.parametrize("name", addresses(lambda file: "notebooks" in file.parts))
FIGURES = """() => [...document.querySelectorAll("figure.tef-explore")].map((figure) => {
  const controls = [...figure.querySelectorAll(".tef-controls :is(input[type=range], select, fieldset)")];
  const box = (css) => figure.querySelector(css)?.getBoundingClientRect();
  const plot = figure.querySelector(".tef-plot"), drawing = plot.querySelector(".main-svg").getBoundingClientRect();
  return { controls: controls.length, slider: controls.some((node) => node.type === "range"),
    height: (box(".tef-text") ?? box(".tef-plot")).bottom - (box(".tef-controls") ?? box(".tef-plot")).top,
    over: drawing.bottom - plot.getBoundingClientRect().bottom };
})"""
WIDE = """() => {
  const visible = (node) => node.offsetParent && node.clientWidth;
  const wider = (node) => visible(node) && node.scrollWidth > node.clientWidth + 1;
  const wide = (css) => [...document.querySelectorAll(css)].filter(wider);
  const said = ".output:is(.stream, .text_plain):not(.tef-columns) pre";
  const moved = ["div.highlight pre", ".pst-scrollable-table-container", ".output.text_html:has(table.dataframe)",
    'mjx-container[display="true"]'].flatMap((css) => wide(`.bd-article ${css}`));
  const unsigned = moved.filter((node) => !node.matches(said)
    && (getComputedStyle(node).backgroundImage.match(/linear-gradient/g) ?? []).length < 4);
  const loose = wide(".bd-article :is(.pst-scrollable-table-container, .output.text_html:has(table.dataframe))")
    .filter((node) => {
      node.scrollLeft = 1e6;
      const left = node.getBoundingClientRect().left, cells = [...node.querySelectorAll("tbody tr > :first-child")];
      return cells.some((cell) => Math.abs(cell.getBoundingClientRect().left - left) > 16);
    });
  const words = (nodes) => nodes.map((node) => node.textContent.trim().slice(0, 60));
  const formulas = wide('.bd-article .math mjx-container[display="true"]');
  const names = formulas.map((node) => node.closest(".math").id || node.textContent.trim().slice(0, 40));
  return { formulas: names,
    said: words(wide(`.bd-article ${said}`)), unsigned: words(unsigned), loose: words(loose), moved: moved.length };
}"""


@chapters
def test_a_figure_fits_the_screen_and_what_is_wider_says_so(windows, address, name):
    page, _ = windows("light", PHONE)
    page.set_viewport_size({"width": PHONE, "height": SCREEN})
    to(page, f"{address}/{name}")
    found = []
    for i, figure in enumerate(page.evaluate(FIGURES), 1):
        if figure["slider"] and figure["controls"] <= 2 and figure["height"] > SCREEN:
            found.append(f"figure {i}: controls, drawing and sentence take {figure['height']:.0f} px of {SCREEN}")
        if figure["over"] > 1:
            found.append(f"figure {i}: the drawing is {figure['over']:.0f} px higher than its place")
    wide = page.evaluate(WIDE)
    found += [f"a formula is wider than the page: {name}" for name in wide["formulas"]]
    found += [f"a printed sentence does not wrap: {words}" for words in wide["said"]]
    found += [f"nothing shows that this goes on: {words}" for words in wide["unsigned"]]
    found += [f"the first column is lost: {words}" for words in wide["loose"]]
    no(found)


def test_a_sheet_shows_its_code_whatever_was_chosen_for_the_chapters(browser, address):
    with opened(browser, width=PHONE) as (page, _):
        page.add_init_script("localStorage.setItem('tef:code', 'hidden')")
        to(page, f"{address}/exercises/resources/storage_arbitrage.html")
        assert page.locator(".cell_input:visible").count() == page.locator(".cell_input").count() > 6
        assert not page.locator(".tef-fold").count()


def test_what_was_printed_in_columns_keeps_them(browser, address):
    with opened(browser, width=PHONE) as (page, _):
        to(page, f"{address}/notebooks/ledger/tokens.html")
        styles = page.evaluate("""() => ["", ":not(.tef-columns)"].map((not) =>
          getComputedStyle(document.querySelector(`.output.stream${not || ".tef-columns"} pre`)).whiteSpace)""")
    assert styles == ["pre", "pre-wrap"]


def test_the_contents_close_where_a_heading_was_chosen(browser, address):
    with opened(browser, width=PHONE) as (page, _):
        to(page, f"{address}/notebooks/grid/locational_prices.html")
        page.locator("button.sidebar-toggle.secondary-toggle:visible").first.click()
        page.locator('dialog#pst-secondary-sidebar-modal a[href="#five-buses"]').click()
        assert not page.locator("dialog#pst-secondary-sidebar-modal").evaluate("node => node.open")


CUT = """() => [...document.querySelectorAll(".bd-article :is(pre, table)")].filter((node) => node.offsetParent)
  .filter((node) => node.scrollWidth > node.clientWidth + 1 || node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize(
    "name", ["notebooks/markets/mechanism_design", "notebooks/ledger/consensus", "book/for_instructors"]
)
def test_paper_cuts_no_rows_and_no_tables(browser, address, name):
    with opened(browser, width=718) as (page, _):  # A4 less a centimetre on each side
        to(page, f"{address}/{name}.html")
        page.emulate_media(media="print")
        assert page.evaluate(CUT) == []


RULES = """() => Object.fromEntries([".cell", ".cell_input", "figure.tef-explore", "h2"].map((css) => {
  const { breakInside, breakAfter } = getComputedStyle(document.querySelector(`.bd-article ${css}`));
  return [css, css === "h2" ? breakAfter : breakInside];
}))"""


def test_on_paper_only_what_is_short_is_kept_whole(browser, address):
    """A cell with its output may be longer than what is left of a page, which would stay empty."""
    with opened(browser, width=PHONE) as (page, _):
        to(page, f"{address}/notebooks/markets/double_auction.html")
        page.emulate_media(media="print")
        rules = page.evaluate(RULES)
    assert rules == {".cell": "auto", ".cell_input": "avoid", "figure.tef-explore": "avoid", "h2": "avoid"}
