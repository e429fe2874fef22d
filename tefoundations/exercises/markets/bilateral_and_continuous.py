"""Checks of the chapter on bilateral and continuous trade."""

from operator import ge, gt

from tefoundations.exercises.kit.forms import each, number, one
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import is_number
from tefoundations.exercises.markets.pairings import (
    all_must,
    best_pairs,
    by_price,
    dearest_first,
    one_after_the_other,
    shared,
)
from tefoundations.market import Exchange, batched, bilateral, by_messages, continuous, lp_clearing, match_events
from tefoundations.market.crossing import cross

CAME = [("sell", 9, 1), ("buy", 12, 1), ("sell", 5, 1), ("buy", 8, 1), ("buy", 10, 1), ("sell", 7, 1)]
ENGINES = (Exchange.submit, match_events, continuous, batched)


def stream(rng):
    """(side, price, kWh) as they come; prices are few, so that several wait at one price, of unequal size."""
    low, high = ((5, 13), (8, 11), (-3, 4))[int(rng.choice(3, p=(0.5, 0.35, 0.15)))]
    rows = [(("buy", "sell")[rng.integers(2)], int(rng.integers(low, high)), int(rng.integers(1, 5))) for _ in range(9)]
    return rows[: int(rng.integers(2, 10))]


# bilateral_and_continuous/match


def best_price(row, buys):
    return row[1] if buys else -row[1]


def match(
    orders, *, first=lambda row, buys: (best_price(row, buys), row[0]), price=lambda waited, came: waited,
    drops=False, meets=ge, keeps=True,
):  # fmt: skip
    """Trades as [order that waited, order that came, price, kWh]; a row that waits is [position, price, kWh, side]."""
    waits, made = [], []
    for now, (side, limit, left) in enumerate(orders):
        buys = side == "buy"
        while left:
            rivals = [row for row in waits if row[3] != side and (meets(limit, row[1]) if buys else meets(row[1], limit))]
            if not rivals:
                break
            row = min(rivals, key=lambda row: first(row, buys))
            amount = min(left, row[2])
            made.append([row[0], now, price(row[1], limit), amount])
            left, row[2] = left - amount, row[2] - amount
            if not row[2] or drops:
                waits.remove(row)
            if not keeps:
                break
        if left and (keeps or not made or made[-1][1] != now):
            waits.append([now, limit, left, side])
    return made


def are_trades(answer):
    return isinstance(answer, list) and all(
        isinstance(row, list) and list(map(is_number, row)) == [True] * 4 for row in answer
    )


def trades_of(answer, orders):
    """What is wrong with a list of trades, whatever the rule."""
    left = [quantity for *_, quantity in orders]
    for row in answer:
        waited, came, _, kwh = row
        if not (0 <= waited < came < len(orders)):
            return (
                f"it has a trade of orders {waited:g} and {came:g}: first the one that waited, then the one that came later"
            )
        if orders[int(waited)][0] == orders[int(came)][0]:
            return f"it lets orders {waited:g} and {came:g} trade, which are on one side"
        for order in (int(waited), int(came)):
            left[order] -= kwh
            if left[order] < 0:
                return f"order {order} trades more than its {orders[order][2]} kWh"
    return None


def two_wait(orders):
    """Whether a trade had to choose between two that wait at one price."""
    made = match(orders)
    latest = match(orders, first=lambda row, buys: (best_price(row, buys), -row[0]))
    return made != latest


MATCH = exercise(
    "bilateral_and_continuous/match", match,
    example=((CAME,), [[0.0, 1.0, 9.0, 1.0], [2.0, 3.0, 5.0, 1.0], [4.0, 5.0, 10.0, 1.0]]),
    draw=lambda rng: (stream(rng),), also=(lambda rng: ([],),),
    form=one(are_trades, "a list of trades is asked for, each (waited, came, price, kWh)"),
    properties=(trades_of,),
    mistakes=(
        wrong("it trades at the price of the order that came. The one that waited named its price first.",
              price=lambda waited, came: came),
        wrong("it trades halfway between the two prices. The price is that of the order that waited.",
              price=lambda waited, came: (waited + came) / 2),
        wrong("it serves whoever waited longest, whatever the price. The best price goes first, time decides among equals.",
              first=lambda row, buys: row[0]),
        wrong("it serves the largest order at a price first. Among equal prices time decides, not size.",
              first=lambda row, buys: (best_price(row, buys), -row[2], row[0])),
        wrong("it takes an order that traded in part off the book. What is left of it goes on waiting, in its old place.",
              drops=True),
        wrong("it lets an order that comes trade once only. As long as something is left, it meets the next best.",
              keeps=False),
        almost("right, except among equal prices: the one that has waited longest goes first.",
               first=lambda row, buys: (best_price(row, buys), -row[0])),
        almost("right, except that a bid equal to an ask trades too.", meets=gt),
    ),
    corners={"when nothing trades": lambda orders: not match(orders),
             "when two wait at one price": two_wait,
             "when prices are below zero": lambda orders: min((price for _, price, _ in orders), default=0) < 0,
             "when an order meets several": lambda orders: len({row[1] for row in match(orders)}) < len(match(orders)),
             "when a bid equals an ask": lambda orders: match(orders) != match(orders, meets=gt)},
    forbids=ENGINES,
    hints=("Keep a list of what waits, each with its position, side, price and what is left.",
           "For an order that comes, look among those of the other side for the best price; of several take the earliest.",
           "Trade the smaller of the two quantities, and look again as long as something is left and somebody meets it."),
)  # fmt: skip

