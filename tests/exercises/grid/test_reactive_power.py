"""Reactive power: both answers against finite differences, the package and a search over the whole circle."""

import re

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, ac_opf, branch_flow_opf, lindistflow_opf
from tests.exercises.learners import arithmetic, text_of, told_on_example

PRICE, INVERTER = "reactive_power/line_price", "reactive_power/inverter"
SEEDS = ["public", 0, 1, 2]


# Two prices at the end of a line


def charge(price, r, x, P, Q, line, voltage):
    """What everything that a flow uses costs at given multipliers ($/h)."""
    return price * (P + r * (P**2 + Q**2)) + line * np.hypot(P, Q) + voltage * 2 * (r * P + x * Q)


@pytest.mark.parametrize("seed", SEEDS)
def test_prices_are_finite_differences(seed, solutions):
    flows, h = 0, 1e-6
    for price, r, x, P, Q, line, voltage in EXERCISES[PRICE].cases(seed):
        around = [(P + h, Q), (P - h, Q), (P, Q + h), (P, Q - h)]
        a, b, c, d = (charge(price, r, x, *flow, line, voltage) for flow in around)
        assert np.allclose(solutions[PRICE](price, r, x, P, Q, line, voltage), [(a - b) / 2 / h, (c - d) / 2 / h], atol=1e-4)
        flows += bool(line)
    assert flows > 20


def one_line(P, Q, cost, limit=np.inf, v_min=0.5, v_max=2.0, r=0.03, x=0.06):
    """A grid, a line, and a bus with a load, where a dear source of both kinds of power may help."""
    return Network.from_frames(
        {"bus": [0, 1], "load": [0, P], "q_load": [0, Q], "v_min": [1, v_min], "v_max": [1, v_max]},
        {"from_bus": [0], "to_bus": [1], "r": [r], "x": [x], "limit": [limit]},
        {"bus": [0, 1], "p_min": [-9, -9], "p_max": [9, 9], "cost": [40, cost], "cost2": [0, 2], "q_max": [9, 0],
         "q_min": [-9, 0]},
        base=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("P", "Q", "limits"), [(0.6, 0.8, {"limit": 0.9}), (0.6, 0.5, {"v_min": 0.97}), (-0.7, -0.3, {"v_max": 1.01})]
)
def test_prices_are_those_of_the_linear_feeder(P, Q, limits, solutions):
    """Without losses: multipliers of the package, told for one p.u. of voltage, prices put together from them."""
    net = one_line(P, Q, 50 if P > 0 else 30, **limits)
    d = lindistflow_opf(net)
    voltage = -d.voltage_multiplier[1] / (2 * d.voltage[1])
    assert d.multiplier[0] > 1 or abs(voltage) > 1
    found = solutions[PRICE](40, 0.03, 0.06, d.p_from[0], d.q_from[0], d.multiplier[0], voltage)
    loss = 40 * 2 * 0.03 * np.array([d.p_from[0], d.q_from[0]])  # the linear model has none
    assert np.allclose(np.array(found) - loss, [d.lmp[1], d.q_price[1]], atol=1e-3)


def test_losses_are_those_of_the_ac_model_where_they_are_small(solutions):
    d = ac_opf(one_line(0.05, 0.08, 40, r=0.003, x=0.006))
    found = solutions[PRICE](40, 0.003, 0.006, d.p_from[0], d.q_from[0], 0, 0)
    assert np.allclose([d.lmp[1] - 40, d.q_price[1]], [found[0] - 40, found[1]], rtol=0.01)


# The best point of a circle


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_point_earns_more(seed, solutions):
    """Every megawatt from 0 to the sun, with all that the circle leaves on either side and with nothing."""
    for rating, sun, p_price, q_price in EXERCISES[INVERTER].cases(seed):
        P, Q = solutions[INVERTER](rating, sun, p_price, q_price)
        assert -1e-12 <= P <= sun + 1e-12 and np.hypot(P, Q) <= rating + 1e-9
        p = np.linspace(0, min(sun, rating), 2001)
        q = np.sqrt(rating**2 - p**2)
        best = max((p_price * p + q_price * side * q).max() for side in (-1, 0, 1))
        assert best <= p_price * P + q_price * Q + 1e-9
        assert p_price * P + q_price * Q <= best + 1e-4 * rating * 90


