"""An AC dispatch in words and as tables."""

import numpy as np

from tefoundations.grid.words import SIX_DIGITS, one_price, told
from tefoundations.inputs import one_of
from tefoundations.words import say

DUST = 1e-7  # share of the prices, and of the money at stake, that an iteration leaves on what is no limit


def dispatch_words(dispatch, at=None):
    """The price of one bus, or money, limits and every price (see `ACDispatch.explain`)."""
    parts = dispatch.price_components()
    if at is not None:
        return _price(dispatch, parts, at)
    worth = f", worth of served bids {say(dispatch.value)} $/h" if len(dispatch.demand) else ""
    words = [f"Cost {say(dispatch.cost)} $/h{worth}, losses {say(dispatch.total_loss)} MW."]
    words += _limits(dispatch)
    if not dispatch.tight:
        line = int(np.argmax(dispatch.cone_gap))
        gap = f"line {dispatch.net.lines.name[line]} loses {say(dispatch.cone_gap[line])} MVA more than its flow explains"
        words.append(f"The cone is not tight: {gap}; no real network does this.")
    return "\n".join([*words, *(_price(dispatch, parts, bus) for bus in range(len(dispatch.lmp)))])


def _limits(dispatch):
    net, words, price = dispatch.net, [], np.abs(dispatch.lmp).max()
    stake = price * (np.abs(dispatch.load).sum() + dispatch.demand.sum())
    for line in _full(dispatch):
        saved = f"one more would save {told(dispatch.multiplier[line], price)} $/h"
        flow = dispatch.apparent[line]
        words.append(f"Line {net.lines.name[line]} is full: {told(flow, flow)} MVA; {saved}.")
    for bus in np.flatnonzero(np.abs(dispatch.voltage_multiplier) > DUST * stake):
        fixed = net.buses.v_min[bus] == net.buses.v_max[bus]
        which = "held" if fixed else "at its highest" if dispatch.voltage_multiplier[bus] > 0 else "at its lowest"
        words.append(f"The voltage of bus {net.buses.bus[bus]} is {which}, {say(round(dispatch.voltage[bus], 6))} p.u.")
    for line in np.flatnonzero(np.abs(dispatch.angle_multiplier) > DUST * stake):
        words.append(f"The angle along line {net.lines.name[line]} is at its limit.")
    units = dispatch.net.generators
    for unit in np.flatnonzero(dispatch.rating_multiplier > DUST * price):
        saved = f"one more would save {told(dispatch.rating_multiplier[unit], price)} $/h"
        words.append(f"{units.name[unit]} is at its rating, {say(units.s_max[unit])} MVA; {saved}.")
    return words


def _full(dispatch):
    """Positions of the lines with a multiplier that counts beside the prices."""
    return np.flatnonzero(dispatch.multiplier > DUST * np.abs(dispatch.lmp).max())


def _price(dispatch, parts, at):
    row = parts.iloc[at]
    size = np.abs(row).sum()
    text = f"bus {dispatch.net.buses.bus[at]}: {told(row['energy'], size)}"
    for cause, part in row.drop("energy").items():
        if abs(part) > SIX_DIGITS * size:
            text += f" {'+' if part > 0 else '-'} {told(abs(part), size)} {cause}"
    return f"{text} = {told(dispatch.lmp[at], size)}"


def dispatch_glance(dispatch):
    """Money, prices, voltages and full lines, as (name, value)."""
    size, full = np.abs(dispatch.lmp).max(), dispatch.net.lines.name[_full(dispatch)]
    low, high = told(dispatch.lmp.min(), size), told(dispatch.lmp.max(), size)
    rows = [
        ("load served, MW", say(dispatch.load.sum() + dispatch.demand.sum())), ("cost, $/h", say(dispatch.cost)),
        ("losses, MW", say(dispatch.total_loss)),
        ("price, $/MWh", low if one_price(dispatch.lmp) else f"{low} to {high}"),
        ("voltages, p.u.", f"{dispatch.voltage.min():.4f} to {dispatch.voltage.max():.4f}"),
        ("full lines", ", ".join(map(str, full)) or "none"),
    ]  # fmt: skip
    return rows if dispatch.tight else [*rows, ("cone", "not tight")]


def dispatch_frame(dispatch, table):
    """The tables of `ACDispatch.to_frame`."""
    import pandas as pd

    one_of(table, ("buses", "lines", "generators", "bids"), "table")
    net, units = dispatch.net, dispatch.net.generators
    if table == "buses":
        columns = {
            name: getattr(dispatch, name)
            for name in ("load", "q_load", "voltage", "angle", "lmp", "q_price", "voltage_multiplier")
        }
        return pd.DataFrame(columns, index=pd.Index(net.buses.bus, name="bus"))
    if table == "lines":
        columns = {name: getattr(dispatch, name) for name in ("p_from", "p_to", "loss", "q_from", "q_to", "apparent")}
        return pd.DataFrame(
            columns | {"limit": net.lines.limit, "multiplier": dispatch.multiplier},
            index=pd.Index(net.lines.name, name="line"),
        )
    if table == "generators":
        price, q_price = dispatch.lmp[units.at], dispatch.q_price[units.at]
        columns = {"bus": units.bus, "output": dispatch.generation, "q_output": dispatch.q_generation,
                   "price": price, "q_price": q_price,
                   "revenue": price * dispatch.generation + q_price * dispatch.q_generation}  # fmt: skip
        if np.isfinite(units.s_max).any():
            columns |= {"s_max": units.s_max, "rating_multiplier": dispatch.rating_multiplier}
        return pd.DataFrame(columns, index=pd.Index(units.name, name="generator"))
    price = dispatch.lmp[net.bids.at]
    columns = {"bus": net.bids.bus, "demand": dispatch.demand, "price": price, "payment": price * dispatch.demand}
    return pd.DataFrame(columns, index=pd.Index(net.bids.name, name="bid"))
