"""Checks of the chapter on hashes, trees and signatures."""

from functools import cache
from hashlib import sha256
from operator import itemgetter

from tefoundations.exercises.kit.forms import each, is_flag, one, or_none
from tefoundations.exercises.kit.recipe import exercise, wrong
from tefoundations.exercises.kit.values import is_number
from tefoundations.ledger import KeyPair, MerkleTree, canonical_bytes, tagged_hash, verify, verify_inclusion

# cryptography/inclusion


def claim(rng):
    """A claim of an honest operator, often about the leaf that is left over; two of three are spoiled in one thing."""
    size, other = int(rng.integers(1, 12)), sha256(rng.bytes(4)).hexdigest()
    place = size - 1 if size % 2 and rng.random() < 0.3 else int(rng.integers(size))
    leaf, _, _, proof, root = right = shown([f"trade {i}: {rng.integers(1, 900)} Wh" for i in range(size)], place)
    if rng.random() < 0.35:
        return right
    elsewhere, at = (place + int(rng.integers(1, size + 1))) % size, int(rng.integers(len(proof) + 1))
    beyond, larger = 2 ** max(len(proof), (size - 1).bit_length()), int(rng.choice([2, 4])) * size + int(rng.integers(2))
    return (
        (leaf.replace(" Wh", "0 Wh"), place, size, proof, root), (leaf, place, size, proof, other),
        (leaf, elsewhere, size, proof, root), (leaf, place + beyond, size, proof, root), (leaf, place, larger, proof, root),
        (leaf, place, size, [*proof, other], root), (leaf, place, size, proof[:-1], root),
        (leaf, place, size, [*proof[:at], other, *proof[at + 1 :]], root),
    )[rng.integers(8)]  # fmt: skip


def shown(trades, place):
    tree = MerkleTree([trade.encode() for trade in trades])
    return trades[place], place, len(trades), [node.hex() for node in tree.inclusion_proof(place)], tree.root.hex()


def leaf_hash(text):
    return sha256(b"\x00" + text.encode()).hexdigest()


def pair_hash(left, right):
    return sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def in_list(leaf, place, size, proof, root, *, ranged=True, alone=True, whole=True, used_up=True, sides=True):
    """A place in range, a hash left over goes `alone`, the `whole` way up, the proof `used_up`, both `sides`."""
    if ranged and place >= size:
        return False
    node, last, left = leaf_hash(leaf), size - 1, list(proof)
    while last:
        if place % 2 or place != last or not alone:
            if not left:
                return node == root and not whole
            other = left.pop(0)
            node = pair_hash(other, node) if place % 2 and sides else pair_hash(node, other)
        place, last = place // 2, last // 2
    return node == root and not (used_up and left)


def by_proof_alone(leaf, place, size, proof, root, *, either=False):
    reached = [leaf_hash(leaf)]
    for row, other in enumerate(proof):
        pairs = [(other, node) if place >> row & 1 else (node, other) for node in reached]
        reached = [pair_hash(*pair) for pair in pairs] + [pair_hash(*pair[::-1]) for pair in pairs if either]
    return root in reached


def goes_up_alone(leaf, place, size, *_):
    last = size - 1
    return any(place >> row == last >> row and not place >> row & 1 for row in range(last.bit_length()))


THREE, _, *REST = shown(["bakery to home2: 106 Wh", "home6 to home2: 28 Wh", "shop to home2: 5 Wh"], 1)

