"""Why there is no dispatch: serve as much load as can be, and see what is in the way."""

import numpy as np

from tefoundations.errors import Infeasible
from tefoundations.grid.dc.lazy_lines import LazyLines
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.words import count, say

SHORT = 1e-8  # share of all load, and of one $/MWh: what is missing beyond rounding
SPILLED = 1024.0  # $/MWh of generation that is spilled, where load is shed at 1: load is shed first
TOLD = 3  # buses or lines that a message names


def infeasible(net, wires, blocks, load, low, high):
    """The error for a load that cannot be served.

    Solves another market on the same network: power is free, but load may be shed at 1 $/MWh, and generation spilled at a
    price so high that no load is kept by it. What is shed in all is the least that must be left; the lines with a
    multiplier say why.

    Parameters
    ----------
    net : Network
    wires : Wires
    blocks : Blocks
    load : (n,) float array
        MW, shunts included.
    low, high : (m,) float arrays
        Limits of the flows (MW).

    Returns
    -------
    Infeasible
        To be raised.
    """
    total, (least, most) = load.sum(), (each.sum() for each in blocks.supplies)
    short = SHORT * (np.abs(load).sum() + np.abs(np.where(np.isfinite(blocks.low), blocks.low, 0.0)).sum())
    if total < least - short:
        message = f"generators must give at least {say(least)} MW (bids taken), load takes only {say(total)} MW"
        return Infeasible(message, load=float(total))
    relaxed = LazyLines(wires, _elastic(blocks, load))
    try:
        optimum, _ = relaxed.clear(load, low, high)
    except NoSolution:
        return _forced(net, wires, low, high)
    count = len(blocks.at) - blocks.dclines
    served = load > 0
    shed = np.zeros(len(load))
    shed[served] = optimum.injection[count:][: served.sum()]
    spilled = -optimum.injection[count + served.sum() :][: len(load)]
    _, multiplier = relaxed.prices(optimum)
    full = np.flatnonzero(np.abs(multiplier) > SHORT)
    reason = _reason(net, wires, full, np.abs(np.where(multiplier < 0, low, high)))  # of each full line, its limit
    lines = tuple(net.lines.name[full].tolist())
    if spilled.max() > short:
        ways = _ways(spilled, short, lambda at: f"{say(spilled[at])} MW too much at bus {net.buses.bus[at]}")
        message = f"generators must give {say(spilled.sum())} MW more than can be taken away{reason}; one way: {ways}"
        return Infeasible(message, bus=net.buses.bus[np.argmax(spilled)], lines=lines)
    if shed.max(initial=0.0) <= short:
        return Infeasible(f"limits contradict each other by less than {short:.3g} MW", lines=lines)
    beyond = None if total <= most + short else f"the {say(most, total)} MW that all generators together can give"
    if beyond and shed.sum() > total - most + short:
        beyond += f", and only {say(total - shed.sum(), total)} MW can be delivered"
    return unserved(net, load, shed, reason, lines, least=short, beyond=beyond)


def unserved(net, load, shed, reason, lines, *, least, beyond=None):
    """The error for a load of which no more can be served: how much in all, and one way of it.

    Parameters
    ----------
    net : Network
    load, shed : (n,) float arrays
        Load, and what is not served of it in one of the ways that leave least (MW).
    reason : str
        What is in the way, after a colon; or nothing.
    lines : sequence of str
        Lines that are in the way.
    least : float
        What is less is rounding (MW).
    beyond : str, optional
        What the load exceeds, in words; default: what can be delivered.

    Returns
    -------
    Infeasible
        To be raised.
    """
    total, served = load.sum(), np.where(load - shed > least, load - shed, 0.0)
    beyond = beyond or f"the {say(total - shed.sum(), total)} MW that can be delivered"
    words = lambda at: f"bus {net.buses.bus[at]} gets {say(served[at], load[at])} of {say(load[at], load[at])} MW"  # noqa: E731
    ways = _ways(shed, least, words)
    left = {net.buses.bus[[at]].tolist()[0]: float(shed[at]) for at in np.flatnonzero(shed > least)}
    return Infeasible(f"load {say(total, total)} MW exceeds {beyond}{reason}; one way: {ways}", load=float(total),
                      deliverable=float(total - shed.sum()), shed=left, bus=net.buses.bus[np.argmax(shed)],
                      lines=lines)  # fmt: skip


def _ways(missing, least, words):
    """What is amiss at the buses where most is, and at how many more; what is less than `least` is rounding."""
    told = [words(at) for at in np.argsort(-missing, kind="stable")[:TOLD] if missing[at] > least]
    more = np.count_nonzero(missing > least) - len(told)
    return ", ".join(told) + (f", and so on at {count(more, 'other bus')}" if more else "")


def _elastic(blocks, load):
    """The blocks at no cost, then shedding where there is load, then spilling at every bus."""
    served, everywhere = np.flatnonzero(load > 0), np.arange(len(load))
    shed = (served, np.zeros(len(served)), load[served], np.ones(len(served)))
    spilled = (everywhere, np.full(len(load), -np.inf), np.zeros(len(load)), np.full(len(load), -SPILLED))
    return blocks.relaxed(*(np.concatenate(both) for both in zip(shed, spilled)))


def _reason(net, wires, full, limits):
    names = []
    for line in full[:3]:
        limit = limits[line]
        angles = np.deg2rad([net.lines.angle_min[line], net.lines.angle_max[line]])
        at_angles = np.abs(net.base * wires.b[line] * angles + wires.shift_flow[line])
        by_angle = ", by its angle" if np.isclose(limit, at_angles).any() else ""
        names.append(f"{net.lines.name[line]} ({say(limit)} MW{by_angle})")
    if not names:
        return ""
    more = f" and {len(full) - 3} more" if len(full) > 3 else ""
    return f": {'line' if len(full) == 1 else 'lines'} {', '.join(names)}{more} {'is' if len(full) == 1 else 'are'} full"


def _forced(net, wires, low, high):
    """Nothing is served and generated, and still a line is overloaded: phase shifters or angle limits ask for it."""
    flow = wires.flows(np.zeros(wires.size))
    line = int(np.argmax(np.maximum(flow - high, low - flow)))
    message = f"phase shifts drive {say(flow[line])} MW through it even without any load, beyond its limits"
    return Infeasible(f"line {net.lines.name[line]}: {message}", lines=net.lines.name[[line]])
