"""Random devices for the tests, and a second formulation of what they can do: a linear programme for scipy."""

from dataclasses import replace

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.errors import InvalidInput
from tefoundations.resources import Device

GRID = st.integers(0, 8)


@st.composite
def cases(draw, longest=7, lowest=0, day=None):
    """A device, prices and the length of a step: windows, losses, needs, heat pumps, batteries, wear, waiting.

    `day`: how many steps, and of how many hours; else any.
    """
    count, hours = day or (draw(st.integers(1, longest)), draw(st.sampled_from([1.0, 0.5, 0.25, 3.0])))
    start = draw(st.integers(0, count - 1))
    end = draw(st.sampled_from([np.inf, hours * draw(st.integers(start + 1, count))]))
    energy, gives = float(draw(st.integers(1, 9))), draw(st.booleans())
    each = st.lists(st.sampled_from([-0.75, 0.0, 0.0, 0.25, 0.5]), min_size=count, max_size=count)
    pumps = st.lists(st.sampled_from([1.0, 2.5, 3.0, 4.0]), min_size=count, max_size=count)
    try:
        device = Device(
            "thing", "Ada", energy, draw(st.sampled_from([0.5, 1.0, 2.0, 6.0])),
            power_out=draw(st.sampled_from([0.4, 2.0])) if gives else 0.0, start=start * hours, end=end,
            initial_energy=energy * draw(GRID) / 8, final_energy=energy * draw(GRID) / 8,
            charge_efficiency=draw(st.sampled_from([1.0, 0.9, 0.7])),
            discharge_efficiency=draw(st.sampled_from([1.0, 0.9, 0.5])),
            wear=draw(st.sampled_from([0.0, 3.0])), waiting=draw(st.sampled_from([0.0, 0.5])),
            standing_loss=draw(st.sampled_from([0.0, 0.0, 0.1, 0.6])), need=draw(st.sampled_from([0.0, 0.3, -0.2]) | each),
            gain=1.0 if gives else draw(st.just(1.0) | pumps),
        )  # fmt: skip
        device.over(count, hours)
    except InvalidInput:
        assume(False)
    prices = draw(st.lists(st.integers(2 * lowest, 80).map(lambda twice: twice / 2), min_size=count, max_size=count))
    return device, prices, hours


def scaled(device, scale):
    """The same device in another unit of energy."""
    energies = ("energy", "power", "power_out", "initial_energy", "final_energy")
    need = np.multiply(device.need, scale).tolist()
    return replace(device, need=need, **{name: getattr(device, name) * scale for name in energies})


def of_step(value, count):
    return np.broadcast_to(np.asarray(value, float), count)


def by_programme(device, prices, hours, fixed=None):
    """Least cost (ct) by HiGHS, variables taken, given, vented and stored in each step; `fixed`: {step: net energy} (kWh).

    nan where there is no plan.
    """
    count, n = len(prices), 4 * len(prices)
    gain, need = of_step(device.gain, count) * device.charge_efficiency, of_step(device.need, count) * hours
    kept = (1 - device.standing_loss) ** hours
    clock = np.arange(count) * hours
    there = (clock >= device.start - 1e-9) & (clock < device.end - 1e-9)
    late = device.waiting * np.maximum(clock - device.start, 0)
    rows, right = np.zeros((count, n)), np.zeros(count)
    last = int(np.flatnonzero(there)[-1])
    for t in range(count):
        taken, given, vented, stored = t, count + t, 2 * count + t, 3 * count + t
        if not there[t]:  # nothing happens to it, and what it holds does not matter
            rows[t, stored] = 1.0
            right[t] = device.initial_energy
            continue
        rows[t, [taken, given, vented, stored]] = -gain[t], 1 / device.discharge_efficiency, 1.0, 1.0
        right[t] = -need[t]
        if t and there[t - 1]:
            rows[t, stored - 1] = -kept
        else:
            right[t] += kept * device.initial_energy
    cost = np.concatenate([np.asarray(prices) + late, device.wear - np.asarray(prices), np.zeros(2 * count)])
    low, high = np.zeros(n), np.concatenate([
        there * device.power * hours, there * device.power_out * hours, there * np.maximum(-need, 0),
        np.full(count, device.energy),
    ])  # fmt: skip
    low[3 * count + last] = device.final_energy
    for step, net in (fixed or {}).items():
        rows, right = np.vstack([rows, np.zeros(n)]), np.append(right, net)
        rows[-1, [step, count + step]] = 1.0, -1.0
    found = linprog(cost, A_eq=rows, b_eq=right, bounds=np.column_stack([low, high]), method="highs")
    return found.fun if found.status == 0 else np.nan


def followed(device, plan, hours):
    """Stored energy along a plan, step by step as the docstring says; refuses one that the device cannot follow."""
    count = len(plan)
    gain, need = of_step(device.gain, count), of_step(device.need, count)
    stored, slack = device.initial_energy, 1e-7 * device.energy
    for t, net in enumerate(plan):
        if not device.start <= t * hours + 1e-9 < device.end:
            assert net == 0
            continue
        assert -device.power_out * hours - slack <= net <= device.power * hours + slack
        stored = (1 - device.standing_loss) ** hours * stored - need[t] * hours
        stored += device.charge_efficiency * gain[t] * max(net, 0) - max(-net, 0) / device.discharge_efficiency
        assert -slack <= stored <= device.energy + max(-need[t] * hours, 0) + slack
        stored = min(stored, device.energy)  # vented
    assert stored >= device.final_energy - slack
