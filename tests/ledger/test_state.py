"""The state: the way back is complete, and the root tells every difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.ledger import State

names = st.sampled_from(["a", "b", "balance/anna", "contract/x/y", ""])
single = st.booleans() | st.integers(-(2**53 - 1), 2**53 - 1) | st.text(st.characters(codec="ascii"), max_size=3)
values = st.recursive(single, lambda part: st.lists(part, max_size=3).map(tuple), max_leaves=5)
writes = st.lists(st.tuples(names, st.none() | values), max_size=8)


def written(*parts):
    state = State()
    for name, value in [pair for part in parts for pair in part]:
        state.set(name, value)
    return state


@given(writes, writes, writes)
def test_a_rollback_leaves_no_trace(first, second, third):
    state = written(first)
    before, root, mark = state.to_dict(), state.root, state.checkpoint()
    for name, value in second:
        state.set(name, value)
    inner = state.checkpoint()
    middle = state.root
    for name, value in third:
        state.set(name, value)
    state.rollback(inner)
    assert state.root == middle
    state.rollback(mark)
    assert (state.to_dict(), state.root, len(state)) == (before, root, len(before))


def exact(value):
    """Equality that tells True from 1, as bytes do."""
    return (type(value), tuple(map(exact, value)) if isinstance(value, tuple) else value)


@given(writes, writes)
def test_two_states_have_one_root_only_if_they_are_equal(one, other):
    a, b = written(one), written(other)
    alike = {name: exact(value) for name, value in a.to_dict().items()} == {
        name: exact(value) for name, value in b.to_dict().items()
    }
    assert (a.root == b.root) == alike


@given(writes)
def test_the_root_does_not_depend_on_the_order_of_writing(pairs):
    final = written(pairs).to_dict()
    assert State(dict(reversed(final.items()))).root == State(final).root == written(pairs).root


@given(writes, values)
def test_every_entry_can_be_proved_and_no_other_value(pairs, other):
    state = written(pairs)
    for name, value in state.to_dict().items():
        proof = state.prove(name)
        assert proof.holds(state.root, len(state))
        false = type(proof)(name, other, proof.index, proof.size, proof.path)
        assert false.holds(state.root, len(state)) == (exact(other) == exact(value))
        assert not proof.holds(state.root, len(state) + 1)


@pytest.mark.parametrize(
    "proof", [(0.5, 1, 0, 1, ()), ("a", {1}, 0, 1, ()), ("a", 1, "0", 1, ()), ("a", 1, 0, 1, "path"), (None,) * 5]
)
def test_what_is_no_proof_is_false(proof):
    state = State({"a": 1})
    kind = type(state.prove("a"))
    assert kind(*proof).holds(state.root, 1) is False and kind("a", 1, 0, 1, ()).holds("root", 1) is False


def test_a_copy_lives_on_its_own():
    state = State({"a": 1})
    other = state.copy()
    other.set("a", 2)
    assert state.get("a") == 1 and other.get("a") == 2 and state.root != other.root


@pytest.mark.parametrize("value", [0.5, float("nan"), 2**53, [1], {"a": 1}, {1}, b"1", "ü", (1, (2, 0.5))])
def test_what_cannot_be_kept_is_refused_before_anything_is_written(value):
    state = State({"a": 1})
    with pytest.raises(InvalidInput):
        state.set("a", value)
    assert state.to_dict() == {"a": 1}


def test_wrong_names_and_checkpoints_are_named():
    state, deep = State(), ()
    for _ in range(9):
        deep = (deep,)
    for wrong in (
        lambda: state.set(1, 1), lambda: state.set("ü", 1), lambda: state.set("a", deep),
        lambda: state.rollback(1), lambda: state.rollback(-1), lambda: state.rollback("0"),
        lambda: state.prove("a"), lambda: state.prove(None),
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            wrong()
