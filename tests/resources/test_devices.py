"""One model of what can wait: against a linear programme, against itself at a ladder of prices, at any length of a step."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidBattery, InvalidInput, InvalidPrices
from tefoundations.resources import Battery, BidCurve, Device, arbitrage
from tests.resources.devices import by_programme, cases, followed

CAR = Device("car", "Ada", energy=4, power=2, end=4, final_energy=4)
HOUSE = Device("house", "Ada", energy=12, power=3, initial_energy=6, standing_loss=0.1, need=0.5, gain=3.0)
LADDER = np.arange(-60.25, 100, 0.5)  # between the prices at which something can change


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_answer_is_that_of_the_linear_programme(case):
    device, prices, hours = case
    plan = device.answer(prices, hours)
    best = by_programme(device, prices, hours)
    assert plan.cost == pytest.approx(best, abs=1e-7)
    assert prices @ plan.energy + device.discomfort(plan.energy, hours) == pytest.approx(best, abs=1e-7)
    followed(device, plan.energy, hours)
    assert plan.stored[0] == device.initial_energy and plan.stored[-1] >= device.final_energy - 1e-9


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_the_bid_curve_is_the_answer_at_a_ladder_of_prices(case, data):
    device, prices, hours = case
    step = data.draw(st.integers(0, len(prices) - 1))
    curve = device.bid_curve(prices, step, hours)
    energies = [curve.at(price) for price in LADDER]
    assert (np.diff(energies) <= 1e-12).all()  # dearer: never more
    for price in data.draw(st.lists(st.sampled_from(LADDER.tolist()), min_size=4, max_size=4)):
        told = [price if t == step else other for t, other in enumerate(prices)]
        try:
            plan = device.answer(told, hours)
        except InvalidPrices:
            continue  # there the loss would be paid for
        if any(abs(order - price) < 1e-6 for order, _ in (*curve.bids, *curve.asks)):
            continue
        assert curve.at(price) == pytest.approx(plan.energy[step], abs=1e-7)


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_the_curve_from_known_energy_is_the_worth_of_the_rest(case, data):
    """From the energy that a plan has reached, each kWh of the curve costs or brings what the rest then changes by."""
    device, prices, hours = case
    plan = device.answer(prices, hours)
    step = data.draw(st.sampled_from(list(plan.steps.at)))
    # The rest of the day as a day of its own, which begins with what is stored.
    cut = {name: value[step:] if isinstance(value, tuple) else value
           for name, value in (("gain", device.gain), ("need", device.need))}  # fmt: skip
    stored = min(max(float(plan.stored[step]), 0.0), device.energy)
    rest = replace(device, start=0.0, end=device.end - step * hours, initial_energy=stored, waiting=0.0, **cut)
    same = replace(device, waiting=0.0)
    curve, again = same.bid_curve(prices, step, hours, stored=stored), rest.bid_curve(prices[step:], 0, hours)
    for price in LADDER[::7]:
        assert curve.at(price) == pytest.approx(again.at(price), abs=1e-7)
    energy = data.draw(st.floats(0, 1)) * 2 - 1
    energy *= rest.limits(hours)[0 if energy > 0 else 1]
    cost = by_programme(rest, prices[step:], hours, fixed={0: energy})
    at_none = by_programme(rest, prices[step:], hours, fixed={0: 0.0})
    if np.isnan(cost) or np.isnan(at_none):
        return
    felt = prices[step] * energy
    sides = ((curve.bids, 1.0), (curve.asks, -1.0))
    orders, sign = sides[0] if energy > 0 else sides[1]
    left, worth = abs(energy), 0.0
    for price, quantity in orders:
        part = min(quantity, left)
        worth += sign * price * part
        left -= part
    assert at_none - (cost - felt) == pytest.approx(worth, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([1e-9, 1e-4, 1e5, 1e9]))
def test_all_quantities_may_be_scaled(case, scale):
    device, prices, hours = case
    grown = {name: getattr(device, name) * scale
             for name in ("energy", "power", "power_out", "initial_energy", "final_energy")}  # fmt: skip
    need = tuple(np.multiply(device.need, scale)) if isinstance(device.need, tuple) else device.need * scale
    plan, large = device.answer(prices, hours), replace(device, **grown, need=need).answer(prices, hours)
    assert large.cost == pytest.approx(scale * plan.cost, rel=1e-6, abs=scale * 1e-7)
    assert large.energy == pytest.approx(scale * plan.energy, abs=scale * 1e-6)


@pytest.mark.parametrize("steps", [1, 2, 60])
def test_a_rate_means_the_same_in_one_step_or_in_sixty(steps):
    """An hour without trades: the same loss, and limits that add up to the same."""
    hours = 1 / steps
    left = replace(HOUSE, need=0.0).answer([10.0] * steps, hours)
    assert left.energy.tolist() == [0.0] * steps
    assert left.stored[-1] == pytest.approx(0.9 * 6, rel=1e-12)
    battery = Battery(10, 2.5, initial_energy=6, self_discharge=0.1, cycle_cost=1)
    assert battery.kept(hours) ** steps == pytest.approx(0.9, rel=1e-12)
    for method in ("stack", "lp"):  # the levels of "grid" are too few for sixty small losses
        assert arbitrage([0.0] * steps, battery, method, hours=hours).energy[-1] == pytest.approx(0.9 * 6, rel=1e-9)
    drained = Device("tank", "Ada", energy=9, power=1, initial_energy=6, need=0.75).answer([10.0] * steps, hours)
    assert drained.stored[-1] == pytest.approx(6 - 0.75, rel=1e-12)
    eager = replace(CAR, end=2.0).answer([10.0] * 2 * steps, hours)
    assert eager.energy.sum() == pytest.approx(4.0) and eager.energy.max() == pytest.approx(2.0 * hours)
    patient = replace(CAR, waiting=3.0)
    assert patient.waited(4 * steps, hours)[2 * steps] == pytest.approx(6.0)


def test_a_window_is_in_hours():
    for steps, hours in ((8, 1.0), (16, 0.5), (480, 1 / 60)):
        car = replace(CAR, start=2.0, end=6.0)
        assert len(car.steps(steps, hours)) == round(4 / hours) and car.steps(steps, hours).start == round(2 / hours)
    with pytest.raises(InvalidInput, match="device 'car': start 2.5 h is no whole number of steps of 1 h"):
        replace(CAR, start=2.5, end=6.0).answer([1.0] * 8)
    with pytest.raises(InvalidInput, match="device 'car': start 9 h is not before the end of 8 steps of 1 h"):
        replace(CAR, start=9.0, end=12.0).answer([1.0] * 8)


def test_limits_are_what_a_step_can_take_and_give():
    """The most of either by the linear programme of one step of that length."""
    battery = Device("battery", "Ada", 8, 3, 2, initial_energy=5, charge_efficiency=0.9, discharge_efficiency=0.8,
                     standing_loss=0.05, need=0.1)  # fmt: skip
    for hours in (0.1, 1.0, 2.0, 7.5):
        take, give = battery.limits(hours)
        for energy, possible in ((take, True), (take + 1e-4, False), (-give, True), (-give - 1e-4, False)):
            one_way = replace(battery, power_out=0.0) if energy > 0 else battery  # a programme may do both at once
            cost = by_programme(one_way, [1.0], hours, fixed={0: energy})
            assert np.isnan(cost) != possible, (hours, energy)
    assert battery.limits(1, stored=0)[1] == 0 and CAR.limits(100) == (4.0, 0.0)


def test_break_even_of_a_warm_house():
    """A tenth is lost in an hour: early only where later is dearer by more than 1/0.9."""
    house = Device("house", "Ada", energy=2, power=3, initial_energy=1, standing_loss=0.1, need=1.9)
    # hour 1 needs 1 to 3 kWh; together 2.8 <= 0.9 x1 + x2
    assert house.answer([10, 10]).energy == pytest.approx([1.0, 1.9])
    early = house.answer([10, 11.2])
    assert early.energy == pytest.approx([3.0, 0.1]) and early.cost == pytest.approx(31.12)
    curve = house.bid_curve([0, 20], 0)
    assert [number for bid in curve.bids for number in bid] == pytest.approx([np.inf, 1, 18, 2]) and not curve.asks


def test_a_battery_answers_as_a_device():
    battery = Battery(10, 2.5, 3, 0.95, 0.9, initial_energy=2, final_energy=4, self_discharge=0.02, cycle_cost=2)
    prices, hours = np.random.default_rng(5).uniform(0, 60, 24), 0.5
    assert battery.answer(prices, hours).cost == pytest.approx(-arbitrage(prices, battery, "lp", hours=hours).profit)
    assert battery.limits(1) == battery.as_device().limits(1) and battery.limits(0.5)[0] == 1.25
    assert battery.bid_curve(prices, 3, hours) == battery.as_device().bid_curve(prices, 3, hours)
    with pytest.raises(InvalidBattery, match="cycles_per_day 1 "):
        replace(battery, cycles_per_day=1).as_device()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"standing_loss": 1}, "standing_loss 1 must be at least 0 and below 1"),
        ({"gain": (1.0, 0.0)}, "gain of step 1 0.0 must be above 0"),
        ({"need": float("nan")}, "need nan must be a finite number"),
        ({"need": ()}, "need must be one number, or one for each step, not none"),
        ({"gain": 3.0, "power_out": 1.0}, "gain 3 must be at most 1 where power_out 1 is above 0"),
        ({"end": float("nan")}, "end nan"),
        ({"start": float("inf")}, "start inf"),
        ({"power": 10**400}, "must be above 0"),
        ({"need": [[1], [1, 2]]}, "step 0: need [1] must be a number"),
    ],
)
def test_a_device_that_cannot_be(change, words):
    with pytest.raises(InvalidInput, match="^device 'car': ") as told:
        replace(CAR, **change)
    assert words in str(told.value)


def test_what_cannot_be_asked():
    with pytest.raises(InvalidPrices, match="step 1: price nan"):
        CAR.answer([1, np.nan, 1, 1])
    with pytest.raises(InvalidInput, match="device 'car': hours 0 must be a positive number"):
        CAR.answer([1] * 4, hours=0)
    with pytest.raises(InvalidInput, match="device 'car': step 4 is not one of 0 to 3"):
        CAR.bid_curve([1] * 4, 4)
    with pytest.raises(InvalidInput, match="device 'car': step 4 is not one of 0 to 3"):
        CAR.answer([1] * 4).bid_curve(4)
    with pytest.raises(InvalidInput, match="device 'car': stored 5 must be from 0 to the 4 kWh it can hold"):
        CAR.bid_curve([1] * 4, 0, stored=5)
    with pytest.raises(InvalidInput, match=r"device 'house': need must be one number, or one for each of 3 steps, not 2"):
        replace(HOUSE, need=(1.0, 1.0)).answer([1] * 3)
    with pytest.raises(
        InvalidInput, match="device 'house': final_energy 0 kWh, and what it needs on the way, cannot be reached"
    ):
        replace(HOUSE, need=40.0).answer([1] * 3)
    lossy = Device("battery", "Ada", 4, 1, 1, charge_efficiency=0.9)
    with pytest.raises(InvalidPrices, match="device 'battery': step 1: price -5 pays for losing energy"):
        lossy.answer([3, -5])
    assert replace(lossy, power_out=0.0).answer([3, -5]).energy.tolist() == [0.0, 1.0]  # it only takes
    assert lossy.bid_curve([3, -5], 1).at(-50) == 1.0  # its own price plays no part


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: CAR.kept(-1), "device 'car': hours -1 must be a number at least 0"),
        (lambda: CAR.waited(2.5), "device 'car': count 2.5 must be a whole number of steps from 0 to"),
        (lambda: CAR.waited(4, 0), "device 'car': hours 0 must be a positive number"),
        (lambda: CAR.steps(True), "device 'car': count True must be a whole number of steps"),
        (lambda: CAR.over(10**12), "device 'car': count 1000000000000 must be"),
        (lambda: CAR.discomfort([1, np.nan]), "device 'car': step 1: plan nan must be a finite number"),
        (lambda: CAR.answer([1] * 4).bid_curve(0, stored=5), "device 'car': stored 5 must be from 0 to the 4 kWh"),
        (lambda: CAR.bid_curve([1] * 4, 0).at(np.nan), "price nan must be a number"),
        (lambda: CAR.over(4).slopes(-1, 20), "t -1 must be a whole number from 0 to"),
        (lambda: CAR.over(4).after(0, -1, 2), "stored -1 must be a number of kWh, at least 0"),
        (lambda: CAR.over(4).after(0, 1, np.inf), "energy inf must be a finite number of kWh"),
        (lambda: CAR.over(4).with_room(np.nan), "stored nan must be a number of kWh, at least 0"),
        (lambda: replace(CAR, name=1), "name of a device must be a str, not an int"),
    ],
)
def test_what_has_no_meaning_is_named(call, words):
    with pytest.raises(InvalidInput) as told:
        call()
    assert str(told.value).startswith(words)


def test_a_device_away_has_no_curve():
    assert replace(CAR, start=1.0, end=3.0).bid_curve([1] * 4, 0).explain() == "It takes and gives nothing at any price."


def test_results_say_what_they_are():
    plan = CAR.answer([30, 10, 20, 40])
    assert plan.to_frame()["energy"].tolist() == [0, 2, 2, 0] and "costs" not in plan.explain()
    assert repr(plan) == "DevicePlan(car: 4 steps, cost 60)" and "<table" in plan._repr_html_()
    curve = CAR.bid_curve([30, 10, 20, 40], 3)
    assert curve.to_frame().to_dict("list") == {"side": ["buy", ], "price": [20.0], "quantity": [2.0]}  # fmt: skip
    assert curve.explain() == "It takes 2 kWh below 20 ct/kWh." and "<table" in curve._repr_html_()


@pytest.mark.parametrize(
    "bids, asks, told",
    [
        ([1], [2], r"^bids, row 0: 1 must be \(price, quantity\)$"),
        ([(20, 1)], [(2,)], r"^asks, row 0: \(2,\) must be \(price, quantity\)$"),
        (None, (), r"^bids must be a sequence of \(price, quantity\), not a NoneType$"),
        ("ab", (), r"^bids must be a sequence of \(price, quantity\), not a str$"),
        (["ab"], (), r"^bids, row 0: 'ab' must be \(price, quantity\)$"),
        ([(20, 1), ("dear", 1)], (), "^bids, row 1: price 'dear' must be a number$"),
        ([(20, 1), (np.nan, 1)], (), "^bids, row 1: price nan must be a number$"),
        ((), [(20, -1)], "^asks, row 0: quantity -1 must be a number at least 0$"),
    ],
)
def test_what_is_no_curve_is_named(bids, asks, told):
    with pytest.raises(InvalidInput, match=told):
        BidCurve(bids, asks)


def test_a_curve_is_read_from_rows():
    curve = BidCurve([[np.inf, 1], (20, np.float64(2))], np.array([[30.0, 1.0]]))
    assert curve == BidCurve(((np.inf, 1.0), (20.0, 2.0)), ((30.0, 1.0),)) and hash(curve)
    assert (curve.at(10), curve.at(25), curve.at(40)) == (3, 1, 0)
