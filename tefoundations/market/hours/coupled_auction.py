"""The day-ahead auction: many hours at once, with orders that tie them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, InvalidOrder, TEError
from tefoundations.inputs import one_of, sequence
from tefoundations.market.agents import check_book
from tefoundations.market.hours.assembly import assemble, sorted_out
from tefoundations.market.hours.checks import check_orders
from tefoundations.market.hours.outcome import DayAhead
from tefoundations.market.hours.plans import best_plan
from tefoundations.market.hours.prices import prices
from tefoundations.market.hours.programmes import best_trades
from tefoundations.market.hours.selection import selected
from tefoundations.programmes import NoPoint
from tefoundations.words import listed, shown

if TYPE_CHECKING:
    from tefoundations.market.hours.blocks import BlockOrder, WindowOrder
    from tefoundations.market.hours.stores import BatteryOrder
    from tefoundations.market.hours.ties import Exclusive
    from tefoundations.market.orders import OrderBook

PRICINGS = ("marginal", "convex_hull", "european")
SELECTIONS = ("optimal", "greedy")


def day_ahead(
    books: Sequence[OrderBook],
    orders: Sequence[BlockOrder | WindowOrder | BatteryOrder | Exclusive] = (),
    pricing: str = "marginal",
    selection: str = "optimal",
) -> DayAhead:
    """Clear several hours together, with blocks that trade whole or not at all, energy that may come in a window, batteries.

    A mixed-integer programme finds the trades of the largest welfare. With blocks there may be no prices at which
    everybody is content with them, and a market must say what it does about that.

    Parameters
    ----------
    books : sequence of OrderBook
        Divisible orders, one book an hour; prices in ct/kWh, quantities in kWh.
    orders : sequence of BlockOrder, WindowOrder, BatteryOrder and Exclusive
        Orders over several hours, names unique. Blocks may be linked (``with_``) or in an exclusive group.
    pricing : {"marginal", "convex_hull", "european"}
        `"marginal"`: the best trades; prices support every divisible order, and accepted blocks that lose are made
        whole. `"convex_hull"`: the best trades; prices are those of the market in which blocks can be cut at will, at
        which the lost opportunity of all together is smallest. `"european"`: the best trades among those with prices at
        which no accepted block loses; a block may be rejected though it would gain. A block that others need may lose as
        much as those gain. Prices then stay within technical limits, the range of the orders' prices widened by its width;
        the search takes seconds from ten blocks on.
    selection : {"optimal", "greedy"}
        `"greedy"` tries the blocks one after the other, the most profitable per kWh at the convex-hull prices first, and
        keeps each that raises the welfare, together with the blocks it needs.

    Returns
    -------
    DayAhead

    Raises
    ------
    InvalidInput
        No hour, a pricing or selection that does not exist, or greedy selection under the European rule.
    InvalidOrder
        Two orders of one name, one whose hours are not all in the auction, a block in two exclusive groups, a link to no
        block or in a ring; names the row. A battery whose final energy cannot be reached; names it.
    TEError
        No selection that the European rule allows, or the solver gave up; the message says which.

    References
    ----------
    O'Neill, R. P., Sotkiewicz, P. M., Hobbs, B. F., Rothkopf, M. H. and Stewart, W. R. (2005), "Efficient
    market-clearing prices in markets with nonconvexities", European Journal of Operational Research 164(1), 269-285
    (marginal prices and make-whole money); Gribik, P. R., Hogan, W. W. and Pope, S. L. (2007), "Market-clearing
    electricity prices and energy uplift", Harvard University (convex-hull prices); Madani and Van Vyve (2015) (the
    European rule; see ``tefoundations.market.hours.selection``); All NEMO Committee (2019), "EUPHEMIA public description:
    Single price coupling algorithm", 10 April 2019 (linked blocks, exclusive groups).

    Examples
    --------
    No trade in either hour:

    >>> from tefoundations.market import BlockOrder, OrderBook
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

    A start that does not pay alone is carried by the run that needs it:

    >>> start = BlockOrder("start", "sell", 20, 4)
    >>> run = BlockOrder("run", "sell", 25, 4, first=1, with_="start")
    >>> day = day_ahead([OrderBook.of([(30, 10)], [(12, 20)]), OrderBook.of([(60, 4)])], [start, run])
    >>> day.acceptance, day.block_gain, day.make_whole
    (array([1., 1.]), array([-32.,  86.]), array([0., 0.]))
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
    blocks, windows, batteries = sorted_out(orders)
    anything = program.bounds(np.ones(len(blocks), bool))
    loose = np.zeros(len(program.worth)), anything[1]
    relaxed = best_trades(program, *loose)
    if relaxed is None:
        raise _short(program, batteries, len(books))
    hull = prices(program, relaxed, *loose)
    try:
        chosen = selected(program, "european" if pricing == "european" else selection, hull)
    except NoPoint:
        raise TEError(f"no selection of orders has prices that support it under the {pricing} rule") from None
    fixed = program.bounds(*chosen)
    trades = best_trades(program, *fixed)
    if trades is None:
        raise _short(program, batteries, len(books))
    trades = program.netted(trades)
    found = hull if pricing == "convex_hull" else prices(program, trades, *fixed)
    rest, value = trades[program.divisible :], float(program.worth @ relaxed)
    return DayAhead(tuple(books), blocks, windows, batteries, pricing, found, rest, trades, value, program)


def _short(program, batteries, hours):
    """The error where no trades leave in every battery what must be left: nothing else in an auction must trade."""
    for number, order in enumerate(batteries):
        who, final = f"battery {shown(order.name)}", order.battery.final_energy
        try:
            best_plan(program, number, np.zeros(hours))
        except NoPoint:
            words = (
                f"final energy {final:g} kWh cannot be reached from {order.battery.initial_energy:g} kWh in {hours} steps"
            )
            return InvalidOrder(f"{who}: {words}", column="final_energy", value=final)
    needy = listed(shown(order.name) for order in batteries if order.battery.final_energy > 0)
    return InvalidOrder(f"what is offered does not fill batteries to their final energy: {needy}")
