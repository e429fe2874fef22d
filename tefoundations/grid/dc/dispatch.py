"""The result of a DC-OPF: who produces, what flows, what power costs where, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid.dc.price_range import Evidence, beyond_end, full_lines, of_last, price_ranges
from tefoundations.grid.dc.wires import slack_weights
from tefoundations.grid.network import Network
from tefoundations.grid.words import one_price, price_words
from tefoundations.words import Explained

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Dispatch(Explained):
    """The optimum of a DC-OPF.

    The price of a bus (LMP) is what one more megawatt of load there adds to cost less value, positive when load costs money.
    Where the optimum has a kink there, a range of prices supports the same dispatch: `lmp` is one of them,
    `price_interval` is the range.

    Parameters
    ----------
    net : Network
    load : (n,) float array
        Fixed load with shunts (MW).
    generation : (g,) float array
        Output of each generator (MW).
    demand : (d,) float array
        What each bid gets (MW).
    flow : (m,) float array
        Flow of each line (MW), positive from `from_bus` to `to_bus`.
    dc_flow : (h,) float array
        Flow of each DC line where it leaves `from_bus` (MW).
    lmp : (n,) float array
        Price at each bus ($/MWh). One that is only rounding is 0, nothing else is rounded: equal prices may differ by it.
    multiplier : (m,) float array
        Multiplier of each line ($/MWh): what one more megawatt of its limit would save. Signed like the flow: positive for a
        line full from `from_bus` to `to_bus`, negative for one full the other way, 0 for all others.
    cost : float
        Cost of generation, and of DC lines ($/h).
    value : float
        What the served bids are worth ($/h).
    limits : (m,) float array, (m,) float array
        Lowest and highest flow allowed (MW), angle limits included.
    weights : (n,) float array
        The slack that prices are taken apart by; adds up to 1.
    carbon_price : float
        What a tonne of carbon costs ($/t): the tax, and what one more tonne of a cap would save.
    """

    net: Network
    load: np.ndarray
    generation: np.ndarray
    demand: np.ndarray
    flow: np.ndarray
    dc_flow: np.ndarray
    lmp: np.ndarray
    multiplier: np.ndarray
    cost: float
    value: float
    limits: tuple
    weights: np.ndarray
    _evidence: Evidence = field(repr=False)
    carbon_price: float = 0.0

    def __post_init__(self):
        for name in ("load", "generation", "demand", "flow", "dc_flow", "lmp", "multiplier"):
            getattr(self, name).flags.writeable = False

    @cached_property
    def congestion_rent(self) -> float:
        """What loads pay less what generators get ($/h).

        It is what the limits of lines are worth: the sum of multiplier times flow. Where there are phase shifters, only
        what injections drive counts of that flow, and not what a shifter drives through a full line by itself. What DC
        lines earn, buying at one end and selling at the other what is not lost, is in it too.
        """
        buses = len(self.load)
        taken = self.load + np.bincount(self.net.bids.at, self.demand, buses)
        return self.lmp @ (taken - np.bincount(self.net.generators.at, self.generation, buses))

    @cached_property
    def carbon(self) -> float:
        """Carbon dioxide of all generators (t/h); InvalidNetwork where one runs whose `co2` is missing."""
        from tefoundations.grid.dc.carbon import rates_of

        runs = self.generation != 0
        return float(np.where(runs, rates_of(self.net, needed=runs), 0.0) @ self.generation)

    @cached_property
    def mu_p_max(self) -> np.ndarray:
        """(g,) float array: multiplier of each generator's `p_max` ($/MWh): what one more megawatt of it would save, or 0.

        The price less the marginal cost at p_max; within the last piece of a piecewise linear cost, which p_max may end.
        """
        return self._mu(np.maximum, 1.0)

    @cached_property
    def mu_p_min(self) -> np.ndarray:
        """(g,) float array: multiplier of each generator's `p_min` ($/MWh): what one less of it would save, or 0."""
        return self._mu(np.minimum, -1.0)

    @property
    def dc_loss(self) -> np.ndarray:
        """(h,) float array: what each DC line loses (MW); the rest of its flow arrives at `to_bus`."""
        return self.net.dclines.loss0 + self.net.dclines.loss1 * self.dc_flow

    @cached_property
    def dc_multiplier(self) -> np.ndarray:
        """(h,) float array: what one more megawatt of a DC line's limit would save ($/MWh), signed like a line's.

        Positive for a line at its `p_max`, negative for one at its `p_min`, 0 for all others: what the next megawatt
        earns, sold where it arrives less bought where it leaves less its cost.
        """
        return of_last(self._evidence, self.lmp, len(self.dc_flow))

    @cached_property
    def price_interval(self) -> np.ndarray:
        """(n, 2) float array: lowest and highest price of each bus that supports this dispatch ($/MWh).

        What one megawatt less would save and one more would cost. Both are the LMP, except where a limit is only just
        reached; inf where not one more megawatt can be served.
        """
        return price_ranges(self)

    def transfer_price(self, from_bus: object, to_bus: object) -> float:
        """What a trade between two buses costs the network: the price where it ends less that where it begins.

        Parameters
        ----------
        from_bus, to_bus : object
            Labels of the buses at which power is put in and taken out.

        Returns
        -------
        float
            $/MWh, by the room that a megawatt takes up on full lines; below 0 for a trade that relieves them.

        Raises
        ------
        InvalidInput
            An unknown bus.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, dc_opf
        >>> d = dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})
        >>> round(d.transfer_price(1, 2), 6), round(d.transfer_price(2, 1), 6), round(d.transfer_price(3, 2), 6)
        (10.0, -10.0, 4.0)
        """
        return float(self.lmp[self.net.position(to_bus)] - self.lmp[self.net.position(from_bus)])

    def price_components(self, *, slack: object = None) -> pd.DataFrame:
        """Prices taken apart: energy, the same everywhere, and congestion.

        Parameters
        ----------
        slack : object, dict or "distributed", optional
            A bus, {bus: weight} or "distributed"; default as the dispatch was asked for. It moves the parts and never
            their sum.

        Returns
        -------
        pandas.DataFrame
            Index `bus`; columns energy and congestion ($/MWh), which add up to the price.

        Raises
        ------
        InvalidInput
            An unknown bus, weights that add up to 0.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, dc_opf
        >>> d = dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})
        >>> d.price_components(slack=3).round(6)  # doctest: +NORMALIZE_WHITESPACE
             energy  congestion
        bus
        1      15.0        -6.0
        2      15.0         4.0
        3      15.0         0.0
        """
        import pandas as pd

        energy = self._energy(slack)
        columns = {"energy": np.full(len(self.lmp), energy), "congestion": self.lmp - energy}
        return pd.DataFrame(columns, index=pd.Index(self.net.buses.bus, name="bus"))

    def line_components(self, *, slack: object = None) -> pd.DataFrame:
        """What each full line adds to the price of each bus.

        Parameters
        ----------
        slack : object, dict or "distributed", optional
            As in `price_components`.

        Returns
        -------
        pandas.DataFrame
            Index `bus`, one column a line with a multiplier ($/MWh); rows add up to the congestion part.

        Raises
        ------
        InvalidInput
            An unknown bus, weights that add up to 0.
        """
        import pandas as pd

        weights = self._slack(slack)
        full = np.flatnonzero(self.multiplier)
        parts = -self._evidence.wires.factors(full, weights).T * self.multiplier[full] + 0.0
        return pd.DataFrame(
            parts, index=pd.Index(self.net.buses.bus, name="bus"), columns=self.net.lines.name[full].tolist()
        )

    def to_frame(self, table: str = "buses") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"buses", "lines", "generators", "bids", "dclines"}

        Returns
        -------
        pandas.DataFrame
            buses: load, demand, generation (MW), lmp, energy, congestion ($/MWh). lines: flow, limit in the direction of
            the flow (MW), multiplier ($/MWh). generators: bus, output (MW), price ($/MWh), revenue ($/h), mu_p_min, mu_p_max
            ($/MWh). bids: bus, demand (MW), price ($/MWh), payment ($/h). dclines: flow, loss (MW), price at both ends,
            multiplier ($/MWh), rent ($/h): what it earns.

        Raises
        ------
        InvalidInput
            Another table.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, dc_opf
        >>> d = dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})
        >>> d.to_frame("lines").round(6)  # doctest: +NORMALIZE_WHITESPACE
              flow  limit  multiplier
        line
        1-2   45.0   45.0        20.0
        1-3   35.0    inf         0.0
        2-3  -60.0    inf         0.0
        """
        from tefoundations.grid.dc.words import dispatch_frame

        return dispatch_frame(self, table)

    def explain(self, bus: object = None) -> str:
        """The arithmetic of a price, or of the whole result, in words.

        Parameters
        ----------
        bus : object, optional
            Label of a bus; default: a line for the whole and one for every bus.

        Returns
        -------
        str

        Raises
        ------
        InvalidInput
            An unknown bus.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, dc_opf
        >>> print(dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45}).explain())
        Cost 1060 $/h, worth of served bids 3345 $/h, congestion rent 900 $/h.
        Line 1-2 is full: 45 MW; one more would save 20 $/h.
        bus 1: 9, no congestion = 9
        bus 2: 9 + 10 congestion on line 1-2 = 19
        bus 3: 9 + 6 congestion on line 1-2 = 15
        """
        from tefoundations.grid.dc.words import bus_words, dispatch_words

        return dispatch_words(self) if bus is None else bus_words(self, self.net.position(bus))

    def _mu(self, outermost, sign):
        return beyond_end(self._evidence, self._price_of_units(), outermost, sign)

    def _price_of_units(self):
        """What a megawatt of each generator is worth: the price at its bus, unless a wing knows more."""
        return self.lmp[self.net.generators.at]

    def _full_now(self):
        """Lines at a limit with nothing lost: see `full_lines`."""
        return full_lines(self)

    def _energy(self, slack=None):
        return float(self._slack(slack) @ self.lmp)

    def _slack(self, slack=None):
        return self.weights if slack is None else slack_weights(self.net, slack, self.load - self.net.buses.g_shunt)

    def __repr__(self):
        price = f"{'one price' if one_price(self.lmp) else 'prices'} {price_words(self.lmp)}"
        return f"Dispatch({self.load.sum() + self.demand.sum():.6g} MW, cost {self.cost:.6g}, {price})"

    def _at_a_glance(self):
        from tefoundations.grid.dc.words import dispatch_glance

        return dispatch_glance(self)
