"""Markets on a network against a dense linear programme over angles that shares no code with the package."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.data import grid
from tefoundations.errors import InvalidInput, InvalidOrder
from tefoundations.grid import Network
from tefoundations.market import OrderBook, audit, deliverable, nodal, nodal_vcg, uniform_price, vcg
from tefoundations.market.crossing import best_welfare

NET = Network.from_frames(**grid("three_bus"))
RADIAL = Network.from_frames(**grid("three_bus_radial"))


def limited(net, *limits):
    return replace(net, lines=replace(net.lines, limit=np.array(limits, float)))


def book_of(rows, agents=False):
    columns = ["side", "bus", "price", "quantity"] + (["agent"] if agents else [])
    return OrderBook.from_frame(pd.DataFrame(rows, columns=columns))


def by_angles(book, net):
    """Largest welfare with bus angles as variables."""
    bids, asks, n, m = book.bids, book.asks, len(net.buses), len(net.lines)
    orders = len(bids) + len(asks)
    worth = np.concatenate([bids.price, -asks.price, np.zeros(n)])
    balance = np.zeros((n, orders + n))
    for i, bus in enumerate([] if bids.bus is None else bids.bus):
        balance[net.position(bus), i] = -1
    for i, bus in enumerate([] if asks.bus is None else asks.bus):
        balance[net.position(bus), len(bids) + i] = 1
    flows = np.zeros((m, orders + n))
    for line in range(m):
        start, end, b = net.lines.start[line], net.lines.end[line], 100 / net.lines.x[line]
        flows[line, orders + start], flows[line, orders + end] = b, -b
        balance[start] -= flows[line]
        balance[end] += flows[line]
    finite = np.isfinite(net.lines.limit)
    rows, most = np.vstack([flows[finite], -flows[finite]]), np.tile(net.lines.limit[finite], 2)
    bounds = [(0, q) for q in np.concatenate([bids.quantity, asks.quantity])] + [(0, 0)] + [(None, None)] * (n - 1)
    limits = {"A_ub": rows, "b_ub": most} if len(rows) else {}
    found = linprog(-worth, A_eq=balance, b_eq=np.zeros(n), bounds=bounds, **limits)
    return -found.fun


@st.composite
def markets(draw, most=6):
    """Orders of five agents, each on one side, at three buses, and limits of the triangle."""
    rows = []
    for _ in range(draw(st.integers(0, most))):
        agent = draw(st.sampled_from("abxyz"))
        side = "buy" if agent in "ab" else "sell"
        place, price, quantity = draw(st.tuples(st.integers(1, 3), st.integers(0, 40), st.integers(1, 60)))
        rows.append((side, place, float(price), float(quantity), agent))
    limits = draw(st.lists(st.sampled_from([5.0, 12.0, 30.0, np.inf]), min_size=3, max_size=3))
    return book_of(rows, agents=True), limited(NET, *limits)


@settings(max_examples=60, deadline=None)
@given(markets())
def test_the_largest_welfare_the_lines_allow(market):
    book, net = market
    c = nodal(book, net)
    assert c.welfare == pytest.approx(by_angles(book, net), abs=1e-6)
    assert c.welfare <= best_welfare(book) + 1e-6
    assert c.budget >= -1e-6 and (c.to_frame()["gain"] >= -1e-6).all()  # a rent, and nobody loses
    assert deliverable(c, net).possible


@settings(max_examples=60, deadline=None)
@given(markets())
def test_without_limits_it_is_the_market_without_a_map(market):
    book, free = market[0], limited(NET, np.inf, np.inf, np.inf)
    c, single = nodal(book, free), uniform_price(book)
    assert c.welfare == pytest.approx(single.welfare, abs=1e-6)
    if c.quantity > 1e-6 and single.quantity:
        low, high = single.price_interval
        assert low - 1e-6 <= c.price <= high + 1e-6 and c.budget == pytest.approx(0, abs=1e-6)
    assert nodal_vcg(book, free).budget == pytest.approx(vcg(book).budget, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(markets(5))
def test_vcg_on_a_network_charges_the_harm(market):
    book, net = market
    table = nodal_vcg(book, net).to_frame()
    table["net"] = np.where(table["side"] == "buy", table["money"], -table["money"])
    sign = np.where(table["side"] == "buy", 1, -1)
    best = by_angles(book, net)
    frame = book.to_frame()
    for agent, paid in table.groupby("agent")["net"].sum().items():
        mine = (table["agent"] == agent).to_numpy()
        others = best - (sign * table["price"] * table["traded"])[mine].sum()
        assert paid == pytest.approx(by_angles(OrderBook.from_frame(frame[~mine]), net) - others, abs=1e-5)


def test_honest_on_a_network():
    rows = [
        ("buy", 2, 30, 60, "a"),
        ("buy", 3, 20, 40, "b"),
        ("sell", 1, 5, 80, "x"),
        ("sell", 3, 10, 60, "y"),
        ("sell", 2, 25, 30, "z"),
    ]
    book, net = book_of(rows, agents=True), limited(NET, 30, np.inf, np.inf)
    assert audit(lambda told: nodal_vcg(told, net), book).regret == 0
    assert audit(lambda told: nodal(told, net), book).regret > 0


def test_three_buses_of_kirschen_and_strbac():
    wires = Network.from_frames(
        {"bus": [1, 2, 3]}, {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": [0.2, 0.2, 0.1], "limit": [126, 250, 130]},
        {"bus": [], "p_max": [], "cost": []},
    )  # fmt: skip
    supply = [("sell", 1, 7.5, 140), ("sell", 1, 6, 285), ("sell", 2, 14, 90), ("sell", 3, 10, 85)]
    c = nodal(book_of(supply + [("buy", 1, 100, 50), ("buy", 2, 100, 60), ("buy", 3, 100, 300)]), wires)
    assert c.bid_price == pytest.approx([7.5, 11.25, 10])
    assert c.book.asks.price @ c.ask_quantity == pytest.approx(2835)
    assert np.isnan(c.price) and "prices part" in c.explain()


def test_the_line_that_says_no_is_named():
    rows = [("sell", 1, 5, 147.4), ("buy", 2, 40, 138.2), ("buy", 3, 20, 9.2)]
    c = uniform_price(book_of(rows))
    found = deliverable(c, RADIAL)
    assert found.possible and found.flow == pytest.approx([147.4, 9.2])
    tight = deliverable(c, limited(RADIAL, 100, 100))
    assert not tight.possible and tight.overloaded == ("1-2",)
    assert tight.explain() == "Not deliverable: line 1-2 would carry 147.4 MW of 100."


def test_bad_orders_are_named():
    with pytest.raises(InvalidOrder, match="bids, row 0: bus is missing"):
        nodal(OrderBook.of([(5, 1)]), NET)
    with pytest.raises(InvalidOrder, match="asks, row 1: bus 9 is not in the network"):
        nodal(book_of([("sell", 1, 5, 1), ("sell", 9, 5, 1)]), NET)
    with pytest.raises(InvalidInput, match="nodal_vcg is not defined for agents on both sides: 'a'"):
        nodal_vcg(book_of([("sell", 1, 5, 1, "a"), ("buy", 2, 9, 1, "a")], agents=True), NET)


@pytest.mark.parametrize("mechanism", [nodal, nodal_vcg])
def test_empty_and_one_sided_markets(mechanism):
    for rows in ([], [("buy", 2, 5, 1)], [("sell", 1, 5, 1)]):
        c = mechanism(book_of(rows) if rows else OrderBook.of(), NET)
        assert c.quantity == c.welfare == c.budget == 0 and np.isnan(c.price) and c.explain().startswith("No trade")
