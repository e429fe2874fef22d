"""Checks of the chapter on smart contracts."""

from operator import ge, le, lt

from tefoundations.exercises.kit.forms import each, is_flag, number, numbers, one, several
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.ledger import canonical_bytes, tagged_hash

# smart_contracts/transition

SIGNATURE, WHOLE = 3_000, 4_524  # gas of checking the seller's signature, and of a settlement to its end


def settlement(rng):
    """(state, call): a good one, or one that fails for any of the reasons there are."""
    energy, price, per_gas = int(rng.integers(1, 9_000)), int(rng.integers(1, 400_000)), int(rng.integers(-4, 30))
    limit = int(rng.choice([1_000, 2_999, 3_000, 4_523, WHOLE, 4_525, 6_000, rng.integers(1_000, 9_000)]))
    limit, per_gas = max(limit, WHOLE if rng.random() < 0.3 else 0), max(0, per_gas)
    payment, most = energy * price // 1_000, limit * per_gas
    enough, used = payment + most, payment + WHOLE * per_gas
    buyer = max(0, int(rng.choice([enough, enough - 1, payment, most, most - 1, used, used, 3_000_000 + most])))
    number, agreed = int(rng.integers(4)), bool(rng.random() < 0.75)
    its = max(0, number + int(rng.choice([-1, 1, 2]) if rng.random() < 0.15 else 0))
    return (number, buyer, *rng.integers(0, 10_000, 3).tolist()), (its, agreed, energy, price, limit, per_gas)


def transition(state, call, *, enough=ge, aside=max, billed=min, on_top=0, free=False):
    """Of gas used and gas limit one is set `aside` and one `billed`; the fee comes `on_top`; a revert is `free`."""
    number, buyer, seller, operator, producer = state
    its, agreed, energy, price, limit, per_gas = call
    if its != number or buyer < limit * per_gas:
        return state
    used = min(limit, WHOLE if agreed else SIGNATURE)
    payment = energy * price // 1_000
    fee = payment * 10_000 // 1_000_000
    paid, gas = payment + on_top * fee, billed(used, limit) * per_gas
    if agreed and enough(limit, WHOLE) and paid <= buyer - aside(used, limit) * per_gas:
        return [number + 1, buyer - gas - paid, seller + paid - fee, operator + fee, producer + gas]
    return state if free else [number + 1, buyer - gas, seller, operator, producer + gas]


def conserves(answer, state, call):
    before, after = sum(state[1:]), sum(answer[1:])
    words = f"there are {after:.10g} micro-tokens after it and {before:.10g} before: money comes from nothing or is lost"
    return None if before == after else words


def counts_on(answer, state, call):
    return None if answer[0] in (state[0], state[0] + 1) else f"the next number is {answer[0]:g}, and was {state[0]}"


TRANSITION = exercise(
    "smart_contracts/transition", transition,
    example=(((0, 2_000_000, 0, 0, 0), (0, True, 5_000, 200_000, 6_000, 1)), [1.0, 995_476.0, 990_000.0, 10_000.0, 4_524.0]),
    draw=settlement, form=numbers(5, "five numbers are asked for: number, buyer, seller, operator, producer"),
    properties=(conserves, counts_on),
    mistakes=(
        wrong("it charges all of the limit for a run that needs less. What is not used comes back.", billed=max),
        wrong("nothing changes when the call reverts. The nodes have worked: the number is used up and the gas is paid.",
              free=True),
        wrong("it lets the payment use money that is set aside for gas. Until the run has ended, gas limit times gas price"
              " is not there.", aside=min),
        wrong("it adds the fee to what the buyer pays. The fee is taken from the payment: the seller receives less.",
              on_top=1),
        wrong("it takes a trade that the seller has not signed for invalid. The sender has signed the transaction: it runs,"
              " and reverts.", lambda state, call: transition(state, call) if call[1] else state),
        almost("a limit of exactly 4,524 is enough.", enough=lambda limit, whole: limit > whole),
    ),
    corners={
        "when the limit is exactly what the run needs": lambda state, call: call[4] == (WHOLE if call[1] else SIGNATURE),
        "when the buyer has exactly what the gas may cost": lambda state, call: state[1] == call[4] * call[5],
        "when the gas price is 0": lambda state, call: call[5] == 0,
    },
    hints=("Three ends are possible: invalid, reverted, succeeded. What changes in each of them?",
           "Settle first how much gas is used, and what it costs: that is paid in the last two of them.",
           "The gas limit is set aside, the gas used is paid. Which of the two counts when the payment is made?"),
)  # fmt: skip

