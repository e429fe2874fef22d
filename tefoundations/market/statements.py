"""Statements of account: what each agent bought and sold in each hour, at which price, and what that comes to."""

import numpy as np

COLUMNS = {"agent": object, "hour": int, "order": object, "bought": float, "sold": float, "price": float, "pays": float,
           "receives": float, "make_whole": float}  # fmt: skip


def statement_of(clearing):
    """One row an order of one hour (see `Clearing.statement`)."""
    book, rows = clearing.book, []
    for place, agent in enumerate(book.bids.agent):
        traded, price, money = (getattr(clearing, f"bid_{name}")[place] for name in ("quantity", "price", "payment"))
        rows.append((agent, 0, f"bid {place}", traded, 0.0, price, money, 0.0, 0.0))
    for place, agent in enumerate(book.asks.agent):
        traded, price, money = (getattr(clearing, f"ask_{name}")[place] for name in ("quantity", "price", "receipt"))
        rows.append((agent, 0, f"ask {place}", 0.0, traded, price, 0.0, money, 0.0))
    return _frame(rows).drop(columns="make_whole")


def statement_of_day(day):
    """One row an order and hour (see `DayAhead.statement`)."""
    rows = []
    for hour, (book, (bought, sold)) in enumerate(zip(day.books, day.hourly)):
        for place, (agent, kwh) in enumerate(zip(book.bids.agent, bought)):
            rows.append(_row(day, agent, hour, f"bid {place}", bought=kwh))
        for place, (agent, kwh) in enumerate(zip(book.asks.agent, sold)):
            rows.append(_row(day, agent, hour, f"ask {place}", sold=kwh))
    for block, share, whole in zip(day.blocks, day.acceptance, day.make_whole):
        for hour, kwh in enumerate(block.quantity, block.first):
            more = whole if hour == block.last else 0.0
            rows.append(_tied(day, block, hour, kwh * share, more))
    for window, energy in zip(day.windows, day.window_quantity):
        rows += [_tied(day, window, hour, energy[hour]) for hour in range(window.first, window.last + 1)]
    for order, bought, sold in zip(day.batteries, *day.battery_energy[:2]):
        agent = order.name if order.agent is None else order.agent
        rows += [_row(day, agent, hour, order.name, bought[hour], sold[hour]) for hour in range(len(day.books))]
    return _frame(rows).sort_values("hour", kind="stable", ignore_index=True)


def _tied(day, order, hour, kwh, whole=0.0):
    """The row of an order over several hours."""
    agent = order.name if order.agent is None else order.agent
    return _row(day, agent, hour, order.name, **{"bought" if order.side == "buy" else "sold": kwh}, make_whole=whole)


def _row(day, agent, hour, order, bought=0.0, sold=0.0, make_whole=0.0):
    price = float(day.price[hour])
    return agent, hour, order, bought, sold, price, bought * price + 0.0, sold * price + 0.0, make_whole  # no -0


def _frame(rows):
    import pandas as pd

    columns = zip(*rows) if rows else ((),) * len(COLUMNS)
    return pd.DataFrame({name: np.array(values, dtype=COLUMNS[name]) if COLUMNS[name] is not object else
                         pd.Series(list(values), dtype=object) for name, values in zip(COLUMNS, columns)})  # fmt: skip
