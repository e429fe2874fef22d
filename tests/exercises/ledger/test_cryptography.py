"""Cryptography: the answers against the package and against definitions written again, and what is told."""

from hashlib import sha256
from itertools import product

import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.ledger import KeyPair, MerkleTree, canonical_bytes, tagged_hash, verify_inclusion
from tests.exercises.learners import reason, text_of, told_on_example

INCLUSION, SETTLED, RECOVERED = (f"cryptography/{name}" for name in ("inclusion", "settled", "recovered"))
SEEDS = ["public", 0, 1, 2]

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
def test_proofs_are_judged_as_by_the_definition_and_the_package(seed, solutions):
    answers = []
    for case in EXERCISES[INCLUSION].cases(seed):
        leaf, place, size, proof, root = case
        sides = turns(place, size) if place < size else None
        right = sides is not None and len(sides) == len(proof) and climbed(leaf, proof, sides) == root
        answers.append(solutions[INCLUSION](*case))
        assert answers[-1] == right == EXERCISES[INCLUSION].reference(*case)
        assert right == verify_inclusion(leaf.encode(), place, size, list(map(bytes.fromhex, proof)), bytes.fromhex(root))
    assert 10 <= sum(answers) <= len(answers) - 10


def test_every_place_of_every_small_list(solutions):
    for size in range(1, 20):
        texts = [f"trade {i}" for i in range(size)]
        tree = MerkleTree([text.encode() for text in texts])
        for place, said in product(range(size), range(size + 5)):
            proof = [node.hex() for node in tree.inclusion_proof(place)]
            assert solutions[INCLUSION](texts[place], said, size, proof, tree.root.hex()) == (said == place)


def test_the_verifier_of_the_text_is_the_one_to_repair(sources):
    space = {"sha256": sha256}
    exec(text_of(sources, "def leaf_hash", joined=False), space)
    exec(text_of(sources, "And here is a verifier", joined=False).split("```python\n")[1].split("```")[0], space)
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


# What is told, and the numbers of the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (INCLUSION, 1, "True or False is asked for"), (INCLUSION, True, "except when the place is not in the list"),
        (SETTLED, None, "a list of True or False for each trade is asked for, here 4"),
        (RECOVERED, 7, "a list of a number of Wh or None for each hash is asked for, here 4"),
        (RECOVERED, [7, 0, 11, 10], "it gives a reading of 11 Wh, and none is asked for below 0 or above 10"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_what_is_told_of_a_verifier_that_does_not_look():
    assert "it returns True, not False, in the worked example" in reason(INCLUSION, lambda *case: True, "wrong")
    assert "not True" in reason(INCLUSION, lambda *case: False, "wrong")


def test_numbers_told_in_the_text(sources):
    said = text_of(sources, "5 is odd, as 1 is")
    (leaf, place, size, proof, root), answer = EXERCISES[INCLUSION].example
    assert place == 5 and place % 2 == 1 % 2 and place // 2 % 2 == 0 and not place < size and answer is False
    assert climbed(leaf, proof, turns(1, 3)) == root and "no place 5" in said
    (_, largest, _), readings = EXERCISES[RECOVERED].example
    assert "Eleven readings" in text_of(sources, "Eleven readings") and largest + 1 == 11
    assert readings == [7, 0, None, largest]
