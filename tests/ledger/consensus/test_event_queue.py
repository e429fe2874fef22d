"""Time: order, delays before and after the network settles, loss, partitions, a hostile schedule."""

import math

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger.consensus import Links, Partition


def arrivals(network, count=2000, at=0.0):
    network.now = at
    for _ in range(count):
        network.send(0, 1, "m")
    return [time for time, *_ in network.events()]


def test_ties_come_out_as_they_went_in():
    network = Links(rng=1)
    for number in (3, 1, 2, 0):
        network.at(5, number, number)
    assert [message for *_, message in network.events()] == [3, 1, 2, 0]


def test_delays_after_and_before_it_settles():
    usual = arrivals(Links(rng=1, delay=2.0))
    assert 0.2 <= min(usual) < 0.21 and 1.99 < max(usual) <= 2.0
    early = arrivals(Links(rng=1, delay=2.0, gst=100.0))
    assert 0.2 <= min(early) < 0.5 and 19 < max(early) <= 20  # up to ten times as long
    late = arrivals(Links(rng=1, delay=2.0, gst=100.0), at=95.0)
    assert min(late) >= 95.2 and 101 < max(late) <= 102.0  # but there soon after it has settled


def test_loss_only_before_it_settles():
    assert 900 < len(arrivals(Links(rng=1, gst=10, loss=0.5))) < 1100
    assert len(arrivals(Links(rng=1, gst=10, loss=0.5), at=10.0)) == 2000
    assert arrivals(Links(rng=1, gst=10, loss=1.0)) == []


def test_a_partition_holds_what_crosses_it():
    network = Links(rng=1, partitions=[Partition(5, 20, ((0, 1), (2, 3)))])
    network.now = 6.0
    for receiver in (1, 2, 3, 4):
        network.send(0, receiver, "m")
    when = {receiver: time for time, receiver, *_ in network.events()}
    assert when[1] <= 7 and when[4] <= 7 and 20 < when[2] <= 21 and 20 < when[3] <= 21


def test_a_schedule_decides_and_may_decline():
    def schedule(now, sender, receiver, message):
        return {"late": 7.0, "never": math.inf}.get(message)

    network = Links(rng=1, schedule=schedule)
    for message in ("late", "never", "usual"):
        network.send(0, 1, message)
    found = {message: time for time, _, _, message in network.events()}
    assert found["late"] == 7.0 and found["usual"] <= 1 and "never" not in found


def test_the_seed_fixes_everything():
    assert arrivals(Links(rng=1)) == arrivals(Links(rng=1)) != arrivals(Links(rng=2))


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"rng": -1}, "rng -1"), ({"rng": 1.5}, "rng 1.5"), ({"delay": 0}, "delay 0"), ({"delay": math.nan}, "delay nan"),
        ({"gst": -1}, "gst -1"), ({"loss": 1.5}, "loss 1.5"), ({"slow": 0.5}, "slow 0.5"),
        ({"partitions": [Partition(2, 1, ())]}, "partitions, row 0"), ({"partitions": ["x"]}, "partitions, row 0"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        Links(**{"rng": 1} | wrong)
