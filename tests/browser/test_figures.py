"""Every control of every figure moves it, by keyboard; figures follow the theme, and print.

By daylight at a desk each control goes through its states, a slider some steps and to its end, and all that belongs to
a figure is used; on a phone in the dark a control goes to its first state and its last. The theme's switch and paper,
which redraw every figure by the same few lines, are tried on a page of each folder.
"""

import pytest

from tests.book.pages import addresses, one_of_each
from tests.browser.browse import DESK, PHONE, to
from tests.browser.figures import colour_faults, end_faults, figure_faults, ink_faults, reach_faults
from tests.house.sources import no

FIGURES = addresses(lambda file: 'class="tef-explore"' in file.read_text())
every_page = pytest.mark.parametrize("name", FIGURES)


def each_figure(page, faults_of):
    """What `faults_of` says of each figure of a page."""
    figures = page.locator("figure.tef-explore").all()
    assert figures
    return [f"figure {i}: {fault}" for i, figure in enumerate(figures, 1) for fault in faults_of(page, figure)]


@every_page
def test_every_control_at_a_desk(windows, address, name):
    page, faults = windows("light", DESK)
    to(page, f"{address}/{name}")
    no([*reach_faults(page), *each_figure(page, figure_faults), *faults])


@pytest.mark.parametrize("name", one_of_each(FIGURES))
def test_the_switch_of_the_theme_and_paper(windows, address, name):
    page, faults = windows("light", DESK)
    to(page, f"{address}/{name}")
    try:
        no([*colour_faults(page), *faults])
    finally:
        page.evaluate("localStorage.clear()")  # the theme's switch is remembered


@every_page
def test_both_ends_on_a_phone_without_motion(windows, address, name):
    page, faults = windows("dark", PHONE, reduced_motion="reduce")
    to(page, f"{address}/{name}")
    found = ink_faults(page) + each_figure(page, end_faults)
    moving = page.locator(".tef-play:visible").count()
    no([*found, *faults, *(["Play shows for readers who want no motion"] if moving else [])])
