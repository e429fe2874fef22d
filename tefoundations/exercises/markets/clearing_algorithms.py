"""Checks of the chapter on clearing algorithms."""

from itertools import product

from tefoundations.exercises.kit.forms import each, is_flag, number, numbers, several
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.markets.orders import kwh_by_price
from tefoundations.market import day_ahead, serve_by_merit

SLACK = 1e-9  # kWh and ct: quantities and prices this near are the same

# clearing_algorithms/windows


def hours(rng):
    """(capacity, orders): whole kWh an hour, and orders (price, energy, first, last), some of which must make way."""
    n, tied = int(rng.integers(1, 5)), rng.random() < 0.25
    firsts = rng.integers(n, size=rng.integers(2, 7) if rng.random() > 0.06 else 0)
    windows = [(int(first), int(rng.integers(first, n))) for first in firsts]
    prices = rng.choice([15, 20], len(firsts)) if tied else rng.permutation(range(4, 40))
    orders = [(int(price), int(rng.integers(1, 4)), *window) for price, window in zip(prices, windows)]
    return [int(kwh) for kwh in rng.integers(0, 5, n)], orders


def chain(rng):
    """The last by merit fits only if the first moves, and this one only if the second moves too."""
    prices, kwh = sorted(rng.permutation(range(4, 40))[:3].tolist(), reverse=True), int(rng.integers(1, 4))
    orders = [(price, kwh, *window) for price, window in zip(prices, [(0, 1), (1, 2), (0, 0)])]
    return [kwh] * 3, [orders[i] for i in rng.permutation(3)]


def serve(capacity, orders, *, rank=lambda row, price: -price, moved=99, last=lambda last: last):
    """Kilowatt-hours one by one, each in a slot of an hour; for one kWh at most `moved` others make way."""
    slots = [(hour, kwh) for hour, number in enumerate(capacity) for kwh in range(number)]
    place = {}

    def find(row, tried, moved):
        mine = [slot for slot in slots if orders[row][2] <= slot[0] <= last(orders[row][3])]
        for slot in sorted(mine, key=lambda slot: slot in place):
            if slot in place and (not moved or slot in tried):
                continue
            tried.add(slot)
            if slot not in place or find(place[slot], tried, moved - 1):
                place[slot] = row
                return True
        return False

    for row in sorted(range(len(orders)), key=lambda row: rank(row, orders[row][0])):
        for _ in range(orders[row][1]):
            find(row, set(), moved)
    return [sum(other == row for other in place.values()) for row in range(len(orders))]


def within(answer, capacity, orders):
    for row, (served, (_, energy, *_)) in enumerate(zip(answer, orders)):
        if not -SLACK <= served <= energy + SLACK:
            return f"it gives the order in position {row} (from 0) {served:g} of the {energy} kWh it wants"
    return None


def deliverable(answer, capacity, orders):
    for first, last in product(range(len(capacity)), repeat=2):
        inside = sum(kwh for kwh, order in zip(answer, orders) if first <= order[2] and order[3] <= last)
        most = sum(capacity[first : last + 1])
        if inside > most + SLACK:
            when = f"hour {first} has" if first == last else f"hours {first} to {last} have"
            return f"orders that can run at no other time get {inside:g} kWh, but {when} {most}"
    return None


def by_merit(answer, capacity, orders):
    best = serve(capacity, orders)
    for row in sorted(range(len(orders)), key=lambda row: -orders[row][0]):
        if answer[row] < best[row] - SLACK:
            worth, most = (sum(kwh * order[0] for kwh, order in zip(each, orders)) for each in (answer, best))
            return (
                f"it gives the order in position {row} (from 0) {answer[row]:g} kWh, and {best[row]:g} are possible"
                f" without taking any from orders that go first; what it serves is worth {worth:g} ct, of {most:g} possible"
            )
    return None