# smart_contracts/charge

COSTS, LEAST = {"verify": 3_000, "hash": 60, "load": 100, "store": 400, "arithmetic": 3}, 1_000


def step(rng, depth):
    if depth and rng.random() < 0.6:
        return ["repeat", int(rng.choice([0, 1, 2, 3, 5])), [step(rng, depth - 1) for _ in range(rng.integers(1, 3))]]
    return [str(rng.choice(list(COSTS))), int(rng.integers(1, 4))]


def metered(rng):
    """(program, limit): just what the program needs, or near to it, or far from it."""
    depth = int(rng.integers(3))
    program = [step(rng, depth) for _ in range(rng.integers(5))]
    need = gas_of(program, each_turn, each_turn)
    return program, max(LEAST, int(rng.choice([need, need - 1, need - 1, need + 1, need // 2, 1_000])))


def each_turn(turns, body):
    return turns * (3 + body)


def one_turn(turns, body):
    return each_turn(min(turns, 1), body)


def gas_of(program, loop, inner):
    """What it needs; `loop` says what so many turns of a body cost, and `inner` says so for loops in loops."""
    return sum(loop(times, gas_of(*body, inner, inner)) if body else COSTS[kind] * times for kind, times, *body in program)


def charge(program, limit, *, loop=each_turn, inner=None, least=LEAST, fits=le, stopped=min):
    need = gas_of(program, loop, inner or loop)
    ends = fits(need, limit)
    return max(least, need if ends else stopped(limit, need)), ends


def within_limit(answer, program, limit):
    words = f"it charges {answer[0]:g}; a run is charged at least {LEAST} and at most its limit, {limit}"
    return None if LEAST <= answer[0] <= limit else words


CHARGE = exercise(
    "smart_contracts/charge", charge,
    example=(([["verify", 1], ["repeat", 3, [["load", 1], ["store", 1], ["arithmetic", 2]]]], 4_600), [4_527.0, True]),
    draw=metered, form=several("the gas charged and True or False are asked for", number(), one(is_flag)),
    properties=(within_limit,),
    mistakes=(
        wrong("it charges nothing for the turns of a loop, only for what is in them.",
              loop=lambda turns, body: turns * body),
        wrong("it charges the 3 of a turn once for each loop. Each turn costs it.",
              loop=lambda turns, body: 3 + turns * body),
        wrong("it runs what is in a loop once, however many turns the loop has.", loop=one_turn),
        wrong("it runs a loop inside a loop once in each turn. It has its own turns, in each turn of the outer one.",
              inner=one_turn),
        wrong("it charges less than 1,000 for a short run.", least=0),
        wrong("it charges more than the limit. The run stops when the limit is used up.", stopped=max),
        almost("a run may use its limit to the last unit.", fits=lt),
    ),
    corners={
        "when a loop has no turns": lambda program, limit: any(step[:2] == ["repeat", 0] for step in program),
        "when a loop stands in a loop": lambda program, limit: any(
            inner[0] == "repeat" for step in program if step[0] == "repeat" for inner in step[2]
        ),
        "when the program is empty": lambda program, limit: not program,
    },
    hints=("What does one turn of a loop cost, and how many are there?",
           "What is in a loop is a program again: the function that adds up its costs may call itself.",
           "Find what the program needs as if there were no limit. Only then compare."),
)  # fmt: skip

# smart_contracts/counted

BIDDERS = ("Ada", "Ben", "Cem", "Dora", "Eli", "Fay")


def seal_of(bidder, price, quantity, salt):
    """The seal of a bid, as the text of the exercise defines it."""
    return tagged_hash("bid", canonical_bytes((bidder, price, quantity, salt))).hex()


def auction(rng):
    """(commit_until, reveal_until, messages): seals and openings in time and late, copied, repeated, wrong and missing."""
    last, names, sent = int(rng.integers(1, 3)), rng.choice(BIDDERS, rng.integers(5), replace=False).tolist(), []
    end = last + int(rng.integers(1, 3))
    bids = {name: (int(rng.integers(5, 13)), int(rng.integers(1, 4)), rng.bytes(16).hex()) for name in names}
    for at, (name, bid) in enumerate(bids.items()):
        early, late, other = int(rng.integers(1, last + 1)), int(rng.integers(last + 1, end + 1)), names[at - 1]
        more = bid[0] + 1, *bid[1:]
        seal, changed = (early, name, "seal", seal_of(name, *bid)), (last, name, "seal", seal_of(name, *more))
        opening, again, wrongly = (late, name, "open", *bid), (end, name, "open", *bid), (late, name, "open", *more)
        copied = [(last, name, "seal", seal_of(other, *bids[other])), (end, name, "open", *bids[other])]
        sent += (
            [seal, opening], [seal, opening], [seal], [opening], [seal, opening, again], [seal, wrongly, again], copied,
            [seal, changed, opening], [seal, changed, wrongly], [seal, (last, *opening[1:])],
            [seal, (end + 1, *opening[1:])], [(last + 1, *seal[1:]), again],
        )[rng.integers(12)]  # fmt: skip
    return last, end, sorted(sent, key=lambda message: message[0])  # the sort keeps the order within a slot


def counted(
    commit_until, reveal_until, messages, *, seals_by=le, opens_by=le, opens_after=lt, stands=True, once=True,
    makers=lambda sender, seals: [sender],
):  # fmt: skip
    """The first seal `stands`, a bid is opened `once`; whose name may be in its seal?"""
    seals, opened = {}, []
    for slot, sender, kind, *said in messages:
        if kind == "seal" and seals_by(slot, commit_until):
            seals[sender] = seals[sender] if stands and sender in seals else said[0]
        elif kind == "open" and opens_after(commit_until, slot) and opens_by(slot, reveal_until) and sender in seals:
            fits = any(seal_of(maker, *said) == seals[sender] for maker in makers(sender, seals))
            opened += [sender] * (fits and not (once and sender in opened))
    return opened, [sender for sender in seals if sender not in opened]


def opens_nothing(commit_until, reveal_until, messages):
    seals, openings = ({sender for _, sender, each, *_ in messages if each == kind} for kind in ("seal", "open"))
    return not openings <= seals


ADA, BEN = ("Ada", 12, 1, "5a" * 16), ("Ben", 10, 1, "7c" * 16)
SEALS = [(1, "Ada", "seal", seal_of(*ADA)), (1, "Eli", "seal", seal_of(*ADA)), (2, "Ben", "seal", seal_of(*BEN))]
OPENINGS = [(3, "Ada", "open", *ADA[1:]), (4, "Eli", "open", *ADA[1:]), (4, "Ben", "open", 11, *BEN[2:])]


def are_names(value):
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


COUNTED = exercise(
    "smart_contracts/counted", counted,
    example=((2, 4, SEALS + OPENINGS), [["Ada"], ["Eli", "Ben"]]),
    draw=auction, form=each(are_names, 2, "two lists of names are asked for: whose bids count, and who loses the deposit"),
    mistakes=(
        wrong("it takes seals that come after the last slot for them.", seals_by=lambda *_: True),
        wrong("it takes openings that come after the last slot for them.", opens_by=lambda *_: True),
        wrong("it takes openings while others may still send seals. Then these others know a bid before they seal theirs.",
              opens_after=lambda *_: True),
        wrong("it lets a later seal of the same bidder replace the first. The first one stands.", stands=False),
        wrong("it takes a copied seal. The name of the bidder is hashed in: hash what is opened with the name of who opens"
              " it.", makers=lambda sender, seals: seals),
        wrong("it counts a bid as often as it is opened.", once=False),
    ),
    corners={"when somebody opens who has sent no seal": opens_nothing,
             "when there are no messages": lambda *case: not case[2]},
    hints=("Two things are to be remembered: the seal that stands for each sender, and who has opened.",
           "Go through the messages in order. Which of them change nothing? Pass these over first.",
           "An opening fits if a seal made of it, under the name of who sends it, is the one that stands for this sender."),
)  # fmt: skip

EXERCISES = (TRANSITION, CHARGE, COUNTED)