# bilateral_and_continuous/calls


def cleared(waits, meets=ge):
    """The most that those who wait can gain, and who is left."""
    bids = sorted((row for row in waits if row[0] == "buy"), key=lambda row: -row[1])
    asks = sorted((row for row in waits if row[0] == "sell"), key=lambda row: row[1])
    bids, asks = ([list(row) for row in side] for side in (bids, asks))
    kwh = gain = 0
    while bids and asks and meets(bids[0][1], asks[0][1]):
        amount = min(bids[0][2], asks[0][2])
        kwh, gain = kwh + amount, gain + amount * (bids[0][1] - asks[0][1])
        for side in (bids, asks):
            side[0][2] -= amount
            if not side[0][2]:
                side.pop(0)
    return kwh, gain, [tuple(row) for row in bids + asks]


def in_batches(rows, size):
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def calls(orders, size, *, carries=lambda left, batch: left, last=True, cut=in_batches, meets=ge):
    """[kWh, gain] of a call after every `size` orders."""
    total, waits = [0, 0], []
    for batch in cut(orders, size):
        if len(batch) < size and not last:
            continue
        kwh, gain, left = cleared([*waits, *batch], meets)
        total, waits = [total[0] + kwh, total[1] + gain], carries(left, batch)
    return total


def batch_case(rng):
    return stream(rng), int(rng.integers(1, 6))


CALLS = exercise(
    "bilateral_and_continuous/calls", calls,
    example=((CAME, 3), [2.0, 10.0]), draw=batch_case, also=(lambda rng: ([], 2),),
    form=each(is_number, 2, "two numbers are asked for, (kWh, gain)"),
    mistakes=(
        wrong("it forgets after each call what was left. Orders that did not trade wait for the next call.",
              carries=lambda left, batch: []),
        wrong("it drops the orders after the last full batch. The last call has fewer orders.", last=False),
        wrong("it clears all orders in one call, whatever the size.", cut=lambda rows, size: [rows]),
        wrong("it trades each order as it comes. Wait for the call, and let the best bids meet the best asks.",
              cut=lambda rows, size: [[row] for row in rows]),
        wrong("it gives the gain first. First the energy, then the gain.", lambda *case: calls(*case)[::-1]),
        wrong("it keeps whole orders that traded in part. Only what is left of them waits for the next call.",
              lambda orders, size: whole_again(orders, size)),
        almost("right, except that a bid equal to an ask trades too.", meets=gt),
    ),
    corners={"when nothing trades": lambda *case: not calls(*case)[0],
             "when the last batch is shorter": lambda orders, size: len(orders) > size and len(orders) % size != 0,
             "when a bid equals an ask in a call": lambda *case: calls(*case) != calls(*case, meets=gt),
             "when a call is larger than the market": lambda orders, size: 0 < len(orders) < size,
             "when an order of an earlier batch trades later":
                 lambda *case: calls(*case) != calls(*case, carries=lambda left, batch: [])},
    forbids=(*ENGINES, cross, lp_clearing),
    hints=("Keep a list of orders that wait. After every `size` orders sort its bids and its asks, and let them meet.",
           "What is left of an order stays in the list, with what is left of it.",
           "After the last order there is one more call, if the batch is not full."),
)  # fmt: skip


def whole_again(orders, size):
    """Orders that traded in part wait with all that they had at first."""
    total, waits = [0, 0], []
    for start in range(0, len(orders), size):
        there = [*waits, *orders[start : start + size]]
        kwh, gain, left = cleared(there)
        total = [total[0] + kwh, total[1] + gain]
        full, waits = sorted(there, key=lambda row: row[:2]), []
        for row in sorted(left, key=lambda row: row[:2]):
            same = next(one for one in full if one[:2] == row[:2] and one[2] >= row[2])
            full.remove(same)
            waits.append(same)
    return total


# bilateral_and_continuous/best_pairs


def pair_case(rng):
    n, m = (int(x) for x in rng.integers(1, 5, 2))
    dear = rng.random() < 0.2
    values, costs = rng.integers(8, 22, n), rng.integers(6, 26, m) if dear else rng.integers(2, 18, m)
    fees = rng.integers(0, 9, (n, m)) * (rng.random() > 0.1)
    return values.tolist(), costs.tolist(), fees.tolist()


