"""What a way of running the lane, or a day of its market, leads to: plans, costs, bills, messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import instance
from tefoundations.systems.lane_checks import check_same_lane
from tefoundations.systems.lanes import Lane
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Traffic:
    """The notes that pass between members and centre on one day.

    Meter readings for the bill are the same in every way and left out.

    Parameters
    ----------
    up, down : int
        Notes to the centre, and from it.
    numbers_up, numbers_down : int
        Numbers written on them.
    knows : str
        What the centre must know, in words.
    """

    up: int
    down: int
    numbers_up: int
    numbers_down: int
    knows: str


@dataclass(frozen=True, eq=False, repr=False)
class Way(Explained):
    """One way to run the lane for a day, and what came of it.

    Attributes
    ----------
    name : str
    lane : Lane
    plan : (T, stores) float array
        What each device took (above 0) or gave, kWh.
    payments : (members,) float array
        What each member pays by the rule of this way, ct; below 0: receives.
    traffic : Traffic
    price : (T,) float array or None
        The price of each step if the way finds one, ct/kWh.
    """

    name: str
    lane: Lane
    plan: np.ndarray
    payments: np.ndarray
    traffic: Traffic
    price: np.ndarray | None = None

    @property
    def net(self) -> np.ndarray:
        """(T,) float array: net load of the lane, kWh; positive when it is taken from outside."""
        return self.lane.net_of(self.plan).sum(axis=1)

    @property
    def power(self) -> np.ndarray:
        """(T,) float array: the same as power, kW."""
        return self.net / self.lane.hours

    @property
    def peak(self) -> float:
        """Highest power taken from outside, kW."""
        return float(max(self.power.max(), 0.0))

    @property
    def cost(self) -> float:
        """What outside and wires cost the lane, ct."""
        return self.lane.cost(self.net)

    @property
    def discomfort(self) -> np.ndarray:
        """(members,) float array: what waiting and wear cost each member beside the bill, ct."""
        felt = np.zeros(len(self.lane.members))
        for i, (store, member) in enumerate(zip(self.lane.stores, self.lane.owned_by)):
            felt[member] += store.discomfort(self.plan[:, i], self.lane.hours)
        return felt

    @property
    def burden(self) -> float:
        """Cost and discomfort of the whole lane, ct. All ways serve the same energy, so less burden is more welfare."""
        return self.cost + float(self.discomfort.sum())

    @property
    def surplus(self) -> float:
        """What the payments leave over the cost, ct; below 0: what is missing."""
        return float(self.payments.sum() - self.cost)

    @property
    def bills(self) -> np.ndarray:
        """(members,) float array: payments less each member's part of the surplus, by the lane's weights, ct.

        They add up to the cost.
        """
        weights = np.asarray(self.lane.weights)  # a lane has them, also where it was given none
        return self.payments - self.surplus * weights / weights.sum()

    def gain_over(self, other: Way) -> float:
        """Welfare above that of another way for the same lane.

        Parameters
        ----------
        other : Way

        Returns
        -------
        float, ct

        Raises
        ------
        InvalidInput
            What is no way, or one of another lane or day: its members, loads, devices, prices outside or wires differ.
        """
        check_same_lane(self.lane, instance(other, Way, "other").lane, "other is")
        return other.burden - self.burden

    def to_frame(self) -> pd.DataFrame:
        """One row a member.

        Returns
        -------
        pandas.DataFrame
            Index member; columns payment, returned (part of the surplus), bill, discomfort, all in ct.
        """
        import pandas as pd

        columns = {"payment": self.payments, "returned": self.payments - self.bills, "bill": self.bills}
        columns["discomfort"] = self.discomfort
        return pd.DataFrame(columns, index=pd.Index(self.lane.members, name="member"))

    def explain(self) -> str:
        """The arithmetic of the day in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.resources import Device
        >>> from tefoundations.systems import Lane, as_usual
        >>> car = Device("car", "Ada", 1, 1, end=2, final_energy=1)
        >>> lane = Lane.of(base=[2, 0], stores=[car], outside=[20, 20], slope=2)
        >>> print(as_usual(lane).explain())
        As usual: the lane takes at most 3.0 kW, at 0.
        Cost: 69 ct. Waiting and wear: 0 ct. Together: 69 ct.
        Members pay 60 ct, 9 ct less than the cost; that is collected.
        Notes: 0 up with 0 numbers, 0 down with 0 numbers.
        The centre must know nothing but the meters.
        """
        when = self.lane.times[int(np.argmax(self.power))]
        traffic = self.traffic
        more, then = ("more", "given back") if self.surplus >= 0 else ("less", "collected")
        return "\n".join([
            f"{self.name}: the lane takes at most {self.peak:.1f} kW, at {when}.",
            f"Cost: {self.cost:.0f} ct. Waiting and wear: {self.discomfort.sum():.0f} ct. Together: {self.burden:.0f} ct.",
            f"Members pay {self.payments.sum():.0f} ct, {abs(self.surplus):.0f} ct {more} than the cost; that is {then}.",
            f"Notes: {traffic.up} up with {traffic.numbers_up} numbers, "
            f"{traffic.down} down with {traffic.numbers_down} numbers.",
            f"The centre must know {traffic.knows}.",
        ])  # fmt: skip

    def _at_a_glance(self):
        return [
            ("way", self.name), ("highest power, kW", self.peak), ("cost, ct", self.cost),
            ("waiting and wear, ct", self.discomfort.sum()), ("together, ct", self.burden), ("left over, ct", self.surplus),
            ("notes", self.traffic.up + self.traffic.down),
        ]  # fmt: skip

    def __repr__(self):
        return f"Way({self.name}: {len(self.lane.members)} members, burden {say(self.burden)} ct, peak {say(self.peak)} kW)"


@dataclass(frozen=True, eq=False, repr=False)
class MarketDay(Explained):
    """One day of the market.

    Attributes
    ----------
    plan : (T, stores) float array
        What each device takes (above 0) or gives (kWh).
    price : (T,) float array
        The price of each step (ct/kWh).
    traffic : Traffic
        The notes as they were written, counted.
    books : list
        For each step all bids and all asks, lists of (ct/kWh, kWh).
    lane : Lane
        Whose day it is.
    """

    plan: np.ndarray
    price: np.ndarray
    traffic: Traffic
    books: list[tuple[list, list]]
    lane: Lane

    def explain(self) -> str:
        """The day in words: its prices, and how much was written.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.resources import Device
        >>> from tefoundations.systems import Lane, market_day
        >>> lane = Lane.of([2, 0], [Device("car", "Ada", 1, 1, end=2, final_energy=1)], outside=[20, 20], slope=2)
        >>> print(market_day(lane, [24, 21]).explain())
        2 steps; prices from 22 ct/kWh in step 1 to 24 ct/kWh in step 0.
        Devices take 1 kWh and give 0 kWh, by 2 bids and 0 asks.
        """
        low, high = int(np.argmin(self.price)), int(np.argmax(self.price))
        bids, asks = (sum(len(book[side]) for book in self.books) for side in (0, 1))
        taken, given = (say(np.maximum(sign * self.plan, 0.0).sum()) for sign in (1, -1))
        ends = f"from {say(self.price[low])} ct/kWh in step {low} to {say(self.price[high])} ct/kWh in step {high}"
        return (
            f"{count(len(self.price), 'step')}; prices {ends}.\n"
            f"Devices take {taken} kWh and give {given} kWh, by {count(bids, 'bid')} and {count(asks, 'ask')}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a step.

        Returns
        -------
        pandas.DataFrame
            Columns step, price (ct/kWh), taken and given by the devices (kWh), bids and asks (numbers of them).
        """
        import pandas as pd

        taken, given = (np.maximum(sign * self.plan, 0.0).sum(axis=1) for sign in (1, -1))
        columns = {"step": np.arange(len(self.price)), "price": self.price, "taken": taken, "given": given}
        return pd.DataFrame(columns | {"bids": [len(b) for b, _ in self.books], "asks": [len(a) for _, a in self.books]})

    def _at_a_glance(self):
        bids, asks = (sum(len(book[side]) for book in self.books) for side in (0, 1))
        return [
            ("steps", len(self.price)), ("prices, ct/kWh", f"{say(self.price.min())} to {say(self.price.max())}"),
            ("bids", bids), ("asks", asks),
        ]  # fmt: skip

    def __repr__(self):
        return f"MarketDay({count(len(self.price), 'step')}, {say(self.price.min())} to {say(self.price.max())} ct/kWh)"


def metered(lane, plan, buy, sell):
    """(members,) float array, ct: payments for what each member takes, at `buy` (T,), less what it gives, at `sell`."""
    net = lane.net_of(plan)
    return buy @ np.maximum(net, 0.0) - sell * np.maximum(-net, 0.0).sum(axis=0)
