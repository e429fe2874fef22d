"""The results of a device: its plan at given prices, and its bids and asks in one step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import not_negative, number, sequence
from tefoundations.resources.device_checks import refuse_burning, step_of, stored_of
from tefoundations.resources.device_steps import DeviceSteps
from tefoundations.resources.worth_curves import Worth, flow_curve, followed, orders_of, reached_curves, worth_curves
from tefoundations.words import shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class BidCurve:
    """What a device would take or give in one step, at every price of that step.

    Parameters
    ----------
    bids : tuple of (float, float)
        It takes so many kWh more where the price (ct/kWh) is at most this; dearest first. What must be taken is bid at
        infinity.
    asks : tuple of (float, float)
        It gives so many kWh more where the price is at least this; cheapest first.

    Raises
    ------
    InvalidInput
        A row that is no pair of a price and a quantity that is not negative; names side and row.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> car = Device("car", "home6", energy=4, power=2, end=2, final_energy=3)
    >>> curve = car.bid_curve([10, 20], 0)
    >>> curve.bids, curve.at(25), curve.at(15)
    (((inf, 1.0), (20.0, 1.0)), 1.0, 2.0)
    """

    bids: tuple[tuple[float, float], ...]
    asks: tuple[tuple[float, float], ...]

    def __post_init__(self):
        for side in ("bids", "asks"):
            rows = enumerate(sequence(getattr(self, side), side, of="(price, quantity)"))
            object.__setattr__(self, side, tuple(_order(row, f"{side}, row {place}") for place, row in rows))

    @classmethod
    def _computed(cls, bids, asks):
        """A curve of pairs that the room has computed: they are floats already and are not read again."""
        curve = object.__new__(cls)
        object.__setattr__(curve, "bids", bids)
        object.__setattr__(curve, "asks", asks)
        return curve

    def at(self, price: float) -> float:
        """Energy taken less given at a price; at that of an order it stays out of it.

        Parameters
        ----------
        price : float
            ct/kWh; infinite: what it would do however dear, or cheap, the energy is.

        Returns
        -------
        float, kWh

        Raises
        ------
        InvalidInput
            A price that is no number.
        """
        price = number(price, "price", infinite=True)
        return sum(q for bid, q in self.bids if bid > price) - sum(q for ask, q in self.asks if ask < price)

    def to_frame(self) -> pd.DataFrame:
        """The curve as a table.

        Returns
        -------
        pandas.DataFrame
            A row an order; columns side ("buy" or "sell"), price (ct/kWh), quantity (kWh), as `OrderBook.from_frame` reads
            them, which refuses the infinite price of what must be taken: put the market's highest in its place.
        """
        import pandas as pd

        rows = [("buy", *order) for order in self.bids] + [("sell", *order) for order in self.asks]
        return pd.DataFrame(rows, columns=["side", "price", "quantity"])

    def explain(self) -> str:
        """The curve in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.resources import Device
        >>> car = Device("car", "Ada", energy=1, power=1, end=2, final_energy=1)
        >>> print(car.bid_curve([10, 30], step=0).explain())
        It takes 1 kWh below 30 ct/kWh.
        """
        must = sum(q for price, q in self.bids if price == np.inf)
        words = [f"It must take {must:.6g} kWh."] if must else []
        words += [f"It takes {q:.6g} kWh below {price:.6g} ct/kWh." for price, q in self.bids if price < np.inf]
        words += [f"It gives {q:.6g} kWh above {price:.6g} ct/kWh." for price, q in self.asks]
        return "\n".join(words) or "It takes and gives nothing at any price."

    def __repr__(self):
        sides = [", ".join(f"{q:.6g} kWh at {price:.6g}" for price, q in side) or "none" for side in (self.bids, self.asks)]
        return f"BidCurve(bids: {sides[0]}; asks: {sides[1]})"

    def _repr_html_(self):
        return self.to_frame().to_html(index=False)


def _order(row, where):
    if isinstance(row, (str, bytes)) or not hasattr(row, "__len__") or len(row) != 2:
        raise InvalidInput(f"{where}: {shown(row)} must be (price, quantity)")
    price, quantity = row
    return number(price, f"{where}: price", infinite=True), not_negative(quantity, f"{where}: quantity")


@dataclass(frozen=True, eq=False, repr=False)
class DevicePlan:
    """What a device does at given prices, made by `Device.answer`.

    Parameters
    ----------
    name : str
        The device's.
    prices : (T,) float array
        ct/kWh.
    hours : float
        Length of a step.
    steps : DeviceSteps
        The device over the steps of its window.
    worth : tuple of Worth
        Worth of stored energy (kWh to ct) at the beginning of each step of the window, and at its end.
    """

    name: str
    prices: np.ndarray
    hours: float
    steps: DeviceSteps
    worth: tuple[Worth, ...]

    @cached_property
    def energy(self) -> np.ndarray:
        """(T,) float array: taken (above 0) or given (below 0) in each step, kWh at the plug."""
        energy = np.zeros(len(self.prices))
        energy[self.steps.at.start : self.steps.at.stop] = self._followed[0]
        return energy

    @cached_property
    def stored(self) -> np.ndarray:
        """(T + 1,) float array: stored when each step begins, and at the end, kWh; before and after the window it rests."""
        inside, at = self._followed[1], self.steps.at
        return np.array([inside[0]] * at.start + inside + [inside[-1]] * (len(self.prices) - at.stop))

    @cached_property
    def _followed(self):
        return followed(self.steps, self._within, self.worth)

    @cached_property
    def _within(self):
        return self.prices[self.steps.at.start : self.steps.at.stop].tolist()

    @property
    def cost(self) -> float:
        """float: energy at its prices, waiting and wear (ct); no plan that the device can follow costs less."""
        return -self.worth[0].at(self.steps.initial)

    def bid_curve(self, step: int, stored: float | None = None) -> BidCurve:
        """What the device would take or give in one step at every price of that step: `Device.bid_curve` at these prices.

        Parameters
        ----------
        step : int
            Position of the step, from 0.
        stored : float, optional
            Energy in store when the step begins (kWh); default as in `Device.bid_curve`.

        Returns
        -------
        BidCurve

        Raises
        ------
        InvalidInput
            A step that is not there, stored energy that the device cannot hold.
        """
        step = step_of(self, step, len(self.prices))
        stored = None if stored is None else stored_of(self, stored, self.steps.holds)
        steps = self.steps if stored is None else self.steps.with_room(stored)
        worth = self.worth if steps is self.steps else worth_curves(steps, self._within)
        return bid_curve_of(steps, self._within, worth, step, stored)

    def to_frame(self) -> pd.DataFrame:
        """The plan as a table.

        Returns
        -------
        pandas.DataFrame
            A row a step (index `step`): price (ct/kWh), energy taken less given, stored at the end of the step (kWh).
        """
        import pandas as pd

        columns = {"price": self.prices, "energy": self.energy, "stored": self.stored[1:]}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self.prices), name="step"))

    def explain(self) -> str:
        """The plan and what it costs, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.resources import Device
        >>> print(Device("car", "home6", energy=4, power=3, end=2, final_energy=4, waiting=1).answer([20, 10]).explain())
        car: takes 4 kWh in 2 of 2 steps, gives 0 kWh in 0; 4 kWh stored at the end.
        Energy 50 ct + waiting and wear 3 ct = 53 ct.
        """
        energy, within = self.energy, np.array(self._followed[0])
        felt = np.dot(self.steps.waited, within.clip(0)) + self.steps.wear * (-within).clip(0).sum()
        takes, gives = (
            f"{verb} {part.sum():.6g} kWh in {np.count_nonzero(part)}"
            for verb, part in (("takes", energy.clip(0)), ("gives", (-energy).clip(0)))
        )
        stored = f"{self.stored[-1]:.6g} kWh stored at the end"
        money = f"Energy {self.prices @ energy:.6g} ct + waiting and wear {felt:.6g} ct = {self.cost:.6g} ct"
        return f"{self.name}: {takes} of {len(self.steps.at)} steps, {gives}; {stored}.\n{money}."

    def __repr__(self):
        return f"DevicePlan({self.name}: {len(self.prices)} steps, cost {self.cost:.6g})"

    def _repr_html_(self):
        return self.to_frame().to_html()


def curve_at(device, prices, step, hours, stored):
    """The bids and asks of a device in one step of a day with these prices, see `Device.bid_curve`."""
    step = step_of(device, step, len(prices))
    stored = None if stored is None else stored_of(device, stored, device.energy)
    steps = device.over(len(prices), hours)
    refuse_burning(device, steps, prices, but=step)
    steps = steps if stored is None else steps.with_room(stored)
    within = prices[steps.at.start : steps.at.stop].tolist()
    return bid_curve_of(steps, within, worth_curves(steps, within), step, stored)


def bid_curve_of(steps, prices, curves, step, stored=None):
    """The bids and asks of a device in one step of the day.

    Parameters
    ----------
    steps : DeviceSteps
    prices : list of float
        Of the window (ct/kWh).
    curves : sequence of Worth
        Of `worth_curves`.
    step : int
        Position in the day.
    stored : float, optional
        Energy in store when the step begins (kWh); None: what the steps before make of it.

    Returns
    -------
    BidCurve
    """
    if step not in steps.at:
        return BidCurve._computed((), ())
    t = step - steps.at.start
    reached = reached_curves(steps, prices[:t]) if stored is None else Worth(float(stored), 0.0, ())
    bids, asks = orders_of(flow_curve(reached, curves[t + 1], steps, t), steps, t)
    return BidCurve._computed(tuple(bids), tuple(asks))
