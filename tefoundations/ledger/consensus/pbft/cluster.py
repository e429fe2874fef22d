"""What the replicas of one run share: the links, the rules of counting, and who has signed what."""

from tefoundations.ledger.primitives.bytes import tagged_hash

REQUEST, PRE_PREPARE, PREPARE, COMMIT, VIEW_CHANGE, NEW_VIEW, STATUS, CERTIFICATE, TICK, TIMER = range(10)
KINDS = ("request", "pre-prepare", "prepare", "commit", "view-change", "new-view", "status", "certificate")
NULL = bytes(32)  # the request that does nothing and fills a gap
CLIENT = -1


class Cluster:
    """Signatures are ideal here: a statement counts as signed by a replica if, and only if, that replica has signed it.

    Statements are the messages themselves; `signed` maps each to the replicas behind it, one bit a replica. So a certificate
    can be checked by anybody and made up by nobody, which is what real signatures are for, at no cost in time.
    """

    def __init__(self, network, n, f, requests, timeout, retransmit):
        self.network, self.n, self.f = network, n, f
        self.quorum = (n + f) // 2 + 1
        self.requests = requests  # digest -> number of the request: what clients have signed
        self.timeout, self.retransmit = timeout, retransmit
        self.others = [tuple(other for other in range(n) if other != me) for me in range(n)]
        self.signed, self.sent = {}, [0] * len(KINDS)
        self.waiting = 0  # executions still to come at correct replicas
        self.executed_at = {}  # (replica, digest) -> time

    def leader(self, view):
        return view % self.n

    def sign(self, who, statement):
        self.signed[statement] = self.signed.get(statement, 0) | 1 << who

    def is_signed(self, statement, signers):
        """Whether all of these replicas have signed a statement."""
        return self.signed.get(statement, 0) & signers == signers

    def broadcast(self, me, message):
        self.sent[message[0]] += self.n - 1
        self.network.broadcast(me, self.others[me], message)

    def send(self, me, receivers, message):
        self.sent[message[0]] += len(receivers)
        self.network.broadcast(me, receivers, message)

    def execution(self, replica, digest):
        """A correct replica has executed a request for the first time."""
        self.waiting -= 1
        self.executed_at[replica, digest] = self.network.now

    @property
    def done(self):
        return self.waiting <= 0


def request_digest(number, payload):
    """Digest of one request, its number in it, as clients number what they send: the same payload twice is two requests."""
    return tagged_hash("request", number.to_bytes(8, "big") + payload)
