"""Replicas that do not keep to the protocol, and a network that helps them."""

import math
from dataclasses import dataclass
from typing import Any

from tefoundations.inputs import not_negative, one_of
from tefoundations.ledger.consensus.pbft.cluster import CERTIFICATE, COMMIT, NULL, PRE_PREPARE, PREPARE, STATUS
from tefoundations.ledger.consensus.pbft.replica import Replica


class _Adversary:
    """A way to be faulty."""

    def replica(self, cluster: object, me: int) -> Any:
        """Make the faulty replica (the simulation calls this).

        Parameters
        ----------
        cluster : object
            What the replicas share.
        me : int
            Its number.
        """
        return self._made(cluster, me)

    def _made(self, cluster, me):
        raise NotImplementedError


@dataclass(frozen=True)
class Crash(_Adversary):
    """Correct up to a time, then silent.

    Parameters
    ----------
    at : float
        When it stops (s).

    Examples
    --------
    >>> from tefoundations.ledger.consensus import pbft
    >>> pbft.simulate(["a trade"], n=4, faulty={3: Crash()}, rng=1).complete
    True
    """

    at: float = 0.0

    def _made(self, cluster, me):
        made = _Crashing(cluster, me)
        made.stops = not_negative(self.at, "at", infinite=True)
        return made


@dataclass(frozen=True)
class Equivocate(_Adversary):
    """As leader it proposes two things for one place, to two parts of the others; and it votes for everything it hears of.

    In a view change it says that it has prepared nothing.

    Parameters
    ----------
    second : tuple of int, optional
        Who gets the second proposal; default: each replica by a toss of a coin, anew for each place.

    Examples
    --------
    Four replicas bear one of these, and not two:

    >>> from tefoundations.ledger.consensus import pbft
    >>> pbft.simulate(["a", "b"], n=4, faulty={0: Equivocate((3,))}, rng=1).agreement
    True
    >>> pbft.simulate(["a", "b"], n=4, faulty={0: Equivocate((3,)), 1: Equivocate()}, rng=1).agreement
    False
    """

    second: tuple | None = None

    def _made(self, cluster, me):
        made = _Equivocating(cluster, me)
        made.second = self.second
        return made


@dataclass(frozen=True)
class LieAsNewLeader(_Adversary):
    """Correct until it leads a new view; then it proposes something else than the statements of the others ask for.

    Parameters
    ----------
    lie : str
        ``"proof"``: the new-view message itself claims another outcome. ``"after"``: its new-view message is valid, and then
        it proposes something else for the same places and votes for everything.

    Raises
    ------
    InvalidInput
        If there is no such lie.

    Examples
    --------
    >>> from tefoundations.ledger.consensus import pbft
    >>> lying = {0: Crash(at=6), 1: LieAsNewLeader("after")}
    >>> pbft.simulate(["a", "b"], n=7, faulty=lying, spacing=5, rng=1).violations()
    ()
    """

    lie: str = "after"

    def __post_init__(self):
        one_of(self.lie, ("proof", "after"), "lie")

    def _made(self, cluster, me):
        made = _LyingLeader(cluster, me)
        made.lie = self.lie
        return made


@dataclass(frozen=True)
class Forge(_Adversary):
    """In a view change it shows certificates that nobody has signed; it asks for a new view as soon as it hears anything.

    Examples
    --------
    >>> from tefoundations.ledger.consensus import pbft
    >>> pbft.simulate(["a", "b"], n=4, faulty={3: Forge()}, rng=1).violations()
    ()
    """

    def _made(self, cluster, me):
        return _Forging(cluster, me)


