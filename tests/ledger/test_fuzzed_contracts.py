"""Contracts and calls by chance, on nodes that hash text in another order and stand elsewhere in their stack: one root.

``TEF_FUZZ=10000`` makes it the long run of the weekly workflow.
"""

import os
import re
import subprocess
import sys

from tests.house.sources import ROOT

COUNT = os.environ.get("TEF_FUZZ", "150")


def roots(seed, hashing, depth):
    words = [sys.executable, "-W", "ignore", "-m", "tests.ledger.fuzzing", seed, COUNT, depth]
    done = subprocess.run(words, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": hashing}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def test_two_nodes_agree_on_whatever_runs():
    seed = os.environ.get("TEF_FUZZ_SEED", "7")
    first, second = roots(seed, "0", "0"), roots(seed, "4242", "930")
    assert first == second
    ended = re.findall(r"\((True|False), (\d+)\)", "\n".join(first))
    assert len(ended) == 8 * len(first) > int(COUNT)
    done = sum(state == "True" for state, _ in ended)
    assert len(ended) / 4 < done < len(ended)  # most of it has a meaning, and some of it has not
    assert len({gas for _, gas in ended}) > 20
