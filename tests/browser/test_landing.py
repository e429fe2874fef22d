"""The first page at a desk and on a phone: what the book is, a button to begin with, a figure that is worth its Play."""

import json

import pytest

from tests.browser.browse import opened, to

PLACES = """() => Object.fromEntries(Object.entries({ lead: ".tef-lead", button: ".tef-opening .sd-btn",
  play: ".tef-play", sentence: "figure.tef-explore .tef-text", figure: "figure.tef-explore" }).map(([name, css]) => {
    const { left, right, top, bottom } = document.querySelector(css).getBoundingClientRect();
    return [name, { left, right, top, bottom }];
  }))"""


def test_text_button_and_figure_stand_beside_each_other_on_a_small_laptop(browser, address):
    with opened(browser, width=1366) as (page, _):
        page.set_viewport_size({"width": 1366, "height": 768})
        to(page, f"{address}/book/index.html")
        at = page.evaluate(PLACES)
        assert all(0 < place["top"] < place["bottom"] <= 768 for place in at.values()), at
        assert max(at["lead"]["right"], at["button"]["right"]) < at["figure"]["left"]
        drawing = page.locator(".tef-plot .main-svg").first.bounding_box()
        assert drawing["y"] + drawing["height"] <= at["sentence"]["top"] + 1
        page.get_by_role("link", name="Start reading").click()
        assert page.url.endswith("notebooks/paradigm/one_way_grid.html")


def test_on_a_phone_the_text_and_the_button_come_first(browser, address):
    with opened(browser, width=390) as (page, _):
        page.set_viewport_size({"width": 390, "height": 844})
        to(page, f"{address}/book/index.html")
        at = page.evaluate(PLACES)
        assert at["lead"]["bottom"] <= at["button"]["top"] < at["button"]["bottom"] < min(844, at["figure"]["top"])


@pytest.mark.parametrize("motion, spoken", [("no-preference", True), ("reduce", False)])
def test_play_is_spoken_of_where_there_is_one(browser, address, motion, spoken):
    with opened(browser, reduced_motion=motion) as (page, _):
        to(page, f"{address}/book/index.html")
        words = page.locator(".tef-opening").inner_text()
        assert ("press Play" in words) == page.locator(".tef-play").is_visible() == spoken


def test_the_day_begins_at_six_and_every_half_hour_can_be_read(browser, address):
    with opened(browser) as (page, _):
        to(page, f"{address}/book/index.html")
        assert page.locator("figure.tef-explore output").first.inner_text() == "06:00"
        data = json.loads(page.locator("figure.tef-explore script").first.inner_text())
        said = [data["base"]["text"], *(value for frame in data["frames"] for path, value in frame if path == ["text"])]
        assert len(said) > 20 and sum("nobody trades" in words for words in said) <= 2
        assert not [words for words in said if " 0.0 kWh" in words or " 0 kWh" in words]
        page.evaluate("""() => {
          const times = window.tefTimes = [];
          new MutationObserver(() => times.push(performance.now()))
            .observe(document.querySelector("figure.tef-explore .tef-text"), { childList: true });
        }""")
        page.locator(".tef-play").first.click()
        page.wait_for_function("window.tefTimes.length >= 3")
        first, *_, last = times = page.evaluate("window.tefTimes")
        assert (last - first) / (len(times) - 1) > 500  # a sentence of ten words takes longer; half a second is a glance
