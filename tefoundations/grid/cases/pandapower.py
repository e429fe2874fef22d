"""pandapower nets as the tables of `Network.from_frames`, through pandapower's own conversion to MATPOWER's arrays."""

import copy
import logging
from os import PathLike

import numpy as np

from tefoundations.errors import InvalidNetwork
from tefoundations.grid.cases.dc_lines import at_buses, taken_dclines
from tefoundations.grid.cases.element_costs import cost_columns
from tefoundations.grid.cases.elements import BETWEEN, accounts, filled, place_loads, refuse_elements, without_missing_limits
from tefoundations.grid.cases.matpower import frames_of_arrays
from tefoundations.words import an, listed, shown

UNLIMITED = 1e6  # MW; pandapower writes a large number, or 99999 kA, where a limit is missing
# Of what is not told whether it is controllable, as pandapower's own functions that create it say.
UNTOLD = {"ext_grid": False, "gen": True, "sgen": False, "load": False, "storage": False}
WIDENED = 9  # it also widens limits by 1e-10 to help its solver: round to this many digits


def frames_of_net(net, slack=None):
    """The keyword arguments of `Network.from_frames` for a pandapower net.

    Parameters
    ----------
    net : pandapower.pandapowerNet
    slack : object, optional

    Returns
    -------
    dict

    Raises
    ------
    InvalidNetwork
        What is no pandapower net, and what `Network.from_pandapower` lists.
    """
    _check_net(net)
    if getattr(slack, "__hash__", None) is None:
        raise InvalidNetwork(f"slack {shown(slack)} is no bus in service")
    given, net = net, copy.deepcopy(net)  # the converter writes into the net it is given
    refuse_elements(net)
    missing = without_missing_limits(net)
    dclines, of_dclines = taken_dclines(net)
    grids = _at_live_buses(net, net.ext_grid)
    if "slack" in net.gen:
        grids += _at_live_buses(net, net.gen[net.gen.slack.astype(bool)])
    if slack is None and len(set(grids)) != 1:
        where = ", ".join(map(str, sorted(set(grids))))
        which = f"external grids stand at buses {where}" if grids else "no external grid is in service"
        raise InvalidNetwork(f"no single slack: {which}; name one with slack=, and its island is read")
    far = _one_island(net, slack) if slack in net.bus.index[net.bus.in_service.astype(bool)] else []
    for table in ("poly_cost", "pwl_cost"):
        net[table] = net[table].iloc[:0]  # the converter would turn their signs, or refuse a mix that can be read
    case = _converted(_with_limits(_told_whether_controllable(net)))
    label = _labels(net, len(case["bus"]))
    tables = {name: np.real(case[name]) for name in ("bus", "gen", "branch")}
    tables["bus"], tables["branch"] = tables["bus"][:, :13].copy(), tables["branch"][:, :13]
    notes = place_loads(net, tables["bus"], _places(net, len(label)))
    notes += of_dclines + far + _restore_voltage_limits(tables["bus"], net, label)
    units = _units(net)
    for row, (element, _) in enumerate(units):  # static units, loads and stores hold no voltage
        if element in ("sgen", "load", "storage"):
            tables["gen"][row, 5] = np.nan
    names = np.array([f"{element} {index}" for element, index in units], dtype=object)
    where = grids[0] if slack is None else slack
    frames = frames_of_arrays(float(case["baseMVA"]), tables, slack=where, unit_names=names)
    costs, of_costs = cost_columns(given, units)
    frames["generators"] |= costs | {"co2": _carbon(given, units)}
    frames["generators"].pop("q_per_p", None)  # pandapower lets the reactive power of its loads vary within their limits
    for table, column in (("buses", "bus"), ("lines", "from_bus"), ("lines", "to_bus"), ("generators", "bus")):
        frames[table][column] = label[frames[table][column]]
    frames["buses"] |= _solved(given, frames["buses"]["bus"])
    frames["slack"] = label[_position(net, frames["slack"], len(label))]
    frames["lines"]["g"] = np.real(case.get("branch_g", np.zeros(len(case["branch"]))))
    _restore_limits(frames)
    joined = _joined(net, label, set(frames["buses"]["bus"].tolist()))
    kept = set(frames["buses"]["bus"].tolist()) | joined.keys()
    told = accounts(given, kept, _modelled(net, case), missing)
    frames["notes"] = (*told, *notes, *_told(joined), *_beside_the_slack(grids, kept, joined, frames["slack"]), *of_costs)
    frames["joined"] = joined
    if dclines is not None:
        at = {bus: bus for bus in frames["buses"]["bus"].tolist()} | joined
        frames["dclines"] = at_buses(dclines, at.get)
    return frames


