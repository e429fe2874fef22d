import pytest
from playwright.sync_api import sync_playwright

from tests.book.pages import SITE, freshness_fault
from tests.browser.browse import FLAGS, chrome, served


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site():
    fault = freshness_fault()
    if fault:
        pytest.fail(fault, pytrace=False)
    return SITE


@pytest.fixture(scope="session")
def address(site):
    with served(site) as address:
        yield address
