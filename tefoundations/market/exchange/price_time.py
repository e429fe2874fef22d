"""A continuous exchange: orders meet the best that waits, best price first, and among equals the earlier."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from tefoundations.errors import InvalidOrder
from tefoundations.inputs import one_of
from tefoundations.market.columns import SIDES
from tefoundations.market.exchange.checks import checked, known, named
from tefoundations.market.exchange.levels import Levels
from tefoundations.programmes import ROUNDING
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd

SELF_TRADE = ("cancel", "allow")
_fill = tuple.__new__  # half the time of calling Fill


class Fill(NamedTuple):
    """One trade of an exchange.

    Parameters
    ----------
    resting, incoming : int
        Numbers of the order that waited and of the one that came.
    price : int or float
        Price of the one that waited.
    quantity : int or float
        What changed hands.
    """

    resting: int
    incoming: int
    price: float
    quantity: float


class Exchange(Explained):
    """A limit order book in time, with price-time priority.

    The written rules. An order that comes meets the best price on the other side, and there the order that has waited
    longest. They trade at the price of the one that waited. What is left waits, unless it was told not to. Orders are
    numbered from 0 in the order in which they come. An order that waits and belongs to the same agent is cancelled when it
    would trade with the one that comes: nobody trades with himself.

    Parameters
    ----------
    whole : bool
        True: prices and quantities are whole numbers, such as ticks and Wh, and sums are exact. False: any numbers; then an
        order is done when no more than rounding of it, or of the one it met, is left.
    self_trade : {"cancel", "allow"}
        What happens when an order meets one of the same agent; orders without an agent meet all.

    Raises
    ------
    InvalidInput
        `whole` is neither True nor False; another rule for self-trade.

    References
    ----------
    Budish, E., Cramton, P. and Shim, J. (2015), "The high-frequency trading arms race: frequent batch auctions as a market
    design response", Quarterly Journal of Economics 130(4), 1547-1621 (the continuous limit order book, section II).

    Examples
    --------
    A bid below the ask does not trade, and waits:

    >>> exchange = Exchange()
    >>> exchange.submit("roof", "sell", 9, 1), exchange.submit("bakery", "buy", 8, 1)
    ((), ())
    >>> exchange.submit("school", "buy", 12, 2)
    (Fill(resting=0, incoming=2, price=9, quantity=1),)
    >>> exchange.best("buy"), exchange.best("sell"), exchange.cancel(2)
    (12, None, 1)
    """

    def __init__(self, *, whole: bool = True, self_trade: str = "cancel"):
        self.whole = one_of(whole, (True, False), "whole")
        self.self_trade = one_of(self_trade, SELF_TRADE, "self_trade")
        self._kind = int if self.whole else float
        self.fills: list[Fill] = []
        self.agents: list[object] = []  # of all orders that came, by number
        self._price: list = []
        self._size: list = []
        self._left: list = []  # what waits of each
        self._bought: list[bool] = []  # of each fill, whether the one that came buys
        self._bids, self._asks = Levels(self._left), Levels(self._left)

    @property
    def newest(self) -> int:
        """Number of the order that came last; -1 before the first."""
        return len(self.agents) - 1

    def submit(
        self, agent: object, side: str, price: float | None, quantity: float, keep: bool = True, *, all_or_none: bool = False
    ) -> tuple[Fill, ...]:  # fmt: skip
        """An order comes: it trades what it can, and the rest waits.

        Parameters
        ----------
        agent : object
            A name or a number, of who gives it; None for nobody in particular.
        side : {"buy", "sell"}
        price : int, float or None
            Limit, in ticks or ct/kWh; may be 0 or negative. None: at any price, and then it cannot wait.
        quantity : int or float
            In Wh or kWh, positive.
        keep : bool
            Whether what is left waits. False: immediate or cancel.
        all_or_none : bool
            Trade nothing where not all of it, but for rounding, can trade at once (fill or kill).

        Returns
        -------
        tuple of Fill
            (resting, incoming, price, quantity), in the order of trading; empty where nothing meets it.

        Raises
        ------
        InvalidOrder
            An agent, side, price or quantity without meaning; one without a limit, or all or none, that is told to wait.

        Examples
        --------
        >>> exchange = Exchange()
        >>> exchange.submit("roof", "sell", -2, 3)
        ()
        >>> exchange.submit("bakery", "buy", None, 5, keep=False)
        (Fill(resting=0, incoming=1, price=-2, quantity=3),)
        """
        usual = type(price) is type(quantity) is self._kind and keep is True and not all_or_none and type(side) is str
        if price is None or not usual or side not in ("buy", "sell") or not (-inf < price < inf and 0 < quantity < inf):
            price, quantity = checked(len(self.agents), side, price, quantity, keep, all_or_none, self.whole)
        agent, buys = agent if agent is None or type(agent) is str else named(len(self.agents), agent), side == "buy"
        own, other = (self._bids, self._asks) if buys else (self._asks, self._bids)
        key = inf if price is None else price if buys else -price  # of its level, should it wait
        but = None if agent is None or self.self_trade == "allow" else agent
        left, found = quantity, ()
        keys = other.keys
        if keys and keys[-1] >= -key and not (all_or_none and not self._fills(other, key, but, quantity)):
            left, found = self._meet(other, key, quantity, but)
            self.fills += found
            self._bought += [buys] * len(found)
        kept = left if keep else 0
        if kept:
            own.wait(key, len(self._left))
        self._left.append(kept)
        self._size.append(quantity)
        self._price.append(price)
        self.agents.append(agent)
        return found

    def _meet(self, other, key, quantity, but):
        """Trade with the other side as far as the limit allows; what is left, and the fills."""
        came, found, left = len(self._left), [], quantity
        keys, queues, waits, whole = other.keys, other.queues, self._left, self.whole
        while left and keys and keys[-1] >= -key:
            queue = queues[keys[-1]]
            price = self._price[queue[0]]
            while left and queue:
                number = queue[0]
                rest = waits[number]
                if rest and but is not None and self.agents[number] == but:
                    rest = waits[number] = 0
                if rest:
                    amount = rest if rest < left else left
                    rest, left = rest - amount, left - amount
                    if not whole:
                        dust = ROUNDING * max(self._size[number], quantity)
                        rest, left = (0.0 if part <= dust else part for part in (rest, left))
                    waits[number] = rest
                    found.append(_fill(Fill, (number, came, price, amount)))
                if not rest:  # it is filled, or was cancelled
                    queue.popleft()
            if not queue:
                del queues[keys.pop()]
        return left, tuple(found)

    def _fills(self, other, key, but, quantity):
        """Whether the other side would trade all of an order at once."""
        there = [number for level in other.waiting(-key) for number in level]
        there = [number for number in there if but is None or self.agents[number] != but]
        return other.fills(quantity, there, self._size, self.whole)

    def cancel(self, order: int) -> float:
        """Take back what is left of an order that waits.

        Parameters
        ----------
        order : int
            Its number.

        Returns
        -------
        int or float
            What was left of it.

        Raises
        ------
        InvalidOrder
            No order has this number, or it no longer waits: it was filled, cancelled, or never kept.

        Examples
        --------
        >>> exchange = Exchange()
        >>> exchange.cancel(0)
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidOrder: order 0 is not known: no order has come
        """
        if type(order) is not int or not 0 <= order <= self.newest:
            order = known(order, self.newest)
        left = self._left[order]
        if not left:
            raise InvalidOrder(f"order {order} waits no longer: it was filled, cancelled, or not kept")
        self._left[order] = 0
        return left

    def best(self, side: str) -> float | None:
        """The best price that waits on a side.

        Parameters
        ----------
        side : {"buy", "sell"}

        Returns
        -------
        int, float or None
            None where nobody waits.

        Raises
        ------
        InvalidOrder
            Another side.
        """
        sells = one_of(side, tuple(SIDES), "side", error=InvalidOrder) == "sell"
        first = (self._asks if sells else self._bids).first()
        return None if first is None else self._price[first]

    def depth(self) -> pd.DataFrame:
        """What waits, level by level.

        Returns
        -------
        pandas.DataFrame
            Columns side, price, quantity, orders; bids first, on each side the best first.

        Examples
        --------
        >>> exchange = Exchange()
        >>> none = exchange.submit("home1", "buy", 8, 2), exchange.submit("home2", "buy", 8, 1)
        >>> exchange.depth()
          side  price  quantity  orders
        0  buy      8         3       2
        """
        import pandas as pd

        rows = []
        for side, levels in zip(SIDES, (self._bids, self._asks)):
            for there in levels.waiting():
                rows.append((side, self._price[there[0]], sum(self._left[number] for number in there), len(there)))
        return pd.DataFrame(rows, columns=["side", "price", "quantity", "orders"])

    def to_frame(self) -> pd.DataFrame:
        """All trades, in the order of trading.

        Returns
        -------
        pandas.DataFrame
            Columns buyer, seller (agents), price, quantity, and resting and incoming, the numbers of the two orders.
        """
        import pandas as pd

        rows = []
        for fill, bought in zip(self.fills, self._bought):
            pair = (fill.incoming, fill.resting) if bought else (fill.resting, fill.incoming)
            buyer, seller = (self.agents[number] for number in pair)
            rows.append((buyer, seller, fill.price, fill.quantity, fill.resting, fill.incoming))
        return pd.DataFrame(rows, columns=["buyer", "seller", "price", "quantity", "resting", "incoming"])

    def explain(self) -> str:
        """How many orders came, what traded, and what waits.

        Returns
        -------
        str

        Examples
        --------
        >>> exchange = Exchange()
        >>> none = exchange.submit("roof", "sell", 9, 3), exchange.submit("bakery", "buy", 12, 1)
        >>> print(exchange.explain())
        2 orders came, 1 trade of 1 in all was made, 1 order waits.
        Best bid: none. Best ask: 9.
        """
        came, made = count(len(self.agents), "order"), count(len(self.fills), "trade")
        total, waits = say(sum(fill.quantity for fill in self.fills)), len(self._left) - self._left.count(0)
        was, wait = ("was" if len(self.fills) == 1 else "were"), ("waits" if waits == 1 else "wait")
        best = ["none" if price is None else say(price, price) for price in map(self.best, SIDES)]
        return (
            f"{came} came, {made} of {total} in all {was} made, {count(waits, 'order')} {wait}.\n"
            f"Best bid: {best[0]}. Best ask: {best[1]}."
        )

    def _at_a_glance(self):
        best = ["none" if price is None else price for price in map(self.best, SIDES)]
        return [
            ("orders that came", len(self.agents)), ("trades", len(self.fills)),
            ("orders that wait", len(self._left) - self._left.count(0)),
            ("best bid", best[0]), ("best ask", best[1]),
        ]  # fmt: skip

    def __repr__(self):
        return f"Exchange({count(len(self.agents), 'order')}, {count(len(self.fills), 'trade')})"
