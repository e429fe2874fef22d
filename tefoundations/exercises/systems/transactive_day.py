"""Checks of the chapter on the transactive day."""

from tefoundations.exercises.kit.forms import each, number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.systems import settle

# transactive_day/owed

WH = 1000  # of a kWh


def reading(rng):
    """(schedule, reading, price, short, long): both ways, now and then exactly as agreed, or a price of 0."""
    schedule, strayed = (int(x) for x in rng.integers(-5_000, 5_001, 2))
    strayed = 0 if rng.random() < 0.1 else strayed
    price, outside = int(rng.integers(80_000, 400_000)), int(rng.integers(200_000, 400_000))
    price = 0 if rng.random() < 0.1 else price
    return schedule, schedule + strayed, price, outside * 12 // 10, outside * 8 // 10


def toward_zero(money):
    return money // WH if money >= 0 else -(-money // WH)


def owed(
    schedule, reading, price, short, long, *, is_short=lambda schedule, reading: reading > schedule, cut=toward_zero,
    agreed=lambda schedule, reading: schedule, strayed=lambda schedule, reading: reading - schedule, apart=True,
):  # fmt: skip
    """Energy of the two parts is `agreed` and `strayed`; they are cut each by itself where they stand `apart`."""
    parts = agreed(schedule, reading) * price, strayed(schedule, reading) * (short if is_short(schedule, reading) else long)
    return sum(map(cut, parts)) if apart else cut(sum(parts))


def is_whole(answer, *_):
    return None if answer == int(answer) else f"{answer!r} is no whole number of micro-tokens"


