"""VCG: the answers against the package and against a plain definition, and what is told."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network
from tefoundations.market import OrderBook, nodal_vcg, uniform_price, vcg
from tests.exercises.learners import reason, text_of, told_on_example

PAYMENTS, NAMES = "vcg/payments", "vcg/two_names"
SEEDS = ["public", 0, 1, 2]


# What the others lose


@pytest.mark.parametrize("seed", SEEDS)
def test_payments_are_those_of_the_package(seed, solutions):
    for bids, asks, agents in EXERCISES[PAYMENTS].cases(seed):
        paid = dict(zip(agents, solutions[PAYMENTS](bids, asks, agents), strict=True))
        clearing = vcg(OrderBook.of(bids, asks))
        for agent in agents:
            payment = sum(money for (owner, *_), money in zip(bids, clearing.bid_payment) if owner == agent)
            receipt = sum(money for (owner, *_), money in zip(asks, clearing.ask_receipt) if owner == agent)
            assert paid[agent] == pytest.approx(payment - receipt)
        assert sum(paid.values()) == pytest.approx(clearing.budget)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_agent_is_on_one_side_and_named_once(seed):
    for bids, asks, agents in EXERCISES[PAYMENTS].cases(seed):
        buyers, sellers = ({agent for agent, *_ in side} for side in (bids, asks))
        assert not buyers & sellers and sorted(buyers | sellers) == sorted(agents)


def nothing(columns):
    return pd.DataFrame({name: [] for name in columns.split()})


def on_a_network(bids, asks, agents):
    """The payments by the package, every order at one bus; of two at one price the earlier is a little better."""
    rows = [("buy", *order[:2], order[2], 1) for order in bids] + [("sell", *order[:2], order[2], 1) for order in asks]
    book = pd.DataFrame(rows, columns=["side", "agent", "price", "quantity", "bus"])
    book["price"] += np.where(book["side"] == "buy", 1e-4, -1e-4) * (len(book) - np.arange(len(book)))
    one_bus = Network.from_frames(pd.DataFrame({"bus": [1]}), *map(nothing, ("from_bus to_bus x limit", "bus p_max cost")))
    clearing = nodal_vcg(OrderBook.from_frame(book), one_bus)
    money = pd.Series([*clearing.bid_payment, *-clearing.ask_receipt]).groupby(book["agent"]).sum()
    return [round(float(money[agent]), 2) + 0.0 for agent in agents]


def test_the_packages_vcg_on_a_network_is_refused(monkeypatch):
    exercise = EXERCISES[PAYMENTS]
    assert reason(PAYMENTS, on_a_network, "wrong") == "it calls nodal_vcg, which is what you are asked to write."
    monkeypatch.setitem(EXERCISES.loaded, PAYMENTS, replace(exercise, forbidden=()))
    assert reason(PAYMENTS, on_a_network, "correct")


# A buyer that does not exist


def best(bids, asks):
    return sum(max(bid - ask, 0) for bid, ask in zip(sorted(bids, reverse=True), sorted(asks)))


def her_money(bids, asks, seller, false_bid=None):
    """By the definition of VCG alone: who is served, and each name judged by clearing again without it."""
    every = [*bids, *([] if false_bid is None else [false_bid])]
    buyers = sorted(range(len(every)), key=lambda row: -every[row])
    sellers = sorted(range(len(asks)), key=lambda row: asks[row])
    pairs = [(b, s) for b, s in zip(buyers, sellers) if every[b] >= asks[s]]
    sold = seller in [s for _, s in pairs]
    bought = len(bids) in [b for b, _ in pairs]
    total, money = best(every, asks), 0
    if sold:
        money += total + asks[seller] - best(every, asks[:seller] + asks[seller + 1 :])
    if bought:
        money -= best(bids, asks) - (total - false_bid)
    return money - asks[seller] * max(sold - bought, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_gain_by_definition(seed, solutions):
    signs = set()
    for bids, asks, seller, false_bid in EXERCISES[NAMES].cases(seed):
        gain = her_money(bids, asks, seller, false_bid) - her_money(bids, asks, seller)
        assert solutions[NAMES](bids, asks, seller, false_bid) == pytest.approx(gain)
        signs.add(np.sign(gain))
    assert signs == {-1, 0, 1}


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (PAYMENTS, (11, 7, -19), "a list of one number for each agent is asked for, here 4"),
        (PAYMENTS, (22, 7, -19, -9), "bakery pays 22 ct for 2 kWh that are worth 21 to it"),
        (PAYMENTS, (11, 7, -7, -9), "home1 has a payment of -7 ct, and its 2 kWh cost it 8: it would lose"),
        (NAMES, [4], "one number is asked for, in ct"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_who_trades_nothing_pays_nothing(solutions):
    told = reason(PAYMENTS, lambda *case: [pays or 1 for pays in solutions[PAYMENTS](*case)], "wrong")
    assert "trades nothing, and has a payment of 1" in told
    assert "buys nothing, and changes nothing for her" in reason(NAMES, lambda *case: solutions[NAMES](*case) or 1, "wrong")


def test_numbers_told_of_the_payments(sources):
    said = text_of(sources, "All three kWh trade")
    (bids, asks, agents), answer = EXERCISES[PAYMENTS].example
    clearing = uniform_price(OrderBook.of(bids, asks))
    assert clearing.quantity == 3 and clearing.welfare == 16 and "- 4 - 4 - 7 = 16 ct" in said
    assert sum(answer) == -10 and "Its sum is -10" in said and "6 - (-5) = 11 ct" in said
    for agent, pays in zip(agents, answer):
        own = sum(price * kwh for (owner, price, _), kwh in zip(bids, clearing.bid_quantity) if owner == agent)
        own -= sum(price * kwh for (owner, price, _), kwh in zip(asks, clearing.ask_quantity) if owner == agent)
        left = [[order for order in side if order[0] != agent] for side in (bids, asks)]
        without = uniform_price(OrderBook.of(*left)).welfare
        assert without - (16 - own) == pays
        [row] = [row for row in said.split("| |") if row.strip("| ").startswith(f"{agent} |")]
        cells = [cell.strip() for cell in row.strip("| ").split("|")[1:5]]
        assert cells[0] == f"{own:g}" and cells[1] == f"{16 - own:g}" and cells[2].endswith(f"= {without:g}")
        assert cells[3].split()[0] == f"{pays:g}"


def test_numbers_told_of_the_false_name(sources):
    said = text_of(sources, "Honest, she sells to the buyer at 10")
    honest = vcg(OrderBook.of([(10, 1)], [(4, 1)]))
    two = vcg(OrderBook.of([(10, 1), (20, 1)], [(4, 1)]))
    assert honest.ask_receipt.tolist() == [10] and two.ask_receipt.tolist() == [20]
    assert two.bid_payment.tolist() == [0, 10] and EXERCISES[NAMES].example[1] == (20 - 10) - (10 - 4)
    for words in ("so she makes 6 ct", "Her ask receives 20", "6 - (-4) = 10", "20 - 10 = 10 ct"):
        assert words in said
