"""MATPOWER cases as the tables of `Network.from_frames`.

matpowercaseframes reads the file; what its numbers mean is here (MATPOWER User's Manual, appendix B).
"""

import os
import tempfile
import warnings
from collections.abc import Mapping

import numpy as np

from tefoundations.errors import InvalidNetwork
from tefoundations.grid.cases.case_text import TABLES, read_text
from tefoundations.grid.cases.dc_lines import COLUMNS as DC_COLUMNS
from tefoundations.grid.cases.dc_lines import dclines_of_case
from tefoundations.grid.cases.statements import carried_out
from tefoundations.words import count

PQ, REFERENCE, ISOLATED = 1, 3, 4
PIECEWISE, POLYNOMIAL = 1, 2
# Columns that decide what is read at all: nan there would leave out a row without a word.
DECISIVE = {"bus": {0: "BUS_I", 1: "BUS_TYPE"}, "gen": {0: "GEN_BUS", 7: "GEN_STATUS"},
            "branch": {0: "F_BUS", 1: "T_BUS", 10: "BR_STATUS"},
            "dcline": {0: "F_BUS", 1: "T_BUS", 2: "BR_STATUS"}}  # fmt: skip


def frames_of_case(case, slack=None):
    """The keyword arguments of `Network.from_frames` for a case.

    Parameters
    ----------
    case : path, str, dict or matpowercaseframes.CaseFrames
    slack : object, optional

    Returns
    -------
    dict
    """
    if isinstance(case, Mapping):  # as PYPOWER has it
        tables = {name: _plain(case, name) for name in TABLES}
        return frames_of_arrays(float(case.get("baseMVA", 100.0)), tables, slack)
    frames, told = (case, None) if hasattr(case, "bus") else _parsed(case)
    base = float(frames.baseMVA)
    tables = {name: _array(frames, name) for name in TABLES}
    tables = carried_out(told.statements, tables, base) if told else tables
    unit_names, line_names = (_names(frames, name) for name in ("gen_name", "branch_name"))
    read = frames_of_arrays(base, tables, slack, unit_names=unit_names, line_names=line_names)
    more = [f"Left out: {', '.join(told.left_out)}."] if told and told.left_out else []
    return read | {"notes": (*read["notes"], *more)}


def _plain(case, name):
    """A table of a dict as floats, or None."""
    if case.get(name) is None:
        if name in ("bus", "gen", "branch"):
            raise InvalidNetwork(f"the case has no table {name!r}")
        return None
    try:
        table = np.array(case[name], dtype=float, ndmin=2)
    except (TypeError, ValueError) as error:
        raise InvalidNetwork(f"{name}: must be rows of numbers: {error}") from None
    return _wide_enough(table, name)


def frames_of_arrays(base, tables, slack=None, unit_names=None, line_names=None):
    """The keyword arguments of `Network.from_frames` for the arrays of a MATPOWER case.

    Parameters
    ----------
    base : float
        MVA.
    tables : dict
        "bus", "gen", "branch" and, or None, "gencost", "dcline", "dclinecost" -> (rows, columns) float
        array in MATPOWER's order of columns.
    slack : object, optional
        Reference bus; else the one bus of type 3.
    unit_names, line_names : (g,) and (m,) arrays, optional
        Names of all rows of gen and branch.

    Returns
    -------
    dict
    """
    bus, gen, branch = tables["bus"], tables["gen"], tables["branch"]
    for table, columns in [(table, columns) for table, columns in DECISIVE.items() if tables.get(table) is not None]:
        for row, column in np.argwhere(np.isnan(tables[table][:, list(columns)]))[:1]:
            name = list(columns.values())[column]
            raise InvalidNetwork("must be a number", table=table, row=int(row), column=name, value=float("nan"))
    far = []
    if slack is not None and (bus[:, 1] == REFERENCE).sum() > 1:
        bus, far = _one_island(bus, branch, slack)
    for table, columns in (("bus", [0]), ("gen", [0]), ("branch", [0, 1])):
        for row, column in np.argwhere(tables[table][:, columns] % 1 != 0)[:1]:
            number = float(tables[table][row, columns[column]])
            name = DECISIVE[table][columns[column]]
            raise InvalidNetwork("must be a whole number", table=table, row=int(row), column=name, value=number)
    kept_bus = bus[bus[:, 1] != ISOLATED]
    kept = kept_bus[:, 0]
    on_unit = (gen[:, 7] > 0) & ~np.isin(gen[:, 0], bus[bus[:, 1] == ISOLATED, 0])
    on_line = (branch[:, 10] > 0) & ~np.isin(branch[:, :2], bus[bus[:, 1] == ISOLATED, 0]).any(axis=1)
    costs, notes = _costs(tables.get("gencost"), len(gen), on_unit)
    dclines, of_dclines = _dclines(tables, kept)
    off = "out of service or at isolated buses"
    alone = tables["bus"][tables["bus"][:, 1] == ISOLATED]
    notes += far
    for dropped, what, more in ((len(alone), "isolated bus", f"with {alone[:, 2].sum():g} MW of load"),
                                (np.sum(~on_line), "line", off), (np.sum(~on_unit), "generator", off)):  # fmt: skip
        notes += [f"Left out: {count(dropped, what)} {more}."] if dropped else []
    notes += of_dclines
    units = _generators(gen[on_unit], bus) | costs
    notes += _power_factors(units)
    lines = _lines(branch[on_line])
    units["name"] = [f"generator {i + 1}" for i in np.flatnonzero(on_unit)] if unit_names is None else unit_names[on_unit]
    if line_names is not None:
        lines["name"] = line_names[on_line]
    buses = {
        "bus": kept.astype(np.int64), "load": kept_bus[:, 2], "q_load": kept_bus[:, 3], "g_shunt": kept_bus[:, 4],
        "b_shunt": kept_bus[:, 5], "v_max": kept_bus[:, 11], "v_min": kept_bus[:, 12],
    }  # fmt: skip
    if kept_bus[:, 8].any():  # with angles of 0 throughout, nothing was solved
        solved = (kept_bus[:, 7] > 0) & np.isfinite(kept_bus[:, 7:9]).all(axis=1)
        buses |= {
            "v_start": np.where(solved, kept_bus[:, 7], np.nan),
            "angle_start": np.where(solved, kept_bus[:, 8], np.nan),
        }
    slack = _reference(kept_bus) if slack is None else slack
    read = {"buses": buses, "lines": lines, "generators": units, "base": base, "slack": slack, "notes": tuple(notes)}
    return read if dclines is None else read | {"dclines": dclines}


