"""Checks of the chapter on the double auction."""

from operator import ge, gt

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.markets.books import books, members, negative, same_price, touching
from tefoundations.exercises.markets.fills import (
    SLACK,
    balance,
    best_first,
    nobody_loses,
    nothing_left,
    within_orders,
    wrong_form,
)
from tefoundations.exercises.kit.values import are_numbers, is_number, plain
from tefoundations.market import OrderBook, pay_as_bid, uniform_price
from tefoundations.market.crossing import cross

# double_auction/curves


def _at_prices(rng):
    for bids, asks in books(rng):
        standing = [price for price, _ in [*bids, *asks]] or [8]
        yield bids, asks, int(rng.choice(standing)) + float(rng.choice([0, 0.5]))


def _wanted_and_offered(bids, asks, price, holds=ge):
    return [
        float(sum(quantity for bid, quantity in bids if holds(bid, price))),
        float(sum(quantity for ask, quantity in asks if holds(price, ask))),
    ]


def _two_numbers(answer, *_):
    return None if are_numbers(answer, 2) else "two numbers are asked for, (wanted, offered)"


CURVES = Exercise(
    name="double_auction/curves",
    function="wanted_and_offered",
    parameters=("bids", "asks", "price"),
    example=(([(12, 2), (10, 1), (8, 1)], [(5, 1), (9, 3)], 10), [3.0, 4.0]),
    instances=_at_prices,
    reference=_wanted_and_offered,
    form=_two_numbers,
    mistakes=(
        Mistake(
            "it gives the two in the wrong order: first what buyers want, then what sellers offer.",
            lambda *case: _wanted_and_offered(*case)[::-1],
        ),
        Mistake(
            "it looks on the wrong side of the price: a buyer buys at prices up to its bid, a seller sells at prices"
            " from its ask upward.",
            lambda *case: _wanted_and_offered(*case, holds=lambda a, b: a <= b),
        ),
        Mistake(
            "it counts orders. Add up their quantities, in kWh.",
            lambda bids, asks, price: _wanted_and_offered([(b, 1) for b, _ in bids], [(a, 1) for a, _ in asks], price),
        ),
        Mistake(
            "it adds up all orders, whatever the price.",
            lambda bids, asks, price: [float(sum(quantity for _, quantity in side)) for side in (bids, asks)],
        ),
        Mistake(
            "it gives what is traded at this price, the smaller of the two. Both are asked for.",
            lambda *case: [min(_wanted_and_offered(*case))] * 2,
        ),
        Mistake(
            "right, except that an order exactly at the price counts too: who bids 10 buys at 10.",
            lambda *case: _wanted_and_offered(*case, holds=gt),
            almost=True,
        ),
    ),
    corners=(
        Corner(
            "when an order stands exactly at the price",
            lambda bids, asks, price: price in [order[0] for order in [*bids, *asks]],
        ),
        Corner("when a side has no orders", lambda bids, asks, price: not (bids and asks)),
    ),
)


# double_auction/clearing


def _clear(bids, asks):
    crossing = cross(OrderBook.of(bids, asks))
    return plain((crossing.quantity, crossing.bid_quantity, crossing.ask_quantity))


def _no_trade(bids, asks):
    return not _clear(bids, asks)[0]


def _walk(bids, asks, bid_key=lambda i, price: -price, ask_key=lambda i, price: price, meets=ge, onward=False):
    """A learner's loop: the best bid left meets the best ask left. `onward` drops what is left of the larger one."""
    rows = [sorted(range(len(s)), key=lambda i: key(i, s[i][0])) for s, key in ((bids, bid_key), (asks, ask_key))]
    left = [[float(quantity) for _, quantity in side] for side in (bids, asks)]
    b = a = 0
    while b < len(bids) and a < len(asks) and meets(bids[rows[0][b]][0], asks[rows[1][a]][0]):
        i, j = rows[0][b], rows[1][a]
        amount = min(left[0][i], left[1][j])
        left[0][i] -= amount
        left[1][j] -= amount
        b, a = (b + 1, a + 1) if onward else (b + (left[0][i] == 0), a + (left[1][j] == 0))
    fills = [[quantity - rest for (_, quantity), rest in zip(side, over)] for side, over in zip((bids, asks), left)]
    return [float(sum(fills[0])), *fills]


def _in_order_of_price(bids, asks):
    return _clear(sorted(bids, key=lambda order: -order[0]), sorted(asks, key=lambda order: order[0]))


def _shared_ties(bids, asks):
    quantity, *both = _clear(bids, asks)
    shared = []
    for side, fills in zip((bids, asks), both):
        filled, asked = {}, {}
        for (price, amount), fill in zip(side, fills):
            filled[price] = filled.get(price, 0.0) + fill
            asked[price] = asked.get(price, 0.0) + amount
        shared.append([amount * filled[price] / asked[price] for price, amount in side])
    return [quantity, *shared]


