"""Step 8 of the day: what a member owes for a step, and what is left in the operator's till when all have paid."""

from __future__ import annotations

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, whole
from tefoundations.systems.day.physical.delivery import MICRO, WH, import_, worth
from tefoundations.systems.day.runs import DayRun, settled_record


def settle(schedule: int, reading: int, price: int, short: int, long: int) -> int:
    """Step 8: a member owes for what was agreed, at the price of its bus, and for what it did otherwise.

    Who takes more than agreed, or gives less, is short; else long. Both parts are whole numbers, toward zero.

    Parameters
    ----------
    schedule, reading : int
        Net load as agreed, and as the meter read it (Wh); below 0: it gives.
    price : int
        Of its bus (micro-tokens per kWh).
    short, long : int
        Of what is taken beyond the schedule, and of what is left (micro-tokens per kWh).

    Returns
    -------
    int, micro-tokens; below 0: it is owed

    Raises
    ------
    InvalidInput
        What is no whole number.

    Examples
    --------
    >>> settle(1000, 1200, 300_000, 360_000, 240_000)              # 1 kWh at 30 ct, and 0.2 kWh at 36 ct
    372000
    >>> settle(-1000, -900, 80_000, 360_000, 240_000)              # it gives 0.1 kWh less than it said
    -44000
    """
    given = {"schedule": schedule, "reading": reading, "price": price, "short": short, "long": long}
    schedule, reading, price, short, long = (whole(value, name) for name, value in given.items())
    off = reading - schedule
    return worth(schedule, price) + worth(off, short if off > 0 else long)


def till(run: DayRun) -> dict[str, int]:
    """What the operator takes and pays on a day, and of what the rest is made. All in micro-tokens.

    Parameters
    ----------
    run : DayRun
        A day that was settled on a ledger.

    Returns
    -------
    dict of str to int
        "members pay", less "day ahead", "balancing" (what the operator pays outside, losses included) and "wires" (their
        cost), is "left". Of that "full lines" is the rent of lines at their limits, "wires dearer at the margin" what
        members pay for wires beyond their cost, as each kWh pays what the last one costs, "deviations" what they pay for
        them beyond the balancing; then "rounding". In steps without a grid nothing is bought, and what one member strays
        another makes up for: between what is paid for the one and for the other lies the spread of their prices.

    Raises
    ------
    InvalidInput
        A day that was not settled by a contract.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, transactive_day
    >>> found = till(transactive_day(DayPlan.of("winter")))
    >>> found["members pay"] - found["day ahead"] - found["balancing"] - found["wires"] == found["left"]
    True
    """
    record, plan = settled_record(instance(run, DayRun, "run")), run.plan
    if not record.owes:
        raise InvalidInput("run: of roots alone no contract knows what anybody owes")
    head = np.asarray(run.head) / WH
    bought = [import_(plan, t, run.total[t], head[t]) for t in range(len(head)) if t not in run.dark]
    ahead, balancing = (sum(one[name] for one in bought) for name in ("day_ahead", "balancing"))
    wires = round(float(plan.lane.slope / 2 * (np.maximum(run.total, 0.0) ** 2).sum()) * MICRO)
    flow = plan.feeder.flows(run.power) * plan.lane.hours
    agreed = sum(
        worth(energy, told.prices[place])
        for told in record.publications
        for energy, place in zip(told.schedule, record.places)
    )
    pay = sum(record.owes.values())
    left = pay - ahead - balancing - wires
    full = round(float((run.rent * flow).sum()) * MICRO)
    parts = {"full lines": full, "wires dearer at the margin": wires, "deviations": pay - agreed - balancing}
    return {"members pay": pay, "day ahead": ahead, "balancing": balancing, "wires": wires, "left": left} | parts | {
        "rounding": left - sum(parts.values())
    }  # fmt: skip
