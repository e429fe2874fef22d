"""The community of the book on one day, with the cars it may have in a few years."""

import numpy as np

from tefoundations.resources import Device
from tefoundations.systems.lanes import Lane, at_once

# Seven of the nine homes have a car; home2 and home5 have none. Arrival, departure next morning, kWh on a summer day,
# and what an hour of waiting is worth to its owner (ct/kWh). The car of home6 and the van are those of the data.
CARS = {
    "home1": ("16:30", "08:00", 9.0, 0.2), "home3": ("17:00", "07:30", 11.0, 0.5), "home4": ("18:00", "07:00", 12.0, 0.3),
    "home6": (None, None, None, 0.4), "home7": ("15:30", "09:00", 7.0, 0.1), "home8": ("18:30", "06:30", 16.0, 0.8),
    "home9": ("16:00", "07:30", 10.0, 0.2), "shop": (None, None, None, 0.3),
}  # fmt: skip
CHARGER = 11.0  # kW
# Price outside by hour of the clock, ct/kWh, taxes and fees included: cheap at night, dear in the evening.
OUTSIDE = [22] * 6 + [26, 28, 28, 26, 25, 24, 23, 23, 24, 26] + [30, 34, 36, 36, 34, 30] + [26, 24]
SLOPE = 0.4  # ct/kWh for each kWh in the half hour: the wires. At 100 kW (50 kWh in the half hour) a kWh costs 20 ct more.
FEED_IN, FLAT = 8.0, 28.0  # ct/kWh
TARIFF = [24] * 6 + [28] * 10 + [36] * 6 + [28] * 2  # time of use, by hour of the clock, ct/kWh: night, day, evening
STEPS, NOON, HOURS = 48, 24, 0.5


def lane_day(day: str = "winter") -> Lane:
    """The lane of thirteen in a few years' time: its loads, roofs and batteries as in the data, and more cars.

    The day begins at noon, so that a night is in one piece; the hours after midnight are those of the same day of the data,
    as if the next day were like it.

    Parameters
    ----------
    day : {"summer", "winter", "holiday"}

    Returns
    -------
    Lane
        48 half hours from 12:00. All owners of a car or battery are flexible; those with only a car come first.

    Raises
    ------
    InvalidInput
        A day that is not there.

    Examples
    --------
    >>> lane = lane_day("winter")
    >>> len(lane.members), len(lane.stores), lane.owners
    (13, 11, ('home3', 'home6', 'home7', 'home8', 'shop', 'home1', 'home4', 'home9'))
    """
    from tefoundations.data import community

    people = community()
    base = people.load(day) - people.solar(day) - people.chp(day)
    for row in people.devices(day).query("device == 'ev'").itertuples():
        base.loc[row.step, row.agent] -= row.energy_kwh
    pairs = [*_cars(people, day), *_batteries(people, day)]
    with_battery = set(people.members.query("battery_kwh > 0").index)
    pairs.sort(key=lambda pair: (pair[0].owner in with_battery, people.agents.index(pair[0].owner)))
    hours = (np.arange(STEPS) + NOON) % STEPS // 2
    return Lane(
        members=people.agents,
        base=_from_noon(base),
        stores=tuple(store for store, _ in pairs),
        habits=np.stack([habit for _, habit in pairs], axis=1),
        outside=np.array(OUTSIDE, float)[hours],
        slope=SLOPE,
        feed_in=FEED_IN,
        flat=FLAT,
        tariff=np.array(TARIFF, float)[hours],
        flexible=tuple(dict.fromkeys(store.owner for store, _ in pairs)),
        weights=people.members["annual_kwh"].to_numpy(),
        times=tuple(people.time_of((t + NOON) % STEPS) for t in range(STEPS)),
        hours=HOURS,
        capacity=float(people.lines["rating_kva"].iloc[0]),
    )


def _cars(people, day):
    known = people.cars.set_index(["day", "agent"])
    # A car wants more in the cold.
    more = known.loc[(day, "home6"), "wanted_kwh"] / known.loc[("summer", "home6"), "wanted_kwh"]
    for owner, (arrival, departure, wanted, waiting) in CARS.items():
        if arrival is None:
            if (day, owner) not in known.index:
                continue
            start, end, wanted = known.loc[(day, owner), ["arrival_step", "departure_step", "wanted_kwh"]]
        else:
            start, end, wanted = _step(arrival), _step(departure), round(2 * wanted * more) / 2
        start, end = int(start - NOON) % STEPS, int(end - NOON) % STEPS
        wanted = float(wanted)
        window = {"start": start * HOURS, "end": end * HOURS}
        car = Device(f"car of {owner}", owner, wanted, CHARGER, final_energy=wanted, waiting=waiting, **window)
        yield car, at_once(car, STEPS, HOURS)


def _batteries(people, day):
    plans = people.batteries(day)
    for owner, has in people.members.query("battery_kwh > 0").iterrows():
        plan = plans[plans["agent"] == owner]
        stored, power = float(plan["energy_kwh"].iloc[NOON]), has["battery_kw"]
        battery = Device(
            f"battery of {owner}", owner, has["battery_kwh"], power, power, 0, STEPS * HOURS, stored, stored,
            has["charge_efficiency"], has["discharge_efficiency"], has["battery_cost_ct_per_kwh"],
        )  # fmt: skip
        yield battery, _from_noon(plan["charge_kwh"] - plan["discharge_kwh"])


def _from_noon(values):
    return np.roll(np.asarray(values, float), -NOON, axis=0)


def _step(clock):
    hour, minute = clock.split(":")
    return 2 * int(hour) + int(minute) // 30
