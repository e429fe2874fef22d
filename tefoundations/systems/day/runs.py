"""What a day came to: plans, prices by bus, flows, costs, carbon; and, if it was settled, what everybody owes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.systems.day.plans import DayPlan
from tefoundations.systems.tariffs import as_usual
from tefoundations.words import Explained, count, listed, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from tefoundations.systems.day.ledger.records import DayRecord

OVER = 1e-6  # share of its limit by which a line may seem over it where a solver left it on the limit


@dataclass(frozen=True, eq=False, repr=False)
class DayRun(Explained):
    """A day of a lane on its feeder, made by `transactive_day`, `central_day` or `usual_day`.

    Attributes
    ----------
    plan : DayPlan
    way : str
        "market", "central" or "usual".
    energy : (T, stores) float array
        What each device takes (above 0) or gives (kWh).
    price : (T, n) float array
        By step and bus (ct/kWh); of the usual day the flat price.
    turned_down : (T, members) float array
        What each roof gives less than it could (kWh).
    rent : (T, m) float array
        What another kWh through each line, away from the grid, would cost (ct/kWh).
    over : (T, m) float array
        What each line carries beyond its limit because nothing else would do (kWh).
    sent : dict of str to int
        Messages up and down, numbers on those that go up, programmes solved.
    delivered, metered : (T, members) int arrays or None
        Net load as it came to be, and as the meters told it (Wh); None where nothing was delivered.
    head : (T,) int array or None
        What the meter at the grid read (Wh), losses included.
    letters : tuple of Letter
        What was signed and sent on the market, in order.
    record : DayRecord or None
        What the ledger keeps.
    faults : tuple of Fault
        What went wrong.
    unserved : (T, members) float array or None
        What is wanted and not served while the grid is away (kWh).
    lost : float
        What that would have been worth (ct).
    missing : dict of str to float
        What each device lacks of its final energy (kWh).
    curtailed : (T, members) int array or None
        While the grid was away: by how much less than it would each member took (above 0) or gave (below 0) because the
        battery that forms the voltage could not make up for more (Wh).
    """

    plan: DayPlan
    way: str
    energy: np.ndarray
    price: np.ndarray
    turned_down: np.ndarray
    rent: np.ndarray
    over: np.ndarray
    sent: Mapping[str, int] = field(default_factory=dict)
    delivered: np.ndarray | None = None
    metered: np.ndarray | None = None
    head: np.ndarray | None = None
    letters: tuple = ()
    record: DayRecord | None = None
    faults: tuple = ()
    unserved: np.ndarray | None = None
    lost: float = 0.0
    missing: Mapping[str, float] = field(default_factory=dict)
    curtailed: np.ndarray | None = None

    @cached_property
    def net(self) -> np.ndarray:
        """(T, members) float array: net load of each member as planned (kWh); positive when it is taken."""
        served = self.plan.lane.net_of(self.energy) + self.turned_down
        return served if self.unserved is None else served - self.unserved

    @property
    def total(self) -> np.ndarray:
        """(T,) float array: net load of the lane (kWh), without what the lines lose."""
        return self.net.sum(axis=1)

    @cached_property
    def power(self) -> np.ndarray:
        """(T, n) float array: net load by bus (kW)."""
        return self.plan.feeder.by_bus(self.net) / self.plan.lane.hours

    @cached_property
    def loading(self) -> np.ndarray:
        """(T, m) float array: apparent power of each line as a share of its limit, 0 where it has none."""
        return self.plan.feeder.loading(self.power, self.plan.feeder.reactive)

    @cached_property
    def voltage(self) -> np.ndarray:
        """(T, n) float array: voltage of each bus (p.u.), 1 at the grid, by LinDistFlow."""
        return self.plan.feeder.voltage(self.power, self.plan.feeder.reactive)

    @cached_property
    def losses(self) -> np.ndarray:
        """(T,) float array: energy lost on the lines (kWh)."""
        return self.plan.feeder.losses(self.power, self.plan.feeder.reactive) * self.plan.lane.hours

    @property
    def overloaded(self) -> int:
        """int: half hours in which a line is over its limit, each line counted."""
        return int((self.loading > 1 + OVER).sum())

    @property
    def worst(self) -> tuple[str, float]:
        """(str, float): the line with the highest loading of the day, and its loading as a share of its limit."""
        line = int(self.loading.max(axis=0).argmax())
        return str(self.plan.net.lines.name[line]), float(self.loading[:, line].max())

    @property
    def cost(self) -> float:
        """float: what the outside and the wires cost the lane (ct), what carbon is charged left out."""
        return self.plan.lane.cost(self.total)

    @property
    def discomfort(self) -> float:
        """float: what waiting and wear cost the members (ct)."""
        lane = self.plan.lane
        return sum(store.discomfort(self.energy[:, i], lane.hours) for i, store in enumerate(lane.stores))

    @property
    def burden(self) -> float:
        """float: cost and discomfort of the lane, and the value of what was not served while the grid was away (ct)."""
        return self.cost + self.discomfort + self.lost

    @property
    def gain(self) -> float:
        """float: how much less the burden is than that of habits (ct)."""
        return float(as_usual(self.plan.lane).burden - self.burden)

    @property
    def carbon(self) -> float:
        """float: carbon of what is taken from outside (kg). What is given to the outside takes nothing off it."""
        return float(self.plan.intensity @ np.maximum(self.total, 0.0)) / 1000

    @property
    def peak(self) -> float:
        """float: highest power taken from outside (kW)."""
        return float(max(self.total.max(), 0.0)) / self.plan.lane.hours

    @property
    def dark(self) -> tuple[int, ...]:
        """tuple of int: steps without a grid."""
        return tuple(step for fault in self.faults if fault.kind == "line lost" for step in fault.steps)

    def table(self) -> pd.DataFrame:
        """The office's table: a row for each reading that arrived, as `billing_run` takes it.

        Returns
        -------
        pandas.DataFrame
            step, member, schedule and net (Wh), price, short and long (micro-tokens per kWh).

        Raises
        ------
        InvalidInput
            A day that was not settled.
        """
        import pandas as pd

        record, rows = settled_record(self), []
        place = {member: i for i, member in enumerate(self.plan.lane.members)}
        for (step, member), (taken, given) in record.rows.items():
            told, i = record.publications[step], place[member]
            price = told.prices[record.places[i]]
            rows.append((step, member, told.schedule[i], taken - given, price, told.short, told.long))
        return pd.DataFrame(rows, columns=["step", "member", "schedule", "net", "price", "short", "long"])

    def explain(self) -> str:
        """The day in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.systems import DayPlan, usual_day
        >>> print(usual_day(DayPlan.of("holiday")).explain())
        holiday, usual: -1.4363 EUR for energy, wires, waiting and wear, 0 EUR less than by habit.
        At most 21.8 kW from outside, 46.9 kg of carbon; line 4-8 reaches 109.5 %, and 7 times a line is over its limit.
        """
        line, share = self.worst
        down, percent = self.turned_down.sum(), f"{100 * share:.1f} %"
        lines = [
            f"{self.plan.name}, {self.way}: {say(round(self.burden / 100, 4))} EUR for energy, wires, waiting and wear, "
            f"{say(round(self.gain / 100, 4))} EUR less than by habit.",
            f"At most {self.peak:.1f} kW from outside, {self.carbon:.1f} kg of carbon; line {line} reaches {percent}, "
            f"and {count(self.overloaded, 'time')} a line is over its limit.",
        ]
        if self.unserved is not None and self.dark:
            away, short = count(len(self.dark), "step"), self.unserved.sum()
            lost = f"worth {say(round(self.lost / 100, 4))} EUR, which is counted above"
            lines.append(f"The grid is away in {away}; {short:.1f} kWh are not served, {lost}.")
        if down:
            apart = f"; prices differ in {self._steps_by_bus()}" if self.rent.any() else ""
            what = "Roofs and engines" if self.dark else "Roofs"
            lines.append(f"{what} are turned down by {say(round(down, 4))} kWh{apart}.")
        return "\n".join(lines)

    def _steps_by_bus(self):
        steps = np.flatnonzero(self.rent.any(axis=1))
        return f"{count(len(steps), 'step')}, {listed([self.plan.lane.times[t] for t in steps], most=3)}"

    def to_frame(self) -> pd.DataFrame:
        """One row a step.

        Returns
        -------
        pandas.DataFrame
            Index time; net (kWh), lowest and highest price (ct/kWh), highest loading of a line (share), lowest and highest
            voltage (p.u.), turned_down (kWh), losses (kWh).
        """
        import pandas as pd

        columns = {
            "net": self.total, "lowest_price": self.price.min(axis=1), "highest_price": self.price.max(axis=1),
            "loading": self.loading.max(axis=1), "lowest_voltage": self.voltage.min(axis=1),
            "highest_voltage": self.voltage.max(axis=1), "turned_down": self.turned_down.sum(axis=1), "losses": self.losses,
        }  # fmt: skip
        return pd.DataFrame(columns, index=pd.Index(self.plan.lane.times, name="time"))

    def _at_a_glance(self):
        line, share = self.worst
        return [
            ("day", self.plan.name), ("way", self.way), ("burden, ct", self.burden), ("gain over habits, ct", self.gain),
            ("peak, kW", self.peak), ("carbon, kg", self.carbon), (f"loading of line {line}", share),
            ("lines over their limits", self.overloaded), ("turned down, kWh", float(self.turned_down.sum())),
        ]  # fmt: skip

    def __repr__(self):
        return f"DayRun({self.plan.name:.40}, {self.way}: {say(self.burden)} ct)"


def settled_record(run):
    """The record of a day that was settled."""
    if run.record is None:
        raise InvalidInput("this day was not settled: run it with ledger='full' or 'roots'")
    return run.record
