"""Checks of the chapter on reserves and adequacy."""

from itertools import product
from math import inf, prod

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close
from tefoundations.grid import capacity_credit, expansion, loss_of_load, reserve_opf

# reserves_and_adequacy/both


def plants_and_needs(rng):
    """(load, reserve, plants): two to four plants; in one case of five reserve is left over anyway."""
    while True:
        plants = [tuple(int(rng.integers(low, high)) for low, high in ((5, 80), (40, 120), (5, 40)))
                  for _ in range(rng.integers(2, 5))]  # fmt: skip
        if len({cost for cost, *_ in plants}) < len(plants):
            continue
        size, quick = (sum(plant[place] for plant in plants) for place in (1, 2))
        reserve = int(rng.uniform(0.15, 0.95) * min(quick, 0.4 * size))
        load = int(rng.uniform(0.4, 0.98) * (size - reserve))
        if load < 1 or reserve < 1 or least_cost(load + 1, reserve + 1, plants) == inf:
            continue
        if both(load, reserve, plants)[1] > 0 or rng.random() < 0.2:
            return load, reserve, plants


def served_by(load, plants, held):
    """Cost of a load served from the cheapest on, where each plant holds so much back; inf if it cannot be."""
    cost = 0.0
    for (each, size, _), back in sorted(zip(plants, held)):
        made = min(load, size - back)
        cost, load = cost + each * made, load - made
    return cost if load <= 1e-9 else inf


def least_cost(load, reserve, plants):
    """Reserve is held by the dearest first, each up to what it can: no other order leaves as much cheap power."""
    held, left = [0.0] * len(plants), reserve
    for place in sorted(range(len(plants)), key=lambda place: -plants[place][0]):
        held[place] = min(left, plants[place][1], plants[place][2])
        left -= held[place]
    return served_by(load, plants, held) if left <= 1e-9 else inf


def both(
    load, reserve, plants, *, kept=lambda reserve: reserve, told=lambda energy, reserve, costs: (energy, reserve),
):  # fmt: skip
    """`kept` is the reserve that the price of energy knows of; `told` are the two prices from both and the costs."""
    now = least_cost(load, reserve, plants)
    while_kept = least_cost(load, kept(reserve), plants)
    energy = least_cost(load + 1, kept(reserve), plants) - while_kept
    more = least_cost(load, reserve + 1, plants) - now
    prices = told(energy, more, [cost for cost, *_ in plants])
    return [float(price) for price in prices]


def is_a_cost(answer, load, reserve, plants):
    """The next megawatt of load is made by one plant: while reserve is held no other moves."""
    if any(close(answer[0], float(cost)) for cost, *_ in plants):
        return None
    return f"its price of energy is {answer[0]:g}, and one more megawatt of load is made by a plant of the list, at its cost"


def a_difference(answer, load, reserve, plants):
    """The next megawatt of reserve moves one from a plant to a dearer one, or costs nothing."""
    gaps = [0.0] + [float(dear - cheap) for dear, *_ in plants for cheap, *_ in plants if dear > cheap]
    if any(close(answer[1], gap) for gap in gaps):
        return None
    words = "one more megawatt of reserve lets a dearer plant make what another holds back, or costs nothing"
    return f"its price of reserve is {answer[1]:g}, and {words}"


BOTH = exercise(
    "reserves_and_adequacy/both", both,
    example=((95, 30, [(35, 100, 20), (20, 100, 100)]), [35.0, 15.0]),
    draw=plants_and_needs,
    form=numbers(2, "two numbers are asked for, (price of energy, price of reserve)"),
    mistakes=(
        wrong("it says that reserve is free. No fuel is burnt for it, but where a plant's room is full, holding back means"
              " making less, and a dearer plant makes up for it.", told=lambda energy, reserve, costs: (energy, 0.0)),
        almost("right for reserve. The price of energy is what one more megawatt of load costs while the reserve is held:"
               " what is kept back cannot serve it.", kept=lambda reserve: 0),
        wrong("it takes the dearest cost less the cheapest for reserve. Ask which plant would hold one megawatt more, and"
              " which would make up for it.", told=lambda energy, reserve, costs: (energy, max(costs) - min(costs))),
        wrong("it takes the price of energy less the cheapest cost for reserve. The cheapest plant may be at the end of what"
              " it can hold in time, or a dearer one may still have room.",
              told=lambda energy, reserve, costs: (energy, energy - min(costs))),
        wrong("it pays reserve like energy. What is held back burns no fuel: it gives up the price less its own cost.",
              told=lambda energy, reserve, costs: (energy, energy)),
    ),
    properties=(is_a_cost, a_difference),
    corners={"when reserve is left over anyway": lambda *case: both(*case)[1] == 0,
             "when reserve makes energy dearer": lambda load, reserve, plants: both(load, reserve, plants)[0]
             > both(load, 0, plants)[0],
             "when the dearest plant can hold all of it": lambda load, reserve, plants: reserve < max(plants)[2]},
    forbids=(reserve_opf,),
    hints=("Who should hold the reserve, so that as much cheap power as possible is left? Begin with that plant.",
           "With the reserve held, each plant has less room. Serve the load from the cheapest on: who makes the next one?",
           "Write the least cost as a function of load and reserve, and let each grow by a little."),
)  # fmt: skip

# reserves_and_adequacy/missing


