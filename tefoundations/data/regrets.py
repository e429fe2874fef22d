"""What lies and false names were measured to gain: the part of the mechanism table that takes an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.data.files import read_table

if TYPE_CHECKING:
    import pandas as pd


def audits() -> pd.DataFrame:
    """The best gain by a lie, and by false names, under each rule of the book in each half hour of the community.

    Returns
    -------
    pandas.DataFrame
        Columns rule, day, step (0 to 47), regret_ct and false_names_ct (ct, as `market.audit` finds them, on four decimals).
        A rule that refuses these books has no row. Written by data/mechanisms/build.py.

    Raises
    ------
    TEError
        There is no such file, or it is not the one that was written.

    Examples
    --------
    >>> measured = audits()
    >>> measured.loc[measured["rule"] == "VCG", "regret_ct"].max()
    np.float64(0.0)
    """
    return read_table("mechanisms/audits")
