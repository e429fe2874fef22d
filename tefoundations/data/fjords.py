"""The fjord of the quiz on grids: a ring of lines and a short feeder that no chapter uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.data.files import read_table
from tefoundations.inputs import one_of

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("buses", "lines", "generators", "wind", "feeder", "places")


def fjord(table: str) -> pd.DataFrame:
    """A table of the fjord, which the quiz of the part on grids asks about.

    Parameters
    ----------
    table : {"buses", "lines", "generators", "wind", "feeder", "places"}
        "buses", "lines" and "generators" are a ring of four places, as `tefoundations.grid.Network.from_frames` takes
        them; "wind" may blow tomorrow; "feeder" is the cable from the harbour to three "places" on an island.

    Returns
    -------
    pandas.DataFrame
        "buses": bus, load (MW). "lines": from_bus, to_bus, x (p.u. on 100 MVA), limit (MW). "generators": name, bus, p_max
        (MW), cost ($/MWh), co2 (t/MWh). "wind": mw (MW), chance. "feeder": from_bus, to_bus, r, x (p.u. on 1 MVA), limit
        (MVA). "places": bus, load (MW), roof (MW that it could send).

    Raises
    ------
    InvalidInput
        No such table.

    Examples
    --------
    >>> fjord("generators")["cost"].tolist()
    [10, 55, 90]
    """
    one_of(table, TABLES, "table")
    return read_table(f"fjord/{table}")
