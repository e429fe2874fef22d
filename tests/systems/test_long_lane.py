"""A thousand members on one lane: the prices of thirteen in each step, and work that grows with them, not their square."""

import pytest

from tefoundations.systems import as_usual, clear_step, lane_day, market_day, price_bound, settled
from tests.systems.lanes import long_lane


class Counted(str):
    """A name that counts how often names are compared."""

    compared = 0

    def __eq__(self, other):
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize("day", ["winter", "holiday"])
def test_a_step_of_copies_has_the_price_of_one(day):
    """Each book of a day seven times over, on wires seven times as strong.

    The days of seven copies would differ a little from one day: of equal orders the earlier comes first, and so two copies
    of a battery part where an order is filled in part.
    """
    lane, fixed = lane_day(day), lane_day(day).fixed
    ran = market_day(lane, lane.outside)
    for step, (bids, asks) in enumerate(ran.books):
        deal = clear_step(7 * fixed[step], 7 * bids, 7 * asks, lane.outside[step], lane.slope / 7, lane.feed_in)
        assert deal.price == pytest.approx(ran.price[step], rel=0, abs=1e-9), step
    first, many = market_day(lane, lane.outside).price[0], long_lane(7, day=day)
    assert market_day(many, many.outside).price[0] == pytest.approx(first, rel=0, abs=1e-9)


def work(copies):
    """How often names were compared while a lane was made, lived through a market day and was billed."""
    Counted.compared = 0
    lane = long_lane(copies, Counted)
    way = settled(lane, market_day(lane, lane.outside))
    assert way.bills.sum() == pytest.approx(way.cost) and way.discomfort.sum() > 0
    assert price_bound(lane, way.price) <= way.burden <= as_usual(lane).burden
    return Counted.compared


def test_the_work_grows_with_the_members():
    """Names are compared, per member, as often on a lane of 520 as on one of 13."""
    assert work(40) <= 2 * 40 * max(work(1), 13)
