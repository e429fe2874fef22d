"""The checks of chapters and pages must fail when they should: each planted fault is reported."""

import copy
import json

import jupytext
import nbformat
import pytest

from tests.book import chapters as ch
from tests.book import pages as pg
from tests.book.solutions import solution_faults
from tests.house.sources import no

new = nbformat.v4


def cell(source, *tags, count=None, text=""):
    outputs = [new.new_output("stream", text=text)] if text else []
    return new.new_code_cell(source, metadata={"tags": list(tags)}, execution_count=count, outputs=outputs)


@pytest.fixture
def chapter():
    """A small chapter without a fault."""
    able = ":::{admonition} What you will be able to do\nAbout 30 minutes.\n:::"
    prose = f"# T\n\n{able}\n\n## Where this breaks\n\n## Take-away\n\n## Exercises\n"
    return new.new_notebook(
        cells=[
            new.new_markdown_cell(prose),
            cell(ch.INSTALL, "remove-cell", count=1),
            cell("x = 1\nx", count=2, text="1"),
            cell("explore(draw, k=Slider(0, 1, 1))", ch.FIGURE_TAG, count=3),
            cell("assert x == 1", "remove-cell", count=4),
        ]
    )


def shown(chapter):
    """The notebook of a text."""
    return ch.NOTEBOOKS.shown(copy.deepcopy(chapter))


CHECKS = [ch.run_faults, ch.figure_faults, ch.hiding_faults, ch.install_faults, ch.visible_faults, ch.section_faults]


def test_a_chapter_without_fault_passes(chapter):
    run = shown(chapter)
    no(ch.pair_faults(chapter, run) + [fault for check in CHECKS for fault in check(run)])
    no([fault for check in CHECKS for fault in check(chapter)])


def test_a_notebook_that_shows_the_text_as_it_stands_is_reported(chapter):
    myst, unfolded = shown(chapter), shown(chapter)
    myst.cells[0].source = chapter.cells[0].source
    unfolded.cells[4].metadata.pop("jupyter")
    assert [ch.pair_faults(chapter, run)[0][:14] for run in (myst, unfolded)] == ["cell 0 differs", "cell 4 differs"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda nb: nb.cells[2].update(source="x = 2\nx"),
        lambda nb: nb.cells[0].update(source="other words"),
        lambda nb: nb.cells[2].metadata.update(tags=["remove-cell"]),
        lambda nb: nb.cells.pop(),
        lambda nb: nb.cells.__setitem__(2, new.new_markdown_cell("x = 1\nx")),
    ],
)
def test_an_edited_twin_is_reported(chapter, edit):
    run, text = shown(chapter), copy.deepcopy(chapter)
    edit(run)
    edit(text)
    assert ch.pair_faults(chapter, run) and ch.pair_faults(text, shown(chapter))


LONG = "\n".join(f"a{i} = {i}" for i in range(13))
PLANTS = {
    "was not run": ("cells[2]", {"execution_count": None}),
    "execution count 7": ("cells[2]", {"execution_count": 7}),
    "has no output": ("cells[2]", {"outputs": []}),
    "ended in an error": ("cells[2]", {"outputs": [new.new_output("error", ename="E", evalue="", traceback=[])]}),
    "are not kept": ("cells[3]", {"outputs": [new.new_output("stream", text="1")]}),
    "tag this cell": ("cells[3].metadata", {"tags": []}),
    "hides it from nbval": ("cells[2].metadata", {"tags": [ch.FIGURE_TAG]}),
    "NBVAL_IGNORE_OUTPUT hides": ("cells[2]", {"source": "x = 1\n  #  NBVAL_IGNORE_OUTPUT\nx"}),
    "NBVAL_SKIP hides": ("cells[4]", {"source": "# NBVAL_SKIP"}),
    "nbval-skip hides": ("cells[2].metadata", {"tags": ["nbval-skip"]}),
    "raises-exception hides": ("cells[2].metadata", {"tags": ["raises-exception"]}),
    "not the install cell": ("cells[1]", {"source": ch.INSTALL + " "}),
    "with the tag remove-cell": ("cells[1].metadata", {"tags": []}),
    "does not plot: plotly": ("cells[4]", {"source": "import plotly"}),
    "does not plot: add_trace": ("cells[2]", {"source": "fig.add_trace(x)"}),
    "81 characters": ("cells[2]", {"source": "x = " + "1" * 77}),
    "26 lines": ("cells[2]", {"source": LONG + "\n" + LONG.replace("a", "b")}),
    "no section 'Take-away'": (
        "cells[0]",
        {"source": "About 30 minutes. What you will be able to do\n## Exercises\n## Where this breaks"},
    ),
    "what you will be able to do": ("cells[0]", {"source": "# T"}),
    "how many minutes": ("cells[0]", {"source": "# T"}),
    "no interactive figure": ("cells[3]", {"source": "step_curves(book)"}),
}


