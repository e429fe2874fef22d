"""The lane and its devices: what is refused, what it costs, and that the community's day is the community's."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.data import community
from tefoundations.errors import InvalidInput
from tefoundations.resources import Device
from tefoundations.systems import Lane, as_usual, central_dispatch, comparison, demand_response, lane_day, time_of_use
from tefoundations.systems.lanes import at_once
from tests.resources.devices import cases, followed, scaled
from tests.systems.lanes import stored_after, toy

CAR = {"name": "car", "owner": "Ada", "energy": 4, "power": 2, "start": 0, "end": 4, "final_energy": 4}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"energy": 0}, "energy 0 must be above 0"),
        ({"power": -1}, "power -1 must be above 0"),
        ({"power": float("nan")}, "power nan"),
        ({"power_out": -2}, "power_out -2 must be at least 0"),
        ({"charge_efficiency": 1.2}, "charge_efficiency 1.2 must be above 0 and at most 1"),
        ({"discharge_efficiency": 0}, "discharge_efficiency 0"),
        ({"wear": "much"}, "wear 'much'"),
        ({"waiting": True}, "waiting True"),
        ({"end": 0}, "start 0 and end 0"),
        ({"final_energy": 5}, "final_energy 5 kWh is more than the 4"),
        ({"initial_energy": 5}, "initial_energy 5 kWh is more than the 4"),
        ({"end": 1}, "final_energy 4 kWh cannot be reached in 1 h at 2 kW"),
    ],
)
def test_a_device_without_meaning_is_refused(change, words):
    with pytest.raises(InvalidInput, match="device 'car': ") as told:
        Device(**(CAR | change))
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"outside": [20, 20]}, "base must be finite numbers of shape (2, 4)"),
        ({"base": np.full((3, 4), np.nan)}, "entry (0, 0): base nan must be a finite number"),
        ({"habits": np.zeros((3, 2))}, "habits must be finite numbers of shape (3, 3), not of shape (3, 2)"),
        ({"tariff": [1.0]}, "tariff"),
        ({"slope": 0.0}, "slope 0.0 must be a positive number"),
        ({"feed_in": 21.0}, "feed_in 21 must not be above a price outside: that of step 0 is 20"),
        ({"weights": np.zeros(4)}, "weights"),
        ({"hours": 0}, "hours 0 must be a positive number"),
        ({"flat": np.nan}, "flat nan must be a finite number (ct/kWh)"),
        ({"times": ("noon",)}, "times must be 3 texts, one for each step, not 1"),
        ({"stores": ("car",) * 3}, "stores: entry 0 must be a Device, not a str"),
        ({"members": ("Ada", "Ben", "Cem", "Ada")}, "members: 'Ada' stands there twice"),
        ({"flexible": ("others",)}, "flexible: 'others' has no device"),
        ({"stores": (Device("late", "Ada", 1, 1, end=9, final_energy=1),) * 3}, "device 'late'"),
        ({"stores": (Device("half", "Ada", 1, 1, 0.0, 0.5, 3, final_energy=1),) * 3}, "device 'half': start 0.5 h"),
        ({"stores": (Device("lost", "Eve", 1, 1, end=3, final_energy=1),) * 3}, "owner 'Eve'"),
    ],
)
def test_a_lane_without_meaning_is_refused(change, words):
    with pytest.raises(InvalidInput) as told:
        replace(toy(), **change)
    assert words in str(told.value)


@pytest.mark.parametrize("flexible", [-1, 4, ["Eve"]])
def test_who_is_flexible_must_be_there(flexible):
    with pytest.raises(InvalidInput, match="flexible"):
        toy().with_flexible(flexible)


def test_price_is_what_one_more_kwh_costs():
    lane = lane_day("winter")
    net = lane.net_of(lane.habits).sum(axis=1)
    assert (net < 0).any() and (net > 0).any()
    for t in np.flatnonzero(np.abs(net) > 0.01):
        more = net.copy()
        more[t] += 1e-4
        assert (lane.cost(more) - lane.cost(net)) / 1e-4 == pytest.approx(lane.price(net)[t], abs=1e-4)


@pytest.mark.parametrize("day", ["summer", "winter", "holiday"])
def test_the_day_is_that_of_the_community(day):
    """Without the cars we added, and with the two that are in the data, habits give the community's net load."""
    people, lane = community(), lane_day(day)
    net = lane.net_of(lane.habits)
    for i, store in enumerate(lane.stores):
        if store.name.startswith("car of home") and store.owner != "home6":
            net[:, lane.members.index(store.owner)] -= lane.habits[:, i]
    theirs = np.roll(people.net_load(day).to_numpy(), -24, axis=0)
    assert np.abs(net - theirs).max() < 0.002
    assert lane.times[0] == "12:00" and lane.times[-1] == "11:30"


