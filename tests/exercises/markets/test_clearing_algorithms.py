"""Clearing algorithms: the answers against the package's programmes, and what is told."""

from itertools import product

import numpy as np
import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import BlockOrder, OrderBook, WindowOrder, day_ahead, serve_by_merit, uniform_price
from tests.exercises.learners import reason, text_of, told_on_example

WINDOWS, BLOCKS = "clearing_algorithms/windows", "clearing_algorithms/blocks"
SEEDS = ["public", 0, 1, 2]


def windows_of(orders):
    return [WindowOrder(f"order {row}", "buy", p, kwh, first, last) for row, (p, kwh, first, last) in enumerate(orders)]


def blocks_of(blocks):
    return [BlockOrder(f"block {row}", "sell", price, kwh) for row, (price, kwh) in enumerate(blocks)]


# The dearest first


@pytest.mark.parametrize("seed", SEEDS)
def test_serving_is_that_of_the_package(seed, solutions):
    """Energies as by merit with any quantities, and worth as much as the linear programme finds."""
    for number, (capacity, orders) in enumerate(EXERCISES[WINDOWS].cases(seed)):
        served = solutions[WINDOWS](capacity, orders)
        package = serve_by_merit(capacity, windows_of(orders))
        assert np.allclose(served, package.quantity.sum(axis=1))
        if number % 6 == 0:
            books = [OrderBook.of(asks=[(0, kwh)] if kwh else []) for kwh in capacity]
            worth = sum(kwh * order[0] for kwh, order in zip(served, orders))
            assert day_ahead(books, windows_of(orders)).welfare == pytest.approx(worth, abs=1e-6)


# Whole or not at all


def priced(accepted, bids, asks, blocks):
    running = [(0, kwh) for (_, kwh), yes in zip(blocks, accepted) if yes]
    return uniform_price(OrderBook.of(bids, running + asks)).price_interval


@pytest.mark.parametrize("seed", SEEDS)
def test_blocks_are_those_of_the_mixed_integer_programme(seed, solutions):
    for bids, asks, blocks in EXERCISES[BLOCKS].cases(seed)[::4]:
        accepted, price, make_whole = solutions[BLOCKS](bids, asks, blocks)
        day = day_ahead([OrderBook.of(bids, asks)], blocks_of(blocks))
        low, high = priced(accepted, bids, asks, blocks)
        assert (day.acceptance == accepted).all()
        assert price == low and low - 1e-6 <= day.price[0] <= high + 1e-6
        if low == high:
            assert day.make_whole.sum() == pytest.approx(make_whole, abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_cases_have_one_best_selection_and_a_lowest_price(seed, solutions):
    """What the text promises, by an own count in kWh."""
    for bids, asks, blocks in EXERCISES[BLOCKS].cases(seed):
        worth = []
        for accepted in product((False, True), repeat=len(blocks)):
            running = [block for block, yes in zip(blocks, accepted) if yes]
            buy = sorted((price for price, kwh in bids for _ in range(kwh)), reverse=True)
            sold = sum(kwh for _, kwh in running)
            sell = [0] * sold + sorted(price for price, kwh in asks for _ in range(kwh))
            if sold <= len(buy):
                gains = sum(max(bid - ask, 0) for bid, ask in zip(buy, sell))
                worth.append((gains - sum(price * kwh for price, kwh in running), list(accepted)))
        best, second = [*sorted(worth)[:-3:-1], (-np.inf, None)][:2]
        assert best[0] > second[0] and solutions[BLOCKS](bids, asks, blocks)[0] == best[1]
        assert priced(best[1], bids, asks, blocks)[0] > 0 and len(blocks) <= 6


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (WINDOWS, (1, 2), "a list of one number for each order is asked for, here 3"),
        (WINDOWS, (3, 0, 0), "it gives the order in position 0 (from 0) 3 of the 2 kWh it wants"),
        (WINDOWS, (2, 2, 0), "orders that can run at no other time get 4 kWh, but hours 0 to 1 have 3"),
        (WINDOWS, (1, 1, 1), "1 (from 0) 1 kWh, and 2 are possible without taking any from orders that go first"),
        (WINDOWS, (0, 2, 1), "what it serves is worth 70 ct, of 80 possible"),
        (BLOCKS, ([True, False], 10), "three things are asked for"),
        (BLOCKS, ([1, 0], 10, 40), "accepted must be a list of True or False for each block, here 2"),
        (BLOCKS, ([False, True], 10, 60), "[False, True], is worth 160 ct in all; [True, False] is worth 180"),
        (BLOCKS, ([True, False], 9, 44), "at its price of 9 the ask at 10, which sells, loses"),
        (BLOCKS, ([True, False], 20, 0), "its price is 20. Above 10 a bid would rather buy less, or an ask sell more"),
        (BLOCKS, ([True, False], 10, 80), "at 10 the accepted blocks that lose need 40 ct, and make_whole is 80"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_what_is_told_of_wrong_choices_elsewhere(solutions):
    right = solutions[BLOCKS]

    def too_much(bids, asks, blocks):
        accepted, *money = right(bids, asks, blocks)
        return [True] * len(blocks) if sum(kwh for _, kwh in blocks) > sum(q for _, q in bids) else accepted, *money

    assert "kWh more than all bids want" in reason(BLOCKS, too_much, "wrong")

    told = [each([[True], 10.0, 0.0], [(40, 2), (25, 1)], [(10, 1)], [(5, 1)]) for each in EXERCISES[BLOCKS].properties]
    assert told[1] == "at its price of 10 the bid at 25 would buy more than it gets"


def test_numbers_told_in_the_text(sources):
    said = text_of(sources, "The order at 30 goes first")
    _, orders = EXERCISES[WINDOWS].example[0]
    for energies, words in (((1, 2, 0), "20 + 2 · 30 = 80 ct"), ((0, 2, 1), "0, 2 and 1, worth 70 ct")):
        assert words in said and f"{sum(kwh * order[0] for kwh, order in zip(energies, orders))} ct" in words

    said = text_of(sources, "Homes would buy 8 kWh")
    (bids, asks, blocks), _ = EXERCISES[BLOCKS].example
    for accepted, name in zip(product((False, True), repeat=2), ("none", "the second", "the first", "both")):
        running = [block for block, yes in zip(blocks, accepted) if yes]
        clearing = uniform_price(OrderBook.of(bids, [(0, kwh) for _, kwh in running] + asks))
        welfare = clearing.welfare - sum(price * kwh for price, kwh in running)
        value = clearing.bid_quantity @ [price for price, _ in bids]
        [row] = [row for row in said.split("| |") if row.strip("| ").startswith(f"{name} |")]
        bought, valued, cost, worth = (cell.strip() for cell in row.strip("| ").split("|")[1:5])
        assert bought == f"{clearing.quantity:g} kWh" and worth.split()[0] == f"{welfare:g}"
        assert valued.endswith(f"{value:g}") and cost.endswith(f"{value - welfare:g}")
