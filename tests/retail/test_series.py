"""Series of pandas in the retail room: what is of other steps, homes or cases is refused, and never silently mixed."""

import pandas as pd
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.retail import (
    Tariff,
    adoption_spiral,
    baseline,
    break_even,
    critical_peak,
    hedged,
    option_value,
    real_time,
    threshold_price,
    time_of_use,
    unravel,
)

TODAY, NEXT = (pd.date_range(day, periods=3, freq="h") for day in ("2026-01-01", "2026-01-02"))
HALVES = pd.date_range("2026-01-01", periods=3, freq="30min")
PRICES, USE = pd.Series([20.0, 30, 40], TODAY), pd.Series([1.0, 2, 3], TODAY)
LATER = USE.set_axis(NEXT)
TWO_METERS = Tariff(30, 8, "buy all, sell all")
ALWAYS = [[0] * 24] * 12
RECORD = {"energyratestructure": [[{"rate": 0.3}]], "energyweekdayschedule": ALWAYS, "energyweekendschedule": ALWAYS}


def test_prices_and_loads_of_the_same_steps_are_billed():
    events = pd.Series([False, False, True], TODAY)
    for tariff, total in (
        (Tariff(PRICES), 200), (real_time(PRICES, adder=1), 206), (critical_peak(26, 90, events), 348),
        (critical_peak(PRICES, 90, events), 350), (time_of_use(["day", "day", "late"], {"day": 20, "late": 30}), 150),
        (hedged(25, USE, PRICES), 150), (hedged(25, USE, PRICES.tolist()), 150),
    ):  # fmt: skip
        assert tariff.bill(USE, hours=1).total == tariff.bill([1, 2, 3], hours=1).total == total
    assert TWO_METERS.bill(USE - 1, hours=1, load=USE).total == 30 * 6 - 8 * 3
    assert break_even(USE, PRICES) == break_even([1, 2, 3], PRICES) == 200 / 6


@pytest.mark.parametrize(
    "tariff",
    [
        Tariff(PRICES),
        Tariff(50, PRICES),
        real_time(PRICES),
        critical_peak(26, 90, pd.Series([True, False, False], TODAY)),
        time_of_use(pd.Series(["day", "day", "late"], TODAY), {"day": 20, "late": 30}),
        hedged(25, USE, [20, 30, 40]),
    ],
)
def test_a_tariff_knows_of_which_steps_its_prices_are(tariff):
    with pytest.raises(InvalidInput, match="net: step 0 is 2026-01-02 .* by that of the tariff's prices"):
        tariff.bill(LATER, hours=1)
    with pytest.raises(InvalidInput, match="net: step 1 is 2026-01-01 00:30"):
        tariff.bill(USE.set_axis(HALVES), hours=0.5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Tariff(PRICES, LATER), "export: step 0 is 2026-01-02"),
        (lambda: TWO_METERS.bill(USE - 1, hours=1, load=LATER), "load: step 0 is 2026-01-02"),
        (lambda: Tariff.from_urdb(RECORD | {"dgrules": "Buy All Sell All"}).bill(USE, 1, load=LATER), "load: step 0 is"),
        (lambda: critical_peak(PRICES, 90, pd.Series([True] * 3, NEXT)), "events: step 0 is 2026-01-02"),
        (lambda: hedged(25, LATER, PRICES), "usual: step 0 is 2026-01-02"),
        (lambda: break_even(LATER, PRICES), "use: step 0 is 2026-01-02"),
        (lambda: break_even(USE, PRICES, shape=LATER), "shape: step 0 is 2026-01-02"),
        (lambda: unravel({"Ada": USE, "Ben": LATER}, PRICES), "use of Ben: step 0 is 2026-01-02"),
        (lambda: unravel({1: [1, 2], "1": [2, 1]}, [20, 40]), "use: two customers are called '1'"),
        (lambda: option_value(pd.Series({1: 10, 2: 50}), 30, pd.Series({2: 0.9, 1: 0.1})), "probabilities: row 0 is 2"),
        (lambda: threshold_price(pd.Series([60, 80], ["a", "b"]), pd.Series([22, 25], ["b", "a"])), "prices: row 0 is 'b'"),
        (lambda: adoption_spiral(pd.Series({"Ada": 28, "Ben": 31}), pd.Series({"Ben": 4000, "Ada": 9000}), 2000, 1e5, 20),
         "use: row 0 is 'Ben' by its index, and 'Ada'"),
        (lambda: adoption_spiral(pd.Series({"Ada": 28, "Ben": 31}), 4000, pd.Series({"Ben": 1000, "Ada": 9}), 1e5, 20),
         "own: row 0 is 'Ben'"),
        (lambda: baseline(pd.DataFrame([[1, 2], [2, 3], [3, 4]], NEXT[::-1]), [], (0, 1), 1, 2),
         "days: the oldest must stand first"),
        (lambda: Tariff.from_urdb(RECORD).prices(pd.DatetimeIndex(["2026-01-01", None])), "times: entry 1 is missing"),
        (lambda: Tariff.from_urdb(RECORD).prices(pd.Timestamp("2026-01-01").to_datetime64()), "times must be times"),
        (lambda: Tariff.from_urdb(RECORD | {"energyratestructure": [[{"rate": 0.3, "unit": pd.NA}]]}), "unit <NA> cannot"),
    ],
)  # fmt: skip
def test_what_does_not_belong_together_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


def test_days_may_leave_out_a_weekend():
    days = pd.DataFrame([[1, 2], [2, 3], [3, 4]], pd.bdate_range("2026-01-08", periods=3))
    assert baseline(days, events=[], window=(0, 1), top=1, of=2).days == (2,)
