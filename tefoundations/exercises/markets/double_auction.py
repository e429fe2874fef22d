"""Checks of the chapter on the double auction."""

from operator import ge, gt, le

from tefoundations.exercises.kit.forms import number, numbers, one, or_none, several
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import is_number
from tefoundations.exercises.markets.orders import book, negative, price_of, prices, same_price, touching
from tefoundations.market import OrderBook, day_ahead, greedy, lp_clearing, nodal, nodal_vcg, pay_as_bid, uniform_price
from tefoundations.market.crossing import cross

SLACK = 1e-9  # kWh: quantities this near are the same
BIDS, ASKS = [(12, 2), (10, 1), (8, 1)], [(5, 1), (9, 3)]

# double_auction/curves


def called_out(rng):
    bids, asks = book(rng)
    standing = [price_of(order) for order in [*bids, *asks]] or [8]
    return bids, asks, int(rng.choice(standing)) + float(rng.choice([0, 0.5]))


def wanted_and_offered(bids, asks, price, *, holds=ge):
    return [sum(q for bid, q in bids if holds(bid, price)), sum(q for ask, q in asks if holds(price, ask))]


CURVES = exercise(
    "double_auction/curves", wanted_and_offered,
    example=((BIDS, ASKS, 10), [3.0, 4.0]),
    draw=called_out, form=numbers(2, "two numbers are asked for, (wanted, offered)"),
    mistakes=(
        wrong("it gives the two in the wrong order: first what buyers want, then what sellers offer.",
              lambda *case: wanted_and_offered(*case)[::-1]),
        wrong("it looks on the wrong side of the price: a buyer buys at prices up to its bid, a seller sells at prices from"
              " its ask upward.", holds=le),
        wrong("it counts orders. Add up their quantities, in kWh.",
              lambda bids, asks, price: wanted_and_offered([(b, 1) for b, _ in bids], [(a, 1) for a, _ in asks], price)),
        wrong("it adds up all orders, whatever the price.", holds=lambda *_: True),
        wrong("it gives what is traded at this price, the smaller of the two. Both are asked for.",
              lambda *case: [min(wanted_and_offered(*case))] * 2),
        almost("right, except that an order exactly at the price counts too: who bids 10 buys at 10.", holds=gt),
    ),
    corners={"when an order stands exactly at the price": lambda bids, asks, price: price in map(price_of, [*bids, *asks]),
             "when a side has no orders": lambda bids, asks, price: not (bids and asks)},
    hints=("Go through the bids first: who of them would buy at this price?",
           "Add up quantities of orders, not their number; an order exactly at the price belongs to them."),
)  # fmt: skip

# double_auction/clearing


def clear(bids, asks, *, rank=lambda row, price: price, meets=ge, onward=False):
    """The best bid left meets the best ask left. `onward` drops what is left of the larger one."""
    buyers = sorted(range(len(bids)), key=lambda row: rank(row, -bids[row][0]))
    sellers = sorted(range(len(asks)), key=lambda row: rank(row, asks[row][0]))
    fills, b, a = [[0] * len(bids), [0] * len(asks)], 0, 0
    while b < len(buyers) and a < len(sellers) and meets(bids[buyers[b]][0], asks[sellers[a]][0]):
        i, j = buyers[b], sellers[a]
        amount = min(bids[i][1] - fills[0][i], asks[j][1] - fills[1][j])
        fills[0][i] += amount
        fills[1][j] += amount
        b, a = b + (onward or fills[0][i] == bids[i][1]), a + (onward or fills[1][j] == asks[j][1])
    return [sum(fills[0]), *fills]


def within_orders(answer, *sides):
    for name, fills, side in zip(("bid", "ask"), answer[1:], sides):
        for (price, quantity), fill in zip(side, fills):
            if not -SLACK <= fill <= quantity + SLACK:
                return f"it fills the {name} at {price:g} with {fill:g} of its {quantity:g} kWh"
    return None


def balance(answer, *_):
    bought, sold = sum(answer[1]), sum(answer[2])
    if abs(bought - sold) > SLACK:
        return f"the bids are filled with {bought:g} kWh and the asks with {sold:g}; what is bought must be sold"
    if abs(bought - answer[0]) > SLACK:
        return f"the fills of each side add up to {bought:g} kWh, but the quantity is {answer[0]:g}"
    return None


def best_first(answer, *sides):
    for name, fills, side, sign in zip(("bid", "ask"), answer[1:], sides, (-1, 1)):
        ranks = sorted(range(len(side)), key=lambda row: sign * side[row][0])
        for better, worse in zip(ranks, ranks[1:]):
            if fills[worse] > SLACK and fills[better] < side[better][1] - SLACK:
                return f"it serves the {name} in position {worse} (from 0) before position {better}, which goes first"
    return None


def neither_too_many_nor_too_few(answer, *sides):
    """Of the bids and asks that trade no pair loses, and of those that could still trade no pair gains."""
    bids, asks = ([(p, q, fill) for (p, q), fill in zip(side, fills)] for side, fills in zip(sides, answer[1:]))
    bid, ask = min((p for p, _, f in bids if f > SLACK), default=0), max((p for p, _, f in asks if f > SLACK), default=0)
    if bid < ask:
        return f"it fills a bid at {bid:g} and an ask at {ask:g}: no price suits both"
    left = [p for p, q, f in bids if f < q - SLACK], [p for p, q, f in asks if f < q - SLACK]
    if all(left) and max(left[0]) >= min(left[1]):
        return f"it stops too early: a bid at {max(left[0]):g} and an ask at {min(left[1]):g} could still trade"
    return None


