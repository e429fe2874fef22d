"""Checks of the chapter on locational prices."""

from functools import partial

from tefoundations.exercises.grid.priced_networks import full_lines, triangles
from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers, is_number
from tefoundations.grid import Dispatch, DispatchModel, dc_opf, dc_opf_series

NEAR = 1e-9  # relative: limits and prices this near are the same
NONE = float("-inf")

# locational_prices/parting


def _direct(x12, x13, x23):
    """Share of line 1-2 in what goes from bus 1 to bus 2."""
    return (x13 + x23) / (x12 + x13 + x23)


def _toward_bus_2(x12, x13, x23):
    """Part of the way from the price of bus 1 to that of bus 2 at which the price of bus 3 lies."""
    return x13 / (x13 + x23)


def _slip(reactances, supply, demand, limit, share=_direct, third=_toward_bus_2, trade=min, steep=1, least=(0.0, 0.0)):
    """The answer, or a learner's: with another share, another bus 3, another trade (of the free one and the most).

    `steep` multiplies the slopes; `least` is what trade and gap are cut at.
    """
    (a, b), (c, d) = supply, demand
    direct, slope = share(*reactances), steep * (b + d)
    free = max((c - a) / slope, least[0])
    gap = max(c - a - slope * trade(free, limit / direct), least[1])
    return [float(direct * free), float(gap), float(gap * third(*reactances))]


def _parting(reactances, supply, demand, limit):
    return _slip(reactances, supply, demand, limit)


def _each_alone(x12, x13, x23):
    return (1 / x12) / (1 / x12 + 1 / x13 + 1 / x23)


def _scaled(change):
    def scaled(*case):
        parts_at, *gaps = _parting(*case)
        return [parts_at, *(change(gap, *case[0]) for gap in gaps)]

    return scaled


def _three_numbers(answer, *_):
    words = "three numbers are asked for, (limit, how much dearer bus 2 is than bus 1, how much dearer bus 3 is)"
    return None if are_numbers(answer, 3) else words


def _one_or_several(answer, reactances, supply, demand, limit):
    """What an answer says of the moment and of the prices must belong together."""
    parts_at, *gaps = answer
    apart = max(map(abs, gaps)) > NEAR * max(abs(demand[0]), 1)
    if apart and limit >= parts_at * (1 - NEAR):
        return f"it says that there is one price down to a limit of {parts_at:g}, and at {limit:g} its prices differ"
    if not apart and limit < parts_at * (1 - NEAR):
        return f"it says that prices part at a limit of {parts_at:g}, and at {limit:g} it still has one price"
    return None


def _in_between(answer, *_):
    low, high = sorted((0.0, answer[1]))
    if not low - NEAR * max(1, -low) <= answer[2] <= high + NEAR * max(1, high):
        words = "One more megawatt at bus 3 is made in part at bus 1, and in part given up at bus 2: its price lies between"
        return f"its bus 2 is dearer than bus 1 by {answer[1]:g}, and its bus 3 by {answer[2]:g}. {words}"
    return None


def _leaves_room(*case):
    return 0 < _parting(*case)[0] * (1 + NEAR) < case[-1]


def _just_enough(*case):
    return abs(case[-1] - _parting(*case)[0]) <= NEAR * case[-1]


