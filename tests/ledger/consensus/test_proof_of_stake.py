"""Proof of stake: who proposes, when a block is final, and what a reversal costs."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger.consensus import Partition, proof_of_stake
from tefoundations.ledger.consensus.proof_of_stake import Checkpoint, Vote, proposer, slashable


def test_proposers_follow_the_stake():
    stakes = [0, 10, 20, 70]
    drawn = np.bincount([proposer(b"s" * 32, slot, stakes) for slot in range(20_000)], minlength=4) / 20_000
    assert drawn[0] == 0 and np.allclose(drawn, [0, 0.1, 0.2, 0.7], atol=0.01)
    huge = [10**30, 1]
    assert {proposer(b"s" * 32, slot, huge) for slot in range(100)} == {0}  # whole numbers of any size


def test_a_checkpoint_is_final_two_epochs_after_its_border():
    run = proof_of_stake.simulate(["a"], [32] * 40, rng=1)
    assert run.safe and run.agreement and run.final_at == (1152.0,)  # in the first epoch: border at 384 s, and 768 s more
    assert 1152 - 32 * 12 == 2 * 32 * 12 == 768


def test_two_thirds_of_the_stake_are_needed():
    enough = proof_of_stake.simulate(["a"], [1] * 12, rng=1, epoch=4, offline=range(4))
    missing = proof_of_stake.simulate(["a"], [1] * 12, rng=1, epoch=4, offline=range(5), until=2000)
    heavy = proof_of_stake.simulate(["a"], [20] + [1] * 10, rng=1, epoch=4, offline=range(1, 11))
    assert enough.latency[0] > 0 and heavy.latency[0] > 0 and missing.final_at[0] != missing.final_at[0]


def drawn(seed):
    """A partition in two, and some validators that sign on both sides."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 11))
    stakes = [int(s) for s in rng.integers(1, 6, n)]
    order = rng.permutation(n).tolist()
    twins = tuple(order[: int(rng.integers(n // 4, n // 2 + 2))])
    k = len(twins) + (n - len(twins)) // 2 + int(rng.integers(2))
    groups = (tuple(order[:k]), tuple(order[k:]) + tuple(range(n, n + len(twins))))
    split = Partition(float(rng.uniform(0, 60)), float(rng.uniform(200, 500)), groups)
    run = proof_of_stake.simulate(
        list(range(5)), stakes, rng=rng, epoch=4, spacing=10, twins=twins, partitions=[split], until=900
    )
    return stakes, twins, run


def test_finality_is_broken_only_at_the_price_of_a_third_of_the_stake():
    broken = 0
    for seed in range(90):
        stakes, twins, run = drawn(seed)
        at_risk = proof_of_stake.stake_at_risk(run, stakes)
        assert set(slashable(run.notes)) <= set(twins)  # an honest validator is never convicted
        if not run.safe:
            broken += 1
            assert 3 * at_risk >= sum(stakes), (seed, stakes, twins, at_risk)
    assert broken > 10


def test_surround_and_double_votes():
    def at(epoch, block=b"a"):
        return Checkpoint(epoch, block)

    inner, outer = Vote(0, at(2), at(3)), Vote(0, at(1), at(4))
    assert slashable([inner, outer])[0][0] == slashable([outer, inner])[0][0] == "surround"
    assert slashable([Vote(0, at(1), at(2)), Vote(0, at(1), at(2, b"b"))])[0][0] == "double"
    same_target = [Vote(0, at(1), at(3)), Vote(0, at(2), at(3))]  # the first rule speaks of votes, not of targets
    assert slashable(same_target)[0][0] == slashable(same_target[::-1])[0][0] == "double"
    assert slashable([Vote(0, at(1), at(2)), Vote(0, at(2), at(3)), Vote(0, at(2), at(4))]) == {}
    assert slashable([inner, inner, Vote(1, at(1), at(4))]) == {}  # the same vote again; another's vote
    assert slashable([Vote(0, at(1), at(4)), Vote(0, at(1), at(3))]) == {}  # the same source spans nothing


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"stakes": [1, -1]}, "stakes, row 1: stake -1"), ({"stakes": [0]}, "must hold a positive"),
        ({"stakes": [1.5]}, "row 0"), ({"epoch": 1}, "epoch 1"), ({"block_time": 2}, "block_time 2"),
        ({"offline": (4,)}, "no validator 4 among 4"),
        ({"twins": (9,)}, "no validator 9"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        proof_of_stake.simulate(**{"payloads": ["a"], "stakes": [1] * 4, "rng": 1} | wrong)
