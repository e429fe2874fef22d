"""The harbour of the quiz on markets: people and numbers that no chapter uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.data.files import read_table
from tefoundations.inputs import one_of

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("pier", "berths", "cold_stores", "spare")


def harbour(table: str) -> pd.DataFrame:
    """A table of the harbour's market, which the quiz of the part on markets asks about.

    Parameters
    ----------
    table : {"pier", "berths", "cold_stores", "spare"}
        "pier" and "berths" are two books of one hour, "cold_stores" wants energy that can wait, "spare" says how much
        there is of it in each hour.

    Returns
    -------
    pandas.DataFrame
        Books: agent, side (buy or sell), price (ct/kWh), quantity (kWh). "cold_stores": agent, price (ct/kWh), energy (kWh),
        first and last (hour). "spare": hour, kwh (kWh).

    Raises
    ------
    InvalidInput
        No such table.

    Examples
    --------
    >>> harbour("spare")["hour"].tolist()
    [0, 1, 2, 3]
    """
    one_of(table, TABLES, "table")
    return read_table(f"harbour/{table}")
