"""An interactive figure in a browser: keyboard, text, colours of the page, the numbers, play and reset, print, axe."""

import json
import shutil
from pathlib import Path

import pytest

from tefoundations.explore import Choice, Slider, explore
from tefoundations.explore.engine.theme import DARK, LIGHT, figure, template
from tests.browser.browse import served

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "book/_assets"
AXE = ROOT / "tests/browser/vendor/axe.min.js"


def draw(shift, rule):
    price = shift * (2 if rule == "double" else 1)
    return figure(
        [{"type": "scatter", "name": "Price", "x": [0, 1], "y": [0, price]}], "Quantity (kWh)", "Price (ct/kWh)"
    ), f"It costs {price} ct."


@pytest.fixture(scope="module")
def one_page(tmp_path_factory):
    """Serve one page with one figure; return its address."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ASSETS, folder / "_static")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEF_STATIC", "1")
        controls = {"shift": Slider(-1, 6, 1, value=1, label="Shift", unit="ct"), "rule": Choice(["single", "double"])}
        body = explore(draw, "What it costs.", alt="A rising line", **controls).html
    looks = json.dumps({"light": template(LIGHT), "dark": template(DARK)})
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en" data-theme="light"><head><title>Test</title><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="_static/favicon.svg">'
        f'<link rel="stylesheet" href="_static/tef.css"><script>window.tefTheme = {looks};</script>'
        '<script defer src="_static/tef-theme.js"></script><script defer src="_static/tef-explore.js"></script></head>'
        '<body style="background: var(--tef-background); color: var(--tef-text)">'
        f'<main class="bd-article"><h1>Page</h1>{body}</main></body></html>'
    )

    with served(folder) as address:
        yield address + "/"


@pytest.fixture
def page(request, one_page, browser):
    """The page, drawn; afterwards it must have asked no other host and reported no error."""
    options = {"viewport": {"width": 1280, "height": 900}} | getattr(request, "param", {})
    opened = browser.new_page(**options)
    faults = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("request", lambda r: faults.append(r.url) if not r.url.startswith((one_page, "data:", "blob:")) else None)
    opened.goto(one_page)
    opened.wait_for_selector(".tef-drawn .main-svg")
    yield opened
    opened.close()
    assert faults == []


def drawn(page):
    return page.evaluate("[...document.querySelector('.tef-plot')._fullData[0].y]")


def test_keyboard_moves_value_drawing_and_text(page):
    slider = page.get_by_label("Shift")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "2 ct"
    assert page.locator("output").first.inner_text() == "2 ct"
    assert page.get_by_role("status").filter(has_text="costs").inner_text() == "It costs 2 ct."
    assert drawn(page) == [0, 2]
    page.get_by_label("double").check()
    assert drawn(page) == [0, 4]
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Reset").press("Enter")
    assert drawn(page) == [0, 1]
    assert page.get_by_label("single").is_checked()


def test_a_link_holds_the_state_and_opens_it(page, one_page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Shift").fill("6")  # positions: the seventh is 5 ct
    page.get_by_label("double").check()
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("button:text('Link copied')")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{one_page}#figure-1?shift=5&rule=double"
    page.get_by_role("button", name="Reset").click()
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("text=It costs 10 ct.")
    assert page.locator("output").first.inner_text() == "5 ct"
    page.evaluate("location.hash = '#figure-1?shift=2&rule=single'")  # a link within the page
    page.wait_for_selector("text=It costs 2 ct.")


@pytest.mark.parametrize("words", ["?shift=99&rule=none", "?", "", "?shift=%E0%A4%A", "?shift=2&other=<script>"])
def test_a_broken_link_leaves_what_it_does_not_name(page, one_page, words):
    page.goto("about:blank")
    page.goto(f"{one_page}#figure-1{words}")
    page.wait_for_selector(".tef-drawn .main-svg")
    assert drawn(page) == ([0, 2] if "shift=2" in words else [0, 1])


def test_play_runs_to_the_end_and_can_be_paused(page):
    page.get_by_role("button", name="Play").click()
    assert page.locator(".tef-text").get_attribute("aria-live") == "off"
    page.get_by_role("button", name="Pause").click()
    assert drawn(page) == [0, 2]
    assert page.locator(".tef-text").get_attribute("aria-live") == "polite"
    page.get_by_label("Shift").fill("6")
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector("text=It costs 6 ct.")
    page.wait_for_selector("button:text('Play')")
    assert drawn(page) == [0, 6]


@pytest.mark.parametrize("page", [{"reduced_motion": "reduce"}], indirect=True)
def test_nothing_plays_for_readers_who_want_stillness(page):
    assert not page.locator(".tef-play").is_visible()
    assert page.get_by_role("button", name="Reset").is_visible()


def test_colours_follow_the_page_and_print_is_light(page):
    ink = "document.querySelector('.tef-plot')._fullLayout.font.color"
    assert page.evaluate(ink) == LIGHT["text"]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"{ink} === '{DARK['text']}'")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(f"{ink} === '{LIGHT['text']}'")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_function(f"{ink} === '{DARK['text']}'")


def test_the_numbers_are_a_table_of_the_present_state(page):
    page.get_by_text("Show the numbers").click()
    page.get_by_label("Shift").fill("5")  # a native slider counts positions: the sixth is 4 ct
    table = page.locator(".tef-numbers table")
    assert table.inner_text().split() == ["Quantity", "(kWh)", "Price", "(ct/kWh)", "Price", "0", "0", "1", "4"]
    assert table.locator("th[scope]").count() == 5


@pytest.mark.parametrize("page", [{"viewport": {"width": w, "height": 844}} for w in (1280, 390)], indirect=True)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_accessible_and_nothing_overflows(page, mode):
    page.evaluate(f"document.documentElement.dataset.theme = '{mode}'")
    page.get_by_text("Show the numbers").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.get_by_role("img", name="A rising line").count() == 1
    page.add_script_tag(path=AXE)
    # The letters inside the drawing are too short for axe; test_theme.py computes their contrast.
    report = page.evaluate("axe.run({exclude: ['.tef-plot svg']})")
    assert [v["id"] for v in report["violations"]] == []
    assert [v["id"] for v in report["incomplete"] if v["id"] == "color-contrast"] == []


@pytest.mark.parametrize("page", [{"viewport": {"width": w, "height": 844}} for w in (1280, 390)], indirect=True)
def test_the_room_kept_for_the_figure_is_the_room_it_takes(page, one_page):
    def height():
        return page.evaluate("document.querySelector('figure').getBoundingClientRect().height")

    after = height()
    page.route("**/tef-explore.js", lambda route: route.fulfill(body=""))
    page.goto(one_page)
    assert abs(after - height()) <= 4
