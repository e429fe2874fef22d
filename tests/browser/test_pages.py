"""Every page of the site as a browser shows it: at a desk in daylight, on a phone in the dark, and from the disk.

A test is a page, so that several processes share the work. A look at a page has its own task: axe judges the page whole
by daylight, in the dark only what the dark changes, which is contrast, on some elements of each kind; what is too wide
shows on a phone.
"""

import pytest

from tests.book.pages import addresses, one_of_each
from tests.browser.axe import CONTRAST, KINDS, axe_faults
from tests.browser.browse import DESK, PHONE, overflow_faults, to, widen
from tests.house.sources import no

every_page = pytest.mark.parametrize("name", addresses())


@every_page
def test_by_daylight_at_a_desk(windows, address, name):
    page, faults = windows("light", DESK)
    to(page, f"{address}/{name}")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    no([*faults, *overflow_faults(page), *axe_faults(page)])


@every_page
def test_in_the_dark_on_a_phone(windows, address, name):
    page, faults = windows("dark", PHONE)
    page.set_viewport_size({"width": PHONE, "height": 900})
    to(page, f"{address}/{name}")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    found = [*faults, *overflow_faults(page)]
    # The bars at both sides are out of sight on a phone, and dark too.
    widen(page, DESK)
    no([*found, *axe_faults(page, CONTRAST, KINDS)])


# The others of a folder load the same files.
FROM_DISK = one_of_each(addresses(lambda file: file.name == "search.html" or "tef-explore" in file.read_text()))


@pytest.mark.parametrize("name", FROM_DISK)
def test_it_opens_from_disk(windows, site, name):
    """Without any server: pages, figures and formulas from file://."""
    page, faults = windows("light", DESK, offline=True)
    to(page, (site / name).as_uri())
    no(faults)
