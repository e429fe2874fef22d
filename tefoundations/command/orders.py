"""``clear``: a table of orders cleared by a rule, on a network where one is given."""

from __future__ import annotations

from functools import partial

from tefoundations.command.files import named, network, table
from tefoundations.command.report import Report, finished
from tefoundations.errors import TEError
from tefoundations.market import (
    OrderBook,
    deliverable,
    greedy,
    mcafee,
    muda,
    nodal,
    nodal_vcg,
    pay_as_bid,
    uniform_price,
    vcg,
)  # fmt: skip

RULES = {"uniform": uniform_price, "pay-as-bid": pay_as_bid, "vcg": vcg, "mcafee": mcafee, "muda": muda, "greedy": greedy}
BY_BUS = {"uniform": nodal, "vcg": nodal_vcg}
CASES = (
    "a folder with buses.csv, lines.csv and generators.csv, a MATPOWER case (.m), a pandapower net (.json), or a name of "
)
CASES += "the book, as three_bus"


def run(asked):
    """Clear, tell, and write where that is asked."""
    frame, lines = table(asked.orders)
    net = None if asked.network is None else network(asked.network)
    with named(asked.orders, lines):
        book = OrderBook.from_frame(frame)
        clearing = _cleared(book, asked.rule, net, asked.seed)
        words = clearing.explain() if net is None or asked.rule in BY_BUS else _with_lines(clearing, net)
    report = Report(f"{asked.orders.name} cleared: {asked.rule}", words)
    report.table("orders", "What became of each order", clearing.to_frame())
    report.table("statement", "Statement of account", clearing.statement())
    if asked.out is not None:
        _draw(report, clearing, net)
    finished(report, asked.out)


def _cleared(book, rule, net, seed):
    if net is not None and rule in BY_BUS:
        return BY_BUS[rule](book, net)
    return (partial(muda, rng=seed) if rule == "muda" else RULES[rule])(book)


def _with_lines(clearing, net):
    """The clearing in words, and whether the lines of the network could carry it."""
    return f"{clearing.explain()}\n{deliverable(clearing, net).explain()}"


def _draw(report, clearing, net):
    try:
        from tefoundations.explore import step_curves, surplus_bars
    except ImportError as error:
        raise TEError(f"the report's figures need {error.name}, which is not installed") from error
    units = {} if net is None else {"quantity_title": "Quantity (MW)", "price_title": "Price ($/MWh)"}
    report.figure("Bids and asks in order of price, and what was traded.", step_curves(clearing.book, clearing, **units))
    money = "Gain (ct)" if net is None else "Gain ($/h)"
    report.figure("Who gains.", surplus_bars(clearing, money_title=money))
