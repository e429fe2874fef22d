"""What dispatches say of themselves: the same in any currency and any unit of power."""

import re
from dataclasses import replace

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.errors import Infeasible
from tefoundations.grid import (
    Network,
    ac_opf,
    branch_flow_opf,
    countertrade,
    dc_opf,
    expansion,
    four_wire_flow,
    lindistflow_opf,
    redispatch,
)
from tefoundations.words import say

NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?:e[+-]\d+)?(?![\w-])")
SOLVERS = [dc_opf, ac_opf, branch_flow_opf, lindistflow_opf]


def feeder(money=1.0, size=1.0):
    """The feeder of five buses in another currency, or in another unit of power."""
    net = Network.from_frames(**grid("feeder5"))
    buses, lines, units = net.buses, net.lines, net.generators
    powers = {name: getattr(units, name) * size for name in ("p_min", "p_max", "q_min", "q_max")}
    return replace(
        net, base=net.base * size, generators=replace(units, cost=units.cost * money, **powers),
        lines=replace(lines, limit=lines.limit * size),
        buses=replace(buses, load=buses.load * size, q_load=buses.q_load * size),
    )  # fmt: skip


@pytest.mark.parametrize("solve", SOLVERS)
@pytest.mark.parametrize("money", [1e-6, 1e-3, 1e3, 1e6])
def test_a_price_in_another_currency_has_the_same_parts(solve, money):
    own, other = solve(feeder()), solve(feeder(money))
    for bus in (1, 3):
        told, expected = other.explain(bus).replace(",", ""), own.explain(bus).replace(",", "")
        assert NUMBER.sub("", told.split(":")[1]) == NUMBER.sub("", expected.split(":")[1])
        numbers, plain = ([float(each) for each in NUMBER.findall(text.split(":")[1])] for text in (told, expected))
        assert np.array(numbers) / money == pytest.approx(plain, abs=2e-3)
    assert len(other.explain().splitlines()) == len(own.explain().splitlines())
    assert "one price" not in repr(other) and dict(other._at_a_glance())["price, $/MWh"].count(" to ") == 1


@pytest.mark.parametrize("solve", [ac_opf, branch_flow_opf, lindistflow_opf])
@pytest.mark.parametrize("size", [1e-6, 1e-3, 1e3])
def test_a_full_line_is_told_in_any_unit(solve, size):
    full = [line for line in solve(feeder(size=size)).explain().splitlines() if line.startswith("Line")]
    assert len(full) == 1 and full[0].startswith(f"Line 0-1 is full: {4 * size:.6g} MVA; one more would save ")


@pytest.mark.parametrize("solve", SOLVERS)
@pytest.mark.filterwarnings("ignore:the cone")  # a line without resistance loses nothing
@pytest.mark.parametrize("money", [1e-9, 1.0, 1e9])
def test_one_price_is_one_and_two_are_two(solve, money):
    two = {"bus": [1, 2], "load": [0, 1]}, {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [0.5]}
    units = {"bus": [1, 2], "p_max": [2, 2], "cost": np.array([7, 8]) * money, "q_min": [-5, -5], "q_max": [5, 5]}
    assert "prices" in repr(solve(Network.from_frames(*two, units)))
    one = Network.from_frames(two[0], two[1] | {"limit": [2]}, units)
    assert f"one price {say(7 * money, money)}" in repr(solve(one))


def test_money_and_power_of_congestion_as_readers_write_them():
    net = Network.from_frames(**grid("three_bus"))
    told = (
        redispatch(net, limits={"1-2": 45}).explain() + countertrade(net, zones=([1], [2, 3]), limits={"1-2": 45}).explain()
    )
    for number in re.findall(r"([\d.,]+) (?:MW|\$/h)", told):
        assert len(number.partition(".")[2].rstrip(".")) <= 2, told
    assert (
        "S1 makes 67.37 MW less" in told and "costs 268.42 $/h" in told and "8.59375 $/MWh" in told
    )  # prices keep their digits


def test_wires_without_resistance_lose_nothing():
    lines = {"from_bus": [0, 1], "to_bus": [1, 2], "x": [0.1, 0.1], "limit": [0.1, 0.1]}
    net = Network.from_frames({"bus": [0, 1, 2]}, lines, {"bus": [0], "p_max": [1], "cost": [0]})
    found = four_wire_flow(net, {2: (0.001, 0, 0)})
    assert "Lost: 0 MW." in found.explain() and found.total_loss == 0


def test_an_hour_is_one():
    one = expansion([100, 80, 40], technologies={"a": (100, 20)}, voll=120)
    assert "scarce for 1 hour, " in one.explain()


def twisted(load):
    """Power may turn the angle along a line by 5 degrees in its direction and by 10 against it."""
    line = {"from_bus": [2], "to_bus": [1], "x": [0.5], "limit": [100], "angle_min": [-10], "angle_max": [5]}
    return Network.from_frames({"bus": [1, 2], "load": load}, line, {"bus": [1, 2], "p_max": [90, 90], "cost": [10, 20]})


def test_the_limit_of_a_line_is_that_of_the_direction_of_its_flow():
    low, high = np.deg2rad([10, 5]) * 100 / 0.5
    for load, flow, limit in (([0, 50], -low, low), ([0, 20], -20, low), ([100, 0], 10, high), ([80, 0], 0, high)):
        lines = dc_opf(twisted(load)).to_frame("lines")
        assert lines["flow"].tolist() == pytest.approx([flow], abs=1e-9) and lines["limit"].tolist() == pytest.approx(
            [limit]
        )
    with pytest.raises(Infeasible, match=r"line 2-1 \(34.9066 MW, by its angle\) is full"):
        dc_opf(twisted([0, 130]))
    with pytest.raises(Infeasible, match=r"line 2-1 \(17.4533 MW, by its angle\) is full"):
        dc_opf(twisted([110, 0]))
