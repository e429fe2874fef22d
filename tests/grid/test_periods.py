"""Hours that stores and ramps couple: by hand, an independent programme, prices as differences, scale."""

from dataclasses import replace

import numpy as np
import pytest

from tefoundations.errors import Infeasible, InvalidBattery
from tefoundations.grid import Network, Store, dc_opf_series, multi_period_opf
from tefoundations.resources import Battery, arbitrage
from tests.grid.networks import pjm_five_bus
from tests.grid.periods_oracle import NOTHING, by_cvxpy, drawn, island, two_towns

SEEDS = range(40)


# ---- By hand --------------------------------------------------------------------------------------------------------


def test_a_store_behind_a_full_line():
    """40 MW come over the line. In the first hour b needs 20, in the second 60: 20 MWh wait in the store."""
    load = [[0, 20], [0, 60]]
    s = multi_period_opf(two_towns(), load, stores=[Store("b", energy=15, power=30)])
    assert s.charge[:, 0] == pytest.approx([15, 0]) and s.discharge[:, 0] == pytest.approx([0, 15])
    assert s.lmp == pytest.approx(np.array([[20, 20], [20, 80]])) and s.stored_worth[:, 0] == pytest.approx([20, 80])
    assert s.store_income == pytest.approx([15 * 60]) and s.total_cost == pytest.approx(75 * 20 + 5 * 80)
    assert s.multiplier[:, 0] == pytest.approx([0, 60]) and s.congestion_rent == pytest.approx([0, 60 * 40])
    idle = multi_period_opf(two_towns(), load, stores=[Store("a", energy=15, power=30)])
    assert idle.total_cost == pytest.approx(60 * 20 + 20 * 80)


def test_losses_part_the_prices():
    """A store that loses a fifth, and is not full: each price of buying is 0.8 of that of selling."""
    s = multi_period_opf(island(), [[40], [70]], stores=[Store(1, energy=40, power=30, charge_efficiency=0.8)])
    assert s.lmp[:, 0] == pytest.approx([48, 60]) and s.store_income == pytest.approx([8 * 60 - 10 * 48])


def test_a_ramp_makes_power_cheaper_than_free():
    s = multi_period_opf(island(), [[30], [48]], ramps={"base": 5})
    assert s.generation[:, 0] == pytest.approx([30, 35]) and s.lmp[:, 0] == pytest.approx([-20, 60])
    half = multi_period_opf(island(), [[30], [48]], ramps={"base": 10}, hours=0.5)
    assert half.explain().startswith("2 steps of 0.5 h: cost") and repr(s).startswith("CoupledSeries(2 steps, 0 stores")
    assert half.generation == pytest.approx(s.generation) and half.total_cost == pytest.approx(s.total_cost / 2)


def test_an_end_value_keeps_what_is_worth_more_later():
    held = Store(1, energy=40, power=10, initial_energy=30, end_value=70)
    s = multi_period_opf(island(), [[30], [60]], stores=[held])
    assert s.stored[:, 0] == pytest.approx([30, 40, 40]) and s.stored_worth[:, 0] == pytest.approx([20, 70], abs=50)
    assert s.total_cost == pytest.approx(s.cost.sum() - 40 * 70)
    poor = multi_period_opf(island(), [[30], [60]], stores=[replace(held, end_value=50)])
    assert poor.stored[-1, 0] == pytest.approx(30) and poor.stored_worth[-1, 0] == pytest.approx(50, abs=10)


def test_where_losing_energy_is_paid_for_it_is_told():
    must = Network.from_frames({"bus": [1]}, NOTHING, {"bus": [1, 1], "p_min": [20, 0], "p_max": [20, 90], "cost": [0, 9]})
    lossy = Store(1, energy=10, power=30, charge_efficiency=0.8, discharge_efficiency=0.8)
    s = multi_period_opf(must, [[15], [25]], stores=[lossy])
    assert not s.both_ways.any() and s.generation[0, 0] == 20
    burning = multi_period_opf(must, [[15], [25]], stores=[replace(lossy, energy=1.0)])
    assert burning.both_ways[0, 0] and "no battery can" in burning.explain() and burning.lmp[0, 0] <= 0


