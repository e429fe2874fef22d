"""The data sets that travel with the package: frames and plain records, never objects of a room.

What each file holds, its units and its origin: data/README.md and data/community/README.md.
"""

import hashlib
import io
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from tefoundations.errors import InvalidInput, TEError

__all__ = ["Community", "community", "data_path"]

_TABLES = ["members", "values", "days", "load", "devices", "solar", "chp", "batteries", "cars", "weather", "buses", "lines",
           "minute_day", "minute_events"]
_HERE = Path(__file__).resolve().parent


def data_path(name):
    """Path (pathlib.Path) of a data file, in an installed wheel or in a checkout.

    Parameters
    ----------
    name : str
        Path below `data/`, with forward slashes: "community/load.csv".

    Raises
    ------
    TEError
        If no such file travels with this installation.

    Examples
    --------
    >>> data_path("community/load.csv").exists()
    True
    """
    folders = [_HERE / "_data", _HERE.parent / "data"]      # the wheel's folder first: beside it `data` may be anybody's
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    raise TEError(f"data file {name!r} is in neither {folders[0]} nor {folders[1]}: reinstall tefoundations")


def _read(name):
    """One file of the community, if it is the file that was built."""
    path, listed = data_path(f"community/{name}.csv"), data_path("CHECKSUMS.sha256")
    try:
        content, checksums = path.read_bytes().replace(b"\r\n", b"\n"), listed.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeError) as error:
        raise TEError(f"{path} or {listed} cannot be read: {error}") from error
    if f"{hashlib.sha256(content).hexdigest()}  community/{name}.csv" not in checksums:
        raise TEError(f"{path} is damaged or was changed: its sha256 is not the one in {listed.name}; reinstall tefoundations, "
                      "or run `python data/checksums.py` if you changed it on purpose")
    return pd.read_csv(io.BytesIO(content), keep_default_na=False)


