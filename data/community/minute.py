"""One simulated day of one home, minute by minute, appliance by appliance. Nothing here was measured.

The home is home8 on the winter day: two adults, three children, cooking and washing with electricity,
heating with gas. Each use of an appliance is a block of minutes; the day is the sum of the blocks.
"""

import numpy as np
import pandas as pd

SEED = 20240117
MINUTES = 1440
HOME, DAY = "home8", "winter"
APPLIANCES = [
    "standby",
    "fridge",
    "freezer",
    "lights",
    "kettle",
    "toaster",
    "hairdryer",
    "hob",
    "oven",
    "washing_machine",
    "dryer",
    "dishwasher",
    "television",
    "computer",
]


def clock(text):
    """Minute of the day of "07:30"."""
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def flat(rng, watt, minutes, wobble=0.02):
    """An appliance that just runs: `watt` with a small seeded wobble, W, one value a minute."""
    return watt * (1 + wobble * rng.standard_normal(minutes))


def thermostat(rng, watt, warm_up, minutes, on, off):
    """A plate or an oven: full power to warm up, then pulses that hold the temperature."""
    power = np.zeros(minutes)
    power[:warm_up] = watt
    now = warm_up
    while now < minutes:
        now += off + rng.integers(0, 2)
        power[now : now + on] = watt
        now += on
    return power * (1 + 0.01 * rng.standard_normal(minutes))


def compressor(rng, appliance, watt, on, off):
    """A fridge's day: on and off all day long, a surge in the first minute; one use for each time it is on."""
    uses, now = [], int(rng.integers(0, off))
    while now < MINUTES:
        minutes = min(int(on + rng.integers(-2, 3)), MINUTES - now)
        power = flat(rng, watt, minutes, 0.03)
        power[0] *= 1.6
        uses.append((appliance, now, power))
        now += minutes + int(off + rng.integers(-4, 5))
    return uses


def lamps(rng, start, end):
    """Lamps of a big family: a level that changes as people walk from room to room."""
    power, now = np.zeros(end - start), 0
    while now < len(power):
        stay = int(rng.integers(8, 35))
        power[now : now + stay] = 30 * rng.integers(3, 9)
        now += stay
    return power


def uses_of_the_day(seed=SEED):
    """All uses of the day: a list of (appliance, first minute, W of each minute)."""
    rng = np.random.default_rng(seed)
    uses = [("standby", 0, flat(rng, 115, MINUTES, 0.03))]
    uses += compressor(rng, "fridge", 95, 16, 30)
    uses += compressor(rng, "freezer", 85, 14, 24)
    for start, end in [("06:05", "07:55"), ("16:20", "22:50")]:
        uses.append(("lights", clock(start), lamps(rng, clock(start), clock(end))))

    def use(appliance, start, power):
        """Nobody lives by the clock: each use starts up to four minutes early or late."""
        uses.append((appliance, clock(start) + int(rng.integers(-4, 5)), power))

    for start in ["06:30", "07:12", "10:40", "16:05", "20:10"]:
        use("kettle", start, flat(rng, 2100, int(rng.integers(3, 5)), 0.01))
    use("hairdryer", "06:20", flat(rng, 1600, 6))
    use("toaster", "06:48", flat(rng, 900, 4))
    use("toaster", "07:00", flat(rng, 900, 4))
    use("computer", "08:30", flat(rng, 130, 205, 0.08))
    use("computer", "15:30", flat(rng, 140, 130, 0.08))
    use("hob", "12:05", thermostat(rng, 1500, 5, 22, 2, 2))
    use("hob", "17:45", thermostat(rng, 1800, 7, 40, 2, 2))
    use("oven", "17:20", thermostat(rng, 2300, 11, 65, 2, 3))
    use(
        "washing_machine",
        "09:10",
        np.concatenate([flat(rng, 120, 6), flat(rng, 2050, 17, 0.01), flat(rng, 190, 55, 0.25), flat(rng, 480, 9, 0.1)]),
    )  # fill, heat, turn, spin
    use("dryer", "11:00", flat(rng, 690, 85, 0.04))
    use(
        "dishwasher",
        "19:20",
        np.concatenate(
            [
                flat(rng, 60, 8),
                flat(rng, 2000, 15, 0.01),
                flat(rng, 90, 34, 0.1),
                flat(rng, 2000, 12, 0.01),
                flat(rng, 50, 20, 0.1),
            ]
        ),
    )
    use("television", "19:05", flat(rng, 110, 185, 0.06))
    return [(appliance, start, np.maximum(np.rint(power), 0).astype(int)) for appliance, start, power in uses]


def simulate(seed=SEED):
    """The day and its uses.

    Returns
    -------
    day : DataFrame, 1440 rows
        minute, time, total_w and one column `<appliance>_w` each: mean power of the minute, W, whole numbers.
    events : DataFrame
        appliance, start_minute, end_minute (the first minute after the use), energy_wh.
    """
    uses = uses_of_the_day(seed)
    watts = pd.DataFrame(0, index=range(MINUTES), columns=APPLIANCES)
    for appliance, start, power in uses:
        watts.loc[start : start + len(power) - 1, appliance] += power
    day = watts.add_suffix("_w")
    day.insert(0, "minute", range(MINUTES))
    day.insert(1, "time", [f"{m // 60:02d}:{m % 60:02d}" for m in range(MINUTES)])
    day.insert(2, "total_w", watts.sum(axis=1))
    rows = [(appliance, start, start + len(power), round(power.sum() / 60, 1)) for appliance, start, power in uses]
    events = pd.DataFrame(rows, columns=["appliance", "start_minute", "end_minute", "energy_wh"])
    return day, events.sort_values(["start_minute", "appliance"], ignore_index=True)


def half_hours(day):
    """The same day as its meter would send it: 48 readings, kWh per half hour."""
    return day["total_w"].to_numpy().reshape(48, 30).sum(axis=1) / 60 / 1000
