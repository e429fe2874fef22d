"""Checks of the opening chapter: notes counted, what a centre learns, one car and a list of prices."""

from operator import eq, ge, le, lt

from tefoundations.exercises.kit.forms import number, numbers, one, several
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import are_numbers
from tefoundations.systems import correspondence, demand_response, time_of_use

# one_way_grid/notes

DISPATCH, TARIFF, RESPONSE, MARKET = WAYS = (
    "central dispatch", "time-of-use tariff", "demand response", "transactive market",
)  # fmt: skip


def traffic(rng):
    homes, steps, events = (int(x) for x in rng.integers([2, 2, 2], [13, 49, 5]))
    rounds = 1 if rng.random() < 0.25 else int(rng.integers(2, 7))
    return str(rng.choice(WAYS)), homes, steps, rounds, 0 if rng.random() < 0.2 else events


def count_notes(way, homes, steps, rounds, events, *, which=None, each=None):
    """The notes of `each` home, (up, down), where the way is `which`."""
    right = {DISPATCH: (1, 1), TARIFF: (0, 1), RESPONSE: (events, events), MARKET: (steps * rounds, steps * rounds)}
    return [homes * notes for notes in (each(steps, rounds, events) if way == which else right[way])]


def two_counts(answer, *_):
    if not are_numbers(answer, 2):
        return "two numbers are asked for, (up, down)"
    return None if min(answer) >= 0 else "a number of notes is never below zero"


NOTES = exercise(
    "one_way_grid/notes", count_notes,
    example=((MARKET, 3, 4, 2, 1), [24.0, 24.0]),
    draw=traffic, also=(lambda rng: (RESPONSE, *traffic(rng)[1:4], 0),), form=two_counts,
    mistakes=(
        wrong("it gives the two in the wrong order: first the notes up, to the centre, then those down.",
              lambda *case: count_notes(*case)[::-1]),
        wrong("it lets the homes answer a tariff. A price list is read, and nothing goes back.",
              which=TARIFF, each=lambda steps, rounds, events: (1, 1)),
        wrong("it sends the tariff anew in every step. The list is sent once.",
              which=TARIFF, each=lambda steps, rounds, events: (0, steps)),
        wrong("it counts one round of the market in each step. In every round all homes write again, and all are answered.",
              which=MARKET, each=lambda steps, rounds, events: (steps, steps)),
        wrong("it counts one event. There may be several on a day, or none.",
              which=RESPONSE, each=lambda steps, rounds, events: (1, 1)),
        wrong("it forgets that homes answer a call: yes or no is a note too.",
              which=RESPONSE, each=lambda steps, rounds, events: (0, events)),
    ),
    corners={"when there is no event": lambda way, homes, steps, rounds, events: way == RESPONSE and not events},
    forbids=(correspondence,),
    hints=("Think of one home first: how often does it write, and how often is it written to, on one day?",
           "In a market every step has rounds, and in each round every home writes and is answered."),
)  # fmt: skip

# one_way_grid/learned


def patience(rng):
    """(homes, reward): (kWh, least reward in ct) of each home; some rewards are equal, or met exactly."""
    top, count = 4 if rng.random() < 0.3 else 12, 0 if rng.random() < 0.08 else int(rng.integers(1, 8))
    homes = [(int(rng.integers(1, 12)), int(rng.integers(1, top))) for _ in range(count)]
    at = [least for _, least in homes]
    return homes, int(rng.choice(at)) if at and rng.random() < 0.5 else int(rng.integers(0, 14)) + 0.5


def once_each(prices):
    return sorted(set(prices))


def learned(homes, reward, *, says_yes=le, counts=le, prices=once_each, known=lambda p, reward: True):
    """The dot adds who `says_yes`; the curve has the `prices` that are `known`, and adds at each who `counts`."""

    def moved(price, rule):
        return sum(kwh for kwh, least in homes if rule(least, price))

    curve = [[p, moved(p, counts)] for p in prices([least for _, least in homes]) if known(p, reward)]
    return [moved(reward, says_yes), curve]


def are_pairs(curve):
    return isinstance(curve, list) and all(are_numbers(point, 2) for point in curve)


