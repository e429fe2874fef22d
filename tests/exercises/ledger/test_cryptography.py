"""Learners' code for the exercises of cryptography, and the answers against definitions written again."""

from hashlib import sha256
from itertools import product

import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.ledger import KeyPair, MerkleTree, canonical_bytes, tagged_hash, verify_inclusion

INCLUSION, SETTLED, RECOVERED = (f"cryptography/{name}" for name in ("inclusion", "settled", "recovered"))
SEEDS = ["public", 0, 1, 2]


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def on_example(name, answer, solutions):
    """The solution, wrong on the worked example only."""
    example = EXERCISES[name].example[0]
    return lambda *case: answer if case == example else solutions[name](*case)


def told_in(sources, start):
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
    return text.replace("\n", " ")


# Is it in the list?


def turns(place, size):
    """Sides of the hashes of a proof, from the leaf up, by halves from the top as the standard defines the tree."""
    if size == 1:
        return ""
    half = 1
    while 2 * half < size:
        half *= 2
    return turns(place, half) + "R" if place < half else turns(place - half, size - half) + "L"


def climbed(leaf, proof, sides):
    node = sha256(b"\x00" + leaf.encode()).digest()
    for other, side in zip(proof, sides):
        pair = bytes.fromhex(other) + node if side == "L" else node + bytes.fromhex(other)
        node = sha256(b"\x01" + pair).digest()
    return node.hex()


@pytest.mark.parametrize("seed", SEEDS)
def test_proofs_are_judged_as_by_the_definition(seed, solutions):
    answers = []
    for leaf, place, size, proof, root in EXERCISES[INCLUSION].cases(seed):
        sides = turns(place, size) if place < size else None
        right = sides is not None and len(sides) == len(proof) and climbed(leaf, proof, sides) == root
        answers.append(solutions[INCLUSION](leaf, place, size, proof, root))
        assert answers[-1] == right
    assert 20 <= sum(answers) <= len(answers) - 20


def test_every_place_of_every_small_list(solutions):
    for size in range(1, 20):
        texts = [f"trade {i}" for i in range(size)]
        tree = MerkleTree([text.encode() for text in texts])
        for place, said in product(range(size), range(size + 5)):
            proof = [node.hex() for node in tree.inclusion_proof(place)]
            assert solutions[INCLUSION](texts[place], said, size, proof, tree.root.hex()) == (said == place)


def test_what_is_told_of_a_verifier(solutions):
    assert "True or False is asked for" in reason(INCLUSION, lambda *case: 1, "wrong")
    assert "it returns True, not False, in the worked example" in reason(INCLUSION, lambda *case: True, "wrong")
    assert "not True" in reason(INCLUSION, lambda *case: False, "wrong")
    assert "when the place is not in the list" in check(INCLUSION, on_example(INCLUSION, True, solutions)).reason

    def one_is_enough(leaf, place, size, proof, root):
        return solutions[INCLUSION](leaf, place, size, proof, root) if size > 1 else bool(root)

    assert "except when the list has one trade" in reason(INCLUSION, one_is_enough, "almost")

    def wants_hashes(leaf, place, size, proof, root):
        max(proof)
        return solutions[INCLUSION](leaf, place, size, proof, root)

    assert "it raises ValueError" in check(INCLUSION, wants_hashes).reason

    def uses_up(leaf, place, size, proof, root):
        told = solutions[INCLUSION](leaf, place, size, proof, root)
        proof.clear()
        return told

    assert "it changes proof" in reason(INCLUSION, uses_up, "almost")
    assert "it calls verify_inclusion" in reason(INCLUSION, lambda *case: verify_inclusion(*case), "wrong")


def test_the_verifier_of_the_text_is_the_one_to_repair(sources):
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith("And here is a verifier")]
    [tools] = [c.source for n in sources.values() for c in n.cells if c.source.startswith("def leaf_hash")]
    space = {"sha256": sha256}
    exec(tools, space)
    exec(text.split("```python\n")[1].split("```")[0], space)
    case, _ = EXERCISES[INCLUSION].example
    assert space["in_list"](*case) is True
    assert reason(INCLUSION, space["in_list"], "wrong").startswith("it is still the verifier of the text")
    eight = [f"trade {i}" for i in range(8)]
    tree = MerkleTree([leaf.encode() for leaf in eight])
    for place, said in product(range(8), range(8)):
        proof = [node.hex() for node in tree.inclusion_proof(place)]
        assert space["in_list"](eight[place], said, 8, proof, tree.root.hex()) == (place == said)


