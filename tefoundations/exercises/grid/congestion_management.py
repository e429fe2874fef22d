"""Checks of the chapter on congestion management."""

from math import inf

from tefoundations.exercises.grid.power_flow import transfer_factors
from tefoundations.exercises.kit.forms import is_flag, number, one, several
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.grid import DispatchModel, dc_opf, line_value, redispatch, rights_fit, rights_flow, rights_payout

# congestion_management/relieve


def overload(rng):
    """(excess, down, up): plants before and behind a full line, in whole numbers; a dear one may stand before it."""
    down, up = (
        [(int(rng.integers(*costs)), int(rng.integers(3, 9)) * 5) for _ in range(rng.integers(1, 5))]
        for costs in ((2, 45), (30, 90))
    )
    most = min(sum(mw for _, mw in side) for side in (down, up))
    return (int(rng.integers(1, most + 1)) if rng.random() < 0.9 else 0), down, up


def first_of(blocks, need, order, part):
    """What it costs to take so many MW of blocks (cost, MW), one after the other."""
    money = 0
    for cost, mw in sorted(blocks, key=order):
        used = min(mw, need)
        money, need = money + cost * part(used, mw), need - used
    return money


def relieve(
    excess, down, up, *, dearest_down=lambda block: -block[0], cheapest_up=lambda block: block[0], saves=1,
    part=lambda used, mw: used,
):  # fmt: skip
    more, less = first_of(up, excess, cheapest_up, part), first_of(down, excess, dearest_down, part)
    return more - saves * less


def by_averages(excess, down, up):
    return excess * (sum(c for c, _ in up) / len(up) - sum(c for c, _ in down) / len(down))


RELIEVE = exercise(
    "congestion_management/relieve", relieve,
    example=((30, [(10, 80), (25, 20)], [(30, 15), (40, 50)]), 450.0),
    draw=overload, form=number("one number is asked for, in $/h"),
    mistakes=(
        wrong("it brings the cheapest plant down first. What is not made saves its cost, so the dearest goes first.",
              dearest_down=lambda block: block[0]),
        wrong("it calls the dearest plant up first.", cheapest_up=lambda block: -block[0]),
        wrong("it forgets what is saved where plants make less.", saves=0),
        wrong("it adds what is saved. A plant that makes less pays back its cost.", saves=-1),
        wrong("it moves whole plants. The last one is needed in part.", part=lambda used, mw: mw if used > 0 else 0),
        wrong("it takes the average cost of each side. Not every plant is moved.", by_averages),
        wrong("it takes the plants in the order of the list.", dearest_down=lambda _: 0, cheapest_up=lambda _: 0),
    ),
    corners={"when nothing is too much": lambda excess, *_: excess == 0,
             "when one side is a single plant": lambda excess, down, up: 1 in (len(down), len(up)),
             "when making less saves more than making more costs": lambda *case: relieve(*case) < 0},
    forbids=(redispatch, dc_opf, DispatchModel.solve),
    hints=("The two sides are two tasks: who should make less, who should make more?",
           "Sort each side by cost, and take from the front until enough MW are moved. The last may be needed in part.",
           "What is made costs money, what is no longer made saves money: which sign has each?"),
)  # fmt: skip

# congestion_management/rights

NEAR = 0.5  # MW that a flow stays away from its limit: whether rights fit must not hang on rounding


def auction(rng):
    """(factors, limits, sold, prices): a triangle of two digits; rights that about fill it."""
    ends = ((0, 1), (0, 2), (1, 2))
    while True:
        lines = [(*each, int(rng.integers(1, 7))) for each in ends]
        factors = (transfer_factors(3, lines, 0).round(2) + 0.0).tolist()
        sold = []
        for _ in range(rng.integers(1, 5)):
            a, b = (int(bus) for bus in rng.permutation(3)[:2])
            sold.append((a, b, int(rng.integers(1, 13)) * 10))
        flows = loads(factors, sold)
        tight = rng.uniform(0.8, 1.6, 3)
        limits = [max(round(abs(flow) * t), 8) for flow, t in zip(map(sum, flows), tight)]
        if all(abs(abs(sum(flow)) - limit) > NEAR for flow, limit in zip(flows, limits)):
            return factors, limits, sold, [int(p) for p in rng.integers(5, 31, 3)]


def loads(factors, sold):
    """What each right drives through each line: a list for each line."""
    return [[(row[a] - row[b]) * mw for a, b, mw in sold] for row in factors]


