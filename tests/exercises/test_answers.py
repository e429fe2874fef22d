"""Each check: the solution passes, the stub is missing, and every typical mistake gets words of its own."""

from dataclasses import replace
from itertools import combinations

import pytest

from tefoundations.exercises import check
from tefoundations.exercises.kit.records import Mistake
from tefoundations.exercises.kit.values import close
from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import OrderBook, uniform_price

NAMES = list(EXERCISES)
SEEDS = ["public", 0, 1, "secret", 20240619]
DRAWN = [name for name in NAMES if EXERCISES[name].parameters]  # the others ask for a single answer, see the quiz
MISTAKES = [(name, number) for name in NAMES for number in range(len(EXERCISES[name].mistakes))]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_solution_is_correct(name, seed, solutions):
    told = check(name, solutions[name], seed=seed)
    assert told and told.state == "correct", told


@pytest.mark.parametrize("name", NAMES)
def test_reference_is_correct_and_agrees_with_the_example(name, unguarded):
    exercise = EXERCISES[name]
    case, answer = exercise.example
    assert not exercise.parameters or close(exercise.reference(*case), answer)
    unguarded(exercise)
    assert check(name, exercise.reference)


@pytest.mark.parametrize("name", NAMES)
def test_stub_is_still_missing(name):
    source = "def stub({}):\n    'What it does.'\n    {}".format(", ".join(EXERCISES[name].parameters), "{}")
    for body in ("...", "pass", "return", "return ...", "raise NotImplementedError()", "raise NotImplementedError"):
        space = {}
        exec(source.format(body), space)
        told = check(name, space["stub"])
        assert told.state == "still missing" and EXERCISES[name].function in told.reason and not told


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "number"), MISTAKES)
def test_each_mistake_gets_its_own_words(name, number, seed, unguarded):
    exercise = EXERCISES[name]
    mistake = exercise.mistakes[number]
    unguarded(exercise)
    told = check(name, mistake.function, seed=seed)
    assert told.state == ("almost" if mistake.almost else "wrong") and told.reason == mistake.words, told


@pytest.mark.parametrize("name", NAMES)
def test_no_seed_lets_a_mistake_pass(name):
    exercise = EXERCISES[name]
    for seed in range(40):
        cases = exercise.cases(seed)
        for mistake in exercise.mistakes:
            assert not all(close(mistake.function(*case), exercise.reference(*case)) for case in cases)


def test_more_cases_are_drawn_where_a_mistake_would_pass():
    exercise = EXERCISES["double_auction/curves"]
    shown = {"times": 0}

    def seldom(rng):
        shown["times"] += 1
        yield ([(9, 2)], [], 8) if shown["times"] > 4 else ([(9, 1)], [], 10)

    counting = Mistake("it counts orders.", lambda bids, asks, price: [float(any(b >= price for b, _ in bids)), 0.0])
    drawn = replace(exercise, instances=seldom, mistakes=(counting,)).cases(0)
    assert shown["times"] == 5 and ([(9, 2)], [], 8) in drawn


@pytest.mark.parametrize("name", NAMES)
def test_at_least_three_mistakes_with_different_words(name):
    words = [mistake.words for mistake in EXERCISES[name].mistakes]
    assert len(words) >= 3 and all(a != b for a, b in combinations(words, 2))


@pytest.mark.parametrize("name", DRAWN)
def test_cases_are_sorted_and_meet_every_corner(name):
    exercise = EXERCISES[name]
    for seed in SEEDS:
        cases = exercise.cases(seed)
        assert cases == exercise.cases(seed) and len(cases) >= 30
        for corner in exercise.corners:
            inside = sum(corner.holds(*case) for case in cases)
            assert 2 <= inside <= len(cases) - 5, (corner.words, inside)
    assert exercise.cases(1) != exercise.cases(2)


