"""Clearings in words and at a glance."""

import numpy as np

from tefoundations.market.crossing import margins_of
from tefoundations.words import say


def explanation(clearing):
    """The arithmetic of a clearing, a few lines of text (see `Clearing.explain`)."""
    book, traded = clearing.book, (clearing.bid_quantity, clearing.ask_quantity)
    (last_bid, last_ask), (next_bid, next_ask) = clearing.margins or margins_of(book, *traded)
    if not clearing.quantity:
        return _no_trade(clearing.book, next_bid, next_ask) if next_bid < next_ask else clearing.rule
    low, high = clearing.price_interval
    value = clearing.book.bids.price @ clearing.bid_quantity
    cost = clearing.book.asks.price @ clearing.ask_quantity
    moved = value, cost, clearing.bid_payment.sum()  # what a gain is a difference of
    gains = (clearing.buyer_surplus, clearing.seller_surplus, clearing.budget)
    buyers, sellers, operator = (say(gain, *moved) for gain in gains)
    welfare, quantity = say(clearing.welfare, *moved), say(clearing.quantity, clearing.quantity)
    lowest, highest = _end("max", last_ask, next_bid, low), _end("min", last_bid, next_ask, high)
    return "\n".join(
        [
            f"Quantity: {quantity}.",
            f"Bids: {_taken(clearing, traded[0], book.bids, last_bid)}; {_left(next_bid)}.",
            f"Asks: {_taken(clearing, traded[1], book.asks, last_ask)}; {_left(next_ask)}.",
            f"Supporting prices: {'none' if np.isnan(low) else f'from {lowest} to {highest}'}.",
            clearing.rule,
            f"Welfare: value {say(value, *moved)} - cost {say(cost, *moved)} = {welfare}.",
            f"Gains: buyers {buyers} + sellers {sellers} + operator {operator} = {welfare}.",
        ]
    )


def _no_trade(book, best_bid, best_ask):
    empty = [name for name, side in (("bids", book.bids), ("asks", book.asks)) if not len(side)]
    if empty:
        return f"No trade: there are no {' and no '.join(empty)}."
    return f"No trade: the best bid {best_bid:g} is below the best ask {best_ask:g}."


def _taken(clearing, traded, orders, last):
    count = np.count_nonzero(traded)
    if not clearing.margins:  # not the best of each side trade
        return f"{count} of {len(orders)} trade, the worst at {last:g}"
    part = " in part" if ((traded > 0) & (traded < orders.quantity)).any() else ""
    return f"the best trades, at {last:g}{part}" if count == 1 else f"the {count} best trade, the last at {last:g}{part}"


def _left(price):
    return "none is left" if np.isinf(price) else f"the best left is at {price:g}"


def _end(pick, last, rival, end):
    return f"{last:g}" if np.isinf(rival) else f"{pick}({last:g}, {rival:g}) = {end:g}"


def clearing_glance(clearing):
    """Quantity, price and who gains, as (name, value)."""
    low, high = clearing.price_interval
    book = clearing.book
    moved = book.bids.price @ clearing.bid_quantity, book.asks.price @ clearing.ask_quantity, clearing.bid_payment.sum()
    return [
        ("mechanism", clearing.mechanism),
        ("quantity", say(clearing.quantity, clearing.quantity)),
        ("price", "none" if np.isnan(clearing.price) else say(clearing.price, low, high, clearing.price)),
        ("supporting prices", "none" if np.isnan(low) else f"{low:g} to {high:g}"),
        ("buyers gain", say(clearing.buyer_surplus, *moved)),
        ("sellers gain", say(clearing.seller_surplus, *moved)),
        ("operator keeps", say(clearing.budget, *moved)),
        ("welfare", say(clearing.welfare, *moved)),
    ]
