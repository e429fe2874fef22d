"""Step 4 of the day: the market first, then the lines; one price a bus only where a line is full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, whole
from tefoundations.programmes import NEAR
from tefoundations.systems.day.market.network_programmes import MUST, step_optimum
from tefoundations.systems.day.market.placed_curves import PlacedCurve
from tefoundations.systems.day.physical.feeders import is_label
from tefoundations.systems.day.plans import DayPlan
from tefoundations.systems.half_hours import cleared
from tefoundations.words import Explained, count, listed, say, shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class StepClearing(Explained):
    """What one step of the day comes to, made by `clear`. Energies are kWh in the step, prices ct/kWh.

    Attributes
    ----------
    plan : DayPlan
    step : int
    curve : PlacedCurve
        What was cleared.
    bought, sold : tuples of float
        Energy of each bid and of each ask (kWh).
    price : (n,) float array
        By bus (ct/kWh).
    imported, exported : float
        From and to the outside (kWh).
    turned_down : (n,) float array
        What the roofs at each bus give less than they could (kWh).
    rent : (m,) float array
        What another kWh through each line, away from the grid, would cost (ct/kWh); below 0: what it would earn.
    over : (m,) float array
        What each line carries beyond its limit, where nothing else would do (kWh).
    """

    plan: DayPlan
    step: int
    curve: PlacedCurve
    bought: tuple
    sold: tuple
    price: np.ndarray
    imported: float
    exported: float
    turned_down: np.ndarray
    rent: np.ndarray
    over: np.ndarray

    @property
    def uniform(self) -> bool:
        """bool: whether one price holds at all buses."""
        return not self.rent.any()

    def price_at(self, bus: object) -> float:
        """The price at one bus.

        Parameters
        ----------
        bus : object
            Its label.

        Returns
        -------
        float, ct/kWh

        Raises
        ------
        InvalidInput
            A bus that is not there.
        """
        places = self.plan.feeder.places
        if not is_label(bus) or bus not in places:
            raise InvalidInput(f"bus {shown(bus)} is not in the network")
        return float(self.price[places[bus]])

    def explain(self) -> str:
        """The step in words.

        Returns
        -------
        str

        Examples
        --------
        >>> plan = DayPlan.of("holiday")
        >>> print(clear(plan, 5, PlacedCurve("operator", fixed={10: -20.0}, roofs={10: 12.0})).explain())
        14:30: the lane gives 17.2973 kWh to outside.
        Line 4-8 is full; 8 ct/kWh at 0, 1, 2, 3, 4, 5 and 2 more, 0 ct/kWh at 8, 9, 10.
        Roofs are turned down by 2.70272 kWh.
        """
        outside = f"takes {say(self.imported)} kWh from" if self.imported else f"gives {say(self.exported)} kWh to"
        lines = [f"{self.plan.lane.times[self.step]}: the lane {outside} outside."]
        groups: dict[str, list] = {}
        for bus, price in zip(self.plan.net.buses.bus.tolist(), self.price):
            groups.setdefault(say(round(float(price), 3)), []).append(bus)
        prices = ", ".join(f"{price} ct/kWh at {listed(buses)}" for price, buses in groups.items())
        full = listed(self.plan.net.lines.name[np.flatnonzero(self.rent)])
        lines.append(
            f"One price for all: {say(self.price[0])} ct/kWh." if self.uniform else f"Line {full} is full; {prices}."
        )
        if self.turned_down.any():
            lines.append(f"Roofs are turned down by {say(self.turned_down.sum())} kWh.")
        if self.over.any():
            lines.append(f"Lines carry {say(self.over.sum())} kWh too much: nothing else would do.")
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """One row a bus.

        Returns
        -------
        pandas.DataFrame
            Index bus; price (ct/kWh), turned_down (kWh).
        """
        import pandas as pd

        index = pd.Index(self.plan.net.buses.bus, name="bus")
        return pd.DataFrame({"price": self.price, "turned_down": self.turned_down}, index=index)

    def _at_a_glance(self):
        return [
            ("step", self.step), ("lowest price, ct/kWh", float(self.price.min())),
            ("highest price, ct/kWh", float(self.price.max())), ("imported, kWh", self.imported),
            ("exported, kWh", self.exported), ("turned down, kWh", float(self.turned_down.sum())),
        ]  # fmt: skip

    def __repr__(self):
        orders = f"{count(len(self.bought), 'bid')}, {count(len(self.sold), 'ask')}"
        return f"StepClearing(step {self.step}: {orders}, {'one price' if self.uniform else 'a price a bus'})"


def clear(plan: DayPlan, step: int, curve: PlacedCurve, *, lines: bool = True) -> StepClearing:
    """Step 4: find what is taken and given where, and the price at every bus.

    First the market alone: one price for all (`clear_step`). If no line is then over its limit, that is the answer. Else a
    quadratic programme finds what is worth most within the limits, and the price of a bus is what one more kWh there would
    cost: the price outside, and the rent of every full line on the way. Roofs may be turned down at no cost. What no plan
    could keep is carried over the limit, at 400 ct/kWh, and told.

    Parameters
    ----------
    plan : DayPlan
    step : int
    curve : PlacedCurve
        All curves added up by the operator (`aggregate`).
    lines : bool
        False: the lines are not looked at.

    Returns
    -------
    StepClearing

    Raises
    ------
    InvalidInput
        A step or a bus that is not there; what is no plan or no curve.

    Examples
    --------
    >>> from tefoundations.resources import BidCurve
    >>> from tefoundations.systems import bid
    >>> plan = DayPlan.of("holiday")
    >>> car = bid("home6", 8, {"car": BidCurve([(12, 3)], [])}, fixed=-20.0, roof=10.0)
    >>> found = clear(plan, 5, car)                                        # the car drinks what the line cannot carry
    >>> found.bought, found.price_at(8), found.price_at(4)
    ((3.0,), 8.0, 8.0)
    """
    instance(plan, DayPlan, "plan"), instance(curve, PlacedCurve, "curve")
    step = whole(step, "step", least=0, most=len(plan.lane.outside) - 1)
    check_buses(plan, curve)
    return cleared_step(plan, step, curve, lines)


def check_buses(plan, curve):
    """Refuse a curve that names a bus which is not there."""
    for bus in [*(order[0] for order in (*curve.bids, *curve.asks)), *curve.fixed, *curve.roofs]:
        if bus not in plan.feeder.places:
            raise InvalidInput(f"curve of {curve.sender}: bus {shown(bus)} is not in the network")


def by_places(plan, values):
    """(n,) energies by bus from {bus: kWh}."""
    found = np.zeros(len(plan.net.buses))
    for bus, energy in values.items():
        found[plan.feeder.places[bus]] += energy
    return found


def cleared_step(plan, step, curve, lines=True):
    """`clear` for what was read before."""
    lane, places, n = plan.lane, plan.feeder.places, len(plan.net.buses)
    fixed, roof = by_places(plan, curve.fixed), by_places(plan, curve.roofs)
    outside = float(plan.price_outside[step])
    bids = [(min(price, MUST), energy) for _, price, energy in curve.bids]
    deal = cleared(float(fixed.sum()), bids, [order[1:] for order in curve.asks], outside, lane.slope, lane.feed_in)
    bought, sold = tuple(deal.bought), tuple(deal.sold)
    room, flow = plan.feeder.room[step], np.abs(plan.feeder.below @ _net(fixed, places, curve, bought, sold))
    if not lines or (flow <= room * (1 + NEAR)).all():
        still, free = np.zeros(n), np.zeros(len(room))
        imported, exported = max(deal.taken, 0.0), max(-deal.taken, 0.0)
        return StepClearing(plan, step, curve, bought, sold, np.full(n, deal.price), imported, exported, still, free, free)
    orders = [(1, places[bus], price, energy) for bus, price, energy in curve.bids]
    orders += [(-1, places[bus], price, energy) for bus, price, energy in curve.asks]
    found = step_optimum(plan.feeder.below, room, fixed, roof, orders, outside, lane.slope, lane.feed_in)
    energy = found.energy.tolist()
    bought, sold = tuple(energy[: len(bids)]), tuple(energy[len(bids) :])
    return StepClearing(
        plan,
        step,
        curve,
        bought,
        sold,
        found.price,
        found.imported,
        found.exported,
        found.turned_down,
        found.rent,
        found.over,
    )


def _net(fixed, places, curve, bought, sold):
    """(n,) net load by bus (kWh)."""
    net = fixed.copy()
    for (bus, _, _), energy in zip(curve.bids, bought):
        net[places[bus]] += energy
    for (bus, _, _), energy in zip(curve.asks, sold):
        net[places[bus]] -= energy
    return net
