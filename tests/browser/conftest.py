from contextlib import ExitStack

import pytest
from playwright.sync_api import sync_playwright

from tests.book.conftest import site  # noqa: F401  the same built site
from tests.browser.browse import FLAGS, chrome, opened, served


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(site):  # noqa: F811
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def windows(browser):
    """One window a look, which stays open from page to page: `windows(scheme, width)` gives it and its list of faults."""
    with ExitStack() as stack:
        open_ = {}

        def window(scheme, width, **more):
            look = (scheme, width, *more.items())
            if look not in open_:
                open_[look] = stack.enter_context(opened(browser, scheme, width, **more))
            page, faults = open_[look]
            faults.clear()
            return page, faults

        yield window