PAIRS = exercise(
    "bilateral_and_continuous/best_pairs", best_pairs,
    example=(([12, 10, 8], [5, 7, 9], [[3, 0, 3], [0, 3, 0], [3, 0, 3]]), 10.0),
    draw=pair_case, form=number("one number is asked for, in ct"),
    mistakes=(
        wrong("it pairs by price, the best bid with the best ask. With fees another pairing may leave more.", by_price),
        wrong("it leaves the fees out.", lambda *case: by_price(*case, counts=False)),
        wrong("it takes the pair with the largest gain, then the next of those left. A large gain can stand in the way of"
              " two that are larger together.", dearest_first),
        wrong("it lets the buyers choose one after the other. The first may take the seller whom another needs more.",
              one_after_the_other),
        wrong("it lets several buyers have the same seller. Each has one kWh.", shared),
        wrong("it makes pairs that lose. Who gains nothing stays alone.", all_must),
    ),
    corners={"when no pair gains": lambda *case: best_pairs(*case) == 0,
             "when there are more buyers than sellers": lambda values, costs, fees: len(values) > len(costs),
             "when there are more sellers than buyers": lambda values, costs, fees: len(values) < len(costs),
             "when there are no fees": lambda values, costs, fees: not any(map(any, fees))},
    forbids=(bilateral, by_messages),
    hints=("Write down the gain of each pair: value less cost less fee.",
           "With four of a side all pairings can be tried; itertools.permutations lists them.",
           "A buyer may also stay alone: give the sellers as many empty places as there are buyers."),
)  # fmt: skip

# bilateral_and_continuous/half_spread


def half_spread(jumps, shares, investors, *, lost=lambda jump, h: max(abs(jump) - h, 0)):
    """h at which `investors` times h are the mean loss by a jump."""
    low, high = 0.0, max(map(abs, jumps))
    while high - low > 1e-12 * max(high, 1):
        h = (low + high) / 2
        pays = investors * h < sum(share * lost(jump, h) for jump, share in zip(jumps, shares))
        low, high = (h, high) if pays else (low, h)
    return (low + high) / 2


def mean_size(jumps, shares):
    return sum(share * abs(jump) for jump, share in zip(jumps, shares))


def news(rng):
    count = int(rng.integers(1, 4))
    jumps = [int(x) * (1 if rng.random() < 0.6 else -1) for x in rng.choice((1, 2, 4, 6, 10, 15, 20), count, replace=False)]
    weights = rng.multinomial(7, [1 / count] * count) + 1
    return jumps, [float(w) / float(weights.sum()) for w in weights], int(rng.integers(1, 7))


SPREAD = exercise(
    "bilateral_and_continuous/half_spread", half_spread,
    example=(([10], [1.0], 4), 2.0), draw=news, also=(lambda rng: ([-12], [1.0], int(rng.integers(1, 5))),),
    form=one(is_number, "one number is asked for, h in ct"),
    mistakes=(
        wrong("it counts a jump smaller than h as a gain of the owner. Nobody takes an offer that is not stale enough: the"
              " loss is then 0.", lambda jumps, shares, n: mean_size(jumps, shares) / (n + 1)),
        wrong("it lets the owner lose the whole jump. The fast one pays the offered price, so the loss is the jump less h.",
              lambda jumps, shares, n: mean_size(jumps, shares) / n),
        wrong("it counts only jumps up. News that are bad make the offer to buy stale.",
              lost=lambda jump, h: max(jump - h, 0)),
        wrong("it takes the largest jump as if it came each time. Weigh the losses with their shares.",
              lambda jumps, shares, n: max(map(abs, jumps)) / (n + 1)),
        wrong("it weighs all jumps alike. Each has its share.",
              lambda jumps, shares, n: half_spread(jumps, [1 / len(jumps)] * len(jumps), n)),
        wrong("it lets one investor pay for each jump, whatever their number.",
              lambda jumps, shares, n: half_spread(jumps, shares, 1)),
    ),
    corners={"when some jumps are smaller than h":
                 lambda jumps, shares, n: min(map(abs, jumps)) < half_spread(jumps, shares, n),
             "when all news are bad": lambda jumps, shares, n: max(jumps) < 0,
             "when there is one investor for each jump": lambda jumps, shares, n: n == 1},
    hints=("Write the loss by one jump as a function of h: it is |J| - h, or 0 if that is below 0.",
           "What investors pay rises with h, the mean loss falls: they cross once.",
           "Halve the stretch between 0 and the largest jump until it is short enough."),
)  # fmt: skip

EXERCISES = (MATCH, CALLS, PAIRS, SPREAD)
