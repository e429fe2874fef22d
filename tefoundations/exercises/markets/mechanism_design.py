"""Checks of the chapter on mechanism design: one kWh an order, so that bids and asks are prices."""

from itertools import product
from operator import ge, gt

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import is_number
from tefoundations.exercises.markets.orders import negative, prices, same_price, touching
from tefoundations.market import OrderBook, expected_externality, mcafee, pay_as_bid, uniform_price, vcg
from tefoundations.market.crossing import cross

ODD = {
    "when prices are negative": negative,
    "when two orders of one side have the same price": same_price,
    "when a bid equals an ask": touching,
}

# mechanism_design/trade_reduction


def edge(rng):
    """The next pair names a price at which the last pair gains on one side, on both, or not at all."""
    price, apart, room = (int(x) for x in rng.integers([6, 1, 0], [15, 4, 4]))
    side = rng.integers(3)
    bids, asks = [price + room * (side != 0), price - apart], [price - room * (side != 1), price + apart]
    better = rng.integers(0, 3)
    bids += rng.integers(price + 3, price + 9, better).tolist()
    asks += rng.integers(price - 6, price - 2, better).tolist()
    return rng.permutation(bids).tolist(), rng.permutation(asks).tolist()


def best_first(bids, asks):
    return sorted(bids, reverse=True), sorted(asks)


def between(named, bid, ask):
    return ask <= named <= bid


def steps_back(bids, asks, k):
    return k - 1, bids[k - 1], asks[k - 1]


def at_midpoint(bids, asks, k):
    return k, *[(bids[k - 1] + asks[k - 1]) / 2] * 2


def trade_reduction(bids, asks, *, meets=ge, suits=between, back=steps_back, missing=None):
    """`suits` says whether the last pair trades at p0; else `back`, or `missing` where nobody names p0, is done."""
    bids, asks = best_first(bids, asks)
    most = min(len(bids), len(asks))
    k = next((k for k, pair in enumerate(zip(bids, asks)) if not meets(*pair)), most)
    if not k:
        return [0, None, None]
    named = (bids[k] + asks[k]) / 2 if k < most else None
    if named is None:
        told = (missing or back)(bids, asks, k)
    else:
        told = (k, named, named) if suits(named, bids[k - 1], asks[k - 1]) else back(bids, asks, k)
    return list(told) if told[0] else [0, None, None]


def last_and_next(bids, asks):
    """(last pair that gains or None, next pair or None)."""
    pairs = list(zip(*best_first(bids, asks)))
    k = sum(bid >= ask for bid, ask in pairs)
    return pairs[k - 1] if k else None, pairs[k] if k < len(pairs) else None


def three_things(answer, bids, asks):
    if not (isinstance(answer, list) and len(answer) == 3 and is_number(answer[0])):
        return "three things are asked for, (trades, buyers_pay, sellers_get)"
    if answer[0] != int(answer[0]) or not 0 <= answer[0] <= min(len(bids), len(asks)):
        return f"trades is a whole number, here from 0 to {min(len(bids), len(asks))}"
    if answer[0] == 0:
        return None if answer[1:] == [None, None] else "where nobody trades there is no price: (0, None, None)"
    return None if all(map(is_number, answer[1:])) else "with trades, both prices are numbers"


def nobody_loses(answer, bids, asks):
    trades, buyers_pay, sellers_get = answer
    if not trades:
        return None
    bid, ask = (side[int(trades) - 1] for side in best_first(bids, asks))
    if buyers_pay > bid:
        return f"{trades:g} buyers pay {buyers_pay:g}, but the last of them bids only {bid:g}"
    if sellers_get < ask:
        return f"{trades:g} sellers get {sellers_get:g}, but the last of them asks for {ask:g}"
    return None


def no_deficit(answer, *_):
    if answer[0] and answer[1] < answer[2]:
        return f"buyers pay {answer[1]:g} and sellers get {answer[2]:g}: somebody must add the rest"
    return None


