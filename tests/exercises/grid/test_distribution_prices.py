"""Distribution prices: both answers against the package, finite differences and second formulations."""

import re

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, branch_flow_opf, lindistflow_opf
from tests.exercises.learners import arithmetic, text_of, told_on_example

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


def test_prices_with_limits_of_apparent_power(solutions):
    """The chapter's feeder: a full line's multiplier is one of MVA, and one more MW takes P / S of it."""
    net = Network.from_frames(**grid("feeder5"))
    d = lindistflow_opf(net)
    r, energy, line, voltage = multipliers_of(net, d)
    line = (np.array(line) * np.abs(d.p_from) / d.apparent).tolist()
    assert max(line) > 1 and max(voltage) > 1
    parent = net.lines.start.tolist()
    assert np.allclose(solutions[PRICES](parent, r, energy, line, voltage), [50, 55, 60, 80, 60], atol=1e-4)
    assert EXERCISES[PRICES].example[0][0] == parent


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


def test_marginal_losses_are_the_loss_factors_of_the_package(solutions):
    for parent, r, load in EXERCISES[LOSSES].cases("public")[::3]:
        if parent:
            small = (1e-3 * np.array(load)).tolist()
            factors = branch_flow_opf(network(parent, r, small)).loss_factors()
            assert np.allclose(1e3 * factors, 1e3 * np.array(solutions[LOSSES](parent, r, small)), atol=5e-3)


def by_steps(parent, r, load, step=0.5):
    each = [[[drawn + s * (k == bus) for k, drawn in enumerate(load)] for s in (step, -step)] for bus in range(len(load))]
    return [(lost(parent, r, up) - lost(parent, r, down)) / (2 * step) for up, down in each]


def test_differences_are_an_answer():
    assert check(LOSSES, by_steps)


# What is told, and the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (PRICES, 60, "a list of one number a bus is asked for, here 5: bus 0, the grid, is the first"),
        (PRICES, [51, 56.8, 64, 84, 66], "at bus 0 its price is 51. Bus 0 is the grid, whose price is given: 50"),
        (PRICES, [50, 56.8, 64, 84, 67], "from bus 2 to bus 4 its price changes by 3. The multiplier of line 3 is 0, its"
         " resistance 0.05, and the voltage multipliers of the buses that it feeds add up to 20: the change must be 2"),
        (LOSSES, [0.1, 0.04, 0.08, -0.02], "at bus 0 it returns 0.1. Load there uses no line, and adds nothing to"),
        (LOSSES, [0, 0.04, 0.08, 0.1], "from bus 1 to bus 3 it changes by 0.06. Line 2 has a resistance of 0.05 and carries"
         " -0.6: it loses 0.018, and for one unit more -0.06 more"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told_of_the_prices(sources):
    said = text_of(sources, "| bus | lines on its way | R with bus 3", joined=False)
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
    said = text_of(sources, "Line 0 carries 0.3 + 0.5")
    case, answer = EXERCISES[LOSSES].example
    sums = re.findall(r"(-?[\d.]+(?: (?:[-+·] )?[\d.]+²?)+) = (-?[\d.]*\d)", said)
    assert len(sums) == 5
    for by_hand, result in sums:
        assert arithmetic(by_hand) == pytest.approx(float(result))
    values = [float(result) for _, result in sums]
    assert values == [0.2, pytest.approx(lost(*case)), *answer[1:]]