LEARNED = exercise(
    "one_way_grid/learned", learned,
    example=(([(5, 2), (3, 6), (4, 2)], 4), [9.0, [[2.0, 9.0], [6.0, 12.0]]]),
    draw=patience,
    form=several("two things are asked for, (dot, curve)", number("the dot is one number, in kWh"),
                 one(are_pairs, "the curve is a list of pairs, (reward, kWh)")),
    mistakes=(
        wrong("its curve adds only those who say yes at just this reward. Who pauses for 2 ct pauses for 6 ct too.",
              counts=eq),
        wrong("its curve runs the wrong way: it adds those who want this reward or more. A higher reward moves more.",
              counts=ge),
        wrong("its curve stops at the reward of the call. Bids tell what would happen at rewards that nobody has offered.",
              known=le),
        wrong("its dot is all that could be moved. Only those say yes whose least reward is met.", says_yes=lambda *_: True),
        almost("right, except that its curve stands in the order of the homes. Begin with the smallest reward.",
               prices=dict.fromkeys),
        almost("right, except that a home says yes also where the reward is just the least it wants.", says_yes=lt),
    ),
    corners={"when there are no homes": lambda homes, reward: not homes,
             "when two homes want the same reward": lambda homes, reward: len({least for _, least in homes}) < len(homes),
             "when the reward is just what a home wants": lambda homes, reward: reward in [least for _, least in homes]},
    forbids=(demand_response,),
    hints=("Which homes say yes to this reward? The dot is their kWh.",
           "Every reward that some home names is a point of the curve: how many kWh would a call at this reward move?"),
)  # fmt: skip

# one_way_grid/charging


def night(rng):
    """(wanted, most, prices): kWh, kWh an hour, ct/kWh hour by hour; some equal prices, some too few hours."""
    hours, most, kind = int(rng.integers(2, 9)), int(rng.integers(1, 8)), rng.random()
    wanted = 0 if kind < 0.1 else int(rng.integers(1, most * hours + 1)) + most * hours * (kind > 0.88)
    return wanted, most, rng.integers(10, 13 if rng.random() < 0.25 else 45, hours).tolist()


def charge(wanted, most, prices, *, order=lambda prices, hours: sorted(hours, key=lambda hour: prices[hour])):
    """The hours are filled in this `order`."""
    plan = [0] * len(prices)
    for hour in order(prices, range(len(prices))):
        plan[hour] = min(most, wanted)
        wanted -= plan[hour]
    return plan


def onward(prices, hours):
    first = prices.index(min(prices))
    return [*hours[first:], *hours[:first][::-1]]


def can_be_charged(answer, wanted, most, prices):
    if min(answer, default=0) < -1e-9:
        return "it gives energy back: this car only charges."
    if max(answer, default=0) > most + 1e-9:
        return f"it charges {max(answer):g} kWh in one hour, and the plug gives {most} at most"
    full = min(wanted, most * len(prices))
    return f"it charges {sum(answer):g} kWh in all, not {full:g}" if abs(sum(answer) - full) > 1e-6 else None


CHARGING = exercise(
    "one_way_grid/charging", charge,
    example=((7, 3, [30, 20, 25, 20]), [0.0, 3.0, 1.0, 3.0]),
    draw=night,
    form=numbers(lambda wanted, most, prices: len(prices), "a list of {n} numbers is asked for, one for each hour"),
    properties=(can_be_charged,),
    mistakes=(
        wrong("it charges as soon as the car is there. That is the habit, and it may be the dearest hour.",
              order=lambda prices, hours: hours),
        wrong("it spreads the energy over all hours alike. Dear hours are to be left out where the car can fill without"
              " them.", lambda wanted, most, prices: [min(wanted, most * len(prices)) / len(prices)] * len(prices)),
        wrong("it takes the dearest hours first.",
              order=lambda prices, hours: sorted(hours, key=lambda hour: -prices[hour])),
        wrong("it starts in the cheapest hour and goes on without a pause. A car may pause: after the cheapest hour comes"
              " the second cheapest, wherever it is.", order=onward),
        almost("right, except where two hours cost the same: the earlier one is filled first.",
               order=lambda prices, hours: sorted(hours, key=lambda hour: (prices[hour], -hour))),
    ),
    corners={"when the car cannot fill in time": lambda wanted, most, prices: wanted > most * len(prices),
             "when nothing is wanted": lambda wanted, most, prices: wanted == 0,
             "when two hours have the same price": lambda wanted, most, prices: len(set(prices)) < len(prices)},
    forbids=(time_of_use,),
    hints=("Sort the hours by price; sorted() leaves equals in their order.", "Fill them until nothing is wanted."),
)  # fmt: skip

EXERCISES = (NOTES, LEARNED, CHARGING)
