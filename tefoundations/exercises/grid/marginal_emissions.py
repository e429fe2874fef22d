"""Checks of the chapter on marginal emissions."""

from itertools import accumulate

from tefoundations.exercises.kit.forms import number, numbers, one, or_none
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close, is_number
from tefoundations.grid import marginal_emissions, response, traced_emissions

RATES = (0.0, 0.35, 0.4, 0.55, 0.8, 0.95, 1.1)  # t/MWh

# marginal_emissions/margin


def stack(rng):
    """(load, plants): whole megawatts, costs that differ; often a load that just uses up a plant, now and then all."""
    count = int(rng.integers(2, 6))
    costs = rng.permutation(18)[:count] * 5
    sizes, rates = rng.integers(2, 9, count), rng.choice(RATES, count)
    plants = [(int(cost), int(mw) * 10, float(rate)) for cost, mw, rate in zip(costs, sizes, rates)]
    ends, kind = _sums(plants), rng.random()
    if kind < 0.3:
        return ends[int(rng.integers(0, count - 1))], plants
    return (ends[-1] if kind < 0.4 else int(rng.integers(0, ends[-1]))), plants


def _sums(plants):
    """Loads at which a plant is just used up, the cheapest first."""
    return list(accumulate(mw for _, mw, _ in sorted(plants)))


def by_cost(plant):
    return plant[0]


def outputs(load, plants):
    """[(MW, t/MWh)] of what runs, the cheapest first."""
    left, running = load, []
    for _, mw, rate in sorted(plants, key=by_cost):
        made = min(left, mw)
        left -= made
        running += [(made, rate)] if made else []
    return running


def margin(load, plants, *, order=by_cost, has_room=lambda left, mw: left < mw, none=lambda plants: None):
    left = load
    for _, mw, rate in sorted(plants, key=order):
        if has_room(left, mw):
            return rate
        left -= mw
    return none(plants)


def mean(pairs):
    return sum(mw * rate for mw, rate in pairs) / sum(mw for mw, _ in pairs) if pairs else 0.0


MARGIN = exercise(
    "marginal_emissions/margin", margin,
    example=((90, [(20, 50, 0.9), (0, 40, 0.0), (35, 60, 0.4)]), 0.4),
    draw=stack,
    form=one(or_none(is_number), "one number is asked for, in t/MWh, or None where no plant has room"),
    mistakes=(
        wrong("it is the average of what runs. That shares out what is emitted; one more megawatt-hour is made by one"
              " plant.",
              lambda load, plants: mean(outputs(load, plants))),
        wrong("it goes through the plants in the order of the list. The cheapest runs first.", order=lambda plant: 0),
        wrong("it weighs all plants by their size, also those that stand still.",
              lambda load, plants: mean([(mw, rate) for _, mw, rate in plants])),
        wrong("it takes the dirtiest plant that runs. The next megawatt-hour is made by the cheapest that has room.",
              lambda load, plants: max((rate for _, rate in outputs(load, plants)), default=0.0)),
        almost("right, except where a plant is just used up. It is the *next* megawatt-hour that is asked for; you tell what"
               " the last one was.", has_room=lambda left, mw: left <= mw, none=lambda plants: None),
        almost("right, except where all plants are used up: nobody makes one more, and the answer is None.",
               none=lambda plants: max(plants)[2]),
    ),
    corners={"when a plant is just used up": lambda load, plants: load in _sums(plants)[:-1],
             "when all plants are used up": lambda load, plants: load == _sums(plants)[-1],
             "when nothing is used yet": lambda load, plants: load == 0},
    forbids=(marginal_emissions, response, traced_emissions),
    hints=("Sort the plants by cost. How much of the load is left when the first has given all it can?",
           "Go on until a plant has room for one more: what is left for it is less than what it can give."),
)  # fmt: skip


# marginal_emissions/behind


def two_plants(rng):
    """(effect, rates, at): two digits; now and then the place is that of a plant."""
    effect = [int(rng.integers(30, 91)) / 100, int(rng.integers(-50, 21)) / 100]
    if rng.random() < 0.3:
        effect.reverse()
    rates = [float(rate) for rate in rng.choice(RATES, 2, replace=False)]
    at = effect[int(rng.integers(2))] if rng.random() < 0.15 else int(rng.integers(-90, 91)) / 100
    return effect, rates, at


def share(effect, at):
    """What the first plant makes of one more megawatt, if both keep the line full."""
    a, b = effect
    return (at - b) / (a - b)


def behind(effect, rates, at, *, first=share, swap=False, cut=lambda move: move, counted=lambda move: move):
    """`first` is the part of the first plant; the tonnes are of `counted` moves."""
    part = cut(first(effect, at))
    moves = [1 - part, part] if swap else [part, 1 - part]
    return [*moves, sum(rate * counted(move) for rate, move in zip(rates, moves))]


def adds_up(answer, effect, rates, at):
    first, second, _ = answer
    if not close(first + second, 1.0):
        return f"its plants make {first + second:g} MW more together. One more megawatt is used, so it must be 1"
    return None


