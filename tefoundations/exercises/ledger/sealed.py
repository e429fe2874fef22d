"""Random proofs, signed trades and hashed readings, right and wrong in all the ways a learner should find."""

from functools import cache
from hashlib import sha256

from tefoundations.ledger import KeyPair, MerkleTree, canonical_bytes, tagged_hash

NAMES = ("bakery", "shop", "school", "clinic", "home2", "home5", "home9")
METERS = ("home2", "home5", "bakery")
WRONG = ("leaf", "place", "beyond", "size", "longer", "shorter", "hash", "root")


@cache
def key(name):
    return KeyPair.named(name)


@cache
def signature(name, number, seller, buyer, energy):
    """What a member signs for a trade, in hexadecimal."""
    trade = {"buyer": buyer, "energy": energy, "number": number, "seller": seller}
    return key(name).sign(tagged_hash("trade", canonical_bytes(trade))).hex()


@cache
def digest(meter, step, energy, salt=b""):
    """The hash of a reading, in hexadecimal."""
    return sha256(salt + canonical_bytes({"energy": energy, "meter": meter, "step": step})).hexdigest()


def proofs(rng):
    """(leaf, place, size, proof, root): a third of them right, the others wrong in one way each."""
    for number in range(72):
        size = int(rng.integers(1, 12)) if number % 8 else 1
        trades = [f"trade {i}: {int(rng.integers(1, 900))} Wh" for i in range(size)]
        tree, place = MerkleTree([trade.encode() for trade in trades]), int(rng.integers(size))
        if number % 3 == 0 and size % 2:  # the leaf that is left over
            place = size - 1
        proof = [node.hex() for node in tree.inclusion_proof(place)]
        case = {"leaf": trades[place], "place": place, "size": size, "proof": proof, "root": tree.root.hex()}
        if number % 3:
            case |= _spoiled(rng, WRONG[number % len(WRONG)], case)
        yield tuple(case.values())


def _spoiled(rng, kind, case):
    place, size, proof = case["place"], case["size"], case["proof"]
    other = sha256(rng.bytes(4)).hexdigest()
    spoiled = {
        "leaf": {"leaf": case["leaf"].replace(" Wh", "0 Wh")},
        "place": {"place": (place + int(rng.integers(1, size + 1))) % size},
        "beyond": {"place": place + 2 ** max(len(proof), (size - 1).bit_length())},
        "size": {"size": size * int(rng.choice([2, 4])) + int(rng.integers(2))},
        "longer": {"proof": [*proof, other]},
        "shorter": {"proof": proof[:-1]},
        "root": {"root": other},
    }
    if kind == "hash" and proof:
        at = int(rng.integers(len(proof)))
        return {"proof": [*proof[:at], other, *proof[at + 1 :]]}
    return spoiled.get(kind, spoiled["leaf"])


def signed_trades(rng):
    """(trades, keys): each trade (number, seller, buyer, energy, by_seller, by_buyer), some of them no good."""
    for number in range(36):
        members = [str(name) for name in rng.choice(NAMES, 4, replace=False)]
        trades = []
        for at in range(int(rng.integers(1, 5))):
            seller, buyer = (str(name) for name in rng.choice(members, 2, replace=False))
            said = (at, seller, buyer, int(rng.integers(1, 900)))
            good = (*said, signature(seller, *said), signature(buyer, *said))
            trades += _handed_in(rng, int(rng.integers(9)), good, members)
        known = members[:3] if number % 4 == 0 else members
        yield trades, [(name, key(name).public_key.hex()) for name in sorted(known)]
    for name in NAMES[:2]:
        yield [], [(name, key(name).public_key.hex())]


def _handed_in(rng, kind, good, members):
    """A trade as it comes to the ledger: once, twice, edited, or with a signature of somebody else."""
    (number, seller, buyer, energy), (by_seller, by_buyer) = good[:4], good[4:]
    said = good[:4]
    third = next(name for name in members if name not in (seller, buyer))
    more = (number, seller, buyer, energy + 100)
    return {
        0: [good, good],
        1: [(*more, by_seller, by_buyer)],
        2: [(*more, by_seller, signature(buyer, *more))],
        3: [(*more, signature(seller, *more), by_buyer)],
        4: [(*said, signature(third, *said), by_buyer), good],
        5: [(*said, by_seller, signature(third, *said))],
        6: [(*said, by_buyer, by_seller)],
    }.get(kind, [good])


def hashed_readings(rng):
    """(meter, largest, digests): readings from 0 to the largest and beyond, some of them salted."""
    for number in range(40):
        meter, largest = str(rng.choice(METERS)), int(rng.choice([5, 10, 20]))
        digests = []
        for step in range(int(rng.integers(1, 6))):
            energy = int(rng.choice([0, largest, int(rng.integers(largest)), int(rng.integers(largest))]))
            kind = int(rng.integers(6)) if number % 3 else 9
            salt = rng.bytes(16) if kind == 0 else b""
            digests.append(digest(meter, step, energy + largest + 1 if kind == 1 else energy, salt))
        yield meter, largest, digests
    for meter in METERS[:2]:
        yield meter, 10, []
