"""Published tariffs: five records billed on paper, a year billed step by step, and what is refused, by its key."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.retail import Tariff
from tests.retail.records import ALWAYS, EVENING, EVENINGS, FLAT, METERING, POWER, RECORDS, TIERS, both

JANUARY = pd.date_range("2026-01-01", "2026-01-31 23:00", freq="h")  # a Thursday; 22 weekdays, 9 days of weekends


def constant(kw, times=JANUARY):
    return pd.Series(float(kw), times)


def total(record, net, **more):
    return Tariff.from_urdb(record).bill(net, hours=1, **more).total


def test_flat():
    assert np.isclose(total(FLAT, constant(1)), 744 * 25 + 1000)


def test_evenings_of_weekdays():
    dear = 22 * 5
    assert np.isclose(total(EVENINGS, constant(2)), 2 * (dear * 40 + (744 - dear) * 20) + 31 * 50)
    assert np.isclose(total(EVENINGS, constant(-1)), -dear * 10 + 31 * 50)


def test_tiers():
    assert np.isclose(total(TIERS, constant(0.5)), 100 * 10 + 200 * 20 + 72 * 30)
    assert np.isclose(total(TIERS, constant(0.1)), 74.4 * 10)


def test_power():
    net = constant(1)
    net["2026-01-07 18:00"], net["2026-01-20 03:00"] = 5, 7
    assert np.isclose(total(POWER, net), (742 + 12) * 10 + 7 * 200 + (3 * 500 + 2 * 900) + 7 * 100)
    july = net.copy()
    july.index = july.index + pd.DateOffset(months=6)
    assert np.isclose(total(POWER, july), (742 + 12) * 10 + 7 * 200 + (3 * 500 + 2 * 900) + 7 * 400)


def test_a_meter_that_runs_backwards():
    net = constant(1)
    net[net.index.hour == 12] = -2  # in the cheap period
    net[net.index.hour == 17] = -9  # 4 taken, 9 given in each evening
    cheap, dear = 31 * (18 - 2), 31 * (4 - 9)
    assert np.isclose(total(METERING, net), cheap * 20 + dear * 6)
    assert np.isclose(total(METERING, -constant(1)), -31 * (19 * 4 + 5 * 6))


def test_tiers_count_the_month_in_order_or_its_balance_in_proportion():
    """The numbers are those of the benchmark's peer: 1 kW in all hours, 12 at each price, and a roof of 3 kW for 6 hours."""
    tiers = [[{"rate": 0.10, "sell": 0.05, "max": 100}, {"rate": 0.20}], [{"rate": 0.30, "sell": 0.08, "max": 100},
              {"rate": 0.60, "sell": 0.02}]]  # fmt: skip
    record = {"energyratestructure": tiers, **both([[0] * 12 + [1] * 12] * 12)}
    assert np.isclose(total(record, constant(1)), 27800)
    net = constant(1)
    net[(net.index.hour >= 12) & (net.index.hour < 18)] = -2
    assert np.isclose(total(record, net), 15656)
    assert np.isclose(total(record | {"dgrules": "Net Metering"}, net), 5468)
    assert np.isclose(total(record | {"dgrules": "Buy All Sell All"}, net, load=constant(1)), 26084)
    net[(net.index.hour >= 12) & (net.index.hour < 18)] = 1 - 1.2
    assert np.isclose(total(record | {"dgrules": "Net Metering"}, net), 14796.5714286)


def test_hours_are_netted_where_the_rule_says_so():
    times = pd.date_range("2026-01-01", periods=4, freq="30min")
    record = METERING | {"dgrules": "Net Billing Hourly"}
    bill = Tariff.from_urdb(record).bill(pd.Series([3.0, -2.0, -1.0, -1.0], times))
    assert np.isclose(bill.total, 1 * 20 - 2 * 4) and (bill.bought, bill.sold) == (1, 2)
    at_once = Tariff.from_urdb(record | {"dgrules": "Net Billing Instantaneous"}).bill(
        pd.Series([3.0, -2.0, -1.0, -1.0], times)
    )
    assert np.isclose(at_once.total, 3 * 20 - 4 * 4)


