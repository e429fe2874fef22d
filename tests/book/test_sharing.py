"""Bibliography and notation, kept by part, fit together; and the checks that say so fail when they should."""

import pytest

from tests.book import sharing
from tests.house.sources import ROOT, no, tool

NOTATION = tool("notation")
PARTS = [part["part"] for part in tool("outline").parts()]


def named(folder, suffix):
    return {f.stem: f.read_text() for f in sorted((ROOT / "book" / folder).glob(f"*{suffix}"))}


def test_every_cited_work_stands_once():
    texts = {f"{f.parent.name}/{f.stem}": f.read_text() for f in sorted((ROOT / "book").glob("[a-z]*/*.md"))}
    no(sharing.bibliography_faults(named("references", ".bib"), texts))


def test_every_term_is_explained_once():
    no(sharing.notation_faults(NOTATION.texts(), NOTATION.terms))


def test_files_by_part_belong_to_a_part():
    assert set(named("references", ".bib")) <= set(PARTS) and set(named("notation", ".md")) <= set(PARTS)


def test_the_page_of_notation_holds_every_table_and_one_glossary():
    texts = NOTATION.texts()
    page = NOTATION.assembled((ROOT / "book/notation.md").read_text(), texts)
    names = [term.name for term in NOTATION.terms(page)]
    assert len(names) == sum(len(NOTATION.terms(text)) for text in texts.values()) > 100
    assert names == sorted(names, key=str.casefold) and page.count("{glossary}") == 1 and "notation:" not in page
    rows = [line for text in texts.values() for line in text.split("\n") if line.startswith("| $")]
    assert rows and set(rows) <= set(page.split("\n"))


BIBS = {"markets": "@book{krishna2010,\n publisher = {P}}\n\n@misc{mcafee1992,\n}", "grid": "@misc{wood2014,\n}"}
TEXTS = {"markets/vcg": "{cite:t}`krishna2010` {cite:p}`mcafee1992,wood2014`", "grid/power_flow": "{cite:t}`wood2014`"}


@pytest.mark.parametrize(
    "bibs, texts, words",
    [
        ({"grid": "@misc{wood2014,\n}\n@misc{mcafee1992,\n}"}, {}, "mcafee1992 stands in book/references/ more than once"),
        ({"markets": BIBS["markets"] + "\n@misc{krishna2010,\n}"}, {}, "krishna2010 stands in book/references/ more"),
        ({"grid": "@misc{wood2014,\n}\n@misc{nobody,\n}"}, {}, "grid.bib: nobody cites nobody"),
        ({"grid": "@techreport{wood2014,\n month = apr\n}"}, {}, "grid.bib: wood2014 has no institution"),
        ({}, {"grid/power_flow": ""}, "grid.bib: wood2014 is cited only by markets/vcg"),
        ({}, {"grid/security": "{cite:p}`gone1999`"}, "grid/security cites gone1999"),
    ],
)
def test_a_planted_citation_is_reported(bibs, texts, words):
    no(sharing.bibliography_faults(BIBS, TEXTS))
    found = sharing.bibliography_faults(BIBS | bibs, TEXTS | texts)
    assert len(found) == 1 and words in found[0]


@pytest.mark.parametrize(
    "text, words",
    [
        ("### Grid\n\n:::{glossary}\nwelfare\n  x\n:::\n", "welfare is explained in markets already"),
        ("### Grid\n\n:::{glossary}\nslack\n  x\n\nfeeder\n  y\n:::\n", "out of the alphabet's order"),
        ("| $x$ |\n", "must open with a heading"),
    ],
)
def test_a_planted_term_is_reported(text, words):
    markets = {"markets": "### Markets\n\n:::{glossary}\nask\n  a\n\nWelfare\n  b\n:::\n"}
    no(sharing.notation_faults(markets, NOTATION.terms))
    found = sharing.notation_faults(markets | {"grid": text}, NOTATION.terms)
    assert len(found) == 1 and words in found[0]


def test_every_term_names_the_chapter_that_explains_it():
    chapters = {file.relative_to(ROOT / "book").with_suffix("").as_posix(): file for file in ROOT.glob("book/*/*.md")}
    no(sharing.home_faults(NOTATION.every(), {name: file.read_text() for name, file in chapters.items()}))


def test_the_page_links_each_term_to_its_home_and_shows_no_mark():
    page = NOTATION.assembled((ROOT / "book/notation.md").read_text(), NOTATION.texts())
    assert "[The double auction](../notebooks/markets/double_auction.ipynb)" in page
    assert "Home:" not in page and "Words:" not in page


def test_a_term_without_a_home_or_with_a_wrong_one_is_reported():
    glossary = [
        "ask\n  An offer.",
        "bid\n  A call.\n  Home: markets/none.",
        "gas\n  Work.\n  Home: markets/vcg. Words: fee, fees.",
    ]
    text = ":::{glossary}\n" + "\n\n".join(glossary) + "\n:::"
    entries = NOTATION.terms(text)
    assert entries[2].words == ("fee", "fees") and entries[2].meaning == "  Work."
    found = sharing.home_faults(entries, {"markets/vcg": "Payments."})
    assert ["no line" in found[0], "no chapter" in found[1], "neither" in found[2]] == [True, True, True]
    assert sharing.home_faults(entries[2:], {"markets/vcg": "A Fee."}) == []
