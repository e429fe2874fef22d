"""The four ways side by side, with habits as the measure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, one_of, sequence
from tefoundations.systems.centre import central_dispatch
from tefoundations.systems.events import demand_response
from tefoundations.systems.lane_checks import check_same_lane
from tefoundations.systems.market import transactive_market
from tefoundations.systems.outcomes import Way
from tefoundations.systems.tariffs import as_usual, time_of_use

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from tefoundations.systems.lanes import Lane

RULES = (as_usual, central_dispatch, time_of_use, demand_response, transactive_market)


def all_ways(lane: Lane) -> dict[str, Way]:
    """Run a lane in the usual way and in four others.

    Parameters
    ----------
    lane : Lane

    Returns
    -------
    dict of str to Way
        By name, as usual first.

    Raises
    ------
    InvalidInput
        What is no lane.

    Examples
    --------
    >>> from tefoundations.systems import lane_day
    >>> list(all_ways(lane_day("summer")))
    ['As usual', 'Central dispatch', 'Time-of-use tariff', 'Demand response', 'Transactive market']
    """
    ways = [rule(lane) for rule in RULES]
    return {way.name: way for way in ways}


def comparison(ways: Mapping[str, Way], members: Sequence[str] = ()) -> pd.DataFrame:
    """What several ways lead to, as one table.

    Parameters
    ----------
    ways : dict of str to Way
        The first is the measure of welfare.
    members : sequence of str
        Whose bills are shown.

    Returns
    -------
    pandas.DataFrame
        A column a way; rows welfare gained, cost, waiting and wear (EUR), peak (kW), a bill for each of `members` (EUR), and
        what the payments leave over before it is shared (EUR).

    Raises
    ------
    InvalidInput
        No way, what is no way, one of another lane or day than the first, or a member who does not live there.

    Examples
    --------
    >>> from tefoundations.systems import as_usual, lane_day
    >>> lane = lane_day("winter").with_flexible(0)
    >>> comparison({"As usual": as_usual(lane)}, ["home2"]).round(2)["As usual"].to_dict()["welfare gained (EUR)"]
    0.0
    """
    import pandas as pd

    first, members = _first(ways), sequence(members, "members", of="names")
    for told, way in ways.items():
        check_same_lane(first.lane, way.lane, f"ways: {told!r} is")
        for member in members:
            one_of(member, way.lane.members, "members:")
    columns = {}
    for name, way in ways.items():
        bills = dict(zip(way.lane.members, way.bills))
        columns[name] = {
            "welfare gained (EUR)": way.gain_over(first) / 100, "cost (EUR)": way.cost / 100,
            "waiting and wear (EUR)": way.discomfort.sum() / 100, "peak (kW)": way.peak,
            **{f"bill of {member} (EUR)": bills[member] / 100 for member in members},
            "left over, shared (EUR)": way.surplus / 100,
        }  # fmt: skip
    return pd.DataFrame(columns)


def correspondence(ways: Mapping[str, Way]) -> pd.DataFrame:
    """The notes of several ways, and what the centre must know, as one table.

    Parameters
    ----------
    ways : dict of str to Way

    Returns
    -------
    pandas.DataFrame
        A row a way; columns notes up, notes down, numbers up, numbers down, the centre must know.

    Raises
    ------
    InvalidInput
        No way, or what is no way.

    Examples
    --------
    >>> from tefoundations.systems import as_usual, lane_day
    >>> correspondence({"As usual": as_usual(lane_day())}).loc["As usual", "notes up"].item()
    0
    """
    import pandas as pd

    _first(ways)
    rows = {name: (*vars(way.traffic).values(),) for name, way in ways.items()}
    columns = ["notes up", "notes down", "numbers up", "numbers down", "the centre must know"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _first(ways):
    if not instance(ways, Mapping, "ways", advice="name -> Way"):
        raise InvalidInput("ways is empty: give at least one")
    for name, way in ways.items():
        instance(way, Way, f"ways: {name!r}")
    return next(iter(ways.values()))