# ---- Two formulations -----------------------------------------------------------------------------------------------


def test_as_cvxpy_finds_it():
    compared, priced, refused = 0, 0, 0
    for seed in SEEDS:
        net, load, given = drawn(seed)
        other = by_cvxpy(net, load, **given)
        if other is None:
            refused += 1
            with pytest.raises((Infeasible, InvalidBattery)):
                multi_period_opf(net, load, **given)
            continue
        s = multi_period_opf(net, load, **given)
        assert s.total_cost == pytest.approx(other.cost, rel=1e-7, abs=1e-6), seed
        compared += 1
        # Where several prices are right, those of cvxpy need not be ours: the differences below ask for that.
        priced += np.allclose(other.lmp, s.lmp, atol=1e-5) and np.allclose(other.worth, s.stored_worth, atol=1e-5)
    assert compared >= 30 and priced >= 20 and refused < 8, (compared, priced, refused)


def test_worth_of_stored_energy_by_differences():
    """One MWh more in a store during a step, in a programme that does not know our duals."""
    told = 0
    for seed in range(100, 116):
        net, load, given = drawn(seed)
        try:
            s = multi_period_opf(net, load, **given)
        except (Infeasible, InvalidBattery):
            continue
        rng = np.random.default_rng(seed)
        step, place, by = int(rng.integers(len(load))), int(rng.integers(len(s.stores))), 1e-3
        gift = np.zeros(s.stored_worth.shape)
        gift[step, place] = by
        more, less = by_cvxpy(net, load, **given, gift=gift), by_cvxpy(net, load, **given, gift=-gift)
        worth = s.stored_worth[step, place]
        if more is not None:
            assert worth >= (s.total_cost - more.cost) / by - 1e-3
        if less is not None:
            assert worth <= (less.cost - s.total_cost) / by + 1e-3
            told += more is not None
    assert told >= 8


def test_prices_by_differences():
    told = 0
    for seed in range(200, 230):
        net, load, given = drawn(seed)
        try:
            s = multi_period_opf(net, load, **given)
        except (Infeasible, InvalidBattery):
            continue
        rng, by, hours = np.random.default_rng(seed), 1e-3, given["hours"]
        step, bus = int(rng.integers(len(load))), int(rng.integers(load.shape[1]))
        moved = load.copy()
        moved[step, bus] += by
        try:
            more = multi_period_opf(net, moved, **given).total_cost
            moved[step, bus] -= 2 * by
            less = multi_period_opf(net, moved, **given).total_cost
        except Infeasible:
            continue
        low, high = (s.total_cost - less) / by / hours, (more - s.total_cost) / by / hours
        assert low - 1e-4 <= s.lmp[step, bus] <= high + 1e-4
        told += high - low < 1e-4
    assert told >= 15


def test_the_first_mwh_by_differences():
    """What is in store at the beginning is worth what the first step says of it, less what it loses by then."""
    net, load, given = drawn(3, ramped=False)
    s = multi_period_opf(net, load, **given)
    for place, store in enumerate(given["stores"]):
        costs = []
        for by in (1e-3, -1e-3):
            stores = [*given["stores"]]
            stores[place] = replace(store, initial_energy=store.initial_energy + by)
            costs.append(multi_period_opf(net, load, **given | {"stores": stores}).total_cost)
        kept = (1 - store.self_discharge) ** given["hours"]
        low, high = (s.total_cost - costs[0]) / 1e-3, (costs[1] - s.total_cost) / 1e-3
        assert low - 1e-4 <= kept * s.stored_worth[0, place] <= high + 1e-4


