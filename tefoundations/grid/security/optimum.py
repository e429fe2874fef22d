"""Security-constrained optimal power flow: the cheapest dispatch that also survives the loss of any one line or unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.columns import replaced, shape_of
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.carbon import of_blocks, rates_of, read_policy, taxed
from tefoundations.grid.dc.optimum import DispatchModel, line_limits
from tefoundations.grid.dc.price_range import Evidence
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.grid.dc.wires import bus_prices, slack_weights
from tefoundations.grid.offers import fixed_draw
from tefoundations.grid.security.dispatch import SecureDispatch
from tefoundations.grid.security.outages import Outages
from tefoundations.grid.security.rows import RowMarket
from tefoundations.grid.security.shortage import insecure
from tefoundations.inputs import number, positive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network


def scopf(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    outages: str | Sequence = "lines",
    unit_outages: str | Sequence = (),
    pickup: Mapping | ArrayLike | None = None,
    emergency: float | Mapping | ArrayLike = 1.0,
    limits: Mapping | ArrayLike | None = None,
    penalty: float | None = None,
    carbon_price: float = 0.0,
    susceptance: str = "x_tap",
    slack: object = None,
    angle_limits: bool = True,
) -> SecureDispatch:
    """The cheapest dispatch whose flows keep all limits now, and after the loss of any one line or unit.

    Preventive: nobody moves after a loss, save who makes the power of a lost unit. So a loss adds no variable, only rows:
    line l carries flow[l] + LODF[l, k] flow[k] after line k is gone. See `corrective_opf` for units that move after it.

    Parameters
    ----------
    net : Network
        As in `dc_opf`. DC lines stay as they are after a loss.
    load : dict or (n,) array, optional
        {bus: MW} replaces the fixed load of these buses, an array that of all (MW).
    outages : "lines" or sequence of str
        Lines that may be lost, one at a time. "lines" is all but those whose loss splits the network: the result's
        `unprotected`.
    unit_outages : "units" or sequence of str
        Generators that may be lost, one at a time.
    pickup : dict or (g,) array, optional
        {generator: weight}: who makes the power of a lost unit, in proportion. Default: all others, by `p_max`. Whether
        they have room left for it is not asked: that is what reserves are for.
    emergency : float, dict or (m,) array
        Share of its limit that a line may carry after a loss: one for all, {line: share}, or an array for all.
    limits : dict or (m,) array, optional
        {line: MW} replaces the limits of these lines, an array those of all (MW). Angle limits hold before a loss only.
    penalty : float, optional
        Lines may be overloaded after a loss, at this price for each megawatt ($/MWh), where a network cannot be made secure
        or only too dearly. Limits with nothing lost stay hard.
    carbon_price : float
        What a tonne of carbon dioxide costs its generator ($/t), by the column `co2`, as in `dc_opf`. The result's `cost` is
        without it.
    susceptance : {"x_tap", "x", "r_x"}
        1/(x tap), MATPOWER's; 1/x; or x/(r^2 + x^2) without taps and phase shifts.
    slack : object, dict or "distributed", optional
        Reference for the parts of prices, as in `dc_opf`.
    angle_limits : bool
        Whether `angle_min` and `angle_max` of the lines hold.

    Returns
    -------
    SecureDispatch

    Raises
    ------
    Infeasible
        No dispatch survives every loss: names the lines, and the loss after which each is overloaded; or no dispatch
        serves the load even with nothing lost.
    InvalidInput
        A bridge that is asked for by name, an unknown line, bus or generator; a share, weight, penalty or price without
        meaning.
    InvalidNetwork
        As `dc_opf`; a `co2` that is needed and missing.

    Notes
    -----
    The market is cleared, then all flows after all losses are computed, and of each overloaded line its worst loss becomes a
    constraint, until none is overloaded. The result is that of all constraints at once.

    References
    ----------
    Alsac, O. and Stott, B. (1974), "Optimal load flow with steady-state security", IEEE Transactions on Power Apparatus and
    Systems PAS-93(3), 745-751; Capitanescu, F. et al. (2011), "State-of-the-art, challenges, and future trends in security
    constrained optimal power flow", Electric Power Systems Research 81(8), 1731-1741.

    Examples
    --------
    All lines have room, so with nothing lost there is one price. But line 1-2 could be lost:

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network, dc_opf
    >>> net, limits = Network.from_frames(**grid("three_bus")), {"1-2": 140, "1-3": 100, "2-3": 140}
    >>> dc_opf(net, limits=limits).lmp.round(4)
    array([12.3684, 12.3684, 12.3684])
    >>> d = scopf(net, limits=limits)
    >>> d.lmp.round(6), d.flow.round(6)
    (array([10., 15., 15.]), array([ 55.,  45., -70.]))
    >>> print(d.explain(3))
    bus 3: 10 + 5 security of line 1-3 after 1-2 = 15
    """
    check_network(net)
    model = DispatchModel(net, susceptance=susceptance, slack=slack, angle_limits=angle_limits)
    case = Case(model, load, limits, emergency, (outages, unit_outages, pickup), carbon_price)
    if penalty is not None:
        positive(penalty, "penalty", unit="($/MWh)")
    market = case.market(penalty)
    try:
        optimum, flow, beyond = case.clear(market)
    except NoSolution:
        raise insecure(case) from None
    return SecureDispatch(**case.found(market, optimum, flow, beyond))


class Case:
    """What is asked: a network, a load, limits now and after a loss, what may be lost, and what carbon costs.

    `blocks` are at their costs, `offered` at those with the tax, which is no cost: it is paid to somebody.
    """

    def __init__(self, model, load, limits, emergency, lost, carbon_price=0.0):
        self.model, self.net, self.wires, self.blocks = model, model.net, model._wires, model._blocks
        self.carbon_price, _ = read_policy(carbon_price, None)
        tonnes = of_blocks(self.blocks, rates_of(self.net)) if self.carbon_price else 0.0
        self.offered = taxed(self.blocks, tonnes, self.carbon_price) if self.carbon_price else self.blocks
        self.load = self.net.load_vector(load)
        self.low, self.high = model.flow_limits(limits)
        self.after = after_limits(self.net, limits, emergency)
        self.outages = Outages(self.net, self.wires, *lost)
        self.drawn = self.load + fixed_draw(self.net)

    def market(self, penalty=None, blocks=None):
        """A market on this network, no line watched yet."""
        return RowMarket(self.net, self.wires, blocks or self.offered, self.drawn, penalty)

    def clear(self, market, more=lambda market, optimum, flow: False):
        """The optimum of a market that keeps every limit, its flows, and what soft rows are beyond theirs (MW).

        `more` may watch further rows, and says whether it does.
        """
        while True:
            optimum, flow, beyond = market.solve()
            lost = self.outages.lost(flow, market.blocks.generation(optimum.injection))
            new = market.watch_now(flow, self.low, self.high)
            new |= market.watch_after(self.outages, lost, flow, self.after)
            if not (new or more(market, optimum, flow)):
                return optimum, flow, beyond

    def found(self, market, optimum, flow, beyond):
        """The fields of a `SecureDispatch`."""
        model, net, rows = self.model, self.net, market.rows
        weights = slack_weights(net, model.slack, self.load) if model._weights is None else model._weights
        given = optimum.injection
        cost, value = self.blocks.costs(given)
        worth = -optimum.multiplier + 0.0
        multiplier, lmp = np.zeros(len(flow)), bus_prices(optimum.energy, optimum.multiplier, rows.factors, optimum.blur)
        pairs, over = {}, {}
        for (of_lines, outage), mu, much in zip(rows.pairs, worth, beyond):
            for line, part in of_lines.items():
                if outage < 0:
                    multiplier[line] += mu
                    continue
                pair = net.lines.name[line], self.outages.names[outage]
                if mu:
                    pairs[pair] = pairs.get(pair, 0.0) + float(mu * part)
                if much > market.units.energy * 1e-8:
                    over[pair] = float(much)
        return {
            "net": net, "load": self.load + net.buses.g_shunt, "generation": self.blocks.generation(given),
            "demand": self.blocks.demand(given), "flow": flow, "dc_flow": self.blocks.dc_flow(given),
            "lmp": lmp, "multiplier": multiplier, "cost": float(cost),
            "value": float(value), "limits": (self.low, self.high), "weights": weights,
            "_evidence": Evidence(self.wires, self.offered, given, optimum.energy),
            "carbon_price": self.carbon_price, "after_limit": self.after,
            "outage_multiplier": pairs, "overload": over, "penalty": market.penalty, "_outages": self.outages,
            "_rows": rows, "_worth": worth,
        }  # fmt: skip


def after_limits(net, limits, emergency):
    """What each line may carry after a loss: (m,) float array (MW); anything, where no share is given."""
    limit = line_limits(net, limits)
    if emergency is None:
        return np.full(len(limit), np.inf)
    if shape_of(emergency) == () and not isinstance(emergency, dict):
        return limit * number(emergency, "emergency", above=0)
    index = {name: row for row, name in enumerate(net.lines.name.tolist())}
    share = replaced(emergency, np.ones(len(limit)), index, "emergency", "line", "share")
    for row in np.flatnonzero(share <= 0)[:1]:
        raise InvalidInput(f"emergency: share {share[row]:g} of line {net.lines.name[row]} must be positive")
    return limit * share