PARTING = Exercise(
    name="locational_prices/parting",
    function="parting",
    parameters=("reactances", "supply", "demand", "limit"),
    example=(([0.1, 0.12, 0.18], (5, 0.05), (40, 0.2), 75), [105.0, 10.0, 4.0]),
    instances=triangles,
    reference=_parting,
    form=_three_numbers,
    properties=(_one_or_several, _in_between),
    mistakes=(
        Mistake(
            "it sends the whole trade over line 1-2. There is a second way, over bus 3, and a part takes it.",
            partial(_slip, share=lambda *_: 1.0),
        ),
        Mistake(
            "it gives line 1-2 the share of the way round. The less a way resists, the more it carries.",
            partial(_slip, share=lambda x12, x13, x23: x12 / (x12 + x13 + x23)),
        ),
        Mistake(
            "it counts three ways from bus 1 to bus 2. There are two: line 1-2, and the lines 1-3 and 2-3 one after the"
            " other, whose reactances add up.",
            partial(_slip, share=_each_alone),
        ),
        Mistake(
            "it takes the limit for the trade. Line 1-2 carries only a share, so more than its limit may be traded.",
            lambda *case: [_parting(*case)[0], *_slip(*case, share=lambda *_: 1.0)[1:]],
        ),
        Mistake(
            "its prices never part: they are those of the free trade. A narrow line leaves less trade, and then the"
            " seller's next megawatt costs less than it is worth to the buyer.",
            partial(_slip, trade=lambda free, most: free),
        ),
        Mistake(
            "it takes the slopes twice. They are those of the cost and the worth of the next megawatt, not of the whole.",
            partial(_slip, steep=2),
        ),
        Mistake(
            "it gives the worth of one more megawatt of line 1-2. That lets more than one megawatt be traded; the"
            " difference of two prices is the worth of trading one.",
            _scaled(lambda gap, *reactances: gap / _direct(*reactances)),
        ),
        Mistake(
            "it takes the prices the wrong way round. How much dearer than bus 1 is asked for: positive where the other"
            " bus has the higher price.",
            _scaled(lambda gap, *_: -gap),
        ),
        Mistake(
            "it leaves bus 3 at the price of bus 1. Bus 3 has no full line of its own, but what is sent there from bus 1"
            " takes line 1-2 too.",
            partial(_slip, third=lambda *_: 0.0),
        ),
        Mistake(
            "it puts bus 3 half way between the prices. Where it lies between them is for the reactances of lines 1-3 and 2-3.",
            partial(_slip, third=lambda *_: 0.5),
        ),
        Mistake(
            "it puts bus 3 too near to the wrong bus. The less line 1-3 resists, the nearer it is to the price of bus 1.",
            partial(_slip, third=lambda x12, x13, x23: x23 / (x13 + x23)),
        ),
        Mistake(
            "right, except where the limit leaves room: then the trade is the free one, and prices do not differ.",
            partial(_slip, trade=lambda free, most: most, least=(0.0, NONE)),
            almost=True,
        ),
        Mistake(
            "right, except that trade cannot be negative: where the first megawatt costs more than it is worth, nothing"
            " flows.",
            partial(_slip, least=(NONE, 0.0)),
            almost=True,
        ),
        Mistake(
            "right where line 1-2 is full. Elsewhere the trade is the free one, and never negative, and prices do not"
            " differ.",
            partial(_slip, trade=lambda free, most: most, least=(NONE, NONE)),
            almost=True,
        ),
    ),
    corners=(
        Corner("when the limit leaves room", _leaves_room),
        Corner("when the limit is just enough", _just_enough),
        Corner("when nothing is traded", lambda x, supply, demand, limit: demand[0] <= supply[0]),
        Corner("when every megawatt costs the seller the same", lambda x, supply, *_: supply[1] == 0),
    ),
    forbidden=(dc_opf, DispatchModel.solve, dc_opf_series),
)


# locational_prices/parts


def _column(factors, multipliers):
    """What full lines weigh at each bus: sum of factor times multiplier ($/MWh)."""
    return [sum(row[bus] * worth for row, worth in zip(factors, multipliers)) for bus in range(len(factors[0]))]


def _mean(values, slack):
    return sum(value * weight for value, weight in zip(values, slack))


def _prices(factors, multipliers, price, *_):
    return [price - weight for weight in _column(factors, multipliers)]


def _parts(factors, multipliers, price, slack):
    prices = _prices(factors, multipliers, price)
    energy = _mean(prices, slack)
    return [float(energy), [float(price - energy) for price in prices]]


def _from_parts(energy=None, congestion=None):
    """A learner's energy or congestion in the place of the right one."""

    def parts(*case):
        right = _parts(*case)
        return [
            right[0] if energy is None else float(energy(*case)),
            right[1] if congestion is None else [float(part) for part in congestion(*case)],
        ]

    return parts


def _other_multipliers(change):
    return lambda factors, multipliers, *rest: _parts(factors, change(multipliers), *rest)


def _first_only(multipliers):
    first = next((line for line, worth in enumerate(multipliers) if worth), None)
    return [worth if line == first else 0 for line, worth in enumerate(multipliers)]


def _heaviest(slack):
    return [float(bus == slack.index(max(slack))) for bus in range(len(slack))]


def _not_moved(factors, multipliers, *_):
    return [-weight for weight in _column(factors, multipliers)]


