"""A day as a row of a table: what a sweep over plans keeps of each, small enough to travel."""

from __future__ import annotations

from tefoundations.systems.day.plans import DayPlan
from tefoundations.systems.day.whole_day import transactive_day


def day_record(plan: DayPlan, learn: int = 8) -> dict[str, str | float]:
    """Run a plan by the market, without a ledger, and keep a row of it.

    Parameters
    ----------
    plan : DayPlan
    learn : int
        As in `transactive_day`; ``functools.partial(day_record, learn=2)`` is a `run` for `day_sweep`.

    Returns
    -------
    dict
        name, gain over habits and burden (ct), peak (kW), carbon (kg), overloaded (times a line is over its limit),
        turned_down (kWh of the roofs), and worst (the highest loading of a line, as a share of its limit).

    Raises
    ------
    InvalidInput
        What is no plan; days to learn without meaning.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan
    >>> record = day_record(DayPlan.of("holiday"))
    >>> record["name"], round(record["gain"]), round(record["turned_down"], 3), record["overloaded"]
    ('holiday', 683, 6.139, 0)
    """
    day = transactive_day(plan, learn=learn, ledger="none")
    return {
        "name": plan.name, "gain": day.gain, "burden": day.burden, "peak": day.peak, "carbon": day.carbon,
        "overloaded": day.overloaded, "turned_down": float(day.turned_down.sum()), "worst": day.worst[1],
    }  # fmt: skip