@pytest.mark.parametrize(("rating", "sun"), [(0.02, 1.0), (0.02, 0.005), (0.02, 0.0)])
@pytest.mark.parametrize("solver", [ac_opf, branch_flow_opf])
def test_a_small_inverter_is_dispatched_so(solver, rating, sun, solutions):
    """On a line whose voltage is at its limit, at the prices of the optimum itself."""
    frames = one_line(0.6, 0.5, 50, v_min=0.97).to_frames()
    units = frames["generators"].assign(s_max=np.inf)
    units.loc[2] = units.loc[1].replace({units.name[1]: "inverter"})
    units.loc[2, ["p_min", "p_max", "cost", "cost2", "q_min", "q_max", "s_max"]] = [0, sun, 0, 0, -9, 9, rating]
    d = solver(Network.from_frames(**frames | {"generators": units}, base=1))
    assert d.q_price[1] > 10
    assert np.allclose(
        solutions[INVERTER](rating, sun, d.lmp[1], d.q_price[1]), [d.generation[2], d.q_generation[2]], atol=1e-5
    )


# What is told, and the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (PRICE, 47.44, "two numbers are asked for: the price of P, then that of Q"),
        (PRICE, [50, 11.92], "its price of P is 50. The parts are: energy 40, loss 1.44, the line 3, voltage 3. They add up"
         " to 47.44"),
        (PRICE, [47.44, 12], "its price of Q is 12. The parts are: loss 1.92, the line 4, voltage 6. They add up to 11.92"),
        (INVERTER, [0.9, 0.9], "it gives 0.9 MW and 0.9 MVAr, together 1.27279 MVA. The rating is 1 MVA"),
        (INVERTER, [-0.1, 0.5], "it gives -0.1 MW. What there is goes from 0 to 2 MW"),
        (INVERTER, [0.6, 0.7], "it gives 0.6 MW and 0.7 MVAr and earns 92 $/h. With 0.6 MW and 0.8 MVAr it would earn 100"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told_of_the_prices(sources, solutions):
    said = text_of(sources, "| | energy | loss", joined=False)
    _, answer = EXERCISES[PRICE].example
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in said.split("\n") if re.match(r"\| [PQ] ", row)]
    assert [row[0] for row in rows] == ["P", "Q"]
    for (_, *parts, price), right in zip(rows, answer, strict=True):
        total = 0.0
        for part in parts:
            by_hand, _, result = part.rpartition(" = ")
            assert arithmetic(by_hand or result) == pytest.approx(float(result))
            total += float(result)
        assert float(price) == pytest.approx(right) == pytest.approx(total)


def test_numbers_told_of_the_inverter(solutions):
    assert np.allclose(solutions[INVERTER](1, 2, 60, 80), [0.6, 0.8]) and 60 * 0.6 + 80 * 0.8 == 100
    assert np.allclose(solutions[INVERTER](1, 0.28, 60, 80), [0.28, 0.96]) and np.isclose(60 * 0.28 + 80 * 0.96, 93.6)


def test_another_way_to_the_same_answer():
    def by_angle(rating, sun, p_price, q_price):
        turns = np.arctan2(q_price, p_price)
        if not q_price:
            return min(rating, sun) * (p_price > 0), 0.0
        turns = np.clip(turns, -np.pi / 2, np.pi / 2)
        if rating * np.cos(turns) > sun:
            turns = np.sign(turns) * np.arccos(sun / rating)
        return max(rating * np.cos(turns), 0.0), rating * np.sin(turns)

    assert check(INVERTER, by_angle)
