"""Uniform price and pay-as-bid: properties on random books, against an independent linear programme."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, pay_as_bid, uniform_price
from tests.market.books import lp_optimum, order_books, orders, quantities

EXAMPLE = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
MECHANISMS = [uniform_price, pay_as_bid]


def test_the_example_by_hand():
    c = uniform_price(EXAMPLE)
    assert (c.quantity, c.price, c.price_interval, c.welfare) == (2, 8.5, (8, 9), 10)
    assert c.bid_quantity.tolist() == [1, 1, 0] and c.ask_quantity.tolist() == [1, 1, 0]
    assert (c.buyer_surplus, c.seller_surplus, c.budget) == (5, 5, 0)
    assert uniform_price(EXAMPLE, k=0).price == 8 and uniform_price(EXAMPLE, k=1).price == 9


@given(order_books())
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_welfare_is_the_linear_programmes_optimum(mechanism, book):
    assert mechanism(book).welfare == pytest.approx(lp_optimum(book), abs=1e-7)


@given(order_books())
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_supply_is_demand_and_no_order_is_overfilled(mechanism, book):
    c = mechanism(book)
    assert c.bid_quantity.sum() == pytest.approx(c.ask_quantity.sum(), abs=1e-9)
    for traded, side in ((c.bid_quantity, book.bids), (c.ask_quantity, book.asks)):
        assert (traded >= 0).all() and (traded <= side.quantity).all()
        assert np.count_nonzero((traded > 0) & (traded < side.quantity)) <= 1


@given(order_books(), st.floats(0, 1))
def test_a_uniform_price_balances_and_supports_the_trades(book, k):
    c = uniform_price(book, k)
    low, high = c.price_interval
    assert c.budget == pytest.approx(0, abs=1e-9)
    assert c.welfare == pytest.approx(c.buyer_surplus + c.seller_surplus, abs=1e-9)
    assert low <= high
    if not c.quantity:
        assert np.isnan(c.price) and low < high
        assert low == max(book.bids.price, default=-np.inf) and high == min(book.asks.price, default=np.inf)
        return
    assert low <= c.price <= high or c.price == pytest.approx(low)
    for price in (low, high):  # nobody who is served loses, nobody who is left out would gain
        assert (book.bids.price[c.bid_quantity > 0] >= price).all()
        assert (book.asks.price[c.ask_quantity > 0] <= price).all()
        assert (book.bids.price[c.bid_quantity < book.bids.quantity] <= price).all()
        assert (book.asks.price[c.ask_quantity < book.asks.quantity] >= price).all()


@given(order_books())
def test_the_interval_cannot_be_wider(book):
    """Just outside the interval somebody wants to leave or to join."""
    c = uniform_price(book)
    if c.quantity:
        low, high = c.price_interval
        assert _unhappy(book, c, low - 0.25) and _unhappy(book, c, high + 0.25)


def _unhappy(book, c, price):
    served = (book.bids.price[c.bid_quantity > 0] < price).any() or (book.asks.price[c.ask_quantity > 0] > price).any()
    left_bids = book.bids.price[c.bid_quantity < book.bids.quantity]
    left_asks = book.asks.price[c.ask_quantity < book.asks.quantity]
    return served or (left_bids > price).any() or (left_asks < price).any()


@given(order_books())
def test_a_unit_more_or_less_costs_what_the_interval_says(book):
    """The one-sided derivatives of welfare by free supply are the ends of the price interval."""
    c = uniform_price(book)
    if not c.quantity:
        return
    step = 0.01
    rows = [(p, q) for p, q in zip(book.asks.price, book.asks.quantity)]
    lowest = min([*book.asks.price, *book.bids.price]) - 1
    one_more = OrderBook.of(list(zip(book.bids.price, book.bids.quantity)), [*rows, (lowest, step)])
    gain = lp_optimum(one_more) + lowest * step - lp_optimum(book)
    assert gain / step == pytest.approx(c.price_interval[0], abs=1e-5)
    highest = max([*book.asks.price, *book.bids.price]) + 1
    one_less = OrderBook.of([*zip(book.bids.price, book.bids.quantity), (highest, step)], rows)
    loss = lp_optimum(book) - (lp_optimum(one_less) - highest * step)
    assert loss / step == pytest.approx(c.price_interval[1], abs=1e-5)


@given(order_books())
def test_pay_as_bid_trades_the_same_and_keeps_the_spread(book):
    same, c = uniform_price(book), pay_as_bid(book)
    assert c.bid_quantity.tolist() == same.bid_quantity.tolist()
    assert c.buyer_surplus == pytest.approx(0, abs=1e-9) and c.seller_surplus == pytest.approx(0, abs=1e-9)
    assert c.budget == pytest.approx(same.welfare, abs=1e-9)


@given(orders(), orders(), st.randoms(use_true_random=False))
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_the_order_of_rows_matters_only_in_ties(mechanism, bids, asks, random):
    """With times given, rows may come in any order; without, position breaks ties among equals only."""
    rows = [("buy", p, q) for p, q in bids] + [("sell", p, q) for p, q in asks]
    frame = pd.DataFrame(rows, columns=["side", "price", "quantity"])
    frame["time"] = range(len(frame))
    frame["agent"] = [f"n{i}" for i in range(len(frame))]
    shuffled = frame.sample(frac=1, random_state=random.randrange(2**31))
    a, b = (mechanism(OrderBook.from_frame(f)).to_frame() for f in (frame, shuffled))
    both = a.merge(b, on="agent", suffixes=("", "_shuffled"))
    assert np.allclose(both["traded"], both["traded_shuffled"])
    assert np.allclose(both["money"], both["money_shuffled"])


@given(order_books(), st.sampled_from([1e-3, 0.1, 7.0, 1e6]), st.sampled_from([1e-3, 3.0, 1e4]))
def test_units_do_not_matter(book, energy, money):
    """A book in other units of energy or money clears to the same trades in those units."""
    a = uniform_price(book)
    sides = [np.column_stack([side.price * money, side.quantity * energy]).reshape(-1, 2) for side in (book.bids, book.asks)]
    b = uniform_price(OrderBook.of(*sides))
    assert b.bid_quantity == pytest.approx(a.bid_quantity * energy, rel=1e-9)
    assert b.price == pytest.approx(a.price * money, rel=1e-9, nan_ok=True)
    assert b.welfare == pytest.approx(a.welfare * energy * money, rel=1e-9, abs=1e-9 * energy * money)


def test_rounding_does_not_move_the_price():
    """0.1 + 0.2 kWh against 0.3 kWh: the sliver by which the sums differ is not an order."""
    assert 0.1 + 0.2 != 0.3
    c = uniform_price(OrderBook.of(bids=[(12, 0.1), (10, 0.2)], asks=[(5, 0.3), (7, 1)]))
    assert c.price_interval == (5, 7) and c.quantity == pytest.approx(0.3)
    assert c.ask_quantity.tolist() == [0.3, 0]
    c = uniform_price(OrderBook.of(bids=[(10, 0.3), (8, 1)], asks=[(5, 0.1), (6, 0.2), (9, 1)]))
    assert c.price_interval == (8, 9)


def test_the_last_order_is_filled_in_part_by_time_then_position():
    frame = pd.DataFrame({"side": ["buy", "buy", "sell"], "price": [10, 10, 4], "quantity": [2, 2, 3]})
    assert uniform_price(OrderBook.from_frame(frame)).bid_quantity.tolist() == [2, 1]
    frame["time"] = [5, 1, 0]
    assert uniform_price(OrderBook.from_frame(frame)).bid_quantity.tolist() == [1, 2]


def test_a_bid_equal_to_an_ask_trades():
    c = uniform_price(OrderBook.of(bids=[(6, 1)], asks=[(6, 1)]))
    assert (c.quantity, c.price, c.welfare) == (1, 6, 0)


def test_negative_prices_clear():
    c = uniform_price(OrderBook.of(bids=[(-2, 1)], asks=[(-6, 1)]))
    assert (c.price, c.welfare) == (-4, 4)


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("sides", [([], []), ([(5, 1)], []), ([], [(5, 1)]), ([(4, 1)], [(5, 1)])])
def test_no_trade_is_a_result(mechanism, sides):
    c = mechanism(OrderBook.of(*sides))
    assert (c.quantity, c.welfare, c.budget, c.buyer_surplus) == (0, 0, 0, 0) and np.isnan(c.price)
    assert c.explain().startswith("No trade") and "no trade" in repr(c) and "none" in c._repr_html_()
    assert c.to_frame()["traded"].sum() == 0


@pytest.mark.parametrize("k", [-0.1, 1.1, float("nan"), "half", None])
def test_k_is_a_share(k):
    with pytest.raises(InvalidInput, match=r"^k .* must be a number from 0 to 1"):
        uniform_price(EXAMPLE, k)


def test_an_explanation_is_the_arithmetic():
    text = uniform_price(EXAMPLE, 0.25).explain()
    assert text.splitlines() == [
        "Quantity: 2.",
        "Bids: the 2 best trade, the last at 10; the best left is at 8.",
        "Asks: the 2 best trade, the last at 7; the best left is at 9.",
        "Supporting prices: from max(7, 8) = 8 to min(10, 9) = 9.",
        "Price: (1 - 0.25) * 8 + 0.25 * 9 = 8.25, for everybody who trades.",
        "Welfare: value 22 - cost 12 = 10.",
        "Gains: buyers 5.5 + sellers 4.5 + operator 0 = 10.",
    ]
    assert "operator keeps the difference" in pay_as_bid(EXAMPLE).explain()
    lines = uniform_price(OrderBook.of([(9, 1)], [(5, 3), (6, 1)])).explain().splitlines()
    assert lines[1:4] == [
        "Bids: the best trades, at 9; none is left.",
        "Asks: the best trades, at 5 in part; the best left is at 5.",
        "Supporting prices: from 5 to min(9, 5) = 5.",
    ]


def test_the_result_cannot_be_edited():
    with pytest.raises(ValueError, match="read-only"):
        uniform_price(EXAMPLE).bid_quantity[0] = 5


@given(st.lists(quantities, min_size=1, max_size=30))
def test_pay_as_bid_has_a_price_only_if_all_agree(amounts):
    same = pay_as_bid(OrderBook.of([(6, q) for q in amounts], [(6, 1)]))
    assert same.price == 6
    assert np.isnan(pay_as_bid(EXAMPLE).price)
