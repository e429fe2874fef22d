"""Merkle proofs: every corruption is refused, and whatever comes from outside gets an answer."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.ledger import MerkleTree, verify_consistency, verify_inclusion

LEAVES = [b"leaf %d" % i for i in range(71)]
TREES = [MerkleTree(LEAVES[:size]) for size in range(71)]
JUNK = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text() | st.binary(max_size=40)
    | st.binary(min_size=32, max_size=32) | st.lists(st.binary(min_size=32, max_size=32) | st.integers(), max_size=8)
    | st.tuples(st.binary(min_size=32, max_size=32)) | st.dictionaries(st.integers(), st.binary())
)  # fmt: skip


def sha(data):
    return hashlib.sha256(data).digest()


@pytest.mark.parametrize("new", range(2, 34))
def test_an_edited_list_is_not_consistent_with_its_past(new):
    for old in range(1, new):
        for edited in {0, old // 2, old - 1}:
            leaves = LEAVES[:new]
            leaves[edited] = b"edited"
            tree = MerkleTree(leaves)
            assert not verify_consistency(old, TREES[old].root, new, tree.root, tree.consistency_proof(old))
            assert not verify_consistency(old, TREES[old].root, new, tree.root, TREES[new].consistency_proof(old))
        shorter = MerkleTree(LEAVES[1:new])  # the first leaf removed
        for proof in (shorter.consistency_proof(old), TREES[new].consistency_proof(old)):
            assert not verify_consistency(old, TREES[old].root, new - 1, shorter.root, proof)


def corrupted(proof):
    """Every kind of wrong proof: a bit flipped, one hash too few or too many, order changed, hashes of another length."""
    for i in range(len(proof)):
        for bit in (0, 3, 255):
            wrong = bytearray(proof[i])
            wrong[bit // 8] ^= 1 << bit % 8
            yield (*proof[:i], bytes(wrong), *proof[i + 1 :])
        yield (*proof[:i], *proof[i + 1 :])
        yield (*proof[:i], proof[i][:-1], *proof[i + 1 :])
        yield (*proof[:i], proof[i] + b"\x00", *proof[i + 1 :])
        yield (*proof[:i], proof[i].hex(), *proof[i + 1 :])
        yield (*proof[:i], bytearray(proof[i]), *proof[i + 1 :])
    for extra in (b"", bytes(31), bytes(32), sha(b"")):
        yield (*proof, extra)
        yield (extra, *proof)
    if len(set(proof)) > 1:
        yield tuple(reversed(proof))
    if len(proof) > 1:  # the same bytes, cut elsewhere
        yield (proof[0] + proof[1][:1], proof[1][1:], *proof[2:])
        yield (b"".join(proof),)
    yield None
    yield b"".join(proof)
    yield iter(proof)
    yield [bytes(32)] * 10_000


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 13, 64, 70])
def test_no_corrupted_inclusion_proof_passes(size):
    tree = TREES[size]
    for index in range(size):
        proof = tree.inclusion_proof(index)
        good = (LEAVES[index], index, size, proof, tree.root)
        assert verify_inclusion(*good) and verify_inclusion(*good[:3], list(proof), tree.root)
        for wrong in corrupted(proof):
            assert verify_inclusion(*good[:3], wrong, tree.root) is False
        for root in (sha(b""), tree.root[:-1], tree.root + b"\x00", bytes(32), tree.root.hex(), None):
            assert verify_inclusion(*good[:4], root) is False
        for leaf in (b"", LEAVES[index] + b"\x00", LEAVES[index].decode(), bytearray(LEAVES[index]), None):
            assert verify_inclusion(leaf, *good[1:]) is False


@pytest.mark.parametrize("old, new", [(1, 2), (1, 8), (2, 3), (3, 7), (4, 8), (6, 8), (8, 13), (33, 70), (64, 70), (7, 7)])
def test_no_corrupted_consistency_proof_passes(old, new):
    proof = TREES[new].consistency_proof(old)
    roots = TREES[old].root, TREES[new].root
    assert verify_consistency(old, roots[0], new, roots[1], list(proof))
    for wrong in corrupted(proof):
        assert verify_consistency(old, roots[0], new, roots[1], wrong) is False
    assert verify_consistency(new, roots[1], old, roots[0], proof) is (old == new)
    for root in (sha(b""), bytes(32), roots[0][:-1], None):
        assert verify_consistency(old, root, new, roots[1], proof) is False
        assert verify_consistency(old, roots[0], new, root, proof) is False


@pytest.mark.parametrize("new", range(20))
def test_a_list_that_shrank_did_not_grow(new):
    """One root said to be that of a list and of a shorter one, with whatever could pass for a proof."""
    for old in range(new + 1, 24):
        root, shorter = TREES[old].root, TREES[new].root
        for proof in ((), (root,), (shorter,), TREES[old].consistency_proof(new), TREES[old].inclusion_proof(old - 1)):
            assert verify_consistency(old, root, new, root, proof) is False
            assert verify_consistency(old, root, new, shorter, proof) is False


@pytest.mark.parametrize("root", [b"", bytes(31), bytes(33), bytes(64)])
def test_what_is_no_hash_is_no_root_of_anything(root):
    assert verify_consistency(5, root, 5, root, ()) is False
    assert verify_consistency(0, sha(b""), 5, root, ()) is False


@given(JUNK, JUNK, JUNK, JUNK, JUNK)
@settings(max_examples=500)
def test_any_junk_gets_an_answer(a, b, c, d, e):
    assert verify_inclusion(a, b, c, d, e) is False
    assert verify_consistency(a, b, c, d, e) in (False, b == sha(b"") and a == 0)


@given(JUNK, st.integers(0, 4), st.integers(1, 70), st.data())
@settings(max_examples=500)
def test_junk_of_another_kind_in_a_good_proof_is_refused(junk, place, size, data):
    index = data.draw(st.integers(0, size - 1))
    tree, older = TREES[size], index + 1
    good = [LEAVES[index], index, size, tree.inclusion_proof(index), tree.root]
    grown = [older, TREES[older].root, size, tree.root, tree.consistency_proof(older)]
    for verifier, arguments in ((verify_inclusion, good), (verify_consistency, grown)):
        assert verifier(*arguments) is True
        if type(junk) is not type(arguments[place]) and junk != []:
            assert verifier(*arguments[:place], junk, *arguments[place + 1 :]) is False


@given(
    st.integers(0, 80), st.integers(0, 80), st.lists(st.binary(min_size=32, max_size=32), max_size=8), st.binary(max_size=9)
)
def test_junk_of_the_right_shape_is_refused(index, size, proof, leaf):
    assert verify_inclusion(leaf, index, size, proof, TREES[70].root) is False
    old, new = sorted((index, size))
    if old not in (0, new):
        assert verify_consistency(old, TREES[min(old, 70)].root, new, sha(b"no tree"), proof) is False


@pytest.mark.parametrize(
    "number",
    [2**64, 10**5000, -1, -(10**5000), True, 1.0, "1", None, [1], b"\x01", float("nan")],
    ids=lambda n: n.__class__.__name__,
)
def test_what_is_no_size_is_refused(number):
    proof, root = TREES[2].inclusion_proof(1), TREES[2].root
    assert not verify_inclusion(LEAVES[1], number, 2, proof, root)
    assert not verify_inclusion(LEAVES[0], 0, number, proof, root)
    assert not verify_consistency(number, TREES[1].root, 2, root, proof)
    assert not verify_consistency(1, TREES[1].root, number, root, proof)
    for asked in (TREES[2].inclusion_proof, TREES[2].consistency_proof):
        with pytest.raises(InvalidInput, match="of 2 leaves"):
            asked(number)


def test_the_largest_trees_are_answered_at_once():
    """Sizes up to 2^64 - 1 take 64 steps, whatever an outsider writes."""
    top = 2**64 - 1
    assert verify_inclusion(b"x", top - 1, top, [bytes(32)] * 63, bytes(32)) is False
    assert verify_consistency(top - 1, bytes(32), top, bytes(32), [bytes(32)] * 64) is False


def test_whole_numbers_of_numpy_are_numbers():
    tree = TREES[5]
    for index in np.arange(5):
        assert verify_inclusion(LEAVES[index], index, np.int64(5), tree.inclusion_proof(index), tree.root)
        assert verify_consistency(index, TREES[index].root, 5, tree.root, tree.consistency_proof(index))
