"""The readers in the rooms: natural slips get a named error, no bare traceback and no silent misreading."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import grid, harbour
from tefoundations.errors import InvalidInput, InvalidNetwork, InvalidOrder, InvalidPrices, TEError
from tefoundations.grid import Network, dc_opf, dc_power_flow
from tefoundations.market import (
    BlockOrder,
    OrderBook,
    WindowOrder,
    audit,
    day_ahead,
    deliverable,
    greedy,
    lp_clearing,
    mcafee,
    muda,
    nodal,
    pay_as_bid,
    posted_price,
    second_price,
    serve_by_merit,
    threshold_price,
    trades,
    uniform_price,
    vcg,
    zero_intelligence,
)
from tefoundations.resources import Battery, arbitrage, rolling

BOOK = OrderBook.of([(12, 1)], [(5, 1)])
TINY = {"buses": {"bus": [1, 2], "load": [0, 80]}, "lines": {"from_bus": [1], "to_bus": [2], "x": [0.1]},
        "generators": {"bus": [1], "p_max": [200], "cost": [20]}}  # fmt: skip
STAMPS = pd.date_range("2024-01-01", periods=3, freq="h")


def refused(error, call, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value), str(caught.value)
    assert "np." not in str(caught.value)


def net():
    return Network.from_frames(**grid("three_bus"))


@pytest.mark.parametrize("given", [[(12, 1)], None, {"bids": []}, pd.DataFrame({"price": [1]})])
@pytest.mark.parametrize(
    "mechanism",
    [uniform_price, pay_as_bid, lp_clearing, greedy, vcg, second_price, mcafee, lambda b: muda(b, rng=1),
     lambda b: posted_price(b, 8), lambda b: threshold_price(b, 8),
     lambda b: zero_intelligence(b, rng=1), lambda b: nodal(b, net()), lambda b: day_ahead([b]),
     lambda b: audit(lambda _: uniform_price(BOOK), b)],
)  # fmt: skip
def test_what_is_no_book_is_refused(mechanism, given):
    refused(InvalidInput, lambda: mechanism(given), "book must be an OrderBook, not a")


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: day_ahead(BOOK), "books must be a sequence of OrderBook, one an hour, not an OrderBook"),
        (lambda: day_ahead([BOOK], BlockOrder("b", "buy", 1, 1)), "orders must be a sequence of BlockOrder and WindowOrder"),
        (lambda: serve_by_merit(harbour("spare"), []), "not a table; give one of its columns: hour, kwh"),
        (lambda: serve_by_merit(harbour("spare")[["kwh"]], []), "not a table; give one of its columns: kwh"),
        (lambda: serve_by_merit([1], 3), "windows must be a sequence of WindowOrder, not an int"),
        (lambda: arbitrage([1, 2], {"energy": 1}), "battery must be a Battery, not a dict"),
        (lambda: rolling([1, 2], [1, 2], None, 1), "battery must be a Battery, not a NoneType"),
        (lambda: trades([]), "trades takes a Clearing, not list"),
        (lambda: deliverable(BOOK, net()), "clearing must be a Clearing, not an OrderBook"),
        (lambda: zero_intelligence(BOOK, rng=None), "rng None must be"),
        (lambda: zero_intelligence(BOOK, rng=1, price_range=5), "price_range must be one number for each end"),
        (lambda: mcafee(OrderBook.of([(9, 0.1 + 0.2)], [(5, 0.3)])), "found 0.30000000000000004 and 0.3"),
        (lambda: BlockOrder("b", "buy", np.float64("nan"), 1), "block 'b': price nan must be a finite number"),
        (lambda: WindowOrder("w", "buy", 1, 1, 0, np.float64(1.5)), "last hour 1.5 must be a whole number"),
    ],
)
def test_a_slip_is_named(call, words):
    refused(TEError, call, words)


def test_whole_numbers_of_numpy_are_whole_numbers():
    assert WindowOrder("w", "buy", 1, 1, np.int64(0), np.int64(1)).last == 1
    assert BlockOrder("b", "buy", np.float64(1), np.array([1.0, 2.0]), first=np.int64(3)).last == 4


@pytest.mark.parametrize(
    "prices, words",
    [
        (np.ma.masked_array([1.0, 2.0, 3.0], [0, 1, 0]), "step 1: price 2.0 is masked"),
        (STAMPS, "prices must be numbers, not dates or times"),
        ([[1, 2, 3]], "prices must be one number for each step, not of shape (1, 3)"),
        (pd.DataFrame({"price": [1, 2, 3]}), "not a table; give one of its columns: price"),
        (pd.Series([1, 2, 3], pd.date_range("2024-01-01", periods=3, freq="15min")), "a step is 0.25 hours, and 1 is given"),
        (pd.Series([1, 2, 3], [2, 1, 0]), "its index must rise"),
    ],
)
def test_a_series_of_prices_is_not_misread(prices, words):
    refused(InvalidPrices, lambda: arbitrage(prices, Battery(1, 1)), words)
    refused(InvalidPrices, lambda: rolling(prices, [1, 2, 3], Battery(1, 1), 2), words)


def test_the_index_of_forecasts_is_read_too():
    late = pd.Series([1, 2, 3], pd.date_range("2024-01-01", periods=3, freq="15min"))
    refused(InvalidInput, lambda: rolling([1, 2, 3], late, Battery(1, 1), 2), "forecasts: by its index a step is 0.25 hours")
    table = pd.DataFrame(np.ones((3, 2)), index=STAMPS)
    assert rolling(pd.Series([1, 2, 3], STAMPS), table, Battery(1, 1), 2).profit >= 0


def test_a_frame_of_orders_is_not_misread():
    frame = pd.DataFrame({"side": ["buy", "sell"], "price": [12, 5], "quantity": [1, 1]})
    twice = pd.concat([frame, frame["price"]], axis=1)
    refused(InvalidOrder, lambda: OrderBook.from_frame(twice), "column 'price' is there twice")
    refused(InvalidOrder, lambda: OrderBook.from_frame(frame.assign(price=STAMPS[:2])), "price must be numbers, not dates")
    refused(
        InvalidOrder, lambda: OrderBook.from_frame(frame.assign(agent=[["a"], "b"])), "row 0: agent ['a'] must be a name"
    )
    refused(InvalidOrder, lambda: OrderBook.from_frame([(12, 1)]), "frame must be a pandas.DataFrame, not a list")
    refused(InvalidOrder, lambda: OrderBook.of(frame), "bids must be a sequence of rows, not DataFrame")
    zoned = frame.assign(time=pd.to_datetime(["2024-01-01 10:00", "2024-01-01 09:00"]).tz_localize("Europe/Berlin"))
    assert OrderBook.from_frame(zoned).bids.time.tolist() == [pd.Timestamp("2024-01-01 09:00").value]


@pytest.mark.parametrize(
    "changed, words",
    [
        (
            {"buses": {"bus": [1, 2, 3], "load": [0, 80]}},
            "buses: all columns must have one length, and found are bus 3, load 2",
        ),
        ({"buses": {"bus": [[1], [2]]}}, "buses, row 0: bus [1] must be a name or a number"),
        ({"buses": {"bus": [1, 2], "load": [0, 1 + 2j]}}, "buses: load must be numbers, not complex numbers"),
        ({"lines": 5}, "lines must be a table or a dict of columns, not int"),
        ({"base": None}, "base None must be a positive number (MVA)"),
        ({"slack": [1]}, "slack [1] is no bus of this network (1, 2)"),
        ({"buses": pd.DataFrame([[1, 0, 0], [2, 80, 80]], columns=["bus", "load", "load"])}, "column 'load' is there twice"),
        ({"generators": {"bus": np.array([7]), "p_max": [1], "cost": [1]}}, "generators, row 0: bus 7 is no bus"),
    ],
)
def test_a_network_is_not_misread(changed, words):
    refused(InvalidNetwork, lambda: Network.from_frames(**(TINY | changed)), words)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: dc_opf(net(), load=[1, 2 + 1j, 3]), "load must be numbers, not complex numbers"),
        (lambda: dc_opf(net(), load={2: 1 + 1j}), "load must be numbers, not complex numbers"),
        (lambda: dc_opf(net(), load={np.int64(9): 1}), "bus 9 is no bus of this network (1, 2, 3)"),
        (lambda: dc_opf(net(), load=np.ma.masked_array([1, 2, 3], [0, 0, 1])), "row 2: load 3 is masked"),
        (lambda: dc_opf(net(), slack=[1]), "bus [1] is no bus of this network"),
        (lambda: dc_opf(net(), slack={1: "all"}), "bus 0: slack 'all' must be a number"),
        (lambda: dc_opf(net(), limits=pd.Series([1, 2], ["1-2", "1-2"])), "limits: its index names a line twice"),
        (lambda: dc_power_flow(net(), injection={1: None}), "injection None must be a number"),
    ],
)
def test_what_replaces_a_column_is_not_misread(call, words):
    refused(TEError, call, words)


def test_a_series_of_loads_is_read_by_its_index():
    turned = pd.Series([30.0, 20.0, 10.0], [3, 2, 1])
    assert net().load_vector(turned).tolist() == [10, 20, 30]
    assert net().load_vector(pd.Series([5.0], [2])).tolist() == [0, 5, 0]
    assert net().load_vector(pd.Series([1.0, 2.0, 3.0])).tolist() == [1, 2, 3]
