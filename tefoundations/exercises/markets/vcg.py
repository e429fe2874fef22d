"""Checks of the chapter on VCG."""

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers, is_number
from tefoundations.exercises.markets.books import false_names, kwh_by_price, on_one_side
from tefoundations.exercises.markets.fills import SLACK
from tefoundations.market import vcg
from tefoundations.market.vickrey import welfare_without_each

# vcg/payments


def _trades(bids, asks):
    """(welfare, traded kWh of each bid, of each ask, lowest and highest price or None)."""
    buy, sell = kwh_by_price(bids, sign=-1), kwh_by_price(asks)
    traded = sum(bid[0] >= ask[0] for bid, ask in zip(buy, sell))
    fills = [0] * len(bids), [0] * len(asks)
    for fill, side in zip(fills, (buy, sell)):
        for _, row in side[:traded]:
            fill[row] += 1
    welfare = sum(bid[0] - ask[0] for bid, ask in zip(buy[:traded], sell))
    if not traded:
        return welfare, *fills, None, None
    low = max(price for price, _ in [sell[traded - 1], *buy[traded : traded + 1]])
    high = min(price for price, _ in [buy[traded - 1], *sell[traded : traded + 1]])
    return welfare, *fills, low, high


def _without(leaves, bids, asks):
    """The best welfare when the orders leave for which `leaves(side, row, agent)` holds."""
    sides = (("buy", bids), ("sell", asks))
    return _trades(*([o for row, o in enumerate(orders) if not leaves(side, row, o[0])] for side, orders in sides))[0]


def _worth(bids, asks, agent):
    """Value of what an agent buys, less the cost of what it sells (ct)."""
    _, bought, sold, *_ = _trades(bids, asks)
    value = sum(fill * price for fill, (owner, price, _) in zip(bought, bids) if owner == agent)
    return value - sum(fill * price for fill, (owner, price, _) in zip(sold, asks) if owner == agent)


def _harm(bids, asks, agent):
    others = _trades(bids, asks)[0] - _worth(bids, asks, agent)
    return _without(lambda side, row, owner: owner == agent, bids, asks) - others


def _payments(bids, asks, agents, rule=_harm):
    return [float(rule(bids, asks, agent)) for agent in agents]


def _each(rule):
    return lambda *case: _payments(*case, rule=rule)


def _order_by_order(bids, asks, agent):
    welfare, bought, sold, *_ = _trades(bids, asks)
    total = 0
    for side, orders, fills, sign in (("buy", bids, bought, 1), ("sell", asks, sold, -1)):
        for row, ((owner, price, _), fill) in enumerate(zip(orders, fills)):
            if owner == agent:
                alone = _without(lambda s, r, _, me=(side, row): (s, r) == me, bids, asks)
                total += alone - (welfare - sign * price * fill)
    return total


def _contribution(bids, asks, agent):
    return _trades(bids, asks)[0] - _without(lambda side, row, owner: owner == agent, bids, asks)


def _one_price(bids, asks, agent, apart=False):
    """Everybody at the midpoint of the interval of prices, or the two sides each at its end."""
    _, bought, sold, low, high = _trades(bids, asks)
    if low is None:
        return 0
    pays, gets = (low, high) if apart else ((low + high) / 2,) * 2
    kwh = sum(fill for fill, order in zip(bought, bids) if order[0] == agent)
    return kwh * pays - gets * sum(fill for fill, order in zip(sold, asks) if order[0] == agent)


def _costs_only(bids, asks, agent):
    sells = any(owner == agent for owner, *_ in asks)
    return _worth(bids, asks, agent) if sells else _harm(bids, asks, agent)


def _a_number_each(answer, bids, asks, agents):
    words = f"a list of one number for each agent is asked for, here {len(agents)}, in the order of agents"
    return None if are_numbers(answer, len(agents)) else words


