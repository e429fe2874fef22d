import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, audit, second_price, uniform_price, vcg, welfare_without_each
from tefoundations.market.crossing import best_welfare
from tests.market.books import curves, lp_optimum, single_units


def money_by_definition(book, agent):
    """Net payment of an agent from two linear programmes: the others' best without it, less their part with it."""
    frame = book.to_frame()
    rest = lp_optimum(OrderBook.from_frame(frame[frame["agent"] != agent]))
    table = uniform_price(book).to_frame()
    mine = table["agent"] == agent
    sign = np.where(table["side"] == "buy", 1, -1)
    return rest - (lp_optimum(book) - (sign * table["price"] * table["traded"])[mine].sum())


@settings(max_examples=60)
@given(curves())
def test_everybody_pays_the_harm_it_does(book):
    table = vcg(book).to_frame()
    table["net"] = np.where(table["side"] == "buy", table["money"], -table["money"])
    paid = table.groupby("agent")["net"].sum()
    for agent in paid.index:
        assert paid[agent] == pytest.approx(money_by_definition(book, agent), abs=1e-6)


@given(curves())
def test_one_pass_over_prices_is_solving_again_without_each_agent(book):
    frame = book.to_frame()
    for side in ("bids", "asks"):
        agents = list(dict.fromkeys(getattr(book, side).agent.tolist()))
        rest = [best_welfare(OrderBook.from_frame(frame[frame["agent"] != agent])) for agent in agents]
        assert welfare_without_each(book, side) == pytest.approx(rest, abs=1e-9)


def test_a_book_larger_than_one_chunk(monkeypatch):
    rng = np.random.default_rng(0)
    book = OrderBook.of(*(np.column_stack([rng.uniform(size=60), rng.uniform(0.1, 2, 60)]) for _ in range(2)))
    whole = welfare_without_each(book, "bids")
    monkeypatch.setattr("tefoundations.market.auction.vickrey.CHUNK", 200)
    assert welfare_without_each(book, "bids") == pytest.approx(whole)


@settings(max_examples=40)
@given(curves(4))
def test_honest_efficient_and_nobody_loses(book):
    found = audit(vcg, book)
    assert found.regret == pytest.approx(0, abs=1e-6)
    assert found.efficiency == pytest.approx(1) and found.min_utility >= -1e-9


@given(single_units())
def test_single_units_pay_the_ends_of_the_interval(book):
    """With one unit each, every buyer pays the low end and every seller receives the high end."""
    c = vcg(book)
    if c.quantity:
        low, high = c.price_interval
        assert c.bid_price[c.bid_quantity > 0] == pytest.approx(low)
        assert c.ask_price[c.ask_quantity > 0] == pytest.approx(high)
        assert c.budget == pytest.approx(-(high - low) * c.quantity, abs=1e-9)


def test_the_numbers_of_the_book():
    c = vcg(OrderBook.of([(10, 1)], [(4, 1)]))
    assert (c.bid_payment[0], c.ask_receipt[0], c.budget) == (4, 10, -6)
    c = vcg(OrderBook.of([(12, 1), (10, 1), (8, 1)], [(5, 1), (7, 1), (9, 1)]))
    assert c.bid_payment.tolist() == [8, 8, 0] and c.ask_receipt.tolist() == [9, 9, 0] and c.budget == -2
    assert c.book.bids.price @ c.bid_quantity == 22 and np.isnan(c.price) and "VCG" in repr(c)


def test_several_orders_of_one_agent_leave_together():
    frame = pd.DataFrame(
        [("buy", "a", 12, 1), ("buy", "a", 10, 1), ("buy", "b", 6, 2), ("sell", "x", 5, 2)],
        columns=["side", "agent", "price", "quantity"],
    )
    c = vcg(OrderBook.from_frame(frame))
    assert c.bid_payment.sum() == 12  # without a, b would have bought both kWh, worth 6 each
    assert c.bid_price[:2].tolist() == [6, 6]


def test_both_sides_are_refused_by_name():
    with pytest.raises(InvalidInput, match="vcg is not defined for agents on both sides: 'home1'"):
        vcg(OrderBook.of([("home1", 9, 1)], [("home1", 5, 1)]))


@pytest.mark.parametrize("bids", [[], [(3, 1)]])
def test_no_sale(bids):
    c = second_price(OrderBook.of(bids, [(5, 1)]))
    assert c.quantity == 0 and np.isnan(c.price) and c.explain().startswith("No trade")


def test_second_price_is_vcg_with_an_honest_seller():
    bids, reserve = [(10, 1), (7, 1), (8, 1)], [(2, 1)]
    c = second_price(OrderBook.of(bids, reserve))
    assert (c.price, c.budget) == (8, 0) and c.bid_payment.tolist() == vcg(OrderBook.of(bids, reserve)).bid_payment.tolist()
    assert second_price(OrderBook.of([(10, 1)], reserve)).price == 2
    assert second_price(OrderBook.of([(10, 1), (1, 1)], reserve)).price == 2


def test_second_price_sells_one_lot():
    with pytest.raises(InvalidInput, match="has 2 asks"):
        second_price(OrderBook.of([(9, 1)], [(1, 1), (2, 1)]))
    with pytest.raises(InvalidInput, match="bids, row 1: 0.5 is less than the lot of 1"):
        second_price(OrderBook.of([(9, 1), (8, 0.5)], [(1, 1)]))
