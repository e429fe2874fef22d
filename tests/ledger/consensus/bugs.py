"""Deliberate bugs: replicas that lack one rule each, and for each a scripted scenario that must tell them from correct ones.

Random faults alone miss about half of these. At n = 4 a simple majority is the quorum, so that scenario has n = 7.
"""

import math

from tefoundations.ledger.consensus import pbft
from tefoundations.ledger.consensus.pbft.adversaries import Crash, Equivocate, Forge, LieAsNewLeader, _Equivocating
from tefoundations.ledger.consensus.pbft.cluster import CERTIFICATE, COMMIT, NULL, PRE_PREPARE, PREPARE, VIEW_CHANGE
from tefoundations.ledger.consensus.pbft.replica import Replica

# Replicas with one rule missing


class SimpleMajority(Replica):
    def __init__(self, cluster, me):
        super().__init__(cluster, me)
        self.quorum = cluster.n // 2 + 1


class TwoFPlusOne(Replica):
    def __init__(self, cluster, me):
        super().__init__(cluster, me)
        self.quorum = 2 * cluster.f + 1


class TakesEveryProposal(Replica):
    def is_free(self, view, place):
        return True

    def check_prepared(self, view, place, digest):
        message = (COMMIT, view, place, digest)
        if self.prepares[message[1:]].bit_count() >= self.quorum and not self.cluster.is_signed(message, self.bit):
            self.cluster.sign(self.me, message)
            self.cluster.broadcast(self.me, message)
            self.on_commit(self.me, message)


class CountsAnyDigest(Replica):
    def on_prepare(self, sender, message):
        super().on_prepare(sender, (*message[:3], self.accepted.get(message[1:3], message[3])))

    def on_commit(self, sender, message):
        super().on_commit(sender, (*message[:3], self.accepted.get(message[1:3], message[3])))


class BelievesInvention(Replica):
    def is_signed_request(self, digest):
        return True


class ExecutesAgain(Replica):
    def is_due(self, digest):
        return digest != NULL


class ExecutesAtOnce(Replica):
    def commit(self, place, view, digest, signers):
        self.committed[place] = (view, digest, signers)
        if digest not in self.done:
            self.done[digest] = place
            self.log.append(digest)
            self.order.append(digest)
            self.pending.pop(digest, None)
            self.cluster.execution(self.me, digest)


class ForgetsPrepared(Replica):
    def certificates(self):
        return ()


class TakesEarliestCertificate(Replica):
    @staticmethod
    def decide(statements):
        first = {}
        for _, certificates in statements:
            for place, view, digest, _ in certificates:
                first[place] = min(first.get(place, (view, digest)), (view, digest))
        return tuple((place, first.get(place, (0, NULL))[1]) for place in range(1, max(first, default=0) + 1))


class LeavesGaps(Replica):
    @staticmethod
    def decide(statements):
        return tuple((place, digest) for place, digest in Replica.decide(statements) if digest != NULL)


class BelievesCertificates(Replica):
    def is_certificate(self, place, view, digest, signers):
        return True


class BelievesNewLeader(Replica):
    def is_proof(self, view, statements, proposals):
        return super().is_proof(view, statements, self.decide(statements))


class ForgetsNewView(Replica):
    def is_free(self, view, place):
        proposals = () if self.new_view is None else self.new_view[3]
        return super().is_free(view, place) or place in [again for again, _ in proposals]


class VotesInOldViews(Replica):
    def votes_in(self, view):
        return True


class NeverJoins(Replica):
    def join(self):
        pass


class StartsTimerAtOnce(Replica):
    def may_start_timer(self):
        return True


class NeverDoubles(Replica):
    def start_timer(self):
        self.backoff = 0
        super().start_timer()


class ForgivesAnyProgress(Replica):
    def note_progress(self):
        self.timed = None
        super().note_progress()


class NeverAsks(Replica):
    def ask(self):
        pass


class KeepsCertificates(Replica):
    def send_certificates(self, sender, executed):
        pass


# Faulty leaders that only one scenario needs


def _adversary(name, **methods):
    made = type(name, (_Equivocating,), {"certificates": Replica.certificates, **methods})
    return type(name, (), {"replica": staticmethod(made)})()


def _propose_two(self, place, digest):
    for said in (digest, next((wanted for wanted in self.pending if wanted != digest), NULL)):
        self.cluster.broadcast(self.me, (PRE_PREPARE, self.view, place, said))
        self.vote_for(self.view, place, said)


def _propose_twice(self, place, digest):
    self.next_place = place + 2
    for again in (place, place + 1):
        Replica.pre_prepare(self, again, digest)


def _invent(self, place, digest):
    Replica.pre_prepare(self, place, b"nobody has ever signed this one.")


def _pass_over_the_first(self):
    self.proposed |= {digest: 0 for digest, number in self.cluster.requests.items() if number == 0}
    Replica.propose(self)


CENSOR = _adversary(
    "Censor", propose=_pass_over_the_first, pre_prepare=Replica.pre_prepare, receive=Replica.receive,
    start_timer=lambda self: None,
)  # fmt: skip


class Script:
    """A network by script: `rule(now, sender, receiver, kind, view, place)` gives a delay, or None for the usual."""

    def __init__(self, until, rule):
        self.until, self.rule = until, rule

    def __call__(self, now, sender, receiver, message):
        view = message[1] if len(message) > 1 else None
        place = message[2] if message[0] in (PRE_PREPARE, PREPARE, COMMIT) else None
        return self.rule(now, sender, receiver, message[0], view, place) if now < self.until else None


