"""Coupled hours: a table of stores, no hours at all, and what is refused by name."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import Infeasible, InvalidBattery, InvalidInput, InvalidNetwork
from tefoundations.grid import Network, Store, multi_period_opf
from tests.grid.periods_oracle import NOTHING, island, two_towns


def test_a_table_of_stores_and_of_loads():
    table = pd.DataFrame({"bus": ["b", "a"], "energy": [15, 5], "power": [30, 1], "power_out": [np.nan, 2]})
    when = pd.date_range("2024-01-01", periods=2, freq="30min")
    load = pd.DataFrame({"b": [20, 60], "a": [0, 0]}, when)
    s = multi_period_opf(two_towns(), load, stores=table, hours=0.5)
    assert [store.power_out for store in s.stores] == [30, 2] and s.to_frame().index.equals(when.rename("hour"))
    assert s.to_frame("stores")["b", "discharge"].tolist() == pytest.approx([0, 20])
    for name in ("buses", "generators", "lines", "stores"):
        assert len(s.to_frame(name)) == 2
    assert multi_period_opf(two_towns(), load, p_max={"wind": [30, 10]}, hours=0.5).generation[:, 0].tolist() == [20, 10]


def test_no_hours():
    s = multi_period_opf(two_towns(), np.zeros((0, 2)), stores=[Store("b", 5, 1, initial_energy=2)], ramps={"gas": 1})
    assert len(s) == 0 and s.total_cost == 0 and s.stored.tolist() == [[2.0]] and s.explain()


TWO = [[0, 20], [0, 60]]


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"stores": [Store("harbour", 5, 1)]}, InvalidInput, "store harbour: bus 'harbour' is no bus of this network"),
        ({"stores": [Store("b", 5, 1), Store("b", 9, 1)]}, InvalidInput, "the name 'b' is there twice"),
        ({"stores": [{"bus": "b"}]}, InvalidInput, "a store must be a Store, not a dict"),
        ({"stores": pd.DataFrame({"bus": ["b"], "energy": [1]})}, InvalidInput, "column power is missing"),
        ({"stores": pd.DataFrame({"bus": ["b"], "energy": [1], "size": [2]})}, InvalidInput, "column 'size' is not one of"),
        ({"stores": [Store("b", 50, 1, final_energy=3)]}, InvalidBattery,
         "store b: final_energy 3 MWh cannot be reached in 2 steps from 0 MWh at 1 MW"),
        ({"ramps": {"coal": 5}}, InvalidInput, "generator 'coal' is no generator of this network"),
        ({"ramps": {"gas": -5}}, InvalidInput, "ramp of gas -5.0 must not be negative"),
        ({"ramps": [1]}, InvalidInput, "ramps must be 2 numbers, one for each generator, not 1"),
        ({"p_max": {"gas": [1]}}, InvalidInput, "p_max of generator gas must be 2 numbers, one for each hour, not 1"),
        ({"p_max": [[1, 2]]}, InvalidInput, "p_max must have shape (2, 2), not (1, 2)"),
        ({"p_max": {"gas": [1, -1]}}, InvalidNetwork, "hour 1, generator gas: p_max -1 is below its p_min 0"),
        ({"hours": 0}, InvalidInput, "hours 0 must be a positive number of hours"),
        ({"limits": {"c-d": 1}}, InvalidInput, "c-d"),
        ({"p_max": {"gas": [100, 10]}}, Infeasible, "hour 1: 10 of 60 MW, most of it at bus b"),
        ({"p_max": {"gas": [0, 0]}, "stores": [Store("b", 50, 20, charge_efficiency=0.5)]}, Infeasible,
         "generators and what the stores hold leave 10 MWh of load unserved; full: a-b"),
    ],
)  # fmt: skip
def test_what_is_refused(given, error, words):
    with pytest.raises(error) as caught:
        multi_period_opf(two_towns(), TWO, **given)
    assert words in str(caught.value)


def test_ramps_that_cannot_follow():
    with pytest.raises(Infeasible) as caught:
        multi_period_opf(island(), [[30], [90]], ramps={"base": 5, "peak": 30})
    assert "ramps cannot follow the load" in str(caught.value) and "from hour 0 to 1" in str(caught.value)
    assert "25 MW more than its" in str(caught.value)
    stored = Store(1, energy=25, power=25, initial_energy=25)
    assert multi_period_opf(island(), [[30], [90]], ramps={"base": 5, "peak": 30}, stores=[stored]).discharge[1, 0] == 25


def test_generators_that_must_give_too_much():
    must = Network.from_frames({"bus": [1]}, NOTHING, {"bus": [1], "p_min": [40], "p_max": [90], "cost": [5]})
    with pytest.raises(Infeasible, match="15 MWh more than can be taken away; one way: 15 MW too much at bus 1 in hour 0"):
        multi_period_opf(must, [[20], [50]], stores=[Store(1, energy=5, power=50)])
    assert multi_period_opf(must, [[20], [50]], stores=[Store(1, energy=25, power=50)]).charge[0, 0] == 20


def test_a_rising_cost_is_refused_by_name():
    rising = Network.from_frames({"bus": [1]}, NOTHING, {"bus": [1], "p_max": [9], "cost": [1], "cost2": [0.1]})
    with pytest.raises(InvalidNetwork, match="generators, row 0: cost2 0.1 must be 0; give it a curve of straight pieces"):
        multi_period_opf(rising, [[5]])
    curved = Network.from_frames({"bus": [1]}, NOTHING, {"bus": [1], "p_max": [9], "cost": [0], "name": ["c"],
                                                        "curve": [[(0, 0), (5, 5), (9, 20)]]})  # fmt: skip
    with pytest.raises(InvalidInput, match="generator c has a cost curve: its p_max cannot change from hour to hour"):
        multi_period_opf(curved, [[5]], p_max={"c": [6]})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"energy": -1}, "store b: energy -1 must be"), ({"power": 0}, "store b: power 0 must be"),
        ({"power_out": np.nan}, "store b: power_out nan"), ({"charge_efficiency": 1.2}, "charge_efficiency 1.2 must be"),
        ({"initial_energy": 7}, "store b: initial_energy 7 is above the 5 MWh it holds"),
        ({"final_energy": 6}, "store b: final_energy 6 is above the 5 MWh it holds"),
        ({"self_discharge": 1}, "self_discharge 1 must be"), ({"end_value": np.inf}, "end_value inf must be"),
    ],
)  # fmt: skip
def test_a_store_without_meaning(values, words):
    with pytest.raises(InvalidBattery) as caught:
        Store(**{"bus": "b", "energy": 5, "power": 1} | values)
    assert words in str(caught.value) and caught.value.field == next(iter(values))