INCLUSION = exercise(
    "cryptography/inclusion", in_list,
    example=((THREE, 5, *REST), False),
    draw=claim, form=one(is_flag, "True or False is asked for"),
    mistakes=(
        wrong("it is still the verifier of the text: it never looks at the size. So it takes places that are not in the"
              " list, and goes wrong where a hash goes up alone.", by_proof_alone),
        wrong("it accepts a place beyond the end of the list. A place is from 0 to size - 1.", ranged=False),
        wrong("it takes a hash of the proof in every row. Where the own hash is left over at the end of a row, it goes up"
              " alone, and the proof has none for that row.", alone=False),
        wrong("it does not mind hashes that are left over in the proof. A proof has as many as the way up needs, and no"
              " more.", used_up=False),
        wrong("it stops when the proof is used up, although the way to the root of a list of that size is longer.",
              whole=False),
        wrong("it always puts the own hash on the left. At an odd place it stands on the right.", sides=False),
        wrong("it tries both sides in each row. Then a trade passes for any place in the list: the place says which side it"
              " is.", by_proof_alone, either=True),
    ),
    corners={"when the list has one trade": lambda leaf, place, size, *_: size == 1,
             "when the place is not in the list": lambda leaf, place, size, *_: place >= size,
             "when a hash goes up alone": goes_up_alone,
             "when the proof is empty": lambda *case: not case[3]},
    forbids=(verify_inclusion,),
    hints=("The size says how many rows there are. Follow the place and the length of the row until one hash is left.",
           "In which rows does the own hash have nobody beside it? Nothing is taken from the proof there.",
           "At the top two things must hold, one of the hash and one of the proof. And what if the proof ends too early?"),
)  # fmt: skip

# cryptography/settled

NAMES = ("bakery", "shop", "school", "clinic", "home2", "home5", "home9")


def message_of(number, seller, buyer, energy):
    return tagged_hash("trade", canonical_bytes({"buyer": buyer, "energy": energy, "number": number, "seller": seller}))


@cache
def is_marked(key, by, *said):
    return verify(bytes.fromhex(key), message_of(*said), bytes.fromhex(by))


@cache
def signed(said, *names):
    """A trade with what these sign for it, in hexadecimal."""
    return *said, *(KeyPair.named(name).sign(message_of(*said)).hex() for name in names)


def keys_of(names):
    return [(name, KeyPair.named(name).public_key.hex()) for name in sorted(names)]


def day(rng):
    """(trades, keys): trades among four, one of whom may have no key: right, twice, edited, or with a wrong signature."""
    members, trades = [str(name) for name in rng.choice(NAMES, 4, replace=False)], []
    for number in range(rng.integers(1, 5) if rng.random() < 0.9 else 0):
        seller, buyer, third = rng.permutation(members)[:3].tolist()
        said = number, seller, buyer, int(rng.integers(1, 900))
        good, more = signed(said, seller, buyer), signed((*said[:3], said[3] + 100), seller, buyer)
        trades += (
            [good], [good], [good, good], [(*more[:4], *good[4:])], [(*more[:4], good[4], more[5])], [(*more[:5], good[5])],
            [signed(said, third, buyer), good], [signed(said, seller, third)], [signed(said, buyer, seller)],
        )[rng.integers(9)]  # fmt: skip
    return trades, keys_of(members[: 3 if rng.random() < 0.25 else 4])


def settled(trades, keys, *, enough=all, whose=lambda name, keys: [name], once=True, blocks=False):
    """Of the two signatures `enough` are good, of those `whose` they may be, and the number is not used up."""
    keys, used, told = dict(keys), set(), []
    for *said, by_seller, by_buyer in trades:
        sides = (said[1], by_seller), (said[2], by_buyer)
        good = enough([any(n in keys and is_marked(keys[n], by, *said) for n in whose(name, keys)) for name, by in sides])
        told.append(good and not (once and said[0] in used))
        used |= {said[0]} if good or blocks else set()
    return told


FIRST = signed((0, "shop", "school", 475), "shop", "school")
SECOND = signed((1, "bakery", "home2", 106), "bakery", "home2")
TRADES = [FIRST, (*SECOND[:3], 206, *SECOND[4:]), SECOND, FIRST]

