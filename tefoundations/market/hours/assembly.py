"""From orders to columns and rows."""

import numpy as np

from tefoundations.market.hours.blocks import BlockOrder, WindowOrder
from tefoundations.market.hours.programmes import HoursProgram
from tefoundations.market.hours.stores import BatteryOrder
from tefoundations.market.hours.ties import members, ties_of


def sorted_out(orders):
    """Blocks (those of groups too), windows and batteries, each in the order given: three tuples."""
    every = [order for _, order in members(orders)]
    return tuple(
        tuple(order for order in every if isinstance(order, kind)) for kind in (BlockOrder, WindowOrder, BatteryOrder)
    )


def assemble(books, orders):
    """Columns and rows of hourly books, windows, batteries and blocks.

    Parameters
    ----------
    books : sequence of OrderBook
        One an hour.
    orders : sequence of BlockOrder, WindowOrder, BatteryOrder and Exclusive

    Returns
    -------
    HoursProgram
    """
    parts = []  # worth, upper, hours, energies, window, battery
    for hour, book in enumerate(books):
        for side, sign in ((book.bids, 1), (book.asks, -1)):
            parts += [(sign * p, q, (hour,), (sign,), -1, -1) for p, q in zip(side.price, side.quantity)]
    (blocks, windows, batteries), rows, either, times = sorted_out(orders), [], [], len(books)
    for number, order in enumerate(windows):
        sign, most, hours = (1 if order.side == "buy" else -1), min(order.power, order.energy), order.last + 1 - order.first
        rows.append((len(parts) + np.arange(hours), np.ones(hours), order.energy, False))
        parts += [(sign * order.price, most, (order.first + t,), (sign,), number, -1) for t in range(hours)]
    for number, order in enumerate(batteries):
        first = len(parts)
        rows += _store_rows(order, first, times)
        either += [(first + t, first + times + t) for t in range(times)] if order.lossy else []
        parts += [(0.0, order.most_in, (t,), (1,), -1, number) for t in range(times)]
        parts += [(-order.battery.cycle_cost, order.most_out, (t,), (-1,), -1, number) for t in range(times)]
        parts += [(0.0, order.battery.energy, (), (), -1, number) for t in range(times)]
    ties, first = ties_of(orders), len(parts)
    for order in blocks:
        sign, hours = (1 if order.side == "buy" else -1), range(order.first, order.last + 1)
        parts.append((sign * order.price * order.energy, 1.0, hours, [sign * q for q in order.quantity], -1, -1))
    rows += [(first + np.array([child, parent]), np.array([1.0, -1.0]), 0.0, False)
             for child, parent in enumerate(ties.parent) if parent >= 0]  # fmt: skip
    for group in np.unique(ties.group[ties.group >= 0]):
        mine = np.flatnonzero(ties.group == group)
        rows.append((first + mine, np.ones(len(mine)), 1.0, False))
    reach = [1 / (order.battery.charge_efficiency * order.battery.discharge_efficiency * order.kept**times)
             for order in batteries]  # fmt: skip
    return HoursProgram(
        np.array([part[0] for part in parts], float),
        np.array([part[1] for part in parts], float),
        _sparse([part[2] for part in parts], [part[3] for part in parts], (len(parts), times)).T.tocsr(),
        np.array([part[4] for part in parts], int),
        np.array([part[5] for part in parts], int),
        _sparse([row[0] for row in rows], [row[1] for row in rows], (len(rows), len(parts))),
        np.array([row[2] for row in rows], float),
        np.array([row[3] for row in rows], bool),
        np.array([order.energy for order in windows], float),
        np.array([order.minimum for order in blocks], float),
        np.array(either, int).reshape(-1, 2),
        ties,
        max(reach, default=1.0),
    )


def _store_rows(order, first, times):
    """What a battery holds from step to step: what it keeps, what buying adds and selling takes; what must be left."""
    battery, rows = order.battery, []
    bought, sold, held = (first + times * k + np.arange(times) for k in range(3))
    into, out = -battery.charge_efficiency, 1 / battery.discharge_efficiency
    for t in range(times):
        columns, entries = [bought[t], sold[t], held[t]], [into, out, 1.0]
        if t:
            columns.append(held[t - 1])
            entries.append(-order.kept)
        rows.append((np.array(columns), np.array(entries), 0.0 if t else order.kept * battery.initial_energy, True))
    if battery.final_energy > 0:
        rows.append((held[-1:], np.array([-1.0]), -battery.final_energy, False))
    return rows


def _sparse(columns, entries, shape):
    """A sparse array from the columns and entries of each row."""
    from scipy import sparse

    row = np.repeat(np.arange(len(columns)), [len(one) for one in columns]) if columns else np.zeros(0, int)
    column = np.concatenate([np.zeros(0, int), *(np.asarray(one, int) for one in columns)])
    return sparse.csr_array(
        (np.concatenate([np.zeros(0), *(np.asarray(one, float) for one in entries)]), (row, column)), shape
    )
