"""What a page weighs as a server sends it with gzip; the times on a slow phone are in tests/benchmarks/page_weight.py."""

import gzip
import json
from urllib.parse import unquote, urlsplit

import pytest

from tests.book.pages import SITE, addresses
from tests.browser.browse import opened, to

INDEX = "_static/tef-index.js"
TEXT, CHAPTER, FIRST = 350_000, 900_000, 650_000
ENTRY = 4_000  # what one page of the book may add to the index, which the search page alone carries
HEAVIEST = 5  # chapters load the same files, they differ in their own text
TEXTS = ["book/index.html", "book/how_to_use.html", "book/for_instructors.html", "search.html"]


@pytest.fixture
def weighed(browser, address, site):
    """The files a page asks for, in their order, with their sizes; a cache of its own, as for somebody's first page."""

    def look(name):
        with opened(browser) as (page, faults):
            asked = []
            page.on("request", lambda request: asked.append(urlsplit(request.url)))
            to(page, f"{address}/{name}")
            assert faults == []
        paths = [unquote(url.path).lstrip("/") for url in asked if url.hostname == "127.0.0.1"]
        return [(path, sent(site / path)) for path in dict.fromkeys(paths)]

    return look


def sent(file):
    body = file.read_bytes()
    return len(body) if file.suffix in (".woff", ".woff2", ".png") else len(gzip.compress(body, 6))


def heaviest_chapters():
    chapters = addresses(lambda file: "notebooks" in file.parts and "tef-explore" in file.read_text())
    return sorted(chapters, key=lambda name: sent(SITE / name) if (SITE / name).is_file() else 0)[-HEAVIEST:]


def total(files):
    return sum(size for _, size in files)


@pytest.mark.parametrize("name", heaviest_chapters())
def test_a_chapter_is_light_and_its_first_figure_comes_before_formulas_and_menus(weighed, name):
    files = weighed(name)
    names = [path for path, _ in files]
    before = files[: names.index("_static/scripts/bootstrap.js")]  # with it begins what comes after the first figure
    assert any("plotly" in path for path, _ in before) and not any("mathjax" in path for path, _ in before)
    assert total(before) <= FIRST, before
    assert total(files) <= CHAPTER, files


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "book/index.html"])
def test_a_page_of_text_is_light(weighed, name):
    assert total(file for file in weighed(name) if file[0] != INDEX) <= TEXT


def test_the_index_grows_no_faster_than_the_book(site):
    text = (site / INDEX).read_text()
    pages = json.loads(text[text.index("{") : text.rindex("}") + 1])["pages"]
    assert sent(site / INDEX) <= ENTRY * len(pages)


def test_no_page_but_the_search_loads_the_index_and_none_the_icon_font(weighed):
    for name in ("book/index.html", "notebooks/markets/vcg.html", "exercises/markets/vcg.html"):
        heavy = [path for path, _ in weighed(name) if any(word in path for word in ("tef-index", "awesome", "fa-"))]
        assert heavy == []


def test_no_formulas_are_loaded_where_there_are_none(weighed):
    assert not [path for path, _ in weighed("book/how_to_use.html") if "mathjax" in path]


@pytest.mark.parametrize("name", ["notebooks/markets/vcg.html", "book/how_to_use.html"])
def test_the_menus_open_though_their_script_comes_later(browser, address, name):
    with opened(browser) as (page, faults):
        to(page, f"{address}/{name}")
        menu = page.locator(".dropdown-download-buttons, .dropdown-source-buttons").first
        menu.locator("button").first.click()
        menu.locator(".dropdown-menu.show").wait_for()
        assert faults == []


@pytest.mark.parametrize("name", ["notebooks/markets/vcg.html", "search.html", "book/index.html"])
def test_every_icon_of_the_page_is_drawn(browser, address, name):
    with opened(browser) as (page, _):
        to(page, f"{address}/{name}")
        icons, bare = page.evaluate("""() => {
          const icons = [...document.querySelectorAll("i[class*='fa-'], span[class*='fa-']")].map((node) => [node, null]);
          const heads = [...document.querySelectorAll(".admonition > .admonition-title")].map((node) => [node, "::after"]);
          const said = ([node, part]) => getComputedStyle(node, part);
          const letter = (one) => !["none", '""', "normal"].includes(said(one).content);
          const bare = (one) => letter(one) || !said(one).maskImage.includes("svg");
          return [icons.length, [...icons, ...heads].filter(bare).map(([node]) => node.outerHTML)];
        }""")
    assert icons and bare == []
