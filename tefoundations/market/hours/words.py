"""A day-ahead auction as a table and at a glance."""

import numpy as np

from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import listed, percent, say

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
    for order, sold, got, lost in zip(day.batteries, day.battery_energy[1], day.battery_gain, day.battery_lost):
        battery, hours = order.battery, f"0-{len(day.books) - 1}" if len(day.books) > 1 else "0"
        cycles = sold.sum() / battery.discharge_efficiency / battery.energy
        wear, energy = float(battery.cycle_cost), float(battery.energy)
        rows.append((order.name, "both", hours, wear, energy, cycles, got, 0.0, lost))
    table = pd.DataFrame(rows, columns=COLUMNS)
    # A gain is a difference of money: of an order, at its own price and at those of the market.
    money = table["energy"] * (table["price"].abs() + np.abs(day.price).max(initial=0.0))
    for column in ("gain", "lost"):
        table[column] = table[column].where(~is_zero(table[column], of=money, share=NEAR), 0.0).astype(float)
    return table


def day_words(day):
    """Prices, what became of each block and battery, and what no price can mend (see `DayAhead.explain`)."""
    lines = [f"Hour {hour}: {q:g} kWh at {p:g} ct/kWh." for hour, (q, p) in enumerate(zip(day.quantity, day.price))]
    families = {block: mine for mine in day.program.ties.families for block in mine}
    for place, (block, share, gain) in enumerate(zip(day.blocks, day.acceptance, day.block_gain)):
        state = "rejected" if not share else "accepted" if share == 1 else f"accepted to {percent(share)}"
        alone, whole = len(families[place]) == 1, day.make_whole[place]
        lost = day.lost_opportunity[place] if alone else 0.0
        carried = "" if alone or gain >= 0 or whole else ", which what is linked to it carries"
        loses = gain < 0 and (lost or not alone)
        fate = f"loses {-gain:g} ct{carried}" if loses else f"gains {gain:g} ct" if share else "gains nothing"
        missed = f", and could gain {gain + lost:g} ct" if lost and gain >= 0 else ""
        lines.append(f"{block.name}: {state}, {fate}{missed}.")
    for mine in day.program.ties.families:
        lost = day.lost_opportunity[mine[0]]
        if len(mine) > 1 and lost:
            gain, names = day.block_gain[mine].sum(), listed(day.blocks[place].name for place in mine)
            lines.append(f"{names}: together gain {gain:g} ct, and could gain {gain + lost:g} ct.")
    for order, bought, sold, gain, lost in zip(day.batteries, *day.battery_energy[:2], day.battery_gain, day.battery_lost):
        missed = f", and could gain {gain + lost:g} ct" if lost else ""
        lines.append(
            f"{order.name}: buys {say(bought.sum())} kWh, sells {say(sold.sum())} kWh, gains {say(gain)} ct{missed}."
        )
    lines.append(f"Welfare {day.welfare:g}, at most {day.relaxed_welfare:g} if blocks could be cut at will.")
    if day.blocks or day.batteries:
        lines.append(f"Make-whole {day.make_whole.sum():g}, lost opportunity of all {day.uplift:g}.")
    return "\n".join(lines)


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
