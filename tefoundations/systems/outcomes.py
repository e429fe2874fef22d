"""What a way of running the lane leads to: plans, costs, bills, messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.systems.lanes import Lane
from tefoundations.words import Explained, say

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
        for i, store in enumerate(self.lane.stores):
            felt[self.lane.members.index(store.owner)] += store.discomfort(self.plan[:, i], self.lane.hours)
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
        """
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


def metered(lane, plan, buy, sell):
    """(members,) float array, ct: payments for what each member takes, at `buy` (T,), less what it gives, at `sell`."""
    net = lane.net_of(plan)
    return buy @ np.maximum(net, 0.0) - sell * np.maximum(-net, 0.0).sum(axis=0)
