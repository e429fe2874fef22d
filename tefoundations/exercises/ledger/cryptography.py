"""Checks of the chapter on hashes, trees and signatures."""

from functools import lru_cache
from hashlib import sha256

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import is_number
from tefoundations.exercises.ledger.sealed import digest, hashed_readings, proofs, signature, signed_trades
from tefoundations.exercises.ledger.sealed import key as key_of
from tefoundations.ledger import MerkleTree, canonical_bytes, tagged_hash, verify, verify_inclusion

# cryptography/inclusion


def _in_list(leaf, place, size, proof, root):
    return verify_inclusion(leaf.encode(), place, size, [bytes.fromhex(node) for node in proof], bytes.fromhex(root))


def _pair(left, right):
    return sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def _leaf(text):
    return sha256(b"\x00" + text.encode()).hexdigest()


def _climb(ranged=True, alone=True, rest=True, short=False, sides=True):
    """A learner's climb, in which some of the checks may be missing."""

    def climb(leaf, place, size, proof, root):
        if ranged and place >= size:
            return False
        node, last, left = _leaf(leaf), size - 1, list(proof)
        while last:
            if place % 2 or place != last or not alone:
                if not left:
                    return short and node == root
                other = left.pop(0)
                node = _pair(other, node) if place % 2 and sides else _pair(node, other)
            place, last = place // 2, last // 2
        return node == root and not (rest and left)

    return climb


def _by_proof_alone(leaf, place, size, proof, root):
    node = _leaf(leaf)
    for other in proof:
        node = _pair(other, node) if place % 2 else _pair(node, other)
        place //= 2
    return node == root


def _either_side(leaf, place, size, proof, root):
    reached = [_leaf(leaf)]
    for other in proof:
        reached = [pair for node in reached for pair in (_pair(node, other), _pair(other, node))]
    return root in reached


def _yes_or_no(answer, *_):
    return None if isinstance(answer, bool) else "True or False is asked for"


def _goes_up_alone(leaf, place, size, proof, root):
    last = size - 1
    while last:
        if place == last and place % 2 == 0:
            return True
        place, last = place // 2, last // 2
    return False


_THREE = ["bakery to home2: 106 Wh", "home6 to home2: 28 Wh", "shop to home2: 5 Wh"]
_TREE = MerkleTree([text.encode() for text in _THREE])

INCLUSION = Exercise(
    name="cryptography/inclusion",
    function="in_list",
    parameters=("leaf", "place", "size", "proof", "root"),
    example=((_THREE[1], 5, 3, [node.hex() for node in _TREE.inclusion_proof(1)], _TREE.root.hex()), False),
    instances=proofs,
    reference=_in_list,
    form=_yes_or_no,
    mistakes=(
        Mistake(
            "it is still the verifier of the text: it never looks at the size. So it takes places that are not in the list,"
            " and goes wrong where a hash goes up alone.",
            _by_proof_alone,
        ),
        Mistake(
            "it accepts a place beyond the end of the list. A place is from 0 to size - 1.",
            _climb(ranged=False),
        ),
        Mistake(
            "it takes a hash of the proof in every row. Where the own hash is left over at the end of a row, it goes up alone,"
            " and the proof has none for that row.",
            _climb(alone=False),
        ),
        Mistake(
            "it does not mind hashes that are left over in the proof. A proof has as many as the way up needs, and no more.",
            _climb(rest=False),
        ),
        Mistake(
            "it stops when the proof is used up, although the way to the root of a list of that size is longer.",
            _climb(short=True),
        ),
        Mistake(
            "it always puts the own hash on the left. At an odd place it stands on the right.",
            _climb(sides=False),
        ),
        Mistake(
            "it tries both sides in each row. Then a trade passes for any place in the list: the place says which side it is.",
            _either_side,
        ),
    ),
    corners=(
        Corner("when the list has one trade", lambda leaf, place, size, *_: size == 1),
        Corner("when the place is not in the list", lambda leaf, place, size, *_: place >= size),
        Corner("when a hash goes up alone", _goes_up_alone),
        Corner("when the proof is empty", lambda *case: not case[3]),
    ),
    forbidden=(verify_inclusion,),
)


# cryptography/settled


@lru_cache(maxsize=None)
def _signed(public_key, number, seller, buyer, energy, by):
    trade = {"buyer": buyer, "energy": energy, "number": number, "seller": seller}
    return verify(bytes.fromhex(public_key), tagged_hash("trade", canonical_bytes(trade)), bytes.fromhex(by))


def _books(holds, once=True, noted="taken"):
    """A learner's loop: `holds(keys, trade)` says whether the signatures do; `noted` says which numbers are then used up."""

    def settled(trades, keys):
        keys, used, told = dict(keys), [], []
        for trade in trades:
            good = holds(keys, trade)
            taken = good and not (once and trade[0] in used)
            told.append(taken)
            if taken or noted == "seen":
                used.append(trade[0])
        return told

    return settled


def _by(keys, name, trade, at):
    return name in keys and _signed(keys[name], *trade[:4], trade[at])


def _both(keys, trade):
    return _by(keys, trade[1], trade, 4) and _by(keys, trade[2], trade, 5)


_settled = _books(_both)