SETTLED = exercise(
    "cryptography/settled", settled,
    example=((TRADES, keys_of(["bakery", "home2", "school", "shop"])), [True, False, True, False]),
    draw=day,
    form=each(is_flag, lambda trades, keys: len(trades), "a list of True or False for each trade is asked for, here {n}"),
    mistakes=(
        wrong("it asks for the seller's signature only. Then a seller can sell to somebody who never agreed.",
              enough=itemgetter(0)),
        wrong("it asks for the buyer's signature only. Then a buyer can buy from somebody who never agreed.",
              enough=itemgetter(1)),
        wrong("it is content with one good signature of the two.", enough=any),
        wrong("it takes a signature of any member. The first must be the seller's, the second the buyer's.",
              whose=lambda name, keys: keys),
        wrong("it counts a trade as often as it is handed in. A signature is as good the second time: the number must be"
              " new.", once=False),
        wrong("it lets a trade that does not count use up its number. Then anybody can block a trade by handing in a forged"
              " one before it.", blocks=True),
        wrong("it looks at the numbers only, and at no signature.", enough=lambda *_: True),
    ),
    corners={"when a name has no key": lambda trades, keys: any(not {*trade[1:3]} <= {*dict(keys)} for trade in trades),
             "when there are no trades": lambda trades, keys: not trades},
    hints=("Both sides sign the same message. With whose key is the first signature to be checked, with whose the second?",
           "What must you remember from one trade to the next, and which trades leave something to remember?"),
)  # fmt: skip

# cryptography/recovered


def digest(meter, step, energy, salt=b""):
    """The hash of a reading, in hexadecimal."""
    return sha256(salt + canonical_bytes({"energy": energy, "meter": meter, "step": step})).hexdigest()


def published(rng):
    """(meter, largest, digests): readings from 0 to the largest; in most cases some are beyond it or salted."""
    meter, largest, digests = str(rng.choice(["home2", "home5", "bakery"])), int(rng.choice([5, 10, 20])), []
    hides = rng.random() < 0.7
    for step in range(rng.integers(6)):
        energy, kind = rng.choice([0, largest, *rng.integers(largest, size=2)]), rng.integers(6) * hides
        salt = rng.bytes(16) if kind == 1 else b""
        digests.append(digest(meter, step, int(energy) + (largest + 1) * int(kind == 2), salt))
    return meter, largest, digests


def recovered(meter, largest, digests, *, low=0, beyond=1, step=lambda at: at, nothing=None):
    tried = range(low, largest + beyond)
    fits = [[wh for wh in tried if digest(meter, step(at), wh) == wanted] for at, wanted in enumerate(digests)]
    return [found[0] if found else nothing for found in fits]


def until_hidden(*case):
    found = recovered(*case)
    return [None if None in found[:at] else wh for at, wh in enumerate(found)]


def within(answer, meter, largest, digests):
    beyond = [wh for wh in answer if wh is not None and not 0 <= wh <= largest]
    return f"it gives a reading of {beyond[0]:g} Wh, and none is asked for below 0 or above {largest}" if beyond else None


READINGS = (0, 7), (1, 0), (2, 7, bytes(range(16))), (3, 10)

RECOVERED = exercise(
    "cryptography/recovered", recovered,
    example=(("home2", 10, [digest("home2", *reading) for reading in READINGS]), [7.0, 0.0, None, 10.0]),
    draw=published,
    form=each(or_none(is_number), lambda meter, largest, digests: len(digests),
              "a list of a number of Wh or None for each hash is asked for, here {n}"),
    properties=(within,),
    mistakes=(
        wrong("it does not try the largest reading: range(largest) ends one before it.", beyond=0),
        wrong("it does not try a reading of 0. A meter that measured nothing was hashed too.", low=1),
        wrong("it gives 0 where no reading fits. That is a reading; None is asked for.", nothing=0),
        wrong("it hashes the first step each time. The hashes are those of steps 0, 1, 2 and so on.", step=lambda at: 0),
        wrong("it counts the steps from 1. The first hash is that of step 0.", step=lambda at: at + 1),
        wrong("it gives up after the first hash it cannot resolve. Those after it may be easy.", until_hidden),
    ),
    corners={"when a reading is hidden": lambda *case: None in recovered(*case),
             "when there are no hashes": lambda meter, largest, digests: not digests},
    hints=("A hash cannot be turned back. But how many readings are there that it may have been made of?",
           "Make the same dictionary that the supplier hashed, for each reading that is possible, and compare."),
)  # fmt: skip

EXERCISES = (INCLUSION, SETTLED, RECOVERED)