def _nobody_loses(answer, bids, asks, agents):
    _, bought, sold, *_ = _trades(bids, asks)
    for agent, pays in zip(agents, answer):
        kwh = sum(fill for (owner, *_), fill in zip([*bids, *asks], [*bought, *sold]) if owner == agent)
        worth = _worth(bids, asks, agent)
        if not kwh and abs(pays) > SLACK:
            return f"{agent} trades nothing, and has a payment of {pays:g}"
        if pays > worth + SLACK and worth >= 0:
            return f"{agent} pays {pays:g} ct for {kwh} kWh that are worth {worth:g} to it"
        if pays > worth + SLACK:
            return f"{agent} has a payment of {pays:g} ct, and its {kwh} kWh cost it {-worth:g}: it would lose"
    return None


def _same_price(bids, asks, agents):
    return any(len({price for _, price, _ in side}) < len(side) for side in (bids, asks))


PAYMENTS = Exercise(
    name="vcg/payments",
    function="payments",
    parameters=("bids", "asks", "agents"),
    example=(
        (
            [("bakery", 12, 1), ("bakery", 9, 1), ("school", 10, 1)],
            [("home1", 4, 2), ("home2", 7, 1)],
            ["bakery", "school", "home1", "home2"],
        ),
        [11.0, 7.0, -19.0, -9.0],
    ),
    instances=on_one_side,
    reference=_payments,
    form=_a_number_each,
    properties=(_nobody_loses,),
    mistakes=(
        Mistake(
            "it takes an agent's orders away one by one. Without the agent they all leave together.",
            _each(_order_by_order),
        ),
        Mistake(
            "each buyer pays its own bids, and each seller gets its own asks. Nobody would be honest: what an agent"
            " pays must not depend on its own report.",
            _each(_worth),
        ),
        Mistake(
            "it takes one price for everybody. Each agent has a payment of its own: what the others lose by it.",
            _each(_one_price),
        ),
        Mistake(
            "its buyers pay the lowest price that supports the trades, and its sellers get the highest. That is right"
            " for an agent with one kWh. One with more moves the price: clear again without it.",
            _each(lambda *case: _one_price(*case, apart=True)),
        ),
        Mistake(
            "its sellers have the wrong sign. Who receives money has a negative payment.",
            lambda *case: [abs(pays) for pays in _payments(*case)],
        ),
        Mistake(
            "it charges the whole difference that an agent makes to the welfare. That is what the agent gains. Take its"
            " own part off the welfare with it: only the others count.",
            _each(_contribution),
        ),
        Mistake(
            "its sellers get their costs and no more. A seller receives its cost and what the others gain by it.",
            _each(_costs_only),
        ),
        Mistake(
            "it has all signs the wrong way round: who harms the others pays, and paying is positive.",
            lambda *case: [-pays for pays in _payments(*case)],
        ),
    ),
    corners=(
        Corner("when a side has no orders", lambda bids, asks, agents: not (bids and asks)),
        Corner("when nothing is traded", lambda bids, asks, agents: _trades(bids, asks)[3] is None),
        Corner(
            "when one agent is a whole side",
            lambda bids, asks, agents: any(len({owner for owner, *_ in side}) == 1 for side in (bids, asks)),
        ),
        Corner("when two orders of one side have the same price", _same_price),
        Corner(
            "when a bid equals an ask", lambda bids, asks, _: bool({p for _, p, _ in bids} & {p for _, p, _ in asks})
        ),
        Corner("when an agent has several orders", lambda b, a, agents: len(b) + len(a) > len(agents)),
    ),
    forbidden=(vcg, welfare_without_each),
)


# vcg/two_names


def _orders(bids, asks, seller, false_bid=None):
    """The orders with their agents, hers and her second name's "she"; the false bid comes last."""
    every = [(row, price, 1) for row, price in enumerate(bids)]
    if false_bid is not None:
        every.append(("she", false_bid, 1))
    return every, [("she" if row == seller else -1 - row, price, 1) for row, price in enumerate(asks)]


