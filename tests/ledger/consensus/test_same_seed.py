"""Same seed, same chain: whatever order Python gives to its hash tables."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CODE = """
from hashlib import sha256
from tefoundations.ledger.consensus import pbft, proof_of_authority, proof_of_stake, proof_of_work
from tefoundations.ledger.consensus import Crash, Equivocate, Forge, LieAsNewLeader, WithholdCommits
from tefoundations.ledger.consensus import Partition
trades = [{"buyer": name, "energy": k} for k, name in enumerate("abcdefgh")]
split = [Partition(30, 200, ((0, 1, 2), (3, 4, 5)))]
runs = [
    proof_of_work.simulate(trades, [1] * 6, rng=1, block_time=20, spacing=3, partitions=split),
    proof_of_stake.simulate(trades, [1, 2, 3, 4, 5, 6], rng=1, epoch=4, spacing=3, partitions=split),
    proof_of_authority.simulate(trades, 6, rng=1, spacing=3, partitions=split),
]
ids = [block.id.hex() for run in runs for chain in run.chains for block in chain]
faulty = {0: Equivocate(), 1: LieAsNewLeader(), 2: Forge()}
hard = [pbft.simulate(trades, 10, rng=s, faulty=faulty, gst=20, loss=.3, schedule=WithholdCommits(20, (4,)))
        for s in range(5)]
print(sha256(repr((ids, runs, hard)).encode()).hexdigest())
"""


def run(seed):
    environment = os.environ | {"PYTHONHASHSEED": str(seed)}
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_same_chain_under_three_hash_seeds():
    found = [run(seed) for seed in (0, 1, 4242)]
    assert len(found[0]) == 64 and found[0] == found[1] == found[2]
