"""What the ledger alone cannot see: a meter that lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import instance
from tefoundations.systems.day.physical.delivery import WH
from tefoundations.systems.day.physical.feeders import KW
from tefoundations.systems.day.runs import DayRun, settled_record

if TYPE_CHECKING:
    import pandas as pd


def meter_balance(run: DayRun) -> pd.DataFrame:
    """Find a meter that tells a share of the truth, by the balance of the feeder.

    What the meter at the grid reads, less all members' readings and the lines' losses, is a gap (`feeder_gap`). It is held
    against each member's readings: of a meter that tells a share s the gap is (1 - s) / s of them, in every step, and little
    is left. This names one meter that lies alike all day. Two of them, or a lie of some hours, leave a gap that no single
    share explains.

    A meter that tells nothing all day explains any gap, and where the gap is more than the losses it is named first, with a
    slope of infinity: look at it. Where all is well such a meter is the last.

    Parameters
    ----------
    run : DayRun
        A day that was settled.

    Returns
    -------
    pandas.DataFrame
        Index member, the most suspect first: slope (share of its readings that would explain the gap best), left (Wh^2: sum
        of squares that it does not explain), share (1: nothing is explained).

    Raises
    ------
    InvalidInput
        A day that was not settled.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, Fault, transactive_day
    >>> liar = transactive_day(DayPlan.of("winter"), faults=[Fault("low meter", range(48), "home8", 0.8)])
    >>> meter_balance(liar).index[0]
    'home8'
    """
    import pandas as pd

    gap, rows = feeder_gap(run), {}
    stands = float(gap @ gap) > float(_losses(run) @ _losses(run))  # more than what losses could be mistaken by
    for i, member in enumerate(run.plan.lane.members):
        told = np.asarray(run.metered, float)[:, i]
        square = told @ told
        if not square:
            rows[member] = (np.inf, 0.0, 0.0) if stands else (0.0, float(gap @ gap), 1.0)
            continue
        slope = float(gap @ told / square)
        left = float(((gap - slope * told) ** 2).sum())
        rows[member] = (slope, left, left / float(gap @ gap) if gap.any() else 1.0)
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["slope", "left", "share"]).rename_axis("member")
    return found.sort_values("left", kind="stable")


def feeder_gap(run: DayRun) -> np.ndarray:
    """What the meter at the grid read beyond all members' readings and the losses that they explain.

    Parameters
    ----------
    run : DayRun
        A day that was settled.

    Returns
    -------
    (T,) float array, Wh
        Near 0 where all meters tell the truth. A lie of a single step stands out in it, even where nobody can be named.

    Raises
    ------
    InvalidInput
        A day that was not settled.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, Fault, transactive_day
    >>> gap = feeder_gap(transactive_day(DayPlan.of("winter"), faults=[Fault("low meter", [20], "home8", 0.8)]))
    >>> int(abs(gap).argmax()), bool(abs(gap)[20] > 100 * np.median(abs(gap)))
    (20, True)
    """
    settled_record(instance(run, DayRun, "run"))
    return run.head - np.asarray(run.metered).sum(axis=1) - _losses(run)


def _losses(run):
    """(T,) Wh lost on the lines, as the readings explain them."""
    plan, hours = run.plan, run.plan.lane.hours
    power = plan.feeder.by_bus(run.metered / WH) / hours
    return plan.feeder.losses(power, plan.feeder.reactive) * hours * KW
