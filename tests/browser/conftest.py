import pytest
from playwright.sync_api import sync_playwright

from tests.book.conftest import site  # noqa: F401  the same built site
from tests.browser.browse import FLAGS, chrome, served


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
