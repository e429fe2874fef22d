"""Checks of the chapter on clearing algorithms."""

from itertools import product

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers, is_number
from tefoundations.exercises.markets.books import kwh_by_price, with_blocks, with_windows
from tefoundations.exercises.markets.fills import SLACK
from tefoundations.market import day_ahead, serve_by_merit

# clearing_algorithms/windows


def _serve(capacity, orders, rank=lambda row, price: -price, moved=99, last=lambda last: last, out=False):
    """Kilowatt-hours one by one, each in a slot of an hour.

    A learner's slips: `moved` limits how many make way for one kWh, with `out` who finds no room puts another out.
    """
    slots = [(hour, kwh) for hour, number in enumerate(capacity) for kwh in range(number)]
    place = {}

    def find(row, tried, moved):
        mine = [slot for slot in slots if orders[row][2] <= slot[0] <= last(orders[row][3])]
        free = [slot for slot in mine if slot not in place]
        if free:
            place[free[0]] = row
            return True
        for slot in mine:
            if moved and slot not in tried:
                tried.add(slot)
                if find(place[slot], tried, moved - 1):
                    place[slot] = row
                    return True
        return False

    for row in sorted(range(len(orders)), key=lambda row: rank(row, orders[row][0])):
        found = [find(row, set(), moved) for _ in range(orders[row][1])]
        mine = [slot for slot in slots if orders[row][2] <= slot[0] <= orders[row][3]]
        if out and not all(found) and mine:
            place[mine[0]] = row
    return [float(sum(other == row for other in place.values())) for row in range(len(orders))]


def _a_number_each(answer, capacity, orders):
    words = f"a list of one number for each order is asked for, here {len(orders)}, in the order given"
    return None if are_numbers(answer, len(orders)) else words


def _within(answer, capacity, orders):
    for row, (served, (_, energy, *_)) in enumerate(zip(answer, orders)):
        if not -SLACK <= served <= energy + SLACK:
            return f"it gives the order in position {row} (from 0) {served:g} of the {energy} kWh it wants"
    return None


def _deliverable(answer, capacity, orders):
    for first, last in product(range(len(capacity)), repeat=2):
        inside = sum(kwh for kwh, order in zip(answer, orders) if first <= order[2] and order[3] <= last)
        most = sum(capacity[first : last + 1])
        if inside > most + SLACK:
            when = f"hour {first} has" if first == last else f"hours {first} to {last} have"
            return f"orders that can run at no other time get {inside:g} kWh, but {when} {most}"
    return None


def _best(answer, capacity, orders):
    best = _serve(capacity, orders)
    for row in sorted(range(len(orders)), key=lambda row: -orders[row][0]):
        if answer[row] < best[row] - SLACK:
            worth, most = (sum(kwh * order[0] for kwh, order in zip(each, orders)) for each in (answer, best))
            return (
                f"it gives the order in position {row} (from 0) {answer[row]:g} kWh, and {best[row]:g} are possible"
                f" without taking any from orders that go first; what it serves is worth {worth:g} ct, of {most:g} possible"
            )
    return None


WINDOWS = Exercise(
    name="clearing_algorithms/windows",
    function="serve",
    parameters=("capacity", "orders"),
    example=(([2, 1], [(20, 2, 0, 0), (30, 2, 0, 1), (10, 1, 1, 1)]), [1.0, 2.0, 0.0]),
    instances=with_windows,
    reference=_serve,
    form=_a_number_each,
    properties=(_within, _deliverable, _best),
    mistakes=(
        Mistake(
            "it never moves an earlier order. A latecomer that finds its hours full may push others into other hours of"
            " their windows.",
            lambda *case: _serve(*case, moved=0),
        ),
        Mistake(
            "it moves one order and gives up. Whoever is pushed aside may have to push aside another.",
            lambda *case: _serve(*case, moved=1),
        ),
        Mistake(
            "it serves the orders as they come. The dearest go first.",
            lambda *case: _serve(*case, rank=lambda row, price: row),
        ),
        Mistake(
            "it ignores the end of the window: after its last hour an order cannot be served.",
            lambda *case: _serve(*case, last=lambda last: len(case[0])),
        ),
        Mistake(
            "it stops before the last hour of the window. That hour belongs to it: range(first, last + 1).",
            lambda *case: _serve(*case, last=lambda last: last - 1),
        ),
        Mistake(
            "it serves each order as if it were alone. Together they get more than the hours have.",
            lambda capacity, orders: [float(min(e, sum(capacity[first : last + 1]))) for _, e, first, last in orders],
        ),
        Mistake(
            "it drops earlier orders to make room. Those served may be moved, never put out.",
            lambda *case: _serve(*case, out=True),
        ),
        Mistake(
            "it serves one kWh an order, as the cell of the chapter does. Each order has its own energy.",
            lambda capacity, orders: _serve(capacity, [(price, 1, *window) for price, _, *window in orders]),
        ),
        Mistake(
            "its list stands in the order of prices. Give the energies in the order in which the orders came.",
            lambda _, orders: [kwh for _, kwh in sorted(zip(orders, _serve(_, orders)), key=lambda each: -each[0][0])],
        ),
        Mistake(
            "right, except in ties: of two orders at one price the earlier in the list goes first.",
            lambda *case: _serve(*case, rank=lambda row, price: (-price, -row)),
            almost=True,
        ),
    ),
    corners=(
        Corner("when there are no orders", lambda capacity, orders: not orders),
        Corner("when an hour has nothing to give", lambda capacity, orders: 0 in capacity),
        Corner("when two orders have the same price", lambda _, orders: len({o[0] for o in orders}) < len(orders)),
    ),
    forbidden=(serve_by_merit, day_ahead),
)


