"""The day-ahead auction: many hours at once, with orders that tie them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import one_of, sequence
from tefoundations.market.agents import check_book
from tefoundations.market.hours.blocks import BlockOrder, check_orders
from tefoundations.market.hours.outcome import DayAhead
from tefoundations.market.hours.prices import prices
from tefoundations.market.hours.programmes import assemble, best_trades
from tefoundations.market.hours.selection import best_blocks, best_european_blocks

if TYPE_CHECKING:
    from tefoundations.market.hours.blocks import WindowOrder
    from tefoundations.market.orders import OrderBook

PRICINGS = ("marginal", "convex_hull", "european")
SELECTIONS = ("optimal", "greedy")


def day_ahead(
    books: Sequence[OrderBook],
    orders: Sequence[BlockOrder | WindowOrder] = (),
    pricing: str = "marginal",
    selection: str = "optimal",
) -> DayAhead:
    """Clear several hours together, with blocks that trade whole or not at all and energy that may come in a window.

    A mixed-integer programme finds the trades of the largest welfare. With blocks there may be no prices at which
    everybody is content with them, and a market must say what it does about that.

    Parameters
    ----------
    books : sequence of OrderBook
        Divisible orders, one book an hour; prices in ct/kWh, quantities in kWh.
    orders : sequence of BlockOrder and WindowOrder
        Orders over several hours, names unique.
    pricing : {"marginal", "convex_hull", "european"}
        `"marginal"`: the best trades; prices support every divisible order, and accepted blocks that lose are made
        whole. `"convex_hull"`: the best trades; prices are those of the market in which blocks can be cut at will, at
        which the lost opportunity of all together is smallest. `"european"`: the best trades among those with prices at
        which no accepted block loses; a block may be rejected though it would gain. Prices then stay within technical
        limits, the range of the orders' prices widened by its width; the search takes seconds from ten blocks on.
    selection : {"optimal", "greedy"}
        `"greedy"` tries the blocks one after the other, the most profitable per kWh at the convex-hull prices first, and
        keeps each that raises the welfare.

    Returns
    -------
    DayAhead

    Raises
    ------
    InvalidInput
        No hour, a pricing or selection that does not exist, or greedy selection under the European rule.
    InvalidOrder
        Two orders of one name, or one whose hours are not all in the auction; names the row.
    TEError
        The solver gave up; the message is the solver's.

    References
    ----------
    O'Neill, R. P., Sotkiewicz, P. M., Hobbs, B. F., Rothkopf, M. H. and Stewart, W. R. (2005), "Efficient
    market-clearing prices in markets with nonconvexities", European Journal of Operational Research 164(1), 269-285
    (marginal prices and make-whole money); Gribik, P. R., Hogan, W. W. and Pope, S. L. (2007), "Market-clearing
    electricity prices and energy uplift", Harvard University (convex-hull prices); Madani and Van Vyve (2015) (the
    European rule; see ``tefoundations.market.hours.selection``).

    Examples
    --------
    No trade in either hour:

    >>> from tefoundations.market import OrderBook
    >>> apart = OrderBook.of(bids=[(4, 1)], asks=[(6, 1)])
    >>> day_ahead([apart, apart]).quantity
    array([0., 0.])

    A buyer wants 10 kWh. A cheap seller has 5, and a plant sells 8 or nothing. The plant should run, and the cheap seller
    then sells only 2 of its 5 kWh. So the price can only be its 10 ct, at which the plant loses:

    >>> book, plant = OrderBook.of(bids=[(40, 10)], asks=[(10, 5)]), BlockOrder("plant", "sell", 20, 8)
    >>> print(day_ahead([book], [plant]).explain())
    Hour 0: 10 kWh at 10 ct/kWh.
    plant: accepted, loses 80 ct.
    Welfare 220, at most 250 if blocks could be cut at will.
    Make-whole 80, lost opportunity of all 80.
    """
    books = sequence(books, "books", of="OrderBook, one an hour")
    orders = sequence(orders, "orders", of="BlockOrder and WindowOrder")
    if not books:
        raise InvalidInput("a day-ahead auction needs at least one hour")
    for book in books:
        check_book(book)
    one_of(pricing, PRICINGS, "pricing")
    one_of(selection, SELECTIONS, "selection")
    if pricing == "european" and selection == "greedy":
        raise InvalidInput("the European rule needs the optimal selection")
    check_orders(orders, len(books))
    program = assemble(books, orders)
    none, whole = np.zeros(len(program.minimum)), np.ones(len(program.minimum))
    relaxed = best_trades(program, none, whole)
    hull = prices(program, relaxed, none, whole)
    exact = best_european_blocks if pricing == "european" else best_blocks
    accepted = _greedy(program, hull) if selection == "greedy" else exact(program)
    least, most = np.where(accepted, program.minimum, 0.0), np.where(accepted, 1.0, 0.0)
    trades = best_trades(program, least, most)
    blocks = tuple(order for order in orders if isinstance(order, BlockOrder))
    windows = tuple(order for order in orders if not isinstance(order, BlockOrder))
    found = hull if pricing == "convex_hull" else prices(program, trades, least, most)
    rest, value = trades[program.divisible :], float(program.worth @ relaxed)
    return DayAhead(tuple(books), blocks, windows, pricing, found, rest, trades, value, program)


def _greedy(program, price):
    """Which blocks are kept, tried by their profit per kWh at the given prices."""
    energy = abs(program.balance).sum(axis=0)[program.divisible :]
    profit = program.profit(price)[program.divisible :] / energy
    accepted = np.zeros(len(profit), bool)
    best = program.worth @ best_trades(program, 0.0 * profit, 0.0 * profit)
    for block in np.argsort(-profit, kind="stable"):
        accepted[block] = True
        trades = best_trades(program, np.where(accepted, program.minimum, 0.0), 1.0 * accepted)
        accepted[block] = trades is not None and program.worth @ trades > best
        best = program.worth @ trades if accepted[block] else best
    return accepted
