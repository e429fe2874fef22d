"""What the families of chains share: nodes that pass blocks on, and what came of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tefoundations.ledger.consensus.payloads import payload_bytes
from tefoundations.words import Explained

if TYPE_CHECKING:
    import pandas as pd

BLOCK, WANT, TICK = "block", "want", "tick"


@dataclass(frozen=True, repr=False)
class ChainRun(Explained):
    """What came of a run of one of the families of chains. Made by their `simulate`.

    Attributes
    ----------
    family : str
        Name of the family.
    chains : tuple of tuples of blocks
        By node its chain in the end, from the first block.
    final : tuple of int
        By node the height of the last block it takes for final.
    blocks : tuple of blocks
        All blocks made, in the order in which they were.
    reorganisations : tuple of (float, int, int)
        Time (s), node, and how many blocks it gave up.
    reversals : tuple of (float, int, int)
        Time (s), node, and payload that was final to the node and then undone.
    sent_at : tuple of float
        By payload when it was sent (s).
    final_at : tuple of float
        By payload when it had become final to every node (s), nan if it did not.
    messages : int
        Messages between nodes.
    tries : int
        Hashes computed to find blocks; 0 where none are needed.
    time : float
        When the last event happened (s).
    notes : tuple
        What a family adds: votes of proof of stake, checkpoints.
    """

    family: str
    chains: tuple
    final: tuple
    blocks: tuple
    reorganisations: tuple
    reversals: tuple
    sent_at: tuple
    final_at: tuple
    messages: int
    tries: int
    time: float
    notes: tuple = ()

    @property
    def made(self) -> int:
        """Number of blocks made in all."""
        return len(self.blocks)

    @property
    def stale(self) -> int:
        """Blocks that are on nobody's chain in the end."""
        return self.made + 1 - len({block.id: True for chain in self.chains for block in chain})

    @property
    def deepest(self) -> int:
        """Most blocks a node gave up at once."""
        return max((depth for _, _, depth in self.reorganisations), default=0)

    @property
    def latency(self) -> tuple[float, ...]:
        """By payload the time from sending to finality at the last node (s), nan if that never came."""
        return tuple(final - sent for final, sent in zip(self.final_at, self.sent_at))

    @property
    def agreement(self) -> bool:
        """Whether of any two nodes one holds the chain of the other, and perhaps more."""
        ids = sorted(([block.id for block in chain] for chain in self.chains), key=len)
        return all(longer[: len(shorter)] == shorter for shorter, longer in zip(ids, ids[1:]))

    @property
    def safe(self) -> bool:
        """Whether finality kept its word: nothing final was undone, and no two nodes hold different blocks for final."""
        ids = [[block.id for block in chain[: last + 1]] for chain, last in zip(self.chains, self.final)]
        ids.sort(key=len)
        return not self.reversals and all(longer[: len(shorter)] == shorter for shorter, longer in zip(ids, ids[1:]))

    def explain(self) -> str:
        """The run in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.ledger.consensus import proof_of_work
        >>> print(proof_of_work.simulate(["5 kWh to Ben"], shares=[1, 1, 1], rng=1).explain())
        proof of work: 6 blocks made by 3 nodes in 2293 s, 0 of them lost.
        1 of 1 payloads final to all, after 2293.1 s on average; 12 messages.
        0 reorganisations, the deepest of 0 blocks; nothing final was undone or contradicted.
        """
        final = [t for t in self.latency if t == t]
        when = f", after {sum(final) / len(final):.1f} s on average" if final else ""
        return "\n".join([
            f"{self.family}: {self.made} blocks made by {len(self.chains)} nodes in {self.time:.0f} s,"
            f" {self.stale} of them lost.",
            f"{len(final)} of {len(self.sent_at)} payloads final to all{when}; {self.messages} messages.",
            f"{len(self.reorganisations)} reorganisations, the deepest of {self.deepest} blocks; "
            + ("nothing final was undone or contradicted." if self.safe else "finality did not hold."),
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row a block of the first node's chain: height, producer, time (s), weight, payloads.

        Returns
        -------
        pandas.DataFrame
        """
        import pandas as pd

        rows = [(b.height, b.producer, b.time / 1000, b.weight, len(b.payloads)) for b in self.chains[0]]
        return pd.DataFrame(rows, columns=["height", "producer", "time", "weight", "payloads"])

    def _at_a_glance(self):
        final = sum(t == t for t in self.final_at)
        return [
            ("family", self.family), ("nodes", len(self.chains)), ("blocks made", self.made), ("lost", self.stale),
            ("payloads final to all", f"{final} of {len(self.sent_at)}"), ("reorganisations", len(self.reorganisations)),
            ("deepest, blocks", self.deepest), ("messages", self.messages), ("finality held", "yes" if self.safe else "no"),
            ("time, s", self.time),
        ]  # fmt: skip

    def __repr__(self):
        held = "finality held" if self.safe else "finality did not hold"
        return f"ChainRun({self.family}: {len(self.chains)} nodes, {self.made} blocks in {self.time:.0f} s, {held})"


class Gossip:
    """Nodes over a network: a block goes to all others; who lacks its parent asks the sender for it."""

    def __init__(self, network, trees, payloads, spacing, is_valid):
        self.network, self.trees, self.is_valid = network, trees, is_valid
        self.leaves = [number.to_bytes(8, "big") + payload for number, payload in enumerate(payload_bytes(payloads))]
        self.sent_at = [number * spacing for number in range(len(self.leaves))]
        self.others = [tuple(k for k in range(len(trees)) if k != me) for me in range(len(trees))]
        self.blocks, self.messages, self.tries = [], 0, 0

    def waiting(self, tree, chain=None):
        """Payloads sent so far that a chain does not hold yet."""
        held = tree.included() if chain is None else {p: True for block in chain for p in block.payloads}
        return tuple(leaf for leaf, sent in zip(self.leaves, self.sent_at) if sent <= self.network.now and leaf not in held)

    def publish(self, me, block):
        """A node has made a block."""
        self.blocks.append(block)
        self.trees[me].add(block, self.network.now)
        self.tell(me, self.others[me], (BLOCK, block))

    def tell(self, me, receivers, message):
        self.messages += len(receivers)
        self.network.broadcast(me, receivers, message)

    def receive(self, me, sender, message):
        """A block, or a question for one."""
        kind, what = message
        tree = self.trees[me]
        if kind == WANT:
            if tree.knows(what):
                self.tell(me, (sender,), (BLOCK, tree.blocks[what]))
        elif self.is_valid(what):
            lacking = tree.add(what, self.network.now)
            if lacking is not None:
                self.tell(me, (sender,), (WANT, lacking))

    def all_final(self):
        return all(leaf in tree.final_at for tree in self.trees for leaf in self.leaves)

    def outcome(self, family, notes=()):
        trees = self.trees
        number_of = {leaf: number for number, leaf in enumerate(self.leaves)}
        reorganisations = sorted((time, me, depth) for me, tree in enumerate(trees) for time, depth in tree.reorganisations)
        reversals = sorted((time, me, number_of[p]) for me, tree in enumerate(trees) for time, p in tree.reversals)
        final_at = [max(tree.final_at.get(leaf, float("inf")) for tree in trees) for leaf in self.leaves]
        return ChainRun(
            family, tuple(tuple(tree.chain) for tree in trees), tuple(tree.final for tree in trees), tuple(self.blocks),
            tuple(reorganisations), tuple(reversals), tuple(self.sent_at),
            tuple(t if t < float("inf") else float("nan") for t in final_at), self.messages, self.tries, self.network.now,
            tuple(notes),
        )  # fmt: skip
