"""Proof of authority: turns, the rule of one block in floor(N/2) + 1, and forks under partition."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger.consensus import Partition, proof_of_authority


def test_signers_take_turns():
    run = proof_of_authority.simulate(list(range(20)), 5, rng=1, spacing=2)
    assert run.stale == 0 and run.safe and run.agreement
    assert all(b.producer == b.seal % 5 and b.weight == 2 and b.time == b.seal * 5000 for b in run.chains[0][1:])


def test_others_step_in_for_silent_ones():
    run = proof_of_authority.simulate(list(range(20)), 5, rng=1, spacing=2, silent=(1, 3))
    assert all(t == t for t in run.latency) and {b.producer for b in run.chains[0][1:]} == {0, 2, 4}
    assert {b.weight for b in run.chains[0][1:]} == {1, 2}
    stopped = proof_of_authority.simulate(["a"], 5, rng=1, silent=(0, 1, 3), until=500)
    assert stopped.made <= 2 and stopped.final_at[0] != stopped.final_at[0]  # two of five may sign two blocks and no more


def runs(count=60, **more):
    """Random partitions of N signers into two groups."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(3, 9))
        order = rng.permutation(n).tolist()
        k = int(rng.integers(1, n))
        split = Partition(float(rng.uniform(0, 20)), float(rng.uniform(40, 120)), (tuple(order[:k]), tuple(order[k:])))
        yield (
            n,
            k,
            proof_of_authority.simulate(list(range(10)), n, rng=rng, spacing=3, partitions=[split], until=300, **more),
        )


def test_no_signer_signs_twice_within_half_of_them():
    for n, _, run in runs():
        for chain in run.chains:
            for height in range(1, len(chain)):
                recent = [b.producer for b in chain[max(1, height - n // 2) : height]]
                assert chain[height].producer not in recent


def test_a_partition_forks_the_chain_but_undoes_nothing_final_if_all_are_honest():
    forked = 0
    for n, _, run in runs():
        assert run.safe and run.deepest <= n // 2 + 1, run.explain()
        forked += run.deepest > 0
    assert forked > 10


def test_one_dishonest_signer_on_both_sides_breaks_finality():
    split = Partition(12, 60, ((0, 1, 2), (5, 3, 4)))
    run = proof_of_authority.simulate(list(range(20)), 5, rng=1, spacing=2, twins=(0,), partitions=[split])
    assert not run.safe and run.deepest > 3
    split = Partition(12, 60, ((0, 1, 2), (3, 4)))
    honest = proof_of_authority.simulate(list(range(20)), 5, rng=1, spacing=2, partitions=[split])
    assert honest.safe and honest.deepest == 2


def test_halves_of_an_even_number_block_each_other_for_good():
    """Both sides sign all they may, both branches weigh the same, and nobody may sign on its own any more."""
    split = Partition(12, 60, ((0, 1), (2, 3)))
    run = proof_of_authority.simulate(list(range(20)), 4, rng=1, spacing=2, partitions=[split], until=5000)
    assert run.safe and not run.agreement and max(b.seal for chain in run.chains for b in chain) < 15
    odd = proof_of_authority.simulate(
        list(range(20)), 5, rng=1, spacing=2, partitions=[Partition(12, 60, ((0, 1), (2, 3, 4)))], until=5000
    )
    assert odd.safe and all(t == t for t in odd.latency)


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"count": 0}, "count 0"), ({"block_time": 2}, "block_time 2 must be a number at least 3"),
        ({"silent": (5,)}, "no signer 5 among 5"), ({"twins": (-1,)}, "no signer -1"),
        ({"confirmations": 0}, "confirmations 0"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        proof_of_authority.simulate(**{"payloads": ["a"], "count": 5, "rng": 1} | wrong)
