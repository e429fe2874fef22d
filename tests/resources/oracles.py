"""Routes that share no code with the package: every path of a small store tried, programmes written in cvxpy and scipy."""

import itertools

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.resources import Battery

EFFICIENCIES = (1.0, 0.95, 0.9, 0.7, 0.5)


@st.composite
def batteries(draw, steps, final=True):
    """A battery whose final energy can be reached from its initial one."""
    energy, power = draw(st.sampled_from([1.0, 2.0, 3.5, 5.0])), draw(st.sampled_from([0.5, 1.0, 2.0, 6.0]))
    charge = draw(st.sampled_from(EFFICIENCIES))
    initial = energy * draw(st.sampled_from([0.0, 0.25, 1.0]))
    loss = draw(st.sampled_from([0.0, 0.0, 0.1]))
    reachable = initial
    for _ in range(steps):
        reachable = min(energy, reachable * (1 - loss) + power * charge)
    # With losses a full store may not be kept full for long: ask for what one more step can bring back.
    most = min(reachable, power * charge if loss else energy)
    return Battery(
        energy=energy,
        power=power,
        power_out=draw(st.sampled_from([None, 0.4, 3.0])),
        charge_efficiency=charge,
        discharge_efficiency=draw(st.sampled_from(EFFICIENCIES)),
        initial_energy=initial,
        final_energy=most * draw(st.sampled_from([0.0, 0.5])) if final else 0.0,
        self_discharge=loss,
        cycle_cost=draw(st.sampled_from([0.0, 0.0, 4.0])),
    )


def price_lists(least, most=60, longest=8):
    """Prices in whole and half ct/kWh, ties among them."""
    return st.lists(st.integers(2 * least, 2 * most).map(lambda twice: twice / 2), min_size=1, max_size=longest)


def obeys(plan, battery):
    """Refuse a plan that breaks a limit or loses count of its energy."""
    most_in, most_out, slack = battery.power * plan.hours, battery.discharge_power * plan.hours, 1e-6 * battery.energy
    assert plan.charge.min() >= 0 <= plan.discharge.min()
    assert plan.charge.max() <= most_in + slack and plan.discharge.max() <= most_out + slack
    assert plan.energy.min() >= 0 and plan.energy.max() <= battery.energy
    assert plan.energy[0] == battery.initial_energy and plan.energy[-1] >= battery.final_energy - slack
    into = battery.charge_efficiency * plan.charge - plan.discharge / battery.discharge_efficiency
    assert np.allclose(plan.energy[1:], (1 - battery.self_discharge) ** plan.hours * plan.energy[:-1] + into, atol=slack)
    assert plan.relaxed or not (plan.charge * plan.discharge).any()


def tried_out(prices, energy, battery):
    """The best profit over all paths of a store of a whole number of units, one unit a step; lossless and idle-free."""
    best = -np.inf
    for path in itertools.product(range(energy + 1), repeat=len(prices)):
        change = np.diff([battery.initial_energy, *path])
        charge = np.maximum(change, 0) / battery.charge_efficiency
        discharge = np.maximum(-change, 0) * battery.discharge_efficiency
        if charge.max() > battery.power + 1e-9 or discharge.max() > battery.discharge_power + 1e-9:
            continue
        if path[-1] >= battery.final_energy - 1e-9:
            best = max(best, np.dot(prices, discharge - charge) - battery.cycle_cost * discharge.sum())
    return best


def by_cvxpy(prices, battery, step=1.0, impact=None, directions=None, end_value=0.0):
    """The profit by a programme in cvxpy; with `directions` (True: charging) one of the two is forbidden in each step.

    What is left is sold at the end value in a step of its own behind the last: the programme is that much larger.
    """
    import cvxpy as cp

    prices, count = np.asarray(prices, float), len(prices)
    c, d, e = cp.Variable(count, nonneg=True), cp.Variable(count, nonneg=True), cp.Variable(count + 1, nonneg=True)
    into = battery.charge_efficiency * c - d / battery.discharge_efficiency
    limits = [c <= battery.power * step, d <= battery.discharge_power * step, e <= battery.energy,
              e[0] == battery.initial_energy, e[count] >= battery.final_energy,
              e[1:] == (1 - battery.self_discharge) ** step * e[:-1] + into]  # fmt: skip
    if directions is not None:
        limits += [(d if charging else c)[t] == 0 for t, charging in enumerate(directions)]
    if np.isfinite(battery.cycles_per_day):
        per_day = round(24 / step)
        limits += [cp.sum(d[t : t + per_day]) / battery.discharge_efficiency <= battery.cycles_per_day * battery.energy
                   for t in range(0, count, per_day)]  # fmt: skip
    last, rest = cp.Variable(nonneg=True), cp.Variable(nonneg=True)
    limits += [rest == e[count] - last, last + rest >= battery.final_energy]
    revenue = prices @ (d - c) - battery.cycle_cost * cp.sum(d) + end_value * last
    if impact is not None:
        revenue -= cp.sum(cp.multiply(impact, cp.square(d - c)))
    problem = cp.Problem(cp.Maximize(revenue), limits)
    problem.solve(solver="HIGHS" if impact is None else "CLARABEL")
    return problem.value if problem.status == "optimal" else -np.inf


def by_scipy(prices, battery, directions):
    """The profit with charging (True) or discharging (False) allowed in each step; energy is a sum of all trades before."""
    count, charging = len(prices), np.array(directions)
    weight = np.tril((1 - battery.self_discharge) ** np.subtract.outer(np.arange(count), np.arange(count)).clip(0))
    stored = np.hstack([weight * battery.charge_efficiency, -weight / battery.discharge_efficiency])
    start = battery.initial_energy * (1 - battery.self_discharge) ** np.arange(1, count + 1)
    cost = np.concatenate([prices, battery.cycle_cost - np.asarray(prices, float)])
    most = np.concatenate([charging * battery.power, ~charging * battery.discharge_power])
    least = np.append(np.zeros(count - 1), battery.final_energy)
    found = linprog(cost, A_ub=np.vstack([stored, -stored]), b_ub=np.concatenate([battery.energy - start, start - least]),
                    bounds=np.column_stack([0 * most, most]))  # fmt: skip
    return -found.fun if found.status == 0 else -np.inf


def best_of_directions(prices, battery, impact=None, end_value=0.0):
    """The best profit over every choice of direction in every step."""
    choices = itertools.product((True, False), repeat=len(prices))
    if impact is None and not end_value:
        return max(by_scipy(prices, battery, some) for some in choices)
    return max(by_cvxpy(prices, battery, impact=impact, directions=some, end_value=end_value) for some in choices)
