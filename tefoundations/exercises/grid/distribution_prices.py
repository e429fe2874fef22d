"""Checks of the chapter on distribution prices."""

from tefoundations.exercises.kit.forms import numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close
from tefoundations.grid import ACDispatch, ac_opf, ac_power_flow, branch_flow_opf, lindistflow, lindistflow_opf, sweep
from tefoundations.grid.feeder.linear_flow import carried_down
from tefoundations.grid.feeder.prices import parts_of

ONE_CABLE = "it takes the feeder for one cable, in which bus i hangs on bus i - 1. Go up by `parent`."

# Feeders: line l leads from bus parent[l] to bus l + 1


def feeder(rng, most):
    """(parent, r): a cable, a star, any tree, or the grid alone; r in hundredths p.u."""
    lines = int(rng.choice([0, 2, 3, 4, 5], p=[0.06, 0.2, 0.24, 0.25, 0.25]))
    kinds = ([int(rng.integers(max(bus - 2, 0), bus + 1)) for bus in range(lines)], list(range(lines)), [0] * lines)
    return kinds[rng.choice(3, p=[0.8, 0.1, 0.1])], [int(r) / 100 for r in rng.integers(1, most, lines)]


def way(parent, bus):
    """The lines from a bus up to the grid, the nearest first."""
    lines = []
    while bus:
        lines.append(bus - 1)
        bus = parent[bus - 1]
    return lines


def cable(parent):
    return list(range(len(parent)))


FEEDERS = {
    "when there is only the grid": lambda parent, *_: not parent,
    "when the feeder forks": lambda parent, *_: len(set(parent)) < len(parent),
}
WORDS = "a list of one number a bus is asked for, here {n}: bus 0, the grid, is the first"
one_a_bus = numbers(lambda parent, *_: len(parent) + 1, WORDS)

# distribution_prices/own_price


def multiplied(rng):
    """(parent, r, energy, line, voltage): a few full lines, and a few voltages at their limit."""
    parent, r = feeder(rng, 13)
    line, voltage = ([int(x) for x in rng.integers(1, 16, n) * (rng.random(n) < 0.4)] for n in (len(r), len(r)))
    line = [x if rng.random() < 0.8 else -x for x in line]
    energy = rng.integers(20, 80) if rng.random() < 0.9 else -rng.integers(1, 20)
    return parent, r, int(energy), line, [0, *(10 * x for x in voltage)]


def prices(parent, r, energy, line, voltage, *, reach=way, meets=lambda i, k, shared, parent: shared, factor=2):
    """Energy, the multipliers of the lines in `reach`, and those of voltages by the resistance of the lines in `meets`."""
    ways, found = [way(parent, bus) for bus in range(len(parent) + 1)], []
    for i, own in enumerate(ways):
        price = energy + sum(line[each] for each in reach(parent, i))
        for k, nu in enumerate(voltage):
            price += factor * nu * sum(r[each] for each in meets(i, k, [each for each in own if each in ways[k]], parent))
        found.append(price)
    return found


def the_grid_is_given(answer, parent, r, energy, *_):
    words = f"at bus 0 its price is {answer[0]:.6g}. Bus 0 is the grid, whose price is given: {energy:g}"
    return None if close(answer[0], float(energy)) else words


def rises_along_each_line(answer, parent, r, energy, line, voltage):
    for number, (near, own, full) in enumerate(zip(parent, r, line)):
        far, nu = number + 1, sum(each for bus, each in enumerate(voltage) if number in way(parent, bus))
        due, there = float(full + 2 * own * nu), answer[far] - answer[near]
        if not close(there, due):
            return (
                f"from bus {near} to bus {far} its price changes by {there:.6g}. The multiplier of line {number} is"
                f" {full:g}, its resistance {own:g}, and the voltage multipliers of the buses that it feeds add up to"
                f" {nu:g}: the change must be {due:.6g}"
            )
    return None


OWN_PRICE = exercise(
    "distribution_prices/own_price", prices,
    example=(([0, 1, 2, 2], [0.02, 0.03, 0.1, 0.05], 50, [2, 0, 0, 0], [0, 0, 0, 100, 20]), [50.0, 56.8, 64.0, 84.0, 66.0]),
    draw=multiplied, form=one_a_bus, properties=(the_grid_is_given, rises_along_each_line),
    mistakes=(
        wrong("it counts only the bus's own voltage. A kilowatt at bus i pulls down the voltage of every bus that shares a"
              " part of its way: add up over all k.", meets=lambda i, k, shared, parent: shared if i == k else []),
        wrong("it takes the whole resistance of the way to i for every k. Only what the ways to i and to k share counts.",
              meets=lambda i, k, shared, parent: way(parent, i)),
        wrong("it forgets the factor 2. The square of a voltage falls by 2 r P, so R is taken twice.", factor=1),
        wrong("its low voltages make power cheaper. Load pulls a voltage down, so where one is at its lower limit load pays"
              " more: add.", factor=-2),
        wrong("it adds the multipliers of all lines to every bus. Load takes up room only on the lines on its way.",
              reach=lambda parent, bus: cable(parent)),
        wrong(ONE_CABLE, lambda parent, *others: prices(cable(parent), *others)),
        almost("right, except that a line full with power on its way up makes load below it cheaper: leave its multiplier"
               " negative.",
               lambda parent, r, energy, line, voltage: prices(parent, r, energy, list(map(abs, line)), voltage)),
    ),
    corners=FEEDERS | {
        "when no line is full": lambda parent, r, energy, line, voltage: not any(line),
        "when no voltage is at its limit": lambda parent, r, energy, line, voltage: not any(voltage),
        "when the price at the grid is negative": lambda parent, r, energy, *_: energy < 0,
        "when a line is full with power on its way up": lambda parent, r, energy, line, _: min(line, default=0) < 0,
        "when several voltages are at their limit": lambda *case: sum(map(bool, case[4])) > 1,
    },
    forbids=(lindistflow_opf, branch_flow_opf, ac_opf, parts_of, ACDispatch.price_components),
    hints=("First write a function that gives the lines from a bus up to the grid. Which of them do two buses share?",
           "The price of a bus has three parts: energy, the multipliers of the lines on its way, and one for each voltage.",
           "For each bus k with a multiplier, add up the resistances of the lines that lie on both ways; twice that many."),
)  # fmt: skip

