"""What may go wrong on a day, planted on purpose: to see who notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, one_of, sequence, whole

# kind: (who it is about, what `amount` says)
KINDS = {
    "edited": ("member", "Wh that somebody adds to the reading after the meter has signed it"),
    "repeated": ("member", ""),
    "lost": ("member", ""),
    "low meter": ("member", "share of the truth that the meter tells"),
    "wrong price": ("operator", "ct/kWh that the operator adds to what the market found"),
    "cut off": ("aggregator", "kW that each device takes at most meanwhile; 0: as much as by habit"),
    "line lost": ("operator", "hours that it is believed to stay away, anew in each step; 0: it is known when it ends"),
}
BOUNDS = {
    "edited": (-1_000_000, 1_000_000), "low meter": (0, 1), "wrong price": (-1000, 1000), "cut off": (0, None),
    "line lost": (0, None),
}  # fmt: skip
# What each of them needs to be kept of the day: without it the fault would do nothing, and nobody would hear of it.
NEEDS = dict.fromkeys(("edited", "lost", "low meter", "wrong price"), "a ledger") | {"repeated": "a contract"}


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong on a day.

    Parameters
    ----------
    kind : str
        "edited": a reading is changed after it was signed. "repeated": it is sent twice. "lost": it never arrives. "low
        meter": the meter itself tells less. "wrong price": the operator publishes another price. "cut off": an aggregator
        cannot be reached, and its members follow their habits. "line lost": the grid is gone; one such, of steps in a row.
        Both are known when the steps are cleared, a day ahead: the schedule and what is bought for it count with them.
    steps : sequence of int
        When.
    who : str
        The member, or the aggregator; where the operator is at fault nobody else is named.
    amount : float
        "edited": whole Wh added, at most a million either way; "low meter": share of the truth, from 0 to 1; "wrong price":
        ct/kWh added, at most a thousand either way; "cut off": kW that each of their devices takes at most, 0 for no limit.
        "line lost": hours that it is believed to stay away, at most the day; 0: it is known when it comes back.

    Raises
    ------
    InvalidInput
        Names the field.

    Examples
    --------
    >>> Fault("lost", range(10, 20), "home8").explain()
    'lost: home8, 10 steps from 10 on'
    """

    kind: str
    steps: tuple[int, ...]
    who: str = "operator"
    amount: float = 0.0

    def __post_init__(self):
        one_of(self.kind, tuple(KINDS), "kind")
        steps = tuple(whole(step, f"steps: entry {i}", least=0) for i, step in enumerate(_steps(self.steps)))
        object.__setattr__(self, "steps", tuple(sorted(set(steps))))
        if not isinstance(self.who, str):
            raise InvalidInput(f"who must be a name, not of kind {type(self.who).__name__}")
        least, most = BOUNDS.get(self.kind, (None, None))
        object.__setattr__(self, "amount", number(self.amount, f"amount of {self.kind}", least=least, most=most))
        if self.kind == "edited" and self.amount != int(self.amount):
            raise InvalidInput(f"amount {self.amount:g} of edited must be a whole number of Wh")

    def explain(self) -> str:
        """The fault in words.

        Returns
        -------
        str

        Examples
        --------
        >>> Fault("wrong price", [14], amount=10).explain()
        'wrong price: operator, 10, step 14'
        """
        when = f"step {self.steps[0]}" if len(self.steps) == 1 else f"{len(self.steps)} steps from {self.steps[0]} on"
        return f"{self.kind}: {self.who}, {f'{self.amount:g}, ' if self.amount else ''}{when}"


def _steps(steps):
    found = sequence(steps, "steps", of="steps", ordered=False) if isinstance(steps, Iterable) else ()
    if not found:
        raise InvalidInput("steps: name at least one")
    return found


def check_faults(faults, plan, ledger="full"):
    """Refuse faults that name nobody of this plan, no step of it, or that no such ledger would show; a tuple of them."""
    count = len(plan.lane.outside)
    known = {"member": plan.lane.members, "aggregator": tuple(plan.aggregators), "operator": ("operator",)}
    for i, fault in enumerate(sequence(faults, "faults", of="Faults")):
        if not isinstance(fault, Fault):
            raise InvalidInput(f"faults: entry {i} must be a Fault, not of kind {type(fault).__name__}")
        kind = KINDS[fault.kind][0]
        if fault.who not in known[kind]:
            raise InvalidInput(f"faults: entry {i}: {fault.who!r:.40} is no {kind} of this plan")
        if fault.steps[-1] >= count:
            raise InvalidInput(f"faults: entry {i}: step {fault.steps[-1]} is not among the {count} of the day")
        needs, hours = NEEDS.get(fault.kind), count * plan.lane.hours
        if ledger == "none" and needs or ledger == "roots" and needs == "a contract":
            raise InvalidInput(f"faults: entry {i}: {fault.kind} needs {needs}, and with ledger={ledger!r} would do nothing")
        if fault.kind == "line lost" and fault.amount > hours:
            raise InvalidInput(f"faults: entry {i}: amount {fault.amount:g} must be at most the {hours:g} hours of the day")
    lost = [fault for fault in faults if fault.kind == "line lost"]
    if lost and plan.island is None:
        raise InvalidInput("faults: this plan does not say what it needs as an island")
    if len(lost) > 1 or any(fault.steps[-1] - fault.steps[0] != len(fault.steps) - 1 for fault in lost):
        raise InvalidInput("faults: the line is lost once, for steps in a row")
    return tuple(faults)


def planted(faults, kind, step, who=None):
    """The fault of a kind in a step, or None."""
    return next((f for f in faults if f.kind == kind and step in f.steps and who in (None, f.who)), None)