CLEARING = Exercise(
    name="double_auction/clearing",
    function="clear",
    parameters=("bids", "asks"),
    example=(([(12, 2), (10, 1), (8, 1)], [(5, 1), (9, 3)]), [3.0, [2.0, 1.0, 0.0], [1.0, 2.0]]),
    instances=books,
    reference=_clear,
    form=wrong_form,
    properties=(within_orders, balance, nobody_loses, best_first, nothing_left),
    mistakes=(
        Mistake(
            "it matches the first bid with the first ask, the second with the second, and forgets what is left of the"
            " larger order. Match the rest with the next one.",
            lambda *case: _walk(*case, onward=True),
        ),
        Mistake(
            "its fills stand in the order of prices. Give them in the order in which the orders came.",
            _in_order_of_price,
        ),
        Mistake(
            "it takes the orders as they come. The best prices go first: the highest bid, the lowest ask.",
            lambda *case: _walk(*case, bid_key=lambda i, price: i, ask_key=lambda i, price: i),
        ),
        Mistake(
            "it trades whatever the prices: a bid below an ask is no deal.",
            lambda *case: _walk(*case, meets=lambda bid, ask: True),
        ),
        Mistake(
            "it trades one kWh an order. Each order has its own quantity.",
            lambda bids, asks: _clear([(price, 1) for price, _ in bids], [(price, 1) for price, _ in asks]),
        ),
        Mistake(
            "right, except that a bid equal to an ask trades too: nobody loses by it.",
            lambda *case: _walk(*case, meets=gt),
            almost=True,
        ),
        Mistake(
            "right, except in ties: of two orders at one price the earlier in the list goes first.",
            lambda *case: _walk(*case, lambda i, price: (-price, -i), lambda i, price: (price, -i)),
            almost=True,
        ),
        Mistake(
            "right, except in ties: it shares the quantity among orders at one price. The rule here is position.",
            _shared_ties,
            almost=True,
        ),
    ),
    corners=(
        Corner("when nothing can be traded", _no_trade),
        Corner("when prices are negative", negative),
        Corner("when two orders of one side have the same price", same_price),
        Corner("when a bid equals an ask", touching),
    ),
    forbidden=(uniform_price, pay_as_bid, cross),
)


# double_auction/best_k


def _traded(bids, asks, me):
    """Price interval (None without trade), and what `me` buys and sells (kWh)."""
    clearing = uniform_price(OrderBook.of(bids, asks))
    bought = sum(q for (agent, *_), q in zip(bids, clearing.bid_quantity) if agent == me)
    sold = sum(q for (agent, *_), q in zip(asks, clearing.ask_quantity) if agent == me)
    return clearing.price_interval if clearing.quantity else None, float(bought), float(sold)


def _best_k(bids, asks, me):
    interval, bought, sold = _traded(bids, asks, me)
    if interval is None or interval[0] == interval[1] or abs(sold - bought) < SLACK:
        return None
    return 1.0 if sold > bought else 0.0


def _a_k(answer, *_):
    if answer is None or (is_number(answer) and 0 <= answer <= 1):
        return None
    return "k is a number from 0 to 1, or None"


def _at_an_end(answer, *case):
    if answer is None or answer in (0.0, 1.0):
        return None
    return f"it returns {answer:g}, but the gain is a straight line in k: the best k is an end, or no k is better"


def _one_price(*case):
    interval = _traded(*case)[0]
    return interval is not None and interval[0] == interval[1]


def _by_offers(bids, asks, me):
    if _best_k(bids, asks, me) is None:
        return None
    wanted, offered = (sum(quantity for agent, _, quantity in side if agent == me) for side in (bids, asks))
    return None if wanted == offered else 1.0 if offered > wanted else 0.0


def _by_one_side(*case, selling):
    if _best_k(*case) is None:
        return None
    _, bought, sold = _traded(*case)
    return (1.0 if sold else 0.0) if selling else (0.0 if bought else 1.0)


BEST_K = Exercise(
    name="double_auction/best_k",
    function="best_k",
    parameters=("bids", "asks", "me"),
    example=(
        ([("school", 12, 1), ("bakery", 10, 1)], [("bakery", 5, 2), ("home1", 9, 1)], "bakery"),
        1.0,
    ),
    instances=members,
    reference=_best_k,
    form=_a_k,
    properties=(_at_an_end,),
    mistakes=(
        Mistake(
            "it has the two ends the wrong way round: k = 0 is the lowest price, good for who buys more than it sells.",
            lambda *case: None if _best_k(*case) is None else 1.0 - _best_k(*case),
        ),
        Mistake(
            "it counts what me offers and asks for. Only what is traded is paid.",
            _by_offers,
        ),
        Mistake(
            "it looks at the sales of me alone: who buys more than it sells wants a low price.",
            lambda *case: _by_one_side(*case, selling=True),
        ),
        Mistake(
            "it looks at the purchases of me alone: who sells more than it buys wants a high price.",
            lambda *case: _by_one_side(*case, selling=False),
        ),
    ),
    corners=(
        Corner("when nothing is traded", lambda *case: _traded(*case)[0] is None),
        Corner("when the price interval is a single price", _one_price),
        Corner("when me buys as much as it sells", lambda *case: _traded(*case)[1] == _traded(*case)[2]),
        Corner("when no k is better than another", lambda *case: _best_k(*case) is None),
    ),
)

EXERCISES = (CURVES, CLEARING, BEST_K)
