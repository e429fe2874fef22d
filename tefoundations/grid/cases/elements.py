"""The elements of a pandapower net: which are modelled, which are refused by name, and what became of each, in words."""

import numpy as np

from tefoundations.errors import InvalidNetwork
from tefoundations.words import listed

AT_A_BUS = {
    "load": ("load", "loads"), "sgen": ("static generator", "static generators"), "gen": ("generator", "generators"),
    "ext_grid": ("external grid", "external grids"), "storage": ("storage", "storages"), "motor": ("motor", "motors"),
    "shunt": ("shunt", "shunts"), "ward": ("ward", "wards"), "xward": ("extended ward", "extended wards"),
    "asymmetric_load": ("unbalanced load", "unbalanced loads"),
    "asymmetric_sgen": ("unbalanced static generator", "unbalanced static generators"),
}  # fmt: skip
BETWEEN = {
    "line": ("line", "lines"), "trafo": ("transformer", "transformers"), "impedance": ("impedance", "impedances"),
    "trafo3w": ("three-winding transformer", "three-winding transformers"),
}  # fmt: skip
ENDS = {"line": ("from_bus", "to_bus"), "impedance": ("from_bus", "to_bus"), "trafo": ("hv_bus", "lv_bus"),
        "trafo3w": ("hv_bus", "mv_bus", "lv_bus")}  # fmt: skip
CONVERTER = ("converter", "converters")
NOT_MODELLED = {
    "line_dc": ("DC line", "DC lines"), "bus_dc": ("DC bus", "DC buses"),
    "load_dc": ("DC load", "DC loads"), "source_dc": ("DC source", "DC sources"),
    "svc": ("static var compensator", "static var compensators"),
    "ssc": ("static synchronous compensator", "static synchronous compensators"),
    "tcsc": ("series compensator", "series compensators"), "vsc": CONVERTER, "b2b_vsc": CONVERTER, "bi_vsc": CONVERTER,
    "vsc_stacked": CONVERTER, "vsc_bipolar": CONVERTER,
}  # fmt: skip
NAMES = AT_A_BUS | BETWEEN | NOT_MODELLED
OTHER = {"bus", "dcline", "switch", "controller", "measurement", "group"}  # handled elsewhere, or without effect
NO_LIMIT = 1e12  # percent: so large a loading is none
REFERENCE_TEMPERATURE = 20.0  # degrees, of the resistances in the table of lines
PD, QD, GS, BS = 2, 3, 4, 5  # columns of the array of buses


def filled(column, default):
    """A column of booleans, which may be objects with gaps as a file left them, with this in the gaps."""
    return column.where(column.notna(), default).astype(bool)


def refuse_elements(net):
    """InvalidNetwork if something is in service that has no model here: leaving it out would change the answer."""
    for table, frame in net.items():
        if not hasattr(frame, "columns") or table.startswith(("res_", "_")) or "in_service" not in frame:
            continue
        on = frame.index[frame.in_service.astype(bool)]
        if len(on) and table not in (*AT_A_BUS, *BETWEEN, *OTHER):
            words = f"a {NAMES[table][0]}" if table in NAMES else "an element of a kind that is not known here"
            raise InvalidNetwork(
                f"{table} {on[0]} is {words}, which is not modelled; take it out of service to leave it out"
            )


def place_loads(net, bus, place):
    """Put what the converter passes over into its array of buses; what was changed, in words.

    Unbalanced loads count by the sum of their phases; the part of a load whose power goes with the square of the voltage
    is a shunt.

    Parameters
    ----------
    net : pandapower.pandapowerNet
    bus : (n, 13) float array
        Changed in place.
    place : dict
        Index of a pandapower bus -> row of `bus`, for the buses that are read.

    Returns
    -------
    list of str

    Raises
    ------
    InvalidNetwork
        A load at one of these buses that goes with the voltage, or one that goes with its square and is dispatched.
    """
    notes = []
    for table, sign in (("asymmetric_load", 1), ("asymmetric_sgen", -1)):
        frame = _at(net, table, place)
        rows = [place[at] for at in frame.bus] if len(frame) else []
        np.add.at(bus, (rows, PD), sign * _of_phases(frame, "p", "mw"))
        np.add.at(bus, (rows, QD), sign * _of_phases(frame, "q", "mvar"))
        if len(frame):
            notes.append(f"Taken as balanced, by the sum of the phases: {_counted(table, len(frame))}.")
    return notes + _constant_impedance(_at(net, "load", place), bus, place)


