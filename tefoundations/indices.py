"""Series by their index: of which steps the numbers are, where pandas says so.

A list or an array has no index and is taken in its order. A series or table of pandas has one, of numbers or of times; it
must rise, and times must be one step apart. Two series of one day must be of the same steps. Nothing is put in order or
filled here: what does not fit is refused by name, for a hole in the times is a fault of the data.
"""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import numbers

__all__ = []  # for the rooms: no page of the documentation shows these

NEAR_STEP = 1e-6  # of a step: what a stamp in whole milliseconds may be off
IN_ORDER = ".reset_index(drop=True) takes the values in the order they stand"


def series(
    values, name, *, hours=None, least=None, count=None, place="step", at=None, error=InvalidInput
) -> np.ndarray:  # fmt: skip
    """An array of one number a step, read by its index where it has one: see `index_of`.

    >>> series([30, 20], "prices")
    array([30., 20.])
    """
    array = numbers(values, name, least=least, count=count, place=place, at=at, error=error)
    if not len(array):
        raise error(f"{name} must be one number for each {place}, and there is none")
    index_of(values, name, hours=hours, error=error)
    return array


def index_of(values, name, *, hours=None, error=InvalidInput):
    """The index of a series or table of pandas, of numbers or of times that rise by so many hours; None for a list.

    Objects that are all times, or all numbers, are read as such; text and labels are refused, for they say no step.

    >>> import pandas as pd
    >>> index_of(pd.Series([1, 2], pd.to_datetime(["2024-01-01 00:00", "2024-01-01 00:15"])), "prices", hours=1)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: prices: by its index a step is 0.25 hours, and 1 is given
    >>> index_of(pd.Series([1, 2], ["00:00", "01:00"]), "prices")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: prices: its index must be times or numbers, not text: pd.to_datetime reads it as times
    """
    if not hasattr(values, "iloc"):
        return None
    index = _plain(values.index)
    if index is None:
        raise error(f"{name}: its index must be times or numbers, not {_what(values.index)}")
    for row in np.flatnonzero(index.isna())[:1]:
        raise error(f"{name}: entry {row} of its index is missing")
    check_step(index, name, hours, error=error)
    return index


def check_step(index, name, hours=None, *, error=InvalidInput):
    """Refuse an index of `index_of` that does not rise, or whose times are not one step, or so many hours, apart."""
    if index is None or len(index) < 2:
        return
    kind = index.dtype.kind
    gaps = np.diff(_moments(index))
    gaps = gaps / np.timedelta64(1, "h") if kind in "mM" else gaps
    for row in np.flatnonzero(~(gaps > 0))[:1]:
        raise error(f"{name}: its index must rise, and {index[row + 1]} comes after {index[row]}")
    step = gaps[0] if hours is None else hours
    for row in np.flatnonzero(np.abs(gaps - step) > NEAR_STEP * step)[:1] if kind in "mM" else ():
        if np.ptp(gaps) <= NEAR_STEP * step:
            raise error(f"{name}: by its index a step is {gaps[0]:g} hours, and {step:g} is given")
        advice = "; where clocks are changed, an index needs its time zone" if kind == "M" else ""
        jump = f"from {index[row]} to {index[row + 1]} are {gaps[row]:g} hours"
        raise error(f"{name}: its index must have steps of {step:g} hours, and {jump}{advice}")


def check_same(index, name, other, of, *, error=InvalidInput):
    """Refuse two indexes of `index_of`, of as many entries, that are not of the same steps.

    What has no index, or one that only counts from 0 beside times, says nothing about when it is.

    >>> import pandas as pd
    >>> days = [pd.date_range(day, periods=2, freq="D") for day in ("2024-01-01", "2024-01-02")]
    >>> check_same(days[0], "x", days[1], "y")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: x: step 0 is 2024-01-01 00:00:00 by its index, and 2024-01-02 00:00:00 by that of y
    """
    if index is None or other is None:
        return
    said, others = _kind(index), _kind(other)
    if said != others:
        if not (_counts(index) or _counts(other)):
            raise error(f"{name}: its index is of {said}, and that of {of} is of {others}")
        return
    for row in np.flatnonzero(_moments(index) != _moments(other))[:1]:
        raise error(f"{name}: step {row} is {index[row]} by its index, and {other[row]} by that of {of}")


