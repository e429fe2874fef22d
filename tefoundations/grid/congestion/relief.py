"""Redispatch: a market has sold more than the lines carry, and the grid pays units to change what they do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.grid.congestion.schedules import bid_worths, read_schedule, refuse_dc_lines, unit_costs
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.dc.optimum import DispatchModel
from tefoundations.grid.dc.price_range import Evidence
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.grid.offers import blocks_of, fixed_draw, with_offers
from tefoundations.inputs import one_of, sequence
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import Explained, listed, say, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network


@dataclass(frozen=True, eq=False, repr=False)
class Redispatch(Explained):
    """The cheapest change of a schedule that the lines allow.

    Changes are positive where more is made or taken than was sold. Money that the grid pays is positive.

    Parameters
    ----------
    generation : (g,) float array
        What each generator had sold (MW).
    demand : (d,) float array
        What each bid had bought (MW).
    price : (n,) float array or None
        At what price, at each bus ($/MWh); None where the schedule has none.
    change : (g,) float array
        What each generator makes more than it had sold (MW).
    demand_change : (d,) float array
        What each bid gets more than it had bought (MW).
    cost : float
        What the change costs all together ($/h): what is made costs more, and what is used is worth less. It is what
        the grid pays if everybody is made whole at true costs.
    payment : float
        What the grid pays if it trades every change at the price of its bus after it ($/h).
    after : Dispatch
        What is made, flows and is worth after the change; `lmp` are the prices of its buses.
    """

    generation: np.ndarray
    demand: np.ndarray
    price: np.ndarray | None
    change: np.ndarray
    demand_change: np.ndarray
    cost: float
    payment: float
    after: Dispatch

    def settlement(self, pay: str = "cost") -> pd.DataFrame:
        """Who gets what, from the first sale to the last megawatt.

        Parameters
        ----------
        pay : {"cost", "price"}
            How changes are paid: what they cost or are worth to each, so that nobody gains or loses by them; or at the
            price of the bus.

        Returns
        -------
        pandas.DataFrame
            Index `party`: generators, bids, "fixed load" where there is some, and "grid". Columns sale, redispatch, use,
            gain ($/h): money for what was sold or bought first, money for the change, what is used less what it costs to
            make, and the sum. What the grid gains is what others lose: the gains add up to value less cost.

        Raises
        ------
        InvalidInput
            Another way to pay, a schedule without prices.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network
        >>> r = redispatch(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})
        >>> r.settlement()["gain"].round(2).to_dict()
        {'S1': 542.94, 'S3': 22.44, 'D2': 1908.76, 'D3': 79.29, 'grid': -268.42}
        >>> r.settlement(pay="price")["gain"].round(2).to_dict()
        {'S1': 656.4, 'S3': 50.14, 'D2': 2018.7, 'D3': 96.6, 'grid': -536.84}
        """
        import pandas as pd

        one_of(pay, ("cost", "price"), "pay")
        if self.price is None:
            raise InvalidInput("the schedule has no prices: give the Dispatch of a market in its place")
        net, lmp = self.after.net, self.after.lmp
        units, bids, price = net.generators, net.bids, self.price
        load = self.after.load
        rest = np.zeros(1 if load.any() else 0)  # fixed load is paid for once, and what it is worth nobody has said
        parties = [*units.name.tolist(), *bids.name.tolist()] + ["fixed load"] * len(rest)
        sale = np.concatenate([price[units.at] * self.generation, -price[bids.at] * self.demand, rest - price @ load])
        made, used = unit_costs(net, self.after.generation), bid_worths(net, self.after.demand)
        if pay == "cost":
            of_units, of_bids = made - unit_costs(net, self.generation), bid_worths(net, self.demand) - used
        else:
            of_units, of_bids = lmp[units.at] * self.change, -lmp[bids.at] * self.demand_change
        paid, use = np.concatenate([of_units, of_bids, rest]), np.concatenate([-made, used, rest, [0.0]])
        sale, paid = np.append(sale, -sale.sum()), np.append(paid, -paid.sum())
        columns = {"sale": sale + 0.0, "redispatch": paid + 0.0, "use": use + 0.0, "gain": sale + paid + use}
        return pd.DataFrame(columns, index=pd.Index([*parties, "grid"], name="party"))

    def to_frame(self) -> pd.DataFrame:
        """The change as a table.

        Returns
        -------
        pandas.DataFrame
            Index `party`, generators and then bids; columns bus, sold, after, change (MW), price ($/MWh): that of the bus
            after the change. Of a bid, `sold` is what it had bought.
        """
        import pandas as pd

        net = self.after.net
        both = {
            "bus": [*net.generators.bus.tolist(), *net.bids.bus.tolist()],
            "sold": np.concatenate([self.generation, self.demand]),
            "after": np.concatenate([self.after.generation, self.after.demand]),
            "change": np.concatenate([self.change, self.demand_change]),
            "price": self.after.lmp[np.concatenate([net.generators.at, net.bids.at])],
        }
        names = [*net.generators.name.tolist(), *net.bids.name.tolist()]
        return pd.DataFrame(both, index=pd.Index(names, name="party"))

    def explain(self) -> str:
        """The change in words.

        Returns
        -------
        str
            Who makes or takes how much more or less, what it costs, and what the grid pays at the prices of the buses.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network
        >>> print(redispatch(Network.from_frames(**grid("three_bus")), limits={"1-2": 45}).explain())
        S1 makes 67.37 MW less, S3 makes 21.05 MW more.
        D2 takes 33.16 MW less, D3 takes 13.16 MW less.
        Together that costs 268.42 $/h.
        At the prices of the buses the grid pays 536.84 $/h.
        """
        from tefoundations.grid.congestion.words import redispatch_words

        return redispatch_words(self)

    def __repr__(self):
        moved = (np.abs(self.change).sum() + np.abs(self.demand_change).sum()) / 2
        return f"Redispatch({moved:.6g} MW moved, cost {self.cost:.6g}, payment {self.payment:.6g})"

    def _at_a_glance(self):
        from tefoundations.grid.congestion.words import redispatch_glance

        return redispatch_glance(self)


def redispatch(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    schedule: Dispatch | Mapping | None = None,
    limits: Mapping | ArrayLike | None = None,
    who: str | Sequence[str] = "all",
) -> Redispatch:
    """The cheapest change of a schedule after which no line is overloaded.

    Parameters
    ----------
    net : Network
        With the true costs of generators and values of bids; without DC lines.
    load : dict or (n,) array, optional
        {bus: MW} replaces the fixed load of these buses, an array that of all (MW).
    schedule : Dispatch or dict, optional
        What was sold: the result of a market with the same generators and bids, whatever they offered there; or
        {"generators": MW, "bids": MW}, each {name: MW} or an array. Default: the market with one price, `dc_opf` without
        a limit on any line.
    limits : dict or (m,) array, optional
        {line: MW} replaces the limits of these lines, an array those of all (MW).
    who : {"all", "generators"} or sequence of str
        Who may be asked to change: all, generators only, or those of these names. All others do what they sold or bought.

    Returns
    -------
    Redispatch

    Raises
    ------
    Infeasible
        Those who may change cannot bring every line within its limit.
    InvalidInput
        A schedule of other units, beyond what a unit can do, or that does not balance; an unknown name in `who`.
    InvalidNetwork
        DC lines; what `dc_opf` refuses.

    Notes
    -----
    The change that costs least ends in the dispatch that costs least: where all may change, that is `dc_opf`'s.

    References
    ----------
    Hirth, L. and Schlecht, I. (2018), "Market-based redispatch in zonal electricity markets: inc-dec gaming as a consequence
    of inconsistent power market design", USAEE Working Paper 18-369.

    Examples
    --------
    No line in the way, nothing to change:

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network, dc_opf
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> redispatch(net).cost
    0.0

    Line 1-2 limited to 45 MW. Without demand the change costs more than twice as much:

    >>> for who in ("all", "generators"):
    ...     r = redispatch(net, limits={"1-2": 45}, who=who)
    ...     print(r.change.round(2), r.demand_change.round(2), round(r.cost, 2))
    [-67.37  21.05] [-33.16 -13.16] 268.42
    [-89.47  89.47] [0. 0.] 700.48
    """
    model = DispatchModel(net)
    refuse_dc_lines(net, "redispatch")
    load = net.load_vector(load)
    if schedule is None:
        schedule = model.solve(load, limits=np.full(len(net.lines), np.inf))
    made, taken, price = read_schedule(net, schedule, load)
    after = _after(model, load, made, taken, limits, _may_change(net, who))
    change, demand_change = after.generation - made, after.demand - taken
    for moved, sold in ((change, made), (demand_change, taken)):
        moved[is_zero(moved, of=np.abs(sold) + np.abs(moved + sold), share=NEAR)] = 0.0
    before = unit_costs(net, made).sum() - bid_worths(net, taken).sum()
    cost = after.cost - after.value - before
    dust = is_zero(cost, of=abs(before) + abs(after.cost) + abs(after.value), share=NEAR)
    units, bids = net.generators, net.bids
    payment = after.lmp[units.at] @ change - after.lmp[bids.at] @ demand_change
    return Redispatch(made, taken, price, change, demand_change, 0.0 if dust else float(cost), float(payment), after)


def _may_change(net, who):
    """Which generators and which bids may change: (g,) and (d,) bool arrays."""
    units, bids = net.generators.name, net.bids.name
    if isinstance(who, str):
        one_of(who, ("all", "generators"), "who", more=", nor a sequence of names")
        return np.full(len(units), True), np.full(len(bids), who == "all")
    asked = sequence(who, "who", of="names", ordered=False)
    for name in asked:
        if name not in [*units, *bids]:
            raise InvalidInput(f"who: {shown(name)} is no generator and no bid ({listed([*units, *bids])})")
    return np.isin(units, list(asked)), np.isin(bids, list(asked))


def _after(model, load, made, taken, limits, may_change):
    """The cheapest dispatch in which those who may not change keep to what they sold or bought."""
    net, (units_may, bids_may) = model.net, may_change
    if units_may.all() and bids_may.all():
        return model.solve(load, limits=limits)
    p_min, p_max = (np.where(units_may, end, made) for end in (net.generators.p_min, net.generators.p_max))
    blocks = blocks_of(with_offers(net, {"generators": {"p_min": p_min, "p_max": p_max}}), active_only=True)
    bid = np.maximum(blocks.owner - blocks.units, -1)  # no DC lines: what is not a generator's is a bid's
    held = (bid >= 0) & ~np.append(bids_may, True)[bid]
    bought = -np.append(taken, 0.0)[bid]
    blocks = replace(blocks, low=np.where(held, bought, blocks.low), high=np.where(held, bought, blocks.high))
    low, high = model.flow_limits(limits)
    model._lines.offer(blocks)
    try:
        optimum, flow = model._lines.clear(load + fixed_draw(net), low, high)
    except NoSolution:
        raise _too_few(model, load, made, taken, (low, high), may_change) from None
    lmp, multiplier = model._lines.prices(optimum)
    evidence = Evidence(model._wires, blocks, optimum.injection, optimum.energy)
    return model._dispatch(net, load, (low, high), blocks, (flow, lmp, multiplier), 0.0, evidence)


def _too_few(model, load, made, taken, flow_limits, may_change):
    """The error for a schedule that those who may change cannot mend: it names the line that is furthest beyond."""
    net, (low, high) = model.net, flow_limits
    given = np.bincount(net.generators.at, made, len(load)) - np.bincount(net.bids.at, taken, len(load))
    flow = model._wires.flows(given - load - fixed_draw(net))
    line = int(np.argmax(np.maximum(flow - high, low - flow)))
    end = high[line] if flow[line] > high[line] else low[line]
    names = [*net.generators.name[may_change[0]].tolist(), *net.bids.name[may_change[1]].tolist()]
    only = f"those who may change ({listed(names)}) cannot" if names else "nobody may change to"
    sold = f"line {net.lines.name[line]} would carry {say(flow[line])} MW of the schedule, {say(end)} MW at most"
    return Infeasible(f"{sold}: {only} bring all lines within their limits", lines=(net.lines.name[line],))
