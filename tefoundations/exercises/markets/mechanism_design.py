"""Checks of the chapter on mechanism design."""

from operator import gt

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import is_number, plain
from tefoundations.exercises.markets.books import single_units
from tefoundations.market import OrderBook, mcafee, pay_as_bid, uniform_price, vcg
from tefoundations.market.crossing import cross


def _book(bids, asks):
    return OrderBook.of([(price, 1) for price in bids], [(price, 1) for price in asks])


def _same_price(bids, asks, *_):
    return any(len(set(side)) < len(side) for side in (bids, asks))


def _touching(bids, asks, *_):
    return bool(set(bids) & set(asks))


def _negative(bids, asks, *_):
    return any(price < 0 for price in [*bids, *asks])


# mechanism_design/trade_reduction


def _reduce(bids, asks):
    clearing = mcafee(_book(bids, asks))
    served, selling = clearing.bid_quantity > 0, clearing.ask_quantity > 0
    if not served.any():
        return [0.0, None, None]
    return plain((clearing.quantity, clearing.bid_price[served][0], clearing.ask_price[selling][0]))


def _pairs(bids, asks, meets=lambda bid, ask: bid >= ask):
    """(last pair, its number K, next pair or None); the pairs of the lists as they stand."""
    pairs = list(zip(bids, asks))
    efficient = next((k for k, pair in enumerate(pairs) if not meets(*pair)), len(pairs))
    return pairs[efficient - 1], efficient, pairs[efficient] if efficient < len(pairs) else None


def _sorted(bids, asks):
    return sorted(bids, reverse=True), sorted(asks)


def _by_hand(bids, asks, order=_sorted, meets=lambda bid, ask: bid >= ask, suits=None, back=None, missing=None):
    """A learner's rule: `suits(p0, bid, ask)` of the last pair; `back` and `missing` of (sorted lists, K)."""
    bids, asks = order(bids, asks)
    if not (bids and asks):
        return [0.0, None, None]
    (bid, ask), number, following = _pairs(bids, asks, meets)
    if not number:
        return [0.0, None, None]
    if following and (suits or _between)(sum(following) / 2, bid, ask):
        told = (number, sum(following) / 2, sum(following) / 2)
    elif following:
        told = (back or _last_pair)(bids, asks, number)
    else:
        told = (missing or back or _last_pair)(bids, asks, number)
    return plain(told) if told[0] else [0.0, None, None]


def _between(named, bid, ask):
    return ask <= named <= bid


def _last_pair(bids, asks, number):
    return number - 1, bids[number - 1], asks[number - 1]


def _midpoint(bids, asks, number):
    return number, *[(bids[number - 1] + asks[number - 1]) / 2] * 2


def _wrong_trades(answer, bids, asks):
    if not (isinstance(answer, list) and len(answer) == 3 and is_number(answer[0])):
        return "three things are asked for, (trades, buyers_pay, sellers_get)"
    if answer[0] != int(answer[0]) or not 0 <= answer[0] <= min(len(bids), len(asks)):
        return f"trades is a whole number, here from 0 to {min(len(bids), len(asks))}"
    if answer[0] == 0:
        return None if answer[1:] == [None, None] else "where nobody trades there is no price: (0, None, None)"
    return None if all(map(is_number, answer[1:])) else "with trades, both prices are numbers"


def _nobody_loses(answer, bids, asks):
    trades, buyers_pay, sellers_get = answer
    if not trades:
        return None
    bids, asks = _sorted(bids, asks)
    bid, ask = bids[int(trades) - 1], asks[int(trades) - 1]
    if buyers_pay > bid:
        return f"{trades:g} buyers pay {buyers_pay:g}, but the last of them bids only {bid:g}"
    if sellers_get < ask:
        return f"{trades:g} sellers get {sellers_get:g}, but the last of them asks for {ask:g}"
    return None


def _no_deficit(answer, *_):
    if answer[0] and answer[1] < answer[2]:
        return f"buyers pay {answer[1]:g} and sellers get {answer[2]:g}: somebody must add the rest"
    return None