def test_an_hour_that_is_lived_twice_is_two():
    """Clocks go back at 03:00: the four half hours from 02:00 are two hours, of which only the first comes to nothing."""
    times = pd.date_range("2026-10-25 02:00", periods=4, freq="30min", tz="Europe/Berlin", ambiguous=True)
    bill = Tariff.from_urdb(METERING | {"dgrules": "Net Billing Hourly"}).bill(pd.Series([1.0, -1.0, 1.0, 1.0], times))
    assert (bill.bought, bill.sold, bill.energy) == (2, 0, 40)


def slowly(record, net):
    """A year's bill in ct, step by step, straight from the record's keys; for rules other than net metering."""
    months = {}
    for moment, kwh in net.items():
        days = "weekend" if moment.weekday() > 4 else "weekday"
        book = months.setdefault(
            moment.month, {"bought": 0.0, "sold": 0.0, "money": 0.0, "days": set(), "peaks": {}, "top": 0.0}
        )
        tiers = record["energyratestructure"][record[f"energy{days}schedule"][moment.month - 1][moment.hour]]
        for side, sign, words in (("bought", 1, ("rate", "adj")), ("sold", -1, ("sell",))):
            left = max(sign * kwh, 0.0)
            for tier in tiers:
                taken = min(left, max(tier.get("max", np.inf) - book[side], 0.0))
                book["money"] += sign * 100 * sum(tier.get(word, 0) for word in words) * taken
                book[side] += taken
                left -= taken
        book["days"].add(moment.date())
        book["top"] = max(book["top"], kwh)
        if "demandratestructure" in record:
            period = record[f"demand{days}schedule"][moment.month - 1][moment.hour]
            book["peaks"][period] = max(book["peaks"].get(period, 0.0), kwh)
    owed = 0.0
    for month, book in months.items():
        owed += book["money"]
        per_day = record.get("fixedchargeunits") == "$/day"
        owed += 100 * record.get("fixedchargefirstmeter", 0) * (len(book["days"]) if per_day else 1)
        charged = [(kw, record["demandratestructure"][period]) for period, kw in book["peaks"].items()]
        if "flatdemandstructure" in record:
            charged.append((book["top"], record["flatdemandstructure"][record["flatdemandmonths"][month - 1]]))
        for kw, tiers in charged:
            low = 0.0
            for tier in tiers:
                owed += 100 * tier["rate"] * (min(kw, tier.get("max", np.inf)) - low if kw > low else 0.0)
                low = tier.get("max", np.inf)
    return owed


@pytest.mark.parametrize("record", [r for r in RECORDS if r is not METERING], ids=lambda record: record["name"])
def test_a_year_step_by_step(record):
    times = pd.date_range("2026-01-01", "2026-12-31 23:00", freq="h")
    net = pd.Series(np.random.default_rng(7).normal(0.8, 1.5, len(times)), times)
    bill = Tariff.from_urdb(record).bill(net, hours=1)
    assert np.isclose(bill.total, slowly(record, net), rtol=1e-10)
    assert len(bill.months) == 12 and np.isclose(bill.to_frame()["total"].sum(), bill.total)


