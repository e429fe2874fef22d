"""The search finds what readers look for, says where it stands, and works from the disk with the network cut."""

import re
from collections import Counter

import pytest

from tests.book.pages import addresses
from tests.browser.browse import DESK, PHONE, opened, settle, to
from tests.browser.queries import QUERIES
from tests.house.sources import no


@pytest.fixture(scope="module")
def search(browser, address):
    with opened(browser) as (page, faults):
        to(page, f"{address}/search.html")
        yield page
        assert faults == []


@pytest.mark.parametrize("query", QUERIES)
def test_the_page_looked_for_comes_first(search, query):
    assert search.evaluate("query => window.tefSearch(query)", query)[0] == QUERIES[query]


def test_every_chapter_is_looked_for():
    chapters = {name.removesuffix(".html") for name in addresses(lambda file: "notebooks" in file.parts)}
    assert chapters <= set(QUERIES.values()) and len(QUERIES) >= 60


@pytest.mark.parametrize(
    "query", ["", "   ", "qqqxyz", "(", "[a-z", "\\", "<script>", "a" * 5000, "é", "__proto__", "constructor"]
)
def test_odd_words_break_nothing(search, query):
    found = search.evaluate("query => window.tefSearch(query)", query)
    assert isinstance(found, list) and (found == [] or query in ("constructor", "__proto__", "<script>", "[a-z", "é"))


def ask(page, query):
    page.get_by_label("What are you looking for?").fill(query)
    page.wait_for_function("query => document.title.startsWith(query)", arg=query)
    return page.locator("#tef-found li")


def test_results_say_where_the_word_stands(search):
    for query in ("congestion rent", "Vickrey", "quorum", "battery"):
        results = ask(search, query)
        marked = results.first.locator("mark").all_inner_texts()
        assert marked and all(word.casefold().rstrip("s") in query.casefold() for word in marked), query
        assert "Binder" not in results.first.inner_text()
    assert "results" not in search.locator("#tef-count").inner_text()
    assert search.locator("#tef-count").get_attribute("role") == "status"


def test_every_first_result_shows_a_word_asked_or_says_why_it_is_there(search):
    shown = search.evaluate(
        """queries => {
          const input = document.getElementById("tef-asked");
          return queries.map((query) => {
            input.value = query;
            input.form.dispatchEvent(new Event("submit", { cancelable: true }));
            const first = document.querySelector("#tef-found li");
            const text = (node) => (node ? node.textContent : "");
            return [query, text(first.querySelector("a")), text(first.querySelector("mark")),
              text(first.querySelector(".tef-term")), text(first)];
          });
        }""",
        list(QUERIES),
    )
    faults = []
    for query, title, mark, term, text in shown:
        named = any(word.casefold().strip("()") in title.casefold() for word in re.split(r"[ .]", query))
        if not (mark or term or named):
            faults.append(f"{query}: {text}")
        if re.search(r"\w [.,;:)]|[(\[] |\\\\", text):
            faults.append(f"{query}: ill set: {text}")
    no(faults)


def test_a_word_that_no_page_holds_is_explained_and_the_place_shown(search):
    first = ask(search, "photovoltaic").first
    assert "Roofs" in first.locator(".tef-term").inner_text() and first.locator("mark").count() == 0
    assert "roof" in first.locator("p").last.inner_text()
    assert first.locator("a").get_attribute("href").endswith("#an-evening-in-the-lane")


def ranks(search, query):
    found = search.evaluate("query => window.tefSearch(query)", query)
    return lambda start: next(i for i, name in enumerate(found) if name.startswith(start))


@pytest.mark.parametrize("query", ["losses", "battery", "MATPOWER", "hash", "price interval"])
def test_chapters_come_before_exercises_and_the_package(search, query):
    first = ranks(search, query)
    assert first("notebooks/") == 0 < first("book/api/")


