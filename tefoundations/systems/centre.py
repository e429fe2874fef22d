"""One centre that knows all and sets all."""

from __future__ import annotations

from tefoundations.inputs import instance
from tefoundations.systems.lanes import Lane
from tefoundations.systems.outcomes import Traffic, Way
from tefoundations.systems.programmes import MeterProgram
from tefoundations.systems.tariffs import as_usual

# On a device's sheet: energy, two powers, start, end, initial, final, two efficiencies, wear, waiting.
SHEET = 11


def central_dispatch(lane: Lane) -> Way:
    """The plan with the least burden that the flexible devices can follow: a convex programme over the whole lane.

    The centre chooses what each device takes and gives. `price` is what one more kWh of load would cost in each step: it
    falls out of the programme, and nobody is asked to act on it. Members pay as usual, as if their devices followed habits.

    Parameters
    ----------
    lane : Lane

    Returns
    -------
    Way

    Raises
    ------
    InvalidInput
        What is no lane.

    References
    ----------
    F. C. Schweppe, M. C. Caramanis, R. D. Tabors, R. E. Bohn, *Spot Pricing of Electricity* (1988), chapter 2.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane
    >>> cars = [Device(f"car {who}", who, energy=1, power=1, end=3, final_energy=1) for who in ("Ada", "Ben", "Cem")]
    >>> best = central_dispatch(Lane.of(base=[2, 1, 0], stores=cars, outside=[20, 20, 20], slope=2))
    >>> best.net.round(2).tolist(), best.price.round(2).tolist()
    ([2.0, 2.0, 2.0], [24.0, 24.0, 24.0])
    """
    moving = instance(lane, Lane, "lane").moving
    devices = [lane.stores[i] for i in moving]
    found = MeterProgram(devices, lane.fixed, lane.outside, lane.feed_in, lane.hours).quadratic(lane.slope)
    plan = lane.habits.copy()
    plan[:, moving] = found.energy
    count, told = len(moving), sum(len(lane.steps_of(device)) for device in devices)
    knows = "each device's needs, times, limits, wear, and its owner's patience"
    traffic = Traffic(count, count, SHEET * count, told, knows)
    return Way("Central dispatch", lane, plan, as_usual(lane).payments, traffic, found.price)