def test_one_bus_is_the_plan_of_a_battery():
    """A store at given prices: in each hour another unit, large enough, sets the price."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        prices, steps = rng.uniform(5, 90, 24).round(2), 24
        size = {"energy": 40, "power": 12, "charge_efficiency": 0.9, "discharge_efficiency": 0.95, "initial_energy": 10,
                "final_energy": 5, "cycle_cost": 3, "self_discharge": 0.01}  # fmt: skip
        units = {"bus": [1] * steps, "p_max": [500] * steps, "cost": prices, "name": [f"u{t}" for t in range(steps)]}
        net = Network.from_frames({"bus": [1]}, NOTHING, units)
        found = multi_period_opf(net, np.full((steps, 1), 200.0), stores=[Store(1, **size)], p_max=500 * np.eye(steps))
        plan = arbitrage(prices, Battery(**size))
        assert 200 * prices.sum() - found.total_cost == pytest.approx(plan.profit, abs=1e-6)
        assert found.lmp[:, 0] == pytest.approx(prices)
        assert found.stored[:, 0] == pytest.approx(plan.energy, abs=1e-6)
        low, high = plan.shadow_price_interval
        assert (found.stored_worth[:, 0] >= low - 1e-6).all() and (found.stored_worth[:, 0] <= high + 1e-6).all()


def test_without_stores_it_is_the_series():
    net, rng = pjm_five_bus(), np.random.default_rng(0)
    load = net.buses.load * rng.uniform(0.4, 1.0, (60, 5))
    one, each = multi_period_opf(net, load), dc_opf_series(net, load)
    for name in ("lmp", "generation", "flow", "multiplier", "cost", "value", "congestion_rent", "load"):
        assert getattr(one, name) == pytest.approx(getattr(each, name), abs=1e-6), name
    assert one.rows == (each.multiplier != 0).sum() or one.rows > 0
    narrow = {"limits": {"D-E": 180.0}} if "D-E" in net.lines.name else {"limits": np.full(6, 300.0)}
    assert multi_period_opf(net, load, **narrow).lmp == pytest.approx(dc_opf_series(net, load, **narrow).lmp, abs=1e-6)


def test_bids_curves_and_dc_lines_answer_in_every_hour():
    net = Network.from_frames(
        {"bus": [1, 2], "load": [30, 80]}, {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [50]},
        {"bus": [1, 2], "p_max": [150, 100], "cost": [0, 70], "curve": [[(0, 0), (60, 600), (150, 3300)], None]},
        bids={"bus": [2], "p_max": [20], "value": [65]},
        dclines={"from_bus": [1], "to_bus": [2], "p_max": [10], "loss0": [1], "loss1": [0.05]},
    )  # fmt: skip
    load = np.outer(np.linspace(0.3, 1.1, 9), net.buses.load)
    one, each = multi_period_opf(net, load), dc_opf_series(net, load)
    for name in ("demand", "dc_flow", "generation", "value", "cost", "lmp"):
        assert getattr(one, name) == pytest.approx(getattr(each, name), abs=1e-6), name
    with_store = multi_period_opf(net, load, stores=[Store(2, energy=50, power=20)])
    assert with_store.total_cost < one.total_cost - 1


# ---- Properties -----------------------------------------------------------------------------------------------------


def test_energy_ramps_and_limits_hold():
    for seed in SEEDS:
        net, load, given = drawn(seed)
        try:
            s = multi_period_opf(net, load, **given)
        except (Infeasible, InvalidBattery):
            continue
        hours, near = given["hours"], 1e-6
        for place, store in enumerate(given["stores"]):
            kept = (1 - store.self_discharge) ** hours
            inside = hours * (store.charge_efficiency * s.charge - s.discharge / store.discharge_efficiency)[:, place]
            assert s.stored[1:, place] == pytest.approx(kept * s.stored[:-1, place] + inside, abs=near)
            assert s.stored[0, place] == store.initial_energy and s.stored[-1, place] >= store.final_energy - near
            assert (s.stored[:, place] <= store.energy + near).all() and (s.stored >= -near).all()
            assert (s.charge[:, place] <= store.power + near).all()
            assert (s.discharge[:, place] <= store.power_out + near).all()
        moved = np.abs(np.diff(s.generation, axis=0))
        assert (moved <= hours * given["ramps"] + near).all()
        assert (np.abs(s.flow) <= net.lines.limit + near).all() and (s.generation <= given["p_max"] + near).all()
        given_in = s.generation.sum(axis=1) + (s.discharge - s.charge).sum(axis=1)
        assert given_in == pytest.approx(load.sum(axis=1), abs=near)
        rent = (s.multiplier * s.flow).sum(axis=1)
        assert s.congestion_rent == pytest.approx(rent, abs=1e-4)


def test_more_store_never_costs_more_and_each_mwh_is_worth_less():
    costs = [multi_period_opf(two_towns(), [[0, 20], [0, 70], [0, 30], [0, 55]],
                              stores=[Store("b", energy=size, power=40)]).total_cost
             for size in (0.001, 5, 10, 15, 20, 30, 40)]  # fmt: skip
    saved = -np.diff(costs) / np.diff([0.001, 5, 10, 15, 20, 30, 40])
    assert (saved >= -1e-9).all() and (np.diff(saved) <= 1e-9).all() and saved[0] > 0


def test_unfit_ramps_cost_more_the_tighter_they_are():
    load = [[30], [48], [20], [60]]
    costs = [multi_period_opf(island(), load, ramps={"base": ramp}).total_cost for ramp in (50, 20, 10, 5, 0)]
    assert (np.diff(costs) >= -1e-9).all() and costs[-1] > costs[0]


@pytest.mark.parametrize("factor", [1e-6, 1e-3, 1e3])
def test_scale(factor):
    """A street and a continent: everything in MW and MWh so many times larger."""
    for seed in (0, 5, 9):
        net, load, given = drawn(seed, ramped=False)
        one, frames = multi_period_opf(net, load, **given), net.to_frames()
        frames["lines"]["limit"] *= factor
        frames["generators"][["p_max"]] *= factor
        stores = [replace(each, **{name: getattr(each, name) * factor for name in
                                   ("energy", "power", "power_out", "initial_energy", "final_energy")})
                  for each in given["stores"]]  # fmt: skip
        large = Network.from_frames(**frames, base=net.base * factor, slack=net.slack)
        s = multi_period_opf(large, load * factor, stores=stores, p_max=given["p_max"] * factor, hours=given["hours"])
        assert s.total_cost == pytest.approx(one.total_cost * factor, rel=1e-7)
        assert s.lmp == pytest.approx(one.lmp, abs=1e-4) or seed == 9


def test_a_store_without_losses_does_not_take_and_give_at_once():
    """Prices are above 0 and hours cost the same: a solver may run such a store in a circle, no battery can."""
    net = Network.from_frames(
        {"bus": [1, 2, 3]},
        {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": [0.1] * 3, "limit": [25, 40, 60], "shift": [1, 0, 0]},
        {"bus": [1, 3], "p_max": [120, 120], "cost": [10, 30]},
    )
    rng = np.random.default_rng(1)
    load = np.column_stack([np.zeros(8), rng.uniform(5, 30, 8), rng.uniform(20, 90, 8)])
    lossy = Store(3, energy=5, power=10, charge_efficiency=0.9, discharge_efficiency=0.9, initial_energy=2, final_energy=2,
                  cycle_cost=1, self_discharge=0.01)  # fmt: skip
    found = multi_period_opf(net, load, stores=[lossy, Store(2, energy=5, power=10, end_value=5)], hours=0.25)
    assert found.lmp.min() > 0 and not found.both_ways.any() and "at once" not in found.explain()
    moved = 0.25 * (found.charge - found.discharge)[:, 1]
    assert np.diff(found.stored[:, 1]) == pytest.approx(moved, abs=1e-9)
    assert (found.generation + found.discharge - found.charge).sum(axis=1) == pytest.approx(load.sum(axis=1))
