"""A tariff with a calendar: periods by month, hour and kind of day, tiers, charges for power, bills by the month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_same, index_of, series
from tefoundations.inputs import numbers, positive
from tefoundations.programmes import is_zero
from tefoundations.retail.tariffs.bills import Bill
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd

THURSDAY, SATURDAY = 3, 5  # days after Monday
BY_HOUR = "hourly net billing"
Tiers = tuple[tuple[float, float, float], ...]  # up to how much, price, price of what is sold; rising, the last without end


@dataclass(frozen=True, eq=False, repr=False)
class CalendarTariff(Explained):
    """A published tariff, billed by calendar month; `Tariff.from_urdb` makes it. Money is in ct.

    The tiers of energy count the kWh of the month, of all periods together: as they are bought one after the other, and
    under net metering, where only the month's balance counts, in proportion to what is left in each period.

    Attributes
    ----------
    name : str
    energy : tuple of tiers
        For each period its tiers, (kWh of the month up to which it holds, ct/kWh bought, ct/kWh sold).
    schedule : (2, 12, 24) int array
        The period by weekday (0) or weekend (1), month and hour of the clock.
    netting : str
        As for `Tariff`, or "hourly net billing": net billing of whole hours.
    fixed : (float, str)
        ct, and "month" or "day": owed for each that the load touches.
    demand : tuple of tiers
        For each period of power its tiers, (kW, ct/kW, 0): charged on the month's highest power in that period.
    demand_schedule : (2, 12, 24) int array
    flat_demand : tuple of tiers
        Charged on the month's highest power at any time.
    flat_months : (12,) int array
        Which of `flat_demand` holds in each month.
    window : float or None
        Minutes over which power is measured; None: whatever the steps are.
    """

    name: str
    energy: tuple[Tiers, ...]
    schedule: np.ndarray
    netting: str
    fixed: tuple[float, str]
    demand: tuple[Tiers, ...]
    demand_schedule: np.ndarray
    flat_demand: tuple[Tiers, ...]
    flat_months: np.ndarray
    window: float | None

    def prices(self, times: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
        """What a kWh costs and earns at given times, in the first tier: for a `Tariff` of one day.

        Parameters
        ----------
        times : pandas.DatetimeIndex

        Returns
        -------
        energy, export : float arrays
            ct/kWh, one for each time.

        Raises
        ------
        InvalidInput
            What is no index of times.

        Examples
        --------
        >>> import pandas as pd
        >>> from tefoundations.retail import Tariff
        >>> always = [[0] * 24] * 12
        >>> record = {"energyratestructure": [[{"rate": 0.25}]], "energyweekdayschedule": always}
        >>> published = Tariff.from_urdb(record | {"energyweekendschedule": always})
        >>> published.prices(pd.date_range("2026-01-01", periods=2, freq="h"))
        (array([25., 25.]), array([0., 0.]))
        """
        period = _clock(times, "times").pick(self.schedule)
        first = np.array([tiers[0][1:] for tiers in self.energy])[period]
        return first[:, 0], first[:, 1]

    def bill(self, net: pd.Series, hours: float = 0.5, *, load: pd.Series | None = None) -> Bill:
        """What is owed for the months of a load.

        Parameters
        ----------
        net : pandas.Series
            Net load (kWh a step), above 0 taken; its index is the times at which the steps begin, on the customer's clock.
        hours : float
            Length of a step.
        load : pandas.Series, optional
            What was used (kWh a step); "buy all, sell all" asks for it.

        Returns
        -------
        Bill
            With the bills of its months. A month of which only days are given owes the whole fixed charge of a month.

        Raises
        ------
        InvalidInput
            A load without times; steps of another length, or longer than an hour; a load below `net`, or none where both
            meters count; steps that are not those over which the tariff measures power.

        Examples
        --------
        >>> import pandas as pd
        >>> from tefoundations.retail import Tariff
        >>> night = [[0] * 8 + [1] * 16] * 12
        >>> record = {"energyratestructure": [[{"rate": 0.20}], [{"rate": 0.40}]], "energyweekdayschedule": night,
        ...           "energyweekendschedule": night, "fixedchargefirstmeter": 5}
        >>> use = pd.Series(1.0, pd.date_range("2026-01-31", periods=48, freq="h"))
        >>> Tariff.from_urdb(record).bill(use, hours=1).to_frame()["total"].to_dict()
        {'2026-01': 1300.0, '2026-02': 1300.0}
        """
        hours = positive(hours, "hours")
        if hours > 1:
            raise InvalidInput(f"hours {hours:g} must be at most 1: prices change with the hour")
        charged = any(price for part in (*self.demand, *self.flat_demand) for _, price, _ in part)
        if charged and self.window is not None and not np.isclose(self.window, 60 * hours, rtol=1e-9):
            raise InvalidInput(
                f"demandwindow: power is measured over {self.window:g} minutes, and a step has {60 * hours:g}"
            )
        flow = series(net, "net", hours=hours)
        index = index_of(net, "net", hours=hours)
        clock = _clock(index, "the index of net")
        check_same(index_of(load, "load", hours=hours), "load", index, "net")
        bought, sold = np.maximum(flow, 0.0), np.maximum(-flow, 0.0)
        if self.netting == "buy all, sell all":
            bought, sold = both_meters(flow, load)
        elif self.netting == BY_HOUR:
            bought, sold = _left(flow, clock.whole_hour)
        period, begins = clock.pick(self.schedule), [0, *(np.flatnonzero(np.diff(clock.month)) + 1), len(flow)]
        parts = []
        for now in map(slice, begins[:-1], begins[1:]):
            year, month = divmod(int(clock.month[now.start]), 12)
            bill = self._month(clock, now, period[now], flow[now], bought[now], sold[now], hours)
            parts.append((f"{1970 + year}-{month + 1:02d}", bill))
        if len(parts) == 1:
            return parts[0][1]
        bills = [bill for _, bill in parts]
        names = ("energy", "export", "fixed", "demand", "bought", "sold")
        total = {name: sum(getattr(bill, name) for bill in bills) for name in names}
        return Bill(**total, peak=max(bill.peak for bill in bills), months=tuple(parts))

    def _month(self, clock, now, period, flow, bought, sold, hours):
        if self.netting == "net metering":
            left = np.bincount(period, flow, len(self.energy))
            left[is_zero(left, of=np.bincount(period, np.abs(flow), len(self.energy)))] = 0.0
            amounts = np.maximum(left, 0.0), np.maximum(-left, 0.0)
            energy, export = (_in_proportion(each, self.energy, at) for each, at in zip(amounts, (1, 2)))
        else:
            amounts = bought, sold
            energy, export = (_one_by_one(each, period, self.energy, at) for each, at in zip(amounts, (1, 2)))
        power = np.maximum(flow, 0.0) / hours
        peaks = []
        if self.demand:
            stretch = clock.pick(self.demand_schedule, now)
            peaks = [(power[stretch == k].max(initial=0.0), tiers) for k, tiers in enumerate(self.demand)]
        if self.flat_demand:
            peaks.append((power.max(), self.flat_demand[self.flat_months[clock.month[now.start] % 12]]))
        demand = sum(_whole(float(peak), tiers, 1) for peak, tiers in peaks)
        each, per = self.fixed
        fixed = each * (len(np.unique(clock.day[now])) if per == "day" else 1)
        return Bill(energy, export, fixed, demand, *(float(amount.sum()) for amount in amounts), float(power.max()))

    def explain(self) -> str:
        """The tariff in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.retail import Tariff
        >>> always = [[0] * 24] * 12
        >>> record = {"name": "plain", "energyratestructure": [[{"rate": 0.25}]], "energyweekdayschedule": always}
        >>> print(Tariff.from_urdb(record | {"energyweekendschedule": always}).explain())
        plain: 1 period of energy, 25 ct/kWh; net billing.
        No charge for power; 0 ct fixed for each month.
        """
        prices = [price for tiers in self.energy for _, price, _ in tiers]
        low, high = say(min(prices), max(map(abs, prices))), say(max(prices), max(map(abs, prices)))
        periods = count(len(self.energy), "period")
        power = len(self.demand) + len(self.flat_demand)
        more = f"{count(power, 'charge')} for power" if power else "No charge for power"
        return (
            f"{self.name}: {periods} of energy, {low if low == high else f'{low} to {high}'} ct/kWh; {self.netting}.\n"
            f"{more}; {say(self.fixed[0], self.fixed[0])} ct fixed for each {self.fixed[1]}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each tier.

        Returns
        -------
        pandas.DataFrame
            Columns of ("energy", "power" or "power at any time"), period, up_to (kWh or kW), price (ct/kWh or ct/kW) and
            export (ct/kWh).
        """
        import pandas as pd

        kinds = {"energy": self.energy, "power": self.demand, "power at any time": self.flat_demand}
        rows = [
            (kind, period, *tier) for kind, parts in kinds.items() for period, tiers in enumerate(parts) for tier in tiers
        ]
        return pd.DataFrame(rows, columns=["of", "period", "up_to", "price", "export"])

    def _at_a_glance(self):
        prices = [price for tiers in self.energy for _, price, _ in tiers]
        return [
            ("tariff", self.name), ("periods", len(self.energy)), ("cheapest, ct/kWh", min(prices)),
            ("dearest, ct/kWh", max(prices)), ("rule", self.netting),
        ]  # fmt: skip

    def __repr__(self):
        return f"CalendarTariff({self.name[:80]!r}, {count(len(self.energy), 'period')}, {self.netting})"


