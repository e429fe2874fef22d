import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from tefoundations.errors import InvalidInput, InvalidOrder, TEError
from tefoundations.market import OrderBook, uniform_price
from tefoundations.market.orders import Orders
from tests.market.books import order_books

GOOD = {"side": ["buy", "sell", "sell"], "price": [12.0, 5.0, 7.0], "quantity": [1.0, 2.0, 3.0]}
BOOK, ONE = OrderBook.of(bids=[(12, 1)], asks=[(5, 1)]), np.ones(1)


@pytest.mark.parametrize(
    ("bids", "row", "column", "words"),
    [
        ([(12, 1), (float("nan"), 1)], 1, "price", "finite"),
        ([(float("inf"), 1)], 0, "price", "finite"),
        ([(12, 1), (11, 1), (10, float("inf"))], 2, "quantity", "finite"),
        ([(12, 0)], 0, "quantity", "positive"),
        ([(12, -3)], 0, "quantity", "positive"),
        ([("bakery", 12, 1), ("school", "dear", 1)], 1, "price", "number"),
        ([("bakery", 12, 1), ("school", None, 1)], 1, "price", "number"),
        ([("bakery", 12, 1), (None, 10, 1)], 1, "agent", "missing"),
    ],
)
def test_a_bad_order_is_named(bids, row, column, words):
    with pytest.raises(InvalidOrder, match=words) as caught:
        OrderBook.of(bids=bids, asks=[(5, 1)])
    error = caught.value
    assert (error.table, error.row, error.column) == ("bids", row, column)
    assert f"row {row}" in str(error) and column in str(error)
    assert isinstance(error, InvalidInput) and isinstance(error, TEError)


@pytest.mark.parametrize("bids", [[(12, 1), (10,)], [(12, 1), "ab"], [12, 1], [(1, 2, 3, 4)], [("a", 1, 2), (1, 2)]])
def test_a_row_of_another_shape_is_named(bids):
    with pytest.raises(InvalidOrder, match="row"):
        OrderBook.of(bids=bids)


@pytest.mark.parametrize("name", ["side", "price", "quantity"])
def test_a_missing_column_is_named(name):
    with pytest.raises(InvalidOrder, match=f"column '{name}' is missing"):
        OrderBook.from_frame(pd.DataFrame(GOOD).drop(columns=name))


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("side", "borrow", "'buy' or 'sell'"),
        ("side", None, "side is missing"),
        ("price", None, "price is missing"),
        ("price", np.nan, "price is missing"),
        ("price", "cheap", "number"),
        ("quantity", -np.inf, "finite"),
        ("quantity", 0.0, "positive"),
        ("agent", None, "missing"),
        ("bus", np.nan, "missing"),
        ("time", np.nan, "missing"),
        ("time", "noon", "number"),
    ],
)
def test_a_bad_cell_is_named(column, value, words):
    frame = pd.DataFrame(GOOD | {"agent": ["a", "b", "c"], "bus": [1, 2, 3], "time": [0, 1, 2]}).astype(object)
    frame.loc[1, column] = value
    frame.index = [10, 20, 30]  # the error counts positions, whatever the index says
    with pytest.raises(InvalidOrder, match=words) as caught:
        OrderBook.from_frame(frame)
    assert caught.value.row == 1 and caught.value.column == column


@pytest.mark.parametrize("hole", [None, np.nan, pd.NA, pd.NaT], ids=str)
@pytest.mark.parametrize("column", ["side", "agent", "bus", "time", "price", "quantity"])
def test_a_hole_is_told_alike_whatever_pandas_holds_there(column, hole):
    texts = {"agent": list("abc"), "bus": list("xyz"), "time": list("123"), "price": list("567"), "quantity": list("111")}
    frame = pd.DataFrame(GOOD | texts).astype(object)
    frame[column] = pd.Series([frame[column][0], hole, frame[column][2]], dtype=object)
    with pytest.raises(InvalidOrder) as caught:
        OrderBook.from_frame(frame)
    assert str(caught.value) == f"row 1: {column} is missing"


def test_an_agent_missing_in_a_row_is_told_alike():
    for hole in (None, np.nan):
        with pytest.raises(InvalidOrder, match="^bids, row 1: agent is missing$"):
            OrderBook.of(bids=[("a", 1, 1), (hole, 1, 1)])


def test_negative_prices_are_prices():
    book = OrderBook.of(bids=[(-1, 2)], asks=[(-4, 2)])
    assert book.bids.price[0] == -1 and book.asks.price[0] == -4


def test_empty_books_are_books():
    assert len(OrderBook.of().bids) == 0
    assert len(OrderBook.from_frame(pd.DataFrame(GOOD).iloc[:0]).asks) == 0
    assert list(OrderBook.of().to_frame().columns) == ["side", "agent", "price", "quantity"]


def test_arrays_and_tuples_make_the_same_book():
    pairs = [(12.0, 1.0), (10.0, 2.0)]
    a, b = OrderBook.of(bids=pairs).bids, OrderBook.of(bids=np.array(pairs)).bids
    assert a.price.tolist() == b.price.tolist() and a.quantity.tolist() == b.quantity.tolist()
    assert a.agent.tolist() == ["buyer 1", "buyer 2"]


