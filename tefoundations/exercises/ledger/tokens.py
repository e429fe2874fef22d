"""Checks of the chapter on tokens."""

from math import inf

from tefoundations.exercises.kit.forms import numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import is_number


def one_of(rng, some):
    return some[rng.integers(len(some))]


# tokens/mint

METERS = ("home3", "home9", "school")


def half_hour(rng):
    """(events,): promises, and readings that are right, by another signer, of another meter, too large, or for nothing."""
    meters, says = METERS[: rng.choice([1, 1, 2])], {meter: 100 * int(rng.integers(16)) for meter in METERS}
    events, made = [], []
    for _ in range(rng.integers(16)):
        if not made or rng.random() < 0.35:
            made.append(one_of(rng, meters))
            events.append(("promise", len(made) - 1, made[-1], 100 * int(rng.integers(1, 11))))
            continue
        number, more = int(rng.integers(len(made))), 100 * int(rng.integers(1, 6))
        meter, other = made[number], one_of(rng, [name for name in METERS if name != made[number]])
        right = "reading", number, meter, says[meter], "oracle"
        spoiled = [(*right[:4], meter), ("reading", number, other, says[other], "oracle")]
        spoiled += [("reading", number, meter, says[meter] + more, "oracle"), ("reading", len(made), *right[2:])]
        events.append(one_of(rng, spoiled) if rng.random() < 0.45 else right)
    return (events,)


def minted(events, *, amount=lambda promised, read, used: min(promised, read - used), signed=True, first=True, late=False):
    """Readings must be `signed`, and like the `first` of the meter; promises may be `late`, or not."""
    held, stands, used, out = {}, {}, {}, []
    for kind, number, meter, energy, *signer in events:
        out.append(0)
        if kind == "promise":
            if late or meter not in stands:
                held[number] = meter, energy
            continue
        good = number in held and held[number][0] == meter and (signer == ["oracle"] or not signed)
        if good and (stands.setdefault(meter, energy) == energy or not first):
            out[-1] = max(0, amount(held.pop(number)[1], energy, used.get(meter, 0)))
            used[meter] = used.get(meter, 0) + out[-1]
    return out


def not_by_promises(answer, events):
    for place, (wh, event) in enumerate(zip(answer, events)):
        if event[0] == "promise" and wh:
            return f"the event in position {place} (from 0) is a promise, and it mints {wh:g} Wh for it"
        if wh < 0:
            return f"it mints {wh:g} Wh in position {place} (from 0)"
    return None


def never_more_than_read(answer, events):
    read = sorted((event[2], event[3]) for event in events if event[-1] == "oracle")
    most = sum(dict(read).values())  # the largest of each meter comes last
    if sum(answer) > most:
        return f"it mints {sum(answer):g} Wh in all, and the readings signed by the oracle are {most:g} Wh"
    return None


EVENTS = [
    ("promise", 0, "home9", 1000), ("promise", 1, "home9", 500), ("reading", 0, "home9", 1200, "home9"),
    ("reading", 0, "home9", 1200, "oracle"), ("promise", 2, "home9", 300), ("reading", 1, "home9", 1500, "oracle"),
    ("reading", 1, "home9", 1200, "oracle"), ("reading", 2, "home9", 1200, "oracle"),
]  # fmt: skip

MINT = exercise(
    "tokens/mint", minted,
    example=((EVENTS,), [0.0, 0.0, 0.0, 1000.0, 0.0, 0.0, 200.0, 0.0]),
    draw=half_hour, form=numbers(len, "a list of one number for each event is asked for, here {n}"),
    properties=(not_by_promises, never_more_than_read),
    mistakes=(
        wrong("it mints all that was read. The buyer is credited with no more than was promised.",
              amount=lambda promised, read, used: read - used),
        wrong("it mints what was promised, whatever the meter says.", amount=lambda promised, read, used: promised),
        wrong("it gives the whole reading to each promise. All promises on a meter share one reading: each Wh is credited"
              " once.", amount=lambda promised, read, used: min(promised, read)),
        wrong("it lets a reading serve one promise only. What the first leaves over is for the next.",
              amount=lambda promised, read, used: 0 if used else min(promised, read)),
        wrong("it takes readings that others than the oracle have signed.", signed=False),
        wrong("it takes a second reading with another number. The first that was accepted stands.", first=False),
        almost("right, except that a promise is void if its meter's reading was accepted before.", late=True),
    ),
    corners={"when a promise comes after the reading": lambda events: minted(events) != minted(events, late=True),
             "when two promises share a reading": lambda events: sum(wh > 0 for wh in minted(events)) > 1,
             "when nothing is minted": lambda events: not any(minted(events))},
    hints=("For which reasons is a reading refused? Look for all of them before anything is changed.",
           "Remember of each promise whether it is open, and of each meter what stands and how much of it was minted."),
)  # fmt: skip

