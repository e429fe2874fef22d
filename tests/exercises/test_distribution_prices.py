"""Learners' code for the exercises of distribution prices, and both answers against the package and finite differences."""

import re

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, ac_power_flow, branch_flow_opf, lindistflow, lindistflow_opf

PRICES, LOSSES = "distribution_prices/own_price", "distribution_prices/marginal_loss"
SEEDS = ["public", 0, 1, 2]


@pytest.mark.parametrize("name", [PRICES, LOSSES])
@pytest.mark.parametrize("seed", SEEDS)
def test_feeders_are_told_as_the_text_says(name, seed):
    for parent, r, *others in EXERCISES[name].cases(seed):
        assert all(0 <= near <= line for line, near in enumerate(parent)) and len(r) == len(parent) and min(r, default=1) > 0
        assert len(others[-1]) == len(parent) + 1
        if name == PRICES:
            assert len(others[1]) == len(parent) and others[-1][0] == 0 and min(others[-1]) == 0


# Read your own price


def priced_feeder(seed, base=1.0, v_min=0.97, v_max=2.0, n=7):
    """(network, parent): the grid at 50 $/MWh, a dear unit at every bus, cheap ones at two, lines that fill up either way.

    Powers are in MW and resistances per 1 MVA; a network on another base is the same feeder, `x` and `r` times the base.
    """
    rng = np.random.default_rng([20, seed])
    parent = [int(rng.integers(max(line - 2, 0), line + 1)) for line in range(n - 1)]
    r, x = rng.uniform(0.002, 0.02, (2, n - 1)) * base
    sun = rng.permutation(np.arange(1, n))[:2]
    buses = {"bus": range(n), "load": np.r_[0, rng.uniform(0.1, 1, n - 1)], "q_load": np.r_[0, rng.uniform(0, 0.1, n - 1)]}
    buses |= {"v_min": np.r_[1, np.full(n - 1, v_min)], "v_max": np.r_[1, np.full(n - 1, v_max)]}
    limit = np.where(rng.random(n - 1) < 0.4, rng.uniform(0.3, 1.5, n - 1), np.inf)
    units = {"bus": [0, *range(1, n), *sun], "p_min": [-50, *[0] * (n + 1)], "p_max": [50, *[9] * (n - 1), 2, 2]}
    units |= {"cost": [50, *rng.uniform(60, 120, n - 1), 20, 25], "q_min": [-50, *[0] * (n + 1)]}
    units |= {"q_max": [50, *[0] * (n + 1)]}
    lines = {"from_bus": parent, "to_bus": range(1, n), "r": r, "x": x, "limit": limit}
    return Network.from_frames(buses, lines, units, base=base, slack=0), parent


def multipliers_of(net, d):
    """(r, energy, line, voltage) as the exercise takes them, from a dispatch whose limits are those of active power.

    The package tells resistances on the network's base, multipliers of lines without a sign, and those of voltages for one
    p.u. of voltage, negative at the lower limit: d(v^2) = 2 v dv.
    """
    line = d.multiplier * np.sign(d.p_from)
    voltage = -d.voltage_multiplier / (2 * d.voltage)
    voltage[0] = 0  # held: nothing below it shares its way with it
    return (net.lines.r / net.base).tolist(), d.lmp[0], line.tolist(), voltage.tolist()


@pytest.mark.parametrize(("base", "low", "high"), [(1.0, 0.97, 2.0), (100.0, 0.97, 2.0), (1.0, 0.5, 1.01)])
def test_prices_are_those_of_the_linear_feeder(base, low, high, solutions):
    """Also where voltages are at their upper limit: these multipliers enter with a minus."""
    met, sign = np.zeros(3, dtype=int), 1 if high == 2 else -1
    for seed in range(40):
        net, parent = priced_feeder(seed, base, low, high)
        d = lindistflow_opf(net, limit_of="P")
        r, energy, line, voltage = multipliers_of(net, d)
        assert np.allclose(solutions[PRICES](parent, r, energy, line, voltage), d.lmp, atol=1e-5)
        assert min(sign * nu for nu in voltage) > -1e-4
        met += [max(line) > 0.1, min(line) < -0.1, max(sign * nu for nu in voltage) > 1]
    assert met.min() >= 8, met  # lines full downwards and upwards, voltages at their limit


