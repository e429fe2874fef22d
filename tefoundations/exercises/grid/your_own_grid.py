"""Checks of the chapter on a grid of one's own."""

from math import inf, sqrt

from tefoundations.exercises.grid.power_flow import transfer_factors
from tefoundations.exercises.kit.forms import each, numbers, or_none
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close, is_number

# your_own_grid/data_sheet

PHASES = sqrt(3)  # of three wires, seen from the voltage between two of them


def sheet(rng):
    """(km, x_ohm, ampere, circuits, kv, base): a line as data sheets tell it, of one circuit or several."""
    km, ohm = int(rng.integers(1, 80)), int(rng.integers(20, 46)) / 100
    base = 100 if rng.random() < 0.6 else int(rng.choice([1, 10, 1000]))
    circuits = 1 if rng.random() < 0.5 else int(rng.integers(2, 5))
    return km, ohm, 10 * int(rng.integers(10, 120)), circuits, int(rng.choice([20, 110, 220, 380])), base


def data_sheet(
    km, x_ohm, ampere, circuits, kv, base, *, length=lambda km: km, one=lambda kv, base: kv**2 / base, phases=PHASES,
    kilo=1000, beside=lambda x, circuits: x / circuits, together=lambda limit, circuits: limit * circuits,
):  # fmt: skip
    """`one` unit of impedance in ohm; circuits lie `beside` each other, and carry `together` what each carries."""
    x = beside(length(km) * x_ohm, circuits) / one(kv, base)
    return [x, together(phases * kv * ampere / kilo, circuits)]


def above_zero(answer, *_):
    words = "a line has a reactance above zero and a limit above zero, and it returns"
    return None if min(answer) > 0 else f"{words} {answer[0]:g} and {answer[1]:g}"


DATA_SHEET = exercise(
    "your_own_grid/data_sheet", data_sheet,
    example=((10, 0.4, 300, 2, 20, 100), [0.5, 12 * sqrt(3)]),
    draw=sheet,
    form=numbers(2, "two numbers are asked for, (reactance in p.u., limit in MVA)"),
    properties=(above_zero,),
    mistakes=(
        wrong("one unit of impedance is the voltage squared over the base. It does not square the voltage.",
              one=lambda kv, base: kv / base),
        wrong("it has the unit of impedance upside down: ohms are divided by the voltage squared, times the base.",
              one=lambda kv, base: base / kv**2),
        wrong("it returns ohms. Divide by the ohms that are 1 p.u. at this voltage and base.", one=lambda kv, base: 1),
        wrong("it returns the susceptance, which is one over the reactance.",
              lambda *case: [1 / data_sheet(*case)[0], data_sheet(*case)[1]]),
        wrong("it gives the two in the wrong order: first the reactance, then the limit.",
              lambda *case: data_sheet(*case)[::-1]),
        wrong("it gives the limit in p.u. It is asked for in MVA.",
              lambda *case: [data_sheet(*case)[0], data_sheet(*case)[1] / case[-1]]),
        wrong("it leaves out the length: the data sheet tells ohms per kilometre.", length=lambda km: 1),
        wrong("it takes amperes for kiloamperes: kilovolts times amperes are kVA, a thousandth of an MVA.", kilo=1),
        wrong("it counts one wire of three: the limit of a circuit is the square root of 3 times voltage times current.",
              phases=1),
        wrong("it counts three wires in full. The voltage is told from wire to wire, so the factor is the square root of 3.",
              phases=3),
        almost("right, except that two circuits side by side let power pass twice as easily: the reactance is divided.",
               beside=lambda x, circuits: x),
        almost("right, except that circuits side by side are no longer way: the reactance is divided by their number,"
               " not multiplied.", beside=lambda x, circuits: x * circuits),
        almost("right, except that the limit is that of all circuits together.", together=lambda limit, circuits: limit),
        almost("right, except where the base is not 100 MVA.", one=lambda kv, base: kv**2 / 100),
    ),
    corners={"when there are several circuits": lambda km, x, ampere, circuits, *_: circuits > 1,
             "when the base is not 100 MVA": lambda *case: case[-1] != 100},
    hints=("How many ohms has the whole line, and how many ohms are 1 p.u. at this voltage and base?",
           "Two equal ways side by side: what is the reactance of both, and what may both carry together?"),
)  # fmt: skip

# your_own_grid/relief

# Ends of lines, positions from 0: a triangle, a ring with a diagonal, two loops, the valley of the chapter.
SHAPES = (
    ((0, 1), (0, 2), (1, 2)),
    ((0, 1), (1, 2), (2, 3), (3, 0), (0, 2)),
    ((0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2)),
    ((0, 3), (0, 4), (3, 4), (3, 2), (2, 5), (4, 5), (1, 3), (1, 0)),
)


def overload(rng):
    """(factors, loads, flow, limit, plant): factors in hundredths; most flows are above the limit, either way."""
    ends = SHAPES[rng.choice(4, p=[0.1, 0.3, 0.3, 0.3])]
    n = max(map(max, ends)) + 1
    rows = transfer_factors(n, [(*pair, int(rng.integers(1, 10))) for pair in ends], 0)
    factors = (rows[rng.integers(len(ends))].round(2) + 0.0).tolist()
    loads = [int(load) if rng.random() < 0.8 else 0 for load in rng.integers(5, 120, n)]
    limit, over = int(rng.integers(20, 90)), int(rng.integers(1, 16)) if rng.random() < 0.85 else -int(rng.integers(0, 15))
    way = -1 if rng.random() < 0.4 else 1
    return factors, loads, way * (limit + over), limit, 0 if rng.random() < 0.2 else int(rng.integers(n))


