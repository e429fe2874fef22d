"""Clearing by a solver, by greedy matching and by halves: against the sort, and against their own promises."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, audit, greedy, lp_clearing, mcafee, muda, pay_as_bid, uniform_price, vcg
from tefoundations.market.crossing import best_welfare, cross, supporting_prices
from tests.market.books import curves, order_books

SCARCE = OrderBook.of(bids=[(30, 1), (20, 1)], asks=[(5, 1)])
HALVES = partial(muda, rng=0)
EVERY = [uniform_price, pay_as_bid, mcafee, vcg, HALVES, lp_clearing, greedy, lambda book: greedy(book, "price")]


@given(order_books())
def test_solver_and_sort_agree_and_the_dual_is_a_supporting_price(book):
    found, c = lp_clearing(book), uniform_price(book)
    assert found.welfare == pytest.approx(c.welfare, abs=1e-7)
    if found.quantity and c.quantity:
        low, high = c.price_interval
        assert low - 1e-9 <= found.price <= high + 1e-9
    assert found.budget == pytest.approx(0, abs=1e-7)


@given(order_books())
def test_supporting_prices_need_no_sort(book):
    crossing = cross(book)
    low, high = supporting_prices(book, crossing.bid_quantity, crossing.ask_quantity)
    assert (low, high) == crossing.interval


@given(order_books())
def test_greedy_by_price_is_the_optimum_and_no_order_of_service_beats_it(book):
    best = best_welfare(book)
    assert greedy(book, "price").welfare == pytest.approx(best, abs=1e-7)
    for order in ("arrival", "quantity"):
        c = greedy(book, order)
        assert c.welfare <= best + 1e-7
        assert c.bid_quantity.sum() == pytest.approx(c.ask_quantity.sum(), abs=1e-9) and c.budget == pytest.approx(
            0, abs=1e-7
        )
        assert (c.to_frame()["gain"] >= -1e-9).all()
        for traded, side in ((c.bid_quantity, book.bids), (c.ask_quantity, book.asks)):
            assert (traded <= side.quantity + 1e-9).all()


def test_early_low_bids_trade_too_much():
    c = greedy(OrderBook.of(bids=[(6, 1), (12, 1)], asks=[(5, 1), (11, 1)]))
    assert (c.quantity, c.welfare) == (2, 2) and np.isnan(c.price_interval).all() and np.isnan(c.price)
    with pytest.raises(InvalidInput, match="order 'size' is not one of price, arrival, quantity"):
        greedy(c.book, "size")


@settings(max_examples=60)
@given(curves(5), st.integers(0, 20))
def test_halves_are_honest_balanced_and_voluntary(book, seed):
    c = muda(book, rng=seed)
    assert c.bid_quantity.sum() == pytest.approx(c.ask_quantity.sum(), abs=1e-9)
    assert c.budget == pytest.approx(0, abs=1e-9)
    found = audit(lambda told: muda(told, rng=seed), book)
    assert found.regret == 0 and found.min_utility >= 0


def test_a_larger_market_loses_less_by_halving():
    lost = []
    for n in (10, 100, 1000):
        rng = np.random.default_rng(n)
        made = best = 0.0
        for seed in range(20):
            book = OrderBook.of(*(np.column_stack([rng.uniform(size=n), np.ones(n)]) for _ in range(2)))
            made, best = made + muda(book, rng=seed).welfare, best + best_welfare(book)
        lost.append(1 - made / best)
    assert lost[0] > 2 * lost[1] > 2 * lost[2] and lost[2] < 0.1


@pytest.mark.parametrize(
    "rule, price", [("last_ask", 5), ("marginal_bid", 30), ("midpoint", 17.5), (25, 25), (300, 30), (1, 5)]
)
def test_scarcity_is_priced_by_the_stated_rule(rule, price):
    c = uniform_price(SCARCE, scarcity=rule)
    assert c.price == price and c.quantity == 1 and c.price_interval == (20, 30) and "Scarcity" in c.explain()


RULES = st.sampled_from([None, "last_ask", "marginal_bid", "midpoint", 1, 6, 25])
LINES = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3)), max_size=5)


@given(LINES, LINES, st.tuples(st.integers(1, 9), st.integers(1, 3)), RULES, st.sampled_from([0, 0.5, 1]))
def test_a_price_never_falls_as_demand_rises(bids, asks, more, rule, k):
    before, after = (uniform_price(OrderBook.of(some, asks), k, rule) for some in (bids, [*bids, more]))
    assert not before.price > after.price + 1e-12  # nan without trade


@pytest.mark.parametrize("rule, price", [("last_ask", 5), ("marginal_bid", 30), ("midpoint", 17.5), (10, 10)])
def test_a_scarcity_rule_does_not_jump_where_demand_just_equals_supply(rule, price):
    wanted = [[(30, 0.9)], [(30, 1)], [(30, 1), (3, 1)], [(30, 1.1)]]
    prices = [uniform_price(OrderBook.of(bids, [(5, 1)]), scarcity=rule).price for bids in wanted]
    assert prices == [5, price, price, price]


def test_a_scarcity_rule_is_asleep_where_something_is_left():
    plenty = OrderBook.of(bids=[(30, 1)], asks=[(5, 1), (8, 1)])
    for book in (plenty, OrderBook.of()):
        assert uniform_price(book, scarcity="last_ask").price == pytest.approx(uniform_price(book).price, nan_ok=True)


@pytest.mark.parametrize("rule", ["voll", float("nan"), True, [5]])
def test_unknown_scarcity_rules_are_refused(rule):
    with pytest.raises(InvalidInput, match=r"scarcity .* is not one of last_ask, marginal_bid, midpoint, or a number"):
        uniform_price(SCARCE, scarcity=rule)


@pytest.mark.parametrize("mechanism", EVERY)
@pytest.mark.parametrize(
    "sides", [([], []), ([(5, 1)], []), ([], [(5, 1)]), ([(4, 1)], [(5, 1)]), ([(5, 1)] * 3, [(5, 1)] * 3)]
)
def test_small_and_flat_markets_are_well_formed_in_every_mechanism(mechanism, sides):
    c = mechanism(OrderBook.of(*sides))
    assert np.isfinite([c.quantity, c.welfare, c.budget, c.buyer_surplus, c.seller_surplus]).all()
    assert c.welfare == c.budget == 0 and len(c.price_interval) == 2
    assert len(c.to_frame()) == len(sides[0]) + len(sides[1]) and c.explain() and c._repr_html_()
    if not c.quantity:
        assert np.isnan(c.price) and np.isnan(np.concatenate([c.bid_price, c.ask_price])).all()
