"""Load the community: every table of data/community, read once and checked."""

from functools import lru_cache

from tefoundations.data.files import read_table
from tefoundations.data.village import Community

_TABLES = [
    "members",
    "values",
    "days",
    "load",
    "devices",
    "solar",
    "chp",
    "batteries",
    "cars",
    "weather",
    "carbon",
    "buses",
    "lines",
    "minute_day",
    "minute_events",
]


@lru_cache(maxsize=1)
def community() -> Community:
    """The community of the book: thirteen members on one feeder, three days of 48 half hours.

    Returns
    -------
    Community
        Loaded once; every frame it hands out is the caller's own copy.

    Raises
    ------
    TEError
        If a data file is missing or is not the one that was built.

    Examples
    --------
    >>> village = community()
    >>> village.days, len(village.steps), len(village.agents)
    (('summer', 'winter', 'holiday'), 48, 13)
    >>> village.offers("winter", 0).query("side == 'sell'").empty        # nobody sells on a winter's midnight
    True
    """
    tables = {name: read_table(f"community/{name}") for name in _TABLES}
    return Community(tuple(tables["days"]["day"]), tuple(tables["members"]["agent"]), _tables=tables)
