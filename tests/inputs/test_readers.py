"""The readers of arguments: what is a number, what is none, and what is said of it."""

import math
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput, InvalidPrices
from tefoundations.indices import series
from tefoundations.inputs import (
    exact,
    generator,
    instance,
    integers,
    number,
    numbers,
    one_of,
    positive,
    sequence,
    share,
    whole,
)

QUARTERS = pd.date_range("2024-03-30 22:00", periods=8, freq="15min")
NO_NUMBERS = [None, True, np.True_, "1", b"1", [1], np.array([1.0]), 1j, math.nan, np.float64("nan"), np.timedelta64(3, "h"),
              np.datetime64("2024-01-01"), datetime(2024, 1, 1), np.ma.masked, {}, object()]  # fmt: skip


def refused(call, words):
    with pytest.raises(InvalidInput) as caught:
        call()
    assert words in str(caught.value), str(caught.value)
    assert "np." not in str(caught.value)


@pytest.mark.parametrize("value", [2, 2.0, np.int64(2), np.float32(2), np.array(2.0), Fraction(4, 2), Decimal(2)])
def test_a_number_is_a_number_of_any_kind(value):
    assert number(value, "x") == 2 and type(number(value, "x")) is float


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number(value):
    refused(lambda: number(value, "x"), "x ")
    refused(lambda: positive(value, "power"), "must be a positive number")
    refused(lambda: whole(value, "count", least=0), "count ")
    refused(lambda: exact(value, "epsilon"), "must be a positive number")


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: number(np.float64("nan"), "x"), "x nan must be a finite number"),
        (lambda: number(math.inf, "x"), "x inf must be a finite number"),
        (lambda: number(0, "x", above=0, most=1), "x 0 must be a number above 0 and at most 1"),
        (lambda: number(2, "x", least=3), "x 2 must be a number at least 3"),
        (lambda: number(2, "x", least=0, most=1), "x 2 must be a number from 0 to 1"),
        (lambda: number(1, "x", above=0, below=1), "x 1 must be a number above 0 and below 1"),
        (lambda: positive(0, "step", unit="of hours"), "step 0 must be a positive number of hours"),
        (lambda: whole(np.float64(1.5), "n", least=1), "n 1.5 must be a whole number, at least 1"),
        (lambda: whole(np.int64(-1), "n", least=1, unit="of steps"), "n -1 must be a whole number of steps, at least 1"),
        (lambda: whole(9, "n", least=2, most=8), "n 9 must be a whole number from 2 to 8"),
        (lambda: share(1, "delta", zero=True), "delta 1 must be a number at least 0 and below 1"),
        (lambda: one_of(np.int64(3), (1, 2), "norm"), "norm 3 is not one of 1, 2"),
        (lambda: one_of(["a"], ("a", "b"), "kind"), "kind ['a'] is not one of a, b"),
        (lambda: one_of("no", (True, False), "names"), "names 'no' is not one of True, False"),
        (lambda: one_of(1, (True, False), "names"), "names 1 is not one of True, False"),
        (lambda: one_of(np.True_, (1, 2), "norm"), "norm True is not one of 1, 2"),
        (lambda: instance({}, list, "rows"), "rows must be a list, not a dict"),
        (lambda: sequence("ab", "rows", of="rows"), "rows must be a sequence of rows, not a str"),
        (lambda: sequence({1, 2}, "rows", of="rows"), "rows must be a sequence of rows, not a set, which has no order"),
        (lambda: generator(None), "rng None must be a numpy.random.Generator or a seed"),
        (lambda: generator(-1), "rng -1 must be"),
        (lambda: generator(True), "rng True must be"),
        (lambda: generator(1.5), "rng 1.5 must be"),
        (lambda: number("x" * 500, "x"), "xxxx ... must be"),
        (lambda: number(10**400, "x"), "must be a finite number"),
    ],
)
def test_what_is_said(call, words):
    refused(call, words)


def test_infinity_only_where_it_has_a_meaning():
    assert number(math.inf, "power", infinite=True) == math.inf
    refused(lambda: number(math.nan, "power", infinite=True), "power nan must be a number")
    assert numbers([1, math.inf], "limit", infinite=True).tolist() == [1, math.inf]
    assert np.isnan(numbers([1, math.nan], "east", missing=True)[1])


