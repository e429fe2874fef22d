"""Wires that fewer and fewer kWh pay for: roofs, rates and where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import as_array, not_negative, number, numbers
from tefoundations.programmes import ROUNDING
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

HOMES = 100_000


@dataclass(frozen=True, eq=False, repr=False)
class AdoptionSpiral(Explained):
    """Who puts up solar as the rate for the wires rises, round by round; `adoption_spiral` makes it.

    Attributes
    ----------
    solar : (n,) bool array
        Which homes have solar in the end.
    adopters : (k,) int array
        Homes with solar in each round; the first is 0, the last is the end.
    rates : (k,) float array
        What the wires cost a kWh in each round (ct/kWh).
    bills : (n,) float array
        What each home pays in the end: grid, fixed charge and solar (ct a year).
    bills_before : (n,) float array
        What each paid before anybody had solar.
    """

    solar: np.ndarray
    adopters: np.ndarray
    rates: np.ndarray
    bills: np.ndarray
    bills_before: np.ndarray

    @property
    def wasted(self) -> float:
        """What all homes together pay more than before (ct a year): the wires cost what they did, so it is solar power that
        costs more than the energy it replaces. Below 0: it costs less."""
        return float((self.bills - self.bills_before).sum())

    def explain(self) -> str:
        """One line a round.

        Returns
        -------
        str

        Examples
        --------
        >>> print(adoption_spiral([28, 31, 40], use=4000, own=2000, wires=120_000, energy=20).explain())
        0 of 3 homes have solar: the wires cost 10 ct/kWh.
        1 of 3 homes have solar: the wires cost 12 ct/kWh.
        2 of 3 homes have solar: the wires cost 15 ct/kWh.
        There it ends. All together pay 38000 ct a year more than at first.
        """
        lines = [
            f"{done} of {count(len(self.solar), 'home')} have solar: the wires cost {say(rate)} ct/kWh."
            for done, rate in zip(self.adopters, self.rates)
        ]
        more = say(abs(self.wasted), float(self.bills_before.sum()))
        word = "less" if self.wasted < 0 and more != "0" else "more"
        return "\n".join([*lines, f"There it ends. All together pay {more} ct a year {word} than at first."])

    def to_frame(self) -> pd.DataFrame:
        """One row a round.

        Returns
        -------
        pandas.DataFrame
            Index round; columns adopters (homes), rate (ct/kWh).
        """
        import pandas as pd

        return pd.DataFrame({"adopters": self.adopters, "rate": self.rates}).rename_axis("round")

    def _at_a_glance(self):
        return [
            ("homes with solar", f"{self.adopters[-1]} of {len(self.solar)}"), ("rounds", len(self.rates) - 1),
            ("wires at first, ct/kWh", float(self.rates[0])), ("in the end, ct/kWh", float(self.rates[-1])),
            ("all pay more, ct a year", self.wasted),
        ]  # fmt: skip

    def __repr__(self):
        return f"AdoptionSpiral({self.adopters[-1]} of {count(len(self.solar), 'home')}, wires {say(self.rates[-1])} ct/kWh)"


def adoption_spiral(
    solar_costs: ArrayLike, use: ArrayLike, own: ArrayLike, wires: float, energy: float, fixed: float = 0.0
) -> AdoptionSpiral:
    """Homes that put up solar as soon as its kWh is cheaper than one from the grid, while the wires must be paid in full.

    In each round the rate is set so that it brings what the wires cost. Then all put solar up for whom it is cheaper now.
    Nobody takes it down, for the rate only rises. Where it ends does not depend on who comes first.

    Parameters
    ----------
    solar_costs : (n,) array
        What a kWh from its own roof costs each home (ct/kWh).
    use : float or (n,) array
        What a home uses (kWh a year), above 0.
    own : float or (n,) array
        How much of it solar would replace (kWh a year), less than `use`.
    wires : float
        Cost of the wires (ct a year), whatever flows through them.
    energy : float
        What a kWh costs without wires (ct/kWh).
    fixed : float
        Share of `wires` that is paid by the head, 0 to 1; the rest is paid by the kWh.

    Returns
    -------
    AdoptionSpiral

    Raises
    ------
    InvalidInput
        No home; a roof that replaces all that a home uses; a share above 1; series of other homes, or in another order.

    References
    ----------
    N. R. Darghouth, R. H. Wiser, G. L. Barbose and A. D. Mills, "Net metering and market feedback loops: exploring the
    impact of retail rate design on distributed PV deployment", Applied Energy 162 (2016).

    Examples
    --------
    >>> adoption_spiral([40], use=4000, own=2000, wires=40_000, energy=20).rates       # nobody begins
    array([10.])
    >>> adoption_spiral([28, 31, 40], use=4000, own=2000, wires=120_000, energy=20)
    AdoptionSpiral(2 of 3 homes, wires 15 ct/kWh)
    >>> adoption_spiral([28, 31, 40], use=4000, own=2000, wires=120_000, energy=20, fixed=0.5)
    AdoptionSpiral(0 of 3 homes, wires 5 ct/kWh)
    """
    costs = numbers(solar_costs, "solar_costs", place="home")
    if not 0 < len(costs) <= HOMES:
        raise InvalidInput(f"solar_costs must be one number for each home, 1 to {HOMES:,} of them, not {len(costs)}")
    wires, energy = not_negative(wires, "wires", unit="(ct)"), number(energy, "energy", unit="(ct/kWh)")
    fixed = number(fixed, "fixed", least=0, most=1)
    used, roof = _each(use, "use", len(costs), above=0), _each(own, "own", len(costs), least=0)
    for given, name in ((use, "use"), (own, "own")):
        check_labels(given, name, solar_costs, "solar_costs")
    for home in np.flatnonzero(roof >= used)[:1]:
        raise InvalidInput(
            f"home {home}: own {roof[home]:g} must be below its use {used[home]:g}, for it stays on the wires"
        )
    order = np.argsort(costs, kind="stable")
    cheapest = costs[order]  # whoever has solar has one of the cheapest roofs: a round is their number
    left = used.sum() - np.concatenate([[0.0], np.cumsum(roof[order])])  # kWh from the grid
    adopters, rates = [0], [wires * (1 - fixed) / float(left[0])]
    while True:
        price, dust = energy + rates[-1], ROUNDING * (abs(energy) + rates[-1])
        cheaper = max(int(np.searchsorted(cheapest, price - dust)), adopters[-1])
        if cheaper == adopters[-1]:
            break
        adopters.append(cheaper)
        rates.append(wires * (1 - fixed) / float(left[cheaper]))
    solar, rate = np.zeros(len(costs), bool), rates[-1]
    solar[order[: adopters[-1]]] = True
    head = wires * fixed / len(costs)
    bills = head + (used - roof * solar) * (energy + rate) + roof * solar * costs
    return AdoptionSpiral(solar, np.array(adopters), np.array(rates), bills, head + used * (energy + rates[0]))


def _each(value, name, count, **bounds):
    read = numbers(value, name, place="home", ndim=as_array(value).ndim if as_array(value).ndim < 2 else 1, **bounds)
    if read.ndim and len(read) != count:
        raise InvalidInput(f"{name} must be one number, or one for each of the {count} homes, not {len(read)}")
    return np.broadcast_to(read, count)
