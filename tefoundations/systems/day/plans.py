"""What a day is run on: a lane, the feeder it hangs on, who speaks for whom, and the aims that are set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid import Network
from tefoundations.inputs import instance, not_negative, positive, sequence
from tefoundations.systems.day.market.island_span import IslandNeeds, community_needs
from tefoundations.systems.day.physical.feeders import Feeder
from tefoundations.systems.future_lane import NOON, lane_day
from tefoundations.systems.lane_checks import shaped
from tefoundations.systems.lanes import Lane
from tefoundations.words import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAW, OWN, CLOUD = 2024, 0.08, 0.05
UPPER, LANE = ("home2", "home3", "home4", "home5"), ("home6", "home7", "home8", "home9", "shop")
RESERVED, LONGEST = ("operator", "TSO", "meter of the grid"), 60  # who else signs on a day; characters of a name
AGGREGATORS = MappingProxyType({"Upper": UPPER, "Lane": LANE})


@dataclass(frozen=True, eq=False, repr=False)
class DayPlan:
    """A lane on a feeder for one day: all that a run of the day is given.

    Energies are kWh a step, prices ct/kWh, power kW. What is given as an array has a row for each of the lane's T steps.

    Parameters
    ----------
    lane : Lane
        Loads, devices and prices outside. What its `base` holds of the roofs is as if nobody turned them down.
    net : Network
        The feeder: radial, the grid at its slack. Only lines and their limits (of apparent power, MW) are read.
    where : sequence
        The bus of each member, as labelled in `net`.
    roofs : (T, members) float array or None
        What the roofs give (kWh), counted in the lane's base; so much may be turned down. None: nothing may be.
    reactive : (T, members) float array or None
        Reactive power each member draws (kvar). None: 0.
    unplanned : (T, members) float array or None
        What members will take beyond what was agreed (kWh), below 0: less. Nobody knows it beforehand. None: 0.
    aggregators : dict of str to sequence of str
        Who speaks for which members; the others deal with the operator of the feeder themselves.
    intensity : (T,) float array or None
        Carbon of a kWh from outside (g/kWh). None: 0.
    carbon_price : float
        What a kg of carbon costs (ct/kg); it is put on top of the price outside (ct/kWh).
    cap : float or None
        Most power that the lane shall take or give where the grid feeds it (kW).
    name : str
        For tables.
    island : IslandNeeds or None
        What the lane wants and has when the grid is lost. None: it cannot be cut off.

    Raises
    ------
    InvalidInput
        Names the field, and the member or aggregator.
    InvalidNetwork
        A network that is not radial.

    Examples
    --------
    >>> plan = DayPlan.of("holiday")
    >>> plan
    DayPlan(holiday: 13 members, 11 buses, 48 steps)
    >>> plan.aggregator_of("home8"), plan.aggregator_of("clinic")
    ('Lane', None)
    """

    lane: Lane
    net: Network
    where: Sequence[object]
    roofs: np.ndarray | None = None
    reactive: np.ndarray | None = None
    unplanned: np.ndarray | None = None
    aggregators: Mapping[str, Sequence[str]] = field(default_factory=dict)
    intensity: np.ndarray | None = None
    carbon_price: float = 0.0
    cap: float | None = None
    name: str = "day"
    island: IslandNeeds | None = None

    def __post_init__(self):
        lane = instance(self.lane, Lane, "lane")
        instance(self.net, Network, "net")
        shape = len(lane.outside), len(lane.members)
        where = sequence(self.where, "where", of="buses")
        if len(where) != len(lane.members):
            raise InvalidInput(f"where must name {len(lane.members)} buses, one for each member, not {len(where)}")
        read = {"where": where, "aggregators": _aggregators(self.aggregators, lane.members)}
        for name in ("roofs", "reactive", "unplanned"):
            value = getattr(self, name)
            read[name] = np.zeros(shape) if value is None else shaped(value, name, shape, columns=lane.members)
        read["intensity"] = np.zeros(shape[0]) if self.intensity is None else shaped(self.intensity, "intensity", shape[:1])
        for name in ("roofs", "intensity"):
            if read[name].min(initial=0.0) < 0:
                raise InvalidInput(f"{name} must not be below 0")
        read["carbon_price"] = not_negative(self.carbon_price, "carbon_price", unit="(ct/kg)")
        read["cap"] = None if self.cap is None else positive(self.cap, "cap", unit="(kW)")
        if self.island is not None and instance(self.island, IslandNeeds, "island").engines.shape != shape:
            raise InvalidInput(f"island: engines must be of shape {shape}, not {self.island.engines.shape}")
        instance(self.name, str, "name")
        _check_keys(lane.members, read["aggregators"])
        for name, value in read.items():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False  # the feeder and all runs are made of it
            object.__setattr__(self, name, value)
        self.feeder  # noqa: B018  it refuses a network that is not radial, a bus that is not there

    @classmethod
    def of(cls, day: str = "winter", *, carbon_price: float = 0.0, cap: float | None = None) -> DayPlan:
        """The lane of `lane_day` on the feeder of the community, with two aggregators.

        "Upper" speaks for home2 to home5, "Lane" for home6 to home9 and the shop; the others are direct.

        Parameters
        ----------
        day : {"summer", "winter", "holiday"}
        carbon_price : float
            ct/kg, put on top of the price outside (ct/kWh).
        cap : float or None
            kW.

        Returns
        -------
        DayPlan

        Raises
        ------
        InvalidInput
            A day that is not there, a price or a cap without meaning.

        Examples
        --------
        >>> DayPlan.of("winter", cap=30).cap
        30.0
        """
        from tefoundations.data import community, lane_grid

        lane, people, frames = lane_day(day), community(), lane_grid(day)
        quiet = frames | {"generators": frames["generators"].iloc[:1], "buses": frames["buses"].assign(load=0.0, q_load=0.0)}
        drawn = people.load(day).to_numpy() / lane.hours * np.tan(np.arccos(people.members["power_factor"].to_numpy()))
        return cls(
            lane, Network.from_frames(**quiet), people.members["bus"].tolist(), _from_noon(people.solar(day)),
            _from_noon(drawn), _unplanned(people, day), AGGREGATORS, _from_noon(people.carbon), carbon_price, cap,
            day, community_needs(people, day, _from_noon),
        )  # fmt: skip

    @cached_property
    def feeder(self) -> Feeder:
        """Feeder: the lines in kW, which buses they feed, and where the members stand."""
        return Feeder(self)

    @property
    def price_outside(self) -> np.ndarray:
        """(T,) float array: price of the first kWh from outside, carbon counted (ct/kWh)."""
        carbon = 0.0 if self.intensity is None else self.intensity
        return self.lane.outside + self.carbon_price * carbon / 1000

    def aggregator_of(self, member: str) -> str | None:
        """Who speaks for a member.

        Parameters
        ----------
        member : str

        Returns
        -------
        str or None
            None where a member deals with the operator itself.

        Raises
        ------
        InvalidInput
            Somebody who does not live here.
        """
        if not isinstance(member, str) or member not in self.lane.members:
            raise InvalidInput(f"member {shown(member)} does not live on this lane")
        return next((name for name, members in self.aggregators.items() if member in members), None)

    def __repr__(self):
        lane = self.lane
        return f"DayPlan({self.name}: {len(lane.members)} members, {len(self.net.buses)} buses, {len(lane.outside)} steps)"


def _aggregators(given, members):
    """{aggregator: members}; each member at most once."""
    instance(given, Mapping, "aggregators", advice="name -> members")
    read, taken = {}, {}
    for name, served in given.items():
        instance(name, str, "aggregators: name")
        read[name] = sequence(served, f"aggregators: {name}", of="members", ordered=False)
        for member in read[name]:
            if member not in members:
                raise InvalidInput(f"aggregators: {name} speaks for {shown(member)}, who does not live here")
            if member in taken:
                raise InvalidInput(f"aggregators: {taken[member]} and {name} both speak for {member}")
            taken[member] = name
    return read  # a plain dict: a plan travels to other processes


def _check_keys(members, aggregators):
    """Refuse names that two would share, and with the name the key."""
    known = {*RESERVED, *(f"meter of {member}" for member in members)}
    for kind, names in (("members", members), ("aggregators", aggregators)):
        for name in names:
            if name in known:
                raise InvalidInput(f"{kind}: {name!r:.40} is who signs something else on a day, with the same key")
    for name in aggregators:
        if name in members:
            raise InvalidInput(f"aggregators: {name!r:.40} is a member, too, and would sign with the same key")


def check_signers(plan):
    """Refuse names that cannot stand in a letter: what is signed is ASCII text."""
    for kind, names in (("members", plan.lane.members), ("aggregators", plan.aggregators)):
        for name in names:
            if not name or not name.isascii() or len(name) > LONGEST:
                raise InvalidInput(f"{kind}: {name!r:.80} must be ASCII text of 1 to {LONGEST} characters, to be signed")


def _unplanned(people, day):
    """What nobody foresees: 8 % of each member's use, and for all roofs one cloud of 5 %; the same draw on each day."""
    chance, use, sun = np.random.default_rng(DRAW), people.load(day).to_numpy(), people.solar(day).to_numpy()
    alone, cloud = chance.normal(0.0, OWN, use.shape), chance.normal(0.0, CLOUD, (len(use), 1))
    return _from_noon(use * alone - sun * np.maximum(cloud, -1.0))


def _from_noon(values):
    return np.roll(np.asarray(values, float), -NOON, axis=0)
