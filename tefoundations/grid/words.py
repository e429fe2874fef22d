"""Numbers, tables and networks in words and as small tables."""

from html import escape

import numpy as np


def say(value):
    """A number to six significant digits, without the rounding dust of sums."""
    return f"{round(float(value), 9) + 0.0:.6g}"  # + 0.0 turns -0 into 0


def count(number, kind):
    """ "1 line", "3 lines"."""
    plural = kind if number == 1 else f"{kind}es" if kind.endswith("s") else f"{kind}s"
    return f"{number} {plural}"


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


def network_table(net):
    """HTML: the sizes of a network, one line each."""
    rows = [
        ("buses", len(net.buses)), ("slack", net.slack), ("lines", len(net.lines)),
        ("lines with a limit", int(np.isfinite(net.lines.limit).sum())),
        ("fixed load, MW", say(net.buses.load.sum())), ("generators", len(net.generators)),
        ("capacity, MW", say(net.generators.p_max.sum())), ("bids", len(net.bids)),
    ]  # fmt: skip
    return html_table(rows, "te-network")


def html_table(rows, kind):
    """HTML: one line a (name, value)."""
    body = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(str(value))}</td></tr>' for name, value in rows)
    return f'<table class="dataframe {kind}"><tbody>{body}</tbody></table>'
