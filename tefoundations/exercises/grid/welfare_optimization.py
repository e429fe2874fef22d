"""Checks of the chapter on welfare as an optimisation problem."""

from tefoundations.exercises.grid.stations import candidates, capped, emissions, switches
from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers, close, is_number

# welfare_optimization/kkt

CONDITIONS = ("stationarity", "primal feasibility", "dual feasibility", "complementary slackness")


def _pieces(stations, load, cap, plan, price, tonne, low, up, rise=1.0, carbon=1.0, sign=1):
    """Every residual of each condition, not yet made positive; the keywords are a learner's slips."""
    emitted = sum(e * g for (*_, e), g in zip(stations, plan))
    rows = list(zip(stations, plan, low, up))
    return [
        [first + rise * slope * g + carbon * e * tonne - sign * (below - above) - price for (first, slope, _, e), g, below, above in rows],
        [sum(plan) - load, emitted - cap, *[-g for g in plan], *[g - most for (_, _, most, _), g, *_ in rows]],
        [-tonne, *[-m for m in low], *[-m for m in up]],
        [tonne * (cap - emitted), *[m * g for g, m in zip(plan, low)], *[m * (most - g) for (_, _, most, _), g, _, m in rows]],
    ]  # fmt: skip


def _largest(pieces, worst=max):
    """The largest violation of each condition: both signs count where the condition is an equality."""
    stationarity, (balance, *limits), signs, slackness = pieces
    every = (
        [abs(x) for x in stationarity],
        [abs(balance), *[max(x, 0) for x in limits]],
        [max(x, 0) for x in signs],
        [abs(x) for x in slackness],
    )
    return [float(worst(each)) for each in every]


def _kkt(*case):
    return _largest(_pieces(*case))


def _signed(*case):
    """Without absolute values."""
    return [float(max(each)) if i % 3 == 0 else right for i, (each, right) in enumerate(zip(_pieces(*case), _kkt(*case)))]


def _without(condition, place):
    """One residual of a condition is forgotten."""

    def slip(*case):
        pieces = _pieces(*case)
        kept = pieces[condition]
        kept[place] = 0.0
        return _largest(pieces)

    return slip


def _surplus_allowed(*case):
    pieces = _pieces(*case)
    pieces[1][0] = min(pieces[1][0], 0)
    return _largest(pieces)


def _positive_price(*case):
    pieces = _pieces(*case)
    pieces[2].append(-case[4])
    return _largest(pieces)


def _upper_only(stations, load, cap, plan, price, tonne, low, up):
    pieces = _pieces(stations, load, cap, plan, price, tonne, low, up)
    pieces[3][1 : 1 + len(plan)] = [0.0] * len(plan)
    return _largest(pieces)


def _four_numbers(answer, *_):
    words = "four numbers are asked for, (stationarity, primal, dual, slackness)"
    return None if are_numbers(answer, 4) else words


def _one_by_one(answer, *case):
    for name, found, right in zip(CONDITIONS, answer, _kkt(*case)):
        if found < 0:
            return f"its number for {name} is {found:g}, but a violation is not negative"
        if not close(found, right):
            return f"its number for {name} is {found:g}, and should be {right:g}"
    return None


