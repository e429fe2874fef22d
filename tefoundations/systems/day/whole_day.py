"""The whole day: run by the market in eight steps, by one centre that knows all, or as usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tefoundations.inputs import instance, one_of, whole
from tefoundations.ledger import MerkleTree
from tefoundations.systems.day.faults import Fault, check_faults, planted
from tefoundations.systems.day.ledger.records import published, recorded
from tefoundations.systems.day.letters import letters_of
from tefoundations.systems.day.market.central_programme import DayProgramme
from tefoundations.systems.day.market.trade import learned, trade
from tefoundations.systems.day.physical.delivery import deliver, head_meter
from tefoundations.systems.day.physical.island_delivery import islanded
from tefoundations.systems.day.plans import DayPlan, check_signers
from tefoundations.systems.day.runs import DayRun

LEDGERS = ("full", "roots", "strict", "none")
MOST_DAYS = 1_000


def transactive_day(
    plan: DayPlan, learn: int = 8, faults: Sequence[Fault] = (), ledger: str = "full", *, lines: bool = True
) -> DayRun:
    """Run a day in eight steps: respond, bid, aggregate, clear, broadcast, deliver, import, settle.

    The devices live through `learn` like days first, each evening correcting what they expect at their bus.

    Parameters
    ----------
    plan : DayPlan
    learn : int
        Like days lived through before the one that is returned.
    faults : sequence of Fault
        What goes wrong on it.
    ledger : {"full", "roots", "strict", "none"}
        "full": a contract settles every reading. "strict": one that reverts a whole batch for one wrong row. "roots": only
        the roots of the rows stand on the chain, and no contract notes what is wrong with a row. "none": nothing is
        delivered and settled, and what goes wrong with readings and prices cannot be planted.
    lines : bool
        False: nobody looks at the lines.

    Returns
    -------
    DayRun

    Raises
    ------
    InvalidInput
        Names the argument.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, transactive_day
    >>> day = transactive_day(DayPlan.of("holiday"))
    >>> round(day.gain), round(float(day.turned_down.sum()), 3), day.price[5].round(2).tolist()     # 14:30
    (683, 6.139, [8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 0.0, 0.0, 0.0])
    """
    instance(plan, DayPlan, "plan")
    learn = whole(learn, "learn", least=0, most=MOST_DAYS)
    one_of(ledger, LEDGERS, "ledger")
    if ledger != "none":
        check_signers(plan)
    planned = check_faults(faults, plan, ledger)
    expected = learned(plan, learn, lines=lines)
    lost = next((fault for fault in planned if fault.kind == "line lost"), None)
    dark, believed = (lost.steps, lost.amount) if lost else ((), 0.0)
    traded = trade(plan, expected, lines=lines, silent=_silent(plan, planned), dark=dark, believed=believed)
    run = DayRun(
        plan, "market", traded.plan, traded.price, traded.turned_down, traded.rent, traded.over, dict(traded.sent),
        faults=planned, unserved=traded.unserved, lost=traded.lost, missing=traded.missing,
    )  # fmt: skip
    return run if ledger == "none" else _settled(run, traded, ledger, planned)


def _silent(plan, faults):
    """{member: {step in which it cannot be reached: most a device may then take (kW), 0 for no limit}}."""
    found = {}
    for fault in faults:
        for member in plan.aggregators[fault.who] if fault.kind == "cut off" else ():
            found.setdefault(member, {}).update(dict.fromkeys(fault.steps, fault.amount))
    return found


def _settled(run, traded, ledger, faults):
    """The run with what was delivered, signed and kept."""
    plan, members = run.plan, run.plan.lane.members
    letters = letters_of(plan, traded)
    readings = [deliver(plan, step, net) for step, net in enumerate(run.net)]
    delivered = np.array([[taken - given for taken, given in row.values()] for row in readings])
    curtailed = None
    if run.dark:
        delivered, curtailed = islanded(plan, run.energy, run.dark, delivered, run.net)
        readings = [{m: (max(wh, 0), max(-wh, 0)) for m, wh in zip(members, row)} for row in delivered.tolist()]
    metered, roots = delivered.copy(), _roots(letters, len(readings))
    for step, row in enumerate(readings):
        for i, member in enumerate(members):
            low = planted(faults, "low meter", step, member)
            if low:
                row[member] = tuple(int(one * low.amount) for one in row[member])
                metered[step, i] = row[member][0] - row[member][1]
    publications = [
        published(plan, step, run.price[step], run.net[step], faults, roots[step], step in run.dark)
        for step in range(len(readings))
    ]
    record = recorded(plan, ledger, publications, readings, faults)
    head = head_meter(plan, delivered, run.dark)
    return replace(
        run, delivered=delivered, metered=metered, head=head, letters=tuple(letters), record=record, curtailed=curtailed
    )  # fmt: skip


def _roots(letters, steps):
    """Root of the letters of each step."""
    leaves = [[] for _ in range(steps)]
    for letter in letters:
        leaves[letter.step].append(letter.to_bytes())
    return [MerkleTree(rows).root.hex() for rows in leaves]


def central_day(plan: DayPlan) -> DayRun:
    """The day with the least burden that devices and lines allow: one quadratic programme over all steps.

    Parameters
    ----------
    plan : DayPlan

    Returns
    -------
    DayRun
        Its prices are what one more kWh at each bus would cost.

    Raises
    ------
    InvalidInput
        What is no plan.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, central_day
    >>> best = central_day(DayPlan.of("holiday"))
    >>> round(best.gain, 1), round(float(best.turned_down.sum()), 3)
    (691.5, 6.139)
    """
    moving, energy = instance(plan, DayPlan, "plan").lane.moving, plan.lane.habits.copy()
    energy[:, moving], price, rent, turned, over = DayProgramme(plan).solved()
    down = np.array([plan.feeder.by_roofs(step, by_bus) for step, by_bus in enumerate(turned)])
    return DayRun(plan, "central", energy, price, down, rent, over, {"programmes": 1})


def usual_day(plan: DayPlan) -> DayRun:
    """The day as usual: everybody follows habits, at a flat price, and nobody looks at the lines.

    Parameters
    ----------
    plan : DayPlan

    Returns
    -------
    DayRun

    Raises
    ------
    InvalidInput
        What is no plan.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, usual_day
    >>> usual_day(DayPlan.of("winter")).gain
    0.0
    """
    lane = instance(plan, DayPlan, "plan").lane
    lines, price = (
        np.zeros((len(lane.outside), len(plan.net.lines))),
        np.full((len(lane.outside), len(plan.net.buses)), lane.flat),
    )
    return DayRun(plan, "usual", lane.habits, price, np.zeros_like(lane.base), lines, lines)