def _check_net(net):
    """Refuse what is no pandapower net, by the name of its class: where pandapower is missing there is none."""
    if any(kind.__name__ == "pandapowerNet" for kind in type(net).__mro__):
        for table in ("bus", "ext_grid", "gen", "line", "trafo", "load", "sgen", "switch"):
            if not hasattr(net.get(table), "columns"):
                raise InvalidNetwork(f"net has no table {table!r}; an empty one will do")
        return
    advice = "pandapower.from_json reads a file" if isinstance(net, (str, PathLike)) else ""
    if isinstance(net, dict) and {"bus", "branch"} <= net.keys():
        advice = "Network.from_matpower reads the tables of a case"
    elif isinstance(net, dict) or hasattr(net, "columns"):
        advice = "Network.from_frames reads tables"
    said = f"net must be a pandapowerNet, not {an(type(net).__name__)}"
    raise InvalidNetwork(f"{said}: {advice}" if advice else said)


def _beside_the_slack(grids, kept, joined, slack):
    """A note on external grids, in pandapower each with an angle of its own, that stand in one island with the slack."""
    others = sorted({bus for bus in grids if bus in kept and joined.get(bus, bus) != slack})
    where = f"{'bus' if len(others) == 1 else 'buses'} {listed(others)}"
    told = f"Only the slack's external grid holds its angle; those at {where} give in a power flow their p_mw, if any."
    return [told] if others else []


def _at_live_buses(net, frame):
    """Buses in service at which rows of a table in service stand."""
    return [bus for bus in frame.bus[frame.in_service.astype(bool)].tolist() if net.bus.in_service.get(bus, False)]


def _units(net):
    """Table and index of the element behind each generator of the converter."""
    units = []
    for name in net._gen_order:
        table = name.removesuffix("_controllable")
        units += [(table, index) for index in net[table].index[net._is_elements[name].astype(bool)].tolist()]
    return units


def _carbon(net, units):
    """Carbon of each unit (t/MWh) where the table of its element has a column `co2`, which pandapower leaves alone."""
    sources = ("gen", "sgen", "ext_grid")
    return np.array([net[t].at[i, "co2"] if t in sources and "co2" in net[t] else np.nan for t, i in units], dtype=float)


def _solved(net, buses):
    """Voltages of an earlier power flow, where the net holds them for every bus that is read."""
    results = net.get("res_bus")
    if results is None or not {"vm_pu", "va_degree"} <= set(results):
        return {}
    own = results.loc[results.index.intersection(buses), ["vm_pu", "va_degree"]].reindex(buses).to_numpy(dtype=float)
    unusable = ~(own[:, 0] > 0) | ~np.isfinite(own).all(axis=1)
    return {} if unusable.any() else {"v_start": own[:, 0], "angle_start": own[:, 1]}


def _places(net, size):
    """Row of the converter's array for each pandapower bus that it kept."""
    lookup = net._pd2ppc_lookups["bus"]
    return {bus: int(lookup[bus]) for bus in net.bus.index if 0 <= lookup[bus] < size}


def _modelled(net, case):
    """Which rows of each table of branches are among the converter's branches."""
    modelled = {}
    for table in BETWEEN:
        rows = np.arange(*net._pd2ppc_lookups["branch"].get(table, (0, 0)))
        windings = max(len(rows), 1) // max(len(net[table]), 1)  # three, one behind the other, of trafo3w
        modelled[table] = case["internal"]["branch_is"][rows].reshape(max(windings, 1), -1).any(axis=0)
    return modelled


def _one_island(net, slack):
    """Take everything out of service that cannot be reached from the slack; what that was, in words."""
    from pandapower.topology import connected_component, create_nxgraph

    island = set(connected_component(create_nxgraph(net, respect_switches=True), slack))
    far = net.bus.index[net.bus.in_service.astype(bool) & ~net.bus.index.isin(island)]
    net.bus.loc[far, "in_service"] = False
    return [f"Left out: {len(far)} buses that no line or switch joins to bus {slack}."] if len(far) else []


def _joined(net, label, kept):
    """The buses that closed switches join to others: index -> index under which it goes."""
    lookup = net._pd2ppc_lookups["bus"]
    where = {bus: label[lookup[bus]].item() for bus in net.bus.index if 0 <= lookup[bus] < len(label)}
    return {int(bus): goes for bus, goes in where.items() if goes != bus and goes in kept}


