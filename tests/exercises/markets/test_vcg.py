"""Learners' code for the exercises of VCG, and the answers against the package and against a plain definition."""

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import OrderBook, uniform_price, vcg

PAYMENTS, NAMES = "vcg/payments", "vcg/two_names"
SEEDS = ["public", 0, 1, 2]


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


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


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((11, 7, -19), "a list of one number for each agent is asked for, here 4"),
        ({"bakery": 11}, "a list of one number for each agent is asked for, here 4"),
        ((11, 7, -19, None), "a list of one number for each agent is asked for"),
        ((22, 7, -19, -9), "bakery pays 22 ct for 2 kWh that are worth 21 to it"),
        ((11, 7, -7, -9), "home1 has a payment of -7 ct, and its 2 kWh cost it 8: it would lose"),
        ((12, 7, -19, -9), "it returns [12, 7, -19, -9], not [11, 7, -19, -9]"),
    ],
)
def test_what_is_told_of_wrong_payments(answer, words, solutions):
    right = solutions[PAYMENTS]
    example = EXERCISES[PAYMENTS].example[0]
    told = check(PAYMENTS, lambda *case: answer if case == example else right(*case))
    assert told.state == "almost" and words in told.reason and "in the worked example" in told.reason


def test_payments_in_corners(solutions):
    right = solutions[PAYMENTS]

    def everybody_pays(bids, asks, agents):
        return [pays or 1 for pays in right(bids, asks, agents)]

    assert "trades nothing, and has a payment of 1" in reason(PAYMENTS, everybody_pays, "wrong")

    def two_sides(bids, asks, agents):
        min(bids), min(asks)
        return right(bids, asks, agents)

    assert "except when a side has no orders: it raises ValueError" in reason(PAYMENTS, two_sides, "almost")

    def by_name(bids, asks, agents):
        """A dictionary of orders keeps only the last one of each agent."""
        kept = [list({order[0]: order for order in side}.values()) for side in (bids, asks)]
        return right(*kept, agents)

    assert "except when an agent has several orders" in reason(PAYMENTS, by_name, "almost")

    def strict(bids, asks, agents):
        return right(bids, [(owner, price + 1e-9, kwh) for owner, price, kwh in asks], agents)

    assert "except when a bid equals an ask" in reason(PAYMENTS, strict, "almost")


def test_the_package_is_refused_for_payments_and_allowed_for_names(solutions):
    assert "it calls vcg" in check(PAYMENTS, lambda bids, asks, agents: vcg(OrderBook.of(bids, asks))).reason
    assert check(NAMES, solutions[NAMES])


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


def all_but_her(bids, asks, seller, false_bid=None):
    """Gains of the other agents, and the operator's budget (ct)."""
    every = [*bids, *([] if false_bid is None else [false_bid])]
    clearing = vcg(OrderBook.of([(bid, 1) for bid in every], [(ask, 1) for ask in asks]))
    bought = sum(b * kwh - m for b, kwh, m in zip(bids, clearing.bid_quantity, clearing.bid_payment))
    sold = [m - a * kwh for a, kwh, m in zip(asks, clearing.ask_quantity, clearing.ask_receipt)]
    return bought + sum(sold) - sold[seller] + clearing.budget


@pytest.mark.parametrize("seed", SEEDS)
def test_what_she_gains_the_operator_and_the_others_lose(seed, solutions):
    for bids, asks, seller, false_bid in EXERCISES[NAMES].cases(seed):
        lost = all_but_her(bids, asks, seller) - all_but_her(bids, asks, seller, false_bid)
        assert solutions[NAMES](bids, asks, seller, false_bid) <= lost + 1e-9


@pytest.mark.parametrize(
    ("answer", "words"),
    [(None, "one number is asked for, in ct"), ([4], "one number is asked for, in ct"), (5, "it returns 5, not 4")],
)
def test_what_is_told_of_a_wrong_gain(answer, words, solutions):
    right = solutions[NAMES]
    example = EXERCISES[NAMES].example[0]
    told = reason(NAMES, lambda *case: answer if case == example else right(*case), "wrong")
    assert words in told and "in the worked example" in told


def test_gains_in_corners(solutions):
    right = solutions[NAMES]
    assert "buys nothing, and changes nothing for her" in reason(NAMES, lambda *case: right(*case) or 1, "wrong")
    assert "rounding" in reason(NAMES, lambda *case: right(*case) + 0.001, "almost")

    def loses_ties(bids, asks, seller, false_bid):
        return round(right(bids, asks, seller, false_bid - 1e-9), 6)

    assert "except when the false bid equals another price" in reason(NAMES, loses_ties, "almost")

    def expects_buyers(bids, asks, seller, false_bid):
        max(bids)
        return right(bids, asks, seller, false_bid)

    assert "except when there is no other buyer: it raises ValueError" in reason(NAMES, expects_buyers, "almost")


def told_in(sources, start):
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
    return text.replace("\n", " ")


def test_numbers_told_of_the_payments(sources):
    said = told_in(sources, "All three kWh trade")
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
    said = told_in(sources, "Honest, she sells to the buyer at 10")
    honest = vcg(OrderBook.of([(10, 1)], [(4, 1)]))
    two = vcg(OrderBook.of([(10, 1), (20, 1)], [(4, 1)]))
    assert honest.ask_receipt.tolist() == [10] and two.ask_receipt.tolist() == [20]
    assert two.bid_payment.tolist() == [0, 10] and EXERCISES[NAMES].example[1] == (20 - 10) - (10 - 4)
    for words in ("so she makes 6 ct", "Her ask receives 20", "6 - (-4) = 10", "20 - 10 = 10 ct"):
        assert words in said
