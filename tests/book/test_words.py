"""Which words of a chapter explain themselves: the first use of a term, in running text, where it is meant."""

import sys
from collections import Counter
from re import findall

import pytest
from docutils.core import publish_doctree

from tests.book.pages import addresses
from tests.house.sources import ROOT, tool

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from tef_words import explained, first_uses, meant_in, pattern, plain

Term = tool("notation").Term
BID, BIDS, VIEW = (
    Term("bid", "  A call."),
    Term("order book", "  All orders."),
    Term("view", "  A number.", "ledger/consensus"),
)


@pytest.mark.parametrize(
    "name, text, found",
    [
        ("bid", "Two bids and a bid", ["bids", "bid"]),
        ("bid", "forbid, bidder, sealed-bid", []),
        ("order book", "an order-book, Order books", ["order-book", "Order books"]),
        ("loss", "losses", ["losses"]),
    ],
)
def test_a_term_is_found_as_a_text_has_it(name, text, found):
    assert pattern(name).findall(text) == found


def test_only_the_first_use_in_running_text_counts_and_longer_terms_come_first():
    text = "bid\n===\n\nIn ``bid`` an order book of a bid.\n\nA bid again, and `bid <x>`_.\n\n.. _x: y"
    uses = first_uses(publish_doctree(text, settings_overrides={"report_level": 5}), [BID, BIDS, Term("book", "  Pages.")])
    assert [(term.name, node.astext()[a:b]) for node, a, b, term in uses] == [("order book", "order book"), ("bid", "bid")]


def test_a_common_word_is_explained_only_in_the_part_of_its_home():
    assert meant_in(VIEW, "ledger/tokens") and not meant_in(VIEW, "markets/vcg")
    assert meant_in(Term("price interval", "", "markets/double_auction"), "grid/power_flow")


def test_what_stands_in_an_explanation_is_text():
    assert plain("  At *most* `x` and\n  $k$ < $e^\\varepsilon$.") == "At most x and k < e^ε."
    shown = explained("a<b", Term("a", "  1 < 2"), 3, ("g#a", "h"), "T & U")
    assert "a&lt;b" in shown and "1 &lt; 2" in shown and "T &amp; U" in shown and 'id="tef-word-3"' in shown


@pytest.mark.parametrize("name", addresses(lambda file: "notebooks" in file.parts))
def test_every_chapter_explains_some_words_each_once(site, name):
    text = (site / name).read_text()
    anchors = Counter(findall(r'class="tef-word"><a href="[^"]*#(term-[^"]+)"', text))
    assert len(anchors) >= 3 and set(anchors.values()) == {1}
    ids = set(findall(r'id="(term-[^"]+)"', (site / "book/notation.html").read_text()))
    assert set(anchors) <= ids
