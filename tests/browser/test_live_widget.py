"""The live widget in a browser, drawn by the front end of ipywidgets: what a screen reader is told of its controls."""

import json
import shutil
import sysconfig
from pathlib import Path

import pytest

from tefoundations.explore import Choice, Slider, explore
from tefoundations.explore.engine.live import widget
from tefoundations.explore.engine.theme import figure
from tests.browser.browse import served

HERE = Path(__file__).parent
FRONT_END = Path(sysconfig.get_path("data")) / "share/jupyter/nbextensions/jupyter-js-widgets/extension.js"
HANDLE = ".widget-slider [tabindex]"


def draw(cap, share, rule):
    return figure([{"type": "scatter", "y": [cap, share]}], "Hour", "Energy (kWh)"), f"Cap {cap}, {share}, {rule}."


def page_of(made):
    """A page that draws the widget, as a notebook does that is opened without a kernel."""
    from ipywidgets.embed import embed_data

    data = embed_data([made])
    told = [json.dumps(part).replace("</", "<\\/") for part in (data["manager_state"]["state"], data["view_specs"][0])]
    head = '<!doctype html><html lang="en"><head><title>Test</title><link rel="icon" href="data:,">'
    head += "<style>.noUi-handle { width: 1em; height: 1em }</style></head>"  # the style sheets stay in the notebook
    scripts = '<script src="front_end.js"></script><script src="extension.js"></script>'
    drawn = f'<script>draw({", ".join(told)}, document.getElementById("place"))</script>'
    return f'{head}<body><main><h1>Page</h1><div id="place"></div></main>{scripts}{drawn}</body></html>'


@pytest.fixture(scope="module")
def live_address(tmp_path_factory):
    """A page with the widget, and one with the same widget without the script that names the handles."""
    folder = tmp_path_factory.mktemp("live")
    for file in (HERE / "front_end.js", FRONT_END):
        shutil.copy(file, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TEF_STATIC", raising=False)
        sliders = {"cap": Slider(0, 4, 2, value=2, label="Price cap", unit="ct"), "share": Slider(0, 1, 0.5, label="Share")}
        made = widget(explore(draw, "A cap.", **sliders, rule=Choice(["one", "pay as bid"])))
        (folder / "named.html").write_text(page_of(made))
        names = made.children[-1]
        names.outputs = ()
        (folder / "bare.html").write_text(page_of(made))
    with served(folder) as address:
        yield address


@pytest.fixture
def live_page(live_address, browser):
    opened = []

    def to(name):
        opened.append(browser.new_page())
        opened[-1].goto(f"{live_address}/{name}.html")
        opened[-1].wait_for_selector(HANDLE)
        opened[-1].wait_for_selector(".widget-dropdown select")
        opened[-1].add_script_tag(path=HERE / "vendor" / "axe.min.js")
        return opened[-1]

    yield to
    for page in opened:
        page.close()


def violations(page):
    return [found["id"] for found in page.evaluate("axe.run()")["violations"]]


def test_each_handle_has_the_name_and_the_value_that_stand_beside_it(live_page):
    page = live_page("named")
    page.wait_for_function("window.tefHandles")
    for label, first, then in (("Price cap", "2 ct", "4 ct"), ("Share", "0", "0.5")):
        handle = page.get_by_role("slider", name=label, exact=True)
        assert handle.get_attribute("aria-valuetext") == first
        handle.press("ArrowRight")
        page.wait_for_function(
            "([node, text]) => node.getAttribute('aria-valuetext') === text", arg=[handle.element_handle(), then]
        )
        assert handle.get_attribute("aria-label") == label
    assert page.get_by_role("combobox", name="Rule").count() == 1
    assert violations(page) == []


def test_ipywidgets_alone_leaves_the_handles_without_a_name(live_page):
    page = live_page("bare")
    assert page.get_by_role("slider", name="Price cap").count() == 0
    assert violations(page) == ["aria-input-field-name"]
