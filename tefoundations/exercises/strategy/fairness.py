"""Checks of the chapter on fairness. A game is a list of (members, worth), every coalition but the empty one."""

from itertools import combinations, permutations

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.strategy import CoalitionGame, alpha_fair, shapley_sampled
from tefoundations.strategy import max_min as package_max_min

HAND = [("A", 0), ("B", 0), ("C", 0), ("AB", 60), ("AC", 120), ("BC", 0), ("ABC", 120)]


def members_of(game):
    return sorted({member for coalition, _ in game for member in coalition})


def worth_in(game):
    """The worth of a coalition, whatever the order of its members."""
    table = {"".join(sorted(coalition)): worth for coalition, worth in game} | {"": 0}
    return lambda coalition: table["".join(sorted(coalition))]


def some_game(rng):
    """Three or four members; a coalition is worth at least what it is with one member less, and that one alone."""
    who = "ABCD"[: rng.integers(3, 5)]
    alone = dict(zip(who, rng.integers(0, 15, len(who)).tolist() if rng.random() < 0.5 else [0] * len(who)))
    worth = {(): 0}
    for size in range(1, len(who) + 1):
        for coalition in combinations(who, size):
            least = max(worth[tuple(m for m in coalition if m != left)] + alone[left] for left in coalition)
            worth[coalition] = least + (int(rng.integers(0, 30)) if size > 1 else 0)
    told = [("".join(rng.permutation(coalition)), worth[coalition]) for coalition in worth if coalition]
    return ([told[i] for i in rng.permutation(len(told))],)  # in no particular order


def with_an_idle_one(rng):
    """A game in which the last member has no part in anything."""
    (game,) = some_game(rng)
    last = members_of(game)[-1]
    worth = worth_in(game)
    return ([(coalition, worth(coalition.replace(last, ""))) for coalition, _ in game],)


# fairness/shapley


def every_order(members):
    return list(permutations(members))


def shapley(game, *, orders=every_order, divide=lambda total, orders: total / len(orders)):
    """What a member adds to those before it, over all orders."""
    who, worth = members_of(game), worth_in(game)
    ways = orders(who)
    adds = [[worth(way[: way.index(m) + 1]) - worth(way[: way.index(m)]) for way in ways] for m in who]
    return [divide(sum(mine), ways) for mine in adds]


def as_the_last(game):
    who, worth = members_of(game), worth_in(game)
    return [worth(who) - worth([x for x in who if x != m]) for m in who]


def banzhaf(game, *, scaled=False):
    """The mean of what a member adds over all coalitions of the others, each counted alike."""
    who, worth = members_of(game), worth_in(game)
    found = []
    for m in who:
        rest = [x for x in who if x != m]
        sets = [list(some) for size in range(len(who)) for some in combinations(rest, size)]
        found.append(sum(worth([*some, m]) - worth(some) for some in sets) / len(sets))
    total = sum(found)
    return [x * worth(who) / total for x in found] if scaled and total else found


def alone_and_equal(game):
    who, worth = members_of(game), worth_in(game)
    rest = (worth(who) - sum(map(worth, who))) / len(who)
    return [worth(m) + rest for m in who]


def count_of(game, *_):
    return len(members_of(game))


def all_shared(answer, game):
    whole = worth_in(game)(members_of(game))
    if abs(sum(answer) - whole) < 1e-6 * max(whole, 1):
        return None
    return f"it gives away {sum(answer):g} of {whole:g}: all of the worth is shared, no more and no less"


