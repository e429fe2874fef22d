"""Your own street: a day's plan from a network and a table of power by quarter hour, with cars drawn by a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid import Network
from tefoundations.inputs import generator, instance, number, numbers
from tefoundations.resources import Device
from tefoundations.systems.day.plans import DayPlan
from tefoundations.systems.future_lane import CHARGER, FEED_IN, FLAT, HOURS, NOON, OUTSIDE, SLOPE, STEPS, TARIFF
from tefoundations.systems.lane_checks import each
from tefoundations.systems.lanes import Lane, at_once
from tefoundations.words import faulty, listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

# Of a drawn car, from the cars of the book's lane: hours of arrival and of departure, kWh wanted, ct/kWh for an hour's wait.
ARRIVES, LEAVES, WANTS, WAITS = (15.5, 18.5), (6.5, 9.0), (7.0, 16.0), (0.1, 0.8)
MOST = 1e6  # kW of one column: a thousand times what a low-voltage transformer carries, and squares of it are still numbers
KINDS = ("load", "sgen")
ADVICE = 'columns are "load 3" and "sgen 2": a load and a static generator of the net, or what stands at a bus'


def day_from_network(
    net: object,
    profiles: pd.DataFrame,
    *,
    rng: np.random.Generator | int,
    day: object = None,
    cars: float = 0.5,
    devices: Sequence[Device] = (),
    outside: ArrayLike | None = None,
    slope: float = SLOPE,
    feed_in: float = FEED_IN,
    slack: object = None,
) -> DayPlan:
    """A day on a low-voltage network of one's own, as a plan for `transactive_day`.

    Each load is a member; a static generator is the roof of the first load at its bus, or a member of its own where there is
    none. Other units of the network are left out, but for those that feed the slack: give batteries as `devices`. The day
    begins at noon, its morning is that of the same date, as if the next day were like it.

    A low-voltage net of SimBench is such a net of pandapower, and its profiles such a table. SimBench is not installed with
    the book; our tests run a day on pandapower's own village network, which has the same tables.

    Parameters
    ----------
    net : pandapower.pandapowerNet or Network
        Radial once its open switches are taken out.
    profiles : pandas.DataFrame
        Power in kW, by times that are equally spaced, at least every half hour, from midnight; a column "load 3" for each
        load and "sgen 2" for each static generator in service, by its index in the pandapower net. With a `Network` the
        number or name is that of the bus, and "load" may be left out where nobody lives. Shorter steps are averaged.
    rng : numpy.random.Generator or int
        Draws who has a car, and when it comes and goes.
    day : date, or text that reads as one
        Which day of the table; default its first.
    cars : float
        Share of the loads that have one, from 0 to 1: 11 kW, home from between 15:30 and 18:30 to between 6:30 and 9:00,
        7 to 16 kWh. This is ours; pass 0 and give `devices` to have your own.
    devices : sequence of Device
        More devices; owners are named like the columns, hours count from noon.
    outside : (48,) array or None
        Price of the first kWh from outside in each half hour from noon (ct/kWh); None: that of the book's lane.
    slope, feed_in : float
        As in `Lane`: ct/kWh for each kWh, ct/kWh.
    slack : object
        As in `Network.from_pandapower`; a `Network` has its own.

    Returns
    -------
    DayPlan
        Reactive power follows the load, in the proportion of the net's tables.

    Raises
    ------
    InvalidInput
        A column that is missing, twice there, or of nothing that is there; a value that is no number, or above 1 GW, by row
        and column; a day that is not there, or not 24 hours from midnight.
    InvalidNetwork
        What is no network, or cannot be read; see `Network.from_pandapower`. One that is not radial.

    Examples
    --------
    >>> import pandas as pd
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> times = pd.date_range("2026-06-01", periods=96, freq="15min")
    >>> used = pd.DataFrame({"load 2": 3.0, "load 3": 2.0, "sgen 3": 4.0}, index=times)
    >>> plan = day_from_network(Network.from_frames(**grid("three_bus_radial")), used, rng=1)
    >>> plan, plan.lane.members, plan.lane.base[0].tolist(), plan.roofs[0].tolist()
    (DayPlan(2026-06-01: 2 members, 3 buses, 48 steps), ('load 2', 'load 3'), [1.5, -1.0], [0.0, 2.0])
    >>> from tefoundations.systems import transactive_day
    >>> day = transactive_day(plan, learn=0)
    >>> sorted(day.record.owes) == sorted(plan.lane.members)
    True
    """
    read, table = _read(net, slack)
    power, date = _half_hours(profiles, table, day, net)
    members, where, base, roofs, drawn = _members(table, power)
    luck = generator(rng)
    stores = [*_cars(members, number(cars, "cars", least=0, most=1), luck), *each(devices, Device, "devices", of="devices")]
    habits = np.zeros((STEPS, len(stores)))
    for i, store in enumerate(stores):
        habits[:, i] = at_once(store, STEPS, HOURS)
    hours = (np.arange(STEPS) + NOON) % STEPS // 2
    first = np.array(OUTSIDE, float)[hours]
    if outside is not None:
        first = numbers(outside, "outside", count=STEPS, place="half hour")
    owners = tuple(dict.fromkeys(store.owner for store in stores))
    lane = Lane(
        members, base, tuple(stores), habits, first, slope, feed_in, FLAT, np.array(TARIFF, float)[hours], owners,
        times=tuple(f"{t // 2 % 24:02d}:{30 * (t % 2):02d}" for t in range(NOON, NOON + STEPS)), hours=HOURS,
    )  # fmt: skip
    return DayPlan(lane, _quiet(read), where, roofs, drawn, name=date)


def _quiet(net):
    """The network with nothing but lines, shunts and what feeds its slack: whoever takes or gives is a member of the day."""
    frames = net.to_frames()
    units = frames["generators"]
    frames = {name: frames[name] for name in ("buses", "lines")} | {"generators": units[units["bus"] == net.slack]}
    return Network.from_frames(**frames, base=net.base, slack=net.slack, notes=net.notes, joined=net.joined)


def _read(net, slack):
    """The network, and {column: (bus, kvar for a kW)} of what needs a profile; its roofs last."""
    if isinstance(net, Network):
        if slack is not None:
            raise InvalidInput(f"slack {shown(slack)} is for a net of pandapower; this Network has its own, bus {net.slack}")
        ratio = {}
        for bus, load, reactive in zip(net.buses.bus.tolist(), net.buses.load, net.buses.q_load):
            ratio[bus] = reactive / load if load else 0.0
        return net, {f"{kind} {bus}": (bus, ratio[bus] * (kind == "load")) for kind in KINDS for bus in ratio}
    read, table = Network.from_pandapower(net, slack=slack), {}
    places = {bus: bus for bus in read.buses.bus.tolist()} | dict(read.joined)
    for kind in KINDS:
        for row in net[kind].itertuples():
            if row.in_service and row.bus in places:
                ratio = row.q_mvar / row.p_mw if kind == "load" and row.p_mw else 0.0
                table[f"{kind} {row.Index}"] = (places[row.bus], ratio)
    if not table:
        raise InvalidNetwork("net has no load and no static generator in service")
    return read, table


def _half_hours(profiles, table, day, net):
    """{column: (48,) kW by half hour from noon} of a day of the profiles, and the day's date as text."""
    import pandas as pd

    instance(profiles, pd.DataFrame, "profiles", advice=ADVICE)
    missing = [] if isinstance(net, Network) else [name for name in table if name not in profiles]
    if missing:
        raise InvalidInput(f"profiles: no column for {listed(missing)}; take out of service what shall stay out")
    for place, name in enumerate(profiles.columns):
        if name not in table:
            raise InvalidInput(f"profiles: column {shown(name)} is of nothing in this network; {ADVICE}")
        if name in profiles.columns[:place]:
            raise InvalidInput(f"profiles: column {shown(name)} is there twice")
    if not len(profiles.columns):
        raise InvalidInput(f"profiles: no column, so nobody lives here; {ADVICE}")
    times = profiles.index
    if not isinstance(times, pd.DatetimeIndex) or not len(times) or times.hasnans:
        raise InvalidInput("profiles: the index must be times, none missing: pd.to_datetime reads them")
    date = _date(times, day)
    rows = np.flatnonzero(times.normalize() == date)
    if not len(rows):
        ends = f"{times.min():%Y-%m-%d} to {times.max():%Y-%m-%d}"
        raise InvalidInput(f"day {date:%Y-%m-%d} is not in the profiles, which go from {ends}")
    step = pd.Timedelta(days=1) / len(rows)
    if len(rows) % STEPS or (times[rows] != date + step * np.arange(len(rows))).any():
        told = f"its {len(rows)} rows are no {STEPS} half hours from midnight, or equal parts of them"
        raise InvalidInput(f"profiles: day {date:%Y-%m-%d} is not whole: {told}")
    return {name: _averaged(profiles[name].iloc[rows], name, rows[0]) for name in profiles}, f"{date:%Y-%m-%d}"