CLEARING = exercise(
    "double_auction/clearing", clear,
    example=((BIDS, ASKS), [3.0, [2.0, 1.0, 0.0], [1.0, 2.0]]),
    draw=book, also=(lambda rng: ([], []),),
    form=several("three things are asked for, (quantity, bid_fills, ask_fills)", number(),
                 numbers(lambda bids, asks: len(bids), "bid_fills must be a list of one number for each bid, here {n}"),
                 numbers(lambda bids, asks: len(asks), "ask_fills must be a list of one number for each ask, here {n}")),
    properties=(within_orders, balance, best_first, neither_too_many_nor_too_few),
    mistakes=(
        wrong("it matches the first bid with the first ask, the second with the second, and forgets what is left of the"
              " larger order. Match the rest with the next one.", onward=True),
        wrong("its fills stand in the order of prices. Give them in the order in which the orders came.",
              lambda bids, asks: clear(sorted(bids, key=lambda order: -order[0]), sorted(asks, key=lambda order: order[0]))),
        wrong("it takes the orders as they come. The best prices go first: the highest bid, the lowest ask.",
              rank=lambda row, price: row),
        wrong("it trades whatever the prices: a bid below an ask is no deal.", meets=lambda *_: True),
        almost("right, except that a bid equal to an ask trades too: nobody loses by it.", meets=gt),
        almost("right, except in ties: of two orders at one price the earlier in the list goes first.",
               rank=lambda row, price: (price, -row)),
    ),
    corners={"when nothing can be traded": lambda *case: not clear(*case)[0],
             "when prices are negative": negative,
             "when two orders of one side have the same price": same_price,
             "when a bid equals an ask": touching},
    forbids=(uniform_price, pay_as_bid, cross, lp_clearing, greedy, day_ahead, nodal, nodal_vcg),
    hints=("Sort the positions of the bids and of the asks by price. sorted() leaves equals in their order.",
           "Take the best bid and the best ask. As long as they meet, trade the smaller of what is left of the two.",
           "After each trade go on to the next order only on the side, or sides, where nothing is left."),
)  # fmt: skip

# double_auction/best_k


def members(rng):
    """(bids, asks, me): mostly two agents, so that `me` is on both sides, and room for the price."""
    agents = ("bakery", "school", "home1")[: 2 if rng.random() < 0.9 else 3]
    sides = prices(rng, kinds=(0.85, 0.05, 0.05, 0.05))
    while min(map(len, sides)) < 3 and rng.random() < 0.9:
        sides = prices(rng, kinds=(0.85, 0.05, 0.05, 0.05))
    bids, asks = ([(str(rng.choice(agents)), price, int(rng.integers(1, 4))) for price in side] for side in sides)
    return bids, asks, str(rng.choice(agents))


def traded(bids, asks, me):
    """Price interval (None without trade), and what `me` buys and sells (kWh)."""
    c = uniform_price(OrderBook.of(bids, asks))
    sides = (bids, c.bid_quantity), (asks, c.ask_quantity)
    bought, sold = (sum(fill for (agent, *_), fill in zip(*side) if agent == me) for side in sides)
    return c.price_interval if c.quantity else None, bought, sold


def best_k(bids, asks, me, *, rises=lambda bought, sold, wanted, offered: sold - bought):
    """The gain is a straight line in k: `rises` says which way."""
    interval, bought, sold = traded(bids, asks, me)
    slope = rises(bought, sold, *(sum(q for agent, _, q in side if agent == me) for side in (bids, asks)))
    if interval is None or interval[0] == interval[1] or abs(slope) < SLACK:
        return None
    return float(slope > 0)


def at_an_end(answer, *_):
    words = "the gain is a straight line in k: the best k is an end, or no k is better"
    return None if answer in (None, 0.0, 1.0) else f"it returns {answer:g}, but {words}"


BEST_K = exercise(
    "double_auction/best_k", best_k,
    example=(([("school", 12, 1), ("bakery", 10, 1)], [("bakery", 5, 2), ("home1", 9, 1)], "bakery"), 1.0),
    draw=members, form=one(or_none(lambda k: is_number(k) and 0 <= k <= 1), "k is a number from 0 to 1, or None"),
    properties=(at_an_end,),
    mistakes=(
        wrong("it has the two ends the wrong way round: k = 0 is the lowest price, good for who buys more than it sells.",
              rises=lambda bought, sold, *_: bought - sold),
        wrong("it counts what me offers and asks for. Only what is traded is paid.",
              rises=lambda bought, sold, wanted, offered: offered - wanted),
        wrong("it looks at the sales of me alone: who buys more than it sells wants a low price.",
              rises=lambda bought, sold, *_: sold or -bought),
        wrong("it looks at the purchases of me alone: who sells more than it buys wants a high price.",
              rises=lambda bought, sold, *_: -bought or sold),
    ),
    corners={"when nothing is traded": lambda *case: traded(*case)[0] is None,
             "when the price interval is a single price": lambda *case: len(set(traded(*case)[0] or (0, 1))) == 1,
             "when me buys as much as it sells": lambda *case: traded(*case)[1] == traded(*case)[2],
             "when no k is better than another": lambda *case: best_k(*case) is None},
    hints=("What is traded does not depend on k. How much does me buy, how much does it sell?",
           "If the price is higher by 1 ct, what does me gain on its sales, and lose on its purchases?"),
)  # fmt: skip

EXERCISES = (CURVES, CLEARING, BEST_K)