SHAPLEY = exercise(
    "fairness/shapley", shapley,
    example=((HAND,), [70.0, 10.0, 40.0]),
    draw=some_game, also=(with_an_idle_one,),
    form=numbers(count_of, "{n} numbers are asked for, one for each member, in the order of the alphabet"),
    mistakes=(
        wrong("it gives each what all would lose without it, as if it came last. These do not add up to the whole: take the"
              " mean over all orders.", as_the_last),
        wrong("it takes one order, that of the alphabet. Whoever comes first is treated otherwise than who comes last.",
              orders=lambda members: [tuple(members)]),
        wrong("it takes the mean over all coalitions. Over all orders, coalitions of different sizes weigh differently.",
              banzhaf),
        wrong("it takes the mean over all coalitions, and stretches it until it adds up. The weights must be right first.",
              banzhaf, scaled=True),
        wrong("it gives each what it has alone, and splits the rest equally. Some bring more to the rest than others.",
              alone_and_equal),
        wrong("it forgets to divide by the number of orders.", divide=lambda total, orders: total),
    ),
    corners={
        "when a member adds nothing to anybody": lambda game: any(abs(x) < 1e-12 for x in shapley(game)),
        "when there are four members": lambda game: count_of(game) == 4,
        "when members are worth something alone": lambda game: any(worth > 0 for who, worth in game if len(who) == 1),
    },
    forbids=(CoalitionGame.shapley, CoalitionGame.shapley_sampled, shapley_sampled),
    hints=("Put the worths into a dict by coalition, the empty one 0. In what order may the letters of a coalition stand?",
           "Go through `itertools.permutations` of the members. What does each add to those before it?",
           "Add up what each adds over all orders, and divide by how many orders there are."),
)  # fmt: skip

# fairness/gain_of_leaving


def shared(rng):
    """(game, shares): near to Shapley's, or cut at random; now and then a part is kept back."""
    (game,) = some_game(rng)
    whole, count = worth_in(game)(members_of(game)), count_of(game)
    if rng.random() < 0.4:
        shares = [round(x) for x in shapley(game)]
        shares[0] += whole - sum(shares)
    else:
        cuts = sorted(rng.integers(0, max(whole, 1) + 1, count - 1).tolist())
        shares = [high - low for low, high in zip([0, *cuts], [*cuts, whole])]
    return game, shares


def kept_back(rng):
    game, shares = shared(rng)
    return game, [*shares[:-1], shares[-1] - 3]


def gain_of_leaving(game, shares, *, sizes=lambda size, count: size < count, counted=lambda excess, size: excess):
    """The largest excess, 0 where none is above; `sizes` says which groups may leave."""
    gets, count = dict(zip(members_of(game), shares)), count_of(game)
    found = [counted(worth - sum(gets[m] for m in who), len(who)) for who, worth in game if sizes(len(who), count)]
    return max([0, *found])


def never_a_loss(answer, *_):
    return f"it returns {answer:g}: who would lose by leaving stays, and gains 0" if answer < 0 else None


GAIN_OF_LEAVING = exercise(
    "fairness/gain_of_leaving", gain_of_leaving,
    example=((HAND, [60, 15, 45]), 15.0),
    draw=shared, also=(kept_back, kept_back),
    form=number("one number is asked for: the most that some gain together by leaving, 0 where nobody gains"),
    properties=(never_a_loss,),
    mistakes=(
        wrong("it lets only single members leave. Neighbours may leave together.", sizes=lambda size, count: size == 1),
        wrong("it lets only two leave together. More may, and one alone.", sizes=lambda size, count: size == 2),
        wrong("it lets only all but one leave. Smaller groups may too.", sizes=lambda size, count: size == count - 1),
        wrong("it counts what they would lose, not what they would gain.", counted=lambda excess, size: -excess),
        wrong("it divides the gain among those who leave. What they gain together is asked for.",
              counted=lambda excess, size: excess / size),
        almost("right, except where a part of the whole is kept back: all together are no group that leaves.",
               sizes=lambda size, count: True),
    ),
    corners={
        "when nobody gains by leaving": lambda game, shares: gain_of_leaving(game, shares) == 0,
        "when a part of the whole is kept back": lambda game, shares: sum(shares) < worth_in(game)(members_of(game)),
        "when only three together gain so much":
            lambda *case: gain_of_leaving(*case) > gain_of_leaving(*case, sizes=lambda size, count: size < 3),
    },
    forbids=(CoalitionGame.worst_excess,),
    hints=("What do the members of one coalition get together, and what are they worth by themselves?",
           "Which coalition is no group that leaves?",
           "Take the largest difference over the others, and 0 where none is above it."),
)  # fmt: skip