def test_prices_are_finite_differences_of_the_cost(solutions):
    step, compared, different = 1e-3, 0, 0
    for seed in range(12):
        net, parent = priced_feeder(seed)
        found = solutions[PRICES](parent, *multipliers_of(net, lindistflow_opf(net, limit_of="P")))
        different += np.ptp(found) > 1
        for bus, price in enumerate(found):
            load = net.buses.load[bus]
            low, middle, high = (lindistflow_opf(net, {bus: load + s}, limit_of="P").cost for s in (-step, 0, step))
            down, up = (middle - low) / step, (high - middle) / step
            assert down - 1e-3 <= price <= up + 1e-3  # cost is convex: the same on both sides, but at a kink
            compared += up - down < 1e-3
    assert compared > 60 and different >= 8


def test_prices_with_limits_of_apparent_power(solutions):
    """The chapter's feeder: a full line's multiplier is one of MVA, and one more MW takes P / S of it."""
    net = Network.from_frames(**grid("feeder5"))
    d = lindistflow_opf(net)
    r, energy, line, voltage = multipliers_of(net, d)
    line = (np.array(line) * np.abs(d.p_from) / d.apparent).tolist()
    assert max(line) > 1 and max(voltage) > 1
    assert np.allclose(
        solutions[PRICES](net.lines.start.tolist(), r, energy, line, voltage), [50, 55, 60, 80, 60], atol=1e-4
    )
    assert EXERCISES[PRICES].example[0][0] == net.lines.start.tolist()


def resistance(parent, r, i, k):
    """Climb from i, and count lines whose far end lies above k too."""
    above, shared = {0}, 0
    while k:
        above.add(k)
        k = parent[k - 1]
    while i:
        shared += r[i - 1] * (i in above)
        i = parent[i - 1]
    return shared


def learner(parent, r, energy, line, voltage, coupling=resistance):
    found = []
    for i in range(len(parent) + 1):
        price, bus = energy, i
        while bus > 0:
            price += line[bus - 1]
            bus = parent[bus - 1]
        found.append(price + sum(2 * coupling(parent, r, i, k) * nu for k, nu in enumerate(voltage)))
    return found


# The last kilowatt's loss


def lost(parent, r, load):
    """Losses from their definition: each line carries the load of every bus whose way it lies on."""
    total = 0
    for line, own in enumerate(r):
        carried = 0
        for bus, drawn in enumerate(load):
            while bus > line + 1:
                bus = parent[bus - 1]
            carried += drawn * (bus == line + 1)
        total += own * carried**2
    return total


@pytest.mark.parametrize("seed", SEEDS)
def test_marginal_losses_are_finite_differences(seed, solutions):
    """Losses are quadratic, so that the difference over two equal steps is the derivative, whatever the step."""
    negative = 0
    for parent, r, load in EXERCISES[LOSSES].cases(seed):
        found = solutions[LOSSES](parent, r, load)
        assert np.allclose(by_steps(parent, r, load), found, atol=1e-9)
        assert np.dot(found, load) == pytest.approx(2 * lost(parent, r, load))  # twice the losses are paid
        negative += min(found) < 0
    assert negative >= 10


def network(parent, r, load, x=0.5):
    """The feeder on a base of 1 MVA, its grid at 1 p.u."""
    buses = {"bus": range(len(load)), "load": load, "v_min": [1, *[0.9] * len(parent)], "v_max": [1, *[1.1] * len(parent)]}
    lines = {"from_bus": parent, "to_bus": range(1, len(load)), "r": r, "x": x * np.array(r)}
    units = {"bus": [0], "p_min": [-99], "p_max": [99], "q_min": [-99], "q_max": [99], "cost": [50], "v_set": [1]}
    return Network.from_frames(buses, lines, units, base=1, slack=0)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_marginal_losses_are_those_of_small_ac_flows(seed, solutions):
    """At a hundredth of the load voltages are near 1 and losses small; at a thousandth ten times nearer and smaller."""
    off = {1e-2: [], 1e-3: []}
    for parent, r, load in EXERCISES[LOSSES].cases(seed)[1::3]:
        for part, found_off in off.items() if parent else ():
            small = part * np.array(load)
            net, found = network(parent, r, small), solutions[LOSSES](parent, r, small.tolist())
            for bus in range(1, len(load)):
                ends = [small[bus] + step for step in (0.1 * part, -0.1 * part)]
                up, down = (ac_power_flow(net, {bus: end}, tolerance=1e-13).total_loss for end in ends)
                found_off.append(abs((up - down) / (0.2 * part) - found[bus]) / part)
    assert len(off[1e-2]) > 40 and max(off[1e-2]) < 0.02 and max(off[1e-3]) < 0.002


