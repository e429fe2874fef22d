"""Learners' code for the exercises of mechanism design, and the best lie against a search over many."""

import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import OrderBook, audit, mcafee, uniform_price

REDUCTION, LIE = "mechanism_design/trade_reduction", "mechanism_design/best_lie"


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def units(prices):
    return [(price, 1) for price in prices]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((1, 8), "three things are asked for"),
        ((1.5, 8, 4), "trades is a whole number, here from 0 to 3"),
        ((4, 8, 4), "trades is a whole number, here from 0 to 3"),
        ((0, 8, 4), "where nobody trades there is no price"),
        ((1, 8, None), "with trades, both prices are numbers"),
        ((2, 8.5, 4), "2 buyers pay 8.5, but the last of them bids only 8"),
        ((2, 8, 3), "2 sellers get 3, but the last of them asks for 4"),
        ((1, 7, 8), "buyers pay 7 and sellers get 8: somebody must add the rest"),
    ],
)
def test_what_is_told_of_a_wrong_answer(answer, words, solutions):
    right = solutions[REDUCTION]
    told = reason(REDUCTION, lambda bids, asks: answer if bids == [9, 8, 1] else right(bids, asks), "wrong")
    assert words in told and "in the worked example" in told


def test_trade_reduction_in_corners(solutions):
    right = solutions[REDUCTION]

    def expects_a_next_pair(bids, asks):
        trades = sum(b >= a for b, a in zip(sorted(bids)[::-1], sorted(asks)))
        (sorted(bids)[::-1][trades], sorted(asks)[trades]) if trades else None
        return right(bids, asks)

    told = reason(REDUCTION, expects_a_next_pair, "almost")
    assert "except when no next pair is left to name p0: it raises IndexError" in told

    def prices_of_one_pair(bids, asks):
        trades, *prices = right(bids, asks)
        met = bids and asks and max(bids) >= min(asks)
        return (trades, *prices) if trades or not met else (0, max(bids), min(asks))

    assert "except when the only pair steps back" in reason(REDUCTION, prices_of_one_pair, "almost")


@pytest.mark.parametrize("seed", ["public", 0, 1, 2])
def test_nobody_gains_by_a_lie_under_the_solution(seed, solutions):
    """The exercise itself: the rule asked for is the audited one, honest and never at a deficit."""
    for bids, asks in EXERCISES[REDUCTION].cases(seed)[::4]:
        found = audit(mcafee, OrderBook.of(units(bids), units(asks)))
        trades, buyers_pay, sellers_get = solutions[REDUCTION](bids, asks)
        assert found.regret == 0 and found.budget == (trades * (buyers_pay - sellers_get) if trades else 0)


def gain(bids, asks, me, report):
    """What buyer `me` gains by its true bid when it reports another one."""
    clearing = uniform_price(OrderBook.of(units([*bids[:me], report, *bids[me + 1 :]]), units(asks)))
    return bids[me] - clearing.price if clearing.bid_quantity[me] else 0.0


@pytest.mark.parametrize("seed", ["public", 0, 1, 2])
def test_best_lie_is_the_limit_of_a_search(seed, solutions):
    """No report beats the answer, ties and all, and reports just beside another price come as near as they are."""
    near = 1e-6
    for bids, asks, me in EXERCISES[LIE].cases(seed):
        reports = [price + step for price in {*bids, *asks} for step in (-near, 0, near, 0.5)]
        best = max(gain(bids, asks, me, report) for report in reports) - gain(bids, asks, me, bids[me])
        answer = solutions[LIE](bids, asks, me)
        assert best <= answer + 1e-9 and answer <= best + near


def test_best_lie(solutions):
    right = solutions[LIE]
    assert "one number is asked for" in reason(LIE, lambda *case: None, "wrong")
    assert "stays honest, and gains 0" in reason(LIE, lambda *case: right(*case) or -1, "wrong")
    assert "rounding" in reason(LIE, lambda *case: max(right(*case) - 1e-6, 0), "almost")

    def no_price(bids, asks, me):
        clearing = uniform_price(OrderBook.of(units(bids), units(asks)))
        served = clearing.bid_quantity[me] or not clearing.quantity
        return clearing.price - clearing.price_interval[0] if served else 0.0

    told = reason(LIE, no_price, "almost")
    assert "except when nothing is traded: it returns nan" in told


def test_numbers_of_the_lie_told_in_the_text(sources):
    case, answer = EXERCISES[LIE].example
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith("Honest, the bids 12 and 11")]
    said = text.replace("\n", " ")
    honest = uniform_price(OrderBook.of(units(case[0]), units(case[1])))
    assert honest.price_interval == (6, 9) and honest.bid_quantity.tolist() == [1, 1, 0] and honest.price == 7.5
    assert gain(*case, 12) == 4.5 and gain(*case, 7) == 12 - 6.5 and gain(*case, 5.9) == 0
    assert gain(*case, 6.001) == pytest.approx(6, abs=0.001) and answer == 6 - 4.5
    for words in ("midpoint is 7.5", "12 - 7.5 = 4.5 ct", "(6 + 7) / 2 = 6.5", "to almost 6 ct", "worth 6 - 4.5 ct"):
        assert words in said
