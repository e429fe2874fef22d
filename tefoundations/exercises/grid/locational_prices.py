"""Checks of the chapter on locational prices."""

from math import inf

from tefoundations.exercises.grid.power_flow import transfer_factors
from tefoundations.exercises.kit.forms import numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import are_numbers, close, is_number
from tefoundations.grid import Dispatch, DispatchModel, dc_opf, dc_opf_series

# locational_prices/parting


def triangle(rng):
    """(reactances, supply, demand, limit): shares and megawatts in few digits; b may be 0, trade nothing."""
    total = int(rng.choice([40, 50, 100]))
    x12, x13 = (int(x) for x in rng.integers([total // 10, total // 8], [6 * total // 10, 3 * total // 10]))
    a, trade, d = int(rng.integers(2, 20)), 20 * int(rng.integers(2, 10)), int(rng.integers(1, 9)) / 20
    b = int(rng.integers(1, 6)) / 20 if rng.random() < 0.9 else 0
    full = round((total - x12) / total * trade, 6)
    limits = max(round(full * int(rng.integers(2, 9)) / 10), 1), int(full) + int(rng.integers(1, 40)), full
    worth = round(a + trade * (b + d), 6) if rng.random() < 0.9 else a - int(rng.integers(0, 3))
    reactances = [x12 / 100, x13 / 100, (total - x12 - x13) / 100]
    return reactances, (a, b), (worth, d), limits[rng.choice(3, p=[0.7, 0.15, 0.15])]


def parting(
    reactances, supply, demand, limit, *, share=lambda x12, x13, x23: (x13 + x23) / (x12 + x13 + x23), least=(0, 0),
    most=lambda limit, part: limit / part, trade=min, third=lambda x12, x13, x23: x13 / (x13 + x23), toward=1,
):  # fmt: skip
    """Line 1-2 carries a `share` of the trade; bus 3 lies a `third` of the way from the price of bus 1 to that of bus 2.

    Free trade and gap are cut at `least`; `trade` is of the free one and the `most`.
    """
    (a, b), (c, d) = supply, demand
    part, slope = share(*reactances), b + d
    free = max((c - a) / slope, least[0])
    gap = toward * max(c - a - slope * trade(free, most(limit, part)), least[1])
    return [part * free, gap, gap * third(*reactances)]


def one_or_several(answer, reactances, supply, demand, limit):
    """What an answer says of the moment and of the prices must belong together."""
    parts_at, *gaps = answer
    apart, room = not close(gaps, [0.0, 0.0]), limit > parts_at or close(float(limit), parts_at)
    if apart and room:
        return f"it says that there is one price down to a limit of {parts_at:g}, and at {limit:g} its prices differ"
    if not (apart or room):
        return f"it says that prices part at a limit of {parts_at:g}, and at {limit:g} it still has one price"
    return None


def in_between(answer, *_):
    _, second, third = answer
    words = "One more megawatt at bus 3 is made in part at bus 1, and in part given up at bus 2: its price lies between"
    if sorted((0.0, second, third))[1] == third or close(third, 0.0) or close(third, second):
        return None
    return f"its bus 2 is dearer than bus 1 by {second:g}, and its bus 3 by {third:g}. {words}"


PARTING = exercise(
    "locational_prices/parting", parting,
    example=(([0.1, 0.12, 0.18], (5, 0.05), (40, 0.2), 75), [105.0, 10.0, 4.0]),
    draw=triangle,
    form=numbers(3, "three numbers are asked for, (limit, how much dearer bus 2 is than bus 1, how much dearer bus 3 is)"),
    properties=(one_or_several, in_between),
    mistakes=(
        wrong("it sends the whole trade over line 1-2. There is a second way, over bus 3, and a part takes it.",
              share=lambda *_: 1),
        wrong("it gives line 1-2 the share of the way round. The less a way resists, the more it carries.",
              share=lambda *x: x[0] / sum(x)),
        wrong("it takes the limit for the trade. Line 1-2 carries only a share, so more than its limit may be traded.",
              most=lambda limit, part: limit),
        wrong("it takes the prices the wrong way round. How much dearer than bus 1 is asked for: positive where the other"
              " bus has the higher price.", toward=-1),
        wrong("it leaves bus 3 at the price of bus 1. Bus 3 has no full line of its own, but what is sent there from bus 1"
              " takes line 1-2 too.", third=lambda *_: 0),
        almost("right, except where the limit leaves room: then the trade is the free one, and prices do not differ.",
               trade=lambda free, most: most, least=(0, -inf)),
        almost("right, except that trade cannot be negative: where the first megawatt costs more than it is worth, nothing"
               " flows.", least=(-inf, 0)),
    ),
    corners={"when the limit leaves room": lambda *case: 0 < parting(*case)[0] * (1 + 1e-9) < case[-1],
             "when the limit is just enough": lambda *case: close(parting(*case)[0], float(case[-1])),
             "when nothing is traded": lambda x, supply, demand, limit: demand[0] <= supply[0],
             "when every megawatt costs the seller the same": lambda x, supply, *_: supply[1] == 0},
    forbids=(dc_opf, DispatchModel.solve, dc_opf_series),
    hints=("Two ways lead from bus 1 to bus 2, and share a flow as 1 over their reactances: which part takes line 1-2?",
           "Where does the next megawatt cost what it is worth? With `limit`, at most the limit over that part is traded.",
           "A megawatt for bus 3 comes from both other buses, so that line 1-2 carries no more. Which part is of bus 2?"),
)  # fmt: skip

# locational_prices/parts

# Ends of lines, positions from 0: the triangle, a ring with a diagonal, two loops, a line of two.
SHAPES = (
    ((0, 1), (0, 2), (1, 2)),
    ((0, 1), (1, 2), (2, 3), (3, 0), (0, 2)),
    ((0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2)),
    ((0, 1),),
)


def full_lines(rng):
    """(factors, multipliers, price, slack): PTDF of three digits; most with one full line, whose flow goes either way."""
    ends = SHAPES[rng.choice(4, p=[0.3, 0.3, 0.3, 0.1])]
    buses = max(map(max, ends)) + 1
    factors = transfer_factors(buses, [(*each, int(rng.integers(1, 10))) for each in ends], 0)
    multipliers = [0] * len(ends)
    for line in rng.permutation(len(ends))[: rng.choice(3, p=[0.1, 0.55, 0.35])]:
        multipliers[line] = int(rng.integers(2, 40)) * int(rng.choice([-1, 1]))
    price = int(rng.integers(8, 40)) if rng.random() < 0.9 else -int(rng.integers(1, 20))
    hosts = [0] if rng.random() < 0.15 else rng.integers(buses, size=rng.choice([1, 4, 10])).tolist()
    return (factors.round(3) + 0.0).tolist(), multipliers, price, [hosts.count(bus) / len(hosts) for bus in range(buses)]


def weighed(values, weights):
    return sum(value * weight for value, weight in zip(values, weights))


def prices(factors, multipliers, price, *_):
    """Of each bus: that of the first, less factor times multiplier for each line ($/MWh)."""
    return [price - weighed(column, multipliers) for column in zip(*factors)]


def parts(
    factors, multipliers, price, slack, *, full=list, weights=list, sign=1,
    told=lambda energy, price: energy, base=lambda energy, price: energy,
):  # fmt: skip
    """`told` is the energy part returned; congestion is measured from `base`."""
    found = prices(factors, list(full(multipliers)), price)
    energy = weighed(found, weights(slack))
    return [told(energy, price), [sign * (each - base(energy, price)) for each in found]]


def energy_and_list(answer, factors, *_):
    buses = len(factors[0])
    if isinstance(answer, list) and len(answer) == 2 and is_number(answer[0]) and are_numbers(answer[1], buses):
        return None
    return f"two things are asked for, (energy, congestion), and congestion is a list of one number a bus, here {buses}"


def add_up(answer, *case):
    energy, congestion = answer
    for bus, (part, price) in enumerate(zip(congestion, prices(*case))):
        if not close(energy + part, float(price)):
            sums = f"{energy:g} and {part:g}, add up to {energy + part:g}. Its price is {price:g}"
            return f"the parts of the bus in position {bus} (from 0), {sums}"
    return None


def nothing_at_the_slack(answer, factors, multipliers, price, slack):
    words = "seen from the slack nothing is congested, but the mean of its congestion parts by the weights of the slack is"
    left = weighed(answer[1], slack)
    return None if close(left, 0.0) else f"{words} {left:g}"


PARTS = exercise(
    "locational_prices/parts", parts,
    example=(([[0, -0.5, -0.3], [0, -0.5, -0.7], [0, 0.5, -0.3]], [20, 0, 0], 9, [0, 0.5, 0.5]), [17.0, [-8.0, 2.0, -2.0]]),
    draw=full_lines, form=energy_and_list, properties=(add_up, nothing_at_the_slack),
    mistakes=(
        wrong("its congestion parts have the wrong sign. A bus that feeds a full line has a low price.", sign=-1),
        wrong("its congestion parts are those seen from the first bus. Move the factors to your slack: take off each row"
              " its mean over the slack.", base=lambda energy, price: price),
        wrong("its energy part is always the price at the first bus. It is the price at your slack.",
              told=lambda energy, price: price),
        wrong("its parts add up, but seen from the first bus. The slack is yours to choose: move both parts there.",
              told=lambda energy, price: price, base=lambda energy, price: price),
        almost("right, except for a line full against its direction. Its multiplier is negative: keep the sign.",
               full=lambda multipliers: map(abs, multipliers)),
        almost("right, except where buses share the slack: one of them is not enough, each counts by its weight.",
               weights=lambda slack: [bus == slack.index(max(slack)) for bus in range(len(slack))]),
    ),
    corners={"when no line is full": lambda f, multipliers, *_: not any(multipliers),
             "when there is only one line": lambda factors, *_: len(factors) == 1,
             "when the first bus is the slack": lambda f, m, price, slack: slack[0] == 1,
             "when a price is negative": lambda *case: min(prices(*case)) < 0,
             "when several lines are full": lambda f, multipliers, *_: sum(map(bool, multipliers)) > 1,
             "when a line is full against its direction": lambda f, multipliers, *_: min(multipliers) < 0,
             "when buses share the slack": lambda f, m, price, slack: max(slack) < 1},
    forbids=(Dispatch.price_components, Dispatch.line_components),
    hints=("First find the price of every bus. What does each full line weigh there, and is that added or taken off?",
           "The energy part is one number for all buses. For each bus, what must be added to it to give the price?"),
)  # fmt: skip

EXERCISES = (PARTING, PARTS)
