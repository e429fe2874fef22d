"""Why there is no dispatch: serve as much load as can be, and see what is in the way."""

from dataclasses import replace

import numpy as np

from tefoundations.errors import Infeasible
from tefoundations.grid.dc.lazy_lines import LazyLines
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.words import say

SHORT = 1e-8  # share of all load, and of one $/MWh: what is missing beyond rounding


def infeasible(net, wires, blocks, load, low, high):
    """The error for a load that cannot be served.

    Solves another market on the same network: power is free, but load may be shed and generation spilled at every bus
    at 1 $/MWh. The least that must be shed or spilled says where the network fails; the lines with a multiplier say why.

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
    total, most, least = load.sum(), blocks.high.sum(), blocks.low.sum()
    short = SHORT * (np.abs(load).sum() + np.abs(np.where(np.isfinite(blocks.low), blocks.low, 0.0)).sum())
    if total > most + short:
        message = f"load {say(total)} MW exceeds the {say(most)} MW that all generators together can give"
        return Infeasible(message, load=float(total), deliverable=float(most))
    if total < least - short:
        message = f"generators must give at least {say(least)} MW (bids taken), load takes only {say(total)} MW"
        return Infeasible(message, load=float(total))
    relaxed = LazyLines(wires, _elastic(blocks, load))
    try:
        optimum, _ = relaxed.clear(load, low, high)
    except NoSolution:
        return _forced(net, wires, low, high)
    count = len(blocks.at)
    served = np.maximum(load, 0) > 0
    shed = np.zeros(len(load))
    shed[served] = optimum.injection[count : count + served.sum()]
    spilled = -optimum.injection[count + served.sum() :]
    full = relaxed.watched[np.abs(optimum.multiplier) > SHORT]
    at_low = np.zeros(len(low), dtype=bool)
    at_low[relaxed.watched] = optimum.multiplier > 0
    limits = np.abs(np.where(at_low, low, high))  # of each full line, that which it is at
    if shed.max(initial=0.0) > short:
        bus = int(np.argmax(shed))
        more = (shed.sum() - shed[bus], np.count_nonzero(shed > short) - 1)
        message = f"load {say(load[bus])} MW exceeds deliverable {say(load[bus] - shed[bus])} MW at bus {net.buses.bus[bus]}"
        message += f" (and {say(more[0])} MW are short at {more[1]} other buses)" if more[1] else ""
        return Infeasible(message + _reason(net, wires, full, limits), bus=net.buses.bus[bus], load=float(load[bus]),
                          deliverable=float(load[bus] - shed[bus]), lines=net.lines.name[full])  # fmt: skip
    bus = int(np.argmax(spilled))
    if spilled[bus] <= short:
        return Infeasible(f"limits contradict each other by less than {short:.3g} MW", lines=net.lines.name[full])
    message = f"at bus {net.buses.bus[bus]}, {say(spilled[bus])} MW more must be generated than can be taken away"
    return Infeasible(message + _reason(net, wires, full, limits), bus=net.buses.bus[bus], lines=net.lines.name[full])


def _elastic(blocks, load):
    """The blocks at no cost, then shedding where there is load, then spilling at every bus."""
    served, everywhere = np.flatnonzero(load > 0), np.arange(len(load))
    extra = len(served) + len(everywhere)
    return replace(
        blocks,
        at=np.concatenate([blocks.at, served, everywhere]),
        low=np.concatenate([blocks.low, np.zeros(len(served)), np.full(len(load), -np.inf)]),
        high=np.concatenate([blocks.high, load[served], np.zeros(len(load))]),
        cost=np.concatenate([np.zeros(len(blocks.at)), np.ones(len(served)), -np.ones(len(load))]),
        cost2=np.zeros(len(blocks.at) + extra),
        owner=np.concatenate([blocks.owner, np.zeros(extra, dtype=blocks.owner.dtype)]),
    )


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
