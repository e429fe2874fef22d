"""Checks of the chapter on VCG."""

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.markets.orders import kwh_by_price, prices, same_price, touching
from tefoundations.market import nodal_vcg, vcg, welfare_without_each

SLACK = 1e-9  # ct: payments this near are the same

# vcg/payments


def market(rng):
    """(bids, asks, agents): orders (agent, price, quantity) in whole kWh; each agent buys or sells, often twice."""
    sides, once = [], rng.random() < 0.25
    for side, names in zip(prices(rng, above_zero=True), (("bakery", "school", "clinic"), ("home1", "home2", "home3"))):
        owners = rng.permutation(names) if once else rng.choice(names[: 1 if rng.random() < 0.15 else 3], len(side))
        sides.append([(str(owner), price, int(rng.integers(1, 4))) for owner, price in zip(owners, side)])
    return *sides, list(dict.fromkeys(agent for side in sides for agent, *_ in side))


def trades(bids, asks):
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


def without(leaves, bids, asks):
    """The best welfare when the orders leave for which `leaves(side, row, agent)` holds."""
    sides = (("buy", bids), ("sell", asks))
    return trades(*([o for row, o in enumerate(orders) if not leaves(side, row, o[0])] for side, orders in sides))[0]


def traded_by(agent, bids, asks):
    """(kWh, price) of what an agent trades, kWh negative where it sells."""
    _, bought, sold, *_ = trades(bids, asks)
    rows = [*zip(bought, bids), *((-kwh, order) for kwh, order in zip(sold, asks))]
    return [(kwh, price) for kwh, (owner, price, _) in rows if owner == agent]


def worth(bids, asks, agent):
    """Value of what an agent buys, less the cost of what it sells (ct)."""
    return sum(kwh * price for kwh, price in traded_by(agent, bids, asks))


def harm(bids, asks, agent):
    others = trades(bids, asks)[0] - worth(bids, asks, agent)
    return without(lambda side, row, owner: owner == agent, bids, asks) - others


def payments(bids, asks, agents, *, rule=harm):
    return [rule(bids, asks, agent) for agent in agents]


def order_by_order(bids, asks, agent):
    welfare, *fills, _, _ = trades(bids, asks)
    total = 0
    for side, orders, kwh, sign in zip(("buy", "sell"), (bids, asks), fills, (1, -1)):
        for row, (owner, price, _) in enumerate(orders):
            alone = without(lambda s, r, _, me=(side, row): (s, r) == me, bids, asks)
            total += (alone - welfare + sign * price * kwh[row]) * (owner == agent)
    return total


def contribution(bids, asks, agent):
    return trades(bids, asks)[0] - without(lambda side, row, owner: owner == agent, bids, asks)


def one_price(bids, asks, agent, apart=False):
    """Everybody at the midpoint of the interval of prices, or the two sides each at its end."""
    *_, low, high = trades(bids, asks)
    pays, gets = (low, high) if apart or low is None else ((low + high) / 2,) * 2
    return sum(kwh * (pays if kwh > 0 else gets) for kwh, _ in traded_by(agent, bids, asks) if kwh)


def nobody_loses(answer, bids, asks, agents):
    for agent, pays in zip(agents, answer):
        kwh, due = sum(abs(kwh) for kwh, _ in traded_by(agent, bids, asks)), worth(bids, asks, agent)
        if not kwh and abs(pays) > SLACK:
            return f"{agent} trades nothing, and has a payment of {pays:g}"
        if pays > due + SLACK and due >= 0:
            return f"{agent} pays {pays:g} ct for {kwh} kWh that are worth {due:g} to it"
        if pays > due + SLACK:
            return f"{agent} has a payment of {pays:g} ct, and its {kwh} kWh cost it {-due:g}: it would lose"
    return None


PAYMENTS = exercise(
    "vcg/payments", payments,
    example=(([("bakery", 12, 1), ("bakery", 9, 1), ("school", 10, 1)], [("home1", 4, 2), ("home2", 7, 1)],
              ["bakery", "school", "home1", "home2"]), [11.0, 7.0, -19.0, -9.0]),
    draw=market,
    form=numbers(lambda bids, asks, agents: len(agents),
                 "a list of one number for each agent is asked for, here {n}, in the order of agents"),
    properties=(nobody_loses,),
    mistakes=(
        wrong("it takes an agent's orders away one by one. Without the agent they all leave together.", rule=order_by_order),
        wrong("each buyer pays its own bids, and each seller gets its own asks. Nobody would be honest: what an agent pays"
              " must not depend on its own report.", rule=worth),
        wrong("it takes one price for everybody. Each agent has a payment of its own: what the others lose by it.",
              rule=one_price),
        wrong("its buyers pay the lowest price that supports the trades, and its sellers get the highest. That is right for"
              " an agent with one kWh. One with more moves the price: clear again without it.",
              rule=lambda *case: one_price(*case, apart=True)),
        wrong("its sellers have the wrong sign. Who receives money has a negative payment.",
              rule=lambda *case: abs(harm(*case))),
        wrong("it charges the whole difference that an agent makes to the welfare. That is what the agent gains. Take its"
              " own part off the welfare with it: only the others count.", rule=contribution),
    ),
    corners={
        "when a side has no orders": lambda bids, asks, agents: not (bids and asks),
        "when nothing is traded": lambda bids, asks, agents: trades(bids, asks)[3] is None,
        "when one agent is a whole side": lambda *case: 1 in [len({owner for owner, *_ in side}) for side in case[:2]],
        "when two orders of one side have the same price": same_price,
        "when a bid equals an ask": touching,
        "when an agent has several orders": lambda bids, asks, agents: len(bids) + len(asks) > len(agents),
    },
    forbids=(vcg, nodal_vcg, welfare_without_each),
    hints=("Write a function for the welfare of a market: the best trades, kWh by kWh. You will clear many markets with it.",
           "How much better off are the others in the market without the agent's orders, than they are with them?",
           "With it the others have the welfare less the agent's own part: its bids for what it buys, less its asks."),
)  # fmt: skip