def peaker(rng):
    """(fixed, cost, cap, hours): now and then nothing is missing, or no hour is scarce."""
    fixed, cost = 1000 * int(rng.integers(20, 90)), int(rng.integers(40, 200))
    hours = 0 if rng.random() < 0.1 else int(rng.integers(1, 41))
    return fixed, cost, int(rng.choice([500, 1000, 3000, 5000, 10000])), hours


def missing(fixed, cost, cap, hours, *, earned=lambda cost, cap, hours: (cap - cost) * hours, least=0.0):
    return max(float(fixed - earned(cost, cap, hours)), least)


MISSING = exercise(
    "reserves_and_adequacy/missing", missing,
    example=((49_500, 100, 1_000, 5), 45_000.0),
    draw=peaker, form=number("one number is asked for, in $ a year"),
    mistakes=(
        wrong("it forgets the fuel. In a scarce hour the plant is paid the cap, and pays its running cost.",
              earned=lambda cost, cap, hours: cap * hours),
        wrong("it lets the plant earn the cap all year. Only some hours are scarce.",
              earned=lambda cost, cap, hours: (cap - cost) * 8760),
        almost("right, except that nothing is missing where the plant earns more than its fixed cost.", least=-inf),
        wrong("it takes off the fuel twice: once from the price, and once more as a cost of the year.",
              earned=lambda cost, cap, hours: (cap - 2 * cost) * hours),
    ),
    corners={"when it earns more than its fixed cost": lambda fixed, cost, cap, hours: (cap - cost) * hours > fixed,
             "when no hour is scarce": lambda fixed, cost, cap, hours: hours == 0},
    forbids=(expansion,),
    hints=("What does a megawatt earn in one scarce hour, above what it costs to run?",),
)  # fmt: skip

# reserves_and_adequacy/shortage


def fleet(rng):
    """(load, units): three to six units; often what is left is just enough if one of them is out."""
    units = [
        (int(rng.choice([20, 30, 50, 100])), round(float(rng.uniform(0.02, 0.2)), 2)) for _ in range(rng.integers(3, 7))
    ]
    total = sum(mw for mw, _ in units)
    loads = total - units[0][0], total - units[1][0], round(total * float(rng.uniform(0.55, 0.95)))
    return loads[rng.integers(3)], units


def states(units):
    """(chance, MW that run, how many are out) of each way to be out or not."""
    for outs in product((False, True), repeat=len(units)):
        chance = prod(q if out else 1 - q for out, (_, q) in zip(outs, units))
        yield chance, sum(mw for out, (mw, _) in zip(outs, units) if not out), sum(outs)


def shortage(
    load, units, *, counts=lambda out, count: True, chance=lambda p, out, units: p, tie=False,
    told=lambda p, mw: (p, mw),
):  # fmt: skip
    """`counts` says of which states the shortage is told, `tie` whether just enough is short."""
    p = mw = 0.0
    for likely, have, out in states(units):
        if counts(out, len(units)) and (have < load or tie and have == load):
            p, mw = p + chance(likely, out, units), mw + chance(likely, out, units) * (load - have)
    return list(told(p, mw))


def one_alone(load, units):
    """Each outage by itself, with the chance of that unit, whatever the others do."""
    total = sum(mw for mw, _ in units)
    lacks = [(q, max(load - total + mw, 0)) for mw, q in units]
    return [sum(q for q, mw in lacks if mw > 0), sum(q * mw for q, mw in lacks)]


def on_average(load, units):
    mean = sum(mw * (1 - q) for mw, q in units)
    return [float(mean < load), max(load - mean, 0.0)]


def a_chance(answer, load, units):
    if not 0 <= answer[0] <= 1:
        return f"its chance is {answer[0]:g}, and a chance lies between 0 and 1"
    if answer[1] < -1e-9 or answer[1] > load:
        return f"it says that {answer[1]:g} MW are missing on average, and that lies between 0 and the load, {load:g}"
    return None


def just_enough(load, units):
    return any(have == load for _, have, _ in states(units))


SHORTAGE = exercise(
    "reserves_and_adequacy/shortage", shortage,
    example=((60, [(50, 0.1), (20, 0.2)]), [0.28, 6.2]),
    draw=fleet, form=numbers(2, "two numbers are asked for, (chance of a shortage, MW missing on average)"),
    mistakes=(
        wrong("it compares the load with what units give on average. A shortage is a matter of which of them are out.",
              on_average),
        wrong("it lets one unit be out at most. Two may be, and then more is missing.", one_alone),
        wrong("it counts only the case that all are out. A shortage may begin with a single outage.",
              counts=lambda out, count: out == count),
        almost("right, except where units give just as much as the load: nothing is short then.", tie=True),
        almost("right for the chance. What is missing on average counts all cases, also those without a shortage, with 0:"
               " do not divide by the chance of one.", told=lambda p, mw: (p, mw / p if p else 0.0)),
    ),
    properties=(a_chance,),
    corners={"when units give just as much as the load": lambda load, units: just_enough(load, units),
             "when it takes two outages": lambda load, units: load + max(units)[0] <= sum(mw for mw, _ in units)},
    forbids=(loss_of_load, capacity_credit),
    hints=("Each unit runs or is out. How likely is each combination, and what does it give?",
           "With many units: keep a table of outputs and their chances, and add one unit at a time."),
)  # fmt: skip

EXERCISES = (BOTH, MISSING, SHORTAGE)