OWED = exercise(
    "transactive_day/owed", owed,
    example=((-1500, -1150, 80_000, 360_000, 240_000), 6_000.0),
    draw=reading, form=number("one whole number is asked for, in micro-tokens"), properties=(is_whole,),
    mistakes=(
        wrong("it bills the whole reading at the price of the bus. What strays from the schedule has a price of its own.",
              strayed=lambda *_: 0, agreed=lambda schedule, reading: reading),
        wrong("it bills the whole reading at the price of an imbalance. What was agreed costs the price of the bus.",
              agreed=lambda *_: 0, strayed=lambda schedule, reading: reading),
        wrong("it takes short for long. Who takes more than agreed, or gives less, is short.",
              is_short=lambda schedule, reading: reading < schedule),
        wrong("it calls short whoever takes energy. A seller that gives less than agreed is short too: what decides is the"
              " sign of reading - schedule.", is_short=lambda schedule, reading: reading > 0),
        wrong("it bills the reading at the price of the bus, and then what strays once more. What was agreed is the"
              " schedule.",
              agreed=lambda schedule, reading: reading),
        almost("right, except that it rounds down. Below zero `//` goes away from zero, and the rest is to be cut off.",
               cut=lambda money: money // WH),
        almost("right, except that it adds up before it cuts. Each of the two parts is a whole number by itself.",
               apart=False),
    ),
    corners={
        "when the member does what was agreed": lambda schedule, reading, *_: schedule == reading,
        "when a seller takes energy after all": lambda schedule, reading, *_: schedule < 0 < reading,
        "when the price of the bus is 0": lambda schedule, reading, price, *_: price == 0,
    },
    forbids=(settle,),
    hints=("What is agreed costs the price of the bus, whatever the meter reads. What is left is reading - schedule.",
           "Is the member short or long? Look at the sign of what is left, and at nothing else.",
           "Cut each part toward zero: for money below zero, take `-(-money // 1000)`."),
)  # fmt: skip

# transactive_day/bus_prices


def chain(rng):
    """(net, limits, outside, feed_in, worth): one to six buses behind each other; some flows are exactly a limit."""
    count = int(rng.integers(1, 7))
    sunny = rng.random() < 0.6
    net = rng.integers(-9 if sunny else -3, 4 if sunny else 10, count).tolist()
    return net, rng.integers(2, 12, count).tolist(), *outside_and(rng), int(rng.choice([60, 100]))


def outside_and(rng):
    """What a kWh from the grid costs, and what one to the grid earns: never 0, nor what one without it would pay."""
    return int(rng.integers(20, 41)), int(rng.integers(4, 13))


def far_roof(rng):
    """Two lines that would both be over, if the far one did not hold back what is too much for the near one."""
    limit, roof = int(rng.integers(2, 6)), int(rng.integers(8, 14))
    return [int(rng.integers(0, 2)), -roof], [limit + 1, limit], *outside_and(rng), 60


def from_far(net, limits, worth, through, holds, over):
    """What flows on the line at the grid, and for each line the price beyond it: None where it is not full."""
    flow, full = 0, [None] * len(net)
    for i in reversed(range(len(net))):
        flow += net[i]
        seen = through(net[i], flow)
        if over(abs(seen), limits[i]):
            full[i] = worth if seen > 0 else 0
            flow = (limits[i] if flow > 0 else -limits[i]) if holds else flow
    return flow, full


def walked(at_grid, full):
    """Prices from the grid outwards: each full line changes the price for all that come after it."""
    prices, beyond = [], None
    for here, reset in zip(at_grid, full):
        beyond = beyond if reset is None else reset
        prices.append(here if beyond is None else beyond)
    return prices


def on_the_near_side(at_grid, full):
    """The other price for the buses between the grid and the full line."""
    prices = list(at_grid)
    for i, reset in enumerate(full):
        if reset is not None:
            prices[:i] = [reset] * i
    return prices


def one_bus_each(at_grid, full):
    return [here if reset is None else reset for here, reset in zip(at_grid, full)]


def bus_prices(
    net, limits, outside, feed_in, worth, *, through=lambda bus, flow: flow, holds=True,
    over=lambda flow, limit: flow > limit, spread=walked, whose=lambda flow, bus: flow,
):  # fmt: skip
    flow, full = from_far(net, limits, worth, through, holds, over)
    return spread([outside if whose(flow, bus) >= 0 else feed_in for bus in net], full)


def changes(case):
    prices = bus_prices(*case)
    return sum(one != other for one, other in zip(prices, prices[1:]))


BUS_PRICES = exercise(
    "transactive_day/bus_prices", bus_prices,
    example=(([2, 1, -9, 1], [10, 4, 5, 5], 30, 8, 60), [8.0, 8.0, 0.0, 0.0]),
    draw=chain, also=(far_roof,),
    form=numbers(lambda net, *_: len(net), "a list of {n} prices is asked for, one a bus"),
    mistakes=(
        wrong("it compares what each bus takes with the limit. A line carries what all buses beyond it take together.",
              through=lambda bus, flow: bus),
        wrong("it gives the other price to one bus alone. All buses beyond a full line are cut off by it.",
              spread=one_bus_each),
        wrong("it gives the other price to the buses on the grid's side of the full line. Theirs is the grid's.",
              spread=on_the_near_side),
        wrong("it decides for each bus by its own sign whether it pays what energy costs outside. One price holds up to the"
              " first full line: that of the lane as a whole.", whose=lambda flow, bus: bus),
        wrong("it takes 30 and 8 ct, the prices of the worked example, whatever prices it is given.",
              lambda net, limits, outside, feed_in, worth: bus_prices(net, limits, 30, 8, worth)),
        wrong("it looks at no limit.", over=lambda flow, limit: False),
        wrong("it lets what a far line holds back go on to the near ones. What does not pass one line does not reach the"
              " next.", holds=False),
        almost("right, except that a line which carries exactly its limit is not over it: nothing is held back.",
               over=lambda flow, limit: flow >= limit),
    ),
    corners={
        "when there is one bus": lambda net, *_: len(net) == 1,
        "when no line is over its limit": lambda *case: not {0, case[4]} & {*bus_prices(*case)},
        "when a line is full of what the buses take": lambda *case: case[4] in bus_prices(*case),
        "when two prices change on the way": lambda *case: changes(case) > 1,
        "when a line carries exactly its limit":
        lambda *case: bus_prices(*case) != bus_prices(*case, over=lambda flow, limit: flow >= limit),
    },
    hints=("Begin at the far end. What flows on a line is what all buses beyond it take together.",
           "If that is more than the limit, as much flows as the limit allows, and the line is full. Go on to the next.",
           "Then walk from the grid outwards with a price in hand. Each full line changes it, for all that come after."),
)  # fmt: skip

# transactive_day/find_faults


def half_hours(rng):
    """(readings, feeder, share): up to six half hours; in some a reading is lost, in some energy is missing or too much."""
    readings, feeder, share = [], [], float(rng.choice([0.02, 0.03, 0.05]))
    for _ in range(rng.integers(0, 7)):
        row = rng.integers(-3_000, 4_000, rng.integers(2, 6)).tolist()
        most = share * sum(map(abs, row))
        off = int(rng.choice([-1, 1]) * most * rng.choice([0.2, 0.5, 0.8, 1.5, 3.0]))
        feeder.append(sum(row) + off)
        if rng.random() < 0.3:
            row[int(rng.integers(len(row)))] = None
        readings.append(row)
    return readings, feeder, share


def at_the_limit(rng):
    """Gaps of just what lines may lose, either way: a share that is exact in a computer, of a sum that it divides."""
    readings, feeder, share = [], [], 1 / 32
    for way in (-1, 1):
        row = rng.integers(-3_000, 4_000, 3).tolist()
        row.append(-sum(map(abs, row)) % 32)
        readings.append(row)
        feeder.append(sum(row) + way * sum(map(abs, row)) // 32)
    return readings, feeder, share


def nobody_home(rng):
    """A member that takes and gives nothing, which its meter has told; the lines lose next to nothing."""
    row = [0, *rng.integers(300, 4_000, 3).tolist()]
    return [row, row[::-1]], [sum(row) + 2, sum(row) + sum(row) // 2], 0.03


def find_faults(
    readings, feeder, share, *, lost=lambda row: None in row, far=abs, over=lambda gap, most: gap > most,
    most=lambda share, row, head: share * sum(map(abs, row)),
):  # fmt: skip
    found = []
    for row, head in zip(readings, feeder):
        told = [one or 0 for one in row]
        gap = over(far(head - sum(told)), most(share, told, head))
        found.append("lost" if lost(row) else "gap" if gap else "ok")
    return found


FIND_FAULTS = exercise(
    "transactive_day/find_faults", find_faults,
    example=(([[900, -400, 700], [900, None, 700], [900, -400, 560]], [1_225, 1_225, 1_225], 0.03), ["ok", "lost", "gap"]),
    draw=half_hours, also=(at_the_limit, nobody_home),
    form=each(lambda one: one in ("lost", "gap", "ok"), lambda readings, *_: len(readings),
              "a list of {n} words is asked for, each 'lost', 'gap' or 'ok'"),
    mistakes=(
        wrong("it counts a lost reading as 0. Then energy seems to be missing, and an honest neighbour is suspected.",
              lost=lambda row: False),
        wrong("it takes a reading of 0 for a lost one. A meter that reads nothing has told so: only None never came.",
              lost=lambda row: not all(row)),
        wrong("it looks for missing energy only. A meter that tells too much leaves a gap below zero.", far=lambda gap: gap),
        wrong("it takes a share of what flows at the transformer. Where neighbours supply each other that is next to"
              " nothing: take the share of all energy that was read.", most=lambda share, row, head: share * abs(head)),
        wrong("it takes a share of the sum of readings. Those above and below 0 cancel: add up their sizes.",
              most=lambda share, row, head: share * abs(sum(row))),
        wrong("it calls any difference a gap. Lines lose a little of what they carry: so much is allowed.",
              most=lambda *_: 0),
        wrong("it trusts the meters, and finds lost readings alone.", far=lambda gap: -1),
        almost("right, except that a difference of just the share is no gap yet: only more than that.",
               over=lambda gap, most: gap >= most),
    ),
    corners={
        "when there are no half hours": lambda readings, *_: not readings,
        "when a meter reads 0": lambda readings, *_: any(0 in row for row in readings),
        "when a difference is just the share": lambda *case:
        find_faults(*case) != find_faults(*case, over=lambda gap, most: gap >= most),
        "when members give more than they take": lambda readings, *_: any(sum(filter(None, row)) < 0 for row in readings),
    },
    hints=("First the lost readings: where one is None, nothing can be said about the sum.",
           "The gap is what the transformer read, less the sum of the readings. It may lie on either side of 0.",
           "How much is allowed? The share, times the sum of the sizes of all readings: `abs` of each."),
)  # fmt: skip

EXERCISES = (OWED, BUS_PRICES, FIND_FAULTS)
