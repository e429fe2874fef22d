"""One model of every device that can wait: a car, a battery, a warm house. What it can do, and what it does at prices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import not_negative
from tefoundations.resources.device_checks import check_device, count_of, fault, hours_of, prices_of, refuse_burning, rows_of
from tefoundations.resources.device_plans import DevicePlan, curve_at
from tefoundations.resources.device_steps import limits, over, window
from tefoundations.resources.worth_curves import worth_curves

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.resources.device_plans import BidCurve
    from tefoundations.resources.device_steps import DeviceSteps


@dataclass(frozen=True)
class Device:
    """A store of energy with a plug: it may wait before it takes, and some may give back.

    Energies are kWh. Power, need, loss and waiting are rates per hour, and the window is in hours: a device is the same
    whatever the length of a market's steps. In a step of h hours, stored energy goes from e to

        (1 - standing_loss)^h e - need h + charge_efficiency gain (kWh taken) - (kWh given) / discharge_efficiency

    Parameters
    ----------
    name : str
        Told in messages and tables.
    owner : str
        Whose device it is.
    energy : float
        Energy it can hold (kWh), above 0.
    power : float
        Highest power while it takes (kW at the plug), above 0.
    power_out : float
        Highest power while it gives (kW at the plug); a car or a house gives nothing, 0.
    start, end : float
        It is plugged in from `start` to `end`, hours from the beginning of the first step; inf: to the end of the last.
    initial_energy, final_energy : float
        Stored energy (kWh) when it is plugged in, and the least that must be there when it leaves.
    charge_efficiency, discharge_efficiency : float
        kWh stored for each kWh taken, and kWh given for each kWh that leaves the store; above 0 and at most 1.
    wear : float
        Cost of each kWh given (ct/kWh).
    waiting : float
        Inconvenience of each kWh for every hour that it is taken later (ct/kWh per hour).
    standing_loss : float
        Share of the stored energy that is lost in an hour, at least 0 and below 1.
    gain : float or sequence of float
        kWh that each kWh taken becomes before it is stored: the coefficient of performance of a heat pump. One number, or
        one for each step; a series with an index of times is of the times of the prices.
    need : float or sequence of float
        What is drawn from the store whatever the price (kW), one number, or one for each step as `gain`. Below 0 it flows
        in by itself (a warm noon), and what is too much is let go.

    Raises
    ------
    InvalidInput
        Names the device, the field and its value; also if the device cannot get its energy in time.

    Examples
    --------
    A car that needs 10 kWh within four hours leaves out the dearest one:

    >>> car = Device("car", "home6", energy=10, power=5.5, end=4, final_energy=10)
    >>> car.limits(1)
    (5.5, 0.0)
    >>> car.answer([30, 24, 20, 26]).energy.tolist()
    [0.0, 4.5, 5.5, 0.0]
    >>> Device("car", "home6", energy=10, power=2, end=4, final_energy=10)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: device 'car': final_energy 10 kWh cannot be reached in 4 h at 2 kW
    """

    name: str
    owner: str
    energy: float
    power: float
    power_out: float = 0.0
    start: float = 0.0
    end: float = math.inf
    initial_energy: float = 0.0
    final_energy: float = 0.0
    charge_efficiency: float = 1.0
    discharge_efficiency: float = 1.0
    wear: float = 0.0
    waiting: float = 0.0
    standing_loss: float = 0.0
    gain: float | tuple = 1.0
    need: float | tuple = 0.0

    def __post_init__(self):
        check_device(self)

    def kept(self, hours: float) -> float:
        """Share of the stored energy that is still there so many hours later.

        Parameters
        ----------
        hours : float
            At least 0.

        Returns
        -------
        float

        Raises
        ------
        InvalidInput
            Hours that are not a finite number, or are below 0.

        Examples
        --------
        >>> house = Device("house", "home4", energy=12, power=3, standing_loss=0.19)
        >>> round(house.kept(1), 6), round(house.kept(0.5), 6)
        (0.81, 0.9)
        """
        return (1.0 - self.standing_loss) ** not_negative(hours, "hours", error=partial(fault, self))

    def limits(self, hours: float, stored: float | None = None) -> tuple[float, float]:
        """The most it can take, and the most it can give, in a time that begins now, each of the two alone.

        Parameters
        ----------
        hours : float
            Length of that time; what goes beyond the end of its window does not count.
        stored : float, optional
            Energy in store now (kWh); default: the initial energy.

        Returns
        -------
        take, give : float
            kWh at the plug.

        Raises
        ------
        InvalidInput
            Hours that are not a positive number, stored energy that it cannot hold.

        Examples
        --------
        >>> battery = Device("battery", "home1", energy=10, power=5, power_out=5, initial_energy=2, discharge_efficiency=0.9)
        >>> battery.limits(0.5), battery.limits(1), battery.limits(2)
        ((2.5, 1.8), (5.0, 1.8), (8.0, 1.8))
        """
        return limits(self, hours, stored)

    def over(self, count: int, hours: float = 1.0) -> DeviceSteps:
        """The device over `count` steps of so many hours: its rates as amounts in a step.

        Parameters
        ----------
        count : int
            Steps of the day.
        hours : float
            Length of a step.

        Returns
        -------
        DeviceSteps

        Raises
        ------
        InvalidInput
            A window that is not of whole steps or does not begin in the day; a series of another length; a final energy that
            cannot be reached from the initial one.
        """
        return over(self, count, hours)

    def steps(self, count: int, hours: float = 1.0) -> range:
        """The steps of a day during which it is plugged in.

        Parameters
        ----------
        count : int
            Steps of the day.
        hours : float
            Length of a step.

        Returns
        -------
        range

        Raises
        ------
        InvalidInput
            A window that is not of whole steps, or does not begin in the day.
        """
        return window(self, count, hours)

    def answer(self, prices: ArrayLike, hours: float = 1.0) -> DevicePlan:
        """The plan that costs least at given prices: energy, waiting and wear.

        What is left in store at the end counts for nothing beyond `final_energy`. Where it makes no difference the device
        waits.

        Parameters
        ----------
        prices : (T,) array
            Price of each step (ct/kWh); an index of times must rise by `hours`.
        hours : float
            Length of a step.

        Returns
        -------
        DevicePlan

        Raises
        ------
        InvalidPrices
            A price that is not a finite number, or so far below zero that taking and giving at once would earn money; an
            index of other steps.
        InvalidInput
            As for `over`.

        References
        ----------
        Hao, H., Sanandaji, B. M., Poolla, K. and Vincent, T. L. (2015), "Aggregate flexibility of thermostatically
        controlled loads", IEEE Transactions on Power Systems 30(1), 189-198 (the leaky store as a model of many devices).

        Examples
        --------
        A house that loses a tenth of its warmth in an hour heats early only if later is dearer by more than that:

        >>> house = Device("house", "home4", energy=2, power=3, initial_energy=0.1, standing_loss=0.1, need=1)
        >>> house.answer([10, 11]).energy.round(6).tolist(), house.answer([10, 11.2]).energy.round(6).tolist()
        ([0.91, 1.0], [2.021111, 0.0])
        """
        prices = prices_of(self, prices, hours)
        steps = self.over(len(prices), hours)
        refuse_burning(self, steps, prices)
        within = prices[steps.at.start : steps.at.stop].tolist()
        return DevicePlan(self.name, prices, float(hours), steps, tuple(worth_curves(steps, within)))

    def bid_curve(self, prices: ArrayLike, step: int, hours: float = 1.0, stored: float | None = None) -> BidCurve:
        """What it would take or give in one step at every price of that step, the prices of the others given.

        Parameters
        ----------
        prices : (T,) array
            Price of each step (ct/kWh); that of `step` plays no part.
        step : int
            Position of the step, from 0.
        hours : float
            Length of a step.
        stored : float, optional
            Energy in store when the step begins (kWh). Default: it is not known yet, and the steps before follow the price
            of this one as `answer` would have them.

        Returns
        -------
        BidCurve

        Raises
        ------
        InvalidPrices, InvalidInput
            As for `answer`; a step that is not there, stored energy that it cannot hold.

        Examples
        --------
        >>> car = Device("car", "home6", energy=4, power=2, end=3, final_energy=4)
        >>> car.bid_curve([10, 20, 30], 0)
        BidCurve(bids: 2 kWh at 30; asks: none)
        """
        return curve_at(self, prices_of(self, prices, hours), step, hours, stored)

    def waited(self, count: int, hours: float = 1.0) -> np.ndarray:
        """Inconvenience of a kWh taken in each of `count` steps of the day.

        Parameters
        ----------
        count : int
            Steps of the day.
        hours : float
            Length of a step.

        Returns
        -------
        (count,) float array, ct/kWh

        Raises
        ------
        InvalidInput
            Another count, hours that are not a positive number.
        """
        begins = np.arange(count_of(self, count)) * hours_of(self, hours)
        return self.waiting * np.maximum(begins - self.start, 0.0)

    def discomfort(self, plan: ArrayLike, hours: float = 1.0) -> float:
        """What a plan costs its owner beside money: waiting, and wear.

        Parameters
        ----------
        plan : (T,) float array
            Energy taken (above 0) or given (below 0) in each step, kWh.
        hours : float
            Length of a step.

        Returns
        -------
        float, ct

        Raises
        ------
        InvalidInput
            Energy that is not one finite number for each step, hours that are not a positive number.
        """
        plan = rows_of(self, "plan", plan, hours)
        return float(self.waited(len(plan), hours) @ np.maximum(plan, 0) + self.wear * np.maximum(-plan, 0).sum())
