"""PBFT: its promises over thousands of seeded runs, its messages, and what happens when a third is faulty."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger.consensus import Crash, Equivocate, Forge, LieAsNewLeader, Partition, WithholdCommits, pbft

SIZES = [3 * f + extra for f in (1, 2, 3) for extra in (1, 2, 3)]
RUNS = 400  # for each size


@pytest.mark.parametrize("n, count", [(4, 24), (7, 84), (10, 180)])
def test_messages_of_a_request(n, count):
    run = pbft.simulate(list(range(20)), n, rng=n)
    assert run.complete and run.sent == 20 * count == 20 * pbft.messages_per_request(n)
    assert run.messages == {"pre-prepare": 20 * (n - 1), "prepare": 20 * (n - 1) ** 2, "commit": 20 * n * (n - 1)}


def test_any_two_quorums_share_a_correct_replica_and_the_correct_ones_are_a_quorum():
    for n in range(1, 100):
        for f in range(n):
            q = pbft.quorum(n, f)
            assert 2 * q - n >= f + 1 and 2 * (q - 1) - n < f + 1  # enough, and not one too many
            assert (q <= n - f) == (n >= 3 * f + 1)
    assert all(pbft.quorum(3 * f + 1) == 2 * f + 1 for f in range(30))


def drawn(n, seed):
    """One run with as many faulty replicas as `n` can bear, on a network that settles late or at once."""
    rng = np.random.default_rng([n, seed])
    f = pbft.most_faulty(n)
    kinds = [Crash(at=float(rng.uniform(0, 30))), Equivocate(), LieAsNewLeader("proof"), LieAsNewLeader("after"), Forge()]
    who = rng.permutation(n)[:f] if rng.random() < 0.4 else range(f)  # the first leaders are the worst
    faulty = {int(replica): kinds[rng.integers(len(kinds))] for replica in who}
    gst, hostile = float(rng.choice([0, 20, 60])), rng.random() < 0.5
    spared, lost = (int(rng.integers(n)),), bool(rng.random() < 0.5)
    halves = rng.permutation(n).tolist()
    split = [Partition(0.0, gst, (tuple(halves[: n // 2]), tuple(halves[n // 2 :])))] if gst and rng.random() < 0.3 else []
    return pbft.simulate(
        list(range(int(rng.integers(1, 7)))), n, rng=rng, spacing=float(rng.choice([0, 1, 5])), faulty=faulty, gst=gst,
        loss=float(rng.choice([0, 0.2, 0.7])), schedule=WithholdCommits(gst, spared, lost) if gst and hostile else None,
        partitions=split,
    )  # fmt: skip


@pytest.mark.parametrize("n", SIZES)
def test_safe_always_and_live_once_the_network_settles(n):
    changed = late = 0
    for seed in range(RUNS):
        run = drawn(n, seed)
        assert run.violations() == () and run.complete, (n, seed, run.explain())
        changed += max(run.views) > 0
        late += run.time > 60
    assert changed > RUNS / 4 and late > RUNS / 10  # the runs were no walk in the park


def test_a_third_of_equivocators_breaks_agreement():
    faulty = {0: Equivocate(), 1: Equivocate()}
    runs = [pbft.simulate(list(range(4)), 4, rng=seed, faulty=faulty, spacing=1, until=300) for seed in range(100)]
    broken = sum(not run.agreement for run in runs)
    assert broken > 50
    one = [pbft.simulate(list(range(4)), 4, rng=seed, faulty={0: Equivocate()}, spacing=1) for seed in range(100)]
    assert all(run.violations() == () and run.complete for run in one)


def test_a_third_of_crashes_stops_and_stays_safe():
    for n, f in ((4, 2), (7, 3), (6, 3)):
        for seed in range(10):
            run = pbft.simulate(["a", "b"], n, rng=seed, faulty={k: Crash() for k in range(f)}, until=300)
            assert run.violations() == () and not any(run.orders)


def test_replicas_that_were_cut_off_catch_up():
    cut = [Partition(0.0, 80.0, ((0, 1, 2), (3,)))]
    run = pbft.simulate(list(range(10)), 4, rng=1, partitions=cut, loss=0.0, spacing=2)
    assert run.complete and run.violations() == () and run.messages["certificate"] > 0


def test_one_replica_needs_nobody_and_no_request_is_no_run():
    assert pbft.simulate(["a"], 1, rng=1).sent == 0 and pbft.simulate(["a"], 1, rng=1).complete
    nothing = pbft.simulate([], 4, rng=1)
    assert nothing.complete and nothing.sent == 0 and "0 messages" in nothing.explain()


def test_equal_payloads_are_two_requests():
    assert pbft.simulate([b"same", b"same"], 4, rng=1).orders[0] in ((0, 1), (1, 0))


def test_a_run_can_be_read():
    run = pbft.simulate(["a", "b"], 4, rng=1, faulty={0: Crash()})
    table = run.to_frame()
    assert list(table.columns) == ["replica", "place", "request"]
    assert table.loc[table["replica"] == 3, "place"].tolist() == [1, 2]
    assert "made for 1 faulty: 0." in run.explain() and "1 view change;" in run.explain()
    stopped = pbft.simulate(["a"], 4, rng=1, faulty={0: Crash(), 1: Crash()}, until=100)
    assert "one executed only 0" in stopped.explain() and "never" in stopped.explain()


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"requests": "abc"}, "requests must be a sequence"), ({"requests": ["a", 0.5]}, "requests, row 1: 0.5 is a float"),
        ({"n": 0}, "n 0"), ({"f": -1}, "f -1"), ({"f": 4}, "f 4 must be below n 4"), ({"spacing": -1}, "spacing -1"),
        ({"faulty": {4: Crash()}}, "no replica 4 among 4"), ({"faulty": {0: "crash"}}, "replica 0: 'crash' is no adversary"),
        ({"faulty": dict.fromkeys(range(4), Crash())}, "at least one replica"), ({"faulty": {0: Crash(at=-1)}}, "at -1"),
        ({"timeout": 0}, "timeout 0"), ({"rng": None}, "rng None"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        pbft.simulate(**{"requests": ["a"], "n": 4, "rng": 1} | wrong)


def test_there_are_two_lies():
    with pytest.raises(InvalidInput, match="lie 'white'"):
        LieAsNewLeader("white")
