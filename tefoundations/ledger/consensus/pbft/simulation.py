"""A run of Practical Byzantine Fault Tolerance, and the numbers it rests on.

Built here: pre-prepare, prepare, commit; prepared certificates with their signers; view changes whose outcome every replica
computes anew; null requests for gaps; the rule to join f + 1 others; timers that double, and start only when a quorum has
moved; retransmission; commit certificates for laggards; execution once. Left out: checkpoints, so that a view change
speaks of every place since the first; MAC authenticators, as signatures are ideal (counted, not computed); replies to
clients, who are heard by whom they reach. Requests are not lost on their way from a client, as clients repeat them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

from tefoundations.errors import InvalidInput
from tefoundations.inputs import not_negative, positive, whole
from tefoundations.ledger.consensus.event_queue import Links
from tefoundations.ledger.consensus.payloads import payload_bytes
from tefoundations.ledger.consensus.pbft.cluster import CLIENT, REQUEST, Cluster, request_digest
from tefoundations.ledger.consensus.pbft.outcome import outcome_of
from tefoundations.ledger.consensus.pbft.replica import Replica
from tefoundations.words import shown

if TYPE_CHECKING:
    import numpy as np

    from tefoundations.ledger.consensus.event_queue import Partition
    from tefoundations.ledger.consensus.pbft.outcome import PBFTRun

TIMEOUT, RETRANSMIT, PATIENCE = 10, 5, 1000  # in longest delays: view timer, status, end of a run


def most_faulty(n: int) -> int:
    """The most faulty replicas that `n` can bear: the largest f with n >= 3 f + 1.

    Parameters
    ----------
    n : int
        Replicas.

    Returns
    -------
    int

    Raises
    ------
    InvalidInput
        If `n` is not a positive whole number.

    References
    ----------
    M. Pease, R. Shostak and L. Lamport, "Reaching agreement in the presence of faults", Journal of the ACM 27, 1980.

    Examples
    --------
    >>> [most_faulty(n) for n in (1, 3, 4, 6, 7, 13)]
    [0, 0, 1, 1, 2, 4]
    """
    return (whole(n, "n", least=1) - 1) // 3


def quorum(n: int, f: int | None = None) -> int:
    """The fewest replicas of which any two sets share a correct one: (n + f) // 2 + 1.

    Two sets of q among n share at least 2 q - n, and that must be f + 1. It is 2 f + 1 only where n = 3 f + 1.

    Parameters
    ----------
    n : int
        Replicas.
    f : int, optional
        Faulty ones at most; default: as many as `n` can bear.

    Returns
    -------
    int

    Raises
    ------
    InvalidInput
        If `n` or `f` is not such a number, or `f` is not below `n`.

    Examples
    --------
    >>> [quorum(n) for n in (4, 5, 6, 7)], quorum(5, 0)
    ([3, 4, 4, 5], 3)
    """
    f = most_faulty(n) if f is None else whole(f, "f", least=0)
    if f >= whole(n, "n", least=1):
        raise InvalidInput(f"f {f} must be below n {n}")
    return (n + f) // 2 + 1


def messages_per_request(n: int) -> int:
    """Messages between `n` replicas for one request when nothing goes wrong, the request and the replies not counted.

    The leader sends n - 1 pre-prepares, each of the n - 1 others n - 1 prepares, and each of the n replicas n - 1 commits.

    Parameters
    ----------
    n : int
        Replicas.

    Returns
    -------
    int

    Raises
    ------
    InvalidInput
        If `n` is not a positive whole number.

    References
    ----------
    M. Castro and B. Liskov, "Practical Byzantine fault tolerance and proactive recovery", ACM TOCS 20, 2002, section 4.

    Examples
    --------
    >>> [messages_per_request(n) for n in (4, 7, 10, 13)]
    [24, 84, 180, 312]
    """
    n = whole(n, "n", least=1)
    return (n - 1) + (n - 1) ** 2 + n * (n - 1)


def simulate(
    requests: Sequence,
    n: int = 4,
    f: int | None = None,
    *,
    rng: np.random.Generator | int,
    delay: float = 1.0,
    gst: float = 0.0,
    loss: float = 0.0,
    faulty: Mapping[int, Any] | None = None,
    schedule: Callable | None = None,
    partitions: Sequence[Partition] = (),
    spacing: float = 0.0,
    reach: Mapping[int, Sequence[int]] | None = None,
    timeout: float | None = None,
    until: float | None = None,
    replica: type | None = None,
) -> PBFTRun:
    """Let replicas put requests in order, and tell what each executed, when, and with how many messages.

    Parameters
    ----------
    requests : sequence of bytes or of canonical values
        Payloads, each sent once by a client to all replicas.
    n : int
        Replicas, numbered from 0; replica ``view % n`` leads a view.
    f : int, optional
        Faulty ones the quorum is made for; default: the most that `n` can bear.
    rng : numpy.random.Generator or int
        Source of all randomness.
    delay : float
        Longest time of a message on its way after `gst` (s).
    gst : float
        Global stabilisation time (s).
    loss : float
        Probability that a message sent before `gst` is lost.
    faulty : dict of int to adversary, optional
        Which replicas are faulty, and how: `Crash`, `Equivocate`, `LieAsNewLeader`, `Forge`.
    schedule : callable, optional
        A hostile network, such as `WithholdCommits`.
    partitions : sequence of Partition
        Times in which groups do not hear each other.
    spacing : float
        Time between two requests (s); the first comes at 0.
    reach : dict of int to sequence of int, optional
        Requests by position that a faulty client sends only to some replicas.
    timeout : float, optional
        First patience with a leader (s); default ten times `delay`. It doubles with every view without progress.
    until : float, optional
        When to stop (s); default: a thousand times `delay` after `gst` and the last request.
    replica : type, optional
        Class of the correct replicas; another one is for trying what a missing rule does.

    Returns
    -------
    PBFTRun

    Raises
    ------
    InvalidInput
        If an argument has no meaning; the message names it.

    References
    ----------
    M. Castro and B. Liskov, "Practical Byzantine fault tolerance", OSDI 1999.

    Examples
    --------
    >>> print(simulate(["5 kWh to Ben", "2 kWh to Ada"], n=4, rng=1).explain())
    4 replicas, quorum 3, made for 1 faulty: none is.
    2 requests: all correct replicas executed all of them, in one order.
    24.0 messages a request, 0 view changes; at the last correct replica 2.2 s after it was sent, on average.
    """
    payloads = payload_bytes(requests, "requests")
    f = most_faulty(n) if f is None else whole(f, "f", least=0)
    quorum(n, f)
    spacing, faulty = not_negative(spacing, "spacing"), _checked(faulty or {}, n)
    network = Links(rng=rng, delay=delay, gst=gst, loss=loss, partitions=partitions, schedule=schedule)
    digests = [request_digest(number, payload) for number, payload in enumerate(payloads)]
    known = {digest: number for number, digest in enumerate(digests)}
    patience = TIMEOUT * delay if timeout is None else positive(timeout, "timeout")
    cluster = Cluster(network, n, f, known, patience, RETRANSMIT * delay)
    nodes = [faulty[me].replica(cluster, me) if me in faulty else (replica or Replica)(cluster, me) for me in range(n)]
    cluster.waiting = len(digests) * (n - len(faulty))
    for number, digest in enumerate(digests):
        for me in range(n) if reach is None or number not in reach else reach[number]:
            network.at(number * spacing + network.usual(), me, (REQUEST, digest), CLIENT)
    end = gst + spacing * len(digests) + PATIENCE * delay if until is None else not_negative(until, "until", infinite=True)
    count = 0
    for _, receiver, sender, message in network.events(end):
        count += 1
        nodes[receiver].receive(sender, message)
    return outcome_of(cluster, nodes, digests, spacing, count)


def _checked(faulty, n):
    for me, how in faulty.items():
        if isinstance(me, bool) or not isinstance(me, Integral) or not 0 <= me < n:
            raise InvalidInput(f"faulty: there is no replica {shown(me)} among {n}")
        if not hasattr(how, "replica"):
            raise InvalidInput(f"faulty, replica {me}: {shown(how)} is no adversary")
    if len(faulty) == n:
        raise InvalidInput("faulty: at least one replica must be correct")
    return {int(me): how for me, how in faulty.items()}