def _last_and_next(bids, asks):
    """(last pair or None, next pair or None)."""
    if not (bids and asks):
        return None, None
    last, number, following = _pairs(*_sorted(bids, asks))
    return last if number else None, following


def _none_left(*case):
    last, following = _last_and_next(*case)
    return last is not None and following is None


def _at_an_end(*case):
    last, following = _last_and_next(*case)
    return None not in (last, following) and sum(following) / 2 in last


def _only_pair(bids, asks):
    return _last_and_next(bids, asks)[0] is not None and _reduce(bids, asks)[0] == 0


TRADE_REDUCTION = Exercise(
    name="mechanism_design/trade_reduction",
    function="trade_reduction",
    parameters=("bids", "asks"),
    example=(([9, 8, 1], [3, 4, 5]), [1.0, 8.0, 4.0]),
    instances=single_units,
    reference=_reduce,
    form=_wrong_trades,
    properties=(_nobody_loses, _no_deficit),
    mistakes=(
        Mistake(
            "it trades at p0 even where p0 does not lie between the last accepted ask and the last accepted bid.",
            lambda *case: _by_hand(*case, suits=lambda *_: True),
        ),
        Mistake(
            "where no next pair is left to name p0, all its pairs trade at the midpoint of the last one. That pair"
            " would set its own price: it must step back.",
            lambda *case: _by_hand(*case, missing=_midpoint),
        ),
        Mistake(
            "its price is the midpoint of the last pair that trades. This pair can move it. The next pair, which does"
            " not trade, names p0.",
            lambda *case: _by_hand(*case, suits=lambda *_: False, back=_midpoint),
        ),
        Mistake(
            "after the step back it pays the sellers what the buyers pay. Sellers get the ask that stepped back; the"
            " operator keeps the difference.",
            lambda *case: _by_hand(*case, back=lambda bids, asks, k: (k - 1, bids[k - 1], bids[k - 1])),
        ),
        Mistake(
            "the last pair always steps back. Where p0 suits it, it trades too, at p0.",
            lambda *case: _by_hand(*case, suits=lambda *_: False),
        ),
        Mistake(
            "the last pair names the prices and trades all the same. Who names a price must not trade.",
            lambda *case: _by_hand(*case, back=lambda bids, asks, k: (k, bids[k - 1], asks[k - 1])),
        ),
        Mistake(
            "after the step back it takes the prices of the last pair that still trades. The pair that stepped back"
            " names them.",
            lambda *case: _by_hand(*case, back=lambda bids, asks, k: (k - 1, bids[k - 2], asks[k - 2])),
        ),
        Mistake(
            "it takes the orders as they come. The best prices go first: the highest bid, the lowest ask.",
            lambda *case: _by_hand(*case, order=lambda *sides: sides),
        ),
        Mistake(
            "right, except that p0 may equal the last accepted bid or ask: nobody loses by it.",
            lambda *case: _by_hand(*case, suits=lambda named, bid, ask: ask < named < bid),
            almost=True,
        ),
        Mistake(
            "right, except that a bid equal to an ask counts as an efficient pair too: nobody loses by it.",
            lambda *case: _by_hand(*case, meets=gt),
            almost=True,
        ),
    ),
    corners=(
        Corner("when no bid reaches an ask", lambda *case: _last_and_next(*case)[0] is None),
        Corner("when the only pair steps back", _only_pair),
        Corner("when no next pair is left to name p0", _none_left),
        Corner("when p0 equals the last accepted bid or ask", _at_an_end),
        Corner("when prices are negative", _negative),
        Corner("when two orders of one side have the same price", _same_price),
        Corner("when a bid equals an ask", _touching),
    ),
    forbidden=(mcafee, vcg, uniform_price, pay_as_bid, cross),
)


# mechanism_design/best_lie


def _buyers(rng):
    for bids, asks in single_units(rng):
        if bids:
            yield bids, asks, int(rng.integers(len(bids)))


