"""What a lane may be, and what may be asked of it; every error names the field."""

from itertools import combinations

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_same, index_of, series
from tefoundations.inputs import instance, not_negative, number, numbers, positive, sequence
from tefoundations.resources import Device
from tefoundations.words import shown

BURDEN = ("members", "hours", "base", "stores", "outside", "slope", "feed_in")  # what cost and discomfort of a plan hang on
RATES = ("gain", "need")  # of a device that may be a series
MARKET = (*BURDEN, "habits", "flexible")  # and what is served at any price, and who trades


def each(values, kind, name, *, of):
    """A tuple of values of one class; `of` says in words of what."""
    return tuple(instance(one, kind, f"{name}: entry {i}") for i, one in enumerate(sequence(values, name, of=of)))


def shaped(values, name, shape, *, hours=None, columns=None):
    """A float array of a shape, a copy; an error names the entry. An index of times rises by so many hours, if given.

    The columns of a table are so named, in this order, or only count.
    """
    array = numbers(values, name, ndim=None, place="entry")
    if array.shape != shape:
        raise InvalidInput(f"{name} must be finite numbers of shape {shape}, not of shape {array.shape}")
    if hours is not None:
        index_of(values, name, hours=hours)
    if columns is not None and hasattr(values, "columns"):
        check_names(values.columns, columns, f"{name}: column")
    return array


def check_names(labels, names, told):
    """Refuse labels of pandas that are others than these names, or in another order; those that only count say nothing."""
    labels, names = list(labels), list(names)
    if labels not in (names, list(range(len(names)))):
        row = next(row for row, (label, name) in enumerate(zip(labels, names)) if label != name)
        raise InvalidInput(f"{told} {row} must be that of {names[row]!r}, not of {shown(labels[row])}")


def check_steps(given, hours, stores=()):
    """Refuse series, by name, of other steps than so many hours or than each other, rates of the devices among them."""
    found = [(index_of(values, name, hours=hours), name) for name, values in given.items()]
    for store in stores:
        found += [(getattr(getattr(store, rate), "of_steps", None), f"device {store.name!r}: {rate}") for rate in RATES]
    found = [(index, name) for index, name in found if index is not None]
    for (index, name), (other, beside) in combinations(found, 2):
        if len(index) == len(other):  # a length that is wrong is told where the device is asked for its steps
            check_same(other, beside, index, name)


def check_same_lane(lane, other, told, fields=BURDEN):
    """Refuse what came of another lane, or of another day of it; `told` says in words what that is."""
    for name in () if lane is other else fields:
        mine, others = getattr(lane, name), getattr(other, name)
        if not isinstance(mine, np.ndarray):
            if mine != others:
                raise InvalidInput(f"{told} of another lane or day: not the same {name}")
        elif mine.shape != others.shape:
            raise InvalidInput(f"{told} of another lane or day: {name} of shape {others.shape}, not {mine.shape}")
        elif not np.array_equal(mine, others):
            step = int(np.argwhere(mine != others)[0][0])
            raise InvalidInput(f"{told} of another lane or day: not the same {name} in step {step}")


def check_lane(lane):
    """Refuse a lane without meaning; what was given becomes tuples, arrays and floats."""
    members, stores = _members(lane), each(lane.stores, Device, "stores", of="devices")
    hours = positive(lane.hours, "hours")
    outside = series(lane.outside, "outside", hours=hours)
    check_steps({name: getattr(lane, name) for name in ("outside", "base", "habits", "tariff")}, hours, stores)
    count, devices = len(outside), [store.name for store in stores]
    read = {
        "members": members, "stores": stores, "outside": outside,
        "flexible": each(lane.flexible, str, "flexible", of="members"),
        "base": shaped(lane.base, "base", (count, len(members)), columns=members),
        "habits": shaped(lane.habits, "habits", (count, len(stores)), columns=devices),
        "tariff": shaped(lane.tariff, "tariff", (count,)),
        "weights": _weights(lane.weights, members), "times": _times(lane.times, count),
        "slope": positive(lane.slope, "slope", unit="(ct/kWh per kWh)"), "feed_in": _feed_in(lane.feed_in, outside),
        "flat": number(lane.flat, "flat", unit="(ct/kWh)"), "hours": hours,
        "capacity": number(lane.capacity, "capacity", above=0, infinite=True, unit="(kW)"),
    }  # fmt: skip
    for name, value in read.items():
        object.__setattr__(lane, name, value)
    _check_stores(lane, count)


def _members(lane):
    members = each(lane.members, str, "members", of="names")
    seen = set()
    for name in members:
        if name in seen:
            raise InvalidInput(f"members: {name!r} stands there twice")
        seen.add(name)
    return members


def _times(times, count):
    times = each(times, str, "times", of="texts") or tuple(str(t) for t in range(count))
    if len(times) != count:
        raise InvalidInput(f"times must be {count} texts, one for each step, not {len(times)}")
    return times


def _weights(weights, members):
    if weights is None:
        return np.ones(len(members))
    read = shaped(weights, "weights", (len(members),))
    if hasattr(weights, "iloc"):
        check_names(weights.index, members, "weights: entry")
    if read.min() < 0 or read.sum() <= 0:
        raise InvalidInput("weights must be at least 0, and one above")
    return read


def _feed_in(feed_in, outside):
    feed_in = not_negative(feed_in, "feed_in", unit="(ct/kWh)")
    if feed_in > outside.min():
        at = int(outside.argmin())
        raise InvalidInput(f"feed_in {feed_in:g} must not be above a price outside: that of step {at} is {outside[at]:g}")
    return feed_in


def _check_stores(lane, count):
    members, owners = set(lane.members), set(lane.owners)
    for store in lane.stores:
        end = store.end / lane.hours
        if store.owner not in members or (np.isfinite(end) and end > count * (1 + 1e-9)):
            words = f"owner {store.owner!r} or end {store.end:g} h is not of this lane"
            raise InvalidInput(f"device {store.name!r}: {words}")
        store.over(count, lane.hours)  # refuses what it cannot do in these steps
    for name in lane.flexible:
        if name not in owners:
            raise InvalidInput(f"flexible: {name!r} has no device that can wait")
