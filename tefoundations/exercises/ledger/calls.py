"""Random settlements, metered programs and sealed bids, right and wrong in all the ways a learner should find."""

from tefoundations.ledger import canonical_bytes, tagged_hash

BIDDERS = ("Ada", "Ben", "Cem", "Dora", "Eli", "Fay")


def seal_of(bidder, price, quantity, salt):
    """The seal of a bid, as the text of the exercise defines it."""
    return tagged_hash("bid", canonical_bytes((bidder, price, quantity, salt))).hex()


def settlements(rng):
    """(state, call) of one settlement each: good ones, and ones that fail for each of the reasons there are."""
    for number in range(60):
        energy, price = int(rng.integers(1, 9_000)), int(rng.integers(1, 400_000))
        limit = int(rng.choice([1_000, 2_999, 3_000, 4_523, 4_524, 4_525, 6_000, int(rng.integers(1_000, 9_000))]))
        if number % 3 == 0:
            limit = max(limit, 4_524)
        per_gas = 0 if number % 7 == 0 else int(rng.integers(1, 30))
        payment, most = energy * price // 1_000, limit * per_gas
        enough = payment + most
        purses = (enough, enough - 1, payment, most, most - 1, payment + 4_524 * per_gas, enough + payment, 3_000_000 + most)
        buyer = max(0, purses[int(rng.integers(len(purses)))])
        nonce, agreed = int(rng.integers(4)), bool(rng.random() < 0.75)
        its = nonce if rng.random() < 0.85 else nonce + int(rng.choice([-1, 1, 2]))
        others = [int(rng.integers(0, 10_000)) for _ in range(3)]
        yield (nonce, buyer, *others), (max(its, 0), agreed, energy, price, limit, per_gas)


def programs(rng):
    """(program, limit): a limit near to what the program needs, far from it, or just that."""
    for number in range(48):
        program = [] if number % 12 == 0 else _steps(rng, int(rng.integers(1, 4)), 1 + number % 3)
        need = _need(program)
        limit = int(rng.choice([need, need - 1, need - 1, need + 1, 2 * need, need // 2, 1_000]))
        yield program, max(1_000, limit)


def _steps(rng, length, depth):
    steps = []
    for _ in range(length):
        if depth > 1 and rng.random() < 0.6:
            steps.append(["repeat", int(rng.choice([0, 1, 2, 3, 5])), _steps(rng, int(rng.integers(1, 3)), depth - 1)])
        else:
            steps.append([str(rng.choice(["verify", "hash", "load", "store", "arithmetic"])), int(rng.integers(1, 4))])
    return steps


def _need(program):
    costs = {"verify": 3_000, "hash": 60, "load": 100, "store": 400, "arithmetic": 3}
    return sum(s[1] * (3 + _need(s[2])) if s[0] == "repeat" else costs[s[0]] * s[1] for s in program)


def sealed_messages(rng):
    """(commit_until, reveal_until, messages): seals and openings in time and late, copied, repeated, wrong and missing."""
    yield from ((1, 2, []), (2, 4, []))
    for _ in range(40):
        commit_until = int(rng.integers(1, 3))
        reveal_until = commit_until + int(rng.integers(1, 3))
        names = [str(name) for name in rng.choice(BIDDERS, int(rng.integers(2, 5)), replace=False)]
        sent, bids = [], {name: (int(rng.integers(5, 13)), int(rng.integers(1, 4)), rng.bytes(16).hex()) for name in names}
        for at, name in enumerate(names):
            sent += _of_one(rng, name, bids, names[at - 1], commit_until, reveal_until)
        yield (
            commit_until,
            reveal_until,
            sorted(sent, key=lambda message: message[0]),
        )  # the sort keeps the order within a slot


def _of_one(rng, name, bids, other, commit_until, reveal_until):
    """What one bidder sends: mostly a seal and its opening, sometimes with a fault."""
    kind, bid = int(rng.integers(12)), bids[name]
    early, late = int(rng.integers(1, commit_until + 1)), int(rng.integers(commit_until + 1, reveal_until + 1))
    seal, opening = (early, name, "seal", seal_of(name, *bid)), (late, name, "open", *bid)
    wrong = (late, name, "open", bid[0] + 1, *bid[1:])
    changed = (commit_until, name, "seal", seal_of(name, bid[0] + 1, *bid[1:]))
    copied = [(commit_until, name, "seal", seal_of(other, *bids[other])), (reveal_until, name, "open", *bids[other])]
    told = {
        0: [(commit_until + 1, *seal[1:]), (reveal_until, *opening[1:])],
        1: [seal, (reveal_until + 1, *opening[1:])],
        2: [seal, (commit_until, *opening[1:])],
        3: [seal, changed, opening],
        4: [seal, changed, wrong],
        5: copied,
        6: [seal, opening, (reveal_until, *opening[1:])],
        7: [seal, wrong, (reveal_until, *opening[1:])],
        8: [opening],
        9: [seal],
    }
    return told.get(kind, [seal, opening])
