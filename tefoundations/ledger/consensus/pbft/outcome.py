"""What came of a run, and whether it kept its promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tefoundations.ledger.consensus.pbft.cluster import KINDS, NULL
from tefoundations.words import Explained

if TYPE_CHECKING:
    import pandas as pd

NOTHING, UNSIGNED = -1, -2


@dataclass(frozen=True, repr=False)
class PBFTRun(Explained):
    """What the replicas executed, and with how many messages. Made by `simulate`.

    Attributes
    ----------
    n, f, quorum : int
        Replicas, faulty ones the quorum is made for, votes that make a certificate.
    correct : tuple of int
        The replicas that kept to the protocol.
    requests : int
        Requests sent; they bear the numbers from 0.
    logs : tuple of tuples of int
        By replica what it holds decided, place by place: number of a request, `NOTHING` for the null request, `UNSIGNED`
        for one that no client has signed.
    orders : tuple of tuples of int
        By replica the requests it executed, in order.
    latency : tuple of float
        By request the time from sending to execution at the last correct replica (s), nan if that never came.
    messages : dict of str to int
        Messages between replicas, by kind.
    views : tuple of int
        The view in which each replica ended.
    events : int
        Everything that happened: messages, requests and timers delivered.
    time : float
        When the last event happened (s).
    """

    n: int
    f: int
    quorum: int
    correct: tuple
    requests: int
    logs: tuple
    orders: tuple
    latency: tuple
    messages: dict = field(hash=False)
    views: tuple
    events: int
    time: float

    @property
    def agreement(self) -> bool:
        """Whether no two correct replicas hold different requests decided at one place."""
        logs = sorted((self.logs[who] for who in self.correct), key=len)
        return all(longer[: len(shorter)] == shorter for shorter, longer in zip(logs, logs[1:]))

    @property
    def total_order(self) -> bool:
        """Whether of any two correct replicas one executed what the other did, in the same order, and perhaps more."""
        orders = sorted((self.orders[who] for who in self.correct), key=len)
        return all(longer[: len(shorter)] == shorter for shorter, longer in zip(orders, orders[1:]))

    @property
    def validity(self) -> bool:
        """Whether correct replicas executed only what a client has signed."""
        return all(request != UNSIGNED for who in self.correct for request in self.orders[who])

    @property
    def integrity(self) -> bool:
        """Whether no correct replica executed a request twice."""
        return all(len(self.orders[who]) == len(dict.fromkeys(self.orders[who])) for who in self.correct)

    @property
    def complete(self) -> bool:
        """Whether every correct replica executed every request: liveness, so far as a run can show it."""
        return all(sorted(dict.fromkeys(self.orders[who])) == list(range(self.requests)) for who in self.correct)

    @property
    def sent(self) -> int:
        """Messages between replicas in all."""
        return sum(self.messages.values())

    def violations(self) -> tuple[str, ...]:
        """Names of the promises of safety that were broken: agreement, total order, validity, integrity."""
        names = ("agreement", "total_order", "validity", "integrity")
        return tuple(name.replace("_", " ") for name in names if not getattr(self, name))

    def explain(self) -> str:
        """The run in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.ledger.consensus import pbft
        >>> print(pbft.simulate(["5 kWh to Ben", "2 kWh to Ada"], n=4, rng=1).explain())
        4 replicas, quorum 3, made for 1 faulty: none is.
        2 requests: all correct replicas executed all of them, in one order.
        24.0 messages a request, 0 view changes; at the last correct replica 2.2 s after it was sent, on average.
        """
        bad = [str(who) for who in range(self.n) if who not in self.correct]
        head = f"{self.n} replicas, quorum {self.quorum}, made for {self.f} faulty: {', '.join(bad) or 'none is'}."
        if self.violations():
            done = f"broken: {', '.join(self.violations())}."
        elif self.complete:
            done = "all correct replicas executed all of them, in one order."
        else:
            fewest = min(len(self.orders[who]) for who in self.correct)
            done = f"no two correct replicas differ, but one executed only {fewest}."
        seconds = [t for t in self.latency if t == t]
        mean = f"{sum(seconds) / len(seconds):.1f} s after it was sent, on average" if seconds else "never"
        each = f"{self.sent / self.requests:.1f} messages a request" if self.requests else f"{self.sent} messages"
        changes = max(self.views)
        return "\n".join([
            head, f"{self.requests} requests: {done}",
            f"{each}, {changes} view change{'s' * (changes != 1)}; at the last correct replica {mean}.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row a decision: replica, place from 1, request.

        Returns
        -------
        pandas.DataFrame
        """
        import pandas as pd

        rows = [(who, place, request) for who, log in enumerate(self.logs) for place, request in enumerate(log, 1)]
        return pd.DataFrame(rows, columns=["replica", "place", "request"])

    def _at_a_glance(self):
        return [
            ("replicas", self.n), ("quorum", self.quorum), ("faulty", self.n - len(self.correct)),
            ("requests", self.requests),
            ("executed by all", "yes" if self.complete else "no"),
            ("promises broken", ", ".join(self.violations()) or "none"),
            ("messages", self.sent), ("view changes", max(self.views)), ("time, s", self.time),
        ]  # fmt: skip

    def __repr__(self):
        broken = ", ".join(self.violations())
        return f"PBFTRun({self.n} replicas, {self.requests} requests, {f'broken: {broken}' if broken else 'safe'})"


def outcome_of(cluster, nodes, digests, spacing, events):
    """Read the nodes after a run."""
    correct = tuple(node.me for node in nodes if node.correct)
    number_of = {NULL: NOTHING} | cluster.requests
    logs = tuple(tuple(number_of.get(digest, UNSIGNED) for digest in node.log) for node in nodes)
    orders = tuple(tuple(number_of.get(digest, UNSIGNED) for digest in node.order) for node in nodes)
    latency = []
    for number, digest in enumerate(digests):
        times = [cluster.executed_at.get((who, digest)) for who in correct]
        latency.append(float("nan") if None in times else max(times) - number * spacing)
    messages = {kind: sent for kind, sent in zip(KINDS, cluster.sent) if sent}
    views = tuple(node.view for node in nodes)
    return PBFTRun(
        cluster.n, cluster.f, cluster.quorum, correct, len(digests), logs, orders, tuple(latency), messages, views, events,
        cluster.network.now,
    )  # fmt: skip
