"""Every rule of PBFT is needed: a replica that lacks it fails in its scenario, and a correct one does not."""

import pytest

from tefoundations.ledger.consensus.pbft.replica import Replica
from tests.ledger.consensus.bugs import BREAKS, SCENARIOS, faults

BUGS = pytest.mark.parametrize("bug", SCENARIOS, ids=lambda bug: bug.__name__)


@BUGS
def test_correct_replicas_pass(bug):
    assert faults(SCENARIOS[bug], Replica) == []


@BUGS
def test_the_bug_is_caught(bug):
    assert BREAKS[bug] in faults(SCENARIOS[bug], bug)


def test_a_simple_majority_is_caught_only_beyond_four_replicas():
    """At n = 4 it is the quorum."""
    from tefoundations.ledger.consensus import pbft

    assert [n // 2 + 1 == pbft.quorum(n) for n in (4, 7, 10)] == [True, False, False]