KKT = Exercise(
    name="welfare_optimization/kkt",
    function="kkt",
    parameters=("stations", "load", "cap", "plan", "price", "tonne", "low", "up"),
    example=(
        ([(10, 0.5, 40, 1), (20, 0.25, 60, 0)], 61, 25, [20, 40], 30, 8, [0, 0], [0, 0]),
        [2.0, 1.0, 0.0, 40.0],
    ),
    instances=candidates,
    reference=_kkt,
    form=_four_numbers,
    properties=(_one_by_one,),
    mistakes=(
        Mistake(
            "its stationarity knows nothing of carbon. A further megawatt emits, and each tonne costs `tonne`.",
            lambda *case: _largest(_pieces(*case, carbon=0.0)),
        ),
        Mistake(
            "its stationarity takes the carbon of the whole plan. Only the next megawatt counts, and it emits e.",
            lambda stations, load, cap, plan, price, tonne, low, up: _largest(
                [
                    [x + e * tonne * (g - 1) for x, (*_, e), g in zip(each, stations, plan)] if i == 0 else each
                    for i, each in enumerate(_pieces(stations, load, cap, plan, price, tonne, low, up))
                ]
            ),
        ),
        Mistake(
            "its stationarity has the multipliers of the limits the wrong way round. An upper limit holds back a station"
            " whose next megawatt is cheaper than the price; its multiplier is added to the cost.",
            lambda *case: _largest(_pieces(*case, sign=-1)),
        ),
        Mistake(
            "it takes half the slope, which gives the average cost. The next megawatt costs first + rise * g.",
            lambda *case: _largest(_pieces(*case, rise=0.5)),
        ),
        Mistake(
            "it compares signed numbers in stationarity and slackness. Too low is as wrong as too high: take absolute values.",
            _signed,
        ),
        Mistake(
            "it adds the violations up. Return the largest of each condition.",
            lambda *case: _largest(_pieces(*case), sum),
        ),
        Mistake(
            "it asks that the price be not negative. The balance is an equality, and its multiplier may have any sign.",
            _positive_price,
        ),
        Mistake("it forgets that the plan must also keep within the cap.", _without(1, 1)),
        Mistake("it does not look at the sign of `tonne`, which is the multiplier of a limit like the others.", _without(2, 0)),
        Mistake("its slackness leaves out the cap: where less is emitted than allowed, a tonne has no price.", _without(3, 0)),
        Mistake("its slackness leaves out the lower limits. A station that runs is not held back by zero.", _upper_only),
        Mistake(
            "right, except that it lets the plan make more than the load. The balance is an equality.",
            _surplus_allowed,
            almost=True,
        ),
    ),
    corners=(
        Corner("when the price is negative", lambda *case: case[4] < 0),
        Corner("when there is one station", lambda stations, *_: len(stations) == 1),
        Corner("when a multiplier is negative", lambda *case: min(case[5], *case[6], *case[7]) < 0),
        Corner("when all conditions hold", lambda *case: max(_kkt(*case)) == 0),
    ),
)  # fmt: skip


# welfare_optimization/carbon_price


def _carbon_price(stations, load, cap, taxes=switches, emissions=emissions, beyond=None, free=0.0):
    """The reference, and with its keywords a learner's slips."""
    found = [tax for tax in taxes(stations) if emissions(stations, load, tax) <= cap]
    if not found:
        return beyond(stations) if beyond else None
    return found[0] if found[0] > 0 else free


def _spent(stations, load, tax):
    total = 0.0
    for cost, most, e in sorted(stations, key=lambda s: (s[0] + tax * s[2], s[2])):
        power = min(most, load)
        total, load = total + power * cost, load - power
    return total


def _average(stations, load, cap):
    tax = _carbon_price(stations, load, cap)
    saved = emissions(stations, load, 0) - emissions(stations, load, tax or 0)
    return (_spent(stations, load, tax) - _spent(stations, load, 0)) / saved if tax else tax


def _untaxed_pair(stations):
    """The tax at which the dirtiest of all and the cleanest of all cost the same."""
    dirty, clean = max(stations, key=lambda s: s[2]), min(stations, key=lambda s: s[2])
    return [0.0, max((clean[0] - dirty[0]) / (dirty[2] - clean[2] or 1), 0.0)]


def _own_carbon(stations):
    every = {(a[0] - b[0]) / b[2] for a in stations for b in stations if b[2] > a[2]}
    return [0.0, *sorted(tax for tax in every if tax > 0)]


def _whole_load(stations, load, tax):
    return load * min(stations, key=lambda s: (s[0] + tax * s[2], s[2]))[2]


