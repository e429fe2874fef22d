"""The ledger plane of a run: the chain that keeps it, or only its roots, and what a stranger needs to check it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tefoundations.ledger import Blockchain, MerkleTree, canonical_bytes, sign_statement
from tefoundations.systems.day.faults import planted
from tefoundations.systems.day.ledger.day_book import DayBook, DayRoots
from tefoundations.systems.day.letters import key_of
from tefoundations.systems.day.physical.delivery import MICRO, WH, around, prices_of, whole_units

ROWS = 50  # readings in a transaction at most
PRODUCERS = 4


@dataclass(frozen=True, eq=False)
class Publication:
    """What the operator publishes of a step: prices by bus, schedule by member, prices of deviations, root of the curves."""

    prices: list
    schedule: list
    short: int
    long: int
    curves: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class DayRecord:
    """What is kept of a day. Made by `recorded`.

    Attributes: kind ("full", "strict", "roots"); chain; publications, one a step; rows {(step, member): (taken, given)} as
    the office has them; reports: what was sent, in order; leaves of each step (roots only); groups: who speaks for others.
    """

    kind: str
    chain: Blockchain
    members: tuple
    places: tuple
    publications: tuple
    rows: dict
    leaves: tuple = ()
    groups: tuple = ()

    @property
    def meters(self):
        """{member: (account of its meter, place of its bus)}, as the operator's register has it."""
        return {m: (key_of(f"meter of {m}").account, place) for m, place in zip(self.members, self.places)}

    @property
    def producers(self):
        """Accounts of who makes blocks, in turn, as all know them."""
        return self.chain.producers

    @cached_property
    def blocks(self):
        """The blocks as bytes, the first one first."""
        return tuple(block.to_bytes() for block in self.chain.blocks)

    @property
    def size(self):
        """Bytes of all blocks after the first."""
        return sum(map(len, self.blocks[1:]))

    @property
    def gas(self):
        """Gas of all transactions."""
        return sum(receipt.gas_used for receipt in self.chain.receipts())

    @property
    def events(self):
        """What the contract noted: [(event, facts)]."""
        return [(event, facts) for receipt in self.chain.receipts() for _, event, facts in receipt.events]

    @cached_property
    def owes(self):
        """{member: micro-tokens} as the contract has it; of roots there is none."""
        if self.kind == "roots":
            return {}
        return {m: self.chain.read("daybook", f"owes/{i}", 0) for i, m in enumerate(self.members)}

    def proof(self, step, place):
        """A row of a step and the hashes that lead from it to the root on the chain: (leaf, index, size, proof)."""
        tree = MerkleTree(self.leaves[step])
        return self.leaves[step][place], place, tree.size, tree.inclusion_proof(place)


def published(plan, step, price, schedule, faults=(), curves="", alone=False):
    """What the operator publishes, in whole numbers; alone: deviations are priced around the price of the island."""
    wrong = planted(faults, "wrong price", step)
    _, short, long = around(whole_units(price[:1], MICRO)[0]) if alone else prices_of(plan, step)
    prices = whole_units(price + (wrong.amount if wrong else 0.0), MICRO)
    return Publication(prices, whole_units(schedule, WH), short, long, curves)


def recorded(plan, kind, publications, readings, faults=()):
    """Keep a day on a chain.

    Parameters
    ----------
    plan : DayPlan
    kind : {"full", "strict", "roots"}
    publications : sequence of Publication
        One a step.
    readings : sequence of dict
        {member: (Wh taken, Wh given)} that the meters sign, one a step.
    faults : sequence of Fault

    Returns
    -------
    DayRecord
    """
    members = plan.lane.members
    producers = list(dict.fromkeys(["operator", *plan.aggregators, *members]))[:PRODUCERS]
    keys, places = [key_of(name) for name in producers], tuple(int(place) for place in plan.feeder.at)
    steps, meters = len(publications), [key_of(f"meter of {m}") for m in members]
    book = (
        DayRoots(key_of("operator"))
        if kind == "roots"
        else DayBook(key_of("operator"), meters, places, steps, kind == "strict")
    )
    chain = Blockchain(plan.name.encode("ascii", "replace").decode()[:80] or "day", producers=keys, contracts=[book])
    rows, leaves = {}, []
    senders = [[member] for member in members if plan.aggregator_of(member) is None]
    groups = [*plan.aggregators.items(), *((group[0], group) for group in senders)]
    for t, publication in enumerate(publications):
        signed = {m: _row(chain, m, i, t, readings[t][m], faults) for i, m in enumerate(members)}
        signed = {m: row for m, row in signed.items() if row is not None}
        rows |= {(t, m): (row[1], row[2]) for m, row in signed.items()}
        if kind == "roots":
            leaves.append(_leaves(publication, signed))
            chain.call(keys[0], "dayroots", "publish", step=t, root=MerkleTree(leaves[t]).root.hex(), size=len(leaves[t]))
        else:
            chain.call(keys[0], "daybook", "publish", gas_limit=500_000, step=t, **vars(publication))
            for sender, group in groups:
                _report(chain, key_of(sender), t, [signed[m] for m in group if m in signed], faults, members)
        chain.propose(keys[(chain.head.slot + 1) % len(keys)])
    if kind != "roots":
        chain.call(keys[0], "daybook", "close_day", gas_limit=20_000_000)
        chain.propose(keys[(chain.head.slot + 1) % len(keys)])
    return DayRecord(kind, chain, members, places, tuple(publications), rows, tuple(leaves), tuple(plan.aggregators))


def _row(chain, member, place, step, reading, faults):
    """A reading as it is reported, [member, taken, given, signature]; None where it is lost on the way."""
    if planted(faults, "lost", step, member):
        return None
    meter = key_of(f"meter of {member}")
    signature = sign_statement(meter, chain.id, "daybook", "reading", place, step, *reading)
    edited, (taken, given) = planted(faults, "edited", step, member), reading
    return [place, taken + (int(edited.amount) if edited else 0), given, signature]


def _report(chain, key, step, rows, faults, members):
    for first in range(0, len(rows), ROWS):
        part = rows[first : first + ROWS]
        part = part + [row for row in part if planted(faults, "repeated", step, members[row[0]])]
        chain.call(key, "daybook", "report", gas_limit=20_000 + 6_000 * len(part), step=step, rows=part)


def _leaves(publication, signed):
    told = (publication.prices, publication.schedule, publication.short, publication.long, publication.curves)
    return [canonical_bytes(tuple(tuple(x) if isinstance(x, list) else x for x in told)),
            *(canonical_bytes(tuple(row)) for row in signed.values())]  # fmt: skip
