"""The chapter on retail competition: its answers against the package's suppliers, ledgers, keys and spirals."""

import numpy as np

from tefoundations.exercises.registry import EXERCISES
from tefoundations.retail import adoption_spiral, kwh_ledger, sales_equilibrium, share_wires


def test_a_town_is_the_model_of_sales(solutions):
    for suppliers, sleepers, shoppers, most, cost in EXERCISES["retail_competition/sales"].cases("public"):
        kwh = sleepers + shoppers
        found = sales_equilibrium(suppliers, shoppers / kwh, most, cost)
        answer = solutions["retail_competition/sales"](suppliers, sleepers, shoppers, most, cost)
        assert np.allclose(answer, [found.lowest, kwh * found.profit], rtol=1e-9, atol=1e-9)


def test_five_tills_are_a_ledger(solutions):
    for energy, wires, taxes, margin, feed_in, price, fee in EXERCISES["retail_competition/local_kwh"].cases("public"):
        parts = {"energy": energy, "wires": wires, "taxes": taxes, "margin": margin}
        found = kwh_ledger(parts, price, feed_in, local={"wires": fee})
        answer = solutions["retail_competition/local_kwh"](energy, wires, taxes, margin, feed_in, price, fee)
        assert np.allclose(answer, list(found.changes.values()))


def test_the_shared_peak_is_one_of_five_keys(solutions):
    for net, cost in EXERCISES["retail_competition/shared_peak"].cases("public"):
        flow = np.transpose(net)
        found = share_wires(flow, np.maximum(flow, 0), cost=cost).by("shared peak")
        assert np.allclose(solutions["retail_competition/shared_peak"](net, cost), found)


def test_roofs_and_rates_end_where_the_package_ends(solutions):
    for costs, use, own, wires, energy in EXERCISES["retail_competition/spiral"].cases("public"):
        found = adoption_spiral(costs, use, own, 100 * wires, energy)
        answer = solutions["retail_competition/spiral"](costs, use, own, wires, energy)
        assert np.allclose(answer, [found.adopters[-1], found.rates[-1]])
