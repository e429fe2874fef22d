"""Checks of the chapter on smart contracts."""

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers, is_number
from tefoundations.exercises.ledger.calls import programs, seal_of, sealed_messages, settlements

# smart_contracts/transition

SIGNATURE, ALL, SHARE = 3_000, 4_524, 10_000


def _floor(amount, unit):
    return amount // unit


def _transition(
    state, call, round_=_floor, aside="limit", bills="used", unsigned="reverts", invalid=0, reverts="pays", top=False, need=ALL,
    first=SIGNATURE,
):  # fmt: skip
    """The right transition, or one with a mistake named by an option."""
    number, buyer, seller, operator, producer = state
    its, agreed, energy, price, limit, per_gas = call
    most = limit * per_gas
    if its != number or buyer < most or (unsigned == "invalid" and not agreed):
        return [number + invalid, *state[1:]]
    used = min(ALL if agreed else first, limit)
    payment = round_(energy * price, 1_000)
    fee = round_(payment * SHARE, 1_000_000)
    due = payment + fee if top else payment
    left = buyer - {"limit": most, "used": used * per_gas, "nothing": 0}[aside]
    done = agreed and limit >= need and due <= left
    if not done and reverts == "free":
        return list(state)
    cost = (limit if bills == "limit" else used) * per_gas
    if not done:
        return [number + 1, buyer - cost, seller, operator, producer + cost]
    return [number + 1, buyer - cost - due, seller + due - fee, operator + fee, producer + cost]


def _with(**options):
    return lambda state, call: [float(value) for value in _transition(state, call, **options)]


_right = _with()


def _right_transition(state, call):
    return _right(state, call)


def _five(answer, *_):
    return None if are_numbers(answer, 5) else "five numbers are asked for: number, buyer, seller, operator, producer"


def _conserves(answer, state, call):
    before, after = sum(state[1:]), sum(answer[1:])
    words = f"there are {after:.10g} micro-tokens after it and {before:.10g} before: money comes from nothing or is lost"
    return None if before == after else words


def _counts_on(answer, state, call):
    return None if answer[0] in (state[0], state[0] + 1) else f"the next number is {answer[0]:g}, and was {state[0]}"