def _dclines(tables, kept):
    """Columns of the DC lines, None without any, and notes."""
    table, given = tables.get("dcline"), tables.get("dclinecost")
    if table is None or not len(table):
        return None, []
    for row, column in np.argwhere(~np.isin(table[:, :2], tables["bus"][:, 0]) & (table[:, 2:3] > 0))[:1]:
        end = DECISIVE["dcline"][column]
        raise InvalidNetwork(
            "is no bus of this case", table="dcline", row=int(row), column=end, value=float(table[row, column])
        )
    costs, _ = (None, []) if given is None else _costs(given, len(table), np.full(len(table), True), "dclinecost")
    return dclines_of_case(table, costs, kept)


def _parsed(case):
    """The tables of a file or a text, and the statements that are not tables."""
    from matpowercaseframes import CaseFrames

    is_text = isinstance(case, str) and ("mpc." in case or "\n" in case)
    if not is_text and not isinstance(case, (str, os.PathLike)):
        raise InvalidNetwork(f"a {type(case).__name__} is no MATPOWER case: a path, its text, or a dict of tables")
    if not is_text and not os.path.isfile(case):
        raise InvalidNetwork(f"{os.fspath(case)!r} is neither a file nor the text of a MATPOWER case")
    if not is_text:
        with open(case, encoding="utf-8", errors="replace") as file:
            case = file.read()
    told = read_text(case)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "case.m")
        with open(path, "w", encoding="utf-8") as file:
            file.write(told.to_text())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it doubts a mix of cost models, which is read right here
                return CaseFrames(path), told
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError) as error:
            raise InvalidNetwork(f"the case cannot be read: {error}") from error


def _array(frames, name):
    """A table as floats, None where the case has none; a value that is no number is named."""
    table = getattr(frames, name, None)
    if table is None:
        if name in ("bus", "gen", "branch"):
            raise InvalidNetwork(f"the case has no table {name!r}")
        return None
    array = np.full(table.shape, np.nan)
    for column, label in enumerate(table.columns):
        for row, value in enumerate(table[label].tolist()):
            try:
                array[row, column] = 0.0 if value is None else float(value)
            except (TypeError, ValueError):
                raise InvalidNetwork("must be a number", table=name, row=row, column=str(label), value=value) from None
    return _wide_enough(array, name)


def _wide_enough(table, name):
    least = {"bus": 13, "gen": 10, "branch": 11, "dcline": DC_COLUMNS}.get(name, 1)
    if table.shape[1] < least:
        raise InvalidNetwork(f"{name}: {table.shape[1]} columns, at least {least}")
    return table


def _names(frames, name):
    """Names given in the file if each is there once, else None."""
    given = getattr(frames, name, None)
    if given is None:
        return None
    given = np.array([str(value) for value in np.ravel(given)], dtype=object)
    return given if len(set(given)) == len(given) else None


def _reference(bus):
    found = bus[bus[:, 1] == REFERENCE, 0].astype(int).tolist()
    if len(found) == 1:
        return found[0]
    which = "no bus is" if not found else f"buses {', '.join(map(str, found))} are all"
    raise InvalidNetwork(f"no single slack: {which} of type 3 (reference); name one with slack=")