# Which trades count?


@pytest.mark.parametrize("seed", SEEDS)
def test_trades_that_count_are_those_their_parties_would_sign_again(seed, solutions):
    """Ed25519 signs the same message the same way: sign again with both private halves, and compare."""
    kinds = set()
    for trades, keys in EXERCISES[SETTLED].cases(seed):
        known, numbers, told = dict(keys), [], []
        for number, seller, buyer, energy, *signatures in trades:
            trade = {"number": number, "seller": seller, "buyer": buyer, "energy": energy}
            message = tagged_hash("trade", canonical_bytes(trade))
            again = [KeyPair.named(name).sign(message).hex() for name in (seller, buyer)]
            good = again == signatures and seller in known and buyer in known
            told.append(good and number not in numbers)
            numbers += [number] * told[-1]
            kinds.add((good, told[-1]))
        assert solutions[SETTLED](trades, keys) == told
        assert all(KeyPair.named(name).account == key for name, key in keys)
    assert kinds == {(True, True), (True, False), (False, False)}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "a list of True or False for each trade is asked for, here 4"),
        ([True, False, True], "for each trade is asked for, here 4"),
        ([1, 0, 1, 0], "a list of True or False"),
        ([True, True, False, False], "it returns [True, True, False, False], not [True, False, True, False]"),
    ],
)
def test_what_is_told_of_wrong_trades(answer, words, solutions):
    told = check(SETTLED, on_example(SETTLED, answer, solutions))
    assert told.state in ("wrong", "almost") and words in told.reason and "in the worked example" in told.reason


def test_trades_in_corners(solutions):
    def expects_keys(trades, keys):
        for _, seller, buyer, *_ in trades:
            dict(keys)[seller], dict(keys)[buyer]
        return solutions[SETTLED](trades, keys)

    assert "except when a name has no key: it raises KeyError" in reason(SETTLED, expects_keys, "almost")

    def expects_trades(trades, keys):
        trades[0]
        return solutions[SETTLED](trades, keys)

    assert "except when there are no trades: it raises IndexError" in reason(SETTLED, expects_trades, "almost")


# What does a hash hide?


@pytest.mark.parametrize("seed", SEEDS)
def test_readings_have_the_hashes_and_the_others_have_none(seed, solutions):
    hidden = 0
    for meter, largest, digests in EXERCISES[RECOVERED].cases(seed):
        found = solutions[RECOVERED](meter, largest, digests)
        for step, (wh, published) in enumerate(zip(found, digests, strict=True)):
            text = '{"energy":%s,"meter":"%s","step":%d}'  # the canonical bytes, written by hand
            hashes = [sha256((text % (e, meter, step)).encode()).hexdigest() for e in range(largest + 1)]
            assert (hashes.index(published) if published in hashes else None) == wh
            hidden += wh is None
    assert hidden >= 10


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (7, "a list of a number of Wh or None for each hash is asked for, here 4"),
        ([7, 0, 10], "or None for each hash is asked for, here 4"),
        (["7", 0, None, 10], "a list of a number of Wh or None"),
        ([7, 0, 11, 10], "it gives a reading of 11 Wh, and none is asked for below 0 or above 10"),
        ([7, 0, 7, 10], "it returns [7, 0, 7, 10], not [7, 0, None, 10]"),
    ],
)
def test_what_is_told_of_wrong_readings(answer, words, solutions):
    told = check(RECOVERED, on_example(RECOVERED, answer, solutions))
    assert told.state in ("wrong", "almost") and words in told.reason and "in the worked example" in told.reason


def test_readings_in_corners(solutions):
    def expects_all(meter, largest, digests):
        found = solutions[RECOVERED](meter, largest, digests)
        return [next(wh for wh in [value] if wh is not None) for value in found]

    assert "except when a reading is hidden: it raises StopIteration" in reason(RECOVERED, expects_all, "almost")


def test_numbers_told_in_the_text(sources):
    said = told_in(sources, "5 is odd, as 1 is")
    (leaf, place, size, proof, root), answer = EXERCISES[INCLUSION].example
    assert place == 5 and place % 2 == 1 % 2 and place // 2 % 2 == 0 and not place < size and answer is False
    assert climbed(leaf, proof, turns(1, 3)) == root and "no place 5" in said
    (_, largest, _), readings = EXERCISES[RECOVERED].example
    assert "Eleven readings" in told_in(sources, "Eleven readings") and largest + 1 == 11
    assert readings == [7, 0, None, largest]
