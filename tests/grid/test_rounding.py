"""What a solver leaves: prices that are 0 or more than dust, and balances that hold beside a kink."""

from contextlib import suppress

import numpy as np
import pytest

from tefoundations.data import data_path
from tefoundations.errors import Infeasible
from tefoundations.grid import DispatchModel, Network, dc_opf, dc_opf_series, multi_period_opf, scopf

BESIDE = (0, 1e-12, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, -1e-9, -1e-7, -1e-5)  # of all units together


def windy(trial, squares):
    """118 buses on which most units cost nothing, so that many prices are 0; costs with squares, or without."""
    net = Network.from_matpower(data_path("cases/pglib_opf_case118_ieee.m"))
    rng, frames = np.random.default_rng(trial), net.to_frames()
    units = frames["generators"]
    free = rng.random(len(units)) < 0.6
    units["cost2"] = np.where(free, 0.0, 0.001 * squares * rng.random(len(units)))
    units.loc[free, "cost"] = 0.0
    units["p_min"] = 0.0
    frames["lines"]["limit"] *= rng.uniform(1.0, 1.6)
    return Network.from_frames(**frames, base=net.base), net.buses.load * rng.uniform(0.3, 0.8)


def dust(prices):
    """How many are neither 0 nor more than a billionth of the dearest offer, 70 $/MWh."""
    return int(((np.abs(prices) > 0) & (np.abs(prices) < 7e-8)).sum())


@pytest.mark.parametrize("squares", [False, True])
def test_prices_of_a_windy_network_are_nothing_or_more_than_dust(squares):
    for trial in (0, 1, 8):
        net, load = windy(trial, squares)
        hours = np.outer((0.8, 1.0), load)
        for lmp in (dc_opf(net, load).lmp, scopf(net, load, penalty=500.0).lmp, dc_opf_series(net, hours).lmp):
            assert not dust(lmp)
        if not squares:
            assert not dust(multi_period_opf(net, hours).lmp)


def test_a_small_price_is_a_price():
    """A millionth of a dollar beside an offer of a thousand: the solver knows it, so it is told."""
    for squares in (0.0, 1e-9):
        net = Network.from_frames(
            buses={"bus": [1, 2], "load": [10, 60]}, lines={"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [30]},
            generators={"bus": [1, 2], "p_max": [100, 100], "cost": [1e-6, 1000.0], "cost2": [squares / 80, 0]})  # fmt: skip
        assert dc_opf(net).lmp == pytest.approx([1e-6 + squares, 1000], rel=1e-6)


def stacks(rng):
    """Networks of one bus, or three, with quadratic and linear costs, and loads on and beside each kink of their stack."""
    size = rng.integers(2, 6)
    units = {"bus": np.ones(size, dtype=int), "p_max": rng.uniform(10, 100, size).round(),
             "cost": rng.uniform(5, 30, size).round(1),
             "cost2": np.r_[0.05, rng.choice([0, 0.01, 0.05, 0.1], size - 1)]}  # fmt: skip
    total, meshed = units["p_max"].sum(), rng.random() < 0.5
    units["bus"] = rng.integers(1, 4, size) if meshed else units["bus"]
    limit = rng.uniform(0.4, 0.6, 3 * meshed) * total
    lines = (
        {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": [0.5, 0.3, 0.2]}
        if meshed
        else {"from_bus": [], "to_bus": [], "x": []}
    )
    net = Network.from_frames(buses={"bus": [1, 2, 3][: 1 + 2 * meshed]}, lines=lines | {"limit": limit}, generators=units)
    cost, steep, most = units["cost"], units["cost2"], units["p_max"]
    for price in np.unique(np.concatenate([cost, cost + 2 * steep * most])):
        given = np.where(
            steep > 0, np.clip((price - cost) / (2 * np.where(steep, steep, 1)), 0, most), most * (price > cost)
        ).sum()
        for share in BESIDE:
            if 0 < given + share * total < total:
                yield net, given + share * total, total


def test_beside_a_kink_the_dispatch_is_balanced_and_priced_at_its_cost():
    rng, seen = np.random.default_rng(1), 0
    for _ in range(40):
        for net, load, total in stacks(rng):
            units, found = net.generators, None
            with suppress(Infeasible):
                found = DispatchModel(net).solve({net.buses.bus[-1]: load})
            if found is None:
                continue
            seen += 1
            assert abs(found.generation.sum() - load) < 1e-12 * total
            above = units.cost + 2 * units.cost2 * found.generation - found.lmp[units.at]
            at_high, at_low = found.generation > units.p_max - 1e-9 * total, found.generation < 1e-9 * total
            assert (above[~at_low] < 1e-6).all() and (above[~at_high] > -1e-6).all()
    assert seen > 1000