# tokens/reverted

PEOPLE = ("clinic", "home6", "shop")


def among_three(rng):
    """(balances, calls): a few scenes, written for the balances of the start, so that some of them come out otherwise."""
    held, calls = {name: int(rng.integers(9)) for name in PEOPLE}, []
    for _ in range(rng.integers(4)):
        owner, spender, other = rng.permutation(PEOPLE).tolist()
        n, more, has = int(rng.integers(6)), int(rng.integers(1, 5)), held[owner]
        gives, take = (owner, "approve", spender), (spender, "transfer_from", owner, one_of(rng, (spender, other)))
        scenes = (
            [(*gives, n), (*take, n)], [(*gives, n), (*take, n), (*take, more)], [(owner, "approve", other, n), (*take, n)],
            [(*gives, has + more), (*take, has + more), (other, "transfer", owner, more), (*take, has + more)],
            [(*gives, more), (*gives, n), (*take, n + more)], [(owner, "transfer", spender, n + more)],
            [(owner, "transfer", owner, n), (owner, "transfer", other, has + more)], [(owner, "transfer", spender, -more)],
        )  # fmt: skip
        calls += one_of(rng, scenes)
    return list(held.items()), calls


def reverted(
    balances, calls, *, limit=min, uses=True, adds=False, allows=lambda owner, spender: (owner, spender), least=0, anyway=0
):
    """Allowance and balance `limit` what is sent, and allowances are used up. The flags that are off are slips."""
    held, allowed, failed = dict(balances), {}, []
    for place, (sender, method, *who, amount) in enumerate(calls):
        good = amount >= least
        if method == "approve":
            pair = allows(sender, *who)
            if good:
                allowed[pair] = amount + adds * allowed.get(pair, 0)
        else:
            owner, to = who if method == "transfer_from" else (sender, *who)
            left = allowed.get((owner, sender), 0) if method == "transfer_from" else inf
            may, good = good and amount <= left, good and amount <= limit(left, held[owner])
            if uses and left < inf and (good or (anyway and may)):
                allowed[owner, sender] = left - amount
            if good:
                held[owner] -= amount
                held[to] += amount
        if not good:
            failed.append(place)
    return failed


def positions(answer, balances, calls):
    if not isinstance(answer, list) or not all(is_number(place) and place == int(place) for place in answer):
        return "a list of positions is asked for"
    if any(not 0 <= place < len(calls) for place in answer):
        return f"there are {len(calls)} calls, and positions count from 0"
    return None if answer == sorted(set(answer)) else "positions come in rising order, each once"


def to_itself(balances, calls):
    return any(call[-2] == (call[0] if call[1] == "transfer" else call[2]) for call in calls if call[1] != "approve")


BALANCES = [("clinic", 8), ("home6", 0), ("shop", 1)]
CALLS = [
    ("clinic", "approve", "shop", 5), ("shop", "transfer_from", "clinic", "shop", 5), ("clinic", "approve", "shop", 3),
    ("shop", "transfer_from", "clinic", "home6", 4), ("shop", "transfer_from", "clinic", "home6", 3),
    ("home6", "transfer", "shop", 4),
]  # fmt: skip

REVERTED = exercise(
    "tokens/reverted", reverted,
    example=((BALANCES, CALLS), [3.0, 5.0]),
    draw=among_three, form=positions,
    mistakes=(
        wrong("it does not use up allowances: what was spent may not be spent again.", uses=False),
        wrong("it adds to allowances. A new one replaces the old one.", adds=True),
        wrong("it reads allowances the wrong way round: the owner allows, the spender sends.",
              allows=lambda owner, spender: (spender, owner)),
        wrong("it looks at the allowance only. The owner must have the units, too.",
              limit=lambda allowance, balance: allowance),
        wrong("it looks at the balance only. Who sends another's units needs an allowance.",
              limit=lambda allowance, balance: balance),
        almost("right, except that a call that reverts leaves the allowance as it was.", anyway=1),
        almost("right, except that an amount of 0 is one like any other: it does not revert.", least=1),
    ),
    corners={
        "when an amount is negative": lambda balances, calls: any(call[-1] < 0 for call in calls),
        "when an amount is 0": lambda balances, calls: any(call[-1] == 0 for call in calls),
        "when units go from an account to itself": to_itself,
        "when a transfer_from reverts": lambda *case: any(case[1][place][1] == "transfer_from" for place in reverted(*case)),
    },
    hints=("Keep two dictionaries: the units of each name, and what each pair of owner and spender has left.",
           "For each call ask first, and change something only if nothing speaks against it.",
           "How many units may a transfer_from move at most? Two numbers limit it, and both are smaller afterwards."),
)  # fmt: skip

