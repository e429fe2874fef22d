"""Costs and values as blocks: what a generator offers or a buyer bids, cut into pieces with a linear marginal cost.

A block is an injection q (MW) between `low` and `high` that costs cost*q + cost2*q^2. A generator with a linear or
quadratic cost is one block. One with a piecewise linear cost is a block for every piece; as the pieces get steeper, the
cheap ones are used first by themselves. Elastic demand is a negative injection: taking p MW is q = -p, and costs its
value with a minus sign, value*q + value2*q^2. The flow q of a DC line is a block too: it takes q from one bus and gives what
is left of it to another.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid.columns import column_numbers, refuse, shape_of
from tefoundations.grid.consistency import active_limits, check_offers
from tefoundations.inputs import instance
from tefoundations.words import an, shown

# What a generator or a bid may offer anew while the network stays as it is.
OFFERED = {"generators": ("p_min", "p_max", "cost", "cost2"), "bids": ("p_max", "value", "value2")}
PRINTED = 1e-4  # share of a slope by which it may fall: points of a cost curve are given in few digits


@dataclass(frozen=True, eq=False)
class Blocks:
    """Blocks of all generators, then of all bids, then of all DC lines.

    Parameters
    ----------
    at : (k,) int array
        Positions of their buses; of a DC line the bus where the flow leaves.
    low, high : (k,) float arrays
        Limits of the injection (MW).
    cost, cost2 : (k,) float arrays
        $/MWh and $/MW^2 h.
    owner : (k,) int array
        Position of the generator, or number of generators + position of the bid, or that of both + position of the DC line.
    units, bids : int
        How many generators and bids there are.
    constant : float
        What is paid whatever is dispatched ($/h).
    dclines : int
        How many DC lines there are: the last blocks.
    to : (dclines,) int array, optional
        Positions of the buses where their flow arrives.
    arrives : (dclines,) float array, optional
        The part of the next megawatt that does.
    """

    at: np.ndarray
    low: np.ndarray
    high: np.ndarray
    cost: np.ndarray
    cost2: np.ndarray
    owner: np.ndarray
    units: int
    bids: int
    constant: float
    dclines: int = 0
    to: np.ndarray | None = None
    arrives: np.ndarray | None = None

    @cached_property
    def share(self):
        """(k,) float array: what a megawatt of each block adds to the supply of the whole network: 1, or less a loss."""
        share = np.ones(len(self.at))
        if self.dclines:
            share[-self.dclines :] = self.arrives - 1.0
        return share

    @cached_property
    def supplies(self):
        """(k,) float arrays: the least and the most that each block adds to the supply of the whole network (MW)."""
        with np.errstate(invalid="ignore"):
            ends = [np.where(self.share == 0, 0.0, self.share * limit) for limit in (self.low, self.high)]
        return (self.low, self.high) if not self.dclines else (np.minimum(*ends), np.maximum(*ends))

    def seen(self, values):
        """(..., k) float array: what a megawatt of each block is of values (..., n) by bus: of prices, what it earns."""
        seen = values[..., self.at]
        if self.dclines:
            there = values[..., self.to] * self.arrives
            seen = np.concatenate([seen[..., : -self.dclines], there - seen[..., -self.dclines :]], axis=-1)
        return seen

    def sizes(self, values):
        """(..., k) float array: the same for the sizes of values: what rounding of `seen` is measured by."""
        sizes = np.abs(values)[..., self.at]
        if self.dclines:
            sizes[..., -self.dclines :] += np.abs(values)[..., self.to]
        return sizes

    def injected(self, injection, buses):
        """(n,) float array: what the blocks put in at each of so many buses (MW)."""
        if not self.dclines:
            return np.bincount(self.at, injection, buses)
        own, flow = injection[: -self.dclines], injection[-self.dclines :]
        given = np.bincount(self.at[: -self.dclines], own, buses) + np.bincount(self.to, flow * self.arrives, buses)
        return given - np.bincount(self.at[-self.dclines :], flow, buses)

    def relaxed(self, at, low, high, cost):
        """The blocks at no cost, and before those of DC lines other ones: (j,) positions, MW, MW and $/MWh."""
        cut, extra = len(self.at) - self.dclines, len(at)

        def put(own, more):
            return np.concatenate([own[:cut], more, own[cut:]])

        return replace(
            self, at=put(self.at, at), low=put(self.low, low), high=put(self.high, high),
            cost=put(np.zeros(len(self.at)), cost), cost2=np.zeros(len(self.at) + extra),
            owner=put(self.owner, np.zeros(extra, dtype=self.owner.dtype)),
        )  # fmt: skip

    @cached_property
    def _in_order(self):
        return bool((np.diff(self.owner) > 0).all())

    @cached_property
    def quadratic(self):
        """Whether any marginal cost rises within a block."""
        return bool(self.cost2.any())

    def generation(self, injection):
        """(..., units) float array: output of each generator (MW) for injections (..., k) of the blocks."""
        return self._by_owner(injection)[..., : self.units] + 0.0  # no -0

    def demand(self, injection):
        """(..., bids) float array: what each bid gets (MW) for injections (..., k) of the blocks."""
        return -self._by_owner(injection)[..., self.units : self.units + self.bids] + 0.0

    def dc_flow(self, injection):
        """(..., dclines) float array: flow of each DC line where it leaves (MW)."""
        return self._by_owner(injection)[..., self.units + self.bids :] + 0.0

    def _by_owner(self, injection):
        owners = self.units + self.bids + self.dclines
        if len(self.owner) == owners:  # a block each; those of curves stand behind those of the other generators
            return injection if self._in_order else injection[..., np.argsort(self.owner)]
        sums = np.zeros((*injection.shape[:-1], owners))
        for block, owner in enumerate(self.owner):
            sums[..., owner] += injection[..., block]
        return sums

    def costs(self, injection):
        """((...) float array, (...) float array): cost of generation and DC lines, and value of served bids ($/h)."""
        each = injection * (self.cost + self.cost2 * injection)
        of_bids = (self.owner >= self.units) & (self.owner < self.units + self.bids)
        return each[..., ~of_bids].sum(axis=-1) + self.constant, -each[..., of_bids].sum(axis=-1) + 0.0


def blocks_of(net, *, active_only=False):
    """The blocks of a network's generators, bids and DC lines.

    Parameters
    ----------
    net : Network
    active_only : bool
        For a model without reactive power: a rating (MVA) is then a limit of active output.

    Returns
    -------
    Blocks

    Raises
    ------
    InvalidNetwork
        A cost that is not convex; names the generator.
    """
    units, bids, dc = net.generators, net.bids, net.dclines
    for table, kind in ((units, "generators"), (dc, "dclines")):
        message = "makes the cost concave: an optimal power flow needs a convex one"
        refuse(table.cost2 < 0, table.cost2, kind, "cost2", message)
    if active_only and np.isfinite(units.s_max).any():
        low, high = active_limits(units)
        units = replace(units, p_min=low, p_max=high)
    with_curve = [row for row, curve in enumerate(units.curve) if curve is not None]
    plain = np.ones(len(units), dtype=bool)
    plain[with_curve] = False
    pieces, constant = [], float(units.cost0.sum() + dc.cost0.sum())
    for row in with_curve:
        own, fixed = _pieces(units, row)
        pieces += own
        constant += fixed
    of_curves = np.array(pieces, dtype=float).reshape(-1, 4)
    curve_owner = of_curves[:, 3].astype(np.intp)
    plain_owner, dc_owner = np.flatnonzero(plain), len(units) + len(bids) + np.arange(len(dc))
    return Blocks(
        at=np.concatenate([units.at[plain], units.at[curve_owner], bids.at, dc.start]),
        low=np.concatenate([units.p_min[plain], of_curves[:, 0], -bids.p_max, dc.p_min]),
        high=np.concatenate([units.p_max[plain], of_curves[:, 1], np.zeros(len(bids)), dc.p_max]),
        cost=np.concatenate([units.cost[plain], of_curves[:, 2], bids.value, dc.cost]),
        cost2=np.concatenate([units.cost2[plain], np.zeros(len(of_curves)), bids.value2, dc.cost2]),
        owner=np.concatenate([plain_owner, curve_owner, len(units) + np.arange(len(bids)), dc_owner]),
        units=len(units), bids=len(bids), constant=constant, dclines=len(dc), to=dc.end, arrives=1.0 - dc.loss1,
    )  # fmt: skip


def refuse_squares(net):
    """InvalidNetwork for a cost that rises within a block, where the programme of the caller is linear."""
    for table, column in (("generators", "cost2"), ("bids", "value2"), ("dclines", "cost2")):
        advice = "give it a curve of straight pieces" if table == "generators" else "cut it into steps"
        values = getattr(getattr(net, table), column)
        refuse(values != 0, values, table, column, f"must be 0; {advice}: this programme is linear")


def fixed_draw(net):
    """(n,) float array: what shunts draw at 1 p.u., and DC lines lose at any flow, at each bus (MW)."""
    return net.buses.g_shunt + fixed_losses(net)


def fixed_losses(net):
    """(n,) float array: what DC lines lose at any flow, at the bus where they arrive (MW)."""
    return np.bincount(net.dclines.end, net.dclines.loss0, len(net.buses))


def reactive_of(net, blocks):
    """What is tied of reactive output, and what is free.

    Parameters
    ----------
    net : Network
    blocks : Blocks
        Its blocks.

    Returns
    -------
    (k,) float array, (g,) float array, (g,) float array
        MVAr that come with each MW of a block; lowest and highest free reactive output of the generators (MVAr), 0 where a
        constant power factor ties it.
    """
    units, tied = net.generators, ~np.isnan(net.generators.q_per_p)
    ratio = np.concatenate([np.where(tied, units.q_per_p, 0.0), np.zeros(len(net.bids))])
    return ratio[blocks.owner], np.where(tied, 0.0, units.q_min), np.where(tied, 0.0, units.q_max)


def with_offers(net, offers=None):
    """The network with other prices and quantities of its generators and bids; buses and lines are the same.

    Parameters
    ----------
    net : Network
    offers : dict, optional
        As in `DispatchModel.solve`.

    Returns
    -------
    Network

    Raises
    ------
    InvalidInput
        A table, column or name that is not there, an array of another length.
    InvalidNetwork
        A value without meaning; names table, row and column.
    """
    if not offers:
        return net
    changed = {}
    for table, columns in instance(offers, dict, "offers", advice="table -> columns").items():
        if table not in OFFERED:
            raise InvalidInput(f"offers: table {table!r} is not one of {', '.join(OFFERED)}")
        if not hasattr(columns, "keys"):  # a frame has them too
            raise InvalidInput(f"offers: {table} must be a dict of columns, not {an(type(columns).__name__)}")
        for column in columns:
            if column not in OFFERED[table]:
                raise InvalidInput(f"offers: column {column!r} of {table} is not one of {', '.join(OFFERED[table])}")
        now = getattr(net, table)
        changed[table] = replace(now, **{column: _offered(now, table, column, columns[column]) for column in columns})
    offered = replace(net, **changed)
    check_offers(offered)
    return offered


def _offered(now, table, column, given):
    """A column with new values: {name: value} for some rows, an array for all."""
    if isinstance(given, dict):
        known = {name: row for row, name in enumerate(now.name.tolist())}
        for name in given:
            if name not in known:
                shown = ", ".join(map(str, now.name[:6])) + (", ..." if len(now) > 6 else "")
                raise InvalidInput(f"offers: {name!r} is none of the {table} ({shown})")
        values = getattr(now, column).copy()
        values[[known[name] for name in given]] = column_numbers(list(given.values()), table, column)
        return values
    if shape_of(given) != (len(now),):
        shape = f"{{name: value}} or an array of {len(now)} values, not of shape {shape_of(given)}"
        raise InvalidInput(f"offers: {column} of {table} must be {shape}")
    values = np.asarray(given)
    if values.dtype.kind in "fiu" and np.isfinite(values).all():
        return values.astype(float)
    return column_numbers(values.tolist(), table, column)


def _pieces(units, row):
    """Blocks (low, high, slope, row) of a piecewise linear cost, and what it costs at 0 MW along the first piece used.

    The first piece used starts at p_min, every other at 0; the first and the last piece of the curve go on beyond its ends.
    """
    curve, p_min, p_max = units.curve[row], units.p_min[row], units.p_max[row]
    while True:
        slopes = np.diff(curve[:, 1]) / np.diff(curve[:, 0])
        falls = np.flatnonzero(np.diff(slopes) < 0)
        rounded = [corner for corner in falls if slopes[corner] - slopes[corner + 1] <= PRINTED * np.abs(slopes).max()]
        if not rounded:
            break
        curve = np.delete(curve, rounded[0] + 1, axis=0)  # of two pieces one: their points were printed with few digits
    for corner in falls[:1]:
        fall = f"the slope falls from {slopes[corner]:g} to {slopes[corner + 1]:g} $/MWh at {curve[corner + 1, 0]:g} MW"
        raise InvalidNetwork(f"generators, row {row}: the cost curve of {shown(units.name[row])} is not convex: {fall}")
    starts, stops = np.r_[-np.inf, curve[1:-1, 0]], np.r_[curve[1:-1, 0], np.inf]
    used = np.flatnonzero((stops > p_min) & (starts < p_max))
    if not len(used):  # p_min = p_max at a corner
        used = np.flatnonzero(stops >= p_min)[:1]
    first = used[0]
    blocks = [(p_min, min(stops[first], p_max), slopes[first], row)]
    blocks += [(0.0, min(stops[piece], p_max) - starts[piece], slopes[piece], row) for piece in used[1:]]
    return blocks, float(curve[first, 1] - slopes[first] * curve[first, 0])