def stays_full(answer, effect, rates, at):
    first, second, _ = answer
    carried = effect[0] * first + effect[1] * second
    if not close(carried, float(at)):
        put = f"its plants put {carried:g} MW more on the line"
        return f"{put}, and the use takes {at:g} off it: the flow of the line changes"
    return None


def nearest(effect, at):
    return float(abs(effect[0] - at) < abs(effect[1] - at))


BEHIND = exercise(
    "marginal_emissions/behind", behind,
    example=(([0.6, 0.1], [0.9, 0.4], -0.2), [-0.6, 1.6, 0.1]),
    draw=two_plants,
    form=numbers(3, "three numbers are asked for, (MW of the first plant, MW of the second, t)"),
    properties=(adds_up, stays_full),
    mistakes=(
        wrong("one plant makes it all, the one that is nearer in its effect on the line. Then the line's flow would change.",
              first=nearest),
        wrong("it lets both plants make half. Which parts keep the line as it is?", first=lambda effect, at: 0.5),
        wrong("it takes the parts the wrong way round: what you give to the one belongs to the other.", swap=True),
        wrong("it keeps each part between 0 and 1. A plant may step back, and then the other makes more than 1 MW.",
              cut=lambda part: min(max(part, 0.0), 1.0)),
        wrong("it turns the sign of the use. What is used at the place is served as if it were put in elsewhere: the plants"
              " must put on the line what the place would put on it.", first=lambda effect, at: share(effect, -at)),
        almost("right, except that a plant that steps back saves its tonnes: they are taken off.", counted=abs),
    ),
    corners={"when a plant steps back": lambda effect, rates, at: not 0 <= share(effect, at) <= 1,
             "when the use is at the place of a plant": lambda effect, rates, at: at in effect,
             "when use saves carbon": lambda *case: behind(*case)[2] < 0},
    forbids=(marginal_emissions, response, traced_emissions),
    hints=("Two unknowns, the parts of the two plants, and two conditions: what they make, and what the line carries.",
           "With u for the first and 1 - u for the second: for which u do they put `at` on the line?",
           "Tonnes are the parts times the rates, signs kept."),
)  # fmt: skip

# marginal_emissions/trade


def deal(rng):
    """(rates, seller, buyer, mwh, own, makes_more, uses_more): rates of three digits, some below zero."""
    count = int(rng.integers(3, 6))
    rates = [round(float(rate), 3) for rate in rng.uniform(-0.4, 1.4, count)]
    seller, buyer = (int(place) for place in rng.permutation(count)[:2])
    own = int(rng.integers(1, 13)) / 20 if rng.random() < 0.5 else 0.0
    return rates, seller, buyer, int(rng.integers(1, 40)) / 2, own, bool(rng.random() < 0.7), bool(rng.random() < 0.7)


def trade(
    rates, seller, buyer, mwh, own, makes_more, uses_more, *, at=lambda rates, place: rates[place], sign=1,
    device=lambda own: own, seller_counts=lambda makes_more: makes_more, buyer_counts=lambda uses_more: uses_more,
):  # fmt: skip
    """`at` is the rate of a place, `device` what the seller's own device emits."""
    drawn = at(rates, buyer) * buyer_counts(uses_more)
    put_in = at(rates, seller) * seller_counts(makes_more)
    return mwh * (sign * (drawn - put_in) + device(own) * seller_counts(makes_more))


TRADE = exercise(
    "marginal_emissions/trade", trade,
    example=(([0.98, -0.12, 0.32], 1, 0, 2, 0.25, True, True), 2.7),
    draw=deal,
    form=number("one number is asked for, in t"),
    mistakes=(
        wrong("it counts what the label says: the seller's own device. Plants elsewhere answer to both ends.",
              at=lambda rates, place: 0.0),
        wrong("it counts the buyer's end alone. What the seller puts in pushes back other plants.",
              seller_counts=lambda makes_more: False),
        wrong("it takes buyer and seller the wrong way round: who draws more adds the rate of that place, who puts in more"
              " takes it off.", sign=-1),
        wrong("it takes the average of all places for both ends, so that they cancel.",
              at=lambda rates, place: sum(rates) / len(rates)),
        almost("right, except that the seller's device has a chimney too: `own` tonnes for each MWh that it makes more.",
               device=lambda own: 0.0),
        almost("right, except where an end does what it would do anyway: the seller makes no more, or the buyer uses no"
               " more. Such an end moves no plant.", seller_counts=lambda _: True, buyer_counts=lambda _: True),
    ),
    corners={"when nobody does anything new": lambda *case: not (case[5] or case[6]),
             "when only the seller makes more": lambda *case: case[5] and not case[6],
             "when only the buyer uses more": lambda *case: case[6] and not case[5],
             "when the seller's device emits": lambda *case: case[4] > 0 and case[5],
             "when a place has a rate below zero": lambda rates, seller, buyer, *_: min(rates[seller], rates[buyer]) < 0},
    forbids=(marginal_emissions, response, traced_emissions),
    hints=("Treat the ends apart. What does one more MWh drawn at the buyer's place emit? Is it drawn because of the trade?",
           "One more MWh put in at the seller's place saves what one more drawn there would emit."),
)  # fmt: skip

EXERCISES = (MARGIN, BEHIND, TRADE)
