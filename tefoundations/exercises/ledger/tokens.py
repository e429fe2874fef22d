"""Checks of the chapter on tokens."""

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers, is_number
from tefoundations.exercises.ledger.token_books import minted, runs, twice
from tefoundations.exercises.ledger.token_events import calls, lives_of_certificates, promises_and_readings

# tokens/mint


def _one_each(answer, events):
    if not are_numbers(answer, len(events)):
        return f"a list of one number for each event is asked for, here {len(events)}"
    return None


def _not_by_promises(answer, events):
    for place, (wh, event) in enumerate(zip(answer, events)):
        if event[0] == "promise" and wh:
            return f"the event in position {place} (from 0) is a promise, and it mints {wh:g} Wh for it"
        if wh < 0:
            return f"it mints {wh:g} Wh in position {place} (from 0)"
    return None


def _never_more_than_read(answer, events):
    most = {}
    for kind, _, meter, energy, *signer in events:
        if kind == "reading" and signer[0] == "oracle":
            most[meter] = max(energy, most.get(meter, 0))
    if sum(answer) > sum(most.values()):
        return f"it mints {sum(answer):g} Wh in all, and the readings signed by the oracle are {sum(most.values()):g} Wh"
    return None


def _closed(events):
    return [number for (_, number, *_), wh in zip(events, minted(events)) if wh]


def _after_the_reading(events):
    return minted(events) != minted(events, late=True)


MINT = Exercise(
    name="tokens/mint",
    function="minted",
    parameters=("events",),
    example=(
        (
            [
                ("promise", 0, "home9", 1000), ("promise", 1, "home9", 500), ("reading", 0, "home9", 1200, "home9"),
                ("reading", 0, "home9", 1200, "oracle"), ("promise", 2, "home9", 300), ("reading", 1, "home9", 1500, "oracle"),
                ("reading", 1, "home9", 1200, "oracle"), ("reading", 2, "home9", 1200, "oracle"),
            ],
        ),
        [0.0, 0.0, 0.0, 1000.0, 0.0, 0.0, 200.0, 0.0],
    ),
    instances=promises_and_readings,
    reference=lambda events: minted(events),
    form=_one_each,
    properties=(_not_by_promises, _never_more_than_read),
    mistakes=(
        Mistake(
            "it mints all that was read. The buyer is credited with no more than was promised.",
            lambda events: minted(events, amount=lambda promised, read, used: read - used),
        ),
        Mistake(
            "it mints what was promised, whatever the meter says.",
            lambda events: minted(events, amount=lambda promised, read, used: promised),
        ),
        Mistake(
            "it gives the whole reading to each promise. All promises on a meter share one reading: each Wh is credited once.",
            lambda events: minted(events, amount=lambda promised, read, used: min(promised, read)),
        ),
        Mistake(
            "it lets a reading serve one promise only. What the first leaves over is for the next.",
            lambda events: minted(events, amount=lambda promised, read, used: 0 if used else min(promised, read)),
        ),
        Mistake(
            "it takes readings that others than the oracle have signed.",
            lambda events: minted(events, signers=()),
        ),
        Mistake(
            "it takes the reading of any meter. A promise is kept at its own.",
            lambda events: minted(events, own_meter=False),
        ),
        Mistake(
            "it closes a promise more than once.",
            lambda events: minted(events, once=False),
        ),
        Mistake(
            "it takes a second reading with another number. The first that was accepted stands.",
            lambda events: minted(events, first=False),
        ),
        Mistake(
            "it lets a refused reading stand. What is refused leaves nothing behind.",
            lambda events: minted(events, kept=True),
        ),
        Mistake(
            "right, except that a promise is void if its meter's reading was accepted before.",
            lambda events: minted(events, late=True),
            almost=True,
        ),
    ),
    corners=(
        Corner("when a promise comes after the reading", _after_the_reading),
        Corner("when two promises share a reading", lambda events: len(_closed(events)) > 1),
        Corner("when nothing is minted", lambda events: not _closed(events)),
    ),
)  # fmt: skip


# tokens/reverted


def _reverted(balances, calls):
    return runs(balances, calls)


def _positions(answer, balances, calls):
    if not isinstance(answer, list) or not all(is_number(place) and place == int(place) for place in answer):
        return "a list of positions is asked for"
    if any(not 0 <= place < len(calls) for place in answer):
        return f"there are {len(calls)} calls, and positions count from 0"
    return None if answer == sorted(set(answer)) else "positions come in rising order, each once"


def _to_itself(balances, calls):
    return any(call[-2] == (call[0] if call[1] == "transfer" else call[2]) for call in calls if call[1] != "approve")


def _failed_spending(balances, calls):
    failed = _reverted(balances, calls)
    return any(calls[int(place)][1] == "transfer_from" for place in failed)


