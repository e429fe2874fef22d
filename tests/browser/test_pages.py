"""Every page of the site as a browser shows it: light and dark, on a desk and on a phone."""

import pytest

from tests.book.pages import pages
from tests.browser.axe import axe_faults
from tests.browser.browse import opened, overflow_faults, settle
from tests.house.sources import no


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page(browser, site, address, scheme, width):
    found = []
    with opened(browser, scheme, width) as (page, faults):
        for file, parsed in pages(site).items():
            if parsed.redirect:
                continue
            name = file.relative_to(site).as_posix()
            page.goto(f"{address}/{name}")
            settle(page)
            assert page.evaluate("document.documentElement.dataset.theme") == scheme
            found += [f"{name}: {fault}" for fault in [*faults, *overflow_faults(page), *axe_faults(page)]]
            faults.clear()
    no(found)


def test_the_book_opens_from_disk(browser, site):
    """Without any server: pages, figures and formulas from file://."""
    found = []
    with opened(browser) as (page, faults):
        for file, parsed in pages(site).items():
            if parsed.figures or file.name == "search.html":
                page.goto(file.as_uri())
                settle(page)
                found += [f"{file.name}: {fault}" for fault in faults]
                faults.clear()
    no(found)