def at_an_end(*case):
    last, following = last_and_next(*case)
    return None not in (last, following) and sum(following) / 2 in last


TRADE_REDUCTION = exercise(
    "mechanism_design/trade_reduction", trade_reduction,
    example=(([9, 8, 1], [3, 4, 5]), [1.0, 8.0, 4.0]),
    draw=lambda rng: tuple(prices(rng)), also=(edge, edge, edge), form=three_things, properties=(nobody_loses, no_deficit),
    mistakes=(
        wrong("it trades at p0 even where p0 does not lie between the last accepted ask and the last accepted bid.",
              suits=lambda *_: True),
        wrong("where no next pair is left to name p0, all its pairs trade at the midpoint of the last one. That pair would"
              " set its own price: it must step back.", missing=at_midpoint),
        wrong("after the step back it pays the sellers what the buyers pay. Sellers get the ask that stepped back; the"
              " operator keeps the difference.", back=lambda bids, asks, k: (k - 1, bids[k - 1], bids[k - 1])),
        wrong("the last pair always steps back. Where p0 suits it, it trades too, at p0.", suits=lambda *_: False),
        almost("right, except that p0 may equal the last accepted bid or ask: nobody loses by it.",
               suits=lambda named, bid, ask: ask < named < bid),
        almost("right, except that a bid equal to an ask counts as an efficient pair too: nobody loses by it.", meets=gt),
    ),
    corners={
        "when no bid reaches an ask": lambda *case: last_and_next(*case)[0] is None,
        "when the only pair steps back": lambda *case: last_and_next(*case)[0] is not None and not trade_reduction(*case)[0],
        "when no next pair is left to name p0": lambda *case: [x is None for x in last_and_next(*case)] == [False, True],
        "when p0 equals the last accepted bid or ask": at_an_end,
    } | ODD,
    forbids=(mcafee, vcg, uniform_price, pay_as_bid, cross),
    hints=("Sort bids from the highest, asks from the lowest, and count the pairs that gain. Which pair comes next?",
           "p0 is the midpoint of the next pair. Can the last pair that gains trade at it?",
           "Where it cannot, or nobody names p0, the last pair steps back: buyers pay its bid, sellers get its ask."),
)  # fmt: skip

# mechanism_design/best_lie


def buyer(rng):
    """(bids, asks, me): there is at least one bid."""
    bids, asks = prices(rng)
    bids = bids or [int(rng.integers(3, 25))]
    return bids, asks, int(rng.integers(len(bids)))


def reach(bids, asks, me):
    """(price at which me begins to buy, report above which me no longer moves the price), from the others alone.

    With m sellers there are m kWh, and after the market the m highest of all prices have them. So me has one if it
    reports more than the m-th highest of the others; its report is the upper end until it passes the next higher.
    """
    others, m = sorted([*bids[:me], *bids[me + 1 :], *asks], reverse=True), len(asks)
    return others[m - 1] if m > 0 else float("inf"), others[m - 2] if m > 1 else float("inf")


def best_lie(bids, asks, me, *, gain=lambda bid, begins, stops: max(min(bid, stops) - begins, 0) / 2):
    return gain(bids[me], *reach(bids, asks, me))


def traded(bids, asks, *_):
    """The crossing, None without trade."""
    crossing = cross(OrderBook.of([(price, 1) for price in bids], [(price, 1) for price in asks]))
    return crossing if crossing.quantity else None


def buys(*case):
    return traded(*case) is not None and traded(*case).bid_quantity[case[2]] > 0


def half_for_all(*case):
    low, high = traded(*case).interval if traded(*case) else (0, 0)
    return (high - low) / 2


def to_last_ask(*case):
    return sum(traded(*case).interval) / 2 - traded(*case).last_ask if buys(*case) else 0


def only_the_last(bids, asks, me):
    return best_lie(bids, asks, me) if buys(bids, asks, me) and bids[me] == traded(bids, asks).last_bid else 0