@pytest.mark.parametrize("words", PLANTS)
def test_a_planted_cell_is_reported(chapter, words):
    where, change = PLANTS[words]
    eval(f"nb.{where}", {"nb": chapter}).update(change)
    found = [fault for check in CHECKS for fault in check(chapter)]
    assert any(words in fault for fault in found), found


def test_one_long_cell_is_allowed_and_two_are_not(chapter):
    chapter.cells.append(cell(LONG, count=5))
    assert not ch.visible_faults(chapter)
    chapter.cells.append(cell(LONG, count=6))
    assert len(ch.visible_faults(chapter)) == 1


@pytest.mark.parametrize(
    "source, must", [("x", True), ("print(1)", True), ("x;", False), ("x = 1", False), ("def f():\n    print(1)", False),
                     ("for i in x:\n    print(i)", True), ("assert_equal(a, b)", False), ("%pip install x", False)],
)  # fmt: skip
def test_which_cells_must_speak(source, must):
    assert ch.speaks(source) == must


def test_a_book_out_of_order_is_reported():
    found = ch.toc_faults(["a", "b", "b"], {"a", "c"})
    assert found == ["c is not in _toc.yml", "_toc.yml lists b, which is not there", "_toc.yml lists b twice"]


# ---- Pages -----------------------------------------------------------------------------------------------------------

HTML = '<html lang="en"><head><title>{title}</title>{head}</head><body><h1 id="top">T</h1>{body}</body></html>'
BAD_PAGES = {
    '<a href="gone.html">x</a>': (pg.link_faults, "gone.html is not there"),
    '<a href="#nowhere">x</a>': (pg.link_faults, "no anchor #nowhere"),
    '<a href="other.html#nowhere">x</a>': (pg.link_faults, "no anchor other.html#nowhere"),
    '<img alt="" src="gone.png">': (pg.link_faults, "gone.png is not there"),
    '<script src="https://cdn.example.org/x.js"></script>': (pg.outside_faults, "cdn.example.org"),
    '<link rel="stylesheet" href="//fonts.example.org/x.css">': (pg.outside_faults, "fonts.example.org"),
    '<img alt="" src="https://example.org/x.png">': (pg.outside_faults, "example.org/x.png"),
    '<style>a { background: url("https://example.org/y.png") }</style>': (pg.outside_faults, "y.png"),
    '<p style="background: url(https://example.org/z.png)">x</p>': (pg.outside_faults, "z.png"),
    '<img src="data:,">': (pg.page_faults, "without alt"),
    "<h1>Two</h1>": (pg.page_faults, "2 h1 headings"),
    '<p id="top">x</p>': (pg.page_faults, "id 'top' stands twice"),
    '<script src="other.html"></script><script src="other.html"></script>': (pg.page_faults, "loads other.html twice"),
    '<a href="https://mybinder.org/v2/gh/a/b/main?urlpath=lab/tree/notebooks/gone.ipynb">x</a>': (
        pg.launch_faults, "launches notebooks/gone.ipynb"),
    '<a href="https://colab.research.google.com/github/a/b/blob/main/exercises/source/markets/double_auction.ipynb">x</a>': (
        pg.launch_faults, "launches exercises/source"),
}  # fmt: skip


def site_of(folder, body="", title="One", head=""):
    (folder / "index.html").write_text(HTML.format(title=title, head=head, body=body))
    (folder / "other.html").write_text(
        HTML.format(title="Two", head="", body='<a href="index.html#top">x</a><a href="https://a.org">y</a>')
    )
    return pg.pages(folder)


def test_a_clean_site_passes(tmp_path):
    for check in (pg.link_faults, pg.outside_faults, pg.page_faults, pg.launch_faults):
        no(check(site_of(tmp_path, '<div id="jb-print-docs-body"><h1>T</h1></div><a href="other.html#top">x</a>'), tmp_path))


@pytest.mark.parametrize("body", BAD_PAGES)
def test_a_planted_page_is_reported(tmp_path, body):
    check, words = BAD_PAGES[body]
    found = check(site_of(tmp_path, body), tmp_path)
    assert len(found) == 1 and words in found[0]


