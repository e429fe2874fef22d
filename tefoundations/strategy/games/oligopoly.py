"""A few firms that choose how much to sell, while the price falls with all they sell: Cournot and Stackelberg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import number, numbers, positive
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MOST, TOLD = 10_000, 6  # firms; firms that explain() names


@dataclass(frozen=True, eq=False, repr=False)
class Oligopoly(Explained):
    """What each firm sells in equilibrium, and at what price.

    Parameters
    ----------
    quantity : (firms,) float array
        Sold by each (kWh).
    price : float
        ``intercept - slope * total`` (ct/kWh).
    cost : (firms,) float array
        Of each kWh (ct/kWh).
    capacity : (firms,) float array
        The most each can sell (kWh), inf where there is no limit.
    intercept, slope : float
        Of the demand: price at which nobody buys (ct/kWh), and how far it falls for each kWh.
    leader : int or None
        The firm that chose first; None where all chose at once.
    """

    quantity: np.ndarray
    price: float
    cost: np.ndarray
    capacity: np.ndarray
    intercept: float
    slope: float
    leader: int | None = None

    @property
    def total(self) -> float:
        """Sold by all (kWh)."""
        return float(self.quantity.sum())

    @property
    def profit(self) -> np.ndarray:
        """(price - cost) * quantity of each firm (ct)."""
        return (self.price - self.cost) * self.quantity

    def explain(self) -> str:
        """The arithmetic in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(stackelberg(12, 1, [0, 0]).explain())
        Price: 12 - 1 * 9 = 3.
        firm 0, the leader: sells 6 at 3 above its cost of 0, profit 18.
        firm 1: sells 3 at 3 above its cost of 0, profit 9.
        """
        lines = [f"Price: {say(self.intercept)} - {say(self.slope)} * {say(self.total)} = {say(self.price)}."]
        for firm in range(min(len(self.quantity), TOLD)):
            name = f"firm {firm}, the leader" if firm == self.leader else f"firm {firm}"
            full = ", all it can" if self.quantity[firm] == self.capacity[firm] else ""
            above, cost = say(self.price - self.cost[firm], self.price), say(self.cost[firm])
            sells = f"sells {say(self.quantity[firm])}{full} at {above} above its cost of {cost}"
            none = f"sells nothing: its cost is {cost}" if self.cost[firm] >= self.price else "sells nothing"
            lines.append(f"{name}: {sells}, profit {say(self.profit[firm])}." if self.quantity[firm] else f"{name}: {none}.")
        left = len(self.quantity) - TOLD
        return "\n".join([*lines, f"... and {count(left, 'firm')} more."] if left > 0 else lines)

    def to_frame(self) -> pd.DataFrame:
        """One row for each firm.

        Returns
        -------
        pandas.DataFrame
            Columns firm, cost, capacity, quantity, price, profit.
        """
        import pandas as pd

        return pd.DataFrame(
            {"firm": range(len(self.cost)), "cost": self.cost, "capacity": self.capacity, "quantity": self.quantity,
             "price": self.price, "profit": self.profit}
        )  # fmt: skip

    def _at_a_glance(self):
        return [("firms", len(self.cost)), ("price, ct/kWh", self.price), ("sold, kWh", self.total),
                ("profits, ct", float(self.profit.sum()))]  # fmt: skip

    def __repr__(self):
        return f"Oligopoly({count(len(self.cost), 'firm')}: {self.total:.6g} kWh at {self.price:.6g} ct/kWh)"


def cournot(intercept: float, slope: float, costs: ArrayLike, capacities: ArrayLike | None = None) -> Oligopoly:
    """The equilibrium of firms that all choose their quantity at once.

    The price is intercept - slope * (all that is sold), and every firm answers the others' quantities by its best own.
    There is exactly one equilibrium: at a price p a firm sells (p - cost) / slope, cut to what it can, and the demand takes
    all of it at one p only.

    Parameters
    ----------
    intercept : float
        Price at which nobody buys (ct/kWh).
    slope : float
        How far the price falls for each kWh (ct/kWh per kWh), above 0.
    costs : (firms,) array
        Cost of each kWh of each firm (ct/kWh).
    capacities : (firms,) array, optional
        The most each can sell (kWh); inf for no limit. By default none has one.

    Returns
    -------
    Oligopoly

    Raises
    ------
    InvalidInput
        No firm, or more than 10,000; capacities of another number or below 0; a slope that is not positive.

    References
    ----------
    Cournot, A. (1838), Recherches sur les principes mathématiques de la théorie des richesses, chapter 7.

    Examples
    --------
    >>> cournot(12, 1, [0, 0])
    Oligopoly(2 firms: 8 kWh at 4 ct/kWh)
    >>> print(cournot(12, 1, [0, 3], capacities=[3, 10]).explain())
    Price: 12 - 1 * 6 = 6.
    firm 0: sells 3, all it can at 6 above its cost of 0, profit 18.
    firm 1: sells 3 at 3 above its cost of 3, profit 9.
    """
    intercept, slope, cost, most = _market(intercept, slope, costs, capacities)
    quantity = _sold(_price(intercept, cost, slope * most), slope, cost, most)
    return Oligopoly(quantity, intercept - slope * float(quantity.sum()), cost, most, intercept, slope)


def stackelberg(intercept: float, slope: float, costs: ArrayLike, capacities: ArrayLike | None = None) -> Oligopoly:
    """The equilibrium if the first firm chooses before all others, who see it and then choose at once.

    Parameters
    ----------
    intercept : float
        Price at which nobody buys (ct/kWh).
    slope : float
        How far the price falls for each kWh (ct/kWh per kWh), above 0.
    costs : (firms,) array
        Cost of each kWh of each firm (ct/kWh); the first one leads.
    capacities : (firms,) array, optional
        The most each can sell (kWh); inf for no limit. By default none has one.

    Returns
    -------
    Oligopoly
        Of two quantities that are equally good for the leader, the smaller.

    Raises
    ------
    InvalidInput
        As `cournot`.

    References
    ----------
    von Stackelberg, H. (1934), Marktform und Gleichgewicht.

    Examples
    --------
    >>> duopoly = stackelberg(12, 1, [0, 0])
    >>> duopoly.quantity, duopoly.profit
    (array([6., 3.]), array([18.,  9.]))
    """
    intercept, slope, cost, most = _market(intercept, slope, costs, capacities)
    after, limits = cost[1:], slope * most[1:]

    def left(price):  # for the leader, times the slope
        return intercept - price - np.clip(price - after, 0, limits).sum()

    highest = _price(intercept, after, limits)  # if it sells nothing
    least, best_price = cost[0], highest
    if np.isfinite(most[0]):
        least = max(least, _price(intercept - slope * most[0], after, limits))
    if least < highest:
        bends = _bends(least, highest, after, limits)
        tops = []
        for low, high in zip(bends, bends[1:]):  # profit is a parabola between two bends
            falls = (left(low) - left(high)) / (high - low)
            tops.append(np.clip((cost[0] + low + left(low) / falls) / 2, low, high))
        best_price = max([*reversed(bends), *reversed(tops)], key=lambda price: (price - cost[0]) * left(price))
    led = min(max(left(best_price) / slope, 0.0), most[0])
    price = _price(intercept - slope * led, after, limits)
    quantity = np.concatenate([[led], _sold(price, slope, after, most[1:])])
    return Oligopoly(quantity, intercept - slope * float(quantity.sum()), cost, most, intercept, slope, leader=0)


def _market(intercept, slope, costs, capacities):
    intercept, slope = number(intercept, "intercept"), positive(slope, "slope")
    given, costs = costs, numbers(costs, "cost", place="firm")
    if not 1 <= len(costs) <= MOST:
        raise InvalidInput(f"costs must be those of 1 to {MOST:,} firms, not of {len(costs)}")
    if capacities is None:
        return intercept, slope, costs, np.full(len(costs), np.inf)
    check_labels(capacities, "capacities", given, "costs")
    return intercept, slope, costs, numbers(capacities, "capacity", least=0, infinite=True, count=len(costs), place="firm")


def _bends(low, high, costs, limits):
    """Prices from low to high, with those between them at which a firm begins to sell, or is at its limit."""
    inner = np.concatenate([costs, costs + limits])
    return np.unique(np.concatenate([[low, high], inner[(inner > low) & (inner < high)]]))


def _price(intercept, costs, limits):
    """The one price at which what all sell, times the slope, is what the demand takes: a line between two bends."""
    lowest = min(costs.min(initial=np.inf), intercept)
    bends = _bends(lowest, intercept, costs, limits)
    over = [price + np.clip(price - costs, 0, limits).sum() - intercept for price in bends]
    return float(np.interp(0.0, over, bends))


def _sold(price, slope, costs, capacities):
    return np.clip((price - costs) / slope, 0, capacities)
