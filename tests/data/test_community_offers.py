"""The offers of the community: every step of every day gives an order book that means something."""

import numpy as np
import pandas as pd
import pytest

from tefoundations import data

DAYS = ["summer", "winter", "holiday"]


@pytest.mark.parametrize("islanded", [False, True])
@pytest.mark.parametrize("day", DAYS)
def test_offers_are_well_formed(village, day, islanded):
    books = []
    for step in village.steps:
        offers = village.offers(day, step, islanded=islanded)
        assert list(offers.columns) == ["side", "agent", "bus", "price", "quantity"]
        assert offers.index.tolist() == list(range(len(offers)))
        assert offers["bus"].dtype == np.int64 and offers["price"].dtype == float and offers["quantity"].dtype == float
        assert pd.api.types.is_string_dtype(offers["side"]) and pd.api.types.is_string_dtype(offers["agent"])
        books.append(offers.assign(step=step))
    offers, prices, net = pd.concat(books), village.prices, village.net_load(day)
    assert set(offers["side"]) <= {"buy", "sell"} and set(offers["agent"]) <= set(village.agents)
    assert (offers["quantity"] > 0).all() and np.isfinite(offers["price"]).all()
    assert (offers["quantity"].round(3) == offers["quantity"]).all() and (offers["price"].round(1) == offers["price"]).all()
    assert (offers.groupby(["step", "agent"])["side"].nunique() == 1).all()
    assert not offers.duplicated(["step", "agent", "price"]).any()
    assert (offers["bus"] == offers["agent"].map(village.members["bus"])).all()
    buys, sells = offers[offers["side"] == "buy"], offers[offers["side"] == "sell"]
    if not islanded:
        assert (buys["price"] <= buys["agent"].map(prices["tariff"])).all()
        assert (sells["price"] >= sells["agent"].map(prices["feed_in"])).all()
    bought, sold = (
        part.pivot_table(index="step", columns="agent", values="quantity", aggfunc="sum")
        .reindex(index=village.steps, columns=village.agents)
        .fillna(0)
        for part in [buys, sells]
    )
    assert np.allclose(bought, net.clip(lower=0), atol=0.0021)
    spare = (
        village.batteries(day)
        .pivot(index="step", columns="agent", values="spare_kwh")
        .reindex(columns=village.agents)
        .fillna(0)
    )
    surplus = (-net).clip(lower=0)
    assert (sold >= surplus - 0.0021).all(axis=None) and (sold <= surplus + spare + 0.0021).all(axis=None)


@pytest.mark.parametrize("day", DAYS)
def test_six_in_the_evening_has_a_market(village, day):
    offers = village.offers(day, 36)
    best_ask = offers[offers["side"] == "sell"]["price"].min()
    buyers = offers[(offers["side"] == "buy") & (offers["price"] > best_ask)]
    assert buyers["agent"].nunique() >= 4 and buyers["price"].nunique() >= 5
    assert offers[offers["side"] == "sell"]["agent"].nunique() >= 3


def test_a_night_without_sellers_is_a_frame_like_any_other(village):
    night, evening = village.offers("summer", 0), village.offers("summer", 36)
    assert "sell" not in set(night["side"]) and len(night) > 0
    assert night.dtypes.equals(evening.dtypes)


def test_a_book_without_any_offer_keeps_its_types(village):
    tables = dict(village._tables)
    tables["load"] = tables["load"].assign(load_kwh=0.0)
    tables["devices"] = tables["devices"].assign(energy_kwh=0.0)
    tables["batteries"] = tables["batteries"].assign(charge_kwh=0.0, discharge_kwh=0.0, spare_kwh=0.0)
    still = data.Community(village.days, village.agents, _tables=tables).offers("summer", 0)
    assert still.empty and still.dtypes.equals(village.offers("summer", 0).dtypes)


def test_islanded_bids_are_values(village):
    clinic = village.offers("winter", 36, islanded=True).query("agent == 'clinic'")
    assert clinic["price"].tolist() == [2500.0, 300.0, 19.5]