def _two_views(now, sender, receiver, kind, view, place):
    """Only 3 prepares in view 0; its word is late for view 1, where only 2 executes; replica 0's is late for view 2."""
    if kind == PREPARE and receiver == 3:
        return None if view == 0 else math.inf
    if (kind, view) == (PREPARE, 0) or (kind, sender, view) in ((VIEW_CHANGE, 3, 1), (VIEW_CHANGE, 0, 2)):
        return math.inf
    return math.inf if kind == CERTIFICATE or (kind == COMMIT and view < 2 and receiver != 2) else None


def _only_two_executes(now, sender, receiver, kind, view, place):
    """Commits of view 0 reach only 2, and its certificates nobody."""
    return math.inf if kind == CERTIFICATE or ((kind, view) == (COMMIT, 0) and receiver != 2) else None


def _old_votes(now, sender, receiver, kind, view, place):
    """Prepares of view 0 come when view 1 has begun; their commits reach only 3, before the prepares of view 1."""
    if kind == PREPARE and view in (0, 1):
        return max({0: 16, 1: 20}[view] - now, 0.1)
    if kind == COMMIT:
        return 0.5 if (view == 0) == (receiver == 3) else 60 - now
    return None


def _cut_off(who):
    return lambda now, sender, receiver, kind, view, place: math.inf if who in (sender, receiver) else None


def _no_first(now, sender, receiver, kind, view, place):
    return math.inf if (kind, view, place) == (PRE_PREPARE, 0, 1) else None


def _scenario(requests=2, seeds=1, **options):
    def run(replica):
        return [pbft.simulate(list(range(requests)), rng=seed, replica=replica, **options) for seed in range(seeds)]

    # A request that a faulty client keeps from all but f correct replicas is promised to nobody.
    run.promised = [k for k in range(requests) if len(options.get("reach", {}).get(k, range(4))) > 1]
    return run


def faults(scenario, replica):
    """What goes wrong in a scenario: names of broken promises, `liveness` among them."""
    found = []
    for outcome in scenario(replica):
        found += outcome.violations()
        executed = [outcome.orders[who] for who in outcome.correct]
        found += ["liveness"] * any(request not in order for order in executed for request in scenario.promised)
    return sorted(dict.fromkeys(found))


HELD = {"schedule": Script(40, _only_two_executes)}
SCENARIOS = {
    SimpleMajority: _scenario(n=7, faulty={0: Equivocate((3, 4, 5)), 6: Equivocate()}),
    TwoFPlusOne: _scenario(n=6, seeds=10, faulty={0: Equivocate((3, 4, 5))}),
    TakesEveryProposal: _scenario(n=4, seeds=10, faulty={0: _adversary("Two", pre_prepare=_propose_two)}),
    CountsAnyDigest: _scenario(n=4, faulty={0: Equivocate((3,))}),
    BelievesInvention: _scenario(n=4, faulty={0: _adversary("Inventor", pre_prepare=_invent)}),
    ExecutesAgain: _scenario(n=4, faulty={0: _adversary("Twice", pre_prepare=_propose_twice)}),
    ExecutesAtOnce: _scenario(6, n=4),
    ForgetsPrepared: _scenario(4, n=4, seeds=10, **HELD),
    TakesEarliestCertificate: _scenario(n=4, reach={0: (0,)}, spacing=3, schedule=Script(70, _two_views)),
    LeavesGaps: _scenario(n=4, schedule=Script(200, _no_first), until=400),
    BelievesCertificates: _scenario(4, n=4, seeds=10, faulty={3: Forge()}, **HELD),
    BelievesNewLeader: _scenario(n=4, seeds=10, faulty={1: LieAsNewLeader("proof")}, **HELD),
    ForgetsNewView: _scenario(4, n=7, seeds=10, faulty={1: LieAsNewLeader("after"), 6: Equivocate()}, **HELD),
    VotesInOldViews: _scenario(n=4, reach={0: (0,)}, spacing=3, schedule=Script(60, _old_votes)),
    NeverJoins: _scenario(1, n=4, reach={0: (1, 2)}, faulty={0: Crash()}, until=500),
    StartsTimerAtOnce: _scenario(
        n=4, reach={0: (2,)}, spacing=1300, faulty={3: Crash()}, schedule=Script(1290, _cut_off(2)), until=1600
    ),
    NeverDoubles: _scenario(n=4, timeout=0.15, until=300),
    ForgivesAnyProgress: _scenario(40, n=4, spacing=3, faulty={0: CENSOR}, until=125),
    NeverAsks: _scenario(n=4, gst=30, loss=1.0, until=500),
    KeepsCertificates: _scenario(n=4, schedule=Script(50, _cut_off(3)), until=500),
}
# What each breaks: a promise of safety, or liveness only.
BREAKS = dict.fromkeys(SCENARIOS, "agreement") | {
    BelievesInvention: "validity", ExecutesAgain: "integrity", ExecutesAtOnce: "total order",
}  # fmt: skip
ONLY_LIVENESS = (
    LeavesGaps, NeverJoins, StartsTimerAtOnce, NeverDoubles, ForgivesAnyProgress, NeverAsks, KeepsCertificates,
)  # fmt: skip
BREAKS |= dict.fromkeys(ONLY_LIVENESS, "liveness")
