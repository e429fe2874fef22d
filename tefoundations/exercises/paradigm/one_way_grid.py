"""Checks of the opening chapter: notes counted, what a centre learns, one car and a list of prices."""

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers, is_number
from tefoundations.exercises.paradigm.evenings import nights, patience, traffic
from tefoundations.systems import correspondence, demand_response, time_of_use

# one_way_grid/notes


def _notes(way, homes, steps, rounds, events):
    each = {
        "central dispatch": (1, 1), "time-of-use tariff": (0, 1), "demand response": (events, events),
        "transactive market": (steps * rounds, steps * rounds),
    }[way]  # fmt: skip
    return [float(homes * each[0]), float(homes * each[1])]


def _but(which, change):
    """The counts by a learner who is wrong about one way."""

    def notes(way, *case):
        return change(way, *case) if way == which else _notes(way, *case)

    return notes


def _two_counts(answer, *_):
    if not are_numbers(answer, 2):
        return "two numbers are asked for, (up, down)"
    return None if min(answer) >= 0 else "a number of notes is never below zero"


NOTES = Exercise(
    name="one_way_grid/notes",
    function="count_notes",
    parameters=("way", "homes", "steps", "rounds", "events"),
    example=(("transactive market", 3, 4, 2, 1), [24.0, 24.0]),
    instances=traffic,
    reference=_notes,
    form=_two_counts,
    mistakes=(
        Mistake(
            "it gives the two in the wrong order: first the notes up, to the centre, then those down.",
            lambda *case: _notes(*case)[::-1],
        ),
        Mistake(
            "it lets the homes answer a tariff. A price list is read, and nothing goes back.",
            _but("time-of-use tariff", lambda way, homes, *_: [float(homes)] * 2),
        ),
        Mistake(
            "it sends the tariff anew in every step. The list is sent once.",
            _but("time-of-use tariff", lambda way, homes, steps, rounds, events: [0.0, float(homes * steps)]),
        ),
        Mistake(
            "it counts one round of the market in each step. In every round all homes write again, and all are answered.",
            _but("transactive market", lambda way, homes, steps, rounds, events: [float(homes * steps)] * 2),
        ),
        Mistake(
            "it counts the rounds of the market once a day. Every step has its own rounds.",
            _but("transactive market", lambda way, homes, steps, rounds, events: [float(homes * rounds)] * 2),
        ),
        Mistake(
            "it counts the answer of the market once for all homes. Each home gets a note of its own.",
            _but("transactive market", lambda way, homes, *case: [homes * _notes(way, 1, *case)[0], _notes(way, 1, *case)[1]]),
        ),
        Mistake(
            "it counts one event. There may be several on a day, or none.",
            _but("demand response", lambda way, homes, steps, rounds, events: [float(homes)] * 2),
        ),
        Mistake(
            "it forgets that homes answer a call: yes or no is a note too.",
            _but("demand response", lambda way, homes, steps, rounds, events: [0.0, float(homes * events)]),
        ),
        Mistake(
            "it sends an order in every step. Here the centre sends each home one plan for the day.",
            _but("central dispatch", lambda way, homes, steps, rounds, events: [float(homes), float(homes * steps)]),
        ),
    ),
    corners=(
        Corner("when there is no event", lambda way, homes, steps, rounds, events: way == "demand response" and not events),
    ),
    forbidden=(correspondence,),
)


# one_way_grid/learned


def _learned(homes, reward):
    dot = float(sum(kwh for kwh, least in homes if least <= reward))
    return [dot, [[float(p), float(sum(kwh for kwh, least in homes if least <= p))] for p in sorted({p for _, p in homes})]]


def _dot_and_curve(answer, *_):
    if not (isinstance(answer, list) and len(answer) == 2):
        return "two things are asked for, (dot, curve)"
    if not is_number(answer[0]):
        return "the dot is one number, in kWh"
    if not (isinstance(answer[1], list) and all(are_numbers(point, 2) for point in answer[1])):
        return "the curve is a list of pairs, (reward, kWh)"
    return None


def _with_curve(curve):
    """What is learned by someone whose curve is wrong and whose dot is right."""
    return lambda homes, reward: [_learned(homes, reward)[0], curve(homes, reward)]


def _each_row(homes, reward):
    return [[float(p), float(sum(kwh for kwh, least in homes if least <= p))] for p in sorted(p for _, p in homes)]


def _apart(homes, reward):
    return [[float(p), float(sum(kwh for kwh, least in homes if least == p))] for p in sorted({p for _, p in homes})]


def _as_given(homes, reward):
    curve = dict(map(tuple, _learned(homes, reward)[1]))
    return [[float(p), curve[float(p)]] for p in dict.fromkeys(p for _, p in homes)]


def _falling(homes, reward):
    return [[float(p), float(sum(kwh for kwh, least in homes if least >= p))] for p in sorted({p for _, p in homes})]


