"""Costs in a pandapower net as the cost columns of generators.

A cost is a function of the element's own power, as its table gives it: positive for what a load takes or a storage is
charged with. Here both are generators with a negative output g = -p, so that c0 + c1 p + c2 p^2 becomes c0 - c1 g + c2 g^2:
only the linear part changes its sign. pandapower's converter turns all three (its issue 2954), and the areas of a piecewise
linear cost on the wrong side of 0; on linear costs without a constant both agree.
"""

import numpy as np

from tefoundations.errors import InvalidNetwork
from tefoundations.words import count, listed

CONSUMES = ("load", "storage")  # a positive p_mw is taken from the network
OF_POWER = ("cp0_eur", "cp1_eur_per_mw", "cp2_eur_per_mw2")
OF_REACTIVE = ("cq0_eur", "cq1_eur_per_mvar", "cq2_eur_per_mvar2")


def cost_columns(net, units):
    """Cost columns of the generators, and what became of the costs, in words.

    Parameters
    ----------
    net : pandapower.pandapowerNet
    units : list of tuple
        For each generator the table and the index of its element.

    Returns
    -------
    dict, list of str
        "cost", "cost2", "cost0" -> (g,) float arrays, "curve" -> (g,) object array, as in `Generators`; notes.

    Raises
    ------
    InvalidNetwork
        Two costs of one element, a value that is no number, areas that do not follow on each other.
    """
    columns = {name: np.zeros(len(units)) for name in ("cost", "cost2", "cost0")}
    columns["curve"] = np.full(len(units), None, dtype=object)
    row_of, known, idle, reactive = {unit: row for row, unit in enumerate(units)}, {}, [], 0
    for table in ("poly_cost", "pwl_cost"):
        for cost in net[table].reset_index().to_dict("records"):
            element, name = (cost["et"], cost["element"]), f"{table} {cost['index']} of {cost['et']} {cost['element']}"
            if element[0] == "dcline":  # is read with its line
                continue
            if table == "pwl_cost" and cost.get("power_type", "p") != "p":
                reactive += element in row_of
                continue
            if element not in row_of:
                idle.append(f"{element[0]} {element[1]}")
                continue
            if element in known:
                raise InvalidNetwork(f"{name}: it has a cost already, {known[element]}")
            known[element], row = name, row_of[element]
            sign = -1.0 if element[0] in CONSUMES else 1.0
            if table == "poly_cost":
                reactive += any(_number(cost, column, name) != 0 for column in OF_REACTIVE)
                constant, linear, quadratic = (_number(cost, column, name) for column in OF_POWER)
                columns["cost0"][row], columns["cost"][row], columns["cost2"][row] = constant, sign * linear, quadratic
            else:
                columns["curve"][row] = _curve(cost["points"], sign, name)
    return columns, _notes(net, columns, idle, reactive)


def _notes(net, columns, idle, reactive):
    if not len(net.poly_cost) and not len(net.pwl_cost):
        columns["cost"][:] = 1.0
        return ["The net has no costs: as in pandapower, a megawatt hour of every generator costs 1."]
    notes = ["Left out: the costs of reactive power."] if reactive else []
    curves = np.array([curve is not None for curve in columns["curve"]], dtype=bool)
    free = int(np.sum((columns["cost"] == 0) & (columns["cost2"] == 0) & ~curves))
    if free:
        notes.append(f"At no cost: {free} of {len(curves)} units.")
    if idle:
        notes.append(f"Left out: the costs of what is not dispatched, {count(len(idle), 'element')} ({listed(idle)}).")
    return notes


def _number(cost, column, name):
    value = cost.get(column, 0.0)
    if not np.isfinite(value):
        raise InvalidNetwork(f"{name}: {column} {value} must be a finite number")
    return float(value)


def _curve(areas, sign, name):
    """Points (MW, cost per hour) of areas (from MW, to MW, cost per MWh); the first, prolonged, costs nothing at 0 MW."""
    try:
        areas = np.array(areas, dtype=float)
        good = areas.ndim == 2 and areas.shape[1] == 3 and len(areas) > 0 and np.isfinite(areas).all()
    except (TypeError, ValueError):
        good = False
    if not good:
        raise InvalidNetwork(f"{name}: points must be areas [from MW, to MW, cost per MWh] of finite numbers")
    start, stop, slope = areas.T
    for area in np.flatnonzero(stop <= start)[:1]:
        raise InvalidNetwork(f"{name}: area {area} goes from {start[area]:g} to {stop[area]:g} MW")
    for area in np.flatnonzero(start[1:] != stop[:-1])[:1] + 1:
        raise InvalidNetwork(f"{name}: area {area} starts at {start[area]:g} MW, the one before ends at {stop[area - 1]:g}")
    for area in np.flatnonzero(np.diff(slope) < 0)[:1]:
        fall = f"falls from {slope[area]:g} to {slope[area + 1]:g} per MWh at {stop[area]:g} MW"
        raise InvalidNetwork(f"{name} is not convex, an optimum needs a convex one: its slope {fall}")
    power = np.append(start, stop[-1])
    cost = start[0] * slope[0] + np.append(0.0, np.cumsum((stop - start) * slope))
    points = np.column_stack([sign * power, cost])
    return points if sign > 0 else points[::-1].copy()
