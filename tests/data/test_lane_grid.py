"""The lane as a network: units, places and balance."""

import numpy as np
import pytest

from tefoundations.data import community, lane_grid
from tefoundations.errors import InvalidInput
from tefoundations.grid import Network, ac_power_flow


@pytest.mark.parametrize("day, step", [("summer", 26), ("winter", 36), ("holiday", 0)])
def test_power_of_the_members_arrives_at_their_buses(day, step):
    people, frames = community(), lane_grid(day, step)
    net = Network.from_frames(**frames)
    used = (people.load(day) - people.chp(day)).loc[step].sum() * 2  # kW
    assert net.buses.load.sum() * 1000 == pytest.approx(used)
    assert net.generators.p_max[1:].sum() * 1000 == pytest.approx(people.solar(day).loc[step].sum() * 2)
    assert net.base == 0.1 and (net.generators.cost[1:] == 0).all() and net.generators.cost[0] == 300


def test_voltages_are_those_of_the_cable_in_ohm():
    """One load at the end of the lane: the fall by hand, in volt, with ohm and ampere."""
    people, frames = community(), lane_grid("winter", 0)
    frames["buses"]["load"], frames["buses"]["q_load"] = 0.0, 0.0
    frames["buses"].loc[frames["buses"]["bus"] == 10, "load"] = 0.010  # MW
    voltage = ac_power_flow(Network.from_frames(**frames)).voltage
    lines = people.lines.set_index("line")
    on_the_way = lines.loc[[1, 2, 3, 4, 8, 9, 10], "r_ohm"].sum()
    fall = on_the_way * 10_000 / (3 * (400 / np.sqrt(3))) / (400 / np.sqrt(3))  # R I of one phase over its voltage
    assert 1 - voltage[10] == pytest.approx(fall, rel=0.05)


def test_unknown_days_are_refused():
    with pytest.raises(InvalidInput):
        lane_grid("monday")
