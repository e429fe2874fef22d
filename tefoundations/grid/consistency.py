"""What a network must be: values with a meaning, and one connected whole."""

from collections.abc import Mapping

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid.columns import refuse
from tefoundations.inputs import instance
from tefoundations.programmes import ROUNDING
from tefoundations.words import an, listed, shown


def check_network(net):
    """Refuse what is no network, such as one of pandapower, with what makes one of it.

    Raises
    ------
    InvalidInput
    """
    if not (hasattr(net, "buses") and hasattr(net, "bids")):
        makes = "make one with Network.from_frames, Network.from_matpower or Network.from_pandapower"
        raise InvalidInput(f"net must be a Network, not {an(type(net).__name__)}: {makes}")


def check_joined(joined, index):
    """Refuse further labels, {label: bus}, that go to no bus.

    Raises
    ------
    InvalidNetwork
    """
    instance(joined, Mapping, "joined", advice="label -> label in buses", error=InvalidNetwork)
    for label in [label for label, goes in joined.items() if goes not in index][:1]:
        raise InvalidNetwork(f"joined: bus {shown(label)} goes to {shown(joined[label])}, which is no bus ({listed(index)})")


def check_values(net):
    """Refuse what no network has; the error names table, row, column and value.

    Raises
    ------
    InvalidNetwork
    """
    buses, lines, units = net.buses, net.lines, net.generators
    refuse(buses.v_min < 0, buses.v_min, "buses", "v_min", "must not be negative")
    refuse(buses.v_max < buses.v_min, buses.v_max, "buses", "v_max", "is below v_min")
    refuse(buses.v_start <= 0, buses.v_start, "buses", "v_start", "must be positive")

    refuse(lines.start == lines.end, lines.to_bus, "lines", "to_bus", "is also the from_bus")
    refuse((lines.x == 0) & (lines.r == 0), lines.x, "lines", "x", "and r 0 are no impedance; join the two buses instead")
    refuse(lines.limit < 0, lines.limit, "lines", "limit", "must not be negative")
    refuse(lines.tap <= 0, lines.tap, "lines", "tap", "must be positive")
    refuse(lines.angle_max < lines.angle_min, lines.angle_max, "lines", "angle_max", "is below angle_min")

    refuse(units.q_max < units.q_min, units.q_max, "generators", "q_max", "is below q_min")
    refuse(units.v_set <= 0, units.v_set, "generators", "v_set", "must be positive")
    check_offers(net)
    _check_power_factors(units)
    _check_dclines(net.dclines)


def _check_power_factors(units):
    tied = ~np.isnan(units.q_per_p)
    bounded = np.isfinite(units.p_min) & np.isfinite(units.p_max)
    refuse(tied & ~bounded, units.q_per_p, "generators", "q_per_p", "needs finite p_min and p_max")
    for p in (np.where(bounded, units.p_min, 0.0), np.where(bounded, units.p_max, 0.0)):
        q = np.where(tied, units.q_per_p, 0.0) * p
        beyond = (q < units.q_min - ROUNDING * np.abs(q)) | (q > units.q_max + ROUNDING * np.abs(q))
        refuse(tied & beyond, units.q_per_p, "generators", "q_per_p", "leads beyond q_min or q_max")


def _check_dclines(dclines):
    """A line that gives more than it takes is none: its loss must not be negative at either end of its range."""
    refuse(dclines.start == dclines.end, dclines.to_bus, "dclines", "to_bus", "is also the from_bus")
    refuse(dclines.p_max < dclines.p_min, dclines.p_max, "dclines", "p_max", "is below p_min")
    refuse(np.isposinf(dclines.p_min), dclines.p_min, "dclines", "p_min", "must not be inf")
    refuse(np.isneginf(dclines.p_max), dclines.p_max, "dclines", "p_max", "must not be -inf")
    refuse(dclines.loss1 >= 1, dclines.loss1, "dclines", "loss1", "must be below 1 (MW/MW)")
    for limit in ("p_min", "p_max"):
        flow = getattr(dclines, limit)
        with np.errstate(invalid="ignore"):
            loss = dclines.loss0 + np.where(dclines.loss1 == 0, 0.0, dclines.loss1 * flow)
        refuse(loss < 0, flow, "dclines", limit, "makes the loss negative; give two lines, one each way")


def refuse_dclines(net, method):
    """Refuse DC lines where they have no model.

    Raises
    ------
    InvalidNetwork
    """
    if len(net.dclines):
        advice = "dc_opf and dc_power_flow model it; leave it out, or put its two ends in as load and generation"
        raise InvalidNetwork(f"DC line {net.dclines.name[0]} has no model in {method}: {advice}")


def check_offers(net):
    """Refuse what no generator and no bid has; the error names table, row, column and value.

    Raises
    ------
    InvalidNetwork
    """
    units, bids = net.generators, net.bids
    refuse(units.p_max < units.p_min, units.p_max, "generators", "p_max", "is below p_min")
    refuse(np.isposinf(units.p_min), units.p_min, "generators", "p_min", "must not be inf")
    refuse(np.isneginf(units.p_max), units.p_max, "generators", "p_max", "must not be -inf")
    refuse(units.s_max <= 0, units.s_max, "generators", "s_max", "must be positive (MVA)")
    low, high = active_limits(units)
    refuse(high < low, units.s_max, "generators", "s_max", "is less than the output can be brought to: see p_min and p_max")
    has_curve = np.array([curve is not None for curve in units.curve], dtype=bool)
    for column in ("cost", "cost2", "cost0"):
        cost = getattr(units, column)
        refuse(has_curve & (cost != 0), cost, "generators", column, "must be 0 where a curve gives the cost")

    refuse(bids.p_max < 0, bids.p_max, "bids", "p_max", "must not be negative")
    refuse(bids.value2 < 0, bids.value2, "bids", "value2", "must not be negative: the value of demand falls")


def active_limits(units):
    """Limits of active output (MW), narrowed to what the rating leaves for it where a unit gives no more MVAr than it must.

    Parameters
    ----------
    units : Generators

    Returns
    -------
    (g,) float array, (g,) float array
    """
    most = units.s_max / np.hypot(1.0, np.where(np.isnan(units.q_per_p), 0.0, units.q_per_p))
    return np.maximum(units.p_min, -most), np.minimum(units.p_max, most)


def refuse_islands(net):
    """Refuse a network with a bus that no chain of lines joins to the slack; a DC line joins nothing.

    Raises
    ------
    InvalidNetwork
        The slack is no bus, or names the buses without a path to it.
    """
    if getattr(net.slack, "__hash__", None) is None or net.slack not in net.index:
        raise InvalidNetwork(f"slack {shown(net.slack)} is no bus of this network ({listed(net.index)})")
    n, ends = len(net.buses), (net.lines.start, net.lines.end)
    count, part = connected_components(coo_array((np.ones(len(net.lines)), ends), shape=(n, n)), directed=False)
    if count == 1:
        return
    cut_off = net.buses.bus[part != part[net.slack_at]]
    which = f"{'bus' if len(cut_off) == 1 else 'buses'} {listed(cut_off)}"
    by_dc = " (a DC line does not: each of the two has a frequency of its own)" if len(net.dclines) else ""
    raise InvalidNetwork(f"no line joins {which} to the slack, bus {net.slack}{by_dc}")