# fairness/max_min


def supply_and_needs(rng):
    needs = rng.integers(1, 13, rng.integers(2, 6)).tolist()
    if rng.random() < 0.2:
        needs[int(rng.integers(len(needs)))] = 0
    return int(rng.integers(1, sum(needs) + 3)), needs


def enough(rng):
    _, needs = supply_and_needs(rng)
    return sum(needs) + int(rng.integers(0, 4)), needs


def in_turn(supply, needs, order):
    """Served one after the other, each in full as long as there is some."""
    left, found = supply, [0] * len(needs)
    for i in order:
        found[i] = min(needs[i], left)
        left -= found[i]
    return found


def max_min(supply, needs, *, rounds=None):
    """In each round what is left is shared equally among those who still want some; as many rounds as there are needs."""
    found, left = [0.0] * len(needs), float(supply)
    for _ in range(len(needs) if rounds is None else rounds):
        wants = [i for i, need in enumerate(needs) if found[i] < need - 1e-12]
        for i in wants:
            found[i] += min(needs[i] - found[i], left / len(wants))
        left = supply - sum(found)
    return found


def equal_loss(supply, needs):
    """Everybody lacks the same, nobody more than it needs."""
    lacks = max_min(max(sum(needs) - supply, 0), needs)
    return [need - lack for need, lack in zip(needs, lacks)]


def proportional(supply, needs):
    return [need * min(1, supply / sum(needs)) if sum(needs) else 0 for need in needs]


def no_more_than_needed(answer, supply, needs):
    for home, (got, need) in enumerate(zip(answer, needs)):
        if got > need + 1e-9 or got < -1e-9:
            return f"home {home} gets {got:g} and needs {need:g}"
    return f"it gives {sum(answer):g} of {supply:g}" if sum(answer) > supply + 1e-6 else None


def small_first(needs):
    return sorted(range(len(needs)), key=lambda i: needs[i])


MAX_MIN = exercise(
    "fairness/max_min", max_min,
    example=((10, [2, 4, 10]), [2.0, 4.0, 4.0]),
    draw=supply_and_needs, also=(enough,),
    form=numbers(lambda supply, needs: len(needs), "{n} shares are asked for, in the order of the needs"),
    properties=(no_more_than_needed,),
    mistakes=(
        wrong("it gives everybody the same part of its need. By max-min the one with the least gets more.", proportional),
        wrong("it gives each an equal part or what it needs, and leaves the rest of the parts of those who need less.",
              lambda supply, needs: [min(need, supply / len(needs)) for need in needs]),
        wrong("it gives equal shares, and leaves what the small do not need.", rounds=1),
        wrong("it serves the smallest needs first, in full. All rise together.",
              lambda supply, needs: in_turn(supply, needs, small_first(needs))),
        wrong("it serves in the order of the list.", lambda supply, needs: in_turn(supply, needs, range(len(needs)))),
        wrong("it lets everybody lack the same. Max-min looks at what one gets.", equal_loss),
        wrong("what is left is shared out once. Some may be left again: go on until nothing is, or nobody wants.", rounds=2),
    ),
    corners={
        "when there is enough for all": lambda supply, needs: supply >= sum(needs),
        "when a home needs nothing": lambda supply, needs: min(needs) == 0,
        "when all get the same": lambda supply, needs: len({round(x, 9) for x in max_min(supply, needs)}) == 1,
    },
    forbids=(package_max_min, alpha_fair),
    hints=("Whoever needs less than an equal part gets what it needs. What becomes of the rest of its part?",
           "Serve from the smallest need up. How many are left to share what is left?",
           "Each gets its need, or an equal part of what is left among those not yet served, whichever is less."),
)  # fmt: skip

EXERCISES = (SHAPLEY, GAIN_OF_LEAVING, MAX_MIN)
