import pytest

from tests.book.pages import SITE, freshness_fault, pages


@pytest.fixture(scope="session")
def site():
    """The folder of the built site; the tests fail, and are not skipped, where it is missing or old."""
    fault = freshness_fault()
    if fault:
        pytest.fail(fault, pytrace=False)
    return SITE


@pytest.fixture(scope="session")
def site_pages(site):
    return pages(site)
