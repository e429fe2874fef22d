"""Readers of arguments: every value is looked at once, with the same words in all rooms.

A reader gives the value as the type that is computed with, or raises an error that names the argument, its place and its
value: "horizon 0 must be a whole number of steps, at least 1". `error` is the class that is raised with this text. Readers
of arrays name the entry, "hour 1: capacity -1.0 must not be negative"; for an error that keeps table, row and value apart
they take `at`, a function (message, row, value) -> error.
"""

import math
from collections.abc import KeysView, Set
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Rational, Real

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.words import MISSING, an, bounds, faulty, listed, shown

__all__ = []  # for the rooms: no page of the documentation shows these


def number(
    value, name, *, above=None, least=None, most=None, below=None, infinite=False, unit="", error=InvalidInput,
) -> float:  # fmt: skip
    """A float within bounds; nan, text, True and False are none, infinity only where it is `infinite`.

    >>> number(2, "power", above=0)
    2.0
    >>> number(95, "charge_efficiency", above=0, most=1)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: charge_efficiency 95 must be a number above 0 and at most 1
    """
    read = _real(value)
    fits = not math.isnan(read) and (infinite or math.isfinite(read)) and _within(read, above, least, most, below)
    if not fits:
        raise error(f"{name} {shown(value)} must be {bounds('number', unit, above, least, most, below, infinite)}")
    return read


def whole(value, name, *, least=None, most=None, unit="", error=InvalidInput) -> int:
    """An int within bounds; a float is none, even if it happens to be whole.

    >>> import numpy as np
    >>> whole(np.int64(3), "horizon", least=1)
    3
    >>> whole(2.5, "horizon", least=1, unit="of steps")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: horizon 2.5 must be a whole number of steps, at least 1
    """
    fits = type(value) is int or isinstance(value, Integral) and not isinstance(value, (bool, np.timedelta64))
    if not (fits and _within(int(value), None, least, most, None)):
        raise error(f"{name} {shown(value)} must be {bounds('whole number', unit, None, least, most, None)}")
    return int(value)


def positive(value, name, *, unit="", error=InvalidInput) -> float:
    """A float above 0.

    >>> positive(-1, "epsilon")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: epsilon -1 must be a positive number
    """
    return number(value, name, above=0, unit=unit, error=error)


def not_negative(value, name, *, infinite=False, unit="", error=InvalidInput) -> float:
    """A float from 0 up.

    >>> not_negative(0, "loss")
    0.0
    """
    return number(value, name, least=0, infinite=infinite, unit=unit, error=error)


def share(value, name, *, zero=False, error=InvalidInput) -> float:
    """A float below 1 and above 0, or from 0.

    >>> share(0, "delta", zero=True)
    0.0
    """
    return number(value, name, below=1, least=0 if zero else None, above=None if zero else 0, error=error)


def exact(value, name, *, error=InvalidInput):
    """A positive Fraction; a float is read as the decimal it prints as, so that 0.1 is 1/10.

    >>> exact(0.1, "epsilon")
    Fraction(1, 10)
    """
    read = positive(value, name, error=error)
    if isinstance(value, Rational):  # int and Fraction; a numpy integer registers as one too
        return Fraction(int(value.numerator), int(value.denominator))
    return Fraction(repr(read))


def one_of(value, choices, name, *, more="", error=InvalidInput):
    """One of the choices, which an error lists, with what else would do; True is no 1, and 1 no True.

    >>> one_of("cheap", ("marginal", "european"), "pricing")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: pricing 'cheap' is not one of marginal, european
    """
    alike = isinstance(value, (bool, np.bool_)) == isinstance(next(iter(choices), None), bool)
    if not (alike and isinstance(value, (str, Integral, np.bool_)) and value in choices):
        raise error(f"{name} {shown(value)} is not one of {', '.join(map(str, choices))}{more}")
    return value


def instance(value, kind, name, *, advice="", error=InvalidInput):
    """A value of a class, or the class of what was given and some advice; numpy's True and False are bool.

    >>> instance([1], dict, "keys", advice="agent -> KeyPair")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: keys must be a dict, not a list: agent -> KeyPair
    """
    value = bool(value) if kind is bool and isinstance(value, np.bool_) else value
    if not isinstance(value, kind):
        said = f"{name} must be {an(kind.__name__)}, not {an(type(value).__name__)}"
        raise error(f"{said}: {advice}" if advice else said)
    return value


def function(value, name, *, of, error=InvalidInput):
    """What can be called; `of` says in words with what: "mechanism must be a function of an OrderBook, not an int"."""
    if not callable(value):
        raise error(f"{name} must be a function of {of}, not {an(type(value).__name__)}")
    return value


def sequence(values, name, *, of, ordered=True, error=InvalidInput):
    """A tuple of what can be gone through one by one; `of` says of what: "trades must be a sequence of trades".

    A set is refused where it must be `ordered`: it has no order, and the next run may go through it in another.
    """
    if ordered and isinstance(values, Set) and not isinstance(values, KeysView):
        raise error(f"{name} must be a sequence of {of}, not {an(type(values).__name__)}, which has no order")
    if isinstance(values, (str, bytes, dict)) or not np.iterable(values):
        raise error(f"{name} must be a sequence of {of}, not {an(type(values).__name__)}")
    return tuple(values)