def test_a_sheet_comes_after_its_chapter_unless_it_is_asked_for(search):
    for query in ("price of carbon", "what is wanted"):
        first = ranks(search, query)
        chapter = search.evaluate("query => window.tefSearch(query).find((name) => name.startsWith('exercises/'))", query)
        assert first(chapter.replace("exercises/", "notebooks/")) < first(chapter)
    assert ranks(search, "exercise price of carbon")("exercises/grid/welfare_optimization") == 0


@pytest.mark.parametrize(
    "one, other",
    [("price", "pricing"), ("bids", "bidding"), ("ERC20", "erc-20"), ("losses", "loss"), ("Merkle tree", "MERKLE-TREES")],
)
def test_other_forms_of_a_word_find_the_same(search, one, other):
    first, second = (search.evaluate("query => window.tefSearch(query)", query) for query in (one, other))
    assert first == second != []


def test_a_term_is_explained_and_kinds_are_told(search):
    results = ask(search, "price interval")
    assert "All prices that support" in results.first.inner_text()
    assert "chapter" in results.first.locator(".tef-kind").inner_text()
    kinds = Counter(results.locator(".tef-kind").all_inner_texts())
    assert set(kinds) == {"chapter", "exercises", "package"}


def test_the_index_holds_what_pages_say_and_not_the_bar_under_their_titles(search):
    texts = search.evaluate(
        "() => window.tefIndex.pages.flatMap(({ page, sections }) => sections.map(([, , text]) => [page, text]))"
    )
    said = [[page, text] for page, text in texts if page.startswith(("notebooks/", "exercises/"))]
    assert len(said) > 100
    no([f"{page}: {text[:60]}" for page, text in said if re.search(r"^Binder|^Opens |loads \d+ MB", text)])


@pytest.mark.parametrize("query", ["exercises", "Exercise", "sheet"])
def test_the_word_exercises_alone_finds_pages(search, query):
    assert ask(search, query).count() > 0


def test_what_is_not_there_is_told(search):
    assert ask(search, "qqqxyz").count() == 0
    assert "Nothing on" in search.locator("#tef-count").inner_text()


def test_links_lead_to_a_place_on_the_page(search, site):
    faults = []
    for query in ("LMP", "uniform_price", "nonce", "exercises vcg"):
        for link in ask(search, query).locator("a").all():
            path = link.evaluate("node => new URL(node.href).pathname").lstrip("/")
            anchor = link.evaluate("node => new URL(node.href).hash").lstrip("#")
            text = (site / path).read_text()
            if anchor and f'id="{anchor}"' not in text:
                faults.append(f"{query}: {path}#{anchor}")
    no(faults)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_the_disk_with_the_network_cut(browser, site, width):
    with opened(browser, width=width, offline=True) as (page, faults):
        page.goto(f"{(site / 'search.html').as_uri()}?q=LMP")
        settle(page)
        first = page.locator("#tef-found li a").first
        assert first.inner_text().startswith("Locational prices")
        ask(page, "Vickrey")
        assert first.inner_text().startswith("VCG") and "q=Vickrey" in page.url
        ask(page, "LMP")
        first.press("Enter")
        page.wait_for_url("**/locational_prices.html*")
        assert faults == []


def test_the_field_in_the_sidebar_asks_this_page(browser, address):
    with opened(browser) as (page, faults):
        to(page, f"{address}/notebooks/markets/vcg.html")
        page.locator(".search-button-field:visible, .search-button:visible").first.click()
        field = page.locator("#pst-search-dialog input[type=search]")
        field.fill("LMP")
        field.press("Enter")
        page.wait_for_url("**/search.html?q=LMP*")
        assert page.locator("#tef-found li a").first.inner_text().startswith("Locational prices")
        assert faults == []


def test_without_javascript_the_page_leads_to_the_glossary(browser, address):
    with opened(browser, java_script_enabled=False) as (page, _):
        page.goto(f"{address}/search.html")
        assert page.get_by_role("link", name="glossary", exact=True).is_visible()
