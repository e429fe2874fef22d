"""A grid of one's own: both answers against the package, pandapower and other ways to them, and what is told."""

import re

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, dc_power_flow, ptdf
from tests.exercises.learners import arithmetic, text_of, told_on_example

SHEET, RELIEF = "your_own_grid/data_sheet", "your_own_grid/relief"
SEEDS = ["public", 0, 1, 2]


# From the data sheet


def test_a_line_is_the_one_that_pandapower_makes_of_it(solutions):
    pandapower = pytest.importorskip("pandapower")
    for km, x_ohm, ampere, circuits, kv, base in EXERCISES[SHEET].cases("public")[:12]:
        net = pandapower.create_empty_network(sn_mva=base)
        a, b = (pandapower.create_bus(net, kv) for _ in range(2))
        pandapower.create_ext_grid(net, a)
        pandapower.create_line_from_parameters(
            net, a, b, km, 0.1, x_ohm, 0, ampere / 1000, parallel=circuits, max_loading_percent=100
        )
        read = Network.from_pandapower(net)
        assert read.base == base
        x, limit = solutions[SHEET](km, x_ohm, ampere, circuits, kv, base)
        assert (x, limit) == pytest.approx((read.lines.x[0], read.lines.limit[0]))


@pytest.mark.parametrize("seed", SEEDS)
def test_power_passes_as_by_volts_and_ohms(seed, solutions):
    """Without losses a degree between equal voltages carries U^2 / X times its sine; a limit is watts of three wires."""
    for km, x_ohm, ampere, circuits, kv, base in EXERCISES[SHEET].cases(seed):
        x, limit = solutions[SHEET](km, x_ohm, ampere, circuits, kv, base)
        physical = circuits * (kv * 1e3) ** 2 / (km * x_ohm) / 1e6
        assert base / x == pytest.approx(physical)
        assert limit == pytest.approx(circuits * 3 * (kv * 1e3 / np.sqrt(3)) * ampere / 1e6)


def test_a_line_put_together_from_its_circuits_is_right():
    def by_circuits(km, x_ohm, ampere, circuits, kv, base):
        easy = sum(kv**2 / base / (km * x_ohm) for _ in range(circuits))
        return 1 / easy, sum(3**0.5 * kv * ampere / 1000 for _ in range(circuits))

    assert check(SHEET, by_circuits)


# Behind the line


def overloaded(rng):
    """A network of some loops, its loads, a plant, a line, and a limit for it below or above its flow."""
    n = int(rng.integers(3, 7))
    pairs = [(bus, bus + 1) for bus in range(n - 1)] + [(0, n - 1), (0, n - 2)][: n - 2]
    lines = {"from_bus": [i for i, _ in pairs], "to_bus": [j for _, j in pairs], "x": rng.uniform(0.05, 0.5, len(pairs))}
    net = Network.from_frames({"bus": range(n)}, lines, {"bus": [0], "p_max": [1], "cost": [1]})
    loads = rng.uniform(5, 90, n) * (rng.random(n) < 0.8)
    plant, line = int(rng.integers(n)), int(rng.integers(len(pairs)))
    injection = -loads
    injection[int(rng.integers(n))] += loads.sum()
    flow = dc_power_flow(net, injection=injection).flow[line]
    return net, loads, plant, line, injection, flow, abs(flow) * rng.uniform(0.7, 1.05)


def after(net, injection, line, plant, bus, given):
    """What the line carries, either way, when a bus gives up load and the plant makes less."""
    changed = injection.copy()
    changed[bus] += given
    changed[plant] -= given
    return abs(dc_power_flow(net, injection=changed).flow[line])


def test_with_the_answer_the_line_carries_its_limit(solutions):
    rng, able, unable, against = np.random.default_rng(3), 0, 0, 0
    for _ in range(120):
        net, loads, plant, line, injection, flow, limit = overloaded(rng)
        system = net, injection, line, plant
        answer = solutions[RELIEF](ptdf(net, slack=0)[line].tolist(), loads.tolist(), float(flow), float(limit), plant)

        for bus, given in enumerate(answer):
            if given is None:
                left = after(*system, bus, loads[bus])
                assert left > limit - 1e-9  # not even with all its load
                unable += 1
            else:
                assert 0 <= given <= loads[bus] + 1e-9
                assert after(*system, bus, given) == pytest.approx(max(limit, 0) if abs(flow) > limit else abs(flow))
                able += given > 0
        against += flow < 0
    assert able > 40 and unable > 40 and against > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_cases_are_told_as_the_text_says(seed):
    for factors, loads, flow, limit, plant in EXERCISES[RELIEF].cases(seed):
        assert factors[0] == 0 and len(factors) == len(loads) > plant >= 0 and max(map(abs, factors)) <= 1
        assert min(loads) >= 0 and limit > 0 and flow != 0


