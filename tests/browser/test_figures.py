"""Every control of every figure moves it, by keyboard; figures follow the theme, and print."""

import pytest

from tests.book.pages import pages
from tests.browser.browse import opened, settle
from tests.browser.figures import colour_faults, figure_faults, reach_faults
from tests.house.sources import no


@pytest.fixture(scope="module")
def with_figures(site):
    """Address below the site of every page that has a figure."""
    found = [file.relative_to(site).as_posix() for file, page in pages(site).items() if page.figures]
    assert found
    return found


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 390)])
def test_every_control_moves_its_figure(browser, address, with_figures, scheme, width):
    found = []
    with opened(browser, scheme, width) as (page, faults):
        for name in with_figures:
            page.goto(f"{address}/{name}")
            settle(page)
            found += [f"{name}: {fault}" for fault in reach_faults(page)]
            for i, figure in enumerate(page.locator("figure.tef-explore").all(), 1):
                found += [f"{name}, figure {i}: {fault}" for fault in figure_faults(page, figure)]
            found += [f"{name}: {fault}" for fault in faults]
            faults.clear()
    no(found)


def test_readers_who_want_no_motion_get_no_play_button(browser, address, with_figures):
    with opened(browser, reduced_motion="reduce") as (page, _):
        for name in with_figures:
            page.goto(f"{address}/{name}")
            settle(page)
            assert page.locator(".tef-play:visible").count() == 0


def test_figures_follow_the_theme_switch_and_paper_is_light(browser, address, with_figures):
    found = []
    with opened(browser) as (page, faults):
        for name in with_figures:
            page.goto(f"{address}/{name}")
            settle(page)
            found += [f"{name}, {fault}" for fault in colour_faults(page)] + [f"{name}: {fault}" for fault in faults]
            faults.clear()
            page.evaluate("localStorage.clear()")
    no(found)
