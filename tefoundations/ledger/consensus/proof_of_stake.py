"""Proof of stake: the right to propose follows the stake, and two thirds of it make a block final.

Time is cut into slots; in each one validator, drawn with a probability proportional to its stake, proposes a block. Slots
form epochs. Once an epoch each validator votes for its checkpoint, the block at the epoch's border. Two thirds of the stake
justify a checkpoint; when the next one is justified from it, it is final. Two conflicting final checkpoints need two sets of
two thirds. They share a third, and that third has signed what costs it its stake: finality is as dear as that.

Left out: rewards, penalties for absence, entry and exit, the weight of single votes in the choice between forks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from numbers import Integral
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import generator, not_negative, number, whole
from tefoundations.ledger.consensus.blocks import BlockTree, SimBlock
from tefoundations.ledger.consensus.chain_run import Gossip
from tefoundations.ledger.consensus.event_queue import Links
from tefoundations.ledger.consensus.stake_votes import Checkpoint, Finality, Vote, slashable
from tefoundations.ledger.primitives.bytes import tagged_hash
from tefoundations.words import shown

if TYPE_CHECKING:
    import numpy as np

    from tefoundations.ledger.consensus.chain_run import ChainRun
    from tefoundations.ledger.consensus.event_queue import Partition

__all__ = ["simulate", "proposer", "slashable", "stake_at_risk", "Checkpoint", "Vote"]
SLOT, CAST, VOTE = "slot", "cast", "vote"


def proposer(seed: bytes, slot: int, stakes: Sequence[int]) -> int:
    """Who proposes in a slot: the validator whose part of the whole stake hash(seed, slot) mod stake falls into.

    Everybody computes the same, with whole numbers only.

    Parameters
    ----------
    seed : bytes
        32 bytes that nobody can choose.
    slot : int
        Number of the slot.
    stakes : (n,) sequence of int
        Stake of each validator (micro-tokens).

    Returns
    -------
    int

    Raises
    ------
    InvalidInput
        If a stake is not a whole number of at least 0, or all are 0.

    Examples
    --------
    >>> drawn = [proposer(bytes(32), slot, [10, 30, 60]) for slot in range(1000)]
    >>> [drawn.count(validator) for validator in range(3)]
    [103, 303, 594]
    """
    return _proposer(seed, slot, _stakes(stakes))


def _proposer(seed, slot, stakes):
    ends = list(accumulate(stakes))
    drawn = int.from_bytes(tagged_hash("slot", seed + slot.to_bytes(8, "big")), "big") % ends[-1]
    return bisect_right(ends, drawn)


def stake_at_risk(run: ChainRun, stakes: Sequence[int]) -> int:
    """Stake of those whose own votes in a run convict them.

    Parameters
    ----------
    run : ChainRun
        Of this family.
    stakes : (n,) sequence of int
        Stake of each validator (micro-tokens).

    Returns
    -------
    int

    Examples
    --------
    >>> stake_at_risk(simulate(["a trade"], [1] * 4, rng=1), [1] * 4)
    0
    """
    return sum(stakes[validator] for validator in slashable(run.notes))


def simulate(
    payloads: Sequence,
    stakes: Sequence[int],
    *,
    rng: np.random.Generator | int,
    block_time: float = 12.0,
    epoch: int = 32,
    delay: float = 1.0,
    offline: Sequence[int] = (),
    twins: Sequence[int] = (),
    partitions: Sequence[Partition] = (),
    spacing: float = 0.0,
    until: float | None = None,
) -> ChainRun:
    """Let validators propose and vote, and tell which payloads became final, when, and what was undone.

    A validator votes in the slot of the epoch that its number falls on, for the checkpoint of the epoch on its chain, from
    the last checkpoint justified on it. Votes are counted when the epoch is over. The longest branch from the last justified
    checkpoint counts. Signatures are ideal.

    Parameters
    ----------
    payloads : sequence of bytes or of canonical values
        What is put in order.
    stakes : (n,) sequence of int
        Stake of each validator (micro-tokens); each runs one node.
    rng : numpy.random.Generator or int
        Source of all randomness.
    block_time : float
        Length of a slot, in which one block is due (s); at least three times `delay`.
    epoch : int
        Slots of an epoch.
    delay : float
        Longest time of a message on its way (s).
    offline : sequence of int
        Validators that neither propose nor vote.
    twins : sequence of int
        Dishonest validators, each of which runs a second node with its key: nodes ``n``, ``n + 1``, ... in this order. Put
        into another group of a partition, it votes on both sides.
    partitions : sequence of Partition
        Times in which groups of nodes do not hear each other.
    spacing : float
        Time between two payloads (s); the first comes at 0.
    until : float, optional
        When to stop (s); default: when all payloads are final and all partitions over, at the latest after 20 more epochs.

    Returns
    -------
    ChainRun
        Its `notes` are all votes cast, in order.

    Raises
    ------
    InvalidInput
        If an argument has no meaning; the message names it.

    References
    ----------
    V. Buterin and V. Griffith, "Casper the friendly finality gadget", arXiv:1710.09437, 2017; the slots and epochs are those
    of Ethereum: 32 of 12 s each, so that a checkpoint is final about two epochs, 768 s, after its block.

    Examples
    --------
    >>> run = simulate(["5 kWh to Ben"], stakes=[32] * 4, rng=1)
    >>> round(run.final_at[0]), len(run.notes), run.reversals
    (1152, 8, ())
    """
    stakes = _stakes(stakes)
    n, rng, epoch = len(stakes), generator(rng), whole(epoch, "epoch", least=2)
    network = Links(rng=rng, delay=delay, partitions=partitions)
    block_time = number(block_time, "block_time", least=3 * network.delay)
    keys = [*range(n), *_known(twins, n, "twins")]
    off = _known(offline, n, "offline")
    trees = [_StakeTree(stakes, epoch) for _ in keys]
    run = _Voters(network, trees, payloads, not_negative(spacing, "spacing"), lambda block: True)
    run.keys, run.seed, run.stakes, run.block_time, run.epoch, run.off = keys, rng.bytes(32), stakes, block_time, epoch, off
    run.cast, run.is_valid = [], run.in_turn
    settled = max([p.end for p in network.partitions], default=0.0)
    end = (
        settled + spacing * len(run.leaves) + 20 * epoch * block_time
        if until is None
        else not_negative(until, "until", infinite=True)
    )
    for node in range(len(keys)):
        network.at(block_time, node, (SLOT, 1))
    for now, receiver, sender, message in network.events(end):
        run.on_event(receiver, sender, message)
        if until is None and now >= settled + 2 * delay and run.all_final():
            break
    return run.outcome("proof of stake", run.cast)


class _StakeTree(BlockTree):
    """A tree in which votes decide what is final, and the branch of the last justified checkpoint goes first."""

    def __init__(self, stakes, epoch):
        super().__init__(confirmations=1)
        self.epoch = epoch
        self.finality = Finality(stakes, Checkpoint(0, self.tip.id))

    def _prefers(self, block):
        return self._rank(block) > self._rank(self.tip)

    def _rank(self, block):
        return self.holds(block, self._latest().block), block.height

    def _latest(self):
        """The last justified checkpoint whose block is known here."""
        return next(point for point in self.finality.newest_first if point.block in self.blocks)

    def holds(self, block, ancestor):
        """Whether a block is on the branch of another."""
        height = self.blocks[ancestor].height
        while block.height > height:
            if block.height < len(self.chain) and self.chain[block.height].id == block.id:
                return self.chain[height].id == ancestor  # on the own chain the place tells
            block = self.blocks[block.parent]
        return block.id == ancestor

    def checkpoint(self, number):
        """The last block of the chain that was made before the epoch began."""
        return next(block for block in reversed(self.chain) if block.seal < number * self.epoch)

    def conclude(self, now):
        """At the end of an epoch: count its votes, and go over to the branch they justify."""
        before = self._latest()
        self.finality.conclude()
        if self._latest() != before:
            self._change_branch(now)
        self._note_final(now)

    def _change_branch(self, now):
        best = max(self.blocks.values(), key=lambda block: (*self._rank(block), block.id == self.tip.id))
        if self._prefers(best):
            self._move_to(best, now)

    def _note_final(self, now):
        """Final is what leads to a final checkpoint of the own chain."""
        for point in sorted(self.finality.finalised, reverse=True):
            block = self.blocks.get(point.block)
            if block is not None and block.height < len(self.chain) and self.chain[block.height].id == block.id:
                while self.final < block.height:
                    self.final += 1
                    for payload in self.chain[self.final].payloads:
                        self.final_at.setdefault(payload, now)
                return


class _Voters(Gossip):
    """Nodes that also propose by slot and vote by epoch."""

    keys: list[int]  # which validator each node runs
    seed: bytes
    stakes: Sequence[int]
    block_time: float
    epoch: int
    off: Sequence[int]
    cast: list[Vote]

    def on_event(self, node, sender, message):
        kind = message[0]
        if kind == SLOT:
            self.on_slot(node, message[1])
        elif kind == CAST:
            self.vote(node, message[1])
        elif kind == VOTE:
            self.trees[node].finality.hear(message[1])
        else:
            self.receive(node, sender, message)

    def on_slot(self, node, number):
        key, tree, now = self.keys[node], self.trees[node], self.network.now
        self.network.at((number + 1) * self.block_time, node, (SLOT, number + 1))
        if number % self.epoch == 0:
            tree.conclude(now)
        if key in self.off:
            return
        if _proposer(self.seed, number, self.stakes) == key:
            block = SimBlock(tree.tip.height + 1, tree.tip.id, key, round(now * 1000), self.waiting(tree), 1, number)
            self.publish(node, block)
        if number >= self.epoch and number % self.epoch == key % self.epoch:
            self.network.at(now + self.block_time / 3, node, (CAST, number // self.epoch))

    def vote(self, node, number):
        """For this epoch's checkpoint on the own chain, from the last one that is justified there."""
        tree, key = self.trees[node], self.keys[node]
        target = Checkpoint(number, tree.checkpoint(number).id)
        block = tree.blocks[target.block]
        sources = [point for point in tree.finality.justified if point.epoch < number and tree.holds(block, point.block)]
        vote = Vote(key, max(sources), target)
        self.cast.append(vote)
        tree.finality.hear(vote)
        self.tell(node, self.others[node], (VOTE, vote))

    def in_turn(self, block):
        return _proposer(self.seed, block.seal, self.stakes) == block.producer


def _stakes(stakes):
    found = [whole(stake, f"stakes, row {row}: stake", least=0) for row, stake in enumerate(stakes)]
    if not sum(found):
        raise InvalidInput(f"stakes {found} must hold a positive number")
    return found


def _known(validators, n, name):
    for validator in validators:
        if isinstance(validator, bool) or not isinstance(validator, Integral) or not 0 <= validator < n:
            raise InvalidInput(f"{name}: there is no validator {shown(validator)} among {n}")
    return tuple(int(validator) for validator in validators)