def test_factors_from_any_slack_give_the_same(solutions):
    for factors, *others in EXERCISES[RELIEF].cases("public"):
        moved = solutions[RELIEF]([factor + 0.25 for factor in factors], *others)
        for ours, theirs in zip(moved, EXERCISES[RELIEF].reference(factors, *others), strict=True):
            assert ours == (theirs if theirs is None else pytest.approx(theirs))


def test_halving_is_an_answer():
    """The needed megawatts found by trying, without a division by a share."""

    def by_halving(factors, loads, flow, limit, plant):
        def after(bus, given):
            return abs(flow + (factors[bus] - factors[plant]) * given)

        def least(bus):
            low, high = 0.0, float(loads[bus])
            first = min(high, 1e-3)
            if high == 0 or after(bus, first) >= abs(flow) - 1e-9:
                return None
            crossing = abs(flow) / abs(factors[bus] - factors[plant])  # beyond it the flow has turned
            high = min(high, crossing)
            if after(bus, high) > limit + 1e-9:
                return None
            for _ in range(80):
                middle = (low + high) / 2
                low, high = (low, middle) if after(bus, middle) <= limit else (middle, high)
            return high

        return [0.0 if abs(flow) <= limit else least(bus) for bus in range(len(loads))]

    told = check(RELIEF, by_halving)
    assert told, told


# What is told, and the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (SHEET, 0.05, "two numbers are asked for, (reactance in p.u., limit in MVA)"),
        (SHEET, (0.5, -20), "a line has a reactance above zero and a limit above zero, and it returns 0.5 and -20"),
        (RELIEF, [48, 30], "a list of one entry a bus is asked for, here 5: a number, or None where a bus cannot help"),
        (RELIEF, [None, None, 30, None, 30], "position 2 (from 0) gives up 30 MW, the plant makes as much less, and then the"
         " line carries 44.5 MW. It must carry 40"),
        (RELIEF, [None, None, 48, 24, 30], "position 3 (from 0) gives up 24 MW, and it takes only 15"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told_of_the_sheet(sources):
    said = text_of(sources, "One circuit has 10")
    _, (x, limit) = EXERCISES[SHEET].example
    sums = re.findall(r"(\d[\d.²]* [·/] [\d.]+) = ([\d.]*\d)", said)
    assert len(sums) == 3 and "they have 2 ohm" in said and x == 0.5
    for by_hand, result in sums:
        assert arithmetic(by_hand) == pytest.approx(float(result))
    assert f"that is {limit / 2:.2f} MVA" in said and f"both together {limit:.2f} MVA" in said


def test_numbers_told_of_the_relief(sources):
    said = text_of(sources, "12 MW must go.")
    (factors, loads, flow, limit, plant), answer = EXERCISES[RELIEF].example
    share = [factors[plant] - factor for factor in factors]
    assert flow - limit == 12 and share == pytest.approx([-0.1, 0, 0.25, 0.5, 0.4])
    assert "12 / 0.25 = 48 MW are needed, and it takes 60" in said and answer[2] == 48 and loads[2] == 60
    assert "largest share, 0.5. It would have to give up 24 MW, and takes 15" in said and 12 / share[3] == pytest.approx(24)
    assert "share of 0.4 and must give up 30 of its 40 MW" in said and answer[4] == 30 and loads[4] == 40


def test_a_larger_base_changes_no_flow(solutions):
    """What the learner finds who follows the question after the first exercise."""
    *line, base = EXERCISES[SHEET].example[0]
    x, ten = solutions[SHEET](*line, base)[0], solutions[SHEET](*line, 10 * base)[0]
    assert ten == pytest.approx(10 * x)
    triangle = {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3]}
    flows = [
        dc_power_flow(
            Network.from_frames({"bus": [1, 2, 3], "load": [0, 50, 30]}, triangle | {"x": [x * k, 2 * x * k, 3 * x * k]},
                                {"bus": [1], "p_max": [100], "cost": [1]}, base=k * base)
        ).flow
        for k in (1, 10)
    ]  # fmt: skip
    assert flows[0] == pytest.approx(flows[1])
