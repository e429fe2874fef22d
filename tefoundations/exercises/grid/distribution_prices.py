"""Checks of the chapter on distribution prices."""

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers
from tefoundations.grid import ACDispatch, ac_opf, ac_power_flow, branch_flow_opf, lindistflow, lindistflow_opf, sweep
from tefoundations.grid.feeder_prices import parts_of
from tefoundations.grid.linear_feeder import carried_down

SLACK = 1e-9  # of a price or a share of losses, relative above 1: numbers this near are the same

# Feeders: line l leads from bus parent[l] to bus l + 1


def _feeder(rng, lines, number, most):
    """(parent, r): some are one cable, some a star, most any tree; r in hundredths p.u."""
    tree = [int(rng.integers(max(bus - 2, 0), bus + 1)) for bus in range(lines)]
    parent = {0: list(range(lines)), 4: [0] * lines}.get(number % 8, tree)
    return parent, [int(r) / 100 for r in rng.integers(1, most, lines)]


def _way(parent, bus):
    """The lines from a bus up to the grid, the nearest first."""
    lines = []
    while bus:
        lines.append(bus - 1)
        bus = parent[bus - 1]
    return lines


def _buses(parent):
    return range(len(parent) + 1)


def _forks(parent, *_):
    return len(set(parent)) < len(parent)


def _a_number_each(answer, parent, *_):
    n = len(parent) + 1
    words = f"a list of one number a bus is asked for, here {n}: bus 0, the grid, is the first"
    return None if are_numbers(answer, n) else words


def _differs(a, b):
    return abs(a - b) > SLACK * max(1.0, abs(b))


# distribution_prices/own_price


def multiplied_feeders(rng):
    """(parent, r, energy, line, voltage): a few full lines, most of them downwards, and a few voltages at their limit."""
    for number in range(60):
        lines = int(rng.integers(2, 6))
        parent, r = _feeder(rng, lines, number, 13)
        line, voltage = [0] * lines, [0] * (lines + 1)
        for full in rng.permutation(lines)[: 0 if number % 10 == 3 else int(rng.integers(1, 3))]:
            line[full] = int(rng.integers(1, 16)) * (-1 if number % 3 == 1 and rng.random() < 0.7 else 1)
        for low in rng.permutation(lines)[: 0 if number % 10 == 6 else int(rng.integers(1, 4))]:
            voltage[low + 1] = 10 * int(rng.integers(1, 16))
        energy = int(rng.integers(-20, 0)) if number % 12 == 5 else int(rng.integers(20, 80))
        yield parent, r, energy, line, voltage
    for _ in range(2):
        yield [], [], int(rng.integers(20, 80)), [], [0]


def _prices(parent, r, energy, line, voltage, congestion=None, meets=None, factor=2):
    """The prices, or those of a learner.

    `congestion(way)` adds up line multipliers; `meets(i, k, shared, parent)` gives the lines whose resistance joins i and k.
    """
    ways = [_way(parent, bus) for bus in _buses(parent)]
    congestion = congestion or (lambda way: sum(line[each] for each in way))
    found = []
    for i, way in enumerate(ways):
        price = energy + congestion(way)
        for k, nu in enumerate(voltage):
            shared = [each for each in way if each in ways[k]]
            price += factor * nu * sum(r[each] for each in (meets(i, k, shared, parent) if meets else shared))
        found.append(float(price))
    return found


def _with(**slip):
    return lambda *case: _prices(*case, **slip)


def _on_one_way(i, k, shared, parent):
    """Only buses of which one lies on the way to the other."""
    return shared if len(shared) in (len(_way(parent, i)), len(_way(parent, k))) else []


def _the_grid_is_given(answer, parent, r, energy, *_):
    words = f"at bus 0 its price is {answer[0]:.6g}. Bus 0 is the grid, whose price is given: {energy:g}"
    return words if _differs(answer[0], energy) else None


def _rises_along_each_line(answer, parent, r, energy, line, voltage):
    for number, (near, own, full) in enumerate(zip(parent, r, line)):
        far, nu = number + 1, sum(each for bus, each in enumerate(voltage) if number in _way(parent, bus))
        due, there = full + 2 * own * nu, answer[far] - answer[near]
        if _differs(there, due):
            return (
                f"from bus {near} to bus {far} its price changes by {there:.6g}. The multiplier of line {number} is {full:g},"
                f" its resistance {own:g}, and the voltage multipliers of the buses that it feeds add up to {nu:g}: the change"
                f" must be {due:.6g}"
            )
    return None


