"""Loss of load, capacity credit and expansion: against enumeration, a published test system and linear programmes."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.errors import InvalidInput
from tefoundations.grid import capacity_credit, expansion, loss_of_load

DAY = np.array([560, 540, 530, 520, 530, 560, 620, 700, 760, 800, 840, 870, 890, 900, 900, 880, 850, 830, 840, 850, 820, 760,
                680, 600.0])  # fmt: skip
SUN = np.clip(np.sin((np.arange(24) - 6) / 12 * np.pi), 0, None)
FLEET = [(50, 0.05)] * 21

# IEEE Reliability Test System: peaks of 52 weeks and 7 days in percent, 32 units of 3,405 MW, peak load 2,850 MW.
WEEKS = [86.2, 90.0, 87.8, 83.4, 88.0, 84.1, 83.2, 80.6, 74.0, 73.7, 71.5, 72.7, 70.4, 75.0, 72.1, 80.0, 75.4, 83.7,
         87.0, 88.0, 85.6, 81.1, 90.0, 88.7, 89.6, 86.1, 75.5, 81.6, 80.1, 88.0, 72.2, 77.6, 80.0, 72.9, 72.6, 70.5,
         78.0, 69.5, 72.4, 72.4, 74.3, 74.4, 80.0, 88.1, 88.5, 90.9, 94.0, 89.0, 94.2, 97.0, 100.0, 95.2]  # fmt: skip
DAYS = [93, 100, 98, 96, 94, 77, 75]
UNITS = [(12, 0.02)] * 5 + [(20, 0.1)] * 4 + [(50, 0.01)] * 6 + [(76, 0.02)] * 4 + [(100, 0.04)] * 3 + [(155, 0.04)] * 4
UNITS += [(197, 0.05)] * 3 + [(350, 0.08)] + [(400, 0.12)] * 2


def enumerated(load, units):
    """(LOLE, EUE) over all ways to be out."""
    lole = eue = 0.0
    for outs in product((False, True), repeat=len(units)):
        chance = np.prod([q if out else 1 - q for out, (_, q) in zip(outs, units)])
        have = sum(mw for out, (mw, _) in zip(outs, units) if not out)
        for each in load:
            lole, eue = lole + chance * (have < each - 1e-9), eue + chance * max(each - have, 0)
    return lole, eue


def test_the_published_test_system():
    load = 2850 * np.outer(WEEKS, DAYS).ravel() / 1e4
    assert sum(mw for mw, _ in UNITS) == 3405 and len(UNITS) == 32 and len(load) == 364
    assert loss_of_load(load, units=UNITS).lole == pytest.approx(1.36886, abs=5e-6)  # days a year, as published


# The hours of its days in percent of the day's peak: working days and weekends of winter, summer, and between.
HOURS = {
    "winter": ([67, 63, 60, 59, 59, 60, 74, 86, 95, 96, 96, 95, 95, 95, 93, 94, 99, 100, 100, 96, 91, 83, 73, 63],
               [78, 72, 68, 66, 64, 65, 66, 70, 80, 88, 90, 91, 90, 88, 87, 87, 91, 100, 99, 97, 94, 92, 87, 81]),
    "summer": ([64, 60, 58, 56, 56, 58, 64, 76, 87, 95, 99, 100, 99, 100, 100, 97, 96, 96, 93, 92, 92, 93, 87, 72],
               [74, 70, 66, 65, 64, 62, 62, 66, 81, 86, 91, 93, 93, 92, 91, 91, 92, 94, 95, 95, 100, 93, 88, 80]),
    "between": ([63, 62, 60, 58, 59, 65, 72, 85, 95, 99, 100, 99, 93, 92, 90, 88, 90, 92, 96, 98, 96, 90, 80, 70],
                [75, 73, 69, 66, 65, 65, 68, 74, 83, 89, 92, 94, 91, 90, 90, 86, 85, 88, 92, 100, 97, 95, 90, 85]),
}  # fmt: skip


def test_its_hours():
    load = []
    for week, high in enumerate(WEEKS, 1):
        season = "winter" if week <= 8 or week >= 44 else "summer" if 18 <= week <= 30 else "between"
        for day, share in enumerate(DAYS):
            load.append(2850 * high * share * np.array(HOURS[season][day >= 5]) / 1e6)
    found = loss_of_load(np.concatenate(load), units=UNITS)
    assert found.lole == pytest.approx(9.394, abs=5e-4) and found.eue == pytest.approx(1176, abs=0.5)  # h, MWh, as published


@given(
    st.lists(st.tuples(st.sampled_from([0, 10, 20, 35.5, 50]), st.floats(0, 1)), min_size=1, max_size=7),
    st.lists(st.floats(-20, 200), min_size=1, max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_as_all_ways_to_fail(units, load):
    found = loss_of_load(load, units=units, hours=0.5)
    lole, eue = enumerated(load, units)
    assert (2 * found.lole, 2 * found.eue) == pytest.approx((lole, eue), abs=1e-7)
    assert (found.probability >= 0).all() and (found.probability <= 1 + 1e-12).all() and (found.missing >= 0).all()


def test_the_day():
    found = loss_of_load(DAY, units=FLEET)
    assert found.lole == pytest.approx(0.1152, abs=5e-5) and found.eue == pytest.approx(5.4543, abs=5e-5)
    just = loss_of_load([60], units=[(50, 0.1), (20, 0.1), (10, 0.5)])
    assert just.lole == pytest.approx(enumerated([60], [(50, 0.1), (20, 0.1), (10, 0.5)])[0])


def test_a_grid_keeps_the_mean_and_comes_near():
    units = [(mw, 0.07) for mw in (31.3, 47.9, 52.2, 18.7, 66.1, 40.4)]
    exact = loss_of_load([180, 200], units=units)
    near = loss_of_load([180, 200], units=units, resolution=1)
    assert near.eue == pytest.approx(exact.eue, rel=0.02)
    assert loss_of_load([1e9], units=units, resolution=5).eue == pytest.approx(
        loss_of_load([1e9], units=units).eue, rel=1e-12
    )


@pytest.mark.parametrize(
    ("size", "credit", "following", "by_hours"),
    [
        (25, 16.2, 0.61, 2.5),
        (50, 31.3, 0.56, 10),
        (100, 54.1, 0.31, 40.7),
        (200, 66.1, 0.03, 50),
        (400, 67.7, 0.001, 50),
    ],
)
def test_credit_of_the_sun(size, credit, following, by_hours):
    found = capacity_credit(DAY, units=FLEET, resource=size * SUN)
    assert found.credit == pytest.approx(credit, abs=0.05) and found.next == pytest.approx(following, abs=0.006)
    kept = loss_of_load(DAY + found.credit - size * SUN, units=FLEET)
    assert kept.eue == pytest.approx(loss_of_load(DAY, units=FLEET).eue, rel=1e-9)
    step = 1e-3
    more = capacity_credit(DAY, units=FLEET, resource=(size + step) * SUN)
    assert (more.credit - found.credit) / step == pytest.approx(found.next, abs=1e-4)
    hours = capacity_credit(DAY, units=FLEET, resource=size * SUN, by="lole")
    assert hours.credit == pytest.approx(by_hours, abs=0.05)
    assert np.isnan(hours.next) and "One more MW" in found.explain() and "One more MW" not in hours.explain()


def test_firm_power_counts_in_full_and_none_for_nothing():
    assert capacity_credit(DAY, units=FLEET, resource=np.full(24, 30.0)).share == pytest.approx(1)
    assert capacity_credit(DAY, units=FLEET, resource=np.zeros(24)).credit == 0
    night = capacity_credit([10, 900], units=FLEET, resource=[50, 0])
    assert night.credit == pytest.approx(0, abs=1e-6)


def straight_year():
    return 1000 - 0.08 * (np.arange(8760) + 0.5)


KINDS = {"base": (289_500, 20), "peaker": (49_500, 100)}


def test_the_year():
    best = expansion(straight_year(), technologies=KINDS, voll=10_000)
    assert best.capacity == pytest.approx({"base": 760, "peaker": 239.6}) and best.shortage_hours == pytest.approx(5)
    assert best.missing == {"base": 0, "peaker": 0} and best.unserved == pytest.approx(1)
    capped = expansion(straight_year(), technologies=KINDS, voll=10_000, cap=1000)
    assert capped.missing == pytest.approx({"base": 45_000, "peaker": 45_000})
    assert capped.built.shortage_hours == pytest.approx(55) and capped.built.missing == {"base": 0, "peaker": 0}
    assert capped.built.cost > capped.cost == pytest.approx(best.cost)


@given(
    st.lists(st.sampled_from([0.0, 10, 20, 20, 30, 37.5, 50]), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 100)), min_size=1, max_size=3),
    st.integers(101, 400), st.sampled_from([0.5, 1.0, 2.0]),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_as_a_linear_programme_plans_it(load, pairs, voll, hours):
    plants = {f"plant {k}": pair for k, pair in enumerate(pairs)}
    plan = expansion(load, technologies=plants, voll=voll, hours=hours)
    k, t = len(plants), len(load)
    costs = [fixed for fixed, _ in pairs] + [c * hours for _, c in pairs for _ in load] + [voll * hours] * t
    served = np.hstack([np.zeros((t, k)), *[np.eye(t)] * (k + 1)])
    room = np.zeros((k * t, len(costs)))
    for plant in range(k):
        rows = slice(plant * t, (plant + 1) * t)
        room[rows, plant], room[rows, k + plant * t : k + (plant + 1) * t] = -1, np.eye(t)
    found = linprog(costs, A_ub=room, b_ub=np.zeros(k * t), A_eq=served, b_eq=load)
    assert plan.cost == pytest.approx(found.fun, rel=1e-7, abs=1e-7)
    assert set(plan.missing) == {name for name, mw in plan.capacity.items() if mw > 0}
    for name, mw in plan.capacity.items():  # who is built earns just its cost, and nobody else could earn it
        left = plan.fixed[name] - plan.earned[name]
        assert left >= -1e-6 and (mw == 0 or left == pytest.approx(0, abs=1e-6) == plan.missing[name])


def test_what_is_not_worth_building_lacks_no_money():
    """A third plant, dearer to build than base and dearer to run, has no part in the plan: no money of it is missing."""
    plants = {"base": (300, 20), "peaker": (100, 70), "folly": (350, 30)}
    plan = expansion([100, 80, 60, 40, 20], technologies=plants, voll=120, cap=90)
    assert plan.missing == pytest.approx({"base": 60, "peaker": 60}) and plan.capacity["folly"] == 0
    table = plan.to_frame()
    assert table.index.tolist() == list(plants) and np.isnan(table.missing["folly"]) and "folly" not in plan.explain()
    assert plan.fixed["folly"] > plan.earned["folly"]


def test_a_resolution_builds_no_plant():
    """100 MW on a grid of 45 MW lie between 90 and 135: the units are still of 100 MW."""
    found = loss_of_load([50], units=[(100, 0.1)], resolution=45)
    assert found.capacity == 100 and "units of 100 MW together" in found.explain()
    assert loss_of_load([50], units=UNITS).capacity == pytest.approx(sum(mw for mw, _ in UNITS))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: loss_of_load([], units=FLEET), "at least one step"),
        (lambda: loss_of_load([1], units=[(50, 0.1), (50, 1.1)]), "unit 1: chance of being out 1.1"),
        (lambda: loss_of_load([1], units=[(50,)]), "unit 0: must be"),
        (lambda: loss_of_load([1], units=[(-5, 0.1)]), "unit 0: capacity -5"),
        (lambda: loss_of_load([1], units=[(2.0**-k, 0.1) for k in range(25)]), "give a resolution"),
        (lambda: loss_of_load([1], units=FLEET, resolution=1e300), r"resolution 1e\+300 MW must be between"),
        (lambda: loss_of_load([1], units=FLEET, resolution=1e-300), "resolution 1e-300 MW must be between"),
        (lambda: loss_of_load([60], units=[(50, 0.1)] * 2, resolution=101), "the 100 MW of all units together"),
        (lambda: capacity_credit(DAY, units=FLEET, resource=SUN, resolution=1e9), r"resolution 1e\+09 MW"),
        (lambda: capacity_credit(DAY, units=FLEET, resource=SUN[:5]), "24"),
        (lambda: capacity_credit(DAY, units=FLEET, resource=-SUN), "resource"),
        (lambda: capacity_credit(DAY, units=FLEET, resource=SUN, by="peak"), "by 'peak'"),
        (lambda: capacity_credit([10], units=[(50, 0)], resource=[5]), "never exceeds"),
        (lambda: expansion([1], technologies={}, voll=9), "there is none"),
        (lambda: expansion([1], technologies={"a": (1, 9)}, voll=9), "technology a: running cost 9"),
        (lambda: expansion([1], technologies={"a": 3}, voll=9), "technology a: must be"),
        (lambda: expansion([-1], technologies={"a": (1, 1)}, voll=9), "step 0: load"),
        (lambda: expansion([1], technologies={"a": (1, 1)}, voll=9, cap=0), "cap 0"),
    ],
)
def test_what_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()