def _one_island(bus, branch, slack):
    """Buses that no line joins to the slack made isolated, where each island has a reference of its own; and a note."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    place = {number: row for row, number in enumerate(bus[:, 0].tolist())}
    on = branch[branch[:, 10] > 0, :2]
    ends = np.array([[place.get(end, 0) for end in pair] for pair in on.tolist()], dtype=int).reshape(-1, 2)
    _, island = connected_components(coo_array((np.ones(len(ends)), ends.T), shape=(len(bus),) * 2), directed=False)
    far = (island != island[place[slack]]) & (bus[:, 1] != ISOLATED) if slack in place else np.zeros(len(bus), bool)
    bus = bus.copy()
    bus[far, 1] = ISOLATED
    where = f"{far.sum()} buses with {bus[far, 2].sum():g} MW of load that no line joins to bus {slack}"
    return bus, [f"Left out: {where}."] if far.any() else []


def _lines(branch):
    angles = branch[:, 11:13] if branch.shape[1] > 12 else np.tile([-360.0, 360.0], (len(branch), 1))
    none = (angles == 0).all(axis=1)
    return {
        "from_bus": branch[:, 0].astype(np.int64), "to_bus": branch[:, 1].astype(np.int64),
        "r": branch[:, 2], "x": branch[:, 3], "b": branch[:, 4],
        "limit": np.where(branch[:, 5] == 0, np.inf, branch[:, 5]),
        "tap": np.where(branch[:, 8] == 0, 1.0, branch[:, 8]), "shift": branch[:, 9],
        "angle_min": np.where(none | (angles[:, 0] <= -360), -np.inf, angles[:, 0]),
        "angle_max": np.where(none | (angles[:, 1] >= 360), np.inf, angles[:, 1]),
    }  # fmt: skip


def _generators(gen, bus):
    """Columns of the generators; at a bus of type 1 (PQ) they hold their reactive power, not the voltage."""
    held = ~np.isin(gen[:, 0], bus[bus[:, 1] == PQ, 0])
    return {
        "bus": gen[:, 0].astype(np.int64), "p_set": gen[:, 1], "q_set": gen[:, 2], "q_max": gen[:, 3], "q_min": gen[:, 4],
        "v_set": np.where(held, gen[:, 5], np.nan), "p_max": gen[:, 8], "p_min": gen[:, 9],
    }  # fmt: skip


def _power_factors(units):
    """Tie the reactive power of dispatchable loads to their power, as MATPOWER does (makeAvl); notes on it.

    One limit of their reactive power is 0, the other gives the power factor at p_min.
    """
    elastic = (units["p_min"] < 0) & (units["p_max"] == 0) & ((units["q_min"] != 0) | (units["q_max"] != 0))
    tied = elastic & ((units["q_min"] == 0) | (units["q_max"] == 0))
    notes = []
    if tied.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            units["q_per_p"] = np.where(tied, (units["q_min"] + units["q_max"]) / units["p_min"], np.nan)
        units["v_set"] = np.where(tied, np.nan, units["v_set"])
        notes.append(f"Read with a constant power factor: {count(tied.sum(), 'dispatchable load')}.")
    if (elastic & ~tied).any():
        what = count((elastic & ~tied).sum(), "dispatchable load")
        notes.append(f"Left free: the reactive power of {what} without a power factor, for neither limit is 0.")
    return notes


def _costs(gencost, units, on, table="gencost"):
    """Cost columns of the units (or DC lines) in service, and notes; rows beyond them are costs of reactive power."""
    columns = {name: np.zeros(units) for name in ("cost", "cost2", "cost0")} | {"curve": np.full(units, None, dtype=object)}
    if gencost is None:
        return {name: values[on] for name, values in columns.items()}, ["The case has no costs; all are 0."]
    if len(gencost) not in (units, 2 * units):
        whose = "generators" if table == "gencost" else "DC lines"
        raise InvalidNetwork(f"{table}: {len(gencost)} rows for {units} {whose}")
    for row in np.flatnonzero(on):
        model, given, values = gencost[row, 0], int(gencost[row, 3]), gencost[row, 4:]
        if model == PIECEWISE and given >= 2 and 2 * given <= len(values):
            columns["curve"][row] = values[: 2 * given].reshape(-1, 2)
        elif model == POLYNOMIAL and given <= len(values):
            powers = np.r_[values[:given][::-1], np.zeros(3)]  # c0, c1, c2, ...
            if (powers[3:] != 0).any():
                message = "is a cubic or higher cost, which is not modelled"
                raise InvalidNetwork(message, table=table, row=int(row), column="n", value=given)
            columns["cost0"][row], columns["cost"][row], columns["cost2"][row] = powers[:3]
        else:
            message = "is no cost model with that many values"
            raise InvalidNetwork(message, table=table, row=int(row), column="model", value=model)
    reactive = ["Left out: the costs of reactive power."] if (gencost[units:, 4:] != 0).any() else []
    return {name: values[on] for name, values in columns.items()}, reactive
