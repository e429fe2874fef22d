"""Build data/community: the small community of the book on three days. Same seed, same bytes.

    pip install tefoundations[data]
    python data/community/build.py

Who and what: people.py. Shapes of load and sun: shapes.py. The one-minute day: minute.py.
Energies are rounded to 0.001 kWh before anything is computed from them, so that every balance can be checked on the files.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True  # data/ travels in the wheel: no __pycache__ in it
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import checksums
import minute
import numpy as np
import pandas as pd
import people
import shapes
from shapes import DAYS, STEPS

SEED = 2024
EVENING = range(34, 42)  # 17:00 to 21:00: when the batteries' spare energy is offered
HERE = Path(__file__).resolve().parent


def time_of(step):
    """Clock time at which a step begins."""
    return f"{step // 2:02d}:{step % 2 * 30:02d}"


def step_at(text):
    """Step that begins at "17:30"."""
    return minute.clock(text) // 30


def members():
    """One row a member: who, where, what they own, what they pay and get."""
    rows = []
    for agent, name, kind, bus, _, annual, power_factor in people.MEMBERS:
        kwp = people.ROOFS.get(agent, (0.0,))[0]
        kwh, kw, charging, discharging = people.BATTERIES.get(agent, (0.0, 0.0, 1.0, 1.0))
        car_kwh, car_kw = people.CARS.get(agent, (0.0, 0.0))[:2]
        chp_kw = people.CHP.get(agent, (0.0,))[0]
        rows.append(
            (
                agent,
                name,
                kind,
                bus,
                annual,
                power_factor,
                kwp,
                kwh,
                kw,
                charging,
                discharging,
                chp_kw,
                int(agent in people.HEAT_PUMPS),
                car_kwh,
                car_kw,
                *people.PRICES[agent],
            )
        )
    return pd.DataFrame(
        rows,
        columns=[
            "agent",
            "name",
            "kind",
            "bus",
            "annual_kwh",
            "power_factor",
            "solar_kwp",
            "battery_kwh",
            "battery_kw",
            "charge_efficiency",
            "discharge_efficiency",
            "chp_kw",
            "heat_pump",
            "ev_kwh",
            "ev_kw",
            "tariff_ct_per_kwh",
            "feed_in_ct_per_kwh",
            "solar_cost_ct_per_kwh",
            "chp_cost_ct_per_kwh",
            "battery_cost_ct_per_kwh",
        ],
    )


def values():
    """Willingness to pay: three tiers a member."""
    tiers = ["essential", "normal", "flexible"]
    rows = [(agent, tier, *part) for agent, parts in people.VALUES.items() for tier, part in zip(tiers, parts)]
    return pd.DataFrame(rows, columns=["agent", "tier", "share", "value_ct_per_kwh"])


def base_load(profile, kind, day, annual, rng):
    """A member's own half hours: the standard profile, shifted in time, spiky, with the profile's energy within 10 %.

    A standard profile is the mean of hundreds of homes; a single one is less smooth, so the noise is larger for households.
    """
    shape = annual * profile.to_numpy() * shapes.opening(kind, day)
    spiky = 0.30 if kind == "household" else 0.08
    late = int(rng.integers(-1, 2)) if kind == "household" else 0
    noisy = np.roll(shape, late) * np.exp(spiky * shapes.smooth_noise(rng, 1))
    return noisy * shape.sum() / noisy.sum() * rng.uniform(0.9, 1.1)


def car_charging(day, car):
    """A car that charges at full power from its arrival until it has what it wants (nobody steers it yet)."""
    _, kw, plans = car
    power = np.zeros(STEPS)
    if day not in plans:
        return power
    arrival, _, wanted = plans[day]
    for step in range(step_at(arrival), STEPS):
        power[step] = min(kw / 2, wanted - power.sum())
    return power.round(3)


def battery_plan(surplus, kwh, kw, charging, discharging):
    """Self-consumption: charge from any surplus, discharge into any need, never to or from the grid.

    The day is repeated until it ends with the energy it began with (a day in a row of like days).

    Parameters
    ----------
    surplus : array (48,), own generation minus own load, kWh (negative: a need).

    Returns
    -------
    array (48, 3): energy at the start of the step, energy charged, energy discharged (both at the battery's terminals), kWh.
    """
    start = 0.0
    for _ in range(30):
        energy, plan = start, []
        for s in surplus:
            charge = np.floor(1000 * max(0.0, min(s, kw / 2, (kwh - energy) / charging)) + 1e-6) / 1000
            discharge = np.floor(1000 * max(0.0, min(-s, kw / 2, energy * discharging)) + 1e-6) / 1000
            plan.append((energy, charge, discharge))
            energy = round(min(kwh, max(0.0, energy + charging * charge - discharge / discharging)), 3)
        if energy == start:
            return np.array(plan)
        start = energy
    raise RuntimeError("the battery's day does not repeat itself")


def spare_energy(plan):
    """kWh that may be sold in each evening step without ever missing in the plan, until the next morning's charging.

    The least energy the plan holds from the evening on is what it never touches: an equal share for each evening step.
    """
    steps = np.arange(EVENING.start, EVENING.start + STEPS) % STEPS  # a day from the evening on
    charges = plan[steps, 1]
    morning = next((i for i in range(len(EVENING), STEPS) if charges[i] > 0), STEPS - 1)
    untouched = plan[steps[: morning + 1], 0].min()
    spare = np.zeros(STEPS)
    spare[list(EVENING)] = np.floor(1000 * untouched / len(EVENING)) / 1000
    return spare


def feeder():
    """Buses and lines; the transformer is the line from bus 0 to bus 1, its impedance seen from the 400 V side."""
    kva, short_circuit, losses = people.TRANSFORMER
    base = 400**2 / (1000 * kva)
    r = losses / (1000 * kva) * base
    x = np.sqrt((short_circuit / 100 * base) ** 2 - r**2)
    rows = [(1, 0, 1, "transformer", "", 0, round(r, 5), round(x, 5), round(1000 * kva / (np.sqrt(3) * 400), 1), float(kva))]
    for number, (a, b, cable, metres, fuse) in enumerate(people.LINES, start=2):
        r_km, x_km, ampere = people.CABLES[cable]
        rating = float(min(fuse, ampere))
        rows.append(
            (
                number,
                a,
                b,
                "cable",
                cable,
                metres,
                round(r_km * metres / 1000, 5),
                round(x_km * metres / 1000, 5),
                rating,
                round(np.sqrt(3) * 0.4 * rating, 1),
            )
        )
    lines = pd.DataFrame(
        rows, columns=["line", "from_bus", "to_bus", "kind", "cable", "length_m", "r_ohm", "x_ohm", "rating_a", "rating_kva"]
    )
    return pd.DataFrame(people.BUSES, columns=["bus", "name", "east_m", "north_m"]), lines


def one_day(day, profiles, rng):
    """All tables of one day, as {table name: list of rows}."""
    rows = {name: [] for name in ["weather", "load", "devices", "solar", "chp", "batteries"]}
    outdoor, light = shapes.weather(day, rng)
    rows["weather"] = [(day, step, outdoor[step], light[step]) for step in range(STEPS)]

    def add(table, agent, energy, *label):
        rows[table] += [(day, step, agent, *label, energy[step]) for step in range(STEPS)]

    for agent, _, kind, _, profile, annual, _ in people.MEMBERS:
        load = base_load(profiles[profile], kind, day, annual, rng).round(3)
        if (agent, day) == (minute.HOME, minute.DAY):
            load = minute.half_hours(minute.simulate()[0]).round(3)
        if agent in people.HEAT_PUMPS:
            heat = shapes.heat_pump(outdoor, *people.HEAT_PUMPS[agent]).round(3)
            add("devices", agent, heat, "heat_pump")
            load = load + heat
        if agent in people.CARS:
            car = car_charging(day, people.CARS[agent])
            add("devices", agent, car, "ev")
            load = load + car
        load = load.round(3)
        add("load", agent, load)
        solar, chp = np.zeros(STEPS), np.zeros(STEPS)
        if agent in people.ROOFS:
            kwp, tilt, azimuth = people.ROOFS[agent]
            dirt = rng.uniform(0.93, 1.0)
            solar = (0.5 * kwp * dirt * light * shapes.clear_sky_output(day, tilt, azimuth, outdoor)).round(3)
            add("solar", agent, solar)
        if agent in people.CHP and day in people.CHP[agent][1]:
            kw, hours = people.CHP[agent]
            chp[2 * hours[day][0] : 2 * hours[day][1]] = kw / 2
            add("chp", agent, chp)
        if agent in people.BATTERIES:
            plan = battery_plan((solar + chp - load).round(3), *people.BATTERIES[agent])
            spare = spare_energy(plan)
            rows["batteries"] += [(day, step, agent, *plan[step], spare[step]) for step in range(STEPS)]
    return rows


def write(table, name, folder):
    """One CSV: no index, unix line ends, floats as short as they are."""
    table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def main(folder=HERE):
    """Build every file of the community into `folder`."""
    rng = np.random.default_rng(SEED)
    profiles = shapes.standard_profiles()
    days = [one_day(day, profiles[day], rng) for day in DAYS]
    columns = {
        "weather": ["outdoor_c", "clear_share"],
        "load": ["agent", "load_kwh"],
        "devices": ["agent", "device", "energy_kwh"],
        "solar": ["agent", "solar_kwh"],
        "chp": ["agent", "chp_kwh"],
        "batteries": ["agent", "energy_kwh", "charge_kwh", "discharge_kwh", "spare_kwh"],
    }
    for name, names in columns.items():
        write(pd.DataFrame([row for day in days for row in day[name]], columns=["day", "step", *names]), name, folder)
    cars = [
        (agent, day, step_at(come), step_at(go), wanted)
        for agent, (_, _, plans) in people.CARS.items()
        for day, (come, go, wanted) in plans.items()
    ]
    write(pd.DataFrame(cars, columns=["agent", "day", "arrival_step", "departure_step", "wanted_kwh"]), "cars", folder)
    write(pd.DataFrame(DAYS.items(), columns=["day", "date"]), "days", folder)
    write(pd.DataFrame({"hour": range(24), "carbon_g_per_kwh": people.CARBON}), "carbon", folder)
    write(members(), "members", folder)
    write(values(), "values", folder)
    for name, table in zip(["buses", "lines"], feeder()):
        write(table, name, folder)
    for name, table in zip(["minute_day", "minute_events"], minute.simulate()):
        write(table, name, folder)


if __name__ == "__main__":
    main()
    checksums.write()
