"""Ways to run the lane, all on the same days: the community with eight cars and three batteries."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance
from tefoundations.programmes import NEAR, is_zero
from tefoundations.systems.future_lane import NOON, lane_day
from tefoundations.systems.lane_checks import check_same_lane
from tefoundations.systems.mechanisms.footprint import Footprint
from tefoundations.systems.mechanisms.rules import NAN, spread_of
from tefoundations.systems.mechanisms.tables import MechanismBlock
from tefoundations.systems.outcomes import Way
from tefoundations.systems.tariffs import as_usual
from tefoundations.words import count

HOME = "paradigm/one_way_grid"
CHAPTERS: dict = {}  # of a way that another chapter brings: its function, and "part/chapter"
COLUMNS = [
    "mechanism", "chapter", "gain", "gini", "losers", "least", "budget", "peak", "lines_over", "carbon_in", "carbon_net",
    "notes", "numbers", "knows", "epsilon",
]  # fmt: skip
REMARKS = (
    "All ways serve the same energy and leave the batteries as full as they found them; welfare and carbon are set against "
    "habits.",
    "Carbon of imports is that of what the lane takes from outside; what it gives counts nothing. With exports credited, "
    "what it gives is taken off at the figure of its hour, as if somebody outside needed as much less.",
    "A member's gain counts its bill, its waiting and the wear of its battery, over all these days. Where somebody is worse "
    "off, a Gini coefficient has no meaning, and none is given.",
    "The operator's part is shared out at the end of each day; bills are counted after that. Who gains by lying is not "
    "measured: a lie in one half hour moves all that follow.",
    "Readings for the bill are the same in every way, and are counted in none. Epsilon is infinite, as no note is noised; "
    "where no note is sent, there is none.",
)


def way_block(ways, days):
    """The ways on some days, each beside habits on the same day.

    Of carbon there are two figures (kg, against habits): of imports alone, as `DayRun.carbon` counts, and with exports
    credited.
    """
    import pandas as pd

    lanes = {day: lane_day(day) for day in days}
    usual = {day: as_usual(lane) for day, lane in lanes.items()}
    rows = []
    for place, way in enumerate(ways):
        row = _row(way, lanes, usual, f"ways: entry {place}")
        if row["mechanism"] in [other["mechanism"] for other in rows]:
            raise InvalidInput(f"ways: {row['mechanism']!r} stands twice")
        rows.append(row)
    basis = f"{count(len(days), 'day')} of the lane from noon to noon, with eight cars and three batteries."
    return MechanismBlock("Ways to run the day", basis, pd.DataFrame(rows, columns=COLUMNS), REMARKS)


def _row(run, lanes, usual, told):
    total = dict.fromkeys(("gain", "budget", "lines_over", "carbon_in", "carbon_net", "notes", "numbers"), 0.0)
    gains, peak, made = 0.0, 0.0, 0.0
    for day, lane in lanes.items():
        way, street = _way(run, lane, f"{told}, {day}"), Footprint(day)
        total["gain"] += way.gain_over(usual[day]) / 100
        total["budget"] += way.surplus / 100
        total["lines_over"] += street.lines_over(lane.net_of(way.plan), NOON)
        hourly, before = np.roll(street.carbon, -NOON), usual[day].net
        total["carbon_in"] += hourly @ (np.maximum(way.net, 0) - np.maximum(before, 0))
        total["carbon_net"] += hourly @ (way.net - before)
        total["notes"] += way.traffic.up + way.traffic.down
        total["numbers"] += way.traffic.numbers_up + way.traffic.numbers_down
        gains, peak = gains + _felt(usual[day]) - _felt(way), max(peak, way.peak)
        made += np.abs(_felt(way)).sum()
    losers = float(((gains < 0) & ~is_zero(gains, of=made, share=NEAR)).sum())
    return total | {
        "mechanism": way.name, "chapter": CHAPTERS.get(run, HOME), "gini": NAN if losers else spread_of(gains, made),
        "losers": losers, "least": gains.min() / 100, "peak": peak, "knows": way.traffic.knows,
        "epsilon": np.inf if total["notes"] else NAN,
    }  # fmt: skip


def _way(run, lane, told):
    """What a way makes of a lane; one that somebody else wrote may fail, or give something else."""
    try:
        way = run(lane)
    except Exception as error:
        raise InvalidInput(f"{told}: {type(error).__name__}: {error}") from error
    instance(way, Way, f"{told}: what it gives")
    check_same_lane(way.lane, lane, f"{told}: what it gives is")
    return way


def _felt(way):
    """(members,) float array, ct: what a day costs each, waiting and wear counted."""
    return way.bills + way.discomfort