def _date(times, day):
    """Midnight of the day that is asked for, in the time zone of the profiles."""
    import pandas as pd

    try:
        date = times[0] if day is None else pd.Timestamp(day).tz_localize(times.tz)
        return date.normalize()
    except (AttributeError, TypeError, ValueError) as error:  # what is missing reads as NaT, which has no midnight
        raise InvalidInput(f"day {shown(day)} is no date") from error


def _averaged(column, name, first):
    def at(message, row, value):
        return InvalidInput(f"profiles, row {first + row}: {name} {faulty(value, message)}")

    values = numbers(column.to_numpy(), name, least=0 if name.startswith("sgen") else None, at=at)
    for row in np.flatnonzero(np.abs(values) > MOST)[:1]:
        raise at(f"must lie between -{MOST:,.0f} and {MOST:,.0f} kW", row, float(values[row]))
    return np.roll(values.reshape(STEPS, -1).mean(axis=1), -NOON)


def _members(table, power):
    """Members, their buses, and by half hour and member net load, roofs (kWh) and reactive power (kvar)."""
    loads = [name for name in table if name.startswith("load") and name in power]
    at = {}
    for name in loads:
        at.setdefault(table[name][0], name)
    roofs = {name: at.setdefault(table[name][0], name) for name in table if name.startswith("sgen") and name in power}
    members = (*loads, *(name for name, owner in roofs.items() if owner == name))
    used, sun, drawn = (np.zeros((STEPS, len(members))) for _ in range(3))
    for name in loads:
        used[:, members.index(name)] = power[name] * HOURS
        drawn[:, members.index(name)] = power[name] * table[name][1]
    for name, owner in roofs.items():
        sun[:, members.index(owner)] += power[name] * HOURS
    return members, [table[name][0] for name in members], used - sun, sun, drawn


def _cars(members, part, rng):
    homes = [name for name in members if name.startswith("load")]
    for i in sorted(rng.permutation(len(homes))[: round(part * len(homes))].tolist()):
        arrives, leaves, wanted, waiting = (rng.uniform(*ends) for ends in (ARRIVES, LEAVES, WANTS, WAITS))
        window = {"start": round(2 * arrives) / 2 - NOON * HOURS, "end": round(2 * leaves) / 2 + (STEPS - NOON) * HOURS}
        wanted = round(2 * wanted) / 2
        yield Device(
            f"car of {homes[i]}", homes[i], wanted, CHARGER, final_energy=wanted, waiting=round(waiting, 2), **window
        )
