"""The columns of a network's tables, and what replaces them for one solve: a bad value is named by table, row and column."""

import numpy as np

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.inputs import numbers
from tefoundations.words import MISSING, listed, shown

# Column -> value where the column is missing; None: the column must be there.
NUMBERS = {
    "buses": {
        "load": 0.0, "q_load": 0.0, "g_shunt": 0.0, "b_shunt": 0.0, "v_min": 0.9, "v_max": 1.1,
        "v_start": np.nan, "angle_start": np.nan, "east": np.nan, "north": np.nan,
    },
    "lines": {
        "r": 0.0, "x": None, "g": 0.0, "b": 0.0, "tap": 1.0, "shift": 0.0, "limit": np.inf,
        "angle_min": -np.inf, "angle_max": np.inf,
    },
    "generators": {
        "p_min": 0.0, "p_max": None, "cost": None, "cost2": 0.0, "cost0": 0.0, "q_min": -np.inf, "q_max": np.inf,
        "s_max": np.inf, "q_per_p": np.nan, "p_set": 0.0, "q_set": 0.0, "v_set": 1.0, "co2": np.nan,
    },
    "bids": {"p_max": None, "value": None, "value2": 0.0},
    "dclines": {
        "p_min": 0.0, "p_max": None, "loss0": 0.0, "loss1": 0.0, "cost": 0.0, "cost2": 0.0, "cost0": 0.0, "p_set": 0.0,
    },
}  # fmt: skip
NONE = {"bids": {"bus": [], "p_max": [], "value": []}, "dclines": {"from_bus": [], "to_bus": [], "p_max": []}}
LABELS = {"buses": ["bus"], "lines": ["from_bus", "to_bus"], "generators": ["bus"], "bids": ["bus"],
          "dclines": ["from_bus", "to_bus"]}  # fmt: skip
OPTIONAL = {"buses": [], "lines": ["name"], "generators": ["name", "curve"], "bids": ["name"], "dclines": ["name"]}
MAY_BE_INFINITE = {"limit", "angle_min", "angle_max", "v_max", "p_min", "p_max", "q_min", "q_max", "s_max"}
MAY_BE_NAN = {"q_per_p", "v_set", "co2", "v_start", "angle_start", "east", "north"}
NO_BIDS = {"bus": [], "p_max": [], "value": []}


def read_table(given, table):
    """The columns of one table as arrays: labels and names as they are, everything else as checked numbers.

    Parameters
    ----------
    given : pandas.DataFrame, or what `pandas.DataFrame` takes
        Columns as in `NUMBERS`, `LABELS` and `OPTIONAL`.
    table : str
        "buses", "lines", "generators", "bids" or "dclines"; None for one of the last two is an empty table.

    Returns
    -------
    dict
        Column -> (k,) array; an optional column that is missing is None.

    Raises
    ------
    InvalidNetwork
        No table, a missing, repeated or unknown column, a missing label, a value that is no number, nan, or infinite where
        that has no meaning.
    """
    frame = _frame(NONE[table] if given is None and table in NONE else given, table)
    known, seen = [*LABELS[table], *OPTIONAL[table], *NUMBERS[table]], set()
    for column in frame.columns:
        if column not in known:
            raise InvalidNetwork(f"{table}: column {shown(column)} is not known; known are {', '.join(known)}")
        if column in seen:
            raise InvalidNetwork(f"{table}: column {column!r} is there twice")
        seen.add(column)
    columns = {}
    for column in [*LABELS[table], *OPTIONAL[table]]:
        columns[column] = _labels(frame, table, column)
    for column, default in NUMBERS[table].items():
        if column in frame.columns:
            columns[column] = column_numbers(frame[column], table, column)
        elif default is None:
            raise InvalidNetwork(f"{table}: column {column!r} is missing; found {[str(c) for c in frame.columns]}")
        else:
            columns[column] = np.full(len(frame), default)
    return columns


def _frame(given, table):
    """A table as a frame; that of bids may be missing."""
    import pandas as pd

    given = NO_BIDS if given is None and table == "bids" else given
    if isinstance(given, pd.DataFrame):
        return given
    try:
        return pd.DataFrame(given)
    except (TypeError, ValueError, AttributeError):
        if not isinstance(given, dict):
            raise InvalidNetwork(f"{table} must be a table or a dict of columns, not {type(given).__name__}") from None
        found = ", ".join(f"{name} {np.size(values)}" for name, values in given.items())
        raise InvalidNetwork(f"{table}: all columns must have one length, and found are {found}") from None


def _labels(frame, table, column):
    """A column of labels or names as given; None if it is optional and missing."""
    if column not in frame.columns:
        if column in OPTIONAL[table]:
            return None
        raise InvalidNetwork(f"{table}: column {column!r} is missing; found {[str(c) for c in frame.columns]}")
    values = frame[column].to_numpy()
    if column == "curve":
        return values
    for row in np.flatnonzero(frame[column].isna().to_numpy())[:1]:
        raise InvalidNetwork(MISSING, table=table, row=int(row), column=column)
    for row, value in enumerate(values if values.dtype == object else ()):
        if getattr(value, "__hash__", None) is None:
            raise InvalidNetwork("must be a name or a number", table=table, row=row, column=column, value=value)
    whole = values.dtype.kind == "f" and (values == np.round(values)).all()  # 1.0, from a spreadsheet, is bus 1
    return values.astype(np.int64) if whole else values


