"""The built pages: links, titles, what they load, how large their figures are, and that they give nothing away."""

from tests.book import pages as pg
from tests.book.solutions import SOURCES, solution_faults
from tests.house.sources import ROOT, no


def test_every_link_and_anchor_leads_somewhere(site_pages):
    no(pg.link_faults(site_pages))


def test_nothing_is_loaded_from_outside(site_pages):
    no(pg.outside_faults(site_pages))


def test_every_page_has_a_title_a_heading_and_a_language(site_pages):
    no(pg.page_faults(site_pages))


def test_figures_are_small_enough(site_pages):
    figures = [(f"{f.name}, figure {i}", blob) for f, page in site_pages.items() for i, blob in enumerate(page.figures, 1)]
    assert figures
    no([fault for name, blob in figures for fault in pg.figure_faults(name, blob)])


def test_launch_buttons_open_notebooks_that_are_there(site_pages):
    no(pg.launch_faults(site_pages))


def test_formulas_and_figures_use_what_is_in_the_site(site, site_pages):
    scripts = {address.split("?")[0] for page in site_pages.values() for tag, address in page.loads if tag == "script"}
    assert any(address.endswith("_static/tef-later.js") for address in scripts)
    assert '"vendor/mathjax/startup.js"' in (site / "_static" / "tef-later.js").read_text()
    assert (site / "_static" / "vendor" / "mathjax" / "startup.js").exists()
    assert 'here + "vendor/plotly-basic.min.js"' in (site / "_static" / "tef-explore.js").read_text()
    assert (site / "_static" / "vendor" / "plotly-basic.min.js").exists()


def test_no_solution_is_in_the_site(site):
    assert list(SOURCES.glob("*/*.ipynb"))
    chapters = "".join(file.read_text() for file in (ROOT / "book").glob("*/*.md"))
    no(list(solution_faults(site, told=chapters)))
