"""A device over the steps of a day: what its rates come to in a step of so many hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from tefoundations.inputs import not_negative, number, whole
from tefoundations.programmes import ROUNDING
from tefoundations.resources.device_checks import SERIES, count_of, fault, hours_of, rates_of, stored_of
from tefoundations.resources.worth_curves import TINY, least_stored, slopes_of


@dataclass(frozen=True, eq=False)
class DeviceSteps:
    """A device over the steps of its window: what its rates come to in a step. Energies are kWh in the store.

    Parameters
    ----------
    at : range
        The steps of the window.
    most_in : list of float
        Most that may arrive in the store in each step (kWh).
    most_out : float
        Most that may leave the store for the plug in a step (kWh).
    gain : list of float
        kWh stored for each kWh taken at the plug, in each step.
    out : float
        kWh given at the plug for each kWh that leaves the store.
    need : list of float
        What is drawn from the store in each step whatever the price (kWh); below 0: what flows in by itself.
    vent : list of float
        Most of what flows in by itself that may be let go (kWh).
    waited : list of float
        Inconvenience of each kWh taken in each step (ct/kWh).
    kept : float
        Share of what is stored when a step begins that is there when it ends.
    energy, initial, final : float
        What the store can hold, what is in it at first, and the least at the end (kWh). One that can hold more than twice
        what can arrive in it or leave it in the window counts as one of that size: what is tiny is a share of it.
    wear : float
        Cost of each kWh given (ct/kWh).
    holds : float
        What the store can hold, all of it (kWh).
    """

    at: range
    most_in: list[float]
    most_out: float
    gain: list[float]
    out: float
    need: list[float]
    vent: list[float]
    waited: list[float]
    kept: float
    energy: float
    initial: float
    final: float
    wear: float
    holds: float

    def with_room(self, stored: float) -> DeviceSteps:
        """The same steps for a device that begins one with more than it could have come to hold.

        Parameters
        ----------
        stored : float
            Energy in store (kWh), at least 0.

        Returns
        -------
        DeviceSteps

        Raises
        ------
        InvalidInput
            Energy that is not a finite number, or is below 0.
        """
        stored = not_negative(stored, "stored", unit="of kWh")
        return self if stored <= self.energy / 2 or self.energy == self.holds else replace(self, energy=self.holds)

    @cached_property
    def tiny(self) -> float:
        """What is rounding and no energy (kWh): a share of what can flow in a step, and of what is stored."""
        return max(TINY * min(self.energy, max(*self.most_in, self.most_out)), ROUNDING * self.energy)

    @cached_property
    def dust(self) -> float:
        """What subtracting leaves of what flows in a step (kWh)."""
        return ROUNDING * max(*self.most_in, self.most_out, self.energy)

    @property
    def least(self) -> list[float]:
        """Least stored at the beginning of each step, and at the end, from which needs and final energy can be met (kWh)."""
        return least_stored(self)

    def slopes(self, t: int, price: float) -> tuple[float, float]:
        """Cost of another stored kWh, and what one earns that leaves.

        Parameters
        ----------
        t : int
            Step of the window.
        price : float
            ct/kWh.

        Returns
        -------
        cost, earned : float
            ct for each kWh in the store.

        Raises
        ------
        InvalidInput
            A step that is not in the window, a price that is not a finite number.

        Examples
        --------
        >>> from tefoundations.resources import Device
        >>> Device("pump", "home4", energy=12, power=3, gain=3, waiting=1).over(2).slopes(1, 20)
        (7.0, 20.0)
        """
        return slopes_of(self, self._step(t), number(price, "price", unit="(ct/kWh)"))

    def after(self, t: int, stored: float, energy: float) -> float:
        """Stored energy when a step ends.

        Parameters
        ----------
        t : int
            Step of the window.
        stored : float
            Energy in store when it begins (kWh).
        energy : float
            Taken less given in the step (kWh at the plug).

        Returns
        -------
        float, kWh

        Raises
        ------
        InvalidInput
            A step that is not in the window, energy that is not a finite number, or less than nothing in store.
        """
        t, stored = self._step(t), not_negative(stored, "stored", unit="of kWh")
        energy = number(energy, "energy", unit="of kWh")
        gained = energy * self.gain[t] if energy > 0 else energy / self.out
        return min(max(self.kept * stored - self.need[t] + gained, 0.0), self.energy)

    def _step(self, t):
        return whole(t, "t", least=0, most=len(self.at) - 1)


def over(device, count, hours):
    """The device over `count` steps of so many hours: DeviceSteps, see `Device.over`."""
    at, count, hours = window(device, count, hours), count_of(device, count), hours_of(device, hours)
    gain, need = (rates_of(device, name, count, hours)[at.start : at.stop] for name in SERIES)
    steps = DeviceSteps(
        at=at, most_in=[device.power * hours * device.charge_efficiency * one for one in gain],
        most_out=device.power_out * hours / device.discharge_efficiency,
        gain=[device.charge_efficiency * one for one in gain], out=device.discharge_efficiency,
        need=[one * hours for one in need], vent=[max(-one * hours, 0.0) for one in need],
        waited=device.waited(count, hours)[at.start : at.stop].tolist(), kept=device.kept(hours),
        energy=device.energy, initial=device.initial_energy, final=device.final_energy, wear=device.wear,
        holds=device.energy,
    )  # fmt: skip
    least = steps.least
    arrives = steps.initial + sum(steps.most_in) + sum(steps.vent)
    leaves = max(least) + sum(max(one, 0.0) for one in steps.need) + steps.most_out * len(at)
    left = steps.kept ** len(at)  # of a kWh that is stored when the window begins
    if device.energy * left > 2 * max(arrives * left, leaves):
        steps = replace(steps, energy=2 * max(arrives, leaves / left))
    slack = TINY * steps.energy
    if least[0] > device.initial_energy + slack or max(least) > device.energy + slack:
        words = f"kWh, and what it needs on the way, cannot be reached in {len(at)} steps of {hours:g} h"
        raise fault(device, f"final_energy {device.final_energy:g} {words}")
    return steps


def limits(device, hours, stored):
    """The most a device can take, and give, in a time that begins now (kWh at the plug), see `Device.limits`."""
    hours = min(hours_of(device, hours), device.end - device.start)
    left = device.kept(hours) * stored_of(device, device.initial_energy if stored is None else stored, device.energy)
    need, gain = (value[0] if isinstance(value, tuple) else value for value in (device.need, device.gain))
    room = device.energy - left + max(need * hours, 0.0)
    take = min(device.power * hours, room / (device.charge_efficiency * gain))
    give = min(device.power_out * hours, max(left - need * hours, 0.0) * device.discharge_efficiency)
    return float(take), float(give)


def window(device, count, hours):
    """The steps of a day during which a device is plugged in: range, see `Device.steps`."""
    count, hours, ends = count_of(device, count), hours_of(device, hours), []
    for name in ("start", "end"):
        position = min(getattr(device, name) / hours, float(count))
        if abs(position - round(position)) > 1e-9 * max(position, 1.0):
            raise fault(device, f"{name} {getattr(device, name):g} h is no whole number of steps of {hours:g} h")
        ends.append(round(position))
    if ends[0] >= count:
        raise fault(device, f"start {device.start:g} h is not before the end of {count} steps of {hours:g} h")
    return range(*ends)