@dataclass(frozen=True)
class WithholdCommits:
    """A scheduler: commit votes, and certificates made of them, reach nobody outside `spared` before a time.

    Parameters
    ----------
    until : float
        From here on the network is as usual (s); what was held back arrives then, if it is not lost.
    spared : tuple of int
        Replicas that hear everything at once.
    lost : bool
        Whether what is held back is lost.

    Examples
    --------
    One replica executes a trade; the others replace their leader, and still execute the same one.

    >>> from tefoundations.ledger.consensus import pbft
    >>> run = pbft.simulate(["a", "b"], n=4, schedule=WithholdCommits(40, spared=(2,)), rng=1)
    >>> run.violations(), run.complete, max(run.views) > 0
    ((), True, True)
    """

    until: float
    spared: tuple = ()
    lost: bool = False

    def __call__(self, now: float, sender: int, receiver: int, message: tuple) -> float | None:
        """How long a message is on its way (s), or None for as long as usual.

        Parameters
        ----------
        now : float
            Time (s).
        sender, receiver : int
            Replicas.
        message : tuple
            What is sent.
        """
        if now < self.until and message[0] in (COMMIT, CERTIFICATE) and receiver not in self.spared:
            return math.inf if self.lost else self.until - now
        return None


class _Faulty(Replica):
    correct = False

    def commit(self, place, view, digest, signers):
        """It keeps a log like the others, but nobody waits for what it executes."""
        self.committed.setdefault(place, (view, digest, signers))
        while self.executed + 1 in self.committed:
            self.executed += 1
            digest = self.committed[self.executed][1]
            self.done.setdefault(digest, self.executed)
            self.pending.pop(digest, None)

    def vote_for(self, view, place, digest):
        """Prepare and commit, whatever it is and whatever was voted for before; once to everybody."""
        if (view, place, digest) not in self.voted:
            self.voted[view, place, digest] = True
            for kind in (PREPARE, COMMIT):
                self.cluster.sign(self.me, (kind, view, place, digest))
                self.cluster.broadcast(self.me, (kind, view, place, digest))


class _Crashing(Replica):
    """Correct as long as it runs; `correct` says that nothing is promised for it."""

    correct, stops = False, 0.0

    def receive(self, sender, message):
        if self.network.now < self.stops:
            super().receive(sender, message)

    def execute(self):
        waiting = self.cluster.waiting
        super().execute()
        self.cluster.waiting = waiting  # nobody waits for it


class _Equivocating(_Faulty):
    second = None

    def __init__(self, cluster, me):
        super().__init__(cluster, me)
        self.voted = {}

    def receive(self, sender, message):
        if message[0] in (PRE_PREPARE, PREPARE, COMMIT):
            self.vote_for(*message[1:])
        super().receive(sender, message)

    def pre_prepare(self, place, digest):
        other = next((wanted for wanted in self.pending if wanted != digest), NULL)
        parts = ([], [])
        for receiver in self.cluster.others[self.me]:
            toss = self.network.uniform() < 0.5 if self.second is None else receiver in self.second
            parts[toss].append(receiver)
        for receivers, said in zip(parts, (digest, other)):
            self.cluster.sign(self.me, (PREPARE, self.view, place, said))
            self.cluster.send(self.me, tuple(receivers), (PRE_PREPARE, self.view, place, said))
        for said in (digest, other):
            self.vote_for(self.view, place, said)
        self.accepted[self.view, place] = digest

    def certificates(self):
        return ()


class _LyingLeader(_Faulty):
    lie = "after"

    def __init__(self, cluster, me):
        super().__init__(cluster, me)
        self.voted = {}

    def announce(self, statements):
        proposals = self.decide(statements)
        if self.lie == "proof":
            self.open_view(self.view, statements, self._others(proposals))
            return
        self.open_view(self.view, statements, proposals)
        for place, digest in self._others(proposals):
            self.cluster.sign(self.me, (PREPARE, self.view, place, digest))
            self.cluster.broadcast(self.me, (PRE_PREPARE, self.view, place, digest))
            self.vote_for(self.view, place, digest)

    def _others(self, proposals):
        """For each place a digest that is not the one asked for: another signed request, or none."""
        wanted = [*self.cluster.requests, NULL]
        return tuple((place, next(d for d in wanted if d != digest)) for place, digest in proposals)


class _Forging(_Faulty):
    def receive(self, sender, message):
        super().receive(sender, message)
        if self.active and message[0] != STATUS:
            self.ask_for_view(self.view + 1)

    def certificates(self):
        signers = (1 << self.cluster.n) - 1
        made_up = (NULL, *self.cluster.requests)[self.me % 2 :]
        return tuple((place, self.view - 1, digest, signers) for place, digest in enumerate(made_up, 1))
