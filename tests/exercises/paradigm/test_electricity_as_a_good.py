"""Electricity as a good: the answers against the package and a programme, which compute them another way."""

import numpy as np
import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import (
    Isoelastic,
    LinearDemand,
    LinearSupply,
    OrderBook,
    equilibrium,
    peak_load_prices,
    uniform_price,
)
from tests.exercises.learners import told_on_example

DEMAND, SCARCITY, EQUILIBRIUM, PEAK_LOAD = (
    f"electricity_as_a_good/{name}" for name in ("demand", "scarcity", "equilibrium", "peak_load")
)


def test_a_home_buys_what_an_auction_with_a_large_seller_gives_it(solutions):
    for blocks, price in EXERCISES[DEMAND].cases("public"):
        clearing = uniform_price(OrderBook.of(blocks, [(price, 1000)]))
        kwh, surplus = solutions[DEMAND](blocks, price)
        assert (kwh, surplus) == (clearing.quantity, clearing.welfare)


def test_a_price_that_fits_is_on_the_curve(solutions):
    for price, demand, capacity, elasticity in EXERCISES[SCARCITY].cases("public"):
        found = solutions[SCARCITY](price, demand, capacity, elasticity)
        assert np.isclose(Isoelastic(demand, price, elasticity).quantity_at(found), min(capacity, demand))


def test_the_price_is_that_of_the_package(solutions):
    for sellers, buyers in EXERCISES[EQUILIBRIUM].cases("public"):
        found = equilibrium([LinearSupply(*s) for s in sellers], [LinearDemand(*b) for b in buyers])
        mine = solutions[EQUILIBRIUM](sellers, buyers)
        assert np.isnan(found.price) if mine is None else np.isclose(mine, found.price)


def test_capacity_and_prices_are_those_of_the_package(solutions):
    for intercepts, running, building in EXERCISES[PEAK_LOAD].cases("public"):
        found = peak_load_prices([LinearDemand(a, 1) for a in intercepts], running, building)
        capacity, prices = solutions[PEAK_LOAD](intercepts, running, building)
        assert np.isclose(capacity, found.capacity) and np.allclose(prices, found.price)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (DEMAND, 40, "two numbers are asked for"), (SCARCITY, (1, 2), "one number is asked for"),
        (EQUILIBRIUM, "dear", "or None without trade"), (PEAK_LOAD, (11,), "two things"),
        (PEAK_LOAD, (11, [9]), "a list of 2 numbers"), (PEAK_LOAD, (11, [9, 4]), "a period uses 12, and the capacity is 11"),
        (PEAK_LOAD, (11, [10, 5]), "all pay 155 ct, and it costs 152 ct"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)
