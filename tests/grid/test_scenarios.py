"""Scenarios that cannot be read, and what is told of them; words and tables."""

import numpy as np
import pytest

from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import Network, Scenarios, stochastic_opf, worth
from tests.grid.networks import three_bus
from tests.grid.test_stochastic import BREEZES, CHANCES, FAST, SKY, WIND, island, ladder


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0.5, 0.6],), "probability [0.5, 0.6] adds up to 1.1, not to 1"),
        (([1.0, 0.0],), "scenario 1: probability 0 must be above 0: what never comes has no price"),
        (([1.5, -0.5],), "scenario 1: probability -0.5 must be above 0"),
        (([0.5, float("nan")],), "scenario 1: probability nan must be a finite number"),
        (([],), "probability must hold at least one chance"),
        ((1.0,), "probability must be one number for each scenario"),
        ((CHANCES, {2: [1, 2]}), "load of bus 2 must be 3 numbers, one for each scenario, not 2"),
        ((CHANCES, {2: [1, 2, float("inf")]}), "scenario 2: load of bus 2 inf must be a finite number"),
        ((CHANCES, None, [[1, 2]]), "p_max must have a row for each of the 3 scenarios, not shape (1, 2)"),
        ((CHANCES, None, None, {"1-2": [1, -2, 3]}), "scenario 1: limits of line 1-2 -2.0 must not be negative"),
        ((CHANCES, None, None, None, ["a", "b", "a"]), "name: two scenarios are called 'a'"),
        ((CHANCES, None, None, None, ["a"]), "name must be 3 names, one for each scenario, not 1"),
    ],
)
def test_what_is_no_set_of_scenarios(arguments, words):
    with pytest.raises(InvalidInput) as told:
        Scenarios(*arguments)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("scenarios", "options", "words"),
    [
        (Scenarios(CHANCES, load={9: [1, 2, 3]}), FAST, "bus 9 is no bus of this network"),
        (Scenarios(CHANCES, p_max={"sun": [1, 2, 3]}), FAST, "generator 'sun' is no generator of this network"),
        (Scenarios(CHANCES, limits={"3-1": [1, 2, 3]}), FAST, "line '3-1' is no line of this network"),
        (Scenarios(CHANCES, load=np.zeros((3, 2))), FAST, "load of the scenarios must have shape (3, 3), not (3, 2)"),
        ([0.5, 0.5], FAST, "scenarios must be a Scenarios, not a list"),
        (BREEZES, {"flexible": ["S3"]}, "generator wind: its p_max hangs on the scenario, so it must be among the flexible"),
        (BREEZES, {"flexible": ["S3", "sun"]}, "flexible: 'sun' is no generator of this network"),
        (BREEZES, {"flexible": "S3"}, "flexible must be a sequence of names of generators"),
        (BREEZES, {"flexible": [True, False]}, "flexible must be names, or 3 marks"),
        (BREEZES, {"flexible": [["S3"], ["S1", "wind"]]}, "flexible: ['S3'] is no generator of this network"),
        (BREEZES, {"flexible": None}, "flexible must be a sequence of names of generators, not a NoneType"),
        (BREEZES, FAST | {"up": -1}, "up -1 must be"),
        (BREEZES, FAST | {"down": {"S3": -1}}, "down of generator S3 -1 must not be negative"),
        (BREEZES, FAST | {"up": {"sun": 1}}, "generator 'sun' is no generator"),
        (BREEZES, FAST | {"voll": -1}, "voll -1 must be"),
        (BREEZES, FAST | {"schedule": {"S1": 500}}, "schedule of generator S1 500 must be from 0 to 400 MW"),
    ],
)
def test_what_does_not_fit_the_network(scenarios, options, words):
    with pytest.raises(InvalidInput) as told:
        stochastic_opf(ladder(), scenarios, **options)
    assert words in str(told.value)


def test_costs_that_rise_within_a_block_are_refused_by_name():
    with pytest.raises(InvalidNetwork, match=r"generators, row 0: cost2 0\.025 must be 0; give it a curve"):
        stochastic_opf(three_bus(), Scenarios([1.0]), flexible=["S1"])
    with pytest.raises(InvalidNetwork, match=r"bids, row 0: value2 0\.1 must be 0; cut it into steps"):
        frames = three_bus().to_frames()
        frames["generators"]["cost2"] = 0.0
        worth(Network.from_frames(**frames), Scenarios([1.0]), flexible=["S1"])


