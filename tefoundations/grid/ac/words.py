"""An AC dispatch in words and as tables."""

import numpy as np

from tefoundations.inputs import one_of
from tefoundations.programmes import NEAR
from tefoundations.words import one_or_range, say

DUST = 1e-6  # of the dearest price; a part below this is not told
DIGITS = 6  # of the largest number beside it that an iteration knows


def _told(value, largest):
    """A number with no more digits than the largest beside it has; an iteration knows no more."""
    last = 10.0 ** (np.floor(np.log10(largest)) + 1 - DIGITS) if largest > 0 else 1.0
    return f"{round(value / last) * last + 0.0:.6g}"


def dispatch_words(dispatch, at=None):
    """The price of one bus, or money, limits and every price (see `ACDispatch.explain`)."""
    parts = dispatch.price_components()
    if at is not None:
        return _price(dispatch, parts, at)
    worth = f", worth of served bids {say(dispatch.value, dispatch.value)} $/h" if len(dispatch.demand) else ""
    words = [
        f"Cost {say(dispatch.cost, dispatch.cost)} $/h{worth}, losses {say(dispatch.total_loss, *dispatch.generation)} MW."
    ]
    words += _limits(dispatch)
    if not dispatch.tight:
        line = int(np.argmax(dispatch.cone_gap))
        gap = f"line {dispatch.net.lines.name[line]} loses {say(dispatch.cone_gap[line])} MVA more than its flow explains"
        words.append(f"The cone is not tight: {gap}; no real network does this.")
    return "\n".join([*words, *(_price(dispatch, parts, bus) for bus in range(len(dispatch.lmp)))])


def _limits(dispatch):
    net, words, dearest = dispatch.net, [], np.abs(dispatch.lmp).max()
    for line in np.flatnonzero(dispatch.multiplier > DUST * dearest):
        saved = f"one more would save {_told(dispatch.multiplier[line], max(dearest, dispatch.multiplier[line]))} $/h"
        full = _told(dispatch.apparent[line], dispatch.apparent[line])
        words.append(f"Line {net.lines.name[line]} is full: {full} MVA; {saved}.")
    for bus in np.flatnonzero(np.abs(dispatch.voltage_multiplier) > NEAR * dearest * net.base):
        fixed = net.buses.v_min[bus] == net.buses.v_max[bus]
        which = "held" if fixed else "at its highest" if dispatch.voltage_multiplier[bus] > 0 else "at its lowest"
        words.append(f"The voltage of bus {net.buses.bus[bus]} is {which}, {say(round(dispatch.voltage[bus], 6))} p.u.")
    for line in np.flatnonzero(np.abs(dispatch.angle_multiplier) > NEAR * dearest * net.base):
        words.append(f"The angle along line {net.lines.name[line]} is at its limit.")
    return words


def _price(dispatch, parts, at):
    row, dearest = parts.iloc[at], np.abs(dispatch.lmp).max()
    text = f"bus {dispatch.net.buses.bus[at]}: {_told(row['energy'], dearest)}"
    for cause, part in row.drop("energy").items():
        if abs(part) > DUST * dearest:
            text += f" {'+' if part > 0 else '-'} {_told(abs(part), dearest)} {cause}"
    return f"{text} = {_told(dispatch.lmp[at], dearest)}"


def dispatch_glance(dispatch):
    """Money, prices, voltages and full lines, as (name, value)."""
    low, high = dispatch.lmp.min(), dispatch.lmp.max()
    served = dispatch.load.sum() + dispatch.demand.sum()
    full = dispatch.net.lines.name[dispatch.multiplier > DUST * max(abs(low), abs(high))]
    rows = [
        ("load served, MW", say(served, served)),
        ("cost, $/h", say(dispatch.cost, dispatch.cost)),
        ("losses, MW", say(dispatch.total_loss, *dispatch.generation)),
        ("price, $/MWh", one_or_range(low, high)),
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
        return pd.DataFrame(columns, index=pd.Index(units.name, name="generator"))
    price = dispatch.lmp[net.bids.at]
    columns = {"bus": net.bids.bus, "demand": dispatch.demand, "price": price, "payment": price * dispatch.demand}
    return pd.DataFrame(columns, index=pd.Index(net.bids.name, name="bid"))
