"""What crosses from plane to plane: signed letters, and nothing else."""

import json
import math
from dataclasses import dataclass
from functools import cache

from tefoundations.errors import InvalidInput
from tefoundations.ledger import KeyPair, canonical_bytes, statement
from tefoundations.ledger.primitives.statements import holds
from tefoundations.systems.day.market.placed_curves import PlacedCurve
from tefoundations.systems.day.physical.delivery import WH, whole_units

ANY = "any"  # the price of what must be taken


@dataclass(frozen=True)
class Letter:
    """A signed text: who sends it to whom, in which step, for what. Made by `written`."""

    sender: str
    to: str
    step: int
    purpose: str
    text: str
    signature: str

    def opened(self):
        """The text, once the signature is checked.

        Raises
        ------
        InvalidInput
            A letter that its sender has not signed.
        """
        said = _said(self.sender, self.to, self.step, self.purpose, self.text)
        if not holds(key_of(self.sender).account, said, self.signature):
            raise InvalidInput(f"{self.purpose} of {self.sender} in step {self.step} is not signed by it")
        return json.loads(self.text)

    def to_bytes(self):
        """The letter as canonical bytes."""
        return canonical_bytes((self.sender, self.to, self.step, self.purpose, self.text, self.signature))


def written(sender, to, step, purpose, content):
    """A signed letter; content: what JSON holds, numbers to their last digit."""
    text = json.dumps(content, separators=(",", ":"))
    return Letter(sender, to, step, purpose, text, key_of(sender).sign(_said(sender, to, step, purpose, text)).hex())


def _said(sender, to, step, purpose, text):
    return statement("day", "letters", purpose, sender, to, step, text)


@cache
def key_of(name):
    """The key of somebody; in earnest nobody could look it up."""
    return KeyPair.named(name)


def curve_as_content(curve):
    """A curve as what JSON holds. Of whom it is made stays with its sender."""
    bids = [[bus, ANY if math.isinf(price) else price, energy] for bus, price, energy in curve.bids]
    places = [[[bus, energy] for bus, energy in of.items() if energy] for of in (curve.fixed, curve.roofs)]
    return [bids, [list(order) for order in curve.asks], *places]


def curve_from_content(sender, content):
    """The curve that a letter tells."""
    bids, asks, fixed, roofs = content
    bids = tuple((bus, math.inf if price == ANY else price, energy) for bus, price, energy in bids)
    return PlacedCurve(sender, bids, tuple(map(tuple, asks)), dict(fixed), dict(roofs))


def letters_of(plan, traded):
    """All letters of a market day, in the order in which they are sent.

    Sites without a device that listens send the day's rate plan in one letter; the others a curve in each step, to their
    aggregator or to the operator; aggregators send the sum, and the answers come back the same way, with what each roof must
    be turned down. When it knows its answer, an aggregator reports the schedule of each of its members, for the operator
    publishes it. Without a grid there is no market: the operator then orders what each member may take.
    """
    letters, lane = [], plan.lane
    for i, member in enumerate(lane.members):
        if member not in lane.flexible:
            rows = [[t, float(curve), float(plan.roofs[t, i])] for t, curve in enumerate(traded.fixed[:, i])]
            letters.append(written(member, plan.aggregator_of(member) or "operator", 0, "rate plan", rows))
    for t, clearing in enumerate(traded.clearings):
        letters += _ordered(plan, traded, t) if clearing is None else _cleared(plan, traded, t)
    return letters


def _ordered(plan, traded, t):
    rows = zip(plan.lane.members, whole_units(traded.net[t], WH), traded.turned_down[t], traded.unserved[t])
    return [
        written("operator", member, t, "order", [net, round(float(down), 6), round(float(short), 6)])
        for member, net, down, short in rows
    ]


def _cleared(plan, traded, t):
    """The letters of a step with a market: curves and stand-ins up, answers down, schedules up."""
    letters, lane, places = [], plan.lane, dict(zip(plan.lane.members, plan.feeder.at))
    curves, price = traded.curves[t], [round(float(one), 6) for one in traded.clearings[t].price]
    net = dict(zip(lane.members, whole_units(traded.net[t], WH)))
    down = {member: round(float(one), 6) for member, one in zip(lane.members, traded.turned_down[t])}
    silent = {name for name in lane.members if t in traded.silent.get(name, ())}
    away = {name for name, group in plan.aggregators.items() if group and silent.issuperset(group)}
    for name in lane.flexible:
        if name not in silent:
            to = plan.aggregator_of(name) or "operator"
            letters.append(written(name, to, t, "curve", curve_as_content(traded.sites[t][name])))
    for name, curve in curves.items():
        if name in away or name in silent:  # the operator puts habits in the place of who cannot be reached
            letters.append(written("operator", "operator", t, "stand-in", [name, *curve_as_content(curve)]))
        elif name in plan.aggregators:
            letters.append(written(name, "operator", t, "curve", curve_as_content(curve)))
    for name in curves:
        if name in away:
            continue  # it could not be written to
        turned = _by_bus(plan, {member: down[member] for member in plan.aggregators.get(name, (name,))})
        rows = [[round(one, 6) for one in side] for side in traded.answers[t][name]]
        letters.append(written("operator", name, t, "answer", [price, *rows, turned]))
    for name, members in plan.aggregators.items():
        for member in members:
            if member not in silent and (member in lane.flexible or down[member]):
                rows = [[round(one, 6) for one in side] for side in traded.site_answers[t].get(member, ((), ()))]
                letters.append(written(name, member, t, "answer", [price[places[member]], *rows, down[member]]))
        reporter = "operator" if name in away else name
        letters.append(written(reporter, "operator", t, "schedule", [[member, net[member]] for member in members]))
    return letters


def _by_bus(plan, turned):
    """[[bus, kWh]] of what is turned down of some members; the operator knows no more than sums by bus."""
    sums = {}
    for member, energy in turned.items():
        bus = plan.where[plan.lane.members.index(member)]
        sums[bus] = sums.get(bus, 0.0) + energy
    return [[bus, round(energy, 6)] for bus, energy in sums.items() if energy]