@settings(max_examples=150)
@given(cases(), st.sampled_from([1e-9, 1.0, 1e9]), st.data())
def test_a_habit_serves_every_need_and_ends_where_the_device_says(case, scale, data):
    device, prices, hours = scaled(case[0], scale), *case[1:]
    first = data.draw(st.integers(0, len(prices)))
    pause = range(first, data.draw(st.integers(first, len(prices))))
    for plan in (at_once(device, len(prices), hours), at_once(device, len(prices), hours, pause)):
        followed(device, plan, hours)
        assert plan.min() >= 0


def test_a_heat_pump_holds_its_warmth():
    """It once took nothing, let the store fall below empty, and so cost less than the best plan there is."""
    house = Device("house", "Ada", 12, 3, initial_energy=6, final_energy=6, standing_loss=0.1, need=2)
    lane = Lane.of([1] * 6, [house], [20] * 6, 1)
    assert lane.habits[:, 0] == pytest.approx([2.6] * 6)
    pump = replace(house, gain=3)
    assert Lane.of([1] * 6, [pump], [20] * 6, 1).habits[:, 0] == pytest.approx([2.6 / 3] * 6)
    assert as_usual(lane).burden >= central_dispatch(lane).burden == pytest.approx(456.69, abs=0.01)


@settings(max_examples=40)
@given(st.lists(cases(day=(6, 1.0)), min_size=1, max_size=3))
def test_no_habit_beats_the_centre(devices):
    stores = [replace(device, owner=f"member {i}") for i, (device, _, _) in enumerate(devices)]
    lane = Lane.of([1.0, 4, 0, 2, 3, 1], stores, [20, 30, 25, 40, 10, 15], 1)
    best = central_dispatch(lane).burden
    for way in (as_usual(lane), time_of_use(lane), demand_response(lane)):
        assert way.burden >= best - 1e-6 * lane.cost(np.abs(lane.base).sum(axis=1))


@pytest.mark.parametrize("day", ["summer", "winter", "holiday"])
def test_habits_are_plans_the_devices_can_follow(day):
    lane = lane_day(day)
    for store, habit in zip(lane.stores, lane.habits.T):
        stored = stored_after(store, habit)
        assert stored.min() > -0.01 and stored.max() < store.energy + 0.01 and stored[-1] > store.final_energy - 0.01
        assert habit.max() <= store.power / 2 + 1e-9 and -habit.min() <= store.power_out / 2 + 1e-9
        plugged = lane.steps_of(store)
        outside = np.r_[habit[: plugged.start], habit[plugged.stop :]]
        assert not outside.any()


def test_a_day_that_is_not_there():
    with pytest.raises(InvalidInput, match="day 'spring'"):
        lane_day("spring")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda lane: lane.cost([1, 2]), "net must be finite numbers of shape (3,), not of shape (2,)"),
        (lambda lane: lane.price([1, np.nan, 2]), "entry 1: net nan must be a finite number"),
        (lambda lane: lane.net_of([1, 2, 3]), "plan must be finite numbers of shape (3, 3), not of shape (3,)"),
        (lambda lane: lane.steps_of("car"), "store must be a Device, not a str"),
        (lambda lane: lane.with_flexible(1.5), "flexible 1.5 must be a whole number of owners from 0 to 3"),
        (lambda lane: as_usual([lane]), "lane must be a Lane, not a list"),
        (lambda lane: as_usual(lane).gain_over(lane), "other must be a Way, not a Lane"),
        (lambda lane: comparison({"lane": lane}), "ways: 'lane' must be a Way, not a Lane"),
        (lambda lane: comparison([as_usual(lane)]), "ways must be a Mapping, not a list: name -> Way"),
    ],
)
def test_what_has_no_meaning_is_named(call, words):
    with pytest.raises(InvalidInput) as told:
        call(toy())
    assert str(told.value).startswith(words)


def test_of_gives_a_member_for_the_rest():
    lane = Lane.of([1, 1], [Device("car", "Ada", 1, 1, end=2, final_energy=1)], [10, 12], 1)
    assert lane.members == ("Ada", "others") and lane.flat == 11 and lane.tariff.tolist() == [10, 12]
    assert lane.net_of(lane.habits).tolist() == [[1, 1], [0, 1]]