LEARNED = Exercise(
    name="one_way_grid/learned",
    function="learned",
    parameters=("homes", "reward"),
    example=(([(5, 2), (3, 6), (4, 2)], 4), [9.0, [[2.0, 9.0], [6.0, 12.0]]]),
    instances=patience,
    reference=_learned,
    form=_dot_and_curve,
    mistakes=(
        Mistake(
            "its curve adds only those who say yes at just this reward. Who pauses for 2 ct pauses for 6 ct too.",
            _with_curve(_apart),
        ),
        Mistake(
            "its curve runs the wrong way: it adds those who want this reward or more. A higher reward moves more.",
            _with_curve(_falling),
        ),
        Mistake(
            "its curve stops at the reward of the call. Bids tell what would happen at rewards that nobody has offered.",
            _with_curve(lambda homes, reward: [point for point in _learned(homes, reward)[1] if point[0] <= reward]),
        ),
        Mistake(
            "it counts homes. Add up their kWh.",
            lambda homes, reward: _learned([(1, least) for _, least in homes], reward),
        ),
        Mistake(
            "its dot is all that could be moved. Only those say yes whose least reward is met.",
            lambda homes, reward: [float(sum(kwh for kwh, _ in homes)), _learned(homes, reward)[1]],
        ),
        Mistake(
            "right, except that its curve stands in the order of the homes. Begin with the smallest reward.",
            _with_curve(_as_given),
            almost=True,
        ),
        Mistake(
            "right, except that homes with the same reward give the same point several times. One is enough.",
            _with_curve(_each_row),
            almost=True,
        ),
        Mistake(
            "right, except that a home says yes also where the reward is just the least it wants.",
            lambda homes, reward: [float(sum(kwh for kwh, least in homes if least < reward)), _learned(homes, reward)[1]],
            almost=True,
        ),
    ),
    corners=(
        Corner("when there are no homes", lambda homes, reward: not homes),
        Corner("when two homes want the same reward", lambda homes, reward: len({least for _, least in homes}) < len(homes)),
        Corner("when the reward is just what a home wants", lambda homes, reward: reward in [least for _, least in homes]),
    ),
    forbidden=(demand_response,),
)


# one_way_grid/charging


def _filled(wanted, most, order, hours):
    plan = [0.0] * hours
    for hour in order:
        plan[hour] = float(min(most, wanted))
        wanted -= plan[hour]
    return plan


def _cheapest(wanted, most, prices, tie=1):
    return _filled(wanted, most, sorted(range(len(prices)), key=lambda hour: (prices[hour], tie * hour)), len(prices))


def _a_plan(answer, wanted, most, prices):
    if are_numbers(answer, len(prices)):
        return None
    return f"a list of {len(prices)} numbers is asked for, one for each hour"


def _can_be_charged(answer, wanted, most, prices):
    if min(answer, default=0) < -1e-9:
        return "it gives energy back: this car only charges."
    if max(answer, default=0) > most + 1e-9:
        return f"it charges {max(answer):g} kWh in one hour, and the plug gives {most} at most"
    return None


def _enough(answer, wanted, most, prices):
    full = min(wanted, most * len(prices))
    if abs(sum(answer) - full) > 1e-6:
        return f"it charges {sum(answer):g} kWh in all, not {full:g}"
    return None


def _onward(wanted, most, prices):
    first = min(range(len(prices)), key=lambda hour: prices[hour])
    return _filled(wanted, most, [*range(first, len(prices)), *range(first)[::-1]], len(prices))


CHARGING = Exercise(
    name="one_way_grid/charging",
    function="charge",
    parameters=("wanted", "most", "prices"),
    example=((7, 3, [30, 20, 25, 20]), [0.0, 3.0, 1.0, 3.0]),
    instances=nights,
    reference=_cheapest,
    form=_a_plan,
    properties=(_can_be_charged, _enough),
    mistakes=(
        Mistake(
            "it charges as soon as the car is there. That is the habit, and it may be the dearest hour.",
            lambda wanted, most, prices: _filled(wanted, most, range(len(prices)), len(prices)),
        ),
        Mistake(
            "it spreads the energy over all hours alike. Dear hours are to be left out where the car can fill without them.",
            lambda wanted, most, prices: [min(wanted, most * len(prices)) / len(prices)] * len(prices),
        ),
        Mistake(
            "it takes the dearest hours first.",
            lambda wanted, most, prices: _cheapest(wanted, most, [-price for price in prices]),
        ),
        Mistake(
            "it starts in the cheapest hour and goes on without a pause. A car may pause: after the cheapest hour comes the"
            " second cheapest, wherever it is.",
            _onward,
        ),
        Mistake(
            "right, except where two hours cost the same: the earlier one is filled first.",
            lambda *case: _cheapest(*case, tie=-1),
            almost=True,
        ),
    ),
    corners=(
        Corner("when two hours have the same price", lambda wanted, most, prices: len(set(prices)) < len(prices)),
        Corner("when the car cannot fill in time", lambda wanted, most, prices: wanted > most * len(prices)),
        Corner("when nothing is wanted", lambda wanted, most, prices: wanted == 0),
    ),
    forbidden=(time_of_use,),
)

EXERCISES = (NOTES, LEARNED, CHARGING)
