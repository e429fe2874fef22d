"""Redispatch, counter-trade, rights and upgrades in words."""

import numpy as np

from tefoundations.grid.words import amount
from tefoundations.words import NAMED, count, say


def _moves(names, change, verb):
    """Who does how much more or less; the largest moves first."""
    order = [row for row in np.argsort(-np.abs(change), kind="stable") if change[row]]
    way = np.where(change > 0, "more", "less")
    told = [f"{names[row]} {verb} {amount(abs(change[row]))} MW {way[row]}" for row in order[:NAMED]]
    more = len(order) - len(told)
    return ", ".join(told) + (f", and {count(more, 'other')} change" if more else "") + "." if told else ""


def redispatch_words(found):
    """A redispatch in words (see `Redispatch.explain`)."""
    net = found.after.net
    words = [_moves(net.generators.name, found.change, "makes"), _moves(net.bids.name, found.demand_change, "takes")]
    words = [each for each in words if each] or ["Nothing need change: no line is overloaded."]
    paid = "pays" if found.payment >= 0 else "gets"
    words.append(f"Together that costs {amount(found.cost, found.cost)} $/h.")
    words.append(f"At the prices of the buses the grid {paid} {amount(abs(found.payment), found.payment)} $/h.")
    return "\n".join(words)


def redispatch_glance(found):
    """What is moved, and what it costs, as (name, value)."""
    return [
        ("generators down, MW", amount(-found.change[found.change < 0].sum() + 0.0)),
        ("generators up, MW", amount(found.change[found.change > 0].sum())),
        ("change of demand, MW", amount(found.demand_change.sum())),
        ("cost, $/h", amount(found.cost)), ("payment at bus prices, $/h", amount(found.payment)),
    ]  # fmt: skip


def countertrade_words(found):
    """A counter-trade in words (see `CounterTrade.explain`)."""
    (here, there), (low, high) = found.zones, found.price
    bought, sold = (there, here) if found.amount > 0 else (here, there)
    if not found.amount:
        return f"Nothing need be traded: no line is overloaded at the price of {say(low)} $/MWh."
    costs = f"It buys {amount(abs(found.amount))} MW in zone {bought} and sells them in zone {sold}"
    return "\n".join([
        f"{costs}, for {amount(found.payment)} $/h.",
        f"Prices: {say(low)} $/MWh in zone {here}, {say(high)} $/MWh in zone {there}.",
        f"Welfare falls by {amount(found.cost)} $/h.",
    ])  # fmt: skip


def rights_words(found):
    """Whether rights fit, in words (see `RightsFit.explain`)."""
    names, beyond = found.net.lines.name, np.flatnonzero(found.over)
    if found.fits:
        return "They fit together: no line carries more than its limit."
    order = beyond[np.argsort(-found.over[beyond], kind="stable")]
    told = [f"Line {names[line]} would carry {amount(found.over[line])} MW more than its limit." for line in order[:NAMED]]
    more = len(order) - len(told)
    told += [f"So would {count(more, 'other line')}."] if more else []
    pairs = sorted(found.after.items(), key=lambda pair: -pair[1])
    told += [f"After the loss of {lost} line {line} would carry {amount(mw)} MW more than it may."
             for (line, lost), mw in pairs[:NAMED]]  # fmt: skip
    more = len(pairs) - NAMED
    return "\n".join([*told, *([f"So would {count(more, 'other pair')} of line and loss."] if more > 0 else [])])


def value_words(found):
    """What a line is worth, in words (see `LineValue.explain`)."""
    rate = f"Now one more megawatt of line {found.line} saves {_money(found.rate)} $ in {say(found.hours.sum())} h."
    told = [rate]
    for more, naive, saved in zip(*map(np.atleast_1d, (found.more, found.naive, found.saved))):
        told.append(f"{say(more)} MW at that worth: {_money(naive)} $. In truth: {_money(saved)} $.")
    return "\n".join(told[: NAMED + 1])


def _money(dollars):
    """An amount, in whole dollars where it is large."""
    return f"{dollars:,.0f}" if abs(dollars) >= 10_000 else amount(dollars)
