"""The lane for one day: what its members use whatever happens, what can wait, and what the outside charges."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.indices import series
from tefoundations.inputs import instance, whole
from tefoundations.programmes import is_zero
from tefoundations.resources import Device
from tefoundations.systems.lane_checks import check_lane, check_steps, each, shaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Lane:
    """One community, one day. Energies are kWh a step, prices ct/kWh.

    **Net load is positive when it is taken from the outside.**

    A step in which the lane takes m kWh costs it outside m + slope m^2 / 2: the price outside, and wires that get dearer the
    fuller they are. So one more kWh costs outside + slope m. What the lane has over is sold outside at `feed_in`.

    Parameters
    ----------
    members : tuple of str
        Who lives here.
    base : (T, members) float array
        Net load that cannot be moved (kWh): use less roof and heat-and-power unit; below 0 where a member has energy over.
    stores : tuple of Device
        The devices that can wait; their windows are whole steps of the lane.
    habits : (T, stores) float array
        What each device does when nobody steers it (kWh).
    outside : (T,) float array
        Price of the first kWh from outside, at least `feed_in`.
    slope : float
        Rise of the price for each kWh the lane takes in the step (ct/kWh per kWh), above 0.
    feed_in : float
        Price outside for what the lane has over, at least 0.
    flat : float
        What a member pays for a kWh where there is one price for all hours.
    tariff : (T,) float array
        The time-of-use tariff, ct/kWh.
    flexible : tuple of str
        The members whose devices listen; all others follow their habits.
    weights : (members,) float array or None
        What is over or missing at the end of the day is shared in these proportions; None: in equal parts.
    times : tuple of str
        When each step begins, for tables; default its number.
    hours : float
        Length of a step.
    capacity : float
        What the transformer can carry (kW); only told, not enforced.

    Raises
    ------
    InvalidInput
        Names the field. Series of pandas are read by their index, which is of the same steps in all of them, and tables by
        the names of their columns: those of the members, or of the devices.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> car = Device("car", "Ada", energy=1, power=1, end=2, final_energy=1)
    >>> lane = Lane.of(base=[2, 0], stores=[car], outside=[10, 10], slope=1)
    >>> lane.cost([3, 0]), lane.cost([2, 1])
    (34.5, 32.5)
    """

    members: tuple[str, ...]
    base: np.ndarray
    stores: tuple[Device, ...]
    habits: np.ndarray
    outside: np.ndarray
    slope: float
    feed_in: float
    flat: float
    tariff: np.ndarray
    flexible: tuple[str, ...]
    weights: np.ndarray | None = None
    times: tuple[str, ...] = ()
    hours: float = 1.0
    capacity: float = field(default=np.inf)

    def __post_init__(self):
        check_lane(self)

    @classmethod
    def of(
        cls,
        base: ArrayLike,
        stores: Sequence[Device],
        outside: ArrayLike,
        slope: float,
        *,
        feed_in: float = 0.0,
        flat: float | None = None,
        tariff: ArrayLike | None = None,
    ) -> Lane:
        """Return a small lane in steps of one hour: owners of devices are its members, and "others" has all of `base`.

        Unsteered, each device takes what it needs as soon as it is plugged in, and keeps its final energy.

        Parameters
        ----------
        base : (T,) array
            Net load that cannot be moved (kWh).
        stores : sequence of Device
        outside : (T,) array
            ct/kWh.
        slope : float
            ct/kWh per kWh.
        feed_in : float
            ct/kWh.
        flat : float or None
            ct/kWh; None: the mean of `outside`.
        tariff : (T,) array or None
            ct/kWh; None: `outside`.

        Returns
        -------
        Lane

        Raises
        ------
        InvalidInput
            As for the class.

        Examples
        --------
        >>> from tefoundations.resources import Device
        >>> Lane.of([2, 0], [Device("car", "Ada", 1, 1, end=2, final_energy=1)], [10, 10], 1).members
        ('Ada', 'others')
        """
        prices, devices = series(outside, "outside", hours=1.0), each(stores, Device, "stores", of="devices")
        check_steps({"outside": outside, "base": base, "tariff": tariff}, 1.0, devices)
        members = (*dict.fromkeys(store.owner for store in devices), "others")
        nets = np.zeros((len(prices), len(members)))
        nets[:, -1] = shaped(base, "base", prices.shape)
        habits = np.zeros((len(prices), len(devices)))
        for i, store in enumerate(devices):
            habits[:, i] = at_once(store, len(prices), 1.0)
        flat = float(prices.mean()) if flat is None else flat
        rates = prices if tariff is None else shaped(tariff, "tariff", prices.shape)
        return cls(members, nets, devices, habits, prices, slope, feed_in, flat, rates, members[:-1])

    @property
    def owners(self) -> tuple[str, ...]:
        """Members with a device that can wait, in the order of the devices."""
        return tuple(dict.fromkeys(store.owner for store in self.stores))

    @property
    def owned_by(self) -> list[int]:
        """Position among the members of each device's owner."""
        place = {member: i for i, member in enumerate(self.members)}
        return [place[store.owner] for store in self.stores]

    @property
    def moving(self) -> list[int]:
        """Positions of the devices that listen."""
        listening = set(self.flexible)
        return [i for i, store in enumerate(self.stores) if store.owner in listening]

    @property
    def still(self) -> list[int]:
        """Positions of the devices that follow their habits."""
        moving = set(self.moving)
        return [i for i in range(len(self.stores)) if i not in moving]

    @property
    def fixed(self) -> np.ndarray:
        """(T,) float array: net load of all that does not listen (kWh)."""
        return self.base.sum(axis=1) + self.habits[:, self.still].sum(axis=1)

    def steps_of(self, store: Device) -> range:
        """The steps during which a device is plugged in.

        Parameters
        ----------
        store : Device

        Returns
        -------
        range

        Raises
        ------
        InvalidInput
            What is no device, or one whose window is not of whole steps of the lane.
        """
        return instance(store, Device, "store").steps(len(self.outside), self.hours)

    def with_flexible(self, flexible: int | Sequence[str]) -> Lane:
        """The same lane with other listeners.

        Parameters
        ----------
        flexible : int or sequence of str
            So many of `owners`, the first ones; or their names.

        Returns
        -------
        Lane

        Raises
        ------
        InvalidInput
            More than there are, or a member without a device.
        """
        if not np.iterable(flexible):
            flexible = self.owners[: whole(flexible, "flexible", least=0, most=len(self.owners), unit="of owners")]
        return replace(self, flexible=each(flexible, str, "flexible", of="members"))

    def cost(self, net: ArrayLike) -> float:
        """What the outside and the wires cost the lane in a day.

        Parameters
        ----------
        net : (T,) array
            Net load of the lane (kWh).

        Returns
        -------
        float, ct

        Raises
        ------
        InvalidInput
            Net load that is not one finite number for each step, or has an index of other steps.
        """
        net = shaped(net, "net", self.outside.shape, hours=self.hours)
        taken, over = np.maximum(net, 0.0), np.maximum(np.negative(net), 0.0)
        return float(self.outside @ taken + self.slope / 2 * taken @ taken - self.feed_in * over.sum())

    def price(self, net: ArrayLike) -> np.ndarray:
        """What one more kWh costs the lane in each step.

        Parameters
        ----------
        net : (T,) array
            Net load of the lane (kWh).

        Returns
        -------
        (T,) float array, ct/kWh

        Raises
        ------
        InvalidInput
            Net load that is not one finite number for each step, or has an index of other steps.
        """
        load = shaped(net, "net", self.outside.shape, hours=self.hours)
        return np.where(load < 0, self.feed_in, self.outside + self.slope * np.maximum(load, 0.0))

    def net_of(self, plan: np.ndarray) -> np.ndarray:
        """Net load of each member when the devices follow a plan.

        Parameters
        ----------
        plan : (T, stores) float array
            kWh taken (above 0) or given.

        Returns
        -------
        (T, members) float array, kWh

        Raises
        ------
        InvalidInput
            A plan that is not of finite numbers, one for each step and device, or has an index of other steps.
        """
        devices = [store.name for store in self.stores]
        net, plan = self.base.copy(), shaped(plan, "plan", self.habits.shape, hours=self.hours, columns=devices)
        for i, member in enumerate(self.owned_by):
            net[:, member] += plan[:, i]
        return net


def at_once(store, count, hours, pause=()):
    """(count,) float array: what a device takes that starts when it is plugged in and stops when it has enough (kWh).

    Enough is its final energy, or what its needs ahead take; then it makes up for what is drawn and lost. In the steps of
    `pause` it takes only what would otherwise be missing later, as late as possible.
    """
    steps = store.over(count, hours)
    plan, stored = np.zeros(count), steps.initial
    for t, (step, least) in enumerate(zip(steps.at, steps.least[1:])):
        enough = min(least if step in pause else max(least, steps.final), steps.energy)
        missing = max(enough - (steps.kept * stored - steps.need[t]), 0.0)
        if not is_zero(missing, of=enough):  # no rest of subtracting is taken
            plan[step] = min(steps.most_in[t], missing) / steps.gain[t]
        stored = steps.after(t, stored, plan[step])
    return plan
