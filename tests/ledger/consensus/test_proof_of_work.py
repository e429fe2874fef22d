"""Proof of work: the work can be checked and covers the payloads, the heavier branch counts, forks come and go."""

from dataclasses import replace

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger import MerkleTree
from tefoundations.ledger.consensus import Partition, proof_of_work
from tefoundations.ledger.consensus.blocks import BlockTree, SimBlock, genesis


def test_every_block_shows_its_work_and_no_changed_one_does():
    [chain, *_] = proof_of_work.simulate([b"a", b"b"], [1, 1], rng=1, bits=12).chains
    assert chain[0] == genesis() and not proof_of_work.is_sealed(chain[0])
    for before, block in zip(chain, chain[1:]):
        assert proof_of_work.is_sealed(block) and block.parent == before.id and block.height == before.height + 1
        assert block.root == MerkleTree(block.payloads).root and block.root.hex().encode() in block.header
        for change in ({"payloads": (b"c",)}, {"time": 0}, {"producer": 9}, {"parent": bytes(32)}, {"seal": block.seal + 1}):
            assert not proof_of_work.is_sealed(replace(block, **change)), change
        assert not proof_of_work.is_sealed(replace(block, weight=block.weight << 40))


def test_as_many_tries_as_the_difficulty_says():
    run = proof_of_work.simulate([], [1], rng=1, bits=6, until=600 * 400)
    assert abs(run.tries / run.made / 64 - 1) < 0.15 and abs(run.made / 400 - 1) < 0.15


def test_blocks_go_to_miners_by_their_share():
    run = proof_of_work.simulate([], [1, 3, 0], rng=2, bits=1, until=600 * 1000)
    found = np.bincount([block.producer for block in run.chains[0][1:]], minlength=3)
    assert found[2] == 0 and abs(found[1] / found.sum() - 0.75) < 0.05


def test_weight_counts_and_not_the_number_of_blocks():
    tree, first = BlockTree(2), genesis()
    light = SimBlock(1, first.id, 0, 0, (b"a",), 1, 0)
    lighter = SimBlock(2, light.id, 0, 0, (b"b",), 1, 0)
    heavy = SimBlock(1, first.id, 1, 0, (b"c",), 3, 0)
    tree.add(light, 1.0), tree.add(lighter, 2.0)
    assert tree.final == 1 and tree.final_at == {b"a": 2.0}
    tree.add(heavy, 3.0)
    assert tree.tip == heavy and tree.reorganisations == [(3.0, 2)] and tree.reversals == [(3.0, b"a")]
    tree.add(SimBlock(1, first.id, 2, 0, (b"d",), 3, 0), 4.0)
    assert tree.tip == heavy  # of equal ones the first seen stays


def test_a_block_waits_for_its_parent_and_must_stand_on_it():
    tree, first = BlockTree(1), genesis()
    one = SimBlock(1, first.id, 0, 0, (), 1, 0)
    two = SimBlock(2, one.id, 0, 0, (), 1, 0)
    assert tree.add(two, 0.0) == one.id and tree.tip == first
    assert tree.add(one, 1.0) is None and tree.tip == two
    tree.add(SimBlock(9, two.id, 0, 0, (), 5, 0), 2.0)
    assert tree.tip == two


def test_short_intervals_make_forks():
    slow = proof_of_work.simulate([], [1] * 8, rng=1, delay=2, block_time=600, bits=1, until=600 * 300)
    fast = proof_of_work.simulate([], [1] * 8, rng=1, delay=2, block_time=4, bits=1, until=4 * 300)
    assert slow.stale / slow.made < 0.02 < 0.1 < fast.stale / fast.made and fast.reorganisations


def test_a_long_partition_undoes_what_was_final():
    split = [Partition(0.0, 9000.0, (tuple(range(7)), tuple(range(7, 13))))]
    run = proof_of_work.simulate(list(range(20)), [1] * 13, rng=1, spacing=60, delay=2, partitions=split)
    assert run.deepest > 5 and run.reversals and not run.safe
    calm = proof_of_work.simulate(list(range(20)), [1] * 13, rng=1, spacing=60, delay=2)
    assert calm.safe and not calm.reversals and all(t == t for t in calm.latency) and calm.agreement


def test_energy_of_work():
    assert proof_of_work.energy_of_work(3.6e6, 1) == 1 and proof_of_work.energy_of_work(0, 1) == 0


def test_a_run_can_be_read():
    run = proof_of_work.simulate(["a"], [1, 1], rng=1)
    table = run.to_frame()
    assert len(table) == len(run.chains[0]) and table["payloads"].sum() == 1 and "nothing final was undone" in run.explain()


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"shares": [1, -1]}, "shares, row 1"), ({"shares": [0, 0]}, "must hold a positive"),
        ({"shares": []}, "must hold a positive"), ({"block_time": 0}, "block_time 0"), ({"bits": 25}, "bits 25"),
        ({"bits": -1}, "bits -1"), ({"confirmations": 0}, "confirmations 0"), ({"payloads": [1.5]}, "payloads, row 0"),
        ({"payloads": 5}, "payloads must be a sequence"), ({"spacing": -1}, "spacing -1"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        proof_of_work.simulate(**{"payloads": ["a"], "shares": [1], "rng": 1} | wrong)
