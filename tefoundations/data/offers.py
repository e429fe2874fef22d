"""The book of offers of a day: what members bid and ask, from their energies, plans, values and costs.

The rules are told in `Community.offers`. A block is one tier of bids or one source of asks:
(side, Series of prices by agent in ct/kWh, DataFrame (steps, agents) of quantities in kWh).
"""

import numpy as np
import pandas as pd

from tefoundations.data.files import by_agent


def day_book(village, day, islanded):
    """The offers of all steps of a day: a column `step` and those of `Community.offers`."""
    places, steps = range(len(village.agents)), len(village.steps)
    columns = {"step": np.repeat(village.steps, len(places)), "place": np.tile(places, steps)}
    table = pd.concat(
        [
            pd.DataFrame(
                {**columns, "side": side, "price": np.tile(price.round(1), steps), "quantity": quantity.to_numpy().ravel()}
            )
            for side, price, quantity in bid_blocks(village, day, islanded) + ask_blocks(village, day, islanded)
        ]
    )
    table = table.groupby(["step", "place", "side", "price"], as_index=False)["quantity"].sum()  # equal prices: one row
    table["quantity"] = table["quantity"].round(3)
    table["worst"] = table["price"].where(table["side"] == "sell", -table["price"])
    table = table[table["quantity"] > 0].sort_values(["step", "place", "worst"])
    table["agent"] = np.array(village.agents, dtype=object)[table["place"]]
    table["bus"] = village.members["bus"].to_numpy()[table["place"]]
    return table[["step", "side", "agent", "bus", "price", "quantity"]].astype({"side": str, "agent": str, "bus": "int64"})


def bid_blocks(village, day, islanded):
    """Three tiers of bids: essential, normal, flexible. Own energy has gone to what is worth most."""
    tiers = village.values.pivot(index="agent", columns="tier").loc[list(village.agents)]
    share, value = tiers["share"], tiers["value_ct_per_kwh"]
    tariff = np.inf if islanded else village.members["tariff_ct_per_kwh"]
    devices = by_agent(village.devices(day), "energy_kwh", village.steps, village.agents)
    ordinary, wanted = village.load(day) - devices, village.net_load(day).clip(lower=0)
    flexible = np.minimum(wanted, share["flexible"] * ordinary + devices)
    normal = np.minimum(wanted - flexible, share["normal"] * ordinary)
    return [
        ("buy", np.minimum(value["essential"], tariff), wanted - flexible - normal),
        ("buy", np.minimum(value["normal"], tariff), normal),
        ("buy", np.minimum(value["flexible"], tariff), flexible),
    ]


def ask_blocks(village, day, islanded):
    """Three sources of asks: roof, CHP, and the battery's spare energy as far as its power is free."""
    members, net = village.members, village.net_load(day)
    feed_in = (0 if islanded else 1) * members["feed_in_ct_per_kwh"]
    plan = village.batteries(day)
    charge, discharge, spare = [
        by_agent(plan, f"{name}_kwh", village.steps, village.agents) for name in ["charge", "discharge", "spare"]
    ]
    surplus = (-net).clip(lower=0)
    roof = np.minimum(surplus, village.solar(day))
    power_left = (members["battery_kw"] / 2 - discharge).where((net <= 0) & (charge == 0), 0)
    battery = np.minimum(spare * members["discharge_efficiency"], power_left)
    return [
        ("sell", feed_in + members["solar_cost_ct_per_kwh"], roof),
        ("sell", np.maximum(feed_in, members["chp_cost_ct_per_kwh"]), surplus - roof),
        (
            "sell",
            feed_in / members["charge_efficiency"] / members["discharge_efficiency"] + members["battery_cost_ct_per_kwh"],
            battery,
        ),
    ]
