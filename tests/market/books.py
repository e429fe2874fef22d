"""Random books for the property tests, and the optimum found by an independent route."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.market import OrderBook

prices = st.integers(-20, 60).map(lambda cents: cents / 2)
quantities = st.integers(1, 40).map(lambda tenths: tenths / 10)  # tenths do not add up exactly in floats


def orders(most=8):
    return st.lists(st.tuples(prices, quantities), max_size=most)


@st.composite
def order_books(draw, most=8):
    return OrderBook.of(bids=draw(orders(most)), asks=draw(orders(most)))


def lp_optimum(book):
    """Largest welfare of a book as a linear programme: choose how much of each order trades, supply = demand."""
    bids, asks = book.bids, book.asks
    if not len(bids) or not len(asks):
        return 0.0
    worth = np.concatenate([-bids.price, asks.price])
    balance = np.concatenate([np.ones(len(bids)), -np.ones(len(asks))])[None, :]
    bounds = [(0, quantity) for quantity in np.concatenate([bids.quantity, asks.quantity])]
    return -linprog(worth, A_eq=balance, b_eq=[0.0], bounds=bounds).fun


@st.composite
def single_units(draw, most=6):
    """Books as McAfee's rule wants them: one kWh an agent."""
    sides = [draw(st.lists(prices, max_size=most)) for _ in range(2)]
    return OrderBook.of(*([(price, 1) for price in side] for side in sides))


@st.composite
def curves(draw, most=6):
    """Books in which agents have several orders, each agent on one side."""
    sides = []
    for names in ("abc", "xyz"):
        rows = st.tuples(st.sampled_from(names), prices, quantities)
        sides.append(draw(st.lists(rows, max_size=most)))
    return OrderBook.of(*sides)


SCALES = st.sampled_from([1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9])
FEW = settings(max_examples=40)


@st.composite
def sides(draw, most=5):
    """Bids and asks (price, quantity); prices of one digit, so that ties come up, quantities that add up with rounding."""
    order = st.tuples(st.integers(1, 9), st.integers(1, 30).map(lambda tenths: tenths / 10))
    return draw(st.lists(order, max_size=most)), draw(st.lists(order, max_size=most))


def scaled(orders, scale):
    return [(price, quantity * scale) for price, quantity in orders]
