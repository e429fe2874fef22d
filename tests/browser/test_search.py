"""The search finds what readers look for, says where it stands, and works from the disk with the network cut."""

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


def test_a_term_is_explained_and_kinds_are_told(search):
    results = ask(search, "double auction")
    assert "A market in which" in results.first.inner_text() and "chapter" in results.first.locator(".tef-kind").inner_text()
    kinds = Counter(results.locator(".tef-kind").all_inner_texts())
    assert set(kinds) == {"chapter", "exercises", "package"}


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
