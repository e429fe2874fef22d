"""The site as a zip: unpacked on a disk, with the network cut, it reads and moves as it does on a server."""

import re
import zipfile

import pytest

from tests.browser.browse import DESK, opened, settle


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    made = site / "transactive-energy-foundations.zip"
    folder = tmp_path_factory.mktemp("disk")
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
        archive.extractall(folder)
    assert {name.split("/")[0] for name in names} == {made.stem} and f"{made.stem}/{made.name}" not in names
    return folder / made.stem


def test_the_zip_holds_every_file_of_the_site(site, unpacked):
    def files(folder):
        return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.suffix == ".html"}

    online = {name for name in files(site) if name.parts[0] == "lite"}  # JupyterLite runs from no disk
    assert files(unpacked) == {name: content for name, content in files(site).items() if name not in online}


def test_how_to_use_links_to_the_zip(site):
    link = re.search(r'href="([^"]*\.zip)"', (site / "book" / "how_to_use.html").read_text())
    assert (site / "book" / link[1]).resolve().is_file()


def test_with_the_network_cut_the_first_page_leads_to_a_chapter_whose_figure_moves(browser, unpacked):
    with opened(browser, width=DESK, offline=True) as (page, faults):
        page.goto((unpacked / "index.html").as_uri())
        page.wait_for_url("**/book/index.html")
        settle(page)
        page.get_by_role("link", name="Start reading").click()
        page.wait_for_url("**/one_way_grid.html")
        page.locator(".tef-next a[rel=next]").click()
        page.wait_for_url("**/electricity_as_a_good.html")
        page.wait_for_selector(".tef-drawn .main-svg")
        figure = page.locator("figure.tef-explore:has(input[type=range])").first
        before = figure.locator(".tef-text").inner_text()
        figure.locator("input[type=range]").first.focus()
        page.keyboard.press("End")
        assert figure.locator(".tef-text").inner_text() != before
        page.wait_for_selector("mjx-container")
        assert faults == []