# Learners' code, as it comes in.


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def test_curves(solutions):
    right = solutions["double_auction/curves"]
    told = reason("double_auction/curves", lambda bids, asks, price: right(bids, asks, price)[0], "wrong")
    assert "returns 3, but two numbers are asked for" in told and "worked example: bids=[(12, 2)" in told

    def forgets_return(bids, asks, price):
        right(bids, asks, price)

    assert "is a return missing?" in reason("double_auction/curves", forgets_return, "wrong")

    def strict_buyers(bids, asks, price):
        return sum(q for p, q in bids if p > price), right(bids, asks, price)[1]

    told = reason("double_auction/curves", strict_buyers, "almost")
    assert "except when an order stands exactly at the price" in told

    def no_empty_side(bids, asks, price):
        if not bids or not asks:
            raise ValueError("nothing to see")
        return right(bids, asks, price)

    told = reason("double_auction/curves", no_empty_side, "almost")
    assert "except when a side has no orders: it raises ValueError: nothing to see, on bids=" in told
    told = reason("double_auction/curves", lambda *case: [x + 0.004 for x in right(*case)], "almost")
    assert "rounding" in told


def clear_with(solutions, change):
    right = solutions["double_auction/clearing"]
    return lambda bids, asks: change(bids, asks, *right(bids, asks))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b, a, q, x, y: (q, x), "three things are asked for"),
        (lambda b, a, q, x, y: (q, x[:-1], y), "bid_fills must be a list of one number for each bid, here 3"),
        (lambda b, a, q, x, y: (q, x, dict(enumerate(y))), "ask_fills must be a list"),
        (lambda b, a, q, x, y: (q, [f * 2 for f in x], [f * 2 for f in y]), "with 4 of its 2 kWh"),
        (lambda b, a, q, x, y: (q + 1, x, y), "add up to 3 kWh, but the quantity is 4"),
        (lambda b, a, q, x, y: (q, x, [f / 2 for f in y]), "what is bought must be sold"),
        (lambda b, a, q, x, y: (0, [0] * len(b), [0] * len(a)), "a bid at 12 and an ask at 5 could still trade"),
    ],
)
def test_clearing_properties(change, words, solutions):
    assert words in reason("double_auction/clearing", clear_with(solutions, change), "wrong")


def test_clearing_in_corners(solutions):
    right = solutions["double_auction/clearing"]

    def worst_first(bids, asks):
        quantity, fills, others = right(bids[::-1], asks)
        return quantity, fills[::-1], others

    assert "except when two orders of one side have the same price" in reason(
        "double_auction/clearing", worst_first, "almost"
    )

    def expects_a_trade(bids, asks):
        answer = right(bids, asks)
        max(fill for fill in answer[1] if fill > 0)
        return answer

    told = reason("double_auction/clearing", expects_a_trade, "almost")
    assert "except when nothing can be traded: it raises ValueError" in told and "bids=[], asks=[]" in told

    def positive_prices(bids, asks):
        return right([(max(p, 0), q) for p, q in bids], [(max(p, 0), q) for p, q in asks])

    assert "except when prices are negative" in reason("double_auction/clearing", positive_prices, "almost")


def gain(bids, asks, me, k):
    clearing = uniform_price(OrderBook.of(bids, asks), k=k)
    table = clearing.to_frame()
    return table.loc[table["agent"] == me, "gain"].sum()


def test_best_k(solutions):
    name = "double_auction/best_k"

    def by_search(bids, asks, me):
        low, high = gain(bids, asks, me, 0), gain(bids, asks, me, 1)
        return None if abs(high - low) < 1e-9 else float(high > low)

    assert check(name, by_search)
    right = solutions[name]
    assert "a number from 0 to 1, or None" in reason(name, lambda *case: 2, "wrong")
    assert "straight line" in reason(name, lambda *case: 0.5, "wrong")

    def half(*case):
        return 0.5 if right(*case) is None else right(*case)

    told = reason(name, half, "almost")
    assert "except when no k is better than another" in told

    def forgets_one_price(*case):
        clearing = uniform_price(OrderBook.of(*case[:2]))
        low, high = clearing.price_interval
        return 1.0 if clearing.quantity and low == high else right(*case)

    assert "except when the price interval is a single price" in reason(name, forgets_one_price, "almost")


def test_best_k_is_best_on_a_grid(solutions):
    """The exercise itself: no k on a grid beats the answer, and None means that all are equal."""
    for case in EXERCISES["double_auction/best_k"].cases("grid")[::6]:
        k = solutions["double_auction/best_k"](*case)
        gains = [gain(*case, each / 4) for each in range(5)]
        if k is None:
            assert max(gains) - min(gains) < 1e-9
        else:
            assert gain(*case, k) == pytest.approx(max(gains)) and max(gains) - min(gains) > 1e-9
