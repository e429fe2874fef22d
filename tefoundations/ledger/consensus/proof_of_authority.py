"""Proof of authority: a list of known signers takes turns."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import generator, not_negative, number, whole
from tefoundations.ledger.consensus.blocks import BlockTree, SimBlock
from tefoundations.ledger.consensus.chain_run import Gossip
from tefoundations.ledger.consensus.event_queue import Links
from tefoundations.words import shown

if TYPE_CHECKING:
    import numpy as np

    from tefoundations.ledger.consensus.chain_run import ChainRun
    from tefoundations.ledger.consensus.event_queue import Partition

__all__ = ["simulate", "may_sign"]
IN_TURN, OUT_OF_TURN = 2, 1  # weights
TURN, LATER = "turn", "later"


def may_sign(signer: int, chain: Sequence[SimBlock], count: int) -> bool:
    """Whether a signer may add a block: one in any floor(count / 2) + 1 in a row, so that no minority signs alone.

    Parameters
    ----------
    signer : int
        Place of the signer in the sorted list.
    chain : sequence of blocks
        The chain it would add to.
    count : int
        Signers in all.

    Returns
    -------
    bool

    References
    ----------
    P. Szilágyi, "Clique proof-of-authority consensus protocol", Ethereum Improvement Proposal 225, 2017.

    Examples
    --------
    >>> chain = simulate([b"a trade"], count=3, rng=1).chains[0]
    >>> [may_sign(signer, chain, 3) for signer in range(3)], chain[-1].producer
    ([True, True, False], 2)
    """
    recent = count // 2
    return all(block.producer != signer for block in (chain[-recent:] if recent else ()))


def simulate(
    payloads: Sequence,
    count: int = 5,
    *,
    rng: np.random.Generator | int,
    block_time: float = 5.0,
    delay: float = 1.0,
    confirmations: int | None = None,
    silent: Sequence[int] = (),
    twins: Sequence[int] = (),
    partitions: Sequence[Partition] = (),
    spacing: float = 0.0,
    until: float | None = None,
) -> ChainRun:
    """Let signers take turns, and tell which payloads became final, when, and what was undone.

    Time is cut into slots of `block_time`. The signer in turn is ``slot mod count``, in the sorted list that all know, and
    its block weighs 2; if it is not heard from, any other that may sign steps in after a random wait, and its block weighs
    1. The heaviest branch counts. Signatures are ideal: nobody can sign for another.

    Parameters
    ----------
    payloads : sequence of bytes or of canonical values
        What is put in order.
    count : int
        Signers, numbered in the order of the sorted list; they are the first nodes.
    rng : numpy.random.Generator or int
        Source of all randomness.
    block_time : float
        Time between two blocks (s); at least three times `delay`.
    delay : float
        Longest time of a block on its way (s).
    confirmations : int, optional
        A block is taken for final with so many blocks from it to the tip, both included; default floor(count / 2) + 1, which
        needs more than half of the signers. A cut among honest signers can still undo such a block, though rarely: blocks in
        turn weigh double, so a shorter branch can outweigh it.
    silent : sequence of int
        Signers that never sign.
    twins : sequence of int
        Dishonest signers, each of which runs a second node with its key: nodes ``count``, ``count + 1``, ... in this order.
        Put into another group of a partition, it signs on both sides.
    partitions : sequence of Partition
        Times in which groups of nodes do not hear each other.
    spacing : float
        Time between two payloads (s); the first comes at 0.
    until : float, optional
        When to stop (s); default: when all payloads are final and all partitions over, at most a thousand times
        `block_time`.

    Returns
    -------
    ChainRun

    Raises
    ------
    InvalidInput
        If an argument has no meaning; the message names it.

    References
    ----------
    EIP 225 (see `may_sign`), with slots instead of block numbers for whose turn it is, as in Aura.

    Examples
    --------
    >>> print(simulate(["5 kWh to Ben"], count=5, rng=1).explain())
    proof of authority: 3 blocks made by 5 nodes in 16 s, 0 of them lost.
    1 of 1 payloads final to all, after 15.8 s on average; 12 messages.
    0 reorganisations, the deepest of 0 blocks; nothing final was undone or contradicted.
    """
    count = whole(count, "count", least=1)
    network = Links(rng=generator(rng), delay=delay, partitions=partitions)
    block_time = number(block_time, "block_time", least=3 * network.delay)
    signers = [*range(count), *_known(twins, count, "twins")]
    confirmations = count // 2 + 1 if confirmations is None else whole(confirmations, "confirmations", least=1)
    trees = [BlockTree(confirmations) for _ in signers]
    run = Gossip(
        network, trees, payloads, not_negative(spacing, "spacing"), lambda block: _is_valid(block, count, block_time)
    )
    awake = [node for node, signer in enumerate(signers) if signer not in _known(silent, count, "silent")]
    settled = max([p.end for p in network.partitions], default=0.0) + 2 * network.delay
    end = (
        1000 * block_time + settled + spacing * len(run.leaves)
        if until is None
        else not_negative(until, "until", infinite=True)
    )
    for node in awake:
        network.at(block_time, node, (TURN, 1))
    for now, receiver, sender, message in network.events(end):
        if message[0] not in (TURN, LATER):
            run.receive(receiver, sender, message)
        else:
            _turn(run, receiver, signers[receiver], message, count, block_time)
        if until is None and now >= settled and run.all_final():
            break
    return run.outcome("proof of authority")


def _turn(run, node, signer, message, count, block_time):
    """A slot begins: sign if in turn, else wait whether anybody does."""
    kind, slot = message
    network, tree = run.network, run.trees[node]
    if kind == TURN:
        network.at((slot + 1) * block_time, node, (TURN, slot + 1))
        if slot % count != signer:
            wait = network.delay + network.uniform() * (block_time - 2 * network.delay)
            network.at(network.now + wait, node, (LATER, slot))
            return
    if tree.tip.seal < slot and may_sign(signer, tree.chain, count):
        weight = IN_TURN if slot % count == signer else OUT_OF_TURN
        time = round(network.now * 1000)
        run.publish(node, SimBlock(tree.tip.height + 1, tree.tip.id, signer, time, run.waiting(tree), weight, slot))


def _is_valid(block, count, block_time):
    """What can be said of a block alone: weight and turn agree, and its slot had begun when it was made."""
    in_turn = block.seal % count == block.producer
    return block.weight == (IN_TURN if in_turn else OUT_OF_TURN) and block.time >= round(block.seal * block_time * 1000)


def _known(signers, count, name):
    for signer in signers:
        if isinstance(signer, bool) or not isinstance(signer, Integral) or not 0 <= signer < count:
            raise InvalidInput(f"{name}: there is no signer {shown(signer)} among {count}")
    return tuple(int(signer) for signer in signers)
