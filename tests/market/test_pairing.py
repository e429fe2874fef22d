"""Pairs of buyers and sellers: what each order trades, no more and no less, whatever the mechanism."""

import numpy as np
import pytest
from hypothesis import given

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, mcafee, pay_as_bid, second_price, trades, uniform_price, vcg
from tests.market.books import curves, order_books, single_units

THREE = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])


def agrees(clearing):
    """Each agent's energy and money in the pairs are those of the clearing, and the budget is what is between the prices."""
    found, book = trades(clearing), clearing.book
    for side, agent, price, orders, quantity, money in (
        ("bids", "buyer", "buyer_price", book.bids, clearing.bid_quantity, clearing.bid_payment),
        ("asks", "seller", "seller_price", book.asks, clearing.ask_quantity, clearing.ask_receipt),
    ):  # fmt: skip
        for name in dict.fromkeys(orders.agent.tolist()):
            mine = [trade for trade in found if getattr(trade, agent) == name]
            its = orders.agent == name
            assert sum(trade.quantity for trade in mine) == pytest.approx(quantity[its].sum(), abs=1e-9), (side, name)
            assert sum(trade.quantity * getattr(trade, price) for trade in mine) == pytest.approx(money[its].sum(), abs=1e-7)
    spread = sum(trade.quantity * (trade.buyer_price - trade.seller_price) for trade in found)
    assert spread == pytest.approx(clearing.budget, abs=1e-7)
    orders = np.count_nonzero(clearing.bid_quantity) + np.count_nonzero(clearing.ask_quantity)
    assert len(found) <= max(orders - 1, 0) and all(trade.quantity > 1e-9 for trade in found)


@given(order_books())
def test_uniform_and_pay_as_bid(book):
    agrees(uniform_price(book))
    agrees(pay_as_bid(book))


@given(curves())
def test_vcg_with_its_deficit(book):
    agrees(vcg(book))


@given(single_units())
def test_mcafee_with_its_surplus(book):
    agrees(mcafee(book))


def test_the_best_bid_meets_the_best_ask():
    found = [(trade.buyer, trade.seller, trade.quantity, trade.buyer_price) for trade in trades(uniform_price(THREE))]
    assert found == [("buyer 1", "seller 1", 1.0, 8.5), ("buyer 2", "seller 2", 1.0, 8.5)]


def test_two_prices_where_the_budget_is_not_zero():
    assert [(trade.buyer_price, trade.seller_price) for trade in trades(vcg(THREE))] == [(8.0, 9.0), (8.0, 9.0)]
    assert vcg(THREE).budget == -2


def test_ties_go_by_time():
    frame = OrderBook.of([("late", 9, 1), ("early", 9, 1)], [("roof", 5, 2)]).to_frame().assign(time=[2, 1, 0])
    assert [trade.buyer for trade in trades(uniform_price(OrderBook.from_frame(frame)))] == ["early", "late"]


def test_tenths_leave_no_dust():
    found = trades(uniform_price(OrderBook.of([(9, 0.1)] * 3, [(5, 0.3)])))
    assert [trade.quantity for trade in found] == pytest.approx([0.1] * 3)


def test_what_cannot_be_paired_is_named():
    with pytest.raises(InvalidInput, match="takes a Clearing, not OrderBook"):
        trades(THREE)
    half = second_price(OrderBook.of(bids=[(12, 1), (10, 1)], asks=[(5, 1)]))
    object.__setattr__(half, "ask_quantity", half.ask_quantity / 2)
    with pytest.raises(InvalidInput, match="take 1 kWh and sellers give 0.5 kWh"):
        trades(half)
