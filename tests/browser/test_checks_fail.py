"""The checks of the pages must fail when they should: each planted fault is reported."""

import json
import shutil

import pytest

from tefoundations.explore import Choice, Slider, explore
from tefoundations.explore.engine.theme import DARK, LIGHT, figure, template
from tests.browser.axe import CONTRAST, KINDS, RULES, axe_faults
from tests.browser.browse import DESK, PHONE, chrome, opened, overflow_faults, served, settle
from tests.browser.figures import colour_faults, end_faults, figure_faults, ink_faults, reach_faults
from tests.house.sources import no

PAGE = (
    "<!doctype html><html lang=en><head><title>t</title><link rel=icon href='data:,'></head>"
    "<body style='background:#fff;color:#222'><h1>Planted</h1>{}</body></html>"
)
LOADING = {
    "<script src='https://cdn.example.org/x.js'></script>": "asks https://cdn.example.org/x.js",
    "<img alt='' src='missing.png'>": "404: ",
    "<script>console.error('planted')</script>": "console error: planted",
    "<script>console.warn('planted')</script>": "console warning: planted",
    "<script>throw new Error('planted')</script>": "error: planted",
    "<script>fetch('https://example.org/').catch(() => 0)</script>": "asks https://example.org/",
}
LOOKING = {
    "<p style='color:#fff'>the colour of its background</p>": "contrast",
    "<p style='color:#bbb'>too faint to be read by many</p>": "serious color-contrast",
    "<p>1 <b style='color:#eee'>t</b></p>": "contrast 1.2 of",
    "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>": "critical image-alt",
    "<select><option>1</option></select>": "critical select-name",
    "<div class=tef-plot><svg width=90 height=30><text y=20 fill='#ddd'>words</text></svg></div>": 'contrast 1.4 of "words"',
    "<button></button>": "critical button-name",
    "<button aria-label='one'>Two words</button>": "serious label-content-name-mismatch",
}


@pytest.mark.parametrize("body", [*LOADING, *LOOKING])
def test_a_planted_page_is_reported(browser, tmp_path, body):
    (tmp_path / "index.html").write_text(PAGE.format(body))
    with served(tmp_path) as address, opened(browser) as (page, faults):
        page.goto(f"{address}/index.html")
        page.wait_for_timeout(100)
        if body in LOOKING:
            assert not faults
            faults += axe_faults(page)
        assert any((LOADING | LOOKING)[body] in fault for fault in faults), faults


def test_a_clean_page_passes(browser, tmp_path):
    (tmp_path / "index.html").write_text(PAGE.format("<p>Words.</p><button>Two words</button>"))
    with served(tmp_path) as address, opened(browser) as (page, _):
        page.goto(f"{address}/index.html")
        assert not axe_faults(page) and not overflow_faults(page)


def test_a_page_too_wide_is_reported(browser):
    with opened(browser, width=390) as (page, _):
        page.set_content(PAGE.format("<div style='width:500px'>wide</div>"))
        assert overflow_faults(page)


# What the look by daylight at a desk cannot see, and the look in the dark on a phone must.
AT_NIGHT = "@media (prefers-color-scheme: dark) {{ body, p {{ background: #222 !important; color: #333 }} }}"
ONLY_IN_THE_DARK = f"<style>{AT_NIGHT}</style><p>words</p>"
ONLY_ON_A_PHONE = "<style>@media (max-width: 600px) {{ p {{ width: 500px }} }}</style><p>words</p>"


@pytest.mark.parametrize("body", [ONLY_IN_THE_DARK, ONLY_ON_A_PHONE])
def test_what_one_look_leaves_out_is_caught_at_the_other(browser, body):
    found = {}
    for scheme, width, rules, kinds in (("light", DESK, RULES, 0), ("dark", PHONE, CONTRAST, KINDS)):
        with opened(browser, scheme, width) as (page, _):
            page.set_content(PAGE.format(body.replace("{{", "{").replace("}}", "}")))
            found[scheme] = [*overflow_faults(page), *axe_faults(page, rules, kinds)]
    assert not found["light"] and found["dark"], found


def test_contrast_alone_says_nothing_of_names(browser):
    with opened(browser, "dark", PHONE) as (page, _):
        page.set_content(PAGE.format("<button></button><p style='color:#bbb'>faint</p>"))
        assert all("contrast" in fault for fault in axe_faults(page, CONTRAST)) and len(axe_faults(page)) == 2


SAMPLED = "<p>words</p>" * 9 + "<div style='background:#ddd'><p>more</p></div><p style='color:{}'>other words</p>"


def test_where_a_page_is_sampled_each_kind_is_judged(browser):
    with opened(browser) as (page, _):
        page.set_content(PAGE.format(SAMPLED.format("#222")))
        assert not axe_faults(page, CONTRAST, 1)
        page.set_content(PAGE.format(SAMPLED.format("#bbb")))
        assert [("other words" in fault) for fault in axe_faults(page, CONTRAST, 1)] == [True]
        page.set_content(PAGE.format(SAMPLED.format("#222").replace("#ddd", "#333")))  # equal ink on another ground
        assert [("more" in fault) for fault in axe_faults(page, CONTRAST, 1)] == [True]


