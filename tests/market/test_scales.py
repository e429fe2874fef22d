"""One policy of what is zero: books clear alike in any unit, and what is far larger or smaller moves nothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.grid import Network
from tefoundations.market import (
    OrderBook,
    audit,
    greedy,
    lp_clearing,
    mcafee,
    muda,
    nodal_vcg,
    pay_as_bid,
    second_price,
    trades,
    uniform_price,
    vcg,
    welfare_without_each,
    zero_intelligence,
)
from tefoundations.market.crossing import cross
from tests.market.books import FEW, SCALES, scaled, sides

EFFICIENT = [uniform_price, pay_as_bid, lp_clearing, vcg]


def halves(book):
    return muda(book, rng=0)


CURVES = [*EFFICIENT, halves, lambda book: greedy(book, "arrival"), lambda book: greedy(book, "price")]


def same(found, expected, scale=1.0):
    """The same clearing in another unit of energy."""
    for name in ("bid_quantity", "ask_quantity", "bid_payment", "ask_receipt"):
        assert getattr(found, name) / scale == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-9), name
    assert found.price == pytest.approx(expected.price, rel=1e-9, nan_ok=True)
    assert found.price_interval == pytest.approx(expected.price_interval, rel=1e-9, nan_ok=True)
    assert found.welfare / scale == pytest.approx(expected.welfare, rel=1e-9, abs=1e-9)


@FEW
@given(sides(), SCALES)
@pytest.mark.parametrize("mechanism", CURVES)
def test_quantities_scale_and_prices_stay(mechanism, book, scale):
    same(mechanism(OrderBook.of(*(scaled(side, scale) for side in book))), mechanism(OrderBook.of(*book)), scale)


TENTHS = st.lists(st.integers(1, 30).map(lambda tenths: tenths / 10), min_size=1, max_size=5)


@FEW
@given(TENTHS, TENTHS, st.sampled_from([(8, 4), (0.7, 0.1), (-1, -4)]), SCALES)
@pytest.mark.parametrize("order", ["price", "arrival", "quantity"])
def test_pairs_of_one_price_make_one_price(order, bids, asks, price, scale):
    """Money over quantity is that price but for rounding, which once made it none."""
    book = OrderBook.of(*([(each, quantity * scale) for quantity in side] for each, side in zip(price, (bids, asks))))
    assert greedy(book, order).price == sum(price) / 2


def test_halves_that_name_one_price_in_two_ways_trade_at_one():
    c = muda(OrderBook.of([(0.3, 1), (0.2, 1)], [(0, 1), (0.1, 1)]), rng=21)
    assert len(set(c.bid_price)) == 2 and c.price == pytest.approx(0.15, rel=1e-15)


@FEW
@given(sides(), SCALES)
@pytest.mark.parametrize("mechanism", [mcafee, second_price])
def test_one_unit_each_scales(mechanism, book, scale):
    bids, asks = ([(price, 0.1) for price, _ in side] for side in book)
    asks = asks[:1] if mechanism is second_price else asks
    same(mechanism(OrderBook.of(scaled(bids, scale), scaled(asks, scale))), mechanism(OrderBook.of(bids, asks)), scale)


@FEW
@given(sides(), st.sampled_from([1e-12, 1e-6, 1e6, 1e12]), st.booleans())
@pytest.mark.parametrize("mechanism", EFFICIENT)
def test_an_order_out_of_the_money_moves_nothing(mechanism, book, size, buys):
    """Last in its line, so it cannot name a price either, however large or small."""
    (bids, asks), far = book, (0.25, size) if buys else (99, size)
    without = mechanism(OrderBook.of(bids, asks))
    crossing = cross(without.book)
    left = crossing.next_bid if buys else crossing.next_ask
    if not without.quantity or not np.isfinite(left):
        return  # it would be the best order left, and may name the price
    found = mechanism(OrderBook.of([*bids, far] if buys else bids, asks if buys else [*asks, far]))
    n, m = len(bids), len(asks)
    if mechanism is lp_clearing:  # among equals its trades are the solver's choice
        assert found.welfare == pytest.approx(without.welfare, rel=1e-9, abs=1e-9)
        return
    assert found.bid_quantity[:n] == pytest.approx(without.bid_quantity, rel=1e-9, abs=1e-12)
    assert found.ask_quantity[:m] == pytest.approx(without.ask_quantity, rel=1e-9, abs=1e-12)
    assert found.bid_payment[:n] == pytest.approx(without.bid_payment, rel=1e-9, abs=1e-9)
    assert found.ask_receipt[:m] == pytest.approx(without.ask_receipt, rel=1e-9, abs=1e-9)
    assert not found.bid_quantity[n:].any() and not found.ask_quantity[m:].any()
    assert found.price == pytest.approx(without.price, rel=1e-9, nan_ok=True)
    assert found.price_interval == pytest.approx(without.price_interval, rel=1e-9)


@FEW
@given(sides(), st.sampled_from([1e3, 1e6, 1e9, 1e12]))
@pytest.mark.parametrize("mechanism", EFFICIENT)
def test_a_seller_of_all_that_is_wanted_is_as_good_as_one_of_far_more(mechanism, book, more):
    """The grid at 5.5 ct: 1,000 kWh are more than anybody here wants, and so is any more than that."""
    bids, asks = book
    grids = [mechanism(OrderBook.of(bids, [*asks, (5.5, 1e3 * times)])) for times in (1, more)]
    same(grids[1], grids[0])


@pytest.mark.parametrize("mechanism", EFFICIENT)
def test_the_grid_sells_to_a_kettle_and_to_ten_clocks(mechanism):
    c = mechanism(OrderBook.of([(40, 1)], [(30, 1e12)]))
    assert (c.quantity, c.welfare, c.price_interval) == (1, 10, (30, 30))
    c = mechanism(OrderBook.of([(40, 0.0005)] * 10, [(30, 1e9)]))
    assert c.quantity == pytest.approx(0.005, rel=1e-12) and c.welfare == pytest.approx(0.05, rel=1e-12)
    assert c.ask_quantity == pytest.approx([0.005], rel=1e-12)


@pytest.mark.parametrize("mechanism", EFFICIENT)
def test_clocks_behind_a_power_station_trade(mechanism):
    """The sums of both lines lose the clocks behind a trillion; the orders do not."""
    c = mechanism(OrderBook.of([(40, 1e12), (39, 0.0005)], [(30, 1e12), (31, 0.0005)]))
    assert c.bid_quantity.tolist() == [1e12, 0.0005] and c.ask_quantity.tolist() == [1e12, 0.0005]
    assert c.price_interval == (31, 39)
    if mechanism is vcg:
        assert c.bid_price == pytest.approx([30, 31], rel=1e-9) and c.ask_price == pytest.approx([40, 39], rel=1e-9)


@pytest.mark.parametrize("mechanism", EFFICIENT)
def test_a_clock_served_by_a_power_station_that_others_do_not_pay(mechanism):
    c = mechanism(OrderBook.of([(40, 0.0005), (1, 1e12)], [(30, 1e12)]))
    assert c.bid_quantity.tolist() == [0.0005, 0] and c.ask_quantity.tolist() == [0.0005]
    assert c.price_interval == (30, 30)


SIZES = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([1e-9, 1.0, 1e9])), max_size=4)


@settings(max_examples=100)
@given(SIZES, SIZES)
def test_orders_of_any_sizes_in_one_book(bids, asks):
    """A sum over all orders, or a solver, once lost the small ones beside the large."""
    book = OrderBook.of(bids, asks)
    found, c = lp_clearing(book), uniform_price(book)
    assert found.welfare == pytest.approx(c.welfare, rel=1e-9, abs=1e-12 * c.bid_payment.sum())
    assert found.bid_quantity.sum() == pytest.approx(found.ask_quantity.sum(), rel=1e-9)
    if found.quantity and c.price_interval[0] < c.price_interval[1]:
        assert c.price_interval[0] <= found.price <= c.price_interval[1]
    paid = vcg(book)
    for side, own in (("bids", bids), ("asks", asks)):
        rest = welfare_without_each(book, side)
        for row in range(len(own)):
            left = own[:row] + own[row + 1 :]
            c = uniform_price(OrderBook.of(left, asks) if side == "bids" else OrderBook.of(bids, left))
            assert rest[row] == pytest.approx(c.welfare, rel=1e-9, abs=1e-12 * c.bid_payment.sum())
    assert not (paid.bid_price > book.bids.price + 1e-9).any() and not (paid.ask_price < book.asks.price - 1e-9).any()


def test_a_clock_beside_a_power_station_has_its_own_money():
    c = lp_clearing(OrderBook.of([(9, 1e-9), (1, 1e8)], [(5, 1e8)]))
    assert c.bid_quantity.tolist() == [1e-9, 0] and c.ask_quantity.tolist() == [1e-9] and c.price == 5
    c = vcg(OrderBook.of([(6, 1e9)], [(5, 1e-9)]))
    assert c.bid_payment == pytest.approx([5e-9]) and c.ask_receipt == pytest.approx([6e-9])
    assert welfare_without_each(OrderBook.of([(50, 1e9), (60, 1e-6)], [(20, 1e9)]), "bids")[0] == pytest.approx(4e-5)
    net = Network.from_frames(
        {"bus": [1, 2]}, {"from_bus": [1], "to_bus": [2], "x": [0.1]}, {"bus": [], "p_max": [], "cost": []}
    )
    rows = [("buy", 1, 40, 1e9), ("buy", 2, 39, 1e-6), ("sell", 2, 30, 1e9), ("sell", 1, 31, 1e-6)]
    c = nodal_vcg(OrderBook.from_frame(pd.DataFrame(rows, columns=["side", "bus", "price", "quantity"])), net)
    assert c.bid_price == pytest.approx([30, 31], rel=1e-9) and c.ask_price == pytest.approx([40, 39], rel=1e-9)


def test_the_dual_of_a_hundred_millionth_is_a_price():
    assert lp_clearing(OrderBook.of([(40, 1e-8)], [(30, 2e-8)])).price == 30


@pytest.mark.parametrize("count", [3, 10, 1000])
@pytest.mark.parametrize("first", [0.0, 1e6])
def test_slivers_of_sums_are_neither_orders_nor_prices(count, first):
    """A tenth, many times, against their sum written down: what the sums differ by neither trades nor names the price."""
    head = [(50, first)] if first else []
    c = uniform_price(OrderBook.of([*head, *[(12, 0.1)] * count, (8, 1)], [(5, first + count / 10), (9, 1)]))
    assert c.price_interval == (8, 9) and c.ask_quantity[0] == first + count / 10 and c.ask_quantity[1] == 0
    c = uniform_price(
        OrderBook.of([(12, first + count / 10), (8, 1)], [*[(1, q) for _, q in head], *[(5, 0.1)] * count, (9, 1)])
    )
    assert c.price_interval == (8, 9) and c.bid_quantity.tolist() == [first + count / 10, 0]


@FEW
@given(sides(), SCALES)
def test_an_audit_and_pairs_scale(book, scale):
    own, other = OrderBook.of(*book), OrderBook.of(*(scaled(side, scale) for side in book))
    a, b = (audit(uniform_price, each, shares=(1.0,)) for each in (own, other))
    assert b.efficiency == pytest.approx(a.efficiency)
    assert (b.regret / scale, b.budget / scale) == pytest.approx((a.regret, a.budget), rel=1e-6, abs=1e-6)
    pairs = [[(t.buyer, t.seller) for t in trades(uniform_price(each))] for each in (own, other)]
    assert pairs[0] == pairs[1]


def test_small_traders_beside_a_large_one_are_paired():
    book = OrderBook.of([(40, 1e9), (39, 0.0005), (38, 0.0003)], [(30, 1e9), (31, 0.0004), (32, 0.0004)])
    found = [(t.buyer, t.seller, t.quantity) for t in trades(uniform_price(book))]
    assert [pair[:2] for pair in found] == [
        ("buyer 1", "seller 1"), ("buyer 2", "seller 2"), ("buyer 2", "seller 3"), ("buyer 3", "seller 3"),
    ]  # fmt: skip
    assert [pair[2] for pair in found] == pytest.approx([1e9, 0.0004, 0.0001, 0.0003])


@FEW
@given(sides(), SCALES)
def test_a_session_scales(book, scale):
    a, b = (zero_intelligence(OrderBook.of(*(scaled(side, s) for side in book)), rng=3, quotes=300) for s in (1, scale))
    assert b.quantity / scale == pytest.approx(a.quantity) and b.price.tolist() == a.price.tolist()


def test_a_clearing_out_of_balance_by_a_small_order_is_not_paired():
    from dataclasses import replace

    c = uniform_price(OrderBook.of([(40, 0.0005)], [(30, 1e9)]))
    with pytest.raises(InvalidInput, match="cannot be paired"):
        trades(replace(c, ask_quantity=np.zeros(1)))
