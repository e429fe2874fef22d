"""Carbon in a DC-OPF: a tax is a part of the costs; a cap is one more row of the market, and its dual a price of a tonne."""

from dataclasses import replace

import numpy as np

from tefoundations.errors import Infeasible, InvalidNetwork
from tefoundations.grid.columns import replaced
from tefoundations.grid.dc.lazy_lines import LazyLines
from tefoundations.inputs import not_negative, number
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import MISSING, say, shown


def rates_of(net, given=None, needed=None):
    """Carbon of a megawatt-hour of each generator.

    Parameters
    ----------
    net : Network
    given : dict or (g,) array, optional
        {generator: t/MWh} replaces the column `co2` for these, an array for all.
    needed : (g,) bool array, optional
        Generators whose rate must be known; default all.

    Returns
    -------
    (g,) float array
        t/MWh; nan where it is neither known nor needed.

    Raises
    ------
    InvalidInput, InvalidNetwork
        An unknown generator, a rate that is no finite number, one that is needed and missing.
    """
    units = net.generators
    rates = replaced(given, units.co2, {name: row for row, name in enumerate(units.name)}, "rates", "generator", "co2")
    missing = np.isnan(rates) if needed is None else np.isnan(rates) & needed
    for row in np.flatnonzero(missing)[:1]:
        message = f"{MISSING}: carbon cannot be counted without that of {shown(units.name[row])} (t/MWh)"
        raise InvalidNetwork(message, table="generators", row=int(row), column="co2")
    return rates


def of_blocks(blocks, rates):
    """(k,) float array: carbon of a megawatt-hour of each block (t/MWh); bids and DC lines have none."""
    return np.concatenate([rates, np.zeros(blocks.bids + blocks.dclines)])[blocks.owner]


def taxed(blocks, tonnes, price):
    """The blocks at costs that hold what a tonne costs; `tonnes` are (k,) t/MWh, the price is in $/t."""
    return replace(blocks, cost=blocks.cost + price * tonnes)


class CarbonPolicy:
    """What a model must know of carbon: the rates, and, under a cap, a market with one more row, kept between solves.

    Parameters
    ----------
    net : Network
    wires : Wires
    blocks : Blocks
        Those of the network, without a tax.

    Raises
    ------
    InvalidNetwork
        A generator whose `co2` is missing.
    """

    def __init__(self, net, wires, blocks):
        self.tonnes = of_blocks(blocks, rates_of(net))
        self.scale = np.abs(self.tonnes).max(initial=0.0) or 1.0  # the row that a solver sees is near one
        self.lines = LazyLines(wires, blocks, self.tonnes[None] / self.scale)

    def clear(self, blocks, cap, drawn, low, high):
        """The optimum under a cap (t/h).

        Returns
        -------
        MarketOptimum, (m,) float array, float, bool
            Injections, flows (MW), what one more tonne of the cap would save ($/t), and whether the cap is reached.

        Raises
        ------
        NoSolution
            No dispatch keeps all limits and the cap.
        """
        self.lines.offer(blocks)
        optimum, flow = self.lines.clear(drawn, low, high, [cap / self.scale])
        tonne = float(-optimum.multiplier[0]) / self.scale
        emitted, made = self.tonnes @ optimum.injection, np.abs(self.tonnes) @ np.abs(optimum.injection)
        dearest = np.abs(blocks.cost).max(initial=0.0) / self.scale
        tonne = 0.0 if is_zero(tonne, of=dearest, share=NEAR) else tonne
        return optimum, flow, tonne, bool(tonne or is_zero(emitted - cap, of=made, share=NEAR))

    def least(self, blocks, drawn, low, high):
        """The least carbon (t/h) with which this load can be served; NoSolution where it cannot be at all."""
        by_carbon = replace(blocks, cost=self.tonnes, cost2=np.zeros(len(self.tonnes)))
        optimum, _ = LazyLines(self.lines.wires, by_carbon).clear(drawn, low, high)
        return float(self.tonnes @ optimum.injection)

    def above(self, cap, blocks, drawn, low, high):
        """The error for a cap that cannot be kept; NoSolution where the load could not be served without it either."""
        least = self.least(blocks, drawn, low, high)
        least = say(least, least)
        return Infeasible(f"carbon_cap {say(cap, cap)} t/h: this load cannot be served with less than {least} t/h")


def read_policy(carbon_price, carbon_cap):
    """Price ($/t) and cap (t/h or None) as numbers; InvalidInput for a price below 0, and what is no finite number."""
    cap = None if carbon_cap is None else number(carbon_cap, "carbon_cap", unit="(t/h)")
    return not_negative(carbon_price, "carbon_price", unit="($/t)"), cap