# clearing_algorithms/blocks


def _given(accepted, bids, asks, blocks):
    """(welfare, kWh of the blocks that nobody wants, dearest ask that sells, best bid left, highest price)."""
    blocks = [block for block, yes in zip(blocks, accepted) if yes]
    free = sum(quantity for _, quantity in blocks)
    buy = [price for price, _ in kwh_by_price(bids, sign=-1)]
    sell = [float("-inf")] * free + [price for price, _ in kwh_by_price(asks)]
    traded = sum(bid >= ask for bid, ask in zip(buy, sell))
    welfare = sum(buy[:traded]) - sum(sell[free:traded]) - sum(price * quantity for price, quantity in blocks)
    ends = [*buy[max(traded - 1, 0) : traded], *sell[traded : traded + 1]]
    dearest, left = sell[traded - 1] if traded > free else None, buy[traded] if traded < len(buy) else None
    return welfare, max(free - len(buy), 0), dearest, left, min(ends, default=None)


def _lowest(given):
    return max((price for price in given[2:4] if price is not None), default=0)


def _selections(bids, asks, blocks):
    """(welfare, selection) of every selection that finds buyers, the best first."""
    tried = [(_given(each, bids, asks, blocks), each) for each in product((False, True), repeat=len(blocks))]
    return sorted(((given[0], accepted) for given, accepted in tried if not given[1]), key=lambda each: -each[0])


def _losses(accepted, price, blocks, sign=1):
    """What the accepted blocks that lose at a price lose; with sign -1, what those that gain gain."""
    return sum(max(sign * (ask - price), 0) * quantity for (ask, quantity), yes in zip(blocks, accepted) if yes)


def _choose(bids, asks, blocks, accepted=None, price=lambda given, dearest: _lowest(given), money=_losses):
    """The answer, or one with a learner's selection, price (of `_given` and the dearest accepted block), or money."""
    accepted = _selections(bids, asks, blocks)[0][1] if accepted is None else accepted
    dearest = max((ask for (ask, _), yes in zip(blocks, accepted) if yes), default=0)
    paid = price(_given(accepted, bids, asks, blocks), dearest)
    return [list(accepted), float(paid), float(money(accepted, paid, blocks))]


def _cheapest_first(bids, asks, blocks):
    accepted, best = [False] * len(blocks), _given([], bids, asks, [])[0]
    for number in sorted(range(len(blocks)), key=lambda number: blocks[number][0]):
        accepted[number] = True
        welfare, unwanted, *_ = _given(accepted, bids, asks, blocks)
        accepted[number] = welfare > best and not unwanted
        best = welfare if accepted[number] else best
    return _choose(bids, asks, blocks, accepted)


def _cut(bids, asks, blocks):
    """Blocks as ordinary asks."""
    every = [*asks, *blocks]
    selling = {row for (bid, _), (ask, row) in zip(kwh_by_price(bids, sign=-1), kwh_by_price(every)) if bid >= ask}
    accepted = [len(asks) + number in selling for number in range(len(blocks))]
    return [accepted, float(_lowest(_given([], bids, every, []))), 0.0]


def _no_loss(*case):
    answers = (_choose(*case, accepted=accepted) for _, accepted in _selections(*case))
    return next(answer for answer in answers if not answer[2])


