"""Who pays for the wires: one cost, and five keys by which it is shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_same, index_of
from tefoundations.inputs import not_negative, numbers, one_of, positive
from tefoundations.words import Explained, count, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class WireShares(Explained):
    """What each member pays for the wires by each key; `share_wires` makes it.

    Attributes
    ----------
    members : (n,) tuple of str
    cost : float
        Of the wires (ct).
    shares : dict of str to (n,) float array
        What each pays (ct), by the name of the key: "kWh taken", "kWh used", "head", "own peak", "shared peak".
    peak_step : int
        The step in which all together take most.
    """

    members: tuple[str, ...]
    cost: float
    shares: dict[str, np.ndarray]
    peak_step: int

    def by(self, key: str) -> np.ndarray:
        """What each member pays by one key.

        Parameters
        ----------
        key : str
            One of the names in `shares`.

        Returns
        -------
        (n,) float array
            ct.

        Raises
        ------
        InvalidInput
            A key that is not there.

        Examples
        --------
        >>> share_wires([[3, 1], [-2, 1]], [[3, 1], [1, 1]], cost=100).by("shared peak")
        array([75., 25.])
        """
        return self.shares[one_of(key, self.shares, "key")].copy()

    def explain(self) -> str:
        """Who pays most and least by each key.

        Returns
        -------
        str

        Examples
        --------
        >>> print(share_wires([[3, 1], [-2, 1]], [[3, 1], [1, 1]], cost=100).explain())
        The wires cost 100 ct, and 2 members share them.
        kWh taken: member 0 pays most, 60 ct; member 1 least, 40 ct.
        kWh used: member 0 pays most, 66.6667 ct; member 1 least, 33.3333 ct.
        head: member 0 pays most, 50 ct; member 0 least, 50 ct.
        own peak: member 0 pays most, 75 ct; member 1 least, 25 ct.
        shared peak: member 0 pays most, 75 ct; member 1 least, 25 ct.
        """
        lines = [f"The wires cost {say(self.cost, self.cost)} ct, and {count(len(self.members), 'member')} share them."]
        for key, paid in self.shares.items():
            (most, high), (least, low) = (
                (self.members[place], say(paid[place], self.cost)) for place in (int(paid.argmax()), int(paid.argmin()))
            )
            lines.append(f"{key}: {most} pays most, {high} ct; {least} least, {low} ct.")
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """One row a member, one column a key.

        Returns
        -------
        pandas.DataFrame
            Index member; ct.
        """
        import pandas as pd

        return pd.DataFrame(self.shares, index=pd.Index(self.members, name="member"))

    def _at_a_glance(self):
        return [("cost, ct", self.cost)] + [(f"{key}: most, ct", float(paid.max())) for key, paid in self.shares.items()]

    def __repr__(self):
        return f"WireShares({count(len(self.members), 'member')}, {say(self.cost, self.cost)} ct, {len(self.shares)} keys)"


def share_wires(net: ArrayLike, load: ArrayLike, *, cost: float, hours: float = 0.5) -> WireShares:
    """What each member of a street pays for the wires, by five keys.

    - *kWh taken*: what the meter has counted in. What comes from the own roof is free of it.
    - *kWh used*: also what comes from the own roof.
    - *head*: the same for each.
    - *own peak*: the most that each takes in any step.
    - *shared peak*: what each takes in the step in which all together take most; who gives in it pays nothing.

    Parameters
    ----------
    net : (T, n) array or pandas.DataFrame
        Net load (kWh a step): above 0 taken from the street, below 0 given to it. A table has a column for each member.
    load : (T, n) array or pandas.DataFrame
        What each uses (kWh a step), at least 0 and at least `net`.
    cost : float
        Of the wires (ct), to be shared out whole.
    hours : float
        Length of a step, by which an index of times is checked.

    Returns
    -------
    WireShares

    Raises
    ------
    InvalidInput
        Tables that are not of the same steps and members; a load below the net load; members who together never take
        anything.

    Examples
    --------
    >>> share_wires([[3, 1], [-2, 1]], [[3, 1], [1, 1]], cost=100).to_frame().loc["member 0"].round(1).to_dict()
    {'kWh taken': 60.0, 'kWh used': 66.7, 'head': 50.0, 'own peak': 75.0, 'shared peak': 75.0}
    """
    cost, hours = not_negative(cost, "cost", unit="(ct)"), positive(hours, "hours", unit="(hours)")
    flow, used = numbers(net, "net", ndim=2, place="entry"), numbers(load, "load", least=0, ndim=2, place="entry")
    members, others = _members(net, flow.shape[1]), _members(load, used.shape[1])
    if flow.shape != used.shape or members != others:
        raise InvalidInput(
            f"load must be of the same steps and members as net: {flow.shape[0]} steps of {listed(members)}, "
            f"not {used.shape[0]} of {listed(others)}"
        )
    check_same(index_of(load, "load", hours=hours), "load", index_of(net, "net", hours=hours), "net")
    for step, place in np.argwhere(used < flow * (1 - 1e-9))[:1]:
        raise InvalidInput(
            f"step {step}: {members[place]} takes {flow[step, place]:g} kWh and uses {used[step, place]:g}; "
            "nobody takes more than it uses"
        )
    together, taken = flow.sum(axis=1), np.maximum(flow, 0.0)
    if not together.size or together.max() <= 0:
        raise InvalidInput("net: all members together take nothing in any step, so no peak says who pays")
    peak = int(together.argmax())
    keys = {
        "kWh taken": taken.sum(axis=0), "kWh used": used.sum(axis=0), "head": np.ones(len(members)),
        "own peak": taken.max(axis=0), "shared peak": taken[peak],
    }  # fmt: skip
    return WireShares(members, cost, {key: cost * (each / each.sum()) for key, each in keys.items()}, peak)


def _members(table, width):
    if not hasattr(table, "columns"):
        return tuple(f"member {place}" for place in range(width))
    names = tuple(map(str, table.columns))
    for name in names:
        if names.count(name) > 1:
            raise InvalidInput(f"net and load: member {name!r} stands there twice")
    return names
