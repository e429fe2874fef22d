"""What the search knows: pages taken apart, formulas in plain letters, and words that lead to a page which explains them."""

import sys

import pytest

from tests.book.sharing import word_faults
from tests.house.sources import ROOT, no, tool

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from tef_search import formula, further, kind_of, page

Term = tool("notation").Term
PAGE = """<article class="bd-article"><section id="top"><h1>Prices<a class="headerlink">#</a></h1>
<div class="tef-bar"><a href="x">Binder</a><button>Run this page</button><p>Opens Tokens.</p></div>
<p>A price, <em>p</em>, of <span class="math">\\(p_i\\)</span> (<a href="#x">see</a>).</p><p>Next.</p>
<div class="math">\\[\\frac{a}{b}\\]</div>
<section id="deep"><h2>Deep</h2><div class="cell"><pre>code</pre></div><p>Low.</p></section>
<dl class="simple glossary"><dt id="term-bid">bid</dt><dd><p>A call. <a href="../notebooks/a/b.html">Home</a></p></dd></dl>
<dl class="py function"><dt class="sig" id="tefoundations.market.clear">clear()</dt><dd><p>Clears.</p></dd></dl>
</section></article>"""


def test_a_page_is_taken_apart_into_sections_terms_and_names():
    title, parts = page(PAGE)
    assert title == "Prices"
    assert parts == [
        ["Prices", "top", "A price, p, of p_i (see). Next. …"],
        ["Deep", "deep", "Low."],
        ["bid", "term-bid", "A call."],
        ["clear", "tefoundations.market.clear", "Clears."],
    ]


def test_what_is_no_article_is_no_page():
    assert page("<p>x</p>") is None and page('<article class="bd-article"><p>x</p></article>') is None


@pytest.mark.parametrize(
    "tex, shown",
    [
        (r"\(v_i\)", "v_i"),
        (r"\(\lambda \le 1\)", "λ ≤ 1"),
        (r"\(\bar x_i\)", "x\u0304_i"),
        (r"\(\bar{x}\)", "x\u0304"),
        (r"\((1 - k)\,\text{low}\)", "(1 - k) low"),
        (r"\(\frac{a}{b}\)", "…"),
        (r"\(\leftarrow\)", "←"),
        (r"\[\begin{aligned} a &= b \end{aligned}\]", "…"),
    ],
)
def test_a_formula_is_shown_in_plain_letters_or_left_out(tex, shown):
    assert formula(tex) == shown


def test_a_page_has_a_kind_by_its_place():
    places = ["notebooks/a/b", "exercises/a/b", "book/api/a", "book/references", "book/how_to_use"]
    assert [kind_of(place) for place in places] == ["chapter", "exercises", "package", "list", "page"]


def texts():
    chapters = {f"notebooks/{file.parent.name}/{file.stem}": file.read_text() for file in ROOT.glob("book/*/*.md")}
    return chapters | {f"book/{file.stem}": file.read_text() for file in ROOT.glob("book/*.md")}


def test_every_further_word_leads_to_a_page_that_explains_it():
    no(word_faults(further(), texts(), tool("notation").every()))


@pytest.mark.parametrize(
    "entry, fault",
    [
        ({"words": ["zap"], "page": "b"}, "no page of the book"),
        ({"words": ["zap"], "page": "a"}, "does not use it"),
        ({"words": ["zap"], "page": "a", "section": "Deep"}, "stand together"),
        ({"words": ["zap"], "page": "a", "section": "High", "meaning": "X."}, "no heading High"),
        ({"words": ["bids"], "page": "a", "section": "Deep", "meaning": "X."}, "the glossary has it too"),
        ({"words": ["zap", "Zaps"], "page": "a", "section": "Deep", "meaning": "X."}, "has it too"),
    ],
)
def test_a_word_that_leads_nowhere_is_reported(entry, fault):
    found = word_faults([entry], {"a": "# A\n\n## Deep\n\nA cut-off."}, [Term("bid", "")])
    assert len(found) == 1 and fault in found[0]
    assert word_faults([{"words": ["cut off"], "page": "a"}], {"a": "A cut-offs."}, []) == []
