"""Mechanism design: the rule is the audited one, and the best lie that of a search over many."""

import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import OrderBook, Prior, audit, expected_externality, mcafee, uniform_price
from tests.exercises.learners import reason, text_of, told_on_example

REDUCTION, LIE, BALANCED = (f"mechanism_design/{name}" for name in ("trade_reduction", "best_lie", "balanced_payments"))


def book(bids, asks):
    return OrderBook.of([(price, 1) for price in bids], [(price, 1) for price in asks])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((1, 8), "three things are asked for"), ((1.5, 8, 4), "trades is a whole number, here from 0 to 3"),
        ((0, 8, 4), "where nobody trades there is no price"), ((1, 8, None), "with trades, both prices are numbers"),
        ((2, 8.5, 4), "2 buyers pay 8.5, but the last of them bids only 8"),
        ((2, 8, 3), "2 sellers get 3, but the last of them asks for 4"),
        ((1, 7, 8), "buyers pay 7 and sellers get 8: somebody must add the rest"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(answer, words, solutions):
    assert words in told_on_example(REDUCTION, answer, solutions)


@pytest.mark.parametrize("seed", ["public", 0, 1, 2])
def test_nobody_gains_by_a_lie_under_the_solution(seed, solutions):
    """The exercise itself: the rule asked for is the package's and the audited one, honest and never at a deficit."""
    for number, case in enumerate(EXERCISES[REDUCTION].cases(seed)):
        clearing = mcafee(book(*case))
        trades, buyers_pay, sellers_get = solutions[REDUCTION](*case)
        assert trades == clearing.quantity and {buyers_pay} >= set(clearing.bid_price[clearing.bid_quantity > 0])
        assert {sellers_get} >= set(clearing.ask_price[clearing.ask_quantity > 0])
        if number % 4 == 0:
            found = audit(mcafee, book(*case), names=False)
            assert found.regret == 0 and found.budget == (trades * (buyers_pay - sellers_get) if trades else 0)


def gain(bids, asks, me, report):
    """What buyer `me` gains by its true bid when it reports another one."""
    clearing = uniform_price(book([*bids[:me], report, *bids[me + 1 :]], asks))
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


def test_what_is_told_of_a_wrong_lie(solutions):
    assert "one number is asked for" in told_on_example(LIE, None, solutions)
    assert "stays honest, and gains 0" in reason(LIE, lambda *case: solutions[LIE](*case) or -1, "wrong")


@pytest.mark.parametrize("step", [0.02, 0.1, 0.2])
def test_a_search_over_reports_hears_that_it_is_one(step):
    """Reports in steps stop short of the limit, and by how much is no rounding: 0.01 off is a search, too."""

    def searched(bids, asks, me):
        lowest = min(bids + asks) - 1
        reports = [bids[me] - step * n for n in range(int((bids[me] - lowest) / step) + 1)]
        gains = [gain(bids, asks, me, report) for report in reports]
        return max(gains) - gains[0]

    assert "tried in steps" in reason(LIE, searched, "almost")


def test_who_forgets_the_asks_hears_so():
    def between_bids(bids, asks, me):
        clearing = uniform_price(book(bids, asks))
        if not clearing.bid_quantity[me]:
            return 0
        out = [bid for bid, traded in zip(bids, clearing.bid_quantity) if not traded]
        return clearing.price - max(out, default=0)

    assert "looks at the bids alone" in reason(LIE, between_bids, "wrong")


def test_numbers_of_the_lie_told_in_the_text(sources):
    case, answer = EXERCISES[LIE].example
    said = text_of(sources, "Honest, the bids 12 and 11")
    honest = uniform_price(book(*case[:2]))
    assert honest.price_interval == (6, 9) and honest.bid_quantity.tolist() == [1, 1, 0] and honest.price == 7.5
    assert gain(*case, 12) == 4.5 and gain(*case, 7) == 12 - 6.5 and gain(*case, 5.9) == 0
    assert gain(*case, 6.001) == pytest.approx(6, abs=0.001) and answer == 6 - 4.5
    for words in ("midpoint is 7.5", "12 - 7.5 = 4.5 ct", "(6 + 7) / 2 = 6.5", "to almost 6 ct", "worth 6 - 4.5 ct"):
        assert words in said


@pytest.mark.parametrize("seed", ["public", 0, 1, 2])
def test_balanced_payments_are_those_of_the_package(seed, solutions):
    for bids, ask, values, costs in EXERCISES[BALANCED].cases(seed):
        prior = Prior.of([(mine, 1) for mine in values], [(costs, 1)])
        clearing = expected_externality(book(bids, [ask]), prior)
        answer = solutions[BALANCED](bids, ask, values, costs)
        assert answer == pytest.approx([*clearing.bid_payment, *clearing.ask_receipt])


def test_the_packages_agv_is_refused():
    def called(bids, ask, values, costs):
        clearing = expected_externality(book(bids, [ask]), Prior.of([(mine, 1) for mine in values], [(costs, 1)]))
        return [*clearing.bid_payment.tolist(), *clearing.ask_receipt.tolist()]

    assert reason(BALANCED, called, "wrong") == "it calls expected_externality, which is what you are asked to write."


def test_what_is_told_of_wrong_payments(solutions):
    assert "what each buyer pays, and last what the seller receives" in told_on_example(BALANCED, [8.25, -1.5], solutions)
    assert "the buyers pay 6.75 in all, and the seller receives 7" in told_on_example(BALANCED, [8.25, -1.5, 7], solutions)


def test_numbers_of_the_payments_told_in_the_text(sources):
    (bids, ask, values, costs), answer = EXERCISES[BALANCED].example
    clearing = expected_externality(book(bids, [ask]), Prior.of([(mine, 1) for mine in values], [(costs, 1)]))
    assert clearing.bid_externality.tolist() == [-4, 2.5] and clearing.ask_externality.tolist() == [6]
    assert [*clearing.bid_payment, *clearing.ask_receipt] == answer
    said = text_of(sources, "The first buyer says 8")
    for words in ("its report adds -4", "average of 6, 2, 2 and 0 is 2.5", "it pays 8.25", "receives 1.5", "receives 6.75"):
        assert words in said
