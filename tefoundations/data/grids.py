"""Load a network of the grid chapters: its tables as frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.data.files import data_path, read_table
from tefoundations.inputs import one_of

if TYPE_CHECKING:
    import pandas as pd


def grid(name: str) -> dict[str, pd.DataFrame]:
    """The tables of one network, as `tefoundations.grid.Network.from_frames` takes them.

    Parameters
    ----------
    name : str
        A folder of `data/grids`: "three_bus", "three_bus_radial", "pjm_five_bus", "feeder33" or "feeder5".

    Returns
    -------
    dict
        "buses", "lines", "generators" and, where demand is elastic, "bids" -> pandas.DataFrame, the caller's own copy; power
        in MW, prices in $/MWh, impedances in p.u. on 100 MVA.

    Raises
    ------
    InvalidInput
        No network bears this name.
    TEError
        If a data file is missing or is not the one that was built.

    Examples
    --------
    >>> grid("three_bus")["lines"]
       from_bus  to_bus    x  limit
    0         1       2  0.5    inf
    1         1       3  0.3    inf
    2         2       3  0.2    inf
    """
    known = sorted(folder.name for folder in data_path("grids").iterdir() if folder.is_dir())
    one_of(name, known, "grid")
    folder = data_path(f"grids/{name}")
    tables = [table for table in ("buses", "lines", "generators", "bids") if (folder / f"{table}.csv").exists()]
    return {table: read_table(f"grids/{name}/{table}") for table in tables}
