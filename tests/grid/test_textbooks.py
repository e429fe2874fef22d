"""Two worked examples of a textbook: Kirschen and Strbac, "Fundamentals of Power System Economics", chapter on networks."""

import numpy as np
import pytest

from tefoundations.grid import Network, dc_opf, redispatch, rights_fit, rights_payout


def two_countries():
    """Borduria and Syldavia: marginal costs 10 + 0.01 P and 13 + 0.02 P, a line of 400 MW."""
    return Network.from_frames(
        {"bus": ["Borduria", "Syldavia"], "load": [500, 1500]},
        {"from_bus": ["Borduria"], "to_bus": ["Syldavia"], "x": [0.1], "limit": [400], "name": ["tie"]},
        {"bus": ["Borduria", "Syldavia"], "p_max": [3000, 3000], "cost": [10, 13], "cost2": [0.005, 0.01]},
    )


def test_two_countries():
    net = two_countries()
    free, d = dc_opf(net, limits={"tie": np.inf}), dc_opf(net)
    assert free.lmp == pytest.approx([73 / 3] * 2) and free.flow == pytest.approx([2800 / 3])
    assert d.lmp == pytest.approx([19, 35]) and d.generation == pytest.approx([900, 1100])
    assert d.congestion_rent == pytest.approx(6400)
    rights = [("Borduria", "Syldavia", 400)]
    assert rights_fit(net, rights=rights).fits and rights_payout(d, rights=rights) == pytest.approx([6400])
    change, beyond = redispatch(net), 2800 / 3 - 400  # one triangle of cost, paid as a rectangle
    assert change.cost == pytest.approx(16 * beyond / 2) and change.payment == pytest.approx(16 * beyond)


def test_three_buses():
    net = Network.from_frames(
        {"bus": [1, 2, 3], "load": [50, 60, 300]},
        {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": [0.2, 0.2, 0.1], "limit": [126, 250, 130]},
        {"name": ["A", "B", "C", "D"], "bus": [1, 1, 2, 3], "p_max": [140, 285, 90, 85], "cost": [7.5, 6, 14, 10]},
    )
    d = dc_opf(net)
    assert d.generation == pytest.approx([50, 285, 0, 75]) and d.flow == pytest.approx([126, 159, 66])
    assert d.lmp == pytest.approx([7.5, 11.25, 10]) and d.cost == pytest.approx(2835)
    assert d.congestion_rent == pytest.approx(787.5) and d.multiplier == pytest.approx([6.25, 0, 0])