def _at(net, table, places):
    """The rows of a table that are in service at one of the buses."""
    frame = net.get(table)
    if frame is None or not len(frame):
        return ()
    return frame[frame.in_service.astype(bool) & frame.bus.isin(set(places))]


def _of_phases(frame, kind, unit):
    if not len(frame):
        return np.zeros(0)
    scale = frame.scaling if "scaling" in frame else 1.0
    return (sum(frame[f"{kind}_{phase}_{unit}"].fillna(0.0) for phase in "abc") * scale).to_numpy()


def _constant_impedance(load, bus, place):
    """Move the part of the loads that has constant impedance to the shunts of their buses."""
    shares = {"p": 0.0, "q": 0.0}  # percent; the column without p or q is that of an older pandapower
    for name in (name for name in (load if len(load) else ()) if name.startswith(("const_i", "const_z"))):
        share = load[name].fillna(0.0)
        for row in load.index[share != 0]:
            if name.startswith("const_i"):
                raise InvalidNetwork(f"load {row}: {name} {share[row]:g}: loads of constant current are not modelled")
            if "controllable" in load and filled(load.controllable, False)[row]:
                why = "a load of constant impedance cannot be dispatched; set its controllable to False"
                raise InvalidNetwork(f"load {row}: {name} {share[row]:g}: {why}")
        for kind in shares:
            shares[kind] = shares[kind] + (share if name in (f"const_z_{kind}_percent", "const_z_percent") else 0.0)
    if not np.any(shares["p"]) and not np.any(shares["q"]):
        return []
    rows = [place[at] for at in load.bus]
    for kind, unit, drawn, shunt, sign in (("p", "mw", PD, GS, 1), ("q", "mvar", QD, BS, -1)):
        moved = (load[f"{kind}_{unit}"] * load.scaling * shares[kind] / 100).to_numpy()
        np.subtract.at(bus, (rows, drawn), moved)
        np.add.at(bus, (rows, shunt), sign * moved)
    count = int(np.sum((shares["p"] != 0) | (shares["q"] != 0)))
    return [f"Taken as shunts: the part of {_counted('load', count)} that has constant impedance."]


def without_missing_limits(net):
    """The net with a loading limit that is no number put far away; which those are, by table; all where none is given."""
    missing = {}
    for table in ("line", "trafo", "trafo3w"):
        frame = net[table]
        if "max_loading_percent" not in frame:
            missing[table] = frame.index
        elif frame.max_loading_percent.isna().any():
            missing[table] = frame.index[frame.max_loading_percent.isna()]
            frame["max_loading_percent"] = frame.max_loading_percent.fillna(NO_LIMIT)
    return missing


def accounts(net, kept, modelled, missing):
    """What became of each element, in words: so many read, so many left out, and how much power they stand for.

    Parameters
    ----------
    net : pandapower.pandapowerNet
    kept : set
        Buses that are in the network, those that were joined to others among them.
    modelled : dict
        Table of branches -> (rows,) bool array, those that are in the network.
    missing : dict
        Table of branches -> index of those whose loading limit is no number, or not given.

    Returns
    -------
    list of str
    """
    read, left, more = [], [], []
    dead = int((~net.bus.index.isin(kept)).sum())
    if dead:
        left.append(f"{dead} {'bus' if dead == 1 else 'buses'}")
    for table in NAMES:
        frame = net.get(table)
        if frame is None or not len(frame):
            continue
        if table in BETWEEN:
            on = modelled[table]
        elif table in AT_A_BUS:
            on = (frame.in_service.astype(bool) & frame.bus.isin(kept)).to_numpy()
        else:  # in service it was refused
            on = np.zeros(len(frame), dtype=bool)
        if on.any():
            more_of_it = _half_open(net, table, frame[on], kept) if table in BETWEEN else _power(net, table, frame[on])
            read.append(_counted(table, int(on.sum())) + more_of_it)
        if not on.all():
            left.append(_counted(table, int((~on).sum())) + _power(net, table, frame[~on]))
        unlimited = missing.get(table, frame.index[:0]).intersection(frame.index[on])
        if len(unlimited):
            given = "max_loading_percent" in frame
            which = _counted(table, len(unlimited)) + (f" ({listed(unlimited)})" if given else "")
            more.append(f"Without a limit, for max_loading_percent is {'no number' if given else 'not given'}: {which}.")
        if table == "line":
            more += _at_temperature(frame[on])
        if table == "sgen":
            more += _held_back(frame[on])
    notes = [f"Read: {', '.join(read)}."] if read else []
    return notes + ([f"Left out, being out of service or cut off: {', '.join(left)}."] if left else []) + more