WINDOWS = exercise(
    "clearing_algorithms/windows", serve,
    example=(([2, 1], [(20, 2, 0, 0), (30, 2, 0, 1), (10, 1, 1, 1)]), [1.0, 2.0, 0.0]),
    draw=hours, also=(chain, chain),
    form=numbers(lambda capacity, orders: len(orders),
                 "a list of one number for each order is asked for, here {n}, in the order given"),
    properties=(within, deliverable, by_merit),
    mistakes=(
        wrong("it never moves an earlier order. A latecomer that finds its hours full may push others into other hours of"
              " their windows.", moved=0),
        wrong("it moves one order and gives up. Whoever is pushed aside may have to push aside another.", moved=1),
        wrong("it serves the orders as they come. The dearest go first.", rank=lambda row, price: row),
        wrong("it ignores the end of the window: after its last hour an order cannot be served.", last=lambda last: 99),
        wrong("it stops before the last hour of the window. That hour belongs to it: range(first, last + 1).",
              last=lambda last: last - 1),
        almost("right, except in ties: of two orders at one price the earlier in the list goes first.",
               rank=lambda row, price: (-price, -row)),
    ),
    corners={"when there are no orders": lambda capacity, orders: not orders,
             "when an hour has nothing to give": lambda capacity, orders: 0 in capacity,
             "when two orders have the same price": lambda _, orders: len({order[0] for order in orders}) < len(orders)},
    forbids=(serve_by_merit, day_ahead),
    hints=("Serve kWh by kWh, the dearest order first, and keep a list of who has each kWh of each hour.",
           "Finds a kWh its hours full? Try each kWh there: could the order that has it go elsewhere in its own window?",
           "A function that finds room for one kWh may call itself for the one it pushes aside; remember what was tried."),
)  # fmt: skip

# clearing_algorithms/blocks


def orders_of(rng, prices, most):
    return [(int(price), int(rng.integers(1, most))) for price in prices]


def any_hour(rng):
    """(bids, asks, blocks) of one hour, as lists of (price, quantity) in whole kWh; now and then without trade or blocks."""
    low, high = (2, 8) if rng.random() < 0.15 else (15, 45)
    bids, asks = rng.integers(low, high, rng.integers(1, 4)), rng.integers(3, 25, rng.integers(4))
    blocks = rng.integers(5, 32, rng.integers(1, 5) * (rng.random() > 0.07))
    return orders_of(rng, bids, 7), orders_of(rng, asks, 6), orders_of(rng, blocks, 7)


def two_for_one(rng):
    """A large block is cheapest and keeps out two smaller ones, which together serve more."""
    small, price, value = (int(x) for x in rng.integers([3, 5, 30], [5, 12, 45]))
    blocks = [(price, int(rng.integers(small + 2, 2 * small + 1))), (price + 1, small), (price + 2, small)]
    rest = orders_of(rng, rng.integers(value - 10, value, rng.integers(3)), 4)
    return [(value, 2 * small + 1)], rest, [blocks[i] for i in rng.permutation(3)]


def bid_left(rng):
    """Ask and block serve the first bid to the last kWh: the second bid names the lowest price."""
    value, left, ask, cost, mine, theirs = (int(x) for x in rng.integers([30, 15, 3, 3, 1, 1], [45, 30, 15, 15, 5, 6]))
    return [(value, mine + theirs), (left, 2)], [(ask, mine)], [(cost, theirs)]


def only_clear(draw):
    """Only cases with one best selection, and an order that names its lowest price."""

    def drawn(rng):
        while True:
            case = draw(rng)
            (best, accepted), *others = selections(*case)
            if given(accepted, *case)[2:4] != (None, None) and not (others and others[0][0] == best):
                return case

    return drawn


def given(accepted, bids, asks, blocks):
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


def lowest(found, *_):
    return max((price for price in found[2:4] if price is not None), default=0)


def selections(bids, asks, blocks):
    """(welfare, selection) of every selection that finds buyers, the best first."""
    tried = [(given(each, bids, asks, blocks), each) for each in product((False, True), repeat=len(blocks))]
    return sorted(((found[0], accepted) for found, accepted in tried if not found[1]), key=lambda each: -each[0])


def losses(accepted, price, blocks, sign=1):
    """What the accepted blocks that lose at a price lose; with sign -1, what those that gain gain."""
    return sum(max(sign * (ask - price), 0) * quantity for (ask, quantity), yes in zip(blocks, accepted) if yes)


def choose(bids, asks, blocks, *, select=lambda *case: selections(*case)[0][1], price=lowest, money=losses):
    """`price` of `given` and the dearest accepted block."""
    accepted = select(bids, asks, blocks)
    dearest = max((ask for (ask, _), yes in zip(blocks, accepted) if yes), default=0)
    paid = price(given(accepted, bids, asks, blocks), dearest)
    return [list(accepted), paid, money(accepted, paid, blocks)]


