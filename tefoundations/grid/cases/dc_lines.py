"""DC lines of MATPOWER cases and of pandapower nets, as the table `dclines` of `Network.from_frames`."""

import numpy as np

from tefoundations.errors import InvalidNetwork
from tefoundations.words import count

COLUMNS = 17  # of MATPOWER's table, LOSS1 the last
COSTS = {"cp0_eur": "cost0", "cp1_eur_per_mw": "cost", "cp2_eur_per_mw2": "cost2"}


def dclines_of_case(table, costs, kept):
    """The columns of DC lines from MATPOWER's `dcline`, and notes.

    MATPOWER limits a flow from `from` to `to` where it leaves, and one the other way where it leaves too, at `to`
    (`toggle_dcline`); here both limits are of the flow at `from`.

    Parameters
    ----------
    table : (h, 17 or more) float array or None
    costs : dict or None
        cost, cost2, cost0 of all rows, and `curve`, None where a row has none: as for generators.
    kept : (n,) float array
        Numbers of the buses in the network.

    Returns
    -------
    dict or None, list of str

    Raises
    ------
    InvalidNetwork
        A piecewise linear cost; names the row.
    """
    if table is None or not len(table):
        return None, []
    on = (table[:, 2] > 0) & np.isin(table[:, :2], kept).all(axis=1)
    notes = [f"Left out: {count(np.sum(~on), 'DC line')} out of service or at isolated buses."] if not on.all() else []
    loss0, loss1 = table[on, 15], table[on, 16]
    lowest, highest = (np.where(limit < 0, (limit + loss0) / (1 - loss1), limit) for limit in (table[on, 9], table[on, 10]))
    columns = {
        "from_bus": table[on, 0].astype(np.int64), "to_bus": table[on, 1].astype(np.int64), "p_min": lowest,
        "p_max": highest, "loss0": loss0, "loss1": loss1, "p_set": table[on, 3],
    }  # fmt: skip
    for row in np.flatnonzero(on) if costs else ():
        if costs["curve"][row] is not None:
            raise InvalidNetwork(f"dclinecost, row {row}: a piecewise linear cost of a DC line is not modelled")
    columns |= {name: costs[name][on] for name in ("cost", "cost2", "cost0")} if costs else {}
    return columns, notes


def taken_dclines(net):
    """The DC lines of a pandapower net in service, taken out of it with their costs.

    pandapower's power flow loses `loss_percent` of what is sent; its optimal power flow takes the same number as a share of
    what arrives. The first is what it documents, and what is read here.

    Parameters
    ----------
    net : pandapower.pandapowerNet
        Is changed.

    Returns
    -------
    dict or None, list of str
        Columns with pandapower's indices of the buses, and notes.

    Raises
    ------
    InvalidNetwork
        A piecewise linear or reactive cost of a DC line; names it.
    """
    frame = net.get("dcline")
    if frame is None or not len(frame):
        return None, []
    on = frame[frame.in_service.astype(bool)]
    costs = net.poly_cost[net.poly_cost.et == "dcline"]
    for kind, refused in (("pwl_cost", net.pwl_cost[net.pwl_cost.et == "dcline"]), ("poly_cost", _reactive(costs))):
        for row in refused.index[refused.element.isin(on.index)][:1]:
            raise InvalidNetwork(f"{kind} {row}: only linear and quadratic costs of the power of a DC line are modelled")
    for row in costs.index[costs.element.duplicated()][:1]:
        raise InvalidNetwork(f"poly_cost {row} of dcline {costs.element[row]}: it has a cost already")
    net.poly_cost, net.pwl_cost = (table[table.et != "dcline"] for table in (net.poly_cost, net.pwl_cost))
    net.dcline = frame.iloc[:0]
    forward, most = on.p_mw.to_numpy() >= 0, on.max_p_mw.to_numpy(dtype=float)
    columns = {
        "from_bus": np.where(forward, on.from_bus, on.to_bus), "to_bus": np.where(forward, on.to_bus, on.from_bus),
        "p_max": np.where(np.isnan(most), np.inf, most), "loss0": on.loss_mw.to_numpy(dtype=float),
        "loss1": on.loss_percent.to_numpy(dtype=float) / 100, "p_set": np.abs(on.p_mw.to_numpy(dtype=float)),
        "name": [f"DC line {index}" for index in on.index],
    }  # fmt: skip
    for theirs, ours in COSTS.items():
        given = costs.set_index("element")[theirs]
        columns[ours] = given.reindex(on.index, fill_value=0.0).to_numpy(dtype=float)
    columns["cost"] = np.where(forward, 1.0, -1.0) * columns["cost"]  # of the element's own power, whatever its sign
    notes = [f"DC lines read: {len(on)}, without limits of their reactive power."] if len(on) else []
    notes += [f"Left out: {count(len(frame) - len(on), 'DC line')} out of service."] if len(on) < len(frame) else []
    notes += [f"Without a limit: {count(np.isnan(most).sum(), 'DC line')}."] if np.isnan(most).any() else []
    return (columns if len(on) else None), notes


def _reactive(costs):
    columns = [name for name in costs if name.startswith("cq")]
    return costs[(costs[columns].fillna(0.0) != 0).any(axis=1)]


def at_buses(columns, bus_of):
    """The same with the ends told by the buses of the network; `bus_of` gives that of an index, or None.

    Raises
    ------
    InvalidNetwork
        A DC line that leads out of the network that is read.
    """
    for end in ("from_bus", "to_bus"):
        buses = [bus_of(int(index)) for index in columns[end]]
        for name, index in [(columns["name"][row], columns[end][row]) for row, bus in enumerate(buses) if bus is None][:1]:
            out = "which no line in service joins to the slack; take it out of service to leave it out"
            raise InvalidNetwork(f"{name} leads to bus {index}, {out}")
        columns[end] = np.array(buses, dtype=np.int64)
    return columns
