"""Figures of a market, checked through the numbers of their traces; every case a slider can reach."""

import numpy as np
import pytest

from tefoundations.explore import agent_surplus, order_book, session_prices, step_curves, surplus_areas, surplus_bars
from tefoundations.explore.engine.frames import frame
from tefoundations.market import OrderBook, pay_as_bid, uniform_price, vcg, zero_intelligence

NINE = {"bids": [(12, 1), (10, 1), (8, 1)], "asks": [(5, 1), (7, 1), (9, 1)]}
BOOKS = {
    "nobody": {},
    "only buyers": {"bids": [(12, 1)]},
    "only sellers": {"asks": [(12, 1)]},
    "no trade": {"bids": [(4, 1)], "asks": [(6, 1)]},
    "nine": NINE,
    "negative prices": {"bids": [(-1, 2)], "asks": [(-5, 1), (-3, 0.5)]},
    "one price": {"bids": [(5, 1)], "asks": [(5, 1)]},
}


def polygon(trace):
    """Signed area of a closed outline (shoelace)."""
    x, y = np.array(trace.x), np.array(trace.y)
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2) if len(x) else 0.0


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("rule", [uniform_price, pay_as_bid])
def test_every_book_can_be_drawn(name, rule):
    book = OrderBook.of(**BOOKS[name])
    clearing = rule(book)
    figures = [
        step_curves(book), step_curves(book, clearing), order_book(book), order_book(book, clearing),
        surplus_areas(clearing), surplus_bars(clearing), agent_surplus(clearing),
    ]  # fmt: skip
    for drawn in figures:
        # The same traces in every state: a slider changes arrays, never the legend's order.
        assert [t["type"] for t in frame(drawn)["data"]] == [t.type for t in drawn.data]
    assert [len(f.data) for f in figures] == [4, 4, 4, 4, 5, 3, 2]


def test_supply_meets_demand_where_the_market_clears():
    book = OrderBook.of(**NINE)
    band, demand, supply, traded = step_curves(book, uniform_price(book, k=1), price_range=(0, 20)).data
    assert (supply.x, supply.y) == ((0, 1, 2, 3), (5, 7, 9, 20))
    assert set(band.y) == {8, 9} and max(band.x) == 2
    assert (traded.x[1], traded.y[1]) == (2, 9)


def test_without_a_single_price_only_the_quantity_is_marked():
    book = OrderBook.of(**NINE)
    assert set(step_curves(book, pay_as_bid(book)).data[3].x) == {2}


@pytest.mark.parametrize("rule", [uniform_price, pay_as_bid])
@pytest.mark.parametrize("name", BOOKS)
def test_areas_are_the_surplus(name, rule):
    clearing = rule(OrderBook.of(**BOOKS[name]))
    areas = [abs(polygon(trace)) for trace in surplus_areas(clearing).data[:3]]
    assert areas == pytest.approx([clearing.buyer_surplus, clearing.seller_surplus, abs(clearing.budget)])


def test_a_deficit_is_drawn_and_named():
    operator = surplus_areas(vcg(OrderBook.of(**NINE))).data[2]
    assert operator.name == "Operator pays 2 ct"
    assert abs(polygon(operator)) == pytest.approx(2)


def test_orders_at_one_price_are_one_row_of_the_ladder():
    book = OrderBook.of(bids=[(10, 1), (10, 2)], asks=[(10, 2), (11, 1)])
    bids, asks, bids_left, asks_left = order_book(book, uniform_price(book)).data
    assert (bids.y, bids.x, bids_left.x) == (("10",), (2,), (1,))
    assert (asks.y, asks.x, asks_left.x) == (("10", "11"), (2, 0), (0, 1))


def test_session_without_trades():
    silent = zero_intelligence(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]), rng=0)
    assert session_prices(silent, (4, 6)).data[1].x == ()


def test_each_step_says_whose_order_it_is():
    book = OrderBook.of(bids=[("school", 8, 1), ("bakery", 12, 2)], asks=[("roof", 6, 1.5)])
    _, demand, supply, _ = step_curves(book, uniform_price(book)).data
    rows = demand.meta["rows"]
    assert list(map(list, demand.customdata[:rows])) == [["bakery: 2", "12"], ["school: 1", "8"]]
    assert len(demand.customdata) == len(demand.x) and list(demand.customdata[-1]) == ["school: 1", "8"]
    assert supply.meta["rows"] == 1 and "%{customdata[0]}" in supply.hovertemplate
    nobody = OrderBook.of(bids=[], asks=[("roof", 6, 1.5)])
    assert step_curves(nobody).data[1].meta["rows"] == 0