def _reference(trades, keys):
    return _settled(trades, keys)


def _one_each(answer, trades, keys):
    if isinstance(answer, list) and len(answer) == len(trades) and all(isinstance(item, bool) for item in answer):
        return None
    return f"a list of True or False for each trade is asked for, here {len(trades)}"


def _example_trades():
    first, second = (0, "shop", "school", 475), (1, "bakery", "home2", 106)
    more = (1, "bakery", "home2", 206)
    one = (*first, signature("shop", *first), signature("school", *first))
    edited = (*more, signature("bakery", *second), signature("home2", *second))
    two = (*second, signature("bakery", *second), signature("home2", *second))
    names = ("bakery", "home2", "school", "shop")
    return [one, edited, two, one], [(name, key_of(name).public_key.hex()) for name in names]


SETTLED = Exercise(
    name="cryptography/settled",
    function="settled",
    parameters=("trades", "keys"),
    example=(_example_trades(), [True, False, True, False]),
    instances=signed_trades,
    reference=_reference,
    form=_one_each,
    mistakes=(
        Mistake(
            "it asks for the seller's signature only. Then a seller can sell to somebody who never agreed.",
            _books(lambda keys, trade: _by(keys, trade[1], trade, 4)),
        ),
        Mistake(
            "it asks for the buyer's signature only. Then a buyer can buy from somebody who never agreed.",
            _books(lambda keys, trade: _by(keys, trade[2], trade, 5)),
        ),
        Mistake(
            "it is content with one good signature of the two.",
            _books(lambda keys, trade: _by(keys, trade[1], trade, 4) or _by(keys, trade[2], trade, 5)),
        ),
        Mistake(
            "it takes a signature of any member. The first must be the seller's, the second the buyer's.",
            _books(lambda keys, trade: all(any(_by(keys, name, trade, at) for name in keys) for at in (4, 5))),
        ),
        Mistake(
            "it counts a trade as often as it is handed in. A signature is as good the second time: the number must be new.",
            _books(_both, once=False),
        ),
        Mistake(
            "it lets a trade that does not count use up its number. Then anybody can block a trade by handing in a forged one"
            " before it.",
            _books(_both, noted="seen"),
        ),
        Mistake("it looks at the numbers only, and at no signature.", _books(lambda keys, trade: True)),
    ),
    corners=(
        Corner(
            "when a name has no key",
            lambda trades, keys: any(name not in dict(keys) for trade in trades for name in trade[1:3]),
        ),
        Corner("when there are no trades", lambda trades, keys: not trades),
    ),
)


# cryptography/recovered


def _recovered(meter, largest, digests, low=0, high=1, step=lambda at: at, missing=None):
    found = []
    for at, wanted in enumerate(digests):
        fits = [float(wh) for wh in range(low, largest + high) if digest(meter, step(at), wh) == wanted]
        found.append(fits[0] if fits else missing)
    return found


def _until_hidden(*case):
    found = _recovered(*case)
    return [value if None not in found[:at] else None for at, value in enumerate(found)]


def _readings(answer, meter, largest, digests):
    good = isinstance(answer, list) and len(answer) == len(digests) and all(wh is None or is_number(wh) for wh in answer)
    return None if good else f"a list of a number of Wh or None for each hash is asked for, here {len(digests)}"


def _within(answer, meter, largest, digests):
    beyond = [wh for wh in answer if wh is not None and not 0 <= wh <= largest]
    return f"it gives a reading of {beyond[0]:g} Wh, and none is asked for below 0 or above {largest}" if beyond else None


_HASHES = [digest("home2", 0, 7), digest("home2", 1, 0), digest("home2", 2, 7, bytes(range(16))), digest("home2", 3, 10)]

RECOVERED = Exercise(
    name="cryptography/recovered",
    function="recovered",
    parameters=("meter", "largest", "digests"),
    example=(("home2", 10, _HASHES), [7.0, 0.0, None, 10.0]),
    instances=hashed_readings,
    reference=_recovered,
    form=_readings,
    properties=(_within,),
    mistakes=(
        Mistake(
            "it does not try the largest reading: range(largest) ends one before it.",
            lambda *case: _recovered(*case, high=0),
        ),
        Mistake(
            "it does not try a reading of 0. A meter that measured nothing was hashed too.",
            lambda *case: _recovered(*case, low=1),
        ),
        Mistake(
            "it gives 0 where no reading fits. That is a reading; None is asked for.",
            lambda *case: _recovered(*case, missing=0.0),
        ),
        Mistake(
            "it hashes the first step each time. The hashes are those of steps 0, 1, 2 and so on.",
            lambda *case: _recovered(*case, step=lambda at: 0),
        ),
        Mistake(
            "it counts the steps from 1. The first hash is that of step 0.",
            lambda *case: _recovered(*case, step=lambda at: at + 1),
        ),
        Mistake(
            "it gives up after the first hash it cannot resolve. Those after it may be easy.",
            _until_hidden,
        ),
    ),
    corners=(
        Corner("when a reading is hidden", lambda *case: None in _recovered(*case)),
        Corner("when there are no hashes", lambda meter, largest, digests: not digests),
    ),
)

EXERCISES = (INCLUSION, SETTLED, RECOVERED)