def both_meters(net, load):
    """(bought, sold) where all that is used is bought and all that the roof makes is sold."""
    if load is None:
        raise InvalidInput('load must be given under "buy all, sell all": net load alone does not tell what the roof made')
    load = numbers(load, "load", least=0, count=len(net), place="step")
    roof = load - net
    roof[is_zero(roof, of=np.maximum(load, np.abs(net)))] = 0.0
    for step in np.flatnonzero(roof < 0)[:1]:
        raise InvalidInput(f"step {step}: load {load[step]:g} must not be below net {net[step]:g}")
    return load, roof


class _Clock(NamedTuple):
    """What the wall clock shows when each step begins."""

    month: np.ndarray  # since January 1970
    day: np.ndarray  # since the 1st of it, a Thursday
    hour: np.ndarray
    whole_hour: np.ndarray  # number of the hour, from 0; one that is lived twice has two

    def pick(self, schedule, now=slice(None)):
        weekend = ((self.day[now] + THURSDAY) % 7 >= SATURDAY).astype(int)
        return schedule[weekend, self.month[now] % 12, self.hour[now]]


def _clock(index, name):
    if getattr(getattr(index, "dtype", None), "kind", "") != "M" or np.ndim(index) != 1:
        raise InvalidInput(f"{name} must be times: a tariff with a calendar must know the month and the hour of each step")
    import pandas as pd

    for row in np.flatnonzero(pd.isna(index))[:1]:
        raise InvalidInput(f"{name}: entry {row} is missing")
    wall = pd.DatetimeIndex(index).tz_localize(None).to_numpy("datetime64[s]")
    day, seconds = wall.astype("datetime64[D]"), wall.astype(int)
    hour = seconds // 3600
    new = (np.diff(hour) != 0) | (np.diff(seconds) <= 0)
    lived = np.concatenate([[0], np.cumsum(new)]) if len(wall) else hour
    return _Clock(wall.astype("datetime64[M]").astype(int), day.astype(int), hour % 24, lived)


