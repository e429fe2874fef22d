"""Serving the dearest first when energy may come in any of several hours."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tefoundations.errors import InvalidOrder
from tefoundations.indices import series
from tefoundations.inputs import sequence
from tefoundations.market.hours.blocks import WindowOrder
from tefoundations.market.hours.checks import check_orders
from tefoundations.programmes import ROUNDING, is_zero
from tefoundations.words import Explained, count, say, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class Serving(Explained):
    """Who gets how much in which hour.

    Parameters
    ----------
    windows : tuple of WindowOrder
        The orders, as given.
    capacity : (T,) float array
        What could be delivered in each hour (kWh).
    quantity : (windows, T) float array
        What each order gets in each hour (kWh).
    """

    windows: tuple
    capacity: np.ndarray
    quantity: np.ndarray

    @property
    def welfare(self) -> float:
        """Value of all that is served (ct)."""
        return float(sum(window.price * energy for window, energy in zip(self.windows, self.quantity.sum(axis=1))))

    def to_frame(self) -> pd.DataFrame:
        """One row per order.

        Returns
        -------
        pandas.DataFrame
            Columns order (its name), price (ct/kWh), energy, served (kWh), and a column per hour (kWh).

        Examples
        --------
        >>> serve_by_merit([2, 1], [WindowOrder("car", "buy", 30, 2.5, 0, 1)]).to_frame()
          order  price  energy  served  hour 0  hour 1
        0   car   30.0     2.5     2.5     2.0     0.5
        """
        import pandas as pd

        table = pd.DataFrame(self.quantity, columns=[f"hour {hour}" for hour in range(len(self.capacity))])
        table.insert(0, "order", [window.name for window in self.windows])
        table.insert(1, "price", [float(window.price) for window in self.windows])
        table.insert(2, "energy", [float(window.energy) for window in self.windows])
        table.insert(3, "served", self.quantity.sum(axis=1))
        return table

    def explain(self) -> str:
        """What each order gets and when, and what it is worth.

        Returns
        -------
        str

        Examples
        --------
        >>> print(serve_by_merit([2, 1], [WindowOrder("car", "buy", 30, 2.5, 0, 1)]).explain())
        car: 2.5 of 2.5 kWh at 30 ct/kWh, 2 in hour 0, 0.5 in hour 1.
        Served 2.5 of the 3 kWh there are, worth 75 ct.
        """
        lines = []
        for window, energy in zip(self.windows, self.quantity):
            when = "".join(f", {say(energy[hour], window.energy)} in hour {hour}" for hour in np.flatnonzero(energy))
            served = f"{say(energy.sum(), window.energy)} of {say(window.energy, window.energy)} kWh"
            lines.append(f"{window.name}: {served} at {say(window.price, window.price)} ct/kWh{when}.")
        there = f"{say(self.quantity.sum())} of the {say(self.capacity.sum())} kWh there are"
        return "\n".join([*lines, f"Served {there}, worth {say(self.welfare)} ct."])

    def __repr__(self):
        return f"Serving({count(len(self.windows), 'order')}, {say(self.quantity.sum())} kWh, worth {say(self.welfare)} ct)"

    def _at_a_glance(self):
        wanted = sum(window.energy for window in self.windows)
        return [
            ("orders", len(self.windows)), ("hours", len(self.capacity)), ("wanted, kWh", float(wanted)),
            ("there, kWh", self.capacity.sum()), ("served, kWh", self.quantity.sum()), ("worth, ct", self.welfare),
        ]  # fmt: skip


def serve_by_merit(capacity: ArrayLike, windows: Sequence[WindowOrder]) -> Serving:
    """Serve orders with time windows in order of merit: the highest price first.

    Each order in turn gets as much as the hours of its window still allow; one below zero, which would have to be paid for
    what it takes, gets nothing. It may push earlier orders into other hours
    of their own windows, and never takes anything from them. Greedy as that is, no other choice is worth more: the
    sets of energy that can be served together form a polymatroid, on which the greedy choice is optimal.

    Parameters
    ----------
    capacity : (T,) float array
        Energy that can be delivered in each hour at no further cost (kWh), zero or positive.
    windows : sequence of WindowOrder
        Orders to buy; equal prices are served in the order given.

    Returns
    -------
    Serving

    Raises
    ------
    InvalidInput
        A capacity that is negative or not a number; names the hour. A table, or an index that does not rise.
    InvalidOrder
        An order to sell, two orders of one name, or a window outside the hours; names the row.

    References
    ----------
    Edmonds, J. (1970), "Submodular functions, matroids, and certain polyhedra", in Combinatorial Structures and Their
    Applications, 69-87 (greedy on polymatroids); Megiddo, N. (1974), "Optimal flows in networks with multiple sources
    and sinks", Mathematical Programming 7, 97-107 (flows make one).

    Examples
    --------
    Nobody there, nothing served:

    >>> serve_by_merit([1, 1], []).welfare
    0.0

    The washer takes hour 0; the car, which comes first by price but could use either hour, makes way:

    >>> car, washer = WindowOrder("car", "buy", 30, 1, 0, 1), WindowOrder("washer", "buy", 20, 1, 0, 0)
    >>> serve_by_merit([1, 1], [car, washer]).quantity
    array([[0., 1.],
           [1., 0.]])
    """
    capacity, windows = _checked(capacity, windows)
    left = capacity.copy()
    quantity = np.zeros((len(windows), len(capacity)))
    for row in sorted(range(len(windows)), key=lambda row: -windows[row].price):
        wanted = float(windows[row].energy) if windows[row].price >= 0 else 0.0
        while wanted > 0:
            path = _way(row, windows, quantity, left)
            if path is None:
                break
            wanted = _rest(wanted, _push(path, windows, quantity, left, capacity, wanted), windows[row].energy)
    return Serving(windows, capacity, quantity)


def _way(start, windows, quantity, left):
    """Shortest chain start -> hour -> order moved -> hour ... that ends at an hour with energy left; None if none."""
    came, queue, seen = {}, deque([start]), {start}
    while queue:
        row = queue.popleft()
        window = windows[row]
        for hour in range(window.first, window.last + 1):
            if hour in came or quantity[row, hour] >= window.power * (1 - ROUNDING):
                continue
            came[hour] = row
            if left[hour] > 0:
                return _back(start, hour, came, quantity)
            for other in np.flatnonzero(quantity[:, hour] > 0):
                if other not in seen:
                    seen.add(other)
                    came[("moved", other)] = hour
                    queue.append(other)
    return None


def _back(start, hour, came, quantity):
    """The chain that ends at an hour, as (order, hour it gains, hour it leaves or None) from the end to the start."""
    steps = []
    while True:
        row = came[hour]
        leaves = None if row == start else came[("moved", row)]
        steps.append((row, hour, leaves))
        if leaves is None:
            return steps
        hour = leaves


def _rest(had, less, of):
    """What is left of an amount; nothing where it is rounding of what it belongs to."""
    return 0.0 if is_zero(had - less, of=of) else had - less


def _push(path, windows, quantity, left, capacity, wanted):
    """Move as much as every step of the chain allows; return it."""
    amount = min(wanted, left[path[0][1]])
    for row, gains, leaves in path:
        amount = min(amount, windows[row].power - quantity[row, gains])
        if leaves is not None:
            amount = min(amount, quantity[row, leaves])
    last = path[0][1]
    left[last] = _rest(left[last], amount, capacity[last])
    for row, gains, leaves in path:
        quantity[row, gains] += amount
        if leaves is not None:
            quantity[row, leaves] = _rest(quantity[row, leaves], amount, windows[row].energy)
    return amount


def _checked(capacity: Any, windows: Any) -> tuple[np.ndarray, tuple[WindowOrder, ...]]:
    capacity = series(capacity, "capacity", least=0, place="hour")
    windows = sequence(windows, "windows", of="WindowOrder")
    check_orders(windows, len(capacity))
    for row, window in enumerate(windows):
        if not isinstance(window, WindowOrder) or window.side != "buy":
            raise InvalidOrder(f"{shown(window.name)} must be a WindowOrder that buys", row=row)
    return capacity, windows
