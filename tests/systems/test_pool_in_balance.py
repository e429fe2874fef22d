"""A pool that ends as it began, as a rule for one book: written a second time by the formula, and what it must keep."""

from math import sqrt

import numpy as np
import pytest

from tefoundations.data import community
from tefoundations.market import OrderBook
from tefoundations.systems import book_rules
from tefoundations.systems.mechanisms.pool_in_balance import pool_in_balance
from tefoundations.systems.mechanisms.registry import arrivals

PEOPLE = community()
RULE = next(rule for rule in book_rules() if rule.name.startswith("pool"))


def by_formula(book, orders, depth, price):
    """In fractions of kWh and ct, by x y = k alone: kWh by order, and what the pool has over in money."""
    bids = len(book.bids)
    limits = np.concatenate([book.bids.price, book.asks.price])
    left, k, x, log = np.concatenate([book.bids.quantity, book.asks.quantity]), depth**2 * price, depth, []
    for place in np.concatenate(orders):
        sign = 1 if place < bids else -1
        move = min(left[place], max(sign * (x - sqrt(k / limits[place])), 0.0))
        log.append([place, sign, move, k / (x - sign * move) - k / x])
        x, left[place] = x - sign * move, left[place] - move
    over = x - depth  # what is called back, from the end
    for entry in reversed(log):
        back = min(entry[2], abs(over)) if entry[1] * over < 0 and abs(over) > 1e-12 else 0.0
        if back:
            over += entry[1] * back
            entry[3] *= 1 - back / entry[2]
            entry[2] -= back
    traded = np.zeros(len(limits))
    for place, _, move, _ in log:
        traded[place] += move
    return traded, sum(entry[3] for entry in log)


@pytest.mark.parametrize("day", PEOPLE.days)
def test_it_is_the_formula_with_the_last_trades_called_back(day):
    for step in PEOPLE.steps:
        book = OrderBook.from_frame(PEOPLE.offers(day, step))
        orders = [arrivals(book, [step, visit]) for visit in range(2)]
        made = RULE.at(step)(book)
        traded, kept = by_formula(book, orders, 5.0, 18.0)
        assert np.allclose(np.concatenate([made.bid_quantity, made.ask_quantity]), traded, atol=0.02), step
        assert made.budget == pytest.approx(kept, abs=0.5)


@pytest.mark.parametrize("depth", [0.5, 5.0, 50.0])
def test_it_ends_in_balance_and_nobody_trades_beyond_its_limit(depth):
    for step in PEOPLE.steps:
        book = OrderBook.from_frame(PEOPLE.offers("summer", step))
        made = pool_in_balance(book, [arrivals(book, [step, visit]) for visit in range(2)], depth=depth, price=18.0)
        assert made.bid_quantity.sum() == pytest.approx(made.ask_quantity.sum(), abs=1e-9)
        assert (made.bid_quantity <= book.bids.quantity + 1e-9).all() and (
            made.ask_quantity <= book.asks.quantity + 1e-9
        ).all()
        few = 0.01  # ct/kWh: what a whole micro-token more makes of a very small trade
        assert not (made.bid_price > book.bids.price + few).any() and not (made.ask_price < book.asks.price - few).any()


def test_one_side_alone_trades_nothing():
    for book in (
        OrderBook.of(bids=[(12, 1)], asks=[]),
        OrderBook.of(bids=[], asks=[(3, 1)]),
        OrderBook.of(bids=[], asks=[]),
    ):
        made = pool_in_balance(book, [np.arange(len(book.bids) + len(book.asks))], depth=5, price=9)
        assert made.quantity == made.welfare == made.budget == 0
