"""One schedule for many scenarios: golden numbers, an independent programme, prices as differences, and what is paid."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import data_path, grid
from tefoundations.grid import Network, Scenarios, dc_opf, stochastic_opf, worth
from tests.grid.scenario_oracle import drawn, extensive

SEEDS = range(24)
WIND = {"wind": [0, 30, 90]}


def ladder(limit=45):
    lines = grid("three_bus")["lines"].assign(limit=[limit, np.inf, np.inf])
    units = {"bus": [1, 3, 1], "p_max": [400, 200, 90], "cost": [10, 30, 0], "name": ["S1", "S3", "wind"]}
    return Network.from_frames({"bus": [1, 2, 3], "load": [0, 120, 0]}, lines, units)


def island(load=100, sun=60):
    nothing = {"from_bus": [], "to_bus": [], "x": []}
    units = {"bus": [1, 1, 1], "p_max": [200, 200, sun], "cost": [20, 50, 0], "name": ["slow", "fast", "sun"]}
    return Network.from_frames({"bus": [1], "load": [load]}, nothing, units)


CHANCES, FAST = [0.2, 0.3, 0.5], {"flexible": ["S3", "wind"]}
BREEZES = Scenarios(CHANCES, p_max=WIND, name=["calm", "breeze", "gale"])
SKY = Scenarios([0.5, 0.3, 0.2], p_max={"sun": [60, 30, 0]})


# ---- Golden numbers -------------------------------------------------------------------------------------------------


def test_the_hand_computation():
    s = stochastic_opf(island(), SKY, flexible=["fast", "sun"])
    assert s.schedule[0] == pytest.approx(70) and s.lmp[:, 0] == pytest.approx([0, 100 / 3, 50])
    assert s.expected_lmp == pytest.approx([20])
    found = worth(island(), SKY, flexible=["fast", "sun"])
    assert [found.ev, found.ws, found.rp, found.eev] == pytest.approx([1220, 1220, 1700, 1745])
    assert (found.evpi, found.vss) == (pytest.approx(480), pytest.approx(45))
    assert found.mean_schedule[0] == pytest.approx(61)


def test_the_ladder():
    s, found = stochastic_opf(ladder(), BREEZES, **FAST), worth(ladder(), BREEZES, **FAST)
    assert s.schedule[0] == pytest.approx(40) and s.expected_lmp == pytest.approx([10, 130 / 3, 30])
    assert s.lmp == pytest.approx(np.array([[30, 30, 30], [40 / 3, 370 / 9, 30], [0, 50, 30]]), abs=1e-9)
    assert s.multiplier[:, 0] == pytest.approx([0, 500 / 9, 100])
    assert [found.ev, found.ws, found.rp, found.eev] == pytest.approx([1660, 1760, 2080, 2200])
    assert (found.evpi, found.vss) == (pytest.approx(320), pytest.approx(120))


def test_the_ladder_without_a_limit():
    net = ladder(np.inf)
    s, found = stochastic_opf(net, BREEZES, **FAST), worth(net, BREEZES, **FAST)
    assert s.schedule[0] == pytest.approx(90)
    assert [found.ev, found.ws, found.rp, found.eev] == pytest.approx([660, 660, 1080, 1200])
    assert s.profit()[:, 1] == pytest.approx([-120, -20, 60]) and s.probability @ s.profit()[:, 1] == pytest.approx(0)


def test_the_operator_of_the_ladder():
    s = stochastic_opf(ladder(), BREEZES, **FAST)
    assert s.operator_income() == pytest.approx([2880, 2980, 3060])
    assert s.probability @ s.operator_income() == pytest.approx(3000)
    assert s.schedule == pytest.approx([40, 56, 24])


def test_a_line_that_shrinks_leaves_the_operator_short():
    """Two towns at 10 and 30, 100 MW sold between them; in one hour of ten the line carries 40."""
    net = Network.from_frames(
        {"bus": ["N", "S"], "load": [0, 100]}, {"from_bus": ["N"], "to_bus": ["S"], "x": [0.1], "limit": [120]},
        {"bus": ["N", "S"], "p_max": [300, 300], "cost": [10, 30], "name": ["wind", "gas"]},
    )  # fmt: skip
    s = stochastic_opf(net, Scenarios([0.9, 0.1], limits={"N-S": [120, 40]}), flexible=["wind", "gas"])
    assert s.ahead_lmp == pytest.approx([10, 12]) and s.lmp == pytest.approx(np.array([[10, 10], [10, 30]]))
    income = s.operator_income({"wind": 100, "gas": 0})
    assert income == pytest.approx([200, -1000]) and s.probability @ income == pytest.approx(80)
    assert s.probability @ s.operator_income() == pytest.approx(80)


# ---- An independent programme ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_programme_with_all_angles_and_lines_finds_the_same(seed):
    net, scenarios, options = drawn(seed)
    s, other = stochastic_opf(net, scenarios, **options), extensive(net, scenarios, **options)
    assert s.cost == pytest.approx(other.cost, rel=1e-7)
    tried = extensive(net, scenarios, **options, schedule=np.clip(s.schedule, 0, net.generators.p_max))
    assert tried.cost == pytest.approx(s.cost, rel=1e-6)  # its schedule is one of theirs
    low, high = -scenarios._arrays(net)[2] - 1e-6, scenarios._arrays(net)[2] + 1e-6
    assert ((s.flow >= low) & (s.flow <= high)).all() and (s.shed >= 0).all()
    given = np.zeros_like(s.load)
    np.add.at(given.T, net.generators.at, s.output.T)
    assert given.sum(axis=1) + s.shed.sum(axis=1) == pytest.approx(s.load.sum(axis=1))
    assert np.ptp(s.output[:, ~options["flexible"]], axis=0) == pytest.approx(0)


@pytest.mark.parametrize("seed", range(8))
def test_a_price_is_what_one_more_megawatt_costs(seed):
    """One-sided differences of the mean cost, over the chance: the price lies between them, and mostly on both."""
    net, scenarios, options = drawn(seed)
    s, step = stochastic_opf(net, scenarios, **options), 1e-4
    load, p_max, limits = scenarios._arrays(net)
    for row in range(len(scenarios)):
        for bus in range(len(net.buses)):
            less, more = (_moved(net, scenarios, options, load, row, bus, sign * step) for sign in (-1, 1))
            below, above = (s.cost - less) / step, (more - s.cost) / step
            assert below - 1e-3 <= s.lmp[row, bus] * s.probability[row] <= above + 1e-3


def _moved(net, scenarios, options, load, row, bus, step):
    changed = load.copy()
    changed[row, bus] += step
    moved = Scenarios(scenarios.probability, changed, scenarios.p_max, scenarios.limits)
    return stochastic_opf(net, moved, **options).cost


def test_118_buses_agree_with_the_programme_of_all_angles():
    net = Network.from_matpower(data_path("cases") / "pglib_opf_case118_ieee.m")
    rng = np.random.default_rng(3)
    scenarios = Scenarios([0.5, 0.3, 0.2], load=net.buses.load * rng.normal(1, 0.1, (3, 118)))
    flexible = np.arange(len(net.generators)) % 2 == 0
    s = stochastic_opf(net, scenarios, flexible=flexible, up=5.0, down=5.0)
    other = extensive(net, scenarios, flexible, up=5.0, down=5.0)
    assert s.cost == pytest.approx(other.cost, rel=1e-7) and s.rows > 5


@pytest.mark.parametrize("seed", range(6))
def test_a_certain_scenario_is_the_dc_opf(seed):
    net, scenarios, _ = drawn(seed)
    alone = scenarios._alone(0)
    load, p_max, limits = alone._arrays(net)
    frames = net.to_frames()
    frames["generators"]["p_max"] = p_max[0]
    d = None
    s = stochastic_opf(net, alone, flexible=["wind", "sun"], voll=1e6)
    if s.shed.sum() < 1e-9:
        d = dc_opf(Network.from_frames(**frames), load[0], limits=limits[0])
        assert s.cost == pytest.approx(d.cost) and s.output[0].sum() == pytest.approx(d.generation.sum())
    assert d is not None or s.shed.sum() > 0


def test_cost_curves_are_blocks_and_bids_and_dc_lines_answer():
    frames = ladder().to_frames()
    curve = [(0, 0), (50, 500), (400, 500 + 350 * 14)]
    net = Network.from_frames(
        frames["buses"], frames["lines"], frames["generators"].assign(curve=[curve, None, None], cost=[0.0, 30, 0]),
        {"bus": [3], "p_max": [20], "value": [35]}, {"from_bus": [1], "to_bus": [2], "p_max": [10], "loss1": [0.1]},
    )  # fmt: skip
    s = stochastic_opf(net, BREEZES, **FAST)
    assert s.dc_flow.max() == pytest.approx(10) and s.demand == pytest.approx(np.full((3, 1), 20))
    made = np.interp(s.schedule[0], [0, 50, 400], [0, 500, 5400])
    assert s.unit_costs[:, 0] == pytest.approx(made)
    assert s.costs == pytest.approx(s.unit_costs.sum(axis=1) - 35 * s.demand[:, 0])
    income = s.operator_income()
    assert s.chances @ income == pytest.approx(s.probability @ _rent(s))


def _rent(s):
    """What loads pay less what units get at the prices of each scenario, and bids and the DC line left out."""
    net = s.net
    paid = (s.lmp * (s.load - s.shed)).sum(axis=1) + (s.lmp[:, net.bids.at] * s.demand).sum(axis=1)
    return paid - (s.lmp[:, net.generators.at] * s.output).sum(axis=1)


# ---- Properties -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_the_four_costs(seed):
    net, scenarios, options = drawn(seed)
    found, slack = worth(net, scenarios, **options), 1e-7
    assert found.ev <= found.ws + slack and found.ws <= found.rp + slack and found.rp <= found.eev + slack
    assert found.evpi >= -slack and found.vss >= -slack
    known = [extensive(net, scenarios._alone(s), **options).cost for s in range(len(scenarios))]
    assert found.ws == pytest.approx(scenarios.probability @ known, rel=1e-7)


@pytest.mark.parametrize("seed", range(10))
def test_all_money_is_accounted_for(seed):
    """What buyers pay is what units earn and cost, and what the operator keeps; and positions move no means."""
    net, scenarios, options = drawn(seed)
    s = stochastic_opf(net, scenarios, **options)
    bought = s.load - s.shed
    mean = s.probability @ bought
    for positions in (None, np.random.default_rng(seed).uniform(0, 50, len(net.generators))):
        paid = s.ahead_lmp @ mean + (s.lmp * (bought - mean)).sum(axis=1)
        units = (s.profit(positions) + s.unit_costs).sum(axis=1)
        assert paid == pytest.approx(units + s.operator_income(positions))
        assert s.probability @ s.operator_income(positions) == pytest.approx(s.probability @ _rent(s))


@pytest.mark.parametrize("seed", range(10))
def test_no_scenario_leaves_the_operator_less_than_the_sales_ahead(seed):
    """Where one network serves all scenarios, and positions fit it: here mean outputs."""
    net, scenarios, options = drawn(seed)
    same = Scenarios(scenarios.probability, scenarios.load, scenarios.p_max)
    s = stochastic_opf(net, same, **options)
    mean = s.probability @ s.output
    ahead = s.ahead_lmp @ (s.probability @ (s.load - s.shed)) - s.ahead_lmp[net.generators.at] @ mean
    assert (s.operator_income(mean) >= ahead - 1e-6).all()


@pytest.mark.parametrize("seed", range(10))
def test_nobody_loses_on_average(seed):
    """At the mean price a unit that stands still has nothing to gain by another schedule; all recover their costs."""
    net, scenarios, options = drawn(seed)
    s = stochastic_opf(net, scenarios, **options)
    assert (s.probability @ s.profit() >= -1e-6).all()
    price, at = s.expected_lmp[net.generators.at], s.schedule
    most = np.minimum(net.generators.p_max, scenarios._arrays(net)[1].min(axis=0))
    for unit in np.flatnonzero(~options["flexible"]):
        if 1e-6 < at[unit] < most[unit] - 1e-6:
            assert price[unit] == pytest.approx(net.generators.cost[unit], abs=1e-6)


def test_sizes_do_not_matter():
    net, scenarios, options = drawn(5)
    s = stochastic_opf(net, scenarios, **options)
    load, p_max, limits = scenarios._arrays(net)
    for scale in (1e-6, 1e5):
        frames = net.to_frames()
        frames["buses"]["load"] *= scale
        frames["generators"]["p_max"] *= scale
        frames["lines"]["limit"] *= scale
        frames["lines"]["shift"] *= scale  # else the phase shifters drive what they did
        scaled = Network.from_frames(**frames)
        same = Scenarios(scenarios.probability, load * scale, p_max * scale, limits * scale)
        found = stochastic_opf(scaled, same, **options)
        assert found.cost == pytest.approx(s.cost * scale, rel=1e-8)
        assert found.schedule == pytest.approx(s.schedule * scale, rel=1e-6, abs=1e-9 * scale)


def test_labels_arrays_and_tables_say_the_same():
    array = np.tile([400.0, 200.0, 0.0], (3, 1))
    array[:, 2] = WIND["wind"]
    table = pd.DataFrame(array, columns=["S1", "S3", "wind"])
    ways = (WIND, array, table, table[["wind"]])
    for way in ways:
        s = stochastic_opf(ladder(), Scenarios(CHANCES, p_max=way), flexible=[False, True, True])
        assert s.cost == pytest.approx(2080)
    for premium in ({"S3": 4}, np.array([0.0, 4.0, 0.0])):
        s = stochastic_opf(ladder(), BREEZES, **FAST, up=premium, down=premium)
        assert s.decided.tolist() == [True, True, False]


def test_premiums_change_the_schedule_of_who_may_move():
    """At 30 + 4 up and 30 - 4 down the fast unit is scheduled where the mean of its prices is its cost."""
    s = stochastic_opf(ladder(), BREEZES, **FAST, up={"S3": 4}, down={"S3": 4})
    array = np.array([False, True, True]), np.array([0, 4.0, 0])
    assert s.cost == pytest.approx(extensive(ladder(), BREEZES, array[0], array[1], array[1]).cost, rel=1e-8)
    moved = s.output[:, 1] - s.schedule[1]
    assert (s.lmp[moved > 1e-6, 2] == pytest.approx(34)) and (s.lmp[moved < -1e-6, 2] == pytest.approx(26))
    assert s.unit_costs[:, 1] == pytest.approx(30 * s.output[:, 1] + 4 * np.abs(moved))


def test_a_schedule_of_ones_own_is_tried():
    for mw, cost in ((16, 2200), (40, 2080), (70, 2200)):
        assert stochastic_opf(ladder(), BREEZES, **FAST, schedule={"S1": mw}).cost == pytest.approx(cost)


def test_load_that_cannot_be_served_is_left_at_its_value():
    net = island(load=500)
    s = stochastic_opf(net, SKY, flexible=["fast", "sun"], voll=700)
    assert s.shed[:, 0] == pytest.approx([40, 70, 100]) and s.lmp[:, 0] == pytest.approx([700] * 3)
    assert "MW not served" in s.explain()


def test_a_mean_of_the_same_is_the_same():
    """A third of it three times is not always it: a unit's own p_max would then seem to hang on the scenario."""
    frames = ladder().to_frames()
    units = frames["generators"].assign(
        curve=[[(0, 0), (400.1, 4001)], None, None], cost=[0.0, 30, 0], p_max=[400.1, 200.3, 90]
    )
    net = Network.from_frames(frames["buses"], frames["lines"], units)
    p_max = np.tile(net.generators.p_max, (7, 1))
    p_max[:, 2] = np.linspace(0, 90, 7)
    found = worth(net, Scenarios(np.full(7, 1 / 7), p_max=p_max), **FAST)
    assert found.vss >= -1e-9 and found.evpi > 0
    assert stochastic_opf(net, BREEZES, **FAST, schedule={"S1": -1e-12}).schedule[0] == 0


def test_a_schedule_of_a_unit_with_a_curve_is_made_by_its_cheapest_pieces():
    frames = ladder().to_frames()
    curve = [(0, 0), (20, 100), (50, 500), (400, 6000)]
    units = frames["generators"].assign(curve=[curve, None, None], cost=[0.0, 30, 0], p_min=[5.0, 0, 0])
    net = Network.from_frames(frames["buses"], frames["lines"], units)
    for mw in (5, 15, 20, 41, 62):
        s = stochastic_opf(net, BREEZES, **FAST, schedule={"S1": mw})
        assert s.schedule[0] == pytest.approx(mw) and s.output[:, 0] == pytest.approx(mw)
        assert s.unit_costs[:, 0] == pytest.approx(np.interp(mw, *zip(*curve)))