def both_ways(flow, limit):
    return abs(sum(flow)) <= limit + 1e-9


def each_alone(flow, limit):
    return all(abs(part) <= limit + 1e-9 for part in flow)


def as_options(flow, limit):
    ways = sum(part for part in flow if part > 0), -sum(part for part in flow if part < 0)
    return max(ways) <= limit + 1e-9


def forward_only(flow, limit):
    return sum(flow) <= limit + 1e-9


def no_map(factors, limits, sold, prices):
    return [all(mw <= min(limits) for *_, mw in sold), rights(factors, limits, sold, prices)[1]]


def rights(
    factors, limits, sold, prices, *, holds=both_ways, pays=lambda a, b: b - a, owed=lambda each: each, used=lambda row: row,
):  # fmt: skip
    flows = loads([used(row) for row in factors], sold)
    fits = all(holds(flow, limit) for flow, limit in zip(flows, limits))
    return [fits, sum(owed(mw * pays(prices[a], prices[b])) for a, b, mw in sold)]


RIGHTS = exercise(
    "congestion_management/rights", rights,
    example=(([[0, -0.5, -0.3], [0, -0.5, -0.7], [0, 0.5, -0.3]], [45, 100, 100], [(0, 1, 100), (1, 2, 30)], [9, 19, 15]),
             [True, 880.0]),
    draw=auction,
    form=several("two things are asked for, (fits, paid): True or False, and $/h",
                 one(is_flag, "fits must be True or False"), number("paid must be one number, in $/h")),
    mistakes=(
        wrong("it pays the price where a right begins less that where it ends. It is the other way round.",
              pays=lambda a, b: a - b),
        wrong("it tests the rights one by one. They must fit all at once.", holds=each_alone),
        wrong("it does not let rights in opposite directions cancel. Their holders must use them, so each makes room for the"
              " other.", holds=as_options),
        wrong("it compares MW of rights with limits of lines. Only a part of each right flows on a line: its factors say"
              " which.", no_map),
        wrong("it never pays less than nothing for a right. A right is an obligation here: where its end is cheaper than its"
              " beginning, the holder pays.", owed=lambda each: max(each, 0)),
        almost("right, except for lines that would be overloaded against their direction. The limit holds both ways.",
               holds=forward_only),
    ),
    corners={"when the rights do not fit": lambda *case: not rights(*case)[0],
             "when a right is worth less than nothing":
                 lambda f, limits, sold, prices: any(prices[b] < prices[a] for a, b, _ in sold),
             "when only a flow against the direction is too large": lambda factors, limits, sold, prices:
                 rights(factors, limits, sold, prices, holds=forward_only)[0]
                 != rights(factors, limits, sold, prices)[0],
             "when there is one right": lambda f, limits, sold, prices: len(sold) == 1},
    forbids=(rights_fit, rights_flow, rights_payout),
    hints=("Take one line and one right. Which part of its MW flows on the line? Put in at its beginning, out at its end.",
           "Add that up over all rights, with its sign, before you compare with the limit.",
           "What is a right paid? The price at its end less that at its beginning, for each MW."),
)  # fmt: skip

# congestion_management/widen


def year(rng):
    """(hours, worth, fall, more): in few digits; a kind of hour may have room, or a worth that does not fall."""
    kinds = int(rng.integers(1, 5))
    worth = [0 if rng.random() < 0.15 else int(rng.integers(4, 41)) for _ in range(kinds)]
    fall = [0 if rng.random() < 0.15 else int(rng.integers(1, 9)) / 4 for _ in range(kinds)]
    return (rng.integers(2, 41, kinds) * 100).tolist(), worth, fall, int(rng.integers(5, 61))


def trapezium(worth, fall, more):
    """Area under a worth that falls in a straight line and not below 0, over the first `more` MW."""
    far = min(more, worth / fall if fall else inf)
    return worth * far - fall * far**2 / 2


def widen(hours, worth, fall, more, *, saves=trapezium, counted=lambda each: each):
    return sum(counted(h) * saves(w, f, more) for h, w, f in zip(hours, worth, fall))