def cheapest_first(bids, asks, blocks):
    accepted, best = [False] * len(blocks), given([], bids, asks, [])[0]
    for i in sorted(range(len(blocks)), key=lambda i: blocks[i][0]):
        accepted[i] = True
        welfare, unwanted, *_ = given(accepted, bids, asks, blocks)
        accepted[i] = welfare > best and not unwanted
        best = welfare if accepted[i] else best
    return accepted


def without_losses(*case):
    found = (accepted for _, accepted in selections(*case))
    return next(each for each in found if not choose(*case, select=lambda *_, each=each: each)[2])


def best_selection(answer, *case):
    welfare, unwanted, *_ = given(answer[0], *case)
    if unwanted:
        return f"the blocks that it accepts sell {unwanted} kWh more than all bids want"
    best, selection = selections(*case)[0]
    if welfare < best:
        return f"what it accepts, {answer[0]}, is worth {welfare:g} ct in all; {list(selection)} is worth {best:g}"
    return None


def supports(answer, *case):
    _, _, dearest, left, most = found = given(answer[0], *case)
    if dearest is not None and answer[1] < dearest - SLACK:
        return f"at its price of {answer[1]:g} the ask at {dearest:g}, which sells, loses"
    if left is not None and answer[1] < left - SLACK:
        return f"at its price of {answer[1]:g} the bid at {left:g} would buy more than it gets"
    if most is not None and answer[1] > most + SLACK:
        return f"its price is {answer[1]:g}. Above {most:g} a bid would rather buy less, or an ask sell more"
    if answer[1] > lowest(found) + SLACK:
        return f"its price of {answer[1]:g} suits the divisible orders, but the lowest that does is {lowest(found):g}"
    return None


def made_whole(answer, bids, asks, blocks):
    needed = losses(answer[0], answer[1], blocks)
    if abs(answer[2] - needed) > SLACK * max(1, needed):
        return f"at {answer[1]:g} the accepted blocks that lose need {needed:g} ct, and make_whole is {answer[2]:g}"
    return None


BLOCKS = exercise(
    "clearing_algorithms/blocks", choose,
    example=(([(40, 6), (30, 2)], [(10, 5)], [(20, 4), (25, 4)]), [[True, False], 10.0, 40.0]),
    draw=only_clear(any_hour), also=tuple(map(only_clear, (two_for_one, bid_left))),
    form=several("three things are asked for, (accepted, price, make_whole)",
                 each(is_flag, lambda b, a, blocks: len(blocks),
                      "accepted must be a list of True or False for each block, here {n}"), number(), number()),
    properties=(best_selection, supports, made_whole),
    mistakes=(
        wrong("it takes the cheapest blocks first. Two dearer ones may fit better: try every selection.",
              select=cheapest_first),
        wrong("it rejects a selection in which a block loses. The best trades come first here; losses are made whole.",
              select=without_losses),
        wrong("its make-whole money counts what rejected blocks miss. That is lost opportunity; only accepted blocks that"
              " lose are made whole.", money=lambda a, p, b: losses(a, p, b) + losses([not yes for yes in a], p, b, -1)),
        wrong("its price is the cost of the dearest accepted block where that is higher. The price must suit the divisible"
              " orders; what a block loses is paid on top.", price=lambda found, dearest: max(lowest(found), dearest)),
        wrong("its price looks at the asks that sell alone. A bid that gets less than it wants bounds the price, too.",
              price=lambda found, _: lowest(found) if found[2] is None else found[2]),
        almost("right, except that of all prices that suit the divisible orders the lowest is asked for, not the highest.",
               price=lambda found, _: lowest(found) if found[4] is None else found[4]),
    ),
    corners={"when there are no blocks": lambda bids, asks, blocks: not blocks,
             "when nothing is traded": lambda *case: not any(choose(*case)[0]) and given([], *case)[2] is None,
             "when no ask sells": lambda *case: given(choose(*case)[0], *case)[2] is None,
             "when no bid is left": lambda *case: given(choose(*case)[0], *case)[3] is None},
    forbids=(day_ahead,),
    hints=("There are few blocks: try every selection. An accepted block sells at any price, like an ask at minus infinity.",
           "The lowest price is the dearest ask that sells, or the best bid that gets no more, whichever is higher.",
           "Which accepted blocks ask for more than this price? Each is paid what it lacks, on all its kWh."),
)  # fmt: skip

EXERCISES = (WINDOWS, BLOCKS)