def _clear_hours(rng):
    """Only instances with one best selection, and an order that names its lowest price."""
    for bids, asks, blocks in with_blocks(rng):
        (best, accepted), *others = _selections(bids, asks, blocks)
        given = _given(accepted, bids, asks, blocks)
        if given[2:4] != (None, None) and not (others and others[0][0] == best):
            yield bids, asks, blocks


def _three_things(answer, bids, asks, blocks):
    if not (isinstance(answer, list) and len(answer) == 3 and is_number(answer[1]) and is_number(answer[2])):
        return "three things are asked for, (accepted, price, make_whole)"
    if not (isinstance(answer[0], list) and len(answer[0]) == len(blocks) and all(type(x) is bool for x in answer[0])):
        return f"accepted must be a list of True or False for each block, here {len(blocks)}"
    return None


def _best_selection(answer, *case):
    welfare, unwanted, *_ = _given(answer[0], *case)
    if unwanted:
        return f"the blocks that it accepts sell {unwanted} kWh more than all bids want"
    best, selection = _selections(*case)[0]
    if welfare < best:
        return f"what it accepts, {answer[0]}, is worth {welfare:g} ct in all; {list(selection)} is worth {best:g}"
    return None


def _supports(answer, *case):
    _, _, dearest, left, most = given = _given(answer[0], *case)
    if dearest is not None and answer[1] < dearest - SLACK:
        return f"at its price of {answer[1]:g} the ask at {dearest:g}, which sells, loses"
    if left is not None and answer[1] < left - SLACK:
        return f"at its price of {answer[1]:g} the bid at {left:g} would buy more than it gets"
    if most is not None and answer[1] > most + SLACK:
        return f"its price is {answer[1]:g}. Above {most:g} a bid would rather buy less, or an ask sell more"
    if answer[1] > _lowest(given) + SLACK:
        return f"its price of {answer[1]:g} suits the divisible orders, but the lowest that does is {_lowest(given):g}"
    return None


def _made_whole(answer, bids, asks, blocks):
    needed = _losses(answer[0], answer[1], blocks)
    if abs(answer[2] - needed) > SLACK * max(1, needed):
        return f"at {answer[1]:g} the accepted blocks that lose need {needed:g} ct, and make_whole is {answer[2]:g}"
    return None


BLOCKS = Exercise(
    name="clearing_algorithms/blocks",
    function="choose",
    parameters=("bids", "asks", "blocks"),
    example=(([(40, 6), (30, 2)], [(10, 5)], [(20, 4), (25, 4)]), [[True, False], 10.0, 40.0]),
    instances=_clear_hours,
    reference=_choose,
    form=_three_things,
    properties=(_best_selection, _supports, _made_whole),
    mistakes=(
        Mistake(
            "it takes the cheapest blocks first. Two dearer ones may fit better: try every selection.",
            _cheapest_first,
        ),
        Mistake("it cuts a block to fit. A block sells whole or not at all.", _cut),
        Mistake(
            "it rejects a selection in which a block loses. The best trades come first here; losses are made whole.",
            _no_loss,
        ),
        Mistake(
            "its make-whole money counts what rejected blocks miss. That is lost opportunity; only accepted blocks that"
            " lose are made whole.",
            lambda *case: _choose(
                *case, money=lambda a, p, b: _losses(a, p, b) + _losses([not yes for yes in a], p, b, -1)
            ),
        ),
        Mistake(
            "it lets one block's gain pay for another's loss. Make each whole on its own.",
            lambda *case: _choose(*case, money=lambda a, p, b: max(_losses(a, p, b) - _losses(a, p, b, -1), 0)),
        ),
        Mistake(
            "its price is the cost of the dearest accepted block where that is higher. The price must suit the"
            " divisible orders; what a block loses is paid on top.",
            lambda *case: _choose(*case, price=lambda given, dearest: max(_lowest(given), dearest)),
        ),
        Mistake(
            "right, except that of all prices that suit the divisible orders the lowest is asked for, not the highest.",
            lambda *case: _choose(*case, price=lambda given, _: _lowest(given) if given[4] is None else given[4]),
            almost=True,
        ),
    ),
    corners=(
        Corner("when there are no blocks", lambda bids, asks, blocks: not blocks),
        Corner("when nothing is traded", lambda *case: not any(_choose(*case)[0]) and _given([], *case)[2] is None),
        Corner("when no ask sells", lambda *case: _given(_choose(*case)[0], *case)[2] is None),
        Corner("when no bid is left", lambda *case: _given(_choose(*case)[0], *case)[3] is None),
    ),
    forbidden=(day_ahead,),
)

EXERCISES = (WINDOWS, BLOCKS)