def test_ties_go_by_time_then_position():
    frame = pd.DataFrame({"side": "buy", "price": [10, 12, 10, 10], "quantity": 1, "time": [3, 9, 1, 1]})
    assert OrderBook.from_frame(frame).bids.priority.tolist() == [1, 2, 3, 0]
    stamps = frame.assign(time=pd.to_datetime(frame["time"], unit="h"))
    assert OrderBook.from_frame(stamps).bids.priority.tolist() == [1, 2, 3, 0]
    assert OrderBook.from_frame(frame.drop(columns="time")).bids.priority.tolist() == [1, 0, 2, 3]


def test_a_book_does_not_change_with_its_source():
    source = np.array([[12.0, 1.0]])
    book = OrderBook.of(bids=source)
    source[0, 0] = 99
    assert book.bids.price[0] == 12
    with pytest.raises(ValueError, match="read-only"):
        book.bids.price[0] = 1


@given(order_books())
def test_a_frame_is_the_book(book):
    again = OrderBook.from_frame(book.to_frame())
    for side in ("bids", "asks"):
        mine, its = getattr(book, side), getattr(again, side)
        assert mine.price.tolist() == its.price.tolist()
        assert mine.quantity.tolist() == its.quantity.tolist()
        assert mine.agent.tolist() == its.agent.tolist()


def test_the_table_shows_the_best_orders_and_counts_the_rest():
    book = OrderBook.of(bids=[(f"<b>{i}", i, 1) for i in range(20)], asks=[(50, 1)])
    html = book._repr_html_()
    assert "&lt;b&gt;19" in html and "<b>19" not in html and "12 more bids" in html and "0 more asks" in html


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: Orders("buy", [1], [1]), "^bids: price must be an ndarray, not a list: OrderBook.of reads rows$"),
        (lambda: Orders("sell", ONE, None), "^asks: quantity must be an ndarray, not a NoneType: OrderBook.of reads rows$"),
        (lambda: Orders("bid", ONE, ONE), "^side 'bid' is not one of buy, sell$"),
        (lambda: Orders(None, ONE, ONE), "^side None is not one of buy, sell$"),
        (lambda: Orders("buy", ONE, np.ones(2)), r"^bids: quantity must be one for each of 1 order, not of shape \(2,\)$"),
        (lambda: Orders("buy", np.ones((2, 2)), ONE), r"price must be one for each of 4 orders, not of shape \(2, 2\)"),
        (lambda: Orders("buy", np.array([1, np.nan]), np.ones(2)), "^bids, row 1: price nan must be a finite number$"),
        (lambda: Orders("sell", ONE, -ONE), "^asks, row 0: quantity -1.0 must be positive$"),
        (lambda: Orders("sell", ONE, np.array([True])), "quantity must be numbers, not True and False"),
        (lambda: Orders("sell", ONE, ONE, agents=["a"]), "asks: agents must be an ndarray, not a list"),
        (lambda: Orders("sell", ONE, ONE, np.array([None])), "^asks, row 0: agent is missing$"),
        (
            lambda: Orders("sell", ONE, ONE, bus=np.array([{}], dtype=object)),
            "^asks, row 0: bus .* must be a name or a number$",
        ),
        (lambda: Orders("sell", ONE, ONE, time=np.array(["noon"])), "^asks, row 0: time 'noon' must be a number$"),
        (lambda: Orders("sell", ONE, ONE, time=np.array(["NaT"], "datetime64[ns]")), "^asks, row 0: time is missing$"),
        (lambda: OrderBook(BOOK.asks, BOOK.bids), "^bids must be orders to buy, not to sell$"),
        (lambda: OrderBook(BOOK.bids, BOOK.bids), "^asks must be orders to sell, not to buy$"),
        (lambda: OrderBook([(12, 1)], []), "^bids must be an Orders, not a list: OrderBook.of reads rows$"),
        (lambda: OrderBook(BOOK.bids, None), "^asks must be an Orders, not a NoneType: OrderBook.of reads rows$"),
    ],
)
def test_what_is_no_side_of_a_book_is_named(made, told):
    with pytest.raises(InvalidOrder, match=told):
        made()


def test_a_book_is_made_of_its_two_sides():
    sides = [Orders(side, np.array([12, 5]), np.array([1, 2]), np.array(["a", "b"])) for side in ("buy", "sell")]
    book = OrderBook(*sides)
    assert book.bids.price.tolist() == [12.0, 5.0] and book.bids.price.dtype == float
    assert uniform_price(book).quantity == uniform_price(OrderBook.from_frame(book.to_frame())).quantity == 2


def test_columns_of_orders_are_their_own():
    price, who = np.array([12.0]), np.array(["a"])
    orders = Orders("buy", price, np.ones(1), who)
    price[0], who[0] = 99, "z"
    assert (orders.price[0], orders.agents[0]) == (12, "a")
    for column in (orders.price, orders.quantity, orders.agents):
        assert not column.flags.writeable


def test_a_name_may_be_a_tuple_and_none_is_missing_in_any_form():
    book = OrderBook.of(bids=[(("street", 1), 12, 1), (("street", 2), 10, 1), (("street", 1), 9, 1)])
    assert book.bids.owner.tolist() == [0, 1, 0] and book.bids.agent.tolist()[1] == ("street", 2)
    for hole in (pd.NA, pd.NaT):
        with pytest.raises(InvalidOrder, match="^bids, row 1: agent is missing$"):
            OrderBook.of(bids=[("a", 1, 1), (hole, 1, 1)])
    for odd in ([1], np.ones(2), ("street", [1])):
        with pytest.raises(InvalidOrder, match="^bids, row 1: agent .* must be a name or a number$"):
            OrderBook.of(bids=[("a", 1, 1), (odd, 1, 1)])
