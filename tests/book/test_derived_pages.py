"""What `make pages` writes is up to date, and a page that is not is reported."""

import importlib.util
import re
import shutil

import pytest

from tests.house.sources import ROOT, no, tool

PAGES = tool("pages")
API = tool("api_pages")


def stale_faults(root=ROOT):
    return [f"{name} is out of date: run `make pages`" for name in PAGES.stale(root)]


def promise_faults(texts, book):
    """Parts of which a chapter still says that they are to come."""
    there = {name.split("/")[0].capitalize() for name in book.chapters}
    return [
        f"book/{name}: {part} is in the book"
        for name, text in texts.items()
        for part in re.findall(r"\*([A-Z]\w+)\*, still to come", text)
        if part in there
    ]


def test_every_derived_page_is_up_to_date():
    no(stale_faults())


def test_no_chapter_promises_what_has_come():
    texts = {f.name: f.read_text() for f in (ROOT / "book").glob("[a-z]*/*.md")}
    book = PAGES.outline()
    no(promise_faults(texts, book))
    planted = promise_faults({"x.md": "| all of it? | *Markets*, still to come |"}, book)
    assert planted == ["book/x.md: Markets is in the book"]


@pytest.fixture
def tree(tmp_path):
    """The part of the tree that pages are derived from, with nothing stale in it."""
    shutil.copytree(ROOT / "book", tmp_path / "book", ignore=shutil.ignore_patterns("_assets"))
    for name in ("_toc.yml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name, text in PAGES.stale(tmp_path).items():
        (tmp_path / name).write_text(text)
    no(stale_faults(tmp_path))  # written twice is written once
    return tmp_path


def replace(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


CARDS, PLANS, ROUTES = "book/index.md", "book/for_instructors.md", "book/how_to_use.md"
PLANTS = {
    "minutes of a chapter": ("book/markets/vcg.md", "About 50 minutes", "About 55 minutes", {PLANS}),
    "minutes of a route": ("book/markets/double_auction.md", "About 45 minutes", "About 50 minutes", {PLANS, ROUTES}),
    "title of a chapter": ("book/grid/power_flow.md", "# Power flow", "# Flow of power", {PLANS, CARDS, ROUTES}),
    "order of the book": ("_toc.yml", "notebooks/ledger/tokens", "notebooks/systems/tokens", {PLANS, CARDS}),
    "sentence of a card": ("book/_data/parts.yml", "Where physics sets prices", "Where physics rules", {CARDS}),
    "plan of a course": ("book/_data/course.yml", "plan a battery", "plan two batteries", {PLANS}),
    "a route": ("book/_data/course.yml", "no code needed", "without code", {ROUTES}),
    "a card by hand": (CARDS, "How a price is found,", "How prices are found,", {CARDS}),
    "an API page by hand": ("book/api/market.md", ".. autofunction:: mcafee\n\n", "", {"book/api/market.md"}),
    "the map by hand": ("README.md", "| `tefoundations/grid/` |", "| `tefoundations/grids/` |", {"README.md"}),
}


@pytest.mark.parametrize("what", PLANTS)
def test_a_stale_page_is_reported(tree, what):
    name, old, new, pages = PLANTS[what]
    if what == "order of the book":
        shutil.copy(tree / "book/ledger/tokens.md", tree / "book/systems/tokens.md")
        replace(tree / "book/_data/course.yml", "ledger/tokens", "systems/tokens")
    replace(tree / name, old, new)
    assert set(stale_faults(tree)) == {f"{page} is out of date: run `make pages`" for page in pages}


def test_a_chapter_that_arrives_vanishes_from_what_is_to_come(tree):
    toc = tree / "_toc.yml"
    there = "      - file: notebooks/systems/transactive_day\n        sections:\n"
    replace(toc, there + "          - file: exercises/systems/transactive_day\n", "")  # as it was before the capstone came
    (tree / "book/systems/transactive_day.md").unlink()
    for name, title in (("transactive_day", "The transactive day"), ("mini_grids", "Mini grids: light at night")):
        (tree / f"book/systems/{name}.md").write_text(f"# {title}\n\nAbout 35 minutes.\n")
        toc.write_text(tool("new_chapter").with_chapter(toc.read_text(), "systems", name))
    pages = PAGES.stale(tree)
    assert set(pages) == {CARDS, PLANS, ROUTES}
    plans, cards = pages[PLANS], pages[CARDS]
    assert ":link: ../notebooks/systems/transactive_day" in cards and "To come" not in cards
    assert "*The transactive day*, *Mini grids*" in cards
    row = next(line for line in plans.split("\n") if line.startswith("| 14 |"))
    assert "[The transactive day](../notebooks/systems/transactive_day.ipynb), 35 min" in row
    assert "[sheet 14](../exercises/systems/transactive_day.ipynb)" in row and "Until it is there" not in row
    listed = "[Mini grids](../notebooks/systems/mini_grids.ipynb), 35 min, [sheet](../exercises/systems/mini_grids.ipynb)"
    assert f"- Week 14: {listed}." in plans
    assert "Mini grids (*to come*)" not in plans and "EV charging (*to come*)" in plans


def test_a_plan_that_names_nothing_and_a_chapter_without_minutes_stop(tree):
    replace(tree / "book/_data/course.yml", "markets/vcg", "markets/vcgs")
    with pytest.raises(SystemExit, match="course.yml names markets/vcgs"):
        PAGES.stale(tree)
    replace(tree / "book/markets/vcg.md", "50 minutes", "an hour")
    with pytest.raises(SystemExit, match="book/markets/vcg.md: no line that says how many minutes"):
        PAGES.stale(tree)


def module_of(file, text):
    file.write_text(text)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SECTIONED = '''"""Doors: ways in, e.g. gates. More.

| want | call |
"""
a = b = c = 1
__all__ = [
    # First
    "b", "a",
    # Then
    "c",
]
'''


def test_a_door_gives_its_names_headings_and_sentence(tmp_path):
    door = module_of(tmp_path / "one.py", SECTIONED)
    assert API.door_sections(door) == [("First", ["b", "a"]), ("Then", ["c"])] and API.leading_names(door) == ["b", "c"]
    assert API.heading(door) == "Doors" and API.about(door) == "ways in, e.g. gates"
    plain = module_of(tmp_path / "two.py", '"""What opens."""\na = c = 1\n__all__ = ["a", "c"]\n')
    assert API.door_sections(plain) == [("", ["a", "c"])] and API.leading_names(plain) == ["a", "c"]
    assert API.about(plain) == "what opens"
    late = module_of(tmp_path / "three.py", '"""Late."""\na = c = 1\n__all__ = ["a"]\n__all__ += ["c"]\n')
    with pytest.raises(SystemExit, match="three: write __all__ as one list"):
        API.door_sections(late)


def test_a_measure_is_shown_as_a_reader_expects():
    cell = tool("mechanism_pages").cell
    shown = [cell("41.9476", 2), cell("-0.0010", 2), cell("", 1), cell("inf", 0), cell("-8.8142", 2), cell("8732.0", 0)]
    assert shown == ["41.95", "0.00", "–", "∞", "−8.81", "8\u202f732"] and cell("the operator", None) == "the operator"


def test_a_mechanism_of_no_chapter_stops(monkeypatch):
    pages = tool("mechanism_pages")
    row = {"mechanism": "lottery", "chapter": "markets/lotteries", "refused": ""}
    monkeypatch.setattr(pages, "rows_of", lambda block: [row])
    with pytest.raises(SystemExit, match="lottery: markets/lotteries is no chapter of the book"):
        pages.block("rules", PAGES.outline())