def check_labels(values, name, other, of, *, error=InvalidInput):
    """Refuse two series of which row k of the one belongs to row k of the other, and that are not labelled alike.

    What has no index, or one that only counts from 0, says nothing about what its rows are. Nothing is put in order here.

    Parameters
    ----------
    values, other : array, pandas.Series or pandas.Index, or what bears no labels
    name, of : str

    >>> import pandas as pd
    >>> check_labels(pd.Series({"b": 0.9, "a": 0.1}), "chances", pd.Series({"a": 0, "b": 10}), "outputs")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: chances: row 0 is 'b' by its index, and 'a' by that of outputs
    """
    _check_alike(_labels(values), name, _labels(other), of, error)


def check_names(values, name, names, of, *, error=InvalidInput):
    """Refuse a series whose index names its rows otherwise than they are named, or in another order.

    >>> import pandas as pd
    >>> check_names(pd.Series({"late": 0.9, "early": 0.1}), "chances", ("early", "late"), "the actions")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: chances: row 0 is 'late' by its index, and 'early' by that of the actions
    """
    _check_alike(_labels(values), name, _unless_counted(list(names)), of, error)


def _check_alike(mine, name, theirs, of, error):
    if mine is None or theirs is None:
        return
    for row, (own, its) in enumerate(zip(mine, theirs)):
        if own != its:
            raise error(f"{name}: row {row} is {own!r} by its index, and {its!r} by that of {of}")


def _labels(values):
    """What each row is, by its index; None where that is not said."""
    index = values.index if hasattr(values, "iloc") else values if hasattr(values, "inferred_type") else None
    return None if index is None else _unless_counted(index.tolist())


def _unless_counted(labels):
    return None if labels == list(range(len(labels))) else labels


def _plain(index):
    """An index of numbers or times; None of anything else. Periods are the times at which they begin."""
    import pandas as pd

    if hasattr(index, "to_timestamp"):
        return index.to_timestamp()
    kind = getattr(index.dtype, "kind", "O")
    if kind in "iufm":
        return index
    if kind == "M":
        return pd.DatetimeIndex(index)
    found = index.inferred_type if kind == "O" and index.nlevels == 1 else None
    if found in ("integer", "floating", "mixed-integer-float"):
        return pd.Index(np.array(index, float))
    try:
        if found in ("timedelta", "timedelta64"):
            return pd.TimedeltaIndex(index)
        if found == "period":
            return pd.PeriodIndex(index).to_timestamp()
        if found in ("datetime", "datetime64", "date"):
            # A table of a year may hold two offsets, of winter and of summer: pandas wants one zone.
            zoned = {getattr(moment, "tzinfo", None) for moment in index} - {None}
            return pd.DatetimeIndex(index) if len(zoned) < 2 else pd.DatetimeIndex(_as_utc(index))
    except (ValueError, TypeError):
        pass
    return None


def _as_utc(index):
    from datetime import UTC

    if any(moment.tzinfo is None for moment in index):  # astimezone would read them in the zone of this machine
        raise ValueError
    return [moment.astimezone(UTC) for moment in index]


def _what(index):
    """What an index is of, and what to do about it, for an error."""
    if index.nlevels > 1:
        return f"{index.nlevels} levels: .droplevel leaves one"
    if index.inferred_type in ("string", "empty"):
        return "text: pd.to_datetime reads it as times"
    found = {"datetime": "times that do not go together", "date": "dates that do not go together"}
    return f"{found.get(index.inferred_type, index.inferred_type)}: {IN_ORDER}"


def _moments(index):
    """What can be compared and subtracted: times in ns, those with a zone as UTC, so that no day has 23 or 25 hours."""
    kinds = {"M": "datetime64[ns]", "m": "timedelta64[ns]"}
    # Unsigned whole numbers do not fall when they are subtracted, and those of pandas may be objects.
    return index.to_numpy(dtype=kinds.get(index.dtype.kind, float))


def _kind(index):
    if index.dtype.kind == "M":
        return "times without a zone" if index.tz is None else "times with a zone"
    return "lengths of time" if index.dtype.kind == "m" else "numbers"


def _counts(index):
    """Does an index only say the positions, as that of a series without one?"""
    return _kind(index) == "numbers" and bool((_moments(index) == np.arange(len(index))).all())
