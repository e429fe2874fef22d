"""Merkle trees: the reference vectors, and the definition in the standard written again."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.ledger import MerkleTree, verify_consistency, verify_inclusion

# The vectors of certificate-transparency's reference tests (transparency-dev/merkle, testonly/constants.go and
# testonly/reference_test.go): the leaves, the root of the first n of them, and proofs as (index, size) and (old, new).
VECTOR_LEAVES = [
    bytes.fromhex(text)
    for text in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
]
VECTOR_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A, B, C, D = (  # hashes of leaf 0 and leaf 1, of leaves 2-3 and of leaves 4-7
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
E, F, G, H = (  # hashes of leaf 4, of leaves 6-7, of leaves 0-3, of leaves 4-5
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
)
VECTOR_INCLUSION = {
    (0, 1): [],
    (0, 2): [B],
    (1, 2): [A],
    (0, 8): [B, C, D],
    (5, 8): [E, F, G],
    (2, 3): [VECTOR_ROOTS[2]],
    (1, 5): [A, C, E],
}
VECTOR_CONSISTENCY = {(1, 1): [], (1, 8): [B, C, D], (6, 8): [H, F, G], (2, 5): [C, E]}

SIZES = range(71)
LEAVES = [b"leaf %d" % i for i in SIZES]
TREES = [MerkleTree(LEAVES[:size]) for size in SIZES]


def sha(data):
    return hashlib.sha256(data).digest()


def largest_power_below(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(leaves):
    """Merkle tree hash, as RFC 9162 section 2.1.1 defines it: by halves, from the top."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\x00" + leaves[0])
    k = largest_power_below(len(leaves))
    return sha(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def path(m, leaves):
    """PATH(m, D) of section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    return path(m, leaves[:k]) + [mth(leaves[k:])] if m < k else path(m - k, leaves[k:]) + [mth(leaves[:k])]


def subproof(m, leaves, whole=True):
    """SUBPROOF(m, D, b) of section 2.1.4.1; PROOF(m, D) is SUBPROOF(m, D, true)."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return subproof(m, leaves[:k], whole) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


def turns(index, size):
    """From a leaf up: on which side each sibling stands, by the definition."""
    if size == 1:
        return ()
    k = largest_power_below(size)
    return (*turns(index, k), "right") if index < k else (*turns(index - k, size - k), "left")


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference(size):
    assert MerkleTree(VECTOR_LEAVES[:size]).root.hex() == VECTOR_ROOTS[size]


@pytest.mark.parametrize("place", VECTOR_INCLUSION)
def test_inclusion_proofs_of_the_reference(place):
    index, size = place
    tree = MerkleTree(VECTOR_LEAVES[:size])
    proof = tree.inclusion_proof(index)
    assert [h.hex() for h in proof] == VECTOR_INCLUSION[place]
    assert verify_inclusion(VECTOR_LEAVES[index], index, size, proof, bytes.fromhex(VECTOR_ROOTS[size]))


@pytest.mark.parametrize("sizes", VECTOR_CONSISTENCY)
def test_consistency_proofs_of_the_reference(sizes):
    old, new = sizes
    proof = MerkleTree(VECTOR_LEAVES[:new]).consistency_proof(old)
    assert [h.hex() for h in proof] == VECTOR_CONSISTENCY[sizes]
    roots = [bytes.fromhex(VECTOR_ROOTS[size]) for size in sizes]
    assert verify_consistency(old, roots[0], new, roots[1], proof)


@given(st.lists(st.binary(max_size=70), max_size=40))
def test_root_is_that_of_the_definition(leaves):
    tree = MerkleTree(leaves)
    assert tree.root == mth(leaves) and tree.size == len(leaves)


@given(st.lists(st.binary(max_size=5), min_size=1, max_size=40), st.data())
def test_proofs_are_those_of_the_definition(leaves, data):
    tree = MerkleTree(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert tree.inclusion_proof(index) == tuple(path(index, leaves))
    assert tree.consistency_proof(index + 1) == tuple(subproof(index + 1, leaves))


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_of_every_size(size):
    tree = TREES[size]
    assert tree.root == mth(LEAVES[:size])
    for index in range(size):
        proof = tree.inclusion_proof(index)
        assert proof == tuple(path(index, LEAVES[:size]))
        assert verify_inclusion(LEAVES[index], index, size, proof, tree.root) is True
        for wrong in range(size + 2):
            leaf = LEAVES[wrong] if wrong < len(LEAVES) else b"no leaf"
            assert verify_inclusion(LEAVES[index], wrong, size, proof, tree.root) is (wrong == index)
            assert verify_inclusion(leaf, index, size, proof, tree.root) is (wrong == index)


@pytest.mark.parametrize("size", SIZES)
def test_a_wrong_size_passes_only_where_the_path_has_the_same_turns(size):
    """A root does not hold its size (RFC 9162 signs both): all that can be asked is that index and path agree."""
    tree = TREES[size]
    for index in range(size):
        proof = tree.inclusion_proof(index)
        for said in range(index + 1, 75):
            same = turns(index, said) == turns(index, size)
            assert verify_inclusion(LEAVES[index], index, said, proof, tree.root) is same
        assert not verify_inclusion(LEAVES[index], index, index, proof, tree.root)
        assert not verify_inclusion(LEAVES[index], index, 0, proof, tree.root)


@pytest.mark.parametrize("new", SIZES)
def test_every_older_size_of_every_size(new):
    tree = TREES[new]
    for old in range(new + 1):
        proof = tree.consistency_proof(old)
        assert proof == (tuple(subproof(old, LEAVES[:new])) if old else ())
        assert verify_consistency(old, TREES[old].root, new, tree.root, proof) is True
        for other in range(71):  # the root of another size is not the old root, nor the new one
            assert verify_consistency(old, TREES[other].root, new, tree.root, proof) is (other == old)
            if old:  # everything grew out of nothing
                assert verify_consistency(old, TREES[old].root, new, TREES[other].root, proof) is (other == new)


def test_the_empty_tree():
    empty = MerkleTree([])
    assert empty.root == sha(b"") and empty.size == 0 and empty.rows == ()
    assert verify_consistency(0, empty.root, 0, empty.root, ())
    assert verify_consistency(0, empty.root, 5, TREES[5].root, ())
    assert not verify_consistency(0, TREES[5].root, 5, TREES[5].root, ())
    assert not verify_consistency(0, TREES[5].root, 0, TREES[5].root, ())
    assert not verify_consistency(0, empty.root, 5, TREES[5].root, (bytes(32),))
    assert not verify_inclusion(b"", 0, 0, (), empty.root)


def test_the_odd_leaf_is_not_doubled():
    a, b, c = b"a", b"b", b"c"
    assert MerkleTree([a, b, c]).root != MerkleTree([a, b, c, c]).root
    roots = [MerkleTree([b"x"] * size).root for size in SIZES]
    assert len(set(roots)) == len(roots)


def test_a_pair_is_no_leaf():
    """Without the prefixes the two hashes of a pair, written side by side, would be a leaf of a smaller tree."""
    tree = TREES[4]
    left, right = tree.rows[1]
    assert MerkleTree([left + right]).root != tree.root
    assert MerkleTree([b"".join(tree.rows[0][:2]), b"".join(tree.rows[0][2:])]).root != tree.root


@pytest.mark.parametrize(
    "leaves, words",
    [
        ([b"a", "b"], "leaf 1 must be bytes, not str"),
        ([b"a", b"b", None], "leaf 2 .* NoneType"),
        ([bytearray(b"a")], "leaf 0 .* bytearray"),
        (b"abc", "leaf 0 .* int"),
        ("abc", "leaf 0 .* str"),
        (5, "leaves must be a list of bytes, not int"),
        (None, "not NoneType"),
    ],
)
def test_leaves_that_are_not_bytes_are_named(leaves, words):
    with pytest.raises(InvalidInput, match=words):
        MerkleTree(leaves)


@pytest.mark.parametrize("size, index", [(0, 0), (3, 3), (3, 1000)])
def test_a_leaf_that_is_not_there_is_named(size, index):
    with pytest.raises(InvalidInput, match=f"no leaf {index} in a tree of {size}"):
        TREES[size].inclusion_proof(index)
    with pytest.raises(InvalidInput, match=f"never had size {index + 1}"):
        TREES[size].consistency_proof(index + 1)


def test_rows_run_from_leaves_to_root():
    rows = TREES[7].rows
    assert [len(row) for row in rows] == [7, 4, 2, 1]
    assert rows[0] == tuple(sha(b"\x00" + leaf) for leaf in LEAVES[:7])
    assert rows[1][3] == rows[0][6] and rows[-1] == (TREES[7].root,)


def test_a_tree_does_not_change_with_the_list_it_was_built_from():
    leaves = [b"a", b"b"]
    tree = MerkleTree(leaves)
    root = tree.root
    leaves[0] = b"z"
    assert tree.root == root and verify_inclusion(b"a", 0, 2, tree.inclusion_proof(0), root)
    with pytest.raises(AttributeError):
        tree.root = bytes(32)
    assert repr(tree) == f"MerkleTree(2 leaves, root {root.hex()[:16]}...)"