def generator(rng, name="rng", *, error=InvalidInput) -> np.random.Generator:
    """A numpy Generator from a Generator or a seed; None is refused, for it would give another result on each run.

    >>> generator(1).integers(10)
    np.int64(4)
    """
    if isinstance(rng, np.random.Generator):
        return rng
    try:
        if rng is None or isinstance(rng, (bool, str)):
            raise TypeError
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        words = "must be a numpy.random.Generator or a seed, a whole number that is not negative"
        raise error(f"{name} {shown(rng)} {words}") from None


def numbers(
    values, name, *, above=None, least=None, infinite=False, missing=False, ndim=1, count=None, place="row", at=None,
    error=InvalidInput,
) -> np.ndarray:  # fmt: skip
    """An array of floats, a copy. Text that reads as a number is one; dates, masked entries, True and False are none.

    Of `ndim` dimensions (None: any) and `count` entries, nan only where values may be `missing`, infinity if `infinite`.
    What a table of pandas holds for a missing value, None, nan or NA, is nan, and is told alike.

    >>> numbers([12, "10.5"], "price")
    array([12. , 10.5])
    >>> numbers([1, -1], "capacity", least=0, place="hour")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: hour 1: capacity -1.0 must not be negative
    """

    def refuse(row, value, message):
        row = row[0] if len(row) == 1 else row
        if at:
            raise at(message, row, value)
        raise error(f"{place} {row}: {name} {faulty(value, message)}" if row != () else f"{name} {faulty(value, message)}")

    if ndim == 1 and hasattr(values, "iloc") and hasattr(values, "columns"):
        columns = listed(values.columns)
        raise error(f"{name} must be one number for each {place}, not a table; give one of its columns: {columns}")
    given = _array(values, name, error)
    if ndim is not None and given.ndim != ndim:
        said = f"shape {given.shape}" if given.ndim else f"type {type(values).__name__}"
        raise error(f"{name} must be one number for each {place}, not of {said}")
    if count is not None and len(given) != count:
        raise error(f"{name} must be {count} numbers, one for each {place}, not {len(given)}")
    for row in np.argwhere(np.ma.getmaskarray(values)) if np.ma.isMaskedArray(values) else ():
        refuse(tuple(row.tolist()), given[tuple(row)], "is masked")
    # In pandas' own types of text and whole numbers a missing value is no float, and each version hands out another.
    own = given.dtype == object or not isinstance(getattr(values, "dtype", given.dtype), np.dtype)
    if own and hasattr(values, "isna"):
        holes = np.asarray(values.isna())
        for row in np.argwhere(holes)[: 0 if missing else 1]:
            refuse(tuple(row.tolist()), None, MISSING)
        given = np.where(holes, np.nan, given)
    array = np.empty(given.shape)
    if given.dtype.kind in "fiu":
        array[...] = given
    else:
        for spot, value in np.ndenumerate(given):
            array[spot] = read = _real(value, text=True)
            if math.isnan(read) and not _is_nan(value):
                refuse(spot, value, "must be a number")
    for bad, message in _out_of_bounds(array, above, least, infinite, missing):
        for row in np.argwhere(bad)[:1]:
            refuse(tuple(row.tolist()), float(array[tuple(row)]), message)
    return array


def integers(values, name, *, error=InvalidInput) -> np.ndarray:
    """An array of int64; a float that happens to be whole is refused too.

    >>> integers([1.0], "values")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: values must be whole numbers, such as Wh, not float64 as in [1.0]
    """
    array = as_array(values)
    if array.dtype == np.uint64 and (array >= 2**63).any():
        raise error(f"{name} must fit in 64 bits with sign")
    if array.dtype.kind not in "iu" or np.ma.is_masked(values):
        raise error(f"{name} must be whole numbers, such as Wh, not {array.dtype} as in {shown(values)}")
    return array.astype(np.int64)


def _array(values, name, error):
    """What numpy makes of values that may be numbers."""
    array = as_array(values)
    for kinds, what in (("mM", "dates or times"), ("c", "complex numbers"), ("b", "True and False")):
        if array.dtype.kind in kinds and array.size:
            raise error(f"{name} must be numbers, not {what}")
    return array


def as_array(values):
    """What numpy makes of values; of rows of unequal length it makes an array of objects."""
    try:
        return np.asarray(values)
    except ValueError:
        return np.fromiter(values, dtype=object)


def _real(value, text=False):
    """A number as a float; nan for anything else."""
    if type(value) is float:  # what devices and steps are asked with, thousands of times in a plan
        return value
    value = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 and value is not np.ma.masked else value
    is_number = isinstance(value, (Real, Decimal)) and not isinstance(value, (bool, np.timedelta64))
    try:
        return float(value) if is_number or (text and isinstance(value, str)) else math.nan
    except (ValueError, OverflowError):
        return math.inf if isinstance(value, Integral) else math.nan


def _is_nan(value):
    return isinstance(value, (Real, str)) and not isinstance(value, bool) and str(value).strip().lower().endswith("nan")


def _within(value, above, least, most, below):
    low = (above is None or value > above) and (least is None or value >= least)
    return low and (most is None or value <= most) and (below is None or value < below)


def _out_of_bounds(array, above, least, infinite, missing):
    """Which entries are wrong, and what they must be: [(bool array, words)]."""
    finite = "must be a finite number"
    found = [(np.isnan(array) & (not missing), "must be a number" if infinite else finite)]
    found.append((np.isinf(array) & (not infinite), "must not be infinite" if missing else finite))
    if above is not None:
        found.append((array <= above, "must be positive" if above == 0 else f"must be above {above:g}"))
    if least is not None:
        found.append((array < least, "must not be negative" if least == 0 else f"must not be below {least:g}"))
    return found
