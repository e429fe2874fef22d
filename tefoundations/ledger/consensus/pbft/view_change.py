"""A leader that does not lead is replaced, and what was committed under it stays.

A replica that has waited too long stops voting in its view and says what it has *prepared*, with the certificates. The next
leader gathers a quorum of such statements. What was committed anywhere was prepared by a quorum, two quorums share a correct
replica, so at least one statement shows it. From the statements follows what the new view must propose for every place:
the digest of the latest certificate, or the null request. Everybody computes it anew and refuses a leader that differs.
"""

from tefoundations.ledger.consensus.pbft.cluster import NEW_VIEW, NULL, PREPARE, TIMER, VIEW_CHANGE

DOUBLINGS = 20  # most times a timer is doubled


class ViewChange:
    """The part of a replica that changes views."""

    def set_up_view_change(self):
        self.backoff = 0  # views entered since the last progress
        self.deadline = self.alarm = None  # when patience ends; when the queue wakes this replica
        self.timed = None  # the request the timer runs for: the oldest one
        self.statements = {}  # replica -> (view, certificates): its latest view-change message
        self.new_view = None  # the message that opened this view

    # patience

    def start_timer(self):
        self.deadline = self.network.now + self.cluster.timeout * 2 ** min(self.backoff, DOUBLINGS)
        if self.alarm is None or self.deadline < self.alarm:
            self.alarm = self.deadline
            self.network.at(self.deadline, self.me, (TIMER,))

    def on_timer(self, sender, message):
        if self.cluster.done:
            return
        if self.alarm is not None and self.network.now >= self.alarm:
            self.alarm = None
        if self.deadline is None:
            return
        if self.network.now >= self.deadline:
            self.ask_for_view(self.view + 1)
        elif self.alarm is None:
            self.alarm = self.deadline
            self.network.at(self.deadline, self.me, (TIMER,))

    def note_progress(self):
        """Something was executed. The timer is that of the oldest request, so that no leader can pass one over for ever."""
        self.backoff = 0
        oldest = next(iter(self.pending), None)
        if self.active and oldest != self.timed:
            self.timed, self.deadline = oldest, None
            if oldest is not None:
                self.start_timer()

    # asking for a new leader

    def ask_for_view(self, view):
        self.view, self.active, self.deadline = view, False, None
        self.backoff += 1
        message = (VIEW_CHANGE, view, self.certificates())
        self.cluster.sign(self.me, message)
        self.statements[self.me] = message[1:]
        self.cluster.broadcast(self.me, message)
        self.count_statements()

    def certificates(self):
        """What this replica has prepared, place by place: (place, view, digest, signers)."""
        return tuple((place, *self.prepared[place]) for place in sorted(self.prepared))

    def on_view_change(self, sender, message):
        _, view, certificates = message
        if view < self.view or view <= self.statements.get(sender, (-1,))[0] or not self.are_valid(view, certificates):
            return
        self.statements[sender] = (view, certificates)
        self.join()
        self.count_statements()

    def join(self):
        """With f + 1 replicas ahead one of them is correct: go along at once, with the least of their views."""
        ahead = sorted(view for view, _ in self.statements.values() if view > self.view)
        if len(ahead) >= self.f + 1:
            self.ask_for_view(ahead[0])

    def count_statements(self):
        if self.active:
            return
        if self.deadline is None and self.may_start_timer():
            self.start_timer()
        if self.leader(self.view) == self.me:
            here = [
                (who, self.statements[who][1]) for who in sorted(self.statements) if self.statements[who][0] == self.view
            ]
            if len(here) >= self.quorum:
                self.announce(tuple(here[: self.quorum]))

    def may_start_timer(self):
        """Only when a quorum is here or further on. Earlier, whoever was cut off would run ahead, and nobody catch up."""
        return sum(view >= self.view for view, _ in self.statements.values()) >= self.quorum

    # certificates

    def are_valid(self, view, certificates):
        return all(before < view and self.is_certificate(place, before, digest, signers)
                   for place, before, digest, signers in certificates)  # fmt: skip

    def is_certificate(self, place, view, digest, signers):
        return signers.bit_count() >= self.quorum and self.cluster.is_signed((PREPARE, view, place, digest), signers)

    @staticmethod
    def decide(statements):
        """What a new view proposes again, from the statements of a quorum: ((place, digest), ...), without gaps."""
        latest = {}
        for _, certificates in statements:
            for place, view, digest, _ in certificates:
                if place not in latest or (view, digest) > latest[place]:
                    latest[place] = (view, digest)
        return tuple((place, latest.get(place, (0, NULL))[1]) for place in range(1, max(latest, default=0) + 1))

    # the new view

    def announce(self, statements):
        self.open_view(self.view, statements, self.decide(statements))

    def open_view(self, view, statements, proposals):
        message = (NEW_VIEW, view, statements, proposals)
        self.cluster.sign(self.me, message)
        for place, digest in proposals:
            self.cluster.sign(self.me, (PREPARE, view, place, digest))
        self.cluster.broadcast(self.me, message)
        self.enter(message)

    def on_new_view(self, sender, message):
        """Anybody may pass it on: the leader has signed it."""
        _, view, statements, proposals = message
        if view < self.view or (view == self.view and self.active):
            return
        if self.cluster.is_signed(message, 1 << self.leader(view)) and self.is_proof(view, statements, proposals):
            self.enter(message)

    def is_proof(self, view, statements, proposals):
        who = [replica for replica, _ in statements]
        return (
            len(who) >= self.quorum
            and who == sorted(set(who))
            and all(self.cluster.is_signed((VIEW_CHANGE, view, certs), 1 << replica) for replica, certs in statements)
            and all(self.are_valid(view, certs) for _, certs in statements)
            and self.decide(statements) == proposals
        )

    def enter(self, message):
        _, view, _, proposals = message
        self.view, self.active, self.deadline, self.new_view = view, True, None, message
        for place, digest in proposals:
            self.accept(view, place, digest)
        self.proposed = {digest: place for place, digest in proposals}
        self.next_place = len(proposals) + 1
        for (early, place), digest in sorted(self.early.items()):
            if early == view and self.may_accept(view, place, digest):
                self.accept(view, place, digest)
        self.early = {key: digest for key, digest in self.early.items() if key[0] > view}
        if self.pending:
            self.timed = next(iter(self.pending))
            self.start_timer()
        if self.leader(view) == self.me:
            self.propose()
