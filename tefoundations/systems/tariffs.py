"""Ways without an answer from the centre: habits under one price, and a time-of-use tariff."""

from __future__ import annotations

import numpy as np

from tefoundations.inputs import instance
from tefoundations.systems.lanes import Lane
from tefoundations.systems.outcomes import Traffic, Way, metered
from tefoundations.systems.programmes import MeterProgram


def home_plan(lane, owner, buy):
    """What the devices of a member do if it looks at its own bill only.

    Parameters
    ----------
    lane : Lane
    owner : str
    buy : (T,) float array
        What it pays for a kWh in each step (ct/kWh); what it gives earns the feed-in price.

    Returns
    -------
    Plan
        Over its own devices; `cost` is its bill and its discomfort together, ct.
    """
    own = [store for store in lane.stores if store.owner == owner]
    return MeterProgram(own, lane.base[:, lane.members.index(owner)], buy, lane.feed_in, lane.hours).linear()


def as_usual(lane: Lane) -> Way:
    """One price for all hours: every device follows its habit, cars charge when they come home.

    Parameters
    ----------
    lane : Lane

    Returns
    -------
    Way

    Raises
    ------
    InvalidInput
        What is no lane.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane
    >>> cars = [Device(f"car {who}", who, energy=1, power=1, end=3, final_energy=1) for who in ("Ada", "Ben", "Cem")]
    >>> as_usual(Lane.of(base=[2, 1, 0], stores=cars, outside=[20, 20, 20], slope=2)).net.tolist()
    [5.0, 1.0, 0.0]
    """
    instance(lane, Lane, "lane")
    payments = metered(lane, lane.habits, np.full(len(lane.outside), lane.flat), lane.feed_in)
    return Way("As usual", lane, lane.habits, payments, Traffic(0, 0, 0, 0, "nothing but the meters"))


def time_of_use(lane: Lane) -> Way:
    """A tariff fixed long before: every flexible member shifts its devices to where its own bill is lowest.

    All members pay by the list, also those with nothing to shift. Of two moments that cost the same a member takes the
    earlier. Nobody sees what the others do.

    Parameters
    ----------
    lane : Lane

    Returns
    -------
    Way

    Raises
    ------
    InvalidInput
        What is no lane.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane
    >>> cars = [Device(f"car {who}", who, energy=1, power=1, end=3, final_energy=1) for who in ("Ada", "Ben", "Cem")]
    >>> lane = Lane.of(base=[2, 1, 0], stores=cars, outside=[20, 20, 20], slope=2, tariff=[30, 10, 10])
    >>> time_of_use(lane).net.round(6).tolist()      # the peak has only moved
    [2.0, 4.0, 0.0]
    """
    plan = instance(lane, Lane, "lane").habits.copy()
    for owner in lane.flexible:
        own = [i for i, store in enumerate(lane.stores) if store.owner == owner]
        plan[:, own] = home_plan(lane, owner, lane.tariff).energy
    payments = metered(lane, plan, lane.tariff, lane.feed_in)
    rates = 1 + int(np.count_nonzero(np.diff(lane.tariff)))  # a price and the time from which it holds
    count = len(lane.members)  # a list in every kitchen
    knows = "how the lane usually looks, to choose the prices"
    return Way("Time-of-use tariff", lane, plan, payments, Traffic(0, count, 0, 2 * rates * count, knows))