def _left(flow, group):
    """What is bought and sold where steps of a group are netted; told at the first step of each."""
    left = np.bincount(group, flow)
    left[is_zero(left, of=np.bincount(group, np.abs(flow)))] = 0.0
    first = np.unique(group, return_index=True)[1]
    bought, sold = np.zeros(len(flow)), np.zeros(len(flow))
    bought[first], sold[first] = np.maximum(left, 0.0), np.maximum(-left, 0.0)
    return bought, sold


def _whole(amount, tiers, at):
    """Money for an amount counted from nothing."""
    total, low = 0.0, 0.0
    for tier in tiers:
        total += tier[at] * max(min(amount, tier[0]) - low, 0.0)
        low = tier[0]
    return total


def _filled(before, after, tiers, at):
    """Money for what is counted between two readings, tier by tier."""
    total, low = np.zeros(len(before)), 0.0
    for tier in tiers:
        total += tier[at] * (np.clip(after, low, tier[0]) - np.clip(before, low, tier[0]))
        low = tier[0]
    return total


def _one_by_one(amounts, period, parts, at):
    if all(len(tiers) == 1 for tiers in parts):
        return float(np.array([tiers[0][at] for tiers in parts])[period] @ amounts)
    after = np.cumsum(amounts)
    before = after - amounts
    return float(sum(_filled(before[period == k], after[period == k], tiers, at).sum() for k, tiers in enumerate(parts)))


def _in_proportion(amounts, parts, at):
    total = amounts.sum()
    if total == 0:
        return 0.0
    return float(amounts @ [_whole(float(total), tiers, at) for tiers in parts] / total)