def _told(joined):
    if not joined:
        return []
    some = ", ".join(f"{bus} to {goes}" for bus, goes in list(joined.items())[:3])
    return [f"Joined by switches: {len(joined)} buses ({some}{', ...' if len(joined) > 3 else ''})."]


def _told_whether_controllable(net):
    """Booleans where the column has gaps, or is of objects, as in SimBench's nets: the converter negates it as it stands."""
    for table, default in UNTOLD.items():
        if "controllable" in net[table]:
            net[table]["controllable"] = filled(net[table].controllable, default)
    return net


def _with_limits(net):
    """A generator without limits stays where it is set; an external grid without limits has none."""
    for table, low, high in (("ext_grid", -np.inf, np.inf), ("gen", None, None)):
        frame = net[table]
        for column, value in (("min_p_mw", low), ("max_p_mw", high)):
            value = frame["p_mw"] * frame["scaling"] if value is None else value
            # A column of objects is one where a file has no number.
            frame[column] = frame[column].astype(float).fillna(value) if column in frame else value
    return net


def _converted(net):
    """pandapower's arrays of what is in service."""
    from pandapower.converter.pypower.to_ppc import to_ppc

    logger = logging.getLogger("pandapower")
    level = logger.level
    logger.setLevel(logging.ERROR)  # it tells of voltage limits that are restored below
    try:
        case = to_ppc(net, calculate_voltage_angles=True, init="flat", mode="opf", check_connectivity=True)
    except Exception as error:  # its refusals have no common class
        raise InvalidNetwork(f"pandapower cannot convert this net: {error}") from error
    finally:
        logger.setLevel(level)
    for table in ("branch_dc", "vsc", "tcsc", "svc", "ssc"):
        if len(case.get(table, ())):
            raise InvalidNetwork(f"{table}: direct current and power electronics are not modelled")
    if any(f"branch_{part}_asym" in case for part in "rxgb"):  # only there where not all are 0
        raise InvalidNetwork("a branch is not the same seen from its two ends, which is not modelled")
    return case


def _labels(net, size):
    """Index of the pandapower bus behind each bus of the converter, the lowest where several are joined."""
    label = np.full(size, -1, dtype=np.int64)
    lookup = net._pd2ppc_lookups["bus"]
    for bus in sorted(net.bus.index, reverse=True):
        if 0 <= lookup[bus] < size:
            label[lookup[bus]] = bus
    inner = np.flatnonzero(label < 0)  # star points of three-winding transformers and the like bear no index
    label[inner] = max(net.bus.index) + 1 + np.arange(len(inner))
    return label


def _position(net, bus, size):
    position = net._pd2ppc_lookups["bus"][bus] if bus in net.bus.index else -1
    if not 0 <= position < size:
        raise InvalidNetwork(f"slack {shown(bus)} is no bus in service")
    return position


def _restore_voltage_limits(bus, net, label):
    """Limits of the net, and set points of what is not to be controlled; notes on limits that are missing.

    pandapower holds the voltage of an external grid and of a generator whose `controllable` is not true.
    """
    missing = 0
    for column, position, default in (("max_vm_pu", 11, 1.1), ("min_vm_pu", 12, 0.9)):
        given = net.bus.get(column)
        for row, index in enumerate(label):
            known = given is not None and index in given.index and not np.isnan(given[index])
            bus[row, position] = given[index] if known else default
            missing += not known and column == "max_vm_pu"
    row_of = {index: row for row, index in enumerate(label)}
    lookup = net._pd2ppc_lookups["bus"]
    for table in ("ext_grid", "gen"):
        frame = net[table]
        free = frame.controllable if "controllable" in frame else np.full(len(frame), UNTOLD[table])
        for at, set_point in zip(*(frame[name][frame.in_service.astype(bool) & ~free] for name in ("bus", "vm_pu"))):
            if 0 <= lookup[at] < len(label):
                bus[row_of[label[lookup[at]]], 11:13] = set_point
    return [f"Voltage limits are missing at {missing} buses: 0.9 and 1.1 p.u. are taken."] if missing else []


def _restore_limits(frames):
    limited = [
        (frames["lines"], "limit"),
        *((frames["generators"], column) for column in ("p_min", "p_max", "q_min", "q_max")),
    ]
    for table, column in limited:
        limit = np.round(table[column], WIDENED) + 0.0  # no -0
        table[column] = np.where(np.abs(limit) >= UNLIMITED, np.copysign(np.inf, limit), limit)
