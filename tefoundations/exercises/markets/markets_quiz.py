"""Checks of the wrap-up quiz of the part Markets: single answers about the harbour, which no chapter uses."""

from functools import cache, partial

from tefoundations.data import harbour
from tefoundations.exercises.kit.quiz import number, numbers, question
from tefoundations.exercises.kit.values import is_number, show
from tefoundations.exercises.markets import clearing_algorithms, vcg
from tefoundations.exercises.markets.double_auction import CURVES
from tefoundations.market import OrderBook, mcafee, uniform_price
from tefoundations.market import vcg as clear_by_vcg

_question = partial(question, "markets_quiz")
FERRY = (24, 10)  # what the ferry's generator costs (ct/kWh) and sells, whole or not at all (kWh)


@cache
def _orders(table):
    """(bids, asks) of a book of the harbour, each (agent, price, quantity)."""
    sides = {"buy": [], "sell": []}
    for row in harbour(table).itertuples():
        sides[row.side].append((row.agent, int(row.price), int(row.quantity)))
    return sides["buy"], sides["sell"]


def _pier(*more_asks, bids=()):
    own_bids, asks = _orders("pier")
    return uniform_price(OrderBook.of([*own_bids, *bids], [*asks, *more_asks]))


def _ends():
    return [float(end) for end in _pier().price_interval]


# One price


def _at(price):
    bids, asks = ([order[1:] for order in side] for side in _orders("pier"))
    wanted, offered = CURVES.reference(bids, asks, price)
    low, high = _ends()
    if low <= price <= high:
        return f"at {price:g} ct/kWh all goes well, but k = 0.5 names the midpoint of all prices at which it does"
    return f"at {price:g} ct/kWh buyers want {wanted:g} kWh, and sellers offer {offered:g}"


PRICE = _question(
    "price",
    "pier_price",
    lambda: sum(_ends()) / 2,
    number,
    _at,
    (
        ("it is the lowest price that clears. Which k names that one?", lambda: _ends()[0]),
        ("it is the highest price that clears. Which k names that one?", lambda: _ends()[1]),
        (
            "it is halfway between the last bid and the last ask that trade. The orders left out bound the price, too.",
            lambda: sum(_last_pair()) / 2,
        ),
        (
            "it is the average of what the orders state. A price is where the two curves meet.",
            lambda: sum(price for side in _orders("pier") for _, price, _ in side) / sum(map(len, _orders("pier"))),
        ),
    ),
)


def _last_pair():
    clearing, (bids, asks) = _pier(), _orders("pier")
    bid = min(price for (_, price, _), kwh in zip(bids, clearing.bid_quantity) if kwh)
    return bid, max(price for (_, price, _), kwh in zip(asks, clearing.ask_quantity) if kwh)


# One kWh more, one kWh less


def _one_more():
    free = _pier(("gift", 0, 1)).welfare - _pier().welfare
    dear = 1000
    return free, dear - (_pier(bids=[("pump", dear, 1)]).welfare - _pier().welfare)


ONE_MORE = _question(
    "one_more",
    "one_more",
    _one_more,
    numbers(2, "two numbers are asked for, (gain, loss)"),
    lambda given: (
        f"it is {show(tuple(given))}. Put an ask of 1 kWh at 0 ct into the book, clear again, and compare the welfares;"
        " then a bid of 1 kWh at a price that always wins, and see what all others lose"
    ),
    (
        (
            "it takes the midpoint price for both. One kWh is worth what is done with it: the two ends differ.",
            lambda: [sum(_ends()) / 2] * 2,
        ),
        ("it has the two the wrong way round: what comes serves the next buyer, what goes costs more.",
         lambda: _one_more()[::-1]),
        ("it takes one number for both. Nobody sells the kWh that goes at the price that the next buyer would pay.",
         lambda: _one_more()[:1] * 2),
        ("it takes the last bid and the last ask that trade. They trade already: what changes is at the next ones.",
         _last_pair),
    ),
)  # fmt: skip


# Energy that can wait


@cache
def _stores():
    orders = [(int(r.price), int(r.energy), int(r.first), int(r.last)) for r in harbour("cold_stores").itertuples()]
    return [int(kwh) for kwh in harbour("spare")["kwh"]], orders


def _served(**slip):
    return lambda: clearing_algorithms._serve(*_stores(), **slip)


def _waiting(given):
    for holds in (clearing_algorithms._within, clearing_algorithms._deliverable, clearing_algorithms._best):
        words = holds(given, *_stores())
        if words:
            return words
    return f"it is {show(given)}: a dearer order could still be served, if others moved within their hours"


WAITING = _question(
    "waiting",
    "cold_energies",
    _served(),
    numbers(6, "six numbers are asked for, one for each order in the order of the table"),
    _waiting,
    (
        ("nobody moves. A dearer order may push others into other hours of their windows.", _served(moved=0)),
        ("it serves the cheapest first. The dearest go first.", _served(rank=lambda row, price: price)),
        ("it serves the orders as they stand in the table. The dearest go first.", _served(rank=lambda row, price: row)),
        ("it leaves out the last hour of each window: first and last are both included.",
         _served(last=lambda last: last - 1)),
    ),
)  # fmt: skip


# Whole or not at all


def _with_ferry(accepted=True, money=1.0):
    cost, kwh = FERRY
    bids, asks = ([order[1:] for order in side] for side in _orders("pier"))
    [runs], _, needed = clearing_algorithms._choose(bids, asks, [(cost, kwh)])
    return [runs and accepted, needed * money]


