"""The chapter on dynamic pricing: its answers against the package's tariffs."""

import numpy as np

from tefoundations.exercises.registry import EXERCISES
from tefoundations.retail import Tariff, break_even, hedged, unravel

NETTING = ("net billing", "net metering", "buy all, sell all")


def test_the_flat_price_is_where_the_supplier_breaks_even(solutions):
    for use, cost in EXERCISES["dynamic_pricing/flat_price"].cases("public"):
        price = solutions["dynamic_pricing/flat_price"](use, cost)
        assert np.isclose(price, break_even(use, cost))
        pool = {str(i): home for i, home in enumerate(use) if any(home)}
        assert np.isclose(price, unravel(pool, cost).prices[0])


def test_three_rules_are_three_tariffs(solutions):
    for load, roof, price, export in EXERCISES["dynamic_pricing/three_bills"].cases("public"):
        bills = [Tariff(price, export, rule).bill(np.subtract(load, roof), load=load).total for rule in NETTING]
        assert np.allclose(solutions["dynamic_pricing/three_bills"](load, roof, price, export), bills)


def test_the_charge_for_power_is_that_of_one_long_bill(solutions):
    for days, charge in EXERCISES["dynamic_pricing/demand_bill"].cases("public"):
        bill = Tariff(0, demand=charge).bill(np.ravel(days), hours=0.5)
        assert np.isclose(solutions["dynamic_pricing/demand_bill"](days, charge), bill.total)


def test_a_hedge_is_a_tariff_too(solutions):
    for price, usual, used, prices in EXERCISES["dynamic_pricing/hedged_bill"].cases("public"):
        bill = hedged(price, usual, prices).bill(used)
        assert np.isclose(solutions["dynamic_pricing/hedged_bill"](price, usual, used, prices), bill.total)
