"""Is what the operator published what the market came to? Everything is taken from the chain and from signed letters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance
from tefoundations.ledger import MerkleTree
from tefoundations.systems.day.ledger.records import Publication
from tefoundations.systems.day.letters import curve_from_content
from tefoundations.systems.day.market.network_clearing import by_places, cleared_step
from tefoundations.systems.day.market.placed_curves import PlacedCurve, summed, taken_apart
from tefoundations.systems.day.physical.delivery import MICRO, WH, around, prices_of
from tefoundations.systems.day.runs import DayRun, settled_record

if TYPE_CHECKING:
    import pandas as pd

NEAR = 100  # micro-tokens per kWh: a hundredth of a cent, for machines may round a sum differently
CLOSE = 2  # Wh for each member of a sum: schedules are rounded one by one
COLUMNS = ["step", "what", "of", "published", "found"]


def recleared(run: DayRun) -> pd.DataFrame:
    """Hold what the operator published against the signed letters behind it, by clearing every step again.

    What was published is read from the chain. The letters of a step must be those whose root stands there, each signed by
    its sender. Looked at are the prices, the two prices of deviations, and all schedules: of direct members as cleared
    again, of others as their aggregator reported, whose sums must fit its curve. It is told, too, where the operator
    answered another price than it published, and where it put a curve of its own in the place of somebody who is said to be
    silent: that one should be asked. A curve that was left out altogether cannot be found here, unless its sender speaks up.

    Parameters
    ----------
    run : DayRun
        A day that was settled.

    Returns
    -------
    pandas.DataFrame
        A row for each thing that does not fit: step; what, and of which bus, member or aggregator: "price", "short", "long"
        and "answer" (ct/kWh, beyond a hundredth of a cent), "schedule" (Wh), "sum" (Wh of an aggregator at a bus, named as
        both), "stand-in" (no numbers); published; found. Empty if all is well.

    Raises
    ------
    InvalidInput
        A day that was not settled, letters that were not signed by their senders or are not those of the root.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, Fault, transactive_day
    >>> day = transactive_day(DayPlan.of("winter"), faults=[Fault("wrong price", [14], amount=10)])
    >>> found = recleared(day)
    >>> prices = found[found["what"] == "price"]
    >>> found["step"].unique().tolist(), (prices["published"] - prices["found"]).round(2).unique().tolist()
    ([14], [10.0])
    """
    import pandas as pd

    record, rows = settled_record(instance(run, DayRun, "run")), []
    letters = [[] for _ in run.plan.lane.outside]
    for letter in run.letters:
        letters[letter.step].append(letter)
    told, plans = on_chain(record), _rate_plans(run)
    for step, published in enumerate(told):
        root = MerkleTree([letter.to_bytes() for letter in letters[step]]).root.hex()
        if published is None or root != published.curves:
            raise InvalidInput(f"step {step}: these letters are not those whose root stands on the chain")
        found = _without_a_grid if step in run.dark else _by_market
        rows += [(step, *row) for row in found(run, step, published, letters[step], plans)]
    return pd.DataFrame(rows, columns=COLUMNS)


def on_chain(record):
    """What stands on the chain of each step: Publication, or None; of roots alone the row that leads to the root."""
    found = [None] * len(record.publications)
    for block in record.chain.blocks[1:]:
        for sent, receipt in zip(block.transactions, record.chain.receipts(block)):
            given = sent.arguments
            if sent.method != "publish" or not receipt.succeeded:
                continue
            if record.kind == "roots":
                leaves = record.leaves[given["step"]]
                if MerkleTree(leaves).root.hex() == given["root"]:
                    found[given["step"]] = Publication(*json.loads(leaves[0]))
            else:
                found[given["step"]] = Publication(**{name: given[name] for name in Publication.__dataclass_fields__})
    return found


def _rate_plans(run):
    """[{member: curve}] of those whose curve of every step stands in one letter."""
    place = dict(zip(run.plan.lane.members, run.plan.where))
    steps = [{} for _ in run.plan.lane.outside]
    for letter in run.letters:
        if letter.purpose == "rate plan":
            for step, fixed, roof in letter.opened():
                bus = place[letter.sender]
                steps[step][letter.sender] = PlacedCurve(letter.sender, fixed={bus: fixed}, roofs={bus: roof})
    return steps


def _without_a_grid(run, step, told, letters, _):
    """There is no market: the schedule is what was ordered, deviations are priced around the price of the island."""
    _, *extra = around(told.prices[0])
    yield from _prices(("short", "long"), ("", ""), (told.short, told.long), extra, 0)
    ordered = {letter.to: letter.opened()[0] for letter in letters if letter.purpose == "order"}
    for member, energy in zip(run.plan.lane.members, told.schedule):
        if ordered.get(member) != energy:
            yield "schedule", member, energy, ordered.get(member, np.nan)


def _by_market(run, step, told, letters, plans):
    plan = run.plan
    reported, answers, curves, stand_ins = {}, {}, {}, []
    for letter in letters:
        if letter.purpose == "schedule" and letter.to == "operator":
            reported |= {member: (letter.sender, energy) for member, energy in letter.opened()}
        elif letter.purpose == "answer" and letter.sender == "operator":
            answers[letter.to] = letter.opened()[0]
        elif letter.purpose == "curve" and letter.to == "operator":
            curves[letter.sender] = curve_from_content(letter.sender, letter.opened())
        elif letter.purpose == "stand-in":
            name, *content = letter.opened()
            stand_ins.append(name)
            curves.setdefault(name, curve_from_content(name, content))
    yield from (("stand-in", name, np.nan, np.nan) for name in stand_ins)
    direct = [member for member in plan.lane.members if plan.aggregator_of(member) is None]
    order = [*plan.aggregators, *direct]
    curves = {name: curves.get(name) or plans[step].get(name) or PlacedCurve(name) for name in order}
    whole = summed("operator", list(curves.values()))
    found = cleared_step(plan, step, whole)
    buses = plan.net.buses.bus.tolist()
    yield from _prices(["price"] * len(buses), buses, told.prices, found.price * MICRO)
    _, *extra = prices_of(plan, step)
    yield from _prices(("short", "long"), ("", ""), (told.short, told.long), extra, 0)
    for name, prices in answers.items():
        worst = int(np.abs(np.array(told.prices) - np.array(prices) * MICRO).argmax())
        yield from _prices(["answer"], [name], [told.prices[worst]], [prices[worst] * MICRO])
    yield from _schedules(plan, told.schedule, reported, _agreed(plan, whole, found, curves))


def _prices(what, of, published, found, near=NEAR):
    for kind, name, theirs, ours in zip(what, of, published, found):
        if abs(theirs - ours) > near:
            yield kind, name, theirs / MICRO, float(ours) / MICRO


def _agreed(plan, whole, found, curves):
    """{sender: (n,) Wh at each bus} as cleared again, what is turned down counted by what each sender's roofs give."""
    answers, roofs = taken_apart(whole, found.bought, found.sold), by_places(plan, whole.roofs)
    down = np.divide(found.turned_down, roofs, out=np.zeros_like(roofs), where=roofs > 0)
    sums = {}
    for name, curve in curves.items():
        net = by_places(plan, curve.fixed) + down * by_places(plan, curve.roofs)
        for orders, energies, sign in zip((curve.bids, curve.asks), answers[name], (1, -1)):
            for (bus, *_), energy in zip(orders, energies):
                net[plan.feeder.places[bus]] += sign * energy
        sums[name] = net * WH
    return sums


def _schedules(plan, published, reported, agreed):
    """Schedules that are not those reported by the aggregators, or cleared; and sums by bus that do not fit."""
    told = dict(zip(plan.lane.members, published))
    for member, bus in zip(plan.lane.members, plan.where):
        name = plan.aggregator_of(member)
        expected = reported.get(member, ("", np.nan))[1] if name else agreed[member][plan.feeder.places[bus]]
        if not abs(told[member] - expected) <= (0 if name else CLOSE):
            yield "schedule", member, told[member], float(expected)
    for name, members in plan.aggregators.items():
        sums, count = np.zeros(len(plan.net.buses)), np.zeros(len(plan.net.buses))
        for member in members:
            place = plan.feeder.at[plan.lane.members.index(member)]
            sums[place], count[place] = sums[place] + told[member], count[place] + 1
        for place in np.flatnonzero(np.abs(sums - agreed[name]) > CLOSE * count):
            yield "sum", f"{name} at {plan.net.buses.bus[place]}", float(sums[place]), float(agreed[name][place])
