"""A network in words and at a glance, and how many digits of a result are told."""

from math import floor, log10

import numpy as np

from tefoundations.grid.consistency import active_limits
from tefoundations.words import count, say, six_digits

SIX_DIGITS = 1e-6  # share of what a number belongs to that six digits do not show


def told(value, of):
    """A number that an iteration found, without what it leaves: four decimals, or six digits of what the number belongs to.

    >>> told(49.99999993, of=80), told(3.30004, of=80), told(2.5000000001e-6, of=5e-5)
    ('50', '3.3', '2.5e-06')
    """
    decimals = max(4, 5 - floor(log10(of))) if of > 0 else 4
    return six_digits(round(float(value), decimals) + 0.0)


def amount(value, *beside):
    """Money or power as readers write it: two decimals from 1 up, thousands parted from 10,000; below 1 as `say` tells it.

    >>> amount(268.4211), amount(75.5), amount(0.0392157), amount(2403000.0), amount(17479.897), amount(1e-12, 30.0)
    ('268.42', '75.5', '0.0392157', '2,403,000', '17,479.9', '0')
    """
    if not 1 <= abs(value) < 1e6:
        return say(value, *beside)
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text if abs(value) >= 10_000 else text.replace(",", "")


def one_price(prices):
    """Whether six digits show one price at all buses; a range without an end is none."""
    low, high = prices.min(), prices.max()
    return bool(high - low <= SIX_DIGITS * max(abs(low), abs(high)) < float("inf"))


def price_words(prices):
    """Prices as one number, or as the range from the lowest to the highest.

    >>> price_words(np.array([30.0, 30.0 + 1e-8])), price_words(np.array([9.0, 19.0])), price_words(np.array([8.0, np.inf]))
    ('30', '9 to 19', '8 to inf')
    >>> price_words(np.array([-4e-15, 30.0]))
    '0 to 30'
    """
    low, high = prices.min() + 0.0, prices.max() + 0.0
    largest = np.abs(prices[np.isfinite(prices)]).max(initial=0.0)
    return six_digits(low) if one_price(prices) else f"{say(low, largest)} to {say(high, largest)}"


def network_words(net):
    """What is in a network, a few lines of text (see `Network.explain`)."""
    buses, lines, units, bids = net.buses, net.lines, net.generators, net.bids
    limited = np.isfinite(lines.limit).sum()
    loops = len(lines) - len(buses) + 1
    words = [
        f"{count(len(buses), 'bus')}, slack {net.slack}; {count(len(lines), 'line')}, {limited} with a limit; "
        + (f"{count(loops, 'loop')}." if loops else "no loop."),
        f"Fixed load {say(buses.load.sum())} MW; {count(len(units), 'generator')} {_together(units)}.",
    ]
    if len(bids):
        most = f"up to {say(bids.p_max.sum())} MW, worth up to {say(bids.value.max())} $/MWh"
        words.append(f"{count(len(bids), 'bid')} for {most}.")
    if len(net.dclines):
        words.append(f"{count(len(net.dclines), 'DC line')} of {say(net.dclines.p_max.sum())} MW together.")
    return "\n".join([*words, *net.notes])


def _together(units):
    """What generators can make together, at most and at least."""
    least, most = (limit.sum() for limit in active_limits(units))
    said = f"of {say(most)} MW together" if np.isfinite(most) else "without a limit"
    return f"{said}, at least {say(least)} MW" if np.isfinite(least) else said


def network_glance(net):
    """The sizes of a network, as (name, value)."""
    return [
        ("buses", len(net.buses)), ("slack", net.slack), ("lines", len(net.lines)),
        ("lines with a limit", int(np.isfinite(net.lines.limit).sum())),
        ("fixed load, MW", say(net.buses.load.sum())), ("generators", len(net.generators)),
        ("capacity, MW", say(active_limits(net.generators)[1].sum())), ("bids", len(net.bids)),
        *[("DC lines", len(net.dclines))][: len(net.dclines)],
    ]  # fmt: skip
