"""An auditor's own book of a day: the rules of `DayBook` written a second time, held against what the contract did."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache

from tefoundations.ledger import Blockchain
from tefoundations.systems.day.ledger.day_book import DayBook
from tefoundations.systems.day.physical.delivery import worth

UNSIGNED = "the meter has not signed this reading"


def node_of(name, register, operator, producers, steps, strict):
    """A fresh node of the chain that a day's book stands on: its first block binds all of this."""
    return deepcopy(_first(name, tuple(register), operator, tuple(producers), steps, strict))


@lru_cache(maxsize=4)
def _first(name, register, operator, producers, steps, strict):
    """A node that has seen no block yet: to read and meter the contract's code takes as long as a tenth of an audit."""
    book = DayBook(operator, [account for _, account, _ in register], [place for *_, place in register], steps, strict)
    return Blockchain(name, producers=producers, contracts=[book])


class OwnBook:
    """What an auditor books, transaction by transaction. `told` are disagreements with the contract, in words.

    Two things are asked of the node that has run the blocks again: whether a call took effect, which hangs on its gas, and
    whether a meter has signed a row, for no signature is worth opening twice. Everything else is judged here: who may
    publish, which reading counts, when a day may be closed, and what everybody owes.
    """

    def __init__(self, register, operator, steps, strict):
        self.register, self.operator, self.count, self.strict = register, operator, steps, strict
        self.steps, self.nets = {}, {}
        self.owes = {member: 0 for member, *_ in register}
        self.refused, self.missing, self.reverted, self.told, self.closed = [], [], [], [], False

    def read(self, block, receipts):
        """Book a block; receipts are what running it again gave."""
        for transaction, receipt in zip(block.transactions, receipts):
            if transaction.contract != "daybook":
                continue
            if not receipt.succeeded:
                self.reverted.append((block.height, transaction.method, receipt.reason))
                continue
            where = f"block {block.height}, {transaction.method}"
            if transaction.method != "owes" and self.closed:
                self.told.append(f"{where}: the contract took it after the day was closed")
            if transaction.method == "publish":
                self._publish(transaction, where)
            if transaction.method == "report":
                self._report(transaction.arguments, receipt.events, where)
            if transaction.method == "close_day":
                self._close(block.slot, receipt.events, where)

    def compare(self, node):
        """Hold the state of the contract against this book."""
        for i, (member, *_) in enumerate(self.register):
            theirs = node.read("daybook", f"owes/{i}", 0)
            if theirs != self.owes[member]:
                self.told.append(f"{member} owes {self.owes[member]} micro-tokens, and {theirs} by the contract")
            for step in range(self.count):
                theirs = node.read("daybook", f"read/{step}/{i}")
                if theirs != self.nets.get((step, i)):
                    self.told.append(f"step {step}, {member}: {self.nets.get((step, i))} Wh, and {theirs} by the contract")
        if node.read("daybook", "closed", False) != self.closed:
            self.told.append(f"the day is {'' if self.closed else 'not '}closed, and the contract says the opposite")

    def _publish(self, transaction, where):
        given, step = transaction.arguments, transaction.arguments["step"]
        allowed = transaction.sender == self.operator and type(step) is int and 0 <= step < self.count
        if not allowed or step in self.steps or len(given["schedule"]) != len(self.register):
            self.told.append(f"{where}: the contract took what must not be published")
        else:
            self.steps[step] = given

    def _report(self, given, events, where):
        step, found = given["step"], []
        if type(step) is not int or step not in self.steps:
            self.told.append(f"{where}: the contract took readings of a step that is not published")
            return
        theirs = [(facts["member"], facts["reason"]) for _, _, facts in events]
        for row in given["rows"]:
            # Rows are judged in order, so what the contract noted next is about this row if it is about any.
            unsigned = theirs[len(found) : len(found) + 1] == [(row[:1] and row[0], UNSIGNED)]
            wrong = self._wrong(step, row) or (UNSIGNED if unsigned else "")
            if wrong:
                found.append((row[0], wrong))
            else:
                self._book(step, row[0], row[1] - row[2])
        if found != theirs or found and self.strict:
            self.told.append(f"{where}, step {step}: {len(found)} rows are wrong, and {len(theirs)} by the contract")
        self.refused += [(step, self._name(place), wrong) for place, wrong in found]

    def _close(self, slot, events, where):
        found = [
            (step, place)
            for step in sorted(self.steps)
            for place in range(len(self.register))
            if (step, place) not in self.nets
        ]
        for step, place in found:
            self._book(step, place, self.steps[step]["schedule"][place])
        if slot <= self.count or found != [(facts["step"], facts["member"]) for _, _, facts in events]:
            self.told.append(f"{where}: the contract closed the day too early, or with other gaps")
        self.missing += [(step, self._name(place)) for step, place in found]
        self.closed = True

    def _name(self, place):
        known = type(place) is int and 0 <= place < len(self.register)
        return self.register[place][0] if known else f"{place!r:.20}"

    def _wrong(self, step, row):
        if len(row) != 4 or type(row[0]) is not int or not 0 <= row[0] < len(self.register):
            return "unknown member"
        if any(type(energy) is not int or energy < 0 for energy in row[1:3]):
            return "readings are whole numbers of Wh"
        return "a reading stands already" if (step, row[0]) in self.nets else ""

    def _book(self, step, place, net):
        (member, _, bus), told = self.register[place], self.steps[step]
        off = net - told["schedule"][place]
        self.nets[step, place] = net
        self.owes[member] += worth(told["schedule"][place], told["prices"][bus])
        self.owes[member] += worth(off, told["short"] if off > 0 else told["long"])
