"""Ties at the margin, shared pro rata: against exact fractions, and a programme that raises the least served share."""

from fractions import Fraction
from functools import partial
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, audit, pay_as_bid, trades, uniform_price
from tests.market.books import FEW, SCALES, scaled

RULES = [uniform_price, pay_as_bid]


@st.composite
def tied_books(draw, scale=1.0):
    """Prices of three levels, quantities that do not add up exactly in floats."""
    order = st.tuples(st.integers(4, 6), st.integers(1, 40).map(lambda tenths: tenths / 10 * scale))
    return OrderBook.of(*(draw(st.lists(order, max_size=6)) for _ in range(2)))


def exact(side, traded):
    """What each order of a side gets, in fractions, from how much of the side trades."""
    price = side.price if side.side == "sell" else -side.price
    left, found = traded, [Fraction(0)] * len(side)
    for level in sorted(set(price.tolist())):
        at = [i for i in range(len(side)) if price[i] == level]
        wanted = sum(Fraction(side.quantity[i]) for i in at)
        for i in at:
            found[i] = Fraction(side.quantity[i]) * min(left / wanted, Fraction(1))
        left -= min(left, wanted)
    return found


@given(tied_books())
@pytest.mark.parametrize("rule", RULES)
def test_each_gets_the_same_share_and_nothing_else_changes(rule, book):
    first, shared = rule(book), rule(book, ties="pro rata")
    for name, side in (("bid_quantity", book.bids), ("ask_quantity", book.asks)):
        by_time, pro_rata = getattr(first, name), getattr(shared, name)
        assert fsum(pro_rata) == pytest.approx(fsum(by_time), rel=1e-15)
        for level in set(side.price.tolist()):  # what a price level gets is the same to the last digit
            at = side.price == level
            assert fsum(pro_rata[at]) == fsum(by_time[at])
        wanted = exact(side, sum(map(Fraction, by_time)))
        assert pro_rata == pytest.approx([float(q) for q in wanted], rel=1e-12, abs=1e-12)
        assert (pro_rata <= side.quantity).all() and (pro_rata >= 0).all()
    for name in ("price_interval", "margins", "price"):
        assert np.array_equal(getattr(shared, name), getattr(first, name), equal_nan=True)
    for name in ("welfare", "budget", "buyer_surplus", "seller_surplus", "quantity"):
        assert getattr(shared, name) == pytest.approx(getattr(first, name), rel=1e-12, abs=1e-12)
    assert fsum(trade.quantity for trade in trades(shared)) == pytest.approx(shared.quantity, rel=1e-12)


@given(tied_books())
def test_no_other_best_trades_serve_the_worst_served_at_the_margin_better(book):
    """Welfare and quantity fixed at their best, the least share among orders of the marginal price cannot be raised."""
    shared = uniform_price(book, ties="pro rata")
    if not shared.quantity:
        return
    bids, asks = book.bids, book.asks
    price = np.concatenate([bids.price, -asks.price])
    most = np.concatenate([bids.quantity, asks.quantity])
    bought = np.arange(len(price)) < len(bids)
    traded = np.concatenate([shared.bid_quantity, shared.ask_quantity])
    margin = np.concatenate([bids.price == shared.margins[0][0], asks.price == shared.margins[0][1]])
    # Variables: trades, and the least share of those at the margin.
    rows = np.column_stack([-np.eye(len(price))[margin], most[margin]])
    same = np.array([[*price, 0], [*bought, 0], [*~bought, 0]], float)
    right = [shared.welfare, shared.quantity, shared.quantity]
    near = np.vstack([rows, same, -same])
    off = 1e-9 * (1 + np.abs(right))
    found = linprog([*np.zeros(len(price)), -1], near, np.concatenate([np.zeros(len(rows)), right + off, off - right]),
                    bounds=[*((0, q) for q in most), (0, 1)])  # fmt: skip
    assert (traded[margin] / most[margin]).min() == pytest.approx(-found.fun, abs=1e-6)


def test_by_hand_and_in_words():
    book = OrderBook.of([("a", 9, 1), ("b", 8, 1), ("c", 8, 3)], [("d", 5, 3)])
    c = uniform_price(book, ties="pro rata")
    assert c.bid_quantity.tolist() == [1, 0.5, 1.5] and uniform_price(book).bid_quantity.tolist() == [1, 1, 1]
    assert "2 bids at 8 share: 50% of each." in c.explain() and "share" not in uniform_price(book).explain()
    assert "2 bids at 8 share" in pay_as_bid(book, ties="pro rata").explain()
    timed = OrderBook.of([("a", 8, 1), ("b", 8, 1)], [("d", 5, 1)])
    assert uniform_price(timed).bid_quantity.tolist() == [1, 0]
    full = uniform_price(OrderBook.of([(8, 1), (8, 1)], [(5, 2)]), ties="pro rata")
    assert full.bid_quantity.tolist() == [1, 1] and "share" not in full.explain()


def test_rounding_is_nobodys_share():
    """0.1 and 0.2 of the 0.3 that is sold are all there is: nothing is rationed."""
    c = uniform_price(OrderBook.of([(8, 0.1), (8, 0.2)], [(5, 0.3)]), ties="pro rata")
    assert c.bid_quantity.tolist() == [0.1, 0.2]


@FEW
@given(st.data(), SCALES)
def test_sharing_scales(data, scale):
    order = st.lists(st.tuples(st.integers(4, 6), st.integers(1, 30).map(lambda tenths: tenths / 10)), max_size=5)
    bids, asks = data.draw(order), data.draw(order)
    one = uniform_price(OrderBook.of(bids, asks), ties="pro rata")
    other = uniform_price(OrderBook.of(scaled(bids, scale), scaled(asks, scale)), ties="pro rata")
    assert other.bid_quantity / scale == pytest.approx(one.bid_quantity, rel=1e-9, abs=1e-12)
    assert other.ask_quantity / scale == pytest.approx(one.ask_quantity, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_does_not_exist(rule):
    with pytest.raises(InvalidInput, match="ties 'luck' is not one of time, pro rata"):
        rule(OrderBook.of(), ties="luck")
    book = OrderBook.of([("a", 9, 1), ("b", 9, 1)], [("c", 5, 1)])
    assert audit(partial(rule, ties="pro rata"), book).efficiency == 1
