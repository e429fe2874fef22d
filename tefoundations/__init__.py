"""Transactive energy markets: clearing, prices, grids, storage and ledgers, made to be read.

Each room is imported by its own name, so that a program pays only for what it uses::

    from tefoundations.market import OrderBook, uniform_price
"""

__version__ = "0.1.0"