def column_numbers(values, table, column):
    """The values of a column as floats.

    Parameters
    ----------
    values : sequence of numbers
    table, column : str
        Names used in the error.

    Returns
    -------
    (k,) float array

    Raises
    ------
    InvalidNetwork
        The first value that is not a number, is nan, or is infinite in a column where that has no meaning.

    Examples
    --------
    >>> column_numbers([0.1, float("nan")], "lines", "x")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidNetwork: lines, row 1: x nan must be a finite number
    """

    def at(message, row, value):
        return InvalidNetwork(message, table=table, row=row, column=column, value=value)

    infinite = column in MAY_BE_INFINITE and (table, column) != ("bids", "p_max")
    return numbers(
        values, f"{table}: {column}", infinite=infinite, missing=column in MAY_BE_NAN, at=at, error=InvalidNetwork
    )


def place_of(label, index, kind):
    """Position of a label in an index {label: position}.

    Raises
    ------
    InvalidInput
        No bus, line or generator, as `kind` says, bears this label.
    """
    try:
        return index[label]
    except (KeyError, TypeError):
        raise InvalidInput(f"{kind} {shown(label)} is no {kind} of this network ({listed(index)})") from None


def replaced(given, values, index, argument, kind, column=None):
    """Values with some ({label: value}, or a series with labels for its index) or all (an array) replaced.

    Parameters
    ----------
    given : dict, pandas.Series, (k,) float array or None
        None replaces nothing. A series is read by its index, unless that only counts its rows.
    values : (k,) float array
    index : dict
        Label -> position.
    argument, kind : str
        Name of the argument, and what bears the labels: "bus", "line", "generator".
    column : str, optional
        Name of one value, in the error; default the argument's.

    Returns
    -------
    (k,) float array, a copy

    Raises
    ------
    InvalidInput
        An unknown label, an array of another length.
    InvalidNetwork
        A value that is not a finite number.
    """
    if given is None:
        return values.copy()
    if type(given) is np.ndarray and given.shape == values.shape and given.dtype == float and np.isfinite(given).all():
        return given.copy()  # as a slider asks for it, thousands of times
    if hasattr(given, "iloc") and hasattr(given, "to_dict") and not hasattr(given, "columns"):
        labels = given.index.tolist()
        if len(set(labels)) < len(labels):
            raise InvalidInput(f"{argument}: its index names a {kind} twice")
        counted = labels == list(range(len(values))) and not index.keys() >= set(labels)
        given = given if counted else dict(zip(labels, given))
    column = column or argument
    if not isinstance(given, dict):
        if shape_of(given) != values.shape:
            raise InvalidInput(
                f"{argument} must be a dict or an array of {len(values)} values, not of shape {shape_of(given)}"
            )
        return column_numbers(given, argument, column)
    result = values.copy()
    result[[place_of(label, index, kind) for label in given]] = column_numbers(list(given.values()), argument, column)
    return result


def shape_of(given):
    """Shape of what may be an array, in words where its rows differ in length."""
    try:
        return np.shape(given)
    except ValueError:
        return "(rows of different lengths)"


def refuse(bad, values, table, column, message):
    """Raise InvalidNetwork for the first row marked in `bad`; `values` are those of the column at fault."""
    for row in np.flatnonzero(bad)[:1]:
        raise InvalidNetwork(message, table=table, row=int(row), column=column, value=values[row])


def index_of(labels):
    """Position of each label of a bus: {label: position}; InvalidNetwork if there is none, or one twice."""
    if not len(labels):
        raise InvalidNetwork("buses: there is none")
    index, twice = {}, []
    for position, label in enumerate(labels.tolist()):
        twice.append(label in index)
        index[label] = position
    refuse(twice, labels, "buses", "bus", "is there twice")
    return index


def positions(labels, index, table, column):
    """Positions of labels among the buses; `index` is {label: position}.

    Raises
    ------
    InvalidNetwork
        A label that no bus bears.
    """
    refuse([label not in index for label in labels.tolist()], labels, table, column, "is no bus of this network")
    return np.array([index[label] for label in labels.tolist()], dtype=np.intp)


def names(given, wanted, table):
    """Names as given, which must be unique, or `wanted` with a number behind a repeated one."""
    if given is not None:
        seen = set()
        refuse([name in seen or seen.add(name) for name in given.tolist()], given, table, "name", "is given twice")
        return given.astype(object)
    count, made = {}, []
    for name in wanted:
        count[name] = count.get(name, 0) + 1
        made.append(name if count[name] == 1 else f"{name} #{count[name]}")
    return np.array(made, dtype=object)


def curves(given, rows):
    """Cost curves as (k, 2) float arrays, None where a unit has none.

    Raises
    ------
    InvalidNetwork
        A curve that is not a list of at least two points (MW, $/h) with rising MW.
    """
    read = np.full(rows, None, dtype=object)
    for row, curve in enumerate([] if given is None else given):
        if curve is None or (np.isscalar(curve) and curve != curve):
            continue
        try:
            points = np.array(curve, dtype=float)
            good = points.ndim == 2 and points.shape[1] == 2 and len(points) > 1 and np.isfinite(points).all()
        except (TypeError, ValueError):
            good = False
        if not good or (np.diff(points[:, 0]) <= 0).any():
            message = "must be at least two points (MW, $/h) with rising MW"
            raise InvalidNetwork(message, table="generators", row=row, column="curve", value=curve)
        points.flags.writeable = False
        read[row] = points
    return read