def _reach(bids, asks, me):
    """(price at which me begins to buy, report above which me no longer moves the price), from the others alone.

    With m sellers there are m kWh, and after the market the m highest of all prices have them. So me has one if it
    reports more than the m-th highest of the others; its report is the upper end until it passes the next higher.
    """
    others, m = sorted([*bids[:me], *bids[me + 1 :], *asks], reverse=True), len(asks)
    return others[m - 1] if m > 0 else float("inf"), others[m - 2] if m > 1 else float("inf")


def _best_lie(bids, asks, me):
    begins, stops = _reach(bids, asks, me)
    return float(max(min(bids[me], stops) - begins, 0)) / 2


def _traded(bids, asks):
    """(low, high, last accepted bid and ask), None without trade."""
    crossing = cross(_book(bids, asks))
    return (*crossing.interval, crossing.last_bid, crossing.last_ask) if crossing.quantity else None


def _buys(bids, asks, me):
    return bool(cross(_book(bids, asks)).bid_quantity[me])


def _half_for_all(bids, asks, me):
    traded = _traded(bids, asks)
    return (traded[1] - traded[0]) / 2 if traded else 0.0


def _one_price(bids, asks, me):
    traded = _traded(bids, asks)
    return traded is not None and traded[0] == traded[1]


def _to_last_ask(bids, asks, me):
    if not _buys(bids, asks, me):
        return 0.0
    low, high, _, ask = _traded(bids, asks)
    return (low + high) / 2 - ask


def _only_the_last(bids, asks, me):
    return _best_lie(bids, asks, me) if _buys(bids, asks, me) and bids[me] == _traded(bids, asks)[2] else 0.0


def _whole_cent(bids, asks, me):
    begins, stops = _reach(bids, asks, me)
    honest = min(bids[me], stops)
    return float(honest - min(begins + 1, honest)) / 2 if honest > begins else 0.0


def _a_gain(answer, *_):
    return None if is_number(answer) else "one number is asked for, the gain in ct; 0 where no lie helps"


def _not_negative(answer, *_):
    return f"it returns {answer:g}, but who gains nothing by lying stays honest, and gains 0" if answer < 0 else None


BEST_LIE = Exercise(
    name="mechanism_design/best_lie",
    function="best_lie",
    parameters=("bids", "asks", "me"),
    example=(([12, 11, 6], [4, 5, 9], 0), 1.5),
    instances=_buyers,
    reference=_best_lie,
    form=_a_gain,
    properties=(_not_negative,),
    mistakes=(
        Mistake(
            "it counts from the upper end of the price interval. An honest buyer pays the midpoint.",
            lambda *case: 2 * _best_lie(*case),
        ),
        Mistake(
            "it gives all that me gains with the lie. Take off what me gains by honesty.",
            lambda bids, asks, me: float(max(bids[me] - _reach(bids, asks, me)[0], 0)),
        ),
        Mistake(
            "it lets a buyer gain that does not buy. It could buy only at a price not below what the kWh is worth to"
            " it.",
            _half_for_all,
        ),
        Mistake(
            "it pulls the price down to the last accepted ask, past the best bid left out. Below that bid me loses its"
            " place.",
            _to_last_ask,
        ),
        Mistake(
            "it lets only the last accepted buyer gain. Every buyer that trades can report less, and become the last.",
            _only_the_last,
        ),
        Mistake(
            "right, except that it stops a whole cent too early. The gain grows as the report comes down: give the"
            " limit.",
            _whole_cent,
            almost=True,
        ),
    ),
    corners=(
        Corner("when nothing is traded", lambda bids, asks, me: _traded(bids, asks) is None),
        Corner("when me buys nothing", lambda *case: not _buys(*case)),
        Corner("when me is the only buyer", lambda bids, asks, me: len(bids) == 1),
        Corner("when there is one seller", lambda bids, asks, me: len(asks) == 1),
        Corner("when the price interval is a single price", _one_price),
        Corner("when prices are negative", _negative),
        Corner("when two orders of one side have the same price", _same_price),
        Corner("when a bid equals an ask", _touching),
    ),
)

EXERCISES = (TRADE_REDUCTION, BEST_LIE)
