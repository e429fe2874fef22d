"""A two-stage dispatch, and what knowing more is worth, in words."""

import numpy as np

from tefoundations.grid.words import price_words
from tefoundations.words import listed, say

TOLD = 6  # scenarios that are told one by one


def two_stage_words(found):
    """The schedule, the costs, and a line for each of the first scenarios (see `TwoStage.explain`)."""
    names = found.net.generators.name
    decided = [f"{names[unit]} {say(found.schedule[unit])} MW" for unit in np.flatnonzero(found.decided)]
    lines = [f"Decide now: {listed(decided)}." if decided else "Nothing is to be decided now."]
    costs = found.costs
    mean = f"Mean cost {say(found.cost, found.cost)} $/h, from {say(costs.min(), found.cost)} to {say(costs.max())} $/h."
    lines.append(mean)
    if found.risk:
        weight, alpha = found.risk
        lines.append(f"The dearest {say(1 - alpha)} of the chances cost {say(found.cvar())} $/h on average; their weight is"
                     f" {say(weight)}.")  # fmt: skip
    lines += [_scenario_words(found, row) for row in range(min(TOLD, len(costs)))]
    return "\n".join([*lines, f"and {len(costs) - TOLD} scenarios more"] if len(costs) > TOLD else lines)


def _scenario_words(found, row):
    name, chance, output = found.scenarios.labels[row], found.probability[row], found.output[row]
    given = [f"{unit} {say(mw)}" for unit, mw in zip(found.net.generators.name, output) if say(mw) != "0"]
    price = price_words(found.lmp[row].round(9) + 0.0)
    word = "prices" if " to " in price else "price"
    shed = found.shed[row].sum()
    left = f"; {say(shed)} MW not served" if say(shed) != "0" else ""
    told = f"{name}, chance {say(chance)}: cost {say(found.costs[row], found.cost)} $/h, {word} {price}"
    return f"{told}; {listed(given) or 'nobody'} MW{left}."


def bus_words(found, at):
    """The price ahead at one bus, as the mean of its prices."""
    prices, chances = found.lmp[:, at], found.chances
    dearest = np.abs(prices).max()
    parts = " + ".join(f"{say(chance)} * {say(price, dearest)}" for chance, price in zip(chances[:TOLD], prices))
    more = f" + {len(prices) - TOLD} more" if len(prices) > TOLD else ""
    return f"bus {found.net.buses.bus[at]}: {parts}{more} = {say(found.ahead_lmp[at], dearest)}"


def two_stage_glance(found):
    """The result at a glance, as (name, value)."""
    decided = [f"{found.net.generators.name[unit]} {say(found.schedule[unit])}" for unit in np.flatnonzero(found.decided)]
    rows = [
        ("scenarios", len(found.costs)), ("decide now, MW", listed(decided) or "nothing"), ("mean cost, $/h", found.cost),
        ("cost, $/h", f"{say(found.costs.min())} to {say(found.costs.max())}"),
        ("mean prices, $/MWh", price_words(found.expected_lmp.round(9) + 0.0)),
        ("not served, MW", f"{say(found.shed.sum(axis=1).max())} at most"),
    ]  # fmt: skip
    return [*rows, ("mean cost of the tail, $/h", found.cvar())] if found.risk else rows


def worth_words(found):
    """The four costs and their differences, a line each (see `ScenarioWorth.explain`)."""
    return "\n".join([
        f"Mean weather, planned as if it came: EV {say(found.ev)} $/h.",
        f"Each scenario known in time: WS {say(found.ws)} $/h.",
        f"One schedule for all scenarios: RP {say(found.rp)} $/h.",
        f"The schedule for the mean weather, tried on all: EEV {say(found.eev)} $/h.",
        f"Knowing is worth RP - WS = {say(found.evpi, found.rp)} $/h (EVPI).",
        f"Scenarios instead of means are worth EEV - RP = {say(found.vss, found.rp)} $/h (VSS).",
    ])  # fmt: skip
