"""Merkle trees: one hash for a list of any length, and short proofs about the list."""

import hashlib
from collections.abc import Sequence
from numbers import Integral

from tefoundations.errors import InvalidInput

LARGEST = 2**64 - 1
_LEAF, _NODE = b"\x00", b"\x01"


class MerkleTree:
    """The Merkle tree of a list of leaves, after RFC 6962 and 9162. It does not change once built.

    Leaves are hashed with the byte 0x00 before them, pairs of hashes with 0x01, so that no pair ever passes for a leaf. A
    node left over at the end of a row goes up as it is; it is never paired with a copy of itself, under which the lists
    [a, b, c] and [a, b, c, c] would have one root. The root of no leaves is the hash of nothing.

    Parameters
    ----------
    leaves : list of bytes
        Any number of leaves of any length.

    Raises
    ------
    InvalidInput
        If a leaf is not bytes; the message says which.

    References
    ----------
    B. Laurie, E. Messeri and R. Stradling, *Certificate Transparency Version 2.0*, RFC 9162, 2021, section 2.1 (the trees
    are those of RFC 6962).

    Examples
    --------
    >>> tree = MerkleTree([b"5 kWh to Ben", b"2 kWh to Cem", b"1 kWh to Ben"])
    >>> proof = tree.inclusion_proof(1)
    >>> len(proof), verify_inclusion(b"2 kWh to Cem", 1, tree.size, proof, tree.root)
    (2, True)
    >>> verify_inclusion(b"3 kWh to Cem", 1, tree.size, proof, tree.root)
    False
    """

    __slots__ = ("_rows", "_size")

    def __init__(self, leaves: Sequence[bytes]):
        try:
            leaves = list(leaves)
        except TypeError:
            raise InvalidInput(f"leaves must be a list of bytes, not {type(leaves).__name__}") from None
        if set(map(type, leaves)) - {bytes}:
            wrong = next(i for i, leaf in enumerate(leaves) if type(leaf) is not bytes)
            raise InvalidInput(f"leaf {wrong} must be bytes, not {type(leaves[wrong]).__name__}")
        self._size = len(leaves)
        self._rows = _rows(leaves)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    @property
    def root(self) -> bytes:
        """The hash that stands for the whole list, 32 bytes."""
        return self._rows[-1]

    @property
    def rows(self) -> tuple[tuple[bytes, ...], ...]:
        """All hashes, row by row: first those of the leaves, last the root alone. A tuple of tuples; of no leaves, empty."""
        if not self._size:
            return ()
        return tuple(tuple(row[i : i + 32] for i in range(0, len(row), 32)) for row in self._rows)

    def __repr__(self):
        return f"MerkleTree({self._size} leaves, root {self.root.hex()[:16]}...)"

    def inclusion_proof(self, index: int) -> tuple[bytes, ...]:
        """Return the hashes that, with leaf number `index`, give the root: about log2(size) of them.

        Parameters
        ----------
        index : int
            Position of the leaf, from 0.

        Returns
        -------
        tuple of bytes
            32 bytes each, from the leaf's neighbour up.

        Raises
        ------
        InvalidInput
            If there is no such leaf.

        References
        ----------
        RFC 9162, section 2.1.3.1.

        Examples
        --------
        >>> [len(MerkleTree([b"trade"] * n).inclusion_proof(0)) for n in (1, 2, 48, 1000)]
        [0, 1, 6, 10]
        """
        place = _number(index)
        if place is None or place >= self._size:
            raise InvalidInput(f"no leaf {_shown(index)} in a tree of {self._size} leaves")
        return self._siblings(0, place)

    def consistency_proof(self, size: int) -> tuple[bytes, ...]:
        """Return the hashes that show this tree to hold the first `size` leaves unchanged, with nothing but more after them.

        Parameters
        ----------
        size : int
            Number of leaves of the older tree, from 0 to the size of this one.

        Returns
        -------
        tuple of bytes
            32 bytes each; none if `size` is 0 or that of this tree.

        Raises
        ------
        InvalidInput
            If this tree never had that size.

        References
        ----------
        RFC 9162, section 2.1.4.1.

        Examples
        --------
        >>> day = [b"trade %d" % i for i in range(48)]
        >>> old, new = MerkleTree(day[:30]), MerkleTree(day)
        >>> verify_consistency(30, old.root, 48, new.root, new.consistency_proof(30))
        True
        """
        old = _number(size)
        if old is None or old > self._size:
            raise InvalidInput(f"a tree of {self._size} leaves never had size {_shown(size)}")
        if old in (0, self._size):
            return ()
        row, node = _last_full(old)
        proof = self._siblings(row, node)
        return proof if node == 0 else (self._rows[row][32 * node : 32 * node + 32], *proof)

    def _siblings(self, row, node):
        """The other child of each pair on the way from a node to the root."""
        proof = []
        for hashes in self._rows[row:-1]:
            other = hashes[32 * (node ^ 1) : 32 * (node ^ 1) + 32]
            if other:
                proof.append(other)
            node //= 2
        return tuple(proof)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a leaf stands at a position in the list of a given size and root.

    Size and root belong together, and both must be known already or signed: a proof does not show the size. For leaf 0 of 3
    it reads the same as for leaf 0 of 4, and passes for both; what it says of leaf 0 is true either way.

    Parameters
    ----------
    leaf : bytes
        What is said to be in the list.
    index : int
        Position of the leaf, from 0.
    size : int
        Number of leaves, at most 2^64 - 1.
    proof : tuple or list of bytes
        What `MerkleTree.inclusion_proof` gave.
    root : bytes
        32 bytes.

    Returns
    -------
    bool
        False for anything that is not a proof, of whatever type; never an error.

    References
    ----------
    RFC 9162, section 2.1.3.2.

    Examples
    --------
    >>> two = MerkleTree([b"a", b"b"])
    >>> proof = two.inclusion_proof(0)
    >>> verify_inclusion(b"a", 0, 2, proof, two.root), verify_inclusion(b"a", 1, 2, proof, two.root)
    (True, False)
    """
    index, size = _number(index), _number(size)
    if index is None or size is None or index >= size or type(leaf) is not bytes or not _hashes(proof, root):
        return False
    sides = _sides(index, size - 1)
    if len(sides) != len(proof):
        return False
    return _climb(hashlib.sha256(_LEAF + leaf).digest(), sides, proof) == root


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a list grew out of an older one by adding at its end: nothing edited, removed or put between.

    Parameters
    ----------
    old_size, new_size : int
        Numbers of leaves, at most 2^64 - 1.
    old_root, new_root : bytes
        32 bytes each.
    proof : tuple or list of bytes
        What `MerkleTree.consistency_proof` of the newer tree gave.

    Returns
    -------
    bool
        False for anything that is not a proof, of whatever type; never an error. Every list grew out of the empty one, so
        with `old_size` 0 only the older root is looked at.

    References
    ----------
    RFC 9162, section 2.1.4.2.

    Examples
    --------
    >>> old, new = MerkleTree([b"a", b"b"]), MerkleTree([b"a", b"b", b"c"])
    >>> verify_consistency(2, old.root, 3, new.root, new.consistency_proof(2))
    True
    >>> edited = MerkleTree([b"a", b"B", b"c"])
    >>> verify_consistency(2, old.root, 3, edited.root, edited.consistency_proof(2))
    False
    """
    old, new = _number(old_size), _number(new_size)
    if old is None or new is None or old > new or not _hashes(proof, old_root, new_root):
        return False
    if old == 0 or old == new:
        return not proof and (old > 0 or old_root == _EMPTY) and (old < new or old_root == new_root)
    row, node = _last_full(old)
    sides = _sides(node, new - 1 >> row)
    if len(sides) + (node > 0) != len(proof):
        return False
    start, *others = proof if node else (old_root, *proof)
    left = [(side, other) for side, other in zip(sides, others) if side]
    return _climb(start, *zip(*left)) == old_root and _climb(start, sides, others) == new_root


