"""A tariff: what a kWh costs and earns at the meter, how both are netted, and what is owed beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_same, index_of, series
from tefoundations.inputs import as_array, not_negative, number, one_of, positive, whole
from tefoundations.programmes import is_zero
from tefoundations.retail.tariffs.bills import Bill
from tefoundations.retail.tariffs.calendars import CalendarTariff, both_meters
from tefoundations.retail.tariffs.records import read_record
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import pandas as pd
    from numpy.typing import ArrayLike

MOST = 10_000_000  # steps of a list: minutes of nineteen years
NETTING = ("net billing", "net metering", "buy all, sell all")


@dataclass(frozen=True, eq=False, repr=False)
class Tariff(Explained):
    """What a customer pays for what its meter shows.

    **Net load is positive when energy is taken.** Three rules turn it into kWh bought and sold:

    - "net billing": each step by itself. What is taken is bought, what is given is sold.
    - "net metering": the meter runs backwards. All steps with the same prices are added up; what is left is bought, or sold.
    - "buy all, sell all": two meters. All that is used is bought, all that the roof makes is sold.

    What is left over under net metering is paid at `export`; with an export price of 0 it is forfeited. Prices with an index
    of pandas are those of its steps: a net load with another index is refused.

    Parameters
    ----------
    energy : float or (T,) array
        What a kWh costs (ct/kWh), the same in all steps or one price for each.
    export : float or (T,) array
        What a kWh earns (ct/kWh).
    netting : {"net billing", "net metering", "buy all, sell all"}
    fixed : float
        Owed with each bill (ct), whatever the meter says; below 0: a credit.
    demand : float
        Charge for the highest power taken in any step of the bill (ct/kW), at least 0.

    Raises
    ------
    InvalidInput
        A price that is no number; two lists of prices of unequal length, or of other steps; another rule.

    Examples
    --------
    >>> Tariff(energy=28).bill([0, 0], hours=1).total
    0.0
    >>> Tariff(energy=[20, 20, 40]).bill([2, 4, 4], hours=1).total
    280.0
    """

    energy: float | ArrayLike
    export: float | ArrayLike = 0.0
    netting: str = "net billing"
    fixed: float = 0.0
    demand: float = 0.0
    _index: Any = field(init=False, default=None)  # of pandas, of the steps of its prices

    def __post_init__(self):
        energy, export = (index_of(getattr(self, name), name) for name in ("energy", "export"))
        check_same(export, "export", energy, "energy")
        object.__setattr__(self, "_index", export if energy is None else energy)
        for name in ("energy", "export"):
            object.__setattr__(self, name, _prices(getattr(self, name), name))
        object.__setattr__(self, "netting", one_of(self.netting, NETTING, "netting"))
        object.__setattr__(self, "fixed", number(self.fixed, "fixed", unit="(ct)"))
        object.__setattr__(self, "demand", not_negative(self.demand, "demand", unit="(ct/kW)"))
        lengths = [np.size(price) for price in (self.energy, self.export) if np.ndim(price)]
        if len(set(lengths)) > 1:
            raise InvalidInput(f"export must be one price for each of the {lengths[0]} steps of energy, not {lengths[1]}")

    @property
    def steps(self) -> int | None:
        """For how many steps it has prices; None: for any number."""
        return next((np.size(price) for price in (self.energy, self.export) if np.ndim(price)), None)

    def prices(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """What a kWh costs and earns in each step.

        Parameters
        ----------
        count : int
            Number of steps.

        Returns
        -------
        energy, export : (count,) float arrays
            ct/kWh.

        Raises
        ------
        InvalidInput
            The tariff has prices for another number of steps.

        Examples
        --------
        >>> Tariff([20, 40], export=8).prices(2)
        (array([20., 40.]), array([8., 8.]))
        """
        count = whole(count, "count", least=1, most=MOST)
        if self.steps not in (None, count):
            raise InvalidInput(f"the tariff has prices for {self.steps} steps, and there are {count}")
        energy, export = (np.array(np.broadcast_to(price, count), float) for price in (self.energy, self.export))
        return energy, export

    def bill(self, net: ArrayLike, hours: float = 0.5, *, load: ArrayLike | None = None) -> Bill:
        """What is owed for some steps.

        Parameters
        ----------
        net : (T,) array
            Net load at the meter (kWh a step): above 0 taken, below 0 given.
        hours : float
            Length of a step, for the highest power.
        load : (T,) array, optional
            What was used (kWh a step), at least `net` and at least 0; "buy all, sell all" asks for it. The roof made
            `load - net`.

        Returns
        -------
        Bill

        Raises
        ------
        InvalidInput
            As many prices as there are steps are wanted, and of the same steps where both have an index; a load below `net`,
        or none where both meters count.

        Examples
        --------
        >>> use, roof = np.array([4, 3, 3]), np.array([0, 8, 0])
        >>> for rule in NETTING:
        ...     print(rule, Tariff(30, 8, rule).bill(use - roof, hours=1, load=use).total)
        net billing 170.0
        net metering 60.0
        buy all, sell all 236.0
        """
        hours = positive(hours, "hours")
        index, net = index_of(net, "net", hours=hours), series(net, "net", hours=hours)
        energy, export = self.prices(len(net))
        check_same(index, "net", self._index, "the tariff's prices")
        check_same(index_of(load, "load", hours=hours), "load", index, "net")
        bought, sold = np.maximum(net, 0.0), np.maximum(-net, 0.0)
        peak = float(bought.max()) / hours
        if self.netting == "net metering":
            bought, sold = _netted(net, energy, export)
        elif self.netting == "buy all, sell all":
            bought, sold = both_meters(net, load)
        return Bill(
            float(energy @ bought), float(export @ sold), self.fixed, self.demand * peak, float(bought.sum()),
            float(sold.sum()), peak,
        )  # fmt: skip

    @staticmethod
    def from_urdb(record: Mapping[str, Any]) -> CalendarTariff:
        """A published tariff, from a record of the Utility Rate Database as a dict.

        Read are `energyratestructure`, `energyweekdayschedule`, `energyweekendschedule`, the same three of power
        (`demandratestructure` and its schedules), `flatdemandstructure` and `flatdemandmonths`, `demandwindow`,
        `fixedchargefirstmeter` and `fixedchargeunits`, and `dgrules`. $/kWh and $/kW become ct. Names, dates and remarks are
        passed over. Any other key that says something would change the bill, and is refused.

        Parameters
        ----------
        record : dict
            One tariff.

        Returns
        -------
        CalendarTariff
            Without `dgrules`, net billing.

        Raises
        ------
        InvalidInput
            A key that cannot be expressed, or a value under it that makes no sense; the message names the key.

        References
        ----------
        The Utility Rate Database, OpenEI, https://openei.org/services/doc/rest/util_rates.

        Examples
        --------
        >>> always = [[0] * 24] * 12
        >>> record = {"energyratestructure": [[{"rate": 0.2, "max": 300}, {"rate": 0.25}]], "energyweekdayschedule": always,
        ...           "energyweekendschedule": always}
        >>> Tariff.from_urdb(record)
        CalendarTariff('tariff', 1 period, net billing)
        >>> Tariff.from_urdb(record | {"coincidentratestructure": [[{"rate": 9}]]})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidInput: coincidentratestructure: [[{'rate': 9}]] would change the bill, and cannot ...
        """
        return read_record(record)

    def explain(self) -> str:
        """The tariff in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(Tariff([20, 20, 40], export=8, fixed=100).explain())
        A kWh costs 20 to 40 ct and earns 8 ct; net billing.
        Each bill has 100 ct fixed.
        """
        beside = [f"{say(self.fixed, self.fixed)} ct fixed"] if self.fixed else []
        beside += [f"{say(self.demand, self.demand)} ct for each kW of the highest power"] if self.demand else []
        more = f"\nEach bill has {' and '.join(beside)}." if beside else ""
        return f"A kWh costs {_range(self.energy)} ct and earns {_range(self.export)} ct; {self.netting}.{more}"

    def to_frame(self) -> pd.DataFrame:
        """The list of prices: one row for each stretch of steps with the same prices.

        Returns
        -------
        pandas.DataFrame
            Columns first (step), steps (their number; missing where the tariff holds for any), energy, export (ct/kWh).
        """
        import pandas as pd

        energy, export = self.prices(self.steps or 1)
        changes = (np.diff(energy) != 0) | (np.diff(export) != 0)
        first = np.concatenate([[0], np.flatnonzero(changes) + 1])
        lengths = np.diff([*first, len(energy)]) if self.steps else [pd.NA]
        columns = {"first": first, "steps": pd.array(lengths, dtype="Int64")}
        return pd.DataFrame(columns | {"energy": energy[first], "export": export[first]})

    def _at_a_glance(self):
        return [
            ("a kWh costs, ct", _range(self.energy)), ("a kWh earns, ct", _range(self.export)), ("rule", self.netting),
            ("fixed, ct a bill", self.fixed), ("highest power, ct/kW", self.demand),
        ]  # fmt: skip

    def __repr__(self):
        steps = "" if self.steps is None else f" in {count(self.steps, 'step')}"
        return f"Tariff({_range(self.energy)} ct/kWh{steps}, {self.netting})"


def _prices(value, name):
    return number(value, name, unit="(ct/kWh)") if as_array(value).ndim == 0 else _fixed(series(value, name))


def _fixed(array):
    array.flags.writeable = False
    return array


def _netted(net, energy, export):
    """What counts as bought and sold in each step when the meter runs backwards among steps of the same prices."""
    _, period = np.unique(np.stack([energy, export]), axis=1, return_inverse=True)
    period = period.ravel()
    left = np.bincount(period, net)
    left[is_zero(left, of=np.bincount(period, np.abs(net)))] = 0.0
    first = np.unique(period, return_index=True)[1]
    bought, sold = np.zeros(len(net)), np.zeros(len(net))
    bought[first], sold[first] = np.maximum(left, 0.0), np.maximum(-left, 0.0)
    return bought, sold


def _range(price):
    low, high = float(np.min(price)), float(np.max(price))
    return say(low, low) if low == high else f"{say(low, high)} to {say(high, high)}"
