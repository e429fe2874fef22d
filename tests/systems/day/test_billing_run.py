"""The office's bill: whole numbers without end, whatever type a column has, and every fault of the table named."""

import pandas as pd
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.systems import billing_run, settle

ROW = {"step": 0, "member": "home8", "schedule": 20_000, "net": 1_200, "price": 30_000, "short": 36_000, "long": 24_000}
OWED = settle(20_000, 1_200, 30_000, 36_000, 24_000)


def table(**changed):
    return pd.DataFrame([ROW | changed, ROW | {"step": 1, "member": "home9"}])


@pytest.mark.parametrize("kind", ["int16", "int32", "uint16", "uint32", "int64", "uint64"])
def test_a_small_type_does_not_run_over(kind):
    frame = table().astype({name: kind for name in ROW if name not in ("member", "price", "short")})
    assert billing_run(frame) == {"home8": OWED, "home9": OWED}


def test_neither_do_large_numbers():
    frame = table(schedule=10**15, net=-(10**15), price=400_000)
    assert billing_run(frame)["home8"] == settle(10**15, -(10**15), 400_000, 36_000, 24_000) == 352 * 10**15


@pytest.mark.parametrize("name", [None, float("nan"), "", 8])
def test_a_member_without_a_name_gets_no_bill(name):
    with pytest.raises(InvalidInput, match=r"table, row 1: member .* must be a name"):
        billing_run(pd.DataFrame([ROW, ROW | {"member": name}]))


def test_a_column_that_is_there_twice():
    with pytest.raises(InvalidInput, match="table: column net is there twice"):
        billing_run(pd.concat([table(), table()["net"]], axis=1))


@pytest.mark.parametrize("value", [1.5, None, "1200"])
def test_a_number_that_is_not_whole(value):
    with pytest.raises(InvalidInput, match="table: column net must hold whole numbers"):
        billing_run(table(net=value))


def test_a_table_without_rows_bills_nobody():
    assert billing_run(pd.DataFrame([ROW]).iloc[:0]) == {}
    with pytest.raises(InvalidInput, match="it lacks net"):
        billing_run(table().drop(columns="net"))
