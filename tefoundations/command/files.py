"""Files of an analyst: tables and networks read, with the file named where something is wrong."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tefoundations.errors import TEError
from tefoundations.words import shown

if TYPE_CHECKING:
    from tefoundations.grid import Network

ROW = re.compile(r"(?:profiles, )?row (\d+)\b")  # of the table as it was read; "bids, row 0" counts otherwise
TABLES = ("buses", "lines", "generators")  # of a network in a folder; bids.csv if there


def table(path):
    """A CSV file as a frame, and the line of the file in which each row stands.

    Columns are parted by commas, or by semicolons with commas in numbers, as spreadsheets of some countries write them. Only
    an empty cell is missing. Lines may end as on any system.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    pandas.DataFrame, list of int

    Raises
    ------
    TEError
        A file that cannot be read, a column that is there twice; names file and line.
    """
    import pandas as pd

    text = _text(path).replace("\r\n", "\n").replace("\r", "\n")
    head = text.lstrip().partition("\n")[0]
    parted = {"sep": ";", "decimal": ","} if head.count(";") > head.count(",") else {"sep": ","}
    lines = _lines(path, text, parted["sep"])
    try:
        frame = pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""], skipinitialspace=True, **parted)
    except (ValueError, pd.errors.ParserError) as error:
        raise TEError(f"{path}: {str(error).strip()}") from error
    frame.columns = [str(name).strip() for name in frame.columns]
    return frame.dropna(how="all").reset_index(drop=True), lines


def _lines(path, text, separator):
    """The line at which each row that is not empty ends; none may have more cells than there are columns."""
    reader, lines, head = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True), [], None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if head is None:
                head = [cell.strip() for cell in cells]
                twice = [name for place, name in enumerate(head) if name and name in head[:place]]
                if twice:
                    raise TEError(f"{path}, line {reader.line_num}: column {shown(twice[0])} is there twice")
            if len(cells) > len(head):
                raise TEError(f"{path}, line {reader.line_num}: {len(cells)} cells for {len(head)} columns")
            lines.append(reader.line_num)
    except csv.Error as error:
        raise TEError(f"{path}, line {reader.line_num}: {error}") from error
    return lines[1:]


def _text(path):
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:  # also of a name that no file can have
        raise TEError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def is_there(path):
    """Whether there is a file or folder of this name; what can be no name is told."""
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        raise TEError(f"{shown(str(path))}: {getattr(error, 'strerror', None) or error}") from error


@contextmanager
def named(path, lines=()):
    """What goes wrong inside is told with the file, and where a row is at fault with its line."""
    try:
        yield
    except TEError as error:
        row = ROW.match(str(error))
        line = f", line {lines[int(row[1])]}" if row and int(row[1]) < len(lines) else ""
        raise TEError(f"{path}{line}: {error}") from error


def network(case: object) -> Network:
    """A network by the name of its file or folder, or by a name of the book.

    Parameters
    ----------
    case : str
        A folder with buses.csv, lines.csv and generators.csv, a MATPOWER case (.m), a pandapower net (.json), or a name as
        in `tefoundations.data.grid`.

    Returns
    -------
    Network

    Raises
    ------
    TEError
        What is none of these, or has no meaning as a network; names it.
    """
    from tefoundations.data import grid
    from tefoundations.grid import Network

    path = Path(str(case))
    there = is_there(path)
    with named(case):
        if path.is_dir():
            names = [*TABLES, *(["bids"] if (path / "bids.csv").exists() else [])]
            return Network.from_frames(**{name: table(path / f"{name}.csv")[0] for name in names})
        if path.suffix == ".m":
            return Network.from_matpower(str(path))
        if path.suffix == ".json":
            return Network.from_pandapower(pandapower_net(path))
        if path.suffix or there:
            raise TEError("a network is a folder, a MATPOWER case (.m), a pandapower net (.json) or a name of the book")
        return Network.from_frames(**grid(str(case)))


def pandapower_net(path):
    """The net of a pandapower file."""
    try:
        import pandapower
    except ImportError as error:
        raise TEError("pandapower is not installed: pip install tefoundations[grids]") from error
    _text(path)
    try:
        net = pandapower.from_json(str(path))
    except Exception as error:  # its refusals have no common class
        raise TEError(f"pandapower cannot read it: {shown(str(error))}") from error
    if not hasattr(net, "bus"):
        raise TEError("is no pandapower net")
    return net
