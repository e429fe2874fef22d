"""Load that cannot be served, with voltages: shedding as blocks, and the error that says how much is left and why."""

from dataclasses import replace

import numpy as np

from tefoundations.grid.dc.shortage import unserved
from tefoundations.words import say

SHORT = 1e-6  # share of a load: a search ends so near
TRACE = 1e-4  # share of the most that is shed at any bus


def with_shedding(blocks, load, served):
    """Blocks whose power is free, then blocks that shed the load of the buses `served` at 1 $/MWh."""
    relaxed = blocks.relaxed(served, np.zeros(len(served)), load[served], np.ones(len(served)))
    owner = np.concatenate([blocks.owner, np.full(len(served), -1)])  # nobody's: it counts towards no unit's rating
    return replace(relaxed, owner=owner)


def shortage(net, load, shed, reasons):
    """The error for load (MW) of which `shed` (MW) is not served; `reasons` are limits in words and names of lines.

    An interior point method sheds a trace everywhere: what is small beside the most at any bus is none.
    """
    words, lines = reasons
    shed = np.where(shed > TRACE * shed.max(), shed, 0.0)
    least = SHORT * np.abs(load).max()
    return unserved(net, load, shed, f": {', '.join(words)}" if words else "", lines, least=least)


def reasons_of(net, line_multiplier, voltage_multiplier, unit_multiplier, rating_multiplier):
    """Limits with a multiplier in words, at most three of a kind, and the names of the full lines."""
    words, full = [], _largest(line_multiplier)
    words += [f"line {net.lines.name[line]} is full ({say(net.lines.limit[line])} MVA)" for line in full]
    for bus in _largest(np.where(net.buses.v_min < net.buses.v_max, np.abs(voltage_multiplier), 0.0)):
        side, limit = ("highest", net.buses.v_max) if voltage_multiplier[bus] > 0 else ("lowest", net.buses.v_min)
        words.append(f"the voltage of bus {net.buses.bus[bus]} is at its {side} ({say(limit[bus])} p.u.)")
    words += [
        f"the reactive output of {net.generators.name[unit]} is at a limit" for unit in _largest(np.abs(unit_multiplier))
    ]
    units = net.generators
    words += [f"{units.name[unit]} is at its rating ({say(units.s_max[unit])} MVA)" for unit in _largest(rating_multiplier)]
    return words, net.lines.name[full].tolist()


def _largest(multiplier):
    order = np.argsort(-multiplier)[:3]
    return [int(row) for row in order if multiplier[row] > 1e-4]
