"""Checks of the chapter on privacy."""

import math

from tefoundations.exercises.kit.forms import each, is_flag, is_whole, number, one, or_none, several
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import is_number
from tefoundations.privacy import (
    PrivacyBudget,
    best_attack,
    histogram_sensitivity,
    mean_sensitivity,
    peak_sensitivity,
    secure_sum,
    sum_sensitivity,
)  # fmt: skip

# privacy/noise_scale

QUERIES = ("total", "profile", "peak", "histogram", "mean")


def publication(rng):
    """A mean comes with "replace" only."""
    query, high, low = str(rng.choice(QUERIES)), int(rng.integers(1, 7)), int(rng.integers(-8, 0) * (rng.random() < 0.4))
    neighbours = "replace" if query == "mean" or rng.integers(2) else "remove"
    counts = int(rng.choice([4, 24, 48, 96])), int(rng.choice([3, 10, 50, 200]))
    return query, low, high, *counts, neighbours, float(rng.choice([0.1, 0.2, 0.5, 2, 4]))


def noise_scale(query, low, high, readings, meters, neighbours, epsilon, *, of=lambda s, e: s / e, peak=1):
    """`of` sensitivity and epsilon; `peak` readings move the peak."""
    step = high - low if neighbours == "replace" else max(abs(low), abs(high))
    day, bins = readings * step, 2 if neighbours == "replace" else 1
    sums = {"total": day, "profile": day, "peak": peak * step, "histogram": bins}
    return of(step / meters if query == "mean" else sums[query], epsilon)


NOISE_SCALE = exercise(
    "privacy/noise_scale", noise_scale,
    example=(("total", -4, 5, 48, 13, "remove", 0.5), 480.0),
    draw=publication,
    form=one(lambda scale: is_number(scale) and scale > 0, "one positive number is asked for: the scale of the noise"),
    mistakes=(
        wrong("it forgets that one meter has many readings. Each of them may change, so for a total or a profile the"
              " changes add up.", lambda q, low, high, _, *rest: noise_scale(q, low, high, 1, *rest)),
        wrong("it counts all readings for the peak too. One meter changes every total of the day, but the highest of them"
              " moves by no more than one reading.", lambda *case: noise_scale(*case, peak=case[3])),
        wrong("it multiplies by epsilon. A smaller epsilon is a stronger promise, and takes more noise.",
              of=lambda s, e: s * e),
        almost("right, except where a meter is replaced: then a reading may go from one end of the range to the other, and"
               " a meter that moves changes two bins.",
               lambda *case: noise_scale(*case[:5], case[5] if case[0] == "mean" else "remove", case[6])),
        almost("right, except where homes feed in: a reading may be negative, and then it can change a total by its size.",
               lambda query, low, *rest: noise_scale(query, 0, *rest)),
        almost("right, except where a meter is removed: its reading goes to nothing, and not to the other end of the range.",
               lambda *case: noise_scale(*case[:5], case[5] if case[0] == "histogram" else "replace", case[6])),
    ),
    corners={f"for the query {query!r}": lambda q, *_, query=query: q == query for query in QUERIES} | {
        "when homes feed in": lambda query, low, *_: low < 0,
        "when a meter is replaced": lambda *case: case[5] == "replace",
        "when a meter is removed": lambda *case: case[5] == "remove",
    },
    forbids=(sum_sensitivity, mean_sensitivity, histogram_sensitivity, peak_sensitivity),
    hints=("By how much can one meter change what is published? Answer it for each query on its own.",
           "Removed, a reading goes to 0; replaced, it may go from low to high. How many readings does the query count?",
           "The scale is that change divided by epsilon."),
)  # fmt: skip

# privacy/promise


def chances(rng, outcomes):
    """Hundredths above zero that add up to 1."""
    cuts = sorted(int(cut) for cut in rng.choice(range(1, 100), outcomes - 1, replace=False))
    return [(high - low) / 100 for low, high in zip([0, *cuts], [*cuts, 100])]


def worlds(rng):
    """(p, q): chances of up to five outcomes in two worlds, some of them zero."""
    outcomes = int(rng.integers(2, 6))
    p, q = chances(rng, outcomes), chances(rng, outcomes)
    if rng.random() < 0.2:  # an outcome that only one world has
        one, gone = (p, q)[rng.integers(2)], rng.integers(outcomes)
        one[gone - 1], one[gone] = round(one[gone - 1] + one[gone], 2), 0.0
    if rng.random() < 0.15:
        p, q = [*p, 0.0], [*q, 0.0]
    return p, list(p) if rng.random() < 0.1 else q


def likelier(p, q):
    return sum(map(max, p, q)) / 2


