"""DC optimal power flow: the cheapest dispatch that the lines allow, and the price of power at every bus."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import Infeasible, InvalidNetwork
from tefoundations.grid.columns import replaced
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.carbon import CarbonPolicy, read_policy, taxed
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.dc.lazy_lines import LazyLines
from tefoundations.grid.dc.price_range import Evidence
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.grid.dc.shortage import infeasible
from tefoundations.grid.dc.wires import Wires, is_distributed, slack_weights
from tefoundations.grid.offers import blocks_of, fixed_draw, with_offers
from tefoundations.inputs import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network


class DispatchModel:
    """A DC-OPF that remembers: the factored network, the lines ever overloaded and the solver's last basis.

    The first `solve` is as fast as `dc_opf`; the next, for another load, takes a small part of that.

    Parameters
    ----------
    net : Network
    susceptance : {"x_tap", "x", "r_x"}
        1/(x tap), MATPOWER's; 1/x; or x/(r^2 + x^2) without taps and phase shifts, PowerModels' and PGLib's.
    slack : object, dict or "distributed", optional
        Reference for the parts of prices: a bus, {bus: weight}, or "distributed" (in proportion to load). Default: the
        network's slack. Prices themselves do not depend on it.
    angle_limits : bool
        Whether `angle_min` and `angle_max` of the lines hold.

    Raises
    ------
    InvalidInput
        Another susceptance, an unknown slack, `angle_limits` neither True nor False.
    InvalidNetwork
        A line without reactance, a cost that is not convex.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> model = DispatchModel(Network.from_frames(**grid("three_bus")))
    >>> for limit in (60, 50, 45):
    ...     print(model.solve(limits={"1-2": limit}).lmp.round(2))
    [10.88 15.29 13.53]
    [ 9.63 17.76 14.51]
    [ 9. 19. 15.]
    """

    def __init__(self, net: Network, *, susceptance: str = "x_tap", slack: object = None, angle_limits: bool = True):
        check_network(net)
        one_of(angle_limits, (True, False), "angle_limits")
        self.net, self.susceptance, self.slack, self.angle_limits = net, susceptance, slack, angle_limits
        # "distributed" goes by the load that is solved, so by that of each solve.
        self._weights = None if is_distributed(net, slack) else slack_weights(net, slack)
        self._blocks = blocks_of(net, active_only=True)
        self._wires = Wires(net, susceptance)
        self._lines = LazyLines(self._wires, self._blocks)

    def __reduce__(self):
        options = {"susceptance": self.susceptance, "slack": self.slack, "angle_limits": self.angle_limits}
        return partial(DispatchModel, **options), (self.net,)  # a solver cannot be pickled

    def solve(
        self,
        load: Mapping | ArrayLike | None = None,
        *,
        limits: Mapping | ArrayLike | None = None,
        offers: Mapping | None = None,
        carbon_price: float = 0.0,
        carbon_cap: float | None = None,
    ) -> Dispatch:
        """Dispatch for a load; what is not given is as in the network.

        Parameters
        ----------
        load : dict or (n,) array, optional
            {bus: MW} replaces the fixed load of these buses, an array that of all (MW).
        limits : dict or (m,) array, optional
            {line: MW} replaces the limits of these lines, an array those of all (MW, inf for none).
        offers : dict, optional
            {"generators": columns, "bids": columns} replaces prices and quantities. Columns of generators are p_min, p_max
            (MW), cost ($/MWh) and cost2 ($/MW^2 h), of bids p_max, value and value2;
            each {name: value}, or an array for all.
        carbon_price, carbon_cap : float, float or None
            As in `dc_opf` ($/t, t/h).

        Returns
        -------
        Dispatch
            Its `net` has these offers.

        Raises
        ------
        Infeasible, InvalidInput, InvalidNetwork
            As `dc_opf`; an unknown generator or bid.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network
        >>> model = DispatchModel(Network.from_frames(**grid("pjm_five_bus")))
        >>> model.solve().lmp.round(2)
        array([16.98, 26.38, 30.  , 39.94, 10.  ])
        >>> model.solve(offers={"generators": {"cost": {"Brighton": 20}}}).lmp.round(2)
        array([23.49, 28.19, 30.  , 34.97, 20.  ])
        """
        load = self.net.load_vector(load)
        low, high = self.flow_limits(limits)
        net = with_offers(self.net, offers)
        blocks = self._blocks if net is self.net else blocks_of(net, active_only=True)
        drawn, (carbon_price, cap) = load + fixed_draw(net), read_policy(carbon_price, carbon_cap)
        offered = taxed(blocks, self._carbon.tonnes, carbon_price) if carbon_price else blocks
        tonne, reached, lines = 0.0, False, self._lines
        try:
            if cap is None:
                self._lines.offer(offered)
                optimum, flow = self._lines.clear(drawn, low, high)
            else:
                lines = self._carbon.lines
                optimum, flow, tonne, reached = self._carbon.clear(offered, cap, drawn, low, high)
        except NoSolution:
            raise self._refused(net, blocks, cap, drawn, low, high) from None
        if tonne:
            offered = taxed(blocks, self._carbon.tonnes, carbon_price + tonne)
        lmp, multiplier = lines.prices(optimum)
        capped = self._carbon.tonnes if reached else None
        evidence = Evidence(self._wires, offered, optimum.injection, optimum.energy, capped, tonne)
        return self._dispatch(net, load, (low, high), blocks, (flow, lmp, multiplier), float(carbon_price + tonne), evidence)

    @cached_property
    def _carbon(self):
        return CarbonPolicy(self.net, self._wires, self._blocks)

    def _refused(self, net, blocks, cap, drawn, low, high):
        """The error where there is no dispatch: the cap is too low, or else the load cannot be served at all."""
        if cap is not None:
            try:
                return self._carbon.above(cap, blocks, drawn, low, high)
            except NoSolution:
                pass
        return infeasible(net, self._wires, blocks, drawn, low, high)

    def flow_limits(self, limits: Mapping | ArrayLike | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest flow of each line: its limit in both directions, narrowed by its angle limits.

        Parameters
        ----------
        limits : dict or (m,) array, optional
            As in `solve` (MW).

        Returns
        -------
        (m,) float array, (m,) float array
            MW.

        Raises
        ------
        Infeasible
            A line whose angle limits ask for more than it may carry.
        InvalidInput, InvalidNetwork
            An unknown line, a limit that is negative or nan.
        """
        lines, wires = self.net.lines, self._wires
        limit = line_limits(self.net, limits)
        bounded = np.isfinite(lines.angle_min) | np.isfinite(lines.angle_max)
        if not (self.angle_limits and bounded.any()):
            return -limit, limit
        ends = [
            self.net.base * wires.b * np.deg2rad(angle) + wires.shift_flow for angle in (lines.angle_min, lines.angle_max)
        ]
        low, high = np.maximum(-limit, np.minimum(*ends)), np.minimum(limit, np.maximum(*ends))  # b < 0 swaps the ends
        for line in np.flatnonzero(low > high)[:1]:
            message = f"its angle limits ask for a flow that its limit, {limit[line]:g} MW, forbids"
            raise Infeasible(f"line {lines.name[line]}: {message}", lines=(lines.name[line],))
        return low, high

    def _dispatch(self, net, load, flow_limits, blocks, found, tonne, evidence):
        """The result; `blocks` are those without a tax, which is no cost: it is paid to somebody."""
        weights = slack_weights(net, self.slack, load) if self._weights is None else self._weights
        flow, lmp, multiplier = found
        given = evidence.injection
        cost, value = blocks.costs(given)
        return Dispatch(net, load + net.buses.g_shunt, blocks.generation(given), blocks.demand(given), flow,
                        blocks.dc_flow(given), lmp,
                        multiplier, float(cost), float(value), flow_limits, weights, evidence, tonne)  # fmt: skip