def to_the_next_bid(bids, asks, me):
    """The gain if nobody but buyers set a limit to the report."""
    crossing = traded(bids, asks)
    if not buys(bids, asks, me):
        return 0
    left_out = [bid for bid, quantity in zip(bids, crossing.bid_quantity) if quantity == 0]
    return sum(crossing.interval) / 2 - max(left_out, default=0)


def not_negative(answer, *_):
    return f"it returns {answer:g}, but who gains nothing by lying stays honest, and gains 0" if answer < 0 else None


BEST_LIE = exercise(
    "mechanism_design/best_lie", best_lie,
    example=(([12, 11, 6], [4, 5, 9], 0), 1.5),
    draw=buyer, form=number("one number is asked for, the gain in ct; 0 where no lie helps"), properties=(not_negative,),
    mistakes=(
        wrong("it counts from the upper end of the price interval. An honest buyer pays the midpoint.",
              gain=lambda bid, begins, stops: max(min(bid, stops) - begins, 0)),
        wrong("it gives all that me gains with the lie. Take off what me gains by honesty.",
              gain=lambda bid, begins, stops: max(bid - begins, 0)),
        wrong("it lets a buyer gain that does not buy. It could buy only at a price not below what the kWh is worth to it.",
              half_for_all),
        wrong("it pulls the price down to the last accepted ask, past the best bid left out. Below that bid me loses its"
              " place.", to_last_ask),
        wrong("it lets only the last accepted buyer gain. Every buyer that trades can report less, and become the last.",
              only_the_last),
        wrong("it looks at the bids alone. Where the best bid left out is below the last accepted ask, that ask is the lower"
              " end of the price interval.", to_the_next_bid),
        almost("right, except that it stops a whole cent too early. The gain grows as the report comes down: give the"
               " limit.", gain=lambda bid, begins, stops: max(min(bid, stops) - begins - 1, 0) / 2),
        almost("near, but not the limit. It looks as if reports were tried in steps: the best lie lies between two of them."
               " Which price of another order does the report come down to?", within=0.1,
               gain=lambda bid, begins, stops: max(min(bid, stops) - begins - 0.1, 0) / 2),
    ),
    corners={
        "when nothing is traded": lambda *case: traded(*case) is None,
        "when me buys nothing": lambda *case: not buys(*case),
        "when me is the only buyer": lambda bids, asks, me: len(bids) == 1,
        "when there is one seller": lambda bids, asks, me: len(asks) == 1,
        "when the price interval is a single price": lambda *case: traded(*case) is not None and half_for_all(*case) == 0,
    } | ODD,
    hints=("An honest buyer pays the midpoint of the price interval. Which end of it can me move by its report?",
           "How low may the report come before me no longer buys? The others' prices alone decide that.",
           "The lie moves the midpoint by half of what it moves the upper end."),
)  # fmt: skip

# mechanism_design/balanced_payments


def beliefs(rng):
    """(bids, ask, values, costs): one to three buyers; everybody reports something that the others thought possible."""
    *values, costs = (
        sorted(rng.choice(range(1, 13), rng.integers(1, 4), replace=False).tolist()) for _ in range(rng.integers(2, 5))
    )
    return [int(rng.choice(mine)) for mine in values], int(rng.choice(costs)), values, costs


def equals(rng):
    """Two buyers of one value, and a seller who has that cost."""
    bids, _, values, costs = beliefs(rng)
    return [bids[0]] * 2, bids[0], [values[0]] * 2, sorted({*costs, bids[0]})


def gains(reports, meets, best):
    """What each gains of the kWh itself, the seller last."""
    *bids, ask = reports
    made, found = best(bids), [0] * len(reports)
    if meets(bids[made], ask):
        found[made], found[-1] = bids[made], -ask
    return found