_EMPTY = hashlib.sha256().digest()


def _rows(leaves):
    """The rows of hashes, each one long string of bytes: a slice of 64 bytes is a pair, which is quicker than lists."""
    sha256 = hashlib.sha256
    rows = [b"".join([sha256(_LEAF + leaf).digest() for leaf in leaves]) or _EMPTY]
    while len(row := rows[-1]) > 32:
        paired = len(row) // 64 * 64
        above = [sha256(_NODE + row[i : i + 64]).digest() for i in range(0, paired, 64)]
        rows.append(b"".join(above) + row[paired:])
    return rows


def _sides(node, last):
    """For each hash of a proof, from `node` up in a row that ends at `last`: does it stand to the left?"""
    sides = []
    while last:
        if node % 2 or node < last:  # else the node is left over and goes up alone
            sides.append(node % 2 == 1)
        node, last = node // 2, last // 2
    return sides


def _last_full(size):
    """Row and place of the root of the last full subtree of a tree: it stays a node however the tree grows."""
    row = (size & -size).bit_length() - 1
    return row, size - 1 >> row


def _climb(node, sides=(), others=()):
    for left, other in zip(sides, others):
        node = hashlib.sha256(_NODE + (other + node if left else node + other)).digest()
    return node


def _number(value):
    """A whole number from 0 to 2^64 - 1, or None. The bound keeps an outsider from sending a size of a million digits."""
    if isinstance(value, Integral) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return int(value)
    return None


def _hashes(proof, *roots):
    """Are these 32 bytes each? A proof longer than any tree is high is not read."""
    short = type(proof) in (tuple, list) and len(proof) <= 65
    return short and all(type(h) is bytes and len(h) == 32 for h in (*proof, *roots))


def _shown(value):
    """A number in a message, or what it is instead: a number of a million digits is not written out."""
    return str(value) if _number(value) is not None else f"({type(value).__name__})"
