"""What is nothing is 0, and never -0: a reader would take the sign for a loss that was rounded away."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import grid
from tefoundations.grid import Network
from tefoundations.market import (
    BatteryOrder,
    BlockOrder,
    OrderBook,
    WindowOrder,
    day_ahead,
    lp_clearing,
    mcafee,
    nodal,
    nodal_vcg,
    pay_as_bid,
    uniform_price,
    vcg,
)
from tefoundations.resources import Battery

BOOKS = {
    "empty": OrderBook.of(),
    "apart": OrderBook.of([(4, 1)], [(6, 1)]),
    "about zero": OrderBook.of([(-4, 1)], [(4, 1)]),
    "at zero": OrderBook.of([(-0.0, 1)], [(0, 1)]),
    "below zero": OrderBook.of([(-1, 1), (0, 2)], [(-3, 1), (0, 1)]),
    "glut": OrderBook.of([(-4, 1), (3, 2)], [(-8, 1), (0, 4)]),
}


def negative_zeros(result, tables=("to_frame", "statement")):
    """Fields and columns of a result that hold a -0."""
    values = {name: getattr(result, name) for name in dir(result) if not name.startswith("_")}
    columns = {f"{name}: {column}": table[column].to_numpy() for name in tables if (table := values[name]()) is not None
               for column in table.select_dtypes("number")}  # fmt: skip
    numeric = {
        name: np.asarray(value) for name, value in (values | columns).items() if isinstance(value, (float, np.ndarray))
    }
    return [name for name, array in numeric.items() if array.dtype == float and (np.signbit(array) & (array == 0)).any()]


@pytest.mark.parametrize(
    "mechanism, name",
    [(mechanism, name) for mechanism in (uniform_price, pay_as_bid, vcg, lp_clearing) for name in BOOKS]
    + [(mcafee, name) for name in ("empty", "apart", "about zero", "at zero")],
)
def test_nothing_in_a_clearing_is_less_than_nothing(mechanism, name):
    assert negative_zeros(mechanism(BOOKS[name])) == []


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("pricing", ["marginal", "european", "convex_hull"])
def test_nothing_in_a_day_is_less_than_nothing(pricing, name):
    battery = BatteryOrder("store", Battery(energy=1, power=1))
    window = WindowOrder("wash", "buy", -3, 2, first=0, last=1)
    for orders in ((), (BlockOrder("plant", "sell", 20, 8), BlockOrder("flood", "buy", -20, 8), window, battery)):
        day = day_ahead([BOOKS[name]] * 2, orders, pricing=pricing)
        assert negative_zeros(day) == [] and str(day.budget) == "0.0" and "-0 " not in day.explain()


def test_nothing_on_a_network_is_less_than_nothing():
    rows = {"side": ["buy", "sell", "buy"], "price": [-4, -2, 0], "quantity": [1, 1, 1], "bus": [1, 1, 2]}
    for mechanism in (nodal, nodal_vcg):
        found = mechanism(OrderBook.from_frame(pd.DataFrame(rows)), Network.from_frames(**grid("three_bus")))
        assert negative_zeros(found) == [] and found.quantity == 1
