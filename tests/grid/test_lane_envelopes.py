"""Export limits on the book's lane: hosting capacity, a noon and two days under each rule, and what they leave out."""

from functools import cache

import numpy as np
import pytest

from tefoundations.data import community, lane_grid
from tefoundations.grid import Network, branch_flow_opf, export_limits, hosting_capacity, lindistflow, sweep


@pytest.fixture(scope="module")
def people():
    return community()


LANE = Network.from_frames(**lane_grid())  # its cables; loads are given


@cache
def day_of(day):
    """Use less what engines make, and sun (MW), by half hour and member."""
    people = community()
    return (people.load(day) - people.chp(day)) * 2 / 1000, people.solar(day) * 2 / 1000


def half_hour(people, day, step):
    """Net, load and reactive load of those who draw (MW), buses and wishes of those who send, at their meters."""
    use, sun = (table.loc[step] for table in day_of(day))
    send, bus = sun - use, people.members["bus"]
    load, q = (-send).clip(lower=0), 0.3 * use.clip(lower=0)
    by_bus = (each.groupby(bus).sum().reindex(range(11), fill_value=0.0).to_numpy() for each in (load, q))
    asked = send[send > 0]
    return LANE, *by_bus, bus[asked.index], asked


def limits(people, day, step, rule, v_max=1.03):
    net, load, q, members, wanted = half_hour(people, day, step)
    return export_limits(net, load, q_load=q, members=members, wanted=wanted, rule=rule, v_max=v_max)


def test_hosting_capacity_of_the_lane_is_no_number(people):
    net, none = Network.from_frames(**lane_grid()), np.zeros(11)
    at = {10: 22.88, 7: 29.07, 5: 57.89, 1: 100.0, 2: 100.0}
    for bus, kilowatt in at.items():
        found = hosting_capacity(net, none, q_load=none, at=bus, v_max=1.03)
        assert 1000 * found.total == pytest.approx(kilowatt, abs=0.005)
        assert found.binding == (("line 0-1",) if bus < 3 else (f"voltage of bus {bus}",))
    roofs = people.members.query("solar_kwp > 0")["bus"]
    ten = hosting_capacity(net, none, q_load=none, at=roofs, v_max=1.03)
    assert 1000 * ten.limit == pytest.approx(np.full(10, 4.699), abs=5e-4) and 1000 * ten.total == pytest.approx(
        47.0, abs=0.05
    )
    absorbing = hosting_capacity(net, none, q_load=none, at=roofs, v_max=1.03, tan_phi=0.484)
    assert 1000 * absorbing.limit == pytest.approx(np.full(10, 7.36), abs=0.005)
    r, x = net.lines.r, net.lines.x
    way = [0, 1, 2, 3, 7, 8, 9]
    assert x[0] / r[0] == pytest.approx(2.06, abs=0.01) and x[way].sum() / r[way].sum() == pytest.approx(0.435, abs=5e-4)
    assert (x[7:] / r[7:]).round(2).tolist() == [0.13] * 3


def test_a_summer_noon_under_each_rule(people):
    most, equal, share = (limits(people, "summer", 26, rule) for rule in ("most", "equal", "share"))
    assert 1000 * most.wanted.sum() == pytest.approx(61.04, abs=0.005)
    assert 1000 * most.total == pytest.approx(47.55, abs=0.005) == 1000 * equal.total
    assert equal.member[equal.cut > 0].tolist() == ["shop"]
    assert 1000 * equal.to_frame().loc["shop", ["wanted", "limit"]].to_numpy() == pytest.approx([21.49, 8.00], abs=0.005)
    assert 1000 * share.total == pytest.approx(40.32, abs=0.005) and share.total / share.wanted.sum() == pytest.approx(
        0.66, abs=0.005
    )
    wide = {rule: limits(people, "summer", 26, rule, v_max=1.05) for rule in ("most", "equal")}
    for found in wide.values():
        assert 1000 * found.total == pytest.approx(59.21, abs=0.005) and found.binding == ("line 4-8",)
    assert abs(wide["most"].limit - wide["equal"].limit).max() > 1e-3  # the split of the largest sum is not unique


def test_two_days_of_limits(people):
    told = {"summer": (462.5, 325.1, 408.5, 408.5, 380.7), "holiday": (577.3, 387.2, 484.1, 466.5, 423.3)}
    for day, expected in told.items():
        sums = np.zeros(5)
        for step in people.steps:
            net, load, q, members, wanted = half_hour(people, day, step)
            given = [
                export_limits(net, load, q_load=q, members=members, wanted=wanted, rule=rule, v_max=1.03).total
                for rule in ("most", "equal", "share")
            ]
            sums += [wanted.sum(), np.minimum(wanted, 0.00469907).sum(), *given]
        assert 500 * sums == pytest.approx(expected, abs=0.051)


def test_limits_are_safe_with_losses_and_import_drops_are_understated(people):
    net, load, q, members, wanted = half_hour(people, "summer", 26)
    found, rng = limits(people, "summer", 26, "equal"), np.random.default_rng(0)

    def highest(part):
        drawn = load.copy()
        np.add.at(drawn, members.to_numpy(), -part * found.limit)
        return sweep(net, drawn, q_load=q).voltage.max()

    assert highest(1.0) == pytest.approx(1.0294, abs=5e-5)
    assert max(highest(part) for part in rng.random((60, len(wanted)))) < 1.03
    all_draw = 0.01 * np.bincount(people.members["bus"], minlength=11)
    true, linear = (run(net, all_draw, q_load=np.zeros(11)).voltage.min() for run in (sweep, lindistflow))
    assert true == pytest.approx(0.9059, abs=5e-5) and linear == pytest.approx(0.9114, abs=5e-5)


def test_prices_give_the_scarcity_to_the_network():
    frames = lane_grid("summer", 26, 30)
    frames["buses"].loc[1:, "v_max"] = 1.03
    d = branch_flow_opf(Network.from_frames(**frames))
    assert d.tight and (d.lmp / 10)[[0, 1, 4, 8, 9, 10]] == pytest.approx([30, 25.9, 19.5, 11.4, 5.2, 0], abs=0.05)
    assert 1000 * (d.net.generators.p_max - d.generation)[1:].sum() == pytest.approx(13.03, abs=0.005)