def _counted(table, count):
    return f"{count} {NAMES[table][count != 1]}"


def _half_open(net, table, frame, kept):
    """How many of these branches, which are modelled, have an open switch or a dead bus at an end."""
    kind = {"line": "l", "trafo": "t", "trafo3w": "t3"}.get(table)
    opened = net.switch.element[(net.switch.et == kind) & ~net.switch.closed.astype(bool)]
    cut = frame.index.isin(opened) | ~frame[list(ENDS[table])].isin(kept).all(axis=1)
    return f" ({cut.sum()} of them open at one end)" if cut.any() else ""


def _at_temperature(lines):
    """A note on lines that are given another temperature than that of their resistance."""
    if "temperature_degree_celsius" not in lines:
        return []
    warm = lines.index[lines.temperature_degree_celsius.fillna(REFERENCE_TEMPERATURE) != REFERENCE_TEMPERATURE]
    what = f"{_counted('line', len(warm))} ({listed(warm)})"
    told = f"Taken at 20 degrees, whatever temperature_degree_celsius and alpha say: the resistance of {what}."
    return [told] if len(warm) else []


def _held_back(sgen):
    """A note on units that are not dispatched and would give more reactive power than they may: the converter holds them."""
    if not {"min_q_mvar", "max_q_mvar"} <= set(sgen):
        return []
    fixed = ~filled(sgen.controllable, False) if "controllable" in sgen else np.full(len(sgen), True)
    beyond = sgen.index[fixed & ((sgen.q_mvar < sgen.min_q_mvar) | (sgen.q_mvar > sgen.max_q_mvar))]
    what = f"{_counted('sgen', len(beyond))} ({listed(beyond)})"
    return [f"Held to min_q_mvar and max_q_mvar: the reactive power of {what}."] if len(beyond) else []


def _power(net, table, frame):
    """Megawatts that the rows of a table stand for, in brackets; those of shunts and wards at 1 p.u."""
    scale = frame.scaling if "scaling" in frame else 1.0
    if table.startswith("asymmetric"):
        power = _of_phases(frame, "p", "mw")
    elif table == "motor":
        power = frame.pn_mech_mw * frame.loading_percent / frame.efficiency_percent * scale
    elif table in ("ward", "xward"):
        power = frame.ps_mw + frame.pz_mw
    elif table == "shunt":
        power = _of_steps(net, frame)
    elif "p_mw" in frame:
        power = frame.p_mw * scale
    else:
        return ""
    return f" ({float(np.nansum(power)):.6g} MW)"


def _of_steps(net, shunt):
    """MW of shunts at 1 p.u. of their bus, by their step, or by the table that their step stands in."""
    power = shunt.p_mw * shunt.step
    if "step_dependency_table" in shunt and shunt.step_dependency_table.fillna(False).any():
        steps = net.shunt_characteristic_table.set_index(["id_characteristic", "step"]).p_mw
        for row in shunt.index[shunt.step_dependency_table.fillna(False).astype(bool)]:
            power[row] = steps.get((shunt.id_characteristic_table[row], shunt.step[row]), np.nan)
    rated = shunt.vn_kv.fillna(shunt.bus.map(net.bus.vn_kv))
    return power * (shunt.bus.map(net.bus.vn_kv) / rated) ** 2
