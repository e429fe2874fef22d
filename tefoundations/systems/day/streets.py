"""Lanes like the book's with people of their own, and the days one of them lives through: what a sweep sweeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from tefoundations.inputs import generator, instance, not_negative, one_of, whole
from tefoundations.systems.future_lane import lane_day
from tefoundations.systems.lanes import Lane, at_once
from tefoundations.systems.market import MEMORY, market_day, settled
from tefoundations.systems.tariffs import as_usual

SEASONS = ("summer", "winter", "holiday")
HOMES, DAYS = 0.3, 0.15  # how far homes differ from those of the lane, and days of one home from each other
MOST_DAYS = 366


def varied(lane: Lane, spread: float = HOMES, *, rng: np.random.Generator | int) -> Lane:
    """A lane of other people: the net load of each member, and what its cars want, times a number of its own.

    The numbers are log-normal with the mean 1. A car is never asked for more than it can charge while it is plugged in.

    Parameters
    ----------
    lane : Lane
    spread : float
        Standard deviation of the numbers' logarithms, at least 0.
    rng : numpy.random.Generator or int

    Returns
    -------
    Lane

    Raises
    ------
    InvalidInput
        What is no lane, a spread below 0, no generator or seed.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane
    >>> lane = Lane.of([2, 1], [Device("car", "Ada", 1, 1, end=2, final_energy=1)], [20, 20], slope=2)
    >>> other = varied(lane, rng=1)
    >>> other.base[:, -1].round(2).tolist(), round(other.stores[0].final_energy, 2)
    ([2.45, 1.22], 1.06)
    """
    lane, spread = instance(lane, Lane, "lane"), not_negative(spread, "spread")
    factor = np.exp(generator(rng).normal(-(spread**2) / 2, spread, len(lane.members)))
    stores, habits = list(lane.stores), lane.habits.copy()
    for i, (store, member) in enumerate(zip(lane.stores, lane.owned_by)):
        if not store.power_out:
            stores[i] = _wanting(store, store.final_energy * factor[member], lane)
            habits[:, i] = at_once(stores[i], len(lane.outside), lane.hours)
    return replace(lane, base=lane.base * factor, stores=tuple(stores), habits=habits)


def _wanting(store, wanted, lane):
    """The same car with another wish, as far as its charger can serve it."""
    most = store.initial_energy + store.power * lane.hours * len(lane.steps_of(store)) * store.charge_efficiency
    wanted = float(min(wanted, most))
    return replace(store, energy=max(store.energy, wanted), final_energy=wanted)


@dataclass(frozen=True)
class Street:
    """A task for a sweep: so many days of one street. It is a few plain values, so that it travels at once.

    Parameters
    ----------
    number : int
        Of the street; its people and its days are drawn from it.
    season : {"summer", "winter", "holiday"}
        The day of the book's lane of which its days are variants.
    days : int
        1 to 366.

    Raises
    ------
    InvalidInput
        A field without meaning.

    Examples
    --------
    >>> Street(7, "summer", 3)
    Street(number=7, season='summer', days=3)
    """

    number: int
    season: str = "winter"
    days: int = 30

    def __post_init__(self):
        whole(self.number, "number", least=0)
        one_of(self.season, SEASONS, "season")
        whole(self.days, "days", least=1, most=MOST_DAYS)


def street_days(street: Street) -> dict[str, float]:
    """Let a street live through its days, one after the other; its devices expect what they remember of the days before.

    Because of that memory the days of a street are one task. Streets share nothing, and so each is a task of its own.

    Parameters
    ----------
    street : Street

    Returns
    -------
    dict
        street, days; burden and usual (what the days cost with waiting and wear, by the market and by habit, ct), gain
        (ct); peak and usual_peak (highest power of a day taken from outside, on average, kW), highest and usual_highest
        (of all days, kW); bids (written by the devices).

    Raises
    ------
    InvalidInput
        What is no street.

    Examples
    --------
    >>> record = street_days(Street(0, "winter", days=2))
    >>> record["days"], record["gain"] == record["usual"] - record["burden"]
    (2, True)
    """
    number, days = instance(street, Street, "street").number, street.days
    rng = np.random.default_rng(number)
    lane = varied(_lane(street.season), rng=rng)
    expected, lived, habits, bids = None, [], [], 0
    for _ in range(days):
        today = replace(lane, base=lane.base * np.exp(rng.normal(-(DAYS**2) / 2, DAYS, len(lane.members))))
        habits.append(as_usual(today))
        day = market_day(today, today.price(habits[-1].net) if expected is None else expected)
        expected = day.price if expected is None else (1 - MEMORY) * day.price + MEMORY * expected
        lived.append(settled(today, day))
        bids += sum(len(book[0]) + len(book[1]) for book in day.books)
    burden, usual = (sum(way.burden for way in ways) for ways in (lived, habits))
    peaks, usual_peaks = ([way.peak for way in ways] for ways in (lived, habits))
    return {
        "street": number, "days": days, "burden": burden, "usual": usual, "gain": usual - burden,
        "peak": sum(peaks) / days, "usual_peak": sum(usual_peaks) / days, "highest": max(peaks),
        "usual_highest": max(usual_peaks), "bids": bids,
    }  # fmt: skip


@lru_cache(maxsize=len(SEASONS))
def _lane(season):
    return lane_day(season)  # a worker reads the data once
