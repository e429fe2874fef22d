"""Bills under three netting rules, against loops over steps and against identities that hold whatever the load is."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.retail import Tariff, break_even, critical_peak, flat, hedged, real_time, time_of_use, unravel

USE, ROOF = np.array([4.0, 3, 3]), np.array([0.0, 8, 0])
RULES = {"net billing": 170, "net metering": 60, "buy all, sell all": 236}


def by_hand(tariff, use, roof):
    """The bill as a loop: a dict of what is left for each pair of prices."""
    energy, export = tariff.prices(len(use))
    left, total = {}, tariff.fixed
    for u, r, price, paid in zip(use, roof, energy, export):
        if tariff.netting == "net metering":
            left[price, paid] = left.get((price, paid), 0) + u - r
        elif tariff.netting == "net billing":
            total += price * max(u - r, 0) - paid * max(r - u, 0)
        else:
            total += price * u - paid * r
    total += sum(price * max(kwh, 0) - paid * max(-kwh, 0) for (price, paid), kwh in left.items())
    return total


@pytest.mark.parametrize("rule", RULES)
def test_one_meter_three_rules(rule):
    assert Tariff(30, 8, rule).bill(USE - ROOF, hours=1, load=USE).total == RULES[rule]


@pytest.mark.parametrize(("rule", "saved"), list(zip(RULES, (22, 0, 0))))
def test_a_kwh_moved_into_the_house_is_worth_the_gap_between_the_prices_or_nothing(rule, saved):
    tariff, moved = Tariff(30, 8, rule), USE + [-1, 1, 0]
    bills = [tariff.bill(use - ROOF, hours=1, load=use).total for use in (USE, moved)]
    assert bills[0] - bills[1] == saved


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("scale", [1e-9, 1, 1e9])
def test_bills_are_what_a_loop_adds_up(rule, scale):
    rng = np.random.default_rng(3)
    for _ in range(40):
        steps = rng.integers(1, 9)
        use, roof = rng.integers(0, 9, (2, steps)) * scale
        tariff = Tariff(rng.choice([20.0, 30, 40], steps), rng.choice([0.0, 8], steps), rule)
        assert np.isclose(tariff.bill(use - roof, load=use).total, by_hand(tariff, use, roof), rtol=1e-12, atol=1e-9 * scale)


def test_where_buying_and_selling_cost_the_same_all_three_rules_agree():
    rng = np.random.default_rng(4)
    prices = rng.uniform(5, 40, 6)
    use, roof = rng.uniform(0, 3, (2, 6))
    totals = [Tariff(prices, prices, rule).bill(use - roof, load=use).total for rule in RULES]
    assert np.allclose(totals, prices @ (use - roof))


def test_the_highest_power_is_of_what_is_taken_and_in_kw():
    bill = Tariff(0, 0, demand=10).bill([2, -9, 1], hours=0.5)
    assert (bill.peak, bill.demand, bill.total) == (4, 40, 40)
    assert Tariff(0, 0, demand=10).bill([-2, -9]).demand == 0


def test_parts_add_up_and_tables_show_them():
    bill = Tariff([30, 40], 8, fixed=100, demand=5).bill([3, -2], hours=1)
    assert bill.total == 90 - 16 + 100 + 15 == bill.to_frame().loc["all", "total"]
    assert Tariff([30, 30, 40], 8).to_frame()["first"].tolist() == [0, 2]
    assert Tariff([30, 30, 40], 8).to_frame()["steps"].tolist() == [2, 1]


def test_lists_are_the_prices_they_name():
    load = [2.0, 4, 4]
    bills = {
        "flat": flat(26), "printed": time_of_use(["n", "d", "e"], {"n": 20, "d": 28, "e": 36}),
        "critical": critical_peak([26, 26, 26], 90, [False, False, True]), "hourly": real_time([17, 17, 37], adder=3),
    }  # fmt: skip
    assert {name: tariff.bill(load, hours=1).total for name, tariff in bills.items()} == {
        "flat": 260, "printed": 296, "critical": 516, "hourly": 280,
    }  # fmt: skip


def test_a_hedge_pays_the_difference_on_the_usual_load_whatever_the_prices():
    """Thirty days of 30 kWh: a flat price, the hourly one and the two-part tariff, with and without 40 kWh less."""
    prices = np.full(30, 20.0)
    prices[[3, 11, 12, 25]] = 900
    usual, less = np.full(30, 30.0), np.full(30, 30.0)
    less[prices == 900] = 20
    two_part = hedged(25, usual, prices)
    euros = [
        t.bill(u, 24).total / 100
        for t, u in [(real_time(prices), usual), (flat(25), usual), (two_part, usual), (two_part, less)]
    ]
    assert np.allclose(euros, [1236, 225, 225, -135], rtol=0, atol=1e-9)
    rng = np.random.default_rng(1)
    for _ in range(20):
        use, drawn = rng.uniform(-1, 3, 30), rng.uniform(-5, 90, 30)
        assert np.isclose(hedged(25, usual, drawn).bill(use).total, 25 * usual.sum() + drawn @ (use - usual))


def test_the_break_even_price_is_weighted_by_load():
    homes, cost = [[2, 4, 4], [4, 4, 2], [3, 4, 3]], [20, 20, 40]
    price = break_even(homes, cost)
    assert price == 26 and np.isclose(price * np.sum(homes), np.sum(homes, axis=0) @ cost)
    factor = break_even(homes, cost, shape=[1, 1, 1.5])
    assert np.isclose(factor * np.array([1, 1, 1.5]) @ np.sum(homes, axis=0), np.sum(homes, axis=0) @ cost)


def test_the_pool_unravels_from_its_best_customer_on():
    gone = unravel({"Ada": [2, 4, 4], "Ben": [4, 4, 2], "Cem": [3, 4, 3]}, [20, 20, 40])
    assert (gone.left, gone.stayed, gone.prices.tolist(), gone.gains.tolist()) == (
        ("Ben", "Cem"),
        ("Ada",),
        [26, 27, 28],
        [20, 10],
    )


def test_who_stays_is_alike_and_the_price_never_falls():
    """Whoever is cheaper than the mean gains by leaving, so all leave but those who cost most a kWh."""
    rng = np.random.default_rng(2)
    for _ in range(30):
        use = {str(i): rng.uniform(0.1, 3, 4) for i in range(rng.integers(1, 7))}
        cost = rng.uniform(5, 40, 4)
        own = {who: load @ cost / load.sum() for who, load in use.items()}
        gone = unravel(use, cost)
        assert (np.diff(gone.prices) > 0).all() and gone.stayed == (max(own, key=own.get),)
        assert np.isclose(gone.prices[-1], max(own.values())) and (gone.gains > 0).all()


def test_alike_customers_stay_together():
    gone = unravel({"Ada": [0.1, 0.2], "Ben": [0.3, 0.6], "Cem": [0.7, 1.4]}, [17.3, 29.1])
    assert gone.left == () and gone.stayed == ("Ada", "Ben", "Cem")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Tariff([20, 30]).bill([1, 2, 3]), "the tariff has prices for 2 steps, and there are 3"),
        (lambda: Tariff([20, 30], [8, 8, 8]), "export must be one price for each of the 2 steps"),
        (lambda: Tariff([20, np.nan]), "step 1: energy nan must be a finite number"),
        (lambda: Tariff(20, netting="netto"), "netting 'netto' is not one of net billing"),
        (lambda: Tariff(20, demand=-1), "demand -1 must be a number"),
        (lambda: Tariff(20).bill([]), "net must be one number for each step"),
        (lambda: Tariff(20, netting="buy all, sell all").bill([1]), "load must be given"),
        (lambda: Tariff(20, netting="buy all, sell all").bill([1, 2], load=[1, 1]), "step 1: load 1 must not be"),
        (lambda: time_of_use(["day", "dusk"], {"day": 20}), "step 1: period 'dusk' has no price"),
        (lambda: critical_peak(20, 90, [0, 1]), "events must be True or False"),
        (lambda: critical_peak([20], 90, [True, False]), "prices for 1 steps, and there are 2"),
        (lambda: hedged(25, [1, 2, 3], [20, 30]), "usual must be 2 numbers"),
        (lambda: break_even([0, 0], [1, 2]), "nobody uses anything"),
        (lambda: break_even([1, 2, 3], [1, 2]), "use must be 2 numbers, one for each step of cost, not 3"),
        (lambda: unravel({}, [20]), "use must name one customer"),
        (lambda: unravel({"Ada": [1, 2], "Ben": [0, 0]}, [20, 30]), "use of Ben is 0 in every step"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(call, words):
    with pytest.raises(InvalidInput, match=words.replace("[", r"\[")):
        call()


def test_a_series_is_read_by_its_times():
    half_hours = pd.Series([1.0, 2.0], pd.date_range("2026-01-01", periods=2, freq="30min"))
    assert Tariff(20).bill(half_hours).total == 60
    with pytest.raises(InvalidInput, match="by its index a step is 0.5 hours, and 1 is given"):
        Tariff(20).bill(half_hours, hours=1)
