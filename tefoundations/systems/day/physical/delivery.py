"""Steps 6 and 7 of the day: what is delivered is measured, and what the lane lacks comes from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid import sweep
from tefoundations.inputs import instance, numbers, whole
from tefoundations.systems.day.physical.feeders import KW
from tefoundations.systems.day.plans import DayPlan
from tefoundations.systems.lane_checks import shaped

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

WH = 1000  # of a kWh
MICRO = 10_000  # micro-tokens of a ct: a token is a euro
SHORT, LONG = 12, 8  # tenths of the price outside for what is taken beyond the schedule, and for what is left over


def deliver(plan: DayPlan, step: int, schedule: ArrayLike) -> dict[str, tuple[int, int]]:
    """Step 6: everybody does nearly what was agreed, and the meters read it.

    Parameters
    ----------
    plan : DayPlan
        Its `unplanned` is what members do otherwise.
    step : int
    schedule : (members,) float array
        Net load of each member as agreed (kWh).

    Returns
    -------
    dict of str to (int, int)
        By member: Wh taken, and Wh given; one of them is 0.

    Raises
    ------
    InvalidInput
        A schedule that is not one finite number for each member, a step that is not there.

    Examples
    --------
    >>> plan = DayPlan.of("winter")
    >>> deliver(plan, 12, [1.0] * 13)["clinic"]
    (864, 0)
    """
    lane = instance(plan, DayPlan, "plan").lane
    step = whole(step, "step", least=0, most=len(lane.outside) - 1)
    net = whole_units(
        shaped(schedule, "schedule", (len(lane.members),), columns=lane.members) + np.asarray(plan.unplanned)[step], WH
    )
    return {member: (max(wh, 0), max(-wh, 0)) for member, wh in zip(lane.members, net)}


def import_(plan: DayPlan, step: int, scheduled: float, delivered: float) -> dict[str, int]:
    """Step 7: the operator bought for the schedule a day ahead, and the difference is an imbalance.

    The lane's operator pays the price outside for what was scheduled. What it takes beyond that costs 1.2 times, and what it
    leaves earns 0.8 times the price outside. What it gives earns the feed-in price.

    Parameters
    ----------
    plan : DayPlan
    step : int
    scheduled, delivered : float
        Net load of the whole lane (kWh): as scheduled, and as it came to be, losses included.

    Returns
    -------
    dict of str to int
        "scheduled" and "imbalance" (Wh), "day_ahead" and "balancing": what the operator pays for them (micro-tokens).

    Raises
    ------
    InvalidInput
        A number that is not finite, a step that is not there.

    Examples
    --------
    >>> import_(DayPlan.of("winter"), 12, scheduled=10, delivered=11)      # 18:00, 36 ct/kWh
    {'scheduled': 10000, 'imbalance': 1000, 'day_ahead': 3600000, 'balancing': 432000}
    """
    lane = instance(plan, DayPlan, "plan").lane
    step = whole(step, "step", least=0, most=len(lane.outside) - 1)
    both = numbers([scheduled, delivered], "scheduled and delivered", place="entry")
    wh, came = whole_units(both, WH)
    outside, _, _ = prices_of(plan, step)
    feed_in = whole_units([lane.feed_in], MICRO)[0]
    ahead = worth(wh, outside if wh >= 0 else feed_in)
    return {"scheduled": wh, "imbalance": came - wh, "day_ahead": ahead, "balancing": balance(plan, step, came - wh)}


def head_meter(plan, delivered, dark=()):
    """(T,) int array: what the meter at the grid reads (Wh) when members take so much; 0 in steps without a grid."""
    found = [0.0 if step in dark else through(plan, step, net) for step, net in enumerate(delivered)]
    return np.array(whole_units(found, 1))


def through(plan, step, delivered):
    """What comes from the grid (Wh) when members take so much (Wh), losses by AC included."""
    feeder, hours = plan.feeder, plan.lane.hours
    load = feeder.by_bus(delivered / WH) / hours / KW
    flow = sweep(feeder.wires, load, q_load=feeder.reactive[step] / KW, generation=np.zeros(len(plan.net.generators)))
    return (load.sum() + flow.loss.sum()) * KW * hours * WH


def balance(plan, step, energy):
    """What so many Wh beyond the schedule cost outside (micro-tokens)."""
    _, short, long = prices_of(plan, step)
    return worth(energy, short if energy > 0 else long)


def prices_of(plan, step):
    """Price outside, that of what is short and that of what is long (micro-tokens per kWh)."""
    return around(whole_units([plan.price_outside[step]], MICRO)[0])


def around(price):
    """A price, that of what is short and that of what is long (micro-tokens per kWh)."""
    return price, price * SHORT // 10, price * LONG // 10


def worth(energy, price):
    """Whole Wh at whole micro-tokens per kWh, toward zero."""
    money = energy * price
    return money // WH if money >= 0 else -(-money // WH)


def whole_units(values, unit):
    """Floats in so many whole units each, halves to the even neighbour: a list of int."""
    return [int(one) for one in np.rint(np.asarray(values, float) * unit)]
