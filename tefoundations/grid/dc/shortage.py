"""Why there is no dispatch: serve as much load as can be, and see what is in the way."""

import numpy as np

from tefoundations.errors import Infeasible
from tefoundations.grid.dc.lazy_lines import LazyLines
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.grid.offers import fixed_losses
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
        MW, shunts and what DC lines lose at any flow included.
    low, high : (m,) float arrays
        Limits of the flows (MW).

    Returns
    -------
    Infeasible
        To be raised.
    """
    lost = fixed_losses(net)
    served, total, (least, most) = load - lost, load.sum(), (each.sum() for each in blocks.supplies)
    short = SHORT * (np.abs(load).sum() + np.abs(np.where(np.isfinite(blocks.low), blocks.low, 0.0)).sum())
    try:
        shed, spilled, full = _least(net, wires, blocks, load, served, low, high)
    except NoSolution:
        return _forced(net, wires, blocks, lost, np.minimum(load, lost), low, high)
    lines, reason = tuple(net.lines.name[list(full)].tolist()), _reason(net, wires, full)
    losing = f", with {say(lost.sum())} MW that DC lines lose at any flow," if lost.any() else ""
    much = None
    if total < least - short:
        much = f"generators must give at least {say(least)} MW (bids taken), load{losing} takes only {say(total)} MW"
    elif spilled.max() > short:
        ways = _ways(spilled, short, lambda at: f"{say(spilled[at])} MW too much at bus {net.buses.bus[at]}")
        much = f"generators must give {say(spilled.sum())} MW more than can be taken away{reason}; one way: {ways}"
    if shed.max(initial=0.0) <= short:
        at = None if not much or total < least - short else net.buses.bus[np.argmax(spilled)]
        much = much or f"limits contradict each other by less than {short:.3g} MW"
        return Infeasible(much, load=float(served.sum()) if total < least - short else None, bus=at, lines=lines)
    beyond = None
    if total > most + short:
        beyond = f"the {say(most, total)} MW that all generators together can give"
        if shed.sum() > total - most + short:
            beyond += f", and only {say(served.sum() - shed.sum(), total)} MW can be delivered"
    why = "" if much and reason in much else reason
    told = unserved(net, served, shed, why, lines, least=short, beyond=beyond, more=losing if beyond else "")
    if not much:
        return told
    # Two faults: to leave load does not mend the other, so no way of leaving it is handed on as one that does.
    return Infeasible(f"{much}; and {told}", load=told.load, deliverable=told.deliverable, bus=told.bus, lines=lines)


def _least(net, wires, blocks, load, served, low, high):
    """The least that is shed of the load `served`, and spilled, at each bus (MW); {full line: its limit (MW)}."""
    relaxed, at = LazyLines(wires, _elastic(blocks, served)), np.flatnonzero(served > 0)
    optimum, _ = relaxed.clear(load, low, high)
    extra = optimum.injection[len(blocks.at) - blocks.dclines :]
    shed = np.zeros(len(load))
    shed[at] = extra[: len(at)]
    _, multiplier = relaxed.prices(optimum)
    limits = np.abs(np.where(multiplier < 0, low, high))
    full = {line: limits[line] for line in np.flatnonzero(np.abs(multiplier) > SHORT).tolist()}
    return shed, -extra[len(at) :][: len(load)], full


def unserved(net, load, shed, reason, lines, *, least, beyond=None, more=""):
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
    more : str, optional
        What must be given beside it, in words between commas.

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
    return Infeasible(f"load {say(total, total)} MW{more} exceeds {beyond}{reason}; one way: {ways}", load=float(total),
                      deliverable=float(total - shed.sum()), shed=left, bus=net.buses.bus[np.argmax(shed)],
                      lines=lines)  # fmt: skip


def _ways(missing, least, words):
    """What is amiss at the buses where most is, and at how many more; what is less than `least` is rounding."""
    told = [words(at) for at in np.argsort(-missing, kind="stable")[:TOLD] if missing[at] > least]
    more = np.count_nonzero(missing > least) - len(told)
    return ", ".join(told) + (f", and so on at {count(more, 'other bus')}" if more else "")


def _elastic(blocks, load):
    """The blocks at no cost, then shedding of this load, then spilling at every bus."""
    served, everywhere = np.flatnonzero(load > 0), np.arange(len(load))
    shed = (served, np.zeros(len(served)), load[served], np.ones(len(served)))
    spilled = (everywhere, np.full(len(load), -np.inf), np.zeros(len(load)), np.full(len(load), -SPILLED))
    return blocks.relaxed(*(np.concatenate(both) for both in zip(shed, spilled)))


def _reason(net, wires, full):
    names = []
    for line, limit in list(full.items())[:3]:
        angles = np.deg2rad([net.lines.angle_min[line], net.lines.angle_max[line]])
        at_angles = np.abs(net.base * wires.b[line] * angles + wires.shift_flow[line])
        by_angle = ", by its angle" if np.isclose(limit, at_angles).any() else ""
        names.append(f"{net.lines.name[line]} ({say(limit)} MW{by_angle})")
    if not names:
        return ""
    more = f" and {len(full) - 3} more" if len(full) > 3 else ""
    return f": {'line' if len(full) == 1 else 'lines'} {', '.join(names)}{more} {'is' if len(full) == 1 else 'are'} full"


def _forced(net, wires, blocks, lost, left, low, high):
    """No load is served, and still it fails: losses cannot be given, or a line is overloaded by phase shifters or angles."""
    if lost.any():
        try:
            lacking, _, full = _least(net, wires, blocks, left, left, low, high)
        except NoSolution:
            pass
        else:
            ways = _ways(lacking, 0.0, lambda at: f"bus {net.buses.bus[at]} lacks {say(lacking[at])} MW")
            message = (
                f"DC lines lose {say(lost.sum())} MW at any flow, and even without load {say(lacking.sum())} MW of them"
            )
            return Infeasible(f"{message} cannot be given{_reason(net, wires, full)}; one way: {ways}",
                              bus=net.buses.bus[np.argmax(lacking)], lines=net.lines.name[list(full)])  # fmt: skip
    flow = wires.flows(np.zeros(wires.size))
    line = int(np.argmax(np.maximum(flow - high, low - flow)))
    message = f"phase shifts drive {say(flow[line])} MW through it even without any load, beyond its limits"
    return Infeasible(f"line {net.lines.name[line]}: {message}", lines=net.lines.name[[line]])