FERRY_QUESTION = _question(
    "ferry",
    "ferry",
    _with_ferry,
    lambda given: (
        None
        if isinstance(given, list) and len(given) == 2 and isinstance(given[0], bool) and is_number(given[1])
        else "two things are asked for, (runs, money): True or False, and ct"
    ),
    lambda given: (
        f"it is {show(tuple(given))}. Compare the welfare of the pier without the ferry, and with it less its cost; then"
        " find the lowest price that suits the divisible orders beside it"
    ),
    (
        ("it leaves the ferry out because it would lose. That is the European rule; here the welfare decides.",
         lambda: (False, 0)),
        ("it runs at no loss only at the price before it came. With its energy in the book the price falls.",
         lambda: (True, 0)),
        ("it gives the loss of one kWh. What is made whole is the loss of all of them.", lambda: (True, 1)),
        ("it pays all of the ferry's cost. Buyers pay for its energy; only what is missing is added.",
         lambda: (True, FERRY[0] * FERRY[1])),
    ),
)  # fmt: skip


# Nobody may gain by a lie


def _reduction():
    clearing = mcafee(_berths())
    served, selling = clearing.bid_quantity > 0, clearing.ask_quantity > 0
    return clearing.quantity, clearing.bid_price[served][0], clearing.ask_price[selling][0]


def _berths():
    return OrderBook.of(*_orders("berths"))


def _for_berths(trades, pay, get):
    return lambda: (_reduction()[0] + trades, pay(*_reduction()[1:]), get(*_reduction()[1:]))


REDUCTION = _question(
    "reduction",
    "berths_trade",
    _reduction,
    numbers(3, "three numbers are asked for, (trades, buyers_pay, sellers_get)"),
    lambda given: (
        f"it is {show(tuple(given))}. Sort the bids from the highest and the asks from the lowest, count the pairs that gain,"
        " and ask who is left to name a price"
    ),
    (
        ("all efficient pairs trade at one price. Is there a pair left, on both sides, to name it?",
         _for_berths(1, lambda p, g: (p + g) / 2, lambda p, g: (p + g) / 2)),
        ("a pair steps back, and all efficient pairs still trade. Who names the price does not trade.",
         _for_berths(1, lambda p, g: p, lambda p, g: g)),
        ("the others trade halfway between the pair that stepped back. Under the rule each side pays its own price.",
         _for_berths(0, lambda p, g: (p + g) / 2, lambda p, g: (p + g) / 2)),
        ("buyers and sellers have changed places: the office would have to add money.",
         _for_berths(0, lambda p, g: g, lambda p, g: p)),
    ),
)  # fmt: skip


# What honesty costs


def _costs():
    kept = mcafee(_berths())
    lost = uniform_price(_berths()).welfare - kept.welfare
    return kept.budget, -clear_by_vcg(_berths()).budget, lost


HONESTY = _question(
    "honesty",
    "cost_of_honesty",
    _costs,
    numbers(3, "three numbers are asked for, (kept, added, lost)"),
    lambda given: (
        f"it is {show(tuple(given))}. What buyers pay less what sellers get is the budget of a clearing: under McAfee the"
        " office keeps it, under VCG it is negative. The welfare lost is that of the best trades less McAfee's"
    ),
    (
        ("the office adds under VCG: give what it adds as a positive number.",
         lambda: (_costs()[0], -_costs()[1], _costs()[2])),
        ("it says that nothing is lost. A pair that would have gained stepped back.",
         lambda: (*_costs()[:2], 0)),
        ("it gives the money of one trade. The office keeps and adds for all of them.",
         lambda: (_costs()[0] / 4, _costs()[1] / 5, _costs()[2])),
        ("it takes the two rules for each other: McAfee leaves money over, VCG wants some.",
         lambda: (_costs()[1], _costs()[0], _costs()[2])),
    ),
)  # fmt: skip


# Paying for the harm


def _crane(rule=vcg._harm):
    return lambda: rule(*_orders("pier"), "crane")


def _declared():
    return sum(price * kwh for agent, price, kwh in _orders("pier")[0] if agent == "crane")


PAYMENT = _question(
    "payment",
    "crane_pays",
    _crane(),
    number,
    lambda given: (
        f"it is {show(given)}. Clear the pier without both orders of the crane: how much better off are the others then,"
        " than they are with it"
    ),
    (
        ("it takes the crane's orders away one at a time. An agent's orders leave together.", _crane(vcg._order_by_order)),
        ("it is what the crane pays at the midpoint price.", _crane(vcg._one_price)),
        ("it is what the crane bids: under VCG nobody pays what it says.", _declared),
        ("it is what the whole pier gains by the crane. The crane pays for what the others lose.", _crane(vcg._contribution)),
        ("it has the wrong sign: a buyer pays, and paying is positive.", lambda: -_crane()()),
    ),
)  # fmt: skip


# One true sentence


def _letter(answer):
    one = isinstance(answer, str) and answer.lower() in ("a", "b", "c", "d")
    return None if one else 'one letter is asked for, "a", "b", "c" or "d"'


SENTENCE = _question(
    "sentence",
    "true_sentence",
    lambda: "b",
    _letter,
    lambda given: f"{given} is not true of the harbour",
    (
        ("k moves money between buyers and sellers, and VCG knows no k. Its deficit is no slip of the office.", lambda: "a"),
        ("the pair that steps back would have gained, on this very hour: something is lost.", lambda: "c"),
        ("who pays its own bid does better to bid less. Try it with boat_c, at 35 ct.", lambda: "d"),
    ),
    agrees=lambda given, expected, _: isinstance(given, str) and given.lower() == str(expected).lower(),
)

EXERCISES = (PRICE, ONE_MORE, WAITING, FERRY_QUESTION, REDUCTION, HONESTY, PAYMENT, SENTENCE)
