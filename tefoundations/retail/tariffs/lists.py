"""Lists of prices: one for all hours, by time of use, with critical peaks, by the hour, and by the hour with a hedge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_same, index_of, series
from tefoundations.inputs import as_array, instance, number, sequence
from tefoundations.retail.tariffs.rates import Tariff
from tefoundations.words import listed, shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def flat(price: float, *, export: float | ArrayLike = 0.0, fixed: float = 0.0) -> Tariff:
    """One price for all hours.

    Parameters
    ----------
    price : float
        ct/kWh.
    export : float or (T,) array
        What a kWh earns (ct/kWh).
    fixed : float
        Owed with each bill (ct).

    Returns
    -------
    Tariff

    Raises
    ------
    InvalidInput
        A price that is no number.

    Examples
    --------
    >>> flat(26).bill([2, 4, 4], hours=1).total
    260.0
    """
    return Tariff(number(price, "price", unit="(ct/kWh)"), export, fixed=fixed)


def time_of_use(
    periods: Sequence[str], prices: Mapping[str, float], *, export: float | ArrayLike = 0.0, fixed: float = 0.0
) -> Tariff:
    """One price for each time of the day, printed long before.

    Parameters
    ----------
    periods : (T,) sequence of str
        The name of each step's period.
    prices : dict of str to float
        ct/kWh for each period.
    export : float or (T,) array
        What a kWh earns (ct/kWh).
    fixed : float
        Owed with each bill (ct).

    Returns
    -------
    Tariff

    Raises
    ------
    InvalidInput
        A step whose period has no price, which the message names.

    Examples
    --------
    >>> time_of_use(["night", "day", "evening"], {"night": 20, "day": 28, "evening": 36}).bill([2, 4, 4], hours=1).total
    296.0
    """
    prices = instance(prices, Mapping, "prices", advice="period -> ct/kWh")
    rates = {key: number(price, f"price of {key!r}", unit="(ct/kWh)") for key, price in prices.items()}
    names = sequence(periods, "periods", of="names of periods")
    for step, name in enumerate(names):
        if not isinstance(name, str) or name not in rates:
            raise InvalidInput(f"step {step}: period {shown(name)} has no price; there is one for {listed(rates) or 'none'}")
    return Tariff(_like([rates[name] for name in names], periods), export, fixed=fixed)


def critical_peak(
    price: float | ArrayLike, event_price: float, events: ArrayLike, *, export: float | ArrayLike = 0.0, fixed: float = 0.0
) -> Tariff:
    """A usual price, and a very high one in the few hours that are called.

    Parameters
    ----------
    price : float or (T,) array
        In all other steps (ct/kWh).
    event_price : float
        In the steps that are called (ct/kWh).
    events : (T,) bool array
        Which steps are called.
    export : float or (T,) array
        What a kWh earns (ct/kWh).
    fixed : float
        Owed with each bill (ct).

    Returns
    -------
    Tariff

    Raises
    ------
    InvalidInput
        Events that are not True or False for each step; prices of another length.

    Examples
    --------
    >>> critical_peak(26, 90, [False, False, True]).bill([2, 4, 4], hours=1).total
    516.0
    """
    called = as_array(sequence(events, "events", of="True and False, one for each step"))
    if called.dtype != bool or called.ndim != 1:
        raise InvalidInput(f"events must be True or False for each step, not as in {shown(events)}")
    usual, _ = Tariff(price).prices(len(called))
    check_same(index_of(events, "events"), "events", index_of(price, "price"), "price")
    each = np.where(called, number(event_price, "event_price", unit="(ct/kWh)"), usual)
    return Tariff(_like(each, price, events), export, fixed=fixed)


def real_time(
    prices: ArrayLike, *, adder: float = 0.0, export: float | ArrayLike = 0.0, fixed: float = 0.0
) -> Tariff:  # fmt: skip
    """The price of each step as it is known shortly before.

    Parameters
    ----------
    prices : (T,) array
        ct/kWh; may be below 0.
    adder : float
        On top of each: wires, taxes, margin (ct/kWh).
    export : float or (T,) array
        What a kWh earns (ct/kWh).
    fixed : float
        Owed with each bill (ct).

    Returns
    -------
    Tariff

    Raises
    ------
    InvalidInput
        A price that is no number.

    Examples
    --------
    >>> real_time([20, 20, 40]).bill([2, 4, 4], hours=1).total
    280.0
    """
    each = series(prices, "prices") + number(adder, "adder", unit="(ct/kWh)")
    return Tariff(_like(each, prices), export, fixed=fixed)


def hedged(price: float, usual: ArrayLike, prices: ArrayLike) -> Tariff:
    """A two-part tariff: the usual load at one price, and every kWh more or less at the price of its step.

    So the bill of a day as usual is the same whatever the prices are, and a kWh saved in a dear step earns the dear price.

    Parameters
    ----------
    price : float
        For the usual load (ct/kWh).
    usual : (T,) array
        The usual net load (kWh a step).
    prices : (T,) array
        Of each step (ct/kWh), for what is used beyond `usual`, and against what is not.

    Returns
    -------
    Tariff
        Its energy and export prices are `prices`; `fixed` is what the hedge pays, (price - prices) @ usual.

    Raises
    ------
    InvalidInput
        Two lists of another length, or of other steps.

    References
    ----------
    S. Borenstein, "Customer risk from real-time retail electricity pricing: bill volatility and hedgability", *The Energy
    Journal* 28(2) (2007), 111-130.

    Examples
    --------
    >>> two_part = hedged(25, usual=[30, 30], prices=[20, 900])
    >>> two_part.bill([30, 30], hours=24).total, two_part.bill([30, 20], hours=24).total
    (1500.0, -7500.0)
    """
    each = series(prices, "prices")
    load = series(usual, "usual", count=len(each))
    check_same(index_of(usual, "usual"), "usual", index_of(prices, "prices"), "prices")
    known = _like(each, prices, usual)
    return Tariff(known, known, fixed=float((number(price, "price", unit="(ct/kWh)") - each) @ load))


def _like(each, *given):
    """Prices with the index of the first that has one, so that the tariff knows of which steps they are."""
    for values in given:
        if hasattr(values, "iloc"):
            import pandas as pd

            return pd.Series(each, index=values.index)
    return each