# vcg/two_names


def false_name(rng):
    """(bids, asks, seller, false_bid): one kWh an order, a seller, often the cheapest, and the bid she invents."""
    bids, asks = prices(rng, above_zero=True)
    bids, asks = ([], asks) if rng.random() < 0.1 else (bids, asks)
    asks = asks or [int(rng.integers(3, 20))]
    standing = [*bids, *asks]
    false_bid = int(rng.choice(standing)) if rng.random() < 0.5 else int(rng.integers(min(standing), 30))
    return bids, asks, int(rng.integers(len(asks))) if rng.random() < 0.5 else asks.index(min(asks)), false_bid


def named(bids, asks, seller, false_bid=None):
    """The orders with their agents, hers and her second name's "she"; the false bid comes last."""
    every = [(row, price, 1) for row, price in enumerate(bids)]
    every += [("she", false_bid, 1)] if false_bid is not None else []
    return every, [("she" if row == seller else -1 - row, price, 1) for row, price in enumerate(asks)]


def her_part(bids, asks, seller, false_bid=None):
    """(received, paid, sold, bought) under both her names, each at its own end of the interval."""
    _, bought, sold, low, high = trades(*named(bids, asks, seller, false_bid))
    buys = sum(bought[len(bids) :])
    return (high if sold[seller] else 0), (low if buys else 0), sold[seller], buys


def made(received, paid, sold, bought, cost):
    return received - paid - cost * max(sold - bought, 0)


def gain_of_false_name(bids, asks, seller, false_bid, *, money=made, honest=1):
    """`money` of what she receives, pays, sells and buys, and her cost; less what she makes `honest`ly."""
    cost = asks[seller]
    return money(*her_part(bids, asks, seller, false_bid), cost) - honest * made(*her_part(bids, asks, seller), cost)


def by_rule(rule):
    """The gain where her money under both names comes from another rule: `(bids, asks, agent) -> payment`."""

    def gain(*case):
        told = [made(-rule(*named(*each), "she"), 0, *her_part(*each)[2:], case[1][case[2]]) for each in (case[:3], case)]
        return told[1] - told[0]

    return gain


def nothing_bought(answer, bids, asks, seller, false_bid):
    if abs(answer) > SLACK and not her_part(bids, asks, seller, false_bid)[3]:
        return f"it returns {answer:g}, but the false bid of {false_bid:g} buys nothing, and changes nothing for her"
    return None


TWO_NAMES = exercise(
    "vcg/two_names", gain_of_false_name,
    example=(([10], [4], 0, 20), 4.0),
    draw=false_name, form=number("one number is asked for, in ct, negative where two names cost her money"),
    properties=(nothing_bought,),
    mistakes=(
        wrong("it returns all that she makes with two names. Take off what she makes honestly.", honest=0),
        wrong("it counts what the false name buys as worth its bid. Nobody there uses the energy: it is worth nothing but"
              " for covering what she sold.",
              lambda *case: gain_of_false_name(*case, money=lambda r, p, s, b, cost: r - p - cost * s + case[3] * b)),
        wrong("it forgets what the false name pays. It is her money.", money=lambda r, p, *rest: made(r, 0, *rest)),
        wrong("it counts the cost of a kWh that she sells to herself. That kWh is never produced.",
              money=lambda r, p, s, b, cost: r - p - cost * s),
        wrong("it clears again without both of her orders together. The market does not know that they belong together: it"
              " takes each name away alone.", by_rule(harm)),
        almost("right, except that a false name can cost her money: then the gain is negative.",
               lambda *case: max(gain_of_false_name(*case), 0)),
    ),
    corners={"when there is no other buyer": lambda bids, *_: not bids,
             "when the false name buys nothing": lambda *case: not her_part(*case)[3],
             "when she sells nothing honestly": lambda *case: not her_part(*case[:3])[2],
             "when the false bid equals another price": lambda bids, asks, _, false_bid: false_bid in [*bids, *asks]},
    hints=("What does she make with one name? What the market pays for her kWh, less its cost, if she sells at all.",
           "With two names each has a payment of its own: what the others, the other name among them, lose by it.",
           "Where her false name buys, one kWh that she sells goes to herself. Which costs does she then have?"),
)  # fmt: skip

EXERCISES = (PAYMENTS, TWO_NAMES)
