"""Coupled hours in words."""

import numpy as np

from tefoundations.grid.words import price_words
from tefoundations.words import count, listed, say

TOLD = 6  # stores that are told one by one


def coupled_words(found):
    """Cost, prices, stores and full lines (see `CoupledSeries.explain`)."""
    kind = "hour" if found.hours == 1 else "step"
    length = "" if found.hours == 1 else f" of {say(found.hours)} h"
    lines = [f"{count(len(found), kind)}{length}: cost {say(found.total_cost)} $."]
    if found.lmp.size:
        lines.append(f"Prices from {say(found.lmp.min())} to {say(found.lmp.max())} $/MWh.")
    lines += [_store_words(found, place) for place in range(min(TOLD, len(found.stores)))]
    if len(found.stores) > TOLD:
        lines.append(f"And {count(len(found.stores) - TOLD, 'store')} more.")
    if found.both_ways.any():
        steps = count(int(found.both_ways.any(axis=1).sum()), kind)
        lines.append(f"In {steps} a store takes and gives at once, where losing energy is paid for: no battery can.")
    full = (found.multiplier != 0).sum(axis=0)
    for line in np.argsort(-full, kind="stable"):
        if full[line]:
            lines.append(f"Line {found.net.lines.name[line]} is full in {count(int(full[line]), kind)}.")
    return "\n".join(lines)


def _store_words(found, place):
    store, held = found.stores[place], found.stores[place].energy
    taken, given = (found.hours * each[:, place].sum() for each in (found.charge, found.discharge))
    left, income = found.stored[-1, place], found.store_income[place]
    money = f"earns {say(income)} $" if income >= 0 else f"pays {say(-income)} $"
    moved = f"takes {say(taken, held)} MWh, gives {say(given, held)} MWh, {say(left, held)} MWh left"
    return f"Store {store.name}: {moved}; {money}."


def coupled_glance(found):
    """The result at a glance, as (name, value)."""
    full = found.net.lines.name[(found.multiplier != 0).any(axis=0)]
    return [
        ("steps", len(found)), ("hours of a step", found.hours), ("cost, $", found.total_cost),
        ("prices, $/MWh", price_words(found.lmp.round(9)) if found.lmp.size else "none"),
        ("stores", listed([store.name for store in found.stores]) or "none"),
        ("given by stores, MWh", found.hours * found.discharge.sum()), ("stores earn, $", found.store_income.sum()),
        ("lines that were full", listed(full) or "none"),
    ]  # fmt: skip
