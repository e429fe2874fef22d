"""A DC-OPF in words and as tables."""

import numpy as np

from tefoundations.grid.consistency import active_limits
from tefoundations.grid.words import price_words
from tefoundations.inputs import one_of
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import NAMED, count, say


def no_dust(dispatch, prices):
    """Prices ($/MWh) without what rounding leaves where they are 0, measured by the dearest price and offer."""
    largest = max(np.abs(of).max(initial=0.0) for of in (dispatch.lmp, dispatch._evidence.blocks.cost))
    return np.where(is_zero(prices, of=largest, share=NEAR), 0.0, prices)


def interval_words(dispatch, at):
    """One price, or the range of prices of a bus that support the dispatch."""
    return price_words(no_dust(dispatch, dispatch.price_interval[at]))


def bus_words(dispatch, at):
    """The price of one bus: energy, what each full line adds, and the range where there is one."""
    parts = dispatch.line_components().iloc[at]
    dearest = np.abs(dispatch.lmp).max()
    text = f"bus {dispatch.net.buses.bus[at]}: {say(dispatch._energy(), dearest)}"
    told = [(name, part) for name, part in parts.items() if not is_zero(part, of=dearest, share=NEAR)]
    for name, part in told:
        text += f" {'+' if part > 0 else '-'} {say(abs(part), dearest)} congestion on line {name}"
    text += ("" if told else ", no congestion") + f" = {say(dispatch.lmp[at], dearest)}"
    ends = interval_words(dispatch, at)
    if " to " in ends:
        text += f" (any price from {ends} supports this dispatch)"
    return text


def dispatch_words(dispatch):
    """A DC-OPF in words: money, full lines, every price (see `Dispatch.explain`)."""
    return "\n".join([*result_words(dispatch), *(bus_words(dispatch, at) for at in range(len(dispatch.lmp)))])


def result_words(dispatch):
    """Money, full lines, and limits that are worth something: a list of lines."""
    worth = f", worth of served bids {say(dispatch.value, dispatch.value)} $/h" if len(dispatch.demand) else ""
    paid = _paid(dispatch)
    words = [
        f"Cost {say(dispatch.cost, dispatch.cost)} $/h{worth}, congestion rent {say(dispatch.congestion_rent, *paid)} $/h."
    ]
    if dispatch.carbon_price:
        tonne = say(dispatch.carbon_price, dispatch.carbon_price)
        words.append(f"Carbon {say(dispatch.carbon)} t/h; a tonne costs {tonne} $, in the prices below.")
    for line in np.flatnonzero(dispatch.multiplier):
        name, flow, saved = dispatch.net.lines.name[line], dispatch.flow[line], abs(dispatch.multiplier[line])
        words.append(f"Line {name} is full: {say(flow, flow)} MW; one more would save {say(saved, saved)} $/h.")
    return words + _dc_words(dispatch) + _limit_words(dispatch)


def _dc_words(dispatch):
    """What each DC line carries and loses, and what more of it would save."""
    dc, told = dispatch.net.dclines, []
    for line, (flow, loss, saved) in enumerate(zip(dispatch.dc_flow, dispatch.dc_loss, dispatch.dc_multiplier)):
        ends = f"from bus {dc.from_bus[line]} to bus {dc.to_bus[line]}"
        lost = f", of which {say(loss, loss)} MW are lost" if loss else ""
        limit = f"; one {'more' if saved > 0 else 'less'} would save {say(abs(saved), abs(saved))} $/h" if saved else ""
        told.append(f"{dc.name[line]} carries {say(flow, flow)} MW {ends}{lost}{limit}.")
    return told


