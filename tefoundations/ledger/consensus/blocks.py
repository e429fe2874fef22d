"""Blocks, and the tree of blocks one node knows: links, forks, reorganisations, and what the node takes for final."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tefoundations.ledger.primitives.bytes import canonical_bytes, tagged_hash
from tefoundations.ledger.primitives.merkle import MerkleTree

GENESIS = bytes(32)


@dataclass(frozen=True)
class SimBlock:
    """A block: its header links to the parent and commits to the payloads by the root of their tree.

    Parameters
    ----------
    height : int
        Blocks before it; that of genesis is 0.
    parent : bytes
        Identifier of the block before.
    producer : int
        Number of the node that made it.
    time : int
        When it says it was made (ms).
    payloads : tuple of bytes
        What it puts in order.
    weight : int
        What it counts in the choice between forks.
    seal : int
        What its family needs: a nonce, a slot.

    Examples
    --------
    >>> block = SimBlock(1, GENESIS, 0, 5000, (b"a trade",), 1, 0)
    >>> SimBlock(1, GENESIS, 0, 5000, (b"another",), 1, 0).id == block.id
    False
    """

    height: int
    parent: bytes
    producer: int
    time: int
    payloads: tuple
    weight: int
    seal: int

    @cached_property
    def root(self) -> bytes:
        """Root of the Merkle tree of the payloads: 32 bytes."""
        return MerkleTree(self.payloads).root

    @cached_property
    def header(self) -> bytes:
        """The header without its seal, as canonical bytes."""
        return canonical_bytes({
            "height": self.height, "parent": self.parent.hex(), "producer": self.producer, "root": self.root.hex(),
            "time": self.time, "weight": self.weight,
        })  # fmt: skip

    @cached_property
    def id(self) -> bytes:
        """Identifier: hash of header and seal, 32 bytes."""
        return seal_hash(self.header, self.seal)


def seal_hash(header, seal):
    """Identifier of the block with this header and seal."""
    return tagged_hash("block", header + seal.to_bytes(8, "big"))


def genesis():
    """The block everybody starts from."""
    return SimBlock(0, GENESIS, -1, 0, (), 0, 0)


class BlockTree:
    """All blocks one node knows, and its chain: the branch of most accumulated weight, of equal ones the first seen.

    A block is final to the node once `confirmations` blocks, itself included, end in the tip. A reorganisation that undoes
    a final one is noted in `reversals`.

    Parameters
    ----------
    confirmations : int
        Blocks it takes.

    Examples
    --------
    Two light blocks against a heavy one: weight counts, not number.

    >>> tree, first = BlockTree(confirmations=6), genesis()
    >>> light = SimBlock(1, first.id, 0, 0, (b"a",), 1, 0)
    >>> lighter = SimBlock(2, light.id, 0, 0, (b"b",), 1, 0)
    >>> heavy = SimBlock(1, first.id, 1, 0, (b"c",), 3, 0)
    >>> for block in (light, lighter, heavy):
    ...     lacking = tree.add(block, now=0)
    >>> tree.tip == heavy, tree.reorganisations
    (True, [(0, 2)])
    """

    def __init__(self, confirmations: int):
        first = genesis()
        self.confirmations, self.tip = confirmations, first
        self.blocks, self.total = {first.id: first}, {first.id: 0}
        self.orphans = {}  # parent -> blocks that wait for it
        self.chain = [first]
        self.final = 0  # height of the last final block
        self.final_at = {}  # payload -> when it first became final here
        self.reorganisations, self.reversals = [], []  # (time, depth); (time, payload)

    def knows(self, block_id: bytes) -> bool:
        """Whether a block is in the tree.

        Parameters
        ----------
        block_id : bytes
            Its identifier.
        """
        return block_id in self.blocks

    def add(self, block: SimBlock, now: float) -> bytes | None:
        """Take in a valid block; those that waited for it follow.

        Parameters
        ----------
        block : SimBlock
            Whose work, stake or signature has been checked.
        now : float
            Time (s).

        Returns
        -------
        bytes or None
            Identifier of the parent if that is unknown here: the block waits for it.
        """
        if block.id in self.blocks:
            return None
        if block.parent not in self.blocks:
            waiting = self.orphans.setdefault(block.parent, [])
            if block not in waiting:
                waiting.append(block)
            return block.parent
        stack = [block]
        while stack:
            found = stack.pop()
            if found.height != self.blocks[found.parent].height + 1:
                continue
            self.blocks[found.id] = found
            self.total[found.id] = self.total[found.parent] + found.weight
            if self._prefers(found):
                self._move_to(found, now)
            stack += reversed(self.orphans.pop(found.id, []))
        return None

    def _prefers(self, block):
        return self.total[block.id] > self.total[self.tip.id]

    def _move_to(self, block, now):
        """Make a block the tip: cut the chain back to the fork, and go up the new branch."""
        branch = [block]
        while branch[-1].height > len(self.chain) or self.chain[branch[-1].height - 1].id != branch[-1].parent:
            branch.append(self.blocks[branch[-1].parent])
        fork = branch[-1].height - 1
        undone = self.chain[fork + 1 :]
        if undone:
            self.reorganisations.append((now, len(undone)))
            self.reversals += [(now, p) for b in self.chain[fork + 1 : self.final + 1] for p in b.payloads]
            self.final = min(self.final, fork)
        self.chain[fork + 1 :] = reversed(branch)
        self.tip = block
        self._note_final(now)

    def _note_final(self, now):
        while self.final + self.confirmations < len(self.chain):
            self.final += 1
            for payload in self.chain[self.final].payloads:
                self.final_at.setdefault(payload, now)

    def included(self) -> dict[bytes, bool]:
        """Payloads of the chain, as a dict."""
        return {payload: True for block in self.chain for payload in block.payloads}
