"""Plans and faults without meaning are refused before the day is run, with the name of what is wrong."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import grid
from tefoundations.errors import InvalidInput
from tefoundations.grid import Network
from tefoundations.systems import DayPlan, Fault, day_from_network, transactive_day


@pytest.fixture(scope="module")
def plan():
    return DayPlan.of("winter")


@pytest.mark.parametrize("kind, amount, words", [
    ("edited", 0.5, "whole number of Wh"), ("edited", 1e300, "1e\\+300"), ("edited", np.nan, "nan"), ("cut off", -3, "-3"),
    ("cut off", np.inf, "inf"), ("line lost", -5, "-5"), ("wrong price", 1e300, "1e\\+300"), ("low meter", 1.01, "1.01"),
    ("low meter", -0.1, "-0.1"),
])  # fmt: skip
def test_an_amount_that_cannot_be(kind, amount, words):
    with pytest.raises(InvalidInput, match=words):
        Fault(kind, [1], "home8", amount)


def test_a_line_is_not_believed_to_stay_away_longer_than_the_day(plan):
    with pytest.raises(InvalidInput, match="at most the 24 hours"):
        transactive_day(plan, learn=0, ledger="none", faults=[Fault("line lost", [12, 13], amount=1e9)])
    assert transactive_day(plan, learn=0, ledger="none", faults=[Fault("line lost", [12, 13], amount=24)]).lost > 0


@pytest.mark.parametrize("fault", [
    Fault("edited", [12], "home8", 1000), Fault("repeated", [12], "home8"), Fault("lost", [12], "home8"),
    Fault("low meter", [12], "home8", 0.5), Fault("wrong price", [12], amount=10),
], ids=lambda fault: fault.kind)  # fmt: skip
def test_a_fault_that_nothing_would_show_is_refused(plan, fault):
    with pytest.raises(InvalidInput, match=f"{fault.kind} needs a (ledger|contract), and with ledger='none'"):
        transactive_day(plan, learn=0, ledger="none", faults=[fault])
    if fault.kind == "repeated":
        with pytest.raises(InvalidInput, match="with ledger='roots'"):
            transactive_day(plan, learn=0, ledger="roots", faults=[fault])
    for market in (Fault("cut off", [12], "Lane"), Fault("line lost", [12])):
        transactive_day(plan, learn=0, ledger="none", faults=[market])


@pytest.mark.parametrize("groups, words", [
    ({"operator": ["home2"]}, "'operator'"), ({"TSO": ["home2"]}, "'TSO'"), ({"home3": ["home2"]}, "'home3' is a member"),
    ({"home2": ["home2"]}, "'home2' is a member"), ({"meter of home2": ["home2"]}, "'meter of home2'"),
    ({5: ["home2"]}, "aggregators: name"),
])  # fmt: skip
def test_nobody_shares_a_key(plan, groups, words):
    with pytest.raises(InvalidInput, match=words):
        replace(plan, aggregators=groups)
    members = ("operator", *plan.lane.members[1:])
    with pytest.raises(InvalidInput, match="members: 'operator'"):
        replace(plan, lane=replace(plan.lane, members=members, stores=(), habits=np.zeros((48, 0)), flexible=()))


def test_names_that_cannot_be_signed(plan):
    """The market runs with any names; before anything is signed they are refused."""
    odd = replace(plan, aggregators={"Ä": ["home2"]})
    transactive_day(odd, learn=0, ledger="none")
    with pytest.raises(InvalidInput, match="aggregators: 'Ä' must be ASCII"):
        transactive_day(odd, learn=0)
    for name in (5, None):
        with pytest.raises(InvalidInput, match="name"):
            replace(plan, name=name)
    assert transactive_day(replace(plan, name="Straße"), learn=0).record.owes


def test_a_plan_does_not_change(plan):
    for array in (plan.roofs, plan.reactive, plan.unplanned, plan.intensity):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_a_generator_that_holds_a_voltage_belongs_to_no_member():
    """The day of a network with such a one is settled like any other: of the network only the wires are in the day."""
    times = pd.date_range("2026-06-01", periods=96, freq="15min")
    used = pd.DataFrame({"load 2": 3.0, "load 3": 2.0, "sgen 3": 4.0}, index=times)
    net = Network.from_frames(**grid("three_bus_radial"))
    assert np.isfinite(net.generators.v_set[net.generators.at != net.slack_at]).any()
    day = transactive_day(day_from_network(net, used, rng=1), learn=0)
    assert np.abs(day.head - day.delivered.sum(axis=1)).max() < 0.1 * np.abs(day.delivered).sum(axis=1).max()
