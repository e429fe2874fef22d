"""``day``: a day of the book's community or of a network of one's own, as a file says."""

from __future__ import annotations

import tomllib
from datetime import date
from difflib import get_close_matches

from tefoundations.command.files import is_there, named, network, pandapower_net, table
from tefoundations.command.report import Report, finished
from tefoundations.errors import InvalidInput, TEError
from tefoundations.systems import DayPlan, Fault, day_from_network, transactive_day, usual_day
from tefoundations.words import shown

TEXT, WHOLE = ((str,), "a text"), ((int,), "a whole number")
KEYS = {  # what each may hold, and in words
    "community": TEXT, "network": TEXT, "profiles": TEXT, "day": ((str, date), "a text or a date"), "learn": WHOLE,
    "ledger": TEXT, "faults": ((list,), "a list of tables, each under [[faults]]"), "seed": WHOLE,
    "cars": ((int, float), "a number"),
}  # fmt: skip
OFFSET = r"(?:Z|[+-]\d\d(?::?\d\d)?)$"  # of a time, behind its clock
OF_A_NETWORK = ("profiles", "seed", "cars")
LANE = "lane"  # the community of the book
CONFIG = """\
CONFIG.toml says what is run; paths in it are seen from its own folder.

  community = "lane"         the book's, or instead of it
  network = "net.json"       a network of your own, as for clear --network
  profiles = "power.csv"     kW: a column "time", and "load 3" and "sgen 2" for what stands there
  day = "winter"             of the community; of profiles a date, 2026-06-01
  learn = 8                  like days lived through before
  ledger = "none"            or "full", "roots": who keeps the readings
  seed = 0                   draws the cars of a network
  cars = 0.5                 share of its loads that have one
  [[faults]]                 what goes wrong: kind, steps, who, amount
"""


def run(asked):
    """Run the day, tell, and write where that is asked."""
    config = _read(asked.config)
    with named(asked.config):
        plan = _plan(config, asked.config.parent)
        faults = [_fault(place, given) for place, given in enumerate(config.get("faults", []))]
        day = transactive_day(plan, config.get("learn", 8), faults, config.get("ledger", "none"))
    report = Report(f"{asked.config.stem}: {plan.name}", day.explain())
    steps = day.to_frame().reset_index()
    report.table("steps", "Step by step (kWh, ct/kWh, p.u.)", steps)
    report.table("members", "Members", _members(day))
    report.table("prices", "Price at each bus (ct/kWh)", _prices(day))
    if day.record is not None:
        report.table("readings", "What the meters told (Wh) and at which prices (micro-tokens per kWh)", day.table())
    if asked.out is not None:
        _draw(report, day)
    finished(report, asked.out)


def _read(path):
    try:
        config = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError) as error:  # TOML that is none is a ValueError, as is text that is none
        raise TEError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    for key, value in config.items():
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            advice = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(KEYS)}"
            raise TEError(f"{path}: key {key!r} is not known; {advice}")
        kinds, words = KEYS[key]
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise TEError(f"{path}: {key} {shown(value)} must be {words}")
    return config


def _plan(config, folder):
    if ("community" in config) == ("network" in config):
        raise InvalidInput('give either community = "lane" or network = "..."')
    if "community" in config:
        if config["community"] != LANE:
            raise InvalidInput(f"community {shown(config['community'])} is not known; there is {LANE!r}")
        for key in OF_A_NETWORK:
            if key in config:
                raise InvalidInput(f"{key} belongs to a network of your own; the community has none")
        return DayPlan.of(config.get("day", "winter"))
    if "profiles" not in config:
        raise InvalidInput("network needs profiles, a table of power")
    power = folder / config["profiles"]
    net = _net(config["network"], folder)
    frame, lines = _profiles(power)
    with named(power, lines):
        return day_from_network(net, frame, rng=config.get("seed", 0), day=config.get("day"), cars=config.get("cars", 0.5))


def _net(case, folder):
    """The pandapower net itself, whose tables say where loads stand; any other network as it is read."""
    path = folder / case
    if path.suffix == ".json":
        with named(path):
            return pandapower_net(path)
    return network(path if is_there(path) or path.suffix else case)


def _profiles(path):
    import pandas as pd

    frame, lines = table(path)
    if "time" not in frame:
        raise InvalidInput(f"{path}: no column 'time'")
    clock = frame["time"].astype(str).str.strip()
    offset = clock.str.contains(r"\d:\d.*" + OFFSET)
    for row in offset.index[offset != offset.iloc[0]][:1] if len(offset) else ():
        raise InvalidInput(f"{path}, line {lines[row]}: row {row}: some times have an offset as +01:00, and some have none")
    clock = clock.str.replace(OFFSET, "", regex=True).where(offset, clock)  # a day is that of the clock on the wall
    times = pd.to_datetime(clock, errors="coerce", format="ISO8601")
    for row in times.index[times.isna()][:1]:
        told = f"time {shown(frame['time'][row])} is no time as 2026-06-01 12:15"
        raise InvalidInput(f"{path}, line {lines[row]}: row {row}: {told}")
    return frame.drop(columns="time").set_index(pd.DatetimeIndex(times)), lines


def _fault(place, given):
    try:
        return Fault(**given)
    except TypeError as error:
        keys = "kind and steps, and may have who and amount"
        raise InvalidInput(f"faults: entry {place} must have {keys}") from error
    except TEError as error:
        raise InvalidInput(f"faults: entry {place}: {error}") from error


def _members(day):
    import pandas as pd

    lane = day.plan.lane
    paid = (day.net * day.price[:, day.plan.feeder.at]).sum(axis=0)
    usual = lane.net_of(lane.habits).sum(axis=0)
    columns = {"member": lane.members, "bus": list(day.plan.where), "net (kWh)": day.net.sum(axis=0)}
    columns |= {"by habit (kWh)": usual, "pays at its bus (ct)": paid, "turned down (kWh)": day.turned_down.sum(axis=0)}
    return pd.DataFrame(columns)


def _prices(day):
    import pandas as pd

    frame = pd.DataFrame(day.price, columns=[f"bus {bus}" for bus in day.plan.net.buses.bus])
    frame.insert(0, "time", day.plan.lane.times)
    return frame


def _draw(report, day):
    from tefoundations.explore import day_profile, network_map

    plan = day.plan
    power = {"As usual": usual_day(plan).total / plan.lane.hours, "Transactive market": day.total / plan.lane.hours}
    report.figure("Power from outside, by habit and by the market.", day_profile(plan.lane.times, power))
    worst = int(day.loading.max(axis=1).argmax())
    flows = plan.feeder.flows(day.power[worst]) / 1000
    caption = f"Prices and flows at {plan.lane.times[worst]}, when a line is fullest."
    drawn = network_map(plan.net, value=day.price[worst], value_title="Price (ct/kWh)", flow=flows)
    report.figure(caption, drawn)