def all_may_be(reports, prior, who):
    """Every profile in which all others are what they may be, and one is what it says."""
    return product(*([reports[who]] if i == who else mine for i, mine in enumerate(prior)))


def balanced_payments(
    bids, ask, values, costs, *, meets=ge, best=lambda bids: bids.index(max(bids)), own=False, over=all_may_be,
    share=lambda others, count: others / (count - 1), idle=True,
):  # fmt: skip
    """`over` are the profiles of the average, with the `idle` ones in which nothing trades, or without."""
    reports, prior, adds = [*bids, ask], [*values, costs], []
    for who in range(len(reports)):
        found = [gains(list(profile), meets, best) for profile in over(reports, prior, who)]
        found = [sum(each) - (0 if own else each[who]) for each in found if idle or any(each)]
        adds.append(sum(found) / max(len(found), 1))
    gets = [mine - share(sum(adds) - mine, len(adds)) for mine in adds]
    return [*(-money for money in gets[:-1]), gets[-1]]


def reaches(bids, ask, *_):
    return max(bids) >= ask


def all_paid(answer, *_):
    paid, received = sum(answer[:-1]), answer[-1]
    apart = abs(paid - received) > 1e-6 * max(map(abs, answer))
    return f"the buyers pay {paid:g} in all, and the seller receives {received:g}" if apart else None


BALANCED_PAYMENTS = exercise(
    "mechanism_design/balanced_payments", balanced_payments,
    example=(([8, 4], 6, [[4, 8], [4, 8]], [2, 6]), [8.25, -1.5, 6.75]),
    draw=beliefs, also=(equals,),
    form=numbers(lambda bids, *_: len(bids) + 1, "what each buyer pays, and last what the seller receives, are asked for"),
    properties=(all_paid,),
    mistakes=(
        wrong("it counts one's own gain too. One is paid what its report adds to the gains of the others.",
              own=True),
        wrong("it takes what the report adds in this one market. What counts is the average over what the others may be.",
              over=lambda reports, prior, who: [reports]),
        wrong("it pays everybody, and lets nobody pay for it. Each also pays an equal share of what each other is paid.",
              share=lambda others, count: 0),
        wrong("it divides what one is paid among all. One does not pay for oneself: each of the others pays an equal share.",
              share=lambda others, count: others / count),
        wrong("it lets each pay in full what each other is paid. They share it.", share=lambda others, count: others),
        wrong("it turns payments round. A buyer pays a positive amount, and a seller receives one.",
              lambda *case: [-money for money in balanced_payments(*case)]),
        wrong("it moves no money where there is no trade. Here people may pay or receive all the same.",
              lambda *case: balanced_payments(*case) if reaches(*case) else [0] * (len(case[0]) + 1)),
        wrong("it leaves out of the average the markets in which nothing trades. They count, with a gain of 0.", idle=False),
        almost("right, except that a bid equal to the ask trades too: nobody loses by it.", meets=gt),
        almost("right, except that of two equal bids the one earlier in the list buys.",
               best=lambda bids: len(bids) - 1 - bids[::-1].index(max(bids))),
    ),
    corners={
        "when nothing is traded": lambda *case: not reaches(*case),
        "when there is one buyer": lambda bids, *_: len(bids) == 1,
        "when there are three buyers": lambda bids, *_: len(bids) == 3,
        "when a buyer can have one value only": lambda *case: any(len(mine) == 1 for mine in case[2]),
        "when a buyer and the seller may be equal": lambda *case: any({*mine} & {*case[3]} for mine in case[2]),
    },
    forbids=(expected_externality,),
    hints=("For one who reports: go through all that the others may be, find who trades, and add up what the others gain.",
           "The average of that is what one is paid. `itertools.product` gives the profiles; one's own report stays.",
           "Each pays an equal share of what each of the others is paid, so that all of it comes to nothing."),
)  # fmt: skip

EXERCISES = (TRADE_REDUCTION, BEST_LIE, BALANCED_PAYMENTS)
