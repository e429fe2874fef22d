"""What a device may be, and what may be asked of it; every error names the device and the field."""

import math
from dataclasses import fields

import numpy as np

from tefoundations.errors import InvalidInput, InvalidPrices
from tefoundations.resources.worth_curves import TINY

SHARE = "above 0 and at most 1"
WORDS = {"energy": "above 0", "power": "above 0", "charge_efficiency": SHARE, "discharge_efficiency": SHARE,
         "gain": "above 0", "standing_loss": "at least 0 and below 1", "need": "a finite number"}  # fmt: skip
HOLDS = {
    "above 0": lambda value: 0 < value < math.inf, SHARE: lambda value: 0 < value <= 1,
    "at least 0 and below 1": lambda value: 0 <= value < 1, "a finite number": math.isfinite,
    "at least 0": lambda value: 0 <= value < math.inf,
}  # fmt: skip
SERIES = ("gain", "need")


def fault(device, words):
    """The error for a device."""
    return InvalidInput(f"device {device.name!r}: {words}")


def _is_number(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def check_device(device):
    """Refuse a device without meaning, or one that cannot get its energy in time; series become tuples."""
    for field in fields(device)[2:]:
        value = getattr(device, field.name)
        if field.name in SERIES and np.ndim(value) == 1:
            object.__setattr__(device, field.name, tuple(np.asarray(value).tolist()))
        _check_field(device, field.name)
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


def _check_field(device, name):
    words, value = WORDS.get(name, "at least 0"), getattr(device, name)
    series = isinstance(value, tuple) and name in SERIES
    if series and not value:
        raise fault(device, f"{name} must be one number, or one for each step, not none")
    for step, one in enumerate(value if series else [value]):
        endless = name == "end" and isinstance(one, float) and one == math.inf
        if not _is_number(one) or not (endless or HOLDS[words](one)):
            raise fault(device, f"{name}{f' of step {step}' if series else ''} {one!r} must be {words}")


def hours_of(device, hours):
    """A length of time as a float (h)."""
    if not (_is_number(hours) and 0 < hours < math.inf):
        raise fault(device, f"hours {hours!r} must be a positive number")
    return float(hours)


def stored_of(device, stored):
    """Stored energy as a float between 0 and what the device can hold (kWh); None: its initial energy."""
    stored = device.initial_energy if stored is None else stored
    if not (_is_number(stored) and -TINY * device.energy <= stored <= device.energy * (1 + TINY)):
        raise fault(device, f"stored {stored!r} must be from 0 to the {device.energy:g} kWh it can hold")
    return min(max(float(stored), 0.0), float(device.energy))


def refuse_burning(device, steps, prices, but=None):
    """Refuse prices at which the losses of taking and giving at once would be paid for."""
    if not steps.most_out:
        return
    for t, step in enumerate(steps.at):
        cost, earned = steps.slopes(t, float(prices[step]))
        if step != but and earned - cost > 1e-12 * (abs(cost) + abs(earned)):
            words = f"device {device.name!r}: step {step}: price {prices[step]:g} pays for losing energy"
            raise InvalidPrices(f"{words}: taking and giving at once would earn money that no device can")
