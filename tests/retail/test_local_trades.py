"""One local kWh against the tills of all parties with and without it; the wires' keys against loops."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import community
from tefoundations.errors import InvalidInput
from tefoundations.retail import kwh_ledger, share_wires

PARTS = {"energy": 10, "wires": 12, "taxes": 5, "margin": 3}


def tills(parts, price, feed_in, local, worth, wear, traded):
    """What each party has after all is paid, for the kWh of one buyer and of one seller."""
    bought, fed = (not traded and worth is None), (not traded and wear is None)
    outside = bought - fed  # kWh that the supplier buys
    owed = {part: ct * traded for part, ct in local.items()}
    return {
        "buyer": (worth or 0) * traded - traded * (price + sum(local.values())) - bought * sum(parts.values()),
        "seller": traded * price + fed * feed_in - (wear or 0) * traded,
        "supplier": bought * (parts["energy"] + parts["margin"]) - fed * feed_in - outside * parts["energy"],
        "wires": bought * parts["wires"] + owed.get("wires", 0),
        "state": bought * parts["taxes"] + owed.get("taxes", 0),
    }


def test_one_local_kwh():
    found = kwh_ledger(PARTS, price=19, feed_in=8)
    assert found.changes == {"buyer": 11, "seller": 11, "supplier": -5, "wires": -12, "state": -5}
    assert found.neighbours == 22 and found.total == 0 and found.retail == 30


def test_each_change_is_a_till_with_the_trade_less_one_without():
    rng = np.random.default_rng(7)
    for _ in range(300):
        parts = dict(zip(PARTS, rng.integers(-2, 15, 4).tolist()))
        price, feed_in, worth, wear = rng.integers(0, 30, 4).tolist()
        local = {"wires": int(rng.integers(0, 9)), "taxes": int(rng.integers(0, 4))} if rng.random() < 0.5 else {}
        worth, wear = (None if rng.random() < 0.5 else ct for ct in (worth, wear))
        found = kwh_ledger(parts, price, feed_in, local=local, worth=worth, wear=wear)
        after, before = (tills(parts, price, feed_in, local, worth, wear, traded) for traded in (True, False))
        assert found.changes == {party: after[party] - before[party] for party in after}
        made = (0 if worth is None else worth - parts["energy"]) + (0 if wear is None else parts["energy"] - wear)
        assert np.isclose(found.total, made)


@pytest.mark.parametrize("scale", [1e-9, 1, 1e9])
def test_money_that_changes_hands_adds_up_to_nothing(scale):
    rng = np.random.default_rng(8)
    for _ in range(50):
        parts = dict(zip(PARTS, rng.uniform(0, 10, 4) * scale))
        assert kwh_ledger(parts, rng.uniform(0, 30) * scale, rng.uniform(0, 9) * scale).total == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"parts": {"power": 3}}, "parts: 'power' is none of energy, wires, taxes, margin"),
        ({"parts": {"wires": float("nan")}}, "parts: wires nan"),
        ({"parts": [10, 12]}, "parts must be a Mapping"),
        ({"local": {"margin": 3}}, "local: 'margin' is none of wires, taxes"),
        ({"worth": "dear"}, "worth 'dear'"),
        ({"wear": float("inf")}, "wear inf"),
    ],
)
def test_a_ledger_refuses_by_name(more, words):
    with pytest.raises(InvalidInput, match=words):
        kwh_ledger(**({"parts": PARTS, "price": 19, "feed_in": 8} | more))


def of_the_village():
    people = community()
    tables = [pd.concat([get(day) for day in people.days], ignore_index=True) for get in (people.net_load, people.load)]
    return (*tables, 9 * float(tables[0].clip(lower=0).to_numpy().sum()))


def test_who_pays_for_three_days_of_wires():
    net, load, cost = of_the_village()
    found = share_wires(net, load, cost=cost)
    some = found.to_frame().loc[["home2", "home6", "home1", "clinic", "shop"]] / 100
    assert round(cost / 100, 2) == 60.75
    said = [
        [1.86, 0.88, 4.67, 0.85, 0.80], [4.75, 3.29, 4.67, 14.28, 19.31], [0, 1.06, 4.67, 0, 0],
        [29.38, 20.61, 4.67, 11.50, 14.97], [7.33, 6.60, 4.67, 16.14, 21.82],
    ]  # fmt: skip
    assert np.allclose(some, said, atol=0.005)
    assert found.peak_step == 48 + 37


def test_keys_are_what_loops_add_up():
    rng = np.random.default_rng(9)
    for _ in range(60):
        steps, n = rng.integers(1, 6, 2)
        net = rng.integers(-4, 9, (steps, n)).astype(float)
        load = np.maximum(net, 0) + rng.integers(0, 4, (steps, n))
        if net.sum(axis=1).max() <= 0:
            continue
        found, sums = share_wires(net, load, cost=100), [sum(step) for step in net.tolist()]
        at = sums.index(max(sums))
        assert found.peak_step == at
        keys = {
            "kWh taken": [sum(max(net[t, i], 0) for t in range(steps)) for i in range(n)],
            "kWh used": [sum(load[t, i] for t in range(steps)) for i in range(n)],
            "head": [1] * n,
            "own peak": [max(0, *(net[t, i] for t in range(steps))) for i in range(n)],
            "shared peak": [max(net[at, i], 0) for i in range(n)],
        }
        assert list(found.shares) == list(keys)
        for name, each in keys.items():
            assert np.allclose(found.by(name), [100 * one / sum(each) for one in each])


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_another_unit_of_energy_changes_no_share(scale):
    net, load, cost = of_the_village()
    found, scaled = share_wires(net, load, cost=cost), share_wires(net * scale, load * scale, cost=cost)
    assert np.allclose(found.to_frame(), scaled.to_frame(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("net", "load", "words"),
    [
        ([[1, 2]], [[1]], "load must be of the same steps and members as net"),
        ([[1, 2]], [[1, 1]], "step 0: member 1 takes 2 kWh and uses 1"),
        ([[-1, 1]], [[0, 1]], "all members together take nothing"),
        (pd.DataFrame([[1, 2]], columns=["a", "b"]), pd.DataFrame([[2, 2]], columns=["b", "a"]), "not 1 of b, a"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame([[2, 2]], columns=["a", "a"]), "'a' stands there twice"),
        ([[1, float("nan")]], [[1, 1]], "net nan"),
        ([1, 2], [1, 2], "net must be one number for each entry"),
    ],
)
def test_tables_that_do_not_fit_are_refused(net, load, words):
    with pytest.raises(InvalidInput, match=words):
        share_wires(net, load, cost=100)


def test_times_of_the_two_tables_must_be_the_same():
    times = pd.date_range("2026-01-01", periods=2, freq="30min")
    net, load = (pd.DataFrame({"a": [1.0, 2.0]}, index=when) for when in (times, times + pd.Timedelta("1h")))
    assert share_wires(net, net, cost=100).by("head").tolist() == [100]
    with pytest.raises(InvalidInput, match="load: step 0 is 2026-01-01 01:00:00"):
        share_wires(net, load, cost=100)
    with pytest.raises(InvalidInput, match="net: by its index a step is 0.5 hours, and 1 is given|load: by its index"):
        share_wires(net, net, cost=100, hours=1)
