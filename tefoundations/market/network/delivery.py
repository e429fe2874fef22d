"""Whether a network can deliver what a market without a map has agreed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid import Network, dc_power_flow
from tefoundations.inputs import instance
from tefoundations.market.clearing import Clearing
from tefoundations.market.network.clearing import bus_positions
from tefoundations.words import Explained, listed, say

if TYPE_CHECKING:
    import pandas as pd

    from tefoundations.market.clearing import Clearing

__all__ = ["deliverable", "Delivery"]


@dataclass(frozen=True, eq=False, repr=False)
class Delivery(Explained):
    """The finding of `deliverable`.

    Parameters
    ----------
    possible : bool
        Whether every line can carry its part.
    flow : (m,) float array
        Flow of each line (MW), positive from `from_bus` to `to_bus`.
    overloaded : tuple of str
        Names of the lines that cannot.
    net : Network
    """

    possible: bool
    flow: np.ndarray
    overloaded: tuple
    net: Network

    def to_frame(self) -> pd.DataFrame:
        """One row a line.

        Returns
        -------
        pandas.DataFrame
            Index `line`; from_bus, to_bus, flow and limit (MW), possible.
        """
        import pandas as pd

        lines, fits = self.net.lines, ~np.isin(self.net.lines.name.astype(str), self.overloaded)
        columns = {
            "from_bus": lines.from_bus,
            "to_bus": lines.to_bus,
            "flow": self.flow,
            "limit": lines.limit,
            "possible": fits,
        }
        return pd.DataFrame(columns, index=pd.Index(lines.name, name="line"))

    def explain(self) -> str:
        """Which lines say no, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> net = Network.from_frames(**grid("three_bus"))
        >>> print(Delivery(True, np.zeros(3), (), net).explain())
        Deliverable: every line can carry its part.
        """
        if self.possible:
            return "Deliverable: every line can carry its part."
        lines = {str(name): i for i, name in enumerate(self.net.lines.name)}
        words = [f"line {name} would carry {abs(self.flow[lines[name]]):.6g} MW of {self.net.lines.limit[lines[name]]:.6g}"
                 for name in self.overloaded]  # fmt: skip
        return f"Not deliverable: {'; '.join(words)}."

    def _at_a_glance(self):
        most = say(np.abs(self.flow).max()) if len(self.flow) else "none"
        over = listed(self.overloaded) or "none"
        return [("deliverable", "yes" if self.possible else "no"), ("largest flow, MW", most), ("overloaded lines", over)]

    def __repr__(self):
        over = f"overloaded: {listed(self.overloaded)}" if self.overloaded else "none overloaded"
        return f"Delivery({'possible' if self.possible else 'not possible'}, {len(self.flow)} lines, {over})"


def deliverable(clearing: Clearing, net: Network, *, susceptance: str = "x_tap") -> Delivery:
    """Can the lines carry what a market without a map has agreed on?

    Parameters
    ----------
    clearing : Clearing
        Of a book whose orders have a bus; quantities in MW.
    net : Network
        Its buses and lines.
    susceptance : {"x_tap", "x", "r_x"}
        As in `tefoundations.grid.dc_opf`.

    Returns
    -------
    Delivery

    Raises
    ------
    InvalidInput
        What is no clearing or no network.
    InvalidOrder
        An order without a bus, or at a bus that the network does not have; names side and row.

    Examples
    --------
    Nothing traded, nothing to deliver:

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> from tefoundations.market import OrderBook, uniform_price
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> deliverable(uniform_price(OrderBook.of()), net).explain()
    'Deliverable: every line can carry its part.'
    """
    instance(clearing, Clearing, "clearing", advice="a mechanism makes one of a book")
    instance(net, Network, "net", advice="Network.from_frames makes one")
    injection = np.zeros(len(net.buses))
    np.add.at(injection, bus_positions(clearing.book.asks, net), clearing.ask_quantity)
    np.add.at(injection, bus_positions(clearing.book.bids, net), -clearing.bid_quantity)
    flow = dc_power_flow(net, injection=injection, susceptance=susceptance)
    return Delivery(not flow.overloaded, flow.flow, flow.overloaded, net)
