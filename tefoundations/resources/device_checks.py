"""What a device may be, and what may be asked of it; every error names the device and the field."""

import math
from dataclasses import fields
from functools import partial
from typing import Any

import numpy as np

from tefoundations.errors import InvalidInput, InvalidPrices
from tefoundations.indices import check_same, check_step, index_of
from tefoundations.inputs import instance, number, numbers, whole
from tefoundations.resources.series import TimedRates, price_series
from tefoundations.resources.worth_curves import TINY, slopes_of
from tefoundations.words import shown

SHARE = "above 0 and at most 1"
WORDS = {"energy": "above 0", "power": "above 0", "charge_efficiency": SHARE, "discharge_efficiency": SHARE,
         "gain": "above 0", "standing_loss": "at least 0 and below 1", "need": "a finite number"}  # fmt: skip
HOLDS = {
    "above 0": lambda value: 0 < value < math.inf, SHARE: lambda value: 0 < value <= 1,
    "at least 0 and below 1": lambda value: 0 <= value < 1, "a finite number": math.isfinite,
    "at least 0": lambda value: 0 <= value < math.inf,
}  # fmt: skip
SERIES = ("gain", "need")
MOST_STEPS = 10**7  # of a day: one a second for four months; more is a slip, and would fill the memory


def fault(device, words):
    """The error for a device."""
    return InvalidInput(f"device {device.name!r}: {words}")


def check_device(device):
    """Refuse a device without meaning, or one that cannot get its energy in time; series become tuples."""
    for name in ("name", "owner"):
        instance(getattr(device, name), str, f"{name} of a device")
    for field in fields(device)[2:]:
        object.__setattr__(device, field.name, _field_of(device, field.name))
    if device.start >= device.end:
        raise fault(device, f"start {device.start!r} and end {device.end!r} must be hours, start first")
    for name in ("initial_energy", "final_energy"):
        stored = getattr(device, name)
        if stored > device.energy:
            raise fault(device, f"{name} {stored:g} kWh is more than the {device.energy:g} it can hold")
    best = device.charge_efficiency * np.max(device.gain)
    if device.power_out and best * device.discharge_efficiency > 1:
        words = f"gain {np.max(device.gain):g} must be at most 1 where power_out {device.power_out:g} is above 0"
        raise fault(device, f"{words}: nothing gives back more than it took")
    hours = device.end - device.start
    flows_in = max(-np.min(device.need), 0.0)
    if device.initial_energy + hours * (device.power * best + flows_in) < device.final_energy * (1 - TINY):
        reach = f"in {hours:g} h at {device.power:g} kW"
        raise fault(device, f"final_energy {device.final_energy:g} kWh cannot be reached {reach}")


def _field_of(device, name):
    """The value of a field, or a tuple of one for each step."""
    value = getattr(device, name)
    if name not in SERIES or isinstance(value, str) or not np.iterable(value):
        return _checked(device, name, name, value)
    read = numbers(value, name, place="step", error=partial(fault, device)).tolist()
    if not read:
        raise fault(device, f"{name} must be one number, or one for each step, not none")
    rates = tuple(_checked(device, name, f"{name} of step {step}", one) for step, one in enumerate(read))
    index = value.of_steps if isinstance(value, TimedRates) else index_of(value, name, error=partial(fault, device))
    return rates if index is None else TimedRates(rates, index)


def _checked(device, name, told, value):
    words = WORDS.get(name, "at least 0")

    def refused(_):
        return fault(device, f"{told} {shown(value)} must be {words}")

    read = number(value, told, infinite=True, error=refused)
    if not (HOLDS[words](read) or (name == "end" and read == math.inf)):
        raise refused(read)
    return value if isinstance(value, int) and math.isfinite(read) else read


def hours_of(device, hours):
    """A length of time as a float (h)."""
    return number(hours, "hours", above=0, error=partial(fault, device))


def prices_of(device: Any, prices: Any, hours: Any) -> np.ndarray:
    """The prices a device is asked at as finite floats, a copy; those with an index are of the steps of its rates."""
    read, index = price_series(prices, hours_of(device, hours)), index_of(prices, "prices")
    for name in SERIES if index is not None else ():
        rates = getattr(device, name)
        if isinstance(rates, TimedRates) and len(rates) == len(read):
            check_same(rates.of_steps, name, index, "prices", error=partial(fault, device))
    return read


def rows_of(device: Any, name: str, values: Any, hours: Any) -> np.ndarray:
    """One finite number a step, a copy; an index of times rises by so many hours."""
    error = partial(fault, device)
    read = numbers(values, name, place="step", error=error)
    index_of(values, name, hours=hours_of(device, hours), error=error)
    return read


def rates_of(device, name, count, hours):
    """A rate of the device in each of so many steps: a list of floats."""
    value = getattr(device, name)
    if not isinstance(value, tuple):
        return [value] * count
    if len(value) != count:
        raise fault(device, f"{name} must be one number, or one for each of {count} steps, not {len(value)}")
    if isinstance(value, TimedRates):
        check_step(value.of_steps, name, hours, error=partial(fault, device))
    return list(value)


def count_of(device, count):
    """A number of steps as an int."""
    return whole(count, "count", least=0, most=MOST_STEPS, unit="of steps", error=partial(fault, device))


def step_of(device, step, count):
    """A position among so many steps as an int."""

    def refused(_):
        return fault(device, f"step {shown(step)} is not one of 0 to {count - 1}")

    return whole(step, "step", least=0, most=count - 1, error=refused)


def stored_of(device, stored, most):
    """Stored energy as a float between 0 and `most`, which the device can hold (kWh)."""

    def refused(_):
        return fault(device, f"stored {shown(stored)} must be from 0 to the {most:g} kWh it can hold")

    read = number(stored, "stored", error=refused)
    if not -TINY * most <= read <= most * (1 + TINY):
        raise refused(read)
    return min(max(read, 0.0), float(most))


def refuse_burning(device, steps, prices, but=None):
    """Refuse prices at which the losses of taking and giving at once would be paid for."""
    if not steps.most_out:
        return
    for t, step in enumerate(steps.at):
        cost, earned = slopes_of(steps, t, float(prices[step]))
        if step != but and earned - cost > 1e-12 * (abs(cost) + abs(earned)):
            words = f"device {device.name!r}: step {step}: price {prices[step]:g} pays for losing energy"
            raise InvalidPrices(f"{words}: taking and giving at once would earn money that no device can")
