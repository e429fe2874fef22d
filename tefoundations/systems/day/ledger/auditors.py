"""Who checks the bill: a stranger from the bytes of the blocks, and an office from its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidBlock, InvalidInput
from tefoundations.inputs import instance, sequence, whole
from tefoundations.ledger import Block, KeyPair
from tefoundations.ledger.primitives.statements import is_account
from tefoundations.systems.day.ledger.own_book import OwnBook, node_of
from tefoundations.systems.day.physical.delivery import worth
from tefoundations.words import Explained, count, listed, say, shown

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("step", "member", "schedule", "net", "price", "short", "long")


@dataclass(frozen=True, eq=False, repr=False)
class DayAudit(Explained):
    """What a stranger finds in the blocks of a day, made by `audit_day`.

    Attributes
    ----------
    owes : dict of str to int
        What each member owes (micro-tokens); below 0: it is owed.
    readings : int
        Readings that count.
    refused : tuple of (int, str, str)
        Step, member and reason of each row that does not.
    missing : tuple of (int, str)
        Step and member of readings that never came: the schedule was billed.
    closed : bool
        Whether the day is closed.
    unpublished : tuple of int
        Steps of which the operator has published nothing: in these nobody is billed.
    reverted : tuple of (int, str, str)
        Height, method and reason of each call that came to nothing.
    disagreements : tuple of str
        Where the contract came to something else than this audit; empty if all is well.
    """

    owes: dict[str, int]
    readings: int
    refused: tuple
    missing: tuple
    closed: bool
    unpublished: tuple = ()
    reverted: tuple = ()
    disagreements: tuple = ()

    def explain(self) -> str:
        """The audit in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(DayAudit({"home8": 372_000}, 1, (), ((3, "home8"),), True).explain())
        1 reading counts, 0 rows are refused; 1 reading is missing: home8 in step 3.
        All owe 0.372 tokens together; the day is closed.
        """
        lost = listed([f"{member} in step {step}" for step, member in self.missing], most=3)
        ends = f"; {count(len(self.missing), 'reading')} {'is' if len(self.missing) == 1 else 'are'} missing: {lost}."
        bad = f"{count(len(self.refused), 'row')} {'is' if len(self.refused) == 1 else 'are'} refused"
        first = f"{count(self.readings, 'reading')} {'counts' if self.readings == 1 else 'count'}, {bad}"
        lines = [first + (ends if self.missing else ".")]
        lines += [f"Step {step}, {member}: {reason}." for step, member, reason in self.refused[:3]]
        lines += [f"Block {height}, {method} came to nothing: {reason}." for height, method, reason in self.reverted[:3]]
        if self.unpublished:
            steps = listed(self.unpublished, most=3)
            lines.append(f"Nothing is published of {count(len(self.unpublished), 'step')}: {steps}.")
        lines += [f"The contract does not agree: {told}." for told in self.disagreements[:3]]
        end = "the day is closed" if self.closed else "the day is not closed"
        return "\n".join([*lines, f"All owe {say(sum(self.owes.values()) / 1e6)} tokens together; {end}."])

    def to_frame(self) -> pd.DataFrame:
        """One row a member.

        Returns
        -------
        pandas.DataFrame
            Index member; owes (micro-tokens), refused and missing (readings).
        """
        import pandas as pd

        refused, missing = ([row[1] for row in rows] for rows in (self.refused, self.missing))
        rows = {m: (owed, refused.count(m), missing.count(m)) for m, owed in self.owes.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["owes", "refused", "missing"]).rename_axis("member")

    def _at_a_glance(self):
        return [
            ("members", len(self.owes)), ("readings", self.readings), ("refused", len(self.refused)),
            ("missing", len(self.missing)), ("owed, micro-tokens", sum(self.owes.values())),
            ("closed", "yes" if self.closed else "no"), ("steps not published", len(self.unpublished)),
            ("calls that came to nothing", len(self.reverted)), ("disagreements", len(self.disagreements)),
        ]  # fmt: skip

    def __repr__(self):
        return f"DayAudit({count(self.readings, 'reading')}, {len(self.refused)} refused, {len(self.missing)} missing)"


def audit_day(
    blocks: Sequence[bytes],
    meters: Mapping[str, tuple[str, int]],
    *,
    operator: KeyPair | str,
    producers: Sequence[KeyPair | str],
    steps: int = 48,
    strict: bool = False,
    head: str | None = None,
) -> DayAudit:
    """Check a day from the bytes of its blocks and what all knew before it: public keys, buses, length. Nobody is trusted.

    Three things are done. A first block is made from what was known, and must be that of the chain: it binds the contract's
    code, its meters and who makes blocks in which turn. Every block is run again, as a node of the chain does: bodies,
    signatures, turns, gas and the state after each must be what the headers say, and readings that a meter has not signed
    are found. And in a second writing of the rules of `DayBook` it is judged anew what counts, and every payment is computed
    anew; where the contract came to something else is told.

    Parameters
    ----------
    blocks : sequence of bytes
        From the first block on.
    meters : dict of str to (str, int)
        By member, in the order of the book: account of its meter, place of its bus in the list of prices.
    operator : KeyPair or str
        Who publishes: the account is enough.
    producers : sequence of KeyPair or str
        Who makes blocks, in turn: the accounts are enough.
    steps : int
        Half hours of the day.
    strict : bool
        Whether the book is one that reverts a batch for one wrong row.
    head : str or None
        Hash of the last block, as known from elsewhere. Without it blocks cut off at the end are not missed; the day is then
        not closed, or more blocks followed.

    Returns
    -------
    DayAudit

    Raises
    ------
    InvalidBlock
        A first block that is of another book; a block that a node of this chain would refuse.
    InvalidInput
        Arguments without meaning.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, transactive_day
    >>> record = transactive_day(DayPlan.of("winter"), learn=0).record
    >>> operator = KeyPair.named("operator").account
    >>> found = audit_day(record.blocks, record.meters, operator=operator, producers=record.producers)
    >>> found, found.owes == record.owes
    (DayAudit(624 readings, 0 refused, 0 missing), True)
    """
    account, register = _account(operator, "operator"), _register(meters)
    steps, strict = whole(steps, "steps", least=1), instance(strict, bool, "strict")
    makers = [_account(one, f"producers: entry {i}") for i, one in enumerate(sequence(producers, "producers", of="keys"))]
    read = [Block.from_bytes(data) for data in sequence(blocks, "blocks", of="blocks as bytes")]
    if not read:
        raise InvalidInput("blocks: there is not even a first one")
    node = node_of(read[0].chain or "day", register, account, makers, steps, strict)
    if read[0] != node.genesis:
        told = "is not that of a book with this operator, these producers, meters and places, so many steps, and so strict"
        raise InvalidBlock(told, height=0)
    book = OwnBook(register, account, steps, strict)
    for height, block in enumerate(read[1:], 1):
        if block.height != height or block.parent != node.head.hash:
            raise InvalidBlock("does not follow the block before it", height=height)
        node.receive(block)
        book.read(block, node.receipts(block))
    if head is not None and node.head.hash != head:
        raise InvalidBlock("is not the last block known from elsewhere", height=node.height)
    book.compare(node)
    unpublished = tuple(step for step in range(steps) if step not in book.steps)
    return DayAudit(
        book.owes, len(book.nets) - len(book.missing), tuple(book.refused), tuple(book.missing), book.closed, unpublished,
        tuple(book.reverted), tuple(book.told),
    )  # fmt: skip


def _account(key, name):
    account = getattr(key, "account", key)
    if not is_account(account):
        raise InvalidInput(f"{name}: {shown(key)} is neither a KeyPair nor an account (64 hexadecimal digits)")
    return account


def _register(meters):
    """[(member, account, place)]."""
    found = []
    for member, entry in instance(meters, Mapping, "meters", advice="member -> (account, place of its bus)").items():
        if not isinstance(member, str) or not isinstance(entry, (tuple, list)) or len(entry) != 2:
            raise InvalidInput(f"meters: {member!r:.40} must be a name with an account and the place of a bus")
        place = whole(entry[1], f"meters: {member}: place", least=0)
        found.append((member, _account(entry[0], f"meters: {member}"), place))
    return found


def billing_run(table: pd.DataFrame) -> dict[str, int]:
    """The bill of an office that adds up what arrives in one table: it asks nobody, and nobody else can check it.

    Real offices do more. They check readings against each other and against the day before, put estimates in the place of
    those that are missing, and may check a meter's signature, too: that takes no ledger. Here they stand for what happens
    where nobody does.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a reading: step, member, schedule and net (Wh), price, short and long (micro-tokens per kWh). Rows that are not
        there are not billed, and nobody is told.

    Returns
    -------
    dict of str to int
        By member, what it owes (micro-tokens).

    Raises
    ------
    InvalidInput
        What is no such table, has a column twice, or holds a number that is not whole or a member that is no text: names the
        column, and the row.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"step": 0, "member": "home8", "schedule": 1000, "net": 1200}
    >>> billing_run(pd.DataFrame([row | {"price": 300_000, "short": 360_000, "long": 240_000}]))
    {'home8': 372000}
    """
    lacking = [name for name in COLUMNS if name not in getattr(table, "columns", ())]
    if lacking:
        raise InvalidInput(f"table must be a DataFrame with columns {', '.join(COLUMNS)}; it lacks {', '.join(lacking)}")
    twice = [name for name in COLUMNS if list(table.columns).count(name) > 1]
    if twice:
        raise InvalidInput(f"table: column {twice[0]} is there twice")
    members, owes = _names(table["member"]), {}
    numbers = (_wholes(table[name], name) for name in COLUMNS if name != "member")
    for member, (_, schedule, net, price, short, long) in zip(members, zip(*numbers)):
        off = net - schedule
        owed = worth(schedule, price) + worth(off, short if off > 0 else long)
        owes[member] = owes.get(member, 0) + owed
    return dict(sorted(owes.items()))


def _names(column):
    for row, name in enumerate(column.tolist()):
        if not isinstance(name, str) or not name:
            raise InvalidInput(f"table, row {row}: member {shown(name)} must be a name")
    return column.tolist()


def _wholes(column, name):
    """Whole numbers of Python, which have no end: energy times price would run over in the types of a small column."""
    values = column.to_numpy()
    if len(values) and not np.issubdtype(values.dtype, np.integer):
        raise InvalidInput(f"table: column {name} must hold whole numbers")
    return values.tolist()
