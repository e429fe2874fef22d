"""Messages may be lost before the network settles: who waits says where it stands, and the others send what it lacks."""

from tefoundations.ledger.consensus.pbft.cluster import (
    CERTIFICATE,
    COMMIT,
    PRE_PREPARE,
    PREPARE,
    STATUS,
    TICK,
    VIEW_CHANGE,
)

AT_ONCE = 50  # certificates sent in answer to one status


class CatchUp:
    """The part of a replica that asks for what it missed, and answers those who ask."""

    def on_tick(self, sender, message):
        if self.cluster.done:
            return
        now, interval = self.network.now, self.cluster.retransmit
        waits = self.pending and now - next(iter(self.pending.values())) >= interval
        if waits or not self.active:
            self.ask()
        self.network.at(now + interval, self.me, (TICK,))

    def ask(self):
        self.cluster.broadcast(self.me, (STATUS, self.view, self.active, self.executed))

    def on_status(self, sender, message):
        _, view, active, executed = message
        self.send_certificates(sender, executed)
        if view < self.view or (view == self.view and not active):
            if self.me in self.statements and self.statements[self.me][0] == self.view:
                self.cluster.send(self.me, (sender,), (VIEW_CHANGE, *self.statements[self.me]))
            if self.active and self.new_view is not None:
                self.cluster.send(self.me, (sender,), self.new_view)
        elif view == self.view and self.active:
            self.send_votes(sender, executed)

    def send_certificates(self, sender, executed):
        """A quorum of commits needs no vote of the laggard: it is proof enough."""
        for place in range(executed + 1, min(self.executed, executed + AT_ONCE) + 1):
            self.cluster.send(self.me, (sender,), (CERTIFICATE, place, *self.committed[place]))

    def on_certificate(self, sender, message):
        _, place, view, digest, signers = message
        enough = signers.bit_count() >= self.quorum and self.cluster.is_signed((COMMIT, view, place, digest), signers)
        if enough and place not in self.committed:
            self.commit(place, view, digest, signers)

    def send_votes(self, sender, executed):
        place, view = max(executed, self.executed) + 1, self.view
        while (view, place) in self.accepted:
            digest = self.accepted[view, place]
            kind = PRE_PREPARE if self.leader(view) == self.me else PREPARE
            self.cluster.send(self.me, (sender,), (kind, view, place, digest))
            if self.prepared.get(place, (-1,))[0] == view:
                self.cluster.send(self.me, (sender,), (COMMIT, view, place, digest))
            place += 1