def test_marginal_losses_are_the_loss_factors_of_the_package(solutions):
    for parent, r, load in EXERCISES[LOSSES].cases("public")[::3]:
        if parent:
            small = (1e-3 * np.array(load)).tolist()
            factors = branch_flow_opf(network(parent, r, small)).loss_factors()
            assert np.allclose(1e3 * factors, 1e3 * np.array(solutions[LOSSES](parent, r, small)), atol=5e-3)


def along(parent, changes):
    """Add up along the ways."""
    found = [0]
    for near, change in zip(parent, changes):
        found.append(found[near] + change)
    return found


def by_steps(parent, r, load, step=0.5):
    each = [[[drawn + s * (k == bus) for k, drawn in enumerate(load)] for s in (step, -step)] for bus in range(len(load))]
    return [(lost(parent, r, up) - lost(parent, r, down)) / (2 * step) for up, down in each]


def rises(parent, r, load):
    found = by_steps(parent, r, load)
    return [found[line + 1] - found[near] for line, near in enumerate(parent)]


# Learners' code


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda p, r, e, m, v: learner(p, r, e, m, v, lambda p, r, i, k: resistance(p, r, i, i) * (i == k)), "own voltage"),
        (lambda p, r, e, m, v: learner(p, r, e, m, v, lambda p, r, i, k: resistance(p, r, i, i)), "resistance of the way to i"),
        (lambda p, r, e, m, v: learner(p, r, e, m, [nu / 2 for nu in v]), "forgets the factor 2"),
        (lambda p, r, e, m, v: learner(p, r, e + sum(m), [0 for _ in m], v), "adds the multipliers of all lines"),
        (lambda p, r, e, m, v: np.add([0, *m], learner(p, r, e, [0 for _ in m], v)), "only the multiplier of the last line"),
        (lambda p, r, e, m, v: learner(p, r, e, [abs(each) for each in m], v), "almost: right, except that a line full with"),
        (lambda p, r, e, m, v: learner(p, r, max(e, 0), m, v), "except when the price at the grid is negative: at bus 0"),
        (lambda p, r, e, m, v: learner(p, r, e, m, [nu * (k == np.argmax(v)) for k, nu in enumerate(v)]), "except when several"),
        (lambda *case: [round(price, 2) + 1e-4 for price in learner(*case)], "almost: right but for rounding"),
        (lambda *case: (max(case[0]), learner(*case))[1], "except when there is only the grid: it raises ValueError"),
        (lambda *case: (learner(*case), case[3].insert(0, 0))[0], "almost: right, but it changes line"),
        (lambda *case: lindistflow_opf(network(*case[:2], case[4])).lmp, "it calls lindistflow_opf, which is what you are asked"),
    ],
)  # fmt: skip
def test_prices_as_learners_write_them(slip, words):
    assert check(PRICES, learner) and check(PRICES, lambda *case: np.array(learner(*case)))
    assert words in repr(check(PRICES, slip)) and not check(PRICES, slip)


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda *case: [each / 2 for each in by_steps(*case)], "average loss, r P"),
        (lambda parent, r, load: [lost(parent, r, load) / sum(load)] * len(load), "one average for everybody"),
        (lambda parent, r, load: along(parent, [2 * a * b for a, b in zip(r, load[1:])]), "all that is drawn below it"),
        (lambda *case: along(case[0], map(abs, rises(*case))), "reverse flow costs in it"),
        (lambda *case: [0, *rises(*case)], "it counts only the last line"),
        (lambda parent, r, load: by_steps(range(len(parent)), r, load), "hangs on bus i - 1"),
        (lambda *case: [max(each, 0) for each in by_steps(*case)], "almost: right, except that more load may save losses"),
        (lambda *case: np.where(case[2], by_steps(*case), 0), "almost: right, except when a bus draws nothing"),
        (lambda *case: (max(case[0]), by_steps(*case))[1], "except when there is only the grid: it raises ValueError"),
        (lambda *case: (by_steps(*case), case[2].append(0))[0], "almost: right, but it changes load"),
        (
            lambda *case: along(case[0], 2 * np.array(case[1]) * lindistflow(network(*case)).flow),
            "it calls lindistflow, which",
        ),
        (
            lambda *case: branch_flow_opf(network(*case)).loss_factors(),
            "it calls branch_flow_opf, which is what you are asked",
        ),
    ],
)
def test_losses_as_learners_write_them(slip, words):
    assert check(LOSSES, by_steps)
    assert words in repr(check(LOSSES, slip)) and not check(LOSSES, slip)