WIDEN = exercise(
    "congestion_management/widen", widen,
    example=(([3000, 5760], [20, 5], [0.5, 0.5], 30), 1_269_000.0),
    draw=year, form=number("one number is asked for, in $"),
    mistakes=(
        wrong("it takes the worth of the next megawatt for all of them. Each further one is worth less.",
              saves=lambda worth, fall, more: worth * more),
        wrong("it takes half of the rectangle, as if the worth fell to zero just at the last megawatt. Some may be left, or"
              " it may be zero earlier.", saves=lambda worth, fall, more: worth * more / 2),
        wrong("it takes the worth that is left after all megawatts for each of them.",
              saves=lambda worth, fall, more: max(worth - fall * more, 0) * more),
        wrong("it forgets that each kind of hour comes many times.", counted=lambda _: 1),
        almost("right, except where the line becomes free before the last megawatt: from there on more of it is worth"
               " nothing, and not less than nothing.", saves=lambda worth, fall, more: worth * more - fall * more**2 / 2),
    ),
    corners={"when the line becomes free before the last megawatt":
                 lambda h, worth, fall, more: any(w and w < f * more for w, f in zip(worth, fall)),
             "when the line has room from the start": lambda h, worth, *_: 0 in worth,
             "when the worth does not fall": lambda h, worth, fall, more: any(w and not f for w, f in zip(worth, fall))},
    forbids=(line_value, dc_opf, DispatchModel.solve),
    hints=("Draw the worth over the MW added, for one kind of hour. What is the area under it?",
           "Where does the straight line meet zero? Beyond that nothing is saved.",
           "Of `far` MW that still save something: their first worth times `far`, less a triangle."),
)  # fmt: skip

# congestion_management/wires_or_not


def offers(rng):
    """(relief, offers): two to five (price, effect, MW); now and then one that does nothing for the line, or loads it."""
    found = [(int(rng.integers(10, 61)), int(rng.integers(3, 17)) / 20, int(rng.integers(2, 9)) * 5)
             for _ in range(rng.integers(2, 6))]  # fmt: skip
    relief = max(round(sum(effect * mw for _, effect, mw in found) * rng.uniform(0.25, 0.9)), 1)
    if rng.random() < 0.3:
        found.insert(int(rng.integers(len(found) + 1)), (int(rng.integers(10, 61)), -int(rng.integers(0, 7)) / 20, 10))
    return (relief if rng.random() < 0.93 else 0), found


def wires_or_not(
    relief, offers, *, order=lambda price, effect: price / effect, helps=lambda effect: effect > 0,
    gives=lambda effect, mw: effect * mw, part=lambda share: share,
):  # fmt: skip
    money, need = 0, relief
    for price, effect, mw in sorted((o for o in offers if helps(o[1])), key=lambda o: order(*o[:2])):
        if need <= 0:
            break
        taken = part(min(need / gives(effect, mw), 1)) if gives(effect, mw) > 0 else 1
        money, need = money + price * mw * taken, need - gives(effect, mw) * taken
    return money


WIRES_OR_NOT = exercise(
    "congestion_management/wires_or_not", wires_or_not,
    example=((7, [(24, 0.6, 10), (15, 0.3, 20), (36, 0.8, 5)]), 285.0),
    draw=offers, form=number("one number is asked for, in $"),
    mistakes=(
        wrong("it takes the offers by their price. What counts is the price of a MW of relief.",
              order=lambda price, effect: price),
        wrong("it takes the most effective offers first, whatever they cost.", order=lambda price, effect: -effect),
        wrong("it counts the MW of the offers as relief. Only the effect of each is taken off the line.",
              gives=lambda effect, mw: mw),
        wrong("it multiplies price and effect. A larger effect makes a MW of relief cheaper.",
              order=lambda price, effect: price * effect),
        wrong("it takes the last offer whole. It may be taken in part.", part=lambda _: 1),
        almost("right, except where an offer does nothing for the line, or loads it: such an offer is never taken.",
               order=lambda price, effect: price / effect if effect else 0, helps=lambda _: True),
    ),
    corners={"when no relief is needed": lambda relief, _: relief == 0,
             "when an offer does not relieve the line": lambda relief, offers: any(effect <= 0 for _, effect, _ in offers),
             "when one offer is enough": lambda relief, offers: 0 < relief <= max(e * mw for _, e, mw in offers)},
    forbids=(dc_opf, DispatchModel.solve),
    hints=("What does each offer cost for one MW that is taken off the line?",
           "Sort by that, leave out what does not relieve the line, and take from the front until the relief is reached.",
           "The last offer is needed in part: how many of its MW give what is still missing?"),
)  # fmt: skip

EXERCISES = (RELIEVE, RIGHTS, WIDEN, WIRES_OR_NOT)