def at_an_edge(rng):
    """An overload that one bus takes off by giving up just all it takes, or a flow just at its limit."""
    share = float(rng.choice([0.2, 0.25, 0.5]))
    load = int(rng.integers(4, 30)) * 20
    over = share * load if rng.random() < 0.6 else 0
    factors = [0.0, -share, float(rng.choice([0.1, 0.3]))]
    limit = int(rng.integers(20, 90))
    return factors, [int(rng.integers(5, 50)), load, int(rng.integers(5, 50))], limit + over, limit, 0


def seen_from(factor, plant):
    """What a line carries more when a bus puts in a megawatt and the plant makes one less."""
    return round(factor - plant, 9)


def relief(
    factors, loads, flow, limit, plant, *, seen=seen_from, toward=1, way=lambda flow: 1 if flow > 0 else -1,
    needed=lambda over, part: over / part, most=lambda load: load, least=lambda over: max(over, 0),
):  # fmt: skip
    """A megawatt of load given up takes off the line, in the `way` it flows, what is `seen` from the plant, sign turned."""
    over = least(way(flow) * flow - limit)
    if over == 0:
        return [0.0] * len(loads)
    parts = [-toward * way(flow) * seen(factor, factors[plant]) for factor in factors]
    given = [needed(over, part) if part > 0 else None for part in parts]
    return [None if up is None or up > most(load) * (1 + 1e-9) else up for up, load in zip(given, loads)]


def brings_it_back(answer, factors, loads, flow, limit, plant):
    """Each number is of a bus that has the load, and with it the line carries just its limit."""
    for bus, up in enumerate(answer):
        if not up:
            continue
        after = flow + seen_from(factors[bus], factors[plant]) * up
        if not close(abs(after), float(max(limit, 0))):
            return (f"the bus in position {bus} (from 0) gives up {up:g} MW, the plant makes as much less, and then the line"
                    f" carries {after:g} MW. It must carry {limit:g}, one way or the other")  # fmt: skip
        if up < 0:
            return (f"the bus in position {bus} (from 0) would have to take {-up:g} MW more: giving up load there loads the"
                    " line, so it cannot help")  # fmt: skip
        if up > loads[bus] * (1 + 1e-6):
            return f"the bus in position {bus} (from 0) gives up {up:g} MW, and it takes only {loads[bus]:g}"
    return None


RELIEF = exercise(
    "your_own_grid/relief", relief,
    example=(([0, -0.1, -0.35, -0.6, -0.5], [10, 0, 60, 15, 40], 52, 40, 1), [None, None, 48.0, None, 30.0]),
    draw=overload, also=(at_an_edge, at_an_edge),
    form=each(or_none(is_number), lambda factors, *_: len(factors),
              "a list of one entry a bus is asked for, here {n}: a number, or None where a bus cannot help"),
    properties=(brings_it_back,),
    mistakes=(
        wrong("it sees the factors from the first bus. The plant that makes less is elsewhere: take off its factor.",
              seen=lambda factor, plant: factor),
        wrong("it takes load for generation. A load that is given up puts a megawatt in, and moves the flow by the factor.",
              toward=-1),
        wrong("it multiplies the overload by the share. A bus with a small share must give up more, not less: divide.",
              needed=lambda over, part: over * part),
        wrong("it lets a bus give up the whole overload. Only a share of each megawatt is on the line.",
              needed=lambda over, part: over),
        wrong("it takes the whole flow off the line. Only what lies above the limit must go.",
              lambda factors, loads, flow, limit, plant: relief(factors, loads, flow, 0, plant)),
        wrong("it says 0 where a bus cannot help. A 0 means that nothing need be given up; for such a bus say None.",
              lambda *case: [0.0 if up is None else up for up in relief(*case)]),
        almost("right, except that a bus may give up all it takes.", most=lambda load: load * (1 - 1e-6)),
        almost("right, except where power flows against the direction of the line: there the flow must rise.",
               way=lambda flow: 1),
        almost("right, except that a bus cannot give up more than it takes.", most=lambda load: inf),
        almost("right, except where the line is within its limit: then nobody must give up anything.",
               least=lambda over: abs(over)),
    ),
    corners={"when the line is within its limit": lambda f, loads, flow, limit, plant: abs(flow) <= limit,
             "when no bus alone can help": lambda *case: not any(up is not None for up in relief(*case)),
             "when power flows against the line's direction": lambda f, loads, flow, *_: flow < 0,
             "when the plant is at the first bus": lambda *case: case[-1] == 0,
             "when a bus does not take enough": lambda *case: relief(*case) != relief(*case, most=lambda load: inf)},
    hints=("A bus gives up one megawatt and the plant makes one less. By how much does the flow change?",
           "Does that change bring the flow nearer to the limit? And how many such megawatts are needed?"),
)  # fmt: skip

EXERCISES = (DATA_SHEET, RELIEF)