def _her_part(bids, asks, seller, false_bid=None):
    """(received, paid, sold, bought) under both her names, each at its own end of the interval."""
    _, bought, sold, low, high = _trades(*_orders(bids, asks, seller, false_bid))
    buys = sum(bought[len(bids) :])
    return (high if sold[seller] else 0), (low if buys else 0), sold[seller], buys


def _money(received, paid, sold, bought, cost):
    return received - paid - cost * max(sold - bought, 0)


def _gain(bids, asks, seller, false_bid, money=_money, honest=True):
    """The gain, or that of a learner who counts money otherwise or forgets what honesty brings."""
    cost = asks[seller]
    less = _money(*_her_part(bids, asks, seller), cost) if honest else 0
    return float(money(*_her_part(bids, asks, seller, false_bid), cost) - less)


def _instead(rule):
    """The gain where her money under both names comes from another rule: `(bids, asks, agent) -> payment`."""

    def gain(*case):
        told = []
        for each in (case[:3], case):
            part = _her_part(*each)
            told.append(_money(-rule(*_orders(*each), "she"), 0, *part[2:], case[1][case[2]]))
        return float(told[1] - told[0])

    return gain


def _a_gain(answer, *_):
    return None if is_number(answer) else "one number is asked for, in ct, negative where two names cost her money"


def _nothing_bought(answer, bids, asks, seller, false_bid):
    if abs(answer) > SLACK and not _her_part(bids, asks, seller, false_bid)[3]:
        return f"it returns {answer:g}, but the false bid of {false_bid:g} buys nothing, and changes nothing for her"
    return None


TWO_NAMES = Exercise(
    name="vcg/two_names",
    function="gain_of_false_name",
    parameters=("bids", "asks", "seller", "false_bid"),
    example=(([10], [4], 0, 20), 4.0),
    instances=false_names,
    reference=_gain,
    form=_a_gain,
    properties=(_nothing_bought,),
    mistakes=(
        Mistake(
            "it returns all that she makes with two names. Take off what she makes honestly.",
            lambda *case: _gain(*case, honest=False),
        ),
        Mistake(
            "it counts what the false name buys as worth its bid. Nobody there uses the energy: it is worth nothing but"
            " for covering what she sold.",
            lambda *case: _gain(*case, money=lambda r, p, s, b, cost: r - p - cost * s + case[3] * b),
        ),
        Mistake(
            "it forgets what the false name pays. It is her money.",
            lambda *case: _gain(*case, money=lambda r, p, s, b, cost: _money(r, 0, s, b, cost)),
        ),
        Mistake(
            "it counts the cost of a kWh that she sells to herself. That kWh is never produced.",
            lambda *case: _gain(*case, money=lambda r, p, s, b, cost: r - p - cost * s),
        ),
        Mistake(
            "it clears again without both of her orders together. The market does not know that they belong together:"
            " it takes each name away alone.",
            _instead(_harm),
        ),
        Mistake(
            "it pays everybody the midpoint price. Under VCG each name has a payment of its own.",
            _instead(_one_price),
        ),
        Mistake(
            "right, except that a false name can cost her money: then the gain is negative.",
            lambda *case: max(_gain(*case), 0.0),
            almost=True,
        ),
        Mistake(
            "right, except where she buys and sells nothing: a kWh that she never sold saves no cost.",
            lambda *case: _gain(*case, money=lambda r, p, s, b, cost: r - p - cost * (s - b)),
            almost=True,
        ),
    ),
    corners=(
        Corner("when there is no other buyer", lambda bids, *_: not bids),
        Corner("when the false name buys nothing", lambda *case: not _her_part(*case)[3]),
        Corner("when she sells nothing honestly", lambda *case: not _her_part(*case[:3])[2]),
        Corner("when the false bid equals another price", lambda b, a, _, false_bid: false_bid in [*b, *a]),
    ),
)

EXERCISES = (PAYMENTS, TWO_NAMES)