def distance(p, q):
    return sum(abs(a - b) for a, b in zip(p, q)) / 2


def promise(p, q, *, right=likelier, both=True, skip=False, ratio=lambda x: math.log(x)):
    """How often the best guess is right, and epsilon: the largest `ratio`, `both` ways, no outcome to `skip`."""
    pairs = [(a, b) for a, b in [*zip(p, q), *(zip(q, p) if both else ())] if a > 0]
    alone = any(b == 0 for _, b in pairs) and not skip
    return [right(p, q), None if alone else max([ratio(a / b) for a, b in pairs if b > 0], default=0.0)]


def bound(epsilon):
    return 1.0 if epsilon is None else 1 / (1 + math.exp(-epsilon))


def below_the_bound(answer, p, q):
    right, epsilon = answer
    if not 0.5 - 1e-9 <= right <= 1 + 1e-9:
        return f"the best guess is right in a share of {right:g}: a coin has 0.5, and nobody has more than 1"
    if right > bound(epsilon) + 1e-9:
        return f"it says the best guess is right in {right:g}, more than its epsilon of {epsilon:g} allows any guess"
    return None


PROMISE = exercise(
    "privacy/promise", promise,
    example=(([0.5, 0.25, 0.25], [0.25, 0.25, 0.5]), [0.625, math.log(2)]),
    draw=worlds,
    form=several("two are asked for: how often the best guess is right, and epsilon, or None where there is none",
                 number(), one(or_none(is_number))),
    properties=(below_the_bound,),
    mistakes=(
        wrong("its epsilon looks from one world to the other only. The promise holds both ways: p <= e^epsilon q and q <="
              " e^epsilon p.", both=False),
        wrong("its epsilon is the largest ratio. Epsilon is the logarithm of it.", ratio=lambda x: x),
        wrong("it passes over outcomes that only one world has. Such an outcome gives the world away: there is no epsilon.",
              skip=True),
        wrong("it gives e^epsilon / (1 + e^epsilon) for the best guess. That is a bound for all mechanisms; this one's best"
              " guess names the likelier world, outcome by outcome.", right=lambda p, q: bound(promise(p, q)[1])),
        wrong("its first number is the distance of the two worlds, half the sum of |p - q|. The best guess is right in half"
              " of the cases and half of that distance more.", right=distance),
        wrong("it forgets that each world comes up in half of the tosses: the sum of the larger chances must be halved.",
              right=lambda p, q: 2 * likelier(p, q)),
    ),
    corners={"when an outcome cannot come up in either world": lambda p, q: any(a == b == 0 for a, b in zip(p, q)),
             "when only one world has an outcome": lambda p, q: promise(p, q)[1] is None,
             "when both worlds are the same": lambda p, q: p == q},
    forbids=(best_attack,),
    hints=("You see an outcome. Which world would you name, and how often is that outcome seen and the guess right?",
           "Epsilon looks at ratios, outcome by outcome and both ways. What does an outcome say that only one world has?"),
)  # fmt: skip

# privacy/answered


def account(rng):
    """(groups, total, queries): which group is asked, or all, and what it costs, in hundredths of epsilon."""
    groups = ["upper street", "lane", "square"][: int(rng.integers(1, 4))]
    asked = [(str(rng.choice(["all", *groups])), 10 * int(rng.integers(1, 7))) for _ in range(rng.integers(9))]
    return groups, 10 * int(rng.integers(5, 13)), asked


def touched(groups, whom):
    return groups if whom == "all" else [whom]


def is_left(spent, cost, total):
    return spent + cost <= total


def answered(groups, total, queries, *, fits=is_left, refused=False, closes=False, touched=touched):
    """An account for each group; `refused` queries are charged or not, and the first of them `closes` it or not."""
    spent, told = dict.fromkeys([*groups, "all"], 0), []
    for whom, cost in queries:
        whose = touched(groups, whom)
        told.append(all(fits(spent[group], cost, total) for group in whose) and not (closes and False in told))
        for group in whose if told[-1] or refused else ():
            spent[group] += cost
    return told


def nobody_exceeds(answer, groups, total, queries):
    for group in groups:
        given = sum(cost for (whom, cost), told in zip(queries, answer) if told and group in touched(groups, whom))
        if given > total:
            return f"of {group} it gives away {given} in all, and {total} is the most"
    return None


