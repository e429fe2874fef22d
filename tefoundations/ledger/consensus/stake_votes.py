"""Votes for checkpoints: what they justify and finalise, and which two of them by one hand cost it its stake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Checkpoint:
    """A block at the border of an epoch.

    Parameters
    ----------
    epoch : int
        Number of the epoch it opens.
    block : bytes
        Identifier of the block.

    Examples
    --------
    >>> Checkpoint(1, b"a") < Checkpoint(2, b"a")
    True
    """

    epoch: int
    block: bytes


@dataclass(frozen=True)
class Vote:
    """A validator says: from this justified checkpoint to that one.

    Parameters
    ----------
    validator : int
        Who votes.
    source, target : Checkpoint
        From where to where.

    Examples
    --------
    >>> Vote(0, Checkpoint(0, b"a"), Checkpoint(1, b"b")).target.epoch
    1
    """

    validator: int
    source: Checkpoint
    target: Checkpoint


def slashable(votes: Iterable[Vote]) -> dict:
    """Pairs of votes that no honest validator casts, as {validator: (kind, vote, vote)}, the first pair found of each.

    *Double*: two different votes for targets of one epoch, be it two targets or one target from two sources. *Surround*: one
    vote spans the other, source before source and target after target.

    Parameters
    ----------
    votes : sequence of Vote
        Signed by their validators; anybody may have gathered them.

    Returns
    -------
    dict

    References
    ----------
    V. Buterin and V. Griffith, "Casper the friendly finality gadget", arXiv:1710.09437, 2017.

    Examples
    --------
    >>> a, b, c = Checkpoint(0, b"a"), Checkpoint(1, b"b"), Checkpoint(1, b"c")
    >>> found = slashable([Vote(0, a, b), Vote(1, a, b), Vote(0, a, c)])
    >>> [(who, kind) for who, (kind, _, _) in found.items()]
    [(0, 'double')]
    """
    found, by_validator = {}, {}
    for vote in votes:
        before = by_validator.setdefault(vote.validator, [])
        for other in before:
            kind = _kind(vote, other)
            if kind and vote.validator not in found:
                found[vote.validator] = (kind, other, vote)
        if vote not in before:
            before.append(vote)
    return dict(sorted(found.items()))


def _kind(one, other):
    if one.target.epoch == other.target.epoch and one != other:
        return "double"
    inner, outer = sorted((one, other), key=lambda vote: -vote.source.epoch)
    spans = outer.source.epoch < inner.source.epoch and inner.target.epoch < outer.target.epoch
    return "surround" if spans else ""


class Finality:
    """What one node takes for justified and final, from the votes it has heard."""

    def __init__(self, stakes, first):
        self.stakes, self.total = stakes, sum(stakes)
        self.justified, self.finalised = {first: True}, {first: True}
        self.newest_first = [first]  # the justified ones
        self.links, self.votes = {}, {}  # (source, target) -> stake behind it; votes heard, in order

    def hear(self, vote):
        """Count a vote, once."""
        if vote not in self.votes:
            self.votes[vote] = True
            link = (vote.source, vote.target)
            self.links[link] = self.links.get(link, 0) + self.stakes[vote.validator]

    def conclude(self):
        """Two thirds of the stake justify a target from a justified source; a source is final if the next epoch follows."""
        again = True
        while again:
            again = False
            for (source, target), stake in self.links.items():
                if 3 * stake >= 2 * self.total and source in self.justified:
                    if target not in self.justified:
                        self.justified[target] = again = True
                    if target.epoch == source.epoch + 1 and source not in self.finalised:
                        self.finalised[source] = again = True
        self.newest_first = sorted(self.justified, reverse=True)