@lru_cache(maxsize=1)
def community():
    """The community of the book: thirteen members on one feeder, three days of 48 half hours.

    Returns
    -------
    Community
        Loaded once; every frame it hands out is the caller's own copy.

    Raises
    ------
    TEError
        If a data file is missing or is not the one that was built.

    Examples
    --------
    >>> village = community()
    >>> village.days, len(village.steps), len(village.agents)
    (('summer', 'winter', 'holiday'), 48, 13)
    >>> village.offers("winter", 0).query("side == 'sell'").empty        # nobody sells on a winter's midnight
    True
    """
    tables = {name: _read(name) for name in _TABLES}
    return Community(tuple(tables["days"]["day"]), tuple(tables["members"]["agent"]), _tables=tables)


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
    def members(self):
        """DataFrame, one row a member (index agent): name, kind, bus, devices (kWp, kWh, kW), prices and costs (ct/kWh)."""
        return self._tables["members"].set_index("agent")

    @property
    def prices(self):
        """DataFrame, one row a member (index agent): `tariff` paid and `feed_in` got, ct/kWh (0: has nothing to feed in)."""
        columns = {"tariff_ct_per_kwh": "tariff", "feed_in_ct_per_kwh": "feed_in"}
        return self.members[list(columns)].rename(columns=columns)

    @property
    def values(self):
        """DataFrame, three rows a member: agent, tier (essential, normal, flexible), share of the load (0 to 1), value (ct/kWh)."""
        return self._tables["values"].copy()

    @property
    def cars(self):
        """DataFrame, one row a car and day: arrival_step, departure_step (of the next morning), wanted_kwh (at the plug)."""
        return self._tables["cars"].copy()

    @property
    def buses(self):
        """DataFrame of buses: bus, name, east_m, north_m. Bus 0 is the 20 kV grid, bus 1 the transformer's 400 V side."""
        return self._tables["buses"].copy()

    @property
    def lines(self):
        """DataFrame of branches, a tree away from bus 0, the transformer first: length (m), r and x (ohm, at 400 V), rating (A, kVA)."""
        return self._tables["lines"].copy()

    def time_of(self, step):
        """Clock time at which a step begins.

        Examples
        --------
        >>> community().time_of(36)
        '18:00'
        """
        step = self._checked_step(step)
        return f"{step // 2:02d}:{step % 2 * 30:02d}"

    def load(self, day):
        """What members use, heat pump and car included: DataFrame (48, agents), kWh per step.

        Examples
        --------
        >>> community().load("spring")
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidInput: day 'spring' is not one of summer, winter, holiday
        """
        return self._day("load", "load_kwh", day)

    def solar(self, day):
        """What the roofs produce: DataFrame (48, agents), kWh per step."""
        return self._day("solar", "solar_kwh", day)

    def chp(self, day):
        """What the gas-fired units produce while heat is wanted: DataFrame (48, agents), kWh per step."""
        return self._day("chp", "chp_kwh", day)

    def devices(self, day):
        """The part of the load that a flexible device draws: step, agent, device ("ev", "heat_pump"), energy_kwh."""
        return self._rows("devices", day)

    def batteries(self, day):
        """The batteries' plan (self-consumption): step, agent, energy_kwh (stored when the step begins), charge_kwh and
        discharge_kwh (at the terminals), spare_kwh (stored energy that the plan never uses, on offer in this step)."""
        return self._rows("batteries", day)

    def weather(self, day):
        """48 rows: step, outdoor_c (degrees C), clear_share (part of the clear-sky light that the clouds let through)."""
        return self._rows("weather", day)

    def net_load(self, day):
        """What the feeder must bring to each member if nobody trades: DataFrame (48, agents), kWh per step.

        Load minus roof minus CHP plus battery charge minus discharge: **positive takes from, negative gives to the feeder**.
        """
        battery = self._day("batteries", "charge_kwh", day) - self._day("batteries", "discharge_kwh", day)
        return (self.load(day) - self.solar(day) - self.chp(day) + battery).round(3)

    def minute_day(self):
        """A *simulated* day (home8, winter), 1440 rows: minute, time, total_w, one column an appliance; W, mean of the minute."""
        return self._tables["minute_day"].copy()

    def minute_events(self):
        """The uses of appliances behind `minute_day`: appliance, start_minute, end_minute (excluded), energy_wh."""
        return self._tables["minute_events"].copy()

    def offers(self, day, step, islanded=False):
        """What members bid and ask in one step.

        Own roof, CHP and battery plan serve a member's own load first; only the rest is bid or offered, so nobody stands
        on both sides. A buyer never bids above its tariff (it could buy there), a seller never asks below its feed-in
        payment (it could sell there). Own energy goes to what is worth most, so the flexible tier is bought first.
        Asks: roof = feed-in + cost of selling; CHP = fuel, at least feed-in; battery = feed-in / both efficiencies + wear.
        Tiers at one price are one row. A battery's spare energy is shared out over the evening: all 48 steps can be
        cleared one by one, without state, and no battery gives what its plan needs by the next morning's sun.

        Parameters
        ----------
        day : str
            One of `days`.
        step : int
            0 to 47.
        islanded : bool
            True: cut off from the grid, no tariff, no feed-in: bids are the values of the tiers, asks the costs of selling.

        Returns
        -------
        DataFrame
            side ("buy" or "sell"), agent (str), bus (int), price (ct/kWh), quantity (kWh, above 0); perhaps without a row.

        Raises
        ------
        InvalidInput
            For an unknown day or step.

        Examples
        --------
        >>> community().offers("summer", 36).query("agent in ['home6', 'home9']")     # a car has come home; a roof, a battery
            side  agent  bus  price  quantity
        14   buy  home6    8   23.6     3.771
        18  sell  home9    9    8.2     1.579
        19  sell  home9    9   11.6     1.152
        """
        step, key = self._checked_step(step), (self._checked_day(day), bool(islanded))
        if key not in self._books:
            self._books[key] = self._book(*key)
        return self._books[key].query("step == @step").drop(columns="step").reset_index(drop=True)

    def _book(self, day, islanded):
        """The offers of all steps of a day: a column `step` and those of `offers`."""
        places, steps = range(len(self.agents)), len(self.steps)
        columns = {"step": np.repeat(self.steps, len(places)), "place": np.tile(places, steps)}
        table = pd.concat([
            pd.DataFrame({**columns, "side": side, "price": np.tile(price.round(1), steps), "quantity": quantity.to_numpy().ravel()})
            for side, price, quantity in self._blocks(day, islanded)])
        table = table.groupby(["step", "place", "side", "price"], as_index=False)["quantity"].sum()      # equal prices: one row
        table["quantity"] = table["quantity"].round(3)
        table["worst"] = table["price"].where(table["side"] == "sell", -table["price"])
        table = table[table["quantity"] > 0].sort_values(["step", "place", "worst"])
        table["agent"] = np.array(self.agents, dtype=object)[table["place"]]
        table["bus"] = self.members["bus"].to_numpy()[table["place"]]
        return table[["step", "side", "agent", "bus", "price", "quantity"]].astype({"side": str, "agent": str, "bus": "int64"})

    def _blocks(self, day, islanded):
        """Three tiers of bids, three sources of asks: (side, Series of prices, DataFrame (steps, agents) of quantities)."""
        members, tiers = self.members, self.values.pivot(index="agent", columns="tier").loc[list(self.agents)]
        share, value = tiers["share"], tiers["value_ct_per_kwh"]
        tariff = np.inf if islanded else members["tariff_ct_per_kwh"]
        feed_in = (0 if islanded else 1) * members["feed_in_ct_per_kwh"]
        charge, discharge, spare = [self._day("batteries", f"{name}_kwh", day) for name in ["charge", "discharge", "spare"]]
        devices = self._day("devices", "energy_kwh", day)
        ordinary, net = self.load(day) - devices, self.net_load(day)
        wanted, surplus = net.clip(lower=0), (-net).clip(lower=0)
        flexible = np.minimum(wanted, share["flexible"] * ordinary + devices)
        normal = np.minimum(wanted - flexible, share["normal"] * ordinary)
        roof = np.minimum(surplus, self.solar(day))
        power_left = (members["battery_kw"] / 2 - discharge).where((net <= 0) & (charge == 0), 0)
        battery = np.minimum(spare * members["discharge_efficiency"], power_left)
        return [
            ("buy", np.minimum(value["essential"], tariff), wanted - flexible - normal),
            ("buy", np.minimum(value["normal"], tariff), normal),
            ("buy", np.minimum(value["flexible"], tariff), flexible),
            ("sell", feed_in + members["solar_cost_ct_per_kwh"], roof),
            ("sell", np.maximum(feed_in, members["chp_cost_ct_per_kwh"]), surplus - roof),
            ("sell", feed_in / members["charge_efficiency"] / members["discharge_efficiency"] + members["battery_cost_ct_per_kwh"], battery),
        ]

    def _rows(self, name, day):
        table = self._tables[name]
        return table[table["day"] == self._checked_day(day)].drop(columns="day").reset_index(drop=True)

    def _day(self, name, column, day):
        """One column of a table as a frame (48, agents), 0 for whoever is not in it."""
        wide = self._rows(name, day).pivot_table(index="step", columns="agent", values=column, aggfunc="sum")
        return wide.reindex(index=pd.Index(self.steps, name="step"), columns=pd.Index(self.agents, name="agent"), fill_value=0.0)

    def _checked_day(self, day):
        if not isinstance(day, str) or day not in self.days:
            raise InvalidInput(f"day {day!r} is not one of {', '.join(self.days)}")
        return day

    def _checked_step(self, step):
        if isinstance(step, bool) or not isinstance(step, (int, np.integer)) or step not in self.steps:
            raise InvalidInput(f"step {step!r} is not one of 0 to 47")
        return int(step)
