"""Proof of work: who finds a hash below a target makes the next block; the branch with the most work counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import generator, not_negative, positive, whole
from tefoundations.ledger.consensus.blocks import BlockTree, SimBlock, seal_hash
from tefoundations.ledger.consensus.chain_run import TICK, Gossip
from tefoundations.ledger.consensus.event_queue import Links

if TYPE_CHECKING:
    import numpy as np

    from tefoundations.ledger.consensus.chain_run import ChainRun
    from tefoundations.ledger.consensus.event_queue import Partition

__all__ = ["simulate", "is_sealed", "energy_of_work"]
MOST_BITS = 24  # more is for machines made for it


def is_sealed(block: SimBlock) -> bool:
    """Whether a block shows its work: the hash of its header is below 2^256 / weight, and the weight is what it counts.

    The header holds the root of the payloads, so that nobody can exchange them and keep the work.

    Parameters
    ----------
    block : tefoundations.ledger.consensus.SimBlock
        With a weight of 2^bits: the tries it took on average.

    Returns
    -------
    bool

    Examples
    --------
    >>> from dataclasses import replace
    >>> block = simulate([b"a trade"], [1], rng=1).chains[0][1]
    >>> is_sealed(block), is_sealed(replace(block, payloads=(b"another",)))
    (True, False)
    """
    return block.weight > 0 and int.from_bytes(block.id, "big") * block.weight < 1 << 256


def energy_of_work(hashes: float, joules_per_hash: float) -> float:
    """Energy of so many hashes.

    Parameters
    ----------
    hashes : float
        Tries.
    joules_per_hash : float
        What one costs (J). Machines of 2023 need about 2e-11.

    Returns
    -------
    float
        Energy (kWh).

    Raises
    ------
    InvalidInput
        If an argument is not a number of at least 0.

    Examples
    --------
    One machine of 200e12 hashes a second at 17.5e-12 J each, for an hour:

    >>> energy_of_work(200e12 * 3600, 17.5e-12)
    3.5
    """
    return not_negative(hashes, "hashes") * not_negative(joules_per_hash, "joules_per_hash") / 3.6e6


def simulate(
    payloads: Sequence,
    shares: Sequence[float],
    *,
    rng: np.random.Generator | int,
    block_time: float = 600.0,
    delay: float = 1.0,
    confirmations: int = 6,
    bits: int = 8,
    spacing: float = 0.0,
    partitions: Sequence[Partition] = (),
    until: float | None = None,
) -> ChainRun:
    """Let miners find blocks, and tell which payloads became final, when, and what was undone.

    When a block is found is drawn from the law of independent tries (an exponential time); its nonce is then searched in
    earnest, with `bits` leading zeros, so that every block can be verified. Miners keep to the rules; the target is fixed.

    Parameters
    ----------
    payloads : sequence of bytes or of canonical values
        What is put in order.
    shares : (n,) sequence of float
        Hash power of each miner, in any unit.
    rng : numpy.random.Generator or int
        Source of all randomness.
    block_time : float
        Mean time between two blocks (s).
    delay : float
        Longest time of a block on its way (s).
    confirmations : int
        A block is taken for final with so many blocks from it to the tip, both included.
    bits : int
        Difficulty: a block takes 2^bits tries on average.
    spacing : float
        Time between two payloads (s); the first comes at 0.
    partitions : sequence of Partition
        Times in which groups of miners do not hear each other.
    until : float, optional
        When to stop (s); default: when all payloads are final and all partitions over, at the latest after a thousand
        times `block_time`.

    Returns
    -------
    ChainRun

    Raises
    ------
    InvalidInput
        If an argument has no meaning; the message names it.

    References
    ----------
    S. Nakamoto, "Bitcoin: a peer-to-peer electronic cash system", 2008.

    Examples
    --------
    >>> print(simulate(["5 kWh to Ben"], shares=[1, 1, 1], rng=1).explain())
    proof of work: 6 blocks made by 3 nodes in 2293 s, 0 of them lost.
    1 of 1 payloads final to all, after 2293.1 s on average; 12 messages.
    0 reorganisations, the deepest of 0 blocks; nothing final was undone or contradicted.
    """
    shares, block_time = _shares(shares), positive(block_time, "block_time")
    weight = 1 << _bits(bits)
    network = Links(rng=generator(rng), delay=delay, partitions=partitions)
    trees = [BlockTree(whole(confirmations, "confirmations", least=1)) for _ in shares]
    run = Gossip(
        network,
        trees,
        payloads,
        not_negative(spacing, "spacing"),
        lambda block: block.weight == weight and is_sealed(block),
    )
    settled = max([p.end for p in network.partitions], default=0.0) + 2 * network.delay
    end = (
        1000 * block_time + settled + spacing * len(run.leaves)
        if until is None
        else not_negative(until, "until", infinite=True)
    )
    network.at(_next(network, block_time), 0, TICK)
    for now, receiver, sender, message in network.events(end):
        if message != TICK:
            run.receive(receiver, sender, message)
        else:
            miner = _drawn(network.uniform(), shares)
            run.publish(miner, _mine(run, miner, weight))
            network.at(now + _next(network, block_time), 0, TICK)
        if until is None and now >= settled and run.all_final():
            break
    return run.outcome("proof of work")


def _mine(run, me, weight):
    """The block a miner has been at: on its tip, with all payloads it knows of."""
    tree = run.trees[me]
    tip, time = tree.tip, round(run.network.now * 1000)
    header = SimBlock(tip.height + 1, tip.id, me, time, run.waiting(tree), weight, 0).header
    target, nonce = (1 << 256) // weight, 0
    while int.from_bytes(seal_hash(header, nonce), "big") >= target:
        nonce += 1
    run.tries += nonce + 1
    return SimBlock(tip.height + 1, tip.id, me, time, run.waiting(tree), weight, nonce)


def _next(network, block_time):
    return -math.log1p(-network.uniform()) * block_time


def _drawn(number, shares):
    """The miner whose part of the whole a number between 0 and 1 falls into."""
    reached = number * sum(shares)
    for miner, share in enumerate(shares):
        reached -= share
        if reached < 0:
            return miner
    return max(range(len(shares)), key=shares.__getitem__)


def _shares(shares):
    found = [not_negative(share, f"shares, row {row}: share") for row, share in enumerate(shares)]
    if not sum(found) > 0:
        raise InvalidInput(f"shares {found} must hold a positive number")
    return found


def _bits(bits):
    if whole(bits, "bits", least=0) > MOST_BITS:
        raise InvalidInput(f"bits {bits} must be at most {MOST_BITS}")
    return int(bits)
