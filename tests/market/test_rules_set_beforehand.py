"""A posted price and a threshold: what nobody in the market moves, and so nobody bends, under however many names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, audit, mcafee, posted_price, threshold_price, uniform_price
from tests.market.books import FEW, SCALES, curves, order_books, prices, scaled, sides, single_units

THRESHOLDS = prices


def by_the_protocol(values, costs, r):
    """The protocol for one unit each, as its authors put it: (trades, buyers pay, sellers get)."""
    values, costs = sorted(values, reverse=True), sorted(costs)
    i, j = sum(v >= r for v in values), sum(c <= r for c in costs)
    if i == j:
        return i, r, r
    return (j, values[j], r) if i > j else (i, r, costs[i])


@given(single_units(), THRESHOLDS)
def test_the_three_cases_of_the_protocol(book, r):
    c = threshold_price(book, r)
    trades, pay, get = by_the_protocol(book.bids.price.tolist(), book.asks.price.tolist(), r)
    assert c.quantity == trades and c.ask_quantity.sum() == trades
    if trades:
        assert set(c.bid_price[c.bid_quantity > 0]) == {pay} and set(c.ask_price[c.ask_quantity > 0]) == {get}


def unit_by_unit(book, r):
    """The longer side by units of a tenth: who gets k of m pays for the last k of the m best of the others, or r."""
    units = [
        sorted(
            ((sign * price, agent) for price, quantity, agent in zip(side.price, side.quantity, side.agent)
             for _ in range(round(10 * quantity)) if sign * price >= sign * r),
            key=lambda unit: -unit[0],
        )
        for sign, side in ((1, book.bids), (-1, book.asks))
    ]  # fmt: skip
    most, money = min(map(len, units)), {}
    for sign, line in zip((1, -1), units):
        for name in {agent for _, agent in line}:
            won = sum(agent == name for _, agent in line[:most])
            rest = [price for price, agent in line if agent != name] + [sign * r] * most
            money[name] = sum(max(price, sign * r) for price in rest[most - won : most]) / 10
    return most / 10, money


@given(curves(), THRESHOLDS)
def test_curves_pay_as_counted_unit_by_unit(book, r):
    c = threshold_price(book, r)
    most, money = unit_by_unit(book, r)
    assert c.quantity == pytest.approx(most, abs=1e-9) and c.ask_quantity.sum() == pytest.approx(most, abs=1e-9)
    table = c.to_frame()
    found = table.groupby("agent")["money"].sum()
    for name, sum_ in found.items():
        side = table.loc[table["agent"] == name, "side"].iloc[0]
        assert sum_ == pytest.approx(money.get(name, 0.0) * (1 if side == "buy" else -1), abs=1e-9)


@given(curves(), THRESHOLDS)
def test_voluntary_and_never_a_deficit(book, r):
    for rule in (threshold_price, posted_price):
        c = rule(book, r)
        assert c.budget >= -1e-9 and c.buyer_surplus >= -1e-9 and c.seller_surplus >= -1e-9
        assert c.welfare <= uniform_price(book).welfare + 1e-9
        assert c.bid_quantity.sum() == pytest.approx(c.ask_quantity.sum(), rel=1e-12)
        assert (c.bid_quantity <= book.bids.quantity).all() and (c.ask_quantity <= book.asks.quantity).all()


@given(order_books(), prices)
def test_a_posted_price_serves_all_of_the_shorter_side_in_order(book, price):
    c = posted_price(book, price)
    for orders, traded, wants in (
        (book.bids, c.bid_quantity, book.bids.price >= price), (book.asks, c.ask_quantity, book.asks.price <= price),
    ):  # fmt: skip
        wanted = np.where(wants, orders.quantity, 0.0)
        left = np.maximum(0, np.minimum(wanted, c.quantity - np.concatenate([[0], np.cumsum(wanted)[:-1]])[: len(wanted)]))
        assert traded == pytest.approx(left, abs=1e-9)
    assert c.budget == pytest.approx(0, abs=1e-9)


def test_the_line_goes_by_time_and_by_the_first_order_of_each():
    import pandas as pd

    frame = pd.DataFrame(
        {"side": ["buy"] * 3 + ["sell"], "price": [9, 8, 12, 5], "quantity": [1, 1, 1, 2], "agent": ["a", "b", "a", "x"],
         "time": [2, 3, 4, 0]}
    )  # fmt: skip
    assert posted_price(OrderBook.from_frame(frame), 7).bid_quantity.tolist() == [1, 0, 1]  # both of a before b
    frame["time"] = [5, 3, 4, 0]
    assert posted_price(OrderBook.from_frame(frame), 7).bid_quantity.tolist() == [0, 1, 1]


@FEW
@given(sides(), SCALES, st.integers(1, 9))
@pytest.mark.parametrize("rule", [posted_price, threshold_price])
def test_quantities_scale_and_prices_stay(rule, book, scale, price):
    found = rule(OrderBook.of(*(scaled(side, scale) for side in book)), price)
    expected = rule(OrderBook.of(*book), price)
    for name in ("bid_quantity", "ask_quantity", "bid_payment", "ask_receipt"):
        assert getattr(found, name) / scale == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-9), name
    assert found.price == pytest.approx(expected.price, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("rule", [posted_price, threshold_price])
@pytest.mark.parametrize("price", [float("nan"), float("inf"), "eight", None, True])
def test_a_price_that_is_none(rule, price):
    with pytest.raises(InvalidInput, match="price"):
        rule(OrderBook.of([(9, 1)], [(3, 1)]), price)


def test_an_agent_on_both_sides():
    book = OrderBook.of([("a", 9, 1)], [("a", 3, 1)])
    for rule in (posted_price, threshold_price):
        with pytest.raises(InvalidInput, match="'a' has bids and asks"):
            rule(book, 5)


def test_words():
    book = OrderBook.of([(12, 1), (10, 1), (8, 1)], [(3, 1), (5, 1), (9, 1)])
    assert (
        "sellers receive the threshold 6, buyers pay it or what the others have left, whichever is higher"
        in threshold_price(book, 6).explain()
    )
    assert "sellers receive it or what" in threshold_price(book, 9).explain()
    assert threshold_price(book, 20).explain() == "No trade: nobody meets at the threshold 20."
    assert "posted beforehand" in posted_price(book, 6).explain()
    assert posted_price(book, 20).explain() == "No trade: nobody meets at the posted price 20."
    assert "shorter" not in posted_price(book, 6)._repr_html_()


@given(curves(4), prices)
@FEW
def test_no_lie_pays(book, price):
    for rule in (posted_price, threshold_price):
        assert audit(lambda told, rule=rule: rule(told, price), book, names=False).regret == 0


def test_the_examples_of_the_paper():
    """Examples 3 to 5: one unit each at three thresholds, and buyer x with the values 9 and 8."""
    buyers, units = (9, 8, 7, 4), [(2, 1), (3, 1), (4, 1)]
    c = threshold_price(OrderBook.of([(b, 1) for b in buyers], [*units, (5, 1)]), 4.5)
    assert (c.quantity, c.price) == (3, 4.5)
    c = threshold_price(OrderBook.of([(b, 1) for b in buyers], [*units, (12, 1)]), 6)
    assert (c.quantity, c.price) == (3, 6)
    c = threshold_price(OrderBook.of([(b, 1) for b in buyers], [*units, (12, 1)]), 7.5)
    assert c.bid_payment.tolist() == [7.5, 7.5, 0, 0] and c.ask_receipt.tolist() == [4, 4, 0, 0]
    five = OrderBook.of([("x", 9, 1), ("x", 8, 1), ("b", 7, 1), ("c", 6, 1), ("d", 4, 1)],
                        [(f"s{cost}", cost, 1) for cost in (2, 3, 4, 5, 7)])  # fmt: skip
    c = threshold_price(five, 4.5)
    assert c.quantity == 3 and c.bid_payment[:2].sum() == 10.5 and c.bid_payment[2] == 6
    assert c.ask_receipt.tolist() == [4.5, 4.5, 4.5, 0, 0]


def test_a_second_name_that_pays_under_mcafee_pays_nothing_here():
    """A false bid of 5 names a price that suits the pair which had stepped back."""
    bids, asks = [(9, 1), (8, 1), (1, 1)], [(3, 1), (4, 1), (5, 1)]
    honest, bent = (mcafee(OrderBook.of(more, asks)) for more in (bids, [*bids, (4.99, 1)]))
    assert honest.bid_quantity[1] == 0 and bent.bid_quantity[1] == 1 and bent.price < 5
    for r in (3, 4, 4.5, 5, 6):
        one, two = (threshold_price(OrderBook.of(more, asks), r) for more in (bids, [*bids, (4.99, 1)]))
        gains = [8 * c.bid_quantity[1] - c.bid_payment[1] - c.bid_payment[3:].sum() for c in (one, two)]
        assert gains[1] <= gains[0] + 1e-12


def test_nobody_stands_on_both_sides_of_a_posted_price():
    """B, cut short as a buyer, would ask below the price, be served, and gain 9 ct."""
    book = OrderBook.of(bids=[("C", 9, 3), ("B", 11, 3)], asks=[("B", 8, 3), ("D", 4, 3)])
    with pytest.raises(InvalidInput, match="posted_price is not defined for agents on both sides: 'B'"):
        posted_price(book, 6)
