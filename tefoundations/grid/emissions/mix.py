"""Whose power is it: emissions traced along the flows, as if every bus mixed what comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.dc.carbon import rates_of
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.network import Network
from tefoundations.inputs import instance
from tefoundations.programmes import NEAR
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class TracedEmissions(Explained):
    """The average carbon of what passes each bus, and what its load is charged with.

    Parameters
    ----------
    net : Network
    rate : (n,) float array
        Carbon of a megawatt-hour that passes the bus (t/MWh); nan where nothing passes.
    load : (n,) float array
        What is drawn at the bus (MW), by fixed load and bids.
    carbon : (n,) float array
        Carbon that this load is charged with (t/h); the sum over buses is what all generators emit.
    """

    net: Network
    rate: np.ndarray
    load: np.ndarray
    carbon: np.ndarray

    def to_frame(self) -> pd.DataFrame:
        """By bus.

        Returns
        -------
        pandas.DataFrame
            Index `bus`; columns rate (t/MWh), load (MW), carbon (t/h).
        """
        import pandas as pd

        columns = {"rate": self.rate, "load": self.load, "carbon": self.carbon}
        return pd.DataFrame(columns, index=pd.Index(self.net.buses.bus, name="bus"))

    def explain(self) -> str:
        """What each bus is charged with, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, dc_opf, traced_emissions
        >>> d = dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})
        >>> print(traced_emissions(d, rates={"S1": 1.0, "S3": 0.4}).explain())
        All generators together: 96 t/h.
        bus 1: 0 MW at 1 t/MWh = 0 t/h
        bus 2: 105 MW at 0.817143 t/MWh = 85.8 t/h
        bus 3: 15 MW at 0.68 t/MWh = 10.2 t/h
        """
        told = [f"All generators together: {say(self.carbon.sum())} t/h."]
        for bus, rate, load, carbon in zip(self.net.buses.bus, self.rate, self.load, self.carbon):
            words = "nothing passes" if np.isnan(rate) else f"{say(load)} MW at {say(rate)} t/MWh = {say(carbon)} t/h"
            told.append(f"bus {bus}: {words}")
        return "\n".join(told)

    def __repr__(self):
        return f"TracedEmissions({len(self.rate)} buses, {say(self.carbon.sum())} t/h)"

    def _at_a_glance(self):
        served = self.load.sum()
        average = f"{say(self.carbon.sum() / served)}" if served else "no load"
        return [("carbon, t/h", say(self.carbon.sum())), ("load, MW", say(served)), ("average, t/MWh", average)]


def traced_emissions(dispatch: Dispatch, *, rates: Mapping | ArrayLike | None = None) -> TracedEmissions:
    """The average carbon of consumption by bus, traced along the flows.

    Every bus is taken to mix what its generators make and what its lines bring, and to hand on the mixture. It is a way to
    share what is emitted, which adds up; it does not say what would change if somebody drew more (`marginal_emissions`).

    Parameters
    ----------
    dispatch : Dispatch
        From `dc_opf` or `DispatchModel.solve`.
    rates : dict or (g,) array, optional
        {generator: t/MWh} in the place of the column `co2` for these, an array for all. Those of generators that stand
        still need not be known.

    Returns
    -------
    TracedEmissions

    Raises
    ------
    InvalidInput
        No dispatch, an unknown generator, a fixed load below 0: a source whose carbon nobody knows.
    InvalidNetwork
        A generator that runs and whose `co2` is missing.

    Notes
    -----
    A generator with a negative output is a load. What a DC line loses keeps its carbon: who gets the rest is charged for it.

    References
    ----------
    Bialek, J. (1996), "Tracing the flow of electricity", IEE Proceedings - Generation, Transmission and Distribution 143(4),
    313-320 (proportional sharing).

    Examples
    --------
    A plant that stands still and a town without load: nothing passes.

    >>> from tefoundations.grid import Network, dc_opf
    >>> lines, plant = {"from_bus": [1], "to_bus": [2], "x": [0.1]}, {"bus": [1], "p_max": [200], "cost": [20], "co2": [0.9]}
    >>> traced_emissions(dc_opf(Network.from_frames({"bus": [1, 2]}, lines, plant))).rate
    array([nan, nan])
    >>> traced_emissions(dc_opf(Network.from_frames({"bus": [1, 2], "load": [0, 80]}, lines, plant))).carbon
    array([ 0., 72.])
    """
    instance(dispatch, Dispatch, "dispatch", advice="make one with dc_opf")
    net, n = dispatch.net, len(dispatch.lmp)
    for bus in np.flatnonzero(dispatch.load < 0)[:1]:
        source = f"bus {net.buses.bus[bus]} has a load of {say(dispatch.load[bus])} MW, a source whose carbon is not known"
        raise InvalidInput(f"dispatch: {source}; make it a generator with co2")
    output = dispatch.generation
    known = rates_of(net, rates, output > 0)
    made = np.maximum(output, 0.0)
    emitted = np.where(output > 0, known, 0.0) * made
    load = dispatch.load + np.bincount(net.bids.at, dispatch.demand, n)
    load += np.bincount(net.generators.at, np.maximum(-output, 0.0), n)
    sources, carbon = np.bincount(net.generators.at, made, n), np.bincount(net.generators.at, emitted, n)
    rate = _mixed(n, sources, carbon, load, _arcs(dispatch))
    return TracedEmissions(net, rate, load, np.where(load > 0, rate, 0.0) * load)


def _arcs(dispatch):
    """Where power goes: from (a,), to (a,), what leaves and what arrives (a,) MW; what is rounding is left out."""
    net, dc = dispatch.net, dispatch.net.dclines
    start, end = np.concatenate([net.lines.start, dc.start]), np.concatenate([net.lines.end, dc.end])
    leaves = np.concatenate([dispatch.flow, dispatch.dc_flow])
    arrives = np.concatenate([dispatch.flow, dispatch.dc_flow - dispatch.dc_loss])
    back = leaves < 0
    start, end = np.where(back, end, start), np.where(back, start, end)
    leaves, arrives = np.where(back, -arrives, leaves), np.where(back, -leaves, arrives)
    through = np.bincount(start, np.abs(leaves), len(dispatch.lmp)) + np.bincount(end, np.abs(arrives), len(dispatch.lmp))
    real = leaves > NEAR * np.maximum(through[start], through[end])
    return start[real], end[real], leaves[real], np.maximum(arrives[real], 0.0)


def _mixed(n, sources, carbon, load, arcs):
    """The rate of each bus (t/MWh): what comes in of carbon, over all that leaves; nan where nothing comes from a source."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import splu

    start, end, leaves, _ = arcs
    served, grown = sources > 0, True
    while grown:  # what circles without a source has no origin
        reached = np.bincount(end, served[start], n) > 0
        grown = bool((reached & ~served).any())
        served |= reached
    rate, at = np.full(n, np.nan), np.flatnonzero(served)
    if not len(at):
        return rate
    place = np.full(n, -1)
    place[at] = np.arange(len(at))
    inner = served[start]
    handed = np.bincount(start, leaves, n) + load
    # handed_i rate_i = carbon_i + sum of leaves_l rate_start(l)
    rows = np.concatenate([np.arange(len(at)), place[end[inner]]])
    columns = np.concatenate([np.arange(len(at)), place[start[inner]]])
    values = np.concatenate([np.where(handed[at] > 0, handed[at], 1.0), -leaves[inner]])
    rate[at] = splu(coo_array((values, (rows, columns)), shape=(len(at), len(at))).tocsc()).solve(carbon[at])
    return rate
