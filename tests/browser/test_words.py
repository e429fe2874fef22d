"""Words that explain themselves, in a browser: by pointer, by keyboard, by touch, inside the window, without JavaScript."""

import pytest

from tests.browser.browse import DESK, PHONE, opened, overflow_faults, to

PAGE = "notebooks/markets/mechanism_design.html"
SHOWN = "[...document.querySelectorAll('.tef-meaning')].filter((one) => one.checkVisibility()).length"


@pytest.fixture(params=[DESK, PHONE])
def page(request, browser, address):
    with opened(browser, width=request.param, has_touch=request.param == PHONE) as (page, faults):
        to(page, f"{address}/{PAGE}")
        yield page
        assert faults == []


def test_each_explanation_opens_on_focus_inside_the_window_and_escape_closes_it(page):
    assert page.evaluate(SHOWN) == 0
    for word in page.locator(".tef-word").all():
        word.locator("a").first.focus()
        meaning = word.locator(".tef-meaning")
        box = meaning.bounding_box()
        assert page.evaluate(SHOWN) == 1 and box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
        assert overflow_faults(page) == []
        page.keyboard.press("Escape")
        assert page.evaluate(SHOWN) == 0


def test_a_word_is_described_by_its_explanation(page):
    link = page.locator(".tef-word > a").first
    described = link.evaluate("node => document.getElementById(node.getAttribute('aria-describedby')).textContent")
    assert described == page.locator(".tef-meaning").first.text_content() != ""


def test_the_first_tap_explains_and_the_second_leads_to_the_glossary(browser, address):
    with opened(browser, width=PHONE, has_touch=True) as (page, _):
        to(page, f"{address}/{PAGE}")
        link = page.locator(".tef-word > a").nth(2)
        link.tap()
        assert page.evaluate(SHOWN) == 1 and page.url.endswith(PAGE)
        link.tap()
        page.wait_for_url("**/book/notation.html#term-*")


def test_without_javascript_focus_opens_it_and_the_link_leads_on(browser, address):
    with opened(browser, java_script_enabled=False) as (page, _):
        page.goto(f"{address}/{PAGE}")
        link = page.locator(".tef-word > a").first
        link.focus()
        assert page.locator(".tef-meaning").first.is_visible()
        assert "notation.html#term-" in link.get_attribute("href")