def _at_full_power(stations, load, tax):
    emitted = 0.0
    for _, most, e in sorted(stations, key=lambda s: (s[0] + tax * s[2], s[2])):
        if load > 0:
            emitted, load = emitted + most * e, load - most
    return emitted


def _a_price(answer, *_):
    if answer is None or is_number(answer) and answer >= 0:
        return None
    return "a tax in $/t is asked for, a number from 0 up, or None where no plan keeps within the cap"


def _keeps_within(answer, stations, load, cap):
    cleanest = emissions(stations, load, 1e6)
    if answer is None:
        return f"the cleanest stations alone emit {cleanest:g} t/h, within the cap of {cap:g}: there is a tax" if cleanest <= cap else None
    if cleanest > cap:
        return f"it returns {answer:g}, but even the cleanest plan emits {cleanest:g} t/h: no tax keeps within {cap:g}"
    emitted = emissions(stations, load, answer)
    if emitted > cap and not close(answer, _carbon_price(stations, load, cap)):
        return f"at its tax of {answer:g} $/t the cheapest plan still emits {emitted:g} t/h, and {cap:g} are allowed"
    return None


CARBON_PRICE = Exercise(
    name="welfare_optimization/carbon_price",
    function="carbon_price",
    parameters=("stations", "load", "cap"),
    example=(([(20, 60, 1), (38, 40, 0.5), (50, 80, 0)], 100, 65), 24.0),
    instances=capped,
    reference=_carbon_price,
    form=_a_price,
    properties=(_keeps_within,),
    mistakes=(
        Mistake(
            "it divides all the extra cost by all the tonnes saved, which is their average. The price is that of the last"
            " tonne.",
            _average,
        ),
        Mistake(
            "it compares only the dirtiest station with the cleanest. Cheaper switches between others may do.",
            lambda *case: _carbon_price(*case, taxes=_untaxed_pair),
        ),
        Mistake(
            "it divides the difference in cost by the carbon of the dirtier station. What a switch saves is the difference"
            " of the two.",
            lambda *case: _carbon_price(*case, taxes=_own_carbon),
        ),
        Mistake(
            "it lets one station serve the whole load. Each can make only so much, and the next in order makes the rest.",
            lambda *case: _carbon_price(*case, emissions=_whole_load),
        ),
        Mistake(
            "it counts the last station at full power, although it makes only what is left of the load.",
            lambda *case: _carbon_price(*case, emissions=_at_full_power),
        ),
        Mistake(
            "it lets the dirtier station go first in a tie. Where two cost the same, the market may use either, and keep"
            " within the cap at this tax already.",
            lambda *case: _carbon_price(*case, emissions=lambda *each: emissions(*each, ties=-1)),
        ),
        Mistake(
            "it tries whole dollars only. The tax at which two stations cost the same may be a fraction; compute it.",
            lambda *case: _carbon_price(*case, taxes=lambda _: map(float, range(500))),
        ),
        Mistake(
            "right, except where no plan keeps within the cap. No tax can help there: return None.",
            lambda *case: _carbon_price(*case, beyond=lambda stations: switches(stations)[-1]),
            almost=True,
        ),
        Mistake(
            "right, except where the cap does not bind. What is not scarce has the price 0.",
            lambda *case: _carbon_price(*case, free=None),
            almost=True,
        ),
    ),
    corners=(
        Corner("when no plan keeps within the cap", lambda *case: _carbon_price(*case) is None),
        Corner("when the cap does not bind", lambda *case: _carbon_price(*case) == 0),
        Corner(
            "when the cap is just what a plan emits",
            lambda stations, load, cap: any(emissions(stations, load, t, s) == cap for t in switches(stations) for s in (1, -1)),
        ),
        Corner("when two stations emit alike", lambda stations, *_: len({e for *_, e in stations}) < len(stations)),
    ),
)  # fmt: skip

EXERCISES = (KKT, CARBON_PRICE)
