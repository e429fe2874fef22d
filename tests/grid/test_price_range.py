"""Ranges of prices where rounding meets them: of factors of lines, and of limits that are only just reached."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tefoundations.errors import Infeasible
from tefoundations.grid import DispatchModel, Network, dc_opf, ptdf


def behind_full_lines():
    """Four buses in a row; lines 2-3 and 3-4 are full, so bus 3 has the price of its own unit."""
    return Network.from_frames(
        {"bus": [1, 2, 3, 4], "load": [30, 20, 0, 40]},
        {"from_bus": [1, 2, 3, 3], "to_bus": [2, 3, 4, 4], "x": [0.2, 0.5, 0.45, 0.05], "limit": [np.inf, 50, 40, np.inf]},
        {"bus": [1, 3, 1, 2], "p_max": [50, 120, 140, 60], "cost": [15, 8, 35, 24]},
    )


def test_the_rounding_of_a_factor_sets_no_price():
    d = dc_opf(behind_full_lines())
    assert d.lmp[2] == 8 and d.price_interval[2] == pytest.approx([8, 8], rel=1e-12)


def test_no_rank_is_asked_of_no_unit(monkeypatch):
    """The oldest numpy that is declared has no rank of a matrix without columns."""
    rank = np.linalg.matrix_rank

    def of_something(matrix):
        assert matrix.size
        return rank(matrix)

    monkeypatch.setattr(np.linalg, "matrix_rank", of_something)
    net = Network.from_frames({"bus": [1, 2]}, {"from_bus": [1], "to_bus": [2], "x": [0.1]},
                              {"bus": [1], "p_max": [12], "cost": [5]})  # fmt: skip
    assert dc_opf(net).price_interval.tolist() == [[-np.inf, 5], [-np.inf, 5]]


@pytest.mark.parametrize("x", [[0.2, 0.5, 0.45, 0.05], [0.3, 0.7, 0.1, 1e-4], [1e3, 0.7, 0.1, 1e-4]])
def test_a_bus_that_a_line_does_not_serve_has_a_factor_of_zero(x):
    net = Network.from_frames({"bus": [1, 2, 3, 4]}, {"from_bus": [1, 2, 3, 3], "to_bus": [2, 3, 4, 4], "x": x},
                              {"bus": [1], "p_max": [1], "cost": [1]})  # fmt: skip
    factors = ptdf(net, slack=2)
    assert factors[0, 1:].tolist() == [0, 0, 0] and factors[1, :2].tolist() == [0, 0]
    assert factors[2:, :3].tolist() == [[0, 0, 0], [0, 0, 0]] and factors[2:, 3].sum() == pytest.approx(-1)


@st.composite
def trees(draw):
    """Trees with a parallel line or a chord, and reactances whose sums are rounded; some lines are exactly full."""
    n = draw(st.integers(3, 6))
    ends = [(draw(st.integers(0, i - 1)), i) for i in range(1, n)]
    ends += draw(st.lists(st.sampled_from(ends), max_size=1))
    m, units = len(ends), draw(st.integers(2, 4))

    def tens(low, high, size):
        return [10 * each for each in draw(st.lists(st.integers(low, high), min_size=size, max_size=size))]

    limit = [each if each < 90 else np.inf for each in tens(1, 12, m)]
    return Network.from_frames(
        {"bus": range(n), "load": tens(0, 4, n)},
        {"from_bus": [a for a, _ in ends], "to_bus": [b for _, b in ends], "limit": limit,
         "x": [each / 200 for each in tens(1, 11, m)]},
        {"bus": draw(st.lists(st.integers(0, n - 1), min_size=units, max_size=units)), "p_max": tens(2, 15, units),
         "cost": draw(st.lists(st.integers(1, 40), min_size=units, max_size=units))},
    )  # fmt: skip


@settings(max_examples=300)
@given(trees(), st.sampled_from([1e-9, 1e-3, 1.0, 1e3, 1e9]), st.data())
def test_the_range_holds_the_price_and_is_what_one_more_and_one_less_cost(net, money, data):
    """In any currency."""
    bus, step = data.draw(st.integers(0, len(net.buses) - 1)), 0.01
    model = DispatchModel(net)

    def cost(more):
        try:
            d = model.solve({bus: net.buses.load[bus] + more}, offers={"generators": {"cost": net.generators.cost * money}})
        except Infeasible:
            return None, np.inf
        return d, d.cost / money

    d, here = cost(0.0)
    assume(d is not None)
    assert (d.price_interval[:, 0] <= d.lmp).all() and (d.lmp <= d.price_interval[:, 1]).all()
    assert d.explain()
    low, high = d.price_interval[bus] / money
    assert (cost(step)[1] - here) / step == pytest.approx(high, rel=1e-6, abs=1e-6)
    assert (here - cost(-step)[1]) / step == pytest.approx(low, rel=1e-6, abs=1e-6)
