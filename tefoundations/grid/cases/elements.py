"""The elements of a pandapower net: which are modelled, which are refused by name, and what became of each, in words."""

import numpy as np

from tefoundations.errors import InvalidNetwork

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
NOT_MODELLED = {
    "svc": "a static var compensator", "ssc": "a static synchronous compensator",
    "tcsc": "a series compensator", "vsc": "a converter", "b2b_vsc": "a converter", "bi_vsc": "a converter",
    "vsc_stacked": "a converter", "vsc_bipolar": "a converter", "line_dc": "a DC line", "bus_dc": "a DC bus",
    "load_dc": "a DC load", "source_dc": "a DC source",
}  # fmt: skip
OTHER = {"bus", "dcline", "switch", "controller", "measurement", "group"}  # handled elsewhere, or without effect
NO_LIMIT = 1e12  # percent: so large a loading is none


def refuse_elements(net):
    """InvalidNetwork if something is in service that has no model here: leaving it out would change the answer."""
    for table, frame in net.items():
        if not hasattr(frame, "columns") or table.startswith(("res_", "_")) or "in_service" not in frame:
            continue
        on = frame.index[frame.in_service.astype(bool)]
        if len(on) and table not in (*AT_A_BUS, *BETWEEN, *OTHER):
            words = NOT_MODELLED.get(table, "an element of a kind that is not known here")
            raise InvalidNetwork(
                f"{table} {on[0]} is {words}, which is not modelled; take it out of service to leave it out"
            )


def as_modelled(net):
    """The net with what is not modelled as it stands put into elements that are, and notes of what was changed."""
    notes = []
    for table, of, power in (("asymmetric_load", "load", 1), ("asymmetric_sgen", "sgen", 1)):
        frame = net.get(table)
        on = frame[frame.in_service.astype(bool)] if frame is not None and len(frame) else ()
        for row in on.itertuples() if len(on) else ():
            p, q = (
                sum(getattr(row, f"{kind}_{phase}_{unit}") for phase in "abc") for kind, unit in (("p", "mw"), ("q", "mvar"))
            )
            _append(net, of, bus=row.bus, p_mw=p * power, q_mvar=q * power, scaling=getattr(row, "scaling", 1.0))
        if len(on):
            what = AT_A_BUS[table][len(on) != 1]
            notes.append(f"Taken as balanced, by the sum of the phases: {len(on)} {what}.")
    return notes + _constant_impedance(net) + _missing_limits(net)


def _append(net, table, **columns):
    frame = net[table]
    place = max(frame.index, default=-1) + 1
    for column in frame.columns:
        given = columns.get(
            column, {"in_service": True, "scaling": 1.0}.get(column, 0.0 if column.endswith("percent") else None)
        )
        if given is not None:
            frame.loc[place, column] = given
    for column in ("bus", "in_service"):
        frame[column] = frame[column].astype(bool if column == "in_service" else np.int64)


def _constant_impedance(net):
    """The part of a load whose power goes with the square of the voltage is a shunt; one with the voltage has no model."""
    load, count = net.load, 0
    on = load.in_service.astype(bool)
    for column in [name for name in load if name.startswith("const_i")]:
        if (load[column][on].fillna(0) != 0).any():
            row = load.index[on & (load[column].fillna(0) != 0)][0]
            raise InvalidNetwork(f"load {row}: {column} {load[column][row]:g}: loads of constant current are not modelled")
    for p_column, q_column in (("const_z_percent",) * 2, ("const_z_p_percent", "const_z_q_percent")):
        if p_column not in load:
            continue
        shares = [load[column].fillna(0.0) / 100 for column in (p_column, q_column)]
        for row in load.index[on & ((shares[0] != 0) | (shares[1] != 0))]:
            p, q = (load[name][row] * load["scaling"][row] * share[row] for name, share in zip(("p_mw", "q_mvar"), shares))
            bus = load.bus[row]
            _append(net, "shunt", bus=bus, p_mw=p, q_mvar=q, vn_kv=net.bus.vn_kv[bus], step=1, max_step=1)
            load.loc[row, "p_mw"] *= 1 - shares[0][row]
            load.loc[row, "q_mvar"] *= 1 - shares[1][row]
            count += 1
        load[p_column], load[q_column] = 0.0, 0.0
    return [f"Taken as shunts: the part of {count} loads that has constant impedance."] if count else []


def _missing_limits(net):
    """A loading limit that is no number is none."""
    notes = []
    for table in ("line", "trafo", "trafo3w"):
        frame = net[table]
        if "max_loading_percent" in frame and frame.max_loading_percent.isna().any():
            missing = frame.index[frame.max_loading_percent.isna()]
            frame["max_loading_percent"] = frame.max_loading_percent.fillna(NO_LIMIT)
            what = BETWEEN[table][len(missing) != 1]
            notes.append(f"Without a limit, for max_loading_percent is no number: {len(missing)} {what} ({_list(missing)}).")
    return notes


def accounts(net, kept):
    """What became of each element, in words: so many read, so many left out, and how much power they stand for.

    Parameters
    ----------
    net : pandapower.pandapowerNet
    kept : set
        Buses that are in the network, those that were joined to others among them.

    Returns
    -------
    list of str
    """
    read, left = [], []
    for table, names in (AT_A_BUS | BETWEEN).items():
        frame = net.get(table)
        if frame is None or not len(frame):
            continue
        at = frame[list(ENDS.get(table, ("bus",)))].isin(kept).all(axis=1)
        on = frame.in_service.astype(bool) & at
        if table in ("line", "trafo", "trafo3w"):
            on &= ~frame.index.isin(_open(net, table))
        for found, told in ((frame[on], read), (frame[~on], left)):
            if len(found):
                told.append(f"{len(found)} {names[len(found) != 1]}{_power(found)}")
    notes = [f"Read: {', '.join(read)}."] if read else []
    return notes + ([f"Left out, being out of service or cut off: {', '.join(left)}."] if left else [])


def _open(net, table):
    """Branches with an open switch at one of their ends."""
    switches, kind = net.switch, {"line": "l", "trafo": "t", "trafo3w": "t3"}[table]
    return set(switches.element[(switches.et == kind) & ~switches.closed.astype(bool)])


def _power(frame):
    if "p_mw" not in frame:
        return ""
    scale = frame.scaling if "scaling" in frame else 1.0
    total = float((frame.p_mw.fillna(0.0) * scale).sum())
    return f" ({total:.6g} MW)"


def _list(places, most=5):
    told = ", ".join(map(str, places[:most]))
    return told + (", ..." if len(places) > most else "")
