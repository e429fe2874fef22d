"""The valley of the quiz on strategy: people and numbers that no chapter uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.data.files import read_table
from tefoundations.inputs import one_of

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("pumps", "offers", "prices", "brook", "cable")


def valley(table: str) -> pd.DataFrame:
    """A table of the valley, which the quiz of the part on strategy asks about.

    Parameters
    ----------
    table : {"pumps", "offers", "prices", "brook", "cable"}
        "pumps" is a game of two pumps, "offers" are those of a lake's rivals in one hour, "prices" may come tomorrow,
        "brook" says how much energy may, "cable" how far up the huts are.

    Returns
    -------
    pandas.DataFrame
        "pumps": when the upper and the lower pump run, upper_pays and lower_pays (ct). "offers": agent, price (ct/kWh),
        quantity (kWh). "prices": price (ct/kWh), chance. "brook": kwh (kWh), chance. "cable": hut, metres (from the foot
        of the valley).

    Raises
    ------
    InvalidInput
        No such table.

    Examples
    --------
    >>> valley("cable")["metres"].tolist()
    [400, 1300, 2700, 3900]
    """
    one_of(table, TABLES, "table")
    return read_table(f"valley/{table}")
