"""Series by their index: which steps the numbers are of, and what is said where that is not clear."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_same, index_of, series

QUARTERS = pd.date_range("2024-03-30 22:00", periods=8, freq="15min")
BERLIN, WINTER, SUMMER = ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=1)), timezone(timedelta(hours=2))


def refused(call, words):
    with pytest.raises(InvalidInput) as caught:
        call()
    assert words in str(caught.value), str(caught.value)
    assert "np." not in str(caught.value)


def objects(*values):
    return pd.Index(list(values), dtype=object)


def test_a_series_is_read_by_its_index():
    prices = pd.Series(np.arange(8.0), QUARTERS)
    assert series(prices, "prices", hours=0.25).tolist() == list(range(8))
    assert series(prices, "prices").tolist() == series(prices.reset_index(drop=True), "prices", hours=1).tolist()
    refused(lambda: series(prices, "prices", hours=1), "prices: by its index a step is 0.25 hours, and 1 is given")
    refused(lambda: series(prices.iloc[::-1], "prices"), "prices: its index must rise, and 2024-03-30 23:30:00 comes after")
    refused(lambda: series(prices.drop(QUARTERS[3]), "prices"), "prices: its index must have steps of 0.25 hours")
    for dtype in ("int64", "uint64", "Int64", "float64"):  # unsigned numbers do not fall when they are subtracted
        refused(
            lambda dtype=dtype: series(pd.Series([1, 2], pd.Index([5, 3], dtype=dtype)), "prices"), "its index must rise"
        )
    refused(lambda: series(pd.Series([1, 2], [0, 0]), "prices"), "its index must rise, and 0 comes after 0")
    refused(lambda: series([], "prices"), "and there is none")
    hours = pd.period_range("2024-01-01", periods=2, freq="h")
    assert series(pd.Series([1, 2], hours), "prices", hours=1).tolist() == [1, 2]


def test_days_of_23_and_25_hours_are_days_where_the_index_has_its_zone():
    for day, count in (("2024-03-31", 23), ("2024-10-27", 25)):
        zoned = pd.date_range(day, periods=count, freq="h", tz="Europe/Berlin")
        assert zoned[-1].hour == 23
        assert len(series(pd.Series(1.0, zoned), "prices", hours=1)) == count
        clock = pd.Series(1.0, zoned.tz_localize(None))
        refused(lambda clock=clock: series(clock, "prices", hours=1), "prices: its index must")
    spring = pd.Series(1.0, pd.date_range("2024-03-31", periods=23, freq="h", tz="Europe/Berlin").tz_localize(None))
    refused(lambda: series(spring, "prices", hours=1), "where clocks are changed, an index needs its time zone")


@pytest.mark.parametrize(
    ("index", "hours"),
    [
        (objects(datetime(2024, 1, 1, 0), datetime(2024, 1, 1, 1)), 1),
        (objects(datetime(2024, 3, 31, 1, tzinfo=BERLIN), datetime(2024, 3, 31, 3, tzinfo=BERLIN)), 1),
        (objects(datetime(2024, 3, 31, 1, tzinfo=WINTER), datetime(2024, 3, 31, 3, tzinfo=SUMMER)), 1),
        (objects(date(2024, 1, 1), date(2024, 1, 2)), 24),
        (objects(np.datetime64("2024-01-01"), np.datetime64("2024-01-02")), 24),
        (objects(timedelta(0), timedelta(hours=2)), 2),
        (objects(pd.Period("2024-01-01 00:00", "h"), pd.Period("2024-01-01 01:00", "h")), 1),
    ],
)
def test_objects_that_are_all_times_are_times(index, hours):
    assert series(pd.Series([1, 2], index), "prices", hours=hours).tolist() == [1, 2]
    refused(lambda: series(pd.Series([1, 2], index), "prices", hours=hours / 2), f"a step is {hours} hours, and")
    refused(lambda: series(pd.Series([1, 2], index[::-1]), "prices", hours=hours), "prices: its index must rise")


def test_objects_that_are_all_numbers_are_numbers():
    assert series(pd.Series([1, 2], objects(0, 1)), "prices").tolist() == [1, 2]
    refused(
        lambda: series(pd.Series([1, 2], objects(1, 0)), "prices"), "prices: its index must rise, and 0.0 comes after 1.0"
    )


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (["2024-01-01 00:00", "2024-01-01 01:00"], "not text: pd.to_datetime reads it as times"),
        (pd.Index(["mon", "tue"], dtype="string"), "not text: pd.to_datetime reads it as times"),
        (objects(datetime(2024, 1, 1), "2024-01-02"), "not mixed: .reset_index(drop=True) takes"),
        (objects(datetime(2024, 1, 1, tzinfo=WINTER), datetime(2024, 1, 1, 1)), "not times that do not go together"),
        (objects(datetime(2024, 1, 1, tzinfo=WINTER), datetime(2024, 1, 1, tzinfo=SUMMER), datetime(2024, 1, 2)),
         "not times that do not go together"),
        (objects(time(0), time(1)), "not time: .reset_index"),
        (pd.MultiIndex.from_tuples([("home1", 0), ("home1", 1)]), "not 2 levels: .droplevel leaves one"),
        (pd.CategoricalIndex([0, 1]), "not categorical"),
        ([False, True], "not boolean"),
        (pd.interval_range(0, 2), "not interval"),
    ],
)  # fmt: skip
def test_an_index_that_says_no_step_is_refused(index, words):
    refused(lambda: series(pd.Series(1.0, index), "prices"), f"prices: its index must be times or numbers, {words}")


def test_one_step_named_by_a_text_is_refused_too():
    refused(lambda: series(pd.Series([1], ["12:00"]), "prices"), "prices: its index must be times or numbers, not text")


def test_a_hole_in_an_index_is_named():
    for index in (pd.DatetimeIndex([None]), pd.DatetimeIndex(["2024-01-01", None]), pd.Index([0, None], dtype="Int64")):
        values, at = pd.Series(1.0, index), len(index) - 1
        refused(lambda values=values, at=at: series(values, "prices"), f"prices: entry {at} of its index is missing")


def test_two_series_of_one_day_are_of_the_same_steps():
    def same(*indexes):
        check_same(*sum(((index_of(pd.Series(1.0, i), name), name) for i, name in zip(indexes, ("need", "prices"))), ()))

    hours = pd.date_range("2024-05-01", periods=3, freq="h", tz="Europe/Berlin")
    same(hours, hours)
    same(hours, hours.tz_convert("UTC"))
    same(pd.period_range("2024-01-01", periods=3, freq="h"), pd.date_range("2024-01-01", periods=3, freq="h"))
    same(range(3), hours)  # counts only
    same([4, 5, 6], [4.0, 5.0, 6.0])
    check_same(None, "need", hours, "prices")
    check_same(hours, "need", None, "prices")
    words = "need: step 0 is 2024-05-01 01:00:00+02:00 by its index, and 2024-05-01 00:00:00+02:00 by that of prices"
    refused(lambda: same(hours.shift(1), hours), words)
    refused(lambda: same([0, 1, 3], [0, 1, 2]), "need: step 2 is 3 by its index, and 2 by that of prices")
    refused(lambda: same(hours, hours.tz_localize(None)), "of times with a zone, and that of prices is of times without a")
    refused(
        lambda: same(hours, hours - hours[0]), "need: its index is of times with a zone, and that of prices is of lengths"
    )
    refused(lambda: same([1, 2, 3], hours), "need: its index is of numbers, and that of prices is of times with a zone")


def test_a_list_has_no_index():
    for values in ([1, 2], np.ones(2), (1, 2)):
        assert index_of(values, "prices", hours=0.5) is None