TRANSITION = Exercise(
    name="smart_contracts/transition",
    function="transition",
    parameters=("state", "call"),
    example=(((0, 2_000_000, 0, 0, 0), (0, True, 5_000, 200_000, 6_000, 1)), [1.0, 995_476.0, 990_000.0, 10_000.0, 4_524.0]),
    instances=settlements,
    reference=_right_transition,
    form=_five,
    properties=(_conserves, _counts_on),
    mistakes=(
        Mistake(
            "it charges all of the limit for a run that needs less. What is not used comes back.",
            _with(bills="limit"),
        ),
        Mistake(
            "nothing changes when the call reverts. The nodes have worked: the number is used up and the gas is paid.",
            _with(reverts="free"),
        ),
        Mistake(
            "it uses up a number for an invalid transaction. An invalid one stands in no block and changes nothing.",
            _with(invalid=1),
        ),
        Mistake(
            "it lets the payment use money that is set aside for gas. Until the run has ended, gas limit times gas price is"
            " not there.",
            _with(aside="used"),
        ),
        Mistake(
            "it compares the payment with all that the buyer has. What the gas may cost is set aside first.",
            _with(aside="nothing"),
        ),
        Mistake(
            "it adds the fee to what the buyer pays. The fee is taken from the payment: the seller receives less.",
            _with(top=True),
        ),
        Mistake(
            "it rounds to the nearest micro-token. Both divisions round down.",
            _with(round_=lambda amount, unit: (2 * amount + unit) // (2 * unit)),
        ),
        Mistake(
            "it takes a trade that the seller has not signed for invalid. The sender has signed the transaction: it runs, and"
            " reverts.",
            _with(unsigned="invalid"),
        ),
        Mistake("it charges a whole settlement where the run ends at the seller's signature, after 3,000.", _with(first=ALL)),
        Mistake("a limit of exactly 4,524 is enough.", _with(need=ALL + 1), almost=True),
    ),
    corners=(
        Corner("when the limit is exactly what the run needs", lambda state, call: call[4] == (ALL if call[1] else SIGNATURE)),
        Corner("when the buyer has exactly what the gas may cost", lambda state, call: state[1] == call[4] * call[5]),
        Corner("when the gas price is 0", lambda state, call: call[5] == 0),
    ),
)

# smart_contracts/charge

COSTS = {"verify": 3_000, "hash": 60, "load": 100, "store": 400, "arithmetic": 3}
TURN, LEAST = 3, 1_000


def _need(program, turn=TURN, times=True, inner=True, deep=0):
    total = 0
    for step in program:
        if step[0] == "repeat":
            body = _need(step[2], turn, times and (inner or deep == 0), inner, deep + 1)
            turns = step[1] if times and (inner or deep == 0) else min(step[1], 1)
            total += turns * (turn + body)
        else:
            total += COSTS[step[0]] * step[1]
    return total


def _charged(program, limit, least=LEAST, over="limit", strict=False, **options):
    need = _need(program, **options)
    good = need < limit if strict else need <= limit
    return [float(max(least, need if good or over == "need" else limit)), good]


def _right_charge(program, limit):
    return _charged(program, limit)


def _counting(**options):
    return lambda program, limit: _charged(program, limit, **options)


def _once_a_loop(program, limit):
    def need(steps):
        loops = sum(TURN + step[1] * need(step[2]) for step in steps if step[0] == "repeat")
        return loops + sum(COSTS[step[0]] * step[1] for step in steps if step[0] != "repeat")

    total = need(program)
    return [float(max(LEAST, min(total, limit))), total <= limit]


def _gas_and_end(answer, *_):
    good = isinstance(answer, list) and len(answer) == 2 and is_number(answer[0]) and isinstance(answer[1], bool)
    return None if good else "the gas charged and True or False are asked for"


def _within_limit(answer, program, limit):
    words = f"it charges {answer[0]:g}; a run is charged at least {LEAST} and at most its limit, {limit}"
    return None if LEAST <= answer[0] <= limit else words


def _nested(program, *_):
    return any(step[0] == "repeat" and any(inner[0] == "repeat" for inner in step[2]) for step in program)


CHARGE = Exercise(
    name="smart_contracts/charge",
    function="charge",
    parameters=("program", "limit"),
    example=(([["verify", 1], ["repeat", 3, [["load", 1], ["store", 1], ["arithmetic", 2]]]], 4_600), [4_527.0, True]),
    instances=programs,
    reference=_right_charge,
    form=_gas_and_end,
    properties=(_within_limit,),
    mistakes=(
        Mistake("it charges nothing for the turns of a loop, only for what is in them.", _counting(turn=0)),
        Mistake("it charges the 3 of a turn once for each loop. Each turn costs it.", _once_a_loop),
        Mistake("it runs what is in a loop once, however many turns the loop has.", _counting(times=False)),
        Mistake(
            "it runs a loop inside a loop once in each turn. It has its own turns, in each turn of the outer one.",
            _counting(inner=False),
        ),
        Mistake("it charges less than 1,000 for a short run.", _counting(least=0)),
        Mistake("it charges more than the limit. The run stops when the limit is used up.", _counting(over="need")),
        Mistake("a run may use its limit to the last unit.", _counting(strict=True), almost=True),
    ),
    corners=(
        Corner("when a loop has no turns", lambda program, limit: any(step[0] == "repeat" and step[1] == 0 for step in program)),
        Corner("when a loop stands in a loop", _nested),
        Corner("when the program is empty", lambda program, limit: not program),
    ),
)

# smart_contracts/counted


def _counted(
    commit_until, reveal_until, messages, late_seal=False, late_open=False, early=False, last=False, whose=False, twice=False,
    once_tried=False, lists=False,
):  # fmt: skip
    seals, opened, tried, order, out = {}, [], [], [], []
    for slot, sender, kind, *said in messages:
        if kind == "seal":
            if lists and sender not in out:
                out.append(sender)
            if (slot <= commit_until or late_seal) and (last or sender not in seals):
                order += [] if sender in seals else [sender]
                seals[sender] = said[0]
            continue
        in_time = (early or slot > commit_until) and (late_open or slot <= reveal_until)
        done = (not twice and sender in opened) or (once_tried and sender in tried)
        if not in_time or sender not in seals or done:
            continue
        makers = list(seals) if whose else [sender]
        if any(seal_of(maker, *said) == seals[sender] for maker in makers):
            opened.append(sender)
        tried.append(sender)
    return [opened, [name for name in (out if lists else order) if name not in opened]]


def _right_count(*case):
    return _counted(*case)


def _careless(**options):
    return lambda *case: _counted(*case, **options)


def _two_lists(answer, *_):
    lists = isinstance(answer, list) and len(answer) == 2 and all(isinstance(part, list) for part in answer)
    named = lists and all(isinstance(name, str) for part in answer for name in part)
    return None if named else "two lists of names are asked for: whose bids count, and who loses the deposit"


def _opens_nothing(commit_until, reveal_until, messages):
    sealed = [message[1] for message in messages if message[2] == "seal"]
    return any(message[2] == "open" and message[1] not in sealed for message in messages)


_A, _B = ("Ada", 12, 1, "5a" * 16), ("Ben", 10, 1, "7c" * 16)

COUNTED = Exercise(
    name="smart_contracts/counted",
    function="counted",
    parameters=("commit_until", "reveal_until", "messages"),
    example=(
        (
            2,
            4,
            [
                (1, "Ada", "seal", seal_of(*_A)),
                (1, "Eli", "seal", seal_of(*_A)),
                (2, "Ben", "seal", seal_of(*_B)),
                (3, "Ada", "open", *_A[1:]),
                (4, "Eli", "open", *_A[1:]),
                (4, "Ben", "open", 11, *_B[2:]),
            ],
        ),
        [["Ada"], ["Eli", "Ben"]],
    ),
    instances=sealed_messages,
    reference=_right_count,
    form=_two_lists,
    mistakes=(
        Mistake("it takes seals that come after the last slot for them.", _careless(late_seal=True)),
        Mistake("it takes openings that come after the last slot for them.", _careless(late_open=True)),
        Mistake(
            "it takes openings while others may still send seals. Then these others know a bid before they seal theirs.",
            _careless(early=True),
        ),
        Mistake("it lets a later seal of the same bidder replace the first. The first one stands.", _careless(last=True)),
        Mistake(
            "it takes a copied seal. The name of the bidder is hashed in: hash what is opened with the name of who opens it.",
            _careless(whose=True),
        ),
        Mistake("it counts a bid as often as it is opened.", _careless(twice=True)),
        Mistake(
            "it does not let somebody try again who opened wrongly. A call that reverts leaves the seal as it was.",
            _careless(once_tried=True),
        ),
        Mistake(
            "it takes a deposit from somebody whose seal came too late. That call reverted, and no deposit was paid.",
            _careless(lists=True),
        ),
    ),
    corners=(
        Corner("when somebody opens who has sent no seal", _opens_nothing),
        Corner("when there are no messages", lambda a, b, messages: not messages),
    ),
)

EXERCISES = (TRANSITION, CHARGE, COUNTED)