# What is told, and the texts

A_NUMBER = "a list of one number a bus is asked for, here {}: bus 0, the grid, is the first"


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (PRICES, 60, A_NUMBER.format(5)),
        (PRICES, [56.8, 64, 84, 66], A_NUMBER.format(5)),
        (PRICES, [51, 56.8, 64, 84, 66], "at bus 0 its price is 51. Bus 0 is the grid, whose price is given: 50"),
        (PRICES, [50, 56.8, 64, 84, 67], "from bus 2 to bus 4 its price changes by 3. The multiplier of line 3 is 0, its"
         " resistance 0.05, and the voltage multipliers of the buses that it feeds add up to 20: the change must be 2"),
        (LOSSES, [0.04, 0.08, None, -0.02], A_NUMBER.format(4)),
        (LOSSES, [0.1, 0.04, 0.08, -0.02], "at bus 0 it returns 0.1. Load there uses no line, and adds nothing to the losses"),
        (LOSSES, [0, 0.04, 0.08, 0.1], "from bus 1 to bus 3 it changes by 0.06. Line 2 has a resistance of 0.05 and carries"
         " -0.6: it loses 0.018, and for one unit more -0.06 more"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    right, example = solutions[name], EXERCISES[name].example[0]
    told = check(name, lambda *case: answer if case == example else right(*case))
    assert words in told.reason and "in the worked example" in told.reason and not told


def told_in(sources, start):
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
    return text


def arithmetic(text):
    """The value of an expression as the text writes it: 2 (0.02 · 100 + ...), 0.2²."""
    return eval(re.sub(r"(\d) \(", r"\1 * (", text.replace("·", "*").replace("²", "**2")))


def test_numbers_told_of_the_prices(sources):
    said = told_in(sources, "| bus | lines on its way | R with bus 3")
    (parent, r, *_), answer = EXERCISES[PRICES].example
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in said.split("\n") if re.match(r"\| \d", row)]
    assert [int(row[0]) for row in rows] == list(range(5))
    for (bus, way, three, four, price), right in zip(rows, answer, strict=True):
        lines = [] if way == "none" else [int(line) for line in way.split(", ")]
        assert float(sum(r[line] for line in lines)) == pytest.approx(resistance(parent, r, int(bus), int(bus)))
        assert float(three) == pytest.approx(resistance(parent, r, int(bus), 3))
        assert float(four) == pytest.approx(resistance(parent, r, int(bus), 4))
        by_hand, _, result = price.rpartition(" = ")
        assert float(result) == right and arithmetic(by_hand or result) == pytest.approx(right)
    assert "they share 0.02 + 0.03 = 0.05" in said and resistance(parent, r, 3, 4) == 0.05


def test_numbers_told_of_the_losses(sources):
    said = told_in(sources, "Line 0 carries 0.3 + 0.5").replace("\n", " ")
    case, answer = EXERCISES[LOSSES].example
    sums = re.findall(r"(-?[\d.]+(?: (?:[-+·] )?[\d.]+²?)+) = (-?[\d.]*\d)", said)
    assert len(sums) == 5
    for by_hand, result in sums:
        assert arithmetic(by_hand) == pytest.approx(float(result))
    values = [float(result) for _, result in sums]
    assert values == [0.2, pytest.approx(lost(*case)), *answer[1:]]
