"""Pictures of Merkle trees, checked against the trees themselves."""

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.explore import hash_tree
from tefoundations.explore.engine.frames import frame
from tefoundations.explore.figures.ledger.trees import LOOKS
from tefoundations.ledger import MerkleTree

KINDS = list(LOOKS)


def leaves_of(size):
    return [b"trade %d" % i for i in range(size)]


def shown(drawn):
    """{kind: {name of a node: what is said of it}}."""
    return {trace.name: dict(trace.customdata or ()) for trace in drawn.data[3:]}


@pytest.mark.parametrize("size", range(1, 18))
def test_an_edit_changes_the_way_to_the_root_and_its_neighbours_are_the_proof(size):
    """Whatever the size: edited leaf and its proof are the children of the way up, and all else is as before."""
    before = leaves_of(size)
    for picked in range(size):
        now = list(before)
        now[picked] = b"edited"
        old, new = MerkleTree(before), MerkleTree(now)
        nodes = shown(hash_tree(before, now, picked=picked))
        proof = [digest.hex()[:4] for digest in new.inclusion_proof(picked)]
        assert proof == [digest.hex()[:4] for digest in old.inclusion_proof(picked)]
        assert sorted(nodes["Proof"].values()) == sorted(proof)
        assert len(nodes["Changed"]) == len(proof) + 1  # with the leaf, one hash above each hash of the proof
        top = f"leaves 0 to {size - 1}, the root" if size > 1 else "leaf 0"
        assert nodes["Changed"][top] == f"{new.root.hex()[:4]}, was {old.root.hex()[:4]}"
        assert sum(map(len, nodes.values())) == 2 * size - 1


def test_where_nothing_changed_nothing_is_marked_but_the_proof():
    nodes = shown(hash_tree(leaves_of(8), picked=6))
    assert [len(nodes[kind]) for kind in KINDS] == [12, 0, 3]
    assert set(nodes["Proof"]) == {"leaf 7", "leaves 4 to 5", "leaves 0 to 3"}
    assert [len(shown(hash_tree(leaves_of(8)))[kind]) for kind in KINDS] == [15, 0, 0]


def test_equal_leaves_are_told_apart_by_their_place():
    nodes = shown(hash_tree([b"same"] * 4, picked=0))
    assert set(nodes["Proof"]) == {"leaf 1", "leaves 2 to 3"}


def test_an_odd_leaf_goes_up_once_and_is_drawn_once():
    drawn = hash_tree(leaves_of(5), picked=0)
    nodes = shown(drawn)
    assert nodes["Proof"].keys() == {"leaf 1", "leaves 2 to 3", "leaf 4"}
    places = [place for trace in drawn.data[3:] for place in zip(trace.x, trace.y) if place[0] is not None]
    assert (4, 0) in places and len(set(places)) == len(places) == 9
    edges = drawn.data[0]
    assert len(edges.x) == 3 * 8 and all(a < b for a, b in zip(edges.y[::3], edges.y[1::3]))


def test_kinds_differ_by_more_than_color():
    markers = [trace.marker for trace in hash_tree(leaves_of(4), [*leaves_of(3), b"x"], picked=3).data[3:]]
    assert len({marker.symbol for marker in markers}) == 3 and len({marker.line.width for marker in markers}) == 3


def test_labels_name_the_leaves():
    drawn = hash_tree(leaves_of(2), labels=["0<br>106", "1<br>28"])
    assert drawn.data[2].text == ("0<br>106", "1<br>28")
    assert "leaf 1 (28)" in shown(drawn)["Same"]


def test_the_page_can_draw_it_and_the_kinds_keep_their_place():
    for edited in (leaves_of(8), [b"x", *leaves_of(8)[1:]]):
        data = frame(hash_tree(leaves_of(8), edited, picked=0))["data"]
        assert len(data) == 6 and [trace["showlegend"] for trace in data[3:]] == [True] * 3
        assert all(trace["x"] for trace in data[3:])


@pytest.mark.parametrize(
    "arguments, options, words",
    [
        (([],), {}, "0 leaves"),
        (([b"a"], [b"a", b"b"]), {}, "1 leaves and 2 now"),
        (([b"a", "b"],), {}, "leaf 1 must be bytes"),
        (([b"a", b"b"],), {"picked": 2}, "no leaf 2 in a tree of 2"),
        (([b"a", b"b"],), {"labels": ["a"]}, "1 labels for 2 leaves"),
    ],
)
def test_what_cannot_be_drawn_is_named(arguments, options, words):
    with pytest.raises(InvalidInput, match=words):
        hash_tree(*arguments, **options)