def test_a_day_of_it_is_a_tariff():
    times = pd.date_range("2026-07-01 12:00", periods=24, freq="h")
    energy, export = Tariff.from_urdb(EVENINGS).prices(times)
    assert energy[4:9].tolist() == [40] * 5 and energy.sum() == 19 * 20 + 5 * 40 and export[4] == 10
    day = pd.Series(1.0, times)
    assert np.isclose(Tariff(energy, export, fixed=100).bill(day, 1).total, Tariff.from_urdb(EVENINGS).bill(day, 1).total)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"energyratestructure": [[{"rate": "cheap"}]]}, r"energyratestructure\[0\]\[0\]: rate 'cheap' must be"),
        ({"energyratestructure": [[{"rate": 0.2, "unit": "kWh daily"}]]}, r"energyratestructure\[0\]\[0\]: unit 'kWh da"),
        ({"energyratestructure": [[{"rate": 0.2, "max": 100}]]}, r"energyratestructure\[0\]: nothing is said beyond 100"),
        ({"energyratestructure": [[{"rate": 1, "max": 9}, {"rate": 2, "max": 9}]]}, r"\[0\]\[1\]: max 9 must be above 9"),
        ({"energyratestructure": [[{"rate": 0.2, "lookback": 1}]]}, r"\[0\]\[0\]: lookback cannot be expressed"),
        ({"energyratestructure": [[]]}, r"energyratestructure\[0\] has no tier"),
        ({"energyweekdayschedule": EVENING}, r"energyweekdayschedule\[0\]\[16\]: 1 is no period; there are 1"),
        ({"energyweekdayschedule": ALWAYS[1:]}, "energyweekdayschedule must be 12 months, not 11"),
        ({"energyweekendschedule": [[0] * 23] * 12}, r"energyweekendschedule\[0\] must be 24 hours, not 23"),
        ({"coincidentratestructure": [[{"rate": 9}]]}, "coincidentratestructure: .* cannot be expressed"),
        ({"demandratchetpercentage": [0.8] * 12}, "demandratchetpercentage: .* would change the bill"),
        ({"minmonthlycharge": 12}, "minmonthlycharge: 12 would change the bill"),
        ({"fueladjustmentsmonthly": [0.01] * 12}, "fueladjustmentsmonthly: .* would change the bill"),
        ({"a new key": 1}, "a new key: 1 would change the bill"),
        ({"dgrules": "Net Something"}, "dgrules: 'Net Something' is not one of Net Metering"),
        ({"fixedchargeunits": "$/hour"}, "fixedchargeunits: '\\$/hour' is not one of"),
        ({"demandratestructure": [[{"rate": 1}]], "demandrateunit": "kVA", **both(ALWAYS, "demand")}, "demandrateunit"),
        ({"demandratestructure": [[{"rate": -1}]], **both(ALWAYS, "demand")}, r"demandratestructure\[0\]\[0\]: rate -1 "),
        ({"demandratestructure": [[{"rate": 1}]]}, "demandweekdayschedule must be 12 months, not 0"),
        ({"flatdemandstructure": [[{"rate": 1}]], "flatdemandmonths": [0] * 11}, "flatdemandmonths must be 12 periods"),
        ({"demandwindow": 0}, "demandwindow 0 must be a positive number of minutes"),
    ],
)  # fmt: skip
def test_what_cannot_be_expressed_is_refused_by_its_key(change, words):
    with pytest.raises(InvalidInput, match=words):
        Tariff.from_urdb(FLAT | change)


@pytest.mark.parametrize("key", ["energyratestructure", "energyweekdayschedule", "energyweekendschedule"])
def test_what_is_missing_is_named(key):
    with pytest.raises(InvalidInput, match=f"{key} is missing"):
        Tariff.from_urdb({name: value for name, value in FLAT.items() if name != key})


def test_what_says_nothing_changes_nothing():
    more = {
        "minmonthlycharge": 0,
        "demandratchetpercentage": [0.0] * 12,
        "coincidentratestructure": [],
        "eiaid": 12,
        "sector": "R",
    }
    assert total(FLAT | more, constant(1)) == total(FLAT, constant(1))


def test_metering_needs_the_same_tiers_in_all_periods():
    uneven = [[{"rate": 0.1, "max": 9}, {"rate": 0.2}], [{"rate": 0.3}]]
    with pytest.raises(InvalidInput, match="energyratestructure: under Net Metering all periods"):
        Tariff.from_urdb(METERING | {"energyratestructure": uneven})


def test_a_load_must_know_when_it_is():
    with pytest.raises(InvalidInput, match="the index of net must be times"):
        Tariff.from_urdb(FLAT).bill([1, 2], hours=1)
    with pytest.raises(InvalidInput, match="hours 2 must be at most 1"):
        Tariff.from_urdb(FLAT).bill(constant(1), hours=2)
    with pytest.raises(InvalidInput, match="demandwindow: power is measured over 15 minutes, and a step has 60"):
        Tariff.from_urdb(POWER | {"demandwindow": 15}).bill(constant(1), hours=1)
    assert total(FLAT | {"demandwindow": 15}, constant(1)) == total(FLAT, constant(1))