def test_an_array_is_read_as_a_copy():
    given = np.array([1.0, 2.0])
    read = numbers(given, "x")
    read[0] = 9
    assert given[0] == 1
    assert numbers(("1", 2, Fraction(1, 2)), "x").tolist() == [1, 2, 0.5]
    assert numbers([], "x").shape == (0,) and numbers(pd.Series([1, 2], dtype="Int64"), "x").tolist() == [1, 2]


@pytest.mark.parametrize(
    "values, words",
    [
        ([1, None], "row 1: x None must be a number"),
        ([1, "cheap"], "row 1: x 'cheap' must be a number"),
        ([1, np.nan], "row 1: x nan must be a finite number"),
        ([1, True, 2.5, "a"], "must be"),
        (np.array([True, False]), "x must be numbers, not True and False"),
        (np.array([1 + 2j, 3]), "x must be numbers, not complex numbers"),
        (QUARTERS, "x must be numbers, not dates or times"),
        (pd.Series(QUARTERS), "x must be numbers, not dates or times"),
        (QUARTERS - QUARTERS[0], "x must be numbers, not dates or times"),
        ([datetime(2024, 1, 1)], "row 0: x datetime.datetime(2024, 1, 1, 0, 0) must be a number"),
        (np.ma.masked_array([1.0, 2.0], [False, True]), "row 1: x 2.0 is masked"),
        (pd.Series([1, None], dtype="Int64"), "row 1: x is missing"),
        ([[1, 2], [3, 4]], "x must be one number for each row, not of shape (2, 2)"),
        ([[1, 2], [3]], "row 0: x [1, 2] must be a number"),
        (5, "x must be one number for each row, not of type int"),
        ({"a": 1}, "x must be one number for each row, not of type dict"),
        (None, "not of type NoneType"),
        (pd.DataFrame({"hour": [0, 1], "kwh": [1, 2]}), "not a table; give one of its columns: hour, kwh"),
    ],
)
def test_what_is_no_array_of_numbers(values, words):
    refused(lambda: numbers(values, "x"), words)


# A column of texts with a hole: pandas 2 keeps None, pandas 3 makes it nan, the type "string" holds NA.
HOLES = [pd.Series(["1", hole], dtype=object) for hole in (None, np.nan, pd.NA, pd.NaT)]
HOLES += [pd.Series(["1", None]), pd.Series(["1", None], dtype="string"), pd.Series([1, None], dtype="Int64")]


@pytest.mark.parametrize("values", HOLES, ids=lambda values: f"{values.dtype} {values[1]}")
def test_a_hole_is_told_alike_whatever_pandas_holds_there(values):
    refused(lambda: numbers(values, "x"), "row 1: x is missing")
    refused(lambda: series(values, "prices", at=lambda *told: InvalidPrices(told[0], step=told[1], value=told[2])),
            "step 1: price is missing")  # fmt: skip
    assert np.array_equal(numbers(values, "x", missing=True), [1, np.nan], equal_nan=True)
    refused(lambda: numbers(pd.DataFrame({"a": values, "b": [1, 2]}), "x", ndim=2), "(1, 0): x is missing")


def test_bounds_and_places_are_named():
    refused(lambda: numbers([3, -1], "capacity", least=0, place="hour"), "hour 1: capacity -1.0 must not be negative")
    refused(lambda: numbers([3, 0], "quantity", above=0), "row 1: quantity 0.0 must be positive")
    refused(lambda: numbers([[1, 2], [3, "b"]], "loads", ndim=2, place="hour"), "hour (1, 1): loads 'b' must be a number")
    refused(lambda: numbers([1, 2], "ends", count=3), "ends must be 3 numbers, one for each row, not 2")
    refused(lambda: integers([1.0], "values"), "values must be whole numbers, such as Wh, not float64")
    refused(lambda: integers(np.ma.masked_array([1, 2], [0, 1]), "values"), "values must be whole numbers")


def test_a_seed_gives_one_stream():
    assert generator(3).random() == generator(np.int64(3)).random() == generator(np.random.SeedSequence(3)).random()
    mine = np.random.default_rng(1)
    assert generator(mine) is mine


def test_a_set_will_do_where_order_has_no_meaning():
    assert sequence({3}, "steps", of="steps", ordered=False) == (3,) and sequence({"a": 1}.keys(), "names", of="names") == (
        "a",
    )


def test_numpys_true_is_a_bool():
    assert instance(np.bool_(True), bool, "memory") is True and instance(False, bool, "memory") is False