# distribution_prices/marginal_loss


def loaded(rng):
    """(parent, r, load): loads in tenths p.u., some of them negative, so that some lines carry power up."""
    parent, r = feeder(rng, 6)
    tenths = [int(x) for x in rng.integers(1, 7, len(r))]
    tenths = [0 if rng.random() < 0.06 else -x if rng.random() < 0.2 else x for x in tenths]
    if not r or sum(tenths) == 0:  # whoever divides by it is told what is wrong, not that it raises
        tenths = [*tenths[:-1], sum(tenths) + 3] if r else []
    return parent, r, [x / 10 for x in ([0, *tenths] if r else [3])]


def street(rng):
    """At full load, so that the losses of the losses tell."""
    return cable(range(5)), [int(r) / 100 for r in rng.integers(4, 6, 5)], [0, *(int(x) / 10 for x in rng.integers(4, 6, 5))]


def flows(parent, r, load, losses=False):
    """What each line carries: all that is drawn at the bus it leads to and below, here and there with the losses."""
    drawn = list(load)
    for line in reversed(range(len(parent))):
        drawn[parent[line]] += drawn[line + 1] + (r[line] * drawn[line + 1] ** 2 if losses else 0)
    return drawn[1:]


def marginal_losses(parent, r, load, *, flows=flows, of_line=lambda r, P: 2 * r * P):
    """Sum over the way of what each line loses more, or what a learner takes for it."""
    carried = flows(parent, r, load)
    return [sum(of_line(r[each], carried[each]) for each in way(parent, bus)) for bus in range(len(load))]


def total_by_load(parent, r, load):
    lost = sum(each * P**2 for each, P in zip(r, flows(parent, r, load)))
    return [lost / sum(load) if sum(load) else 0.0] * len(load)


def nothing_at_the_grid(answer, *_):
    words = f"at bus 0 it returns {answer[0]:.6g}. Load there uses no line, and adds nothing to the losses"
    return None if close(answer[0], 0.0) else words


def grows_along_each_line(answer, parent, r, load):
    for number, (near, own, P) in enumerate(zip(parent, r, flows(parent, r, load))):
        far, due, there = number + 1, 2 * own * P, answer[number + 1] - answer[near]
        if not close(there, due):
            return (
                f"from bus {near} to bus {far} it changes by {there:.6g}. Line {number} has a resistance of {own:g} and"
                f" carries {P:.6g}: it loses {own * P * P:.6g}, and for one unit more {due:.6g} more"
            )
    return None


MARGINAL_LOSS = exercise(
    "distribution_prices/marginal_loss", marginal_losses,
    example=(([0, 1, 1], [0.1, 0.04, 0.05], [0, 0.3, 0.5, -0.6]), [0.0, 0.04, 0.08, -0.02]),
    draw=loaded, also=(street,), form=one_a_bus, properties=(nothing_at_the_grid, grows_along_each_line),
    mistakes=(
        wrong("it gives the average loss, r P. A line loses r P^2, so one more unit adds 2 r P: twice the average.",
              of_line=lambda r, P: r * P),
        wrong("it gives what the lines on the way lose, r P^2. What one more unit adds is the derivative, 2 r P.",
              of_line=lambda r, P: r * P**2),
        wrong("it divides the losses of all by the load of all. That is one average for everybody; what one more unit adds"
              " differs from bus to bus.", total_by_load),
        wrong("reverse flow costs in it. Where power goes up, one more unit of load below means less on the line: P is"
              " negative, and so is 2 r P.", of_line=lambda r, P: 2 * r * abs(P)),
        wrong("its lines carry only the load of the bus at their end. A line carries all that is drawn below it as well.",
              flows=lambda parent, r, load: load[1:]),
        wrong(ONE_CABLE, lambda parent, r, load: marginal_losses(cable(parent), r, load)),
        almost("right, except that its lines also carry the losses of the lines below. They are small: leave them out of"
               " the flows, as the text does.", flows=lambda *case: flows(*case, losses=True)),
    ),
    corners=FEEDERS | {
        "when some line carries power up": lambda *case: min(flows(*case), default=0) < -1e-9,
        "when a bus draws nothing": lambda parent, r, load: 0 in load[1:],
    },
    forbids=(lindistflow, carried_down, ac_power_flow, sweep, ac_opf, branch_flow_opf, ACDispatch.loss_factors),
    hints=("What does a line carry? All that is drawn at the bus it leads to, and at every bus below it.",
           "One more unit at a bus goes over every line on its way from the grid. What does it add to r P^2 on each?",
           "Go through the lines from the last to the first to find what they carry, then up from each bus, adding 2 r P."),
)  # fmt: skip

EXERCISES = (OWN_PRICE, MARGINAL_LOSS)
