"""A statement of account adds up to what the result says, and to what a table worked out from the orders says."""

import numpy as np
import pytest
from hypothesis import given, settings

from tefoundations.errors import InvalidOrder
from tefoundations.market import BlockOrder, OrderBook, WindowOrder, day_ahead, mcafee, pay_as_bid, uniform_price, vcg
from tests.market.books import order_books
from tests.market.test_day_ahead import auctions


@given(order_books(5))
@pytest.mark.parametrize("rule", [uniform_price, pay_as_bid, vcg])
def test_a_clearings_statement_is_its_payments_and_receipts(rule, book):
    clearing = rule(book)
    table, bids = clearing.statement(), len(book.bids)
    assert table["pays"].tolist() == [*clearing.bid_payment, *np.zeros(len(book.asks))]
    assert table["receives"].tolist() == [*np.zeros(bids), *clearing.ask_receipt]
    assert table["bought"].tolist()[:bids] == clearing.bid_quantity.tolist() and table["bought"][bids:].eq(0).all()
    assert table["sold"].tolist()[bids:] == clearing.ask_quantity.tolist() and table["sold"][:bids].eq(0).all()
    assert table["hour"].eq(0).all() and table["agent"].tolist() == [*book.bids.agent, *book.asks.agent]
    frame = clearing.to_frame()  # another route to the same money: the table of orders
    assert (table["pays"] + table["receives"]).tolist() == frame["money"].tolist()
    assert (table["pays"] - table["receives"]).sum() == pytest.approx(clearing.budget, abs=1e-9)


def test_a_statement_where_buyers_and_sellers_see_different_prices():
    table = mcafee(
        OrderBook.of([("a", 9, 1), ("b", 8, 1), ("c", 1, 1)], [("d", 3, 1), ("e", 4, 1), ("f", 5, 1)])
    ).statement()
    assert table["order"].tolist() == ["bid 0", "bid 1", "bid 2", "ask 0", "ask 1", "ask 2"]
    assert table["pays"].tolist() == [8, 0, 0, 0, 0, 0] and table["receives"].tolist() == [0, 0, 0, 4, 0, 0]
    assert np.isnan(table["price"][1]) and uniform_price(OrderBook.of()).statement().empty


@settings(max_examples=40, deadline=None)
@given(auctions())
def test_a_days_statement_adds_up(auction):
    books, blocks = auction
    car = WindowOrder("car", "buy", 25, 6, 0, 1, agent="Ada")
    found = day_ahead(books, [*blocks, car])
    table = found.statement()
    assert table["pays"].tolist() == (table["bought"] * table["price"]).tolist()
    assert table["receives"].tolist() == (table["sold"] * table["price"]).tolist()
    assert table["price"].tolist() == [found.price[hour] for hour in table["hour"]]
    assert (table["pays"] - table["receives"] - table["make_whole"]).sum() == pytest.approx(found.budget, abs=1e-6)
    assert table["make_whole"].sum() == pytest.approx(found.make_whole.sum(), rel=1e-12)
    for hour in (0, 1):
        mine = table[table["hour"] == hour]
        assert mine["bought"].sum() == pytest.approx(mine["sold"].sum(), abs=1e-6)
        assert mine["bought"].sum() == pytest.approx(found.quantity[hour], abs=1e-6)
    # What an order gains is its value or cost less its money: once more from the table of orders.
    gains = found.to_frame().groupby("order")["gain"].sum()
    for block, share in zip(blocks, found.acceptance):
        mine = table[table["order"] == block.name]
        money = mine["receives"].sum() - mine["pays"].sum()
        worth = block.price * block.energy * share * (1 if block.side == "buy" else -1)
        assert worth + money == pytest.approx(gains[block.name], abs=1e-5)
    assert (table.loc[table["order"] == "car", "agent"] == "Ada").all() and len(table[table["order"] == "car"]) == 2
    assert table["hour"].is_monotonic_increasing


def test_make_whole_money_stands_in_a_blocks_last_hour():
    books = [OrderBook.of([(40, 10)], [(10, 5)])] * 2
    table = day_ahead(books, [BlockOrder("plant", "sell", 20, (8, 8), agent="clinic")]).statement()
    mine = table[table["order"] == "plant"]
    assert mine["make_whole"].tolist() == [0, 160] and mine["receives"].tolist() == [80, 80]
    assert mine["agent"].tolist() == ["clinic"] * 2 and day_ahead([OrderBook.of()]).statement().empty


@pytest.mark.parametrize("wrong", [{"name": ["a"]}, {"agent": ["a"]}])
def test_names_that_name_nobody_are_refused(wrong):
    with pytest.raises(InvalidOrder, match="must be a name"):
        BlockOrder(**({"name": "b", "side": "buy", "price": 1, "quantity": 1} | wrong))
