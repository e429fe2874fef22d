"""Small lanes for the tests: the toy of the chapter, and random ones."""

from dataclasses import replace

import numpy as np

from tefoundations.resources import Device
from tefoundations.systems import Lane, lane_day


def toy(**more):
    """Three cars, three hours."""
    cars = [Device(f"car of {who}", who, energy=1, power=1, end=3, final_energy=1) for who in ("Ada", "Ben", "Cem")]
    return Lane.of(base=[2, 1, 0], stores=cars, outside=[20, 20, 20], slope=2, **more)


def random_lane(seed, steps=12):
    """Cars and batteries with random needs, a random base that may be below zero, random prices."""
    rng = np.random.default_rng(seed)
    stores = []
    for i in range(int(rng.integers(1, 6))):
        if rng.random() < 0.6:
            start = int(rng.integers(0, steps - 3))
            end = int(rng.integers(start + 2, steps + 1))
            charge = float(rng.integers(1, 5))
            wanted = float(rng.uniform(0.2, 0.9)) * charge * (end - start)
            waiting = float(rng.uniform(0, 1))
            stores.append(
                Device(f"car {i}", f"m{i}", wanted, charge, start=start, end=end, final_energy=wanted, waiting=waiting)
            )
        else:
            energy, power = float(rng.integers(3, 9)), float(rng.integers(1, 4))
            stored = float(rng.uniform(0, energy))
            efficiency = rng.uniform(0.85, 1.0, size=2).tolist()
            wear = float(rng.uniform(0, 6))
            stores.append(Device(f"battery {i}", f"m{i}", energy, power, power, 0, steps, stored, stored, *efficiency, wear))
    base = rng.uniform(-6, 15, size=steps)
    outside, slope = rng.uniform(15, 40, size=steps).round(1), float(rng.uniform(0.2, 1.5))
    return Lane.of(base, stores, outside, slope, feed_in=8.0)


def stored_after(store, plan):
    """(T,) array: stored energy (kWh) when each step of a plan ends."""
    plan = np.asarray(plan, float)
    return store.initial_energy + np.cumsum(
        store.charge_efficiency * plan.clip(0) - (-plan).clip(0) / store.discharge_efficiency
    )


def long_lane(copies, name=str, day="winter"):
    """The community so many times over, on wires that are so many times as strong; members are named by `name`."""
    lane, stores, members = lane_day(day), [], []
    for copy in range(copies):
        called = {member: name(f"{member} of {copy}") for member in lane.members}
        members += called.values()
        stores += [replace(store, name=f"{store.name} of {copy}", owner=called[store.owner]) for store in lane.stores]
    return Lane(
        tuple(members), np.tile(lane.base, copies), tuple(stores), np.tile(lane.habits, copies), lane.outside,
        lane.slope / copies, lane.feed_in, lane.flat, lane.tariff, tuple(dict.fromkeys(store.owner for store in stores)),
        np.tile(lane.weights, copies), lane.times, lane.hours, lane.capacity * copies,
    )  # fmt: skip
