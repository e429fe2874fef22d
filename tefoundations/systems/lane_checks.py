"""What a lane may be, and what may be asked of it; every error names the field."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import series
from tefoundations.inputs import instance, not_negative, number, numbers, positive, sequence
from tefoundations.resources import Device


def each(values, kind, name, *, of):
    """A tuple of values of one class; `of` says in words of what."""
    return tuple(instance(one, kind, f"{name}: entry {i}") for i, one in enumerate(sequence(values, name, of=of)))


def shaped(values, name, shape):
    """A float array of a shape, a copy; an error names the entry."""
    array = numbers(values, name, ndim=None, place="entry")
    if array.shape != shape:
        raise InvalidInput(f"{name} must be finite numbers of shape {shape}, not of shape {array.shape}")
    return array


def check_lane(lane):
    """Refuse a lane without meaning; what was given becomes tuples, arrays and floats."""
    members, stores = _members(lane), each(lane.stores, Device, "stores", of="devices")
    outside = series(lane.outside, "outside")
    count = len(outside)
    read = {
        "members": members, "stores": stores, "outside": outside,
        "flexible": each(lane.flexible, str, "flexible", of="members"),
        "base": shaped(lane.base, "base", (count, len(members))),
        "habits": shaped(lane.habits, "habits", (count, len(stores))),
        "tariff": shaped(lane.tariff, "tariff", (count,)),
        "weights": _weights(lane.weights, len(members)), "times": _times(lane.times, count),
        "slope": positive(lane.slope, "slope", unit="(ct/kWh per kWh)"), "feed_in": _feed_in(lane.feed_in, outside),
        "flat": number(lane.flat, "flat", unit="(ct/kWh)"), "hours": positive(lane.hours, "hours"),
        "capacity": number(lane.capacity, "capacity", above=0, infinite=True, unit="(kW)"),
    }  # fmt: skip
    for name, value in read.items():
        object.__setattr__(lane, name, value)
    _check_stores(lane, count)


def _members(lane):
    members = each(lane.members, str, "members", of="names")
    for name in members:
        if members.count(name) > 1:
            raise InvalidInput(f"members: {name!r} stands there twice")
    return members


def _times(times, count):
    times = each(times, str, "times", of="texts") or tuple(str(t) for t in range(count))
    if len(times) != count:
        raise InvalidInput(f"times must be {count} texts, one for each step, not {len(times)}")
    return times


def _weights(weights, count):
    if weights is None:
        return np.ones(count)
    weights = shaped(weights, "weights", (count,))
    if weights.min() < 0 or weights.sum() <= 0:
        raise InvalidInput("weights must be at least 0, and one above")
    return weights


def _feed_in(feed_in, outside):
    feed_in = not_negative(feed_in, "feed_in", unit="(ct/kWh)")
    if feed_in > outside.min():
        at = int(outside.argmin())
        raise InvalidInput(f"feed_in {feed_in:g} must not be above a price outside: that of step {at} is {outside[at]:g}")
    return feed_in


def _check_stores(lane, count):
    for store in lane.stores:
        end = store.end / lane.hours
        if store.owner not in lane.members or (np.isfinite(end) and end > count * (1 + 1e-9)):
            words = f"owner {store.owner!r} or end {store.end:g} h is not of this lane"
            raise InvalidInput(f"device {store.name!r}: {words}")
        store.over(count, lane.hours)  # refuses what it cannot do in these steps
    for name in lane.flexible:
        if name not in lane.owners:
            raise InvalidInput(f"flexible: {name!r} has no device that can wait")
