"""The command line for analysts: a table of orders or a plan of a day in, tables and one report out.

=====================================  ====================================================================
What you want                          What to type
=====================================  ====================================================================
a book of orders cleared               ``python -m tefoundations clear ORDERS.csv``
... by another rule                    ``... --rule pay-as-bid``, "vcg", "mcafee", "muda", "greedy"
... with one price a bus               ``... --network CASE``
a day of a community, or of your grid  ``python -m tefoundations day CONFIG.toml``
tables as CSV, and a report in HTML    ``... --out FOLDER``
the same words from Python             ``main(["clear", "ORDERS.csv"])``: `main`
=====================================  ====================================================================
"""

from tefoundations.command.words_typed import main

__all__ = ["main"]
