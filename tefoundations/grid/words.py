"""A network in words and at a glance."""

import numpy as np

from tefoundations.words import count, say


def network_words(net):
    """What is in a network, a few lines of text (see `Network.explain`)."""
    buses, lines, units, bids = net.buses, net.lines, net.generators, net.bids
    limited = np.isfinite(lines.limit).sum()
    loops = len(lines) - len(buses) + 1
    words = [
        f"{count(len(buses), 'bus')}, slack {net.slack}; {count(len(lines), 'line')}, {limited} with a limit; "
        + (f"{count(loops, 'loop')}." if loops else "no loop."),
        f"Fixed load {say(buses.load.sum())} MW; {count(len(units), 'generator')} of {say(units.p_max.sum())} MW together, "
        f"at least {say(units.p_min.sum())} MW.",
    ]
    if len(bids):
        most = f"up to {say(bids.p_max.sum())} MW, worth up to {say(bids.value.max())} $/MWh"
        words.append(f"{count(len(bids), 'bid')} for {most}.")
    return "\n".join([*words, *net.notes])


def network_glance(net):
    """The sizes of a network, as (name, value)."""
    return [
        ("buses", len(net.buses)), ("slack", net.slack), ("lines", len(net.lines)),
        ("lines with a limit", int(np.isfinite(net.lines.limit).sum())),
        ("fixed load, MW", say(net.buses.load.sum())), ("generators", len(net.generators)),
        ("capacity, MW", say(net.generators.p_max.sum())), ("bids", len(net.bids)),
    ]  # fmt: skip
