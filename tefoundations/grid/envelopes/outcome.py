"""What a rule gives: a limit of export for each member, their sum, and the limits of the feeder that hold it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.programmes import NEAR
from tefoundations.words import Explained, listed, percent, say

if TYPE_CHECKING:
    import pandas as pd

    from tefoundations.grid.network import Network

WORDS = {
    "most": "The largest sum", "equal": "The most equal limits in MW", "log": "The largest product",
    "proportional": "The most equal shares of what is wanted", "share": "One share for all", "hosting": "Roofs of one size",
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Envelopes(Explained):
    """Limits of export on a feeder, all of which can be used at once, or any part of them.

    Parameters
    ----------
    net : Network
    member : (k,) array
        Names.
    bus : (k,) array
        Label of the bus of each.
    wanted : (k,) float array
        What each would send (MW); inf where any size would do.
    limit : (k,) float array
        What each may send (MW).
    rule : str
        As in `export_limits`; "hosting" from `hosting_capacity`.
    binding : tuple of str
        Limits of the feeder that are reached when all send what they may: "line 4-8", "voltage of bus 10". Where a voltage
        is reached at buses that follow each other, the one that is nearest to the slack is named.
    """

    net: Network
    member: np.ndarray
    bus: np.ndarray
    wanted: np.ndarray
    limit: np.ndarray
    rule: str
    binding: tuple[str, ...]

    def __post_init__(self):
        for name in ("member", "bus", "wanted", "limit"):
            getattr(self, name).flags.writeable = False

    @property
    def total(self) -> float:
        """float: sum of all limits (MW)."""
        return float(self.limit.sum())

    @property
    def cut(self) -> np.ndarray:
        """(k,) float array: what each wants and may not send (MW)."""
        less = np.subtract(self.wanted, self.limit, out=np.zeros(len(self.limit)), where=np.isfinite(self.limit))
        return np.where(less > NEAR * self.wanted, less, 0.0)

    def to_frame(self) -> pd.DataFrame:
        """The limits as a table.

        Returns
        -------
        pandas.DataFrame
            By member: bus, wanted, limit, cut (MW).
        """
        import pandas as pd

        columns = {"bus": self.bus, "wanted": self.wanted, "limit": self.limit, "cut": self.cut}
        return pd.DataFrame(columns, index=pd.Index(self.member, name="member"))

    def explain(self) -> str:
        """The rule, the sum, who is cut, and what stands in the way.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, export_limits
        >>> net = Network.from_frames(**grid("feeder5"))
        >>> print(export_limits(net, [0] * 5, q_load=[0] * 5, members=[2, 3], wanted=[1, 5], v_max=1.05).explain())
        The largest sum: 3.72059 of 6 MW that are wanted (62%).
        Cut: 3 (5 to 2.72059 MW).
        Full: voltage of bus 3.
        """
        full = f"Full: {listed(self.binding)}." if self.binding else "Nothing is full."
        rule = WORDS[self.rule]
        if self.rule == "hosting":
            each = f"{say(self.limit[0], self.limit[0])} MW" if len(self.limit) else "none"
            return f"{rule}: {each} at each of {len(self.limit)}, {say(self.total, self.total)} MW together.\n{full}"
        wanted = float(self.wanted.sum())
        share = f" ({percent(min(1.0, self.total / wanted))})" if wanted > 0 else ""
        head = f"{rule}: {say(self.total, wanted)} of {say(wanted, wanted)} MW that are wanted{share}."
        cut = [
            f"{name} ({say(want, want)} to {say(most, want)} MW)"
            for name, want, most, less in zip(self.member, self.wanted, self.limit, self.cut)
            if less > 0
        ]
        return "\n".join([head, f"Cut: {listed(cut)}." if cut else "Nobody is cut.", full])

    def __repr__(self):
        return f"Envelopes({self.rule}: {say(self.total, self.total)} MW, {len(self.limit)} members)"

    def _at_a_glance(self):
        return [
            ("rule", WORDS[self.rule].lower()),
            ("sum, MW", say(self.total, self.total)),
            ("cut", listed(self.member[self.cut > 0]) or "nobody"),
            ("full", listed(self.binding) or "nothing"),
        ]
