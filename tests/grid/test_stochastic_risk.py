"""The dearest scenarios as a second aim: by sorting, by trying every schedule, and by an independent programme."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.grid import Scenarios, stochastic_opf
from tests.grid.scenario_oracle import drawn, extensive, sorted_tail
from tests.grid.test_stochastic import BREEZES, FAST, SKY, island, ladder

SUN = {"flexible": ["fast", "sun"]}


def order_costs(x, sun, need=100):
    """Cost of each sun with x MW ordered at 20, the rest bought at 50: no programme in it."""
    return 20 * x + 50 * np.maximum(need - np.asarray(sun) - x, 0)


@pytest.mark.parametrize(("weight", "order", "mean", "tail"), [(0.0, 70, 1700, 2900), (0.24, 70, 1700, 2900),
                                                               (0.26, 100, 2000, 2000), (0.9, 100, 2000, 2000)])  # fmt: skip
def test_the_hand_computation(weight, order, mean, tail):
    s = stochastic_opf(island(), SKY, **SUN, risk=(weight, 0.8))
    assert s.schedule[0] == pytest.approx(order)
    assert (s.cost, s.cvar()) == (pytest.approx(mean), pytest.approx(tail))
    tried = {x: (1 - weight) * SKY.probability @ (c := order_costs(x, [60, 30, 0]))
             + weight * sorted_tail(c, SKY.probability, 0.8) for x in range(0, 131)}  # fmt: skip
    assert min(tried, key=tried.get) == order


@pytest.mark.parametrize(("weight", "schedule"), [(0.1, 40), (0.16, 40), (0.17, 70), (0.5, 70)])
def test_the_ladder(weight, schedule):
    """Beyond a sixth of the weight it is 70 MW: the mean rises by 4 $ a MW, the tail falls by 20."""
    s = stochastic_opf(ladder(), BREEZES, **FAST, risk=(weight, 0.8))
    assert s.schedule[0] == pytest.approx(schedule)
    x, wind = np.arange(0, 121.0)[:, None], np.array([0, 30, 90])
    from_bus_1 = np.minimum(x + wind, np.minimum(70, 120))
    costs = 10 * x + 30 * (120 - np.maximum(from_bus_1, x))
    costs = np.where(x > 70, np.inf, costs)  # more than the line takes from bus 1
    aims = (1 - weight) * costs @ BREEZES.probability + weight * np.array(
        [sorted_tail(c, BREEZES.probability, 0.8) if np.isfinite(c).all() else np.inf for c in costs]
    )
    assert x[aims.argmin(), 0] == schedule
    assert (1 - weight) * s.cost + weight * s.cvar() == pytest.approx(aims.min())


def test_the_tail_that_is_feared_decides():
    """The dearest half holds the cloudy scenario too: then no weight below 1 orders for the darkest one."""
    for weight in (0.1, 0.5, 0.9):
        assert stochastic_opf(island(), SKY, **SUN, risk=(weight, 0.5)).schedule[0] == pytest.approx(70)


@pytest.mark.parametrize("seed", range(16))
def test_an_independent_programme_and_sorting_agree(seed):
    net, scenarios, options = drawn(seed)
    rng = np.random.default_rng(seed)
    weight, alpha = float(rng.uniform(0, 0.95)), float(rng.choice([0, 0.5, 0.8, 0.95]))
    s = stochastic_opf(net, scenarios, **options, risk=(weight, alpha))
    other = extensive(net, scenarios, **options, risk=(weight, alpha))
    assert s.cvar() == pytest.approx(sorted_tail(s.costs, s.probability, alpha))
    assert (1 - weight) * s.cost + weight * s.cvar() == pytest.approx(other.aim, rel=1e-7)
    assert s.chances.sum() == pytest.approx(1) and (s.chances >= (1 - weight) * s.probability - 1e-9).all()
    most = (1 - weight) * s.probability + weight * s.probability / (1 - alpha)
    assert (s.chances <= most + 1e-9).all() and s.chances @ s.costs == pytest.approx(other.aim, rel=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_prices_under_risk_are_those_of_the_schedule_that_stands(seed):
    """With the schedule fixed, each scenario is an ordinary dispatch: its price does not know of the fear."""
    net, scenarios, options = drawn(seed)
    s = stochastic_opf(net, scenarios, **options, risk=(0.6, 0.7))
    fixed = {name: mw for name, mw, now in zip(net.generators.name, s.schedule, s.decided) if now}
    calm = stochastic_opf(net, scenarios, **options, schedule=fixed)
    assert calm.cost == pytest.approx(s.cost) and calm.costs == pytest.approx(s.costs)
    step = 1e-4
    load, p_max, limits = scenarios._arrays(net)
    for bus in range(len(net.buses)):
        ends = []
        for sign in (-1, 1):
            moved = load.copy()
            moved[:, bus] += sign * step
            changed = Scenarios(scenarios.probability, moved, scenarios.p_max, scenarios.limits)
            ends.append(stochastic_opf(net, changed, **options, schedule=fixed).costs)
        below, above = (calm.costs - ends[0]) / step, (ends[1] - calm.costs) / step
        assert (below - 1e-3 <= s.lmp[:, bus]).all() and (s.lmp[:, bus] <= above + 1e-3).all()


def test_the_price_ahead_of_a_slow_unit_is_its_cost_under_fear_too():
    rng = np.random.default_rng(1)
    sky = Scenarios(np.full(50, 0.02), p_max={"sun": np.maximum(rng.normal(40, 20, 50), 0)})
    means = {}
    for weight in (0.0, 0.3, 0.6):
        s = stochastic_opf(island(sun=150), sky, **SUN, risk=(weight, 0.9))
        assert s.ahead_lmp[0] == pytest.approx(20) and s.probability @ s.lmp[:, 0] == pytest.approx(s.expected_lmp[0])
        means[weight] = s.expected_lmp[0]
    assert means[0.0] == pytest.approx(20) and means[0.0] > means[0.3] > means[0.6]  # fear: ahead is dearer than later


def test_the_frontier_of_a_sample_is_that_of_sorting():
    sun = np.maximum(np.random.default_rng(4).normal(40, 20, 60), 0)
    sky = Scenarios(np.full(60, 1 / 60), p_max={"sun": sun})
    orders = np.unique(np.clip(100 - sun, 0, None))  # a corner of the costs, for each sun
    before = np.inf, -np.inf
    for weight in (0.0, 0.2, 0.4, 0.6, 0.8, 0.95):
        s = stochastic_opf(island(sun=150), sky, **SUN, risk=(weight, 0.9))
        costs = [order_costs(x, sun) for x in orders]
        aims = [(1 - weight) * c.mean() + weight * sorted_tail(c, sky.probability, 0.9) for c in costs]
        assert (1 - weight) * s.cost + weight * s.cvar() == pytest.approx(min(aims))
        assert s.cost >= before[1] - 1e-9 and s.cvar() <= before[0] + 1e-9
        before = s.cvar(), s.cost


def test_no_weight_is_no_fear_and_no_tail_is_the_mean():
    plain, none = stochastic_opf(ladder(), BREEZES, **FAST), stochastic_opf(ladder(), BREEZES, **FAST, risk=(0, 0.8))
    assert none.cost == pytest.approx(plain.cost) and none.lmp == pytest.approx(plain.lmp)
    assert plain.cvar(0) == pytest.approx(plain.cost) and plain.cvar(0.999) == pytest.approx(plain.costs.max())


@pytest.mark.parametrize(
    ("risk", "words"),
    [
        ((1, 0.8), "risk: weight 1 must be a number from 0 to below 1"), ((0.5, 1), "risk: alpha 1 must be"),
        ((0.5,), "risk must be two numbers"), (0.5, "risk must be a sequence of two numbers"),
        ((-0.1, 0.5), "risk: weight -0.1"), ((0.5, float("nan")), "risk: alpha nan"),
    ],
)  # fmt: skip
def test_a_risk_without_meaning(risk, words):
    with pytest.raises(InvalidInput) as told:
        stochastic_opf(island(), SKY, **SUN, risk=risk)
    assert words.split(" from")[0] in str(told.value)


def test_a_tail_must_be_named_where_none_was_feared():
    with pytest.raises(InvalidInput, match="alpha None must be"):
        stochastic_opf(island(), SKY, **SUN).cvar()
