"""The swap: the rule against all courses of events on a small clock."""

import itertools

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger.consensus import is_safe, losing_schedules


def test_the_rule_is_neither_too_strict_nor_too_lax():
    seen = {True: 0, False: 0}
    for t1, t2, delta, reaction in itertools.product(range(10), range(5), range(4), range(4)):
        safe = is_safe(t1, t2, delta, reaction)
        assert safe == (losing_schedules(t1, t2, delta, reaction) == [])
        seen[safe] += 1
    assert min(seen.values()) > 100


def test_what_has_no_meaning_is_refused():
    with pytest.raises(InvalidInput, match="reaction -1"):
        losing_schedules(5, 5, 1, -1)
