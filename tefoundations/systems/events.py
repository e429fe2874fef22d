"""One-sided demand response: the centre calls an event and pays for what is not used; members answer yes or no."""

from __future__ import annotations

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, not_negative, number, sequence, whole
from tefoundations.systems.lanes import Lane, at_once
from tefoundations.systems.outcomes import Traffic, Way, metered
from tefoundations.words import shown

REWARD = 5.0  # ct/kWh
EVENT_SHARE = 6  # the event lasts a sixth of the day: four hours of 24


def busiest(lane: Lane, hours: float | None = None) -> tuple[int, int]:
    """The hours in a row with the highest net load when everybody follows habits.

    Parameters
    ----------
    lane : Lane
    hours : float or None
        Length of the event; None: a sixth of the day, at least one step.

    Returns
    -------
    (first, last) : tuple of int
        The event lasts from step `first` to the beginning of step `last`.

    Raises
    ------
    InvalidInput
        Less than one step, or more than the day; what is no lane.

    Examples
    --------
    >>> from tefoundations.systems import lane_day
    >>> lane = lane_day("winter")
    >>> [lane.times[step] for step in busiest(lane)]
    ['16:30', '20:30']
    """
    instance(lane, Lane, "lane")
    if hours is None:
        hours = lane.hours * max(len(lane.outside) // EVENT_SHARE, 1)
    hours = number(hours, "hours", above=0)
    count = int(round(hours / lane.hours))
    if not 1 <= count <= len(lane.outside):
        raise InvalidInput(f"hours {hours:g} must be from one step to the whole day")
    net = lane.net_of(lane.habits).sum(axis=1)
    first = int(np.argmax(np.convolve(net, np.ones(count), mode="valid")))
    return first, first + count


def paused(store, habit, first, last, hours=1.0):
    """What a device does if it pauses in the event: a car takes what it needs before or after; a battery keeps its habit.

    Parameters
    ----------
    store : Device
    habit : (T,) float array
        kWh.
    first, last : int
        The event lasts from step `first` to the beginning of step `last`.
    hours : float
        Length of a step.

    Returns
    -------
    (T,) float array, kWh
        As soon as possible outside the event; inside only what would otherwise be missing in the end, as late as possible.
    """
    return habit if store.power_out else at_once(store, len(habit), hours, pause=range(first, last))


def demand_response(lane: Lane, reward: float = REWARD, event: tuple[int, int] | None = None) -> Way:
    """An event in the busiest hours: who answers yes pauses, and gets `reward` for each kWh it takes less than its habit.

    A member answers yes if the reward is more than the pause costs it: waiting, and what the pause changes on its bill. Who
    answers no follows its habit. When the event ends, all who paused start again; nobody tells them to take turns.

    Parameters
    ----------
    lane : Lane
    reward : float
        ct for each kWh below the baseline, at least 0. The baseline is the habit, known exactly here.
    event : (int, int) or None
        First step, and the step at which it ends; None: the busiest sixth of the day.

    Returns
    -------
    Way

    Raises
    ------
    InvalidInput
        A reward or an event without meaning; what is no lane.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane
    >>> cars = [Device(f"car {who}", who, energy=1, power=1, end=3, final_energy=1) for who in ("Ada", "Ben", "Cem")]
    >>> lane = Lane.of(base=[2, 1, 0], stores=cars, outside=[20, 20, 20], slope=2)
    >>> demand_response(lane).net.tolist()            # all pause, all come back together
    [2.0, 4.0, 0.0]
    """
    instance(lane, Lane, "lane")
    reward = not_negative(reward, "reward")
    first, last = busiest(lane) if event is None else _steps(event, len(lane.outside))
    flat = np.full(len(lane.outside), lane.flat)
    devices = list(zip(lane.stores, lane.habits.T))
    pausing = np.stack([paused(store, habit, first, last, lane.hours) for store, habit in devices], axis=1)
    usual, after = (metered(lane, plan, flat, lane.feed_in) for plan in (lane.habits, pausing))
    spared = np.subtract(*(np.maximum(lane.net_of(plan)[first:last], 0.0).sum(axis=0) for plan in (lane.habits, pausing)))
    plan, rewards = lane.habits.copy(), np.zeros(len(lane.members))
    for owner in lane.flexible:
        who, own = lane.members.index(owner), [i for i, store in enumerate(lane.stores) if store.owner == owner]
        felt, habitual = (
            sum(lane.stores[i].discomfort(plan[:, i], lane.hours) for i in own) for plan in (pausing, lane.habits)
        )
        if reward * spared[who] > felt - habitual + after[who] - usual[who]:
            plan[:, own] = pausing[:, own]
            rewards[who] = reward * spared[who]
    payments = metered(lane, plan, flat, lane.feed_in) - rewards
    count = len(lane.flexible)
    knows = "what each member would have used without the event: its baseline"
    return Way("Demand response", lane, plan, payments, Traffic(count, count, count, 3 * count, knows))


def _steps(event, count):
    """First step of an event, and the first after it."""
    steps = tuple(whole(step, "step of the event", least=0, most=count) for step in sequence(event, "event", of="two steps"))
    if len(steps) != 2 or steps[0] >= steps[1]:
        raise InvalidInput(f"event {shown(event)} must be its first step, and the first after it")
    return steps