def dc_opf(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    susceptance: str = "x_tap",
    slack: object = None,
    angle_limits: bool = True,
    limits: Mapping | ArrayLike | None = None,
    carbon_price: float = 0.0,
    carbon_cap: float | None = None,
) -> Dispatch:
    """The cheapest dispatch that serves the load within the limits of generators and lines, on the linear (DC) network.

    Minimises the cost of generation less the value of served bids. The price of a bus (LMP) is what one more megawatt of
    load there would add to that.

    Parameters
    ----------
    net : Network
        Generators with linear, quadratic or convex piecewise linear costs, whose rating `s_max` is here one of megawatts;
        bids of elastic demand; DC lines, whose flow is chosen with the dispatch (of several that cost the same, one is
        told).
    load : dict or (n,) array, optional
        {bus: MW} replaces the fixed load of these buses, an array that of all (MW).
    susceptance : {"x_tap", "x", "r_x"}
        1/(x tap), MATPOWER's; 1/x; or x/(r^2 + x^2) without taps and phase shifts, PowerModels' and PGLib's.
    slack : object, dict or "distributed", optional
        Reference for the parts of prices: a bus, {bus: weight}, or "distributed" (in proportion to load). Default: the
        network's slack.
    angle_limits : bool
        Whether `angle_min` and `angle_max` of the lines hold.
    limits : dict or (m,) array, optional
        {line: MW} replaces the limits of these lines, an array those of all (MW).
    carbon_price : float
        What a tonne of carbon dioxide costs its generator ($/t), by the column `co2`. The result's `cost` is without it.
    carbon_cap : float, optional
        The most carbon of all generators together (t/h); what one more tonne would save is in the result's `carbon_price`.

    Returns
    -------
    Dispatch

    Raises
    ------
    Infeasible
        No dispatch serves this load; the message says how much can be served and which limits are in the way, or how much
        carbon it takes at least.
    InvalidInput
        An unknown bus or line, another susceptance, `angle_limits` neither True nor False, a price below 0.
    InvalidNetwork
        A cost that is not convex, a line without reactance, a value without meaning, a `co2` that is needed and missing.

    Notes
    -----
    Linear programmes are solved by HiGHS; quadratic ones by Clarabel, made exact by the equations of its active set. Lines
    become constraints only when they are overloaded (see `DispatchModel` for many loads of one network); where that are very
    many and costs are quadratic, all at once, with an angle for every bus.

    References
    ----------
    Schweppe, F. C., Caramanis, M. C., Tabors, R. D. and Bohn, R. E. (1988), "Spot Pricing of Electricity", Kluwer, chapters
    3 and 7; Li, F. and Bo, R. (2007), "DCOPF-based LMP simulation", IEEE Transactions on Power Systems 22(4), 1475-1485.

    Examples
    --------
    No line in the way, so one price:

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> dc_opf(net).lmp.round(4)
    array([12.3684, 12.3684, 12.3684])

    Line 1-2 limited to 45 MW: the prices part.

    >>> d = dc_opf(net, limits={"1-2": 45})
    >>> d.lmp.round(6), d.flow.round(6), d.congestion_rent.round(6)
    (array([ 9., 19., 15.]), array([ 45.,  35., -60.]), np.float64(900.0))
    >>> print(d.explain(2))
    bus 2: 9 + 10 congestion on line 1-2 = 19

    A DC line beside a full line. Of 12.2 MW that leave bus 1, 1 MW and a tenth are lost: one more megawatt at bus 2 takes
    1/0.9 MW at bus 1.

    >>> net = Network.from_frames(
    ...     buses={"bus": [1, 2], "load": [0, 50]},
    ...     lines={"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [40]},
    ...     generators={"bus": [1, 2], "p_max": [300, 300], "cost": [10, 30]},
    ...     dclines={"from_bus": [1], "to_bus": [2], "p_max": [30], "loss0": [1], "loss1": [0.1]})
    >>> d = dc_opf(net)
    >>> d.lmp.round(4), d.dc_flow.round(4), d.dc_loss.round(4)
    (array([10.    , 11.1111]), array([12.2222]), array([2.2222]))
    """
    model = DispatchModel(net, susceptance=susceptance, slack=slack, angle_limits=angle_limits)
    return model.solve(load, limits=limits, carbon_price=carbon_price, carbon_cap=carbon_cap)


def line_limits(net, limits=None):
    """Limits of all lines (MW), some replaced: (m,) float array; `limits` as in `DispatchModel.solve`.

    Raises
    ------
    InvalidInput
        An unknown line, an array of another length.
    InvalidNetwork
        A limit that is negative or nan.
    """
    lines = net.lines
    if limits is None:
        return lines.limit
    limit = replaced(limits, lines.limit, {name: row for row, name in enumerate(lines.name)}, "limits", "line", "limit")
    for name in lines.name[limit < 0][:1]:
        raise InvalidNetwork(f"limit of line {name} must not be negative")
    return limit