ANSWERED = exercise(
    "privacy/answered", answered,
    example=((["lane", "square"], 100, [("lane", 60), ("all", 50), ("square", 80), ("lane", 40), ("all", 20)]),
             [True, False, True, True, False]),
    draw=account,
    form=each(is_flag, lambda groups, total, queries: len(queries),
              "a list of True or False for each query is asked for, here {n}; numbers are not asked for"),
    properties=(nobody_exceeds,),
    mistakes=(
        wrong("it keeps one account for everybody. Queries about different homes do not add up: each group has its own.",
              touched=lambda groups, whom: ["all"]),
        wrong("it keeps an account of its own for queries about all. They tell about each group, and each must pay.",
              touched=lambda groups, whom: [whom]),
        wrong("it charges for queries that are refused. Nothing is told then, and nothing is lost.", refused=True),
        wrong("it closes for good after the first refusal. A smaller query, or one about another group, may still fit.",
              closes=True),
        wrong("it answers as long as anything is left. What is left must be enough for this query.",
              fits=lambda spent, cost, total: spent < total),
        wrong("it looks at each query alone. What was told before counts.", fits=lambda spent, cost, total: cost <= total),
        almost("right, except where a query takes exactly what is left: that fits.",
               fits=lambda spent, cost, total: spent + cost < total),
    ),
    corners={"when there are no queries": lambda groups, total, queries: not queries,
             "when there is one group": lambda groups, total, queries: len(groups) == 1,
             "when a query is about all": lambda groups, total, queries: any(whom == "all" for whom, _ in queries)},
    forbids=(PrivacyBudget.spend,),
    hints=("Keep a number for each group: what was told about it so far.",
           "A query about all is about each group. When is it answered, and who pays?"),
)  # fmt: skip

# privacy/unmask


def masked(rng):
    """(sent, shared, size): masked messages of which some are None, and who shares which mask."""
    meters, size = int(rng.integers(2, 6)), int(rng.choice([100, 1000]))
    pairs = [(i, j) if rng.integers(2) else (j, i) for i in range(meters) for j in range(i + 1, meters)]
    shared = [(*pair, int(rng.integers(1, size))) for pair in pairs]
    sent = [int(x) for x in rng.integers(-9 if rng.random() < 0.4 else 0, 10, meters)]
    for i, j, mask in shared:
        sent[i], sent[j] = (sent[i] + mask) % size, (sent[j] - mask) % size
    gone = rng.permutation(meters)[: rng.integers(meters - 1) if rng.random() < 0.8 else 0]
    return [None if meter in gone else message % size for meter, message in enumerate(sent)], shared, size


def unmask(sent, shared, size, *, repair=lambda i, j: i - j, signed=True, modulo=True):
    """The sum of the messages that arrived, less the masks of `repair(i here, j here)`: 1 to take off, -1 to put back."""
    total = sum(message for message in sent if message is not None)
    total -= sum(repair(sent[i] is not None, sent[j] is not None) * mask for i, j, mask in shared)
    total = total % size if modulo else total
    return total - size if signed and modulo and total >= size / 2 else total


def in_range(answer, sent, shared, size):
    if answer >= size / 2 or answer < -size / 2:
        return f"it returns {answer:g}, and sums lie from {-size // 2} to {size // 2 - 1}"
    return None


UNMASK = exercise(
    "privacy/unmask", unmask,
    example=(([35, None, 81], [(0, 1, 30), (0, 2, 98), (2, 1, 77)], 100), 9.0),
    draw=masked, form=one(is_whole, "one whole number is asked for: the sum of the readings"), properties=(in_range,),
    mistakes=(
        wrong("it adds up the messages and leaves the masks of missing meters in. Only masks of which both meters are there"
              " cancel.", repair=lambda i, j: 0),
        wrong("it has the repair the wrong way round: what i has added must be taken off, and what j has taken off put"
              " back.", repair=lambda i, j: j - i),
        wrong("it takes off every left-over mask. If meter i is missing and j is there, the mask was taken off, and must be"
              " put back.", repair=lambda i, j: int(i != j)),
        wrong("it takes off all masks, also those that cancel.", repair=lambda i, j: 1),
        wrong("it forgets the modulus. Messages are numbers from 0 to size - 1, and so is what they add up to, before it is"
              " read with its sign.", modulo=False),
        almost("right, except where the sum is negative: homes may feed in, and the upper half of the numbers stands for"
               " that.", signed=False),
    ),
    corners={"when nobody drops out": lambda sent, *_: None not in sent,
             "when several drop out": lambda sent, *_: sent.count(None) > 1,
             "when the sum is negative": lambda *case: unmask(*case) < 0},
    forbids=(secure_sum,),
    hints=("Which masks are left in the sum of the messages that arrived?",
           "A mask was added by its first meter, taken off by its second. Only one of them is here: which way is it left?"),
)  # fmt: skip

EXERCISES = (NOISE_SCALE, PROMISE, ANSWERED, UNMASK)
