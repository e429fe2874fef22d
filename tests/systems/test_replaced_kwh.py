"""The community's local trades: against orders paired one by one, and against what the clearings say members gain."""

import numpy as np
import pytest

from tefoundations.data import community
from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, uniform_price
from tefoundations.retail import kwh_ledger
from tefoundations.systems import local_trades

PEOPLE = community()
DAYS = {day: local_trades(PEOPLE, day) for day in PEOPLE.days}
KINDS = ("instead of the supplier", "new use", "instead of feeding in", "from a battery")


def test_three_days():
    assert [round(DAYS[day].quantity, 1) for day in ("summer", "winter", "holiday")] == [65.8, 105.2, 68.0]
    assert [round(sum(found.kwh(kind) for found in DAYS.values())) for kind in KINDS] == [195, 44, 214, 25]
    gain, moved, made = (sum(getattr(found, name) for found in DAYS.values()) / 100 for name in ("gain", "moved", "made"))
    assert (round(gain, 2), round(moved, 2), round(made, 2)) == (48.47, 42.22, 6.25) and round(100 * moved / gain) == 87
    assert round(sum(found.wires_lose(9) for found in DAYS.values()) / 100, 2) == 17.54


@pytest.mark.parametrize("day", PEOPLE.days)
def test_as_much_is_sold_as_bought_in_each_half_hour(day):
    table = DAYS[day].to_frame()
    signs = np.where(table["kind"].isin(KINDS[:2]), 1, -1)
    assert np.allclose((table["traded"] * signs).groupby(table["step"]).sum(), 0, atol=1e-9)
    assert np.isclose(DAYS[day].quantity, DAYS[day].kwh(KINDS[2]) + DAYS[day].kwh(KINDS[3]))
    cleared = {step: uniform_price(OrderBook.from_frame(PEOPLE.offers(day, step))) for step in PEOPLE.steps}
    assert np.isclose(DAYS[day].quantity, sum(found.quantity for found in cleared.values()))
    assert all(price == cleared[step].price for step, price in zip(table["step"], table["price"]))


@pytest.mark.parametrize("day", PEOPLE.days)
def test_the_ledgers_of_all_pairs(day):
    """Best with best in each half hour: what buyers and sellers gain, kWh by kWh."""
    gain = wires = 0.0
    for step, orders in DAYS[day].to_frame().groupby("step"):
        rows = [list(row) for row in orders[["kind", "otherwise", "price", "traded"]].itertuples(index=False)]
        bids, asks = ([row for row in rows if (row[0] in KINDS[:2]) == buys] for buys in (True, False))
        while bids and asks:
            (bought, cost, price, wanted), (sold, other, _, given) = bids[0], asks[0]
            parts = {"energy": 10, "wires": 9, "taxes": 5, "margin": cost - 24} if bought == KINDS[0] else {}
            found = kwh_ledger(parts, price, other, worth=None if parts else cost, wear=other if sold == KINDS[3] else None)
            amount = min(wanted, given)
            gain, wires = gain + amount * found.neighbours, wires + amount * found.changes["wires"]
            for side in (bids, asks):
                side[0][3] -= amount
                if side[0][3] < 1e-9:
                    side.pop(0)
        assert sum(row[3] for row in bids + asks) < 1e-9, step
    assert np.isclose(gain, DAYS[day].gain) and np.isclose(wires, -DAYS[day].wires_lose(9))


def test_what_is_refused():
    with pytest.raises(InvalidInput, match="day 'spring' is not one of"):
        local_trades(PEOPLE, "spring")
    with pytest.raises(InvalidInput, match="people must be a Community"):
        local_trades([1], "summer")
    with pytest.raises(InvalidInput, match="kind 'stolen' is not one of"):
        DAYS["summer"].kwh("stolen")
    with pytest.raises(InvalidInput, match="rate -1 must"):
        DAYS["summer"].wires_lose(-1)
