"""The result of hours that hang together: dispatch and prices of each hour, and what stores do and are worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid.network import Network
from tefoundations.grid.periods.stores import Store
from tefoundations.inputs import one_of
from tefoundations.programmes import NEAR
from tefoundations.words import Explained, count

if TYPE_CHECKING:
    import pandas as pd

ARRAYS = ("load", "generation", "demand", "flow", "lmp", "multiplier", "dc_flow", "charge", "discharge", "stored",
          "stored_worth", "cost", "value")  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class CoupledSeries(Explained):
    """The optimum of hours that stores and ramps couple.

    It is no `DispatchSeries`: there each hour is an optimum of its own and belongs to a price regime. Here all hours are one
    optimum, and what an hour costs hangs on the others. What both hold has the same name, sign and unit.

    Parameters
    ----------
    net : Network
    stores : tuple of Store
    hours : float
        Length of a step.
    load : (T, n) float array
        Fixed load with shunts (MW).
    generation : (T, g) float array
        Output of each generator (MW).
    demand : (T, d) float array
        What each bid gets (MW).
    flow : (T, m) float array
        Flow of each line (MW).
    lmp : (T, n) float array
        Price at each bus ($/MWh): what one more MWh of load there in that step adds to the cost of all steps.
    multiplier : (T, m) float array
        Multiplier of each line ($/MWh), signed like its flow.
    dc_flow : (T, h) float array
        Flow of each DC line where it leaves (MW).
    charge, discharge : (T, s) float arrays
        What each store takes and gives at its bus (MW), both positive.
    stored : (T + 1, s) float array
        Stored when each step begins, and at the end (MWh).
    stored_worth : (T, s) float array
        What one more MWh put into each store during a step would save ($/MWh).
    cost : (T,) float array
        Cost of generation and of the wear of stores ($/h).
    value : (T,) float array
        What the served bids are worth ($/h).
    rows : int
        How many pairs of a step and a line became constraints.
    index : pandas.Index or None
        The steps as the table of loads names them; None counts them from 0.
    """

    net: Network
    stores: tuple[Store, ...]
    hours: float
    load: np.ndarray
    generation: np.ndarray
    demand: np.ndarray
    flow: np.ndarray
    lmp: np.ndarray
    multiplier: np.ndarray
    dc_flow: np.ndarray
    charge: np.ndarray
    discharge: np.ndarray
    stored: np.ndarray
    stored_worth: np.ndarray
    cost: np.ndarray
    value: np.ndarray
    rows: int
    index: pd.Index | None = None

    def __post_init__(self):
        for name in ARRAYS:
            getattr(self, name).flags.writeable = False

    @cached_property
    def _at(self):
        return [self.net.position(store.bus) for store in self.stores]

    @property
    def value_left(self) -> float:
        """What the energy left in all stores is worth at their end values ($)."""
        return float(self.stored[-1] @ [store.end_value for store in self.stores]) if self.stores else 0.0

    @cached_property
    def total_cost(self) -> float:
        """What is minimised ($): cost of all steps, less the value of served bids and of what is left in store."""
        return float(self.hours * (self.cost - self.value).sum()) - self.value_left

    @cached_property
    def store_income(self) -> np.ndarray:
        """(s,) float array: what each store receives for what it gives, less what it pays for what it takes ($)."""
        return self.hours * (self.lmp[:, self._at] * (self.discharge - self.charge)).sum(axis=0)

    @cached_property
    def congestion_rent(self) -> np.ndarray:
        """(T,) float array: what loads and charging stores pay less what generators and stores get ($/h)."""
        bids, units, lmp = self.net.bids.at, self.net.generators.at, self.lmp
        paid = (lmp * self.load).sum(axis=1) + (lmp[:, bids] * self.demand).sum(axis=1)
        got = (lmp[:, units] * self.generation).sum(axis=1)
        return paid - got - (lmp[:, self._at] * (self.discharge - self.charge)).sum(axis=1)

    @cached_property
    def both_ways(self) -> np.ndarray:
        """(T, s) bool array: where a store takes and gives at once, which it does only where losing energy is paid for.

        No battery can. Such a step is there only if a price at its bus is below 0, or energy is free.
        """
        most = np.array([(store.power, store.power_out) for store in self.stores]).reshape(-1, 2).T
        return (self.charge > NEAR * most[0]) & (self.discharge > NEAR * most[1])

    def to_frame(self, table: str = "buses") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"buses", "generators", "lines", "stores"}

        Returns
        -------
        pandas.DataFrame
            T rows (index as that of the loads, named `hour` if it has no name). buses: price at each ($/MWh). generators:
            output of each (MW). lines: flow of each (MW). stores: for each store charge, discharge (MW), stored at the end
            of the step (MWh) and stored_worth ($/MWh), columns (store, quantity).

        Raises
        ------
        InvalidInput
            Another table.
        """
        import pandas as pd

        one_of(table, ("buses", "generators", "lines", "stores"), "table")
        index = pd.RangeIndex(len(self)) if self.index is None else self.index
        index = index.rename("hour") if index.name is None else index
        if table == "stores":
            parts = {"charge": self.charge, "discharge": self.discharge, "stored": self.stored[1:],
                     "stored_worth": self.stored_worth}  # fmt: skip
            names = pd.MultiIndex.from_product([[store.name for store in self.stores], parts], names=["store", "quantity"])
            values = np.stack(list(parts.values()), axis=2).reshape(len(self), -1)
            return pd.DataFrame(values, index=index, columns=names)
        net = self.net
        values, columns = {
            "buses": (self.lmp, pd.Index(net.buses.bus, name="bus")),
            "generators": (self.generation, pd.Index(net.generators.name, name="generator")),
            "lines": (self.flow, pd.Index(net.lines.name, name="line")),
        }[table]
        return pd.DataFrame(values.copy(), index=index, columns=columns)

    def explain(self) -> str:
        """The hours in words: cost, prices, what each store does and earns, and how often which line was full.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.grid import Network, multi_period_opf
        >>> net = Network.from_frames({"bus": [1]}, {"from_bus": [], "to_bus": [], "x": []},
        ...     {"bus": [1, 1], "p_max": [50, 50], "cost": [20, 60]})
        >>> print(multi_period_opf(net, [[30], [70]], stores=[Store(1, energy=40, power=10)]).explain())
        2 hours: cost 2400 $.
        Prices from 20 to 60 $/MWh.
        Store 1: takes 10 MWh, gives 10 MWh, 0 MWh left; earns 400 $.
        """
        from tefoundations.grid.periods.words import coupled_words

        return coupled_words(self)

    def _at_a_glance(self):
        from tefoundations.grid.periods.words import coupled_glance

        return coupled_glance(self)

    def __len__(self):
        return len(self.cost)

    def __repr__(self):
        sizes = f"{count(len(self), 'step')}, {count(len(self.stores), 'store')}"
        return f"CoupledSeries({sizes}, cost {self.total_cost:.6g})"
