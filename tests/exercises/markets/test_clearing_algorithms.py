"""Learners' code for the exercises of clearing algorithms, and the answers against the package's programmes."""

from itertools import product

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import Block, OrderBook, Window, day_ahead, serve_by_merit, uniform_price

WINDOWS, BLOCKS = "clearing_algorithms/windows", "clearing_algorithms/blocks"
SEEDS = ["public", 0, 1, 2]


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def windows_of(orders):
    return [Window(f"order {row}", "buy", p, kwh, first, last) for row, (p, kwh, first, last) in enumerate(orders)]


def blocks_of(blocks):
    return [Block(f"block {row}", "sell", price, kwh) for row, (price, kwh) in enumerate(blocks)]


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


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((1, 2), "a list of one number for each order is asked for, here 3"),
        ((1, 2, None), "a list of one number for each order is asked for"),
        ((3, 0, 0), "it gives the order in position 0 (from 0) 3 of the 2 kWh it wants"),
        ((-1, 2, 1), "it gives the order in position 0 (from 0) -1 of the 2 kWh it wants"),
        ((2, 2, 0), "orders that can run at no other time get 4 kWh, but hours 0 to 1 have 3"),
        ((1, 1, 1), "position 1 (from 0) 1 kWh, and 2 are possible without taking any from orders that go first"),
        ((0, 2, 1), "what it serves is worth 70 ct, of 80 possible"),
    ],
)
def test_what_is_told_of_wrong_energies(answer, words, solutions):
    right = solutions[WINDOWS]
    told = reason(WINDOWS, lambda capacity, orders: answer if capacity == [2, 1] else right(capacity, orders), "wrong")
    assert words in told and "in the worked example" in told


def test_serving_in_corners(solutions):
    right = solutions[WINDOWS]

    def one_at_least(capacity, orders):
        max(price for price, *_ in orders)
        return right(capacity, orders)

    assert "except when there are no orders: it raises ValueError" in reason(WINDOWS, one_at_least, "almost")

    def shared_ties(capacity, orders):
        served, prices = right(capacity, orders), [price for price, *_ in orders]
        same = {p: np.mean([kwh for kwh, price in zip(served, prices) if price == p]) for p in prices}
        return [same[price] for price in prices]

    assert "except when two orders have the same price" in reason(WINDOWS, shared_ties, "almost")


@pytest.mark.parametrize("package", [serve_by_merit, day_ahead])
def test_the_package_is_refused(package, solutions):
    for name in (WINDOWS, BLOCKS):
        if package is day_ahead or name == WINDOWS:
            assert f"it calls {package.__name__}" in check(name, lambda *case: package([], [])).reason
    assert check(BLOCKS, solutions[BLOCKS])  # uniform_price is a tool there, and not the answer


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
    ("answer", "words"),
    [
        (([True, False], 10), "three things are asked for"),
        (([True, False], 10, None), "three things are asked for"),
        (([1, 0], 10, 40), "accepted must be a list of True or False for each block, here 2"),
        (([True], 10, 40), "accepted must be a list of True or False for each block, here 2"),
        (([False, True], 10, 60), "[False, True], is worth 160 ct in all; [True, False] is worth 180"),
        (([True, False], 9, 44), "at its price of 9 the ask at 10, which sells, loses"),
        (([True, False], 20, 0), "its price is 20. Above 10 a bid would rather buy less, or an ask sell more"),
        (([True, False], 10, 80), "at 10 the accepted blocks that lose need 40 ct, and make_whole is 80"),
    ],
)
def test_what_is_told_of_a_wrong_choice(answer, words, solutions):
    right = solutions[BLOCKS]
    example = EXERCISES[BLOCKS].example[0]
    told = check(BLOCKS, lambda *case: answer if case == example else right(*case))
    assert told.state == "almost" and words in told.reason and "in the worked example" in told.reason


def test_choices_in_corners(solutions):
    right = solutions[BLOCKS]

    def too_much(bids, asks, blocks):
        accepted, *money = right(bids, asks, blocks)
        return [True] * len(blocks) if sum(kwh for _, kwh in blocks) > sum(q for _, q in bids) else accepted, *money

    assert "kWh more than all bids want" in reason(BLOCKS, too_much, "wrong")

    def asks_only(bids, asks, blocks):
        accepted, price, money = right(bids, asks, blocks)
        low, high = priced(accepted, bids, asks, blocks)
        return accepted, max([0, *(ask for ask, _ in asks if ask <= low and low < high)]) or price, money

    assert "would buy more than it gets" in reason(BLOCKS, asks_only, "wrong")

    def expects_blocks(bids, asks, blocks):
        max(blocks)
        return right(bids, asks, blocks)

    assert "except when there are no blocks: it raises ValueError" in reason(BLOCKS, expects_blocks, "almost")


def told_in(sources, start):
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
    return text.replace("\n", " ")


def test_numbers_told_in_the_text(sources):
    said = told_in(sources, "The order at 30 goes first")
    _, orders = EXERCISES[WINDOWS].example[0]
    for energies, words in (((1, 2, 0), "20 + 2 · 30 = 80 ct"), ((0, 2, 1), "0, 2 and 1, worth 70 ct")):
        assert words in said and f"{sum(kwh * order[0] for kwh, order in zip(energies, orders))} ct" in words

    said = told_in(sources, "Homes would buy 8 kWh")
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
