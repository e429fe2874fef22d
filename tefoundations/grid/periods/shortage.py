"""Why no hours fit together: a ramp that is too slow, or load that neither generators nor stores can serve."""

from dataclasses import replace

import numpy as np

from tefoundations.errors import Infeasible
from tefoundations.grid.dc.shortage import SHORT, SPILLED
from tefoundations.grid.periods.programme import CoupledHours
from tefoundations.programmes import NoPoint
from tefoundations.words import count, say

TOLD = 3  # moves, hours or buses that a message names


def unserved_hours(net, coupled, load):
    """The error, to be raised.

    First the ramps may be exceeded, and nothing else counts: if that helps, they are the reason. If not, load may be left
    and generation spilled, without ramps: what is left then is the least that must be.

    Parameters
    ----------
    net : Network
    coupled : Coupled
    load : (T, n) float array
        Fixed load that may be left (MW).

    Returns
    -------
    Infeasible
    """
    if len(coupled.ramped):
        try:
            beyond = CoupledHours(replace(coupled, soft=True)).optimum().beyond
            return Infeasible(_slow(net, coupled, beyond))
        except NoPoint:
            pass
    try:
        return _short(net, coupled, load)
    except NoPoint:
        return Infeasible("no output of generators and stores keeps the limits of all lines, even if load is not served")


def _slow(net, coupled, beyond):
    told = []
    for step, place in np.argwhere(beyond > SHORT * np.abs(coupled.drawn).sum(axis=1).max()):
        name, ramp = net.generators.name[coupled.ramped[place]], coupled.ramp[coupled.ramped[place]]
        told.append(f"{name} {say(beyond[step, place])} MW more than its {say(ramp)} MW from hour {step - 1} to {step}")
    more = f", and {count(len(told) - TOLD, 'move')} more" if len(told) > TOLD else ""
    return f"ramps cannot follow the load: one way to serve it moves {', '.join(told[:TOLD])}{more}"


def _short(net, coupled, load):
    blocks, (steps, buses) = coupled.blocks, load.shape
    at, everywhere, cut = np.flatnonzero((load > 0).any(axis=0)), np.arange(buses), len(blocks.at) - blocks.dclines
    cost = np.r_[np.ones(len(at)), np.full(buses, -SPILLED)]
    low = np.r_[np.zeros(len(at)), np.full(buses, -np.inf)]
    relaxed = blocks.relaxed(np.r_[at, everywhere], low, np.r_[load.max(axis=0)[at], np.zeros(buses)], cost)
    left = np.hstack([np.maximum(load[:, at], 0.0), np.zeros((steps, buses))])
    most = np.hstack([coupled.most[:, :cut], left, coupled.most[:, cut:]])
    free = replace(coupled, blocks=relaxed, most=most, ramp=np.full(len(coupled.ramp), np.inf))
    found = CoupledHours(free).optimum()
    extra = found.given[:, cut:]
    shed, spilled = extra[:, : len(at)], -extra[:, len(at) : len(at) + buses]
    full = np.flatnonzero((np.abs(found.multiplier) > SHORT).any(axis=0))
    why = f"; full: {', '.join(map(str, net.lines.name[full[:TOLD]]))}" if len(full) else ""
    least = SHORT * np.abs(coupled.drawn).sum(axis=1).max(initial=0.0)
    hours = coupled.fleet.hours
    if spilled.max(initial=0.0) > least:
        step, bus = np.unravel_index(np.argmax(spilled), spilled.shape)
        words = f"generators must give {say(hours * spilled.sum())} MWh more than can be taken away"
        return Infeasible(f"{words}{why}; one way: {say(spilled[step, bus])} MW too much at bus {net.buses.bus[bus]} in hour"
                          f" {step}", bus=net.buses.bus[bus], lines=net.lines.name[full])  # fmt: skip
    by_hour, words = shed.sum(axis=1), []
    for step in np.flatnonzero(by_hour > least):
        bus = net.buses.bus[at[np.argmax(shed[step])]]
        words.append(f"hour {step}: {say(by_hour[step])} of {say(load[step].sum())} MW, most of it at bus {bus}")
    more = f", and {count(len(words) - TOLD, 'hour')} more" if len(words) > TOLD else ""
    what = "generators and what the stores hold" if coupled.fleet.stores else "generators"
    total = say(hours * shed.sum())
    return Infeasible(f"{what} leave {total} MWh of load unserved{why}; one way: {'; '.join(words[:TOLD])}{more}",
                      load=float(hours * load.sum()), deliverable=float(hours * (load.sum() - shed.sum())),
                      bus=net.buses.bus[at[np.argmax(shed.sum(axis=0))]] if len(at) else None,
                      lines=net.lines.name[full])  # fmt: skip