def _energy_and_list(answer, factors, *_):
    buses = len(factors[0])
    if isinstance(answer, list) and len(answer) == 2 and is_number(answer[0]) and are_numbers(answer[1], buses):
        return None
    return f"two things are asked for, (energy, congestion), and congestion is a list of one number a bus, here {buses}"


def _add_up(answer, *case):
    energy, congestion = answer
    for bus, (part, price) in enumerate(zip(congestion, _prices(*case))):
        if abs(energy + part - price) > NEAR * max(1, abs(price)):
            sums = f"{energy:g} and {part:g}, add up to {energy + part:g}. Its price is {price:g}"
            return f"the parts of the bus in position {bus} (from 0), {sums}"
    return None


def _nothing_at_the_slack(answer, factors, multipliers, price, slack):
    left = _mean(answer[1], slack)
    if abs(left) > NEAR * max(1, *map(abs, answer[1])):
        return f"seen from the slack nothing is congested, but the mean of its congestion parts by the weights of the slack is {left:g}"
    return None


PARTS = Exercise(
    name="locational_prices/parts",
    function="parts",
    parameters=("factors", "multipliers", "price", "slack"),
    example=(
        ([[0, -0.5, -0.3], [0, -0.5, -0.7], [0, 0.5, -0.3]], [20, 0, 0], 9, [0, 0.5, 0.5]),
        [17.0, [-8.0, 2.0, -2.0]],
    ),
    instances=full_lines,
    reference=_parts,
    form=_energy_and_list,
    properties=(_add_up, _nothing_at_the_slack),
    mistakes=(
        Mistake(
            "it adds what full lines weigh, and must subtract. A bus that feeds a full line has a low price.",
            _other_multipliers(lambda multipliers: [-worth for worth in multipliers]),
        ),
        Mistake(
            "its congestion parts have the wrong sign. A bus that feeds a full line has a low price.",
            _from_parts(congestion=lambda *case: [-part for part in _parts(*case)[1]]),
        ),
        Mistake(
            "its energy part has the wrong sign in it. It is the price at the slack: go there from the first bus as from"
            " everywhere else, by subtracting.",
            _from_parts(energy=lambda f, m, price, slack: price + _mean(_column(f, m), slack)),
        ),
        Mistake(
            "its congestion parts are those seen from the first bus. Move the factors to your slack: take off each row"
            " its mean over the slack.",
            _from_parts(congestion=_not_moved),
        ),
        Mistake(
            "its energy part is always the price at the first bus. It is the price at your slack.",
            _from_parts(energy=lambda f, m, price, slack: price),
        ),
        Mistake(
            "its parts add up, but seen from the first bus. The slack is yours to choose: move both parts there.",
            _from_parts(energy=lambda f, m, price, slack: price, congestion=_not_moved),
        ),
        Mistake(
            "it weighs all buses alike. Energy is the mean of the prices by the weights of the slack.",
            lambda f, m, price, slack: _parts(f, m, price, [1 / len(slack)] * len(slack)),
        ),
        Mistake(
            "right, except for a line full against its direction. Its multiplier is negative: keep the sign.",
            _other_multipliers(lambda multipliers: [abs(worth) for worth in multipliers]),
            almost=True,
        ),
        Mistake(
            "right, except where several lines are full: each adds its part.",
            _other_multipliers(_first_only),
            almost=True,
        ),
        Mistake(
            "right, except where buses share the slack: one of them is not enough, each counts by its weight.",
            lambda f, m, price, slack: _parts(f, m, price, _heaviest(slack)),
            almost=True,
        ),
    ),
    corners=(
        Corner("when no line is full", lambda f, multipliers, *_: not any(multipliers)),
        Corner("when there is only one line", lambda factors, *_: len(factors) == 1),
        Corner("when the first bus is the slack", lambda f, m, price, slack: slack[0] == 1),
        Corner("when a price is negative", lambda *case: min(_prices(*case)) < 0),
        Corner("when several lines are full", lambda f, multipliers, *_: sum(map(bool, multipliers)) > 1),
        Corner("when a line is full against its direction", lambda f, multipliers, *_: min(multipliers) < 0),
        Corner("when buses share the slack", lambda f, m, price, slack: max(slack) < 1),
    ),
    forbidden=(Dispatch.price_components, Dispatch.line_components),
)

EXERCISES = (PARTING, PARTS)
