"""What may be typed: ``python -m tefoundations clear ORDERS.csv ...`` and ``... day CONFIG.toml ...``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import TYPE_CHECKING

from tefoundations.command import days, orders
from tefoundations.errors import TEError

if TYPE_CHECKING:
    from collections.abc import Sequence

ORDERS = """\
ORDERS.csv has a row an order: side (buy or sell), price (ct/kWh), quantity (kWh), and optional agent, bus, time.
With --network prices are $/MWh and quantities MW, and each order needs a bus; "uniform" and "vcg" then give one price a
bus, and of the other rules it is told whether the lines could carry their trades.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the commands; what is wrong is told on standard error, with file, row and column, and the exit code is 2.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the command line.

    Raises
    ------
    SystemExit
        With 2 where an argument or a file has no meaning.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "orders.csv"
    ...     _ = file.write_text("side,agent,price,quantity\\nbuy,bakery,12,2\\nsell,roof,6,1\\n")
    ...     main(["clear", str(file)])                                              # doctest: +ELLIPSIS
    Quantity: 1.
    ...
    Welfare: value 12 - cost 6 = 6.
    ...
    """
    try:
        try:
            _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # who read it has seen enough, as `head` does; what Python would flush at its end goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments):
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        asked.run(asked)
    except TEError as error:
        parser.exit(2, f"{parser.prog}: {error}\n")


def _parser():
    parser = ArgumentParser(prog="python -m tefoundations", description="Clear a market, or run a day.")
    commands = parser.add_subparsers(required=True, metavar="clear | day")
    clear = commands.add_parser(
        "clear", help="clear a book of orders", description=ORDERS, formatter_class=RawDescriptionHelpFormatter
    )
    clear.set_defaults(run=orders.run)
    clear.add_argument("orders", type=Path, metavar="ORDERS.csv")
    clear.add_argument("--rule", choices=orders.RULES, default="uniform", help="default: uniform")
    clear.add_argument("--network", metavar="CASE", help=orders.CASES)
    clear.add_argument("--seed", type=int, default=0, help="of muda, which draws lots (default 0)")
    day = commands.add_parser("day", help="run a day", description=days.CONFIG, formatter_class=RawDescriptionHelpFormatter)
    day.set_defaults(run=days.run)
    day.add_argument("config", type=Path, metavar="CONFIG.toml")
    for command in (clear, day):
        command.add_argument("--out", type=Path, metavar="FOLDER", help="write tables as CSV, and report.html, there")
    return parser
