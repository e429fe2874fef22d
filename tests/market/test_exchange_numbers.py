"""Numbers that an exchange is given: floats that add up with rounding, whole numbers of numpy, none at all."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput, InvalidOrder
from tefoundations.market import (
    Exchange,
    OrderBook,
    batched,
    bilateral,
    continuous,
    linear_equilibrium,
    match_events,
    uniform_price,
)


def test_floats_that_add_up_with_rounding_leave_no_dust():
    exchange = Exchange(whole=False)
    exchange.submit(None, "sell", 5.0, 0.3)
    for part in (0.1, 0.2):
        exchange.submit(None, "buy", 6.0, part)
    assert exchange.best("sell") is None and exchange.best("buy") is None
    tiny = Exchange(whole=False)
    tiny.submit(None, "sell", 5.0, 1e-12)
    assert tiny.submit(None, "buy", 6.0, 1.0)[0].quantity == 1e-12


def test_all_or_none_counts_as_trades_do():
    for parts, wanted in (([0.1] * 10, 1.0), ([0.7, 0.1], 0.8), ([1e-9] * 10, 1e-8), ([0.1] * 9999, sum([0.1] * 9999))):
        for short in (False, True):
            exchange = Exchange(whole=False)
            for part in parts[short:]:
                exchange.submit(None, "sell", 5.0, part)
            fills = exchange.submit(None, "buy", 6.0, wanted, keep=False, all_or_none=True)
            assert len(fills) == (0 if short else len(parts)) and (exchange.best("sell") is None) == (not short)
    used = Exchange(whole=False)  # what is left of a large order is known to the rounding of that order
    used.submit(None, "sell", 5.0, 10.0)
    for _ in range(99):
        used.submit(None, "buy", 5.0, 0.1)
    assert len(used.submit(None, "buy", 5.0, 0.1, keep=False, all_or_none=True)) == 1 and used.best("sell") is None
    empty = Exchange(whole=False)
    assert empty.submit(None, "buy", 5.0, 0.1, keep=False, all_or_none=True) == ()
    own = Exchange(whole=False)
    own.submit("home1", "sell", 5.0, 1.0)
    assert own.submit("home1", "buy", 5.0, 1.0, keep=False, all_or_none=True) == () and own.best("sell") == 5.0


def test_whole_numbers_of_numpy_name_orders():
    exchange = Exchange()
    for quantity in (3, 4):
        exchange.submit("a", "buy", 5, quantity)
    assert exchange.cancel(np.int64(0)) == 3 and exchange.cancel(np.uint8(1)) == 4
    for order in (np.int64(2), np.int64(-1), np.float64(0), True, np.True_):
        with pytest.raises(InvalidOrder, match="is not known: the last that came is 1"):
            exchange.cancel(order)


def test_an_empty_stream_has_no_trades():
    for empty in ([], (), np.zeros(0, dtype=int)):
        assert match_events(empty, empty, empty) == match_events(empty, empty, empty, empty) == ([], [])
    with pytest.raises(InvalidOrder, match="price must be one for each of 1 event"):
        match_events([1], [], [1])
    with pytest.raises(InvalidInput, match="buys must be whole numbers"):
        match_events(np.zeros(0), [], [])


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (np.array([1, 2]), "must be a name or a number"),
        (pd.Series([1, 2]), "must be a name or a number"),
        (["roof"], "must be a name or a number"),
        (float("nan"), "agent is missing"),
        (pd.NA, "agent is missing"),
        (pd.NaT, "agent is missing"),
    ],
)
def test_an_agent_that_cannot_be_told_apart_is_refused_before_anything_trades(agent, words):
    """It was taken, and the next order stopped half-way, when it asked whose this was: one order was gone, and no fill."""
    exchange = Exchange()
    exchange.submit("roof", "sell", 5, 1)
    for side in ("buy", "sell"):
        with pytest.raises(InvalidOrder, match=f"(?s)row 1: .*{words}"):
            exchange.submit(agent, side, 6, 1)
    assert exchange.newest == 0 and exchange.best("sell") == 5
    assert exchange.submit(("house", 3), "buy", 6, 1) == ((0, 1, 5, 1),) and exchange.submit(7, "buy", 6, 1) == ()


@pytest.mark.parametrize("order", [5, None, True, 0.5, {0: 1, 1: 0}, {0, 1}, "01", iter([0])])
def test_an_order_of_arrival_is_a_list(order):
    book = OrderBook.of(bids=[(12, 1)], asks=[(5, 1)])
    for rule in (continuous, lambda book, order: batched(book, 2, order)):
        if order is None:
            assert rule(book, order).quantity == 1
            continue
        with pytest.raises(InvalidInput, match="order must"):
            rule(book, order)


def test_a_fraction_is_a_k():
    book = OrderBook.of(bids=[(12, 1), (8, 1)], asks=[(5, 1), (9, 1)])
    for k in (Fraction(1, 4), Decimal("0.25")):
        for rule in (uniform_price, bilateral, lambda book, k: batched(book, 4, k=k)):
            assert rule(book, k=k).price == rule(book, k=0.25).price and rule(book, k=k).rule == rule(book, k=0.25).rule
        (bid, ask), (same_bid, same_ask) = linear_equilibrium(k), linear_equilibrium(0.25)
        assert bid(0.7) == same_bid(0.7) and ask(0.7) == same_ask(0.7)
