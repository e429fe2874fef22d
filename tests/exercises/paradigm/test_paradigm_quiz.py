"""The quiz on paradigms: every answer a second way, hints that help and do not tell."""

import numpy as np
import pytest

from tefoundations.market import LinearDemand, LinearSupply, OrderBook, equilibrium, uniform_price
from tefoundations.retail import Tariff, break_even, curtailment, kwh_ledger, sales_equilibrium
from tests.exercises.quizzes import answers_as_value_and_function, helps_without_telling, quiz

QUIZ = {name.split("/")[1]: exercise for name, exercise in quiz("paradigm_quiz").items()}


def answer(topic):
    return QUIZ[topic].reference()


def test_there_are_seven_questions():
    assert len(QUIZ) == 7 and all(exercise.parameters == () for exercise in QUIZ.values())


@pytest.mark.parametrize("topic", QUIZ)
def test_a_value_is_as_good_as_a_function(topic):
    answers_as_value_and_function(f"paradigm_quiz/{topic}")


def test_prices_by_curves_and_by_an_auction_of_small_orders():
    free, scarce = answer("prices")
    assert equilibrium([LinearSupply(4, 0.1)], [LinearDemand(40, 0.2)]).price == pytest.approx(free)
    assert equilibrium([LinearSupply(4, 0.1, 90)], [LinearDemand(40, 0.2)]).price == pytest.approx(scarce)
    wanted = OrderBook.of([(40 - 0.2 * (k + 0.5), 1) for k in range(200)], [(4 + 0.1 * (k + 0.5), 1) for k in range(90)])
    low, high = uniform_price(wanted).price_interval
    assert low - 0.2 <= scarce <= high + 0.2 and uniform_price(wanted).quantity == 90


def test_flat_price_and_bill_by_the_package():
    price, gift = answer("flat")
    use, cost = np.array([[6, 3, 1], [1, 5, 4], [0, 2, 8]]), np.array([15, 24, 45])
    assert price == break_even(use, cost) and gift == pytest.approx(10 * price - use[0] @ cost)
    gifts = 10 * price - use @ cost
    assert gifts.sum() == pytest.approx(0)
    assert 28 * use.sum() == 840 and (use @ cost).sum() == 930  # sentence d
    assert answer("bill") == Tariff(30, export=8, demand=12).bill([3, 5.5, -4, 2], hours=0.5).total


def test_ovens_by_the_package_and_by_trying_all_sets():
    by_package = [curtailment([75, 52, 44, 33], retail=28, lmp=40, payment=paid).welfare for paid in (40, 12)]
    assert answer("ovens") == by_package
    sets = [[v for k, v in enumerate((75, 52, 44, 33)) if bits >> k & 1] for bits in range(16)]
    assert max(sum(running) - 40 * len(running) for running in sets) == by_package[1]


def test_the_kwh_from_next_door_by_the_package_moves_money_only():
    found = kwh_ledger({"energy": 11, "wires": 13, "taxes": 5, "margin": 3}, 20, 9).to_frame()["change"]
    assert answer("next_door") == found.tolist() and sum(answer("next_door")) == 0  # sentence c


@pytest.mark.parametrize("firms", [4, 8])
def test_suppliers_by_the_package_and_their_number_does_not_matter(firms):
    drawn = sales_equilibrium(firms, 0.5, 44, 20)
    margin, lowest = answer("suppliers")
    assert drawn.mean_margin == pytest.approx(margin)  # sentence b
    assert firms != 4 or drawn.lowest == pytest.approx(lowest)


WRONG = {
    "prices": (((16, 20), "no more than 90 kWh"), (16, "two numbers")),
    "flat": (((30, 100), "All that the street costs"), (31, "two numbers")),
    "bill": ((400, "Three parts"), ([415], "a single number")),
    "ovens": (((40, 51), "An oven stands still"), (35, "two numbers")),
    "next_door": (((12, 11, -5, -13, -4), "together they gain 1 ct"), ((12, 11, -4, -14, -5), "Ask of each"), (0, "five")),
    "suppliers": (((9, 28), "No price that it asks"), (12, "two numbers")),
    "sentence": (("e", "one letter"), ("B", "does not fall by a cent")),
}


@pytest.mark.parametrize(("topic", "given", "words"), [(t, a, w) for t, pairs in WRONG.items() for a, w in pairs])
def test_hints_help_and_do_not_tell_the_answer(topic, given, words):
    helps_without_telling(f"paradigm_quiz/{topic}", given, words)
