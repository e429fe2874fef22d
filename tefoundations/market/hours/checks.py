"""What an auction of several hours refuses: names that clash, hours it does not have, links that lead nowhere."""

from tefoundations.errors import InvalidOrder
from tefoundations.market.hours.blocks import BlockOrder, WindowOrder
from tefoundations.market.hours.stores import BatteryOrder
from tefoundations.market.hours.ties import Exclusive, check_links, members
from tefoundations.words import shown

KINDS = {BlockOrder: "block", WindowOrder: "window"}


def check_orders(orders, hours):
    """Refuse orders whose names clash, whose hours are not all in the auction, or whose links have no meaning.

    Parameters
    ----------
    orders : sequence of BlockOrder, WindowOrder, BatteryOrder and Exclusive
    hours : int
        Number of hours of the auction.

    Raises
    ------
    InvalidOrder
        Two orders of one name, a block in two exclusive groups, an order of another kind, an impossible window, a link to no
        block or in a ring; names row and order.

    Examples
    --------
    >>> check_orders([BlockOrder("chp", "sell", 20, (2, 2), first=1)], hours=2)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: row 0: block 'chp' runs from hour 1 to hour 2, and the auction from 0 to 1
    """
    seen = {}
    for row, order in members(orders):
        if not isinstance(order, (BlockOrder, WindowOrder, BatteryOrder)):
            words = "must be a BlockOrder, a WindowOrder, a BatteryOrder or an Exclusive group"
            raise InvalidOrder(f"{shown(order)} {words}", row=row)
        if order.name in seen:
            before = seen[order.name]
            if isinstance(orders[row], Exclusive) and isinstance(orders[before], Exclusive):
                where = (
                    "twice in one exclusive group" if row == before else f"in two exclusive groups, rows {before} and {row}"
                )
                raise InvalidOrder(f"block {shown(order.name)} stands {where}", row=row)
            raise InvalidOrder(f"the name {shown(order.name)} is taken by row {before}", row=row)
        seen[order.name] = row
        if not isinstance(order, BatteryOrder) and order.last >= hours:
            what = f"{KINDS[type(order)]} {shown(order.name)}"
            raise InvalidOrder(
                f"{what} runs from hour {order.first} to hour {order.last}, and the auction from 0 to {hours - 1}", row=row
            )
    check_links(orders)