OWN_PRICE = Exercise(
    name="distribution_prices/own_price",
    function="prices",
    parameters=("parent", "r", "energy", "line", "voltage"),
    example=(
        ([0, 1, 2, 2], [0.02, 0.03, 0.1, 0.05], 50, [2, 0, 0, 0], [0, 0, 0, 100, 20]),
        [50.0, 56.8, 64.0, 84.0, 66.0],
    ),
    instances=multiplied_feeders,
    reference=_prices,
    form=_a_number_each,
    properties=(_the_grid_is_given, _rises_along_each_line),
    mistakes=(
        Mistake(
            "it counts only the bus's own voltage. A kilowatt at bus i pulls down the voltage of every bus that shares a part"
            " of its way: add up over all k.",
            _with(meets=lambda i, k, shared, parent: shared if i == k else []),
        ),
        Mistake(
            "it takes the whole resistance of the way to i for every k. Only what the ways to i and to k share counts.",
            _with(meets=lambda i, k, shared, parent: _way(parent, i)),
        ),
        Mistake(
            "it takes the whole resistance of the way to k for every i. Even the grid would then pay for low voltages: only the"
            " part that the ways to i and to k share counts.",
            _with(meets=lambda i, k, shared, parent: _way(parent, k)),
        ),
        Mistake(
            "it takes the resistance of one line, the last that the two ways share. Add up all that they share.",
            _with(meets=lambda i, k, shared, parent: shared[:1]),
        ),
        Mistake(
            "it leaves out low voltages on side branches. The ways part there, but their first lines are shared.",
            _with(meets=_on_one_way),
        ),
        Mistake("it forgets the factor 2. The square of a voltage falls by 2 r P, so R is taken twice.", _with(factor=1)),
        Mistake(
            "its low voltages make power cheaper. Load pulls a voltage down, so where one is at its lower limit load pays"
            " more: add.",
            _with(factor=-2),
        ),
        Mistake("it leaves out voltages. Each one at its limit adds 2 R times its multiplier.", _with(factor=0)),
        Mistake(
            "it adds the multipliers of all lines to every bus. Load takes up room only on the lines on its way.",
            lambda *case: _prices(*case, congestion=lambda way: sum(case[3])),
        ),
        Mistake(
            "it adds only the multiplier of the last line, the one that leads to the bus. All lines on the way from the grid"
            " count.",
            lambda *case: _prices(*case, congestion=lambda way: sum(case[3][each] for each in way[:1])),
        ),
        Mistake("it leaves out full lines. Each one on the way is a part of the price.", _with(congestion=lambda way: 0)),
        Mistake(
            "it takes the feeder for one cable, in which bus i hangs on bus i - 1. Go up by `parent`.",
            lambda parent, *others: _prices(list(range(len(parent))), *others),
        ),
        Mistake(
            "right, except that a line full with power on its way up makes load below it cheaper: leave its multiplier"
            " negative.",
            lambda parent, r, energy, line, voltage: _prices(parent, r, energy, [abs(each) for each in line], voltage),
            almost=True,
        ),
    ),
    corners=(
        Corner("when there is only the grid", lambda parent, *_: not parent),
        Corner("when no line is full", lambda parent, r, energy, line, voltage: not any(line)),
        Corner("when no voltage is at its limit", lambda parent, r, energy, line, voltage: not any(voltage)),
        Corner("when the price at the grid is negative", lambda parent, r, energy, *_: energy < 0),
        Corner("when a line is full with power on its way up", lambda parent, r, energy, line, _: min(line, default=0) < 0),
        Corner("when several voltages are at their limit", lambda *case: sum(map(bool, case[4])) > 1),
        Corner("when the feeder forks", _forks),
    ),
    forbidden=(lindistflow_opf, branch_flow_opf, ac_opf, parts_of, ACDispatch.price_components),
)


# distribution_prices/marginal_loss


def loaded_feeders(rng):
    """(parent, r, load): loads in tenths p.u., some of them negative, so that some lines carry power up."""
    for number in range(54):
        lines = int(rng.integers(2, 6))
        parent, r = _feeder(rng, lines, number, 6)
        tenths = [0, *(int(load) for load in rng.integers(1, 6, lines))]
        if number % 2:
            for giver in rng.permutation(lines)[: int(rng.integers(1, 3))]:
                tenths[giver + 1] = -int(rng.integers(2, 9))
        if number % 5 == 0:
            tenths[int(rng.integers(1, lines + 1))] = 0
        if sum(tenths) == 0:  # whoever divides by it is told what is wrong, not that it raises
            tenths[-1] += 3
        yield parent, r, [load / 10 for load in tenths]
    for _ in range(2):  # a long street at full load, and the grid alone
        street = [0, *(int(load) / 10 for load in rng.integers(4, 6, 5))]
        yield list(range(5)), [int(r) / 100 for r in rng.integers(4, 6, 5)], street
        yield [], [], [int(rng.integers(1, 9)) / 10]


def _flows(parent, r, load, losses=False):
    """What each line carries: all that is drawn at the bus it leads to and below, here and there with the losses."""
    drawn = list(load)
    for line in reversed(range(len(parent))):
        drawn[parent[line]] += drawn[line + 1] + (r[line] * drawn[line + 1] ** 2 if losses else 0)
    return drawn[1:]


