"""What a figure cannot draw is refused by name; what is drawn from a table or the keys of a dict still is."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import grid
from tefoundations.errors import InvalidInput
from tefoundations.explore import bars, block_forks, lines, network_map, note_arrows, order_book, replica_logs, step_curves
from tefoundations.grid import Network
from tefoundations.ledger.consensus import Partition, proof_of_authority
from tefoundations.market import OrderBook, audit, uniform_price

BOOK, OTHER = OrderBook.of(bids=[(9, 1)], asks=[(1, 1)]), OrderBook.of(bids=[(9, 1), (8, 1)], asks=[(1, 1)])
RUN = proof_of_authority.simulate(["a trade"], 3, rng=1)
NET = Network.from_frames(**grid("three_bus"))
BAD = [
    (lambda: order_book(BOOK, uniform_price(OTHER)), "it has 2 bids, the book 1"),
    (lambda: step_curves(BOOK, price_range=(0, "x")), "end 1: price_range 'x' must be a number"),
    (lambda: lines([0, 1], {"Gain": [0, 1, 2]}, "x", "y"), "Gain must be 2 numbers"),
    (lambda: lines([0, 1], {}, "x", 3), "the title of the vertical axis must be a str"),
    (lambda: lines([0, 1], {}, "x", "y", marks={"best": 1}), "mark 'best' must be one number for each coordinate"),
    (lambda: bars(["a"], {"car": [1, 2]}, "x", "y"), "car must be 1 numbers"),
    (lambda: network_map(NET, flow=[1, 2]), "flow must be 3 numbers, one for each line"),
    (lambda: network_map(NET, value=[1, np.nan, 2]), "bus 1: value nan"),
    (lambda: note_arrows({"Tariff": (0, -8)}), "Tariff -8.0 must not be negative"),
    (lambda: block_forks(RUN, names=["a"]), "names must be one for each of"),
    (lambda: replica_logs([(0, 1)], labels=["a"]), "labels must be one for each of 2 requests"),
    (lambda: replica_logs([(0, 1)], correct=[1]), "a correct replica 1"),
    (lambda: Partition(0, 10, ((0, "b"),)), "a node 'b' must be a whole number"),
    (lambda: Partition("soon", 10, ()), "start 'soon' must be a number"),
    (lambda: audit(lambda book: None, BOOK), "what mechanism gives must be a Clearing, not a NoneType"),
    (lambda: audit(uniform_price, BOOK, shares=(2,)), "shares 2 must be a number above 0 and at most 1"),
]


@pytest.mark.parametrize("call, words", BAD)
def test_it_is_named(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


def test_tables_and_keys_serve_as_well():
    table = pd.DataFrame({"car": [1.0, 2.0], "homes": [3.0, None]})
    assert [trace.name for trace in lines([0, 1], table, "x", "y").data] == ["car", "homes"]
    assert bars({"ada": 0, "ben": 1}, {"owns": [1, 2]}, "x", "y").data[0].x == ("ada", "ben")
