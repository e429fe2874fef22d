"""Aggregators and operator together come to the prices of one clearing, and how many rounds it takes."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.systems import DayPlan, clear, clear_jointly
from tefoundations.systems.day.market.trade import learned, trade


@pytest.fixture(scope="module")
def winter():
    plan = DayPlan.of("winter")
    return plan, trade(plan, learned(plan, 8)).clearings


@pytest.mark.parametrize("clock, penalty, least, most", [
    ("12:00", 10, 3, 5), ("18:00", 3, 6, 33), ("20:00", 1, 6, 33), ("22:00", 1, 5, 33), ("03:00", 1, 40, 110),
])  # fmt: skip
def test_rounds_to_a_hundredth_of_a_cent(clock, penalty, least, most, winter):
    plan, clearings = winter
    step = plan.lane.times.index(clock)
    told = clear_jointly(plan, step, clearings[step].curve, penalty=penalty, rounds=120)
    off = np.abs(told.to_numpy() - clear(plan, step, clearings[step].curve).price).max(axis=1)
    assert least <= 1 + int(np.argmax(off < 0.01)) <= most and off.min() < 0.01


def test_where_a_line_is_full_every_bus_has_its_price():
    plan = DayPlan.of("holiday")
    curve = trade(plan, learned(plan, 8)).clearings[5].curve
    told = clear_jointly(plan, 5, curve, penalty=10, rounds=40)
    assert told.iloc[-1].to_numpy() == pytest.approx([8.0] * 8 + [0.0] * 3, abs=0.01)
    with pytest.raises(InvalidInput, match="penalty"):
        clear_jointly(plan, 5, curve, penalty=0)