REVERTED = Exercise(
    name="tokens/reverted",
    function="reverted",
    parameters=("balances", "calls"),
    example=(
        (
            [("clinic", 8), ("home6", 0), ("shop", 1)],
            [
                ("clinic", "approve", "shop", 5), ("shop", "transfer_from", "clinic", "shop", 5), ("clinic", "approve", "shop", 3),
                ("shop", "transfer_from", "clinic", "home6", 4), ("shop", "transfer_from", "clinic", "home6", 3),
                ("home6", "transfer", "shop", 4),
            ],
        ),
        [3.0, 5.0],
    ),
    instances=calls,
    reference=_reverted,
    form=_positions,
    mistakes=(
        Mistake(
            "it names the calls that succeed.",
            lambda balances, calls: [float(k) for k in range(len(calls)) if k not in _reverted(balances, calls)],
        ),
        Mistake(
            "it does not use up allowances: what was spent may not be spent again.",
            lambda balances, calls: runs(balances, calls, uses=False),
        ),
        Mistake(
            "it adds to allowances. A new one replaces the old one.",
            lambda balances, calls: runs(balances, calls, adds=True),
        ),
        Mistake(
            "it reads allowances the wrong way round: the owner allows, the spender sends.",
            lambda balances, calls: runs(balances, calls, swapped=True),
        ),
        Mistake(
            "it looks at the allowance only. The owner must have the units, too.",
            lambda balances, calls: runs(balances, calls, looks=("allowance",)),
        ),
        Mistake(
            "it looks at the balance only. Who sends another's units needs an allowance.",
            lambda balances, calls: runs(balances, calls, looks=("balance",)),
        ),
        Mistake(
            "it reverts an allowance above the balance. One may allow more than one has; it is looked at when units move.",
            lambda balances, calls: runs(balances, calls, covered=True),
        ),
        Mistake(
            "it lets negative amounts through: sending -3 would take 3 from the receiver.",
            lambda balances, calls: runs(balances, calls, least=None),
        ),
        Mistake(
            "right, except that a call that reverts leaves the allowance as it was.",
            lambda balances, calls: runs(balances, calls, spent_anyway=True),
            almost=True,
        ),
        Mistake(
            "right, except that an amount of 0 is one like any other: it does not revert.",
            lambda balances, calls: runs(balances, calls, least=1),
            almost=True,
        ),
        Mistake(
            "right, except when somebody sends to itself: nobody gets richer by that.",
            lambda balances, calls: runs(balances, calls, doubles=True),
            almost=True,
        ),
    ),
    corners=(
        Corner("when an amount is negative", lambda balances, calls: any(call[-1] < 0 for call in calls)),
        Corner("when an amount is 0", lambda balances, calls: any(call[-1] == 0 for call in calls)),
        Corner("when units go from an account to itself", _to_itself),
        Corner("when a transfer_from reverts", _failed_spending),
    ),
)  # fmt: skip


# tokens/double


def _double(events):
    return twice(events)


def _names(answer, *_):
    if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
        return "a list of texts is asked for, the kWh that were claimed more than once"
    return None if answer == sorted(set(answer)) else "the kWh come in alphabetical order, each once"


def _two_for_one(events):
    made = [kwh for kind, _, kwh in events if kind == "issue"]
    return len(dict.fromkeys(made)) < len(made)


def _bundled(events):
    return twice(events) != twice(events, bundles=True)


DOUBLE = Exercise(
    name="tokens/double",
    function="double_counted",
    parameters=("events",),
    example=(
        (
            [
                ("issue", 1, "roof 12:00"), ("issue", 2, "roof 18:00"), ("issue", 3, "wind 12:00"), ("sell", 1, "mill"),
                ("cancel", 1, "mill"), ("green", "roof 12:00", "clinic"), ("cancel", 1, "mill"), ("green", "roof 18:00", "bakery"),
                ("cancel", 2, "bakery"), ("plain", "wind 12:00", "clinic"), ("cancel", 3, "mill"),
            ],
        ),
        ["roof 12:00"],
    ),
    instances=lives_of_certificates,
    reference=_double,
    form=_names,
    mistakes=(
        Mistake(
            "it counts a certificate that is cancelled a second time. The registry refuses that: it is no claim.",
            lambda events: twice(events, again=True),
        ),
        Mistake(
            "it counts sales. Who sells a certificate claims nothing; who cancels it does.",
            lambda events: twice(events, sales=True),
        ),
        Mistake(
            "it counts credits that were sold without a colour. Only the green ones claim an origin.",
            lambda events: twice(events, kinds=("green", "plain")),
        ),
        Mistake(
            "it looks at certificates alone. A credit sold as green claims the same kWh.",
            lambda events: twice(events, credits=False),
        ),
        Mistake(
            "it finds the kWh with two certificates. Certificates that are not cancelled claim nothing.",
            lambda events: twice(events, issues=True, credits=False),
        ),
        Mistake(
            "it counts one cancelling for each kWh at most. Two certificates for one kWh, both cancelled, are two claims.",
            lambda events: twice(events, one_each=True),
        ),
        Mistake(
            "right, except when somebody cancels a certificate for the green credit it has itself: that is one claim.",
            lambda events: twice(events, bundles=True),
            almost=True,
        ),
    ),
    corners=(
        Corner("when two certificates were issued for one kWh", _two_for_one),
        Corner("when a certificate and a green credit are in one hand", _bundled),
        Corner("when nothing is counted twice", lambda events: not _double(events)),
    ),
)  # fmt: skip

EXERCISES = (MINT, REVERTED, DOUBLE)
