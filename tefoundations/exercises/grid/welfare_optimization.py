"""Checks of the chapter on welfare as an optimisation problem."""

from tefoundations.exercises.kit.forms import numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close, is_number

# welfare_optimization/kkt


def claim(rng):
    """A market built from its answer, so that all numbers are round; most answers are then spoilt in one or two places."""
    price = int(rng.integers(15, 45)) if rng.random() < 0.88 else int(rng.integers(-12, 0))
    tonne = int(rng.integers(2, 15)) if rng.random() < 0.5 else 0
    stations, plan, low, up = [], [], [], []
    for _ in range(rng.integers(1, 5)):
        most, slope, e = 5 * int(rng.integers(4, 13)), float(rng.choice([0.25, 0.5, 1])), float(rng.choice([0, 0.5, 1]))
        end = rng.choice(["low", "inside", "up"], p=[0.25, 0.5, 0.25])
        g = {"low": 0, "inside": int(rng.integers(1, most // 2)) * 2, "up": most}[end]
        below, above = (int(rng.integers(0, 8)) if end == each else 0 for each in ("low", "up"))
        stations.append((price - slope * g - e * tonne + below - above, slope, most, e))
        plan.append(g), low.append(below), up.append(above)
    emitted = sum(e * g for (*_, e), g in zip(stations, plan))
    case = [stations, sum(plan), emitted if tonne else emitted + int(rng.integers(0, 9)), plan, price, tonne, low, up]
    for _ in range(rng.choice(3, p=[0.3, 0.2, 0.5])):
        place, step = rng.choice([1, 2, 3, 4, 5, 5, 6, 7]), int(rng.choice([-14, -9, -6, -3, 2, 5]))
        if isinstance(case[place], list):
            case[place][rng.integers(len(stations))] += step
        else:
            case[place] += step
    return tuple(case)


def over(x):
    return max(x, 0)


def kkt(stations, load, cap, plan, price, tonne, low, up, *, steep=1, carbon=1, held=1, off=abs, gap=abs, of_cap=1):
    """The worst violation of each condition; the slack `of_cap` may be forgotten."""
    emitted = sum(e * g for (*_, e), g in zip(stations, plan))
    room = [most - g for (_, _, most, _), g in zip(stations, plan)]
    next_mw = [first + steep * slope * g + carbon * e * tonne for (first, slope, _, e), g in zip(stations, plan)]
    violations = (
        [off(mw + held * (b - a) - price) for mw, a, b in zip(next_mw, low, up)],
        [gap(sum(plan) - load), over(emitted - cap), *(over(-x) for x in [*plan, *room])],
        [over(-m) for m in [tonne, *low, *up]],
        [off(m * slack) for m, slack in zip([of_cap * tonne, *low, *up], [cap - emitted, *plan, *room])],
    )
    return list(map(max, violations))


def one_by_one(answer, *case):
    conditions = "stationarity", "primal feasibility", "dual feasibility", "complementary slackness"
    for name, found, right in zip(conditions, answer, kkt(*case)):
        if found < 0:
            return f"its number for {name} is {found:g}, but a violation is not negative"
        if not close(found, float(right)):
            return f"its number for {name} is {found:g}, and should be {right:g}"
    return None


KKT = exercise(
    "welfare_optimization/kkt", kkt,
    example=(([(10, 0.5, 40, 1), (20, 0.25, 60, 0)], 61, 25, [20, 40], 30, 8, [0, 0], [0, 0]), [2.0, 1.0, 0.0, 40.0]),
    draw=claim, form=numbers(4, "four numbers are asked for, (stationarity, primal, dual, slackness)"),
    properties=(one_by_one,),
    mistakes=(
        wrong("its stationarity knows nothing of carbon. A further megawatt emits, and each tonne costs `tonne`.", carbon=0),
        wrong("its stationarity has the multipliers of the limits the wrong way round. An upper limit holds back a station"
              " whose next megawatt is cheaper than the price; its multiplier is added to the cost.", held=-1),
        wrong("it takes half the slope, which gives the average cost. The next megawatt costs first + rise * g.", steep=0.5),
        wrong("it compares signed numbers in stationarity and slackness. Too low is as wrong as too high: take absolute"
              " values.", off=float),
        wrong("its slackness leaves out the cap: where less is emitted than allowed, a tonne has no price.", of_cap=0),
        almost("right, except that it lets the plan make more than the load. The balance is an equality.",
               gap=lambda surplus: over(-surplus)),
    ),
    corners={"when the price is negative": lambda *case: case[4] < 0,
             "when there is one station": lambda stations, *_: len(stations) == 1,
             "when a multiplier is negative": lambda *case: min(case[5], *case[6], *case[7]) < 0,
             "when all conditions hold": lambda *case: max(kkt(*case)) == 0},
    hints=("What does the next megawatt of a station cost, its carbon included? `up` adds to it, `low` takes away.",
           "For each condition list all that may be violated, one entry a limit. In an equality, both signs count."),
)  # fmt: skip

# welfare_optimization/carbon_price


def capped(rng):
    """(stations, load, cap): stations in blocks; all numbers are halves or quarters, so that ties are exact."""
    count = int(rng.integers(2, 6))
    intensity = [float(e) for e in rng.choice([0.0, 0.5, 1.0], count)]
    if rng.random() < 0.67:
        intensity[:2] = [1.0, 0.5]
    stations = [(int(rng.integers(40, 120)) / 2 - int(12 * e), int(rng.integers(2, 9)) * 10, e) for e in intensity]
    load = int(rng.integers(2, max(3, sum(most for _, most, _ in stations) // 10))) * 10
    most, least = emissions(stations, load, 0), emissions(stations, load, 1e6)
    between, switch = round(least + (most - least) * rng.random()) + 0.25, rng.choice(switches(stations))
    caps = between, emissions(stations, load, switch), max(least - 2, 0), most + int(rng.integers(0, 5))
    return stations, load, float(rng.choice(caps, p=[0.6, 0.14, 0.13, 0.13]))


def merit_order(stations, load, tax, *, ties=1, makes=min):
    """(power, cost, e) of the cheapest plan under a tax; in ties the cleanest goes first, with -1 the dirtiest."""
    for cost, most, e in sorted(stations, key=lambda s: (s[0] + tax * s[2], ties * s[2])):
        power = makes(most, load)
        load -= power
        yield power, cost, e


def emissions(*case, **ways):
    return sum(power * e for power, _, e in merit_order(*case, **ways))


def switches(stations, saved=lambda dirty, clean: dirty - clean):
    """Zero, and every tax at which two stations cost the same."""
    every = {(b[0] - a[0]) / saved(a[2], b[2]) for a in stations for b in stations if b[2] < a[2]}
    return [0.0, *sorted(tax for tax in every if tax > 0)]


def carbon_price(stations, load, cap, *, taxes=switches, makes=min, never=lambda stations: None, free=0):
    """The first of the taxes that does; `never` where none does, `free` where it is 0."""
    found = (tax for tax in taxes(stations) if emissions(stations, load, tax, makes=makes) <= cap)
    tax = next(found, None)
    return never(stations) if tax is None else tax or free


def average(stations, load, cap):
    """What all the tonnes saved cost, by the tonne."""
    tax = carbon_price(stations, load, cap)
    if not tax:
        return tax
    spent = [sum(power * cost for power, cost, _ in merit_order(stations, load, each)) for each in (0, tax)]
    return (spent[1] - spent[0]) / (emissions(stations, load, 0) - emissions(stations, load, tax))


def a_tax(answer, *_):
    if answer is None or is_number(answer) and answer >= 0:
        return None
    return "a tax in $/t is asked for, a number from 0 up, or None where no plan keeps within the cap"


def keeps_within(answer, stations, load, cap):
    cleanest = emissions(stations, load, 1e6)
    if answer is None:
        words = f"the cleanest stations alone emit {cleanest:g} t/h, within the cap of {cap:g}: there is a tax"
        return words if cleanest <= cap else None
    if cleanest > cap:
        return f"it returns {answer:g}, but even the cleanest plan emits {cleanest:g} t/h: no tax keeps within {cap:g}"
    emitted = emissions(stations, load, answer)
    if emitted > cap and not close(answer, float(carbon_price(stations, load, cap))):
        return f"at its tax of {answer:g} $/t the cheapest plan still emits {emitted:g} t/h, and {cap:g} are allowed"
    return None


CARBON_PRICE = exercise(
    "welfare_optimization/carbon_price", carbon_price,
    example=(([(20, 60, 1), (38, 40, 0.5), (50, 80, 0)], 100, 65), 24.0),
    draw=capped, form=a_tax, properties=(keeps_within,),
    mistakes=(
        wrong("it divides all the extra cost by all the tonnes saved, which is their average. The price is that of the last"
              " tonne.", average),
        wrong("it compares only the dirtiest station with the cleanest. Cheaper switches between others may do.",
              taxes=lambda stations: switches(sorted(stations, key=lambda s: s[2])[:: len(stations) - 1])),
        wrong("it divides the difference in cost by the carbon of the dirtier station. What a switch saves is the"
              " difference of the two.", taxes=lambda stations: switches(stations, lambda dirty, clean: dirty)),
        wrong("it lets one station serve the whole load. Each can make only so much, and the next in order makes the rest.",
              makes=lambda most, left: left),
        almost("right, except where no plan keeps within the cap. No tax can help there: return None.",
               never=lambda stations: switches(stations)[-1]),
        almost("right, except where the cap does not bind. What is not scarce has the price 0.", free=None),
    ),
    corners={
        "when no plan keeps within the cap": lambda *case: carbon_price(*case) is None,
        "when the cap does not bind": lambda *case: carbon_price(*case) == 0,
        "when the cap is just what a plan emits": lambda stations, load, cap: any(
            emissions(stations, load, tax, ties=ties) == cap for tax in switches(stations) for ties in (1, -1)
        ),
        "when two stations emit alike": lambda stations, *_: len({e for *_, e in stations}) < len(stations),
    },
    hints=("The order of the stations changes only at taxes at which two of them cost the same. Which are these?",
           "For each of them, sort the stations by cost + tax * e and serve the load. In a tie, which one should go first?"),
)  # fmt: skip

EXERCISES = (KKT, CARBON_PRICE)
