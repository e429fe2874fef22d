"""Settlement counts in whole numbers: so many times the energy moves exactly so many times the money."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.ledger import settle
from tefoundations.market import OrderBook, trades, uniform_price

ORDERS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 30)), max_size=5)


@settings(max_examples=50)
@given(ORDERS, ORDERS, st.sampled_from([2, 1000, 10**7]))
def test_money_scales_with_energy(bids, asks, factor):
    balances = []
    for scale in (1, factor):
        book = OrderBook.of(*([(price, quantity * scale) for price, quantity in side] for side in (bids, asks)))
        found = settle(trades(uniform_price(book)), energy_unit=1000, money_unit=10_000, fee=10_000)
        assert sum(found.balances.values()) == 0
        balances.append(found.balances)
    assert balances[1] == {who: money * factor for who, money in balances[0].items()}


def test_a_street_beside_a_power_station_is_paid_to_the_token():
    pairs = trades(uniform_price(OrderBook.of([("kettle", 40, 0.5), ("works", 35, 1e6)], [("grid", 30, 1e9)])))
    bill = settle(pairs, energy_unit=1000, money_unit=10_000)
    assert bill.balances["kettle"] == -150_000 and bill.balances["works"] == -300_000_000_000
    assert bill.balances["grid"] == pytest.approx(300_000_150_000, abs=0)