def _limit_words(dispatch):
    """The generators whose limits are worth something, first those whose are worth most; to be idle is no limit."""
    units, told = dispatch.net.generators, []
    least, most = active_limits(units)
    for mu, limit, words in (
        (dispatch.mu_p_max, most, ("most", "more")),
        (dispatch.mu_p_min, least, ("least", "less")),
    ):
        mu = np.where(limit == 0, 0.0, no_dust(dispatch, mu))
        some = [unit for unit in np.argsort(-mu, kind="stable")[:NAMED] if mu[unit]]
        for unit in some:
            gives = f"{units.name[unit]} gives its {words[0]}: {say(limit[unit], limit[unit])} MW"
            told.append(f"{gives}; one {words[1]} would save {say(mu[unit], mu[unit])} $/h.")
        more = np.count_nonzero(mu) - len(some)
        told += [f"So {'does' if more == 1 else 'do'} {count(more, 'other generator')}."] if more else []
    return told


def _paid(dispatch):
    """What is paid at the loads and at the generators ($/h): the congestion rent is a difference of it."""
    used = float(np.abs(dispatch.lmp) @ np.abs(dispatch.load))
    return used, float(np.abs(dispatch.lmp[dispatch.net.generators.at]) @ np.abs(dispatch.generation))


def dispatch_glance(dispatch):
    """Money, prices and full lines, as (name, value)."""
    served = dispatch.load.sum() + dispatch.demand.sum()
    return [
        ("load served, MW", say(served, served)),
        ("cost, $/h", say(dispatch.cost, dispatch.cost)),
        ("price, $/MWh", price_words(dispatch.lmp)),
        ("congestion rent, $/h", say(dispatch.congestion_rent, *_paid(dispatch))),
        ("full lines", ", ".join(map(str, dispatch.net.lines.name[dispatch.multiplier != 0])) or "none"),
    ]  # fmt: skip


def dispatch_frame(dispatch, table):
    """The tables of `Dispatch.to_frame`."""
    import pandas as pd

    one_of(table, ("buses", "lines", "generators", "bids", "dclines"), "table")
    net, n = dispatch.net, len(dispatch.lmp)
    if table == "buses":
        parts = dispatch.price_components()
        columns = {
            "load": dispatch.load, "demand": np.bincount(net.bids.at, dispatch.demand, n),
            "generation": np.bincount(net.generators.at, dispatch.generation, n), "lmp": dispatch.lmp,
            "energy": parts["energy"].to_numpy(), "congestion": parts["congestion"].to_numpy(),
        }  # fmt: skip
        return pd.DataFrame(columns, index=parts.index)
    if table == "lines":
        backward = np.where(dispatch.multiplier, dispatch.multiplier < 0, dispatch.flow < 0)
        limit = np.abs(np.where(backward, *dispatch.limits))
        columns = {"flow": dispatch.flow, "limit": limit, "multiplier": dispatch.multiplier}
        return pd.DataFrame(columns, index=pd.Index(net.lines.name, name="line"))
    if table == "dclines":
        dc, loss = net.dclines, dispatch.dc_loss
        here, there = dispatch.lmp[dc.start], dispatch.lmp[dc.end]
        columns = {"flow": dispatch.dc_flow, "loss": loss, "price_from": here, "price_to": there}
        columns |= {"multiplier": dispatch.dc_multiplier}
        columns |= {"rent": there * (dispatch.dc_flow - loss) - here * dispatch.dc_flow}
        return pd.DataFrame(columns, index=pd.Index(dc.name, name="DC line"))
    if table == "generators":
        price = dispatch.lmp[net.generators.at]
        output = dispatch.generation
        columns = {"bus": net.generators.bus, "output": output, "price": price, "revenue": price * output}
        columns |= {"mu_p_min": dispatch.mu_p_min, "mu_p_max": dispatch.mu_p_max}
        return pd.DataFrame(columns, index=pd.Index(net.generators.name, name="generator"))
    price = dispatch.lmp[net.bids.at]
    columns = {"bus": net.bids.bus, "demand": dispatch.demand, "price": price, "payment": price * dispatch.demand}
    return pd.DataFrame(columns, index=pd.Index(net.bids.name, name="bid"))