def test_equal_titles_no_language_and_outside_styles_are_reported(tmp_path):
    assert "has the title of" in pg.page_faults(site_of(tmp_path, title="Two"), tmp_path)[0]
    (tmp_path / "other.html").write_text("<html><title>Three</title><h1>x</h1></html>")
    assert "other.html: no language" in pg.page_faults(pg.pages(tmp_path), tmp_path)
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "tef.css").write_text("@import 'https://example.org/x.css';")
    (tmp_path / "_static" / "tef-x.js").write_text("fetch('https://example.org/x')")
    assert len(pg.outside_faults(site_of(tmp_path), tmp_path)) == 2


@pytest.mark.parametrize(
    "sizes, frames, text, words",
    [([201], 201, "", "201 states"), ([3], 2, "", "2 drawn"), ([1], 1, "x" * 300_001, "300 kB")],
)
def test_a_figure_too_large_is_reported(sizes, frames, text, words):
    blob = json.dumps({"controls": [{"values": list(range(n))} for n in sizes], "base": text, "frames": [[]] * frames})
    assert any(words in fault for fault in pg.figure_faults("figure", blob))


def test_a_missing_and_a_stale_site_are_reported(tmp_path, monkeypatch):
    assert "make site" in pg.freshness_fault(tmp_path)
    site_of(tmp_path)
    monkeypatch.setattr(
        pg,
        "tool",
        lambda name: type("Old", (), {"stamp": lambda _: "a", "state": lambda: "b"}),
    )
    assert "older than its sources" in pg.freshness_fault(tmp_path)


@pytest.mark.parametrize(
    "leak", ["### BEGIN SOLUTION", "<span>answer</span> <span>=</span> sum(q <b>for</b> p, q in bids if p &gt;= price)",
             'answer = sum(q for p, q in bids if p >= price)\\n', "### BEGIN HIDDEN TESTS"],
)  # fmt: skip
def test_a_solution_in_the_site_is_reported(tmp_path, leak):
    sources, site = tmp_path / "exercises" / "source", tmp_path / "html"
    (sources / "markets").mkdir(parents=True)
    site.mkdir()
    answer = "    answer = sum(q for p, q in bids if p >= price)\n    return answer\n"
    text = f"def f(bids, price):\n    ### BEGIN SOLUTION\n{answer}    ### END SOLUTION"
    nbformat.write(new.new_notebook(cells=[new.new_code_cell(text)]), sources / "markets" / "x.ipynb")
    (site / "index.html").write_text("<p>nothing here</p>")
    no(list(solution_faults(site, sources)))
    (site / "index.html").write_text(leak)
    assert len(list(solution_faults(site, sources))) == 1
    # A solution that a chapter tells anyway cannot be searched for, and that is said too.
    assert "no line by which it could be found" in next(solution_faults(site, sources, told=text))


def test_a_model_answer_on_the_site_is_found(tmp_path):
    site, sources = tmp_path / "site", tmp_path / "exercises" / "source"
    site.mkdir()
    (sources / "markets").mkdir(parents=True)
    line = "**Model answer.** The bakery gains two cents by waiting for the school."
    asked = new.new_markdown_cell("**To think about.** Who?")
    answered = new.new_markdown_cell(line, metadata={"tags": ["model-answer"]})
    nbformat.write(new.new_notebook(cells=[asked]), sources / "markets" / "x.ipynb")
    jupytext.write(new.new_notebook(cells=[asked, answered]), sources / "markets" / "x.md", fmt="md:myst")
    (site / "index.html").write_text("<p><strong>To think about.</strong> Who?</p>")
    no(list(solution_faults(site, sources)))
    (site / "index.html").write_text(f"<p><strong>Model answer.</strong>{line.removeprefix('**Model answer.**')}</p>")
    [told] = solution_faults(site, sources)
    assert "holds a line of a solution: Model answer. The bakery" in told


ASKING = """# T

```{code-cell} ipython3
prediction(
    "mine", "Who?", ["a", "b"])
```

## By hand

questions(
    choose("Which?", {}, right="a"))

recall("mine", {}, right="a")

## Exercises
"""


@pytest.mark.parametrize(
    "old, new_, told",
    [
        ('"mine", "Who?"', '"other", "Who?"', "no prediction"),
        ("prediction(", "# prediction(", "no prediction"),
        ('recall("mine"', 'recall("other"', "no recall"),
        ("questions(\n", "asked(\n", "no questions"),
        ("## By hand", ":::{admonition} Two questions to try\n:::\n\n## By hand", "does not answer back"),
    ],
)
def test_a_chapter_that_does_not_ask_is_reported(old, new_, told):
    assert ch.question_faults("mine", ASKING) == []
    assert old in ASKING
    assert any(told in fault for fault in ch.question_faults("mine", ASKING.replace(old, new_)))
