"""The hours without a grid: what is there is served by value, looking ahead, from what is stored when the line is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import not_negative, numbers
from tefoundations.resources import Island

FORMER, HEADROOM, BLACK_START = "battery of home9", 2.0, 2.0
TIERS = ("essential", "normal", "flexible")


@dataclass(frozen=True, eq=False)
class IslandNeeds:
    """What a lane wants and has when it is cut off from the grid.

    Parameters
    ----------
    demand : (T, members, k) float array
        What each member wants of each tier (kWh).
    value : (members, k) float array
        What a kWh of it is worth (ct/kWh).
    engines : (T, members) float array
        Most that engines give (kWh), counted in the lane's base.
    engine_cost : (members,) float array
        Fuel (ct/kWh).
    former : str
        The battery that forms the voltage.
    headroom : float
        Power that it keeps free, both ways (kW).
    black_start : float
        Energy that it always keeps (kWh).

    Raises
    ------
    InvalidInput
        Names the field.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan
    >>> needs = DayPlan.of("winter").island
    >>> needs.former, needs.demand.shape, needs.value[0].tolist()          # the clinic's three tiers
    ('battery of home9', (48, 13, 3), [2500.0, 300.0, 19.5])
    """

    demand: np.ndarray
    value: np.ndarray
    engines: np.ndarray
    engine_cost: np.ndarray
    former: str = FORMER
    headroom: float = HEADROOM
    black_start: float = BLACK_START

    def __post_init__(self):
        demand = numbers(self.demand, "demand", ndim=3, least=0, place="entry")
        steps, members, tiers = demand.shape
        shapes = {"value": (members, tiers), "engines": (steps, members), "engine_cost": (members,)}
        object.__setattr__(self, "demand", demand)
        for name, shape in shapes.items():
            array = numbers(getattr(self, name), name, ndim=len(shape), least=0, place="entry")
            if array.shape != shape:
                raise InvalidInput(f"{name} must be of shape {shape}, not {array.shape}")
            object.__setattr__(self, name, array)
        for name in ("headroom", "black_start"):
            object.__setattr__(self, name, not_negative(getattr(self, name), name))
        if not isinstance(self.former, str):
            raise InvalidInput("former must be the name of a battery")


@dataclass(frozen=True, eq=False)
class IslandSpan:
    """The steps without a grid: energy of each battery (n, stores), what is turned down and not served (n, members), kWh;
    price (n,) and price of headroom (n,); value of what is not served (ct)."""

    energy: np.ndarray
    turned_down: np.ndarray
    unserved: np.ndarray
    price: np.ndarray
    headroom_worth: np.ndarray
    lost: float


def community_needs(people, day, from_noon):
    """The community's demand by tier: ordinary load by its shares; the heat pump is flexible; cars wait for the grid."""
    table = people.values.pivot(index="agent", columns="tier").loc[list(people.agents)]
    devices = people.devices(day)
    moved = {
        kind: part.pivot(index="step", columns="agent", values="energy_kwh") for kind, part in devices.groupby("device")
    }
    blank = people.load(day) * 0.0
    pump, car = (blank.add(moved[kind], fill_value=0.0) if kind in moved else blank for kind in ("heat_pump", "ev"))
    ordinary = (people.load(day) - pump - car).to_numpy()
    demand = [ordinary * table["share"][tier].to_numpy() for tier in TIERS]
    demand[2] = demand[2] + pump[list(people.agents)].to_numpy()
    value = table["value_ct_per_kwh"][list(TIERS)].to_numpy()
    cost = people.members["chp_cost_ct_per_kwh"].to_numpy()
    return IslandNeeds(from_noon(np.stack(demand, axis=2)), value, from_noon(people.chp(day)), cost)


def island_span(plan, stored, steps, believed=0.0):
    """Run some steps without a grid.

    Parameters
    ----------
    plan : DayPlan
        With `island`.
    stored : dict of int to float
        Energy in each battery when the line is lost (kWh), by its place in the lane's list.
    steps : sequence of int
        Steps in a row.
    believed : float
        Hours that everybody believes the grid will still be away, anew in each step; 0: it is known when it comes back.

    Returns
    -------
    IslandSpan
    """
    lane, needs, batteries = plan.lane, plan.island, dict(stored)
    ahead = max(round(believed / lane.hours), 1) if believed else 0
    parts, first = [], 0
    while first < len(steps):
        window = [(steps[0] + first + k) % len(lane.outside) for k in range(ahead or len(steps) - first)]
        taken = 1 if ahead else len(window)
        found = _island(plan, batteries, window).clear()
        parts.append((found, window[:taken], taken))
        batteries = dict(zip(batteries, found.stored[taken - 1].tolist()))
        first += taken
    energy, turned, unserved = (np.zeros((len(steps), width)) for width in (len(lane.stores), *[len(lane.members)] * 2))
    price, room, lost, row = np.zeros(len(steps)), np.zeros(len(steps)), 0.0, 0
    for found, window, taken in parts:
        rows = slice(row, row + taken)
        energy[rows, list(batteries)] = (found.charge - found.discharge)[:taken]
        there = plan.roofs[window].sum(axis=1, keepdims=True)
        share = np.divide(plan.roofs[window], there, out=np.zeros_like(plan.roofs[window]), where=there > 0)
        turned[rows] = share * (there[:, 0] - found.roofs[:taken])[:, None] + needs.engines[window] - found.engines[:taken]
        missing = (found.demand - found.served)[:taken].reshape(taken, *needs.value.shape)
        unserved[rows], lost = missing.sum(axis=2), lost + float((missing * needs.value).sum())
        price[rows], room[rows] = found.price[:taken], found.headroom_worth[:taken]
        row += taken
    return IslandSpan(energy, turned, unserved, price, room, lost)


def _island(plan, stored, window):
    """The island over some steps, from what is stored in each battery; the first forms the voltage and keeps what it has."""
    needs, lane = plan.island, plan.lane
    stores = [replace(lane.stores[i], initial_energy=held, final_energy=0.0) for i, held in stored.items()]
    return Island(
        needs.demand[window].reshape(len(window), -1), needs.value.ravel(), plan.roofs[window].sum(axis=1),
        needs.engines[window], needs.engine_cost, stores, hours=lane.hours, headroom=needs.headroom,
        black_start=min(needs.black_start, next(iter(stored.values()))),
    )  # fmt: skip


def batteries_of(plan):
    """Places of the lane's batteries, the one that forms the voltage first."""
    lane, former = plan.lane, plan.island.former
    found = [i for i in lane.moving if lane.stores[i].power_out]
    found.sort(key=lambda i: lane.stores[i].name != former)
    if not found or lane.stores[found[0]].name != former:
        raise InvalidInput(f"island: {former!r:.40} is no battery of this lane: nothing forms the voltage")
    return found
