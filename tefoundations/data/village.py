"""The community of the book: its members, energies, prices and feeder, as frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tefoundations.data.files import by_agent
from tefoundations.data.offers import day_book
from tefoundations.inputs import one_of, whole

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Community:
    """Members, energies, prices and feeder of the community; energies are kWh per half-hour step, prices ct/kWh.

    Frames over a day have 48 rows (index `step`) and one column an agent. A caller gets it from `community()`.

    Attributes
    ----------
    days : tuple of str
        "summer" (Wednesday, 19 June 2024), "winter" (Wednesday, 17 January 2024), "holiday" (Labour Day, 1 May 2024).
    agents : tuple of str
        The members' ids, in the order of `members`.
    steps : range
        0 to 47; step 0 is 00:00 to 00:30.
    """

    days: tuple[str, ...]
    agents: tuple[str, ...]
    steps: range = range(48)
    _tables: dict = field(repr=False, default_factory=dict)
    _books: dict = field(repr=False, init=False, default_factory=dict)

    @property
    def members(self) -> pd.DataFrame:
        """pandas.DataFrame, one row a member (index `agent`): name, kind, bus, annual_kwh (kWh a year), power_factor of the
        load, devices (0: has none): solar_kwp (kWp), battery_kwh (kWh), battery_kw (kW at the terminals), charge_efficiency
        and discharge_efficiency (0 to 1), chp_kw (kW), heat_pump (1: has one), ev_kwh (kWh), ev_kw (kW); tariff, feed_in and
        the costs of selling (solar_cost, chp_cost, battery_cost), each with the ending _ct_per_kwh (ct/kWh)."""
        return self._tables["members"].set_index("agent")

    @property
    def prices(self) -> pd.DataFrame:
        """pandas.DataFrame, one row a member (index `agent`): `tariff` paid and `feed_in` got, ct/kWh (0: feeds
        nothing in)."""
        columns = {"tariff_ct_per_kwh": "tariff", "feed_in_ct_per_kwh": "feed_in"}
        return self.members[list(columns)].rename(columns=columns)

    @property
    def values(self) -> pd.DataFrame:
        """pandas.DataFrame, three rows a member: agent, tier (essential, normal, flexible), share (0 to 1, of the load
        without heat pump and car; a member's three add up to 1), value_ct_per_kwh (willingness to pay, ct/kWh)."""
        return self._tables["values"].copy()

    @property
    def cars(self) -> pd.DataFrame:
        """pandas.DataFrame, one row a car and day: agent, day, arrival_step, departure_step (next morning), wanted_kwh
        (kWh by then)."""
        return self._tables["cars"].copy()

    @property
    def buses(self) -> pd.DataFrame:
        """pandas.DataFrame, one row a bus: bus, name, east_m, north_m (m). Bus 0 is the 20 kV grid, bus 1 the
        transformer's 400 V side."""
        return self._tables["buses"].copy()

    @property
    def lines(self) -> pd.DataFrame:
        """pandas.DataFrame, one row a branch, the transformer first: line, from_bus, to_bus (a tree away from bus 0), kind
        (transformer or cable), cable, length_m (m), r_ohm and x_ohm (ohm a phase, seen from 400 V), rating_a (A), rating_kva
        (kVA at 400 V)."""
        return self._tables["lines"].copy()

    @property
    def carbon(self) -> pd.Series:
        """(48,) pandas.Series by `step`: carbon dioxide of a kWh from outside, g/kWh, the same on each day."""
        hourly = self._tables["carbon"].set_index("hour")["carbon_g_per_kwh"].astype(float)
        steps = hourly.loc[[step // 2 for step in self.steps]].set_axis(list(self.steps))
        return steps.rename_axis("step").rename("carbon")

    def time_of(self, step: int) -> str:
        """Clock time at which a step begins.

        Parameters
        ----------
        step : int, 0 to 47

        Returns
        -------
        str, hours and minutes of local time

        Raises
        ------
        InvalidInput

        Examples
        --------
        >>> from tefoundations.data import community
        >>> community().time_of(36)
        '18:00'
        """
        step = self._checked_step(step)
        return f"{step // 2:02d}:{step % 2 * 30:02d}"

    def load(self, day: str) -> pd.DataFrame:
        """What members use, heat pump and car included.

        Parameters
        ----------
        day : str, one of `days`

        Returns
        -------
        (48, agents) pandas.DataFrame, kWh per step, above 0.

        Raises
        ------
        InvalidInput

        Examples
        --------
        >>> from tefoundations.data import community
        >>> community().load("spring")
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidInput: day 'spring' is not one of summer, winter, holiday
        """
        return self._day("load", "load_kwh", day)

    def solar(self, day: str) -> pd.DataFrame:
        """What the roofs produce.

        Parameters
        ----------
        day : str, one of `days`

        Returns
        -------
        (48, agents) pandas.DataFrame, kWh per step; 0 for whoever has no roof.

        Raises
        ------
        InvalidInput
        """
        return self._day("solar", "solar_kwh", day)

    def chp(self, day: str) -> pd.DataFrame:
        """What the gas-fired units produce while heat is wanted.

        Parameters
        ----------
        day : str, one of `days`

        Returns
        -------
        (48, agents) pandas.DataFrame, kWh per step; 0 for whoever has no unit.

        Raises
        ------
        InvalidInput
        """
        return self._day("chp", "chp_kwh", day)

    def devices(self, day: str) -> pd.DataFrame:
        """The part of the load that a flexible device draws.

        Parameters
        ----------
        day : str, one of `days`

        Returns
        -------
        pandas.DataFrame, 48 rows a device with step, agent, device ("ev" or "heat_pump"), energy_kwh (kWh in the step).

        Raises
        ------
        InvalidInput
        """
        return self._rows("devices", day)

    def batteries(self, day: str) -> pd.DataFrame:
        """The batteries' plan, which serves their owner only (self-consumption).

        Parameters
        ----------
        day : str, one of `days`

        Returns
        -------
        pandas.DataFrame
            48 rows a battery: step, agent, energy_kwh (kWh stored when the step begins), charge_kwh and discharge_kwh (kWh
            in the step, at the terminals), spare_kwh (stored kWh that the plan never uses, on offer in this step).

        Raises
        ------
        InvalidInput
        """
        return self._rows("batteries", day)

    def weather(self, day: str) -> pd.DataFrame:
        """Temperature and clouds, the same for the whole village.

        Parameters
        ----------
        day : str, one of `days`

        Returns
        -------
        pandas.DataFrame, 48 rows with step, outdoor_c (degrees C), clear_share (0 to 1, part of the clear-sky light that
        the clouds let through).

        Raises
        ------
        InvalidInput
        """
        return self._rows("weather", day)

    def net_load(self, day: str) -> pd.DataFrame:
        """What the feeder brings to each member if nobody trades: load - roof - CHP + battery charge - battery discharge.

        **Positive takes from, negative gives to the feeder.**

        Parameters
        ----------
        day : str, one of `days`

        Returns
        -------
        (48, agents) pandas.DataFrame, kWh per step.

        Raises
        ------
        InvalidInput
        """
        battery = self._day("batteries", "charge_kwh", day) - self._day("batteries", "discharge_kwh", day)
        return (self.load(day) - self.solar(day) - self.chp(day) + battery).round(3)

    def minute_day(self) -> pd.DataFrame:
        """A *simulated* day of home8, the winter day, minute by minute.

        Returns
        -------
        pandas.DataFrame, 1440 rows with minute (0 to 1439), time (of the clock), total_w and one column an appliance (W,
        mean of the minute).
        """
        return self._tables["minute_day"].copy()

    def minute_events(self) -> pd.DataFrame:
        """The uses of appliances behind `minute_day`.

        Returns
        -------
        pandas.DataFrame, one row a use with appliance, start_minute, end_minute (excluded), energy_wh (Wh).
        """
        return self._tables["minute_events"].copy()

    def offers(self, day: str, step: int, islanded: bool = False) -> pd.DataFrame:
        """What members bid and ask in one step.

        Own roof, CHP and battery plan serve a member's own load first; only the rest is bid or offered, so nobody stands on
        both sides. A buyer never bids above its tariff (it could buy there), a seller never asks below its feed-in payment
        (it could sell there). Own energy goes to what is worth most, so the flexible tier is bought first. Asks: roof =
        feed-in + cost of selling; CHP = fuel, at least feed-in; battery = feed-in / both efficiencies + wear. Tiers at one
        price are one row. A battery's spare energy is shared out over the evening: all 48 steps can be cleared one by one,
        without state, and no battery gives what its plan needs by the next morning's sun.

        Parameters
        ----------
        day : str, one of `days`
        step : int, 0 to 47
        islanded : bool
            True: cut off from the grid, no tariff, no feed-in: bids are the values of the tiers, asks the costs of selling.

        Returns
        -------
        pandas.DataFrame
            side ("buy" or "sell"), agent (str), bus (int), price (ct/kWh), quantity (kWh, above 0); perhaps without a row.

        Raises
        ------
        InvalidInput

        Examples
        --------
        >>> from tefoundations.data import community
        >>> community().offers("summer", 36).query("agent in ['home6', 'home9']")  # a car is home; a roof and a battery
            side  agent  bus  price  quantity
        14   buy  home6    8   23.6     3.771
        18  sell  home9    9    8.2     1.579
        19  sell  home9    9   11.6     1.152
        """
        step, key = self._checked_step(step), (self._checked_day(day), bool(islanded))
        if key not in self._books:
            self._books[key] = day_book(self, *key)
        return self._books[key].query("step == @step").drop(columns="step").reset_index(drop=True)

    def _rows(self, name, day):
        table = self._tables[name]
        return table[table["day"] == self._checked_day(day)].drop(columns="day").reset_index(drop=True)

    def _day(self, name, column, day):
        return by_agent(self._rows(name, day), column, self.steps, self.agents)

    def _checked_day(self, day):
        return one_of(day, self.days, "day")

    def _checked_step(self, step):
        return whole(step, "step", least=0, most=47)