def _marginal(parent, r, load, flows=_flows, of_line=lambda r, P: 2 * r * P, of_way=lambda way: way):
    """Sum over the way of what each line loses more, or what a learner takes for it."""
    carried = flows(parent, r, load)
    return [float(sum(of_line(r[each], carried[each]) for each in of_way(_way(parent, bus)))) for bus in _buses(parent)]


def _differently(**slip):
    return lambda *case: _marginal(*case, **slip)


def _total_by_load(parent, r, load):
    lost = sum(each * P**2 for each, P in zip(r, _flows(parent, r, load)))
    return [lost / sum(load) if sum(load) else 0.0] * len(load)


def _nothing_at_the_grid(answer, *_):
    words = f"at bus 0 it returns {answer[0]:.6g}. Load there uses no line, and adds nothing to the losses"
    return words if _differs(answer[0], 0) else None


def _grows_along_each_line(answer, parent, r, load):
    for number, (near, own, P) in enumerate(zip(parent, r, _flows(parent, r, load))):
        far, due, there = number + 1, 2 * own * P, answer[number + 1] - answer[near]
        if _differs(there, due):
            return (
                f"from bus {near} to bus {far} it changes by {there:.6g}. Line {number} has a resistance of {own:g} and carries"
                f" {P:.6g}: it loses {own * P * P:.6g}, and for one unit more {due:.6g} more"
            )
    return None


MARGINAL_LOSS = Exercise(
    name="distribution_prices/marginal_loss",
    function="marginal_losses",
    parameters=("parent", "r", "load"),
    example=(([0, 1, 1], [0.1, 0.04, 0.05], [0, 0.3, 0.5, -0.6]), [0.0, 0.04, 0.08, -0.02]),
    instances=loaded_feeders,
    reference=_marginal,
    form=_a_number_each,
    properties=(_nothing_at_the_grid, _grows_along_each_line),
    mistakes=(
        Mistake(
            "it gives the average loss, r P. A line loses r P^2, so one more unit adds 2 r P: twice the average.",
            _differently(of_line=lambda r, P: r * P),
        ),
        Mistake(
            "it gives what the lines on the way lose, r P^2. What one more unit adds is the derivative, 2 r P.",
            _differently(of_line=lambda r, P: r * P**2),
        ),
        Mistake(
            "it divides the losses of all by the load of all. That is one average for everybody; what one more unit adds"
            " differs from bus to bus.",
            _total_by_load,
        ),
        Mistake(
            "reverse flow costs in it. Where power goes up, one more unit of load below means less on the line: P is negative,"
            " and so is 2 r P.",
            _differently(of_line=lambda r, P: 2 * r * abs(P)),
        ),
        Mistake(
            "its lines carry only the load of the bus at their end. A line carries all that is drawn below it as well.",
            _differently(flows=lambda parent, r, load: load[1:]),
        ),
        Mistake(
            "its lines carry only what is drawn beyond their end. The bus at the end draws too.",
            _differently(flows=lambda *case: [flow - own for flow, own in zip(_flows(*case), case[2][1:])]),
        ),
        Mistake(
            "it counts only the last line, the one that leads to the bus. One more unit takes the whole way from the grid.",
            _differently(of_way=lambda way: way[:1]),
        ),
        Mistake(
            "it takes the feeder for one cable, in which bus i hangs on bus i - 1. Go up by `parent`.",
            lambda parent, r, load: _marginal(list(range(len(parent))), r, load),
        ),
        Mistake(
            "right, except that more load may save losses: where it does, the number is negative, not 0.",
            lambda *case: [max(each, 0.0) for each in _marginal(*case)],
            almost=True,
        ),
        Mistake(
            "right, except that a line with power on its way up counts as well: there 2 r P is negative, not 0.",
            _differently(of_line=lambda r, P: 2 * r * max(P, 0.0)),
            almost=True,
        ),
        Mistake(
            "right, except that its lines also carry the losses of the lines below. They are small: leave them out of the"
            " flows, as the text does.",
            _differently(flows=lambda *case: _flows(*case, losses=True)),
            almost=True,
        ),
    ),
    corners=(
        Corner("when there is only the grid", lambda parent, *_: not parent),
        Corner("when some line carries power up", lambda *case: min(_flows(*case), default=0) < -SLACK),
        Corner("when a bus draws nothing", lambda parent, r, load: 0 in load[1:]),
        Corner("when the feeder forks", _forks),
    ),
    forbidden=(lindistflow, carried_down, ac_power_flow, sweep, ac_opf, branch_flow_opf, ACDispatch.loss_factors),
)

EXERCISES = (OWN_PRICE, MARGINAL_LOSS)
