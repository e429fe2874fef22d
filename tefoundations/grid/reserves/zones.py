"""What reserve is asked for: zones, needs and demand curves, what each unit can hold and what it asks; read and checked."""

from dataclasses import dataclass

import numpy as np

from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.grid.columns import replaced
from tefoundations.inputs import not_negative, number, sequence
from tefoundations.words import listed, say, shown

WHOLE = "all"  # the zone of all buses


@dataclass(frozen=True, eq=False)
class Zones:
    """Names; (z, g) bool: whose reserve counts where; (z,) MW needed; steps as (zone, MW, worth in $/MWh)."""

    names: tuple
    counts: np.ndarray
    need: np.ndarray
    steps: tuple


def zones_of(net, requirement, zones, demand):
    """The zones of a network.

    Parameters
    ----------
    net : Network
    requirement, zones, demand
        As in `reserve_opf`.

    Returns
    -------
    Zones

    Raises
    ------
    InvalidInput
        No need and no demand, both for one zone, an unknown zone or bus, a zone without buses, a step that is not one.
    """
    members = _members(net, zones)
    needs = _by_zone(requirement, "requirement", members)
    curves = _by_zone(demand, "demand", members)
    if not needs and not curves:
        raise InvalidInput("reserve_opf needs a requirement (MW) or a demand curve for reserve")
    for zone in needs:
        if zone in curves:
            raise InvalidInput(f"zone {zone}: has a requirement and a demand curve; give one of the two")
    names = (*needs, *curves)
    need = [
        not_negative(needs[zone], f"requirement of zone {zone}", unit="of MW") if zone in needs else 0.0 for zone in names
    ]
    steps = [(names.index(zone), *step) for zone, curve in curves.items() for step in _steps(zone, curve)]
    counts = np.array([np.isin(net.generators.at, members[zone]) for zone in names])
    return Zones(names, counts.reshape(len(names), len(net.generators)), np.array(need), tuple(steps))


def _members(net, zones):
    """{zone: positions of its buses}, the zone of all buses with it."""
    everywhere = {WHOLE: np.arange(len(net.buses))}
    if zones is None:
        return everywhere
    if not hasattr(zones, "items"):
        raise InvalidInput(f"zones must be a dict {{zone: buses}}, not {shown(zones)}")
    for zone, buses in zones.items():
        at = [net.position(bus) for bus in sequence(buses, f"buses of zone {zone}", of="buses", ordered=False)]
        if not at:
            raise InvalidInput(f"zone {zone}: has no buses")
        if zone == WHOLE and set(at) != set(everywhere[WHOLE].tolist()):
            raise InvalidInput(f"zone {WHOLE!r} is that of all buses; give {listed(buses)} another name")
        everywhere[zone] = np.array(sorted(set(at)))
    return everywhere


def _by_zone(given, name, members):
    """{zone: value}; a single value is that of all buses."""
    if given is None:
        return {}
    given = given if isinstance(given, dict) else {WHOLE: given}
    for zone in given:
        if zone not in members:
            raise InvalidInput(f"{name}: zone {shown(zone)} is none of {listed(members)}")
    return given


def _steps(zone, curve):
    """[(MW, worth)] of a demand curve."""
    found = []
    for row, step in enumerate(sequence(getattr(curve, "steps", curve), f"demand of zone {zone}", of="(MW, $/MWh) steps")):
        place = f"demand of zone {zone}, step {row}"
        if np.shape(step) != (2,):
            raise InvalidInput(f"{place}: must be (MW, $/MWh), not {shown(step)}")
        found.append((not_negative(step[0], f"{place}: quantity", unit="of MW"), number(step[1], f"{place}: worth")))
    return found


def holdings(net, most, offer):
    """What each generator can hold in time (MW), and asks for it ($/MWh): (g,) float arrays.

    Parameters
    ----------
    net : Network
    most, offer
        As in `reserve_opf`.

    Returns
    -------
    (g,) float array, (g,) float array

    Raises
    ------
    InvalidInput, InvalidNetwork
        An unknown generator, an array of another length, a value that is negative or no number.
    """
    units = net.generators
    index = {name: row for row, name in enumerate(units.name.tolist())}
    room = units.p_max - units.p_min
    can = np.minimum(replaced(_plain(most, "most", units), room, index, "most", "generator"), room)
    asked = replaced(_plain(offer, "offer", units), np.zeros(len(units)), index, "offer", "generator")
    for name, values in (("most", can), ("offer", asked)):
        for row in np.flatnonzero(values < 0)[:1]:
            raise InvalidInput(f"generator {units.name[row]}: {name} {say(values[row])} must not be negative")
    return can, asked


def _plain(value, name, units):
    """One number for all units as an array."""
    if value is None or isinstance(value, dict) or hasattr(value, "__len__"):
        return value
    return np.full(len(units), number(value, name))


def cannot_hold(net, zones, can):
    """The error for a zone whose units cannot hold what it needs, whatever they produce; None where all can.

    Parameters
    ----------
    net : Network
    zones : Zones
    can : (g,) float array
        MW.

    Returns
    -------
    Infeasible or None
    """
    for zone, need, counts in zip(zones.names, zones.need, zones.counts):
        held = float(can[counts].sum())
        if need > held * (1 + 1e-9):
            return Infeasible(f"zone {zone}: reserve of {say(need, need)} MW exceeds the {say(held, need)} MW that its "
                              f"generators can hold in time", load=float(need), deliverable=held)  # fmt: skip
    return None
