"""Reading the tables of a network: every value is looked at once, and a bad one is named by table, row and column."""

import numpy as np

from tefoundations.errors import InvalidNetwork

# Column -> value where the column is missing; None: the column must be there.
NUMBERS = {
    "buses": {
        "load": 0.0, "q_load": 0.0, "g_shunt": 0.0, "b_shunt": 0.0, "v_min": 0.9, "v_max": 1.1,
        "east": np.nan, "north": np.nan,
    },
    "lines": {
        "r": 0.0, "x": None, "g": 0.0, "b": 0.0, "tap": 1.0, "shift": 0.0, "limit": np.inf,
        "angle_min": -np.inf, "angle_max": np.inf,
    },
    "generators": {
        "p_min": 0.0, "p_max": None, "cost": None, "cost2": 0.0, "cost0": 0.0, "q_min": -np.inf, "q_max": np.inf,
        "p_set": 0.0, "q_set": 0.0, "v_set": 1.0,
    },
    "bids": {"p_max": None, "value": None, "value2": 0.0},
}  # fmt: skip
LABELS = {"buses": ["bus"], "lines": ["from_bus", "to_bus"], "generators": ["bus"], "bids": ["bus"]}
OPTIONAL = {"buses": [], "lines": ["name"], "generators": ["name", "curve"], "bids": ["name"]}
MAY_BE_INFINITE = {"limit", "angle_min", "angle_max", "v_max", "p_min", "p_max", "q_min", "q_max"}
MAY_BE_NAN = {"v_set", "east", "north"}


def read_table(given, table):
    """The columns of one table as arrays: labels and names as they are, everything else as checked numbers.

    Parameters
    ----------
    given : pandas.DataFrame, or what `pandas.DataFrame` takes
        Columns as in `NUMBERS`, `LABELS` and `OPTIONAL`.
    table : str
        "buses", "lines", "generators" or "bids".

    Returns
    -------
    dict
        Column -> (k,) array; an optional column that is missing is None.

    Raises
    ------
    InvalidNetwork
        A missing or unknown column, a missing label, a value that is no number, nan, or infinite where that has no meaning.
    """
    import pandas as pd

    frame = given if isinstance(given, pd.DataFrame) else pd.DataFrame(given)
    known = [*LABELS[table], *OPTIONAL[table], *NUMBERS[table]]
    for column in frame.columns:
        if column not in known:
            raise InvalidNetwork(f"{table}: column {column!r} is not known; known are {', '.join(known)}")
    columns = {}
    for column in [*LABELS[table], *OPTIONAL[table]]:
        columns[column] = _labels(frame, table, column)
    for column, default in NUMBERS[table].items():
        if column in frame.columns:
            columns[column] = numbers(frame[column].to_numpy(), table, column)
        elif default is None:
            raise InvalidNetwork(f"{table}: column {column!r} is missing; found {[str(c) for c in frame.columns]}")
        else:
            columns[column] = np.full(len(frame), default)
    return columns


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
        raise InvalidNetwork("is missing", table=table, row=int(row), column=column, value=values[row])
    whole = values.dtype.kind == "f" and (values == np.round(values)).all()  # 1.0, from a spreadsheet, is bus 1
    return values.astype(np.int64) if whole else values


def numbers(values, table, column):
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
    >>> numbers([0.1, float("nan")], "lines", "x")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidNetwork: lines, row 1: x nan must be a finite number
    """
    array = np.empty(len(values))
    for row, value in enumerate(values):
        try:
            array[row] = float(value)
        except (TypeError, ValueError):
            raise InvalidNetwork("must be a number", table=table, row=row, column=column, value=value) from None
    if column in MAY_BE_NAN:
        bad, message = np.isinf(array), "must not be infinite"
    elif column in MAY_BE_INFINITE and (table, column) != ("bids", "p_max"):
        bad, message = np.isnan(array), "must be a number"
    else:
        bad, message = ~np.isfinite(array), "must be a finite number"
    refuse(bad, array, table, column, message)
    return array


def refuse(bad, values, table, column, message):
    """Raise InvalidNetwork for the first row marked in `bad`; `values` are those of the column at fault."""
    for row in np.flatnonzero(bad)[:1]:
        value = values[row].item() if isinstance(values[row], np.generic) else values[row]
        raise InvalidNetwork(message, table=table, row=int(row), column=column, value=value)


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
