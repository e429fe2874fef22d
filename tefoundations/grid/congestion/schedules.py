"""What a market has sold, as read from a result or from tables, and what it costs and is worth, unit by unit."""

import numpy as np

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid.columns import replaced
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.words import SIX_DIGITS
from tefoundations.inputs import instance
from tefoundations.programmes import is_zero
from tefoundations.words import say, shown


def read_schedule(net, schedule, load):
    """What is sold: output of generators, what bids get, and the price at each bus.

    Parameters
    ----------
    net : Network
    schedule : Dispatch or dict
        As in `redispatch`.
    load : (n,) float array
        Fixed load (MW).

    Returns
    -------
    (g,) float array, (d,) float array, (n,) float array or None
        MW, MW, $/MWh; None where the schedule has no prices.

    Raises
    ------
    InvalidInput
        No schedule, one of other units, beyond what a unit can do, or that does not balance.
    """
    if isinstance(schedule, Dispatch):
        for table, own in (("generators", net.generators), ("bids", net.bids), ("buses", net.buses)):
            theirs = getattr(schedule.net, table)
            labels = "bus" if table == "buses" else "name"
            if not np.array_equal(getattr(theirs, labels), getattr(own, labels)):
                raise InvalidInput(f"schedule: its {table} are not those of this network")
        made, taken, price = schedule.generation, schedule.demand, schedule.lmp
    else:
        instance(schedule, dict, "schedule", advice="a Dispatch, or {'generators': MW, 'bids': MW}")
        for table in schedule:
            if table not in ("generators", "bids"):
                raise InvalidInput(f"schedule: table {shown(table)} is not one of generators, bids")
        made, taken = (_amounts(getattr(net, table), schedule.get(table), table) for table in ("generators", "bids"))
        price = None
    units, bids = net.generators, net.bids
    _within("generator", units.name, made, units.p_min, units.p_max)
    _within("bid", bids.name, taken, np.zeros(len(bids)), bids.p_max)
    drawn = load.sum() + net.buses.g_shunt.sum()
    off = made.sum() - taken.sum() - drawn
    if not is_zero(off, of=np.abs(made).sum() + taken.sum() + abs(drawn), share=SIX_DIGITS):
        many = "too much" if off > 0 else "too little"
        takes = f"bids take {say(taken.sum())} and load {say(drawn)} MW"
        raise InvalidInput(f"schedule: generators give {say(made.sum())} MW, {takes}: {say(abs(off))} MW {many}")
    return made, taken, price


def _amounts(table, given, name):
    index = {label: row for row, label in enumerate(table.name.tolist())}
    return replaced(given, np.zeros(len(table)), index, f"schedule of {name}", name[:-1], name[:-1])


def _within(kind, names, amounts, low, high):
    """Refuse an amount that its unit cannot give or take."""
    sizes = np.abs(amounts) + sum(np.where(np.isfinite(end), np.abs(end), 0.0) for end in (low, high))
    for bad, word, end in ((amounts > high, "above", high), (amounts < low, "below", low)):
        for row in np.flatnonzero(bad):
            if not is_zero(amounts[row] - end[row], of=sizes[row], share=SIX_DIGITS):
                said = f"{say(amounts[row])} MW are {word} the {say(end[row])} MW"
                raise InvalidInput(f"schedule of {kind} {names[row]}: {said} that it can have")


def unit_costs(net, generation):
    """(g,) float array: what each generator's output costs ($/h)."""
    units = net.generators
    costs = units.cost0 + generation * (units.cost + units.cost2 * generation)
    for row, curve in enumerate(units.curve):
        if curve is not None:  # the first and the last piece go on beyond the ends of the curve
            slopes = np.diff(curve[:, 1]) / np.diff(curve[:, 0])
            costs[row] = np.max(curve[:-1, 1] + slopes * (generation[row] - curve[:-1, 0]))
    return costs


def bid_worths(net, demand):
    """(d,) float array: what the power that each bid gets is worth to it ($/h)."""
    return demand * (net.bids.value - net.bids.value2 * demand)


def refuse_dc_lines(net, what):
    """Raise InvalidNetwork where the network has DC lines, for which there is no rule here."""
    for name in net.dclines.name[:1]:
        raise InvalidNetwork(f"{what} knows no DC lines, whose flow nobody has sold: take {name} out of the network")
