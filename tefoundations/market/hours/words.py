"""A day-ahead auction as a table and at a glance."""

import numpy as np

from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import say

COLUMNS = ["order", "side", "hours", "price", "energy", "accepted", "gain", "make_whole", "lost"]


def day_frame(day):
    """One row an order (see `DayAhead.to_frame`)."""
    import pandas as pd

    profit = day.program.profit(day.price)
    gain, most = profit * day.trades, np.maximum(profit, 0.0) * day.program.upper
    rows, at = [], 0
    for hour, book in enumerate(day.books):
        for orders in (book.bids, book.asks):
            for name, price, energy in zip(orders.agent, orders.price, orders.quantity):
                share = day.trades[at] / energy
                rows.append((name, orders.side, str(hour), price, energy, share, gain[at], 0.0, most[at] - gain[at]))
                at += 1
    for block, *of_it in zip(day.blocks, day.acceptance, day.block_gain, day.make_whole, day.lost_opportunity):
        rows.append((block.name, block.side, _span(block), float(block.price), block.energy, *of_it))
    for number, window in enumerate(day.windows):
        mine = day.program.window == number
        share, got = day.trades[mine].sum() / window.energy, gain[mine].sum()
        lost = day._best_of_window(number) - got
        rows.append(
            (window.name, window.side, _span(window), float(window.price), float(window.energy), share, got, 0.0, lost)
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    # A gain is a difference of money: of an order, at its own price and at those of the market.
    money = table["energy"] * (table["price"].abs() + np.abs(day.price).max(initial=0.0))
    for column in ("gain", "lost"):
        table[column] = table[column].where(~is_zero(table[column], of=money, share=NEAR), 0.0).astype(float)
    return table


def _span(order):
    return str(order.first) if order.first == order.last else f"{order.first}-{order.last}"


def day_glance(day):
    """What was traded at which prices, and what became of the blocks, as (name, value)."""
    low, high = day.price.min(), day.price.max()
    rows = [
        ("hours", len(day.books)), ("pricing", day.pricing), ("traded, kWh", day.quantity.sum()),
        ("prices, ct/kWh", say(low) if low == high else f"{say(low)} to {say(high)}"), ("welfare, ct", day.welfare),
    ]  # fmt: skip
    if day.blocks:
        accepted = f"{np.count_nonzero(day.acceptance)} of {len(day.blocks)}"
        rows += [("blocks accepted", accepted), ("make-whole, ct", day.make_whole.sum())]
    return [*rows, ("lost opportunity, ct", day.uplift)]