# tokens/double

USERS, HOURS = ("bakery", "clinic", "mill"), ("roof 12:00", "roof 18:00", "wind 12:00")


def papers(rng):
    """(events,): certificates, now and then two for one kWh, and what is said of them and of credits."""
    events, issued = [], []
    for _ in range(rng.integers(14)):
        toss, kwh, who = rng.random(), one_of(rng, HOURS), one_of(rng, USERS)
        if not issued or toss < 0.25:
            if kwh not in issued or rng.random() > 0.3:
                issued.append(kwh)
                events.append(("issue", len(issued), kwh))
        elif toss < 0.7:
            number = int(rng.integers(1, len(issued) + 1)) + int(rng.random() < 0.05) * len(issued)
            events.append(("sell" if toss < 0.35 else "cancel", number, who))
        else:
            events.append(("green" if rng.random() < 0.65 else "plain", one_of(rng, issued), who))
    return (events,)


def double_counted(events, *, uses=("cancel",), again=False, each=list, colours=("green",), bundles=False):
    """Claims are `each` of a kWh's certificates if used, and its credits of these `colours`, also `bundles` of both."""
    issued, used, certified = {}, set(), []
    for kind, what, who in events:
        if kind == "issue":
            issued[what] = who
        elif kind in uses and what in issued and (again or (kind, what) not in used):
            used.add((kind, what))
            certified.append((issued[what], who))
    said = dict.fromkeys((what, who) for kind, what, who in events if kind in colours)
    claims = [*each(kwh for kwh, _ in certified), *(pair[0] for pair in said if bundles or pair not in certified)]
    return sorted({kwh for kwh in claims if claims.count(kwh) > 1})


def issued_twice(events):
    made = [kwh for kind, _, kwh in events if kind == "issue"]
    return sorted({kwh for kwh in made if made.count(kwh) > 1})


def names(answer, *_):
    if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
        return "a list of texts is asked for, the kWh that were claimed more than once"
    return None if answer == sorted(set(answer)) else "the kWh come in alphabetical order, each once"


LIVES = [
    ("issue", 1, "roof 12:00"), ("issue", 2, "roof 18:00"), ("issue", 3, "wind 12:00"), ("sell", 1, "mill"),
    ("cancel", 1, "mill"), ("green", "roof 12:00", "clinic"), ("cancel", 1, "mill"), ("green", "roof 18:00", "bakery"),
    ("cancel", 2, "bakery"), ("plain", "wind 12:00", "clinic"), ("cancel", 3, "mill"),
]  # fmt: skip

DOUBLE = exercise(
    "tokens/double", double_counted,
    example=((LIVES,), ["roof 12:00"]),
    draw=papers, form=names,
    mistakes=(
        wrong("it counts a certificate that is cancelled a second time. The registry refuses that: it is no claim.",
              again=True),
        wrong("it counts sales. Who sells a certificate claims nothing; who cancels it does.", uses=("cancel", "sell")),
        wrong("it counts credits that were sold without a colour. Only the green ones claim an origin.",
              colours=("green", "plain")),
        wrong("it looks at certificates alone. A credit sold as green claims the same kWh.", colours=()),
        wrong("it finds the kWh with two certificates. Certificates that are not cancelled claim nothing.", issued_twice),
        wrong("it counts one cancelling for each kWh at most. Two certificates for one kWh, both cancelled, are two claims.",
              each=set),
        almost("right, except when somebody cancels a certificate for the green credit it has itself: that is one claim.",
               bundles=True),
    ),
    corners={
        "when two certificates were issued for one kWh": lambda events: bool(issued_twice(events)),
        "when a certificate and a green credit are in one hand": lambda events: (
            double_counted(events) != double_counted(events, bundles=True)
        ),
        "when nothing is counted twice": lambda events: not double_counted(events),
    },
    hints=("Write down the claims as pairs, which kWh and who claims it. Which of the five kinds of event make one?",
           "A pair may come from a certificate, from a green credit, or from both. How often does it count in each case?"),
)  # fmt: skip

EXERCISES = (MINT, REVERTED, DOUBLE)
