"""Measured speeds that chapters draw: when a machine was timed, and which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.data.files import read_table

if TYPE_CHECKING:
    import pandas as pd


def measurements(name: str = "clearing") -> pd.DataFrame:
    """Committed measurements of a benchmark.

    Parameters
    ----------
    name : str
        Which benchmark: "clearing" (books), "blocks" (of hours), "dispatch" (DC-OPF), "ac_dispatch" (AC-OPF), "security" (a
        dispatch that survives any one loss), "stochastic" (one before the weather is known), "responses" (who serves one
        more megawatt), "envelopes" (limits of export), "storage" (a battery's plan), "games" (equilibria of two players),
        "offers" (a plant's best), "matching" (a continuous exchange, a market of peers).

    Returns
    -------
    pandas.DataFrame
        One row a task, size and route: task, orders, buses, steps or actions (how many), route, seconds (median of a few
        runs), ratio (to the first route of the same task and size, of the same run, which is ours), machine. "blocks" has
        welfare, too (a part of the first route's).

    Raises
    ------
    TEError
        There is no such file, or it is not the one that was written.

    Examples
    --------
    >>> measured = measurements("clearing")
    >>> sorted(measured["task"].unique())
    ['uniform price', 'vcg']
    >>> measured = measurements("ac_dispatch")
    >>> measured.loc[measured["buses"] == 9, "route"].tolist()[:2]
    ['interior point', 'casadi and IPOPT']
    """
    return read_table(f"measurements/{name}")
