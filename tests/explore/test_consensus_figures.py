"""Pictures of forks and logs, checked through the numbers of their traces."""

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.explore import block_forks, message_paths, replica_logs
from tefoundations.explore.engine.frames import frame
from tefoundations.ledger.consensus import Equivocate, Partition, pbft, proof_of_authority


def test_lost_blocks_stand_apart_on_rows_of_their_own():
    split = [Partition(12, 60, ((0, 1), (2, 3, 4)))]
    run = proof_of_authority.simulate(list(range(20)), 5, rng=1, spacing=2, partitions=split)
    links, kept, lost = block_forks(run, time_range=(0, 70)).data
    assert len(kept.x) + len(lost.x) == run.made and len(lost.x) == run.stale == 2
    assert len(links.x) == 3 * run.made and set(kept.y) == {0} and set(lost.y) == {1}
    assert links.x[0] == 0.0 and "NaN" not in str(frame(block_forks(run)))
    assert block_forks(run, names="abcde").data[1].text[0] == "b"


def test_two_branches_that_both_stay():
    split = [Partition(12, 60, ((0, 1), (2, 3)))]
    run = proof_of_authority.simulate(list(range(20)), 4, rng=1, spacing=2, partitions=split, until=200)
    _, kept, lost = block_forks(run).data
    assert set(kept.y) == {0, 1} and lost.x == (None,)


def test_places_at_which_logs_differ_are_marked():
    run = pbft.simulate(["a", "b"], 4, faulty={0: Equivocate((3,)), 1: Equivocate()}, rng=1, until=100)
    agreed, differ, faulty = replica_logs(run.logs, correct=run.correct, labels="ab", places=5).data
    assert not run.agreement and sorted(set(differ.y)) == [2, 3] and differ.x[0] == 1
    calm = pbft.simulate(["a", "b"], 4, rng=1)
    agreed, differ, faulty = replica_logs(calm.logs).data
    assert len(agreed.x) == 8 and differ.x == faulty.x == (None,)


def test_messages_go_from_sender_to_receiver_in_time():
    rows = [(0, 0, 1.5, 2, "ask"), (1.5, 2, 2.0, 0, "answer"), (2, 0, 3, 1, "other")]
    drawn = message_paths(rows, 3, kinds=("ask", "answer", "none"), time_range=(0, 4))
    ask, answer, none = drawn.data
    assert (ask.x, ask.y, ask.marker.size) == ((0.0, 1.5, None), (0, 2, None), (0, 7, 0))
    assert (answer.x, answer.y) == ((1.5, 2.0, None), (2, 0, None)) and none.x == (None,)
    assert drawn.layout.xaxis.range == (0.0, 4.0) and drawn.layout.yaxis.ticktext == ("0", "1", "2")


@pytest.mark.parametrize("rows, kinds, words", [
    ([(0, 0, 1, 3, "ask")], ("ask",), "messages, row 0: sender and receiver must be replicas from 0 to 2"),
    ([(0, 0, 1, 1, "ask"), (1, 2)], ("ask",), "messages, row 1: .* must be time sent, sender"),
    ([], list("abcdef"), "at most 5 can be told apart"),
])  # fmt: skip
def test_messages_that_are_none_are_named(rows, kinds, words):
    with pytest.raises(InvalidInput, match=words):
        message_paths(rows, 3, kinds=kinds)


def test_names_of_blocks_in_a_row_do_not_meet():
    from tefoundations.explore.figures.ledger.forks import LETTER, WIDTH

    split = [Partition(12, 60, ((0, 1), (2, 3, 4)))]
    run = proof_of_authority.simulate(list(range(60)), 5, rng=1, spacing=2, partitions=split)
    for span in (40, 400):
        drawn = block_forks(run, time_range=(0, span))
        taken, silent = {}, 0
        for trace in drawn.data[1:]:
            assert len(trace.hovertext) == len(trace.x)
            for x, y, text, side in zip(trace.x, trace.y, trace.text, trace.textposition):
                silent += not text
                if text:
                    taken.setdefault((y, side), []).append((x / span * WIDTH, 0.5 * LETTER * len(text)))
        for row in taken.values():
            ordered = sorted(row)
            assert all(b - a >= half + other for (a, half), (b, other) in zip(ordered, ordered[1:]))
        assert sum(map(len, taken.values())) + silent == len(run.blocks) and taken