def test_without_a_browser_the_tests_fail(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match="need a browser"):
        chrome()


# A copy of a node has the looks and none of the listeners.
DEAF = "for (const node of document.querySelectorAll('{}')) node.replaceWith(node.cloneNode(true));"
BROKEN = {
    DEAF.format(".tef-slider input"): "K: moves, but the data stays",
    DEAF.format(".tef-controls fieldset"): "Side: moves, but the data stays",
    DEAF.format(".tef-play"): "Play does not start",
    DEAF.format(".tef-reset"): "Reset does not bring back",
    DEAF.format(".tef-text"): "moves, but the sentence stays",
    "Plotly.react = () => {};": "moves, but the drawing stays",
    "document.querySelectorAll('.tef-slider input').forEach("
    "(node) => node.addEventListener('keydown', (e) => e.preventDefault()));": "leads from",
    "document.querySelectorAll('.tef-slider label').forEach((node) => node.remove());": "has no label",
    "document.querySelectorAll('.tef-plot').forEach((node) => node.removeAttribute('role'));": "no role=img",
    "document.querySelectorAll('.tef-text').forEach((node) => node.removeAttribute('role'));": "role=status",
    "document.querySelectorAll('.tef-numbers').forEach((node) => node.remove());": "shows none",
    "clearInterval = () => {};": "Play does not stop",
}
# Seen only where a figure is gone through whole: single steps of a slider, Play, the table.
ENDS_PASS = {"leads from", "Play does not start", "Play does not stop", "shows none"}
BOTH_ENDS = {broken: words for broken, words in BROKEN.items() if words not in ENDS_PASS}


def draw(k, side):
    """Three states a side, each with data, drawing and sentence of its own."""
    return figure([{"type": "scatter", "y": [0, k + (side == "sell")]}], "Time (h)", "Energy (kWh)"), f"{k} kWh, {side}."


# The theme's switch, as small as it can be.
SWITCH = "<button class=theme-switch-button onclick='document.documentElement.dataset.theme = \"dark\"'>Colour</button>"


@pytest.fixture
def planted(browser, address, monkeypatch):
    """A page with one small figure, drawn by the site's own scripts."""
    monkeypatch.setenv("TEF_STATIC", "1")
    drawn = explore(draw, "A planted figure", k=Slider(0, 2, 1), side=Choice(["buy", "sell"])).html
    looks = json.dumps({"light": template(LIGHT), "dark": template(DARK)})
    scripts = f"<script>window.tefTheme = {looks}</script>"
    scripts += "<script src=_static/tef-theme.js></script><script src=_static/tef-explore.js></script>"
    text = PAGE.format(SWITCH + drawn + scripts).replace("<html lang=en>", "<html lang=en data-theme=light>")
    with opened(browser) as (page, faults):
        page.route("**/planted.html", lambda route: route.fulfill(body=text, content_type="text/html"))
        page.goto(f"{address}/planted.html")
        settle(page)
        assert not faults
        yield page


def test_a_whole_figure_passes(planted):
    figure = planted.locator("figure.tef-explore")
    no([*reach_faults(planted), *figure_faults(planted, figure), *colour_faults(planted)])


@pytest.mark.parametrize("break_it", BROKEN, ids=list(BROKEN.values()))
def test_a_broken_figure_is_reported(planted, break_it):
    planted.evaluate(break_it)
    found = figure_faults(planted, planted.locator("figure.tef-explore"))
    assert any(BROKEN[break_it] in fault for fault in found), found


@pytest.mark.parametrize("break_it", BOTH_ENDS, ids=list(BOTH_ENDS.values()))
def test_a_figure_broken_at_both_ends_is_reported(planted, break_it):
    planted.evaluate(break_it)
    found = end_faults(planted, planted.locator("figure.tef-explore"))
    assert any(BROKEN[break_it] in fault for fault in found), found


def test_a_control_out_of_the_keyboards_reach_is_reported(planted):
    planted.evaluate("document.querySelector('.tef-slider input').tabIndex = -1")
    assert any("Tab does not reach" in fault for fault in reach_faults(planted))


def test_a_figure_that_ignores_the_theme_is_reported(planted):
    planted.evaluate("Plotly.react = () => {}")
    assert any("in the dark" in fault for fault in colour_faults(planted))
    assert any("in the dark" in fault for fault in ink_faults(planted))  # drawn by daylight, its words are dark


def test_a_figure_that_does_not_print_is_reported(planted):
    planted.add_style_tag(content="@media print { figure.tef-explore { display: none !important; } }")
    assert any("printed" in fault for fault in colour_faults(planted))
