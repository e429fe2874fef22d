"""The files of data/: where they are, one table of them, one column of a table as a frame by step and agent."""

import hashlib
import io
import os
from pathlib import Path

import pandas as pd

from tefoundations.errors import TEError
from tefoundations.inputs import instance
from tefoundations.words import shown

_HERE = Path(__file__).resolve().parents[1]  # the folder tefoundations


def data_path(name: str) -> Path:
    """Where a data file is, in an installed wheel or in a checkout.

    Parameters
    ----------
    name : str
        Path below `data/`, with forward slashes: "community/load.csv".

    Returns
    -------
    pathlib.Path
        Absolute path of a file (or folder) that exists.

    Raises
    ------
    InvalidInput
        What is no text.
    TEError
        If no such file travels with this installation.

    Examples
    --------
    >>> data_path("community/load.csv").exists()
    True
    """
    instance(name, str, "name", advice='a path below data/, such as "community/load.csv"')
    folders = [_HERE / "_data", _HERE.parent / "data"]  # the wheel's folder first: beside it `data` may be anybody's
    for folder in folders:
        if os.path.exists(folder / name):  # unlike Path.exists it says no to a name that no file may bear
            return folder / name
    raise TEError(f"data file {shown(name)} is in neither {folders[0]} nor {folders[1]}: reinstall tefoundations")


def read_table(name):
    """A CSV file below `data/` ("community/load") as a frame, if it is the file that was built; else TEError."""
    path, listed = data_path(f"{name}.csv"), data_path("CHECKSUMS.sha256")
    try:
        content, checksums = path.read_bytes().replace(b"\r\n", b"\n"), listed.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeError) as error:
        raise TEError(f"{path} or {listed} cannot be read: {error}") from error
    if f"{hashlib.sha256(content).hexdigest()}  {name}.csv" not in checksums:
        raise TEError(
            f"{path} is damaged or was changed: its sha256 is not the one in {listed.name}; reinstall tefoundations, "
            "or run `python data/checksums.py` if you changed it on purpose"
        )
    return pd.read_csv(io.BytesIO(content), keep_default_na=False)


def by_agent(rows, column, steps, agents):
    """One column of the rows of a day as a frame (steps, agents), 0 for whoever is not in it."""
    wide = rows.pivot_table(index="step", columns="agent", values=column, aggfunc="sum")
    return wide.reindex(index=pd.Index(steps, name="step"), columns=pd.Index(agents, name="agent"), fill_value=0.0)
