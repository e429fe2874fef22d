"""A co-optimisation in words and as tables."""

import numpy as np

from tefoundations.grid.words import price_words, told
from tefoundations.inputs import one_of
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import NAMED, count, say


def reserve_words(dispatch):
    """See `ReserveDispatch.explain`."""
    unit, cost = dispatch._evidence.unit, dispatch.cost
    worth = f", worth of served bids {say(dispatch.value, dispatch.value)} $/h" if len(dispatch.demand) else ""
    lines = [f"Cost {say(cost, cost)} $/h{worth}; energy costs {price_words(dispatch.lmp)} $/MWh."]
    ends = dispatch.reserve_price_interval
    for zone, price in dispatch.reserve_price.items():
        low, high = ends[zone]
        lines.append(f"Zone {zone} holds {told(dispatch.held[zone], unit)} MW; {_worth(price, low, high)}.")
    for line in np.flatnonzero(dispatch.multiplier):
        saved = abs(dispatch.multiplier[line])
        lines.append(f"Line {dispatch.net.lines.name[line]} is full; one more MW would save {say(saved, saved)} $/h.")
    holders = np.flatnonzero(~is_zero(dispatch.reserve, of=unit, share=NEAR))
    first = np.sort(holders[np.argsort(-dispatch.reserve[holders], kind="stable")][:NAMED])
    lines += [_holder(dispatch, row, unit) for row in first]
    more = len(holders) - NAMED
    return "\n".join([*lines, *([f"So do {count(more, 'other generator')}."] if more > 0 else [])])


def _worth(price, low, high):
    if np.isinf(high):
        return "not one more can be held"
    if high - low > NEAR * max(abs(high), abs(low)):
        return f"one less would save {say(low, high)} $/h, one more would cost {say(high, high)} $/h"
    return f"one more would cost {say(price, 1.0)} $/h"


def _holder(dispatch, row, unit):
    """Why one generator holds what it holds."""
    name, evidence = dispatch.net.generators.name[row], dispatch._evidence
    text = f"{name} makes {told(dispatch.generation[row], unit)} MW and holds {told(dispatch.reserve[row], unit)} MW"
    paid, lost, asked = dispatch.unit_reserve_price[row], dispatch.lost_opportunity[row], evidence.asked[row]
    rent = paid - lost - asked
    if dispatch.reserve[row] >= evidence.can[row] * (1 - NEAR):
        text += ", all that it can in time"
        if rent > NEAR * max(paid, 1e-300):
            text += f", and gains {say(rent, paid)} $ on each"
    if lost > NEAR * max(paid, 1e-300):
        text += f"; a megawatt held back would earn {say(lost, paid)} $/MWh as energy"
    return text + "."


def reserve_frame(dispatch, table):
    """The tables of `ReserveDispatch.to_frame`."""
    import pandas as pd

    one_of(table, ("generators", "buses", "lines", "zones"), "table")
    net, n = dispatch.net, len(dispatch.lmp)
    if table == "generators":
        price, paid = dispatch.lmp[net.generators.at], dispatch.unit_reserve_price
        columns = {
            "bus": net.generators.bus, "output": dispatch.generation, "reserve": dispatch.reserve, "price": price,
            "reserve_price": paid, "lost_opportunity": dispatch.lost_opportunity,
            "income": price * dispatch.generation + paid * dispatch.reserve,
        }  # fmt: skip
        return pd.DataFrame(columns, index=pd.Index(net.generators.name, name="generator"))
    if table == "buses":
        at = net.generators.at
        columns = {
            "load": dispatch.load, "demand": np.bincount(net.bids.at, dispatch.demand, n),
            "generation": np.bincount(at, dispatch.generation, n), "reserve": np.bincount(at, dispatch.reserve, n),
            "lmp": dispatch.lmp,
        }  # fmt: skip
        return pd.DataFrame(columns, index=pd.Index(net.buses.bus, name="bus"))
    if table == "lines":
        columns = {"flow": dispatch.flow, "limit": net.lines.limit, "multiplier": dispatch.multiplier}
        return pd.DataFrame(columns, index=pd.Index(net.lines.name, name="line"))
    ends = np.array(list(dispatch.reserve_price_interval.values())).reshape(-1, 2)
    columns = {"held": list(dispatch.held.values()), "price": list(dispatch.reserve_price.values()), "low": ends[:, 0],
               "high": ends[:, 1]}  # fmt: skip
    return pd.DataFrame(columns, index=pd.Index(list(dispatch.reserve_price), name="zone"))
