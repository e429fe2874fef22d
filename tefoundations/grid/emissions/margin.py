"""Marginal emissions: what one more megawatt-hour at a place adds to what comes out of all chimneys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid.dc.carbon import of_blocks, rates_of
from tefoundations.grid.emissions.sensitivity import why
from tefoundations.grid.emissions.sides import LESS, MORE, Motion
from tefoundations.grid.network import Network
from tefoundations.programmes import NEAR
from tefoundations.words import Explained, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.grid.dc.dispatch import Dispatch

SAME = 1e-7  # share of the dirtiest rate by which two sides may differ and be one


@dataclass(frozen=True, eq=False, repr=False)
class MarginalEmissions(Explained):
    """What load at each bus adds to emissions, at the margin.

    Parameters
    ----------
    net : Network
    rates : (g,) float array
        Carbon of each generator (t/MWh); nan where it is not known and does not matter.
    less, more : (n, 2) float arrays
        What the last megawatt-hour at each bus has added, and what the next one would (t/MWh): from least to greatest, two
        numbers only where units with the same cost tie. nan where load cannot fall, or not rise.
    generation : (g, n) float array or None
        How each generator moves (MW per MW); None at a kink.
    kink : str
        Why the last and the next may differ; empty where the dispatch is smooth.
    """

    net: Network
    rates: np.ndarray
    less: np.ndarray
    more: np.ndarray
    generation: np.ndarray | None = None
    kink: str = ""

    @cached_property
    def interval(self) -> np.ndarray:
        """(n, 2) float array: least and greatest of what the last and the next megawatt-hour may add (t/MWh)."""
        ends = np.hstack([self.less, self.more])
        return np.column_stack([ends.min(axis=1), ends.max(axis=1)])

    @cached_property
    def rate(self) -> np.ndarray:
        """(n,) float array: what a megawatt-hour at each bus adds (t/MWh); nan where the last and the next differ."""
        low, high = self.interval.T
        size = np.nanmax(np.abs(self.rates), initial=0.0)
        return np.where(high - low <= SAME * size, (low + high) / 2, np.nan)

    def to_frame(self) -> pd.DataFrame:
        """By bus.

        Returns
        -------
        pandas.DataFrame
            Index `bus`; columns rate, low, high (t/MWh): rate is nan where low and high differ.
        """
        import pandas as pd

        low, high = self.interval.T
        return pd.DataFrame({"rate": self.rate, "low": low, "high": high}, index=pd.Index(self.net.buses.bus, name="bus"))

    def explain(self, bus: object = None) -> str:
        """What a megawatt-hour adds, and from which chimneys.

        Parameters
        ----------
        bus : object, optional
            Label of a bus; default: a line for each.

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
        >>> from tefoundations.grid import Network, dc_opf, marginal_emissions
        >>> d = dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})
        >>> print(marginal_emissions(d, rates={"S1": 1.0, "S3": 0.4}).explain())
        bus 1: S1 +0.94902 x 1, S3 +0.0784314 x 0.4 = 0.980392 t/MWh
        bus 2: S1 -0.305882 x 1, S3 +0.470588 x 0.4 = -0.117647 t/MWh
        bus 3: S1 +0.196078 x 1, S3 +0.313725 x 0.4 = 0.321569 t/MWh
        """
        if bus is not None:
            return self._words(self.net.position(bus))
        told = [self._words(at) for at in range(len(self.net.buses))]
        return "\n".join([f"Kink: {self.kink}.", *told] if self.kink else told)

    def _words(self, at):
        head = f"bus {self.net.buses.bus[at]}:"
        if self.generation is None:
            return f"{head} the last MWh has added {_ends(self.less[at])}, the next adds {_ends(self.more[at])}"
        moved = np.flatnonzero(np.abs(self.generation[:, at]) > NEAR)
        parts = [
            f"{self.net.generators.name[unit]} {'+' if self.generation[unit, at] > 0 else '-'}"
            f"{say(abs(self.generation[unit, at]))} x {say(self.rates[unit])}"
            for unit in moved
        ]
        return f"{head} {listed(parts) or 'no generator moves'} = {say(self.rate[at])} t/MWh"

    def __repr__(self):
        low, high = self.interval.T
        if np.isnan(low).all():
            return f"MarginalEmissions({len(low)} buses, none can draw more and less)"
        return f"MarginalEmissions({len(low)} buses, {say(np.nanmin(low))} to {say(np.nanmax(high))} t/MWh)"

    def _at_a_glance(self):
        shown = [(f"bus {bus}, t/MWh", _ends(ends)) for bus, ends in zip(self.net.buses.bus[:6], self.interval)]
        more = len(self.net.buses) - len(shown)
        return [*shown, ("kink", self.kink or "none"), *[("other buses", more)][: min(more, 1)]]


def _ends(ends):
    if np.isnan(ends).any():
        return "nothing: it cannot be moved"
    low, high = say(ends[0]), say(ends[1])
    return f"{low} t/MWh" if low == high else f"{low} to {high} t/MWh"


def marginal_emissions(dispatch: Dispatch, *, rates: Mapping | ArrayLike | None = None) -> MarginalEmissions:
    """What one more megawatt-hour of load at each bus adds to the emissions of all generators.

    Parameters
    ----------
    dispatch : Dispatch
        From `dc_opf` or `DispatchModel.solve`.
    rates : dict or (g,) array, optional
        {generator: t/MWh} in the place of the column `co2` for these, an array for all. Those of generators that cannot move
        need not be known.

    Returns
    -------
    MarginalEmissions
        `rate` by bus (t/MWh); at a kink `less` and `more` and their `interval`. Under a carbon cap that is reached it is 0
        wherever the load can be served: the cap says what is emitted.

    Raises
    ------
    InvalidInput
        No dispatch, or one with conditions beside lines and a cap; an unknown generator.
    InvalidNetwork
        A generator that moves and whose `co2` is missing.

    Notes
    -----
    Where a tax t on carbon is in the costs, the price of bus i moves by d lambda_i / d t = the marginal emissions of bus i:
    both are derivatives of one optimum, by load and tax in the one order or the other.

    References
    ----------
    Ruiz, P. A. and Rudkevich, A. (2010), "Analysis of marginal carbon intensities in constrained power networks", Hawaii
    International Conference on System Sciences; Fuentes Valenzuela, L. et al. (2023), "Dynamic locational marginal emissions
    via implicit differentiation", IEEE Transactions on Power Systems.

    Examples
    --------
    One plant, one town: every megawatt-hour comes out of the one chimney.

    >>> from tefoundations.grid import Network, dc_opf
    >>> lines, plant = {"from_bus": [1], "to_bus": [2], "x": [0.1]}, {"bus": [1], "p_max": [200], "cost": [20], "co2": [0.9]}
    >>> marginal_emissions(dc_opf(Network.from_frames({"bus": [1, 2], "load": [0, 80]}, lines, plant))).rate
    array([0.9, 0.9])

    Three buses, coal at bus 1 and gas at bus 3, line 1-2 full: one more megawatt-hour at bus 2 makes coal step back.

    >>> from tefoundations.data import grid
    >>> d = dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})
    >>> marginal_emissions(d, rates={"S1": 1.0, "S3": 0.4}).rate.round(4)
    array([ 0.9804, -0.1176,  0.3216])
    """
    motion = Motion(dispatch)
    net = dispatch.net
    found, blocks = motion.smooth(), motion.blocks
    moves = motion.at.marginal if found is not None else motion.at.marginal | motion.reached
    needed = np.zeros(blocks.units, dtype=bool)
    needed[blocks.owner[moves & (blocks.owner < blocks.units)]] = True
    own = rates_of(net, rates, needed)
    known = np.where(np.isnan(own), 0.0, own)
    if found is not None:
        generation = blocks.generation(found[0].T).T
        each = known @ generation
        both = np.column_stack([each, each])
        return MarginalEmissions(net, own, both, both, generation)
    weights = of_blocks(blocks, known)
    less, more = (_to_one_side(motion, sign, weights) for sign in (LESS, MORE))
    return MarginalEmissions(net, own, less, more, kink=why(motion, dispatch))


def _to_one_side(motion, sign, weights):
    """(n, 2) float array: what one more (1) or less (-1) MWh at each bus adds, least and greatest; nan where none can be."""
    ends = np.full((len(motion.lmp), 2), np.nan)
    for bus in range(len(ends)):
        direction = motion.side(bus, sign)
        if direction is not None:
            ends[bus] = sorted(sign * end for end in direction.range_of(weights))
    return ends