def test_a_unit_with_a_curve_keeps_its_p_max():
    frames = ladder().to_frames()
    units = frames["generators"].assign(curve=[None, None, [(0, 0), (90, 0)]])
    net = Network.from_frames(frames["buses"], frames["lines"], units)
    with pytest.raises(InvalidInput, match="generator wind has a cost curve: its p_max cannot hang on the scenario"):
        stochastic_opf(net, BREEZES, **FAST)


def test_the_scenario_that_fits_nothing_is_named():
    net = Network.from_frames(
        {"bus": [1], "load": [100]}, {"from_bus": [], "to_bus": [], "x": []},
        {"bus": [1, 1], "p_min": [40, 0], "p_max": [200, 200], "cost": [20, 50], "name": ["slow", "fast"]},
    )  # fmt: skip
    low = Scenarios([0.5, 0.5], load={1: [100, 30]}, name=["day", "night"])
    words = "scenario night: generators must give at least 40 MW, bids taken, and load takes only 30 MW"
    with pytest.raises(Infeasible) as told:
        stochastic_opf(net, low, flexible=["fast"])
    assert words in str(told.value)
    with pytest.raises(Infeasible, match="scenario night: .* at least 60 MW with this schedule"):
        stochastic_opf(net, Scenarios([0.5, 0.5], load={1: [100, 50]}, name=["day", "night"]), flexible=["fast"],
                       schedule={"slow": 60})  # fmt: skip


def test_no_one_schedule_for_two_scenarios_is_said_so():
    """The slow unit must run at 60 for the one line to carry it, and cannot where the load is 50 MW."""
    net = Network.from_frames(
        {"bus": [1, 2], "load": [0, 50]}, {"from_bus": [1], "to_bus": [2], "x": [0.1], "shift": [0.0], "limit": [100]},
        {"bus": [1, 2], "p_min": [0, 0], "p_max": [200, 5], "cost": [20, 50], "name": ["slow", "fast"]},
    )  # fmt: skip
    with pytest.raises(Infeasible, match="scenario b: no output with this schedule keeps the limits of all lines"):
        stochastic_opf(net, Scenarios([0.5, 0.5], limits={"1-2": [100, 30]}, name=["a", "b"]), flexible=["fast"],
                       schedule={"slow": 40})  # fmt: skip


def test_a_p_max_below_p_min_names_both():
    net = island()
    frames = net.to_frames()
    frames["generators"]["p_min"] = [0.0, 0.0, 10.0]
    with pytest.raises(InvalidNetwork, match="scenario 2, generator sun: p_max 0 is below its p_min 10"):
        stochastic_opf(Network.from_frames(**frames), SKY, flexible=["fast", "sun"])


def test_words_and_tables():
    s = stochastic_opf(ladder(), BREEZES, **FAST)
    assert s.explain(2) == "bus 2: 0.2 * 30 + 0.3 * 41.1111 + 0.5 * 50 = 43.3333"
    assert "gale, chance 0.5: cost 1900 $/h, prices 0 to 50; S1 40, S3 50, wind 30 MW." in s.explain()
    assert s.to_frame().loc["S3"].tolist() == pytest.approx([56, 80, 50, 50])
    assert s.to_frame("buses").loc[2, "mean"] == pytest.approx(130 / 3)
    assert s.to_frame("lines").loc["1-2", "gale"] == pytest.approx(100)
    assert s.to_frame("scenarios")["cost"].tolist() == pytest.approx([2800, 1900, 1900])
    with pytest.raises(InvalidInput, match="table 'loads' is not one of"):
        s.to_frame("loads")
    assert repr(s) == "TwoStage(3 scenarios, mean cost 2080)" and "te-twostage" in s._repr_html_()
    fearing = stochastic_opf(ladder(), BREEZES, **FAST, risk=(0.5, 0.8))
    assert "The dearest 0.2 of the chances cost 2200 $/h on average; their weight is 0.5." in fearing.explain()
    found = worth(ladder(), BREEZES, **FAST)
    assert found.to_frame()["cost"].round(6).tolist() == [1660, 1760, 2080, 2200, 320, 120]
    many = Scenarios(np.full(10, 0.1), p_max={"wind": np.arange(10)})
    assert (
        many.explain().endswith("and 2 more") and "and 4 scenarios more" in stochastic_opf(ladder(), many, **FAST).explain()
    )


def test_what_is_given_is_not_changed_and_cannot_be():
    chances, wind = np.array(CHANCES), np.array(WIND["wind"], float)
    scenarios = Scenarios(chances, p_max={"wind": wind})
    chances[0], wind[0] = 0.9, 77.0
    assert scenarios.probability.tolist() == CHANCES and scenarios.p_max["wind"].tolist() == [0, 30, 90]
    with pytest.raises(ValueError, match="read-only"):
        scenarios.probability[0] = 1
