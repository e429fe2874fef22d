"""One replica in the usual case: the leader proposes, all prepare, all commit, each executes in order.

A replica moves on by counting signers. Votes are kept by (view, place, digest) as one whole number, a bit a signer: nothing
here walks over a set, and counting is one instruction.
"""

from tefoundations.ledger.consensus.pbft.catch_up import CatchUp
from tefoundations.ledger.consensus.pbft.cluster import CLIENT, COMMIT, NULL, PRE_PREPARE, PREPARE, TICK
from tefoundations.ledger.consensus.pbft.view_change import ViewChange

WINDOW = 200  # places beyond the last executed one that may be in work


class Replica(ViewChange, CatchUp):
    """A correct replica; `me` is its number."""

    correct = True

    def __init__(self, cluster, me):
        self.cluster, self.network, self.me, self.bit = cluster, cluster.network, me, 1 << me
        self.quorum, self.f, self.leader = cluster.quorum, cluster.f, cluster.leader
        self.view, self.active = 0, True
        self.pending = {}  # digest -> when it came; requests not yet executed, the oldest first
        self.accepted = {}  # (view, place) -> digest: the one proposal of that leader for that place
        self.early = {}  # (view, place) -> digest: proposals for a view not yet entered
        self.prepares, self.commits = {}, {}  # (view, place, digest) -> signers
        self.prepared = {}  # place -> (view, digest, signers): the latest prepared certificate
        self.committed = {}  # place -> (view, digest, signers): a commit certificate
        self.executed, self.done = 0, {}  # last place executed; digest -> place of its execution
        self.log, self.order = [], []  # what was decided, place by place from 1; what was executed, in order
        self.next_place, self.proposed = 1, {}  # of a leader
        self.set_up_view_change()
        self.handlers = (
            self.on_request, self.on_pre_prepare, self.on_prepare, self.on_commit, self.on_view_change, self.on_new_view,
            self.on_status, self.on_certificate, self.on_tick, self.on_timer,
        )  # fmt: skip
        self.network.at(cluster.retransmit, me, (TICK,))

    def receive(self, sender, message):
        self.handlers[message[0]](sender, message)

    # the client and the leader

    def on_request(self, sender, message):
        digest = message[1]
        if sender != CLIENT or digest in self.done or digest in self.pending:
            return
        self.pending[digest] = self.network.now
        if self.active:
            if self.deadline is None:
                self.timed = digest
                self.start_timer()
            if self.leader(self.view) == self.me:
                self.propose()

    def propose(self):
        """As the leader: give every pending request the next place."""
        for digest in list(self.pending):
            if self.next_place > self.executed + WINDOW:
                return
            if digest not in self.proposed:
                place, self.next_place = self.next_place, self.next_place + 1
                self.proposed[digest] = place
                self.pre_prepare(place, digest)

    def pre_prepare(self, place, digest):
        self.cluster.sign(self.me, (PREPARE, self.view, place, digest))  # the leader's proposal is its prepare vote
        self.cluster.broadcast(self.me, (PRE_PREPARE, self.view, place, digest))
        self.accept(self.view, place, digest)

    # three phases

    def on_pre_prepare(self, sender, message):
        _, view, place, digest = message
        if sender != self.leader(view):
            return
        if view > self.view or (view == self.view and not self.active):
            self.early.setdefault((view, place), digest)
        elif view == self.view and self.may_accept(view, place, digest):
            self.accept(view, place, digest)

    def may_accept(self, view, place, digest):
        """Only one proposal a view and place, only signed requests, only near by, and never against a certificate."""
        return (
            self.is_free(view, place)
            and self.is_signed_request(digest)
            and 0 < place <= self.executed + 2 * WINDOW
            and self.committed.get(place, (0, digest))[1] == digest
        )

    def is_free(self, view, place):
        return (view, place) not in self.accepted

    def is_signed_request(self, digest):
        return digest == NULL or digest in self.cluster.requests

    def accept(self, view, place, digest):
        self.accepted[view, place] = digest
        key, leader = (view, place, digest), self.leader(view)
        self.prepares[key] = self.prepares.get(key, 0) | self.bit | 1 << leader
        if self.me != leader:
            message = (PREPARE, view, place, digest)
            self.cluster.sign(self.me, message)
            self.cluster.broadcast(self.me, message)
        self.check_prepared(view, place, digest)

    def on_prepare(self, sender, message):
        _, view, place, digest = message
        key = (view, place, digest)
        signers = self.prepares[key] = self.prepares.get(key, 0) | 1 << sender
        if signers.bit_count() >= self.quorum and self.votes_in(view):
            self.check_prepared(view, place, digest)

    def votes_in(self, view):
        """Whether this replica takes part in a view: not after it has asked for a later one."""
        return view == self.view and self.active

    def check_prepared(self, view, place, digest):
        """With a proposal and a quorum behind it, vote to commit: no other digest can be prepared here in this view."""
        signers = self.prepares[view, place, digest]
        if signers.bit_count() < self.quorum or self.accepted.get((view, place)) != digest:
            return
        known = self.prepared.get(place)
        if known is not None and known[0] >= view:
            return
        self.prepared[place] = (view, digest, signers)
        message = (COMMIT, view, place, digest)
        self.cluster.sign(self.me, message)
        self.cluster.broadcast(self.me, message)
        self.on_commit(self.me, message)

    def on_commit(self, sender, message):
        """A quorum of commits is a certificate: it stays true in every later view."""
        _, view, place, digest = message
        key = (view, place, digest)
        signers = self.commits[key] = self.commits.get(key, 0) | 1 << sender
        if signers.bit_count() >= self.quorum and place not in self.committed:
            self.commit(place, view, digest, signers)

    def commit(self, place, view, digest, signers):
        self.committed[place] = (view, digest, signers)
        self.execute()

    # execution

    def execute(self):
        """Execute what is committed, in the order of places, each request once."""
        progress = False
        while self.executed + 1 in self.committed:
            self.executed += 1
            digest = self.committed[self.executed][1]
            self.log.append(digest)
            if self.is_due(digest):
                self.done[digest] = self.executed
                self.order.append(digest)
                self.pending.pop(digest, None)
                self.cluster.execution(self.me, digest)
                progress = True
        if progress:
            self.note_progress()
            if self.active and self.leader(self.view) == self.me:
                self.propose()

    def is_due(self, digest):
        return digest != NULL and digest not in self.done
